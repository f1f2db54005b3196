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

// line writes a period as one line of a golden.
func line(p report.Period) string {
	var who []string
	for _, h := range p.Holders {
		who = append(who, h.Text)
	}
	for _, x := range p.Posts {
		who = append(who, "["+x.Text+"]")
	}
	s := fmt.Sprintf("%s: %s, %s – %s", p.Word, strings.Join(who, "; "), p.From.Words, p.Until.Words)
	if p.Length != "" {
		s += ", " + p.Length
	}
	if p.Note != "" {
		s += " | " + p.Note
	}
	return s
}

func lines(ps []report.Period) string {
	var out []string
	for _, p := range ps {
		out = append(out, line(p))
	}
	return strings.Join(out, "\n")
}

// council is a record of one load.
func council(t testing.TB, manifest string) (*graph.Graph, *rule.Pack) {
	t.Helper()
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	g, err := rule.TestRecord(kinds, "", manifest)
	if err != nil {
		t.Fatal(err)
	}
	return g, p
}

func TestTenureHarrow(t *testing.T) {
	g, p := harrow(t)
	for _, c := range []struct {
		role  string
		known fact.Day
		want  string
	}{
		{"CEO", fact.DayOf(2015, 6, 5), `
In post: Paul Osburn; [Director of Education], not recorded – January 2003
Interim, joint: Head of Children and Community Services in the Education Department (not named in the report); Head of Service in the Education Department, second of three (not named in the report); Head of Service in the Education Department, third of three (not named in the report); [Director of Education], January 2003 – 31 August 2003, 7 to 8 months | 3 people held it together, and to which of them the role fell is not recorded.
Interim: Head of Children and Community Services in the Education Department (not named in the report); [Director of Education], 1 September 2003 – 30 September 2003, 1 month
Not recorded: [Director of Learning & Community Development], 1 October 2003 – between 1 April 2005 and 31 December 2007, 18 months to 4 years and 3 months | Who held this role from 1 October 2003 to some day between 1 April 2005 and 31 December 2007 is not recorded. Javed Khan: the appointment is agreed, and its start is to be announced.`},
		{"DSS", fact.DayOf(2003, 9, 17), `
Acting: Nick Georgiou; [Director of Social Services], not recorded – 30 September 2003
In post: Paul Clark; [Director of Children's Services], 1 October 2003 – 31 December 2007, 4 years and 3 months`},
		{"DSS", fact.DayOf(2015, 6, 5), `
Acting: Nick Georgiou; [Director of Social Services], not recorded – 30 September 2003
In post: Paul Clark; [Director of Children's Services], 1 October 2003 – between 1 April 2005 and 31 December 2007, 18 months to 4 years and 3 months`},
		{"HPS", fact.DayOf(2015, 6, 5), `
Not recorded: [Chief Executive], 1 January 1989 – between 1 April 2005 and 15 April 2015, 16 years and 3 months to 26 years and 4 months | Who held this role from 1 January 1989 to some day between 1 April 2005 and 15 April 2015 is not recorded.
In post: Michael Lockwood; [Chief Executive], between 1 April 2005 and 15 April 2015 – no end recorded, 2 months to 10 years and 2 months so far`},
		{"DCS", fact.DayOf(2003, 9, 17), `
Not recorded: , 1 March 2005 – no end recorded | Who held this role from 1 March 2005 is not recorded. To which post the role belonged is not recorded.`},
		{"DCS", fact.DayOf(2015, 6, 5), `
Not recorded: , 1 March 2005 – between 1 April 2005 and 15 April 2015, 1 month to 10 years and 2 months | Who held this role from 1 March 2005 to some day between 1 April 2005 and 15 April 2015 is not recorded. To which post the role belonged is not recorded.
Not recorded: [Corporate Director, Children and Young People], between 1 April 2005 and 15 April 2015 – no end recorded, 2 months to 10 years and 2 months so far | Who held this role from some day between 1 April 2005 and 15 April 2015 is not recorded.`},
	} {
		v := g.View(c.known, g.KnownAt(c.known.End()))
		got := report.TenureOf(p, v, p.Role(c.role), fact.MinDay, fact.MaxDay)
		if s := lines(got.Periods); s != strings.TrimSpace(c.want) {
			t.Errorf("%s as recorded on %s:\n%s\nwant%s", got.Name, c.known.Words(), s, c.want)
		}
	}
	v := g.View(fact.DayOf(2003, 10, 1), g.Size())
	in2003 := report.TenureOf(p, v, p.Role("CEO"), fact.DayOf(2003, 2, 1), fact.DayOf(2003, 8, 31)).Periods
	if len(in2003) != 1 || !in2003[0].Jointly || in2003[0].From.Day != fact.DayOf(2003, 1, 31) || in2003[0].Until.Day != fact.DayOf(2003, 8, 31) {
		t.Errorf("February to August 2003:\n%s", lines(in2003))
	}
	if got := lines(report.TenureOfPerson(p, v, fact.Key{Kind: graph.Person, ID: "nick-georgiou"}, fact.MinDay, fact.MaxDay)); got != strings.TrimSpace(`
Acting: [Director of Social Services], not recorded – 30 September 2003
In post: [Head of Community Care (transitional)], 29 September 2003 – between 1 April 2005 and 14 April 2015, 18 months to 11 years and 7 months`) {
		t.Errorf("a person's posts:\n%s", got)
	}
}

const twoPosts = `
{kind: post, id: old, title: Old}
---
{kind: post, id: new, title: New, from: 2020-01-01}
---
{kind: person, id: ann, name: Ann}
---
{kind: person, id: bea, name: Bea}
---
`

func TestTenure(t *testing.T) {
	for _, c := range []struct{ name, records, want string }{
		{"a lapsed designation and a new post that waits for its first holder are gaps", `
{kind: designation, id: d1, role: DCS, post: old, until: 2019-10-31}
---
{kind: designation, id: d2, role: DCS, post: new, from: 2020-01-01}
---
{kind: appointment, id: a1, person: ann, post: old, basis: permanent, from: 2010-01-01, until: 2019-12-31}
---
{kind: appointment, id: a2, person: bea, post: new, basis: fixed-term, from: 2020-02-01}
`, `
Not recorded: [Old], 1 March 2005 – 31 December 2009, 4 years and 10 months | Who held this role from 1 March 2005 to 31 December 2009 is not recorded.
Permanent: Ann; [Old], 1 January 2010 – 31 October 2019, 9 years and 10 months
Vacant: [New], 1 November 2019 – 31 January 2020, 3 months | Nobody is recorded for this role from 1 November 2019 to 31 January 2020.
Fixed-term: Bea; [New], 1 February 2020 – no end recorded, 4 months so far`},
		{"a vacancy that is not dated to the day, and an interim", `
{kind: designation, id: d1, role: DCS, post: old}
---
{kind: appointment, id: a1, person: ann, post: old, from: 2010-01-01, until: 2019-23}
---
{kind: appointment, id: a2, person: bea, post: old, basis: interim, from: 2020-03, until: 2020-06-30}
`, `
Not recorded: [Old], 1 March 2005 – 31 December 2009, 4 years and 10 months | Who held this role from 1 March 2005 to 31 December 2009 is not recorded.
In post: Ann; [Old], 1 January 2010 – autumn 2019, 9 years and 8 months to 9 years and 11 months
Vacant: [Old], autumn 2019 – March 2020, 3 to 7 months | Nobody is recorded for this role from autumn 2019 to March 2020.
Interim: Bea; [Old], March 2020 – 30 June 2020, 3 to 4 months
Vacant: [Old], 1 July 2020 – no end recorded | Nobody is recorded for this role from 1 July 2020.`},
		{"an absence that is covered is no vacancy", `
{kind: designation, id: d1, role: DCS, post: old}
---
{kind: appointment, id: a1, person: ann, post: old, from: 2010-01-01}
---
{kind: appointment, id: a2, person: bea, post: new, basis: acting, from: 2020-03-01}
---
{kind: absence, id: x, appointment: a1, covered_by: a2, from: 2020-03-01, until: 2020-05-31}
`, `
Not recorded: [Old], 1 March 2005 – 31 December 2009, 4 years and 10 months | Who held this role from 1 March 2005 to 31 December 2009 is not recorded.
In post: Ann; [Old], 1 January 2010 – 29 February 2020, 10 years and 2 months
Acting: Bea; [Old], 1 March 2020 – 31 May 2020, 3 months
In post: Ann; [Old], 1 June 2020 – no end recorded, 1 day so far`},
		{"a job share, of which one leaves", `
{kind: designation, id: d1, role: DCS, post: old}
---
{kind: appointment, id: a1, person: ann, post: old, shared: job-share, from: 2010-01-01, until: 2012-12-31}
---
{kind: appointment, id: a2, person: bea, post: old, shared: job-share, from: 2010-01-01}
`, `
Not recorded: [Old], 1 March 2005 – 31 December 2009, 4 years and 10 months | Who held this role from 1 March 2005 to 31 December 2009 is not recorded.
In post, job share: Ann; Bea; [Old], 1 January 2010 – 31 December 2012, 3 years
In post: Bea; [Old], 1 January 2013 – no end recorded, 7 years and 5 months so far`},
		{"somebody who was certainly in post on no day", `
{kind: designation, id: d1, role: DCS, post: old}
---
{kind: appointment, id: a1, person: ann, post: old, from: 2010-01, until: 2010-01}
---
{kind: appointment, id: a2, person: bea, post: old, from: 2010-03-01}
`, `
Not recorded: [Old], 1 March 2005 – between 31 December 2009 and 31 January 2010, 4 years and 10 months to 4 years and 11 months | Who held this role from 1 March 2005 to some day between 31 December 2009 and 31 January 2010 is not recorded.
Not certain: Ann; [Old], January 2010 – January 2010 | The dates are not exact, and on no day is it certain.
Vacant: [Old], between 1 January 2010 and 1 February 2010 – 28 February 2010, 1 to 2 months | Nobody is recorded for this role from some day between 1 January 2010 and 1 February 2010 to 28 February 2010.
In post: Bea; [Old], 1 March 2010 – no end recorded, 10 years and 3 months so far`},
		{"a role designated to a person", `
{kind: designation, id: d1, role: DCS, person: ann, from: 2010-01-01, until: 2010-12-31}
`, `
Not recorded: , 1 March 2005 – 31 December 2009, 4 years and 10 months | Who held this role from 1 March 2005 to 31 December 2009 is not recorded. To which post the role belonged is not recorded.
In post: Ann, 1 January 2010 – 31 December 2010, 12 months
Vacant: , 1 January 2011 – no end recorded, 9 years and 5 months so far | Nobody is recorded for this role from 1 January 2011.`},
		{"a correction of the first day", `
{kind: designation, id: d1, role: DCS, post: old}
---
{kind: appointment, id: a1, person: ann, post: old, basis: acting, from: 2010-01-01, until: 2010-03-31}
---
{kind: appointment, id: a1, person: ann, post: old, basis: permanent, from: 2010-04-01}
`, `
Not recorded: [Old], 1 March 2005 – 31 December 2009, 4 years and 10 months | Who held this role from 1 March 2005 to 31 December 2009 is not recorded.
Acting: Ann; [Old], 1 January 2010 – 31 March 2010, 3 months
Permanent: Ann; [Old], 1 April 2010 – no end recorded, 10 years and 2 months so far`},
	} {
		g, p := council(t, twoPosts+strings.TrimPrefix(c.records, "\n"))
		got := lines(report.TenureOf(p, g.View(fact.DayOf(2020, 6, 1), g.Size()), p.Role("DCS"), fact.MinDay, fact.MaxDay).Periods)
		if got != strings.TrimSpace(c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, strings.TrimSpace(c.want))
		}
	}
}

func TestLength(t *testing.T) {
	for _, c := range []struct {
		first, last fact.Day
		want        string
	}{
		{fact.DayOf(2003, 1, 1), fact.DayOf(2003, 1, 1), "1 day"},
		{fact.DayOf(2003, 1, 1), fact.DayOf(2003, 1, 30), "30 days"},
		{fact.DayOf(2003, 1, 1), fact.DayOf(2003, 1, 31), "1 month"},
		{fact.DayOf(2003, 1, 1), fact.DayOf(2003, 8, 31), "8 months"},
		{fact.DayOf(2002, 7, 1), fact.DayOf(2003, 1, 1), "6 months"},
		{fact.DayOf(2003, 1, 31), fact.DayOf(2003, 8, 31), "7 months"},
		{fact.DayOf(2004, 2, 29), fact.DayOf(2005, 2, 27), "12 months"},
		{fact.DayOf(2004, 2, 1), fact.DayOf(2004, 2, 29), "1 month"},
		{fact.DayOf(2000, 1, 1), fact.DayOf(2001, 12, 31), "2 years"},
		{fact.DayOf(2000, 1, 1), fact.DayOf(2002, 4, 16), "2 years and 4 months"},
	} {
		if got := report.Length(c.first, c.last); got != c.want {
			t.Errorf("%s to %s: %q, want %q", c.first, c.last, got, c.want)
		}
	}
}

// On every day the tenure of a role says what the record of that day says.
func TestTenureIsWhatEachDaySays(t *testing.T) {
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		begin := fact.DayOf(2020, 1, 1)
		var b, later strings.Builder
		b.WriteString(twoPosts)
		spanned := func(b *strings.Builder, doc string) {
			n := 0
			if strings.Contains(doc, "appointment") && rapid.IntRange(0, 5).Draw(t, "agreed") == 0 {
				b.WriteString("{" + doc + ", from: tba}\n---\n")
				return
			}
			for _, end := range []string{"from", "until"} {
				n += rapid.IntRange(0, 60).Draw(t, end)
				d := begin + fact.Day(n)
				switch rapid.IntRange(0, 4).Draw(t, "form") {
				case 0:
				case 1:
					doc += fmt.Sprintf(", %s: %s", end, d.String()[:len("2020-01")])
				case 2:
					doc += fmt.Sprintf(", %s: between %s and %s", end, d, d+20)
				default:
					doc += fmt.Sprintf(", %s: %s", end, d)
				}
			}
			b.WriteString("{" + doc + "}\n---\n")
		}
		post := rapid.SampledFrom([]string{"old", "new"})
		for i := range rapid.IntRange(0, 3).Draw(t, "designations") {
			spanned(&b, fmt.Sprintf("kind: designation, id: d%d, role: DCS, post: %s", i, post.Draw(t, "post")))
		}
		appointment := func(b *strings.Builder, i int) {
			spanned(b, fmt.Sprintf("kind: appointment, id: a%d, person: %s, post: %s, basis: %s", i, rapid.SampledFrom([]string{"ann", "bea"}).Draw(t, "person"), post.Draw(t, "post"), rapid.SampledFrom([]string{"permanent", "acting"}).Draw(t, "basis")))
		}
		appointments := rapid.IntRange(0, 3).Draw(t, "appointments")
		for i := range appointments {
			appointment(&b, i)
		}
		switch corrected := rapid.Bool().Draw(t, "corrected"); {
		case corrected && appointments > 0:
			appointment(&later, 0)
		case appointments > 1:
			spanned(&b, "kind: absence, id: x, appointment: a0, covered_by: a1")
		}
		g, err := rule.TestRecord(kinds, "", strings.TrimSuffix(b.String(), "---\n"))
		if err != nil {
			t.Skip(err) // a reference to what is there on none of its days
		}
		if later.Len() > 0 {
			if problems := load(g, strings.TrimSuffix(later.String(), "---\n")); problems != nil {
				t.Skip(problems)
			}
		}
		v := g.View(begin, g.Size())
		periods := report.TenureOf(p, v, p.Role("DCS"), fact.MinDay, fact.MaxDay).Periods
		uncovered := rule.Uncovered(v.At(begin+200), "DCS")
		for d := begin - 5; d < begin+170; d++ {
			var of []report.Period
			for _, x := range periods {
				if x.Status != report.Uncertain && x.From.Day <= d && d <= x.Until.Day {
					of = append(of, x)
				}
			}
			if slices.ContainsFunc(uncovered, func(x rule.Stretch) bool { return x.From <= d && d <= x.Until }) && len(of) == 1 && of[0].Status != report.Vacant {
				t.Fatalf("%s is a gap to the rules:\n%s\n%s", d, lines(of), b.String()+later.String())
			}
			if len(of) > 1 {
				t.Fatalf("%s: two periods at once\n%s\n%s", d, lines(of), b.String()+later.String())
			}
			at := g.View(d, g.Size())
			posts, gaps := at.RolePosts("DCS")
			var want []string
			vacant := len(posts) > 0 && len(gaps) == 0
			for _, x := range posts {
				unrecorded := slices.ContainsFunc(v.Unrecorded(x.Key()), func(s fact.Span) bool { return s.On(d) != fact.No })
				if gap := x.Unheld().Gap; unrecorded != (gap != nil) {
					t.Fatalf("%s: %v, and %v:\n%s", d, gap, v.Unrecorded(x.Key()), b.String()+later.String())
				}
				o := x.Holders()
				for _, a := range o.Holders {
					if a.State("person") == graph.Uncertain || a.State("post") == graph.Uncertain {
						continue // which it is depends on the day on which one entry gives way to another
					}
					want = append(want, at.Called(must(a.RefKey("person"))))
				}
				vacant = vacant && o.Vacant
			}
			var got []string
			if len(of) == 1 {
				for _, h := range of[0].Holders {
					got = append(got, h.Text)
				}
			}
			slices.Sort(want)
			want = slices.Compact(want)
			if len(want) > 0 != (len(of) == 1 && of[0].Status.Filled()) || !slices.Equal(slices.Sorted(slices.Values(got)), want) {
				t.Fatalf("%s: %v, and the day says %v\n%s\n%s", d, got, want, lines(periods), b.String()+later.String())
			}
			if vacant && (len(of) != 1 || of[0].Status != report.Vacant) {
				t.Fatalf("%s is vacant:\n%s\n%s", d, lines(periods), b.String()+later.String())
			}
			if len(posts)+len(gaps) > 0 && !vacant && len(of) == 1 && of[0].Status == report.Vacant {
				t.Fatalf("%s is not certainly vacant:\n%s\n%s", d, lines(periods), b.String()+later.String())
			}
		}
	})
}

// load adds a manifest to a record that was made of one.
func load(g *graph.Graph, manifest string) error {
	docs, problems := g.Kinds().Read("later", strings.NewReader(manifest))
	if len(problems) == 0 {
		var entries []fact.Entry
		at := g.RecordedAt(g.Size()).AddDate(0, 1, 0)
		if entries, problems = g.Stage(docs, "owner", at, at); len(problems) == 0 {
			for i := range entries {
				if err := g.Fold(&entries[i]); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return problems
}

func must(k fact.Key, ok bool) fact.Key {
	if !ok {
		panic("no person")
	}
	return k
}

func TestTenureOfPost(t *testing.T) {
	g, p := harrow(t)
	got := report.TenureOfPost(p, g.View(fact.DayOf(2015, 6, 5), g.Size()), fact.Key{Kind: graph.Post, ID: "director-people-first-strategy"}, fact.MinDay, fact.MaxDay)
	const want = `In post: Geoff Wingrove, by 17 September 2003 – between 1 April 2005 and 14 April 2015`
	if lines(got) != want {
		t.Errorf("%s\nwant\n%s", lines(got), want)
	}
}

// The roles that are shown are those of the law of the time, and those that somebody was given.
func TestTenures(t *testing.T) {
	g, p := harrow(t)
	for _, c := range []struct {
		from, to fact.Day
		want     string
	}{
		{fact.DayOf(2003, 1, 1), fact.DayOf(2003, 12, 31), "HPS CFO MO CEO DSS"},
		{fact.DayOf(2015, 1, 1), fact.DayOf(2015, 12, 31), "LEADER HPS CFO MO DCS LMCS DASS DPH LMAS"},
	} {
		var got []string
		for _, x := range report.Tenures(p, g.View(c.to, g.Size()), c.from, c.to) {
			got = append(got, x.Role.Code)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s, want %s", c.to.Words(), strings.Join(got, " "), c.want)
		}
	}
}
