package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/importer"
)

// importHelp is what "footnote help import" prints below the usage.
const importHelp = `
Reads FILE and writes a pack into a new folder. What comes from elsewhere has no
citations: every fact arrives as citation-needed, with the topic "imported", and
its detail says from which file and line it came. Rows that cannot be used are
reported with their place, and the rest is kept. If anything is missing then, the
last line says so, the exit code is 1, and a second import may replace the folder.

Formats (without --format, what FILE looks like):
  csv          a table whose first line names question and answer, and topic,
               detail, keywords, source, question2, … if you like; commas,
               semicolons or tabs. Of a multiple-choice table, whose columns are
               called A, B, C … or Option 1, …, the one called Correct says which
               answer is right. A table that "footnote export" wrote, or that has
               a column status, is a whole pack: see "footnote help export"
  xlsx         the same as a workbook of Excel, LibreOffice or Google Sheets
  anki         notes of Anki as text (#separator:tab …)
  qnamaker     QnA Maker's table, or its knowledge base as JSON
  qna          a .qna file of the Bot Framework, or a folder of them
  rasa         Rasa's training data (nlu:) and responses; FILE may be a folder
  chatterbot   a corpus of ChatterBot (YAML), or a folder of them
  red          a trivia list of Red (YAML), or a folder of them
  gift         Moodle's GIFT
  opentriviaqa a file of OpenTriviaQA (#Q …, ^ …)
  opentdb      JSON of Open Trivia DB
  squad        JSON like SQuAD's; its questions without an answer become
               unanswered.yaml
  tags         tags of a Discord bot as JSON: name and content
  json         a list of objects with question and answer
  jsonl        one object a line with question and answer; or our own export,
               whose facts keep their status and their sources

With --pack, FILE is a bibliography in BibTeX, RIS, CSL-JSON or CSL-YAML, as Zotero
and others export it: its sources are added to sources.yaml of the pack in DIR. A work
that the pack has is left out, and all that is odd is told.

A question that stands in FILE twice keeps its first answer. HTML becomes text.
What is neither UTF-8 nor UTF-16 is refused as a whole: save it as "CSV UTF-8", or
name its --encoding.

Examples:
  footnote import faq.xlsx --out ./faq
  footnote import --format rasa ./my-bot --out ./faq --lang de
  footnote import cards.csv --columns -,question,answer --out ./cards
  footnote import library.bib --pack ./my-pack

--json writes one object: packs (folders), format, facts, skipped, repeated,
missing (sentences), and problems, each with severity, file, line, column and
message; with --pack: file, added (ids), left (each with id and why), and problems.

Exit codes: 0 a pack was written and nothing is missing, or sources were taken up, 1
something is missing, or nothing could be used or written, 2 bad usage.`

func importCommand() command {
	var format, out, id, lang, encoding, columns, pack string
	var asJSON bool
	return command{
		name:    "import",
		args:    "FILE",
		summary: "make a pack of a spreadsheet, of flash cards, or of what another bot keeps; take up sources",
		help:    importHelp,
		flags: func(fs *flag.FlagSet) action {
			fs.StringVar(&format, "format", "", "`FORMAT` of FILE, see above")
			fs.StringVar(&out, "out", "", "write the pack into `DIR`, which is new or empty")
			fs.StringVar(&id, "id", "", "`ID` of the pack; made of DIR's name if not given")
			fs.StringVar(&lang, "lang", "en", "language of the questions and answers, as a `TAG` such as ru")
			fs.StringVar(&encoding, "encoding", "", "`ENCODING` of FILE if not UTF-8 or UTF-16, such as windows-1252")
			fs.StringVar(&columns, "columns", "", "what the columns of a table hold: `NAMES` with commas, - for others")
			fs.StringVar(&pack, "pack", "", "take up the sources of FILE into the pack in `DIR`")
			fs.BoolVar(&asJSON, "json", false, "write one JSON object")
			return func(_ context.Context, p *program, args []string) error {
				if format != "" {
					if err := knownFlag("--format", format, importer.Formats()); err != nil {
						return err
					}
				}
				if encoding != "" {
					if err := knownFlag("--encoding", strings.ToLower(encoding), importer.Encodings()); err != nil {
						return err
					}
				}
				switch {
				case len(args) == 0:
					return usage("import: name the FILE to read")
				case len(args) > 1:
					return usage("import reads one FILE, and got %d; put the name in quotation marks if it has spaces", len(args))
				case pack != "" && (out != "" || format != "" || columns != "" || id != ""):
					return usage("import: --pack takes up sources, and --out, --format, --columns and --id are for making a pack; give one or the other")
				case pack != "":
					return importSources(p, args[0], pack, encoding, asJSON)
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
				if err := draft.ImportFolder(out); err != nil {
					return exitError{code: exitUsage, err: err}
				}
				o := importer.Options{Format: format, ID: id, Language: lang, Encoding: encoding}
				if columns != "" {
					o.Columns = strings.Split(columns, ",")
				}
				return runImport(p, args[0], out, o, asJSON)
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
	Format   string              `json:"format"`
	Facts    int                 `json:"facts"`
	Skipped  int                 `json:"skipped"`
	Repeated int                 `json:"repeated"`
	Missing  []string            `json:"missing"`
	Problems []knowledge.Problem `json:"problems"`
}

func runImport(p *program, name, out string, o importer.Options, asJSON bool) error {
	r, err := importer.Import(name, o)
	// Of the lines of BibTeX a table can be made, and it is no pack.
	called := o.Format == "" && slices.Contains([]string{".bib", ".ris"}, strings.ToLower(filepath.Ext(name)))
	if (err != nil || r.Facts == 0 || called) && isBibliography(name, o.Encoding) {
		return exitError{code: exitFailed, err: fmt.Errorf("%s is a bibliography: its sources are taken up into a pack with footnote import %s --pack DIR", name, shellWord(name))}
	}
	if err != nil {
		return exitError{code: exitFailed, err: err}
	}
	done := imported{Packs: []string{}, Format: r.Format, Facts: r.Facts, Skipped: r.Skipped, Repeated: r.Repeated,
		Missing: append([]string{}, r.Missing...), Problems: append([]knowledge.Problem{}, r.Problems...)}
	if !asJSON {
		for _, x := range r.Problems {
			fmt.Fprintln(p.Err, x)
		}
	}
	if r.Facts > 0 {
		files := map[string][]byte{}
		for _, pack := range r.Packs {
			dir, under := out, ""
			if len(r.Packs) > 1 {
				dir, under = filepath.Join(out, pack.ID()), pack.ID()+"/"
			}
			done.Packs = append(done.Packs, dir)
			for file, data := range pack.Files() {
				files[under+file] = data
			}
		}
		if err := draft.WriteImport(out, files, len(r.Missing) > 0); err != nil {
			return exitError{code: exitFailed, err: err}
		}
	}
	switch {
	case asJSON:
		if err := json.NewEncoder(p.Out).Encode(done); err != nil {
			return err
		}
	case r.Facts > 0:
		sayImported(p.Out, r, out)
	}
	switch {
	case r.Facts > 0 && len(r.Missing) == 0:
		return nil
	case asJSON:
		return exitError{code: exitFailed}
	case r.Facts == 0:
		return exitError{code: exitFailed, err: errors.New("nothing in " + name + " could be used, so nothing was written")}
	}
	return exitError{code: exitFailed, err: fmt.Errorf("%s was not imported whole: %s. Correct it and import it into %s again, which replaces what was written while nobody has changed it",
		name, strings.Join(r.Missing, "; "), out)}
}

// shellWord is s as one word of a command that people can copy: quoted where a shell would take it apart.
func shellWord(s string) string {
	if strings.ContainsAny(s, " \t'\"$&|;()*?[]#~<>\\`!") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

// sayImported says what was made and what to do next.
func sayImported(w io.Writer, r importer.Result, out string) {
	fmt.Fprintf(w, "%s written to %s", count(r.Facts, "fact"), out)
	if r.Skipped > 0 {
		fmt.Fprintf(w, "; %s could not be used, see above", entries(r.Skipped))
	}
	if r.Repeated > 0 {
		fmt.Fprintf(w, "; %s stood there again with another answer, and the first was kept", count(r.Repeated, "question"))
	}
	out = shellWord(out)
	fmt.Fprintf(w, `

What to do next:
  footnote check %[1]s             what is worth a look
  footnote chat --knowledge %[1]s  ask it something
`, out)
	if r.Sourced {
		return
	}
	fmt.Fprint(w, `Then give the facts their sources: add them to sources.yaml, cite them, and set
the status to established or attributed. "footnote help format" tells how.
`)
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
