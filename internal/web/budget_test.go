package web_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/fact"
)

// What the posts and the units of a grown council are called, and what it does.
var (
	ranks    = []string{"Director of", "Assistant director of", "Head of", "Service manager,", "Team manager,", "Senior practitioner,", "Social worker,", "Business support officer,"}
	subjects = []string{"children's social care", "education", "special educational needs", "early help", "adult social care", "mental health", "older people", "public health", "housing needs", "libraries", "finance", "personnel"}
	forename = []string{"Amira", "Ben", "Chidi", "Dilys", "Ewan", "Farah", "Grace", "Huw", "Ines", "Jas", "Kofi", "Lena", "Mo", "Nia", "Owen"}
	surname  = []string{"Adeyemi", "Barker", "Chaudhry", "Davies", "Evans", "Fofana", "Green", "Hussain", "Iqbal", "Jones", "Khan", "Lewis", "Mensah", "Nowak", "O'Neill", "Patel", "Quinn"}
)

// grown is the record of a council with a number of posts, for all tests that only read it.
func grown(t testing.TB, posts int) *site {
	t.Helper()
	return keep(t, fmt.Sprintf("grown-%d", posts), func(s *site) { s.grow(posts) })
}

// grow makes a council with a number of posts, as ten years have left it: every year somebody has begun and somebody has left, posts have
// got other titles, and each year was recorded as it passed.
func (s *site) grow(posts int) {
	s.t.Helper()
	var b strings.Builder
	doc := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n---\n", a...) }
	record := func(day fact.Day) {
		s.load(&day, strings.TrimSuffix(b.String(), "---\n"))
		b.Reset()
	}
	begin := fact.DayOf(2016, 4, 1)
	title := func(i, turn int) string {
		depth := 0
		for up := i; up > 0; up = (up - 1) / 6 {
			depth++
		}
		return fmt.Sprintf("%s %s %d", ranks[min(depth, len(ranks)-1)], subjects[(i+turn)%len(subjects)], i)
	}
	post := func(i, turn int, from fact.Day) string {
		return fmt.Sprintf("{kind: post, id: p%d, title: %q, capacity: officer, unit: u%d, grade: G%d, fte: 1, salary_from: %d, reports_to: p%d, from: %s, source: %q}", i, title(i, turn), i/20, 1+i%12, 25_000+100*(i%300), (i-1)/6, from, "the establishment list")
	}
	hold := func(i, year int) {
		from := fact.DayOf(2016+year, 4, 1) + fact.Day(i%360)
		person := fmt.Sprintf("h%d-%d", i, year)
		doc("{kind: person, id: %s, name: %q}", person, forename[(i+year)%len(forename)]+" "+surname[(i*7+year)%len(surname)])
		basis, until := "permanent", ""
		if i%11 == 0 {
			basis = "interim"
		}
		if year < 8 || i%13 == 0 { // somebody else follows, or nobody
			until = fmt.Sprintf(", until: %s", from+4*365-1)
		}
		doc("{kind: appointment, id: a-%s, person: %s, post: p%d, basis: %s, from: %s%s}", person, person, i, basis, from, until)
	}
	doc("{kind: council, id: council, name: Grown Council, type: unitary, governance: leader-and-cabinet}")
	for i := range posts / 20 {
		up := ""
		if i > 0 {
			up = fmt.Sprintf(", parent: u%d", (i-1)/6)
		}
		doc("{kind: unit, id: u%d, name: %q, type: %s, head: p%d%s}", i, fmt.Sprintf("%s %d", subjects[i%len(subjects)], i), []string{"directorate", "division", "service", "team"}[min(i/7, 3)], i*20, up)
	}
	doc("{kind: post, id: p0, title: Chief Executive, capacity: officer, unit: u0, from: %s}", begin)
	for i := 1; i < posts; i++ {
		doc("%s", post(i, 0, begin))
	}
	for i, role := range []string{"HPS", "DCS", "DASS", "DPH", "MO", "CFO", "SSO", "VSH", "PSW-A", "PSW-C", "LMCS"} {
		doc("{kind: designation, id: %s, role: %s, post: p%d, from: %s, decided_on: 2016-03-20, confirmed: yes}", strings.ToLower(role), role, i, begin)
	}
	domains := []string{"EDU", "CSC", "LEAVING-CARE", "ASC", "PH", "SAFEGUARDING", "CULTURE", "HOUSING", "SUPPORT"}
	for i := range posts / 8 {
		doc("{kind: function, id: f%d, name: %q, domain: %s, ages: children, unit: u%d, managed_by: p%d, from: %s}", i, fmt.Sprintf("%s for area %d", subjects[i%len(subjects)], i), domains[i%len(domains)], i%(posts/20), (i*7)%posts, begin)
	}
	for i := range posts {
		hold(i, 0)
	}
	record(begin)
	for year := 1; year < 10; year++ {
		day := fact.DayOf(2016+year, 4, 1)
		for i := 1; i < posts; i++ {
			switch {
			case i%4 == year%4:
				hold(i, year)
			case i%20 == year:
				doc("%s", post(i, year, day))
			}
		}
		record(day)
	}
}
