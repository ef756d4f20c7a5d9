package web

import (
	"context"
	"encoding/xml"
	"net/http"
	"strings"
	"time"

	"footnote/answers/asjson"
	"footnote/knowledge/csl"
)

// api answers a question as "footnote ask --json" does, and with explain as "--explain" does.
// Any page may ask: there is nothing here that belongs to anybody.
func (s *Server) api(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	refuse := func(status int, why string) {
		line, _ := asjson.Line(map[string]string{"error": why}) // texts can always be written
		send(w, r, File{Type: typeJSON, Body: line}, status, noStore)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, HEAD, POST")
		refuse(http.StatusMethodNotAllowed, "ask with GET or POST")
		return
	}
	if err := r.ParseForm(); err != nil {
		refuse(http.StatusBadRequest, "the form cannot be read")
		return
	}
	question := strings.ToValidUTF8(r.Form.Get("q"), "\uFFFD")
	switch {
	case !r.Form.Has("q"):
		refuse(http.StatusBadRequest, "the question is missing: give it as q")
		return
	case len(question) > maxAsked:
		refuse(http.StatusRequestEntityTooLarge, "the question is too long")
		return
	}
	release, status, wait := s.admit(r)
	if release == nil {
		w.Header().Set("Retry-After", seconds(wait))
		refuse(status, "too many questions; ask again in "+seconds(wait)+" seconds")
		return
	}
	defer release()
	ctx, cancel := context.WithTimeout(r.Context(), askTime)
	defer cancel()
	begun := time.Now()
	result, ok := s.c.Dialog.Decide(ctx, question)
	if !ok {
		refuse(http.StatusServiceUnavailable, "the question could not be answered in time")
		return
	}
	line, err := asjson.Line(asjson.Of(question, result, time.Since(begun), r.Form.Get("explain") != ""))
	if err != nil {
		s.fault(w, err)
		return
	}
	send(w, r, File{Type: typeJSON, Body: line}, http.StatusOK, noStore)
}

// The formats in which unAPI gives a source.
type (
	unAPIFormats struct {
		XMLName xml.Name      `xml:"formats"`
		ID      string        `xml:"id,attr,omitempty"`
		Formats []unAPIFormat `xml:"format"`
	}
	unAPIFormat struct {
		Name string `xml:"name,attr"`
		Type string `xml:"type,attr"`
		Docs string `xml:"docs,attr,omitempty"`

		write func(...*csl.Source) string
	}
)

var unAPIKnown = []unAPIFormat{
	{"ris", "application/x-research-info-systems", "http://www.refman.com/support/risformat_intro.asp", csl.RIS},
	{"bibtex", "application/x-bibtex", "", csl.BibTeX},
}

// unAPI gives sources to reference managers (unAPI 1.0): the formats, those of one source, or
// the source in one of them.
func (s *Server) unAPI(w http.ResponseWriter, r *http.Request, site *Site) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	id, format := r.FormValue("id"), r.FormValue("format")
	x := site.bySlug[id]
	if id != "" && x == nil {
		http.Error(w, "there is no such source", http.StatusNotFound)
		return
	}
	if format == "" {
		status := http.StatusOK
		if id != "" {
			status = http.StatusMultipleChoices
		}
		body, err := xml.MarshalIndent(unAPIFormats{ID: id, Formats: unAPIKnown}, "", " ")
		if err != nil {
			s.fault(w, err)
			return
		}
		send(w, r, File{Type: typeXML, Body: append([]byte(xml.Header), body...)}, status, pageAge)
		return
	}
	if x == nil {
		http.Error(w, "which source? give its id", http.StatusBadRequest)
		return
	}
	for _, f := range unAPIKnown {
		if f.Name == format {
			send(w, r, File{Type: f.Type + "; charset=utf-8", Body: []byte(f.write(x.Source))}, http.StatusOK, pageAge)
			return
		}
	}
	http.Error(w, "there is no such format", http.StatusNotAcceptable)
}
