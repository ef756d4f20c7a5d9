package discord

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/platform"
)

// Discord reads markdown in everything a bot writes, and more than markdown:
// mentions, emoji names, times, invitations. An escaper writes text so that none
// of it takes effect. It escapes where a character could act and nowhere else:
// the 2,000 characters are the reader's.
type escaper struct {
	b      strings.Builder
	start  bool // only blanks since the line began
	digits bool // only digits since the line began, at least one
	last   rune // the last character written
	marked bool // the last character was markup

	preview string // the address of which Discord may show a preview, or empty
}

// zeroWidth keeps two pieces of markup apart that would otherwise be read as one.
const zeroWidth = "\u200b"

// mark writes markup that goes around text.
func (e *escaper) mark(s string) {
	if e.marked && strings.ContainsRune("*_`", e.last) {
		e.b.WriteString(zeroWidth)
	}
	e.b.WriteString(s)
	e.last, _ = utf8.DecodeLastRuneInString(s)
	e.marked, e.start, e.digits = true, false, false
}

// line begins a line with prefix, which may be empty. What follows a prefix is
// read as the beginning of a line again.
func (e *escaper) line(prefix string) {
	e.b.WriteString(prefix)
	e.start, e.digits, e.last, e.marked = true, false, 0, false
}

// text writes s so that a reader sees exactly s. After each line break it writes
// prefix.
func (e *escaper) text(s, prefix string) {
	for i, r := range s {
		if r == '\n' {
			e.b.WriteByte('\n')
			e.line(prefix)
			continue
		}
		if e.start && unicode.IsSpace(r) {
			e.b.WriteRune(r)
			continue
		}
		if e.acts(r, s[i+utf8.RuneLen(r):]) {
			e.b.WriteByte('\\')
		}
		e.b.WriteRune(r)
		e.digits = (e.start || e.digits) && r >= '0' && r <= '9'
		e.start, e.last, e.marked = false, r, false
	}
}

// inCode replaces what would end code, and what would make a masked link with a "["
// before it: links are found first. A Replacer costs far more to make than to use.
var inCode = strings.NewReplacer("`", "ˋ", "](", "]"+zeroWidth+"(")

// code writes s between backticks, where nothing else is read as markup.
func (e *escaper) code(s string) {
	s = strings.TrimSpace(strings.ReplaceAll(inCode.Replace(s), "\n", " "))
	if s == "" {
		return
	}
	e.mark("`")
	e.b.WriteString(s)
	e.b.WriteByte('`')
	e.last, e.marked = '`', true
}

// pre writes spans as a block of code: its lines stay as they are.
func (e *escaper) pre(spans []bot.Span) {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	text := strings.Trim(inCode.Replace(platform.Clean(b.String())), "\n")
	if strings.TrimSpace(text) == "" {
		return
	}
	e.b.WriteString("```\n" + text + "\n```")
	e.line("")
}

// acts reports whether r, followed by rest, would be read as markup here.
func (e *escaper) acts(r rune, rest string) bool {
	switch r {
	case '\\', '*', '_', '~', '`', '|', '<', '@':
		return true
	case '>', '#', '-', '+':
		return e.start // quotes, headings, lists, small print
	case '(':
		return e.last == ']' // "](" makes a masked link
	case ':':
		return strings.HasPrefix(rest, "//") || emojiName(rest)
	case '.', ')':
		return e.digits || r == '.' && invitation(rest)
	}
	return false
}

// emojiName reports whether rest continues ":name:", which clients draw.
func emojiName(rest string) bool {
	for i, c := range []byte(rest) {
		switch {
		case c == ':':
			return i > 0
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '+', c == '-', c == '~':
		default:
			return false
		}
	}
	return false
}

// invitation reports whether rest continues "discord.gg/…", which clients turn
// into a card even where links are not drawn.
func invitation(rest string) bool {
	const longest = len("com/invite")
	if len(rest) > longest {
		rest = rest[:longest]
	}
	rest = strings.ToLower(rest)
	return strings.HasPrefix(rest, "gg/") || strings.HasPrefix(rest, "com/invite")
}

// maxURL is the longest address that is shown; longer ones would crowd out the
// answer they belong to.
const maxURL = 500

// safeURL is u if it is an https address that can stand between < and >, else "".
func safeURL(u string) string {
	p := platform.HTTPS(u, maxURL)
	if p == nil {
		return ""
	}
	s := strings.ReplaceAll(p.String(), "](", "%5D(") // see inCode
	for _, r := range s {
		if r <= ' ' || unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>\"`\\|", r) {
			return ""
		}
	}
	return s
}
