package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plumbline/internal/access"
)

// Whoever may not do something is told by name whom to ask, and can ask: an administrator sees it until the leave is given, or the request taken off the list. What
// they may not know of they are told nothing of.
func TestAskForLeave(t *testing.T) {
	o := staffed(t)
	o.load(nil, closed)
	o.add("Adm", access.Administrator)
	staff := o.add("Sta", access.Staff)
	adm, sta := o.browser().signIn("adm"), o.browser().signIn("sta")
	status, _, page := sta.ask("/structure/posts/head/who-may-see", nil)
	if status != http.StatusForbidden || !strings.Contains(words(page), "ask Adm.") || !strings.Contains(page, `action="/account/ask"`) || strings.Contains(page, "Sta.") {
		t.Errorf("%d %s", status, words(page))
	}
	if status, _, page := sta.ask("/proposals/secret-proposal", nil); status != http.StatusNotFound || strings.Contains(page, "Adm") || strings.Contains(page, "/account/ask") {
		t.Errorf("what they may not know of: %d %s", status, words(page))
	}
	if status, _, page := sta.ask("/structure/posts/new", nil); status != http.StatusForbidden || !strings.Contains(page, `value="structure"`) {
		t.Errorf("%d %s", status, words(page))
	}
	for _, bad := range []string{"", "nothing", "admin<script>"} {
		if status, _, _ := sta.ask("/account/ask", url.Values{"act": {bad}}); status != http.StatusBadRequest {
			t.Errorf("asked for %q: %d", bad, status)
		}
	}
	for range 2 {
		if status, to, _ := sta.ask("/account/ask", url.Values{"act": {"structure"}}); status != http.StatusSeeOther || to != "/account" {
			t.Errorf("%d %s", status, to)
		}
	}
	sta.ask("/account/ask", url.Values{"act": {"read"}}) // which they may
	if _, _, page := sta.ask("/account", nil); !strings.Contains(words(page), "to change the structure") || strings.Contains(words(page), "to see what is not public") {
		t.Errorf("their own page:\n%s", words(page))
	}
	if _, _, page := sta.ask("/", nil); strings.Contains(page, "asks for leave") {
		t.Error("somebody else sees who asks")
	}
	if _, _, page := adm.ask("/admin/grants", nil); !strings.Contains(words(page), "Staff – Sta") || strings.Contains(words(page), string(staff.ID)) {
		t.Errorf("the grants do not say whose they are:\n%s", words(page))
	}
	at := "/admin/people/" + string(staff.ID)
	if _, _, page := adm.ask("/", nil); strings.Count(page, "Sta asks for leave to change the structure") != 1 || !strings.Contains(page, at) {
		t.Errorf("the administrator's first page:\n%s", words(page))
	}
	if _, _, page := adm.ask(at, nil); !strings.Contains(words(page), "To change the structure") {
		t.Errorf("the account:\n%s", words(page))
	}
	if status, _, page := adm.ask(at+"/answered", url.Values{"grant": {"structure"}}); status != http.StatusSeeOther {
		t.Errorf("%d %s", status, words(page))
	}
	if _, _, page := adm.ask("/", nil); strings.Contains(page, "asks for leave") {
		t.Error("what was answered is still asked for")
	}
	sta.ask("/account/ask", url.Values{"act": {"meetings"}})
	adm.ask(at+"/grant", url.Values{"role": {"clerk"}})
	if _, _, page := adm.ask("/", nil); strings.Contains(page, "asks for leave") {
		t.Error("what was given is still asked for")
	}
	if status, to, page := o.browser().ask("/structure/posts/new", nil); status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in") || strings.Contains(page, "Adm") {
		t.Errorf("somebody without an account: %d %s", status, to)
	}
}
