package strictyaml

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// A parser stops at the first thing that it cannot read, and often far below the mistake: an
// open quotation mark swallows the rest of the file. So where a file cannot be parsed its lines
// are looked through for the slips that people make by hand, and each is named where it stands.

// A slip is one of them.
type slip struct {
	line, column int // from 1
	message      string
}

// maxSlips is how many slips of one file are named: who made more made one thing many times.
const maxSlips = 20

// slipsIn finds the slips of a file that does not parse. It never reports what a file that
// parses may hold.
func slipsIn(data []byte) []slip {
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	var out []slip
	for i := 0; i < len(lines) && len(out) < maxSlips; i++ {
		l := newSourceLine(lines[i])
		if l.text == "" || strings.HasPrefix(l.text, "#") {
			continue
		}
		if s, ok := l.indentSlip(); ok {
			out = append(out, s.at(i))
			continue
		}
		if s, ok := l.dashSlip(); ok {
			out = append(out, s.at(i))
			continue
		}
		if blockStart.MatchString(l.text) { // the lines of a text after | or > are as they are
			for i+1 < len(lines) && (strings.TrimSpace(lines[i+1]) == "" || newSourceLine(lines[i+1]).indent > l.indent) {
				i++
			}
			continue
		}
		if s, ok := l.colonSlip(); ok {
			out = append(out, s.at(i))
			continue
		}
		s, end, ok := l.valueSlip(lines[i+1:])
		if ok {
			out = append(out, s.at(i))
		} else {
			i += end
		}
	}
	return out
}

func (s slip) at(line int) slip {
	s.line = line + 1
	return s
}

// A sourceLine is a line of a file as it was written.
type sourceLine struct {
	blanks string // before the text
	indent int    // of the text, in characters
	text   string // without blanks around it
	entry  string // text without the dashes of lists
	at     int    // column of the entry, from 1
}

func newSourceLine(s string) sourceLine {
	text := strings.TrimLeftFunc(s, unicode.IsSpace)
	l := sourceLine{blanks: s[:len(s)-len(text)], text: strings.TrimRightFunc(text, unicode.IsSpace)}
	l.indent = len([]rune(l.blanks))
	l.entry, l.at = l.text, l.indent+1
	for strings.HasPrefix(l.entry, "- ") {
		short := strings.TrimLeft(l.entry[2:], " ")
		l.at += len(l.entry) - len(short)
		l.entry = short
	}
	return l
}

// blockStart is a line after which a text follows as it is written.
var blockStart = regexp.MustCompile(`(^|[:\s-]\s*)[|>][+-]?[0-9]?\s*(#.*)?$`)

func (l *sourceLine) indentSlip() (slip, bool) {
	for i, r := range []rune(l.blanks) {
		switch {
		case r == '\t':
			return slip{column: i + 1, message: "a tab stands here; indent with spaces"}, true
		case r != ' ':
			return slip{column: i + 1, message: "a no-break space stands here, as texts pasted from a web page or a word processor have them; indent with ordinary spaces"}, true
		}
	}
	return slip{}, false
}

// wrongDashes look like the dash of a list and are none.
const wrongDashes = "–—−•·▪‣◦*"

func (l *sourceLine) dashSlip() (slip, bool) {
	first, _, spaced := strings.Cut(l.text, " ")
	if r := []rune(first); spaced && len(r) == 1 && strings.ContainsRune(wrongDashes, r[0]) {
		return slip{column: l.indent + 1, message: fmt.Sprintf("%s begins no entry of a list; write - (the hyphen key) and a space in its place", first)}, true
	}
	return slip{}, false
}

var (
	// tightKey is a key whose colon touches its value.
	tightKey = regexp.MustCompile(`^([a-z][a-z-]*):([^\s/:][^:]*)$`)
	// plainValue is a key and a value that begins with no sign.
	plainValue = regexp.MustCompile(`^([A-Za-z][\w-]*):\s+(\S.*)$`)
)

// colonSlip finds a colon without the space behind it, and one with a space inside a text
// without quotation marks.
func (l *sourceLine) colonSlip() (slip, bool) {
	if m := tightKey.FindStringSubmatch(l.entry); m != nil {
		return slip{column: l.at, message: fmt.Sprintf("a space is missing after the colon: %s: %s", m[1], clip(m[2]))}, true
	}
	m := plainValue.FindStringSubmatch(l.entry)
	if m == nil {
		return slip{}, false
	}
	value, column := m[2], l.at+len([]rune(l.entry))-len([]rune(m[2]))
	if i := strings.Index(value, " #"); i >= 0 {
		value = strings.TrimSpace(value[:i])
	}
	if strings.ContainsRune(`"'[{|>&*!%@`+"`", rune(value[0])) || !strings.Contains(value, ": ") && !strings.HasSuffix(value, ":") {
		return slip{}, false
	}
	if bare := strings.Trim(value, "“”„‟«»‘’‚"); bare != value {
		return slip{column: column, message: fmt.Sprintf(`“ ” are no quotation marks here; write straight ones: %s: "%s"`, m[1], clip(bare))}, true
	}
	return slip{column: column, message: fmt.Sprintf(`a text with a colon and a space in it must be in quotes: %s: "%s"`, m[1], clip(value))}, true
}

// valueSlip finds a quotation mark or a bracket that is never closed. It returns how many
// of the lines below belong to the value.
func (l *sourceLine) valueSlip(below []string) (s slip, end int, ok bool) {
	value, column := l.entry, l.at
	if m := plainValue.FindStringSubmatch(l.entry); m != nil {
		value, column = m[2], l.at+len([]rune(l.entry))-len([]rune(m[2]))
	}
	switch value[0] {
	case '"', '\'':
		if closesQuote(value[1:], value[0]) {
			return slip{}, 0, false
		}
		for n, next := range below {
			b := newSourceLine(next)
			if b.text != "" && (b.indent <= l.indent || b.entry != b.text || plainValue.MatchString(b.text)) {
				break
			}
			if closesQuote(next, value[0]) {
				return slip{}, n + 1, false
			}
		}
		return slip{column: column, message: fmt.Sprintf("the quotation mark that opens here is not closed; put another %c at the end of the text", value[0])}, 0, true
	case '[', '{':
		depth := bracketDepth(value)
		if depth <= 0 {
			return slip{}, 0, false
		}
		for n, next := range below {
			b := newSourceLine(next)
			if b.text != "" && (b.indent <= l.indent || b.entry != b.text) {
				break
			}
			if depth += bracketDepth(next); depth <= 0 {
				return slip{}, n + 1, false
			}
		}
		closing := map[byte]string{'[': "]", '{': "}"}[value[0]]
		return slip{column: column, message: fmt.Sprintf("the %c that opens here is not closed; put a %s at its end", value[0], closing)}, 0, true
	}
	return slip{}, 0, false
}

// closesQuote reports whether a mark that was opened is closed in a text.
func closesQuote(s string, mark byte) bool {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && mark == '"':
			i++
		case s[i] == mark && mark == '\'' && i+1 < len(s) && s[i+1] == mark:
			i++
		case s[i] == mark:
			return true
		}
	}
	return false
}

// bracketDepth is how many brackets a line opens more than it closes, outside of quotation
// marks and comments.
func bracketDepth(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '#':
			if i > 0 && s[i-1] == ' ' {
				return depth
			}
		case '"', '\'':
			if i > 0 && !strings.ContainsRune(" [{,:", rune(s[i-1])) {
				continue // an apostrophe
			}
			if end := strings.IndexByte(s[i+1:], s[i]); end >= 0 {
				i += 1 + end
			}
		}
	}
	return depth
}
