package desk

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"footnote/answers/gaps"
	"footnote/knowledge"
	"footnote/knowledge/splice"
	"footnote/knowledge/strictyaml"
)

// A factPage is the form of a fact with what it offers.
type factPage struct {
	New      bool
	Form     factForm
	File     string
	Hash     string // of the file when the form was made
	Langs    []string
	Several  bool // the pack has several languages
	Sources  []choice
	Labels   []string
	Statuses any
	Topics   []string // of other facts
	People   []string
	Pictures []string // in the folder images
	Site     bool     // its page on the web can be shown
	Live     *liveView
	Today    string
	Conflict *conflict
	Question string // that people asked, and that the new fact settles
}

// A choice is something to choose in a form.
type choice struct {
	ID, Name string
	Hint     string // of a source: where in it something may stand
}

// A conflict is a fact that was changed in its file and in the form meanwhile.
type conflict struct {
	Mine, Theirs string // as YAML
	Gone         bool
	Lines        []diffLine
}

// fact shows the form of one.
func (v *visit) fact() error {
	s, e, err := v.entry()
	if err != nil {
		return err
	}
	page := v.page(s, formOf(e.Object, s.languages()), e.File)
	page.Site = v.c.Site != nil && s.loaded != nil
	page.Live = v.liveOf(s, e)
	return v.show(http.StatusOK, "fact", page.Form.title(), page)
}

// title is how a fact is called: by its first question.
func (f factForm) title() string {
	for _, q := range f.Questions {
		if asked := nonEmptyLines(q.Text); len(asked) > 0 {
			return asked[0]
		}
	}
	return cmpOr(f.ID, "A fact")
}

// entry returns the fact that the address names.
func (v *visit) entry() (*state, *entry, error) {
	s, err := v.ready()
	if err != nil {
		return nil, nil, err
	}
	e := s.fact(v.r.PathValue("id"))
	if e == nil {
		return nil, nil, refuse(http.StatusNotFound, "There is no such fact any more.")
	}
	return s, e, nil
}

// page returns what the form of a fact needs.
func (v *visit) page(s *state, f factForm, file string) *factPage {
	langs := s.languages()
	p := &factPage{Form: f, File: file, Hash: hashed(s.files[file]), Langs: langs, Several: len(langs) > 1, Labels: locatorLabels(), Statuses: statuses, Today: v.c.Now().Format(time.DateOnly)}
	p.Sources = s.sourceChoices()
	topics, people := map[string]bool{}, map[string]bool{}
	for _, e := range s.facts {
		for _, t := range splitCommas(commas(e.Object.Get("topics"))) {
			topics[fmt.Sprint(t)] = true
		}
		for _, n := range nonEmptyLines(lines(e.Object.Get("people"))) {
			people[n] = true
		}
	}
	p.Topics, p.People = sortedKeys(topics), sortedKeys(people)
	// An empty row each, so that something can be added without a script.
	p.Form.Cites = append(p.Form.Cites, citeForm{Label: "page"})
	p.Form.Dates = append(p.Form.Dates, dateForm{Label: textsOf(nil, langs)})
	for i := range p.Form.Positions {
		p.Form.Positions[i].Cites = append(p.Form.Positions[i].Cites, citeForm{Label: "page"})
	}
	p.Form.Images = append(p.Form.Images, imageForm{Alt: textsOf(nil, langs), Caption: textsOf(nil, langs)})
	p.Pictures = slices.Sorted(maps.Keys(s.pictures))
	p.Form.Positions = append(p.Form.Positions, positionForm{Claim: textsOf(nil, langs), Cites: []citeForm{{Label: "page"}}})
	if len(p.Form.Positions) == 1 {
		p.Form.Images = append(p.Form.Images, imageForm{Alt: textsOf(nil, langs), Caption: textsOf(nil, langs)})
		p.Pictures = slices.Sorted(maps.Keys(s.pictures))
		p.Form.Positions = append(p.Form.Positions, positionForm{Claim: textsOf(nil, langs), Cites: []citeForm{{Label: "page"}}})
	}
	return p
}

func sortedKeys(set map[string]bool) []string {
	var out []string
	for k := range set {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// sourceChoices are the sources with their short notes.
func (s *state) sourceChoices() []choice {
	var out []choice
	for _, e := range s.sources {
		name := e.Object.Text("title")
		if x := s.parsed(e); x != nil {
			name = x.ShortNote(locatorNone).String()
		}
		if name == "" {
			name = e.ID
		}
		out = append(out, choice{e.ID, name, placeHint(e.Object)})
	}
	return out
}

// unpaged are the types of sources in which nothing has a page.
var unpaged = []string{"webpage", "post", "post-weblog", "map", "graphic", "dataset", "figure", "personal_communication", "article-newspaper"}

// placeHint suggests how a place in a source is written.
func placeHint(o splice.Object) string {
	switch pages := o.Text("page"); {
	case o.Text("archive_location") != "":
		return "none needed: " + o.Text("archive_location")
	case pages != "":
		return "within " + pages
	case slices.Contains(unpaged, o.Text("type")):
		return "none needed"
	case o.Text("type") == "entry-dictionary" || o.Text("type") == "entry-encyclopedia":
		return "s.v. and the word, or a page"
	}
	return "12–15, or chap. 3"
}

// read reads the form of a visit.
func (v *visit) read(s *state) factForm { return readForm(v.r.PostForm, s.languages()) }

// newName is the id in addresses of a fact that is not there yet.
const newName = "+"

// edited returns the file of a fact with what the form says in it.
func (v *visit) edited(s *state, id string, f factForm) (file string, data []byte, err error) {
	if id != newName {
		e := s.fact(id)
		if e == nil {
			return "", nil, refuse(http.StatusConflict, "The fact is not in its file any more.")
		}
		f.ID = e.ID
		data, err = splice.Set(s.files[e.File], e.path("facts"), f.object(e.Object, s.languages()))
		return e.File, data, err
	}
	file = s.factsFile()
	if s.files[file] == nil {
		data, err = []byte("facts: []\n"), nil
	} else {
		data = s.files[file]
	}
	now, err := splice.Read(data)
	if err != nil {
		return file, nil, err
	}
	o := f.object(nil, s.languages())
	if top, _ := now.(splice.Object); top.Get("facts") == nil {
		data, err = splice.Set(data, splice.Path{"facts"}, []any{o})
	} else {
		data, err = splice.Insert(data, splice.Path{"facts"}, -1, o)
	}
	return file, data, err
}

// factsFile is the file to which new facts go: the last that holds some, so that what is
// written together stays together.
func (s *state) factsFile() string {
	if n := len(s.facts); n > 0 {
		return s.facts[n-1].File
	}
	for name := range s.files {
		if strings.HasPrefix(name, "facts/") && s.files["facts.yaml"] == nil {
			return name
		}
	}
	return "facts.yaml"
}

// saveFact writes a fact, unless its file was changed meanwhile.
func (v *visit) saveFact() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	id, f := v.r.PathValue("id"), v.read(s)
	if id == newName {
		if f.ID = v.freeID(s, f); !knowledge.IsID(f.ID) {
			return refuse(http.StatusBadRequest, "%s is no id: small letters a–z, digits and single hyphens, at most %d characters. Go back, and put it right.", strictyaml.Quote(f.ID), knowledge.MaxID)
		}
		if s.fact(f.ID) != nil {
			return refuse(http.StatusConflict, "The id %s is taken by another fact. Go back, and give this one another.", f.ID)
		}
	}
	file := v.r.PostForm.Get("file")
	if hashed(s.files[file]) != v.r.PostForm.Get("hash") {
		return v.conflict(s, id, f, file)
	}
	file, data, err := v.edited(s, id, f)
	if err != nil {
		return refuse(http.StatusConflict, "This cannot be written: %v", err)
	}
	what := "Edited " + id
	if id == newName {
		what = "Wrote " + f.ID
	}
	if string(data) == string(s.files[file]) {
		return v.done("same", "fact/%s", id)
	}
	var settled []string
	if from := v.r.PostForm.Get("question"); from != "" && id == newName {
		settled = nonEmptyLines(from)
	}
	if err := v.write(s, what, map[string][]byte{file: data}, settled...); err != nil {
		return err
	}
	if id == newName {
		id = f.ID
	}
	if v.r.PostForm.Get("then") == "new" {
		return v.done("saved", "new")
	}
	return v.done("saved", "fact/%s", id)
}

// freeID is the id of a new fact: what was typed, or else one made of its first question.
func (v *visit) freeID(s *state, f factForm) string {
	if f.ID != "" {
		return f.ID
	}
	taken := map[string]bool{}
	for _, e := range s.facts {
		taken[e.ID] = true
	}
	for _, q := range f.Questions {
		if asked := nonEmptyLines(q.Text); len(asked) > 0 {
			return gaps.NewID(asked[0], taken)
		}
	}
	return gaps.NewID("fact", taken)
}

// conflict shows what the file holds now beside what the form does. Nothing is written.
func (v *visit) conflict(s *state, id string, f factForm, file string) error {
	c := &conflict{}
	page := v.page(s, f, file)
	page.New = id == newName
	var old splice.Object
	if e := s.fact(id); e != nil {
		old = e.Object
		c.Theirs = asYAML(e.Object)
		f.ID = id
		page.Hash, page.File = hashed(s.files[e.File]), e.File
	} else if !page.New {
		c.Gone = true
	} else {
		page.File = s.factsFile()
		page.Hash = hashed(s.files[page.File])
	}
	c.Mine = asYAML(f.object(old, s.languages()))
	c.Lines = diffOf(c.Theirs, c.Mine)
	page.Conflict = c
	page.Form.ID = f.ID
	return v.show(http.StatusConflict, "fact", "Changed meanwhile", page)
}

// asYAML writes an object as a file would have it, for people to compare.
func asYAML(o splice.Object) string { return string(splice.Written(o)) }

// newFact shows an empty form, filled with a question where one is given.
func (v *visit) newFact() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	f := formOf(splice.Object{{Key: "status", Value: string(knowledge.CitationNeeded)}}, s.languages())
	if len(s.sources) > 0 {
		f.Status = string(knowledge.Established)
	}
	f.Questions[0].Text = strings.Join(nonEmptyLines(v.r.URL.Query().Get("question")), "\n")
	f.Reviewed = v.c.Now().Format(time.DateOnly)
	page := v.page(s, f, s.factsFile())
	page.New, page.Question = true, f.Questions[0].Text
	return v.show(http.StatusOK, "fact", "A new fact", page)
}

// duplicate writes a fact that is like another, under an id of its own and without its
// questions: one question can find only one fact.
func (v *visit) duplicate() error {
	s, e, err := v.entry()
	if err != nil {
		return err
	}
	f := formOf(e.Object, s.languages())
	f.ID = ""
	for i := range f.Questions {
		f.Questions[i].Text = ""
	}
	page := v.page(s, f, s.factsFile())
	page.New = true
	return v.show(http.StatusOK, "fact", "A fact like "+e.ID, page)
}
