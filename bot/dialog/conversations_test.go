package dialog_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/bottest"
)

// Conversations of several turns with the shipped pack and the real matcher.
// They change with the pack; read what changed before -update.
func TestConversations(t *testing.T) {
	base := bottest.Embedded(t)
	if !answers.Shipped(base) {
		t.Fatal("no model of the embedded packs as they are ships: run go run ./answers/tools/ship")
	}
	m, err := answers.New(context.Background(), base, answers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	bottest.RunScripts(t, "testdata/conversations/*.txt", *update, func() bottest.Config {
		return bottest.Config{Answerer: coarse{m}, Version: "1.2.3", Limits: bot.Limits{PersonPerMinute: 60, ChatPerMinute: 60}}
	})
}

// A coarse matcher decides as its matcher does and tells its figures in tenths:
// what is tested here is what people read, and a phrasing more in the pack
// should not change every script. Figures are tested in package answers.
type coarse struct{ *answers.Matcher }

func (c coarse) Match(q answers.Query) answers.Result {
	tenths := func(x *float64) { *x = math.Floor(*x*10) / 10 }
	r := c.Matcher.Match(q)
	r.Candidates, r.Why.Words = slices.Clone(r.Candidates), slices.Clone(r.Why.Words)
	for i := range r.Candidates {
		tenths(&r.Candidates[i].Confidence)
	}
	for i := range r.Why.Words {
		tenths(&r.Why.Words[i].Share)
	}
	tenths(&r.Why.Confidence)
	tenths(&r.Why.Margin)
	return r
}
