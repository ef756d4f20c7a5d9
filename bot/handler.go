package bot

import "context"

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
	// Prepare begins that, without waiting for it, before it is known whether this process or
	// another answers: what asks for that goes along. It is called once at most, before Reply.
	Prepare()
}
