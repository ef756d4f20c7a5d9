package language

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Words that neither table nor dictionary has as they stand: other forms of what they have, and
// slips.

// formsOf are the words of a dictionary and of the table by what all their forms have in common:
// their stems, or their beginnings where there is no stemmer. What is marked is the word.
type formsOf struct {
	once sync.Once
	lexis
}

const (
	// leastStem is the shortest stem by which a word is known.
	leastStem = 4
	// longestForm is how many letters forms of one word may end in otherwise, where no stemmer tells.
	longestForm = 3
)

func (f *formsOf) fill(stem func(string) string, t *list, d *lexis) {
	var words []lexeme
	take := func(w, english string) {
		if stem != nil {
			words = append(words, lexeme{stem(w), english, w})
			return
		}
		for n, r := 0, []rune(w); n <= longestForm && len(r)-n > longestForm; n++ {
			words = append(words, lexeme{string(r[:len(r)-n]), english, w})
		}
	}
	for _, entries := range t.entries {
		for _, e := range entries {
			if len(e.words) == 1 && e.kind == Content {
				take(e.words[0], e.value)
			}
		}
	}
	for i := range d.at {
		if x := d.lexeme(i); x.words() == 1 {
			take(x.key, x.english)
		}
	}
	f.lexis = newLexis(words)
}

// nearest is what the word of a stem is in English that has the most letters in common with w, of
// those the one whose length is nearest; "" if none has the stem, or if two are as near and not the
// same. It reports whether any has the stem.
func (f *formsOf) nearest(stem, w string) (english string, ok bool) {
	best := 0
	for i := f.from(stem); i < len(f.at) && f.key(i) == stem; i++ {
		x := f.lexeme(i)
		near := (commonPrefix(x.marked, w)+1)<<8 - abs(len(x.marked)-len(w))
		switch {
		case near > best:
			best, english = near, x.english
		case near == best && english != x.english:
			english = ""
		}
		ok = true
	}
	return english, ok
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func abs(n int) int { return max(n, -n) }

// prefixes go before words in all languages, as in English.
var prefixes = map[string]string{"neo": "neo-", "нео": "neo-", "anti": "anti-", "анти": "anti-", "post": "post-", "пост": "post-", "ultra": "ultra-", "ультра": "ultra-"}

// prefixed is a word in English that has such a prefix before one that the dictionary has.
func (t *Table) prefixed(w string, stem func(string) string) string {
	for p, english := range prefixes {
		rest, ok := strings.CutPrefix(w, p)
		if !ok || utf8.RuneCountInString(rest) < leastRepaired {
			continue
		}
		if _, e, n := t.dictionary().find([]token{{folded: rest}}); n > 0 {
			return english + e
		}
		if e := t.form(rest, stem); e != "" {
			return english + e
		}
	}
	return ""
}

// form is what a word is in English of which the dictionary has another form; "" if it has none.
// Stem is the language's stemmer, nil where there is none.
func (t *Table) form(w string, stem func(string) string) string {
	d := t.dictionary()
	if d == nil {
		return ""
	}
	t.forms.once.Do(func() { t.forms.fill(stem, &t.list, &d.words.whole) })
	if stem != nil {
		s := stem(w)
		if utf8.RuneCountInString(s) < leastStem {
			return ""
		}
		english, _ := t.forms.nearest(s, w)
		return english
	}
	r := []rune(w)
	for n := len(r); n >= leastStem && n >= len(r)-longestForm; n-- {
		if english, ok := t.forms.nearest(string(r[:n]), w); ok {
			return english
		}
	}
	return ""
}

// leastRepaired is the shortest word in which a slip is looked for.
const leastRepaired = 5

// Repair reads a word as the one of table or dictionary, or the form of such a one, that it is by one
// slip: a letter too many, too few, another one, or two exchanged. A word that is one of the common ones
// is none. Stem is the language's stemmer, nil where there is none.
func (t *Table) Repair(w Word, stem func(string) string) (Word, bool) {
	d := t.dictionary()
	as := func(s string) (entry, bool) {
		e, ok := t.single(s)
		if !ok && d != nil {
			var x lexeme
			x, ok = d.words.whole.exactly(s)
			e = entry{words: []string{s}, kind: Content, value: x.english}
		}
		return e, ok
	}
	if r, ok := t.repair(w, as); ok {
		return r, ok
	}
	return t.repair(w, func(s string) (entry, bool) {
		english := t.english(s, stem)
		return entry{words: []string{s}, kind: Content, value: english}, english != ""
	})
}

// English is what a word that tells something is in English by table or dictionary, or the word that
// it is a form of; "" if neither tells. Stem is the language's stemmer, nil where there is none.
func (t *Table) English(w string, stem func(string) string) string { return t.english(fold(w), stem) }

// english is what a word that tells something is in English, or the word that it is a form of; "" if
// neither table nor dictionary tells.
func (t *Table) english(w string, stem func(string) string) string {
	one := []token{{text: w, folded: w}}
	if e, ok := t.find(one, func(k Kind) bool { return k != Content }); ok {
		return e.value
	}
	if _, english, n := t.dictionary().find(one); n > 0 {
		return english
	}
	return t.form(w, stem)
}

// RepairGrammar is Repair towards the words of grammar alone.
func (t *Table) RepairGrammar(w Word) (Word, bool) {
	r, ok := t.repair(w, t.single)
	return r, ok && r.Kind != Content
}

func (t *Table) repair(w Word, as func(string) (entry, bool)) (Word, bool) {
	r := []rune(w.Folded)
	if len(r) < leastRepaired || CommonIn(t.Tag).Rank(w.Folded) > 0 {
		return w, false
	}
	letters := "abcdefghijklmnopqrstuvwxyz"
	if r[len(r)-1] > 'z' {
		letters = "абвгдежзиклмнопрстуфхцчшщыьэюяіє"
	}
	found, many := entry{}, false
	try := func(s string) {
		e, ok := as(s)
		if ok && found.words != nil && (e.kind != found.kind || e.value != found.value) {
			many = true
		}
		if ok {
			found = e
		}
	}
	for i := range r {
		try(string(r[:i]) + string(r[i+1:]))
		if i > 0 {
			swapped := slices.Clone(r)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			try(string(swapped))
			for _, l := range letters {
				try(string(r[:i]) + string(l) + string(r[i:]))
				try(string(r[:i]) + string(l) + string(r[i+1:]))
			}
		}
	}
	for _, l := range letters {
		try(w.Folded + string(l))
	}
	if found.words == nil || many {
		return w, false
	}
	if found.kind == which {
		found.kind = Asks
	}
	w.Text, w.Folded, w.Kind, w.English = found.words[0], found.words[0], found.kind, found.value
	return w, true
}

// single is the entry of one word, as it stands.
func (l *list) single(w string) (entry, bool) {
	for _, e := range l.entries[w] {
		switch e.kind {
		case Content, Function, Asks, which, Negation, Month, Number:
			if len(e.words) == 1 {
				return e, true
			}
		}
	}
	return entry{}, false
}

// russianEndings are endings of Russian that are written without a soft sign in Latin letters.
var russianEndings = []string{"лос", "лас", "лис"}

// withSoftSigns puts the soft sign where Latin letters have none: zakrylos.
func withSoftSigns(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		for _, end := range russianEndings {
			if strings.HasSuffix(w, end) {
				words[i] = w + "ь"
			}
		}
	}
	return strings.Join(words, " ")
}

// A compound is parted where both parts are known: Mühlenprozess. Between them may stand what joins
// parts in the language.
const shortestPart, longestCompound = 4, 40

// Exact reports whether table or dictionary have a word as it is written, and not by its beginning.
func (t *Table) Exact(folded string) bool {
	_, own := t.single(folded)
	if d := t.dictionary(); !own && d != nil {
		if _, own = d.words.whole.exactly(folded); !own {
			_, own = d.names.whole.exactly(folded)
		}
	}
	return own
}

// feminine are endings of words for women: Arbeiterinnen.
var feminine = []string{"innen", "in"}

// Compound is what a word that is put together from two others is in English; "" if it is none.
// Stem is the language's stemmer.
func (t *Table) Compound(w string, stem func(string) string) string {
	r := []rune(w)
	if len(t.Links) == 0 || len(r) < 2*shortestPart || len(r) > longestCompound {
		return ""
	}
	for _, end := range feminine {
		if head, ok := strings.CutSuffix(w, end); ok {
			if english := t.english(head, stem); english != "" {
				return english
			}
		}
	}
	for at := shortestPart; at <= len(r)-shortestPart; at++ {
		last := t.english(string(r[at:]), stem)
		if last == "" {
			continue
		}
		for _, link := range t.Links {
			head, ok := strings.CutSuffix(string(r[:at]), link)
			if !ok || utf8.RuneCountInString(head) < shortestPart {
				continue
			}
			if first := t.english(head, stem); first != "" {
				return first + " " + last
			}
		}
	}
	return ""
}
