// Package xlsx reads and writes the texts of spreadsheets in the format of Excel,
// which LibreOffice and Google Sheets write too (ECMA-376, parts 1 and 3).
//
// It knows sheets, rows and cells, and nothing of what stands in them. Formulas
// are not computed: the value that the program saved is what counts. What a file
// may hold is bounded, so that a hostile one costs neither memory nor time.
package xlsx

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// MaxCell is how many UTF-16 units a cell of a spreadsheet can hold.
const MaxCell = 32767

// A Sheet is one sheet of a workbook.
type Sheet struct {
	Name   string
	Hidden bool
	Rows   []Row // those that hold something, in their order
}

// A Row is one row of a sheet.
type Row struct {
	Number int    // from 1
	Cells  []Cell // those that hold something, in their order
}

// A Cell is one cell of a row.
type Cell struct {
	Column int // from 0
	Text   string
	Kind   Kind
}

// Kind says what a program takes a cell for.
type Kind int

// The kinds of cells. A date that was typed as 1956-02 is kept as a day with a
// format that shows the month: its Text is what the format shows, by EDTF.
const (
	Text   Kind = iota
	Number      // Text is the number
	Date        // Text is 1956, 1956-02 or 1956-02-25
	Time        // Text is a time of day, or a day with one
	Truth       // Text is TRUE or FALSE
	Broken      // Text is an error such as #REF!
)

// ColumnName returns the letters of a column, which counts from 0.
func ColumnName(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// columnOf returns the column of a reference such as AB12, or -1.
func columnOf(ref string) int {
	n := 0
	letters := strings.TrimRight(ref, "0123456789")
	for _, r := range letters {
		if r < 'A' || r > 'Z' || n > maxColumns {
			return -1
		}
		n = n*26 + int(r-'A') + 1
	}
	if n > maxColumns {
		return -1
	}
	return n - 1
}

// escaped is how a character that XML cannot hold stands in a text.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// escape returns s with everything that XML cannot hold written as _xHHHH_, and
// with what only looks so kept apart.
func escape(s string) string {
	s = escaped.ReplaceAllString(s, "_x005F$0")
	var b strings.Builder
	for _, r := range s {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			b.WriteString("_x" + strings.ToUpper(strconv.FormatInt(0x10000+int64(r), 16)[1:]) + "_")
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unescape undoes escape; pairs of surrogates make one character.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for s != "" {
		at := escaped.FindStringIndex(s)
		if at == nil {
			break
		}
		b.WriteString(s[:at[0]])
		n, _ := strconv.ParseUint(s[at[0]+2:at[1]-1], 16, 16)
		s = s[at[1]:]
		r := rune(n)
		if utf16.IsSurrogate(r) && escaped.MatchString(s[:min(len(s), 7)]) {
			low, _ := strconv.ParseUint(s[2:6], 16, 16)
			r = utf16.DecodeRune(r, rune(low))
			s = s[7:]
		}
		b.WriteRune(r)
	}
	return b.String() + s
}
