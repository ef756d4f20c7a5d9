// Package importer makes packs of what other question-and-answer programs keep:
// tables, QnA Maker, Rasa, ChatterBot, Red's trivia lists, and JSON lines, our
// own export among them.
//
// What comes from elsewhere has no citations, so it arrives as citation-needed
// and says where it came from. Whatever cannot be used is reported with its line,
// and the rest is kept. The package knows nothing of matching, of chats or of
// the command line.
package importer

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/strictyaml"
)

// Limits of one import. They are far above what people keep in such files and
// low enough that a hostile file costs neither memory nor time.
const (
	// MaxFile is the size of a file in bytes.
	MaxFile = 32 << 20
	// MaxFiles is how many files of a folder are read.
	MaxFiles = 500
	// MaxFacts is how many facts one import makes: several times the largest
	// pack that a person can curate.
	MaxFacts = 20_000
	// MaxBad is how many rows may be unusable before the whole file is given up:
	// then it is not in the format that it was said to be in.
	MaxBad = 1000
)

// Formats returns the names of the formats that can be imported.
func Formats() []string { return []string{"csv", "qnamaker", "rasa", "chatterbot", "red", "jsonl"} }

// Options say how the packs are to be made.
type Options struct {
	Format   string // one of Formats
	ID       string // of the pack; ours keeps its own if the file is our own export
	Language string // of the questions and answers; "en" if empty
}

// A Result is what was made of the files.
type Result struct {
	Packs    []draft.Pack // those that hold facts; each loads
	Problems []knowledge.Problem
	Facts    int
	Skipped  int // rows or entries that could not be used
}

// Import reads the file or, for the formats in YAML, the folder called name. The
// error says why nothing could be read at all; what is wrong with single entries
// is in the Result.
func Import(name string, o Options) (Result, error) {
	if !slices.Contains(Formats(), o.Format) {
		hint := ""
		if s := strictyaml.Suggest(o.Format, Formats()); s != "" {
			hint = fmt.Sprintf(" (did you mean %s?)", s)
		}
		return Result{}, fmt.Errorf("there is no format %s%s; one of %s", strictyaml.Quote(o.Format), hint, strings.Join(Formats(), ", "))
	}
	files, err := filesOf(name, o.Format)
	if err != nil {
		return Result{}, err
	}
	m := newMaker(o)
	for _, file := range files {
		data, err := read(file)
		if err != nil {
			return Result{}, err
		}
		m.file = file
		text, err := decode(data)
		if err != nil {
			return Result{}, fmt.Errorf("%s: %w", file, err)
		}
		switch o.Format {
		case "csv":
			m.table(text, "")
		case "qnamaker":
			m.table(text, "QnA Maker")
		case "rasa":
			m.rasa(text)
		case "chatterbot":
			m.chatterbot(text)
		case "red":
			m.red(text)
		case "jsonl":
			m.jsonl(text)
		}
		if m.givenUp {
			break
		}
	}
	if o.Format == "rasa" {
		m.rasaEnd()
	}
	if m.skipped == 0 && !slices.ContainsFunc(m.packs, func(p *packMaker) bool { return len(p.draft.Facts) > 0 }) {
		m.file = name
		m.bad(1, "there is nothing to import in it")
	}
	return m.result(), nil
}

// filesOf returns the files to read: name itself, or the YAML files of a folder.
func filesOf(name, format string) ([]string, error) {
	info, err := os.Stat(name)
	switch {
	case os.IsNotExist(err):
		return nil, fmt.Errorf("there is no file %s", name)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", name, strictyaml.Cause(err))
	case !info.IsDir():
		return []string{name}, nil
	}
	if !slices.Contains([]string{"rasa", "chatterbot", "red"}, format) {
		return nil, fmt.Errorf("%s is a folder; name a file", name)
	}
	var files []string
	err = filepath.WalkDir(name, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && p != name:
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		if ext := filepath.Ext(p); ext == ".yml" || ext == ".yaml" {
			files = append(files, p)
		}
		if len(files) > MaxFiles {
			return fmt.Errorf("it holds more than %d files", MaxFiles)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the folder %s cannot be read: %w", name, strictyaml.Cause(err))
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("the folder %s holds no .yml or .yaml file", name)
	}
	return files, nil
}

// read reads an ordinary file of at most MaxFile bytes.
func read(name string) ([]byte, error) {
	// Ask before opening: opening a pipe may block for ever.
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, strictyaml.Cause(err))
	}
	tooLong := fmt.Errorf("%s has more than %d MB; split it into several files", name, MaxFile>>20)
	switch {
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not an ordinary file", name)
	case info.Size() > MaxFile:
		return nil, tooLong
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, strictyaml.Cause(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", name, strictyaml.Cause(err))
	case len(data) > MaxFile:
		return nil, tooLong
	}
	return data, nil
}
