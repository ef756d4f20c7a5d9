package xlsx

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A Table is what [Write] makes a sheet of: rows of texts, of which the first
// names the columns.
type Table struct {
	Name string
	Rows [][]string
}

// Every cell is a text and has the format of texts, so that a program neither
// computes what begins with = nor makes a date of 1956-02, also where somebody
// types something new.
const styles = header + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>`

const (
	header  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS  = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relNS   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	typeOf  = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	relsXML = header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
)

// Write writes a workbook. The texts of a cell may have at most MaxCell units.
func Write(w io.Writer, tables []Table) error {
	z := zip.NewWriter(w)
	var types, sheets, rels strings.Builder
	for i, t := range tables {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n, typeOf)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, attr(t.Name), n, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, relNS, n)
	}
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(tables)+1, relNS)
	for _, part := range [][2]string{
		{"[Content_Types].xml", header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + typeOf + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + typeOf + `styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", relsXML + `<Relationship Id="rId1" Type="` + relNS + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", header + `<workbook xmlns="` + mainNS + `" xmlns:r="` + relNS + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", relsXML + rels.String() + `</Relationships>`},
		{"xl/styles.xml", styles},
	} {
		if err := writePart(z, part[0], part[1]); err != nil {
			return err
		}
	}
	for i, t := range tables {
		if err := writePart(z, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), sheetXML(t)); err != nil {
			return err
		}
	}
	return z.Close()
}

func writePart(z *zip.Writer, name, text string) error {
	f, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, text)
	return err
}

// sheetXML is a sheet whose first row stays in view.
func sheetXML(t Table) string {
	var b strings.Builder
	b.WriteString(header + `<worksheet xmlns="` + mainNS + `"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	columns := 0
	for _, r := range t.Rows {
		columns = max(columns, len(r))
	}
	for c := range columns {
		widest := 8
		for _, r := range t.Rows {
			if c < len(r) {
				for line := range strings.Lines(r[c]) {
					widest = max(widest, utf8.RuneCountInString(line))
				}
			}
		}
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%d" style="1" customWidth="1"/>`, c+1, c+1, min(widest+2, 50))
	}
	fmt.Fprintf(&b, `<col min="%d" max="%d" width="12" style="1"/></cols><sheetData>`, columns+1, columns+20)
	for i, r := range t.Rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		style := 1
		if i == 0 {
			style = 2
		}
		for c, s := range r {
			if s != "" {
				fmt.Fprintf(&b, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, ColumnName(c), i+1, style, attr(escape(s)))
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData></worksheet>")
	return b.String()
}

// attr returns s as XML holds it.
func attr(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}
