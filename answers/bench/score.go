package bench

import (
	"runtime"
	"slices"
	"sync"

	"footnote/answers"
)

// A Score is what a matcher made of a set, at its own decisions.
type Score struct {
	In, Out int // questions of each kind

	Accuracy float64 // share of In whose best candidate is right, whatever the outcome
	Right    float64 // share of In surely answered with the right label
	Wrong    float64 // share of In surely answered with another
	Choices  float64 // share of In that got choices
	Recall   float64 // share of Out that was declined
	AUROC    float64 // of the confidence, In against Out; 0.5 is chance

	Tentative    float64 // share of In answered tentatively
	Offered      float64 // share of In whose label was answered, surely or not, or offered
	OutTentative float64 // share of Out answered tentatively
}

// Run asks every question, on all processors.
func Run(m *answers.Matcher, in, out []Question) Score {
	s := Score{In: len(in), Out: len(out)}
	inResults, outResults := ask(m, in), ask(m, out)
	inConf, outConf := make([]float64, len(in)), make([]float64, len(out))
	for i, r := range inResults {
		inConf[i] = confidence(r)
		right := len(r.Candidates) > 0 && r.Candidates[0].Fact.ID == in[i].Label
		if right {
			s.Accuracy++
		}
		if r.Outcome == answers.Answered && right || slices.ContainsFunc(r.Offered, func(c answers.Candidate) bool { return c.Fact.ID == in[i].Label }) {
			s.Offered++
		}
		switch {
		case r.Outcome == answers.Answered && r.Tentative:
			s.Tentative++
		case r.Outcome == answers.Answered && right:
			s.Right++
		case r.Outcome == answers.Answered:
			s.Wrong++
		case r.Outcome == answers.Choices:
			s.Choices++
		}
	}
	for i, r := range outResults {
		outConf[i] = confidence(r)
		switch {
		case r.Outcome == answers.Declined:
			s.Recall++
		case r.Tentative:
			s.OutTentative++
		}
	}
	if n := float64(len(in)); n > 0 {
		s.Accuracy /= n
		s.Right /= n
		s.Wrong /= n
		s.Choices /= n
		s.Tentative /= n
		s.Offered /= n
	}
	if n := float64(len(out)); n > 0 {
		s.Recall /= n
		s.OutTentative /= n
	}
	s.AUROC = auroc(inConf, outConf)
	return s
}

func confidence(r answers.Result) float64 {
	if len(r.Candidates) == 0 {
		return 0
	}
	return r.Candidates[0].Confidence
}

func ask(m *answers.Matcher, questions []Question) []answers.Result {
	out := make([]answers.Result, len(questions))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(questions); i += workers {
				out[i] = m.Match(answers.Query{Text: questions[i].Text})
			}
		})
	}
	wg.Wait()
	return out
}

// auroc is the probability that a random value of in exceeds one of out, ties
// counting half (the Mann-Whitney statistic).
func auroc(in, out []float64) float64 {
	if len(in) == 0 || len(out) == 0 {
		return 0.5
	}
	slices.Sort(out)
	sum := 0.0
	for _, v := range in {
		below, _ := slices.BinarySearch(out, v)
		upto := below
		for upto < len(out) && out[upto] == v {
			upto++
		}
		sum += float64(below) + float64(upto-below)/2
	}
	return sum / float64(len(in)) / float64(len(out))
}
