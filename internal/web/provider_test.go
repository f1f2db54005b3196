package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/reach"
	"plumbline/internal/reach/op"
	"plumbline/internal/web"
)

// council is an office whose people have their accounts at a provider.
type council struct {
	*office
	op *op.Provider
}

func withProvider(t *testing.T, change ...func(*web.Config)) *council {
	t.Helper()
	c := &council{}
	change = append(change, func(w *web.Config) {
		c.op = op.New(w.Now, map[string]any{"sub": "ann-there", "email": "Ann@example.com", "email_verified": true})
		t.Cleanup(c.op.Close)
		o, err := reach.NewOIDC(reach.Settings{Issuer: c.op.URL, Client: op.Client, Secret: op.Secret, Name: "Example Cloud", Now: w.Now})
		if err != nil {
			t.Fatal(err)
		}
		w.Provider = o
	})
	c.office = staffed(t, change...)
	return c
}

// invite makes an account that nobody has signed in with, and a role.
func (c *council) invite(name string, roles ...access.Role) *desk.Account {
	c.t.Helper()
	a := c.add(name, roles...)
	a, err := c.desk.ChangeAccount(c.t.Context(), a.ID, func(a *desk.Account) error { a.Password = ""; return nil })
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// away goes to the provider by a link of this site, and gives where the provider sends the browser back to, within this site.
func (c *council) away(b *browserOf, link string) string {
	c.t.Helper()
	status, to, page := b.ask(link, nil)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, c.op.URL) {
		c.t.Fatalf("%s: %d %s\n%s", link, status, to, words(page))
	}
	back, says, err := op.Visit(to)
	site := "http://127.0.0.1:8340"
	if c.config.URL != nil {
		site = c.config.URL.String()
	}
	here, ok := strings.CutPrefix(back, site)
	if err != nil || !ok {
		c.t.Fatalf("the provider sends to %q: %s %v", back, says, err)
	}
	return here
}

// with signs in with the provider.
func (c *council) with(b *browserOf) (status int, location, page string) {
	c.t.Helper()
	return b.ask(c.away(b, "/sign-in/with"), nil)
}

// refused asks that somebody was not signed in, and told so in these words.
func (b *browserOf) refused(why, page string, status int, says string) {
	b.t.Helper()
	if status != http.StatusForbidden || !strings.Contains(words(page), says) || !strings.Contains(page, `href="/sign-in"`) {
		b.t.Errorf("%s: %d\n%s", why, status, words(page))
	}
	if status, _, _ := b.ask("/structure", nil); status != http.StatusSeeOther {
		b.t.Errorf("%s: signed in all the same", why)
	}
}

func TestSignInWithProvider(t *testing.T) {
	for _, at := range []string{"", "https://plumbline.example.gov.uk"} {
		c := withProvider(t, func(w *web.Config) {
			if at != "" {
				w.URL, _ = url.Parse(at)
			}
		})
		ann := c.invite("Ann", access.Governance)
		b := c.browser()
		if _, _, page := b.ask("/sign-in?to=%2Fstructure%3Fon%3D2020-01-01", nil); !strings.Contains(page, "Sign in with Example Cloud") || !strings.Contains(page, `href="/sign-in/with?to=%2Fstructure%3Fon%3D2020-01-01"`) {
			t.Errorf("the page to sign in:\n%s", page)
		}
		before := b.cookie
		status, to, page := b.ask(c.away(b, "/sign-in/with?to=%2Fstructure%3Fon%3D2020-01-01"), nil)
		if status != http.StatusSeeOther || to != "/structure?on=2020-01-01" {
			t.Fatalf("%s: %d %s\n%s", at, status, to, words(page))
		}
		if b.cookie == before || b.cookie == "" {
			t.Error("the session was fixed before somebody signed in")
		}
		if status, _, page := b.ask(to, nil); status != http.StatusOK || !strings.Contains(words(page), "Ann") {
			t.Errorf("%d\n%s", status, words(page))
		}

		// From now on it is Ann, whatever her address there is; nobody else comes in with hers.
		c.op.Set(func(a *op.Answers) { a.Person = map[string]any{"sub": "ann-there", "email": "ann.married@example.org"} })
		if status, to, _ := c.with(c.browser()); status != http.StatusSeeOther || to != "/" {
			t.Errorf("the second time: %d %s", status, to)
		}
		c.op.Set(func(a *op.Answers) {
			a.Person = map[string]any{"sub": "another", "email": "ann@example.com", "email_verified": true}
		})
		other := c.browser()
		status, _, page = c.with(other)
		other.refused("somebody else with her address", page, status, "Example Cloud knows you, but there is no account for you here")
		if a, err := c.desk.Account(t.Context(), ann.ID); err != nil || a.Subject != c.op.URL+" ann-there" {
			t.Errorf("%+v %v", a, err)
		}
		if log := c.log.String(); strings.Contains(log, "example.com") || strings.Contains(log, "ann-there") || !strings.Contains(log, "how=provider") {
			t.Errorf("the log:\n%s", log)
		}
	}
}

// Who comes back without an account, or with one that is over, is told so and not let in.
func TestNoAccountForWhomProviderKnows(t *testing.T) {
	const none = "Example Cloud knows you, but there is no account for you here. Ask whoever keeps the accounts to add one with your email address."
	for _, x := range []struct {
		name, says string
		change     func(c *council, ann *desk.Account)
	}{
		{"another address", none, func(c *council, _ *desk.Account) {
			c.op.Set(func(a *op.Answers) { a.Person["email"] = "bob@example.com" })
		}},
		{"an address that is not known to be hers", "does not say that an email address is yours", func(c *council, _ *desk.Account) {
			c.op.Set(func(a *op.Answers) { a.Person["email_verified"] = false })
		}},
		{"an address of which nothing is said", "does not say that an email address is yours", func(c *council, _ *desk.Account) {
			c.op.Set(func(a *op.Answers) { delete(a.Person, "email_verified") })
		}},
		{"a closed account", none, func(c *council, ann *desk.Account) {
			if err := c.desk.CloseAccount(t.Context(), ann.ID); err != nil {
				t.Fatal(err)
			}
		}},
		{"a closed account that she signed in with", none, func(c *council, ann *desk.Account) {
			if status, _, _ := c.with(c.browser()); status != http.StatusSeeOther {
				t.Fatal(status)
			}
			if err := c.desk.CloseAccount(t.Context(), ann.ID); err != nil {
				t.Fatal(err)
			}
		}},
		{"an erased account", none, func(c *council, ann *desk.Account) {
			if status, _, _ := c.with(c.browser()); status != http.StatusSeeOther {
				t.Fatal(status)
			}
			if err := c.desk.EraseAccount(t.Context(), ann.ID); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		c := withProvider(t)
		ann := c.invite("Ann", access.Governance)
		x.change(c, ann)
		b := c.browser()
		status, _, page := c.with(b)
		b.refused(x.name, page, status, x.says)
	}
}

// What comes back counts once, in the browser that went away, and if it is what the provider said.
func TestWrongReturnsFromProvider(t *testing.T) {
	c := withProvider(t)
	c.invite("Ann", access.Governance)
	const notBegun, no = "This sign-in was not begun in this browser, or it is over already", "Example Cloud did not sign you in. Begin again"

	stranger := c.browser()
	status, _, page := stranger.ask(c.away(c.browser(), "/sign-in/with"), nil)
	stranger.refused("another browser began it", page, status, notBegun)
	status, _, page = stranger.ask("/sign-in/back", nil)
	stranger.refused("nothing was begun", page, status, notBegun)

	b := c.browser()
	back := c.away(b, "/sign-in/with")
	status, _, page = b.ask(strings.Replace(back, "state=", "state=x", 1), nil)
	b.refused("another state", page, status, no)
	status, _, page = b.ask(back, nil)
	b.refused("it is over", page, status, notBegun)

	back = c.away(b, "/sign-in/with")
	if status, to, _ := b.ask(back, nil); status != http.StatusSeeOther || to != "/" {
		t.Fatalf("%d %s", status, to)
	}
	if status, _, page := b.ask(back, nil); status != http.StatusForbidden || !strings.Contains(words(page), notBegun) {
		t.Errorf("the address is used twice: %d %s", status, words(page))
	}

	late := c.browser()
	back = c.away(late, "/sign-in/with")
	c.at = c.at.Add(16 * time.Minute)
	status, _, page = late.ask(back, nil)
	late.refused("it took too long", page, status, no)

	for name, wrong := range map[string]func(*op.Answers){
		"she said no":        func(a *op.Answers) { a.Refuse = "access_denied" },
		"another nonce":      func(a *op.Answers) { a.Alter = func(_, claims map[string]any) { claims["nonce"] = "x" } },
		"another audience":   func(a *op.Answers) { a.Alter = func(_, claims map[string]any) { claims["aud"] = "x" } },
		"expired":            func(a *op.Answers) { a.Alter = func(_, claims map[string]any) { claims["exp"] = 1 } },
		"another key":        func(a *op.Answers) { a.Key = op.Other() },
		"the algorithm none": func(a *op.Answers) { a.Key, a.Alter = nil, func(head, _ map[string]any) { head["alg"] = "none" } },
	} {
		c := withProvider(t)
		c.invite("Ann", access.Governance)
		c.op.Set(wrong)
		b := c.browser()
		status, _, page := c.with(b)
		b.refused(name, page, status, no)
		if !strings.Contains(c.log.String(), "sign-in failed") {
			t.Errorf("%s: the log says nothing:\n%s", name, c.log)
		}
	}
}

// A provider that is down is named on the page to sign in, on which a password still does.
func TestProviderIsDown(t *testing.T) {
	c := withProvider(t)
	c.add("Ann", access.Administrator)
	b := c.browser()
	c.op.Set(func(a *op.Answers) { a.Instead["/.well-known/openid-configuration"] = http.NotFound })
	down := func(status int, page string) {
		t.Helper()
		if status != http.StatusServiceUnavailable || !strings.Contains(words(page), "Example Cloud cannot be asked who you are at the moment") || !strings.Contains(page, `href="/sign-in/with?to=%2Fstructure`) {
			t.Errorf("%d\n%s", status, words(page))
		}
	}
	status, _, page := b.ask("/sign-in/with?to=/structure", nil)
	down(status, page)
	if !strings.Contains(page, `type="password"`) || !strings.Contains(c.log.String(), "people cannot sign in with the provider") {
		t.Errorf("%s\n%s", words(page), c.log)
	}
	b.signIn("ann")
	status, _, page = b.ask("/sign-in/with?again=yes&to=/structure", nil)
	if status != http.StatusServiceUnavailable || !strings.Contains(words(page), "Confirm that it is you") {
		t.Errorf("%d\n%s", status, words(page))
	}

	c.at = c.at.Add(time.Minute)
	c.op.Set(func(a *op.Answers) { clear(a.Instead); a.Instead["/token"] = http.NotFound })
	b = c.browser()
	status, _, page = b.ask(c.away(b, "/sign-in/with?to=/structure"), nil)
	down(status, page)
	c.op.Set(func(a *op.Answers) { clear(a.Instead) })
	if status, to, _ := c.with(b); status != http.StatusSeeOther || to != "/" {
		t.Errorf("once it is there again: %d %s", status, to)
	}
}

// A provider lets in without a question whoever has its cookie. So what cannot be taken back asks for more, however short a while ago that was.
func TestStepUpWithProvider(t *testing.T) {
	c := withProvider(t)
	c.invite("Ann", access.Administrator)
	bob := c.invite("Bob", access.Staff)
	b := c.browser()
	if status, _, page := c.with(b); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, words(page))
	}
	closing := "/admin/people/" + string(bob.ID) + "/close"
	asked := func() {
		t.Helper()
		if status, to, _ := b.ask(closing, url.Values{}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in/again") {
			t.Errorf("%d %s", status, to)
		}
		if a, err := c.desk.Account(t.Context(), bob.ID); err != nil || a.Closed {
			t.Fatalf("he is closed: %v", err)
		}
	}
	asked()
	_, _, page := b.ask("/sign-in/again?to=/admin/people", nil)
	const again = "/sign-in/with?again=yes&to=%2Fadmin%2Fpeople"
	if !strings.Contains(page, strings.ReplaceAll(again, "&", "&amp;")) || strings.Contains(page, `type="password"`) {
		t.Errorf("%s", page)
	}
	c.op.Set(func(a *op.Answers) { a.Stale = true })
	if status, _, page := b.ask(c.away(b, again), nil); status != http.StatusForbidden || !strings.Contains(words(page), "Example Cloud did not sign you in") {
		t.Errorf("signed in an hour ago: %d %s", status, words(page))
	}
	asked()
	c.op.Set(func(a *op.Answers) {
		a.Stale = false
		a.Person["sub"] = "bob-there"
		a.Person["email"] = "bob@example.com"
	})
	if status, _, page := b.ask(c.away(b, again), nil); status != http.StatusForbidden || !strings.Contains(words(page), "You are signed in here as Ann, and at Example Cloud as somebody else") {
		t.Errorf("somebody else: %d %s", status, words(page))
	}
	asked()
	c.op.Set(func(a *op.Answers) { a.Person["sub"] = "ann-there" })
	if status, to, page := b.ask(c.away(b, again), nil); status != http.StatusSeeOther || to != "/admin/people" {
		t.Fatalf("%d %s %s", status, to, words(page))
	}
	if status, _, page := b.ask(closing, url.Values{}); status != http.StatusSeeOther {
		t.Errorf("%d %s", status, words(page))
	}
	if a, err := c.desk.Account(t.Context(), bob.ID); err != nil || !a.Closed {
		t.Errorf("he is not closed: %v", err)
	}
}

// Nobody is led anywhere else by an address that they were sent.
func TestWhereProviderLeads(t *testing.T) {
	c := withProvider(t)
	c.invite("Ann", access.Staff)
	for _, to := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		b := c.browser()
		if _, at, _ := b.ask(c.away(b, "/sign-in/with?"+url.Values{"to": {to}}.Encode()), nil); at != "/" {
			t.Errorf("%q leads to %q", to, at)
		}
	}
	without := staffed(t)
	for _, at := range []string{"/sign-in/with", "/sign-in/back"} {
		if status, _, _ := without.browser().ask(at, nil); status != http.StatusNotFound {
			t.Errorf("%s without a provider: %d", at, status)
		}
	}
}
