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
	c := &conversation{running: s}
	c.answers()
	c.several()
	if h.Caps.Groups {
		c.inGroup()
	}

	// A failing send is tried again, and a conversation goes on after it.
	if s.driver.Inject(t, Fault{Kind: RateLimit, After: time.Second}) {
		s.driver.Say(t, Said{Who: "ann", Text: "who built the harbour"})
		c.expect("after a rate limit", "Jon Holt")
	}
	if all := s.shown(c.replies); len(all) != c.replies {
		t.Errorf("%d replies were shown to %d questions", len(all), c.replies)
	}
}

// A conversation is people who write to a bot, and what it has shown so far.
type conversation struct {
	*running
	replies int
}

// How the almanac's source is cited.
const builtShort, builtFull = "Lind, Tides <and> Times, 17.", "Astrid Lind, Tides <and> Times"

// expect waits for the next reply and looks for texts in it.
func (c *conversation) expect(what string, texts ...string) Shown {
	c.t.Helper()
	c.replies++
	got := c.shown(c.replies)[c.replies-1]
	for _, x := range texts {
		if !strings.Contains(visible(got.Text), x) {
			c.t.Errorf("%s: shown %q, without %q", what, got.Text, x)
		}
	}
	return got
}

// answers holds one person's questions, and what they ask next.
func (c *conversation) answers() {
	first := c.driver.Say(c.t, Said{Who: "ann", Text: "When was the harbour built?"})
	got := c.expect("a question", "Established", "built in 1701; its *first* mole is <older>.", builtShort, "harbour-built · almanac 2.0.1")
	if got.In != "" || got.To != "ann" {
		c.t.Errorf("the answer is shown in %q to %q", got.In, got.To)
	}
	if c.h.Caps.Redeliver {
		c.driver.Redeliver(c.t, first) // must not be answered again: the next reply is the next answer
	}
	c.driver.Say(c.t, Said{Who: "ann", How: Command, Command: "source"})
	c.expect("/source", builtFull, "Harbour & Sons, 1971", "https://example.org/tides_and_times")
	c.driver.Say(c.t, Said{Who: "ann", Text: "How deep is the ocean?"})
	if got := c.expect("a miss", "no sourced answer", "The Almanac"); strings.Contains(got.Text, "Lind") {
		c.t.Errorf("a miss has a citation: %q", got.Text)
	}
	c.driver.Say(c.t, Said{Who: "ann", Text: "harbour"})
	got = c.expect("choices", "Did you mean", "1. When was the harbour built?", "2. Who built the harbour?")
	if c.h.Caps.Buttons {
		if len(got.Buttons) != 2 {
			c.t.Fatalf("two choices have the buttons %q", got.Buttons)
		}
		c.driver.Press(c.t, "ann", got, got.Buttons[1])
	} else {
		c.driver.Say(c.t, Said{Who: "ann", Text: "2"})
	}
	c.expect("a choice", "Jon Holt & his sons", "Lind, Tides <and> Times, 21.")
	c.driver.Say(c.t, Said{Who: "ann", Text: "thanks!"})
	if got := c.expect("thanks", "welcome"); len(got.Buttons) > 0 {
		c.t.Errorf("small talk has buttons: %q", got.Buttons)
	}
	c.driver.Say(c.t, Said{Who: "ann", How: Command, Command: "help"})
	c.expect("/help", "/source", "The Almanac")
}

// several holds two questions in one message, each with its own answer.
func (c *conversation) several() {
	for _, how := range []Said{{Who: "ann"}, {Who: "ann", How: Command, Command: "ask"}} {
		how.Text = "When was the harbour built? Who built the harbour?"
		c.driver.Say(c.t, how)
		c.expect("the first of two questions", "When was the harbour built?", "built in 1701", builtShort)
		c.expect("the second", "Who built the harbour?", "Jon Holt", "21.")
	}
}

// inGroup holds what several people write in one chat.
func (c *conversation) inGroup() {
	c.driver.Say(c.t, Said{Who: "bob", In: "#forum", Text: "when was the harbour built?"}) // not to the bot
	c.driver.Say(c.t, Said{Who: "bob", In: "#forum", How: Command, Command: "ask", Text: "who built the harbour?"})
	if got := c.expect("/ask in a group", "Jon Holt"); got.In != "#forum" || got.Private {
		c.t.Errorf("/ask in a group is answered as %+v", got)
	}
	c.driver.Say(c.t, Said{Who: "cat", In: "#forum", How: Command, Command: "source"})
	if got := c.expect("/source of another's answer", builtFull, "21"); got.Private != c.h.Caps.Private {
		c.t.Errorf("/source in a group: Private is %v, the platform can: %v", got.Private, c.h.Caps.Private)
	}
	if c.h.Caps.Mentions {
		c.driver.Say(c.t, Said{Who: "bob", In: "#forum", How: Mention, Text: "harbour"})
		got := c.expect("a mention", "Did you mean")
		c.driver.Say(c.t, Said{Who: "bob", In: "#forum", How: Reply, Text: "the first one"})
		c.expect("a choice by words", "built in 1701")
		if c.h.Caps.Buttons {
			c.driver.Press(c.t, "cat", got, got.Buttons[0])
			c.expect("another's choice", "somebody else")
		}
	}
}
