package knowledge

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"footnote/knowledge/packtest"
)

// pngOf is a picture of a size.
func pngOf(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// withImages is a pack whose only fact has these pictures.
func withImages(images string, files map[string]string) packtest.Files {
	p := packtest.Files{
		"pack.yaml":    "schema: footnote/1\nid: p\ntitle: P\nversion: 1.0.0\nlicense: CC0-1.0\nlanguages: [en, de]\n",
		"sources.yaml": "references:\n  - {id: s, type: book, title: S, author: [{literal: A}]}\n",
		"facts.yaml":   "facts:\n  - id: f\n    status: established\n    questions: [What?]\n    answer: That.\n    cites: [{source: s, locator: 1}]\n    images:\n" + images,
	}
	for name, data := range files {
		p[name] = data
	}
	return p
}

func TestImages(t *testing.T) {
	good := pngOf(t, 8, 4)
	p, problems := Load(withImages("      - {file: images/a-1.png, alt: {en: A sign, de: Ein Schild}, credit: Me, license: CC0-1.0}\n"+
		"      - {url: \"https://example.org/b.jpg\", alt: B, caption: C, credit: D, license: E}\n", map[string]string{"images/a-1.png": good}).FS(), "p")
	if p == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	got := p.Facts[0].Images
	if len(got) != 2 || string(got[0].Data()) != good || got[0].Type() != "image/png" || got[0].Alt.In("de") != "Ein Schild" || got[1].URL != "https://example.org/b.jpg" || got[1].Caption.In("en") != "C" || got[1].Data() != nil {
		t.Errorf("%+v", got)
	}
	other, _ := Load(withImages("      - {file: images/a-1.png, alt: {en: A sign, de: Ein Schild}, credit: Me, license: CC0-1.0}\n"+
		"      - {url: \"https://example.org/b.jpg\", alt: B, caption: C, credit: D, license: E}\n", map[string]string{"images/a-1.png": pngOf(t, 9, 4)}).FS(), "p")
	if other == nil || other.Hash == p.Hash {
		t.Error("another picture leaves the hash of the pack as it was")
	}
}

// What is wrong with a picture is told with its place.
func TestWrongImages(t *testing.T) {
	const rest = ", alt: A, credit: B, license: C}\n"
	for _, c := range []struct{ entry, file, data, want string }{
		{"{file: images/a.png" + rest, "images/b.png", pngOf(t, 4, 4), "there is no file images/a.png"},
		{"{file: ../a.png" + rest, "", "", "is no picture of a pack"},
		{"{file: images/../a.png" + rest, "", "", "is no picture of a pack"},
		{"{file: images/A.PNG" + rest, "", "", "is no picture of a pack"},
		{"{file: images/a.png" + rest, "images/a.png", "no picture", "neither a JPEG nor a PNG"},
		{"{file: images/a.png" + rest, "images/a.png", "", "is empty"},
		{"{file: images/a.jpg" + rest, "images/a.jpg", pngOf(t, 4, 4), "in the format png"},
		{"{file: images/a.png" + rest, "images/a.png", pngOf(t, 100, 2), "too narrow"},
		{"{file: images/a.png" + rest, "images/a.png", strings.Repeat("x", MaxImageFile+1), "at most 1024 are taken"},
		{"{url: \"http://example.org/a.png\"" + rest, "", "", "no https address"},
		{"{url: \"https://user@example.org/a.png\"" + rest, "", "", "no https address"},
		{"{url: \"https://example.org/a.png\", file: images/a.png" + rest, "images/a.png", pngOf(t, 4, 4), "delete one of the two"},
		{"{alt: A, credit: B, license: C}\n", "", "", "the picture is missing"},
		{"{url: \"https://example.org/a.png\", credit: B, license: C}\n", "", "", "alt"},
		{"{url: \"https://example.org/a.png\", alt: A, license: C}\n", "", "", "credit"},
		{"{url: \"https://example.org/a.png\", alt: A, credit: B}\n", "", "", "license"},
		{"{url: \"https://example.org/a.png\", alt: A, credit: B, licence: C}\n", "", "", "write it license"},
	} {
		files := map[string]string{}
		if c.file != "" {
			files[c.file] = c.data
		}
		p, problems := Load(withImages("      - "+c.entry, files).FS(), "p")
		i := slices.IndexFunc(problems, func(x Problem) bool { return strings.Contains(x.String(), c.want) })
		if p != nil || i < 0 || problems[i].Severity == Error && problems[i].Line == 0 {
			t.Errorf("%s: %v, want %q", strings.TrimSpace(c.entry), problems, c.want)
		}
	}
}

// A picture that no fact shows is told.
func TestStrayImages(t *testing.T) {
	p, problems := Load(withImages("      - {url: \"https://example.org/b.jpg\", alt: B, credit: D, license: E}\n", map[string]string{"images/left.jpg": "x", "images/notes.txt": "x"}).FS(), "p")
	if p == nil || len(problems) != 1 || !strings.Contains(problems[0].String(), "images/left.jpg: warning: no fact shows this picture") {
		t.Errorf("%v", problems)
	}
}
