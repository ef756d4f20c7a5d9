// Command compare sets the matcher's cheap path beside a full-text index (bleve)
// and a fuzzy finder (sahilm/fuzzy), on one data set, in one run and one process:
//
//	cd answers/tools/compare && go run . FILE...
//
// Each learns the split "train" and is asked the split "val", one question at a
// time. Accuracy is that of the first hit, as none of the others can decline.
// The module is its own, so that the product requires no search engine.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"footnote/answers"
	"footnote/answers/bench"
	"footnote/knowledge"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/en" // registers the English analyser
	"github.com/sahilm/fuzzy"
)

func main() {
	most := flag.Int("questions", 1000, "ask at most `N` questions, spread over the set")
	full := flag.Bool("encoder", false, "also show the matcher with its encoder")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "compare: name one data set or more: files of JSON lines with id, text and split")
		os.Exit(2)
	}
	for _, file := range flag.Args() {
		if err := compare(os.Stdout, file, *most, *full); err != nil {
			fmt.Fprintln(os.Stderr, "compare:", err)
			os.Exit(1)
		}
	}
}

// An engine answers a question with a label.
type engine interface{ ask(question string) string }

func compare(w io.Writer, file string, most int, full bool) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	set, err := bench.Read(f, 0, 1)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	questions := set.In
	if every := len(questions) / most; every > 1 {
		var some []bench.Question
		for i := 0; i < len(questions); i += every {
			some = append(some, questions[i])
		}
		questions = some
	}
	typos := bench.Typos(questions, 1)
	phrasings := 0
	for _, f := range set.Base.Facts() {
		phrasings += len(f.Questions)
	}
	fmt.Fprintf(w, "%s: %d facts, %d phrasings, %d questions\n", strings.TrimSuffix(filepath.Base(file), ".jsonl"), len(set.Base.Facts()), phrasings, len(questions))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "engine\taccuracy\twith typos\tbuild\tp50\tp99\tmemory\t\n")
	type contender struct {
		name string
		open func(*knowledge.Base) (engine, error)
	}
	all := []contender{{"Footnote, cheap path", openMatcher("off")}, {"bleve v2, match", openBleve(0)}, {"bleve v2, fuzziness 1", openBleve(1)}, {"sahilm/fuzzy alone", openFuzzy}}
	if full {
		all = slices.Insert(all, 1, contender{"Footnote, encoder", openMatcher("on")})
	}
	for _, c := range all {
		before := heap()
		began := time.Now()
		e, err := c.open(set.Base)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		built := time.Since(began)
		kept := max(0, heap()-before)
		right, took := score(e, questions)
		rightTypos, _ := score(e, typos)
		slices.Sort(took)
		at := func(q float64) time.Duration { return took[int(q*float64(len(took)-1))] }
		n := float64(len(questions))
		fmt.Fprintf(table, "%s\t%.1f %%\t%.1f %%\t%.2f s\t%d µs\t%d µs\t%.0f MB\t\n", c.name, 100*float64(right)/n, 100*float64(rightTypos)/n,
			built.Seconds(), at(.5).Microseconds(), at(.99).Microseconds(), kept/(1<<20))
		runtime.KeepAlive(e)
	}
	return table.Flush()
}

func score(e engine, questions []bench.Question) (right int, took []time.Duration) {
	for _, q := range questions {
		began := time.Now()
		got := e.ask(q.Text)
		took = append(took, time.Since(began))
		if got == q.Label {
			right++
		}
	}
	return right, took
}

func heap() float64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.HeapAlloc)
}

type matcher struct{ m *answers.Matcher }

func openMatcher(encoder string) func(*knowledge.Base) (engine, error) {
	return func(b *knowledge.Base) (engine, error) {
		m, err := answers.New(context.Background(), b, answers.Options{Encoder: encoder})
		return matcher{m}, err
	}
}

func (m matcher) ask(question string) string {
	if r := m.m.Match(answers.Query{Text: question}); len(r.Candidates) > 0 {
		return r.Candidates[0].Fact.ID
	}
	return ""
}

// full-text search: BM25 over the phrasings, each a document, in memory.
type index struct {
	bleve.Index
	fuzziness int
}

func openBleve(fuzziness int) func(*knowledge.Base) (engine, error) {
	return func(b *knowledge.Base) (engine, error) {
		m := bleve.NewIndexMapping()
		m.DefaultAnalyzer = "en"
		ix, err := bleve.NewMemOnly(m)
		if err != nil {
			return nil, err
		}
		batch := ix.NewBatch()
		for _, f := range b.Facts() {
			for i, q := range f.Questions {
				if err := batch.Index(fmt.Sprintf("%s\x00%d", f.ID, i), map[string]string{"text": q.Text}); err != nil {
					return nil, err
				}
			}
		}
		return index{ix, fuzziness}, ix.Batch(batch)
	}
}

func (x index) ask(question string) string {
	q := bleve.NewMatchQuery(question)
	q.SetField("text")
	q.SetFuzziness(x.fuzziness)
	r, err := x.Search(bleve.NewSearchRequestOptions(q, 1, 0, false))
	if err != nil || len(r.Hits) == 0 {
		return ""
	}
	label, _, _ := strings.Cut(r.Hits[0].ID, "\x00")
	return label
}

// finder is sahilm/fuzzy over the phrasings, asked the whole question.
type finder struct{ texts, labels []string }

func openFuzzy(b *knowledge.Base) (engine, error) {
	var x finder
	for _, f := range b.Facts() {
		for _, q := range f.Questions {
			x.texts, x.labels = append(x.texts, q.Text), append(x.labels, f.ID)
		}
	}
	return x, nil
}

func (x finder) ask(question string) string {
	m := fuzzy.Find(question, x.texts)
	if len(m) == 0 {
		return ""
	}
	return x.labels[m[0].Index]
}
