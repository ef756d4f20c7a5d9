// Package language knows what the questions of people look like in some languages of
// Europe: which words are grammar, what a question word asks for, numbers, dates, and some
// words whose opposites lie near in meaning. It tells what language a question is in, and
// reads a question into words with what they are in English. Each language is one file,
// and a file added is a language added; FORMAT.md describes it. The package knows neither
// packs nor facts.
package language

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed *.txt
var files embed.FS

// English is the language of which only as much is known here as tells it from others.
const English = "en"

// A Table is what is known of one language. It does not change.
type Table struct {
	Tag      string // BCP 47, the file's name
	letters  map[rune]bool
	alphabet map[rune]bool   // letters that it has beside a to z
	marked   map[string]bool // words of one letter that has a mark: é
	list
	says       map[string]string  // what words of grammar are in English
	parts      map[string]int     // numbers that a longer one may be written together from
	dictionary func() *dictionary // read when it is first asked
	forms      formsOf            // and what follows from it

	// Determiners are the words, as they are written, before a noun that is no name, in a
	// language that writes every noun with a capital; none in others.
	Determiners map[string]bool
	// Links stand between the parts of compound words, in a language that writes these
	// together: "" first; none in others.
	Links []string
}

// A list finds words, by how they are written or how they begin.
type list struct {
	entries map[string][]entry // by their first word, the longest first
	stems   map[string]entry   // by the beginning of a word
}

func newList() list { return list{map[string][]entry{}, map[string]entry{}} }

// An entry is a word or words with what they are.
type entry struct {
	words  []string // folded
	kind   Kind
	value  string // what they are in English, or digits
	marked string // how a single word is written, if it has marks
}

// Tables are all languages by their tags. It panics where a file is damaged, which the
// package's tests exclude.
var Tables = sync.OnceValue(func() map[string]*Table {
	tables, err := load(files)
	if err != nil {
		panic("language: " + err.Error())
	}
	return tables
})

// Tags are the languages that are known, in alphabetical order.
func Tags() []string { return slices.Sorted(maps.Keys(Tables())) }

func load(dir fs.FS) (map[string]*Table, error) {
	names, err := fs.Glob(dir, "*.txt")
	if err != nil {
		return nil, err
	}
	out := map[string]*Table{}
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		t, err := parse(strings.TrimSuffix(path.Base(name), ".txt"), string(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[t.Tag] = t
	}
	return out, nil
}

// parse reads a file: lines "section: words" and comments.
func parse(tag, text string) (*Table, error) {
	t := &Table{Tag: tag, letters: map[rune]bool{}, alphabet: map[rune]bool{}, marked: map[string]bool{}, list: newList(), says: map[string]string{}, parts: map[string]int{}, Determiners: map[string]bool{}, dictionary: dictionaryOf(tag)}
	line := 0
	for l := range strings.SplitSeq(text, "\n") {
		line++
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		section, words, ok := strings.Cut(l, ":")
		if !ok {
			return nil, fmt.Errorf("line %d: %q is no section", line, l)
		}
		if err := t.section(section, strings.Fields(words)); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	t.sort()
	return t, nil
}

// sort puts longer entries first, and a question word before the other word of grammar that it
// may be too.
func (l *list) sort() {
	for _, e := range l.entries {
		slices.SortStableFunc(e, func(a, b entry) int {
			return cmp.Or(len(b.words)-len(a.words), cmp.Compare(b2i(a.kind == Function), b2i(b.kind == Function)))
		})
	}
}

// Says is what a word of grammar is in English, where it is much the same; "" else.
func (t *Table) Says(w *Word) string { return cmp.Or(t.says[w.Text], t.says[w.Folded]) }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// asksIn are the question words of English. "What of" is what people die of.
var asksIn = set("who", "whose", "when", "since when", "until when", "where", "why", "how many", "how much", "how long", "how often", "how tall", "how big", "how old", "how far", "how wide", "how deep", "how heavy", "how", "what", "what of")

// nounsIn are what a noun behind "which" may ask for: who, when, and what "what" is put before.
var nounsIn = set("who", "when", "where", "why", "year", "date", "century", "decade", "month", "day", "hour", "number", "percentage", "share", "height", "length", "size", "amount", "sum", "price", "age", "language", "colour")

// timesIn are those that are grammar elsewhere.
var timesIn = set("when", "year", "date", "century", "decade", "month", "day", "hour")

func set(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

func (t *Table) section(name string, words []string) error {
	kind, rest, _ := strings.Cut(name, " ")
	switch kind {
	case "letters", "alphabet":
		to := t.letters
		if kind == "alphabet" {
			to = t.alphabet
		}
		for _, w := range words {
			for _, r := range w {
				to[r] = true
			}
		}
		return nil
	case "marked":
		for _, w := range words {
			t.marked[w] = true
		}
		return nil
	case "says":
		for _, w := range words {
			if w = strings.ReplaceAll(w, "_", " "); t.says[w] == "" {
				t.says[w] = rest
			}
		}
		return nil
	case "months":
		return t.months(words)
	case "determiners":
		for _, w := range words {
			t.Determiners[w] = true
		}
		return nil
	case "links":
		t.Links = append([]string{""}, words...)
		return nil
	case "hello", "thanks", "begins", "follow": // AllPleasantries reads them
		return nil
	case "number":
		n, err := strconv.Atoi(rest)
		if err != nil {
			return err
		}
		for _, w := range words {
			t.parts[fold(w)] = n
		}
	}
	k, value, err := meant(kind, rest)
	if err != nil {
		return err
	}
	for _, w := range words {
		if err := t.add(w, k, value); err != nil {
			return err
		}
	}
	return nil
}

// meant is what the words of a section are, and what in English.
func meant(section, rest string) (Kind, string, error) {
	switch section {
	case "function":
		return Function, "", nil
	case "reason":
		return Function, "because", nil
	case "asks":
		if rest == "which" {
			return which, "what", nil
		}
		if !asksIn[rest] {
			return 0, "", fmt.Errorf("nothing is known that asks %q", rest)
		}
		return Asks, rest, nil
	case "noun":
		if !nounsIn[rest] {
			return 0, "", fmt.Errorf("nothing is known of a noun that asks %q", rest)
		}
		return noun, rest, nil
	case "negation":
		return Negation, cmp.Or(rest, "not"), nil
	case "number":
		return Number, rest, nil
	case "ordinal":
		return ordinal, rest, nil
	case "decade":
		return decade, rest, nil
	case "decade-after":
		return decadeAfter, "", nil
	case "century":
		return century, "century", nil
	case "bc":
		return Date, "bc", nil
	case "address":
		return Address, "", nil
	case "time":
		return timeWord, rest, nil
	case "=":
		return Content, rest, nil
	}
	return 0, "", fmt.Errorf("%q is no section", strings.TrimSpace(section+" "+rest))
}

// months takes up the months in their order, with | between them.
func (t *Table) months(words []string) error {
	for i, forms := range strings.Split(strings.Join(words, " "), "|") {
		if i >= len(monthsIn) {
			return fmt.Errorf("more than %d months", len(monthsIn))
		}
		for w := range strings.FieldsSeq(forms) {
			if err := t.add(w, Month, monthsIn[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

var monthsIn = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// add takes up a word: "wie_viele" is two, "erste-" any that begins so. Earlier entries
// win, but for longer ones.
func (l *list) add(w string, k Kind, value string) error {
	for _, w := range variants(w) {
		if stem, ok := strings.CutSuffix(w, "-"); ok {
			stem = fold(stem)
			if len([]rune(stem)) < shortestStem {
				return fmt.Errorf("%q: a beginning has at least %d letters", w, shortestStem)
			}
			if old, ok := l.stems[stem]; ok && (old.kind != k || old.value != value) {
				return fmt.Errorf("%q has two meanings", w)
			}
			l.stems[stem] = entry{words: []string{stem}, kind: k, value: value}
			continue
		}
		e := entry{kind: k, value: value}
		for _, x := range split(strings.ReplaceAll(w, "_", " ")) {
			e.words = append(e.words, x.folded)
			if e.marked = ""; x.text != x.folded && len(e.words) == 1 {
				e.marked = x.text
			}
		}
		if len(e.words) == 0 {
			return fmt.Errorf("%q has no letters", w)
		}
		l.entries[e.words[0]] = append(l.entries[e.words[0]], e)
	}
	return nil
}

// variants of a spelling: ä is also written ae.
func variants(w string) []string {
	if other := umlauts.Replace(w); other != w {
		return []string{w, other}
	}
	return []string{w}
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")

const (
	// shortestStem bounds what a beginning may be taken for.
	shortestStem = 3
	// longestEnding is how many letters may follow it.
	longestEnding = 4
)

// find is the entry that words begin with. A word with marks that is written so is that one: né is not ne.
func (l *list) find(words []token, skip func(Kind) bool) (entry, bool) {
	entries := l.entries[words[0].folded]
	as := -1
	if words[0].text != words[0].folded {
		as = slices.IndexFunc(entries, func(e entry) bool { return e.marked == words[0].text && !skip(e.kind) })
	}
next:
	for i, e := range entries {
		if len(e.words) > len(words) || skip(e.kind) || as >= 0 && len(e.words) == 1 && i != as {
			continue
		}
		for i, w := range e.words[1:] {
			if words[i+1].folded != w {
				continue next
			}
		}
		return e, true
	}
	r := []rune(words[0].folded)
	for n := len(r); n >= shortestStem && n >= len(r)-longestEnding; n-- {
		if e, ok := l.stems[string(r[:n])]; ok && !skip(e.kind) {
			return e, true
		}
	}
	return entry{}, false
}
