package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is typed into whichever question, in whatever order: there is an answer that can be read, and nothing is recorded but by the last
// look.
func TestWhateverIsTyped(t *testing.T) {
	s := made(t)
	texts := []string{"", " ", "head", "Head of Service", "chief", "~other", "~new", "yes", "-1", "31", "2", "feb", "2020", "99999999999999999999", "1 October 2003", "tba", "between", "by", "month",
		"<script>", `"><b>`, "post/head", "person/first", "../x", "\x00", "\xff\xfe", strings.Repeat("é", 600), "a\nb\nc", "£4m", "title", "from", "until", "permanent", "leave"}
	steps := []string{"what", "days", "field-title", "field-reports_to", "field-grade", "field-fte", "field-accountable_to", "field-capacity", "began", "ended", "when", "source", "who", "basis", "stay", "recruitment", "record", "nothing"}
	inputs := []string{"~fields", "~piece", "~source", "~note", "~person", "~person.choice", "~person.id", "~stay", "~over", "~answered", "~version", "basis", "title", "reports_to", "reports_to.choice", "reports_to.id", "grade", "fte", "accountable_to", "capacity",
		"on.day", "on.month", "on.year", "on.how", "on.day2", "on.month2", "on.year2", "from.day", "from.month", "from.year", "from.how", "until.day", "until.year", "until.how"}
	recorded := 0
	defer func() { t.Logf("%d were recorded", recorded) }()
	rapid.Check(t, func(t *rapid.T) {
		before := s.book.Known()
		var at string
		begin := rapid.SampledFrom([][2]string{{"change", "change"}, {"change", "correct"}, {"change", "end"}, {"change", "never"}, {"appoint", ""}, {"new", ""}}).Draw(t, "begin")
		target := "/structure/posts/head/" + begin[0]
		form := url.Values{"~verb": {begin[1]}}
		if begin[0] == "new" {
			target, form = "/structure/posts/new", url.Values{"title": {"Another"}}
		}
		r := s.post(target, form)
		if at = r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: status %d", target, r.StatusCode)
		}
		draft := at[:strings.LastIndex(at, "/")]
		for range rapid.IntRange(1, 12).Draw(t, "answers") {
			step := rapid.SampledFrom(steps).Draw(t, "step")
			form := url.Values{}
			for range rapid.IntRange(0, 6).Draw(t, "inputs") {
				form.Add(rapid.SampledFrom(inputs).Draw(t, "input"), rapid.SampledFrom(texts).Draw(t, "text"))
			}
			for _, r := range []*http.Response{s.post(draft+"/"+step, form), s.do(request("GET", draft+"/"+step)), s.do(request("GET", draft+"/check"))} {
				page := body(r)
				if r.StatusCode >= 500 {
					t.Fatalf("%s: status %d\n%s", step, r.StatusCode, s.log)
				}
				if r.StatusCode/100 != 3 {
					if _, faults := read(page); len(faults) > 0 {
						t.Fatalf("%s: %v", step, faults)
					}
				}
			}
		}
		if s.book.Known() != before {
			t.Fatal("something was recorded that nobody agreed to")
		}
		if m := regexp.MustCompile(`name="~version" value="(\d+)"`).FindStringSubmatch(body(s.do(request("GET", draft+"/check")))); m != nil {
			r := s.post(draft+"/check", url.Values{"~version": m[1:]})
			if r.StatusCode != http.StatusSeeOther {
				t.Fatalf("what the last look shows cannot be recorded: status %d", r.StatusCode)
			}
			recorded++
			if r := s.post(fmt.Sprintf("/undo/%d-%d", before+1, s.book.Known()), nil); r.StatusCode >= 500 {
				t.Fatalf("it cannot be undone: status %d\n%s", r.StatusCode, s.log)
			}
		}
		s.post(draft+"/discard", nil)
	})
}
