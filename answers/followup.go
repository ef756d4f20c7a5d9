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
// something that it tells.
const followConfidence = 0.85

var (
	// anaphors stand for something that was said before.
	anaphors = set(`that this it he him his she her they them their those these there then`)

	// openers begin a question that goes on from the last one.
	openers = set(`and but so also`)

	// more asks for what else there is on the same thing.
	more = set(`more detail details further elaborate`)
)

// followUp tries u as a follow-up to previous.
func (m *Matcher) followUp(u understood, previous *knowledge.Fact) (decision, bool) {
	prev := int32(slices.Index(m.ix.facts, previous))
	if prev < 0 || len(u.words) == 0 {
		return decision{}, false
	}
	var said []word
	anaphor, other := false, false
	for _, w := range u.words {
		if w.kind != function {
			said = append(said, w)
		}
		anaphor = anaphor || anaphors[w.text]
		other = other || w.text == "else" || w.text == "other" || w.text == "another"
	}
	opened := openers[u.words[0].text] || wordAt(u.words, 0) == "what" && wordAt(u.words, 1) == "about" || wordAt(u.words, 0) == "how" && wordAt(u.words, 1) == "about"
	if len(said) > maxFollowUp || other || u.negated() {
		return decision{}, false
	}
	asksAlone := u.frame.asks != asksOther && len(said) == 0
	if !anaphor && !opened && !asksAlone && !m.wantsMore(u.words) {
		return decision{}, false
	}
	d := decision{u: u, outcome: Answered, exact: -1, followUp: true}
	fresh := m.fresh(said, prev)
	if len(fresh) == 0 {
		if !m.tellsAsked(prev, u.frame.asks, said) && !m.wantsMore(u.words) {
			return m.asRelated(u, said, prev)
		}
		d.order, d.conf = []int32{prev}, []float64{followConfidence}
		d.evidence, d.in = m.ix.judge(u, prev, nil), followConfidence
		return d, true
	}
	return m.asRelated(u, fresh, prev)
}

func (m *Matcher) wantsMore(words []word) bool {
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
		if m.ix.supports[prev].covers(w) == 0 && !lightVerbs[w.text] && !more[w.text] {
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
		if slices.ContainsFunc(said, func(w word) bool { return speech[w.text] }) {
			return len(s.holder) > 0
		}
		return s.tells&tellsPerson != 0 && s.asked[asksWho] > 0
	case asksWhere, asksWhy, asksHowMany, asksHow:
		return s.asked[a] > 0
	}
	// "What did he mean?" asks for the claim, which the answer is.
	return slices.ContainsFunc(said, func(w word) bool { return speech[w.text] }) && len(s.holder) > 0
}

// asRelated puts the follow-up into the words of the last fact's question, and
// takes the outcome if it is a fact that the curator relates to the last one,
// or that shares a topic with it, and that holds every word of the follow-up.
func (m *Matcher) asRelated(u understood, said []word, prev int32) (decision, bool) {
	previous := m.ix.facts[prev]
	for _, text := range m.expansions(u, said, previous) {
		d := m.decide(m.ix.understand(text))
		if d.outcome != Answered {
			continue
		}
		f := d.order[0]
		if f == prev && len(m.fresh(said, prev)) > 0 || f != prev && !relatedFacts(previous, m.ix.facts[f]) {
			continue
		}
		if slices.ContainsFunc(said, func(w word) bool { return m.ix.supports[f].covers(w) == 0 }) {
			continue
		}
		if u.frame.asks != asksOther && !m.tellsAsked(f, u.frame.asks, said) && m.ix.supports[f].asked[u.frame.asks] == 0 {
			continue
		}
		d.followUp = true
		return d, true
	}
	return decision{}, false
}

func relatedFacts(a, b *knowledge.Fact) bool {
	if slices.Contains(a.Related, b.ID) || slices.Contains(b.Related, a.ID) {
		return true
	}
	return slices.ContainsFunc(a.Topics, func(t string) bool { return slices.Contains(b.Topics, t) })
}

// expansions are ways to say the follow-up in full: the last question with a
// person, year or question word exchanged, and the follow-up's words beside
// those of the last question.
func (m *Matcher) expansions(u understood, said []word, previous *knowledge.Fact) []string {
	canonical := m.ix.synonyms.rewrite(m.ix.join(read(previous.Questions[0].Text)))
	texts := make([]string, len(canonical))
	for i, w := range canonical {
		texts[i] = w.text
	}
	var out []string
	exchange := func(fits func(word) bool, by string) {
		if i := slices.IndexFunc(canonical, fits); i >= 0 {
			t := slices.Clone(texts)
			t[i] = by
			out = append(out, strings.Join(t, " "))
		}
	}
	fresh := make([]string, len(said))
	for i, w := range said {
		fresh[i] = w.text
		switch {
		case m.ix.people[w.key]:
			exchange(func(x word) bool { return m.ix.people[x.key] }, w.text)
		case w.kind == year:
			exchange(func(x word) bool { return x.kind == year }, w.text)
		}
	}
	if asked := u.words[0].text; u.frame.asks != asksOther && len(said) == 0 {
		exchange(func(x word) bool {
			switch x.text {
			case "who", "when", "where", "why", "what", "which", "how":
				return true
			}
			return false
		}, asked)
	}
	var topic []string
	for _, w := range canonical {
		if w.kind == content && !m.ix.people[w.key] {
			topic = append(topic, w.text)
		}
	}
	words := strings.Join(fresh, " ")
	if len(said) > 0 {
		out = append(out, words+" "+strings.Join(topic, " "), words)
	}
	return out
}
