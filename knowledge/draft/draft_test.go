package draft

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/packtest"
)

// What is written loads again and is written the same. That nothing of a pack is
// lost on the way, whatever it holds, the importer's tests show.
func TestPack(t *testing.T) {
	valid, problems := knowledge.Load(packtest.Valid().
		With("sources.yaml", "publisher: Example Press", "publisher: Example Press\n    shelf: [B 12]\n    custom: {archive-url: 'https://a.example'}").
		With("facts.yaml", "quote: the Soviet leader spoke in 1956", "quote: {text: слова, lang: ru, translation: words, by: the curator}").
		Set("unanswered.yaml", "unanswered: [Who paid?]\n").FS(), "")
	if valid == nil {
		t.Fatal(problems)
	}
	embedded, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(embedded.Packs, valid) {
		d := Of(p)
		loaded, problems := d.Load("written")
		if loaded == nil {
			t.Fatalf("%s: %v", p.ID, problems)
		}
		if !reflect.DeepEqual(Of(loaded), d) {
			t.Errorf("%s comes back as another pack", p.ID)
		}
		dir := filepath.Join(t.TempDir(), "pack")
		if err := WriteFolder(dir, d.Files()); err != nil {
			t.Fatal(err)
		}
		base, err := knowledge.Open(dir)
		if err != nil || !reflect.DeepEqual(Of(base.Packs[0]), d) {
			t.Errorf("%s comes back from its folder as another pack: %v", p.ID, err)
		}
		var lines bytes.Buffer
		if err := JSONL(&lines, &knowledge.Base{Packs: []*knowledge.Pack{p}}); err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range bytes.Lines(lines.Bytes()) {
			o, err := ParseObject(line)
			if err != nil || o.Text("id") != p.Facts[n].ID || len(o.List("sources")) != len(cited(p.Facts[n])) {
				t.Fatalf("%s: %v\n%s", p.ID, err, line)
			}
			if got := o.Without("pack", "sources"); got.Get("pack") != nil || len(got) != len(o)-1-min(1, len(cited(p.Facts[n]))) {
				t.Errorf("without pack and sources: %v", got)
			}
			n++
		}
		if n != len(p.Facts) {
			t.Errorf("%s: %d lines for %d facts", p.ID, n, len(p.Facts))
		}
	}
}

// A pack with more facts than a curator opens in one file goes over several.
func TestLongPack(t *testing.T) {
	p := Pack{Head: Object{{Key: "schema", Value: knowledge.SchemaVersion}, {Key: "id", Value: "long"}, {Key: "title", Value: "Long"}, {Key: "version", Value: "1.0.0"}}}
	for _, id := range []string{"a", "b", "c"} {
		p.Facts = append(p.Facts, Object{{Key: "id", Value: id}, {Key: "status", Value: "citation-needed"}, {Key: "questions", Value: []any{"What is " + id + "?"}},
			{Key: "answer", Value: "It is " + id + "."}, {Key: "note", Value: strings.Repeat("word ", maxFileSize/8)}})
	}
	files := p.Files()
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "facts/001.yaml facts/002.yaml facts/003.yaml pack.yaml sources.yaml" {
		t.Error(got)
	}
}

func TestWriteFolderRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"": "the name of the folder is empty", file: "is a file", dir: "holds files already (file)"} {
		if err := WriteFolder(name, map[string][]byte{"pack.yaml": nil}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
	// What was begun is taken away again.
	fresh := filepath.Join(dir, "fresh")
	if err := WriteFolder(fresh, map[string][]byte{"a": nil, "a/b.yaml": nil}); err == nil {
		t.Error("a file in a file was made")
	}
	if _, err := os.Stat(fresh); !os.IsNotExist(err) {
		t.Errorf("left behind: %v", err)
	}
}

func TestParseObject(t *testing.T) {
	o, err := ParseObject([]byte(`{"b": "x", "a": [1, true, null, {"c": 2.50}], "n": null}`))
	if want := (Object{{Key: "b", Value: "x"}, {Key: "a", Value: []any{"1", true, Object{{Key: "c", Value: "2.50"}}}}}); err != nil || !reflect.DeepEqual(o, want) {
		t.Errorf("%v, %v", o, err)
	}
	if raw, err := o.MarshalJSON(); err != nil || string(raw) != `{"b":"x","a":["1",true,{"c":"2.50"}]}` {
		t.Errorf("%s, %v", raw, err)
	}
	if got := o.List("b"); !reflect.DeepEqual(got, []any{"x"}) || o.List("n") != nil || o.Text("a") != "" {
		t.Errorf("lists and texts: %v", got)
	}
	for text, want := range map[string]string{
		`[]`:               "expected an object",
		`{} {}`:            "something stands after the object",
		`{"a": }`:          "this is no JSON at byte",
		`{"a": 1`:          "the object is not closed",
		`{"a": 1, "a": 2}`: `the key "a" stands twice`,
		strings.Repeat(`{"a":`, maxObjectDepth+2): "nest deeper than",
	} {
		if _, err := ParseObject([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s: %v, want %s", text, err, want)
		}
	}
}
