package csl

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"footnote/knowledge/strictyaml"
)

// Limits of a source's texts, in characters.
const (
	MaxID    = 200
	MaxField = 20_000 // one field: abstracts and notes may be long
	maxDate  = 200    // a date that is written in words
)

// Read reads one file of sources: a CSL-YAML or CSL-JSON list, bare or under the
// key references as pandoc has it, or items as Zotero's server has it. Sources
// whose id is in taken, or stands twice in the file, are errors and left out.
// Whatever else is odd is a warning, and what was written is kept: most such files
// come from another program. A source that does not say its language is taken to be
// in the first of languages, those of the pack, or in English if there are none.
// whole reports whether the file held a list.
func Read(n *strictyaml.Node, taken map[string]*Source, languages ...string) (sources []*Source, whole bool) {
	list := listOf(n)
	own := map[string]*Source{}
	r := reader{odd: map[string]*oddity{}}
	for _, c := range list.List("references") {
		s, id := r.source(c)
		if s == nil || s.ID == "" {
			continue
		}
		if first := cmp.Or(taken[s.ID], own[s.ID]); first != nil {
			at := fmt.Sprintf("%s:%d", first.Place.File, first.Place.Line)
			if s.languages = languages; s.same(first) {
				id.Warnf("the source %s stands at %s already, in the same words; delete one of the two", strictyaml.Quote(s.ID), at)
			} else {
				id.Errorf("the id %s is already taken by the source at %s; ids must differ", strictyaml.Quote(s.ID), at)
			}
			continue
		}
		s.languages = languages
		own[s.ID] = s
		sources = append(sources, s)
	}
	r.tell()
	return sources, list.IsList()
}

// listOf returns the list of references in a file.
func listOf(n *strictyaml.Node) *strictyaml.Node {
	if n.IsList() {
		return n
	}
	m := n.ForeignMap("a list of references")
	key := "references"
	if !m.Has(key) && m.Get("items").IsList() {
		key = "items"
	}
	list := m.Required(key)
	for _, k := range m.Keys() {
		if k != key && k != "schema" { // pandoc writes nocite and the like
			m.Key(k).Warnf("this is not read%s", m.Key(k).DidYouMean(k, []string{"references"}))
		}
	}
	return list
}

// same reports whether two sources say the same.
func (s *Source) same(t *Source) bool {
	a, b := *s, *t
	a.Place, b.Place = strictyaml.Place{}, strictyaml.Place{}
	return reflect.DeepEqual(a, b)
}

// A reader reads the sources of one file.
type reader struct{ odd map[string]*oddity }

// An oddity is something that stands in many sources, and is told once.
type oddity struct {
	first   *strictyaml.Node
	message string
	times   int
}

// once warns at n. What has the same key is told once, with the number of times.
func (r *reader) once(n *strictyaml.Node, key string, message func() string) {
	if o := r.odd[key]; o != nil {
		o.times++
		return
	}
	r.odd[key] = &oddity{n, message(), 1}
}

// tell adds the warnings that [reader.once] gathered.
func (r *reader) tell() {
	for _, key := range slices.Sorted(maps.Keys(r.odd)) {
		o := r.odd[key]
		if o.times > 1 {
			o.first.Warnf("%s (so in %d places)", o.message, o.times)
		} else {
			o.first.Warnf("%s", o.message)
		}
	}
}

// aliases are names that BibTeX, RIS and people have for variables of CSL.
var aliases = map[string]string{"year": "issued", "date": "issued", "journal": "container-title", "booktitle": "container-title", "pages": "page",
	"place": "publisher-place", "address": "publisher-place", "institution": "publisher", "school": "publisher", "series": "collection-title",
	"doi": "DOI", "url": "URL", "isbn": "ISBN", "issn": "ISSN", "authors": "author", "editors": "editor"}

// foreignTypes are the types of items that Crossref writes where it means CSL's.
var foreignTypes = map[string]string{"journal-article": "article-journal", "book-chapter": "chapter", "book-section": "chapter", "monograph": "book",
	"edited-book": "book", "reference-book": "book", "proceedings-article": "paper-conference", "reference-entry": "entry", "dissertation": "thesis",
	"posted-content": "article", "proceedings": "book", "journal": "periodical", "video": "motion_picture"}

// source reads one source; id is where its id stands. It is nil if n is no map.
func (r *reader) source(n *strictyaml.Node) (s *Source, id *strictyaml.Node) {
	if !n.IsMap() {
		n.AnyMap("a reference (id: …, type: …)")
		return nil, nil
	}
	s = &Source{Names: map[string][]Name{}, Dates: map[string]Date{}, Fields: map[string]string{}, Place: n.Place()}
	if name := n.Peek("id"); name != "" {
		n = n.At("references[" + strings.Trim(strictyaml.Quote(name), `"`) + "]")
	}
	m := n.ForeignMap("")
	id = r.id(m, s)
	r.kind(m, s)
	for _, key := range m.Keys() {
		if v := m.Get(key); key != "id" && key != "type" && v != nil {
			r.variable(m, s, key, v)
		}
	}
	if u, ok := s.Fields["URL"]; ok && !IsLink(u) {
		r.once(m.Get("URL"), "address", func() string {
			return strictyaml.Quote(u) + " is no https address; it is shown as text and not as a link"
		})
	}
	return s, id
}

// id reads the id of a source, or what another program calls it by.
func (r *reader) id(m *strictyaml.Map, s *Source) *strictyaml.Node {
	if !m.Has("id") {
		for _, key := range []string{"citation-key", "citekey", "DOI"} {
			if v := m.Peek(key); v != "" {
				m.Node().Warnf("id is missing; the source goes by its %s, %s", key, strictyaml.Quote(v))
				s.ID = m.Get(key).Bounded(MaxID)
				return m.Get(key)
			}
		}
	}
	id := m.Required("id")
	s.ID = id.Bounded(MaxID)
	return id
}

// kind reads the type of a source.
func (r *reader) kind(m *strictyaml.Map, s *Source) {
	t := m.Get("type")
	s.Type = fieldText(t, MaxID)
	switch meant := foreignTypes[s.Type]; {
	case s.Type == "":
		m.Node().Warnf("type is missing; write for example type: book. It is cited in a general form")
		s.Type = "document"
	case meant != "":
		t.Warnf("%s is no type of CSL; it is read as %s", strictyaml.Quote(s.Type), meant)
		s.Type = meant
	case !slices.Contains(types, s.Type):
		t.Warnf("%s is no type of CSL%s; it is cited in a general form", strictyaml.Quote(s.Type), t.DidYouMean(s.Type, types))
	}
}

// variable reads one key of a source.
func (r *reader) variable(m *strictyaml.Map, s *Source, key string, v *strictyaml.Node) {
	if meant := aliases[key]; meant != "" && !m.Has(meant) && (v.IsText() || slices.Contains(nameVariables, meant)) {
		m.Key(key).Warnf("%s is not a name of CSL; it is read as %s, so write %s", key, meant, meant)
		key = meant
	}
	switch {
	case slices.Contains(nameVariables, key):
		if names := r.names(v, s, key); len(names) > 0 {
			s.Names[key] = names
		}
	case slices.Contains(dateVariables, key):
		if d := r.date(v, s, key); d != (Date{}) {
			s.Dates[key] = d
		}
	case slices.Contains(textVariables, key) && (v.IsText() || isTexts(v)):
		if t := fieldText(v, MaxField); t != "" {
			s.Fields[key] = t
		}
	default:
		if !slices.Contains(textVariables, key) && key != "custom" && key != "categories" {
			at := m.Key(key)
			r.once(at, "field "+key, func() string {
				return fmt.Sprintf("this field is not known to CSL%s; it is shown at the end of the full citation",
					at.DidYouMean(key, slices.Concat(textVariables, nameVariables, dateVariables)))
			})
		}
		s.Other = append(s.Other, readOther(v, key)...)
	}
}

// isTexts reports whether n is a list of texts, as ISSN is with Crossref.
func isTexts(n *strictyaml.Node) bool {
	return n.IsList() && len(n.List("")) > 0 && !slices.ContainsFunc(n.List(""), func(c *strictyaml.Node) bool { return !c.IsText() })
}

// fieldText returns the text of n without white space around it, or "". A list of
// texts becomes one. What is longer than limit is a warning, and cut.
func fieldText(n *strictyaml.Node, limit int) string {
	var s string
	switch {
	case n.IsText():
		s = strings.TrimSpace(n.Text())
	case n.IsList():
		var texts []string
		for _, c := range n.List("") {
			if t := fieldText(c, limit); t != "" {
				texts = append(texts, t)
			}
		}
		s = strings.Join(texts, ", ")
	}
	if len(s) <= limit {
		return s
	}
	if all := []rune(s); len(all) > limit {
		n.Warnf("the text has %d characters; the first %d are kept", len(all), limit)
		return strings.TrimSpace(string(all[:limit]))
	}
	return s
}

// readOther flattens what CSL does not know into named texts.
func readOther(n *strictyaml.Node, name string) []Field {
	var out []Field
	switch {
	case n.IsMap():
		m := n.ForeignMap("")
		for _, k := range m.Keys() {
			out = append(out, readOther(m.Get(k), name+"."+k)...)
		}
	case n.IsList():
		for _, c := range n.List("") {
			if !c.IsText() {
				out = append(out, readOther(c, name)...)
			}
		}
		var texts []string
		for _, c := range n.List("") {
			if t := fieldText(c, MaxField); c.IsText() && t != "" {
				texts = append(texts, t)
			}
		}
		if len(texts) > 0 {
			out = append([]Field{{name, strings.Join(texts, ", ")}}, out...)
		}
	default:
		if s := fieldText(n, MaxField); s != "" {
			out = []Field{{name, s}}
		}
	}
	return out
}

// truth reads the ways in which exporters write a yes.
func truth(n *strictyaml.Node) bool {
	if !n.IsText() {
		return false
	}
	switch strings.ToLower(n.Text()) {
	case "", "0", "false", "no":
		return false
	}
	return true
}
