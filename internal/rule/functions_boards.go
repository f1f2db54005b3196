package rule

import (
	"reflect"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

var stringsType = reflect.TypeFor[[]string]()

const (
	board    fact.KindName = "board"
	seat     fact.KindName = "seat"
	meeting  fact.KindName = "meeting"
	document fact.KindName = "document"
)

func (r *run) boardsOf(kind string) *list {
	var all []*graph.Record
	for _, b := range r.v.Having(board, "type", kind) {
		if b.Text("type") == kind {
			all = append(all, b)
		}
	}
	return recorded(r, all)
}

func (r *run) everBoard(kind string) bool {
	return r.v.Ever(board, func(p graph.Past) bool { return p.Record.Text("type") == kind })
}

func neverBoard(kind string) graph.Gap {
	return graph.Gap{Record: fact.Key{Kind: board}, Field: "type", Why: "no board of type " + kind + " is recorded on any day"}
}

func boardExists(r *run, a []ref.Val) ref.Val {
	l := r.boardsOf(text(a[0]))
	switch {
	case len(l.sure) > 0:
		return types.True
	case l.gap != nil:
		return l.gap
	case !r.everBoard(text(a[0])):
		return unknown(neverBoard(text(a[0])))
	}
	return types.False
}

func hasBoard(r *run, a []ref.Val) ref.Val {
	l := r.boardsOf(text(a[0]))
	if len(l.sure) == 0 && l.gap != nil {
		return l.gap
	}
	return types.Bool(len(l.sure) > 0)
}

func boards(r *run, a []ref.Val) ref.Val {
	l := r.boardsOf(text(a[0]))
	if len(l.sure) == 0 && l.gap == nil && !r.everBoard(text(a[0])) {
		l.miss(neverBoard(text(a[0])))
	}
	return l.val()
}

// seatsOf gives the seats of a board; a board without seats is a gap, since every board has some.
func (r *run) seatsOf(b *graph.Record) *list {
	r.v.Touch(b)
	l := recorded(r, b.Referring(seat, "board"))
	if len(l.sure) == 0 && l.gap == nil {
		l.miss(graph.Gap{Record: b.Key(), Field: "seats", Why: "no seat of this board is recorded on this day"})
	}
	return l
}

// fills says whether a seat is filled for a role or group, and the gap where it cannot be said.
func (r *run) fills(s *graph.Record, want string) (bool, *graph.Gap) {
	r.v.Touch(s)
	if s.Text("stands_for") == want {
		return true, nil
	}
	p, org := s.Ref("post"), s.Ref("organisation")
	if role := r.p.roles[want]; role != nil {
		holds := r.law.rolePosts(want).posts
		if p != nil && slices.Contains(holds, p) {
			return true, nil
		}
		who := s.Ref("person")
		if who != nil && r.roleHolders(want).Contains(wrap(who)) == types.True {
			return true, nil
		}
		_, maybe := r.v.Designations(want)
		for _, d := range maybe {
			if p != nil && d.Ref("post") == p || who != nil && d.Ref("person") == who {
				return false, d.NotExact()
			}
		}
		if s.Text("stands_for") == "" && !r.everDesignated(want) && slices.ContainsFunc(seatPosts(s), func(p *graph.Record) bool {
			c := p.Text("capacity")
			return c == "" || c == role.HeldBy
		}) {
			g := neverDesignated(want)
			return false, &g
		}
		return false, nil
	}
	switch want {
	case "councillor":
		for _, p := range seatPosts(s) {
			if p.Text("capacity") == "member" {
				r.v.Touch(p)
				return true, nil
			}
		}
	case "healthwatch", "police":
		if org != nil && org.Text("type") == want {
			r.v.Touch(org)
			return true, nil
		}
	case "icb", "ccg":
		if org != nil && org.Text("type") == "nhs" && s.Text("stands_for") == "" {
			return false, &graph.Gap{Record: s.Key(), Field: "stands_for", Why: "it is not recorded what this NHS body stands for"}
		}
	}
	return false, nil
}

// seatPosts gives the post that has a seat, or those of the person who has it.
func seatPosts(s *graph.Record) []*graph.Record {
	if p := s.Ref("post"); p != nil {
		return []*graph.Record{p}
	}
	who := s.Ref("person")
	if who == nil {
		return nil
	}
	var out []*graph.Record
	for _, a := range who.Referring(graph.Appointment, "person") {
		if p := a.Ref("post"); p != nil && a.Exists() == fact.Yes {
			out = append(out, p)
		}
	}
	return out
}

func seats(r *run, a []ref.Val) ref.Val {
	all := r.seatsOf(record(a[0]))
	l := &list{gap: all.gap}
	for _, x := range all.sure {
		if ok, _ := r.fills(record(x), text(a[1])); ok {
			l.add(x)
		}
	}
	if len(all.sure) == 0 {
		return l.val()
	}
	return l.val()
}

// seated says whether somebody is in a seat: a body, a person, or whoever holds the post that it goes with.
func seated(r *run, a []ref.Val) ref.Val {
	x := record(a[0])
	r.v.Touch(x)
	p := x.Ref("post")
	switch {
	case x.Ref("organisation") != nil || x.Ref("person") != nil:
		return types.True
	case p == nil:
		return unknown(graph.Gap{Record: x.Key(), Field: "person", Why: "who is in the seat is not recorded"})
	}
	r.v.Touch(p)
	o := p.Holders()
	if len(o.Holders) == 0 && o.Gap != nil {
		return unknown(*o.Gap)
	}
	return types.Bool(!o.Vacant)
}

func seatFor(r *run, a []ref.Val) ref.Val {
	all := r.seatsOf(record(a[0]))
	var open *graph.Gap
	for _, x := range all.sure {
		for _, want := range items(a[1]) {
			ok, gap := r.fills(record(x), want)
			if ok {
				return types.True
			}
			if gap != nil {
				open = gap
			}
		}
	}
	if all.gap != nil {
		return all.gap
	}
	return answer(false, open)
}

func councilSeat(r *run, a []ref.Val) ref.Val {
	all := r.seatsOf(record(a[0]))
	for _, x := range all.sure {
		s := record(x)
		if slices.ContainsFunc(seatPosts(s), func(p *graph.Record) bool { return p.Text("capacity") != "independent" }) {
			return types.True
		}
		stands := s.Text("stands_for")
		if r.p.roles[stands] != nil || stands == "councillor" {
			return types.True
		}
		if o := s.Ref("organisation"); o != nil && o.Text("type") == "council" {
			return types.True
		}
	}
	if all.gap != nil {
		return all.gap
	}
	return types.False
}

func officerSeat(r *run, a []ref.Val) ref.Val {
	all := r.seatsOf(record(a[0]))
	head := r.law.rolePosts(graph.HeadOfPaidService).posts
	var open *graph.Gap
	for _, x := range all.sure {
		s := record(x)
		if role := r.p.roles[s.Text("stands_for")]; role != nil && role.HeldBy == "officer" && role.Code != graph.HeadOfPaidService {
			return types.True
		}
		for _, p := range seatPosts(s) {
			if slices.Contains(head, p) {
				continue
			}
			r.v.Touch(p)
			switch p.Text("capacity") {
			case "officer":
				return types.True
			case "":
				if slices.ContainsFunc(r.p.Roles, func(role *Role) bool {
					return role.HeldBy == "officer" && slices.Contains(r.law.rolePosts(role.Code).posts, p)
				}) {
					return types.True
				}
				open = &graph.Gap{Record: p.Key(), Field: "capacity", Why: "it is not recorded whether this post is an officer's, a member's or independent"}
			}
		}
	}
	if all.gap != nil {
		return all.gap
	}
	return answer(false, open)
}

func (r *run) chairs(b *graph.Record) *list {
	all := r.seatsOf(b)
	l := &list{gap: all.gap}
	for _, x := range all.sure {
		if record(x).Text("as") == "chair" {
			l.add(x)
		}
	}
	return l
}

func chaired(r *run, a []ref.Val) ref.Val {
	l := r.chairs(record(a[0]))
	if len(l.sure) == 0 && l.gap != nil {
		return l.gap
	}
	return types.Bool(len(l.sure) > 0)
}

func independentChair(r *run, a []ref.Val) ref.Val {
	b := record(a[0])
	l := r.chairs(b)
	if len(l.sure) == 0 {
		if l.gap != nil {
			return l.gap
		}
		return types.False // with seats, and no chair among them
	}
	for _, x := range l.sure {
		s := record(x)
		if v := r.independent(b, s); v != types.True {
			return v
		}
	}
	return types.True
}

// independent says whether a seat is held by somebody of neither the council nor a body with a seat on the board.
func (r *run) independent(b, s *graph.Record) ref.Val {
	if p := s.Ref("post"); p != nil {
		r.v.Touch(p)
		switch p.Text("capacity") {
		case "independent":
			return types.True
		case "officer", "member":
			return types.False
		}
		for _, role := range r.p.Roles {
			if slices.Contains(r.law.rolePosts(role.Code).posts, p) {
				return types.False
			}
		}
		return unknown(graph.Gap{Record: p.Key(), Field: "capacity", Why: "it is not recorded whether this post is an officer's, a member's or independent"})
	}
	if s.Text("stands_for") != "" {
		return types.False
	}
	from, sent := s.RefKey("organisation")
	who := s.Ref("person")
	if who == nil && sent {
		return types.False // the chair is that organisation's
	}
	if who == nil {
		return unknown(graph.Gap{Record: s.Key(), Field: "post", Why: "it is not recorded who chairs the board"})
	}
	r.v.Touch(who)
	employer, employed := who.RefKey("employer")
	if !employed && !sent {
		posts := who.Referring(graph.Appointment, "person")
		if slices.ContainsFunc(posts, func(x *graph.Record) bool { p := x.Ref("post"); return p != nil && p.Text("capacity") != "independent" }) {
			return types.False // in a post of this council
		}
		if len(posts) > 0 {
			return types.True
		}
		return unknown(graph.Gap{Record: who.Key(), Field: "employer", Why: "it is not recorded by whom the chair is employed"})
	}
	bodies := make([]fact.Key, 0, 2)
	if employed {
		bodies = append(bodies, employer)
	}
	if sent {
		bodies = append(bodies, from)
	}
	for _, x := range r.seatsOf(b).sure {
		if k, ok := record(x).RefKey("organisation"); ok && record(x) != s && slices.Contains(bodies, k) {
			return types.False
		}
	}
	for _, k := range bodies {
		if o := r.v.Record(k); o != nil && slices.Contains([]string{"nhs", "police", "council"}, o.Text("type")) {
			r.v.Touch(o)
			return unknown(graph.Gap{Record: k, Field: "seats", Why: "the chair comes from this body, and it is not recorded whether it is one of those on the board"})
		}
	}
	return types.True
}

func hasScrutineer(r *run, a []ref.Val) ref.Val {
	all := r.seatsOf(record(a[0]))
	for _, x := range all.sure {
		if record(x).Text("as") == "scrutineer" {
			return types.True
		}
	}
	if all.gap != nil {
		return all.gap
	}
	return types.False
}

func doubled(r *run, a []ref.Val) ref.Val {
	roles := items(a[1])
	for i, one := range roles {
		for _, other := range roles[:i] {
			for _, p := range r.law.rolePosts(one).posts {
				if slices.Contains(r.law.rolePosts(other).posts, p) {
					return types.True
				}
			}
			for _, x := range r.roleHolders(one).sure {
				for _, y := range r.roleHolders(other).sure {
					if record(x) == record(y) {
						return types.True
					}
				}
			}
		}
	}
	return types.False
}

// executive gives the posts and people of the executive: the cabinet's seats, and the posts that have a portfolio.
func (r *run) executive() (posts, people []*graph.Record, gap *types.Unknown) {
	add := func(p *graph.Record) {
		if p == nil || slices.Contains(posts, p) {
			return
		}
		posts = append(posts, p)
		if p.Holders().Vacant {
			return // nobody is missing who could sit elsewhere
		}
		in := r.people(p)
		for _, x := range in.sure {
			people = append(people, record(x))
		}
		gap = types.MergeUnknowns(gap, in.gap)
	}
	for _, b := range r.boardsOf("cabinet").sure {
		for _, s := range record(b).Referring(seat, "board") {
			r.v.Touch(s)
			add(s.Ref("post"))
			if who := s.Ref("person"); who != nil {
				people = append(people, who)
			}
		}
	}
	for _, pf := range r.v.All("portfolio") {
		add(pf.Ref("post"))
	}
	for _, p := range r.law.rolePosts(graph.Leader).posts {
		add(p)
	}
	if len(posts)+len(people) == 0 {
		gap = types.MergeUnknowns(gap, unknown(graph.Gap{Record: fact.Key{Kind: "portfolio"}, Field: "post", Why: "it is not recorded who is on the executive"}))
	}
	return posts, people, gap
}

func executiveOn(r *run, a []ref.Val) ref.Val {
	l := r.seatsOfExecutive(record(a[0]))
	if len(l.sure) > 0 {
		return types.True
	}
	if l.gap != nil {
		return l.gap
	}
	return types.False
}

func executiveSeats(r *run, a []ref.Val) ref.Val { return r.seatsOfExecutive(record(a[0])).val() }

// seatsOfExecutive gives the seats of a board that a member of the executive has.
func (r *run) seatsOfExecutive(b *graph.Record) *list {
	all := r.seatsOf(b)
	posts, people, gap := r.executive()
	gap = types.MergeUnknowns(gap, all.gap)
	l := &list{}
	for _, x := range all.sure {
		s := record(x)
		if p := s.Ref("post"); p != nil {
			if slices.Contains(posts, p) {
				l.add(x)
				continue
			}
			if p.Holders().Vacant {
				continue
			}
			in := r.people(p)
			gap = types.MergeUnknowns(gap, in.gap)
			if slices.ContainsFunc(in.sure, func(y ref.Val) bool { return slices.Contains(people, record(y)) }) {
				l.add(x)
				continue
			}
		}
		if who := s.Ref("person"); who != nil && slices.Contains(people, who) {
			l.add(x)
			continue
		}
		if stands := s.Text("stands_for"); s.Ref("post") == nil && s.Ref("person") == nil && s.Ref("organisation") == nil && (stands == "" || stands == "councillor") {
			gap = types.MergeUnknowns(gap, unknown(graph.Gap{Record: s.Key(), Field: "person", Why: "it is not recorded who sits here"}))
		}
	}
	l.gap = gap
	return l
}

func educationScrutiny(r *run, _ []ref.Val) ref.Val {
	all := r.boardsOf("scrutiny")
	if len(all.sure) == 0 && all.gap == nil && !r.everBoard("scrutiny") {
		all.miss(neverBoard("scrutiny"))
	}
	l := &list{gap: all.gap}
	var open []graph.Gap
	for _, x := range all.sure {
		b := record(x)
		codes := b.Texts("covers")
		switch {
		case slices.Contains(codes, "CEO"), slices.Contains(codes, "DCS"), slices.ContainsFunc(b.Refs("covers"), func(f *graph.Record) bool { return f.Text("domain") == "EDU" }):
			l.add(x)
		case b.State("covers") != graph.Known:
			open = append(open, graph.Gap{Record: b.Key(), Field: "covers", Why: "it is not recorded whether this committee deals with education"})
		}
	}
	if len(l.sure) == 0 {
		l.miss(open...)
	}
	return l.val()
}

// covers says whether a board is recorded as covering a role, by its code or by a function for which the role answers.
func (r *run) covers(b *graph.Record, role string) bool {
	r.v.Touch(b)
	if slices.Contains(b.Texts("covers"), role) {
		return true
	}
	for _, f := range b.Refs("covers") {
		roles, _ := r.law.rolesFor(f)
		if slices.Contains(roles, role) {
			return true
		}
	}
	return false
}

func separateBoards(r *run, a []ref.Val) ref.Val {
	roles := items(a[1])
	all := r.boardsOf(text(a[0]))
	gap, unstated := all.gap, 0
	for _, x := range all.sure {
		if b := record(x); b.State("covers") != graph.Known {
			unstated++
			gap = types.MergeUnknowns(gap, unknown(graph.Gap{Record: b.Key(), Field: "covers", Why: "it is not recorded what this board covers"}))
		}
	}
	wanting := 0
	for _, role := range roles {
		if !slices.ContainsFunc(all.sure, func(x ref.Val) bool {
			b := record(x)
			return r.covers(b, role) && !slices.ContainsFunc(roles, func(other string) bool { return other != role && r.covers(b, other) })
		}) {
			wanting++
		}
	}
	switch {
	case wanting == 0:
		return types.True
	case gap == nil || all.gap == nil && wanting > unstated:
		return types.False
	}
	return gap
}

// held gives the dates on which a board met; one whose status is not recorded counts when it has minutes or people present.
func (r *run) held(b *graph.Record) (on []fact.Date, records []*graph.Record) {
	for _, p := range r.v.PastsOf(b.Key(), meeting, "board") {
		m := p.Record
		d := m.Date("on")
		switch m.Text("status") {
		case "held":
		case "":
			if m.State("minutes") != graph.Known && m.State("present") != graph.Known {
				continue
			}
		default:
			continue
		}
		on, records = append(on, d), append(records, m)
	}
	return on, records
}

func meetings(r *run, a []ref.Val) ref.Val {
	on, records := r.held(record(a[0]))
	l := &list{}
	for i, d := range on {
		switch from, to := dayOf(a[1]), dayOf(a[2]); {
		case d.IsZero():
			l.miss(undated(records[i], d))
		case d.First > to || d.Last < from:
		case d.First >= from && d.Last <= to:
			r.v.Touch(records[i])
			l.add(wrap(records[i]))
		default:
			l.miss(undated(records[i], d))
		}
	}
	return l.val()
}

func undated(m *graph.Record, d fact.Date) graph.Gap {
	why := "it is not recorded on which day it was held"
	if !d.IsZero() {
		why = "the day is not recorded (" + d.Words() + ")"
	}
	return graph.Gap{Record: m.Key(), Field: "on", Why: why}
}

func metInTime(r *run, a []ref.Val) ref.Val {
	b := record(a[0])
	r.v.Touch(b)
	cadence, ok := b.Number("cadence_months")
	if !ok {
		return unknown(graph.Gap{Record: b.Key(), Field: "cadence_months", Why: "it is not recorded"})
	}
	return r.metWithin(b, int(cadence))
}

func metWithin(r *run, a []ref.Val) ref.Val {
	b := record(a[0])
	r.v.Touch(b)
	return r.metWithin(b, months(a[1]))
}

// metWithin says whether a board met within so many months before the day, or is younger than that.
func (r *run) metWithin(b *graph.Record, cadence int) ref.Val {
	last := fact.MinDay
	var perhaps *graph.Gap // a meeting that may have been in time
	on, records := r.held(b)
	since := r.v.Ago(cadence)
	for i, d := range on {
		switch {
		case d.IsZero(), d.Form != fact.ToBeAgreed && r.v.By(d.First) && !since.Past(d.Last) && (since.Past(d.First) || !r.v.By(d.Last)):
			g := undated(records[i], d)
			perhaps = &g
		case d.Form != fact.ToBeAgreed && r.v.By(d.Last) && d.First > last:
			last = d.First
			r.v.Touch(records[i])
		}
	}
	if perhaps != nil && (last == fact.MinDay || r.v.Past(last.AddMonths(cadence))) {
		return unknown(*perhaps)
	}
	if last == fact.MinDay {
		begins, exact := r.begins(b)
		if !exact {
			return unknown(graph.Gap{Record: b.Key(), Field: "meetings", Why: "no meeting of the board is recorded, nor the day from which it was to meet"})
		}
		last = begins
	}
	return types.Bool(!r.v.Past(last.AddMonths(cadence)))
}

// begins gives the first day of a record, over all its versions.
func (r *run) begins(x *graph.Record) (fact.Day, bool) {
	first, exact := fact.MaxDay, true
	for p := range r.v.Pasts(x.Key().Kind) {
		if p.Record.Key() != x.Key() {
			continue
		}
		d, ok := p.Span.From.Exact()
		if r.v.AsIf() && p.Record.Proposal() != "" && (!ok || d > r.v.On()) {
			d, ok = r.v.On(), true // a proposal is read as if in force on the day
		}
		if !ok {
			exact = false
			continue
		}
		first = min(first, d)
	}
	return first, exact
}

func published(r *run, a []ref.Val) ref.Val {
	since := r.v.Ago(months(a[1]))
	ever := false
	var open *graph.Gap
	for p := range r.v.Pasts(document) {
		if p.Record.Text("type") != text(a[0]) {
			continue
		}
		ever = true
		switch on := p.Record.Date("published_on"); {
		case on.IsZero():
			open = &graph.Gap{Record: p.Record.Key(), Field: "published_on", Why: "it is not recorded"}
		case !r.v.By(on.First) || since.Past(on.Last):
		case !since.Past(on.First) && r.v.By(on.Last):
			r.v.Touch(p.Record)
			return types.True
		default:
			open = &graph.Gap{Record: p.Record.Key(), Field: "published_on", Why: "the day is not recorded (" + on.Words() + ")"}
		}
	}
	if open != nil {
		return unknown(*open)
	}
	if !ever {
		return unknown(graph.Gap{Record: fact.Key{Kind: document}, Field: "type", Why: "no document of type " + text(a[0]) + " is recorded"})
	}
	return types.False
}

func delegations(r *run, _ []ref.Val) ref.Val {
	l := recorded(r, r.v.All("delegation"))
	if len(l.sure) == 0 && l.gap == nil {
		l.miss(graph.Gap{Record: fact.Key{Kind: "delegation"}, Field: "to", Why: "no delegation is recorded on this day"})
	}
	return l.val()
}

func stands(r *run, a []ref.Val) ref.Val {
	d := record(a[0])
	r.v.Touch(d)
	if _, stated := d.RefKey("to"); !stated {
		return unknown(graph.Gap{Record: d.Key(), Field: "to", Why: "it is not recorded to which post the power is delegated"})
	}
	to := d.Ref("to")
	r.v.Touch(to)
	if to != nil && to.Exists() != fact.Yes {
		return unknown(*to.NotExact())
	}
	return types.Bool(to != nil)
}
