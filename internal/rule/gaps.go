package rule

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// stretch is days in a row, both ends included.
type stretch struct{ from, until fact.Day }

func (s stretch) words() string {
	if s.from == s.until {
		return "on " + s.from.Words()
	}
	return "from " + s.from.Words() + " to " + s.until.Words()
}

// held is when a role was designated, and to which post; to none where it was designated to a person.
type held struct {
	post fact.Key
	span fact.Span
}

// uncoveredBefore gives the stretches of days, before the one looked at and after the first on which somebody filled a role, on which
// nobody can have filled it. A gap that is shown is certain: a day counts as covered where a date is not exact, where the role was
// designated to a person, and before the first appointment to a post that is recorded at all.
func (r *run) uncoveredBefore(role []held, appointed map[fact.Key][]fact.Span) []stretch {
	var covered []stretch
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
	slices.SortFunc(covered, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	var out []stretch
	for i, end := 0, fact.MinDay; i < len(covered); i++ {
		c := covered[i]
		if i > 0 && c.from > end+1 && end+1 < r.v.On() {
			out = append(out, stretch{end + 1, min(c.from-1, r.v.On()-1)})
		}
		end = max(end, c.until)
		if end >= r.v.On()-1 {
			return out
		}
		if i == len(covered)-1 {
			out = append(out, stretch{end + 1, r.v.On() - 1})
		}
	}
	return out
}

// both gives the days on which both spans may hold.
func both(a, b fact.Span) (stretch, bool) {
	af, al, ok := a.Possible()
	bf, bl, ok2 := b.Possible()
	s := stretch{max(af, bf), min(al, bl)}
	return s, ok && ok2 && s.from <= s.until
}

// earlier says which gaps there were before the day, in those of the roles that the law requires. They are shown with a rule that
// speaks of the day, and fail nothing.
func (r *run) earlier(roles []string) string {
	const most = 3 // of each role, the latest
	by := map[string][]held{}
	var posts []fact.Key
	for d := range r.v.Pasts(graph.Designation) {
		role := d.Record.Text("role")
		if slices.Contains(roles, role) {
			post, _ := d.Record.RefKey("post")
			by[role], posts = append(by[role], held{post, d.Span}), append(posts, post)
		}
	}
	if len(posts) == 0 {
		return ""
	}
	appointed := r.v.Appointed(posts)
	var out []string
	for _, code := range roles {
		role := r.p.roles[code]
		if role == nil || !role.Known.On(r.v.On()) || len(role.Councils) > 0 && !slices.Contains(role.Councils, r.councilType) {
			continue
		}
		var when []string
		gaps := r.uncoveredBefore(by[code], appointed)
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
