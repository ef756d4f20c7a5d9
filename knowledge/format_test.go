package knowledge

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"regexp"
	"strings"
	"testing"

	"footnote/knowledge/edtf"
	"footnote/knowledge/packtest"
)

var yamlBlock = regexp.MustCompile("(?s)```yaml\n# ([a-z.]+)\n(.*?)```")

// TestFormatExamples loads each example of FORMAT.md, the others of its first
// appearance around it, and holds the document to the formats that are read.
func TestFormatExamples(t *testing.T) {
	raw, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	blocks := yamlBlock.FindAllStringSubmatch(doc, -1)
	if n := strings.Count(doc, "```yaml"); n != len(blocks) || n < 5 {
		t.Fatalf("%d of %d examples begin with the name of their file", len(blocks), n)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	first := packtest.Files{}
	for _, b := range blocks {
		if first[b[1]] == "" {
			first[b[1]] = b[2]
		}
	}
	for i, b := range blocks {
		pack := packtest.Files{}
		for name, text := range first {
			pack[name] = text
		}
		pack[b[1]] = b[2]
		if strings.Contains(b[2], "images/congress.png") {
			pack["images/congress.png"] = picture.String()
		}
		p, problems := Load(pack.FS(), "FORMAT.md")
		if p == nil || len(problems) > 0 {
			t.Errorf("example %d (%s): %v", i+1, b[1], problems)
			continue
		}
		for _, f := range p.Facts {
			for _, c := range f.Citations() {
				t.Log(c.Full)
			}
		}
	}
	for what, keys := range map[string][]string{"pack": packKeys, "fact": factKeys} {
		for _, k := range keys {
			if !strings.Contains(doc, "| `"+k+"` |") && !strings.Contains(doc, "| `"+k+"`,") {
				t.Errorf("the key %s of a %s has no line in a table", k, what)
			}
		}
	}
	for _, k := range declineKinds() {
		if !strings.Contains(doc, "`"+k+"`") {
			t.Errorf("the kind %s is not explained", k)
		}
	}
	row := regexp.MustCompile(`(?m)^\| ([^|]*) \| [^|]* \|$`)
	dates := 0
	_, table, _ := strings.Cut(doc, "| write | for |")
	table, _, _ = strings.Cut(table, "\n### ")
	for _, m := range row.FindAllStringSubmatch(table, -1) {
		for _, d := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(m[1], -1) {
			dates++
			if err := edtf.Date(d[1]).Check(); err != nil {
				t.Error(err)
			}
		}
	}
	if dates < 15 {
		t.Errorf("%d dates in the table", dates)
	}
}
