// Package draft writes packs: a whole pack into files ([Pack]), a pack as JSON
// lines ([JSONL]), additions into files that people wrote ([Edit]), and
// corrections that need no asking ([Fix]). What it writes loads, or it says why
// not; what it changes is proved to change nothing else.
package draft

import (
	"bytes"
	"fmt"
	"maps"
	"path"

	"footnote/knowledge"
	"footnote/knowledge/splice"
)

// A Pack is a pack as it is written into files: not checked, and its parts not
// tied together.
type Pack struct {
	Head       Object   // pack.yaml
	Sources    []Object // each a CSL item
	Facts      []Object
	Unanswered []string
	Eval       Object            // eval.yaml
	Images     map[string][]byte // the files of pictures, by their names in the folder
}

// ID returns the id of the pack.
func (p Pack) ID() string { return p.Head.Text("id") }

// maxFileSize bounds one file of facts or sources in bytes: a curator opens it in
// an editor, and strictyaml.MaxNodes cannot be reached in it.
const maxFileSize = 512 << 10

// Files returns the files of the pack, by their names in its folder.
func (p Pack) Files() map[string][]byte {
	out := map[string][]byte{}
	maps.Copy(out, p.Images)
	out["pack.yaml"] = splice.File(p.Head)
	sources := make([]any, len(p.Sources))
	for i, s := range p.Sources {
		sources[i] = s
	}
	split(out, "sources", "references", sources)
	facts := make([]any, len(p.Facts))
	for i, f := range p.Facts {
		facts[i] = f
	}
	split(out, "facts", "facts", facts)
	if len(p.Unanswered) > 0 {
		out["unanswered.yaml"] = splice.File(Object{{Key: "unanswered", Value: splice.Texts(p.Unanswered)}})
	}
	if len(p.Eval) > 0 {
		out["eval.yaml"] = splice.File(p.Eval)
	}
	return out
}

// split writes a list into kind.yaml, or into kind/001.yaml and so on where one
// file would be too long.
func split(out map[string][]byte, kind, key string, list []any) {
	var parts [][]byte
	var b bytes.Buffer
	flush := func() {
		parts = append(parts, append([]byte(key+":\n"), b.Bytes()...))
		b.Reset()
	}
	for i, x := range list {
		item := splice.Item(x)
		if b.Len() > 0 && b.Len()+len(item) > maxFileSize {
			flush()
		}
		if b.Len() > 0 && i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(item)
	}
	if b.Len() > 0 {
		flush()
	}
	switch len(parts) {
	case 0:
		out[kind+".yaml"] = []byte(key + ": []\n")
	case 1:
		out[kind+".yaml"] = parts[0]
	default:
		for i, part := range parts {
			out[path.Join(kind, fmt.Sprintf("%03d.yaml", i+1))] = part
		}
	}
}

// Load loads the pack as [knowledge.Load] loads files; name stands before the
// names of files in problems.
func (p Pack) Load(name string) (*knowledge.Pack, []knowledge.Problem) {
	return knowledge.LoadFiles(p.Files(), name)
}
