package report_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

func managed(all []report.Period) string {
	var out []string
	for _, p := range all {
		out = append(out, line(p))
	}
	return strings.Join(out, "\n")
}

func TestTenureOfManager(t *testing.T) {
	g, p := council(t, `
{kind: unit, id: u, name: Unit}
---
{kind: post, id: chief, title: Chief}
---
{kind: post, id: head, title: Head, unit: u, reports_to: chief, until: 2009-12-31}
---
{kind: post, id: new, title: New head, unit: u, reports_to: chief, from: 2010-01-01}
---
{kind: function, id: f, name: F, domain: EDU, managed_by: chief, from: 2001-01-01, until: 2004-12-31}
---
{kind: function, id: f, name: F, domain: EDU, unit: u, from: 2005-01-01, until: 2011-12-31}
---
{kind: function, id: f, name: F, domain: EDU, from: 2012-01-01}
---
{kind: person, id: ann, name: Ann}
---
{kind: person, id: bob, name: Bob}
---
{kind: appointment, id: a, person: ann, post: head, basis: permanent, from: 2003-01-01, until: 2007-06-30}
---
{kind: appointment, id: b, person: bob, post: head, basis: interim, from: 2007-07-01, until: 2009-12-31}
---
{kind: appointment, id: c, person: bob, post: new, basis: permanent, from: 2010-01-01}
`)
	v := g.View(fact.DayOf(2015, 1, 1), g.Size())
	const want = `Not recorded: [Chief], 1 January 2001 – 31 December 2004, 4 years | Who held this post from 1 January 2001 to 31 December 2004 is not recorded.
Permanent: Ann; [Head], 1 January 2005 – 30 June 2007, 2 years and 6 months
Interim: Bob; [Head], 1 July 2007 – 31 December 2009, 2 years and 6 months
Permanent: Bob; [New head], 1 January 2010 – 31 December 2011, 2 years
Not recorded: , 1 January 2012 – no end recorded, 3 years so far | Who managed it is not recorded: it is not recorded in which unit it sits.`
	if got := managed(report.TenureOfManager(p, v, fact.Key{Kind: graph.Function, ID: "f"}, fact.MinDay, fact.MaxDay)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A function that goes from one vacant post to another is nobody's all the while, and first of the one post, then of the other.
func TestTenureOfManagerOfVacantPosts(t *testing.T) {
	g, p := council(t, `
{kind: post, id: old, title: Old head}
---
{kind: post, id: new, title: New head}
---
{kind: function, id: f, name: F, domain: EDU, managed_by: old, from: 2005-01-01, until: 2005-06-30}
---
{kind: function, id: f, name: F, domain: EDU, managed_by: new, from: 2005-07-01, until: 2005-12-31}
---
{kind: person, id: ann, name: Ann}
---
{kind: appointment, id: a, person: ann, post: old, from: 2004-01-01, until: 2005-03-31}
---
{kind: appointment, id: b, person: ann, post: new, from: 2004-01-01, until: 2005-03-31}
`)
	const want = `In post: Ann; [Old head], 1 January 2005 – 31 March 2005, 3 months
Vacant: [Old head], 1 April 2005 – 30 June 2005, 3 months | Nobody is recorded for this post from 1 April 2005 to 30 June 2005.
Vacant: [New head], 1 July 2005 – 31 December 2005, 6 months | Nobody is recorded for this post from 1 July 2005 to 31 December 2005.`
	if got := managed(report.TenureOfManager(p, g.View(fact.DayOf(2015, 1, 1), g.Size()), fact.Key{Kind: graph.Function, ID: "f"}, fact.MinDay, fact.MaxDay)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// On every day the tenure of a manager says what the record of that day says.
func TestTenureOfManagerIsWhatEachDaySays(t *testing.T) {
	kinds := kind.Standard()
	p, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	begin := fact.DayOf(2005, 1, 1)
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString("{kind: unit, id: u, name: U}\n---\n{kind: unit, id: w, name: W}\n---\n{kind: post, id: chief, title: Chief}\n---\n{kind: person, id: ann, name: Ann}\n---\n{kind: person, id: bea, name: Bea}\n---\n")
		of := func(name string, all ...string) string { return rapid.SampledFrom(all).Draw(t, name) }
		parts := func(id string, most int, doc func() string) {
			begins := begin + fact.Day(rapid.IntRange(0, 20).Draw(t, "begins"))
			for range rapid.IntRange(1, most).Draw(t, "parts") {
				ends := begins + fact.Day(rapid.IntRange(10, 100).Draw(t, "days"))
				fmt.Fprintf(&b, "{%s, from: %s, until: %s}\n---\n", fmt.Sprintf(doc(), id), begins, ends)
				begins = ends + 1 + fact.Day(rapid.IntRange(0, 20).Draw(t, "away"))
			}
		}
		for _, id := range []string{"a", "b"} {
			parts(id, 3, func() string {
				return "kind: post, id: %s, title: Post" + of("unit", "", ", unit: u", ", unit: w") + of("to", "", ", reports_to: chief")
			})
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "appointments") {
			parts(fmt.Sprint(i), 1, func() string {
				return "kind: appointment, id: x%s, person: " + of("person", "ann", "bea") + ", post: " + of("post", "a", "b")
			})
		}
		parts("f", 3, func() string {
			return "kind: function, id: %s, name: F, domain: EDU" + of("unit", "", ", unit: u", ", unit: w") + of("by", "", "", ", managed_by: a")
		})
		g, err := rule.TestRecord(kinds, "", strings.TrimSuffix(b.String(), "---\n"))
		if err != nil {
			t.Skip(err) // a reference to what is there on none of its days
		}
		f := fact.Key{Kind: graph.Function, ID: "f"}
		all := report.TenureOfManager(p, g.View(begin, g.Size()), f, fact.MinDay, fact.MaxDay)
		for d := begin - 5; d < begin+370; d++ {
			got, want := "", ""
			for _, x := range all {
				if x.From.Day <= d && d <= x.Until.Day {
					if got != "" {
						t.Fatalf("%s: twice\n%s\n%s", d, managed(all), b.String())
					}
					got = fmt.Sprint(len(x.Posts), len(x.Holders))
					for _, post := range x.Posts {
						got += " " + string(post.Record.ID)
					}
				}
			}
			if rec := g.View(d, g.Size()).Record(f); rec != nil {
				want = "0 0"
				if post, _ := rec.Manager(); post != nil {
					people := map[fact.Key]bool{}
					for _, a := range post.Holders().Holders {
						people[must(a.RefKey("person"))] = true
					}
					want = fmt.Sprintf("1 %d %s", len(people), post.Key().ID)
				}
			}
			if got != want {
				t.Fatalf("%s: %q, and the day says %q\n%s\n%s", d, got, want, managed(all), b.String())
			}
		}
	})
}
