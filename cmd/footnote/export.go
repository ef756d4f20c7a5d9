package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/draft"
	"footnote/knowledge/strictyaml"
	"footnote/knowledge/xlsx"
)

// exportFormats are the formats of export, in the order of its help.
var exportFormats = []string{"bibtex", "ris", "csl-json", "bibliography", "bibliography-html", "bibliography-markdown", "jsonl", "csv", "xlsx", "pack", "site"}

// exportHelp is what "footnote help export" prints below the usage.
const exportHelp = `
Writes to standard output, or into a new file with --out. bibtex, ris and csl-json
are the sources of the packs, for Zotero, LaTeX and other reference managers;
csl-json loses nothing, the other two carry in a note what they have no field for.
bibliography is the sources for people to read, by the Chicago Manual of Style, as
plain text; bibliography-html and bibliography-markdown have its italics and links
too. jsonl is the facts, complete, one JSON object a line in the form of facts.yaml,
with the sources that they cite;
"footnote import --format jsonl" makes the same packs of it.

csv and xlsx are a whole pack as a spreadsheet, for people who would rather edit
it there; "footnote import" makes the same pack of it. xlsx has a sheet for facts,
sources, pack.yaml, what is unanswered, and the examination; csv has them below
each other, and the first column says what a row is. Several ways of asking, topics
or names stand in one cell, one a line (Alt+Enter). A new fact is a new row; it
needs no id. What a spreadsheet would take for a formula, and in csv for a date
or a number, has an apostrophe before it, which the import takes away again.
xlsx is safer: Excel changes dates when it opens csv.

pack is the files of the packs in one archive, with --out FILE.zip; its hash is
printed, as the key knowledge wants it. The same packs make the same archive.

site is a web site of the packs for any web server, in the folder of --out: a page
for each fact, source, topic, person and year, without script or cookies. Give
--base-url if you know where it will be: permanent links, the sitemap and what link
previews show need it. Writing it again replaces its pages; pages of facts that are
gone from the pack and from its history stay as they were.

Examples:
  footnote export --format xlsx ./my-pack --out my-pack.xlsx
  footnote export --format bibtex > sources.bib
  footnote export --format bibliography-html --knowledge ./my-pack > sources.html
  footnote export --format jsonl --knowledge ./my-pack | jq -r .id
  footnote export --format pack ./my-pack --out my-pack.zip
  footnote export --format site ./my-pack --out public --base-url https://example.org

Exit codes: 0 written, 1 the output failed, 2 bad usage, configuration or pack.`

func exportCommand() command {
	var o options
	var format, out string
	var pages siteFlags
	return command{
		name:    "export",
		args:    "[PACK]",
		summary: "write the sources for a reference manager, a pack as a spreadsheet, or as a web site",
		help:    exportHelp,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			fs.StringVar(&format, "format", "", "`FORMAT`: csv, xlsx, pack, site, bibtex, ris, csl-json, jsonl …")
			fs.StringVar(&out, "out", "", "write into `FILE`, which is not there yet; a folder for site")
			pages.register(fs)
			return func(ctx context.Context, p *program, args []string) error {
				if err := knownFlag("--format", format, exportFormats); err != nil {
					return err
				}
				o.knowledge = append(o.knowledge, args...)
				c, err := o.configure(p)
				if err != nil {
					return err
				}
				base, err := openBase(c)
				if err != nil {
					return exitError{code: exitUsage, err: err}
				}
				if len(base.Packs) != 1 && (format == "csv" || format == "xlsx") {
					return usage("a spreadsheet holds one pack, and there are %d; name the folder of one", len(base.Packs))
				}
				if format == "pack" {
					return exportPacks(p, base, out)
				}
				if format == "site" {
					return exportSite(ctx, p, base, out, pages)
				}
				if out == "" {
					return export(p.Out, base, format)
				}
				var b bytes.Buffer
				if err := export(&b, base, format); err != nil {
					return err
				}
				return writeNew(out, b.Bytes())
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
	case "csv":
		err = exportCSV(w, draft.Of(base.Packs[0]).Tables())
	case "xlsx":
		var sheets []xlsx.Table
		for _, t := range draft.Of(base.Packs[0]).Tables() {
			for _, row := range t.Rows[1:] {
				for i, s := range row {
					row[i] = draft.NoFormula(s)
				}
			}
			sheets = append(sheets, xlsx.Table{Name: draft.SheetName(t.Kind), Rows: t.Rows})
		}
		err = xlsx.Write(w, sheets)
	}
	return err
}

// exportCSV writes the tables as one, with the mark by which Excel knows UTF-8.
func exportCSV(w io.Writer, tables []draft.Table) error {
	rows := draft.OneTable(tables)
	for _, row := range rows[1:] {
		for i, s := range row {
			row[i] = draft.Harmless(s)
		}
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// writeNew writes a file that is not there yet: an export must not overwrite what
// somebody has changed in a spreadsheet.
func writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return exitError{code: exitUsage, err: fmt.Errorf("%s is there already; name another file, or move it away first", name)}
	}
	if err == nil {
		_, err = f.Write(data)
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, os.Remove(name))
		}
	}
	if err != nil {
		return exitError{code: exitFailed, err: fmt.Errorf("%s cannot be written: %w", name, strictyaml.Cause(err))}
	}
	return nil
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
