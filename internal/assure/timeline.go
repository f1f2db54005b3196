package assure

import (
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Timeline is how each criterion and each rule stood, and will stand as far as is agreed, on every day from one to another.
type Timeline struct {
	View     *graph.View
	From, To fact.Day
	Criteria []Lane
	Rules    []Lane // those that applied on some day
	Edges    []Edge // the days on which something comes to stand otherwise, in their order
}

// Lane is the bands of one criterion or rule, without a day between them.
type Lane struct {
	ID, Name string
	Bands    []Band
}

// Band is days in a row, both included, on which a criterion or a rule stands the same.
type Band struct {
	From, Until fact.Day
	Standing
}

// Standing is how a criterion or a rule stands on a day.
type Standing struct {
	Machine    Machine       // what the rules show for a criterion
	Judgement  string        // its outcome; empty while nobody has judged
	Stale      bool          // it has to be made again
	Conditions rule.State    // the worst of the judgement's conditions; empty where it has none
	Outcome    rule.Outcome  // of a rule: the worst that it gives
	Severity   rule.Severity // of a not-met
}

// worth orders standings, the worst first.
func (s Standing) worth() int {
	n := 0
	switch {
	case s.Machine == Breach || s.Severity == rule.Breach:
		n += 100
	case s.Severity == rule.Departure:
		n += 40
	case s.Machine == Attention || s.Outcome == rule.CannotTest:
		n += 30
	case s.Severity == rule.Advisory || s.Outcome == rule.MetWithCondition:
		n += 5
	}
	switch s.Conditions {
	case rule.Fails:
		n += 50
	case rule.CannotBeTested:
		n += 10
	}
	if s.Stale {
		n += 20
	}
	return n
}

// Edge is a day on which something comes to stand otherwise than on the day before.
type Edge struct {
	On     fact.Day
	Turns  []Turn
	Losses []Loss  // what breaks: of a rule, the subjects that come to stand worse, the worst first
	Events []Event // what of that which the turns and losses rest on begins, changes or ends on the day
}

// Turn is one lane that comes to another band.
type Turn struct {
	Criterion string // or
	Rule      string
	Name      string
	Was, Is   Standing
	What      string // in words
}

// Worse reports whether it is for the worse.
func (t *Turn) Worse() bool { return t.Is.worth() > t.Was.worth() }

// Event is something of the record that begins, changes or ends.
type Event struct {
	Record fact.Key
	Entry  int64 // 0 where nothing is recorded of the day
	What   string
}

// TimelineOf evaluates the record at every day, from one to another, on which anything comes to be that a rule, a judgement or a condition depends on: what begins or ends, the
// windows of dates that are not exact, the days on which law comes into force or is no longer, what expires and what falls due. Of a day between two of them the answer is
// that of the earlier.
func TimelineOf(p *rule.Pack, v *graph.View, from, to fact.Day) *Timeline {
	t := &Timeline{View: v, From: from, To: to}
	now := standOn(p, v.At(from), nil)
	lanes := map[string]*Lane{}
	rules := map[string]*Lane{}
	t.begin(now, lanes, rules)
	for {
		until := max(now.until(), now.v.On())
		if until >= to {
			break
		}
		was := now
		now = standOn(p, v.At(until+1), was)
		t.turn(was, now, lanes, rules)
	}
	for _, c := range now.criteria {
		t.Criteria = append(t.Criteria, *lanes[c.id])
	}
	for _, r := range p.Rules {
		if l := rules[r.ID]; slices.ContainsFunc(l.Bands, func(b Band) bool { return b.Outcome != rule.NotApplicable }) {
			t.Rules = append(t.Rules, *l)
		}
	}
	return t
}

// Lapse is the next day after another on which a criterion comes to stand worse, or a zero Edge and no turn where none is known.
func (t *Timeline) Lapse(after fact.Day, criterion string) (fact.Day, *Turn) {
	for i := range t.Edges {
		if t.Edges[i].On <= after {
			continue
		}
		for n := range t.Edges[i].Turns {
			if turn := &t.Edges[i].Turns[n]; turn.Criterion == criterion && turn.Worse() {
				return t.Edges[i].On, turn
			}
		}
	}
	return 0, nil
}

// Lapses are the edges after a day on which something breaks that is more than advice, with only that in their losses.
func (t *Timeline) Lapses(after fact.Day) (out []Edge) {
	for _, e := range t.Edges {
		e.Losses = slices.DeleteFunc(slices.Clone(e.Losses), func(l Loss) bool { return l.Harm == HarmAdvisory })
		if e.On > after && len(e.Losses) > 0 {
			out = append(out, e)
		}
	}
	return out
}

// stood is how everything stands on one day, in the steps in which it is worked out again on the next.
type stood struct {
	v        *graph.View
	res      *rule.Results
	rules    map[string]Standing
	tests    graph.Reads
	criteria []criterionStood
}

type criterionStood struct {
	id, name string
	Standing
	judged *judged
}

func standOn(p *rule.Pack, v *graph.View, was *stood) *stood {
	s := &stood{v: v, rules: map[string]Standing{}}
	var changes graph.Changes
	same := false
	if was == nil {
		s.res = p.Standings(nil, v)
	} else {
		s.res = p.Standings(was.res, v)
		changes, same = was.res.Changed(v)
	}
	for i := range s.res.Rows {
		r := &s.res.Rows[i]
		if is, ok := s.rules[r.Rule]; !ok || (Standing{Outcome: r.Outcome, Severity: r.Severity}).worth() > is.worth() {
			s.rules[r.Rule] = Standing{Outcome: r.Outcome, Severity: r.Severity}
		}
	}
	if len(p.Frameworks) == 0 {
		return s
	}
	var of []*judged
	if !same || changes.Touch(&was.tests) {
		var criteria []string
		for _, c := range p.Frameworks[0].Criteria {
			criteria = append(criteria, c.Code)
		}
		s.res.Tell(v, func() {
			v.NoteReads()
			of = judgedOn(p, v, rule.TestsOf(v), criteria)
			_, s.tests = v.Noted()
		})
	} else {
		for i := range was.criteria {
			of = append(of, was.criteria[i].judged)
		}
		of, s.tests = again(p, of, v, &changes), was.tests
	}
	for i, c := range p.Frameworks[0].Criteria {
		row := Criterion{ID: c.Code, Machine: Clear}
		row.count(s.res.Rows)
		x := criterionStood{id: c.Code, name: c.Name, Standing: Standing{Machine: row.Machine}, judged: of[i]}
		if x.judged != nil {
			x.judged.name = c.Name
			x.Standing.judged(x.judged)
		}
		s.criteria = append(s.criteria, x)
	}
	return s
}

func (s *Standing) judged(j *judged) {
	s.Judgement, s.Stale = j.Outcome, len(j.reasons()) > 0
	for _, c := range j.conditions {
		switch {
		case c.is.State == rule.Fails, c.is.State == rule.CannotBeTested && s.Conditions != rule.Fails, s.Conditions == "":
			s.Conditions = c.is.State
		}
	}
}

// until is the last day on which, as far as is recorded, nothing of it is otherwise.
func (s *stood) until() fact.Day {
	last := min(s.res.Until(), s.tests.Last)
	for i := range s.criteria {
		if j := s.criteria[i].judged; j != nil {
			for reads := range j.all {
				last = min(last, reads.Last)
			}
		}
	}
	return last
}

func (t *Timeline) begin(s *stood, criteria, rules map[string]*Lane) {
	for _, c := range s.criteria {
		criteria[c.id] = &Lane{c.id, c.name, []Band{{t.From, t.To, c.Standing}}}
	}
	for _, r := range s.res.Pack.Rules {
		rules[r.ID] = &Lane{r.ID, r.Title, []Band{{t.From, t.To, s.rules[r.ID]}}}
	}
}

// turn ends the bands that do not go on, and says what came.
func (t *Timeline) turn(was, now *stood, criteria, rules map[string]*Lane) {
	day := now.v.On()
	e := Edge{On: day, Losses: worse(now.res, was.res, now.v)}
	next := func(l *Lane, is Standing) (before Standing, turned bool) {
		last := &l.Bands[len(l.Bands)-1]
		if last.Standing == is {
			return is, false
		}
		before, last.Until = last.Standing, day-1
		l.Bands = append(l.Bands, Band{day, t.To, is})
		return before, true
	}
	basis := graph.Basis{}
	for i, c := range now.criteria {
		e.Losses = append(e.Losses, lapsed(was.criteria[i].judged, c.judged)...)
		before, turned := next(criteria[c.id], c.Standing)
		if !turned {
			continue
		}
		e.Turns = append(e.Turns, Turn{Criterion: c.id, Name: c.name, Was: before, Is: c.Standing, What: came(&was.criteria[i], &now.criteria[i])})
		for _, j := range []*judged{was.criteria[i].judged, c.judged} {
			if j != nil {
				for reads := range j.all {
					basis.Add(reads)
				}
			}
		}
		basis.Add(&now.tests)
	}
	for _, r := range now.res.Pack.Rules {
		before, turned := next(rules[r.ID], now.rules[r.ID])
		if !turned {
			continue
		}
		is := now.rules[r.ID]
		turn := Turn{Rule: r.ID, Name: r.Title, Was: before, Is: is}
		rows := now.res.Of(r)
		for i, words := range now.res.Pack.Explain(now.v, rows) {
			if rows[i].Outcome == is.Outcome {
				turn.What = words
			}
		}
		e.Turns = append(e.Turns, turn)
		was.res.WatchRule(r.ID, basis)
		now.res.WatchRule(r.ID, basis)
	}
	for i := range e.Losses {
		if id := e.Losses[i].Rule; id != "" {
			was.res.WatchRule(id, basis)
			now.res.WatchRule(id, basis)
		}
	}
	slices.SortStableFunc(e.Losses, func(a, b Loss) int { return place(a.Harm) - place(b.Harm) })
	if len(e.Turns)+len(e.Losses) > 0 {
		was.res.WatchTold(basis)
		now.res.WatchTold(basis)
		e.Events = events(now.res.Pack, now.v, basis)
		if slices.ContainsFunc(e.Losses, func(l Loss) bool { return l.Harm == HarmStale }) {
			e.Events = append(e.Events, ran(now.res.Pack, now.v)...)
		}
		t.Edges = append(t.Edges, e)
	}
}

// lapsed gives what of a judgement no longer stands. One that had to be made again already lapses no more.
func lapsed(was, is *judged) []Loss {
	out := was.losses(is)
	if was != nil && len(was.reasons()) > 0 {
		out = slices.DeleteFunc(out, func(l Loss) bool { return l.Harm == HarmStale })
	}
	return out
}

// came says what came to a criterion.
func came(was, is *criterionStood) string {
	var out []string
	switch {
	case is.judged == nil && was.judged != nil:
		out = append(out, "its judgement is no longer of this structure")
	case is.judged != nil && was.Judgement != is.Judgement:
		out = append(out, "it was judged")
	}
	if is.judged != nil {
		had := []Reason{}
		if was.judged != nil {
			had = was.judged.reasons()
		}
		for _, r := range is.judged.reasons() {
			if !slices.ContainsFunc(had, func(o Reason) bool { return o.What == r.What }) {
				out = append(out, r.What)
			}
		}
		if was.Stale && !is.Stale {
			out = append(out, "the judgement is out of date no longer")
		}
		for i, c := range is.judged.conditions {
			if was.judged == nil || i >= len(was.judged.conditions) || was.judged.conditions[i].is.State != c.is.State {
				out = append(out, map[rule.State]string{rule.Holds: "a condition holds: ", rule.Fails: "a condition fails: ", rule.CannotBeTested: "whether a condition holds cannot be tested: "}[c.is.State]+c.is.Text)
			}
		}
	}
	if was.Machine != is.Machine {
		out = append(out, map[Machine]string{Clear: "the rules show nothing against it", Attention: "the rules show what needs attention", Breach: "the rules show a breach"}[is.Machine])
	}
	return strings.Join(out, "; ")
}

// events says what begins, changes or ends on the day of that which is depended on.
func events(p *rule.Pack, v *graph.View, b graph.Basis) (out []Event) {
	eve := v.At(v.On() - 1)
	for _, r := range v.Turned(b) {
		is, was := r, eve.Record(r.Key())
		x := Event{Record: r.Key()}
		switch {
		case is.Exists() == fact.No && was == nil:
			continue
		case is.Exists() == fact.No:
			x.Entry, x.What = v.LastOf(r.Key()), ends(p, was, v)
		case was == nil && is.Exists() == fact.Maybe:
			x.Entry, x.What = is.Entry(), happens(p, is, "may begin")
		case was == nil:
			x.Entry, x.What = is.Entry(), happens(p, is, "begins")
		case was.Exists() == fact.Maybe && is.Exists() == fact.Yes:
			x.Entry, x.What = is.Entry(), happens(p, is, "has begun by now")
		case was.Exists() == fact.Yes && is.Exists() == fact.Maybe:
			x.Entry, x.What = is.Entry(), happens(p, is, "may end")
		case was.Entry() != is.Entry():
			x.Entry, x.What = is.Entry(), happens(p, is, "changes")
		default:
			continue
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Event) int { return strings.Compare(a.What, b.What) })
	return out
}

// ran says which times ran out on the day before, of what a judgement may rest on.
func ran(p *rule.Pack, v *graph.View) (out []Event) {
	for _, x := range []struct {
		kind        fact.KindName
		field, what string
	}{{"evidence", "expires_on", "expires"}, {"test", "review_due", "is due for review"}} {
		for _, r := range v.All(x.kind) {
			if d := r.Date(x.field); !d.IsZero() && d.Form != fact.ToBeAgreed && d.Last+1 == v.On() {
				out = append(out, Event{Record: r.Key(), Entry: r.Entry(), What: happens(p, r, x.what)})
			}
		}
	}
	return out
}

// happens says what becomes of a record: "Designation begins: Head of paid service: Chief Executive".
func happens(p *rule.Pack, r *graph.Record, what string) string {
	return r.Kind().Label + " " + what + ": " + p.Named(r.Key(), r.Title())
}

// ends says with an appointment whether anybody follows.
func ends(p *rule.Pack, r *graph.Record, now *graph.View) string {
	what := happens(p, r, "ends")
	if r.Key().Kind != graph.Appointment {
		return what
	}
	if basis := r.Text("basis"); provisional(basis) {
		what = strings.ToUpper(basis[:1]) + basis[1:] + " " + strings.ToLower(what[:1]) + what[1:]
	}
	if k, ok := r.RefKey("post"); ok {
		if p := now.Record(k); p != nil && p.Holders().Vacant {
			what += ", and no successor is recorded"
		}
	}
	return what
}
