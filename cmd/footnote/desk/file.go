package desk

import (
	"net/http"
	"strings"

	"footnote/knowledge"
)

// site shows a page of the pack as the web will.
func (v *visit) site() error {
	s, err := v.ready()
	switch {
	case err != nil:
		return err
	case v.c.Site == nil || s.loaded == nil:
		return refuse(http.StatusNotFound, "How the pack looks on the web is shown once no file holds an error.")
	}
	data, contentType, ok := v.c.Site(s.base())(v.r.PathValue("at"))
	if !ok {
		return refuse(http.StatusNotFound, "There is no such page.")
	}
	v.w.Header().Set("Content-Type", contentType)
	_, err = v.w.Write(data)
	return err
}

// A filePage is a file as it is, for what no form can put right.
type filePage struct {
	Name, Text, Hash string
	Problems         []knowledge.Problem
	Lines            []diffLine // what differs from the file, after a conflict
}

// file shows a file of the pack as it is.
func (v *visit) file() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	name := v.r.PathValue("name")
	data, ok := s.files[name]
	if !ok {
		return refuse(http.StatusNotFound, "The pack has no such file.")
	}
	return v.show(http.StatusOK, "file", name, filePage{Name: name, Text: string(data), Hash: hashed(data), Problems: s.of(name)})
}

// of are the problems of a file.
func (s *state) of(name string) []knowledge.Problem {
	var out []knowledge.Problem
	for _, x := range s.problems {
		if x.File == name {
			out = append(out, x)
		}
	}
	return out
}

// saveFile writes a file as somebody typed it. Its ends of lines and its byte order mark stay
// as they were.
func (v *visit) saveFile() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	name := v.r.PathValue("name")
	old, ok := s.files[name]
	if !ok {
		return refuse(http.StatusNotFound, "The pack has no such file any more.")
	}
	text := strings.ReplaceAll(v.r.PostForm.Get("text"), "\r\n", "\n")
	if hashed(old) != v.r.PostForm.Get("hash") {
		return v.show(http.StatusConflict, "file", "Changed meanwhile", filePage{Name: name, Text: text, Hash: hashed(old), Lines: diffOf(string(old), text)})
	}
	if strings.Contains(string(old), "\r\n") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if mark := "\ufeff"; strings.HasPrefix(string(old), mark) && !strings.HasPrefix(text, mark) {
		text = mark + text
	}
	if err := v.write(s, "Edited "+name, map[string][]byte{name: []byte(text)}); err != nil {
		return err
	}
	return v.done("saved", "file/%s", name)
}
