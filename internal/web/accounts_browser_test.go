package web_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// Signing in, accounts, and what is for others, as somebody sees it: with scripts and without, wide and narrow.
func TestAccountsInABrowser(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			o := staffed(t)
			ann := o.add("Ann", access.Administrator)
			bob := o.add("Bob", access.Clerk)
			invitation, err := o.desk.Invite(t.Context(), bob.ID, book.Owner, desk.InvitationLasts)
			if err != nil {
				t.Fatal(err)
			}
			b := o.tab(1280, scripts)
			judge := func(name string) {
				t.Helper()
				if !scripts { // the rules of axe are a script
					return
				}
				for _, width := range []int{320, 1280} {
					b.resize(width)
					b.judge(name)
					b.picture(pictureOf("accounts "+name, fmt.Sprint(width)))
				}
			}
			b.open("/invitation/" + invitation)
			judge("invitation")
			b.open("/structure/posts/head?on=2020-01-01")
			judge("sign in")
			b.fill("Email address", "ann@example.com")
			b.fill("Password", "wrong")
			b.follow("Sign in")
			b.says("There is a problem", "The email address or the password is not right")
			judge("sign in, with something wrong")
			b.fill("Password", goodPassword)
			b.follow("Sign in")
			if b.at() != "/structure/posts/head?on=2020-01-01" {
				t.Errorf("after signing in: %s", b.at())
			}
			b.says("Head of Service", "Ann", "Accounts", "Sign out")
			b.follow("Ann")
			b.says("You are signed in as Ann", "Administrator", "Change your password")
			judge("account")
			b.follow("Where you are signed in")
			b.says("This one: Chrome on Linux, since", "Sign out everywhere")
			judge("sessions")
			b.follow("Back")
			b.follow("Tokens for programs")
			b.says("You have no tokens")
			judge("tokens, none")
			b.follow("Make a token")
			b.follow("Make token")
			b.says("There is a problem", "Enter what it is for", "Choose what it may do", "Enter the last day")
			judge("new token, with something wrong")
			b.fill("What is it for?", "The intranet")
			b.click("Read only")
			b.fill("Last day", (fact.DayIn(o.at) + 30).Words())
			b.follow("Make token")
			b.says("Copy the token now", "plumbline_")
			judge("token")
			b.follow("Tokens for programs")
			b.says("The intranet: reads", "not used yet", "End this token")
			judge("tokens")
			b.follow("Accounts")
			b.says("bob@example.com", "Clerk")
			judge("people")
			b.follow("Bob")
			judge("person")
			b.open("/admin/people/" + string(ann.ID))
			b.says("Ann")
			b.open("/admin/people/new")
			judge("new account")
			b.follow("Add account")
			b.says("There is a problem")
			judge("new account, with something wrong")
			o.at = o.at.Add(16 * time.Minute)
			b.fill("Full name", "Eve")
			b.follow("Add account")
			b.says("Confirm that it is you")
			judge("again")
			b.fill("Password", goodPassword)
			b.follow("Continue")
			b.says("What you typed was kept", "Eve", "Send it now")
			judge("kept")
			b.follow("Send it now")
			b.says("There is a problem", "Enter an email address")
			o.at = o.at.Add(11*time.Hour + 40*time.Minute)
			b.open("/sign-in")
			b.fill("Email address", "ann@example.com")
			b.fill("Password", goodPassword)
			b.follow("Sign in")
			for range 7 {
				o.at = o.at.Add(100 * time.Minute)
				b.open("/help")
			}
			o.at = o.at.Add(11 * time.Minute)
			b.open("/help")
			b.says("You will be signed out at", "Stay signed in")
			judge("about to end")
			if scripts { // the page stays, with what was typed into it
				b.reach(false, chromedp.Click(chromedp.CSS(b.mark("Stay signed in"))))
				b.until(`document.querySelector('.ending').innerText.startsWith('You have to sign in again')`)
			} else {
				b.follow("Stay signed in")
				b.says("Confirm that it is you")
			}
			b.open("/assurance/findings/new")
			b.says("You may not write what a test of assurance found")
			judge("not for her")
			b.follow("Sign out")
			b.says("Password")
		})
	}
}
