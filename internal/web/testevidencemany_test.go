package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"plumbline/internal/desk"
)

// An adviser sends a spreadsheet of 150 pieces of evidence, sees what it would record, each fault by its row and column, and records it once.
func TestManyPiecesAtOnce(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	at := commissioned(t, s)
	v := s.visit(at + "/evidence")
	v.open(v.link("Add many pieces"))
	v.want("Fill in a spreadsheet, one row for each piece")
	template := body(s.do(request("GET", v.link("Template to fill in (Excel)"))))
	book, err := excelize.OpenReader(strings.NewReader(template))
	if err != nil {
		t.Fatal(err)
	}
	if rows, _ := book.GetRows("Evidence"); len(rows) != 1 || strings.Join(rows[0], ", ") != "Title, Kind, Reference, Date of the document, Received on, Supplied by, Document on record, Excerpt, Themes, Criteria, About, May be attributed, Good until" {
		t.Errorf("the template: %q", rows)
	}

	const many = 150
	set := func(cell, value string) {
		t.Helper()
		if err := book.SetCellStr("Evidence", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	for i := range many {
		row := i + 2
		set(fmt.Sprint("A", row), fmt.Sprint("Piece ", i+1))
		set(fmt.Sprint("B", row), "Document")
		set(fmt.Sprint("E", row), "2 November 2026")
		set(fmt.Sprint("F", row), "Chief Executive")
		set(fmt.Sprint("I", row), "Governance and accountability; Leadership")
	}
	bytesOf := func() []byte {
		var b bytes.Buffer
		if err := book.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	set("B3", "Rumour")
	set("E4", "Sometime")
	set("A5", "")
	set("F6", "Chief Exec")
	v.attach("/many", "evidence.xlsx", bytesOf())
	v.want("4 problems in the file.", "Row 3 Kind Rumour Is not one of the choices", "Row 4 Received on Sometime Must be a real date", "Row 5 Title", "Row 6 Supplied by Chief Exec", "Did you mean Chief Executive?")
	if got := s.fields("evidence", "title"); len(got) != 0 {
		t.Errorf("recorded although it is wrong: %v", got)
	}
	set("B3", "Data")
	set("E4", "3 November 2026")
	set("A5", "Piece 4")
	set("F6", "Chief Executive")
	set("C7", "E1")
	set("C8", "E1")
	v.attach("/many", "evidence.xlsx", bytesOf())
	v.want("Row 8 Reference E1 Another piece has this reference: row 7")
	set("C8", "E400")
	v.attach("/many", "evidence.xlsx", bytesOf())
	v.want("What evidence.xlsx would record", "E401 Piece 1", "2 November 2026", "Chief Executive", "Page 1 of 2")
	preview := v.at
	s.visit(preview+"&page=2").want("Piece 150", "Record 150 pieces")
	v.answer("/many")
	v.want("150 pieces of evidence are recorded.", "150 pieces of evidence.", "E1 Piece 6", "E401 Piece 1")
	s.visit(at + "/evidence?theme=leadership").want("150 pieces of evidence")

	v = s.visit(preview)
	v.want("150 rows were recorded from this file already", "Nothing would be recorded")
	if r := s.post(at+"/evidence/many", url.Values{"kept": {desk.Fingerprint(bytesOf())}, "next": {"E548"}}); r.StatusCode != http.StatusConflict && r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("sent twice: %d", r.StatusCode)
	}
	if got := s.fields("evidence", "title"); len(got) != many {
		t.Errorf("%d pieces", len(got))
	}
}

// What nobody sent, what is no spreadsheet and what speaks of another test is refused in words, and nothing is recorded.
func TestManyPiecesRefused(t *testing.T) {
	s := empty(t)
	s.load(nil, reviewed)
	at := commissioned(t, s)
	s.load(nil, "{kind: test, id: other, title: Other, framework: local-test-of-assurance-2013, started_on: 2026-11-01}\n---\n{kind: evidence, id: theirs, test: other, title: Notes, method: document, reference: E1}")
	send := func(name, content string) *visit {
		v := s.visit(at + "/evidence/many")
		v.attachTo(at+"/evidence/many", name, []byte(content))
		return v
	}
	send("", "").want("Select a file")
	send("a.pdf", "%PDF-1.7\n").want("The file is a PDF")
	send("a.csv", "Fruit,Colour\nApple,Green\n").want("It cannot be told what the file holds", "Use the headings of the template")
	send("a.csv", "Title\nNotes\n").want("There is no column for this", "Kind")
	send("a.csv", "Title,Kind\n").want("There are no rows below the headings")
	send("a.csv", "Title,Kind,Themes\nNotes,Document,Leadership; Gardening\n").want("Gardening")
	send("a.csv", "Title,Kind\n"+strings.Repeat("Notes,Document\n", 2)).want("This row says the same as row 2", "Remove one of the two")
	var large strings.Builder
	large.WriteString("Title,Kind\n")
	for i := range 501 {
		fmt.Fprintf(&large, "Piece %d,Data\n", i)
	}
	send("a.csv", large.String()).want("The file has more than 500 pieces")
	v := s.visit(at + "/evidence/many?kept=" + strings.Repeat("0", 64))
	v.want("The spreadsheet that was sent is not here any more, or was not sent by you")

	// A piece of another test that is called the same, columns that say of which test it is, which file it has or since when, and what looks like markup.
	v = send("a.csv", "Id,Title,Method,Test,File,Name of the file,From\ntheirs,Notes,document,Other,"+strings.Repeat("0", 64)+",x.txt,2020-01-01\n,<b>Bold</b>,data,,,,\n")
	v.want("E1 Notes", "E2 <b>Bold</b>", "Not read, because no field of evidence is called so: Id, Test, File, Name of the file and From.", "Record 2 pieces")
	v.answer("/many")
	if got := strings.Join(s.fields("evidence", "file"), "") + strings.Join(s.fields("evidence", "title"), ", ") + "; " + strings.Join(s.fields("evidence", "reference"), ", "); got != "<b>Bold</b>, Notes, Notes; E1, E1, E2" {
		t.Errorf("recorded: %s", got)
	}
}
