// Package packs_test holds the shipped pack against the excerpt it was written
// from: everything carried, nothing copied, nothing invented. It reads the YAML
// by itself and must not know the loader, so that a fault there cannot hide
// one here.
package packs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

const (
	packDir      = "neo-stalinism"
	coverageFile = "testdata/neo-stalinism-coverage.yaml"
	excerptFile  = "../../../shared/sources/neo-stalinism.txt" // not part of this tree

	minFacts     = 45  // what the pack was asked to hold at least
	minQuestions = 5   // of every fact
	maxAnswer    = 300 // characters, a limit of footnote/1
	copiedRun    = 8   // as many words in a row count as copied
	beginWords   = 6   // of a sentence, enough to tell it from the others
)

type cite struct {
	Source  string
	Locator struct{ Label, Value string }
	Quote   string
}

type fact struct {
	ID          string
	Status      string
	Questions   []string
	Answer      string
	Detail      string
	AccordingTo string `yaml:"according-to"`
	Positions   []struct {
		Holder, Claim string
		Cites         []cite
	}
	Dates   []struct{ EDTF, Label string }
	People  []string
	Cites   []cite
	Related []string
}

// allCites returns the fact's citations and those of its positions.
func (f fact) allCites() []cite {
	all := slices.Clone(f.Cites)
	for _, p := range f.Positions {
		all = append(all, p.Cites...)
	}
	return all
}

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func readFacts(t *testing.T) []fact {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(packDir, "facts", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fact files in %s: %v", packDir, err)
	}
	var all []fact
	for _, file := range files {
		var doc struct{ Facts []fact }
		readYAML(t, file, &doc)
		all = append(all, doc.Facts...)
	}
	return all
}

// readExcerpt returns the excerpt's sentences and captions, one a line; its
// title line is left out.
func readExcerpt(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(excerptFile)
	if os.IsNotExist(err) {
		t.Skipf("%s is not here: the pack cannot be held against its source", excerptFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines[1:]
}

var (
	word = regexp.MustCompile(`[a-z0-9]+`)
	mark = regexp.MustCompile(`\[(\d+|citation needed)\]`)
)

func words(s string) []string { return word.FindAllString(strings.ToLower(s), -1) }

func plain(s string) string { return strings.Join(words(s), " ") }

// holds reports whether phrase stands in text as whole words.
func holds(text, phrase string) bool {
	return strings.Contains(" "+plain(text)+" ", " "+plain(phrase)+" ")
}

func TestEverySentenceIsCarried(t *testing.T) {
	var doc struct {
		Coverage []struct {
			Begins string
			Facts  []string
		}
	}
	readYAML(t, coverageFile, &doc)

	carried := map[string]bool{}
	for _, entry := range doc.Coverage {
		if len(entry.Facts) == 0 {
			t.Errorf("%q is carried by no fact", entry.Begins)
		}
		for _, id := range entry.Facts {
			carried[id] = true
		}
	}
	known := map[string]bool{}
	for _, f := range readFacts(t) {
		known[f.ID] = true
		if !carried[f.ID] {
			t.Errorf("fact %s carries no sentence of the excerpt", f.ID)
		}
	}
	for id := range carried {
		if !known[id] {
			t.Errorf("%s names a fact %s that the pack does not have", coverageFile, id)
		}
	}

	sentences := readExcerpt(t)
	if len(sentences) != len(doc.Coverage) {
		t.Fatalf("the excerpt has %d sentences and captions, %s has %d", len(sentences), coverageFile, len(doc.Coverage))
	}
	for i, s := range sentences {
		begins := words(mark.ReplaceAllString(s, " "))[:beginWords]
		if got := words(doc.Coverage[i].Begins); !slices.Equal(got, begins) {
			t.Errorf("sentence %d begins %q, %s says %q", i+1, begins, coverageFile, got)
		}
	}
}

func TestNothingIsCopied(t *testing.T) {
	source := words(strings.Join(readExcerpt(t), "\n"))
	runs := map[string]bool{}
	for i := range len(source) - copiedRun + 1 {
		runs[strings.Join(source[i:i+copiedRun], " ")] = true
	}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(file) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		text := words(string(data))
		for i := range len(text) - copiedRun + 1 {
			if run := strings.Join(text[i:i+copiedRun], " "); runs[run] {
				t.Errorf("%s copies %q", file, run)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Notes, quotations, names and years must all stand in the excerpt.
func TestNothingIsInvented(t *testing.T) {
	lines := readExcerpt(t)
	excerpt := strings.Join(lines, "\n")
	notes := map[string]bool{}
	for _, m := range mark.FindAllStringSubmatch(excerpt, -1) {
		notes[m[1]] = true
	}
	bare := mark.ReplaceAllString(excerpt, " ")
	quoted := regexp.MustCompile(`"([^"]+)"`)
	year := regexp.MustCompile(`[0-9]{3}[0-9X]`)

	for _, f := range readFacts(t) {
		for _, c := range f.allCites() {
			if c.Locator.Label != "" && c.Locator.Label != "note" {
				t.Errorf("%s: the excerpt has notes only, not a %s", f.ID, c.Locator.Label)
			}
			for _, n := range regexp.MustCompile(`\d+`).FindAllString(c.Locator.Value, -1) {
				if !notes[n] {
					t.Errorf("%s: the excerpt has no note %s", f.ID, n)
				}
			}
			if c.Quote != "" && !holds(bare, c.Quote) {
				t.Errorf("%s: the citation's quotation %q is not in the excerpt", f.ID, c.Quote)
			}
			if c.Quote == "" && c.Locator.Value == "" {
				t.Errorf("%s: a citation with neither note nor quotation cannot be found again", f.ID)
			}
		}
		said := f.Answer + "\n" + f.Detail
		for _, p := range f.Positions {
			said += "\n" + p.Claim
		}
		for _, m := range quoted.FindAllStringSubmatch(said, -1) {
			if !holds(bare, m[1]) {
				t.Errorf("%s: %q stands in quotation marks and is not in the excerpt", f.ID, m[1])
			}
		}
		for _, p := range f.People {
			for _, name := range strings.Fields(p) {
				if !holds(bare, name) {
					t.Errorf("%s: the name %q of %s is not in the excerpt", f.ID, name, p)
				}
			}
		}
		for _, d := range f.Dates {
			for _, y := range year.FindAllString(d.EDTF, -1) {
				if y = strings.Replace(y, "X", "0s", 1); !holds(bare, y) {
					t.Errorf("%s: the year %s is not in the excerpt", f.ID, y)
				}
			}
		}
	}
}

// What the article itself asks a citation for must say so, and what it gives a
// note for may be established on that note alone.
func TestStatusesAreHonest(t *testing.T) {
	asked := 0
	for _, f := range readFacts(t) {
		switch f.Status {
		case "established":
			for _, c := range f.Cites {
				if c.Locator.Value == "" {
					t.Errorf("%s: established without a note", f.ID)
				}
			}
			if len(f.Cites) == 0 {
				t.Errorf("%s: established without a citation", f.ID)
			}
		case "attributed":
			if f.AccordingTo == "" || len(f.Cites) == 0 {
				t.Errorf("%s: attributed without a holder or without a citation", f.ID)
			}
		case "disputed":
			if len(f.Positions) < 2 {
				t.Errorf("%s: disputed with %d positions", f.ID, len(f.Positions))
			}
		case "citation-needed":
			asked++
		default:
			t.Errorf("%s: status %q", f.ID, f.Status)
		}
	}
	if asked == 0 {
		t.Error("the article marks a sentence [citation needed], and no fact says so")
	}
}

func TestShapeOfThePack(t *testing.T) {
	facts := readFacts(t)
	if len(facts) < minFacts {
		t.Errorf("%d facts, at least %d are wanted", len(facts), minFacts)
	}
	ids := map[string]bool{}
	asks := map[string]string{}
	idShape := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for _, f := range facts {
		if ids[f.ID] {
			t.Errorf("%s: two facts have this id", f.ID)
		}
		ids[f.ID] = true
		if !idShape.MatchString(f.ID) || len(f.ID) > 48 {
			t.Errorf("%q is no id", f.ID)
		}
		if len(f.Questions) < minQuestions {
			t.Errorf("%s: %d phrasings, at least %d are wanted", f.ID, len(f.Questions), minQuestions)
		}
		for i, q := range f.Questions {
			if i == 0 && (!capital(q) || !strings.HasSuffix(q, "?")) {
				t.Errorf("%s: the canonical question %q is not a full question", f.ID, q)
			}
			if before, ok := asks[plain(q)]; ok {
				t.Errorf("%s: %q is a phrasing of %s already", f.ID, q, before)
			}
			asks[plain(q)] = f.ID
		}
		if n := utf8.RuneCountInString(f.Answer); n == 0 || n > maxAnswer {
			t.Errorf("%s: the answer has %d characters, from 1 to %d are wanted", f.ID, n, maxAnswer)
		}
		if !capital(strings.TrimLeft(f.Answer, `"`)) || !strings.HasSuffix(f.Answer, ".") && !strings.HasSuffix(f.Answer, `".`) {
			t.Errorf("%s: the answer is no full sentence: %q", f.ID, f.Answer)
		}
	}
	for _, f := range facts {
		for _, id := range f.Related {
			if !ids[id] || id == f.ID {
				t.Errorf("%s: related %s is no other fact of the pack", f.ID, id)
			}
		}
	}
}

func capital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}
