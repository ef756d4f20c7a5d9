package answers

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

// When to answer, to offer and to be silent is a model learned across packs: it ships
// with the program and is the same for every pack. It has three parts, each linear in
// the figures of a question and a fact:
//
//   - the ranker gives each candidate a score; softmax over the candidates of a question;
//   - sure is the probability that the first candidate answers the question;
//   - among is the probability that the question is one that the pack answers, and the
//     right fact is one of the first three.
//
// learn_test.go makes decision.json from the packs in testdata and the sets of
// shared/bench; MATCHING.md tells how, and what the figures are when the pack that is
// asked is left out of the learning.

//go:embed decision.json
var decisionFile []byte

// A linear model is a bias, a weight for each figure, and ramps: what a figure adds on its
// way from one value to the next. A figure with ramps may count much in one range and
// little in another, and never against its sign.
type linear struct {
	bias    float64
	weights [figures]float64
	ramps   []ramp
}

// A ramp adds gain·(v − from)/(to − from) of a figure v between from and to, nothing below,
// and gain above.
type ramp struct {
	figure   figure
	from, to float64
	gain     float64
}

func (r *ramp) at(v float64) float64 {
	return min(max((v-r.from)/(r.to-r.from), 0), 1)
}

func (l *linear) at(v *figuresOf) float64 {
	s := l.bias
	for i, w := range l.weights {
		if w != 0 {
			s += w * float64(v[i])
		}
	}
	for i := range l.ramps {
		r := &l.ramps[i]
		s += r.gain * r.at(float64(v[r.figure]))
	}
	return s
}

// part is what one figure adds, against what it adds at 0.
func (l *linear) part(i figure, v float64) float64 {
	s := l.weights[i] * v
	for k := range l.ramps {
		if r := &l.ramps[k]; r.figure == i {
			s += r.gain * (r.at(v) - r.at(0))
		}
	}
	return s
}

// models are what was learned for one kind of base.
type models struct{ ranker, sure, among linear }

// decisions holds the models for bases with and without answers (sets of intents have
// none), with and without the encoder.
type decisions struct {
	answers, labels struct{ meaning, words models }
}

func (d *decisions) of(hasAnswers, meaning bool) *models {
	kind := &d.answers
	if !hasAnswers {
		kind = &d.labels
	}
	if meaning {
		return &kind.meaning
	}
	return &kind.words
}

// learned are the models that ship.
var learned = func() *decisions {
	d, err := readDecisions(decisionFile)
	if err != nil {
		panic("answers: the embedded decision.json is damaged: " + err.Error())
	}
	return d
}()

// linearFile is how a linear model is written: weights and ramps by the names of figures.
type linearFile struct {
	Bias    float64                 `json:"bias"`
	Weights map[string]float64      `json:"weights"`
	Ramps   map[string][][3]float64 `json:"ramps,omitempty"` // from, to, gain
}

type modelsFile struct {
	Ranker linearFile `json:"ranker"`
	Sure   linearFile `json:"sure"`
	Among  linearFile `json:"among"`
}

// decisionsFile is decision.json.
type decisionsFile struct {
	AnswersMeaning modelsFile `json:"packs-meaning"`
	AnswersWords   modelsFile `json:"packs-words"`
	LabelsMeaning  modelsFile `json:"labels-meaning"`
	LabelsWords    modelsFile `json:"labels-words"`
}

func readDecisions(data []byte) (*decisions, error) {
	var f decisionsFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	d := &decisions{}
	for _, x := range []struct {
		to   *models
		from modelsFile
	}{{&d.answers.meaning, f.AnswersMeaning}, {&d.answers.words, f.AnswersWords}, {&d.labels.meaning, f.LabelsMeaning}, {&d.labels.words, f.LabelsWords}} {
		for _, y := range []struct {
			to   *linear
			from linearFile
		}{{&x.to.ranker, x.from.Ranker}, {&x.to.sure, x.from.Sure}, {&x.to.among, x.from.Among}} {
			y.to.bias = y.from.Bias
			for name, w := range y.from.Weights {
				i, err := figureOf(name)
				if err != nil {
					return nil, err
				}
				y.to.weights[i] = w
			}
			for _, name := range slices.Sorted(maps.Keys(y.from.Ramps)) {
				i, err := figureOf(name)
				if err != nil {
					return nil, err
				}
				for _, r := range y.from.Ramps[name] {
					y.to.ramps = append(y.to.ramps, ramp{i, r[0], r[1], r[2]})
				}
			}
		}
	}
	return d, nil
}

func figureOf(name string) (figure, error) {
	i := slices.IndexFunc(figureKinds[:], func(k figureKind) bool { return k.name == name })
	if i < 0 {
		return 0, fmt.Errorf("there is no figure %q", name)
	}
	return figure(i), nil
}

// place fills in the figures of the candidates' places by the ranker's scores, and
// puts them into that order.
func (m *models) place(facts []int32, v []figuresOf) (order []int, z []float64) {
	z = make([]float64, len(facts))
	for i := range v {
		z[i] = m.ranker.at(&v[i])
	}
	order = ordered(facts, z)
	if len(order) > 0 {
		v[order[0]].place(order, z)
	}
	return order, z
}

// ordered are the candidates by their scores, the best first.
func ordered(facts []int32, z []float64) []int {
	order := make([]int, len(facts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(z[b], z[a]), int(facts[a]-facts[b]))
	})
	return order
}

// place fills in the figures of the first candidate's place.
func (v *figuresOf) place(order []int, z []float64) {
	sum := 0.0
	for _, x := range z {
		sum += math.Exp(x - z[order[0]])
	}
	v[figShare] = float32(1 / sum)
	v[figScore] = float32(z[order[0]])
	v[figLead], v[figDepth] = mostLead, mostDepth
	if len(order) > 1 {
		v[figLead] = float32(min(z[order[0]]-z[order[1]], mostLead))
	}
	if len(order) > 3 {
		v[figDepth] = float32(min(z[order[0]]-z[order[3]], mostDepth))
	}
}

// mostLead and mostDepth bound how far the first candidate may be ahead.
const mostLead, mostDepth = 5, 8

func logit(p float64) float64 {
	const edge = 1e-6
	p = min(max(p, edge), 1-edge)
	return math.Log(p / (1 - p))
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
