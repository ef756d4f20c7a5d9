package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"

	"footnote/bot/lang"
	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// templates are the pages, each with the frame that all share, by their files' names.
var templates = sync.OnceValue(func() map[string]*template.Template {
	const frame, parts = "templates/frame.html", "templates/parts.html"
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		panic(err)
	}
	all := map[string]*template.Template{}
	for _, name := range names {
		if name == frame || name == parts {
			continue
		}
		// The files are part of the program, and a test makes every page.
		t := template.Must(template.ParseFS(templateFiles, frame, parts, name))
		all[strings.TrimSuffix(path.Base(name), ".html")] = t.Lookup("frame.html")
	}
	return all
})

// A File is what a path of a site holds.
type File struct {
	Type string // MIME
	Body []byte
}

const (
	typeHTML = "text/html; charset=utf-8"
	typeText = "text/plain; charset=utf-8"
	typeXML  = "application/xml; charset=utf-8"
	typeAtom = "application/atom+xml; charset=utf-8"
	typeJSON = "application/json; charset=utf-8"
)

// A page is what every page has. Templates call its methods.
type page struct {
	site *Site
	l    *language

	Path     string // below the language's prefix
	Title    string
	About    string // one or two sentences, for search engines and previews
	Section  string // the entry of the navigation that it belongs to
	IsFact   bool
	Linked   any          // JSON-LD, nil for none
	Tags     []csl.Field  // more meta tags
	Feed     bool         // the page has corrections, of which there is a feed
	Hidden   bool         // search engines need not keep it
	Same     string       // the path of the page that says the same and that is to be kept instead
	Root     string       // the way from the page to the root of the site
	Lost     bool         // the page is not where it was asked for, so that Root is not known from it
	Static   bool         // it is a file; what a server says in headers it says itself
	Embedded bool         // it stands in a frame of another page
	Strip    *earlierNote // what stands above everything else
}

// page begins a page at a path below the prefix of l.
func (s *Site) page(l *language, p string) page {
	depth := strings.Count(l.prefix+p, "/")
	root := strings.Repeat("../", depth)
	if root == "" {
		root = "./"
	}
	return page{site: s, l: l, Path: p, Root: root, Static: !s.c.live}
}

// T is a text of the interface.
func (p page) T(key string, args ...any) string {
	all := make([]string, len(args))
	for i, a := range args {
		all[i] = fmt.Sprint(a)
	}
	return p.l.words.Text(key, all...)
}

// Lang is the language of the page as HTML names it.
func (p page) Lang() string { return p.l.words.Tag }

// Home is the way to the first page in the language.
func (p page) Home() string { return p.Root + p.l.prefix }

// To is the way to a page in the language.
func (p page) To(path string) string { return p.Home() + escapePath(path) }

// SiteTitle names the packs.
func (p page) SiteTitle() string {
	var all []string
	for _, x := range p.site.base.Packs {
		all = append(all, x.Title.In(p.l.texts(x)...))
	}
	return strings.Join(all, " · ")
}

// Live reports whether the site can be asked.
func (p page) Live() bool { return p.site.c.live }

// Canonical is the whole address under which search engines are to keep the page.
func (p page) Canonical() string {
	at := p.Path
	if p.Same != "" {
		at = p.Same
	}
	if p.l.own {
		return p.site.address(p.l.prefix + at)
	}
	return p.site.address(at)
}

// Picture is the whole address of the picture of link previews.
func (p page) Picture() string { return p.site.address("card.png") }

// UnAPI is where reference managers ask for sources; only a server can answer.
func (p page) UnAPI() string {
	if !p.site.c.live {
		return ""
	}
	if u := p.site.address("unapi"); u != "" {
		return u
	}
	return p.Root + "unapi"
}

// An alternate is the same page in another language.
type alternate struct {
	Tag, Name, Path string
	Own, Here       bool
}

// Alternates are the languages of the page.
func (p page) Alternates() []alternate {
	var all []alternate
	if p.Lost || len(p.site.languages) < 2 {
		return nil
	}
	for _, l := range p.site.languages {
		name := l.words.Name
		if lang.Base(l.tag) != l.words.Tag {
			name = l.tag
		}
		all = append(all, alternate{l.tag, name, p.Root + l.prefix + escapePath(p.Path), l.own, l == p.l})
	}
	return all
}

// A text is a text with its language, which is empty if it is that of the page.
type text struct{ Text, Lang string }

// say is t in the language of the page, or in the best that there is.
func (p page) say(of *knowledge.Pack, t knowledge.Text) text {
	if len(t) == 0 {
		return text{}
	}
	for _, tag := range p.l.texts(of) {
		if s, ok := t[tag]; ok {
			return p.text(s, tag)
		}
	}
	s := t.In(p.l.texts(of)...)
	for tag, x := range t {
		if x == s {
			return p.text(s, tag)
		}
	}
	return text{Text: s}
}

// text is s in a language.
func (p page) text(s, tag string) text {
	if strings.EqualFold(tag, p.Lang()) {
		tag = ""
	}
	return text{s, tag}
}

// date writes a date in the language of the page.
func (p page) date(d edtf.Date, julian bool) string {
	s := d.In(p.l.words.Tag)
	if julian {
		return p.T("date.julian", "date", s)
	}
	return s
}

// A link is a way to a page of the site.
type link struct {
	Path string
	Text text
	Note string
}

// to is a link to the page of a fact.
func (p page) to(f *knowledge.Fact) link {
	q := question(f, p.l)
	x := link{Path: p.To(factPath(f.ID)), Text: p.text(q.Text, q.Lang)}
	if f.Status != knowledge.Established {
		x.Note = p.T("status." + string(f.Status))
	}
	return x
}

// A span is a piece of a citation.
type span struct {
	Text   string
	Italic bool
	URL    string // https, or empty
}

// spans parts runs where one of the addresses stands in them, which becomes a link.
func spans(runs csl.Runs, addresses ...string) []span {
	var all []span
	for _, r := range runs {
		rest := r.Text
		for rest != "" {
			at, url := -1, ""
			for _, u := range addresses {
				if i := strings.Index(rest, u); u != "" && i >= 0 && (at < 0 || i < at || i == at && len(u) > len(url)) {
					at, url = i, u
				}
			}
			if at < 0 {
				all = append(all, span{Text: rest, Italic: r.Italic})
				break
			}
			if at > 0 {
				all = append(all, span{Text: rest[:at], Italic: r.Italic})
			}
			all = append(all, span{Text: url, Italic: r.Italic, URL: url})
			rest = rest[at+len(url):]
		}
	}
	return all
}

// addresses are those of a source that can be links.
func (s *Site) addresses(x *csl.Source) []string {
	var all []string
	for _, u := range []string{x.URL(), x.Archived(), x.Fields["URL"]} {
		if csl.IsLink(u) {
			all = append(all, u)
		}
	}
	if page := s.sourceOf[x]; page != nil && page.work.URL != "" {
		all = append(all, page.work.URL)
	}
	return all
}

// write makes a page of a template. Its data holds a page.
func write(name string, data any) (File, error) {
	var b bytes.Buffer
	if err := templates()[name].Execute(&b, data); err != nil {
		return File{}, fmt.Errorf("page %s: %w", name, err)
	}
	return File{Type: typeHTML, Body: b.Bytes()}, nil
}
