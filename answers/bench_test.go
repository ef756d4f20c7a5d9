package answers_test

import (
	"slices"
	"testing"
	"time"

	"footnote/answers"
	"footnote/knowledge"
)

// Benchmarks of the embedded pack on the questions of its own eval.yaml, one at
// a time, as people ask them:
//
//	go test ./answers -run '^$' -bench . -cpu 1

func evalQuestions(b *testing.B, base *knowledge.Base) []string {
	b.Helper()
	var all []string
	for _, p := range base.Packs {
		for _, c := range p.Eval.Find {
			all = append(all, c.Question)
		}
		for _, c := range p.Eval.Decline {
			all = append(all, c.Question)
		}
	}
	if len(all) == 0 {
		b.Fatal("the pack has no eval.yaml")
	}
	return all
}

// benchQuestions measures m on questions, in turn, with percentiles.
func benchQuestions(b *testing.B, m *answers.Matcher, questions []string) {
	b.Helper()
	took := make([]time.Duration, 0, b.N)
	encoded, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		r := m.Match(answers.Query{Text: questions[i%len(questions)]})
		took = append(took, time.Since(began))
		if r.Why.Encoder {
			encoded++
		}
		i++
	}
	slices.Sort(took)
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Nanoseconds()) / 1e3 }
	b.ReportMetric(at(.5), "p50-µs")
	b.ReportMetric(at(.99), "p99-µs")
	b.ReportMetric(100*float64(encoded)/float64(len(took)), "%encoded")
}

// BenchmarkCheap is a question without the encoder.
func BenchmarkCheap(b *testing.B) {
	base := embedded(b).Base()
	m, err := answers.New(base, answers.Options{Encoder: "off"})
	if err != nil {
		b.Fatal(err)
	}
	benchQuestions(b, m, evalQuestions(b, base))
}

// BenchmarkMatch is a question as the program answers it.
func BenchmarkMatch(b *testing.B) {
	m := embedded(b)
	benchQuestions(b, m, evalQuestions(b, m.Base()))
}

// BenchmarkEncoded is a question for which the encoder runs.
func BenchmarkEncoded(b *testing.B) {
	m := embedded(b)
	var hard []string
	for _, q := range evalQuestions(b, m.Base()) {
		if m.Match(answers.Query{Text: q}).Why.Encoder {
			hard = append(hard, q)
		}
	}
	benchQuestions(b, m, hard)
}

// BenchmarkStart is what happens between the start of the program and its first
// answer, but for what is decoded once a process (word list and encoder, 15 ms).
func BenchmarkStart(b *testing.B) {
	embedded(b)
	b.ReportAllocs()
	for b.Loop() {
		base, err := knowledge.Embedded()
		if err != nil {
			b.Fatal(err)
		}
		m, err := answers.New(base, answers.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if r := m.Match(answers.Query{Text: base.Facts()[0].Questions[0].Text}); r.Outcome != answers.Answered {
			b.Fatalf("the first answer: %+v", r)
		}
	}
}

// BenchmarkIndex is the embedded pack's matcher, loaded and indexed without the
// encoder.
func BenchmarkIndex(b *testing.B) {
	embedded(b)
	b.ReportAllocs()
	for b.Loop() {
		base, err := knowledge.Embedded()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := answers.New(base, answers.Options{Encoder: "off"}); err != nil {
			b.Fatal(err)
		}
	}
}
