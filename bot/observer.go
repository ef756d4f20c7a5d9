package bot

import "time"

// An Observer is told what the bot does, for figures of a running program: how much, how
// long, with what outcome; never who, where or what. Its methods return at once and may be
// called concurrently.
type Observer interface {
	// Received is told of a message that was accepted, and its age by the platform's clock,
	// which is what an outage has delayed it by; 0 if the platform does not tell.
	Received(p Platform, age time.Duration)

	// Limited is told of a message over the limits.
	Limited(p Platform)

	// Answered is told of a message that was dealt with: what kind its last reply was, ""
	// for none, and whether all of it went out.
	Answered(p Platform, k Kind, sent bool, took Stages)
}

// Stages are how long the stages of a message took.
type Stages struct {
	Queue time.Duration // from when it was accepted until somebody took it
	Match time.Duration // deciding what to say, with the claim where there are several processes
	Send  time.Duration // with every retry
}

// A watched item knows when its stages began. The zero value, of a bot that nobody observes,
// costs nothing.
type watched struct {
	accepted, taken, decided time.Time
}

// observe tells the observer that x was dealt with.
func (b *Bot) observe(x item, k Kind, err error) {
	w, now := x.watched, b.c.Now()
	t := Stages{Queue: w.taken.Sub(w.accepted)}
	if !w.decided.IsZero() {
		t.Match, t.Send = w.decided.Sub(w.taken), now.Sub(w.decided)
	}
	b.c.Observer.Answered(x.m.To.Platform, k, err == nil, t)
}

// age is how old m is.
func (b *Bot) age(m Message) time.Duration {
	if m.SentAt.IsZero() {
		return 0
	}
	return max(0, b.c.Now().Sub(m.SentAt))
}

// Backlog is how many messages were accepted and are not dealt with, and how many of these the
// program would tell of after a crash.
func (b *Bot) Backlog() (queued, unanswered int) {
	if q := b.present.Load(); q != nil {
		queued = q.size()
	}
	return queued, b.unanswered.size()
}
