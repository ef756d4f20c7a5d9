package telegramtest

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"mime"
	"net/http"
	"strings"
)

// A File is a file that came with a message.
type File struct {
	Name string
	Data []byte

	Photo bool // it is shown, not saved
}

// fileFields are the methods that take a file, and the parameter that it is.
var fileFields = map[string]string{"sendDocument": "document", "sendPhoto": "photo"}

func withFile(method string) bool { return fileFields[method] != "" }

// Limits of sendPhoto.
const (
	maxPhoto      = 10 << 20 // bytes
	maxPhotoSides = 10000    // width and height together, in pixels
	maxPhotoRatio = 20
)

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
		if !withFile(method) || name != fileFields[method] || len(files) != 1 {
			return fmt.Errorf("%d files as %s", len(files), name)
		}
		r.Form.Set(name, files[0].Filename)
	}
	return nil
}

// file is the file of a call; the fake knows none by id.
func (s *Server) file(method string, r *http.Request) (*File, *Refusal) {
	field := fileFields[method]
	bad := func(text string) (*File, *Refusal) {
		s.problem("%s: %s", method, text)
		return nil, &Refusal{Code: 400, Text: "Bad Request: " + text}
	}
	if u := r.Form.Get(field); method == "sendPhoto" && r.MultipartForm == nil && strings.HasPrefix(u, "https://") {
		return &File{Name: u, Photo: true}, nil // the server fetches it
	}
	if r.MultipartForm == nil || len(r.MultipartForm.File[field]) != 1 {
		return bad("wrong remote file identifier specified")
	}
	head := r.MultipartForm.File[field][0]
	opened, err := head.Open()
	if err != nil {
		return bad(err.Error())
	}
	defer opened.Close()
	data, err := io.ReadAll(opened)
	switch {
	case err != nil:
		return bad(err.Error())
	case len(data) == 0:
		return bad("file must be non-empty")
	case head.Filename == "":
		return bad("a file without a name")
	}
	f := &File{Name: head.Filename, Data: data, Photo: method == "sendPhoto"}
	if f.Photo {
		c, _, err := image.DecodeConfig(bytes.NewReader(data))
		switch {
		case err != nil:
			return bad("IMAGE_PROCESS_FAILED")
		case len(data) > maxPhoto, c.Width+c.Height > maxPhotoSides, c.Width > maxPhotoRatio*c.Height, c.Height > maxPhotoRatio*c.Width:
			return bad("PHOTO_INVALID_DIMENSIONS")
		}
	}
	return f, nil
}
