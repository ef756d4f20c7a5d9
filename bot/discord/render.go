package discord

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/platform"
)

// Discord's limits. Characters are counted in UTF-16 units, which are never fewer
// than characters: the documentation does not say which it counts.
const (
	maxContent  = 2000
	maxLabel    = 80
	maxAlt      = 1024 // of an attachment
	maxCustomID = 100
	perRow      = 5
	maxRows     = 5
)

// actionPrefix stands before a button's action in its custom_id. Its number is to
// be raised when the bot's actions change their meaning.
const actionPrefix = "fn1:"

// Flags of a message.
const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
)

// A payload is a message as Discord takes it. The mention list is always sent and
// always empty: without it Discord pings everybody a text names.
type payload struct {
	Content         string          `json:"content,omitempty"` // empty in a message of components
	AllowedMentions allowedMentions `json:"allowed_mentions"`
	Components      []component     `json:"components"` // never nil: in an edit, none must take away the old ones
	Flags           int             `json:"flags"`
	Reference       *reference      `json:"message_reference,omitempty"`
	Nonce           string          `json:"nonce,omitempty"`
	EnforceNonce    bool            `json:"enforce_nonce,omitempty"`
	Attachments     []attachment    `json:"attachments,omitempty"`

	file *bot.File // the content of the only attachment; nil for none
}

// An attachment announces a file that travels in the same request; its id is the
// number in the name of the file's part.
type attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"` // for whoever does not see it
}

type allowedMentions struct {
	Parse       []string `json:"parse"`
	RepliedUser bool     `json:"replied_user"`
}

type reference struct {
	MessageID       string `json:"message_id"`
	FailIfNotExists bool   `json:"fail_if_not_exists"`
}

// A component is a part of a message: a row of buttons, a button, or a part of a message
// that is made of components; see laid.go.
type component struct {
	Type       int         `json:"type"`
	Style      int         `json:"style,omitempty"`
	Label      string      `json:"label,omitempty"`
	CustomID   string      `json:"custom_id,omitempty"`
	URL        string      `json:"url,omitempty"`
	Content    string      `json:"content,omitempty"`
	Components []component `json:"components,omitempty"`
	Accessory  *component  `json:"accessory,omitempty"`
	Items      []mediaItem `json:"items,omitempty"`
}

const (
	componentRow   = 1
	styleSecondary = 2 // grey: the buttons are offers, the answer is the message
	styleLink      = 5 // opens an address
)

// render turns a reply into a payload that Discord accepts, whatever is in it.
func render(r bot.Reply) payload {
	if isLaid(r) {
		return lay(r)
	}
	return plain(r)
}

// Markdown is the text of the message that r becomes.
func Markdown(r bot.Reply) string { return plain(r).Content }

// plain renders r as a message of text: escaped, fitted to the limit, and never empty.
func plain(r bot.Reply) payload {
	if r.File != nil && r.File.URL != "" {
		r = r.Unfiled()
	}
	text := content(r)
	if platform.UTF16Len(text) > maxContent {
		r = bot.Fit(r, maxContent, func(r bot.Reply) int { return platform.UTF16Len(content(r)) })
		text = content(r)
	}
	p := payload{
		Content:         text,
		AllowedMentions: allowedMentions{Parse: []string{}},
		Components:      rows(r.Buttons),
		Flags:           flagSuppressEmbeds,
	}
	if safeURL(r.Preview) != "" {
		p.Flags &^= flagSuppressEmbeds // each other link stands in angle brackets, which does the same
	}
	if r.File != nil {
		p.attach(r)
	}
	if p.Content == "" {
		p.Content = "…" // Discord refuses an empty message; only a reply without any text comes here
	}
	return p
}

// attach adds the file of r.
func (p *payload) attach(r bot.Reply) {
	p.file, p.Attachments = r.File, []attachment{{
		ID: "0", Filename: r.File.Name, Description: platform.CutUTF16(platform.Clean(r.Description()), maxAlt),
	}}
}

// content is the reply's blocks in Discord's markdown.
func content(r bot.Reply) string {
	e := escaper{preview: safeURL(r.Preview)}
	e.b.Grow(1 << 10) // an answer with its citation and the questions beside it
	for x := range r.Lines() {
		e.b.WriteString(x.Break)
		e.block(x)
	}
	return strings.TrimFunc(e.b.String(), unicode.IsSpace)
}

// block writes one block, without the line breaks before it.
func (e *escaper) block(x bot.Line) {
	if x.Kind == bot.Pre {
		e.pre(x.Spans)
		return
	}
	oneLine, prefix := true, ""
	switch x.Kind {
	case bot.Item:
		prefix = "- "
	case bot.Choice:
		prefix = x.Mark()
	case bot.Fine:
		prefix = "-# "
	case bot.Quote:
		prefix, oneLine = "> ", false
	default:
		oneLine = false
	}
	e.line(prefix)
	for _, s := range merge(x.Spans) {
		s.Text = platform.Clean(s.Text)
		if oneLine {
			s.Text = strings.ReplaceAll(s.Text, "\n", " ")
		}
		e.span(s, prefix)
	}
}

func (e *escaper) span(s bot.Span, prefix string) {
	link := safeURL(s.URL)
	if link != "" && s.Text == s.URL {
		s.Text = ""
	}
	switch m := marks[s.Style]; {
	case s.Style == bot.Code:
		e.code(s.Text)
	case m != "":
		// Markup that touches a blank on its inside is not read as markup.
		inner := strings.TrimFunc(s.Text, unicode.IsSpace)
		if inner == "" {
			e.text(s.Text, prefix)
			break
		}
		at := strings.Index(s.Text, inner)
		e.text(s.Text[:at], prefix)
		e.mark(m)
		e.text(inner, prefix)
		e.b.WriteString(m)
		e.last, e.marked = rune(m[0]), true
		e.text(s.Text[at+len(inner):], prefix)
	default:
		e.text(s.Text, prefix)
	}
	if link != "" {
		if s.Text != "" {
			e.b.WriteByte(' ')
		}
		if link == e.preview { // bare: angle brackets would keep the preview away
			e.b.WriteString(link)
		} else {
			e.b.WriteString("<" + link + ">")
		}
		e.last, e.marked, e.start, e.digits = '>', true, false, false
	}
}

var marks = map[bot.Style]string{bot.Bold: "**", bot.Italic: "*"}

// merge joins neighbours of one style: "**a****b**" is not bold.
func merge(spans []bot.Span) []bot.Span {
	if len(spans) < 2 {
		return spans
	}
	out := make([]bot.Span, 0, len(spans))
	for _, s := range spans {
		if n := len(out); n > 0 && s.URL == "" && out[n-1].URL == "" && s.Style == out[n-1].Style {
			out[n-1].Text += s.Text
			continue
		}
		out = append(out, s)
	}
	return out
}

// rows sets buttons in rows of at most five. An action that is already there is left
// out, since a custom_id may occur once in a message.
func rows(buttons []bot.Button) []component {
	out := []component{}
	seen := map[string]bool{}
	for _, b := range buttons {
		c, ok := buttonOf(b)
		if !ok || seen[c.CustomID+c.URL] {
			continue
		}
		seen[c.CustomID+c.URL] = true
		if n := len(out); n == 0 || len(out[n-1].Components) == perRow || b.Row && n < maxRows {
			if n == maxRows {
				break
			}
			out = append(out, component{Type: componentRow})
		}
		row := &out[len(out)-1]
		row.Components = append(row.Components, c)
	}
	return out
}

// buttonOf is a button as Discord takes it; false if it would not.
func buttonOf(b bot.Button) (component, bool) {
	id := actionPrefix + b.Action
	label := platform.CutUTF16(strings.TrimSpace(platform.CleanLine(b.Label)), maxLabel)
	if u := safeURL(b.URL); u != "" && label != "" {
		return component{Type: componentButton, Style: styleLink, Label: label, URL: u}, true
	}
	if b.Action == "" || label == "" || platform.UTF16Len(id) > maxCustomID || !utf8.ValidString(id) {
		return component{}, false
	}
	return component{Type: componentButton, Style: styleSecondary, Label: label, CustomID: id}, true
}
