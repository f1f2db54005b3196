package web_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"plumbline/internal/book"
)

// large makes the record of a council with so many posts, each with its appointment and every fifth with a function.
func large(t testing.TB, posts int) *site {
	t.Helper()
	s := empty(t)
	var b strings.Builder
	b.WriteString("{kind: council, id: council, name: Large, type: county, governance: committee}\n---\n{kind: post, id: p0, title: Chief Executive, capacity: officer}\n")
	units := posts/20 + 1
	for i := range units {
		fmt.Fprintf(&b, "---\n{kind: unit, id: u%d, name: Unit %d, type: service}\n", i, i)
	}
	capacities := []string{"officer", "officer", "officer", "member", "independent"}
	for i := 1; i < posts; i++ {
		fmt.Fprintf(&b, "---\n{kind: post, id: p%d, title: Post %d of the council, capacity: %s, reports_to: p%d, unit: u%d, grade: G%d, from: %d-04-01}\n", i, i, capacities[i%5], (i-1)/8, i%units, i%12, 2000+i%9)
		fmt.Fprintf(&b, "---\n{kind: person, id: h%d, name: Holder %d}\n---\n{kind: appointment, id: a%d, person: h%d, post: p%d, basis: permanent, from: 2010-01-01}\n", i, i, i, i, i)
		if i%5 == 0 {
			fmt.Fprintf(&b, "---\n{kind: function, id: f%d, name: Function %d, domain: EDU, managed_by: p0}\n", i, i)
		}
	}
	s.load(nil, b.String())
	return s
}

// BenchmarkList opens lists of a council with 3,000 posts: design/screens.md allows the server 5 ms.
func BenchmarkList(b *testing.B) {
	s := large(b, 3000)
	for _, target := range []string{
		"/structure/posts", "/structure/posts?page=20", "/structure/posts?sort=reports_to&order=down", "/structure/posts?capacity=member&q=1", "/structure/posts?days=all",
		"/structure/appointments", "/structure/units", "/structure/functions?domain=EDU",
	} {
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

// weight is what a page costs a reader.
type weight struct {
	elements, stops int // stops of those who go from one to the next by keyboard
	compressed      int // in bytes
}

func weigh(t testing.TB, page string) (w weight) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	w.elements, w.stops = sizes(root)
	var b strings.Builder
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, page); err != nil {
		t.Fatal(err)
	}
	z.Close()
	w.compressed = b.Len()
	return w
}

// light complains of a page that asks more of a reader than design/screens.md allows.
func (s *site) light(targets ...string) {
	s.t.Helper()
	for _, target := range targets {
		s.ok(target)
		_, page := s.get(target)
		w := weigh(s.t, page)
		if w.elements > 4000 || w.stops > 350 || w.compressed > 60_000 {
			s.t.Errorf("%s: %+v", target, w)
		}
		s.t.Logf("%s: %+v", target, w)
	}
}

func TestAListOfThousandsCostsWhatOneOfHundredsDoes(t *testing.T) {
	s := large(t, 3000)
	s.light("/structure/posts", "/structure/posts?page=15&sort=unit&order=down", "/structure/posts?unit=-&capacity=officer&capacity=member&grade=G1", "/structure/appointments?days=all", "/structure/functions?domain=EDU", "/structure/people")
	_, page := s.get("/structure/posts?page=15&sort=unit&order=down&capacity=officer")
	for _, want := range []string{"1,800 posts, held as officer", "Page 15 of 18", ", page 15 of 18 – Large – Plumbline</title>", "page=14", "page=16", "page=18"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, past := range []string{"31", "0", "-1", "99999999999999999999", "x"} {
		if page := mustGet(t, s, "/structure/posts?page="+past); !strings.Contains(page, "Page 1 of 30") || len(titles(page)) != 100 {
			t.Errorf("page %s of 30 is not the first", past)
		}
	}
	for _, l := range s.ok("/structure/posts?page=15&sort=unit&order=down&capacity=officer").links {
		if u, err := url.Parse(l); err == nil && u.Query().Has("page") && (u.Query().Get("sort") != "unit" || u.Query().Get("order") != "down" || u.Query().Get("capacity") != "officer") {
			t.Errorf("the link to another page %q loses the order or the filter", l)
		}
	}
}

// few is a record to narrow and to sort.
const few = `
{kind: council, id: council, name: Small, type: county, governance: committee}
---
{kind: unit, id: people, name: People}
---
{kind: unit, id: place, name: Place, from: 2010-01-01}
---
{kind: post, id: ce, title: Chief Executive, capacity: officer, fte: 1}
---
{kind: post, id: ten, title: Officer 10, capacity: officer, reports_to: ce, unit: people, grade: G9, fte: 10, from: 2004-04-01}
---
{kind: post, id: nine, title: Officer 9, capacity: officer, reports_to: ce, unit: place, grade: G10, fte: 9.5, from: 2003-10-01}
---
{kind: post, id: lead, title: Lead member, capacity: member, deputy_for: [DCS, DASS]}
---
{kind: post, id: old, title: Old post, capacity: officer, unit: people, from: 1999-01-01, until: 2002-12-31}
---
{kind: designation, id: d1, role: DCS, post: nine, confirmed: yes}
---
{kind: designation, id: d2, role: DASS, post: ten, confirmed: no}
---
{kind: designation, id: d3, role: DPH, post: ce}
`

// titles are those of the rows of a list, in their order.
func titles(page string) (out []string) {
	for _, m := range regexp.MustCompile(`<th scope="row" class="govuk-table__header"><a href="[^"]*">([^<]*)</a>`).FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return out
}

func TestListIsNarrowed(t *testing.T) {
	s := empty(t)
	s.load(nil, few)
	for _, c := range []struct {
		query, heading string
		titles         []string
	}{
		{"", "4 posts on 22 November 2026", []string{"Chief Executive", "Lead member", "Officer 9", "Officer 10"}},
		{"capacity=member", "1 post, held as member", []string{"Lead member"}},
		{"capacity=member&capacity=officer&unit=-", "2 posts, unit not recorded, held as member or officer", []string{"Chief Executive", "Lead member"}},
		{"reports_to=post/ce", "2 posts, reports to Chief Executive", []string{"Officer 9", "Officer 10"}},
		{"reports_to=chief", "2 posts, reports to “chief”", []string{"Officer 9", "Officer 10"}},
		{"unit=unit/people&days=all", "2 posts, of any day, unit People", []string{"Officer 10", "Old post"}},
		{"unit=unit/people&on=2001-01-01", "1 post, unit People", []string{"Old post"}},
		{"q=+OFF+10+", "1 post, with “OFF 10” in the name", []string{"Officer 10"}},
		{"grade=g10", "1 post, grade g10", []string{"Officer 9"}},
		{"deputy_for=DASS", "1 post, named deputy for director of adult social services", []string{"Lead member"}},
		{"deputy_for=-", "3 posts, named deputy for not recorded", []string{"Chief Executive", "Officer 9", "Officer 10"}},
		{"capacity=zebra", "0 posts match: held as zebra", nil},
		{"capacity=zebra&q=x", "0 posts match: with “x” in the name, held as zebra", nil},
		{"reports_to=post/nobody", "0 posts match: reports to “post/nobody”", nil},
		{"title=zebra&from=2001&nonsense=1", "4 posts on 22 November 2026", []string{"Chief Executive", "Lead member", "Officer 9", "Officer 10"}},
	} {
		target := "/structure/posts?" + c.query
		status, page := s.get(target)
		d, faults := read(page)
		if status != http.StatusOK || len(faults) > 0 {
			t.Fatalf("%s: %d %v", target, status, faults)
		}
		if want := `id="results">` + c.heading + "<"; !strings.Contains(page, want) {
			t.Errorf("%s is not headed %q: %q", target, c.heading, regexp.MustCompile(`id="results">[^<]*`).FindString(page))
		}
		if got := titles(page); !slices.Equal(got, c.titles) {
			t.Errorf("%s shows %q, want %q", target, got, c.titles)
		}
		if _, words, ok := strings.Cut(c.heading, ", "); ok && c.titles != nil && !strings.HasPrefix(d.title, "Posts, "+words) {
			t.Errorf("%s: the title %q does not say to what it is narrowed", target, d.title)
		}
	}
	for query, want := range map[string]string{"confirmed=yes": "1 designation, confirmed: yes", "confirmed=-": "1 designation, confirmed not recorded", "confirmed=yes&confirmed=no": "2 designations, confirmed: yes or no"} {
		if _, page := s.get("/structure/designations?" + query); !strings.Contains(page, want) {
			t.Errorf("%s is not headed %q", query, want)
		}
	}
}

// Each filter that was chosen is a link to the list without it, and the form keeps what was chosen.
func TestFiltersCanBeRemoved(t *testing.T) {
	s := empty(t)
	s.load(nil, few)
	target := "/structure/posts?on=2026-11-01&capacity=officer&capacity=member&unit=unit/people&reports_to=chief&q=off&sort=grade&order=down"
	_, page := s.get(target)
	for text, want := range map[string]string{
		"Held as officer":    "/structure/posts?on=2026-11-01&amp;capacity=member&amp;order=down&amp;q=off&amp;reports_to=chief&amp;sort=grade&amp;unit=unit%2Fpeople",
		"Unit People":        "/structure/posts?on=2026-11-01&amp;capacity=officer&amp;capacity=member&amp;order=down&amp;q=off&amp;reports_to=chief&amp;sort=grade",
		"Name: “off”":        "/structure/posts?on=2026-11-01&amp;capacity=officer&amp;capacity=member&amp;order=down&amp;reports_to=chief&amp;sort=grade&amp;unit=unit%2Fpeople",
		"Reports to “chief”": "/structure/posts?on=2026-11-01&amp;capacity=officer&amp;capacity=member&amp;order=down&amp;q=off&amp;sort=grade&amp;unit=unit%2Fpeople",
	} {
		if !strings.Contains(page, `<a href="`+want+`"><span class="govuk-visually-hidden">Remove filter:</span> `+text) {
			t.Errorf("no link to the list without %q", text)
		}
	}
	if !strings.Contains(page, `<a href="/structure/posts?on=2026-11-01&amp;order=down&amp;sort=grade">Clear all filters</a>`) {
		t.Error("the filters cannot all be cleared")
	}
	for _, want := range []string{
		`name="on" value="2026-11-01"`, `name="sort" value="grade"`, `name="order" value="down"`, `name="q" value="off"`, `value="officer" checked=""`, `value="unit/people" checked=""`,
		`value="chief" checked=""`, // the few who have reports are offered as boxes, and what was typed is one of them
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the form does not keep %s", want)
		}
	}
	if n := strings.Count(page, `<button type="submit" class="govuk-button">Apply filters</button>`); n != 2 {
		t.Errorf("%d buttons apply the filters", n)
	}
}

func TestListIsSorted(t *testing.T) {
	s := empty(t)
	s.load(nil, few)
	for query, want := range map[string][]string{
		"":                           {"Chief Executive", "Lead member", "Officer 9", "Officer 10"},
		"order=down":                 {"Officer 10", "Officer 9", "Lead member", "Chief Executive"},
		"sort=grade":                 {"Officer 10", "Officer 9", "Chief Executive", "Lead member"}, // G9 before G10, what is not recorded last
		"sort=grade&order=down":      {"Officer 9", "Officer 10", "Chief Executive", "Lead member"},
		"sort=from":                  {"Chief Executive", "Lead member", "Officer 9", "Officer 10"},
		"sort=from&order=down":       {"Officer 10", "Officer 9", "Chief Executive", "Lead member"},
		"sort=unit":                  {"Officer 10", "Officer 9", "Chief Executive", "Lead member"},
		"sort=capacity&order=down":   {"Lead member", "Chief Executive", "Officer 9", "Officer 10"},
		"sort=zebra&order=sideways":  {"Chief Executive", "Lead member", "Officer 9", "Officer 10"},
		"sort=fte":                   {"Chief Executive", "Lead member", "Officer 9", "Officer 10"}, // no column, so no order
		"sort=title%00&order=%3C%3E": {"Chief Executive", "Lead member", "Officer 9", "Officer 10"},
	} {
		_, page := s.get("/structure/posts?" + query)
		if got := titles(page); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
		if n := strings.Count(page, "aria-sort="); n != 1 {
			t.Errorf("%s: %d columns say that they are sorted", query, n)
		}
	}
	_, page := s.get("/structure/posts?sort=grade")
	for _, want := range []string{
		`aria-sort="ascending"><a href="/structure/posts?order=down&amp;sort=grade">Grade <span aria-hidden="true">▲</span></a>`,
		`<a href="/structure/posts">Post</a>`, `<a href="/structure/posts?sort=unit">Unit</a>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the head of the table has no %s", want)
		}
	}
}

// Whatever stands in an address, there is a page, and its links keep the look.
func TestHostileAddressesOfLists(t *testing.T) {
	s := reading(t)
	const look = "on=2003-10-01&known=2003-09-17"
	long := strings.Repeat("é", 5000)
	for _, query := range []string{
		"page=-1", "page=99999999999999999999", "page=x", "page=2", "sort=<script>&order='", "capacity=<script>alert(1)</script>", "capacity=%00%ff", "unit=%E2%80%AE/../x", "unit=unit/", "unit=/", "unit=any/x",
		"q=" + long, "capacity=" + long, strings.Repeat("capacity=x&", 500) + "capacity=officer", "days=none", "grade=%5B%5D", "reports_to=post/%7E0000", "q=%25", "from=x&until=y&id=z",
		"unit=unit/people&unit=unit/none&unit=-",
	} {
		target := "/structure/posts?" + look + "&" + strings.NewReplacer("<", "%3C", ">", "%3E", "'", "%27").Replace(query)
		r := s.do(request("GET", target))
		if r.StatusCode == http.StatusSeeOther { // what is empty is left out
			target = r.Header.Get("Location")
		}
		d := s.ok(target)
		lost := 0
		for _, l := range d.links {
			if u, err := url.Parse(l); err != nil {
				t.Errorf("%.100s: the link %q cannot be read", query, l)
			} else if strings.HasPrefix(l, "/structure/posts?") && (u.Query().Get("on") == "" || u.Query().Get("known") == "") {
				lost++
			}
		}
		if lost > 3 { // “Show it with everything recorded since”, and two lead to today
			t.Errorf("%.100s: %d links lose the dates", query, lost)
		}
		if _, page := s.get(target); len(page) > 400_000 {
			t.Errorf("%.100s: the page has %d bytes", query, len(page))
		}
	}
	for target, want := range map[string]string{
		"/structure/posts?capacity=&q=&unit=&days=": "/structure/posts",
		"/structure/posts?capacity=&q=a&on=":        "/structure/posts?q=a",
	} {
		if r := s.do(request("GET", target)); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != want {
			t.Errorf("%s leads to %d %q", target, r.StatusCode, r.Header.Get("Location"))
		}
	}
}

func TestListAsFiles(t *testing.T) {
	s := large(t, 250)
	r := s.do(request("GET", "/structure/posts.csv?capacity=officer&sort=from&order=down&page=2&on=2010-01-01"))
	b, _ := io.ReadAll(r.Body)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 151 || rows[0][0] != "id" || rows[1][1] != "2008-04-01" || rows[150][0] != "p0" {
		t.Errorf("%d rows, %v: the file does not hold all that match, in their order", len(rows), err)
	}
	if got, want := r.Header.Get("Content-Disposition"), `attachment; filename="2010-01-01-posts.csv"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var list struct {
		On      string
		Records []struct {
			Record, Title, From string
			There               bool
			Fields              map[string]any
		}
	}
	_, page := s.get("/structure/posts.json?capacity=member&on=2010-01-01")
	if err := json.Unmarshal([]byte(page), &list); err != nil || list.On != "2010-01-01" || len(list.Records) != 50 || list.Records[0].Record != "post/p3" || !list.Records[0].There || list.Records[0].Fields["capacity"] != "member" {
		t.Errorf("%v: %+v", err, list)
	}
	if status, page := s.get("/structure/posts.xlsx?capacity=member"); status != http.StatusOK || !strings.HasPrefix(page, "PK") {
		t.Errorf("the spreadsheet: %d", status)
	}
	if status, _ := s.get("/structure/posts.docx"); status != http.StatusNotFound {
		t.Errorf("a form in which there is no list: %d", status)
	}
}

// What is remembered of a list is forgotten with the next entry, and so with what that erases.
func TestListsForgetWhatIsErased(t *testing.T) {
	s := empty(t)
	s.load(nil, "{kind: person, id: jo, name: Jo Example}")
	for _, target := range []string{"/structure/people", "/structure/people?days=all", "/structure/people?known=1", "/structure/people.json"} {
		if page := mustGet(t, s, target); !strings.Contains(page, "Jo Example") {
			t.Fatalf("%s does not name the person", target)
		}
	}
	if _, err := s.book.Do(t.Context(), book.Owner, book.Change{Erase: &book.Erasure{Of: []book.Part{{Position: 1}}, Ground: "too-much", Reason: "a request under data protection law"}}); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/structure/people?known=1", "/structure/people", "/structure/people?days=all", "/structure/people.json", "/structure/people?q=jo"} {
		if page := mustGet(t, s, target); strings.Contains(page, "Jo Example") {
			t.Errorf("%s still names the person", target)
		}
	}
}

func TestEmptyLists(t *testing.T) {
	s := empty(t)
	s.load(nil, few)
	d := s.ok("/structure/units?on=2000-01-01&type=service")
	if !strings.Contains(d.text, "1 unit, type service") && !strings.Contains(d.text, "0 units match: type service") {
		t.Errorf("a filter that nothing matches: %.300s", d.text)
	}
	d = s.ok("/assurance/findings")
	if !strings.Contains(d.text, "No findings are recorded yet.") || strings.Contains(d.text, "Apply filters") {
		t.Error("an empty list does not say what is not there, or can be narrowed")
	}
	d = s.ok("/structure/posts?on=2002-06-01&days=all&q=lead")
	if !strings.Contains(d.text, "You cannot change things while looking at the past.") {
		t.Error("a list of the past does not say that nothing can be changed there")
	}
}

func TestSectionsSayWhatTheyAreFor(t *testing.T) {
	s := empty(t)
	s.load(nil, few)
	for target, want := range map[string]string{
		"/delivery":                        "Nothing of this section is recorded on 22 November 2026.",
		"/delivery?on=2003-10-01":          "You cannot change things while looking at the past.",
		"/assurance/records":               "Findings Nothing recorded yet Record a finding",
		"/structure/records":               "Posts 4 A position in the structure",
		"/structure/records?on=1990-01-01": "Appointments Nothing recorded yet A person holding a post",
		"/records":                         "10 records are there on 22 November 2026.",
	} {
		if d := s.ok(target); !strings.Contains(d.flat(), want) {
			t.Errorf("%s does not say %q:\n%s", target, want, d.flat())
		}
	}
}

// A column of which no record of the list says anything is left out of the page, whatever page of it is looked at, and is in the files.
func TestEmptyColumns(t *testing.T) {
	s := empty(t)
	var b strings.Builder
	b.WriteString("{kind: unit, id: u, name: Unit}\n")
	for i := range 150 {
		fmt.Fprintf(&b, "---\n{kind: post, id: p%03d, title: Post %03d}\n", i, i)
	}
	b.WriteString("---\n{kind: post, id: z, title: Zoo Keeper, unit: u, capacity: officer}")
	s.load(nil, b.String())
	for target, want := range map[string]string{
		"/structure/posts":                  "Post, Unit, Held as, In post, In force",
		"/structure/posts?page=2":           "Post, Unit, Held as, In post, In force",
		"/structure/posts?q=post":           "Post, In post, In force",
		"/structure/posts?q=post&sort=unit": "Post, Unit, In post, In force",
	} {
		if got := strings.Join(headsOf(t, mustGet(t, s, target)), ", "); got != want {
			t.Errorf("%s shows %s, want %s", target, got, want)
		}
	}
	if got := mustGet(t, s, "/structure/posts.csv?q=post"); !strings.Contains(strings.Split(got, "\n")[0], "reports_to") {
		t.Errorf("the file has not the columns that the page leaves out: %.200s", got)
	}
}

// headsOf gives the heads of the columns of the list in a page.
func headsOf(t testing.TB, page string) (out []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Data == "th" && attribute(n, "scope") == "col" {
			out = append(out, strings.TrimRight(textOf(n), " ▲▼"))
		}
	}
	return out
}
