package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"footnote/answers"
	"footnote/knowledge"
)

func evalCommand() command {
	var o options
	var asJSON, typos bool
	var junit string
	var sets listFlag
	var shots int
	return command{
		name:    "eval",
		summary: "score the packs on their own examination questions",
		help: `
Asks every question of the packs' eval.yaml and counts what came of it: questions
that must find a fact, and questions that must be declined, the latter by kind
too. Every miss is named with its place. Right and wrong are what was answered
surely; an answer that says that it may not be one ("perhaps") is counted apart,
and a choice is neither. Helped are those whose fact was answered, surely or not,
or stood among what is offered.

Examples:
  footnote eval
  footnote eval --knowledge ./my-pack
  footnote eval --json | jq '.right / .asked'
  footnote eval --junit report.xml
  footnote eval --bench intents.jsonl --shots 3 --typos

--json writes one object: asked, right, wrong, choices, declined, tentative (and of
these tentative_right) and helped of the questions that must find a fact; the same,
and kinds, under "decline"; misses.

--bench scores the matcher on a data set instead, where a label plays the part of
a fact: one object {"id", "text", "split"} a line, split train, val or oos_val. It
is trained on train and asked the rest; the table tells how often the best
candidate was right, and what its own decisions came to.

Exit codes: 0 scored, however well; 2 bad usage, configuration or pack, or no
pack has questions.`,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			fs.BoolVar(&asJSON, "json", false, "write one JSON object (with --bench one a row)")
			fs.Var(&sets, "bench", "score the matcher on the data set in `FILE`; may be repeated")
			fs.StringVar(&junit, "junit", "", "also write `FILE` in JUnit's XML, one test a question,\nas continuous integration shows it")
			fs.IntVar(&shots, "shots", 0, "with --bench: keep `N` phrasings of each fact, 0 for all")
			fs.BoolVar(&typos, "typos", false, "with --bench: score a second time with typing errors")
			return func(ctx context.Context, p *program, _ []string) error {
				c, err := o.configure(p)
				switch {
				case err != nil:
					return err
				case shots < 0:
					return usage("--shots is %d; it is a number of phrasings, 0 for all", shots)
				case len(sets) == 0 && (shots > 0 || typos):
					return usage("--shots and --typos belong to --bench FILE")
				case len(sets) > 0:
					return runBench(ctx, p, c, sets, shots, typos, asJSON)
				}
				m, err := openMatcher(ctx, p, c)
				if err != nil {
					return err
				}
				s := score(ctx, m.Base(), m.Match)
				switch {
				case ctx.Err() != nil:
					return exitError{code: exitAborted}
				case s.Asked+s.Decline.Asked == 0:
					return usage("no pack has questions in an eval.yaml; footnote help format tells how to write one")
				}
				if junit != "" {
					if err := writeJUnit(junit, s.junit("footnote eval")); err != nil {
						return err
					}
				}
				if asJSON {
					return writeJSONLine(p.Out, s)
				}
				return s.print(p.Out)
			}
		},
	}
}

// A tally counts what came of questions. Right and wrong are sure.
type tally struct {
	Asked          int `json:"asked"`
	Right          int `json:"right"`
	Wrong          int `json:"wrong"`     // answered with another fact, or at all
	Choices        int `json:"choices"`   // neither right nor wrong
	Declined       int `json:"declined"`  // for a question that must be declined the same as right
	Tentative      int `json:"tentative"` // answered, with the word that it may be no answer
	TentativeRight int `json:"tentative_right"`
	Helped         int `json:"helped"` // the right fact was answered, surely or not, or offered; or it was rightly declined
}

// count counts got, of which the facts called expected are right; none if it must
// be declined.
func (t *tally) count(got answers.Result, expected []string) {
	is := func(f *knowledge.Fact) bool { return f != nil && slices.Contains(expected, f.ID) }
	right := is(got.Best())
	t.Asked++
	switch {
	case got.Outcome == answers.Choices:
		t.Choices++
	case got.Outcome == answers.Declined:
		t.Declined++
	case got.Tentative:
		t.Tentative++
		if right {
			t.TentativeRight++
		}
	case !right:
		t.Wrong++
	}
	if rightly(got, expected) {
		t.Right++
	}
	if right || len(expected) == 0 && got.Outcome == answers.Declined || slices.ContainsFunc(got.Offered, func(c answers.Candidate) bool { return is(c.Fact) }) {
		t.Helped++
	}
}

// rightly reports whether got is what an examination demands.
func rightly(got answers.Result, expected []string) bool {
	if len(expected) == 0 {
		return got.Outcome == answers.Declined
	}
	return got.Sure() && slices.Contains(expected, got.Best().ID)
}

// A report is the outcome of an eval. Its own counts are of the questions that
// must find a fact.
type report struct {
	Packs []packVersion `json:"packs"`
	tally
	Decline struct {
		tally
		Kinds map[knowledge.DeclineKind]*tally `json:"kinds"`
	} `json:"decline"`
	Misses []miss `json:"misses"`

	all []examined
}

// An examined is one question with what came of it.
type examined struct {
	miss
	at    knowledge.Place
	right bool
}

// A miss is a question that was not treated as its eval.yaml demands.
type miss struct {
	Place      string          `json:"place"`
	Question   string          `json:"question"`
	Expected   []string        `json:"expected"` // ids of facts; empty when it must be declined
	Kind       string          `json:"kind,omitempty"`
	Outcome    answers.Outcome `json:"outcome"`
	Tentative  bool            `json:"tentative"`
	Offered    []string        `json:"offered"` // ids
	Fact       string          `json:"fact"`    // of the first candidate, or empty
	Confidence float64         `json:"confidence"`
}

// want says what the examination demands.
func (x miss) want() string {
	if len(x.Expected) > 0 {
		return "must find " + strings.Join(x.Expected, " or ")
	}
	return "must be declined (" + x.Kind + ")"
}

// got says what came of the question.
func (x miss) got() string {
	outcome := string(x.Outcome)
	if x.Tentative {
		outcome = "perhaps"
	}
	if x.Fact == "" {
		return outcome
	}
	return fmt.Sprintf("%s, first %s (%.2f)", outcome, x.Fact, x.Confidence)
}

func score(ctx context.Context, base *knowledge.Base, match func(answers.Query) answers.Result) report {
	r := report{Misses: []miss{}, Packs: packVersions(base)}
	r.Decline.Kinds = map[knowledge.DeclineKind]*tally{}
	ask := func(question string, place knowledge.Place, expected []string, kind knowledge.DeclineKind, counts ...*tally) {
		if ctx.Err() != nil {
			return
		}
		got := match(answers.Query{Text: question})
		right := rightly(got, expected)
		for _, t := range counts {
			t.count(got, expected)
		}
		x := miss{
			Place:    fmt.Sprintf("%s:%d:%d", place.File, place.Line, place.Column),
			Question: question, Expected: append([]string{}, expected...), Kind: string(kind), Outcome: got.Outcome, Tentative: got.Tentative, Offered: []string{},
		}
		for _, c := range got.Offered {
			x.Offered = append(x.Offered, c.Fact.ID)
		}
		if len(got.Candidates) > 0 {
			x.Fact, x.Confidence = got.Candidates[0].Fact.ID, rounded(got.Candidates[0].Confidence)
		}
		r.all = append(r.all, examined{miss: x, at: place, right: right})
		if !right {
			r.Misses = append(r.Misses, x)
		}
	}
	for _, pack := range base.Packs {
		for _, c := range pack.Eval.Find {
			ask(c.Question, c.Place, c.Facts, "", &r.tally)
		}
		for _, c := range pack.Eval.Decline {
			kind := r.Decline.Kinds[c.Kind]
			if kind == nil {
				kind = &tally{}
				r.Decline.Kinds[c.Kind] = kind
			}
			ask(c.Question, c.Place, nil, c.Kind, &r.Decline.tally, kind)
		}
	}
	return r
}

func (r report) print(w io.Writer) error {
	for _, p := range r.Packs {
		fmt.Fprintf(w, "%s %s, %s\n", p.ID, p.Version, count(p.Facts, "fact"))
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\nquestions that\tasked\tright\t\twrong\tperhaps right\tperhaps wrong\tchoices\tdeclined\thelped\t\n")
	line := func(name string, t tally) {
		share := "–"
		if t.Asked > 0 {
			share = fmt.Sprintf("%.1f %%", 100*float64(t.Right)/float64(t.Asked))
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, t.Asked, t.Right, share, t.Wrong, t.TentativeRight, t.Tentative-t.TentativeRight, t.Choices, t.Declined, t.Helped)
	}
	line("must find a fact", r.tally)
	line("must be declined", r.Decline.tally)
	for _, k := range slices.Sorted(maps.Keys(r.Decline.Kinds)) {
		line(string(k), *r.Decline.Kinds[k])
	}
	table.Flush()
	if len(r.Misses) > 0 {
		fmt.Fprint(w, "\nmisses:\n")
	}
	for _, x := range r.Misses {
		if _, err := fmt.Fprintf(w, "  %s: %q %s; got %s\n", x.Place, x.Question, x.want(), x.got()); err != nil {
			return err
		}
	}
	return nil
}
