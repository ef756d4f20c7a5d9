package dialog_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/store"
)

// curated is a bot with a place of the curators.
func curated(t *testing.T, reports bot.Listing) *bottest.Started {
	t.Helper()
	return bottest.Start(t, bottest.Config{InDialog: func(c *dialog.Config) {
		c.Curators = []bot.Place{{Platform: bottest.MemoryPlatform, Chat: "group:curators"}}
		c.Reports = reports
	}})
}

// A report reaches the curators with its fact and version and without a name; their answer reaches
// whoever reported, once.
func TestReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reports := store.Hidden(store.Memory().In("reports"), store.NewSeal([]byte("a secret"), "reports"))
		s := curated(t, reports)
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
		reports := store.Hidden(store.Memory().In("reports"), store.NewSeal([]byte("a secret"), "reports"))
		s := curated(t, reports)
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
		if keys, err := reports.Keys(t.Context()); err != nil || len(keys) != 5 {
			t.Errorf("%d open reports, %v", len(keys), err)
		}
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "forget"})
		s.Texts()
		if keys, err := reports.Keys(t.Context()); err != nil || len(keys) != 0 {
			t.Errorf("%d open reports after /forget, %v", len(keys), err)
		}
	})
}
