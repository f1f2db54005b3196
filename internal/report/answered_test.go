package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

func answered(all []report.Answered) string {
	var out []string
	for _, a := range all {
		out = append(out, a.Role+" – "+line(a.Period))
	}
	return strings.Join(out, "\n")
}

func TestTenureOfFunctionHarrow(t *testing.T) {
	g, p := harrow(t)
	for _, c := range []struct {
		function string
		known    fact.Day
		want     string
	}{
		{"adult-mental-health", fact.DayOf(2003, 9, 17), `
Director of Social Services – Acting: Nick Georgiou; [Director of Social Services], not recorded – 30 September 2003
Director of Social Services – In post: Paul Clark; [Director of Children's Services], 1 October 2003 – 31 December 2007, 4 years and 3 months
Director of adult social services – Not recorded: , 1 January 2008 – no end recorded | Who held this role from 1 January 2008 is not recorded. To which post the role belonged is not recorded.`},
		{"special-educational-needs", fact.DayOf(2015, 6, 5), `
Chief Education Officer – In post: Paul Osburn; [Director of Education], not recorded – January 2003
Chief Education Officer – Interim, joint: Head of Children and Community Services in the Education Department (not named in the report); Head of Service in the Education Department, second of three (not named in the report); Head of Service in the Education Department, third of three (not named in the report); [Director of Education], January 2003 – 31 August 2003, 7 to 8 months | 3 people held it together, and to which of them the role fell is not recorded.
Chief Education Officer – Interim: Head of Children and Community Services in the Education Department (not named in the report); [Director of Education], 1 September 2003 – 30 September 2003, 1 month
Chief Education Officer – Not recorded: [Director of Learning & Community Development], 1 October 2003 – 31 March 2005, 18 months | Who held this role from 1 October 2003 to 31 March 2005 is not recorded. Javed Khan: the appointment is agreed, and its start is to be announced.
 – Not recorded: , 1 April 2005 – between 1 April 2005 and 14 April 2015, 1 day to 10 years | Which role answers cannot be said: the first designation to director of children's services is not dated to the day, and may lie before or after this one.`},
		{"adult-mental-health", fact.DayOf(2015, 6, 5), `
Director of Social Services – Acting: Nick Georgiou; [Director of Social Services], not recorded – 30 September 2003
Director of Social Services – In post: Paul Clark; [Director of Children's Services], 1 October 2003 – 31 March 2005, 18 months
 – Not recorded: , 1 April 2005 – between 1 April 2005 and 14 April 2015, 1 day to 10 years | Which role answers cannot be said: the first designation to director of adult social services is not dated to the day, and may lie before or after this one.`},
	} {
		v := g.View(c.known, g.KnownAt(c.known.End()))
		got := answered(report.TenureOfFunction(p, v, fact.Key{Kind: graph.Function, ID: fact.ID(c.function)}, fact.MinDay, fact.MaxDay))
		if got != strings.TrimPrefix(c.want, "\n") {
			t.Errorf("%s as recorded on %s:\n%s", c.function, c.known, got)
		}
	}
}

// What changes of itself: the law, what the function is, and to which functions a designation extends.
func TestTenureOfFunction(t *testing.T) {
	const made = twoPosts + `
{kind: designation, id: c, role: CEO, post: old, from: 2003-01-01, until: 2009-12-31}
---
{kind: designation, id: s, role: DSS, post: new, from: 2003-01-01, until: 2009-12-31}
---
{kind: post, id: new, title: New, from: 2003-01-01, until: 2019-12-31}
---
{kind: appointment, id: a, person: ann, post: old, from: 2003-01-01}
---
{kind: appointment, id: b, person: bea, post: new, from: 2004-01-01, until: 2004-06-30}
---
{kind: appointment, id: b2, person: bea, post: new, from: 2004-09-01}
---
`
	for name, c := range map[string]struct{ more, want string }{
		"the law": {`{kind: function, id: f, name: F, domain: EDU, from: 2003-06-01}`, `
Chief Education Officer – In post: Ann; [Old], 1 June 2003 – 31 December 2007, 4 years and 7 months
Director of children's services – Not recorded: , 1 January 2008 – no end recorded, 2 years so far | Who held this role from 1 January 2008 is not recorded. To which post the role belonged is not recorded.`},
		"a gap": {`{kind: function, id: f, name: F, domain: CSC, from: 2003-06-01, until: 2005-12-31}`, `
Director of Social Services – Vacant: [New], 1 June 2003 – 31 December 2003, 7 months | Nobody is recorded for this role from 1 June 2003 to 31 December 2003.
Director of Social Services – In post: Bea; [New], 1 January 2004 – 30 June 2004, 6 months
Director of Social Services – Vacant: [New], 1 July 2004 – 31 August 2004, 2 months | Nobody is recorded for this role from 1 July 2004 to 31 August 2004.
Director of Social Services – In post: Bea; [New], 1 September 2004 – 31 December 2005, 16 months`},
		"moved": {`{kind: function, id: f, name: F, domain: EDU, from: 2003-06-01, until: 2004-03-31}
---
{kind: function, id: f, name: F, domain: CSC, from: 2004-04-01, until: 2005-12-31}`, `
Chief Education Officer – In post: Ann; [Old], 1 June 2003 – 31 March 2004, 10 months
Director of Social Services – In post: Bea; [New], 1 April 2004 – 30 June 2004, 3 months
Director of Social Services – Vacant: [New], 1 July 2004 – 31 August 2004, 2 months | Nobody is recorded for this role from 1 July 2004 to 31 August 2004.
Director of Social Services – In post: Bea; [New], 1 September 2004 – 31 December 2005, 16 months`},
		"the first of its successor": {`{kind: function, id: f, name: F, domain: EDU, from: 2003-06-01}
---
{kind: designation, id: d, role: DCS, post: new, from: 2006-01-01}`, `
Chief Education Officer – In post: Ann; [Old], 1 June 2003 – 31 December 2005, 2 years and 7 months
Director of children's services – In post: Bea; [New], 1 January 2006 – no end recorded, 4 years so far`},
		"of other functions": {`{kind: function, id: f, name: F, domain: CSC, from: 2003-06-01, until: 2005-12-31}
---
{kind: function, id: g, name: G, domain: CSC}
---
{kind: designation, id: s2, role: DSS, post: old, scope: [g], from: 2004-07-15, until: 2009-12-31}`, `
Director of Social Services – Vacant: [New], 1 June 2003 – 31 December 2003, 7 months | Nobody is recorded for this role from 1 June 2003 to 31 December 2003.
Director of Social Services – In post: Bea; [New], 1 January 2004 – 30 June 2004, 6 months
Director of Social Services – Vacant: [New], 1 July 2004 – 31 August 2004, 2 months | Nobody is recorded for this role from 1 July 2004 to 31 August 2004.
Director of Social Services – In post: Bea; [New], 1 September 2004 – 31 December 2005, 16 months`},
		"nobody by law": {`{kind: function, id: f, name: F, domain: CULTURE, from: 2003-06-01}`, ``},
		"of ages not recorded": {`{kind: function, id: f, name: F, domain: SAFEGUARDING, from: 2003-06-01, until: 2004-12-31}`, `
 – Not recorded: , 1 June 2003 – 31 December 2004, 19 months | Which role answers cannot be said: who answers divides by age, and it is not recorded for which ages this is.`},
		"with no beginning recorded": {`{kind: function, id: f, name: F, domain: CSC, until: 2004-12-31}`, `
Director of Social Services – Not recorded: , 1 January 1971 – 31 December 2002, 32 years | Who held this role from 1 January 1971 to 31 December 2002 is not recorded. To which post the role belonged is not recorded.
Director of Social Services – Vacant: [New], 1 January 2003 – 31 December 2003, 12 months | Nobody is recorded for this role from 1 January 2003 to 31 December 2003.
Director of Social Services – In post: Bea; [New], 1 January 2004 – 30 June 2004, 6 months
Director of Social Services – Vacant: [New], 1 July 2004 – 31 August 2004, 2 months | Nobody is recorded for this role from 1 July 2004 to 31 August 2004.
Director of Social Services – In post: Bea; [New], 1 September 2004 – 31 December 2004, 4 months`},
	} {
		g, p := council(t, made+c.more)
		got := answered(report.TenureOfFunction(p, g.View(fact.DayOf(2010, 1, 1), g.Size()), fact.Key{Kind: graph.Function, ID: "f"}, fact.MinDay, fact.MaxDay))
		if got != strings.TrimPrefix(c.want, "\n") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

// On every day the tenure of a function says what the record of that day says.
func TestTenureOfFunctionIsWhatEachDaySays(t *testing.T) {
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	begin := fact.DayOf(2005, 1, 1)
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString(strings.ReplaceAll(twoPosts, "2020-01-01", begin.String()))
		spanned := func(doc string) {
			from := begin + fact.Day(rapid.IntRange(0, 120).Draw(t, "from"))
			until := from + fact.Day(rapid.IntRange(0, 120).Draw(t, "days"))
			fmt.Fprintf(&b, "{%s, from: %s, until: %s}\n---\n", doc, from, until)
		}
		of := func(name string, all ...string) string { return rapid.SampledFrom(all).Draw(t, name) }
		for i := range rapid.IntRange(0, 4).Draw(t, "designations") {
			spanned(fmt.Sprintf("kind: designation, id: d%d, role: %s, post: %s", i, of("role", "CEO", "DSS", "DCS"), of("post", "old", "new")))
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "appointments") {
			spanned(fmt.Sprintf("kind: appointment, id: a%d, person: %s, post: %s", i, of("person", "ann", "bea"), of("post", "old", "new")))
		}
		begins := begin + 10
		for i := range rapid.IntRange(1, 3).Draw(t, "versions") {
			ends := begins + fact.Day(rapid.IntRange(10, 100).Draw(t, "days"))
			fmt.Fprintf(&b, "{kind: function, id: f, name: F%d, domain: %s, from: %s, until: %s}\n---\n", i, of("domain", "EDU", "CSC", "CULTURE"), begins, ends)
			begins = ends + 1 + fact.Day(rapid.IntRange(0, 20).Draw(t, "away"))
		}
		g, err := rule.TestRecord(kinds, "", strings.TrimSuffix(b.String(), "---\n"))
		if err != nil {
			t.Skip(err) // a reference to what is there on none of its days
		}
		f := fact.Key{Kind: graph.Function, ID: "f"}
		all := report.TenureOfFunction(p, g.View(begin, g.Size()), f, fact.MinDay, fact.MaxDay)
		for d := begin - 5; d < begin+370; d++ {
			got := map[string][]string{}
			for _, x := range all {
				if x.From.Day <= d && d <= x.Until.Day {
					if _, twice := got[x.Role]; twice {
						t.Fatalf("%s: %s twice\n%s\n%s", d, x.Role, answered(all), b.String())
					}
					got[x.Role] = []string{}
					for _, h := range x.Holders {
						got[x.Role] = append(got[x.Role], h.Text)
					}
				}
			}
			want := map[string][]string{}
			if rec := g.View(d, g.Size()).Record(f); rec != nil {
				for _, code := range p.Who(rec).Roles {
					names := []string{}
					posts, _ := rec.View().RolePosts(code)
					for _, post := range posts {
						for _, a := range post.Holders().Holders {
							names = append(names, rec.View().Called(must(a.RefKey("person"))))
						}
					}
					slices.Sort(names)
					want[report.RoleName(p, code)] = slices.Compact(names)
				}
			}
			for role := range got {
				slices.Sort(got[role])
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%s: %v, and the day says %v\n%s\n%s", d, got, want, answered(all), b.String())
			}
		}
	})
}
