package web_test

import (
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	boxes    = regexp.MustCompile(`(?s)<div class="box[^"]*" id="post-([^"]+)">\s*<(?:h3|p) class="title">.*?</(?:h3|p)>\s*((?:<p>[^<]*</p>\s*)*)`)
	postRows = regexp.MustCompile(`(?s)<tr class="govuk-table__row"><th scope="row" class="govuk-table__header"><a href="/structure/posts/([^"?]+)[^"]*">.*?<td class="govuk-table__cell" data-column="In post">(.*?)</td>`)
)

// holders gives who is in each post that a page shows.
func holders(page string, shape *regexp.Regexp) map[string]string {
	out := map[string]string{}
	for _, m := range shape.FindAllStringSubmatch(page, -1) {
		out[m[1]] = words(m[2])
	}
	return out
}

// The chart, the list and the table of a day show the same posts, and the same people in them.
func TestChartListAndTableAgree(t *testing.T) {
	s := reading(t)
	for _, look := range []string{"on=2003-05-01", "on=2003-10-01&known=2003-09-17", "on=2015-06-05", "on=2015-06-05&proposal=people-directorate"} {
		_, chart := s.get("/structure?" + look)
		_, list := s.get("/structure?view=list&" + look)
		_, table := s.get("/structure?view=table&" + look)
		want := holders(table, postRows)
		if len(want) < 5 {
			t.Fatalf("%s: only %d posts are found", look, len(want))
		}
		for name, got := range map[string]map[string]string{"chart": holders(chart, boxes), "list": holders(list, boxes)} {
			if !maps.Equal(got, want) {
				t.Errorf("%s: the %s has\n%v\nand the table\n%v", look, name, got, want)
			}
		}
	}
}

func TestWhatIsShownWithAPost(t *testing.T) {
	s := empty(t)
	s.load(nil, small)
	names, law, grades := "Ann", "Answers in law, as Director of children's services:", "Grade G9"
	for show, want := range map[string][]string{
		"": {names, law, "not: " + grades}, "?show=names": {names, "not: " + law, "not: " + grades}, "?show=law": {"not: " + names, law}, "?show=grades&show=titles": {grades, "not: " + names, "not: " + law},
		"?show=titles": {"Chief Executive", "not: " + names, "not: " + law, "not: " + grades, "Vacant"}, "?show=names&show=law&show=grades&view=list": {names, law, grades},
	} {
		s.says(map[string][]string{"/structure" + show: want})
	}
	_, page := s.get("/structure?show=grades&show=titles&view=list&on=2026-11-01")
	for _, want := range []string{`value="grades" checked=""`, `<input type="hidden" name="view" value="list">`, `<input type="hidden" name="on" value="2026-11-01">`, `<input type="hidden" name="show" value="titles">`} {
		if !strings.Contains(page, want) {
			t.Errorf("the form does not keep %s", want)
		}
	}
	if strings.Contains(page, `value="names" checked=""`) {
		t.Error("names are said to be shown")
	}
}

func TestPostsThatAreAlike(t *testing.T) {
	s := empty(t)
	var b strings.Builder
	b.WriteString(`{kind: post, id: chief, title: Chief Executive, capacity: officer}`)
	for i, more := range []string{"fte: 0.5", "fte: 1", "from: 2020-01-01", "fte: 1", "fte: 1"} {
		fmt.Fprintf(&b, "\n---\n{kind: post, id: sw%d, title: Social Worker, grade: %s, reports_to: chief, capacity: officer, %s}", i, map[bool]string{true: "PO2", false: "PO3"}[i < 3], more)
	}
	s.load(nil, b.String(), `
{kind: person, id: ann, name: Ann}
---
{kind: appointment, id: a, person: person/ann, post: post/sw2, from: 2020-01-01, until: 2020-12-31}
`)
	_, page := s.get("/structure")
	s.says(map[string][]string{"/structure": {"Social Worker PO2 3 posts, 1.5 full-time equivalent (not recorded for 1), 1 vacant"}})
	if n := len(holders(page, boxes)); n != 3 {
		t.Errorf("%d posts have a box of their own: the chief executive, and two that are not enough to be one", n)
	}
	to := regexp.MustCompile(`href="(/structure/posts\?[^"]*)">Social Worker PO2`).FindStringSubmatch(page)
	if to == nil {
		t.Fatal("the box leads nowhere")
	}
	if _, list := s.get(html.UnescapeString(to[1])); len(rowsOf(list)) != 5 {
		t.Errorf("it leads to %d posts of that title", len(rowsOf(list)))
	}
}

func TestMoreOfTheChart(t *testing.T) {
	s := empty(t)
	var b strings.Builder
	b.WriteString("{kind: post, id: p0, title: Chief Executive, capacity: officer}")
	for i := 1; i < 400; i++ {
		fmt.Fprintf(&b, "\n---\n{kind: post, id: p%d, title: Post %d, capacity: officer, reports_to: p%d}", i, i, (i-1)/5)
	}
	s.load(nil, b.String())
	for target, most := range map[string]int{"/structure": 60, "/structure?most=300": 300, "/structure?most=999999": 300, "/structure?view=list": 300} {
		d := s.ok(target)
		_, page := s.get(target)
		n := len(holders(page, boxes))
		if n > most || n <= most/5 {
			t.Errorf("%s draws %d posts", target, n)
		}
		if !strings.Contains(d.text, "posts below") || strings.Contains(page, "Show up to 300 posts") != (most == 60) {
			t.Errorf("%s does not say what it leaves out", target)
		}
	}
}

func TestAPartOfTheChart(t *testing.T) {
	s := reading(t)
	_, page := s.get("/structure?on=2003-10-01&top=executive-director-people-first")
	if got := slices.Sorted(maps.Keys(holders(page, boxes))); len(got) != 6 || slices.Contains(got, "chief-executive") || !strings.Contains(page, "Show the whole structure") {
		t.Errorf("the part has %v", got)
	}
	for target, want := range map[string]string{
		"/structure?top=nobody&on=2003-10-01":                "There is no post “nobody” in this record.",
		"/structure?top=director-of-education&on=2003-10-01": "The post Director of Education is not there on 1 October 2003. ",
	} {
		status, page := s.get(target)
		if _, faults := read(page); status != http.StatusNotFound || len(faults) > 0 || !strings.Contains(words(page), strings.TrimSpace(want)) || !strings.Contains(page, `<a class="govuk-link" href="/structure?on=2003-10-01">Show the whole structure</a>`) {
			t.Errorf("%s: %d %v %s", target, status, faults, words(page))
		}
	}
}

// Two posts may answer for one function, each in its own right: the chart names both.
func TestSeveralThatAnswer(t *testing.T) {
	s := reading(t)
	_, page := s.get("/structure?on=2003-10-01")
	for _, m := range regexp.MustCompile(`data-joins="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+m[1]+`"`) {
			t.Errorf("a line leads to %s, which is not in the chart", m[1])
		}
	}
	if n := strings.Count(page, "data-joins="); n != 5 {
		t.Errorf("%d functions are joined to another post, want 5", n)
	}
}

// broad makes the record of a council of so many posts as councils are: directors, heads of service, team managers, and under each of
// these social workers who are alike.
func broad(t testing.TB, posts int) *site {
	t.Helper()
	s := empty(t)
	var b strings.Builder
	b.WriteString("{kind: council, id: council, name: Broad, type: county, governance: committee}\n---\n{kind: post, id: ce, title: Chief Executive, capacity: officer}\n---\n{kind: designation, id: hps, role: HPS, post: ce}\n")
	say := func(format string, a ...any) { fmt.Fprintf(&b, "---\n"+format+"\n", a...) }
	for d := range 4 {
		say("{kind: unit, id: d%d, name: Directorate %d, type: directorate, head: director%d}", d, d, d)
		say("{kind: post, id: director%d, title: Director %d, capacity: officer, reports_to: ce, unit: d%d, grade: CO}", d, d, d)
		for h := range 5 {
			say("{kind: unit, id: s%d-%d, name: Service %d of directorate %d, type: service, parent: d%d}", d, h, h, d, d)
			say("{kind: post, id: head%d-%d, title: Head of service %d in directorate %d, capacity: officer, reports_to: director%d, unit: s%d-%d}", d, h, h, d, d, d, h)
			say("{kind: function, id: f%d-%d, name: Function %d of directorate %d, domain: EDU, managed_by: head%d-%d}", d, h, h, d, d, h)
		}
	}
	say("{kind: designation, id: dcs, role: DCS, post: director1, from: 2010-01-01}")
	say("{kind: post, id: dph, title: Director of Public Health, capacity: officer, reports_to: director2, accountable_to: [ce]}")
	for i := 0; i < posts-26; i++ {
		team := i / 12
		if i%12 == 0 {
			say("{kind: post, id: t%d, title: Team manager %d, capacity: officer, reports_to: head%d-%d}", team, team, team%4, team/4%5)
			continue
		}
		say("{kind: post, id: w%d, title: Social worker, grade: PO2, fte: 0.5, capacity: officer, reports_to: t%d, from: 2010-01-01}", i, team)
		until := ""
		if i%12 < 3 {
			until = ", until: 2020-03-31"
		}
		say("{kind: person, id: h%d, name: Holder %d}", i, i)
		say("{kind: appointment, id: a%d, person: h%d, post: w%d, basis: permanent, from: 2010-01-01%s}", i, i, i, until)
	}
	s.load(nil, b.String())
	return s
}

// A council that has posts, and nothing that says who reports to whom, has a chart all the same.
func TestChartOfPostsWithoutLines(t *testing.T) {
	s := empty(t)
	var b strings.Builder
	b.WriteString("{kind: council, id: council, name: Flat, type: county, governance: committee}\n")
	for i := range 400 {
		fmt.Fprintf(&b, "---\n{kind: post, id: p%d, title: Post %d, capacity: %s}\n", i, i, []string{"officer", "officer", "officer", "member"}[i%4])
	}
	s.load(nil, b.String())
	s.light("/structure", "/structure?most=300", "/structure?view=list")
	d := s.ok("/structure")
	for _, want := range []string{"250 more posts, as a table", "Members of the council", "400 posts are recorded on this day. None is vacant. Of 400 it is not recorded who is in post."} {
		if !strings.Contains(d.flat(), want) {
			t.Errorf("the chart does not say %q:\n%s", want, d.flat())
		}
	}
}

func TestPostsThatAreAlikeAreOneBox(t *testing.T) {
	s := broad(t, 300)
	d := s.ok("/structure?top=t3")
	want := "Social worker PO2 11 posts, 5.5 full-time equivalent, 2 vacant"
	if !strings.Contains(d.flat(), want) {
		t.Errorf("the chart does not say %q:\n%s", want, d.flat())
	}
	if at := "/structure/posts?reports_to=post%2Ft3&q=Social+worker"; !slices.Contains(d.links, at) {
		t.Errorf("it does not lead to %s: %v", at, d.links)
	} else if list := s.ok(at); !strings.Contains(list.flat(), "11 posts") {
		t.Errorf("that list does not hold them: %s", list.flat())
	}
	if d := s.ok("/structure?view=table&sort=reports_to"); strings.Contains(d.flat(), "11 posts") {
		t.Error("the table puts posts together")
	}
}

// A post that is accountable to another beside its manager stands under both, and is counted once.
func TestAPostUnderTwo(t *testing.T) {
	s := broad(t, 30)
	d := s.ok("/structure")
	if n := strings.Count(d.flat(), "Director of Public Health"); n != 2 {
		t.Errorf("it is there %d times:\n%s", n, d.flat())
	}
	for _, want := range []string{"Accountable directly to this post too. It reports to Director 2", "30 posts are recorded on this day. 2 are vacant. Of 27 it is not recorded"} {
		if !strings.Contains(d.flat(), want) {
			t.Errorf("the chart does not say %q:\n%s", want, d.flat())
		}
	}
}

// The chart as a picture says what the page says, and which day it shows.
func TestChartAsAPicture(t *testing.T) {
	s := reading(t)
	for _, target := range []string{"/structure/download/chart.svg", "/structure.svg"} {
		r := s.do(request("GET", target+"?on=2003-10-01&known=2003-09-17"))
		b, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "image/svg+xml; charset=utf-8" {
			t.Fatalf("%s: %s, %v", target, r.Status, err)
		}
		picture := string(b)
		_, page := s.get("/structure?on=2003-10-01&known=2003-09-17")
		if n, want := strings.Count(picture, `stroke-width="2"`)-strings.Count(picture, "<path"), strings.Count(page, `<div class="box`); n != want {
			t.Errorf("%s has %d boxes, and the page %d", target, n, want)
		}
		for _, want := range []string{"1 October 2003, as recorded on 17 September 2003", ">Chief Executive<", "Statutory role: Director of Social"} {
			if !strings.Contains(picture, want) {
				t.Errorf("%s does not say %q", target, want)
			}
		}
		if strings.Contains(picture, "script") || strings.Contains(picture, "href") {
			t.Errorf("%s is more than a picture", target)
		}
	}
	if status, _ := s.get("/structure.svg?top=nobody&on=2003-10-01"); status != http.StatusNotFound {
		t.Errorf("the chart from nobody down: %d", status)
	}
	if _, picture := grown(t, 300).get("/structure.svg"); strings.Count(picture, `stroke-width="2"`)-strings.Count(picture, "<path") > 60 {
		t.Error("there are more than 60 boxes in it")
	}
}

// The page of a unit shows its posts and those of its parts as a chart, as a list or as a table.
func TestChartOfAUnit(t *testing.T) {
	s := broad(t, 300)
	d := s.ok("/structure/units/d1")
	_, page := s.get("/structure/units/d1")
	drawn := holders(page, boxes)
	if len(drawn) < 6 || drawn["director1"] == "" || drawn["head1-4"] == "" || drawn["ce"] != "" || drawn["director2"] != "" {
		t.Errorf("the chart of a directorate has %v", drawn)
	}
	if !slices.Contains(d.links, "/structure/units/d1?view=list") || !slices.Contains(d.links, "/structure/units/d1?view=table") {
		t.Errorf("it does not lead to the list and to the table: %v", d.links)
	}
	_, list := s.get("/structure/units/d1?view=list")
	if !maps.Equal(holders(list, boxes), drawn) {
		t.Error("the list has other posts than the chart")
	}
	s.says(map[string][]string{
		"/structure/units/d1?view=list":  {"Directorate 1, as a list", "5 posts report to it"},
		"/structure/units/d1?view=table": {"Directorate 1, as a table", "Posts that sit in it Post In post Director 1"},
	})
	large := grown(t, 3000)
	large.light("/structure/units/u0", "/structure/units/u1", "/structure/units/u0?view=list", "/structure/units/u0?view=table")
	if _, page := large.get("/structure/units/u0"); len(holders(page, boxes)) > 60 || !strings.Contains(page, "posts below") {
		t.Errorf("the chart of everything has %d boxes", len(holders(page, boxes)))
	}
}

// The states of these pages to which no link leads, by the rules of axe.
func TestStructureInABrowser(t *testing.T) {
	s := reading(t)
	open := empty(t)
	open.load(nil, small)
	for _, width := range []int{1280, 320} {
		b := s.tab(width, true)
		for _, target := range []string{
			"/structure/statutory-roles/director-of-childrens-services?on=2003-10-01", "/structure/statutory-roles/chief-education-officer?on=2003-05-01", "/structure/areas?on=2003-10-01", "/structure/areas?on=1990-01-01",
			"/structure?on=2003-10-01&show=grades&show=titles", "/structure?on=2003-10-01&most=300", "/structure?on=2003-10-01&top=nobody", "/structure/who-answers?on=2003-10-01&only=different&q=none", "/structure/records",
			"/structure/who-answers/print?on=2003-10-01", "/structure/statutory-roles/nothing",
		} {
			b.open(target)
			b.judge(target)
		}
		b = open.tab(width, true)
		for _, target := range []string{"/structure/appointments", "/structure/posts/head", "/structure/posts/assistant", "/structure/posts/dcs", "/structure/statutory-roles/director-of-childrens-services", "/structure/functions/sen"} {
			b.open(target)
			b.judge(target)
		}
	}
}
