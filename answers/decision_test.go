package answers

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"footnote/knowledge"
)

// Signs are held: nothing that can only speak for a fact speaks against it, and the other
// way round.
func TestSignsAreHeld(t *testing.T) {
	for _, hasAnswers := range []bool{true, false} {
		for _, meaning := range []bool{true, false} {
			m := learned.of(hasAnswers, meaning)
			for name, l := range map[string]*linear{"ranker": &m.ranker, "sure": &m.sure, "among": &m.among} {
				for i, w := range l.weights {
					if s := figureKinds[i].sign; s == helps && w < 0 || s == against && w > 0 {
						t.Errorf("%s: %s weighs %f", name, figureKinds[i].name, w)
					}
					if w != 0 && figureKinds[i].meaning && !meaning {
						t.Errorf("%s: %s weighs %f without the encoder", name, figureKinds[i].name, w)
					}
				}
				for _, r := range l.ramps {
					if s := figureKinds[r.figure].sign; s == helps && r.gain < 0 || s == against && r.gain > 0 || r.from >= r.to {
						t.Errorf("%s: %s has the ramp %+v", name, figureKinds[r.figure].name, r)
					}
				}
			}
			if m.sure.bias == 0 && len(m.sure.ramps) == 0 {
				t.Error("there is no model: decision.json is empty")
			}
		}
	}
	for i, k := range figureKinds {
		if k.name == "" {
			t.Errorf("figure %d has no name", i)
		}
	}
}

// How a question is dressed tells nothing: capitals, the final mark, thanks, greetings.
func TestStyleTellsNothing(t *testing.T) {
	m := fullPress(t)
	var asked []string
	for q := range pressAnswerable {
		asked = append(asked, q)
	}
	asked = append(asked, pressDeclined...)
	for _, q := range asked {
		plain := strings.TrimRight(strings.ToLower(q), "?")
		if strings.TrimSpace(plain) == "" {
			continue
		}
		want := m.Match(Query{Text: plain})
		for _, dressed := range []string{plain + "?", strings.ToUpper(plain) + "?", strings.ToUpper(plain[:1]) + plain[1:] + " ??", plain + "."} {
			got := m.Match(Query{Text: dressed})
			if got.Outcome != want.Outcome || got.Tentative != want.Tentative || got.Best() != want.Best() || got.Why.Confidence != want.Why.Confidence {
				t.Errorf("%q is %s %v (%f), %q %s %v (%f)", plain, want.Outcome, want.Tentative, want.Why.Confidence, dressed, got.Outcome, got.Tentative, got.Why.Confidence)
			}
		}
	}
	for _, dressed := range []string{"Footnote, who introduced italic type?", "who introduced italic type? ty", "hey bot who introduced italic type :)", "12. Who introduced italic type?", "who introduced italic type https://example.org/type"} {
		if r := m.Match(Query{Text: dressed, Names: []string{"Footnote"}}); !r.Sure() || r.Best().ID != "aldus-italic" {
			t.Errorf("%q is %s (%+v)", dressed, r.Outcome, r.Why)
		}
	}
}

// An unanswered question weighs near itself and nowhere else: adding one on another subject
// changes no decision, in any pack here.
func TestUnansweredWeighsNearItself(t *testing.T) {
	packs := packsIn(t, filepath.Join("testdata", "packs"), 3)
	if testing.Short() {
		packs = packs[:2]
	}
	strange := []string{"How do I reset the password of my bank card?", "Which vitamins are in a kiwi?"}
	for _, p := range packs {
		before, err := New(context.Background(), p.base, Options{Encoder: "off"})
		if err != nil {
			t.Fatal(err)
		}
		with := &knowledge.Base{}
		for i, k := range p.base.Packs {
			q := *k
			if i == 0 {
				q.Unanswered = append(slices.Clone(k.Unanswered), strange...)
			}
			with.Packs = append(with.Packs, &q)
		}
		after, err := New(context.Background(), with, Options{Encoder: "off"})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range p.asked {
			if a.class() != classIn {
				continue
			}
			x, y := before.Match(Query{Text: a.text}), after.Match(Query{Text: a.text})
			if x.Sure() && !y.Sure() {
				t.Errorf("%s: %q was answered surely and is %s after unanswered questions on other subjects", p.name, a.text, y.Outcome)
			}
		}
	}
}

// The doubts by meaning obey the same.
func TestDoubtsAreNear(t *testing.T) {
	m := fullPress(t)
	mean := m.meaning.Load()
	if len(mean.doubts.weights) == 0 {
		t.Fatal("the pack has unanswered questions and no doubts")
	}
	for q := range pressAnswerable {
		u := m.ix.understand(q)
		question, _ := m.reading(&u, nothingExcluded)
		_, s := m.ix.candidates(question, mean, nothingExcluded)
		if nearest := float64(slices.Max(s.cosine)); s.doubt != 0 && nearest-s.unanswered >= unansweredBound {
			t.Errorf("%q is doubted %f, with its nearest phrasing at %.2f and unanswered question at %.2f", q, s.doubt, nearest, s.unanswered)
		}
	}
}

// A small decision is learned again, from two packs and by words alone, and tells their
// questions from near and far ones better than chance.
func TestLearnsADecision(t *testing.T) {
	var packs []*material
	for _, p := range packsIn(t, filepath.Join("testdata", "packs"), 3) {
		if p.name == "opera:3" || p.name == "abbey:3" || p.name == "hospital:3" {
			packs = append(packs, p)
		}
	}
	samples := figuresFor(t, packs, false)
	m := fitModels(samples, weigh(samples, packs, func(g string) bool { return g != "hospital" }), false)
	for i, w := range m.sure.weights {
		if s := figureKinds[i].sign; s == helps && w < 0 || s == against && w > 0 {
			t.Errorf("%s weighs %f", figureKinds[i].name, w)
		}
	}
	r := measure(m, caution["normal"], samples, func(s *sample) bool { return packs[s.pack].name == "hospital:3" })
	if r.first < .7 || r.nearArea < .6 || r.farArea < .8 {
		t.Errorf("on a pack that it was not learned from: %s", r)
	}
}

// What the minimiser finds is a minimum among what the signs allow.
func TestProjected(t *testing.T) {
	at := []float64{2, -3, .5}
	objective := func(b, grad []float64) float64 {
		loss := 0.0
		for i := range b {
			d := b[i] - at[i]
			loss += d * d
			grad[i] = 2 * d
		}
		return loss
	}
	b := projected(make([]float64, 3), []sign{helps, helps, free}, make([]float64, 3), objective)
	for i, want := range []float64{2, 0, .5} {
		if d := b[i] - want; d > 1e-3 || d < -1e-3 {
			t.Errorf("%v, want 2, 0, .5", b)
		}
	}
}

// Vectors are kept by text; damaged records, other encoders' files and what is no file are
// passed over, and what was made before a stop is not made again.
func TestVectorsAreKept(t *testing.T) {
	dir := t.TempDir()
	s := openVectors(dir)
	rng := rand.New(rand.NewPCG(1, 2))
	texts := []string{"one", "two", "three"}
	var records [][]byte
	for _, text := range texts {
		v := make([]float32, dims)
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		unit(v)
		r := record(keyOf(text), v)
		w := newTable(1)
		w.put(0, r[keySize+4:][:dims])
		if c := dense(v, w.row(0)); c < .999 {
			t.Errorf("rounding leaves a cosine of %f", c)
		}
		records = append(records, r)
	}
	s.append(records[:2])
	s.append(records[2:])
	if n := len(openVectors(dir).missing(texts)); n != 0 {
		t.Errorf("%d of 3 are lost", n)
	}
	path := filepath.Join(dir, vectorsFile)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		damaged := slices.Clone(data)
		damaged[rng.IntN(len(damaged))] ^= 1 << rng.IntN(8)
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			damaged := openVectors(dir)
			damaged.missing(texts)
			if r, ok := damaged.records[keyOf(text)]; ok && !slices.Equal(r, records[i]) {
				t.Fatal("a damaged vector was taken")
			}
		}
	}
	if err := os.WriteFile(path, data[:len(data)-recordSize/2], 0o644); err != nil {
		t.Fatal(err)
	}
	cut := openVectors(dir)
	if n := len(cut.missing(texts)); n != 1 {
		t.Errorf("of a file that was cut off %d are lost, want the last", n)
	}
	cut.append(records[2:])
	if n := len(openVectors(dir).missing(texts)); n != 0 {
		t.Errorf("after a cut-off file %d of 3 are lost", n)
	}
	// Two processes that begin a file at once both write a head.
	half := headSize + recordSize
	if err := os.WriteFile(path, slices.Concat(data[:half], data[:headSize], data[half:]), 0o644); err != nil {
		t.Fatal(err)
	}
	if n := len(openVectors(dir).missing(texts)); n != 0 {
		t.Errorf("after a second head %d of 3 are lost", n)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if n := len(openVectors(dir).missing(texts)); n != 3 {
		t.Error("a folder was read as vectors")
	}
	openVectors(dir).append(records) // nothing to write to: no harm
}

// What ships is of the embedded packs and of this decision.
func TestShipped(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if !Shipped(base) {
		t.Error("what ships was learned of other packs, another encoder or another decision; run go run ./answers/tools/ship")
	}
}

// Learning can be cancelled, and the matcher answers by its words meanwhile.
func TestLearnIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m, err := New(ctx, pressBase(3), Options{Patience: -1})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := m.Learn(ctx); err == nil || m.Learned() {
		t.Error("learning goes on after it was cancelled")
	}
	if r := m.Match(Query{Text: "How many copies of the Gutenberg Bible were made?"}); r.Why.Encoder || r.Best() == nil {
		t.Errorf("until it has learned it says %s", r.Outcome)
	}
	if err := m.Learn(context.Background()); err != nil || !m.Learned() {
		t.Errorf("learning again: %v", err)
	}
}
