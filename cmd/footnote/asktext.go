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
		return "Citation needed: nobody has sourced this"
	case knowledge.Retracted:
		return "Retracted: this corrects an earlier answer"
	}
	return "Established"
}

// explainText writes every figure of a decision, for people who tune packs.
func explainText(w io.Writer, a asked) {
	y := a.result.Why
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(table, "%s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	row("outcome", "%s (%s)", a.result.Outcome, y.Reason)
	row("understood", "%s", y.Understood)
	for _, r := range y.Repairs {
		row("repaired", "%s → %s", r.From, r.To)
	}
	row("phrasing", "%s", y.Phrasing)
	for _, x := range y.Words {
		row("word", "%s %.3f", x.Text, x.Share)
	}
	if len(y.Missing) > 0 {
		row("missing", "%s", strings.Join(y.Missing, ", "))
	}
	for _, x := range y.Evidence {
		row("evidence", "%s %.4g", x.Name, x.Value)
	}
	for i, c := range a.result.Candidates {
		row(fmt.Sprintf("candidate %d", i+1), "%s %.4f %q", c.Fact.ID, c.Confidence, c.Question)
	}
	row("confidence", "%.4f", y.Confidence)
	row("runner-up", "%s, margin %.4f", orNone(y.RunnerUp), y.Margin)
	row("encoder", "%t", y.Encoder)
	row("elapsed", "%d µs", a.elapsed.Microseconds())
	table.Flush()
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
