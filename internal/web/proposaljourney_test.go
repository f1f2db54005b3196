package web_test

import (
	"fmt"
	"testing"

	"plumbline/internal/fact"
)

// A proposal is drafted from nothing, read, commented on, answered, given a number, decided and in force, by nothing but what is on the pages.
func TestProposalJourneyInABrowser(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			s := empty(t)
			s.load(nil, smallCouncil)
			b := s.tab(map[bool]int{true: 1280, false: 320}[scripts], scripts)
			b.open("/proposals")
			b.follow("Record a proposal")
			b.follow("Continue") // without a title
			b.says("Enter the title")
			b.fill("Title", "One head for all")
			b.follow("Continue")
			b.follow("Record this")
			b.says("Success", "Nothing yet.")

			b.follow("Look at the structure under this proposal, and change a post")
			b.follow("Head of Service")
			b.says("What you record here is proposed. It changes nothing that is in force.")
			b.follow("Propose a change")
			b.click("It would change on a date")
			b.follow("Continue")
			b.click("Title")
			b.follow("Continue")
			b.fill("Title", "Director of Services")
			b.follow("Continue")
			b.date("1", "4", "2027")
			b.follow("Continue")
			b.fill("Source (optional)", "Paper 1")
			b.follow("Continue")
			b.says("Dates from 1 April 2027", "Director of Services")
			b.follow("Record this")
			b.says("Success", "Proposed")

			b.open("/proposals/one-head-for-all")
			b.follow("1 record would change")
			b.says("You have read 0 of 1 change.", "Director of Services")
			b.click("Read changed Director of Services")
			b.follow("Save what I have read")
			b.says("You have read 1 of 1 change.")
			b.follow("Comment")
			b.fill("Comment", "Who answers for adults then?")
			b.follow("Save what I say")
			b.says("Who answers for adults then?", "Open")
			b.click("Answer Owner, 22 November 2026, 10am")
			b.fill("Answer", "The same post.")
			b.click("Answered")
			b.follow("Save the answer")
			b.says("The same post.")

			b.follow("Versions")
			b.fill("What is new in it (optional)", "As published")
			b.follow("Make version 1")
			b.says("Version 1", "As published")
			b.follow("Comments and reviews")
			b.click("I support it")
			b.follow("Save what I say")
			b.says("1 in support", "on version 1")

			b.follow("Decision")
			b.click("Adopted: bring it into force")
			b.date("20", "11", "2026")
			b.fill("Decided by (optional)", "Cabinet")
			b.fill("Minute or decision number (optional)", "Minute 9")
			b.follow("Continue")
			b.says("Check before it is recorded", "Director of Services", "From 1 April 2027")
			b.follow("Record this")
			b.says("It was adopted, and its changes are in force, each from its own day.")
			for on, title := range map[fact.Day]string{fact.DayOf(2027, 3, 31): "Head of Service", fact.DayOf(2027, 4, 1): "Director of Services"} {
				if got := s.book.View(on, -1).Record(fact.Key{Kind: "post", ID: "head"}).Text("title"); got != title {
					t.Errorf("on %s it is %q, want %q", on, got, title)
				}
			}
		})
	}
}
