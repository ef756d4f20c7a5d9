package dialog

import (
	"testing"

	"footnote/answers"
	"footnote/bot"
	"footnote/knowledge"
)

// silentAnswerer declines everything.
type silentAnswerer struct{ base *knowledge.Base }

func (s silentAnswerer) Base() *knowledge.Base { return s.base }
func (s silentAnswerer) Match(answers.Query) answers.Result {
	return answers.Result{Outcome: answers.Declined}
}

// BenchmarkSteps times what a plain question passes before it is taken for one: whether it answers a
// report, presses a button, marks a quiz, chooses from a list or asks for more of somebody.
func BenchmarkSteps(b *testing.B) {
	base, err := knowledge.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	d := New(Config{Answerer: silentAnswerer{base}})
	m := bot.Message{
		To: bot.Address{Conversation: bot.In("telegram", "7")}, From: bot.User{ID: "7", Lang: "en"}, Direct: true, Addressed: true,
		Text: "When did Khrushchev denounce Stalin's cult?",
	}
	x := d.Accept(m).(*exchange)
	x.resolveLanguage(b.Context())
	b.ReportAllocs()
	for b.Loop() {
		for _, step := range []func() (bot.Reply, bool){
			func() (bot.Reply, bool) { return x.curatorsAnswer(b.Context(), m.Text) },
			func() (bot.Reply, bool) { return x.pressed(b.Context(), m.Text) },
			func() (bot.Reply, bool) { return x.markTyped(b.Context(), x.ownMemory().quiz, m.Text) },
			func() (bot.Reply, bool) { return x.selection(m.Text) },
			func() (bot.Reply, bool) { return x.moreAbout(m.Text) },
		} {
			if r, ok := step(); ok {
				b.Fatalf("taken for something else: %+v", r)
			}
		}
	}
}
