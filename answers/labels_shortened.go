package answers

import (
	"math"
	"slices"
	"strings"

	"footnote/answers/parse"
)

// Labels are learned from their phrasings and, beside them, from phrasings with one word left
// out: people leave out this word or that, or misspell it past repair. These are no points of
// their own, which would make the kernel 36 times as large. A shortened phrasing x has the logits
// that its neighbours b among phrasings and names give it by kriging (simple kriging, Cressie 1993, 3.4.5),
//
//	z_x = Σ_b v_b·z_b,   v = (K_bb + nugget·I)⁻¹·k(b, x),
//
// and what the loss says of it goes back to them by the same shares.
const (
	shortenedMost   = 5    // of a phrasing
	shortenedWeight = .3   // of one, where a phrasing weighs 1
	shortenedFrom   = 3    // words that a phrasing must have for it
	neighbours      = 8    // from 8 to 32 hardly differ
	nugget          = 1e-4 // for neighbours that are the same text
)

// shortened are the texts of a phrasing with one word left out, of words that lie evenly in it.
func (ix *index) shortened(words []parse.Word) []string {
	if len(words) < shortenedFrom {
		return nil
	}
	n := min(len(words), shortenedMost)
	out := make([]string, n)
	for k := range out {
		i := k * len(words) / n
		out[k] = ix.encodable(slices.Concat(words[:i], words[i+1:]))
	}
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSuffix(s, "?") == "" })
}

// shortenedRows are shortened phrasings by their neighbours: near and share have so many entries for each.
type shortenedRows struct {
	near   []int32
	share  []float32
	width  int     // neighbours of each
	of     []int32 // the phrasing of each
	owners []int32
}

// newShortenedRows places the shortened phrasings among rows, whose kernel with each other is
// given.
func newShortenedRows(c *classifier, m *meaning, rows, kernel []float32, owner []int32) *shortenedRows {
	all := len(rows) / dims
	s := &shortenedRows{width: min(neighbours, all), of: m.shortenedOf}
	n := m.shortened.rows()
	s.near, s.share = make([]int32, n*s.width), make([]float32, n*s.width)
	for _, p := range s.of {
		s.owners = append(s.owners, owner[p])
	}
	inParallel(n, func(i int) {
		v, k := make([]float32, dims), make([]float32, all)
		m.shortened.into(i, v)
		c.place(v)
		product(rows, v, k)
		sharpen(k)
		near := s.near[i*s.width:][:s.width]
		copy(near, bestOf(k, s.width))
		local, y := newSymmetric(s.width), make([]float64, s.width)
		for a, p := range near {
			for b := a; b < s.width; b++ {
				local.set(a, b, float64(kernel[int(p)*all+int(near[b])]))
			}
			local.data[a*s.width+a] += nugget
			y[a] = float64(k[p])
		}
		if local.factorize() {
			local.solve(y)
		}
		for a, x := range y {
			s.share[i*s.width+a] = float32(x)
		}
	})
	return s
}

// addTo adds the gradient of the loss by the rows' logits z to g, both rows × facts, and gives the loss.
func (s *shortenedRows) addTo(g, z []float32, facts int) float64 {
	loss := 0.0
	own, e := make([]float32, facts), make([]float32, facts)
	const c = softmaxC * shortenedWeight
	for i, f := range s.owners {
		near, share := s.near[i*s.width:][:s.width], s.share[i*s.width:][:s.width]
		clear(own)
		for a, p := range near {
			axpy(share[a], z[int(p)*facts:][:facts], own)
		}
		l := logSumExp(own)
		loss += c * (l - float64(own[f]))
		for k, v := range own {
			e[k] = c * float32(math.Exp(float64(v)-l))
		}
		e[f] -= c
		for a, p := range near {
			axpy(share[a], e, g[int(p)*facts:][:facts])
		}
	}
	return loss
}

// weights are how much each of the rows weighs with its own shortened phrasings, where alone it weighs 1.
func (s *shortenedRows) weights(rows int) []float64 {
	out := slices.Repeat([]float64{1}, rows)
	for i, p := range s.of {
		for a, q := range s.near[i*s.width:][:s.width] {
			if v := float64(s.share[i*s.width+a]); q == p {
				out[p] += shortenedWeight * v * v
			}
		}
	}
	return out
}
