package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/cluster/clustertest"
	"footnote/bot/dialog"
	"footnote/bot/store"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// speechless answers nothing, for dialogs that post by themselves.
type speechless struct{ base *knowledge.Base }

func (s speechless) Base() *knowledge.Base { return s.base }
func (speechless) Match(answers.Query) answers.Result {
	return answers.Result{Outcome: answers.Declined}
}

// almanac is a base with a fact on each of some days.
func almanac(t *testing.T, days ...string) *knowledge.Base {
	t.Helper()
	base, err := knowledge.Open(filepath.Join("testdata", "both"))
	if err != nil {
		t.Fatal(err)
	}
	pack := *base.Packs[0]
	of := pack.Facts[0]
	pack.Facts = nil
	for _, day := range days {
		f := *of
		f.ID, f.Pack, f.Dates = "on-"+day, &pack, []knowledge.Date{{EDTF: edtf.Date(day), Label: knowledge.Text{"en": "a day"}}}
		pack.Facts = append(pack.Facts, &f)
	}
	return &knowledge.Base{Packs: []*knowledge.Pack{&pack}}
}

// Of three processes one posts the facts of the day, and when it is killed or ends another goes on:
// each chat gets its own once.
func TestOneProcessPosts(t *testing.T) {
	base := almanac(t, "1701-01-01")
	synctest.Test(t, func(t *testing.T) { // where the clock begins with 1 January 2000
		state, daily := clustertest.New(0), store.Memory().In("daily")
		var mu sync.Mutex
		var posted []string
		last := -1 // the process that posted
		var members []*clustertest.Member
		var stops []func()
		for i := range 3 {
			d := dialog.New(dialog.Config{Answerer: speechless{base}, Daily: daily})
			for chat, at := range map[bot.ChatID]string{"7": "00:05", "8": "00:10", "9": "00:15"} {
				d.Accept(bot.Message{
					To: bot.Address{Conversation: bot.In("telegram", chat)}, From: bot.User{ID: "7", Lang: "en"}, Direct: true, Addressed: true,
					Command: "settings", Text: "daily " + at,
				}).Reply(t.Context(), nil)
			}
			m := state.Join(t)
			members = append(members, m)
			stops = append(stops, inOne(t.Context(), m, "daily", slog.New(slog.DiscardHandler), func(ctx context.Context, may func() bool) {
				d.PostDaily(ctx, may, func(_ context.Context, to bot.Address, _ bot.Reply) error {
					mu.Lock()
					defer mu.Unlock()
					posted, last = append(posted, string(to.Chat)+" at "+time.Now().UTC().Format("15:04")), i
					return nil
				})
			}))
		}
		wait := func() {
			time.Sleep(6 * time.Minute)
			synctest.Wait()
		}
		wait()
		members[last].Kill()
		wait()
		stops[last]()
		wait()
		for _, stop := range stops {
			stop()
		}
		if want := []string{"7 at 00:05", "8 at 00:10", "9 at 00:15"}; !slices.Equal(posted, want) {
			t.Errorf("posted %q, want %q", posted, want)
		}
	})
}
