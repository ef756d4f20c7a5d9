package gaps

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"footnote/knowledge"
)

// maxPhrasings is how many ways of asking a stub lists: enough to recognise the
// question by, few enough to read.
const maxPhrasings = 12

// maxSlug is the length in bytes of an id that is made up; footnote/1 allows 48,
// and shorter ones are typed after /source.
const maxSlug = 32

// Stubs writes groups as a YAML file of facts of status citation-needed. Each is
// complete but for its answer. What people said did not help is not a missing
// fact, so it is written as a comment.
func Stubs(base *knowledge.Base, groups []Group) string {
	taken, phrased, open := map[string]bool{}, map[string]string{}, map[string]bool{}
	for _, p := range base.Packs {
		for _, q := range p.Unanswered {
			open[keyOf(q).text] = true
		}
		for _, f := range p.Facts {
			taken[f.ID] = true
			for _, q := range f.Questions {
				phrased[keyOf(q.Text).text] = f.ID
			}
		}
	}
	var facts, remarks strings.Builder
	for _, g := range groups {
		if g.Kind == Unhelpful && g.Fact != "" {
			fmt.Fprintf(&remarks, "\n# %s\n# The answer is %s: perhaps it needs a better answer, perhaps the question another fact.\n", counted(g), g.Fact)
			for _, t := range g.Texts[:min(len(g.Texts), maxPhrasings)] {
				fmt.Fprintf(&remarks, "#   %s\n", quoted(t))
			}
			continue
		}
		var own []string
		remove := false
		for _, t := range g.Texts {
			k := keyOf(t).text
			if phrased[k] != "" || len(own) == maxPhrasings {
				continue
			}
			own = append(own, t)
			remove = remove || open[k]
		}
		if len(own) == 0 {
			continue
		}
		fmt.Fprintf(&facts, "\n  # %s\n", counted(g))
		if n := nearest(g); n != "" {
			fmt.Fprintf(&facts, "  # Nearest: %s\n", n)
		}
		if b := g.Proposal.Belonging; b == AnotherWay || b == ForUnanswered {
			fmt.Fprintf(&facts, "  # Perhaps rather %s.\n", g.Proposal)
		}
		if remove {
			facts.WriteString("  # unanswered.yaml lists this as not to be answered: take it out there.\n")
		}
		fmt.Fprintf(&facts, "  - id: %s\n    status: citation-needed\n    questions:\n", NewID(own[0], taken))
		for _, t := range own {
			fmt.Fprintf(&facts, "      - %s\n", quoted(t))
		}
		fmt.Fprintf(&facts, "    answer: \"\" # at most %d characters\n", knowledge.MaxAnswer)
	}
	var out strings.Builder
	if facts.Len() > 0 {
		out.WriteString(`# Questions without an answer, made into beginnings of facts by "footnote gaps".
# Put this file into the folder facts of a pack, write the answers, and delete
# what the pack is not to answer. When you have a source, add cites and change
# the status. The first question is the one that people see: make it a good one.
facts:`)
		out.WriteString(facts.String())
	}
	out.WriteString(remarks.String())
	return strings.TrimLeft(out.String(), "\n")
}

// counted says in a sentence what a group is.
func counted(g Group) string {
	s := fmt.Sprintf("Asked %s by %s; %s", number(g.Times, "time"), number(g.People, "person"), g.Kind)
	if g.Wanted {
		s += "; somebody asked the curators for it"
	}
	return s + "."
}

func number(n int, of string) string {
	switch {
	case n == 1 && of == "time":
		return "once"
	case n == 1:
		return "one " + of
	case of == "person":
		return fmt.Sprintf("%d people", n)
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// minNear is the confidence from which a fact is worth naming as near.
const minNear = .01

// nearest names the facts that came nearest.
func nearest(g Group) string {
	var all []string
	for _, c := range g.Near {
		if c.Confidence >= minNear {
			all = append(all, fmt.Sprintf("%s (%.0f %%)", c.Fact.ID, math.Floor(c.Confidence*100)))
		}
	}
	return strings.Join(all, ", ")
}

// quoted writes s as a YAML text on one line; JSON's strings are YAML's.
func quoted(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")); err != nil {
		return `""`
	}
	return strings.TrimSpace(b.String())
}

// NewID makes an id of the telling words of a question, one that is not taken.
func NewID(question string, taken map[string]bool) string {
	id := ""
	for _, w := range foldedWords(question) {
		w = latin(w)
		if w == "" || slices.Contains(frame, w) || len(id)+1+len(w) > maxSlug {
			continue
		}
		id = strings.TrimPrefix(id+"-"+w, "-")
	}
	if id == "" {
		id = "gap"
	}
	for n, stem := 2, id; taken[id]; n++ {
		id = fmt.Sprintf("%s-%d", stem, n)
	}
	taken[id] = true
	return id
}

// latin writes a folded word in the letters of an id, as far as it knows how.
func latin(w string) string {
	var b strings.Builder
	for _, r := range w {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= 'а' && r <= 'я':
			b.WriteString(cyrillic[r-'а'])
		}
	}
	return b.String()
}

// cyrillic is the usual English way to write а–я.
var cyrillic = [...]string{"a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f",
	"kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"}

// Report writes a group for people to read.
func (g Group) Report() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %s\n", g.Texts[0], counted(g))
	if g.Fact != "" {
		fmt.Fprintf(&b, "  Answered with: %s\n", g.Fact)
	}
	if n := nearest(g); n != "" {
		fmt.Fprintf(&b, "  Nearest: %s\n", n)
	}
	if p := g.Proposal.String(); p != "" {
		fmt.Fprintf(&b, "  Proposed: %s\n", p)
	}
	for _, t := range g.Texts[1:min(len(g.Texts), maxPhrasings)] {
		fmt.Fprintf(&b, "  - %s\n", t)
	}
	return b.String()
}
