package answers

import (
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/answers/parse"
)

// How words of a question in another language than English find those of the base that are
// written otherwise: without accents, in another form where there is no stemmer, together
// with another word.

// collectNative takes up the base's words.
func (ix *index) collectNative(texts [][]parse.Word) {
	ix.written, ix.starting = map[string]parse.Word{}, map[string][]string{}
	for _, t := range texts {
		for i := range t {
			w := &t[i]
			if !w.Native() || w.Kind != parse.Content {
				continue
			}
			for _, plain := range [...]string{w.Text, parse.Fold(withoutUmlauts.Replace(w.Typed))} {
				if _, ok := ix.written[plain]; !ok {
					ix.written[plain] = *w
				}
			}
			if !w.HasForms() {
				if b := beginning(w.Key); b != "" && !slices.Contains(ix.starting[b], w.Key) {
					ix.starting[b] = append(ix.starting[b], w.Key)
				}
			}
		}
	}
	for _, keys := range ix.starting {
		slices.Sort(keys)
	}
	if len(ix.written) == 0 {
		return
	}
	for f := range ix.supports {
		s := &ix.supports[f]
		for p := ix.start[f]; p < ix.start[f+1]; p++ {
			for i := range ix.phrasings[p].words {
				for _, part := range ix.parts(&ix.phrasings[p].words[i]) {
					s.holdPart(ix.vocabulary, ix.vocabulary.id(part.Key))
				}
			}
		}
	}
}

// holdPart notes that the fact says a part of a compound word.
func (s *support) holdPart(v *vocabulary, key int32) {
	if at, ok := s.find(key); !ok {
		s.holds = slices.Insert(s.holds, at, holding{key: key, beyond: true})
		v.facts[key]++
	}
}

var withoutUmlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")

// sameBeginning is how many letters forms of one word share where no stemmer tells, and
// formEnding how many may differ behind what they share.
const sameBeginning, formEnding = 4, 3

// beginning is the first letters of a word, or "" of a shorter one.
func beginning(w string) string {
	n := 0
	for i := range w {
		if n == sameBeginning {
			return w[:i]
		}
		n++
	}
	if n == sameBeginning {
		return w
	}
	return ""
}

// towardsPack writes the words of a question as the base does.
func (ix *index) towardsPack(words []parse.Word) []parse.Word {
	var out []parse.Word
	for i := range words {
		w := words[i]
		if !w.Native() || w.Kind != parse.Content || ix.holds(w.Key) {
			out = append(out, w)
			continue
		}
		if same, ok := ix.written[w.Text]; ok { // without accents
			w.Text, w.Key = same.Text, same.Key
		} else if parts := ix.parts(&w); parts != nil {
			out = append(out, parts...)
			continue
		} else if grammar, ok := w.AsGrammar(); ok && !w.Upper {
			out = append(out, grammar...)
			continue
		} else if !w.HasForms() {
			if key := ix.formOf(w.Key); key != "" {
				w.Key = key
			}
		}
		out = append(out, w)
	}
	return out
}

// formOf is the base's word that a word of a language without a stemmer is most likely
// another form of, or "": the one that shares the longest beginning, with short endings.
func (ix *index) formOf(key string) string {
	best, most := "", 0
	for _, k := range ix.starting[beginning(key)] {
		n := common(key, k)
		if n <= most || 2*n < max(len(key), len(k)) || utf8.RuneCountInString(key[n:]) > formEnding || utf8.RuneCountInString(k[n:]) > formEnding {
			continue
		}
		best, most = k, n
	}
	return best
}

// common is how many bytes of whole letters two words begin with alike.
func common(a, b string) int {
	for i, r := range a {
		if !strings.HasPrefix(b[min(i, len(b)):], string(r)) {
			return i
		}
	}
	return len(a)
}

// leastPart is the least length in letters of a part of a compound word.
const leastPart = 4

// parts are the two words of the base that a word is written together from, in a language
// that does so, or nil.
func (ix *index) parts(w *parse.Word) []parse.Word {
	if !w.Native() || w.Kind != parse.Content || len(w.Links()) == 0 {
		return nil
	}
	text := w.Own()
	if utf8.RuneCountInString(text) < 2*leastPart {
		return nil
	}
	holds := func(s string) (parse.Word, bool) {
		x := w.Part(s)
		return x, ix.holds(x.Key)
	}
	for i := range text {
		if utf8.RuneCountInString(text[:i]) < leastPart || utf8.RuneCountInString(text[i:]) < leastPart {
			continue
		}
		tail, ok := holds(text[i:])
		if !ok {
			continue
		}
		for _, link := range w.Links() {
			bare, ok := strings.CutSuffix(text[:i], link)
			if !ok || utf8.RuneCountInString(bare) < leastPart {
				continue
			}
			if head, ok := holds(bare); ok {
				head.Before, tail.Before = w.Before, ' '
				return []parse.Word{head, tail}
			}
		}
	}
	return nil
}
