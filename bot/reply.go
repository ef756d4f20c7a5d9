package bot

// A Reply is what the bot says: structured text without any markup.
type Reply struct {
	Kind    Kind
	Blocks  []Block
	Buttons []Button // in reading order; an adapter that has none lists numbered choices instead
	Quote   string   // words of the Text that this is about, exactly as they stand there; for an adapter that can reply to them
	Rich    bool     // as a message with footnotes that open, by a RichAdapter; older apps show it badly
	Private bool     // only the asker should see it, where the platform can do that
	File    *File    // nil for nearly all; an adapter that sends no files shows Unfiled
	Preview string   // the address, among its links, of which a platform may show a preview; empty for none
	Part    string   // which of the replies to one message it is; see Idempotent
	Once    string   // names a reply to no message among all of them, as Part does those to one; Post gives it a name
	Quiz    *Quiz    // nil for nearly all: what the blocks ask, for a platform with quizzes of its own
	Form    *Form    // nil for nearly all: asks for a text, where the platform can
	Replace bool     // takes the place of the message whose button was pressed, where the platform can do that
}

// Kind is what a reply is, for adapters that show kinds differently and for logs.
type Kind string

// The kinds of replies. An adapter may show all of them alike.
const (
	KindAnswer    Kind = "answer"
	KindChoices   Kind = "choices"
	KindDeclined  Kind = "declined"
	KindSource    Kind = "source"
	KindList      Kind = "list"      // topics, search, corrections, a timeline
	KindPositions Kind = "positions" // who says what in a dispute, beside each other
	KindInfo      Kind = "info"      // help, about, privacy
	KindSmall     Kind = "small"     // one human sentence
	KindNotice    Kind = "notice"    // a limit, a fault
)

// A Block is a paragraph-like piece of a reply. Blocks are set apart by a line
// break, or by an empty line before a block with Gap.
type Block struct {
	Kind  BlockKind
	Spans []Span
	Gap   bool // an empty line before it

	// Trim lets an adapter shorten this block (at a word, with "…") when the
	// whole does not fit; with several, the last first. A citation never has it.
	Trim bool

	// Action is that of the button that chooses this, of a Choice: an adapter that can sets
	// the button beside it.
	Action string
}

// A BlockKind says what a block is; how that looks is the adapter's matter.
type BlockKind string

// The kinds of blocks, of which adapters know all.
const (
	Para   BlockKind = ""       // plain paragraph
	Item   BlockKind = "item"   // list item; the adapter sets the bullet
	Choice BlockKind = "choice" // numbered list item, 1. 2. 3. in order
	Quote  BlockKind = "quote"  // somebody's words
	Fine   BlockKind = "fine"   // fine print: footer, hints
	Cite   BlockKind = "cite"   // a citation
	Pre    BlockKind = "pre"    // text to copy: its line breaks and spaces count; its spans are Code
)

// A Span is a piece of a block in one style.
type Span struct {
	Text  string
	Style Style
	URL   string // https, from the pack; makes the text a link where the platform can
}

// A Style says how a span stands out, where the platform can show that.
type Style string

// The styles of a span; it has one of them.
const (
	Plain  Style = ""
	Bold   Style = "bold"
	Italic Style = "italic"
	Code   Style = "code" // something to type or copy, e.g. a command
)

// A Button does something when pressed: the adapter delivers a Message with its
// Action.
type Button struct {
	Label  string // at most MaxLabel characters
	Action string // at most MaxAction bytes, made and read by this package only
	Copy   string // text that it copies, in place of an Action; only where the platform can, at most MaxCopy UTF-16 units
	URL    string // the https address that it opens, in place of an Action; only where the platform can
	Row    bool   // begins a row, where buttons stand in rows: what follows is of another kind
}

// Limits of buttons that every platform can carry.
const (
	MaxLabel  = 64 // Discord allows 80, of which about half are visible on a phone
	MaxCopy   = 256
	MaxAction = 64 // bytes; Telegram's callback data
)

// A Form asks for a text, for adapters whose platform can show one; what is written there comes back
// as a [Message] with the form's Action and the Text. Others show the blocks of the reply, which say
// how to write it otherwise.
type Form struct {
	Title  string // at most MaxFormTitle characters
	Label  string // of the field, at most MaxFormTitle characters
	Hint   string // in the empty field, at most 100 characters
	Action string // made and read by the Handler, at most MaxAction bytes
}

// Limits of a form, in characters: of its title and of the label of its field, and of what people
// may write into it.
const (
	MaxFormTitle = 45
	MaxFormText  = 1000
)

// A Quiz is a question with answers to choose from, for adapters whose platform has such a thing
// of its own: people choose there, see at once whether they were right, and why. Others show the
// blocks and the buttons of the reply, which say the same.
type Quiz struct {
	Question    string   // at most MaxQuizQuestion characters
	Options     []string // two to ten, of at most MaxQuizOption characters
	Right       int      // the index of the right one
	Explanation string   // at most MaxQuizExplanation characters; its last line is the citation
	Beside      []Button // what is offered with it
}

// Limits of a quiz that every platform with quizzes can carry.
const (
	MaxQuizQuestion    = 300
	MaxQuizOption      = 100
	MaxQuizExplanation = 200
)
