// Package bottest holds the contract suite that every chat adapter runs over
// its real protocol, and the adapter Memory, a platform that exists in memory.
// It knows no real platform: what is behind an adapter it meets as a Driver.
package bottest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot"
)

// A Harness is what a package of an adapter gives RunAdapterTests.
type Harness struct {
	// Token is the secret the adapter works with. The suite searches every
	// error and every log line for it. Empty only if the platform has none.
	Token string

	// New returns a fresh adapter, not yet running, and the fake platform it
	// talks to over the real protocol. Whatever the adapter logs goes to log.
	// The suite calls Driver.Close after the adapter's Run has returned.
	New func(t testing.TB, log *slog.Logger) (bot.Adapter, Driver)

	Caps Caps

	// Leaks names goroutines that a library is known to leave behind and that
	// are not the adapter's fault. Each deserves a comment where it is set.
	Leaks []goleak.Option
}

// Caps says what a platform can do. A test for which a cap is missing is not run.
type Caps struct {
	Groups    bool // there are places with several people
	Mentions  bool // a person can mention the bot, or reply to its messages
	Threads   bool // a place can have topics (Said.Thread)
	Bots      bool // other bots can speak
	Buttons   bool // replies can carry buttons that are pressed
	Redeliver bool // the platform may deliver the same event twice
	Private   bool // Reply.Private can be honoured for a command in a group
	Edited    bool // people can edit what they wrote
	Languages bool // the platform tells the language of a person's interface
	Admins    bool // the adapter is a bot.Authorizer: Driver.Admin is called
}

// A Driver plays the platform and the people on it. Names of people and places
// are the suite's ("ann", "#forum"); the driver maps them to whatever the
// platform uses, the same name to the same id for the driver's lifetime. Every
// method is safe for concurrent use and fails t itself when it cannot do what it
// is asked.
type Driver interface {
	// Ready waits until the running adapter would receive what is said.
	Ready(ctx context.Context) error

	// Say lets a person say something and returns a name for the event.
	Say(t testing.TB, s Said) Event

	// Redeliver delivers the same event again, unchanged.
	Redeliver(t testing.TB, e Event)

	// Press lets a person press the button with this label under shown.
	Press(t testing.TB, who string, shown Shown, label string) Event

	// WaitShown waits until the bot has shown at least n replies since New and
	// returns all of them, in the order the platform got them. A message edited
	// in place is shown once more.
	WaitShown(ctx context.Context, n int) ([]Shown, error)

	// Admin makes a person an admin of a place, or no longer one.
	Admin(t testing.TB, who, in string, is bool)

	// Inject makes the platform misbehave. It reports whether it can.
	Inject(t testing.TB, f Fault) bool

	// Close ends the platform and waits for its goroutines.
	Close()
}

// A How is a way in which something is said in a chat.
type How string

// The ways to say something. In a direct chat Plain is addressed to the bot.
const (
	Plain   How = ""        // just written
	Mention How = "mention" // the bot is mentioned at the beginning, then Text
	Reply   How = "reply"   // as a reply to something the bot wrote (the driver invents it if need be)
	Command How = "command" // Said.Command with Text as its arguments
	Edit    How = "edit"    // an old message of the person is edited into Text
)

// Said is something a person or another bot says.
type Said struct {
	Who     string // e.g. "ann"
	Lang    string // BCP 47 tag of the person's interface, or empty
	In      string // a place with several people, e.g. "#forum"; empty is the direct chat with Who
	Thread  string // a topic in the place, or empty
	How     How
	Command string
	Text    string
	Of      string // for Reply: the text of what the bot wrote

	Bot  bool // another bot says it
	Self bool // the bot under test itself says it, as platforms echo it
}

// An Event names something that was said, for Redeliver. It is opaque.
type Event string

// Shown is a reply as a person sees it.
type Shown struct {
	ID      string   // the driver's name of the message, for Press
	In      string   // the place, as in Said.In; for a direct chat empty
	Thread  string   // the topic, as in Said.Thread
	To      string   // the person of a direct chat, or who alone sees a private reply
	Text    string   // as it is read: markup resolved, nothing else changed
	Buttons []string // labels in reading order
	Private bool
	Edited  bool // an older message was changed in place
	Poll    bool // it is a quiz of the platform's own, of whose answers the bot hears nothing

	// For transcripts; a driver may leave them out.
	Look string     // Text with its forms marked: **bold**, _italic_, `code`, ▌ quotation, ~ small print
	Rows [][]string // the rows in which Buttons stand
	File string     // the name of the file that came with it
	Alt  string     // what tells of it to whoever does not see it, where the platform shows that
}

// A Fault is a way in which the platform misbehaves.
type Fault struct {
	Kind  FaultKind
	After time.Duration // for RateLimit
}

// A FaultKind says what goes wrong, and with what.
type FaultKind string

// The faults that a Driver may be asked for.
const (
	RefuseToken FaultKind = "refuse-token" // injected before Run: the token is refused for good
	RateLimit   FaultKind = "rate-limit"   // the next Send is refused, to be tried again in Fault.After
	Hang        FaultKind = "hang"         // the next Send gets no answer at all until its ctx ends or Close
	Fail        FaultKind = "fail"         // the next Send gets a transient server error
	Gone        FaultKind = "gone"         // the next Send finds the place or message gone
	Forbidden   FaultKind = "forbidden"    // the next Send finds that the bot may not write there
	Drop        FaultKind = "drop"         // the connection over which events come is cut once
)
