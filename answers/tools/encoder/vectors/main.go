// Command vectors encodes the texts of a JSON array with the encoder as it
// ships and writes their vectors, so that a measurement in another language can
// use them: for each text the views in order, Dims 32-bit floats each, little
// end first.
//
//	go run ./answers/tools/encoder/vectors < texts.json > vectors.bin
package main

import (
	"bufio"
	"context"
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
	err = e.EncodeAll(context.Background(), texts, func(_ int, enc encoder.Encoding) {
		for _, v := range enc.Views {
			// A write that fails is told of by Flush, and so are all after it.
			_ = binary.Write(w, binary.LittleEndian, v)
		}
	})
	if err != nil {
		return err
	}
	return w.Flush()
}
