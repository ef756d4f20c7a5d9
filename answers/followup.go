package answers

import (
	"slices"
	"strings"

	"footnote/knowledge"
)

// A follow-up is a question that leaves out what the last answer was about:
// "when was that?", "who said it?", "why?", "and Brezhnev?". It is understood
// only if it cannot stand on its own, and answered only if the last fact, or
// one that the curator relates to it, tells what is asked; otherwise it is
// declined as it stands. Nothing is guessed.

// maxFollowUp is how many telling words a follow-up has at most: with more it
// is a question of its own.
const maxFollowUp = 3

// followConfidence is that of a follow-up which asks the last fact for
// something that it tells, and the most that any follow-up has: that it was
// meant to go on from the last answer is never certain.
const followConfidence = 0.85

var (
	// anaphors stand for something that was said before.
	anaphors = set(`that this it he him his she her they them their those these there then`)

	// persons are those of them that stand for somebody.
	persons = set(`he him his she her they them their`)

	// openers begin a question that goes on from the last one.
	openers = set(`and but so also`)

	// more asks for what else there is on the same thing.
	more = set(`more detail details further elaborate`)
)

// continues reports whether u begins as a question that goes on from the last
// answer. Such a one is tried as a follow-up first, even if its words alone
// would find something: "what about the cult?" is about the last answer's.
func (u *understood) continues() bool {
	first, next := wordAt(u.words, 0), wordAt(u.words, 1)
	return openers[first] || (first == "what" || first == "how") && next == "about"
}

// asksWhose reports whether u asks for whose words something is and for nothing more:
// "who says so?". Whatever fact holds that somebody says something, it is not meant.
func (u *understood) asksWhose() bool {
	if u.frame.asks != asksWho {
		return false
	}
	told := false
	for _, w := range u.words {
		if w.kind != function {
			if !speaks(w) {
				return false
			}
			told = true
		}
	}
	return told
}

// A leaning is a question that reads as if it left something out.
type leaning struct {
	said     []word // its telling words
	other    bool   // it asks for something else than was said
	asksMore bool   // it asks for more on the same
}

// leans reports whether u reads like a follow-up, whatever went before it.
func (u *understood) leans() (l leaning, ok bool) {
	anaphor := false
	for _, w := range u.words {
		if w.kind != function {
			l.said = append(l.said, w)
		}
		anaphor = anaphor || anaphors[w.text]
		l.other = l.other || w.text == "else" || w.text == "other" || w.text == "another"
	}
	if len(u.words) == 0 || len(l.said) > maxFollowUp {
		return l, false
	}
	l.asksMore = wantsMore(u.words)
	// "Why?", "when exactly?", "who says so?"
	asksAlone := u.frame.asks != asksOther && !slices.ContainsFunc(l.said, func(w word) bool { return u.frame.asks != asksWho || !speaks(w) })
	return l, (anaphor || u.continues() || asksAlone || l.asksMore) && !u.present()
}

// speaks reports whether w asks for whose words something is: "who says so?",
// "according to whom?".
func speaks(w word) bool { return speech[w.text] || w.text == "according" }

// present reports whether u asks about the moment or the one who asks, of which no
// answer tells: "what time is it?", "who am I?".
func (u *understood) present() bool {
	for i, w := range u.words {
		switch {
		case w.text == "am":
			return true
		case i == 1 && units[w.text]:
			if wordAt(u.words, 2) == "is" && wordAt(u.words, 3) == "it" && (len(u.words) == 4 || wordAt(u.words, 4) == "now" || wordAt(u.words, 4) == "today") {
				return true
			}
		}
	}
	return false
}

var units = set(`time day date month year`)

// followUp tries u, which leans, as a follow-up to previous. Where it is none that
// is supported, tried tells whether it was one at all.
func (m *Matcher) followUp(u understood, l leaning, previous *knowledge.Fact) (d decision, ok, tried bool) {
	prev := int32(slices.Index(m.ix.facts, previous))
	if prev < 0 {
		return decision{}, false, false
	}
	if l.other || u.negated() { // neither is anything that a fact tells
		return decision{}, false, true
	}
	fresh := m.fresh(l.said, prev)
	if len(fresh) > 0 {
		d, ok = m.asRelated(u, fresh, prev)
		return d, ok, true
	}
	if !l.asksMore && !m.tellsAsked(prev, u.frame.asks, l.said) {
		d, ok = m.asRelated(u, l.said, prev)
		return d, ok, true
	}
	d = decision{u: u, outcome: Answered, exact: -1, followUp: true, more: l.asksMore}
	d.order, d.conf = []int32{prev}, []float64{followConfidence}
	d.judge(m.ix, prev, nothingExcluded)
	d.sure, d.among, d.closest = followConfidence, followConfidence, m.ix.start[prev]
	return d, true, true
}

func wantsMore(words []word) bool {
	for _, w := range words {
		if more[w.text] {
			return len(words) <= 6
		}
	}
	return false
}

func (u *understood) negated() bool {
	return slices.ContainsFunc(u.words, func(w word) bool { return w.kind == negation })
}

// fresh are the words of a follow-up that the last fact does not hold and that
// are not verbs of any statement ("said", "happened").
func (m *Matcher) fresh(said []word, prev int32) []word {
	var out []word
	for _, w := range said {
		if !m.ix.coversWord(prev, &w) && !lightVerbs[w.text] && !more[w.text] {
			out = append(out, w)
		}
	}
	return out
}

// tellsAsked reports whether a fact tells what kind of thing is asked for.
func (m *Matcher) tellsAsked(fact int32, a asks, said []word) bool {
	s := &m.ix.supports[fact]
	switch a {
	case asksWhen:
		return len(s.years) > 0
	case asksWho:
		if slices.ContainsFunc(said, speaks) {
			return len(s.holder) > 0
		}
		return s.tells&tellsPerson != 0 && s.asked[asksWho] > 0
	case asksWhere, asksWhy, asksHowMany, asksHow:
		return s.asked[a] > 0
	}
	// "What did he mean?" asks for the claim, which the answer is.
	return slices.ContainsFunc(said, speaks) && len(s.holder) > 0
}

// asRelated puts the follow-up into the words of the last fact's question, and
// takes the outcome if it is a fact that the curator relates to the last one,
// or that shares a topic with it, and that holds every word of the follow-up.
func (m *Matcher) asRelated(u understood, said []word, prev int32) (decision, bool) {
	previous := m.ix.facts[prev]
	for _, text := range m.expansions(u, said, previous) {
		d := m.decide(m.ix.understandIn(m.ix.languageOfWords(u.words), text), nothingExcluded)
		if d.outcome != Answered || d.tentative {
			continue
		}
		f := d.order[0]
		if f == prev && len(m.fresh(said, prev)) > 0 || f != prev && !relatedFacts(previous, m.ix.facts[f]) {
			continue
		}
		if slices.ContainsFunc(said, func(w word) bool { return !m.ix.coversWord(f, &w) }) {
			continue
		}
		if u.frame.asks != asksOther && !m.tellsAsked(f, u.frame.asks, said) && m.ix.supports[f].asked[u.frame.asks] == 0 {
			continue
		}
		d.followUp = true
		d.conf[0] = min(d.conf[0], followConfidence)
		return d, true
	}
	return decision{}, false
}

// questionWords ask for each kind of thing.
var questionWords = [asksHow + 1]string{asksWho: "who", asksWhen: "when", asksWhere: "where", asksWhy: "why", asksHowMany: "how many", asksHow: "how"}

func relatedFacts(a, b *knowledge.Fact) bool {
	if slices.Contains(a.Related, b.ID) || slices.Contains(b.Related, a.ID) {
		return true
	}
	return slices.ContainsFunc(a.Topics, func(t string) bool { return slices.Contains(b.Topics, t) })
}

// expansions are ways to say the follow-up in full: the last question with a
// person, year or question word exchanged, and the follow-up's words beside
// those of the last question. A person takes the place of every name in it: what
// is asked of Syria under one is not asked of Syria under another.
func (m *Matcher) expansions(u understood, said []word, previous *knowledge.Fact) []string {
	canonical := m.ix.synonyms.rewrite(m.ix.join(readIn(previous.Questions[0].Lang, previous.Questions[0].Text)))
	var out []string
	exchange := func(fits func(word) bool, by string, drop func(word) bool) {
		done := false
		var t []string
		for _, w := range canonical {
			switch {
			case !done && fits(w):
				t = append(t, by)
				done = true
			case drop == nil || !drop(w):
				t = append(t, w.own())
			}
		}
		if done {
			out = append(out, strings.Join(t, " "))
		}
	}
	isPerson := func(w word) bool { return m.ix.vocabulary.isPerson(w.key) }
	isName := func(w word) bool { return isPerson(w) || w.isName(m.ix.lex) }
	var words, people, names, topic []string
	once := map[string]bool{}
	person := false
	for _, w := range said {
		words = append(words, w.own())
		once[w.key] = true
		switch {
		case isPerson(w):
			person = true
			exchange(isPerson, w.own(), isName)
		case w.kind == year:
			exchange(func(x word) bool { return x.kind == year }, w.own(), nil)
		}
	}
	if asked := u.words[0].text; u.frame.asks != asksOther && len(said) == 0 {
		exchange(func(x word) bool {
			switch x.text {
			case "who", "when", "where", "why", "what", "which", "how":
				return true
			}
			return false
		}, asked, nil)
	}
	for i, w := range canonical {
		switch {
		case w.kind != content || once[w.key]:
		case isPerson(w):
			people = append(people, w.own())
		case isName(w):
			if !afterPreposition(canonical[:i]) { // a place where it was, which may not hold for what is asked now
				names = append(names, w.own())
			}
		default:
			topic = append(topic, w.own())
		}
	}
	if len(said) == 0 {
		return out
	}
	if len(people) == 0 && len(previous.People) == 1 {
		people = texts(readIn(mainLanguage(previous), previous.People[0]))
	}
	if in := m.inFull(u, people, names, topic); in != "" {
		out = append(out, in)
	}
	if asked := questionWords[u.frame.asks]; asked != "" {
		words = slices.Insert(words, 0, asked)
	}
	if !person {
		out = append(out, strings.Join(slices.Concat(words, people, names), " "), strings.Join(slices.Concat(words, people, names, topic), " "))
	}
	return append(out, strings.Join(slices.Concat(words, topic), " "), strings.Join(words, " "))
}

// afterPreposition reports whether words end in a preposition, or in one and an
// article.
func afterPreposition(words []word) bool {
	n := len(words)
	if n > 0 && articles[words[n-1].text] {
		n--
	}
	return n > 0 && prepositions[words[n-1].text]
}

// inFull is the follow-up with what its first pronoun stands for in its place:
// a person for he and she, else the thing that was asked about. It is empty if
// there is no pronoun, or nothing that it may stand for.
func (m *Matcher) inFull(u understood, people, names, topic []string) string {
	things := slices.DeleteFunc(slices.Concat(names, topic), m.ix.lex.IsVerb)
	if len(names) == 0 {
		things = slices.Concat(people, things)
	}
	said := texts(u.words)
	for i := range said {
		w := u.words[i].text
		var full []string
		switch {
		case persons[w]:
			full = people
		case anaphors[w] && w != "there" && w != "then":
			full = things
		default:
			continue
		}
		if len(full) == 0 {
			return ""
		}
		return strings.Join(slices.Concat(said[:i], full, said[i+1:]), " ")
	}
	return ""
}

// texts are the words as their language has them.
func texts(words []word) []string {
	out := make([]string, len(words))
	for i := range words {
		out[i] = words[i].own()
	}
	return out
}
