// Command vectors encodes the texts of a JSON array with the encoder as it
// ships and writes their vectors, so that a measurement in another language can
// use them: for each text the views in order, Dims 32-bit floats each, little
// end first.
//
//	go run ./answers/encoder/convert/vectors < texts.json > vectors.bin
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"footnote/answers/encoder"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "vectors:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	var texts []string
	if err := json.NewDecoder(in).Decode(&texts); err != nil {
		return fmt.Errorf("the input is to be a JSON array of strings: %w", err)
	}
	e, err := encoder.Load()
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	for _, text := range texts {
		for _, v := range e.Encode(text).Views {
			if err := binary.Write(w, binary.LittleEndian, v); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}
