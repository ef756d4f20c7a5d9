package answers

import "math"

// How to reply follows from two probabilities and from what each reply costs the person
// who asks. The costs are in units of silence before a question that the pack answers, and
// the same for all packs.
type costs struct {
	sureWrong    float64 // a sure answer that does not answer what was asked
	doubted      float64 // a right answer with a line of doubt before it, against a sure one
	tentative    float64 // a tentative answer beside the point
	choosing     float64 // having to choose among what is offered where the right one is there
	uselessOffer float64 // an offer in which it is not
}

// bounds are the probabilities from which each way to reply is the cheapest.
type bounds struct {
	sure    float64 // that the first fact answers: from here it does so surely
	perhaps float64 // that the right fact is among three: from here the first is said with doubt,
	offer   float64 // and from here they are offered
	choices float64 // from here the offer is "did you mean", below it stands under a refusal
}

// caution are the three degrees of matcher.caution.
var caution = map[string]bounds{
	"low":    {sure: .58, perhaps: .4, offer: .3},
	"normal": {sure: .68, perhaps: .45, offer: .38},
	"high":   {sure: .8, perhaps: .6, offer: .5},
}

func boundsOf(degree string) (bounds, bool) {
	if degree == "" {
		degree = "normal"
	}
	b, ok := caution[degree]
	return b, ok
}

// decide chooses the reply.
func (b bounds) decide(d *decision) {
	others := len(d.order) - 1
	switch {
	case d.sure >= b.sure:
		d.outcome = Answered
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
