package draft

import (
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// Of returns p as it would be written into files: loading it again gives the same
// pack. Notes (#) and the layout of the files that p came from are not kept.
func Of(p *knowledge.Pack) Pack {
	d := Pack{Head: headObject(p), Unanswered: slices.Clone(p.Unanswered), Eval: evalObject(p.Eval)}
	for _, s := range p.Sources {
		d.Sources = append(d.Sources, sourceObject(s))
	}
	for _, f := range p.Facts {
		d.Facts = append(d.Facts, factObject(f))
	}
	return d
}

// headObject returns what stands in pack.yaml.
func headObject(p *knowledge.Pack) Object {
	o := Object{{"schema", knowledge.SchemaVersion}, {"id", p.ID}}
	o.put("title", textValue(p, p.Title))
	o.put("version", p.Version)
	o.put("license", p.License)
	o.put("languages", p.Languages)
	var people []any
	for _, m := range p.Maintainers {
		one := Object{{"name", m}}
		one.put("orcid", p.ORCID[m])
		people = append(people, one)
	}
	o.put("maintainers", people)
	o.put("scope-note", textValue(p, p.ScopeNote))
	var groups []any
	for _, g := range p.Synonyms {
		groups = append(groups, anys(g))
	}
	o.put("synonyms", groups)
	var history []any
	for _, r := range p.History {
		one := Object{{"version", r.Version}}
		one.put("date", string(r.Date))
		var changes []any
		for _, c := range r.Changes {
			change := Object{{"fact", c.Fact}, {"kind", string(c.Kind)}}
			change.put("note", textValue(p, c.Note))
			changes = append(changes, change)
		}
		one.put("changes", changes)
		history = append(history, one)
	}
	o.put("history", history)
	return o
}

// textValue returns a text alone where it is in the pack's main language only, and
// otherwise the texts by language.
func textValue(p *knowledge.Pack, t knowledge.Text) any {
	if len(t) == 0 {
		return nil
	}
	if s, ok := t[p.Languages[0]]; ok && len(t) == 1 {
		return s
	}
	var o Object
	for _, lang := range p.Languages {
		if s, ok := t[lang]; ok {
			o.put(lang, s)
		}
	}
	return o
}

// factObject returns a fact as facts.yaml has it.
func factObject(f *knowledge.Fact) Object {
	p := f.Pack
	o := Object{{"id", f.ID}, {"status", string(f.Status)}}
	o.put("according-to", f.AccordingTo)
	o.put("topics", f.Topics)
	var langs []string
	byLang := map[string][]any{}
	for _, q := range f.Questions {
		if byLang[q.Lang] == nil {
			langs = append(langs, q.Lang)
		}
		byLang[q.Lang] = append(byLang[q.Lang], q.Text)
	}
	if len(langs) == 1 && langs[0] == p.Languages[0] {
		o.put("questions", byLang[langs[0]])
	} else {
		var q Object
		for _, lang := range langs {
			q.put(lang, byLang[lang])
		}
		o.put("questions", q)
	}
	o.put("keywords", f.Keywords)
	o.put("answer", textValue(p, f.Answer))
	o.put("detail", textValue(p, f.Detail))
	var positions []any
	for _, x := range f.Positions {
		one := Object{{"holder", x.Holder}}
		one.put("claim", textValue(p, x.Claim))
		one.put("date", string(x.Date))
		one.put("cites", citeObjects(x.Cites))
		positions = append(positions, one)
	}
	o.put("positions", positions)
	var dates []any
	for _, x := range f.Dates {
		one := Object{{"edtf", string(x.EDTF)}}
		one.put("label", textValue(p, x.Label))
		if x.Julian {
			one.put("calendar", "julian")
		}
		dates = append(dates, one)
	}
	o.put("dates", dates)
	o.put("people", peopleOf(f))
	o.put("cites", citeObjects(f.OwnCites()))
	o.put("related", f.Related)
	o.put("reviewed", string(f.Reviewed))
	return o
}

// peopleOf are the names of a fact, each a text or a list of the ways to write it.
func peopleOf(f *knowledge.Fact) []any {
	var out []any
	for _, name := range f.People {
		if v := f.Variants[name]; len(v) > 0 {
			out = append(out, anys(slices.Concat([]string{name}, v)))
			continue
		}
		out = append(out, name)
	}
	return out
}

// citeObjects returns citations as facts.yaml has them.
func citeObjects(cites []knowledge.Cite) []any {
	var out []any
	for _, c := range cites {
		var o Object
		if c.Source != nil {
			o.put("source", c.Source.ID)
		}
		if v := c.Locator.Value; v != "" {
			var l Object
			l.put("label", c.Locator.Label)
			l.put("value", v)
			o.put("locator", l)
		}
		if c.QuoteLang == "" && c.Translation == "" && c.TranslatedBy == "" {
			o.put("quote", c.Quote)
		} else {
			q := Object{{"text", c.Quote}}
			q.put("lang", c.QuoteLang)
			q.put("translation", c.Translation)
			q.put("by", c.TranslatedBy)
			o.put("quote", q)
		}
		out = append(out, o)
	}
	return out
}

// sourceObject returns a source as sources.yaml has it.
func sourceObject(s *csl.Source) Object {
	o := Object{{"id", s.ID}}
	o.put("type", s.Type)
	for _, role := range csl.NameVariables() {
		names, ok := s.Names[role]
		if !ok {
			continue
		}
		list := []any{}
		for _, n := range names {
			var one Object
			one.put("family", n.Family)
			one.put("given", n.Given)
			one.put("dropping-particle", n.DroppingParticle)
			one.put("non-dropping-particle", n.NonDroppingParticle)
			one.put("suffix", n.Suffix)
			if n.CommaSuffix {
				one.put("comma-suffix", true)
			}
			one.put("literal", n.Literal)
			list = append(list, one)
		}
		o = append(o, Member{role, list})
	}
	for _, key := range csl.TextVariables() {
		o.put(key, s.Fields[key])
	}
	for _, key := range csl.DateVariables() {
		d := s.Dates[key]
		o.put(key, string(d.EDTF)+d.Literal)
	}
	const custom = "custom."
	var own, others []csl.Field
	for _, f := range s.Other {
		if strings.HasPrefix(f.Name, custom) {
			own = append(own, csl.Field{Name: strings.TrimPrefix(f.Name, custom), Value: f.Value})
		} else {
			others = append(others, f)
		}
	}
	o = append(o, otherMembers(others)...)
	o.put("custom", otherMembers(own))
	return o
}

// otherMembers returns the fields that CSL does not know. A name that stands
// several times, and one that CSL would take for a text of its own, is written as
// a list: so the loader reads them as it read them before.
func otherMembers(fields []csl.Field) Object {
	var o Object
	for i, f := range fields {
		first := slices.IndexFunc(fields, func(x csl.Field) bool { return x.Name == f.Name })
		if first < i {
			continue
		}
		values := []any{f.Value}
		for _, x := range fields[i+1:] {
			if x.Name == f.Name {
				values = append(values, []any{x.Value})
			}
		}
		if len(values) > 1 || slices.Contains(csl.TextVariables(), f.Name) {
			o.put(f.Name, values)
		} else {
			o.put(f.Name, f.Value)
		}
	}
	return o
}

// evalObject returns the questions as eval.yaml has them.
func evalObject(e knowledge.Eval) Object {
	var find, decline Object
	add := func(o *Object, key, question string) {
		for i := range *o {
			if (*o)[i].Key == key {
				(*o)[i].Value = append((*o)[i].Value.([]any), question)
				return
			}
		}
		*o = append(*o, Member{key, []any{question}})
	}
	for _, c := range e.Find {
		for _, id := range c.Facts {
			add(&find, id, c.Question)
		}
	}
	for _, c := range e.Decline {
		add(&decline, string(c.Kind), c.Question)
	}
	var o Object
	o.put("find", find)
	o.put("decline", decline)
	return o
}
