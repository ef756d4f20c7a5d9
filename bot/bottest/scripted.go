package bottest

import (
	"embed"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"unicode"

	"footnote/answers"
	"footnote/bot/dialog"
	"footnote/knowledge"
)

//go:embed library/*.yaml
var libraryFiles embed.FS

// Library is a small pack with a fact of every status.
func Library(t testing.TB) *knowledge.Base {
	t.Helper()
	dir, err := fs.Sub(libraryFiles, "library")
	if err != nil {
		t.Fatal(err)
	}
	pack, problems := knowledge.Load(dir, "library")
	if pack == nil {
		t.Fatal(problems)
	}
	return &knowledge.Base{Packs: []*knowledge.Pack{pack}}
}

var embedded = sync.OnceValues(knowledge.Embedded)

// Embedded is the pack inside the program, read once for all tests of a package: nobody changes it.
func Embedded(t testing.TB) *knowledge.Base {
	t.Helper()
	base, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// Scripted returns an Answerer that decides about base by rule: a question that is a phrasing of a fact, but for its
// question mark, is answered with it; "PHRASE | PHRASE" offers choices; "perhaps
// PHRASE | PHRASE" is answered tentatively with the first and offers the others;
// "PHRASE — 30 May 1453" is answered tentatively because of that date, "PHRASE — 3"
// because of the number;
// before a phrase "detail" is told by the fact's detail, and "dated" asks by a date;
// "when was that?" is a follow-up; "panic" panics; everything else is declined, and
// the facts that share its last word are offered, or after "silently" not.
func Scripted(base *knowledge.Base) dialog.Answerer { return scripted{base} }

type scripted struct{ base *knowledge.Base }

func (s scripted) Base() *knowledge.Base { return s.base }

// Match decides as the script says, and reads Russian and English as a matcher does.
func (s scripted) Match(q answers.Query) answers.Result {
	r := s.decide(q)
	switch {
	case strings.ContainsFunc(q.Text, func(c rune) bool { return unicode.Is(unicode.Cyrillic, c) }):
		r.Lang = "ru"
	case strings.ContainsRune(q.Text, ' '):
		r.Lang = "en"
	}
	return r
}

func (s scripted) decide(q answers.Query) answers.Result {
	if q.Text == "panic" {
		panic("what somebody wrote: " + q.Text)
	}
	if q.Text == "when was that?" && q.Previous != nil {
		r := s.answer(q.Previous, q.Previous.Questions[0].Text)
		r.FollowUp = true
		return r
	}
	text, perhaps := strings.CutPrefix(q.Text, "perhaps ")
	text, detail := strings.CutPrefix(text, "detail ")
	text, dated := strings.CutPrefix(text, "dated ")
	text, figure, wrong := strings.Cut(text, " — ")
	var offered []answers.Candidate
	for part := range strings.SplitSeq(text, " | ") {
		if f := s.find(part); f != nil {
			offered = append(offered, answers.Candidate{Fact: f, Question: part, Confidence: .5 - .1*float64(len(offered))})
		}
	}
	switch len(offered) {
	case 0:
		r := answers.Result{Outcome: answers.Declined, Why: answers.Why{Confidence: .1, Missing: []string{"atlantis"}}}
		for _, f := range s.base.Facts() {
			if strings.Contains(strings.ToLower(f.Questions[0].Text), lastWord(q.Text)) && len(r.Candidates) < answers.MaxCandidates {
				r.Candidates = append(r.Candidates, answers.Candidate{Fact: f, Question: f.Questions[0].Text, Confidence: .3})
			}
		}
		if !strings.HasPrefix(text, "silently ") {
			r.Offered = r.Candidates
		}
		return r
	case 1:
		r := s.answer(offered[0].Fact, offered[0].Question)
		r.Detail, r.Dates = detail, dated
		if perhaps {
			r.Tentative, r.Candidates = true, offered
			r.Why = answers.Why{Phrasing: offered[0].Question, Confidence: .5, Margin: .5, Reason: "name", Missing: []string{"atlantis"}}
		}
		if first, _, date := strings.Cut(strings.Trim(figure, "."), " "); wrong {
			r.Tentative, r.Why.Reason, r.Why.Missing = true, "number", []string{first}
			if date {
				r.Why.Reason = "date"
			}
		}
		return r
	default:
		r := answers.Result{Outcome: answers.Choices, Candidates: offered, Offered: offered, Why: answers.Why{Confidence: .5, Margin: .1, Reason: answers.ReasonClose}}
		if perhaps {
			r.Outcome, r.Tentative, r.Offered, r.Detail, r.Dates = answers.Answered, true, offered[1:], detail, dated
			r.Why.Reason, r.Why.Phrasing = "tentative", offered[0].Question
		}
		return r
	}
}

func lastWord(s string) string {
	words := strings.Fields(strings.ToLower(strings.Trim(s, "?!. ")))
	if len(words) == 0 {
		return "\x00"
	}
	return words[len(words)-1]
}

func (s scripted) find(text string) *knowledge.Fact {
	for _, f := range s.base.Facts() {
		for _, q := range f.Questions {
			if strings.EqualFold(strings.Trim(q.Text, "?"), strings.Trim(text, "?")) {
				return f
			}
		}
	}
	return nil
}

func (s scripted) answer(f *knowledge.Fact, question string) answers.Result {
	for _, q := range f.Questions {
		if strings.EqualFold(strings.Trim(q.Text, "?"), strings.Trim(question, "?")) {
			question = q.Text
		}
	}
	r := answers.Result{Outcome: answers.Answered, Candidates: []answers.Candidate{{Fact: f, Question: question, Confidence: .93}}}
	r.Why = answers.Why{
		Phrasing: question, Confidence: .93, Margin: .61,
		Words:   []answers.Word{{Text: "library", Share: .6}, {Text: "when", Share: .3}, {Text: "the", Share: .01}},
		Repairs: []answers.Repair{{From: "libary", To: "library"}},
	}
	for _, other := range s.base.Facts() {
		if other != f {
			r.Candidates = append(r.Candidates, answers.Candidate{Fact: other, Question: other.Questions[0].Text, Confidence: .32})
			r.Why.RunnerUp = other.ID
			break
		}
	}
	return r
}

// A Gated answerer decides after Open is closed.
type Gated struct {
	dialog.Answerer
	Open chan struct{}
}

// Match waits until Open is closed, and then decides as the Answerer does.
func (g Gated) Match(q answers.Query) answers.Result { <-g.Open; return g.Answerer.Match(q) }
