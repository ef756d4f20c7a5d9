package answers

import (
	"context"
	"fmt"
	"testing"

	"footnote/knowledge"
)

// What made small packs fail once, kind by kind: each of these was wrong in a program that
// decided by weights of a base's own. The kinds that have a test to themselves are left out:
// signs (TestSignsAreHeld), unanswered questions (TestUnansweredWeighsNearItself), exchanged
// words (TestExchangedThings), dress (TestUndress), bounds (TestBounds).

func fact(id, answer string, questions ...string) *knowledge.Fact {
	f := &knowledge.Fact{ID: id, Answer: knowledge.Text{"en": answer}, Status: knowledge.Established}
	for _, q := range questions {
		f.Questions = append(f.Questions, knowledge.Phrasing{Lang: "en", Text: q})
	}
	return f
}

func matcherOf(t *testing.T, o Options, facts ...*knowledge.Fact) *Matcher {
	t.Helper()
	m, err := New(context.Background(), &knowledge.Base{Packs: []*knowledge.Pack{{ID: "pack", Languages: []string{"en"}, Facts: facts}}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func tellurians() []*knowledge.Fact {
	return []*knowledge.Fact{
		fact("augur", "Augur Tell died in Karvo on 3 May 1412.", "When did Augur Tell die?", "Death of Augur Tell", "In which year did Augur Tell pass away?"),
		fact("revolt", "The weavers of Karvo rose on 9 July 1420 after soldiers had fired at them.", "When did the weavers of Karvo rise?", "Revolt of the weavers", "On which day did the weavers' revolt begin?"),
		fact("bridge", "The Long Bridge was built by Mara Olden.", "Who built the Long Bridge?", "Builder of the Long Bridge", "By whom was the Long Bridge built?"),
	}
}

// One "why" among a base's phrasings changes nothing for its other facts.
func TestOnePhrasingOfAKindMovesNoOther(t *testing.T) {
	plain := matcherOf(t, Options{}, tellurians()...)
	facts := tellurians()
	facts[1].Questions = append(facts[1].Questions, knowledge.Phrasing{Lang: "en", Text: "Why did the weavers of Karvo rise?"})
	asking := matcherOf(t, Options{}, facts...)
	for _, q := range []string{"Why did Augur Tell die?", "why was the long bridge built"} {
		for name, m := range map[string]*Matcher{"without a why": plain, "with one": asking} {
			if r := m.Match(Query{Text: q}); r.Sure() {
				t.Errorf("%s: %q is surely answered with %s (%.2f)", name, q, r.Best().ID, r.Why.Confidence)
			}
		}
	}
	if r := asking.Match(Query{Text: "why did the weavers rise"}); !r.Sure() || r.Best().ID != "revolt" {
		t.Errorf("the question that a phrasing asks: %+v", r.Why)
	}
}

// A name alone finds the fact that is about it; where none is, and several facts have the name,
// they are to choose from.
func TestNameAlone(t *testing.T) {
	m := matcherOf(t, Options{}, append(tellurians(),
		fact("olden", "Mara Olden was the city's architect from 1398 on.", "Who was Mara Olden?", "Mara Olden", "What was Mara Olden?"),
		fact("school", "Mara Olden founded the school of masons.", "Who founded the school of masons?", "Founder of the school of masons", "By whom was the school of masons founded?"))...)
	for _, q := range []string{"Karvo", "what is karvo?"} {
		if r := m.Match(Query{Text: q}); r.Outcome != Choices || len(r.Offered) < 2 {
			t.Errorf("%q: %s, %d offered", q, r.Outcome, len(r.Offered))
		}
	}
	for _, q := range []string{"Olden", "who was olden?", "olden mara"} {
		if r := m.Match(Query{Text: q}); r.Outcome != Answered || r.Best().ID != "olden" {
			t.Errorf("%q: %s %v", q, r.Outcome, r.Why.Confidence)
		}
	}
}

// A follow-up stays with what the last question was about, and asks who the one is that it named.
func TestFollowUpsStayWithTheirSubject(t *testing.T) {
	facts := []*knowledge.Fact{
		fact("tram", "The tram of Karvo was opened in 1901.", "When was the tram opened?", "Opening of the tram", "In which year did the tram start to run?"),
		fact("spa", "The spa was closed in 1920.", "When was the spa closed?", "Closing of the spa", "In which year was the spa shut?"),
		fact("tower", "Mara Olden built the tower in 1398.", "When did Mara Olden build the tower?", "Building of the tower", "In which year was the tower built?"),
		fact("olden", "Mara Olden was the city's architect.", "Who was Mara Olden?", "Mara Olden", "What was Mara Olden?"),
	}
	for _, f := range facts {
		f.Topics = []string{"buildings"}
	}
	facts[2].People, facts[3].People = []string{"Mara Olden"}, []string{"Mara Olden"}
	m := matcherOf(t, Options{}, facts...)
	if r := m.Match(Query{Text: "and closed?", Previous: facts[0]}); r.Sure() {
		t.Errorf("the tram's closing is surely answered with %s", r.Best().ID)
	}
	for _, q := range []string{"who was she?", "and who is she"} {
		if r := m.Match(Query{Text: q, Previous: facts[2]}); !r.Sure() || r.Best().ID != "olden" {
			t.Errorf("%q: %s", q, r.Outcome)
		}
	}
}

// What bids the bot to do something, or is about the bot, is offered nothing.
func TestAsksNothing(t *testing.T) {
	m := matcherOf(t, Options{}, tellurians()...)
	for _, q := range []string{"sing me a song of the long bridge", "do you live in Karvo?", "do you like weavers from Karvo?", "/ask /source /ask"} {
		if r := m.Match(Query{Text: q}); r.Outcome != Declined || len(r.Offered) > 0 {
			t.Errorf("%q: %s, %d offered", q, r.Outcome, len(r.Offered))
		}
	}
}

// A word of the question that the fact holds never makes it less sure.
func TestAHeldWordNeverCosts(t *testing.T) {
	m := matcherOf(t, Options{}, tellurians()...)
	for _, pair := range [][2]string{
		{"when did Augur die", "when did Augur Tell die"},
		{"when did the weavers rise", "when did the weavers of Karvo rise"},
		{"who built the bridge", "who built the long bridge"},
	} {
		a, b := m.Match(Query{Text: pair[0]}), m.Match(Query{Text: pair[1]})
		if b.Why.Confidence < a.Why.Confidence {
			t.Errorf("%q %.2f, %q %.2f", pair[0], a.Why.Confidence, pair[1], b.Why.Confidence)
		}
	}
}

// The whole fact ranks: what only its answer, detail, keywords, people or dates hold finds it.
func TestTheWholeFactRanks(t *testing.T) {
	facts := tellurians()
	facts[2].Keywords = []string{"viaduct"}
	facts[1].Detail = knowledge.Text{"en": "The looms were sealed for a year, and Captain Roven lost his post."}
	facts[0].People = []string{"Augur Tell", "the Hermit"}
	m := matcherOf(t, Options{}, facts...)
	for q, want := range map[string]string{
		"who made the viaduct":                  "bridge",
		"what became of captain roven":          "revolt",
		"when did soldiers fire at the weavers": "revolt",
		"what happened on 9 July 1420":          "revolt",
		"What happened in 1412?":                "augur",
		"when did the hermit die":               "augur",
		"mara olden":                            "bridge",
	} {
		if r := m.Match(Query{Text: q}); r.Best() == nil || r.Best().ID != want {
			t.Errorf("%q: %s %v, want %s", q, r.Outcome, r.Candidates, want)
		}
	}
}

// Spelling repair makes no opposite and nobody else.
func TestRepairsMakeNoOpposite(t *testing.T) {
	m := matcherOf(t, Options{},
		fact("sign", "It opened the way to the coast.", "What was the significance of the victory at Olm?"),
		fact("able", "Free men could.", "Who was able to vote in Olm?"),
		fact("pamas", "The Pamas led the guild.", "Which family led the guild of Olm?", "What did the Pamas do in Olm?"))
	for _, q := range []string{"What was the insignificance of the victory at Olm?", "Who was unable to vote in Olm?", "What did Hamas do in Olm?"} {
		if r := m.Match(Query{Text: q}); r.Sure() {
			t.Errorf("%q is surely answered with %s (%.2f)", q, r.Best().ID, r.Why.Confidence)
		}
	}
}

// With one phrasing a fact the packs' own phrasings cannot be held out, and what is learned
// across packs decides all the same; what differs by nothing but a word of the same sense is
// still said.
func TestOnePhrasingAFact(t *testing.T) {
	facts := tellurians()
	for _, f := range facts {
		f.Questions = f.Questions[:1]
	}
	m := matcherOf(t, Options{}, facts...)
	for q, want := range map[string]string{
		"in which year did Augur Tell die":   "augur",
		"who constructed the long bridge":    "bridge",
		"when did Karvo's weavers revolt":    "revolt",
		"what year did augur tell pass away": "augur",
	} {
		if r := m.Match(Query{Text: q}); r.Best() == nil || r.Best().ID != want {
			t.Errorf("%q: %s %v, want %s", q, r.Outcome, r.Candidates, want)
		}
	}
	for _, q := range []string{"what is the capital of the moon", "best recipe for soup"} {
		if r := m.Match(Query{Text: q}); r.Best() != nil || len(r.Offered) > 0 {
			t.Errorf("%q: %s %v", q, r.Outcome, r.Candidates)
		}
	}
}

// A base of more than a thousand facts has the encoder too.
func TestLargeBasesAreEncoded(t *testing.T) {
	const texts = 50 // of the towers: a text that stands in many facts is encoded once
	var facts []*knowledge.Fact
	for i := range 1001 {
		facts = append(facts, fact(fmt.Sprintf("f%d", i), fmt.Sprintf("Tower %d.", i%texts), fmt.Sprintf("tower %d", i%texts)))
	}
	facts = append(facts, fact("bridge", "Mara Olden.", "Who built the Long Bridge?"))
	m := matcherOf(t, Options{Encoder: "on"}, facts...)
	if err := m.Learn(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := m.Match(Query{Text: "name of the person that erected the long crossing over the river"})
	if !r.Why.Encoder || len(r.Candidates) == 0 || r.Candidates[0].Fact.ID != "bridge" {
		t.Errorf("encoder %t, %v", r.Why.Encoder, r.Candidates)
	}
}
