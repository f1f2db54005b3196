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

// Harm is how bad it is that something breaks, the worst first.
type Harm string

// The harms, in their order: what the law forbids, what guidance forbids, a condition on which a judgement stands, what nobody can say any more, a judgement
// that has to be made again, and advice.
const (
	HarmBreach    Harm = "breach"
	HarmDeparture Harm = "departure"
	HarmCondition Harm = "condition-fails"
	HarmUntested  Harm = "cannot-test"
	HarmStale     Harm = "stale"
	HarmAdvisory  Harm = "advisory"
)

var harms = []Harm{HarmBreach, HarmDeparture, HarmCondition, HarmUntested, HarmStale, HarmAdvisory}

// Taken is what a scenario takes away.
type Taken string

// What is taken away: somebody leaves every post and seat that they have; a post is deleted with its appointments, designations and seats; a seat of
// a board is left empty; a piece of evidence on which a judgement rests is lost.
const (
	TakenHolder   Taken = "holder"
	TakenPost     Taken = "post"
	TakenSeat     Taken = "seat"
	TakenEvidence Taken = "evidence"
)

// Scenario is something that is taken away on the day, and what breaks by it.
type Scenario struct {
	Taken  Taken
	Of     fact.Key   // the person, post, seat or piece of evidence; where one may not see who is appointed, the appointment
	Gone   []fact.Key // the records that end
	If     string     // "Bea leaves"
	Then   string     // what that leaves at once, as "nobody holds the post of Director"; may be empty
	Losses []Loss     // the worst first
}

// Harm is that of the worst loss; empty where nothing breaks.
func (s *Scenario) Harm() Harm {
	if len(s.Losses) == 0 {
		return ""
	}
	return s.Losses[0].Harm
}

// Loss is one thing that breaks.
type Loss struct {
	Harm      Harm
	What      string       // in words
	Rule      string       // the rule, or
	Criterion string       // the criterion of the judgement that no longer stands, with the
	Condition fact.Key     // that fails or cannot be tested, where it is one
	Title     string       // of the rule, or the criterion's name
	Outcome   rule.Outcome // of the rule
	Subjects  []fact.Key
	Reason    string // of a judgement that has to be made again
}

func (l *Loss) key() string {
	var of []string
	for _, k := range l.Subjects {
		of = append(of, k.String())
	}
	s := strings.Join([]string{string(l.Harm), l.Rule, l.Criterion, l.Condition.String(), strings.Join(of, " ")}, "|")
	if l.Harm == HarmStale {
		s += "|" + l.What
	}
	return s
}

// Contingency says what would break if something were gone.
type Contingency struct {
	View      *graph.View
	Scenarios []Scenario // those that break something, the worst first
	Pairs     []Scenario // what two that are critical break together, and neither alone; asked for only
	Possible  int        // how many scenarios there are
	Asked     int        // how many of them touch what some rule, condition or judgement depends on; the others change nothing
}

// ContingencyOf takes away each holder, post and seat of the day, and each piece of evidence on which a judgement rests, one at a time. pairs asks also for
// what is broken by two together of those whose loss alone is a breach, a departure or a failing condition.
func ContingencyOf(p *rule.Pack, v *graph.View, pairs bool) *Contingency {
	x := newLosing(p, v)
	c := &Contingency{View: v}
	var broken []Scenario
	for _, s := range scenarios(p, v, x.base) {
		c.Possible++
		if asked := x.lose(&s); asked {
			c.Asked++
		}
		if len(s.Losses) > 0 {
			broken = append(broken, s)
		}
	}
	c.Scenarios = broken
	worstFirst(c.Scenarios)
	if pairs {
		c.Pairs = x.pairs(c.Scenarios)
	}
	return c
}

func worstFirst(all []Scenario) {
	slices.SortStableFunc(all, func(a, b Scenario) int {
		for i := range min(len(a.Losses), len(b.Losses)) {
			if d := place(a.Losses[i].Harm) - place(b.Losses[i].Harm); d != 0 {
				return d
			}
		}
		return cmp.Or(len(b.Losses)-len(a.Losses), cmp.Compare(a.If, b.If), cmp.Compare(a.Of.String(), b.Of.String()))
	})
}

func place(h Harm) int { return slices.Index(harms, h) }

// MostCritical is how many scenarios are taken two at a time: the worst.
const MostCritical = 40

// pairs gives what two of the critical scenarios break together and neither alone.
func (x *losing) pairs(single []Scenario) (out []Scenario) {
	var critical []*Scenario
	for i := range single {
		if place(single[i].Harm()) <= place(HarmCondition) && len(critical) < MostCritical {
			critical = append(critical, &single[i])
		}
	}
	for i, a := range critical {
		for _, b := range critical[:i] {
			both := Scenario{Taken: a.Taken, Of: a.Of, Gone: slices.Concat(b.Gone, a.Gone), If: b.If + ", and " + a.If}
			x.lose(&both)
			both.Losses = slices.DeleteFunc(both.Losses, func(l Loss) bool {
				alone := func(o Loss) bool { return o.key() == l.key() }
				return slices.ContainsFunc(a.Losses, alone) || slices.ContainsFunc(b.Losses, alone)
			})
			if len(both.Losses) > 0 {
				out = append(out, both)
			}
		}
	}
	worstFirst(out)
	return out
}

// scenarios lists what can be taken away.
func scenarios(p *rule.Pack, v *graph.View, a *Assessment) (out []Scenario) {
	holders := map[fact.Key]*Scenario{}
	var order []fact.Key
	for _, x := range v.All(graph.Appointment) {
		k, known := x.RefKey("person")
		if !known {
			k = x.Key()
		}
		s := holders[k]
		if s == nil {
			s = &Scenario{Taken: TakenHolder, Of: k}
			if who := v.Record(k); known && who != nil && who.State("name") == graph.Known {
				s.If = who.Title() + " leaves"
			}
			holders[k] = s
			order = append(order, k)
		}
		s.Gone = append(s.Gone, x.Key())
		if p := x.Ref("post"); s.If == "" && p != nil {
			s.If = "whoever holds the post of " + p.Title() + " leaves"
		}
	}
	for _, k := range order {
		s := holders[k]
		for _, kind := range []fact.KindName{graph.Designation, "seat"} {
			for _, r := range v.Referring(k, kind, "person") {
				s.Gone = append(s.Gone, r.Key())
			}
		}
		if s.If == "" {
			s.If = "one holder of a post leaves"
		}
		out = append(out, *s)
	}
	for _, p := range v.All(graph.Post) {
		s := Scenario{Taken: TakenPost, Of: p.Key(), Gone: []fact.Key{p.Key()}, If: "the post of " + p.Title() + " is deleted"}
		for _, kind := range []fact.KindName{graph.Appointment, graph.Designation, "seat"} {
			for _, r := range p.Referring(kind, "post") {
				s.Gone = append(s.Gone, r.Key())
			}
		}
		out = append(out, s)
	}
	for _, seat := range v.All("seat") {
		out = append(out, Scenario{Taken: TakenSeat, Of: seat.Key(), Gone: []fact.Key{seat.Key()}, If: seatWords(p, seat) + " is empty"})
	}
	told := map[fact.Key]bool{}
	for i := range a.Criteria {
		j := a.Criteria[i].Judgement
		if j == nil {
			continue
		}
		for _, e := range restsOn(j) {
			if !told[e.Key()] {
				told[e.Key()] = true
				out = append(out, Scenario{Taken: TakenEvidence, Of: e.Key(), Gone: []fact.Key{e.Key()}, If: "the evidence “" + e.Title() + "” is lost"})
			}
		}
	}
	return out
}

// seatWords names a seat by who has it, or else by what it is for: "the seat of Chief Executive as member of Cabinet", "a seat as member of Cabinet (police)".
func seatWords(p *rule.Pack, seat *graph.Record) string {
	out := "a seat"
	for _, field := range []string{"post", "person", "organisation"} {
		if who := seat.Ref(field); who != nil {
			out = "the seat of " + who.Title()
			break
		}
	}
	out += " as " + seat.Text("as")
	if b := seat.Ref("board"); b != nil {
		out += " of " + b.Title()
	}
	if f := seat.Text("stands_for"); f != "" && strings.HasPrefix(out, "a ") {
		switch r := p.Role(f); {
		case r != nil:
			f = r.Name
		case f == "icb" || f == "ccg":
			f = strings.ToUpper(f)
		}
		out += " (" + strings.ReplaceAll(f, "-", " ") + ")"
	}
	return out
}

// restsOn gives the evidence of the findings on which a judgement rests, or all of the test where it names none.
func restsOn(j *Judgement) []*graph.Record {
	findings := j.Record.Refs("findings")
	if len(findings) == 0 {
		return j.Test.Referring("evidence", "test")
	}
	var out []*graph.Record
	for _, f := range findings {
		out = append(out, f.Refs("evidence")...)
	}
	return out
}

// losing asks again and again what is lost, of what all of it stands beside.
type losing struct {
	p      *rule.Pack
	v      *graph.View
	base   *Assessment
	judged []*judged
}

func newLosing(p *rule.Pack, v *graph.View) *losing {
	res := p.Run(v)
	x := &losing{p: p, v: v, base: AssessResults(res, v)}
	var criteria []string
	for i := range x.base.Criteria {
		criteria = append(criteria, x.base.Criteria[i].ID)
	}
	res.Tell(v, func() {
		for i, j := range judgedOn(p, v, rule.TestsOf(v), criteria) {
			if j != nil {
				j.name = x.base.Criteria[i].Name
				x.judged = append(x.judged, j)
			}
		}
	})
	res.Watch()
	return x
}

// lose works out what a scenario breaks, and reports whether anything had to be asked for it.
func (x *losing) lose(s *Scenario) (asked bool) {
	w := x.v.Suppose(s.Gone, nil)
	changes, _ := x.base.Results.Changed(w)
	if x.base.Results.Touched(&changes) {
		asked = true
		s.Losses = append(s.Losses, worse(x.p.Outcomes(x.base.Results, w), x.base.Results, w)...)
	}
	for i, is := range again(x.p, x.judged, w, &changes) {
		j := x.judged[i]
		if is != j {
			asked = true
			s.Losses = append(s.Losses, j.losses(is)...)
		}
		if s.Taken == TakenEvidence && slices.ContainsFunc(restsOn(&j.Judgement), func(e *graph.Record) bool { return e.Key() == s.Of }) {
			asked = true
			s.Losses = append(s.Losses, j.stale("the evidence for it is lost"))
		}
	}
	slices.SortStableFunc(s.Losses, func(a, b Loss) int { return place(a.Harm) - place(b.Harm) })
	if len(s.Losses) > 0 && s.Taken == TakenHolder {
		s.Then = left(x.v, w, s.Gone)
	}
	return asked
}

// left names the posts that nobody holds any more.
func left(before, after *graph.View, gone []fact.Key) string {
	var out []string
	for _, k := range gone {
		a := before.Record(k)
		if a == nil || k.Kind != graph.Appointment {
			continue
		}
		if p := a.Ref("post"); p != nil {
			if now := after.Record(p.Key()); now != nil && now.Holders().Vacant && !slices.Contains(out, p.Title()) {
				out = append(out, p.Title())
			}
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "nobody holds the post of " + strings.Join(out, ", or of ")
}

// ranks order what a rule gives for a subject, the least bad first.
func rank(r *rule.Result) (int, Harm) {
	switch {
	case r.Outcome == rule.MetWithCondition:
		return 1, HarmAdvisory
	case r.Outcome == rule.CannotTest:
		return 3, HarmUntested
	case r.Outcome != rule.NotMet:
		return 0, ""
	case r.Severity == rule.Breach:
		return 5, HarmBreach
	case r.Severity == rule.Departure && r.Departure == nil:
		return 4, HarmDeparture
	}
	return 2, HarmAdvisory
}

// worse gives what the rules make worse of than before. What a rule could not say of anything before, it could not say of each.
func worse(now, before *rule.Results, v *graph.View) (out []Loss) {
	for was, is := range now.Differs(before) {
		had := map[fact.Key]int{}
		for i := range was {
			n, _ := rank(&was[i])
			if n == 0 {
				continue // the same as if it had not been there
			}
			for _, k := range was[i].Subjects {
				had[k] = n
			}
			if len(was[i].Subjects) == 0 {
				had[fact.Key{}] = n
			}
		}
		var words []string
		for i := range is {
			row := &is[i]
			n, harm := rank(row)
			if n == 0 {
				continue
			}
			loss := Loss{Harm: harm, Rule: row.Rule, Title: row.Title, Outcome: row.Outcome}
			worsened := func(k fact.Key) bool { return n > max(had[k], had[fact.Key{}]) }
			var titles []string
			for i, k := range row.Subjects {
				if worsened(k) {
					loss.Subjects = append(loss.Subjects, k)
					titles = append(titles, row.Titles[i])
				}
			}
			if len(titles) == 0 && (len(row.Subjects) > 0 || !worsened(fact.Key{})) {
				continue
			}
			if len(titles) < len(row.Subjects) {
				loss.What = too(row.Outcome, titles)
			} else {
				if words == nil {
					words = now.Pack.Explain(v, is)
				}
				loss.What = words[i]
			}
			out = append(out, loss)
		}
	}
	return out
}

// mostNamed is how many subjects a sentence names; the rest are counted.
const mostNamed = 8

// too says of which subjects a rule gives now what it gave of others before.
func too(o rule.Outcome, titles []string) string {
	if more := len(titles) - mostNamed + 1; more > 1 {
		titles = append(slices.Clone(titles[:mostNamed-1]), fmt.Sprintf("%d more", more))
	}
	last := len(titles) - 1
	names := titles[last]
	if last > 0 {
		names = strings.Join(titles[:last], ", ") + " and " + names
	}
	return map[rule.Outcome]string{rule.NotMet: "Not met", rule.CannotTest: "Cannot be tested", rule.MetWithCondition: "Met only with a condition"}[o] + " for " + names + ", too."
}

// losses gives what of a judgement no longer stands; nothing where another judgement has taken its place.
func (j *judged) losses(now *judged) []Loss {
	if j == nil || now == nil || j.Record.Key() != now.Record.Key() {
		return nil
	}
	out := j.staler(now)
	for i := range now.conditions {
		is := now.conditions[i].is
		for _, was := range j.conditions {
			if was.is.Record.Key() == is.Record.Key() {
				out = append(out, j.failing(was.is, is)...)
			}
		}
	}
	return out
}

// staler gives the reasons that a judgement has now and had not.
func (j *judged) staler(now *judged) (out []Loss) {
	was := j.reasons()
	for _, r := range now.reasons() {
		if !slices.ContainsFunc(was, func(o Reason) bool { return o.What == r.What }) {
			out = append(out, j.stale(r.What))
		}
	}
	return out
}

func (j *judged) stale(reason string) Loss {
	return Loss{Harm: HarmStale, Criterion: j.criterion, Title: j.name, What: "the judgement of “" + j.name + "” has to be made again: " + reason, Subjects: []fact.Key{j.Record.Key()}, Reason: reason}
}

// failing gives a condition that held, or could be tested, and does not any more.
func (j *judged) failing(was, is Condition) []Loss {
	worth := map[rule.State]int{rule.Holds: 0, rule.CannotBeTested: 1, rule.Fails: 2}
	if worth[is.State] <= worth[was.State] {
		return nil
	}
	loss := Loss{Harm: HarmUntested, Criterion: j.criterion, Title: j.name, Condition: was.Record.Key(), What: "whether a condition holds cannot be tested: " + was.Text, Subjects: []fact.Key{was.Record.Key()}}
	if is.State == rule.Fails {
		loss.Harm, loss.What = HarmCondition, "a condition fails: "+was.Text
	}
	return []Loss{loss}
}
