package quiz

import (
	"slices"
	"strings"
	"unicode"

	"footnote/knowledge"
)

// A wrong answer is taken from another fact, so it must be made sure that no fact, settled or not,
// makes it right: a dispute may name another builder of the same bridge. Which facts might is told by
// the words of the question, and rather too many are than too few.

// stem is how much of a word is compared: "built" and "builder" are of the same matter.
const stem = 4

// rivals are the facts beside f, of whatever status, that tell of what a question asks for: all its
// words begin words of theirs.
func (m *Maker) rivals(f *knowledge.Fact, question string) []*knowledge.Fact {
	words := stems(question)
	if len(words) == 0 {
		return nil
	}
	var all []*knowledge.Fact
	for _, g := range m.every {
		if g == f {
			continue
		}
		text := strings.ToLower(m.textOf(g))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			all = append(all, g)
		}
	}
	return all
}

// stems are the beginnings of the words of a question but its first, which asks, and short ones.
func stems(question string) (all []string) {
	words := strings.FieldsFunc(strings.ToLower(question), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsNumber(c) && !unicode.IsMark(c) })
	for _, w := range words[min(1, len(words)):] {
		if letters := []rune(w); len(letters) >= stem {
			all = append(all, string(letters[:stem]))
		}
	}
	return all
}

// textOf is what a fact says, with its questions.
func (m *Maker) textOf(f *knowledge.Fact) string {
	var b strings.Builder
	for _, q := range f.Questions {
		b.WriteString(q.Text + " ")
	}
	b.WriteString(m.say(f.Pack, f.Answer) + " " + m.say(f.Pack, f.Detail))
	for _, p := range f.Positions {
		b.WriteString(" " + m.say(f.Pack, p.Claim))
	}
	for _, d := range f.Dates {
		b.WriteString(" " + m.say(f.Pack, d.Label))
	}
	return b.String()
}

// textsOf is what several facts say, with the people whom they name.
func (m *Maker) textsOf(facts []*knowledge.Fact) string {
	var b strings.Builder
	for _, f := range facts {
		b.WriteString(" " + m.textOf(f) + " " + strings.Join(f.Names(), " "))
	}
	return b.String()
}

// ambiguous reports whether some fact gives what x is called another date.
func (m *Maker) ambiguous(x dated) bool {
	for _, g := range m.every {
		for _, d := range g.Dates {
			if first, last, ok := d.EDTF.Days(); ok && (first > x.last || x.first > last) && strings.EqualFold(m.say(g.Pack, d.Label), x.label) {
				return true
			}
		}
	}
	return false
}
