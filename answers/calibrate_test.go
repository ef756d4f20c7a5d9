package answers

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The little pack's calibration tells what it answers from what was left out,
// and never runs away: its weights are finite and its hard evidence speaks
// against an answer, if at all.
func TestCalibration(t *testing.T) {
	for name, c := range map[string]*calibration{"cheap": &cheapPress(t).model.cheapCal, "full": &fullPress(t).model.fullCal, "defaults": &defaultCalibration} {
		for _, l := range []*logistic{&c.In, &c.Right} {
			for i, w := range append(l.Weights[:], l.Bias) {
				if math.IsNaN(w) || math.Abs(w) > 50 {
					t.Errorf("%s: weight %d is %g", name, i, w)
				}
			}
		}
	}
	base := pressBase(0)
	var in, out []float64
	cal := cheapPress(t).model.cheapCal
	for fold := range folds {
		lexical, _ := simulate(base, nil, fold)
		for i := range lexical {
			p, _ := cal.judge(&lexical[i].x)
			if lexical[i].kind == inScope {
				in = append(in, p)
			} else {
				out = append(out, p)
			}
		}
	}
	above := func(all []float64) float64 {
		n := 0
		for _, p := range all {
			if p >= supportedFloor {
				n++
			}
		}
		return float64(n) / float64(len(all))
	}
	t.Logf("%d phrasings held out, %.0f %% supported; %d others, %.0f %% supported", len(in), 100*above(in), len(out), 100*above(out))
	if len(in) < 30 || len(out) < 30 {
		t.Fatalf("%d and %d examples", len(in), len(out))
	}
	if above(in) < 0.6 || above(out) > 0.25 {
		t.Errorf("%.2f of what the pack answers is supported, and %.2f of what it does not", above(in), above(out))
	}
}

// Each phrasing and each unanswered question is held out at most once, no
// canonical phrasing is, and what is left in a round does not hold it.
func TestLeaveOut(t *testing.T) {
	base := pressBase(0)
	times := map[string]int{}
	kinds := map[exampleKind]int{}
	for fold := range folds {
		part, ask := leaveOut(base, fold)
		left := map[string]bool{}
		for _, f := range part.Facts() {
			if len(f.Questions) == 0 {
				t.Errorf("round %d leaves %s without a phrasing", fold, f.ID)
			}
			for _, q := range f.Questions {
				left[q.Text] = true
			}
		}
		for _, q := range part.Packs[0].Unanswered {
			left[q] = true
		}
		for _, a := range ask {
			kinds[a.kind]++
			if left[a.text] {
				t.Errorf("round %d asks %q and knows it", fold, a.text)
			}
			if a.kind == far && part.Fact(a.fact) != nil {
				t.Errorf("round %d asks %q as unanswerable and has its fact", fold, a.text)
			}
			if a.kind == inScope {
				if part.Fact(a.fact) == nil {
					t.Errorf("round %d asks %q and has not its fact", fold, a.text)
				}
				times[a.text]++
			}
		}
	}
	for text, n := range times {
		if n > 1 {
			t.Errorf("%q was held out %d times", text, n)
		}
	}
	if kinds[near] != len(pressUnanswered) || kinds[far] == 0 || kinds[inScope] == 0 {
		t.Errorf("%v", kinds)
	}
	if len(base.Packs[0].Facts[0].Questions) != len(pressFacts[0].questions) {
		t.Error("the base itself was changed")
	}
}

// The regression finds the weights that made the examples, and converges on
// examples that a line divides, where a whole Newton step overshoots.
func TestFitLogistic(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var all []example
	for range 4000 {
		var x example
		x.x[figEnergy], x.x[figMargin] = rng.NormFloat64(), rng.NormFloat64()
		x.right = rng.Float64() < sigmoid(1.5*x.x[figEnergy]-x.x[figMargin]+0.5)
		all = append(all, x)
	}
	l := fitLogistic(all, nil, nil, hardSpread, func(x *example) (bool, float64) { return x.right, 1 })
	for _, x := range []struct {
		name      string
		got, want float64
	}{{"energy", l.Weights[figEnergy], 1.5}, {"margin", l.Weights[figMargin], -1}, {"bias", l.Bias, 0.5}} {
		if math.Abs(x.got-x.want) > 0.15 {
			t.Errorf("%s: %.3f, want %.1f", x.name, x.got, x.want)
		}
	}
	for n := 4; n <= 64; n *= 2 {
		var divided []example
		for i := range n {
			var x example
			x.right = i < n/2
			for k := range figures {
				x.x[k] = rng.NormFloat64() / 100
			}
			if x.right {
				x.x[figEnergy] += 9
			} else {
				x.x[figures+i%int(hardKinds)] = 1
			}
			divided = append(divided, x)
		}
		l := fitLogistic(divided, nil, hardPrior(nil), hardSpread, func(x *example) (bool, float64) { return x.right, 1 })
		for i := range divided {
			if p := sigmoid(l.at(&divided[i].x)); (p > 0.5) != divided[i].right || math.IsNaN(p) {
				t.Errorf("%d examples: %d has %.3f, right is %t", n, i, p, divided[i].right)
			}
		}
	}
	if l := fitLogistic(nil, nil, nil, 1, func(*example) (bool, float64) { return true, 1 }); l != (logistic{}) {
		t.Errorf("of no examples: %+v", l)
	}
}

func TestSolve(t *testing.T) {
	h := [][]float64{{0, 2, 1}, {1, 0, 0}, {3, 1, 4}}
	x := []float64{5, -1, 2}
	g := make([]float64, 3)
	for i := range g {
		for j := range x {
			g[i] += h[i][j] * x[j]
		}
	}
	solve(h, g)
	for i := range g {
		if math.Abs(g[i]-x[i]) > 1e-12 {
			t.Errorf("solution %v, want %v", g, x)
		}
	}
}
