package answers

import (
	"cmp"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestLeaveOneOutWhole measures the whole matcher, with what a pack moves and what is plainly
// contradicted, on each pack when the decision was learned from the others:
//
//	go test ./answers -run TestLeaveOneOutWhole -learn -timeout 60m -v
func TestLeaveOneOutWhole(t *testing.T) {
	if !*learnFlag {
		t.Skip("takes minutes: -learn")
	}
	packs := allMaterial(t)
	samples := figuresFor(t, packs, true)
	store := openVectors(cmp.Or(os.Getenv("FOOTNOTE_LEARN_CACHE"), t.TempDir()))
	shipped := learned.answers.meaning
	defer func() { learned.answers.meaning = shipped }()
	left := map[string]*models{}
	sums := map[string]*wholeShares{}
	var order []string
	for _, p := range packs {
		cut := p.name[strings.LastIndex(p.name, ":")+1:]
		switch {
		case cut == p.name && p.group == "embedded":
			continue
		case cut == p.name:
			cut = "SQuAD"
		case p.group == "embedded":
			cut = p.name
		}
		if left[p.group] == nil {
			left[p.group] = fitModels(samples, weigh(samples, packs, func(g string) bool { return g != p.group }), true)
		}
		learned.answers.meaning = *left[p.group]
		m, err := New(context.Background(), p.base, Options{Patience: -1})
		if err != nil {
			t.Fatal(err)
		}
		m.store = store
		if err := m.Learn(context.Background()); err != nil {
			t.Fatal(err)
		}
		one := m.ask(p.asked)
		t.Logf("%-24s %s", p.name, one)
		if sums[cut] == nil {
			sums[cut], order = &wholeShares{}, append(order, cut)
		}
		sums[cut].add(one)
	}
	for _, cut := range order {
		t.Logf("%-24s %s", cut, sums[cut].mean())
	}
}

// wholeShares are what a matcher did with questions, in shares: of one pack, or summed over n packs.
type wholeShares struct {
	measured
	n float64
}

func (w *wholeShares) add(x *wholeShares) {
	a, b := w.shares(), x.shares()
	for i := range a {
		*a[i] += *b[i]
	}
	w.n += x.n
}

func (w *wholeShares) mean() *wholeShares {
	for _, x := range w.shares() {
		*x /= w.n
	}
	w.n = 1
	return w
}

func (w *wholeShares) shares() []*float64 {
	return []*float64{&w.first, &w.sure, &w.wrong, &w.said, &w.helped, &w.nearSure, &w.nearShown, &w.farSure, &w.farShown, &w.nearArea, &w.farArea, &w.rightAtNear10, &w.rightAtNear15}
}

// ask puts all questions to the matcher but those that are phrasings or unanswered questions
// as if they were not there.
func (m *Matcher) ask(questions []asked) *wholeShares {
	w := &wholeShares{n: 1}
	var n [classes]float64
	var in, near, far []float64
	for i := range questions {
		a := &questions[i]
		if a.cut != nothingExcluded {
			continue
		}
		r := m.Match(Query{Text: a.text})
		class, shown := a.class(), r.Outcome != Declined || len(r.Offered) > 0
		if a.kind == "mild" { // its fact is left out, and another that holds the answer may be said
			class = classFar
		}
		n[class]++
		right := len(r.Candidates) > 0 && slices.Contains(a.want, r.Candidates[0].Fact.ID)
		offered := slices.ContainsFunc(r.Offered, func(c Candidate) bool { return slices.Contains(a.want, c.Fact.ID) })
		count := func(x *float64, yes bool) {
			if yes {
				*x++
			}
		}
		switch class {
		case classIn:
			count(&w.first, right)
			count(&w.sure, right && r.Sure())
			count(&w.wrong, !right && r.Sure())
			count(&w.said, right && r.Outcome == Answered)
			count(&w.helped, right && r.Outcome == Answered || offered)
			if in = append(in, r.Why.Confidence); !right {
				in[len(in)-1] = -1
			}
		case classNear:
			count(&w.nearSure, r.Sure())
			count(&w.nearShown, shown)
			near = append(near, r.Why.Confidence)
		case classFar:
			count(&w.farSure, r.Sure() && !right)
			count(&w.farShown, shown && !right)
			far = append(far, r.Why.Confidence)
		}
	}
	for class, shares := range [classes][]*float64{{&w.first, &w.sure, &w.wrong, &w.said, &w.helped}, {&w.nearSure, &w.nearShown}, {&w.farSure, &w.farShown}} {
		for _, x := range shares {
			*x /= max(n[class], 1)
		}
	}
	w.nearArea, w.farArea = area(in, near), area(in, far)
	w.rightAtNear10, w.rightAtNear15 = rightAt(in, near, .10), rightAt(in, near, .15)
	return w
}
