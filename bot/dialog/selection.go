package dialog

import (
	"slices"
	"strconv"
	"strings"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/search"
)

// choiceNumber is the number of a choice that text names and nothing else, -1
// for the last one.
func (v *vocabulary) choiceNumber(text string) (int, bool) {
	const longest = 40 // bytes
	if len(text) > longest {
		return 0, false
	}
	folded := strings.Join(search.Words(strings.ReplaceAll(text, "№", "№ "), 4), " ")
	if n, ok := v.choices[folded]; ok {
		return n, true
	}
	for _, p := range v.beforeNumbers {
		folded = strings.TrimPrefix(folded, p+" ")
	}
	if len(folded) == 1 && folded[0] >= '1' && folded[0] <= '9' {
		return int(folded[0] - '0'), true
	}
	if folded == strconv.Itoa(longestList) {
		return longestList, true
	}
	return 0, false
}

// longestList is how many entries a list has at most that a number answers: other numbers of
// two figures are years more often than choices.
const longestList = max(maxEvents, pageSize)

// selection answers text if it names one of the choices that were offered to this
// person in this chat.
func (x *exchange) selection(text string) (bot.Reply, bool) {
	t := x.ownMemory()
	if len(t.offer.facts) == 0 {
		if n, ok := x.d.vocabulary.choiceNumber(text); ok && strings.Trim(text, " .)!") == itoa(n) && n < longestList {
			return x.notice("choices.none"), true
		}
		return bot.Reply{}, false
	}
	if n, ok := x.d.vocabulary.choiceNumber(text); ok {
		if n < 0 {
			n = len(t.offer.facts)
		}
		switch {
		case n == longestList && n > len(t.offer.facts):
			return bot.Reply{}, false
		case n > len(t.offer.facts):
			return x.notice("choices.range", "n", itoa(len(t.offer.facts))), true
		}
		f := x.packs.byID[t.offer.facts[n-1]]
		if f == nil {
			return x.notice("action.gone"), true
		}
		return x.answerSelected(t, f), true
	}
	if t.offer.sources {
		return bot.Reply{}, false // whoever writes a question out wants its answer
	}
	typed := search.Words(text, search.MaxWords*2)
	for _, id := range t.offer.facts {
		if f := x.packs.byID[id]; f != nil && slices.Equal(typed, search.Words(x.canonical(f), search.MaxWords*2)) {
			return x.pickedOffered(f), true
		}
	}
	return bot.Reply{}, false
}

// answerSelected does with a selected fact what was offered.
func (x *exchange) answerSelected(t memory, f *knowledge.Fact) bot.Reply {
	if t.offer.sources {
		return x.sourceAs(t.offer.format, f, 0)
	}
	return x.pickedOffered(f)
}

// closeToOffered returns the offered fact whose question shares most of its words with
// text, where the matcher could not tell: somebody who types a choice instead of its
// number leaves out or misspells a word. A word that the choice has nothing like makes it
// another question.
func (x *exchange) closeToOffered(text string) *knowledge.Fact {
	const enough, margin = .6, .2 // of all words of both; and ahead of the next
	typed := search.Words(text, search.MaxWords*2)
	if len(typed) < 2 {
		return nil
	}
	var best *knowledge.Fact
	var first, second float64
	for _, id := range x.ownMemory().offer.facts {
		f := x.packs.byID[id]
		if f == nil {
			continue
		}
		choice := search.Words(x.canonical(f), search.MaxWords*2)
		s := sharedWords(typed, choice)
		if s > first && !misspells(typed, choice) {
			s = 0
		}
		if s > first {
			best, first, second = f, s, first
		} else {
			second = max(second, s)
		}
	}
	if first < enough || first-second < margin {
		return nil
	}
	return best
}

// misspells reports whether each word of typed may have been meant as one of choice: a third of
// its letters may be wrong.
func misspells(typed, choice []string) bool {
	for _, w := range typed {
		wrong := max(1, len([]rune(w))/3)
		if !slices.ContainsFunc(choice, func(v string) bool { return search.Alike(v, w) || search.Edits(v, w, wrong) <= wrong }) {
			return false
		}
	}
	return true
}

// sharedWords is how many words a and b share of all they have, 0..1. Words that
// are one typing error apart are the same.
func sharedWords(a, b []string) float64 {
	same := 0
	left := slices.Clone(b)
	for _, w := range a {
		if i := slices.IndexFunc(left, func(v string) bool { return search.Alike(v, w) }); i >= 0 {
			left = slices.Delete(left, i, i+1)
			same++
		}
	}
	return float64(same) / float64(len(a)+len(b)-same)
}
