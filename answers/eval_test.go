package answers_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"footnote/answers"
	"footnote/knowledge"
)

// Floors on the embedded pack's own eval.yaml, a little below what was measured
// (see MATCHING.md), so that a change that costs more than a few questions is
// noticed. go test -run EvalOfEmbedded -v names every miss.
const (
	floorRight     = 0.91 // of what a fact answers: surely answered with it
	ceilingWrong   = 0.02 // answered with another fact
	floorNearMiss  = 0.86 // of near misses: not surely answered
	floorUnrelated = 0.98 // of everything else: not surely answered
)

// embedded is the embedded pack's matcher. It fails where the pack's model does
// not ship, since learning takes long.
var embeddedMatcher = sync.OnceValues(func() (*answers.Matcher, error) {
	base, err := knowledge.Embedded()
	if err != nil {
		return nil, err
	}
	return answers.New(context.Background(), base, answers.Options{})
})

func embedded(t testing.TB) *answers.Matcher {
	t.Helper()
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if !answers.Shipped(base) {
		t.Fatal("no model of the embedded packs as they are ships: run go run ./answers/tools/ship")
	}
	m, err := embeddedMatcher()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEvalOfEmbeddedPack(t *testing.T) {
	m := embedded(t)
	type count struct{ asked, good, wrong, choices int }
	var find, near, rest count
	encoded := 0
	for _, p := range m.Base().Packs {
		for _, c := range p.Eval.Find {
			r := m.Match(answers.Query{Text: c.Question})
			find.asked++
			if r.Why.Encoder {
				encoded++
			}
			switch f := r.Best(); {
			case r.Sure() && slices.Contains(c.Facts, f.ID):
				find.good++
				continue
			case r.Sure():
				find.wrong++
			case r.Outcome == answers.Choices:
				find.choices++
			}
			t.Logf("%s:%d: %q must find %v: %s, first %s (%s)", c.Place.File, c.Place.Line, c.Question, c.Facts, r.Outcome, first(r), r.Why.Reason)
		}
		for _, c := range p.Eval.Decline {
			r := m.Match(answers.Query{Text: c.Question})
			n := &rest
			if c.Kind == knowledge.NearMiss {
				n = &near
			}
			n.asked++
			if r.Why.Encoder {
				encoded++
			}
			if !r.Sure() {
				n.good++
				continue
			}
			t.Logf("%s:%d: %q must not be surely answered (%s): %s, first %s (%.2f)", c.Place.File, c.Place.Line, c.Question, c.Kind, r.Outcome, first(r), r.Why.Confidence)
		}
	}
	share := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	t.Logf("right %d of %d, wrong %d, choices %d; near misses not surely answered %d of %d, others %d of %d; the encoder ran for %.0f %%",
		find.good, find.asked, find.wrong, find.choices, near.good, near.asked, rest.good, rest.asked, 100*share(encoded, find.asked+near.asked+rest.asked))
	if find.asked < 150 || near.asked < 200 || rest.asked < 100 {
		t.Errorf("eval.yaml asks %d, %d and %d questions", find.asked, near.asked, rest.asked)
	}
	if s := share(find.good, find.asked); s < floorRight {
		t.Errorf("%.1f %% are right, the floor is %.0f %%", 100*s, 100*floorRight)
	}
	if s := share(find.wrong, find.asked); s > ceilingWrong {
		t.Errorf("%.1f %% are wrong, the most is %.0f %%", 100*s, 100*ceilingWrong)
	}
	if s := share(near.good, near.asked); s < floorNearMiss {
		t.Errorf("%.1f %% of near misses are not surely answered, the floor is %.0f %%", 100*s, 100*floorNearMiss)
	}
	if s := share(rest.good, rest.asked); s < floorUnrelated {
		t.Errorf("%.1f %% of the rest are not surely answered, the floor is %.0f %%", 100*s, 100*floorUnrelated)
	}
}

func first(r answers.Result) string {
	if len(r.Candidates) == 0 {
		return "none"
	}
	return r.Candidates[0].Fact.ID
}

// None of the questions that the pack is judged by is one it was made of.
func TestEvalIsUnseen(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for _, p := range base.Packs {
		for _, f := range p.Facts {
			for _, q := range f.Questions {
				known[q.Text] = f.ID
			}
		}
		for _, q := range p.Unanswered {
			known[q] = "unanswered.yaml"
		}
		for _, c := range p.Eval.Find {
			if where, ok := known[c.Question]; ok {
				t.Errorf("%q is in eval.yaml and in %s", c.Question, where)
			}
		}
		for _, c := range p.Eval.Decline {
			if where, ok := known[c.Question]; ok {
				t.Errorf("%q is in eval.yaml and in %s", c.Question, where)
			}
		}
	}
}
