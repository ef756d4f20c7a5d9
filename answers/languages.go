package answers

import (
	"cmp"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	textlanguage "golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"footnote/answers/language"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
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
			all = append(all, &wordReader{tag: tag, table: language.Tables()[tag], stem: stemmerOf(tag), common: language.CommonIn(tag), nouns: tag == "de"})
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

var (
	// numericDates are dates in digits, which are the same everywhere but in America.
	numericDates = regexp.MustCompile(`\b(\d{1,2})[./](\d{1,2})[./](\d{3,4})\b|\b(\d{4})-(\d{2})-(\d{2})\b`)
	// groupedNumbers are written with something between their thousands.
	groupedNumbers = regexp.MustCompile(`\b\d{1,3}(?:[.\x{a0}\x{202f}' ]\d{3})+\b`)
)

// plainNumbers writes dates in digits with the month's name, and numbers without marks
// between their thousands.
func (r *wordReader) plainNumbers(text string) string {
	if !strings.ContainsAny(text, "0123456789") {
		return text
	}
	months := edtf.Months(r.tag)
	text = numericDates.ReplaceAllStringFunc(text, func(s string) string {
		m := numericDates.FindStringSubmatch(s)
		day, mon, year := m[1], m[2], m[3]
		if year == "" {
			year, mon, day = m[4], m[5], m[6]
		}
		i, _ := strconv.Atoi(mon)
		if i < 1 || i > len(months) {
			return s
		}
		return day + " " + months[i-1][len(months[i-1])-1] + " " + year
	})
	return groupedNumbers.ReplaceAllStringFunc(text, func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, s)
	})
}

// read reads a text. What people say to the one whom they ask tells nothing of a question.
func (r *wordReader) read(l uint8, text string, asked bool) []word {
	if len(text) > maxQuestionBytes {
		text = text[:maxQuestionBytes]
	}
	text = norm.NFKC.String(strings.ToValidUTF8(text, " "))
	var parts []language.Word
	if r.table != nil {
		parts = r.table.Read(r.plainNumbers(text))
	} else {
		parts = readUnknown(text)
	}
	words := make([]word, 0, len(parts)+2)
	content := false
	for i := range parts {
		p := &parts[i]
		if len(words) >= maxTokens-1 {
			break
		}
		if p.Kind == language.Address && asked {
			continue
		}
		kind := p.Kind
		if kind == language.Asks && content { // "the king who": it asks nothing
			kind = language.Function
		}
		if kind == language.Function && r.table != nil && asksAfter(parts[i+1:]) {
			if order := r.table.Order(p.Folded); order == "before" || order == "after" {
				words = r.add(words, l, &language.Word{Text: p.Text, Folded: p.Folded, English: order}, language.Order)
				continue
			}
		}
		content = content || kind == language.Content || kind == language.Date || kind == language.Number
		words = r.add(words, l, p, kind)
	}
	if !asked || !r.nouns {
		markCapitals(text, words)
	}
	return words
}

// asksAfter reports whether what stands behind a word for before or after is something that
// may have happened: after the war.
func asksAfter(rest []language.Word) bool {
	for _, p := range rest {
		if p.Kind != language.Function {
			return p.Kind == language.Content
		}
	}
	return false
}

// readUnknown reads a text in a language of which nothing is known.
func readUnknown(text string) []language.Word {
	var out []language.Word
	split(fold(text), func(w string) {
		k := language.Content
		if isDigits(w) {
			k = language.Number
		}
		out = append(out, language.Word{Text: w, Folded: w, Kind: k, English: ""})
		if k == language.Number {
			out[len(out)-1].English = w
		}
	})
	return out
}

// add reads one word behind words.
func (r *wordReader) add(words []word, l uint8, p *language.Word, kind language.Kind) []word {
	typed := strings.ToLower(p.Text)
	english := func(k wordKind, texts ...string) {
		for _, t := range texts {
			w := makeWord(typed, t)
			w.lang, w.glossed, w.kind, w.before = l, true, k, ' '
			words = append(words, w)
		}
	}
	switch kind {
	case language.Asks:
		english(function, strings.Fields(p.English)...)
	case language.Order:
		english(function, p.English)
	case language.Negation:
		english(negation, "not")
	case language.Month:
		english(month, p.English)
		if n := len(words); n > 1 { // 25 de febrero, 1er mars
			for i := n - 2; i >= max(n-3, 0); i-- {
				if w := &words[i]; w.kind == number && len(w.key) <= 2 {
					w.day = true
					break
				} else if w.kind != function {
					break
				}
			}
		}
	case language.Number, language.Date:
		words = r.addNumber(words, l, typed, p.English)
	case language.Content:
		if p.English != "" {
			w := makeWord(typed, p.English)
			w.lang, w.glossed, w.before = l, true, ' '
			w.kind, w.key = content, "="+p.English
			return append(words, w)
		}
		w := r.content(l, typed, strings.ToLower(p.Text))
		w.before = ' '
		words = append(words, w)
	default: // grammar
		plain := fold(typed)
		w := word{typed: typed, text: r.apart(plain), key: plain, kind: function, lang: l, before: ' '}
		words = append(words, w)
	}
	return words
}

// addNumber reads a number, a year, a decade, a century or an era, as English writes it.
func (r *wordReader) addNumber(words []word, l uint8, typed, english string) []word {
	if english == "bc" {
		if n := len(words); n > 0 {
			makeYear(&words[n-1])
		}
		return append(words, word{typed: typed, text: "bc", key: "bc", kind: function, lang: l, glossed: true, before: ' '})
	}
	for _, t := range strings.Fields(english) {
		w := makeWord(typed, t)
		w.lang, w.glossed, w.before = l, true, ' '
		if n := len(words); n > 0 && w.kind == number && len(w.key) == 3 && r.table != nil && r.table.IsTime(fold(words[n-1].typed)) {
			w.kind = year // im Jahr 330
		}
		words = append(words, w)
	}
	return words
}

// content is a word that tells something, from its text in small letters.
func (r *wordReader) content(l uint8, typed, text string) word {
	w := word{typed: typed, text: r.apart(fold(text)), key: fold(r.stem(text)), lang: l}
	if runeLen(text) < 2 {
		w.kind = function
	}
	return w
}

// apart is a word of another language so that it is not taken for the English word of the
// same letters where words are looked up: mar is no March.
func (r *wordReader) apart(w string) string {
	if alike[w] || functionWords[w] || numerals[w].class != noNumeral || monthNumbers[w] > 0 || eras[w] != "" {
		return w + apartMark
	}
	return w
}

// apartMark sets apart what is written like an English word.
const apartMark = "_"

// alike are the English words that are looked up by their text and that are words of other
// languages too.
var alike = func() map[string]bool {
	m := map[string]bool{}
	for _, words := range []map[string]bool{auxiliaries, modals, articles, prepositions, definers, lightVerbs, ranks, reasonWords, series, regnal, timeNouns, placeNouns, personNouns,
		amountNouns, reasonNouns, openings, subjects, polite} {
		for w := range words {
			m[w] = true
		}
	}
	for w := range orders {
		m[w] = true
	}
	return m
}()

// markCapitals is markUpper for other languages, where a word may stand behind an
// apostrophe: l'Archipel.
func markCapitals(text string, words []word) {
	upper := map[string]bool{}
	start, lower := true, 0
	for f := range strings.FieldsSeq(text) {
		trimmed := strings.TrimLeftFunc(f, func(r rune) bool { return !unicode.IsLetter(r) })
		for i, part := range strings.FieldsFunc(trimmed, func(r rune) bool { return r == '\'' || r == '’' || r == '-' }) {
			switch first := firstRune(part); {
			case unicode.IsUpper(first) && (!start || i > 0):
				split(strings.ToLower(part), func(w string) { upper[w] = true })
			case unicode.IsLower(first) && i == 0:
				lower++
			}
		}
		start = strings.HasSuffix(f, ".") || strings.HasSuffix(f, "!") || strings.HasSuffix(f, "?") || strings.HasSuffix(f, ":")
	}
	if lower < 1 {
		return
	}
	for i := range words {
		words[i].upper = words[i].kind == content && !words[i].glossed && upper[words[i].typed]
	}
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

// Weights of words that no list knows, by how many facts' phrasings hold them: one that all
// hold tells as little as a common word of English, one that a single fact holds as much as
// a rather rare one.
const (
	nativeLeast   = .15
	nativeMost    = .6
	nativeUnknown = .5 // no fact holds it
)

func (ix *index) nativeWeight(w *word, name bool) float64 {
	x := nativeUnknown
	if n := ix.asking[w.key]; n > 0 {
		x = nativeMost
		if facts := float64(len(ix.facts)); facts > 1 {
			x -= (nativeMost - nativeLeast) * math.Log(float64(n)) / math.Log(facts)
		}
	}
	if name {
		return max(x, nameFloor)
	}
	if r := w.reader().common.Rank(strings.TrimSuffix(w.text, apartMark)); r > 0 {
		x = min(x, max(contentFloor, math.Log(float64(r)/commonest)/math.Log(listSize/commonest)))
	}
	return x
}

// The weight of a listed word by its rank, as that of an English one (lexicon.Weight).
const commonest, listSize = 100, 200_000

// listed reports whether w is among the commonest words of its language.
func (w *word) listed() bool {
	return w.native() && w.reader().common.Rank(strings.TrimSuffix(w.text, apartMark)) > 0
}

// addNoun takes up a word with a capital of a language that writes every noun with one. A
// name stands alone, other nouns have an article somewhere.
func (ix *index) addNoun(words []word, i int) {
	key := words[i].key
	if i > 0 && words[i-1].native() && determiners[words[i-1].typed] || words[i].listed() {
		ix.nouns[key] = true
		ix.vocabulary.marks[ix.vocabulary.id(key)] &^= capital
	}
	if !ix.nouns[key] {
		ix.vocabulary.marks[ix.vocabulary.id(key)] |= capital
	}
}

// determiners are the words of German before a noun that is no name.
var determiners = set(`der die das den dem des ein eine einen einem einer eines im am vom zum zur beim ins ans kein keine keinen keinem dieser diese dieses diesem diesen jener
jene jenes welcher welche welches welchem welchen sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer alle allen viele vielen wie-viele`)

// Bounds of repairs where no list says that a word is right as it stands: only long words,
// and only what everybody slips in.
const (
	minNative     = 6
	longNative    = 9
	costNative    = .7  // a letter doubled, or two that changed places, or one vowel for another
	costLongWords = 1.0 // of long words another letter too
)

// mendNative is mend for a word of another language: only towards the pack's words.
func (s *speller) mendNative(w *word, n int) (to string, cost float64) {
	if w.kind != content || w.glossed || n < minNative || w.listed() || s.count[w.text] > 0 || s.stems[w.key] {
		return "", 0
	}
	limit := costNative
	if n >= longNative {
		limit = costLongWords
	}
	best, first := "", firstRune(w.text)
	for l := n - 1; l <= n+1; l++ {
		for _, c := range s.byLength[l] {
			if firstRune(c) != first || distance(w.text, c, 1) > 1 {
				continue
			}
			if d := weighted(w.text, c); d <= limit && (best == "" || d < cost) {
				best, cost = c, d
			}
		}
	}
	return best, cost
}

// untoldWeight is the weight of a word from which a fact that does not tell of it is not
// surely what is asked for.
const untoldWeight = .4

// What was learned of English relies on its lists of words: a word that they relate to none
// of the fact's is another thing. Without lists a word that the fact holds in no sense may be
// anything, so each makes a sure answer rarer, in log-odds; and so does the other encoder.
// Both were chosen on the packs of testdata/packs-by-language, so that near misses are
// answered surely no more often than in English.
const (
	foreignOdds = .3
	untoldOdds  = .4
)

// weighNative makes a sure answer rarer where the question is in another language than
// English.
func (ix *index) weighNative(d *decision, q *question, fact int32, x exclusion) {
	untold, foreign := ix.untoldIn(q, fact, d.closest, x)
	if !foreign {
		return
	}
	d.sure = sigmoid(d.models.sure.at(&d.figures) - foreignOdds - untoldOdds*float64(untold))
	if d.figures[figOrder] > 0 { // before and after tell two things apart that share all words
		d.sure *= contradictedShare
	}
}

// untoldIn is how many words of a question the fact holds in no sense, and whether it is in
// another language than English.
func (ix *index) untoldIn(q *question, fact, closest int32, x exclusion) (untold int, foreign bool) {
	s := &ix.supports[fact]
	for k, i := range q.telling {
		w := &q.u.words[i]
		if w.lang == englishTexts && !ix.multilingual {
			continue
		}
		foreign = true
		if w.kind != content || q.weight[k] < untoldWeight || lightVerbs[w.text] || ix.held(w, q.words[i].key, fact, x).any() || s.senseBeyond(q, k) {
			continue
		}
		if closest >= 0 && slices.ContainsFunc(ix.phrasings[closest].texts, func(text int32) bool { return text >= 0 && sameSense(q.relation(k, text)) }) {
			continue
		}
		untold++
	}
	return untold, foreign
}

// countAsking counts how many facts ask with a word.
func (ix *index) countAsking() {
	ix.asking = map[string]int{}
	last := map[string]int32{}
	for i := range ix.phrasings {
		p := &ix.phrasings[i]
		for j := range p.words {
			if w := &p.words[j]; w.native() && w.kind == content && last[w.key] != p.fact+1 {
				last[w.key] = p.fact + 1
				ix.asking[w.key]++
			}
		}
	}
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
