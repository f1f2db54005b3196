package exchange_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// council is a record of a made council: one unit and posts that report to their predecessor's manager, three tiers deep.
func council(t testing.TB, posts int) *graph.Graph {
	t.Helper()
	kinds, _ := england(t)
	var m strings.Builder
	m.WriteString("{kind: unit, id: people, name: People, from: 2010-04-01}\n---\n{kind: unit, id: place, name: Place, from: 2010-04-01}\n---\n")
	m.WriteString("{kind: post, id: p0, title: Chief Executive, unit: people, from: 2010-04-01}\n")
	for i := 1; i < posts; i++ {
		fmt.Fprintf(&m, "---\n{kind: post, id: p%d, title: Post number %d, unit: people, reports_to: p%d, grade: SM%d, fte: 1, from: 2010-04-01}\n", i, i, i/10, i%9)
	}
	m.WriteString("---\n{kind: post, id: dcs, title: Director of Children's Services, unit: people, reports_to: p0, from: 2010-04-01}\n")
	return record(t, kinds, m.String())
}

// spreadsheet gives the sheet of a kind of the template, for a test to change.
func spreadsheet(t testing.TB, g *graph.Graph, on fact.Day, kind fact.KindName) exchange.Table {
	t.Helper()
	_, p := england(t)
	return exchange.Template(g.View(on, g.Size()), p, kind).Tables[0]
}

// set writes a cell; rows are counted as a spreadsheet counts them.
func set(table *exchange.Table, row int, column, text string) {
	i := slices.IndexFunc(table.Columns, func(c exchange.Column) bool { return c.Name == column })
	for len(table.Rows) < row-1 {
		table.Rows = append(table.Rows, make([]exchange.Cell, len(table.Columns)))
	}
	table.Rows[row-2][i] = exchange.Cell{Text: text}
}

// TestTheFileOfTheJourney: 312 rows with nine errors, put right, looked at, carried out.
func TestTheFileOfTheJourney(t *testing.T) {
	_, law := england(t)
	g := council(t, 300)
	on := day(t, "2015-04-01")
	table := spreadsheet(t, g, on, graph.Post) // 301 posts, in rows 2 to 302
	wrong := func(row int, column, text string) { set(&table, row, column, text) }
	for row := 303; row < 313; row++ { // ten that are new, with an empty row among them and empty ones below
		if row != 306 {
			wrong(row, "Title", fmt.Sprintf("New post %d", row))
			wrong(row, "Reports to", "Chief Executive")
		}
	}
	wrong(313, "Title", " ")
	for row := 20; row < 60; row++ {
		wrong(row, "Grade", "SM10")
	}
	for row := 60; row < 66; row++ {
		wrong(row, "Unit", "Place")
	}
	wrong(17, "Reports to", "Dir Childrens")
	wrong(42, "From", "31/02/2015")
	wrong(43, "Full-time equivalent", "half")
	wrong(100, "Held as", "oficer")
	wrong(101, "Reports to", "Nobody at all")
	wrong(303, "Title", "")
	wrong(201, "Reports to", "Post number 250") // who reports to 25, who reports to 2 …
	wrong(27, "Reports to", "Post number 199")  // … and that is the post of row 201
	wrong(310, "Id", "p7")
	wrong(311, "Salary from", "plenty")
	file := asXLSX(t, exchange.Workbook{Tables: []exchange.Table{table}})

	v := g.View(on, g.Size())
	plan := exchange.Import("posts-april-2015.xlsx", file, v, law, exchange.Choices{From: fact.ExactDate(on), Source: "HR, April 2015"})
	var got strings.Builder
	for _, x := range plan.Problems {
		fmt.Fprintf(&got, "%d|%s|%s|%s|%s\n", x.Row, x.Column, x.There, x.Wrong, x.Do)
	}
	want := `17|Reports to|Dir Childrens|No post has this name or id|Did you mean Director of Children's Services?
27|Reports to|Post number 199|It comes back to itself: Post number 25 → Post number 199 → Post number 250 → Post number 25|Correct one of these rows
42|From|31/02/2015|Must be a real date|Use day month year, for example 28 2 2015
43|Full-time equivalent|half|Must be a number|For example 12 or 0.5
100|Held as|oficer|Is not one of the choices|Did you mean Officer?
101|Reports to|Nobody at all|No post has this name or id|Correct it, or add it to the file
303|Title||Title is missing|Write it, or remove the row
310|Id|p7|New post 310 is in row 9 already, over the same days|Keep one of the two, or give each the days on which it holds
311|Salary from|plenty|Must be a number of pounds|For example 48000 or £48,000
`
	if got.String() != want || plan.Layer != exchange.WrongRows || plan.Wrong != 9 || plan.Bad != 9 {
		t.Errorf("%d problems of %d rows:\n%s", plan.Wrong, plan.Bad, got.String())
	}
	if len(plan.Docs) > 0 {
		t.Error("there is something to record although rows are wrong")
	}
	if n := plan.Count; n[exchange.New] != 6 || n[exchange.Changed] != 37 || n[exchange.Moved] != 7 || n[exchange.Same] != 251 {
		t.Errorf("ready are %v", n)
	}
	if s := plan.Sheets[0]; s.Rows != 310 || len(s.Columns) != 13 || s.Kind.Name != graph.Post || len(s.Unread()) > 0 {
		t.Errorf("%d rows, %d columns", s.Rows, len(s.Columns))
	}
	annotated := fix(t, plan)
	for cell, want := range map[string]string{
		"A1": "Id", "N1": "Result", "O1": "What to fix", "N17": "Needs fixing", "O17": "Reports to: No post has this name or id. Did you mean Director of Children's Services?",
		"N18": "The same", "O18": "", "N20": "Changed", "N60": "Moved", "N304": "New", "N306": "",
	} {
		if got, _ := annotated.GetCellValue("Posts", cell); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}

	// What came back, put right, is ready: the two columns that were added are passed over.
	for cell, text := range map[string]string{"D17": "Director of Children's Services", "L42": "01/04/2010", "I43": "1", "E100": "Officer", "D101": "Chief Executive", "B303": "New post 303", "D201": "p19", "D27": "p2", "A310": "", "J311": "£40,000"} {
		if err := annotated.SetCellStr("Posts", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	fixed, err := annotated.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	plan = exchange.Import("posts-april-2015.xlsx", fixed.Bytes(), v, law, exchange.Choices{From: fact.ExactDate(on), Source: "HR, April 2015"})
	ready(t, plan)
	if len(plan.Sheets[0].Unread()) != 0 {
		t.Errorf("not read: %q", plan.Sheets[0].Unread())
	}
	for _, d := range plan.Docs {
		if seen, ok := plan.Seen[d.Key()]; !ok || seen != g.Newest(d.Key(), "") {
			t.Errorf("%s was seen at %d", d.Key(), seen)
		}
	}
	counts := plan.Count
	if counts[exchange.New] != 9 || counts[exchange.Same]+counts[exchange.Changed]+counts[exchange.Moved] != 301 {
		t.Errorf("it would do %v", counts)
	}
	fold(t, g, plan.Docs, noon)
	after := g.View(on, g.Size())
	if n := len(after.All(graph.Post)); n != 310 {
		t.Errorf("%d posts", n)
	}
	changed := 0
	for _, r := range after.All(graph.Post) {
		if before := v.Record(r.Key()); before != nil && before.Entry() != r.Entry() {
			changed++
		}
	}
	if changed != counts[exchange.Changed]+counts[exchange.Moved] || len(plan.Docs) != changed+counts[exchange.New] {
		t.Errorf("%d changed and %d documents, and it was to be %v", changed, len(plan.Docs), counts)
	}
	if r := after.Record(fact.Key{Kind: graph.Post, ID: "p18"}); r.Text("grade") != "SM10" || r.Source() != "HR, April 2015" || r.Span().From.String() != "2015-04-01" || r.Text("title") != "Post number 18" {
		t.Errorf("the changed post is %q, %q, from %s", r.Text("grade"), r.Source(), r.Span().From)
	}
	if r := g.View(on-1, g.Size()).Record(fact.Key{Kind: graph.Post, ID: "p18"}); r.Text("grade") != "SM0" {
		t.Errorf("the day before it is %q", r.Text("grade"))
	}
}

// fix gives the annotated file.
func fix(t *testing.T, p *exchange.Plan) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	if err := p.Annotated(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestImportOfThreeThousandPosts(t *testing.T) {
	_, law := england(t)
	g := council(t, 3000)
	on := day(t, "2015-04-01")
	table := spreadsheet(t, g, on, graph.Post)
	for row := 100; row < 1100; row++ {
		set(&table, row, "Grade", "X")
	}
	file := asXLSX(t, exchange.Workbook{Tables: []exchange.Table{table}})
	begun := time.Now()
	plan := exchange.Import("posts.xlsx", file, g.View(on, g.Size()), law, exchange.Choices{From: fact.ExactDate(on)})
	t.Logf("3,001 rows in %v", time.Since(begun))
	ready(t, plan)
	if plan.Count[exchange.Changed] != 1000 || plan.Count[exchange.Same] != 2001 {
		t.Errorf("%v", plan.Count)
	}
}

// small is a record with one of everything that an import has to tell apart.
const small = `
{kind: unit, id: people, name: People, from: 2010-04-01}
---
{kind: unit, id: place, name: Place}
---
{kind: post, id: ce, title: Chief Executive}
---
{kind: post, id: dcs, title: "Director of Children's Services", reports_to: ce, unit: people, grade: A, deputy_for: [DASS], from: 2010-04-01}
---
{kind: post, id: m1, title: Manager, reports_to: dcs}
---
{kind: post, id: m2, title: Manager, reports_to: dcs}
---
{kind: post, id: old, title: Director of Education, until: 2011-03-31}
---
{kind: post, id: later, title: Director of Place, grade: A, from: 2016-01-01}
---
{kind: post, id: twofold, title: Head, grade: A, until: 2016-12-31}
---
{kind: post, id: twofold, title: Head, grade: B, from: 2017-01-01}
---
{kind: post, id: broken, title: Broken, until: 2015-06-30}
---
{kind: post, id: broken, title: Broken, from: 2016-01-01}
---
{kind: post, id: grown, title: Grown, grade: A, from: 2010-04-01}
---
{kind: post, id: vague, title: Vague, grade: A, from: 2001, until: between 2014-12-01 and 2015-06-30}
---
{kind: post, id: vague, title: Vague, grade: B, from: 2015}
---
{kind: person, id: jo, name: Jo Bloggs}
---
{kind: appointment, id: a1, person: jo, post: dcs, basis: acting, from: 2012-04-01}
---
{kind: function, id: sen, name: Special educational needs, domain: UNCLASSIFIED, unit: people}
---
{kind: board, id: cabinet, name: Cabinet, type: cabinet}
`

// later is what was recorded of it afterwards.
const later = "{kind: post, id: grown, title: Grown, grade: B, from: 2012-04-01}"

// told writes what a plan would do, or what stands against it, a line each.
func told(p *exchange.Plan) string {
	var b strings.Builder
	for _, x := range p.Problems {
		fmt.Fprintf(&b, "! %d %s: %s. %s\n", x.Row, x.Column, x.Wrong, x.Do)
	}
	for _, c := range p.Changes {
		fmt.Fprintf(&b, "%s %s %q", c.Word, c.Record, c.Title)
		if c.Why != "" {
			fmt.Fprintf(&b, " (%s)", c.Why)
		}
		for _, f := range c.Fields {
			fmt.Fprintf(&b, "; %s: %s → %s", f.Label, f.Before, f.After)
		}
		b.WriteString("\n")
	}
	for _, d := range p.Docs {
		fmt.Fprintf(&b, "%s %s %s..%s", d.Op, d.Key(), d.Span.From, d.Span.Until)
		for _, v := range d.Values {
			fmt.Fprintf(&b, " %s=%s", v.Field.Name, v.JSON)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestImport(t *testing.T) {
	kinds, law := england(t)
	on := day(t, "2015-04-01")
	for _, c := range []struct {
		name, file, rows string
		choices          exchange.Choices
		want             string
	}{
		{"an unchanged row, in other words", "posts.csv", "Id,Job title,Line manager,Team,FTE\ndcs,director of childrens services,chief executive,PEOPLE,\n", exchange.Choices{}, `
Changed post/dcs "Director of Children's Services"; Title: Director of Children's Services → director of childrens services
assert post/dcs 2015-04-01.. title="director of childrens services" unit="people" reports_to="ce" deputy_for=["DASS"] grade="A"
`},
		{"by its title, a field changed, one cleared, the others kept", "posts.csv", "title,grade,unit\nDirector of Children’s Services,B,-\n", exchange.Choices{Source: "HR"}, `
Moved post/dcs "Director of Children's Services"; Title: Director of Children's Services → Director of Children’s Services; Unit: People → ; Grade: A → B
assert post/dcs 2015-04-01.. title="Director of Children’s Services" reports_to="ce" deputy_for=["DASS"] grade="B"
`},
		{"a new post under a new post, of a new id each", "posts.csv", "title;reports_to\nHead of SEN;Head of Learning\nHead of Learning;DCS\n", exchange.Choices{}, `
! 3 reports_to: No post has this name or id. Correct it, or add it to the file
New post/head-of-sen "Head of SEN"; Title:  → Head of SEN; Reports to:  → Head of Learning
`},
		{"the same, right", "posts.csv", "title\treports_to\nHead of SEN\tHead of Learning\nHead of Learning\tdcs\n", exchange.Choices{}, `
New post/head-of-sen "Head of SEN"; Title:  → Head of SEN; Reports to:  → Head of Learning
New post/head-of-learning "Head of Learning"; Title:  → Head of Learning; Reports to:  → Director of Children's Services
assert post/head-of-sen 2015-04-01.. title="Head of SEN" reports_to="head-of-learning"
assert post/head-of-learning 2015-04-01.. title="Head of Learning" reports_to="dcs"
`},
		{"a title that two posts have", "posts.csv", "title,reports_to\nManager,\nDeputy,Manager\n", exchange.Choices{}, `
! 2 title: More than one post of this name is recorded. Write in the column Id which one it is: m1 or m2
! 3 reports_to: More than one post has this name. Write the id of the one that is meant: m1 or m2
`},
		{"one of them by its id leaves the other", "posts.csv", "id,title,grade\nm1,Manager,A\n,Manager,B\n", exchange.Choices{}, `
Changed post/m1 "Manager"; Grade:  → A
Changed post/m2 "Manager"; Grade:  → B
assert post/m1 2015-04-01.. title="Manager" reports_to="dcs" grade="A"
assert post/m2 2015-04-01.. title="Manager" reports_to="dcs" grade="B"
`},
		{"two rows for one record", "posts.csv", "title,grade\nChief Executive,A\nChief executive,B\n", exchange.Choices{}, `
! 3 title: Row 2 and this row mean the same post, of which one is recorded. Write in the column Id which of them it is, and give the other an id of its own
Changed post/ce "Chief Executive"; Grade:  → A
`},
		{"two rows that say the same", "posts.csv", "title,grade\nTeacher,A\nTeacher,B\nTeacher,A\n", exchange.Choices{}, `
! 4 : This row says the same as row 2. Remove one of the two; or, if they are two posts, give each an id, such as its number
New post/teacher "Teacher"; Title:  → Teacher; Grade:  → A
New post/teacher-2 "Teacher"; Title:  → Teacher; Grade:  → B
`},
		{"an end, and a longer life", "units.csv", "id,until\npeople,31/03/2016\nplace,-\n", exchange.Choices{}, `
Ended unit/people "People"; Until:  → 31 March 2016
end unit/people ..2016-03-31
`},
		{"an end and a change", "posts.csv", "id,grade,until\ndcs,C,2015-12-31\n", exchange.Choices{}, `
Changed post/dcs "Director of Children's Services"; Grade: A → C; Until:  → 31 December 2015
assert post/dcs 2015-04-01.. title="Director of Children's Services" unit="people" reports_to="ce" deputy_for=["DASS"] grade="C"
end post/dcs ..2015-12-31
`},
		{"later days that are recorded stay", "posts.csv", "id,grade\ntwofold,X\nlater,X\n", exchange.Choices{}, `
Changed post/twofold "Head"; Grade: A → X
Changed post/later "Director of Place"; Grade: A → X
assert post/twofold 2015-04-01..2016-12-31 title="Head" grade="X"
assert post/later 2016-01-01.. title="Director of Place" grade="X"
`},
		{"an end after them ends the record, and not what it is now", "posts.csv", "id,until\ntwofold,2018-12-31\n", exchange.Choices{}, `
Ended post/twofold "Head"; Until:  → 31 December 2018
end post/twofold ..2018-12-31
`},
		{"an end cannot be put off over another life", "posts.csv", "id,until\nbroken,2018-12-31\n", exchange.Choices{}, `
! 2 until: What holds after 30 June 2015 is recorded already. Leave the cell empty
`},
		{"it can where there is none, as in the days of which the row speaks", "posts.csv", "id,until\nold,2012-03-31\n", exchange.Choices{}, `
Changed post/old "Director of Education"; Until: 31 March 2011 → 31 March 2012
assert post/old ..2012-03-31 title="Director of Education"
`},
		{"what began again begins earlier", "posts.csv", "id,title,from\nbroken,Broken,2015-09-01\n", exchange.Choices{}, `
Changed post/broken "Broken"; From: 1 January 2016 → 1 September 2015
assert post/broken 2015-09-01.. title="Broken"
`},
		{"an earlier first day of what has changed since", "posts.csv", "id,from\ngrown,2009-04-01\n", exchange.Choices{}, `
! 2 from: It is recorded from 1 April 2010, and has changed since. Leave the cell empty. A first day that was wrong is corrected on the page of the record
`},
		{"an end on the day before a change", "posts.csv", "id,until\ntwofold,2016-12-31\n", exchange.Choices{}, `
! 2 until: It is recorded that something else of it changes on the day after. Leave the cell empty. A record that ends then is ended on its own page
`},
		{"somebody who was there from the beginning", "appointments.csv", "Person,Post,From\nAl,ce,\nAl,m1,-\n", exchange.Choices{}, `
New appointment/chief-executive "Al, Chief Executive"; Person:  → Al; Post:  → Chief Executive
New appointment/manager "Al, Manager"; Person:  → Al; Post:  → Manager
New person/al "Al" (named in row 2 of appointments)
assert person/al .. name="Al"
assert appointment/chief-executive 2015-04-01.. person="al" post="ce"
assert appointment/manager .. person="al" post="m1"
`},
		{"an end that is past, and more", "posts.csv", "id,until,grade\nce,2014-12-31,A\n", exchange.Choices{}, `
! 2 until: The row speaks of days before 1 April 2015, from which the file is so. Write in the column From the day from which the row is so
`},
		{"rows for the parts of one record", "posts.csv", "id,title,grade,from,until\ntwofold,Head,A,,2016-12-31\ntwofold,Head,C,2017-01-01,\nnext,Next,A,2015-01-01,2015-06-30\nnext,Next,B,2015-07-01,\n", exchange.Choices{}, `
Changed post/twofold "Head"; Grade: B → C; From:  → 1 January 2017
New post/next "Next"; Title:  → Next; Grade:  → A; From:  → 1 January 2015; Until:  → 30 June 2015
New post/next "Next"; Title:  → Next; Grade:  → B; From:  → 1 July 2015
assert post/twofold 2017-01-01.. title="Head" grade="C"
assert post/next 2015-01-01..2015-06-30 title="Next" grade="A"
assert post/next 2015-07-01.. title="Next" grade="B"
`},
		{"a day of its own", "posts.csv", "id,grade,from\ndcs,B,2015-09-01\n", exchange.Choices{}, `
Changed post/dcs "Director of Children's Services"; Grade: A → B; From: 1 April 2010 → 1 September 2015
assert post/dcs 2015-09-01.. title="Director of Children's Services" unit="people" reports_to="ce" deputy_for=["DASS"] grade="B"
`},
		{"an earlier first day, and a later one", "posts.csv", "id,from\ndcs,2009-04-01\nce,2009-04-01\n", exchange.Choices{}, `
! 3 from: No first day is recorded, and the rest of the row is as recorded. Leave the cell empty. A first day that was wrong is corrected on the page of the record
Changed post/dcs "Director of Children's Services"; From: 1 April 2010 → 1 April 2009
`},
		{"what ended begins again only by its id", "posts.csv", "id,title,grade\nold,Director of Education,A\n", exchange.Choices{}, `
New post/old "Director of Education"; Title:  → Director of Education; Grade:  → A
assert post/old 2015-04-01.. title="Director of Education" grade="A"
`},
		{"and otherwise is another", "posts.csv", "title,grade\nDirector of Education,A\n", exchange.Choices{}, `
New post/director-of-education "Director of Education"; Title:  → Director of Education; Grade:  → A
assert post/director-of-education 2015-04-01.. title="Director of Education" grade="A"
`},
		{"what is not certain has to be said", "posts.csv", "id,fte\nvague,1\n", exchange.Choices{}, `
! 2 Grade: Grade is not certain on 1 April 2015, because dates that are recorded are not exact. Write what it is
`},
		{"and then may be", "posts.csv", "id,grade\nvague,B\n", exchange.Choices{}, `
Changed post/vague "Vague"; Grade: Not certain → B
assert post/vague 2015-04-01.. title="Vague" grade="B"
`},
		{"an appointment of somebody new, and of somebody who is there", "appointments.csv", "Person,Post,Basis,Start date\nAl Newman,Chief Executive,Fixed term,1 May 2015\njo bloggs,m1,,\nAl Newman,m2,Acting,1 March 2015\n", exchange.Choices{}, `
New appointment/chief-executive "Al Newman, Chief Executive"; Person:  → Al Newman; Post:  → Chief Executive; Basis:  → Fixed-term; From:  → 1 May 2015
New appointment/manager "Jo Bloggs, Manager"; Person:  → Jo Bloggs; Post:  → Manager
New appointment/manager-2 "Al Newman, Manager"; Person:  → Al Newman; Post:  → Manager; Basis:  → Acting; From:  → 1 March 2015
New person/al-newman "Al Newman" (named in row 2 of appointments)
assert person/al-newman 2015-03-01.. name="Al Newman"
assert appointment/chief-executive 2015-05-01.. person="al-newman" post="ce" basis="fixed-term"
assert appointment/manager 2015-04-01.. person="jo" post="m1"
assert appointment/manager-2 2015-03-01.. person="al-newman" post="m2" basis="acting"
`},
		{"nobody", "appointments.csv", "Person,Post\nVacant,ce\nN/D,m1\n", exchange.Choices{}, `
! 2 Person: This is nobody's name. Leave the row out: a post to which nobody is appointed needs no row
! 3 Person: This is nobody's name. Leave the row out: a post to which nobody is appointed needs no row
`},
		{"an appointment is known by its person and post", "appointments.csv", "Person,Post,Basis\nJo Bloggs,Director of Children's Services,permanent\n", exchange.Choices{}, `
Changed appointment/a1 "Jo Bloggs, Director of Children's Services"; Basis: Acting → Permanent
assert appointment/a1 2015-04-01.. person="jo" post="dcs" basis="permanent"
`},
		{"a role by its name", "designations.csv", "Role,Post,Decided on\nDirector of Children's services,dcs,4/2015\nDCS,,\n", exchange.Choices{}, `
! 3 Post: Post or Person is missing. Write it, or remove the row
New designation/director-of-childrens-services-director-of-childrens "Director of children's services: Director of Children's Services"; Statutory role:  → Director of children's services; Post:  → Director of Children's Services; Decided on:  → April 2015
`},
		{"several values", "posts.csv", "id,deputy_for,accountable_to\nce,DCS; Director of adult social services; x,\ndcs,DASS,\"m1; \"\"m2\"\"; m1\"\nm1,,m2;ce\n", exchange.Choices{}, `
! 2 deputy_for: “x”: Is not one of the choices. Choose one from the list in the template
! 3 accountable_to: “m1” is there twice. Keep one of the two
Changed post/m1 "Manager"; Also accountable directly to:  → Manager; Chief Executive
`},
		{"values that cannot be", "units.csv", "id,type,parent,staff,budget,from,name\nplace,squad,place,many,£,2015-04-31,-\np q,team,,1,1,01/04/15,Team\n", exchange.Choices{}, `
! 2 type: Is not one of the choices. Write Directorate, Department, Division, Service, Team, Area or Transitional
! 2 staff: Must be a number. For example 12 or 0.5
! 2 budget: Must be a number of pounds. For example 48000 or £48,000
! 2 from: Must be a real date. Use day month year, for example 28 2 2015
! 2 name: It cannot be left without a value. Write the value, or leave the cell empty to keep what is recorded
! 3 id: This cannot be an id. Leave it empty, or write “p-q”
! 3 from: Must be a real date. Use day month year, for example 28 2 2015
`},
		{"a unit within itself", "units.csv", "id,parent\npeople,Place\nplace,people\n", exchange.Choices{}, `
! 2 parent: It comes back to itself: People → Place → People. Correct one of these rows
Moved unit/place "Place"; Part of:  → People
`},
		{"what the file leaves out is ended only by choice", "functions.csv", "name,domain\nLibraries,unclassified\n", exchange.Choices{End: map[fact.KindName]fact.Date{"function": fact.ExactDate(on - 1)}}, `
New function/libraries "Libraries"; Name:  → Libraries; Domain:  → Not classified
Ended function/sen "Special educational needs" (not in the file); Until:  → 31 March 2015
end function/sen ..2015-03-31
assert function/libraries 2015-04-01.. name="Libraries" domain="UNCLASSIFIED"
`},
		{"any kind, known by its columns", "export.csv", "id,from,until,name,type,covers\ncabinet,,,Cabinet,scrutiny,\n", exchange.Choices{}, `
Changed board/cabinet "Cabinet"; Type: Cabinet → Scrutiny
assert board/cabinet 2015-04-01.. name="Cabinet" type="scrutiny"
`},
		{"what else is added where it is named, and what says nothing", "posts.csv", "Post ref,Job title,Unit,Reports to senior post,Pay grade\n1,Head,Housing & Homes,XX,N/D\n2,Deputy,housing and homes,1,\n3,Third,N/A,2,A\n", exchange.Choices{Add: []fact.KindName{"unit"}, Empty: []string{"XX", "N/D"}}, `
! 4 Unit: This is no name. Leave the cell empty where there is nothing to write
New post/1 "Head"; Title:  → Head; Unit:  → Housing & Homes
New post/2 "Deputy"; Title:  → Deputy; Unit:  → Housing & Homes; Reports to:  → Head
New unit/housing-and-homes "Housing & Homes" (named in row 2 of posts)
`},
		{"a name that says nothing", "posts.csv", "title,grade\nN/D,A\n", exchange.Choices{Empty: []string{"N/D"}}, `
! 2 title: Title is missing. Write it, or remove the row
`},
		{"and what does not", "posts.csv", "Post ref,Job title,Unit,Reports to,FTE\n1,Head,Housing,XX,N/D\n", exchange.Choices{}, `
! 2 Unit: No unit has this name or id. Correct it, or add it to the file
! 2 Reports to: No post has this name or id. Leave the cell empty where there is nothing to write
! 2 FTE: Must be a number. Leave the cell empty where there is nothing to write
`},
		{"columns and kinds that a person chose", "export.csv", "Nr,Bezeichnung,Grade\ndcs,Director of Children's Services,C\n", exchange.Choices{Kinds: map[string]fact.KindName{"export": "post"}, Columns: map[string]map[string]string{"export": {"Nr": "id", "Bezeichnung": "title", "Grade": ""}}}, ""},
		{"columns that are not understood", "export.csv", "Nr,Bezeichnung\n1,Leiter\n", exchange.Choices{}, `
! 0 : It cannot be told what the file holds. Use the headings of the template, or say what each sheet holds
`},
		{"columns that are missing", "appointments.csv", "Person,Basis\nJo,acting\n", exchange.Choices{}, `
! 0 Post: There is no column for this. Add the column, or say which of the columns it is
`},
		{"columns that are there twice", "posts.csv", "Title,Grade,Grade\nX,A,B\n", exchange.Choices{}, `
! 0 Grade (2): Two columns hold “Grade”. Remove one of them, or say which is meant
`},
		{"nothing below the headings", "posts.csv", "Title,Grade\n", exchange.Choices{}, `
! 0 : There are no rows below the headings. Fill in a row for each record
`},
		{"a title above the headings, and a column of no use", "Our posts.csv", "Council posts 2015,,,\n,,,\nPost ref,Job title,Grade,Directorate\ndcs,Director of Children's Services,B,x\n", exchange.Choices{}, `
Changed post/dcs "Director of Children's Services"; Grade: A → B
assert post/dcs 2015-04-01.. title="Director of Children's Services" unit="people" reports_to="ce" deputy_for=["DASS"] grade="B"
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := record(t, kinds, small, later)
			c.choices.From = fact.ExactDate(on)
			plan := exchange.Import(c.file, []byte(c.rows), g.View(on, g.Size()), law, c.choices)
			if got := told(plan); got != strings.TrimPrefix(c.want, "\n") {
				t.Errorf("got\n%s\nwant%s", got, c.want)
			}
			if _, problems := g.Stage(plan.Docs, "owner", noon, noon); len(problems) > 0 {
				t.Errorf("the record refuses it: %v", problems)
			}
		})
	}
}

func TestProblemsOfTheRecordAreThoseOfRows(t *testing.T) {
	kinds, law := england(t)
	g := record(t, kinds, small, later)
	on := day(t, "2015-04-01")
	plan := exchange.Import("posts.csv", []byte("Title,Reports to\nHead of all,old\n"), g.View(on, g.Size()), law, exchange.Choices{From: fact.ExactDate(on)})
	ready(t, plan)
	_, problems := g.Stage(plan.Docs, "owner", noon, noon)
	said := plan.Said(problems)
	if len(said) != 1 || said[0].Row != 2 || said[0].Column != "Reports to" || said[0].Sheet != "posts" || !strings.Contains(said[0].Wrong, "which is there on none of these days") {
		t.Errorf("got %+v", said)
	}
	if n := plan.Missing[graph.Post]; n != 8 {
		t.Errorf("%d posts are missing from the file", n)
	}
}

func TestAnnotatedCSVKeepsWhatCells(t *testing.T) {
	kinds, law := england(t)
	g := record(t, kinds, small, later)
	on := day(t, "2015-04-01")
	file := "Title;Grade;Own;Result;What to fix\n\nManager;-;=x;old;old\nChief Executive;B;'-;;\n"
	plan := exchange.Import("posts.csv", []byte(file), g.View(on, g.Size()), law, exchange.Choices{From: fact.ExactDate(on)})
	var b bytes.Buffer
	if err := plan.Annotated(&b); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffTitle,Grade,Own,Result,What to fix\r\n,,,,\r\nManager,-,'=x,Needs fixing,Title: More than one post of this name is recorded. Write in the column Id which one it is: m1 or m2.\r\nChief Executive,B,'-,Changed,\r\n"
	if b.String() != want {
		t.Errorf("got %q", b.String())
	}
	if got := plan.Sheets[0].Unread(); !slices.Equal(got, []string{"Own"}) {
		t.Errorf("not read: %q", got)
	}
	if err := exchange.Import("x.csv", nil, g.View(on, 0), law, exchange.Choices{}).Annotated(&b); err == nil {
		t.Error("a file that cannot be read was annotated")
	}
}

// FuzzImport: whatever a file holds, Import gives something to record that the record takes, or says what is wrong.
func FuzzImport(f *testing.F) {
	kinds, law := england(f)
	g := record(f, kinds, small, later)
	on := day(f, "2015-04-01")
	v := g.View(on, g.Size())
	f.Add("posts.csv", "Title,Reports to,Unit,From,Until\nHead,dcs,People,2015-09-01,\nDeputy,Head,-,,2016\n")
	f.Add("appointments.csv", "Person;Post;Basis\nJo Bloggs;m1;acting\nAl;Manager;\n")
	f.Add("x.csv", "id\tname\tparent\nplace\tPlace\tpeople\npeople\t\tplace\n")
	f.Add("designations.csv", "Role,Post\nDCS,dcs\nDirector of public health,ce\n")
	f.Fuzz(func(t *testing.T, name, file string) {
		plan := exchange.Import(name, []byte(file), v, law, exchange.Choices{From: fact.ExactDate(on), Add: []fact.KindName{"unit", "post"}})
		rows := 0
		for _, s := range plan.Sheets {
			if s.Kind != nil {
				rows += s.Rows
			}
		}
		switch {
		case (plan.Layer == exchange.Ready) != (plan.Wrong == 0), plan.Layer != exchange.Ready && (len(plan.Docs) > 0 || len(plan.Problems) == 0):
			t.Fatalf("layer %d, %d problems, %d documents", plan.Layer, plan.Wrong, len(plan.Docs))
		case plan.Bad > rows:
			t.Fatalf("%d of %d rows", plan.Bad, rows)
		}
		if plan.Layer == exchange.WrongRows || plan.Layer == exchange.Ready {
			if err := plan.Annotated(io.Discard); err != nil {
				t.Fatal(err)
			}
		}
		if _, problems := g.Stage(plan.Docs, "owner", noon, noon); len(problems) > 0 && len(plan.Said(problems)) == 0 {
			t.Fatal(problems)
		}
	})
}

// TestFromADayThatIsNotExact: what a file says is certain from the last day that may be meant on, and uncertain on those that may be meant. What
// begins only then does not begin earlier.
func TestFromADayThatIsNotExact(t *testing.T) {
	kinds, law := england(t)
	const file = "id,title,grade\ndcs,Director of Children's Services,C\ngrown,Grown,C\nnew,New,C\n"
	for from, want := range map[string]struct {
		dcs, grown, new string // the first days
		before, within  string
	}{
		"2015-04":                        {"2015-04", "2015-04", "2015-04", "2015-03-31", "2015-04-29"},
		"2015":                           {"2015", "2015", "2015", "2014-12-31", "2015-01-01"},
		"2012":                           {"2012", "between 2012-04-01 and 2012-12-31", "2012", "2011-12-31", "2012-06-01"},
		"between 2015-04-01 and 2015-06": {"between 2015-04-01 and 2015-06", "between 2015-04-01 and 2015-06", "between 2015-04-01 and 2015-06", "2015-03-31", "2015-06-29"},
		"by 2015-04":                     {"between 2010-04-01 and 2015-04-30", "between 2012-04-01 and 2015-04-30", "by 2015-04", "", "2012-06-01"},
	} {
		date, err := fact.ParseDate(from)
		if err != nil {
			t.Fatal(err)
		}
		g := record(t, kinds, small, later)
		plan := exchange.Import("posts.csv", []byte(file), g.View(0, g.Size()), law, exchange.Choices{From: date})
		ready(t, plan)
		firsts := map[fact.ID]string{}
		for _, d := range plan.Docs {
			firsts[d.ID] = d.Span.From.String()
		}
		if len(plan.Docs) != 3 || firsts["dcs"] != want.dcs || firsts["grown"] != want.grown || firsts["new"] != want.new {
			t.Errorf("from %s: %v", from, firsts)
		}
		entries, problems := g.Stage(plan.Docs, "owner", noon, noon)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for i := range entries {
			if err := g.Fold(&entries[i]); err != nil {
				t.Fatal(err)
			}
		}
		state := func(on fact.Day) string {
			r := g.View(on, g.Size()).Record(fact.Key{Kind: graph.Post, ID: "dcs"})
			value, state := r.JSON("grade")
			return fmt.Sprint(value, state)
		}
		if want.before != "" && state(day(t, want.before)) != fmt.Sprint(`"A"`, graph.Known) {
			t.Errorf("from %s: on %s it is %s", from, want.before, state(day(t, want.before)))
		}
		if got := state(day(t, want.within)); got != fmt.Sprint("", graph.Uncertain) {
			t.Errorf("from %s: on %s it is %s", from, want.within, got)
		}
		if got := state(date.Last); got != fmt.Sprint(`"C"`, graph.Known) {
			t.Errorf("from %s: on %s it is %s", from, date.Last, got)
		}
		again := exchange.Import("posts.csv", []byte(file), g.View(0, g.Size()), law, exchange.Choices{From: date})
		if ready(t, again); len(again.Docs) > 0 {
			t.Errorf("from %s, again: %s", from, told(again))
		}
	}
}

// Each row that is added is a record of its own, whatever is recorded already and is called the same; what was recorded from the file is known again, and only fields that are asked for are read.
func TestAdd(t *testing.T) {
	kinds, pack := england(t)
	g := record(t, kinds, "{kind: evidence, id: there, title: Notes, method: document}\n---\n{kind: evidence, id: a-3, title: Plan, method: data}")
	whole := kinds.Kind("evidence")
	title, method := *whole.Field("title"), *whole.Field("method")
	title.Required, method.Label = true, "Sort"
	narrow := whole.Narrowed([]*kind.Field{&title, &method})
	asked := 0
	add := func(file string) *exchange.Plan {
		return exchange.Add("a.csv", []byte(file), g.View(day(t, "2026-11-22"), g.Size()), pack, narrow, 500, func(_ string, row int) fact.ID {
			asked++
			return fact.ID(fmt.Sprint("a-", row))
		})
	}
	p := add("Id,Title,Sort,From\nthere,Notes,Document,2020-01-01\n,Plan,Data,\n,Figures,Data,\n")
	var says []string
	for _, d := range p.Docs {
		says = append(says, fmt.Sprint(d.Key(), " ", d.Text("title"), " ", d.Text("method"), " ", d.Span == fact.Span{}, " ", d.Kind == whole && d.Values[0].Field == whole.Field("title")))
	}
	if got, want := strings.Join(says, "; "), "evidence/a-2 Notes document true true; evidence/a-4 Figures data true true"; p.Layer != exchange.Ready || got != want || p.Count[exchange.Same] != 1 {
		t.Errorf("%q, %v, %v", got, p.Count, p.Problems)
	}
	for file, want := range map[string]string{
		"Title,Sort\n,Data\n":          "Title is missing",
		"Sort\nData\n":                 "There is no column for this",
		"Id,From\nthere,2020-01-01\n":  "It cannot be told what the file holds",
		"Title,Sort\nA,Data\nA,Data\n": "This row says the same as row 2",
	} {
		if p := add(file); p.Layer == exchange.Ready || p.Docs != nil || p.Problems[0].Wrong != want {
			t.Errorf("%q: %v", file, p.Problems)
		}
	}
	rows := func(n int) string {
		var b strings.Builder
		b.WriteString("Title,Sort\n")
		for i := range n {
			fmt.Fprintf(&b, "Piece %d,Data\n", i)
		}
		return b.String()
	}
	if p := add(rows(500)); p.Layer != exchange.Ready || len(p.Docs)+p.Count[exchange.Same] != 500 {
		t.Errorf("as many as are taken: %d, %v", len(p.Docs), p.Problems)
	}
	asked = 0
	if p := add(rows(5000)); p.Layer != exchange.WrongFile || p.Docs != nil || p.Wrong != 1 || p.Problems[0].Wrong != "The file has more than 500 pieces" || asked > 0 {
		t.Errorf("too many: %d problems, %v, and %d rows were worked through", p.Wrong, p.Problems, asked)
	}
}
