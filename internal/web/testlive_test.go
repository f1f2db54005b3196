package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// directorate is the record of the two documents with the People Directorate adopted, somebody with experience in post from its first day, then nobody,
// and then a successor who has none.
func directorate(t testing.TB) *site {
	t.Helper()
	return keep(t, "directorate", func(s *site) {
		s.loadHarrow()
		day := func(d string) fact.Date {
			out, err := fact.ParseDate(d)
			if err != nil {
				s.t.Fatal(err)
			}
			return out
		}
		v := s.book.View(fact.DayIn(now), s.book.Known()).With("people-directorate")
		edit, problems := v.Decide(graph.Ruling{Outcome: graph.Adopted, On: day("2015-06-17"), By: fact.Key{Kind: "board", ID: "cabinet"}, Launch: day("2015-09-01"), Despite: "The programme settles it"})
		if problems != nil {
			s.t.Fatal(problems)
		}
		if _, err := s.book.Do(s.t.Context(), book.Owner, book.Change{Docs: edit.Docs}); err != nil {
			s.t.Fatal(err)
		}
		s.load(nil, `
{kind: person, id: first-director, name: First Director, experience: [children]}
---
{kind: person, id: successor, name: Second Director, experience: [adults]}
---
{kind: appointment, id: first-director, person: first-director, post: corporate-director-people, basis: permanent, from: 2015-09-01, until: 2016-02-29}
---
{kind: appointment, id: successor, person: successor, post: corporate-director-people, basis: permanent, from: 2016-04-01}
`)
	})
}

// The day on which a successor without the experience starts, the condition fails, the judgement is out of date, and the first page, the test and the calendar say so. Before, they
// did not. While nobody is in the post, it cannot be tested.
func TestSuccessorWithoutExperience(t *testing.T) {
	s := directorate(t)
	const fails, home = "It does not hold on this day, since 1 April 2016", "Condition: As long as the Corporate Director – People is an officer whose experience in children's services is recent and relevant"
	s.says(map[string][]string{
		letterTest + "/live?on=2016-02-29": {"It holds on this day", "Accountabilities and responsibilities Met with a condition Current", "not: " + fails, "not: Out of date", "Nothing has changed since it was issued."},
		letterTest + "/live?on=2016-03-01": {"It cannot be tested by the record: the post is vacant on this day, since 1 March 2016", "Out of date: Corporate Director – People: First Director left, and nobody holds the post"},
		letterTest + "/live?on=2016-03-31": {"It cannot be tested by the record", "not: It does not hold"},
		letterTest + "/live?on=2016-04-01": {fails, "Accountabilities and responsibilities Met with a condition Out of date: Corporate Director – People: the holder changed from First Director to Second Director"},
		"/?on=2016-02-29":                  {"not: " + home},
		"/needs?on=2016-02-29":             {"not: " + home, "not: the judgement is out of date"},
		"/needs?on=2016-03-01":             {home + ". Say whether it is met"},
		"/?on=2016-04-01":                  {home},
		"/needs?on=2016-04-01":             {home, "Accountabilities and responsibilities: the judgement is out of date: Corporate Director – People: the holder changed from First Director to Second Director"},
	})
	for on, want := range map[string]string{
		"2016-02-29": "", "2016-03-15": "DTSTART;VALUE=DATE:20160301|Condition 1 of the test of assurance cannot be tested", "2016-04-01": "DTSTART;VALUE=DATE:20160401|Condition 1 of the test of assurance does not hold",
	} {
		status, body := s.get(letterTest + "/live.ics?on=" + on)
		body = strings.ReplaceAll(body, "\r\n ", "")
		if status != http.StatusOK || !strings.Contains(body, "SUMMARY:Review of the test of assurance is due") {
			t.Fatalf("%s: %d %s", on, status, body)
		}
		for _, part := range strings.Split(want, "|") {
			if want != "" && !strings.Contains(body, part) {
				t.Errorf("the calendar on %s is without %q:\n%s", on, part, body)
			}
		}
		if want == "" && strings.Contains(body, "Condition") {
			t.Errorf("the calendar on %s: %s", on, body)
		}
		if strings.Contains(body, "Director") && strings.Contains(body, "Second") {
			t.Errorf("the calendar names somebody: %s", body)
		}
	}
}

// A board that looked at the test is on its page; sent twice it is there once, and what is wrong with it is said.
func TestBoardLookedAtATest(t *testing.T) {
	s := harrow(t)
	v := s.visit(letterTest + "/live")
	v.want("Nobody is recorded to have looked at it.", "Record that a board looked at it")
	if status := v.send("/live", "viewed_on.day", "1", "viewed_on.month", "3", "viewed_on.year", "2031"); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing given: %d", status)
	}
	v.want("There is a problem", "must be today or in the past")
	v.open(letterTest + "/live")
	for range 2 {
		v.answer("/live", "board", "Cabinet", "viewed_on.day", "9", "viewed_on.month", "9", "viewed_on.year", "2015", "text", "They asked for the plan.")
		v.open(letterTest + "/live")
		v.want("Cabinet 9 September 2015 They asked for the plan.")
	}
	if _, page := s.get(letterTest + "/live"); strings.Count(page, "They asked for the plan.") != 1 {
		t.Error("it is there twice")
	}
}

// The files of a test are offered, each with its own name, and before the test is reported not.
func TestFilesOfATestAsOSCAL(t *testing.T) {
	s := reading(t)
	s.says(map[string][]string{
		letterTest + "/oscal?on=2015-06-05":         {"assessment-results.json", "plan-of-action-and-milestones.json", "keep the names"},
		letterTest + "/oscal/catalog?on=2015-06-05": {"The criteria of the framework", "OSCAL (JSON)"},
	})
	r := s.do(request(http.MethodGet, letterTest+"/oscal/assessment-results.json?on=2015-06-05"))
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Get("Content-Disposition"); got != `attachment; filename="assessment-results.json"` || !strings.Contains(string(body), `"reason": "met-with-condition"`) {
		t.Errorf("%q %.200s", got, body)
	}
	if status, _ := s.get(letterTest + "/oscal/nothing?on=2015-06-05"); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
}

// When the proposal is adopted, the letter still says what was proposed, and not that nothing is known of it.
func TestLetterOfWhatWasAdopted(t *testing.T) {
	directorate(t).says(map[string][]string{
		letterTest + "/letter?on=2016-04-01": {"The number of Corporate Director posts would go from 4 to 3.", "would report: Director of Adult Social Services", "not: Not recorded"},
	})
}

// The first page of the section says what is live, and the kinds of its records stay within reach.
func TestWhatIsLive(t *testing.T) {
	s := directorate(t)
	s.says(map[string][]string{
		"/assurance?on=2003-10-01": {"No tests on this day. When a proposal gives a director of children's services other duties, a test is expected."},
		"/assurance?on=2016-02-29": {"Met · Met with a condition · Met", "0 of 1", "June 2016", "Live"},
		"/assurance?on=2016-04-01": {"1 of 1", "Out of date", "All records"},
		"/assurance/records":       {"Statements of statutory officers"},
	})
}

// The review lays then beside now, and begins a test that replaces the one that is reviewed, blank.
func TestReviewOfATest(t *testing.T) {
	s := harrow(t)
	s.load(nil, `
{kind: feedback, id: staff, title: Staff survey, given_by: workforce, given_on: 2015-05-01, people: 12}
---
{kind: feedback, id: staff-2, title: Staff survey, given_by: workforce, given_on: 2016-05-01, people: 412}
---
{kind: feedback, id: users, title: Focus group, given_by: service-users, given_on: 2016-05-02}
---
{kind: recommendation, id: people-directorate-2015-3, test: people-directorate-2015, number: 3, text: Dedicate change management capacity, response: accepted, accepted_complete_on: 2016-01-10}
`)
	s.says(map[string][]string{
		letterTest + "/review?on=2016-06-01": {"Figures then and now cannot be shown: the record has no place for indicators.", "The review is due June 2016.", "Accountabilities and responsibilities Met with a condition", "No response yet: 4; met or complete: 1.", "Workforce 1 round (12 people) 1 round (412 people)", "Service users none 1 round", "not: Begin the review"},
	})
	v := s.visit(letterTest + "/review")
	v.want("The review was due June 2016.", "Begin the review")
	v.open("/assurance/tests-of-assurance/new?supersedes=people-directorate-2015")
	v.want("It is the review of", "It starts blank")
	v.answer("/new", "commissioned_by", "Chief Executive", "test_of", "structure", "structure_on.day", "1", "structure_on.month", "9", "structure_on.year", "2016", "framework", "local-test-of-assurance-2013", "started_on.day", "20", "started_on.month", "11", "started_on.year", "2026", "title", "The review")
	v.want("The review", "Proposals to establish a People Directorate – independent local test of assurance")
	v.open(letterTest + "/review")
	v.want("It was reviewed by another test: The review.")
	if strings.Contains(v.page, "Begin the review") {
		t.Error("it can be begun again")
	}
}

// What the holder of a role states for a quarter is on the page of the quarter, and only for those who may see what is restricted.
func TestStatementsOfOfficers(t *testing.T) {
	s := directorate(t)
	s.says(map[string][]string{
		"/assurance/statements?on=2015-10-15":                             {"Quarter 3 2015/16 (October to December 2015).", "Director of children's services First Director", "Not met: ", "No statement is recorded that you can see.", "not: Record a statement"},
		"/assurance/statements?on=2016-04-01":                             {"Quarter 1 2016/17 (April to June 2016).", "Second Director"},
		"/assurance/statements?on=2015-10-15&quarter=2015%2F16+quarter+2": {"Quarter 2 2015/16 (July to September 2015)."},
	})
	if status, _ := s.get("/assurance/statements?quarter=soon"); status != http.StatusNotFound {
		t.Errorf("a quarter that is none: %d", status)
	}
	s = harrow(t)
	s.load(nil, "{kind: council, id: council, name: Testham, type: unitary, governance: leader-and-cabinet}\n---\n{kind: post, id: head-of-service, title: The Head of It, capacity: officer}\n---\n{kind: designation, id: hps-now, role: HPS, post: head-of-service, from: 2026-01-01}\n---\n{kind: risk, id: cases, title: Caseloads are too high, owner: head-of-service, current_likelihood: 4, from: 2026-01-01}\n---\n{kind: statement, id: before, role: HPS, quarter: 2026/27 quarter 2, answer: cannot, exceptions: The audit is not done., stated_on: 2026-09-30}\n")
	v := s.visit("/assurance/statements")
	v.want("Head of paid service 2026/27 quarter 2 The audit is not done.", "Caseloads are too high The Head of It Likelihood 4 Not recorded", "No inspection is recorded of what it answers for.")
	if status := v.send("/statements", "role", "HPS", "answer", "cannot", "stated_on.day", "20", "stated_on.month", "11", "stated_on.year", "2026"); status != http.StatusUnprocessableEntity {
		t.Errorf("without reasons: %d", status)
	}
	v.want("Enter the exceptions, or why assurance cannot be given")
	v.open("/assurance/statements")
	v.answer("/statements", "role", "HPS", "answer", "with-exceptions", "exceptions", "Two posts are empty.", "about", "Caseloads are too high", "stated_on.day", "20", "stated_on.month", "11", "stated_on.year", "2026")
	v.want("I can give assurance, with exceptions, 20 November 2026: Two posts are empty.")
	key := fact.Key{Kind: "statement", ID: "s-hps-2026-q3"}
	if got := s.book.View(fact.DayIn(now), s.book.Known()).Class(key).Visibility; got != "restricted" {
		t.Errorf("it is %q", got)
	}
	v.open("/assurance/statements")
	v.answer("/statements", "role", "HPS", "answer", "can", "stated_on.day", "21", "stated_on.month", "11", "stated_on.year", "2026")
	v.want("I can give assurance, 21 November 2026.", "Nothing that you can see is carried forward")
}
