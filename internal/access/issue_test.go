package access_test

import (
	"strings"
	"testing"

	"plumbline/internal/access"
	"plumbline/internal/fact"
)

// The adviser of a test makes it reported with the letter that they issue, and by nothing else: no other day, no other change of the test, no other test, no letter that is not issued.
func TestIssue(t *testing.T) {
	const (
		test   = "{kind: test, id: own, from: 2026-09-01, title: Own test, tests: merge, started_on: 2026-09-01, reported_on: 2026-11-22}"
		letter = "{kind: letter, id: l, test: own, title: Letter, purpose: issue, dated: 2026-11-22}"
	)
	h := hands(t, "{kind: test, id: own, title: Own test, tests: merge, started_on: 2026-09-01}", "{kind: test, id: wide, title: Wide, started_on: 2026-09-01, visibility: restricted, exempt: '1', decided: the monitoring officer}")
	if today != fact.DayOf(2026, 11, 22) {
		t.Fatalf("today is %s", today)
	}
	own := access.Held{Role: access.Adviser, Over: fact.Key{Kind: "test", ID: "own"}}
	h.adviser.Held = append(h.adviser.Held, own)
	h.may(test+"\n---\n"+letter, "issued", h.adviser)
	h.may(test, "without a letter", h.setter)
	for why, change := range map[string]string{
		"on another day":                     strings.ReplaceAll(test+"\n---\n"+letter, "2026-11-22", "2026-11-20"),
		"on another day than the letter":     test + "\n---\n" + strings.Replace(letter, "11-22", "11-20", 1),
		"with a letter for factual accuracy": test + "\n---\n" + strings.Replace(letter, "purpose: issue", "purpose: factual-accuracy", 1),
		"with the letter of another test":    test + "\n---\n" + strings.Replace(letter, "test: own", "test: first", 1),
		"under another title":                strings.Replace(test, "Own test", "Another test", 1) + "\n---\n" + letter,
		"of another proposal":                strings.Replace(test, "tests: merge, ", "", 1) + "\n---\n" + letter,
		"with access for longer":             strings.Replace(test, "}", ", access_until: 2027-01-01}", 1) + "\n---\n" + letter,
		"on days before the test":            strings.Replace(test, "from: 2026-09-01", "from: 2026-08-01", 1) + "\n---\n" + letter,
		"hidden":                             strings.Replace(test, "}", ", visibility: restricted, exempt: '1', decided: me}", 1) + "\n---\n" + letter,
		"a test that was reported already":   "{kind: test, id: reported, from: 2026-09-01, title: Reported test, tests: merge, started_on: 2026-09-01, reported_on: 2026-11-22}\n---\n" + strings.Replace(letter, "own", "reported", 1),
		"another adviser's test":             "{kind: test, id: second, title: Second test, reported_on: 2026-11-22}\n---\n" + strings.Replace(letter, "own", "second", 1),
		"a test of their own making":         "{kind: test, id: new, title: New, reported_on: 2026-11-22}\n---\n" + strings.Replace(letter, "own", "new", 1),
		"by a proposal":                      strings.Replace(test, "kind: test", "kind: test, proposal: merge", 1) + "\n---\n" + letter,
	} {
		if err := h.adviser.Change(h.r.today(), h.r.docs(change)); err == nil {
			t.Errorf("%s: the adviser may", why)
		}
	}
	late := h.r.g.View(today+1, h.r.g.Size())
	if err := h.adviser.Change(late, h.r.docs(test+"\n---\n"+letter)); err == nil {
		t.Errorf("a day late: the adviser may")
	}
	h.r.loadBy("adviser", test+"\n---\n"+letter)
	for why, change := range map[string]string{
		"issued again under the same name": letter, "with another title": strings.Replace(letter, "title: Letter", "title: Better", 1), "ended": "{kind: letter, id: l, end: 2026-11-25}",
	} {
		for _, p := range append([]access.Person{h.setter, h.adviser, h.other}, h.elsewhom...) {
			if err := p.Change(h.r.today(), h.r.docs(change)); err == nil {
				t.Errorf("a letter that went out, %s: %v may", why, p.Held)
			}
		}
	}
	h.may(strings.Replace(letter, "id: l", "id: m, replaces: l", 1), "another edition", h.adviser)
}

// Whoever sets up a test of which somebody is the adviser does not say when it was reported, and so read what is not issued or take away what was; of one that has no adviser here they do, once it was.
func TestReportedByItsAdviserAlone(t *testing.T) {
	const test = "kind: test, id: own, from: 2026-09-01, title: Own test, started_on: 2026-09-01"
	for name, c := range map[string]struct {
		grant string
		may   bool
	}{
		"nobody": {"", true}, "of another test": {"{kind: grant, id: g, holder: ada, role: adviser, over: test/second}", true}, "staff": {"{kind: grant, id: g, holder: ada, role: staff}", true},
		"of the test": {"{kind: grant, id: g, holder: ada, role: adviser, over: test/own}", false}, "of all tests": {"{kind: grant, id: g, holder: ada, role: adviser}", false},
		"of the test, until it ended": {"{kind: grant, id: g, holder: ada, role: adviser, over: test/own, from: 2026-01-01, until: 2026-10-01}", false}, "of the test, from a later day": {"{kind: grant, id: g, holder: ada, role: adviser, over: test/own, from: 2027-01-01}", false},
	} {
		manifests := []string{"{" + test + "}"}
		if c.grant != "" {
			manifests = append(manifests, c.grant)
		}
		h := hands(t, manifests...)
		change := func(doc string) bool { return h.setter.Change(h.r.today(), h.r.docs(doc)) == nil }
		if change("{"+test+", reported_on: 2026-11-22}") != c.may {
			t.Errorf("%s: reports it: %t", name, !c.may)
		}
		for _, day := range []string{"2026-11-23", "2026", "to-be-agreed"} {
			if _, err := fact.ParseDate(day); err == nil && change("{"+test+", reported_on: "+day+"}") {
				t.Errorf("%s: reports it %s", name, day)
			}
		}
		if !change("{" + test + ", purpose: Whether it is safe, access_until: 2027-01-01}") {
			t.Errorf("%s: cannot set it up otherwise", name)
		}
		if !change("{kind: test, id: past, title: Past, started_on: 2020-01-01, reported_on: 2020-02-01}") || change("{kind: test, id: past, title: Past, started_on: 2020-01-01, reported_on: 2027-02-01}") {
			t.Errorf("%s: one that was reported long ago, or will be", name)
		}
		h.r.load("{" + test + ", reported_on: 2026-11-20}")
		if change("{"+test+"}") != c.may || change("{"+test+", reported_on: 2026-11-19}") != c.may || !change("{"+test+", reported_on: 2026-11-20, review_due: 2027-11-20}") {
			t.Errorf("%s: takes the report away, puts it to another day, or cannot say when its review is due", name)
		}
	}
}
