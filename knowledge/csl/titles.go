package csl

import (
	"strings"
	"unicode"
)

// This file writes titles: their capitals, italics, quotation marks and short forms.

// headline returns a field in headline capitals if the source is in English.
func (n *note) headline(name string) styled {
	return n.s.capitals(n.text(name))
}

// capitals returns t in headline capitals if the source is in English.
func (s *Source) capitals(t styled) styled {
	if s.inEnglish() && latin(t.String()) {
		return titleCase(t)
	}
	return t
}

// inEnglish reports whether the source is in English: it says so, or says nothing and
// its pack is.
func (s *Source) inEnglish() bool {
	lang := s.Fields["language"]
	if lang == "" && len(s.languages) > 0 {
		lang = s.languages[0]
	}
	return lang == "" || isEnglish(lang)
}

// isEnglish reports whether lang names English, by a tag or in words.
func isEnglish(lang string) bool { return strings.HasPrefix(strings.ToLower(lang), "en") }

// latin reports whether the first letter of s is one of the Latin script.
func latin(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return unicode.Is(unicode.Latin, r)
		}
	}
	return true
}

// title writes the title, or what stands for it.
func (n *note) title() styled {
	switch {
	case n.s.Fields["title"] == "":
		return n.text("genre")
	case n.has("reviewed-author") || n.has("reviewed-title"):
		return n.review()
	}
	t := n.styleTitle(n.titleText("title"))
	if n.is(italicTypes...) {
		t = join(", ", t, n.text("version").wrapped("version ", ""))
	}
	return t
}

// titleText writes a title field in the capitals of its type.
func (n *note) titleText(name string) styled {
	if n.is(plainTypes...) || n.is(statutes...) {
		return n.text(name)
	}
	return n.headline(name)
}

// styleTitle sets a title in the style of its type: italics or quotation marks.
func (n *note) styleTitle(t styled) styled {
	switch {
	case n.is(plainTypes...), n.is(statutes...):
		return t.outermost()
	case n.is(italicTypes...):
		return t.italics()
	}
	return t.quoted()
}

// review writes the title of a review: the work that it reviews stands in the
// title, or has a field of its own.
func (n *note) review() styled {
	by := n.names("reviewed-author", false).wrapped("by ", "")
	if n.has("reviewed-title") {
		own := n.styleTitle(n.titleText("title"))
		return join(", ", own, join(", ", n.headline("reviewed-title").italics(), by).wrapped("review of ", ""))
	}
	return join(", ", n.headline("title").italics().wrapped("review of ", ""), by)
}

// shortTitle writes the title without its subtitle, or what stands for it.
func (n *note) shortTitle() styled {
	if n.s.Fields["title"] == "" && !n.has("title-short", "shortTitle") {
		if n.is("personal_communication") {
			return nil // a letter is known by its day
		}
		if n.is("interview") {
			return roman("interview")
		}
		return n.text("genre")
	}
	style := n.styleTitle
	if n.is("legal_case") {
		style = styled.italics
	}
	for _, name := range []string{"title-short", "shortTitle"} {
		if n.has(name) && !n.is(statutes...) {
			return style(n.titleText(name))
		}
	}
	t := n.text("title")
	for i := range t { // the subtitle is what a short title leaves out first
		if t[i].r == ':' && i > 3 && i+1 < len(t) && t[i+1].r == ' ' && !n.is(statutes...) {
			t = t[:i]
			break
		}
	}
	if !n.is(plainTypes...) && !n.is(statutes...) {
		t = n.s.capitals(t)
	}
	return style(t)
}

// description writes what kind of thing the source is.
func (n *note) description() styled {
	var genre styled
	switch {
	case n.s.Fields["title"] == "", n.is(bracketed...):
	case n.is("patent"):
		genre = join(" ", n.text("authority"), n.text("number"))
	default:
		genre = n.text("genre")
	}
	var size styled
	switch {
	case n.is("map"):
		size = n.text("scale")
	case n.is("graphic"):
		size = n.text("dimensions")
	}
	return join(", ", n.names("interviewer", false).wrapped("interview by ", ""), n.text("medium"), genre, size)
}
