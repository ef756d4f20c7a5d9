package dialog

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/bot"
	"footnote/knowledge"
)

// command answers a command.
func (x *exchange) answerCommand(ctx context.Context) bot.Reply {
	text := strings.TrimSpace(x.m.Text)
	if runes := []rune(text); len(runes) > maxQuestion {
		if x.m.Command != "check" { // whose text is somebody's message, as long as they come
			return x.info("too-long", "max", itoa(maxQuestion))
		}
		text = string(runes[:maxQuestion])
	}
	switch x.m.Command {
	case "ask":
		if text == "" {
			return x.info("ask.usage", "example", x.example())
		}
		return x.answerText(ctx, text)
	case "check":
		return x.check(ctx, text)
	case "source", "sources":
		return x.source(text)
	case "why":
		return x.whyLast()
	case "topics", "topic":
		if text == "" {
			return x.topics(1)
		}
		return x.topic(text, 1)
	case "search":
		return x.search(text, 1)
	case "help":
		return x.help()
	case "start":
		return x.start(text)
	case "about":
		return x.about()
	case "corrections":
		return x.corrections(1)
	case "privacy":
		return x.privacy()
	case "forget", "forgetme":
		return x.forgetAll(ctx)
	case "settings":
		return x.settings(ctx, text)
	case "remember":
		return x.remembering(ctx, text)
	}
	return x.info("unknown-command")
}

// startFact begins the parameter of a deep link to a fact.
const startFact = "f_"

func (x *exchange) start(text string) bot.Reply {
	if id, ok := strings.CutPrefix(text, startFact); ok {
		if f := x.packs.byID[id]; f != nil {
			return x.picked(f)
		}
		return x.notice("action.gone")
	}
	r := x.help()
	r.Blocks = append([]bot.Block{x.texts.block("start.intro")}, r.Blocks...)
	r.Private = false
	return r
}

// title names what the bot answers from. Where the texts set it in quotation marks,
// each pack has its own.
func (x *exchange) title() string {
	var all []string
	for _, p := range x.packs.base.Packs {
		all = append(all, x.in(p, p.Title))
	}
	return strings.Join(all, x.texts.Text("form.several"))
}

// examples are at most n short questions that can be answered, from different
// parts of the packs, the same every time.
func (x *exchange) examples(n int) []string {
	const longest = 60 // characters: an example is to be read at a glance
	facts := x.packs.base.Facts()
	var all []string
	for i := range n {
		part := facts[len(facts)*i/n : len(facts)*(i+1)/n]
		for _, want := range []knowledge.Status{knowledge.Established, ""} {
			if j := slices.IndexFunc(part, func(f *knowledge.Fact) bool {
				return (want == "" || f.Status == want) && utf8.RuneCountInString(x.canonical(f)) <= longest
			}); j >= 0 {
				all = append(all, x.canonical(part[j]))
				break
			}
		}
	}
	return all
}

// example is one question that can be answered, for usage texts.
func (x *exchange) example() string {
	for _, q := range x.examples(1) {
		return q
	}
	return "…"
}

// introduction says what the bot does, with examples.
func (x *exchange) introduction() []bot.Block {
	blocks := []bot.Block{x.texts.block("help.intro", "pack", x.title())}
	if examples := x.examples(3); len(examples) > 0 {
		blocks = append(blocks, x.texts.block("help.examples"))
		for _, q := range examples {
			blocks = append(blocks, bot.Block{Kind: bot.Item, Spans: []bot.Span{{Text: q}}})
		}
	}
	return blocks
}

func (x *exchange) help() bot.Reply {
	r := bot.Reply{Kind: bot.KindInfo, Private: true, Blocks: x.introduction()}
	r.Blocks = append(r.Blocks, bot.Block{Gap: true, Spans: x.texts.spans("help.commands")})
	for _, c := range x.d.commands() {
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Item, Spans: []bot.Span{
			{Text: "/" + c.name, Style: bot.Code}, {Text: x.texts.Dash() + x.texts.Commands[c.name].Description},
		}})
	}
	if !x.m.Direct {
		r.Blocks = append(r.Blocks, x.texts.fine("help.group"))
	}
	return r
}

func (x *exchange) about() bot.Reply {
	version := x.d.c.Version
	if version == "" {
		version = "dev"
	}
	r := bot.Reply{Kind: bot.KindInfo, Private: true, Blocks: []bot.Block{x.texts.block("about.intro", "version", version)}}
	for _, p := range x.packs.base.Packs {
		r.Blocks = append(r.Blocks, bot.Block{Gap: true, Spans: []bot.Span{
			{Text: x.in(p, p.Title), Style: bot.Bold},
			{Text: " " + p.Version + " · " + x.texts.Text("about.licence", "licence", p.License) + " · " + x.texts.Text("about.facts", "n", itoa(len(p.Facts)))},
		}})
		counts := map[knowledge.Status]int{}
		for _, f := range p.Facts {
			counts[f.Status]++
		}
		for _, s := range []knowledge.Status{knowledge.Established, knowledge.Attributed, knowledge.Disputed, knowledge.CitationNeeded, knowledge.Retracted} {
			if counts[s] > 0 {
				r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Item, Spans: []bot.Span{{Text: x.texts.Text("status."+string(s)) + x.texts.Dash() + itoa(counts[s])}}})
			}
		}
		if note := x.in(p, p.ScopeNote); note != "" {
			r.Blocks = append(r.Blocks, bot.Block{Trim: true, Spans: []bot.Span{{Text: note}}})
		}
	}
	if why := x.d.problem.Load(); why != nil {
		r.Blocks = append(r.Blocks, bot.Block{Gap: true, Spans: x.texts.spans("about.old", "why", *why)})
	}
	return r
}

// privacy tells what this program stores. It changes whenever the program does.
func (x *exchange) privacy() bot.Reply {
	r := bot.Reply{Kind: bot.KindInfo, Private: true}
	minutes := itoa(int(x.d.c.Recall.Minutes()))
	keep := ""
	if l := x.d.c.Ledger; l != nil {
		keep = days(l.Terms().Keep)
	}
	for _, key := range x.privacyKeys() {
		r.Blocks = append(r.Blocks, x.texts.block(key, "minutes", minutes, "days", keep))
	}
	return r
}
