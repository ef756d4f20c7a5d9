package answers_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/answers"
	"footnote/answers/lexicon"
	"footnote/knowledge"
)

// generated is a pack of n facts of three phrasings. Words are drawn from the
// English list by Zipf's law, as texts have them; each fact has a few rarer
// words of its own that its phrasings share, as questions about one thing do.
// The same n gives the same pack.
func generated(n int) *knowledge.Base {
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
		for range 3 {
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

// BenchmarkScale builds packs of 1k, 10k and 100k facts × 3 phrasings without the
// encoder and asks them: build time, memory that the matcher keeps, and the
// percentiles of a question. The largest takes most of a minute, so it runs
// only with FOOTNOTE_SCALE=all:
//
//	FOOTNOTE_SCALE=all go test ./answers -run '^$' -bench Scale -benchtime 2000x -cpu 1
func BenchmarkScale(b *testing.B) {
	sizes := []int{1_000, 10_000}
	if os.Getenv("FOOTNOTE_SCALE") == "all" {
		sizes = append(sizes, 100_000)
	}
	for _, n := range sizes {
		b.Run(fmt.Sprintf("facts=%d", n), func(b *testing.B) {
			base := generated(n)
			questions, _ := generatedQuestions(base, 2000)
			before := heap()
			began := time.Now()
			m, err := answers.New(base, answers.Options{Encoder: "off"})
			if err != nil {
				b.Fatal(err)
			}
			built := time.Since(began)
			kept := heap() - before
			took := make([]time.Duration, 0, b.N)
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				began := time.Now()
				m.Match(answers.Query{Text: questions[i%len(questions)]})
				took = append(took, time.Since(began))
				i++
			}
			slices.Sort(took)
			at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Nanoseconds()) / 1e3 }
			b.ReportMetric(at(.5), "p50-µs")
			b.ReportMetric(at(.99), "p99-µs")
			b.ReportMetric(built.Seconds(), "build-s")
			b.ReportMetric(float64(kept)/(1<<20), "MB")
			runtime.KeepAlive(m)
		})
	}
}

func heap() float64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.HeapAlloc)
}

// A generated pack is what it says, and the matcher finds its way in it.
func TestGenerated(t *testing.T) {
	const n = 150
	base := generated(n)
	if facts := base.Facts(); len(facts) != n || len(facts[0].Questions) != 3 || facts[0].Questions[0].Text != generated(n).Facts()[0].Questions[0].Text {
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
	m, err := answers.New(base, answers.Options{Encoder: "off"})
	if err != nil {
		t.Fatal(err)
	}
	questions, facts := generatedQuestions(base, 100)
	right := 0
	for i, q := range questions {
		if r := m.Match(answers.Query{Text: q}); len(r.Candidates) > 0 && r.Candidates[0].Fact.ID == facts[i] {
			right++
		}
	}
	if right < 85 {
		t.Errorf("%d of 100 questions find their fact", right)
	}
}
