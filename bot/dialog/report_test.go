package dialog_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/reports"
	"footnote/bot/store"
)

// shelf is where reports are kept, with the words for the desk where words.
func shelf(words bool) (box *reports.Box, returns bot.Listing) {
	kept, seal := store.Memory(), store.NewSeal([]byte("a secret"), "reports")
	hidden := func(space string) bot.Listing { return store.Hidden(kept.In(space), seal) }
	return reports.New(hidden, words, time.Now), hidden(reports.Returns)
}

// curated is a bot with a place of the curators, or with the desk alone.
func curated(t *testing.T, box *reports.Box, places ...bot.Place) *bottest.Started {
	t.Helper()
	return bottest.Start(t, bottest.Config{InDialog: func(c *dialog.Config) { c.Curators, c.Reports = places, box }})
}

var curatorsGroup = bot.Place{Platform: bottest.MemoryPlatform, Chat: "group:curators"}

// A report reaches the curators with its fact and version and without a name; their answer reaches
// whoever reported, once.
func TestReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, _ := shelf(false)
		s := curated(t, box, curatorsGroup)
		last := func() bottest.Shown {
			s.Texts()
			all, _ := s.WaitShown(t.Context(), 0)
			return all[len(all)-1]
		}
		s.Say(t, bottest.Said{Who: "ann", Text: "when was the library founded?"})
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "source"})
		s.Press(t, "ann", last(), "Report this fact")
		if got := last(); !strings.Contains(got.Text, "Write /report") {
			t.Fatal(got.Text)
		}
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "report", Text: "It was a decade later, see Ashby, p. 13."})
		s.Texts()
		all, _ := s.WaitShown(t.Context(), 0)
		report, told := all[len(all)-2], all[len(all)-1]
		if report.In != "curators" || !strings.Contains(report.Text, "> It was a decade later") || !strings.Contains(report.Text, "library-founded@0.3.0 · library · ") || strings.Contains(report.Text, "ann") {
			t.Errorf("the curators see in %q: %s", report.In, report.Text)
		}
		if !strings.Contains(told.Text, "Sent to the curators") {
			t.Error(told.Text)
		}
		for i, want := range []string{"Passed on.", "That was answered already"} {
			s.Say(t, bottest.Said{Who: "carla", In: "curators", How: bottest.Reply, Of: report.Text, Text: "You are right, thank you."})
			s.Texts()
			all, _ = s.WaitShown(t.Context(), 0)
			if got := all[len(all)-1]; !strings.Contains(got.Text, want) {
				t.Errorf("the curator hears %q", got.Text)
			}
			if answer := all[len(all)-2]; i == 0 && (answer.In != "" || !strings.Contains(answer.Text, "> You are right, thank you.") || strings.Contains(answer.Text, "carla")) {
				t.Errorf("whoever reported hears in %q: %s", answer.In, answer.Text)
			}
		}
	})
}

// Only in the place of the curators is a reply an answer to a report; there are only so many reports
// a day, and /forget deletes where answers are to go.
func TestReportBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, returns := shelf(false)
		s := curated(t, box, curatorsGroup)
		send := func(text string) string {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "report", Text: text})
			all := s.Texts()
			return all[len(all)-1]
		}
		for range 5 {
			if got := send("Who built the lighthouse?"); !strings.Contains(got, "Sent to the curators") {
				t.Error(got)
			}
		}
		if got := send("One more."); !strings.Contains(got, "enough for today") {
			t.Error(got)
		}
		s.Texts()
		all, _ := s.WaitShown(t.Context(), 0)
		var report bottest.Shown
		for _, x := range all {
			if x.In == "curators" {
				report = x
			}
		}
		s.Say(t, bottest.Said{Who: "mallory", In: "elsewhere", How: bottest.Reply, Of: report.Text, Text: "I am a curator."})
		if got := s.Texts(); strings.Contains(strings.Join(got[len(got)-1:], ""), "Passed on") {
			t.Error("somebody elsewhere answered a report")
		}
		if keys, err := returns.Keys(t.Context()); err != nil || len(keys) != 5 {
			t.Errorf("%d open reports, %v", len(keys), err)
		}
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "forget"})
		s.Texts()
		if keys, err := returns.Keys(t.Context()); err != nil || len(keys) != 0 {
			t.Errorf("%d open reports after /forget, %v", len(keys), err)
		}
	})
}

// minding is a process that passes on what the desk answers, until the end of the test.
func minding(t *testing.T, d *dialog.Dialog) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.MindReports(ctx, func() bool { return true })
	}()
	return func() { cancel(); <-ended }
}

// The desk is shown what was written, with the fact and its version; what it answers comes back to
// whoever wrote, once, though two processes look.
func TestReportAtDesk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, _ := shelf(true)
		s := curated(t, box)
		defer minding(t, s.Dialog)()
		defer minding(t, s.Dialog)()
		s.Say(t, bottest.Said{Who: "ann", Text: "when was the library founded?"})
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "report", Text: "It was a decade later, see Ashby, p. 13."})
		if got := s.Last(); !strings.Contains(got.Text, "Sent to the curators") || got.In != "" {
			t.Fatalf("%+v", got)
		}
		said, err := box.Said(t.Context())
		if err != nil || len(said) != 1 || said[0].Text != "It was a decade later, see Ashby, p. 13." || said[0].Fact != "library-founded" || said[0].Version != "0.3.0" || len(said[0].Hash) != 10 {
			t.Fatalf("%+v, %v", said, err)
		}
		before := len(s.Texts())
		if err := box.Answer(t.Context(), said[0].Code, "You are right, thank you."); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if all := s.Texts(); len(all) != before+1 || !strings.Contains(all[before], "> You are right, thank you.") {
			t.Errorf("heard: %q", all[before:])
		}
		if said, err := box.Said(t.Context()); err != nil || len(said) != 0 {
			t.Errorf("kept after the answer: %+v, %v", said, err)
		}
	})
}

// Where there are a chat and the desk, both are shown a report, and the first answer counts.
func TestReportAtDeskAndInChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, _ := shelf(true)
		s := curated(t, box, curatorsGroup)
		defer minding(t, s.Dialog)()
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "report", Text: "Who painted it?"})
		s.Texts()
		all, _ := s.WaitShown(t.Context(), 0)
		report := all[len(all)-2]
		said, err := box.Said(t.Context())
		if report.In != "curators" || err != nil || len(said) != 1 {
			t.Fatalf("%+v, %+v, %v", report, said, err)
		}
		s.Say(t, bottest.Said{Who: "carla", In: "curators", How: bottest.Reply, Of: report.Text, Text: "Nobody knows."})
		if got := s.Last(); !strings.Contains(got.Text, "Passed on.") {
			t.Errorf("%+v", got)
		}
		if said, err := box.Said(t.Context()); err != nil || len(said) != 0 {
			t.Errorf("still at the desk: %+v, %v", said, err)
		}
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "report", Text: "And who built it?"})
		s.Texts()
		said, _ = box.Said(t.Context())
		if err := box.Answer(t.Context(), said[0].Code, "Marta Holt."); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if got := s.Last(); got.In != "" || !strings.Contains(got.Text, "> Marta Holt.") {
			t.Errorf("%+v", got)
		}
		s.Texts()
		all, _ = s.WaitShown(t.Context(), 0)
		for _, x := range all {
			if x.In == "curators" {
				report = x
			}
		}
		s.Say(t, bottest.Said{Who: "carla", In: "curators", How: bottest.Reply, Of: report.Text, Text: "Odo."})
		if got := s.Last(); !strings.Contains(got.Text, "That was answered already") {
			t.Errorf("%+v", got)
		}
	})
}

// What waits at the desk is deleted by /forget, and after thirty days; of the site nothing comes.
func TestReportAtDeskEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, returns := shelf(true)
		s := curated(t, box)
		left := func() (n int) {
			said, err := box.Said(t.Context())
			keys, err2 := returns.Keys(t.Context())
			if err != nil || err2 != nil || len(said) != len(keys) {
				t.Errorf("%d said, %d to return to, %v, %v", len(said), len(keys), err, err2)
			}
			return len(keys)
		}
		write := func(who string) {
			s.Say(t, bottest.Said{Who: who, How: bottest.Command, Command: "report", Text: "Who painted it?"})
			s.Texts()
		}
		write("ann")
		write("max")
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "forget"})
		s.Texts()
		if n := left(); n != 1 {
			t.Errorf("%d after /forget", n)
		}
		time.Sleep(reports.Keep - time.Hour)
		defer minding(t, s.Dialog)() // not before: it looks every few seconds
		synctest.Wait()
		if n := left(); n != 1 {
			t.Errorf("%d before thirty days", n)
		}
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if keys, err := returns.Keys(t.Context()); len(keys) != 0 || err != nil {
			t.Errorf("%d after thirty days, %v", len(keys), err)
		}
		write("ann")
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "privacy"})
		if got := s.Last().Text; !strings.Contains(got, "I keep it, encrypted") {
			t.Error(got)
		}
		replies, _ := s.Dialog.Visit(t.Context(), dialog.Visit{Text: "How deep is the sea?"})
		for _, r := range replies {
			for _, b := range r.Buttons {
				if b.Label == "Ask the curators" {
					t.Error("the site has a button that reaches nobody")
				}
			}
		}
	})
}

// How many reports somebody has written the processes count together.
func TestReportLimitOfAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, _ := shelf(true)
		write := func(s *bottest.Started) string {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "report", Text: "Who painted it?"})
			return s.Last().Text
		}
		for range 5 {
			s := curated(t, box)
			if got := write(s); !strings.Contains(got, "Sent to the curators") {
				t.Error(got)
			}
			_ = s.Stop()
		}
		if got := write(curated(t, box)); !strings.Contains(got, "enough for today") {
			t.Error(got)
		}
	})
}

// While the program ends an answer that is on its way still arrives; one that the platform refuses for
// good goes back to the desk, and one that it does not take for now is tried again.
func TestReportUndelivered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, _ := shelf(true)
		d := dialog.New(dialog.Config{Answerer: bottest.Scripted(bottest.Library(t)), Reports: box})
		var fails []error
		posted := 0
		d.Connect(func(ctx context.Context, _ bot.Address, _ bot.Reply) error {
			time.Sleep(2 * time.Second)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			posted++
			if len(fails) == 0 {
				return nil
			}
			err := fails[0]
			fails = fails[1:]
			return err
		})
		write := func(code string) {
			at := time.Now()
			if err := box.Put(t.Context(), reports.Report{Code: code, At: at, Text: "Who built it?"}, reports.Return{Platform: "x", Chat: "7", By: "ann", At: at}); err != nil {
				t.Fatal(err)
			}
			if err := box.Answer(t.Context(), code, "Odo."); err != nil {
				t.Fatal(err)
			}
		}
		left := func() []reports.Report {
			all, err := box.Said(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		write("aaaaaaaaaa")
		stop := minding(t, d)
		time.Sleep(time.Second)
		stop()
		if posted != 1 || len(left()) != 0 {
			t.Errorf("%d posted, %+v left", posted, left())
		}
		fails = []error{bot.ErrNotConnected, bot.ErrForbidden}
		write("bbbbbbbbbb")
		stop = minding(t, d)
		time.Sleep(time.Minute)
		if all := left(); posted != 3 || len(all) != 1 || !all[0].Lost {
			t.Errorf("%d posted, %+v left", posted, all)
		}
		fails = []error{bot.ErrUncertain}
		write("cccccccccc")
		time.Sleep(time.Minute)
		stop()
		if posted != 4 || len(left()) != 1 {
			t.Errorf("%d posted, %+v left", posted, left())
		}
	})
}
