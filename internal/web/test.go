package web

import (
	"net/http"
	"slices"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// testKind is the kind of the tests of assurance.
const testKind fact.KindName = "test"

// testPage is a page of a test of assurance, at an address under its own: …/evidence, and …/evidence/ID where it is of one thing.
type testPage struct {
	part       string
	label      string // in the sub-navigation of the test; empty where it is not in it
	show       func(*tested, *http.Request) (*page, error)
	send       func(*tested, *sent) error // nil where nothing is sent to it
	act        access.Act                 // what whoever sends must be allowed to do, over the test
	parameters []string
	work       bool                                                    // it is of what the adviser writes: others see it when the test is reported
	serve      func(*tested, http.ResponseWriter, *http.Request) error // what it gives instead of a page: a file
}

// testPages are the pages of a test in their order, as its sub-navigation has them.
func testPages() []testPage { return slices.Concat(testWork, testJudging, testLetter, testLive) }

// testPageOf gives a page of a test by its part.
func testPageOf(part string) (testPage, bool) {
	all := testPages()
	i := slices.IndexFunc(all, func(p testPage) bool { return p.part == part })
	if i < 0 {
		return testPage{}, false
	}
	return all[i], true
}

// tested is a test of assurance as a page looks at it.
type tested struct {
	s         *Site
	l         *look
	key       fact.Key
	record    *graph.Record   // on the day looked at
	framework *rule.Framework // nil where the pack has none of that name
	of        string          // of which one thing the page is: a theme, a criterion, the id of a finding; empty is of all
}

// testOf finds the test of an address.
func (s *Site) testOf(l *look, r *http.Request) (*tested, error) {
	k := fact.Key{Kind: testKind, ID: fact.ID(r.PathValue("id"))}
	kk := l.View.Kinds().Kind(testKind)
	if len(l.View.History(k)) == 0 {
		return nil, s.noRecord(l, kk, k, "")
	}
	t := &tested{s: s, l: l, key: k, record: l.View.Record(k), of: r.PathValue("of")}
	if t.record == nil {
		return nil, &trouble{kind: fact.ErrNotFound, text: "This test is not on record on " + l.View.On().Words() + ".", links: []link{{"See when it is", l.record(k)}}}
	}
	t.findFramework()
	return t, nil
}

func (t *tested) findFramework() {
	for _, f := range t.s.Pack.Frameworks {
		if f.ID == t.record.Text("framework") {
			t.framework = f
		}
	}
}

// may reports whether the reader may do something to the test here.
func (t *tested) may(a access.Act) bool {
	return t.s.Desk != nil && t.l.present() && t.l.me.Over(t.l.View, a, t.key)
}

// reads reports whether the reader may read what the adviser writes.
func (t *tested) reads() bool { return t.s.readsTest(t.l, t.key) }

func (s *Site) readsTest(l *look, test fact.Key) bool {
	return l.me.ReadsTest(l.seen.View(l.today, -1), test)
}

// page begins a page of the test.
func (t *tested) page(template, heading, part string, body any) *page {
	return &page{Template: template, Label: t.s.title(t.record), Heading: heading, Undated: t.of == newOne || t.of == manyNew, Parts: t.s.pagesOf(t.l, t.key, part), Body: body}
}

// part is the address of a page of the test, and below it of one thing where one is named.
func (t *tested) part(name, of string, parameters ...string) string {
	at := t.s.addresses.of(t.key) + "/" + name
	if of != "" {
		at += "/" + of
	}
	return t.l.to(at, parameters...)
}

// again shows a page with what is wrong with what was sent.
func (t *tested) again(f *sent, page *page, err error) error {
	if err != nil {
		return err
	}
	return t.s.sentBack(t.l, f, page)
}

// put puts what a form of the test says into the record, and leads on.
func (t *tested) put(f *sent, change book.Change, to string) error {
	return t.s.put(f, change, to, link{"Back to the test", t.l.record(t.key)})
}

// ofTest makes a page of a test.
func (s *Site) ofTest(p testPage) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		t, err := s.testOf(l, r)
		if err != nil {
			return nil, err
		}
		if p.work && !t.reads() {
			return nil, t.closed()
		}
		return p.show(t, r)
	}
}

// closed says to whoever may not read what the adviser writes that they may not yet, whether or not there is anything.
func (t *tested) closed() error {
	return &trouble{kind: fact.ErrDenied, text: "What the adviser writes in this test is read by others when it is reported.", links: []link{{"Back to the test", t.l.record(t.key)}}}
}

// served gives of a test what is no page.
func (s *Site) served(p testPage) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r)
		if err != nil {
			return err
		}
		t, err := s.testOf(l, r)
		if err != nil {
			return err
		}
		if p.work && !t.reads() {
			return t.closed()
		}
		return p.serve(t, w, r)
	}
}

// toTest takes a form that is sent to a test.
func (s *Site) toTest(act access.Act, take func(*tested, *sent) error) handler {
	return s.formSent(func(l *look, f *sent) error {
		t, err := s.testOf(l, f.r)
		if err != nil {
			return err
		}
		if err := t.mayDo(act); err != nil {
			return err
		}
		return take(t, f)
	})
}

// testParts are what can be seen of a test, and testActs what can be sent to it.
func (s *Site) testParts() map[string]handler {
	parts := map[string]handler{}
	for _, p := range testPages() {
		switch {
		case p.show != nil:
			parts[p.part] = s.page(s.ofTest(p), p.parameters...)
		case p.serve != nil:
			parts[p.part] = s.served(p)
		}
	}
	return parts
}

func (s *Site) testActs() map[string]handler {
	acts := map[string]handler{}
	for _, p := range testPages() {
		if p.send != nil {
			acts[p.part] = s.toTest(p.act, p.send)
		}
	}
	return acts
}
