package rule

import (
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Covering says, for one view, whether somebody answers in law for each function. Functions of the same law are asked after once.
type Covering struct {
	l      *law
	roles  map[string]Covered
	asked  map[lawOfFunction]*Covered
	scoped map[fact.Key]bool // functions that some designation names
}

// lawOfFunction is what it depends on which role answers for a function, and which post.
type lawOfFunction struct{ role, domain, ages, only string }

// Covered is whether somebody answers in law for a function on a day.
type Covered struct {
	Roles []string   // that answer; none is a right answer
	Posts []fact.Key // that are designated to them
	Is    fact.Cover // Yes: somebody does, or nobody has to; No: certainly nobody does; Maybe: it cannot be said
	Why   string     // where it is not Yes: "nobody is designated director of social services"
}

// Covering begins to say it of the functions of a view.
func (p *Pack) Covering(v *graph.View) *Covering {
	c := &Covering{newLaw(p, v), map[string]Covered{}, map[lawOfFunction]*Covered{}, map[fact.Key]bool{}}
	for past := range v.Pasts(graph.Designation) {
		for _, k := range past.Record.RefKeys("scope") {
			c.scoped[k] = true
		}
	}
	return c
}

// Of says it of one function.
func (c *Covering) Of(f *graph.Record) *Covered {
	if f.State("domain") == graph.Uncertain || f.State("ages") == graph.Uncertain || f.State("answers_in_law") == graph.Uncertain {
		return &Covered{Is: fact.Maybe, Why: "under which law it falls changes within the dates given"}
	}
	k := lawOfFunction{f.Text("answers_in_law"), f.Text("domain"), f.Text("ages"), ""}
	if c.scoped[f.Key()] {
		k.only = string(f.Key().ID)
	}
	out, ok := c.asked[k]
	if !ok {
		out = c.of(f, k.only != "")
		c.asked[k] = out
	}
	return out
}

func (c *Covering) of(f *graph.Record, scoped bool) *Covered {
	roles, gap := c.l.rolesFor(f)
	if gap != nil {
		return &Covered{Is: fact.Maybe, Why: "which role answers for it is open: " + gap.Why}
	}
	out := &Covered{Roles: roles, Is: fact.Yes}
	var why []string
	for _, role := range roles {
		r, ok := c.roles[role]
		if !ok || scoped {
			r = c.role(role, f.Key())
			if !scoped {
				c.roles[role] = r
			}
		}
		for _, p := range r.Posts {
			if !slices.Contains(out.Posts, p) {
				out.Posts = append(out.Posts, p)
			}
		}
		switch {
		case r.Is < out.Is:
			out.Is, why = r.Is, []string{r.Why}
		case r.Is == out.Is && r.Why != "":
			why = append(why, r.Why)
		}
	}
	out.Why = strings.Join(why, "; ")
	return out
}

// role says whether somebody fills a role, for the functions that no designation names, or for the one that one does.
func (c *Covering) role(code string, f fact.Key) Covered {
	v, name := c.l.v, code
	if r := c.l.p.roles[code]; r != nil {
		name = r.Name
	}
	sure, maybe := v.Designations(code)
	var out Covered
	for _, d := range sure {
		if scope := d.RefKeys("scope"); len(scope) > 0 && !slices.Contains(scope, f) {
			continue
		}
		post, is, why := filled(v, d, name)
		if post != (fact.Key{}) {
			out.Posts = append(out.Posts, post)
		}
		if is >= out.Is {
			out.Is, out.Why = is, why
		}
	}
	switch {
	case out.Is != fact.No:
	case len(maybe) > 0:
		out.Is, out.Why = fact.Maybe, "who is designated "+name+" is not certain: the dates are not exact"
	case out.Why != "":
	case v.EverDesignated(code):
		out.Why = "nobody is designated " + name
	default:
		out.Is, out.Why = fact.Maybe, "who is designated "+name+" was never recorded"
	}
	return out
}

// filled says whether somebody is in the post that a designation gives a role to, or is the person to whom it gives it.
func filled(v *graph.View, d *graph.Record, role string) (post fact.Key, is fact.Cover, why string) {
	post, stated := d.RefKey("post")
	if who := d.Ref("person"); !stated && who != nil && who.Exists() == fact.Yes {
		return post, fact.Yes, ""
	}
	p, gap := d.DesignatedPost()
	switch {
	case gap == nil:
	case stated && v.Record(post) == nil:
		return post, fact.No, v.Called(post) + ", to which the role of " + role + " is designated, is not there"
	default:
		return post, fact.Maybe, "who is " + role + " is not certain: " + gap.Why
	}
	o := p.Holders()
	switch {
	case len(o.Holders) > 0:
		return p.Key(), fact.Yes, ""
	case o.Vacant:
		return p.Key(), fact.No, p.Title() + ", to which the role of " + role + " is designated, is vacant"
	}
	return p.Key(), fact.Maybe, "who is in the post of " + p.Title() + " (" + role + ") is not known: " + o.Gap.Why
}

// Same reports whether two answers say the same.
func (c *Covered) Same(d *Covered) bool {
	return c == d || c != nil && d != nil && c.Is == d.Is && c.Why == d.Why && slices.Equal(c.Roles, d.Roles) && slices.Equal(c.Posts, d.Posts)
}
