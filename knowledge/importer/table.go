package importer

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// Tables: CSV with commas or semicolons, TSV, and QnA Maker's TSV with its
// header. Package encoding/csv is not used: after a quotation mark that is never
// closed it loses the rest of the file, and here the rest is to be kept.

// maxField is the length of a field in bytes: a quotation mark that is not closed
// within it is a mistake.
const maxField = 64 << 10

// errQuotes is one error for two mistakes, since a mark that is not closed finds
// the next one somewhere below.
var errQuotes = errors.New(`a quotation mark opens here that is not closed at the end of its field; write "" for a quotation mark inside a field`)

// tableReader reads the records of a table.
type tableReader struct {
	text  string
	comma byte
	line  int // of the next record
	start int // line at which the last record began
}

// next returns a record, or ok false at the end. After an error it goes on at
// the next line.
func (r *tableReader) next() (record []string, ok bool, err error) {
	for strings.HasPrefix(r.text, "\n") || strings.HasPrefix(r.text, "\r\n") {
		r.text = r.text[strings.IndexByte(r.text, '\n')+1:]
		r.line++
	}
	if r.text == "" {
		return nil, false, nil
	}
	r.start = r.line
	rest := r.text
	for {
		field, after, err := r.field(rest)
		if err != nil {
			r.skipLine()
			return nil, true, err
		}
		record = append(record, field)
		if after == "" || after[0] == '\n' {
			r.line += strings.Count(r.text[:len(r.text)-len(after)], "\n")
			r.text = after
			return record, true, nil
		}
		rest = after[1:] // the comma
	}
}

func (r *tableReader) skipLine() {
	i := strings.IndexByte(r.text, '\n')
	if i < 0 {
		i = len(r.text)
	}
	r.text = r.text[i:]
}

// field reads one field; after begins with the comma, the line's end, or is empty.
func (r *tableReader) field(s string) (field, after string, err error) {
	if strings.HasPrefix(s, `"`) {
		var b strings.Builder
		rest := s[1:]
		for {
			i := strings.IndexByte(rest[:min(len(rest), maxField)], '"')
			if i < 0 || b.Len()+i > maxField {
				break
			}
			b.WriteString(rest[:i])
			rest = rest[i+1:]
			if strings.HasPrefix(rest, `"`) {
				b.WriteByte('"')
				rest = rest[1:]
				continue
			}
			rest = strings.TrimPrefix(rest, "\r")
			if rest == "" || rest[0] == r.comma || rest[0] == '\n' {
				return b.String(), rest, nil
			}
			if r.comma == '\t' {
				return r.bare(s) // a word in quotation marks at the beginning of a sentence
			}
			return "", "", errQuotes
		}
		if r.comma == '\t' {
			return r.bare(s)
		}
		return "", "", errQuotes
	}
	return r.bare(s)
}

func (r *tableReader) bare(s string) (field, after string, err error) {
	i := strings.IndexAny(s, string([]byte{r.comma, '\n'}))
	if i < 0 {
		i = len(s)
	}
	return strings.TrimSuffix(s[:i], "\r"), s[i:], nil
}

// comma returns what stands between the fields, by the first line.
func comma(text string) byte {
	first, _, _ := strings.Cut(text, "\n")
	switch {
	case strings.Contains(first, "\t"):
		return '\t'
	case strings.Count(first, ";") > strings.Count(first, ","):
		return ';'
	}
	return ','
}

// columns gives the meaning of a column, by its name in lower case without spaces
// and signs.
var columns = map[string]string{
	"question": "question", "questions": "question", "q": "question", "phrasing": "question", "utterance": "question", "alternatives": "question",
	"alternatequestions": "question", "frage": "question", "вопрос": "question",
	"answer": "answer", "a": "answer", "response": "answer", "antwort": "answer", "ответ": "answer",
	"detail": "detail", "details": "detail", "explanation": "detail",
	"topic": "topic", "topics": "topic", "category": "topic", "tags": "topic", "tag": "topic",
	"keywords": "keywords", "keyword": "keywords", "metadata": "metadata", "people": "people",
	"source": "source", "url": "source", "reference": "source", "sourcedisplayname": "source", "citation": "source",
	"qnaid": "group", "qid": "group", "id": "group", "iscontextonly": "context",
}

var numbered = regexp.MustCompile(`^(question|q)[0-9]+$`)

// columnOf returns the meaning of a column, or "" if its name is not known.
func columnOf(name string) string {
	name = strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "", "\u00a0", "").Replace(clean(name)))
	if numbered.MatchString(name) {
		return "question"
	}
	return columns[name]
}

// table reads a table with a header, or one whose first columns are question and
// answer. Rows of one group (QnA Maker's QnaId) with one answer are phrasings of
// one fact.
func (m *maker) table(text, program string) {
	r := tableReader{text: text, comma: comma(text), line: 1}
	var header []string
	type group struct{ id, answer string }
	index := map[group]int{}
	var entries []entry
	for !m.givenUp && len(entries) <= MaxFacts {
		record, ok, err := r.next()
		if !ok {
			break
		}
		if err != nil {
			m.bad(r.start, "%v", err)
			continue
		}
		if header == nil {
			named := false
			if header, named = m.header(record, r.start, program); header == nil {
				return
			}
			if named {
				continue
			}
		}
		if len(record) == 1 && clean(record[0]) == "" {
			continue
		}
		x := rowOf(record, header, r.start, program)
		if len(record) > len(header) {
			m.warn(r.start, "the row has %d fields and the header %d; the rest was left out. A text that holds the separator must stand in quotation marks", len(record), len(header))
		}
		if x.contextOnly {
			m.bad(r.start, "the entry makes sense only after another answer (IsContextOnly), which facts do not")
			continue
		}
		key := group{x.group, x.answer}
		if at, dup := index[key]; dup && key.id != "" {
			first := &entries[at]
			first.questions = append(first.questions, x.questions...)
			first.keywords = append(first.keywords, x.keywords...)
			continue
		}
		if key.id != "" {
			index[key] = len(entries)
		}
		entries = append(entries, x.entry)
	}
	for _, e := range entries {
		m.add(e)
	}
}

// header returns the meaning of each column, by the first record of a table. named
// reports whether that record is a header. It is nil if the table cannot be used.
func (m *maker) header(record []string, line int, program string) (header []string, named bool) {
	for _, f := range record {
		header = append(header, columnOf(f))
	}
	switch {
	case slices.Contains(header, "question") && slices.Contains(header, "answer"):
		return header, true
	case program != "":
		m.givenUp = true
		m.bad(line, "the header is not %s's: its first line is Question, Answer, Source, Metadata …, with tabs between them. Use --format csv for other tables", program)
		return nil, false
	case len(record) < 2:
		m.givenUp = true
		m.bad(line, "the first line has one column; a table needs a question and an answer, with commas, semicolons or tabs between them")
		return nil, false
	}
	m.warn(line, "the first line names no columns called question and answer, so the first column is taken for the question and the second for the answer")
	return []string{"question", "answer"}, false
}

// A row is an entry with what only tables have.
type row struct {
	entry
	group       string // rows of one group may be phrasings of one fact
	contextOnly bool   // it makes sense only after another answer
}

// rowOf reads one record; fields beyond the header are left out.
func rowOf(record, header []string, line int, program string) row {
	x := row{entry: entry{line: line, origin: program}}
	for i, f := range record[:min(len(record), len(header))] {
		f = strings.TrimSpace(f)
		if f == "" {
			continue
		}
		switch header[i] {
		case "question":
			x.questions = append(x.questions, question{text: unescaped(f, program), line: line})
		case "answer":
			x.answer = unescaped(f, program)
		case "detail":
			x.detail = f
		case "topic":
			x.topics = append(x.topics, list(f)...)
		case "keywords":
			x.keywords = append(x.keywords, list(f)...)
		case "people":
			x.people = append(x.people, list(f)...)
		case "metadata":
			x.keywords = append(x.keywords, metadata(f)...)
		case "source":
			x.origin = strings.TrimPrefix(x.origin+", "+f, ", ")
		case "group":
			x.group = f
		case "context":
			x.contextOnly = strings.EqualFold(f, "true")
		}
	}
	return x
}

// unescaped undoes QnA Maker's \n, which stands for a line break in its tables.
func unescaped(s, program string) string {
	if program == "" {
		return s
	}
	return strings.NewReplacer(`\n`, "\n", `\t`, " ").Replace(s)
}

// list takes a cell apart that holds several words.
func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '|' || r == ',' })
}

// metadata reads QnA Maker's name:value pairs.
func metadata(s string) []string {
	var out []string
	for _, pair := range strings.Split(s, "|") {
		if _, v, ok := strings.Cut(pair, ":"); ok && strings.TrimSpace(v) != "" {
			out = append(out, v)
		}
	}
	return out
}
