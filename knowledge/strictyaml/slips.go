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
		if s, ok := l.dashSlip(lines[:i], lines[i+1:]); ok {
			out = append(out, s.at(i))
			continue
		}
		if blockStart.MatchString(l.text) { // the lines of a text after | or > are as they are
			if s, ok := l.blockSlip(lines[i+1:]); ok {
				out = append(out, s.at(i+1))
			}
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

// dashSlip finds another sign in place of the dash of a list, and a dash without the space
// behind it: a line that begins so among the entries of a list.
func (l *sourceLine) dashSlip(above, below []string) (slip, bool) {
	first, _, spaced := strings.Cut(l.text, " ")
	if r := []rune(first); spaced && len(r) == 1 && strings.ContainsRune(wrongDashes, r[0]) {
		return slip{column: l.indent + 1, message: fmt.Sprintf("%s begins no entry of a list; write - (the hyphen key) and a space in its place", first)}, true
	}
	r := []rune(l.text)
	if len(r) < 2 || r[0] != '-' || !unicode.IsLetter(r[1]) && !strings.ContainsRune(`"'“{[`, r[1]) {
		return slip{}, false
	}
	beside := func(s string) bool {
		n := newSourceLine(s)
		return n.indent == l.indent && n.entry != n.text
	}
	if len(above) > 0 && beside(above[len(above)-1]) || len(below) > 0 && beside(below[0]) {
		return slip{column: l.indent + 1, message: "a space is missing after the dash: - " + clip(string(r[1:]))}, true
	}
	return slip{}, false
}

// blockSlip finds a text after | or > that is not indented; its line is the one below.
func (l *sourceLine) blockSlip(below []string) (slip, bool) {
	if len(below) == 0 {
		return slip{}, false
	}
	b := newSourceLine(below[0])
	if b.text == "" || b.indent >= l.at || b.entry != b.text || strings.HasPrefix(b.text, "#") || anyKey.MatchString(b.text) {
		return slip{}, false
	}
	return slip{column: b.indent + 1, message: "a text after > or | must be indented further than the key above it"}, true
}

// anyKey is a line that begins with a key.
var anyKey = regexp.MustCompile(`^["']?[\w-]+["']?:(\s|$)`)

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
		if end := closingQuote(value[1:], value[0]); end >= 0 {
			s, ok := afterQuote(value[end+2:], value[0])
			s.column = column + len([]rune(value[:end+1]))
			return s, 0, ok
		}
		for n, next := range below {
			b := newSourceLine(next)
			if b.text != "" && (b.indent <= l.indent || b.entry != b.text || plainValue.MatchString(b.text)) {
				break
			}
			if closingQuote(next, value[0]) >= 0 {
				return slip{}, n + 1, false
			}
		}
		return slip{column: column, message: fmt.Sprintf("the quotation mark that opens here is not closed; put another %c at the end of the text", value[0])}, 0, true
	case '[', '{':
		if at, ok := wrongBracket(value); ok {
			return bracketSlip(value, at, column), 0, true
		}
		depth := bracketDepth(value)
		if depth <= 0 {
			s, ok := afterBracket(value)
			s.column = column
			return s, 0, ok
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
		return bracketSlip(value, 0, column), 0, true
	}
	return slip{}, 0, false
}

// closingQuote is where a mark that was opened is closed in a text, -1 if it is not.
func closingQuote(s string, mark byte) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && mark == '"':
			i++
		case s[i] == mark && mark == '\'' && i+1 < len(s) && s[i+1] == mark:
			i++
		case s[i] == mark:
			return i
		}
	}
	return -1
}

// afterQuote finds that a text goes on behind the mark that closes it.
func afterQuote(rest string, mark byte) (slip, bool) {
	text := strings.TrimSpace(rest)
	switch {
	case text == "" || text[0] == ':' || text[0] == '#':
		return slip{}, false
	case mark == '\'' && text == rest:
		return slip{message: "the quotation mark closes here, and the text goes on; an apostrophe inside '…' is written twice: ''"}, true
	}
	return slip{message: fmt.Sprintf("the quotation mark closes here, and the text goes on; put the whole text in quotation marks, and inside %[1]c…%[1]c use the other kind", mark)}, true
}

// bracketSlip says that the bracket at a place of a value is not closed.
func bracketSlip(value string, at, column int) slip {
	closing := map[byte]string{'[': "]", '{': "}"}[value[at]]
	return slip{column: column + len([]rune(value[:at])), message: fmt.Sprintf("the %c that opens here is not closed; put a %s at its end", value[at], closing)}
}

// afterBracket finds that a text goes on behind a list or map at its beginning: “[sic] …” is
// meant as text.
func afterBracket(value string) (s slip, found bool) {
	depth := 0
	eachBracket(value, func(i int) bool {
		if value[i] == '[' || value[i] == '{' {
			depth++
			return true
		}
		if depth--; depth > 0 {
			return true
		}
		rest := strings.TrimSpace(value[i+1:])
		if found = rest != "" && rest[0] != ':' && rest[0] != '#'; found {
			s.message = fmt.Sprintf(`a text that begins with %c must be in quotes: "%s"`, value[0], clip(value))
		}
		return false
	})
	return s, found
}

// wrongBracket is where a bracket of a line opens that another kind closes.
func wrongBracket(s string) (at int, ok bool) {
	var open []int
	eachBracket(s, func(i int) bool {
		if s[i] == '[' || s[i] == '{' {
			open = append(open, i)
			return true
		}
		if len(open) == 0 {
			return false
		}
		at = open[len(open)-1]
		if ok = (s[at] == '[') != (s[i] == ']'); ok {
			return false
		}
		open = open[:len(open)-1]
		return true
	})
	return at, ok
}

// bracketDepth is how many brackets a line opens more than it closes.
func bracketDepth(s string) int {
	depth := 0
	eachBracket(s, func(i int) bool {
		if s[i] == '[' || s[i] == '{' {
			depth++
		} else {
			depth--
		}
		return true
	})
	return depth
}

// eachBracket calls do for the brackets of a line outside of quotation marks and comments,
// until it says no.
func eachBracket(s string, do func(i int) bool) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[', '{', ']', '}':
			if !do(i) {
				return
			}
		case '#':
			if i > 0 && s[i-1] == ' ' {
				return
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
}
