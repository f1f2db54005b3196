package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/fact"
)

var endsSession = regexp.MustCompile(`action="(/account/sessions/[^"]+/end)"`)

// Somebody sees in plain words where they are signed in, and ends one of the sessions or all; nobody else's.
func TestWhereSomebodyIsSignedIn(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Governance)
	o.add("Bob", access.Governance)
	agents := map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":           "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1": "Safari on an iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                            "Chrome on Android",
		"Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15":                   "Safari on a Mac",
		"<script>alert(7)</script>": "A browser",
	}
	var others []*browserOf
	for agent := range agents {
		x := o.browser()
		x.agent = agent
		others = append(others, x.signIn("ann"))
	}
	here, bob := o.browser().signIn("ann"), o.browser().signIn("bob")
	_, _, page := here.ask("/account/sessions", nil)
	for _, want := range agents {
		if !strings.Contains(words(page), want+", since") {
			t.Errorf("%q is not there: %s", want, words(page))
		}
	}
	ends := endsSession.FindAllStringSubmatch(page, -1)
	if len(ends) != len(agents) || strings.Count(page, "This one:") != 1 || strings.Contains(page, "alert(7)") || strings.Contains(page, "127.0.0.1") {
		t.Fatalf("%d sessions to end: %s", len(ends), words(page))
	}
	in := func(b *browserOf) bool {
		x := &browserOf{office: o, cookie: b.cookie}
		status, _, _ := x.ask("/structure", nil)
		return status == http.StatusOK
	}
	signedIn := func() (n int) {
		for _, x := range others {
			if in(x) {
				n++
			}
		}
		return n
	}
	if status, _, _ := bob.ask(ends[0][1], url.Values{}); status != http.StatusNotFound || signedIn() != len(agents) {
		t.Errorf("he ends hers: %d", status)
	}
	if status, _, _ := here.ask(ends[0][1], url.Values{}); status != http.StatusSeeOther || signedIn() != len(agents)-1 || !in(here) {
		t.Errorf("she ends one of them: %d, %d are left", status, signedIn())
	}
	if status, _, _ := here.ask(ends[0][1], url.Values{}); status != http.StatusNotFound {
		t.Errorf("twice: %d", status)
	}
	again := func() { // it goes on as one session
		if status, _, page := here.ask("/sign-in/again", url.Values{"password": {goodPassword}}); status != http.StatusSeeOther {
			t.Fatal(words(page))
		}
	}
	again()
	if _, _, page := here.ask("/account/sessions", nil); len(endsSession.FindAllString(page, -1)) != len(agents)-1 {
		t.Errorf("after proving who she is: %s", words(page))
	}
	o.at = o.at.Add(2*time.Hour - time.Minute)
	here.ask("/structure", nil)
	o.at = o.at.Add(2 * time.Minute)
	if _, _, page := here.ask("/account/sessions", nil); len(endsSession.FindAllString(page, -1)) != 0 || signedIn() != 0 {
		t.Errorf("what has ended by itself is listed: %s", words(page))
	}
	third := o.browser().signIn("ann")
	bob.signIn("bob") // his own has ended by itself, too
	here.ask("/sign-out/everywhere", url.Values{})
	if in(third) || in(here) || !in(bob) {
		t.Error("signed out everywhere, and not")
	}
	if all, err := o.desk.SignedIn(t.Context(), "p-nobody"); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
}

// Ten minutes before a session ends the page says so, without a script where it is known; who stays proves who they are where it has lasted as long as it may.
func TestEndOfASession(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Governance)
	b := o.browser().signIn("ann")
	warned := func() (shown bool, page string) {
		_, _, page = b.ask("/structure", nil)
		m := regexp.MustCompile(`<section class="ending"[^>]*>`).FindString(page)
		if m == "" {
			t.Fatalf("no word of the end: %s", words(page))
		}
		return !strings.Contains(m, "hidden"), page
	}
	if shown, page := warned(); shown || !strings.Contains(page, `data-ends="7200"`) {
		t.Error("it is shown two hours before")
	}
	for range 11 {
		o.at = o.at.Add(time.Hour)
		warned()
	}
	o.at = o.at.Add(49 * time.Minute)
	if shown, _ := warned(); shown {
		t.Error("it is shown eleven minutes before")
	}
	o.at = o.at.Add(2 * time.Minute)
	end := o.at.Add(9 * time.Minute)
	shown, page := warned()
	if !shown || !strings.Contains(words(page), "You will be signed out at "+end.In(fact.London).Format("15:04")) || !strings.Contains(page, `data-ends="540"`) {
		t.Errorf("nine minutes before: %t %s", shown, words(page))
	}
	if status, to, _ := b.ask("/account/stay", url.Values{"to": {"/structure?on=2020-01-01"}}); status != http.StatusSeeOther || to != "/sign-in/again?to=%2Fstructure%3Fon%3D2020-01-01" {
		t.Errorf("%d %s", status, to)
	}
	if status, to, _ := b.ask("/sign-in/again", url.Values{"password": {goodPassword}, "to": {"/structure?on=2020-01-01"}}); status != http.StatusSeeOther || to != "/structure?on=2020-01-01" {
		t.Errorf("%d %s", status, to)
	}
	o.at = o.at.Add(30 * time.Minute)
	if shown, _ := warned(); shown {
		t.Error("it has ended all the same")
	}
	if status, _, page := b.ask("/account/stay.json", url.Values{}); status != http.StatusOK || page != "{\"left\":7200}\n" {
		t.Errorf("%d %s", status, page)
	}
	if _, page := o.get("/sign-in"); strings.Contains(page, "ending") {
		t.Error("who is not signed in is told of the end")
	}
}

// A form that is sent after its session has ended loses nothing, does nothing by itself, and comes back to the one who sent it alone.
func TestFormAfterTheEnd(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Governance, access.Administrator)
	o.add("Bob", access.Governance, access.Administrator)
	over := func() { o.at = o.at.Add(2*time.Hour + time.Minute) }
	back := func(b *browserOf, name, target string, form url.Values) (to, page string) {
		t.Helper()
		status, to, page := b.ask(target, form)
		if status != http.StatusSeeOther || to != "/sign-in?to=%2Faccount%2Fkept" {
			t.Fatalf("%s: %d %s %s", target, status, to, words(page))
		}
		if status, to, _ = b.ask("/sign-in", url.Values{"email": {name + "@example.com"}, "password": {goodPassword}, "to": {"/account/kept"}}); status != http.StatusSeeOther || to != "/account/kept" {
			t.Fatalf("%d %s", status, to)
		}
		_, to, page = b.ask(to, nil)
		return to, page
	}
	b := o.browser().signIn("ann")
	before := o.book.Known()

	// The answer to a question is in its box again.
	status, at, _ := b.ask("/structure/posts/head/change", url.Values{"~verb": {"change"}})
	draft := strings.TrimSuffix(at, "/what")
	if b.ask(at, url.Values{"~fields": {"title"}}); status != http.StatusSeeOther || draft == at {
		t.Fatalf("%d %s", status, at)
	}
	over()
	to, _ := back(b, "ann", draft+"/field-title", url.Values{"title": {"Long thought about"}})
	if to != draft+"/field-title" {
		t.Fatalf("it leads to %s", to)
	}
	if _, _, page := b.ask(to, nil); !strings.Contains(page, `value="Long thought about"`) {
		t.Errorf("what was typed is lost: %s", page)
	}
	if _, to, _ := b.ask(draft, nil); !strings.HasSuffix(to, "/field-title") {
		t.Errorf("it counts as answered: %s", to)
	}

	// The last look is shown, and not recorded.
	ready := b.renames("head", "Head of all")
	_, _, page := b.ask(ready+"/check", nil)
	version := versionShown.FindStringSubmatch(page)
	over()
	if to, _ := back(b, "ann", ready+"/check", url.Values{"~version": version[1:]}); to != ready+"/check" || o.book.Known() != before {
		t.Errorf("it leads to %s; %d entries more", to, o.book.Known()-before)
	}
	b.records(ready)

	// Any other form is shown with the button that sends it.
	invites := func() int { all, _ := o.desk.Accounts(t.Context()); return len(all) }
	people := invites()
	over()
	form := url.Values{"name": {"Eve <b>"}, "email": {"eve@example.com"}, "role": {"staff"}}
	_, page = back(b, "ann", "/admin/people/new", form)
	if !strings.Contains(page, "What you typed was kept") || !strings.Contains(page, `action="/admin/people/new"`) || !strings.Contains(page, `name="email" value="eve@example.com"`) || !strings.Contains(words(page), "Eve <b>") || invites() != people {
		t.Errorf("%s; %d accounts", page, invites())
	}
	if _, _, page := b.ask("/account/kept", nil); strings.Contains(page, "eve@example.com") {
		t.Error("it is shown twice")
	}
	if status, _, _ := b.ask("/admin/people/new", form); status != http.StatusOK || invites() != people+1 {
		t.Errorf("sent: %d", status)
	}
	before = o.book.Known() // with her role
	over()
	if _, page := back(b, "ann", "/structure/posts/new", url.Values{"title": {"Kept post"}, "from.day": {"1"}, "from.month": {"6"}, "from.year": {"2024"}}); !strings.Contains(words(page), "Title Kept post") || !strings.Contains(page, `name="from.day" value="1"`) || o.book.Known() != before {
		t.Errorf("a record: %s", words(page))
	}

	// Whoever has to prove again who they are finds the form again, too.
	o.at = o.at.Add(20 * time.Minute)
	if status, to, _ := b.ask("/admin/people/new", url.Values{"name": {"Zoe"}, "email": {"zoe@example.com"}, "role": {"staff"}}); status != http.StatusSeeOther || to != "/sign-in/again?to=%2Faccount%2Fkept" {
		t.Fatalf("%d %s", status, to)
	}
	b.ask("/sign-in/again", url.Values{"password": {goodPassword}, "to": {"/account/kept"}})
	if _, _, page := b.ask("/account/kept", nil); !strings.Contains(page, "zoe@example.com") || invites() != people+1 {
		t.Errorf("%s", words(page))
	}

	// Nobody else gets it: not another person at the same browser, nor the same person at another.
	over()
	if _, page := back(b, "bob", "/admin/people/new", url.Values{"name": {"Secret Name"}, "email": {"s@example.com"}, "role": {"staff"}}); !strings.Contains(page, "Nothing is kept here") || strings.Contains(page, "Secret") {
		t.Errorf("another person: %s", words(page))
	}
	b = o.browser().signIn("ann")
	over()
	b.ask("/admin/people/new", url.Values{"name": {"Secret Name"}, "email": {"s@example.com"}, "role": {"staff"}})
	if _, _, page := o.browser().signIn("ann").ask("/account/kept", nil); strings.Contains(page, "Secret") {
		t.Errorf("another browser: %s", words(page))
	}

	// Nothing is kept of passwords, of whoever was not signed in, or of a browser with an invented cookie.
	b = o.browser().signIn("ann")
	over()
	if _, to, _ := b.ask("/account/password", url.Values{"password": {goodPassword}, "new-password": {"canary password here"}}); to != "/sign-in" {
		t.Errorf("passwords lead to %s", to)
	}
	for _, cookie := range []string{"", "plumbline=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		x := &browserOf{office: o, cookie: cookie}
		if _, to, _ := x.ask("/admin/people/new", url.Values{"name": {"Nobody"}}); to != "/sign-in" {
			t.Errorf("a stranger's form leads to %s", to)
		}
	}
	b = o.browser().signIn("ann")
	o.at = o.at.Add(13 * time.Hour) // the session has lasted as long as it may
	if to, page := back(b, "ann", "/admin/people/new", form); !strings.Contains(page, "eve@example.com") {
		t.Errorf("after a night: %s %s", to, words(page))
	}
	over()
	b.ask("/admin/people/new", form)
	o.at = o.at.Add(61 * time.Minute)
	if _, _, page := b.signIn("ann").ask("/account/kept", nil); strings.Contains(page, "eve@") {
		t.Error("it is kept for more than an hour")
	}
	for i := range 20 { // no more than a few are kept of one account
		over()
		b.signIn("ann")
		over()
		b.ask("/admin/people/new", url.Values{"name": {fmt.Sprint("Number ", i)}})
	}
	if size := o.book.Known(); size != before {
		t.Errorf("%d entries more", size-before)
	}
}
