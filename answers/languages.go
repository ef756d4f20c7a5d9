package answers

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"footnote/answers/language"
	"footnote/answers/parse"
	"footnote/knowledge"

	textlanguage "golang.org/x/text/language"
)

// mainLanguage is the first language of a fact's pack, in which its names are written.
func mainLanguage(f *knowledge.Fact) string {
	if f.Pack == nil {
		return language.English
	}
	return firstLanguage(f.Pack.Languages)
}

func firstLanguage(languages []string) string {
	if len(languages) == 0 {
		return language.English
	}
	return languages[0]
}

// textIn is a text in the first of languages that it has, and which that is.
func textIn(t knowledge.Text, languages ...string) (lang, text string) {
	text = t.In(languages...)
	for _, l := range languages {
		if s, ok := t[l]; ok && s == text {
			return l, text
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		if t[l] == text {
			return l, text
		}
	}
	return language.English, text
}

// languageFor is the language in which a question is read: that of the base, or, where its
// phrasings are in several, the one that it seems to be in.
// A base in other languages than English is asked in any.
func (ix *index) languageFor(text string) string {
	if len(ix.languages) < 2 && !ix.multilingual {
		return firstLanguage(ix.languages)
	}
	g := language.Detect(text, ix.languages...)
	if slices.Contains(ix.languages, g.Tag) || ix.multilingual && g.Lead > smallLead {
		return g.Tag
	}
	return languageOf(text, ix.languages)
}

// languageOfWords is the language in which words were read, or that of the base if they
// tell none.
func (ix *index) languageOfWords(words []parse.Word) string {
	for i := range words {
		if l := words[i].Language(); l != "" {
			return l
		}
	}
	return firstLanguage(ix.languages)
}

// englishShare is the share of phrasings in English from which a base is given to the
// English encoder. That of many languages knows each of them less well.
const englishShare = .6

// phrasedIn are the languages of the facts' phrasings, the most frequent first, and whether
// they need the multilingual encoder.
func phrasedIn(facts []*knowledge.Fact) (languages []string, multilingual bool) {
	count := map[string]int{}
	total := 0
	for _, f := range facts {
		for _, q := range f.Questions {
			base, _, _ := strings.Cut(strings.ToLower(q.Lang), "-")
			count[cmp.Or(base, language.English)]++
			total++
		}
	}
	all := slices.Sorted(maps.Keys(count))
	slices.SortStableFunc(all, func(a, b string) int { return count[b] - count[a] })
	return all, float64(count[language.English]) < englishShare*float64(total)
}

// languageOf is the language of a text that does not say: the first of languages that is
// written in its letters.
func languageOf(text string, languages []string) string {
	cyrillic := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
	i := slices.IndexFunc(languages, func(l string) bool {
		script, _ := textlanguage.Make(l).Script()
		return (script.String() == "Cyrl") == cyrillic
	})
	if i < 0 {
		return firstLanguage(languages)
	}
	return languages[i]
}
