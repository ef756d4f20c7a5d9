package parse

import (
	"strconv"
	"strings"

	"footnote/answers/lexicon"
)

// A numeral is a word that spells a number.
type numeral struct {
	value   int
	class   numeralClass
	ordinal bool
}

type numeralClass uint8

const (
	noNumeral    numeralClass = iota
	unitNumeral               // one to nine
	teenNumeral               // ten to nineteen
	tensNumeral               // twenty, thirty …
	hundredClass              // hundred, dozen: they multiply what goes before
	scaleNumeral              // thousand, million, billion
	decadeName                // the fifties
)

// numerals are the words that spell numbers.
var numerals = func() map[string]numeral {
	m := map[string]numeral{}
	for i, w := range strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen") {
		c := unitNumeral
		if i+1 >= 10 {
			c = teenNumeral
		}
		m[w] = numeral{value: i + 1, class: c}
	}
	for i, w := range strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth") {
		c := unitNumeral
		if i+1 >= 10 {
			c = teenNumeral
		}
		m[w] = numeral{value: i + 1, class: c, ordinal: true}
	}
	for i, w := range strings.Fields("twent thirt fort fift sixt sevent eight ninet") {
		n := 10 * (i + 2)
		m[w+"y"] = numeral{value: n, class: tensNumeral}
		m[w+"ieth"] = numeral{value: n, class: tensNumeral, ordinal: true}
		m[w+"ies"] = numeral{value: n, class: decadeName}
	}
	m["fourty"], m["fourties"] = m["forty"], m["forties"] // common slips
	for w, n := range map[string]int{"hundred": 100, "dozen": 12} {
		m[w] = numeral{value: n, class: hundredClass}
	}
	m["hundredth"] = numeral{value: 100, class: hundredClass, ordinal: true}
	for w, n := range map[string]int{"thousand": 1e3, "million": 1e6, "billion": 1e9, "mln": 1e6, "mio": 1e6, "bn": 1e9} {
		m[w] = numeral{value: n, class: scaleNumeral}
	}
	m["thousandth"] = numeral{value: 1e3, class: scaleNumeral, ordinal: true}
	return m
}()

// suffixes of numbers in digits that multiply them.
var suffixes = map[string]int{"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "mio": 1e6, "bn": 1e9}

// digits returns the number a word stands for in digits ("20th" and "twentieth"
// are 20, "80k" is 80000; "1990s" and "fifties" stay decades), or "".
func digits(w string) string {
	if w == "" || w[0] < '0' || w[0] > '9' {
		switch n := numerals[w]; n.class {
		case noNumeral, hundredClass, scaleNumeral:
			return ""
		case decadeName:
			return strconv.Itoa(n.value) + "s"
		default:
			if n.value <= 3 && (n.ordinal || n.value == 1) { // they mostly are no numbers
				return ""
			}
			return strconv.Itoa(n.value)
		}
	}
	i := 0
	for i < len(w) && (w[i] >= '0' && w[i] <= '9' || w[i] == '.') {
		i++
	}
	if i == len(w) {
		return w
	}
	switch w[i:] {
	case "st", "nd", "rd", "th":
		return w[:i]
	case "s":
		if i == 4 || i == 2 && w[1] == '0' {
			return w
		}
		return ""
	}
	if by, ok := suffixes[w[i:]]; ok {
		return times(w[:i], by)
	}
	return ""
}

// times is a decimal number in digits times a power of ten or a dozen.
func times(d string, by int) string {
	whole, fraction, _ := strings.Cut(d, ".")
	n, err := strconv.Atoi(whole + fraction)
	if err != nil || len(whole)+len(fraction) > 9 {
		return ""
	}
	for range fraction {
		if by%10 != 0 {
			return ""
		}
		by /= 10
	}
	return strconv.Itoa(n * by)
}

// roman is the value of a Roman numeral as it is properly written, or 0.
func roman(w string) int {
	if w == "" || len(w) > 12 {
		return 0
	}
	n, rest := 0, w
	for _, p := range romanParts {
		for k := 0; k < p.most && strings.HasPrefix(rest, p.text); k++ {
			n, rest = n+p.value, rest[len(p.text):]
		}
	}
	if rest != "" || toRoman(n) != w {
		return 0
	}
	return n
}

var romanParts = []struct {
	text        string
	value, most int
}{{"m", 1000, 3}, {"cm", 900, 1}, {"d", 500, 1}, {"cd", 400, 1}, {"c", 100, 3}, {"xc", 90, 1}, {"l", 50, 1}, {"xl", 40, 1}, {"x", 10, 3}, {"ix", 9, 1}, {"v", 5, 1}, {"iv", 4, 1}, {"i", 1, 3}}

func toRoman(n int) string {
	var b strings.Builder
	for _, p := range romanParts {
		for n >= p.value {
			b.WriteString(p.text)
			n -= p.value
		}
	}
	return b.String()
}

func romanLetters(w string) bool {
	for i := 0; i < len(w); i++ {
		switch w[i] {
		case 'i', 'v', 'x', 'l', 'c', 'd', 'm':
		default:
			return false
		}
	}
	return w != ""
}

// bareRoman reports whether a Roman numeral is one wherever it stands: not I, V, X
// and C, nor what is a word, a name or an abbreviation too (xi, li, mix, cd).
func bareRoman(w string) bool {
	return w != "xi" && w != "mix" && (strings.Trim(w, "ivx") == "" && len(w) > 1 || len(w) > 3)
}

var (
	// series are the nouns of which there are several in a row, so that a Roman
	// numeral, "one" and "first" beside them is a number.
	series = set(`war wars congress congresses crusade crusades century centuries part parts act acts volume vol book chapter dynasty dynasties legion legio army
corps division regiment brigade battalion fleet squadron republic international council plan amendment article olympiad olympics summit conference
session parliament convention edition scene canto psalm symphony concerto opus bowl phase stage intifada coalition triumvirate empire estate
front wave generation plenum level grade category type mark apollo gemini soyuz vostok voskhod sputnik salyut`)

	// rows are those of them that are hardly named otherwise, so that "first" before
	// them is a number too; "the first book" is the earliest.
	rows = set(`war wars congress congresses crusade crusades century dynasty republic international council legion corps olympiad triumvirate intifada coalition estate
parliament convention symphony amendment`)

	// regnal are names that rulers and popes have numbers after. Others are known by
	// being names; these are listed as common words too, or are too short to tell.
	regnal = set(`henry charles george edward richard william james elizabeth mary anne catherine nicholas alexander peter paul ivan louis francis philip ferdinand
wilhelm otto leopold joseph franz rudolf rudolph maximilian sigismund wenceslas wenceslaus casimir kazimierz john jean juan pius benedict gregory clement
innocent urban leo boniface celestine adrian hadrian martin eugene sixtus julius stephen constans theodosius justinian justin basil michael andronikos
andronicus manuel alexios alexius romanos nikephoros heraclius valentinian valens theodoric mehmed mehmet murad bayezid beyazid selim suleiman suleyman osman ahmed
mustafa mahmud abdulhamid abdul darius xerxes artaxerxes cyrus cambyses shapur khosrow yazdegerd ptolemy antiochus seleucus demetrius ramesses ramses rameses
thutmose tuthmosis amenhotep seti mentuhotep cleopatra napoleon umberto emmanuel gustav gustavus adolf haile abbas tahmasp malcolm robert david alfonso alphonse sancho
pedro dom afonso isabella christian harald haakon olaf canute cnut oscar carl karl ludwig albert baldwin bohemond raymond geoffrey fulk amalric honorius victor
paschal pascal callixtus calixtus nicephorus isaac theodore godfrey tiglath shalmaneser ashurnasirpal nebuchadnezzar sargon hormizd kavadh bahram sultan vladimir
vasily vasili feodor fyodor simeon boris asen ladislaus matthias bela andrew stanislaw stanislaus sigmund ernest christina margaret eric erik valdemar magnus wilhelmina
baudouin abdullah hussein hassan faisal fuad farouk ghazi mohammed muhammad reza hirohito tutmose senusret amenemhat pepi philippe guillaume henri heinrich friedrich
konrad conrad lothair lothar clovis chilperic theuderic pepin charlemagne robert hugh joan matilda lucius sylvester silvester linus anastasius zeno marcian`)

	// counted nouns make a number of four digits before them a number, not a year.
	counted = set(`men man women people persons soldiers troops ships boats cannon cannons guns tanks planes aircraft horses children civilians prisoners casualties deaths dead
killed wounded victims survivors settlers delegates members votes copies books pages words inhabitants citizens workers families houses villages castles knights
archers janissaries miles mile km kilometres kilometers metres meters feet tons tonnes pounds dollars roubles rubles ducats florins percent per years days months weeks
hours minutes times fighters refugees employees jews prisoners-of-war cavalry infantry horsemen galleys`)

	// units that are counted although they tell nothing by themselves.
	countedUnits = set(`year years day days time times people person persons place places kind kinds date dates name names month months week weeks`)

	// firstPerson are the words after which the letter before them is the pronoun I.
	firstPerson = set(`should can could would will must may might shall am need want think know read heard guess believe mean wonder understand saw hope ask remember learn
learned love like just really also still never not forgot forget find found tried try cannot say said`)

	// had are verbs that both a ruler and whoever asks may be followed by; then
	// personal tells that it is the latter.
	had      = set(`was had have do did`)
	personal = set(`told asked taught given curious sure not a an the just never at in no some`)

	// beforeI are the words after which an i is the pronoun.
	beforeI = set(`do did does can could should would will shall may might must am was were have had if that when where why how what who which and but or because so as
than whom whose while since until think know hope guess wish bet`)
)

// isNameText reports whether w is the name of somebody or something, or so rare
// that it probably is one.
func isNameText(w Word) bool {
	if w.Kind != Content || w.Key == "" {
		return false
	}
	lex := lexicon.English()
	return regnal[w.Text] || lex.IsName(w.Text) || !lex.Knows(w.Text) && !lex.Knows(w.Key) && runeLen(w.Text) > 3
}

// readNumbers reads what several words say together: spelt numbers, Roman
// numerals beside a name or a noun that is numbered, years in two parts.
func readNumbers(words []Word) []Word {
	out := words[:0]
	for i := 0; i < len(words); {
		w := words[i]
		if n, value, ordinal, asYear := spelt(words[i:]); n > 0 {
			if n > 1 || !small(value) {
				w.Key, w.Kind = value, Number
				if n > 1 {
					w.Text = value
				}
				if asYear || isYear(value) {
					w.Kind = Year
				}
			} else {
				readSmall(&w, out, words[i+1:], value, ordinal)
			}
			out = append(out, w)
			i += n
			continue
		}
		rest := words[i+1:]
		switch {
		case w.Kind == Content || w.Kind == Function:
			if romanLetters(w.Text) && w.Text != "c" && !w.point || w.point && romanLetters(w.Text) && numbersSomething(w, out, rest) {
				if v := roman(w.Text); v > 0 && (bareRoman(w.Text) || numbersSomething(w, out, rest)) {
					w.Text = strconv.Itoa(v)
					w.Key, w.Kind = w.Text, Number
					if isYear(w.Key) {
						w.Kind = Year
					}
				}
			}
			if len(w.Text) == 1 && isLetter(w.Text[0]) && letterTells(w, out, rest) {
				w.Key, w.Kind = w.Text, Content
			}
		case w.Kind == Number && len(out) > 0 && groupOf(out, w, rest):
			last := &out[len(out)-1]
			last.Text += w.Text
			last.Key = last.Text
			i++
			continue
		}
		out = append(out, w)
		i++
	}
	return out
}

func small(value string) bool { return len(value) == 1 }

// groupOf reports whether w is the last group of the number before it, "12 500
// men": only what is counted tells.
func groupOf(out []Word, w Word, rest []Word) bool {
	last := out[len(out)-1]
	return w.Before == ' ' && len(w.Text) == 3 && last.Kind == Number && len(last.Text) <= 3 && last.Text == last.Key && last.Text[0] > '0' && last.Text[0] <= '9' &&
		len(rest) > 0 && counted[rest[0].Text]
}

// readSmall decides whether a number below ten that is spelt numbers something. If
// not, it tells nothing, as in "which of the two".
func readSmall(w *Word, out, rest []Word, value string, ordinal bool) {
	before, next := last(out), first(rest)
	is := false
	switch {
	case series[before.Text] && !ordinal: // World War One
		is = true
	case ordinal && (monthOf(next.Text) > 0 || next.Text == "of" && len(rest) > 1 && monthOf(rest[1].Text) > 0 || monthOf(before.Text) > 0): // the third of May
		is = true
	case ordinal && before.Text == "the" && len(out) > 1 && isNameText(out[len(out)-2]) && (regnal[out[len(out)-2].Text] || next.Kind != Content): // Henry the First
		is = true
	case value == "1":
		is = ordinal && rowWithin(rest, 3)
		if !ordinal && !is {
			return // a function word
		}
	case ordinal && value <= "3":
		is = next.Kind == Content && next.Before == ' ' && before.Text != "one" && before.Text != "two"
	case ordinal:
		is = true
	default:
		if closes(next) {
			break
		}
		noun := next.Kind == Content || countedUnits[next.Text]
		// "the two kings" only says again what there are.
		is = noun && !(value <= "3" && (articles[before.Text] && before.Text != "a" && before.Text != "an" || before.Text == "both" || before.Text == "his" || before.Text == "her" || before.Text == "their"))
	}
	switch {
	case is:
		w.Key, w.Kind = value, Number
	case w.Text == "second" && (before.Text == "a" || before.Text == "per" || before.Text == "every"):
		w.Kind = Function
	case !ordinal || value > "3":
		w.Kind = Function
	}
}

func last(words []Word) Word {
	if len(words) == 0 {
		return Word{Kind: Function}
	}
	return words[len(words)-1]
}

func first(words []Word) Word {
	if len(words) == 0 {
		return Word{Kind: Function}
	}
	return words[0]
}

// closes reports whether the mark before w ends what stood before.
func closes(w Word) bool {
	switch w.Before &^ loose {
	case '.', ',', ';', ':', '!', '?', '(', ')', '"':
		return true
	}
	return false
}

// rowWithin reports whether a noun of rows is among the next n words, with nothing
// but adjectives between: first world war, first ecumenical council.
func rowWithin(rest []Word, n int) bool {
	for i := 0; i < n && i < len(rest); i++ {
		if closes(rest[i]) || rest[i].Kind != Content && rest[i].Kind != Number {
			return false
		}
		if rows[rest[i].Text] {
			return true
		}
		if lexicon.English().IsVerb(rest[i].Text) {
			return false
		}
	}
	return false
}

// numbersSomething reports whether a Roman numeral numbers the word before it or
// the one after it.
func numbersSomething(w Word, out, rest []Word) bool {
	before, next := last(out), first(rest)
	if closes(w) {
		before = Word{Kind: Function}
	}
	if n := len(out); before.Text == "the" && n > 1 && regnal[out[n-2].Text] && !series[next.Text] && !isNameText(next) { // Henry the V
		return true
	}
	if closes(next) {
		next = Word{Kind: Function}
	}
	pronoun := w.Text == "i"
	long := len(w.Text) > 1
	if series[next.Text] && !(pronoun && beforeI[before.Text]) && !(pronoun && next.Text == "mark") {
		return true
	}
	if pronoun && (firstPerson[next.Text] || before.Kind == Function) {
		return false
	}
	switch {
	case series[before.Text]:
		return true
	case regnal[before.Text]:
		return !(w.Text == "v" && familyName(next))
	case !isNameText(before):
		return false
	case strings.Trim(w.Text, "ivx") != "":
		return false
	case pronoun: // "about stalin i was told": his name has no number
		after := wordAt(rest, 1)
		return !had[next.Text] || after != "" && !personal[after] && !strings.HasSuffix(after, "ing")
	case w.Text == "v": // Roe v Wade
		return !isNameText(next)
	case w.Text == "xi":
		return true
	}
	return long || !isNameText(next) // Louis X Smith
}

func familyName(w Word) bool {
	return isNameText(w) && !regnal[w.Text] && lexicon.English().IsName(w.Text)
}

// letterTells reports whether a single letter is the name of something: plan B,
// vitamin C, U-boat. Initials are not, nor is what is typed for a word.
func letterTells(w Word, out, rest []Word) bool {
	if w.Spelt {
		return true
	}
	switch w.Text {
	case "a", "i", "n", "w", "u", "r", "s", "t", "d", "m", "o", "k":
		return false
	}
	before, next := last(out), first(rest)
	return !w.point && before.Kind == Content && lettered[before.Text] && (next.Kind != Content || !isNameText(next))
}

// lettered are the nouns after which a letter is a name.
var lettered = set(`plan vitamin hepatitis group type class point agent operation model section line unit block team company battery exhibit level zone sector
area malcolm generation camp order party bomb sample category grade mig army station hut factory barrack gate hill letter item chapter part act article`)

// withScale reads digits and a scale that words begin with: 80 thousand, 2.5 million. It returns
// how many words it takes, 0 if they are no such number.
func withScale(words []Word) (n int, value string) {
	text := words[0].Key
	n = 1
	if len(words) > 2 && words[1].Before == ',' && len(words[1].Text) == 1 && numerals[words[2].Text].class == scaleNumeral {
		text += "." + words[1].Text // 2,5 million
		n++
	}
	if len(words) <= n || words[n].Before != ' ' && words[n].Before != '-' {
		return 0, ""
	}
	c := numerals[words[n].Text]
	if c.class != scaleNumeral && c.class != hundredClass || c.ordinal {
		return 0, ""
	}
	by := c.value
	n++
	if len(words) > n && c.value == 100 && words[n].Text == "thousand" {
		by *= 1000
		n++
	}
	if value = times(text, by); value == "" {
		return 0, ""
	}
	return n, value
}

// withUnit reads the rest of a year whose second half begins at i and makes it v so far:
// nineteen fifty-six. It returns the year and the place of its last word.
func withUnit(words []Word, i, v int) (year, end int) {
	if numerals[words[i].Text].class != tensNumeral || i+1 >= len(words) {
		return v, i
	}
	next := words[i+1]
	if u := numerals[next.Text]; u.class == unitNumeral && !u.ordinal && (next.Before == ' ' || next.Before == '-') {
		return v + u.value, i + 1
	}
	return v, i
}

// spelt reads the number that words begin with, if they spell one: how many words
// it takes, its digits, whether it is an ordinal, and whether it is said as years
// are: nineteen fifty-six.
func spelt(words []Word) (n int, value string, ordinal, asYear bool) {
	w := words[0]
	s := speltNumber{room: 1 << 60, limit: 1 << 60}
	i := 0
	switch c := numerals[w.Text]; {
	case c.class == decadeName:
		return 0, "", false, false
	case c.class != noNumeral:
	case (w.Text == "a" || w.Text == "an") && len(words) > 1:
		if c := numerals[words[1].Text]; c.class != hundredClass && c.class != scaleNumeral || c.ordinal {
			return 0, "", false, false
		}
		s.cur, s.article, i = 1, true, 1
	case w.Text == "half" && len(words) > 2 && words[1].Text == "a" && numerals[words[2].Text].class == scaleNumeral:
		return 3, strconv.Itoa(numerals[words[2].Text].value / 2), false, false
	case w.Kind == Number || w.Kind == Year:
		n, value := withScale(words)
		return n, value, false, false
	default:
		return 0, "", false, false
	}
	for ; i < len(words) && !ordinal; i++ {
		if before := words[i].Before; i > 0 && before != ' ' && before != '-' {
			break
		}
		c, ok := numerals[words[i].Text]
		if !ok && s.takesAnd(words[i:]) {
			continue
		}
		if n, year := s.secondHalf(words, i); n > 0 {
			return n, year, false, true
		}
		if !ok || !s.add(c) {
			break
		}
		s.words, s.last, ordinal = i+1, c.class, c.ordinal
	}
	if s.words == 0 || s.total < 0 {
		return 0, "", false, false
	}
	return s.words, strconv.Itoa(s.total + s.cur), ordinal, false
}

// A speltNumber is a number while its words are read.
type speltNumber struct {
	total, cur  int          // what its scales have closed, and what is said since
	room, limit int          // a numeral that goes on is below room, a scale below limit
	words       int          // how many words it takes so far
	last        numeralClass // of the last word
	alone       bool         // it is one numeral so far, as the first half of a year may be
	article     bool         // it begins with an article: a hundred
}

// add puts c to the number, and reports whether it goes on with c.
func (s *speltNumber) add(c numeral) bool {
	switch c.class {
	case unitNumeral, teenNumeral, tensNumeral:
		if c.value >= s.room {
			return false
		}
		s.alone = s.words == 0 && !s.article
		s.cur += c.value
		s.room = 1
		if c.class == tensNumeral {
			s.room = 10
		}
	case hundredClass:
		if s.cur >= 100 || c.value == 12 && s.cur == 0 {
			return false
		}
		s.alone = false
		s.cur = max(s.cur, 1) * c.value
		s.room = min(100, s.limit)
	case scaleNumeral:
		if c.value >= s.limit || s.cur == 0 && s.words > 0 {
			return false
		}
		s.alone = false
		s.total += max(s.cur, 1) * c.value
		s.cur, s.room, s.limit = 0, c.value, c.value
	case decadeName:
		return false
	}
	return true
}

// takesAnd reports whether words begin with an "and" inside the number: a hundred and one.
func (s *speltNumber) takesAnd(words []Word) bool {
	if words[0].Text != "and" || len(words) == 1 || s.last != hundredClass && s.last != scaleNumeral {
		return false
	}
	next := numerals[words[1].Text]
	small := next.class == unitNumeral || next.class == teenNumeral || next.class == tensNumeral
	return small && next.value < s.room && words[1].Before == ' '
}

// secondHalf reads the second half of a year at i, where the number is the first one: nineteen
// fifty-six, nineteen oh six. It returns how many words the year takes, 0 if there is none.
func (s *speltNumber) secondHalf(words []Word, i int) (n int, value string) {
	if !s.alone {
		return 0, ""
	}
	c := numerals[words[i].Text]
	switch {
	case words[i].Text == "oh" || words[i].Text == "o":
		if s.last == teenNumeral && i+1 < len(words) && numerals[words[i+1].Text].class == unitNumeral {
			return i + 2, strconv.Itoa(s.cur*100 + numerals[words[i+1].Text].value)
		}
	case c.class == teenNumeral || c.class == tensNumeral:
		if c.value >= s.room && s.total == 0 && s.cur >= 10 && s.cur <= 21 && !c.ordinal {
			v, last := withUnit(words, i, s.cur*100+c.value)
			return last + 1, strconv.Itoa(v)
		}
	}
	return 0, ""
}

// rotate writes "first world war" as "world war 1", so that both are the same
// words in the same order.
func rotate(words []Word) {
	for i := 0; i+2 < len(words); i++ {
		if w := words[i]; w.Kind == Number && words[i+1].Text == "world" && words[i+2].Text == "war" && !closes(words[i+1]) && len(w.Key) == 1 && !(i > 1 && words[i-2].Text == "world") {
			w.Text = w.Key
			words[i+1].Before, w.Before = w.Before, ' '
			words[i], words[i+1], words[i+2] = words[i+1], words[i+2], w
		}
	}
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
