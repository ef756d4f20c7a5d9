package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/draft"
	"footnote/knowledge/importer"
	"footnote/knowledge/splice"
	"footnote/knowledge/strictyaml"
)

// A sourceLine is a source in the list.
type sourceLine struct {
	ID, Type string
	Note     csl.Runs
	Title    string // where there is no note yet
	Cited    []string
	Problems []knowledge.Problem
	Same     string // another source that looks like the same work, and why
}

// sources lists the sources with where each is cited.
func (v *visit) sources() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "sources", "Sources", map[string]any{"Sources": s.sourceLines(oneLine(v.r.URL.Query().Get("q"))), "All": len(s.sources), "Q": oneLine(v.r.URL.Query().Get("q"))})
}

// maxCompare bounds between how many sources doubles are looked for: each is compared with
// each.
const maxCompare = 1000

func (s *state) sourceLines(filter string) []sourceLine {
	cited := map[string][]string{}
	for _, e := range s.facts {
		for _, id := range citedBy(e.Object) {
			if !slices.Contains(cited[id], e.ID) {
				cited[id] = append(cited[id], e.ID)
			}
		}
	}
	var out []sourceLine
	for i, e := range s.sources {
		l := sourceLine{ID: e.ID, Type: e.Object.Text("type"), Title: cmpOr(e.Object.Text("title"), e.ID), Cited: cited[e.ID], Problems: e.Problems}
		if x := s.parsed(e); x != nil {
			l.Note = x.Note(locatorNone)
		}
		for _, o := range s.sources[:min(i, maxCompare)] {
			if why := importer.SameWork(o.Object, e.Object); why != "" {
				l.Same = fmt.Sprintf("%s (%s)", o.ID, why)
				break
			}
		}
		if strings.Contains(strings.ToLower(l.ID+" "+l.Note.String()+" "+l.Title), strings.ToLower(filter)) {
			out = append(out, l)
		}
	}
	return out
}

// citedBy are the sources that a fact cites.
func citedBy(o splice.Object) []string {
	var out []string
	for _, c := range citesOf(o.Get("cites")) {
		out = append(out, c.Source)
	}
	for _, p := range objects(o.Get("positions")) {
		for _, c := range citesOf(p.Get("cites")) {
			out = append(out, c.Source)
		}
	}
	return out
}

// A sourceForm is a source as its form shows it.
type sourceForm struct {
	ID, Type string
	Names    []labelled
	Fields   []labelled
	More     []labelled // what the form does not change
}

// A labelled text has its label of CSL and what that means.
type labelled struct{ Key, Name, Text string }

// sourceNames and sourceFields are what the form of a source shows, in its order.
var (
	sourceNames  = []labelled{{Key: "author", Name: "Authors"}, {Key: "editor", Name: "Editors"}, {Key: "translator", Name: "Translators"}}
	sourceFields = []labelled{
		{Key: "title", Name: "Title"}, {Key: "title-short", Name: "Short title, for later notes"}, {Key: "container-title", Name: "In: journal, volume, newspaper or site"},
		{Key: "volume", Name: "Volume"}, {Key: "issue", Name: "Issue"}, {Key: "page", Name: "Pages"}, {Key: "edition", Name: "Edition"}, {Key: "publisher-place", Name: "Place"},
		{Key: "publisher", Name: "Publisher"}, {Key: "issued", Name: "Published"}, {Key: "original-date", Name: "First published or written"}, {Key: "collection-title", Name: "Series"},
		{Key: "genre", Name: "Kind of thesis, report or manuscript"}, {Key: "archive", Name: "Archive"}, {Key: "archive-place", Name: "Town of the archive"},
		{Key: "archive_location", Name: "Place in the archive"}, {Key: "DOI", Name: "DOI"}, {Key: "URL", Name: "Address"}, {Key: "accessed", Name: "Read on"}, {Key: "language", Name: "Language"},
	}
)

// sourceFormOf returns the form of a source.
func sourceFormOf(o splice.Object) sourceForm {
	f := sourceForm{ID: o.Text("id"), Type: o.Text("type")}
	for _, n := range sourceNames {
		var names []string
		for _, x := range listOf(o.Get(n.Key)) {
			names = append(names, draft.NameCell(x))
		}
		n.Text = strings.Join(names, "\n")
		f.Names = append(f.Names, n)
	}
	shown := map[string]bool{"id": true, "type": true}
	for _, n := range sourceNames {
		shown[n.Key] = true
	}
	for _, x := range sourceFields {
		shown[x.Key] = true
		x.Text = fieldText(o.Get(x.Key))
		f.Fields = append(f.Fields, x)
	}
	for _, m := range o {
		if !shown[m.Key] {
			f.More = append(f.More, labelled{Key: m.Key, Text: fieldText(m.Value)})
		}
	}
	return f
}

// fieldText writes a value on one line, whatever it is.
func fieldText(x any) string {
	switch v := x.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return strings.TrimSpace(strings.TrimPrefix(oneLine(string(splice.Written(splice.Object{{Key: "x", Value: x}}))), "x:"))
}

// object returns the source as it is to stand in its file.
func (f sourceForm) object(old splice.Object, form url.Values) (splice.Object, error) {
	o := splice.Object{{Key: "id", Value: f.ID}}
	o.Put("type", oneLine(form.Get("type")))
	was := sourceFormOf(old)
	for i, n := range sourceNames {
		if typed := strings.Join(nonEmptyLines(form.Get(n.Key)), "\n"); typed == was.Names[i].Text {
			o.Put(n.Key, old.Get(n.Key))
		} else {
			var names []any
			for _, line := range nonEmptyLines(typed) {
				name, err := draft.ParseName(line)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", n.Name, err)
				}
				names = append(names, name)
			}
			o.Put(n.Key, names)
		}
	}
	for i, x := range sourceFields {
		typed := oneLine(form.Get(x.Key))
		switch {
		case typed == oneLine(was.Fields[i].Text):
			o.Put(x.Key, old.Get(x.Key))
		case slices.Contains(csl.DateVariables(), x.Key):
			o.Put(x.Key, date(typed))
		default:
			o.Put(x.Key, typed)
		}
	}
	for _, m := range old {
		if !o.Has(m.Key) && !slices.ContainsFunc(sourceFields, func(x labelled) bool { return x.Key == m.Key }) && !slices.ContainsFunc(sourceNames, func(x labelled) bool { return x.Key == m.Key }) {
			o = append(o, m)
		}
	}
	return o, nil
}

// source shows the form of one.
func (v *visit) source() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	body := map[string]any{"Types": csl.Types(), "New": id == newName}
	if id == newName {
		file := s.sourcesFile()
		body["Form"], body["File"], body["Hash"] = sourceFormOf(splice.Object{{Key: "type", Value: "book"}}), file, hashed(s.files[file])
		return v.show(http.StatusOK, "source", "A new source", body)
	}
	e := s.source(id)
	if e == nil {
		return refuse(http.StatusNotFound, "There is no such source any more.")
	}
	body["Form"], body["File"], body["Hash"], body["Live"] = sourceFormOf(e.Object), e.File, hashed(s.files[e.File]), s.notesOf(e)
	for _, l := range s.sourceLines("") {
		if l.ID == id {
			body["Line"] = l
		}
	}
	return v.show(http.StatusOK, "source", id, body)
}

// sourcesFile is the file to which new sources go.
func (s *state) sourcesFile() string {
	if n := len(s.sources); n > 0 {
		return s.sources[n-1].File
	}
	return "sources.yaml"
}

// A sourceNotes are the forms in which a source is cited.
type sourceNotes struct {
	Full, Short, Entry csl.Runs
	Problems           []knowledge.Problem
}

func (s *state) notesOf(e *entry) *sourceNotes {
	n := &sourceNotes{Problems: e.Problems}
	if x := s.parsed(e); x != nil {
		n.Full, n.Short, n.Entry = x.Note(csl.Locator{Value: "12"}), x.ShortNote(csl.Locator{Value: "12"}), x.Entry()
	}
	return n
}

// alone reads one source by itself.
func alone(o splice.Object) *csl.Source {
	var rep strictyaml.Report
	n := strictyaml.ParseForeign("", splice.File(splice.Object{{Key: "references", Value: []any{o}}}), &rep)
	if n == nil {
		return nil
	}
	if all, _ := csl.Read(n, nil); len(all) == 1 {
		return all[0]
	}
	return nil
}

// liveSource shows how the source of a form will be cited.
func (v *visit) liveSource() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	id := oneLine(v.r.PostForm.Get("id"))
	var old splice.Object
	if e := s.source(id); e != nil {
		old = e.Object
	}
	o, err := sourceForm{ID: cmpOr(id, "new")}.object(old, v.r.PostForm)
	if err != nil {
		return v.fragment("notes", &sourceNotes{Problems: []knowledge.Problem{{Severity: knowledge.Error, Message: err.Error()}}})
	}
	n := &sourceNotes{}
	if x := alone(o); x != nil {
		n.Full, n.Short, n.Entry = x.Note(csl.Locator{Value: "12"}), x.ShortNote(csl.Locator{Value: "12"}), x.Entry()
	}
	return v.fragment("notes", n)
}

// saveSource writes a source, unless its file was changed meanwhile.
func (v *visit) saveSource() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	id := v.r.PathValue("id")
	file := v.r.PostForm.Get("file")
	if hashed(s.files[file]) != v.r.PostForm.Get("hash") {
		return v.sourceConflict(s, id)
	}
	f, old, what := sourceForm{ID: id}, splice.Object(nil), "Edited the source "+id
	e := s.source(id)
	switch {
	case id == newName:
		if f.ID = oneLine(v.r.PostForm.Get("id")); f.ID == "" || s.source(f.ID) != nil {
			return refuse(http.StatusBadRequest, "A new source needs an id that no other has. Go back, and give it one, such as brandt1987.")
		}
		what = "Wrote the source " + f.ID
	case e == nil:
		return refuse(http.StatusConflict, "The source is not in its file any more.")
	default:
		old = e.Object
	}
	o, err := f.object(old, v.r.PostForm)
	if err != nil {
		return refuse(http.StatusBadRequest, "%v. Go back, and put it right.", err)
	}
	var data []byte
	if e != nil {
		file = e.File
		data, err = splice.Set(s.files[file], s.sourcePath(e), o)
	} else {
		file = s.sourcesFile()
		data, err = draft.WithSources(s.files[file], o)
	}
	if err != nil {
		return refuse(http.StatusConflict, "This cannot be written: %v", err)
	}
	if err := v.write(s, what, map[string][]byte{file: data}); err != nil {
		return err
	}
	return v.done("saved", "source/%s", url.PathEscape(f.ID))
}

// sourceConflict shows what the file holds now beside what the form does. Nothing is written.
func (v *visit) sourceConflict(s *state, id string) error {
	var old splice.Object
	file := s.sourcesFile()
	if e := s.source(id); e != nil {
		old, file = e.Object, e.File
	}
	mine, err := sourceForm{ID: cmpOr(oneLine(v.r.PostForm.Get("id")), id)}.object(old, v.r.PostForm)
	if err != nil {
		return refuse(http.StatusBadRequest, "%v. Go back, and put it right.", err)
	}
	theirs := ""
	if old != nil {
		theirs = asYAML(old)
	}
	return v.show(http.StatusConflict, "source", "Changed meanwhile", map[string]any{
		"Types": csl.Types(), "New": id == newName, "Form": sourceFormOf(mine), "File": file, "Hash": hashed(s.files[file]),
		"Conflict": diffOf(theirs, asYAML(mine)), "Live": s.notesOf(&entry{ID: "", Object: mine}),
	})
}

// sourcePath is where a source stands: files of other programs may be bare lists.
func (s *state) sourcePath(e *entry) splice.Path {
	if top, err := splice.Read(s.files[e.File]); err == nil {
		if _, bare := top.([]any); bare {
			return splice.Path{e.Index}
		}
	}
	return e.path("references")
}

// importSources takes up sources that were pasted. What the pack has already is left out,
// and told.
func (v *visit) importSources() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	items, problems, err := importer.References(v.r.PostForm.Get("text"))
	if err != nil {
		return refuse(http.StatusBadRequest, "This could not be read: %v", err)
	}
	type left struct{ ID, Why string }
	var fresh []splice.Object
	var skipped []left
	for _, o := range items {
		why := ""
		for _, e := range s.sources {
			if e.ID == o.Text("id") {
				why = "the id is taken by " + cmpOr(e.Object.Text("title"), "another source")
			}
			if same := importer.SameWork(e.Object, o); same != "" {
				why = fmt.Sprintf("%s is in the pack already (%s)", e.ID, same)
			}
		}
		if why != "" && v.r.PostForm.Get("all") == "" {
			skipped = append(skipped, left{o.Text("id"), why})
			continue
		}
		fresh = append(fresh, o)
	}
	if len(fresh) > 0 {
		file := s.sourcesFile()
		data, err := draft.WithSources(s.files[file], fresh...)
		if err != nil {
			return refuse(http.StatusConflict, "The sources cannot be written: %v", err)
		}
		if err := v.write(s, "Took up "+noun(len(fresh), "source"), map[string][]byte{file: data}); err != nil {
			return err
		}
	}
	if s, err = v.state(); err != nil {
		return err
	}
	var added []sourceLine
	for _, l := range s.sourceLines("") {
		if slices.ContainsFunc(fresh, func(o splice.Object) bool { return o.Text("id") == l.ID }) {
			added = append(added, l)
		}
	}
	return v.show(http.StatusOK, "imported", "Sources taken up", map[string]any{"Added": added, "Skipped": skipped, "Problems": problems})
}

// removeSource takes out a source that nothing cites.
func (v *visit) removeSource() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	e := s.source(v.r.PostForm.Get("id"))
	if e == nil {
		return refuse(http.StatusNotFound, "There is no such source any more.")
	}
	for _, f := range s.facts {
		if slices.Contains(citedBy(f.Object), e.ID) {
			return refuse(http.StatusConflict, "%s is cited by %s. Take it out there first.", e.ID, f.ID)
		}
	}
	path := s.sourcePath(e)
	data, err := splice.Set(s.files[e.File], path, nil)
	if err != nil {
		return refuse(http.StatusConflict, "This cannot be taken out: %v", err)
	}
	if err := v.write(s, "Took out the source "+e.ID, map[string][]byte{e.File: data}); err != nil {
		return err
	}
	return v.done("removed", "sources")
}
