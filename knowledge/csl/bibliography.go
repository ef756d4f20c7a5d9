package csl

import (
	"slices"
	"strings"
	"unicode"
)

// Entry writes the source as an entry of a bibliography: Chicago 17, the first
// name turned around, full stops between the parts. Fields without a place
// follow, as in a full note.
func (s *Source) Entry() Runs {
	n := newNote(s)
	entry := n.entry()
	return orID(join(" ", entry, n.rest()), s)
}

// capital returns t with a capital letter first, for the beginning of a part.
func (t styled) capital() styled {
	out := append(styled(nil), t...)
	if len(out) > 0 && !out[0].noCase {
		out[0].r = unicode.ToUpper(out[0].r)
	}
	return out
}

// entry writes the entry without what has no place in it.
func (n *note) entry() styled {
	issued := n.issued()
	out := n.entryPeople()
	if n.s.Fields["title"] != "" || !n.used["genre"] {
		out = join(". ", out, n.title().capital())
	}
	out = join(". ", out, n.made(&issued), n.entryDescription(), n.entryRoles(), n.entryContainer())
	switch {
	case n.is("article-journal"):
		out = n.entryJournal(out, issued)
	case n.is("bill", "legislation", "legal_case"):
		out = join(", ", out, n.reporter())
		out = join(" ", out, n.decided(issued).wrapped("(", ")"))
	default:
		out = n.entryBook(out, issued)
	}
	return stop(join(". ", out, n.entryAccess()))
}

// entryJournal adds volume, date and pages to an article of a journal.
func (n *note) entryJournal(out, issued styled) styled {
	delim := ", "
	if n.has("volume") && !n.has("collection-title") {
		delim = " "
	}
	out = join(delim, out, n.numbers(Locator{}))
	pages := markup(pageRange(n.raw("page")))
	if n.has("volume", "issue") {
		return join(": ", join(" ", out, issued.wrapped("(", ")")), pages)
	}
	return join(", ", out, issued, pages)
}

// entryBook adds edition, volume, pages, series, publisher and date to everything
// that is neither an article of a journal nor a legal work.
func (n *note) entryBook(out, issued styled) styled {
	if n.is(insideTypes...) {
		out = join(", ", out, n.entryPart())
	} else {
		out = join(". ", out, n.entryNumbers())
	}
	out = join(". ", out, n.series())
	imprint := n.entryImprint()
	if n.is("article-newspaper") || len(imprint) == 0 && !n.is("speech") {
		out = join(", ", out, issued)
	} else {
		out = join(". ", out, join(", ", imprint, issued))
	}
	if n.is("article-newspaper") {
		out = join(", ", out, n.edition(" edition"), n.text("section").wrapped("sec. ", ""))
	}
	return out
}

// entryPart writes the edition of the book that the source is a part of, the volume
// and the pages: 2nd ed., 3:209–85.
func (n *note) entryPart() styled {
	edition := n.edition(" ed.")
	page := markup(pageRange(n.raw("page")))
	volume := n.number("volume")
	title := n.headline("volume-title").italics()
	if len(page) > 0 && len(title) == 0 {
		return join(", ", edition, join(":", volume, page))
	}
	return join(", ", join(". ", edition, volume.wrapped("Vol. ", "")), title, page)
}

// maxEntryNames is how many names an entry lists; of more it gives entryNames.
const (
	maxEntryNames = 10
	entryNames    = 7
)

// entryPeople opens the entry: the first name turned around.
func (n *note) entryPeople() styled {
	var who styled
	for _, p := range principals {
		list := n.s.Names[p.role]
		if len(list) == 0 {
			continue
		}
		if !n.leads(p.role) {
			break
		}
		label := p.one
		if len(list) > 1 {
			label = p.many
		}
		n.used[p.role] = true
		who = markup(turnedNames(list))
		if n.sameAuthor {
			who = roman("———")
		}
		who = who.wrapped("", label)
		break
	}
	if len(who) == 0 && n.is("article-magazine", "article-newspaper", "webpage", "post-weblog") {
		who = titled(n.text("container-title"), !n.is("webpage")) // the paper stands for its nameless author
	}
	if r := n.names("recipient", false); len(r) > 0 {
		kind := roman("letter")
		if n.has("genre") && n.is("personal_communication") {
			kind = n.text("genre")
		}
		who = join(". ", who, join(" to ", kind.capital(), r))
	}
	return who
}

// turnedNames writes names with the first turned around.
func turnedNames(list []Name) string {
	turned := func(x Name) string {
		if x.Literal != "" || x.Family == "" || x.eastAsian() {
			return x.Full()
		}
		// Chicago sorts by the family name; the particle goes behind the given one.
		s := x.Family
		if given := joinWords(x.Given, x.DroppingParticle, x.NonDroppingParticle); given != "" {
			s += ", " + given
		}
		if x.Suffix != "" {
			s += ", " + x.Suffix
		}
		return s
	}
	out := []string{turned(list[0])}
	shown := len(list)
	if shown > maxEntryNames {
		shown = entryNames
	}
	for _, x := range list[1:shown] {
		out = append(out, x.Full())
	}
	switch {
	case shown < len(list):
		return strings.Join(out, ", ") + ", et al."
	case len(out) == 1:
		return out[0]
	case len(out) == 2 && out[0] == list[0].Full(): // no comma of an inverted name calls for another
		return out[0] + " and " + out[1]
	}
	return strings.Join(out[:len(out)-1], ", ") + ", and " + out[len(out)-1]
}

// entryDescription writes what kind of thing the source is.
func (n *note) entryDescription() styled {
	var genre styled
	switch {
	case n.is("patent"):
		genre = join(" ", n.text("authority"), n.text("number"))
	case n.s.Fields["title"] != "" && !n.is("thesis", "speech") && !n.used["genre"]:
		genre = n.text("genre").capital()
	}
	size := styled(nil)
	if n.is("map") {
		size = n.text("scale")
	} else if n.is("graphic") {
		size = n.text("dimensions")
	}
	by := n.names("interviewer", false).wrapped("Interview by ", "")
	return join(", ", join(". ", by, n.text("medium").capital()), genre, size)
}

// entryVerbs writes out the labels of roles, as an entry has them.
var entryVerbs = strings.NewReplacer("ed. and trans. ", "edited and translated by ", "series ed. ", "series edited by ",
	"ed. ", "edited by ", "trans. ", "translated by ", "comp. ", "compiled by ", "illus. ", "illustrated by ")

// writtenRoles writes the roles out in words; each begins with a capital if they
// stand between full stops.
func (n *note) writtenRoles(delim string, capitals bool, only ...string) styled {
	var out styled
	for _, r := range roleLabels {
		list := n.s.Names[r.role]
		if n.used[r.role] || len(list) == 0 || len(only) > 0 && !slices.Contains(only, r.role) {
			continue
		}
		n.used[r.role] = true
		label := r.label
		if r.role == "editor" && !n.used["translator"] && sameNames(list, n.s.Names["translator"]) {
			n.used["translator"] = true
			label = "ed. and trans. "
		}
		t := markup(listed(list)).wrapped(entryVerbs.Replace(label), "")
		if capitals {
			t = t.capital()
		}
		out = join(delim, out, t)
	}
	return out
}

// listed writes names in reading order, as many as an entry lists.
func listed(list []Name) string {
	out := make([]string, 0, len(list))
	for _, x := range list {
		out = append(out, x.Full())
	}
	switch {
	case len(list) > maxEntryNames:
		return strings.Join(out[:entryNames], ", ") + ", et al."
	case len(out) == 1:
		return out[0]
	case len(out) == 2:
		return out[0] + " and " + out[1]
	}
	return strings.Join(out[:len(out)-1], ", ") + ", and " + out[len(out)-1]
}

// entryRoles writes the people who follow the title of a work that stands alone.
func (n *note) entryRoles() styled {
	if n.is(insideTypes...) {
		return nil
	}
	return n.writtenRoles(". ", true)
}

// entryContainer writes what the source appeared in.
func (n *note) entryContainer() styled {
	if n.used["container-title"] {
		return nil
	}
	c := n.headline("container-title")
	switch {
	case n.is("bill", "legislation", "legal_case"):
		return nil
	case n.is("webpage"):
		return n.text("container-title")
	case n.is("post-weblog"):
		return c.italics().wrapped("", " (blog)")
	case n.is(insideTypes...):
		var by styled
		if n.has("author") { // or else the book's author would seem to be another's
			by = n.writtenRoles(", ", false, "container-author")
		}
		return join(", ", c.italics().wrapped("In ", ""), by, n.writtenRoles(", ", false, "editor", "translator"))
	}
	return c.italics()
}

// entryNumbers writes the edition, the volume and the number of volumes.
func (n *note) entryNumbers() styled {
	switch {
	case n.is("periodical", "review", "review-book", "article"):
		return n.numbers(Locator{}).capital()
	case !n.is(numbered...):
		return nil
	}
	volume := styled(nil)
	if !n.used["volume"] {
		volume = n.number("volume").wrapped("Vol. ", "")
	}
	all := n.text("number-of-volumes").wrapped("", " vols.")
	return join(". ", n.edition(" ed.").capital(), volume, n.headline("volume-title").italics(), all)
}

// entryImprint writes where and by whom the source was published.
func (n *note) entryImprint() styled {
	event := n.first("event-title", "event")
	switch {
	case n.is("article-newspaper"):
		return nil
	case n.is("speech"):
		genre := styled(nil)
		if n.s.Fields["title"] != "" {
			genre = n.text("genre").capital()
		}
		if len(event) > 0 {
			given := "Presented at the "
			if len(genre) > 0 {
				given = "presented at the "
			}
			genre = join(" ", genre, event.wrapped(given, ""))
		}
		return join(", ", genre, n.text("event-place"), n.publisher())
	case n.is("thesis"):
		genre := styled(nil)
		if n.s.Fields["title"] != "" {
			genre = n.text("genre").capital()
		}
		return join(", ", genre, n.publisher())
	}
	original := join(", ", join(": ", n.text("original-publisher-place"), n.text("original-publisher")), n.date("original-date", true))
	place := n.publisher()
	if len(original) > 0 {
		place = join(", ", roman("Reprint"), place)
	}
	if n.is("paper-conference") && len(event) > 0 && n.s.Fields["container-title"] == "" {
		place = join(", ", event.wrapped("Presented at the ", ""), place)
	} else if len(event) > 0 {
		delete(n.used, "event")
		delete(n.used, "event-title") // goes to the rest
	}
	return join(". ", original, place)
}

// entryAccess writes where the source can be found.
func (n *note) entryAccess() styled {
	var archive styled
	switch {
	case n.is("thesis"):
		archive = join(" ", n.text("archive"), n.text("archive_location").wrapped("(", ")"))
	case !n.is(unarchived...):
		archive = join(". ", n.text("archive_collection"), n.text("archive_location").capital(), n.text("archive"), n.text("archive-place"))
	}
	var accessed, address styled
	if !n.has("issued") {
		accessed = n.date("accessed", false).wrapped("Accessed ", "")
	}
	switch {
	case n.has("DOI"):
		address = roman(doiURL(n.raw("DOI")))
	case n.has("URL") && !n.is("legal_case"):
		address = roman(n.raw("URL"))
	}
	return join(". ", archive, accessed, address)
}
