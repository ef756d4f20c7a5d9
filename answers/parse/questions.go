package parse

import (
	"regexp"
	"strings"
	"unicode"
)

// Questions splits a message into its questions: at question marks, at numbers
// (Q1: … Q2: …), at lines, and at "and when", "and who" where both halves are
// questions that stand alone. What goes with a question, a sentence before it or
// a word after it, stays with it; within quotation marks nothing is split. A message
// of one question is returned as it is, without blanks around it.
func Questions(text string) []string {
	text = strings.TrimSpace(text)
	if len(text) > MaxBytes || strings.Count(text, " ")+strings.Count(text, "\n") < 2 {
		return []string{text}
	}
	text = command.ReplaceAllString(text, "")
	var all []string
	for _, part := range numberedParts(text) {
		for _, q := range sentencesOf(part) {
			all = append(all, halves(q)...)
		}
	}
	if len(all) < 2 {
		return []string{text}
	}
	return all
}

var (
	withLabel = regexp.MustCompile(`(?i)(?:^|[\s(])(?:q|question|frage|вопрос|pregunta)\s*\.?(\d{1,2})\s*[).:]\s*`)
	listed    = regexp.MustCompile(`(?:^|[\s(])(\d{1,2})\)\s+|(?:^|\n)\s*(\d{1,2})[.:]\s+`)
)

// numberedParts are the parts of a text that are numbered from 1 on, without their
// numbers, or the text.
func numberedParts(text string) []string {
	for _, number := range []*regexp.Regexp{withLabel, listed} {
		var starts, ends []int
		for _, m := range number.FindAllStringSubmatchIndex(text, -1) {
			digits := ""
			for k := 2; k < len(m); k += 2 {
				if m[k] >= 0 {
					digits = text[m[k]:m[k+1]]
				}
			}
			if digits == itoa(len(starts)+1) {
				starts, ends = append(starts, m[0]), append(ends, m[1])
			}
		}
		if len(starts) < 2 {
			continue
		}
		var parts []string
		for i, end := range ends {
			to := len(text)
			if i+1 < len(starts) {
				to = starts[i+1]
			}
			if part := strings.TrimSpace(text[end:to]); part != "" {
				parts = append(parts, part)
			}
		}
		// Answers to choose from are numbered too.
		asked := 0
		for _, p := range parts {
			if asksSomething(p) {
				asked++
			}
		}
		if asked == len(parts) && asked > 1 {
			return parts
		}
	}
	return []string{text}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// maxEnds is how many ends of lines and sentences are looked at.
const maxEnds = 32

// sentencesOf splits at question marks, and at the end of sentences and lines behind
// which another question begins.
func sentencesOf(text string) []string {
	var all []string
	from := 0
	depth := 0
	quoted := false
	ends := 0 // looked at closely, which takes time
	for i, r := range text {
		switch r {
		case '"':
			quoted = !quoted
		case '“', '«', '„', '(', '[':
			depth++
		case '”', '»', ')', ']':
			depth = max(depth-1, 0)
		}
		if i < from || quoted || depth > 0 {
			continue
		}
		var end int
		switch r {
		case '?', '？':
			end = i + len(string(r))
			for end < len(text) && (text[end] == '?' || text[end] == '!') {
				end++
			}
			if end < len(text) && !unicode.IsSpace(rune(text[end])) {
				continue
			}
		case '\n':
			end = i + 1
			if ends++; ends > maxEnds || !asksSomething(text[from:i]) || !asksSomething(text[end:]) {
				continue
			}
		case '.', '!', ';':
			end = i + 1
			if end >= len(text) || text[end] != ' ' {
				continue
			}
			if ends++; ends > maxEnds || !startsQuestion(text[end:]) || !startsQuestion(text[from:i]) || endsShort(text[from:i]) {
				continue
			}
		default:
			continue
		}
		all = append(all, strings.TrimSpace(text[from:end]))
		from = end
	}
	if rest := strings.TrimSpace(text[from:]); rest != "" {
		all = append(all, rest)
	}
	return joined(all)
}

// endsShort reports whether a point behind text belongs to its last word: St., J.
func endsShort(text string) bool {
	p := pieces(text[strings.LastIndexByte(text, ' ')+1:])
	return len(p) > 0 && (shortened[p[len(p)-1].word] || runeLen(p[len(p)-1].word) == 1)
}

// joined puts what is no question by itself to the one that it goes with, and leaves
// pleasantries out.
func joined(parts []string) []string {
	var all []string
	before := ""
	for _, p := range parts {
		d := dress{text: p, all: pieces(p)}
		switch {
		case d.words(0, len(d.all)) == 0 || d.nothing(0, len(d.all)) || tag(d.all):
			if len(all) == 0 && before == "" && len(parts) == 1 {
				return parts
			}
		case asksSomething(p):
			all = append(all, strings.TrimSpace(before+" "+p))
			before = ""
		case len(all) == 0:
			before = strings.TrimSpace(before + " " + p)
		default:
			all[len(all)-1] += " " + p
		}
	}
	if before != "" {
		all = append(all, before)
	}
	return all
}

var tags = set(`right ok okay correct really seriously huh eh true no yes innit`)

func tag(all []piece) bool {
	n := 0
	for _, p := range all {
		if p.word != "" {
			n++
			if !tags[p.word] {
				return false
			}
		}
	}
	return n < 3
}

// askers are the words with which a question asks for something.
var askers = func() map[string]bool {
	m := set(`who whom whose which what when where why how whats whos whens wheres hows whys`)
	for _, w := range courtesies["starts"] {
		if w != "в" && w != "en" && w != "ou" && w != "por" && w != "que" && w != "was" {
			m[Fold(w)] = true
		}
	}
	return m
}()

// bids are how somebody asks without a question word.
var bids = set(`tell name give define explain describe list is are was were do does did has have had can could would will`)

// goOns begin questions that go on from the last one.
var goOns = set(`and but what how и а und aber et mais y pero`)

// asksSomething reports whether text is a question that can be answered without
// another one's words, or one that goes on from it in so many words.
func asksSomething(text string) bool {
	d := dress{text: text, all: pieces(text)}
	lo, hi := d.strip(0, len(d.all))
	words := d.words(lo, hi)
	for i, p := range d.all[lo:hi] {
		if askers[p.word] || i == 0 && (bids[p.word] && words > 2 || goOns[p.word] && words > 1 && words < 6) {
			return true
		}
	}
	// "date of the fall of Constantinople?"
	return words > 3 && strings.HasSuffix(strings.TrimRight(text, " !"), "?")
}

// startsQuestion reports whether text begins as a question does.
func startsQuestion(text string) bool {
	d := dress{text: text, all: pieces(text)}
	lo, hi := d.strip(0, len(d.all))
	return lo < hi && askers[d.all[lo].word]
}

// halves splits a question at "and when", "and who" and the like.
func halves(text string) []string {
	d := dress{text: text, all: pieces(text)}
	lo, hi := d.strip(0, len(d.all))
	var all []string
	from := 0 // in text
	for i := lo; i < hi; {
		end, next, ok := d.split(i, hi)
		if !ok {
			break
		}
		until, _, more := d.split(next, hi)
		if !more {
			until = hi
		}
		if !d.alone(lo, end) || !d.alone(next, until) || !d.second(next, hi) {
			i = next
			continue
		}
		all = append(all, strings.TrimSpace(text[from:d.all[end-1].to])+"?")
		from, lo, i = d.all[next].from, next, next
	}
	return append(all, strings.TrimSpace(text[from:]))
}

// split is the next place from i on at which a question may end and another begin:
// where the first ends and the second begins.
func (d *dress) split(i, hi int) (end, next int, ok bool) {
	quoted, depth := false, 0
	for ; i < hi; i++ {
		switch d.all[i].mark {
		case '"':
			quoted = !quoted
		case '“', '«', '„', '(', '[':
			depth++
		case '”', '»', ')', ']':
			depth = max(depth-1, 0)
		}
		if quoted || depth > 0 || d.all[i].word != "and" || i+2 >= hi || i == 0 {
			continue
		}
		next = i + 1
		if w := d.all[next].word; w == "also" || w == "then" {
			next++
		}
		asker := d.all[next].word
		if prepositions[asker] && next+1 < hi {
			asker = d.all[next+1].word
		}
		if !askers[asker] {
			continue
		}
		end = i
		if d.all[end-1].mark == ',' && end > 1 {
			end--
		}
		return end, next, true
	}
	return 0, 0, false
}

// alone reports whether lo:hi is a question: it asks once, and of something.
func (d *dress) alone(lo, hi int) bool {
	var words []string
	for _, p := range d.all[lo:hi] {
		if p.word != "" {
			words = append(words, p.word)
		}
	}
	if len(words) < 3 {
		return false
	}
	first := 0
	if (prepositions[words[0]] || words[0] == "so") && len(words) > 3 {
		first = 1 // in which year
	}
	if !askers[words[first]] && !auxiliaries[words[0]] {
		return false
	}
	for _, w := range words[first+1:] {
		switch w {
		case "who", "whom", "whose", "that", "when", "where", "why", "how", "what", "which":
			return w == "that" // else it asks within: who was the man who
		}
	}
	last := words[len(words)-1]
	return !articles[last] && (!prepositions[last] || len(words) > 3) || last == "that"
}

// second reports whether what begins at j asks on its own, with its verb where a
// question has it: and when did it fall, and who built it; not and when it fell.
func (d *dress) second(j, hi int) bool {
	if j+1 >= hi {
		return false
	}
	if prepositions[d.all[j].word] {
		j++
	}
	if j+2 > hi-1 && !auxiliaries[d.all[min(j+1, hi-1)].word] {
		return false
	}
	next := d.all[j+1].word
	switch d.all[j].word {
	case "whats", "whos", "whens", "wheres", "hows":
		return true
	case "when", "where", "why":
		return auxiliaries[next]
	case "how":
		if next == "many" || next == "much" { // not "and for how many years"
			verb := hi-j > 4
			for i := j + 2; i < hi; i++ {
				verb = verb || auxiliaries[d.all[i].word]
			}
			return verb
		}
		return auxiliaries[next] || j+2 < hi && (measures[next] || auxiliaries[d.all[j+2].word]) && !subjects[d.all[j+2].word]
	case "what":
		if next == "was" || next == "were" { // "and what was kept" leaves its subject to the first half
			n := 0
			for i := j + 2; i < hi && (d.all[i].mark == 0 || d.all[i].mark == '-'); i++ {
				n++
			}
			if n < 2 {
				return false
			}
		}
		return next != "not" && !subjects[next] && !articles[next] && !prepositions[next]
	case "who", "whom":
		return next != "" && !subjects[next] && !articles[next] && !prepositions[next]
	case "which", "whose":
		for i := j + 1; i < hi; i++ {
			if auxiliaries[d.all[i].word] {
				return !subjects[d.all[i-1].word]
			}
		}
	}
	return false
}
