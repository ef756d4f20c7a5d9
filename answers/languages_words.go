package answers

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// How words of a question in another language than English find those of the base that are
// written otherwise: without accents, in another form where there is no stemmer, together
// with another word.

// collectNative takes up the base's words.
func (ix *index) collectNative(texts [][]word) {
	ix.written, ix.starting = map[string]word{}, map[string][]string{}
	for _, t := range texts {
		for i := range t {
			w := &t[i]
			if !w.native() || w.kind != content {
				continue
			}
			for _, plain := range [...]string{w.text, fold(withoutUmlauts.Replace(w.typed))} {
				if _, ok := ix.written[plain]; !ok {
					ix.written[plain] = *w
				}
			}
			if w.reader().stemless() {
				if b := beginning(w.key); b != "" && !slices.Contains(ix.starting[b], w.key) {
					ix.starting[b] = append(ix.starting[b], w.key)
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
					s.holdPart(ix.vocabulary, ix.vocabulary.id(part.key))
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

// stemless reports whether nothing is known of the forms of the language's words.
func (r *wordReader) stemless() bool { return stemmers[r.tag] == nil }

// links are what stands between the parts of a compound word, in a language that writes
// them together; nil in others.
func (r *wordReader) links() []string {
	if r.table == nil {
		return nil
	}
	return r.table.Links
}

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
func (ix *index) towardsPack(words []word) []word {
	var out []word
	for i := range words {
		w := words[i]
		if !w.native() || w.kind != content || ix.holds(w.key) {
			out = append(out, w)
			continue
		}
		if same, ok := ix.written[w.text]; ok { // without accents
			w.text, w.key = same.text, same.key
		} else if parts := ix.parts(&w); parts != nil {
			out = append(out, parts...)
			continue
		} else if w.reader().stemless() {
			if key := ix.formOf(w.key); key != "" {
				w.key = key
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
func (ix *index) parts(w *word) []word {
	if !w.native() || w.kind != content || len(w.reader().links()) == 0 {
		return nil
	}
	text := w.own()
	if utf8.RuneCountInString(text) < 2*leastPart {
		return nil
	}
	r := w.reader()
	holds := func(s string) (word, bool) {
		x := r.content(w.lang, w.typed, s)
		return x, ix.holds(x.key)
	}
	for i := range text {
		if utf8.RuneCountInString(text[:i]) < leastPart || utf8.RuneCountInString(text[i:]) < leastPart {
			continue
		}
		tail, ok := holds(text[i:])
		if !ok {
			continue
		}
		for _, link := range r.links() {
			bare, ok := strings.CutSuffix(text[:i], link)
			if !ok || utf8.RuneCountInString(bare) < leastPart {
				continue
			}
			if head, ok := holds(bare); ok {
				head.before, tail.before = w.before, ' '
				return []word{head, tail}
			}
		}
	}
	return nil
}
