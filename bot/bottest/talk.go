package bottest

import (
	"context"
	"strings"

	"footnote/answers/parse"
	"footnote/bot/lang"
	"footnote/knowledge"
)

// speaker is who talks to the bot in a language, other is somebody else in the group
// who speaks it too.
func speaker(tag string) string { return "ann." + tag }
func other(tag string) string   { return "max." + tag }

// firstForm is the first way to say a kind of small talk in a language.
func firstForm(tag, kind string) string {
	if forms := lang.All()[tag].SmallTalk[kind]; len(forms) > 0 {
		return forms[0]
	}
	return parse.Pleasantries[kind][0]
}

// talk is the conversation where nothing is kept.
func (p *play) talk() {
	p.introduction()
	p.statuses()
	choices := p.choicesAndRefusals()
	p.lists()
	p.walks()
	p.proofs()
	p.quizzes()
	p.looks()
	p.elsewhere()

	p.chapter("small talk, in one's own words")
	p.say(firstForm(p.lang, "hello"))
	p.say(firstForm(p.lang, "thanks") + "!")

	if p.s.h.Caps.Groups {
		p.inGroup()
	}
	p.chapter("the end")
	p.command("forget", "")
	p.pressAt(choices, 2) // a button goes on working
	p.command("why", "")
}

// introduction is what the bot says of itself.
func (p *play) introduction() {
	if m, ok := p.s.driver.(Menued); ok {
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		list, err := m.Menu(ctx, p.lang)
		if err != nil {
			p.t.Fatal(err)
		}
		p.aside("the menu of commands", list)
	}
	if p.start() {
		p.command("start", "")
	}
	p.command("help", "")
	p.command("about", "")
	p.command("privacy", "")
	p.command("source", "")
	p.command("why", "")
}

// statuses asks for a fact of each status, and for what hangs on an answer.
func (p *play) statuses() {
	for _, f := range p.d.Base().Facts()[:5] {
		p.chapter(string(f.Status))
		p.command("ask", f.Questions[0].Text)
		p.states(f)
		answer := p.last
		if f.Status == knowledge.Established {
			p.press(0) // source
			p.pressAt(answer, 1)
			p.pressAt(answer, 2) // why
			p.pressAt(answer, 3) // related
			p.pressAt(answer, 4) // pictures
			p.press(0)           // the next one, by its address
			p.command("image", "lighthouse-lit")
			p.command("source", "2")
			p.command("source", "7")
			p.command("source", "bibtex")
		}
		if f.Status == knowledge.Disputed {
			p.press(len(answer.Buttons) - 1) // side by side
		}
		if f.Status == knowledge.Disputed || f.Status == knowledge.CitationNeeded {
			p.command("source", "")
		}
	}
	p.command("ask", "mole-stone") // as a completion sends it; no source of its own, but a place where it is said
	p.states(p.d.Base().Fact("mole-stone"))
}

// choicesAndRefusals is what is said where no answer is sure. It returns a reply that
// offers choices.
func (p *play) choicesAndRefusals() Shown {
	p.chapter("choices and refusals")
	p.command("ask", "harbour")
	harbour := p.last
	p.pressAt(harbour, 1)
	p.command("ask", "harbour")
	p.command("why", "")
	p.command("ask", "How deep is the ocean?")
	p.press(0) // why not
	p.command("ask", "Which admiral saw the harbour?")
	p.command("why", "")
	p.command("ask", "Was the lighthouse lit in 1713?")
	perhaps := p.last
	p.command("why", "")
	p.pressAt(perhaps, len(perhaps.Buttons)-1) // what else may be meant
	p.do(Said{How: Command, Command: "ask", Text: "Who kept the lighthouse? Where did the stone of the mole come from?"}, 2)
	p.command("ask", "")
	p.command("ask", strings.Repeat("long ", 401))
	p.command("source", "zebra")
	p.command("source", "lind")
	p.command("nonsense", "")
	return harbour
}

func (p *play) lists() {
	p.chapter("lists")
	p.command("topics", "")
	p.press(len(p.last.Buttons) - 1)
	p.command("topics", "building")
	p.press(len(p.last.Buttons) - 1)
	p.command("topics", "volcanoes")
	p.command("timeline", "building")
	p.press(1) // a number answers
	p.command("timeline", "1700-1720")
	p.command("timeline", "volcanoes")
	p.command("search", "lighthouse")
	p.press(0)
	p.command("search", "volcano")
	p.command("search", "")
	p.command("check", "The harbour was built in 1701. Somebody burned the harbour. It is deep.")
	p.press(1) // the source of the second
	p.command("check", "The lighthouse was lit on 2 March 1712.")
	p.command("check", "It is deep.")
	p.command("check", "")
	p.command("corrections", "")
}

// elsewhere is what the platform shows beside its chats.
func (p *play) elsewhere() {
	if c, ok := p.s.driver.(Completed); ok {
		p.chapter("completions")
		p.aside("/ask lightho", c.Complete(p.t, p.who, p.lang, "ask", "lightho"))
		p.aside("/search l", c.Complete(p.t, p.who, p.lang, "search", "l"))
	}
	if c, ok := p.s.driver.(Inlined); ok {
		p.chapter("in any chat, and the link from there")
		results, start := c.Inline(p.t, p.who, p.lang, "lighthouse lit")
		p.aside("lighthouse lit", results)
		p.command("start", start)
	}
	if g, ok := p.s.driver.(Guested); ok {
		p.chapter("in a chat that the bot is not in")
		p.aside("the question", []string{"@bot When was the lighthouse lit?"})
		g.Guest(p.t, p.who, p.lang, "When was the lighthouse lit?")
		p.reply()
	}
}

// Hall begins the name of a group where the bot is an admin, on platforms where that matters.
const Hall = "#hall-"

func (p *play) inGroup() {
	p.chapter("in a group")
	in := "#forum-" + p.lang
	p.do(Said{In: in, How: Command, Command: "ask", Text: "harbour"})
	offered := p.last
	p.do(Said{In: in, Who: other(p.lang), How: Command, Command: "help"})
	p.who = other(p.lang)
	p.pressAt(offered, 0) // somebody else's choices
	p.who = speaker(p.lang)
	p.pressAt(offered, 2)
	p.do(Said{In: in, How: Command, Command: "source"})
	p.do(Said{In: in, How: Command, Command: "why"})
	p.do(Said{In: in, How: Command, Command: "ask", Text: "How deep is the ocean?"})
	p.do(Said{In: Hall + p.lang, How: Command, Command: "ask", Text: "How deep is the ocean?"})
	p.do(Said{In: in, How: Command, Command: "onthisday", Text: "03-01"})
	p.do(Said{In: in, How: Command, Command: "quiz"})
	p.answerQuiz()
}

// ledgerTurns is how much one person says in keptTalk before the limit.
const ledgerTurns = 17

// keptTalk is the conversation where the operator keeps a ledger, up to the limit.
func (p *play) keptTalk() {
	p.chapter("an operator who keeps a ledger")
	p.command("privacy", "")
	p.command("remember", "")
	p.command("remember", "on")
	p.command("remember", "")
	p.command("privacy", "")
	p.command("ask", "When was the lighthouse lit?")
	answer := p.last
	p.pressAt(answer, len(answer.Buttons)-2) // helpful
	p.pressAt(answer, len(answer.Buttons)-1) // not helpful
	p.command("ask", "harbour")
	p.press(len(p.last.Buttons) - 1) // none of these
	p.command("ask", "How deep is the ocean?")
	p.press(len(p.last.Buttons) - 1) // ask the curators
	p.command("remember", "off")
	p.command("ask", "How deep is the ocean?")
	p.press(len(p.last.Buttons) - 1) // not helpful
	p.command("forget", "")
	p.do(Said{In: "#forum-" + p.lang, How: Command, Command: "remember", Text: "on"})
	p.command("help", "") // once too often
}

// start reports whether a chat with the bot begins with /start.
func (p *play) start() bool {
	_, ok := p.s.driver.(Inlined)
	return ok
}
