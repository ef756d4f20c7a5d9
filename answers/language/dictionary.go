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
//go:embed dictionary/*.gz
var dictionaryFiles embed.FS

// englishWords are the words of English that the dictionaries have words for, "name" before names. In
// the file of a language a line has its words for the one of that line here.
var englishWords = sync.OnceValue(func() []string {
	return strings.Split(unpacked("english.gz"), "\n")
})

// unpacked is a file of the dictionaries. They are part of the program: one that is damaged makes
// it panic, which the package's tests exclude.
func unpacked(name string) string {
	f, err := dictionaryFiles.Open("dictionary/" + name)
	if err != nil {
		panic("language: " + err.Error())
	}
	defer f.Close()
	text, err := unpack(f)
	if err != nil {
		panic("language: " + name + ": " + err.Error())
	}
	return text
}

// A dictionary is the words of one language that English has a word for, and the names that
// it writes otherwise. It does not change.
type dictionary struct{ words, names wordList }

// A wordList finds words by how they are written, or how they begin.
type wordList struct{ whole, beginnings lexis }

// dictionaryOf reads the dictionary of a language when it is first asked for; nil for English.
func dictionaryOf(tag string) func() *dictionary {
	return sync.OnceValue(func() *dictionary {
		if tag == English {
			return nil
		}
		d, err := parseDictionary(englishWords(), strings.Split(unpacked(tag+".txt.gz"), "\n"))
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

// parseDictionary reads the words for each of English, written as in a table.
func parseDictionary(english, of []string) (*dictionary, error) {
	if len(english) != len(of) {
		return nil, fmt.Errorf("it has words for %d words of %d", len(of), len(english))
	}
	words, names := newListMaker(), newListMaker()
	for i, e := range english {
		to := words
		if name, ok := strings.CutPrefix(e, "name "); ok {
			e, to = name, names
		}
		for w := range strings.FieldsSeq(of[i]) {
			if err := to.add(w, e); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
		}
	}
	return &dictionary{words.list(), names.list()}, nil
}

// A listMaker collects the words of a list.
type listMaker struct {
	whole, beginnings []lexeme
	meaning           map[string]string // of beginnings
}

func newListMaker() *listMaker { return &listMaker{meaning: map[string]string{}} }

func (m *listMaker) add(w, english string) error {
	for _, w := range variants(w) {
		if begin, ok := strings.CutSuffix(w, "-"); ok {
			begin = fold(begin)
			if len([]rune(begin)) < shortestStem {
				return fmt.Errorf("%q: a beginning has at least %d letters", w, shortestStem)
			}
			if old, ok := m.meaning[begin]; ok && old != english {
				return fmt.Errorf("%q has two meanings", w)
			}
			m.meaning[begin] = english
			m.beginnings = append(m.beginnings, lexeme{key: begin, english: english})
			continue
		}
		tokens := split(strings.ReplaceAll(w, "_", " "))
		if len(tokens) == 0 {
			return fmt.Errorf("%q has no letters", w)
		}
		x := lexeme{key: tokens[0].folded, english: english}
		if len(tokens) == 1 && tokens[0].text != x.key {
			x.marked = tokens[0].text
		}
		for _, t := range tokens[1:] {
			x.key += " " + t.folded
		}
		m.whole = append(m.whole, x)
	}
	return nil
}

func (m *listMaker) list() wordList { return wordList{newLexis(m.whole), newLexis(m.beginnings)} }

// find is what tokens begin with: words as they are written, or else one that begins as one of
// the list does.
func (l *wordList) find(tokens []token) (x lexeme, ok bool) {
	if x, ok := l.whole.find(tokens); ok {
		return x, true
	}
	r := []rune(tokens[0].folded)
	for n := len(r); n >= shortestStem && n >= len(r)-longestEnding; n-- {
		if x, ok := l.beginnings.exactly(string(r[:n])); ok {
			return x, true
		}
	}
	return lexeme{}, false
}

// find is what the n words that tokens begin with are: a name as English writes it, or words
// of English. It finds nothing in a nil dictionary.
func (d *dictionary) find(tokens []token) (name, english string, n int) {
	if d == nil {
		return "", "", 0
	}
	if x, ok := d.names.find(tokens); ok {
		return x.english, "", x.words()
	}
	if x, ok := d.words.find(tokens); ok {
		return "", x.english, x.words()
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
