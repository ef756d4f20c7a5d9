package quiz_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
	"footnote/knowledge/quiz"
)

func english(p *knowledge.Pack, t knowledge.Text) string { return t.In("en", p.Languages[0]) }
func canonical(f *knowledge.Fact) string                 { return f.Canonical("en") }

// packs are the pack inside the program and those of invented history that the matcher is tested with.
func packs(t *testing.T) []*knowledge.Base {
	t.Helper()
	embedded, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	all := []*knowledge.Base{embedded}
	for _, name := range []string{"hospital", "opera", "siege", "railway", "abbey", "expedition", "republic"} {
		b, err := knowledge.Open("../../answers/testdata/packs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return append(all, &knowledge.Base{Packs: []*knowledge.Pack{labelled()}})
}

// labelled is a pack whose dates have labels that can be understood by themselves.
func labelled() *knowledge.Pack {
	p := &knowledge.Pack{ID: "hallin", Version: "1.0.0", Languages: []string{"en"}}
	for i, x := range []struct{ label, date string }{
		{"The bridge of Hallin is finished", "1434"}, {"The flood reaches Hallin", "1595-03"}, {"Odo of Lund dies", "1440-05-02"}, {"The bishop leaves Hallin", "1501"},
	} {
		p.Facts = append(p.Facts, &knowledge.Fact{
			ID: fmt.Sprintf("fact-%d", i), Pack: p, Status: knowledge.Established, Questions: []knowledge.Phrasing{{Text: "What of it?"}},
			Answer: knowledge.Text{"en": "So it was."}, Dates: []knowledge.Date{{EDTF: edtf.Date(x.date), Label: knowledge.Text{"en": x.label}}},
			Cites: []knowledge.Cite{{Source: &csl.Source{ID: "brandt"}}},
		})
	}
	return p
}

// Whatever is drawn: only settled facts are asked, one answer is right, and no other is.
func TestQuestions(t *testing.T) {
	kinds := map[quiz.Kind]int{}
	for _, base := range packs(t) {
		facts := base.Facts()
		m := quiz.New(facts, "en", english, canonical)
		made := 0
		for seed := range uint64(40) {
			asked := map[*knowledge.Fact]bool{}
			for _, q := range m.Make(facts, 5, rand.New(rand.NewPCG(seed, 1))) {
				made++
				kinds[q.Kind]++
				holds(t, q)
				if asked[q.Fact] {
					t.Errorf("%s is asked twice", q.Fact.ID)
				}
				asked[q.Fact] = true
			}
		}
		if made == 0 {
			t.Errorf("%s: no question", base.Packs[0].ID)
		}
	}
	for _, k := range []quiz.Kind{quiz.When, quiz.Who, quiz.True, quiz.First} {
		if kinds[k] == 0 {
			t.Errorf("no question of the kind %s was made: %v", k, kinds)
		}
	}
}

// holds holds one question against its fact.
func holds(t *testing.T, q quiz.Question) {
	t.Helper()
	f := q.Fact
	if f.Status != knowledge.Established || len(f.Positions) > 0 || len(f.AllCites()) == 0 {
		t.Errorf("%s is %s and is asked", f.ID, f.Status)
	}
	answer := english(f.Pack, f.Answer)
	if q.Kind == quiz.True {
		if (q.Text == answer) != (q.Right == 0) || len(q.Options) != 0 {
			t.Errorf("%s: %q is said to be right: %v; the fact says %q", f.ID, q.Text, q.Right == 0, answer)
		}
		return
	}
	if len(q.Options) < 3 || len(q.Options) > 4 || q.Right < 0 || q.Right >= len(q.Options) {
		t.Fatalf("%s: %q, right %d", f.ID, q.Options, q.Right)
	}
	for i, o := range q.Options {
		if slices.Index(q.Options, o) != i {
			t.Errorf("%s: %q twice", f.ID, o)
		}
		right := false
		switch q.Kind {
		case quiz.When:
			right = slices.ContainsFunc(f.Dates, func(d knowledge.Date) bool { return d.EDTF.In("en") == o })
		case quiz.Who:
			right = slices.Contains(f.People, o) && strings.Contains(answer, o[strings.LastIndex(o, " ")+1:])
		case quiz.First:
			right = slices.ContainsFunc(f.Dates, func(d knowledge.Date) bool { return english(f.Pack, d.Label) == o })
		}
		if right != (i == q.Right) {
			t.Errorf("%s (%s): option %q, right %v, marked %d in %q", f.ID, q.Kind, o, right, q.Right, q.Options)
		}
	}
}

// The same seed makes the same questions.
func TestSameSeed(t *testing.T) {
	base := packs(t)[0]
	make := func() []quiz.Question {
		return quiz.New(base.Facts(), "en", english, canonical).Make(base.Facts(), 5, rand.New(rand.NewPCG(7, 7)))
	}
	if a, b := make(), make(); !slices.EqualFunc(a, b, func(x, y quiz.Question) bool {
		return x.Fact == y.Fact && x.Text == y.Text && slices.Equal(x.Options, y.Options)
	}) {
		t.Error("two of the same seed differ")
	}
}

// What another fact makes right, be it only a position in a dispute, is no wrong answer.
func TestNoFactMakesAWrongAnswerRight(t *testing.T) {
	p := &knowledge.Pack{ID: "hallin", Version: "1.0.0", Languages: []string{"en"}}
	add := func(id string, status knowledge.Status, question, answer, label, date string, people ...string) *knowledge.Fact {
		f := &knowledge.Fact{
			ID: id, Pack: p, Status: status, Topics: []string{"the town"}, Questions: []knowledge.Phrasing{{Text: question}}, Answer: knowledge.Text{"en": answer},
			Cites: []knowledge.Cite{{Source: &csl.Source{ID: "brandt"}}}, People: people,
		}
		if date != "" {
			f.Dates = []knowledge.Date{{EDTF: edtf.Date(date), Label: knowledge.Text{"en": label}}}
		}
		p.Facts = append(p.Facts, f)
		return f
	}
	add("built", knowledge.Established, "Who built the bridge?", "Odo Lund built it.", "", "", "Odo Lund")
	dispute := add("dispute", knowledge.Disputed, "Who was the true builder of the bridge?", "Historians disagree.", "", "")
	dispute.Positions = []knowledge.Position{{Claim: knowledge.Text{"en": "Marta Holt was the builder of the bridge, before Lund."}}}
	add("begun", knowledge.Established, "When was the bridge begun?", "It was begun in 1431.", "The bridge of Hallin is begun", "1431")
	add("doubt", knowledge.Attributed, "In what year was the bridge really begun?", "Brandt holds that the bridge was begun in 1440.", "The bridge of Hallin is begun", "1440")
	for i, name := range []string{"Marta Holt", "Ivar Dahl", "Ida Brandt", "Jon Berg", "Sven Moe"} {
		add(fmt.Sprint("other-", i), knowledge.Established, "Who was mayor in "+fmt.Sprint(1440+i)+"?", "It was "+name+", in "+fmt.Sprint(1440+i)+".", name+" becomes Mayor", fmt.Sprint(1440+i), name)
	}
	m := quiz.New(p.Facts, "en", english, canonical)
	made := map[quiz.Kind]int{}
	for seed := range uint64(200) {
		for _, q := range m.Make(p.Facts, 7, rand.New(rand.NewPCG(seed, 3))) {
			made[q.Kind]++
			switch {
			case q.Fact.ID == "built" && slices.Contains(q.Options, "Marta Holt"):
				t.Errorf("%q: %q, and by one position it was Marta Holt", q.Text, q.Options)
			case q.Fact.ID == "begun" && (slices.Contains(q.Options, "1440") || strings.Contains(q.Text, "1440")):
				t.Errorf("%q: %q, and one scholar says 1440", q.Text, q.Options)
			case q.Kind == quiz.First && slices.Contains(q.Options, "The bridge of Hallin is begun"):
				t.Errorf("%q, and when the bridge was begun is doubted", q.Options)
			}
		}
	}
	for _, k := range []quiz.Kind{quiz.When, quiz.Who, quiz.True, quiz.First} {
		if made[k] == 0 {
			t.Errorf("no question of the kind %s was made: %v", k, made)
		}
	}
}

// Wrong answers come from the pack that the question is of: those of another one give it away.
func TestWrongAnswersAreOfTheSamePack(t *testing.T) {
	var facts []*knowledge.Fact
	people := map[*knowledge.Pack][]string{}
	for _, base := range packs(t)[1:4] {
		for _, f := range base.Facts() {
			facts = append(facts, f)
			people[f.Pack] = append(people[f.Pack], f.People...)
		}
	}
	m := quiz.New(facts, "en", english, canonical)
	labels := func(p *knowledge.Pack, text string) bool {
		return slices.ContainsFunc(p.Facts, func(f *knowledge.Fact) bool {
			return slices.ContainsFunc(f.Dates, func(d knowledge.Date) bool {
				return english(p, d.Label) == text || d.EDTF.In("en") == text
			})
		})
	}
	made := 0
	for seed := range uint64(60) {
		for _, q := range m.Make(facts, 5, rand.New(rand.NewPCG(seed, 9))) {
			for _, o := range q.Options {
				made++
				if q.Kind == quiz.Who && !slices.Contains(people[q.Fact.Pack], o) || q.Kind != quiz.Who && q.Kind != quiz.True && !labels(q.Fact.Pack, o) {
					t.Errorf("%s of %s offers %q", q.Fact.ID, q.Fact.Pack.ID, o)
				}
			}
		}
	}
	if made == 0 {
		t.Error("nothing was asked")
	}
}
