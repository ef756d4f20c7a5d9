package language

import (
	"math/bits"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A Guess is what language a question seems to be in.
type Guess struct {
	// Tag is the language, "" where nothing tells it: names and keywords have none, and of
	// a language that is not known too few words are known.
	Tag string
	// Second is the next likely language, or the likeliest where Tag is empty; "" if there is none.
	Second string
	// Doubtful says that few words of the question tell its language: one that is expected all
	// the same.
	Doubtful bool
	// Unknown says that the question seems to be in none of the known languages.
	Unknown bool
	// Lead is by how much more words the first is supported than the second.
	Lead float64
	// Text is the question: Russian in Latin letters is read back into Cyrillic.
	Text string
}

// What tells a language: words of its grammar, the first of a question more, and letters
// that only it has among those that share its script.
const (
	firstWordTells = 1.5
	wordTells      = 1
	letterTells    = .8
	// shortTells is for words of one letter, which are in many languages.
	shortTells = .5
	// contentTells is for the other words of a table that are not as in English.
	contentTells = .5
	// otherLetterTells is against a language, for a word with a letter that it does not have.
	otherLetterTells = 1.5
	// spellingTells is for a spelling, where two languages share the words.
	spellingTells = .25
	// surelyStrange tells that a question is in a language without a table.
	surelyStrange = 2
	// leastTells is what it takes to tell a language at all.
	leastTells = 1
)

// Detect guesses what language text is in. Where two are as likely, those of prefer win in
// their order, then English. The first of prefer, or else English, is the one that is expected:
// any other one must be told by more words.
func Detect(text string, prefer ...string) Guess {
	tokens := split(text)
	tokens = tokens[:min(len(tokens), maxWords)]
	g := Guess{Text: text}
	if len(tokens) == 0 {
		return g
	}
	c := allClues()
	score := c.support(text, tokens)
	latin, cyrillic, other := scripts(text)
	for i, tag := range c.tags {
		if isCyrillic := tag == "ru" || tag == "uk"; isCyrillic && cyrillic == 0 || !isCyrillic && cyrillic > latin/3 || other > latin+cyrillic {
			score[i] = 0
		}
	}
	russianInLatin := len(c.tags)
	if cyrillic == 0 && other <= latin {
		score[russianInLatin] = c.supportLatin(tokens)
	}
	c.against(&score, tokens)
	c.spelling(&score, tokens, prefer)
	if cyrillic > latin && max(score[c.ru], score[c.uk]) < leastTells {
		score[c.ru] = leastTells // the script alone tells as much
	}
	first, second := c.best(&score, prefer)
	if first < 0 || score[first] < leastTells {
		g.Unknown = other > latin+cyrillic || strange(tokens) >= surelyStrange
		return g
	}
	if c.tied(&score, first, second) {
		for _, i := range []int{first, second} {
			score[i] += contentTells * float64(c.inDictionary(i, text, tokens))
		}
		if score[second] > score[first] {
			first, second = second, first
		}
	}
	g.Tag, g.Lead = c.tag(first), score[first]
	if second >= 0 {
		g.Second = c.tag(second)
		g.Lead -= score[second]
	}
	if first == russianInLatin {
		g.Text = Cyrillic(text)
	}
	if g.Doubtful = c.doubtful(&score, first, tokens, prefer); g.Doubtful && !slices.Contains(prefer[:min(1, len(prefer))], g.Tag) {
		g.Tag, g.Second, g.Unknown = "", g.Tag, true
	}
	return g
}

// closeLead is the lead within which two languages are told apart by their dictionaries too.
const closeLead = 1

// tied reports whether two languages are as likely that their dictionaries are asked: neither
// of them English, so that a question in English reads none.
func (c *clues) tied(score *[mostLanguages]float64, first, second int) bool {
	return second >= 0 && c.tag(first) != English && c.tag(second) != English && score[first]-score[second] <= closeLead
}

// inDictionary counts the words of a question that the i-th language's dictionary has.
func (c *clues) inDictionary(i int, text string, tokens []token) int {
	if i == len(c.tags) {
		tokens = split(Cyrillic(text))
		tokens = tokens[:min(len(tokens), maxWords)]
	}
	t := Tables()[c.tag(i)]
	n := t.dictionary().has(tokens)
	for k := range tokens {
		if e, ok := t.find(tokens[k:k+1], func(k Kind) bool { return k != Content }); ok && e.value != tokens[k].folded {
			n++
		}
	}
	return n
}

// mostLanguages is how many languages there may be, and Russian in Latin letters.
const mostLanguages = 16

// clues are what words and letters tell, of all languages at once: a bit for each of tags.
type clues struct {
	tags    []string // in alphabetical order
	en, pl  int
	ru, uk  int
	slips   map[string]bool // question words of English as they are said
	words   map[string]wordClues
	letters map[rune]uint16
	marked  map[string]uint16
}

// wordClues are the languages in which a word is one of grammar, one that asks, or another one
// that the table knows.
type wordClues struct {
	grammar, asks, other uint16
	latin                bool // it is one of Russian grammar as people write it in Latin letters
}

// allClues are those of all tables. They are made when the first question is read.
var allClues = sync.OnceValue(func() *clues {
	c := &clues{tags: Tags(), slips: map[string]bool{}, words: map[string]wordClues{}, letters: map[rune]uint16{}, marked: map[string]uint16{}}
	c.en, c.pl = slices.Index(c.tags, English), slices.Index(c.tags, "pl")
	c.ru, c.uk = slices.Index(c.tags, "ru"), slices.Index(c.tags, "uk")
	if len(c.tags) >= mostLanguages {
		panic("language: there are more languages than mostLanguages")
	}
	for i, tag := range c.tags {
		t := Tables()[tag]
		bit := uint16(1) << i
		for r := range t.letters {
			c.letters[r] |= bit
		}
		for w := range t.marked {
			c.marked[w] |= bit
		}
		for w, entries := range t.entries {
			x := c.words[w]
			for _, e := range entries {
				alone := len(e.words) == 1
				switch {
				case alone && (e.kind == Function || e.kind == Asks || e.kind == which || e.kind == Negation || e.kind == timeWord):
					x.grammar |= bit
				case alone && (e.kind == Content && e.value != w || e.kind == noun):
					x.other |= bit
				}
				if e.kind == Asks || e.kind == which {
					x.asks |= bit
				}
			}
			c.words[w] = x
			if tag == English && x.asks&bit != 0 {
				c.slips[asSaid(w)] = true
			}
		}
	}
	for w, entries := range Tables()["ru"].entries {
		for _, e := range entries {
			if len(e.words) == 1 && len([]rune(w)) > 1 && (e.kind == Function || e.kind == Asks || e.kind == which || e.kind == Negation) {
				for _, l := range inLatin(w) {
					x := c.words[l]
					x.latin = true
					c.words[l] = x
				}
			}
		}
	}
	return c
})

func (c *clues) tag(i int) string {
	if i == len(c.tags) {
		return "ru"
	}
	return c.tags[i]
}

// best are the two languages that are likeliest, -1 for none.
func (c *clues) best(score *[mostLanguages]float64, prefer []string) (first, second int) {
	rank := func(i int) int {
		switch {
		case slices.Contains(prefer, c.tag(i)):
			return slices.Index(prefer, c.tag(i))
		case i < len(c.tags) && c.tags[i] == English:
			return len(prefer)
		}
		return len(prefer) + 1
	}
	before := func(i, j int) bool {
		if score[i] != score[j] {
			return score[i] > score[j]
		}
		if a, b := rank(i), rank(j); a != b {
			return a < b
		}
		return c.tag(i) < c.tag(j) || c.tag(i) == c.tag(j) && i < j
	}
	first, second = -1, -1
	for i := range len(c.tags) + 1 {
		switch {
		case score[i] <= 0:
		case first < 0 || before(i, first):
			first, second = i, first
		case second < 0 || before(i, second):
			second = i
		}
	}
	return first, second
}

// scripts counts letters.
func scripts(text string) (latin, cyrillic, other int) {
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
				latin++
			}
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		default:
			other++
		}
	}
	return latin, cyrillic, other
}

// support is how much speaks for each language.
func (c *clues) support(text string, tokens []token) (score [mostLanguages]float64) {
	add := func(to uint16, tells float64) {
		for ; to != 0; to &= to - 1 {
			score[bits.TrailingZeros16(to)] += tells
		}
	}
	for _, r := range text {
		if r >= utf8.RuneSelf { // no letter of ASCII tells a language
			add(c.letters[unicode.ToLower(r)], letterTells)
		}
	}
	for i := range tokens {
		w := tokens[i].folded
		x := c.words[w]
		if marked, ok := c.marked[tokens[i].text]; ok { // é is no e
			add(marked, wordTells)
			continue
		}
		if len(tokens) == 1 { // a word alone is a name or a keyword
			x.grammar &= x.asks
			x.other &= x.asks
		}
		add(x.other&^x.grammar, contentTells)
		switch {
		case i == 0 && len(w) > 1:
			add(x.grammar, firstWordTells)
		case len(w) == 1:
			add(x.grammar, shortTells)
		default:
			add(x.grammar, wordTells)
		}
	}
	return score
}

// supportLatin is how much speaks for Russian in Latin letters: a question word at least, or
// else other languages share too many of the short words.
func (c *clues) supportLatin(tokens []token) float64 {
	s, telling := 0.0, false
	for i := range tokens {
		w := tokens[i].folded
		if !c.words[w].latin {
			if w == "v" || w == "i" || w == "s" {
				s += shortTells
			}
			continue
		}
		telling = telling || len(w) > 2
		if i == 0 {
			s += firstWordTells
		} else {
			s += wordTells
		}
	}
	if !telling {
		return 0
	}
	return s
}
