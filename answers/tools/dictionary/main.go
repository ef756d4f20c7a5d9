// Command dictionary packs the dictionaries beside it, one file a language, into the folder of
// package language:
//
//	go run ./answers/tools/dictionary
//
// FORMAT.md of that package says what a line is.
package main

import (
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	from := flag.String("from", "answers/tools/dictionary", "the folder of the dictionaries")
	to := flag.String("to", "answers/language/dictionary", "the folder to write them to")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "dictionary:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	files, err := filepath.Glob(filepath.Join(from, "*.txt"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s has no dictionaries", from)
	}
	for _, name := range files {
		if err := pack(name, filepath.Join(to, filepath.Base(name)+".gz")); err != nil {
			return err
		}
	}
	return nil
}

func pack(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}
