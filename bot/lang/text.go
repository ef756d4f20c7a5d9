package lang

import (
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
)

// In a text {name} is filled in, {n|day|days} is a number with the form of a word
// that belongs to it, and what is between backticks is something to type.

// A Piece is a part of a text.
type Piece struct {
	Text  string
	Typed bool // it is something to type
}

// Keys are the keys of all texts, in no order.
func (l *Language) Keys() []string {
	all := make([]string, 0, len(l.texts))
	for key := range l.texts {
		all = append(all, key)
	}
	return all
}

// Has reports whether there is a text for key.
func (l *Language) Has(key string) bool { _, ok := l.texts[key]; return ok }

// Text is the text for key with args, pairs of name and value, filled in.
func (l *Language) Text(key string, args ...string) string {
	return strings.ReplaceAll(l.fill(l.texts[key], args), "`", "")
}

// Pieces are the same, apart where something is to be typed.
func (l *Language) Pieces(key string, args ...string) []Piece {
	var all []Piece
	for i, piece := range strings.Split(l.texts[key], "`") {
		if piece != "" {
			all = append(all, Piece{Text: l.fill(piece, args), Typed: i%2 == 1})
		}
	}
	return all
}

// Quote returns s between the quotation marks of the language.
func (l *Language) Quote(s string) string { return l.Text("form.quote", "text", s) }

// Dash stands between a name and what is said of it, in a list.
func (l *Language) Dash() string { return l.Text("form.dash") }

// fill replaces each {name} and {name|one|more}. Values are never read as
// templates. It is on the way of every reply, and a strings.Replacer costs more to
// build than it saves here.
func (l *Language) fill(s string, args []string) string {
	if len(args) == 0 {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, ok := strings.Cut(rest, "}")
		name, forms, counted := strings.Cut(name, "|")
		i := -1
		if ok {
			i = argument(args, name)
		}
		if i < 0 {
			b.WriteByte('{')
			s = rest
			continue
		}
		b.WriteString(args[i+1])
		if counted {
			b.WriteString("\u00a0" + l.plural(args[i+1], strings.Split(forms, "|")))
		}
		s = after
	}
}

// plural is the form of a word that belongs to the number, by the rules of Unicode
// CLDR; the last one to what is no whole number.
func (l *Language) plural(number string, words []string) string {
	last := len(words) - 1
	n, err := strconv.Atoi(number)
	if err != nil {
		return words[last]
	}
	form := plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)
	for i, f := range l.forms {
		if f == form {
			return words[min(i, last)]
		}
	}
	return words[last]
}

// argument is where the pair called name begins in args; -1 if it is not there.
func argument(args []string, name string) int {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return i
		}
	}
	return -1
}
