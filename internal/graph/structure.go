package graph

import (
	"slices"

	"plumbline/internal/fact"
)

// The shape of a council: the kinds and fields by which posts, people, roles and functions hang together.
const (
	Post        fact.KindName = "post"
	Unit        fact.KindName = "unit"
	Person      fact.KindName = "person"
	Appointment fact.KindName = "appointment"
	Absence     fact.KindName = "absence"
	Designation fact.KindName = "designation"
	Function    fact.KindName = "function"
	Proposal    fact.KindName = "proposal"
	Council     fact.KindName = "council"
)

// HeadOfPaidService is the role at the top of the officers' line; Leader that at the top of the members'.
const (
	HeadOfPaidService = "HPS"
	Leader            = "LEADER"
)

// Gap is something that would have to be recorded before a question can be answered.
type Gap struct {
	Record fact.Key // the id is empty where no record of the kind is there
	Field  string
	Why    string // in words
}

// NotExact is the gap of a record that may be there on the day or not.
func (r *Record) NotExact() *Gap {
	return &Gap{r.Key(), "from", "its dates are not exact, and this day falls where it may or may not hold"}
}

// Depth is how long a line of management may be before it is taken for a loop.
const Depth = 100

// Seen gives those records that are certainly there, and whether others may be.
func Seen(all []*Record) (sure []*Record, maybe []*Record) {
	for _, r := range all {
		if r.exists == fact.Yes {
			sure = append(sure, r)
		} else {
			maybe = append(maybe, r)
		}
	}
	return sure, maybe
}

// Designations gives the designations of a role on the day.
func (v *View) Designations(role string) (sure []*Record, maybe []*Record) {
	var of []*Record
	for _, d := range v.Having(Designation, "role", role) {
		if v.is(d, "role", role) {
			of = append(of, d)
		}
	}
	return Seen(of)
}

// is compares a field without making a string of it.
func (v *View) is(r *Record, field, want string) bool {
	f := r.r.kind.Field(field)
	j, s := r.raw(f)
	return s == Known && len(j) == len(want)+2 && j[1:len(j)-1] == want
}

// EverDesignated reports whether a role was designated on any day that is recorded. One that is agreed and not dated is so on
// none.
func (v *View) EverDesignated(role string) bool {
	return v.Ever(Designation, func(p Past) bool {
		return p.Record.Text("role") == role && (p.Span.From.Form != fact.ToBeAgreed || v.asIf(p.Record.ver))
	})
}

// DesignatedBy says whether a role was first designated on or before the day: maybe, while that is not exact. A designation
// counts only on days from since on.
func (v *View) DesignatedBy(role string, since fact.Day) fact.Cover {
	begun := fact.No
	for p := range v.Pasts(Designation) {
		if p.Record.Text("role") != role || !v.By(since) {
			continue
		}
		s := p.Span
		if v.asIf(p.Record.ver) {
			return fact.Yes // it is read as if in force on the day
		}
		if _, last, ok := s.Possible(); !ok || last < since {
			continue
		}
		if first, last, ok := s.Certain(); ok && max(first, since) <= last && v.By(max(first, since)) {
			return fact.Yes
		}
		if first, _, _ := s.Possible(); v.By(first) {
			begun = fact.Maybe
		}
	}
	return begun
}

// Occupancy says who is in a post on the day.
type Occupancy struct {
	Holders []*Record // appointments; those who cover for somebody who is away stand in their place
	Gap     *Gap      // set where it cannot be said who holds the post, or whether anybody does
	Vacant  bool      // somebody left it, or it is new, and nobody is in it
}

// Holders gives the appointments to a post on the day. An absence is not a vacancy: where somebody covers, the cover stands
// for the holder; where nobody does, the holder remains.
func (p *Record) Holders() Occupancy {
	v := p.v
	v.Touch(p)
	sure, maybe := Seen(p.Referring(Appointment, "post"))
	var o Occupancy
	for _, a := range sure {
		v.Touch(a)
		for _, away := range a.Referring(Absence, "appointment") {
			if cover := away.Ref("covered_by"); away.exists == fact.Yes && cover != nil {
				v.Touch(away)
				v.Touch(cover)
				a = cover
			}
		}
		if !slices.Contains(o.Holders, a) { // the cover may itself be appointed to the post
			o.Holders = append(o.Holders, a)
		}
	}
	if len(maybe) > 0 {
		v.Touch(maybe[0])
		o.Gap = maybe[0].NotExact()
		return o
	}
	if len(o.Holders) > 0 {
		return o
	}
	return p.Unheld()
}

// Unheld says of a post in which nobody is on the day, for certain or perhaps, whether it is vacant.
func (p *Record) Unheld() (o Occupancy) {
	v := p.v
	held := v.Held(p.Key())
	for _, past := range held {
		if past.Span.From.Form == fact.ToBeAgreed && !v.through(past.Span.Until) && !v.dated(past.Record.r) {
			o.Gap = &Gap{past.Record.Key(), "from", "the appointment is agreed, and its start is to be announced"}
			return o
		}
	}
	switch {
	case len(held) == 0:
		o.Gap = &Gap{p.Key(), "holder", "nobody was ever recorded as appointed to this post"}
	case slices.ContainsFunc(held, v.left) || v.isNew(p.r):
		o.Vacant = true
	default:
		// The post has no beginning that is recorded, and its first holder came later: who was in it before is simply not recorded.
		o.Gap = &Gap{p.Key(), "holder", "nobody is recorded as appointed to this post on this day or before it"}
	}
	return o
}

// Unrecorded gives the days on which Unheld would give a gap: where nobody is recorded in a post on them, it is not known whether it was
// vacant.
func (v *View) Unrecorded(post fact.Key) (out []fact.Span) {
	held := v.Held(post)
	if len(held) == 0 {
		return []fact.Span{{}}
	}
	vacant := fact.MaxDay // the first day on which it would be
	if first, ok := v.begun(v.find(post)); ok {
		vacant = first
	}
	until := func(last fact.Day) {
		if last == fact.MaxDay {
			out = append(out, fact.Span{})
		} else if last != fact.MinDay {
			out = append(out, fact.Span{Until: fact.ExactDate(last)})
		}
	}
	for _, past := range held {
		last := fact.MaxDay // of the appointment
		if u := past.Span.Until; !u.IsZero() && u.Form != fact.ToBeAgreed {
			last, vacant = u.First, min(vacant, u.Last+1)
		}
		if past.Span.From.Form == fact.ToBeAgreed && !v.dated(past.Record.r) {
			until(last)
		}
	}
	if vacant < fact.MaxDay {
		vacant--
	}
	until(vacant)
	return out
}

// Held gives the appointments to a post on whatever days.
func (v *View) Held(post fact.Key) (out []Past) { return v.PastsOf(post, Appointment, "post") }

// PastsOf gives those records of a kind, on whatever days, that then refer to another by a field.
func (v *View) PastsOf(of fact.Key, name fact.KindName, by string) (out []Past) {
	to, k := v.find(of), v.g.kinds.Kind(name)
	if to == nil || k == nil {
		return nil
	}
	field := k.Field(by)
	for _, e := range v.edges(k, field, to) {
		for _, s := range v.pasts(e.from) {
			if raw, state := s.version.field(byte(field.Index)); state == Known && refersTo(v, field, raw, to) {
				out = append(out, v.pastOf(e.from, s))
			}
		}
	}
	return out
}

// Appointed gives the spans of all appointments to a post, on whatever days.
func (v *View) Appointed(post fact.Key) (out []fact.Span) {
	for _, past := range v.Held(post) {
		out = append(out, past.Span)
	}
	return out
}

// ever reports whether any version of a record satisfies ok.
func (r *record) ever(ok func(*version) bool) bool {
	for x := r.head.Load(); x != nil; x = x.prev {
		if ok(x) {
			return true
		}
	}
	return false
}

// left reports whether an appointment certainly ended before the day.
func (v *View) left(past Past) bool {
	u := past.Span.Until
	return !u.IsZero() && u.Form != fact.ToBeAgreed && v.Past(u.Last)
}

// through reports whether something that ends on a date may have ended on the day.
func (v *View) through(until fact.Date) bool {
	return !until.IsZero() && until.Form != fact.ToBeAgreed && v.Past(until.First)
}

// isNew reports whether a record has a beginning that is recorded, and that came before the day.
func (v *View) isNew(r *record) bool {
	first, ok := v.begun(r)
	return ok && v.By(first)
}

// begun gives the day on which a record certainly had begun, if its beginning is recorded.
func (v *View) begun(r *record) (first fact.Day, ok bool) {
	first = fact.MaxDay
	for _, s := range v.pasts(r) {
		f := s.span.From
		if f.IsZero() || f.Form == fact.ByThen || f.Form == fact.ToBeAgreed {
			return 0, false
		}
		first, ok = min(first, f.Last), true
	}
	return first, ok
}

// dated reports whether a record that was to begin on a date to be announced has one, as far as is known.
func (v *View) dated(r *record) bool {
	return slices.ContainsFunc(v.pasts(r), func(s stretch) bool { return s.span.From.Form != fact.ToBeAgreed })
}

// DesignatedPost gives the post that a designation gives a role to: its post, or the one post that the person designated holds.
func (d *Record) DesignatedPost() (*Record, *Gap) {
	d.v.Touch(d)
	if p := d.Ref("post"); p != nil {
		d.v.Touch(p)
		if p.exists != fact.Yes {
			return nil, p.NotExact()
		}
		return p, nil
	}
	if d.State("post") == Uncertain {
		return nil, &Gap{d.Key(), "post", "it changes within the dates given"}
	}
	person := d.Ref("person")
	if person == nil {
		return nil, &Gap{d.Key(), "post", "the post is not there on this day"}
	}
	d.v.Touch(person)
	post, by, why := person.onlyPost()
	if why != "" {
		return nil, &Gap{d.Key(), "post", why}
	}
	for _, a := range by {
		d.v.Touch(a)
	}
	return post, nil
}

// onlyPost gives the one post that a person holds with the appointments to it, or says why there is no one post.
func (p *Record) onlyPost() (post *Record, by []*Record, why string) {
	for _, a := range p.Referring(Appointment, "person") {
		if a.exists != fact.Yes {
			return nil, nil, "whether the person designated holds a post is not certain on this day"
		}
		if held := a.Ref("post"); held != nil {
			if post != nil && post != held {
				return nil, nil, "the person designated holds more than one post"
			}
			post, by = held, append(by, a)
		}
	}
	if post == nil {
		return nil, nil, "the person designated holds no post that is recorded"
	}
	return post, by, ""
}

// RolePosts gives the posts designated to a role on the day.
func (v *View) RolePosts(role string) ([]*Record, []Gap) {
	sure, maybe := v.Designations(role)
	var posts []*Record
	var gaps []Gap
	for _, d := range sure {
		p, gap := d.DesignatedPost()
		if gap != nil {
			gaps = append(gaps, *gap)
			continue
		}
		if !slices.Contains(posts, p) {
			posts = append(posts, p)
		}
	}
	for _, d := range maybe {
		v.Touch(d)
		gaps = append(gaps, *d.NotExact())
	}
	return posts, gaps
}

// HeadPost gives the post designated head of paid service, the top of the officers' line. The top is never assumed.
func (v *View) HeadPost() (*Record, *Gap) {
	posts, gaps := v.RolePosts(HeadOfPaidService)
	switch {
	case len(posts) == 1 && len(gaps) == 0:
		return posts[0], nil
	case len(gaps) > 0:
		return nil, &gaps[0]
	case len(posts) > 1:
		return nil, &Gap{fact.Key{Kind: Designation}, "role", "more than one post is designated head of paid service"}
	}
	return nil, &Gap{fact.Key{Kind: Designation}, "role", "no post is designated head of paid service (HPS) on this day"}
}

// Line gives the post and those it reports to, upwards. The gap says why it ends where it does, and is nil at the top: the
// post designated head of paid service or leader.
func (p *Record) Line() (line []*Record, gap *Gap) {
	v := p.v
	tops := v.tops()
	for range Depth {
		v.Touch(p)
		line = append(line, p)
		if tops[p.r] {
			return line, nil
		}
		up := p.Ref("reports_to")
		if up == nil {
			why := "it is not recorded to whom this post reports"
			switch p.State("reports_to") {
			case Uncertain:
				why = "to whom this post reports changes within the dates given"
			case Erased:
				why = "it was erased"
			case Withheld:
				why = "it may not be seen"
			case Missing:
				if k, ok := p.RefKey("reports_to"); ok {
					why = "it reports to " + v.Called(k) + ", which is not there on this day"
				}
			}
			return line, &Gap{p.Key(), "reports_to", why}
		}
		if up.exists != fact.Yes {
			v.Touch(up)
			return line, up.NotExact()
		}
		p = up
	}
	return line, &Gap{p.Key(), "reports_to", "the line comes back to where it began"}
}

// tops are the posts at which a line ends.
func (v *View) tops() map[*record]bool {
	v.Keep(&v.remember().tops, func() {
		v.top = map[*record]bool{}
		for _, role := range []string{HeadOfPaidService, Leader} {
			sure, _ := v.Designations(role)
			for _, d := range sure {
				p := d.Ref("post")
				if who := d.Ref("person"); p == nil && who != nil {
					p, _, _ = who.onlyPost()
				}
				if p != nil {
					v.top[p.r] = true
				}
			}
		}
	})
	return v.top
}

// Above says whether boss is on the line of p, p itself included.
func (p *Record) Above(boss *Record) (bool, *Gap) {
	line, gap := p.Line()
	for _, x := range line {
		if x == boss {
			return true, nil
		}
	}
	return false, gap
}

// Tier is the number of hops from the post to the head of paid service.
func (p *Record) Tier() (int, *Gap) {
	head, gap := p.v.HeadPost()
	if gap != nil {
		return 0, gap
	}
	line, gap := p.Line()
	for n, x := range line {
		if x == head {
			return n, nil
		}
	}
	if gap == nil {
		gap = &Gap{line[len(line)-1].Key(), "reports_to", "the line does not reach the head of paid service"}
	}
	return 0, gap
}

// Head gives the post that heads a unit: the one recorded, else the one post of the unit whose manager is outside it.
func (u *Record) Head() (*Record, *Gap) {
	v := u.v
	v.Touch(u)
	if u.exists != fact.Yes {
		return nil, u.NotExact()
	}
	if h := u.Ref("head"); h != nil {
		v.Touch(h)
		if h.exists != fact.Yes {
			return nil, h.NotExact()
		}
		return h, nil
	}
	if _, stated := u.RefKey("head"); stated || u.State("head") == Uncertain {
		return nil, &Gap{u.Key(), "head", "the post that heads it is not there on this day"}
	}
	var head *Record
	for _, p := range u.Referring(Post, "unit") {
		if up := p.Ref("reports_to"); up != nil && up.Ref("unit") == u {
			continue
		}
		switch {
		case p.exists != fact.Yes:
			v.Touch(p)
			return nil, p.NotExact()
		case p.State("unit") == Uncertain, p.State("reports_to") == Uncertain:
			v.Touch(p)
			return nil, &Gap{p.Key(), "unit", "its unit, or to whom it reports, changes within the dates given"}
		}
		if head != nil {
			return nil, &Gap{u.Key(), "head", "more than one post of the unit is managed from outside it"}
		}
		head = p
	}
	if head == nil {
		return nil, &Gap{u.Key(), "head", "it is not recorded which post heads it"}
	}
	v.Touch(head)
	return head, nil
}

// Manager gives the post that manages a function: the one recorded, else the one that heads its unit.
func (f *Record) Manager() (*Record, *Gap) {
	f.v.Touch(f)
	if p := f.Ref("managed_by"); p != nil {
		f.v.Touch(p)
		if p.exists != fact.Yes {
			return nil, p.NotExact()
		}
		return p, nil
	}
	if _, stated := f.RefKey("managed_by"); stated || f.State("managed_by") == Uncertain {
		return nil, &Gap{f.Key(), "managed_by", "the post that manages it is not there on this day"}
	}
	u := f.Ref("unit")
	if u == nil {
		return nil, &Gap{f.Key(), "unit", "it is not recorded in which unit it sits"}
	}
	return u.Head()
}

// Manages says whether a post is on the line of the one that manages the function.
func (p *Record) Manages(f *Record) (bool, *Gap) {
	m, gap := f.Manager()
	if gap != nil {
		return false, gap
	}
	return m.Above(p)
}
