package answers

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/knowledge"
)

// Benchmarks of the embedded pack on the questions of its own eval.yaml, one at
// a time, as people ask them:
//
//	go test ./answers -run '^$' -bench . -cpu 1

// embeddedBase is the embedded pack with the questions of its eval.yaml.
func embeddedBase(tb testing.TB) (*knowledge.Base, []string) {
	tb.Helper()
	base, err := knowledge.Embedded()
	if err != nil {
		tb.Fatal(err)
	}
	var all []string
	for _, p := range base.Packs {
		for _, c := range p.Eval.Find {
			all = append(all, c.Question)
		}
		for _, c := range p.Eval.Decline {
			if len(c.Question) < 4096 && strings.TrimSpace(c.Question) != "" { // nobody can send the others
				all = append(all, c.Question)
			}
		}
	}
	if len(all) == 0 {
		tb.Fatal("the pack has no eval.yaml")
	}
	return base, all
}

// A timer collects how long things took.
type timer []time.Duration

func (t *timer) measure(do func()) {
	began := time.Now()
	do()
	*t = append(*t, time.Since(began))
}

// report gives the median and the 99th percentile.
func (t timer) report(b *testing.B) {
	slices.Sort(t)
	at := func(q float64) float64 { return float64(t[int(q*float64(len(t)-1))].Nanoseconds()) / 1e3 }
	b.ReportMetric(at(.5), "p50-µs")
	b.ReportMetric(at(.99), "p99-µs")
}

// benchQuestions measures m on questions, in turn.
func benchQuestions(b *testing.B, m *Matcher, questions []string) {
	b.Helper()
	var took timer
	encoded, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		took.measure(func() {
			if m.Match(Query{Text: questions[i%len(questions)]}).Why.Encoder {
				encoded++
			}
		})
		i++
	}
	took.report(b)
	b.ReportMetric(100*float64(encoded)/float64(i), "%encoded")
}

// BenchmarkCheap is a question without the encoder.
func BenchmarkCheap(b *testing.B) {
	base, questions := embeddedBase(b)
	m, err := New(b.Context(), base, Options{Encoder: "off"})
	if err != nil {
		b.Fatal(err)
	}
	benchQuestions(b, m, questions)
}

// embeddedMatcher has learned the embedded pack, which takes some seconds where what
// ships is not of the pack.
var embeddedMatcher = sync.OnceValues(func() (*Matcher, error) {
	base, err := knowledge.Embedded()
	if err != nil {
		return nil, err
	}
	return learnedMatcher(base)
})

// BenchmarkMatch is a question as the program answers it.
func BenchmarkMatch(b *testing.B) {
	m, err := embeddedMatcher()
	if err != nil {
		b.Fatal(err)
	}
	_, questions := embeddedBase(b)
	benchQuestions(b, m, questions)
}

// BenchmarkEncoded is a question for which the encoder runs: one that is no phrasing.
func BenchmarkEncoded(b *testing.B) {
	m, err := embeddedMatcher()
	if err != nil {
		b.Fatal(err)
	}
	_, questions := embeddedBase(b)
	benchQuestions(b, m, slices.DeleteFunc(questions, func(q string) bool { return !m.Match(Query{Text: q}).Why.Encoder }))
}

// BenchmarkStart is what happens between the start of the program and its first
// answer, but for what is decoded once a process (word list and encoder). Of a pack that
// does not ship, the first answer is one by words.
func BenchmarkStart(b *testing.B) {
	if _, err := embeddedMatcher(); err != nil {
		b.Fatal(err)
	}
	ready := 0.0
	b.ReportAllocs()
	var took timer
	for b.Loop() {
		took.measure(func() {
			base, err := knowledge.Embedded()
			if err != nil {
				b.Fatal(err)
			}
			m, err := New(b.Context(), base, Options{Patience: 500})
			if err != nil {
				b.Fatal(err)
			}
			if r := m.Match(Query{Text: base.Facts()[0].Questions[0].Text}); r.Outcome != Answered {
				b.Fatalf("the first answer: %+v", r)
			}
			if m.Learned() {
				ready = 1
			}
		})
	}
	took.report(b)
	b.ReportMetric(ready, "learned")
}

// BenchmarkIndex is the embedded pack's matcher, loaded and indexed without the
// encoder.
func BenchmarkIndex(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		base, err := knowledge.Embedded()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := New(b.Context(), base, Options{Encoder: "off"}); err != nil {
			b.Fatal(err)
		}
	}
}
