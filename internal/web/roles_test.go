package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// A title gives no role: the post of 2003 that is called as the role of 2005 has another.
func TestARoleThatDidNotExistYet(t *testing.T) {
	reading(t).says(map[string][]string{
		"/structure/statutory-roles/director-of-childrens-services?on=2003-10-01": {
			"Not in law This role did not exist in law on 1 October 2003.", "not: No post designated", "In law since 1 March 2005",
			"On 1 October 2003 there is a post of this name. It is a post, and does not have this role.", "Director of Children's Services has the role: Director of Social Services.",
		},
		"/structure/statutory-roles/director-of-social-services?on=2003-10-01":    {"In post Paul Clark Since 1 October 2003.", "not: A council of this kind has to fill it", "not: there is a post of this name"},
		"/structure/statutory-roles/director-of-childrens-services?on=2015-06-05": {"Corporate Director, Children and Young People", "In law since 1 March 2005 A council of this kind has to fill it", "This rule asks what else the post or its holder has in hand", "not: there is a post of this name", "not: did not exist in law"},
	})
}

// Journey 3: who was the chief education officer in 2002 and 2003. Days of which nothing is recorded are no gap.
func TestChiefEducationOfficer(t *testing.T) {
	s := reading(t)
	const target = "/structure/statutory-roles/chief-education-officer?on=2003-05-01"
	_, page := s.get(target)
	_, held, _ := strings.Cut(page, "Who has held it")
	held, _, _ = strings.Cut(held, "</table>")
	rows := rowsOf(held)
	if len(rows) != 4 || strings.Count(rows[2], "jointly") != 1 || strings.Count(rows[2], "(not named in the report)") != 3 || !strings.HasSuffix(rows[2], "Interim, joint January 2003 31 August 2003 7 to 8 months") {
		t.Errorf("the periods are\n%s", strings.Join(rows, "\n"))
	}
	if strings.Contains(words(page), "Gap") {
		t.Error("days of which nothing is recorded are called a gap")
	}
	s.says(map[string][]string{target: {
		"Interim, joint 3 people hold it together", "Post Director of Education", "In law until 31 December 2007", "not: This role did not exist",
		"What the law says",
	}})
}

func TestAGapOfARole(t *testing.T) {
	s := empty(t)
	s.load(nil, strings.Replace(anytown, "until: 2026-10-31}", "until: 2020-05-31}", 1)+`
---
{kind: appointment, id: c, person: person/ann, post: post/dcs, from: 2020-09-01}
`)
	s.says(map[string][]string{"/structure/statutory-roles/director-of-childrens-services": {
		"Gap: nobody is recorded for this role 1 June 2020 to 31 August 2020.", "Nobody Director of Children Nobody is recorded for this role from 1 June 2020 to 31 August 2020. Gap 1 June 2020 31 August 2020 3 months",
	}})
	if _, page := s.get("/structure/statutory-roles/director-of-childrens-services"); strings.Count(page, `<tr class="govuk-table__row gap">`) != 1 {
		t.Error("the gap is not one row")
	}
}

func TestStatutoryRoles(t *testing.T) {
	s := reading(t)
	s.says(map[string][]string{
		"/structure/statutory-roles?on=2003-10-01": {
			"Of 5 statutory roles, 1 is filled on 1 October 2003.", "Director of Social Services In post Director of Children's Services Paul Clark 1 October 2003 In law from 1 January 1971 until 31 December 2007",
			"Chief Education Officer Not recorded Javed Khan: the appointment is agreed, and its start is to be announced.",
			"Other roles that the law knows, or knew", "Director of children's services In law since 1 March 2005",
		},
		"/structure/statutory-roles?on=2003-05-01": {"Chief Education Officer Interim, joint", "jointly"},
	})
	if _, csv := s.get("/structure/statutory-roles.csv?on=2003-10-01"); !strings.Contains(csv, "Statutory roles on 1 October 2003,Director of Social Services,In post,Director of Children's Services,Paul Clark,1 October 2003,") || !strings.Contains(csv, "\"Other roles that the law knows, or knew\",,,,,,,Director of children's services,In law since 1 March 2005,") {
		t.Errorf("the spreadsheet: %s", csv)
	}
	empty(t).says(map[string][]string{
		"/structure/statutory-roles/head-of-paid-service": {"Not recorded No designation to this role is recorded on any day.", "No post designated on this day"},
	})
}

func TestRolesByTheirNames(t *testing.T) {
	s := reading(t)
	for target, want := range map[string]string{
		"/structure/statutory-roles/CEO?on=2003-10-01": "/structure/statutory-roles/chief-education-officer?on=2003-10-01",
		"/structure/statutory-roles/dcs":               "/structure/statutory-roles/director-of-childrens-services",
	} {
		r := s.do(request("GET", target))
		if got := r.Header.Get("Location"); r.StatusCode != http.StatusMovedPermanently || got != want {
			t.Errorf("%s: %d %s", target, r.StatusCode, got)
		}
	}
	status, page := s.get("/structure/statutory-roles/cheif-education-officer?on=2003-10-01")
	d, faults := read(page)
	if status != http.StatusNotFound || len(faults) > 0 || !strings.Contains(d.text, "Did you mean: Chief Education Officer") || !strings.Contains(page, `"/structure/statutory-roles/chief-education-officer?on=2003-10-01"`) {
		t.Errorf("%d %v %s", status, faults, words(page))
	}
}

// What a page shows, its file holds: of each table every row.
func TestAFileHoldsAllTablesOfItsPage(t *testing.T) {
	s := reading(t)
	for target, want := range map[string][]string{
		"/structure/statutory-roles/chief-education-officer": {
			"Facts,Held by,An officer,", "What it answers for on this day", "Who has held it,", "\"Interim, joint\",January 2003,31 August 2003,7 to 8 months,Director of Education,", "What the law says,",
		},
		"/structure/posts/director-childrens-services":   {"Facts,In post,\"Paul Clark, Since 29 September 2003\"", "Manages,,,Children with special educational needs,\"Answers in law: , Director of Learning & Community Development\"", "Answers in law for,,,Adult mental health,", "Who has been in this post,,,,,Paul Clark,In post,29 September 2003,"},
		"/structure/functions/special-educational-needs": {"Facts,Political lead,", "Who has answered for it in law,", "Director of Education, as Chief Education Officer", "Risks,,,No risk that is recorded on this day is about it."},
		"/structure/people/paul-clark":                   {"Posts held,"},
	} {
		status, csv := s.get(target + ".csv?on=2003-10-01")
		for _, w := range want {
			if status != http.StatusOK || !strings.Contains(csv, w) {
				t.Errorf("%s: %d, without %s\n%s", target, status, w, csv)
			}
		}
		_, page := s.get(target + "?on=2003-10-01")
		if rows := strings.Count(page, `<th scope="row"`); strings.Count(csv, "\r\n") <= rows {
			t.Errorf("%s: %d rows, and in the file %d", target, rows, strings.Count(csv, "\r\n")-1)
		}
	}
}
