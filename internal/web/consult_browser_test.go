package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"plumbline/internal/access"
)

// both judges a page on a phone and at a desk, and leaves it as it was.
func (b *tab) both(name string) {
	b.t.Helper()
	was := b.width
	for _, width := range []int{1280, 320} {
		b.resize(width)
		b.judge(name)
		b.picture(pictureOf(name, fmt.Sprint(width)))
	}
	b.resize(was)
}

// write types into an empty box of several lines with a label.
func (b *tab) write(label, value string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(b.mark(label)), value))
}

// Somebody who has a telephone and no account says what they think; somebody at the council reads it and answers; and the first reads what was done. With scripts and without.
func TestConsultationInABrowser(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			o := consulting(t)
			o.add("Gov", access.Governance)
			judged := func(b *tab, name string) {
				t.Helper()
				if scripts { // the rules of axe are a script
					b.both("consultation " + name)
				} else {
					b.picture(pictureOf("consultation "+name, "without-scripts"))
				}
			}
			b := o.tab(320, scripts)
			b.open("/feedback")
			b.says("Have your say", "Open now", "For staff and residents.")
			judged(b, "list")
			b.follow("Have your say on one directorate")
			b.says("Open until", "One directorate for children and adults", "Give your views", "Telephone 020 7946 0000")
			b.click("See before and after")
			b.says("New post", "Corporate Director")
			judged(b, "for everybody")
			b.follow("Give your views")
			b.says("Step 1 of 5", "Do you agree that there should be one directorate?")
			b.follow("Continue")
			b.says("There is a problem", "Answer this question. You can leave out all others")
			judged(b, "question with nothing answered")
			b.write("Do you agree that there should be one directorate?", "Yes, if there are enough managers.")
			b.follow("Continue")
			b.says("Step 2 of 5", "What would help people most? (optional)")
			b.write("What would help people most?", "One number to call.")
			b.follow("Save and come back")
			b.says("Your answers are kept", "It works once")
			judged(b, "saved")
			back := evaluate[string](b, `document.querySelector('.address').innerText.trim()`)
			b.open(back)
			b.follow("Go on with your reply")
			b.says("Check your answers before you send them", "One number to call.")
			b.follow("Change What would help people most?")
			b.says("Step 2 of 5")
			b.follow("Continue")
			b.follow("Change You reply as")
			b.says("Are you replying as one of these?")
			judged(b, "group")
			b.click("A carer")
			b.follow("Continue")
			b.follow("Change May it be quoted")
			b.click("Yes, with a name that I give on the next page")
			b.follow("Continue")
			b.says("Step 5 of 6", "Which name should stand beside it?")
			judged(b, "name")
			b.fill("Name", "The Carers' Group")
			b.follow("Continue")
			b.says("The Carers' Group", "Step 6 of 6")
			judged(b, "check")
			b.follow("Send your reply")
			b.says("Your reply is sent", "Your reference", "Write the reference down")
			judged(b, "sent")
			b.follow("Take your reply back")
			judged(b, "withdraw")

			g := o.tab(320, scripts)
			g.open("/sign-in")
			g.fill("Email address", "gov@example.com")
			g.fill("Password", goodPassword)
			g.follow("Sign in")
			g.follow("1 reply waits to be read: Have your say on one directorate")
			g.says("1 reply is not in the record")
			g.follow("Consultation")
			g.says("1 reply is not in the record yet.")
			judged(g, "for those who read")
			g.follow("Responses")
			g.says("1 reply is not in the record; 1 is not read yet", "Yes, if there are enough managers.")
			judged(g, "responses")
			g.follow(evaluate[string](g, `document.querySelector('main table a').innerText.trim()`))
			g.says("What came in", "The Carers' Group", "With name")
			judged(g, "response")
			g.fill("Another theme (optional)", "Enough managers")
			g.follow("Put it into the record")
			g.says("Success", "The reply is in the record.", "Enough managers")
			judged(g, "responses in the record")
			g.follow("What we did")
			g.says("Not answered yet")
			g.follow("Answer “Enough managers”")
			judged(g, "answer")
			g.write("What people said (optional)", "There should be enough managers.")
			g.click("Partly")
			g.write("What we did, or why not (optional)", "We keep two heads of service.")
			g.follow("Record the answer")
			g.says("Success", "We changed part of the proposal", "We keep two heads of service.")
			judged(g, "answered")
			g.open("/proposals/one-directorate/consultation")
			g.says("Have your say on one directorate", "Enough managers", "Not shown")
			judged(g, "of a proposal")
			g.open("/proposals/merge/consultation")
			g.says("No consultation is planned.")
			judged(g, "of a proposal without one")

			g.follow("Sign out") // both are in one browser
			b.open("/feedback")
			b.follow("Have your say on one directorate")
			b.follow("What we did")
			b.says("You said, we did", "Enough managers", "There should be enough managers.", "We keep two heads of service.", "not shown, so that nobody can be recognised")
			if strings.Contains(b.text(), "Carers' Group") {
				t.Error("a name is shown to everybody")
			}
			judged(b, "what we did")
		})
	}
}
