// Package gaps groups questions that were not answered well, so that a curator
// sees what is missing rather than a list of what was typed, and writes the
// beginnings of facts for them. The same questions give the same groups. It
// knows nothing of where the questions come from.
package gaps

import (
	"cmp"
	"slices"
	"strings"

	"footnote/answers"
	"footnote/knowledge"
)

// A Kind says what was wrong with the reply to a question.
type Kind string

// The kinds, the worst first.
const (
	Unhelpful  Kind = "answered, and somebody said that it did not help"
	Unanswered Kind = "not answered"
	Doubtful   Kind = "a close call"
)

var kinds = []Kind{Unhelpful, Unanswered, Doubtful}

// A Question is one time that somebody asked something.
type Question struct {
	Text   string
	Who    string // somebody; equal for the questions of one person
	Kind   Kind
	Fact   string // that it was answered with, if it was
	Wanted bool   // the person asked the curators for an answer
}

// A Group is questions that are about the same.
type Group struct {
	Texts  []string // ways of asking, each once, the best as a heading first
	Times  int
	People int
	Kind   Kind   // of most of them
	Fact   string // that most were answered with, if Kind is Unhelpful or Doubtful
	Wanted bool   // somebody asked the curators
	Near   []answers.Candidate

	Proposal Proposal // what to do with it; the zero Proposal proposes nothing
}

// Most is how many different questions are grouped; grouping compares each with
// each, and nobody reads more. Those asked most often are taken.
const Most = 2000

// alike is how much of the words of two questions must be common, and
// sameLetters how much of their letters, for them to be about the same. They are
// high: two gaps shown as two cost a curator a glance, two shown as one are overlooked.
const (
	alike       = .6
	sameLetters = .8
)

// Find groups questions: two are in one group if they are alike, or if a chain
// of such pairs leads from one to the other. Groups of most people come first.
func Find(questions []Question) []Group {
	all := distinct(questions)
	group := make([]int, len(all)) // union-find
	for i := range group {
		group[i] = i
	}
	var top func(i int) int
	top = func(i int) int {
		if group[i] != i {
			group[i] = top(group[i])
		}
		return group[i]
	}
	for i := range all {
		for j := range i {
			if a, b := top(i), top(j); a != b && similar(all[i].key, all[j].key) {
				group[max(a, b)] = min(a, b)
			}
		}
	}
	members := map[int][]way{}
	for i, w := range all {
		members[top(i)] = append(members[top(i)], w)
	}
	var groups []Group
	for _, ways := range members {
		groups = append(groups, groupOf(ways))
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(b.Times, a.Times), cmp.Compare(a.Texts[0], b.Texts[0]))
	})
	return groups
}

// A way is one way of asking with everybody who asked so.
type way struct {
	text  string // as it was most often typed
	key   key
	asked []Question
}

// distinct puts together what differs only in case, punctuation and the like.
func distinct(questions []Question) []way {
	at := map[string]int{}
	var all []way
	for _, q := range questions {
		k := keyOf(q.Text)
		if k.text == "" {
			continue
		}
		i, ok := at[k.text]
		if !ok {
			i = len(all)
			at[k.text] = i
			all = append(all, way{key: k})
		}
		all[i].asked = append(all[i].asked, q)
	}
	for i := range all {
		all[i].text = mostTyped(all[i].asked)
	}
	slices.SortFunc(all, func(a, b way) int {
		return cmp.Or(cmp.Compare(len(b.asked), len(a.asked)), cmp.Compare(a.key.text, b.key.text))
	})
	return all[:min(len(all), Most)]
}

func mostTyped(asked []Question) string {
	count := map[string]int{}
	for _, q := range asked {
		count[strings.Join(strings.Fields(q.Text), " ")]++
	}
	return most(count)
}

// most is what was counted most often; of several the first in the alphabet.
func most(count map[string]int) string {
	best := ""
	for s, n := range count {
		if b := count[best]; best == "" || n > b || n == b && s < best {
			best = s
		}
	}
	return best
}

func groupOf(ways []way) Group {
	// A heading is what many typed, and a whole question rather than a few words.
	slices.SortFunc(ways, func(a, b way) int {
		return cmp.Or(cmp.Compare(len(b.asked), len(a.asked)), cmp.Compare(isWhole(b.text), isWhole(a.text)),
			cmp.Compare(len(b.key.words), len(a.key.words)), cmp.Compare(a.text, b.text))
	})
	g := Group{}
	people, byKind, facts := map[string]bool{}, map[Kind]int{}, map[string]int{}
	for _, w := range ways {
		g.Texts = append(g.Texts, w.text)
		for _, q := range w.asked {
			g.Times++
			people[q.Who] = true
			byKind[q.Kind]++
			g.Wanted = g.Wanted || q.Wanted
			if q.Fact != "" {
				facts[q.Fact]++
			}
		}
	}
	g.People = len(people)
	for _, k := range kinds {
		if g.Kind == "" || byKind[k] > byKind[g.Kind] {
			g.Kind = k
		}
	}
	if g.Kind != Unanswered {
		g.Fact = most(facts)
	}
	return g
}

// isWhole is 1 for a question with a question mark, 0 for words.
func isWhole(s string) int {
	if strings.HasSuffix(s, "?") {
		return 1
	}
	return 0
}

// A Phrasing is a way of asking and how often it was used.
type Phrasing struct {
	Text  string
	Times int
}

// Phrasings are the ways of asking that at least so many people used and that no
// fact of base has, those used most often first.
func Phrasings(base *knowledge.Base, questions []Question, people int) []Phrasing {
	if len(questions) == 0 {
		return nil
	}
	known := map[string]bool{}
	for _, f := range base.Facts() {
		for _, q := range f.Questions {
			known[keyOf(q.Text).text] = true
		}
	}
	var all []Phrasing
	for _, w := range distinct(questions) {
		who := map[string]bool{}
		for _, q := range w.asked {
			who[q.Who] = true
		}
		if !known[w.key.text] && len(who) >= people {
			all = append(all, Phrasing{w.text, len(w.asked)})
		}
	}
	return all
}
