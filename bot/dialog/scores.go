package dialog

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"footnote/bot"
	"footnote/knowledge"
)

// Scores of quizzes are counted only where a place, or in a direct chat the person, chose so. What is
// kept is two numbers, under a code in place of the person.

// wordScore asks /quiz for the score.
const wordScore = "score"

// score is how many questions somebody answered, and how many of them right.
type score struct{ right, asked int }

func (s score) String() string { return strconv.Itoa(s.right) + "/" + strconv.Itoa(s.asked) }

func parseScore(text string) (s score) {
	right, asked, _ := strings.Cut(text, "/")
	s.right, _ = strconv.Atoi(right)
	s.asked, _ = strconv.Atoi(asked)
	return s
}

func scoreKey(p bot.Person) string { return "score " + string(p.Platform) + " " + string(p.ID) }

// countsScores reports whether scores are counted where the exchange is held.
func (x *exchange) countsScores(ctx context.Context) bool {
	if x.d.c.Scores == nil {
		return false
	}
	return x.d.scoring.of(ctx, x.scopeHere()) == wordOn
}

// A guess is somebody's answer to a quiz question on a fact.
type guess struct {
	by   bot.Person
	fact string
}

// count counts an answer, where scores are counted: the first that somebody gives.
func (x *exchange) count(ctx context.Context, f *knowledge.Fact, right bool) {
	if !x.countsScores(ctx) || !x.d.guesses.Add(guess{x.m.Person(), f.ID}, struct{}{}) {
		return
	}
	x.d.counting.Lock()
	defer x.d.counting.Unlock()
	s, err := x.ownScore(ctx)
	if err == nil {
		s.asked++
		if right {
			s.right++
		}
		err = x.d.c.Scores.Set(ctx, scoreKey(x.m.Person()), s.String())
	}
	if err != nil {
		x.d.c.Log.Warn("a score could not be counted", "platform", x.m.To.Platform, "error", err)
	}
}

func (x *exchange) ownScore(ctx context.Context) (score, error) {
	text, err := x.d.c.Scores.Get(ctx, scoreKey(x.m.Person()))
	return parseScore(text), err
}

// scoreReply is /quiz score.
func (x *exchange) scoreReply(ctx context.Context) bot.Reply {
	if !x.countsScores(ctx) {
		return x.info("quiz.uncounted")
	}
	s, err := x.ownScore(ctx)
	if err != nil {
		x.d.c.Log.Warn("a score could not be read", "platform", x.m.To.Platform, "error", err)
		return x.fault()
	}
	return x.info("quiz.score", "right", itoa(s.right), "asked", itoa(s.asked))
}

// setScores chooses whether scores are counted here.
func (x *exchange) setScores(ctx context.Context, arg string) bot.Reply {
	if x.d.c.Scores == nil {
		return x.info("quiz.uncounted")
	}
	chosen, done := arg, "settings.scores-on"
	if arg == wordOff {
		chosen, done = "", "settings.scores-off"
	}
	if err := x.d.scoring.set(ctx, x.scopeHere(), chosen); err != nil && !errors.Is(err, bot.ErrLingers) {
		x.d.c.Log.Warn("settings could not be stored", "platform", x.m.To.Platform, "error", err)
		return x.notice("settings.failed")
	}
	return x.announce(done)
}

// forgetScore deletes the score of whoever asks for it, and that it is counted in the direct chat.
func (x *exchange) forgetScore(ctx context.Context) error {
	if x.d.c.Scores == nil {
		return nil
	}
	chosen, counted := x.d.scoring.set(ctx, x.personScope(), ""), x.d.c.Scores.Delete(ctx, scoreKey(x.m.Person()))
	if chosen != nil && !errors.Is(chosen, bot.ErrLingers) {
		return chosen
	}
	return counted
}
