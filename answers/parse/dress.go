package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A piece is a word of a text as it was typed, a mark, or something that is neither:
// a link, an emoticon.
type piece struct {
	from, to int    // in the text
	word     string // folded, without apostrophes; empty if it is no word
	mark     rune   // 0 if it is a word or junk
	line     bool   // a line begins here
}

func (p piece) junk() bool { return p.word == "" && p.mark == 0 }

var (
	linkStart = regexp.MustCompile(`^(?i)(?:https?://|www\.)\S+|^(?i)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|gg|de|ru|fr|es|edu|gov|tv|me)/\S*`)
	bracketed = regexp.MustCompile(`^<(?:[@#:/a-zA-Z][^<>]{0,100}|[^<>\s]{1,100})>`)
	emoticon  = regexp.MustCompile(`^(?:[:;=]['"]?[-o^]?[)(\]\[DPpOo3/\\|*@$xX]+|[xX]D+|<+/?3+|\^[_.-]?\^|[oO0T]_[oO0T]|-_+-|¯\S*|:[a-zA-Z0-9_+-]{2,32}:|\\o/)$`)
)

// pieces takes a text apart.
func pieces(text string) []piece {
	all := make([]piece, 0, 4+strings.Count(text, " "))
	line := true
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n':
			line = true
			i += n
			continue
		case unicode.IsSpace(r):
			i += n
			continue
		}
		p := piece{from: i, line: line}
		line = false
		begins := i == 0 || unicode.IsSpace(rune(text[i-1]))
		end := strings.IndexFunc(text[i:], unicode.IsSpace)
		if end < 0 {
			end = len(text) - i
		}
		token := text[i : i+end]
		switch {
		case begins && maySmile(token) && (emoticon.MatchString(token) || emoticon.MatchString(strings.TrimRight(token, ".,!?"))):
			p.to = i + len(token)
		case r == '<' && bracketed.MatchString(text[i:min(i+110, len(text))]):
			p.to = i + len(bracketed.FindString(text[i:min(i+110, len(text))]))
		case strings.Contains(token[:min(len(token), maxLink)], ".") && link(token) > 0:
			p.to = i + link(token)
		case wordRune(r):
			j := i
			for j < len(text) {
				r, n := utf8.DecodeRuneInString(text[j:])
				if !wordRune(r) && r != '\'' && r != '’' && !unicode.Is(unicode.Cf, r) {
					break
				}
				j += n
			}
			for j > i && strings.HasSuffix(text[i:j], "'") {
				j--
			}
			p.to = j
			p.word = strings.ReplaceAll(Fold(text[i:j]), "'", "")
			if p.word == "" {
				i = j
				continue
			}
		case unicode.IsPunct(r) || unicode.IsSymbol(r) && r < 0x2000:
			p.to, p.mark = i+n, r
		default: // emoji
			p.to = i + n
		}
		all = append(all, p)
		i = max(p.to, i+n)
	}
	return all
}

// maxLink is how far a link is looked at; what goes on beyond it is part of it.
const maxLink = 128

// link is how many bytes of token, from its beginning, are a link.
func link(token string) int {
	if linkStart.MatchString(token[:min(len(token), maxLink)]) {
		return len(strings.TrimRight(token, ".,!?)>\"'"))
	}
	return 0
}

// maySmile reports whether token, by its length and first letters, may be an emoticon.
func maySmile(token string) bool {
	if len(token) > 40 {
		return false
	}
	switch r := firstRune(token); r {
	case 'x', 'X':
		return len(token) > 1 && token[1] == 'D'
	case 'o', 'O', '0', 'T':
		return len(token) > 1 && token[1] == '_'
	default:
		return strings.ContainsRune(":;=<^-¯\\", r)
	}
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) && r != '\ufe0f'
}

// An expression is one of the pleasantries, with where it may stand.
type expression struct {
	words []string
	where uint8
}

const (
	atFront   = 1 << iota // before a question
	atBack                // behind one
	markFront             // before one if a mark parts them
	markBack              // behind one if a mark parts them
	whole                 // a sentence of its own
	called                // a name: a question word must follow, for "Siri was …" is about her
)

// expressions are all that Undress takes off, by their first word, the longest
// first.
var expressions = func() map[string][]expression {
	m := map[string][]expression{}
	add := func(where uint8, forms ...string) {
		for _, f := range forms {
			words := strings.Fields(Fold(f))
			m[words[0]] = append(m[words[0]], expression{words, where})
		}
	}
	add(atFront|markBack|whole, Pleasantries["hello"]...)
	add(atFront|whole, Pleasantries["how"]...)
	add(markFront|atBack|whole, Pleasantries["thanks"]...)
	add(markFront|markBack|whole, Pleasantries["bye"]...)
	add(markFront|markBack|whole, Pleasantries["ok"]...)
	add(markFront|markBack|whole, Pleasantries["praise"]...)
	add(atFront|atBack|whole, Pleasantries["laugh"]...)
	add(markFront|markBack|whole, Pleasantries["help"]...)
	add(markFront|markBack|whole, beside["help"]...)
	add(atFront, "ok", "okay", "well", "alright", "sorry", "oh")
	add(atFront|atBack|whole, beside["please"]...)
	for _, a := range beside["address"] {
		if strings.Contains(a, " ") {
			add(atFront|markBack|whole, a)
		} else {
			add(atFront|called|markBack|whole, a)
		}
	}
	add(atBack, "bro", "bruh", "dude")
	add(markFront|markBack|whole, beside["address after comma"]...)
	add(atFront|markBack|whole, beside["hesitation"]...)
	add(atFront|markBack|whole, beside["filler"]...)
	add(atBack, "asking for a friend", "idk", "btw", "tho", "by the way", "just curious", "just wondering", "for my homework", "i need this for homework")
	add(atFront|whole, courtesies["hello"]...)
	add(markFront|atBack|whole, courtesies["thanks"]...)
	for _, l := range m {
		slices.SortStableFunc(l, func(a, b expression) int { return len(b.words) - len(a.words) })
	}
	return m
}()

// starters are the words with which a question may begin, so that what stands
// before them is none of its words.
var starters = func() map[string]bool {
	m := set(`who whom whose which what when where why how is are was were do does did has have had can could would will shall should am whats whos whens wheres
hows whys isnt arent wasnt werent didnt doesnt dont give explain define describe list name in on at by from with until since wen wat wot`)
	for _, w := range courtesies["starts"] {
		m[Fold(w)] = true
	}
	return m
}()

// ties are the words after which the next one belongs to the question, also if it
// is the last: who was Ty, the meaning of lol.
var ties = set(`a an the of is was are were be in on at by for with to from about who what which whose define word term name named called say said does mean my his her their its our and or not no
first last young old new great`)

// Undress takes off what stands round a question and is not asked: greetings and
// thanks, the name of the one who is asked, which is one of names, fillers, links,
// emoticons, numbering, the answers to choose from. Only at the beginning and the
// end of a sentence, and not so that nothing is left.
func Undress(text string, names []string) string {
	if len(text) > MaxBytes {
		text = strings.ToValidUTF8(text[:MaxBytes], "")
	}
	text = strings.TrimSpace(text)
	bare := text
	if strings.HasPrefix(text, "/") || strings.HasPrefix(text, "!") || strings.HasPrefix(text, "\\") || strings.HasPrefix(text, "／") {
		if bare = command.ReplaceAllString(text, ""); bare == "" {
			return ""
		}
	}
	bare = unquoted(bare)
	bare = withoutChoices(bare)
	d := dress{text: bare, all: pieces(bare)}
	for _, n := range names {
		if words := strings.Fields(strings.Join(foldedNames(n), " ")); len(words) > 0 {
			d.names = append(d.names, words)
		}
	}
	var b strings.Builder
	telling := false
	for from := 0; from < len(d.all); {
		to := d.sentence(from)
		lo, hi := d.strip(from, to)
		if lo < hi {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			end := to
			for end > hi && isEnd(d.all[end-1].mark) { // its closing marks
				end--
			}
			if end == hi { // with what stands before them
				hi = to
			}
			b.WriteString(bare[d.all[lo].from:d.all[hi-1].to])
			if hi < end && end < to {
				b.WriteString(bare[d.all[end].from:d.all[to-1].to])
			}
			telling = true
		}
		from = to
	}
	if !telling {
		return text
	}
	return b.String()
}

func foldedNames(n string) []string {
	var words []string
	split(Fold(n), func(w string) { words = append(words, w) })
	return words
}

// command is what a question is typed after on some platforms, with the commands behind it.
var command = regexp.MustCompile(`^(?i)[/!\\／]ask(?:@\w+)?(?:\s+|$)(?:[/!\\／][a-z]+(?:@\w+)?(?:\s+|$))*`)

// choices are answers to choose from, behind a question.
var choices = regexp.MustCompile(`(?is)(?:(\s|^)\(?a\)|([?:]\s+|\n\s*)\(?a[.:)])\s*\S.*?(?:\s\(?b\)|\s\(?b[.:)])\s*\S.*$`)

func withoutChoices(text string) string {
	second := false // most have none, and the expression is slow
	for i := 0; i+1 < len(text) && !second; i++ {
		second = (text[i] == 'b' || text[i] == 'B') && (text[i+1] == ')' || text[i+1] == '.' || text[i+1] == ':')
	}
	if !second {
		return text
	}
	at := choices.FindStringIndex(text)
	if at == nil {
		return text
	}
	head := strings.TrimRightFunc(text[:at[0]], unicode.IsSpace)
	if text[at[0]] == '?' || text[at[0]] == ':' {
		head += text[at[0] : at[0]+1]
	}
	if !strings.ContainsFunc(head, unicode.IsLetter) {
		return text
	}
	return head
}

// quotes are the marks that a whole message may stand in.
var quotes = [...][2]string{{`"`, `"`}, {`“`, `”`}, {`„`, `“`}, {`«`, `»`}, {"```", "```"}, {"`", "`"}, {`'`, `'`}, {`‘`, `’`}, {`**`, `**`}, {`__`, `__`}, {`||`, `||`}, {`*`, `*`}, {`_`, `_`}, {`~~`, `~~`}}

// unquoted takes off the marks of quoting that a whole message stands in.
func unquoted(text string) string {
	for strings.HasPrefix(text, ">") {
		text = strings.TrimSpace(strings.TrimLeft(text, ">"))
	}
	for again := true; again; {
		again = false
		for _, q := range quotes {
			inner, ok := strings.CutPrefix(text, q[0])
			if !ok {
				continue
			}
			if inner, ok = strings.CutSuffix(inner, q[1]); ok && strings.TrimSpace(inner) != "" && !strings.Contains(inner, q[1]) {
				text, again = strings.TrimSpace(inner), true
			}
		}
	}
	return text
}

// dress reads the sentences of a text.
type dress struct {
	text  string
	all   []piece
	names [][]string
}

func isEnd(r rune) bool { return r == '.' || r == '!' || r == '?' || r == '…' }

// sentence is where the sentence that begins at from ends.
func (d *dress) sentence(from int) int {
	for i := from; i < len(d.all); i++ {
		p := d.all[i]
		if i > from && p.line {
			return i
		}
		if !isEnd(p.mark) {
			continue
		}
		if p.mark == '.' && i > from && d.abbreviation(from, i) {
			continue
		}
		for i+1 < len(d.all) && d.all[i+1].from == d.all[i].to && (isEnd(d.all[i+1].mark) || closing(d.all[i+1].mark)) {
			i++
		}
		if i+1 == len(d.all) || d.all[i+1].from > d.all[i].to {
			return i + 1
		}
	}
	return len(d.all)
}

func closing(r rune) bool {
	return r == '"' || r == '”' || r == ')' || r == '»' || r == '\'' || r == '’'
}

var shortened = set(`st mr mrs ms dr prof gen col capt lt sgt gov sen no nr vs ca jan feb mar apr jun jul aug sep sept oct nov dec`)

// abbreviation reports whether the point at i belongs to the word before it.
func (d *dress) abbreviation(from, i int) bool {
	w := d.all[i-1]
	if w.to != d.all[i].from || w.word == "" {
		return false
	}
	last := i+1 == len(d.all)
	return !last && (shortened[w.word] || runeLen(w.word) == 1 || isDigits(w.word) && i-1 == from)
}

// strip is what is left of the sentence from:to.
func (d *dress) strip(from, to int) (lo, hi int) {
	lo, hi = from, to
	for hi > lo && (isEnd(d.all[hi-1].mark) || closing(d.all[hi-1].mark) && hi-1 > lo && isEnd(d.all[hi-2].mark)) {
		hi--
	}
	if d.nothing(lo, hi) {
		return lo, lo
	}
	for {
		n := d.front(lo, hi)
		if n == 0 {
			break
		}
		lo += n
	}
	for {
		n := d.back(lo, hi)
		if n == 0 {
			break
		}
		hi -= n
	}
	return lo, hi
}

// nothing reports whether a sentence is all pleasantries.
func (d *dress) nothing(lo, hi int) bool {
	for lo < hi {
		p := d.all[lo]
		if p.word == "" {
			lo++
			continue
		}
		n, _ := d.longest(lo, hi, whole)
		if n == 0 {
			return false
		}
		lo += n
	}
	return true
}

// longest is how many pieces the longest expression or name at i takes, and whether
// it is a name.
func (d *dress) longest(i, hi int, where uint8) (n int, name bool) {
	for _, e := range expressions[d.all[i].word] {
		if e.where&where != 0 && d.has(i, hi, e.words) {
			n, name = len(e.words), e.where&called != 0
			break
		}
	}
	for _, words := range d.names {
		if len(words) > n && d.has(i, hi, words) {
			n, name = len(words), true
		}
	}
	return n, name
}

func (d *dress) has(i, hi int, words []string) bool {
	if i+len(words) > hi {
		return false
	}
	for k, w := range words {
		if p := d.all[i+k]; p.word != w || k > 0 && p.line {
			return false
		}
	}
	return true
}

// words is how many words are from lo on.
func (d *dress) words(lo, hi int) int {
	n := 0
	for _, p := range d.all[lo:hi] {
		if p.word != "" {
			n++
		}
	}
	return n
}

// front is how many pieces at lo are none of the question's.
func (d *dress) front(lo, hi int) int {
	if lo >= hi || d.words(lo, hi) == 0 {
		return 0
	}
	p := d.all[lo]
	switch {
	case p.mark == '#' && lo+2 < hi && isDigits(d.all[lo+1].word) && starters[d.all[lo+2].word]:
		return 2
	case p.junk(), strings.ContainsRune("-–—*_~>|,;:.!?•·…/@#", p.mark) && p.mark != 0:
		return 1
	case p.mark == '(' || p.mark == '[':
		if n := d.inBrackets(lo, hi); n > 0 {
			return n
		}
		if n := d.numbering(lo+1, hi); n > 0 {
			return n + 1
		}
		return 0
	}
	if n := d.numbering(lo, hi); n > 0 {
		return n
	}
	if n := d.expressionAt(lo, hi, 4); n > 0 && d.words(lo+n, hi) > 0 {
		return n
	}
	return 0
}

// expressionAt is how many pieces an expression before a question takes, if what
// follows shows that it is one: a mark, another expression, or a word with which
// questions begin. It looks through so many expressions in a row.
func (d *dress) expressionAt(lo, hi, depth int) int {
	if depth == 0 || lo >= hi {
		return 0
	}
	for _, where := range [...]uint8{atFront | markFront, atFront} {
		n, name := d.longest(lo, hi, where)
		if n == 0 || lo+n >= hi {
			continue
		}
		next := d.all[lo+n]
		marked := next.word == "" && next.mark != '\'' && next.mark != '-' || next.mark == '-' && next.from > d.all[lo+n-1].to || next.line
		switch {
		case marked:
			return n
		case where == atFront && (starters[next.word] && (!name || askers[next.word] || next.word == "can" || next.word == "could") || d.expressionAt(lo+n, hi, depth-1) > 0 || d.numbering(lo+n, hi) > 0):
			return n
		}
	}
	return 0
}

var numbered = set(`question q number nr exercise task problem item part`)

// numbering is how many pieces the number of a question takes: 12. or 1) or Q3:
// or Question 3).
func (d *dress) numbering(lo, hi int) int {
	i := lo
	w := d.all[i].word
	withLabel := false
	switch {
	case len(w) > 1 && w[0] == 'q' && isDigits(w[1:]):
		withLabel = true
	case w == "q":
		withLabel = true
	case numbered[w] && i+1 < hi && isDigits(d.all[i+1].word):
		withLabel, i = true, i+1
	case isDigits(w) && len(w) <= 3:
	case len(w) == 1 && isLetter(w[0]):
		if i+2 < hi && d.all[i+1].mark == ')' && d.all[i+1].from == d.all[i].to {
			return 2
		}
		return 0
	default:
		return 0
	}
	if i+2 >= hi || d.all[i+1].from != d.all[i].to {
		return 0
	}
	next := d.all[i+2]
	switch d.all[i+1].mark {
	case ')', ':':
		if next.from > d.all[i+1].to || withLabel {
			return i + 2 - lo
		}
	case '.', '-':
		// "12. Mai 1453" is a day.
		if withLabel || next.from > d.all[i+1].to && starters[next.word] && monthOf(next.word) == 0 {
			return i + 2 - lo
		}
	}
	return 0
}

// inBrackets is how many pieces a bracket takes that holds nothing but pleasantries.
func (d *dress) inBrackets(lo, hi int) int {
	for i := lo + 1; i < hi; i++ {
		if d.all[i].mark == ')' || d.all[i].mark == ']' {
			if d.nothing(lo+1, i) {
				return i + 1 - lo
			}
			return 0
		}
	}
	return 0
}

// back is how many pieces before hi are none of the question's.
func (d *dress) back(lo, hi int) int {
	if hi <= lo || d.words(lo, hi) == 0 {
		return 0
	}
	p := d.all[hi-1]
	switch {
	case p.junk(), strings.ContainsRune("-–—*_~|,;:.!?•·…/@#", p.mark) && p.mark != 0:
		return 1
	case p.mark == ')' || p.mark == ']':
		for i := hi - 2; i > lo; i-- {
			if m := d.all[i].mark; m == '(' || m == '[' {
				if d.nothing(i+1, hi-1) {
					return hi - i
				}
				break
			}
		}
		return 0
	case p.word == "":
		return 0
	}
	for n := min(10, hi-lo-1); n > 0; n-- {
		i := hi - n
		marked := d.all[i-1].word == "" && d.all[i-1].mark != '\'' && !(d.all[i-1].mark == '-' && d.all[i-1].to == d.all[i].from) || d.all[i].line
		if d.words(lo, i) == 0 {
			continue
		}
		for _, e := range expressions[d.all[i].word] {
			if len(e.words) != n || !d.has(i, hi, e.words) {
				continue
			}
			if marked && e.where&(markBack|atBack) != 0 || e.where&atBack != 0 && !ties[d.all[i-1].word] && d.words(lo, i) > 1 {
				return n
			}
		}
		for _, name := range d.names {
			if len(name) == n && d.has(i, hi, name) && (marked || d.closes(lo, i)) {
				return n
			}
		}
	}
	return 0
}

// closes reports whether a pleasantry ends before i, so that a name behind it is that
// of the one who is asked: thanks, Footnote.
func (d *dress) closes(lo, i int) bool {
	for n := 1; n <= 3 && i-n > lo; n++ {
		for _, e := range expressions[d.all[i-n].word] {
			if len(e.words) == n && e.where&atBack != 0 && d.has(i-n, i, e.words) && !ties[d.all[i-n-1].word] {
				return true
			}
		}
	}
	return false
}
