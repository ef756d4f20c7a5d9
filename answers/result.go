// Package answers matches a question against the facts of a knowledge.Base. A
// Matcher is immutable once built, safe for concurrent use and deterministic:
// the same question, context and packs give the same Result. It knows nothing
// of chats, platforms or rendering.
package answers

import "footnote/knowledge"

// Outcome is what the matcher decided.
type Outcome string

// The three outcomes.
const (
	Answered Outcome = "answered" // one fact is well supported and clearly ahead
	Choices  Outcome = "choices"  // several are plausible and close
	Declined Outcome = "declined" // nothing is well supported
)

// A Query is a question with what is known around it.
type Query struct {
	Text string // as typed; any length, any bytes
	Lang string // BCP 47 tag of the asker's interface, or empty

	// Previous is the fact the asker (or the chat) was last answered with, nil
	// if none. It makes follow-ups such as "when was that?" understandable and
	// never weighs on a question that stands on its own.
	Previous *knowledge.Fact

	// Names are what the one who is asked is called: they are taken off where a question
	// begins or ends with one ("Footnote, when …").
	Names []string
}

// A Candidate is a fact that may answer the question.
type Candidate struct {
	Fact       *knowledge.Fact
	Question   string  // the canonical phrasing, in the language of the query where there is one
	Confidence float64 // 0..1
}

// A Result is the matcher's decision and its reasons.
type Result struct {
	Outcome    Outcome
	Candidates []Candidate // at most MaxCandidates, best first, whatever the outcome; may be empty
	Tentative  bool        // Outcome is Answered, and the fact is probably about what was asked and may not answer it
	Offered    []Candidate // what the person should be offered: the choices, the nearest questions under a refusal, the others under a tentative answer
	Detail     bool        // the fact's detail, not its answer, tells what was asked
	Dates      bool        // the question asks by a date or for one, so that the fact's dates are worth showing
	FollowUp   bool        // the question was understood against Query.Previous
	Alone      bool        // it would be the same whatever Query.Previous is
	Lang       string      // the language that the question is in; "" where nothing tells it
	Foreign    bool        // the base has no phrasing in that language
	Unknown    bool        // it seems to be in a language that is not known
	Why        Why
}

// Best is the fact of an answered result, nil otherwise.
func (r Result) Best() *knowledge.Fact {
	if r.Outcome != Answered {
		return nil
	}
	return r.Candidates[0].Fact
}

// Sure reports whether one fact answers without a doubt.
func (r Result) Sure() bool { return r.Outcome == Answered && !r.Tentative }

// MaxCandidates is how many candidates a Result carries at most, and so how
// many choices a person is offered.
const MaxCandidates = 3

// Why explains a Result, for /why and for ask --explain.
type Why struct {
	Understood string   // the question as the matcher read it, after repair
	Phrasing   string   // the phrasing of the best fact that came closest
	Words      []Word   // the words of the question and what they counted for
	Repairs    []Repair // spellings that were corrected
	Evidence   []Figure // every figure that entered the decision, in order
	Confidence float64
	RunnerUp   string   // id of the second best fact, or empty
	Margin     float64  // confidence of the best minus that of the runner-up
	Reason     Reason   // what decided
	Missing    []string // the words of the question that the best fact, or for a refusal any fact, does not hold
	Encoder    bool     // whether the sentence encoder was consulted
}

// A Word of the question and its share of the support, 0..1.
type Word struct {
	Text  string
	Share float64
}

// A Repair is a corrected spelling.
type Repair struct{ From, To string }

// A Figure is one named number of the decision.
type Figure struct {
	Name  string
	Value float64
}

// Reason names what decided a result. The texts for people are in package bot/lang.
type Reason string
