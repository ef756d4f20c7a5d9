package csl

import "slices"

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
