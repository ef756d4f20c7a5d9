package gaps

import (
	"fmt"
	"slices"

	"footnote/answers"
	"footnote/knowledge"
)

// A Belonging is what a curator may do with a group of questions.
type Belonging string

// What may be done.
const (
	AnotherWay    Belonging = "phrasing"   // another way of asking for a fact
	NewFact       Belonging = "fact"       // something that no fact tells
	ForUnanswered Belonging = "unanswered" // sounds like a fact and asks for something else: for unanswered.yaml
	Listed        Belonging = "listed"     // stands in unanswered.yaml already
	Look          Belonging = "look"       // somebody said that the answer did not help: a person must see why
)

// A Proposal is what a program takes a group of questions for. Another way of asking and a
// question near a fact look alike to it, or it had been sure: of questions near a fact that it
// does not surely answer, as many are the one as the other. So a person decides.
type Proposal struct {
	Belonging Belonging
	Fact      *knowledge.Fact // for a phrasing; the nearest one for unanswered.yaml, if any
}

// contradictions are the reasons for which a question that is near a fact asks for
// another person, time or thing: what unanswered.yaml is for.
var contradictions = []answers.Reason{"name", "date", "number", "negation", "opposite", "sister", "roles", "superlative", "opinion", "speaker"}

// otherQuestions are the reasons for which it asks something else of the same
// person or thing: a new fact.
var otherQuestions = []answers.Reason{
	"when", "where", "why", "how-many", "who", "definition", "relation",
	answers.ReasonDetail, answers.ReasonAgain, answers.ReasonSuccession, answers.ReasonUnknown,
}

// minAlike is the confidence from which a question may be another way of asking for a fact:
// below it, two of three are not.
const minAlike = .3

// Propose tells what to do with g by what the packs make of it today.
func Propose(g Group, now answers.Result, base *knowledge.Base) Proposal {
	for _, p := range base.Packs {
		for _, q := range p.Unanswered {
			if keyOf(q).text == keyOf(g.Texts[0]).text {
				return Proposal{Belonging: Listed}
			}
		}
	}
	if g.Kind == Unhelpful {
		return Proposal{Belonging: Look}
	}
	near, alike := now.Best(), 0.0
	if near != nil {
		alike = now.Candidates[0].Confidence
	} else if len(now.Offered) > 0 {
		near, alike = now.Offered[0].Fact, now.Offered[0].Confidence
	}
	switch {
	case near == nil, slices.Contains(otherQuestions, now.Why.Reason):
		return Proposal{Belonging: NewFact}
	case slices.Contains(contradictions, now.Why.Reason):
		if g.Wanted {
			return Proposal{Belonging: NewFact} // somebody asked the curators for an answer
		}
		return Proposal{Belonging: ForUnanswered, Fact: near}
	case alike < minAlike:
		return Proposal{Belonging: NewFact}
	}
	return Proposal{Belonging: AnotherWay, Fact: near}
}

// String says it to a curator.
func (p Proposal) String() string {
	switch p.Belonging {
	case AnotherWay:
		return fmt.Sprintf("another way of asking for %s (%s:%d)", p.Fact.ID, p.Fact.Place.File, p.Fact.Place.Line)
	case NewFact:
		return "a new fact"
	case ForUnanswered:
		return "a question for unanswered.yaml: near " + p.Fact.ID + ", and not what it tells"
	case Listed:
		return "nothing to do: unanswered.yaml has it"
	case Look:
		return "a look: a better answer, another fact, or what else to answer with"
	}
	return ""
}
