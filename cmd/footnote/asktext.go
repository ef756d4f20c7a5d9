package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"footnote/answers"
	"footnote/answers/parse"
	"footnote/knowledge"
)

// The sentences of ask are those of the bot in English: what was asked is answered
// alike everywhere.
const (
	noAnswer     = "I have no sourced answer to that."
	notSure      = "I am not sure that this answers your question."
	whichOne     = "Did you mean:"
	orDidYouMean = "Or did you mean:"
	nearest      = "The nearest questions I can answer:"
	firstOnly    = "I answered the first question; please ask the rest one by one."
)

// offers is what stands over the questions that a result offers.
func (a asked) offers() string {
	switch a.result.Outcome {
	case answers.Answered:
		return orDidYouMean
	case answers.Choices:
		return whichOne
	}
	return nearest
}

// writeText writes a result as a person at a terminal wants it.
func writeText(w io.Writer, a asked) error {
	var b strings.Builder
	switch f := a.result.Best(); {
	case f != nil:
		if a.result.Tentative {
			b.WriteString(notSure + "\n")
		}
		fmt.Fprintf(&b, "%s\n%s\n", statusLine(f), a.said(f))
		if dates := a.dates(f); dates != "" {
			b.WriteString(dates + "\n")
		}
		for _, p := range f.Positions {
			fmt.Fprintf(&b, "• %s: %s\n", p.Holder, p.Claim.In(a.result.Lang))
		}
		for _, c := range f.Citations() {
			fmt.Fprintf(&b, "— %s\n", c.Short)
		}
	case a.result.Outcome != answers.Choices:
		b.WriteString(noAnswer + "\n")
	}
	if len(a.result.Offered) > 0 {
		b.WriteString(a.offers() + "\n")
	}
	for i, c := range a.result.Offered {
		fmt.Fprintf(&b, "%d. %s\n", i+1, c.Question)
	}
	if note := a.inPackLanguage(); note != "" {
		b.WriteString(note + "\n")
	}
	if len(parse.Questions(a.question)) > 1 {
		b.WriteString(firstOnly + "\n")
	}
	if a.explain {
		b.WriteByte('\n')
		explainText(&b, a)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// dates are those of f with their labels, if it was asked by a date.
func (a asked) dates(f *knowledge.Fact) string {
	if !a.result.Dates {
		return ""
	}
	var all []string
	for _, d := range f.Dates {
		date := d.EDTF.In("en")
		if d.Julian {
			date += " (Julian calendar)"
		}
		if label := d.Label.In(); label != "" {
			date = label + ": " + date
		}
		all = append(all, date)
	}
	return strings.Join(all, " · ")
}

// writeLine writes a result as one line, for questions that come line by line.
func writeLine(w io.Writer, a asked) error {
	var parts, offered []string
	switch f := a.result.Best(); {
	case f != nil:
		if a.result.Tentative {
			parts = append(parts, notSure)
		}
		parts = append(parts, a.said(f))
		if dates := a.dates(f); dates != "" {
			parts = append(parts, "("+dates+")")
		}
		sources := []string{statusLine(f)}
		for _, c := range f.Citations() {
			sources = append(sources, c.Short.String())
		}
		parts = append(parts, "["+strings.Join(sources, "; ")+"]")
	case a.result.Outcome != answers.Choices:
		parts = append(parts, noAnswer)
	}
	for _, c := range a.result.Offered {
		offered = append(offered, c.Question)
	}
	if len(offered) > 0 {
		parts = append(parts, a.offers(), strings.Join(offered, " / "))
	}
	if note := a.inPackLanguage(); note != "" {
		parts = append(parts, note)
	}
	_, err := io.WriteString(w, strings.Join(strings.Fields(strings.Join(parts, " ")), " ")+"\n")
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
	outcome := string(a.result.Outcome)
	if a.result.Tentative {
		outcome += ", tentative"
	}
	row("outcome", outcome, "decided by: "+string(y.Reason))
	if len(a.result.Offered) > 0 {
		var ids []string
		for _, c := range a.result.Offered {
			ids = append(ids, c.Fact.ID)
		}
		row("offered", strings.Join(ids, ", "), "what the person could choose instead")
	}
	if a.result.Detail {
		row("detail", "yes", "the fact's detail tells what was asked, not its answer")
	}
	if a.result.Dates {
		row("dates", "yes", "it was asked by a date")
	}
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
