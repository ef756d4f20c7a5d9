// Command ship learns the packs that are part of the program and puts the
// models into answers/shipped. With -check it writes nothing and fails if what
// ships is not what would be learned now.
//
//	go run ./answers/ship [-check]
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"footnote/answers"
	"footnote/knowledge"
)

func main() {
	check := flag.Bool("check", false, "compare only")
	dir := flag.String("dir", "answers/shipped", "where models are")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "ship:", err)
		os.Exit(1)
	}
}

func run(dir string, check bool) error {
	base, err := knowledge.Embedded()
	if err != nil {
		return err
	}
	name, data, err := answers.Ship(base)
	if err != nil {
		return err
	}
	if check {
		have, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("no model of the packs as they are ships; run go run ./answers/ship: %w", err)
		}
		if !bytes.Equal(have, data) {
			return fmt.Errorf("%s is not what is learned now; run go run ./answers/ship", name)
		}
		fmt.Println("the shipped model is what is learned now:", name)
		return nil
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.model"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", name, len(data))
	return nil
}
