package web_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// words gives what a piece of a page says, without its marks.
func words(page string) string {
	page = regexp.MustCompile(`(?s)<svg.*?</svg>`).ReplaceAllString(page, "")
	page = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")
	return strings.Join(strings.Fields(html.UnescapeString(page)), " ")
}

// rowsOf gives the rows of the bodies of the tables of a page, in words.
func rowsOf(page string) (out []string) {
	for _, body := range regexp.MustCompile(`(?s)<tbody.*?</tbody>`).FindAllString(page, -1) {
		for _, row := range regexp.MustCompile(`(?s)<tr.*?</tr>`).FindAllString(body, -1) {
			out = append(out, words(row))
		}
	}
	return out
}

// Journey 3: who was the chief education officer in 2002 and 2003.
func TestTimelineOfChiefEducationOfficer(t *testing.T) {
	s := reading(t)
	const target = "/structure/timeline?on=2003-10-01&from=2002-07-01&to=2003-12-31&lanes=roles"
	s.ok(target)
	_, page := s.get(target)
	_, lane, ok := strings.Cut(page, `href="/structure/statutory-roles/chief-education-officer?on=2003-10-01">Chief Education Officer</a> <span`)
	if !ok {
		t.Fatal("there is no lane of the chief education officer")
	}
	lane, _, _ = strings.Cut(lane, "</tbody>")
	rows := rowsOf("<tbody><tr>" + lane + "</tbody>")[1:]
	want := []string{
		"Paul Osburn Director of Education In post Not recorded January 2003",
		"Head of Children and Community Services in the Education Department (not named in the report) Head of Service in the Education Department, second of three (not named in the report) Head of Service in the Education Department, third of three (not named in the report) jointly Director of Education 3 people held it together, and to which of them the role fell is not recorded. Interim, joint January 2003 31 August 2003 7 to 8 months",
		"Head of Children and Community Services in the Education Department (not named in the report) Director of Education Interim 1 September 2003 30 September 2003 1 month",
		"Not known Director of Learning & Community Development Who held this role from 1 October 2003 to some day between 1 April 2005 and 31 December 2007 is not recorded. Javed Khan: the appointment is agreed, and its start is to be announced. Not recorded 1 October 2003 Between 1 April 2005 and 31 December 2007 18 months to 4 years and 3 months",
	}
	if got := strings.Join(rows, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s", got)
	}
	for class, n := range map[string]int{`class="bar permanent"`: 1, `class="bar interim"`: 2, `class="bar uncertain"`: 1, `class="thin`: 2, `class="looked"`: 4} {
		if got := strings.Count(lane, class); got != n {
			t.Errorf("%d times %s, want %d", got, class, n)
		}
	}
	r := s.do(request("GET", strings.Replace(target, "timeline?", "timeline.csv?", 1)))
	b, _ := io.ReadAll(r.Body)
	if !strings.Contains(string(b), "Chief Education Officer,Paul Osburn,Director of Education,In post,,2003-01,") || r.Header.Get("Content-Disposition") != `attachment; filename="2003-10-01-timeline.csv"` {
		t.Errorf("the spreadsheet: %s\n%s", r.Header, b)
	}
	_, list := s.get(target + "&view=list")
	if first, second := strings.Index(list, "From January 2003 to 31 August 2003: 7 to 8 months"), strings.Index(list, "Until January 2003"); first < 0 || second < first {
		t.Error("the list does not say the same, the newest first")
	}
}

func TestTimelineOfAGap(t *testing.T) {
	s := empty(t)
	s.load(nil, `
{kind: council, id: council, name: Anytown, type: unitary, governance: leader-and-cabinet}
---
{kind: post, id: dcs, title: Director of Children}
---
{kind: designation, id: d, role: DCS, post: post/dcs, from: 2020-01-01}
---
{kind: person, id: ann, name: Ann}
---
{kind: appointment, id: a, person: person/ann, post: post/dcs, from: 2020-01-01, until: 2021-05-31}
`)
	s.ok("/structure/timeline")
	_, page := s.get("/structure/timeline")
	if !strings.Contains(page, `<tr class="govuk-table__row gap">`) || !strings.Contains(words(page), "Nobody Director of Children Nobody is recorded for this role from 1 June 2021. Gap 1 June 2021 No end recorded") {
		t.Errorf("the gap is no row:\n%s", strings.Join(rowsOf(page), "\n"))
	}
	if !strings.Contains(page, `class="bar gap"`) || !strings.Contains(page, `fill="url(#timeline-gap)"`) {
		t.Error("the gap is not drawn")
	}
}

func TestTimelineRange(t *testing.T) {
	s := reading(t)
	for target, want := range map[string][]string{
		// The demonstration speaks of 2003 and 2015: whoever looks at another day is shown those.
		"/structure/timeline":                                               {"1 January 2015 to 31 December 2016", "People Directorate"},
		"/structure/timeline?on=2003-10-01":                                 {"1 January 2002 to 31 December 2003"},
		"/structure/timeline?from=2003-01-01&to=2003-12-31":                 {"Earlier: 1 January 2002 to 31 December 2002", "Later: 1 January 2004 to 31 December 2004", "from=2002-01-01&amp;to=2002-12-31"},
		"/structure/timeline?from=2003-01-01&to=2003-01-10":                 {"Earlier: 22 December 2002 to 31 December 2002"},
		"/structure/timeline?from=1+July+2002&to=31+Dec+2003":               {`value="1 July 2002"`, `value="31 December 2003"`},
		"/structure/timeline?from=1850-01-01&to=1850-12-31&lanes=decisions": {"Nothing recorded in this period.", "Show 1 January "},
		"/structure/timeline?lanes=tests":                                   {`value="tests" checked=""`, `value="roles">`, "independent local test of assurance"},
		"/structure/timeline?on=2003-10-01&known=2003-09-17":                {`class="recorded"`, "Dashed line: as recorded on 17 September 2003"},
	} {
		s.ok(target)
		_, page := s.get(target)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s does not say %q", target, w)
			}
		}
	}
	for target, want := range map[string]string{
		"/structure/timeline?from=31+February+2003&to=2003-12-31&lanes=roles": "From must be a real date, for example 1 October 2003",
		"/structure/timeline?from=2003-12-31&to=2003-01-01":                   "To must be the same as or after 31 December 2003",
	} {
		status, page := s.get(target)
		if _, faults := read(page); len(faults) > 0 {
			t.Errorf("%s: %v", target, faults)
		}
		u, _ := url.Parse(target)
		typed := u.Query().Get("from")
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, want) || !strings.Contains(page, "<title>Error: ") || !strings.Contains(page, `value="`+typed+`"`) && !strings.Contains(page, `value="31 December 2003"`) {
			t.Errorf("%s: %d", target, status)
		}
	}
}

// A timeline draws no more than it can, and says what it leaves out.
func TestTimelineHasLimits(t *testing.T) {
	s := empty(t)
	var b strings.Builder
	b.WriteString("{kind: council, id: council, name: Anytown, type: unitary, governance: leader-and-cabinet}\n---\n{kind: unit, id: u, name: People, type: department}\n")
	for i := range 400 {
		fmt.Fprintf(&b, "---\n{kind: decision, id: d%d, title: Decision %d, decided_on: 2026-01-01}\n", i, i)
	}
	s.load(nil, b.String())
	_, page := s.get("/structure/timeline")
	if !strings.Contains(page, "proposals, tests and decisions are left out") || strings.Contains(page, "Decision 1") {
		t.Error("what is too much is not left out")
	}
	s.ok("/structure/timeline?lanes=decisions&page=3")
	_, page = s.get("/structure/timeline?lanes=decisions&page=3")
	if !strings.Contains(page, "100 more periods or dates are not shown") || len(rowsOf(page)) != 101 || !strings.Contains(page, "continued") {
		t.Errorf("%d rows", len(rowsOf(page)))
	}
	if n := strings.Count(page, "<"); n > 8000 { // an element has two
		t.Errorf("about %d elements", n/2)
	}
}
