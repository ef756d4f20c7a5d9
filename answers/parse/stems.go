package parse

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/kljensen/snowball/russian"
)

// Stemmers of other languages, from words in small letters with their accents. Those of
// Snowball; for Polish there is none, and Ukrainian is read as Russian, whose endings are
// near.
var stemmers = map[string]func(string) string{
	"de": snowball(german.Stem), "es": snowball(spanish.Stem), "fr": snowball(french.Stem), "it": snowball(italian.Stem), "pt": snowball(portuguese.Stem),
	"ru": func(w string) string { return russian.Stem(strings.ReplaceAll(w, "ё", "е"), false) },
	"uk": func(w string) string { return russian.Stem(likeRussian.Replace(w), false) },
}

var likeRussian = strings.NewReplacer("і", "и", "ї", "и", "є", "е", "ґ", "г", "'", "", "ё", "е")

func snowball(stem func(*snowballstem.Env) bool) func(string) string {
	return func(w string) string {
		env := snowballstem.NewEnv(w)
		stem(env)
		return env.Current()
	}
}

// Stemmer is the stemmer of a language, from words in small letters; nil if there is none.
func Stemmer(tag string) func(string) string { return stemmers[tag] }

// HasStemmer reports whether something is known of the forms of a language's words.
func HasStemmer(tag string) bool { return stemmers[tag] != nil }

func unstemmed(w string) string { return w }

// stemmerOf is the stemmer of a language, or one that leaves words as they are.
func stemmerOf(tag string) func(string) string {
	if s, ok := stemmers[tag]; ok {
		return s
	}
	return unstemmed
}
