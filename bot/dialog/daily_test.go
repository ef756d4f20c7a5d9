package dialog_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/store"
	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
)

// almanac has two facts of 3 January, a third that nobody has sourced, and one of 5 January.
func almanac() *knowledge.Base {
	p := &knowledge.Pack{ID: "almanac", Version: "1.0.0", Languages: []string{"en"}, Title: knowledge.Text{"en": "Almanac"}}
	for id, date := range map[string]string{"older": "1431-01-03", "newer": "1500-01-03", "other": "1600-01-05"} {
		p.Facts = append(p.Facts, &knowledge.Fact{
			ID: id, Pack: p, Status: knowledge.Established, Questions: []knowledge.Phrasing{{Text: "What of " + id + "?"}},
			Answer: knowledge.Text{"en": "It was the " + id + " one."}, Dates: []knowledge.Date{{EDTF: edtf.Date(date)}},
			Cites: []knowledge.Cite{{Source: &csl.Source{ID: "brandt", Type: "book", Fields: map[string]string{"title": "Hallin"}}}},
		})
	}
	p.Facts = append(p.Facts, &knowledge.Fact{
		ID: "hearsay", Pack: p, Status: knowledge.CitationNeeded, Questions: []knowledge.Phrasing{{Text: "What of hearsay?"}},
		Answer: knowledge.Text{"en": "It was the unsourced one."}, Dates: []knowledge.Date{{EDTF: "1400-01-03"}},
	})
	return &knowledge.Base{Packs: []*knowledge.Pack{p}}
}

// A dailyBot posts to ann, who lives in Berlin.
type dailyBot struct {
	*bottest.Started
	t      *testing.T
	zone   *time.Location
	kept   bot.Listing
	mu     sync.Mutex
	posted []string
}

func startDaily(t *testing.T) *dailyBot {
	zone, _ := time.LoadLocation("Europe/Berlin")
	b := &dailyBot{t: t, zone: zone, kept: store.Hidden(store.Memory().In("daily"), store.NewSeal([]byte("a secret"), "daily"))}
	b.Started = bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(almanac()), InDialog: func(c *dialog.Config) { c.Daily = b.kept }})
	return b
}

// does has ann write a command in a place, "" for the direct chat, and returns the reply.
func (b *dailyBot) does(in, command, text string) string {
	b.t.Helper()
	b.Say(b.t, bottest.Said{Who: "ann", In: in, How: bottest.Command, Command: command, Text: text})
	all := b.Texts()
	return all[len(all)-1]
}

func (b *dailyBot) at(date string) time.Time {
	x, err := time.ParseInLocation("2006-01-02 15:04", date, b.zone)
	if err != nil {
		b.t.Fatal(err)
	}
	return x
}

// run posts until then.
func (b *dailyBot) run(until string) {
	ctx, cancel := context.WithCancel(b.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Dialog.PostDaily(ctx, func() bool { return true }, func(_ context.Context, to bot.Address, r bot.Reply) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			text := bot.PlainText(r)
			if !strings.Contains(text, "Hallin") || to.Chat == "" || to.ReplyTo != "" {
				b.t.Errorf("%+v gets %q", to, text)
			}
			b.posted = append(b.posted, time.Now().In(b.zone).Format("2006-01-02 15:04")+" "+text[strings.Index(text, "It was"):strings.Index(text, " one.")])
			return nil
		})
	}()
	time.Sleep(time.Until(b.at(until)))
	cancel()
	<-done
}

// skip lets time pass while nothing runs.
func (b *dailyBot) skip(until string) { time.Sleep(time.Until(b.at(until))) }

func (b *dailyBot) got(want string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if got := strings.Join(b.posted, "\n"); got != want {
		b.t.Errorf("posted:\n%s", got)
	}
}

// A place gets a fact on the days that have one, at its time, in its zone, each once a year; what was
// missed is not made up, and whoever decides can end it.
func TestDaily(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startDaily(t)
		for text, want := range map[string]string{
			"daily 25:00": "posts here each day", "daily 09:00 Mars/Olympus": "I do not know the time zone", "daily 9:00 europe/berlin": "at 09:00 (Europe/Berlin)",
		} {
			if got := b.does("", "settings", text); !strings.Contains(got, want) {
				t.Error(got)
			}
		}
		b.run("2000-01-04 12:00")  // the clock begins on 1 January 2000
		b.skip("2000-01-05 12:00") // down when the next was due
		b.skip("2001-01-03 08:00")
		b.run("2001-01-03 10:00") // of the same day what was not posted yet
		if got := b.does("", "settings", "daily off"); !strings.Contains(got, "I post nothing by myself here any more.") {
			t.Error(got)
		}
		b.run("2001-01-06 12:00")
		b.got("2000-01-03 09:00 It was the older\n2001-01-03 09:00 It was the newer")
	})
}

// What was posted is known for a year after it is switched off, and no longer; what never posted is
// gone at once.
func TestDailyOffAndOnAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startDaily(t)
		kept := func() int {
			keys, err := b.kept.Keys(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return len(keys)
		}
		b.does("", "settings", "daily 09:00")
		b.does("", "settings", "daily off")
		if n := kept(); n != 0 {
			t.Errorf("%d values are kept of what never posted", n)
		}
		b.does("", "settings", "daily 09:00 Europe/Berlin")
		b.run("2000-01-04 12:00")
		for range 2 { // the second changes nothing
			b.does("", "settings", "daily off")
		}
		b.skip("2000-06-01 12:00")
		b.run("2000-06-01 12:05")
		if got := b.does("", "settings", ""); !strings.Contains(got, "A fact a day: none.") || kept() != 1 {
			t.Errorf("%d values, %s", kept(), got)
		}
		b.does("", "settings", "daily 09:00 Europe/Berlin")
		b.skip("2001-01-03 08:00")
		b.run("2001-01-03 10:00")
		b.got("2000-01-03 09:00 It was the older\n2001-01-03 09:00 It was the newer")
		b.does("", "settings", "daily off")
		b.skip("2002-01-04 12:00")
		b.run("2002-01-04 12:05")
		if n := kept(); n != 0 {
			t.Errorf("%d values are kept after a year", n)
		}
	})
}

// What somebody has in the direct chat /forget deletes wherever it is written.
func TestForgetEndsTheDirectChatsDailyFact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startDaily(t)
		b.does("", "settings", "daily 09:00")
		b.does("#square", "forget", "")
		if keys, err := b.kept.Keys(t.Context()); len(keys) != 0 || err != nil {
			t.Errorf("kept: %d, %v", len(keys), err)
		}
	})
}
