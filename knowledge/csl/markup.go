package csl

import (
	"slices"
	"strings"
	"unicode"
)

// A Run is a piece of text in one style.
type Run struct {
	Text   string
	Italic bool
}

// Runs are a text in pieces, each in one style, without any markup.
type Runs []Run

// String returns the text without its styles.
func (r Runs) String() string {
	var b strings.Builder
	for _, x := range r {
		b.WriteString(x.Text)
	}
	return b.String()
}

// styled is a text whose characters know their style, so that punctuation can be
// moved and merged across borders of style.
type styled []char

// A char is a character with its style.
type char struct {
	r      rune
	italic bool
	noCase bool // its case must not be changed
}

// roman returns s in no style.
func roman(s string) styled {
	out := make(styled, 0, len(s))
	for _, r := range s {
		out = append(out, char{r: r})
	}
	return out
}

// runs joins characters of the same style.
func (t styled) runs() Runs {
	var out Runs
	for i := 0; i < len(t); {
		j := i
		var b strings.Builder
		for ; j < len(t) && t[j].italic == t[i].italic; j++ {
			b.WriteRune(t[j].r)
		}
		out = append(out, Run{Text: b.String(), Italic: t[i].italic})
		i = j
	}
	return out
}

// String returns the text without its styles.
func (t styled) String() string { return t.runs().String() }

// italics sets t in italics; what was in italics inside it becomes roman, as
// typesetters do. Chinese, Japanese and Korean writing has no italics. Quotations in
// t are the outermost there, and so get double marks.
func (t styled) italics() styled {
	out := append(styled(nil), t...)
	if eastAsianText(t.String()) {
		return out
	}
	for i := range out {
		out[i].italic = !out[i].italic
	}
	return out.outermost()
}

// outermost gives the quotations in a text that stands in no quotation marks itself
// double ones.
func (t styled) outermost() styled {
	out := append(styled(nil), t...)
	if strings.ContainsAny(t.String(), "“”„") {
		return out
	}
	for i := range out {
		if out[i].r != '‘' {
			continue
		}
		for j := i + 1; j < len(out); j++ {
			if out[j].r == '’' && (j+1 == len(out) || !unicode.IsLetter(out[j+1].r)) {
				out[i].r, out[j].r = '“', '”'
				break
			}
		}
	}
	return out
}

// eastAsianText reports whether all letters of s are Chinese, Japanese or Korean.
func eastAsianText(s string) bool {
	any := false
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		if !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) && r != 'ー' {
			return false
		}
		any = true
	}
	return any
}

// quoted sets t between quotation marks; those inside it become single ones. A
// German quotation („…“) stays.
func (t styled) quoted() styled {
	if len(t) == 0 {
		return nil
	}
	out := styled{{r: '“'}}
	german := false
	for _, c := range t {
		switch {
		case c.r == '„':
			german = true
		case german && (c.r == '“' || c.r == '”'):
			german = false
		case c.r == '“':
			c.r = '‘'
		case c.r == '”':
			c.r = '’'
		}
		out = append(out, c)
	}
	return append(out, char{r: '”'})
}

// wrapped returns t with something before and after it, or nothing if t is empty.
func (t styled) wrapped(before, after string) styled {
	if len(t) == 0 {
		return nil
	}
	return cat(cat(roman(before), t), roman(after))
}

// join sets delim between the parts that are not empty.
func join(delim string, parts ...styled) styled {
	var out styled
	for _, p := range parts {
		switch {
		case len(p) == 0:
		case len(out) == 0:
			out = p
		default:
			out = cat(cat(out, roman(delim)), p)
		}
	}
	return out
}

// cat appends b to a by the rules of American punctuation: a comma or full stop
// goes inside closing quotation marks, and none follows another mark that makes
// it superfluous.
func cat(a, b styled) styled {
	if len(a) == 0 || len(b) == 0 {
		return append(append(styled(nil), a...), b...)
	}
	first := b[0].r
	if first != ',' && first != '.' && first != ':' && first != ';' {
		return append(append(styled(nil), a...), b...)
	}
	end := len(a)
	for end > 0 && (a[end-1].r == '”' || a[end-1].r == '’' && end < len(a) && opened(a[:end-1])) {
		end--
	}
	before := rune(0)
	if end > 0 {
		before = a[end-1].r
	}
	rest := b[1:]
	switch {
	case before == first, first == '.' && (before == '?' || before == '!'),
		first == ':' && (before == '?' || before == '!'):
		return append(append(styled(nil), a...), rest...)
	case first == ':' || first == ';':
		return append(append(styled(nil), a...), b...)
	}
	out := append(styled(nil), a[:end]...)
	out = append(out, char{r: first, italic: end < len(a) && a[end].italic})
	out = append(out, a[end:]...)
	return append(out, rest...)
}

// opened reports whether a single quotation is open at the end of a, so that ’ closes it
// and is no apostrophe.
func opened(a styled) bool { return slices.ContainsFunc(a, func(c char) bool { return c.r == '‘' }) }

// markup reads a field as Zotero and pandoc write it: <i>…</i> and *…* are
// italics, <span class="nocase"> and […]{.nocase} keep their case, other tags of
// style are dropped; straight quotation marks and apostrophes become curly ones.
func markup(s string) styled {
	var out styled
	italic, noCase := 0, 0
	var spans []bool // whether each open span fixes the case
	for i := 0; i < len(s); {
		rest := s[i:]
		if tag, ok := leadingTag(rest); ok {
			name := strings.ToLower(strings.Trim(tag, "</> "))
			closing := strings.HasPrefix(tag, "</")
			switch {
			case name == "i" || name == "em":
				italic += 1 - 2*b2i(closing)
				italic = max(italic, 0)
			case strings.HasPrefix(name, "span"):
				if closing && len(spans) > 0 {
					noCase -= b2i(spans[len(spans)-1])
					spans = spans[:len(spans)-1]
				} else if !closing {
					keeps := strings.Contains(name, "nocase")
					spans = append(spans, keeps)
					noCase += b2i(keeps)
				}
			}
			i += len(tag)
			continue
		}
		if body, size, ok := leadingNoCase(rest); ok {
			for _, c := range markup(body) {
				c.noCase = true
				c.italic = c.italic != (italic > 0)
				out = append(out, c)
			}
			i += size
			continue
		}
		if body, size, ok := leadingStars(rest, out); ok {
			for _, c := range markup(body) {
				c.noCase = c.noCase || noCase > 0
				c.italic = (italic > 0) != !c.italic
				out = append(out, c)
			}
			i += size
			continue
		}
		for _, r := range rest {
			out = append(out, char{r: r, italic: italic > 0, noCase: noCase > 0})
			i += len(string(r))
			break
		}
	}
	return curly(out)
}

// b2i returns 1 for true.
func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// leadingTag recognises the few tags of style that CSL allows; anything else
// that looks like a tag is text.
func leadingTag(s string) (string, bool) {
	if s == "" || s[0] != '<' {
		return "", false
	}
	end := strings.IndexByte(s, '>')
	if end < 0 || end > 60 {
		return "", false
	}
	tag := s[:end+1]
	name, _, _ := strings.Cut(strings.ToLower(strings.Trim(tag, "</>")), " ")
	switch name {
	case "i", "b", "em", "strong", "sup", "sub", "sc", "span":
		return tag, true
	}
	return "", false
}

// leadingNoCase recognises pandoc's [Kosovo]{.nocase}.
func leadingNoCase(s string) (body string, size int, ok bool) {
	const mark = "]{.nocase}"
	if s[0] != '[' {
		return "", 0, false
	}
	end := strings.Index(s, mark)
	if end < 1 || strings.ContainsRune(s[1:end], '[') {
		return "", 0, false
	}
	return s[1:end], end + len(mark), true
}

// leadingStars recognises pandoc's *italics*, but no star that stands alone.
func leadingStars(s string, before styled) (body string, size int, ok bool) {
	if s[0] != '*' || len(s) < 3 || s[1] == ' ' || s[1] == '*' {
		return "", 0, false
	}
	if n := len(before); n > 0 && (unicode.IsLetter(before[n-1].r) || unicode.IsNumber(before[n-1].r)) {
		return "", 0, false
	}
	end := strings.IndexByte(s[1:], '*')
	if end < 1 || s[end] == ' ' {
		return "", 0, false
	}
	if after := []rune(s[end+2:]); len(after) > 0 && (unicode.IsLetter(after[0]) || after[0] == '*') {
		return "", 0, false
	}
	return s[1 : end+1], end + 2, true
}

// curly turns straight quotation marks into typographic ones.
func curly(t styled) styled {
	quoted := false
	for i := range t {
		opens := i == 0 || unicode.IsSpace(t[i-1].r) || strings.ContainsRune("([{“‘—–-/", t[i-1].r)
		switch t[i].r {
		case '"':
			switch {
			case opens:
				t[i].r, quoted = '“', true
			case quoted || !unicode.IsNumber(t[i-1].r): // 3.10" are inches
				t[i].r, quoted = '”', false
			}
		case '\'':
			t[i].r = '’'
			// An apostrophe that opens a word stands for left out digits or
			// letters ('68, 'tis) unless another one closes it.
			if opens && closesLater(t[i+1:]) {
				t[i].r = '‘'
			}
		}
	}
	return t
}

// closesLater reports whether an apostrophe in t closes a quotation.
func closesLater(t styled) bool {
	for i, c := range t {
		if c.r == '\'' && i > 0 && !unicode.IsSpace(t[i-1].r) && (i+1 == len(t) || !unicode.IsLetter(t[i+1].r)) {
			return true
		}
	}
	return false
}

// plainMarkup returns s without its markup and with typographic quotation marks.
func plainMarkup(s string) string { return markup(s).String() }
