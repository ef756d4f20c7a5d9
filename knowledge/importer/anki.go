package importer

import (
	"regexp"
	"strconv"
	"strings"
)

// Anki's notes in plain text: lines such as "#separator:tab" say how the rest is to
// be read.

var (
	ankiSeparators = map[string]byte{"tab": '\t', "comma": ',', "semicolon": ';', "space": ' ', "pipe": '|', "colon": ':'}
	cloze          = regexp.MustCompile(`\{\{c[0-9]+::`)
)

// anki reads such a file. Its first two fields are the question and the answer,
// unless the file names them.
func (m *maker) anki(text string) {
	sep, line := byte('\t'), 1
	hidden := map[int]bool{} // columns with the kind of note, its deck and the like, from 1
	topics := map[int]bool{}
	var names []string
	for strings.HasPrefix(text, "#") {
		first, rest, _ := strings.Cut(text, "\n")
		key, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimRight(first, "\r"), "#"), ":")
		if !ok {
			break
		}
		key = strings.ToLower(strings.TrimSpace(key))
		switch column, err := strconv.Atoi(strings.TrimSpace(value)); {
		case key == "separator":
			v := strings.ToLower(strings.TrimSpace(value))
			if s, known := ankiSeparators[v]; known {
				sep = s
			} else if len(v) == 1 {
				sep = v[0]
			}
		case key == "columns":
			names = strings.Split(value, string(sep))
		case strings.HasSuffix(key, " column") && err == nil:
			if key == "tags column" || key == "deck column" {
				topics[column] = true
			} else {
				hidden[column] = true
			}
		}
		text, line = rest, line+1
	}
	records := m.records(text, sep, line)
	if len(records) == 0 {
		return
	}
	h := tableHeader{columns: ankiColumns(names, hidden, topics, records)}
	if len(having(h.columns, asAnswer)) == 0 {
		m.givenUp = true
		m.bad(records[0].line, "a note needs two fields, of which the first is the question and the second the answer")
		return
	}
	if !m.sound(h, records[0].line) {
		return
	}
	for i, r := range records {
		for j, f := range r.fields {
			records[i].fields[j] = sound.ReplaceAllString(f, "")
			if j < len(h.columns) && h.columns[j].role == asTopic {
				records[i].fields[j] = strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(f), "::", "/"), " ", ";")
			}
		}
	}
	kept := records[:0]
	for _, r := range records {
		if cloze.MatchString(strings.Join(r.fields, " ")) {
			m.bad(r.line, "a note with gaps ({{c1::…}}) is no question with an answer")
			continue
		}
		kept = append(kept, r)
	}
	m.rows(h, kept)
}

// ankiColumns returns what the fields of notes are.
func ankiColumns(names []string, hidden, topics map[int]bool, records []record) []column {
	n := len(names)
	for _, r := range records {
		n = max(n, len(r.fields))
	}
	out := make([]column, n)
	if named := columnsOf(names); len(having(named, asQuestion)) > 0 && len(having(named, asAnswer, asKey)) > 0 {
		copy(out, named)
		for i := range out {
			if out[i].role == asKey {
				out[i].role = asAnswer
			}
		}
	} else {
		roles := []string{asQuestion, asAnswer}
		for i := range out {
			out[i].name = "field " + strconv.Itoa(i+1)
			if i < len(names) {
				out[i].name = names[i]
			}
			if hidden[i+1] || topics[i+1] || len(roles) == 0 {
				continue
			}
			out[i].role, roles = roles[0], roles[1:]
		}
	}
	for i := range out {
		switch {
		case topics[i+1]:
			out[i].role = asTopic
		case hidden[i+1]:
			out[i] = column{}
		}
	}
	return out
}
