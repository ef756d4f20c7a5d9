package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"footnote/answers"
	"footnote/answers/asjson"
	"footnote/answers/parse"
	"footnote/bot/dialog"
	"footnote/bot/lang"
	"footnote/knowledge"

	"golang.org/x/term"
)

// oneQuestion is the percentage by which memory may grow before it is collected while a process
// answers one question: it ends right after, and collecting would take a tenth of its time.
const oneQuestion = 400

func askCommand() command {
	var a askFlags
	return command{
		name:    "ask",
		text:    true,
		args:    "[QUESTION]",
		summary: "answer one question, or one question a line from standard input",
		help: `
Answers a question with its citation, and says so when it is not sure that this
answers it; offers choices when several facts are close; or declines, with the
nearest questions if any is near. Of several questions it answers the first.
Without QUESTION it reads one question a line from standard
input and writes one result a line, in order and as soon as it is known; a line
that says nothing is declined, so that the lines stay side by side. A pack of
some thousand facts is learned while you ask: standard error tells when answers
begin to go by meaning and not by words alone.

Examples:
  footnote ask "When did Khrushchev denounce Stalin's cult?"
  footnote ask when did khrushchev criticise stalin --explain
  footnote ask --json < questions.txt | jq -r '[.question, .outcome, .fact] | @tsv'
  footnote ask --knowledge ./my-pack "What is in my pack?"

--json writes one object a line:
  question    the question as it was given
  outcome     answered, choices or declined
  fact        the id of the fact that answers, or null
  status      established, attributed, disputed, citation-needed or retracted, or null
  answer      what is said in answer, or null
  citations   [{source, short, full, locator, url}], empty unless answered
  confidence  0 to 1, of the first candidate
  candidates  up to three, best first: [{fact, question, confidence}]
  offered     the ids of the facts that a person could choose from instead, best first
  tentative   true if the answer came with "I am not sure that this answers your
              question"
  elapsed_us  microseconds the matcher took
  why         with --explain only: everything that entered the decision

Exit codes: 0 every question got an outcome, 2 bad usage, configuration or pack.`,
		flags: func(fs *flag.FlagSet) action {
			a.register(fs)
			fs.BoolVar(&a.asJSON, "json", false, "write one JSON object a question")
			fs.BoolVar(&a.explain, "explain", false, "tell why: the phrasing and words that matched, and every figure")
			return a.run
		},
	}
}

// askFlags are what ask was called with.
type askFlags struct {
	options
	asJSON, explain bool
}

func (a *askFlags) run(ctx context.Context, p *program, args []string) error {
	c, err := a.configure(p)
	if err != nil {
		return err
	}
	if p.Process && len(args) > 0 {
		debug.SetGCPercent(oneQuestion)
	}
	if runtime.GOMAXPROCS(0) > 1 { // beside the packs, which take as long
		var warming sync.WaitGroup
		warming.Go(func() { answers.Warm(c.Matcher.Encoder) })
		defer warming.Wait()
	}
	how := news(p.Err)
	m, err := openAtOnce(ctx, c, askAtOnce, how)
	if err != nil {
		return err
	}
	defer learnWhileAsked(ctx, p, c, m, how)()
	write := a.writer(len(args) > 0)
	one := func(question string) error {
		began := time.Now()
		result := m.Match(answers.Query{Text: parse.Questions(question)[0], Names: []string{dialog.OwnName}})
		return write(p.Out, asked{question, result, time.Since(began), a.explain})
	}
	if len(args) > 0 {
		return one(strings.Join(args, " "))
	}
	if isTerminal(p.In) {
		fmt.Fprintln(p.Err, "One question a line; Ctrl-D ends. (footnote chat talks.)")
	}
	return eachLine(ctx, p.In, one)
}

// writer is how what came of a question is written, of one question or of one a line.
func (a *askFlags) writer(single bool) func(io.Writer, asked) error {
	switch {
	case a.asJSON:
		return writeJSON
	case single || a.explain:
		return writeText
	}
	return writeLine
}

func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// An asked is a question with what came of it.
type asked struct {
	question string
	result   answers.Result
	elapsed  time.Duration
	explain  bool
}

// said is what is said of f, which answers.
func (a asked) said(f *knowledge.Fact) string { return asjson.Said(a.result, f) }

// inPackLanguage says in the language of the question what language the pack is in, if it has
// nothing in that of the question; "" otherwise.
func (a asked) inPackLanguage() string {
	if !a.result.Foreign {
		return ""
	}
	tag := ""
	for _, c := range a.result.Candidates {
		if _, ok := c.Fact.Answer[a.result.Lang]; ok {
			return ""
		}
		if tag == "" && c.Fact.Pack != nil && len(c.Fact.Pack.Languages) > 0 {
			tag = c.Fact.Pack.Languages[0]
		}
	}
	texts := lang.All().In(a.result.Lang)
	if key := "foreign." + lang.Base(tag); texts.Has(key) {
		return texts.Text(key)
	}
	return texts.Text("foreign.other")
}

// maxLine is how many bytes of a line are read as a question; the rest of a
// longer line is dropped. No question has a thousandth of it.
const maxLine = 4 << 20

// eachLine calls do for every line of r, in order, until do fails or ctx ends.
// Reading happens beside it, because a read from a terminal cannot be cancelled.
func eachLine(ctx context.Context, r io.Reader, do func(line string) error) error {
	type read struct {
		line string
		err  error
	}
	lines := make(chan read)
	go func() {
		defer close(lines)
		in := bufio.NewReader(r)
		for first := true; ; first = false {
			line, err := readLine(in, maxLine)
			if first {
				line = strings.TrimPrefix(line, "\ufeff") // files from Windows begin with it
			}
			select {
			case lines <- read{line, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return exitError{code: exitAborted}
		case got := <-lines:
			if errors.Is(got.err, io.EOF) && got.line == "" {
				return nil
			}
			if got.err != nil && !errors.Is(got.err, io.EOF) {
				return fmt.Errorf("standard input: %w", got.err)
			}
			if err := do(got.line); err != nil || got.err != nil {
				return err
			}
		}
	}
}

// readLine reads a line of any length and returns its first most bytes without
// the line's end. At the end of the input it returns what is left with io.EOF.
func readLine(r *bufio.Reader, most int) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part[:min(len(part), most+2-len(line))]...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		text := strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r")
		return text[:min(len(text), most)], err
	}
}

// rounded keeps four decimals: more is noise, and differs between processors.
func rounded(x float64) float64 { return asjson.Rounded(x) }

func writeJSON(w io.Writer, a asked) error {
	return writeJSONLine(w, asjson.Of(a.question, a.result, a.elapsed, a.explain))
}

// writeJSONLine writes v as one line in one call, so that a reader of a pipe
// gets it at once.
func writeJSONLine(w io.Writer, v any) error {
	line, err := asjson.Line(v)
	if err != nil {
		return err
	}
	_, err = w.Write(line)
	return err
}
