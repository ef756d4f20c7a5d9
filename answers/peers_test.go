package answers

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"footnote/answers/language"
	"footnote/answers/parse"

	_ "modernc.org/sqlite" // with FTS5, one of the peers
)

// TestPeers ranks and decides beside what anybody could take instead, on packs with three
// phrasings a fact, in one run: the full-text index of SQLite (FTS5: BM25 over phrasings and
// answers, Porter stems) and plain cosines. The matcher's models have not seen the pack that
// they are measured on. The others decide by their own score, at the threshold that is best for
// them in hindsight.
func TestPeers(t *testing.T) {
	if !*learnFlag {
		t.Skip("takes minutes: -learn")
	}
	packs := allMaterial(t)
	samples := figuresFor(t, packs, true)
	left := map[string]*models{}
	peers := []string{"FTS5, BM25", "characters", "bge-small, nearest phrasing", "bge-small, phrasing + answer", "this matcher"}
	scores := make([]compared, len(peers))
	for n, p := range packs {
		if filepath.Ext(p.name) != "" || !strings.HasSuffix(p.name, ":3") || strings.Contains(p.name, "embedded") {
			continue
		}
		if left[p.group] == nil {
			left[p.group] = fitModels(samples, weigh(samples, packs, func(g string) bool { return g != p.group }), true)
		}
		look := fullText(t, p)
		for i := range samples {
			s := &samples[i]
			if s.pack != n {
				continue
			}
			id, score := look(s.asked.text)
			scores[0].add(s, wants(s.asked, id), score)
			for k, f := range []figure{figChars, figCosine, figWhole} {
				best := 0
				for c := range s.v {
					if s.v[c][f] > s.v[best][f] {
						best = c
					}
				}
				scores[k+1].add(s, s.right[best], float64(s.v[best][f]))
			}
			v, right, _ := placed(left[p.group], s)
			sure := sigmoid(left[p.group].sure.at(&v))
			if contradicted(&v) {
				sure *= contradictedShare
			}
			scores[4].add(s, right, sure)
		}
	}
	t.Logf("%-30s %6s %14s %14s %10s", "", "first", "right, near 10", "right, near 15", "AUROC")
	for k, name := range peers {
		t.Logf("%-30s %6.1f %14.1f %14.1f %10.3f", name, 100*scores[k].first/float64(len(scores[k].in)),
			100*rightAt(scores[k].in, scores[k].near, .1), 100*rightAt(scores[k].in, scores[k].near, .15), area(scores[k].in, scores[k].near))
	}
	t.Logf("%d questions that a pack answers, %d near misses", len(scores[0].in), len(scores[0].near))
}

// A compared is what one way to answer did.
type compared struct {
	first    float64
	in, near []float64
}

func (c *compared) add(s *sample, right bool, score float64) {
	switch s.asked.class() {
	case classIn:
		if right {
			c.first++
			c.in = append(c.in, score)
		} else {
			c.in = append(c.in, -1)
		}
	case classNear:
		c.near = append(c.near, score)
	}
}

func wants(a *asked, id string) bool {
	for _, w := range a.want {
		if w == id {
			return true
		}
	}
	return false
}

// fullText puts a pack into a full-text index in memory, a row for each phrasing with its
// answer, and looks questions up by any of their words.
func fullText(tb testing.TB, p *material) func(string) (string, float64) {
	tb.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	tb.Cleanup(func() { _ = db.Close() })
	if _, err := db.Exec(`CREATE VIRTUAL TABLE facts USING fts5(id UNINDEXED, text, tokenize = 'porter unicode61')`); err != nil {
		tb.Fatal(err)
	}
	for _, f := range p.base.Facts() {
		for _, q := range f.Questions {
			if _, err := db.Exec(`INSERT INTO facts VALUES (?, ?)`, f.ID, q.Text+" "+f.Answer.In("en")); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return func(question string) (string, float64) {
		var terms []string
		for _, w := range parse.Text(language.English, question) {
			if w.Kind != parse.Function {
				terms = append(terms, fmt.Sprintf("%q", w.Typed))
			}
		}
		if len(terms) == 0 {
			return "", 0
		}
		var id string
		var score float64
		row := db.QueryRow(`SELECT id, -bm25(facts) FROM facts WHERE facts MATCH ? ORDER BY bm25(facts) LIMIT 1`, strings.Join(terms, " OR "))
		if err := row.Scan(&id, &score); err != nil && err != sql.ErrNoRows {
			tb.Fatal(question, err)
		}
		return id, score
	}
}
