package report

import (
	"cmp"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// row says what becomes of a function; ok is false where it is there on none of the days.
func (w *journey) row(m *moving) (Moving, bool) {
	there := slices.ContainsFunc(m.spells, func(s spell) bool { return s.there != fact.No })
	if !there && !w.undated[m.key] {
		return Moving{}, false
	}
	last := len(w.days) - 1
	out := Moving{Function: w.named(last, m.key)}
	before, after := m.at(0), m.at(last)
	for _, s := range m.spells {
		if s.rec != nil {
			out.Domain = s.rec.Text("domain")
		}
	}
	if before.there != fact.No {
		out.From = w.placeOf(0, before)
	}
	out.Steps = w.steps(m, out.From)
	if len(out.Steps) > 0 {
		out.On = out.Steps[0].On
	}
	if after.there != fact.No {
		if out.To = out.From; len(m.spells) > 1 || out.From == nil {
			out.To = w.placeOf(last, after)
		}
	}
	w.follow(&out, m, before, after, there)
	w.wrong(m)
	out.Faults, out.Doubts = m.faults, m.doubts
	w.course(&out, m, before, after)
	for _, all := range [][]Fault{out.Faults, out.Doubts} {
		for i := range all {
			w.tell(&all[i])
		}
	}
	slices.SortStableFunc(out.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(slices.Index(FaultKinds, a.Kind), slices.Index(FaultKinds, b.Kind)), cmp.Compare(a.From, b.From))
	})
	return out, true
}

func (w *journey) placeOf(i int, s *spell) *Place {
	out := &Place{}
	for _, x := range []struct {
		to *Named
		k  fact.Key
	}{{&out.Unit, s.unit}, {&out.Manager, s.head}, {&out.Organisation, s.organisation}} {
		if x.k != (fact.Key{}) {
			*x.to = w.named(i, x.k)
		}
	}
	if s.law != nil {
		for _, k := range s.law.Posts {
			out.Answers = append(out.Answers, w.named(i, k))
		}
	}
	return out
}

// steps gives each change of place. A day on which it is not certain where the function is lies in the date of the step after it.
func (w *journey) steps(m *moving, was *Place) (out []Step) {
	open := -1 // since when it is not certain
	for n := range m.spells {
		s := &m.spells[n]
		if s.there == fact.Maybe || s.there == fact.Yes && s.is == fact.Maybe {
			if open < 0 && s.from > 0 {
				open = s.from
			}
			continue
		}
		var is *Place
		if s.there == fact.Yes {
			is = w.placeOf(s.from, s)
		}
		on := fact.ExactDate(w.days[s.from])
		if open >= 0 {
			on = fact.Within(w.days[open], w.days[s.from])
			if s.rec != nil {
				if given := s.rec.Span().From; given.First == on.First && given.Last == on.Last {
					on = given
				}
			}
		}
		open = -1
		if s.from > 0 && !was.same(is) {
			out = append(out, Step{on, is})
		}
		was = is
	}
	return out
}

// same reports whether two places are the same, whatever they are called.
func (p *Place) same(q *Place) bool {
	if p == nil || q == nil {
		return p == q
	}
	return p.sits(q) && slices.EqualFunc(p.Answers, q.Answers, func(a, b Named) bool { return a.Record == b.Record })
}

// sits reports whether a function is in the same place, whoever answers for it in law.
func (p *Place) sits(q *Place) bool {
	return p.Unit.Record == q.Unit.Record && p.Manager.Record == q.Manager.Record && p.Organisation.Record == q.Organisation.Record
}

// wrong finds on which days a function has no place, or nobody to answer for it.
func (w *journey) wrong(m *moving) {
	if len(w.days) == 1 {
		return // nothing changes on a day, so there is the eve alone
	}
	eve := m.at(0)
	for n, s := range m.spells {
		from, until := w.days[max(1, min(s.from, len(w.days)-1))], fact.MaxDay
		if n+1 < len(m.spells) {
			until = w.until(m.spells[n+1].from)
		}
		if until < from {
			continue // of the eve alone
		}
		fault := func(k FaultKind, why string, prior bool) {
			m.fault(Fault{Kind: k, From: from, Until: until, Text: why, Prior: prior})
		}
		doubt := func(why string, prior bool) {
			if !prior { // else it is not the proposal that leaves it open
				m.doubt(Fault{Kind: NotCertain, From: from, Until: until, Text: why})
			}
		}
		if s.there == fact.No {
			if n > 0 && n+1 < len(m.spells) && m.spells[n-1].there != fact.No {
				fault(Orphan, "it is not there, and is again afterwards", false)
			}
			continue
		}
		if s.there == fact.Maybe {
			doubt("whether it is there, or what it is, is not certain: the dates are not exact", eve.there == fact.Maybe)
		}
		switch {
		case s.is == fact.No && s.there == fact.Yes:
			fault(Orphan, s.why, eve.there == fact.Yes && eve.is == fact.No && eve.why == s.why)
		case s.is != fact.Yes:
			doubt(s.why, eve.why == s.why)
		case s.doubt != "":
			doubt(s.doubt, eve.doubt == s.doubt && eve.unit == s.unit)
		}
		prior := s.law != nil && eve.law != nil && eve.law.Is == s.law.Is && eve.law.Why == s.law.Why
		switch {
		case s.law == nil || s.law.Is == fact.Yes:
		case s.law.Is == fact.No && s.there == fact.Yes && s.unclear == "": // else it may be another council's to answer for
			fault(NobodyAnswers, s.law.Why, eve.there == fact.Yes && prior)
		default:
			doubt(s.law.Why, prior)
		}
	}
	if w.undated[m.key] {
		m.doubt(Fault{Kind: NotCertain, From: fact.MaxDay, Until: fact.MaxDay, Text: "the proposal changes it on a date that is to be agreed"})
	}
}

// tell makes a sentence of what is wrong, with its days.
func (w *journey) tell(f *Fault) {
	when := "from " + f.From.Words()
	switch {
	case f.From == fact.MaxDay: // to be agreed
		f.Text = Sentence(f.Text)
		return
	case f.Kind == Lost:
		when = "it ends on " + (f.From - 1).Words() + ", and"
	case f.From == f.Until:
		when = "on " + f.From.Words()
	case f.Until == fact.MaxDay:
		when += " until further notice"
	default:
		when += " to " + f.Until.Words()
	}
	if f.Kind != Lost {
		when += ","
	}
	f.Text = Sentence(when + " " + f.Text)
	if f.Prior {
		f.Text += " It is so already, without the proposal."
	}
}

// follow finds where a function comes from and goes to by what transfers say of it, and for what reason it ends.
func (w *journey) follow(out *Moving, m *moving, before, after *spell, there bool) {
	if before.there != fact.No && before.organisation != (fact.Key{}) {
		out.Body = w.named(0, before.organisation)
	}
	last := len(w.days) - 1
	var missing []Named // as which it was to go on
	for _, t := range w.transfersOf(m.key) {
		into := t.RefKeys("into")
		moved := slices.Contains(t.RefKeys("functions"), m.key)
		if moved && before.there == fact.No && out.Body == (Named{}) {
			if k, ok := t.RefKey("from_organisation"); ok {
				out.Body = w.named(last, k)
			}
		}
		if slices.Contains(into, m.key) {
			for _, k := range t.RefKeys("functions") {
				if k != m.key {
					was := w.named(0, k)
					if w.of[k] != nil {
						was.Text += w.origin(k)
					}
					out.Was = append(out.Was, was)
				}
			}
			continue
		}
		if !moved || !there || after.there != fact.No {
			continue
		}
		for _, k := range into {
			if x := w.of[k]; x != nil && x.at(last).there != fact.No {
				is := w.named(last, k)
				if unit := x.at(last).unit; unit != (fact.Key{}) {
					is.Text += inBrackets(w.named(last, unit).Text)
				}
				out.Becomes = append(out.Becomes, is)
			} else {
				missing = append(missing, w.named(last, k))
			}
		}
		if k, ok := t.RefKey("to_organisation"); ok && len(into) == 0 {
			out.Gone = w.named(last, k)
		}
	}
	if !there || after.there != fact.No {
		return
	}
	if out.Reason = w.reason(m.key); len(missing) == 0 && (len(out.Becomes) > 0 || out.Gone != (Named{}) || out.Reason != "") {
		return
	}
	why := "neither where it goes nor a reason is recorded"
	if len(missing) > 0 {
		why = "it is to go on as " + And(textsOf(missing)) + ", which is not there"
	}
	f := Fault{Kind: Lost, From: w.days[min(after.from, last)], Until: fact.MaxDay, Text: why}
	if len(out.Steps) > 0 {
		f.From = max(f.From, out.Steps[len(out.Steps)-1].On.Last)
	}
	m.fault(f)
}

func textsOf(names []Named) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n.Text
	}
	return out
}

// transfersOf gives the transfers that name a function, whatever their days, but for those that are only being studied and those that were withdrawn. What the proposal says of one counts before what
// is in force.
func (w *journey) transfersOf(k fact.Key) []*graph.Record {
	if w.transfers == nil {
		w.transfers = map[fact.Key][]*graph.Record{}
		var all []*graph.Record
		for past := range w.plan.Pasts(transferKind) { // in force first, and what a record is last at its end
			if n := len(all); n > 0 && all[n-1].Key() == past.Record.Key() {
				all[n-1] = past.Record
			} else {
				all = append(all, past.Record)
			}
		}
		for _, t := range all {
			if status := t.Text("status"); status == "withdrawn" || status == "being-studied" {
				continue
			}
			for _, f := range slices.Concat(t.RefKeys("functions"), t.RefKeys("into")) {
				if of := w.transfers[f]; len(of) == 0 || of[len(of)-1] != t {
					w.transfers[f] = append(of, t)
				}
			}
		}
	}
	return w.transfers[k]
}

// reason gives what the entry that ends a function under the proposal notes, or, where the function ends without it, the one that ends it there.
func (w *journey) reason(k fact.Key) (why string) {
	for _, h := range w.plan.History(k) {
		if h.Op == fact.End && !h.Span.Until.IsZero() && (h.Proposal == "" || h.Proposal == w.plan.Proposal()) {
			why = h.Record.Note()
		}
	}
	return why
}

// course says in what way the place of a function changes, and what became of it in the end.
func (w *journey) course(out *Moving, m *moving, before, after *spell) {
	was, is := before.there != fact.No, after.there != fact.No
	home := fact.Key{}
	switch {
	case !is && (was || len(m.spells) > 1):
		out.Course, out.state = Ending, Closed
		switch {
		case out.Has(Lost):
			out.state = Unplaced
		case len(out.Becomes) > 0:
			out.Course, out.state = Merging, Merged
		case out.Gone != (Named{}):
			out.Course, out.state = Leaving, Elsewhere
		}
		return
	case !is:
		out.Course, out.state = Undecided, Open
		return
	}
	switch {
	case after.there == fact.Maybe || after.is == fact.Maybe:
		out.state = Open
	case after.is == fact.No:
		out.state = Unplaced
	case after.organisation == home:
		out.state = Landed
	case was && after.organisation == before.organisation:
		out.state = Remains
	default:
		out.state = Elsewhere
	}
	switch {
	case !was && len(out.Was) > 0:
		out.Course = Succeeding
	case !was && out.Body != (Named{}):
		out.Course = Arriving
	case !was:
		out.Course = Beginning
	case before.organisation != home && after.organisation == home:
		out.Course = Arriving
	case after.organisation != before.organisation:
		out.Course = Leaving
	case !out.From.sits(out.To):
		out.Course = Relocating
	case w.undated[m.key]:
		out.Course = Undecided
	case !out.From.same(out.To):
		out.Course = Answering
	default:
		out.Course = Staying
	}
}

func (t *Transfer) sort() {
	faulty := func(m *Moving) int { // what the proposal makes wrong, the worst first, then what is wrong already
		worst := 2 * len(FaultKinds)
		for _, f := range m.Faults {
			at := slices.Index(FaultKinds, f.Kind)
			if f.Prior {
				at += len(FaultKinds)
			}
			worst = min(worst, at)
		}
		return worst
	}
	unit := func(m *Moving) string {
		switch {
		case m.From != nil && m.From.Organisation.Text != "":
			return m.From.Organisation.Text
		case m.From != nil:
			return m.From.Unit.Text
		}
		return ""
	}
	slices.SortFunc(t.Rows, func(a, b Moving) int {
		x, y := unit(&a), unit(&b)
		return cmp.Or(cmp.Compare(faulty(&a), faulty(&b)), cmp.Compare(a.Course, b.Course), last(x, y), cmp.Compare(x, y),
			cmp.Compare(a.Function.Text, b.Function.Text), cmp.Compare(a.Function.Record.ID, b.Function.Record.ID))
	})
}
