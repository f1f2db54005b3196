package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
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

// judgedStructure is a council with a director under whom a departure stands, a test of it that is not reported, and findings.
const judgedStructure = `
{kind: council, id: council, name: Testham, type: london-borough, governance: leader-and-cabinet}
---
{kind: organisation, id: lga, name: Local Government Association, type: other}
---
{kind: person, id: jane, name: Jane Adviser, employer: lga}
---
{kind: person, id: ann, name: Ann Director, experience: [children]}
---
{kind: post, id: chief, title: Chief Executive, capacity: officer}
---
{kind: post, id: people, title: Corporate Director of People, capacity: officer, reports_to: chief}
---
{kind: post, id: adults, title: Director of Adults, capacity: officer, reports_to: people}
---
{kind: appointment, id: a, person: ann, post: people, basis: permanent}
---
{kind: designation, id: hps, role: HPS, post: chief}
---
{kind: designation, id: dcs, role: DCS, post: people}
---
{kind: designation, id: dass, role: DASS, post: adults}
---
{kind: board, id: review, name: Safeguarding review, type: safeguarding-review}
---
{kind: test, id: t, title: Test of Testham, framework: local-test-of-assurance-2013, assessor: jane, assessor_organisation: lga, started_on: 2026-11-01, access_until: 2027-06-30}
---
{kind: evidence, id: e, test: t, method: interview, title: Interview with the leader, reference: E1}
---
{kind: finding, id: f1, test: t, number: 9, title: Reviews each quarter, theme: governance, criteria: [accountability, statutory-duties], polarity: strength, text: Reviews take place each quarter., evidence: [e]}
---
{kind: finding, id: f2, test: t, number: 13, title: No plan, theme: leadership, criteria: [accountability], polarity: gap, text: There is no plan.}
---
{kind: finding, id: f3, test: t, number: 14, title: Something else, theme: leadership, polarity: risk, text: It bears on nothing.}
`

// answeredTest is the test once it is reported: judged, answered and with a letter of which a fact was wrong, after an earlier one by the same person.
const answeredTest = `
---
{kind: judgement, id: j, test: t, criterion: accountability, outcome: met-with-condition, rationale: As long as the director knows the services for children., findings: [f1, f2]}
---
{kind: judgement, id: k, test: t, criterion: statutory-duties, outcome: met, rationale: They are met., despite: It was put right since.}
---
{kind: condition, id: c, judgement: j, text: Whoever is the director has led services for children., expression: 'holders("DCS").all(p, "children" in p.experience)', about: [post/people], shown_by: Appointment report, due: 2026-10-01}
---
{kind: condition, id: d, judgement: j, text: The board looks at it each year., due: 2026-10-01}
---
{kind: recommendation, id: r, test: test/t, number: 1, text: Write a plan., findings: [f2], conditions: [d], owner: chief, due: 2026-10-01, response: partly, response_text: We will write half of one.}
---
{kind: recommendation, id: q, test: test/t, number: 2, text: Tell people., response: accepted, accepted_complete_by: review, accepted_complete_on: 2026-11-21}
---
{kind: action, id: plan, title: Write the plan, recommendation: r, owner: chief, due: 2026-11-01, status: at-risk}
---
{kind: confirmation, id: x, condition: d, said_by: council, state: met, said_on: 2026-11-21, text: It looked at it.}
---
{kind: confirmation, id: y, condition: d, said_by: adviser, state: not-met, said_on: 2026-11-22, text: There are no minutes.}
---
{kind: letter, id: l, test: t, title: Draft letter, purpose: factual-accuracy, dated: 2026-11-10, answers_by: 2026-11-15}
---
{kind: accuracy, id: point, letter: l, paragraph: 15, wrong: There are four posts., shown_by: The chart, answer: corrected-in-part, answer_text: The chart of May says so.}
---
{kind: test, id: before, title: An earlier test, framework: local-test-of-assurance-2013, assessor: jane, reported_on: 2025-11-20}
---
{kind: judgement, id: old, test: before, criterion: accountability, outcome: not-met, rationale: They were not clear.}
---
{kind: finding, id: older, test: before, theme: governance, criteria: [accountability], polarity: risk, text: Nobody met.}
`

const judgedTest = "/assurance/tests-of-assurance/t"

// An adviser judges a criterion with what was found and what the record shows beside it, and says why where that stands against it.
func TestJudge(t *testing.T) {
	s := empty(t)
	s.load(nil, judgedStructure)
	v := s.visit(judgedTest + "/criteria")
	v.want("Accountabilities and responsibilities", "Not yet judged", "1 supports, 1 weakens")
	v.open(v.link("Accountabilities and responsibilities"))
	v.want("Criterion 2 of 3", "Findings that support it (1)", "Findings that weaken it (1)", "Interview, not a document", "No evidence linked yet", "Departure", "That is what the record shows, and no judgement.")
	at := judgedTest + "/criteria/accountability"
	if status := v.send("/criteria/accountability"); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing chosen: %d", status)
	}
	v.want("Select your judgement", "Enter the reason")
	v.open(at)
	if status := v.send("/criteria/accountability", "outcome", "met", "rationale", "Lines are clear."); status != http.StatusUnprocessableEntity {
		t.Errorf("met over a departure without a reason: %d", status)
	}
	v.want("Enter why the criterion is met all the same", "Lines are clear.")
	v.answer("/criteria/accountability", "outcome", "met", "rationale", "Lines are clear.", "despite", "The chief executive meets the director of adults each week.", "findings", "f1")
	v.want("The judgement on “Accountabilities and responsibilities” is recorded.")
	v.open(at)
	if status := v.send("/criteria/accountability", "outcome", "met-with-condition", "rationale", "As long as the director knows children's services."); status != http.StatusUnprocessableEntity {
		t.Errorf("a condition without words: %d", status)
	}
	v.want("Enter the condition")
	v.answer("/criteria/accountability", "outcome", "met-with-condition", "rationale", "As long as the director knows children's services.", "text", "The director has experience in children's services.", "shown_by", "Appointment report", "about", "Corporate Director of People", "due.day", "1", "due.month", "3", "due.year", "2027")
	v.want("Met with a condition", "The director has experience in children's services.", "Add another condition", "1 March 2027", "The record does not check it: somebody has to look")
	v.open(at)
	if status := v.send("/criteria/accountability", "outcome", "met", "rationale", "It is."); status != http.StatusUnprocessableEntity {
		t.Errorf("met with a condition left: %d", status)
	}
	v.want("Take it back first")
	if got := s.fields("judgement", "outcome"); len(got) != 1 || got[0] != "met-with-condition" {
		t.Errorf("judged %v", got)
	}
	v.open(judgedTest)
	v.want("1 of 3 criteria judged")
	v.open(judgedTest + "/summary")
	v.want("Met with a condition", "Condition: The director has experience", "Not yet judged")

	v.open(at)
	v.answer("/criteria/accountability", "outcome", "not-ready")
	v.want("Not yet judged")
	if got := append(s.fields("judgement", "outcome"), s.fields("condition", "text")...); len(got) > 0 {
		t.Errorf("still judged: %v", got)
	}
}

// A condition in words is enough; one that the record can check is tried before it is saved.
func TestConditionsThatTheRecordChecks(t *testing.T) {
	s := empty(t)
	s.load(nil, judgedStructure+"---\n{kind: judgement, id: j, test: t, criterion: accountability, outcome: met-with-condition, rationale: As long as it is so}\n")
	v := s.visit(judgedTest + "/conditions")
	v.want("No conditions.")
	const add = judgedTest + "/conditions/new?criterion=accountability"
	form := "/conditions/new"
	send := func(want []string, typed ...string) {
		t.Helper()
		v.open(add)
		v.send(form, typed...)
		v.want(want...)
	}
	words := []string{"text", "The director has experience."}
	send([]string{"Enter the condition"}, "check", "")
	send([]string{"Enter the expression, or select that a person looks"}, append(words, "check", "own")...)
	send([]string{"line 1, column 7", "holder("}, append(words, "check", "own", "expression", `holder("DCS").size() > 0`)...)
	send([]string{"nothing is given that it could be"}, append(words, "check", "own", "expression", `!vacant(it)`)...)
	send([]string{"There is a problem"}, append(words, "check", "experience", "experience-role", "DCS")...)
	send([]string{"Nothing is recorded yet.", `holders("DCS").all(p, "children" in p.experience)`, "It holds on"}, append(words, "check", "experience", "experience-role", "DCS", "experience-experience", "children")...)
	if got := s.fields("condition", "text"); len(got) > 0 {
		t.Errorf("recorded before it was agreed to: %v", got)
	}
	v.answer(form, append(words, "check", "experience", "experience-role", "DCS", "experience-experience", "children")...)
	v.want("The director has experience.", "It holds on this day")
	send([]string{"It does not hold on"}, append(words, "check", "experience", "experience-role", "DCS", "experience-experience", "finance")...)
	send([]string{"It cannot be tested on"}, append(words, "check", "filled", "filled-post", "Director of Adults")...)
	v.answer(form, append([]string{"text", "The post is filled"}, "check", "filled", "filled-post", "Director of Adults")...)
	if got := s.fields("condition", "about"); len(got) != 1 || got[0] != `["post/adults"]` {
		t.Errorf("about %v", got)
	}
	send([]string{"must be a whole number from 1 to 60"}, append(words, "check", "board-meets", "board-meets-board", "Safeguarding review", "board-meets-months", "99")...)
	own := []string{"text", "Somebody wrote this", "check", "own", "expression", `holders("DCS").size() > 0`}
	send([]string{"It holds on"}, own...)
	v.answer(form, own...)
	for title, want := range map[string][]string{
		"The director has experience.": {`name="check" type="radio" value="experience" checked`, `<option value="DCS" selected`, `<option value="children" selected`},
		"The post is filled":           {`name="check" type="radio" value="filled" checked`, `value="Director of Adults"`},
		"Somebody wrote this":          {`name="check" type="radio" value="own" checked`, `holders(&#34;DCS&#34;).size() &gt; 0</textarea>`},
	} {
		v.open(judgedTest + "/conditions")
		v.open(v.link(title))
		for _, x := range want {
			if !strings.Contains(v.page, x) {
				t.Errorf("%s: the form does not say %s", title, x)
			}
		}
	}
	v.open(judgedTest + "/conditions")
	v.open(v.link("The director has experience."))
	at := v.at
	before := s.book.Known()
	if r := s.post(at, url.Values{"text": {"The director has experience."}, "check": {"experience"}, "experience-role": {"DCS"}, "experience-experience": {"children"}}); r.StatusCode != http.StatusSeeOther || s.book.Known() != before {
		t.Errorf("sent as it is recorded: %d, %d entries more", r.StatusCode, s.book.Known()-before)
	}
	const only, without = "It is the only condition of a judgement “met with condition”.", "It is judged met with condition, and no condition is on record."
	for left := 2; left >= 0; left-- {
		if strings.Contains(v.says(), only) != (left == 0) || strings.Contains(v.says(), without) {
			t.Errorf("with %d more: %s", left, v.says())
		}
		v.answer(strings.TrimPrefix(v.at, judgedTest), "undo", "yes", "why", "Said twice")
		if n := len(s.fields("condition", "text")); n != left {
			t.Errorf("%d conditions are left", n)
		}
		if left > 0 {
			v.open(judgedTest + "/conditions")
			v.open(v.link(s.fields("condition", "text")[0]))
		}
	}
	v.want(without, "Add a condition, or judge it otherwise: until then the letter cannot be issued.", "Add another condition")
	s.visit(judgedTest + "/issue").want("is judged met with condition, and has no condition. Add one, or judge it otherwise.")
}

// panel is a site on which an adviser of the test, somebody who sets up tests and a member of staff are signed in.
type panel struct{ *office }

func withRoles(t *testing.T, record string) panel {
	o := staffed(t)
	o.load(nil, strings.Replace(record, ", access_until: 2027-06-30", "", 1))
	o.addOver("Adviser", access.Adviser, "t")
	o.add("Governance", access.Governance)
	o.add("Staff", access.Staff)
	return panel{o}
}

// as is a visit by somebody who is signed in.
func (p panel) as(name string) *visit {
	cookie, s := p.browser().signIn(name).cookie, *p.site
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Cookie", cookie)
		p.site.handler.ServeHTTP(w, r)
	})
	return &visit{site: &s}
}

// day is a day from today on, as a record has it.
func (p panel) day(after int) string { return p.at.AddDate(0, 0, after).Format(time.DateOnly) }

// sent sends a form to an address, from no page.
func (v *visit) sent(target string, pairs ...string) int {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.post(target, form).StatusCode
}

// status opens a page that may be refused.
func (v *visit) status(target string) (int, string) {
	r := v.do(request("GET", target))
	return r.StatusCode, body(r)
}

// lacks holds that a page does not say something.
func (v *visit) lacks(texts ...string) {
	v.t.Helper()
	for _, x := range texts {
		if strings.Contains(v.says(), x) {
			v.t.Errorf("%s says %q", v.at, x)
		}
	}
}

// reportedTest is the test once it is reported.
const reportedTest = "{kind: test, id: t, title: Test of Testham, framework: local-test-of-assurance-2013, assessor: jane, assessor_organisation: lga, started_on: 2026-11-01, reported_on: 2026-11-20}"

// An adviser recommends, and once the test is reported the council answers; neither does the other's part. What is late is marked.
func TestRecommendAndRespond(t *testing.T) {
	s := withRoles(t, judgedStructure)
	adviser, governance := s.as("adviser"), s.as("governance")
	adviser.open(judgedTest + "/recommendations")
	adviser.want("No recommendations.")
	adviser.open(adviser.link("Add a recommendation"))
	if status := adviser.send("/recommendations/new"); status != http.StatusUnprocessableEntity {
		t.Errorf("an empty recommendation: %d", status)
	}
	adviser.want("Enter the recommendation")
	adviser.answer("/recommendations/new", "text", "Write a plan.", "number", "1", "findings", "f2", "due.day", "1", "due.month", "10", "due.year", "2026")
	adviser.want("The recommendation is recorded.")
	adviser.open(judgedTest + "/recommendations")
	adviser.want("Recommendation 1", "Write a plan.", "Follows from 13 No plan", "No response yet", "Late")
	at := adviser.link("Recommendation 1")
	for _, target := range []string{judgedTest + "/recommendations", at, judgedTest + "/criteria/accountability", judgedTest + "/map", judgedTest + "/summary", judgedTest + "/conditions"} {
		if status, page := governance.status(target); status != http.StatusForbidden || strings.Contains(page, "Write a plan") {
			t.Errorf("governance sees %s before the report: %d", target, status)
		}
	}
	governance.open("/assurance/actions")
	governance.lacks("Write a plan")

	s.load(nil, reportedTest)
	governance.open(at)
	governance.want("The council's response", "Write a plan.")
	part := strings.TrimPrefix(at, judgedTest)
	governance.answer(part, "response", "accepted", "response_text", "We will, by spring.", "owner", "Chief Executive", "due.day", "1", "due.month", "4", "due.year", "2027", "said_by", "council")
	governance.want("Accepted: We will, by spring.", "1 April 2027", "Open")
	if status := governance.send(part, "response", "accepted", "accepted_complete_on.day", "1", "accepted_complete_on.month", "11", "accepted_complete_on.year", "2026", "said_by", "council"); status != http.StatusUnprocessableEntity {
		t.Errorf("complete by nobody: %d", status)
	}
	if got := s.fields("recommendation", "text"); len(got) != 1 || got[0] != "Write a plan." {
		t.Errorf("the words are now %v", got)
	}
	adviser.open(at)
	adviser.lacks("Save this recommendation", "Save the response")
	for _, sent := range [][]string{{"text", "Write no plan.", "number", "1"}, {"response", "rejected", "said_by", "council"}} {
		if status := adviser.sent(at, sent...); status < 400 {
			t.Errorf("the adviser sends %v: %d", sent, status)
		}
	}
	if status := governance.sent(at, "text", "Write no plan.", "number", "1"); status != http.StatusForbidden {
		t.Errorf("the council words it otherwise: %d", status)
	}
	s.load(nil, "{kind: action, id: plan, title: Write the plan, recommendation: "+strings.TrimPrefix(part, "/recommendations/")+", owner: chief, due: 2026-11-01, status: on-track}")
	governance.open(judgedTest + "/recommendations")
	governance.want("Write the plan", "Chief Executive", "On track", "Late")
}

// The council says that a condition is met, and the adviser whether they agree.
func TestConfirmACondition(t *testing.T) {
	s := withRoles(t, judgedStructure+"---\n{kind: judgement, id: j, test: t, criterion: accountability, outcome: met-with-condition, rationale: As long as it is so}\n---\n{kind: condition, id: c, judgement: j, text: The board looks at it.}\n")
	adviser, governance := s.as("adviser"), s.as("governance")
	at := judgedTest + "/conditions/c"
	if status := governance.sent(at, "said_by", "council", "state", "met"); status < 400 {
		t.Errorf("before the report: %d", status)
	}
	s.load(nil, reportedTest)
	adviser.open(at)
	adviser.want("Nothing yet")
	adviser.lacks("Do you agree")
	governance.open(at)
	if status := governance.send("/conditions/c", "said_by", "council"); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing said: %d", status)
	}
	governance.answer("/conditions/c", "said_by", "council", "state", "met", "text", "It looked at it on 1 November.")
	governance.want("The council says that it is met, ", ": It looked at it on 1 November.")
	if status := governance.sent(at, "said_by", "adviser", "state", "met"); status != http.StatusForbidden {
		t.Errorf("the council confirms its own word: %d", status)
	}
	governance.open("/assurance/actions?state=to-confirm")
	governance.want("The council says that it is met; the adviser has not confirmed it")
	adviser.open(at)
	adviser.answer("/conditions/c", "said_by", "adviser", "state", "not-met", "text", "There are no minutes.")
	adviser.want("The adviser says that it is not met, ", ": There are no minutes.")
	governance.open("/assurance/actions?state=disagreed")
	governance.want("The adviser does not agree that it is met")
}

// Points on a letter that went out for factual accuracy, and the answers to them.
func TestFactualAccuracy(t *testing.T) {
	s := withRoles(t, judgedStructure)
	adviser, governance, staff := s.as("adviser"), s.as("governance"), s.as("staff")
	governance.open(judgedTest + "/accuracy")
	governance.want("No letter of this test has gone out for factual accuracy.")
	s.load(nil, "{kind: letter, id: l, test: t, title: Draft letter, purpose: factual-accuracy, dated: 2026-11-20, answers_by: "+s.day(12)+"}")
	governance.open(judgedTest + "/accuracy")
	governance.want("No factual points were raised.", "Points can be made until ")
	governance.open(governance.link("Add a point on Draft letter"))
	if status := governance.send("/accuracy/new"); status != http.StatusUnprocessableEntity {
		t.Errorf("an empty point: %d", status)
	}
	governance.answer("/accuracy/new", "paragraph", "15", "wrong", "There are four posts, not three.", "shown_by", "The chart")
	governance.want("The point is recorded.")
	for who, v := range map[string]*visit{"adviser": adviser, "staff": staff} {
		if status := v.sent(judgedTest+"/accuracy/new?letter=l", "wrong", "Something"); status < 400 {
			t.Errorf("%s makes a point: %d", who, status)
		}
	}
	staff.open(judgedTest + "/accuracy")
	staff.lacks("four posts", "Draft letter")
	adviser.open(judgedTest + "/accuracy")
	at := adviser.link("There are four posts, not three.")
	if status := governance.sent(at, "said_by", "adviser", "answer", "corrected"); status != http.StatusForbidden {
		t.Errorf("the council answers itself: %d", status)
	}
	adviser.open(at)
	adviser.answer(strings.TrimPrefix(at, judgedTest), "said_by", "adviser", "answer", "corrected-in-part", "answer_text", "The chart of May says so.")
	adviser.want("Corrected in part", "The chart of May says so.")
	if status := governance.sent(at, "wrong", "There are five posts.", "paragraph", "15"); status < 400 {
		t.Errorf("an answered point is changed: %d", status)
	}
	s.load(nil, "{kind: letter, id: out, test: t, title: Letter, purpose: issue, dated: 2026-11-20}\n---\n"+reportedTest)
	governance.open(judgedTest + "/accuracy")
	governance.want("The letter is issued, so no more points can be made.")
	governance.lacks("Add a point")
}
