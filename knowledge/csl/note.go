package csl

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"footnote/knowledge/edtf"
)

// This file writes a source as a note of the Chicago Manual of Style, 17th
// edition, notes and bibliography. The terms are English whatever the language
// of the reply, as in an English text that cites foreign works.

// Note writes the source as a full note with its locator, followed by every field
// that the style has no place for.
func (s *Source) Note(loc Locator) Runs {
	n := newNote(s)
	full := n.full(loc)
	if n.is("legal_case") && loc.Value != "" {
		full = join(" ", full, stop(roman("At "+loc.String()))) // the note of a case has no place for it
	}
	return orID(join(" ", full, n.rest()), s)
}

// ShortNote writes the source as a shortened note with its locator: who, what,
// where, and a full stop. It never says "ibid.": no reply stands behind another.
func (s *Source) ShortNote(loc Locator) Runs { return orID(newNote(s).short(loc), s) }

// orID returns t, or the id of the source where nothing is known of it.
func orID(t styled, s *Source) Runs {
	if len(t) == 0 {
		return Runs{{Text: s.ID + "."}}
	}
	return t.runs()
}

// A note writes one source and remembers which fields it has placed.
type note struct {
	s    *Source
	used map[string]bool // by variable

	sameAuthor bool // of an entry: those of the entry before it
}

func newNote(s *Source) *note { return &note{s: s, used: map[string]bool{}} }

// raw returns a field as written and marks it as placed.
func (n *note) raw(name string) string {
	v := n.s.Fields[name]
	if v != "" {
		n.used[name] = true
	}
	return v
}

// has reports whether the source has any of the variables.
func (n *note) has(names ...string) bool {
	for _, name := range names {
		if n.s.Fields[name] != "" || len(n.s.Names[name]) > 0 || n.s.Dates[name] != (Date{}) {
			return true
		}
	}
	return false
}

// text returns a field in its style, and marks it as placed.
func (n *note) text(name string) styled { return markup(n.raw(name)) }

// first returns the first of the fields that is there.
func (n *note) first(names ...string) styled {
	for _, name := range names {
		if n.has(name) {
			return n.text(name)
		}
	}
	return nil
}

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

// is reports whether the source is of one of the types.
func (n *note) is(types ...string) bool { return slices.Contains(types, n.s.Type) }

// The types that share a form.
var (
	italicTypes = []string{"book", "graphic", "map", "motion_picture", "song", "classic", "collection", "periodical",
		"musical_score", "pamphlet", "performance"}
	insideTypes = []string{"chapter", "entry", "entry-dictionary", "entry-encyclopedia", "paper-conference"}
	plainTypes  = []string{"interview", "patent", "legal_case"}
	statutes    = []string{"bill", "legislation"}
	bracketed   = []string{"manuscript", "thesis", "speech"}
	yearOnly    = []string{"book", "chapter", "bill", "legislation", "motion_picture", "paper-conference", "song", "thesis",
		"classic", "collection", "pamphlet"}
	unarchived = []string{"article-journal", "bill", "book", "chapter", "legal_case", "legislation", "motion_picture", "paper-conference"} // their copies are many
	numbered   = []string{"book", "chapter", "graphic", "motion_picture", "paper-conference", "report", "song", "classic",
		"collection", "pamphlet", "entry", "entry-dictionary", "entry-encyclopedia", "standard"}
)

// full writes the whole note with its locator and final stop.
func (n *note) full(loc Locator) styled {
	journal := n.is("article-journal")
	issued := n.issued()
	made := n.made(&issued)
	head := join(", ",
		n.people(),
		n.title(),
		made,
		n.description(),
		n.secondary(),
		n.container(),
	)
	numbers := n.numbers(loc)
	withVolume := n.has("volume", "issue")
	switch {
	case journal && n.has("volume") && !n.has("collection-title"):
		head = join(" ", head, numbers)
	default:
		head = join(", ", head, numbers)
	}
	if !journal {
		head = join(", ", head, n.series())
	}
	imprint, brackets := n.imprint(issued)
	if brackets {
		head = join(" ", head, imprint.wrapped("(", ")"))
	} else {
		head = join(", ", head, imprint)
	}
	if n.is("article-newspaper") {
		head = join(", ", head, n.edition(" edition"), n.text("section").wrapped("sec. ", ""))
	}
	place := n.place(loc)
	if journal && withVolume {
		head = join(": ", head, place)
	} else {
		head = join(", ", head, place)
	}
	return stop(join(", ", head, n.access(issued)))
}

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

// short writes the shortened note: who, what, where.
func (n *note) short(loc Locator) styled {
	who := n.shortPeople()
	title := n.shortTitle()
	var in styled
	if len(who) == 0 && n.is(referenceWorks...) {
		// A nameless entry is known by the name of the work alone.
		in = n.first("container-title-short", "container-title").italics()
	}
	if n.is("legal_case") {
		return stop(n.shortCase(join(", ", who, title), loc))
	}
	var day styled
	if n.is("personal_communication") {
		day = n.issued() // letters are many, and differ by their days
	}
	return stop(join(", ", who, title, day, in, n.shortPlace(loc)))
}

// shortCase adds the reporter and the place to the name of a case: 223 A.2d at 12–15.
func (n *note) shortCase(name styled, loc Locator) styled {
	name = join(", ", name, join(" ", n.text("volume"), n.text("container-title")))
	if loc.Value == "" {
		return name
	}
	if loc.isPage() {
		return join(" at ", name, roman(loc.String()))
	}
	return join(" ", name, roman(loc.String()))
}

// titled sets t in italics if italic.
func titled(t styled, italic bool) styled {
	if italic {
		return t.italics()
	}
	return t
}

// stop ends t with a full stop.
func stop(t styled) styled {
	if len(t) == 0 {
		return nil
	}
	return cat(t, roman("."))
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

// container writes what the source appeared in.
func (n *note) container() styled {
	c := n.headline("container-title")
	switch {
	case n.is("webpage"):
		c = n.text("container-title")
	case n.is("post-weblog"):
		c = c.italics().wrapped("", " (blog)")
	case n.is("bill", "legislation", "legal_case"):
		return n.reporter()
	default:
		c = c.italics()
	}
	if n.is(insideTypes...) {
		c = c.wrapped("in ", "")
		c = join(", ", c, n.roles("container-author", "editor", "translator"))
	}
	return c
}

// reporter places a case or statute: 347 U.S. § 3 483. A case that a reporter holds
// needs no number.
func (n *note) reporter() styled {
	section := n.text("section").wrapped("§ ", "")
	place := join(" ", n.text("volume"), n.text("container-title"))
	switch {
	case n.is("legal_case") && n.has("container-title"):
		return join(" ", place, section, n.first("page", "page-first"))
	case n.is("legal_case"):
		return join(", ", n.text("number").wrapped("No. ", ""), join(" ", place, section, n.first("page", "page-first")))
	case n.has("number"):
		return join(", ", n.text("number").wrapped("Pub. L. No. ", ""), section, join(" ", place, n.firstPage()))
	}
	return join(" ", place, section)
}

// firstPage writes the page on which a source begins.
func (n *note) firstPage() styled {
	if n.has("page-first") {
		return n.text("page-first")
	}
	first := numberOfPage.FindString(n.s.Fields["page"])
	if first == n.s.Fields["page"] {
		n.used["page"] = true // or else the rest has all of it
	}
	return markup(first)
}

var numberOfPage = regexp.MustCompile(`^[^\s,;–-]+`)

// decided writes who decided a case and when; of a statute, when it was made.
func (n *note) decided(issued styled) styled {
	if n.is("legal_case") {
		return join(" ", n.text("authority"), issued)
	}
	return issued
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

// shortPlace writes the locator of a shortened note.
func (n *note) shortPlace(loc Locator) styled {
	if loc.Value == "" {
		return nil
	}
	if n.is(numbered...) && !n.is(insideTypes...) && n.has("volume") && loc.isPage() {
		return join("", n.text("volume").wrapped("", ":"), roman(loc.String()))
	}
	return roman(loc.String())
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
