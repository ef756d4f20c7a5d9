package answers

import (
	"slices"
	"strings"

	"footnote/answers/language"
	"footnote/answers/parse"
	"footnote/knowledge"
)

// A follow-up is a question that leaves out what the last answer was about:
// "when was that?", "who said it?", "why?", "and Brezhnev?". It is understood
// only if it cannot stand on its own, and answered only if the last fact, or
// one that the curator relates to it, tells what is asked; otherwise it is
// declined as it stands. Nothing is guessed.

// followConfidence is that of a follow-up which asks the last fact for
// something that it tells, and the most that any follow-up has: that it was
// meant to go on from the last answer is never certain.
const followConfidence = 0.85

// followUp tries u, which leans, as a follow-up to previous. Where it is none that
// is supported, tried tells whether it was one at all.
func (m *Matcher) followUp(u understood, l parse.Leaning, previous *knowledge.Fact) (d decision, ok, tried bool) {
	prev := int32(slices.Index(m.ix.facts, previous))
	if prev < 0 {
		return decision{}, false, false
	}
	if l.Other || u.negated() { // neither is anything that a fact tells
		return decision{}, false, true
	}
	if parse.AsksWhoThatIs(u.words) {
		if name := m.firstPerson(previous); len(name) > 0 {
			d, ok = m.whoIs(name)
			return d, ok, true
		}
	}
	fresh := m.fresh(l.Said, prev)
	if len(fresh) > 0 {
		d, ok = m.asRelated(u, fresh, prev)
		return d, ok, true
	}
	if !l.AsksMore && !m.tellsAsked(prev, u.frame.Asks, l.Said) {
		d, ok = m.asRelated(u, l.Said, prev)
		return d, ok, true
	}
	d = decision{u: u, outcome: Answered, exact: -1, followUp: true, more: l.AsksMore}
	d.order, d.conf = []int32{prev}, []float64{followConfidence}
	d.judge(m.ix, prev, nothingExcluded)
	d.sure, d.among, d.closest = followConfidence, followConfidence, m.ix.start[prev]
	return d, true, true
}

// firstPerson is the person that a fact's question names first.
func (m *Matcher) firstPerson(f *knowledge.Fact) (name []string) {
	people := map[string]bool{}
	for _, who := range f.People {
		for _, w := range m.ix.synonyms.rewrite(parse.Text(mainLanguage(f), who)) {
			people[w.Key] = w.Kind == parse.Content
		}
	}
	for _, w := range m.ix.synonyms.rewrite(m.ix.join(parse.Text(f.Questions[0].Lang, f.Questions[0].Text))) {
		switch {
		case people[w.Key]:
			name = append(name, w.Own())
		case len(name) > 0:
			return name
		}
	}
	return name
}

// whoIs answers who somebody was, where a fact surely tells it.
func (m *Matcher) whoIs(name []string) (decision, bool) {
	d := m.decide(m.ix.understandIn(language.English, "who was "+strings.Join(name, " ")), nothingExcluded)
	if d.outcome != Answered || d.tentative {
		return decision{}, false
	}
	d.followUp = true
	d.conf[0] = min(d.conf[0], followConfidence)
	return d, true
}

func (u *understood) negated() bool {
	return slices.ContainsFunc(u.words, func(w parse.Word) bool { return w.Kind == parse.Negation })
}

// fresh are the words of a follow-up that the last fact does not hold and that
// are not verbs of any statement ("said", "happened").
func (m *Matcher) fresh(said []parse.Word, prev int32) []parse.Word {
	var out []parse.Word
	for _, w := range said {
		if !m.ix.coversWord(prev, &w) && !parse.IsLightVerb(w.Text) && !parse.IsMore(w.Text) {
			out = append(out, w)
		}
	}
	return out
}

// tellsAsked reports whether a fact tells what kind of thing is asked for.
func (m *Matcher) tellsAsked(fact int32, a parse.Asks, said []parse.Word) bool {
	s := &m.ix.supports[fact]
	switch a {
	case parse.AsksWhen:
		return len(s.years) > 0
	case parse.AsksWho:
		if slices.ContainsFunc(said, parse.Speaks) {
			return len(s.holder) > 0
		}
		return s.tells&tellsPerson != 0 && s.asked[parse.AsksWho] > 0
	case parse.AsksWhere, parse.AsksWhy, parse.AsksHowMany, parse.AsksHow:
		return s.asked[a] > 0
	}
	// "What did he mean?" asks for the claim, which the answer is.
	return slices.ContainsFunc(said, parse.Speaks) && len(s.holder) > 0
}

// asRelated puts the follow-up into the words of the last fact's question, and
// takes the outcome if it is a fact that the curator relates to the last one,
// or that shares a topic with it, and that holds every word of the follow-up.
func (m *Matcher) asRelated(u understood, said []parse.Word, prev int32) (decision, bool) {
	previous := m.ix.facts[prev]
	for _, text := range m.expansions(u, said, previous) {
		d := m.decide(m.ix.understandIn(m.ix.languageOfWords(u.words), text), nothingExcluded)
		if d.outcome != Answered || d.tentative {
			continue
		}
		f := d.order[0]
		told := parse.DetailsAsked(u.words) & m.ix.supports[f].told
		if f == prev && slices.ContainsFunc(m.fresh(said, prev), func(w parse.Word) bool { return parse.NamesDetail(&w)&told == 0 }) || f != prev && !m.goesOn(previous, f) {
			continue
		}
		if slices.ContainsFunc(said, func(w parse.Word) bool { return !m.ix.coversWord(f, &w) && parse.NamesDetail(&w)&told == 0 }) {
			continue
		}
		if u.frame.Asks != parse.AsksOther && !m.tellsAsked(f, u.frame.Asks, said) && m.ix.supports[f].asked[u.frame.Asks] == 0 {
			continue
		}
		d.followUp = true
		d.conf[0] = min(d.conf[0], followConfidence)
		return d, true
	}
	return decision{}, false
}

// questionWords ask for each kind of thing.
var questionWords = [parse.AsksHow + 1]string{parse.AsksWho: "who", parse.AsksWhen: "when", parse.AsksWhere: "where", parse.AsksWhy: "why", parse.AsksHowMany: "how many", parse.AsksHow: "how"}

// saysVerbsAlone reports whether a follow-up does not say of what it asks something.
func (m *Matcher) saysVerbsAlone(said []parse.Word) bool {
	return !slices.ContainsFunc(said, func(w parse.Word) bool { return !m.ix.lex.IsVerb(w.Text) && !m.ix.lex.IsVerb(w.Typed) })
}

// goesOn reports whether a fact may tell what a follow-up to another asks: the curator relates the
// two, or they share a topic and the fact holds what the other's question is about.
func (m *Matcher) goesOn(previous *knowledge.Fact, fact int32) bool {
	f := m.ix.facts[fact]
	if slices.Contains(previous.Related, f.ID) || slices.Contains(f.Related, previous.ID) {
		return true
	}
	if !slices.ContainsFunc(previous.Topics, func(t string) bool { return slices.Contains(f.Topics, t) }) {
		return false
	}
	question := previous.Questions[0]
	return slices.ContainsFunc(m.ix.synonyms.rewrite(m.ix.join(parse.Text(question.Lang, question.Text))), func(w parse.Word) bool {
		return w.Kind == parse.Content && !m.ix.lex.IsVerb(w.Text) && m.ix.coversWord(fact, &w)
	})
}

// expansions are ways to say the follow-up in full: the last question with a
// person, year or question word exchanged, and the follow-up's words beside
// those of the last question. A person takes the place of every name in it: what
// is asked of Syria under one is not asked of Syria under another.
func (m *Matcher) expansions(u understood, said []parse.Word, previous *knowledge.Fact) []string {
	canonical := m.ix.synonyms.rewrite(m.ix.join(parse.Text(previous.Questions[0].Lang, previous.Questions[0].Text)))
	var out []string
	exchange := func(fits func(parse.Word) bool, by string, drop func(parse.Word) bool) {
		done := false
		var t []string
		for _, w := range canonical {
			switch {
			case !done && fits(w):
				t = append(t, by)
				done = true
			case drop == nil || !drop(w):
				t = append(t, w.Own())
			}
		}
		if done {
			out = append(out, strings.Join(t, " "))
		}
	}
	isPerson := func(w parse.Word) bool { return m.ix.vocabulary.isPerson(w.Key) }
	isName := func(w parse.Word) bool { return isPerson(w) || w.IsName(m.ix.lex) }
	var words, people, names, topic []string
	once := map[string]bool{}
	person := false
	for _, w := range said {
		words = append(words, w.Own())
		once[w.Key] = true
		switch {
		case isPerson(w):
			person = true
			exchange(isPerson, w.Own(), isName)
		case w.Kind == parse.Year:
			exchange(func(x parse.Word) bool { return x.Kind == parse.Year }, w.Own(), nil)
		}
	}
	if asked := u.words[0].Text; u.frame.Asks != parse.AsksOther && len(said) == 0 {
		exchange(func(x parse.Word) bool {
			switch x.Text {
			case "who", "when", "where", "why", "what", "which", "how":
				return true
			}
			return false
		}, asked, nil)
	}
	for i, w := range canonical {
		switch {
		case w.Kind != parse.Content || once[w.Key]:
		case isPerson(w):
			people = append(people, w.Own())
		case isName(w):
			if !parse.EndInPreposition(canonical[:i]) { // a place where it was, which may not hold for what is asked now
				names = append(names, w.Own())
			}
		default:
			topic = append(topic, w.Own())
		}
	}
	if len(said) == 0 {
		return out
	}
	if len(people) == 0 && len(previous.People) == 1 {
		people = parse.Texts(parse.Text(mainLanguage(previous), previous.People[0]))
	}
	if in := m.inFull(u, people, names, topic); in != "" {
		out = append(out, in)
	}
	if asked := questionWords[u.frame.Asks]; asked != "" {
		words = slices.Insert(words, 0, asked)
	}
	if !person {
		out = append(out, strings.Join(slices.Concat(words, people, names), " "), strings.Join(slices.Concat(words, people, names, topic), " "))
	}
	return append(out, strings.Join(slices.Concat(words, topic), " "), strings.Join(words, " "))
}

// inFull is the follow-up with what its first pronoun stands for in its place:
// a person for he and she, else the thing that was asked about. It is empty if
// there is no pronoun, or nothing that it may stand for.
func (m *Matcher) inFull(u understood, people, names, topic []string) string {
	things := slices.DeleteFunc(slices.Concat(names, topic), m.ix.lex.IsVerb)
	if len(names) == 0 {
		things = slices.Concat(people, things)
	}
	said := parse.Texts(u.words)
	for i := range said {
		w := u.words[i].Text
		var full []string
		switch {
		case parse.IsPersonal(w):
			full = people
		case parse.IsAnaphor(w) && w != "there" && w != "then":
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
