package csl

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"footnote/knowledge/edtf"
	"footnote/knowledge/strictyaml"
)

// Limits of a source's texts, in characters.
const (
	MaxID    = 200
	MaxField = 20_000 // one field: abstracts and notes may be long
	maxDate  = 200    // a date that is written in words
)

// Read reads one file of sources: a CSL-YAML or CSL-JSON list, bare or under the
// key references as pandoc has it. Sources whose id is in taken, or stands twice
// in the file, are errors and left out. CSL is an open vocabulary, so an unknown
// field is a warning and is kept. whole reports whether the file held a list.
func Read(n *strictyaml.Node, taken map[string]*Source) (sources []*Source, whole bool) {
	list := n
	if !n.IsList() {
		m := n.AnyMap("a list of references")
		list = m.Required("references")
		for _, k := range m.Keys() {
			if k != "references" && k != "schema" { // pandoc writes nocite and the like
				m.Key(k).Warnf("this is not read%s", m.Key(k).DidYouMean(k, []string{"references"}))
			}
		}
	}
	own := map[string]*Source{}
	for _, c := range list.List("references") {
		s, id := readSource(c)
		if s == nil || s.ID == "" {
			continue
		}
		if first := cmp.Or(taken[s.ID], own[s.ID]); first != nil {
			id.Errorf("the id %s is already taken by the source at %s:%d; ids must differ", strictyaml.Quote(s.ID), first.Place.File, first.Place.Line)
			continue
		}
		own[s.ID] = s
		sources = append(sources, s)
	}
	return sources, list.IsList()
}

// readSource reads one source; id is where its id stands. It is nil if n is no map.
func readSource(n *strictyaml.Node) (s *Source, id *strictyaml.Node) {
	m := n.AnyMap("a reference (id: …, type: …)")
	if !n.IsMap() {
		return nil, nil
	}
	s = &Source{Names: map[string][]Name{}, Dates: map[string]Date{}, Fields: map[string]string{}, Place: n.Place()}
	if id := m.Peek("id"); id != "" {
		n = n.At("references[" + strings.Trim(strictyaml.Quote(id), `"`) + "]")
		m = n.AnyMap("")
	}
	s.ID = m.Required("id").Bounded(MaxID)
	if t := m.Required("type"); t != nil {
		if s.Type = t.NonEmpty(); s.Type != "" && !slices.Contains(types, s.Type) {
			t.Warnf("%s is no type of CSL%s; it is cited in a general form", strictyaml.Quote(s.Type), t.DidYouMean(s.Type, types))
		}
	}
	for _, key := range m.Keys() {
		v := m.Get(key)
		switch {
		case key == "id" || key == "type" || v == nil:
		case slices.Contains(nameVariables, key):
			s.Names[key] = readNames(v)
		case slices.Contains(dateVariables, key):
			if d := readDate(v); d != (Date{}) {
				s.Dates[key] = d
			}
		case slices.Contains(textVariables, key) && v.IsText():
			if t := strings.TrimSpace(v.Text()); t != "" {
				s.Fields[key] = v.Bounded(MaxField)
			}
		default:
			if !slices.Contains(textVariables, key) && key != "custom" && key != "categories" {
				m.Key(key).Warnf("this field is not known to CSL%s; it is shown at the end of the full citation",
					m.Key(key).DidYouMean(key, slices.Concat(textVariables, nameVariables, dateVariables)))
			}
			s.Other = append(s.Other, readOther(v, key)...)
		}
	}
	if u, ok := s.Fields["URL"]; ok && !isLink(u) {
		m.Get("URL").Warnf("%s is no https address; it is shown as text and not as a link", strictyaml.Quote(u))
	}
	return s, m.Get("id")
}

// readNames reads a list of names, or a single one as some exporters write it.
func readNames(n *strictyaml.Node) []Name {
	nodes := []*strictyaml.Node{n}
	if n.IsList() {
		nodes = n.List("")
	}
	var out []Name
	for _, c := range nodes {
		if c.IsText() {
			if s := c.Bounded(MaxField); s != "" {
				out = append(out, Name{Literal: s})
			}
			continue
		}
		m := c.Map("family", "given", "literal", "dropping-particle", "non-dropping-particle", "suffix",
			"comma-suffix", "static-ordering", "parse-names", "comma-dropping-particle", "multi", "isInstitution")
		get := func(key string) string { return m.Get(key).Bounded(MaxField) }
		name := Name{Family: get("family"), Given: get("given"), Literal: get("literal"), DroppingParticle: get("dropping-particle"),
			NonDroppingParticle: get("non-dropping-particle"), Suffix: get("suffix"), CommaSuffix: truth(m.Get("comma-suffix"))}
		if name.Full() == "" {
			if c.IsMap() {
				c.Errorf("the name is empty; write family and given, or literal for a body")
			}
			continue
		}
		out = append(out, name)
	}
	return out
}

// readDate reads a date in any of the forms that Zotero, Better BibTeX and
// pandoc write: an EDTF text, {date-parts: [[1956, 2]]}, {year: 1956, month: 2},
// a list of those, {literal: …} or {raw: …}.
func readDate(n *strictyaml.Node) Date {
	if n.IsText() {
		return textDate(n.Bounded(maxDate))
	}
	if n.IsList() {
		var ends []string
		list := n.List("")
		for _, c := range list {
			d := readDate(c)
			if d.EDTF == "" {
				if len(list) == 1 {
					return d
				}
				return Date{}
			}
			ends = append(ends, string(d.EDTF))
		}
		switch len(ends) {
		case 0:
			n.Errorf("the date is empty; fill it in or delete the key")
			return Date{}
		case 1, 2:
			return checkedDate(n, strings.Join(ends, "/"))
		}
		n.Errorf("a date has one or two ends; this has %d", len(ends))
		return Date{}
	}
	m := n.Map("date-parts", "literal", "raw", "circa", "season", "edtf", "year", "month", "day")
	circa := ""
	if c := m.Get("circa"); truth(c) {
		circa = "~"
	}
	switch {
	case m.Get("edtf") != nil:
		return textDate(m.Get("edtf").Bounded(maxDate))
	case m.Get("date-parts") != nil:
		var ends []string
		for _, part := range m.Get("date-parts").List("lists such as [1956, 2, 25]") {
			var nums []string
			for _, x := range part.List("numbers such as [1956, 2, 25]") {
				nums = append(nums, x.NonEmpty())
			}
			if len(nums) == 1 && m.Get("season").IsText() {
				if s, err := strconv.Atoi(m.Get("season").Text()); err == nil {
					nums = append(nums, strconv.Itoa(20+(s-1)%20+1))
				}
			}
			ends = append(ends, string(edtf.FromParts(nums...))+circa)
		}
		return checkedDate(n, strings.Join(ends, "/"))
	case m.Get("year") != nil:
		nums := []string{m.Get("year").NonEmpty()}
		if mo := m.Get("month"); mo != nil {
			nums = append(nums, mo.NonEmpty())
			if d := m.Get("day"); d != nil {
				nums = append(nums, d.NonEmpty())
			}
		} else if se := m.Get("season"); se != nil {
			if s, err := strconv.Atoi(se.NonEmpty()); err == nil {
				nums = append(nums, strconv.Itoa(20+s))
			}
		}
		return checkedDate(n, string(edtf.FromParts(nums...))+circa)
	case m.Get("literal") != nil:
		return textDate(m.Get("literal").Bounded(maxDate))
	case m.Get("raw") != nil:
		return textDate(m.Get("raw").Bounded(maxDate))
	}
	if n.IsMap() {
		n.Errorf("the date is empty; write for example 1956-02 or {date-parts: [[1956, 2]]}")
	}
	return Date{}
}

// checkedDate returns s as a date; what is wrong with it is an error at n.
func checkedDate(n *strictyaml.Node, s string) Date {
	if err := edtf.Date(s).Check(); err != nil {
		n.Errorf("%v", err)
		return Date{}
	}
	return Date{EDTF: edtf.Date(s)}
}

// textDate takes a text as EDTF if it is, and as it stands otherwise: sources
// carry dates such as "n.d." or "forthcoming".
func textDate(s string) Date {
	switch {
	case s == "":
		return Date{}
	case edtf.Date(s).Check() == nil:
		return Date{EDTF: edtf.Date(s)}
	}
	return Date{Literal: s}
}

// readOther flattens what CSL does not know into named texts.
func readOther(n *strictyaml.Node, name string) []Field {
	switch {
	case n == nil:
		return nil
	case n.IsMap():
		var out []Field
		m := n.AnyMap("")
		for _, k := range m.Keys() {
			out = append(out, readOther(m.Get(k), name+"."+k)...)
		}
		return out
	case n.IsList():
		var texts []string
		var out []Field
		for _, c := range n.List("") {
			if c.IsText() {
				texts = append(texts, c.Bounded(MaxField))
			} else {
				out = append(out, readOther(c, name)...)
			}
		}
		if len(texts) > 0 {
			out = append([]Field{{name, strings.Join(texts, ", ")}}, out...)
		}
		return out
	}
	if s := n.Bounded(MaxField); s != "" {
		return []Field{{name, s}}
	}
	return nil
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
