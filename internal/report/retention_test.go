package report_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
	"plumbline/internal/rule"
)

const rules = `
{kind: retention, id: holders, of: appointment, fields: [person, basis], months: 72, after: end, authority: schedule line 1, then: remove}
---
{kind: retention, id: away, of: absence, months: 12, after: end, authority: schedule line 2}
---
{kind: retention, id: quals, of: person, fields: [qualifications], months: 1, after: recorded, authority: schedule line 3, from: 2026-02-01}
---
{kind: post, id: head, title: Head}
---
{kind: person, id: p1, name: One, qualifications: [a]}
---
{kind: person, id: p2, name: Two}
---
{kind: appointment, id: old, person: p1, post: head, basis: permanent, until: 2019-12-31}
---
{kind: appointment, id: soon, person: p1, post: head, until: 2020-08-31}
---
{kind: appointment, id: later, person: p1, post: head, until: 2021-08-31}
---
{kind: appointment, id: now, person: p2, post: head, from: 2021-09-01}
---
{kind: appointment, id: vague, person: p2, post: head, until: 2019}
---
{kind: appointment, id: agreed, person: p2, post: head, until: tba}
---
{kind: appointment, id: proposed, person: p2, post: head, until: 2010-01-01, proposal: plan}
---
{kind: proposal, id: plan, title: A plan}
---
{kind: absence, id: x, appointment: now, reason: leave, until: 2024-02-29}
`

func due(list []report.Kept) (out []string) {
	for _, k := range list {
		out = append(out, k.Record.String()+" "+k.Due.String())
	}
	return out
}

// archive is a graph that a test erases from.
type archive struct {
	*graph.Graph
	pack *rule.Pack
	at   time.Time
}

func made(t *testing.T, manifest string) *archive {
	t.Helper()
	kinds := kind.Standard()
	pack, err := rule.Standard("england", kinds)
	if err != nil {
		t.Fatal(err)
	}
	kinds.SetCodes("role", pack.RoleCodes())
	r := &archive{graph.New(kinds), pack, time.Date(2026, 2, 10, 12, 0, 0, 0, time.UTC)}
	docs, problems := kinds.Read("test", strings.NewReader(strings.TrimPrefix(manifest, "\n")))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	entries, problems := r.Stage(docs, "owner", r.at, r.at)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range entries {
		entries[i].Position = int64(i + 1)
		r.fold(t, entries[i])
	}
	return r
}

func (r *archive) fold(t *testing.T, e fact.Entry) {
	t.Helper()
	e.Position = r.Size() + 1
	if err := r.Fold(&e); err != nil {
		t.Fatal(err)
	}
}

func (r *archive) view(on fact.Day, known int64) *graph.View {
	if known < 0 {
		known = r.Size()
	}
	return r.View(on, known)
}

// erase erases fields of all entries about a record.
func (r *archive) erase(t *testing.T, key fact.Key, fields ...string) {
	t.Helper()
	for _, h := range r.view(fact.DayIn(r.at), -1).History(key) {
		body := fact.Body{{Name: "ground", Value: `"kept-long-enough"`}, {Name: "reason", Value: `"by the schedule"`}}
		if len(fields) > 0 {
			body = append(fact.Body{{Name: "fields", Value: `["` + strings.Join(fields, `","`) + `"]`}}, body...)
		}
		inLog, _ := r.InLog(key)
		r.fold(t, fact.Entry{Who: "owner", Op: fact.Erase, Kind: key.Kind, ID: inLog, Base: h.Position, Body: body, Recorded: r.at, Written: r.at})
	}
}

func TestRetention(t *testing.T) {
	r := made(t, rules)
	on := func(d fact.Day, known int64) report.Retention { return report.NewRetention(r.pack, r.view(d, known)) }
	day := fact.DayOf(2026, 3, 1)
	got := on(day, -1)
	if want := []string{"absence/x 2025-03-01", "appointment/old 2026-01-01", "appointment/vague 2026-01-01"}; !slices.Equal(due(got.Past), want) {
		t.Errorf("past: %v", due(got.Past))
	}
	if want := []string{"person/p1 2026-03-11", "appointment/soon 2026-09-01"}; !slices.Equal(due(got.Coming), want) {
		t.Errorf("coming: %v, want %v", due(got.Coming), want)
	}
	for _, k := range append(got.Past, got.Coming...) {
		if k.Record.ID == "proposed" || k.Record.ID == "now" || k.Record.ID == "agreed" || k.Record.ID == "p2" {
			t.Errorf("%s is due", k.Record)
		}
	}
	// On the day before it is due it is not; a look at another day is a look at what was due then.
	if x := on(fact.DayOf(2025, 12, 31), -1); slices.Contains(due(x.Past), "appointment/old 2026-01-01") || !slices.Contains(due(x.Coming), "appointment/old 2026-01-01") {
		t.Errorf("on the last day: %v", due(x.Past))
	}
	if x := on(fact.DayOf(2026, 1, 1), -1); !slices.Contains(due(x.Past), "appointment/old 2026-01-01") {
		t.Errorf("on the first day after its time: %v", due(x.Past))
	}
	// Before anything was recorded there are no rules.
	if x := on(day, 0); len(x.Past)+len(x.Coming)+len(x.Without) != 0 {
		t.Errorf("as known at the beginning: %+v", x)
	}
	if again := on(day, -1); !reflect.DeepEqual(again.JSON(r.view(day, -1), ""), got.JSON(r.view(day, -1), "")) {
		t.Error("it says something else the second time")
	}
	without := map[fact.KindName][]string{}
	for _, u := range got.Without {
		for _, f := range u.Fields {
			without[u.Kind.Name] = append(without[u.Kind.Name], f.Name)
		}
	}
	if want := map[fact.KindName][]string{"person": {"name", "employer", "experience"}}; !reflect.DeepEqual(without, want) {
		t.Errorf("without a rule: %v", without)
	}
	// What is erased is not due any more, at whatever position the record is looked at.
	was := r.Size()
	r.erase(t, fact.Key{Kind: "appointment", ID: "old"}, "person", "basis")
	r.erase(t, fact.Key{Kind: "absence", ID: "x"})
	r.erase(t, fact.Key{Kind: "appointment", ID: "vague"}, "person") // its basis was never stated
	for _, known := range []int64{was, -1} {
		if x := on(day, known); len(x.Past) != 0 {
			t.Errorf("as known at %d: %v", known, due(x.Past))
		}
	}
}

func TestRetentionRulesThatCannotBeApplied(t *testing.T) {
	r := made(t, "{kind: retention, id: a, of: post, fields: [nmae], months: 1, after: end, authority: x}\n---\n{kind: retention, id: b, of: post, months: 1.5, after: end, authority: x}\n---\n{kind: retention, id: c, of: post, months: -1, after: end, authority: x}")
	x := report.NewRetention(r.pack, r.view(fact.DayOf(2026, 3, 1), -1))
	if len(x.Faults) != 3 {
		t.Errorf("%q", x.Faults)
	}
}
