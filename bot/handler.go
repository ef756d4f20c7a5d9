package bot

import (
	"context"
	"time"
)

// A Handler decides what is said to a message.
type Handler interface {
	// Accept begins the exchange with m when m is accepted, which may be long before
	// it is answered. What it is answered from does not change after that. No I/O; it
	// may be called concurrently.
	Accept(m Message) Exchange
}

// An Exchange is the handling of one message. Its methods are called one after
// another, and may panic.
type Exchange interface {
	// Reply returns what to say to the message, which came through an adapter: one
	// reply for each question in it. after is to be done when they have gone out. It
	// takes no longer than ctx.
	Reply(ctx context.Context, via Adapter) (replies []Reply, after []func(context.Context))

	// Notice returns what to say in place of an answer, or after it.
	Notice(ctx context.Context, n Notice) Reply
}

// A Preparer is an Exchange that has something to look up before it replies.
type Preparer interface {
	// Prepare begins that where there are other processes, without waiting for it, before it is
	// known which of them answers: what asks for that goes along. It is called once at most, before
	// Reply.
	Prepare()
}

// A Notice is something to say in place of an answer.
type Notice struct {
	Kind NoticeKind
	Wait time.Duration // for NoticeLimit: how long the limit lasts
}

// A NoticeKind says what happened to a message that is not answered.
type NoticeKind string

// What can happen to a message that is not answered.
const (
	NoticeLimit     NoticeKind = "limit"   // over a limit
	NoticeAway      NoticeKind = "away"    // old messages in this group were skipped
	NoticeSkipped   NoticeKind = "skipped" // messages were left out while the platform was slow
	NoticeFault     NoticeKind = "fault"   // a defect
	NoticeUncertain NoticeKind = "unsure"  // an answer may or may not have arrived
	NoticeBusy      NoticeKind = "busy"    // too much waits; a command that shows a sign is turned away
	NoticeStopped   NoticeKind = "stopped" // the program ended before it had answered
)
