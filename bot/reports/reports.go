// Package reports keeps what people wrote to the curators until it is answered: where the
// answer is to go, and, for the desk, what was written, apart from whose it is. It knows
// neither platforms nor what is said, and posts nothing.
package reports

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"footnote/bot"
)

// Limits of what is kept.
const (
	MaxOpen = 500                 // reports that wait for an answer
	Keep    = 30 * 24 * time.Hour // for which an answer is awaited; after that all of a report is deleted
	MaxText = bot.MaxFormText     // characters of a report, and of its answer
)

// A Report is what somebody wrote, for the desk. It does not say who that was.
type Report struct {
	Code    string    `json:"-"` // nobody guesses it
	At      time.Time `json:"at"`
	Text    string    `json:"w"`
	Lang    string    `json:"l,omitempty"` // in which whoever wrote it reads
	Fact    string    `json:"f,omitempty"` // of which it is, or empty
	Pack    string    `json:"p,omitempty"` // of the fact, with the Version and Hash that were reported
	Version string    `json:"v,omitempty"`
	Hash    string    `json:"h,omitempty"`

	Answer string `json:"-"` // that waits to be passed on, or empty
	Lost   bool   `json:"-"` // the answer could not be passed on, and will not be
}

// An answer is what the desk has written, until it has gone out.
type answer struct {
	Text string `json:"w"`
	Lost bool   `json:"x,omitempty"`
}

// A Return is where the answer to a report is to go.
type Return struct {
	Platform bot.Platform  `json:"p"`
	Chat     bot.ChatID    `json:"c"`
	Thread   bot.ThreadID  `json:"t,omitempty"`
	ReplyTo  bot.MessageID `json:"r,omitempty"`
	By       bot.UserID    `json:"u"` // for /forget
	Lang     string        `json:"l,omitempty"`
	Fact     string        `json:"f,omitempty"`
	At       time.Time     `json:"at"`
}

// ErrOver says that there is no such report: it was answered, forgotten, or is too long ago.
var ErrOver = errors.New("there is no such report any more")

// The namespaces of a Box.
const (
	Returns = "reports" // where answers are to go
	Words   = "said"    // what was written, for the desk
	Answers = "answers" // what the desk has answered
)

// Spaces are the namespaces of a Box.
func Spaces() []string { return []string{Returns, Words, Answers} }

// A Box is where reports wait. It is safe for concurrent use, and several processes may use
// the same stores.
type Box struct {
	returns, said, answers bot.Listing // said and answers are nil without a desk
	now                    func() time.Time
}

// New returns the Box of reports that are kept in the stores that kept gives for namespaces.
// Without a desk what was written is not kept. now is time.Now if nil.
func New(kept func(space string) bot.Listing, desk bool, now func() time.Time) *Box {
	if now == nil {
		now = time.Now
	}
	b := &Box{returns: kept(Returns), now: now}
	if desk {
		b.said, b.answers = kept(Words), kept(Answers)
	}
	return b
}

// AtDesk reports whether the desk is shown what is written.
func (b *Box) AtDesk() bool { return b.said != nil }

// Put keeps a report until it is answered, dropped, forgotten, or older than [Keep].
func (b *Box) Put(ctx context.Context, r Report, to Return) error {
	if b.said != nil {
		if err := set(ctx, b.said, r.Code, r); err != nil {
			return err
		}
	}
	err := b.Restore(ctx, r.Code, to)
	if err != nil && b.said != nil {
		_ = b.said.Delete(context.WithoutCancel(ctx), r.Code)
	}
	return err
}

// Restore puts back what Take took, where the answer has not gone out.
func (b *Box) Restore(ctx context.Context, code string, to Return) error {
	return set(ctx, b.returns, code, to)
}

func set(ctx context.Context, s bot.Store, code string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return s.Set(ctx, code, string(text))
}

// Take returns where the answer to a report is to go, to one who asks for it alone.
func (b *Box) Take(ctx context.Context, code string) (to Return, err error) {
	text, err := b.returns.Take(ctx, code)
	switch {
	case err != nil && !errors.Is(err, bot.ErrLingers):
		return to, err
	case text == "":
		return to, ErrOver
	}
	return to, json.Unmarshal([]byte(text), &to)
}

// Drop deletes a report with everything that was said to it.
func (b *Box) Drop(ctx context.Context, code string) error {
	err := b.returns.Delete(ctx, code)
	if b.said != nil {
		err = worse(worse(b.said.Delete(ctx, code), b.answers.Delete(ctx, code)), err)
	}
	return err
}

// worse is the error that says more of what is to be told: that something is still there
// before that it lingers.
func worse(a, b error) error {
	if a == nil || errors.Is(a, bot.ErrLingers) && b != nil {
		return b
	}
	return a
}

// Open counts the reports that wait for an answer, and those that somebody wrote since a
// time. It deletes what is too old on the way.
func (b *Box) Open(ctx context.Context, by bot.Person, since time.Time) (open, theirs int, err error) {
	err = b.each(ctx, func(code string, to Return) error {
		open++
		if to.of(by) && to.At.After(since) {
			theirs++
		}
		return nil
	})
	return open, theirs, err
}

// Tidy deletes every report that is older than [Keep].
func (b *Box) Tidy(ctx context.Context) error {
	err := b.each(ctx, func(string, Return) error { return nil })
	if b.said != nil {
		err = worse(err, b.tidyDesk(ctx))
	}
	return err
}

// tidyDesk deletes what is too old of what was written, and answers to what is not there any more.
func (b *Box) tidyDesk(ctx context.Context) error {
	if _, err := b.Said(ctx); err != nil {
		return err
	}
	codes, err := b.answers.Keys(ctx)
	for _, code := range codes {
		text, unread := b.said.Get(ctx, code)
		if err = worse(err, unread); text == "" && unread == nil {
			err = worse(err, b.answers.Delete(ctx, code))
		}
	}
	return err
}

// Forget deletes all reports of somebody.
func (b *Box) Forget(ctx context.Context, who bot.Person) error {
	var kept error
	err := b.each(ctx, func(code string, to Return) error {
		if to.of(who) {
			kept = worse(kept, b.Drop(ctx, code))
		}
		return nil
	})
	return worse(err, kept)
}

func (to Return) of(who bot.Person) bool { return to.Platform == who.Platform && to.By == who.ID }

// each calls do for each report that waits, and deletes what is too old or cannot be read.
func (b *Box) each(ctx context.Context, do func(code string, to Return) error) error {
	codes, err := b.returns.Keys(ctx)
	if err != nil {
		return err
	}
	for _, code := range codes {
		text, err := b.returns.Get(ctx, code)
		if err != nil {
			return err
		}
		var to Return
		switch {
		case text == "": // somebody was faster
		case json.Unmarshal([]byte(text), &to) != nil, b.old(to.At):
			if err := b.Drop(ctx, code); err != nil && !errors.Is(err, bot.ErrLingers) {
				return err
			}
		default:
			if err := do(code, to); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *Box) old(at time.Time) bool { return b.now().Sub(at) > Keep }

// Said is what was written and is kept, the oldest first.
func (b *Box) Said(ctx context.Context) (all []Report, err error) {
	codes, err := b.said.Keys(ctx)
	if err != nil {
		return nil, err
	}
	for _, code := range codes {
		r, err := b.read(ctx, code)
		switch {
		case errors.Is(err, ErrOver):
			continue
		case err != nil:
			return nil, err
		case b.old(r.At):
			if err := b.Drop(ctx, code); err != nil && !errors.Is(err, bot.ErrLingers) {
				return nil, err
			}
			continue
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(x, y Report) int {
		if n := x.At.Compare(y.At); n != 0 {
			return n
		}
		return strings.Compare(x.Code, y.Code)
	})
	return all, nil
}

// read returns what was written with what was answered.
func (b *Box) read(ctx context.Context, code string) (r Report, err error) {
	r.Code = code
	if err := get(ctx, b.said, code, &r); err != nil {
		return r, err
	}
	var a answer
	if err := get(ctx, b.answers, code, &a); err != nil && !errors.Is(err, ErrOver) {
		return r, err
	}
	r.Answer, r.Lost = a.Text, a.Lost
	return r, nil
}

// get reads what set has kept; ErrOver if there is nothing.
func get(ctx context.Context, s bot.Store, code string, value any) error {
	text, err := s.Get(ctx, code)
	if err == nil && text == "" {
		err = ErrOver
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), value)
}

// Answer keeps what is to be passed on to whoever wrote a report. It replaces an answer that
// has not gone out yet.
func (b *Box) Answer(ctx context.Context, code, text string) error {
	if _, err := b.read(ctx, code); err != nil {
		return err
	}
	if err := set(ctx, b.answers, code, answer{Text: text}); err != nil {
		return err
	}
	// What was answered or forgotten at the same time leaves nothing behind.
	to, err := b.returns.Get(ctx, code)
	if err == nil && to == "" {
		err = worse(ErrOver, b.answers.Delete(ctx, code))
	}
	return err
}

// Answered is what the desk has answered and is still to be passed on, by code.
func (b *Box) Answered(ctx context.Context) (map[string]string, error) {
	codes, err := b.answers.Keys(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, code := range codes {
		var a answer
		switch err := get(ctx, b.answers, code, &a); {
		case errors.Is(err, ErrOver):
		case err != nil:
			return nil, err
		case !a.Lost:
			all[code] = a.Text
		}
	}
	return all, nil
}

// Lose notes for the desk that an answer cannot be passed on.
func (b *Box) Lose(ctx context.Context, code, text string) error {
	return set(ctx, b.answers, code, answer{Text: text, Lost: true})
}
