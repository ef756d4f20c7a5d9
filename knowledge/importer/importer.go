// Package importer makes packs of what other question-and-answer programs keep:
// spreadsheets, flash cards, quizzes, and the knowledge of other bots. What our own
// export wrote it takes back whole.
//
// What comes from elsewhere has no citations, so it arrives as citation-needed
// and says where it came from. Whatever cannot be used is reported with its place,
// and the rest is kept; [Result.Missing] says what a pack lacks then. The package
// knows nothing of matching, of chats or of the command line.
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
	// MaxBad is how many entries of a file may be unusable before it is given up,
	// if they are more than those that can be used: then it is not in the format
	// that it was said to be in. The other files of a folder are still read.
	MaxBad = 1000
)

// A format is one that can be imported.
type format struct {
	name       string
	extensions []string // of its files in a folder; a folder is refused if there are none
	read       func(m *maker, data []byte) error
}

// formats are all formats, in the order in which they are listed.
var formats = []format{
	{"csv", nil, (*maker).csv},
	{"xlsx", nil, (*maker).xlsx},
	{"anki", nil, text((*maker).anki)},
	{"qnamaker", nil, text((*maker).qnaMaker)},
	{"qna", []string{".qna"}, text((*maker).qna)},
	{"rasa", []string{".yml", ".yaml"}, text((*maker).rasa)},
	{"chatterbot", []string{".yml", ".yaml"}, text((*maker).chatterbot)},
	{"red", []string{".yml", ".yaml"}, text((*maker).red)},
	{"gift", []string{".gift", ".txt"}, text((*maker).gift)},
	{"opentriviaqa", nil, text((*maker).openTriviaQA)},
	{"opentdb", nil, jsonOf(openTriviaDB)},
	{"squad", nil, jsonOf(squad)},
	{"tags", nil, jsonOf(tags)},
	{"json", nil, jsonOf("")},
	{"jsonl", nil, text((*maker).jsonl)},
}

// text reads a format that is one text.
func text(read func(*maker, string)) func(*maker, []byte) error {
	return func(m *maker, data []byte) error {
		s, err := decode(data, m.Encoding)
		if err == nil {
			read(m, s)
		}
		return err
	}
}

// Formats returns the names of the formats that can be imported.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Options say how the packs are to be made.
type Options struct {
	Format   string   // one of Formats; what the file looks like if empty
	ID       string   // of the pack; ours keeps its own if the file is our own export
	Language string   // of the questions and answers; "en" if empty
	Encoding string   // of the file, such as windows-1252; UTF-8 or UTF-16 if empty
	Columns  []string // of a table, in place of its header; a name that is not known is not read
}

// A Result is what was made of the files.
type Result struct {
	Format   string       // in which the file was read
	Packs    []draft.Pack // those that hold facts; each loads
	Problems []knowledge.Problem
	Facts    int
	Sourced  bool     // no fact came from elsewhere: they have the sources that they had
	Skipped  int      // rows or entries that could not be used
	Repeated int      // questions that stood in the file before with another answer; the first was kept
	Missing  []string // sentences: what the packs lack of the file, beside what was repeated; empty if they are whole
}

// Import reads the file or, for some formats, the folder called name. The error
// says why nothing could be read at all; what is wrong with single entries is in
// the Result.
func Import(name string, o Options) (Result, error) {
	if o.Format != "" && !slices.Contains(Formats(), o.Format) {
		hint := ""
		if s := strictyaml.Suggest(o.Format, Formats()); s != "" {
			hint = fmt.Sprintf(" (did you mean %s?)", s)
		}
		return Result{}, fmt.Errorf("there is no format %s%s; one of %s", strictyaml.Quote(o.Format), hint, strings.Join(Formats(), ", "))
	}
	if err := knownEncoding(o.Encoding); err != nil {
		return Result{}, err
	}
	given := o.Format
	if o.Format == "" {
		var err error
		if o.Format, err = guess(name, o.Encoding); err != nil {
			return Result{}, err
		}
	}
	f := formats[slices.IndexFunc(formats, func(f format) bool { return f.name == o.Format })]
	files, err := filesOf(name, f.extensions)
	if err != nil {
		return Result{}, err
	}
	m := newMaker(o)
	m.files = files
	named := o.Format == given
	for _, file := range files {
		data, err := read(file)
		if err != nil {
			return Result{}, err
		}
		m.begin(file)
		if err := f.read(m, data); err != nil {
			return Result{}, fmt.Errorf("%s: %w", file, err)
		}
		if m.stopped {
			break
		}
	}
	if o.Format == "rasa" {
		m.rasaEnd()
	}
	if m.skipped == 0 && !slices.ContainsFunc(m.packs, func(p *packMaker) bool { return len(p.draft.Facts) > 0 }) {
		m.begin(name)
		m.bad(1, "there is nothing to import in it")
	}
	r := m.result()
	if likely, err := guess(name, o.Encoding); named && r.Facts == 0 && err == nil && likely != o.Format && likely != "csv" {
		r.Problems = append(r.Problems, knowledge.Problem{Severity: knowledge.Warning, File: name, Message: fmt.Sprintf("this looks like --format %s", likely)})
	}
	return r, nil
}

// filesOf returns the files to read: name itself, or the files of a folder whose
// names end as those of the format do.
func filesOf(name string, extensions []string) ([]string, error) {
	info, err := os.Stat(name)
	switch {
	case os.IsNotExist(err):
		return nil, fmt.Errorf("there is no file %s", name)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", name, strictyaml.Cause(err))
	case !info.IsDir():
		return []string{name}, nil
	}
	if len(extensions) == 0 {
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
		if slices.Contains(extensions, strings.ToLower(filepath.Ext(p))) {
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
		return nil, fmt.Errorf("the folder %s holds no %s file", name, strings.Join(extensions, " or "))
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
