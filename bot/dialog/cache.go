package dialog

import (
	"hash/maphash"
	"time"

	"footnote/answers"
	"footnote/bot/recent"
)

// The same question on the same pack always has the same answer, and on a busy
// evening many ask the same: what the matcher decided is kept for as long as the
// last answers are, under a hash of the question and without who asked it. Only
// what does not depend on the answer before is kept.

// resultsKept bounds them: some 2 kB each.
const resultsKept = 1024

// A questionKey is the hash of a question with its language and who is addressed. 128 bits under seeds
// that nobody knows: two questions with one key will not be met.
type questionKey [2]uint64

type cache struct {
	seeds [2]maphash.Seed
	*recent.Map[questionKey, answers.Result]
}

func newCache(ttl time.Duration, now func() time.Time) *cache {
	return &cache{
		seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		Map:   recent.New[questionKey, answers.Result](resultsKept, ttl, now),
	}
}

// key returns what the answer to q is kept under.
func (r *cache) key(q answers.Query) (k questionKey) {
	for i := range k {
		var h maphash.Hash
		h.SetSeed(r.seeds[i])
		_, _ = h.WriteString(q.Lang)
		for _, name := range q.Names { // which platforms differ in
			_ = h.WriteByte(0)
			_, _ = h.WriteString(name)
		}
		_ = h.WriteByte(1)
		_, _ = h.WriteString(q.Text)
		k[i] = h.Sum64()
	}
	return k
}
