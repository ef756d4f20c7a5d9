package timeline

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"footnote/knowledge"
)

var update = flag.Bool("update", false, "write the pictures anew")

// kinds has an event of each kind, in Latin, Cyrillic and Hebrew letters.
func kinds() *Timeline {
	e := Events([]*knowledge.Fact{
		fact("a", knowledge.Established, "1953-03-05", "Death of Stalin"),
		fact("b", knowledge.Established, "1956-02-25", "Secret Speech — Секретный доклад"),
		fact("c", knowledge.Established, "1964-10/1982-11", "Brezhnev leads: quiet rehabilitation"),
		fact("d", knowledge.Established, "1985/1991", "Glasnost, перестройка"),
		fact("e", knowledge.Established, "1993~", "CPRF founded"),
		fact("f", knowledge.Disputed, "2003/2014", "Re-Stalinization"),
		fact("g", knowledge.Disputed, "2009-09", "“The Gulag Archipelago” required in schools, for the first time and against the will of many"),
		fact("h", knowledge.Established, "199X", "Monuments return / Ґ Ї Є Ў"),
		fact("i", knowledge.Established, "2015/..", "Stalin centres open"),
		fact("j", knowledge.Disputed, "1990~", "שלום עולם, in Hebrew"),
	}, english())
	return New("Neo-Stalinism after 1953", "10 dated facts · neo-stalinism 1.0.0", e, english(), 0)
}

// farApart has events that lie far apart, before our era too, so that the line breaks.
func farApart() *Timeline {
	w := english()
	w.Tags = []string{"ru", "en"}
	e := Events([]*knowledge.Fact{
		fact("a", knowledge.Established, "-0309~", "основание города"),
		fact("b", knowledge.Established, "-0261", "первая стена"),
		fact("c", knowledge.Established, "../-0217", "жизнь без царей"),
		fact("d", knowledge.Established, "1931-05", "раскопки"),
		fact("e", knowledge.Established, "1931-07", "вторые раскопки"),
		fact("f", knowledge.Disputed, "-02XX", "древнейшая монета"),
	}, w)
	return New("Тессара", "", e, w, 0)
}

// scripts has names in more scripts, of which one cannot be drawn.
func scripts() *Timeline {
	e := Events([]*knowledge.Fact{
		fact("a", knowledge.Established, "0973", "مولد أبي الريحان البيروني"),
		fact("b", knowledge.Established, "1048~", "محمد بن أحمد, died in غزنة (Ghazna)"),
		fact("c", knowledge.Established, "1138", "נולד הרמב״ם (Moses Maimonides)"),
		fact("d", knowledge.Disputed, "1204-12-13", "משה בן מימון נפטר בשנת 1204 בפוסטאט"),
		fact("e", knowledge.Established, "1054", "Ὕβρις · Сѵнодъ · Անի · თბილისი · Ṭabarī"),
		fact("f", knowledge.Established, "1068", "王安石"),
	}, english())
	return New("Names — الأسماء — שמות", "", e, english(), 0)
}

// shipped is the picture in README.md: the first ten events of the pack inside the program.
func shipped(t *testing.T) *Timeline {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	p := base.Packs[0]
	return New(p.Title.In("en"), p.ID+" "+p.Version, Events(base.Facts(), english())[:10], english(), 0)
}

// maxPNG is what a picture of a page of events may take, in bytes.
const maxPNG = 40 << 10

// The PNG is what it was when somebody last looked at it, and small.
func TestPNG(t *testing.T) {
	for name, c := range map[string]struct {
		t     *Timeline
		theme Theme
	}{"kinds.png": {kinds(), Light}, "kinds-dark.png": {kinds(), Dark}, "apart.png": {farApart(), Light}, "scripts.png": {scripts(), Light}, "neo-stalinism.png": {shipped(t), Light}} {
		got, err := c.t.PNG(c.theme)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) > maxPNG {
			t.Errorf("%s has %d bytes", name, len(got))
		}
		golden(t, name, got, func(a, b []byte) bool { return alike(t, a, b) })
	}
}

// alike reports whether two pictures differ in less than one of 500 pixels by more than
// an eye sees: where a curve is rounded on another machine is no difference.
func alike(t *testing.T, a, b []byte) bool {
	decode := func(data []byte) image.Image {
		m, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	x, y := decode(a), decode(b)
	if x.Bounds() != y.Bounds() {
		return false
	}
	far := func(a, b uint32) bool { return max(a, b)-min(a, b) > 0x3000 }
	differ := 0
	for j := range x.Bounds().Dy() {
		for i := range x.Bounds().Dx() {
			r, g, b, _ := x.At(i, j).RGBA()
			r2, g2, b2, _ := y.At(i, j).RGBA()
			if far(r, r2) || far(g, g2) || far(b, b2) {
				differ++
			}
		}
	}
	return differ*500 < x.Bounds().Dx()*x.Bounds().Dy()
}

func BenchmarkPNG(b *testing.B) {
	tl := kinds()
	for b.Loop() {
		if _, err := tl.PNG(Light); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLayout(b *testing.B) {
	for b.Loop() {
		kinds()
	}
}

// The SVG is what it was when somebody last looked at it.
func TestSVG(t *testing.T) {
	for name, got := range map[string]string{
		"kinds.svg": kinds().SVG(SVGOptions{ID: "k-", Theme: Auto}),
		"apart.svg": farApart().SVG(SVGOptions{Theme: Dark, Link: func(f *knowledge.Fact) string { return "facts/" + f.ID + ".html?a&b" }}),
	} {
		golden(t, name, []byte(got), bytes.Equal)
		if err := wellFormed(got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// golden compares got with a file by same, or writes it.
func golden(t *testing.T, name string, got []byte, same func(a, b []byte) bool) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !same(got, want) {
		t.Errorf("%s is another picture; write it with -update and look at it", path)
	}
}
