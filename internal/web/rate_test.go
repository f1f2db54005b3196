package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/web"
)

// Whoever asks for too much within a minute is told to wait: a person, a program of theirs that shares what is theirs, and whoever is at an address. Others go on.
func TestTooMuchAtOnce(t *testing.T) {
	o := staffed(t, func(c *web.Config) { c.Rates = web.Rates{Read: 8, Write: 5, Files: 3} })
	a := o.add("Ann", access.Governance)
	o.add("Bob", access.Governance)
	ann, bob := o.browser().signIn("ann"), o.browser().signIn("bob")
	minute := func() { o.at = o.at.Add(time.Minute) }
	before := o.book.Known()
	for _, c := range []struct {
		what string
		most int
		ask  func(*browserOf) int
	}{
		{"read", 8, func(b *browserOf) int { status, _, _ := b.ask("/structure", nil); return status }},
		{"files", 3, func(b *browserOf) int { status, _, _ := b.ask("/structure/posts.csv", nil); return status }},
		{"files", 3, func(b *browserOf) int { status, _, _ := b.ask("/structure/download/posts.csv", nil); return status }},
		{"files", 3, func(b *browserOf) int {
			status, _, _ := b.ask("/assurance/tests-of-assurance/a/evidence/many", url.Values{"kept": {""}})
			return status
		}},
		{"write", 5, func(b *browserOf) int {
			status, _, _ := b.ask("/structure/posts/new", url.Values{"title": {""}})
			return status
		}},
	} {
		minute()
		for n := range c.most {
			if status := c.ask(ann); status == http.StatusTooManyRequests {
				t.Fatalf("%s: the %dth is refused", c.what, n+1)
			}
		}
		if status := c.ask(ann); status != http.StatusTooManyRequests {
			t.Errorf("%s: one more is answered: %d", c.what, status)
		}
		if status := c.ask(bob); status == http.StatusTooManyRequests {
			t.Errorf("%s: he is refused for what she asked", c.what)
		}
		minute()
		if status := c.ask(ann); status == http.StatusTooManyRequests {
			t.Errorf("%s: a minute later: %d", c.what, status)
		}
	}
	minute()
	for range 8 {
		ann.ask("/structure", nil)
	}
	r := request("GET", "/structure")
	r.Header.Set("Cookie", ann.cookie)
	if w := o.do(r); w.StatusCode != http.StatusTooManyRequests || w.Header.Get("Retry-After") != "60" {
		t.Errorf("%d %v", w.StatusCode, w.Header)
	} else if page := body(w); !strings.Contains(words(page), "Wait a minute") || !strings.Contains(page, "</html>") {
		t.Errorf("%s", page)
	}
	p := o.token(a, false)
	if w, page := p.ask("GET", "/structure.json", ""); w.StatusCode != http.StatusTooManyRequests || !strings.HasPrefix(page, `{"error"`) {
		t.Errorf("her program: %d %s", w.StatusCode, page)
	}
	if o.book.Known() != before {
		t.Error("something was recorded")
	}

	// Whoever is at an address, without an account or as whichever person; of version 6 in a network.
	from := func(address string) int {
		r := request("GET", "/help")
		r.RemoteAddr = address
		return o.do(r).StatusCode
	}
	for _, c := range [][3]string{{"192.0.2.7:1000", "192.0.2.7:2000", "192.0.2.8:1000"}, {"[2001:db8::1]:1000", "[2001:db8::ffff:2]:1000", "[2001:db8:0:1::1]:1000"}} {
		minute()
		for n := range 160 {
			if status := from(c[0]); status != http.StatusOK {
				t.Fatalf("the %dth from %s: %d", n+1, c[0], status)
			}
		}
		if status := from(c[1]); status != http.StatusTooManyRequests {
			t.Errorf("one more from %s: %d", c[1], status)
		}
		if status := from(c[2]); status != http.StatusOK {
			t.Errorf("from %s: %d", c[2], status)
		}
	}
	if n := strings.Count(o.log.String(), "too many requests"); n < 5 || n > 8 {
		t.Errorf("it is %d times in the log, once for each minute and name is right", n)
	}
}

// As many people as come from a council, and more addresses than are remembered, are answered.
func TestRatesAreBounded(t *testing.T) {
	o := staffed(t, func(c *web.Config) { c.Rates = web.Rates{} })
	for n := range 11_000 {
		r := request("GET", "/checkpoint")
		r.RemoteAddr = "198.51." + itoa(int64(n/250)) + "." + itoa(int64(n%250)) + ":1"
		if w := o.do(r); w.StatusCode != http.StatusOK {
			t.Fatalf("the %dth: %d", n, w.StatusCode)
		}
	}
}
