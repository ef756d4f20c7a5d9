package terminal

import (
	"strings"

	"github.com/rivo/uniseg"

	"footnote/bot"
	"footnote/bot/platform"
)

// The escape sequences that are used; all of them work on every terminal that
// has color at all. Dim rather than a color: it is legible on any background.
const (
	escBold   = "\x1b[1m"
	escDim    = "\x1b[2m"
	escItalic = "\x1b[3m"
	escCyan   = "\x1b[36m"
	escReset  = "\x1b[0m"
)

// A page sets replies as text. Without a width it sets them as bot.PlainText
// does, for scripts.
type page struct {
	width int
	color bool
	hints []offered // what can be typed next
}

// indent sets replies apart from what the person types.
const indent = "  "

// render is r as lines without the last line break.
func (p page) render(r bot.Reply) string {
	if p.width == 0 && !p.color {
		return platform.Clean(bot.PlainText(r))
	}
	var b strings.Builder
	for x := range r.Lines() {
		b.WriteString(x.Break)
		first, rest, base := indent, indent, ""
		switch x.Kind {
		case bot.Item:
			first, rest = indent+x.Mark(), indent+"  "
		case bot.Choice:
			mark := x.Mark()
			first, rest = indent+mark, indent+strings.Repeat(" ", len(mark))
		case bot.Quote:
			first, rest, base = indent+"│ ", indent+"│ ", escDim
		case bot.Cite, bot.Fine:
			base = escDim
		}
		if p.width == 0 {
			first, rest = strings.TrimPrefix(first, indent), strings.TrimPrefix(rest, indent)
		}
		p.block(&b, x.Spans, first, rest, base)
	}
	if len(p.hints) > 0 && r.Kind != bot.KindChoices {
		var words []string
		for _, h := range p.hints {
			words = append(words, "/"+h.word)
		}
		b.WriteByte('\n')
		p.block(&b, []bot.Span{{Text: strings.Join(words, "  ")}}, indent, indent, escDim)
	}
	return b.String()
}

// note is a text of ours in small print.
func (p page) note(s string) string {
	var b strings.Builder
	p.block(&b, []bot.Span{{Text: s}}, indent, indent, escDim)
	return b.String()
}

// block writes spans wrapped at words. first stands before the first line and
// rest before the others; base is the style of the whole block.
func (p page) block(b *strings.Builder, spans []bot.Span, first, rest, base string) {
	b.WriteString(first)
	used := uniseg.StringWidth(first)
	empty := true // nothing stands on this line yet
	wide := p.width
	if wide > 0 {
		wide = max(wide, used+8) // a hanging indent must leave room to hang in
	}
	style := ""
	set := func(to string) {
		if p.color && style != to {
			if style != "" {
				b.WriteString(escReset)
			}
			b.WriteString(to)
			style = to
		}
	}
	newLine := func() {
		set("")
		b.WriteString("\n" + rest)
		used, empty = uniseg.StringWidth(rest), true
	}
	space := false // a space is due before the next word
	for _, s := range spans {
		text := platform.Clean(s.Text)
		if s.URL != "" && s.URL != s.Text {
			text += " (" + platform.Clean(s.URL) + ")"
		}
		to := base
		switch s.Style {
		case bot.Bold:
			to += escBold
		case bot.Italic:
			to += escItalic
		case bot.Code:
			to += escCyan
		}
		for text != "" {
			if text[0] == '\n' {
				newLine()
				text, space = text[1:], false
				continue
			}
			if r := strings.IndexFunc(text, func(r rune) bool { return r != ' ' }); r != 0 {
				if r < 0 {
					r = len(text)
				}
				text, space = text[r:], true
				continue
			}
			end := strings.IndexFunc(text, func(r rune) bool { return r == ' ' || r == '\n' })
			if end < 0 {
				end = len(text)
			}
			word := text[:end]
			text = text[end:]
			w := uniseg.StringWidth(word)
			if gap := 0; !empty {
				if space {
					gap = 1
				}
				if wide > 0 && used+gap+w > wide && space {
					newLine()
				} else if space {
					b.WriteByte(' ')
					used++
				}
			}
			space = false
			set(to)
			b.WriteString(word)
			used += w
			empty = false
		}
	}
	set("")
}
