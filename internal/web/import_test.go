package web_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// sendFile sends a file as a browser does.
func (s *site) sendFile(target, name string, content []byte) *http.Response {
	s.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", target, &b)
	r.Host = "127.0.0.1:8340"
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return s.do(r.WithContext(request("GET", "/").Context()))
}

// upload sends a file by the form of the page, and gives the status.
func (v *visit) upload(name string, content []byte) int {
	v.t.Helper()
	to := regexp.MustCompile(`<form method="post" action="([^"]*)" enctype="multipart/form-data"`).FindStringSubmatch(v.page)
	if to == nil {
		v.t.Fatalf("%s takes no file: %s", v.at, v.says())
	}
	v.at = html.UnescapeString(to[1])
	r := v.sendFile(v.at, name, content)
	if r.StatusCode == http.StatusSeeOther {
		v.open(r.Header.Get("Location"))
		return http.StatusSeeOther
	}
	v.page = body(r)
	if _, faults := read(v.page); len(faults) > 0 {
		v.t.Fatalf("%s: %v", v.at, faults)
	}
	return r.StatusCode
}

func (v *visit) uploaded(name string, content []byte) {
	v.t.Helper()
	if status := v.upload(name, content); status != http.StatusSeeOther {
		v.t.Fatalf("%s: status %d\n%s\n%s", v.at, status, v.says(), v.log)
	}
}

// workbook opens a spreadsheet that the site gives.
func (s *site) workbook(target string) *excelize.File {
	s.t.Helper()
	r := s.do(request("GET", target))
	if r.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: status %d: %s", target, r.StatusCode, body(r))
	}
	f, err := excelize.OpenReader(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

func saved(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fill writes rows below the headings of a sheet, by the names of its columns.
func fill(t testing.TB, f *excelize.File, sheet string, rows ...map[string]any) {
	t.Helper()
	head, err := f.GetRows(sheet)
	if err != nil || len(head) == 0 {
		t.Fatalf("sheet %s: %v", sheet, err)
	}
	for i, row := range rows {
		for name, value := range row {
			cell, err := excelize.CoordinatesToCellName(place(t, f, sheet, name), len(head)+i+1)
			if err == nil {
				err = f.SetCellValue(sheet, cell, value)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The first morning: from an empty record to the page of who answers, by the template, as a spreadsheet program leaves it.
func TestTheFirstHour(t *testing.T) {
	s := empty(t)
	v := s.visit("/")
	v.want("Import a spreadsheet", "Record the council")
	v = s.visit("/structure/councils/new")
	v.answer("/new", "name", "Made County Council", "type", "county", "governance", "leader-and-cabinet")
	v.answer("/check")

	v.open("/structure/import")
	f := s.workbook("/structure/import/template.xlsx")
	fill(t, f, "Units", map[string]any{"Name": "People"}, map[string]any{"Name": "Children", "Part of": "People"})
	fill(t, f, "Posts",
		map[string]any{"Title": "Chief Executive", "Full-time equivalent": "1", "From": 40269}, // 1 April 2010, as a number
		map[string]any{"Title": "Director of Children's Services", "Reports to": "Chief Executive", "Unit": "People", "Full-time equivalent": "1.0"},
		map[string]any{"Title": "Director of Public Health", "Reports to": "chief executive"},
		map[string]any{"Title": "   "}, map[string]any{"Title": ""})
	fill(t, f, "People", map[string]any{"Name": "A. Example"})
	fill(t, f, "Appointments",
		map[string]any{"Person": "A. Example", "Post": "Director of Children's Services", "Basis": "Permanent"},
		map[string]any{"Person": "B. Example", "Post": "Chief Executive", "From": "1 May 2011"})
	fill(t, f, "Designations", map[string]any{"Statutory role": "DCS", "Post": "Director of Children's Services"})
	fill(t, f, "Functions", map[string]any{"Name": "Special educational needs", "Unit": "People", "Domain": "Education of children and young people with special educational needs"})
	v.uploaded("structure.xlsx", saved(t, f))
	v.want("From which day is it so?")
	if v.send("/from", "from.day", "31", "from.month", "2", "from.year", "2015", "~source", "HR") != http.StatusUnprocessableEntity {
		t.Fatal("31 February was taken")
	}
	if !strings.Contains(v.page, `value="31"`) || !strings.Contains(v.page, `value="HR"`) {
		t.Error("what was typed is not kept")
	}
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2015", "~source", "HR")
	v.want("1 row needs fixing. Nothing has been changed yet.", "Is not one of the choices", "9 rows are ready", "+ 10 new")
	if s.book.Known() != 1 {
		t.Fatal("something was recorded")
	}

	// The same file comes back, with what to fix; put right it is ready.
	f = s.workbook(v.link("two extra columns"))
	if says := column(t, f, "Functions", "What to fix"); !strings.Contains(says[0], "Domain: Is not one of the choices") {
		t.Errorf("the file that comes back says %q", says)
	}
	setColumn(t, f, "Functions", "Domain", 2, "EDU")
	v.uploaded("structure fixed.xlsx", saved(t, f))
	v.want("Check what would change", "structure fixed.xlsx: 10 rows", "1 April 2015", "HR", "+ 11 new", "named in row 3 of Appointments", "Record 11 changes")
	check, known := v.at, s.book.Known()
	v.answer("/check")
	v.want("The import is recorded", "+ 11 new", "Undo the whole import")
	if n := s.book.Known() - known; n != 11 {
		t.Errorf("%d entries, want 11", n)
	}
	for range 2 { // the back button, and sending it again
		v.open(check)
		v.want("The import is recorded")
	}
	for on, title := range map[string]string{"2010-04-01": "Chief Executive", "2015-04-01": "Director of Public Health"} {
		v.open("/structure/posts?on=" + on)
		v.want(title)
	}
	v.open("/structure/posts?on=2010-03-31")
	if strings.Contains(v.says(), "Chief Executive") {
		t.Error("the date that came as a number is not 1 April 2010")
	}
	v.open("/structure/who-answers?on=2015-04-01")
	v.want("Special educational needs", "A. Example")
	v.open("/structure/import")
	v.want("The same with what the record holds")

	// What the record holds comes out, and put back as it is changes nothing.
	again := s.workbook("/structure/import/filled.xlsx")
	v.uploaded("again.xlsx", saved(t, again))
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2016")
	v.want("Nothing would change", "11 the same")
	if strings.Contains(v.page, "Record 0") {
		t.Error("there is a button that records nothing")
	}
	v.answer("/discard")
	v.want("Import a spreadsheet")
}

// link gives the address of the link with some words.
func (v *visit) link(words string) string {
	v.t.Helper()
	m := regexp.MustCompile(`<a[^>]* href="([^"]*)"[^>]*>[^<]*` + regexp.QuoteMeta(words)).FindStringSubmatch(v.page)
	if m == nil {
		v.t.Fatalf("%s has no link %q", v.at, words)
	}
	return html.UnescapeString(m[1])
}

// place gives the number of a column of a sheet by its heading.
func place(t testing.TB, f *excelize.File, sheet, heading string) int {
	t.Helper()
	for i := 1; i < 60; i++ {
		cell, err := excelize.CoordinatesToCellName(i, 1)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := f.GetCellValue(sheet, cell); err == nil && text == heading {
			return i
		}
	}
	t.Fatalf("sheet %s has no column %s", sheet, heading)
	return 0
}

func setColumn(t testing.TB, f *excelize.File, sheet, heading string, row int, value any) {
	t.Helper()
	cell, err := excelize.CoordinatesToCellName(place(t, f, sheet, heading), row)
	if err == nil {
		err = f.SetCellValue(sheet, cell, value)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// column gives the cells below a heading.
func column(t testing.TB, f *excelize.File, sheet, heading string) (out []string) {
	t.Helper()
	at := place(t, f, sheet, heading)
	rows, _ := f.GetRows(sheet)
	for i := range rows[1:] {
		cell, err := excelize.CoordinatesToCellName(at, i+2)
		if err != nil {
			t.Fatal(err)
		}
		text, err := f.GetCellValue(sheet, cell)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	return out
}

// department is a record of many posts: one chief executive, directors under them, and officers under these.
func department(t testing.TB, posts int) *site {
	t.Helper()
	s := empty(t)
	var b strings.Builder
	b.WriteString("{kind: council, id: council, name: Made Council, type: county, governance: committee}\n---\n{kind: unit, id: people, name: People}\n---\n{kind: unit, id: place, name: Place}\n")
	for i := 1; i <= posts; i++ {
		over := ""
		if i > 1 {
			over = fmt.Sprintf(", reports_to: p%d", i/10+1)
			if i <= 10 {
				over = ", reports_to: p1"
			}
		}
		fmt.Fprintf(&b, "---\n{kind: post, id: p%d, title: Post %d, unit: people, grade: SM1, from: 2010-04-01%s}\n", i, i, over)
	}
	s.load(nil, b.String())
	return s
}

// Journey 5: a file of 312 rows with nine errors, put right, looked at, recorded and undone.
func TestJourneyOfAFileWithErrors(t *testing.T) {
	s := department(t, 300)
	v := s.visit("/structure/import")
	f := s.workbook("/structure/import/filled.xlsx")
	for _, sheet := range []string{"Units", "People", "Appointments", "Designations", "Functions"} {
		if err := f.DeleteSheet(sheet); err != nil {
			t.Fatal(err)
		}
	}
	set := func(row int, heading string, value any) { setColumn(t, f, "Posts", heading, row, value) }
	rowOf := map[string]int{}
	for i, title := range column(t, f, "Posts", "Title") {
		rowOf[title] = i + 2
	}
	post := func(n int) int { return rowOf[fmt.Sprintf("Post %d", n)] }
	for i := range 12 { // rows 302 to 313: 12 new ones
		set(302+i, "Title", fmt.Sprintf("New post %d", i+1))
		set(302+i, "Reports to", "Post 1")
	}
	set(314, "Title", "  ")      // the blank last row
	for n := 100; n < 141; n++ { // 41 changed
		set(post(n), "Grade", "SM2")
	}
	for n := 150; n < 156; n++ { // 6 moved
		set(post(n), "Unit", "Place")
	}
	wrong := map[int][2]string{
		post(20):  {"Until", "31/02/2015"},       // a bad date
		post(21):  {"Reports to", "Nobody"},      // an unknown manager
		post(2):   {"Reports to", "Post 200"},    // a loop: 200 reports to 21, 21 to 3 …
		post(200): {"Reports to", "Post 2"},      // … closed here
		post(22):  {"Unit", "Nowhere"},           // an unknown unit
		post(23):  {"Full-time equivalent", "x"}, // no number
		post(24):  {"Salary from", "lots"},
		post(25):  {"Held as", "oficer"},
		post(26):  {"Unit", "Nowhere else"},
		303:       {"Title", ""},
	}
	was := map[int]any{}
	for row, x := range wrong {
		was[row], _ = f.GetCellValue("Posts", name(t, f, x[0], row))
		set(row, x[0], x[1])
	}
	was[303] = "New post 2"
	file := saved(t, f)

	before := s.book.Known()
	v.uploaded("posts-april-2015.xlsx", file)
	v.answer("/from", "from.day", "1", "from.month", "April", "from.year", "2015", "~source", "HR, April 2015")
	v.want("Check your file", "posts-april-2015.xlsx: 312 rows", "9 rows need fixing. Nothing has been changed yet.", "Must be a real date", "It comes back to itself", "Post 200", "No post has this name or id", "303 rows are ready")
	if s.book.Known() != before {
		t.Fatal("something was recorded")
	}
	if n := strings.Count(v.page, `data-column="What is wrong"`); n != 9 {
		t.Errorf("%d errors are shown: %s", n, v.says())
	}
	fixed := s.workbook(v.link("two extra columns"))
	results := column(t, fixed, "Posts", "Result")
	if got := results[post(20)-2]; got != "Needs fixing" || len(results) != 312 {
		t.Errorf("the file that comes back has %d rows, and says of the bad date %q", len(results), got)
	}
	for row, x := range wrong {
		setColumn(t, fixed, "Posts", x[0], row, was[row])
	}
	v.uploaded("posts-april-2015 fixed.xlsx", saved(t, fixed))
	v.want("Check what would change", "+ 12 new", "~ 41 changed", "→ 6 moved", "0 missing from the file", "253 the same", "Record 59 changes", "Grade: SM1", "Grade: SM2", "Place")
	if s.book.Known() != before {
		t.Fatal("something was recorded before it was agreed to")
	}
	v.answer("/check")
	v.want("The import is recorded", "+ 12 new", "~ 41 changed", "→ 6 moved", "− 0 ended")
	if n := s.book.Known() - before; n != 59 {
		t.Errorf("%d entries, and 59 changes were shown", n)
	}
	report := v.at
	grade := func(on fact.Day) string {
		return s.book.View(on, -1).Record(fact.Key{Kind: graph.Post, ID: "p120"}).Text("grade")
	}
	if was, is := grade(fact.DayOf(2015, 3, 31)), grade(fact.DayOf(2015, 4, 1)); was != "SM1" || is != "SM2" {
		t.Errorf("the grade was %s and is %s", was, is)
	}
	v.answer(fmt.Sprintf("/undo/%d-%d", before+1, before+59))
	if got := grade(fact.DayOf(2015, 4, 1)); got != "SM1" {
		t.Errorf("undone, the grade is %s", got)
	}
	if n := len(s.book.View(fact.DayOf(2015, 4, 1), -1).All(graph.Post)); n != 300 {
		t.Errorf("undone, there are %d posts", n)
	}
	v.open("/structure/posts/p120/history")
	v.want("SM2", "HR, April 2015")
	v.open(report)
	v.want("Some of these records were changed again since")
	if strings.Contains(v.page, "/undo/") {
		t.Error("what is undone can be undone again")
	}
}

// name gives the name of the cell in a row below a heading.
func name(t testing.TB, f *excelize.File, heading string, row int) string {
	t.Helper()
	cell, err := excelize.CoordinatesToCellName(place(t, f, "Posts", heading), row)
	if err != nil {
		t.Fatal(err)
	}
	return cell
}

// Somebody records a change of the same post after the preview was shown: nothing is recorded over it, and what the file would do now is shown.
func TestAnImportThatWasOvertaken(t *testing.T) {
	s := department(t, 12)
	v := s.visit("/structure/import")
	v.uploaded("posts.csv", []byte("Id,Title,Grade\np5,Post 5,SM9\np6,Post 6,SM9\n"))
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2015")
	v.want("What about those that the file leaves out?", "10 posts are recorded and not in the file", "Leave them as they are")
	if v.send("/missing") != http.StatusUnprocessableEntity {
		t.Error("no answer was taken for one")
	}
	v.answer("/missing", "missing-post", "leave")
	v.want("~ 2 changed", "10 posts: left as they are")
	s.load(nil, "{kind: post, id: p9, title: Post 9 and more}")
	beside := s.book.Known()
	v2 := s.visit(v.at)
	s.load(nil, "{kind: post, id: p5, title: Post 5, grade: SM9, from: 2015-01-01}")
	if status := v.send("/check"); status != http.StatusConflict {
		t.Fatalf("status %d: %s", status, v.says())
	}
	v.want("The record was changed since", "Nothing has been changed yet", "~ 1 changed", "1 the same")
	if s.book.Known() != beside+1 {
		t.Error("something was recorded")
	}
	if status := v2.send("/check"); status != http.StatusConflict {
		t.Errorf("status %d", status)
	}
	v.answer("/check")
	v.want("The import is recorded", "~ 1 changed")
}

// A change elsewhere in the record is no conflict.
func TestAnImportBesideAnotherChange(t *testing.T) {
	s := department(t, 12)
	v := s.visit("/structure/import")
	v.uploaded("posts.csv", []byte("Id,Title,Grade\np5,Post 5,SM9\n"))
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2015")
	v.answer("/missing", "missing-post", "end", "end-post.day", "31", "end-post.month", "3", "end-post.year", "2020")
	v.want("− 11 ended", "ended after 31 March 2020", "Record 12 changes")
	s.load(nil, "{kind: unit, id: other, name: Other}")
	v.answer("/check")
	v.want("~ 1 changed", "− 11 ended")
	if n := len(s.book.View(fact.DayOf(2020, 4, 1), -1).All(graph.Post)); n != 1 {
		t.Errorf("%d posts are there after the others ended", n)
	}
}

func TestColumnsThatAreNotUnderstood(t *testing.T) {
	s := department(t, 3)
	v := s.visit("/structure/import")
	v.uploaded("staff.csv", []byte("Rolle,Pay band,Shoe size\nHead of Service,SM3,44\n"))
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2015")
	v.want("What do the columns hold?", "It cannot be told what the file holds")
	v.answer("/columns", "kind-0", "post")
	v.want("There is no column for this", "What does the column “Rolle” hold?", "Shoe size")
	v.answer("/columns", "kind-0", "post", "column-0-0", "title", "column-0-1", "grade", "column-0-2", "nonsense")
	v.want("Shoe size")
	v.answer("/columns", "kind-0", "post", "column-0-0", "title", "column-0-1", "grade", "column-0-2", "")
	v.answer("/missing", "missing-post", "leave")
	v.want("+ 1 new", "Head of Service", "Grade: SM3", "without 1 column")
}

func TestHostileFiles(t *testing.T) {
	s := department(t, 3)
	wide := strings.Repeat("Column,", 500) + "\n" + strings.Repeat("x,", 500) + "\n"
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, part := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		w, err := z.Create(part)
		for n := 0; err == nil && n < 300; n++ {
			_, err = w.Write(make([]byte, 1<<20))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"empty.csv":  {nil, "The selected file is empty"},
		"large.csv":  {bytes.Repeat([]byte("x"), exchange.MaxFile+1), "The selected file must be smaller than 10MB"},
		"huge.csv":   {bytes.Repeat([]byte("x"), 9*exchange.MaxFile), "The selected file must be smaller than 10MB"},
		"post.xlsx":  {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "neither a spreadsheet"},
		"bomb.xlsx":  {bomb.Bytes(), "."},
		"wide.csv":   {[]byte(wide), "more than 200 columns"},
		"old.xls":    {[]byte("\xd0\xcf\x11\xe0 and more"), "older kind of spreadsheet"},
		"report.pdf": {[]byte("%PDF-1.7"), "The file is a PDF"},
	} {
		v := s.visit("/structure/import")
		if status := v.upload(name, c.content); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, status)
		}
		v.want("There is a problem", c.says)
		if !strings.Contains(v.page, `href="#file"`) {
			t.Errorf("%s: the summary does not lead to the field", name)
		}
	}
	if drafts, err := s.desk.Drafts(t.Context(), "owner"); err != nil || len(drafts) > 0 {
		t.Errorf("%d drafts are left of files that were refused: %v", len(drafts), err)
	}
	r := s.post("/structure/import", nil)
	if r.StatusCode != http.StatusBadRequest {
		t.Errorf("no file at all: status %d", r.StatusCode)
	}
	if r := s.sendFile("/structure/posts/new", "x.csv", make([]byte, 2<<20)); r.StatusCode/100 == 2 || r.StatusCode/100 == 3 {
		t.Errorf("another route takes a large body: status %d", r.StatusCode)
	}

	// What stands in a file is text wherever it comes up again.
	v := s.visit("/structure/import")
	v.uploaded(`..\..\<script>alert(1)</script>"; rm.csv`, []byte("Title,Grade,Reports to\n<script>alert(1)</script>,=1+1,\"=HYPERLINK(\"\"http://example.org\"\")\"\n"))
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2015")
	v.want("No post has this name or id")
	for _, bad := range []string{"<script>alert", `href="http:`} {
		if strings.Contains(v.page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	r = s.do(request("GET", v.link("two extra columns")))
	if got := r.Header.Get("Content-Disposition"); got != `attachment; filename="script-rm-what-to-fix.csv"` {
		t.Errorf("the file that comes back is called %s", got)
	}
	if back := body(r); !strings.Contains(back, "'=1+1") || strings.Contains(back, ",=") {
		t.Errorf("a formula comes back: %s", back)
	}
	for _, target := range []string{"/structure/import/none", "/structure/import/none/check", "/structure/import/none/fix.csv", "/structure/import/done/1-x", "/structure/import/done/1-99999", "/structure/import/template/nothing.csv", "/structure/import/template/post.json", "/structure/import/template.csv", "/jobs/none", "/jobs/none.json"} {
		if status, _ := s.get(target); status != http.StatusNotFound {
			t.Errorf("%s: status %d", target, status)
		}
	}
}

func TestNothingIsImportedInThePast(t *testing.T) {
	s := department(t, 3)
	if r := s.sendFile("/structure/import?on=2015-01-01", "x.csv", []byte("Title\nX\n")); r.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", r.StatusCode)
	}
	v := s.visit("/structure/import?on=2012-01-01")
	v.want("You cannot change things while looking at the past")
	if strings.Contains(v.page, `type="file"`) {
		t.Error("there is a form all the same")
	}
	f := s.workbook(v.link("with what the record holds on 1 January 2012"))
	if n := len(column(t, f, "Posts", "Title")); n != 3 {
		t.Errorf("the workbook of that day has %d posts", n)
	}
}

// What a proposal says of a record is no change of it: nobody is told that they were overtaken by it.
func TestAProposalOvertakesNobody(t *testing.T) {
	s := department(t, 3)
	s.load(nil, "{kind: proposal, id: plan, title: A plan, status: draft}")
	s.load(nil, "{kind: post, id: p2, title: Another title, proposal: plan, from: 2016-04-01}")
	v := s.visit("/structure/import")
	v.uploaded("posts.csv", []byte("Id,Title,Grade\np1,Post 1,SM1\np2,Post 2,SM9\np3,Post 3,SM1\n"))
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2015")
	v.answer("/check")
	v.want("The import is recorded", "~ 1 changed")
	k := s.book.Known()
	v.answer(fmt.Sprintf("/undo/%d-%d", k, k))
	v = s.visit("/structure/posts/p2/change")
	v.answer("/change", "~verb", "end")
	v.answer("/when", "on.day", "31", "on.month", "3", "on.year", "2021")
	v.answer("/source")
	v.answer("/check")
}

// chosen are the lists of the page with what is chosen in each, as a browser would send them.
func (v *visit) chosen() (pairs []string) {
	for _, list := range regexp.MustCompile(`(?s)<select [^>]*name="([^"]*)".*?</select>`).FindAllStringSubmatch(v.page, -1) {
		value := ""
		if m := regexp.MustCompile(`<option value="([^"]*)" selected>`).FindStringSubmatch(list[0]); m != nil {
			value = m[1]
		}
		pairs = append(pairs, list[1], value)
	}
	return pairs
}

// What somebody chose about the columns of a file is offered with the next file that has the same headings, and is not in the record.
func TestAnImportIsReadAsTheLastOne(t *testing.T) {
	s := empty(t)
	s.load(nil, "{kind: post, id: ce, title: Chief Executive}")
	before := s.book.Known()
	v := s.visit("/structure/import")
	v.uploaded("export.csv", []byte("Nr,Bezeichnung,Gehalt\n1,Leiter,A\n"))
	v.answer("/from", "from.month", "4", "from.year", "2015", "from.how", "month")
	v.want("What do the columns hold?")
	if strings.Contains(v.page, "for the last file") {
		t.Error("the first file is said to be like another")
	}
	v.answer("/columns", "kind-0", "post")
	v.answer("/columns", "kind-0", "post", "column-0-0", "id", "column-0-1", "title", "column-0-2", "")
	v.answer("/missing", "missing-post", "leave")
	v.want("What would change from April 2015", "+ 1 new")
	v.answer("/discard")

	v.open("/structure/import")
	v.uploaded("another name.csv", []byte("Nr,Bezeichnung,Gehalt\n2,Leiterin,B\n"))
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2016")
	v.want("What was chosen for the last file with the same headings is filled in: check it.")
	for range 2 { // first the kind, then the columns of it
		v.answer("/columns", v.chosen()...)
	}
	v.answer("/missing", "missing-post", "leave")
	v.want("Check what would change", "Leiterin", "1 April 2016", "+ 1 new")
	if got := s.book.Known(); got != before {
		t.Errorf("%d entries were recorded", got-before)
	}
	v.open("/structure/import") // other headings are another sort of file
	v.uploaded("third.csv", []byte("Nr,Bezeichnung\n3,Amt\n"))
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2016")
	if v.want("What do the columns hold?"); strings.Contains(v.page, "for the last file") {
		t.Error("a file with other headings is said to be like another")
	}
}

// The day from which a file is so is asked for as any other is.
func TestFromWhenAFileIsSo(t *testing.T) {
	s := empty(t)
	s.load(nil, "{kind: post, id: ce, title: Chief Executive, grade: A, from: 2010-04-01}")
	v := s.visit("/structure/import")
	v.uploaded("posts.csv", []byte("Id,Title,Grade\nce,Chief Executive,B\n"))
	const day = "Enter the day from which the file is so, or as much of it as you know"
	for _, typed := range [][]string{{}, {"from.how", "tba"}} {
		if v.send("/from", typed...) != http.StatusUnprocessableEntity || !strings.Contains(v.page, day) {
			t.Errorf("%q was taken: %s", typed, v.says())
		}
	}
	v.answer("/from", "from.day", "1", "from.month", "4", "from.year", "2015", "from.how", "between", "from.day2", "30", "from.month2", "6", "from.year2", "2015")
	v.want("Check what would change", "What would change from some day between 1 April 2015 and 30 June 2015")
	v.answer("/check")
	v.open("/structure/posts/ce?on=2015-05-01")
	v.want("Not certain on this day")
	v.open("/structure/posts/ce?on=2015-06-30")
	v.want("Grade B")
}
