package rule

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// law answers, for one view, which role and so which post answers for what.
type law struct {
	p     *Pack
	v     *graph.View
	begun map[string]*begunRole
	posts map[string]*rolePosts
	in    byDomain

	*told        // nil: nothing is remembered of each function
	run     *run // the last that asked; its words may be asked for
	noted   bool
	given   bool          // what was told was given out with results, and is not added to
	after   *Results      // that it was to follow
	before  *Results      // those results, where what was told for them can be taken over
	changes graph.Changes // since then
}

// begunRole is whether a role has begun to be designated.
type begunRole struct {
	graph.Memo
	is fact.Cover
}

type rolePosts struct {
	graph.Memo
	designations []*graph.Record
	posts        []*graph.Record
	gaps         []graph.Gap
}

func newLaw(p *Pack, v *graph.View) *law {
	return &law{p: p, v: v, begun: map[string]*begunRole{}, posts: map[string]*rolePosts{}}
}

// lawOf is the law of a view, with what was told of its functions where a run asked.
func (p *Pack) lawOf(v *graph.View) *law {
	if l, ok := v.Remembered(p).(*law); ok {
		return l
	}
	return newLaw(p, v)
}

// hasBegun says whether the council's own first designation to a role lies on or before the day. What is recorded of days on
// which the law did not know the role does not count.
func (l *law) hasBegun(role string) fact.Cover {
	b := l.begun[role]
	if b == nil {
		b = &begunRole{}
		l.begun[role] = b
	}
	l.v.Keep(&b.Memo, func() {
		since := fact.MinDay
		if known := l.p.roles[role]; known != nil && known.Known.From.Given {
			since = known.Known.From.Day
		}
		b.is = l.v.DesignatedBy(role, since)
	})
	return b.is
}

// notExact is the gap of a role whose first designation is not dated to the day.
func notExact(role string) *graph.Gap {
	return &graph.Gap{Record: fact.Key{Kind: graph.Designation}, Field: "from", Why: "the first designation to " + role + " is not dated to the day, and may lie before or after this one"}
}

// rolePosts gives the posts designated to a role, remembering them: nearly every rule asks.
func (l *law) rolePosts(role string) *rolePosts {
	r := l.posts[role]
	if r == nil {
		r = &rolePosts{}
		l.posts[role] = r
	}
	l.v.Keep(&r.Memo, func() {
		r.posts, r.gaps = l.v.RolePosts(role)
		r.designations, _ = l.v.Designations(role)
	})
	for _, x := range r.designations {
		l.v.Touch(x)
	}
	for _, x := range r.posts {
		l.v.Touch(x)
	}
	return r
}

// rolesFor gives the roles that answer for a function: the one recorded, else those that the pack gives its domain on the day.
// None is a right answer; a gap says what would have to be known.
func (l *law) rolesFor(f *graph.Record) ([]string, *graph.Gap) {
	if l.told == nil {
		return l.rule(f)
	}
	is := l.roles.Of(askRoles, f)
	return is.roles, is.gap
}

func (l *law) rule(f *graph.Record) ([]string, *graph.Gap) {
	if r := f.Text("answers_in_law"); r != "" {
		return []string{r}, nil
	}
	if f.State("domain") != graph.Known {
		return nil, &graph.Gap{Record: f.Key(), Field: "domain", Why: "it is not recorded"}
	}
	d := l.p.domains[f.Text("domain")]
	if d == nil {
		return nil, nil
	}
	ages := f.Text("ages")
	var out []string
	for _, group := range []string{"", "children", "adults"} {
		if group != "" && ages != group && (ages == "children" || ages == "adults") {
			continue
		}
		var chosen string
		divided := false
		for i, a := range d.Answers {
			if a.Ages != group {
				continue
			}
			divided = group != ""
			role := l.p.roles[a.Role]
			switch {
			case role == nil || role.Known.Until.Given && l.v.Past(role.Known.Until.Day):
				continue // the law knows it no longer
			case role.Known.From.Given && !l.v.By(role.Known.From.Day):
				continue // not yet
			case a.Then && l.hasBegun(a.Role) != fact.Yes && l.earlierStands(d.Answers[:i], group):
				if l.hasBegun(a.Role) == fact.Maybe {
					return nil, notExact(a.Role)
				}
				continue // the role that went before still answers
			case a.Until != "" && l.hasBegun(a.Until) == fact.Maybe:
				return nil, notExact(a.Until)
			case a.Until != "" && l.hasBegun(a.Until) == fact.Yes:
				continue // and none after
			}
			chosen = a.Role
		}
		if chosen == "" {
			continue
		}
		if divided && ages == "" {
			return nil, &graph.Gap{Record: f.Key(), Field: "ages", Why: "who answers divides by age, and it is not recorded for which ages this is"}
		}
		if !slices.Contains(out, chosen) {
			out = append(out, chosen)
		}
	}
	return out, nil
}

// within reports whether the day lies in a period of the law.
func (l *law) within(p Period) bool {
	return (!p.From.Given || l.v.By(p.From.Day)) && (!p.Until.Given || !l.v.Past(p.Until.Day))
}

func (l *law) earlierStands(before []Answer, ages string) bool {
	for _, a := range before {
		if r := l.p.roles[a.Role]; a.Ages == ages && r != nil && l.within(r.Known) {
			return true
		}
	}
	return false
}

// answering gives the posts that answer in law for a function.
func (l *law) answering(f *graph.Record) (posts []*graph.Record, roles []string, gaps []graph.Gap) {
	l.v.Touch(f)
	roles, gap := l.rolesFor(f)
	if gap != nil {
		return nil, nil, []graph.Gap{*gap}
	}
	for _, role := range roles {
		sure, maybe := l.v.Designations(role)
		found := false
		for _, d := range sure {
			if scope := d.RefKeys("scope"); len(scope) > 0 && !slices.Contains(scope, f.Key()) {
				continue
			}
			p, gap := d.DesignatedPost()
			if gap != nil {
				gaps = append(gaps, *gap)
				continue
			}
			found = true
			if !slices.Contains(posts, p) {
				posts = append(posts, p)
			}
		}
		for _, d := range maybe {
			gaps = append(gaps, *d.NotExact())
		}
		if !found && len(maybe) == 0 {
			gaps = append(gaps, graph.Gap{Record: fact.Key{Kind: graph.Designation}, Field: "role", Why: "no post is designated " + role + " on this day"})
		}
	}
	return posts, roles, gaps
}

// Split is a function whose post answering in law does not manage it. An unclassified function has no Answers.
type Split struct {
	Function  fact.Key
	Role      string
	Answers   *fact.Key
	Manages   *fact.Key
	Mechanism []fact.Key
	Entry     int64
}

// Splits derives every split there is on the day: accountability in law and management fall apart where the post that answers
// is not on the line of the one that manages. Unclassified functions are listed with them, apart.
func (p *Pack) Splits(v *graph.View) []Split {
	l := newLaw(p, v)
	var out []Split
	for _, f := range v.All(graph.Function) {
		out = append(out, l.splits(f)...)
	}
	return out
}

// SplitsOf derives those of one function.
func (p *Pack) SplitsOf(f *graph.Record) []Split { return newLaw(p, f.View()).splits(f) }

// Unclassified is the domain of functions of which it is open which law they fall under.
const Unclassified = "UNCLASSIFIED"

func (l *law) splits(f *graph.Record) []Split {
	if f.Exists() != fact.Yes {
		return nil
	}
	s := Split{Function: f.Key(), Entry: f.Entry()}
	manager, gap := f.Manager()
	if manager != nil {
		k := manager.Key()
		s.Manages = &k
	}
	for _, m := range l.mechanisms(f) {
		s.Mechanism = append(s.Mechanism, m.Key())
	}
	if f.Text("domain") == Unclassified && f.Text("answers_in_law") == "" {
		return []Split{s}
	}
	if gap != nil {
		return nil
	}
	var out []Split
	posts, roles, _ := l.answering(f)
	for _, p := range posts {
		if on, gap := manager.Above(p); on || gap != nil {
			continue
		}
		k := p.Key()
		one := s
		one.Answers = &k
		for _, role := range roles {
			if slices.Contains(l.rolePosts(role).posts, p) {
				one.Role = role
			}
		}
		out = append(out, one)
	}
	return out
}

// mechanisms are what joins the post that answers to the one that manages: boards or protocols named by the function, and protocols
// that say they cover it.
func (l *law) mechanisms(f *graph.Record) []*graph.Record {
	out := f.Refs("mechanism")
	for _, p := range f.Referring("protocol", "covers") {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	sure, _ := graph.Seen(out)
	for _, m := range sure {
		l.v.Touch(m)
	}
	return sure
}

// Responsible says who answers for a function and who manages it.
type Responsible struct {
	Function *graph.Record
	Roles    []string
	Answers  []*graph.Record
	Manager  *graph.Record
	Gaps     []Missing
}

// RolesFor gives the roles that answer in law for a function on the day, which may be none. A gap says what would have to be known.
func (p *Pack) RolesFor(f *graph.Record) ([]string, *graph.Gap) {
	return newLaw(p, f.View()).rolesFor(f)
}

// Who says who answers in law for a function on the day, and who manages it.
func (p *Pack) Who(f *graph.Record) Responsible { return newLaw(p, f.View()).who(f) }

// WhoAll says it of every function of the day.
func (p *Pack) WhoAll(v *graph.View) []Responsible {
	l := newLaw(p, v)
	var out []Responsible
	for _, f := range v.All(graph.Function) {
		out = append(out, l.who(f))
	}
	return out
}

func (l *law) who(f *graph.Record) Responsible {
	r := Responsible{Function: f}
	var g []graph.Gap
	r.Answers, r.Roles, g = l.answering(f)
	var gap *graph.Gap
	r.Manager, gap = f.Manager()
	if gap != nil {
		g = append(g, *gap)
	}
	r.Gaps = missing(g)
	return r
}

func missing(g []graph.Gap) []Missing {
	var out []Missing
	for _, x := range g {
		out = append(out, Missing{keyText(x.Record), x.Field, x.Why})
	}
	return out
}

func keyText(k fact.Key) string {
	if k.ID == "" {
		return string(k.Kind)
	}
	return k.String()
}

// DomainsUnder gives the domains of the functions for which the posts of a role answer or which they manage down their line, each
// with the newest entry that makes it so.
func (p *Pack) DomainsUnder(v *graph.View, role string) map[string]int64 {
	l := p.lawOf(v)
	out := map[string]int64{}
	for _, post := range l.rolePosts(role).posts {
		for _, d := range p.Domains {
			if a := l.ask(question{ofDomain, d.Code}, post); a.newest > 0 {
				out[d.Code] = max(out[d.Code], a.newest)
			}
		}
	}
	return out
}
