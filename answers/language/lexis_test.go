package language

import (
	"strings"
	"testing"
)

// A lexis finds the most words that tokens begin with, and of one spelling that with its marks.
func TestLexis(t *testing.T) {
	l := newLexis([]lexeme{
		{key: "chef", english: "chief"},
		{key: "ne", english: "born", marked: "né"},
		{key: "ne", english: "not"},
		{key: "chef d orchestre", english: "conductor"},
		{key: "chef lieu", english: "capital"},
		{key: "chefferie", english: "chieftaincy"},
	})
	for text, want := range map[string]string{
		"chef": "chief", "chef d'orchestre": "conductor", "chef d'état": "chief", "chef-lieu": "capital", "chefs": "",
		"ne": "not", "né": "born", "nè": "not", "cheffe": "", "zzz": "", "a": "",
	} {
		x, ok := l.find(split(text))
		if x.english != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", text, x.english, ok, want)
		}
	}
	if x, ok := l.exactly("chefferie"); !ok || x.english != "chieftaincy" || x.words() != 1 {
		t.Errorf("chefferie: %+v, %v", x, ok)
	}
	empty := newLexis(nil)
	if _, ok := empty.find(split("chef")); ok {
		t.Error("an empty one has a word")
	}
}

// Of keywords that no grammar tells, the language is told that has the most of them.
func TestLikeliest(t *testing.T) {
	none := func(string) bool { return false }
	for _, c := range []struct {
		text, prefer, want string
		skip               func(string) bool
	}{
		{"Belagerung Festung Gründung", "", "de", none},
		{"siège forteresse marchands", "", "fr", none},
		{"осада крепость", "", "ru", none},
		{"облога фортеця", "", "uk", none},
		{"oblężenie twierdzy", "", "pl", none},
		{"Xqzt 1790", "de", "", none},
		{"general hospital", "", "", func(w string) bool { return strings.Contains("general hospital", w) }},
		{"monumento", "pt", "pt", none},
		{"monumento", "it", "it", none},
		{"", "", "", none},
	} {
		if got, n := Likeliest(c.text, c.skip, c.prefer); got != c.want || (n > 0) != (c.want != "") {
			t.Errorf("%q: %q (%d), want %q", c.text, got, n, c.want)
		}
	}
}

// The dictionaries take little memory: what a word takes, with all its forms.
func BenchmarkDictionary(b *testing.B) {
	english, french := englishWords(), strings.Split(unpacked("fr.txt.gz"), "\n")
	b.ReportAllocs()
	for b.Loop() {
		d, err := parseDictionary(english, french)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(d.words.whole.text)+4*len(d.words.whole.at))/float64(len(d.words.whole.at)), "held-bytes/word")
	}
}
