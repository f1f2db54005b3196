package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"plumbline/internal/kind"
)

// shown writes what was read, a row a line, so that a person can compare it.
func shown(sheets []sheet) string {
	var b strings.Builder
	for _, s := range sheets {
		fmt.Fprintf(&b, "[%s]\n", s.name)
		for _, l := range s.rows {
			fmt.Fprintf(&b, "%d", l.number)
			for _, c := range l.cells {
				fmt.Fprintf(&b, "|%s%s", [...]string{"", "#", "@", "!"}[c.is], c.text)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func utf16File(s string, big bool) []byte {
	units := append([]uint16{0xfeff}, utf16.Encode([]rune(s))...)
	var b []byte
	for _, u := range units {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

func TestReadCSV(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"commas", "a,b\n1,2\n", "1|a|b\n2|1|2\n"},
		{"semicolons, with commas in the values", "a;b\n1,5;x, y\n", "1|a|b\n2|1,5|x, y\n"},
		{"tabs", "a\tb, c\n1\t2\n", "1|a|b, c\n2|1|2\n"},
		{"one column", "title\nDirector, of things\n", "1|title\n2|Director, of things\n"},
		{"a line that says what separates", "sep=;\na;b,c,d\n", "2|a|b,c,d\n"},
		{"CR and LF, and a byte order mark", "\ufeffa,b\r\n\"x\r\ny\",\"\"\"q\"\"\"\r\n", "1|a|b\n2|x\ny|\"q\"\n"},
		{"CR alone", "a,b\r1,2\r", "1|a|b\n2|1|2\n"},
		{"empty rows count and are left out", "a,b\n\n , \n1,2\n,,,\n\n\n", "1|a|b\n4|1|2\n"},
		{"a mark within a value", "a,b\nthe \"x\" post,\"say \"hello\" to\"\n", "1|a|b\n2|the \"x\" post|say \"hello\" to\n"},
		{"UTF-16, small end first", string(utf16File("é;b\n“q”;2\n", false)), "1|é|b\n2|“q”|2\n"},
		{"UTF-16, big end first", string(utf16File("é;b\n1;𝒳\n", true)), "1|é|b\n2|1|𝒳\n"},
		{"Windows-1252", "Children\x92s,\xa3\n\x96,\x81\n", "1|Children’s|£\n2|–|\ufffd\n"},
		{"guards are taken away", "'=a,'-\n'',-\n", "1|=a|'-\n2|''|-\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, p := read(`C:\files\posts 2015.csv`, []byte(c.file))
			if p != nil {
				t.Fatal(p)
			}
			if got := shown(got); got != "[posts 2015]\n"+c.want {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	wide := strings.Repeat(",", MaxCols) + "x\n"
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "The file is empty."},
		{"blank", []byte(" ,\n\n"), "There is nothing in the file."},
		{"too large", make([]byte, MaxFile+1), "The file is larger than 10 MB."},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00"), "The file is neither a spreadsheet (.xlsx) nor CSV."},
		{"a PDF", []byte("%PDF-1.7"), "The file is a PDF."},
		{"an old or locked spreadsheet", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an older kind of spreadsheet (.xls), or it is locked with a password."},
		{"half of UTF-16", append(utf16File("a", false), 'x'), "neither a spreadsheet"},
		{"a mark that is never closed", []byte("a,b\n1,\"2\n3,4\n"), "Row 2: a quotation mark opens a value there and is never closed."},
		{"too many columns", []byte("a\n" + wide), "The file has more than 200 columns."},
		{"too many rows", []byte(strings.Repeat("a\n", MaxRows+2)), "The file has more than 50,000 rows."},
		{"too many cells", []byte(strings.Repeat(strings.Repeat("x,", 99)+"x\n", 10_001)), "The file holds more than 1,000,000 cells."},
		{"half of a zip", zipped(t, "xl/workbook.xml", "<workbook/>")[:40], "it is damaged, or no spreadsheet."},
		{"a zip of something else", zipped(t, "hello.txt", "hello"), "it is damaged, or no spreadsheet."},
		{"a letter", zipped(t, "[Content_Types].xml", "", "word/document.xml", ""), "The file is a document, and no spreadsheet."},
		{"OpenDocument", zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "The file is an OpenDocument file."},
		{"macros", zipped(t, "xl/workbook.xml", "", "xl/vbaProject.bin", ""), "The file holds macros, which are programs."},
		{"another file's values", zipped(t, "xl/workbook.xml", "", "xl/externalLinks/externalLink1.xml", ""), "The file takes values from another file."},
		{"no sheet", minimal(t, ""), "There is nothing in the file."},
		{"a row above the one before", minimal(t, `<row r="2"><c><v>1</v></c></row><row r="1"/>`), "The sheet “Data” cannot be read"},
		{"a row far below", minimal(t, `<row r="9999999"><c><v>1</v></c></row>`), "The sheet “Data” cannot be read"},
		{"a column far away", minimal(t, `<row><c r="XFD1"><v>1</v></c></row>`), "The sheet “Data” has more than 200 columns."},
		{"a column that is none", minimal(t, `<row><c r="ZZZZZZZZ1"><v>1</v></c></row>`), "The sheet “Data” cannot be read"},
		{"a string that is not there", minimal(t, `<row><c t="s"><v>7</v></c></row>`), "The sheet “Data” cannot be read"},
		{"a number that is none", minimal(t, `<row><c><v>1e999</v></c></row>`), "The sheet “Data” cannot be read"},
		{"half of a sheet", minimal(t, `<row><c><v>1`), "The sheet “Data” cannot be read"},
		{"an entity", minimal(t, `<row><c t="str"><v>&bomb;</v></c></row>`), "The sheet “Data” cannot be read"},
		{"a bomb that lies", lying(minimal(t, strings.Repeat("<row>"+strings.Repeat(" ", 1<<12)+"</row>", 1<<14))), "The sheet “Data” cannot be read"},
		{"a bomb", minimal(t, strings.Repeat("<row>"+strings.Repeat(" ", 1<<12)+"</row>", 1<<14)), "The file unpacks to more than 64 MB."},
		{"a tag without end", minimal(t, "<row "+strings.Repeat("a='' ", 1<<20)+"/>"), "The file unpacks to more than 64 MB."},
		{"a text without end", minimal(t, "<row><c t='str'><v>"+strings.Repeat("x", 2<<20)+"</v></c></row>"), "The file unpacks to more than 64 MB."},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, p := read("file.xlsx", c.file)
			if p == nil {
				t.Fatalf("it was read:\n%s", shown(got))
			}
			if !strings.Contains(p.Error(), c.want) || p.Do == "" {
				t.Errorf("got  %s\nwant %s", p, c.want)
			}
		})
	}
}

// zipped makes a zip of names and contents.
func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// lying makes a zip say that the last of its parts is a kilobyte long.
func lying(b []byte) []byte {
	i := bytes.LastIndex(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(b[i+24:], 1024)
	return b
}

// minimal makes the smallest spreadsheet that there is, of one sheet with such rows.
func minimal(t testing.TB, rows string) []byte {
	return zipped(t,
		"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="mmm\-yy"/><numFmt numFmtId="165" formatCode="[Red]0.0&quot;days&quot;"/><numFmt numFmtId="166" formatCode="yyyy"/></numFmts>
			<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/><xf numFmtId="166"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml", `<sst><si><t>plain</t></si><si><r><t xml:space="preserve">rich </t></r><r><t>text</t></r><rPh><t>said</t></rPh></si><si><t>_x0041__x005F_x0042_</t></si></sst>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`)
}

func TestReadXLSX(t *testing.T) {
	for _, c := range []struct{ name, rows, want string }{
		{"texts", `<row r="3"><c r="B3" t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>in line</t></is></c><c t="s"><v>2</v></c></row>`, "3||plain|rich text|in line|A_x0042_\n"},
		{"numbers", `<row><c><v>9.3699999999999992</v></c><c><v>9.01E-2</v></c><c s="3"><v>-5</v></c><c s="4"><v>0.159</v></c><c s="99"><v>12345678</v></c></row>`, "1|#9.37|#0.0901|#-5|#15.9%|#12345678\n"},
		{"dates", `<row><c s="1"><v>37895</v></c><c s="1"><v>37895.75</v></c><c s="2"><v>37895</v></c><c s="5"><v>37895</v></c><c t="d"><v>2003-10-01T00:00:00</v></c><c s="1"><v>1</v></c><c s="1"><v>0.5</v></c></row>`, "1|@2003-10-01|@2003-10-01|@2003-10|@2003|@2003-10-01|@1900-01-01|#0.5\n"},
		{"formulas", `<row><c><f>1+1</f><v>2</v></c><c t="str"><f>A1&amp;"x"</f><v>2x</v></c><c><f>NOW()</f></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="b"><v>1</v></c></row>`, "1|#2|2x|!=NOW()|!#DIV/0!|yes\n"},
		{"empty cells and rows", `<row r="1"><c t="s"><v>0</v></c></row><row r="2"/><row r="4"><c/><c t="inlineStr"><is><t> </t></is></c></row><row r="5"><c r="A5"><v>1</v></c><c r="C5"/></row>`, "1|plain\n5|#1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, p := read("file.xlsx", minimal(t, c.rows))
			if p != nil {
				t.Fatal(p)
			}
			if got := shown(got); got != "[Data]\n"+c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestReadWhatOthersWrite reads a workbook that the library wrote: two sheets, one of them hidden, counted from 1904.
func TestReadWhatOthersWrite(t *testing.T) {
	f := excelize.NewFile()
	yes := true
	date, _ := f.NewStyle(&excelize.Style{NumFmt: 15})
	for _, err := range []error{
		f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}),
		f.SetSheetRow("Sheet1", "A1", &[]any{"a", 1.5, true, nil, "é\n“q”"}),
		f.SetCellInt("Sheet1", "B3", 36433), f.SetCellStyle("Sheet1", "B3", "B3", date),
		f.SetCellFormula("Sheet1", "C3", "1+1"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("Other"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStr("Other", "A1", "unseen"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetVisible("Other", false); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	got, p := read("x.xlsx", b.Bytes())
	if p != nil {
		t.Fatal(p)
	}
	if want := "[Sheet1]\n1|a|#1.5|yes||é\n“q”\n3||@2003-10-01|!=1+1\n"; shown(got) != want {
		t.Errorf("got\n%s\nwant\n%s", shown(got), want)
	}
}

// TestReadWhatWeWrite: whatever is written comes back, of both formats.
func TestReadWhatWeWrite(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	letters := []rune("ab'\"=+-@;,\t\n é“–_x0041_7")
	text := func() string {
		s := make([]rune, r.IntN(8))
		for i := range s {
			s[i] = letters[r.IntN(len(letters))]
		}
		return strings.TrimSpace(string(s))
	}
	table := Table{Name: "Data", Columns: []Column{{Name: "one"}, {Name: "two"}, {Name: "day", Type: kind.Date}, {Name: "n", Type: kind.Number}}}
	for range 500 {
		table.Rows = append(table.Rows, []Cell{{Text: text()}, {Text: text()}, {Text: "2003-10-01", Type: kind.Date}, {Text: "-12.5", Type: kind.Number}})
	}
	var csv, xlsx bytes.Buffer
	if err := CSV(&csv, table); err != nil {
		t.Fatal(err)
	}
	if err := XLSX(&xlsx, Workbook{Tables: []Table{table}}); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*bytes.Buffer{&csv, &xlsx} {
		got, p := read("Data.csv", b.Bytes())
		if p != nil {
			t.Fatal(p)
		}
		if len(got) != 1 || len(got[0].rows) != len(table.Rows)+1 {
			t.Fatalf("%d sheets", len(got))
		}
		for i, row := range table.Rows {
			for j, c := range row {
				e := got[0].rows[i+1].at(j)
				if text := literal(e.text); text != c.Text {
					t.Errorf("row %d: %q came back as %q", i, c.Text, text)
				}
			}
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;b\n\"x\ny\";2", "sep=\t\na\tb", "\xff\xfea\x00", "\x92", "'=1\r\n\"", "a\rb"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		text, ok := decode(b)
		if !ok {
			return
		}
		s, p := readCSV(text)
		bounds(t, []sheet{s}, p, len(text))
	})
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, `<si><t>x</t></si>`, `<cellXfs><xf numFmtId="14"/></cellXfs>`)
	f.Add(`<row><c t="inlineStr"><is><r><t>_x0041_</t></r></is></c><c s="0"><v>37895</v></c></row>`, ``, `<numFmt numFmtId="164" formatCode="[h]:mm;@"/>`)
	f.Add(`<row r="2"><c r="ZZ2"><f>A1</f></c></row>`, `<si>`, ``)
	f.Fuzz(func(t *testing.T, rows, strings, styles string) {
		b := zipped(t,
			"xl/workbook.xml", `<workbook><sheets><sheet name="Data" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/></Relationships>`,
			"xl/styles.xml", styles, "xl/sharedStrings.xml", strings, "xl/worksheets/sheet1.xml", rows)
		s, p := read("x.xlsx", b)
		bounds(t, s, p, len(b)+len(rows)*len(strings))
	})
}

// bounds checks that what was read is no more than may be, and in order.
func bounds(t *testing.T, sheets []sheet, p *Problem, most int) {
	if p != nil {
		if p.Wrong == "" || p.Do == "" {
			t.Fatalf("a problem that does not say what to do: %+v", p)
		}
		return
	}
	total := 0
	for _, s := range sheets {
		last := 0
		for _, l := range s.rows {
			if l.number <= last || len(l.cells) == 0 || len(l.cells) > MaxCols || blank(l.cells[len(l.cells)-1].text) {
				t.Fatalf("row %d after %d, %d cells", l.number, last, len(l.cells))
			}
			last = l.number
			for _, c := range l.cells {
				total += len(c.text)
			}
		}
	}
	if total > 4*most+1000 {
		t.Fatalf("%d bytes became %d", most, total)
	}
}
