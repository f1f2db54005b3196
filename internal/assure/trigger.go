package assure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Trigger is something that calls for a fresh look at a test before its review is due.
type Trigger struct {
	Code  string // "vacant-or-acting"
	What  string // "A statutory role vacant, interim or acting for more than 90 days"
	Found []Found
}

// Found is something that a trigger found: that which sets it off, and that which is watched by it.
type Found struct {
	What     string
	Record   fact.Key
	Due      fact.Date // by when or until when it matters; zero where it has no day
	Set      bool      // it sets the trigger off
	Nameless string    // the same without who somebody is; empty where What does not say it
}

// Set reports whether something sets the trigger off on the day.
func (t *Trigger) Set() bool {
	return slices.ContainsFunc(t.Found, func(f Found) bool { return f.Set })
}

// Days that triggers go by.
const (
	longVacant   = 90 // a role may be vacant or held for the time being without a fresh look
	longApart    = 92 // statutory officers meet every quarter, which has at most so many days
	nearlyExpiry = 30 // evidence is watched when it has so many days left
)

// Triggers looks for what calls for a fresh look at a test on the day of the view: in what the test is of, and in what was recorded of the test.
func Triggers(p *rule.Pack, v *graph.View, test *graph.Record) []Trigger {
	return []Trigger{
		{"vacant-or-acting", fmt.Sprintf("A statutory role vacant, interim or acting for more than %d days", longVacant), filled(p, v)},
		{"retained", "What a finding says must be kept", kept(v, test)},
		{"officers-meet", "The statutory officers' meeting, every quarter", officersMeet(v)},
		{"late", "A recommendation or a condition is late", late(v, test)},
		{"evidence", fmt.Sprintf("Evidence that has expired, or will within %d days", nearlyExpiry), expiring(v, test)},
		{"version", "A new version of the proposal that was tested", newVersion(v, test)},
	}
}

// filled looks at the roles that the law knows and that somebody was designated to.
func filled(p *rule.Pack, v *graph.View) (out []Found) {
	for _, role := range p.Roles {
		if role.Known == (rule.Period{}) || !role.Known.On(v.On()) {
			continue
		}
		posts, gaps := v.RolePosts(role.Code)
		var since fact.Day
		how, covered := "vacant", len(gaps) > 0
		for _, post := range posts {
			h := post.Holders()
			covered = covered || h.Gap != nil
			for _, a := range h.Holders {
				if basis := a.Text("basis"); provisional(basis) {
					how, since = basis, max(since, a.Span().From.Last)
				} else {
					covered = true
				}
			}
		}
		if !covered && how == "vacant" {
			gap := slices.IndexFunc(rule.Uncovered(v.At(v.On()+1), role.Code), func(s rule.Stretch) bool { return s.Until >= v.On() })
			if gap < 0 {
				continue // nobody ever filled it, or whether somebody does is not certain
			}
			since = rule.Uncovered(v.At(v.On()+1), role.Code)[gap].From
		}
		if covered || since <= 0 {
			continue
		}
		days := int(v.On()-since) + 1
		f := Found{What: fmt.Sprintf("%s: %s since %s, %s", role.Name, how, since.Words(), counted(days)), Set: days > longVacant}
		if len(posts) > 0 {
			f.Record = posts[0].Key()
		}
		out = append(out, f)
	}
	return out
}

func counted(days int) string {
	if days == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", days)
}

// kept looks at what findings say must be kept: it sets the trigger off once it has ended too early.
func kept(v *graph.View, test *graph.Record) (out []Found) {
	for _, f := range test.Referring("finding", "test") {
		until := f.Date("retain_until")
		for _, k := range f.RefKeys("retain") {
			x := Found{What: v.Called(k) + " is kept", Record: k, Due: until}
			switch {
			case over(until, v.On()):
				continue // it need not be kept any longer
			case v.Record(k) == nil:
				x.What, x.Set = v.Called(k)+" is not there on this day", true
			case !until.IsZero():
				x.What += ", and must be until " + until.Words()
			}
			if n := f.Text("number"); n != "" {
				x.What += " (finding " + n + ")"
			}
			if !slices.ContainsFunc(out, func(y Found) bool { return y.Record == x.Record && (y.Due == x.Due || y.Set) }) {
				out = append(out, x)
			}
		}
	}
	return out
}

// over reports whether a date had certainly passed by a day.
func over(d fact.Date, on fact.Day) bool {
	return !d.IsZero() && d.Form != fact.ToBeAgreed && d.Last < on
}

// officersMeet says when the statutory officers last met, of every board of that type.
func officersMeet(v *graph.View) (out []Found) {
	for _, b := range v.All("board") {
		if b.Text("type") != "statutory-officers" {
			continue
		}
		x := Found{What: b.Title() + ": no meeting is recorded", Record: b.Key()}
		var last fact.Day
		for past := range v.Pasts("meeting") { // a meeting is recorded for its own day
			m := past.Record
			of, _ := m.RefKey("board")
			on, exact := m.Date("on").Exact()
			if of == b.Key() && exact && on <= v.On() && m.Text("status") != "planned" && m.Text("status") != "cancelled" && on > last {
				last = on
				x.What, x.Set = fmt.Sprintf("%s: last %s", b.Title(), on.Words()), int(v.On()-on) > longApart
				x.Due, _ = fact.ParseDate((on + longApart).String())
			}
		}
		if x.Set {
			x.What += fmt.Sprintf(", %s ago", counted(int(v.On()-last)))
		}
		out = append(out, x)
	}
	return out
}

// late lists the recommendations and conditions whose day has passed.
func late(v *graph.View, test *graph.Record) (out []Found) {
	for _, r := range test.Referring("recommendation", "test") {
		due, done := r.Date("due"), r.Date("accepted_complete_on")
		if over(due, v.On()) && !(over(done, v.On()+1) || r.Text("response") == "rejected") {
			out = append(out, Found{What: fmt.Sprintf("%s, due %s", strings.TrimSpace("Recommendation "+r.Text("number")), due.Words()), Record: r.Key(), Due: due, Set: true})
		}
	}
	for _, j := range test.Referring("judgement", "test") {
		for _, c := range j.Referring("condition", "judgement") {
			said := slices.ContainsFunc(c.Referring("confirmation", "condition"), func(x *graph.Record) bool { return x.Text("state") == "met" })
			if due := c.Date("due"); over(due, v.On()) && !said {
				out = append(out, Found{What: "Condition, due " + due.Words(), Record: c.Key(), Due: due, Set: true})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Found) int { return cmp.Compare(a.Due.Last, b.Due.Last) })
	return out
}

// expiring lists the evidence that has expired or soon will.
func expiring(v *graph.View, test *graph.Record) (out []Found) {
	for _, e := range test.Referring("evidence", "test") {
		until := e.Date("expires_on")
		if !over(until, v.On()+nearlyExpiry) {
			continue
		}
		x := Found{What: e.Title() + ", good until " + until.Words(), Record: e.Key(), Due: until, Set: over(until, v.On())}
		if yes, stated := e.Yes("attributable"); stated && !yes {
			x.Nameless = "Evidence good until " + until.Words()
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Found) int { return cmp.Compare(a.Due.Last, b.Due.Last) })
	return out
}

// newVersion lists the versions of the proposal that came after the one that was tested.
func newVersion(v *graph.View, test *graph.Record) (out []Found) {
	of, ok := test.RefKey("tests")
	if !ok {
		return nil
	}
	tested, known := 0.0, false
	if version := test.Ref("version"); version != nil {
		tested, known = version.Number("number")
	}
	for _, x := range v.Referring(of, "version", "of") {
		n, _ := x.Number("number")
		made := x.Date("made_on")
		day := test.Date("reported_on")
		if known && n > tested || !known && !made.IsZero() && !day.IsZero() && made.First > day.Last {
			out = append(out, Found{What: x.Title(), Record: x.Key(), Due: made, Set: true})
		}
	}
	return out
}

// Bears gives the criteria on which something bears that made a judgement stale: those whose judgement rests on the record that changed, by a rule, a
// condition or a finding. None: as far as the record shows, it bears on none in particular.
func (a *Assessment) Bears(r Reason) (codes []string) {
	if r.Entry == 0 {
		return nil
	}
	on := func(facts []rule.Fact) bool {
		return slices.ContainsFunc(facts, func(f rule.Fact) bool { return f.Entry == r.Entry })
	}
	for _, c := range a.Criteria {
		bears := false
		for i := range a.Results.Rows {
			row := &a.Results.Rows[i]
			bears = bears || slices.Contains(row.Criteria, c.ID) && on(row.Facts)
		}
		if c.Judgement != nil {
			for _, x := range c.Judgement.Conditions {
				bears = bears || on(x.Facts)
			}
			for _, f := range c.Judgement.Record.Refs("findings") {
				for _, about := range f.Refs("about") {
					bears = bears || about.Entry() == r.Entry
				}
				for _, k := range f.RefKeys("retain") {
					bears = bears || a.View.LastOf(k) == r.Entry
				}
				for _, e := range f.Refs("evidence") {
					bears = bears || e.Entry() == r.Entry
				}
			}
		}
		if bears {
			codes = append(codes, c.ID)
		}
	}
	return codes
}

// mostAsked is how many times a condition is asked again for the day since which it stands as it does.
const mostAsked = 100

// Since gives the day since which a condition stands as it does on the day of the view, looking back no further than to a day.
func Since(p *rule.Pack, v *graph.View, c Condition, back fact.Day) fact.Day {
	since, at := v.On(), v.At(v.On()) // a view of its own, on which nobody has asked anything that is remembered without its days
	for range mostAsked {
		then := at.Record(c.Record.Key())
		if then == nil {
			break
		}
		stood := test(p, at, then)
		if stood.is.State != c.State {
			break
		}
		if since = max(back, min(since, stood.reads.First)); since == back { // until then it depends on nothing that was otherwise
			break
		}
		at = v.At(since - 1)
	}
	return since
}
