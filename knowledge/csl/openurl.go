package csl

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// OpenURL returns the source as an OpenURL ContextObject of Z39.88-2004 in its form of keys
// and values (KEV), which a COinS holds: reference managers read it from a page. at is the
// place that is cited; without one the pages of the source itself are told. What KEV has no
// key for is left out.
func (s *Source) OpenURL(at Locator) string {
	k := kev{s: s}
	k.put("ctx_ver", "Z39.88-2004")
	switch {
	case slices.Contains([]string{"article-journal", "article-magazine", "article-newspaper", "review", "review-book"}, s.Type):
		k.article()
	case bookGenres[s.Type] != "":
		k.book()
	case s.Type == "thesis":
		k.put("rft_val_fmt", "info:ofi/fmt:kev:mtx:dissertation")
		k.text("rft.title", "title")
		k.text("rft.inst", "publisher")
		k.text("rft.degree", "genre")
	default:
		k.other()
	}
	k.people()
	k.date()
	pages := s.Fields["page"]
	if at.isPage() && at.Value != "" {
		pages = at.Value
	}
	k.put("rft.pages", strings.ReplaceAll(dashes(pages), "–", "-"))
	k.text("rft.language", "language")
	for _, isbn := range strings.Fields(s.Fields["ISBN"]) {
		k.put("rft.isbn", isbn)
		break
	}
	k.text("rft.issn", "ISSN")
	if doi := s.Fields["DOI"]; doi != "" {
		k.put("rft_id", "info:doi/"+strings.TrimPrefix(doiURL(doi), "https://doi.org/"))
	}
	if u := s.Fields["URL"]; IsLink(u) {
		k.put("rft_id", u)
	}
	return strings.Join(k.pairs, "&")
}

// bookGenres are the genres of what is a book to OpenURL, or stands in one.
var bookGenres = map[string]string{"book": "book", "collection": "book", "classic": "book", "pamphlet": "book", "chapter": "bookitem", "entry": "bookitem",
	"entry-encyclopedia": "bookitem", "entry-dictionary": "bookitem", "paper-conference": "proceeding", "report": "report", "standard": "report"}

// dcTypes are the types of what OpenURL has no form for, as Zotero calls them.
var dcTypes = map[string]string{"webpage": "webpage", "manuscript": "manuscript", "interview": "interview", "map": "map", "motion_picture": "film",
	"personal_communication": "letter", "post-weblog": "blogPost", "post": "forumPost", "speech": "presentation", "broadcast": "tvBroadcast",
	"graphic": "artwork", "legal_case": "case", "legislation": "statute", "bill": "bill", "hearing": "hearing", "song": "audioRecording",
	"software": "computerProgram", "dataset": "dataset"}

// A kev gathers the pairs of an OpenURL.
type kev struct {
	s     *Source
	pairs []string
}

func (k *kev) put(key, value string) {
	if value = oneLine(value); value != "" {
		k.pairs = append(k.pairs, key+"="+strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
	}
}

// text puts a field without its markup.
func (k *kev) text(key, field string) { k.put(key, plainMarkup(k.s.Fields[field])) }

func (k *kev) article() {
	k.put("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal")
	k.put("rft.genre", "article")
	k.text("rft.atitle", "title")
	k.text("rft.jtitle", "container-title")
	k.text("rft.volume", "volume")
	k.text("rft.issue", "issue")
}

func (k *kev) book() {
	genre := bookGenres[k.s.Type]
	k.put("rft_val_fmt", "info:ofi/fmt:kev:mtx:book")
	k.put("rft.genre", genre)
	if genre == "bookitem" || genre == "proceeding" {
		k.text("rft.atitle", "title")
		k.text("rft.btitle", "container-title")
	} else {
		k.text("rft.btitle", "title")
	}
	k.text("rft.place", "publisher-place")
	k.text("rft.pub", "publisher")
	k.text("rft.edition", "edition")
	k.text("rft.series", "collection-title")
	k.text("rft.volume", "volume")
}

func (k *kev) other() {
	k.put("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc")
	k.put("rft.type", cmp.Or(dcTypes[k.s.Type], "document"))
	k.text("rft.title", "title")
	k.text("rft.source", "container-title")
	k.text("rft.publisher", "publisher")
	k.put("rft.description", plainMarkup(strings.Join(nonEmpty(k.s.Fields["archive"], k.s.Fields["archive_location"]), ", ")))
}

// people puts the authors, or else the editors, whom OpenURL does not tell apart.
func (k *kev) people() {
	names := k.s.Names["author"]
	if len(names) == 0 {
		names = k.s.Names["editor"]
	}
	for _, n := range names {
		if n.Literal != "" {
			k.put("rft.aucorp", plainMarkup(n.Literal))
			continue
		}
		k.put("rft.au", plainMarkup(n.Sorted()))
	}
}

// date puts the day, month or year of publication, as far as it is certain.
func (k *kev) date() {
	d := k.s.Dates["issued"]
	from, _, err := d.EDTF.Ends()
	if err != nil || from.Open || from.Unknown || strings.Contains(string(d.EDTF), "X") {
		k.put("rft.date", d.Literal)
		return
	}
	first, _, _ := strings.Cut(string(d.EDTF), "/")
	first = strings.TrimRight(first, "~?%")
	if from.Month > 12 { // a season
		first = from.YearIn("en")
	}
	k.put("rft.date", first)
}

// Sorted returns the name with the family name first, as lists of names have it:
// "Gogh, Vincent van", "van der Waals, Johannes".
func (n Name) Sorted() string {
	if n.Literal != "" {
		return n.Literal
	}
	s := particleJoin(n.NonDroppingParticle, n.Family)
	if given := joinWords(n.Given, n.DroppingParticle); given != "" {
		s = strings.Join(nonEmpty(s, given), ", ")
	}
	return strings.Join(nonEmpty(s, n.Suffix), ", ")
}

func nonEmpty(all ...string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}
