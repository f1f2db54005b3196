package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
)

// What is recorded while a proposal is looked at is proposed: it changes nothing in force, on any day, and can be changed, corrected, taken out and undone there.
func TestProposing(t *testing.T) {
	s := empty(t)
	s.load(nil, smallCouncil)
	v := s.visit("/structure/posts/head?proposal=merge")
	v.want("What you record here is proposed. It changes nothing that is in force.", "Propose a change")
	title := func(proposal fact.ID, on fact.Day) string {
		w := s.book.View(on, -1)
		if proposal != "" {
			w = w.Planned(proposal, fact.Date{})
		}
		r := w.Record(fact.Key{Kind: "post", ID: "head"})
		if r == nil {
			return ""
		}
		return r.Text("title")
	}
	wave := fact.DayOf(2027, 4, 1)

	// a change on a day to come
	v.open(v.link("Propose a change"))
	v.want("It would change on a date", "It would end")
	if strings.Contains(v.says(), "Take it out of the proposal") {
		t.Error("it offers to take out what is not in the proposal")
	}
	v.answer("/change", "~verb", "change")
	v.want("What would change?", "Propose a change: Head of Service. Proposal: Merge")
	v.answer("/what", "~fields", "title")
	v.answer("/field-title", "title", "Head of Everything")
	v.want("When would it take effect?")
	v.answer("/when", "on.form", "day", "on.day", "1", "on.month", "4", "on.year", "2027")
	v.answer("/source", "~source", "Paper 1")
	v.want("Check before it is recorded", "Dates from 1 April 2027", "Head of Everything")
	v.answer("/check")
	v.want("It is in the record", "Proposed")
	for _, c := range []struct {
		proposal fact.ID
		on       fact.Day
		want     string
	}{{"", wave, "Head of Service"}, {"merge", wave - 1, "Head of Service"}, {"merge", wave, "Head of Everything"}} {
		if got := title(c.proposal, c.on); got != c.want {
			t.Errorf("%q on %s: %q, want %q", c.proposal, c.on, got, c.want)
		}
	}

	// what the proposal says is corrected; what is in force stays
	v.open("/structure/posts/head/change?proposal=merge")
	v.want("Take it out of the proposal", "What the proposal says is wrong")
	v.answer("/change", "~verb", "correct")
	v.answer("/what", "~fields", "title")
	v.want("What was recorded: Head of Everything")
	v.answer("/field-title", "title", "Head of All Services")
	v.answer("/source", "~source", "Paper 1, corrected")
	v.answer("/check")
	if title("merge", wave) != "Head of All Services" || title("", wave) != "Head of Service" || title("merge", wave-1) != "Head of Service" {
		t.Errorf("corrected: %q, %q, %q", title("merge", wave), title("", wave), title("merge", wave-1))
	}
	v.answer("/undo/" + s.undoes(v))
	if title("merge", wave) != "Head of Everything" {
		t.Errorf("undone: %q", title("merge", wave))
	}

	// other dates
	v.open("/structure/posts/head/change?proposal=merge")
	v.answer("/change", "~verb", "correct")
	v.answer("/what", "~fields", "from")
	v.answer("/began", "from.form", "day", "from.day", "1", "from.month", "7", "from.year", "2027")
	v.answer("/source", "~source", "Paper 2")
	v.answer("/check")
	if title("merge", wave) != "Head of Service" || title("merge", fact.DayOf(2027, 7, 1)) != "Head of Everything" {
		t.Errorf("dated anew: %q, %q", title("merge", wave), title("merge", fact.DayOf(2027, 7, 1)))
	}

	// taken out
	v.open("/structure/posts/head/change?proposal=merge")
	v.answer("/change", "~verb", "never")
	v.answer("/source", "~source", "Not wanted any more")
	v.answer("/check")
	if title("merge", fact.DayOf(2027, 7, 1)) != "Head of Service" {
		t.Errorf("taken out: %q", title("merge", fact.DayOf(2027, 7, 1)))
	}

	// a new post, and an ending
	v.open("/structure/posts?proposal=merge")
	v.open(v.link("Propose a post"))
	v.answer("/new", "title", "Director of Merging", "from.form", "day", "from.day", "1", "from.month", "4", "from.year", "2027")
	v.answer("/check")
	v.want("Director of Merging")
	if r := s.book.View(wave, -1).Record(fact.Key{Kind: "post", ID: "director-of-merging"}); r != nil {
		t.Error("what is proposed is in force")
	}
	v.open("/structure/posts/head/change?proposal=merge")
	v.answer("/change", "~verb", "end")
	v.want("What would be its last day?")
	v.answer("/when", "on.form", "day", "on.day", "31", "on.month", "3", "on.year", "2027")
	v.answer("/source", "~source", "Paper 1")
	v.answer("/check")
	if title("merge", wave) != "" || title("", wave) != "Head of Service" {
		t.Errorf("ended: %q, and in force %q", title("merge", wave), title("", wave))
	}

	// once it is decided nothing more is proposed
	s.load(nil, "{kind: proposal, id: merge, title: Merge, status: withdrawn}")
	if status, page := s.get("/structure/posts/head/change?proposal=merge"); status != http.StatusConflict || !strings.Contains(page, "This proposal is decided") {
		t.Errorf("a withdrawn proposal: %d", status)
	}
	if status, page := s.get("/structure/posts/head?proposal=merge"); status != http.StatusOK || strings.Contains(page, "Propose a change") {
		t.Errorf("a withdrawn proposal: %d, or it offers a change", status)
	}
}

// undoes gives the entries that the page which was just recorded offers to undo.
func (s *site) undoes(v *visit) string {
	_, entries, _ := strings.Cut(v.page, `action="/undo/`)
	entries, _, _ = strings.Cut(entries, `"`)
	entries, _, _ = strings.Cut(entries, "?")
	return entries
}

// Whoever may only propose changes nothing but proposals, and only theirs.
func TestProposersPropose(t *testing.T) {
	o := staffed(t)
	o.load(nil, "{kind: proposal, id: other, title: Other}")
	o.add("Pat", access.Proposer)
	o.add("Stan", access.Staff)
	pat, stan := o.browser().signIn("pat"), o.browser().signIn("stan")
	form := url.Values{"~verb": {"change"}}
	if status, to, page := pat.ask("/structure/posts/head/change?proposal=merge", form); status != http.StatusSeeOther {
		t.Errorf("a proposer cannot propose: %d %s %s", status, to, words(page))
	}
	if status, _, page := pat.ask("/structure/posts/head/change", form); status != http.StatusForbidden {
		t.Errorf("a proposer changes what is in force: %d %s", status, words(page))
	}
	if status, _, _ := pat.ask("/structure/posts/new", nil); status != http.StatusForbidden {
		t.Errorf("a proposer records a post in force: %d", status)
	}
	if status, _, _ := pat.ask("/structure/posts/new?proposal=merge", nil); status != http.StatusOK {
		t.Errorf("a proposer cannot propose a post: %d", status)
	}
	if status, _, _ := pat.ask("/meetings/decisions/new?proposal=merge", nil); status != http.StatusForbidden {
		t.Errorf("a proposer proposes a decision: %d", status)
	}
	for _, at := range []string{"/structure/posts/head/change?proposal=merge", "/structure/posts/new?proposal=merge"} {
		if status, _, _ := stan.ask(at, nil); status != http.StatusForbidden && status != http.StatusBadRequest { // they do not see it, either
			t.Errorf("staff propose at %s: %d", at, status)
		}
	}
	if status, _, _ := pat.ask("/structure/posts/head/class?proposal=merge", nil); status == http.StatusOK {
		t.Error("a proposer says who may see a post")
	}
}

// Two officers change the same under a proposal, while the record in force changes too: whoever comes second is shown what the first did, and nothing is lost.
func TestTwoProposeTheSame(t *testing.T) {
	s := empty(t)
	s.load(nil, smallCouncil)
	change := func(v *visit, title string) {
		v.open("/structure/posts/head/change?proposal=merge")
		v.answer("/change", "~verb", "change")
		v.answer("/what", "~fields", "title")
		v.answer("/field-title", "title", title)
		v.answer("/when", "on.form", "day", "on.day", "1", "on.month", "4", "on.year", "2027")
		v.answer("/source", "~source", "Paper")
	}
	one, two := s.visit("/"), s.visit("/")
	change(one, "Head of One")
	change(two, "Head of Two")
	one.answer("/check")
	if status := two.send("/check"); status != http.StatusConflict {
		t.Fatalf("the second is recorded: %d %s", status, two.says())
	}
	two.want("Somebody changed this while you were editing", "Head of Service", "Head of One", "Head of Two")
	two.answer("/conflict", "~keep.title", "yours")
	two.answer("/check")
	r := s.book.View(fact.DayOf(2027, 4, 1), -1).With("merge").Record(fact.Key{Kind: "post", ID: "head"})
	if r.Text("title") != "Head of Two" {
		t.Errorf("title %q", r.Text("title"))
	}
	change(one, "Head of Three")
	s.load(nil, "{kind: post, id: head, title: Head of Service, grade: G9, unit: people, reports_to: chief}")
	if status := one.send("/check"); status != http.StatusConflict {
		t.Fatalf("what changed in force is overlooked: %d", status)
	}
	one.want("Somebody changed this")
}
