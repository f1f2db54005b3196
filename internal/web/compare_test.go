package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// Journey 6: the day before the launch of People First and the day of it.
func TestCompareTheLaunch(t *testing.T) {
	s := reading(t)
	const target = "/structure/compare?on=2003-10-01&on2=2003-09-30"
	d := s.ok(target)
	if want := "Compare, with 30 September 2003 on 1 October 2003 – London Borough of Harrow – Plumbline"; d.title != want {
		t.Errorf("title %q, want %q", d.title, want)
	}
	_, page := s.get(target)
	rows := rowsOf(page)
	if !strings.Contains(words(page), fmt.Sprintf("30 September 2003, compared with 1 October 2003 %d changes. 3 posts do not change.", len(rows))) || len(rows) != 46 {
		t.Errorf("%d rows:\n%s", len(rows), words(page))
	}
	for i, want := range []string{ // what bears on statutory roles comes first
		"→ Moved Director of Children's Services Post, 1 October 2003 Before: Unit: not stated After: Unit: Children's Services Director of Social Services: duty moves here from Director of Social Services",
		"− Post ended Director of Education 30 September 2003 Before: Unit: Education Department Reports to: Chief Executive Held as: Officer Holder: Head of Children and Community Services in the Education Department (not named in the report) (interim) After: Not there Chief Education Officer: duty moves to Director of Learning & Community Development",
		"+ New post Director of Learning & Community Development 1 October 2003 Before: Not there After:",
		"− Post ended Director of Social Services 30 September 2003 Before:",
	} {
		if !strings.HasPrefix(rows[i], want) {
			t.Errorf("row %d: %s\nwant %s", i+1, rows[i], want)
		}
	}
	all := strings.Join(rows, "\n")
	for _, want := range []string{
		"− Unit ended Education Department", "− Unit ended Social Services Department", "+ New unit People First 1 October 2003", "+ New unit Community Care Services",
		"→ Moved Children in need Function, 1 October 2003 Before: Unit: Social Services Department After: Unit: Children's Services None", // and not ended and new
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no row %q in\n%s", want, all)
		}
	}
	for _, want := range []string{`id="change-46"`, `<tr class="govuk-table__row moved" id="change-1">`, ` lying"`, `<del><a href="/structure/posts/chief-executive?on=2003-09-30">Chief Executive</a></del>`, `<ins><a href="/structure/units/people-first?on=2003-10-01">People First</a></ins>`, `href="/structure/posts/director-of-education?on=2003-09-30"`} {
		if !strings.Contains(page, want) {
			if want[0] == 'h' { // the id is the author's
				want = "?on=2003-09-30\">Director of Education</a>"
				if strings.Contains(page, want) {
					continue
				}
			}
			t.Errorf("the page has no %s", want)
		}
	}
	_, txt := s.get("/structure/compare.txt?on=2003-10-01&on2=2003-09-30")
	for _, want := range []string{"30 September 2003, compared with 1 October 2003", "46 changes. 3 posts do not change.", "People First"} {
		if !strings.Contains(txt, want) {
			t.Errorf("the plain text does not say %q:\n%s", want, txt)
		}
	}
	if _, csv := s.get("/structure/compare.csv?on=2003-10-01&on2=2003-09-30"); !strings.Contains(csv, "Number,Change,What,") || strings.Count(csv, "\n") != 47 {
		t.Errorf("the spreadsheet:\n%s", csv)
	}
}

func TestCompareCharts(t *testing.T) {
	s := reading(t)
	const target = "/structure/compare?on=2003-10-01&on2=2003-09-30&view=charts"
	s.ok(target)
	_, page := s.get(target)
	was, is, ok := strings.Cut(page, "After: 1 October 2003</h2>")
	if !ok {
		t.Fatal("there are no two charts")
	}
	for _, x := range []struct{ chart, box string }{
		{was, "Director of Education − Post ended"}, {was, "Executive Director – People First → Moved Paul Osburn"}, {was, "In Education Department"},
		{is, "Director of Education − Ended: was here"}, {is, "Director of Learning & Community Development + New post Javed Khan"}, {is, "Director of Children's Services → Moved Paul Clark Statutory role: Director of Social Services"},
	} {
		if !strings.Contains(words(x.chart), x.box) {
			t.Errorf("no box says %q", x.box)
		}
	}
	if strings.Contains(is, "Education Department") {
		t.Error("what has ended is drawn after it")
	}
	if _, page := s.get(target + "&unit=people-first"); strings.Contains(page, ">Chief Executive<") || !strings.Contains(page, "Area Director – People First") {
		t.Error("the unit that is asked for is not what is drawn")
	}
	if d := s.ok(target + "&top=director-childrens-services"); strings.Contains(d.text, "Area Director") || !strings.Contains(d.text, "Show the whole structure") {
		t.Error("the part that is asked for is not what is drawn")
	}
}

func TestCompareFilters(t *testing.T) {
	s := reading(t)
	for query, want := range map[string]int{
		"how=ended":                7,
		"how=moved&effect=any":     1,
		"how=holder":               0,
		"effect=any":               4,
		"effect=none&how=ended":    5,
		"effect=gap":               0,
		"unit=childrens-services":  9,
		"what=post":                11,
		"what=unit":                10,
		"what=unit&year=2003":      10,
		"what=unit&year=1999":      0,
		"what=nonsense&how=nobody": 0,
	} {
		target := "/structure/compare?on=2003-10-01&on2=2003-09-30&" + query
		s.ok(target)
		_, page := s.get(target)
		if n := len(rowsOf(page)); n != want {
			t.Errorf("%s: %d rows, want %d", query, n, want)
		}
		if want == 0 && !strings.Contains(page, "No change matches.") {
			t.Errorf("%s: it is not said that there are none", query)
		}
	}
	if _, page := s.get("/structure/compare?on=2003-10-01&on2=2003-09-30&what=unit&how=ended"); !strings.Contains(words(page), " 10 changes. 2 are shown. ") || !strings.Contains(words(page), "Remove filter: Units ✕ Remove filter: Ended ✕ Show all changes") {
		t.Errorf("it does not say what is left out:\n%s", words(page))
	}
	// A change keeps its number when fewer are shown.
	_, page := s.get("/structure/compare?on=2003-10-01&on2=2003-09-30")
	id := regexp.MustCompile(`id="(change-\d+)"><td[^>]*><span aria-hidden="true">− </span>Unit ended</td>\s*<th[^>]*><a[^>]*>Education Department`)
	_, few := s.get("/structure/compare?on=2003-10-01&on2=2003-09-30&how=ended&what=")
	if a, b := id.FindStringSubmatch(page), id.FindStringSubmatch(few); few == "" || a == nil || b != nil && a[1] != b[1] {
		t.Errorf("%v, %v", a, b)
	}
}

func TestCompareDefaults(t *testing.T) {
	s := reading(t)
	for target, want := range map[string][]string{
		"/structure/compare":                                           {"31 March 2005, compared with today 76 changes. No post stays as it is.", "Before and after 1 October 2003", "Start of the financial year, 1 April 2026, and today"},
		"/structure/compare?on=2003-10-01":                             {"30 September 2003, compared with 1 October 2003"},
		"/structure/compare?on=2003-12-31":                             {"30 September 2003, compared with 31 December 2003"},
		"/structure/compare?on=2015-06-05&proposal=people-directorate": {"5 June 2015, compared with 5 June 2015, with the proposal People Directorate", "+ New post Corporate Director – People"},
		// What was recorded then, and what is known now.
		"/structure/compare?on=2003-10-01&known2=2003-09-17":                        {"1 October 2003, as recorded on 17 September 2003, compared with 1 October 2003 "},
		"/structure/compare?on=2003-10-01&on2=2003-10-01":                           {"No differences between"},
		"/structure/compare?on=2003-11-02&on2=2003-11-01":                           {"No differences between these dates."},
		"/structure/compare?on=1990-01-01&known=0":                                  {"No differences between these dates."},
		"/structure/compare?on=5+June+2015&on2=1+Oct+2003&known2=17+September+2003": {"1 October 2003, as recorded on 17 September 2003, compared with 5 June 2015"},
	} {
		v := s.visit(target) // dates as people write them are respelt
		for _, w := range want {
			if !strings.Contains(words(v.page), w) {
				t.Errorf("%s does not say %q:\n%s", target, w, words(v.page)[:600])
			}
		}
	}
	for target, want := range map[string]string{
		"/structure/compare?on=2003-10-01&on2=31+February":                    `href="#first"`,
		"/structure/compare?on=2003-10-01&on2=2003-09-30&known2=999999":       `href="#first-known"`,
		"/structure/compare?on=2003-10-01&on2=2003-09-30&known2=long+ago&x=y": `value="long ago"`,
	} {
		status, page := s.get(target)
		if d, faults := read(page); status != http.StatusUnprocessableEntity || len(faults) > 0 || !strings.Contains(page, want) || !strings.HasPrefix(d.title, "Error: ") {
			t.Errorf("%s: %d, %v", target, status, faults)
		}
	}
}

// Thousands of changes are counted first, and read page by page.
func TestCompareThousands(t *testing.T) {
	s := empty(t)
	var b strings.Builder
	for i := range 30 {
		fmt.Fprintf(&b, "{kind: unit, id: u%d, name: Unit %d}\n---\n", i, i)
	}
	for i := range 3000 {
		fmt.Fprintf(&b, "{kind: post, id: p%d, title: Post %d, unit: u%d, from: %d-04-01}\n---\n", i, i, i%30, 2010+i/30%5)
	}
	s.load(nil, strings.TrimSuffix(b.String(), "---\n"))
	const target = "/structure/compare?on2=2001-01-01&page=2"
	s.ok(target)
	_, page := s.get(target)
	if !strings.Contains(words(page), "3,000 changes.") || strings.Count(page, `id="change-`) != 50 || !strings.Contains(page, "Where they are") || !strings.Contains(page, "Page 2 of 60") {
		t.Errorf("%d rows", strings.Count(page, `id="change-`))
	}
	if n := strings.Count(page, "<"); n > 8000 { // an element has two
		t.Errorf("about %d elements", n/2)
	}
	if _, page := s.get("/structure/compare?on2=2001-01-01&view=charts"); !strings.Contains(page, "Too many changes to draw (3,000). Choose a unit or a shorter period.") {
		t.Error("3,000 changes are drawn")
	}
	s.ok("/structure/compare?on2=2001-01-01&view=charts&unit=u7")
	if _, page := s.get("/structure/compare?on2=2001-01-01&unit=u7&year=2012"); strings.Count(page, `id="change-`) != 20 {
		t.Errorf("%d changes of one unit in one year", strings.Count(page, `id="change-`))
	}
}

// Whichever day is asked for first, changes are read forwards in time: what began is not shown as ended, and no role seems to be lost.
func TestComparedDaysAreReadForwards(t *testing.T) {
	s := reading(t)
	_, one := s.get("/structure/compare?on=2015-06-05&on2=2003-10-01")
	_, other := s.get("/structure/compare?on=2003-10-01&on2=2015-06-05")
	if a, b := rowsOf(one), rowsOf(other); strings.Join(a, "\n") != strings.Join(b, "\n") || len(a) < 50 {
		t.Errorf("%d rows, the other way round %d", len(a), len(b))
	}
	for _, want := range []string{"1 October 2003, compared with 5 June 2015", "+ New post Director of Public Health", "− Post ended Director of Learning"} {
		if !strings.Contains(words(other), want) {
			t.Errorf("the page does not say %q:\n%s", want, words(other))
		}
	}
}
