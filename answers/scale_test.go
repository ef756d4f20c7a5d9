package answers

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"footnote/answers/lexicon"
	"footnote/knowledge"
)

// generated is a pack of n facts of so many phrasings. Words are drawn from the
// English list by Zipf's law, as texts have them; each fact has a few rarer
// words of its own that its phrasings share, as questions about one thing do.
// The same sizes give the same pack.
func generated(n, phrasings int) *knowledge.Base {
	lex := lexicon.English()
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	const listed, common = 60_000, 300
	zipf := rand.NewZipf(rng, 1.1, 2.7, listed-1)
	word := func(from uint64) string {
		for {
			if r := zipf.Uint64(); r >= from {
				if w := lex.Word(int(r) + 1); w != "" {
					return w
				}
			}
		}
	}
	openings := []string{"who", "when did", "where was", "what is", "why did", "how many", "which"}
	pack := &knowledge.Pack{ID: "generated", Languages: []string{"en"}}
	for i := range n {
		own := []string{word(common), word(common), word(common)}
		f := &knowledge.Fact{ID: fmt.Sprintf("fact-%06d", i), Pack: pack, Status: knowledge.Established, Answer: knowledge.Text{"en": strings.Join(own, " ")}}
		for range phrasings {
			words := []string{openings[rng.IntN(len(openings))]}
			for _, w := range own {
				if rng.Float64() < 0.85 {
					words = append(words, w)
				}
			}
			for range 1 + rng.IntN(4) {
				words = append(words, word(0))
			}
			f.Questions = append(f.Questions, knowledge.Phrasing{Lang: "en", Text: strings.Join(words, " ")})
		}
		pack.Facts = append(pack.Facts, f)
	}
	return &knowledge.Base{Packs: []*knowledge.Pack{pack}}
}

// generatedQuestions are phrasings with a word exchanged, so that none is one.
func generatedQuestions(base *knowledge.Base, n int) (questions, facts []string) {
	rng := rand.New(rand.NewPCG(8, uint64(n)))
	lex := lexicon.English()
	all := base.Facts()
	for range n {
		f := all[rng.IntN(len(all))]
		words := strings.Fields(f.Questions[rng.IntN(len(f.Questions))].Text)
		words[rng.IntN(len(words))] = lex.Word(1 + rng.IntN(2000))
		questions, facts = append(questions, strings.Join(words, " ")), append(facts, f.ID)
	}
	return questions, facts
}

// learnedMatcher has learned base, in truth.
func learnedMatcher(base *knowledge.Base) (*Matcher, error) {
	return New(context.Background(), base, Options{Patience: math.MaxInt, CacheDir: os.Getenv("FOOTNOTE_LEARN_CACHE")})
}

// learnedAtRandom has vectors of base that mean nothing: what a question costs does not
// depend on what they are, and making true ones of a large base takes a minute.
func learnedAtRandom(tb testing.TB, base *knowledge.Base) *Matcher {
	tb.Helper()
	m, err := New(tb.Context(), base, Options{Patience: -1})
	if err != nil {
		tb.Fatal(err)
	}
	if m.Learned() {
		return m
	}
	rng := rand.New(rand.NewPCG(9, 9))
	t := m.ix.textsOf()
	v := make([]float32, dims)
	for _, text := range m.store.missing(t.all()) {
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		unit(v)
		m.store.records[keyOf(text)] = record(keyOf(text), v)
	}
	if err := m.Learn(tb.Context()); err != nil || !m.Learned() {
		tb.Fatalf("%v", err)
	}
	return m
}

// BenchmarkScale asks packs of several sizes by words and by meaning: the percentiles of
// a question, what the matcher keeps in memory, and how long it takes to make it, the
// vectors not included:
//
//	go test ./answers -run '^$' -bench Scale -benchtime 500x -cpu 1
//
// The largest takes most of a minute and runs only with FOOTNOTE_SCALE=all.
func BenchmarkScale(b *testing.B) {
	type size struct{ facts, phrasings int }
	sizes := []size{{1_159, 1}, {5_000, 3}}
	if os.Getenv("FOOTNOTE_SCALE") == "all" {
		sizes = append(sizes, size{40_000, 3})
	}
	for _, n := range sizes {
		for _, encoder := range []string{"off", "on"} {
			b.Run(fmt.Sprintf("facts=%d/phrasings=%d/encoder=%s", n.facts, n.phrasings, encoder), func(b *testing.B) {
				base := generated(n.facts, n.phrasings)
				questions, _ := generatedQuestions(base, 2000)
				before := heapInUse()
				began := time.Now()
				var m *Matcher
				if encoder == "on" {
					m = learnedAtRandom(b, base)
				} else {
					var err error
					if m, err = New(b.Context(), base, Options{Encoder: "off"}); err != nil {
						b.Fatal(err)
					}
				}
				built := time.Since(began)
				kept := heapInUse() - before
				benchQuestions(b, m, questions)
				b.ReportMetric(built.Seconds(), "build-s")
				b.ReportMetric(kept/(1<<20), "MB")
				runtime.KeepAlive(m)
			})
		}
	}
}

func heapInUse() float64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.HeapAlloc)
}

// A generated pack is what it says, and the matcher finds its way in it.
func TestGenerated(t *testing.T) {
	const n = 150
	base := generated(n, 3)
	if facts := base.Facts(); len(facts) != n || len(facts[0].Questions) != 3 || facts[0].Questions[0].Text != generated(n, 3).Facts()[0].Questions[0].Text {
		t.Fatal("the pack is not of the size it should be, or not the same twice")
	}
	count := map[string]int{}
	total := 0
	for _, f := range base.Facts() {
		for _, q := range f.Questions {
			for w := range strings.FieldsSeq(q.Text) {
				count[w]++
				total++
			}
		}
	}
	once := 0
	for _, c := range count {
		if c <= 3 {
			once++
		}
	}
	if share := float64(once) / float64(len(count)); math.IsNaN(share) || share < .5 {
		t.Errorf("%.2f of the %d words are rare: Zipf's law has more", share, len(count))
	}
	m, err := New(t.Context(), base, Options{Encoder: "off"})
	if err != nil {
		t.Fatal(err)
	}
	questions, facts := generatedQuestions(base, 100)
	right := 0
	for i, q := range questions {
		if r := m.Match(Query{Text: q}); len(r.Candidates) > 0 && r.Candidates[0].Fact.ID == facts[i] {
			right++
		}
	}
	if right < 85 {
		t.Errorf("%d of 100 questions find their fact", right)
	}
}
