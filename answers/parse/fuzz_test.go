package parse

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func seedTexts(f *testing.F) {
	for _, s := range []string{
		"", "Who printed the first Latin Bible?", "whats caxtons '56 press, 1978-79 & twenty-third of May", "kruschev\u200b\u0301", "Фёдоров апостол", "\xff\xfe\x00", "''n't'''s",
		"ﬁ①９ＷＨＯ", strings.Repeat("a", 200), strings.Repeat("the bible ", 60), "\u202eabc", "İstanbul ſ ß", "a\u0345b", "활자", "movabletype movable-type",
	} {
		f.Add(s)
	}
}

// FuzzFold: what is folded is valid, bounded, without capitals and invisible
// characters, and folded already.
func FuzzFold(f *testing.F) {
	seedTexts(f)
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if !utf8.ValidString(once) {
			t.Fatalf("Fold(%q) = %q is not UTF-8", s, once)
		}
		for _, r := range once {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.ToLower(r) != r {
				t.Fatalf("Fold(%q) = %q holds %U", s, once, r)
			}
		}
		if len(once) >= MaxBytes {
			return // the cut of a long text may fall elsewhere the second time
		}
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, and folded again %q", s, once, twice)
		}
	})
}

// FuzzText: reading never fails and is bounded.
func FuzzText(f *testing.F) {
	seedTexts(f)
	f.Fuzz(func(t *testing.T, s string) {
		words := read(s)
		if len(words) > MaxWords {
			t.Fatalf("%d words", len(words))
		}
		for _, w := range words {
			if w.Text == "" || w.Key == "" || runeLen(w.Text) > MaxRunes || !utf8.ValidString(w.Text) {
				t.Fatalf("read(%q) has the word %+v", s, w)
			}
		}
	})
}
