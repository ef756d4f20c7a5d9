package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// An Adapter connects Footnote to one chat platform.
type Adapter interface {
	// Name is the platform, as in Address.Platform. No I/O.
	Name() Platform

	// Run connects and calls deliver for every message a person wrote, until ctx
	// is done or the platform refuses us for good. What is transient it retries
	// with backoff. It returns nil when ctx ended it and an error wrapping
	// ErrFatal otherwise, and only after every goroutine it started has ended.
	// At most one Run at a time. Run's ctx covers receiving only: once ctx is done
	// deliver is not called again.
	Run(ctx context.Context, deliver DeliverFunc) error

	// Send posts r. It may be called concurrently, from the beginning of Run on and
	// for as long as the process lives, also after Run has returned: the bot
	// answers what it has accepted after receiving has ended. So Send depends on
	// its own ctx and on nothing that Run's ctx ends, and starts no goroutine that
	// outlives it. It waits out rate limits only as long as ctx lasts, and returns
	// *RetryError, ErrGone, ErrForbidden, ErrTooLong or ErrUncertain where it can tell;
	// any other error is transient, and to send r again cannot show it twice. No error
	// holds a token, an interaction handle or the text of a message.
	Send(ctx context.Context, to Address, r Reply) error
}

// DeliverFunc hands a message to the bot. It returns nil once the bot has
// accepted it (not answered it), or ctx's error. An adapter acknowledges the
// event upstream only after nil. It blocks while the bot is full. For a command whose
// answer the platform announces by itself (it has a Handle) it may return ErrBusy:
// that one is left out for good, and the adapter says so.
type DeliverFunc func(ctx context.Context, m Message) error

// A Named adapter knows what people call the bot there. Without it the bot is called
// footnote and nothing else.
type Named interface {
	// Called returns the bot's names there, without "@": none before the platform has
	// told them. No I/O; it may be called concurrently.
	Called() []string
}

// An HTTPHandler answers requests at the program's listener (key listen), if there is one:
// a platform's webhooks, say.
type HTTPHandler interface {
	// HTTP returns its handlers by the patterns to mount them with, as [http.ServeMux]
	// writes them: "POST /discord". It is called once, after New and before Run; without a
	// listener it is never called. The handlers may be called before Run, during it and
	// after it: before and after they answer 503. They run concurrently, with a context that
	// ends when the client leaves, and a body of at most a megabyte. They answer within
	// half a minute, and never with what a request held or why a secret was refused.
	HTTP() map[string]http.Handler
}

// An Idempotent adapter's platform posts a reply to a message once, however often and from
// however many processes it is sent with the same [Reply.Part].
type Idempotent interface{ Idempotent() }

// A Typer can show that an answer is being written.
type Typer interface {
	// Typing shows the sign once; it lasts some seconds. Errors are not worth telling.
	Typing(ctx context.Context, to Address)
}

// A RichAdapter has messages with footnotes that open and with tables, which a Reply asks
// for with Rich.
type RichAdapter interface{ Rich() }

// An Authorizer knows who may administer a place with several people. Without one
// nobody may, and the settings of such places stay as they are.
type Authorizer interface {
	// IsAdmin reports whether the sender of m, as it was delivered, may administer the
	// place it was sent in, by what the platform says of that person now: what is
	// remembered from earlier messages does not count, and neither does what a menu or a
	// button let the person do. It may call the platform and takes no longer than ctx.
	// On error the answer is no. The error wraps ErrNotTold if the platform would reveal
	// the permission for a command from its menu but not for this message. It may run
	// concurrently, and its errors hold neither a token nor the text of a message.
	IsAdmin(ctx context.Context, m Message) (bool, error)
}

// ErrNotTold is what an Authorizer returns, wrapped, for a message with which the
// platform does not tell who may administer the place.
var ErrNotTold = errors.New("the platform does not tell with such a message who decides")

// A Completion is a suggestion while somebody types.
type Completion struct {
	Label string // what is shown, at most 100 characters
	Value string // what is sent if chosen, at most 100 characters; a fact id or text
}

// A Suggester completes what somebody types into a command, and finds facts for
// inline queries. *dialog.Dialog is one; adapters that have such a thing use it.
type Suggester interface {
	// Suggest returns at most n completions of text for the option of a command
	// ("ask", "source", "search", "settings"), best first. It is fast (no encoder) and safe
	// for concurrent use.
	Suggest(command, text, lang string, n int) []Completion
}

// Errors that [Adapter.Send] and [Adapter.Run] return, wrapped, so that [errors.Is] finds them. Run
// returns ErrFatal and none of the others, which are of one Send.
var (
	ErrFatal     = errors.New("the platform refuses this bot for good")
	ErrGone      = errors.New("the place to answer in is gone")         // do not retry
	ErrForbidden = errors.New("the bot may not write there")            // do not retry
	ErrTooLong   = errors.New("the platform says the text is too long") // a defect of the renderer
	ErrUncertain = errors.New("the message may have been posted")       // its answer was lost: do not repeat it
)

// ErrBusy is what a DeliverFunc returns for a command that nobody will answer.
var ErrBusy = errors.New("too much waits in that conversation")

// A RetryError says when a call may be tried again.
type RetryError struct {
	After time.Duration
	Err   error // what the platform said, without secrets
}

// Error returns what the platform said, and how long to wait.
func (e *RetryError) Error() string { return fmt.Sprintf("%v; try again in %v", e.Err, e.After) }

// Unwrap returns what the platform said.
func (e *RetryError) Unwrap() error { return e.Err }
