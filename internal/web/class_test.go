package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"plumbline/internal/access"
)

// classifies answers all questions about who may see a record, and gives the address of the draft.
func (b *browserOf) classifies(at, sees, ground string) string {
	b.t.Helper()
	_, to, page := b.ask(at+"/who-may-see", url.Values{"~sees": {sees}})
	rest, _, ok := strings.Cut(strings.TrimPrefix(to, "/drafts/"), "/")
	if !ok {
		b.t.Fatalf("no draft: %q %s", to, words(page))
	}
	draft := "/drafts/" + rest
	if ground != "" {
		b.ask(draft+"/ground", url.Values{"~exempt": {ground}})
	}
	form := url.Values{"~decided": {"the monitoring officer"}, "~decided_when.month": {"6"}, "~decided_when.year": {"2020"}, "~decided_when.how": {"month"}, "~note": {"canarynote: somebody would be known by it"}}
	if status, to, page := b.ask(draft+"/decision", form); status != http.StatusSeeOther || !strings.HasSuffix(to, "/check") {
		b.t.Fatalf("%d %s %s", status, to, words(page))
	}
	return draft
}

// Whoever may closes a record in the browser: at once for all its days and all that was known of it, with the reason for those who see that it is there. Opened again
// its past is open too; and it can be undone.
func TestWhoMaySeeARecord(t *testing.T) {
	o := staffed(t)
	o.add("Gov", access.Governance)
	o.add("Sta", access.Staff)
	o.add("Adm", access.Administrator)
	gov, staff, admin := o.browser().signIn("gov"), o.browser().signIn("sta"), o.browser().signIn("adm")
	const post = "/structure/posts/head"
	before := o.book.Known()
	title := func(b *browserOf, looks ...string) {
		b.t.Helper()
		for _, look := range append(looks, "", "?on=2020-01-01", "?known="+itoa(before), "?on=2020-01-01&known="+itoa(before)) {
			_, _, page := b.ask(post+look, nil)
			if !strings.Contains(page, "Head of Service") {
				t.Errorf("%s: what is open is not seen:\n%s", look, words(page))
			}
		}
	}
	title(staff)
	if _, _, page := gov.ask(post, nil); !strings.Contains(words(page), "Who may see it The same people as others of its kind.") || !strings.Contains(page, post+"/who-may-see") {
		t.Errorf("the page does not say who may see it:\n%s", words(page))
	}
	for _, b := range []*browserOf{staff, admin} {
		if _, _, page := b.ask(post, nil); strings.Contains(page, "/who-may-see") {
			t.Error("somebody is led to what they may not do")
		}
		for _, form := range []url.Values{nil, {"~sees": {"public"}}} {
			if status, _, page := b.ask(post+"/who-may-see", form); status != http.StatusForbidden || !strings.Contains(page, "a governance officer") {
				t.Errorf("%d %s", status, words(page))
			}
		}
	}
	// What is left out is asked for, and what was typed is kept.
	if status, _, page := gov.ask(post+"/who-may-see", url.Values{"~sees": {"secret"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Select who may see it") {
		t.Errorf("%d %s", status, words(page))
	}
	_, to, _ := gov.ask(post+"/who-may-see", url.Values{"~sees": {"restricted"}})
	draft := strings.TrimSuffix(to, "/ground")
	if status, _, page := gov.ask(draft+"/ground", url.Values{"~exempt": {"because"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Select the paragraph") {
		t.Errorf("%d %s", status, words(page))
	}
	gov.ask(draft+"/ground", url.Values{"~exempt": {"Schedule 12A paragraph 4"}})
	if status, _, page := gov.ask(draft+"/decision", url.Values{"~note": {"typed before"}, "~decided_when.year": {"20x0"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Enter who decided") || !strings.Contains(page, "typed before") || !strings.Contains(page, "20x0") {
		t.Errorf("%d %s", status, words(page))
	}
	gov.ask(draft+"/discard", url.Values{})

	draft = gov.classifies(post, "restricted", "Schedule 12A paragraph 4")
	if _, _, page := gov.ask(draft+"/check", nil); !strings.Contains(words(page), "Decided by the monitoring officer in June 2020.") || !strings.Contains(words(page), "Nothing else of the record changes") {
		t.Errorf("the last look:\n%s", words(page))
	}
	first := o.book.Known() + 1
	gov.records(draft)
	title(gov)
	for _, look := range []string{"", "?on=2020-01-01", "?known=" + itoa(before), "?on=2020-01-01&known=" + itoa(before)} {
		for _, part := range []string{"", "/history"} {
			_, _, page := staff.ask(post+part+look, nil)
			if strings.Contains(page, "Head of Service") || strings.Contains(page, "canarynote") {
				t.Errorf("%s: what is closed is seen:\n%s", part+look, words(page))
			}
			if part == "" && !strings.Contains(words(page), "Part of this is not public. Reason: Schedule 12A paragraph 4. Decided by the monitoring officer in June 2020.") {
				t.Errorf("%s: why it is closed is not said:\n%s", look, words(page))
			}
		}
	}
	if _, _, page := gov.ask(post+"/history", nil); !strings.Contains(words(page), "Reason: Schedule 12A paragraph 4, consultations or negotiations about labour relations") || !strings.Contains(page, "canarynote") || strings.Contains(page, "Corrected") {
		t.Errorf("the history:\n%s", words(page))
	}
	if _, _, page := gov.ask("/entries/"+itoa(first), nil); !strings.Contains(page, "When that was decided") {
		t.Errorf("the entry:\n%s", words(page))
	}
	// Undone it is open, and on all days; closed again and opened with a decision, too.
	if status, _, page := gov.ask("/undo/"+itoa(first)+"-"+itoa(first), url.Values{}); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, words(page))
	}
	title(staff)
	gov.records(gov.classifies(post, "restricted", "Personal data"))
	gov.records(gov.classifies(post, "internal", ""))
	title(staff, "?known="+itoa(first))
}

// Two who say at the same time who may see a record are not merged in silence: the second sees what the first has said.
func TestWhoMaySeeARecordAtOnce(t *testing.T) {
	o := staffed(t)
	o.add("Ann", access.Governance)
	o.add("Bob", access.Governance)
	ann, bob := o.browser().signIn("ann"), o.browser().signIn("bob")
	const post = "/structure/posts/head"
	first, second := ann.classifies(post, "public", ""), bob.classifies(post, "restricted", "Schedule 12A paragraph 2")
	ann.records(first)
	size := o.book.Known()
	_, _, page := bob.ask(second+"/check", nil)
	version := versionShown.FindStringSubmatch(page)[1]
	status, _, page := bob.ask(second+"/check", url.Values{"~version": {version}})
	if status != http.StatusConflict || o.book.Known() != size {
		t.Fatalf("%d %s", status, words(page))
	}
	for _, want := range []string{"Everybody. Decided by the monitoring officer in June 2020.", "Only those who have to. Reason: Schedule 12A paragraph 2"} {
		if !strings.Contains(words(page), want) {
			t.Errorf("it does not say %q:\n%s", want, words(page))
		}
	}
	seen := regexp.MustCompile(`name="~seen" value="(\d+)"`).FindStringSubmatch(page)
	if status, to, _ := bob.ask(second+"/conflict", url.Values{"~seen": seen[1:]}); status != http.StatusSeeOther || !strings.HasSuffix(to, "/check") {
		t.Fatalf("%d %s", status, to)
	}
	bob.records(second)
	if _, _, page := ann.ask(post, nil); !strings.Contains(words(page), "Only those who have to") {
		t.Errorf("the second word does not hold:\n%s", words(page))
	}
}
