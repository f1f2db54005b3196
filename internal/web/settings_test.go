package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plumbline/internal/access"
)

// sets sends the settings and records them.
func (b *browserOf) sets(form url.Values) {
	b.t.Helper()
	status, to, page := b.ask("/admin/settings/new", form)
	rest, _, ok := strings.Cut(strings.TrimPrefix(to, "/drafts/"), "/")
	if status != http.StatusSeeOther || !ok {
		b.t.Fatalf("%d %s %s", status, to, words(page))
	}
	b.records("/drafts/" + rest)
}

// An administrator sets up the pages: what is wrong is said and kept, what is recorded holds at once for everybody, and what was before stays in the record.
func TestSettings(t *testing.T) {
	o := staffed(t)
	o.add("Adm", access.Administrator)
	o.add("Gov", access.Governance)
	admin, gov := o.browser().signIn("adm"), o.browser().signIn("gov")
	for _, form := range []url.Values{{"colour": {"#aaaaaa"}, "shown_name": {"Kept Council"}}, {"colour": {"#000000;}"}, "shown_name": {"Kept Council"}}} {
		status, _, page := admin.ask("/admin/settings/new", form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, "Kept Council") || !strings.Contains(page, "Colour of the council cannot be used") {
			t.Errorf("%d %s", status, words(page))
		}
	}
	if status, _, page := admin.ask("/admin/settings/new", url.Values{"colour": {"#aaaaaa"}}); !strings.Contains(page, "2.3 to 1") {
		t.Errorf("%d %s", status, words(page))
	}
	if status, _, _ := gov.ask("/admin/settings/new", url.Values{"colour": {"#000000"}}); status != http.StatusForbidden {
		t.Errorf("somebody else sets up the pages: %d", status)
	}
	admin.sets(url.Values{"colour": {"#54319f"}, "shown_name": {"Exampleshire Council"}, "year_begins": {"january"}})
	_, _, page := gov.ask("/structure/compare", nil)
	for _, want := range []string{"Exampleshire Council", `href="/colour/54319f.css"`, "1 January"} {
		if !strings.Contains(page, want) {
			t.Errorf("the pages do not say %q:\n%s", want, words(page))
		}
	}
	if status, _, css := o.browser().ask("/colour/54319f.css", nil); status != http.StatusOK || css != ":root { --govuk-brand-colour: #54319f; }\n" {
		t.Errorf("%d %q", status, css)
	}
	for _, bad := range []string{"aaaaaa.css", "54319f", "54319f.csv", "url(x).css", "red.css", "54319f;}.css"} {
		if status, _, css := o.browser().ask("/colour/"+url.PathEscape(bad), nil); status != http.StatusNotFound {
			t.Errorf("%s: %d %q", bad, status, css)
		}
	}
	// The form shows them, an empty answer takes one away, and the history has them all.
	if _, _, page := admin.ask("/admin/settings", nil); !strings.Contains(page, `value="#54319f"`) {
		t.Errorf("the form does not show what is set:\n%s", words(page))
	}
	admin.sets(url.Values{"colour": {""}, "shown_name": {"Exampleshire"}})
	if _, _, page := gov.ask("/", nil); strings.Contains(page, "/colour/") {
		t.Error("the colour that was taken away is there")
	}
	if _, _, page := admin.ask("/admin/settings/settings/history", nil); !strings.Contains(page, "#54319f") || !strings.Contains(page, "Exampleshire Council") {
		t.Errorf("the history:\n%s", words(page))
	}
	if status, _, page := gov.ask("/admin/settings/settings", nil); status != http.StatusForbidden {
		t.Errorf("%d %s", status, words(page))
	}
}
