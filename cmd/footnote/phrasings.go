package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/strictyaml"
)

func phrasingsCommand() command {
	var packDir, format, lang string
	var pages listFlag
	var lines, fewer int
	return command{
		name:    "phrasings",
		summary: "collect ways of asking: a page to hand to others, and back",
		help: `
Writes a page with the answer of each fact and room below it, and without the
questions that the facts have, in the language that it asks in: hand it to others,
who write how they would ask.
With --read it puts what they wrote into the facts, in place: notes, order and
quoting of the files stay as they are.

Lines that a fact has already are left out, and so are those that are another
fact's question or stand in unanswered.yaml; each is named. All files are written
or none is. Several pages may be read at once.

Examples:
  footnote phrasings --pack ./my-pack > page.txt
  footnote phrasings --pack ./my-pack --fewer 3 --format csv > page.csv
  footnote phrasings --pack ./my-pack --read ann.txt --read page.csv

Exit codes: 0 written, also when lines were left out; 1 nothing was written;
2 bad usage or pack.`,
		flags: func(fs *flag.FlagSet) action {
			fs.StringVar(&packDir, "pack", ".", "the pack's folder, `DIR`")
			fs.StringVar(&format, "format", "text", "write `FORMAT`: text, csv; --read sees by itself")
			fs.Var(&pages, "read", "put the lines written on the page in `FILE` into the facts,\n- for standard input; may be repeated")
			fs.StringVar(&lang, "lang", "", "the language to ask in, as a `TAG`; the pack's main one if\nit is not given")
			fs.IntVar(&lines, "lines", 3, "room for `N` ways of asking below each answer")
			fs.IntVar(&fewer, "fewer", 0, "only facts with fewer than `N` ways of asking, 0 for all")
			return func(_ context.Context, p *program, _ []string) error {
				switch {
				case format != "text" && format != "csv":
					return usage("--format is %q; it is text or csv", format)
				case lines < 1 || lines > knowledge.MaxQuestions:
					return usage("--lines is %d; it is a number from 1 to %d", lines, knowledge.MaxQuestions)
				case fewer < 0:
					return usage("--fewer is %d; it is a number of ways of asking, 0 for all facts", fewer)
				}
				base, err := knowledge.Open(packDir)
				if err != nil {
					return exitError{code: exitUsage, err: err}
				}
				for _, pack := range base.Packs {
					if lang != "" && !slices.Contains(pack.Languages, lang) {
						return usage("--lang is %q; the languages of %s are %s", lang, pack.ID, strings.Join(pack.Languages, ", "))
					}
				}
				if len(pages) > 0 {
					return readPages(p, base, pages, lang)
				}
				facts := slices.DeleteFunc(base.Facts(), func(f *knowledge.Fact) bool { return fewer > 0 && asksIn(f, langOf(f, lang)) >= fewer })
				if len(facts) == 0 {
					return exitError{code: exitFailed, err: fmt.Errorf("no fact has fewer than %s", count(fewer, "way")+" of asking")}
				}
				if format == "csv" {
					return writeCSVPage(p.Out, facts, lang, lines)
				}
				return writeTextPage(p.Out, base, facts, lang, lines)
			}
		},
	}
}

// langOf is the language to ask for f in.
func langOf(f *knowledge.Fact, lang string) string { return cmp.Or(lang, f.Pack.Languages[0]) }

// asksIn is how many ways of asking f has in a language.
func asksIn(f *knowledge.Fact, lang string) int {
	n := 0
	for _, q := range f.Questions {
		if q.Lang == lang {
			n++
		}
	}
	return n
}

// A pageLine is one way of asking that somebody wrote on a page.
type pageLine struct {
	fact, text string
	file       string
	line       int
}

func (l pageLine) at() string { return fmt.Sprintf("%s:%d", l.file, l.line) }

// maxPage is the size in bytes of a page: ten thousand facts have less.
const maxPage = 16 << 20

// readPages puts what stands on pages into the facts.
func readPages(p *program, base *knowledge.Base, files []string, lang string) error {
	var written []pageLine
	var wrong []string
	for _, name := range files {
		text, err := readPage(p, name)
		if err != nil {
			return exitError{code: exitUsage, err: err}
		}
		lines, problems := pageLines(name, text)
		written, wrong = append(written, lines...), append(wrong, problems...)
	}
	facts := map[string]*knowledge.Fact{}
	for _, f := range base.Facts() {
		facts[f.ID] = f
	}
	for i, l := range written {
		written[i].text = cleanLine(l.text)
		switch n := utf8.RuneCountInString(written[i].text); {
		case facts[l.fact] == nil:
			wrong = append(wrong, fmt.Sprintf("%s: there is no fact %q in the pack%s", l.at(), l.fact, didYouMean(l.fact, ids(base))))
		case n > knowledge.MaxQuestion:
			wrong = append(wrong, fmt.Sprintf("%s: the question has %d characters; at most %d are allowed", l.at(), n, knowledge.MaxQuestion))
		}
	}
	if len(wrong) > 0 {
		for _, w := range slices.Compact(wrong) {
			fmt.Fprintln(p.Err, w)
		}
		return exitError{code: exitFailed, err: errors.New("nothing was written; correct these lines and read the page again")}
	}
	fresh, leftOut := newLines(base, written)
	for _, l := range leftOut {
		fmt.Fprintln(p.Err, l)
	}
	var e draft.Edit
	done := 0
	var report strings.Builder
	for _, f := range base.Facts() {
		var texts []string
		for _, l := range fresh {
			if l.fact == f.ID {
				texts = append(texts, l.text)
			}
		}
		if len(texts) == 0 {
			continue
		}
		if err := e.AddPhrasings(f, langOf(f, lang), texts...); err != nil {
			return exitError{code: exitFailed, err: fmt.Errorf("nothing was written: %w", err)}
		}
		done++
		fmt.Fprintf(&report, "%s:%d: %s\n", f.Place.File, f.Place.Line, f.ID)
		for _, t := range texts {
			fmt.Fprintf(&report, "  + %s\n", t)
		}
	}
	if done == 0 {
		what := "No line is filled in."
		if len(leftOut) > 0 {
			what = "No line is new; nothing was written."
		}
		_, err := fmt.Fprintln(p.Out, what)
		return err
	}
	if err := writeEdit(&e, base); err != nil {
		return err
	}
	fmt.Fprintf(&report, "%s written for %s", count(len(fresh), "way")+" of asking", count(done, "fact"))
	if len(leftOut) > 0 {
		fmt.Fprintf(&report, "; %s left out, see above", count(len(leftOut), "line"))
	}
	report.WriteByte('\n')
	_, err := io.WriteString(p.Out, report.String())
	return err
}

// writeEdit writes an edit if the packs load with it.
func writeEdit(e *draft.Edit, base *knowledge.Base) error {
	if err := e.Try(base); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	if err := e.Write(); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	return nil
}

// newLines are the lines that no fact has, and a sentence for each of the others.
func newLines(base *knowledge.Base, written []pageLine) (fresh []pageLine, leftOut []string) {
	type owner struct {
		fact *knowledge.Fact
		at   knowledge.Place
	}
	asked, unanswered := map[string]owner{}, map[string]knowledge.Place{}
	for _, pack := range base.Packs {
		for i, q := range pack.Unanswered {
			unanswered[knowledge.QuestionKey(q)] = pack.UnansweredAt(i)
		}
		for _, f := range pack.Facts {
			for _, q := range f.Questions {
				asked[knowledge.QuestionKey(q.Text)] = owner{f, q.Place}
			}
		}
	}
	under := map[string]pageLine{} // by key, where it stands on the pages
	twice := map[string]bool{}     // keys under two facts
	for _, l := range written {
		key := knowledge.QuestionKey(l.text)
		if first, ok := under[key]; ok && first.fact != l.fact {
			twice[key] = true
		}
		under[key] = l
	}
	taken := map[string]bool{}
	for _, l := range written {
		key := knowledge.QuestionKey(l.text)
		out := func(format string, args ...any) {
			leftOut = append(leftOut, fmt.Sprintf("%s: %s %s", l.at(), strictyaml.Quote(l.text), fmt.Sprintf(format, args...)))
		}
		o, known := asked[key]
		at, open := unanswered[key]
		switch {
		case key == "":
			if l.text != "" {
				out("holds neither letters nor numbers")
			}
		case known && o.fact.ID == l.fact:
			out("is a question of %s already (%s:%d)", l.fact, o.at.File, o.at.Line)
		case known:
			out("is a question of another fact, %s (%s:%d); one question can find only one fact", o.fact.ID, o.at.File, o.at.Line)
		case open:
			out("stands in %s:%d as a question that no fact answers; take it out there first", at.File, at.Line)
		case twice[key]:
			out("was written for two facts; one question can find only one fact")
		case taken[key]:
			// two people had the same idea
		default:
			taken[key] = true
			fresh = append(fresh, l)
		}
	}
	return fresh, leftOut
}

// cleanLine makes one line of what somebody wrote, without the rule it stands on.
func cleanLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, norm.NFC.String(s))
	fields := strings.Fields(s)
	for i, w := range fields {
		if trimmed := strings.Trim(w, "_"); len(trimmed) != len(w) && (trimmed == "" || strings.Contains(w, "___")) {
			fields[i] = trimmed
		}
	}
	return strings.Join(strings.Fields(strings.Join(fields, " ")), " ")
}

func ids(base *knowledge.Base) []string {
	var all []string
	for _, f := range base.Facts() {
		all = append(all, f.ID)
	}
	return all
}

// readPage reads a page, from standard input if it is called -.
func readPage(p *program, name string) (string, error) {
	in := p.In
	if name != "-" {
		info, err := os.Stat(name)
		switch {
		case errors.Is(err, os.ErrNotExist):
			return "", fmt.Errorf("--read: there is no file %s", name)
		case err != nil:
			return "", fmt.Errorf("--read: %w", err)
		case !info.Mode().IsRegular():
			return "", fmt.Errorf("--read: %s is not an ordinary file", name)
		}
		f, err := os.Open(name)
		if err != nil {
			return "", fmt.Errorf("--read: %w", err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxPage+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("--read: %s: %w", name, err)
	case len(data) > maxPage:
		return "", fmt.Errorf("--read: %s has more than %d MB; it should hold a page that \"footnote phrasings\" wrote", name, maxPage>>20)
	case strings.HasPrefix(string(data), "PK\x03\x04"):
		return "", fmt.Errorf("--read: %s is an office document; save it as plain text, or as \"CSV UTF-8\"", name)
	case !utf8.Valid(data) || strings.ContainsRune(string(data), 0):
		return "", fmt.Errorf("--read: %s is not UTF-8; save it as plain text in UTF-8, or as \"CSV UTF-8\" in a spreadsheet", name)
	}
	return strings.TrimPrefix(string(data), "\ufeff"), nil
}
