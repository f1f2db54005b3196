package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// A test is commissioned, and its adviser brings evidence with a file, meets somebody, makes that evidence, and writes findings, by nothing but what is on the pages.
func TestWorkInABrowser(t *testing.T) {
	file := filepath.Join(t.TempDir(), "minutes.txt")
	if err := os.WriteFile(file, []byte("Minutes of the review meeting"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			s := empty(t)
			s.load(nil, reviewed)
			b := s.tab(map[bool]int{true: 1280, false: 320}[scripts], scripts)
			b.open("/proposals/one")
			b.follow("Commission a test of assurance of it")
			b.follow("Commission the test")
			b.says("Enter an answer for “Asked for by”")
			b.fill("Asked for by", "Chief Executive")
			b.fill("Adviser (optional)", "Jane Adviser")
			b.follow("Commission the test")
			b.says("0 of 7 themes assessed.", "This test is about the proposal One directorate")

			b.follow("Ask for documents")
			b.follow("Add evidence")
			b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}))
			b.fill("Title", "Review meeting notes")
			b.follow("Save this piece")
			b.says("Select the kind", "File kept: minutes.txt, 29 bytes")
			b.click("Document")
			b.click("Governance and accountability")
			b.follow("Save this piece")
			b.says("E1 Review meeting notes is recorded.")
			b.follow("Back to the evidence")
			b.follow("E1 Review meeting notes")
			b.says("minutes.txt (29 bytes)", "Minutes of the review meeting")

			b.follow("Interviews")
			b.follow("Add an interview or meeting")
			b.fill("Who is met, by role", "Independent chair")
			b.date("5", "11", "2026")
			b.click("Partnerships and multi-agency working")
			b.follow("Save")
			b.says("“Independent chair” is recorded.")
			b.follow("Back to the programme")
			b.follow("Make it evidence")
			b.follow("Save this piece")
			b.says("E2 Interview: Independent chair is recorded.")

			b.follow("Themes")
			b.follow("Governance and accountability")
			b.follow("Add a finding")
			b.fill("Finding", "Reviews take place each quarter.")
			b.fill("Short title (optional)", "Quarterly reviews")
			b.click("Strength")
			b.click("Accountabilities and responsibilities")
			b.click("E1 Review meeting notes")
			b.fill("Must be retained (optional)", "Safeguarding review meeting")
			b.follow("Save this finding")
			b.says("“1 Quarterly reviews” is recorded.")
			b.follow("Themes")
			b.follow("Governance and accountability")
			b.says("Supports: Accountabilities and responsibilities", "What must be kept", "E1 Review meeting notes")
			b.click("Yes, I have finished")
			b.follow("Save")
			b.says("1 of 7 themes assessed. 0 of 3 criteria judged. 2 pieces of evidence, 1 not used yet.")
		})
	}
}
