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

// inPost is what is recorded of who is in a post: when somebody is appointed to it, and on which days it could not be said that it is vacant.
type inPost struct{ appointed, unrecorded []fact.Span }

// uncoveredBefore gives the stretches of days, before the one looked at and after the first on which somebody filled a role, on which
// nobody can have filled it. A gap that is shown is certain: a day counts as covered where a date is not exact, where the role was
// designated to a person, and where the rule of the day could not say that the post is vacant.
func uncoveredBefore(on fact.Day, role []held, posts map[fact.Key]inPost) []Stretch {
	var covered []Stretch
	for _, h := range role {
		p := posts[h.post]
		for _, other := range slices.Concat(p.appointed, p.unrecorded) {
			if s, ok := both(h.span, other); ok {
				covered = append(covered, s)
			}
		}
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
	by, posts := postsOf(v, []string{role})
	return uncoveredBefore(v.On(), by[role], posts)
}

// postsOf gives when each of some roles was designated and to which posts, and who was in those.
func postsOf(v *graph.View, roles []string) (by map[string][]held, posts map[fact.Key]inPost) {
	by, posts = map[string][]held{}, map[fact.Key]inPost{}
	for d := range v.Pasts(graph.Designation) {
		if role := d.Record.Text("role"); slices.Contains(roles, role) {
			k, _ := d.Record.RefKey("post")
			by[role] = append(by[role], held{k, d.Span})
			if _, known := posts[k]; !known {
				posts[k] = inPost{v.Appointed(k), v.Unrecorded(k)}
			}
		}
	}
	return by, posts
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
	by, posts := postsOf(r.v, roles)
	if len(by) == 0 {
		return ""
	}
	var out []string
	for _, code := range roles {
		role := r.p.roles[code]
		if role == nil || !r.within(role.Known) || len(role.Councils) > 0 && !slices.Contains(role.Councils, r.councilType) {
			continue
		}
		var when []string
		gaps := uncoveredBefore(r.v.On(), by[code], posts)
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
