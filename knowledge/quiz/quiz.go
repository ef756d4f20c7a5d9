// Package quiz makes questions with several answers to choose from out of the facts of packs. The
// wrong answers are of the same kind as the right one and from the same packs: years near it, people
// of the same topic. Only what the sources state as fact is asked; what is attributed, disputed,
// withdrawn or without a source never is, since no answer to it would be simply right.
package quiz

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// A Kind says what a question asks its player to choose.
type Kind string

// The kinds of questions.
const (
	When  Kind = "when"  // the date of Text
	Who   Kind = "who"   // Text is a question that a name answers
	True  Kind = "true"  // whether Text is so; Options is empty, and Right is 0 if it is, 1 if it is not
	First Kind = "first" // which of Options came first; Text is empty
)

// A Question is one to choose an answer to.
type Question struct {
	Kind    Kind
	Fact    *knowledge.Fact // that the right answer stands on
	Asks    bool            // Text is a whole question
	Text    string
	Context string // the question that Text answers, where it may be needed to understand it
	Options []string
	Right   int // its index in Options
}

// Limits of texts, in characters, which every platform can show.
const (
	MaxText   = 250
	MaxOption = 90
	choices   = 4
	fewest    = 3 // a question with fewer answers than these is too easy
)

// A Maker makes questions from facts. It does not change, and is safe for concurrent use.
type Maker struct {
	every []*knowledge.Fact // also what may not be asked
	all   []*knowledge.Fact // what may be asked
	dated []dated
	say   func(*knowledge.Pack, knowledge.Text) string
	ask   func(*knowledge.Fact) string
	lang  string
}

// dated is a fact with a date that can be asked for.
type dated struct {
	fact        *knowledge.Fact
	date        edtf.Date
	label       string
	first, last int // days, see edtf.Day
}

// New returns a maker of questions in a language. say chooses a text's language, and ask the question
// under which a fact is listed.
func New(facts []*knowledge.Fact, lang string, say func(*knowledge.Pack, knowledge.Text) string, ask func(*knowledge.Fact) string) *Maker {
	m := &Maker{every: facts, say: say, ask: ask, lang: lang}
	for _, f := range facts {
		if f.Status != knowledge.Established || len(f.Positions) > 0 || len(f.AllCites()) == 0 {
			continue
		}
		m.all = append(m.all, f)
		for _, d := range f.Dates {
			if x, ok := m.askable(f, d); ok {
				m.dated = append(m.dated, x)
			}
		}
	}
	return m
}

// season reports whether the date of x is a season of a year.
func (x dated) season() bool {
	from, _, err := x.date.Ends()
	return err == nil && from.Month > 12
}

// askable returns a date that is one certain day, month or year.
func (m *Maker) askable(f *knowledge.Fact, d knowledge.Date) (x dated, ok bool) {
	if strings.ContainsAny(string(d.EDTF), "/X~?%T") || d.EDTF.Approximate() {
		return x, false
	}
	first, last, ok := d.EDTF.Days()
	return dated{f, d.EDTF, m.say(f.Pack, d.Label), first, last}, ok
}

// Make makes at most n questions of those of facts that can be asked, each of another fact, in an
// order and of kinds that rng decides.
func (m *Maker) Make(facts []*knowledge.Fact, n int, rng *rand.Rand) []Question {
	var of []*knowledge.Fact
	for _, f := range m.all {
		if slices.Contains(facts, f) {
			of = append(of, f)
		}
	}
	rng.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
	makers := []func(*knowledge.Fact, *rand.Rand) (Question, bool){m.when, m.who, m.truth, m.firstOf}
	var all []Question
	asked := map[*knowledge.Fact]bool{}
	turn := rng.IntN(len(makers))
	for _, f := range of {
		if len(all) == n {
			break
		}
		if asked[f] {
			continue
		}
		for i := range makers {
			if q, ok := makers[(turn+i)%len(makers)](f, rng); ok && fits(q) && !asked[q.Fact] {
				all, asked[q.Fact] = append(all, q), true
				turn += i + 1
				break
			}
		}
	}
	return all
}

// fits reports whether every text of q can be shown whole.
func fits(q Question) bool {
	if len([]rune(q.Context+q.Text)) > MaxText {
		return false
	}
	return !slices.ContainsFunc(q.Options, func(o string) bool { return o == "" || len([]rune(o)) > MaxOption })
}

// withWrong puts the right answer among wrong ones.
func (q Question) withWrong(right string, wrong []string, rng *rand.Rand) (Question, bool) {
	if len(wrong) < fewest-1 {
		return q, false
	}
	q.Options = append(slices.Clone(wrong[:min(len(wrong), choices-1)]), right)
	rng.Shuffle(len(q.Options), func(i, j int) { q.Options[i], q.Options[j] = q.Options[j], q.Options[i] })
	q.Right = slices.Index(q.Options, right)
	return q, true
}

// when asks for a date of f.
func (m *Maker) when(f *knowledge.Fact, rng *rand.Rand) (Question, bool) {
	own := m.datesOf(f)
	if len(own) == 0 {
		return Question{}, false
	}
	x := own[rng.IntN(len(own))]
	q := Question{Kind: When, Fact: f, Text: m.ask(f), Asks: true}
	if !begins(q.Text, whenWords) || len(f.Dates) > 1 {
		if !tellsEnough(x.label) {
			return Question{}, false
		}
		q.Text, q.Asks = x.label, false
	}
	wrong := m.otherDates(x, append(m.rivals(f, q.Text), f))
	rng.Shuffle(len(wrong), func(i, j int) { wrong[i], wrong[j] = wrong[j], wrong[i] })
	return q.withWrong(x.date.In(m.lang), wrong, rng)
}

// datesOf are the dates of f that can be asked for.
func (m *Maker) datesOf(f *knowledge.Fact) []dated {
	var own []dated
	for _, x := range m.dated {
		if x.fact == f {
			own = append(own, x)
		}
	}
	return own
}

// nearest is from how many other dates the wrong ones are drawn.
const nearest = 6

// otherDates are dates of other facts that are given as precisely as x, those near it, and that no
// date of barred facts touches.
func (m *Maker) otherDates(x dated, barred []*knowledge.Fact) []string {
	var others []dated
	for _, y := range m.dated {
		if y.fact == x.fact || y.fact.Pack != x.fact.Pack || len(y.date) != len(x.date) || y.season() != x.season() || m.anyTouches(barred, y) {
			continue
		}
		if !slices.ContainsFunc(others, func(z dated) bool { return z.date == y.date }) {
			others = append(others, y)
		}
	}
	slices.SortStableFunc(others, func(a, b dated) int { return distance(a, x) - distance(b, x) })
	var all []string
	for _, y := range others[:min(len(others), nearest)] {
		all = append(all, y.date.In(m.lang))
	}
	return all
}

func distance(a, b dated) int {
	if d := a.first - b.first; d > 0 {
		return d
	}
	return b.first - a.first
}

// touches reports whether a date of f, asked for or not, has a day in common with y.
func (m *Maker) touches(f *knowledge.Fact, y dated) bool {
	for _, d := range f.Dates {
		if first, last, ok := d.EDTF.Days(); ok && first <= y.last && y.first <= last {
			return true
		}
	}
	return strings.Contains(m.say(f.Pack, f.Answer)+m.say(f.Pack, f.Detail), y.date.In(m.lang))
}

// anyTouches is touches for several facts.
func (m *Maker) anyTouches(facts []*knowledge.Fact, y dated) bool {
	return slices.ContainsFunc(facts, func(f *knowledge.Fact) bool { return m.touches(f, y) })
}

// who asks a question of f that a name answers.
func (m *Maker) who(f *knowledge.Fact, rng *rand.Rand) (Question, bool) {
	q := Question{Kind: Who, Fact: f, Asks: true, Text: m.ask(f)}
	if !begins(q.Text, whoWords) || asksWhoSomebodyIs(q.Text, f) {
		return q, false
	}
	answer := m.say(f.Pack, f.Answer)
	right := ""
	for _, name := range f.People {
		in, asked := mentions(answer, name), mentions(q.Text, name)
		switch {
		case asked || !in:
		case right != "":
			return q, false // two people answer it
		default:
			right = name
		}
	}
	if right == "" {
		return q, false
	}
	barred := m.textsOf(m.rivals(f, q.Text))
	var near, far []string
	for _, g := range m.all {
		if g == f || g.Pack != f.Pack || slices.Contains(f.Related, g.ID) || slices.Contains(g.Related, f.ID) {
			continue
		}
		for _, name := range g.People {
			if slices.Contains(f.People, name) || slices.Contains(near, name) || mentions(answer+" "+m.say(f.Pack, f.Detail)+" "+q.Text+" "+barred, name) {
				continue
			}
			if slices.ContainsFunc(g.Topics, func(t string) bool { return slices.Contains(f.Topics, t) }) {
				near = append(near, name)
			} else if !slices.Contains(far, name) {
				far = append(far, name)
			}
		}
	}
	far = slices.DeleteFunc(far, func(name string) bool { return slices.Contains(near, name) })
	for _, list := range [][]string{near, far} {
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return q.withWrong(right, append(near, far...), rng)
}

// asksWhoSomebodyIs reports whether a question names the person whom it asks for: "Who was Nikita
// Khrushchev?"
func asksWhoSomebodyIs(question string, f *knowledge.Fact) bool {
	words := strings.Fields(knowledge.BareWords(question))
	if len(words) < 3 {
		return true
	}
	return slices.ContainsFunc(f.Names(), func(name string) bool {
		parts := strings.Fields(knowledge.BareWords(name))
		return !slices.ContainsFunc(words[2:], func(w string) bool { return !slices.Contains(parts, w) })
	})
}

// tellsEnough reports whether the label of a date can be understood by itself: it has a name in it,
// which "the fire" and "his death" have not.
func tellsEnough(label string) bool {
	words := strings.Fields(label)
	return len(words) > 1 && slices.ContainsFunc(words[1:], func(w string) bool {
		first, _ := utf8.DecodeRuneInString(w)
		return unicode.IsUpper(first)
	})
}

// mentions reports whether text has the last word of a name.
func mentions(text, name string) bool {
	words := strings.Fields(knowledge.BareWords(name))
	return len(words) > 0 && strings.Contains(" "+knowledge.BareWords(text)+" ", " "+words[len(words)-1]+" ")
}

// truth asks whether the answer of f is so, with its year or with another.
func (m *Maker) truth(f *knowledge.Fact, rng *rand.Rand) (Question, bool) {
	own := m.datesOf(f)
	answer := m.say(f.Pack, f.Answer)
	if len(own) != 1 || len(f.Dates) != 1 {
		return Question{}, false
	}
	year := own[0].date.Year()
	if year == "" || strings.Count(answer, year) != 1 || strings.Contains(m.ask(f), year) {
		return Question{}, false
	}
	q := Question{Kind: True, Fact: f, Text: answer, Context: m.ask(f)}
	if rng.IntN(2) == 0 {
		return q, true
	}
	barred := append(m.rivals(f, q.Context), f)
	var wrong []string
	for _, y := range m.dated {
		if other := y.date.Year(); y.fact.Pack == f.Pack && other != "" && other != year && !m.anyTouches(barred, y) && !strings.Contains(answer, other) {
			wrong = append(wrong, other)
		}
	}
	if len(wrong) == 0 {
		return q, true
	}
	q.Text, q.Right = strings.Replace(answer, year, wrong[rng.IntN(len(wrong))], 1), 1
	return q, true
}

// firstOf asks which of several dated things came first; f is one of them.
func (m *Maker) firstOf(f *knowledge.Fact, rng *rand.Rand) (Question, bool) {
	var picked []dated
	for _, x := range m.datesOf(f) {
		if tellsEnough(x.label) && !m.ambiguous(x) {
			picked = append(picked, x)
			break
		}
	}
	if len(picked) == 0 {
		return Question{}, false
	}
	for _, i := range rng.Perm(len(m.dated)) {
		y := m.dated[i]
		apart := y.fact.Pack == f.Pack && tellsEnough(y.label) && !m.ambiguous(y) && !slices.ContainsFunc(picked, func(x dated) bool {
			return x.fact == y.fact || strings.EqualFold(x.label, y.label) || x.first <= y.last && y.first <= x.last
		})
		if apart {
			if picked = append(picked, y); len(picked) == choices {
				break
			}
		}
	}
	earliest := slices.MinFunc(picked, func(a, b dated) int { return a.first - b.first })
	var wrong []string
	for _, x := range picked {
		if x.label != earliest.label {
			wrong = append(wrong, x.label)
		}
	}
	return Question{Kind: First, Fact: earliest.fact}.withWrong(earliest.label, wrong, rng)
}

// Words that questions for a date and for a person begin with, in the languages of the interface.
var (
	whenWords = []string{"when ", "in what year ", "in which year ", "wann ", "in welchem jahr ", "quand ", "en quelle année ", "¿cuándo ", "¿en qué año ",
		"quando ", "em que ano ", "in che anno ", "in quale anno ", "kiedy ", "w którym roku ", "когда ", "в каком году ", "коли ", "якого року ", "у якому році "}
	whoWords = []string{"who ", "wer ", "qui ", "¿quién ", "chi ", "quem ", "kto ", "кто ", "хто "}
)

func begins(question string, words []string) bool {
	question = strings.ToLower(question)
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(question, w) })
}
