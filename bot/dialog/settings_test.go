package dialog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/lang"
)

func wantPrefix(t *testing.T, what, got, want string) {
	t.Helper()
	if !strings.HasPrefix(got, want) {
		t.Errorf("%s: %q, want %q…", what, got, want)
	}
}

const (
	onlyAdmins = "Only admins can change"
	inEnglish  = "Hello!"
	inGerman   = "Hallo!"
)

// Who asks is looked at each time, whatever button it comes through.
func TestSettingsAreCheckedAtEachPress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &notebook{words: true}
		s := bottest.Start(t, bottest.Config{Ledger: n})
		s.Admin(t, "bob", "#forum", true)
		wantPrefix(t, "an admin", s.In("bob", "settings", ""), "Settings of this chat")
		panel := s.Last()
		s.Press(t, "ann", panel, "Deutsch")
		wantPrefix(t, "a press by somebody else", s.Last().Text, onlyAdmins)
		s.Press(t, "ann", panel, "Keep questions")
		wantPrefix(t, "a press by somebody else", s.Last().Text, onlyAdmins)
		s.Admin(t, "bob", "#forum", false)
		s.Press(t, "bob", panel, "Deutsch")
		wantPrefix(t, "a press by who was an admin", s.Last().Text, onlyAdmins)
		for _, forged := range []string{"1e:l:de", "1e:l:auto", "1e:q:on", "1e:q:off"} {
			s.PressAction("ann", panel, forged)
			wantPrefix(t, forged, s.Last().Text, onlyAdmins)
		}
		s.Admin(t, "bob", "#forum", true)
		for _, forged := range []string{"1e:l:xx", "1e:l:", "1e:l:DE", "1e:q:maybe", "1e:z:on", "1e::", "1ex:l:de", "1e:l"} {
			s.PressAction("bob", panel, forged)
			wantPrefix(t, forged, s.Last().Text, "This button")
		}
		wantPrefix(t, "the chat after all that", s.In("ann", "", "hello"), inEnglish)
		if got := n.log(); got != "" {
			t.Errorf("the ledger was told: %s", got)
		}
		s.Press(t, "bob", panel, "Deutsch")
		wantPrefix(t, "a press by an admin", s.Last().Text, "Erledigt")
		wantPrefix(t, "the chat", s.In("ann", "", "hello"), inGerman)
	})
}

// noAuthorizer is a platform that tells of nobody who decides.
type noAuthorizer struct{ bot.Adapter }

// Nobody decides where it cannot be found out who does, and each is told why.
func TestNobodyDecides(t *testing.T) {
	for name, x := range map[string]struct {
		unsure error
		hidden bool
		want   string
	}{
		"no authorizer":   {hidden: true, want: "I cannot tell here who decides"},
		"it fails":        {unsure: errors.New("the platform is away"), want: "I could not find out whether you are an admin"},
		"a typed message": {unsure: fmt.Errorf("memory: %w", bot.ErrNotTold), want: "A typed message does not tell me"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &notebook{words: true}
				c := bottest.Config{Answerer: bottest.Scripted(bottest.Library(t)), Ledger: n}
				m := bottest.NewMemory(nil)
				m.Admin(t, "bob", "#forum", true)
				m.Unsure(x.unsure)
				var a bot.Adapter = m
				if x.hidden {
					a = noAuthorizer{m}
				}
				s := bottest.StartOn(t, c, m, a)

				wantPrefix(t, "language", s.In("bob", "settings", "language de"), x.want)
				wantPrefix(t, "questions", s.In("bob", "settings", "questions on"), x.want)
				s.PressAction("bob", bottest.Shown{In: "#forum"}, "1e:l:de")
				wantPrefix(t, "a button", s.Last().Text, x.want)
				wantPrefix(t, "the settings", s.In("bob", "settings", ""), "Settings of this chat") // to see them is for all
				wantPrefix(t, "the chat", s.In("ann", "", "hello"), inEnglish)
				wantPrefix(t, "the direct chat", s.Direct("bob", "settings", "language de"), "Erledigt") // is everybody's own
				if got := n.log(); got != "" {
					t.Errorf("the ledger was told: %s", got)
				}
			})
		})
	}
}

func TestSettingsSurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := bottest.NewKept()
		s := bottest.Start(t, bottest.Config{Settings: k})
		s.Admin(t, "bob", "#forum", true)
		s.In("bob", "settings", "language de")
		s.Direct("ann", "settings", "language ru")
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
		s = bottest.Start(t, bottest.Config{Settings: k})
		wantPrefix(t, "the group", s.In("cat", "", "hello"), inGerman)
		wantPrefix(t, "ann in the group", s.In("ann", "", "hello"), inGerman)
		wantPrefix(t, "ann's settings in the group are shown to her", s.In("ann", "settings", ""), "Настройки этого чата")
		wantPrefix(t, "ann's direct chat", s.Direct("ann", "settings", ""), "Ваши настройки")
		wantPrefix(t, "ann", s.Direct("ann", "forget", ""), "Готово")
		_ = s.Stop()
		s = bottest.Start(t, bottest.Config{Settings: k})
		wantPrefix(t, "ann was forgotten", s.Direct("ann", "settings", ""), "Your settings")
		wantPrefix(t, "the group was not", s.In("ann", "", "hello"), inGerman)
		s.Admin(t, "bob", "#forum", true)
		s.In("bob", "settings", "language auto")
		_ = s.Stop()
		s = bottest.Start(t, bottest.Config{Settings: k})
		wantPrefix(t, "the group, set back", s.In("ann", "", "hello"), inEnglish)
	})
}

// The store is asked once for each chat and person, and again for one that made
// room for others.
func TestAnsweringReadsNoSettings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := bottest.NewKept()
		s := bottest.Start(t, bottest.Config{Settings: k, InDialog: dialog.Bounded(0, 0, 4)})
		s.Admin(t, "bob", "#forum", true)
		s.In("bob", "settings", "language de")
		for range 5 {
			wantPrefix(t, "the chat", s.In("ann", "", "hello"), inGerman)
		}
		if gets, sets := k.Counts(); gets != 3 || sets != 1 { // of bob, ann and the forum
			t.Errorf("%d reads and %d writes, want 3 and 1", gets, sets)
		}
		for i := range 6 {
			s.Direct(fmt.Sprint("guest", i), "why", "")
		}
		wantPrefix(t, "the chat after others", s.In("ann", "", "hello"), inGerman)
		if gets, _ := k.Counts(); gets != 3+6+2 {
			t.Errorf("%d reads, want 11: ann and the forum had to be read again", gets)
		}
	})
}

// A store that fails or hangs costs nobody an answer, is not asked at each
// message, and what it did not take is not said to be set.
func TestSettingsStoreFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := bottest.NewKept()
		s := bottest.Start(t, bottest.Config{Settings: k})
		s.Admin(t, "bob", "#forum", true)
		s.In("bob", "settings", "language de")
		_ = s.Stop()
		s = bottest.Start(t, bottest.Config{Settings: k})
		s.Admin(t, "bob", "#forum", true)
		k.Trouble(errors.New("the disk is full"), false)
		for range 5 {
			wantPrefix(t, "while it fails", s.In("bob", "", "hello"), inEnglish)
		}
		if gets, _ := k.Counts(); gets != 2+1 { // two of the first start
			t.Errorf("%d reads; it should be left alone for a while", gets)
		}
		wantPrefix(t, "setting", s.In("bob", "settings", "language ru"), "That could not be stored")
		wantPrefix(t, "after it", s.In("bob", "", "hello"), inEnglish)
		wantPrefix(t, "forgetting", s.Direct("ann", "forget", ""), "I no longer remember any answer I gave you, but")
		time.Sleep(time.Minute)
		k.Trouble(nil, true)
		s.In("ann", "", "hello")
		time.Sleep(400 * time.Millisecond) // of the bubble: by then the answer is there
		wantPrefix(t, "while it hangs", s.Last().Text, inEnglish)
		time.Sleep(time.Minute)
		k.Trouble(nil, false)
		wantPrefix(t, "when it works again", s.In("ann", "", "hello"), inGerman)
	})
}

// Words of what is asked in a group are kept from when an admin has turned it on
// until one turns it off, of that group, and with the group they belong to.
func TestQuestionsOfAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &notebook{words: true}
		s := bottest.Start(t, bottest.Config{Ledger: n})
		s.Admin(t, "bob", "#forum", true)
		const lost = "who stole the scrolls?"
		s.Direct("ann", "remember", "on") // is for the direct chat
		s.In("ann", "", lost)
		s.In("ann", "settings", "questions on") // is no admin
		s.In("ann", "", lost)
		s.In("bob", "settings", "questions on")
		s.In("ann", "", lost)
		s.Say(t, bottest.Said{Who: "ann", In: "#other", How: bottest.Mention, Text: lost})
		s.Texts()
		s.Direct("bob", "ask", lost) // allowed nothing for his own chat
		s.In("bob", "settings", "questions off")
		s.In("ann", "", lost)
		s.Direct("ann", "ask", lost)
		want := []string{
			`ann declined  ""`,
			`ann declined  ""`,
			`group:#forum allows words: true`,
			`ann declined  "who stole the scrolls?"`,
			`ann declined  ""`,
			`bob declined  ""`,
			`group:#forum allows words: false`,
			`ann declined  ""`,
			`ann declined  "who stole the scrolls?"`,
		}
		if got := n.log(); got != strings.Join(want, "\n") {
			t.Errorf("kept:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
		}
		forum := bot.Place{Platform: bottest.MemoryPlatform, Chat: "group:#forum"}
		for i, a := range n.asked {
			if (a.In == forum) != (i == 2) || i != 2 && a.In != (bot.Place{}) {
				t.Errorf("question %d was asked in %+v", i+1, a.In)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Ledger: &notebook{words: true, fail: true}})
		s.Admin(t, "bob", "#forum", true)
		wantPrefix(t, "a ledger that fails", s.In("bob", "settings", "questions on"), "That could not be stored")
	})
	synctest.Test(t, func(t *testing.T) {
		n := &notebook{}
		s := bottest.Start(t, bottest.Config{Ledger: n})
		s.Admin(t, "bob", "#forum", true)
		wantPrefix(t, "an operator who keeps none", s.In("bob", "settings", "questions on"), "I do not store the words")
		if strings.Contains(s.In("bob", "settings", ""), "uestions") || len(s.Last().Buttons) != len(lang.All().Tags()) {
			t.Errorf("what the operator keeps none of is offered: %+v", s.Last())
		}
		if got := n.log(); got != "" {
			t.Errorf("the ledger was told: %s", got)
		}
	})
}

// A group that gets another id keeps its settings; one that has its own keeps those.
func TestSettingsFollowAMovedGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, k := &notebook{words: true}, bottest.NewKept()
		s := bottest.Start(t, bottest.Config{Ledger: n, Settings: k})
		place := func(name string) bot.Place {
			return bot.Place{Platform: bottest.MemoryPlatform, Chat: bot.ChatID("group:" + name)}
		}
		s.Admin(t, "bob", "#forum", true)
		s.Admin(t, "bob", "#own", true)
		s.In("bob", "settings", "language de")
		s.In("bob", "settings", "questions on")
		s.Dialog.Moved(t.Context(), place("#forum"), place("#super"))
		s.Dialog.Moved(t.Context(), place("#forum"), place("#super")) // Telegram says it twice
		hello := func(in string) string {
			s.Say(t, bottest.Said{Who: "ann", Lang: "en", In: in, How: bottest.Mention, Text: "hello"})
			return s.Last().Text
		}
		wantPrefix(t, "the new id", hello("#super"), inGerman)
		wantPrefix(t, "the old id", hello("#forum"), inEnglish)
		if !n.AllowsIn(place("#super")) {
			t.Error("the ledger does not know the new id")
		}
		s.Say(t, bottest.Said{Who: "bob", Lang: "en", In: "#own", How: bottest.Command, Command: "settings", Text: "language fr"})
		s.Texts()
		s.Dialog.Moved(t.Context(), place("#super"), place("#own"))
		wantPrefix(t, "one with its own", hello("#own"), "Bonjour")
		_ = s.Stop()
		s = bottest.Start(t, bottest.Config{Settings: k})
		wantPrefix(t, "the old id after a restart", hello("#super"), inEnglish)
		wantPrefix(t, "the new one after a restart", hello("#own"), "Bonjour")
	})
}

func TestSuggestsSettings(t *testing.T) {
	values := func(d *dialog.Dialog, typed string) string {
		var all []string
		for _, c := range d.Suggest("settings", typed, "en", 25) {
			all = append(all, c.Value)
		}
		return strings.Join(all, ",")
	}
	_, d := bottest.Config{Answerer: bottest.Scripted(bottest.Library(t))}.New()
	for typed, want := range map[string]string{
		"": "language " + strings.Join(lang.All().Tags(), ",language ") + ",language auto,pictures dark,pictures light", "Language  e": "language en,language es", "q": "",
	} {
		if got := values(d, typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	_, d = bottest.Config{Answerer: bottest.Scripted(bottest.Library(t)), Ledger: &notebook{words: true}}.New()
	if got := values(d, "q"); got != "questions on,questions off" {
		t.Errorf("with a ledger: %q", got)
	}
}
