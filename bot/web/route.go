package web

import (
	"iter"
	"maps"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"footnote/knowledge"
)

// This file says what there is at which path: "" is the first page, and a path that ends in
// a slash is a page.

// Page returns what is at a path, which begins without a slash. ok is false if nothing is.
func (s *Site) Page(at string) (f File, ok bool, err error) {
	l, rest := s.languageOf(at)
	if l == s.languages[0] {
		if f, ok, err := s.file(rest); ok || err != nil {
			return f, ok, err
		}
	}
	if l.own && rest == "search.json" {
		f, err = s.searchIndex(l)
		return f, true, err
	}
	if f, ok := s.picture(l, rest); ok {
		return f, true, nil
	}
	if rest != "" && !strings.HasSuffix(rest, "/") {
		return File{}, false, nil
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	n := 1
	if last := parts[len(parts)-1]; len(parts) > 1 && strings.HasPrefix(last, "~") {
		if n, err = strconv.Atoi(last[1:]); err != nil || n < 2 || last != "~"+strconv.Itoa(n) {
			return File{}, false, nil
		}
		parts = parts[:len(parts)-1]
	}
	make := s.route(l, parts, n)
	if make == nil {
		return File{}, false, nil
	}
	f, err = make()
	return f, err == nil, err
}

// languageOf parts a path into the language of its page and the rest.
func (s *Site) languageOf(at string) (*language, string) {
	for _, l := range s.languages[1:] {
		if rest, ok := strings.CutPrefix(at, l.prefix); ok {
			return l, rest
		}
	}
	return s.languages[0], at
}

// route finds what makes page n of a list, or the only page, at the parts of a path.
func (s *Site) route(l *language, parts []string, n int) func() (File, error) {
	if len(parts) > 2 {
		return nil
	}
	name := ""
	if len(parts) == 2 {
		name = parts[1]
		return s.routeOne(l, parts[0], name, n)
	}
	long := func(facts int) bool { return n <= pagesOf(facts) }
	switch at := parts[0]; {
	case at == "facts" && long(len(s.facts)):
		return func() (File, error) { return s.factsList(l, n) }
	case at == "topics" && long(len(s.topics.list)):
		return func() (File, error) { return s.groupsList(l, at, s.topics, n) }
	case at == "people" && long(len(s.people.list)):
		return func() (File, error) { return s.groupsList(l, at, s.people, n) }
	case at == "years" && long(len(s.years.list)):
		return func() (File, error) { return s.groupsList(l, at, s.years, n) }
	case at == "timeline" && n <= pages(len(s.timeline), perTimeline):
		return func() (File, error) { return s.timelineList(l, n) }
	case at == "sources" && long(len(s.sources)):
		return func() (File, error) { return s.sourcesList(l, n) }
	case at == "corrections" && long(s.changeCount()):
		return func() (File, error) { return s.corrections(l, n) }
	case n > 1:
		return nil
	case at == "":
		return func() (File, error) { return s.index(l) }
	case at == "about":
		return func() (File, error) { return s.about(l) }
	case at == "search":
		return func() (File, error) { return s.search(l, "", nil) }
	}
	return nil
}

// routeOne is route for the page of one fact, source, topic, person or year.
func (s *Site) routeOne(l *language, under, name string, n int) func() (File, error) {
	if under == "f" && n == 1 {
		id, version, _ := strings.Cut(name, "@")
		if version == "" && id != name {
			return nil
		}
		return s.routeFact(l, id, version)
	}
	if under == "sources" {
		if x := s.bySlug[name]; x != nil && n <= pagesOf(len(x.facts)) {
			return func() (File, error) { return s.source(l, x, n) }
		}
		return nil
	}
	g := map[string]*groups{"topics": s.topics, "people": s.people, "years": s.years}[under]
	if g == nil || g.bySlug[name] == nil || n > pagesOf(len(g.bySlug[name].facts)) {
		return nil
	}
	return func() (File, error) { return s.groupPage(l, under, g.bySlug[name], n) }
}

func (s *Site) routeFact(l *language, id, version string) func() (File, error) {
	if f := s.byID[id]; f != nil {
		if version != "" && !s.existed(f.Pack, id, version) {
			return nil
		}
		return func() (File, error) { return s.fact(l, f, version) }
	}
	if g := s.gone[id]; g != nil && (version == "" || slices.Contains(s.versions[g.pack], version)) {
		return func() (File, error) { return s.goneFact(l, g, version) }
	}
	return nil
}

func (s *Site) changeCount() int {
	n := 0
	for _, p := range s.base.Packs {
		for _, r := range p.History {
			n += len(r.Changes)
		}
	}
	return n
}

// file is what is at a path that is no page and in no language.
func (s *Site) file(at string) (File, bool, error) {
	switch at {
	case "corrections.atom":
		f, err := s.feed()
		return f, true, err
	case "robots.txt":
		return s.robots(), true, nil
	case "sitemap.xml":
		f, ok := s.sitemap()
		return f, ok, nil
	case "404.html":
		f, err := s.lost(s.languages[0], s.rootPath())
		return f, true, err
	}
	if i, ok := s.images[at]; ok {
		return File{Type: i.Type(), Body: i.Data()}, true, nil
	}
	for _, x := range sourceFormats {
		if at == "sources"+x.suffix {
			return File{Type: x.mime, Body: []byte(x.write(s.base.Sources()...))}, true, nil
		}
	}
	if mime := staticTypes[path.Ext(at)]; mime != "" && !strings.Contains(at, "/") {
		if body, err := staticFiles.ReadFile("static/" + at); err == nil {
			return File{Type: mime, Body: body}, true, nil
		}
	}
	return File{}, false, nil
}

var staticTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png"}

// rootPath is the path of the site on its host: "/" or "/packs/".
func (s *Site) rootPath() string {
	u, err := url.Parse(s.c.URL)
	if err != nil {
		return "/"
	}
	return u.EscapedPath() + "/"
}

// maxPermalinks bounds how many pages of earlier versions a site in a folder has; a server
// makes them when they are asked for.
const maxPermalinks = 50_000

// Paths are all paths of a site in a folder. Each page is at its path in each language; pages
// of earlier versions, and what is no page, are only in the one at the root.
func (s *Site) Paths() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, l := range s.languages {
			for p := range s.pages(l) {
				if !yield(l.prefix + p) {
					return
				}
			}
			if l.own && !yield(l.prefix+"search.json") {
				return
			}
		}
		for p := range s.permalinks() {
			if !yield(p) {
				return
			}
		}
		for _, p := range s.files() {
			if !yield(p) {
				return
			}
		}
	}
}

// files are the paths of what is no page.
func (s *Site) files() []string {
	all := []string{"corrections.atom", "robots.txt", "404.html"}
	if s.c.URL != "" {
		all = append(all, "sitemap.xml")
	}
	all = slices.AppendSeq(all, maps.Keys(s.images))
	for _, x := range sourceFormats {
		all = append(all, "sources"+x.suffix)
	}
	names, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, f := range names {
		if s.c.live || f.Name() != "embed.js" {
			all = append(all, f.Name())
		}
	}
	return all
}

// pages are the paths of the pages in a language, below its prefix.
func (s *Site) pages(l *language) iter.Seq[string] {
	return func(yield func(string) bool) {
		more := true
		list := func(path string, entries int) {
			for n := 1; n <= pagesOf(entries) && more; n++ {
				more = yield(numbered(path, n))
			}
		}
		for _, p := range []string{"", "about/", "search/"} {
			list(p, 0)
		}
		list("facts/", len(s.facts))
		for n := 1; n <= pages(len(s.timeline), perTimeline) && more; n++ {
			more = yield(numbered("timeline/", n)) && (len(s.timeline) == 0 || yield(picturePath(n, false)) && yield(picturePath(n, true)))
		}
		list("corrections/", s.changeCount())
		list("sources/", len(s.sources))
		for _, x := range s.sources {
			list("sources/"+x.slug+"/", len(x.facts))
		}
		for under, g := range map[string]*groups{"topics": s.topics, "people": s.people, "years": s.years} {
			list(under+"/", len(g.list))
			for _, x := range g.list {
				list(under+"/"+x.slug+"/", len(x.facts))
			}
		}
		for _, f := range s.facts {
			list(factPath(f.ID), 0)
		}
	}
}

// permalinks are the paths of facts as versions have them, the last versions first, and those
// of facts that are gone.
func (s *Site) permalinks() iter.Seq[string] {
	return func(yield func(string) bool) {
		n := 0
		each := func(p *knowledge.Pack, id string, i int) bool {
			if i < len(s.versions[p]) && s.versions[p][i] != "" && s.existed(p, id, s.versions[p][i]) {
				n++
				return yield(factPath(id + "@" + s.versions[p][i]))
			}
			return true
		}
		most := 0
		for _, all := range s.versions {
			most = max(most, len(all))
		}
		for i := range most {
			for _, f := range s.facts {
				if n >= maxPermalinks && i > 0 || !each(f.Pack, f.ID, i) {
					return
				}
			}
			for _, g := range s.gone {
				if !each(g.pack, g.id, i) {
					return
				}
			}
		}
		for _, g := range s.gone {
			if !yield(factPath(g.id)) {
				return
			}
		}
	}
}
