package importer

import (
	"html"
	"regexp"
	"strings"
)

var (
	// hidden is what a browser does not show.
	hidden = regexp.MustCompile(`(?is)<!--.*?-->|<(script|style)\b[^>]*>.*?</(script|style)\s*>`)
	// tag is an HTML tag; only these names, so that "a < b" stays.
	tag = regexp.MustCompile(`(?i)</?(a|abbr|audio|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|footer|h[1-6]|header|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|rp|rt|ruby|s|section|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|video)(\s[^<>]*)?/?>`)
	// entity is a character by its name or number.
	entity = regexp.MustCompile(`&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)
	// sound is Anki's name for a recording.
	sound = regexp.MustCompile(`\[sound:[^\]\n]*\]`)
)

// inlineTags stand within a word or a line; between what other tags part there is
// a space.
var inlineTags = map[string]bool{"a": true, "abbr": true, "b": true, "big": true, "cite": true, "code": true, "del": true, "em": true, "font": true, "i": true,
	"ins": true, "kbd": true, "mark": true, "q": true, "rt": true, "rp": true, "ruby": true, "s": true, "small": true, "span": true, "strike": true,
	"strong": true, "sub": true, "sup": true, "tt": true, "u": true}

// unmarked returns the text that a browser would show of s.
func unmarked(s string) string {
	if strings.ContainsRune(s, '<') {
		s = hidden.ReplaceAllString(s, " ")
		s = tag.ReplaceAllStringFunc(s, func(t string) string {
			name := strings.ToLower(tag.FindStringSubmatch(t)[1])
			if inlineTags[name] {
				return ""
			}
			return "\n"
		})
	}
	if strings.ContainsRune(s, '&') {
		s = entity.ReplaceAllStringFunc(s, html.UnescapeString)
	}
	return s
}

// plain makes one line of a text as other programs keep it: without HTML.
func plain(s string) string { return clean(unmarked(s)) }

var (
	mdLink   = regexp.MustCompile(`!?\[([^\]\n]*)\]\((<[^>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"\n]*")?\)`)
	mdStrong = regexp.MustCompile(`(\*\*|__|~~)([^\s*_~](?:[^\n]*?[^\s])??)(\*\*|__|~~)`)
	mdHead   = regexp.MustCompile(`(?m)^[ \t]*(#{1,6}[ \t]+|>[ \t]+|[*+-][ \t]+)`)
	mdFence  = regexp.MustCompile("(?m)^[ \t]*```[a-zA-Z]*[ \t]*$")
	mdRule   = regexp.MustCompile(`(?m)^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(\|[ \t]*:?-{3,}:?[ \t]*)*\|?[ \t]*$`)
	mdEscape = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")
)

// withoutMarkdown returns a text without the signs of Markdown, in which bots keep
// their answers. Of a link its address stays.
func withoutMarkdown(s string) string {
	s = mdFence.ReplaceAllString(s, "")
	s = mdRule.ReplaceAllString(s, "")
	s = mdHead.ReplaceAllString(s, "")
	s = mdLink.ReplaceAllStringFunc(s, func(l string) string {
		m := mdLink.FindStringSubmatch(l)
		text, target := strings.TrimSpace(m[1]), strings.Trim(m[2], "<>")
		switch {
		case strings.HasPrefix(l, "!"), !strings.Contains(target, "://"):
			return text
		case text == "" || text == target:
			return target
		}
		return text + " (" + target + ")"
	})
	s = mdStrong.ReplaceAllStringFunc(s, func(w string) string {
		m := mdStrong.FindStringSubmatch(w)
		if m[1] != m[3] {
			return w
		}
		return m[2]
	})
	return mdEscape.ReplaceAllString(s, "$1")
}
