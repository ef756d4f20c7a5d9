package answers

import (
	"math"

	"footnote/knowledge"
)

// When to be silent is learned from the pack alone, by leaving parts of it out:
// in each of folds rounds a share of the facts is dropped whole, so that their
// phrasings become questions that the pack cannot answer; a share of the other
// facts' phrasings is held out, so that they become questions that it can; and
// a share of the pack's unanswered questions is held out, which are near misses.
// A logistic regression over figures and hard evidence then tells the first
// kind from the other two, and a second one the right fact from a wrong one.
//
// Hard evidence starts from how much rarer it is in the pack's own phrasings
// than in near misses: in a history pack a name that the fact does not know
// speaks against an answer, in the pack of a shop's customers, who name all
// kinds of things, it does not. The pack's near misses, if it has any, then
// move it.

const (
	// folds is how many shares there are, played how many of them are left out
	// in turn: more rounds cost their time and change no decision.
	folds, played = 5, 3

	// farMass and nearMass are the shares of unanswerable questions of either
	// kind that the calibration assumes. They are the only prior, chosen on the
	// validation sets.
	farMass, nearMass = 0.22, 0.33

	// figureSpread and hardSpread are how far coefficients go from their prior,
	// as standard deviations: figures in units of a standardised figure, hard
	// evidence in log-odds.
	figureSpread, hardSpread = 0.4, 3.0
)

// figures are what the calibration sees of a question and its best fact.
const (
	figEnergy  = iota // ln Σ exp z − ln facts: how much the question resembles anything
	figPeak           // logit of the best fact's share
	figMargin         // logit of the best fact minus that of the second
	figCovered        // share of the question's words that the best fact covers
	figPack           // share that the pack covers
	figWords          // ln(1 + telling words)
	figDoubt          // how much rather it resembles unanswered questions than phrasings
	figures
)

var figureNames = [figures]string{"energy", "peak", "margin", "covered", "known", "words", "doubt"}

// A figureReference is a regression on figures alone.
type figureReference struct {
	bias    float64
	weights [figures]float64
}

// smallPack is where a pack starts from, and a small one ends: about what the
// first pack learns of itself without its near misses. A pack of some hundred
// phrasings has moved away from it.
var smallPack = figureReference{bias: -5, weights: [figures]float64{figEnergy: 0.2, figPeak: 0.9, figCovered: 1.5, figPack: 2.2, figWords: 1.9, figDoubt: -0.6}}

// smallRight is the same for the second regression: with two facts side by side
// it says that the first is as likely as not.
var smallRight = figureReference{bias: -0.3, weights: [figures]float64{figPeak: 0.5, figMargin: 0.6}}

// biasSpread is how far a bias goes from its reference, in log-odds.
const biasSpread = 0.4

// A calibration turns figures and hard evidence into probabilities.
type calibration struct {
	In    logistic // the pack can answer
	Right logistic // the best fact is the right one, given that the pack can answer
}

// nearRate and inRate are how often a near miss and a question that the fact
// answers show each kind of hard evidence, measured on the first pack's
// eval.yaml and rounded. A pack's own held-out phrasings correct inRate, which
// counts as so many of them as inRateWeight says.
var (
	nearRate = [hardKinds]float64{hardName: 0.34, hardDate: 0.10, hardNumber: 0.02, hardNot: 0.05, hardFocus: 0.10, hardVerb: 0.20, hardRest: 0.15,
		hardWhen: 0.035, hardWhere: 0.015, hardWhy: 0.045, hardHowMany: 0.06, hardWho: 0.01, hardDefine: 0.06, hardModal: 0.05, hardExtreme: 0.045,
		hardOrder: 0.06, hardNothing: 0.2, hardSpeaker: 0.07}
	inRate = [hardKinds]float64{hardName: 0.04, hardDate: 0.003, hardNumber: 0.005, hardNot: 0.003, hardFocus: 0.04, hardVerb: 0.07, hardRest: 0.12,
		hardWhen: 0.003, hardWhere: 0.005, hardWhy: 0.001, hardHowMany: 0.003, hardWho: 0.003, hardDefine: 0.003, hardModal: 0.007, hardExtreme: 0.001,
		hardOrder: 0.001, hardNothing: 0.005, hardSpeaker: 0.003}
)

const inRateWeight = 20

// hardPrior are the log-odds of hard evidence before any near miss of the pack
// is seen: ln of its rate in questions that the pack answers over its rate in
// near misses, never in favour.
func hardPrior(all []example) *[hardKinds]float64 {
	var prior [hardKinds]float64
	n := 0
	for i := range all {
		if x := &all[i]; x.kind == inScope && x.right {
			n++
			for k := range prior {
				prior[k] += x.x[figures+k]
			}
		}
	}
	for k := range prior {
		rate := (prior[k] + inRateWeight*inRate[k]) / float64(n+inRateWeight)
		prior[k] = min(0, math.Log(rate/nearRate[k]))
	}
	return &prior
}

// An example is one simulated question.
type example struct {
	x     input
	kind  exampleKind
	right bool // the best fact is the right one
}

type exampleKind uint8

const (
	inScope exampleKind = iota // a phrasing held out
	far                        // a phrasing of a fact that was dropped
	near                       // an unanswered question held out
)

// calibrate simulates and fits, without and with the encoder.
func calibrate(base *knowledge.Base, codes *encodings) (cheap, full calibration) {
	var lexical, all []example
	rounds := played
	if n := len(base.Facts()); n*phrasingsOf(base) > largeSet {
		rounds = 1 // a fifth of a large base is enough to learn from
	}
	for fold := range rounds {
		l, f := simulate(base, codes, fold)
		lexical, all = append(lexical, l...), append(all, f...)
	}
	cheap = fitCalibration(lexical)
	if codes != nil {
		full = fitCalibration(all)
	}
	return cheap, full
}

func phrasingsOf(base *knowledge.Base) int {
	n := 0
	for _, f := range base.Facts() {
		n += len(f.Questions)
	}
	return n
}

// A heldOut is a question that a round keeps from the index.
type heldOut struct {
	text string
	fact string
	kind exampleKind
}

// leaveOut is base without a fold's share, and the share.
func leaveOut(base *knowledge.Base, fold int) (*knowledge.Base, []heldOut) {
	part := &knowledge.Base{}
	var ask []heldOut
	n := 0
	for _, p := range base.Packs {
		q := *p
		q.Facts, q.Unanswered = nil, nil
		for _, f := range p.Facts {
			n++
			if n%folds == fold {
				for _, x := range f.Questions {
					ask = append(ask, heldOut{x.Text, f.ID, far})
				}
				continue
			}
			g := *f
			g.Questions = nil
			for j, x := range f.Questions {
				if j > 0 && (n/folds+j)%folds == fold {
					ask = append(ask, heldOut{x.Text, f.ID, inScope})
				} else {
					g.Questions = append(g.Questions, x)
				}
			}
			q.Facts = append(q.Facts, &g)
		}
		for i, text := range p.Unanswered {
			if i%folds == fold {
				ask = append(ask, heldOut{text, "", near})
			} else {
				q.Unanswered = append(q.Unanswered, text)
			}
		}
		part.Packs = append(part.Packs, &q)
	}
	return part, ask
}

// simulate plays one round.
func simulate(base *knowledge.Base, codes *encodings, fold int) (lexical, full []example) {
	part, ask := leaveOut(base, fold)
	ix := newIndex(part)
	if len(ix.facts) == 0 {
		return nil, nil
	}
	m := learn(ix, codes)
	texts := make([]string, len(ask))
	questions := make([]understood, len(ask))
	for i, a := range ask {
		questions[i] = ix.understand(a.text)
		texts[i] = encodable(questions[i].words)
	}
	look := func(i int, r reading) example {
		best := r.best[0]
		e := ix.judge(questions[i], best, nil)
		return example{x: inputOf(r, &e), kind: ask[i].kind, right: ix.facts[best].ID == ask[i].fact}
	}
	for i := range ask {
		lexical = append(lexical, look(i, m.cheap(questions[i].words, len(ix.facts))))
	}
	if codes != nil {
		for i, code := range codes.all(texts) {
			full = append(full, look(i, m.thorough(questions[i].words, code, len(ix.facts))))
		}
	}
	return lexical, full
}

// inputOf gathers what the calibration sees.
func inputOf(r reading, e *evidence) input {
	first := float64(r.z[0])
	second := 0.0
	if len(r.z) > 1 {
		second = float64(r.z[1])
	}
	x := input{
		figEnergy:  r.lse - math.Log(float64(r.labels)),
		figPeak:    logit(math.Exp(first - r.lse)),
		figMargin:  first - second,
		figCovered: e.covered,
		figPack:    e.pack,
		figWords:   math.Log(float64(1 + e.words)),
		figDoubt:   r.doubt,
	}
	for k, p := range e.hard {
		if p {
			x[figures+k] = 1
		}
	}
	return x
}

// sampled is how many phrasings a large base is calibrated on.
const sampled = 1500

// calibrateRetrieval calibrates a retriever. It learns nothing from the
// phrasings but where they stand, so leaving one out is to pass it over, and
// leaving a fact out to pass all of its phrasings over.
func calibrateRetrieval(ix *index, r *retriever) calibration {
	labels := len(ix.facts)
	var all []example
	every := max(1, len(ix.phrasings)/sampled)
	for i := 0; i < len(ix.phrasings); i += every {
		p := &ix.phrasings[i]
		u := ix.understand(p.text)
		if ix.start[p.fact+1]-ix.start[p.fact] > 1 {
			x := r.read(u.words, labels, func(other int32) bool { return int(other) == i })
			e := ix.judge(u, x.best[0], p)
			all = append(all, example{x: inputOf(x, &e), kind: inScope, right: x.best[0] == p.fact})
		}
		x := r.read(u.words, labels, func(other int32) bool { return ix.phrasings[other].fact == p.fact })
		e := ix.judge(u, x.best[0], p)
		all = append(all, example{x: inputOf(x, &e), kind: far})
	}
	for _, q := range ix.unanswered[:min(len(ix.unanswered), sampled)] {
		u := ix.understand(q)
		x := r.read(u.words, labels, nil)
		e := ix.judge(u, x.best[0], nil)
		all = append(all, example{x: inputOf(x, &e), kind: near})
	}
	return fitCalibration(all)
}

// fitCalibration fits both regressions. Bases too small to leave anything out
// get the calibration of defaults.
func fitCalibration(all []example) calibration {
	var n [near + 1]int
	for _, x := range all {
		n[x.kind]++
	}
	if n[inScope] == 0 || n[far] == 0 {
		return defaultCalibration
	}
	mass := [near + 1]float64{far: farMass, near: nearMass}
	for k := far; k <= near; k++ {
		if n[k] == 0 {
			mass[k] = 0
		}
	}
	mass[inScope] = 1 - mass[far] - mass[near]
	spread := 0.0 // without near misses nothing moves the prior
	if n[near] > 0 {
		spread = hardSpread
	}
	prior := hardPrior(all)
	c := calibration{
		In: fitLogistic(all, &smallPack, prior, spread, func(x *example) (bool, float64) {
			return x.kind == inScope, mass[x.kind] / float64(n[x.kind]) * float64(len(all))
		}),
		Right: fitLogistic(all, &smallRight, nil, hardSpread, func(x *example) (bool, float64) {
			if x.kind != inScope {
				return false, 0
			}
			return x.right, 1
		}),
	}
	// Near misses may show that evidence weighs more than the prior says, and not
	// that it weighs less: what a pack's few do not show, others' questions will.
	for k, least := range prior {
		c.In.Weights[figures+k] = min(c.In.Weights[figures+k], least)
	}
	return c
}

// judge is the probability that the pack can answer, and that the best fact is
// the right one if so.
func (c *calibration) judge(x *input) (supported, right float64) {
	return sigmoid(c.In.at(x)), sigmoid(c.Right.at(x))
}

// defaultCalibration serves bases of which nothing can be left out: of one fact,
// which is the best for whatever is asked, so that only its words can tell.
var defaultCalibration = func() calibration {
	c := calibration{In: logistic{Bias: -6}, Right: logistic{Bias: 1}}
	c.In.Weights[figCovered] = 8
	copy(c.In.Weights[figures:], hardPrior(nil)[:])
	c.Right.Weights[figMargin] = 1
	return c
}()
