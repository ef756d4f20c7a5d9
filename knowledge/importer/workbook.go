package importer

import (
	"fmt"
	"strings"

	"footnote/knowledge/draft"
	"footnote/knowledge/xlsx"
)

// maxWidth is how many columns of a sheet are read.
const maxWidth = 5000

// xlsx reads a workbook: a pack, if one of its sheets has the header of one, and
// else every sheet with questions and answers.
func (m *maker) xlsx(data []byte) error {
	if !isWorkbook(data) {
		_, err := decode(data, "")
		if err == nil {
			err = fmt.Errorf("this is no workbook of Excel; for a table as text use --format csv")
		}
		return err
	}
	sheets, err := xlsx.Read(data)
	if err != nil {
		return err
	}
	file := m.file
	var tables []packTable
	own := false
	for _, s := range sheets {
		t := sheetTable(s)
		t.file = file + "[" + s.Name + "]"
		if len(t.records) == 0 || s.Hidden {
			continue
		}
		if at, ok := packHeader(t.records); ok {
			own = true
			t.records, t.kinds = t.records[at:], t.kinds[at:]
			t.kind = draft.FactTable
		}
		for _, kind := range draft.Kinds() {
			if strings.EqualFold(strings.TrimSpace(s.Name), draft.SheetName(kind)) {
				t.kind = kind
			}
		}
		tables = append(tables, t)
	}
	if own {
		var known []packTable
		for _, t := range tables {
			if t.kind == "" {
				m.file = t.file
				m.warn(1, "this sheet is no part of a pack and is not read; its sheets are called Facts, Sources, Pack, Unanswered and Eval")
				continue
			}
			known = append(known, t)
		}
		m.packTables(known)
		return nil
	}
	for _, t := range tables {
		m.begin(t.file)
		m.foreignSheet(t, len(tables) > 1)
	}
	return nil
}

// foreignSheet reads a sheet with questions and answers. One among several may be
// something else.
func (m *maker) foreignSheet(t packTable, several bool) {
	if several && !hasQuestions(t.records) {
		m.warn(t.records[0].line, "no columns of this sheet are called question and answer, so it is not read")
		m.lacks("%s was not read", t.file)
		return
	}
	var sound []record
	for i, r := range t.records {
		ok := true
		for j, k := range t.kinds[i] {
			if k == xlsx.Broken {
				m.badAt(r.line, j+1, "", broken(r.fields[j]))
				ok = false
				break
			}
		}
		if ok {
			sound = append(sound, r)
		}
	}
	m.table(sound)
}

func hasQuestions(records []record) bool {
	for _, r := range records[:min(len(records), maxTitle)] {
		if c := columnsOf(r.fields); len(having(c, asQuestion)) > 0 && len(having(c, asAnswer, asKey)) > 0 {
			return true
		}
	}
	return false
}

// sheetTable returns a sheet as a table.
func sheetTable(s xlsx.Sheet) packTable {
	var t packTable
	for _, r := range s.Rows {
		width := 0
		for _, c := range r.Cells {
			if c.Column < maxWidth && clean(c.Text) != "" {
				width = c.Column + 1
			}
		}
		if width == 0 {
			continue
		}
		x, kinds := record{line: r.Number, fields: make([]string, width)}, make([]xlsx.Kind, width)
		for _, c := range r.Cells {
			if c.Column < width {
				x.fields[c.Column], kinds[c.Column] = c.Text, c.Kind
			}
		}
		t.records = append(t.records, x)
		t.kinds = append(t.kinds, kinds)
	}
	return t
}
