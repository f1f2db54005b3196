package rule

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Stretch is days in a row, both ends included.
type Stretch struct{ From, Until fact.Day }

func (s Stretch) words() string {
	if s.From == s.Until {
		return "on " + s.From.Words()
	}
	return "from " + s.From.Words() + " to " + s.Until.Words()
}

// held is when a role was designated, and to which post; to none where it was designated to a person.
type held struct {
	post fact.Key
	span fact.Span
}

// uncoveredBefore gives the stretches of days, before the one looked at and after the first on which somebody filled a role, on which
// nobody can have filled it. A gap that is shown is certain: a day counts as covered where a date is not exact, where the role was
// designated to a person, and before the first appointment to a post that is recorded at all.
func uncoveredBefore(on fact.Day, role []held, appointed map[fact.Key][]fact.Span) []Stretch {
	var covered []Stretch
	add := func(a, b fact.Span) {
		if s, ok := both(a, b); ok {
			covered = append(covered, s)
		}
	}
	for _, h := range role {
		first := -1
		for i, a := range appointed[h.post] {
			from, _, ok := a.Possible()
			if !ok {
				continue
			}
			if first < 0 {
				first = i
			} else if least, _, _ := appointed[h.post][first].Possible(); from < least {
				first = i
			}
			add(h.span, a)
		}
		before := fact.Span{}
		if first >= 0 {
			before.Until = appointed[h.post][first].Until
		}
		add(h.span, before)
	}
	slices.SortFunc(covered, func(a, b Stretch) int { return cmp.Compare(a.From, b.From) })
	var out []Stretch
	for i, end := 0, fact.MinDay; i < len(covered); i++ {
		c := covered[i]
		if i > 0 && c.From > end+1 && end+1 < on {
			out = append(out, Stretch{end + 1, min(c.From-1, on-1)})
		}
		end = max(end, c.Until)
		if end >= on-1 {
			return out
		}
		if i == len(covered)-1 {
			out = append(out, Stretch{end + 1, on - 1})
		}
	}
	return out
}

// Uncovered gives the stretches of days before the one looked at, and after the first on which somebody filled a role, on which certainly
// nobody did.
func Uncovered(v *graph.View, role string) []Stretch {
	by, appointed := appointedTo(v, []string{role})
	return uncoveredBefore(v.On(), by[role], appointed)
}

// appointedTo gives when each of some roles was designated and to which posts, and when somebody was appointed to those.
func appointedTo(v *graph.View, roles []string) (by map[string][]held, appointed map[fact.Key][]fact.Span) {
	by = map[string][]held{}
	var posts []fact.Key
	for d := range v.Pasts(graph.Designation) {
		if role := d.Record.Text("role"); slices.Contains(roles, role) {
			post, _ := d.Record.RefKey("post")
			by[role], posts = append(by[role], held{post, d.Span}), append(posts, post)
		}
	}
	if len(posts) == 0 {
		return by, nil
	}
	return by, v.Appointed(posts)
}

// both gives the days on which both spans may hold.
func both(a, b fact.Span) (Stretch, bool) {
	af, al, ok := a.Possible()
	bf, bl, ok2 := b.Possible()
	s := Stretch{max(af, bf), min(al, bl)}
	return s, ok && ok2 && s.From <= s.Until
}

// earlier says which gaps there were before the day, in those of the roles that the law requires. They are shown with a rule that
// speaks of the day, and fail nothing.
func (r *run) earlier(roles []string) string {
	const most = 3 // of each role, the latest
	by, appointed := appointedTo(r.v, roles)
	if len(by) == 0 {
		return ""
	}
	var out []string
	for _, code := range roles {
		role := r.p.roles[code]
		if role == nil || !role.Known.On(r.v.On()) || len(role.Councils) > 0 && !slices.Contains(role.Councils, r.councilType) {
			continue
		}
		var when []string
		gaps := uncoveredBefore(r.v.On(), by[code], appointed)
		for _, g := range gaps[max(0, len(gaps)-most):] {
			when = append(when, g.words())
		}
		if len(when) > 0 {
			out = append(out, role.Name+" ("+and(when)+")")
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "Earlier days with nobody in post: " + strings.Join(out, "; ") + "."
}
