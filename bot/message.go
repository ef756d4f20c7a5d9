// Package bot delivers messages of chat platforms to a [Handler] and its replies back.
// An [Adapter] connects it to one platform. [Bot] keeps the order in each conversation,
// the limits and the retries, and tells people what went wrong. A [Reply] is structured
// text that the adapter renders. The package neither knows a platform nor decides what
// is said: that is package dialog.
package bot

import "time"

// Identifiers are opaque outside the adapter that made them.
type (
	Platform  string // "discord", "telegram", "terminal"
	ChatID    string
	ThreadID  string
	MessageID string
	UserID    string
)

// A Place is a chat: a group, a channel of a server, or the direct chat with a person.
type Place struct {
	Platform Platform
	Chat     ChatID
}

// A Conversation is a place, or a topic inside it. What is said there is answered in
// order.
type Conversation struct {
	Place
	Thread ThreadID // or empty
}

// In is the conversation in a place without topics.
func In(platform Platform, chat ChatID) Conversation {
	return Conversation{Place: Place{platform, chat}}
}

// An Address says where a reply goes: the conversation and, in it, the message that is answered. An
// adapter makes it, and gets it back in [Adapter.Send].
type Address struct {
	Conversation
	ReplyTo MessageID // the message to answer, or empty
	Handle  Handle    // how to answer an interaction, where the platform has such a thing
	Asker   UserID    // who asked among several people, where an answer can be shown to that person alone; or empty
	Quoted  MessageID // the message whose words are the Text, where a reply can quote them; or empty
}

// A Handle is an adapter's private note on how to answer, e.g. an interaction
// token. It is a secret for as long as it is valid, so it never prints.
type Handle string

// String returns "[handle]", or "" for an empty one, so that no format prints it.
func (h Handle) String() string {
	if h == "" {
		return ""
	}
	return "[handle]"
}

// GoString hides the handle from %#v.
func (h Handle) GoString() string { return h.String() }

// MarshalText hides the handle from JSON and from slog.
func (h Handle) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// A User is a person, as far as the platform tells.
type User struct {
	ID   UserID
	Name string // for addressing only; never stored
	Lang string // BCP 47 tag of the interface, or empty
}

// A Person is somebody on one platform. Whoever is on two is two persons, since no platform tells.
type Person struct {
	Platform Platform
	ID       UserID
}

// A Message is something a person said to the chat the bot is in. Adapters drop
// what bots, webhooks and the bot itself wrote.
type Message struct {
	ID        MessageID // the same event redelivered has the same ID; unique within the platform
	From      User
	To        Address // where a reply goes
	Direct    bool    // a private chat between the person and the bot
	Addressed bool    // a mention, a reply to the bot, a command for it, or a pressed button; always true if Direct

	// Exactly one of these three is what was said.
	Command string // a command's name without slash, lower case, e.g. "ask"; Text holds its arguments
	Action  string // the Action of a Button that was pressed, or of a Form that was filled in with Text
	Text    string // valid UTF-8; mention and command syntax already removed

	// Replied is what the bot wrote that this is a reply to, as it is shown there; empty
	// if it is none, or the platform does not tell.
	Replied string

	// Quoted says that Text is of somebody else than From: it came with a reply to that
	// message, or is forwarded. It is answered, and never kept.
	Quoted bool

	// Withheld says that something was written that the platform does not tell: there
	// is a Text, and it comes empty.
	Withheld bool

	// PlaceLang is the language that the place prefers, as a BCP 47 tag, where the platform tells
	// that and not From.Lang; or empty. It is a hint, weaker than anything else that tells a language.
	PlaceLang string

	SentAt time.Time

	// Settled, if it is not nil, is called once when nothing more will come of the message:
	// its answer went out, or cannot, or there is none. It is not called after deliver has
	// returned an error, nor where the program ends before that; it returns at once.
	Settled func()
}

// Person returns who sent m, as it is counted, remembered and forgotten.
func (m Message) Person() Person { return Person{m.To.Platform, m.From.ID} }

// Awaited reports whether the platform itself tells the person that an answer is
// coming, for minutes if none comes: silence is no answer to such a command.
func (m Message) Awaited() bool { return m.Command != "" && m.To.Handle != "" }
