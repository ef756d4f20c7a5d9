// Package lexicon is a list of English words in the order of their frequency
// in newswire, and of the names among them ([English]). The matcher uses it to
// leave correct words alone when it repairs spellings, and to weigh a word that
// no fact knows: an unknown rare word or name means more than an unknown common
// one. It also knows how words are related ([EnglishRelations]): which are
// synonyms, opposites, or alternatives. It knows nothing of packs.
package lexicon

import (
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"io"
	"math"
	"strings"
	"sync"
)

//go:generate go run ../tools/lexicon -glove $GLOVE -scowl $SCOWL -wordnet $WORDNET_BASE -out words.txt.gz

//go:embed words.txt.gz
var packed string

// A Lexicon answers what is known of a word. It is immutable and safe for
// concurrent use.
type Lexicon struct {
	table *table // by rank, from 0
	sieve *sieve
	kind  []uint8 // by rank
	size  int
}

// Bits of a word's kind.
const (
	isListedName = 1 << iota
	isMostlyVerb
)

// Word is the word of that rank, from 1, in lower case; "" beyond the last.
func (l *Lexicon) Word(rank int) string {
	if rank < 1 || rank > len(l.table.words) {
		return ""
	}
	return l.table.words[rank-1]
}

// English returns the embedded list. The first call decodes it (some milliseconds);
// later calls return the same Lexicon.
var English = sync.OnceValue(unpackWords)

// sizeOf is how much a gzip file unpacks to, with which it ends.
func sizeOf(packed string) int {
	return int(binary.LittleEndian.Uint32([]byte(packed[len(packed)-4:])))
}

func unpackWords() *Lexicon {
	z, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		panic("lexicon: the embedded word list is damaged: " + err.Error())
	}
	var text strings.Builder
	text.Grow(sizeOf(packed))
	if _, err := io.Copy(&text, z); err != nil {
		panic("lexicon: the embedded word list is damaged: " + err.Error())
	}
	return parse(text.String())
}

// parse reads one word a line, most frequent first; a capital marks a name, an
// exclamation mark a verb.
func parse(text string) *Lexicon {
	n := strings.Count(text, "\n") + 1
	l := &Lexicon{kind: make([]uint8, 0, n)}
	words := make([]string, 0, n)
	lower := strings.ToLower(text) // which moves nothing in ASCII
	at := 0
	for typed := range strings.SplitSeq(text, "\n") {
		w := lower[at : at+len(typed)]
		at += len(typed) + 1
		if w == "" {
			continue
		}
		kind := uint8(0)
		if typed[0] >= 'A' && typed[0] <= 'Z' {
			kind = isListedName
		} else if base, ok := strings.CutSuffix(w, "!"); ok {
			kind, w = isMostlyVerb, base
		}
		words, l.kind = append(words, w), append(l.kind, kind)
	}
	l.size, l.table, l.sieve = len(words), newTable(words), newSieve(words)
	return l
}

// is reports whether word (lower case) is listed as one of a kind.
func (l *Lexicon) is(word string, kind uint8) bool {
	i := l.table.find(word)
	return i >= 0 && l.kind[i]&kind != 0
}

// Knows reports whether word (lower case) is in the list.
func (l *Lexicon) Knows(word string) bool { return l.table.find(word) >= 0 }

// IsName reports whether word (lower case) is listed only as a name, or as a
// word that dictionaries of common words lack.
func (l *Lexicon) IsName(word string) bool { return l.is(word, isListedName) }

// IsVerb reports whether word (lower case) is used as a verb more often than
// otherwise.
func (l *Lexicon) IsVerb(word string) bool { return l.is(word, isMostlyVerb) }

// Rank is the place of word (lower case) by frequency, from 1. A word that is
// not listed has the rank after the last.
func (l *Lexicon) Rank(word string) int {
	if i := l.table.find(word); i >= 0 {
		return i + 1
	}
	return l.size + 1
}

// Weight is how much a word tells, from its frequency alone: the natural
// logarithm of its rank, less that of the function words, scaled to 0 for the
// hundred commonest words and 1 for the rarest. By Zipf's law the logarithm of
// the rank grows with the word's self-information.
func (l *Lexicon) Weight(word string) float64 {
	const functionWords = 100
	r := float64(l.Rank(word))
	if r <= functionWords {
		return 0
	}
	return math.Log(r/functionWords) / math.Log(float64(l.size+1)/functionWords)
}
