package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// deciders are a council with a cabinet, and other boards.
const deciders = `
{kind: council, id: council, name: Anywhere, type: unitary, governance: leader-and-cabinet}
---
{kind: board, id: cabinet, name: Cabinet, type: cabinet}
---
{kind: board, id: full, name: Council, type: council}
---
{kind: board, id: joint, name: Joint Committee, type: joint-committee}
---
{kind: decision, id: day, title: The decision, type: key, decided_by: cabinet, decided_on: 2015-06-17}
---
{kind: decision, id: called, title: The decision, decided_by: cabinet, decided_on: 2015-06-17, call_in_closes: 2015-06-24, called_in_on: 2015-06-22, call_in_outcome: sent-back}
---
`

func proposed(t *testing.T, fields string) *graph.Record {
	t.Helper()
	if fields != "" {
		fields = ", " + fields
	}
	g, _ := council(t, deciders+"{kind: proposal, id: p, title: People"+fields+"}")
	return g.View(fact.DayOf(2015, 7, 1), g.Size()).Record(fact.Key{Kind: graph.Proposal, ID: "p"})
}

func TestNotice(t *testing.T) {
	for _, c := range []struct {
		fields string
		state  report.NoticeState
		says   string
	}{
		{"", report.NoticeUnknown, "Whether it is a key decision is not recorded"},
		{"key_decision: yes", report.NoticeUnknown, "Who decides is not recorded."},
		{"key_decision: yes, decided_by: joint", report.NoticeUnknown, "Whether Joint Committee decides for the executive is not recorded."},
		{"key_decision: yes, decided_by: full", report.NoticeNotNeeded, "Council is not part of the executive."},
		{"key_decision: no, decided_by: cabinet", report.NoticeNotNeeded, "is not a key decision"},
		{"key_decision: yes, decided_by: cabinet", report.NoticeUnknown, "The day of the decision is not recorded"},
		{"key_decision: yes, decided_by: cabinet, decision_on: tba", report.NoticeUnknown, "The day of the decision is not recorded"},
		{"key_decision: yes, decided_by: cabinet, decision_on: by 2015-06-17", report.NoticeUnknown, "The day of the decision is not recorded"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2012-09-09", report.NoticeNotNeeded, "came into force on 10 September 2012"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2012-09", report.NoticeUnknown, "cannot be said whether it applies"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17", report.NoticeUnknown, "needs notice published on 19 May 2015 at the latest."},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, forward_plan_on: 2015-05-19", report.NoticeEnough, "published on 19 May 2015, 28 clear days before"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, forward_plan_on: 2015-05-20", report.NoticeShort, "27 clear days before the decision of 17 June 2015. The law asks for at least 28. Decide on a later day, from 18 June 2015 on,"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, forward_plan_on: 2015-06-20", report.NoticeShort, "no clear days before"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, forward_plan_on: 2015-04", report.NoticeEnough, "published in April 2015, at least 47 clear days before"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, forward_plan_on: 2015-05", report.NoticeUnknown, "which are not exact"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, forward_plan_on: 2015-06", report.NoticeShort, "at most 15 clear days"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, forward_plan_on: by 2015-05-01", report.NoticeEnough, "by 1 May 2015, at least 46 clear days"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, forward_plan_on: by 2015-06-10", report.NoticeUnknown, "When notice of the decision was published is not recorded."},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06, forward_plan_on: 2015-04-15", report.NoticeEnough, "at least 46 clear days"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, short_notice: general-exception, short_notice_on: 2015-06-11", report.NoticeExcused, "scrutiny was told and the notice published on 11 June 2015, 5 clear days"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, short_notice: general-exception, short_notice_on: 2015-06-12", report.NoticeShort, "scrutiny was told on 12 June 2015, 4 clear days"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, forward_plan_on: 2015-06-01, short_notice: general-exception", report.NoticeUnknown, "is not. Record it on the proposal."},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, short_notice: special-urgency, short_notice_on: 2015-06-17", report.NoticeExcused, "agreed beforehand, on 17 June 2015"},
		{"key_decision: yes, decided_by: cabinet, decision_on: 2015-06-17, short_notice: special-urgency, short_notice_on: 2015-06-18", report.NoticeShort, "is later than the decision"},
		{"decision: day", report.NoticeUnknown, "needs notice published on 19 May 2015"},
		{"decision: day, key_decision: no, decided_by: full, decision_on: 2010-01-01, forward_plan_on: 2015-05-01", report.NoticeEnough, "46 clear days before the decision of 17 June 2015"},
	} {
		n := report.NoticeOf(proposed(t, c.fields))
		if n.State != c.state || !strings.Contains(n.Words, c.says) {
			t.Errorf("%s: %d %s", c.fields, n.State, n.Words)
		}
		if (n.State == report.NoticeEnough || n.State == report.NoticeShort || n.State == report.NoticeExcused) != strings.Contains(n.Law, "regulation") && n.State != report.NoticeUnknown {
			t.Errorf("%s: %d cites %q", c.fields, n.State, n.Law)
		}
	}
	g, _ := council(t, "{kind: council, id: council, name: A, type: unitary, governance: committee}\n---\n{kind: proposal, id: p, title: P, key_decision: yes}")
	if n := report.NoticeOf(g.View(fact.DayOf(2015, 6, 5), g.Size()).Record(fact.Key{Kind: graph.Proposal, ID: "p"})); n.State != report.NoticeNotNeeded || !strings.Contains(n.Words, "has no executive") {
		t.Errorf("%d %s", n.State, n.Words)
	}
}

// Notice is long enough exactly if the days between the two, neither counted, are at least 28, across the ends of months, a leap day and a new year.
func TestNoticeCountsClearDays(t *testing.T) {
	manifest := deciders + "{kind: unit, id: u, name: U}"
	type gap struct{ published, decided fact.Day }
	gaps := map[fact.ID]gap{}
	for _, decided := range []fact.Day{fact.DayOf(2012, 9, 10), fact.DayOf(2016, 3, 14), fact.DayOf(2019, 1, 9)} {
		for n := range 60 {
			x := gap{decided - fact.Day(n) + 5, decided}
			id := fmt.Sprintf("p%d-%d", decided, n)
			gaps[fact.ID(id)] = x
			manifest += fmt.Sprintf("\n---\n{kind: proposal, id: %s, title: P, key_decision: yes, decided_by: cabinet, decision_on: %s, forward_plan_on: %s}", id, x.decided, x.published)
		}
	}
	g, _ := council(t, manifest)
	v := g.View(fact.DayOf(2015, 6, 5), g.Size())
	for id, x := range gaps {
		counted := 0
		for d := x.published + 1; d < x.decided; d++ {
			counted++
		}
		n, want := report.NoticeOf(v.Record(fact.Key{Kind: graph.Proposal, ID: id})), report.NoticeShort
		if counted >= 28 {
			want = report.NoticeEnough
		}
		if n.State != want || !strings.Contains(n.Words, " "+report.Count(counted, "clear day", "clear days")+" before") {
			t.Errorf("from %s to %s there are %d clear days: %d %s", x.published, x.decided, counted, n.State, n.Words)
		}
	}
}

// What is about to be decided is judged by its own day and board, and by whether it is called a key decision.
func TestNoticeOfWhatIsDecided(t *testing.T) {
	p := proposed(t, "key_decision: no, decided_by: full, decision_on: 2010-01-01, forward_plan_on: 2015-05-19")
	cabinet, full := fact.Key{Kind: "board", ID: "cabinet"}, fact.Key{Kind: "board", ID: "full"}
	for _, c := range []struct {
		by    graph.Ruling
		state report.NoticeState
	}{
		{graph.Ruling{On: fact.ExactDate(fact.DayOf(2015, 6, 17)), By: cabinet, Key: true}, report.NoticeEnough},
		{graph.Ruling{On: fact.ExactDate(fact.DayOf(2015, 6, 16)), By: cabinet, Key: true}, report.NoticeShort},
		{graph.Ruling{On: fact.ExactDate(fact.DayOf(2015, 6, 16)), By: full, Key: true}, report.NoticeNotNeeded},
		{graph.Ruling{On: fact.ExactDate(fact.DayOf(2015, 6, 16)), By: cabinet}, report.NoticeNotNeeded},
	} {
		if n := report.NoticeBy(p, c.by); n.State != c.state {
			t.Errorf("%+v: %d %s", c.by, n.State, n.Words)
		}
	}
}

func TestCallIn(t *testing.T) {
	for fields, want := range map[string]string{
		"": "", "decided_by: full": "Call-in is for decisions of the executive. Council is not part of the executive.",
		"decision: day":    "The last day for call-in is not recorded.",
		"decision: called": "The decision was called in on 22 June 2015. It was sent back to be looked at again.",
	} {
		if got := report.CallIn(proposed(t, fields)); got != want {
			t.Errorf("%s: %q, want %q", fields, got, want)
		}
	}
}
