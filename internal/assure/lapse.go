package assure

import (
	"slices"
	"sort"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Lapse is something that is as it should be up to a day, and not from that day on, as far as what is agreed goes.
type Lapse struct {
	On        fact.Day
	Rule      string     // the rule that is no longer met or can no longer be tested, or
	Condition fact.Key   // the condition of a judgement that no longer holds, or
	Judgement fact.Key   // the judgement that has to be looked at again
	Of        fact.Key   // of a rule, the subject; empty where it is not known of what
	Untested  bool       // it cannot be said any more whether it is so
	Title     string     // of the rule, or the name of the criterion: nothing that somebody wrote
	Words     string     // why, as the record then says
	Events    []fact.Key // what begins, ends, expires or falls due on the day: where something of it bears on the rule, that alone

	rests []fact.Key // on what the rule rested before and rests now
}

// Lapses says what lapses after the day looked at and up to another, the first first. The rules are asked of each day on which something begins, ends,
// expires or falls due, of one in each month and of the last, between which the day is sought on which the answer changes.
func Lapses(p *rule.Pack, v *graph.View, until fact.Day) (out []Lapse) {
	days, events := daysAhead(v, until)
	asked := map[fact.Day]*ahead{}
	ask := func(d fact.Day) *ahead {
		if asked[d] == nil {
			asked[d] = aheadOn(p, v.At(d))
		}
		return asked[d]
	}
	tell := func(on fact.Day, before fact.Day) {
		for _, l := range ask(on).since(ask(before)) {
			l.On, l.Events = on, events[on]
			bears := slices.DeleteFunc(slices.Clone(l.Events), func(k fact.Key) bool { return !slices.Contains(l.rests, k) })
			if len(bears) > 0 {
				l.Events = bears
			}
			l.rests = nil
			out = append(out, l)
		}
	}
	last := v.On()
	for _, d := range days {
		if len(ask(d).since(ask(last))) > 0 {
			for last < d-1 && len(ask(d-1).since(ask(last))) > 0 { // a time ran out before what happens on the day
				on := last + 1 + fact.Day(sort.Search(int(d-1-last)-1, func(n int) bool { return len(ask(last+1+fact.Day(n)).since(ask(last))) > 0 }))
				tell(on, last)
				last = on
			}
			tell(d, d-1)
		}
		last = d
	}
	return out
}

// ahead is how everything stands on a day.
type ahead struct {
	*state
	a *Assessment
}

func aheadOn(p *rule.Pack, v *graph.View) *ahead {
	a := Assess(p, v)
	var conditions []Condition
	for _, c := range a.Criteria {
		if c.Judgement != nil {
			conditions = append(conditions, c.Judgement.Conditions...)
		}
	}
	return &ahead{stateOf(a.Results.Rows, conditions), a}
}

// since lists what has lapsed since an earlier day.
func (x *ahead) since(before *ahead) (out []Lapse) {
	lapsed := func(t thing) bool {
		how, was := x.things[t], before.things[t]
		return how >= departed && was < how || how == untested && was <= reasoned
	}
	for i := range x.a.Results.Rows {
		r := &x.a.Results.Rows[i]
		subjects := r.Subjects
		if len(subjects) == 0 {
			subjects = []fact.Key{{}}
		}
		for _, k := range subjects {
			t := thing{rule: r.Rule, of: k}
			if _, known := before.things[t]; !known && before.worst[r.Rule] >= untested {
				continue // it could not be said of what it was not so before
			}
			if lapsed(t) && (r.Outcome == rule.NotMet || r.Outcome == rule.CannotTest) {
				l := Lapse{Rule: r.Rule, Of: k, Untested: r.Outcome == rule.CannotTest, Title: r.Title, Words: r.Explanation, rests: x.rests(r.Rule)}
				l.rests = append(l.rests, before.rests(r.Rule)...)
				out = append(out, l)
			}
		}
	}
	for i, c := range x.a.Criteria {
		j := c.Judgement
		if j == nil || i >= len(before.a.Criteria) {
			continue
		}
		for _, on := range j.Conditions {
			if t := (thing{condition: on.Record.Key()}); lapsed(t) {
				out = append(out, Lapse{Condition: t.condition, Untested: on.State == rule.CannotBeTested, Title: c.Name, Words: on.Text})
			}
		}
		if was := before.a.Criteria[i].Judgement; len(j.Stale) > 0 && was != nil && len(was.Stale) == 0 && was.Record.Key() == j.Record.Key() {
			out = append(out, Lapse{Judgement: j.Record.Key(), Title: c.Name, Words: j.Stale[0].What})
		}
	}
	return out
}

// rests lists what the results of a rule rest on, and what they miss something of.
func (x *ahead) rests(rule string) (out []fact.Key) {
	for i := range x.a.Results.Rows {
		r := &x.a.Results.Rows[i]
		if r.Rule != rule {
			continue
		}
		for _, f := range r.Facts {
			out = append(out, f.Record)
		}
		for _, m := range r.Missing {
			if k, err := fact.ParseKey(m.Record); err == nil {
				out = append(out, k)
			}
		}
	}
	return out
}

// daysAhead gives the days to ask after, in their order, the first of each month among them, and what begins, ends, expires or falls due on each.
func daysAhead(v *graph.View, until fact.Day) ([]fact.Day, map[fact.Day][]fact.Key) {
	events := map[fact.Day][]fact.Key{}
	add := func(d fact.Date, after fact.Day, k fact.Key) {
		if d.IsZero() || d.Form == fact.ToBeAgreed {
			return
		}
		if on := d.Last + after; on > v.On() && on <= until && !slices.Contains(events[on], k) {
			events[on] = append(events[on], k)
		}
	}
	dates := map[fact.KindName][]string{"evidence": {"expires_on"}, "test": {"review_due"}, "condition": {"due"}}
	for _, k := range v.Kinds().All {
		for p := range v.Pasts(k.Name) {
			key := p.Record.Key()
			add(p.Span.From, 0, key)
			add(p.Span.Until, 1, key)
			for _, f := range dates[k.Name] {
				add(p.Record.Date(f), 1, key)
			}
		}
	}
	days := []fact.Day{until}
	for d := range events {
		days = append(days, d)
	}
	for d := v.On().AddMonths(1); d <= until; d = d.AddMonths(1) {
		days = append(days, d)
	}
	slices.Sort(days)
	return slices.Compact(days), events
}
