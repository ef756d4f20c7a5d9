package dialog_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
)

// notebook is a ledger in memory that a test can read.
type notebook struct {
	words bool
	fail  bool

	mu      sync.Mutex
	asked   []bot.Record
	events  []string // with the number of the question for its id
	allowed map[bot.Person]bool
	places  map[bot.Place]bool
}

func (n *notebook) note(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, fmt.Sprintf(format, args...))
}

func (n *notebook) number(id string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	for i, a := range n.asked {
		if a.ID == id {
			return i + 1
		}
	}
	return 0
}

func (n *notebook) Record(_ context.Context, a bot.Record) {
	n.mu.Lock()
	n.asked = append(n.asked, a)
	n.mu.Unlock()
	n.note("%s %s %s %q", a.By.ID, a.Outcome, a.Fact, a.Words)
}

func (n *notebook) Picked(_ context.Context, id, fact string) {
	n.note("%d picked %s", n.number(id), fact)
}

func (n *notebook) Judged(_ context.Context, id string, by bot.Person, v bot.Verdict) {
	n.note("%d %s by %s", n.number(id), v, by.ID)
}

func (n *notebook) Forget(_ context.Context, who bot.Person) error {
	if n.fail {
		return errors.New("the disk is full")
	}
	n.note("forget %s", who.ID)
	return nil
}

func (n *notebook) Allow(_ context.Context, who bot.Person, words bool) error {
	if n.fail {
		return errors.New("the disk is full")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.allowed == nil {
		n.allowed = map[bot.Person]bool{}
	}
	n.allowed[who] = words
	return nil
}

func (n *notebook) Allows(who bot.Person) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.allowed[who]
}

func (n *notebook) AllowIn(_ context.Context, where bot.Place, words bool) error {
	if n.fail {
		return errors.New("the disk is full")
	}
	n.note("%s allows words: %t", where.Chat, words)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.places == nil {
		n.places = map[bot.Place]bool{}
	}
	n.places[where] = words
	return nil
}

func (n *notebook) AllowsIn(where bot.Place) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.places[where]
}

func (n *notebook) Moved(_ context.Context, from, to bot.Place) error {
	if n.fail {
		return errors.New("the disk is full")
	}
	n.note("%s is %s", from.Chat, to.Chat)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.places[from] {
		n.places[from], n.places[to] = false, true
	}
	return nil
}

func (n *notebook) Terms() bot.LedgerTerms {
	return bot.LedgerTerms{Words: n.words, Keep: 90 * 24 * time.Hour}
}

// log is what was kept, once nothing moves any more.
func (n *notebook) log() string {
	synctest.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.ReplaceAll(strings.Join(n.events, "\n"), "user:", "")
}

// What people see where a ledger is kept, with and without words.
func TestLedgerScripts(t *testing.T) {
	base := bottest.Library(t)
	for _, words := range []bool{false, true} {
		bottest.RunScripts(t, fmt.Sprintf("testdata/ledger/words-%t.txt", words), *update, func() bottest.Config {
			return bottest.Config{Answerer: bottest.Scripted(base), Ledger: &notebook{words: words}}
		})
	}
	bottest.RunScripts(t, "testdata/ledger/settings.txt", *update, func() bottest.Config {
		return bottest.Config{Answerer: bottest.Scripted(base), Ledger: &notebook{words: true}}
	})
}

func TestLedgerHoldsWhatHappened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &notebook{words: true}
		s := bottest.Start(t, bottest.Config{Ledger: n})
		last := func() bottest.Shown {
			s.Texts()
			all, _ := s.WaitShown(t.Context(), 0)
			return all[len(all)-1]
		}
		remember := func(who, what string) {
			s.Say(t, bottest.Said{Who: who, How: bottest.Command, Command: "remember", Text: what})
			s.Texts()
		}
		s.Ask(founded) // not allowed yet
		answer := last()
		s.Press(t, "ann", answer, "Helpful")
		s.Press(t, "ann", answer, "Source")
		remember("ann", "on")
		s.Ask("Who burned the library | What was the Museum?")
		s.Ask("2") // 2 is picked for that question
		s.Press(t, "ann", last(), "Not helpful")
		s.Ask("who stole the scrolls?")
		s.Press(t, "ann", last(), "Ask the curators")
		s.Ask("when was that?") // says nothing without what came before
		s.Texts()
		s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Mention, Text: "who stole the scrolls?"})
		s.Texts()
		remember("ann", "off")
		s.Ask("who stole the scrolls?")
		s.Press(t, "ann", last(), "Not helpful")
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "topics", Text: "library"})
		s.Ask("1") // is of the list, not of the question before
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "forget"})
		want := []string{
			`ann answered library-founded ""`,
			`1 helpful by ann`,
			`ann choices  "Who burned the library | What was the Museum?"`,
			`2 picked museum-scholars`,
			`2 unhelpful by ann`,
			`ann declined  "who stole the scrolls?"`,
			`3 wanted by ann`,
			`ann answered museum-scholars ""`,
			`ann declined  ""`,
			`ann declined  ""`,
			`6 unhelpful by ann`,
			`forget ann`,
		}
		if got := n.log(); got != strings.Join(want, "\n") {
			t.Errorf("kept:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
		}
		a := n.asked[1]
		if a.Packs != "library 0.3.0" || len(a.Near) != 2 || a.Confidence != .5 || a.Margin < .09 || a.Margin > .11 || a.Outcome != answers.Choices || a.At.IsZero() || a.By.Platform == "" {
			t.Errorf("the choices are kept as %+v", a)
		}
	})
}

// A button outlives a restart of the bot, and one that was forged does nothing.
func TestOpinionsAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &notebook{}
		s := bottest.Start(t, bottest.Config{Ledger: n})
		s.Ask(founded)
		s.Texts()
		var action string
		for _, b := range s.Sent()[0].Reply.Buttons {
			if b.Label == "Helpful" {
				action = b.Action
			}
		}
		if err := s.Stop(); err != nil || action == "" {
			t.Fatal(err, action)
		}
		s = bottest.Start(t, bottest.Config{Ledger: n})
		for i, action := range []string{action, "1h:short", "1h:aaaaaaaaaa:x", "1h:AAAAAAAAAA"} {
			s.PressAction("bob", bottest.Shown{}, action)
			if got := s.Texts(); len(got) != i+1 || strings.HasPrefix(got[i], "Thank you") != (i == 0) {
				t.Errorf("%q: %q", action, got)
			}
		}
		if got := n.log(); got != "ann answered library-founded \"\"\n1 helpful by bob" {
			t.Errorf("kept: %s", got)
		}
		_ = s.Stop()
		s = bottest.Start(t, bottest.Config{}) // the operator keeps nothing any more
		s.PressAction("bob", bottest.Shown{}, action)
		if got := s.Texts(); !strings.HasPrefix(got[0], "This button") {
			t.Errorf("without a ledger: %q", got)
		}
	})
}

// A ledger that fails is told of where somebody asked for something of it.
func TestLedgerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Ledger: &notebook{words: true, fail: true}})
		for i, x := range []struct{ command, text, want string }{
			{"remember", "on", "That could not be stored"}, {"forget", "", "could not be deleted"}, {"ask", founded, "Established"},
		} {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: x.command, Text: x.text})
			if got := s.Texts(); len(got) != i+1 || !strings.Contains(got[i], x.want) {
				t.Errorf("/%s: %q", x.command, got)
			}
		}
	})
}

// lingers is what a ledger returns that has deleted what somebody still reads.
type lingers struct{ *notebook }

func (l lingers) Forget(ctx context.Context, who bot.Person) error { return bot.ErrLingers }

func (l lingers) Allow(ctx context.Context, who bot.Person, words bool) error {
	_ = l.notebook.Allow(ctx, who, words)
	if words {
		return nil
	}
	return bot.ErrLingers
}

// What is deleted and still on the disk is said to be.
func TestDeletedAndStillThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Ledger: lingers{&notebook{words: true}}})
		for i, x := range []struct {
			command, text, want string
			lingers             bool
		}{
			{"remember", "on", "From now on I keep", false}, {"remember", "off", "are deleted", true}, {"forget", "", "is deleted", true},
		} {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: x.command, Text: x.text})
			if got := s.Texts(); len(got) != i+1 || !strings.Contains(got[i], x.want) || strings.Contains(got[i], "gone from the disk itself as soon as") != x.lingers {
				t.Errorf("/%s: %q", x.command, got)
			}
		}
	})
}

// marks is a ledger that keeps a mark of who was forgotten.
type marks struct{ *notebook }

func (m marks) Terms() bot.LedgerTerms {
	terms := m.notebook.Terms()
	terms.Marks = true
	return terms
}

// What stays for a day after /forget is told by /privacy, and only where it stays.
func TestPrivacyTellsOfMarks(t *testing.T) {
	for _, x := range []struct {
		ledger bot.Ledger
		told   bool
	}{{&notebook{words: true}, false}, {marks{&notebook{words: true}}, true}} {
		synctest.Test(t, func(t *testing.T) {
			s := bottest.Start(t, bottest.Config{Ledger: x.ledger})
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "privacy"})
			if got := strings.Join(s.Texts(), " "); !strings.Contains(got, "/forget") || strings.Contains(got, "one more day") != x.told {
				t.Errorf("%t: %s", x.told, got)
			}
		})
	}
}

// What is asked with somebody else's words is answered, and those words are kept for nobody.
func TestOthersWordsAreNotKept(t *testing.T) {
	n := &notebook{words: true}
	ann := bot.Person{Platform: "telegram", ID: "1"}
	if err := n.Allow(t.Context(), ann, true); err != nil {
		t.Fatal(err)
	}
	d := dialog.New(dialog.Config{Answerer: bottest.Scripted(bottest.Library(t)), Ledger: n})
	for i, quoted := range []bool{false, true} {
		m := bot.Message{ID: bot.MessageID(fmt.Sprint("m", i)), From: bot.User{ID: ann.ID}, Direct: true, Addressed: true, Command: "ask", Text: "who stole the scrolls?", Quoted: quoted,
			To: bot.Address{Conversation: bot.In("telegram", "1")}}
		replies, after := d.Accept(m).Reply(t.Context(), nil)
		for _, f := range after {
			f(t.Context())
		}
		if len(replies) != 1 || len(n.asked) != i+1 || (n.asked[i].Words == "") != quoted {
			t.Errorf("quoted %t: %d replies, kept %+v", quoted, len(replies), n.asked)
		}
	}
}
