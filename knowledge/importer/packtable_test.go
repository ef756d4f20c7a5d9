package importer

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/xlsx"
)

// The names that people give to columns.
func TestColumnPath(t *testing.T) {
	for name, want := range map[string]string{
		"id": "id", "Questions": "questions", "question2": "questions 2", "Answer RU": "answer ru", "answer [pt-BR]": "answer pt-br", "According To": "according-to",
		"according_to": "according-to", "cites 1 source": "cites 1 source", "Cite source": "cites 1 source", "citation 2": "cites 2 source", "source": "cites 1 source",
		"page": "cites 1 locator value", "cites 2 page": "cites 2 locator value", "cites[1].locator.label": "cites 1 locator label", "quote": "cites 1 quote",
		"cites 1 quote translation": "cites 1 quote translation", "Date": "dates 1 edtf", "dates 2": "dates 2 edtf", "date label": "dates 1 label", "dates 1 label ru": "dates 1 label ru",
		"positions 1 holder": "positions 1 holder", "position 2": "positions 2 claim", "positions 2 cite 1 source": "positions 2 cites 1 source",
		"positions 1 citation": "positions 1 cites 1 source", "my notes": "", "": "", "statuses": "",
	} {
		if got := strings.Join(columnPath(name), " "); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// edited is a table as a person leaves it: columns in another order, blank rows, new
// rows without id, columns of their own, marks of a word processor.
const edited = `kind,answer,questions,my notes,STATUS,source,page,id,date,date label,topic,answr,Questions 2,,source title,source author,source type,source issued
fact,In 1931.,"When was the well dug?

year of the well ",ask Ann,“Established”,moser,12,,1931-05,digging,wells,,date of the well,,,,,

,,,,,,,,,,,,,,,,,
,Nobody knows.,Who dug it?,,,,,dug,,,,,,stray,,,,
,It is said.,Who dug it,,,,,,,,,,,,,,,
,x,Why?,,established,nobody,1,,,,,,,,,,,
,x,Why not?,,sourced,moser,1,,,,,,,,,,,
,x,When?,,,,,,25.2.1956,,,,,,,,,
,x,Where?,,,moser,,,,,,,,,,,,
,,Whence?,,,,,,,,,,,,,,,
source,,,,,,,moser,,,,,,,Wells of Unterbruck,"Moser, Anna
[Well Society]",book,1902
source,,,,,,,smith,,,,,,,Wells,Ann Smith,book,1990
sauce,,,,,,,x,,,,,,,,,,
eval,,,,,,,,,,,,,,,,,
`

func TestEditedTable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "village.csv")
	if err := os.WriteFile(file, []byte(edited), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Import(file, Options{ID: "village"})
	if err != nil || len(r.Packs) != 1 {
		t.Fatal(err, r.Problems)
	}
	p, problems := r.Packs[0].Load("new")
	if p == nil {
		t.Fatal(problems)
	}
	want := `well-dug [wells] When was the well dug? | year of the well | date of the well => In 1931. {}
dug [] Who dug it? => Nobody knows. {}
`
	if got := facts(p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	f := p.Facts[0]
	if f.Status != knowledge.Established || f.Dates[0].EDTF != "1931-05" || f.Dates[0].Label["en"] != "digging" || f.Cites[0].Source.Fields["title"] != "Wells of Unterbruck" ||
		f.Cites[0].Locator.Value != "12" || p.Sources[0].Names["author"][1].Literal != "Well Society" || p.Facts[1].Status != knowledge.CitationNeeded {
		t.Errorf("%+v", f)
	}
	said := strings.ReplaceAll(told(r), filepath.Dir(file)+"/", "")
	for _, line := range []string{
		`village.csv:1:1: warning: not read: the columns "my notes", "answr" (did you mean answer?)`,
		`village.csv:7:14: warning: the column N has no name in line 1, so what stands in it was left out`,
		`village.csv:8:3: questions: the question "Who dug it" stands also at village.csv:7; one question can find only one fact`,
		`village.csv:9:6: source: there is no source "nobody" among the sources`,
		`village.csv:10:5: STATUS: "sourced" is not known here; one of established, attributed, disputed, citation-needed, retracted`,
		`village.csv:11:9: date: "25.2.1956" is not an EDTF date such as`,
		`village.csv:12:1: status: the status is missing beside the citations; write established, attributed, disputed or retracted`,
		`village.csv:13:1: `, `answer is missing`,
		`village.csv:16:16: author: "Ann Smith" may be a person or a body; write a person as "Smith, Ann" and a body as "[Ann Smith]"`,
		`village.csv:17:1: kind: "sauce" is no kind of row; one of fact, source, pack, unanswered, eval`,
	} {
		if !strings.Contains(said, line) {
			t.Errorf("not said: %s\n%s", line, said)
		}
	}
	if len(r.Missing) != 2 || r.Missing[1] != "a part of 1 entry was left out" {
		t.Errorf("%q", r.Missing)
	}
}

// What a spreadsheet has made of what was typed is a date where a date belongs, and
// an error elsewhere.
func TestCellsOfASpreadsheet(t *testing.T) {
	table := func(kind xlsx.Kind, column, text string) (string, string) {
		m := newMaker(Options{Format: "xlsx", ID: "x"})
		m.begin("x.xlsx")
		header := []string{"id", "status", "question", "answer", "date", "reviewed", "detail"}
		row, kinds := []string{"", "citation-needed", "Who?", "Nero", "", "", ""}, make([]xlsx.Kind, len(header))
		for i, h := range header {
			if h == column {
				row[i], kinds[i] = text, kind
			}
		}
		m.packTables([]packTable{{file: "x.xlsx[Facts]", kind: draft.FactTable, records: []record{{1, header}, {2, row}}, kinds: [][]xlsx.Kind{make([]xlsx.Kind, len(header)), kinds}}})
		r := m.result()
		var b bytes.Buffer
		for _, p := range r.Packs {
			b.Write(p.Files()["facts.yaml"])
		}
		return b.String(), strings.TrimSpace(told(r))
	}
	for _, c := range []struct {
		kind               xlsx.Kind
		column, text, want string
	}{
		{xlsx.Date, "date", "1931-05", `edtf: "1931-05"`},
		{xlsx.Number, "date", "1931", `edtf: "1931"`},
		{xlsx.Date, "reviewed", "2026-01-05", `reviewed: "2026-01-05"`},
		{xlsx.Number, "answer", "64", `answer: "64"`},
		{xlsx.Date, "answer", "2026-12-15", "x.xlsx[Facts]:2:4: answer: the spreadsheet has made a date of what was typed here (2026-12-15); give the cell the format Text and type it again"},
		{xlsx.Time, "date", "12:00:00", "x.xlsx[Facts]:2:5: date: the spreadsheet has made a date of what was typed here"},
		{xlsx.Broken, "detail", "#REF!", `x.xlsx[Facts]:2:7: detail: the cell holds the error "#REF!"`},
		{xlsx.Broken, "detail", "=A1", `x.xlsx[Facts]:2:7: detail: the cell holds the formula "=A1", whose value was not saved`},
	} {
		if files, said := table(c.kind, c.column, c.text); !strings.Contains(files+said, c.want) {
			t.Errorf("%s %q: %s%s, want %s", c.column, c.text, files, said, c.want)
		}
	}
}

// A workbook that is no pack of ours is read sheet by sheet.
func TestForeignWorkbook(t *testing.T) {
	var b bytes.Buffer
	if err := xlsx.Write(&b, []xlsx.Table{
		{Name: "Rome", Rows: [][]string{{"Question", "Answer", "Topic"}, {"Who burnt Rome?", "Nero", "fire"}, {"", "x", ""}}},
		{Name: "To do", Rows: [][]string{{"call Ann"}}},
		{Name: "Athens", Rows: [][]string{{"Who was wise?", "Socrates"}, {"Term", "Definition"}, {"Plato", "a philosopher"}}},
	}); err != nil {
		t.Fatal(err)
	}
	p, r := imported(t, "", "faq.xlsx", b.String())
	if p == nil || facts(p) != `burnt-rome [fire, imported] Who burnt Rome? => Nero {Imported from faq.xlsx[Rome], line 2.}
plato [imported] Plato => a philosopher {Imported from faq.xlsx[Athens], line 3.}
` {
		t.Errorf("%s", facts(p))
	}
	if said := told(r); !strings.Contains(said, "faq.xlsx[Rome]:3:1: there is no question\n") || !strings.Contains(said, "faq.xlsx[To do]:1:1: warning: no columns of this sheet are called question and answer") ||
		len(r.Missing) != 2 || !strings.HasSuffix(r.Missing[1], "faq.xlsx[To do] was not read") {
		t.Errorf("%s%q", said, r.Missing)
	}
}

// What one cell cannot hold goes on in further columns, and comes back.
func TestLongCells(t *testing.T) {
	d := draft.Pack{Head: draft.Object{{Key: "schema", Value: knowledge.SchemaVersion}, {Key: "id", Value: "long"}, {Key: "title", Value: "Long"}, {Key: "version", Value: "1.0.0"}}}
	fact := draft.Object{{Key: "id", Value: "a"}, {Key: "status", Value: "citation-needed"}, {Key: "answer", Value: "x"}}
	var questions []any
	for i := range knowledge.MaxQuestions {
		questions = append(questions, strings.Repeat("why ", 70)+string(rune('a'+i%26))+string(rune('a'+i/26)))
	}
	d.Facts = []draft.Object{append(fact, draft.Member{Key: "questions", Value: questions})}
	p, problems := d.Load("")
	if p == nil {
		t.Fatal(problems)
	}
	for format, data := range spreadsheets(t, p) {
		back := throughSpreadsheet(t, filepath.Join(t.TempDir(), "long."+format), data)
		if want, got := content(p, true), content(back, true); want != got {
			t.Errorf("%s differs: %s", format, firstDifference(want, got))
		}
	}
}
