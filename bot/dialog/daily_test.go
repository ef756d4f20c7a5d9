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

// A place gets a fact on the days that have one, at its time, in its zone, each once a year; what was
// missed is not made up, and whoever decides can end it.
func TestDaily(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var zone, _ = time.LoadLocation("Europe/Berlin")
		daily := store.Hidden(store.Memory().In("daily"), store.NewSeal([]byte("a secret"), "daily"))
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(almanac()), InDialog: func(c *dialog.Config) { c.Daily = daily }})
		say := func(text string) string {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "settings", Text: text})
			all := s.Texts()
			return all[len(all)-1]
		}
		if got := say("daily 25:00"); !strings.Contains(got, "posts here each day") {
			t.Error(got)
		}
		if got := say("daily 09:00 Mars/Olympus"); !strings.Contains(got, "I do not know the time zone") {
			t.Error(got)
		}
		if got := say("daily 9:00 europe/berlin"); !strings.Contains(got, "at 09:00 (Europe/Berlin)") {
			t.Error(got)
		}
		var mu sync.Mutex
		var posted []string
		run := func(until time.Time) {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() {
				defer close(done)
				s.Dialog.PostDaily(ctx, func() bool { return true }, func(_ context.Context, to bot.Address, r bot.Reply) error {
					mu.Lock()
					defer mu.Unlock()
					text := bot.PlainText(r)
					if !strings.Contains(text, "Hallin") || to.Chat == "" || to.ReplyTo != "" {
						t.Errorf("%+v gets %q", to, text)
					}
					posted = append(posted, time.Now().In(zone).Format("2006-01-02 15:04")+" "+text[strings.Index(text, "It was"):strings.Index(text, " one.")])
					return nil
				})
			}()
			time.Sleep(time.Until(until))
			cancel()
			<-done
		}
		at := func(date string) time.Time {
			x, err := time.ParseInLocation("2006-01-02 15:04", date, zone)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		run(at("2000-01-04 12:00"))                    // the clock begins on 1 January 2000
		time.Sleep(time.Until(at("2000-01-05 12:00"))) // down when the next was due
		time.Sleep(time.Until(at("2001-01-03 08:00")))
		run(at("2001-01-03 10:00")) // of the same day what was not posted yet
		if got := say("daily off"); !strings.Contains(got, "I post nothing by myself here any more.") {
			t.Error(got)
		}
		run(at("2001-01-06 12:00"))
		mu.Lock()
		defer mu.Unlock()
		if got := strings.Join(posted, "\n"); got != "2000-01-03 09:00 It was the older\n2001-01-03 09:00 It was the newer" {
			t.Errorf("posted:\n%s", got)
		}
	})
}
