package assure

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Machine is what the rules alone show for a criterion. It is never a judgement.
type Machine string

// What the rules can show.
const (
	Clear     Machine = "clear"
	Attention Machine = "attention" // a departure with no recorded reason, or something that cannot be tested
	Breach    Machine = "breach"
)

// Assessment is what a pack and a person make of a structure on a day.
type Assessment struct {
	View      *graph.View
	Results   *rule.Results
	Framework *rule.Framework // nil where the pack has none
	Test      *graph.Record   // the newest test of this structure, or nil
	Criteria  []Criterion
}

// Criterion is one criterion of the test.
type Criterion struct {
	ID, Name                                   string
	Machine                                    Machine
	Breaches, Departures, Advisories, Untested int // results
	Judgement                                  *Judgement
}

// Judgement is what a person judged, and how it stands today.
type Judgement struct {
	Record     *graph.Record
	Test       *graph.Record
	Outcome    string   // met, met-with-condition, not-met
	Stale      []Reason // empty while it is current
	Conditions []Condition
	Beside     []Beside
}

// Reason says why a judgement is stale, and which entry made it so.
type Reason struct {
	What     string
	Entry    int64  // 0 where it is the calendar that made it so
	Nameless string // the same without who somebody is; empty where What does not say it
}

// Public says why for a file that goes to others or a calendar, which name nobody.
func (r Reason) Public() string {
	if r.Nameless != "" {
		return r.Nameless
	}
	return r.What
}

// Condition is something as long as which a judgement holds, as it stands on the day.
type Condition struct {
	Record  *graph.Record
	Text    string
	State   rule.State
	Missing []rule.Missing
	Facts   []rule.Fact
}

// Beside is a result of the rules that stands beside a judgement of met: a breach or a departure that the judgement passes over.
type Beside struct {
	Result   *rule.Result
	Findings []*graph.Record // of the same test, about the same records; none: not addressed by the adviser
}

// Assess runs the pack and lays the judgements of the newest test beside what it shows.
func Assess(p *rule.Pack, v *graph.View) *Assessment { return AssessResults(p.Run(v), v) }

// AssessResults lays the judgements of the newest test beside what a pack has shown of a view.
func AssessResults(r *rule.Results, v *graph.View) *Assessment {
	tests := rule.TestsOf(v)
	a := &Assessment{View: v, Results: r}
	if len(r.Pack.Frameworks) > 0 {
		a.Framework = r.Pack.Frameworks[0]
	}
	if len(tests) > 0 {
		a.Test = tests[len(tests)-1]
	}
	a.lay(tests)
	return a
}

// Tested gives the view of the structure that a test is of: with the proposal that it tests laid over, as long as that has not taken effect.
func Tested(v *graph.View, test *graph.Record) *graph.View {
	of, ok := test.RefKey("tests")
	switch {
	case !ok || v.Proposal() != "" || slices.ContainsFunc(rule.TestsOf(v), func(t *graph.Record) bool { return t.Key() == test.Key() }):
		return v
	case !reported(test, v): // so it is in no list of tests, whatever became of the proposal
		if of := v.Record(of); of != nil && of.Text("status") == "adopted" {
			return v
		}
	}
	return v.With(of.ID)
}

// AssessTest lays the judgements of one test beside what a pack has shown of a view, by the criteria of its own framework. Until it is reported nothing makes them stale.
func AssessTest(r *rule.Results, v *graph.View, test *graph.Record) *Assessment {
	a := &Assessment{View: v, Results: r, Test: test}
	for _, f := range slices.Backward(r.Pack.Frameworks) {
		if name := test.Text("framework"); name == f.ID || name == "" {
			a.Framework = f
		}
	}
	a.lay([]*graph.Record{test})
	return a
}

// lay finds the judgement of each criterion by the newest of some tests, and how it stands.
func (a *Assessment) lay(tests []*graph.Record) {
	p, v := a.Results.Pack, a.View
	if a.Framework == nil {
		return
	}
	stale := map[made][]Reason{}
	for _, c := range a.Framework.Criteria {
		row := Criterion{ID: c.Code, Name: c.Name, Machine: Clear}
		row.count(a.Results.Rows)
		row.Judgement = judgementOn(p, v, tests, c.Code)
		if j := row.Judgement; j != nil {
			if reported(j.Test, v) {
				f := freshnessOf(p, v, j.Test, j.Record)
				if _, known := stale[f.which()]; !known {
					stale[f.which()] = f.since(v)
				}
				j.Stale = append(slices.Clone(stale[f.which()]), expired(v, j)...)
			}
			j.Beside = beside(j, c.Code, a.Results.Rows)
		}
		a.Criteria = append(a.Criteria, row)
	}
}

// reported reports whether a test was reported by the day looked at.
func reported(test *graph.Record, v *graph.View) bool {
	d := test.Date("reported_on")
	return !d.IsZero() && d.Form != fact.ToBeAgreed && v.By(d.Last)
}

func (c *Criterion) count(rows []rule.Result) {
	for i := range rows {
		r := &rows[i]
		if !slices.Contains(r.Criteria, c.ID) {
			continue
		}
		switch {
		case r.Outcome == rule.CannotTest:
			c.Untested++
			c.attend()
		case r.Outcome != rule.NotMet:
		case r.Severity == rule.Breach:
			c.Breaches++
			c.Machine = Breach
		case r.Severity == rule.Departure:
			c.Departures++
			if r.Departure == nil {
				c.attend()
			}
		default:
			c.Advisories++
		}
	}
}

func (c *Criterion) attend() {
	if c.Machine == Clear {
		c.Machine = Attention
	}
}

// judgementOn gives the judgement of a criterion by the newest test that has one.
func judgementOn(p *rule.Pack, v *graph.View, tests []*graph.Record, criterion string) *Judgement {
	for _, t := range slices.Backward(tests) {
		for _, r := range t.Referring("judgement", "test") {
			if r.Text("criterion") != criterion || r.Exists() != fact.Yes {
				continue
			}
			j := &Judgement{Record: r, Test: t, Outcome: r.Text("outcome")}
			for _, c := range r.Referring("condition", "judgement") {
				j.Conditions = append(j.Conditions, ConditionOf(p, v, c))
			}
			return j
		}
	}
	return nil
}

// ConditionOf asks again, at every look, whether a condition holds.
func ConditionOf(p *rule.Pack, v *graph.View, c *graph.Record) Condition {
	out := Condition{Record: c, Text: c.Text("text"), State: rule.CannotBeTested}
	src := c.Text("expression")
	if src == "" {
		out.Missing = []rule.Missing{{Record: c.Key().String(), Field: "expression", Why: "it has no expression by which a machine could test it; somebody has to look"}}
		return out
	}
	x, faults := p.Compile(src)
	if len(faults) > 0 {
		out.Missing = []rule.Missing{{Record: c.Key().String(), Field: "expression", Why: "its expression cannot be read: " + faults[0].String()}}
		return out
	}
	var it *graph.Record
	if about := c.Refs("about"); len(about) > 0 {
		it = about[0]
	}
	out.State, out.Missing, out.Facts = x.Test(v, it)
	for i := range out.Missing {
		if out.Missing[i].Record == "" { // it is the expression itself that is at fault
			out.Missing[i].Record = c.Key().String()
		}
	}
	return out
}

// beside finds what a judgement of met passes over.
func beside(j *Judgement, criterion string, rows []rule.Result) []Beside {
	if j.Outcome == "not-met" {
		return nil
	}
	var out []Beside
	findings := j.Test.Referring("finding", "test")
	for i := range rows {
		r := &rows[i]
		if r.Outcome != rule.NotMet || r.Severity == rule.Advisory || !slices.Contains(r.Criteria, criterion) {
			continue
		}
		b := Beside{Result: r}
		for _, f := range findings {
			polarity := f.Text("polarity")
			if polarity != "gap" && polarity != "risk" {
				continue // praise does not address a departure
			}
			if slices.ContainsFunc(f.RefKeys("about"), func(k fact.Key) bool { return slices.Contains(r.Subjects, k) }) {
				b.Findings = append(b.Findings, f)
			}
		}
		out = append(out, b)
	}
	return out
}

// Act says whether somebody has something to do: a breach, a departure without a reason, a condition that fails or a judgement that
// is stale.
func (a *Assessment) Act() bool {
	for i := range a.Results.Rows {
		r := &a.Results.Rows[i]
		if r.Severity == rule.Breach || r.Severity == rule.Departure && r.Departure == nil {
			return true
		}
	}
	for _, c := range a.Criteria {
		if c.Judgement == nil {
			continue
		}
		if len(c.Judgement.Stale) > 0 || slices.ContainsFunc(c.Judgement.Conditions, func(c Condition) bool { return c.State == rule.Fails }) {
			return true
		}
	}
	return false
}
