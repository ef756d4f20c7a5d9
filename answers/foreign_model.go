package answers

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"footnote/answers/language"
	"footnote/answers/parse"
)

// The models for questions in another language than the base's: as those of decision.go, over
// figures of their own. foreign_learn_test.go makes foreign.json.

//go:embed foreign.json
var foreignFile []byte

// A foreignLinear is a bias and a weight for each figure.
type foreignLinear struct {
	bias    float64
	weights [mostForeignFigures]float64
}

func (l *foreignLinear) at(v *foreignFiguresOf) float64 {
	s := l.bias
	for i, w := range l.weights {
		s += w * float64(v[i])
	}
	return s
}

// foreignModels rank the candidates, and say how sure the first is and whether the right one is
// among the first three.
type foreignModels struct{ ranker, sure, among foreignLinear }

// foreignLinearFile is how a model is written, weights by the names of figures.
type foreignLinearFile struct {
	Bias    float64            `json:"bias"`
	Weights map[string]float64 `json:"weights"`
}

type foreignModelsFile struct {
	Ranker foreignLinearFile `json:"ranker"`
	Sure   foreignLinearFile `json:"sure"`
	Among  foreignLinearFile `json:"among"`
}

var foreignLearned = func() *foreignModels {
	m, err := readForeignModels(foreignFile)
	if err != nil {
		panic("answers: the embedded foreign.json is damaged: " + err.Error())
	}
	return m
}()

func readForeignModels(data []byte) (*foreignModels, error) {
	var f foreignModelsFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	m := &foreignModels{}
	for _, x := range []struct {
		to   *foreignLinear
		from foreignLinearFile
	}{{&m.ranker, f.Ranker}, {&m.sure, f.Sure}, {&m.among, f.Among}} {
		x.to.bias = x.from.Bias
		known := 0
		for i := range foreignFigures {
			name, _, _ := foreignKind(i)
			if w, ok := x.from.Weights[name]; ok {
				x.to.weights[i] = w
				known++
			}
		}
		if known != len(x.from.Weights) {
			return nil, fmt.Errorf("it has a figure that there is not")
		}
	}
	return m, nil
}

// place puts the candidates into the ranker's order, and fills in the figures of the first one's
// place.
func (m *foreignModels) place(c []foreignCandidate) (order []int, z []float64) {
	order, z = make([]int, len(c)), make([]float64, len(c))
	for i := range c {
		order[i], z[i] = i, m.ranker.at(&c[i].v)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case z[a] > z[b]:
			return -1
		case z[a] < z[b]:
			return 1
		}
		return int(c[a].fact - c[b].fact)
	})
	if len(order) == 0 {
		return order, z
	}
	first := &c[order[0]].v
	sum := 0.0
	for _, x := range z {
		sum += math.Exp(x - z[order[0]])
	}
	first[foreignShare], first[foreignScore], first[foreignLead] = float32(1/sum), float32(z[order[0]]), mostLead
	if len(order) > 1 {
		first[foreignLead] = float32(min(z[order[0]]-z[order[1]], mostLead))
	}
	return order, z
}

// foreignBounds are the bounds for questions in other languages, by matcher.caution, where those of
// bounds.go would answer more near misses surely than in English: as many are so at .64 on the packs
// that were left out of the learning. An answer beside the point costs somewhat more than in English: it
// is to be read in a language that is not the asker's.
var foreignBounds = map[string]bounds{
	"low":    {sure: .56, perhaps: .4, offer: .36, chance: .02},
	"normal": {sure: .66, perhaps: .5, offer: .45, chance: .04},
	"high":   {sure: .76, perhaps: .6, offer: .55, chance: .1},
}

// unlearnedMore is by how much surer an answer must be in a language that the encoder has not learned:
// of Ukrainian questions more near misses are taken for answers.
const unlearnedMore = .08

// decideForeign decides on a question that is read in the language of a table.
func (m *Matcher) decideForeign(t *language.Table, text string, x exclusion) (decision, bool) {
	f := m.foreignOf()
	if f == nil {
		return decision{}, false
	}
	q := f.read(m.ix, t, text)
	defer q.q.close()
	d := decision{u: q.u, outcome: Declined, exact: -1, closest: -1, foreign: t.Tag, encoded: true}
	if len(q.words) == 0 && !q.u.tells() || parse.AsksWhose(q.u.words, q.u.frame) {
		return d, true
	}
	d.weigh(q.q)
	m.encodeGloss(q)
	c := f.compare(m.ix, q, m.meaning.Load(), x)
	if len(c) == 0 {
		return d, true
	}
	order, z := foreignLearned.place(c)
	first := &c[order[0]]
	d.models = learned.of(m.ix.hasAnswers, true)
	d.figures, d.evidence, d.closest = first.figures, first.evidence, first.closest
	d.figures[figLead] = first.v[foreignLead]
	d.sure, d.among = sigmoid(foreignLearned.sure.at(&first.v)), sigmoid(foreignLearned.among.at(&first.v))
	d.chance = d.sure
	if first.against {
		d.sure *= contradictedShare
	}
	d.among = max(d.among, d.sure)
	for _, i := range order[:min(len(order), MaxCandidates)] {
		d.order = append(d.order, c[i].fact)
	}
	d.conf = confidences(d.sure, d.among, order, z)
	b := m.foreignBounds
	if SupportOf(t.Tag).Meaning != MultilingualEncoder {
		b.sure += unlearnedMore
	}
	b.decide(&d)
	return d, true
}
