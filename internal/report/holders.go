package report

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// HolderLane is who held a statutory role or was in a senior post, through time.
type HolderLane struct {
	Role    string   // its code, or
	Post    fact.Key // a post of the first three tiers, or one to which somebody is recruited
	Name    string
	Law     string // of a role: since and until when the law knows it
	Periods []Period
}

// HolderEdge is a day on which somebody else, nobody or somebody of another standing is in a role or post.
type HolderEdge struct {
	On     fact.Day // the first on which it certainly is so
	When   string   // as exactly as it is recorded
	Lane   string
	What   string // "Nobody in post"
	Events []assure.Event
}

const recruitment fact.KindName = "recruitment"

// seniorTiers is how many tiers of posts have a lane each.
const seniorTiers = 3

// HoldersOf gives the lanes of the statutory roles and of the senior posts of the days from one to another.
func HoldersOf(p *rule.Pack, v *graph.View, from, to fact.Day) (out []HolderLane) {
	w := newWalk(p, v)
	for _, t := range w.roles(from, to) {
		if len(t.Periods) > 0 {
			out = append(out, HolderLane{Role: t.Role.Code, Name: t.Name, Law: t.Law, Periods: t.Periods})
		}
	}
	recruited := map[fact.Key]bool{}
	for past := range w.v.Pasts(recruitment) {
		if k, ok := past.Record.RefKey("post"); ok {
			recruited[k] = true
		}
	}
	for _, k := range w.all(graph.Post) {
		if !recruited[k] && !w.senior(k, from, to) {
			continue
		}
		if l := (HolderLane{Post: k, Name: Title(p, w.newest(k)), Periods: w.post(k, from, to)}); len(l.Periods) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// senior reports whether a post is of the first tiers on the first or the last of the days on which it is there.
func (w *walk) senior(post fact.Key, from, to fact.Day) bool {
	first, last := to, from
	for _, x := range w.v.Pieces(post) {
		lo, hi := from, to
		if d := x.Span.From; !d.IsZero() && d.Form != fact.ToBeAgreed {
			lo = max(lo, d.Last)
		}
		if d := x.Span.Until; !d.IsZero() && d.Form != fact.ToBeAgreed {
			hi = min(hi, d.First)
		}
		if lo <= hi {
			first, last = min(first, lo), max(last, hi)
		}
	}
	return slices.ContainsFunc([]fact.Day{first, last}, func(d fact.Day) bool {
		r := w.at(d).Record(post)
		if r == nil {
			return false
		}
		tier, gap := r.Tier()
		return gap == nil && tier <= seniorTiers
	})
}

// HolderEdges gives the edges of some lanes on the days after one and up to another, in their order, each with the entries on which it rests.
func HolderEdges(p *rule.Pack, v *graph.View, lanes []HolderLane, from, to fact.Day) (out []HolderEdge) {
	if v.AsIf() {
		v = v.With("")
	}
	for _, l := range lanes {
		for i := range l.Periods {
			x := &l.Periods[i]
			if on := x.From.Day; on > from && on <= to {
				e := HolderEdge{On: on, When: x.From.Words, Lane: l.Name, What: x.begins()}
				if i > 0 && l.Periods[i-1].Status.Provisional() && x.Status == Held {
					e.What += ", after " + l.Periods[i-1].names() + ", " + strings.ToLower(l.Periods[i-1].Word)
				}
				e.Events = x.recorded(p, v.At(on), &l)
				if x.Status == Vacant || x.Status == NotRecorded && (x.Why == "" || x.Why == nobodyRecorded) {
					if slices.ContainsFunc(e.Events, func(x assure.Event) bool { return x.Record.Kind == recruitment }) {
						e.What += "; it is being recruited to"
					}
				}
				out = append(out, e)
			}
			next := x.Until.Day + 1
			followed := slices.ContainsFunc(l.Periods, func(y Period) bool { return y.From.earliest() <= next && next <= y.Until.Day })
			if x.Until.Day != fact.MaxDay && next > from && next <= to && !followed && x.Status != NotRecorded {
				e := HolderEdge{On: next, When: next.Words(), Lane: l.Name, What: x.ends(l.Role != "")}
				e.Events = x.recorded(p, v.At(x.Until.Day), &l)
				out = append(out, e)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b HolderEdge) int { return cmp.Compare(a.On, b.On) })
	return out
}

func (p *Period) names() string {
	var out []string
	for _, h := range p.Holders {
		out = append(out, h.Text)
	}
	return And(out)
}

// begins says how a period begins.
func (p *Period) begins() string {
	one := len(p.Holders) == 1
	switch p.Status {
	case Vacant:
		return "Nobody in post"
	case NotRecorded:
		if p.Why == "" || p.Why == nobodyRecorded {
			return "Nobody is recorded in post"
		}
		return "Nobody is recorded in post: " + strings.TrimSuffix(p.Why, ".")
	case Uncertain:
		return "Not certain: " + p.names()
	case Held:
		if one {
			return p.names() + " starts"
		}
		return p.names() + " start"
	}
	if one {
		return p.names() + " is " + strings.ToLower(p.Word)
	}
	return p.names() + " are " + strings.ToLower(p.Word)
}

// ends says how a period ends after which there is no role or post any more.
func (p *Period) ends(role bool) string {
	what := map[bool]string{true: "the role is no longer in law", false: "the post is there no longer"}[role]
	if p.Status == Vacant || len(p.Holders) == 0 {
		return Capital(what)
	}
	how := ""
	if p.Status.Provisional() {
		how = ", " + strings.ToLower(p.Word) + ","
	}
	return p.names() + how + map[bool]string{true: " ends", false: " end"}[len(p.Holders) == 1] + ": " + what
}

// recorded gives what the record says on a day of a period: by what somebody is in post, or, where nobody is, the post, and how far it is recruited to.
func (p *Period) recorded(pack *rule.Pack, v *graph.View, of *HolderLane) (out []assure.Event) {
	event := func(r *graph.Record) {
		what := r.Kind().Label + ": "
		out = append(out, assure.Event{Record: r.Key(), Entry: r.Entry(), What: what + strings.TrimPrefix(Title(pack, r), what)})
	}
	for _, d := range v.All(graph.Designation) {
		if of.Role != "" && d.Text("role") == of.Role && d.Exists() == fact.Yes {
			event(d)
		}
	}
	for _, k := range p.By {
		if r := v.Record(k); r != nil {
			event(r)
		}
	}
	if len(p.By) > 0 {
		return out
	}
	posts := []fact.Key{of.Post}
	for _, x := range p.Posts {
		posts = append(posts, x.Record)
	}
	for _, k := range posts {
		r := v.Record(k)
		if k.ID == "" || r == nil {
			continue
		}
		event(r)
		for _, x := range v.Held(k) {
			if x.Span.From.Form == fact.ToBeAgreed {
				out = append(out, assure.Event{Record: x.Record.Key(), Entry: x.Record.Entry(), What: "Appointment, of which the start is to be announced: " + x.Record.Title()})
			}
		}
		for _, x := range r.Referring(recruitment, "post") {
			event(x)
		}
	}
	return out
}
