package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"footnote/answers"
	"footnote/answers/gaps"
	"footnote/knowledge"
	"footnote/knowledge/draft"
)

// apply writes what people asked into the packs, each where it belongs; only keeps it to one
// kind. That a fact answers a question, and that none does, is said by a person: what is
// proposed is asked, and what is not answered is left. With yes it is written as it is proposed.
func (r *gapReport) apply(ctx context.Context, p *program, only gaps.Belonging, yes bool) error {
	w := gapWriter{report: r, only: only, yes: yes, stubs: map[*knowledge.Pack][]gaps.Group{}, unanswered: map[*knowledge.Pack][]string{}}
	if err := w.sort(ctx, p); err != nil {
		return err
	}
	done, err := w.edit()
	if err != nil {
		return err
	}
	if done == 0 {
		w.text.WriteString("There is nothing to write.\n")
	} else if err := w.save(); err != nil {
		return err
	}
	if len(w.left) > 0 {
		fmt.Fprintf(&w.text, "Left as %s: whether a fact answers them, only somebody who knows can say. \"footnote gaps\" without --apply\nlists them; --apply asks at a terminal, with --yes it writes what is proposed, and \"footnote desk\" has a page for them.\n", count(len(w.left), "question"))
	}
	_, err = io.WriteString(p.Out, w.text.String())
	return err
}

// A gapWriter gathers what --apply writes.
type gapWriter struct {
	report     *gapReport
	only       gaps.Belonging
	yes        bool // nobody is asked
	change     draft.Edit
	text       strings.Builder // what it tells
	ways       []pageLine
	stubs      map[*knowledge.Pack][]gaps.Group
	unanswered map[*knowledge.Pack][]string
	left       []gaps.Group // of which nobody said what they are
}

// sort puts each group where it belongs.
func (w *gapWriter) sort(ctx context.Context, p *program) error {
	var open []gaps.Group
	for _, g := range w.report.shown {
		b := g.Proposal.Belonging
		switch {
		case w.only != "" && b != w.only:
		case b == gaps.NewFact, w.yes:
			w.add(g, b)
		case b == gaps.AnotherWay || b == gaps.ForUnanswered:
			open = append(open, g)
		}
	}
	if len(open) == 0 {
		return nil
	}
	w.ask(p.Err, open[0])
	err := eachLine(ctx, p.In, func(line string) error {
		b, ok := w.decided(line)
		if !ok {
			fmt.Fprint(p.Err, w.keys())
			return nil
		}
		if b == "" {
			w.left = append(w.left, open[0])
		} else {
			w.add(open[0], b)
		}
		if open = open[1:]; len(open) == 0 {
			return errAllAsked
		}
		w.ask(p.Err, open[0])
		return nil
	})
	if errors.Is(err, errAllAsked) {
		err = nil
	} else if err == nil {
		fmt.Fprintln(p.Err) // the input ended at a prompt
	}
	w.left = append(w.left, open...)
	return err
}

// errAllAsked ends the reading of answers.
var errAllAsked = errors.New("all was asked")

// ask asks whether the nearest fact answers the questions of a group.
func (w *gapWriter) ask(to io.Writer, g gaps.Group) {
	f := g.Proposal.Fact
	lang := f.Pack.Languages[0]
	fmt.Fprintf(to, "\n%s\n", g.Texts[0])
	for _, t := range w.alike(g)[1:] {
		fmt.Fprintf(to, "%s\n", t)
	}
	fmt.Fprintf(to, "  Proposed: %s\n  %s: %s\n  %s\n%s", g.Proposal, f.ID, f.Canonical(lang), f.Answer.In(lang), w.keys())
}

// keys says what may be answered.
func (w *gapWriter) keys() string {
	var all []string
	for _, k := range gapKeys {
		if w.only == "" || w.only == k.is {
			all = append(all, "["+k.key+"] "+k.means)
		}
	}
	return "  Does this fact answer it? " + strings.Join(append(all, "[Enter] leave it"), " · ") + ": "
}

// gapKeys are what is answered, and what a group then is.
var gapKeys = []struct {
	key, means string
	is         gaps.Belonging
}{
	{"y", "yes, another way of asking", gaps.AnotherWay},
	{"n", "no, for unanswered.yaml", gaps.ForUnanswered},
	{"f", "no, a new fact", gaps.NewFact},
}

// decided reads an answer; is is "" where the question is to be left as it is.
func (w *gapWriter) decided(line string) (is gaps.Belonging, ok bool) {
	line = strings.ToLower(strings.TrimSpace(line))
	if line == "" {
		return "", true
	}
	for _, k := range gapKeys {
		if (w.only == "" || w.only == k.is) && (line == k.key || line == "yes" && k.key == "y" || line == "no" && k.key == "n") {
			return k.is, true
		}
	}
	return "", false
}

// add puts a group where it belongs.
func (w *gapWriter) add(g gaps.Group, b gaps.Belonging) {
	switch b {
	case gaps.AnotherWay:
		for _, t := range w.alike(g) {
			w.ways = append(w.ways, pageLine{fact: g.Proposal.Fact.ID, text: cleanLine(t), file: "asked"})
		}
	case gaps.ForUnanswered:
		w.unanswered[g.Proposal.Fact.Pack] = append(w.unanswered[g.Proposal.Fact.Pack], cleanLine(g.Texts[0]))
	case gaps.NewFact:
		g.Proposal = gaps.Proposal{Belonging: gaps.NewFact}
		pack := w.report.packOf(g)
		w.stubs[pack] = append(w.stubs[pack], g)
	}
}

// alike are the questions of a group that the packs make the same of as of the first; the
// rest shows up again.
func (w *gapWriter) alike(g gaps.Group) []string {
	out := g.Texts[:1:1]
	for _, t := range g.Texts[1:] {
		again := gaps.Propose(gaps.Group{Texts: []string{t}, Kind: g.Kind, Wanted: g.Wanted}, w.report.match(answers.Query{Text: t}), w.report.base)
		if again == g.Proposal {
			out = append(out, t)
		}
	}
	return out
}

// edit makes of what was gathered the change of the packs' files; done is how many questions it writes.
func (w *gapWriter) edit() (done int, err error) {
	r := w.report
	if done, err = r.applyWays(&w.change, w.ways, &w.text); err != nil {
		return 0, err
	}
	for _, pack := range r.base.Packs {
		texts := slices.DeleteFunc(w.unanswered[pack], func(t string) bool { return utf8.RuneCountInString(t) > knowledge.MaxUnanswered })
		if len(texts) > 0 {
			if err := w.change.AddUnanswered(pack, texts...); err != nil {
				return 0, exitError{code: exitFailed, err: err}
			}
			fmt.Fprintf(&w.text, "%s:\n", filepath.Join(pack.Dir, "unanswered.yaml"))
			for _, t := range texts {
				fmt.Fprintf(&w.text, "  + %s\n", t)
			}
			done += len(texts)
		}
		yaml := gaps.Stubs(r.base, w.stubs[pack])
		if n := strings.Count(yaml, emptyAnswer); n > 0 {
			name := freeName(pack.Dir)
			if err := w.change.AddFile(pack, name, []byte(yaml), []byte(strings.ReplaceAll(yaml, emptyAnswer, "answer: To be written."))); err != nil {
				return 0, exitError{code: exitFailed, err: err}
			}
			fmt.Fprintf(&w.text, "%s: %s to be written. Until their answers are there the pack does not load,\nand a running bot goes on with what it had.\n", filepath.Join(pack.Dir, filepath.FromSlash(name)), count(n, "new fact"))
			done += n
		}
	}
	return done, nil
}

// save writes the files, and what tells how to take it back.
func (w *gapWriter) save() error {
	base := w.report.base
	if err := remember(&w.change, base); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	if err := writeEdit(&w.change, base); err != nil {
		return err
	}
	var dirs []string
	for _, pack := range base.Packs {
		if slices.ContainsFunc(w.change.Files(), func(f *draft.FileEdit) bool { return f.Dir == pack.Dir }) {
			dirs = append(dirs, "--knowledge "+shellWord(pack.Dir))
		}
	}
	fmt.Fprintf(&w.text, "\nTo take it back: footnote gaps --undo %s\n", strings.Join(dirs, " "))
	return nil
}

// emptyAnswer is what stubs leave open.
const emptyAnswer = `answer: ""`

// applyWays adds ways of asking to their facts.
func (r *gapReport) applyWays(e *draft.Edit, ways []pageLine, report *strings.Builder) (done int, err error) {
	fresh, _ := newLines(r.base, ways)
	for _, f := range r.base.Facts() {
		byLang := map[string][]string{}
		var langs []string
		for _, l := range fresh {
			if l.fact != f.ID || utf8.RuneCountInString(l.text) > knowledge.MaxQuestion {
				continue
			}
			lang := scriptLang(f, l.text)
			if byLang[lang] == nil {
				langs = append(langs, lang)
			}
			byLang[lang] = append(byLang[lang], l.text)
		}
		if len(langs) > 0 {
			fmt.Fprintf(report, "%s:%d: %s\n", f.Place.File, f.Place.Line, f.ID)
		}
		for _, lang := range langs {
			if err := e.AddPhrasings(f, lang, byLang[lang]...); err != nil {
				return done, exitError{code: exitFailed, err: fmt.Errorf("nothing was written: %w", err)}
			}
			for _, t := range byLang[lang] {
				fmt.Fprintf(report, "  + %s\n", t)
			}
			done += len(byLang[lang])
		}
	}
	return done, nil
}

// scriptLang is the language of f's questions that is written in the letters of
// text, the first of them; the ledger does not keep in which language people ask.
func scriptLang(f *knowledge.Fact, text string) string {
	cyrillic := func(s string) bool {
		return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) >= 0
	}
	for _, q := range f.Questions {
		if cyrillic(q.Text) == cyrillic(text) {
			return q.Lang
		}
	}
	return f.Pack.Languages[0]
}

// packOf is the pack that a new fact goes to: that of the nearest fact, or else
// the first.
func (r *gapReport) packOf(g gaps.Group) *knowledge.Pack {
	if len(g.Near) > 0 && g.Near[0].Fact.Pack != nil {
		return g.Near[0].Fact.Pack
	}
	return r.base.Packs[0]
}

// freeName is the name of a file for new facts that is not there yet.
func freeName(dir string) string {
	for n := 1; ; n++ {
		name := "facts/gaps.yaml"
		if n > 1 {
			name = fmt.Sprintf("facts/gaps-%d.yaml", n)
		}
		if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name))); errors.Is(err, fs.ErrNotExist) {
			return name
		}
	}
}

// What --apply wrote is kept beside what it changed, so that it can be taken back.
const undoFile = ".footnote-undo.json"

// maxUndo is how many times --undo goes back.
const maxUndo = 10

// An undoStep is what one --apply did to one pack.
type undoStep struct {
	At    time.Time    `json:"at"` // the same for all packs that it wrote to
	Files []undoneFile `json:"files"`
}

// An undoneFile is a file as it was, and what it must still be for going back.
type undoneFile struct {
	Name   string  `json:"name"`
	Before *string `json:"before"` // null where there was none
	After  string  `json:"after"`  // SHA-256, hexadecimal
}

func hashed(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// readUndo reads what is kept in a pack's folder, the last step last.
func readUndo(dir string) (steps []undoStep, data []byte, err error) {
	data, err = os.ReadFile(filepath.Join(dir, undoFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &steps)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s cannot be read: %w", filepath.Join(dir, undoFile), err)
	}
	return steps, data, nil
}

func undoText(steps []undoStep) ([]byte, error) {
	data, err := json.MarshalIndent(steps, "", " ")
	return append(data, '\n'), err
}

// remember adds to e the files that tell how to take it back.
func remember(e *draft.Edit, base *knowledge.Base) error {
	now := time.Now().UTC()
	files := e.Files()
	for _, pack := range base.Packs {
		step := undoStep{At: now}
		for _, f := range files {
			if f.Dir != pack.Dir {
				continue
			}
			u := undoneFile{Name: f.Name, After: hashed(f.After)}
			if f.Before != nil {
				s := string(f.Before)
				u.Before = &s
			}
			step.Files = append(step.Files, u)
		}
		if len(step.Files) == 0 {
			continue
		}
		steps, _, err := readUndo(pack.Dir)
		if err != nil {
			return err
		}
		steps = append(steps, step)
		data, err := undoText(steps[max(0, len(steps)-maxUndo):])
		if err != nil {
			return err
		}
		if err := e.Change(pack, undoFile, data, nil); err != nil {
			return err
		}
	}
	return nil
}

// undoEdit takes back the last --apply in the packs in dirs.
func undoEdit(p *program, dirs []string) error {
	if len(dirs) == 0 {
		return usage("--undo: name the folder of a pack with --knowledge")
	}
	type kept struct {
		dir   string
		steps []undoStep
		data  []byte
	}
	var all []kept
	var last time.Time
	for _, dir := range dirs {
		for _, pack := range knowledge.PackFolders(dir) {
			steps, data, err := readUndo(pack)
			if err != nil {
				return exitError{code: exitFailed, err: err}
			}
			if len(steps) > 0 {
				all = append(all, kept{pack, steps, data})
				if at := steps[len(steps)-1].At; at.After(last) {
					last = at
				}
			}
		}
	}
	var files []*draft.FileEdit
	var report strings.Builder
	for _, k := range all {
		step := k.steps[len(k.steps)-1]
		if !step.At.Equal(last) {
			continue
		}
		for _, f := range step.Files {
			path := filepath.Join(k.dir, filepath.FromSlash(f.Name))
			now, err := os.ReadFile(path)
			if err != nil || hashed(now) != f.After {
				return exitError{code: exitFailed, err: fmt.Errorf("%s was changed since; nothing was taken back, so take out by hand what should go", path)}
			}
			edit := &draft.FileEdit{Dir: k.dir, Name: f.Name, Before: now}
			if f.Before != nil {
				edit.After = []byte(*f.Before)
			}
			files = append(files, edit)
			fmt.Fprintf(&report, "as before: %s\n", path)
		}
		left := &draft.FileEdit{Dir: k.dir, Name: undoFile, Before: k.data}
		if rest := k.steps[:len(k.steps)-1]; len(rest) > 0 {
			data, err := undoText(rest)
			if err != nil {
				return err
			}
			left.After = data
		}
		files = append(files, left)
	}
	if len(files) == 0 {
		return exitError{code: exitFailed, err: errors.New("there is nothing to take back: no --apply wrote into these packs, or it was taken back already")}
	}
	if err := draft.EditOf(files...).Write(); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	_, err := io.WriteString(p.Out, report.String())
	return err
}
