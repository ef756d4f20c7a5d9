package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"

	"footnote/answers"
	"footnote/knowledge"
	"footnote/knowledge/strictyaml"
)

// What a pack will do for people who never saw it can be told from the pack alone:
// each phrasing is held out in turn, so that it becomes a question that somebody
// asks in words the pack does not have, and must find its fact by the others.

// A heldOut asks phrasing i of f of a base as if the base did not have that phrasing.
type heldOut func(f *knowledge.Fact, i int) answers.Result

// heldOutOf asks m.
func heldOutOf(m *answers.Matcher) heldOut {
	return func(f *knowledge.Fact, i int) answers.Result {
		return m.MatchWithout(answers.Query{Text: f.Questions[i].Text, Lang: f.Questions[i].Lang}, f, i)
	}
}

// withoutUnanswered is base without the questions of unanswered.yaml that drop
// chooses by their text. Its facts are those of base.
func withoutUnanswered(base *knowledge.Base, drop func(question string) bool) *knowledge.Base {
	out := &knowledge.Base{}
	for _, p := range base.Packs {
		pack := *p
		pack.Unanswered = slices.DeleteFunc(slices.Clone(p.Unanswered), drop)
		out.Packs = append(out.Packs, &pack)
	}
	return out
}

// all chooses every question.
func all(string) bool { return true }

// canBeHeldOut reports whether another phrasing in the same language is left.
func canBeHeldOut(f *knowledge.Fact, i int) bool {
	for j, q := range f.Questions {
		if j != i && q.Lang == f.Questions[i].Lang {
			return true
		}
	}
	return false
}

// A phrasingFound is what became of one phrasing that was held out.
type phrasingFound struct {
	fact    *knowledge.Fact
	i       int
	found   bool   // its fact was answered, surely
	offered bool   // its fact was answered or among what is offered
	instead string // the id of another fact that was surely answered, or came first of what is offered
}

func (x *phrasingFound) text() string { return x.fact.Questions[x.i].Text }

func judged(f *knowledge.Fact, i int, r answers.Result) phrasingFound {
	x := phrasingFound{fact: f, i: i}
	best := r.Best()
	is := best != nil && best.ID == f.ID
	x.found = is && r.Sure()
	x.offered = is || slices.ContainsFunc(r.Offered, func(c answers.Candidate) bool { return c.Fact.ID == f.ID })
	switch {
	case best != nil && !is:
		x.instead = best.ID
	case !x.offered && len(r.Offered) > 0:
		x.instead = r.Offered[0].Fact.ID
	}
	return x
}

// A heldOutReport is what holding out every phrasing shows.
type heldOutReport struct {
	Asked      int              `json:"asked"`   // phrasings that were held out
	Found      int              `json:"found"`   // of these, how many found their fact, surely
	Offered    int              `json:"offered"` // of these, how many found it or had it offered
	Only       int              `json:"only"`    // phrasings that are the only one of their fact and language
	Facts      []factFound      `json:"facts"`   // those that were missed, the worst first
	Unanswered []unansweredCost `json:"unanswered"`
}

// A factFound is a fact that some of its phrasings did not find.
type factFound struct {
	Fact    string   `json:"fact"`
	Place   string   `json:"place"`
	Asked   int      `json:"asked"`
	Found   int      `json:"found"`
	Offered int      `json:"offered"`
	Missed  []missed `json:"missed"`
	Instead []string `json:"instead"` // ids of the facts that came in its place, most often first
	Advice  string   `json:"advice"`
}

// A missed phrasing did not find its fact when it was held out.
type missed struct {
	Phrasing string `json:"phrasing"`
	Instead  string `json:"instead"` // the id of the fact that came in its place, or empty
}

// An unansweredCost is a question of unanswered.yaml on whose account phrasings
// are missed.
type unansweredCost struct {
	Place    string          `json:"place"`
	Question string          `json:"question"` // empty where only the file as a whole costs them
	Costs    []costsPhrasing `json:"costs"`
}

type costsPhrasing struct {
	Fact     string `json:"fact"`
	Phrasing string `json:"phrasing"`
}

// examineHeldOut holds out every phrasing of base that can be. open asks a part of
// base, to see what unanswered.yaml costs.
func examineHeldOut(ctx context.Context, base *knowledge.Base, x heldOut, open func(*knowledge.Base) (heldOut, error)) (heldOutReport, error) {
	r := heldOutReport{Facts: []factFound{}, Unanswered: []unansweredCost{}}
	var asked []phrasingFound
	for _, f := range base.Facts() {
		for i := range f.Questions {
			if canBeHeldOut(f, i) {
				asked = append(asked, phrasingFound{fact: f, i: i})
			} else {
				r.Only++
			}
		}
	}
	if err := askHeldOut(ctx, x, asked); err != nil {
		return r, err
	}
	r.Asked = len(asked)
	for _, p := range asked {
		if p.found {
			r.Found++
		}
		if p.offered {
			r.Offered++
		}
	}
	r.facts(asked)
	var err error
	r.Unanswered, err = costsOfUnanswered(ctx, base, asked, open)
	return r, err
}

// askHeldOut fills in what became of each phrasing, on all processors.
func askHeldOut(ctx context.Context, x heldOut, all []phrasingFound) error {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(all) && ctx.Err() == nil; i += workers {
				all[i] = judged(all[i].fact, all[i].i, x(all[i].fact, all[i].i))
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// facts gathers the facts that were missed, the worst first.
func (r *heldOutReport) facts(all []phrasingFound) {
	instead := map[string]map[string]int{} // by fact
	at := map[string]int{}
	for _, p := range all {
		id := p.fact.ID
		if _, known := at[id]; !known {
			at[id] = len(r.Facts)
			r.Facts = append(r.Facts, factFound{Fact: id, Place: placed(p.fact.Place), Missed: []missed{}, Instead: []string{}})
			instead[id] = map[string]int{}
		}
		f := &r.Facts[at[id]]
		f.Asked++
		if p.offered {
			f.Offered++
		}
		if p.found {
			f.Found++
			continue
		}
		f.Missed = append(f.Missed, missed{p.text(), p.instead})
		if p.instead != "" {
			instead[id][p.instead]++
		}
	}
	for i := range r.Facts {
		f := &r.Facts[i]
		for id := range instead[f.Fact] {
			f.Instead = append(f.Instead, id)
		}
		slices.SortFunc(f.Instead, func(a, b string) int {
			return cmp.Or(cmp.Compare(instead[f.Fact][b], instead[f.Fact][a]), cmp.Compare(a, b))
		})
		f.Advice = adviceFor(f, instead)
	}
	r.Facts = slices.DeleteFunc(r.Facts, func(f factFound) bool { return f.Found == f.Asked })
	share := func(n, of int) float64 { return float64(n) / float64(of) }
	slices.SortStableFunc(r.Facts, func(a, b factFound) int {
		return cmp.Or(cmp.Compare(share(a.Found, a.Asked), share(b.Found, b.Asked)),
			cmp.Compare(share(a.Offered, a.Asked), share(b.Offered, b.Asked)), cmp.Compare(b.Asked, a.Asked))
	})
}

// collide is how many phrasings of two facts must find the other one for the two
// to be called alike: a single one may be a badly worded question.
const collide = 3

// adviceFor says what to do for a fact that was missed.
func adviceFor(f *factFound, instead map[string]map[string]int) string {
	if len(f.Instead) > 0 {
		other := f.Instead[0]
		n := instead[f.Fact][other]
		if n+instead[other][f.Fact] >= collide && instead[other][f.Fact] > 0 {
			return "this fact and " + other + " are taken for each other: put into the questions of each what sets it apart (a name, a place, a year), or make one fact of the two"
		}
		if n > 1 || n == f.Asked {
			return other + " comes in its place: put into the questions of this fact what sets it apart (a name, a place, a year)"
		}
	}
	if f.Asked < knowledge.GoodPhrasings {
		return fmt.Sprintf("it has %d ways of asking: give it %d, in other words than these", f.Asked, knowledge.GoodPhrasings)
	}
	if f.Offered == f.Asked {
		return "one or two more ways of asking, near those that were missed, would do"
	}
	return "its ways of asking have few words in common: for each that was missed, give another with the same words"
}

// maxSuspects is how many questions of unanswered.yaml are tried for one phrasing, those
// with most words in common with it first. A round tries one for every phrasing at once,
// since each round is a base to learn; what large ones learn from unanswered.yaml takes
// seconds, so that for more phrasings and questions than severalRounds there is one round.
const (
	maxSuspects   = 3
	severalRounds = 1500
)

// costsOfUnanswered names the questions of unanswered.yaml without which phrasings
// are found that are missed with them.
func costsOfUnanswered(ctx context.Context, base *knowledge.Base, asked []phrasingFound, open func(*knowledge.Base) (heldOut, error)) ([]unansweredCost, error) {
	costs := []unansweredCost{}
	type question struct {
		text string
		at   knowledge.Place
	}
	var questions []question
	for _, p := range base.Packs {
		for i, q := range p.Unanswered {
			questions = append(questions, question{q, p.UnansweredAt(i)})
		}
	}
	var unfound []phrasingFound
	for _, p := range asked {
		if !p.found {
			unfound = append(unfound, p)
		}
	}
	if len(questions) == 0 || len(unfound) == 0 {
		return costs, nil
	}
	found := func(drop func(string) bool, of []phrasingFound) ([]phrasingFound, error) {
		x, err := open(withoutUnanswered(base, drop))
		if err != nil {
			return nil, err
		}
		again := slices.Clone(of)
		if err := askHeldOut(ctx, x, again); err != nil {
			return nil, err
		}
		return again, nil
	}
	missed := func(p phrasingFound) bool { return !p.found }
	rest, err := found(all, unfound)
	if rest = slices.DeleteFunc(rest, missed); err != nil || len(rest) == 0 {
		return costs, err
	}
	words := make([]map[string]bool, len(questions))
	for i, q := range questions {
		words[i] = wordsOf(q.text)
	}
	rounds := min(maxSuspects, len(questions))
	if phrasings(base)+len(questions) > severalRounds {
		rounds = 1
	}
	of := make([][]costsPhrasing, len(questions))
	for round := 0; round < rounds && len(rest) > 0; round++ {
		drop := map[string]bool{}
		suspect := make([]int, len(rest))
		for k, p := range rest {
			suspect[k] = suspects(p.text(), words)[round]
			drop[questions[suspect[k]].text] = true
		}
		again, err := found(func(q string) bool { return drop[q] }, rest)
		if err != nil {
			return costs, err
		}
		for k, p := range again {
			if p.found {
				of[suspect[k]] = append(of[suspect[k]], costsPhrasing{p.fact.ID, p.text()})
			}
		}
		rest = slices.DeleteFunc(again, func(p phrasingFound) bool { return p.found })
	}
	for i, q := range questions {
		if len(of[i]) > 0 {
			costs = append(costs, unansweredCost{Place: placed(q.at), Question: q.text, Costs: of[i]})
		}
	}
	slices.SortStableFunc(costs, func(a, b unansweredCost) int { return cmp.Compare(len(b.Costs), len(a.Costs)) })
	if len(rest) > 0 {
		together := unansweredCost{Place: placed(questions[0].at)}
		for _, p := range rest {
			together.Costs = append(together.Costs, costsPhrasing{p.fact.ID, p.text()})
		}
		costs = append(costs, together)
	}
	return costs, nil
}

// suspects are the questions, given by their words, that have most words in common with
// text, the first ones maxSuspects at most.
func suspects(text string, questions []map[string]bool) []int {
	order, common := make([]int, len(questions)), make([]int, len(questions))
	for w := range wordsOf(text) {
		for i, words := range questions {
			if words[w] {
				common[i]++
			}
		}
	}
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(common[b], common[a]) })
	return order[:min(maxSuspects, len(order))]
}

func wordsOf(s string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(knowledge.BareWords(s)) {
		words[w] = true
	}
	return words
}

func placed(at knowledge.Place) string { return fmt.Sprintf("%s:%d:%d", at.File, at.Line, at.Column) }

// How much of a report is printed; --json has all of it.
const (
	shownFacts    = 20
	shownMissed   = 3
	shownSuspects = 10
)

func (r *heldOutReport) print(w io.Writer) error {
	var b strings.Builder
	if r.Asked == 0 {
		b.WriteString("no fact has two ways of asking, so that none can be left out to see whether the fact is found without it\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
	fmt.Fprintf(&b, "found without it %d of %d; right or offered %d\n", r.Found, r.Asked, r.Offered)
	if r.Only > 0 {
		fmt.Fprintf(&b, "%s the only one of a fact, which cannot be left out\n", are(r.Only, "phrasing"))
	}
	if len(r.Facts) > 0 {
		b.WriteString("\nWhat is found least, each phrasing asked of the pack without it:\n")
	}
	for _, f := range r.Facts[:min(len(r.Facts), shownFacts)] {
		fmt.Fprintf(&b, "%s: %s: found %d of %d, right or offered %d; %s\n", f.Place, f.Fact, f.Found, f.Asked, f.Offered, f.Advice)
		for _, t := range f.Missed[:min(len(f.Missed), shownMissed)] {
			fmt.Fprintf(&b, "    missed %s", strictyaml.Quote(t.Phrasing))
			if t.Instead != "" {
				fmt.Fprintf(&b, ": %s came instead", t.Instead)
			}
			b.WriteByte('\n')
		}
		if n := len(f.Missed) - shownMissed; n > 0 {
			fmt.Fprintf(&b, "    and %d more\n", n)
		}
	}
	if n := len(r.Facts) - shownFacts; n > 0 {
		fmt.Fprintf(&b, "and %s; --json lists all\n", count(n, "more fact"))
	}
	if len(r.Unanswered) > 0 {
		b.WriteString("\nWhat unanswered.yaml costs, phrasings that are found without it:\n")
	}
	for _, c := range r.Unanswered[:min(len(r.Unanswered), shownSuspects)] {
		costs := make([]string, 0, shownMissed)
		for _, x := range c.Costs[:min(len(c.Costs), shownMissed)] {
			costs = append(costs, fmt.Sprintf("%s of %s", strictyaml.Quote(x.Phrasing), x.Fact))
		}
		more := ""
		if n := len(c.Costs) - shownMissed; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		what := "several of its questions together cost"
		do := "give these facts more ways of asking, or the file fewer questions"
		if c.Question != "" {
			what = strictyaml.Quote(c.Question) + " costs"
			do = "take it out, or put into it what sets it apart from them"
		}
		fmt.Fprintf(&b, "%s: %s %s: %s%s; %s\n", c.Place, what, count(len(c.Costs), "phrasing"), strings.Join(costs, ", "), more, do)
	}
	if n := len(r.Unanswered) - shownSuspects; n > 0 {
		fmt.Fprintf(&b, "and %s; --json lists all\n", count(n, "more question"))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// are is "1 phrasing is", "3 phrasings are".
func are(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return count(n, what) + " are"
}
