package timeline

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// maxWhat is how many characters of an answer stand for an event without a label.
const maxWhat = 90

// Events returns what the facts date, in the order of time and numbered. Facts that
// date the same thing, by the same date and the same words, are one event. What a
// retracted fact says is left out: it did not happen so.
func Events(facts []*knowledge.Fact, w Words) []Event {
	type key struct {
		date   edtf.Date
		julian bool
		what   string
	}
	at := map[key]int{}
	var all []Event
	for _, f := range facts {
		if f.Status == knowledge.Retracted {
			continue
		}
		for _, d := range f.Dates {
			if d.EDTF.Check() != nil {
				continue
			}
			k := key{d.EDTF, d.Julian, what(f, d, w.Tags)}
			i, ok := at[k]
			if !ok {
				i = len(all)
				at[k] = i
				all = append(all, Event{When: when(d, w), What: k.what, Date: d.EDTF, Julian: d.Julian})
			}
			e := &all[i]
			if !slices.Contains(e.Facts, f) {
				e.Facts = append(e.Facts, f)
			}
			e.Disputed = e.Disputed || f.Status == knowledge.Disputed
		}
	}
	slices.SortStableFunc(all, func(a, b Event) int {
		x, y := extentOf(a), extentOf(b)
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to))
	})
	for i := range all {
		all[i].Number = i + 1
	}
	return all
}

// when writes d for people.
func when(d knowledge.Date, w Words) string {
	lang := ""
	if len(w.Tags) > 0 {
		lang = w.Tags[0]
	}
	s := d.EDTF.In(lang)
	if d.Julian && w.Julian != nil {
		s = w.Julian(s)
	}
	return s
}

// what says what happened at d: its label, or else how the fact begins.
func what(f *knowledge.Fact, d knowledge.Date, tags []string) string {
	if f.Pack != nil {
		tags = slices.Concat(tags, f.Pack.Languages)
	}
	if label := strings.TrimSpace(d.Label.In(tags...)); label != "" {
		return label
	}
	return shorten(firstSentence(f.Answer.In(tags...)), maxWhat)
}

// firstSentence is s up to where its first sentence ends: a full stop behind a word that
// is no initial and no short title.
func firstSentence(s string) string {
	for at := 0; ; {
		i := strings.Index(s[at:], ". ")
		if i < 0 {
			return strings.TrimSuffix(s, ".")
		}
		at += i
		if last := s[strings.LastIndexByte(s[:at], ' ')+1 : at]; utf8.RuneCountInString(last) > 3 {
			return s[:at]
		}
		at += len(". ")
	}
}

// shorten cuts s at a word to at most max characters.
func shorten(s string, max int) string {
	all := []rune(s)
	if len(all) <= max {
		return s
	}
	cut := max - 1
	for i := cut; i > cut/2; i-- {
		if unicode.IsSpace(all[i]) {
			cut = i
			break
		}
	}
	return strings.TrimRightFunc(string(all[:cut]), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:–—-(", r) }) + "…"
}
