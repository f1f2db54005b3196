package report_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"plumbline/examples"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// appendixA is Appendix A of the report of 17 September 2003, typed from it: what stands under each department.
var appendixA = map[string][]string{
	"People First Strategy": {"Policy and Strategic Planning", "Research and Management Information", "Performance and Review", "Finance, Personnel and ICT", "Capital development including PFI", "Special Projects"},
	"Children's Services": {"Early Years and Childcare including play schemes", "Children with Special Educational Needs", "Children in Need", "Family support",
		"Children's placements including fostering, adoption and residential homes", "Youth & Connexions", "Youth Offending"},
	"Learning and Community Development": {"School Development & Improvement", "Adult, Community and Family Learning", "Professional Development and Training", "Health and Drugs Education", "Education and Business",
		"Social Inclusion and community regeneration", "Libraries and Arts", "Adults with learning disabilities", "Asylum Seekers"},
	"Community Care Services": {"Older People", "Physical Disabilities", "Adult Mental Health"},
}

// calledHere are the few that the record calls otherwise.
var calledHere = map[string]string{
	"Capital development including PFI":                                         "Capital development, including PFI",
	"Early Years and Childcare including play schemes":                          "Early years and childcare, including play schemes",
	"Children's placements including fostering, adoption and residential homes": "Children's placements: fostering, adoption and residential homes",
}

var launch2003 = fact.DayOf(2003, 10, 1)

// The transfer table of the proposal of 2003 holds every function of Appendix A once, in its department, from the launch on, and no other.
func TestTransferHoldsAppendixA(t *testing.T) {
	g, p := loaded(t, examples.Harrow2003)
	table := report.TransferOf(p, g.View(fact.DayOf(2003, 9, 17), g.Size()), "people-first", fact.Date{})
	if table.Eve != fact.DayOf(2003, 9, 28) || table.End != launch2003 || !table.Sound() {
		t.Errorf("from %s to %s, sound %v", table.Eve, table.End, table.Sound())
	}
	at := map[string][]string{}
	for _, m := range table.Rows {
		if m.To == nil {
			t.Errorf("%s has no place in the end", m.Function.Text)
			continue
		}
		name := report.PlainName(m.Function.Text)
		at[name] = append(at[name], m.To.Unit.Text)
		if d, ok := m.On.Exact(); !ok || d != launch2003 {
			t.Errorf("%s moves %s", m.Function.Text, m.On.Words())
		}
		if m.From != nil && m.From.Unit.Text != "Education Department" && m.From.Unit.Text != "Social Services Department" {
			t.Errorf("%s comes from %q", m.Function.Text, m.From.Unit.Text)
		}
	}
	n := 0
	for department, functions := range appendixA {
		for _, f := range functions {
			n++
			name := f
			if here, ok := calledHere[f]; ok {
				name = here
			}
			if got := at[report.PlainName(name)]; len(got) != 1 || got[0] != department {
				t.Errorf("%s: in %q, want once in %s", f, got, department)
			}
		}
	}
	if n != len(table.Rows) {
		t.Errorf("%d functions in the table, and %d in Appendix A", len(table.Rows), n)
	}
}

// The table of paragraph 6.13 is a report of the proposal, on the day of the paper.
func TestRecruitmentHarrow2003(t *testing.T) {
	g, p := loaded(t, examples.Harrow2003)
	v := g.View(fact.DayOf(2003, 9, 17), g.Size()).Planned("people-first", fact.Date{})
	same(t, "6.13", pipeline(report.Pipeline(p, v)), `
Area Director – People First {Panel} Record what came of Appointments Panel, 11 September 2003 | The post begins 1 October 2003
Director of Children's Services {Accepted} Start, 29 September 2003 | The post begins 29 September 2003 | Paul Clark
Director of Learning & Community Development {Accepted} Start, to be agreed | The post begins 1 October 2003 | Javed Khan
Head of Community Care (transitional) {Accepted} Start, 29 September 2003 | The post begins 29 September 2003 | Nick Georgiou
Director of People First Strategy {Started} Nothing: the post is filled |  | Geoff Wingrove`)
}

// Adopted, the proposal gives on every day around the launch the very structure of the record that holds the report as it stands.
func TestHarrow2003Adopted(t *testing.T) {
	g, p := loaded(t, examples.Harrow2003)
	want, _ := loaded(t, examples.Harrow[:1])
	now := fact.DayOf(2003, 9, 17)
	v := g.View(now, g.Size())
	before := report.TransferOf(p, v, "people-first", fact.Date{})
	e, problems := v.Planned("people-first", fact.Date{}).Decide(graph.Ruling{Outcome: graph.Adopted, On: fact.ExactDate(fact.DayOf(2002, 7, 16)), By: fact.Key{Kind: "board", ID: "cabinet"}, Launch: fact.Undated})
	if problems != nil {
		t.Fatal(problems)
	}
	entries, problems := g.Stage(e.Docs, "owner", now.Noon().Add(time.Minute), now.Noon().Add(time.Minute))
	if problems != nil {
		t.Fatal(problems)
	}
	for i := range entries {
		if err := g.Fold(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
	kinds := []fact.KindName{"council", "organisation", "board", "seat", "unit", "post", "person", "appointment", "recruitment", "designation", "portfolio", "delegation", "function"}
	for _, day := range []fact.Day{fact.DayOf(2003, 3, 12), now, fact.DayOf(2003, 9, 28), fact.DayOf(2003, 9, 29), fact.DayOf(2003, 9, 30), launch2003, launch2003 + 400} {
		is, ought := structureOf(g.View(day, g.Size()), kinds), structureOf(want.View(day, want.Size()), kinds)
		for _, x := range is {
			if !slices.Contains(ought, x) {
				t.Errorf("%s: %s is there, and should not be", day, x)
			}
		}
		for _, x := range ought {
			if !slices.Contains(is, x) {
				t.Errorf("%s: %s is not there", day, x)
			}
		}
		if len(ought) < 50 {
			t.Errorf("%s: only %d records are compared", day, len(ought))
		}
	}
	// And the table says afterwards what it said before.
	after := report.TransferOf(p, g.View(now, g.Size()), "people-first", fact.Date{})
	if a, b := moved(before), moved(after); a != b {
		t.Errorf("adopted, the table is\n%s\nand was\n%s", b, a)
	}
}

// structureOf writes every record of some kinds, field by field.
func structureOf(v *graph.View, kinds []fact.KindName) (out []string) {
	for _, name := range kinds {
		for _, r := range v.All(name) {
			s := r.Key().String() + " " + fmt.Sprint(r.Exists())
			for _, f := range r.Kind().Fields {
				if j, state := r.JSON(f.Name); state != graph.Missing {
					s += fmt.Sprintf(" %s=%s(%d)", f.Name, j, state)
				}
			}
			out = append(out, s)
		}
	}
	return out
}
