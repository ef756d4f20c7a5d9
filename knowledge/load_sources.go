package knowledge

import (
	"slices"
	"strconv"
	"strings"

	"footnote/knowledge/edtf"
	"footnote/knowledge/strictyaml"
)

// MaxField is the length of one field of a source in characters; abstracts and
// notes may be long.
const MaxField = 20_000

// readSources reads a CSL-YAML list: bare, or under references as pandoc has it.
// CSL is an open vocabulary, so an unknown field is a warning and is kept.
func (r *packReader) readSources(n *strictyaml.Node) (whole bool) {
	list := n
	if !n.IsList() {
		m := n.AnyMap("a list of references")
		list = m.Required("references")
		for _, k := range m.Keys() {
			if k != "references" && k != "schema" { // pandoc writes nocite and the like
				m.Key(k).Warnf("this is not read%s", r.didYouMean(k, []string{"references"}))
			}
		}
	}
	for _, c := range list.List("references") {
		r.source(c)
	}
	return list.IsList()
}

func (r *packReader) source(n *strictyaml.Node) {
	m := n.AnyMap("a reference (id: …, type: …)")
	if !n.IsMap() {
		return
	}
	s := &Source{Names: map[string][]Name{}, Dates: map[string]SourceDate{}, Fields: map[string]string{}, Place: n.Place()}
	if id := m.Peek("id"); id != "" {
		n = n.At("references[" + strings.Trim(strictyaml.Quote(id), `"`) + "]")
		m = n.AnyMap("")
	}
	s.ID = m.Required("id").Bounded(MaxWord)
	if t := m.Required("type"); t != nil {
		if s.Type = t.NonEmpty(); s.Type != "" && !slices.Contains(cslTypes, s.Type) {
			t.Warnf("%s is no type of CSL%s; it is cited in a general form", strictyaml.Quote(s.Type), r.didYouMean(s.Type, cslTypes))
		}
	}
	for _, key := range m.Keys() {
		v := m.Get(key)
		switch {
		case key == "id" || key == "type" || v == nil:
		case slices.Contains(cslNames, key):
			s.Names[key] = r.names(v)
		case slices.Contains(cslDates, key):
			if d := r.sourceDate(v); d != (SourceDate{}) {
				s.Dates[key] = d
			}
		case slices.Contains(cslTexts, key) && v.IsText():
			if t := strings.TrimSpace(v.Text()); t != "" {
				s.Fields[key] = v.Bounded(MaxField)
			}
		default:
			if !slices.Contains(cslTexts, key) && key != "custom" && key != "categories" {
				m.Key(key).Warnf("this field is not known to CSL%s; it is shown at the end of the full citation",
					r.didYouMean(key, append(append(append([]string{}, cslTexts...), cslNames...), cslDates...)))
			}
			s.Other = append(s.Other, r.otherFields(v, key)...)
		}
	}
	if u, ok := s.Fields["URL"]; ok && !isLink(u) {
		m.Get("URL").Warnf("%s is no https address; it is shown as text and not as a link", strictyaml.Quote(u))
	}
	if s.ID == "" {
		return
	}
	if first, dup := r.sources[s.ID]; dup {
		m.Get("id").Errorf("the id %s is already taken by the source at %s:%d; ids must differ", strictyaml.Quote(s.ID), first.Place.File, first.Place.Line)
		return
	}
	r.sources[s.ID] = s
	r.pack.Sources = append(r.pack.Sources, s)
}

// names reads a list of names, or a single one as some exporters write it.
func (r *packReader) names(n *strictyaml.Node) []Name {
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
		name := Name{Family: get("family"), Given: get("given"), Literal: get("literal"), DroppingPart: get("dropping-particle"),
			NonDroppingPart: get("non-dropping-particle"), Suffix: get("suffix"), CommaSuffix: truth(m.Get("comma-suffix"))}
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

// sourceDate reads a date in any of the forms that Zotero, Better BibTeX and
// pandoc write: an EDTF text, {date-parts: [[1956, 2]]}, {year: 1956, month: 2},
// a list of those, {literal: …} or {raw: …}.
func (r *packReader) sourceDate(n *strictyaml.Node) SourceDate {
	if n.IsText() {
		return textDate(n.Bounded(MaxWord))
	}
	if n.IsList() {
		var ends []string
		list := n.List("")
		for _, c := range list {
			d := r.sourceDate(c)
			if d.EDTF == "" {
				if len(list) == 1 {
					return d
				}
				return SourceDate{}
			}
			ends = append(ends, string(d.EDTF))
		}
		switch len(ends) {
		case 0:
			n.Errorf("the date is empty; fill it in or delete the key")
			return SourceDate{}
		case 1, 2:
			return r.checkedDate(n, strings.Join(ends, "/"))
		}
		n.Errorf("a date has one or two ends; this has %d", len(ends))
		return SourceDate{}
	}
	m := n.Map("date-parts", "literal", "raw", "circa", "season", "edtf", "year", "month", "day")
	circa := ""
	if c := m.Get("circa"); truth(c) {
		circa = "~"
	}
	switch {
	case m.Get("edtf") != nil:
		return textDate(m.Get("edtf").Bounded(MaxWord))
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
		return r.checkedDate(n, strings.Join(ends, "/"))
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
		return r.checkedDate(n, string(edtf.FromParts(nums...))+circa)
	case m.Get("literal") != nil:
		return textDate(m.Get("literal").Bounded(MaxWord))
	case m.Get("raw") != nil:
		return textDate(m.Get("raw").Bounded(MaxWord))
	}
	if n.IsMap() {
		n.Errorf("the date is empty; write for example 1956-02 or {date-parts: [[1956, 2]]}")
	}
	return SourceDate{}
}

func (r *packReader) checkedDate(n *strictyaml.Node, s string) SourceDate {
	if err := edtf.Date(s).Check(); err != nil {
		n.Errorf("%v", err)
		return SourceDate{}
	}
	return SourceDate{EDTF: edtf.Date(s)}
}

// textDate takes a text as EDTF if it is, and as it stands otherwise: sources
// carry dates such as "n.d." or "forthcoming".
func textDate(s string) SourceDate {
	switch {
	case s == "":
		return SourceDate{}
	case edtf.Date(s).Check() == nil:
		return SourceDate{EDTF: edtf.Date(s)}
	}
	return SourceDate{Literal: s}
}

// otherFields flattens what CSL does not know into named texts.
func (r *packReader) otherFields(n *strictyaml.Node, name string) []Field {
	switch {
	case n == nil:
		return nil
	case n.IsMap():
		var out []Field
		m := n.AnyMap("")
		for _, k := range m.Keys() {
			out = append(out, r.otherFields(m.Get(k), name+"."+k)...)
		}
		return out
	case n.IsList():
		var texts []string
		var out []Field
		for _, c := range n.List("") {
			if c.IsText() {
				texts = append(texts, c.Bounded(MaxField))
			} else {
				out = append(out, r.otherFields(c, name)...)
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
