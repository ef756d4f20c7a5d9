package importer

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/draft"
	"footnote/knowledge/strictyaml"
	"footnote/knowledge/xlsx"
)

// Tables of a pack, as package draft writes them and as people write and change
// them: columns in any order, rows without id, rows and columns that mean nothing
// to us. What stands in a cell is taken as it stands.

// A packTable is a table of a pack.
type packTable struct {
	file    string // as problems name it
	kind    string // "" if the rows say it, and those that do not are facts
	records []record
	kinds   [][]xlsx.Kind // of the cells of a workbook, by record
}

// A packRow is a row of such a table.
type packRow struct {
	file  string
	line  int
	kind  string
	cells []packCell
}

// A packCell is a text with its column.
type packCell struct {
	name   string
	column int // from 1
	text   string
	kind   xlsx.Kind
}

var statuses = []knowledge.Status{knowledge.Established, knowledge.Attributed, knowledge.Disputed, knowledge.CitationNeeded, knowledge.Retracted}

// packHeader finds the header of a table of facts: it has questions and answers,
// and something that only facts have.
func packHeader(records []record) (at int, ok bool) {
	for i, r := range records[:min(len(records), maxTitle)] {
		own := map[string]int{}
		for j, f := range r.fields {
			p := columnPath(f)
			if len(p) > 0 {
				own[p[0]] = j + 1
			}
			if strings.EqualFold(clean(f), "kind") {
				own["kind"] = j + 1
			}
		}
		if own["questions"] == 0 || own["answer"] == 0 {
			continue
		}
		if own["kind"] > 0 || own["cites"] > 0 && own["status"] > 0 || own["positions"] > 0 {
			return i, true
		}
		if j := own["status"] - 1; j >= 0 {
			for _, row := range records[i+1:] {
				if j < len(row.fields) && slices.Contains(statuses, knowledge.Status(strings.ToLower(clean(row.fields[j])))) {
					return i, true
				}
			}
		}
	}
	return 0, false
}

var (
	pathMarks = strings.NewReplacer("[", " ", "]", " ", "(", " ", ")", " ", ".", " ", ":", " ", "/", " ", "_", "-")
	numbered  = regexp.MustCompile(`^([a-z]+)([0-9]+)$`)
	// otherNames are names that people give to what a fact has.
	otherNames = map[string]string{
		"cite": "cites", "citation": "cites", "citations": "cites", "position": "positions", "date": "dates", "question": "questions", "phrasing": "questions",
		"phrasings": "questions", "topic": "topics", "keyword": "keywords", "person": "people", "details": "detail", "answers": "answer",
		"source": "cites 1 source", "page": "cites 1 locator", "locator": "cites 1 locator", "quote": "cites 1 quote", "edtf": "dates 1 edtf",
	}
	// listed are those of whose entries each has columns of its own, with what stands
	// in a column that names the entry alone.
	listed = map[string]string{"cites": "source", "positions": "claim", "dates": "edtf"}
)

// columnPath returns the way to what a column of facts holds, or nil if it is none:
// "Cite 2 page" is cites, 2, locator, value.
func columnPath(name string) []string {
	s := strings.ToLower(pathMarks.Replace(clean(name)))
	s = strings.ReplaceAll(s, "according to", "according-to")
	parts := strings.Fields(s)
	if len(parts) == 0 {
		return nil
	}
	if n := numbered.FindStringSubmatch(parts[0]); n != nil { // question2
		parts = append([]string{n[1], n[2]}, parts[1:]...)
	}
	if other := otherNames[parts[0]]; other != "" {
		parts = append(strings.Fields(other), parts[1:]...)
	}
	if !slices.Contains(knowledge.FactKeys(), parts[0]) && parts[0] != "languages" {
		return nil
	}
	var out []string
	for i, p := range parts {
		if i > 0 && otherNames[p] == "cites" {
			p = "cites"
		}
		if p == "page" && i > 0 {
			p = "locator"
		}
		out = append(out, p)
		rest := parts[i+1:]
		if whole := listed[p]; whole != "" && (i == 0 || p == "cites") {
			if len(rest) == 0 || !isNumber(rest[0]) {
				out = append(out, "1")
			}
			if len(rest) == 0 || len(rest) == 1 && isNumber(rest[0]) {
				return append(append(out, rest...), whole)
			}
		}
	}
	if out[len(out)-1] == "locator" {
		out = append(out, "value")
	}
	return out
}

func isNumber(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n > 0
}

// packRows returns the rows of a table with the names of their columns.
func (m *maker) packRows(t packTable) []packRow {
	header := t.records[0]
	var out []packRow
	unnamed := map[int]bool{}
	for i, r := range t.records[1:] {
		row := packRow{file: t.file, line: r.line, kind: t.kind}
		for j, f := range r.fields {
			text := strings.ReplaceAll(draft.Unharmed(f), "\r\n", "\n")
			c := packCell{column: j + 1, text: text}
			if t.kinds != nil {
				c.kind = t.kinds[i+1][j]
			}
			if j < len(header.fields) {
				c.name = clean(header.fields[j])
			}
			if clean(text) == "" && (text == "" || !strings.HasSuffix(c.name, "question")) { // an examination may ask nothing
				continue
			}
			switch {
			case c.name == "":
				if !unnamed[j] {
					unnamed[j] = true
					m.cut++
					m.rep.Add(knowledge.Problem{Severity: knowledge.Warning, File: t.file, Line: r.line, Column: j + 1,
						Message: fmt.Sprintf("the column %s has no name in line %d, so what stands in it was left out", xlsx.ColumnName(j), header.line)})
				}
			case strings.EqualFold(c.name, "kind") && t.kind == "":
				row.kind = strings.ToLower(clean(text))
			default:
				row.cells = append(row.cells, c)
			}
		}
		if row.kind == "" {
			row.kind = draft.FactTable
		}
		if len(row.cells) > 0 {
			out = append(out, joined(row))
		}
	}
	return out
}

var continued = regexp.MustCompile(`^(.*) ` + draft.Continued + ` [0-9]+$`)

// joined puts texts together that go on in further columns, and takes the kind out
// of the names of the columns.
func joined(row packRow) packRow {
	var cells, more []packCell
	for _, c := range row.cells {
		if row.kind != draft.FactTable {
			c.name = strings.TrimPrefix(c.name, row.kind+" ")
		}
		if continued.MatchString(c.name) {
			more = append(more, c)
		} else {
			cells = append(cells, c)
		}
	}
	slices.SortStableFunc(more, func(a, b packCell) int { // "… 10" comes after "… 9"
		return cmp.Or(cmp.Compare(len(a.name), len(b.name)), cmp.Compare(a.name, b.name))
	})
	for _, c := range more {
		name := continued.FindStringSubmatch(c.name)[1]
		if at := slices.IndexFunc(cells, func(x packCell) bool { return x.name == name }); at >= 0 {
			cells[at].text += c.text
		}
	}
	row.cells = cells
	return row
}

// badCell reports what is wrong with a cell.
func (m *maker) badCell(row packRow, c packCell, format string, args ...any) {
	m.file = row.file
	m.badAt(row.line, max(c.column, 1), c.name, fmt.Sprintf(format, args...))
}

// get returns the cell of a column by its name.
func (r packRow) get(name string) packCell {
	for _, c := range r.cells {
		if strings.EqualFold(c.name, name) {
			return c
		}
	}
	return packCell{name: name}
}

// packTables reads the tables of one pack.
func (m *maker) packTables(tables []packTable) {
	rows := map[string][]packRow{}
	for _, t := range tables {
		m.unread(t)
		for _, r := range m.packRows(t) {
			if !slices.Contains(draft.Kinds(), r.kind) {
				m.file = r.file
				m.badAt(r.line, 1, "kind", fmt.Sprintf("%s is no kind of row; one of %s", strictyaml.Quote(r.kind), strings.Join(draft.Kinds(), ", ")))
				continue
			}
			rows[r.kind] = append(rows[r.kind], r)
		}
	}
	p := m.packHead(rows[draft.PackTable])
	if p == nil {
		m.lacks("nothing was read beside what the pack is")
		return
	}
	for _, r := range rows[draft.SourceTable] {
		m.packSource(p, r)
	}
	m.packFacts(p, rows[draft.FactTable])
	for _, r := range rows[draft.UnansweredTable] {
		m.packUnanswered(p, r)
	}
	m.packEval(p, rows[draft.EvalTable])
}

// unread names the columns of a table of facts that are not read.
func (m *maker) unread(t packTable) {
	if t.kind != "" && t.kind != draft.FactTable {
		return
	}
	var names []string
	for _, f := range t.records[0].fields {
		name := clean(f)
		kind, _, _ := strings.Cut(name, " ")
		if name == "" || columnPath(name) != nil || strings.EqualFold(name, "kind") || t.kind == "" && slices.Contains(draft.Kinds(), kind) {
			continue
		}
		hint := ""
		if s := strictyaml.Suggest(strings.ToLower(name), knowledge.FactKeys()); s != "" {
			hint = " (did you mean " + s + "?)"
		}
		names = append(names, strictyaml.Quote(name)+hint)
	}
	if len(names) > 0 {
		m.file = t.file
		m.warn(t.records[0].line, "not read: the %s %s", columnsWord(len(names)), strings.Join(names, ", "))
	}
}

// packHead makes the pack of the lines of pack.yaml; nil if they do not load.
func (m *maker) packHead(rows []packRow) *packMaker {
	if len(rows) == 0 {
		return m.foreign()
	}
	langs := []string{m.Language}
	for _, r := range rows {
		if r.get("label").text == "languages" {
			langs = draft.SplitLines(r.get("value").text)
		}
	}
	var root tree
	at := map[string]packRow{}
	for _, r := range rows {
		label := strings.TrimSpace(r.get("label").text)
		if label == "" || r.get("value").text == "" {
			continue
		}
		at[label] = r
		root.put(strings.Fields(label), r.get("value").text)
	}
	head, _ := root.value(nil, langs).(draft.Object)
	trial := draft.Pack{Head: head, Facts: []draft.Object{trialFact}}
	if loaded, problems := trial.Load(""); loaded == nil {
		for _, x := range problems {
			if x.Severity != knowledge.Error {
				continue
			}
			r, name := rows[0], strings.ReplaceAll(pathMarks.Replace(x.Path), "  ", " ")
			for label, row := range at {
				if strings.HasPrefix(name, label) {
					r = row
				}
			}
			m.badCell(r, r.get("value"), "%s", strings.TrimPrefix(x.Path+": "+x.Message, ": "))
		}
		return nil
	}
	return m.newPack(head)
}

// trialFact lets a pack load for the sake of its other parts.
var trialFact = draft.Object{{Key: "id", Value: "trial"}, {Key: "status", Value: string(knowledge.CitationNeeded)}, {Key: "questions", Value: []any{"Trial?"}}, {Key: "answer", Value: "Trial."}}

// packSource reads a source.
func (m *maker) packSource(p *packMaker, r packRow) {
	var s, custom draft.Object
	for _, c := range r.cells {
		if c.kind == xlsx.Broken {
			m.badCell(r, c, "%s", broken(c.text))
			return
		}
		name := c.name
		if known := draft.KnownSourceColumn(name); known != "" {
			name = known
		}
		key, isCustom := strings.CutPrefix(name, "custom ")
		switch {
		case isCustom:
			custom = append(custom, draft.Member{Key: key, Value: c.text})
		case name == "other":
			o, err := draft.ParseObject([]byte(c.text))
			if err != nil {
				m.badCell(r, c, "%v", err)
				return
			}
			s = append(s, o...)
		case slices.Contains(csl.NameVariables(), name):
			var names []any
			for _, line := range draft.SplitLines(c.text) {
				n, err := draft.ParseName(line)
				if err != nil {
					m.badCell(r, c, "%v", err)
					return
				}
				names = append(names, n)
			}
			s = append(s, draft.Member{Key: name, Value: names})
		default:
			if slices.ContainsFunc(s, func(m draft.Member) bool { return m.Key == name }) {
				m.badCell(r, c, "two columns hold the %s of the source", name)
				return
			}
			s = append(s, draft.Member{Key: name, Value: strings.TrimSpace(c.text)})
		}
	}
	if len(custom) > 0 {
		s = append(s, draft.Member{Key: "custom", Value: custom})
	}
	id := s.Text("id")
	if _, taken := p.sources[id]; taken {
		m.badCell(r, r.get("id"), "the id %s is already taken by another source", strictyaml.Quote(id))
		return
	}
	trial := draft.Pack{Head: trialPack(p.draft.Head), Sources: []draft.Object{s}, Facts: []draft.Object{trialFact}}
	if loaded, problems := trial.Load(""); loaded == nil {
		for _, x := range problems {
			if x.Severity == knowledge.Error {
				_, path, _ := strings.Cut(x.Path, "].")
				m.badCell(r, r.get(pathMarks.Replace(path)), "%s", x.Message)
			}
		}
		return
	}
	p.sources[id] = s
	p.draft.Sources = append(p.draft.Sources, s)
}

// packFacts reads the facts; those without an id get one that is free.
func (m *maker) packFacts(p *packMaker, rows []packRow) {
	defer func() { m.locate = nil }()
	langs := p.languages()
	taken := map[string]int{}
	for _, r := range rows {
		taken[strings.TrimSpace(r.get("id").text)]++
	}
	for _, r := range rows {
		m.file = r.file
		if m.full(r.line) {
			return
		}
		at := map[string]packCell{}
		fact, ok := m.packFact(r, langs, at)
		if !ok {
			continue
		}
		if fact.Text("id") == "" {
			fact = append(draft.Object{{Key: "id", Value: unique(idOf(firstQuestion(fact)), taken)}}, fact...)
		}
		if fact.Text("status") == "" {
			if len(fact.List("cites"))+len(fact.List("positions")) > 0 {
				m.badCell(r, r.get("status"), "the status is missing beside the citations; write established, attributed, disputed or retracted")
				continue
			}
			fact = append(fact, draft.Member{Key: "status", Value: string(knowledge.CitationNeeded)})
		}
		slices.SortStableFunc(fact, func(a, b draft.Member) int {
			return slices.Index(knowledge.FactKeys(), a.Key) - slices.Index(knowledge.FactKeys(), b.Key)
		})
		m.locate = func(line int, x knowledge.Problem) {
			c := cellOf(x.Path, at)
			m.badCell(r, c, "%s", strings.ReplaceAll(x.Message, "in sources.yaml", "among the sources"))
		}
		m.ownFact(r.line, fact, draft.Object{{Key: "schema", Value: knowledge.SchemaVersion}, {Key: "id", Value: p.draft.ID()}})
	}
}

// languages returns the languages of the pack, the main one first.
func (p *packMaker) languages() []string {
	if l := texts(p.draft.Head.List("languages")); len(l) > 0 {
		return l
	}
	return []string{"en"}
}

func firstQuestion(fact draft.Object) string {
	q := fact.Get("questions")
	if o, ok := q.(draft.Object); ok && len(o) > 0 {
		q = o[0].Value
	}
	if l, ok := q.([]any); ok && len(l) > 0 {
		return fmt.Sprint(l[0])
	}
	return ""
}

// cellOf returns the cell in which a problem lies, by its path.
func cellOf(path string, at map[string]packCell) packCell {
	if strings.HasPrefix(path, "facts[") {
		_, path, _ = strings.Cut(path, "].")
	}
	parts := strings.Fields(strings.ToLower(pathMarks.Replace(path)))
	for n := len(parts); n > 0; n-- {
		name := strings.Join(parts[:n], " ")
		for _, suffix := range []string{"", " value", " text", " 1 source", " source"} {
			if c, ok := at[name+suffix]; ok {
				return c
			}
		}
	}
	return packCell{name: path}
}

// packFact makes an object of a row; at are its cells by the way to what they hold.
func (m *maker) packFact(r packRow, langs []string, at map[string]packCell) (draft.Object, bool) {
	var root tree
	var order []string
	for _, c := range r.cells {
		path := columnPath(c.name)
		if path == nil {
			continue
		}
		text := c.text
		isDate := path[len(path)-1] == "edtf" || path[0] == "reviewed" || path[0] == "positions" && path[len(path)-1] == "date"
		switch {
		case c.kind == xlsx.Broken:
			m.badCell(r, c, "%s", broken(text))
			return nil, false
		case c.kind == xlsx.Time, c.kind == xlsx.Date && !isDate:
			m.badCell(r, c, "the spreadsheet has made a date of what was typed here (%s); give the cell the format Text and type it again", text)
			return nil, false
		}
		if isDate || path[0] == "id" || path[0] == "status" || slices.Contains(path, "locator") && path[len(path)-1] == "label" {
			text = withoutQuotes(text)
		}
		if path[0] == "status" {
			text = strings.ToLower(text)
		}
		if path[0] == "languages" {
			order = draft.SplitLines(text)
			continue
		}
		for i, part := range path { // tags of languages have capitals
			for _, l := range langs {
				if i > 0 && strings.EqualFold(part, l) {
					path[i] = l
				}
			}
		}
		if _, twice := at[strings.Join(path, " ")]; twice && !isWords(path) {
			m.badCell(r, c, "two columns hold the same: %s", strings.Join(path, " "))
			return nil, false
		}
		at[strings.Join(path, " ")] = c
		root.put(path, text)
	}
	fact, _ := root.value(nil, langs).(draft.Object)
	if q, ok := fact.Get("questions").(draft.Object); ok && len(order) > 0 {
		slices.SortStableFunc(q, func(a, b draft.Member) int {
			return cmp.Compare(slices.Index(order, a.Key), slices.Index(order, b.Key))
		})
	}
	for i := range fact {
		if s, ok := fact[i].Value.(string); ok {
			fact[i].Value = strings.TrimSpace(s)
		}
	}
	return fact, len(fact) > 0
}

// broken says what is wrong with a cell that holds no value.
func broken(text string) string {
	if strings.HasPrefix(text, "=") {
		return fmt.Sprintf("the cell holds the formula %s, whose value was not saved; open the file in a spreadsheet program and save it there", strictyaml.Quote(text))
	}
	return fmt.Sprintf("the cell holds the error %s", strictyaml.Quote(text))
}

// withoutQuotes takes off what word processors put round a word.
func withoutQuotes(s string) string { return strings.Trim(clean(s), "“”„‘’\"' ") }

// packUnanswered reads a question that no fact answers.
func (m *maker) packUnanswered(p *packMaker, r packRow) {
	c := r.get("question")
	q := strings.TrimSpace(c.text)
	same := knowledge.QuestionKey(q)
	switch {
	case q == "":
		m.badCell(r, c, "there is no question")
	case utf8.RuneCountInString(q) > knowledge.MaxUnanswered:
		m.badCell(r, c, "the question has %d characters; at most %d are allowed", utf8.RuneCountInString(q), knowledge.MaxUnanswered)
	case p.near[same]:
		m.badCell(r, c, "%s stands twice among what is unanswered", strictyaml.Quote(q))
	default:
		p.near[same] = true
		p.draft.Unanswered = append(p.draft.Unanswered, q)
	}
}

// packEval reads the examination.
func (m *maker) packEval(p *packMaker, rows []packRow) {
	var find, decline draft.Object
	add := func(o *draft.Object, key, q string) {
		if i := slices.IndexFunc(*o, func(m draft.Member) bool { return m.Key == key }); i >= 0 {
			(*o)[i].Value = append((*o)[i].Value.([]any), q)
			return
		}
		*o = append(*o, draft.Member{Key: key, Value: []any{q}})
	}
	for _, r := range rows {
		q, fact, kind := r.get("question"), withoutQuotes(r.get("fact").text), withoutQuotes(r.get("decline").text)
		var o draft.Object
		switch {
		case fact != "" && kind != "", fact == "" && kind == "":
			m.badCell(r, q, "a question of the examination finds a fact or is declined: fill in one of the columns fact and decline")
			continue
		case fact != "" && p.ids[fact] == 0:
			m.badCell(r, r.get("fact"), "there is no fact %s in this table", strictyaml.Quote(fact))
			continue
		case fact != "":
			add(&o, fact, q.text)
			o = draft.Object{{Key: "find", Value: o}}
		default:
			add(&o, kind, q.text)
			o = draft.Object{{Key: "decline", Value: o}}
		}
		trial := draft.Pack{Head: trialPack(p.draft.Head), Facts: []draft.Object{trialFact}, Eval: o}
		if fact != "" {
			trial.Facts = []draft.Object{append(draft.Object{{Key: "id", Value: fact}}, trialFact.Without("id")...)}
		}
		if loaded, problems := trial.Load(""); loaded == nil {
			for _, x := range problems {
				if x.Severity == knowledge.Error {
					m.badCell(r, q, "%s", x.Message)
				}
			}
			continue
		}
		if fact != "" {
			add(&find, fact, q.text)
		} else {
			add(&decline, kind, q.text)
		}
	}
	var o draft.Object
	if len(find) > 0 {
		o = append(o, draft.Member{Key: "find", Value: find})
	}
	if len(decline) > 0 {
		o = append(o, draft.Member{Key: "decline", Value: decline})
	}
	p.draft.Eval = o
}
