package answers

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"footnote/answers/parse"
	"footnote/knowledge"
)

// How decision.json is made:
//
//	go test ./answers -run TestLearnDecisions -learn -timeout 60m
//
// and how good it is on packs that it was not learned from:
//
//	go test ./answers -run TestLeaveOneOut -learn -timeout 60m -v
//
// Both encode some ten thousand texts the first time and keep the vectors in the folder
// that FOOTNOTE_LEARN_CACHE names, or else in a temporary one.

var (
	learnFlag = flag.Bool("learn", false, "learn the decision from all material and write decision.json; measure it, each pack left out")
	onlyFlag  = flag.String("only", "", "only one kind of material: packs,true packs,false intents,true intents,false")
	dumpFlag  = flag.String("dump", "", "write the figures of all material to a file, for looking at them elsewhere")
)

// A sample is one question of the material with its candidates.
type sample struct {
	pack  int
	asked *asked
	facts []string
	v     []figuresOf
	right []bool
	in    bool // one that the pack answers
}

// A class's share of a pack's weight in learning: how often people ask what a pack answers,
// what it nearly answers, and anything else. It is the only prior.
var classMass = [classes]float64{classIn: .5, classNear: .3, classFar: .2}

// kindShare is how much a question counts within its class.
var kindShare = map[string]float64{"hand": 1, "short": .6, "typo": .6, "mild": .5, "near": 1, "far": 1}

// allMaterial is everything there is, in the cuts that packs come in.
func allMaterial(tb testing.TB) []*material {
	out := packsIn(tb, filepath.Join("testdata", "packs"), 1, 3, 6)
	for _, m := range packsIn(tb, filepath.Join("testdata", "packs"), 3, 6) {
		out = append(out, m.withUnanswered())
	}
	out = append(out, packsIn(tb, filepath.Join("..", "..", "shared", "bench", "squad2"))...)
	out = append(out, embeddedPack(tb, 1, 3, 10)...)
	for _, m := range out {
		if len(m.base.Packs[0].Unanswered) > 0 {
			m.asked = append(m.asked, leftOut(m.base)...)
		}
	}
	return out
}

// leftOut are the phrasings and the unanswered questions of a base, each asked as if it
// were not there.
func leftOut(base *knowledge.Base) []asked {
	var out []asked
	p, i := int32(0), int32(0)
	for _, f := range base.Facts() {
		for j, q := range f.Questions {
			if len(f.Questions) > 1 && (j+int(p))%2 == 0 {
				out = append(out, asked{text: q.Text, want: []string{f.ID}, kind: "sim", cut: withoutPhrasing(p)})
			}
			p++
		}
	}
	for _, pack := range base.Packs {
		for _, q := range pack.Unanswered {
			out = append(out, asked{text: q, kind: "simnear", cut: withoutUnanswered(i)})
			i++
		}
	}
	return out
}

func allIntents(tb testing.TB) []*material {
	var out []*material
	dir := filepath.Join("..", "..", "shared", "bench")
	for _, set := range []string{"clinc150_10shot", "banking77_10shot", "banking77oos_id_10shot", "hwu64_10shot"} {
		for _, shots := range []int{1, 2, 3, 5, 10} {
			if m := intents(tb, filepath.Join(dir, set+".jsonl"), shots, 300); m != nil {
				out = append(out, m)
			}
		}
	}
	return out
}

// figuresFor asks every question of every pack and gives the candidates' figures.
func figuresFor(tb testing.TB, packs []*material, withEncoder bool) []sample {
	tb.Helper()
	cache := os.Getenv("FOOTNOTE_LEARN_CACHE")
	if cache == "" {
		cache = tb.TempDir()
	}
	store := openVectors(cache)
	var out []sample
	for n, p := range packs {
		m := &Matcher{base: p.base, ix: newIndex(p.base), encoder: withEncoder, store: store}
		understood := make([]understood, len(p.asked))
		texts := make([]string, 2*len(p.asked))
		for i := range p.asked {
			understood[i] = m.ix.understand(parse.Undress(p.asked[i].text, nil))
			texts[2*i], texts[2*i+1] = m.ix.encodable(understood[i].words), m.ix.predicateOf(understood[i].words)
		}
		if withEncoder {
			enc, err := m.ix.loadEncoder()
			if err != nil {
				tb.Fatal(err)
			}
			if err := store.make(context.Background(), enc, store.missing(slices.Clone(texts)), nil); err != nil {
				tb.Fatal(err)
			}
			t := m.ix.textsOf()
			if err := store.make(context.Background(), enc, store.missing(t.all()), nil); err != nil {
				tb.Fatal(err)
			}
			mean := newMeaning(&t, store, m.ix.owner)
			mean.classes = mean.newClassifier(m.ix)
			mean.doubts = newDoubts(context.Background(), m.ix, &mean.phrasings, &mean.unanswered, mostDoubtsShipped)
			m.meaning.Store(mean)
		}
		samples := make([]sample, len(p.asked))
		var wg sync.WaitGroup
		workers := runtime.GOMAXPROCS(0)
		for w := range workers {
			wg.Go(func() {
				for i := w; i < len(p.asked); i += workers {
					a := &p.asked[i]
					q := m.ix.prepare(&understood[i])
					defer q.close()
					if withEncoder {
						own := store.rows(texts[2*i : 2*i+2])
						q.vector = own.row(0)
						if texts[2*i+1] != "" {
							q.predicate = own.row(1)
						}
					}
					facts, v, _, _ := m.ix.compareAll(q, m.meaning.Load(), a.cut)
					s := sample{pack: n, asked: a, v: slices.Clone(v), in: len(a.want) > 0}
					for _, f := range facts {
						id := m.ix.facts[f].ID
						s.facts = append(s.facts, id)
						s.right = append(s.right, slices.Contains(a.want, id))
					}
					samples[i] = s
				}
			})
		}
		wg.Wait()
		out = append(out, samples...)
	}
	return slices.DeleteFunc(out, func(s sample) bool { return len(s.v) == 0 })
}

// weigh gives each sample its weight: packs count alike, the cuts of one together as one
// and a half, classes by their mass.
func weigh(samples []sample, packs []*material, use func(group string) bool) []float64 {
	type key struct {
		pack, class int
	}
	total := map[key]float64{}
	cuts := map[string]float64{}
	for _, p := range packs {
		cuts[p.group]++
	}
	for i := range samples {
		s := &samples[i]
		total[key{s.pack, s.asked.class()}] += kindShare[s.asked.kind]
	}
	w := make([]float64, len(samples))
	for i := range samples {
		s := &samples[i]
		g := packs[s.pack].group
		if !use(g) {
			continue
		}
		c := s.asked.class()
		w[i] = classMass[c] * kindShare[s.asked.kind] / total[key{s.pack, c}] / math.Sqrt(cuts[g])
	}
	return w
}

// fitModels learns all three models from the samples with a weight.
func fitModels(samples []sample, weight []float64, meaning bool) *models {
	m := &models{}
	if meaning && !haveAnswers(samples) {
		m.ranker = labelRanker
	} else {
		m.ranker = fitRanker(samples, weight, func(i figure) bool { return figureKinds[i].rank && (meaning || !figureKinds[i].meaning) })
	}
	var x []figuresOf
	var first, three []bool
	var w []float64
	for i := range samples {
		s := &samples[i]
		if weight[i] == 0 {
			continue
		}
		f, right, among := placed(m, s)
		x, w = append(x, f), append(w, weight[i])
		first, three = append(first, right), append(three, among)
	}
	labels := meaning && !haveAnswers(samples)
	if labels {
		m.sure = fitLabels(x, first, w)
	} else {
		m.sure = fitLogistic(x, first, w, decisionFigures(meaning), sureL2)
	}
	// What is offered beside the point costs little before a question near the pack, and
	// more before one from far away.
	wa := slices.Clone(w)
	k := 0
	for i := range samples {
		if weight[i] == 0 {
			continue
		}
		switch samples[i].asked.class() {
		case classNear:
			wa[k] *= nearInOffers
		case classFar:
			wa[k] *= farInOffers
		}
		k++
	}
	if labels {
		m.among = fitLabels(x, three, wa)
	} else {
		m.among = fitLogistic(x, three, wa, decisionFigures(meaning), sureL2)
	}
	return m
}

const (
	sureL2       = 3e-3
	rankerL2     = 2e-3
	nearInOffers = .1
	farInOffers  = 1.5
)

// placed gives the figures of the first candidate, whether it is right, and whether one of
// the first three is.
func placed(m *models, s *sample) (figuresOf, bool, bool) {
	v := slices.Clone(s.v)
	ids := make([]int32, len(v))
	for i := range ids {
		ids[i] = int32(i)
	}
	order, _ := m.place(ids, v)
	among := false
	for _, i := range order[:min(3, len(order))] {
		among = among || s.right[i]
	}
	return v[order[0]], s.right[order[0]], among
}

// labelRanker ranks the labels of a set of intents: by the classifier alone, which is learned in
// the set itself. Whatever was put beside it lost more on one set than it gained on another.
var labelRanker = func() linear {
	l := linear{}
	l.weights[figClass] = 1
	return l
}()

func haveAnswers(samples []sample) bool {
	return slices.ContainsFunc(samples, func(s sample) bool {
		return slices.ContainsFunc(s.v, func(v figuresOf) bool { return v[figWhole] != 0 })
	})
}

// decisionFigures are the figures that the decision may use.
func decisionFigures(meaning bool) func(figure) bool {
	return func(i figure) bool { return meaning || !figureKinds[i].meaning }
}

// A standard is how figures are scaled before a model is fitted.
type standard struct{ mean, sd [figures]float64 }

func standardise(x []figuresOf, w []float64) standard {
	var s standard
	sum := 0.0
	for i := range x {
		sum += w[i]
		for j, v := range x[i] {
			s.mean[j] += w[i] * float64(v)
		}
	}
	for j := range s.mean {
		s.mean[j] /= sum
	}
	for i := range x {
		for j, v := range x[i] {
			d := float64(v) - s.mean[j]
			s.sd[j] += w[i] * d * d / sum
		}
	}
	for j := range s.sd {
		s.sd[j] = math.Sqrt(s.sd[j])
	}
	return s
}

// fitLogistic learns a decision from weighted samples, from nothing.
func fitLogistic(x []figuresOf, y []bool, w []float64, use func(figure) bool, l2 float64) linear {
	st := standardise(x, w)
	f := &fit{}
	for i := range figures {
		if use(i) && st.sd[i] > 1e-6 {
			f.figures = append(f.figures, i)
			f.signs = append(f.signs, figureKinds[i].sign)
		}
	}
	f.ramps = rampsOf(x, f.figures)
	for _, r := range f.ramps {
		f.signs = append(f.signs, figureKinds[r.figure].sign)
	}
	f.scaleBy(x, w)
	b := f.solve(x, y, w, make([]float64, f.width()+1), l2, 0)
	return f.model(b)
}

// fitLabels learns the decision of a set of labels: the class and, with energyShare, the energy,
// stretched and shifted. Their shares are chosen on the validation sets; learned, the energy got none,
// since what is held out of a set is near it, and it is what tells questions from far away.
func fitLabels(x []figuresOf, y []bool, w []float64) linear {
	const energyShare = 2
	z := make([]float64, len(x))
	for i := range x {
		z[i] = float64(x[i][figClass]) + energyShare*float64(x[i][figClassEnergy])
	}
	a, b := stretch(z, y, w, 0)
	l := linear{bias: b}
	l.weights[figClass], l.weights[figClassEnergy] = a, energyShare*a
	return l
}

// rampsOf are the ramps of the figures that have a sign and many values, between their
// quantiles.
func rampsOf(x []figuresOf, cols []figure) []ramp {
	const many = 20
	var out []ramp
	for _, c := range cols {
		if figureKinds[c].sign == free {
			continue
		}
		values := make([]float64, len(x))
		for i := range x {
			values[i] = float64(x[i][c])
		}
		slices.Sort(values)
		if len(slices.Compact(slices.Clone(values))) <= many {
			continue
		}
		last := math.Inf(-1)
		for _, q := range []float64{.02, .2, .4, .6, .8, .98} {
			v := roundTo(values[int(q*float64(len(values)-1))])
			if v > last && !math.IsInf(last, -1) {
				out = append(out, ramp{figure: c, from: last, to: v})
			}
			last = max(last, v)
		}
	}
	return out
}

// fitRanker minimises −Σ w·ln Σ p(right) + l2·‖b‖² where p is the softmax over the
// candidates of a question, over questions that have a right candidate and a wrong one.
func fitRanker(samples []sample, weight []float64, use func(figure) bool) linear {
	var x []figuresOf
	var w, wq []float64
	var start []int
	var right []bool
	for i := range samples {
		s := &samples[i]
		if weight[i] == 0 || !slices.Contains(s.right, true) || !slices.Contains(s.right, false) {
			continue
		}
		start = append(start, len(x))
		wq = append(wq, weight[i])
		for k := range s.v {
			x = append(x, s.v[k])
			w = append(w, weight[i])
			right = append(right, s.right[k])
		}
	}
	start = append(start, len(x))
	st := standardise(x, w)
	var cols []figure
	for i := range figures {
		if use(i) && st.sd[i] > 1e-6 {
			cols = append(cols, i)
		}
	}
	d := len(cols)
	a := make([]float64, len(x)*d)
	signs := make([]sign, d)
	for k, c := range cols {
		signs[k] = figureKinds[c].sign
		for i := range x {
			a[i*d+k] = (float64(x[i][c]) - st.mean[c]) / st.sd[c]
		}
	}
	b := fitSoftmax(a, right, start, wq, signs, rankerL2)
	l := linear{}
	for k, c := range cols {
		l.weights[c] = b[k] / st.sd[c]
		l.bias -= b[k] * st.mean[c] / st.sd[c]
	}
	return l
}

// fitSoftmax gives the weights of a ranker: of the columns of a, whose rows from start[q] to
// start[q+1] are the candidates of question q, which weighs wq[q].
func fitSoftmax(a []float64, right []bool, start []int, wq []float64, signs []sign, l2 float64) []float64 {
	d, total := len(signs), 0.0
	for _, w := range wq {
		total += w
	}
	z := make([]float64, len(right))
	return projected(make([]float64, d), signs, make([]float64, d), func(b, grad []float64) float64 {
		clear(grad)
		loss := 0.0
		for q, w := range wq {
			loss += w / total * softmaxLoss(a, z, right, b, grad, start[q], start[q+1], w/total)
		}
		for k := range d {
			loss += l2 * b[k] * b[k]
			grad[k] += 2 * l2 * b[k]
		}
		return loss
	})
}

// softmaxLoss is −ln of the share of right candidates from row from to row to of a, whose
// gradient, times weight, it adds to grad.
func softmaxLoss(a, z []float64, right []bool, b, grad []float64, from, to int, weight float64) float64 {
	d := len(b)
	most := math.Inf(-1)
	for i := from; i < to; i++ {
		z[i] = 0
		for k, v := range a[i*d:][:d] {
			z[i] += b[k] * v
		}
		most = max(most, z[i])
	}
	all, good := 0.0, 1e-12
	for i := from; i < to; i++ {
		z[i] = math.Exp(z[i] - most)
		all += z[i]
		if right[i] {
			good += z[i]
		}
	}
	for i := from; i < to; i++ {
		g := z[i] / all
		if right[i] {
			g -= z[i] / good
		}
		for k, v := range a[i*d:][:d] {
			grad[k] += weight * g * v
		}
	}
	return math.Log(all) - math.Log(good)
}

// A measured is what models did with the questions of some packs, in shares.
type measured struct {
	n                                [classes]int
	first, sure, said, helped, wrong float64 // of questions that the pack answers
	nearSure, nearShown              float64
	farSure, farShown                float64
	nearArea, farArea                float64 // AUROC of sure
	rightAtNear10, rightAtNear15     float64
}

func measure(m *models, b bounds, samples []sample, use func(*sample) bool) measured {
	var r measured
	var in, near, far []float64
	for i := range samples {
		s := &samples[i]
		if !use(s) {
			continue
		}
		f, right, _ := placed(m, s)
		d := decision{sure: sigmoid(m.sure.at(&f)), among: sigmoid(m.among.at(&f)), order: make([]int32, min(3, len(s.v))), figures: f}
		d.among, d.chance = max(d.among, d.sure), d.sure
		b.decide(&d)
		surely := d.outcome == Answered && !d.tentative
		shown := d.outcome != Declined || d.offered > 0
		c := s.asked.class()
		r.n[c]++
		one := func(x bool) float64 {
			if x {
				return 1
			}
			return 0
		}
		switch c {
		case classIn:
			_, _, among := placed(m, s)
			r.first += one(right)
			r.sure += one(surely && right)
			r.wrong += one(surely && !right)
			r.said += one(d.outcome == Answered && right)
			r.helped += one(d.outcome == Answered && right || d.offered > 0 && among)
			if right {
				in = append(in, d.sure)
			} else {
				in = append(in, -1)
			}
		case classNear:
			r.nearSure += one(surely)
			r.nearShown += one(shown)
			near = append(near, d.sure)
		case classFar:
			r.farSure += one(surely)
			r.farShown += one(shown)
			far = append(far, d.sure)
		}
	}
	for _, x := range []*float64{&r.first, &r.sure, &r.wrong, &r.said, &r.helped} {
		*x /= max(float64(r.n[classIn]), 1)
	}
	r.nearSure, r.nearShown = r.nearSure/max(float64(r.n[classNear]), 1), r.nearShown/max(float64(r.n[classNear]), 1)
	r.farSure, r.farShown = r.farSure/max(float64(r.n[classFar]), 1), r.farShown/max(float64(r.n[classFar]), 1)
	r.nearArea, r.farArea = area(in, near), area(in, far)
	r.rightAtNear10, r.rightAtNear15 = rightAt(in, near, .10), rightAt(in, near, .15)
	return r
}

// area is the probability that a right answer's figure exceeds another's.
func area(in, out []float64) float64 {
	n, s := 0.0, 0.0
	for _, x := range in {
		if x < 0 {
			continue
		}
		for _, y := range out {
			n++
			switch {
			case x > y:
				s++
			case x == y:
				s += .5
			}
		}
	}
	return s / max(n, 1)
}

// rightAt is the share of right answers at the threshold at which a share of near misses
// is answered.
func rightAt(in, near []float64, share float64) float64 {
	if len(near) == 0 || len(in) == 0 {
		return math.NaN()
	}
	near = slices.Clone(near)
	slices.Sort(near)
	t := near[min(len(near)-1, int(float64(len(near))*(1-share)))]
	n := 0
	for _, x := range in {
		if x > t {
			n++
		}
	}
	return float64(n) / float64(len(in))
}

func (r measured) String() string {
	return fmt.Sprintf("first %5.1f  sure %5.1f  wrong %4.1f  said %5.1f  helped %5.1f | near sure %5.1f shown %5.1f | far sure %4.1f shown %5.1f | AUROC near %.3f far %.3f | right at near 10/15 %%: %5.1f %5.1f",
		100*r.first, 100*r.sure, 100*r.wrong, 100*r.said, 100*r.helped, 100*r.nearSure, 100*r.nearShown, 100*r.farSure, 100*r.farShown, r.nearArea, r.farArea, 100*r.rightAtNear10, 100*r.rightAtNear15)
}

// TestLeaveOneOut measures the decision on each pack when it was learned from the others.
func TestLeaveOneOut(t *testing.T) {
	if !*learnFlag {
		t.Skip("takes minutes: -learn")
	}
	for _, meaning := range []bool{true, false} {
		for _, kind := range []string{"packs", "intents"} {
			if *onlyFlag != "" && *onlyFlag != fmt.Sprintf("%s,%v", kind, meaning) {
				continue
			}
			packs := allMaterial(t)
			if kind == "intents" {
				packs = allIntents(t)
			}
			samples := figuresFor(t, packs, meaning)
			if *dumpFlag != "" {
				dump(t, fmt.Sprintf("%s.%s.%v", *dumpFlag, kind, meaning), packs, samples)
				continue
			}
			leaveOneOut(t, fmt.Sprintf("%s, encoder %v", kind, meaning), packs, samples, meaning)
		}
	}
}

func leaveOneOut(t *testing.T, title string, packs []*material, samples []sample, meaning bool) {
	groups := map[string]bool{}
	var order []string
	for _, p := range packs {
		if !groups[p.group] {
			groups[p.group] = true
			order = append(order, p.group)
		}
	}
	left := make([]*models, len(order))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, g := range order {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			left[i] = fitModels(samples, weigh(samples, packs, func(x string) bool { return x != g }), meaning)
		})
	}
	wg.Wait()
	b := caution["normal"]
	if !haveAnswers(samples) && meaning {
		b = b.ofLabels()
	}
	t.Logf("== %s", title)
	for n, p := range packs {
		m := left[slices.Index(order, p.group)]
		t.Logf("%-24s %s", p.name, measure(m, b, samples, func(s *sample) bool { return s.pack == n }))
	}
}

// dump writes samples for looking at them elsewhere: a line of JSON each.
func dump(tb testing.TB, path string, packs []*material, samples []sample) {
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	enc := json.NewEncoder(f)
	names := make([]string, figures)
	for i := range figures {
		names[i] = figureKinds[i].name
	}
	if err := enc.Encode(map[string]any{"names": names}); err != nil {
		tb.Fatal(err)
	}
	for i := range samples {
		s := &samples[i]
		if err := enc.Encode(map[string]any{"pack": packs[s.pack].name, "group": packs[s.pack].group, "kind": s.asked.kind, "text": s.asked.text, "want": s.asked.want, "facts": s.facts, "v": s.v, "right": s.right}); err != nil {
			tb.Fatal(err)
		}
	}
}

// TestLearnDecisions writes decision.json; with -only the rest of it stays.
func TestLearnDecisions(t *testing.T) {
	if !*learnFlag {
		t.Skip("takes minutes: -learn")
	}
	var f decisionsFile
	if err := json.Unmarshal(decisionFile, &f); err != nil {
		t.Fatal(err)
	}
	for _, part := range []struct {
		kind    string
		meaning bool
		to      *modelsFile
	}{{"packs", true, &f.AnswersMeaning}, {"packs", false, &f.AnswersWords}, {"intents", true, &f.LabelsMeaning}, {"intents", false, &f.LabelsWords}} {
		if *onlyFlag != "" && *onlyFlag != fmt.Sprintf("%s,%v", part.kind, part.meaning) {
			continue
		}
		material := allMaterial(t)
		if part.kind == "intents" {
			material = allIntents(t)
		}
		samples := figuresFor(t, material, part.meaning)
		*part.to = fitModels(samples, weigh(samples, material, func(string) bool { return true }), part.meaning).file()
	}
	data, err := json.MarshalIndent(f, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("decision.json", append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
