package answers

import (
	"math/bits"
	"slices"
	"strings"

	"footnote/answers/lexicon"

	"github.com/sahilm/fuzzy"
)

// Spelling repair. Only words of the question are repaired, never the pack's,
// and only those that neither the pack nor the English word list knows; a
// correct word, above all another person's name, must not turn into the one the
// pack has. Repairs are tried in the order of how little they change:
//
//  1. one edit (insertion, deletion, substitution, transposition) from a word
//     of the pack, two for long words;
//  2. the same consonants as a name of the pack when both are transliterated
//     loosely (kruschev, khrushchov), which also applies to listed names, since
//     a newswire list holds many spellings of a Russian name: there, and where
//     the consonants are few, the vowels must sound alike too;
//  3. one edit from a word of the English list;
//  4. a cut-off word that begins a word of the pack (solzhenits).
//
// Ties go to the word that is more frequent in the pack, then to the more
// frequent in English, then to the first by letters.

const (
	minRepair     = 4 // shorter words have too many neighbours
	minTwoEdits   = 8 // from here two edits leave most of the word
	minSkeleton   = 3 // consonants that a loose transliteration must keep
	minCutOff     = 6 // letters that a cut-off word must have
	maxSkeletonBy = 3 // edits between two spellings of one name; one less for a skeleton of three consonants
)

// A speller repairs spellings towards one pack's vocabulary.
type speller struct {
	lex       *lexicon.Lexicon
	count     map[string]int      // words of the pack, by text
	stems     map[string]bool     // their keys
	byLength  map[int][]string    // words of the pack by length in runes, sorted
	skeletons map[string][]string // names of the pack by their consonants, sorted
	sorted    []string            // all words, sorted, for cut-off words
}

func newSpeller(lex *lexicon.Lexicon, texts [][]word) *speller {
	s := &speller{lex: lex, count: map[string]int{}, stems: map[string]bool{}, byLength: map[int][]string{}, skeletons: map[string][]string{}}
	for _, t := range texts {
		for _, w := range t {
			s.stems[w.key] = true
			if w.kind != content {
				continue
			}
			s.count[w.text]++
			if s.count[w.text] > 1 {
				continue
			}
			n := runeLen(w.text)
			s.byLength[n] = append(s.byLength[n], w.text)
			s.sorted = append(s.sorted, w.text)
			if w.isName(lex) {
				if k := skeleton(w.text); len(k) >= minSkeleton {
					s.skeletons[k] = append(s.skeletons[k], w.text)
				}
			}
		}
	}
	for _, l := range s.byLength {
		slices.Sort(l)
	}
	for _, l := range s.skeletons {
		slices.Sort(l)
	}
	slices.Sort(s.sorted)
	return s
}

// repair returns what w most likely was meant to be, and whether that differs.
func (s *speller) repair(w word) (string, bool) {
	n := runeLen(w.text)
	if w.kind != content || n < minRepair || s.count[w.text] > 0 || s.stems[w.key] || !allLetters(w.text) {
		return "", false
	}
	known := s.lex.Knows(w.text) || s.lex.Knows(w.key)
	if !known {
		edits := 1
		if n >= minTwoEdits {
			edits = 2
		}
		if c := s.nearest(w.text, n, edits); c != "" {
			return c, true
		}
	}
	if !known || s.lex.IsName(w.text) {
		if k := skeleton(w.text); len(k) >= minSkeleton {
			limit := maxSkeletonBy
			if len(k) == minSkeleton {
				limit--
			}
			for _, c := range s.skeletons[k] {
				if (known || len(k) == minSkeleton) && vowels(w.text) != vowels(c) {
					continue // Stallone is not Stalin, nor Pétain Putin
				}
				if distance(w.text, c, limit) <= limit {
					return c, true
				}
			}
		}
	}
	if known {
		return "", false
	}
	if c := s.nearestEnglish(w.text); c != "" {
		return c, true
	}
	if n >= minCutOff {
		return s.complete(w.text)
	}
	return "", false
}

// nearest is the pack's word within so many edits of text, or "".
func (s *speller) nearest(text string, n, edits int) string {
	best, bestEdits := "", edits+1
	have := letters(text)
	for l := max(n-edits, minRepair); l <= n+edits; l++ {
		for _, c := range s.byLength[l] {
			// An edit takes at most one letter away and brings at most one.
			if has := letters(c); bits.OnesCount32(have&^has) > edits || bits.OnesCount32(has&^have) > edits {
				continue
			}
			d := distance(text, c, edits)
			if d > edits || d > bestEdits {
				continue
			}
			if d < bestEdits || s.count[c] > s.count[best] || s.count[c] == s.count[best] && s.lex.Rank(c) < s.lex.Rank(best) {
				best, bestEdits = c, d
			}
		}
	}
	return best
}

// letters is the set of the letters a to z in s.
func letters(s string) (set uint32) {
	for i := 0; i < len(s); i++ {
		if c := s[i] - 'a'; c < 26 {
			set |= 1 << c
		}
	}
	return set
}

// nearestEnglish is the most frequent listed word one edit from text, or "". It
// is no name: a misspelt name is a name as it stands, and guessing whose is not
// for a speller.
func (s *speller) nearestEnglish(text string) string {
	best, rank := "", 0
	try := func(c string) {
		if s.lex.Knows(c) && !s.lex.IsName(c) {
			if r := s.lex.Rank(c); best == "" || r < rank {
				best, rank = c, r
			}
		}
	}
	const alphabet = "abcdefghijklmnopqrstuvwxyz"
	for i := 0; i <= len(text); i++ {
		if i < len(text) {
			try(text[:i] + text[i+1:])
		}
		if i+1 < len(text) {
			try(text[:i] + text[i+1:i+2] + text[i:i+1] + text[i+2:])
		}
		for _, l := range alphabet {
			if i < len(text) {
				try(text[:i] + string(l) + text[i+1:])
			}
			try(text[:i] + string(l) + text[i:])
		}
	}
	return best
}

// complete reads text as the beginning of a word of the pack, if only one
// begins so. The fuzzy subsequence matcher is right for this: it looks for
// typed letters in order, prefers a match at the start, and one word is too
// short for its score to overflow.
func (s *speller) complete(text string) (string, bool) {
	i, _ := slices.BinarySearch(s.sorted, text)
	j := i
	for j < len(s.sorted) && strings.HasPrefix(s.sorted[j], text) {
		j++
	}
	if i == j {
		return "", false
	}
	m := fuzzy.Find(text, s.sorted[i:j])
	if len(m) == 0 || len(m) > 1 && stem(m[0].Str) != stem(m[1].Str) {
		return "", false
	}
	return m[0].Str, true
}

func allLetters(s string) bool {
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return true
}

// digraphs are the ways in which Slavic, Arabic and Persian sounds are spelt in
// Latin letters that come out the same when one is careless.
var digraphs = strings.NewReplacer("shch", "s", "sch", "s", "sh", "s", "kh", "k", "ch", "s", "zh", "z", "ts", "z", "tz", "z", "ph", "f", "th", "t", "gh", "g",
	"ck", "k", "ks", "x", "cz", "s", "c", "k", "q", "k", "w", "v", "j", "", "y", "")

// skeleton is the consonants of a word spelt loosely, doubles as one.
func skeleton(w string) string {
	w = digraphs.Replace(w)
	var b strings.Builder
	var last byte
	for i := 0; i < len(w); i++ {
		c := w[i]
		if strings.IndexByte("aeiou", c) >= 0 && i > 0 {
			last = 0
			continue
		}
		if c == last {
			continue
		}
		b.WriteByte(c)
		last = c
	}
	return b.String()
}

// vowels is the sequence of a word's vowels, front (e, i), back (o, u) or a, those
// of one kind that follow each other as one (frederick, fredrick).
func vowels(w string) string {
	kinds := map[byte]byte{'e': 'e', 'i': 'e', 'o': 'o', 'u': 'o', 'a': 'a'}
	var b strings.Builder
	var last byte
	for i := 0; i < len(w); i++ {
		if k := kinds[w[i]]; k != 0 && k != last {
			b.WriteByte(k)
			last = k
		}
	}
	return b.String()
}

// distance is the number of edits between a and b (optimal string alignment:
// insertion, deletion, substitution, transposition of neighbours), or limit+1
// when it is more than limit.
func distance(a, b string, limit int) int {
	ra, rb := []rune(a), []rune(b)
	if d := len(ra) - len(rb); d > limit || -d > limit {
		return limit + 1
	}
	var bufs [3][maxTokenRunes + 2]int
	if len(rb) > maxTokenRunes {
		rb = rb[:maxTokenRunes]
	}
	before, prev, cur := bufs[0][:], bufs[1][:], bufs[2][:]
	for j := range len(rb) + 1 {
		prev[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		cur[0] = i
		row := i
		for j := 1; j <= len(rb); j++ {
			cost := 1
			if ra[i-1] == rb[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				d = min(d, before[j-2]+1)
			}
			cur[j] = d
			row = min(row, d)
		}
		if row > limit {
			return limit + 1
		}
		before, prev, cur = prev, cur, before
	}
	return min(prev[len(rb)], limit+1)
}
