package dialog_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/knowledge"
)

// visiting is a Dialog on the embedded pack, and what a page does with it: it sends back what
// came with the last reply.
type visiting struct {
	*dialog.Dialog
	turn    dialog.Turn
	buttons []bot.Button
}

// byWords answers from the embedded pack, without an encoder.
var byWords = sync.OnceValues(func() (*answers.Matcher, error) {
	base, err := knowledge.Embedded()
	if err != nil {
		return nil, err
	}
	return answers.New(context.Background(), base, answers.Options{Encoder: "off"})
})

func visit(t *testing.T, change ...func(*dialog.Config)) *visiting {
	t.Helper()
	m, err := byWords()
	if err != nil {
		t.Fatal(err)
	}
	c := dialog.Config{Answerer: m}
	for _, f := range change {
		f(&c)
	}
	return &visiting{Dialog: dialog.New(c)}
}

func (v *visiting) say(x dialog.Visit) string {
	x.Turn = v.turn
	replies, turn := v.Visit(context.Background(), x)
	v.turn, v.buttons = turn, nil
	text := ""
	for _, r := range replies {
		text += bot.PlainText(r) + "\n"
		v.buttons = append(v.buttons, r.Buttons...)
	}
	return text
}

func (v *visiting) ask(text string) string { return v.say(dialog.Visit{Text: text, Lang: "en"}) }

func (v *visiting) press(t *testing.T, label string) string {
	t.Helper()
	for _, b := range v.buttons {
		if strings.Contains(b.Label, label) {
			return v.say(dialog.Visit{Action: b.Action, Lang: "en"})
		}
	}
	t.Fatalf("there is no button %q in %v", label, v.buttons)
	return ""
}

// A conversation goes on from what the page says, and from nothing else.
func TestVisit(t *testing.T) {
	v := visit(t)
	if got := v.ask("Was there a personality cult around Brezhnev?"); !strings.Contains(got, "Disputed") {
		t.Fatal(got)
	}
	if got := v.press(t, "Why"); !strings.Contains(got, "%") || !strings.Contains(got, "took this fact") {
		t.Errorf("why, after a button: %s", got)
	}
	if got := v.ask("/why"); !strings.Contains(got, "%") {
		t.Errorf("/why: %s", got)
	}
	if got := v.ask("/source"); !strings.Contains(got, "note 35") {
		t.Errorf("/source: %s", got)
	}
	v.ask("When did Khrushchev denounce Stalin's cult?")
	if got := v.ask("who was he?"); !strings.Contains(got, "Khrushchev") {
		t.Errorf("a follow-up: %s", got)
	}
	stranger := &visiting{Dialog: v.Dialog}
	if got := stranger.ask("/why"); !strings.Contains(got, "Ask something first") {
		t.Errorf("somebody else is told: %s", got)
	}
	if got := stranger.ask("/settings language de"); strings.Contains(got, "Done") {
		t.Errorf("settings on a page: %s", got)
	}
}

// Choices can be pressed, named by their number, and pressed again after that.
func TestVisitChoices(t *testing.T) {
	v := visit(t)
	got := v.ask("monuments to stalin removed")
	if !strings.Contains(got, "1. ") {
		t.Fatalf("nothing is offered: %s", got)
	}
	before := *v
	if got := v.ask("1"); !strings.Contains(got, "note") && !strings.Contains(got, "Wikipedia") {
		t.Errorf("by number: %s", got)
	}
	*v = before
	if got := v.press(t, "1. "); !strings.Contains(got, "Wikipedia") {
		t.Errorf("by button: %s", got)
	}
	if v.turn.Chosen == "" || v.turn.Asked != before.turn.Asked {
		t.Errorf("after a choice: %+v", v.turn)
	}
	if got := v.press(t, "Why"); !strings.Contains(got, "chosen by hand") {
		t.Errorf("why, after a choice: %s", got)
	}
}

// What is said after a choice by its number goes on from that choice, and a list is read one number
// after the other, also one that a command gave.
func TestVisitGoesOnFromAChoice(t *testing.T) {
	v := visit(t)
	v.ask("When was the Molotov-Ribbentrop Pact signed?")
	list := v.ask("/search khrushchev")
	if !strings.Contains(list, "3. Who was Nikita Khrushchev?") {
		t.Fatal(list)
	}
	if got := v.ask("1"); !strings.Contains(got, "secret-speech ·") {
		t.Errorf("1: %s", got)
	}
	if got := v.ask("3"); !strings.Contains(got, "nikita-khrushchev ·") {
		t.Errorf("3, after 1: %s", got)
	}
	if got := v.ask("/source"); !strings.Contains(got, "Who was Nikita Khrushchev?") {
		t.Errorf("the source is not that of the choice: %s", got)
	}
	if got := v.ask("/about"); !strings.Contains(got, "Neo-Stalinism") {
		t.Error(got)
	}
	v.ask("3")
	if got := v.press(t, "Related"); strings.Contains(got, "You can answer with the number.") { // which is known to nobody then
		t.Error(got)
	}
	if got := v.ask("more"); !strings.Contains(got, "Related to “Who was Nikita Khrushchev?”") {
		t.Errorf("more, after a choice: %s", got)
	}
}

// What comes back from a page may be anything.
func TestVisitForged(t *testing.T) {
	v := visit(t)
	for _, turn := range []dialog.Turn{{Fact: "no-such-fact"}, {Fact: "<script>"}, {Asked: "/settings language de"}, {Asked: "\x00"}, {Chosen: "<b>"}, {Asked: "/search stalin", Chosen: "no-such-fact"}} {
		v.turn = turn
		if got := v.ask("When did Khrushchev denounce Stalin's cult?"); !strings.Contains(got, "February 1956") {
			t.Errorf("%+v: %s", turn, got)
		}
		v.turn = turn
		if got := v.say(dialog.Visit{Action: "1f:<b>"}); got == "" {
			t.Errorf("%+v: silence", turn)
		}
	}
}

// Nothing of a visit is recorded or remembered, and replies link to pages where there are
// such.
func TestVisitLeavesNothing(t *testing.T) {
	l := &noLedger{t: t}
	v := visit(t, func(c *dialog.Config) { c.Ledger = l })
	got := v.say(dialog.Visit{Text: "When did Khrushchev denounce Stalin's cult?", Page: func(f *knowledge.Fact) string { return "../f/" + f.ID + "/" }})
	if !strings.Contains(got, "../f/secret-speech/") {
		t.Error(got)
	}
	if strings.Contains(strings.Join(labels(v.buttons), " "), "Helpful") {
		t.Error("an opinion is asked for")
	}
	m := bot.Message{From: bot.User{ID: "visitor"}, To: bot.Address{Conversation: bot.In(dialog.Web, "")}, Direct: true, Command: "why"}
	replies, _ := v.Accept(m).Reply(context.Background(), nil)
	if text := bot.PlainText(replies[0]); !strings.Contains(text, "Ask something first") {
		t.Errorf("a visit is remembered: %s", text)
	}
}

func labels(all []bot.Button) (out []string) {
	for _, b := range all {
		out = append(out, b.Label)
	}
	return out
}

// noLedger fails when anything is recorded.
type noLedger struct {
	bot.Ledger
	t *testing.T
}

func (l *noLedger) Terms() bot.LedgerTerms { return bot.LedgerTerms{} }
func (l *noLedger) Record(_ context.Context, r bot.Record) {
	l.t.Errorf("recorded: %+v", r)
}

// What /api/ask tells is what "footnote ask" does.
func TestDecide(t *testing.T) {
	v := visit(t)
	r, ok := v.Decide(context.Background(), "When did Khrushchev denounce Stalin's cult? And who was he?")
	if !ok || r.Best() == nil || r.Best().ID != "secret-speech" {
		t.Errorf("%v %+v", ok, r.Best())
	}
	if found := v.Find("brezhnev cult"); len(found) == 0 {
		t.Error("nothing is found")
	}
}

// Where several facts fall on a day, the year stands before each and apart from it.
func TestYearsOfADay(t *testing.T) {
	if got, want := visit(t).ask("/onthisday 23 August"), "1. 1939 – Why was 23 August chosen as the day of remembrance?\n2. 1939 – When"; !strings.Contains(got, want) {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// Each entry of the longest list can be chosen by its number.
func TestTheTenthOfAList(t *testing.T) {
	v := visit(t)
	if list := v.ask("/timeline"); !strings.Contains(list, "\n10. 2005") {
		t.Fatal(list)
	}
	if got := v.ask("10"); !strings.Contains(got, "Zyuganov") {
		t.Error(got)
	}
}

// What is for chats says so on a page, and what is stored is told there too.
func TestCommandsOfChatsOnAPage(t *testing.T) {
	v := visit(t)
	for text, want := range map[string]string{"/quiz": "in the chats only", "/settings language de": "in the chats only", "/privacy": "Nothing of what you ask is stored", "/forget": "Nothing of what you ask is stored", "/nonsense": "I don't know that command"} {
		if got := v.ask(text); !strings.Contains(got, want) {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// A pack in Canadian French is in French for whoever asks in it: nobody is told so.
func TestRegionalLanguageOfAPack(t *testing.T) {
	pack := &knowledge.Pack{ID: "sel", Title: knowledge.Text{"fr-CA": "Le sel"}, Version: "1.0.0", Languages: []string{"fr-CA"}}
	pack.Facts = []*knowledge.Fact{{
		ID: "porte", Pack: pack, Status: knowledge.CitationNeeded, Answer: knowledge.Text{"fr-CA": "La porte du Sel fut construite en 1431."},
		Questions: []knowledge.Phrasing{{Lang: "fr-CA", Text: "Quand la porte du Sel a-t-elle été construite ?"}, {Lang: "fr-CA", Text: "année de la porte du Sel"}},
	}}
	m, err := answers.New(t.Context(), &knowledge.Base{Packs: []*knowledge.Pack{pack}}, answers.Options{Encoder: "off"})
	if err != nil {
		t.Fatal(err)
	}
	d := dialog.New(dialog.Config{Answerer: m})
	for _, asked := range []string{"Quand la porte du Sel a-t-elle été construite ?", "Qui a peint le plafond de la porte du Sel ?"} {
		replies, _ := d.Visit(t.Context(), dialog.Visit{Text: asked})
		got := bot.PlainText(replies[0])
		if strings.Contains(got, "en français") || !strings.Contains(got, "La porte") && !strings.Contains(got, "réponse") {
			t.Errorf("%s: %s", asked, got)
		}
	}
}
