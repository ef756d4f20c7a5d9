package parse

import (
	"strings"
	"sync"

	"footnote/answers/language"
)

// Texts in other languages than English. Their words of grammar, question words, numbers
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

// IsEnglish reports whether texts in a language are read as English.
func IsEnglish(lang string) bool { return readerOf(lang) == englishTexts }

// English reports whether w was read as English.
func (w *Word) English() bool { return w.lang == englishTexts }

// reader is the reader of w; nil for an English word.
func (w *Word) reader() *wordReader {
	if w.lang == englishTexts {
		return nil
	}
	return wordReaders()[w.lang-1]
}

// Native reports whether w is a word of another language that is not known to be any in
// English: lists of English words say nothing of it.
func (w *Word) Native() bool { return w.lang != englishTexts && !w.Glossed }

// Own is w in its own language.
func (w *Word) Own() string {
	text := strings.TrimSuffix(w.Text, apartMark)
	if w.lang != englishTexts && (w.Glossed || w.Kind == Function || Fold(w.Typed) == text) {
		return w.Typed // with its accents
	}
	return text
}

// Text reads a text of a pack that is in a language. It does everything that needs no pack:
// folding, contractions, numbers, dates, stems, and names by their capitals.
func Text(lang, text string) []Word {
	l := readerOf(lang)
	if l == englishTexts {
		return read(text)
	}
	return wordReaders()[l-1].read(l, text, false)
}

// Question reads a question in a language as [Text] reads a pack's text, but for capitals:
// people write questions as they like.
func Question(lang, text string) []Word {
	l := readerOf(lang)
	if l == englishTexts {
		return readAsked(text)
	}
	return wordReaders()[l-1].read(l, text, true)
}

// WithText is w with another text of its language.
func (w *Word) WithText(text string) Word {
	r := w.reader()
	if r == nil {
		return EnglishWord(w.Typed, text)
	}
	x := r.content(w.lang, w.Typed, text)
	x.Upper, x.Before = w.Upper, w.Before
	return x
}

// IsDeterminer reports whether w may stand before a noun, in another language than English.
func (w *Word) IsDeterminer() bool {
	r := w.reader()
	return r != nil && !w.Glossed && r.table != nil && r.table.Determiners[w.Typed]
}

// NounsHaveCapitals reports whether the language of w writes every noun with a capital.
func (w *Word) NounsHaveCapitals() bool {
	r := w.reader()
	return r != nil && r.nouns
}

// CommonRank is the place of w among the common words of its own language, from 1; 0 where
// it is none of them.
func (w *Word) CommonRank() int {
	if r := w.reader(); r != nil {
		return r.common.Rank(strings.TrimSuffix(w.Text, apartMark))
	}
	return 0
}

// HasForms reports whether something is known of the forms of words in the language of w.
func (w *Word) HasForms() bool {
	r := w.reader()
	return r == nil || HasStemmer(r.tag)
}

// Links is what stands between the parts of a compound word, in a language that writes
// them together; nil in others.
func (w *Word) Links() []string {
	if r := w.reader(); r != nil && r.table != nil {
		return r.table.Links
	}
	return nil
}

// Part is a word of the same language as w, of which w is made.
func (w *Word) Part(text string) Word { return w.reader().content(w.lang, w.Typed, text) }

// Language is the tag of the language that w was read in; "" for English.
func (w *Word) Language() string {
	if r := w.reader(); r != nil {
		return r.tag
	}
	return ""
}
