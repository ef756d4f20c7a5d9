package encoder

import (
	"math"
	"math/rand/v2"
	"slices"
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

// plainPanel is what a panelFunc computes, in the plainest words.
func plainPanel(acc []int32, x []int16, inputs, tokens int, panel string) {
	for t := range tokens {
		for o := range panelWidth {
			var sum int32
			for i := range inputs {
				sum += int32(x[t*inputs+i]) * int32(int8(panel[i/2*2*panelWidth+2*o+i%2]))
			}
			acc[t*panelWidth+o] = sum
		}
	}
}

func TestPanelsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	fill := map[string]func() (int16, byte){
		"random":   func() (int16, byte) { return int16(rng.IntN(2*inputLimit+1) - inputLimit), byte(rng.IntN(255) - 127) },
		"greatest": func() (int16, byte) { return inputLimit, 127 },
		"least":    func() (int16, byte) { return -inputLimit, 127 },
		"both": func() (int16, byte) {
			return inputLimit * int16(1-2*rng.IntN(2)), byte(int8(127 * (1 - 2*rng.IntN(2))))
		},
		"zero": func() (int16, byte) { return 0, 0 },
	}
	for how, f := range fill {
		for _, inputs := range []int{4, 12, Dims, innerDims} {
			for _, tokens := range []int{1, 2, 3, 4, 5, 7, 8, 13, MaxTokens} {
				x, panel := make([]int16, tokens*inputs), make([]byte, inputs*panelWidth)
				for i := range x {
					x[i], _ = f()
				}
				for i := range panel {
					_, panel[i] = f()
				}
				want := make([]int32, tokens*panelWidth)
				plainPanel(want, x, inputs, tokens, string(panel))
				for _, k := range kernels() {
					// A word beyond the end shows a kernel that writes too far.
					got := make([]int32, tokens*panelWidth+1)
					got[tokens*panelWidth] = 42
					k.panel(got[:tokens*panelWidth], x, inputs, tokens, string(panel))
					if !slices.Equal(got, append(slices.Clone(want), 42)) {
						t.Errorf("%s kernel, %s, %d inputs, %d tokens: sums differ", k.name, how, inputs, tokens)
					}
				}
			}
		}
	}
}

func TestMixesAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{1, 2, 7, headDims, MaxTokens} {
		for _, stride := range []int{headDims, MaxTokens, 3 * Dims} {
			weight, rows := make([]float32, n), make([]float32, (n-1)*stride+headDims)
			for _, a := range [][]float32{weight, rows} {
				for i := range a {
					a[i] = float32(rng.NormFloat64())
				}
			}
			var want [headDims]float32
			for i, w := range weight {
				for j := range want {
					want[j] += float32(w * rows[i*stride+j])
				}
			}
			for _, k := range kernels() {
				got := [headDims]float32{1, 2, 3}
				if k.mix(&got, weight, rows, stride); got != want {
					t.Errorf("%s kernel, %d weights, stride %d: mix differs", k.name, n, stride)
				}
			}
		}
	}
}

func TestKernelsGiveTheSameBits(t *testing.T) {
	best := loaded(t)
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

func TestQuantise(t *testing.T) {
	src := []float32{0, 1, -2, .5, 1.99999, 1e-9, float32(math.Copysign(0, -1))}
	dst := make([]int16, len(src))
	scale := genericQuantise(dst, src)
	for i, v := range src {
		if d := math.Abs(float64(float32(dst[i])*scale - v)); d > float64(scale)*.501 {
			t.Errorf("%v became %d, which is %v off", v, dst[i], d)
		}
	}
	if dst[2] != -inputLimit {
		t.Errorf("the largest became %d, want %d", dst[2], -inputLimit)
	}
	if s := genericQuantise(dst, make([]float32, len(dst))); s != 0 || slices.ContainsFunc(dst, func(v int16) bool { return v != 0 }) {
		t.Errorf("zeros became %v with scale %v", dst, s)
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
