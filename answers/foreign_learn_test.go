package answers

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"footnote/answers/encoder"
	"footnote/answers/language"
	"footnote/answers/parse"
	"footnote/knowledge"
)

var foreignDump = flag.String("foreign-dump", "", "write the figures of translated questions to a file, with -learn")

// foreignMaterial are the packs with translated questions, in the cuts that packs come in.
func foreignMaterial(tb testing.TB, cuts ...int) []*material {
	tb.Helper()
	var out []*material
	questions := translatedPacks(tb)
	names := make([]string, 0, len(questions))
	for name := range questions {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var base *knowledge.Base
		var err error
		if name == "neo-stalinism" {
			base, err = knowledge.Embedded()
		} else {
			base, err = knowledge.Open(filepath.Join("testdata", "packs", name))
		}
		if err != nil {
			tb.Fatal(err)
		}
		m := &material{name: name, group: name, base: base}
		for _, q := range questions[name] {
			a := q.asked
			m.asked = append(m.asked, a)
		}
		for _, n := range cuts {
			c := m
			if n > 0 {
				c = m.cutTo(n)
			}
			out = append(out, c)
		}
		if name != "neo-stalinism" && len(cuts) > 1 {
			out = append(out, m.withEnglishUnanswered(tb, questions[name], 3))
		}
	}
	return out
}

// withEnglishUnanswered is the pack, cut to n phrasings, with half of its English near misses as
// unanswered questions; translations of these are then not asked.
func (m *material) withEnglishUnanswered(tb testing.TB, questions []translated, n int) *material {
	tb.Helper()
	english, err := readQuestions(filepath.Join("testdata", "packs", "questions.jsonl"))
	if err != nil {
		tb.Fatal(err)
	}
	unanswered := map[string]bool{}
	var list []string
	for i, a := range english[m.name] {
		if a.kind == "near" && i%2 == 0 {
			unanswered[a.text] = true
			list = append(list, a.text)
		}
	}
	out := m.cutTo(n)
	out.name = m.name + ":u"
	out.base.Packs[0].Unanswered = list
	out.asked = nil
	for _, q := range questions {
		if !unanswered[q.of] {
			out.asked = append(out.asked, q.asked)
		}
	}
	return out
}

// A foreignSample is a translated question with its candidates.
type foreignSample struct {
	pack  int
	asked *asked
	lang  string
	cands []foreignCandidate
	right []bool
}

// foreignSamples asks the translated questions.
func foreignSamples(tb testing.TB, packs []*material) []foreignSample {
	tb.Helper()
	enc, err := encoder.LoadMultilingual()
	if err != nil {
		tb.Fatal(err)
	}
	cache := os.Getenv("FOOTNOTE_LEARN_CACHE")
	if cache == "" {
		cache = tb.TempDir()
	}
	var out []foreignSample
	for n, p := range packs {
		m, err := New(tb.Context(), p.base, Options{CacheDir: cache, Patience: 1 << 30})
		if err != nil {
			tb.Fatal(err)
		}
		f, err := newForeign(tb.Context(), m.ix, enc, newVectorStore(cache))
		if err != nil {
			tb.Fatal(err)
		}
		for i := range p.asked {
			a := &p.asked[i]
			g := language.Detect(parse.Undress(a.text, nil))
			g.Tag = cmp.Or(g.Tag, g.Second)
			t := language.Tables()[g.Tag]
			if t == nil || g.Tag == language.English {
				t = language.Tables()["de"]
			}
			q := f.read(m.ix, t, g.Text)
			m.encodeGloss(q)
			s := foreignSample{pack: n, asked: a, lang: g.Tag, cands: f.compare(m.ix, q, m.meaning.Load(), nothingExcluded)}
			q.q.close()
			for _, c := range s.cands {
				s.right = append(s.right, slices.Contains(a.want, m.ix.facts[c.fact].ID))
			}
			out = append(out, s)
		}
	}
	return out
}

// foreignWeights gives each sample its weight, as weigh does.
func foreignWeights(samples []foreignSample, packs []*material, use func(group string) bool) []float64 {
	type key struct{ pack, class int }
	total := map[key]float64{}
	for i := range samples {
		s := &samples[i]
		total[key{s.pack, s.asked.class()}] += kindShare[s.asked.kind]
	}
	w := make([]float64, len(samples))
	for i := range samples {
		if s := &samples[i]; use(packs[s.pack].group) {
			c := s.asked.class()
			w[i] = classMass[c] * kindShare[s.asked.kind] / total[key{s.pack, c}]
		}
	}
	return w
}

// foreignL2 is the strength of the prior of all three models: ten times less or more is worse
// by a point or so.
const foreignL2 = .003

// foreignSureMass is how much more or less than elsewhere a class counts for sure. Questions from far
// away are never near to a sure answer, and what is learned of them hides what tells near misses.
var foreignSureMass = [classes]float64{classIn: 1, classNear: 1.5, classFar: .3}

// fitForeign learns the models from the samples with a weight.
func fitForeign(samples []foreignSample, weight []float64) *foreignModels {
	m := &foreignModels{ranker: fitForeignRanker(samples, weight)}
	var x []foreignFiguresOf
	var first, three []bool
	var w, wa []float64
	for i := range samples {
		s := &samples[i]
		if weight[i] == 0 || len(s.cands) == 0 {
			continue
		}
		v, right, among := s.placed(m)
		x, first, three, w = append(x, v), append(first, right), append(three, among), append(w, weight[i]*foreignSureMass[s.asked.class()])
		a := weight[i]
		if s.asked.class() == classNear {
			a *= nearInOffers
		}
		wa = append(wa, a)
	}
	m.sure, m.among = fitForeignLogistic(x, first, w), fitForeignLogistic(x, three, wa)
	return m
}

// placed gives the figures of the first candidate, whether it is right, and whether one of the
// first three is.
func (s *foreignSample) placed(m *foreignModels) (foreignFiguresOf, bool, bool) {
	c := slices.Clone(s.cands)
	order, _ := m.place(c)
	among := false
	for _, i := range order[:min(3, len(order))] {
		among = among || s.right[i]
	}
	return c[order[0]].v, s.right[order[0]], among
}

// scaled are mean and deviation of each figure.
func foreignScale(x []foreignFiguresOf, w []float64) (mean, sd [mostForeignFigures]float64) {
	total := 0.0
	for i := range x {
		total += w[i]
		for k := range foreignFigures {
			mean[k] += w[i] * float64(x[i][k])
		}
	}
	for k := range foreignFigures {
		mean[k] /= total
	}
	for i := range x {
		for k := range foreignFigures {
			d := float64(x[i][k]) - mean[k]
			sd[k] += w[i] * d * d / total
		}
	}
	for k := range foreignFigures {
		sd[k] = max(math.Sqrt(sd[k]), leastSpreadOf)
	}
	return mean, sd
}

func fitForeignLogistic(x []foreignFiguresOf, y []bool, w []float64) foreignLinear {
	mean, sd := foreignScale(x, w)
	d := foreignFigures
	a := make([]float64, len(x)*(d+1))
	total := 0.0
	for i := range x {
		row := a[i*(d+1):][:d+1]
		for k := range d {
			row[k] = (float64(x[i][k]) - mean[k]) / sd[k]
		}
		row[d] = 1
		total += w[i]
	}
	signs := make([]sign, d+1)
	for k := range d {
		_, signs[k], _ = foreignKind(k)
	}
	b := projected(make([]float64, d+1), signs, make([]float64, d+1), func(b, grad []float64) float64 {
		clear(grad)
		loss := logisticLoss(a, y, w, total, b, grad)
		for k := range d {
			loss += foreignL2 * b[k] * b[k]
			grad[k] += 2 * foreignL2 * b[k]
		}
		return loss
	})
	l := foreignLinear{bias: b[d]}
	for k := range d {
		l.weights[k] = b[k] / sd[k]
		l.bias -= b[k] * mean[k] / sd[k]
	}
	return l
}

// fitForeignRanker minimises what fitRanker does.
func fitForeignRanker(samples []foreignSample, weight []float64) foreignLinear {
	var x []foreignFiguresOf
	var w, wq []float64
	var right []bool
	start := []int{0}
	for i := range samples {
		s := &samples[i]
		if weight[i] == 0 || !slices.Contains(s.right, true) || !slices.Contains(s.right, false) {
			continue
		}
		wq = append(wq, weight[i])
		for k := range s.cands {
			x, w, right = append(x, s.cands[k].v), append(w, weight[i]), append(right, s.right[k])
		}
		start = append(start, len(x))
	}
	mean, sd := foreignScale(x, w)
	var cols []int
	var signs []sign
	for k := range foreignFigures {
		if _, s, rank := foreignKind(k); rank {
			cols, signs = append(cols, k), append(signs, s)
		}
	}
	d := len(cols)
	a := make([]float64, len(x)*d)
	for i := range x {
		for j, k := range cols {
			a[i*d+j] = (float64(x[i][k]) - mean[k]) / sd[k]
		}
	}
	b := fitSoftmax(a, right, start, wq, signs, foreignL2)
	l := foreignLinear{}
	for j, k := range cols {
		l.weights[k] = b[j] / sd[k]
		l.bias -= b[j] * mean[k] / sd[k]
	}
	return l
}

// TestLearnForeign makes foreign.json:
//
//	go test ./answers -run TestLearnForeign -learn
func TestLearnForeign(t *testing.T) {
	if !*learnFlag {
		t.Skip("only with -learn")
	}
	packs := foreignMaterial(t, 1, 3, 0)
	samples := foreignSamples(t, packs)
	if *foreignDump != "" {
		writeForeign(t, *foreignDump, packs, samples)
	}
	m := fitForeign(samples, foreignWeights(samples, packs, func(string) bool { return true }))
	data, err := json.MarshalIndent(foreignModelsFile{m.ranker.file(), m.sure.file(), m.among.file()}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("foreign.json", append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestForeignLeaveOneOut tells how good the models are on packs that they were not learned from:
//
//	go test ./answers -run TestForeignLeaveOneOut -learn -v
func TestForeignLeaveOneOut(t *testing.T) {
	if !*learnFlag {
		t.Skip("only with -learn")
	}
	packs := foreignMaterial(t, 1, 3, 0)
	samples := foreignSamples(t, packs)
	left := map[string]*foreignModels{}
	for _, p := range packs {
		if left[p.group] == nil {
			left[p.group] = fitForeign(samples, foreignWeights(samples, packs, func(g string) bool { return g != p.group }))
		}
	}
	for _, cut := range []string{":1", ":3", "", ":u"} {
		foreignReport(t, fmt.Sprintf("cut %q", cut), samples, left, packs, func(s *foreignSample) bool { return packs[s.pack].name == packs[s.pack].group+cut })
	}
	for _, cut := range []string{":3", ""} {
		foreignReport(t, fmt.Sprintf("the embedded pack, cut %q", cut), samples, left, packs, func(s *foreignSample) bool { return packs[s.pack].name == "neo-stalinism"+cut })
	}
	for _, tag := range language.Tags() {
		if tag != language.English {
			foreignReport(t, "cut \":3\", "+tag, samples, left, packs, func(s *foreignSample) bool { return s.lang == tag && packs[s.pack].name == packs[s.pack].group+":3" })
		}
	}
}

// foreignReport logs what becomes of those samples that count, each by the models that its pack was left out of.
func foreignReport(t *testing.T, name string, samples []foreignSample, left map[string]*foreignModels, packs []*material, counts func(*foreignSample) bool) {
	t.Helper()
	var n [classes]int
	var rights, nears []float64
	var first, three, sure, wrong, said, helped, nearSure, nearShown, farSure, farShown int
	for i := range samples {
		s := &samples[i]
		if !counts(s) {
			continue
		}
		m := left[packs[s.pack].group]
		c := slices.Clone(s.cands)
		order, _ := m.place(c)
		v, right, among := s.placed(m)
		d := decision{sure: sigmoid(m.sure.at(&v)), among: sigmoid(m.among.at(&v)), order: make([]int32, min(3, len(c))), figures: c[order[0]].figures}
		d.chance = d.sure
		if c[order[0]].against {
			d.sure *= contradictedShare
		}
		d.figures[figLead] = v[foreignLead]
		d.among = max(d.among, d.sure)
		b := foreignBounds["normal"]
		if s.lang == "uk" {
			b.sure += unlearnedMore
		}
		b.decide(&d)
		surely := d.outcome == Answered && !d.tentative
		shown := d.outcome != Declined || d.offered > 0
		class := s.asked.class()
		n[class]++
		switch {
		case class == classNear:
			nears = append(nears, d.sure)
		case class == classIn && right:
			rights = append(rights, d.sure)
		}
		count := func(to *int, is bool) {
			if is {
				*to++
			}
		}
		switch class {
		case classIn:
			count(&first, right)
			count(&three, among)
			count(&sure, surely && right)
			count(&wrong, surely && !right)
			count(&said, d.outcome == Answered && right)
			count(&helped, d.outcome == Answered && right || d.offered > 0 && among)
		case classNear:
			count(&nearSure, surely)
			count(&nearShown, shown)
		case classFar:
			count(&farSure, surely)
			count(&farShown, shown)
		}
	}
	share := func(x, of int) string { return fmt.Sprintf("%.1f", 100*float64(x)/float64(max(n[of], 1))) }
	t.Logf("%s: %d, %d near, %d far: first %s, three %s, surely right %s, surely wrong %s, right %s, helped %s; near surely %s, shown %s; far surely %s, shown %s", name, n[0], n[1], n[2],
		share(first, 0), share(three, 0), share(sure, 0), share(wrong, 0), share(said, 0), share(helped, 0), share(nearSure, 1), share(nearShown, 1), share(farSure, 2), share(farShown, 2))
	curve := rightWhereNear(nears, rights, func(x int) string { return share(x, 0) })
	t.Logf("%s: surely right where so many near misses are answered%s", name, curve)
}

// rightWhereNear tells how many right answers are above the bounds at which so many of a hundred near
// misses are answered.
func rightWhereNear(nears, rights []float64, share func(int) string) string {
	slices.Sort(nears)
	curve := ""
	for _, at := range []int{4, 8, 10, 15, 20} {
		bound := nears[len(nears)-1-at*len(nears)/100]
		above := 0
		for _, s := range rights {
			if s > bound {
				above++
			}
		}
		curve += fmt.Sprintf(", %s at %d %% (from %.2f)", share(above), at, bound)
	}
	return curve
}

// writeForeign writes the figures of samples, for looking at them elsewhere.
func writeForeign(t *testing.T, path string, packs []*material, samples []foreignSample) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	e := json.NewEncoder(file)
	var names []string
	for i := range foreignFigures {
		name, s, rank := foreignKind(i)
		names = append(names, fmt.Sprint(name, "|", s, "|", rank))
	}
	if err := e.Encode(names); err != nil {
		t.Fatal(err)
	}
	for _, s := range samples {
		var x [][]float32
		for i := range s.cands {
			x = append(x, s.cands[i].v[:foreignFigures])
		}
		row := map[string]any{"pack": packs[s.pack].name, "group": packs[s.pack].group, "kind": s.asked.kind, "text": s.asked.text, "lang": s.lang, "x": x, "right": s.right}
		if err := e.Encode(row); err != nil {
			t.Fatal(err)
		}
	}
}
