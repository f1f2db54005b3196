package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/fact"
)

// proposed is a council with a proposal in two waves and an option to it.
const proposed = smallCouncil + `
---
{kind: unit, id: adults, name: Adults, type: directorate, head: head}
---
{kind: function, id: homes, name: Care homes, domain: ASC, ages: adults, unit: adults}
---
{kind: proposal, id: one, title: One service, status: consultation, option: A, consultation_opens: 2026-11-01, consultation_closes: 2026-11-30, decision_on: 2026-12-10, decided_by: cabinet}
---
{kind: proposal, id: two, title: Two services, status: draft, option: B, option_of: one}
---
{kind: post, id: head, proposal: one, from: 2027-04-01, title: Director of Care, unit: people, reports_to: chief, source: paper 1, note: One head for all}
---
{kind: unit, id: adults, proposal: one, end: 2027-09-30}
---
{kind: function, id: homes, proposal: one, from: 2027-10-01, name: Care homes, domain: ASC, ages: adults, unit: people}
`

const atOne = "/proposals/one"

// A proposal is read, said something of, numbered, brought up to date and decided.
func TestProposalFromDraftToInForce(t *testing.T) {
	s := empty(t)
	s.load(nil, proposed)
	v := s.visit(atOne)
	v.want("This is a proposal. It is not in force.", "3 records would change", "1 April 2027: 1 record; 1 October 2027: 2 records", "Where it has got to", "Options", "Two services", "One service (this one)")

	// the changes, read one by one
	v.open(atOne + "/changes")
	v.want("You have read 0 of 3 changes.", "Director of Care", "Care homes", "Show only unread", "Now", "Proposed")
	read := v.values("read")
	v.answer("/changes", "read", read[0], "read", read[1])
	v.want("You have read 2 of 3 changes.")
	v.open(v.link("Show only unread"))
	v.want("You have read 2 of 3 changes.")
	if got := len(v.values("read")); got != 1 {
		t.Errorf("%d unread changes", got)
	}
	v.open(atOne + "/changes?view=charts")
	v.want("Director of Care", "Head of Service")
	if v.post(atOne+"/changes", url.Values{"read": {"nonsense"}}).StatusCode != http.StatusBadRequest {
		t.Error("anything can be marked as read")
	}

	// one change, and what is said of it
	v.open(atOne + "/comment?about=post/head")
	v.want("Change 3 of 3", "One head for all", "No comments.", "Previous change")
	if v.send("/comment") != http.StatusUnprocessableEntity {
		t.Fatal("nothing is taken for a comment")
	}
	v.want("Enter your comment")
	v.answer("/comment", "stance", "comment", "text", "Too much for one post.", "capacity", "monitoring officer")
	v.want("Too much for one post.", "monitoring officer", "Open")
	v.answer("/comment", "stance", "comment", "text", "Too much for one post.", "capacity", "monitoring officer")
	if n := strings.Count(v.says(), "Too much for one post."); n != 1 {
		t.Errorf("sent twice it is said %d times", n)
	}
	if v.send("/comment", "stance", "wording", "text", "") != http.StatusUnprocessableEntity {
		t.Fatal("no words are taken for words")
	}
	v.answer("/comment", "stance", "wording", "wording_of", "Title", "wording", "Director of Adults")
	v.want("Suggested words for “Title”: “Director of Adults”")
	taking := s.visit(v.at)
	taking.answer("/take-up")
	taking.want("Correct what is proposed: Director of Care. Proposal: One service")
	if !strings.Contains(taking.page, "Suggested by Owner") {
		t.Error("it does not say who suggested the words")
	}
	taking.answer("/source", "~source", "Suggested by the monitoring officer")
	taking.want("Director of Adults")
	taking.answer("/discard")
	if v.send("/answer", "answer", "") != http.StatusUnprocessableEntity {
		t.Fatal("nothing is taken for an answer")
	}
	v.want("Enter your answer", "Select what becomes of it")
	v.answer("/answer", "answer", "We keep the name.", "state", "not-taken-up")
	v.want("We keep the name.", "Not taken up")

	// a version, and a review of it
	v.open(atOne + "/versions")
	v.want("No version has a number yet.")
	v.answer("/versions", "summary", "As published")
	v.want("Version 1", "As published", "Make version 2")
	v.open(atOne + "/review")
	if v.send("/review") != http.StatusUnprocessableEntity {
		t.Fatal("nothing is taken for a review")
	}
	v.want("Select what you think of it")
	v.answer("/review", "stance", "support", "text", "It is clearer.")
	v.want("1 in support", "It is clearer.", "on version 1", "You have already reviewed version 1", "About Director of Care")

	// what changes in force meanwhile
	s.passed.Add(int64(time.Minute))
	s.load(nil, "{kind: post, id: head, title: Head of Services, grade: G9, unit: people, reports_to: chief}")
	v.open(atOne)
	v.want("1 record of which it speaks was changed in force since it was written.")
	v.open(v.link("Bring it up to date"))
	v.want("Changed by both", "Head of Service", "Head of Services", "Director of Care", "Changed in force, and carried into the proposal", "G9")
	if v.send("/update") != http.StatusUnprocessableEntity {
		t.Fatal("it is brought up to date without a choice")
	}
	v.want("Select what the proposal is to say")
	v.answer("/update", "take.post/head.title", "proposal")
	after := s.book.View(fact.DayOf(2027, 5, 1), -1).With("one").Record(fact.Key{Kind: "post", ID: "head"})
	if after.Text("title") != "Director of Care" || after.Text("grade") != "G9" {
		t.Errorf("brought up to date it is %q, %q", after.Text("title"), after.Text("grade"))
	}
	v.open(atOne + "/update")
	v.want("It is up to date.")

	// version 1 is as people saw it
	v.open(atOne + "/versions?first=1")
	v.want("Version 1, compared with now", "G9")

	// another option
	v.open(atOne)
	v.open(v.link("Begin another option from this one"))
	if v.send("/option") != http.StatusUnprocessableEntity {
		t.Fatal("an option without a title is begun")
	}
	v.answer("/option", "title", "Three services")
	v.want("Three services", "3 records would change", "One service", "Draft")
	if got := s.book.View(fact.DayOf(2027, 5, 1), -1).With("three-services").Record(fact.Key{Kind: "post", ID: "head"}).Text("title"); got != "Director of Care" {
		t.Errorf("the option says %q", got)
	}

	// the decision
	v.open(atOne + "/decision")
	if v.send("/decision") != http.StatusUnprocessableEntity {
		t.Fatal("nothing is taken for a decision")
	}
	v.want("Select what was decided")
	v.answerPage("/decision", "outcome", "adopted", "decision_on.day", "10", "decision_on.month", "12", "decision_on.year", "2026", "decided_by", "Cabinet", "decision_ref", "Minute 9", "key", "yes")
	v.want("Check before it is recorded", "Adopted", "10 December 2026", "Cabinet", "Minute 9", "Key decision", "Director of Care", "Adults", "After 30 September 2027")
	if strings.Contains(v.says(), "This stands against") {
		v.answerPage("/decision")
		v.want("Enter why it is adopted all the same")
		v.answer("/decision", "adopted_despite", "A director is to be designated by then.")
	} else {
		v.answer("/decision")
	}
	for _, c := range []struct {
		on    fact.Day
		title string
	}{{fact.DayOf(2027, 3, 31), "Head of Services"}, {fact.DayOf(2027, 4, 1), "Director of Care"}} {
		if got := s.book.View(c.on, -1).Record(fact.Key{Kind: "post", ID: "head"}).Text("title"); got != c.title {
			t.Errorf("on %s it is %q, want %q", c.on, got, c.title)
		}
	}
	size := s.book.Known()
	v.post(atOne+"/decision", url.Values{"outcome": {"rejected"}, "decision_on.day": {"11"}, "decision_on.month": {"12"}, "decision_on.year": {"2026"}, "decided_by": {"Cabinet"}})
	if s.book.Known() != size {
		t.Error("what is decided is decided again")
	}
	v.open(atOne + "/decision") // it is dated a day to come, and decided all the same
	v.want("Adopted", "Minute 9")
	for _, day := range []string{"1", "9", "10"} { // a day before the decision is no way round it
		v.post(atOne+"/decision", url.Values{"outcome": {"rejected"}, "decision_on.day": {day}, "decision_on.month": {"12"}, "decision_on.year": {"2026"}, "decided_by": {"Cabinet"}})
	}
	if s.book.Known() != size {
		t.Error("what is decided is decided again, on a day before")
	}
	v.open(atOne + "/decision?on=2026-12-11")
	v.want("Adopted", "Minute 9", "Adoption of the proposal: One service")
	v.open(atOne + "/changes?on=2026-12-11&known=" + itoa(size-5))
	v.want("Director of Care")
}

// answerPage sends a form that is answered with a page, and not led on.
func (v *visit) answerPage(action string, pairs ...string) {
	v.t.Helper()
	if status := v.send(action, pairs...); status == http.StatusSeeOther {
		v.t.Fatalf("%s leads on to %s", action, v.at)
	}
}

// values gives the values of all inputs of a name.
func (v *visit) values(name string) (out []string) {
	for _, part := range strings.Split(v.page, `name="`+name+`" value="`)[1:] {
		value, _, _ := strings.Cut(part, `"`)
		out = append(out, value)
	}
	return out
}

// Who may do what with a proposal.
func TestProposalAndRoles(t *testing.T) {
	o := staffed(t)
	o.load(nil, strings.TrimPrefix(proposed, smallCouncil+"\n---"))
	o.add("Stan", access.Staff)
	o.add("Pat", access.Proposer)
	o.add("Ada", access.Adviser)
	stan, pat, ada := o.browser().signIn("stan"), o.browser().signIn("pat"), o.browser().signIn("ada")
	if status, _, page := stan.ask(atOne+"/comment?about=post/head", url.Values{"stance": {"comment"}, "text": {"I wonder."}}); status != http.StatusSeeOther {
		t.Errorf("staff cannot comment: %d %s", status, words(page))
	}
	if status, _, _ := ada.ask(atOne+"/comment?about=post/head", url.Values{"stance": {"comment"}, "text": {"I wonder."}}); status != http.StatusForbidden {
		t.Errorf("an adviser comments: %d", status)
	}
	_, _, page := pat.ask(atOne+"/comment?about=post/head", nil)
	id := page[strings.Index(page, `name="comment" value="`)+len(`name="comment" value="`):]
	id = id[:strings.Index(id, `"`)]
	if status, _, _ := stan.ask(atOne+"/answer", url.Values{"comment": {id}, "answer": {"Mine"}, "state": {"answered"}}); status != http.StatusForbidden {
		t.Errorf("staff answer: %d", status)
	}
	for _, part := range []string{"/versions", "/update", "/decision"} {
		if status, _, _ := stan.ask(atOne+part, url.Values{"outcome": {"withdrawn"}, "decision_on.day": {"1"}, "decision_on.month": {"11"}, "decision_on.year": {"2026"}, "number": {"1"}, "seen": {itoa(o.book.Known())}}); status != http.StatusForbidden {
			t.Errorf("staff send %s: %d", part, status)
		}
		if status, _, page := stan.ask(atOne+part, nil); status != http.StatusOK || strings.Contains(page, `<form method="post" action="/proposals`) {
			t.Errorf("%s for staff: %d, or it has a form", part, status)
		}
	}
	if status, _, _ := stan.ask("/proposals/two/changes", nil); status != http.StatusNotFound {
		t.Errorf("staff see the changes of a draft: %d", status)
	}
	if status, _, page := pat.ask(atOne+"/versions", url.Values{"number": {"1"}, "summary": {"First"}}); status != http.StatusSeeOther {
		t.Errorf("a proposer cannot make a version: %d %s", status, words(page))
	}
	if status, _, _ := pat.ask(atOne+"/decision", url.Values{"outcome": {"adopted"}, "decision_on.day": {"20"}, "decision_on.month": {"11"}, "decision_on.year": {"2026"}, "decided_by": {"Cabinet"}}); status == http.StatusSeeOther {
		t.Errorf("a proposer brings it into force: %d", status)
	}
}
