package lexicon

// A sieve tells of most words that are not listed, by one bit, that they are not. Its hash is a sum over
// the letters, so that the hash of a word with one letter changed is made of that of the word.
type sieve struct{ bits []uint64 }

const (
	sieveBits = 19 // a ninth of the bits are set

	// letterFactor is how much more a letter weighs than the one before it; perLetter is its inverse.
	letterFactor = 0x9e3779b97f4a7c15
	perLetter    = 0xf1de83e19937733d
)

func newSieve(words []string) *sieve {
	s := &sieve{make([]uint64, 1<<sieveBits/64)}
	for _, w := range words {
		at := bitOf(sumOf(w))
		s.bits[at>>6] |= 1 << (at & 63)
	}
	return s
}

// sumOf is Σ w[i]·letterFactorⁱ.
func sumOf(w string) uint64 {
	var sum uint64
	for i := len(w) - 1; i >= 0; i-- {
		sum = sum*letterFactor + uint64(w[i])
	}
	return sum
}

func bitOf(sum uint64) uint64 { return (sum ^ sum>>31) * letterFactor >> (64 - sieveBits) }

func (s *sieve) passes(sum uint64) bool {
	at := bitOf(sum)
	return s.bits[at>>6]&(1<<(at&63)) != 0
}

// OneEdit calls yield with the listed words that are one edit from word: another letter from a to
// z, a letter more or less, or two neighbours in each other's place. It may do so more than once.
func (l *Lexicon) OneEdit(word string, yield func(listed string)) {
	const alphabet = "abcdefghijklmnopqrstuvwxyz"
	buf := make([]byte, 0, 64)
	try := func(parts ...string) {
		buf = buf[:0]
		for _, p := range parts {
			buf = append(buf, p...)
		}
		if i := l.table.findBytes(buf); i >= 0 {
			yield(l.table.words[i])
		}
	}
	whole := sumOf(word)
	var before uint64 // the sum of the letters before i
	weight := uint64(1)
	for i := range len(word) + 1 {
		rest := whole - before
		for j := range len(alphabet) { // a letter more
			if l.sieve.passes(before + uint64(alphabet[j])*weight + rest*letterFactor) {
				try(word[:i], alphabet[j:j+1], word[i:])
			}
		}
		if i == len(word) {
			break
		}
		own := uint64(word[i]) * weight
		for j := range len(alphabet) { // another letter
			if alphabet[j] != word[i] && l.sieve.passes(whole-own+uint64(alphabet[j])*weight) {
				try(word[:i], alphabet[j:j+1], word[i+1:])
			}
		}
		if l.sieve.passes(before + (rest-own)*perLetter) { // a letter less
			try(word[:i], word[i+1:])
		}
		if i > 0 && word[i] != word[i-1] {
			step := (uint64(word[i]) - uint64(word[i-1])) * weight
			if l.sieve.passes(whole - step + step*perLetter) {
				try(word[:i-1], word[i:i+1], word[i-1:i], word[i+1:])
			}
		}
		before, weight = before+own, weight*letterFactor
	}
}

// Listed is the listed word that word is, if it is one: of one that is being tried, without
// memory for it.
func (l *Lexicon) Listed(word []byte) (string, bool) {
	i := l.table.findBytes(word)
	if i < 0 {
		return "", false
	}
	return l.table.words[i], true
}
