package csl

import (
	"regexp"
	"strconv"
	"strings"

	"footnote/knowledge/edtf"
)

// This file writes where in a series, by whom and when a source appeared, and where it
// can be found.

// made takes the date of a picture or map that nobody published, which follows its title
// (Chicago 14.235).
func (n *note) made(issued *styled) styled {
	if !n.is("graphic", "map") || n.has("publisher", "publisher-place") {
		return nil
	}
	date := *issued
	*issued = nil
	return date
}

// numbers writes the edition, the volume and the issue.
func (n *note) numbers(loc Locator) styled {
	switch {
	case n.is("article-journal"):
		series := join(" ", n.text("collection-title"), n.text("collection-number"))
		return join(", ", series, n.number("volume"), n.number("issue").wrapped("no. ", ""))
	case n.is("periodical", "review", "review-book", "article"):
		return join(", ", n.number("volume").wrapped("vol. ", ""), n.number("issue").wrapped("no. ", ""))
	case n.is("bill", "legislation", "legal_case"):
		return nil
	case n.is(numbered...):
		volumes := styled(nil)
		if loc.Value == "" && n.has("number-of-volumes") {
			volumes = n.text("number-of-volumes").wrapped("", " vols.")
			if n.s.Fields["number-of-volumes"] == "1" {
				volumes = roman("1 vol.")
			}
		}
		return join(", ", n.edition(" ed."), n.number("volume").wrapped("vol. ", ""), n.headline("volume-title").italics(), volumes)
	}
	return nil
}

// number writes a volume or an issue, with a dash in a double one: 4–5.
func (n *note) number(name string) styled { return markup(dashes(n.raw(name))) }

// ordinal matches the number of an edition: 2, 2nd, 2.
var ordinal = regexp.MustCompile(`^([1-9][0-9]{0,3})(?:st|nd|rd|th)?[.,]?$`)

// edition writes a number as an ordinal and leaves several words alone.
func (n *note) edition(suffix string) styled {
	v := n.raw("edition")
	if m := ordinal.FindStringSubmatch(v); m != nil {
		num, _ := strconv.Atoi(m[1])
		return roman(edtf.Ordinal(num) + suffix)
	}
	if v != "" && n.is("article-newspaper") && !strings.Contains(v, " ") {
		return markup(v + suffix) // late edition
	}
	return markup(v)
}

// series writes the series and the number in it.
func (n *note) series() styled {
	t := n.headline("collection-title")
	number := n.raw("collection-number")
	if number == "" {
		return t
	}
	if isNumeric(number) {
		return join(" ", t, roman(number))
	}
	return join(", ", t, markup(number))
}

// isNumeric reports whether s consists of digits.
func isNumeric(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// imprint writes where, by whom and when something appeared, and reports whether
// that stands between brackets.
func (n *note) imprint(issued styled) (t styled, brackets bool) {
	switch {
	case n.is("bill", "legislation", "legal_case"):
		return n.decided(issued), true
	case n.is("article-newspaper"):
		return issued, false
	case n.is("article-journal"):
		return issued, n.has("volume", "issue")
	case n.is("speech") && !n.has("genre", "event-title", "event", "event-place", "publisher"):
		return issued, false
	case n.is(bracketed...):
		genre := styled(nil)
		if n.s.Fields["title"] != "" {
			genre = n.text("genre")
		}
		return join(", ", genre, n.first("event-title", "event"), n.text("event-place"), n.text("publisher"), issued), true
	case n.has("publisher", "publisher-place", "event-place"):
		event := n.event()
		original := join(", ", join(": ", n.text("original-publisher-place"), n.text("original-publisher")), n.date("original-date", true))
		place := n.publisher()
		if len(place) == 0 {
			place = n.text("event-place")
		}
		if len(original) > 0 && !n.has("original-publisher", "original-publisher-place") {
			place = join(", ", roman("repr."), place)
		}
		return join(", ", event, join("; ", original, place), issued), true
	}
	return issued, false
}

// event writes the name of the event at which a paper was given. Proceedings are named
// for theirs, so it is left out where they stand.
func (n *note) event() styled {
	container := n.s.Fields["container-title"]
	switch event := n.s.Fields["event"]; {
	case container == "":
		return n.first("event-title", "event")
	case event == "" || n.has("event-title") || strings.Contains(strings.ToLower(container), strings.ToLower(event)):
		return nil
	}
	return n.text("event")
}

// publisher writes the place and the publisher.
func (n *note) publisher() styled {
	if n.is("thesis") {
		return n.text("publisher")
	}
	return join(": ", n.text("publisher-place"), n.text("publisher"))
}

// issued writes the date, or what stands for it.
func (n *note) issued() styled {
	switch {
	case n.is("patent") && n.has("issued", "submitted"):
		filed := n.date("submitted", false).wrapped("filed ", "")
		granted := n.date("issued", false).wrapped("issued ", "")
		if len(filed) > 0 && len(granted) > 0 {
			granted = granted.wrapped("and ", "")
		}
		return join(", ", filed, granted)
	case n.has("issued"):
		return n.date("issued", n.is(yearOnly...) || n.is("legal_case") && n.has("container-title"))
	case n.has("status"):
		return n.text("status")
	case n.has("accessed") && n.has("URL"):
		return nil
	}
	return roman("n.d.")
}

// place writes the locator, or else the pages of an article or chapter.
func (n *note) place(loc Locator) styled {
	switch {
	case n.is("legal_case"):
		return nil
	case loc.Value != "":
		return roman(loc.String())
	}
	if n.is("article-journal", "chapter", "paper-conference") {
		return markup(pageRange(n.raw("page")))
	}
	return nil
}

// access writes where the source can be found: the archive or the address.
func (n *note) access(issued styled) styled {
	var archive styled
	switch {
	case n.is("thesis"):
		archive = join(" ", n.text("archive"), n.text("archive_location").wrapped("(", ")"))
	case !n.is(unarchived...):
		archive = join(", ", n.text("archive_collection"), n.text("archive_location"), n.text("archive"), n.text("archive-place"))
	}
	var accessed styled
	if !n.has("issued") {
		accessed = n.date("accessed", false).wrapped("accessed ", "")
	}
	var address styled
	switch {
	case n.has("DOI"):
		address = roman(doiURL(n.raw("DOI")))
	case n.has("URL") && !n.is("legal_case"): // a case is known by its reporter
		address = roman(n.raw("URL"))
	}
	return join(", ", archive, accessed, address)
}
