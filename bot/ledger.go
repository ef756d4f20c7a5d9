package bot

import (
	"context"
	"time"

	"footnote/answers"
)

// A Ledger keeps what became of questions, so that curators see what is
// missing. It is safe for concurrent use. None of its methods may hold up the
// conversation for longer than ctx lasts, and what cannot be kept is lost
// silently as far as the conversation is concerned.
type Ledger interface {
	// Record keeps r, once the reply has gone out. It returns when that is safe, or
	// when waiting for it would be noticed.
	Record(ctx context.Context, r Record)
	// Picked keeps that one of the facts offered for the question id was taken.
	Picked(ctx context.Context, id, fact string)
	// Judged keeps what somebody said of the reply to the question id; of one
	// person the last word counts.
	Judged(ctx context.Context, id string, by Person, v Verdict)

	// Forget deletes everything of a person, also from the disk; see ErrLingers.
	Forget(ctx context.Context, who Person) error
	// Allow sets whether the words of what a person asks in the direct chat may
	// be kept; taking it back deletes those kept so far, also from the disk. After an
	// error they are not kept; see ErrLingers.
	Allow(ctx context.Context, who Person, words bool) error
	// Allows reports what Allow set. It does no I/O.
	Allows(who Person) bool

	// AllowIn sets whether the words of what is asked in a place may be kept;
	// taking it back deletes those kept from there so far, also from the disk. After an
	// error they are not kept; see ErrLingers. Who may decide that is for the caller to know.
	AllowIn(ctx context.Context, where Place, words bool) error
	// AllowsIn reports what AllowIn set. It does no I/O.
	AllowsIn(where Place) bool
	// Moved tells that a place has another id from now on.
	Moved(ctx context.Context, from, to Place) error

	// Terms are what /privacy tells. They do not change.
	Terms() LedgerTerms
}

// LedgerTerms are the rules of a Ledger, as /privacy tells them.
type LedgerTerms struct {
	Words bool          // words of questions are kept where people, or the admins of a place, allow it
	Keep  time.Duration // everything older is deleted
	// Marks says that of somebody who was forgotten a code and the time stay for a day, so that
	// no other process writes back what it holds.
	Marks bool
	// Closed says that nothing can be kept or deleted at present, though something may
	// have been kept before.
	Closed bool
}

// A Record is a question with what became of it.
type Record struct {
	ID         string // made by the bot, new for every question
	At         time.Time
	By         Person
	Outcome    answers.Outcome
	Fact       string   // id of the fact that was the answer, or empty
	Near       []string // ids of the candidates, best first
	Packs      string   // id and version of the pack of Fact, or of all packs
	Confidence float64  // of the best candidate
	Margin     float64  // of it to the next
	Words      string   // the question, only where its words may be kept
	In         Place    // where it was asked if that is a place whose admins allow Words; else zero
}

// A Verdict is what somebody says of a reply.
type Verdict string

// What somebody can say of a reply.
const (
	Helpful   Verdict = "helpful"
	Unhelpful Verdict = "unhelpful"
	Wanted    Verdict = "wanted" // a refusal; the curators are asked to fill the gap
)
