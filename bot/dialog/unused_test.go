package dialog_test

import (
	"math"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/reports"
	"footnote/bot/store"
)

// withNothing and withEverything are dialogs that answer the same: one where the operator has
// switched on nothing, and one with reports, a fact a day, scores and links to the site.
func withNothing(tb testing.TB) *dialog.Dialog {
	return dialog.New(dialog.Config{Answerer: bottest.Scripted(bottest.Library(tb))})
}

func withEverything(tb testing.TB) *dialog.Dialog {
	kept := store.Memory()
	return dialog.New(dialog.Config{
		Answerer: bottest.Scripted(bottest.Library(tb)), Settings: kept.In("settings"), Daily: kept.In("daily"), Scores: kept.In("scores"),
		Curators: []bot.Place{{Platform: "telegram", Chat: "-1"}}, Reports: reports.New(kept.In, true, nil), StoresUnanswered: true,
	})
}

// plainQuestion is a message that uses none of what can be switched on.
var plainQuestion = bot.Message{
	To: bot.Address{Conversation: bot.In("telegram", "7")}, From: bot.User{ID: "7", Lang: "en"}, Direct: true, Addressed: true,
	Text: "when was the library founded?",
}

// A message that uses none of what can be switched on takes no more memory with all of it on.
func TestUnusedTakesNothing(t *testing.T) {
	// The least of many: the race detector has pools forget what they hold now and then.
	measured := func(d *dialog.Dialog) float64 {
		least := math.Inf(1)
		for range 200 {
			least = min(least, testing.AllocsPerRun(1, func() { d.Accept(plainQuestion).Reply(t.Context(), nil) }))
		}
		return least
	}
	without, with := measured(withNothing(t)), measured(withEverything(t))
	if with > without {
		t.Errorf("a plain question takes %v allocations, and %v where everything is switched on", without, with)
	}
}

// BenchmarkUnused times a dialog's part in a plain question, without the matcher's, with nothing
// switched on and with everything, in turns: what else the machine does falls on both alike.
func BenchmarkUnused(b *testing.B) {
	const turn = 100
	dialogs := []*dialog.Dialog{withNothing(b), withEverything(b)}
	best := make([]time.Duration, len(dialogs))
	for b.Loop() {
		for i, d := range dialogs {
			begun := time.Now()
			for range turn {
				d.Accept(plainQuestion).Reply(b.Context(), nil)
			}
			if took := time.Since(begun) / turn; best[i] == 0 || took < best[i] {
				best[i] = took
			}
		}
	}
	b.ReportMetric(0, "ns/op") // of both together: it says nothing
	b.ReportMetric(float64(best[0]), "ns-with-nothing")
	b.ReportMetric(float64(best[1]), "ns-with-everything")
	b.ReportMetric(float64(best[1])/float64(best[0]), "ratio")
}
