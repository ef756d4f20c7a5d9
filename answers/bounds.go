package answers

import "math"

// How to reply follows from two probabilities: that the first fact answers, and that the pack
// answers and the right fact is among three. The bounds follow from what each reply costs the
// person who asks, in units of silence before a question that the pack answers:
//
//	a sure answer that does not answer what was asked   1
//	a right answer with a line of doubt before it       .43, so sure from p = 1/(1 + .43) = .70
//	a tentative answer beside the point                 1, so perhaps from p = 1/(1 + 1) = .5
//	an offer in which the right one is not              .8, so offered from p = .8/(.8 + 1) = .45
//
// What hardly can be the answer is not shown at all, however much it is about the same. The
// bounds are the same for all packs.

// bounds are the probabilities from which each way to reply is the cheapest.
type bounds struct {
	sure    float64 // that the first fact answers: from here it does so surely
	perhaps float64 // that the right fact is among three: from here the first is said with doubt,
	offer   float64 // and from here they are offered,
	chance  float64 // if the first fact answers with this probability at the least
}

// caution are the three degrees of matcher.caution.
var caution = map[string]bounds{
	"low":    {sure: .58, perhaps: .4, offer: .35, chance: .04},
	"normal": {sure: .70, perhaps: .5, offer: .45, chance: .08},
	"high":   {sure: .8, perhaps: .6, offer: .55, chance: .15},
}

// labelClick is how much sooner a label is sure: a right one that is offered costs .5.
const labelClick = .03

// closeLead is the lead of the first candidate, by the ranker's scores, below which nobody can
// say which of two facts is meant: the person chooses.
const closeLead = .1

// unlikelyShare is the part of the chance that must be left of it by what a base's own
// unanswered questions teach, for which a fact is still shown with doubt.
const unlikelyShare = .6

func boundsOf(degree string) (bounds, bool) {
	if degree == "" {
		degree = "normal"
	}
	b, ok := caution[degree]
	return b, ok
}

// ofLabels are the bounds for a set of labels. A label has no answer that a person could read with
// doubt and judge: what is not sure is offered, and costs a click in place of a line.
func (b bounds) ofLabels() bounds {
	b.sure -= labelClick
	b.perhaps = math.Inf(1)
	return b
}

// decide chooses the reply.
func (b bounds) decide(d *decision) {
	others := len(d.order) - 1
	unlikely := d.chance < b.chance
	switch {
	case d.several && others > 0:
		d.outcome, d.offered = Choices, len(d.order)
	case d.sure >= b.sure:
		d.outcome = Answered
	case unlikely && d.figures[figBare] == 0:
		d.outcome = Declined
	case d.among >= b.perhaps && others > 0 && (d.figures[figLead] < closeLead || unlikely): // a name alone asks for whatever is about it
		d.outcome, d.offered = Choices, len(d.order)
	case d.among >= b.perhaps:
		d.outcome, d.tentative, d.offered = Answered, true, others
	case d.among >= b.offer:
		d.outcome, d.offered = Declined, len(d.order)
	default:
		d.outcome = Declined
	}
}

// confidences are the candidates' shares of what is known: the first one's is the
// probability that it answers, the others share the rest as the ranker does.
func confidences(sure, among float64, order []int, z []float64) []float64 {
	out := make([]float64, min(len(order), MaxCandidates))
	sum := 0.0
	for _, i := range order[1:] {
		sum += math.Exp(z[i] - z[order[0]])
	}
	for k := range out {
		if k == 0 {
			out[0] = sure
			continue
		}
		out[k] = min(out[k-1], (among-sure)*math.Exp(z[order[k]]-z[order[0]])/max(sum, 1e-9))
	}
	return out
}
