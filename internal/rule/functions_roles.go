package rule

import (
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

func neverDesignated(role string) graph.Gap {
	return graph.Gap{Record: fact.Key{Kind: graph.Designation}, Field: "role", Why: "no designation to " + role + " is recorded on any day"}
}

// everRole is whether a role was ever designated.
type everRole struct {
	graph.Memo
	is bool
}

func (r *run) everDesignated(role string) bool {
	e := r.ever[role]
	if e == nil {
		e = &everRole{}
		r.ever[role] = e
	}
	r.v.Keep(&e.Memo, func() { e.is = r.v.EverDesignated(role) })
	return e.is
}

func designated(r *run, a []ref.Val) ref.Val {
	role := text(a[0])
	sure, maybe := r.v.Designations(role)
	for _, d := range sure {
		r.v.Touch(d)
	}
	if len(maybe) > 0 {
		return unknown(*maybe[0].NotExact())
	}
	if len(sure) == 0 && !r.everDesignated(role) {
		return unknown(neverDesignated(role))
	}
	return types.Int(len(sure))
}

func designations(r *run, a []ref.Val) ref.Val {
	role := text(a[0])
	var all []*graph.Record
	sure, maybe := r.v.Designations(role)
	all = append(append(all, sure...), maybe...)
	if len(all) == 0 && !r.everDesignated(role) {
		return unknown(neverDesignated(role))
	}
	return recorded(r, all).val()
}

func decided(_ *run, a []ref.Val) ref.Val {
	d := record(a[0])
	if _, ok := d.RefKey("decided_by"); ok {
		return types.True
	}
	return unknown(graph.Gap{Record: d.Key(), Field: "decided_by", Why: "it is not recorded"})
}

func posts(r *run, a []ref.Val) ref.Val { return r.rolePostList(text(a[0])).val() }

func (r *run) rolePostList(role string) *list {
	rp := r.law.rolePosts(role)
	l := wrapAll(rp.posts)
	l.miss(rp.gaps...)
	if len(rp.posts) == 0 && len(rp.gaps) == 0 && !r.everDesignated(role) {
		l.miss(neverDesignated(role))
	}
	return l
}

func vacantGap(p *graph.Record) graph.Gap {
	return graph.Gap{Record: p.Key(), Field: "holder", Why: "the post is vacant on this day"}
}

// people gives the people in a post.
func (r *run) people(p *graph.Record) *list {
	l := &list{}
	o := p.Holders()
	for _, a := range o.Holders {
		if who := a.Ref("person"); who != nil {
			r.v.Touch(who)
			l.add(wrap(who))
		} else {
			l.miss(graph.Gap{Record: a.Key(), Field: "person", Why: "the person is not there on this day"})
		}
	}
	if o.Gap != nil {
		l.miss(*o.Gap)
	}
	if o.Vacant {
		l.miss(vacantGap(p))
	}
	return l
}

func holdersOf(r *run, a []ref.Val) ref.Val { return r.people(record(a[0])).val() }

func holders(r *run, a []ref.Val) ref.Val { return r.roleHolders(text(a[0])).val() }

func (r *run) roleHolders(role string) *list {
	l := &list{}
	sure, maybe := r.v.Designations(role)
	for _, d := range sure {
		r.v.Touch(d)
		if d.Ref("post") == nil {
			if who := d.Ref("person"); who != nil {
				r.v.Touch(who)
				l.add(wrap(who))
				continue
			}
		}
		p, gap := d.DesignatedPost()
		if gap != nil {
			l.miss(*gap)
			continue
		}
		in := r.people(p)
		l.sure = append(l.sure, in.sure...)
		l.gap = types.MergeUnknowns(l.gap, in.gap)
	}
	for _, d := range maybe {
		l.miss(*d.NotExact())
	}
	if len(sure)+len(maybe) == 0 {
		g := neverDesignated(role)
		if r.everDesignated(role) {
			g.Why = "no post is designated " + role + " on this day"
		}
		l.miss(g)
	}
	return l
}

func sameHolder(r *run, a []ref.Val) ref.Val {
	one, other := text(a[0]), text(a[1])
	sure, _ := r.v.Designations(one)
	for _, d := range sure {
		if r.designatedTo(d.Ref("post"), other) {
			r.v.Touch(d)
			return types.True
		}
	}
	return overlap(r.roleHolders(one), r.roleHolders(other))
}

func alsoFills(r *run, a []ref.Val) ref.Val {
	p, role := record(a[0]), text(a[1])
	if r.designatedTo(p, role) {
		return types.True
	}
	return overlap(r.people(p), r.roleHolders(role))
}

// designatedTo says whether the role is given to the post itself.
func (r *run) designatedTo(p *graph.Record, role string) bool {
	sure, _ := r.v.Designations(role)
	return p != nil && slices.ContainsFunc(sure, func(d *graph.Record) bool {
		r.v.Touch(d)
		return d.Ref("post") == p
	})
}

// overlap says whether somebody is on both lists.
func overlap(a, b *list) ref.Val {
	for _, x := range a.sure {
		if b.Contains(x) == types.True {
			return types.True
		}
	}
	if gap := types.MergeUnknowns(a.gap, b.gap); gap != nil {
		return gap
	}
	return types.False
}

func vacant(_ *run, a []ref.Val) ref.Val {
	o := record(a[0]).Holders()
	if len(o.Holders) > 0 {
		return types.False // whoever else may be in it
	}
	if o.Gap != nil {
		return unknown(*o.Gap)
	}
	return types.Bool(o.Vacant)
}

func provisional(r *run, a []ref.Val) ref.Val {
	p := record(a[0])
	o := p.Holders()
	var open *graph.Gap
	for _, h := range o.Holders {
		r.v.Touch(h)
		switch h.Text("basis") {
		case "interim", "acting":
			return types.True
		case "":
			open = &graph.Gap{Record: h.Key(), Field: "basis", Why: "it is not recorded"}
		}
	}
	switch {
	case o.Gap != nil:
		return unknown(*o.Gap)
	case o.Vacant:
		return unknown(vacantGap(p))
	case open != nil:
		return unknown(*open)
	}
	return types.False
}

func soleHolder(r *run, a []ref.Val) ref.Val {
	role := text(a[0])
	n := designated(r, a)
	if types.IsUnknown(n) {
		return n
	}
	if n == types.Int(0) {
		return types.False
	}
	name := role
	if known := r.p.roles[role]; known != nil {
		name = known.Name
	}
	rp := r.law.rolePosts(role)
	if n != types.Int(1) && len(rp.posts)+len(rp.gaps) > 1 {
		return unknown(graph.Gap{Record: fact.Key{Kind: graph.Designation}, Field: "role", Why: spelt(len(rp.designations)) + " designations hold on this day: which of them was the " + name + "?"})
	}
	if len(rp.posts) == 0 {
		sure, _ := r.v.Designations(role)
		if len(sure) == 1 && sure[0].Ref("person") != nil {
			return types.True // designated to a person, and the one person fills it
		}
		l := &list{}
		l.miss(rp.gaps...)
		return l.gap
	}
	p := rp.posts[0]
	o := p.Holders()
	switch {
	case o.Gap != nil:
		return unknown(*o.Gap)
	case o.Vacant:
		return types.False
	case len(o.Holders) == 1:
		return types.True
	}
	for _, x := range o.Holders {
		if x.Text("shared") != "job-share" {
			return unknown(graph.Gap{Record: p.Key(), Field: "holder", Why: spelt(len(o.Holders)) + " people hold the post together: which of them was the " + name + "?"})
		}
	}
	return types.True
}

func spelt(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(words) {
		return words[n]
	}
	return "several"
}

func begun(r *run, a []ref.Val) ref.Val {
	b := r.law.hasBegun(text(a[0]))
	if b == fact.Maybe {
		return unknown(*notExact(text(a[0])))
	}
	return types.Bool(b == fact.Yes)
}

func dutyPosts(r *run, a []ref.Val) ref.Val {
	r.v.Record(fact.Key{Kind: graph.Council, ID: "council"}) // of which the type is asked, as start has read it
	l := &list{}
	seen := map[*graph.Record]bool{}
	for _, role := range items(a[0]) {
		known := r.p.roles[role]
		if known == nil || !known.Duty || !r.within(known.Known) || !slices.Contains(r.councilsOf(known), r.councilType) {
			continue
		}
		rp := r.law.rolePosts(role)
		l.miss(rp.gaps...)
		for _, p := range rp.posts {
			if !seen[p] {
				seen[p] = true
				l.add(wrap(p))
			}
		}
	}
	return l.val()
}

// councilsOf gives the kinds of council to which a role applies: those of the pack, unless it says otherwise.
func (r *run) councilsOf(role *Role) []string {
	if len(role.Councils) > 0 {
		return role.Councils
	}
	return r.p.Councils
}

func employedHere(r *run, a []ref.Val) ref.Val {
	p := record(a[0])
	role := text(a[1])
	k, elsewhere := p.RefKey("employer")
	if !elsewhere {
		if s := p.State("employer"); s == graph.Uncertain || s == graph.Erased || s == graph.Withheld {
			return unknown(graph.Gap{Record: p.Key(), Field: "employer", Why: "it is not certain on this day"})
		}
		return types.True // an empty employer is this council
	}
	for _, d := range r.law.designationsOf(role) {
		if len(d.Texts("joint_with")) > 0 {
			r.v.Touch(d)
			return types.True
		}
	}
	posts := r.law.rolePosts(role).posts
	for _, x := range p.Referring(graph.Appointment, "person") {
		if x.Text("basis") == "secondment" && x.Exists() == fact.Yes && slices.Contains(posts, x.Ref("post")) {
			r.v.Touch(x)
			return types.True
		}
	}
	employer := r.v.Record(k)
	r.v.Touch(employer)
	if role == "VSH" && employer != nil && employer.Text("type") == "council" {
		return types.True
	}
	return unknown(graph.Gap{Record: p.Key(), Field: "employer", Why: "they are employed by " + r.v.Called(k) + "; their appointment or secondment as an officer of this council is not recorded"})
}

func (l *law) designationsOf(role string) []*graph.Record {
	sure, _ := l.v.Designations(role)
	return sure
}

func endedAppointments(r *run, a []ref.Val) ref.Val {
	l := &list{}
	since, known := r.v.Ago(months(a[1])), fact.MinDay
	if role := r.p.roles[text(a[0])]; role != nil && role.Known.From.Given {
		known = role.Known.From.Day // before that there was no such role
	}
	stays := map[fact.Key]bool{}
	for _, x := range r.roleHolders(text(a[0])).sure {
		stays[record(x).Key()] = true
	}
	var posts []fact.Key
	for p := range r.v.Pasts(graph.Designation) {
		if p.Record.Text("role") == text(a[0]) {
			if k, ok := p.Record.RefKey("post"); ok && !slices.Contains(posts, k) {
				posts = append(posts, k)
			}
		}
	}
	for _, post := range posts {
		for _, p := range r.v.Held(post) {
			who, _ := p.Record.RefKey("person")
			end := p.Span.Until
			basis := p.Record.Text("basis")
			if stays[who] || end.IsZero() || end.Last < known || end.Form == fact.ToBeAgreed || since.Past(end.Last) || !r.v.Past(end.Last) || basis == "interim" || basis == "acting" || r.v.Record(p.Record.Key()) != nil {
				continue
			}
			r.v.Touch(p.Record)
			l.add(wrap(p.Record))
		}
	}
	return l.val()
}

func daysUncovered(r *run, a []ref.Val) ref.Val {
	n, gap := r.uncovered(text(a[0]), dayOf(a[1]), dayOf(a[2]))
	if gap != nil {
		return unknown(*gap)
	}
	return types.Int(n)
}

// uncovered counts the days on which nobody was in a post designated to the role, looking only at days on which something
// begins or ends.
func (r *run) uncovered(role string, from, to fact.Day) (int, *graph.Gap) {
	days := []fact.Day{from}
	mark := func(s fact.Span) {
		for _, d := range []fact.Day{s.From.First, s.From.Last, s.Until.First + 1, s.Until.Last + 1} {
			if d > from && d <= to {
				days = append(days, d)
			}
		}
	}
	for _, k := range []fact.KindName{graph.Designation, graph.Appointment, graph.Post, graph.Absence} {
		for p := range r.v.Pasts(k) {
			mark(p.Span)
		}
	}
	for _, k := range []fact.KindName{graph.Designation, graph.Appointment, graph.Post} {
		for _, d := range r.v.Ends(k) {
			if d > from && d <= to {
				days = append(days, d)
			}
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	total := 0
	for i, d := range days {
		end := to + 1
		if i+1 < len(days) {
			end = days[i+1]
		}
		at := r.v.At(d)
		posts, gaps := at.RolePosts(role)
		covered := false
		for _, p := range posts {
			o := p.Holders()
			if o.Gap != nil {
				gaps = append(gaps, *o.Gap)
			}
			covered = covered || len(o.Holders) > 0
		}
		switch {
		case covered:
		case len(gaps) > 0:
			return 0, &gaps[0]
		default:
			total += int(end - d)
		}
	}
	return total, nil
}

func deputised(r *run, a []ref.Val) ref.Val {
	top := record(a[0])
	deputies := map[string]bool{}
	any := false
	for _, p := range r.v.Stating(graph.Post, "deputy_for") {
		if p.State("deputy_for") == graph.Known {
			any = true
			r.v.Touch(p)
			for _, role := range p.Texts("deputy_for") {
				deputies[role] = true
			}
		}
	}
	if !any {
		return unknown(graph.Gap{Record: fact.Key{Kind: graph.Post}, Field: "deputy_for", Why: "no post is recorded as deputising for a statutory role"})
	}
	var open *graph.Gap
	for _, role := range []string{"DCS", "DASS", "DPH"} {
		if deputies[role] {
			continue
		}
		rp := r.law.rolePosts(role)
		for i := range rp.gaps {
			open = &rp.gaps[i]
		}
		for _, p := range rp.posts {
			under, gap := p.Above(top)
			if under {
				return types.False
			}
			if gap != nil {
				open = gap
			}
		}
	}
	if open != nil {
		return unknown(*open)
	}
	return types.True
}
