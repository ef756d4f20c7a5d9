package desk

import (
	"net/http"
	"slices"

	"footnote/knowledge"
	"footnote/knowledge/splice"
)

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
