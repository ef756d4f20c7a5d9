package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// texts returns the cells of a sheet as a table.
func texts(s Sheet) [][]string {
	var out [][]string
	for _, r := range s.Rows {
		for len(out) < r.Number {
			out = append(out, nil)
		}
		for _, c := range r.Cells {
			for len(out[r.Number-1]) <= c.Column {
				out[r.Number-1] = append(out[r.Number-1], "")
			}
			out[r.Number-1][c.Column] = c.Text
		}
	}
	return out
}

// What is written comes back, whatever the texts hold.
func TestWriteAndRead(t *testing.T) {
	cell := rapid.StringOf(rapid.RuneFrom([]rune("ab _x0041_<&>\"'=\n\t\r\u0001\u0085\u2028\ufffe👍é")))
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 1, 4), 1, 4).Draw(t, "rows")
		for i := range rows { // an empty cell and one that is not there are the same
			rows[i] = append(rows[i], "end")
			for j := range rows[i] {
				rows[i][j] = strings.ToValidUTF8(rows[i][j], "")
			}
		}
		var b bytes.Buffer
		if err := Write(&b, []Table{{"A & B", rows}, {"Second", [][]string{{"x"}}}}); err != nil {
			t.Fatal(err)
		}
		sheets, err := Read(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if len(sheets) != 2 || sheets[0].Name != "A & B" || !reflect.DeepEqual(texts(sheets[0]), rows) {
			t.Fatalf("went %q, came %q", rows, texts(sheets[0]))
		}
	})
}

// workbook makes a workbook as other programs write them, with one sheet.
func workbook(t testing.TB, workbookPr, sheet string, more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	parts := append([]string{
		"_rels/.rels", `<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<x:workbook xmlns:x="m" xmlns:r="r">` + workbookPr + `<x:sheets><x:sheet name="S" sheetId="1" state="hidden" r:id="rId7"/></x:sheets></x:workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId7" Type="x/worksheet" Target="worksheets/s.xml"/>` +
			`<Relationship Id="rId8" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId9" Type="x/styles" Target="styles.xml"/></Relationships>`,
		"xl/worksheets/s.xml", `<worksheet><sheetData>` + sheet + `</sheetData></worksheet>`,
	}, more...)
	for i := 0; i < len(parts); i += 2 {
		if err := writePart(z, parts[i], parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKinds(t *testing.T) {
	styles := `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-409]d\ mmmm\ yyyy;@"/><numFmt numFmtId="171" formatCode="0.00&quot; days&quot;"/><numFmt numFmtId="172" formatCode="yyyy"/></numFmts>` +
		`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="17"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="20"/></cellXfs></styleSheet>`
	shared := `<sst><si><t>one</t></si><si><r><t>t</t></r><r><t xml:space="preserve">wo </t></r><rPh><t>x</t></rPh></si></sst>`
	cells := `<row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c t="str"><f>A1</f><v>sum</v></c>` +
		`<c s="0"><v>0.30000000000000004</v></c><c><v>1956</v></c><c s="1"><v>20510</v></c><c s="2"><v>20486</v></c><c s="3"><v>1</v></c><c s="4"><v>53</v></c><c s="5"><v>20510</v></c><c s="6"><v>0.5</v></c><c s="1"/><c><f>1+1</f></c></row><row><c><v>7</v></c></row>`
	sheets, err := Read(workbook(t, "", cells, "xl/sharedStrings.xml", shared, "xl/styles.xml", styles))
	if err != nil || len(sheets) != 1 || !sheets[0].Hidden {
		t.Fatal(err, sheets)
	}
	want := "3 [{0 one 0} {2 two  0} {3 TRUE 4} {4 #REF! 5} {5 sum 0} {6 0.3 1} {7 1956 1} {8 1956-02-25 2} {9 1956-02 2} {10 1900-01-01 2} {11 53 1} {12 1956 2} {13 12:00:00 3} {15 =1+1 5}]; 4 [{0 7 1}]; "
	got := ""
	for _, r := range sheets[0].Rows {
		got += fmt.Sprintf("%d %v; ", r.Number, r.Cells)
	}
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	sheets, err = Read(workbook(t, `<x:workbookPr date1904="1"/>`, `<row><c s="1"><v>19048</v></c></row>`, "xl/styles.xml", styles))
	if err != nil || sheets[0].Rows[0].Cells[0].Text != "1956-02-25" {
		t.Error(err, sheets)
	}
}

func TestRefuses(t *testing.T) {
	ods := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		_ = writePart(z, "content.xml", "<x/>")
		_ = z.Close()
		return b.Bytes()
	}()
	for want, data := range map[string][]byte{
		"no whole ZIP archive": []byte("PK\x03\x04 and no more"),
		"OpenDocument":         ods,
		"damaged at its part":  workbook(t, "", "<row><c></row>"),
		"holds no sheet":       workbook(t, "", "", "xl/_rels/workbook.xml.rels", "<Relationships/>"),
	} {
		if _, err := Read(data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if got := ColumnName(0) + ColumnName(25) + ColumnName(26) + ColumnName(16383); got != "AZAAXFD" {
		t.Error(got)
	}
	for _, ref := range []string{"A1", "Z9", "AA10", "XFD1048576"} {
		if n := columnOf(ref); n < 0 || !strings.HasPrefix(ref, ColumnName(n)) {
			t.Error(ref, n)
		}
	}
	for _, ref := range []string{"XFE1", "AAAAAAAAA1", "a1", "1"} {
		if n := columnOf(ref); n >= 0 {
			t.Error(ref, n)
		}
	}
}

// A small file that would unpack to a huge one is refused before it is.
func TestBomb(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "xl/workbook.xml", Method: zip.Deflate, UncompressedSize64: maxUnpacked + 1}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(b.Bytes()); err == nil || !strings.Contains(err.Error(), "MB unpacked") {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(workbook(f, "", `<row><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		sheets, err := Read(data)
		if (err == nil) != (len(sheets) > 0) {
			t.Fatal(err, len(sheets))
		}
	})
}
