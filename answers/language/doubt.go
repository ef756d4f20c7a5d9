package language

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A question of few words that a language knows may be in another one that nobody wrote a table
// of, or be misspelt: "wen" is a word of German, and a slip of "when". The more of its words a
// language does not know, the more the others must tell.

// What a language must lead by over the one that is expected.
const (
	leastLead = .5
	// unknownNeeds is for each word that the language does not have.
	unknownNeeds = .35
	// elsewhereNeeds is for each that it does not have and that is grammar of another language.
	elsewhereNeeds = .8
	// slipNeeds is for a first word that may be a question word of English, as people spell it.
	slipNeeds = .7
)

// doubtful reports whether too little speaks for a language, the i-th, against the expected one:
// English, or the first of prefer that is known.
func (c *clues) doubtful(score *[mostLanguages]float64, i int, tokens []token, prefer []string) bool {
	if c.tag(i) == English || i == c.ru || i == c.uk { // Cyrillic tells enough
		return false
	}
	if strange(tokens) >= score[i]+leastLead {
		return true
	}
	lead := score[i] - c.expected(score, i, prefer)
	need := leastLead
	if english := c.words[tokens[0].folded].grammar&(1<<c.en) != 0; !english && c.slips[asSaid(tokens[0].folded)] {
		need += slipNeeds
	}
	for k := range tokens {
		switch t := &tokens[k]; {
		case t.capital || isDigits(t.folded) || c.has(i, t):
		case c.words[t.folded].grammar != 0:
			need += elsewhereNeeds
		default:
			need += unknownNeeds
		}
	}
	return lead < need
}

// asSaid is how a word of English is written by those who write as they speak: where is wer.
func asSaid(w string) string {
	var out []byte
	for i := range len(w) {
		if w[i] != 'h' && w[i] != 'e' && (i == 0 || w[i] != w[i-1]) {
			out = append(out, w[i])
		}
	}
	return string(out)
}

// expected is what speaks for the language that a question is in unless something tells another.
func (c *clues) expected(score *[mostLanguages]float64, but int, prefer []string) float64 {
	most := 0.0
	for i, tag := range c.tags {
		if c.tag(but) != tag && (tag == English || len(prefer) > 0 && tag == prefer[0]) {
			most = max(most, score[i])
		}
	}
	return most
}

// has reports whether the i-th language has a word.
func (c *clues) has(i int, t *token) bool {
	if i == len(c.tags) {
		return c.words[t.folded].latin || spells(t.text, russianSpellings) > 0 || Tables()["ru"].has(token{folded: fold(Cyrillic(t.text))})
	}
	return c.marked[t.text]&(1<<i) != 0 || Tables()[c.tags[i]].has(*t)
}

// has reports whether the table, the common words or the dictionary have a word.
func (t *Table) has(w token) bool {
	if CommonIn(t.Tag).Rank(w.folded) > 0 {
		return true
	}
	_, _, n := t.dictionary().find([]token{w})
	_, ok := t.find([]token{w}, func(Kind) bool { return false })
	return ok || n > 0
}

// against takes off what words that are no names tell against a language, by letters that it does
// not have.
func (c *clues) against(score *[mostLanguages]float64, tokens []token) {
	for k := range tokens {
		if tokens[k].capital || ascii(tokens[k].text) {
			continue
		}
		for i := range c.tags {
			if strings.ContainsFunc(tokens[k].text, func(r rune) bool { return r >= utf8.RuneSelf && !Tables()[c.tags[i]].alphabet[r] }) {
				score[i] -= otherLetterTells
			}
		}
	}
}

// Spellings of sounds that Polish and Russian in Latin letters share and write otherwise.
var (
	polishSpellings  = []string{"w", "cz", "sz", "rz", "dz", "ie", "ł", "ą", "ę", "ó", "ś", "ż", "ź", "ń", "ć"}
	russianSpellings = []string{"v", "sh", "zh", "kh", "ya", "yu", "ye", "ay", "ey", "iy", "oy", "uy", "yy", "osti"}
)

// spelling adds what spelling tells between Polish and Russian in Latin letters, where words of
// grammar tell both.
func (c *clues) spelling(score *[mostLanguages]float64, tokens []token, prefer []string) {
	russian := len(c.tags)
	if score[c.pl] <= 0 || score[russian] <= 0 {
		return
	}
	polish := slices.Contains(prefer, "pl") // who may leave the marks out
	for k := range tokens {
		score[c.pl] += spellingTells * float64(spells(tokens[k].text, polishSpellings)-b2i(!polish && Tables()["pl"].onlyMarked(tokens[k])))
		score[russian] += spellingTells * float64(spells(tokens[k].text, russianSpellings))
	}
}

// onlyMarked reports whether the table has a word with marks alone that is written without.
func (t *Table) onlyMarked(w token) bool {
	entries := t.entries[w.folded]
	return w.text == w.folded && len(entries) > 0 && !slices.ContainsFunc(entries, func(e entry) bool { return e.marked == "" })
}

// spells counts the spellings that a word has.
func spells(word string, of []string) int {
	n := 0
	for _, s := range of {
		n += b2i(strings.Contains(word, s))
	}
	return n
}
