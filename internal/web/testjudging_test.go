package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// letterTest is the address of the test of 5 June 2015.
const letterTest = "/assurance/tests-of-assurance/people-directorate-2015"

func TestArgumentMap(t *testing.T) {
	s := reading(t)
	s.says(map[string][]string{
		letterTest + "/map?on=2015-06-05": {
			"45 findings, of which 39 are weak spots", "Capacity 6 support, 3 weaken 2 support none", "Service user engagement none none none", "Accountabilities and responsibilities Met with a condition Condition: As long as the Corporate Director – People",
			"Supports · paragraph 9 · Governance and accountability", "also under Statutory duties", "Weakens · paragraph 13 · Leadership and management", "No evidence linked yet", "Next weak spot",
		},
		letterTest + "/map?on=2015-06-05&view=list":                        {"Supports · paragraph 9 · Governance and accountability", "also under Statutory duties", "No evidence linked yet"},
		letterTest + "/map?on=2015-06-05&weak=yes":                         {"Weakens · paragraph 13", "Show all findings"},
		letterTest + "/map/partnership?on=2015-06-05":                      {"Partnerships and multi-agency working", "not: Weakens · paragraph 13 · Leadership"},
		letterTest + "/map/statutory-duties?on=2015-06-05&theme=workforce": {"Weakens · paragraph 25", "not: Governance and accountability 5"},
		letterTest + "/summary?on=2015-06-05":                              {"Statutory duties Met The senior management", "Met with a condition", "No response yet", "nobody was ever recorded as appointed to this post"},
		letterTest + "/compare?on=2015-06-05":                              {"No earlier test of the same structure is on record"},
		"/assurance/actions?on=2015-06-05":                                 {"6 conditions and recommendations", "Recommendation 5: Keep the test of assurance live", "No response yet"},
		"/assurance/actions?on=2015-06-05&ask=condition":                   {"1 condition or recommendation: conditions", "not: Recommendation 5"},
		"/assurance/actions?on=2003-10-01":                                 {"No test of assurance that is on record on this day asked for anything."},
		"/assurance/frameworks/local-test-of-assurance-2013?on=2015-06-05": {"Statutory duties", "Service user engagement", "as reported by another source", "Proposals to establish a People Directorate – independent local test of assurance 5 June 2015"},
		"/assurance/frameworks/local-test-of-assurance-2013?on=2003-10-01": {"No test that is on record on this day used it."},
	})
	for _, at := range []string{letterTest + "/map/nothing?on=2015-06-05", "/assurance/frameworks/mine"} {
		if status, _ := s.get(at); status != http.StatusNotFound {
			t.Errorf("%s: %d", at, status)
		}
	}
	for at, want := range map[string]string{
		letterTest + "/summary.json?on=2015-06-05": `"outcome":"met-with-condition"`, letterTest + "/map.json?on=2015-06-05": `"weak_spots":39`, "/assurance/actions.json?on=2015-06-05": `"stand":"no-response"`,
		"/assurance/actions.csv?on=2015-06-05": "Recommendation,2,\"Have a clear plan", letterTest + "/map.docx?on=2015-06-05": "PK", letterTest + "/summary.docx?on=2015-06-05": "PK", "/assurance/actions.xlsx?on=2015-06-05": "PK",
	} {
		if status, body := s.get(at); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, without %s", at, status, want)
		}
	}
}

// A map of many findings has a page for each criterion; of too many it is a list, a hundred a page.
func TestArgumentMapOfManyFindings(t *testing.T) {
	s := empty(t)
	var b strings.Builder
	b.WriteString("{kind: council, id: council, name: Testham, type: unitary, governance: leader-and-cabinet}\n---\n{kind: test, id: t, title: Test, framework: local-test-of-assurance-2013, reported_on: 2020-01-01}\n")
	find := func(from, n int) {
		for i := range n {
			fmt.Fprintf(&b, "---\n{kind: finding, id: f%d, test: t, number: %d, theme: governance, criteria: [accountability], polarity: %s, text: Finding number %d}\n", from+i, from+i, []string{"strength", "risk"}[i%2], from+i)
		}
		s.load(nil, b.String())
		b.Reset()
	}
	const at = "/assurance/tests-of-assurance/t/map"
	find(1, 300)
	s.says(map[string][]string{
		at:                            {"300 findings", "Criterion: Statutory duties Accountabilities and responsibilities", "No findings are linked to this criterion."},
		at + "/accountability":        {"Governance and accountability", "Finding number 1", "Page 1 of 3", "not: Finding number 299"},
		at + "/accountability?page=3": {"Finding number 300", "Page 3 of 3"},
	})
	b.WriteString("{kind: finding, id: more, test: t, text: More}\n")
	find(301, 2800)
	s.says(map[string][]string{at + "/accountability": {"That is too many to draw: a map has at most 3,000. Here is the list of them.", "Page 1 of 31"}})
	if _, page := s.get(at + "/accountability"); strings.Contains(page, `class="argument"`) {
		t.Error("too many findings are drawn")
	}
}
