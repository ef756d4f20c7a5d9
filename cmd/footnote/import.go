package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/importer"
)

func importCommand() command {
	var format, out, id, lang string
	var asJSON bool
	return command{
		name:    "import",
		args:    "FILE",
		summary: "make a pack of what another question-and-answer program keeps",
		help: `
Reads FILE and writes a pack into a new folder. What comes from elsewhere has no
citations: every fact arrives as citation-needed, with the topic "imported", and
its detail says from which file and line it came. Rows that cannot be used are
reported with their line, and the rest is kept.

Formats:
  csv         a table with a header that has question and answer (topic, detail,
              keywords, source if you like), or with these two as first columns;
              commas, semicolons or tabs
  qnamaker    QnA Maker's table: Question, Answer, Source, Metadata …, QnaId
  rasa        Rasa's training data (nlu:) and responses; FILE may be a folder
  chatterbot  a corpus of ChatterBot (YAML), or a folder of them
  red         a trivia list of Red (YAML), or a folder of them
  jsonl       one object a line with question and answer; or our own export,
              whose facts keep their status and their sources

Examples:
  footnote import --format qnamaker faq.tsv --out ./faq
  footnote import --format rasa ./my-bot --out ./faq --lang de

--json writes one object: packs (folders), facts, skipped, and problems, each with
severity, file, line, column and message.

Exit codes: 0 a pack was written, 1 nothing could be used or written, 2 bad usage.`,
		flags: func(fs *flag.FlagSet) action {
			fs.StringVar(&format, "format", "", "`FORMAT` of FILE, see above")
			fs.StringVar(&out, "out", "", "write the pack into `DIR`, which is new or empty")
			fs.StringVar(&id, "id", "", "`ID` of the pack; made of DIR's name if not given")
			fs.StringVar(&lang, "lang", "en", "language of the questions and answers, as a `TAG` such as en or ru")
			fs.BoolVar(&asJSON, "json", false, "write one JSON object")
			return func(_ context.Context, p *program, args []string) error {
				if err := knownFlag("--format", format, importer.Formats()); err != nil {
					return err
				}
				switch {
				case len(args) == 0:
					return usage("import: name the FILE to read")
				case len(args) > 1:
					return usage("import reads one FILE, and got %d; put the name in quotation marks if it has spaces", len(args))
				case out == "":
					return usage("import: --out DIR is missing, the folder to write the pack into")
				case !languageTag.MatchString(lang):
					return usage("--lang %q is no language tag; write for example en, ru or pt-BR", lang)
				}
				if id == "" {
					id = packID(out)
				}
				if !packIDPattern.MatchString(id) || len(id) > knowledge.MaxID {
					return usage("--id %q is no id; use a–z, 0–9 and single hyphens, at most %d characters", id, knowledge.MaxID)
				}
				// Before the work, not after it.
				if err := draft.EmptyFolder(out); err != nil {
					return exitError{code: exitUsage, err: err}
				}
				return runImport(p, args[0], out, importer.Options{Format: format, ID: id, Language: lang}, asJSON)
			}
		},
	}
}

var (
	languageTag   = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	packIDPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	notInPackID   = regexp.MustCompile(`[^a-z0-9]+`)
)

// packID makes an id of the name of a folder.
func packID(dir string) string {
	if full, err := filepath.Abs(dir); err == nil {
		dir = full
	}
	id := strings.Trim(notInPackID.ReplaceAllString(strings.ToLower(filepath.Base(dir)), "-"), "-")
	if len(id) > knowledge.MaxID {
		id = strings.Trim(id[:knowledge.MaxID], "-")
	}
	if id == "" {
		id = "imported"
	}
	return id
}

// An imported is the outcome of an import for --json.
type imported struct {
	Packs    []string            `json:"packs"`
	Facts    int                 `json:"facts"`
	Skipped  int                 `json:"skipped"`
	Problems []knowledge.Problem `json:"problems"`
}

func runImport(p *program, name, out string, o importer.Options, asJSON bool) error {
	r, err := importer.Import(name, o)
	if err != nil {
		return exitError{code: exitFailed, err: err}
	}
	done := imported{Packs: []string{}, Facts: r.Facts, Skipped: r.Skipped, Problems: append([]knowledge.Problem{}, r.Problems...)}
	if !asJSON {
		for _, x := range r.Problems {
			fmt.Fprintln(p.Err, x)
		}
	}
	for _, pack := range r.Packs {
		dir := out
		if len(r.Packs) > 1 {
			dir = filepath.Join(out, pack.ID())
		}
		if err := draft.WriteFolder(dir, pack.Files()); err != nil {
			return exitError{code: exitFailed, err: err}
		}
		done.Packs = append(done.Packs, dir)
	}
	if asJSON {
		if err := json.NewEncoder(p.Out).Encode(done); err != nil {
			return err
		}
	} else if len(r.Packs) > 0 {
		fmt.Fprintf(p.Out, "%s written to %s", count(r.Facts, "fact"), out)
		if r.Skipped > 0 {
			fmt.Fprintf(p.Out, "; %s could not be used, see above", entries(r.Skipped))
		}
		// Quoted where a shell would take the name apart.
		if strings.ContainsAny(out, " \t'\"$&|;()*?[]#~<>\\`!") {
			out = "'" + strings.ReplaceAll(out, "'", `'\''`) + "'"
		}
		fmt.Fprintf(p.Out, `

What to do next:
  footnote check %[1]s             what is worth a look
  footnote chat --knowledge %[1]s  ask it something
Then give the facts their sources: add them to sources.yaml, cite them, and set
the status to established or attributed. "footnote help format" tells how.
`, out)
	}
	if r.Facts == 0 {
		if asJSON {
			return exitError{code: exitFailed}
		}
		return exitError{code: exitFailed, err: errors.New("nothing in " + name + " could be used, so nothing was written")}
	}
	return nil
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
