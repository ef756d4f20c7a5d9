package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/draft"
	"footnote/knowledge/strictyaml"
)

// exportFormats are the formats of export, in the order of its help.
var exportFormats = []string{"bibtex", "ris", "csl-json", "bibliography", "bibliography-html", "bibliography-markdown", "jsonl"}

func exportCommand() command {
	var o options
	var format string
	return command{
		name:    "export",
		summary: "write the sources for a reference manager, or the facts as JSON",
		help: `
Writes to standard output. bibtex, ris and csl-json are the sources of the packs,
for Zotero, LaTeX and other reference managers; csl-json loses nothing, the other
two carry in a note what they have no field for. bibliography is the sources for
people to read, by the Chicago Manual of Style, as plain text; bibliography-html and
bibliography-markdown have its italics and links too. jsonl is the facts, complete,
one JSON object a line in the form of facts.yaml, with the sources that they cite;
"footnote import --format jsonl" makes the same packs of it.

Examples:
  footnote export --format bibtex > sources.bib
  footnote export --format bibliography-html --knowledge ./my-pack > sources.html
  footnote export --format jsonl --knowledge ./my-pack | jq -r .id

Exit codes: 0 written, 1 the output failed, 2 bad usage, configuration or pack.`,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			fs.StringVar(&format, "format", "", "`FORMAT`: bibtex, ris, csl-json, jsonl, bibliography[-html|-markdown]")
			return func(_ context.Context, p *program, _ []string) error {
				if err := knownFlag("--format", format, exportFormats); err != nil {
					return err
				}
				c, err := o.configure(p)
				if err != nil {
					return err
				}
				base, err := openBase(c)
				if err != nil {
					return exitError{code: exitUsage, err: err}
				}
				return export(p.Out, base, format)
			}
		},
	}
}

func export(w io.Writer, base *knowledge.Base, format string) error {
	sources := base.Sources()
	var err error
	switch format {
	case "bibtex":
		_, err = io.WriteString(w, csl.BibTeX(sources...))
	case "ris":
		_, err = io.WriteString(w, csl.RIS(sources...))
	case "csl-json":
		_, err = w.Write(csl.JSON(sources...))
	case "bibliography":
		_, err = io.WriteString(w, csl.Bibliography(sources...))
	case "bibliography-html":
		_, err = io.WriteString(w, csl.BibliographyHTML(sources...))
	case "bibliography-markdown":
		_, err = io.WriteString(w, csl.BibliographyMarkdown(sources...))
	case "jsonl":
		err = draft.JSONL(w, base)
	}
	return err
}

// knownFlag is an error of usage unless value is one of known.
func knownFlag(flagName, value string, known []string) error {
	for _, k := range known {
		if value == k {
			return nil
		}
	}
	all := strings.Join(known, ", ")
	if value == "" {
		return usage("%s is missing; one of %s", flagName, all)
	}
	return usage("%s %s is not known%s; one of %s", flagName, strictyaml.Quote(value), didYouMean(value, known), all)
}

func schemaCommand() command {
	return command{
		name:    "schema",
		summary: "print the JSON Schema of packs, for editors",
		help: `
Prints a JSON Schema (draft-07) for the files of a pack. An editor that knows it
completes keys, explains them, and marks mistakes while you write; FORMAT.md in
the folder knowledge tells how to set one up. It cannot see across files:
"footnote check" does.

Example:
  footnote schema > footnote.schema.json

Exit codes: 0 printed, 1 the output failed, 2 bad usage.`,
		flags: func(*flag.FlagSet) action {
			return func(_ context.Context, p *program, _ []string) error {
				_, err := fmt.Fprintf(p.Out, "%s", knowledge.Schema())
				return err
			}
		},
	}
}
