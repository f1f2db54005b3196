package web_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// held is the record of few with somebody in some of its posts.
const held = few + `
---
{kind: person, id: ann, name: Ann}
---
{kind: appointment, id: a1, person: ann, post: ce}
---
{kind: appointment, id: a2, person: ann, post: nine, basis: acting, from: 2020-01-01}
---
{kind: appointment, id: a3, person: ann, post: ten, from: 2020-01-01, until: 2020-12-31}
---
{kind: post, id: soon, title: Post to come, from: 2026-10-01, until: between 2026-11-01 and 2026-12-31}
---
{kind: proposal, id: plan, title: Plan}
---
{kind: post, id: new, proposal: plan, title: Proposed post, from: 2027-01-01}
`

func TestPostsAreNarrowedByWhatFollows(t *testing.T) {
	s := empty(t)
	s.load(nil, held)
	for query, want := range map[string][]string{
		"holder_status=in-post":                                {"1 post, holder in post", "Chief Executive"},
		"holder_status=acting-or-interim":                      {"1 post, holder acting or interim", "Officer 9"},
		"holder_status=vacant&holder_status=acting-or-interim": {"2 posts, holder vacant or acting or interim", "Officer 9", "Officer 10"},
		"holder_status=not-recorded":                           {"2 posts, holder not recorded", "Lead member", "Post to come"},
		"statutory_role=any":                                   {"3 posts, statutory role any", "Chief Executive", "Officer 9", "Officer 10"},
		"statutory_role=none":                                  {"2 posts, statutory role none", "Lead member", "Post to come"},
		"statutory_role=DCS&grade=G10":                         {"1 post, grade G10, statutory role director of children's services", "Officer 9"},
		"status=not-certain":                                   {"1 post, status not certain", "Post to come"},
		"status=of-another-day&days=all":                       {"1 post, of any day, status of another day", "Old post"},
		"status=proposed&proposal=plan":                        {"1 post, status proposed", "Proposed post"},
		"unit=unit/people&holder_status=vacant":                {"1 post, unit People, holder vacant", "Officer 10"},
		"holder_status=asleep":                                 {"0 posts match: holder asleep"},
		"sort=statutory_role":                                  {"5 posts on 22 November 2026", "Officer 10", "Officer 9", "Chief Executive", "Lead member", "Post to come"},
		"sort=statutory_role&order=down":                       {"5 posts on 22 November 2026", "Chief Executive", "Officer 9", "Officer 10", "Lead member", "Post to come"},
	} {
		_, page := s.get("/structure/posts?" + query)
		if got := titles(page); !slices.Equal(got, want[1:]) || !strings.Contains(page, `id="results">`+strings.ReplaceAll(want[0], "'", "&#39;")+"<") {
			t.Errorf("%s: %q, want %q\n%s", query, got, want, words(page))
		}
		s.ok("/structure/posts?" + query)
		var list struct {
			Records []struct {
				Title string
				Also  map[string][]string
			}
		}
		_, text := s.get("/structure/posts.json?" + query)
		if err := json.Unmarshal([]byte(text), &list); err != nil || len(list.Records) != len(want)-1 {
			t.Errorf("%s as JSON: %v, %d records", query, err, len(list.Records))
		}
		_, text = s.get("/structure/posts.csv?" + query)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != len(want) {
			t.Errorf("%s as CSV: %v, %d rows", query, err, len(rows)-1)
		}
		if status, page := s.get("/structure/posts.xlsx?" + query); status != http.StatusOK || !strings.HasPrefix(page, "PK") {
			t.Errorf("%s as XLSX: %d", query, status)
		}
	}
	s.says(map[string][]string{"/structure/posts": {
		"Officer 9 Place Chief Executive Officer G10 Ann (acting) Director of children's services From 1 October 2003", "Statutory role", "Acting or interim", "Holder In post",
	}})
	_, text := s.get("/structure/posts.csv?holder_status=acting-or-interim")
	if !strings.Contains(text, ",holder,statutory_role,holder_status,status\r\n") || !strings.HasSuffix(text, ",Ann (acting),Director of children's services,acting or interim,in force\r\n") {
		t.Errorf("the spreadsheet: %s", text)
	}
}

func TestDelegations(t *testing.T) {
	s := reading(t)
	s.says(map[string][]string{
		"/structure/delegations?on=2003-10-01&known=2003-09-17": {
			"2 delegations on 1 October 2003", "Part 3B, Director of Education: The individual delegations made to the Director of Education Director of Education (not there on this day) Part 3B Needed Director of Education ended on 30 September 2003. Report of 17 September 2003, paragraph 9.1",
		},
		"/structure/delegations?on=2003-09-17":                                 {"Needed soon Director of Education ends on 30 September 2003."},
		"/structure/delegations?on=2003-10-01&amendment=needed":                {"2 delegations, amendment needed"},
		"/structure/delegations?on=2003-10-01&amendment=not-needed":            {"0 delegations match: amendment not needed"},
		"/structure/delegations":                                               {"No delegations are recorded on 22 November 2026."},
		"/structure/delegations?on=2015-06-05":                                 {"No delegations are recorded on 5 June 2015."},
		"/structure/delegations?on=2003-10-01&known=2003-09-17&sort=amendment": {"2 delegations"},
	})
	_, text := s.get("/structure/delegations.csv?on=2003-10-01")
	if !strings.Contains(text, ",amendment,source\r\n") || strings.Count(text, "\"Needed, Director of Education ended on 30 September 2003.\",\"Report of 17 September 2003, paragraph 9.1\"") != 1 {
		t.Errorf("the spreadsheet: %s", text)
	}
}
