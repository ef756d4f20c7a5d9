// Command dictionary packs the dictionaries beside it, one file a language, into the folder of
// package language:
//
//	go run ./answers/tools/dictionary
//
// FORMAT.md of that package says what a line is. What is packed are the English words of all of them,
// once, in alphabetical order, a line each, and for each language its words for them: a line for each
// of those, which may be empty. Of a word that stands twice in a dictionary the first is packed.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	all := map[string]bool{}
	words := make([]map[string][]string, len(files))
	for i, name := range files {
		if words[i], err = read(name); err != nil {
			return err
		}
		for english := range words[i] {
			all[english] = true
		}
	}
	english := slices.Sorted(maps.Keys(all))
	if err := pack(filepath.Join(to, "english.gz"), english); err != nil {
		return err
	}
	for i, name := range files {
		lines := make([]string, len(english))
		for k, e := range english {
			lines[k] = strings.Join(words[i][e], " ")
		}
		if err := pack(filepath.Join(to, filepath.Base(name)+".gz"), lines); err != nil {
			return err
		}
	}
	return nil
}

// read reads a dictionary: the words for each English one, "name" before those that are names.
func read(name string) (map[string][]string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	done := map[string]bool{}
	n := 0
	for l := range strings.SplitSeq(string(text), "\n") {
		n++
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		english, words, ok := strings.Cut(l, ":")
		if !ok {
			return nil, fmt.Errorf("%s:%d: %q has no colon", name, n, l)
		}
		kind := ""
		if strings.HasPrefix(english, "name ") {
			kind = "name "
		}
		for w := range strings.FieldsSeq(words) {
			if !done[kind+w] {
				done[kind+w] = true
				out[english] = append(out[english], w)
			}
		}
	}
	return out, nil
}

func pack(name string, lines []string) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write([]byte(strings.Join(lines, "\n"))); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644)
}
