package dialog

import (
	"context"
	"slices"
	"strings"

	"footnote/answers/parse"
	"footnote/bot"
)

// Several questions in one message are answered one after the other, each with a
// reply of its own: so each keeps its citations and its buttons whatever the platform's
// limits are, can be replied to, and is judged for itself. Over each stands the
// question that it answers.

const (
	maxQuestions = 3   // of one message: more would bury what else is said there
	maxHeading   = 120 // characters of the question over its reply
)

// questionsIn returns the questions of text that can be read, each once.
func questionsIn(text string) (all []string) {
	for _, q := range parse.Questions(text) {
		if readable(q) && !slices.Contains(all, q) {
			all = append(all, q)
		}
	}
	return all
}

// answerSeveral answers the questions of a message. All replies but the last go to
// x.earlier. What is said next goes on from the last one that was answered.
func (x *exchange) answerSeveral(ctx context.Context, questions []string) bot.Reply {
	rest := len(questions) > maxQuestions
	questions = questions[:min(len(questions), maxQuestions)]
	var last bot.Reply
	for i, q := range questions {
		if i > 0 {
			x.earlier = append(x.earlier, last)
		}
		last = x.answerOne(ctx, q)
		heading := bot.Block{Kind: bot.Quote, Spans: []bot.Span{{Text: bot.Shorten(strings.Join(strings.Fields(q), " "), maxHeading)}}}
		last.Blocks = slices.Insert(slices.Clone(last.Blocks), 0, heading)
	}
	if rest {
		line := x.texts.block("several.rest")
		line.Gap = true
		last.Blocks = append(last.Blocks, line)
	}
	return last
}

// answerOne answers one of several questions, or small talk among them.
func (x *exchange) answerOne(ctx context.Context, text string) bot.Reply {
	if form, ok := x.smallTalkForm(text); ok {
		return x.smallTalkReply(form)
	}
	return x.answerQuestion(ctx, text)
}
