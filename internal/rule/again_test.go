package rule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// What one view supposes to be new is not taken for what another does.
func TestRerunOfWhatOthersSuppose(t *testing.T) {
	p := england(t)
	records := "{kind: post, id: chief, title: Chief Executive}\n---\n{kind: post, id: dcs, title: Director, reports_to: chief}\n---\n{kind: designation, id: dcs, role: DCS, post: dcs}"
	for i := range 11 {
		records += fmt.Sprintf("\n---\n{kind: function, id: f%d, name: F%d, domain: EDU, managed_by: dcs}", i, i)
	}
	g, err := rule.TestRecord(kinds, "", records)
	if err != nil {
		t.Fatal(err)
	}
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	said := func(manifest string) *graph.View {
		return v.Suppose(nil, documents(t, manifest))
	}
	res := p.Run(said("{kind: function, id: one, name: One, domain: EDU, managed_by: dcs}"))
	other := func() *graph.View {
		return said("{kind: function, id: two, name: Two, domain: CSC, managed_by: chief}")
	}
	if d := cmp.Diff(p.Run(other()).Rows, p.Rerun(res, other()).Rows, cmpopts.IgnoreUnexported(rule.Result{})); d != "" {
		t.Error(d)
	}
}

func documents(t *testing.T, manifest string) []kind.Doc {
	t.Helper()
	docs, problems := kinds.Read("said", strings.NewReader(manifest))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return docs
}

// What is told with one run of a view is not told with another.
func TestTellIsNotToldOthers(t *testing.T) {
	p := england(t)
	g := harrow(t)
	day := fact.DayOf(2015, 6, 5)
	v := g.View(day, g.Size())
	first := p.Run(v)
	second := p.Run(v)
	second.Tell(v, func() { p.DomainsUnder(v, "DCS"); p.DomainsUnder(v, "LMCS"); p.DomainsUnder(v, "HPS") })
	for _, k := range g.View(day, g.Size()).All("post") {
		func() {
			defer func() {
				if x := recover(); x != nil {
					t.Errorf("without %s: %v", k.Key(), x)
				}
			}()
			w := g.View(day, g.Size()).Suppose([]fact.Key{k.Key()}, nil)
			got := p.Rerun(first, w)
			if d := cmp.Diff(p.Run(g.View(day, g.Size()).Suppose([]fact.Key{k.Key()}, nil)).Rows, got.Rows, cmpopts.IgnoreUnexported(rule.Result{})); d != "" {
				t.Errorf("without %s: %s", k.Key(), d)
			}
		}()
	}
}

// What was erased is in no answer that is given again, of whatever position it is.
func TestRerunAfterErasure(t *testing.T) {
	p := england(t)
	g := harrow(t)
	day := fact.DayOf(2015, 6, 5)
	known := g.Size()
	look := func() *graph.View { return g.View(day, known) }
	res := p.Run(look())
	v := look()
	x := v.Record(fact.Key{Kind: "post", ID: "chief-executive"})
	now := time.Date(2031, 1, 1, 12, 0, 0, 0, time.UTC)
	e := fact.Entry{Position: known + 1, Recorded: now, Written: now, Who: "owner", Op: fact.Erase, Kind: "post", ID: "chief-executive", Base: x.Entry(), Body: fact.Body{{Name: "fields", Value: `["title"]`}, {Name: "reason", Value: `"asked"`}}}
	if err := g.Fold(&e); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(p.Run(look()).Rows, p.Rerun(res, look()).Rows, cmpopts.IgnoreUnexported(rule.Result{})); d != "" {
		t.Error(d)
	}
	w := func() *graph.View { return g.View(day, g.Size()) }
	if d := cmp.Diff(p.Run(w()).Rows, p.Rerun(res, w()).Rows, cmpopts.IgnoreUnexported(rule.Result{})); d != "" {
		t.Error("later", d)
	}
}

// A record that is not there on the day is called by what it was in force, not by what a draft would call it, which others may not read.
func TestCalledByWhatWasInForce(t *testing.T) {
	g, err := rule.TestRecord(kinds, "", "{kind: board, id: cabinet, name: Cabinet, type: cabinet, until: 2014-12-31}\n---\n{kind: proposal, id: hush, title: Draft}\n---\n{kind: board, id: cabinet, proposal: hush, name: Board of Commissioners, type: cabinet, from: 2027-01-01}")
	if err != nil {
		t.Fatal(err)
	}
	cabinet := fact.Key{Kind: "board", ID: "cabinet"}
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	if got := v.Called(cabinet); got != "Cabinet" {
		t.Errorf("in force it is called %q", got)
	}
	if got := v.Planned("hush", fact.Date{}).Called(cabinet); got != "Board of Commissioners" {
		t.Errorf("under the proposal it is called %q", got)
	}
}
