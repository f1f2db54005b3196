package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"plumbline/internal/access"
)

// The page of a proposal says what it would do, leads to where each thing is put right, and says which day was assumed.
func TestChecksOfAProposal(t *testing.T) {
	s := reading(t)
	const at = "/proposals/people-directorate/checks?on=2015-06-05"
	s.ok(at)
	_, page := s.get(at)
	says := words(page)
	for _, want := range []string{
		"The proposal does not say from which day it would apply. What it leaves undated is taken to apply from 5 June 2015, the day looked at.",
		"Must fix before a decision (0)", "Nothing has to be put right before a decision.", "Think about (15)",
		"Departure from guidance from 5 June 2015: The director of adult social services should be directly accountable to the chief executive.",
		"Director of Public Health would report to Corporate Director – People (director of children's services). (rule DPH-04 )",
		"would also have adult social care and public health in hand. Guidance then asks for a local test of assurance (DCS-09). Proposals to establish a People Directorate – independent local test of assurance: it was reported on 5 June 2015.",
		"Improvement Board, Children and Families ends, and 2 findings of a test of assurance say that it must be retained.",
		"Passed (20)", "5 June 2015 (assumed)", "No salary is recorded of the 7 posts",
	} {
		if !strings.Contains(says, want) {
			t.Errorf("nothing says %q", want)
		}
	}
	for _, want := range []string{`href="/assurance/check/DASS-03?on=2015-06-05&amp;proposal=people-directorate"`, `href="/structure/posts/director-public-health?on=2015-06-05&amp;proposal=people-directorate"`} {
		if !strings.Contains(page, want) {
			t.Errorf("nothing leads to %s", want)
		}
	}
	_, later := s.get(at + "&launch=1+September+2015")
	if says := words(later); strings.Contains(says, "assumed") || !strings.Contains(says, "Departure from guidance from 1 September 2015") || !strings.Contains(later, `name="launch" value="1 September 2015"`) {
		t.Errorf("with a day given:\n%s", says)
	}
	if status, wrong := s.get(at + "&launch=soon"); status != http.StatusUnprocessableEntity || !strings.Contains(words(wrong), "“soon” is not a date. Write it as 1 September 2015 or 2015-09-01, or a month as 2015-09") || !strings.Contains(wrong, `value="soon"`) {
		t.Errorf("a day that is none: %d\n%s", status, words(wrong))
	}
	if status, _ := s.get("/proposals/people-directorat/checks"); status != http.StatusNotFound {
		t.Errorf("a proposal that is not there: %d", status)
	}
	var file struct {
		Proposal struct{ Record string }
		Outcomes []struct{ Rule, Is string }
		Test     struct{ Needed bool }
	}
	_, body := s.get("/proposals/people-directorate/checks.json?on=2015-06-05")
	if err := json.Unmarshal([]byte(body), &file); err != nil || file.Proposal.Record != "proposal/people-directorate" || len(file.Outcomes) != 9 || !file.Test.Needed {
		t.Errorf("the file: %v %+v", err, file)
	}
	if _, txt := s.get("/proposals/people-directorate/checks.txt?on=2015-06-05"); !strings.Contains(txt, "What the proposal would do: People Directorate") {
		t.Errorf("as text: %s", txt)
	}
	// As it was known before it was recorded there is nothing of it.
	if status, _ := s.get(at + "&known=2003-09-17"); status != http.StatusNotFound {
		t.Errorf("before it was recorded: %d", status)
	}
}

// What a person may not see makes no false answer: it is said that a role would be empty and a rule broken, and not of what that is so.
func TestChecksOfWhatIsClosed(t *testing.T) {
	o := staffed(t)
	o.load(nil, `
{kind: designation, id: hps, role: HPS, post: chief}
---
{kind: designation, id: dcs, role: DCS, post: head}
---
{kind: person, id: ann, name: Ann}
---
{kind: appointment, id: ann, person: ann, post: head, from: 2020-01-01}
---
{kind: proposal, id: merge, title: Merge, status: consultation}
---
{kind: post, id: p9, proposal: merge, title: Canary Post, unit: people, reports_to: chief, from: 2030-01-01, visibility: restricted, exempt: Schedule 12A paragraph 1, decided: the monitoring officer}
---
{kind: designation, id: dcs, proposal: merge, role: DCS, post: p9, from: 2030-01-01}
---
{kind: appointment, id: bob, proposal: merge, person: ann, post: p9, from: 2030-02-01}
---
{kind: proposal, id: quiet, title: Quiet, status: consultation}
`)
	o.add("Sta", access.Staff)
	o.add("Gov", access.Governance)
	for who, want := range map[string][]string{
		"gov": {"Nobody would be director of children's services from 1 January 2030 to 31 January 2030 (31 days): Canary Post is designated, and nobody is in post.", "Appoint somebody, or cover"},
		"sta": {"Nobody would be director of children's services from 1 January 2030 to 31 January 2030. This rests on a fact that you may not see."},
	} {
		_, _, page := o.browser().signIn(who).ask("/proposals/merge/checks", nil)
		says := words(page)
		for _, w := range want {
			if !strings.Contains(says, w) {
				t.Errorf("%s is not told %q:\n%s", who, w, says)
			}
		}
		if leaks := strings.Contains(page, "Canary"); leaks != (who == "gov") {
			t.Errorf("%s sees what is closed: %t\n%s", who, leaks, says)
		}
	}
	_, _, page := o.browser().signIn("gov").ask("/proposals/merge/checks", nil)
	if !strings.Contains(page, `href="/structure/appointments/new?proposal=merge&amp;post=p9"`) {
		t.Errorf("nothing leads to where somebody is appointed under the proposal:\n%s", page)
	}
	if _, _, page := o.browser().signIn("gov").ask("/proposals/merge/decision", nil); !strings.Contains(words(page), "Checks 1 matter to put right before a decision") || !strings.Contains(page, `href="/proposals/merge/checks"`) {
		t.Errorf("whoever decides is not told what has to be put right:\n%s", words(page))
	}
	_, _, page = o.browser().signIn("sta").ask("/proposals/quiet/checks", nil)
	if !strings.Contains(words(page), "No changes yet, so there is nothing to check.") {
		t.Errorf("a proposal without changes:\n%s", words(page))
	}
	if status, _, _ := o.browser().ask("/proposals/merge/checks", nil); status != http.StatusSeeOther {
		t.Errorf("without an account: %d", status)
	}
}
