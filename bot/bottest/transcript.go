package bottest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/lang"
	"footnote/knowledge"
)

// Transcripts are conversations on one platform, one in each language of the
// interface, kept as files for people to read.
type Transcripts struct {
	Dir    string // one file a language, e.g. "ru.txt"
	Update bool   // rewrite them with what is shown now
	Head   string // one line on the platform, for the head of each file
	Caps   Caps
	Leaks  []goleak.Option // as in Harness

	// New returns an adapter for d, and the fake platform it talks to.
	New func(t testing.TB, log *slog.Logger, d *dialog.Dialog) (bot.Adapter, Driver)
}

// What a Driver may offer beyond the suite, for transcripts.
type (
	// A Menued platform lists the bot's commands.
	Menued interface {
		Menu(ctx context.Context, lang string) ([]string, error)
	}
	// A Completed platform completes what somebody types into a command.
	Completed interface {
		Complete(t testing.TB, who, lang, command, text string) []string
	}
	// An Inlined platform finds facts in any chat. start is the parameter of the
	// link under the first result.
	Inlined interface {
		Inline(t testing.TB, who, lang, text string) (results []string, start string)
	}
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
	return answers.Pleasantries[kind][0]
}

// RunTranscripts holds a long conversation in each language of the interface and
// compares what people see with the files. What it says of facts must be the same
// in every language, and what the bot says of itself must not be.
func RunTranscripts(t *testing.T, x Transcripts) {
	langs := lang.All().Tags()
	out := map[string]*strings.Builder{}
	for _, lang := range langs {
		out[lang] = &strings.Builder{}
		fmt.Fprintf(out[lang], "# %s\n%s", x.Head, transcriptNotes)
	}
	for _, ledger := range []bool{false, true} {
		t.Run(map[bool]string{false: "nothing kept", true: "with a ledger"}[ledger], func(t *testing.T) {
			c := Config{Answerer: newHarbour(t), Version: "9.9.9"}
			now := time.Now()
			c.Now = func() time.Time { return now } // so that a minute's limit is a minute's
			if ledger {
				c.Ledger = &diary{allowed: map[bot.Person]bool{}, allowedIn: map[bot.Place]bool{}}
				c.Limits.PersonPerMinute = ledgerTurns
			}
			b, d := c.New()
			s := prepare(t, Harness{Caps: x.Caps, Leaks: x.Leaks, New: func(t testing.TB, log *slog.Logger) (bot.Adapter, Driver) { return x.New(t, log, d) }})
			s.startBot(b)
			var n int
			shown := map[string][]string{}
			for _, lang := range langs {
				p := &play{t: t, s: s, n: &n, lang: lang, who: speaker(lang), out: out[lang]}
				if ledger {
					p.keptTalk()
				} else {
					p.talk(c.Answerer.Base())
				}
				shown[lang] = p.texts
			}
			for _, lang := range langs {
				same(t, lang, shown["en"], shown[lang])
			}
		})
	}
	for _, lang := range langs {
		file := filepath.Join(x.Dir, lang+".txt")
		got := out[lang].String()
		if x.Update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != got {
			t.Errorf("%s: %s\n(read what changed as a person would, then run with -update)", file, firstDifference(string(want), got))
		}
	}
}

const transcriptNotes = `# **bold** _italic_ ` + "`code`" + ` [a link](its address), ▌ a quotation, ~ small print, [ a button ].
# A line of buttons is a row of them. (only …) is what nobody else in the group sees.
`

// same compares a conversation with the English one: as long, and nothing the same
// except what holds no word of the interface.
func same(t *testing.T, lang string, english, other []string) {
	t.Helper()
	if len(english) != len(other) {
		t.Errorf("%s: %d replies, in English %d", lang, len(other), len(english))
		return
	}
	for i := range english {
		if lang != "en" && english[i] == other[i] {
			t.Errorf("%s: the same as in English: %q", lang, other[i])
		}
		if strings.TrimSpace(other[i]) == "" || placeholder.MatchString(other[i]) {
			t.Errorf("%s: %q is shown", lang, other[i])
		}
	}
}

// A play is one conversation being held and written down.
type play struct {
	t         *testing.T
	s         *running
	n         *int // replies shown so far, to anybody
	lang, who string
	out       *strings.Builder
	texts     []string
	last      Shown
}

// talk is the conversation where nothing is kept.
func (p *play) talk(base *knowledge.Base) {
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

	for _, f := range base.Facts()[:5] {
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
	p.states(base.Fact("mole-stone"))

	p.chapter("choices and refusals")
	p.command("ask", "harbour")
	choices := p.last
	p.pressAt(choices, 1)
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

	p.chapter("small talk, in one's own words")
	p.say(firstForm(p.lang, "hello"))
	p.say(firstForm(p.lang, "thanks") + "!")

	if p.s.h.Caps.Groups {
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
	}
	p.chapter("the end")
	p.command("forget", "")
	p.pressAt(choices, 2) // a button goes on working
	p.command("why", "")
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

func (p *play) chapter(title string) { fmt.Fprintf(p.out, "\n== %s\n", title) }

// aside writes down what is shown beside the conversation.
func (p *play) aside(what string, lines []string) {
	if len(lines) == 0 {
		p.t.Errorf("%s, %s: nothing is shown", p.lang, what)
	}
	fmt.Fprintf(p.out, "\n(%s)\n", what)
	for _, l := range lines {
		for part := range strings.SplitSeq(l, "\n") {
			p.out.WriteString(strings.TrimRight("  "+part, " ") + "\n")
		}
	}
}

func (p *play) say(text string)           { p.do(Said{Text: text}) }
func (p *play) command(name, text string) { p.do(Said{How: Command, Command: name, Text: text}) }

// do has somebody say x, to which there are as many replies, or one.
func (p *play) do(x Said, replies ...int) {
	p.t.Helper()
	if x.Who == "" {
		x.Who = p.who
	}
	x.Lang = p.lang
	said := x.Text
	if x.How == Command {
		said = strings.TrimSpace("/" + x.Command + " " + x.Text)
	}
	if len(said) > 200 {
		said = said[:40] + "…"
	}
	if x.In != "" {
		said = x.In + ": " + said
	}
	p.out.WriteString("\n" + x.Who + "> " + said + "\n")
	p.s.driver.Say(p.t, x)
	p.reply(replies...)
}

// press presses button i of what was shown last.
func (p *play) press(i int) {
	p.t.Helper()
	p.pressAt(p.last, i)
}

func (p *play) pressAt(x Shown, i int) {
	p.t.Helper()
	if i < 0 || i >= len(x.Buttons) {
		p.t.Fatalf("%s: button %d of %q under %q", p.lang, i, x.Buttons, x.Text)
	}
	p.out.WriteString("\n" + p.who + "> [ " + x.Buttons[i] + " ]\n")
	p.s.driver.Press(p.t, p.who, x, x.Buttons[i])
	p.reply()
}

// reply waits for the reply, or so many of them, and writes them down as they look.
func (p *play) reply(replies ...int) {
	p.t.Helper()
	more := 1
	for _, n := range replies {
		more = n
	}
	*p.n += more
	all := p.s.shown(*p.n)
	if len(all) != *p.n {
		p.t.Errorf("%s: %d replies were shown, want %d", p.lang, len(all), *p.n)
	}
	for _, x := range all[*p.n-more:] {
		p.write(x)
	}
}

// write writes down a reply as it looks.
func (p *play) write(x Shown) {
	p.last = x
	p.texts = append(p.texts, visible(x.Text)+"\n"+strings.Join(x.Buttons, "\n"))
	switch {
	case x.Private && x.In != "":
		fmt.Fprintf(p.out, "  (only %s)\n", x.To)
	case x.Edited:
		p.out.WriteString("  (in place of the message with the button)\n")
	}
	look := x.Look
	if look == "" {
		look = x.Text
	}
	for line := range strings.SplitSeq(look, "\n") {
		p.out.WriteString(strings.TrimRight("  "+line, " ") + "\n")
	}
	if x.File != "" {
		p.out.WriteString("  (a file) " + x.File + "\n")
		if x.Alt != "" {
			p.out.WriteString("  (read out) " + strings.ReplaceAll(x.Alt, "\n", " / ") + "\n")
		}
	}
	rows := x.Rows
	if rows == nil && len(x.Buttons) > 0 {
		rows = [][]string{x.Buttons}
	}
	for _, row := range rows {
		p.out.WriteString("  [ " + strings.Join(row, " ] [ ") + " ]\n")
	}
}

// states looks for what is the pack's in the last reply, which is the same in
// every language: the answer, the claims and the citations.
func (p *play) states(f *knowledge.Fact) {
	p.t.Helper()
	want := []string{f.Answer.In("en"), f.ID + " · harbour 0.4.0", f.AccordingTo}
	for _, x := range f.Positions {
		want = append(want, x.Holder+": "+x.Claim.In("en"))
	}
	for _, c := range f.Citations() {
		want = append(want, c.Short.String())
	}
	for _, w := range want {
		if !strings.Contains(visible(p.last.Text), w) {
			p.t.Errorf("%s: %s is stated without %q: %q", p.lang, f.ID, w, p.last.Text)
		}
	}
}

// A diary is a bot.Ledger that keeps who allows it to.
type diary struct {
	mu        sync.Mutex
	allowed   map[bot.Person]bool
	allowedIn map[bot.Place]bool
	judged    []bot.Verdict
}

func (d *diary) Record(context.Context, bot.Record)     {}
func (d *diary) Picked(context.Context, string, string) {}
func (d *diary) Terms() bot.LedgerTerms {
	return bot.LedgerTerms{Words: true, Keep: 90 * 24 * time.Hour}
}
func (d *diary) Forget(context.Context, bot.Person) error { return nil }

func (d *diary) Judged(_ context.Context, _ string, _ bot.Person, v bot.Verdict) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.judged = append(d.judged, v)
}

func (d *diary) Allow(_ context.Context, who bot.Person, words bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.allowed[who] = words
	return nil
}

func (d *diary) Allows(who bot.Person) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.allowed[who]
}

func (d *diary) AllowIn(_ context.Context, where bot.Place, words bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.allowedIn[where] = words
	return nil
}

func (d *diary) AllowsIn(where bot.Place) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.allowedIn[where]
}

func (d *diary) Moved(context.Context, bot.Place, bot.Place) error { return nil }
