package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"plumbline/internal/access"
)

// The pages of a proposal that are reports of it say what its files say, of the day and as it was known then.
func TestReportsOnAProposal(t *testing.T) {
	s := reading(t)
	const at, day = "/proposals/people-directorate", "?on=2015-06-05"
	s.says(map[string][]string{
		at + "/case" + day:         {"Drivers Savings of about £83m in the years up to 2018/19", "No options recorded. Reports to Cabinet usually need at least one other option.", "What Do nothing This proposal", "Departures from statutory guidance 0 2", "[Not recorded: what the proposal means for people with each protected characteristic"},
		at + "/money" + day:        {"The saving is estimated at £4,000,000.", "Restructure of senior management Saving Not recorded £4,000,000 Planned", "[Not recorded: the salaries of the posts"},
		at + "/report" + day:       {"Report to Cabinet", "2.1 [Not recorded: what those who decide are asked to agree]", "8 Legal implications", "Corporate Director, Children and Young People Corporate Director – People", "Appendix A: Every change", "Equality Act 2010, section 149"},
		at + "/staff-report" + day: {"1.1 This is a report of the head of paid service to the council", "Report to the head of paid service 4 3 −1", "Director of Public Health Moved Not recorded Corporate Director – People"},
		at + day:                   {"Write the report to Cabinet", "Report for the decision Report on staff"},
		at + "/decision" + day:     {"Notice of the decision Whether it is a key decision is not recorded, so it cannot be said whether notice of it was needed."},
		at + "/report?on=2015-04-14&known=2015-06-05": {"The proposal is not on record on this day, so there is nothing to report."},
	})
	for _, part := range []string{"case", "money", "report", "staff-report"} {
		_, page := s.get(at + "/" + part + day)
		r := s.do(request("GET", at+"/"+part+".docx"+day))
		if word := wordText(t, body(r)); r.StatusCode != http.StatusOK || !strings.Contains(word, "People Directorate") || strings.Count(word, "[Not recorded") == 0 {
			t.Errorf("%s.docx: %d %s", part, r.StatusCode, word)
		}
		if strings.Count(page, "<mark>") == 0 || strings.Contains(page, `href="#note-0"`) {
			t.Errorf("%s: what is not recorded is not marked", part)
		}
		for _, ending := range []string{".txt", ".json"} {
			if status, file := s.get(at + "/" + part + ending + day); status != http.StatusOK || !strings.Contains(file, "People Directorate") {
				t.Errorf("%s%s: %d %s", part, ending, status, file)
			}
		}
		for target, want := range map[string]int{
			at + "/" + part + "?known=2003-09-17": http.StatusNotFound, "/proposals/nothing/" + part: http.StatusNotFound, "/structure/posts/chief-executive/" + part: http.StatusNotFound,
			at + "/" + part + ".csv": http.StatusNotFound, at + "/" + part + "?on=31+February": http.StatusBadRequest,
		} {
			if status, page := s.get(target); status != want {
				t.Errorf("%s: %d, want %d: %.300s", target, status, want, page)
			}
		}
	}
}

// A report on a proposal in draft is for those who may see the proposal, in every form; and what of it is closed to a reader is not in theirs.
func TestReportsOnAProposalInDraft(t *testing.T) {
	o := staffed(t)
	o.load(nil, closed)
	o.add("Sta", access.Staff)
	o.add("Gov", access.Governance)
	for _, part := range []string{"case", "money", "report", "staff-report"} {
		for _, ending := range []string{"", ".docx", ".txt", ".json"} {
			at := "/proposals/secret-proposal/" + part + ending
			status, _, page := o.browser().signIn("sta").ask(at, nil)
			if status != http.StatusNotFound || canary.MatchString(strings.ReplaceAll(page, "secret-proposal", "")) {
				t.Errorf("%s for staff: %d %s", at, status, words(page))
			}
			if status, _, page = o.browser().signIn("gov").ask(at, nil); status != http.StatusOK || ending != ".docx" && !strings.Contains(page, "Canary Proposal") {
				t.Errorf("%s for governance: %d %s", at, status, words(page))
			}
			if status, _, _ := o.browser().ask(at, nil); status == http.StatusOK {
				t.Errorf("%s for nobody: %d", at, status)
			}
		}
	}
}

// A report on a proposal that moves hundreds of posts of a large council stays within what a page may ask of a reader; the Word document has all of it.
func TestReportOnALargeProposal(t *testing.T) {
	s := keep(t, "grown-proposal", func(s *site) {
		s.grow(1000)
		var b strings.Builder
		b.WriteString("{kind: proposal, id: large, title: Everything moves, status: consultation}")
		for i := 200; i < 600; i++ {
			fmt.Fprintf(&b, "\n---\n{kind: post, id: p%d, proposal: large, title: Moved Post %d, capacity: officer, unit: u%d, reports_to: p1}", i, i, (i+100)/20)
		}
		s.load(nil, b.String())
	})
	at := "/proposals/large/"
	s.light(at+"report", at+"staff-report", at+"case", at+"money")
	_, page := s.get(at + "report")
	if !strings.Contains(page, "more rows of this table: the Word document has all of them.") || strings.Contains(page, "Moved Post 599") {
		t.Error("it does not say that there is more")
	}
	word := wordText(t, body(s.do(request("GET", at+"report.docx"))))
	for i := 200; i < 600; i++ {
		if !strings.Contains(word, fmt.Sprintf("Moved Post %d", i)) {
			t.Fatalf("the Word document lacks Moved Post %d", i)
		}
	}
}
