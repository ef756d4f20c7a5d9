package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"footnote/answers"
	"footnote/answers/gaps"
	"footnote/bot"
	"footnote/bot/ledger"
	"footnote/bot/postgres"
	"footnote/knowledge"
)

// The --since of gaps and suggest, and how many people must have asked something
// before gaps shows its words: what only one person asked may be about that person.
const (
	defaultSince  = "30d"
	defaultPeople = 2
)

func gapsCommand() command {
	var g gapsFlags
	return command{
		name:    "gaps",
		text:    true,
		summary: "show what people asked and the packs do not answer",
		help: `
Groups the questions that were not answered, that were close calls, and whose
answers did not help, shows the facts that came nearest, and says for each what it
may be: another way of asking for a fact, a new fact, or a question for
unanswered.yaml. With --format yaml it writes the beginnings of facts.

The questions come from the ledger of a bot ("footnote serve" with the keys
ledger.path and ledger.questions), or with --questions from a text file with one
question a line. Questions that the packs answer by now are left out; of those in a
file it tells by which fact, since what a fact does not answer is for unanswered.yaml.

From a ledger the words are shown of what at least two people asked, or of what
somebody asked the curators for with the button; --people changes that.

Examples:
  footnote gaps --knowledge ./my-pack
  footnote gaps --knowledge ./my-pack --questions asked.txt
  footnote gaps --knowledge ./my-pack --since 12w --format yaml > gaps.yaml
  footnote gaps --knowledge ./my-pack --questions asked.txt --apply --only phrasing
  footnote gaps --knowledge ./my-pack --undo

The YAML is a file of facts with the status citation-needed. Write the answers,
delete the rest, put it into the folder facts of the pack, and the pack has them.

--apply writes them into the pack: new facts into facts/gaps.yaml, where their
answers are to be written, ways of asking into their facts, the rest into
unanswered.yaml; --only keeps it to one of the three. Whether a fact answers a
question that it does not surely answer by itself, it asks: y, n, f or Enter, a
line each on standard input. What is not answered is left as it is. With --yes it
asks nothing and writes what is proposed; read what it wrote, for a question that a
fact does not answer would be answered with it from then on. All files are written
or none is, and --undo takes back what the last --apply wrote, unless the files were
changed since; it is kept in .footnote-undo.json in the pack's folder.

Exit codes: 0 shown or written, also when nothing is missing; 1 it cannot be
written or taken back; 2 bad usage, configuration, pack or ledger.`,
		flags: func(fs *flag.FlagSet) action {
			g.register(fs)
			fs.StringVar(&g.file, "ledger", "", "read the ledger in `FILE` instead of the one of the configuration")
			fs.StringVar(&g.questions, "questions", "", "read one question a line from `FILE`, - for standard input")
			fs.StringVar(&g.since, "since", defaultSince, "look back as far as `TIME`: 30d (days), 12w (weeks)")
			fs.StringVar(&g.format, "format", "text", "write `FORMAT`: text, yaml")
			fs.IntVar(&g.people, "people", 0, "show words that at least `N` people asked\n(2 from a ledger, 1 from a file, if it is not given)")
			fs.BoolVar(&g.apply, "apply", false, "write them into the pack, and ask where only a person can tell")
			fs.StringVar(&g.only, "only", "", "with --apply: write only what is a `KIND`: phrasing, fact,\nunanswered")
			fs.BoolVar(&g.yes, "yes", false, "with --apply: write what is proposed, and ask nothing")
			fs.BoolVar(&g.undo, "undo", false, "take back what the last --apply wrote")
			return func(ctx context.Context, p *program, _ []string) error { return g.run(ctx, p) }
		},
	}
}

// gapsFlags are what gaps was called with.
type gapsFlags struct {
	options
	file, questions, since, format, only string
	people                               int
	apply, yes, undo                     bool
}

// check says what is wrong with how gaps was called, if anything is.
func (g *gapsFlags) check(c Config) error {
	archived := slices.IndexFunc(c.Knowledge, func(v string) bool {
		at, err := parsePlace(v)
		return err == nil && at.archived()
	})
	switch {
	case (g.apply || g.undo) && archived >= 0:
		return usage("%s is an archive, and what is in it cannot be changed; name the folder that it was made of", c.Knowledge[archived])
	case g.undo && (g.apply || g.questions != "" || g.file != ""):
		return usage("--undo takes back the last --apply, and goes with --knowledge alone")
	case g.undo:
		return nil
	case (g.only != "" || g.yes) && !g.apply:
		return usage("--only and --yes belong to --apply")
	case g.only != "" && !slices.Contains([]string{string(gaps.AnotherWay), string(gaps.NewFact), string(gaps.ForUnanswered)}, g.only):
		return usage("--only is %q; it is phrasing, fact or unanswered", g.only)
	case g.apply && len(c.Knowledge) == 0:
		return usage("--apply: name the folder of a pack with --knowledge; the pack inside the program cannot be changed")
	case g.apply && g.format != "text":
		return usage("--apply writes into the pack; --format yaml is for doing it by hand")
	case g.format != "text" && g.format != "yaml":
		return usage("--format is %q; it is text or yaml", g.format)
	case g.people < 0:
		return usage("--people is %d; it is how many people must have asked something", g.people)
	case g.questions != "" && g.file != "":
		return usage("--questions and --ledger are two sources; give one")
	}
	return nil
}

func (g *gapsFlags) run(ctx context.Context, p *program) error {
	c, err := g.configure(p)
	if err != nil {
		return err
	}
	if err := g.check(c); err != nil {
		return err
	}
	if g.undo {
		return undoEdit(p, c.Knowledge)
	}
	var asked []gaps.Question
	var all []ledger.Question
	people := g.people
	if g.questions != "" {
		people = max(people, 1)
		asked, err = readQuestions(p, g.questions)
	} else {
		people = cmp.Or(people, defaultPeople)
		all, err = readLedger(ctx, c, g.file, g.since)
	}
	if err != nil {
		return err
	}
	m, err := openMatcher(ctx, p, c)
	if err != nil {
		return err
	}
	r := gapReport{base: m.Base(), match: m.Match, people: people}
	if g.questions == "" {
		asked = badly(all)
		r.fromLedger = true
	}
	r.group(asked)
	if len(asked) == 0 && r.fromLedger {
		return r.withoutWords(p, all, c)
	}
	r.sayHidden(p.Err)
	switch {
	case g.format == "yaml":
		_, err = io.WriteString(p.Out, gaps.Stubs(r.base, r.shown))
		return err
	case g.apply:
		return r.apply(ctx, p, gaps.Belonging(g.only), g.yes)
	}
	return r.print(p.Out)
}

// readQuestions reads one question a line; a line counts as somebody.
func readQuestions(p *program, path string) ([]gaps.Question, error) {
	in := p.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, usage("--questions: the file cannot be read: %v", err)
		}
		defer f.Close()
		in = f
	}
	var all []gaps.Question
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxQuestionLine)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if !utf8.ValidString(text) {
			return nil, usage("--questions: %s:%d is not UTF-8; save the file as UTF-8", path, n)
		}
		if text != "" && !strings.HasPrefix(text, "#") {
			all = append(all, gaps.Question{Text: text, Who: fmt.Sprint(n), Kind: gaps.Unanswered})
		}
	}
	if err := lines.Err(); err != nil {
		return nil, usage("--questions: %s: %v; it should hold one question a line", path, err)
	}
	return all, nil
}

// maxQuestionLine is in bytes; both platforms take a tenth of it.
const maxQuestionLine = 64 << 10

// readLedger reads the ledger in file, or the one of c.
func readLedger(ctx context.Context, c Config, file, since string) ([]ledger.Question, error) {
	back, err := parseSpan(since)
	if err != nil {
		return nil, usage("--since: %v", err)
	}
	from := time.Now().Add(-back)
	if file == "" && c.Ledger.InState {
		return readShared(ctx, c, from)
	}
	path := cmp.Or(file, c.Ledger.Path)
	if path == "" {
		return nil, usage("there is no ledger: set ledger.path (and ledger.questions: \"on\" for the words) in config.yaml and run \"footnote serve\", or give --ledger FILE, or for gaps --questions FILE with one question a line")
	}
	all, err := ledger.Read(ctx, path, from)
	if errors.Is(err, os.ErrNotExist) {
		return nil, usage("there is no ledger at %q; \"footnote serve\" makes it where ledger.path is set", path)
	}
	if err != nil {
		return nil, exitError{code: exitUsage, err: err}
	}
	return all, nil
}

// readShared reads the ledger in the database of c.
func readShared(ctx context.Context, c Config, from time.Time) ([]ledger.Question, error) {
	db, err := postgres.Open(c.Database)
	if err == nil {
		defer db.Close()
		var all []ledger.Question
		if all, err = ledger.ReadShared(ctx, db, from); err == nil {
			return all, nil
		}
	}
	return nil, exitError{code: exitUsage, err: err}
}

// closeMargin and closeConfidence are below what an answer counts as a close
// call: the matcher answers alone from .5 on.
const (
	closeMargin     = .15
	closeConfidence = .6
)

// kindOf says what was wrong with the reply to q, or nothing.
func kindOf(q ledger.Question) gaps.Kind {
	helped, not := q.Said[bot.Helpful], q.Said[bot.Unhelpful]
	switch {
	case q.Fact != "" && not > helped:
		return gaps.Unhelpful
	case q.Fact != "" && helped > 0:
		return ""
	case q.Outcome == answers.Declined:
		return gaps.Unanswered // also when a near question was picked: it was not what was asked
	case q.Outcome == answers.Choices && !q.Picked:
		return gaps.Doubtful
	case q.Outcome == answers.Answered && (q.Margin < closeMargin || q.Confidence < closeConfidence):
		return gaps.Doubtful
	}
	return ""
}

// badly are the questions with words that did not get a good answer.
func badly(all []ledger.Question) []gaps.Question {
	var out []gaps.Question
	for _, q := range all {
		if kind := kindOf(q); kind != "" && q.Words != "" {
			out = append(out, gaps.Question{Text: q.Words, Who: q.Who, Kind: kind, Fact: q.Fact, Wanted: q.Said[bot.Wanted] > 0})
		}
	}
	return out
}

// A gapReport is what gaps shows.
type gapReport struct {
	base       *knowledge.Base
	match      func(answers.Query) answers.Result
	people     int
	fromLedger bool
	shown      []gaps.Group
	hidden     int // questions of groups too few people asked
	filled     int // questions that the packs answer by now
	told       []toldGap
}

// A toldGap is a question of a file that is surely answered.
type toldGap struct{ text, fact string }

// group groups what the packs still do not answer well.
func (r *gapReport) group(asked []gaps.Question) {
	answered := map[string]string{} // the id of the fact by text; empty for none
	var open []gaps.Question
	for _, q := range asked {
		fact, known := answered[q.Text]
		if !known {
			if now := r.match(answers.Query{Text: q.Text}); now.Sure() {
				fact = now.Best().ID
			}
			answered[q.Text] = fact
		}
		if fact != "" && q.Kind == gaps.Unanswered {
			if r.filled++; !known && !r.fromLedger {
				r.told = append(r.told, toldGap{q.Text, fact})
			}
			continue
		}
		open = append(open, q)
	}
	for _, g := range gaps.Find(open) {
		if g.People < r.people && !g.Wanted {
			r.hidden += g.Times
			continue
		}
		now := r.match(answers.Query{Text: g.Texts[0]})
		g.Near, g.Proposal = now.Candidates, gaps.Propose(g, now, r.base)
		r.shown = append(r.shown, g)
	}
}

// mostTold is how many answered questions are listed.
const mostTold = 50

// sayHidden tells what is not shown and why.
func (r *gapReport) sayHidden(w io.Writer) {
	if r.filled > 0 {
		fmt.Fprintf(w, "left out, because the packs answer it: %d\n", r.filled)
	}
	if len(r.told) > 0 {
		fmt.Fprintln(w, "What its fact does not answer, put into unanswered.yaml:")
	}
	for _, t := range r.told[:min(len(r.told), mostTold)] {
		fmt.Fprintf(w, "  %s: %s\n", t.fact, cleanLine(t.text))
	}
	if more := len(r.told) - mostTold; more > 0 {
		fmt.Fprintf(w, "  and %d more, which footnote ask tells\n", more)
	}
	if r.hidden > 0 {
		fmt.Fprintf(w, "%d more not shown, since fewer than %d people asked the same (--people 1 shows all)\n", r.hidden, r.people)
	}
}

func (r *gapReport) print(w io.Writer) error {
	if len(r.shown) == 0 {
		text := "Nothing is missing."
		if r.hidden > 0 {
			text = "Nothing was asked by enough people to be shown."
		}
		_, err := fmt.Fprintln(w, text)
		return err
	}
	var b strings.Builder
	for i, g := range r.shown {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(g.Report())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// withoutWords tells what a ledger tells that holds no words of bad replies.
func (r *gapReport) withoutWords(p *program, all []ledger.Question, c Config) error {
	bad, near := map[gaps.Kind]int{}, map[string]int{}
	words := 0
	for _, q := range all {
		if q.Words != "" {
			words++
		}
		kind := kindOf(q)
		if kind == "" {
			continue
		}
		bad[kind]++
		if fact := cmp.Or(q.Fact, first(q.Near)); fact != "" {
			near[fact]++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Questions in the ledger: %d", len(all))
	for _, k := range slices.Sorted(maps.Keys(bad)) {
		fmt.Fprintf(&b, "\n%s: %d", k, bad[k])
	}
	b.WriteByte('\n')
	if len(near) > 0 {
		b.WriteString("\nThe facts nearest to them, or their answers:\n")
		facts := slices.SortedFunc(maps.Keys(near), func(a, b string) int { return cmp.Or(cmp.Compare(near[b], near[a]), cmp.Compare(a, b)) })
		const most = 10
		for _, f := range facts[:min(len(facts), most)] {
			fmt.Fprintf(&b, "  %4d  %s\n", near[f], f)
		}
	}
	if words == 0 && len(bad) > 0 {
		b.WriteString("\nTheir words are not in the ledger. Set ledger.questions: \"on\", and ask people to send\n/remember on in their direct chat with the bot, and the admins of groups to send\n/settings questions on there; without both, words are not kept.\n")
	}
	_, err := io.WriteString(p.Out, b.String())
	return err
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}
