package importer

import (
	"errors"
	"strings"
)

// Tables as text: CSV and TSV. Package encoding/csv is not used: after a quotation
// mark that is never closed it loses the rest of the file, and here the rest is to
// be kept.

// maxField is the length of a field in bytes: a quotation mark that is not closed
// within it is a mistake.
const maxField = 128 << 10

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

// separators are what may stand between the fields of a table.
const separators = "\t;,|"

// comma returns what stands between the fields: what the first line that has any
// of them has most often, outside quotation marks.
func comma(text string) byte {
	for line := range strings.Lines(text[:min(len(text), maxField)]) {
		if strings.Contains(line, "\t") {
			return '\t'
		}
		var counts [len(separators)]int
		quoted := false
		for i := range len(line) {
			if line[i] == '"' {
				quoted = !quoted
			} else if at := strings.IndexByte(separators, line[i]); at >= 0 && !quoted {
				counts[at]++
			}
		}
		best := 2 // the comma
		for at, n := range counts {
			if n > counts[best] {
				best = at
			}
		}
		if counts[best] > 0 {
			return separators[best]
		}
	}
	return ','
}

// A record is one row of a table.
type record struct {
	line   int // or the number of the row
	fields []string
}

// blank reports whether nothing stands in the record.
func (r record) blank() bool {
	for _, f := range r.fields {
		if clean(f) != "" {
			return false
		}
	}
	return true
}

// records reads a table; what is wrong with single rows is reported. sep is what
// stands between the fields, 0 if nobody said.
func (m *maker) records(text string, sep byte, line int) []record {
	if sep == 0 {
		sep = comma(text)
	}
	r := tableReader{text: text, comma: sep, line: line}
	var out []record
	for !m.givenUp {
		fields, ok, err := r.next()
		if !ok {
			break
		}
		m.goodHere = len(out)
		if err != nil {
			m.bad(r.start, "%v", err)
			continue
		}
		if x := (record{r.start, fields}); !x.blank() {
			out = append(out, x)
		}
	}
	m.goodHere = 0
	return out
}

// csv reads a table as text. A first line such as sep=; tells Excel what stands
// between the fields.
func (m *maker) csv(data []byte) error {
	if isWorkbook(data) {
		return m.xlsx(data)
	}
	text, err := decode(data, m.Encoding)
	if err != nil {
		return err
	}
	line, sep := 1, byte(0)
	if first, rest, ok := strings.Cut(text, "\n"); ok {
		said := strings.Trim(strings.TrimSpace(first), `"`)
		if s, is := strings.CutPrefix(strings.ToLower(said), "sep="); is && len(s) == 1 || said == "sep=" {
			text, line, sep = rest, 2, '\t'
			if s != "" {
				sep = s[0]
			}
		}
	}
	m.table(m.records(text, sep, line))
	return nil
}
