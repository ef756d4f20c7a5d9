package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"footnote/answers"
	"footnote/knowledge"
)

// writeText writes a result as a person at a terminal wants it.
func writeText(w io.Writer, a asked) error {
	var b strings.Builder
	switch f := a.result.Best(); {
	case f != nil:
		fmt.Fprintf(&b, "%s\n%s\n", statusLine(f), f.Answer.In())
		for _, p := range f.Positions {
			fmt.Fprintf(&b, "• %s: %s\n", p.Holder, p.Claim.In())
		}
		for _, c := range citations(f) {
			fmt.Fprintf(&b, "— %s\n", c.Short)
		}
	case a.result.Outcome == answers.Choices:
		b.WriteString("Did you mean:\n")
		for i, c := range a.result.Candidates {
			fmt.Fprintf(&b, "%d. %s\n", i+1, c.Question)
		}
	default:
		b.WriteString(noAnswer + "\n")
		if near := nearby(a.result.Candidates); len(near) > 0 {
			b.WriteString("Perhaps you meant:\n")
			for _, c := range near {
				fmt.Fprintf(&b, "• %s\n", c.Question)
			}
		}
	}
	if a.explain {
		b.WriteByte('\n')
		explainText(&b, a)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// nearEnough is the confidence from which a candidate of a declined question is
// worth showing: below one in ten it only puzzles.
const nearEnough = 0.1

func nearby(all []answers.Candidate) []answers.Candidate {
	n := slices.IndexFunc(all, func(c answers.Candidate) bool { return c.Confidence < nearEnough })
	if n < 0 {
		return all
	}
	return all[:n]
}

const noAnswer = "I have no sourced answer to that."

// writeLine writes a result as one line, for questions that come line by line.
func writeLine(w io.Writer, a asked) error {
	var line string
	switch f := a.result.Best(); {
	case f != nil:
		var sources []string
		for _, c := range citations(f) {
			sources = append(sources, c.Short.String())
		}
		line = f.Answer.In() + " [" + strings.Join(append([]string{statusLine(f)}, sources...), "; ") + "]"
	case a.result.Outcome == answers.Choices:
		var choices []string
		for _, c := range a.result.Candidates {
			choices = append(choices, c.Question)
		}
		line = "Did you mean: " + strings.Join(choices, " / ")
	default:
		line = noAnswer
	}
	_, err := io.WriteString(w, strings.Join(strings.Fields(line), " ")+"\n")
	return err
}

// statusLine says how far a fact is supported.
func statusLine(f *knowledge.Fact) string {
	switch f.Status {
	case knowledge.Attributed:
		return "Attributed to " + f.AccordingTo
	case knowledge.Disputed:
		return "Disputed: the sources disagree"
	case knowledge.CitationNeeded:
		if len(f.Cites) > 0 {
			return "Citation needed: the work cited names no source for it"
		}
		return "Citation needed: nobody has sourced this"
	case knowledge.Retracted:
		return "Retracted: this corrects an earlier answer"
	}
	return "Established"
}

// explainText writes every figure of a decision, each with what it means, for
// people who tune packs. answers/MATCHING.md tells how they come about.
func explainText(w io.Writer, a asked) {
	y := a.result.Why
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, value, meaning string) {
		fmt.Fprintf(table, "%s\t%s\t%s\n", name, value, meaning)
	}
	row("outcome", string(a.result.Outcome), "decided by: "+string(y.Reason))
	row("understood", quoted(y.Understood), "the question as it was read")
	for _, r := range y.Repairs {
		row("repaired", r.From+" → "+r.To, "a spelling that was corrected")
	}
	if a.result.FollowUp {
		row("follow-up", "yes", "understood against the last answer")
	}
	if y.Phrasing != "" {
		row("phrasing", quoted(y.Phrasing), "the best fact's phrasing that came closest")
	}
	for i, x := range y.Words {
		row("word", fmt.Sprintf("%s %.3f", x.Text, x.Share), onlyFirst(i, "words that the best fact holds, and their share of the support"))
	}
	if len(y.Missing) > 0 {
		row("missing", strings.Join(y.Missing, ", "), "words that it does not hold")
	}
	for _, x := range y.Evidence {
		row("evidence", fmt.Sprintf("%s %.4g", x.Name, x.Value), meaningOf(x.Name))
	}
	for i, c := range a.result.Candidates {
		row(fmt.Sprintf("candidate %d", i+1), fmt.Sprintf("%s %.4f", c.Fact.ID, c.Confidence), quoted(c.Question))
	}
	row("confidence", fmt.Sprintf("%.4f", y.Confidence), "that the first candidate answers the question")
	row("runner-up", fmt.Sprintf("%s, margin %.4f", orNone(y.RunnerUp), y.Margin), "the second candidate, and how far behind")
	row("encoder", fmt.Sprint(y.Encoder), "whether the sentence encoder was asked")
	row("elapsed", fmt.Sprintf("%d µs", a.elapsed.Microseconds()), "")
	table.Flush()
}

// meaningOf says what a figure of the decision is.
func meaningOf(figure string) string {
	if kind, ok := strings.CutPrefix(figure, "against: "); ok {
		return "speaks against the best fact, in log-odds (" + kind + ")"
	}
	return map[string]string{
		"energy":    "how much it resembles anything in the packs",
		"peak":      "how far the best fact stands out from all others, in log-odds",
		"margin":    "how far it is ahead of the second",
		"covered":   "share of the question's words that it holds, by weight",
		"known":     "share that any fact holds",
		"words":     "how many words tell something, as a logarithm",
		"doubt":     "above 0: more like questions that the packs leave open",
		"supported": "probability that the packs can answer; below 0.5 it is declined",
	}[figure]
}

func quoted(s string) string { return "“" + s + "”" }

// onlyFirst is s for the first of several rows.
func onlyFirst(i int, s string) string {
	if i > 0 {
		return ""
	}
	return s
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
