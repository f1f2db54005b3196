package report

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Answered is days in a row on which a statutory role answered for a function, and who held the role.
type Answered struct {
	Period
	Role string // "Chief Education Officer"; empty where it cannot be said which role answered
}

// TenureOfFunction gives who has answered in law for a function, oldest first, on the days from one to another on which the function was
// there. Which role answers may change by law, by what the council designates and by what is recorded of the function. Days on which the
// law gives the function to no role are left out, as is what a proposal would change.
func TenureOfFunction(p *rule.Pack, v *graph.View, function fact.Key, from, to fact.Day) []Answered {
	w := newWalk(p, v)
	roles := w.rolesOf(function)
	out := w.unassigned(function, roles)
	for _, r := range roles {
		out = append(out, w.answered(function, r, roles)...)
	}
	out = slices.DeleteFunc(out, func(a Answered) bool { return a.Until.latest() < from || a.From.earliest() > to })
	slices.SortStableFunc(out, func(a, b Answered) int {
		return cmp.Or(cmp.Compare(a.From.Day, b.From.Day), cmp.Compare(a.Until.Day, b.Until.Day))
	})
	return out
}

// rolesOf gives the roles that may answer for a function on some day, by any of its versions.
func (w *walk) rolesOf(function fact.Key) (out []*rule.Role) {
	add := func(code string) {
		if r := w.p.Role(code); r != nil && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	for _, h := range w.v.History(function) {
		add(h.Record.Text("answers_in_law"))
		if d := w.p.Domain(h.Record.Text("domain")); d != nil {
			for _, a := range d.Answers {
				add(a.Role)
			}
		}
	}
	return out
}

// byLaw stands among the records on whose dates a period depends for the days on which the law begins or ceases to know a role.
var byLaw = fact.Key{Kind: "law"}

// datesOfAnswers gives the dates on which it depends which of some roles answers for a function, and the records whose dates they are. The
// days on which the law knows one role may be left out: they are not when somebody began to hold it.
func (w *walk) datesOfAnswers(function fact.Key, roles []*rule.Role, but *rule.Role) (dates, []fact.Key) {
	own := []fact.Key{function, byLaw}
	for _, r := range roles {
		own = append(own, w.keys(graph.Designation, "role", r.Code)...)
	}
	out := w.datesOf(own)
	for _, r := range roles {
		if r != but && r.Known.From.Given {
			out[byLaw] = append(out[byLaw], dated{fact.ExactDate(r.Known.From.Day), false})
		}
		if r != but && r.Known.Until.Given {
			out[byLaw] = append(out[byLaw], dated{fact.ExactDate(r.Known.Until.Day), true})
		}
	}
	return out, own
}

// answered walks through the days on which a role answered for a function. roles are all those that may.
func (w *walk) answered(function fact.Key, role *rule.Role, roles []*rule.Role) (out []Answered) {
	days, _ := w.datesOfAnswers(function, roles, role)
	designations := w.keys(graph.Designation, "role", role.Code)
	for k, d := range w.datesOf(w.concerning(designations)) {
		days[k] = d
	}
	uncovered := sync.OnceValue(func() []rule.Stretch { return rule.Uncovered(w.at(fact.MaxDay), role.Code) })
	lo, hi := knownDays(role)
	periods := w.periods(days, lo, hi, func(at *graph.View) (s standing) {
		f := at.Record(function)
		if f == nil {
			return s
		}
		if answering, _ := w.p.RolesFor(f); !slices.Contains(answering, role.Code) {
			return s
		}
		if f.Exists() != fact.Yes {
			return standing{status: Uncertain}
		}
		inScope := slices.DeleteFunc(slices.Clone(designations), func(k fact.Key) bool {
			d := at.Record(k)
			if d == nil {
				return false
			}
			scope := d.RefKeys("scope")
			return len(scope) > 0 && !slices.Contains(scope, function)
		})
		s = w.roleOn(at, role.Code, inScope, uncovered)
		s.own = append(s.own, function, byLaw)
		return s
	})
	for _, p := range periods {
		if d := p.From.Date; p.From.Day == lo && !d.IsZero() && d.Last < lo { // the law came while it stood
			p.From.Date = fact.ExactDate(lo)
			p.From.Words, p.Length = fromWords(p.From), lengthOf(p, w.v.On())
		}
		p.explain("this role")
		out = append(out, Answered{p, Capital(role.Name)})
	}
	return out
}

// unassigned walks through the days of which it cannot be said which role answers for a function.
func (w *walk) unassigned(function fact.Key, roles []*rule.Role) (out []Answered) {
	days, own := w.datesOfAnswers(function, roles, nil)
	periods := w.periods(days, fact.MinDay, fact.MaxDay, func(at *graph.View) (s standing) {
		f := at.Record(function)
		if f == nil {
			return s
		}
		_, gap := w.p.RolesFor(f)
		switch {
		case gap == nil:
			return s
		case f.Exists() != fact.Yes:
			return standing{status: Uncertain}
		default:
			return standing{status: NotRecorded, why: "which role answers cannot be said: " + spelt(gap.Why, roles), own: own}
		}
	})
	for _, p := range periods {
		p.Note = Sentence(p.Note)
		out = append(out, Answered{Period: p})
	}
	return out
}

// spelt writes the codes of some roles in a text out.
func spelt(text string, roles []*rule.Role) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		for _, r := range roles {
			if w == r.Code {
				words[i] = r.Name
			}
		}
	}
	return strings.Join(words, " ")
}
