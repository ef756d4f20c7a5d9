package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"footnote/bot/lang"
	"footnote/knowledge"
)

// The page that "footnote phrasings" writes, and how it is read back. As text, a
// fact's id stands in brackets on a line of its own, its answer below it, and each
// way of asking on a line that begins with a question mark. As a table, a row is a
// fact: its id, its answer, and a column for each way of asking.

const (
	pageWidth = 76 // columns of a printed page
	pageMark  = "?"
)

// pageHead is what stands above a page, in the language that it asks in or in English: it is handed
// to people who need know no other. No line of it begins with the mark, which is of what they write.
func pageHead(tag, packs string) string {
	l := lang.All().In(tag)
	return l.Text("page.asks", "packs", packs) + "\n\n" + wrapped(l.Text("page.how")) + "\n"
}

func writeTextPage(w io.Writer, base *knowledge.Base, facts []*knowledge.Fact, tag string, lines int) error {
	var titles []string
	for _, pack := range base.Packs {
		titles = append(titles, pack.In(pack.Title, tag))
	}
	var b strings.Builder
	b.WriteString(pageHead(cmp.Or(tag, base.Packs[0].Languages[0]), strings.Join(titles, ", ")))
	room := pageMark + " " + strings.Repeat("_", pageWidth-len(pageMark)-1) + "\n"
	for _, f := range facts {
		fmt.Fprintf(&b, "\n[%s]\n%s\n%s", f.ID, wrapped(f.Pack.In(f.Answer, langOf(f, tag))), strings.Repeat(room, lines))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrapped breaks a text into lines of a page. A line that would read like a mark
// of the page is set off.
func wrapped(s string) string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(s) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > pageWidth {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+w, " ")
	}
	lines = append(lines, line)
	for i, l := range lines {
		if strings.HasPrefix(l, pageMark) || factMark.MatchString(l) {
			lines[i] = "… " + l
		}
	}
	return strings.Join(lines, "\n")
}

func writeCSVPage(w io.Writer, facts []*knowledge.Fact, lang string, lines int) error {
	// Spreadsheets take a table for UTF-8 by its mark alone.
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	table := csv.NewWriter(w)
	header := []string{"id", "answer"}
	for i := range lines {
		header = append(header, fmt.Sprintf("question %d", i+1))
	}
	rows := [][]string{header}
	for _, f := range facts {
		rows = append(rows, append([]string{f.ID, f.Pack.In(f.Answer, langOf(f, lang))}, make([]string, lines)...))
	}
	return table.WriteAll(rows)
}

// pageLines reads what was written on a page, as text or as a table. problems name
// what cannot be understood, each with its place.
func pageLines(file, text string) (lines []pageLine, problems []string) {
	if delimiter, ok := tableDelimiter(text); ok {
		return csvLines(file, text, delimiter)
	}
	return textLines(file, text)
}

var factMark = regexp.MustCompile(`^\[([^\[\]]+)\]$`)

// textLines reads a page of text. Mail programs put > before the lines of a letter
// that is answered, so that these do not count.
func textLines(file, text string) (lines []pageLine, problems []string) {
	fact, asked := "", false
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(strings.TrimLeft(line, "> \t"))
		if m := factMark.FindStringSubmatch(line); m != nil {
			fact, asked = m[1], false
			continue
		}
		said, marked := strings.CutPrefix(line, pageMark)
		switch {
		case fact == "" && marked && cleanLine(said) != "":
			problems = append(problems, fmt.Sprintf("%s:%d: this line stands below no fact; the id of a fact in brackets, as the page had it, is missing above it", file, n))
		case fact == "" || line == "":
		case marked:
			asked = true
			if cleanLine(said) != "" {
				lines = append(lines, pageLine{fact: fact, text: said, file: file, line: n})
			}
		case asked:
			problems = append(problems, fmt.Sprintf("%s:%d: this line does not begin with a question mark; put one before it, or put it at the end of the line above if it belongs there", file, n))
		}
	}
	if fact == "" {
		problems = append(problems, fmt.Sprintf("%s: this is no page that \"footnote phrasings\" wrote: no line holds the id of a fact in brackets", file))
	}
	return lines, problems
}

// tableDelimiter tells whether a text is a table, and what stands between its
// fields: spreadsheets write semicolons where a comma stands in numbers.
func tableDelimiter(text string) (rune, bool) {
	first, _, _ := strings.Cut(withoutSep(text), "\n")
	for _, d := range ",;\t" {
		name, _, _ := strings.Cut(first, string(d))
		if strings.ContainsRune(first, d) && strings.EqualFold(strings.Trim(strings.TrimSpace(name), `"`), "id") {
			return d, true
		}
	}
	return 0, false
}

// withoutSep is text without the line sep=; that some spreadsheets write first.
func withoutSep(text string) string {
	if line, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(strings.ToLower(line), "sep=") {
		return rest
	}
	return text
}

func csvLines(file, text string, delimiter rune) (lines []pageLine, problems []string) {
	table := csv.NewReader(strings.NewReader(withoutSep(text)))
	table.Comma = delimiter
	table.FieldsPerRecord = -1
	before := strings.Count(text, "\n") - strings.Count(withoutSep(text), "\n")
	for n := 0; ; n++ {
		row, err := table.Read()
		if errors.Is(err, io.EOF) {
			return lines, problems
		}
		if err != nil {
			return lines, append(problems, fmt.Sprintf("%s: the table cannot be read: %v", file, err))
		}
		at, _ := table.FieldPos(0)
		if n == 0 {
			continue // the header
		}
		for i, s := range row {
			if i > 1 && cleanLine(s) != "" {
				lines = append(lines, pageLine{fact: strings.TrimSpace(row[0]), text: s, file: file, line: at + before})
			}
		}
	}
}
