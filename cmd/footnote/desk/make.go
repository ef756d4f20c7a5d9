package desk

import (
	"net/http"
	"path/filepath"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/splice"
)

// A makeForm is what is asked of a new pack.
type makeForm struct{ ID, Title, Languages, Scope string }

// packID makes the id of a pack of the name of its folder.
func packID(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	id := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, filepath.Base(abs)), "-")
	for strings.Contains(id, "--") {
		id = strings.ReplaceAll(id, "--", "-")
	}
	if !knowledge.IsID(id) {
		return "my-pack"
	}
	return id
}

const (
	newHead  = "# What this pack is. footnote help format explains every label.\n"
	newFacts = "# The facts.\nfacts: []\n"
)

// makePack writes the files of an empty pack into a folder that is empty or not there.
func (v *visit) makePack() error {
	f := makeForm{ID: oneLine(v.r.PostForm.Get("id")), Title: oneLine(v.r.PostForm.Get("title")), Languages: v.r.PostForm.Get("languages"), Scope: oneLine(v.r.PostForm.Get("scope"))}
	switch {
	case !knowledge.IsID(f.ID):
		return refuse(http.StatusBadRequest, "The id must be small letters a–z, digits and single hyphens, at most %d characters. Go back, and put it right.", knowledge.MaxID)
	case f.Title == "":
		return refuse(http.StatusBadRequest, "Give the pack a title: people see it. Go back, and write one.")
	}
	head := splice.Object{{Key: "schema", Value: knowledge.SchemaVersion}, {Key: "id", Value: f.ID}, {Key: "title", Value: f.Title}, {Key: "version", Value: "0.1.0"}, {Key: "license", Value: "CC-BY-SA-4.0"}}
	head.Put("languages", splitCommas(cmpOr(f.Languages, "en")))
	head.Put("scope-note", f.Scope)
	files := map[string][]byte{"pack.yaml": append([]byte(newHead), splice.Written(head)...), "sources.yaml": []byte(draft.NewSources), "facts.yaml": []byte(newFacts)}
	if err := draft.WriteFolder(v.p.dir, files); err != nil {
		return refuse(http.StatusConflict, "The pack cannot be made here: %v.", err)
	}
	v.p.mu.Lock()
	var made []*draft.FileEdit
	for name, data := range files {
		made = append(made, &draft.FileEdit{Dir: v.p.dir, Name: name, After: data})
	}
	v.p.steps = append(v.p.steps, step{What: "Made the pack", At: v.c.Now(), files: made})
	v.p.mu.Unlock()
	return v.done("made", "sources")
}

// about shows what the pack says of itself.
func (v *visit) about() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	lang := s.languages()[0]
	return v.show(http.StatusOK, "about", "The pack", map[string]any{
		"ID": s.head.Text("id"), "Title": textIn(s.head.Get("title"), lang), "Version": s.head.Text("version"), "License": s.head.Text("license"),
		"Scope": textIn(s.head.Get("scope-note"), lang), "Languages": strings.Join(s.languages(), ", "), "Hash": hashed(s.files["pack.yaml"]), "Synonyms": synonymLines(s.head.Get("synonyms")),
		"Dir": v.p.dir,
	})
}

// synonymLines are the groups of synonyms, one a line.
func synonymLines(x any) string {
	var out []string
	for _, g := range listOf(x) {
		out = append(out, commas(g))
	}
	return strings.Join(out, "\n")
}

// saveAbout writes pack.yaml.
func (v *visit) saveAbout() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	data := s.files["pack.yaml"]
	if hashed(data) != v.r.PostForm.Get("hash") {
		return refuse(http.StatusConflict, "pack.yaml was changed meanwhile, so nothing was written. Load the page again.")
	}
	lang := s.languages()[0]
	var synonyms []any
	for _, line := range nonEmptyLines(v.r.PostForm.Get("synonyms")) {
		if group := splitCommas(line); len(group) > 0 {
			synonyms = append(synonyms, group)
		}
	}
	for _, x := range []struct {
		key   string
		value any
	}{
		{"title", oneLine(v.r.PostForm.Get("title"))}, {"version", oneLine(v.r.PostForm.Get("version"))},
		{"license", oneLine(v.r.PostForm.Get("license"))}, {"scope-note", oneLine(v.r.PostForm.Get("scope-note"))}, {"synonyms", synonyms},
	} {
		path := splice.Path{x.key}
		old := s.head.Get(x.key)
		if m, ok := old.(splice.Object); ok {
			path, old = append(path, lang), m.Get(lang)
		}
		if x.value == "" {
			x.value = nil
		}
		if list, ok := x.value.([]any); ok && len(list) == 0 {
			x.value = nil
		}
		if alike(old, x.value) {
			continue
		}
		if data, err = splice.Set(data, path, x.value); err != nil {
			return refuse(http.StatusConflict, "%s cannot be written: %v", x.key, err)
		}
	}
	if err := v.write(s, "Edited pack.yaml", map[string][]byte{"pack.yaml": data}); err != nil {
		return err
	}
	return v.done("saved", "about")
}

// noun says how many of something there are.
func noun(n int, one string) string { return plural(n, one, one+"s") }
