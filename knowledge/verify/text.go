package verify

import (
	"slices"
	"strings"
	"unicode"

	"footnote/knowledge"
)

const (
	// fewest is how many words a quotation of a part of an answer has at least: less is said of
	// many things.
	fewest = 4
	// near is the share of an answer's words that a text has which is held against that answer.
	near = .6
	// spoken is how many words a line has that says something: a status, a heading or a name of a
	// button has fewer.
	spoken = 4
)

// ofText finds the statement whose words text has.
func ofText(base *knowledge.Base, text string, around []string) Verdict {
	words := wordsOf(text)
	if len(words) == 0 {
		return Verdict{Outcome: Unknown}
	}
	var best Verdict
	bestShare := 0.0
	try := func(p *knowledge.Pack, s knowledge.Statement, o Outcome) bool {
		share, whole := compare(words, s)
		if whole {
			best = verdict(p, s, o)
			best.Foreign = foreign(text, base, best, around)
			if len(best.Foreign) > 0 {
				best.Outcome = Altered
			}
			return true
		}
		if share > bestShare {
			best, bestShare = verdict(p, s, Altered), share
		}
		return false
	}
	for _, p := range base.Packs {
		for _, f := range p.Facts {
			if try(p, f.Statement(), Says) {
				return best
			}
		}
	}
	for _, p := range base.Packs {
		for _, s := range slices.Backward(historyOf(p)) {
			if try(p, s, Said) {
				return best
			}
		}
	}
	if bestShare < near {
		return Verdict{Outcome: Unknown}
	}
	best.Foreign = foreign(text, base, best, around)
	return best
}

// compare says what share of a text of s words has, and whether words have a whole one, or are part
// of one.
func compare(words []string, s knowledge.Statement) (share float64, whole bool) {
	for _, said := range texts(s) {
		of := wordsOf(said)
		if len(of) == 0 {
			continue
		}
		if len(of) >= fewest && within(of, words) || len(words) >= fewest && within(words, of) {
			return 1, true
		}
		n := 0
		for _, w := range of {
			if slices.Contains(words, w) {
				n++
			}
		}
		share = max(share, float64(n)/float64(len(of)))
	}
	return share, false
}

// texts are what s says in every language.
func texts(s knowledge.Statement) []string {
	var all []string
	add := func(t knowledge.Text) {
		for _, lang := range langs(t) {
			all = append(all, t[lang])
		}
	}
	add(s.Answer)
	add(s.Detail)
	for _, p := range s.Positions {
		add(p.Claim)
	}
	return all
}

func langs(t knowledge.Text) []string {
	var all []string
	for lang := range t {
		all = append(all, lang)
	}
	slices.Sort(all)
	return all
}

// foreign are the lines of text that say something and stand neither in the statement of v nor
// around it: a citation that somebody put in place of the true one, say.
func foreign(text string, base *knowledge.Base, v Verdict, around []string) []string {
	s, f := v.Then, v.Fact
	known := texts(s)
	for _, version := range []string{s.Version, v.Pack.Version} { // the fine print
		known = append(known, s.Fact+" "+v.Pack.ID+" "+version, s.Fact+"@"+version+" "+v.Pack.ID+" "+s.Hash)
	}
	for _, c := range s.Cites {
		known = append(known, c.Short, c.Full, c.Quote)
	}
	for _, p := range s.Positions {
		known = append(known, p.Holder)
	}
	known = append(known, s.AccordingTo)
	known = append(known, around...)
	if f != nil {
		known = append(known, people(f)...)
		for _, other := range base.Facts() { // what to ask next
			for _, q := range other.Questions {
				known = append(known, q.Text)
			}
		}
	}
	var all [][]string
	for _, k := range known {
		if w := wordsOf(k); len(w) > 0 {
			all = append(all, w)
		}
	}
	slices.SortStableFunc(all, func(a, b []string) int { return len(b) - len(a) })
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if len(without(wordsOf(line), all)) >= spoken {
			lines = append(lines, line)
		}
	}
	return lines
}

// without takes the known texts out of words, the longest first; words that are part of one are
// known too.
func without(words []string, known [][]string) []string {
	for _, k := range known {
		if within(words, k) {
			return nil
		}
		if len(k) < fewest {
			continue
		}
		if i := indexOf(k, words); i >= 0 {
			words = slices.Concat(words[:i], words[i+len(k):])
		}
	}
	return words
}

// people are the names and the labels of dates of f, which stand beside its answer.
func people(f *knowledge.Fact) []string {
	all := f.Names()
	for _, d := range f.Dates {
		for _, label := range d.Label {
			all = append(all, label)
		}
	}
	return all
}

// wordsOf are the words and figures of s in lower case, without marks and markup.
func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsNumber(c) && !unicode.IsMark(c)
	})
}

// within reports whether a stands in b, word for word.
func within(a, b []string) bool { return indexOf(a, b) >= 0 }

// indexOf is where a begins in b, or -1.
func indexOf(a, b []string) int {
	for i := 0; i+len(a) <= len(b); i++ {
		if slices.Equal(a, b[i:i+len(a)]) {
			return i
		}
	}
	return -1
}
