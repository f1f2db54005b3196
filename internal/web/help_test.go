package web_test

import (
	"strings"
	"testing"
)

func TestHelp(t *testing.T) {
	s := reading(t)
	for target, want := range map[string][]string{
		"/help?on=2003-10-01": {"As it was recorded on which day?", "Our record was wrong", `href="/delivery?on=2003-10-01"`, "Programmes, actions, risks and savings"},
		"/help/words": {
			`id="words-d"`, `href="#words-d"`,
			"In law from 1 January 1971 until 31 December 2007", // Director of Social Services
			"In law until 31 December 2007",                     // Chief Education Officer
			"In law since 1 March 2005",
			"Special educational needs", "Child sexual exploitation", "Somebody who is brought in until a permanent holder starts.",
		},
		"/accessibility": {"Harrow", "partially compliant", "Not tested yet", "Equality Advisory and Support Service", "(No. 2) Accessibility Regulations 2018"},
		"/privacy":       {"Information Commissioner’s Office", "kept by London Borough of Harrow."},
		"/cookies":       {"set one cookie"},
		"/help/wrong":    {"which page it was"},
	} {
		s.ok(target)
		_, page := s.get(target)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s does not say %q", target, w)
			}
		}
	}
	if d := empty(t).ok("/privacy"); !strings.Contains(d.text, "kept by the council.") {
		t.Error("of a record without a council, the privacy page does not say by whom it is kept")
	}
}

// The words stand from A to Z, each letter once.
func TestWordsAreInOrder(t *testing.T) {
	_, page := reading(t).get("/help/words")
	before := ""
	for _, part := range strings.Split(page, `<h2 class="govuk-heading-m" id="words-`)[1:] {
		letter, _, _ := strings.Cut(part, `"`)
		if letter <= before {
			t.Errorf("%q stands after %q", letter, before)
		}
		before = letter
	}
	if before < "v" {
		t.Errorf("the words end with %q", before)
	}
}
