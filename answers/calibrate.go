package answers

import (
	"math"

	"footnote/knowledge"
)

// Abstention is learned from the pack alone, by leaving parts of it out: in
// each of folds rounds a share of the facts is dropped whole, so that their
// phrasings become questions that the pack cannot answer, and a share of the
// other facts' phrasings is held out, so that they become questions that it
// can. A logistic regression on a few figures then tells the two apart. The
// same rounds count how often questions that can be answered hold a name, a
// year, a number or a negation that their fact does not know: rare in a history
// pack, common in a pack of a shop's customers, and so evidence of a different
// weight in each.

const (
	folds = 5

	// outOfScopeMass is the share of unanswerable questions that the calibration
	// assumes. It is the only prior; it was chosen on the validation sets.
	outOfScopeMass = 0.5

	// calibrationC weighs the data against the size of the coefficients, on
	// standardised figures.
	calibrationC = 1.0
)

// figures are what the calibration sees of a question and its best fact.
const (
	figEnergy  = iota // ln Σ exp z − ln facts: how much the question resembles anything
	figPeak           // logit of the best fact's share
	figMargin         // logit of the best fact minus that of the second
	figCovered        // share of the question's words that the best fact covers
	figPack           // share that the pack covers
	figWords          // ln(1 + telling words)
	figures
)

// A calibration turns figures and hard evidence into probabilities.
type calibration struct {
	In    logistic // the pack can answer
	Right logistic // the best fact is the right one, given that the pack can answer

	// LogOdds of each kind of hard evidence: ln of how much likelier it is in a
	// question that the fact cannot answer; at most 0 is added for its presence.
	Hard [hardKinds]float64
}

// Kinds of hard evidence.
const (
	hardName = iota
	hardYear
	hardNumber
	hardNegation
	hardAsk
	hardForeign
	hardKinds
)

// hardPrior is how often a near miss shows each kind of hard evidence: the
// assumption against which a pack's own rate is held. A near miss differs from
// a fact's question in one thing, and these are the things.
var hardPrior = [hardKinds]float64{hardName: 0.35, hardYear: 0.15, hardNumber: 0.1, hardNegation: 0.08, hardAsk: 0.35, hardForeign: 0.5}

// hardSmoothing is how many questions without any hard evidence are assumed
// before the pack's own are counted.
const hardSmoothing = 4

// present tells which kinds of hard evidence e shows.
func (e *evidence) present() [hardKinds]bool {
	return [hardKinds]bool{e.names > 0, e.years > 0, e.numbers > 0, e.negated, e.wrongAsk, e.foreign > 0}
}

// An example is one simulated question.
type example struct {
	figs  [figures]float64
	hard  [hardKinds]bool
	in    bool // the pack can answer it
	right bool // and the best fact is the right one
}

// calibrate simulates and fits. Bases too small to leave anything out get the
// calibration of defaults.
func calibrate(base *knowledge.Base) calibration {
	var all []example
	for fold := range folds {
		all = append(all, simulate(base, fold)...)
	}
	return fitCalibration(all)
}

// simulate plays one round.
func simulate(base *knowledge.Base, fold int) []example {
	part := &knowledge.Base{}
	type asked struct {
		text string
		fact string
		in   bool
	}
	var ask []asked
	n := 0
	for _, p := range base.Packs {
		q := *p
		q.Facts = nil
		for _, f := range p.Facts {
			n++
			if n%folds == fold {
				for _, x := range f.Questions {
					ask = append(ask, asked{x.Text, f.ID, false})
				}
				continue
			}
			g := *f
			g.Questions = nil
			for j, x := range f.Questions {
				if len(f.Questions) > 1 && (n/folds+j)%max(folds-0, len(f.Questions)/2) == fold%max(folds, len(f.Questions)/2) {
					ask = append(ask, asked{x.Text, f.ID, true})
				} else {
					g.Questions = append(g.Questions, x)
				}
			}
			if len(g.Questions) == 0 {
				g.Questions = f.Questions[:1]
			}
			q.Facts = append(q.Facts, &g)
		}
		part.Packs = append(part.Packs, &q)
	}
	ix := newIndex(part)
	ix.train()
	var out []example
	for _, a := range ask {
		u := ix.understand(a.text)
		z := ix.lexicalScores(u.words)
		best := argmax(z)
		e := ix.judge(u, int32(best))
		out = append(out, example{figs: figuresOf(z, e), hard: e.present(), in: a.in, right: a.in && ix.facts[best].ID == a.fact})
	}
	return out
}

func figuresOf(z []float32, e evidence) [figures]float64 {
	l := logSumExp(z)
	top := argmax(z)
	best, second := float64(z[top]), math.Inf(-1)
	for i, v := range z {
		if i != top {
			second = max(second, float64(v))
		}
	}
	if len(z) == 1 {
		second = 0
	}
	return [figures]float64{
		figEnergy:  l - math.Log(float64(len(z))),
		figPeak:    logit(math.Exp(best - l)),
		figMargin:  best - second,
		figCovered: e.covered,
		figPack:    e.pack,
		figWords:   math.Log(float64(1 + e.words)),
	}
}

func argmax(z []float32) int {
	best := 0
	for i, v := range z {
		if v > z[best] {
			best = i
		}
	}
	return best
}

// fitCalibration fits both regressions and counts the hard evidence.
func fitCalibration(all []example) calibration {
	var c calibration
	nIn, nOut := 0, 0
	var counts [hardKinds]int
	rights := 0
	for _, x := range all {
		if x.in {
			nIn++
		} else {
			nOut++
		}
		if x.right {
			rights++
			for k, p := range x.hard {
				if p {
					counts[k]++
				}
			}
		}
	}
	for k := range c.Hard {
		rate := (float64(counts[k]) + 0.5) / (float64(rights) + hardSmoothing)
		c.Hard[k] = math.Min(0, math.Log(rate/hardPrior[k]))
	}
	if nIn == 0 || nOut == 0 {
		return defaultCalibration
	}
	c.In = fitLogistic(all, func(x example) (bool, float64) {
		if x.in {
			return true, (1 - outOfScopeMass) / float64(nIn) * float64(len(all))
		}
		return false, outOfScopeMass / float64(nOut) * float64(len(all))
	})
	c.Right = fitLogistic(all, func(x example) (bool, float64) {
		if x.in {
			return x.right, 1
		}
		return false, 0
	})
	return c
}

// supported is the probability that the pack can answer, right that the best
// fact is the right one if so.
func (c *calibration) judge(figs [figures]float64, hard [hardKinds]bool) (supported, right float64) {
	s := c.In.at(figs)
	for k, p := range hard {
		if p {
			s += c.Hard[k]
		}
	}
	return sigmoid(s), sigmoid(c.Right.at(figs))
}

// defaultCalibration serves bases of a fact or two. It is near the mean of
// those that small packs give.
var defaultCalibration = calibration{
	In:    logistic{Bias: -6, Weights: [figures]float64{figCovered: 8, figPeak: 0.5}},
	Right: logistic{Bias: 1, Weights: [figures]float64{figMargin: 1}},
	Hard:  [hardKinds]float64{hardName: -3, hardYear: -3, hardNumber: -2, hardNegation: -2, hardAsk: -1, hardForeign: -1},
}
