package discordtest

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
)

// A File is a file that came with a message.
type File struct {
	Name string
	Type string
	Data []byte
	Alt  string // its description
}

// Limits of Discord on files, without a boosted server.
const (
	maxFiles    = 10
	maxFileSize = 10 << 20
)

// fileName is what Discord keeps of a file's name unchanged.
var fileName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)

type filesKey struct{}

// filesOf are the files that came with a request.
func filesOf(r *http.Request) []File {
	f, _ := r.Context().Value(filesKey{}).([]File)
	return f
}

// readForm takes a multipart form apart: first payload_json, then files[0] and so
// on. It says what is wrong, or "".
func readForm(body []byte, boundary string) (payload []byte, files []File, wrong string) {
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	for i := -1; ; i++ {
		part, err := form.NextPart()
		if err == io.EOF && i > 0 {
			return payload, files, ""
		}
		if err != nil {
			return nil, nil, fmt.Sprintf("a form of %d files that cannot be read: %v", max(i, 0), err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, fmt.Sprintf("part %q cannot be read: %v", part.FormName(), err)
		}
		if i < 0 {
			if part.FormName() != "payload_json" || part.Header.Get("Content-Type") != "application/json" {
				return nil, nil, fmt.Sprintf("the first part is %q of type %q", part.FormName(), part.Header.Get("Content-Type"))
			}
			payload = data
			continue
		}
		f := File{Name: part.FileName(), Type: part.Header.Get("Content-Type"), Data: data}
		switch {
		case part.FormName() != fmt.Sprintf("files[%d]", i):
			return nil, nil, fmt.Sprintf("part %q, want files[%d]", part.FormName(), i)
		case i >= maxFiles:
			return nil, nil, "too many files"
		case !fileName.MatchString(f.Name):
			return nil, nil, fmt.Sprintf("a file called %q", f.Name)
		case len(data) == 0 || len(data) > maxFileSize:
			return nil, nil, fmt.Sprintf("a file of %d bytes", len(data))
		case f.Type == "":
			return nil, nil, "a file of no type"
		}
		files = append(files, f)
	}
}
