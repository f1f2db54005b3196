package web_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"plumbline/internal/access"
)

const scheduled = `
---
{kind: retention, id: r, of: appointment, months: 72, after: end, authority: Retention schedule line 12, then: remove}
---
{kind: appointment, id: b, person: zyra-quillfeather, post: chief, basis: interim, until: 2019-12-31}
---
{kind: appointment, id: c, person: zyra-quillfeather, post: chief, basis: acting, from: 2020-01-01, until: 2021-05-31}
`

// The report says what is past its time, what soon will be and what has no rule, and leads to where it is removed with everything chosen.
func TestRetentionReport(t *testing.T) {
	s := empty(t)
	s.load(nil, strings.TrimPrefix(quills, "\n")+strings.TrimPrefix(scheduled, "\n"))
	s.visit("/account").want("What is kept too long")
	v := s.visit("/admin/retention")
	v.want("Past its time", "Appointment: Zyra Quillfeather, Chief Executive", "1 January 2026", "6 years after the end, by Retention schedule line 12", "To be removed", "Due within twelve months", "1 June 2027", "Personal data without a rule", "People")
	if _, csv := s.get("/admin/retention.csv"); !strings.Contains(csv, "Past its time") || !strings.Contains(csv, "1 January 2026") {
		t.Errorf("the spreadsheet: %s", csv)
	}
	if word := wordText(t, body(s.do(request("GET", "/admin/retention.docx")))); !strings.Contains(word, "1 January 2026") {
		t.Errorf("for Word: %s", word)
	}
	if _, json := s.get("/admin/retention.json?on=2025-12-31"); !strings.Contains(json, `"past":[]`) || !strings.Contains(json, `"due":"2026-01-01"`) {
		t.Errorf("on the day before: %s", json)
	}
	if _, then := s.get("/admin/retention?on=2025-12-31"); strings.Contains(then, ">Remove<") {
		t.Error("something can be removed on another day")
	}
	to := regexp.MustCompile(`href="([^"]*)">Remove<`).FindStringSubmatch(v.page)
	if to == nil {
		t.Fatal("the report leads to no removal")
	}
	v.open(html.UnescapeString(to[1]))
	if strings.Count(v.page, " checked") < 5 || !strings.Contains(v.page, "6 years after the end, by Retention schedule line 12</textarea>") {
		t.Errorf("what is due is not chosen: %s", v.says())
	}
	form := regexp.MustCompile(`action="(/removals/of/[^"?]*)`).FindStringSubmatch(v.page)[1]
	v.answer(form, chosen(v.boxes(""), "ground", "kept-long-enough", "why", "Retention schedule line 12", "asked", "council")...)
	v.answer(strings.TrimPrefix(v.at, "/removals"))
	v.want("the time for which it may be kept is over (UK GDPR Article 5(1)(e))")
	v.open("/admin/retention")
	if strings.Contains(v.says(), "1 January 2026") {
		t.Error("what was removed is still due")
	}
}

// Retention is for those who may erase.
func TestWhoSeesRetention(t *testing.T) {
	o := staffed(t)
	o.load(nil, strings.TrimPrefix(strings.ReplaceAll(quills+scheduled, smallCouncil+"\n---", ""), "\n"))
	o.add("Gov", access.Governance)
	o.add("Adm", access.Administrator)
	gov, adm := o.browser().signIn("gov"), o.browser().signIn("adm")
	for _, at := range []string{"/admin/retention", "/admin/retention-rules", "/admin/retention-rules/r"} {
		if status, _, page := gov.ask(at, nil); status != http.StatusOK || !strings.Contains(page, "schedule line 12") {
			t.Errorf("governance at %s: %d", at, status)
		}
		if status, _, page := adm.ask(at, nil); status != http.StatusForbidden || strings.Contains(page, "schedule line 12") {
			t.Errorf("an administrator at %s: %d", at, status)
		}
	}
	for _, at := range []string{"/admin/people", "/admin/grants"} {
		if status, _, _ := gov.ask(at, nil); status != http.StatusForbidden {
			t.Errorf("governance at %s: %d", at, status)
		}
	}
}
