package web_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/web"
)

var update = flag.Bool("update", false, "write the table of routes and roles as it is now")

// everybody is whoever is not signed in, somebody who has an account and no role, and somebody of each role.
func everybody() []access.Role {
	out := []access.Role{"", "none"}
	for _, m := range access.Roles {
		out = append(out, m.Role)
	}
	return out
}

// The table of routes and roles, for people to read: who gets an answer where. A route or a role that is new changes it, and so does a route
// that lets in others than before.
func TestRoutesAndRoles(t *testing.T) {
	o := staffed(t)
	patterns, acts, proved := web.New(o.config).Requirements()
	slices.SortFunc(patterns, func(a, b string) int {
		_, x, _ := strings.Cut(a, " ")
		_, y, _ := strings.Cut(b, " ")
		return strings.Compare(x+" "+a, y+" "+b)
	})
	public, asked := web.New(o.config).PublicRoutes(), web.New(o.config).AskedRoutes()
	var b strings.Builder
	fmt.Fprintf(&b, "%-60s publ", "route") // whether everybody has it, where the council shows pages to everybody
	for _, r := range everybody() {
		fmt.Fprintf(&b, " %.4s", map[bool]string{true: "not signed in", false: string(r)}[r == ""])
	}
	b.WriteString("\n")
	for _, p := range patterns {
		fmt.Fprintf(&b, "%-60s %-4s", p, map[bool]string{true: "x", false: "."}[lets(acts[p], "") || slices.Contains(public, p)])
		for _, r := range everybody() {
			mark := "."
			if slices.Contains(asked, p) { // by whoever is asked in a consultation, and where there is none by nobody
				mark = "o"
			}
			if lets(acts[p], r) {
				mark = "x"
				if proved[p] {
					mark = "!"
				}
			}
			fmt.Fprintf(&b, " %-4s", mark)
		}
		b.WriteString("\n")
	}
	got := regexp.MustCompile(` +\n`).ReplaceAllString(b.String(), "\n")
	got = regexp.MustCompile(`(app|icon)[-.][0-9a-z]+\.`).ReplaceAllString(got, "$1.HASH.")
	const golden = "testdata/routes.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(got, "\n") {
		if have := strings.Split(string(want), "\n"); !slices.Contains(have, line) && !strings.Contains(line, "HASH") {
			t.Errorf("line %d is not in %s; if it is meant, go test ./internal/web -run RoutesAndRoles -update:\n%s", i+1, golden, line)
		}
	}
	for _, line := range strings.Split(string(want), "\n") {
		if !strings.Contains(got, line) && !strings.Contains(line, "HASH") {
			t.Errorf("%s has a line of a route that is there no longer:\n%s", golden, line)
		}
	}
}

// byOther reports whether somebody gets an answer only by the second of two ways to have it.
func byOther(act string, r access.Role) bool {
	first, _, two := strings.Cut(act, "|")
	return two && !lets(first, r)
}

// lets says by the roles whether somebody gets an answer of a route with such a need.
func lets(act string, r access.Role) bool {
	switch act {
	case "anybody":
		return true
	case "somebody":
		return r != ""
	}
	either, or, _ := strings.Cut(act, "|")
	return slices.ContainsFunc(access.Roles, func(m access.Meaning) bool {
		return m.Role == r && (m.Does(access.Act(either)) || m.Does(access.Act(or)))
	})
}

// Every cell of the table: each route asked by somebody of each role. Whoever it is not for gets a 403, or is led to sign in, and nothing else.
func TestEveryRouteAndRole(t *testing.T) {
	o := staffed(t)
	who := map[access.Role]*browserOf{"": o.browser()}
	o.add("None")
	who["none"] = o.browser().signIn("none")
	for i, m := range access.Roles {
		name := fmt.Sprintf("Role%d", i)
		o.add(name, m.Role)
		who[m.Role] = o.browser().signIn(strings.ToLower(name))
	}
	patterns, acts, _ := web.New(o.config).Requirements()
	parts := strings.NewReplacer("{$}", "", "{secret}", "guess", "{account}", "nobody", "{do}", "nothing", "{role}", "head-of-paid-service", "{file}", "posts.csv", "{entries}", "1", "{entry}", "1",
		"{draft}", "nothing", "{step}", "what", "{rule}", "GP-01", "{job}", "nothing", "{size}", "1", "{part}", "history", "{id}", "nothing", "{kind}", "post")
	asked := 0
	for _, p := range patterns {
		method, path, _ := strings.Cut(p, " ")
		target := parts.Replace(path)
		if path == "/" {
			target = "/nothing-here"
		}
		for _, r := range everybody() {
			if p == "POST /sign-out" || p == "POST /sign-out/everywhere" {
				continue // they end the sessions of this test; TestSessions has them
			}
			var form url.Values
			if method == "POST" {
				form = url.Values{}
			}
			status, to, page := who[r].ask(target, form)
			asked++
			led := strings.HasPrefix(to, "/sign-in")
			switch {
			case lets(acts[p], r):
				if byOther(acts[p], r) && status == http.StatusForbidden {
					continue // it is theirs under a proposal, or for what they say of it
				}
				if led || status == http.StatusForbidden && strings.Contains(page, "You may not") || status >= 500 || status == http.StatusUnauthorized {
					t.Errorf("%s %s by %q: %d %s\n%.500s", method, target, r, status, to, words(page))
				}
			case r == "":
				if !(status == http.StatusSeeOther && led || status == http.StatusUnauthorized) {
					t.Errorf("%s %s, not signed in: %d %s", method, target, status, to)
				}
			case status != http.StatusForbidden:
				t.Errorf("%s %s by %q: %d, and it is not for them", method, target, r, status)
			}
			if !lets(acts[p], r) && strings.Contains(page, "Head of Service") {
				t.Errorf("%s %s by %q shows the record", method, target, r)
			}
		}
	}
	if asked < 1000 {
		t.Errorf("only %d cells were asked", asked)
	}
	t.Logf("%d cells", asked)
}

// What somebody is not shown a button for they cannot do by sending the form, either: the book refuses it.
func TestFormsOfOthers(t *testing.T) {
	o := staffed(t)
	o.add("Gov", access.Governance)
	o.add("Cler", access.Clerk)
	gov, clerk := o.browser().signIn("gov"), o.browser().signIn("cler")
	status, to, page := gov.ask("/structure/posts/head/change", url.Values{"~verb": {"change"}})
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/drafts/") {
		t.Fatalf("%d %s %s", status, to, words(page))
	}
	if status, _, page := clerk.ask(to, nil); status != http.StatusNotFound || strings.Contains(page, "Head of Service") {
		t.Errorf("another's draft: %d", status)
	}
	if status, _, _ := clerk.ask(to, url.Values{"title": {"Mine"}}); status != http.StatusNotFound {
		t.Errorf("another's draft, sent: %d", status)
	}
	if status, _, _ := clerk.ask("/structure/posts/head/change", url.Values{"~verb": {"change"}}); status != http.StatusForbidden {
		t.Errorf("a change that is not theirs: %d", status)
	}
	size := o.book.Known()
	docs, _ := o.book.Kinds().Read("x.yaml", strings.NewReader("{kind: post, id: head, title: Mine}"))
	if _, err := o.book.Do(t.Context(), "p-nobody", book.Change{Docs: docs}); err == nil || o.book.Known() != size {
		t.Errorf("the book takes a change of somebody without a role: %v", err)
	}
}
