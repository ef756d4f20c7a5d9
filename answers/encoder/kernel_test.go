package encoder

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// on is an encoder on the given kernel.
func on(t testing.TB, k kernel) *Encoder {
	t.Helper()
	m, err := readModel(weights, k)
	if err != nil {
		t.Fatal(err)
	}
	return newEncoder(m)
}

// A matrix of 32 outputs with weights of one, and the rows of inputs that the
// rounding leaves as they are: the products are then the sums themselves.
func TestProductsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	sign := func() int { return 1 - 2*rng.IntN(2) }
	fill := map[string]func(limit int) (int, int){
		"random":   func(limit int) (int, int) { return rng.IntN(2*limit+1) - limit, rng.IntN(255) - 127 },
		"greatest": func(limit int) (int, int) { return limit, 127 },
		"least":    func(limit int) (int, int) { return -limit, 127 },
		"both":     func(limit int) (int, int) { return limit * sign(), 127 * sign() },
	}
	ones, zeros := slices.Repeat([]float32{1}, pairWidth), make([]float32, pairWidth)
	for how, f := range fill {
		for _, inputs := range []int{lanes, 3 * lanes, Dims, innerDims} {
			for _, rows := range []int{1, 2, 3, 4, 5, 6, 7, 13, 24, 25, MaxTokens} {
				var fine []int
				for r := range rows {
					if rng.IntN(3) == 0 || rows == MaxTokens {
						fine = append(fine, r)
					}
				}
				panel, x := make([]byte, inputs*pairWidth), make([]float32, rows*inputs)
				for i := range panel {
					_, w := f(1)
					panel[i] = byte(int8(w))
				}
				want := make([]float32, rows*pairWidth)
				for r := range rows {
					limit, row := coarseLimit, x[r*inputs:][:inputs]
					if slices.Contains(fine, r) {
						limit = fineLimit
					}
					for i := range row {
						v, _ := f(limit)
						row[i] = float32(v)
					}
					row[0] = float32(limit)
					for o := range pairWidth {
						var sum int32
						for i, v := range row {
							sum += int32(v) * int32(int8(panel[o/panelWidth*panelWidth*inputs+i/2*2*panelWidth+2*(o%panelWidth)+i%2]))
						}
						want[r*pairWidth+o] = float32(sum)
					}
				}
				m := linear{inputs, pairWidth, ones, zeros, string(panel)}
				for _, k := range kernels() {
					// A word beyond the end shows a kernel that writes too far.
					got := append(make([]float32, rows*pairWidth), 42)
					m.apply(&k, new(integers), got, x, fine, 0, pairWidth)
					if !slices.Equal(got, append(slices.Clone(want), 42)) {
						t.Errorf("%s kernel, %s, %d inputs, %d rows: sums differ", k.name, how, inputs, rows)
					}
				}
			}
		}
	}
}

// TestStepsAgree holds every step of every kernel against that of the generic one, to the bit.
func TestStepsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	normal := func(n int, deviation float64) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(rng.NormFloat64() * deviation)
		}
		return x
	}
	plain := genericKernel()
	steps := map[string]func(k *kernel) []float32{}
	for _, n := range []int{lanes, 5 * lanes, innerDims} {
		for _, deviation := range []float64{0, 1e-30, .01, 1, 6, 100} {
			x := normal(n, deviation)
			steps[fmt.Sprintf("activate %d, deviation %v", n, deviation)] = func(k *kernel) []float32 {
				x := append(slices.Clone(x), 7)
				k.activate(x[:n])
				return x
			}
		}
	}
	for _, rows := range []int{1, 2, 5} {
		x, y, a := normal(rows*Dims, 1), normal(rows*Dims, 3), affine{normal(Dims, 1), normal(Dims, 1)}
		if rows == 2 {
			clear(x)
			clear(y)
		}
		steps[fmt.Sprintf("normalise %d", rows)] = func(k *kernel) []float32 {
			x := append(slices.Clone(x), 7)
			k.normalise(x[:rows*Dims], y, &a)
			return x
		}
		for _, stride := range []int{pairWidth, Dims} {
			worth, scale, bias := normal(rows, 1), normal(pairWidth, 1), normal(pairWidth, 1)
			acc := new(sums)
			for i := range acc {
				for j := range acc[i] {
					acc[i][j] = int32(rng.Uint32())
				}
			}
			steps[fmt.Sprintf("finish %d, stride %d", rows, stride)] = func(k *kernel) []float32 {
				dst := make([]float32, (rows-1)*stride+pairWidth+1)
				k.finish(dst, stride, acc, worth, (*[pairWidth]float32)(scale), (*[pairWidth]float32)(bias))
				return dst
			}
		}
	}
	for _, n := range []int{1, 2, 8, 13, headDims, MaxTokens} {
		for _, deviation := range []float64{0, 1, 50} {
			scores := append(normal(n, deviation), slices.Repeat([]float32{float32(math.Inf(-1))}, (n+lanes-1)/lanes*lanes-n)...)
			steps[fmt.Sprintf("softmax %d, deviation %v", n, deviation)] = func(k *kernel) []float32 {
				s := append(slices.Clone(scores), 7)
				return append(s, k.softmax(s[:len(scores)]))
			}
		}
		for _, stride := range []int{headDims, MaxTokens, 3 * Dims} {
			weight, rows := normal(n, 1), normal((n-1)*stride+headDims, 1)
			steps[fmt.Sprintf("mix %d, stride %d", n, stride)] = func(k *kernel) []float32 {
				dst := [headDims]float32{1, 2, 3}
				k.mix(&dst, .3, weight, rows, stride)
				return dst[:]
			}
		}
	}
	for _, tokens := range []int{4, 5, 15, 16, 17, 31, 32, 33, 63, MaxTokens} {
		for _, deviation := range []float64{0, 1, 8} {
			qkv, before := normal(tokens*3*Dims, deviation), normal(headDims*MaxTokens, 1e30) // which changes nothing
			steps[fmt.Sprintf("attend %d, deviation %v", tokens, deviation)] = func(k *kernel) []float32 {
				s := new(scratch)
				s.fit(MaxTokens)
				copy(s.qkv, qkv)
				copy(s.keys[:], before)
				k.attend(s, 1, tokens-1, 0, tokens)
				return s.att[:min(tokens+1, MaxTokens)*Dims]
			}
		}
	}
	for _, n := range []int{1, 2, 3, 4, 5, 7, 64} {
		v, rows := [Dims]float32(normal(Dims, 1)), make([]int8, n*Dims)
		for i := range rows {
			rows[i] = int8(rng.IntN(255) - 127)
		}
		steps[fmt.Sprintf("dots %d", n)] = func(k *kernel) []float32 {
			out := make([]float32, n+1)
			k.dots(out[:n], rows, &v)
			return out
		}
	}
	// Nearly halves try the rounding, zeros what has no largest value.
	for _, deviation := range []float64{0, 1e-30, 1, 1e5} {
		x := normal(3*Dims, deviation)
		for i := range x[:Dims] {
			x[i] = float32(math.Round(float64(x[i])*100)) + .5
		}
		m := linear{Dims, pairWidth, normal(pairWidth, 1), normal(pairWidth, 1), strings.Repeat("\x01\x80\x7f\xf3", Dims*pairWidth/4)}
		steps[fmt.Sprintf("apply, deviation %v", deviation)] = func(k *kernel) []float32 {
			dst := make([]float32, 3*pairWidth)
			m.apply(k, new(integers), dst, x, []int{1}, 0, pairWidth)
			return dst
		}
	}
	for name, step := range steps {
		want := step(&plain)
		for _, k := range kernels() {
			got := step(&k)
			for i := range want {
				if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
					t.Errorf("%s kernel, %s: value %d is %v, want %v", k.name, name, i, got[i], want[i])
					break
				}
			}
		}
	}
}

func TestKernelsGiveTheSameBits(t *testing.T) {
	best := loaded(t)
	var names []string
	for _, k := range kernels() {
		names = append(names, k.name)
	}
	t.Logf("kernels: %s", strings.Join(names, " ")) // .ci/arm64 looks for them
	for _, k := range kernels()[1:] {
		e := on(t, k)
		for _, r := range references(t, "reference.json")[:4] {
			a, b := best.Encode(r.Text), e.Encode(r.Text)
			for v := range a.Views {
				if !slices.Equal(a.Views[v], b.Views[v]) {
					t.Errorf("%v of %q: the %s kernel gives another vector than the %s kernel", View(v), r.Text, k.name, kernels()[0].name)
				}
			}
		}
	}
}

func TestTiles(t *testing.T) {
	for rows := range 300 {
		sum, least, most := 0, math.MaxInt, 0
		for n := range tiles(rows, 24) {
			sum, least, most = sum+n, min(least, n), max(most, n)
		}
		if sum != rows || most > 24 || rows > 0 && most-least > 1 {
			t.Errorf("%d rows are cut into tiles of %d to %d, %d in all", rows, least, most, sum)
		}
	}
}

func TestExp(t *testing.T) {
	for x := float32(0); x > -86; x -= .00731 {
		want := math.Exp(float64(x))
		if d := math.Abs(float64(exp(x))-want) / want; d > 4e-7 {
			t.Fatalf("exp(%v) = %v, want %v: %.1e off", x, exp(x), want, d)
		}
	}
	for _, x := range []float32{-87, -88, -1e30, float32(math.Inf(-1))} {
		if got := exp(x); !(got < 2e-38) {
			t.Errorf("exp(%v) = %v, want next to nothing", x, got)
		}
	}
}

func TestActivation(t *testing.T) {
	worst := 0.0
	for x := float32(-9); x < 9; x += .000917 {
		want := .5 * float64(x) * (1 + math.Erf(float64(x)/math.Sqrt2))
		got := []float32{x}
		genericActivate(got)
		worst = max(worst, math.Abs(float64(got[0])-want))
	}
	if worst > 1e-5 {
		t.Errorf("the activation is off by %.1e", worst)
	}
}
