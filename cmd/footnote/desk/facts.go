package desk

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"footnote/answers/gaps"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
	"footnote/knowledge/splice"
	"footnote/knowledge/strictyaml"
)

// statuses are the statuses with what each asks for.
var statuses = []struct{ Name, Meaning string }{
	{string(knowledge.Established), "The sources that you cite state it as fact."},
	{string(knowledge.Attributed), "It is somebody’s claim: say whose."},
	{string(knowledge.Disputed), "Sources disagree: give two positions or more."},
	{string(knowledge.CitationNeeded), "It is said, and nobody has sourced it yet."},
	{string(knowledge.Retracted), "Withdrawn: the answer is the correction."},
}

// home is the first page of a pack, or offers to make one.
func (v *visit) home() error {
	s, err := v.state()
	if err != nil {
		return err
	}
	if !s.there() {
		return v.show(http.StatusOK, "make", "A new pack", makeForm{ID: packID(v.p.dir), Languages: "en"})
	}
	return v.done("", "facts")
}

// A line is a fact in the list.
type line struct {
	ID, Status, Question, Topics string
	Questions                    int
	Errors, Warnings             int
	First                        string // the first problem
}

// perPage is how many facts stand on one page of the list.
const perPage = 250

// facts lists the facts, as far as a filter lets them through.
func (v *visit) facts() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	query := v.r.URL.Query()
	filter, status, only := oneLine(query.Get("q")), query.Get("status"), query.Get("only")
	lang := s.languages()[0]
	var list []line
	for _, e := range s.facts {
		f := formOf(e.Object, s.languages())
		l := line{ID: e.ID, Status: f.Status, Topics: f.Topics}
		for _, q := range f.Questions {
			asked := nonEmptyLines(q.Text)
			l.Questions += len(asked)
			if l.Question == "" && len(asked) > 0 {
				l.Question = asked[0]
			}
		}
		for _, x := range e.Problems {
			if x.Severity == knowledge.Error {
				l.Errors++
			} else {
				l.Warnings++
			}
			if l.First == "" || x.Severity == knowledge.Error && l.Errors == 1 {
				l.First = x.Message
			}
		}
		text := strings.ToLower(strings.Join([]string{l.ID, l.Question, l.Topics, f.Keywords, f.People, textIn(e.Object.Get("answer"), lang)}, " "))
		if !strings.Contains(text, strings.ToLower(filter)) || status != "" && status != l.Status ||
			only == "problems" && l.Errors+l.Warnings == 0 || only == "few" && l.Questions >= knowledge.GoodPhrasings {
			continue
		}
		list = append(list, l)
	}
	found := len(list)
	at, _ := strconv.Atoi(query.Get("page"))
	pages := max(1, (found+perPage-1)/perPage)
	at = min(max(at, 1), pages)
	list = list[min(found, (at-1)*perPage):min(found, at*perPage)]
	link := func(n int) string {
		if n < 1 || n > pages {
			return ""
		}
		query.Set("page", strconv.Itoa(n))
		query.Del("did")
		return "?" + query.Encode()
	}
	return v.show(http.StatusOK, "facts", "Facts", map[string]any{
		"Found": found, "Page": at, "Pages": pages, "Earlier": link(at - 1), "Later": link(at + 1),
		"Facts": list, "All": len(s.facts), "Q": filter, "Status": status, "Only": only, "Statuses": statuses, "Others": s.others(),
	})
}

// others are the errors that belong to no fact and no source, and so to a file.
func (s *state) others() []knowledge.Problem {
	var out []knowledge.Problem
	for _, x := range s.rest {
		if x.Severity == knowledge.Error {
			out = append(out, x)
		}
	}
	return out
}

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

// retract asks for the correction.
func (v *visit) retract() error {
	s, e, err := v.entry()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "retract", "Retract "+e.ID, map[string]any{
		"ID": e.ID, "Answer": textIn(e.Object.Get("answer"), s.languages()[0]), "Hash": hashed(s.files[e.File]), "Version": s.head.Text("version"), "Cites": len(listOf(e.Object.Get("cites"))) > 0,
	})
}

// saveRetracted makes a fact a correction of itself. It stays, since people cite it.
func (v *visit) saveRetracted() error {
	s, e, err := v.entry()
	if err != nil {
		return err
	}
	correction := oneLine(v.r.PostForm.Get("correction"))
	switch {
	case correction == "":
		return refuse(http.StatusBadRequest, "Say what was wrong and what is right: people who cite the fact will see it.")
	case hashed(s.files[e.File]) != v.r.PostForm.Get("hash"):
		return refuse(http.StatusConflict, "The file was changed meanwhile, so nothing was written. Go back and load the page again.")
	}
	o := slices.Clone(e.Object)
	set := func(key string, value any) {
		if i := slices.IndexFunc(o, func(m splice.Member) bool { return m.Key == key }); i >= 0 {
			o[i].Value = value
		}
	}
	set("status", string(knowledge.Retracted))
	if byLang, ok := e.Object.Get("answer").(splice.Object); ok {
		byLang = slices.Clone(byLang)
		for i := range byLang {
			byLang[i].Value = correction
		}
		set("answer", byLang)
	} else {
		set("answer", correction)
	}
	o = o.Without("positions", "according-to")
	if listOf(o.Get("cites")) == nil {
		for _, p := range objects(e.Object.Get("positions")) {
			o.Put("cites", slices.Concat(listOf(o.Get("cites")), listOf(p.Get("cites"))))
			break
		}
	}
	data, err := splice.Set(s.files[e.File], e.path("facts"), o)
	if err != nil {
		return refuse(http.StatusConflict, "This cannot be written: %v", err)
	}
	if err := v.write(s, "Retracted "+e.ID, map[string][]byte{e.File: data}); err != nil {
		return err
	}
	return v.done("retracted", "fact/%s", e.ID)
}

// removeFact takes a fact out that nobody can have cited yet: one that was written in this
// session.
func (v *visit) removeFact() error {
	s, e, err := v.entry()
	if err != nil {
		return err
	}
	before := readState("", v.p.begin, v.c.Now())
	if before.fact(e.ID) != nil {
		return refuse(http.StatusConflict, "%s was there before this session, and people may have cited it. Retract it instead: it stays, with the correction as its answer.", e.ID)
	}
	data, err := splice.Set(s.files[e.File], e.path("facts"), nil)
	if err != nil {
		return refuse(http.StatusConflict, "This cannot be taken out: %v", err)
	}
	if err := v.write(s, "Took out "+e.ID, map[string][]byte{e.File: data}); err != nil {
		return err
	}
	return v.done("removed", "facts")
}

// rename says why a fact keeps its id.
func (v *visit) rename() error {
	_, e, err := v.entry()
	if err != nil {
		return err
	}
	return refuse(http.StatusConflict, "The id %s stays for ever: people cite the fact by it, links lead to it, and eval.yaml and other facts name it. What people see is its first question; change that. If the fact is about something else by now, write a new one and retract this.", e.ID)
}

// A liveView is what is known of a fact as it stands in the form, saved or not.
type liveView struct {
	Problems []knowledge.Problem
	Others   int // errors elsewhere that this edit makes
	Dates    []understood
	Answer   []counted
	Previews []Preview
	Found    []phrasing
	N        int    // of these are found
	Words    bool   // they were asked by words alone
	Why      string // there are no previews and no phrasings
}

// An understood date is what was typed, and what it is taken for.
type understood struct{ Typed, EDTF, Words string }

// A counted text is how long a text is.
type counted struct {
	Lang    string
	N, Most int
}

// live tells of a form as it stands.
func (v *visit) live() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	id, f := v.r.PathValue("id"), v.read(s)
	typed := typedDates(v.r.PostForm)
	if id == newName {
		f.ID = v.freeID(s, f)
	}
	next, e, err := v.unsaved(s, id, f)
	if err != nil {
		return v.fragment("live", &liveView{Problems: []knowledge.Problem{{Severity: knowledge.Error, Message: err.Error()}}})
	}
	out := v.liveOf(next, e)
	out.Dates = typed
	out.Others = max(0, errorsOf(next)-errorsOf(s)-countErrors(e.Problems))
	for _, a := range f.Answer {
		out.Answer = append(out.Answer, counted{a.Lang, len([]rune(a.Text)), knowledge.MaxAnswer})
	}
	return v.fragment("live", out)
}

// unsaved returns the state as it would be with what a form says.
func (v *visit) unsaved(s *state, id string, f factForm) (*state, *entry, error) {
	file, data, err := v.edited(s, id, f)
	if err != nil {
		return nil, nil, err
	}
	next := s.with(map[string][]byte{file: data}, v.c.Now())
	if id == newName {
		id = f.ID
	}
	e := next.fact(id)
	if e == nil {
		return nil, nil, fmt.Errorf("the id %s stands twice", strictyaml.Quote(id))
	}
	return next, e, nil
}

func errorsOf(s *state) int { return countErrors(s.problems) }

func countErrors(list []knowledge.Problem) int {
	n := 0
	for _, x := range list {
		if x.Severity == knowledge.Error {
			n++
		}
	}
	return n
}

// liveOf tells of a fact of a state.
func (v *visit) liveOf(s *state, e *entry) *liveView {
	out := &liveView{Problems: e.Problems}
	if s.loaded == nil {
		out.Why = "How the reply looks, and whether its questions find it, is shown once no file holds an error."
		return out
	}
	f := s.base().Fact(e.ID)
	if f == nil {
		return out
	}
	if v.c.Previews != nil {
		out.Previews = v.c.Previews(s.base(), f)
	}
	var err error
	if out.Found, out.Words, err = v.phrasings(v.r.Context(), s, f); err != nil {
		out.Why = err.Error()
	}
	for _, x := range out.Found {
		if x.Found {
			out.N++
		}
	}
	return out
}

// typedDates tells of each date of a form how it is understood.
func typedDates(form map[string][]string) []understood {
	var out []understood
	for _, n := range rows(form, "dates") {
		typed := oneLine(first(form[fmt.Sprintf("dates.%d.edtf", n)]))
		if typed == "" {
			continue
		}
		u := understood{Typed: typed, EDTF: date(typed)}
		if edtf.Date(u.EDTF).Check() == nil {
			u.Words = edtf.Date(u.EDTF).In("en")
		}
		out = append(out, u)
	}
	return out
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
