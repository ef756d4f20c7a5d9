package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"footnote/answers"
	"footnote/answers/gaps"
	"footnote/bot"
	"footnote/bot/ledger"
	"footnote/knowledge"
)

func suggestCommand() command {
	var o options
	var file, since, format string
	var people int
	return command{
		name:    "suggest",
		text:    true,
		summary: "propose phrasings that people used and confirmed",
		help: `
Lists, for each fact, ways in which people asked for it that its questions do not
have yet: the answer was called helpful, or the fact was chosen out of several,
and nobody said that it did not help. The words come from the ledger of a bot
("footnote serve" with the keys ledger.path and ledger.questions). A curator
decides which of them go into the fact.

Examples:
  footnote suggest --knowledge ./my-pack
  footnote suggest --knowledge ./my-pack --since 12w --format yaml

--format yaml writes a map from each fact's id to a list of phrasings.

Exit codes: 0 shown, also when there is nothing to propose; 2 bad usage,
configuration, pack or ledger.`,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			fs.StringVar(&file, "ledger", "", "read the ledger in `FILE` instead of the one of the configuration")
			fs.StringVar(&since, "since", defaultSince, "look back as far as `TIME`: 30d (days), 12w (weeks)")
			fs.StringVar(&format, "format", "text", "write `FORMAT`: text, yaml")
			fs.IntVar(&people, "people", 1, "show words that at least `N` people asked")
			return func(ctx context.Context, p *program, _ []string) error {
				c, err := o.configure(p)
				switch {
				case err != nil:
					return err
				case format != "text" && format != "yaml":
					return usage("--format is %q; it is text or yaml", format)
				}
				all, err := readLedger(ctx, c, file, since)
				if err != nil {
					return err
				}
				m, err := openMatcher(ctx, p, c)
				if err != nil {
					return err
				}
				found := proposals(all, m.Base(), people)
				if len(found) == 0 && format == "text" {
					why := ""
					if !slices.ContainsFunc(all, func(q ledger.Question) bool { return q.Words != "" }) {
						why = " The ledger holds no words of questions: set ledger.questions: \"on\", and ask people to send /remember on in their direct chat with the bot, and the admins of groups to send /settings questions on there."
					}
					_, err := fmt.Fprintln(p.Out, "There is nothing to propose."+why)
					return err
				}
				return printProposals(p.Out, found, m, format == "yaml")
			}
		},
	}
}

// A proposal is phrasings for one fact.
type proposal struct {
	fact  *knowledge.Fact
	texts []string
	times []int // how often each was asked and confirmed
}

// proposals are the confirmed questions of facts that are still there, in the
// order of the packs.
func proposals(all []ledger.Question, base *knowledge.Base, people int) []proposal {
	confirmed := map[string][]gaps.Question{}
	for _, q := range all {
		// One person's choice is as good as a press of Helpful; one who says
		// otherwise outweighs it.
		if q.Words == "" || q.Fact == "" || q.Said[bot.Unhelpful] > 0 || q.Said[bot.Helpful] == 0 && (!q.Picked || q.Outcome != answers.Choices) {
			continue
		}
		confirmed[q.Fact] = append(confirmed[q.Fact], gaps.Question{Text: q.Words, Who: q.Who})
	}
	var out []proposal
	for _, f := range base.Facts() {
		x := proposal{fact: f}
		for _, w := range gaps.Phrasings(base, confirmed[f.ID], people) {
			x.texts, x.times = append(x.texts, w.Text), append(x.times, w.Times)
		}
		if len(x.texts) > 0 {
			out = append(out, x)
		}
		delete(confirmed, f.ID)
	}
	return out
}

func printProposals(w io.Writer, found []proposal, m *answers.Matcher, yaml bool) error {
	var b strings.Builder
	for i, x := range found {
		if yaml {
			fmt.Fprintf(&b, "%s:\n", x.fact.ID)
			for _, t := range x.texts {
				s, err := json.Marshal(t)
				if err != nil {
					return err
				}
				fmt.Fprintf(&b, "  - %s\n", s)
			}
			continue
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s (%s:%d)\n  %s\n", x.fact.ID, x.fact.Place.File, x.fact.Place.Line, x.fact.Questions[0].Text)
		for j, t := range x.texts {
			fmt.Fprintf(&b, "  + %s (%d; now %s)\n", t, x.times[j], foundNow(m, t, x.fact))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// foundNow says what the packs make of a question today.
func foundNow(m *answers.Matcher, text string, want *knowledge.Fact) string {
	r := m.Match(answers.Query{Text: text})
	if f := r.Best(); f != nil && f != want {
		return "answered with " + f.ID
	}
	if r.Tentative {
		return "answered, not surely"
	}
	return string(r.Outcome)
}
