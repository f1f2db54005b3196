package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Day is a day in what programs read: 2003-10-01, and null where there is none.
type Day struct{ fact.Day }

// MarshalJSON writes it.
func (d Day) MarshalJSON() ([]byte, error) {
	if d.Day == fact.MinDay || d.Day == fact.MaxDay {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// Forecast is what a proposal would do, wave by wave on its own days, to what the law pack finds and to the structure, and what it would leave to be done. Before is the
// eve of the first wave in the record in force. The structure is compared with what it would be on the last day without the proposal, so that nothing else counts.
type Forecast struct {
	Proposal   Named           `json:"proposal"`
	Launch     string          `json:"launch,omitempty"` // as in files; when what the proposal leaves undated would take effect; empty: on no day
	Notes      []string        `json:"notes"`            // what was assumed, and what is not certain, in sentences
	Eve        Day             `json:"eve"`
	Last       Day             `json:"last"` // the day on which all of it certainly applies
	Waves      []ForecastWave  `json:"waves"`
	Outcomes   []Turn          `json:"outcomes"`
	Standing   []Turn          `json:"standing"` // what is not met before and after alike
	Criteria   []CriterionTurn `json:"criteria"`
	Conditions []ConditionTurn `json:"conditions"`
	Gaps       []RoleGap       `json:"gaps"`
	Unknown    []RoleGap       `json:"unknown"` // roles of which it is not recorded who would hold them, and is now
	Reshaping
	Leftover
	Test TestCall `json:"test"`

	passed []Turn
	kinds  map[fact.KindName][2]string // what one and many of a kind are called
	saving string                      // as the proposal gives it
}

// ForecastWave is a date on which the proposal takes effect.
type ForecastWave struct {
	Date    string  `json:"date"` // as in files
	Words   string  `json:"words"`
	On      Day     `json:"on"`                // the day on which it certainly has; null: it is undated
	Within  bool    `json:"within,omitempty"`  // the date is not exact
	Assumed bool    `json:"assumed,omitempty"` // some of it is undated, and takes effect with the launch
	Records []Named `json:"records"`
}

// Turn is a rule whose outcome changes on a day.
type Turn struct {
	Rule     string       `json:"rule"`
	Title    string       `json:"title"`
	Before   rule.Outcome `json:"before"`
	After    rule.Outcome `json:"after"`
	Was      string       `json:"was"` // in words: "Met", "Breach", "Departure from guidance"
	Is       string       `json:"is"`
	On       Day          `json:"on"`
	Wave     bool         `json:"wave"` // a wave takes effect on that day
	Worse    bool         `json:"worse"`
	Anyway   bool         `json:"anyway"` // it would be so on that day without the proposal too
	Text     string       `json:"text"`
	Subjects []Named      `json:"subjects"`
	Repair   []string     `json:"repair,omitempty"`

	Until Day `json:"-"` // of a breach that ends again; else there is no end

	severity rule.Severity
	rank     int
	missing  []rule.Missing
}

// CriterionTurn is how a criterion of the test stands before and after.
type CriterionTurn struct {
	ID     string         `json:"id"`
	Name   string         `json:"name"`
	Before CriterionCount `json:"before"`
	After  CriterionCount `json:"after"`
}

// CriterionCount is what the rules show for a criterion.
type CriterionCount struct {
	Machine    assure.Machine `json:"machine"`
	Breaches   int            `json:"breaches"`
	Departures int            `json:"departures"`
	Advisories int            `json:"advisories"`
	CannotTest int            `json:"cannot_test"`
}

// ConditionTurn is a condition of a test that comes with the proposal, or that stands otherwise under it.
type ConditionTurn struct {
	Condition Named      `json:"condition"`
	Test      Named      `json:"test"`
	Before    rule.State `json:"before,omitempty"` // empty: it is a condition of a test of the proposal
	After     rule.State `json:"after"`
	On        Day        `json:"on"`
	Why       []string   `json:"why,omitempty"` // it cannot be tested
}

// RoleGap is days on which nobody, or nobody that is recorded, would fill a statutory role.
type RoleGap struct {
	Role         string  `json:"role"` // its code
	Name         string  `json:"name"`
	From         Day     `json:"from"`
	Until        Day     `json:"until"`          // null: it has no end
	Days         int     `json:"days,omitempty"` // of one that has an end
	Posts        []Named `json:"posts"`          // that are designated
	Undesignated bool    `json:"undesignated"`   // no post is designated
	Anyway       bool    `json:"anyway"`         // so it would be without the proposal
	Text         string  `json:"text"`
}

// ForecastOf says what a proposal would do. launch is when what it leaves undated would take effect; without one, it is the day on which the proposal says that it takes
// effect, or else the day looked at, and the notes say so.
func ForecastOf(p *rule.Pack, v *graph.View, proposal fact.ID, launch fact.Date) Forecast {
	k := fact.Key{Kind: graph.Proposal, ID: proposal}
	c := &forecasting{p: p, base: v.With("")}
	c.out = Forecast{Proposal: called(p, c.base, k)}
	c.date(v, k, launch)
	c.waves()
	if len(c.out.Waves) == 0 {
		c.out.Notes = append(c.out.Notes, "The proposal changes nothing yet.")
		return c.out
	}
	c.walk()
	c.gaps()
	c.without, c.with = c.base.At(c.out.Last.Day), c.plan.At(c.out.Last.Day)
	c.out.Reshaping = c.reshaping()
	c.out.Leftover = c.leftover()
	c.out.Test = c.test(k)
	return c.out
}

// forecasting is one forecast in the making.
type forecasting struct {
	p             *rule.Pack
	base          *graph.View // the record in force, without the proposal
	plan          *graph.View // with it on its own days
	launch        fact.Date
	undated       bool
	given         bool        // the launch is the reader's own
	without, with *graph.View // on the last day
	out           Forecast
}

// date settles when what the proposal leaves undated takes effect.
func (c *forecasting) date(v *graph.View, k fact.Key, launch fact.Date) {
	tba := c.base.Planned(k.ID, fact.Date{}).Waves()
	c.undated = slices.ContainsFunc(tba, func(w graph.Wave) bool { return w.On.Form == fact.ToBeAgreed })
	if r := c.base.Record(k); r != nil {
		c.out.saving = r.Show("saving")
		if s := r.Text("status"); s == "adopted" || s == "rejected" || s == "withdrawn" {
			c.out.Notes = append(c.out.Notes, "The proposal was "+s+". What follows is what it would still change; to see what was forecast before that, look at it as it was recorded then.")
		}
	}
	said, assumed := AssumedLaunch(c.base, k.ID)
	c.launch = said
	switch given := !launch.IsZero() && launch.Form != fact.ToBeAgreed; {
	case given:
		c.launch, c.given = launch, true
	case assumed:
		c.out.Notes = append(c.out.Notes, "The proposal does not say from which day it would apply. What it leaves undated is taken to apply from "+said.Words()+", the day looked at.")
	case c.undated && !said.IsZero():
		c.out.Notes = append(c.out.Notes, "What the proposal leaves undated is taken to apply from the day on which it says that it takes effect: "+said.Words()+".")
	case c.undated:
		n := len(tba[len(tba)-1].Records)
		c.out.Notes = append(c.out.Notes, Capital(Count(n, "record of the proposal has", "records of the proposal have"))+" no day yet, while others have one. What has none takes effect on no day here.")
	}
	if c.undated && !c.launch.IsZero() {
		c.out.Launch = c.launch.String()
	}
	c.plan = c.base.Planned(k.ID, c.launch)
}

// waves lists the dates on which the proposal takes effect, and finds the eve of the first and the day on which the last has.
func (c *forecasting) waves() {
	first, last := fact.MaxDay, fact.MinDay
	c.out.kinds = map[fact.KindName][2]string{}
	for _, k := range c.base.Kinds().All {
		c.out.kinds[k.Name] = [2]string{small(k.Label), small(k.Plural)}
	}
	for _, w := range c.plan.Waves() {
		x := ForecastWave{Date: w.On.String(), Words: w.On.Words(), On: Day{w.On.Last}, Within: w.On.First != w.On.Last, Assumed: c.undated && !c.given && w.On == c.launch}
		for _, k := range w.Records {
			x.Records = append(x.Records, called(c.p, c.plan.At(min(w.On.Last, farAhead)), k))
		}
		slices.SortStableFunc(x.Records, func(a, b Named) int { return cmp.Compare(c.place(a.Record.Kind), c.place(b.Record.Kind)) })
		if w.On.Form == fact.ToBeAgreed {
			x.On, x.Within = Day{fact.MaxDay}, false
			c.out.Waves = append(c.out.Waves, x)
			continue
		}
		if w.On.Form == fact.ByThen {
			first = min(first, max(c.base.On()+1, fact.MinDay+1), w.On.Last) // it may come any day from now on
		} else {
			first = min(first, w.On.First)
		}
		if x.Within {
			c.out.Notes = append(c.out.Notes, "Changes "+strings.TrimSpace(onDay(w.On))+" are read from "+w.On.Last.Words()+", the first day on which they are certain.")
		}
		last = max(last, w.On.Last)
		c.out.Waves = append(c.out.Waves, x)
	}
	c.out.Eve, c.out.Last = Day{first - 1}, Day{last}
}

// farAhead is a day on which everything that is dated has come: what is undated is named as it is known then.
var farAhead = fact.DayOf(9999, 12, 31)

func (c *forecasting) place(k fact.KindName) int { return c.base.Kinds().Kind(k).Index }

// mostBetween is how many days between the waves the law pack is asked of. More are counted.
const mostBetween = 60

// walk asks the law pack day by day: on the eve, on the day of each wave, and on those days between on which the law or the record changes.
func (c *forecasting) walk() {
	eve := c.base.At(c.out.Eve.Day)
	before := c.p.Run(eve)
	a := assure.AssessResults(before, eve)
	first := before
	for _, d := range c.days(before) {
		view := c.plan.At(d)
		now := c.p.Run(view)
		wave := c.isWave(d)
		c.turns(before, now, d, wave)
		if wave {
			b := assure.AssessResults(now, view)
			c.conditions(a, b, d)
			if d == c.out.Last.Day {
				c.criteria(assure.AssessResults(first, eve), b)
			}
			a = b
		}
		before = now
	}
	c.rest(first, before)
}

func (c *forecasting) isWave(d fact.Day) bool {
	return slices.ContainsFunc(c.out.Waves, func(w ForecastWave) bool { return w.On.Day == d })
}

// days lists those on which the pack is asked, after the eve.
func (c *forecasting) days(first *rule.Results) []fact.Day {
	waves := map[fact.Day]bool{}
	for _, w := range c.out.Waves {
		if w.On.Day < fact.MaxDay {
			waves[w.On.Day] = true
		}
	}
	between := map[fact.Day]bool{}
	add := func(d fact.Day) {
		if d > c.out.Eve.Day && d < c.out.Last.Day && !waves[d] && !c.doubtful(d) {
			between[d] = true
		}
	}
	if c.out.Last.Day-c.out.Eve.Day > 1 {
		c.lawDays(add)
		c.recordDays(first, add)
	}
	var out []fact.Day
	for d := range between {
		out = append(out, d)
	}
	slices.Sort(out)
	if more := len(out) - mostBetween; more > 0 {
		c.out.Notes = append(c.out.Notes, "The record changes on "+Thousands(len(out))+" days between the first wave and the last. Of these the first "+Thousands(mostBetween)+" were looked at.")
		out = out[:mostBetween]
	}
	for d := range waves {
		out = append(out, d)
	}
	slices.Sort(out)
	return out
}

// doubtful reports whether a day lies where a wave may have taken effect or not.
func (c *forecasting) doubtful(d fact.Day) bool {
	return slices.ContainsFunc(c.out.Waves, func(w ForecastWave) bool {
		at, _ := fact.ParseDate(w.Date)
		return w.Within && at.First <= d && d < at.Last
	})
}

// lawDays gives the days on which the law changes.
func (c *forecasting) lawDays(add func(fact.Day)) {
	edges := func(p rule.Period) {
		if p.From.Given {
			add(p.From.Day)
		}
		if p.Until.Given {
			add(p.Until.Day + 1)
		}
	}
	for _, r := range c.p.Rules {
		edges(r.InForce)
		for _, d := range r.Doubtful {
			edges(d)
		}
		if r.Before != nil && r.Before.Until.Given {
			add(r.Before.Until.Day + 1)
		}
	}
	for _, r := range c.p.Roles {
		edges(r.Known)
	}
}

// recordDays gives the days on which something begins or ends that a rule reads. Of people and appointments that is only what concerns posts with a statutory role or a
// seat on a board: the others come and go daily.
func (c *forecasting) recordDays(first *rule.Results, add func(fact.Day)) {
	spans := func(s fact.Span) {
		if d, ok := s.From.Exact(); ok {
			add(d)
		}
		if d, ok := s.Until.Exact(); ok {
			add(d + 1)
		}
	}
	many := []fact.KindName{graph.Person, graph.Appointment, graph.Absence}
	for _, name := range first.Read() {
		if slices.Contains(many, name) {
			continue
		}
		for past := range c.plan.Pasts(name) {
			spans(past.Span)
		}
	}
	w := newWalk(c.p, c.plan)
	var posts []fact.Key
	for _, name := range []fact.KindName{graph.Designation, "seat", "portfolio"} {
		for past := range c.plan.Pasts(name) {
			if k, ok := past.Record.RefKey("post"); ok {
				posts = addKey(posts, k)
			}
		}
	}
	for _, post := range posts {
		for _, k := range w.inPost(post) {
			for _, x := range c.plan.Pieces(k) {
				spans(x.Span)
			}
		}
	}
}

func addKey(list []fact.Key, k fact.Key) []fact.Key { return add(list, k) }

// ranks order what a rule may give for something, what is best first.
func rank(r *rule.Result) int {
	switch {
	case r.Severity == rule.Breach:
		return 7
	case r.Severity == rule.Departure && r.Departure == nil:
		return 6
	case r.Severity == rule.Departure:
		return 5
	case r.Outcome == rule.NotMet:
		return 4
	case r.Outcome == rule.CannotTest:
		return 3
	case r.Outcome == rule.MetWithCondition:
		return 2
	case r.Outcome == rule.Met:
		return 1
	}
	return 0
}

// worst gives of each rule the row that matters most.
func worst(res *rule.Results) map[string]*rule.Result {
	out := map[string]*rule.Result{}
	for i := range res.Rows {
		r := &res.Rows[i]
		if had := out[r.Rule]; had == nil || rank(r) > rank(had) {
			out[r.Rule] = r
		}
	}
	return out
}

// standsAs says in words what a rule gives.
func standsAs(r *rule.Result) string {
	switch {
	case r.Severity == rule.Departure && r.Departure != nil:
		return "Departure from guidance, with a reason"
	case r.Severity == rule.Departure:
		return "Departure from guidance"
	case r.Severity != "":
		return Word(r.Severity)
	}
	return Word(r.Outcome)
}

// alikeIn reports whether two rows say the same: as to how much they matter, and of which records where something is not met or has a condition.
func alikeIn(a, b *rule.Result) bool {
	return rank(a) == rank(b) && (rank(a) != 2 && rank(a) < 4 || slices.Equal(a.Subjects, b.Subjects))
}

// turns finds the rules that give something else on a day than on the one before it.
func (c *forecasting) turns(before, now *rule.Results, d fact.Day, wave bool) {
	was, is := worst(before), worst(now)
	var base map[string]*rule.Result
	for _, r := range c.p.Rules {
		b, a := was[r.ID], is[r.ID]
		if b == nil || a == nil || alikeIn(b, a) || rank(b) < 2 && rank(a) < 2 {
			continue
		}
		if base == nil {
			base = worst(c.p.Run(c.base.At(d)))
		}
		t := c.turn(b, a)
		t.On, t.Wave = Day{d}, wave
		t.Anyway = base[r.ID] != nil && alikeIn(base[r.ID], a)
		c.out.Outcomes = append(c.out.Outcomes, t)
	}
}

func (c *forecasting) turn(b, a *rule.Result) Turn {
	t := Turn{Rule: a.Rule, Title: a.Title, Before: b.Outcome, After: a.Outcome, Was: standsAs(b), Is: standsAs(a), Text: Sentence(a.Explanation), severity: a.Severity, rank: rank(a), missing: a.Missing}
	t.Worse = rank(a) > rank(b) || rank(a) == rank(b) && len(a.Subjects) > len(b.Subjects)
	for i, k := range a.Subjects {
		t.Subjects = append(t.Subjects, Named{a.Titles[i], k})
	}
	if a.Outcome == rule.NotMet && a.Departure == nil {
		t.Repair = a.Repair
	}
	return t
}

// rest lists what is not met, what cannot be tested and what is met at the end, where that did not change.
func (c *forecasting) rest(first, last *rule.Results) {
	was, is := worst(first), worst(last)
	for _, r := range c.p.Rules {
		b, a := was[r.ID], is[r.ID]
		if b == nil || a == nil || rank(a) == 0 {
			continue
		}
		t := c.turn(b, a)
		t.On = c.out.Last
		switch {
		case rank(a) < 3 && len(a.Subjects) == 0: // it was asked of nothing
		case rank(a) < 3:
			c.out.passed = append(c.out.passed, t)
		case rank(a) > 3 && alikeIn(b, a):
			t.Anyway = true
			c.out.Standing = append(c.out.Standing, t)
		}
	}
}

func (c *forecasting) criteria(before, after *assure.Assessment) {
	count := func(x assure.Criterion) CriterionCount {
		return CriterionCount{x.Machine, x.Breaches, x.Departures, x.Advisories, x.Untested}
	}
	for i, x := range after.Criteria {
		c.out.Criteria = append(c.out.Criteria, CriterionTurn{x.ID, x.Name, count(before.Criteria[i]), count(x)})
	}
}

// conditions finds the conditions that come with a wave or stand otherwise after it.
func (c *forecasting) conditions(before, after *assure.Assessment, d fact.Day) {
	was := map[fact.Key]rule.State{}
	each := func(a *assure.Assessment, do func(*assure.Judgement, *assure.Condition)) {
		for _, x := range a.Criteria {
			if x.Judgement != nil {
				for i := range x.Judgement.Conditions {
					do(x.Judgement, &x.Judgement.Conditions[i])
				}
			}
		}
	}
	each(before, func(_ *assure.Judgement, x *assure.Condition) { was[x.Record.Key()] = x.State })
	each(after, func(j *assure.Judgement, x *assure.Condition) {
		k := x.Record.Key()
		if had, ok := was[k]; ok && had == x.State {
			return
		}
		t := ConditionTurn{Condition: Named{Sentence(x.Text), k}, Test: named(c.p, j.Test), Before: was[k], After: x.State, On: Day{d}}
		if x.State == rule.CannotBeTested {
			for _, m := range x.Missing {
				if why := Sentence(m.Why); !slices.Contains(t.Why, why) {
					t.Why = append(t.Why, why)
				}
			}
		}
		c.out.Conditions = append(c.out.Conditions, t)
	})
}

// gaps finds the days, from the first wave on, on which nobody would fill a statutory role.
func (c *forecasting) gaps() {
	w, without := newWalk(c.p, c.plan), newWalk(c.p, c.base)
	from, to := c.out.Eve.Day+1, c.out.Last.Day
	council := councilType(c.plan.At(to))
	for _, r := range c.p.Roles {
		councils := r.Councils
		if len(councils) == 0 {
			councils = c.p.Councils
		}
		if r.Known == (rule.Period{}) || !(r.Duty && slices.Contains(councils, council)) && !c.designated(r) {
			continue
		}
		before := without.role(r, from, to).Periods
		for _, x := range w.role(r, from, to).Periods {
			g := RoleGap{Role: r.Code, Name: Capital(r.Name), From: Day{max(x.From.Day, from)}, Until: Day{x.Until.Day}, Posts: x.Posts, Undesignated: len(x.Posts) == 0}
			g.Anyway = slices.ContainsFunc(before, func(b Period) bool {
				return b.Status == x.Status && (x.Status == Vacant || slices.Equal(b.Posts, x.Posts)) && b.From.Day <= g.From.Day && b.Until.Day >= min(x.Until.Day, to)
			})
			if _, end := knownDays(r); g.Until.Day == end {
				g.Until.Day = fact.MaxDay // it is the law that ends there
			}
			switch {
			case x.Until.Day < from || x.From.Day > to:
			case x.Status == Vacant:
				g.say(r)
				c.out.Gaps = append(c.out.Gaps, g)
			case x.Status == NotRecorded && !g.Anyway:
				g.Text = "Who would be " + r.Name + g.when() + " is not recorded."
				if _, why, ok := strings.Cut(x.Note, " is not recorded. "); ok {
					g.Text += " " + why
				}
				c.out.Unknown = append(c.out.Unknown, g)
			}
		}
	}
}

// designated reports whether a role is designated on the eve, or on the last day.
func (c *forecasting) designated(r *rule.Role) bool {
	was, _ := c.base.At(c.out.Eve.Day).Designations(r.Code)
	is, _ := c.plan.At(c.out.Last.Day).Designations(r.Code)
	return len(was)+len(is) > 0
}

// when says from when until when.
func (g *RoleGap) when() string {
	switch {
	case g.Until.Day == fact.MaxDay:
		return " from " + g.From.Words() + " on"
	case g.Until.Day == g.From.Day:
		return " on " + g.From.Words()
	}
	return " from " + g.From.Words() + " to " + g.Until.Words()
}

func (g *RoleGap) say(r *rule.Role) {
	how := ""
	if g.Until.Day != fact.MaxDay {
		g.Days = int(g.Until.Day-g.From.Day) + 1
		how = " (" + Count(g.Days, "day", "days") + ")"
	}
	g.Text = "Nobody would be " + r.Name + g.when() + how + ": "
	if g.Undesignated {
		g.Text += "no post is designated."
	} else {
		g.Text += And(textsOf(g.Posts)) + " is designated, and nobody is in post."
	}
}
