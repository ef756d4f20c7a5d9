package parse

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"footnote/answers/language"
	"footnote/knowledge/edtf"
)

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
func (r *wordReader) read(l uint8, text string, asked bool) []Word {
	if len(text) > MaxBytes {
		text = text[:MaxBytes]
	}
	text = norm.NFKC.String(strings.ToValidUTF8(text, " "))
	var parts []language.Word
	if r.table != nil {
		parts = r.table.Read(r.plainNumbers(text))
	} else {
		parts = readUnknown(text)
	}
	words := make([]Word, 0, len(parts)+2)
	content := false
	for i := range parts {
		p := &parts[i]
		if len(words) >= MaxWords-1 {
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
		if asked && kind == language.Function && p.English == "" {
			p.English = r.goesOn(p, parts[i+1:])
		}
		content = content || kind == language.Content || kind == language.Date || kind == language.Number
		words = r.add(words, l, p, kind)
	}
	if !asked || !r.nouns {
		markCapitals(text, words)
	}
	return words
}

// goesOn is the English for a word with which a question goes on from the last answer, or
// that stands for something in it; "" for others. What also stands before nouns, as "das"
// does, is one only elsewhere.
func (r *wordReader) goesOn(p *language.Word, rest []language.Word) string {
	w := Fold(p.Folded)
	english := FollowUpWords(r.tag)[w]
	switch {
	case openers[english] || persons[english]:
	case anaphors[english] && (len(rest) == 0 || rest[0].Kind != language.Content):
	default:
		return ""
	}
	if english != "" && r.table != nil && r.table.Determiners[p.Text] && len(rest) > 0 && rest[0].Kind == language.Content {
		return ""
	}
	return english
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
	split(Fold(text), func(w string) {
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
func (r *wordReader) add(words []Word, l uint8, p *language.Word, kind language.Kind) []Word {
	typed := strings.ToLower(p.Text)
	english := func(k Kind, texts ...string) {
		for _, t := range texts {
			w := EnglishWord(typed, t)
			w.lang, w.Glossed, w.Kind, w.Before = l, true, k, ' '
			words = append(words, w)
		}
	}
	switch kind {
	case language.Asks:
		english(Function, strings.Fields(p.English)...)
	case language.Order:
		english(Function, p.English)
	case language.Negation:
		if p.English == "without" { // which denies nothing of what is asked
			english(Function, p.English)
		} else {
			english(Negation, "not")
		}
	case language.Month:
		english(Month, p.English)
		if n := len(words); n > 1 { // 25 de febrero, 1er mars
			for i := n - 2; i >= max(n-3, 0); i-- {
				if w := &words[i]; w.Kind == Number && len(w.Key) <= 2 {
					w.Day = true
					break
				} else if w.Kind != Function {
					break
				}
			}
		}
	case language.Number, language.Date:
		words = r.addNumber(words, l, typed, p.English)
	case language.Content:
		if p.English != "" {
			w := EnglishWord(typed, p.English)
			w.lang, w.Glossed, w.Before = l, true, ' '
			w.Kind, w.Key = Content, "="+p.English
			return append(words, w)
		}
		if questionWord[typed] { // what follow-ups are put into, in package answers
			english(Function, typed)
			break
		}
		w := r.content(l, typed, strings.ToLower(p.Text))
		w.Before = ' '
		words = append(words, w)
	default: // grammar
		if p.English != "" {
			english(Function, p.English)
			break
		}
		plain := Fold(typed)
		w := Word{Typed: typed, Text: r.apart(plain), Key: plain, Kind: Function, lang: l, Before: ' '}
		words = append(words, w)
	}
	return words
}

// addNumber reads a number, a year, a decade, a century or an era, as English writes it.
func (r *wordReader) addNumber(words []Word, l uint8, typed, english string) []Word {
	if english == "bc" {
		if n := len(words); n > 0 {
			makeYear(&words[n-1])
		}
		return append(words, Word{Typed: typed, Text: "bc", Key: "bc", Kind: Function, lang: l, Glossed: true, Before: ' '})
	}
	for _, t := range strings.Fields(english) {
		w := EnglishWord(typed, t)
		w.lang, w.Glossed, w.Before = l, true, ' '
		if n := len(words); n > 0 && w.Kind == Number && len(w.Key) == 3 && r.table != nil && r.table.IsTime(Fold(words[n-1].Typed)) {
			w.Kind = Year // im Jahr 330
		}
		words = append(words, w)
	}
	return words
}

// content is a word that tells something, from its text in small letters.
func (r *wordReader) content(l uint8, typed, text string) Word {
	w := Word{Typed: typed, Text: r.apart(Fold(text)), Key: Fold(r.stem(text)), lang: l}
	if runeLen(text) < 2 {
		w.Kind = Function
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
func markCapitals(text string, words []Word) {
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
		words[i].Upper = words[i].Kind == Content && !words[i].Glossed && upper[words[i].Typed]
	}
}

// AsGrammar is what a word of a question is if it is a word of grammar but for one slip.
func (w *Word) AsGrammar() ([]Word, bool) {
	r := w.reader()
	if r == nil || r.table == nil {
		return nil, false
	}
	p, ok := r.table.RepairGrammar(language.Word{Text: w.Typed, Folded: Fold(w.Typed)})
	if !ok {
		return nil, false
	}
	return r.add(nil, w.lang, &p, p.Kind), true
}
