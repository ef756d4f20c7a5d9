package telegram

import (
	"strings"

	"footnote/bot/platform"
)

// A span is a piece of text by byte offsets.
type span struct{ start, end int }

// utf16Span turns an offset and length in UTF-16 code units, as Telegram counts,
// into bytes of text. It is false for any that lie outside the text or inside a
// surrogate pair: entities come from outside and may say anything.
func utf16Span(text string, offset, length int) (span, bool) {
	if offset < 0 || length <= 0 || length > len(text) || offset > len(text) {
		return span{}, false
	}
	s, units := span{start: -1}, 0
	for i, r := range text {
		if units == offset && s.start < 0 {
			s.start = i
		}
		if units == offset+length {
			s.end = i
			return s, s.start >= 0
		}
		units += platform.RuneUTF16Len(r)
	}
	if units == offset+length && s.start >= 0 {
		s.end = len(text)
		return s, true
	}
	return span{}, false
}

// cut removes the spans, which are in order, may overlap and may lie beyond the
// end, and closes the gaps
// with one space.
func cut(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, s := range spans {
		s.start, s.end = min(s.start, len(text)), min(s.end, len(text))
		if s.start > at {
			b.WriteString(strings.TrimRight(text[at:s.start], " "))
			b.WriteByte(' ')
		}
		at = max(at, s.end)
	}
	b.WriteString(strings.TrimLeft(text[at:], " "))
	return b.String()
}

// tidy trims what a removed mention leaves behind: "@bot, when …" and "@bot: …".
func tidy(text string, mentioned bool) string {
	text = strings.TrimSpace(text)
	if mentioned {
		text = strings.TrimSpace(strings.TrimLeft(text, ",:;—– "))
	}
	return text
}
