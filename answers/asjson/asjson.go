// Package asjson writes what came of a question for programs: the object of "footnote ask
// --json", which the web gives as well. Its shape is an interface that scripts rely on.
package asjson

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"footnote/answers"
	"footnote/knowledge"
)

// A Result is what came of one question.
type Result struct {
	Question   string          `json:"question"`
	Outcome    answers.Outcome `json:"outcome"`
	Fact       *string         `json:"fact"`
	Status     *string         `json:"status"`
	Answer     *string         `json:"answer"`
	Citations  []Citation      `json:"citations"`
	Confidence float64         `json:"confidence"`
	Candidates []Candidate     `json:"candidates"`
	Offered    []string        `json:"offered"`
	Tentative  bool            `json:"tentative"`
	ElapsedUS  int64           `json:"elapsed_us"`
	Language   string          `json:"language,omitempty"` // of the question, where that is none of the pack's
	Why        *Why            `json:"why,omitempty"`
}

// A Citation is one of the answer's.
type Citation struct {
	Source  string `json:"source"`
	Short   string `json:"short"`
	Full    string `json:"full"`
	Locator string `json:"locator"`
	URL     string `json:"url"`
}

// A Candidate is a fact with the phrasing that came closest.
type Candidate struct {
	Fact       string  `json:"fact"`
	Question   string  `json:"question"`
	Confidence float64 `json:"confidence"`
}

// Why is everything that entered the decision.
type Why struct {
	Understood string         `json:"understood"`
	Phrasing   string         `json:"phrasing"`
	Words      []Word         `json:"words"`
	Repairs    []Repair       `json:"repairs"`
	Evidence   []Figure       `json:"evidence"`
	Confidence float64        `json:"confidence"`
	RunnerUp   string         `json:"runner_up"`
	Margin     float64        `json:"margin"`
	Reason     answers.Reason `json:"reason"`
	Missing    []string       `json:"missing"`
	Encoder    bool           `json:"encoder"`
}

// A Word carried the result, with its share of it.
type Word struct {
	Text  string  `json:"text"`
	Share float64 `json:"share"`
}

// A Repair is how a word was read.
type Repair struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// A Figure is one number of the decision.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Of tells what came of a question, and with explain why.
func Of(question string, result answers.Result, elapsed time.Duration, explain bool) Result {
	r := Result{
		Question:   question,
		Outcome:    result.Outcome,
		Citations:  []Citation{},
		Candidates: []Candidate{},
		Offered:    []string{},
		Tentative:  result.Tentative,
		ElapsedUS:  elapsed.Microseconds(),
	}
	if result.Foreign {
		r.Language = result.Lang
	}
	if f := result.Best(); f != nil {
		status, answer := string(f.Status), Said(result, f)
		r.Fact, r.Status, r.Answer = &f.ID, &status, &answer
		for _, c := range f.Citations() {
			r.Citations = append(r.Citations, Citation{c.Source, c.Short.String(), c.Full.String(), c.Locator, c.URL})
		}
	}
	for i, c := range result.Candidates {
		if i == 0 {
			r.Confidence = Rounded(c.Confidence)
		}
		r.Candidates = append(r.Candidates, Candidate{c.Fact.ID, c.Question, Rounded(c.Confidence)})
	}
	for _, c := range result.Offered {
		r.Offered = append(r.Offered, c.Fact.ID)
	}
	if explain {
		r.Why = why(result.Why)
	}
	return r
}

// Said is what is said of f, which answers: its answer, or its detail if that tells
// what was asked.
func Said(r answers.Result, f *knowledge.Fact) string {
	if r.Detail && len(f.Detail) > 0 {
		return f.Detail.In(r.Lang)
	}
	return f.Answer.In(r.Lang)
}

func why(y answers.Why) *Why {
	out := &Why{
		Understood: y.Understood, Phrasing: y.Phrasing, Words: []Word{}, Repairs: []Repair{}, Evidence: []Figure{},
		Confidence: Rounded(y.Confidence), RunnerUp: y.RunnerUp, Margin: Rounded(y.Margin), Reason: y.Reason,
		Missing: append([]string{}, y.Missing...), Encoder: y.Encoder,
	}
	for _, x := range y.Words {
		out.Words = append(out.Words, Word{x.Text, Rounded(x.Share)})
	}
	for _, x := range y.Repairs {
		out.Repairs = append(out.Repairs, Repair{x.From, x.To})
	}
	for _, x := range y.Evidence {
		out.Evidence = append(out.Evidence, Figure{x.Name, Rounded(x.Value)})
	}
	return out
}

// Rounded keeps four decimals: more is noise, and differs between processors.
func Rounded(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0 // JSON has no word for it
	}
	return math.Round(x*1e4) / 1e4
}

// Line is v as one line, with its end.
func Line(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // "<" is for people to read, and this is no web page
	err := enc.Encode(v)
	return b.Bytes(), err
}
