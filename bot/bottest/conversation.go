package bottest

import (
	"strings"
	"testing"
	"time"

	"footnote/answers"
	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// almanac is a little pack for the conversation: the suite is about adapters and
// needs few facts, but real ones with their citations.
type almanac struct{ base *knowledge.Base }

func newAlmanac() almanac {
	pack := &knowledge.Pack{ID: "almanac", Title: knowledge.Text{"en": "The Almanac"}, Version: "2.0.1", License: "CC0-1.0", Languages: []string{"en"}}
	source := &csl.Source{
		ID: "lind1971", Type: "book",
		Names:  map[string][]csl.Name{"author": {{Family: "Lind", Given: "Astrid"}}},
		Dates:  map[string]csl.Date{"issued": {EDTF: "1971"}},
		Fields: map[string]string{"title": "Tides <and> Times", "publisher": "Harbour & Sons", "URL": "https://example.org/tides_and_times"},
	}
	add := func(id, question, answer, page string) {
		pack.Facts = append(pack.Facts, &knowledge.Fact{
			ID: id, Pack: pack, Status: knowledge.Established, Topics: []string{"harbour"},
			Questions: []knowledge.Phrasing{{Lang: "en", Text: question}},
			Answer:    knowledge.Text{"en": answer},
			Cites:     []knowledge.Cite{{Source: source, Locator: csl.Locator{Label: "page", Value: page}}},
		})
	}
	add("harbour-built", "When was the harbour built?", "The harbour was built in 1701; its *first* mole is <older>.", "17")
	add("harbour-builder", "Who built the harbour?", "It was built by the merchant Jon Holt & his sons.", "21")
	pack.Sources = []*csl.Source{source}
	return almanac{&knowledge.Base{Packs: []*knowledge.Pack{pack}}}
}

func (a almanac) Base() *knowledge.Base { return a.base }

// Match implements bot.Answerer: "harbour" alone is ambiguous.
func (a almanac) Match(q answers.Query) answers.Result {
	var all []answers.Candidate
	for _, f := range a.base.Facts() {
		all = append(all, answers.Candidate{Fact: f, Question: f.Questions[0].Text, Confidence: .5})
	}
	switch strings.ToLower(strings.Trim(q.Text, " ?")) {
	case "when was the harbour built":
		return answers.Result{Outcome: answers.Answered, Candidates: all[:1]}
	case "who built the harbour":
		return answers.Result{Outcome: answers.Answered, Candidates: all[1:]}
	case "harbour":
		return answers.Result{Outcome: answers.Choices, Candidates: all, Offered: all}
	}
	return answers.Result{Outcome: answers.Declined}
}

// testConversation holds the main conversation between people and a real bot.
func testConversation(t *testing.T, h Harness) {
	s := prepare(t, h)
	b, _ := Config{Answerer: newAlmanac(), Version: "9.9.9"}.New()
	s.startBot(b)

	n := 0
	// expect waits for the next reply and looks for texts in it.
	expect := func(what string, texts ...string) Shown {
		t.Helper()
		n++
		got := s.shown(n)[n-1]
		for _, x := range texts {
			if !strings.Contains(visible(got.Text), x) {
				t.Errorf("%s: shown %q, without %q", what, got.Text, x)
			}
		}
		return got
	}
	const builtShort, builtFull = "Lind, Tides <and> Times, 17.", "Astrid Lind, Tides <and> Times"

	first := s.driver.Say(t, Said{Who: "ann", Text: "When was the harbour built?"})
	got := expect("a question", "Established", "built in 1701; its *first* mole is <older>.", builtShort, "harbour-built · almanac 2.0.1")
	if got.In != "" || got.To != "ann" {
		t.Errorf("the answer is shown in %q to %q", got.In, got.To)
	}
	if h.Caps.Redeliver {
		s.driver.Redeliver(t, first) // must not be answered again: the next reply is the next answer
	}
	s.driver.Say(t, Said{Who: "ann", How: Command, Command: "source"})
	expect("/source", builtFull, "Harbour & Sons, 1971", "https://example.org/tides_and_times")
	s.driver.Say(t, Said{Who: "ann", Text: "How deep is the ocean?"})
	if got := expect("a miss", "no sourced answer", "The Almanac"); strings.Contains(got.Text, "Lind") {
		t.Errorf("a miss has a citation: %q", got.Text)
	}
	s.driver.Say(t, Said{Who: "ann", Text: "harbour"})
	got = expect("choices", "Did you mean", "1. When was the harbour built?", "2. Who built the harbour?")
	if h.Caps.Buttons {
		if len(got.Buttons) != 2 {
			t.Fatalf("two choices have the buttons %q", got.Buttons)
		}
		s.driver.Press(t, "ann", got, got.Buttons[1])
	} else {
		s.driver.Say(t, Said{Who: "ann", Text: "2"})
	}
	expect("a choice", "Jon Holt & his sons", "Lind, Tides <and> Times, 21.")
	s.driver.Say(t, Said{Who: "ann", Text: "thanks!"})
	if got := expect("thanks", "welcome"); len(got.Buttons) > 0 {
		t.Errorf("small talk has buttons: %q", got.Buttons)
	}
	s.driver.Say(t, Said{Who: "ann", How: Command, Command: "help"})
	expect("/help", "/source", "The Almanac")

	for _, how := range []Said{{Who: "ann"}, {Who: "ann", How: Command, Command: "ask"}} {
		how.Text = "When was the harbour built? Who built the harbour?"
		s.driver.Say(t, how)
		expect("the first of two questions", "When was the harbour built?", "built in 1701", builtShort)
		expect("the second", "Who built the harbour?", "Jon Holt", "21.")
	}

	if h.Caps.Groups {
		s.driver.Say(t, Said{Who: "bob", In: "#forum", Text: "when was the harbour built?"}) // not to the bot
		s.driver.Say(t, Said{Who: "bob", In: "#forum", How: Command, Command: "ask", Text: "who built the harbour?"})
		if got := expect("/ask in a group", "Jon Holt"); got.In != "#forum" || got.Private {
			t.Errorf("/ask in a group is answered as %+v", got)
		}
		s.driver.Say(t, Said{Who: "cat", In: "#forum", How: Command, Command: "source"})
		if got := expect("/source of another's answer", builtFull, "21"); got.Private != h.Caps.Private {
			t.Errorf("/source in a group: Private is %v, the platform can: %v", got.Private, h.Caps.Private)
		}
		if h.Caps.Mentions {
			s.driver.Say(t, Said{Who: "bob", In: "#forum", How: Mention, Text: "harbour"})
			got := expect("a mention", "Did you mean")
			s.driver.Say(t, Said{Who: "bob", In: "#forum", How: Reply, Text: "the first one"})
			expect("a choice by words", "built in 1701")
			if h.Caps.Buttons {
				s.driver.Press(t, "cat", got, got.Buttons[0])
				expect("another's choice", "somebody else")
			}
		}
	}

	// A failing send is tried again, and a conversation goes on after it.
	if s.driver.Inject(t, Fault{Kind: RateLimit, After: time.Second}) {
		s.driver.Say(t, Said{Who: "ann", Text: "who built the harbour"})
		expect("after a rate limit", "Jon Holt")
	}
	if all := s.shown(n); len(all) != n {
		t.Errorf("%d replies were shown to %d questions", len(all), n)
	}
}
