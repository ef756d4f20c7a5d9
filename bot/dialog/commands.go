package dialog

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/lang"
	"footnote/knowledge"
	"footnote/knowledge/search"
)

// A command is what the bot does at a word with a slash. A new one is an entry of
// commands, its texts in each file of package lang and its function.
type command struct {
	bot.Command
	long bool               // a longer text is cut, not refused: it is somebody's message
	when func(*Dialog) bool // whether the bot has it; nil if it always has
	run  func(x *exchange, ctx context.Context, text string) bot.Reply
}

// commands are all commands, in the order in which help and menus list them.
func commands() []command {
	return []command{
		{Command: bot.Command{Name: "ask", Argument: bot.RequiredArgument, Completes: true, TakesReplied: true, OnMessages: true, Public: true}, run: (*exchange).ask},
		{Command: bot.Command{Name: "source", Hidden: true, Aliases: []string{"sources"}, Argument: bot.OptionalArgument, Completes: true, TakesReplied: true}, run: plain((*exchange).source)},
		{Command: bot.Command{Name: "why", Hidden: true}, run: bare((*exchange).whyLast)},
		{Command: bot.Command{Name: "topics", Aliases: []string{"topic"}, Argument: bot.OptionalArgument}, run: plain((*exchange).topicOrAll)},
		{Command: bot.Command{Name: "timeline", Argument: bot.OptionalArgument, Completes: true}, run: (*exchange).timeline},
		{Command: bot.Command{Name: "image", Aliases: []string{"picture"}, Argument: bot.OptionalArgument, Completes: true}, when: (*Dialog).hasImages, run: plain((*exchange).image)},
		{Command: bot.Command{Name: "search", Argument: bot.RequiredArgument, Completes: true, TakesReplied: true}, run: plain((*exchange).searchFirst)},
		{Command: bot.Command{Name: "check", Hidden: true, Argument: bot.RequiredArgument, TakesReplied: true, OnMessages: true}, long: true, run: (*exchange).check},
		{Command: bot.Command{Name: "verify", Hidden: true, Argument: bot.RequiredArgument, TakesReplied: true, OnMessages: true}, long: true, run: plain((*exchange).verify)},
		{Command: bot.Command{Name: "onthisday", Aliases: []string{"today"}, Argument: bot.OptionalArgument, Public: true}, run: plain((*exchange).onThisDay)},
		{Command: bot.Command{Name: "quiz", Argument: bot.OptionalArgument, Public: true}, run: (*exchange).quizCommand},
		{Command: bot.Command{Name: "compare", Argument: bot.RequiredArgument}, run: plain((*exchange).compare)},
		{Command: bot.Command{Name: "related", Argument: bot.OptionalArgument, Completes: true}, run: plain((*exchange).related)},
		{Command: bot.Command{Name: "report", Hidden: true, Argument: bot.OptionalArgument}, long: true, when: (*Dialog).hearsReports, run: (*exchange).reportCommand},
		{Command: bot.Command{Name: "help", Hidden: true}, run: bare((*exchange).help)},
		{Command: bot.Command{Name: "about", Hidden: true, Personal: true}, run: (*exchange).aboutCommand},
		{Command: bot.Command{Name: "corrections", Hidden: true}, run: bare((*exchange).correctionsFirst)},
		{Command: bot.Command{Name: "settings", Argument: bot.OptionalArgument, Completes: true, Public: true, Managers: true}, run: (*exchange).settings},
		{Command: bot.Command{Name: "privacy", Hidden: true, Personal: true}, run: bare((*exchange).privacy)},
		{Command: bot.Command{Name: "forget", Hidden: true, Aliases: []string{"forgetme"}, Personal: true}, run: (*exchange).forgetAll},
		{Command: bot.Command{Name: "remember", Argument: bot.OptionalArgument, Personal: true}, when: (*Dialog).keepsWords, run: (*exchange).remembering},
		{Command: bot.Command{Name: "start", Argument: bot.OptionalArgument, Unlisted: true}, run: plain((*exchange).start)}, // which Telegram's apps send
	}
}

// plain makes f the function of a command that calls nobody.
func plain(f func(*exchange, string) bot.Reply) func(*exchange, context.Context, string) bot.Reply {
	return func(x *exchange, _ context.Context, text string) bot.Reply { return f(x, text) }
}

// bare makes f the function of a command without an argument.
func bare(f func(*exchange) bot.Reply) func(*exchange, context.Context, string) bot.Reply {
	return func(x *exchange, _ context.Context, _ string) bot.Reply { return f(x) }
}

// Commands are the commands that d has, unlisted ones too.
func (d *Dialog) Commands() []bot.Command { return describe(d.commands, d.languages, d.has) }

// has reports whether d has c.
func (d *Dialog) has(c command) bool { return c.when == nil || c.when(d) }

// describe are the commands that there are, with what people see of them.
func describe(all []command, langs lang.Set, has func(command) bool) []bot.Command {
	var out []bot.Command
	for _, c := range all {
		if !has(c) {
			continue
		}
		c.Texts = map[string]bot.CommandText{}
		for tag, l := range langs {
			if t, ok := l.Commands[c.Name]; ok {
				c.Texts[tag] = bot.CommandText(t)
			}
		}
		out = append(out, c.Command)
	}
	return out
}

// answerCommand answers a command. One that d has not is heard all the same, and says
// why there is nothing to do.
func (x *exchange) answerCommand(ctx context.Context) bot.Reply {
	i := x.commandNamed(x.m.Command)
	text := strings.TrimSpace(x.m.Text)
	if runes := []rune(text); len(runes) > maxQuestion {
		if i < 0 || !x.d.commands[i].long {
			return x.info("too-long", "max", itoa(maxQuestion))
		}
		text = string(runes[:maxQuestion])
	}
	if i < 0 {
		return x.unknownCommand()
	}
	return x.d.commands[i].run(x, ctx, text)
}

// commandNamed is the place of the command that is called name, -1 if none is: by its own name,
// or by that in a language, the person's before the others.
func (x *exchange) commandNamed(name string) int {
	i := slices.IndexFunc(x.d.commands, func(c command) bool { return c.Name == name || slices.Contains(c.Aliases, name) })
	typed := search.Words(name, search.MaxWords)
	if i >= 0 || len(typed) == 0 {
		return i
	}
	for _, tag := range append([]string{x.texts.Tag}, x.d.tags()...) {
		l := x.d.languages[tag]
		if l == nil {
			continue
		}
		if i := slices.IndexFunc(x.d.commands, func(c command) bool {
			return slices.Equal(typed, search.Words(l.Commands[c.Name].Name, search.MaxWords))
		}); i >= 0 {
			return i
		}
	}
	return -1
}

// unknownCommand says that there is no such command, or on a page that it is for chats.
func (x *exchange) unknownCommand() bot.Reply {
	name := x.m.Command
	switch {
	case x.m.To.Platform != Web:
	case name == "privacy" || name == "forget":
		return x.info("web.ask.private")
	case slices.ContainsFunc(commands(), func(c command) bool { return c.Name == name || slices.Contains(c.Aliases, name) }):
		return x.info("command.chats")
	}
	return x.info("unknown-command")
}

func (x *exchange) ask(ctx context.Context, text string) bot.Reply {
	if text == "" {
		return x.info("ask.usage", "example", x.example())
	}
	return x.answerText(ctx, text)
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
		all = append(all, x.localized(p, p.Title))
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
	for _, c := range x.d.commands {
		if c.Unlisted || !x.d.has(c) {
			continue
		}
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Item, Spans: []bot.Span{
			{Text: "/" + c.Name, Style: bot.Code}, {Text: x.texts.Dash() + x.texts.Commands[c.Name].Description},
		}})
	}
	if !x.m.Direct {
		r.Blocks = append(r.Blocks, x.texts.fine("help.group"))
	}
	return r
}

// aboutCommand is /about.
func (x *exchange) aboutCommand(ctx context.Context, _ string) bot.Reply {
	r := x.about()
	if all := x.elsewhere(ctx); len(all) > 0 {
		r.Blocks = append(r.Blocks, bot.Block{Gap: true, Spans: x.texts.spans("about.elsewhere", "packs", strings.Join(all, ", "))})
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
			{Text: x.localized(p, p.Title), Style: bot.Bold},
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
		if note := x.localized(p, p.ScopeNote); note != "" {
			r.Blocks = append(r.Blocks, bot.Block{Trim: true, Spans: []bot.Span{{Text: note}}})
		}
	}
	if why := x.d.problem.Load(); why != nil {
		r.Blocks = append(r.Blocks, bot.Block{Gap: true, Spans: x.texts.spans("about.old", "why", *why)})
	}
	if w := x.d.waits.Load(); w != nil {
		for _, p := range w.packs {
			r.Blocks = append(r.Blocks, bot.Block{Gap: true, Spans: x.texts.spans("about.waits", "packs", p.Packs, "have", itoa(p.Have), "all", itoa(p.All))})
		}
		for _, why := range w.lacks {
			r.Blocks = append(r.Blocks, bot.Block{Gap: true, Spans: x.texts.spans("about.lacks", "why", why)})
		}
	}
	return r
}

// claimsKeptHours is for how long the processes of one bot know that a message was answered.
const claimsKeptHours = 25

// privacy tells what this program stores. It changes whenever the program does.
func (x *exchange) privacy() bot.Reply {
	r := bot.Reply{Kind: bot.KindInfo, Private: true}
	minutes := itoa(int(x.d.c.bounds.recall.Minutes()))
	keep := ""
	if l := x.d.c.Ledger; l != nil {
		keep = days(l.Terms().Keep)
	}
	for _, key := range x.privacyKeys() {
		r.Blocks = append(r.Blocks, x.texts.block(key, "minutes", minutes, "days", keep, "hours", itoa(claimsKeptHours)))
	}
	return r
}
