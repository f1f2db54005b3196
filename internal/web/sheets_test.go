package web_test

import (
	"slices"
	"strings"
	"testing"
)

// says opens pages that must be right, and looks for what each must, and must not, say. What must not be said begins with "not: ".
func (s *site) says(want map[string][]string) {
	s.t.Helper()
	for target, all := range want {
		s.ok(target)
		_, page := s.get(target)
		have := words(page)
		for _, w := range all {
			unsaid, not := strings.CutPrefix(w, "not: ")
			switch {
			case not && strings.Contains(have, unsaid):
				s.t.Errorf("%s says %q", target, unsaid)
			case !not && !strings.Contains(have, w):
				s.t.Errorf("%s does not say %q:\n%s", target, w, have)
			}
		}
	}
}

func TestSheets(t *testing.T) {
	reading(t).says(map[string][]string{
		// A post: the title is of 2003, and the role is not that of 2005.
		"/structure/posts/director-childrens-services?on=2003-10-01": {
			"In post Paul Clark Since 29 September 2003", "Statutory role Director of Social Services Since 1 October 2003", "not: Recruitment to this post",
			"Manages Children with special educational needs Answers in law: Director of Learning & Community Development Children in need",
			"Answers in law for Adult mental health Different manager: Head of Community Care (transitional)",
			"Holders, the newest first Holder State From To Length", "Paul Clark In post 29 September 2003 Between 1 April 2005 and 14 April 2015",
		},
		"/structure/posts/director-of-education?on=2003-05-01": {"In post Head of Children and Community Services", "Interim, since January 2003, until 31 August 2003", "jointly Nobody has held it permanently since January 2003. Statutory role Chief Education Officer", "Delegations Powers that the constitution gives to this post Delegation Part 3B"},
		"/structure/posts/area-director-people-first?on=2003-10-01&known=2003-09-17": {
			"In post Who is in post is not recorded", "How far the filling of this post has got", "Record what came of Appointments Panel, 11 September 2003 – the day has passed",
		},
		"/structure/posts/executive-director-people-first?on=2003-10-01": {"5 posts report to it", "Area Director – People First Who is in post is not recorded"},
		"/structure/units/people-first?on=2003-10-01":                    {"Who leads it Executive Director – People First – Paul Osburn", "7 units are part of it", "With its parts it has 6 posts.", "2 posts sit in it"},
		"/structure/units/area-1?on=2003-10-01":                          {"Which post leads it cannot be said", "What it is part of People First", "No posts sit in this unit on this day."},
		"/structure/units/childrens-services?on=2003-10-01":              {"Functions", "Children with special educational needs Director of Children's Services Paul Clark Director of Learning & Community Development as Chief Education Officer", "Different post"},
		"/structure/people/paul-clark?on=2003-10-01": {
			"In post Director of Children's Services Since 29 September 2003 Statutory role Director of Social Services As Director of Children's Services, since 1 October 2003",
			"Posts, the newest first", "Director of Children's Services In post 29 September 2003",
			"Boards 1 seat on a board Board Sits as Goes with Stands for Meeting of the council's statutory officers Member Director of Children's Services Director of Social Services",
		},
		"/structure/people/paul-clark?on=2003-10-01&known=2003-09-17":  {"In post Director of Children's Services Since 29 September 2003", "Statutory role Director of Social Services"},
		"/structure/people/paul-clark?on=2003-05-01":                   {"In post No posts on this day.", "Statutory role None on this day", "No seat on a board is recorded on this day.", "Posts, the newest first"},
		"/structure/people/paul-clark?on=2015-06-05":                   {"It is not there on 5 June 2015.", "Posts held Posts, the newest first", "Director of Children's Services In post 29 September 2003", "not: In post Director"},
		"/structure/functions/special-educational-needs?on=2020-01-01": {"It is not there on 1 January 2020.", "Paul Osburn Director of Education as Chief Education Officer"},
		"/structure/people/michael-lockwood?on=2015-06-05":             {"In post Chief Executive", "Statutory role Head of paid service As Chief Executive"},
		"/structure/functions/special-educational-needs?on=2003-10-01": {
			"Answers in law Director of Learning & Community Development as Chief Education Officer", "Line managed by Director of Children's Services Paul Clark How they stand Different post What joins them Meeting of the council's statutory officers",
			"Political lead Portfolio Holder for Education and Lifelong Learning Who is in post is not recorded", "Field of law Roles that answer Rules Education", "not: No mechanism recorded", "No risk that is recorded on this day is about it.",
			"Who held the role that answered for it, the newest first Holder State From To Length", "jointly Director of Education as Chief Education Officer 3 people held it together",
			"Not known Which role answers cannot be said", "Javed Khan: the appointment is agreed, and its start is to be announced.",
		},
		"/structure/functions/special-educational-needs?on=2003-10-01&known=2003-09-17": {"Director of Learning & Community Development as Chief Education Officer", "1 October 2003 31 December 2007", "not: DCS is not dated"},
		"/structure/functions/children-in-need?on=2003-10-01":                           {"Line managed by Director of Children's Services Paul Clark How they stand Same post What joins them Nothing has to: same post", "Paul Clark Director of Children's Services as Director of Social Services In post 1 October 2003"},
		"/structure/functions/first-response?on=2015-06-05":                             {"Risks 1 risk is about it Risk Now Response Owner Next review Social worker recruitment and retention Not recorded Treat Nobody recorded Not recorded"},
	})
}

// small is a council with everything on its sheets that the two documents do not tell of.
const small = anytown + `
---
{kind: function, id: sen, name: Special needs, domain: EDU, managed_by: chief, ages: all}
---
{kind: person, id: cat, name: Cat}
---
{kind: person, id: dan, name: Dan}
---
{kind: post, id: head, title: Head of Service, deputy_for: [DCS], from: 2020-01-01, reports_to: dcs, capacity: officer}
---
{kind: appointment, id: c, person: person/cat, post: post/head, from: 2020-01-01}
---
{kind: appointment, id: d, person: person/dan, post: post/head, from: 2026-09-01, basis: acting}
---
{kind: absence, id: away, appointment: c, covered_by: d, reason: leave, from: 2026-09-01}
---
{kind: post, id: assistant, title: Assistant Director, from: 2026-01-01, reports_to: dcs, capacity: officer, grade: G9}
---
{kind: board, id: panel, name: Appointments Panel}
---
{kind: recruitment, id: r, post: assistant, stage: panel, panel: panel, panel_on: 2026-12-01, person: bea, coming_from: a council nearby}
---
{kind: designation, id: dph, role: DPH, person: cat, from: 2026-01-01}
---
{kind: seat, id: s1, board: panel, as: chair, person: cat}
---
{kind: condition, id: cond, text: The capacity of the post is tested, about: [post/assistant]}
`

// A delegation leads to the function that it is about, and the function back; the function says who managed it through time.
func TestDelegatedFunctions(t *testing.T) {
	s := made(t)
	s.load(nil, "{kind: function, id: f, name: Fostering, domain: CSC, managed_by: head, from: 2012-01-01}\n---\n{kind: delegation, id: d, reference: 3B, power: To place children, to: head, function: f}")
	s.says(map[string][]string{
		"/structure/delegations/d": {"Function Fostering"},
		"/structure/functions/f":   {"Who has managed it", "First Holder", "Head of Service", "What refers to it Delegations 3B: To place children"},
	})
}

func TestSheetsOfWhatIsOpen(t *testing.T) {
	s := empty(t)
	s.load(nil, small)
	s.says(map[string][]string{
		"/structure/posts/dcs": {
			"In post Vacant since 1 November 2026. Nobody is recorded as covering it.", "Nobody is in this post, and it has a statutory role: director of children's services.", "Director of children's services Since 1 January 2020", "Named deputy Head of Service Dan (acting) for Director of children's services", "Nobody Nobody is recorded for this post from 1 November 2026. Vacant 1 November 2026", "2 posts report to it"},
		"/structure/posts/assistant": {"Condition on this post: The capacity of the post is tested", "Appointments Panel, 1 December 2026", "Bea a council nearby"},
		"/structure/posts/head": {
			"In post Dan Acting, since 1 September 2026, for somebody who is away Cat Away, and still the holder", "Away, and covered An absence is not a vacancy", "not: Vacant",
		},
		"/structure/functions/sen": {"No mechanism recorded: two different posts manage this and answer for it, and nothing that joins them is on record.", "What joins them No mechanism recorded Political lead No member’s portfolio that is recorded covers it", "Gap: nobody is recorded for the role that answers for it 1 November 2026 to"},
		"/structure/people/dan":    {"In post Head of Service Acting, since 1 September 2026, for somebody who is away", "Head of Service Acting 1 September 2026"},
		"/structure/people/cat":    {"In post Head of Service Since 1 January 2020, away, and still the holder", "Statutory role Director of public health Designated in person, since 1 January 2026", "Appointments Panel Chair The person, and no post Not recorded", "not: As Head of Service"},
	})
	s.load(nil, "{kind: person, id: eve, name: Eve}")
	s.says(map[string][]string{"/structure/people/eve": {"No posts on this day.", "No posts are recorded for this person.", "No seat on a board is recorded on this day."}})
}

func TestAppointments(t *testing.T) {
	s := empty(t)
	s.says(map[string][]string{"/structure/appointments": {"No posts are being recruited to on this day.", "not: Away, and covered"}})
	s.load(nil, small)
	_, page := s.get("/structure/appointments")
	s.says(map[string][]string{"/structure/appointments": {
		"Posts that are being filled 1 post is being filled", "The capacity of the post is tested",
		"An absence is not a vacancy: the holder stays the holder. 1 holder is away", "Cat See the absence Head of Service Leave 1 September 2026 Until further notice Dan acting",
	}})
	if filling, away, ok := strings.Cut(page, "Away, and covered"); !ok || strings.Contains(filling, "Head of Service") || strings.Contains(away[:strings.Index(away, "</table>")], "Assistant Director") {
		t.Error("absences and vacancies are mixed")
	}
	s.says(map[string][]string{"/structure/appointments?on=2026-08-31": {"not: Away, and covered"}})
}

// Every link of the pages of the structure keeps what is looked at, but those that say otherwise.
func TestStructureKeepsTheLook(t *testing.T) {
	s := reading(t)
	const look = "on=2003-10-01&known=2003-09-17"
	for _, path := range []string{
		"/structure", "/structure/who-answers", "/structure/who-answers/print", "/structure/statutory-roles", "/structure/statutory-roles/chief-education-officer", "/structure/areas",
		"/structure/appointments", "/structure/posts/director-childrens-services", "/structure/units/people-first", "/structure/people/paul-clark", "/structure/functions/special-educational-needs", "/structure/records",
	} {
		lost := slices.DeleteFunc(s.ok(path+"?"+look).links, func(l string) bool {
			return !strings.HasPrefix(l, "/") || strings.Contains(l, look) || l == "/search" || l == path || l == path+"?on=2003-10-01" ||
				strings.HasPrefix(l, path+"?on=") && strings.HasSuffix(l, "&known=2003-09-17") // the same page on another day
		})
		if len(lost) > 0 {
			t.Errorf("%s loses the dates on %v", path, lost)
		}
	}
}

func TestHostileTitlesInTheStructure(t *testing.T) {
	s := empty(t)
	const evil = `<script>alert("1")</script><img src=x onerror=alert(2)>" onclick='x' {{.}} &amp;`
	s.load(nil, strings.ReplaceAll(`
{kind: council, id: council, name: EVIL, type: county, governance: committee}
---
{kind: unit, id: u, name: EVIL, type: area, head: p}
---
{kind: post, id: p, title: EVIL, unit: u, capacity: officer, grade: EVIL}
---
{kind: post, id: q, title: EVIL, capacity: officer, reports_to: p}
---
{kind: person, id: who, name: EVIL}
---
{kind: appointment, id: a, person: who, post: p, basis: interim}
---
{kind: absence, id: off, appointment: a, reason: leave}
---
{kind: recruitment, id: r, post: q, stage: advertised, coming_from: EVIL, person: who}
---
{kind: condition, id: c, text: EVIL, about: [post/p]}
---
{kind: organisation, id: o, name: EVIL, type: school-cluster}
---
{kind: designation, id: d, role: DCS, post: p, decision_ref: EVIL}
---
{kind: function, id: f, name: EVIL, domain: EDU, unit: u, managed_by: q}
---
{kind: delegation, id: g, to: p, power: EVIL}
`, "EVIL", `'`+strings.ReplaceAll(evil, `'`, `''`)+`'`))
	for _, target := range []string{
		"/structure", "/structure?view=list&show=grades", "/structure?view=table", "/structure/who-answers", "/structure/who-answers/print", "/structure/statutory-roles", "/structure/statutory-roles/director-of-childrens-services",
		"/structure/appointments", "/structure/areas", "/structure/posts/p", "/structure/posts/q", "/structure/units/u", "/structure/people/who", "/structure/functions/f", "/structure?top=p",
	} {
		if d := s.ok(target); !strings.Contains(d.text, `<script>alert("1")</script>`) {
			t.Errorf("%s does not show the text as it is", target)
		}
	}
	for _, target := range []string{"/structure/who-answers?q=%3Cscript%3E&role=%22onclick&only=%27", "/structure?top=%3Cscript%3E", "/structure?show=%3Cscript%3E&most=-1", "/structure/statutory-roles/%3Cscript%3E"} {
		_, page := s.get(target)
		if _, faults := read(page); len(faults) > 0 {
			t.Errorf("%s: %v", target, faults)
		}
	}
}
