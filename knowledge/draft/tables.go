package draft

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"footnote/knowledge/csl"
	"footnote/knowledge/splice"
)

// A pack as tables, for people who edit it in a spreadsheet: a row is a fact, a
// source, a line of pack.yaml, a question without an answer, a question of the
// examination. The name of a column is the way to what stands in it: "cites 1
// locator value" is the value of the locator of the first citation. Several texts
// that belong together stand in one cell, one a line. Nothing is lost: package
// importer makes the same pack of the tables.

// A Table is a list of rows, of which the first names the columns.
type Table struct {
	Kind string
	Rows [][]string
}

// The kinds of tables. In one file of CSV the kind of each row stands in its first
// column; a row without one is a fact.
const (
	FactTable       = "fact"
	SourceTable     = "source"
	PackTable       = "pack"
	UnansweredTable = "unanswered"
	EvalTable       = "eval"
)

// Kinds returns the kinds of tables in their order.
func Kinds() []string {
	return []string{FactTable, SourceTable, PackTable, UnansweredTable, EvalTable}
}

// maxCell is how many UTF-16 units are put into one cell; what is longer goes on in
// further columns. Spreadsheets cut what is longer than 32,767 without a word.
const maxCell = 30_000

// Continued is the mark of a column in which a text goes on, with its number.
const Continued = "continued"

// Tables returns the pack as one table of each kind.
func (p Pack) Tables() []Table {
	langs := languagesOf(p.Head)
	t := []*tableMaker{{}, {}, {}, {}, {}}
	for _, f := range p.Facts {
		t[0].row(factCells(f, langs))
	}
	t[0].first([]string{"id", "status", "topics", "questions", "answer", "detail", "according-to", "cites 1 source", "cites 1 locator value", "cites 1 locator label",
		"cites 1 quote", "dates 1 edtf", "dates 1 label", "people", "keywords", "related", "reviewed"}, []string{"positions", "cites", "dates"})
	for _, s := range p.Sources {
		t[1].row(sourceCells(s))
	}
	t[1].first([]string{"id", "type", "author", "title", "container-title", "publisher-place", "publisher", "issued"}, nil)
	for _, c := range flatten(nil, p.Head, langs) {
		t[2].row([]cell{{"label", c.name}, {"value", c.text}})
	}
	for _, q := range p.Unanswered {
		t[3].row([]cell{{"question", q}})
	}
	t[3].first([]string{"question"}, nil)
	find, _ := p.Eval.Get("find").(Object)
	for _, m := range find {
		for _, q := range find.List(m.Key) {
			t[4].row([]cell{{"question", fmt.Sprint(q)}, {"fact", m.Key}})
		}
	}
	decline, _ := p.Eval.Get("decline").(Object)
	for _, m := range decline {
		for _, q := range decline.List(m.Key) {
			t[4].row([]cell{{"question", fmt.Sprint(q)}, {"decline", m.Key}})
		}
	}
	t[4].first([]string{"question", "fact", "decline"}, nil)
	var out []Table
	for i, kind := range Kinds() {
		out = append(out, Table{kind, t[i].table()})
	}
	return out
}

// languagesOf returns the languages that pack.yaml names.
func languagesOf(head Object) []string {
	var out []string
	for _, l := range head.List("languages") {
		out = append(out, fmt.Sprint(l))
	}
	if len(out) == 0 {
		return []string{"en"}
	}
	return out
}

// A cell is a text with the name of its column.
type cell struct{ name, text string }

// flatten returns what stands in a value, each text with the way to it. A text in
// the main language alone needs no language in its name.
func flatten(path []string, v any, langs []string) []cell {
	step := func(key string) []string { return append(slices.Clone(path), key) }
	switch v := v.(type) {
	case Object:
		var out []cell
		for _, m := range v {
			if m.Key == langs[0] && len(path) > 0 && isByLanguage(v, langs) {
				out = append(out, flatten(path, m.Value, langs)...)
			} else {
				out = append(out, flatten(step(m.Key), m.Value, langs)...)
			}
		}
		return out
	case []any:
		if texts, ok := allTexts(v); ok {
			return []cell{{strings.Join(path, " "), JoinLines(texts)}}
		}
		var out []cell
		for i, x := range v {
			if s, ok := x.(string); ok { // a name beside others that are written in several ways
				x = JoinLines([]string{s})
			}
			out = append(out, flatten(step(strconv.Itoa(i+1)), x, langs)...)
		}
		return out
	}
	return []cell{{strings.Join(path, " "), fmt.Sprint(v)}}
}

// isByLanguage reports whether o is a text, or a list, by language.
func isByLanguage(o Object, langs []string) bool {
	for _, m := range o {
		if !slices.Contains(langs, m.Key) {
			return false
		}
	}
	return len(o) > 0
}

func allTexts(list []any) ([]string, bool) {
	var out []string
	for _, x := range list {
		s, ok := x.(string)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

// factCells is flatten of a fact; which language its questions begin with, if not
// with the main one, has a column of its own.
func factCells(f Object, langs []string) []cell {
	out := flatten(nil, f, langs)
	for i, c := range out {
		switch parts := strings.Split(c.name, " "); {
		case len(parts) > 3 && slices.Equal(parts[2:], []string{"quote", "text"}), len(parts) > 5 && slices.Equal(parts[4:], []string{"quote", "text"}):
			out[i].name = strings.TrimSuffix(c.name, " text")
		}
	}
	if q, ok := f.Get("questions").(Object); ok {
		var order []string
		for _, m := range q {
			order = append(order, m.Key)
		}
		sorted := slices.Clone(order)
		slices.SortStableFunc(sorted, func(a, b string) int { return slices.Index(langs, a) - slices.Index(langs, b) })
		if !slices.Equal(order, sorted) {
			out = append(out, cell{"languages", JoinLines(order)})
		}
	}
	return out
}

// ownColumn is the name of a field that CSL does not know, if it can be that of a
// column.
var ownColumn = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// sourceCells returns what stands in a source: names one a line, what CSL does not
// know under its own name, and what is no text as JSON under "other".
func sourceCells(s Object) []cell {
	var out []cell
	var odd Object
	for _, m := range s {
		text, isText := m.Value.(string)
		own, isOwn := m.Value.(Object)
		switch {
		case slices.Contains(csl.NameVariables(), m.Key):
			var names []string
			for _, n := range s.List(m.Key) {
				names = append(names, NameCell(n))
			}
			out = append(out, cell{m.Key, JoinLines(names)})
		case isText && (m.Key == "id" || KnownSourceColumn(m.Key) == m.Key || KnownSourceColumn(m.Key) == "" && ownColumn.MatchString(m.Key)):
			out = append(out, cell{m.Key, text})
		case isOwn && m.Key == "custom" && plainObject(own):
			for _, c := range own {
				out = append(out, cell{"custom " + c.Key, fmt.Sprint(c.Value)})
			}
		default:
			odd = append(odd, m)
		}
	}
	if len(odd) > 0 {
		raw, err := splice.JSONText(odd)
		if err != nil { // an Object holds nothing that JSON has not
			panic(err)
		}
		out = append(out, cell{"other", string(raw)})
	}
	return out
}

// plainObject reports whether o holds nothing but texts under names that columns can have.
func plainObject(o Object) bool {
	for _, m := range o {
		if _, ok := m.Value.(string); !ok || !ownColumn.MatchString(m.Key) {
			return false
		}
	}
	return true
}

// KnownSourceColumn returns the variable of CSL that a column means, whatever its
// capitals, or "". Columns with a meaning of their own are known too.
func KnownSourceColumn(name string) string {
	for _, known := range [][]string{{"id", "type", "other", "custom", "kind"}, csl.TextVariables(), csl.DateVariables(), csl.NameVariables()} {
		for _, k := range known {
			if strings.EqualFold(k, name) {
				return k
			}
		}
	}
	return ""
}

// NameCell writes a name as people write it in a list, "Archer, Robert", and a body
// in brackets; what has more parts, as JSON.
func NameCell(n any) string {
	o, ok := n.(Object)
	if !ok {
		return "[" + fmt.Sprint(n) + "]"
	}
	family, given, literal := o.Text("family"), o.Text("given"), o.Text("literal")
	var s string
	switch {
	case len(o) == 1 && literal != "":
		s = "[" + literal + "]"
	case len(o) == 2 && family != "" && given != "":
		s = family + ", " + given
	case len(o) == 1 && family != "":
		s = family
	}
	if back, err := ParseName(s); err == nil && s != "" && sameJSON(back, o) {
		return s
	}
	raw, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

// ParseName reads a name as [NameCell] writes it. Words without a comma may be a
// person or a body, so they are an error.
func ParseName(s string) (Object, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "{") {
		return ParseObject([]byte(s))
	}
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") && len(s) > 2 {
		return Object{{Key: "literal", Value: strings.TrimSpace(s[1 : len(s)-1])}}, nil
	}
	family, given, comma := strings.Cut(s, ",")
	family, given = strings.TrimSpace(family), strings.TrimSpace(given)
	switch {
	case !comma && len(strings.Fields(s)) > 1:
		words := strings.Fields(s)
		last := words[len(words)-1]
		return nil, fmt.Errorf("%q may be a person or a body; write a person as %q and a body as %q", s, last+", "+strings.Join(words[:len(words)-1], " "), "["+s+"]")
	case family == "" || strings.Contains(given, ",") || strings.ContainsAny(s, "{}[]"):
		return nil, fmt.Errorf("%q is no name; write for example \"Archer, Robert\", one name a line", s)
	case given == "":
		return Object{{Key: "family", Value: family}}, nil
	}
	return Object{{Key: "family", Value: family}, {Key: "given", Value: given}}, nil
}

// JoinLines writes texts into one cell, one a line. A line break within a text is
// kept by a backslash before it.
func JoinLines(texts []string) string {
	var out []string
	for _, t := range texts {
		lines := strings.Split(t, "\n")
		for i, l := range lines {
			slashes := l[len(strings.TrimRight(l, `\`)):]
			lines[i] = l + slashes // doubled, so that only an odd number means that the text goes on
			if i < len(lines)-1 {
				lines[i] += `\`
			}
		}
		out = append(out, strings.Join(lines, "\n"))
	}
	return strings.Join(out, "\n")
}

// SplitLines undoes [JoinLines]; empty lines are left out.
func SplitLines(s string) []string {
	var out []string
	var open []string
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		bare := strings.TrimRight(line, `\`)
		n := len(line) - len(bare)
		open = append(open, bare+strings.Repeat(`\`, n/2))
		if n%2 == 1 {
			continue
		}
		if t := strings.Join(open, "\n"); strings.TrimSpace(t) != "" {
			out = append(out, t)
		}
		open = nil
	}
	if t := strings.Join(open, "\n"); strings.TrimSpace(t) != "" {
		out = append(out, t)
	}
	return out
}

// A tableMaker gathers rows whose columns come to light one by one.
type tableMaker struct {
	names []string
	at    map[string]int
	rows  [][]string
}

func (t *tableMaker) column(name string) int {
	if t.at == nil {
		t.at = map[string]int{}
	}
	i, ok := t.at[name]
	if !ok {
		i = len(t.names)
		t.at[name] = i
		t.names = append(t.names, name)
	}
	return i
}

// row adds a row. A text that is too long for a cell goes on in further columns.
func (t *tableMaker) row(cells []cell) {
	var row []string
	for _, c := range cells {
		for part, name := 2, c.name; ; part++ {
			head, rest := cutCell(c.text)
			at := t.column(name)
			for len(row) <= at {
				row = append(row, "")
			}
			row[at] = head
			if rest == "" {
				break
			}
			c.text, name = rest, fmt.Sprintf("%s %s %d", c.name, Continued, part)
		}
	}
	t.rows = append(t.rows, row)
}

// cutCell cuts off what one cell holds.
func cutCell(s string) (head, rest string) {
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > maxCell {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// first puts these columns before all others, whether they hold something or not,
// and the columns of the groups last, in the order of their names.
func (t *tableMaker) first(names, groups []string) {
	rank := func(name string) int {
		if i := slices.Index(names, name); i >= 0 {
			return i
		}
		head, _, _ := strings.Cut(name, " ")
		if i := slices.Index(groups, head); i >= 0 {
			return 1000 + i
		}
		for i, n := range names { // "answer ru" beside "answer"
			if head == n {
				return i
			}
		}
		return 500
	}
	for _, n := range names {
		t.column(n)
	}
	order := slices.Clone(t.names)
	slices.SortStableFunc(order, func(a, b string) int { return rank(a) - rank(b) })
	for i, row := range t.rows {
		moved := make([]string, len(order))
		for j, name := range order {
			if at := t.at[name]; at < len(row) {
				moved[j] = row[at]
			}
		}
		t.rows[i] = moved
	}
	t.names = order
}

// table returns the rows, as long as each other, with the names above them.
func (t *tableMaker) table() [][]string {
	out := [][]string{t.names}
	for _, r := range t.rows {
		out = append(out, append(slices.Clone(r), make([]string, len(t.names)-len(r))...))
	}
	return out
}

// OneTable returns the tables as one, with the kind of each row in the first column
// and the columns of all but facts named after their kind.
func OneTable(tables []Table) [][]string {
	var t tableMaker
	for _, x := range tables {
		for _, name := range x.Rows[0] {
			t.column(oneName(x.Kind, name))
		}
	}
	for _, x := range tables {
		for _, r := range x.Rows[1:] {
			row := make([]string, len(t.names))
			for i, s := range r {
				row[t.at[oneName(x.Kind, x.Rows[0][i])]] = s
			}
			t.rows = append(t.rows, append([]string{x.Kind}, row...))
		}
	}
	t.names = append([]string{"kind"}, t.names...)
	return t.table()
}

func oneName(kind, name string) string {
	if kind == FactTable || name == "id" {
		return name
	}
	return kind + " " + name
}

// risky is what a spreadsheet would run as a formula, or make a number, a date or a
// truth value of that reads otherwise when it is saved.
var risky = regexp.MustCompile(`^(?:\s*[=+\-@\t\r＝＋－＠]|` +
	`[0-9][0-9 .,:/\-]*$|` + // 12-15, 1956-02, 1.10
	`[0-9][0-9 .:/\-]*\p{L}{1,12}\.?[ .,/\-]*[0-9]*$|` + // 29 May 1956, 1e5, 12:30 pm
	`\p{L}{3,12}\.?[ .,/\-]+[0-9][0-9 ,]*$|` + // May 29, 1956
	`(?i:true|false|wahr|falsch|vrai|faux)$)`)

// number is a number that every spreadsheet writes as it read it.
var number = regexp.MustCompile(`^(?:0|[1-9][0-9]{0,13})$`)

// formula is what a spreadsheet would run.
var formula = regexp.MustCompile(`^\s*[=+\-@\t\r＝＋－＠]`)

// Harmless returns what a cell of CSV must hold so that a spreadsheet shows the
// text as it is: an apostrophe before it, where that is needed. Some take the first
// apostrophe for a sign of their own and leave it out, so one that belongs to the
// text is written twice. [Unharmed] takes it away again.
func Harmless(s string) string {
	if strings.HasPrefix(s, "'") || risky.MatchString(s) && !number.MatchString(s) {
		return "'" + s
	}
	return s
}

// NoFormula is [Harmless] for cells that are marked as texts and may be saved as
// CSV by somebody later.
func NoFormula(s string) string {
	if formula.MatchString(s) || strings.HasPrefix(s, "'") && Unharmed(s) != s {
		return "'" + s
	}
	return s
}

// Unharmed undoes [Harmless] and [NoFormula]. The apostrophe may be gone already.
func Unharmed(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && (strings.HasPrefix(rest, "'") || risky.MatchString(rest)) {
		return rest
	}
	return s
}

// SheetName returns the name of the sheet of a kind.
func SheetName(kind string) string {
	return map[string]string{FactTable: "Facts", SourceTable: "Sources", PackTable: "Pack", UnansweredTable: "Unanswered", EvalTable: "Eval"}[kind]
}
