package discordtest

import (
	"regexp"
	"slices"
	"strings"
)

// Read reads content as Discord's clients show it: markup is resolved, and what
// would do something to the reader is listed in live: "mention", "everyone",
// "emoji", "time", "link" (one that can be pressed without having been set between
// < and >), "masked link", "invitation", "heading". It is written from the rules of
// the clients and shares nothing with the adapter.
func Read(content string) (text string, live []string) { return read(content, false) }

// Look is Read with the forms marked that the clients show: **bold**, _italic_,
// `code`, ▌ before a quotation and ~ before small print.
func Look(content string) string {
	text, _ := read(content, true)
	return text
}

func read(content string, marks bool) (text string, live []string) {
	var b strings.Builder
	lines := strings.Split(content, "\n")
	for n := 0; n < len(lines); n++ {
		line := lines[n]
		if n > 0 {
			b.WriteByte('\n')
		}
		// Between two lines that are a fence and nothing else, everything is text.
		if line == "```" {
			if end := slices.Index(lines[n+1:], "```"); end > 0 {
				b.WriteString(strings.Join(lines[n+1:n+1+end], "\n"))
				n += end + 1
				continue
			}
		}
		if strings.HasPrefix(line, "```") {
			live = append(live, "fence")
		}
		if m := heading.FindString(line); m != "" {
			live = append(live, "heading")
			line = line[len(m):]
		}
		if m := small.FindString(line); m != "" {
			line = line[len(m):]
			if marks {
				b.WriteString("~ ")
			}
		}
		for {
			m := quoted.FindString(line)
			if m == "" {
				break
			}
			line = line[len(m):]
			if marks {
				b.WriteString("▌ ")
			} else {
				b.WriteString("> ")
			}
		}
		if m := bullet.FindString(line); m != "" {
			line = line[len(m):]
			b.WriteString("• ")
		} else if m := number.FindString(line); m != "" {
			line = line[len(m):]
			b.WriteString(strings.TrimLeft(m, " "))
		}
		s, l := inline(line, marks)
		b.WriteString(s)
		live = append(live, l...)
	}
	return b.String(), live
}

var (
	heading = regexp.MustCompile(`^ *#{1,3} +`)
	small   = regexp.MustCompile(`^ *-# +`)
	quoted  = regexp.MustCompile(`^ *>(?:>>)? `)
	bullet  = regexp.MustCompile(`^ *[-*+] +`)
	number  = regexp.MustCompile(`^ *\d+\. +`)

	angle      = regexp.MustCompile(`^<(?:(@[!&]?\d+|#\d+)|(a?:\w+:\d+)|(t:-?\d+(?::\w)?)|(/[^<>:]+:\d+|id:\w+)|(https?://[^ >]+))>`)
	maskedLink = regexp.MustCompile(`^\[[^\]]*\]\([^)]*\)`)
	bareLink   = regexp.MustCompile(`^https?://[^\s<]`)
	emojiCode  = regexp.MustCompile(`^:[A-Za-z0-9_+~-]+:`)
	invite     = regexp.MustCompile(`(?i)^discord(?:app)?\.(?:gg|com/invite)/`)
)

const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// inline reads one line without its beginning.
func inline(s string, marks bool) (string, []string) {
	var b strings.Builder
	var live []string
	for s != "" {
		switch {
		case s[0] == '\\' && len(s) > 1 && strings.IndexByte(punctuation, s[1]) >= 0:
			b.WriteByte(s[1])
			s = s[2:]
			continue
		case s[0] == '`':
			n := len(s) - len(strings.TrimLeft(s, "`"))
			if end := strings.Index(s[n:], s[:n]); end > 0 {
				code := s[n : n+end]
				if marks {
					code = "`" + code + "`"
				}
				b.WriteString(code)
				s = s[n+end+n:]
				continue
			}
			live = append(live, "backtick")
		case s[0] == '<':
			if m := angle.FindStringSubmatch(s); m != nil {
				for i, what := range []string{"mention", "emoji", "time", "mention"} {
					if m[i+1] != "" {
						live = append(live, what)
					}
				}
				b.WriteString(m[5]) // a link between < and > is read as its address
				s = s[len(m[0]):]
				continue
			}
		case maskedLink.MatchString(s):
			live = append(live, "masked link")
		case bareLink.MatchString(s):
			live = append(live, "link")
		case emojiCode.MatchString(s):
			live = append(live, "emoji")
		case strings.HasPrefix(s, "@everyone"), strings.HasPrefix(s, "@here"):
			live = append(live, "everyone")
		case invite.MatchString(s):
			live = append(live, "invitation")
		case marks && strings.HasPrefix(s, "**"):
			b.WriteString("**")
			s = s[2:]
			continue
		case marks && s[0] == '*':
			b.WriteByte('_')
			s = s[1:]
			continue
		case s[0] == '*' || s[0] == '_', strings.HasPrefix(s, "~~"), strings.HasPrefix(s, "||"):
			s = strings.TrimPrefix(s[1:], map[byte]string{'~': "~", '|': "|"}[s[0]])
			continue // a mark: bold, italic, struck, hidden
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String(), live
}
