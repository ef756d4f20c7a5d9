package importer

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"footnote/knowledge/strictyaml"
)

// A node is a value of a JSON file with the line on which it begins.
type node struct {
	line   int
	text   string // of a text, a number or a truth value
	kind   nodeKind
	list   []node
	fields []field
}

type nodeKind int

const (
	nullNode nodeKind = iota
	textNode
	numberNode
	truthNode
	listNode
	objectNode
)

type field struct {
	key   string
	value node
}

// get returns the value under the first of keys that is there.
func (n node) get(keys ...string) node {
	for _, key := range keys {
		for _, f := range n.fields {
			if f.key == key {
				return f.value
			}
		}
	}
	return node{line: n.line}
}

// has reports whether one of keys is there.
func (n node) has(keys ...string) bool {
	return slices.ContainsFunc(n.fields, func(f field) bool { return slices.Contains(keys, f.key) })
}

// texts returns the texts of a list, or the text alone.
func (n node) texts() []string {
	if n.kind != listNode {
		if n.text == "" {
			return nil
		}
		return []string{n.text}
	}
	var out []string
	for _, x := range n.list {
		if x.text != "" {
			out = append(out, x.text)
		} else if t := x.get("text", "value", "answer", "content"); t.text != "" {
			out = append(out, t.text)
		}
	}
	return out
}

// maxJSONDepth is how deep lists and objects may nest.
const maxJSONDepth = 50

// parseJSON reads one value. The error names the line.
func parseJSON(text string) (node, error) {
	p := jsonParser{d: json.NewDecoder(strings.NewReader(text)), text: text, line: 1}
	p.d.UseNumber()
	n, err := p.value(0)
	if err == nil {
		if _, more := p.d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something stands after the end of the value; for one object a line use --format jsonl")
		}
	}
	if err == nil {
		return n, nil
	}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		p.at(min(syntax.Offset, int64(len(text))))
		err = fmt.Errorf("this is no JSON: %s", syntax.Error())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		p.at(int64(len(text)))
		err = errors.New("the file ends before its lists and objects are closed")
	}
	return node{line: p.line}, err
}

type jsonParser struct {
	d      *json.Decoder
	text   string
	offset int64
	line   int
}

// at moves the line to a place in the text.
func (p *jsonParser) at(offset int64) {
	p.line += strings.Count(p.text[p.offset:max(offset, p.offset)], "\n")
	p.offset = max(offset, p.offset)
}

func (p *jsonParser) value(depth int) (node, error) {
	if depth > maxJSONDepth {
		return node{}, fmt.Errorf("lists and objects nest deeper than %d", maxJSONDepth)
	}
	t, err := p.d.Token()
	if err != nil {
		return node{}, err
	}
	p.at(p.d.InputOffset())
	n := node{line: p.line}
	switch t := t.(type) {
	case string:
		n.kind, n.text = textNode, t
	case json.Number:
		n.kind, n.text = numberNode, t.String()
	case bool:
		n.kind, n.text = truthNode, strconv.FormatBool(t)
	case json.Delim:
		n.kind = listNode
		if t == '{' {
			n.kind = objectNode
		}
		for p.d.More() {
			key := ""
			if n.kind == objectNode {
				t, err := p.d.Token()
				if err != nil {
					return n, err
				}
				key = t.(string) // the decoder allows nothing else here
			}
			v, err := p.value(depth + 1)
			if err != nil {
				return n, err
			}
			if n.kind == objectNode {
				n.fields = append(n.fields, field{key, v})
			} else {
				n.list = append(n.list, v)
			}
		}
		_, err = p.d.Token()
	}
	return n, err
}

// The shapes of JSON that are told apart.
const (
	openTriviaDB = "opentdb"
	squad        = "squad"
	tags         = "tags"
	qnaMakerJSON = "qnamaker"
	pairs        = "json"
)

// jsonOf reads JSON of one shape, or of any.
func jsonOf(shape string) func(*maker, []byte) error {
	return text(func(m *maker, s string) { m.json(s, shape) })
}

// json reads a JSON file of the shape, or of any if it is "".
func (m *maker) json(text, want string) {
	n, err := parseJSON(text)
	if err != nil {
		m.bad(n.line, "%v", err)
		return
	}
	shape, list := shapeOf(n)
	if want == tags && shape == "" && n.kind == objectNode { // {"name": "content"}
		shape, list = tags, namedTags(n)
	}
	switch {
	case shape == "":
		m.bad(1, "no questions and answers are found in this JSON; a list of objects with question and answer is read, and what QnA Maker, Open Trivia DB, SQuAD and tags of Discord look like")
		return
	case want != "" && want != shape:
		m.bad(1, "this JSON is not %s; it looks like --format %s", want, shape)
		return
	}
	switch shape {
	case openTriviaDB:
		m.openTriviaDB(list)
	case squad:
		m.squad(list)
	case qnaMakerJSON:
		for _, x := range list {
			m.qnaDocument(x)
		}
	case tags:
		for _, x := range list {
			m.tag(x)
		}
	default:
		m.pairs(list)
	}
}

// shapeOf tells what a JSON file is, and returns the list of its entries.
func shapeOf(n node) (shape string, list []node) {
	all := func(list []node, keys ...string) bool {
		return len(list) > 0 && !slices.ContainsFunc(list, func(x node) bool { return !x.has(keys...) })
	}
	if n.kind == objectNode {
		for _, inner := range []node{n, n.get("assets"), n.get("add")} {
			for _, key := range []string{"qnaDocuments", "qnaList", "qnas", "qnaPairs", "value"} {
				if l := inner.get(key).list; all(l, "answer") && all(l, "questions") {
					return qnaMakerJSON, l
				}
			}
		}
		if l := n.get("results").list; all(l, "correct_answer") || n.has("response_code") {
			return openTriviaDB, l
		}
		if l := n.get("data").list; all(l, "paragraphs") {
			return squad, l
		}
		for _, f := range n.fields { // {"questions": [...]}
			if s, l := shapeOf(f.value); f.value.kind == listNode && s != "" {
				return s, l
			}
		}
		return "", nil
	}
	switch {
	case all(n.list, "correct_answer") && all(n.list, "incorrect_answers"):
		return openTriviaDB, n.list
	case all(n.list, "answer") && all(n.list, "questions") && slices.ContainsFunc(n.list, func(x node) bool { return x.has("metadata", "context", "source") }):
		return qnaMakerJSON, n.list
	case all(n.list, "name", "tag", "keyword", "trigger") && all(n.list, "content", "response", "value"):
		return tags, n.list
	}
	for _, x := range n.list {
		if columns := columnsOf(keysOf(x)); len(having(columns, asQuestion)) > 0 && len(having(columns, asAnswer, asKey)) > 0 ||
			x.kind == listNode && len(x.list) >= 2 && x.list[0].kind == textNode && x.list[1].kind == textNode {
			return pairs, n.list
		}
	}
	return "", nil
}

func keysOf(n node) []string {
	var out []string
	for _, f := range n.fields {
		out = append(out, f.key)
	}
	return out
}

// pairs reads objects with question and answer under any of the names that tables
// have for them, or lists of a question and its answer.
func (m *maker) pairs(list []node) {
	var rows []row
	var counted []int // the rows whose answer is the number of an option
	for _, n := range list {
		if m.givenUp {
			return
		}
		x := row{entry: entry{line: n.line}}
		switch n.kind {
		case listNode:
			if len(n.list) >= 2 {
				x.questions, x.answer = asked(n.list[0].texts(), n.line), n.list[1].text
			}
		case objectNode:
			columns := columnsOf(keysOf(n))
			if a := having(columns, asAnswer, asKey); len(a) > 1 {
				m.bad(n.line, "%s may each hold the answer; keep one of them", quotedList(a))
				continue
			}
			for i, c := range columns {
				if x.read(c, n.fields[i].value) {
					counted = append(counted, len(rows))
				}
			}
		default:
			m.bad(n.line, "an entry must be an object with question and answer")
			continue
		}
		if len(x.questions) == 0 && x.answer == "" {
			m.bad(n.line, "the entry has neither question nor answer")
			continue
		}
		rows = append(rows, x)
	}
	for _, x := range m.choose(m.counted(rows, counted)) {
		m.add(x.entry)
	}
}

// asked makes questions of texts.
func asked(texts []string, line int) []question {
	var out []question
	for _, t := range texts {
		out = append(out, question{t, line})
	}
	return out
}

// read takes one field of an object. counted reports that it is an answer given as
// a number.
func (x *row) read(c column, v node) (counted bool) {
	switch c.role {
	case asQuestion:
		x.questions = append(x.questions, asked(v.texts(), v.line)...)
	case asAnswer, asKey:
		said := v.texts()
		if len(said) == 0 {
			return false
		}
		x.answer = said[0]
		if len(said) > 1 {
			x.detail = strings.TrimSpace("Also accepted: " + strings.Join(said[1:], "; ") + ". " + x.detail)
		}
		return v.kind == numberNode
	case asOption:
		x.options = append(x.options, choice{c.label, v.text})
	case asWrong:
		if folded(c.name) != "options" && folded(c.name) != "choices" {
			return false
		}
		for i, t := range v.texts() {
			x.options = append(x.options, choice{string(rune('a' + min(i, 25))), t})
		}
		for _, f := range v.fields {
			x.options = append(x.options, choice{strings.ToLower(f.key), f.value.text})
		}
	case asDetail:
		x.detail = strings.TrimSpace(x.detail + " " + v.text)
	case asTopic:
		x.topics = append(x.topics, v.texts()...)
	case asKeywords:
		x.keywords = append(x.keywords, v.texts()...)
	case asPeople:
		x.people = append(x.people, v.texts()...)
	case asSource:
		x.origin = strings.TrimPrefix(x.origin+", "+strings.Join(v.texts(), ", "), ", ")
	}
	return false
}

// counted puts the option in place of its number. Whether the first is 0 or 1 is
// seen in the file, or nowhere.
func (m *maker) counted(rows []row, at []int) []row {
	zero, last, any := false, false, false
	for _, i := range at {
		if x := rows[i]; len(x.options) > 0 && byWords(x.answer, x.options) == nil {
			n, err := strconv.Atoi(x.answer)
			any = true
			zero = zero || err == nil && n == 0
			last = last || err == nil && n == len(x.options)
		}
	}
	if !any {
		return rows
	}
	var out []row
	for i, x := range rows {
		if len(x.options) == 0 || !slices.Contains(at, i) || byWords(x.answer, x.options) != nil {
			out = append(out, x)
			continue
		}
		n, err := strconv.Atoi(x.answer)
		if last {
			n--
		}
		if err != nil || zero == last || n < 0 || n >= len(x.options) {
			m.bad(x.line, "the answer %s is a number, and the file does not show whether the first option is 0 or 1; write the answer itself", strictyaml.Quote(x.answer))
			continue
		}
		x.answer = x.options[n].text
		out = append(out, x)
	}
	return out
}

// qnaDocument reads one entry of QnA Maker's knowledge base.
func (m *maker) qnaDocument(n node) {
	if n.get("context").get("isContextOnly").text == "true" {
		m.bad(n.line, "the entry makes sense only after another answer (isContextOnly), which facts do not")
		return
	}
	e := entry{line: n.line, answer: withoutMarkdown(n.get("answer").text), origin: strings.TrimSuffix("QnA Maker, "+n.get("source").text, ", ")}
	e.questions = asked(slices.Concat(n.get("questions").texts(), n.get("alternateQuestions", "alternativeQuestions").texts()), n.line)
	meta := n.get("metadata")
	for _, x := range meta.list {
		if v := x.get("value").text; v != "" {
			e.keywords = append(e.keywords, v)
		}
	}
	for _, f := range meta.fields {
		if f.value.text != "" {
			e.keywords = append(e.keywords, f.value.text)
		}
	}
	m.add(e)
}

// namedTags makes a list of an object whose keys are the names of tags.
func namedTags(n node) []node {
	var out []node
	for _, f := range n.fields {
		content := f.value
		if content.kind == objectNode {
			content = content.get("content", "response", "value")
		}
		out = append(out, node{line: f.value.line, kind: objectNode, fields: []field{{"name", node{kind: textNode, text: f.key}}, {"content", content}}})
	}
	return out
}

// discordMark is what stands in a message for a person, a channel, a time or a picture.
var discordMark = regexp.MustCompile(`<(@[!&]?|#|t:|a?:\w+:)[0-9]+(:[a-zA-Z])?>`)

// tag reads a text that a Discord bot sends when somebody writes its name.
func (m *maker) tag(n node) {
	e := entry{line: n.line, origin: "a tag of Discord"}
	names := slices.Concat(n.get("name", "tag", "keyword", "trigger").texts(), n.get("aliases", "alias").texts())
	for i := range names {
		names[i] = strings.Join(strings.FieldsFunc(names[i], func(r rune) bool { return r == '-' || r == '_' || r == ' ' }), " ")
	}
	e.questions = asked(names, n.line)
	e.answer = withoutMarkdown(discordMark.ReplaceAllString(n.get("content", "response", "value").text, ""))
	m.add(e)
}

// openTriviaDB reads the results of Open Trivia DB, in any of its encodings.
func (m *maker) openTriviaDB(list []node) {
	decoded := triviaEncoding(list)
	for _, n := range list {
		if m.givenUp {
			return
		}
		e := entry{line: n.line, origin: "Open Trivia DB"}
		var errs []error
		get := func(key string) string {
			s, err := decoded(n.get(key).text)
			errs = append(errs, err)
			return s
		}
		e.questions = asked([]string{get("question")}, n.line)
		e.answer = get("correct_answer")
		if c := get("category"); c != "" {
			e.topics = []string{c}
		}
		if err := errors.Join(errs...); err != nil {
			m.bad(n.line, "the entry is not in the encoding of the others: %v", err)
			continue
		}
		m.add(e)
	}
}

// triviaEncoding returns what undoes the encoding in which Open Trivia DB was asked
// for its questions. HTML, its usual one, is undone with all other HTML.
func triviaEncoding(list []node) func(string) (string, error) {
	fromBase64 := func(s string) (string, error) {
		out, err := base64.StdEncoding.DecodeString(s)
		if err == nil && (!utf8.Valid(out) || bytes.ContainsRune(out, 0)) {
			err = errors.New("no text")
		}
		return string(out), err
	}
	every := func(ok func(s string) bool) bool {
		return len(list) > 0 && !slices.ContainsFunc(list, func(n node) bool { return !ok(n.get("question").text) })
	}
	spaceless := every(func(s string) bool { return !strings.Contains(s, " ") })
	switch {
	case spaceless && every(func(s string) bool { _, err := fromBase64(s); return err == nil && s != "" }):
		return fromBase64
	case spaceless && every(func(s string) bool { _, err := url.PathUnescape(s); return err == nil }) &&
		slices.ContainsFunc(list, func(n node) bool { return strings.Contains(n.get("question").text, "%20") }):
		return url.PathUnescape
	case spaceless && every(func(s string) bool { _, err := url.QueryUnescape(s); return err == nil }) &&
		slices.ContainsFunc(list, func(n node) bool { return strings.ContainsAny(n.get("question").text, "+%") }):
		return url.QueryUnescape
	}
	return func(s string) (string, error) { return s, nil }
}

// squad reads SQuAD and what is written like it. Its questions without an answer
// are questions near the subject that no fact answers.
func (m *maker) squad(list []node) {
	for _, article := range list {
		title := strings.ReplaceAll(article.get("title").text, "_", " ")
		for _, passage := range article.get("paragraphs").list {
			for _, qa := range passage.get("qas").list {
				if m.givenUp {
					return
				}
				m.squadQuestion(qa, passage.get("context").text, title)
			}
		}
	}
}

func (m *maker) squadQuestion(qa node, context, title string) {
	q := qa.get("question").text
	if qa.get("is_impossible").text == "true" {
		m.unanswered(q)
		return
	}
	e := entry{line: qa.line, questions: asked([]string{q}, qa.line), origin: "SQuAD"}
	if title != "" {
		e.topics = []string{title}
	}
	var others []string
	for i, a := range qa.get("answers").list {
		switch t := a.get("text").text; {
		case i == 0:
			e.answer = t
			if start, err := strconv.Atoi(a.get("answer_start").text); err == nil {
				e.detail = sentenceAt(context, start)
			}
		case !sameWords(t, e.answer) && !slices.Contains(others, t):
			others = append(others, t)
		}
	}
	if len(others) > 0 {
		e.detail = "Also accepted: " + strings.Join(others, "; ") + ". " + e.detail
	}
	m.add(e)
}

// sentenceAt returns the sentence in which the character at a place stands.
func sentenceAt(text string, at int) string {
	r := []rune(text)
	if at < 0 || at >= len(r) {
		return ""
	}
	ends := func(i int) bool {
		return strings.ContainsRune(".!?", r[i]) && (i+1 == len(r) || r[i+1] == ' ' && i+2 < len(r) && strings.ToLower(string(r[i+2])) != string(r[i+2]))
	}
	from, to := at, at
	for from > 0 && !ends(from-1) {
		from--
	}
	for to < len(r)-1 && !ends(to) {
		to++
	}
	return strings.TrimSpace(string(r[from : to+1]))
}
