package desk

import (
	"html"
	"regexp"
	"strings"
)

// A Preview is a reply as people will see it on one platform.
type Preview struct {
	Platform string
	Blocks   []PreviewBlock
	Buttons  []string
}

// A PreviewBlock is a line of a reply.
type PreviewBlock struct {
	Kind  string // empty, quote, fine or item
	Spans []PreviewSpan
}

// A PreviewSpan is a piece of text in one style.
type PreviewSpan struct {
	Text               string
	Bold, Italic, Code bool
	URL                string
}

var telegramTag = regexp.MustCompile(`</?(b|i|code|pre|a|blockquote)(?: href="([^"]*)"| expandable)?>`)

// FromTelegram reads the HTML that a message on Telegram is given as.
func FromTelegram(markup string) []PreviewBlock {
	var p previewer
	var s PreviewSpan
	at := 0
	for _, m := range telegramTag.FindAllStringSubmatchIndex(markup, -1) {
		p.text(s, html.UnescapeString(markup[at:m[0]]))
		at = m[1]
		open := !strings.HasPrefix(markup[m[0]:], "</")
		switch markup[m[2]:m[3]] {
		case "b":
			s.Bold = open
		case "i":
			s.Italic = open
		case "code", "pre":
			s.Code = open
		case "blockquote":
			p.line()
			if p.kind = ""; open {
				p.kind = "quote"
			}
		case "a":
			if s.URL = ""; open && m[4] >= 0 {
				s.URL = html.UnescapeString(markup[m[4]:m[5]])
			}
		}
	}
	p.text(s, html.UnescapeString(markup[at:]))
	p.line()
	return p.blocks
}

// FromDiscord reads the markdown that a message on Discord is given as.
func FromDiscord(markup string) []PreviewBlock {
	var p previewer
	for line := range strings.SplitSeq(strings.ReplaceAll(markup, "\u200b", ""), "\n") {
		p.kind = ""
		for prefix, kind := range map[string]string{"> ": "quote", "-# ": "fine", "- ": "item"} {
			if rest, ok := strings.CutPrefix(line, prefix); ok {
				line, p.kind = rest, kind
				break
			}
		}
		p.markdown(line)
		p.line()
	}
	return p.blocks
}

// A previewer gathers lines.
type previewer struct {
	blocks []PreviewBlock
	spans  []PreviewSpan
	kind   string
}

// line ends a line.
func (p *previewer) line() {
	if len(p.spans) > 0 {
		p.blocks = append(p.blocks, PreviewBlock{p.kind, p.spans})
		p.spans = nil
	}
}

// text adds text in a style, and ends lines in it.
func (p *previewer) text(s PreviewSpan, text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			p.line()
		}
		if s.Text = line; line != "" {
			p.spans = append(p.spans, s)
		}
	}
}

// markdown adds a line of Discord's markdown.
func (p *previewer) markdown(line string) {
	var s PreviewSpan
	var b strings.Builder
	flush := func() {
		p.text(s, b.String())
		b.Reset()
	}
	for i := 0; i < len(line); i++ {
		rest := line[i:]
		switch {
		case rest[0] == '\\' && len(rest) > 1:
			i++
			b.WriteByte(line[i])
		case strings.HasPrefix(rest, "**"):
			flush()
			s.Bold = !s.Bold
			i++
		case rest[0] == '*' || rest[0] == '`':
			flush()
			if rest[0] == '*' {
				s.Italic = !s.Italic
			} else {
				s.Code = !s.Code
			}
		case strings.HasPrefix(rest, "<https://") && strings.Contains(rest, ">"):
			flush()
			url := rest[1:strings.IndexByte(rest, '>')]
			p.spans = append(p.spans, PreviewSpan{Text: url, URL: url})
			i += len(url) + 1
		default:
			b.WriteByte(rest[0])
		}
	}
	flush()
}
