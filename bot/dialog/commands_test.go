package dialog

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/lang"
	"footnote/knowledge"
)

// nothing has no facts.
type nothing struct{}

func (nothing) Base() *knowledge.Base              { return &knowledge.Base{} }
func (nothing) Match(answers.Query) answers.Result { return answers.Result{} }

// says is what d replies to a command in a direct chat.
func says(t *testing.T, d *Dialog, name, text string) string {
	t.Helper()
	m := bot.Message{From: bot.User{ID: "ann", Lang: "de"}, Direct: true, Addressed: true, Command: name, Text: text}
	replies, _ := d.Accept(m).Reply(t.Context(), nil)
	if len(replies) != 1 {
		t.Fatalf("%d replies", len(replies))
	}
	return bot.PlainText(replies[0])
}

// Every command has its texts in every language, what it takes too, and there are no
// texts of others.
func TestCommandsHaveTexts(t *testing.T) {
	names := map[string]bool{}
	for _, c := range commands() {
		if !c.Unlisted {
			names[c.Name] = true
		}
		if c.Name != strings.ToLower(c.Name) || c.run == nil {
			t.Errorf("%+v", c.Command)
		}
	}
	for tag, l := range lang.All() {
		if !maps.Equal(names, setOf(maps.Keys(l.Commands))) {
			t.Errorf("%s has texts of %q", tag, slices.Sorted(maps.Keys(l.Commands)))
		}
		for _, c := range commands() {
			text := l.Commands[c.Name]
			takes := c.Argument != bot.NoArgument && !c.Unlisted
			if takes != (text.Option != "") || takes != (text.Hint != "") || c.OnMessages != (text.OnMessage != "") {
				t.Errorf("%s: %s has the texts %+v", tag, c.Name, text)
			}
		}
	}
}

func setOf(all func(func(string) bool)) map[string]bool {
	set := map[string]bool{}
	for s := range all {
		set[s] = true
	}
	return set
}

// No two commands are heard by one name.
func TestCommandNames(t *testing.T) {
	seen := map[string]string{}
	for _, c := range commands() {
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			if other, ok := seen[name]; ok {
				t.Errorf("%s and %s are both heard by %s", c.Name, other, name)
			}
			seen[name] = c.Name
		}
	}
}

// A new command is an entry, its texts and its function.
func TestNewCommand(t *testing.T) {
	langs := lang.Set{}
	for tag, l := range lang.All() {
		own := *l
		own.Commands, langs[tag] = maps.Clone(l.Commands), &own
		own.Commands["lineage"] = lang.Command{Description: "Lineage in " + tag, Option: "years", Hint: "Which"}
	}
	d := New(Config{Answerer: nothing{}, Languages: langs})
	d.commands = append(d.commands, command{
		Command: bot.Command{Name: "lineage", Aliases: []string{"years"}, Argument: bot.OptionalArgument},
		run: func(x *exchange, _ context.Context, text string) bot.Reply {
			return bot.Reply{Kind: bot.KindInfo, Blocks: []bot.Block{{Spans: []bot.Span{{Text: "from " + text}}}}}
		},
	})
	for _, name := range []string{"lineage", "years"} {
		if got := says(t, d, name, " 1700 "); got != "from 1700" {
			t.Errorf("/%s: %q", name, got)
		}
	}
	if got := says(t, d, "help", ""); !strings.Contains(got, "/lineage – Lineage in de") {
		t.Errorf("help: %q", got)
	}
	all := bot.ByName(d.Commands())
	if c := all["years"]; c.Name != "lineage" || c.Texts["fr"].Description != "Lineage in fr" || c.Texts["en"].Option != "years" {
		t.Errorf("adapters see %+v", c)
	}
	if got := says(t, d, "unheard-of", ""); strings.HasPrefix(got, "from") || got == "" {
		t.Errorf("an unknown command: %q", got)
	}
	if got := says(t, d, "lineage", strings.Repeat("x", maxQuestion+1)); strings.HasPrefix(got, "from") {
		t.Errorf("a long text: %.20q", got)
	}
}

// Another language is offered, spoken and heard.
func TestAnotherLanguage(t *testing.T) {
	langs := maps.Clone(lang.All())
	latin := *langs["en"]
	latin.Tag, latin.Name = "la", "Latina"
	latin.SmallTalk = map[string][]string{"source": {"unde scis"}}
	latin.Commands = map[string]lang.Command{"help": {Description: "Auxilium"}}
	langs["la"] = &latin
	d := New(Config{Answerer: nothing{}, Languages: langs})
	if got := says(t, d, "settings", ""); !strings.Contains(got, ", la, ") {
		t.Errorf("settings: %q", got)
	}
	says(t, d, "settings", "language latina")
	if got := says(t, d, "help", ""); !strings.Contains(got, "/help – Auxilium") {
		t.Errorf("help: %q", got)
	}
	if got, want := says(t, d, "ask", "Unde scis?"), says(t, d, "source", ""); got != want {
		t.Errorf("small talk: %q, want %q", got, want)
	}
}

// What is said to whoever is turned away is in that person's language.
func TestBusy(t *testing.T) {
	d := New(Config{Answerer: nothing{}})
	if got := d.Busy("de-AT"); got != "Zu viele Fragen auf einmal. Bitte in einer Minute noch einmal fragen." {
		t.Errorf("%q", got)
	}
}

// Without a ledger that keeps words there is no command to allow it, and who types
// it is told why.
func TestCommandThatThereIsNot(t *testing.T) {
	d := New(Config{Answerer: nothing{}})
	if _, ok := bot.ByName(d.Commands())["remember"]; ok {
		t.Error("remember is there")
	}
	if got, want := says(t, d, "remember", "on"), lang.All()["de"].Text("allow.never"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
