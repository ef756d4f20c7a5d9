package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/draft"
	"footnote/knowledge/edtf"
	"footnote/knowledge/xlsx"
)

// What a curator may write, and what YAML and JSON could stumble over.
var someText = rapid.Custom(func(t *rapid.T) string {
	runes := []rune("abcXYZ019 éżЖя한שא👍🏽\u0301\u00a0\u2028\u0085\u200d\n\t:#-[]{},&*!|>'\"%@`~\\?=<>._")
	words := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom(runes), 1, 12, -1), 1, 12).Draw(t, "words")
	s := strings.TrimSpace(strings.Join(words, rapid.SampledFrom([]string{" ", " ", "", ": ", " #", "\n"}).Draw(t, "between")))
	if s == "" || rapid.IntRange(0, 9).Draw(t, "known") == 0 {
		return rapid.SampledFrom([]string{"null", "~", "yes", "1956", "1e3", "0x1F", "2020-01-01", "-", "?", "a: b", "<<", "---", "...", "#x", "*x", "'", `"`, "=", "Null"}).Draw(t, "odd")
	}
	return s
})

func textsOf(min, max int) *rapid.Generator[[]string] {
	return rapid.SliceOfNDistinct(someText, min, max, rapid.ID)
}

var someDate = rapid.SampledFrom([]edtf.Date{"", "1956", "1956-02", "1956-02-25", "1984~", "1991/..", "195X", "-0043", "1956-21"})

// somePack is any pack that loads.
var somePack = rapid.Custom(func(t *rapid.T) *knowledge.Pack {
	langs := rapid.SampledFrom([][]string{{"en"}, {"en", "ru"}, {"ru", "en", "pt-BR"}}).Draw(t, "languages")
	text := func(name string, empty bool) knowledge.Text {
		out := knowledge.Text{}
		for i, l := range langs {
			if i == 0 && !empty || rapid.Bool().Draw(t, name+l) {
				out[l] = someText.Draw(t, name)
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	}
	p := &knowledge.Pack{ID: "pack", Title: text("title", false), Version: "1.2.3", Languages: langs, License: rapid.SampledFrom([]string{"", "CC0-1.0"}).Draw(t, "license"),
		ScopeNote: text("scope", true), ORCID: map[string]string{}}
	p.Maintainers = textsOf(0, 2).Draw(t, "maintainers")
	for _, m := range p.Maintainers {
		if rapid.Bool().Draw(t, "orcid") {
			p.ORCID[m] = "0000-0002-1825-0097"
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "synonyms") {
		p.Synonyms = append(p.Synonyms, []string{fmt.Sprint("word ", i), fmt.Sprint("other: ", i)})
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "sources") {
		p.Sources = append(p.Sources, someSource(t, fmt.Sprintf("source %d", i)))
	}
	cite := func() knowledge.Cite {
		c := knowledge.Cite{Source: rapid.SampledFrom(p.Sources).Draw(t, "source")}
		if rapid.Bool().Draw(t, "located") {
			c.Locator = csl.Locator{Label: rapid.SampledFrom([]string{"page", "note", "sub-verbo"}).Draw(t, "label"), Value: rapid.SampledFrom([]string{"12–15", "f: 3", "7"}).Draw(t, "locator")}
		} else if rapid.Bool().Draw(t, "no locator") {
			c.Locator = csl.Locator{}
		}
		if rapid.Bool().Draw(t, "quoted") {
			c.Quote = someText.Draw(t, "quote")
			if rapid.Bool().Draw(t, "translated") {
				c.QuoteLang, c.Translation, c.TranslatedBy = "ru", someText.Draw(t, "translation"), someText.Draw(t, "by")
			}
		}
		return c
	}
	cites := func(min int) []knowledge.Cite {
		var out []knowledge.Cite
		for range rapid.IntRange(min, 3).Draw(t, "cites") {
			out = append(out, cite())
		}
		return out
	}
	n := rapid.IntRange(1, 4).Draw(t, "facts")
	for i := range n {
		f := &knowledge.Fact{ID: fmt.Sprintf("fact-%d", i), Pack: p, Status: knowledge.CitationNeeded, Answer: text("answer", false), Detail: text("detail", true),
			Topics: textsOf(0, 3).Draw(t, "topics"), Keywords: textsOf(0, 3).Draw(t, "keywords"), People: textsOf(0, 2).Draw(t, "people"), Reviewed: someDate.Draw(t, "reviewed")}
		for _, name := range f.People {
			if v := textsOf(0, 2).Draw(t, "variants"); len(v) > 0 && !slices.ContainsFunc(v, func(x string) bool { return slices.Contains(f.People, x) }) {
				f.Variants = map[string][]string{name: v}
			}
		}
		for j, l := range langs {
			for k := range rapid.IntRange(1-min(j, 1), 3).Draw(t, "questions") {
				f.Questions = append(f.Questions, knowledge.Phrasing{Lang: l, Text: fmt.Sprintf("%d %d %s %s", i, k, l, strings.TrimSpace(someText.Draw(t, "question")))})
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "dates") {
			if d := someDate.Draw(t, "date"); d != "" {
				f.Dates = append(f.Dates, knowledge.Date{EDTF: d, Label: text("label", true), Julian: rapid.Bool().Draw(t, "julian")})
			}
		}
		if len(p.Sources) > 0 {
			f.Status = rapid.SampledFrom([]knowledge.Status{knowledge.CitationNeeded, knowledge.Established, knowledge.Attributed, knowledge.Disputed, knowledge.Retracted}).Draw(t, "status")
			least := 1
			switch f.Status {
			case knowledge.CitationNeeded:
				least = 0
			case knowledge.Attributed:
				f.AccordingTo = someText.Draw(t, "according to")
			case knowledge.Disputed:
				for range rapid.IntRange(2, 3).Draw(t, "positions") {
					f.Positions = append(f.Positions, knowledge.Position{Holder: someText.Draw(t, "holder"), Claim: text("claim", false), Cites: cites(1), Date: "1990"})
				}
			}
			f.Cites = cites(least)
		}
		if i > 0 && rapid.Bool().Draw(t, "related") {
			f.Related = []string{"fact-0"}
		}
		p.Facts = append(p.Facts, f)
	}
	if rapid.Bool().Draw(t, "history") {
		p.History = []knowledge.Release{{Version: "1.0.0", Date: someDate.Draw(t, "released"), Changes: []knowledge.Change{
			{Fact: "fact-0", Kind: knowledge.Added, Note: text("note", true)}}}}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "unanswered") {
		p.Unanswered = append(p.Unanswered, fmt.Sprintf("u%d %s", i, someText.Draw(t, "unanswered")))
	}
	if rapid.Bool().Draw(t, "eval") {
		p.Eval.Find = []knowledge.FindCase{{Question: "f " + someText.Draw(t, "find"), Facts: []string{"fact-0"}}}
		p.Eval.Decline = []knowledge.DeclineCase{{Question: "d " + someText.Draw(t, "decline"), Kind: knowledge.Noise}, {Kind: knowledge.Empty}}
	}
	return p
})

func someSource(t *rapid.T, id string) *csl.Source {
	s := &csl.Source{ID: id, Type: rapid.SampledFrom([]string{"book", "webpage", "odd: type"}).Draw(t, "type"),
		Names: map[string][]csl.Name{}, Dates: map[string]csl.Date{}, Fields: map[string]string{}}
	for _, f := range []string{"title", "URL", "note", "volume"} {
		if rapid.Bool().Draw(t, f) {
			s.Fields[f] = someText.Draw(t, f)
		}
	}
	if rapid.Bool().Draw(t, "author") {
		s.Names["author"] = []csl.Name{{Family: someText.Draw(t, "family"), Given: someText.Draw(t, "given"), Suffix: "Jr.", CommaSuffix: rapid.Bool().Draw(t, "comma")},
			{Literal: someText.Draw(t, "literal")}}
	}
	if d := someDate.Draw(t, "issued"); d != "" {
		s.Dates["issued"] = csl.Date{EDTF: d}
	}
	if rapid.Bool().Draw(t, "accessed") {
		s.Dates["accessed"] = csl.Date{Literal: "last week"}
	}
	for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"shelf", "shelf.room", "custom.archive-url", "custom.a.b", "custom.title"}), 0, 5).Draw(t, "others") {
		s.Other = append(s.Other, csl.Field{Name: name, Value: someText.Draw(t, "other")})
	}
	return s
}

// content is a pack without what depends on where it stands. Members of sources
// that CSL does not know have no order among different names, nor have sources.
func content(p *knowledge.Pack, sourcesInOrder bool) string {
	var b strings.Builder
	q := *p
	q.Sources = slices.Clone(p.Sources)
	if !sourcesInOrder {
		slices.SortFunc(q.Sources, func(a, b *csl.Source) int { return strings.Compare(a.ID, b.ID) })
	}
	fmt.Fprintf(&b, "%q %q %q %q %q %q %q %q %q %q\n", q.ID, q.Title, q.Version, q.License, q.Languages, q.Maintainers, q.ScopeNote, q.Synonyms, q.Unanswered, fmt.Sprintf("%q", q.ORCID))
	for _, r := range q.History {
		fmt.Fprintf(&b, "history %q %q\n", r.Version, r.Date)
		for _, c := range r.Changes {
			fmt.Fprintf(&b, " %q %q %q\n", c.Fact, c.Kind, c.Note)
		}
	}
	// A question that several facts may answer stands under each of them, which
	// says nothing of an order.
	find := slices.Clone(q.Eval.Find)
	slices.SortFunc(find, func(a, b knowledge.FindCase) int { return strings.Compare(a.Question, b.Question) })
	for _, c := range find {
		ids := slices.Sorted(slices.Values(c.Facts))
		fmt.Fprintf(&b, "find %q %q\n", c.Question, ids)
	}
	for _, c := range q.Eval.Decline {
		fmt.Fprintf(&b, "decline %q %q\n", c.Question, c.Kind)
	}
	for _, s := range q.Sources {
		other := slices.Clone(s.Other)
		slices.SortStableFunc(other, func(a, b csl.Field) int { return strings.Compare(a.Name, b.Name) })
		fmt.Fprintf(&b, "source %q %q %+v %q %q %q\n", s.ID, s.Type, s.Names, s.Dates, s.Fields, other)
	}
	cites := func(list []knowledge.Cite) {
		for _, c := range list {
			fmt.Fprintf(&b, "  cite %q %q %q %q %q %q\n", c.Source.ID, c.Locator, c.Quote, c.QuoteLang, c.Translation, c.TranslatedBy)
		}
	}
	for _, f := range q.Facts {
		fmt.Fprintf(&b, "fact %q %q %q %q %q %q %q %+v %q %q %q %q\n", f.ID, f.Status, f.Topics, f.Keywords, f.Answer, f.Detail, f.AccordingTo, f.Dates, f.People, f.Variants, f.Related, f.Reviewed)
		for _, x := range f.Questions {
			fmt.Fprintf(&b, "  %q %q\n", x.Lang, x.Text)
		}
		cites(f.Cites)
		for _, x := range f.Positions {
			fmt.Fprintf(&b, "  position %q %q %q\n", x.Holder, x.Claim, x.Date)
			cites(x.Cites)
		}
	}
	return b.String()
}

// Whatever a pack holds comes back from its files, and from our own export.
func TestNothingIsLost(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		p := somePack.Draw(t, "pack")
		d := draft.Of(p)
		loaded, problems := d.Load("written")
		if loaded == nil {
			t.Fatalf("the files do not load: %v\n%s", problems, shown(d))
		}
		if want, got := content(p, true), content(loaded, true); want != got {
			t.Fatalf("files: went\n%s\ncame\n%s\n%s", want, got, shown(d))
		}
		var out bytes.Buffer
		if err := draft.JSONL(&out, &knowledge.Base{Packs: []*knowledge.Pack{p}}); err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(out.Bytes(), []byte("\n")); n != len(p.Facts) {
			t.Fatalf("%d lines for %d facts", n, len(p.Facts))
		}
		name := filepath.Join(dir, "export.jsonl")
		if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Import(name, Options{Format: "jsonl", ID: "other"})
		if err != nil || len(r.Packs) != 1 || r.Skipped > 0 || len(r.Problems) > 0 {
			t.Fatalf("%v, %d packs, %v\n%s", err, len(r.Packs), r.Problems, out.String())
		}
		back, problems := r.Packs[0].Load("imported")
		if back == nil {
			t.Fatal(problems)
		}
		if want, got := content(p, false), content(back, false); want != got {
			t.Fatalf("JSON lines: went\n%s\ncame\n%s", want, got)
		}
		format := rapid.SampledFrom([]string{"csv", "xlsx"}).Draw(t, "spreadsheet")
		back = throughSpreadsheet(t, filepath.Join(dir, "export."+format), spreadsheets(t, p)[format])
		if want, got := content(p, true), content(back, true); want != got {
			t.Fatalf("%s: went\n%s\ncame\n%s", format, want, got)
		}
	})
}

// A failer is a test, of rapid too.
type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// spreadsheets returns the pack as the command export writes it.
func spreadsheets(t failer, p *knowledge.Pack) map[string][]byte {
	t.Helper()
	var sheets []xlsx.Table
	var text, book bytes.Buffer
	rows := draft.OneTable(draft.Of(p).Tables())
	for i, row := range rows {
		for j, s := range row {
			if i > 0 {
				rows[i][j] = draft.Harmless(s)
			}
		}
	}
	for _, x := range draft.Of(p).Tables() {
		for i, row := range x.Rows {
			for j, s := range row {
				if i > 0 {
					x.Rows[i][j] = draft.NoFormula(s)
				}
			}
		}
		sheets = append(sheets, xlsx.Table{Name: draft.SheetName(x.Kind), Rows: x.Rows})
	}
	if err := errors.Join(csv.NewWriter(&text).WriteAll(rows), xlsx.Write(&book, sheets)); err != nil {
		t.Fatalf("%v", err)
	}
	return map[string][]byte{"csv": text.Bytes(), "xlsx": book.Bytes()}
}

// throughSpreadsheet imports such a file.
func throughSpreadsheet(t failer, name string, data []byte) *knowledge.Pack {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatalf("%v", err)
	}
	r, err := Import(name, Options{ID: "other"})
	if err != nil || len(r.Packs) != 1 || len(r.Missing) > 0 || len(r.Problems) > 0 {
		t.Fatalf("%s: %v, %d packs, %v %v\n%s", name, err, len(r.Packs), r.Problems, r.Missing, data[:min(len(data), 3000)])
	}
	back, problems := r.Packs[0].Load("imported")
	if back == nil {
		t.Fatalf("%s: %v", name, problems)
	}
	return back
}

// Every pack in the tree goes through spreadsheets.
func TestPacksComeBackFromSpreadsheets(t *testing.T) {
	var dirs []string
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Base(path) == "pack.yaml" {
			dirs = append(dirs, filepath.Dir(path))
		}
		return err
	})
	if err != nil || len(dirs) < 20 {
		t.Fatal(err, dirs)
	}
	for _, dir := range dirs {
		base, err := knowledge.Open(dir)
		if err != nil {
			t.Errorf("%s: %v", dir, err)
			continue
		}
		for format, data := range spreadsheets(t, base.Packs[0]) {
			beside := t.TempDir()
			if err := os.CopyFS(filepath.Join(beside, "images"), os.DirFS(filepath.Join(dir, "images"))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			back := throughSpreadsheet(t, filepath.Join(beside, "p."+format), data)
			if want, got := content(base.Packs[0], true), content(back, true); want != got {
				t.Errorf("%s as %s differs:\n%s", dir, format, firstDifference(want, got))
			}
		}
	}
}

func shown(d draft.Pack) string {
	var b strings.Builder
	files := d.Files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "--- %s\n%s", name, files[name])
	}
	return b.String()
}

// The embedded packs go through files and JSON lines as well, several at once.
func TestEmbeddedPacksComeBack(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "all.jsonl")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := draft.JSONL(f, base); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Import(name, Options{Format: "jsonl", ID: "other"})
	if err != nil || len(r.Packs) != len(base.Packs) || r.Skipped > 0 {
		t.Fatalf("%v, %d packs, %v", err, len(r.Packs), r.Problems)
	}
	for i, d := range r.Packs {
		dir := filepath.Join(t.TempDir(), "pack")
		if err := draft.WriteFolder(dir, d.Files()); err != nil {
			t.Fatal(err)
		}
		back, err := knowledge.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if want, got := content(base.Packs[i], false), content(back.Packs[0], false); want != got {
			t.Errorf("%s differs:\n%s", d.ID(), firstDifference(want, got))
		}
		if again := draft.Of(back.Packs[0]).Files(); !reflect.DeepEqual(again, d.Files()) {
			t.Errorf("%s is written in two ways", d.ID())
		}
		// A second time into the same folder would overwrite it.
		if err := draft.WriteFolder(dir, d.Files()); err == nil || !strings.Contains(err.Error(), "holds files already") {
			t.Errorf("overwritten: %v", err)
		}
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	return ""
}
