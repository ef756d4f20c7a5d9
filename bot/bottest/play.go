package bottest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/knowledge"
)

// A play is one conversation being held and written down.
type play struct {
	t         *testing.T
	s         *running
	b         *bot.Bot
	d         *dialog.Dialog
	n         *int // replies shown so far, to anybody
	lang, who string
	out       *strings.Builder
	texts     []string
	last      Shown
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
	if said = visible(strings.Join(strings.Fields(said), " ")); len(said) > 400 {
		said = bot.Shorten(said, 40)
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

// reportCode is the line by which an answer finds its report, another one each time.
var reportCode = regexp.MustCompile(`(report · )[a-z2-7]{10}`)

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
	for line := range strings.SplitSeq(reportCode.ReplaceAllString(look, "${1}(its code)"), "\n") {
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
