package answers

import (
	"footnote/answers/parse"
	"footnote/knowledge"
)

// A thesaurus rewrites the members of a pack's synonym groups to the first of
// their group, in phrasings and in questions alike, so that everything after it
// sees one word for one thing.
type thesaurus struct {
	byFirst map[string][]synonym // by the key of the first word; longest first
}

type synonym struct {
	keys []string
	to   []parse.Word
}

func newThesaurus(packs []*knowledge.Pack) *thesaurus {
	t := &thesaurus{byFirst: map[string][]synonym{}}
	for _, p := range packs {
		for _, group := range p.Synonyms {
			var to []parse.Word
			for _, member := range group {
				words := parse.Text(languageOf(member, p.Languages), member)
				if len(words) == 0 {
					continue
				}
				if to == nil {
					to = words
				}
				keys := make([]string, len(words))
				for i, w := range words {
					keys[i] = w.Key
				}
				t.add(synonym{keys, to})
			}
		}
	}
	return t
}

func (t *thesaurus) add(s synonym) {
	l := t.byFirst[s.keys[0]]
	i := 0
	for i < len(l) && len(l[i].keys) >= len(s.keys) {
		i++
	}
	l = append(l, synonym{})
	copy(l[i+1:], l[i:])
	l[i] = s
	t.byFirst[s.keys[0]] = l
}

// knows reports whether a synonym begins with that key.
func (t *thesaurus) knows(key string) bool { return len(t.byFirst[key]) > 0 }

// rewrite replaces synonyms, longest first, from left to right.
func (t *thesaurus) rewrite(words []parse.Word) []parse.Word {
	if len(t.byFirst) == 0 {
		return words
	}
	var out []parse.Word // nil as long as nothing is replaced
next:
	for i := 0; i < len(words); {
	candidates:
		for _, s := range t.byFirst[words[i].Key] {
			if i+len(s.keys) > len(words) {
				continue
			}
			for j, k := range s.keys {
				if words[i+j].Key != k {
					continue candidates
				}
			}
			if out == nil {
				out = append(make([]parse.Word, 0, len(words)+len(s.to)), words[:i]...)
			}
			for k, w := range s.to {
				w.Typed, w.Upper = words[i].Typed, words[i].Upper
				if k == 0 {
					w.Before = words[i].Before
				}
				out = append(out, w)
			}
			i += len(s.keys)
			continue next
		}
		if out != nil {
			out = append(out, words[i])
		}
		i++
	}
	if out == nil {
		return words
	}
	return out
}
