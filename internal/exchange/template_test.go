package exchange_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
)

func TestTemplateNamesRecordsAsPeopleDo(t *testing.T) {
	kinds, p := england(t)
	g := record(t, kinds, `
{kind: unit, id: u, name: People First, from: 2003-10}
---
{kind: post, id: dcs, title: Director, unit: u, deputy_for: [DASS], capacity: officer}
---
{kind: post, id: one, title: Head of service, reports_to: dcs}
---
{kind: post, id: two, title: "Head of Service", reports_to: one}
---
{kind: post, id: three, title: three, reports_to: two, accountable_to: [one, dcs]}
---
{kind: designation, id: d, role: DCS, post: dcs, confirmed: yes}
`)
	w := exchange.Template(g.View(day(t, "2003-12-01"), g.Size()), p, exchange.FirstHour...)
	var names []string
	for _, s := range w.Tables {
		names = append(names, s.Name)
	}
	if want := []string{"Units", "Posts", "People", "Appointments", "Designations", "Functions"}; !slices.Equal(names, want) {
		t.Fatalf("sheets %q", names)
	}
	want := [][]string{
		{"Id", "Title", "Unit", "Reports to", "Held as", "Also accountable directly to", "Named deputy for", "Grade", "Full-time equivalent", "Salary from", "Salary to", "From", "Until"},
		{"dcs", "Director", "People First", "", "Officer", "", "Director of adult social services", "", "", "", "", "", ""},
		{"one", "Head of service", "", "Director", "", "", "", "", "", "", "", "", ""},
		{"two", "Head of Service", "", "one", "", "", "", "", "", "", "", "", ""},
		{"three", "three", "", "two", "", "one; Director", "", "", "", "", "", "", ""},
	}
	if got := readCSV(t, w.Tables[1]); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("posts %q", got)
	}
	if got := readCSV(t, w.Tables[4])[1]; got[1] != "Director of children's services" || got[2] != "Director" || got[7] != "yes" {
		t.Errorf("designation %q", got)
	}
	if got := readCSV(t, w.Tables[0])[1]; got[8] != "2003-10" {
		t.Errorf("unit %q", got)
	}
	var b bytes.Buffer
	if err := exchange.XLSX(&b, w); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	lists, _ := f.GetDataValidations("Posts")
	if i := slices.IndexFunc(lists, func(l *excelize.DataValidation) bool { return l.Sqref == "D2:D20000" }); i < 0 || lists[i].Formula1 != "'Posts'!$B$2:$B$20000" || lists[i].ShowErrorMessage {
		t.Errorf("lists of posts %+v", lists)
	}
}

func TestTemplateOfNothing(t *testing.T) {
	kinds, p := england(t)
	g := record(t, kinds, "{kind: council, id: council, name: C, type: unitary, governance: committee}")
	for _, s := range exchange.Template(g.View(day(t, "2003-12-01"), g.Size()), p, exchange.FirstHour...).Tables {
		if len(s.Rows) != 0 || len(s.Columns) < 5 {
			t.Errorf("%s has %d rows and %d columns", s.Name, len(s.Rows), len(s.Columns))
		}
	}
	if w := exchange.Template(g.View(0, g.Size()), p, fact.KindName("nothing")); len(w.Tables) != 0 {
		t.Error("a sheet of no kind")
	}
}
