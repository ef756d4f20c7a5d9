package language

import (
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"strings"
	"sync"
)

// What the words of a language are in English, beyond the few that stand in its table: for
// questions in it on packs in another language. answers/tools/dictionary writes the files.
//
//go:generate go run ../tools/dictionary -from ../tools/dictionary -to dictionary
//go:embed dictionary/*.txt.gz
var dictionaryFiles embed.FS

// A dictionary is the words of one language that English has a word for, and the names that
// it writes otherwise. It does not change.
type dictionary struct{ words, names list }

// dictionaryOf reads the dictionary of a language when it is first asked for; nil if there is
// none. It panics where the file is damaged, which the package's tests exclude.
func dictionaryOf(tag string) func() *dictionary {
	return sync.OnceValue(func() *dictionary {
		f, err := dictionaryFiles.Open("dictionary/" + tag + ".txt.gz")
		if err != nil {
			return nil
		}
		defer f.Close()
		text, err := unpack(f)
		if err != nil {
			panic("language: dictionary of " + tag + ": " + err.Error())
		}
		d, err := parseDictionary(text)
		if err != nil {
			panic("language: dictionary of " + tag + ": " + err.Error())
		}
		return d
	})
}

func unpack(r io.Reader) (string, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	_, err = io.Copy(&b, z)
	return b.String(), err
}

// parseDictionary reads lines "english: words", "name english: names" and comments. Words
// are written as in a table.
func parseDictionary(text string) (*dictionary, error) {
	d := &dictionary{newList(), newList()}
	line := 0
	for l := range strings.SplitSeq(text, "\n") {
		line++
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		english, words, ok := strings.Cut(l, ":")
		if !ok {
			return nil, fmt.Errorf("line %d: %q has no colon", line, l)
		}
		to := &d.words
		if name, ok := strings.CutPrefix(english, "name "); ok {
			english, to = name, &d.names
		}
		for w := range strings.FieldsSeq(words) {
			if err := to.add(w, Content, english); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
		}
	}
	d.words.sort()
	d.names.sort()
	return d, nil
}

// find is what the n words that tokens begin with are: a name as English writes it, or words
// of English. It finds nothing in a nil dictionary.
func (d *dictionary) find(tokens []token) (name, english string, n int) {
	if d == nil {
		return "", "", 0
	}
	all := func(Kind) bool { return false }
	if e, ok := d.names.find(tokens, all); ok {
		return e.value, "", len(e.words)
	}
	if e, ok := d.words.find(tokens, all); ok {
		return "", e.value, len(e.words)
	}
	return "", "", 0
}

// has counts the words that the dictionary has and that are not as in English.
func (d *dictionary) has(tokens []token) int {
	n := 0
	for i := range tokens {
		if _, english, words := d.find(tokens[i : i+1]); words > 0 && english != tokens[i].folded {
			n++
		}
	}
	return n
}
