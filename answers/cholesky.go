package answers

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/lapack/gonum"
)

// A symmetric is a symmetric matrix of which the upper half is kept, by rows. LAPACK is called
// by itself, and not by way of gonum's package mat, which would bring all that it can do into the
// program.
type symmetric struct {
	n    int
	data []float64
}

func newSymmetric(n int) *symmetric { return &symmetric{n: n, data: make([]float64, n*n)} }

// set sets the number at row i and column j, which is not left of i.
func (s *symmetric) set(i, j int, v float64) { s.data[i*s.n+j] = v }

// factorize puts U in the place of s = Uᵀ·U; not ok if s is not positive definite.
func (s *symmetric) factorize() (ok bool) {
	return gonum.Implementation{}.Dpotrf(blas.Upper, s.n, s.data, max(s.n, 1))
}

// solve puts x in the place of y = s·x, where s has been factorized.
func (s *symmetric) solve(y []float64) {
	gonum.Implementation{}.Dpotrs(blas.Upper, s.n, 1, s.data, max(s.n, 1), y, 1)
}

// invertFactor puts U⁻¹ in the place of U.
func (s *symmetric) invertFactor() (ok bool) {
	return gonum.Implementation{}.Dtrtri(blas.Upper, blas.NonUnit, s.n, s.data, max(s.n, 1))
}

// diagonalOfInverse is that of s⁻¹ = U⁻¹·U⁻ᵀ, where U⁻¹ stands in place of s: the squares of
// its rows.
func (s *symmetric) diagonalOfInverse() []float64 {
	out := make([]float64, s.n)
	for i := range out {
		for _, v := range s.data[i*s.n+i : (i+1)*s.n] {
			out[i] += v * v
		}
	}
	return out
}
