package telegramtest

import (
	"fmt"
	"io"
	"mime"
	"net/http"
)

// A File is a file that came with a message.
type File struct {
	Name string
	Data []byte
}

// maxRequest bounds a request; a bot may upload 50 MB, but none that is tested
// here has reason to.
const maxRequest = 4 << 20

// parse fills r.Form. A file of a multipart form stands there by its name, as a file
// that is known to the server would by its id.
func (s *Server) parse(method string, r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return r.ParseForm()
	}
	if err := r.ParseMultipartForm(maxRequest); err != nil {
		return err
	}
	if r.ContentLength < 0 {
		s.problem("%s: an upload that does not say its length", method)
	}
	for name, files := range r.MultipartForm.File {
		if method != "sendDocument" || name != "document" || len(files) != 1 {
			return fmt.Errorf("%d files as %s", len(files), name)
		}
		r.Form.Set(name, files[0].Filename)
	}
	return nil
}

// document is the file of a call; the fake knows none by id.
func (s *Server) document(r *http.Request) (*File, *Refusal) {
	bad := func(text string) (*File, *Refusal) {
		s.problem("sendDocument: %s", text)
		return nil, &Refusal{Code: 400, Text: "Bad Request: " + text}
	}
	if r.MultipartForm == nil || len(r.MultipartForm.File["document"]) != 1 {
		return bad("wrong remote file identifier specified")
	}
	head := r.MultipartForm.File["document"][0]
	f, err := head.Open()
	if err != nil {
		return bad(err.Error())
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	switch {
	case err != nil:
		return bad(err.Error())
	case len(data) == 0:
		return bad("file must be non-empty")
	case head.Filename == "":
		return bad("a file without a name")
	}
	return &File{Name: head.Filename, Data: data}, nil
}
