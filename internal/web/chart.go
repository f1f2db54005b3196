package web

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// chart is one tree, or several side by side under one heading.
type chart struct {
	Heading string
	Roots   *postList
}

// postList is posts that report to the same one. Its class says how it is drawn.
type postList struct {
	Class string
	Posts []*postBox
	More  *link // those that there is no room for
}

// postBox is a post as the chart shows it.
type postBox struct {
	ID        string // where a line can be drawn to
	Class     string
	Column    bool // it heads a column
	Title     link
	In        []string
	Notes     []string
	Roles     []string // statutory roles, in words
	Unit      *noted
	Also      []answersFor // functions that it answers for and others manage
	AlsoRest  string
	Functions []managed
	Rest      string // functions that are not named
	Below     *postList
	Fold      *fold // where what is below can be folded up
	More      *link
	Change    *boxChange // where two days are compared

	record *graph.Record
}

// fold is a part of a list that can be folded up.
type fold struct {
	Summary string
	Open    bool
}

// noted is a link after a word or two.
type noted struct {
	Note string
	link
}

// answersFor is a function for which the post answers in law and another manages it.
type answersFor struct {
	Function link
	Manager  link
}

// managed is a function that the post manages, with who answers in law where that is another.
type managed struct {
	Function link
	Answers  []answersIn
}

// answersIn is a post that answers in law, and where it stands in the chart.
type answersIn struct {
	noted
	Joins string
}

// capacities are the parts of the chart, in their order.
var capacities = []struct{ code, heading string }{
	{"officer", "Officers"}, {"", "Posts of which it is not recorded who may hold them"}, {"member", "Members of the council"}, {"independent", "Independent posts"},
}

// parts draws the posts at the top of each line, by who may hold them.
func (c *survey) parts() (out []chart) {
	heads := map[*graph.Record]bool{}
	for _, code := range []string{graph.HeadOfPaidService, graph.Leader} {
		found, _ := c.l.View.RolePosts(code)
		for _, p := range found {
			heads[p] = true
		}
	}
	roots := map[string][]*graph.Record{}
	for _, p := range c.posts {
		if up := p.Ref("reports_to"); up == nil || up == p {
			roots[p.Text("capacity")] = append(roots[p.Text("capacity")], p)
		}
	}
	const kept = 10 // boxes for each part that comes later
	most := c.most
	for i, part := range capacities {
		of := roots[part.code]
		if len(of) == 0 {
			continue
		}
		weight := func(p *graph.Record) int {
			if heads[p] {
				return -1 << 30
			}
			return -len(c.below[p])
		}
		slices.SortStableFunc(of, func(a, b *graph.Record) int { return cmp.Compare(weight(a), weight(b)) })
		c.most = most
		for _, later := range capacities[i+1:] {
			c.most -= min(kept, len(roots[later.code]))
		}
		out = append(out, chart{part.heading, c.draw(of)})
	}
	return out
}

// draw draws trees level by level until there are boxes enough, so that what is left out is what lies deepest. From the top down to
// where a line first divides boxes stand below each other; where it divides into few they stand side by side; and what lies below
// that is a ladder.
func (c *survey) draw(roots []*graph.Record) *postList {
	type node struct {
		*postBox
		undivided bool // the line has not divided yet
		depth     int
	}
	top := &postList{Class: "tops"}
	drawn := map[*graph.Record]bool{}
	var level []node
	for i, p := range roots {
		if c.boxes >= c.most {
			c.cut = true
			top.More = &link{capital(count(len(roots)-i, "more post", "more posts")) + ", as a table", c.l.with("view", "table")}
			break
		}
		drawn[p] = true
		b := c.box(p)
		top.Posts, level = append(top.Posts, b), append(level, node{b, true, 0})
	}
	for len(level) > 0 {
		var deeper []node
		for _, n := range level {
			below := slices.DeleteFunc(slices.Clone(c.below[n.record]), func(p *graph.Record) bool { return drawn[p] })
			beside := c.beside[n.record]
			if len(below)+len(beside) == 0 {
				continue
			}
			groups, below := c.alike(below)
			if c.boxes+len(below)+len(groups)+len(beside) > c.most {
				c.cut = true
				all := c.descendants(n.record, map[*graph.Record]bool{})
				n.More = &link{capital(count(all, "post below", "posts below")), c.from(n.record)}
				continue
			}
			list := &postList{Class: "ladder"}
			for _, g := range groups {
				list.Posts = append(list.Posts, c.groupBox(n.record, g))
			}
			switch {
			case c.ladder || len(groups)+len(beside) > 0:
			case n.undivided && len(below) == 1:
				list.Class = "chain"
			case n.undivided && len(below) <= acrossPerChart:
				list.Class = "across"
			}
			for _, p := range below {
				drawn[p] = true
				b := c.box(p)
				b.Column = list.Class == "across"
				list.Posts, deeper = append(list.Posts, b), append(deeper, node{b, list.Class == "chain", n.depth + 1})
			}
			for _, p := range beside {
				list.Posts = append(list.Posts, c.besideBox(p))
			}
			n.Below = list
			if c.list {
				n.Fold = &fold{capital(count(len(c.below[n.record]), "post reports", "posts report")) + " to it", n.depth < unfolded || c.l.other.Get(fieldOpen) != ""}
			}
		}
		level = deeper
	}
	return top
}

// from is the address of the chart from a post down.
func (c *survey) from(post *graph.Record) string {
	if c.within != nil {
		return c.l.to("/structure", "top", string(post.Key().ID))
	}
	return c.l.with("top", string(post.Key().ID))
}

// unfolded is how many levels of a list are open from the start.
const unfolded = 2

// besideBox is a post where it stands a second time: under a post to which it is accountable beside its manager. It is counted where its
// manager is.
func (c *survey) besideBox(p *graph.Record) *postBox {
	c.boxes++
	b := &postBox{Class: "beside", Title: link{c.s.title(p), c.l.record(p.Key())}, Notes: []string{"Accountable directly to this post too. It has no manager that is recorded"}}
	if k, ok := p.RefKey("reports_to"); ok {
		b.Notes[0] = "Accountable directly to this post too. It reports to " + c.s.called(c.l, k)
	}
	return b
}

// alike puts those posts together that have one title and grade and nothing else to say of them, and gives the rest.
func (c *survey) alike(below []*graph.Record) (groups [][]*graph.Record, rest []*graph.Record) {
	type same struct{ title, grade string }
	of, plain := map[same][]*graph.Record{}, map[*graph.Record]bool{}
	for _, p := range below {
		if len(c.below[p])+len(c.beside[p])+len(c.roles[p])+len(c.functions[p])+len(c.also[p]) == 0 && c.changed[p.Key()] == nil && p.Exists() == fact.Yes {
			k := same{p.Text("title"), p.Text("grade")}
			of[k], plain[p] = append(of[k], p), true
		}
	}
	for _, p := range below {
		switch all := of[same{p.Text("title"), p.Text("grade")}]; {
		case len(all) < alikePerGroup || !plain[p]:
			rest = append(rest, p)
		case all[0] == p:
			groups = append(groups, all)
		}
	}
	return groups, rest
}

func (c *survey) groupBox(manager *graph.Record, all []*graph.Record) *postBox {
	c.boxes++
	title := all[0].Text("title")
	return &postBox{
		Title: link{strings.TrimSpace(title + " " + all[0].Text("grade")), c.l.to("/structure/posts", "reports_to", manager.Key().String(), fieldTitle, title)},
		In:    []string{c.group(all)},
	}
}

// group says of posts that are alike how many there are: "34 posts, 31.5 full-time equivalent, 3 vacant".
func (c *survey) group(all []*graph.Record) string {
	fte, stated, vacant := 0.0, 0, 0
	for _, p := range all {
		if n, ok := p.Number("fte"); ok {
			fte, stated = fte+n, stated+1
		}
		if c.in(p).Vacant {
			vacant++
		}
	}
	out := count(len(all), "post", "posts")
	if stated > 0 {
		out += ", " + strconv.FormatFloat(math.Round(fte*100)/100, 'f', -1, 64) + " full-time equivalent"
	}
	if left := len(all) - stated; stated > 0 && left > 0 {
		out += " (not recorded for " + thousands(int64(left)) + ")"
	}
	if vacant > 0 {
		out += ", " + thousands(int64(vacant)) + " vacant"
	}
	return out
}

func (c *survey) descendants(p *graph.Record, seen map[*graph.Record]bool) (n int) {
	for _, b := range c.below[p] {
		if !seen[b] {
			seen[b] = true
			n += 1 + c.descendants(b, seen)
		}
	}
	return n
}

func (c *survey) box(p *graph.Record) *postBox {
	c.boxes++
	if c.most > boxesPerChart && len(c.below[p]) > 0 {
		c.boxes++ // what leads on to those below it
	}
	h := c.in(p)
	b := &postBox{record: p, ID: "post-" + string(p.Key().ID), Title: link{c.s.title(p), c.l.record(p.Key())}, Roles: c.roles[p]}
	if c.show[showNames] || h.Vacant {
		b.In = h.Words()
	}
	c.duties(b)
	if grade := p.Text("grade"); grade != "" && c.show[showGrades] {
		b.Notes = append(b.Notes, "Grade "+grade)
	}
	var class []string
	if h.Vacant || len(h.Lines) == 0 {
		class = append(class, "empty")
	}
	if h.Provisional {
		class = append(class, "provisional")
	}
	if len(b.Roles) > 0 {
		class = append(class, "statutory")
	}
	if b.Change = c.changed[p.Key()]; b.Change != nil {
		class = append(class, b.Change.Class)
	}
	b.Class = strings.Join(class, " ")
	if p.Exists() == fact.Maybe {
		b.Notes = append(b.Notes, "Not certain on this day: its dates are not exact")
	}
	switch up, stated := p.RefKey("reports_to"); {
	case stated && p.Ref("reports_to") == nil:
		b.Notes = append(b.Notes, "Reports to "+c.s.called(c.l, up)+", which is not there on this day")
	case p.State("reports_to") == graph.Uncertain:
		b.Notes = append(b.Notes, "To whom it reports is not certain on this day")
	case !stated && len(b.Roles) == 0 && p.Text("capacity") == "officer":
		b.Notes = append(b.Notes, "To whom it reports is not recorded")
	}
	if len(h.Lines) == 0 {
		b.Notes = append(b.Notes, c.recruiting(p)...)
	}
	for _, k := range p.RefKeys("accountable_to") {
		b.Notes = append(b.Notes, "Also accountable directly to "+c.s.called(c.l, k))
	}
	if u := p.Ref("unit"); u != nil && u != c.within {
		b.Unit = &noted{"In", link{c.s.title(u), c.l.record(u.Key())}}
		if head, _ := u.Head(); head == p {
			b.Unit.Note = "Leads"
		}
		if c.sparse() {
			b.Unit.URL = ""
		}
		if u.Text("type") == "transitional" {
			b.Notes = append(b.Notes, "Transitional: its unit is meant to last only until something else is settled")
		}
	}
	return b
}

// duties puts into a box what the post manages, and what else it answers for in law, as far as there is room.
func (c *survey) duties(b *postBox) {
	named := 0
	room := func(links int) bool {
		if named == functionsPerBox || c.linked+links > linksPerChart {
			return false
		}
		named, c.linked = named+1, c.linked+links
		return true
	}
	functions := c.functions[b.record]
	for _, m := range functions {
		if !c.show[showLaw] {
			m.Answers = nil
		}
		if !room(1 + len(m.Answers)) {
			break
		}
		m.Answers = slices.Clone(m.Answers)
		for i := range m.Answers {
			if c.list {
				m.Answers[i].Joins = "" // what is folded up has no place to which a line could lead
			}
			if c.sparse() {
				m.Answers[i].URL = ""
			}
		}
		if c.sparse() {
			m.Function.URL = ""
		}
		b.Functions = append(b.Functions, m)
	}
	if rest := len(functions) - len(b.Functions); rest > 0 {
		b.Rest = "and " + count(rest, "more function", "more functions")
	}
	if !c.show[showLaw] {
		return
	}
	named = 0
	for _, a := range c.also[b.record] {
		if !room(2) {
			break
		}
		if c.sparse() {
			a.Function.URL, a.Manager.URL = "", ""
		}
		b.Also = append(b.Also, a)
	}
	if rest := len(c.also[b.record]) - len(b.Also); rest > 0 {
		b.AlsoRest = capital(count(rest, "more function", "more functions"))
	}
}

// recruiting says of a post that nobody holds how far filling it has got.
func (c *survey) recruiting(p *graph.Record) (notes []string) {
	for _, r := range p.Referring("recruitment", "post") {
		var how []string
		on := r.Date("panel_on")
		if stage := r.Text("stage"); stage != "" && (stage != "panel" || on.IsZero()) {
			how = append(how, c.s.say(r.Kind().Field("stage"), stage))
		}
		if !on.IsZero() {
			how = append(how, "panel "+on.Words())
		}
		notes = append(notes, strings.TrimSuffix("Recruitment: "+strings.Join(how, ", "), ": "))
	}
	return notes
}
