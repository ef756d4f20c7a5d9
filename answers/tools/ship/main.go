// Command ship learns the packs that are part of the program and puts what was learned
// into answers/shipped, so that a start need not learn it. With -check it writes nothing
// and fails if what ships is not what would be learned now.
//
//	go run ./answers/tools/ship [-check]
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"footnote/answers"
	"footnote/knowledge"
)

func main() {
	check := flag.Bool("check", false, "compare only")
	dir := flag.String("dir", "answers/shipped", "where what ships is")
	flag.Parse()
	if err := run(context.Background(), *dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "ship:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, check bool) error {
	base, err := knowledge.Embedded()
	if err != nil {
		return err
	}
	files, err := answers.Ship(ctx, base)
	if err != nil {
		return err
	}
	for name, data := range files {
		path := filepath.Join(dir, name)
		if check {
			have, err := os.ReadFile(path)
			if err != nil {
				return fmt.Errorf("nothing ships of the packs; run go run ./answers/tools/ship: %w", err)
			}
			if !bytes.Equal(have, data) {
				return fmt.Errorf("%s is not what is learned now; run go run ./answers/tools/ship", path)
			}
			fmt.Println("what ships is what is learned now:", path)
			continue
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
		fmt.Printf("%s: %d bytes\n", path, len(data))
	}
	return nil
}
