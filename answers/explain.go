package answers

import "slices"

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

	// The kinds of hard evidence, as hardNames has them: name, date, number,
	// negation, focus, verb, rest, when, where, why, how-many, who, definition,
	// opinion, superlative, roles, speaker.
)

// unknownShare is the share of a question's words, by weight, that must be the
// pack's for a refusal to be for another reason than that they are not.
const unknownShare = 0.4

// offeredFrom is the confidence from which a fact is offered under a refusal.
const offeredFrom = 0.1

// result explains a decision.
func (m *Matcher) result(q Query, d decision) Result {
	r := Result{Outcome: d.outcome, FollowUp: d.followUp}
	for i, f := range d.order {
		fact := m.ix.facts[f]
		r.Candidates = append(r.Candidates, Candidate{Fact: fact, Question: fact.Canonical(q.Lang), Confidence: d.conf[i]})
	}
	for _, c := range r.Candidates {
		if d.outcome == Choices || d.outcome == Declined && c.Confidence >= offeredFrom {
			r.Offered = append(r.Offered, c)
		}
	}
	w := &r.Why
	for i, x := range d.u.words {
		if i > 0 {
			w.Understood += " "
		}
		w.Understood += x.text
	}
	w.Repairs = d.u.repairs
	w.Encoder = d.encoded
	w.Reason = m.reason(d)
	if len(d.order) == 0 {
		return r
	}
	w.Confidence = d.conf[0]
	w.Margin = d.conf[0]
	if len(d.order) > 1 {
		w.RunnerUp = r.Candidates[1].Fact.ID
		w.Margin -= d.conf[1]
	}
	w.Phrasing = m.ix.closest(d.u.words, d.order[0], d.u.frame.asks)
	if d.exact >= 0 {
		w.Phrasing = m.ix.phrasings[d.exact].text
	}
	sum := 0.0
	for i, x := range d.u.words {
		if d.evidence.share[i] > 0 {
			sum += d.evidence.share[i] * m.ix.weight(x)
		}
	}
	for i, x := range d.u.words {
		switch s := d.evidence.share[i]; {
		case s > 0:
			w.Words = append(w.Words, Word{x.text, s * m.ix.weight(x) / sum})
		case s == 0 && !slices.Contains(w.Missing, x.text):
			w.Missing = append(w.Missing, x.text)
		}
	}
	if d.exact >= 0 {
		return r
	}
	for i, v := range d.x {
		switch {
		case i < figures:
			w.Evidence = append(w.Evidence, Figure{figureNames[i], v})
		case v != 0:
			w.Evidence = append(w.Evidence, Figure{"against: " + hardNames[i-figures], m.calibration(d).In.Weights[i]})
		}
	}
	w.Evidence = append(w.Evidence, Figure{"supported", d.in})
	return r
}

func (m *Matcher) calibration(d decision) *calibration {
	if d.encoded {
		return &m.model.fullCal
	}
	return &m.model.cheapCal
}

// reason names what decided.
func (m *Matcher) reason(d decision) Reason {
	switch {
	case d.more:
		return ReasonMore
	case d.followUp:
		return ReasonFollowUp
	case d.untold:
		return ReasonUntold
	case d.exact >= 0:
		return ReasonPhrasing
	case d.outcome == Answered:
		return ReasonEvidence
	case d.outcome == Choices:
		return ReasonClose
	case len(d.order) == 0 || !d.u.tells():
		return ReasonEmpty
	}
	worst, kind := 0.0, -1
	weights := &m.calibration(d).In.Weights
	for k, against := range d.evidence.hard {
		if against && weights[figures+k] < worst {
			worst, kind = weights[figures+k], k
		}
	}
	// What is unlike everything is not a near miss, whatever else it lacks.
	if d.evidence.pack < unknownShare {
		return ReasonUnknown
	}
	if kind >= 0 {
		return Reason(hardNames[kind])
	}
	if d.x[figDoubt] > 0 {
		return ReasonDoubt
	}
	return ReasonUnlike
}

// closest is the phrasing of a fact that shares most with words; between equals,
// one that asks the same kind of thing.
func (ix *index) closest(words []word, fact int32, asked asks) string {
	keys := make([]string, len(words))
	for i, w := range words {
		keys[i] = w.key
	}
	from, to := ix.start[fact], ix.start[fact+1]
	best, score := "", -1.0
	for j := from; j < to; j++ {
		p, shared := &ix.phrasings[j], 0.0
		for i := range p.words {
			if slices.Contains(keys, p.words[i].key) {
				shared += p.weight[i]
			}
		}
		s := shared * shared / max(p.sum, functionWeight)
		if p.asks == asked {
			s += functionWeight
		}
		if s > score {
			best, score = p.text, s
		}
	}
	return best
}

// functionWeight lets question words break ties between phrasings.
const functionWeight = 0.05
