package report_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

func changes(c report.Changes) string {
	out := []string{c.Summary}
	for _, n := range c.Counts {
		out[0] += " " + n.Text + "."
	}
	for _, row := range c.Rows {
		s := row.String()
		if row.Unit.Text != "" {
			s = row.Unit.Text + " | " + s
		}
		if !row.When.IsZero() {
			s += " " + row.When.Words()
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func TestChangesHarrow(t *testing.T) {
	g, p := harrow(t)
	now := g.Size()
	structure := []fact.KindName{graph.Post, graph.Unit}
	for _, c := range []struct {
		name          string
		before, after *graph.View
		kinds         []fact.KindName
		want          string
	}{
		{"the launch", g.View(fact.DayOf(2003, 9, 30), now), g.View(fact.DayOf(2003, 10, 1), now), structure, `
21 changes. 3 posts do not change. 10 new. 7 ended. 4 moved.
Children's Services | Moved: Director of Children's Services. Unit: *Children's Services*. [Director of Social Services: Duty moves here from Director of Social Services] 1 October 2003
Education Department | Post ended: Director of Education. Unit: *Education Department* →. Reports to: *Chief Executive* →. Held as: *Officer* →. Holder: *Head of Children and Community Services in the Education Department (not named in the report) (interim)* →. [Chief Education Officer: Duty moves to Director of Learning & Community Development] 30 September 2003
Learning and Community Development | New post: Director of Learning & Community Development. Unit: *Learning and Community Development*. Reports to: *Executive Director – People First*. Held as: *Officer*. Holder: *Javed Khan: the appointment is agreed, and its start is to be announced*. [Chief Education Officer: Duty moves here from Director of Education] 1 October 2003
Social Services Department | Post ended: Director of Social Services. Unit: *Social Services Department* →. Reports to: *Chief Executive* →. Held as: *Officer* →. Holder: *Nick Georgiou (acting)* →. [Director of Social Services: Duty moves to Director of Children's Services] 30 September 2003
Children's Services | New unit: Children's Services. Type: *Department*. Part of: *People First*. Headed by: *Director of Children's Services*. Purpose: *General and targeted services that improve the life chances of children and young people*. 1 October 2003
Community Care Services | Moved: Head of Community Care (transitional). Unit: *Community Care Services*. 1 October 2003
Community Care Services | New unit: Community Care Services. Type: *Transitional*. Part of: *People First*. Headed by: *Head of Community Care (transitional)*. Purpose: *Independence and quality of life for adults and older people*. 1 October 2003
Education Department | Post ended: Head of Children and Community Services. Unit: *Education Department* →. Reports to: *Director of Education* →. Held as: *Officer* →. Holder: *Head of Children and Community Services in the Education Department (not named in the report)* →. 30 September 2003
Education Department | Post ended: Head of Service in the Education Department (second of three; title not given). Unit: *Education Department* →. Reports to: *Director of Education* →. Held as: *Officer* →. Holder: *Head of Service in the Education Department, second of three (not named in the report)* →. 30 September 2003
Education Department | Post ended: Head of Service in the Education Department (third of three; title not given). Unit: *Education Department* →. Reports to: *Director of Education* →. Held as: *Officer* →. Holder: *Head of Service in the Education Department, third of three (not named in the report)* →. 30 September 2003
Education Department | Unit ended: Education Department. Type: *Department* →. Headed by: *Director of Education* →. 30 September 2003
First of the three areas | New unit: First of the three areas. Type: *Area*. Part of: *People First*. 1 October 2003
Learning and Community Development | New unit: Learning and Community Development. Type: *Department*. Part of: *People First*. Headed by: *Director of Learning & Community Development*. Purpose: *Better learning and achievement at all ages, and more social inclusion*. 1 October 2003
People First | New post: Area Director – People First. Unit: *People First*. Reports to: *Executive Director – People First*. Held as: *Officer*. 1 October 2003
People First | Moved: Executive Director – People First. Unit: *People First*. 1 October 2003
People First | New unit: People First. Type: *Directorate*. Headed by: *Executive Director – People First*. 1 October 2003
People First Strategy | Moved: Director of People First Strategy. Unit: *People First Strategy*. 1 October 2003
People First Strategy | New unit: People First Strategy. Type: *Department*. Part of: *People First*. Headed by: *Director of People First Strategy*. Purpose: *Plans, reviews and supports the other departments, so that People First can meet its objectives*. 1 October 2003
Second of the three areas | New unit: Second of the three areas. Type: *Area*. Part of: *People First*. 1 October 2003
Social Services Department | Unit ended: Social Services Department. Type: *Department* →. Headed by: *Director of Social Services* →. 30 September 2003
Third of the three areas | New unit: Third of the three areas. Type: *Area*. Part of: *People First*. 1 October 2003`},
		{"the start of September", g.View(fact.DayOf(2003, 8, 31), now), g.View(fact.DayOf(2003, 9, 1), now), structure, `
1 change. 9 posts do not change. 1 with a new holder only.
Education Department | New holder: Director of Education. Holder: Head of Children and Community Services in the Education Department (not named in the report) (interim), *Head of Service in the Education Department, second of three (not named in the report) (interim)*, *Head of Service in the Education Department, third of three (not named in the report) (interim)*, *jointly* → Head of Children and Community Services in the Education Department (not named in the report) (interim). [Chief Education Officer: Duty stays here] 1 September 2003`},
		{"the proposal", g.View(fact.DayOf(2015, 6, 5), now), g.View(fact.DayOf(2015, 6, 5), now).With("people-directorate"), structure, `
10 changes. 14 posts do not change. 4 new. 4 ended. 2 moved.
Children and Families | Post ended: Corporate Director, Children and Young People. Unit: *Children and Families* →. Reports to: *Chief Executive* →. Held as: *Officer* →. [Director of children's services: Duty moves to Corporate Director – People]
People | New post: Corporate Director – People. Unit: *People*. Reports to: *Chief Executive*. Held as: *Officer*. [Director of children's services: Duty moves here from Corporate Director, Children and Young People] to be agreed
Children and Families | Unit ended: Children and Families. Type: *Directorate* →. Headed by: *Corporate Director, Children and Young People* →.
Community, Health and Well-Being | Post ended: Corporate Director, Community, Health and Well-Being. Unit: *Community, Health and Well-Being* →. Reports to: *Chief Executive* →. Held as: *Officer* →.
Community, Health and Well-Being | Unit ended: Community, Health and Well-Being. Type: *Directorate* →. Headed by: *Corporate Director, Community, Health and Well-Being* →.
People | Moved: Director of Adult Social Services. Unit: *Community, Health and Well-Being* → *People*. Reports to: *Corporate Director – People*. [Director of adult social services: Duty stays here] to be agreed
People | New post: Director of Education. Unit: *People*. Reports to: *Corporate Director – People*. Held as: *Officer*. to be agreed
People | Moved: Director of Public Health. Unit: *Community, Health and Well-Being* → *People*. Reports to: *Corporate Director – People*. [Director of public health: Duty stays here] to be agreed
People | New post: Divisional Director, Children and Young People. Unit: *People*. Reports to: *Corporate Director – People*. Held as: *Officer*. to be agreed
People | New unit: People. Type: *Directorate*. Headed by: *Corporate Director – People*. to be agreed`},
	} {
		got := changes(report.ChangesBetween(p, c.before, c.after, c.kinds...))
		if got != strings.TrimSpace(c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, strings.TrimSpace(c.want))
		}
	}
}

func TestChanges(t *testing.T) {
	const before = `
{kind: unit, id: children, name: Children}
---
{kind: unit, id: adults, name: Adults}
---
{kind: post, id: chief, title: Chief Executive}
---
{kind: post, id: dcs, title: Director of Children, unit: children, reports_to: chief}
---
{kind: post, id: head, title: Head of Early Years, unit: children, reports_to: dcs}
---
{kind: person, id: ann, name: Ann}
---
{kind: person, id: bea, name: Bea}
---
{kind: appointment, id: a1, person: ann, post: dcs, basis: permanent, from: 2019-01-01}
---
{kind: appointment, id: a2, person: bea, post: head, basis: permanent, from: 2019-01-01}
---
{kind: designation, id: d, role: DCS, post: dcs}
`
	for _, c := range []struct{ name, later, want string }{
		{"a post renamed and moved is one row", `
{kind: post, id: head, title: Head of Early Years and Schools, unit: adults, reports_to: dcs, from: 2020-01-01}
`, `
1 change. 2 posts do not change. 1 moved.
Adults | Moved and changed: Head of Early Years and Schools. Title: Head of Early Years → Head of Early Years *and Schools*. Unit: *Children* → *Adults*. 1 January 2020`},
		{"the holder leaves", `
{kind: appointment, id: a1, end: 2019-12-31}
`, `
1 change. 2 posts do not change. 1 with a new holder only.
Children | Holder left: Director of Children. Holder: *Ann* → *Vacant*. [Director of children's services: Nobody holds this from 1 January 2020] 31 December 2019`},
		{"the holder leaves in some month, and another comes to a post that changes", `
{kind: appointment, id: a2, end: 2019-11}
---
{kind: appointment, id: a3, person: ann, post: head, basis: acting, from: 2019-12-01}
---
{kind: post, id: head, title: Head of Early Years, unit: children, reports_to: chief, from: 2020-01-01}
`, `
1 change. 2 posts do not change. 1 moved.
Children | Moved: Head of Early Years. Reports to: *Director of Children* → *Chief Executive*. Holder: *Bea* → *Ann (acting)*. 1 January 2020`},
		{"the designation lapses", `
{kind: designation, id: d, end: 2019-10-31}
`, `
1 change. 2 posts do not change. 1 changed.
Children | Changed: Director of Children. [Director of children's services: Nobody holds this from 1 November 2019]`},
		{"a role goes to a person", `
{kind: designation, id: d, end: 2019-10-31}
---
{kind: designation, id: d2, role: DCS, person: bea, from: 2019-11-01}
`, `
2 changes. 1 post does not change. 2 changed.
Children | Changed: Director of Children. [Director of children's services: Duty moves to Head of Early Years]
Children | Changed: Head of Early Years. [Director of children's services: Duty moves here from Director of Children]`},
		{"a role goes to another post and leaves nothing else changed", `
{kind: designation, id: d, end: 2019-10-31}
---
{kind: designation, id: d2, role: DCS, post: head, from: 2019-11-01}
`, `
2 changes. 1 post does not change. 2 changed.
Children | Changed: Director of Children. [Director of children's services: Duty moves to Head of Early Years]
Children | Changed: Head of Early Years. [Director of children's services: Duty moves here from Director of Children]`},
		{"a role goes to a new post that waits for its first holder", `
{kind: post, id: new, title: New Director, reports_to: chief, from: 2020-01-01}
---
{kind: designation, id: d, end: 2019-12-31}
---
{kind: designation, id: d2, role: DCS, post: new, from: 2020-01-01}
---
{kind: appointment, id: a4, person: bea, post: new, from: 2020-09-01}
`, `
2 changes. 2 posts do not change. 1 new. 1 changed.
New post: New Director. Reports to: *Chief Executive*. Holder: *Vacant*. [Director of children's services: Duty moves here from Director of Children, and nobody is in post] 1 January 2020
Children | Changed: Director of Children. [Director of children's services: Duty moves to New Director]`},
		{"what may have ended", `
{kind: post, id: head, end: 2020}
`, `
1 change. 2 posts do not change. 1 changed.
Children | Not certain any more: Head of Early Years. Whether it is there: *Yes* → *Not certain: its dates are not exact*.`},
		{"nothing", `
{kind: post, id: head, title: Head of Early Years, unit: children, reports_to: dcs, from: 2020-01-01}
`, `
No changes. 3 posts do not change.
`},
	} {
		g, p := council(t, strings.TrimSpace(before))
		if err := load(g, strings.TrimSpace(c.later)); err != nil {
			t.Fatal(c.name, err)
		}
		got := changes(report.ChangesBetween(p, g.View(fact.DayOf(2019, 6, 1), g.Size()), g.View(fact.DayOf(2020, 6, 1), g.Size())))
		if got != strings.TrimSpace(c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, strings.TrimSpace(c.want))
		}
	}
}

func marked(runs []report.Run) string {
	var b strings.Builder
	for _, r := range runs {
		if r.Marked {
			b.WriteString("[" + r.Text + "]")
		} else {
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

func TestMarks(t *testing.T) {
	for _, c := range []struct{ before, after, b, a string }{
		{"Head of Community Care (transitional)", "Head of Community Care", "Head of Community Care [(transitional)]", "Head of Community Care"},
		{"Director of Adult Social Services", "Director of Adult Services", "Director of Adult [Social ]Services", "Director of Adult Services"},
		{"same", "same", "same", "same"},
		{"", "new words", "", "[new words]"},
		{"a b c d e", "a x c y e", "a [b ]c [d ]e", "a [x ]c [y ]e"},
	} {
		b, a := report.Marks(c.before, c.after)
		if marked(b) != c.b || marked(a) != c.a {
			t.Errorf("%q and %q: %s and %s, want %s and %s", c.before, c.after, marked(b), marked(a), c.b, c.a)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-c]( [a-c]){0,6})?`)
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		b, a := report.Marks(before, after)
		plain := func(runs []report.Run, all bool) string {
			var s strings.Builder
			for _, r := range runs {
				if all || !r.Marked {
					s.WriteString(r.Text)
				}
			}
			return strings.TrimSpace(s.String())
		}
		if plain(b, true) != before || plain(a, true) != after || plain(b, false) != plain(a, false) {
			t.Fatalf("%q and %q: %s and %s", before, after, marked(b), marked(a))
		}
	})
}

func TestManyChangesAreGrouped(t *testing.T) {
	g, p := council(t, madeCouncil(400))
	v := g.View(fact.DayOf(2013, 6, 1), g.Size())
	c := report.ChangesBetween(p, v, v.At(fact.DayOf(2020, 6, 1)), graph.Post)
	sum, year := 0, 0
	for _, x := range c.Groups {
		sum += x.Count
		year = max(year, x.Year)
	}
	if len(c.Rows) != 400 || sum != 400 || c.Unchanged != 0 || c.Groups[0].Unit.Text != "Unit 0" || year < 2018 {
		t.Errorf("%d rows, %d unchanged, %d in groups: %+v", len(c.Rows), c.Unchanged, sum, c.Groups[0])
	}
}

// What Diff lists is in the table: in a row of its own, or in that of its post.
func TestChangesLeaveNothingOut(t *testing.T) {
	g, p := harrow(t)
	days := []fact.Day{fact.DayOf(2003, 8, 31), fact.DayOf(2003, 9, 30), fact.DayOf(2003, 10, 1), fact.DayOf(2010, 1, 1), fact.DayOf(2015, 6, 5)}
	for _, x := range days {
		for _, y := range days {
			before, after := g.View(x, g.Size()), g.View(y, g.Size())
			rows := map[string]string{}
			for _, row := range report.ChangesBetween(p, before, after).Rows {
				rows[row.Record.Record.String()] = row.Word
			}
			for _, d := range report.Diff(before, after, "").Changes {
				k, err := fact.ParseKey(d.Record)
				if err != nil {
					t.Fatal(err)
				}
				switch k.Kind {
				case graph.Appointment, graph.Absence, graph.Designation:
				default:
					if rows[d.Record] == "" {
						t.Errorf("%s to %s: %s has no row", x, y, d.Record)
					}
				}
				delete(rows, d.Record)
			}
			for k, word := range rows {
				if !strings.HasPrefix(k, "post/") && word != "Not certain any more" && word != "Certain now" {
					t.Errorf("%s to %s: %s has a row and does not differ", x, y, k)
				}
			}
		}
	}
}
