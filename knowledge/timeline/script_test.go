package timeline

import "testing"

func TestInSight(t *testing.T) {
	for _, c := range []struct{ s, want string }{
		{"plain (text) 12", "plain (text) 12"},
		{"שלום עולם, in Hebrew", "םלוע םולש, in Hebrew"},
		{"שנת 1948 היתה", "התיה 1948 תנש"},
		{"1948 שנה", "1948 הנש"},
		{"שנה 1948", "1948 הנש"},
		{"(אבג) abc", "(גבא) abc"},
		{"the King (אבג) said", "the King (גבא) said"},
		{"אבג abc 12 דה", "גבא abc 12 הד"},
		{"", ""},
	} {
		if got := string(inSight([]rune(c.s))); got != c.want {
			t.Errorf("%q is seen as %q, want %q", c.s, got, c.want)
		}
	}
}

// The forms of letters that join, of letters that do not join the next, of lam with alef,
// and of the letters of Persian.
func TestShaped(t *testing.T) {
	for _, c := range []struct{ s, want string }{
		{"محمد", "\ufee3\ufea4\ufee4\ufeaa"},
		{"دار", "\ufea9\ufe8d\ufead"},
		{"سلام", "\ufeb3\ufefc\ufee1"},
		{"لا", "\ufefb"},
		{"پارچه", "\ufb58\ufe8e\ufead\ufb7c\ufeea"},
		{"مُحَمَّد", "\ufee3\ufea4\ufee4\ufeaa"},
		{"é", "é"},
		{"אָב", "אב"},
		{"Khrushchev", "Khrushchev"},
	} {
		if got := string(shaped(c.s)); got != c.want {
			t.Errorf("%q is shaped as %+q, want %+q", c.s, got, c.want)
		}
	}
}

// Every letter that people of the nine languages and their neighbours write names with
// has a glyph, and so have the forms of Arabic.
func TestLetters(t *testing.T) {
	r := &ruler{}
	for _, s := range []string{"Ґ Ї Є Ў ґ ї є ў Ё", "Żółć Ğ Ș ș Ț ḥ ṣ ā ō ẞ Ő ǧ", "Ἀχιλλεύς", "Ելենա", "საქართველო", "שלום", "محمد عبد الله پارچه گاندی", "“„«»—–…’№"} {
		for _, w := range []weight{regular, bold} {
			if r.lacks(s, w) {
				t.Errorf("some letters of %q cannot be drawn", s)
			}
		}
	}
	if !r.lacks("北京", regular) {
		t.Error("a script is drawn that no font has")
	}
}
