package web

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"footnote/knowledge/edtf"
)

// The feed of corrections, in the Atom Syndication Format.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		Title   string      `xml:"title"`
		ID      string      `xml:"id"`
		Updated string      `xml:"updated"`
		Links   []atomLink  `xml:"link"`
		Author  atomName    `xml:"author"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	atomName struct {
		Name string `xml:"name"`
	}
	atomEntry struct {
		Title   string     `xml:"title"`
		ID      string     `xml:"id"`
		Updated string     `xml:"updated"`
		Links   []atomLink `xml:"link"`
		Summary string     `xml:"summary"`
	}
)

// Bounds of the feed.
const maxFeed = 100 // entries

// feed tells what changed, the last first. Its ids do not depend on where the site is.
func (s *Site) feed() (File, error) {
	p := s.page(s.languages[0], "corrections/")
	var names []string
	for _, x := range s.base.Packs {
		names = append(names, x.ID)
	}
	f := atomFeed{Lang: p.Lang(), Title: p.SiteTitle() + ": " + p.T("web.corrections"), ID: "urn:footnote:" + strings.Join(names, "+"), Updated: moment(""), Author: atomName{p.SiteTitle()}}
	if u := s.address("corrections.atom"); u != "" {
		f.Links = []atomLink{{"self", u}, {"alternate", s.address("corrections/")}}
	}
	for _, x := range s.base.Packs {
		for _, r := range releases(x) {
			for _, c := range r.Changes {
				line := p.changeLine(x, revision{r.Version, r.Date, c})
				title := c.Fact
				if y := s.byID[c.Fact]; y != nil {
					title = canonical(y, p.l)
				}
				e := atomEntry{Title: line.Kind + ": " + title, ID: fmt.Sprintf("urn:footnote:%s:%s@%s:%s", x.ID, c.Fact, r.Version, c.Kind), Updated: moment(r.Date), Summary: line.Note.Text}
				if u := s.address(factPath(c.Fact)); u != "" {
					e.Links = []atomLink{{"alternate", u}}
				}
				f.Entries = append(f.Entries, e)
				f.Updated = max(f.Updated, e.Updated)
			}
		}
	}
	f.Entries = f.Entries[:min(len(f.Entries), maxFeed)]
	body, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return File{}, err
	}
	return File{Type: typeAtom, Body: append([]byte(xml.Header), body...)}, nil
}

// moment is the beginning of a day, as Atom wants it; of one that is not known that of 1970.
func moment(d edtf.Date) string {
	t := time.Unix(0, 0).UTC()
	if from, _, err := d.Ends(); err == nil && from.Year > 0 && from.Year < 10_000 && from.Month <= 12 {
		t = time.Date(from.Year, time.Month(max(1, from.Month)), max(1, from.Day), 0, 0, 0, 0, time.UTC)
	}
	return t.Format(time.RFC3339)
}

func (s *Site) robots() File {
	text := "User-agent: *\nDisallow: /ask\nDisallow: /api/\n"
	if u := s.address("sitemap.xml"); u != "" {
		text += "Sitemap: " + u + "\n"
	}
	return File{Type: typeText, Body: []byte(text)}
}

// maxSitemap is how many addresses one sitemap may have.
const maxSitemap = 50_000

// sitemap lists the pages in the languages of the packs; there is none without an address.
func (s *Site) sitemap() (File, bool) {
	if s.c.URL == "" {
		return File{}, false
	}
	var b strings.Builder
	b.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	n := 0
	for _, l := range s.languages {
		if !l.own {
			continue
		}
		for p := range s.pages(l) {
			if n++; n > maxSitemap || p == "search/" || strings.HasSuffix(p, ".svg") {
				continue
			}
			b.WriteString("<url><loc>")
			_ = xml.EscapeText(&b, []byte(s.address(l.prefix+p))) // a Builder takes everything
			b.WriteString("</loc></url>\n")
		}
	}
	b.WriteString("</urlset>\n")
	return File{Type: typeXML, Body: []byte(b.String())}, true
}
