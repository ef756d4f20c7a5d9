package draft

import (
	"slices"
	"strings"
	"testing"
)

// No cell runs in a spreadsheet or becomes something else in it, and each comes back.
func TestHarmless(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-2", "@x", "\t=x", "\r=x", " =x", "＝x", "=HYPERLINK(\"http://x\")", "'=x", "''=x", "1956-02", "12-15", "1/2", "1.10", "0043", "1,5", "1e5",
		"29 May 1956", "May 1956", "1.0.0", "12:30", "TRUE", "falsch", "'Abd al-Malik", "''", "'1956-02"} {
		cell := Harmless(s)
		if !strings.HasPrefix(cell, "'") || Unharmed(cell) != s {
			t.Errorf("%q becomes %q and comes back as %q", s, cell, Unharmed(cell))
		}
	}
	for _, s := range []string{"", "1956", "0", "In 1956.", "27–28", "a = b", "When was it?", "Runciman 1965, 133 f."} {
		if cell := Harmless(s); cell != s || Unharmed(s) != s {
			t.Errorf("%q becomes %q", s, cell)
		}
	}
	// What people type, and what a spreadsheet that takes the first apostrophe for its
	// own leaves of what we wrote.
	for _, s := range []string{"'Tis true", "'Abd al-Malik", "=x", "1956-02"} {
		if got := Unharmed(s); got != s {
			t.Errorf("%q becomes %q", s, got)
		}
	}
	if got := NoFormula("1956-02") + NoFormula("=x") + NoFormula("'=x") + NoFormula("'1956-02"); got != "1956-02'=x''=x''1956-02" {
		t.Error(got)
	}
}

func FuzzHarmless(f *testing.F) {
	for _, s := range []string{"=x", "'=x", "'1956-02", "\u00a0@x", "''", "true"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, cell := range []string{Harmless(s), NoFormula(s)} {
			if Unharmed(cell) != s || formula.MatchString(cell) {
				t.Fatalf("%q becomes %q and comes back as %q", s, cell, Unharmed(cell))
			}
		}
	})
}

func FuzzJoinLines(f *testing.F) {
	f.Add("a\\\nb", "c\\", `d\\`)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var texts []string
		for _, s := range []string{a, b, c} {
			// Texts of a pack are trimmed, hold something, and have no carriage return.
			if s = strings.TrimSpace(strings.ReplaceAll(s, "\r", "")); s != "" {
				texts = append(texts, s)
			}
		}
		if back := SplitLines(JoinLines(texts)); !slices.Equal(back, texts) {
			t.Fatalf("%q comes back as %q", texts, back)
		}
	})
}

// Names are written as people write them, and come back.
func TestNameCell(t *testing.T) {
	for want, name := range map[string]Object{
		"Archer, Robert":                {{Key: "family", Value: "Archer"}, {Key: "given", Value: "Robert"}},
		"Plato":                         {{Key: "family", Value: "Plato"}},
		"[Example Center]":              {{Key: "literal", Value: "Example Center"}},
		`{"family":"A, B","given":"C"}`: {{Key: "family", Value: "A, B"}, {Key: "given", Value: "C"}},
		`{"family":"Beethoven","given":"Ludwig","non-dropping-particle":"van"}`: {{Key: "family", Value: "Beethoven"}, {Key: "given", Value: "Ludwig"}, {Key: "non-dropping-particle", Value: "van"}},
		`{"family":"de la Cruz"}`:                 {{Key: "family", Value: "de la Cruz"}},
		`{"literal":"x [y]","comma-suffix":true}`: {{Key: "literal", Value: "x [y]"}, {Key: "comma-suffix", Value: true}},
	} {
		cell := NameCell(name)
		back, err := ParseName(cell)
		if cell != want || err != nil || !sameJSON(back, name) {
			t.Errorf("%v becomes %s and comes back as %v, %v", name, cell, back, err)
		}
	}
	for _, s := range []string{"", "Robert Archer", "a, b, c", ", Robert", "{", "[x"} {
		if n, err := ParseName(s); err == nil {
			t.Errorf("%q is %v", s, n)
		}
	}
}
