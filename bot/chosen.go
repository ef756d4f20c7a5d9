package bot

import (
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/search"
)

// How people name one of several choices, whole messages after folding. -1 is
// the last one.
var ordinals = map[string]int{
	"one": 1, "first": 1, "the first": 1, "first one": 1, "the first one": 1, "number one": 1,
	"two": 2, "second": 2, "the second": 2, "second one": 2, "the second one": 2, "number two": 2,
	"three": 3, "third": 3, "the third": 3, "third one": 3, "the third one": 3, "number three": 3,
	"fourth": 4, "the fourth": 4, "fourth one": 4, "the fourth one": 4, "fifth": 5, "the fifth": 5, "fifth one": 5, "the fifth one": 5,
	"last": -1, "the last": -1, "last one": -1, "the last one": -1,

	"один": 1, "первыи": 1, "первая": 1, "первое": 1, "первую": 1, "два": 2, "второи": 2, "вторая": 2, "второе": 2, "вторую": 2,
	"три": 3, "третии": 3, "третья": 3, "третье": 3, "третью": 3, "четвертыи": 4, "четвертая": 4, "четвертое": 4, "четвертую": 4,
	"пятыи": 5, "пятая": 5, "пятое": 5, "пятую": 5, "последнии": -1, "последняя": -1, "последнее": -1, "последнюю": -1,
	"eins": 1, "erste": 1, "die erste": 1, "das erste": 1, "der erste": 1, "zwei": 2, "zweite": 2, "die zweite": 2, "das zweite": 2, "der zweite": 2,
	"drei": 3, "dritte": 3, "die dritte": 3, "das dritte": 3, "der dritte": 3, "vierte": 4, "die vierte": 4, "das vierte": 4, "der vierte": 4,
	"funfte": 5, "die funfte": 5, "das funfte": 5, "der funfte": 5, "letzte": -1, "die letzte": -1, "das letzte": -1, "der letzte": -1,
	"un": 1, "premier": 1, "premiere": 1, "la premiere": 1, "le premier": 1, "deux": 2, "deuxieme": 2, "la deuxieme": 2, "le deuxieme": 2, "la seconde": 2, "le second": 2,
	"trois": 3, "troisieme": 3, "la troisieme": 3, "le troisieme": 3, "quatrieme": 4, "la quatrieme": 4, "le quatrieme": 4,
	"cinquieme": 5, "la cinquieme": 5, "le cinquieme": 5, "dernier": -1, "derniere": -1, "la derniere": -1, "le dernier": -1,
	"uno": 1, "primera": 1, "primero": 1, "la primera": 1, "el primero": 1, "dos": 2, "segunda": 2, "segundo": 2, "la segunda": 2, "el segundo": 2,
	"tres": 3, "tercera": 3, "tercero": 3, "la tercera": 3, "el tercero": 3, "cuarta": 4, "cuarto": 4, "la cuarta": 4, "el cuarto": 4,
	"quinta": 5, "quinto": 5, "la quinta": 5, "el quinto": 5, "ultima": -1, "ultimo": -1, "la ultima": -1, "el ultimo": -1,
}

// numberPrefixes stand before a number that names a choice.
var numberPrefixes = []string{"number ", "no ", "nr ", "n ", "option ", "choice ", "answer ", "the ", "номер ", "вариант ", "nummer ", "die ", "numero ", "la ", "le ", "el ", "opcion "}

// choiceNumber is the number of a choice that text names and nothing else, -1
// for the last one.
func choiceNumber(text string) (int, bool) {
	const longest = 40 // bytes
	if len(text) > longest {
		return 0, false
	}
	folded := strings.Join(search.Words(strings.ReplaceAll(text, "№", "№ "), 4), " ")
	if n, ok := ordinals[folded]; ok {
		return n, true
	}
	for _, p := range numberPrefixes {
		folded = strings.TrimPrefix(folded, p)
	}
	if len(folded) == 1 && folded[0] >= '1' && folded[0] <= '9' {
		return int(folded[0] - '0'), true
	}
	return 0, false
}

// chosen answers text if it names one of the choices that were offered to this
// person in this chat.
func (k *talk) chosen(text string) (Reply, bool) {
	t := k.mine()
	if len(t.offered) == 0 {
		return Reply{}, false
	}
	if n, ok := choiceNumber(text); ok {
		if n < 0 {
			n = len(t.offered)
		}
		if n > len(t.offered) {
			return k.notice("choices.range", "n", itoa(len(t.offered))), true
		}
		f := k.snap.byID[t.offered[n-1]]
		if f == nil {
			return k.notice("action.gone"), true
		}
		return k.take(t, f), true
	}
	if t.offeredSources {
		return Reply{}, false // whoever writes a question out wants its answer
	}
	typed := search.Words(text, search.MaxWords*2)
	for _, id := range t.offered {
		if f := k.snap.byID[id]; f != nil && slices.Equal(typed, search.Words(k.canonical(f), search.MaxWords*2)) {
			return k.pickedOffered(f), true
		}
	}
	return Reply{}, false
}

// take does with a chosen fact what was offered.
func (k *talk) take(t turn, f *knowledge.Fact) Reply {
	if t.offeredSources {
		return k.sourceAs(t.offeredFormat, f, 0)
	}
	return k.pickedOffered(f)
}

// closeToOffered is the offered fact whose question shares most of its words
// with text, if the matcher could not tell: somebody who types a choice instead
// of its number leaves out or misspells a word.
func (k *talk) closeToOffered(text string) *knowledge.Fact {
	const enough, margin = .6, .2 // of all words of both; and ahead of the next
	typed := search.Words(text, search.MaxWords*2)
	if len(typed) < 2 {
		return nil
	}
	var best *knowledge.Fact
	var first, second float64
	for _, id := range k.mine().offered {
		f := k.snap.byID[id]
		if f == nil {
			continue
		}
		s := sharedWords(typed, search.Words(k.canonical(f), search.MaxWords*2))
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
