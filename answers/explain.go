package answers

import (
	"slices"
	"strings"

	"footnote/answers/parse"
)

// Reasons why a question was answered, offered or declined. A refusal names the
// strongest piece of evidence against it.
const (
	ReasonPhrasing Reason = "phrasing" // it is one of the fact's phrasings, in other words of no weight
	ReasonEvidence Reason = "evidence" // words and meaning agree with one fact
	ReasonClose    Reason = "close"    // several facts are as likely
	ReasonFollowUp Reason = "follow-up"
	ReasonMore     Reason = "more"    // it asks for more on the last answer, which is the best candidate
	ReasonUntold   Reason = "untold"  // it goes on from the last answer, which does not tell what it asks
	ReasonEmpty    Reason = "empty"   // there is no word in it that tells anything
	ReasonUnknown  Reason = "unknown" // its words are not the pack's
	ReasonUnlike   Reason = "unlike"  // it resembles no fact's questions enough
	ReasonDoubt    Reason = "doubt"   // it resembles questions that the pack is known not to answer

	ReasonTentative  Reason = "tentative"  // words and meaning agree with the fact in part
	ReasonOpposite   Reason = "opposite"   // it has the opposite of a word of the fact
	ReasonRelation   Reason = "relation"   // it asks for another relation of the same person or thing
	ReasonSister     Reason = "sister"     // it names another thing of the same kind
	ReasonDetail     Reason = "detail"     // it asks for a height, a price, a cause of death … that the fact does not tell
	ReasonAgain      Reason = "again"      // it asks of a second time, and the fact knows of one
	ReasonSuccession Reason = "succession" // it asks who came before or after, and the fact tells of no order

	// The kinds of hard evidence, as hardNames has them: name, date, number,
	// negation, focus, verb, rest, when, where, why, how-many, who, definition,
	// opinion, superlative, roles, speaker.
)

// unknownShare is the share of a question's words, by weight, that must be the
// pack's for a refusal to be for another reason than that they are not.
const unknownShare = 0.4

// result explains a decision.
func (m *Matcher) result(q Query, d decision) Result {
	r := Result{Outcome: d.outcome, Tentative: d.tentative, FollowUp: d.followUp}
	if len(d.order) > 0 {
		r.Candidates = make([]Candidate, 0, len(d.order))
	}
	for i, f := range d.order {
		fact := m.ix.facts[f]
		r.Candidates = append(r.Candidates, Candidate{Fact: fact, Question: fact.Canonical(q.Lang), Confidence: d.conf[i]})
	}
	r.Offered = r.Candidates[len(r.Candidates)-d.offered:]
	if d.outcome == Answered && d.exact < 0 && !d.more {
		r.Detail = m.ix.onlyDetailTells(&d.u, d.order[0])
		r.Dates = len(r.Candidates[0].Fact.Dates) > 0 && (d.u.frame.Asks == parse.AsksWhen || len(parse.TimesIn(d.u.words)) > 0)
	}
	w := &r.Why
	w.Understood = strings.Join(parse.Texts(d.u.words), " ")
	w.Repairs = d.u.repairs
	w.Encoder = d.encoded
	w.Reason = m.reason(&d)
	if len(d.order) == 0 {
		return r
	}
	w.Confidence = d.conf[0]
	w.Margin = d.conf[0]
	if len(d.order) > 1 {
		w.RunnerUp = r.Candidates[1].Fact.ID
		w.Margin -= d.conf[1]
	}
	if d.closest >= 0 {
		w.Phrasing = m.ix.phrasings[d.closest].text
	}
	sum := 0.0
	for i := range d.u.words {
		if d.evidence.share[i] > 0 {
			sum += d.evidence.share[i] * d.weights[i]
		}
	}
	for i := range d.u.words {
		x := &d.u.words[i]
		switch s := d.evidence.share[i]; {
		case s > 0:
			if w.Words == nil {
				w.Words = make([]Word, 0, len(d.u.words)-i)
			}
			w.Words = append(w.Words, Word{saidAs(x), s * d.weights[i] / sum})
		case s == 0 && !slices.Contains(w.Missing, saidAs(x)):
			w.Missing = append(w.Missing, saidAs(x))
		}
	}
	if d.models == nil {
		return r
	}
	w.Evidence = make([]Figure, 0, len(d.figures)/2)
	for i, v := range d.figures {
		if v != 0 && (figure(i) < figHard || d.models.sure.part(figure(i), 1) != 0) {
			w.Evidence = append(w.Evidence, Figure{figureKinds[i].name, float64(v)})
		}
	}
	w.Evidence = append(w.Evidence, Figure{"sure", d.sure}, Figure{"among three", d.among})
	return r
}

// saidAs is a word as people are told of it: corrected, and in their own language.
func saidAs(w *parse.Word) string {
	if w.Glossed {
		return w.Typed
	}
	return w.Text
}

// reason names what decided.
func (m *Matcher) reason(d *decision) Reason {
	switch {
	case d.more:
		return ReasonMore
	case d.followUp:
		return ReasonFollowUp
	case d.untold:
		return ReasonUntold
	case d.exact >= 0:
		return ReasonPhrasing
	case d.outcome == Answered && !d.tentative:
		return ReasonEvidence
	case d.outcome == Choices:
		return ReasonClose
	case d.models == nil:
		return ReasonEmpty
	}
	// What is unlike everything is not a near miss, whatever else it lacks.
	if d.evidence.pack < unknownShare && d.outcome == Declined {
		return ReasonUnknown
	}
	worst, reason := 0.0, Reason("")
	for i := range figures {
		name, ok := againstReasons[i]
		if !ok || d.figures[i] == 0 {
			continue
		}
		if weight := d.models.sure.part(i, float64(d.figures[i])); weight < worst {
			worst, reason = weight, name
		}
	}
	switch {
	case reason != "":
		return reason
	case d.figures[figUnanswered] < 0:
		return ReasonDoubt
	case d.tentative:
		return ReasonTentative
	}
	return ReasonUnlike
}

// againstReasons are the figures that are a reason by themselves not to answer.
var againstReasons = func() map[figure]Reason {
	m := map[figure]Reason{
		figOpposite: ReasonOpposite, figRelation: ReasonRelation, figRelationUnheld: ReasonRelation, figSister: ReasonSister,
		figNameMissing: Reason(hardNames[hardName]), figNumberMissing: Reason(hardNames[hardNumber]), figDateMissing: Reason(hardNames[hardDate]),
		figNegation: Reason(hardNames[hardNot]), figNegationUnseen: Reason(hardNames[hardNot]),
		figWhen: Reason(hardNames[hardWhen]), figWhere: Reason(hardNames[hardWhere]), figWho: Reason(hardNames[hardWho]), figWhy: Reason(hardNames[hardWhy]), figMany: Reason(hardNames[hardHowMany]),
		figDetailUntold: ReasonDetail, figAnotherTime: ReasonAgain, figSuccession: ReasonSuccession, figNamesNobody: Reason(hardNames[hardWho]),
	}
	for h, name := range hardNames {
		m[figHard+figure(h)] = Reason(name)
	}
	return m
}()

// functionWeight lets question words break ties between phrasings.
const functionWeight = 0.05
