package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"footnote/answers/bench"
)

// benchSeed draws the phrasings that --shots keeps and the errors that --typos
// makes, the same in every run, so that two runs can be compared.
const benchSeed = 1

// A benched is one row of eval --bench.
type benched struct {
	Set      string  `json:"set"`
	Typos    bool    `json:"typos"`
	Shots    int     `json:"shots"` // phrasings of a fact at most; 0 for all
	Facts    int     `json:"facts"`
	In       int     `json:"in"`  // questions that a fact answers
	Out      int     `json:"out"` // questions that must be declined
	Accuracy float64 `json:"accuracy"`
	Right    float64 `json:"right"` // surely answered with the right fact
	Wrong    float64 `json:"wrong"` // surely answered with another
	Choices  float64 `json:"choices"`
	Recall   float64 `json:"recall"`
	AUROC    float64 `json:"auroc"`

	Tentative    float64 `json:"tentative"`     // answered, with the word that it may be no answer
	Offered      float64 `json:"offered"`       // the right fact was answered, surely or not, or offered
	OutTentative float64 `json:"out_tentative"` // of out: answered tentatively
}

// runBench scores the matcher on data sets in JSON lines.
func runBench(ctx context.Context, p *program, c Config, files []string, shots int, typos, asJSON bool) error {
	table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	if !asJSON {
		fmt.Fprint(table, "set\tfacts\tquestions\taccuracy\tright\twrong\ttentative\tchoices\toffered\tout of scope\tdeclined\ttentative\tAUROC\t\n")
	}
	for _, file := range files {
		set, err := readSet(file, shots)
		if err != nil {
			return exitError{code: exitUsage, err: err}
		}
		m, err := matcherOf(ctx, c, set.Base, allAtOnce, news(p.Err))
		switch {
		case ctx.Err() != nil:
			return exitError{code: exitAborted}
		case err != nil:
			return exitError{code: exitUsage, err: err}
		}
		for _, withTypos := range []bool{false, true} {
			if withTypos && !typos {
				continue
			}
			if ctx.Err() != nil {
				return exitError{code: exitAborted}
			}
			in, out := set.In, set.Out
			if withTypos {
				in, out = bench.Typos(in, benchSeed), bench.Typos(out, benchSeed)
			}
			s := bench.Run(m, in, out)
			row := benched{
				Set: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), Typos: withTypos, Shots: shots, Facts: len(set.Base.Facts()),
				In: s.In, Out: s.Out, Accuracy: rounded(s.Accuracy), Right: rounded(s.Right), Wrong: rounded(s.Wrong),
				Choices: rounded(s.Choices), Recall: rounded(s.Recall), AUROC: rounded(s.AUROC),
				Tentative: rounded(s.Tentative), Offered: rounded(s.Offered), OutTentative: rounded(s.OutTentative),
			}
			if asJSON {
				if err := writeJSONLine(p.Out, row); err != nil {
					return err
				}
				continue
			}
			row.print(table)
		}
	}
	return table.Flush()
}

func readSet(file string, shots int) (*bench.Set, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("--bench: %w", err)
	}
	defer f.Close()
	set, err := bench.Read(f, shots, benchSeed)
	if err != nil {
		return nil, fmt.Errorf("--bench: %s: %w", file, err)
	}
	return set, nil
}

func (r benched) print(table *tabwriter.Writer) {
	name := r.Set
	if r.Shots > 0 {
		name += fmt.Sprintf(", %d phrasings", r.Shots)
	}
	if r.Typos {
		name += ", typos"
	}
	percent := func(x float64, of int) string {
		if of == 0 {
			return "–"
		}
		return fmt.Sprintf("%.1f %%", 100*x)
	}
	auroc := "–"
	if r.In > 0 && r.Out > 0 {
		auroc = fmt.Sprintf("%.3f", r.AUROC)
	}
	fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\t\n", name, r.Facts, r.In,
		percent(r.Accuracy, r.In), percent(r.Right, r.In), percent(r.Wrong, r.In), percent(r.Tentative, r.In), percent(r.Choices, r.In), percent(r.Offered, r.In),
		r.Out, percent(r.Recall, r.Out), percent(r.OutTentative, r.Out), auroc)
}
