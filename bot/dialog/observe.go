package dialog

import (
	"time"

	"footnote/answers"
	"footnote/bot"
)

// A Decision is what is told of a question that was decided: nothing of who asked or what.
type Decision struct {
	Platform   bot.Platform
	Manner     Manner
	Remembered bool          // it was asked lately, so that nothing had to be matched
	Encoder    bool          // the sentence encoder was asked
	Foreign    bool          // it is in a language that the packs are not in
	Took       time.Duration // matching alone; 0 if Remembered
}

// A Manner is one of the ways to reply.
type Manner string

// The four ways to reply, from the surest on.
const (
	Sure    Manner = "sure"
	Perhaps Manner = "perhaps" // an answer with a doubt
	Offered Manner = "offered" // choices, or the nearest questions
	Silent  Manner = "silent"  // nothing near
)

func mannerOf(r answers.Result) Manner {
	switch {
	case r.Sure():
		return Sure
	case r.Tentative:
		return Perhaps
	case len(r.Offered) > 0:
		return Offered
	}
	return Silent
}

// observe tells whoever wants to know what was decided.
func (x *exchange) observe(r answers.Result, remembered bool, took time.Duration) {
	x.d.c.Observe(Decision{
		Platform: x.m.To.Platform, Manner: mannerOf(r), Remembered: remembered,
		Encoder: r.Why.Encoder && !remembered, Foreign: r.Foreign, Took: took,
	})
}
