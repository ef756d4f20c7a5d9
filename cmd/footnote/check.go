package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/strictyaml"
)

func checkCommand() command {
	var o options
	var c checks
	var asJSON bool
	return command{
		name:    "check",
		args:    "[DIR]...",
		summary: "validate packs and configuration without starting anything",
		help: `
Reads the configuration and the packs as serve would, and reports every problem
of every file in one run as file:line:column: path: message, errors first. Warnings
are worth a look and do not fail the check. DIR is a pack folder, like --knowledge
DIR.

A phrasing that does not find its own fact is warned of: packs of up to 300 are
asked every one, larger ones with --match, none with --match=false.

--match also holds out each phrasing in turn, as if somebody asked in words that
the pack does not have, and says how many find their fact all the same: the one
figure that tells how the pack will do. It names the facts that are found least,
with what to do for them, and the questions of unanswered.yaml that cost
phrasings. This takes a while for large packs.

--fix first corrects what is mechanical in the files of DIR: blanks at the ends of
lines, invisible characters, accents composed in two ways, entries that stand
twice in a list. Notes and layout stay, and eval.yaml is left alone.

Examples:
  footnote check
  footnote check ./my-pack
  footnote check ./my-pack --match --text article.txt
  footnote check --config /etc/footnote/config.yaml
  footnote check --json | jq -r '.problems[] | select(.severity == "error") | .message'

--json writes one object: ok, errors and warnings (numbers), packs, and problems,
each with severity, file, line, column, path and message; with --fix "fixed", and
with --match "match": asked, found, offered, only, facts and unanswered.

Exit codes: 0 no errors, 1 errors were found, 2 bad usage.`,
		flags: func(fs *flag.FlagSet) action {
			o.checks = true
			o.register(fs)
			fs.BoolVar(&asJSON, "json", false, "write one JSON object")
			fs.BoolVar(&c.match, "match", false, "ask every phrasing, and the pack without it")
			fs.BoolVar(&c.fix, "fix", false, "correct what is mechanical in the packs' files")
			fs.Var(&c.texts, "text", "warn of runs of words copied from the text in `FILE`;\nmay be repeated")
			return func(ctx context.Context, p *program, dirs []string) error {
				o.knowledge = append(o.knowledge, dirs...)
				fs.Visit(func(f *flag.Flag) { c.matchSaid = c.matchSaid || f.Name == "match" })
				r, err := checkAll(ctx, p, &o, c)
				if err != nil {
					return err
				}
				if asJSON {
					if err := writeJSONLine(p.Out, r); err != nil {
						return err
					}
				} else if err := r.print(p); err != nil {
					return err
				}
				if !r.OK {
					return exitError{code: exitFailed}
				}
				return nil
			}
		},
	}
}

// checks are what check was told to do beyond the usual.
type checks struct {
	match, matchSaid bool
	fix              bool
	texts            listFlag
}

// A checked is what check found.
type checked struct {
	OK       bool                `json:"ok"`
	Errors   int                 `json:"errors"`
	Warnings int                 `json:"warnings"`
	Packs    []packVersion       `json:"packs"`
	Problems []knowledge.Problem `json:"problems"`
	Fixed    []draft.Fixed       `json:"fixed,omitempty"`
	Match    *heldOutReport      `json:"match,omitempty"` // with --match
}

func checkAll(ctx context.Context, p *program, o *options, what checks) (checked, error) {
	r := checked{Packs: []packVersion{}, Problems: []knowledge.Problem{}}
	var rep strictyaml.Report
	c := o.load(p, &rep)
	r.Problems = append(r.Problems, rep.Problems()...)

	if what.fix {
		if len(c.Knowledge) == 0 {
			return r, usage("--fix: name the folder of a pack; the pack inside the program cannot be changed")
		}
		fixed, err := draft.Fix(c.Knowledge...)
		if err != nil {
			return r, exitError{code: exitFailed, err: err}
		}
		r.Fixed = fixed
	}
	base, as, err := openShown(c)
	var le *knowledge.LoadError
	switch {
	case errors.As(err, &le):
		r.Problems = append(r.Problems, le.Problems...)
	case err != nil:
		r.Problems = append(r.Problems, knowledge.Problem{Severity: knowledge.Error, Message: err.Error()})
	default:
		r.Packs = packVersions(base)
		r.Problems = append(r.Problems, knowledge.Check(base)...)
		r.Problems = append(r.Problems, checkLanguages(base)...)
		copied, err := checkTexts(base, what.texts)
		if err != nil {
			return r, err
		}
		r.Problems = append(r.Problems, copied...)
		if what.match || !what.matchSaid && phrasings(base) <= matchUnasked {
			strayed, held, err := askPhrasings(ctx, c, base, what.match, news(p.Err))
			switch {
			case ctx.Err() != nil:
				return r, exitError{code: exitAborted, err: err}
			case err != nil:
				return r, exitError{code: exitFailed, err: err}
			}
			r.Match = held
			r.Problems = append(r.Problems, strayed...)
		}
	}
	r.Problems = apart(r.Problems)
	for i := range r.Packs {
		r.Packs[i].From = as.Replace(r.Packs[i].From)
	}
	for i := range r.Problems {
		r.Problems[i].File, r.Problems[i].Message = as.Replace(r.Problems[i].File), as.Replace(r.Problems[i].Message)
	}
	for _, x := range r.Problems {
		if x.Severity == knowledge.Error {
			r.Errors++
		} else {
			r.Warnings++
		}
	}
	r.OK = r.Errors == 0
	return r, nil
}

func (r checked) print(p *program) error {
	printFixed(p, r.Fixed)
	for _, x := range r.Problems {
		fmt.Fprintln(p.Err, x)
	}
	for _, x := range r.Packs {
		fmt.Fprintf(p.Out, "pack %s %s, %s, %s\n", x.ID, x.Version, count(x.Facts, "fact"), x.From)
	}
	if r.Match != nil {
		if err := r.Match.print(p.Out); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(p.Out, "%s, %s\n", count(r.Errors, "error"), count(r.Warnings, "warning"))
	return err
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
