package dialog

import (
	"context"
	"slices"
	"strings"

	"footnote/answers"
	"footnote/answers/parse"
	"footnote/bot"
	"footnote/bot/recent"
	"footnote/knowledge"
	"footnote/knowledge/search"
)

// Web is the platform of visits, in the place where figures and logs name one. No adapter has it.
const Web bot.Platform = "web"

// visitor is whoever visits: nobody is told from anybody else.
const visitor bot.UserID = "visitor"

// A Visit is what somebody says to the bot on a page. Nothing of it is remembered: what the
// conversation was before comes with it, and goes back with the reply.
type Visit struct {
	Lang   string // of the page
	Turn   Turn   // what the page said before; zero for nothing
	Text   string // what is asked, or
	Action string // the Action of a button that was pressed

	// Page returns the way to the page of a fact, which need not be a whole address.
	Page func(*knowledge.Fact) string
}

// A Turn is what a conversation goes on from: one question, what was answered before it, and what was
// chosen after it.
// It comes back from a page, so nothing in it is trusted.
type Turn struct {
	Fact   string // id of the fact that was answered with before Asked, or empty
	Unsure bool   // that may not have answered what was asked
	Asked  string // the last question, or command that offered something; or empty
	Chosen string // id of the fact that was chosen after that, or empty
}

// visitCommands are the commands that do something on a page.
var visitCommands = []string{"ask", "source", "why", "topics", "timeline", "search", "check", "verify", "onthisday", "compare", "related", "corrections", "about", "help"}

// Visit answers v and returns what the conversation goes on from. It stores nothing and
// records nothing; what was decided on a question is known for a while, without whose it was.
// It takes no longer than ctx.
func (d *Dialog) Visit(ctx context.Context, v Visit) ([]bot.Reply, Turn) {
	own := d.ofVisit(v)
	if f := own.packs.Load().byID[v.Turn.Fact]; f != nil {
		own.memory.Set(memoryKey{bot.In(Web, ""), visitor}, memory{fact: f.ID, unsure: v.Turn.Unsure, explained: explanation{fact: f.ID, by: visitor, at: d.c.Now()}})
	}
	if v.Turn.Asked != "" { // what the page said to it is known again by saying it again
		own.visited(ctx, v.Lang, visitText(v.Turn.Asked))
	}
	if f := own.packs.Load().byID[v.Turn.Chosen]; f != nil {
		own.memory.Alter(memoryKey{bot.In(Web, ""), visitor}, func(t *memory, _ bool) {
			t.fact, t.unsure, t.explained = f.ID, false, explanation{fact: f.ID, by: visitor, at: d.c.Now()}
		})
	}
	before := own.visitMemory()
	m := bot.Message{Action: v.Action}
	if v.Action == "" {
		m = visitText(v.Text)
	}
	replies := own.visited(ctx, v.Lang, m)
	after := own.visitMemory()
	turn := v.Turn
	asks := m.Text != "" && (m.Command == "" || m.Command == "ask")
	switch {
	case after.explained.kind == "" && (before.explained.kind != "" || after.fact != before.fact): // something was chosen
		turn.Chosen = after.fact
	case asks || m.Command != "" && len(after.offer.facts) > 0 && !slices.Equal(after.offer.facts, before.offer.facts):
		turn = Turn{Fact: before.fact, Unsure: before.unsure, Asked: v.Text}
	}
	return replies, turn
}

// ofVisit is a Dialog like d for one visit. It remembers only that.
func (d *Dialog) ofVisit(v Visit) *Dialog {
	c := d.c
	c.Ledger, c.Settings, c.Scores, c.Turns, c.Reports = nil, nil, nil, nil, nil
	c.Page, c.linksAll = v.Page, v.Page != nil
	own := &Dialog{
		c: c, languages: d.languages, vocabulary: d.vocabulary, commands: commandsOfVisits(d.commands), matchers: d.matchers,
		memory:  recent.New[memoryKey, memory](2, c.bounds.recall, c.Now),
		choices: newChoices(c, "language"),
		scoring: newChoices(c, "scores"),
		looking: newChoices(c, "look"),
		sharing: newSharing(c),
	}
	own.packs.Store(d.packs.Load())
	own.problem.Store(d.problem.Load())
	own.waits.Store(d.waits.Load())
	return own
}

// commandsOfVisits are those of all that do something on a page.
func commandsOfVisits(all []command) []command {
	return slices.DeleteFunc(slices.Clone(all), func(c command) bool { return !slices.Contains(visitCommands, c.Name) })
}

func (d *Dialog) visitMemory() memory {
	t, _ := d.memory.Get(memoryKey{bot.In(Web, ""), visitor})
	return t
}

// visited answers a message of a visit.
func (d *Dialog) visited(ctx context.Context, lang string, m bot.Message) []bot.Reply {
	m.From, m.To, m.Direct, m.Addressed = bot.User{ID: visitor, Lang: lang}, bot.Address{Conversation: bot.In(Web, "")}, true, true
	m.SentAt = d.c.Now()
	replies, _ := d.Accept(m).Reply(ctx, nil) // there is no ledger, and so nothing to do afterwards
	return replies
}

// visitText reads what is typed on a page: a command, or a question.
func visitText(text string) bot.Message {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		name, args, _ := strings.Cut(rest, " ")
		return bot.Message{Command: strings.ToLower(name), Text: strings.TrimSpace(args)}
	}
	return bot.Message{Text: text}
}

// Base returns the packs that d answers from now; the next [Dialog.Swap] changes that.
func (d *Dialog) Base() *knowledge.Base { return d.packs.Load().base }

// Decide returns what the matcher decides on the first question of text, as "footnote ask"
// does; false if that did not come before ctx ended.
func (d *Dialog) Decide(ctx context.Context, text string) (answers.Result, bool) {
	x := &exchange{d: d, packs: d.packs.Load()}
	return x.match(ctx, answers.Query{Text: parse.Questions(text)[0], Names: []string{OwnName}})
}

// Find returns facts that have the words of text, best first.
func (d *Dialog) Find(text string) []*knowledge.Fact {
	var all []*knowledge.Fact
	for _, h := range search.AtLeast(searchFloor, d.packs.Load().index.Find(text, searchFields, false)) {
		all = append(all, h.Fact)
	}
	return all
}
