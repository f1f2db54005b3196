package web_test

import (
	"fmt"
	"strings"
	"testing"
)

// What the report for the decision lacks is recorded by the forms of the proposal, and then stands in it, on the page and for Word.
func TestReportJourneyInABrowser(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			s := empty(t)
			s.load(nil, proposed)
			b := s.tab(map[bool]int{true: 1280, false: 320}[scripts], scripts)
			b.open("/proposals/one")
			b.follow("Write the report to Cabinet")
			b.says("[Not recorded: a summary of what is proposed]", "[Not recorded: what those who decide are asked to agree]", "Whether it is a key decision is not recorded")

			b.follow("Record a change or correction")
			b.click("It changed on a date")
			b.follow("Continue")
			for _, field := range []string{"Summary", "Recommendations", "Key decision", "Notice of the decision published on"} {
				b.click(field)
			}
			b.follow("Continue")
			b.fill("Summary (optional)", "One head is to lead all care.\n\n- For adults\n- For children")
			b.follow("Continue")
			b.fill("Recommendations (optional)", "To approve one head of care\nTo review it after a year")
			b.follow("Continue")
			b.click("Yes")
			b.follow("Continue")
			b.date("20", "11", "2026")
			b.follow("Continue")
			b.date("21", "11", "2026")
			b.follow("Continue")
			b.follow("Continue") // where it comes from
			b.says("One head is to lead all care.", "To review it after a year")
			b.follow("Record this")

			b.follow("Report for the decision")
			b.says("One head is to lead all care.", "2.1 To approve one head of care.", "2.2 To review it after a year.", "Key decision", "Notice was published on 20 November 2026, 19 clear days before the decision of 10 December 2026. The law asks for at least 28. Decide on a later day, from 19 December 2026 on")
			b.picture(fmt.Sprintf("report-for-the-decision-%t", scripts))
			word := wordText(t, body(s.do(request("GET", b.at()[:strings.IndexByte(b.at()+"?", '?')]+".docx"))))
			if !strings.Contains(word, "To approve one head of care.") || strings.Contains(word, "a summary of what is proposed]") {
				t.Errorf("the Word document: %s", word)
			}
		})
	}
}
