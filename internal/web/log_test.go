package web_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/web"
)

// documented gives the events that docs/operate.md lists.
func documented(t testing.TB) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "## The log")
	section, _, _ = strings.Cut(section, "\n## ")
	out := map[string]bool{}
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) > 2 {
			for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[1], -1) {
				out[m[1]] = true
			}
		}
	}
	return out
}

// Every event that the pages note is in the documentation, and the documentation lists no other.
func TestEventsAreDocumented(t *testing.T) {
	listed := documented(t)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	noted := map[string]bool{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\.security\(r, ("?[^",)]+"?)`).FindAllStringSubmatch(string(b), -1) {
			if !strings.HasPrefix(m[1], `"`) && !strings.HasSuffix(f, "_test.go") {
				t.Errorf("%s: what is noted is not written out: %s", f, m[1])
			}
			noted[strings.Trim(m[1], `"`)] = true
		}
	}
	for x := range noted {
		if !listed[x] {
			t.Errorf("docs/operate.md does not list %q", x)
		}
	}
	for x := range listed {
		if !noted[x] && x != "msg" {
			t.Errorf("docs/operate.md lists %q, and nothing notes it", x)
		}
	}
	if len(noted) < 15 {
		t.Errorf("only %d events", len(noted))
	}
}

// What concerns safety is one line of JSON each, with when, from where and by which route, and with nothing that anybody typed, no name, no secret.
func TestSecurityLog(t *testing.T) {
	var log bytes.Buffer
	o := staffed(t, func(c *web.Config) { c.Log = slog.New(slog.NewJSONHandler(&log, nil)); c.Rates.Files = 1 })
	ann := o.add("Canaryann", access.Governance, access.Administrator)
	o.add("Bob", access.Staff)
	b, bob := o.browser().signIn("canaryann"), o.browser().signIn("bob")
	page := func(who *browserOf, target string, form url.Values) string {
		_, _, page := who.ask(target, form)
		return page
	}
	stranger := o.browser()
	stranger.agent = "Canary browser\r\nmsg=forged"
	for range 11 {
		page(stranger, "/sign-in", url.Values{"email": {"bob@example.com"}, "password": {"canary password"}, "to": {"/canary"}})
	}
	page(b, "/search?q=canary+search", nil)
	page(b, "/structure/posts/canary%0Aforged", nil)
	page(bob, "/structure/posts/new", url.Values{"title": {"Canary title"}})
	page(b, "/admin/people/new", url.Values{"name": {"Canary Name"}, "email": {"canary@example.com"}, "role": {"staff"}})
	page(b, "/sign-in/again", url.Values{"password": {"canary again"}})
	secret := secretShown.FindString(page(b, "/account/tokens/new", url.Values{"name": {"Canary token"}, "scope": {"change"}, "ends": {"30 June " + o.at.AddDate(0, 8, 0).Format("2006")}}))
	p := &program{o, secret}
	p.ask("GET", "/structure/posts.json?q=canary", "")
	p.ask("POST", "/load", "{kind: unit, id: canary, name: Canary unit}", "Idempotency-Key", "canary key")
	(&program{o, "plumbline_canary_canary"}).ask("GET", "/structure.json", "")
	page(b, "/account/tokens/"+strings.Split(secret+"__", "_")[1]+"/end", url.Values{})
	for range 3 {
		page(b, "/structure/posts.csv?q=canary", nil)
	}
	page(b, "/account/password", url.Values{"password": {goodPassword}, "new-password": {"three canary words here"}})
	page(b, "/sign-out", url.Values{})

	listed, seen := documented(t), map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(log.Bytes()))
	for lines.Scan() {
		var x map[string]any
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		msg, _ := x["msg"].(string)
		seen[msg]++
		for _, field := range []string{"time", "level", "security", "from", "route", "at"} {
			if x[field] == nil {
				t.Errorf("%s has no %s", lines.Text(), field)
			}
		}
		if !listed[msg] || x["security"] != true {
			t.Errorf("%s is not documented", lines.Text())
		}
	}
	if found := regexp.MustCompile(`(?i).*(canary|forged|example\.com|` + goodPassword + `).*`).FindString(strings.ReplaceAll(log.String(), string(ann.ID), "")); found != "" {
		t.Errorf("it holds what it must not:\n%s", found)
	}
	for _, want := range []string{"signed in", "sign-in failed", "sign-in refused", "signed out", "refused", "account added", "invited", "token made", "token used", "recorded by token", "token refused", "token ended", "too many requests", "password changed"} {
		if seen[want] == 0 {
			t.Errorf("%q is not in the log: %v", want, seen)
		}
	}
	if status, _, _ := bob.ask("/structure", nil); status != http.StatusOK {
		t.Errorf("he works on: %d", status)
	}
}
