package telegramtest

import (
	"fmt"
	"html"
	"regexp"
	"strings"
)

// An Entity is a part of a text that has a form or a meaning.
type Entity struct {
	Type       string
	Start, End int // bytes in the text
	URL        string
}

// tagKinds are the tags Telegram's HTML has, with the entity each makes.
var tagKinds = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
	"a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}

var (
	tagPattern    = regexp.MustCompile(`^<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>`)
	attrPattern   = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
	entityPattern = regexp.MustCompile(`^&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});`)
)

// ParseHTML parses Telegram's HTML: the text it leaves and its entities. Anything
// Telegram would refuse is an error; so is a bare "&", "<" or ">", which Telegram
// may forgive and a bot should not write.
func ParseHTML(s string) (string, []Entity, error) {
	type open struct {
		tag    string
		entity int
	}
	var (
		text     strings.Builder
		stack    []open
		entities []Entity
	)
	for at := 0; at < len(s); {
		rest := s[at:]
		switch rest[0] {
		case '<':
			m := tagPattern.FindStringSubmatch(rest)
			if m == nil {
				return "", nil, fmt.Errorf("can't parse entities: no tag at byte offset %d", at)
			}
			at += len(m[0])
			tag := strings.ToLower(m[2])
			kind, ok := tagKinds[tag]
			if !ok {
				return "", nil, fmt.Errorf("can't parse entities: unsupported start tag %q at byte offset %d", tag, at-len(m[0]))
			}
			if m[1] == "/" {
				if len(stack) == 0 || stack[len(stack)-1].tag != tag {
					return "", nil, fmt.Errorf("can't parse entities: unmatched end tag %q at byte offset %d", tag, at-len(m[0]))
				}
				entities[stack[len(stack)-1].entity].End = text.Len()
				stack = stack[:len(stack)-1]
				continue
			}
			e := Entity{Type: kind, Start: text.Len()}
			for _, a := range attrPattern.FindAllStringSubmatch(m[3], -1) {
				switch {
				case tag == "a" && a[1] == "href":
					e.URL = html.UnescapeString(a[2])
				case tag == "blockquote" && a[1] == "expandable":
					e.Type = "expandable_blockquote"
				default:
					return "", nil, fmt.Errorf("can't parse entities: attribute %q in %q", a[1], tag)
				}
			}
			for _, o := range stack {
				if o.tag == tag || o.tag == "code" || o.tag == "pre" || tag == "code" || tag == "pre" {
					return "", nil, fmt.Errorf("can't parse entities: %q inside %q at byte offset %d", tag, o.tag, at-len(m[0]))
				}
			}
			stack = append(stack, open{tag, len(entities)})
			entities = append(entities, e)
		case '>':
			return "", nil, fmt.Errorf("can't parse entities: a bare %q at byte offset %d", ">", at)
		case '&':
			m := entityPattern.FindString(rest)
			if m == "" {
				return "", nil, fmt.Errorf("can't parse entities: a bare %q at byte offset %d", "&", at)
			}
			text.WriteString(html.UnescapeString(m))
			at += len(m)
		default:
			text.WriteByte(rest[0])
			at++
		}
	}
	if len(stack) > 0 {
		return "", nil, fmt.Errorf("can't parse entities: can't find end tag corresponding to start tag %q", stack[len(stack)-1].tag)
	}
	return text.String(), entities, nil
}

// looks are the marks that Look sets around an entity.
var looks = map[string]string{"bold": "**", "italic": "_", "code": "`"}

// Look is text with the forms marked that Telegram's apps show: **bold**,
// _italic_, `code`, [a link](its address), and ▌ before the lines of a quotation;
// one that folds ends with "⌄".
func Look(text string, entities []Entity) string {
	before, after := map[int]string{}, map[int]string{}
	quoted := map[int]bool{} // where a quoted line begins
	for _, e := range entities {
		switch e.Type {
		case "text_link":
			before[e.Start] += "["
			after[e.End] = "](" + e.URL + ")" + after[e.End]
		case "pre":
			before[e.Start] += "```\n"
			after[e.End] = "\n```" + after[e.End]
		case "blockquote", "expandable_blockquote":
			if e.Type == "expandable_blockquote" {
				after[e.End] += " ⌄"
			}
			for i := e.Start; i < e.End; i++ {
				if i == e.Start || text[i-1] == '\n' {
					quoted[i] = true
				}
			}
		default:
			before[e.Start] += looks[e.Type]
			after[e.End] = looks[e.Type] + after[e.End]
		}
	}
	var b strings.Builder
	for i := range len(text) + 1 {
		if after[i] != before[i] || after[i] != "_" && after[i] != "**" { // one form going on is one form
			b.WriteString(after[i])
			if quoted[i] {
				b.WriteString("▌ ")
			}
			b.WriteString(before[i])
		}
		if i < len(text) {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

var handlePattern = regexp.MustCompile(`@[A-Za-z0-9_]{3,32}`)

// Handles are the @names in text that notify somebody: whole words outside code
// and links.
func Handles(text string, entities []Entity) []string {
	var out []string
	for _, at := range handlePattern.FindAllStringIndex(text, -1) {
		if at[0] > 0 && wordByte(text[at[0]-1]) || inside(at[0], entities) {
			continue
		}
		out = append(out, text[at[0]:at[1]])
	}
	return out
}

// Live are the parts of text besides @names that Telegram makes something of by
// itself, outside code and links: addresses, hashtags, cashtags and commands. It
// follows TDLib's patterns, but takes every ending for a top-level domain.
func Live(text string, entities []Entity) []Entity {
	var out []Entity
	for _, p := range livePatterns {
		for _, at := range p.pattern.FindAllStringSubmatchIndex(text, -1) {
			if start, end := at[2], at[3]; !inside(start, entities) {
				out = append(out, Entity{Type: p.kind, Start: start, End: end, URL: text[start:end]})
			}
		}
	}
	return out
}

var livePatterns = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"url", regexp.MustCompile(`((?i:https?|ftp|tg|ton|tonsite)://[^\s\x{2000}-\x{200b}\x{2060}-\x{206f}<>«»"]+)`)},
	{"domain", regexp.MustCompile(`([^\s./:\x{2000}-\x{200b}\x{2016}-\x{206f}<>«»"()']+\.[\p{L}][\p{L}\p{M}][^\s\x{2060}]*)`)},
	{"hashtag", regexp.MustCompile(`(?:^|[^\p{Nd}_\p{L}\x{200c}])(#\p{Nd}*[_\p{L}][\p{Nd}_\p{L}\x{200c}]*)`)},
	{"cashtag", regexp.MustCompile(`(?:^|[^$\p{Nd}_\p{L}])(\$(?:1INCH|[A-Z]{1,8}))(?:[^$\p{Nd}_\p{L}]|$)`)},
	{"bot_command", regexp.MustCompile(`(?:^|[^\p{Nd}_\p{L}/<>])(/[a-zA-Z0-9_]{1,64})(?:[^\p{Nd}_\p{L}/<>]|$)`)},
}

func inside(at int, entities []Entity) bool {
	for _, e := range entities {
		if (e.Type == "code" || e.Type == "pre" || e.Type == "text_link") && e.Start <= at && at < e.End {
			return true
		}
	}
	return false
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

// Units is the length of s in UTF-16 code units.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
