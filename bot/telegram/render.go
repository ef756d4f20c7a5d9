package telegram

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/platform"
)

// Limits of Telegram on a text message.
const (
	maxText    = 4096  // UTF-16 code units after entities are parsed
	maxCaption = 1024  // the same for the text under a file
	maxRaw     = 32768 // bytes of markup before that
	maxMarks   = 100   // entities; those after them are dropped, and what they hold is plain text to Telegram
	maxURL     = 2048  // bytes; longer ones are no address of a source
	maxLabel   = bot.MaxLabel
)

// A payload is a reply as Telegram takes it.
type payload struct {
	HTML     string // empty if the markup would be too much
	Keyboard [][]key
	File     *bot.File // the text goes under it; nil for none
	Preview  string    // the address of which Telegram may show a preview, or empty

	reply    bot.Reply // for Plain
	username string
	limit    int  // in UTF-16 code units
	blank    bool // there is nothing to be seen in it
}

// A key is an InlineKeyboardButton: one that presses, one that opens an address, or one that
// copies a text.
type key struct {
	Text string    `json:"text"`
	Data string    `json:"callback_data,omitempty"`
	URL  string    `json:"url,omitempty"`
	Copy *copyText `json:"copy_text,omitempty"`
}

// copyText is a CopyTextButton.
type copyText struct {
	Text string `json:"text"`
}

// A preview is LinkPreviewOptions.
type preview struct {
	Disabled bool   `json:"is_disabled,omitempty"`
	URL      string `json:"url,omitempty"`
	Small    bool   `json:"prefer_small_media,omitempty"`
}

// previewOf lets Telegram show the preview of an address, or none.
func previewOf(url string) preview {
	if url == "" {
		return preview{Disabled: true}
	}
	return preview{URL: url, Small: true}
}

// render is pure. username is the bot's own: "@username" in a reply is ours and
// stays as it is, every other handle is broken so that it notifies nobody.
func render(r bot.Reply, username string) payload {
	p := payload{Keyboard: keyboard(r), File: r.File, Preview: link(r.Preview), username: username, limit: maxText}
	if r.File != nil {
		r, p.limit = r.Told(), maxCaption
	}
	p.reply = r
	marked := bot.Fit(clean(r, username, true), p.limit, visible)
	p.blank = !slices.ContainsFunc(marked.Blocks, func(x bot.Block) bool {
		return slices.ContainsFunc(x.Spans, func(s bot.Span) bool { return strings.TrimSpace(s.Text) != "" })
	})
	if p.HTML = markup(marked); len(p.HTML) > maxRaw || strings.Count(p.HTML, "</") > maxMarks {
		p.HTML = ""
	}
	return p
}

// HTML is the text of the message that r becomes, in Telegram's markup.
func HTML(r bot.Reply) string {
	p := render(r, "")
	if p.HTML == "" {
		return escaper.Replace(p.Plain())
	}
	return p.HTML
}

// Plain is the same words without markup, for when Telegram refuses ours.
func (p *payload) Plain() string {
	return bot.PlainText(bot.Fit(clean(p.reply, p.username, false), p.limit, func(r bot.Reply) int { return platform.UTF16Len(bot.PlainText(r)) }))
}

// visible is the length, in UTF-16 code units, of what markup leaves once its tags
// are parsed.
func visible(r bot.Reply) int {
	n := 0
	for x := range r.Lines() {
		n += len(x.Break) + platform.UTF16Len(x.Mark())
		for _, s := range x.Spans {
			n += platform.UTF16Len(s.Text)
		}
	}
	return n
}

// markup writes r in Telegram's HTML. No tag stands inside one of its own kind,
// and code stands alone, as Telegram's entities demand.
func markup(r bot.Reply) string {
	var b strings.Builder
	b.Grow(1 << 10) // an answer with its citation and the questions beside it
	for x := range r.Lines() {
		b.WriteString(x.Break)
		begin, end := "", ""
		switch {
		case x.Kind == bot.Pre: // Telegram offers to copy it as a whole; no entity may stand inside
			begin, end = "<pre>", "</pre>"
		case x.Kind == bot.Quote:
			begin, end = "<blockquote>", "</blockquote>"
		case x.Kind == bot.Cite && r.Kind == bot.KindSource: // the full citation folds away
			begin, end = "<blockquote expandable>", "</blockquote>"
		}
		b.WriteString(begin + x.Mark())
		for _, s := range x.Spans {
			if x.Kind == bot.Pre {
				b.WriteString(escaper.Replace(s.Text))
			} else {
				writeSpan(&b, s, x.Kind)
			}
		}
		b.WriteString(end)
	}
	return b.String()
}

func writeSpan(b *strings.Builder, s bot.Span, in bot.BlockKind) {
	tag := ""
	switch {
	case s.Style == bot.Code && s.URL == "" && !tappable.MatchString(s.Text):
		tag = "code"
	case s.Style == bot.Bold:
		tag = "b"
	case s.Style == bot.Italic, in == bot.Fine:
		tag = "i"
	}
	if s.URL != "" {
		b.WriteString(`<a href="` + escaper.Replace(s.URL) + `">`)
	}
	if tag != "" {
		b.WriteString("<" + tag + ">")
	}
	b.WriteString(escaper.Replace(s.Text))
	if tag != "" {
		b.WriteString("</" + tag + ">")
	}
	if s.URL != "" {
		b.WriteString("</a>")
	}
}

// tappable is a command without arguments. Telegram makes it something to tap,
// which in code it is not.
var tappable = regexp.MustCompile(`^/[a-z0-9_]{1,32}$`)

// escaper makes text of what it is given, also inside a quoted attribute. The library's
// EscapeText leaves quotes alone.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// clean returns r with texts that Telegram takes as they are and that call up
// nothing by themselves, and without what has no text. marked says that links and
// code will be entities, in which Telegram recognises nothing else.
func clean(r bot.Reply, username string, marked bool) bot.Reply {
	blocks := make([]bot.Block, 0, len(r.Blocks))
	for _, x := range r.Blocks {
		spans := make([]bot.Span, 0, len(x.Spans))
		before := "" // the word that the spans before this one end with, up to an entity
		for _, s := range x.Spans {
			s.Text = platform.Clean(s.Text)
			if x.Kind == bot.Item || x.Kind == bot.Choice || x.Kind == bot.Fine { // one line each
				s.Text = strings.ReplaceAll(s.Text, "\n", " ")
			}
			if s.Text == "" {
				continue
			}
			s.URL = link(s.URL)
			if !marked || s.URL == "" && s.Style != bot.Code {
				text := s.Text
				if s.Text = neutralize(s, x.Kind, username); continues(before, text, username) {
					s.Text, before = wordJoiner+s.Text, wordJoiner
				}
				if i := strings.LastIndexFunc(text, unicode.IsSpace); i >= 0 {
					before, text = "", text[i:]
				}
				before += text
			} else {
				before = ""
			}
			spans = append(spans, s)
		}
		if len(spans) > 0 {
			x.Spans = spans
			blocks = append(blocks, x)
		}
	}
	r.Blocks = blocks
	return r
}

// link is u if it may be linked to: https, with a host.
func link(u string) string {
	if platform.HTTPS(u, maxURL) == nil {
		return ""
	}
	return u
}

// wordJoiner is the word wordJoiner, which nobody sees and which ends what Telegram
// recognises as a handle or an address.
const wordJoiner = "\u2060"

// neutralizeMentions breaks "@name", for the Bot API has no switch against pinging.
func neutralizeMentions(s, username string) string {
	if !strings.Contains(s, "@") {
		return s
	}
	var b strings.Builder
	last := ' '
	for i, c := range s {
		b.WriteRune(c)
		if c == '@' && !wordRune(last) && !isHandle(s[i+1:], username) {
			b.WriteString(wordJoiner)
		}
		last = c
	}
	return b.String()
}

// isHandle reports whether s begins with the whole handle username.
func isHandle(s, username string) bool {
	n := len(username)
	if n == 0 || len(s) < n || !strings.EqualFold(s[:n], username) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(s[n:])
	return len(s) == n || !wordRune(next)
}

func wordRune(c rune) bool { return c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c) }

// continues reports whether after goes on with something that before began and that
// Telegram would recognise in the two together: "#" and "word", "name." and "example".
func continues(before, after, username string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	if before == "" || unicode.IsSpace(last) || unicode.IsSpace(first) {
		return false
	}
	quiet := func(s string) string { return neutralizeLinks(neutralizeTags(neutralizeMentions(s, username))) }
	return quiet(before+after) != quiet(before)+quiet(after)
}

// neutralize is the text of s with everything broken that Telegram would make something
// of by itself: handles, links, hashtags, cashtags and commands. What calls for one
// stays: a command that is set as code, the address that a link shows, and in a
// citation an https address, which is the pack's and to be copied.
func neutralize(s bot.Span, in bot.BlockKind, username string) string {
	quiet := func(text string) string {
		text = neutralizeMentions(text, username)
		if s.URL != "" {
			return text
		}
		if s.Style != bot.Code {
			text = neutralizeTags(text)
		}
		return neutralizeLinks(text)
	}
	if in != bot.Cite {
		return quiet(s.Text)
	}
	var b strings.Builder
	rest := s.Text
	for at := 0; ; {
		i := strings.Index(rest[at:], secure)
		if i < 0 {
			b.WriteString(quiet(rest))
			return b.String()
		}
		i += at
		end := addressEnd(rest[i:])
		last, _ := utf8.DecodeLastRuneInString(rest[:i])
		if wordRune(last) && i > 0 || link(rest[i:i+end]) == "" {
			at = i + len(secure)
			continue
		}
		b.WriteString(quiet(rest[:i]))
		b.WriteString(rest[i : i+end])
		rest, at = rest[i+end:], 0
	}
}

// secure begins an address that may be linked to.
const secure = "https://"

// addressEnd is where Telegram takes the address at the beginning of s to end: what
// stands there is no part of it, and may be a handle. It is 0 for what is none.
func addressEnd(s string) int {
	host := len(secure)
	for i, c := range s[host:] {
		if c != '.' && c != '-' && !wordRune(c) {
			switch c {
			case '/', '?', '#':
			case ':', '@': // a port or a password: no address that a pack may link to
				return 0
			default:
				return host + i
			}
			path := host + i
			end := strings.IndexFunc(s[path:], func(c rune) bool {
				return unicode.IsSpace(c) || c >= '\u2000' && c <= '\u206F' || strings.ContainsRune("<>«»\"", c)
			})
			if end < 0 {
				return len(s)
			}
			return path + end
		}
	}
	return len(s)
}

// neutralizeLinks breaks what Telegram would make a link of, "https://…", "name.example" and
// "tg://…", where no span declares one: links come from the pack only. Nearly any
// character may stand in a domain's name, so only what cannot is told apart.
func neutralizeLinks(s string) string {
	if !strings.ContainsAny(s, "./") {
		return s
	}
	var b strings.Builder
	last, from, broken := ':', 0, false // a span may go on with what the one before it began
	for i, c := range s {
		rest := s[i:]
		if c == '/' && last == ':' && strings.HasPrefix(rest, "//") || c == '.' && !unicode.IsSpace(last) && last != '.' && twoLetters(rest[1:]) {
			b.WriteString(s[from:i])
			b.WriteString(wordJoiner)
			from, broken = i, true
		}
		last = c
	}
	if !broken {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// twoLetters reports whether s begins like a top-level domain.
func twoLetters(s string) bool {
	one, n := utf8.DecodeRuneInString(s)
	two, _ := utf8.DecodeRuneInString(s[n:])
	return unicode.IsLetter(one) && (unicode.IsLetter(two) || unicode.IsMark(two))
}

// neutralizeTags breaks "#word", "$WORD" and "/word", which Telegram makes a search for the
// word, or a command that whoever touches it sends.
func neutralizeTags(s string) string {
	if !strings.ContainsAny(s, "#$/") {
		return s
	}
	var b strings.Builder
	last, from := ' ', 0
	for i, c := range s {
		if !wordRune(last) && tagged(c, last, s[i+utf8.RuneLen(c):]) {
			b.WriteString(s[from:i+1] + wordJoiner)
			from = i + 1
		}
		last = c
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// tagged reports whether c between last and rest begins a tag or a command.
func tagged(c, last rune, rest string) bool {
	if rest == "" {
		return false
	}
	switch c {
	case '#': // but not "#12"
		end := strings.IndexFunc(rest, func(c rune) bool { return !unicode.IsDigit(c) })
		next, _ := utf8.DecodeRuneInString(rest[max(end, 0):])
		return end >= 0 && wordRune(next)
	case '$':
		return rest[0] >= 'A' && rest[0] <= 'Z' || strings.HasPrefix(rest, "1INCH")
	case '/': // but not "//" and "</"
		next := rest[0]
		return last != '/' && last != '<' && (next == '_' || next >= '0' && next <= '9' || next|0x20 >= 'a' && next|0x20 <= 'z')
	}
	return false
}

// Keys beside each other are equally wide, so the longest label counts for all of
// them: rowRunes is about what a row shows on a phone, with a blank to each key.
const (
	rowKeys  = 5 // a page of numbers; Telegram takes 8
	rowRunes = 34
)

// keyboard sets buttons in rows: choices one below the other, short ones beside
// each other. Spaces at which no line may break hold a label together. What Telegram would refuse is left out, rather than the whole reply.
func keyboard(r bot.Reply) [][]key {
	var rows [][]key
	for _, x := range r.Buttons {
		label := bot.Shorten(strings.Join(strings.FieldsFunc(platform.Clean(x.Label), func(c rune) bool { return c == ' ' || c == '\n' }), " "), maxLabel)
		k, last := key{Text: label, Data: x.Action}, len(rows)-1
		switch {
		case label == "":
			continue
		case x.Copy != "":
			text := strings.TrimSpace(platform.Clean(x.Copy))
			if n := platform.UTF16Len(text); n == 0 || n > bot.MaxCopy {
				continue
			}
			k.Data, k.Copy = "", &copyText{text}
		case x.URL != "":
			if k.Data, k.URL = "", link(x.URL); k.URL == "" {
				continue
			}
		case x.Action == "" || len(x.Action) > bot.MaxAction || !utf8.ValidString(x.Action):
			continue
		}
		switch {
		case last < 0 || x.Row || r.Kind == bot.KindChoices:
			rows = append(rows, []key{k})
		case inRow(append(slices.Clip(rows[last]), k)):
			rows[last] = append(rows[last], k)
		default: // not four and one of a kind, but three and two
			rows = append(rows, []key{k})
			if n := len(rows[last]); n > 2 && inRow([]key{rows[last][n-1], k}) {
				rows[last+1] = []key{rows[last][n-1], k}
				rows[last] = rows[last][:n-1]
			}
		}
	}
	return slices.Clip(rows)
}

// inRow reports whether keys can stand beside each other.
func inRow(keys []key) bool {
	widest := 0
	for _, k := range keys {
		widest = max(widest, utf8.RuneCountInString(k.Text)+1)
	}
	return len(keys) <= rowKeys && len(keys)*widest <= rowRunes
}
