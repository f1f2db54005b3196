package exchange_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"plumbline/examples"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// england gives the kinds wired to the law, as the program has them.
func england(t testing.TB) (*kind.Set, *rule.Pack) {
	t.Helper()
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	kinds.SetCodes("role", p.RoleCodes())
	kinds.SetCodes("domain", p.DomainCodes())
	return kinds, p
}

// fold records documents.
func fold(t testing.TB, g *graph.Graph, docs []kind.Doc, at time.Time) {
	t.Helper()
	entries, problems := g.Stage(docs, "owner", at, at)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
}

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// record makes a graph of manifests, recorded one after the other.
func record(t testing.TB, kinds *kind.Set, manifests ...string) *graph.Graph {
	t.Helper()
	g := graph.New(kinds)
	for _, m := range manifests {
		docs, problems := kinds.Read("file.yaml", strings.NewReader(m))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		fold(t, g, docs, noon)
	}
	return g
}

// harrow gives the example record.
func harrow(t testing.TB) (*graph.Graph, *rule.Pack) {
	t.Helper()
	kinds, p := england(t)
	g := graph.New(kinds)
	for _, l := range examples.Harrow {
		var docs []kind.Doc
		for _, f := range l.Files {
			b, err := examples.Files.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			d, problems := kinds.Read(f, bytes.NewReader(b))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			docs = append(docs, d...)
		}
		fold(t, g, docs, l.Recorded.Noon())
	}
	return g, p
}

func day(t testing.TB, s string) fact.Day {
	t.Helper()
	d, err := fact.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// readCSV reads a table back with the reader of the standard library.
func readCSV(t *testing.T, table exchange.Table) [][]string {
	t.Helper()
	var b bytes.Buffer
	if err := exchange.CSV(&b, table); err != nil {
		t.Fatal(err)
	}
	body, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok || strings.Contains(body, "\ufeff") {
		t.Error("it does not begin with one byte order mark")
	}
	if n := strings.Count(body, "\n"); n != strings.Count(body, "\r\n") {
		t.Error("a line does not end in CR and LF")
	}
	all, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCSVRunsNoFormula(t *testing.T) {
	table := exchange.Table{Columns: []exchange.Column{{Name: "=head"}, {Name: "n", Type: kind.Number}}}
	for _, s := range []string{"=1+1", "+44 20", "-1", "@SUM(A1)", "\tx", "＝1", "'=1", "'quoted'", "plain", "", "2003-10-01", "a=b", "two\nlines", "é, “q” \"q\""} {
		table.Rows = append(table.Rows, []exchange.Cell{{Text: s}, {Text: s, Type: kind.Number}})
	}
	table.Rows = append(table.Rows, []exchange.Cell{{Text: "-12.5", Type: kind.Money}, {Text: "-12.5", Type: kind.Number}})
	got := readCSV(t, table)
	if got[0][0] != "'=head" {
		t.Errorf("the heading is %q", got[0][0])
	}
	want := []string{"'=1+1", "'+44 20", "'-1", "'@SUM(A1)", "'\tx", "'＝1", "''=1", "'quoted'", "plain", "", "2003-10-01", "a=b", "two\nlines", "é, “q” \"q\"", "-12.5"}
	for i, w := range want {
		if got[i+1][0] != w {
			t.Errorf("row %d: got %q, want %q", i+1, got[i+1][0], w)
		}
	}
	if got[3][1] != "-1" || got[1][1] != "'=1+1" {
		t.Errorf("numbers stay and nothing else: %q, %q", got[3][1], got[1][1])
	}
}

func TestRowsHaveAColumnForEachField(t *testing.T) {
	kinds, _ := england(t)
	g := record(t, kinds, `
{kind: unit, id: people, name: People First, from: 2002-11, budget: £4m, until: 2005-03-31}
---
{kind: post, id: dcs, title: "=Director; of", unit: people, from: 2003-10-01, fte: 0.5}
---
{kind: post, id: dph, title: Director of Public Health, accountable_to: [dcs], deputy_for: [DCS, DASS]}
---
{kind: post, id: dph, end: 2006-03-31}
---
{kind: person, id: holder, name: "A \"B\" C", qualifications: ["CIPFA; ACA", "CQSW"]}
---
{kind: designation, id: d, role: DCS, post: dcs, confirmed: yes, decided_on: 2003-07}
`)
	v := g.View(day(t, "2003-12-01"), g.Size())
	for _, c := range []struct {
		kind fact.KindName
		want string
	}{
		{"unit", "id,from,until,name,type,parent,head,purpose,staff,budget\npeople,2002-11,2005-03-31,People First,,,,,,4000000\n"},
		{"post", "id,from,until,title,unit,reports_to,capacity,accountable_to,deputy_for,grade,fte,salary_from,salary_to\ndcs,2003-10-01,,'=Director; of,people,,,,,,0.5,,\ndph,,2006-03-31,Director of Public Health,,,,dcs,DCS; DASS,,,,\n"},
		{"person", "id,from,until,name,employer,experience,qualifications\nholder,,,\"A \"\"B\"\" C\",,,\"\"\"CIPFA; ACA\"\"; CQSW\"\n"},
		{"designation", "id,from,until,role,post,person,decided_by,decision_ref,decided_on,confirmed,joint_with,jointly_with_secretary_of_state,scope,secretary_of_state_consulted_on\nd,,,DCS,dcs,,,,2003-07,yes,,,,\n"},
	} {
		var b strings.Builder
		if err := exchange.CSV(&b, exchange.Rows(v, kinds.Kind(c.kind))); err != nil {
			t.Fatal(err)
		}
		if got := strings.ReplaceAll(strings.TrimPrefix(b.String(), "\ufeff"), "\r\n", "\n"); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
	for _, k := range kinds.All {
		for i, r := range exchange.Rows(v, k).Rows {
			if len(r) != len(k.Fields)+3 {
				t.Errorf("%s, row %d: %d cells", k.Name, i, len(r))
			}
		}
	}
}

func TestXLSXReadsBackAsDatesAndNumbers(t *testing.T) {
	long := strings.Repeat("é", 40_000)
	table := exchange.Table{Name: "Posts: all/of them, and a name too long for a sheet", Notes: []string{"A note."},
		Columns: []exchange.Column{
			{Name: "Title", Hint: "As the council writes it."}, {Name: "From", Type: kind.Date}, {Name: "Full-time equivalent", Type: kind.Number},
			{Name: "Pay", Type: kind.Money}, {Name: "Held as", Choices: []string{"officer", "member"}, Strict: true},
		},
		Rows: [][]exchange.Cell{
			{{Text: "=1+1"}, {Text: "2003-10-01", Type: kind.Date}, {Text: "0.5", Type: kind.Number}, {Text: "1234.5", Type: kind.Money}, {Text: "officer"}},
			{{Text: "-"}, {Text: "2003-10", Type: kind.Date}, {Text: "123456789012345678", Type: kind.Number}, {}, {Text: long}},
			{{Text: " _x0041_ "}, {Text: "1899-12-31", Type: kind.Date}, {}, {Text: "12", Type: kind.Money}, {Text: "007"}},
		}}
	book := exchange.Workbook{Title: "Posts", About: []string{"On 1 October 2003."}, Tables: []exchange.Table{table, {Name: "read me", Columns: []exchange.Column{{Name: "a"}}}}}
	var b, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&b, &again} {
		if err := exchange.XLSX(w, book); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same workbook gave other bytes")
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	const sheet = "Posts  all of them, and a name "
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Read me", sheet, "read me (2)", "Lists"}) {
		t.Fatalf("sheets %q", got)
	}
	for cell, want := range map[string]string{
		"A1": "Title", "A2": "=1+1", "B2": "1 October 2003", "C2": "0.5", "D2": "1,234.50", "E2": "officer",
		"A3": "'-", "B3": "2003-10", "C3": "123456789012345678", "D3": "", "E3": "",
		"A4": " _x0041_ ", "B4": "1899-12-31", "D4": "12", "E4": "007",
	} {
		if got, err := f.GetCellValue(sheet, cell); err != nil || got != want {
			t.Errorf("%s: got %q, want %q (%v)", cell, got, want, err)
		}
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeSharedString, "B2": excelize.CellTypeUnset, "C2": excelize.CellTypeUnset, "C3": excelize.CellTypeSharedString} {
		if got, _ := f.GetCellType(sheet, cell); got != want {
			t.Errorf("%s: type %v, want %v", cell, got, want)
		}
	}
	if s, _ := f.GetCellFormula(sheet, "A2"); s != "" {
		t.Error("a text became a formula")
	}
	about, _ := f.GetCols("Read me")
	if want := []string{"Posts", "", "On 1 October 2003.", table.Name + ": A note.", "These hold more text than a cell takes and are left empty: Held as of - (" + table.Name + ")."}; !slices.Equal(about[0], want) {
		t.Errorf("the first sheet says %q", about[0])
	}
	panes, _ := f.GetPanes(sheet)
	layout, _ := f.GetPageLayout(sheet)
	if !panes.Freeze || panes.YSplit != 1 || *layout.Size != 9 || *layout.Orientation != "landscape" {
		t.Errorf("panes %+v, layout %v", panes, layout)
	}
	titles := ""
	for _, n := range f.GetDefinedName() {
		titles += n.Name + " " + n.RefersTo + "\n"
	}
	if !strings.Contains(titles, "_xlnm.Print_Titles '"+sheet+"'!$1:$1") || !strings.Contains(titles, "_xlnm._FilterDatabase") {
		t.Errorf("defined names\n%s", titles)
	}
	comments, _ := f.GetComments(sheet)
	lists, _ := f.GetDataValidations(sheet)
	if len(comments) != 1 || len(lists) != 1 || lists[0].Formula1 != "Lists!$A$1:$A$2" || lists[0].Sqref != "E2:E20000" {
		t.Errorf("%d comments, lists %+v", len(comments), lists)
	}
}

// TestOrganogram gives one row of each profile as the first of October 2003 has it.
func TestOrganogram(t *testing.T) {
	g, p := harrow(t)
	v := g.View(day(t, "2003-10-01"), g.Size())
	for _, c := range []struct {
		name   string
		table  exchange.Table
		column int // by which the row is known
		row    string
		want   []string
	}{
		{"posts", exchange.Posts(v, p, true), 0, "director-people-first-strategy", []string{
			"director-people-first-strategy", "Director of People First Strategy", "Geoff Wingrove", "basis not recorded", "", "", "People First Strategy", "People First Strategy", "executive-director-people-first", "", "",
			"", "Policy and strategic planning; Research and management information; Performance and review; Finance, personnel and ICT; Capital development, including PFI; Special projects",
			"by 2003-09-17", "between 2005-04-01 and 2015-04-14", "2003-09-17", "2003-10-01"}},
		{"posts without names", exchange.Posts(v, p, false), 0, "head-community-care", []string{
			"head-community-care", "Head of Community Care (transitional)", "N/D", "basis not recorded", "", "", "Community Care Services", "People First", "executive-director-people-first", "", "",
			"", "Older people; Physical disabilities; Adult mental health", "2003-09-29", "between 2005-04-01 and 2015-04-14", "2003-09-17", "2003-10-01"}},
		{"posts with a statutory role", exchange.Posts(v, p, false), 0, "chief-executive", []string{
			"chief-executive", "Chief Executive", "", "not known", "", "", "", "", "", "", "HPS", "", "", "", "", "2003-09-17", "2003-10-01"}},
		{"transparency", exchange.Transparency(v), 1, "Head of Community Care (transitional)", []string{
			"", "Head of Community Care (transitional)", "People First", "Community Care Services", "", "", "", "", "no", "2003-10-01"}},
		{"who answers, and another manages", exchange.WhoAnswers(v, p, nil), 0, "Children with special educational needs", []string{
			"Children with special educational needs", "director-childrens-services", "director-learning-community-development", "no", "Meeting of the council's statutory officers", "2003-10-01"}},
		{"who answers, and manages", exchange.WhoAnswers(v, p, nil), 0, "Family support", []string{
			"Family support", "director-childrens-services", "director-childrens-services", "yes", "", "2003-10-01"}},
		{"nobody answers", exchange.WhoAnswers(v, p, nil), 0, "Special projects", []string{
			"Special projects", "director-people-first-strategy", "", "", "", "2003-10-01"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := readCSV(t, c.table)
			i := slices.IndexFunc(all, func(r []string) bool { return r[c.column] == c.row })
			if i < 0 || !slices.Equal(all[i], c.want) {
				t.Errorf("got  %q\nwant %q", all[max(i, 0)], c.want)
			}
		})
	}
}

func TestTransparencyBracketsAndTiers(t *testing.T) {
	kinds, _ := england(t)
	g := record(t, kinds, `
{kind: post, id: ce, title: Chief Executive, salary_from: 190000, salary_to: 194999}
---
{kind: post, id: one, title: One, reports_to: ce, salary_from: 90000, salary_to: 99000}
---
{kind: post, id: two, title: Two, reports_to: one, grade: SM1}
---
{kind: post, id: three, title: Three, reports_to: two}
---
{kind: post, id: adrift, title: Adrift}
---
{kind: designation, id: d, role: HPS, post: ce}
---
{kind: person, id: a, name: A}
---
{kind: appointment, id: a1, person: a, post: two, basis: acting}
---
{kind: appointment, id: a0, person: a, post: ce, basis: permanent, until: 2003-01-01}
`)
	table := exchange.Transparency(g.View(day(t, "2003-10-01"), g.Size()))
	want := [][]string{
		{"", "Chief Executive", "", "", "", "", "190000 - 194999", "194999", "yes", "2003-10-01"},
		{"", "One", "", "", "", "", "", "99000", "", "2003-10-01"},
		{"SM1", "Two", "", "", "temporary", "", "", "", "no", "2003-10-01"},
	}
	if got := readCSV(t, table)[1:]; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if n := table.Notes; n[len(n)-1] != "Left out, because their line to the head of paid service is not recorded: 1." {
		t.Errorf("notes %q", n)
	}
}
