package report

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Office is a statutory role as it stands on a day.
type Office struct {
	Code, Name string
	Law        string // "In law since 1 March 2005"
	Required   bool   // a council of this kind has to fill it
	Status     Status
	Word       string // "Acting", "Vacant", "Not recorded"
	Posts      []Named
	Holders    []Named
	Jointly    bool      // several hold it together, and to which of them it falls is not recorded
	Since      fact.Date // that it stands so; the zero Date where that is not recorded
	Note       string    // a sentence, where it is not filled or not for certain
}

// Filled reports whether one person certainly fills the role, or several who share the job.
func (o *Office) Filled() bool { return o.Status.Filled() && !o.Jointly }

// Offices gives the statutory roles of the day: those that the law requires of a council of this kind, and any other that the law knows and to
// which a post or a person is designated.
func Offices(p *rule.Pack, v *graph.View) []Office {
	w := &walk{p: p, v: v, days: map[fact.Day]*graph.View{v.On(): v}}
	kind := councilType(v)
	var out []Office
	for _, r := range p.Roles {
		if r.Known == (rule.Period{}) || !r.Known.On(v.On()) {
			continue // named by the pack, and not by an Act; or not known to the law on the day
		}
		councils := r.Councils
		if len(councils) == 0 {
			councils = p.Councils
		}
		o, designated := w.office(r)
		o.Required = r.Duty && slices.Contains(councils, kind)
		if o.Required || designated {
			out = append(out, o)
		}
	}
	return out
}

// councilType gives what kind of council this is on the day; empty where that is not recorded.
func councilType(v *graph.View) string {
	if c := v.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil {
		return c.Text("type")
	}
	return ""
}

// office says how a role stands on the day, and whether anybody is designated to it then.
func (w *walk) office(r *rule.Role) (o Office, designated bool) {
	designations := w.keys(graph.Designation, "role", r.Code)
	s := w.roleOn(w.v, r.Code, designations, func() []rule.Stretch { return rule.Uncovered(w.v.At(w.v.On()+1), r.Code) })
	seg := segment{s, w.v.On(), w.v.On()}
	period := w.period(&seg)
	o = Office{Code: r.Code, Name: Capital(r.Name), Law: lawOf(r), Status: s.status, Word: period.Word, Posts: period.Posts, Holders: period.Holders, Jointly: period.Jointly}
	switch {
	case s.status.Filled():
		o.Since = latestFrom(w.v, s)
		if o.Jointly {
			o.Note = fmt.Sprintf("%d people hold it together, and to which of them the role falls is not recorded.", len(o.Holders))
		}
	case s.status == Vacant:
		o.Since = w.vacantSince(r)
		o.Note = "Nobody is recorded for this role" + since(o.Since) + "."
	case s.status == Uncertain:
		o.Word = "Not certain"
		o.Note = "The dates that are recorded are not exact, and this day falls where it is not certain who fills it."
	default:
		o.Note = Sentence(s.why)
		if len(designations) == 0 {
			o.Note = "No designation to this role is recorded on any day."
		}
	}
	sure, maybe := w.v.Designations(r.Code)
	return o, len(sure)+len(maybe) > 0
}

// latestFrom gives the day since which all holds that a standing rests on: being designated, and being in post.
func latestFrom(v *graph.View, s standing) (d fact.Date) {
	for _, k := range s.own {
		if r := v.Record(k); r != nil && (k.Kind == graph.Designation || slices.ContainsFunc(s.sure, func(x *graph.Record) bool { return x.Key() == k })) {
			if f := r.Span().From; f.Form != fact.ToBeAgreed && (d.IsZero() || f.Last > d.Last) {
				d = f
			}
		}
	}
	return d
}

// vacantSince gives the day since which nobody certainly fills a role.
func (w *walk) vacantSince(r *rule.Role) fact.Date {
	if w.v.Proposal() != "" {
		return fact.Date{} // a proposal is read as if in force on the day
	}
	for _, p := range w.role(r, w.v.On(), w.v.On()).Periods {
		if p.Status == Vacant {
			return p.From.Date
		}
	}
	return fact.Date{}
}

// since says since when, as the end of a sentence.
func since(d fact.Date) string {
	switch d.Form {
	case fact.Unstated, fact.ToBeAgreed:
		return ""
	case fact.Between, fact.ByThen:
		return " since some day " + d.Words()
	}
	return " since " + d.Words()
}

// Covered says whether anybody is not covered in law.
type Covered uint8

// The answers, what needs a reader most last.
const (
	AllCovered Covered = iota
	ProvisionallyCovered
	CannotBeSaid
	NotCovered
)

// Cover answers the first question of the first page: is anybody not covered in law?
type Cover struct {
	Is       Covered
	Sentence string // "All 7 statutory roles are filled today."
	Lines    []CoverLine
	Offices  []Office

	Filled, Provisional, Vacant, Unknown int // offices; the provisional ones are filled
}

// CoverLine is what a reader has to know of some roles that stand alike.
type CoverLine struct {
	Is   Covered
	Text string // "Acting: Director of public health, since 3 June 2015"
}

// CoverOf answers it for the day looked at, which may be today. all are the Offices of that day.
func CoverOf(v *graph.View, all []Office, today fact.Day) Cover {
	c := Cover{Offices: all}
	var vacant, provisional []*Office
	var unknown []string
	for i := range c.Offices {
		o := &c.Offices[i]
		switch {
		case o.Status == Vacant:
			c.Vacant++
			vacant = append(vacant, o)
		case !o.Filled():
			c.Unknown++
			unknown = append(unknown, o.Name)
		default:
			c.Filled++
			if o.Status.Provisional() {
				c.Provisional++
				provisional = append(provisional, o)
			}
		}
	}
	if len(vacant) > 0 {
		c.Lines = append(c.Lines, CoverLine{NotCovered, "Nobody is recorded as " + offices(vacant) + "."})
	}
	if len(provisional) > 0 {
		are := "1 is " + strings.ToLower(provisional[0].Word)
		if n := len(provisional); n > 1 {
			are = fmt.Sprintf("%d are acting or interim", n)
		}
		c.Lines = append(c.Lines, CoverLine{ProvisionallyCovered, are + ": " + offices(provisional) + "."})
	}
	if len(unknown) > 0 {
		c.Lines = append(c.Lines, CoverLine{CannotBeSaid, "The record does not say who fills: " + And(unknown) + "."})
	}
	for _, l := range c.Lines {
		c.Is = max(c.Is, l.Is)
	}
	when := "on " + v.On().Words()
	if v.On() == today {
		when = "today"
	}
	c.Sentence = c.sentence(when)
	if councilType(v) == "" {
		c.Is = max(c.Is, CannotBeSaid)
		c.Lines = append(c.Lines, CoverLine{CannotBeSaid, "What kind of council this is, is not recorded on this day, so which statutory roles it has to fill is not known."})
	}
	return c
}

// offices names roles, with the day since which each stands as it does.
func offices(all []*Office) string {
	var out []string
	for _, o := range all {
		s := since(o.Since)
		switch {
		case s == "":
		case len(all) == 1:
			s = "," + s
		default:
			s = " (" + strings.TrimSpace(s) + ")"
		}
		out = append(out, o.Name+s)
	}
	return And(out)
}

// sentence is what a reader who has five seconds has to know.
func (c *Cover) sentence(when string) string {
	n := len(c.Offices)
	all := Count(n, "statutory role", "statutory roles")
	are := func(n int) string {
		if n == 1 {
			return "1 is"
		}
		return fmt.Sprint(n, " are")
	}
	switch {
	case n == 0:
		return "No statutory role is recorded " + when + "."
	case c.Filled == n && n == 1:
		return "The only statutory role is filled " + when + "."
	case c.Filled == n:
		return fmt.Sprintf("All %s are filled %s.", all, when)
	case c.Unknown == n:
		return fmt.Sprintf("The record does not say who fills the %s %s.", all, when)
	case c.Vacant == 0 && c.Unknown == 1:
		return fmt.Sprintf("Of %s, %s filled %s. The record does not say who fills the other.", all, are(c.Filled), when)
	case c.Vacant == 0:
		return fmt.Sprintf("Of %s, %s filled %s. The record does not say who fills the other %d.", all, are(c.Filled), when, c.Unknown)
	case c.Unknown == 0:
		return fmt.Sprintf("Of %s, %s vacant %s.", all, are(c.Vacant), when)
	}
	return fmt.Sprintf("Of %s, %s vacant %s. The record does not say who fills %d of them.", all, are(c.Vacant), when, c.Unknown)
}
