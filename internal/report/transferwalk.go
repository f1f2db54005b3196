package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// journey walks with all functions at once over the days on which a place, or who answers in law, may change.
type journey struct {
	p         *rule.Pack
	force     *graph.View // without the proposal, for the eve
	plan      *graph.View // on the proposal's own days
	dates     []fact.Date
	undated   map[fact.Key]bool // what changes on a date that is to be agreed
	eve, end  fact.Day
	days      []fact.Day // the eve, and each day after it on which something may change
	views     []*graph.View
	all       []*moving
	of        map[fact.Key]*moving
	own       map[fact.Day][]*moving // whose entries begin or end
	anyOwn    map[fact.Day]bool      // when some function ends, whichever
	places    map[fact.Day]bool      // when something changes of units, posts and bodies
	law       map[fact.Day]bool      // or of who answers in law
	folded    map[string]string
	transfers map[fact.Key][]*graph.Record // by the functions that they name
	names     []map[fact.Key]Named
}

// moving is a function on its way.
type moving struct {
	key    fact.Key
	spells []spell
	now    seen    // while walking
	doubts []Fault // of double
	faults []Fault
}

// spell is days in a row on which nothing changes for a function.
type spell struct {
	from  int // place among the days
	there fact.Cover
	placed
	law  *rule.Covered
	same string // what it is: functions of which this is the same do the same
	rec  *graph.Record
}

// seen is what one entry says of the place of a function.
type seen struct {
	there   fact.Cover
	placing placing
	same    string
	rec     *graph.Record
}

// placing is where an entry puts a function.
type placing struct {
	unit, manager, organisation fact.Key
	unclear                     string // why it cannot be said
}

// placed is a placing on a day.
type placed struct {
	placing
	head  fact.Key // the post that manages it
	area  area
	other bool       // it is another council's: in no unit of this one, and managed by none of its posts
	is    fact.Cover // No: it has no place
	why   string
	doubt string // about who manages it
}

// area is where functions of one kind would stand twice.
type area struct{ unit, organisation fact.Key }

const (
	transferKind     fact.KindName = "transfer"
	organisationKind fact.KindName = "organisation"
)

func newJourney(p *rule.Pack, v *graph.View, proposal fact.ID, launch fact.Date) *journey {
	w := &journey{p: p, force: v.With(""), plan: v.Planned(proposal, launch), undated: map[fact.Key]bool{}, of: map[fact.Key]*moving{}, own: map[fact.Day][]*moving{},
		anyOwn: map[fact.Day]bool{}, places: map[fact.Day]bool{}, law: map[fact.Day]bool{}, folded: map[string]string{}}
	w.window()
	w.gather()
	return w
}

// bearing are the kinds on which it depends where a function is, or who answers for it.
var bearing = []fact.KindName{graph.Function, graph.Unit, graph.Post, organisationKind, graph.Designation, graph.Appointment, graph.Absence, graph.Person}

// window finds the eve and the end: the waves in which something changes on which a place, or who answers in law, depends. A change by some day may have come on any day
// before it: it is followed from the day looked at on.
func (w *journey) window() {
	first, last := fact.MaxDay, fact.MinDay
	for _, x := range w.plan.Waves() {
		if !slices.ContainsFunc(x.Records, func(k fact.Key) bool { return slices.Contains(bearing, k.Kind) }) {
			continue
		}
		w.dates = append(w.dates, x.On)
		if x.On.Form == fact.ToBeAgreed {
			for _, k := range x.Records {
				w.undated[k] = true
			}
			continue
		}
		from := x.On.First
		if x.On.Form == fact.ByThen {
			from = min(w.plan.On(), x.On.Last)
		}
		first, last = min(first, from), max(last, x.On.Last)
	}
	w.eve, w.end = first-1, last
	if last == fact.MinDay {
		w.eve, w.end = w.plan.On(), w.plan.On()
	}
}

// gather lists the functions, and the days between eve and end on which something changes for them.
func (w *journey) gather() {
	days := map[fact.Day]bool{w.eve: true}
	if w.eve < w.end {
		days[w.eve+1] = true
	}
	edges := func(s fact.Span, at func(fact.Day)) {
		for _, bounds := range []func() (fact.Day, fact.Day, bool){s.Possible, s.Certain} {
			first, last, ok := bounds()
			if !ok {
				continue
			}
			for _, d := range []fact.Day{first, max(last, last+1)} {
				if w.eve < d && d <= w.end {
					days[d] = true
					at(d)
				}
			}
		}
	}
	within := func(in map[fact.Day]bool) func(fact.Day) { return func(d fact.Day) { in[d] = true } }
	for past := range w.plan.Pasts(graph.Function) {
		k := past.Record.Key()
		m := w.of[k]
		if m == nil {
			m = &moving{key: k}
			w.of[k], w.all = m, append(w.all, m)
		}
		edges(past.Span, func(d fact.Day) { w.own[d] = append(w.own[d], m) })
	}
	for _, name := range []fact.KindName{graph.Unit, graph.Post, organisationKind} {
		for past := range w.plan.Pasts(name) {
			edges(past.Span, within(w.places))
		}
	}
	w.gatherLaw(edges, within(w.law))
	for name, in := range map[fact.KindName]map[fact.Day]bool{graph.Function: w.anyOwn, graph.Unit: w.places, graph.Post: w.places, organisationKind: w.places,
		graph.Designation: w.law, graph.Appointment: w.law, graph.Absence: w.law, graph.Person: w.law} {
		for _, d := range w.plan.Ends(name) {
			edges(fact.Span{From: fact.ExactDate(d)}, within(in))
		}
	}
	for _, r := range w.p.Roles {
		from, until := knownDays(r)
		edges(fact.Span{From: fact.ExactDate(from)}, within(w.law))
		edges(fact.Span{Until: fact.ExactDate(until)}, within(w.law))
	}
	w.days = slices.Sorted(maps.Keys(days))
	for i, d := range w.days {
		v := w.plan
		if i == 0 {
			v = w.force
		}
		w.views, w.names = append(w.views, v.At(d)), append(w.names, map[fact.Key]Named{})
	}
}

// gatherLaw finds the days on which who fills a role changes.
func (w *journey) gatherLaw(edges func(fact.Span, func(fact.Day)), at func(fact.Day)) {
	filling := map[fact.Key]bool{} // the posts and people designated
	for past := range w.plan.Pasts(graph.Designation) {
		edges(past.Span, at)
		for _, field := range []string{"post", "person"} {
			if k, ok := past.Record.RefKey(field); ok {
				filling[k] = true
			}
		}
	}
	covers := map[fact.Key]bool{}
	for past := range w.plan.Pasts(graph.Absence) {
		edges(past.Span, at)
		if k, ok := past.Record.RefKey("covered_by"); ok {
			covers[k] = true
		}
	}
	for past := range w.plan.Pasts(graph.Appointment) {
		post, _ := past.Record.RefKey("post")
		person, _ := past.Record.RefKey("person")
		if filling[post] || filling[person] || covers[past.Record.Key()] {
			edges(past.Span, at)
		}
	}
	for past := range w.plan.Pasts(graph.Person) {
		if filling[past.Record.Key()] {
			edges(past.Span, at)
		}
	}
}

// walk follows every function through the days.
func (w *journey) walk() {
	var at map[placing]placed
	for i, d := range w.days {
		v := w.views[i]
		covering := w.p.Covering(v)
		places, everybody := i < 2 || w.places[d], i < 2 || w.anyOwn[d]
		law := places || w.law[d]
		if places {
			at = map[placing]placed{}
		}
		changed := map[*moving]bool{}
		for _, m := range w.own[d] {
			changed[m] = true
		}
		for _, m := range w.all {
			own := everybody || changed[m]
			if own {
				m.now = w.see(v, m.key)
			} else if !law {
				continue
			}
			s := spell{from: i, there: m.now.there, same: m.now.same, rec: m.now.rec}
			if s.there != fact.No {
				p, ok := at[m.now.placing]
				if !ok {
					p = w.place(v, m.now.placing)
					at[m.now.placing] = p
				}
				s.placed = p
				if n := len(m.spells); !own && !law && n > 0 {
					s.law = m.spells[n-1].law
				} else if !p.other {
					s.law = covering.Of(v.Record(m.key))
				}
			}
			if n := len(m.spells); n == 0 || !m.spells[n-1].alike(s) {
				m.spells = append(m.spells, s)
			}
		}
	}
}

func (a *spell) alike(b spell) bool {
	return a.there == b.there && a.placed == b.placed && a.same == b.same && (a.law == nil) == (b.law == nil) && (a.law == nil || a.law.Same(b.law))
}

// see reads what holds of a function on a day.
func (w *journey) see(v *graph.View, k fact.Key) seen {
	r := v.Record(k)
	if r == nil {
		return seen{}
	}
	s := seen{there: r.Exists(), rec: r, same: w.sameness(r)}
	for _, f := range []struct {
		field string
		to    *fact.Key
	}{{"unit", &s.placing.unit}, {"managed_by", &s.placing.manager}, {"delivered_by", &s.placing.organisation}} {
		switch to, ok := r.RefKey(f.field); {
		case ok:
			*f.to = to
		case r.State(f.field) == graph.Missing:
		default:
			s.placing.unclear = "where it sits changes within the dates given"
			if r.State(f.field) != graph.Uncertain {
				s.placing.unclear = "where it sits may not be seen, or was erased"
			}
		}
	}
	return s
}

// sameness is what two functions have alike that do the same: name, domain and ages. Nothing stands for a function of which it is not known.
func (w *journey) sameness(r *graph.Record) string {
	name, ages := r.Text("name"), r.Text("ages")
	if name == "" || r.Text("domain") == "" {
		return ""
	}
	low, ok := w.folded[name]
	if !ok {
		low = PlainName(name)
		w.folded[name] = low
	}
	if ages == "" {
		ages = "all"
	}
	return low + "\x00" + r.Text("domain") + "\x00" + ages
}

// PlainName is a name without what people write now so and now otherwise: capitals, signs, "&" for "and".
func PlainName(s string) string {
	words := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(s, "&", " and ")), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, " ")
}

// place says what a placing is on the day of a view.
func (w *journey) place(v *graph.View, at placing) placed {
	out := placed{placing: at, is: fact.Yes}
	if at.unclear != "" {
		out.is, out.why = fact.Maybe, at.unclear
		return out
	}
	unit, manager := w.standing(v, &out, at.unit, "the unit in which it sits"), w.standing(v, &out, at.manager, "the post that manages it")
	body := w.standing(v, &out, at.organisation, "which delivers it")
	out.other = unit == nil && manager == nil && body != nil && body.Text("type") == "council"
	none := fact.Key{}
	if at.unit == none && at.manager == none && at.organisation == none {
		out.is, out.why = fact.No, "it is in no unit, no post manages it and no other body delivers it"
	}
	switch {
	case manager != nil:
		out.head = at.manager
	case unit != nil && at.manager == none:
		w.head(&out, unit)
	}
	out.area = area{w.area(unit, manager), at.organisation}
	return out
}

// standing gives a record on which the place of a function depends, and says so where it is not there.
func (w *journey) standing(v *graph.View, out *placed, k fact.Key, what string) *graph.Record {
	if k == (fact.Key{}) {
		return nil
	}
	r := v.Record(k)
	switch {
	case r == nil && out.is != fact.No:
		out.is, out.why = fact.No, Called(w.p, v, k)+", "+what+", is not there"
	case r != nil && r.Exists() != fact.Yes && out.is == fact.Yes:
		out.is, out.why = fact.Maybe, "whether "+Called(w.p, v, k)+", "+what+", is there is not certain: the dates are not exact"
	}
	return r
}

// head finds the post that heads the unit of a function.
func (w *journey) head(out *placed, unit *graph.Record) {
	post, gap := unit.Head()
	if gap == nil {
		out.head = post.Key()
		return
	}
	v := unit.View()
	if k, stated := unit.RefKey("head"); stated && v.Record(k) == nil && out.is != fact.No {
		out.is, out.why = fact.No, Called(w.p, v, k)+", the post that heads "+Title(w.p, unit)+", is not there"
	} else if !stated || v.Record(k) != nil {
		out.doubt = "which post manages it cannot be said: " + gap.Why
	}
}

// area gives the nearest area above a unit, itself included, or else the topmost unit.
func (w *journey) area(unit, manager *graph.Record) fact.Key {
	if unit == nil && manager != nil {
		unit = manager.Ref("unit")
	}
	if unit == nil {
		if manager != nil {
			return manager.Key()
		}
		return fact.Key{}
	}
	for range graph.Depth {
		up := unit.Ref("parent")
		if up == nil || unit.Text("type") == "area" {
			break
		}
		unit = up
	}
	return unit.Key()
}

// at gives the spell of a place among the days.
func (m *moving) at(i int) *spell {
	j, found := slices.BinarySearchFunc(m.spells, i, func(s spell, i int) int { return cmp.Compare(s.from, i) })
	if !found {
		j--
	}
	return &m.spells[j]
}

// until gives the last day of a run that ends where another begins.
func (w *journey) until(next int) fact.Day {
	if next < len(w.days) {
		return w.days[next] - 1
	}
	return fact.MaxDay
}

// double finds the functions that stand twice.
func (w *journey) double() {
	alike := map[string][]*moving{}
	for _, m := range w.all {
		for _, s := range m.spells {
			if of := alike[s.same]; s.same != "" && (len(of) == 0 || of[len(of)-1] != m) {
				alike[s.same] = append(of, m)
			}
		}
	}
	for same, group := range alike {
		if len(group) < 2 {
			continue
		}
		starts := []int{}
		for _, m := range group {
			for _, s := range m.spells {
				starts = append(starts, max(1, s.from))
			}
		}
		slices.Sort(starts)
		starts = slices.Compact(starts)
		for n, i := range starts {
			if i >= len(w.days) {
				break
			}
			next := len(w.days)
			if n+1 < len(starts) {
				next = starts[n+1]
			}
			w.doubleOn(same, group, i, next)
		}
	}
}

// doubleOn finds those of some functions alike that stand twice from one place among the days to another.
func (w *journey) doubleOn(same string, group []*moving, i, next int) {
	in := map[area][]*moving{}
	for _, m := range group {
		if s := m.at(i); s.there == fact.Yes && s.is == fact.Yes && s.same == same && s.area != (area{}) {
			in[s.area] = append(in[s.area], m)
		}
	}
	was := func(m *moving) area { // on the eve
		if s := m.at(0); s.there != fact.No && s.same == same {
			return s.area
		}
		return area{}
	}
	for where, together := range in {
		for _, m := range together {
			var with []Named
			for _, x := range together {
				if x != m && (was(x) != was(m) || was(x) == (area{})) {
					with = append(with, w.named(i, x.key))
				}
			}
			if len(with) == 0 {
				continue
			}
			m.fault(Fault{Kind: Doubled, From: w.days[i], Until: w.until(next), Text: w.doubles(i, where, with), With: with})
		}
	}
}

// doubles says in which place a function stands twice, and with what.
func (w *journey) doubles(i int, where area, with []Named) string {
	const most = 3
	var names []string
	for _, n := range with[:min(most, len(with))] {
		names = append(names, n.Text+w.origin(n.Record))
	}
	if more := len(with) - most; more > 0 {
		names = append(names, Count(more, "other", "others"))
	}
	in := ""
	if where.unit != (fact.Key{}) {
		in = " in " + w.named(i, where.unit).Text
	}
	return "it stands twice" + in + ", beside " + And(names)
}

// origin says from which other body a function came, in brackets.
func (w *journey) origin(k fact.Key) string {
	if s := w.of[k].at(0); s.there != fact.No && s.organisation != (fact.Key{}) {
		return " (from " + w.named(0, s.organisation).Text + ")"
	}
	return ""
}

// fault notes something wrong, as one with what went before where it only goes on.
func (m *moving) fault(f Fault) { m.faults = prolonged(m.faults, f) }

func (m *moving) doubt(f Fault) { m.doubts = prolonged(m.doubts, f) }

func prolonged(all []Fault, f Fault) []Fault {
	for i := range all {
		if x := &all[i]; x.Kind == f.Kind && x.Text == f.Text && x.Until != fact.MaxDay && x.Until+1 == f.From {
			x.Until = f.Until
			return all
		}
	}
	return append(all, f)
}

// named names a record on one of the days.
func (w *journey) named(i int, k fact.Key) Named {
	n, ok := w.names[i][k]
	if !ok {
		n = called(w.p, w.views[i], k)
		w.names[i][k] = n
	}
	return n
}
