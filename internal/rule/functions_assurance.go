package rule

import (
	"iter"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

const (
	test      fact.KindName = "test"
	judgement fact.KindName = "judgement"
)

// TestsOf gives the tests reported by the day of what the view shows: of the proposal that is read as if in force, or else of the structure in
// force, of the proposals that were adopted into it and of the one that is planned. The newest comes last.
func TestsOf(v *graph.View) []*graph.Record {
	sure, _ := testsOf(v)
	return sure
}

// testsOf gives with them those of which it is not certain that they were reported by the day.
func testsOf(v *graph.View) (out, maybe []*graph.Record) {
	for _, t := range v.All(test) {
		on := t.Date("reported_on")
		if on.IsZero() || on.Form == fact.ToBeAgreed || !v.By(on.First) {
			continue
		}
		of, stated := t.RefKey("tests")
		switch {
		case v.AsIf():
			if !stated || of.ID != v.Proposal() {
				continue
			}
		case stated:
			if from, made := madeBy(v, of); !made || !v.By(from.First) {
				continue // it is not of the structure of the day, or not yet
			}
		}
		if t.Exists() != fact.Yes || !v.By(on.Last) {
			maybe = append(maybe, t)
			continue
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b *graph.Record) int { return int(a.Date("reported_on").Last - b.Date("reported_on").Last) })
	return out, maybe
}

// issued gives the tests reported, and the gap where another may have been.
func (r *run) issued() ([]*graph.Record, *types.Unknown) {
	out, maybe := testsOf(r.v)
	for _, t := range out {
		r.v.Touch(t)
	}
	var gap *types.Unknown
	for _, t := range maybe {
		r.v.Touch(t)
		gap = types.MergeUnknowns(gap, unknown(graph.Gap{Record: t.Key(), Field: "reported_on", Why: "the day is not recorded (" + t.Date("reported_on").Words() + ")"}))
	}
	return out, gap
}

func issuedTests(r *run, _ []ref.Val) ref.Val {
	t, gap := r.issued()
	l := wrapAll(t)
	l.gap = gap
	return l.val()
}

func lastTest(r *run, _ []ref.Val) ref.Val {
	t, gap := r.issued()
	if len(t) == 0 && gap != nil {
		return gap
	}
	if len(t) == 0 {
		return unknown(graph.Gap{Record: fact.Key{Kind: test}, Field: "reported_on", Why: "no test of this structure is recorded as reported"})
	}
	return wrap(t[len(t)-1])
}

func tested(r *run, _ []ref.Val) ref.Val {
	t, gap := r.issued()
	if len(t) == 0 && gap != nil {
		return gap
	}
	return types.Bool(len(t) > 0)
}

func conditional(r *run, _ []ref.Val) ref.Val {
	tests, _ := r.issued()
	for _, t := range tests {
		if slices.ContainsFunc(tests, func(later *graph.Record) bool { return later.Ref("supersedes") == t }) {
			continue // what replaced it says what still has to hold
		}
		for _, j := range t.Referring(judgement, "test") {
			if j.Text("outcome") == "met-with-condition" || len(j.Referring("condition", "judgement")) > 0 {
				r.v.Touch(j)
				return types.True
			}
		}
	}
	return types.False
}

func reviewArranged(r *run, a []ref.Val) ref.Val {
	t := record(a[0])
	r.v.Touch(t)
	arranged := false
	for p := range r.v.Pasts(test) {
		if k, ok := p.Record.RefKey("supersedes"); !ok || k != t.Key() {
			continue
		}
		r.v.Touch(p.Record)
		if on := p.Record.Date("reported_on"); !on.IsZero() && r.v.By(on.Last) {
			return types.True // a later test has replaced it
		}
		arranged = true
	}
	for _, kind := range []fact.KindName{"milestone", "action"} {
		for _, m := range t.Referring(kind, "about") {
			due, done := m.Date("due"), m.Date("done_on")
			switch {
			case m.Text("status") == "cancelled":
				continue
			case !done.IsZero() && r.v.By(done.Last) || m.Text("status") == "complete":
				r.v.Touch(m)
				return types.True
			case !due.IsZero() && !r.v.Past(due.Last):
				r.v.Touch(m)
				arranged = true
			}
		}
	}
	if due := t.Date("review_due"); !due.IsZero() && r.v.Past(due.Last) {
		return types.False // overdue, whatever was arranged
	}
	return types.Bool(arranged)
}

func assessorIndependent(r *run, a []ref.Val) ref.Val {
	t := record(a[0])
	r.v.Touch(t)
	who, org := t.Ref("assessor"), t.Ref("assessor_organisation")
	r.v.Touch(who)
	if before := t.Ref("supersedes"); before != nil && who != nil {
		if k, ok := before.RefKey("assessor"); ok && k == who.Key() {
			r.v.Touch(before)
			return types.False
		}
	}
	switch {
	case org != nil:
		r.v.Touch(org)
		return types.True // an organisation is always another body than the council
	case who == nil:
		return unknown(graph.Gap{Record: t.Key(), Field: "assessor", Why: "it is not recorded who carried out the test"})
	}
	if _, elsewhere := who.RefKey("employer"); elsewhere {
		return types.True
	}
	if len(who.Referring(graph.Appointment, "person")) > 0 {
		return types.False // in a post of this council
	}
	return unknown(graph.Gap{Record: who.Key(), Field: "employer", Why: "it is not recorded by whom the assessor is employed"})
}

// lodged asks what the boards were when they received the test: they may be gone since.
func lodged(r *run, a []ref.Val) ref.Val {
	t := record(a[0])
	to := t.RefKeys("approved_by")
	if k, ok := t.RefKey("reported_to"); ok {
		to = append(to, k)
	}
	for p := range r.v.Pasts(board) {
		if slices.Contains(to, p.Record.Key()) && slices.Contains([]string{"scrutiny", "council", "lscb", "safeguarding-partnership", "sab", "hwb"}, p.Record.Text("type")) {
			r.v.Touch(p.Record)
			return types.True
		}
	}
	return types.False
}

// proposals gives the proposal that the view shows, or those that made the structure in force within the last twelve months.
func proposals(r *run, _ []ref.Val) ref.Val {
	if r.v.AsIf() {
		if p := r.v.Record(fact.Key{Kind: graph.Proposal, ID: r.v.Proposal()}); p != nil {
			return recorded(r, []*graph.Record{p}).val()
		}
		return wrapAll(nil).val()
	}
	l := &list{}
	since := r.v.Ago(12)
	for p, on := range made(r.v) {
		r.v.Touch(p)
		switch {
		case on.IsZero():
			l.miss(graph.Gap{Record: p.Key(), Field: "effective_on", Why: "it is not recorded"})
		case !r.v.By(on.First) || since.Past(on.Last):
		case !since.Past(on.First) && r.v.By(on.Last) && p.Exists() == fact.Yes:
			l.add(wrap(p))
		default:
			l.miss(graph.Gap{Record: p.Key(), Field: "effective_on", Why: "the day is not recorded (" + on.Words() + ")"})
		}
	}
	return l.val()
}

// madeBy reports whether a proposal was adopted into the structure, or is planned for it, and when it took effect, if that is recorded: a planned one is read as it would be once
// adopted.
func madeBy(v *graph.View, k fact.Key) (from fact.Date, made bool) {
	if k.ID == v.Proposal() {
		if waves := v.Waves(); len(waves) > 0 {
			return waves[0].On, true
		}
		return fact.Date{}, false
	}
	p := v.Record(k)
	if p == nil || p.Text("status") != "adopted" {
		return fact.Date{}, false
	}
	return p.Date("effective_on"), true
}

// made gives the proposals that were adopted into the structure, or are planned for it, and when each took effect.
func made(v *graph.View) iter.Seq2[*graph.Record, fact.Date] {
	return func(yield func(*graph.Record, fact.Date) bool) {
		if v.AsIf() {
			return
		}
		for _, p := range v.All(graph.Proposal) {
			if on, made := madeBy(v, p.Key()); made && !yield(p, on) {
				return
			}
		}
	}
}

func heard(r *run, a []ref.Val) ref.Val {
	p, group := record(a[0]), text(a[1])
	concerned := append([]*graph.Record{p}, p.Referring(test, "tests")...)
	for _, x := range concerned {
		for _, f := range x.Referring("feedback", "about") {
			if f.Text("given_by") == group {
				r.v.Touch(f)
				return types.True
			}
		}
	}
	for _, c := range p.Referring("consultation", "of") {
		for _, said := range c.Referring("response", "of") {
			if said.Text("given_by") == group {
				r.v.Touch(said)
				return types.True
			}
		}
	}
	return types.False
}

func planned(r *run, a []ref.Val) ref.Val {
	for _, p := range record(a[0]).Referring("programme", "implements") {
		if len(p.Referring("risk", "programme")) > 0 && p.Ref("change_lead") != nil && (len(p.Referring("milestone", "programme")) > 0 || len(p.Referring("action", "programme")) > 0) {
			r.v.Touch(p)
			return types.True
		}
	}
	return types.False
}

func firstYear(r *run, a []ref.Val) ref.Val {
	is := r.law.ask(question{ofYear, strings.Join(append([]string{text(a[0])}, items(a[1])...), " ")}, record(r.council))
	if len(is.gaps) > 0 {
		return unknown(is.gaps[0])
	}
	return types.Bool(is.is)
}

// firstYear says whether a role came by the functions of some domains within the last twelve months.
func (l *law) firstYear(role string, domains []string) found {
	had := func(v *graph.View) (bool, *graph.Gap) {
		l := newLaw(l.p, v)
		rp := l.rolePosts(role)
		if len(rp.posts) > 0 && l.hasAny(rp.posts, domains) {
			return true, nil
		}
		var open *graph.Gap
		for i := range rp.gaps {
			open = &rp.gaps[i]
		}
		for _, p := range rp.posts {
			if _, gap := l.extra(p, domains); gap != nil {
				open = gap
			}
		}
		return false, open
	}
	then := l.v.Ago(12)
	if l.v.AsIf() {
		if before, _ := had(l.v.With("")); !before {
			return found{is: true} // it is the proposal that brings them
		}
		then = then.With("")
	}
	for _, day := range made(l.v) {
		if before, _ := had(l.v.OnDay(day.First - 1)); !before && !then.By(day.First) && l.v.By(day.Last) {
			return found{is: true} // it is a proposal that brought them
		}
	}
	before, gap := had(then)
	if gap != nil {
		return found{gaps: []graph.Gap{*gap}}
	}
	return found{is: !before}
}

func departed(r *run, a []ref.Val) ref.Val {
	return r.departures(items(a[0]), func(*Rule, *graph.Record) bool { return true }).val()
}

// unreasoned is the subjects of departures for which no reason is recorded.
type unreasoned struct {
	graph.Memo
	*list
}

func reasonsMissing(r *run, a []ref.Val) ref.Val {
	families := items(a[0])
	key := strings.Join(families, " ")
	u := r.unreasoned[key]
	if u == nil {
		u = &unreasoned{}
		r.unreasoned[key] = u
	}
	r.v.Keep(&u.Memo, func() {
		u.list = r.departures(families, func(rule *Rule, s *graph.Record) bool { return r.reasonFor(rule, s.Key()) == nil })
	})
	return u.val()
}

// departures gives the subjects of departures from the rules of some families, those that are wanted.
func (r *run) departures(families []string, wanted func(*Rule, *graph.Record) bool) *list {
	l := &list{}
	seen := map[*graph.Record]bool{}
	for place, a := range r.out {
		if !slices.Contains(families, a.rule.Family()) {
			continue
		}
		r.v.Rely(place)
		for _, k := range a.departs() {
			if s := r.v.Record(k); !seen[s] && wanted(a.rule, s) {
				seen[s] = true
				l.add(wrap(s))
			}
		}
	}
	return l
}
