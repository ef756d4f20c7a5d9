package answers

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	textlanguage "golang.org/x/text/language"

	"footnote/answers/language"
	"footnote/knowledge"
)

// Packs in other languages than English. Their words of grammar, question words, numbers
// and dates are read as what they are in English (package language), so that whatever
// reads those reads these too; every other word stays what it is, with the stem of its own
// language. What English lists tell of a word, how common it is or whether it is a name,
// is not asked of them.

// A wordReader reads texts in one language.
type wordReader struct {
	tag    string
	table  *language.Table // nil if the language is not known: then every word tells something
	stem   func(string) string
	common *language.Common // nil if there is no list
	nouns  bool             // it writes every noun with a capital
}

// wordReaders are the readers of all known languages but English, and at 0 that of any other.
var wordReaders = sync.OnceValue(func() []*wordReader {
	all := []*wordReader{{stem: unstemmed}}
	for _, tag := range language.Tags() {
		if tag != language.English {
			all = append(all, &wordReader{tag: tag, nouns: len(language.Tables()[tag].Determiners) > 0, table: language.Tables()[tag], stem: stemmerOf(tag), common: language.CommonIn(tag)})
		}
	}
	return all
})

// englishTexts is the place of English among the readers: its words are read by readAsked.
const englishTexts = 0

// readerOf is the number of the reader of a language, from 1, or englishTexts. Texts
// of no language are English.
func readerOf(lang string) uint8 {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if base == "" || base == language.English {
		return englishTexts
	}
	for i, r := range wordReaders() {
		if r.tag == base {
			return uint8(i + 1)
		}
	}
	return 1
}

// reader is the reader of w; nil for an English word.
func (w *word) reader() *wordReader {
	if w.lang == englishTexts {
		return nil
	}
	return wordReaders()[w.lang-1]
}

// native reports whether w is a word of another language that is not known to be any in
// English: lists of English words say nothing of it.
func (w *word) native() bool { return w.lang != englishTexts && !w.glossed }

// own is w in its own language.
func (w *word) own() string {
	text := strings.TrimSuffix(w.text, apartMark)
	if w.lang != englishTexts && (w.glossed || w.kind == function || fold(w.typed) == text) {
		return w.typed // with its accents
	}
	return text
}

// readIn is read for a text in a language.
func readIn(lang, text string) []word {
	l := readerOf(lang)
	if l == englishTexts {
		return read(text)
	}
	return wordReaders()[l-1].read(l, text, false)
}

// readAskedIn is readAsked for a question in a language.
func readAskedIn(lang, text string) []word {
	l := readerOf(lang)
	if l == englishTexts {
		return readAsked(text)
	}
	return wordReaders()[l-1].read(l, text, true)
}

// remade is w with another text of its language.
func (w *word) remade(text string) word {
	r := w.reader()
	if r == nil {
		return makeWord(w.typed, text)
	}
	x := r.content(w.lang, w.typed, text)
	x.upper, x.before = w.upper, w.before
	return x
}

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
func (ix *index) languageOfWords(words []word) string {
	for i := range words {
		if r := words[i].reader(); r != nil {
			return r.tag
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
