package importer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"footnote/knowledge/strictyaml"
)

// What a column of a foreign table holds.
const (
	asQuestion = "question"
	asAnswer   = "answer"
	asKey      = "key"    // the answer, or which of the options it is
	asOption   = "option" // one of the answers to choose from
	asWrong    = "wrong"  // answers that are wrong: known, and not read
	asDetail   = "detail"
	asTopic    = "topic"
	asKeywords = "keywords"
	asMetadata = "metadata"
	asPeople   = "people"
	asSource   = "source"
	asGroup    = "group" // rows of one group may be phrasings of one fact
	asContext  = "context"
)

// columnNames are the names by which columns are known, as folded returns them.
var columnNames = map[string]string{
	asQuestion: "question questions q phrasing utterance alternatives alternatequestions questiontext questiontitle front term clue prompt " +
		"frage fragen vorderseite begriff pregunta preguntas domanda pergunta pytanie otazka vraag fraga sporgsmal sporsmal kysymys kerdes intrebare soru ερωτηση " +
		"вопрос вопросы питання запитання 問題 问题 질문",
	asAnswer: "answer answers a response reply answertext back definition meaning " +
		"antwort antworten ruckseite reponse respuesta respuestas risposta resposta odpowiedz odpoved antwoord svar vastaus valasz raspuns cevap yanit απαντηση " +
		"ответ ответы відповідь відповіді 答え 答案 回答 답",
	asKey: "key correct correctanswer correctanswers correctoption correctchoice rightanswer right answerkey solution " +
		"richtig richtigeantwort losung bonnereponse respuestacorrecta rispostacorretta respostacorreta prawidlowaodpowiedz poprawnaodpowiedz spravnaodpoved правильныйответ правильнавідповідь",
	asWrong:    "incorrect incorrectanswer incorrectanswers wrong wronganswer wronganswers distractors choices options falscheantworten",
	asDetail:   "detail details explanation comment feedback note notes extra",
	asTopic:    "topic topics category categories tag tags subject deck kategorie categorie categoria kategoria тема категория",
	asKeywords: "keywords keyword",
	asMetadata: "metadata",
	asPeople:   "people",
	asSource:   "source sources url reference references sourcedisplayname citation quelle fuente fonte zrodlo zdroj источник",
	asGroup:    "qnaid qid id",
	asContext:  "iscontextonly",
}

// columnRoles is columnNames the other way round.
var columnRoles = func() map[string]string {
	out := map[string]string{}
	for role, names := range columnNames {
		for name := range strings.FieldsSeq(names) {
			out[folded(name)] = role
		}
	}
	return out
}()

var (
	moreQuestions = regexp.MustCompile(`^(question|q|frage|pregunta|вопрос)[0-9]+$`)
	// option is a column with one of the answers to choose from.
	option = regexp.MustCompile(`^(?:option|choice|answer|ans|opt|alternative|antwort|reponse|respuesta|risposta|resposta|ответ)?([a-h]|[1-9])$`)
	// wrongOption is a column with one wrong answer.
	wrongOption = regexp.MustCompile(`^(?:incorrect|wrong|distractor)(?:answer|option|choice)?[0-9a-h]?$`)
	// aside is what a template adds to the name of a column: "Answer 1 - max 75 characters".
	aside = regexp.MustCompile(`\s[-–—]\s.*$|[(\[].*?[)\]]|:.*$`)
)

// folded returns the name of a column in plain small letters and figures.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'ł' || r == 'Ł':
			return 'l'
		case r == 'ø' || r == 'Ø':
			return 'o'
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1 // marks too
	}, norm.NFKD.String(name))
}

// A column is what a header says of one.
type column struct {
	name  string // as it is written
	role  string // "" if it is not read
	label string // of an option: a–h or 1–9
}

// columnsOf returns the meaning of each column. A single letter, or a name with a
// number, is an option only where there is another one: "a" alone is the answer.
func columnsOf(fields []string) []column {
	out := make([]column, len(fields))
	options := 0
	for i, f := range fields {
		name := clean(f)
		key := folded(aside.ReplaceAllString(name, ""))
		c := column{name: name, role: columnRoles[key]}
		switch m := option.FindStringSubmatch(key); {
		case moreQuestions.MatchString(key):
			c.role = asQuestion
		case wrongOption.MatchString(key):
			c.role = asWrong
		case m != nil:
			c.label = m[1]
			options++
		}
		out[i] = c
	}
	for i := range out {
		switch c := &out[i]; {
		case c.label == "":
		case options > 1:
			c.role = asOption
		default:
			if c.role == "" && !unicode.IsDigit([]rune(c.name + " ")[0]) && len(c.name) > 1 {
				c.role = asAnswer // "Answer 1" without an "Answer 2"
			}
			c.label = ""
		}
	}
	return out
}

// having returns the names of the columns of these roles.
func having(columns []column, roles ...string) []string {
	var out []string
	for _, c := range columns {
		if slices.Contains(roles, c.role) {
			out = append(out, c.name)
		}
	}
	return out
}

// A tableHeader is what is known of the columns of a table.
type tableHeader struct {
	columns []column
	rows    int // how many records stand before the data
}

// maxTitle is how many records may stand above the header of a table: templates
// have a title and instructions there.
const maxTitle = 12

// header finds the names of the columns. It is an error that says what is missing
// if they are not understood: what a column holds is never guessed from its place,
// unless the first line is plainly a question and its answer.
func (m *maker) header(records []record) (tableHeader, bool) {
	if len(m.Columns) > 0 {
		h := tableHeader{columns: columnsOf(m.Columns)}
		if looksLikeNames(records[0].fields) {
			h.rows = 1
			m.warn(records[0].line, "this line is taken for the names of the columns, in place of which you gave %s", strings.Join(m.Columns, ", "))
		}
		if len(having(h.columns, asQuestion)) == 0 || len(having(h.columns, asAnswer, asKey)) == 0 {
			m.bad(records[0].line, "the columns %s name no question, or no answer", strings.Join(m.Columns, ", "))
			return h, false
		}
		return h, m.sound(h, records[0].line)
	}
	for i, r := range records[:min(len(records), maxTitle)] {
		columns := columnsOf(r.fields)
		if len(having(columns, asQuestion)) > 0 && len(having(columns, asAnswer, asKey)) > 0 {
			h := tableHeader{columns: columns, rows: i + 1}
			for _, above := range records[:i] {
				m.warn(above.line, "this line stands above the names of the columns (line %d) and is not read", r.line)
			}
			return h, m.sound(h, r.line)
		}
	}
	first := records[0]
	columns := columnsOf(first.fields)
	questions, answers, options := having(columns, asQuestion), having(columns, asAnswer, asKey), having(columns, asOption)
	names := strictyaml.Quote(strings.Join(first.fields, ", "))
	const remedy = "name the columns in the first line, for example question, answer, topic, source; or tell what they are: --columns question,answer"
	switch {
	case len(first.fields) < 2:
		m.bad(first.line, "the first line has one column; a table needs a question and an answer, with commas, semicolons or tabs between them")
	case len(questions) > 0 && len(options) > 0:
		m.bad(first.line, "this is a multiple-choice table, and no column says which answer is right; name that column Correct")
	case len(questions) > 0 && m.Format == "qnamaker":
		m.bad(first.line, "the header is not QnA Maker's: there is no column Answer beside %s", strictyaml.Quote(questions[0]))
	case len(questions) > 0:
		m.bad(first.line, "the first line names the question (%s), and no column is called answer; %s", strictyaml.Quote(questions[0]), remedy)
	case len(answers) > 0:
		m.bad(first.line, "the first line names the answer (%s), and no column is called question; %s", strictyaml.Quote(answers[0]), remedy)
	case m.Format == "qnamaker":
		m.bad(first.line, "the header is not QnA Maker's: its first line is Question, Answer, Source, Metadata …, with tabs between them. For other tables use --format csv")
	case len(first.fields) == 2 && !looksLikeNames(first.fields) || strings.HasSuffix(clean(first.fields[0]), "?"):
		m.warn(first.line, "the first line names no columns called question and answer, so the first column is taken for the question and the second for the answer")
		h := tableHeader{columns: []column{{name: "the first column", role: asQuestion}, {name: "the second column", role: asAnswer}}}
		for i := range first.fields[2:] {
			h.columns = append(h.columns, column{name: fmt.Sprintf("column %d", i+3)})
		}
		return h, m.sound(h, first.line)
	default:
		m.bad(first.line, "the first line (%s) names neither a question nor an answer; %s", names, remedy)
	}
	return tableHeader{}, false
}

// looksLikeNames reports whether fields may be the names of columns: a few words
// each, without a question or a figure.
func looksLikeNames(fields []string) bool {
	for _, f := range fields {
		f = clean(f)
		if len(strings.Fields(f)) > 3 || strings.ContainsAny(f, "?!.") || strings.ContainsFunc(f, unicode.IsDigit) {
			return false
		}
	}
	return true
}

// sound reports whether a header says clearly where the answer is, and tells which
// columns are not read.
func (m *maker) sound(h tableHeader, line int) bool {
	if a := having(h.columns, asAnswer, asKey); len(a) > 1 {
		m.bad(line, "the columns %s may each hold the answer; rename all but one of them", quotedList(a))
		return false
	}
	var unread []string
	for _, c := range h.columns {
		if c.role == "" && c.name != "" && c.name != "-" {
			unread = append(unread, c.name)
		}
	}
	if len(unread) > 0 && m.Format != "qnamaker" {
		m.warn(line, "not read: the %s %s", columnsWord(len(unread)), quotedList(unread))
	}
	return true
}

func columnsWord(n int) string {
	if n == 1 {
		return "column"
	}
	return "columns"
}

func quotedList(names []string) string {
	var out []string
	for i, n := range names {
		if i == 10 {
			out = append(out, fmt.Sprintf("%d more", len(names)-i))
			break
		}
		out = append(out, strictyaml.Quote(n))
	}
	return strings.Join(out, ", ")
}

// qnaMaker reads QnA Maker's table, or its knowledge base as JSON or as .qna.
func (m *maker) qnaMaker(text string) {
	switch start := strings.TrimSpace(text); {
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		m.json(text, qnaMakerJSON)
	case qnaStart.MatchString(start):
		m.qna(text)
	default:
		m.table(m.records(text, 0, 1))
	}
}

// table reads a table: of a pack, if its header is that of one, and else with a
// question and an answer in each row.
func (m *maker) table(records []record) {
	if len(records) == 0 {
		return
	}
	if at, ok := packHeader(records); ok && m.Format != "qnamaker" {
		m.packTables([]packTable{{file: m.file, kind: "", records: records[at:]}})
		return
	}
	h, ok := m.header(records)
	if !ok {
		m.givenUp = true
		return
	}
	m.rows(h, records[h.rows:])
}

// rows reads the data of a foreign table. Rows of one group (QnA Maker's QnaId)
// with one answer are phrasings of one fact.
func (m *maker) rows(h tableHeader, records []record) {
	origin := ""
	if m.Format == "qnamaker" {
		origin = "QnA Maker"
	}
	type group struct{ id, answer string }
	index := map[group]int{}
	var rows []row
	for _, r := range records {
		if m.givenUp {
			break
		}
		if c := columnsOf(r.fields); len(having(c, asQuestion)) > 0 && len(having(c, asAnswer, asKey)) > 0 {
			m.warn(r.line, "this line names the columns again and is not read")
			continue
		}
		x := rowOf(r, h.columns, origin)
		if len(r.fields) > len(h.columns) && slices.ContainsFunc(r.fields[len(h.columns):], func(s string) bool { return clean(s) != "" }) {
			m.cut++
			m.warn(r.line, "the row has %d fields and the header %d; the rest was left out. A text that holds the separator must stand in quotation marks", len(r.fields), len(h.columns))
		}
		if x.contextOnly {
			m.bad(r.line, "the entry makes sense only after another answer (IsContextOnly), which facts do not")
			continue
		}
		key := group{x.group, x.answer}
		if at, dup := index[key]; dup && key.id != "" {
			first := &rows[at]
			first.questions = append(first.questions, x.questions...)
			first.keywords = append(first.keywords, x.keywords...)
			continue
		}
		if key.id != "" {
			index[key] = len(rows)
		}
		rows = append(rows, x)
	}
	if len(having(h.columns, asKey, asAnswer)) > 0 && len(having(h.columns, asOption)) > 0 {
		rows = m.choose(rows)
	} else if len(having(h.columns, asKey)) > 0 && onlyLetters(rows) {
		m.bad(rows[0].line, "the answers are letters, and no columns hold what they stand for; call those A, B, C …")
		return
	}
	for _, x := range rows {
		m.add(x.entry)
	}
}

// A row is an entry with what only tables have.
type row struct {
	entry
	group       string // rows of one group may be phrasings of one fact
	contextOnly bool   // it makes sense only after another answer
	options     []choice
}

// rowOf reads one record; fields beyond the header are left out.
func rowOf(r record, columns []column, origin string) row {
	x := row{entry: entry{line: r.line, origin: origin}}
	for i, f := range r.fields[:min(len(r.fields), len(columns))] {
		f = strings.TrimSpace(f)
		if f == "" {
			continue
		}
		if origin != "" { // QnA Maker writes \n for a line break
			f = strings.NewReplacer(`\n`, "\n", `\t`, " ").Replace(f)
		}
		switch columns[i].role {
		case asQuestion:
			x.questions = append(x.questions, question{text: f, line: r.line})
		case asAnswer, asKey:
			if origin != "" {
				f = withoutMarkdown(f)
			}
			x.answer = f
		case asOption:
			x.options = append(x.options, choice{columns[i].label, f})
		case asDetail:
			x.detail = strings.TrimSpace(x.detail + " " + f)
		case asTopic:
			x.topics = append(x.topics, list(f)...)
		case asKeywords:
			x.keywords = append(x.keywords, list(f)...)
		case asPeople:
			x.people = append(x.people, list(f)...)
		case asMetadata:
			x.keywords = append(x.keywords, metadata(f)...)
		case asSource:
			x.origin = strings.TrimPrefix(x.origin+", "+f, ", ")
		case asGroup:
			x.group = f
		case asContext:
			x.contextOnly = strings.EqualFold(f, "true")
		}
	}
	return x
}

// list takes a cell apart that holds several words.
func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '|' || r == ',' || r == '\n' })
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
