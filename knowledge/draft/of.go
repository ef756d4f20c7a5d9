package draft

import (
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/splice"
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
		for _, i := range f.Images {
			if i.File != "" {
				d.addImage(i)
			}
		}
	}
	return d
}

// addImage keeps the file of a picture.
func (p *Pack) addImage(i knowledge.Image) {
	if p.Images == nil {
		p.Images = map[string][]byte{}
	}
	p.Images[i.File] = i.Data()
}

// headObject returns what stands in pack.yaml.
func headObject(p *knowledge.Pack) Object {
	o := Object{{Key: "schema", Value: knowledge.SchemaVersion}, {Key: "id", Value: p.ID}}
	o.Put("title", textValue(p, p.Title))
	o.Put("version", p.Version)
	o.Put("license", p.License)
	o.Put("languages", p.Languages)
	var people []any
	for _, m := range p.Maintainers {
		one := Object{{Key: "name", Value: m}}
		one.Put("orcid", p.ORCID[m])
		people = append(people, one)
	}
	o.Put("maintainers", people)
	o.Put("scope-note", textValue(p, p.ScopeNote))
	var groups []any
	for _, g := range p.Synonyms {
		groups = append(groups, splice.Texts(g))
	}
	o.Put("synonyms", groups)
	var history []any
	for _, r := range p.History {
		one := Object{{Key: "version", Value: r.Version}}
		one.Put("date", string(r.Date))
		var changes []any
		for _, c := range r.Changes {
			change := Object{{Key: "fact", Value: c.Fact}, {Key: "kind", Value: string(c.Kind)}}
			change.Put("note", textValue(p, c.Note))
			changes = append(changes, change)
		}
		one.Put("changes", changes)
		history = append(history, one)
	}
	o.Put("history", history)
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
			o.Put(lang, s)
		}
	}
	return o
}

// factObject returns a fact as facts.yaml has it.
func factObject(f *knowledge.Fact) Object {
	p := f.Pack
	o := Object{{Key: "id", Value: f.ID}, {Key: "status", Value: string(f.Status)}}
	o.Put("according-to", f.AccordingTo)
	o.Put("topics", f.Topics)
	var langs []string
	byLang := map[string][]any{}
	for _, q := range f.Questions {
		if byLang[q.Lang] == nil {
			langs = append(langs, q.Lang)
		}
		byLang[q.Lang] = append(byLang[q.Lang], q.Text)
	}
	if len(langs) == 1 && langs[0] == p.Languages[0] {
		o.Put("questions", byLang[langs[0]])
	} else {
		var q Object
		for _, lang := range langs {
			q.Put(lang, byLang[lang])
		}
		o.Put("questions", q)
	}
	o.Put("keywords", f.Keywords)
	o.Put("answer", textValue(p, f.Answer))
	o.Put("detail", textValue(p, f.Detail))
	var positions []any
	for _, x := range f.Positions {
		one := Object{{Key: "holder", Value: x.Holder}}
		one.Put("claim", textValue(p, x.Claim))
		one.Put("date", string(x.Date))
		one.Put("cites", citeObjects(x.Cites))
		positions = append(positions, one)
	}
	o.Put("positions", positions)
	var dates []any
	for _, x := range f.Dates {
		one := Object{{Key: "edtf", Value: string(x.EDTF)}}
		one.Put("label", textValue(p, x.Label))
		if x.Julian {
			one.Put("calendar", "julian")
		}
		dates = append(dates, one)
	}
	o.Put("dates", dates)
	o.Put("people", peopleOf(f))
	o.Put("cites", citeObjects(f.OwnCites()))
	o.Put("support", f.Support)
	o.Put("images", imageObjects(f))
	o.Put("related", f.Related)
	o.Put("reviewed", string(f.Reviewed))
	return o
}

// peopleOf are the names of a fact, each a text or a list of the ways to write it.
func peopleOf(f *knowledge.Fact) []any {
	var out []any
	for _, name := range f.People {
		if v := f.Variants[name]; len(v) > 0 {
			out = append(out, splice.Texts(slices.Concat([]string{name}, v)))
			continue
		}
		out = append(out, name)
	}
	return out
}

// imageObjects returns the pictures of a fact as facts.yaml has them.
func imageObjects(f *knowledge.Fact) []any {
	var out []any
	for _, i := range f.Images {
		var o Object
		o.Put("file", i.File)
		o.Put("url", i.URL)
		o.Put("alt", textValue(f.Pack, i.Alt))
		o.Put("caption", textValue(f.Pack, i.Caption))
		o.Put("credit", i.Credit)
		o.Put("license", i.License)
		out = append(out, o)
	}
	return out
}

// citeObjects returns citations as facts.yaml has them.
func citeObjects(cites []knowledge.Cite) []any {
	var out []any
	for _, c := range cites {
		var o Object
		if c.Source != nil {
			o.Put("source", c.Source.ID)
		}
		if v := c.Locator.Value; v != "" {
			var l Object
			l.Put("label", c.Locator.Label)
			l.Put("value", v)
			o.Put("locator", l)
		}
		if c.QuoteLang == "" && c.Translation == "" && c.TranslatedBy == "" {
			o.Put("quote", c.Quote)
		} else {
			q := Object{{Key: "text", Value: c.Quote}}
			q.Put("lang", c.QuoteLang)
			q.Put("translation", c.Translation)
			q.Put("by", c.TranslatedBy)
			o.Put("quote", q)
		}
		out = append(out, o)
	}
	return out
}

// sourceObject returns a source as sources.yaml has it.
func sourceObject(s *csl.Source) Object {
	o := Object{{Key: "id", Value: s.ID}}
	o.Put("type", s.Type)
	for _, role := range csl.NameVariables() {
		names, ok := s.Names[role]
		if !ok {
			continue
		}
		list := []any{}
		for _, n := range names {
			var one Object
			one.Put("family", n.Family)
			one.Put("given", n.Given)
			one.Put("dropping-particle", n.DroppingParticle)
			one.Put("non-dropping-particle", n.NonDroppingParticle)
			one.Put("suffix", n.Suffix)
			if n.CommaSuffix {
				one.Put("comma-suffix", true)
			}
			one.Put("literal", n.Literal)
			list = append(list, one)
		}
		o = append(o, Member{Key: role, Value: list})
	}
	for _, key := range csl.TextVariables() {
		o.Put(key, s.Fields[key])
	}
	for _, key := range csl.DateVariables() {
		d := s.Dates[key]
		o.Put(key, string(d.EDTF)+d.Literal)
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
	o.Put("custom", otherMembers(own))
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
			o.Put(f.Name, values)
		} else {
			o.Put(f.Name, f.Value)
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
		*o = append(*o, Member{Key: key, Value: []any{question}})
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
	o.Put("find", find)
	o.Put("decline", decline)
	return o
}
