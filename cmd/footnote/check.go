package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"footnote/knowledge"
	"footnote/knowledge/strictyaml"
)

func checkCommand() command {
	var o options
	var asJSON bool
	return command{
		name:    "check",
		args:    "[DIR]...",
		summary: "validate packs and configuration without starting anything",
		help: `
Reads the configuration and the packs as serve would, and reports every problem
of every file in one run as file:line:column: path: message. Warnings are worth a
look and do not fail the check. DIR is a pack folder, like --knowledge DIR.

Examples:
  footnote check
  footnote check ./my-pack
  footnote check --config /etc/footnote/config.yaml
  footnote check --json | jq -r '.problems[] | select(.severity == "error") | .message'

--json writes one object: ok, errors and warnings (numbers), packs, and problems,
each with severity, file, line, column, path and message.

Exit codes: 0 no errors, 1 errors were found, 2 bad usage.`,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			fs.BoolVar(&asJSON, "json", false, "write one JSON object")
			return func(_ context.Context, p *program, dirs []string) error {
				o.knowledge = append(o.knowledge, dirs...)
				r := checkAll(p, &o)
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

// A checked is what check found.
type checked struct {
	OK       bool                `json:"ok"`
	Errors   int                 `json:"errors"`
	Warnings int                 `json:"warnings"`
	Packs    []packVersion       `json:"packs"`
	Problems []knowledge.Problem `json:"problems"`
}

func checkAll(p *program, o *options) checked {
	r := checked{Packs: []packVersion{}, Problems: []knowledge.Problem{}}
	var rep strictyaml.Report
	c := o.load(p, &rep)
	r.Problems = append(r.Problems, rep.Problems()...)

	base, err := openBase(c)
	var le *knowledge.LoadError
	switch {
	case errors.As(err, &le):
		r.Problems = append(r.Problems, le.Problems...)
	case err != nil:
		r.Problems = append(r.Problems, knowledge.Problem{Severity: knowledge.Error, Message: err.Error()})
	default:
		r.Packs = packVersions(base)
		r.Problems = append(r.Problems, knowledge.Check(base)...)
	}
	for _, x := range r.Problems {
		if x.Severity == knowledge.Error {
			r.Errors++
		} else {
			r.Warnings++
		}
	}
	r.OK = r.Errors == 0
	return r
}

func (r checked) print(p *program) error {
	for _, x := range r.Problems {
		fmt.Fprintln(p.Err, x)
	}
	for _, x := range r.Packs {
		fmt.Fprintf(p.Out, "pack %s %s, %d facts, %s\n", x.ID, x.Version, x.Facts, x.From)
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
