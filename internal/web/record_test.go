package web_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plumbline/internal/book"
	"plumbline/internal/fact"
)

// flat is the text of a page with single spaces.
func (d doc) flat() string { return strings.Join(strings.Fields(d.text), " ") }

// changing is a record of a post that changes, and of others in every state.
const changing = `
{kind: council, id: council, name: Small, type: county, governance: committee}
---
{kind: unit, id: people, name: People, from: 2000-01-01, purpose: "To serve.\n\n- children\n- adults"}
---
{kind: post, id: ce, title: Chief Executive, capacity: officer, from: 2000-01-01}
---
{kind: post, id: head, title: Head of Learning, capacity: officer, reports_to: ce, from: 2001-04-01, until: 2003-09-30, source: Minute 12}
---
{kind: post, id: head, title: Director of Learning, capacity: officer, reports_to: ce, unit: people, from: 2003-10-01, note: The post was renamed.}
---
{kind: post, id: vague, title: Vague post, from: 2003-23}
---
{kind: post, id: agreed, title: Agreed post, from: tba}
---
{kind: post, id: ended, title: Ended post, from: 2001-01-01}
---
{kind: post, id: ended, end: 2002-12-31}
---
{kind: proposal, id: new-shape, title: A new shape, status: draft}
---
{kind: post, id: head, title: Director of People, capacity: officer, proposal: new-shape}
---
{kind: post, id: proposed, title: Proposed post, proposal: new-shape, from: 2005-04-01}
---
{kind: meeting, id: may, board: cabinet, on: 2004-05-01}
---
{kind: board, id: cabinet, name: Cabinet}
`

func TestRecordSaysHowItStands(t *testing.T) {
	s := empty(t)
	s.load(nil, changing)
	for target, want := range map[string]string{
		"/structure/posts/head":                                      "In force from 1 April 2001",
		"/structure/posts/head?on=2002-01-01":                        "In force from 1 April 2001",
		"/structure/posts/ce":                                        "In force from 1 January 2000",
		"/structure/posts/vague":                                     "In force from autumn 2003",
		"/structure/posts/vague?on=2003-10-15":                       "Not certain whether it is there on this day: its dates are not exact",
		"/structure/posts/vague?on=2003-01-01":                       "Not in force yet from autumn 2003",
		"/structure/posts/agreed":                                    "Not in force on 22 November 2026",
		"/structure/posts/ended":                                     "Ended 31 December 2002",
		"/structure/posts/ended?on=2002-01-01":                       "In force from 1 January 2001 until 31 December 2002",
		"/structure/posts/head?proposal=new-shape":                   "Proposed under A new shape",
		"/structure/posts/proposed?proposal=new-shape&on=2006-01-01": "Proposed under A new shape from 1 April 2005",
		"/structure/posts/proposed":                                  "belongs to a proposal that is not looked at",
		"/meetings/may":                                              "What refers to it Nothing on this day.",
		"/structure/units/people":                                    "Purpose To serve. children adults",
		"/structure/posts/head?on=2003-10-01":                        "What is shown holds from 1 October 2003 until further notice",
		"/proposals/new-shape":                                       "On record since before the record begins",
		"/structure/posts/head?known=0":                              "",
	} {
		if want == "" {
			continue
		}
		if d := s.ok(target); !strings.Contains(d.flat(), want) {
			t.Errorf("%s does not say %q:\n%s", target, want, d.flat())
		}
	}
	if strings.Contains(s.ok("/proposals/new-shape").flat(), "Home Proposals Proposals") {
		t.Error("the way to a record names the same page twice")
	}
	d := s.ok("/structure/posts/head?on=2003-10-01")
	for _, want := range []string{
		"Post Director of Learning", "Overview", "History", "You cannot change things while looking at the past. Go to today", "Note The post was renamed.",
		"Not recorded: also accountable directly to;", "Last changed 22 November 2026 by Owner. See history",
	} {
		if !strings.Contains(d.flat(), want) {
			t.Errorf("the page does not say %q:\n%s", want, d.flat())
		}
	}
	for _, want := range []string{"/structure/posts/head/history?on=2003-10-01", "/structure/posts/ce?on=2003-10-01", "/structure/posts/head", "/structure/posts/head.json?on=2003-10-01", "/entries/5?on=2003-10-01"} {
		if !slices.Contains(d.links, want) {
			t.Errorf("the page does not lead to %s: %v", want, d.links)
		}
	}
	if d := s.ok("/structure/posts/head"); strings.Contains(d.text, "You cannot change things") {
		t.Error("the page of today says that nothing can be changed")
	}
	if status, page := s.get("/structure/posts/head.json?on=2003-10-01"); status != http.StatusOK || !strings.Contains(page, `"title":"Director of Learning"`) {
		t.Errorf("as JSON: %d %s", status, page)
	}
}

func TestRecordThatManyReferTo(t *testing.T) {
	s := large(t, 3000)
	s.light("/structure/posts/p0", "/structure/posts/p1", "/structure/units/u3", "/structure/posts/p0/history", "/structure/records")
	d := s.ok("/structure/posts/p0")
	if !slices.Contains(d.links, "/structure/functions?managed_by=post%2Fp0") || !strings.Contains(d.text, "All 599 functions (managed by)") {
		t.Error("the page does not lead to the list of all functions that the post manages")
	}
	if d := s.ok("/structure/functions?managed_by=post%2Fp0"); !strings.Contains(d.text, "599 functions, managed by Chief Executive") {
		t.Error("that list does not hold them")
	}
}

// BenchmarkRecord opens pages of records of a council with 3,000 posts.
func BenchmarkRecord(b *testing.B) {
	s := large(b, 3000)
	for _, target := range []string{"/structure/posts/p0", "/structure/posts/p1", "/structure/units/u3", "/structure/people/h3", "/structure/posts/p1/history"} {
		b.Run(target, func(b *testing.B) {
			for b.Loop() {
				r := s.do(request("GET", target))
				if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != http.StatusOK {
					b.Fatal(r.StatusCode, err)
				}
			}
		})
	}
}

// What a record is or was called leads to it; its id is its address.
func TestTitlesLeadToRecords(t *testing.T) {
	s := empty(t)
	s.load(nil, changing)
	s.load(nil, "{kind: post, id: other, title: Director of Learning, from: 2010-01-01, until: 2010-12-31}\n---\n{kind: post, id: new, title: New}\n---\n{kind: post, id: pay.csv, title: Pay}")
	for target, want := range map[string]string{
		"/structure/posts/director-of-learning":                  "/structure/posts/head",
		"/structure/posts/director-of-learning?on=2003-10-01":    "/structure/posts/head?on=2003-10-01",
		"/structure/posts/head-of-learning?on=2020-01-01":        "/structure/posts/head?on=2020-01-01",
		"/structure/posts/head-of-learning/history":              "/structure/posts/head/history",
		"/structure/posts/head-of-learning.json?on=2003-10-01":   "/structure/posts/head.json?on=2003-10-01",
		"/structure/posts/director-of-people?proposal=new-shape": "/structure/posts/head?proposal=new-shape",
		"/structure/posts/chief-executive":                       "/structure/posts/ce",
		"/records/post/ce/history?on=2003-10-01":                 "/structure/posts/ce/history?on=2003-10-01",
		"/meetings/cabinet-1-may-2004":                           "/meetings/may",
		"/structure/posts/director-of-people":                    "",
		"/structure/posts/head-of-learning?known=0":              "",
		"/structure/posts/" + strings.Repeat("a-", 2000):         "",
		"/structure/posts/head/nothing":                          "",
		"/meetings/may/nothing":                                  "",
		"/records/post/ce/nothing":                               "",
		"/structure/units/director-of-learning":                  "",
	} {
		r := s.do(request("GET", target))
		if want == "" && r.StatusCode != http.StatusNotFound || want != "" && (r.StatusCode != http.StatusMovedPermanently || r.Header.Get("Location") != want) {
			t.Errorf("%.80s: %d %q, want %q", target, r.StatusCode, r.Header.Get("Location"), want)
		}
	}
	for _, target := range []string{"/records/post/new", "/records/post/new/history", "/records/post/pay.csv/history", "/meetings/may/history", "/proposals/new-shape/history", "/meetings/boards/cabinet/history"} {
		s.ok(target)
	}
	if status, _ := s.get("/records/post/new/history.csv"); status != http.StatusOK {
		t.Errorf("the history of a record without an address of its own cannot be had as a file: %d", status)
	}
	if status, page := s.get("/structure/posts/haed-of-lerning"); status != http.StatusNotFound || !strings.Contains(page, "Did you mean: ") {
		t.Errorf("a slip of the pen: %d", status)
	}
}

func TestHistory(t *testing.T) {
	s := empty(t)
	s.load(nil, changing)
	s.load(nil, "{kind: post, id: head, title: Director of Learning, capacity: officer, reports_to: ce, unit: people, grade: D1, from: 2003-10-01, source: Letter of the head}")
	s.load(nil, "{kind: post, id: head, title: Director of Education, capacity: officer, from: 2020-01-01}")
	s.load(nil, "{kind: post, id: head, end: 2021-12-31}")
	d := s.ok("/structure/posts/head/history")
	rows := regexp.MustCompile(`(?s)<tr class="govuk-table__row[^"]*"><th scope="row".*?</tr>`).FindAllString(mustGet(t, s, "/structure/posts/head/history"), -1)
	if len(rows) != 6 {
		t.Fatalf("%d rows:\n%s", len(rows), d.flat())
	}
	for i, want := range [][]string{
		{"Ended after 31 December 2021", "22 November 2026", "Entry 17"},
		{"1 January 2020", "Title: Director of Education", "(before: Director of Learning)", "Reports to: no longer stated", "Unit: no longer stated", "Entry 16"},
		{"1 October 2003", "Grade: D1", "Letter of the head", "Entry 15"},
		{"Under the proposal", "A new shape", "Proposed", "Title: Director of People", "Entry 11"},
		{"struck", "Corrected", "Title: <del>Director of Learning</del>", "(before: Head of Learning)", "Unit: <del>People</del>", "Replaced by", "Entry 15, recorded on 22 November 2026", "The post was renamed."},
		{"1 April 2001 until 30 September 2003", "Title: Head of Learning", "Minute 12", "Entry 4"},
	} {
		for _, w := range want {
			if !strings.Contains(rows[i], w) {
				t.Errorf("row %d does not say %q:\n%s", i, w, rows[i])
			}
		}
	}
	if strings.Contains(rows[2], "Title:") {
		t.Errorf("what an entry does not change is shown as its news:\n%s", rows[2])
	}
	d = s.ok("/structure/posts/head/history?field=title&on=2003-10-01")
	if n := strings.Count(d.flat(), "Title:"); n != 4 || strings.Contains(d.flat(), "Grade: D1") || !strings.Contains(d.title, "changes of title") {
		t.Errorf("narrowed to the title it tells of %d changes, under %q:\n%s", n, d.title, d.flat())
	}
	for target, want := range map[string]string{
		"/structure/posts/ce/history":                   "No changes since it was created.",
		"/structure/posts/head/history?field=%3Cscript": "Entry 17",
		"/structure/posts/head/history?field=fte":       "Nothing was ever recorded of this field.",
		"/structure/posts/agreed/history":               "A date to be agreed",
		"/structure/posts/head/history?known=4":         "No changes since it was created.",
		"/structure/posts/proposed/history":             "1 April 2005 Under the proposal A new shape",
	} {
		if d := s.ok(target); !strings.Contains(d.flat(), want) {
			t.Errorf("%s does not say %q:\n%s", target, want, d.flat())
		}
	}
	if file := mustGet(t, s, "/structure/posts/head/history.csv?field=grade"); !strings.Contains(file, "15,2003-10-01,,2026-11-22,owner,recorded,,Grade,D1,,Letter of the head,,") {
		t.Errorf("as a file:\n%s", file)
	}
}

func mustGet(t *testing.T, s *site, target string) string {
	t.Helper()
	status, page := s.get(target)
	if status != http.StatusOK {
		t.Fatalf("%s: %d", target, status)
	}
	return page
}

func TestHistoryOfWhatWasErased(t *testing.T) {
	s := empty(t)
	s.load(nil, "{kind: person, id: jo, name: Jo Example}")
	s.load(nil, "{kind: person, id: jo, name: Jo Sample, from: 2020-01-01}")
	if _, err := s.book.Do(t.Context(), book.Owner, book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: 1, Fields: []string{"name"}}}, Ground: "too-much", Reason: "a request under data protection law"}}); err != nil {
		t.Fatal(err)
	}
	d := s.ok("/structure/people/jo/history")
	for _, want := range []string{"Removed on 22 November 2026: more was recorded than is necessary (UK GDPR Article 5(1)(c)). Reason: a request under data protection law.", "Name: Removed on 22 November 2026: more was recorded than is necessary (UK GDPR Article 5(1)(c))", "Some of what it said was removed.", "Content removed of Entry 1"} {
		if !strings.Contains(d.flat(), want) {
			t.Errorf("the history does not say %q:\n%s", want, d.flat())
		}
	}
	if strings.Contains(d.text, "Jo Example") {
		t.Error("the history still has what was removed")
	}
}

func TestLongHistoryHasPages(t *testing.T) {
	s := empty(t)
	var b strings.Builder
	for i := range 230 {
		day := fact.DayOf(2001, 1, 1) + fact.Day(i)
		fmt.Fprintf(&b, "---\n{kind: post, id: p, title: Title %d, from: %s, until: %s}\n", i, day, day)
	}
	s.load(nil, b.String())
	s.light("/structure/posts/p/history", "/structure/posts/p/history?page=3&field=title")
	if page := mustGet(t, s, "/structure/posts/p/history?page=3&field=title"); !strings.Contains(page, "Page 3 of 3") || !strings.Contains(page, "field=title&amp;page=2") || strings.Count(page, `<th scope="row"`) != 30 {
		t.Error("the pages of a long history lose what it is narrowed to, or rows")
	}
}
