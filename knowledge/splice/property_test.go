package splice

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	yaml "go.yaml.in/yaml/v4"
	"pgregory.net/rapid"
)

// packs are the YAML files of all packs in the tree.
func packs(t testing.TB) [][]byte {
	var all [][]byte
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		data, err := fs.ReadFile(root, path)
		if _, bad := parse(data); err == nil && bad == nil && len(data) < 64<<10 {
			all = append(all, data)
		}
		return err
	})
	if err != nil || len(all) < 20 {
		t.Fatalf("%d files: %v", len(all), err)
	}
	return all
}

// independent reads a text by the library's own decoder, so that the oracle of these
// tests is not the code they test. Numbers keep their wording.
func independent(t rapid.TB, data []byte) any {
	var n yaml.Node
	if err := yaml.Unmarshal(bytes.TrimPrefix(data, []byte(byteOrderMark)), &n); err != nil {
		t.Fatalf("what was written is no YAML: %v", err)
	}
	var plain func(n *yaml.Node) any
	plain = func(n *yaml.Node) any {
		switch n.Kind {
		case yaml.DocumentNode:
			return plain(n.Content[0])
		case yaml.MappingNode:
			m := map[string]any{}
			for i := 0; i < len(n.Content); i += 2 {
				m[n.Content[i].Value] = plain(n.Content[i+1])
			}
			return m
		case yaml.SequenceNode:
			var l []any
			for _, c := range n.Content {
				l = append(l, plain(c))
			}
			return l
		}
		if nothing(n) {
			return nil
		}
		return n.Value
	}
	return plain(&n)
}

// setIn puts a value where the path of an independent reading leads.
func setIn(v any, path Path, value any) any {
	if len(path) == 0 {
		return value
	}
	switch step := path[0].(type) {
	case string:
		m := v.(map[string]any)
		if below := setIn(m[step], path[1:], value); below == nil {
			delete(m, step)
		} else {
			m[step] = below
		}
		return m
	case int:
		l := v.([]any)
		if below := setIn(l[step], path[1:], value); below == nil {
			l = append(append([]any(nil), l[:step]...), l[step+1:]...)
			if len(l) == 0 {
				return []any(nil)
			}
			return l
		} else {
			l[step] = below
		}
		return l
	}
	return nil
}

func toPlain(v any) any {
	switch x := v.(type) {
	case Object:
		m := map[string]any{}
		for _, e := range x {
			m[e.Key] = toPlain(e.Value)
		}
		return m
	case []any:
		var l []any
		for _, e := range x {
			l = append(l, toPlain(e))
		}
		return l
	}
	return v
}

// somewhere draws a path in v, at least one step deep.
func somewhere(t *rapid.T, v any) (Path, any) {
	var path Path
	for {
		switch x := v.(type) {
		case Object:
			if len(x) == 0 {
				return path, v
			}
			m := rapid.SampledFrom(x).Draw(t, "key")
			path, v = append(path, m.Key), m.Value
		case []any:
			if len(x) == 0 {
				return path, v
			}
			i := rapid.IntRange(0, len(x)-1).Draw(t, "entry")
			path, v = append(path, i), x[i]
		default:
			return path, v
		}
		if rapid.IntRange(0, 3).Draw(t, "stop") == 0 {
			return path, v
		}
	}
}

var texts = rapid.OneOf(
	rapid.SampledFrom([]string{"", "1956", "12–15", "no", "null", "~", "a: b", "a #b", "- a", "[x]", "{", "'", `"`, "it's", "привет, мир", "a\nb", "a\n\nb", " lead", "trail ", "|", ">-", "*x", "&x", "!x", "%", "@", "`", "?", ": ", "a:", "#", "1956-02-25", "0x1f", "é\u0301", "tab\there", "— dash", "“quoted”", "a\u2028b", "\u00a0"}),
	rapid.StringMatching(`([A-Za-zа-я]{1,9}[,.;:?!]? ){1,40}[a-z]{1,5}[.?]?`),
	rapid.StringN(0, 30, 90).Filter(func(s string) bool {
		return !strings.ContainsFunc(s, func(r rune) bool {
			return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0xfffd || r == 0xfeff || r >= 0xfffe
		})
	}),
)

func values() *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			return Object{{"source", texts.Draw(t, "source")}, {"locator", Object{{"label", "page"}, {"value", texts.Draw(t, "value")}}}}
		case 1:
			return Texts(rapid.SliceOfN(texts, 1, 5).Draw(t, "list"))
		}
		return texts.Draw(t, "text")
	})
}

// TestRandomEdits: whatever is changed in whatever pack, what is read afterwards by
// another reader is what was before but for that, and no other line has changed.
func TestRandomEdits(t *testing.T) {
	all := packs(t)
	refused, done := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		data := all[rapid.IntRange(0, len(all)-1).Draw(t, "file")]
		if rapid.Bool().Draw(t, "crlf") && !bytes.Contains(data, []byte("\r")) {
			data = bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
		}
		for range 3 {
			now, err := Read(data)
			if err != nil {
				t.Fatal(err)
			}
			path, old := somewhere(t, now)
			var value any
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0: // it goes
			case 1: // an entry more
				if list, ok := old.([]any); ok {
					i := rapid.IntRange(0, len(list)).Draw(t, "at")
					value = append(append(append([]any(nil), list[:i]...), values().Draw(t, "new")), list[i:]...)
					break
				}
				value = values().Draw(t, "value")
			case 2: // a label more
				if o, ok := old.(Object); ok && !o.Has("zz") {
					value = append(append(Object(nil), o...), Member{"zz", values().Draw(t, "new")})
					break
				}
				value = values().Draw(t, "value")
			case 3: // entries in another order, some gone
				if list, ok := old.([]any); ok && len(list) > 1 {
					p := rapid.Permutation(list).Draw(t, "order")
					value = p[:rapid.IntRange(1, len(p)).Draw(t, "left")]
					break
				}
				value = values().Draw(t, "value")
			default:
				value = values().Draw(t, "value")
			}
			next, err := Set(data, path, value)
			if err != nil {
				refused++
				if !errors.Is(err, ErrLayout) {
					t.Fatalf("%s = %#v: %v", path, value, err)
				}
				continue
			}
			done++
			want := setIn(independent(t, data), path, toPlain(value))
			if got := independent(t, next); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s = %#v reads as\n%v\nwant\n%v\nin\n%s", path, value, got, want, next)
			}
			if n := strings.Count(string(next), "\r\n"); n > 0 && n != strings.Count(string(next), "\n") {
				t.Fatalf("ends of lines are mixed:\n%q", next)
			}
			data = next
		}
	})
	t.Logf("%d changed, %d refused", done, refused)
	// About one in sixteen is refused: the whole file gone, notes in what would be lost.
	// A quarter is far from that for as few changes as -short makes.
	if refused > (done+refused)/4 {
		t.Errorf("%d of %d changes are refused", refused, done+refused)
	}
}

// TestOneHunk: a text that changes touches the lines of that text alone.
func TestOneHunk(t *testing.T) {
	all := packs(t)
	rapid.Check(t, func(t *rapid.T) {
		data := all[rapid.IntRange(0, len(all)-1).Draw(t, "file")]
		d, err := parse(data)
		if err != nil {
			t.Fatal(err)
		}
		p := place{node: d.root, indent: -2}
		var path Path
		for p.node.Kind != yaml.ScalarNode {
			n := len(p.node.Content)
			if n == 0 {
				return
			}
			if p.node.Kind == yaml.MappingNode {
				i := rapid.IntRange(0, n/2-1).Draw(t, "key")
				path, p = append(path, p.node.Content[2*i].Value), d.value(p, i)
				continue
			}
			i := rapid.IntRange(0, n-1).Draw(t, "entry")
			path, p = append(path, i), d.item(p, i)
		}
		next, err := Set(data, path, texts.Draw(t, "text"))
		if err != nil {
			t.Skip(err)
		}
		from, to := d.lineOf(d.offset(p.node)), d.lineOf(max(d.end(p)-1, 0))
		if p.flow {
			t.Skip() // a map between brackets may get lines of its own
		}
		before := strings.SplitAfter(d.text, "\n")
		after := strings.SplitAfter(string(bytes.TrimPrefix(next, []byte(byteOrderMark))), "\n")
		tail := len(before) - to - 1
		if tail > len(after) || !reflect.DeepEqual(before[:from], after[:from]) || !reflect.DeepEqual(before[to+1:], after[len(after)-tail:]) {
			t.Fatalf("%s touches other lines:\n%s", path, diff(d.text, string(next)))
		}
	})
}

// FuzzSet: no text and no path make it panic, and what it gives holds the value.
func FuzzSet(f *testing.F) {
	f.Add([]byte(sample), uint16(3), "a: b")
	f.Add([]byte(strings.ReplaceAll(sample, "\n", "\r\n")), uint16(40), strings.Repeat("word ", 40)+"end")
	f.Add([]byte("{\"facts\": [{\"id\": \"a\", # x\n \"b\": [1, 2, ]}]}"), uint16(9), "x")
	f.Add([]byte("- - a\n  - b\n-\n  c: |+\n    d\n\n"), uint16(5), "\n")
	f.Fuzz(func(t *testing.T, data []byte, at uint16, text string) {
		now, err := Read(data)
		if err != nil || len(data) > 4096 {
			return
		}
		var all []Path
		var walk func(v any, path Path)
		walk = func(v any, path Path) {
			all = append(all, append(Path(nil), path...))
			switch x := v.(type) {
			case Object:
				for _, m := range x {
					walk(m.Value, append(path, m.Key))
				}
			case []any:
				for i, y := range x {
					walk(y, append(path, i))
				}
			}
		}
		walk(now, nil)
		path := all[int(at)%len(all)]
		for _, value := range []any{text, nil, Object{{"k", text}}, []any{text, "b"}} {
			out, err := Set(data, path, value)
			if err != nil {
				continue
			}
			again, err := Read(out)
			want, _ := put(now, path, value)
			if err != nil || !same(again, want) {
				t.Fatalf("%s = %#v: %v\n%s", path, value, err, out)
			}
		}
		if out, err := InsertText(data, path, "- "+text+"\n"); err == nil {
			if _, err := Read(out); err != nil {
				t.Fatal(err)
			}
		}
	})
}
