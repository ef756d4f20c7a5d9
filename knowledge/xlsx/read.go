package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"
)

// Bounds of a workbook, far above what people keep in one.
const (
	maxUnpacked = 256 << 20 // bytes of all its parts
	maxColumns  = 16384     // as Excel has it
	maxCells    = 2_000_000
	maxSheets   = 100
)

// Read reads a workbook. The error is a sentence for people.
func Read(data []byte) ([]Sheet, error) {
	b, err := open(data)
	if err != nil {
		return nil, err
	}
	main, err := b.mainPart()
	if err != nil {
		return nil, err
	}
	var wb struct {
		Pr struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			// The prefix of the namespace is r in all files and its address has two forms.
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.decode(main, &wb); err != nil {
		return nil, err
	}
	b.day0 = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if d := wb.Pr.Date1904; d == "1" || d == "true" {
		b.day0 = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		b.is1904 = true
	}
	rels, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	if err := b.readStrings(rels); err != nil {
		return nil, err
	}
	if err := b.readStyles(rels); err != nil {
		return nil, err
	}
	if len(wb.Sheets) > maxSheets {
		return nil, fmt.Errorf("the workbook has more than %d sheets", maxSheets)
	}
	var out []Sheet
	for _, s := range wb.Sheets {
		for _, a := range s.Attrs {
			r := rels[a.Value]
			if a.Name.Local != "id" || r.kind != "worksheet" { // a chart has a sheet too
				continue
			}
			rows, err := b.rows(r.part)
			if err != nil {
				return nil, fmt.Errorf("the sheet %q: %w", s.Name, err)
			}
			out = append(out, Sheet{Name: s.Name, Hidden: s.State != "" && s.State != "visible", Rows: rows})
		}
	}
	if len(out) == 0 {
		return nil, errors.New("the workbook holds no sheet")
	}
	return out, nil
}

// open finds the parts of a workbook.
func open(data []byte) (*book, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errors.New("the workbook is damaged: it is no whole ZIP archive; save it again")
	}
	b := &book{parts: map[string]*zip.File{}}
	unpacked := uint64(0)
	for _, f := range z.File {
		b.parts[strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/")] = f
		// Package zip sees to it that a part is no longer than it says.
		if unpacked += f.UncompressedSize64; f.UncompressedSize64 > maxUnpacked || unpacked > maxUnpacked {
			return nil, fmt.Errorf("the workbook has more than %d MB unpacked; split it", maxUnpacked>>20)
		}
	}
	if b.parts["xl/workbook.xml"] == nil && b.parts["content.xml"] != nil {
		return nil, errors.New("this is a document of OpenDocument (LibreOffice); save it as Excel (.xlsx) or as CSV")
	}
	return b, nil
}

// A book is a workbook that is being read.
type book struct {
	parts   map[string]*zip.File
	cells   int
	strings []string
	formats []dateFormat // by style
	day0    time.Time
	is1904  bool
}

// A relation says where a part is.
type relation struct{ kind, part string }

// relations reads where the parts that part names are.
func (b *book) relations(part string) (map[string]relation, error) {
	dir, name := path.Split(part)
	out := map[string]relation{}
	rels := path.Join(dir, "_rels", name+".rels")
	if b.parts[rels] == nil {
		return out, nil
	}
	var x struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := b.decode(rels, &x); err != nil {
		return nil, err
	}
	for _, r := range x.List {
		target := r.Target
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		out[r.ID] = relation{path.Base(r.Type), strings.TrimPrefix(path.Clean(target), "/")}
	}
	return out, nil
}

// mainPart returns the part that lists the sheets.
func (b *book) mainPart() (string, error) {
	rels, err := b.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if r.kind == "officeDocument" {
			if b.parts[r.part] == nil || !strings.Contains(r.part, "xl/") {
				return "", errors.New("this is an office document and no workbook; save it as text, or as .xlsx or CSV if it is a table")
			}
			return r.part, nil
		}
	}
	return "", errors.New("this is a ZIP archive and no workbook; unpack it first")
}

// open returns the text of a part.
func (b *book) open(part string) (io.Reader, func() error, error) {
	f := b.parts[part]
	if f == nil {
		return nil, nil, fmt.Errorf("the workbook is damaged: its part %s is missing; save it again", part)
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("the workbook is damaged at its part %s; save it again", part)
	}
	return r, r.Close, nil
}

// decode reads a whole part.
func (b *book) decode(part string, into any) error {
	r, done, err := b.open(part)
	if err != nil {
		return err
	}
	defer done()
	return damaged(part, xml.NewDecoder(r).Decode(into))
}

func damaged(part string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the workbook is damaged at its part %s; save it again", part)
}

// A rich text is a text in one piece or in runs of different looks; what is
// written above it to help with its pronunciation is no part of it.
type richText struct {
	T string `xml:"t"`
	R []struct {
		T string `xml:"t"`
	} `xml:"r"`
}

func (t richText) String() string {
	s := t.T
	for _, r := range t.R {
		s += r.T
	}
	return unescape(s)
}

// each calls use for every element called name of a part.
func (b *book) each(part, name string, use func(*xml.Decoder, *xml.StartElement) error) error {
	r, done, err := b.open(part)
	if err != nil {
		return err
	}
	defer done()
	d := xml.NewDecoder(r)
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return damaged(part, err)
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == name {
			if err := use(d, &e); err != nil {
				return err
			}
		}
	}
}

func (b *book) readStrings(rels map[string]relation) error {
	for _, r := range rels {
		if r.kind != "sharedStrings" || b.parts[r.part] == nil {
			continue
		}
		return b.each(r.part, "si", func(d *xml.Decoder, e *xml.StartElement) error {
			var t richText
			if err := d.DecodeElement(&t, e); err != nil {
				return damaged(r.part, err)
			}
			b.strings = append(b.strings, t.String())
			return nil
		})
	}
	return nil
}

// rows reads a sheet.
func (b *book) rows(part string) ([]Row, error) {
	var out []Row
	last := 0
	err := b.each(part, "row", func(d *xml.Decoder, e *xml.StartElement) error {
		var x struct {
			R     int `xml:"r,attr"`
			Cells []struct {
				R  string   `xml:"r,attr"`
				T  string   `xml:"t,attr"`
				S  int      `xml:"s,attr"`
				V  string   `xml:"v"`
				F  *string  `xml:"f"`
				Is richText `xml:"is"`
			} `xml:"c"`
		}
		if err := d.DecodeElement(&x, e); err != nil {
			return damaged(part, err)
		}
		if x.R <= last { // numbers may be left out
			x.R = last + 1
		}
		last = x.R
		row := Row{Number: x.R}
		column := -1
		for _, c := range x.Cells {
			column++
			if c.R != "" {
				at := columnOf(c.R)
				if at < column {
					return damaged(part, errors.New("columns out of order"))
				}
				column = at
			}
			cell := b.cell(c.T, c.S, c.V, c.Is)
			if c.F != nil && c.V == "" && cell.Text == "" { // written by a program that does not compute
				cell = Cell{Text: "=" + *c.F, Kind: Broken}
			}
			if cell.Text == "" {
				continue
			}
			if b.cells++; b.cells > maxCells {
				return fmt.Errorf("the workbook has more than %d cells; split it", maxCells)
			}
			cell.Column = column
			row.Cells = append(row.Cells, cell)
		}
		if len(row.Cells) > 0 {
			out = append(out, row)
		}
		return nil
	})
	return out, err
}

// cell returns what a cell shows, by its type, style and value.
func (b *book) cell(typ string, style int, value string, inline richText) Cell {
	switch typ {
	case "s":
		if i, err := strconv.Atoi(value); err == nil && i >= 0 && i < len(b.strings) {
			return Cell{Text: b.strings[i]}
		}
		return Cell{Text: "#VALUE!", Kind: Broken}
	case "inlineStr":
		return Cell{Text: inline.String()}
	case "str":
		return Cell{Text: unescape(value)}
	case "b":
		if value == "1" || value == "true" {
			return Cell{Text: "TRUE", Kind: Truth}
		}
		return Cell{Text: "FALSE", Kind: Truth}
	case "e":
		return Cell{Text: value, Kind: Broken}
	case "d":
		day, _, _ := strings.Cut(value, "T")
		return Cell{Text: day, Kind: Date}
	}
	if value == "" {
		return Cell{}
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return Cell{Text: value}
	}
	var f dateFormat
	if style >= 0 && style < len(b.formats) {
		f = b.formats[style]
	}
	if f == noDate {
		return Cell{Text: number(n), Kind: Number}
	}
	return b.date(n, f)
}

// number writes a number as a spreadsheet shows it: in 15 figures at most.
func number(n float64) string {
	if n == float64(int64(n)) && n > -1e15 && n < 1e15 {
		return strconv.FormatInt(int64(n), 10)
	}
	return strconv.FormatFloat(n, 'G', 15, 64)
}

// date returns the day that a number stands for, as far as its format shows it.
func (b *book) date(n float64, f dateFormat) Cell {
	if n < 0 || n > 2_958_466 { // 9999-12-31
		return Cell{Text: number(n), Kind: Number}
	}
	days := int(n)
	if !b.is1904 && days < 60 { // the 29th of February 1900, which Excel believes in, comes after
		days++
	}
	t := b.day0.AddDate(0, 0, days).Add(time.Duration((n - float64(int(n))) * float64(24*time.Hour)).Round(time.Second))
	switch f {
	case yearOnly:
		return Cell{Text: t.Format("2006"), Kind: Date}
	case monthOnly:
		return Cell{Text: t.Format("2006-01"), Kind: Date}
	case timeOnly:
		return Cell{Text: t.Format("15:04:05"), Kind: Time}
	case dayAndTime:
		if t.Hour()+t.Minute()+t.Second() > 0 {
			return Cell{Text: t.Format("2006-01-02 15:04:05"), Kind: Time}
		}
	}
	return Cell{Text: t.Format("2006-01-02"), Kind: Date}
}

// A dateFormat says how much of a date a format shows.
type dateFormat int

const (
	noDate dateFormat = iota
	dayShown
	monthOnly
	yearOnly
	timeOnly
	dayAndTime
)

func (b *book) readStyles(rels map[string]relation) error {
	var x struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	for _, r := range rels {
		if r.kind != "styles" || b.parts[r.part] == nil {
			continue
		}
		if err := b.decode(r.part, &x); err != nil {
			return err
		}
	}
	codes := map[int]string{14: "d/m/y", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm", 20: "h:mm", 21: "h:mm", 22: "d/m/y h:mm", 45: "mm:ss", 46: "mm:ss", 47: "mm:ss"}
	for i := 27; i <= 36; i++ { // of East Asian languages
		codes[i] = "d/m/y"
	}
	for i := 50; i <= 58; i++ {
		codes[i] = "d/m/y"
	}
	for _, f := range x.Formats {
		codes[f.ID] = f.Code
	}
	for _, s := range x.Styles {
		b.formats = append(b.formats, formatOf(codes[s.Format]))
	}
	return nil
}

// formatOf tells what a format shows, by its letters outside quotation marks and
// brackets.
func formatOf(code string) dateFormat {
	var letters strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"', '[':
			end := strings.IndexByte(code[i+1:], map[byte]byte{'"': '"', '[': ']'}[c])
			if end < 0 {
				return noDate
			}
			if c == '[' && strings.Trim(strings.ToLower(code[i+1:i+1+end]), "hms") == "" {
				letters.WriteByte('h') // [h] is a number of hours
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case ';':
			i = len(code)
		default:
			letters.WriteByte(c | 0x20)
		}
	}
	s := letters.String()
	if strings.Contains(s, "general") {
		return noDate
	}
	has := func(c string) bool { return strings.Contains(s, c) }
	switch {
	case has("h") || has("s"):
		if has("y") || has("d") {
			return dayAndTime
		}
		return timeOnly
	case has("d"):
		return dayShown
	case has("y") && has("m"):
		return monthOnly
	case has("y"):
		return yearOnly
	case has("m"):
		return dayShown
	}
	return noDate
}
