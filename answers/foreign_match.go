package answers

import (
	"slices"
	"strings"

	"footnote/answers/language"
	"footnote/answers/parse"
	"footnote/knowledge"
)

// Which language a question is in decides how it is read. In one of the base's languages, or
// where nothing tells the language, it is read as it stands. In another one, by the multilingual
// encoder (foreign.go). Where it is not clear, both ways are tried, and what answers better counts.

// smallLead is the lead of a guess, of about one word, below which both ways are tried.
const smallLead = 1

// surelyOther is the lead from which a question is in another language although all its words are
// English words too: "die" and "war" are.
const surelyOther = 3

// homeOf are the languages that a base has phrasings in: some, and those that every pack has.
func homeOf(base *knowledge.Base) (some, all map[string]bool) {
	some, all = map[string]bool{}, map[string]bool{}
	for i, p := range base.Packs {
		here := map[string]bool{}
		for _, l := range p.Languages {
			here[l] = true
		}
		for _, f := range p.Facts {
			for _, q := range f.Questions {
				if q.Lang != "" {
					here[q.Lang] = true
				}
			}
		}
		if len(here) == 0 {
			here[language.English] = true
		}
		for l := range here {
			some[l] = true
			if i == 0 {
				all[l] = true
			}
		}
		for l := range all {
			if !here[l] {
				delete(all, l)
			}
		}
	}
	return some, all
}

// A spoken is what is known of a question's language.
type spoken struct {
	guess   language.Guess
	table   *language.Table // to read it by in another language than the base's; nil if it is in one of those
	both    bool            // both ways are to be tried
	english bool            // all its words are English words too
	unknown bool            // nothing tells the language
}

// continues reports whether the question begins as one that goes on from the last answer.
func (s *spoken) continues() bool {
	words := s.table.Read(s.guess.Text)
	return len(words) > 0 && parse.GoesOn(s.table.Tag, words[0].Folded)
}

// spokenIn guesses what language text is in. Lang is that of the asker's interface.
func (m *Matcher) spokenIn(text, lang string) spoken {
	base, _, _ := strings.Cut(lang, "-")
	s := spoken{guess: language.Detect(text, base)}
	if m.homeAll[s.guess.Second] && (s.guess.Tag == "" || s.guess.Doubtful && s.guess.Second == language.English && m.nearEnglish(text)) {
		s.guess.Tag, s.guess.Unknown = s.guess.Second, false
	}
	tag := s.guess.Tag
	if tag == "" {
		s.unknown = true
		if tag = s.guess.Second; tag == "" && s.guess.Unknown {
			return s
		}
		if tag == "" {
			tag = base
		}
		if m.home[tag] {
			return s
		}
		s.table = language.Tables()[tag]
		return s
	}
	if m.homeAll[tag] {
		return s
	}
	s.table = language.Tables()[tag]
	s.english = m.home[language.English] && m.allEnglish(text)
	s.both = m.home[tag] || s.guess.Lead <= smallLead && m.home[s.guess.Second] || s.english || m.allKnown(text)
	return s
}

// byWords chooses the language in which a question is tried that nothing answers as it stands, and whose
// language its grammar does not tell: the one that has most of its words, or else that of the asker's
// interface. It reports whether there is one. Of what seems to be English several words must be another's.
func (m *Matcher) byWords(s *spoken, text, lang string) bool {
	english := s.guess.Tag == language.English && s.table == nil
	if !s.unknown && !english || s.unknown && s.guess.Second != "" {
		return s.unknown
	}
	base, _, _ := strings.Cut(lang, "-")
	tag, n := language.Likeliest(text, func(w string) bool { return m.ix.lex.Knows(w) || m.ix.holds(w) }, base)
	if table := language.Tables()[tag]; table != nil && !m.home[tag] && (!english || n > 1) {
		s.table, s.unknown = table, true
	}
	return s.unknown
}

// allEnglish reports whether all words of text are words of English or of the base.
func (m *Matcher) allEnglish(text string) bool {
	words := parse.Question(language.English, text)
	return !slices.ContainsFunc(words, func(w parse.Word) bool {
		return w.Kind == parse.Content && !m.ix.lex.Knows(w.Text) && !m.ix.lex.Knows(w.Typed) && !m.ix.holds(w.Key)
	})
}

// nearEnglish reports whether all words of text are words of English or of the base, or
// slips of such.
func (m *Matcher) nearEnglish(text string) bool {
	words := parse.Question(language.English, text)
	return !slices.ContainsFunc(words, func(w parse.Word) bool {
		if w.Kind != parse.Content || m.ix.lex.Knows(w.Text) || m.ix.lex.Knows(w.Typed) || m.ix.holds(w.Key) {
			return false
		}
		_, slip := m.ix.speller.Repair(w)
		return !slip
	})
}

// holds reports whether some fact holds a key.
func (ix *index) holds(key string) bool {
	id := ix.vocabulary.id(key)
	return id >= 0 && ix.vocabulary.facts[id] > 0
}

// allKnown reports whether the base has all telling words of text, as it may by synonyms in other
// languages.
func (m *Matcher) allKnown(text string) bool {
	told := 0
	for _, w := range m.ix.synonyms.rewrite(m.ix.join(parse.Question(language.English, text))) {
		switch {
		case w.Kind == parse.Function:
		case w.Kind == parse.Content && !m.ix.holds(w.Key):
			return false
		default:
			told++
		}
	}
	return told > 0
}

// rank orders decisions by how much they tell: a sure answer, an answer with doubt or a choice,
// an offer, nothing.
func (d *decision) rank() int {
	switch {
	case d.outcome == Answered && !d.tentative:
		return 3
	case d.outcome != Declined:
		return 2
	case d.offered > 0:
		return 1
	}
	return 0
}

// translated decides on a question in another language, or on one of which nothing tells the
// language and which home, read as it stands, does not answer.
func (m *Matcher) translated(s *spoken, home decision, x exclusion) decision {
	if s.table == nil || home.exact >= 0 {
		return home
	}
	switch {
	case s.unknown && (home.rank() > 0 || m.allEnglish(s.guess.Text)), s.both && home.rank() == 3:
		return home
	}
	d, ok := m.decideForeign(s.table, s.guess.Text, x)
	if !ok || (s.both || s.unknown) && home.rank() > d.rank() || s.english && s.guess.Lead < surelyOther && (d.rank() < 3 || !d.u.tellsMore()) {
		return home
	}
	return d
}

// tellsMore reports whether a question has two words or more that tell what it is about.
func (u *understood) tellsMore() bool {
	n := 0
	for i := range u.words {
		if u.words[i].Kind == parse.Content {
			n++
		}
	}
	return n > 1
}

// goesOnForeign tries a question in another language as a follow-up: its words of the kind that go
// into any follow-up are put into English as they stand, the others as they are read.
func (m *Matcher) goesOnForeign(s *spoken, previous *knowledge.Fact) (d decision, ok, leans bool) {
	f := m.foreignOf()
	if f == nil || s.table == nil {
		return decision{}, false, false
	}
	t := parse.FollowUpWords(s.table.Tag)
	var words []string
	telling := 0
	inOwn := ownOf(s.table.Tag)
	for _, w := range s.table.Translate(s.guess.Text, parse.Stemmer(s.table.Tag)) {
		english, known := t[w.Folded]
		switch {
		case known:
		case w.Kind == language.Content:
			if telling++; telling > parse.MaxFollowUp {
				return decision{}, false, false
			}
			english = f.nearness(w, inOwn).english
		default:
			english = w.English
		}
		if english != "" {
			words = append(words, english)
		}
	}
	u := m.ix.understand(strings.Join(words, " "))
	l, leans := parse.LeaningOf(u.words, u.frame)
	if !leans || previous == nil {
		return decision{}, false, leans
	}
	d, ok, tried := m.followUp(u, l, previous)
	if ok {
		d.foreign = s.table.Tag
	} else {
		d.untold = tried
	}
	return d, ok, true
}

// ownOf puts a text of a language into what the encoder knows.
func ownOf(tag string) func(string) string {
	if tag == "uk" {
		return language.AsRussian
	}
	return func(s string) string { return s }
}
