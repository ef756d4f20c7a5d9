package dialog

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/quiz"
)

// maxQuiz is how many questions one command asks.
const maxQuiz = 5

// An openQuiz is a quiz question that somebody may answer with a number.
type openQuiz struct {
	fact           string
	right, options int        // numbers from 1
	waits          *bot.Reply // what asks it, where it is to be asked when those before it are answered; else nil
}

// quizCommand is /quiz [topic] [n].
func (x *exchange) quizCommand(ctx context.Context, text string) bot.Reply {
	if strings.EqualFold(text, wordScore) {
		return x.scoreReply(ctx)
	}
	return x.quiz(ctx, text)
}

// quiz asks as many questions as text says, of what it says.
func (x *exchange) quiz(ctx context.Context, text string) bot.Reply {
	about, n := x.quizWanted(text)
	facts, name := x.packs.base.Facts(), x.title()
	if about != "" {
		if name, facts = x.tellOf(about); len(facts) == 0 {
			return x.info("quiz.unknown", "topic", bot.Shorten(about, maxOption))
		}
	}
	lang := x.texts.Tag
	questions := quiz.New(x.packs.base.Facts(), lang, x.localized, x.canonical).Make(facts, n, x.chance())
	if len(questions) == 0 {
		return x.info("quiz.none", "topic", name)
	}
	counted := x.countsScores(ctx)
	var replies []bot.Reply
	var open []openQuiz
	for i := range questions {
		q := &questions[i]
		r := x.quizReply(q, counted)
		if len(questions) > 1 {
			r.Blocks = append([]bot.Block{x.texts.fine("quiz.number", "n", itoa(i+1), "of", itoa(len(questions)))}, r.Blocks...)
		}
		if next := (action{verb: doQuiz, arg: about}); i == len(questions)-1 && r.Quiz != nil {
			r.Quiz.Beside = x.addButton(r.Quiz.Beside, "button.quiz", next)
		}
		replies = append(replies, r)
		open = append(open, openQuiz{fact: q.Fact.ID, right: q.Right + 1, options: len(q.Options)})
	}
	if x.m.To.Platform == withoutButtons { // a number answers the one that was asked last
		for i := range replies[1:] {
			open[i+1].waits = &replies[i+1]
		}
		replies = replies[:1]
	}
	x.remember(func(t *memory) { t.quiz, t.offer = open, offer{} })
	x.earlier = append(x.earlier, replies[:len(replies)-1]...)
	return replies[len(replies)-1]
}

// quizWanted is what the questions are to be about, empty for anything, and how many there are to
// be: a number at the end says so, unless there is something that is called so, such as a year.
func (x *exchange) quizWanted(text string) (about string, n int) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return "", 1
	}
	last := len(words) - 1
	k, err := strconv.Atoi(words[last])
	if err != nil {
		return text, 1
	}
	if k < 1 || k > maxQuiz {
		if _, facts := x.tellOf(text); len(facts) > 0 {
			return text, 1
		}
	}
	return strings.Join(words[:last], " "), min(max(k, 1), maxQuiz)
}

// chance decides what is asked; see Config.Chance.
func (x *exchange) chance() *rand.Rand {
	if f := x.d.c.Chance; f != nil {
		return f(x.m)
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(x.m.To.Platform + "\x00" + bot.Platform(x.m.To.Chat) + "\x00" + bot.Platform(x.m.ID))) // never fails
	return rand.New(rand.NewPCG(h.Sum64(), uint64(x.m.SentAt.UnixNano())))
}

// quizReply asks q, to which it adds the answers that say whether something is so.
func (x *exchange) quizReply(q *quiz.Question, counted bool) bot.Reply {
	question := q.Text
	switch {
	case q.Kind == quiz.True:
		question = x.texts.Text("quiz.true", "question", q.Context, "statement", q.Text)
		q.Options = []string{x.texts.Text("quiz.yes"), x.texts.Text("quiz.no")}
	case q.Kind == quiz.First:
		question = x.texts.Text("quiz.first")
	case !q.Asks:
		question = x.texts.Text("quiz.when", "label", q.Text)
	}
	r := bot.Reply{Kind: bot.KindChoices, Blocks: []bot.Block{{Spans: []bot.Span{{Text: question, Style: bot.Bold}}}}}
	for i, o := range q.Options {
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Choice, Spans: []bot.Span{{Text: o}}})
		a := action{verb: doMark, fact: q.Fact.ID, arg: markWrong + itoa(i+1)}
		if i == q.Right {
			a.arg = markRight + itoa(i+1)
		}
		if s := a.String(); s != "" {
			r.Buttons = append(r.Buttons, bot.Button{Label: label(bot.ChoiceMark(i+1)+o, bot.MaxLabel), Action: s})
		}
	}
	x.numbered(&r)
	if !counted {
		r.Quiz = x.native(question, q)
	}
	return r
}

// native is q for a platform with quizzes of its own; nil if it does not fit one.
func (x *exchange) native(question string, q *quiz.Question) *bot.Quiz {
	c, err := x.packs.cite(q.Fact)
	if err != nil || len(c.cites) == 0 || len([]rune(question)) > bot.MaxQuizQuestion {
		return nil
	}
	cite := c.short[0].String()
	room := bot.MaxQuizExplanation - len([]rune(cite)) - 1
	const least = 40 // characters of an answer that are worth showing
	if room < least || slices.ContainsFunc(q.Options, func(o string) bool { return len([]rune(o)) > bot.MaxQuizOption }) {
		return nil
	}
	n := &bot.Quiz{
		Question: question, Options: q.Options, Right: q.Right,
		Explanation: bot.Shorten(strings.ReplaceAll(x.localized(q.Fact.Pack, q.Fact.Answer), "\n", " "), room) + "\n" + cite,
	}
	n.Beside = x.addButton(nil, "button.quiz-answer", action{verb: doFact, fact: q.Fact.ID})
	return n
}

// mark says whether an answer was right, and gives the fact with its citation, to whoever chose.
func (x *exchange) mark(ctx context.Context, f *knowledge.Fact, right bool) bot.Reply {
	x.count(ctx, f, right)
	r := x.picked(f)
	key := "quiz.wrong"
	if right {
		key = "quiz.right"
	}
	r.Blocks = append([]bot.Block{x.texts.block(key)}, r.Blocks...)
	if x.m.Action != "" {
		r.Private = true
	}
	x.remember(func(t *memory) {
		t.quiz = slices.DeleteFunc(slices.Clone(t.quiz), func(q openQuiz) bool { return q.fact == f.ID })
	})
	if open := x.ownMemory().quiz; len(open) == 0 || open[0].waits == nil {
		r.Buttons = x.addButton(r.Buttons, "button.quiz", action{verb: doQuiz})
	}
	return r
}

// markTyped marks a number that somebody typed in answer to a quiz question: to the first of
// open, which it then names.
func (x *exchange) markTyped(ctx context.Context, open []openQuiz, text string) (bot.Reply, bool) {
	n, ok := x.d.vocabulary.choiceNumber(text)
	if !ok {
		return bot.Reply{}, false
	}
	q := open[0]
	f := x.packs.byID[q.fact]
	if f == nil {
		x.remember(func(t *memory) { t.quiz = open[1:] })
		return x.askNext(x.notice("action.gone")), true
	}
	if n < 0 {
		n = q.options
	}
	if n > q.options {
		return x.notice("choices.range", "n", itoa(q.options)), true
	}
	r := x.mark(ctx, f, n == q.right)
	if len(open) > 1 && open[1].waits == nil {
		r.Blocks = append([]bot.Block{{Kind: bot.Quote, Spans: []bot.Span{{Text: bot.Shorten(x.canonical(f), maxHeading)}}}}, r.Blocks...)
	}
	return x.askNext(r), true
}

// askNext asks the quiz question that waits until those before it are answered, if there is one;
// said comes before it.
func (x *exchange) askNext(said bot.Reply) bot.Reply {
	open := slices.Clone(x.ownMemory().quiz)
	if len(open) == 0 || open[0].waits == nil {
		return said
	}
	next := *open[0].waits
	open[0].waits = nil // another exchange may read the list as it was
	x.remember(func(t *memory) { t.quiz = open })
	x.earlier = append(x.earlier, said)
	return next
}
