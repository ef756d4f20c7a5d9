package answers

import (
	"slices"
	"strings"

	"footnote/answers/language"
	"footnote/answers/parse"
)

// A LanguageSupport says what is known of a language in which packs may be written.
type LanguageSupport struct {
	Grammar bool // question words, negations, numbers and dates in words
	Endings bool // a stemmer
	Common  bool // how common words are
	English bool // what its words are in English, so that packs and questions are read as English too
	Meaning Meaning
}

// Meaning says which encoder tells how near two texts are in meaning.
type Meaning string

// The encoders that there are for a language.
const (
	OwnEncoder          Meaning = "own"          // the English one
	MultilingualEncoder Meaning = "multilingual" // the one of many languages, which has learned this one
	ReadAsRussian       Meaning = "as Russian"   // the same, which has not and knows a language near to it
	Unlearned           Meaning = "unlearned"    // the same, which has not
)

// multilingualLanguages are those that the multilingual encoder has learned, as far as its
// letters are part of the program.
var multilingualLanguages = []string{"de", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr"}

// SupportOf is what is known of a language, given by its tag.
func SupportOf(lang string) LanguageSupport {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if base == language.English {
		return LanguageSupport{Grammar: true, Endings: true, Common: true, English: true, Meaning: OwnEncoder}
	}
	table := language.Tables()[base] != nil // each has its dictionary
	s := LanguageSupport{Grammar: table, English: table, Endings: parse.HasStemmer(base), Common: language.CommonIn(base) != nil, Meaning: Unlearned}
	if slices.Contains(multilingualLanguages, base) {
		s.Meaning = MultilingualEncoder
	}
	if base == "uk" {
		s.Meaning = ReadAsRussian
	}
	return s
}

// Lacks is what is not known of the language, in words for a curator; nil if nothing is
// lacking.
func (s LanguageSupport) Lacks() []string {
	var out []string
	for _, x := range []struct {
		known bool
		text  string
	}{
		{s.Grammar, "its question words, negations, numbers and dates in words"},
		{s.Endings, "the endings of its words"},
		{s.Common, "which of its words are common"},
		{s.English, "what its words are in English"},
		{s.Meaning != Unlearned && s.Meaning != ReadAsRussian, "what its words mean"},
		{s.Meaning != ReadAsRussian, "what its words mean, where they are not nearly Russian"},
	} {
		if !x.known {
			out = append(out, x.text)
		}
	}
	return out
}
