// Package spell repairs the spelling of questions towards the words of a pack ([New], [Speller.Repair]).
//
// Only words of the question are repaired, never the pack's,
// and only those that neither the pack nor the English word list knows, also not as
// a form of a word; a correct word, above all another person's name, must not turn
// into the one the pack has, nor any word into its opposite. A repair is measured by
// what it costs: a doubled letter, letters swapped or one vowel for another are
// slips that everybody makes, another first letter is hardly one. The cheapest wins,
// but a word of the pack may cost hardly half a letter more than another, and of other
// words that cost about the same it is the commonest.
//
//  1. the pack's word or name in another transliteration (Khrushchov, Sofia): also
//     for listed names, since a newswire list holds many spellings of one;
//  2. one edit (insertion, deletion, substitution, transposition) from a word of
//     the pack or the English list, two cheap ones, two of any kind for long words
//     of the pack;
//  3. the same consonants as a name of the pack when both are transliterated
//     loosely (kruschev);
//  4. a word of several (emporers), or one cut off that begins a word of the pack
//     (solzhenits).
package spell

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/answers/lexicon"
	"footnote/answers/parse"

	"github.com/sahilm/fuzzy"
)

// Lengths, in letters, from which words are repaired.
const (
	MinLength     = 4 // shorter words have too many neighbours
	minCheap      = 5 // from here two cheap edits leave most of the word
	minTwoEdits   = 8 // from here two of any kind
	minSkeleton   = 3 // consonants that a loose transliteration must keep
	minSounds     = 5 // letters of a name in another transliteration
	minCutOff     = 6 // letters that a cut-off word must have
	maxSkeletonBy = 3 // edits between two spellings of one name; one less for a skeleton of three consonants
)

// Costs of repairs. One letter for another costs 1.
const (
	costDouble     = 0.5 // a letter doubled, or not
	costSwap       = 0.5 // neighbours that changed places
	costExchanged  = 0.5 // two vowels in each other's place
	costOtherVowel = 0.6 // one vowel for another
	costSounds     = 0.7 // a consonant for one that sounds like it
	costKey        = 0.8 // a key for the one beside it
	costVowel      = 0.7 // a vowel too many or too few
	costFirst      = 0.5 // beside the rest, for another first letter
	costFirstLost  = 0.2 // beside the rest, for a first letter too many or too few
	costSpelling   = 0.4 // another transliteration
	costCutOff     = 1.5
	costShort      = 1.0  // the most for words of four letters,
	costCheap      = 1.25 // of five to seven,
	costLong       = 2.0  // and of more
	costRare       = 0.08 // times the logarithm of a listed word's rank
	costName       = 0.2  // for a listed name in place of a listed word
	costOther      = 0.45 // a repair to a word of the pack may cost so much more than one to a listed word,
	costOften      = 0.1  // and this times the logarithm of how often the pack has it,
	mostOften      = 0.4  // at most this
)

// A Speller repairs spellings towards one pack's vocabulary.
type Speller struct {
	lex       *lexicon.Lexicon
	count     map[string]int      // words of the pack, by text
	stems     map[string]bool     // their keys
	names     map[string]bool     // those that are names
	byLength  map[int][]spelt     // words of the pack by length in runes, sorted
	skeletons map[string][]string // names of the pack by their consonants, sorted
	spellings map[string][]string // names of the pack by how they are transliterated, sorted
	sorted    []string            // all words, sorted, for cut-off words
}

// spelt is a word and the set of its letters.
type spelt struct {
	text    string
	letters uint32
}

// New makes a speller of a pack's texts. English words that lex knows are right as they stand.
func New(lex *lexicon.Lexicon, texts [][]parse.Word) *Speller {
	s := &Speller{lex: lex, count: map[string]int{}, stems: map[string]bool{}, names: map[string]bool{}, byLength: map[int][]spelt{}, skeletons: map[string][]string{}, spellings: map[string][]string{}}
	for _, t := range texts {
		for _, w := range t {
			s.stems[w.Key] = true
			if w.Kind != parse.Content {
				continue
			}
			s.count[w.Text]++
			if s.count[w.Text] > 1 {
				continue
			}
			n := utf8.RuneCountInString(w.Text)
			s.byLength[n] = append(s.byLength[n], spelt{w.Text, letters(w.Text)})
			s.sorted = append(s.sorted, w.Text)
			if w.IsName(lex) {
				s.names[w.Text] = true
				if n >= minSounds {
					k := transliterated(w.Text)
					s.spellings[k] = append(s.spellings[k], w.Text)
				}
				if k := skeleton(w.Text); len(k) >= minSkeleton {
					s.skeletons[k] = append(s.skeletons[k], w.Text)
				}
			}
		}
	}
	for _, l := range s.byLength {
		slices.SortFunc(l, func(a, b spelt) int { return strings.Compare(a.text, b.text) })
	}
	for _, l := range s.skeletons {
		slices.Sort(l)
	}
	for _, l := range s.spellings {
		slices.Sort(l)
	}
	slices.Sort(s.sorted)
	return s
}

// Repair returns what w most likely was meant to be, and whether that differs.
func (s *Speller) Repair(w parse.Word) (string, bool) {
	to, cost := s.mend(w)
	return to, cost > 0
}

// mend returns what w most likely was meant to be, and what that costs: 0 if
// nothing is to be mended, up to .7 for a slip, 1 for a wrong letter, 2 for what is
// hardly the same word.
func (s *Speller) mend(w parse.Word) (to string, cost float64) {
	n := utf8.RuneCountInString(w.Text)
	if !w.English() {
		return s.mendNative(&w, n)
	}
	if w.Kind != parse.Content || w.Spelt || n < MinLength || s.count[w.Text] > 0 || s.stems[w.Key] || !allLetters(w.Text) {
		return "", 0
	}
	known := s.lex.Knows(w.Text) || s.derived(w.Text)
	name := s.lex.IsName(w.Text)
	if n >= minSounds && (!known || name) {
		if l := s.spellings[transliterated(w.Text)]; len(l) > 0 {
			return l[0], costSpelling
		}
	}
	if known {
		return "", 0
	}
	pack, packCost := s.nearest(w.Text, n)
	listed, listedCost := s.nearestListed(w.Text, n)
	switch {
	case pack != "" && (listed == "" || packCost <= listedCost+s.preference(pack)):
		return pack, packCost
	case pack != "" && s.lex.IsName(listed):
		if packCost <= listedCost+costOtherVowel {
			return pack, packCost
		}
		return "", 0 // somebody else is nearer, and whose name it is nobody can guess
	}
	if k := skeleton(w.Text); len(k) >= minSkeleton {
		limit := maxSkeletonBy
		if len(k) == minSkeleton {
			limit--
		}
		for _, c := range s.skeletons[k] {
			if len(k) == minSkeleton && vowels(w.Text) != vowels(c) || opposites(w.Text, c) {
				continue
			}
			if d := Distance(w.Text, c, limit); d <= limit {
				return c, costOtherVowel * float64(d)
			}
		}
	}
	if listed != "" && !s.lex.IsName(listed) { // a misspelt name is a name as it stands
		return listed, listedCost
	}
	if one, several := strings.CutSuffix(w.Text, "s"); several && n > minSounds {
		if to, cost := s.mend(parse.EnglishWord(one, one)); cost > 0 {
			return to, cost
		}
	}
	if n >= minCutOff {
		if c, ok := s.complete(w.Text); ok && !opposites(w.Text, c) {
			return c, costCutOff
		}
	}
	return "", 0
}

// preference is how much more a repair to a word of the pack may cost than one to a listed word:
// the more, the more often the pack has it.
func (s *Speller) preference(word string) float64 {
	return costOther + min(costOften*math.Log(float64(s.count[word])), mostOften)
}

// derived reports whether text is a form of a listed word, or made of one with a
// prefix or a suffix, and so correct though it is not listed. That its stem happens
// to be a word says nothing: "corlis" is no form of "cor".
func (s *Speller) derived(text string) bool {
	knows := func(w string) bool { return len(w) >= 4 && s.lex.Knows(w) && !s.lex.IsName(w) }
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(text, p); ok && len(rest) > 4 && s.lex.Knows(rest) && !s.lex.IsName(rest) {
			return true
		}
	}
	for _, suffix := range [...]string{"s", "es", "ly", "ness", "ful", "less", "ment", "ism", "ist", "ists", "able", "like", "wise", "ship", "hood", "dom", "ing", "ed", "er", "ers"} {
		if base, ok := strings.CutSuffix(text, suffix); ok {
			if suffix == "es" && !strings.HasSuffix(base, "s") && !strings.HasSuffix(base, "x") && !strings.HasSuffix(base, "z") && !strings.HasSuffix(base, "h") && !strings.HasSuffix(base, "o") {
				continue // "happines"
			}
			n := len(base)
			if (knows(base) || suffix == "s" && n >= 4 && s.lex.Knows(base)) && !(suffix[0] == 'e' && strings.HasSuffix(base, "e")) && !(suffix == "s" && strings.HasSuffix(base, "s")) {
				return true
			}
			if suffix == "ing" || suffix == "ed" || suffix == "er" || suffix == "ers" || suffix == "able" {
				if knows(base+"e") || n > 4 && base[n-1] == base[n-2] && s.lex.Knows(base[:n-1]) {
					return true
				}
			}
			if (suffix == "ly" || suffix == "ness" || suffix == "es" || suffix == "ed") && n > 3 && base[n-1] == 'i' && knows(base[:n-1]+"y") {
				return true
			}
		}
	}
	return false
}

var (
	// negating are the prefixes that make a word its opposite.
	negating = []string{"un", "in", "im", "ir", "il", "dis", "non", "anti", "de", "mis", "counter"}

	prefixes = append([]string{"re", "pre", "post", "neo", "over", "under", "sub", "super", "inter", "semi", "ex", "co", "out", "pro", "self"}, negating...)
)

// opposites reports whether one of two words is the other with a prefix that makes
// it its opposite, also if of that only the first letter is there.
func opposites(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	for _, p := range negating {
		if rest, ok := strings.CutPrefix(a, p); ok && (rest == b || len(rest) > 3 && len(b) > 3 && Distance(rest, b, 1) <= 1 && rest[0] == b[0]) {
			return true
		}
	}
	return (a[0] == 'i' || a[0] == 'u') && a[1:] == b
}

// nearest is the pack's word that text is most cheaply mended to, or "".
func (s *Speller) nearest(text string, n int) (best string, cost float64) {
	edits, limit := 1, costShort
	switch {
	case n >= minTwoEdits:
		edits, limit = 2, costLong
	case n >= minCheap:
		edits, limit = 2, costCheap
	}
	have := letters(text)
	for l := max(n-edits, MinLength); l <= n+edits; l++ {
		for i := range s.byLength[l] {
			c, has := s.byLength[l][i].text, s.byLength[l][i].letters
			// An edit takes at most one letter away and brings at most one.
			if bits.OnesCount32(have&^has) > edits || bits.OnesCount32(has&^have) > edits {
				continue
			}
			if Distance(text, c, edits) > edits {
				continue
			}
			d, most := weighted(text, c), limit
			if l >= minCheap {
				most = max(most, costCheap) // lder for elder
			}
			if d > most && n >= minCheap && len(c) == len(text) && text[1:] == c[1:] && !s.names[c] && !s.lex.IsName(c) {
				d = most // porbid for forbid
			}
			if d > most || best != "" && d > cost || opposites(text, c) {
				continue
			}
			if best == "" || d < cost || s.count[c] > s.count[best] || s.count[c] == s.count[best] && s.lex.Rank(c) < s.lex.Rank(best) {
				best, cost = c, d
			}
		}
	}
	return best, cost
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

// nearestListed is the listed word that text is most cheaply mended to by one edit, or
// by two vowels for others, or "". Of those that cost the same it is the most
// frequent.
func (s *Speller) nearestListed(text string, n int) (best string, cost float64) {
	limit := costCheap
	if n < minCheap {
		limit = costShort
	}
	least := math.Inf(1)
	take := func(c string) {
		if len(c) < MinLength && s.lex.IsName(c) || opposites(text, c) {
			return
		}
		d := weighted(text, c)
		if d > limit {
			return
		}
		if s.lex.IsName(c) {
			d += costName // between a word and a name it is the word
		}
		// Between words that cost about the same it is the commoner.
		if score := d + costRare*math.Log(float64(s.lex.Rank(c))); score < least || score == least && c < best {
			best, cost, least = c, d, score
		}
	}
	s.lex.OneEdit(text, take)
	if n >= minCheap {
		var buf [parse.MaxRunes + 1]byte
		other := buf[:len(text)]
		copy(other, text)
		otherVowels(text, other, func(c []byte) {
			if listed, ok := s.lex.Listed(c); ok {
				take(listed)
			}
		})
	}
	return best, cost
}

// otherVowels tries other vowels in the place of two, of the first five; other is a copy of
// text that it writes into.
func otherVowels(text string, other []byte, try func([]byte)) {
	var at [5]int // vowels
	vowels := 0
	for i := 0; i < len(text) && vowels < len(at); i++ {
		if vowel(text[i]) {
			at[vowels] = i
			vowels++
		}
	}
	const all = "aeiou"
	for k, i := range at[:vowels] {
		for _, j := range at[k+1 : vowels] {
			for x := range len(all) {
				for y := range len(all) {
					if all[x] != text[i] && all[y] != text[j] {
						other[i], other[j] = all[x], all[y]
						try(other)
					}
				}
			}
			other[i], other[j] = text[i], text[j]
		}
	}
}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// soundAlike are consonants that are written for each other, and keyRows the
// letters that lie side by side.
const soundAlike = "ck cs sz fv vw gj kq ks dt bp mn iy"

var keyRows = [...]string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}

// substitution[a-'a'][b-'a'] is what b for a costs.
var substitution = func() (t [26][26]float64) {
	for a := range t {
		for b := range t[a] {
			switch {
			case a == b:
			case vowel('a'+byte(a)) && vowel('a'+byte(b)):
				t[a][b] = costOtherVowel
			default:
				t[a][b] = 1
			}
		}
	}
	cheaper := func(a, b byte, cost float64) {
		a, b = a-'a', b-'a'
		t[a][b] = min(t[a][b], cost)
		t[b][a] = t[a][b]
	}
	for _, row := range keyRows {
		for i := range len(row) - 1 {
			cheaper(row[i], row[i+1], costKey)
		}
	}
	for pair := range strings.FieldsSeq(soundAlike) {
		cheaper(pair[0], pair[1], costSounds)
	}
	return t
}()

// weighted is what it costs to make b of a, by optimal string alignment.
func weighted(a, b string) float64 {
	ra, rb := []rune(a), []rune(b)
	if len(ra) > parse.MaxRunes || len(rb) > parse.MaxRunes {
		return math.Inf(1)
	}
	var bufs [3][parse.MaxRunes + 1]float64
	before, prev, cur := &bufs[0], &bufs[1], &bufs[2]
	for j := 1; j <= len(rb); j++ {
		prev[j] = prev[j-1] + oneMore(rb, j-1)
	}
	for i := 1; i <= len(ra); i++ {
		cur[0] = prev[0] + oneMore(ra, i-1)
		for j := 1; j <= len(rb); j++ {
			x, y := ra[i-1], rb[j-1]
			sub := 0.0
			if x != y {
				sub = 1
				if lower(x) && lower(y) {
					sub = substitution[x-'a'][y-'a']
				}
				if i == 1 && j == 1 && sub > costSounds {
					sub += costFirst
				}
			}
			d := min(prev[j]+oneMore(ra, i-1), cur[j-1]+oneMore(rb, j-1), prev[j-1]+sub)
			if i > 1 && j > 1 && x == rb[j-2] && ra[i-2] == y {
				d = min(d, before[j-2]+costSwap)
			}
			cur[j] = d
		}
		before, prev, cur = prev, cur, before
	}
	d := prev[len(rb)]
	if d == 2*costOtherVowel && exchanged(ra, rb) {
		return costExchanged
	}
	return d
}

// exchanged reports whether a is b with two letters in each other's place.
func exchanged(a, b []rune) bool {
	if len(a) != len(b) {
		return false
	}
	at := -1
	for i := range a {
		switch {
		case a[i] == b[i]:
		case at < 0:
			at = i
		default:
			return a[i] == b[at] && a[at] == b[i] && slices.Equal(a[i+1:], b[i+1:])
		}
	}
	return false
}

func lower(r rune) bool { return 'a' <= r && r <= 'z' }

// oneMore is what it costs that the letter at i is there, or is not.
func oneMore(s []rune, i int) float64 {
	switch {
	case i > 0 && s[i] == s[i-1]:
		return costDouble
	case i == 0:
		return 1 + costFirstLost
	case lower(s[i]) && vowel(byte(s[i])):
		return costVowel
	}
	return 1
}

// transliterated is a name as one writes it who cares for sounds: for Sophia
// Sofia, for Khrushchov and Khrushchev the same.
func transliterated(w string) string {
	w = transliterations.Replace(w)
	var b strings.Builder
	for i := 0; i < len(w); i++ {
		if i == 0 || w[i] != w[i-1] {
			b.WriteByte(w[i])
		}
	}
	w = b.String()
	for _, end := range [...]string{"ov", "ev", "of", "ef"} {
		if base, ok := strings.CutSuffix(w, end); ok && len(base) > 2 {
			return base + "v"
		}
	}
	if base, ok := strings.CutSuffix(w, "y"); ok && len(base) > 3 {
		return base + "i"
	}
	return w
}

var transliterations = strings.NewReplacer("shch", "s", "sch", "s", "sh", "s", "kh", "k", "ch", "k", "zh", "z", "tz", "ts", "ph", "f", "th", "t", "ck", "k", "c", "k", "w", "v", "x", "ks", "iy", "i", "ij", "i", "yi", "i")

// complete reads text as the beginning of a word of the pack, if only one
// begins so. The fuzzy subsequence matcher is right for this: it looks for
// typed letters in order, prefers a match at the start, and one word is too
// short for its score to overflow.
func (s *Speller) complete(text string) (string, bool) {
	i, _ := slices.BinarySearch(s.sorted, text)
	j := i
	for j < len(s.sorted) && strings.HasPrefix(s.sorted[j], text) {
		j++
	}
	if i == j {
		return "", false
	}
	m := fuzzy.Find(text, s.sorted[i:j])
	if len(m) == 0 || len(m) > 1 && parse.Stem(m[0].Str) != parse.Stem(m[1].Str) {
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

// Distance is the number of edits between a and b (optimal string alignment:
// insertion, deletion, substitution, transposition of neighbours), or limit+1
// when it is more than limit.
func Distance(a, b string, limit int) int {
	ra, rb := []rune(a), []rune(b)
	if d := len(ra) - len(rb); d > limit || -d > limit {
		return limit + 1
	}
	var bufs [3][parse.MaxRunes + 2]int
	if len(rb) > parse.MaxRunes {
		rb = rb[:parse.MaxRunes]
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
