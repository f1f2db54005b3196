package web

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// How many posts a chart draws, and how many on request or as a list; below that there are counts and links. A page may have 350 stops for
// those who go from one to the next by keyboard, so of more than boxesPerChart posts nothing but their titles leads on.
const (
	boxesPerChart = 60
	mostBoxes     = 300
	roomAround    = 10 // for what stands above and below so many boxes
)

// How many functions a box names, to how many functions and posts that answer for them all boxes of a chart together lead, and how many units
// stand below it.
const (
	functionsPerBox = 12
	linksPerChart   = 60
	unitsPerChart   = 30
)

// alikePerGroup is from how many on posts of one title and grade under one manager, with nothing else to say of them, are one box.
const alikePerGroup = 3

// Parameters of the chart, and what can be shown with a post.
const (
	fieldMost  = "most"
	fieldShow  = "show"
	fieldOpen  = "open" // "all": nothing is folded up
	showNames  = "names"
	showLaw    = "law"
	showGrades = "grades"
)

// acrossPerChart is how many posts stand side by side.
const acrossPerChart = 6

// structurePage is the chart of the day: nested lists that are drawn as boxes, or the same facts as a table.
type structurePage struct {
	Summary string
	Empty   []link // why there is nothing, and where there is something
	Views   []view
	Options chartOptions
	AsList  bool
	Open    *link  // a list shows all that is folded up
	Skip    string // where what follows the chart begins
	Up      *link  // where the chart shows a part
	All     *link  // more of it than is shown
	Parts   []chart
	Units   *unitList
	Loose   []link // functions of which it is not known who manages them
	Table   *sortable
	Pager   *pager
}

// chartOptions is the form that says what is shown with a post.
type chartOptions struct {
	Hidden []hidden
	Show   []option
}

// view is a way to show the same facts.
type view struct {
	link
	Current bool
}

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

// unitList is units that are part of the same one.
type unitList struct {
	Units []*unitBox
	More  *link
}

type unitBox struct {
	Title link
	Kind  string
	Head  noted
	Holds string
	Parts *unitList
}

func (s *Site) structure(l *look, r *http.Request) (*page, error) {
	body := &structurePage{}
	p := &page{Template: "structure", Heading: "Structure", Body: body}
	posts := l.View.All(graph.Post)
	if len(posts) == 0 && len(l.View.All(graph.Unit)) == 0 {
		body.Empty = s.nothing(l, graph.Post)
		return p, nil
	}
	as := asView(l)
	body.Views = chartViews(l)
	p.State = shownAs[as]
	c := s.survey(l, posts)
	p.Files = []file{{"csv", "Spreadsheet (CSV)", "text/csv; charset=utf-8", func(w io.Writer) error { return exchange.CSV(w, exchange.Posts(l.View, s.Pack, true)) }}}
	p.Files = append(p.Files, file{"svg", "Chart (SVG)", mimeSVG, func(w io.Writer) error { return s.svg(l, w) }})
	if as == "table" {
		c.show[showLaw] = true
		body.Loose = c.unmanaged()
		body.Table, body.Pager = c.table(r.URL.Query().Get(fieldPage))
		p.State = strings.Join(append([]string{p.State}, body.Pager.state()...), ", ")
		body.Summary = c.summary()
		return p, nil
	}
	body.Options = c.options()
	c.list, body.AsList = as == "list", as == "list"
	if c.list || l.other.Get(fieldMost) != "" {
		c.most, c.ladder = mostBoxes-roomAround, true
	}
	body.Skip = "after-chart"
	var err error
	if body.Parts, err = c.chosen(); err != nil {
		return nil, err
	}
	if l.other.Get("top") != "" {
		body.Up = &link{"Show the whole structure", l.with("top", "")}
	} else {
		body.Units, body.Loose = c.units(), c.unmanaged()
	}
	body.Summary = c.summary()
	if c.cut && !c.ladder {
		body.All = &link{"Show up to " + strconv.Itoa(mostBoxes) + " posts", l.with(fieldMost, strconv.Itoa(mostBoxes))}
	}
	if c.list && l.other.Get(fieldOpen) == "" {
		body.Open = &link{"Unfold the whole list, to print it", l.with(fieldOpen, "all")}
	}
	return p, nil
}

// asView is the way in which a chart is asked for: as a list, as a table or, empty, as a chart.
func asView(l *look) string {
	if as := l.other.Get("view"); shownAs[as] != "" {
		return as
	}
	return ""
}

// shownAs is how a page is shown that could be a chart, in its title.
var shownAs = map[string]string{"list": "as a list", "table": "as a table"}

func chartViews(l *look) []view {
	as := asView(l)
	return []view{{link{"Chart", l.with("view", "")}, as == ""}, {link{"List", l.with("view", "list")}, as == "list"}, {link{"Table", l.with("view", "table")}, as == "table"}}
}

// unitChart is the posts of a unit and of its parts, as a chart or as a list. As a table it is only where to have it otherwise.
type unitChart struct {
	Views  []view
	AsList bool
	Roots  *postList
}

// unitChart draws the posts of a unit and of its parts: at the top those whose manager is not among them, who leads the unit first.
func (s *Site) unitChart(l *look, unit *graph.Record) *unitChart {
	out := &unitChart{Views: chartViews(l), AsList: asView(l) == "list"}
	if asView(l) == "table" {
		return out
	}
	posts := postsUnder(unit, map[*graph.Record]bool{})
	within := map[*graph.Record]bool{}
	for _, p := range posts {
		within[p] = true
	}
	c := s.survey(l, posts)
	c.within, c.list = unit, out.AsList
	c.ladder = c.list
	c.show[showNames], c.show[showLaw] = true, true
	head, _ := unit.Head()
	var roots []*graph.Record
	for _, p := range posts {
		if up := p.Ref("reports_to"); up == p || !within[up] {
			roots = append(roots, p)
		}
	}
	slices.SortStableFunc(roots, func(a, b *graph.Record) int {
		switch head {
		case a:
			return -1
		case b:
			return 1
		}
		return cmp.Compare(len(c.below[b]), len(c.below[a]))
	})
	if len(roots) == 0 {
		roots = posts // each reports to another, round and round
	}
	out.Roots = c.draw(roots)
	return out
}

// postsUnder gives the posts of a unit, and after them those of its parts.
func postsUnder(unit *graph.Record, seen map[*graph.Record]bool) []*graph.Record {
	if seen[unit] {
		return nil
	}
	seen[unit] = true
	posts := slices.Clone(unit.Referring(graph.Post, "unit"))
	for _, u := range unit.Referring(graph.Unit, "parent") {
		posts = append(posts, postsUnder(u, seen)...)
	}
	return posts
}

// noTop says of a post whose part of the chart was asked for that it is not there.
func (s *Site) noTop(l *look, k fact.Key) error {
	whole := link{"Show the whole structure", l.with("top", "")}
	if len(l.View.History(k)) == 0 {
		return &trouble{kind: fact.ErrNotFound, text: fmt.Sprintf("There is no post “%s” in this record.", k.ID), links: []link{whole}}
	}
	return &trouble{kind: fact.ErrNotFound, text: "The post " + s.called(l, k) + " is not there on " + l.View.On().Words() + ".", links: []link{{"When it is there", l.record(k)}, whole}}
}

// options say what is shown with a post: who holds it and who answers in law, unless something else is asked for.
func (c *survey) options() chartOptions {
	asked := c.l.other[fieldShow]
	if len(asked) == 0 {
		asked = []string{showNames, showLaw}
	}
	// The form always says something, so that a reader may take all of it away.
	f := chartOptions{Hidden: slices.Concat(newSearchForm(c.l, "").Hidden, c.l.hidden(fieldShow), []hidden{{fieldShow, "titles"}})}
	for _, o := range []struct{ value, text string }{{showNames, "Names"}, {showLaw, "Who answers in law"}, {showGrades, "Grades"}} {
		on := slices.Contains(asked, o.value)
		c.show[o.value] = on
		f.Show = append(f.Show, option{o.value, o.text, on})
	}
	return f
}

// survey is what the chart and the table of a day have in common. Who is in a post is looked up for those that are shown alone: a council
// of thousands of posts costs little more than one of hundreds.
type survey struct {
	s         *Site
	l         *look
	posts     []*graph.Record
	below     map[*graph.Record][]*graph.Record
	beside    map[*graph.Record][]*graph.Record // those accountable to it beside their manager
	roles     map[*graph.Record][]string
	functions map[*graph.Record][]managed // by who manages them
	also      map[*graph.Record][]answersFor
	loose     []link
	split     int // functions that another post answers for
	holding   map[*graph.Record]report.Holding
	show      map[string]bool
	changed   map[fact.Key]*boxChange
	within    *graph.Record // the unit whose posts they are, where it is not all of them
	ladder    bool          // nothing stands side by side
	list      bool          // it is a list of what can be folded up
	most      int           // boxes to draw
	boxes     int           // drawn so far
	linked    int           // functions and posts that answer for them, so far
	cut       bool          // there are more
}

func (s *Site) survey(l *look, posts []*graph.Record) *survey {
	c := &survey{
		s: s, l: l, posts: posts, below: map[*graph.Record][]*graph.Record{}, beside: map[*graph.Record][]*graph.Record{}, roles: map[*graph.Record][]string{},
		functions: map[*graph.Record][]managed{}, also: map[*graph.Record][]answersFor{}, holding: map[*graph.Record]report.Holding{}, show: map[string]bool{}, most: boxesPerChart,
	}
	for _, p := range posts {
		up := p.Ref("reports_to")
		if up != nil && up != p {
			c.below[up] = append(c.below[up], p)
		}
		for _, boss := range p.Refs("accountable_to") {
			if boss != up && boss != p {
				c.beside[boss] = append(c.beside[boss], p)
			}
		}
	}
	for _, r := range s.Pack.Roles {
		found, _ := l.View.RolePosts(r.Code)
		for _, p := range found {
			c.roles[p] = append(c.roles[p], capital(r.Name))
		}
	}
	for _, a := range s.answers(l) {
		c.function(a)
	}
	return c
}

// sparse reports whether there may be so many boxes that little but their titles can lead on.
func (c *survey) sparse() bool { return c.most > boxesPerChart && len(c.posts) > boxesPerChart }

// in says who is in a post.
func (c *survey) in(p *graph.Record) report.Holding {
	h, known := c.holding[p]
	if !known {
		h = report.HoldingOf(c.s.Pack, p)
		c.holding[p] = h
	}
	return h
}

// function puts a function where its manager is, and a note of it where who answers for it is.
func (c *survey) function(a report.Answer) {
	m := managed{Function: c.l.named(a.Function)}
	if a.Standing == report.DifferentPost {
		c.split++
	}
	manager := c.l.View.Record(a.Manager.Post.Record)
	if manager == nil {
		c.loose = append(c.loose, m.Function)
		return
	}
	for _, x := range a.Answers {
		if a.Standing != report.DifferentPost || x.Post == a.Manager.Post {
			continue
		}
		in := answersIn{noted{"Answers in law", c.l.named(x.Post)}, "post-" + string(x.Post.Record.ID)}
		if len(x.Roles) > 0 {
			in.Note += ", as " + and(x.Roles)
		}
		m.Answers = append(m.Answers, in)
		p := c.l.View.Record(x.Post.Record)
		c.also[p] = append(c.also[p], answersFor{m.Function, c.l.named(a.Manager.Post)})
	}
	c.functions[manager] = append(c.functions[manager], m)
}

// summary says in sentences how the posts of the day stand, for those who do not see how they are drawn.
func (c *survey) summary() string {
	n := keep(c.l, keptStandings{}, func() map[report.Status]int {
		n := map[report.Status]int{}
		for _, p := range c.posts {
			n[report.StatusOfPost(p)]++
		}
		return n
	})
	out := []string{capital(count(len(c.posts), "post is", "posts are")) + " recorded on this day.", "None is vacant."}
	if vacant := n[report.Vacant]; vacant > 0 {
		out[1] = capital(count(vacant, "is vacant.", "are vacant."))
	}
	if provisional := n[report.Interim] + n[report.Acting]; provisional > 0 {
		out = append(out, capital(count(provisional, "is held by somebody interim or acting.", "are held by somebody interim or acting.")))
	}
	if unknown := n[report.NotRecorded]; unknown > 0 {
		out = append(out, "Of "+thousands(int64(unknown))+" it is not recorded who is in post.")
	}
	if c.split > 0 {
		out = append(out, capital(count(c.split, "function is", "functions are"))+" managed by a different post from the one that answers in law.")
	}
	return strings.Join(out, " ")
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

// units nests the units as they are part of each other, from the top down as far as there is room.
func (c *survey) units() *unitList {
	all := c.l.View.All(graph.Unit)
	parts := map[*graph.Record][]*graph.Record{}
	var tops []*graph.Record
	for _, u := range all {
		if up := u.Ref("parent"); up != nil && up != u {
			parts[up] = append(parts[up], u)
		} else {
			tops = append(tops, u)
		}
	}
	type level struct {
		into  *unitList
		units []*graph.Record
	}
	out, seen := &unitList{}, map[*graph.Record]bool{}
	for next := []level{{out, tops}}; len(next) > 0; {
		var deeper []level
		for _, n := range next {
			for _, u := range n.units {
				if seen[u] || len(seen) == unitsPerChart {
					continue
				}
				seen[u] = true
				b := c.unit(u)
				n.into.Units = append(n.into.Units, b)
				if len(parts[u]) > 0 {
					b.Parts = &unitList{}
					deeper = append(deeper, level{b.Parts, parts[u]})
				}
			}
		}
		next = deeper
	}
	if len(out.Units) == 0 {
		return nil
	}
	if left := len(all) - len(seen); left > 0 {
		out.More = &link{"All " + count(len(all), "unit", "units"), c.l.kind(c.l.View.Kinds().Kind(graph.Unit))}
	}
	return out
}

func (c *survey) unit(u *graph.Record) *unitBox {
	b := &unitBox{Title: link{c.s.title(u), c.l.record(u.Key())}}
	if t := u.Text("type"); t != "" {
		b.Kind = c.s.say(u.Kind().Field("type"), t)
	}
	if head, gap := u.Head(); gap != nil {
		b.Head.Note = sentence(gap.Why)
	} else {
		b.Head = noted{"Led by", link{c.s.title(head), c.l.record(head.Key())}}
	}
	if c.sparse() {
		b.Title.URL, b.Head.URL = "", ""
	}
	if n := len(u.Referring(graph.Function, "unit")); n > 0 {
		b.Holds = count(n, "function", "functions")
	}
	return b
}

// unmanaged lists the functions of which it is not known who manages them.
func (c *survey) unmanaged() []link {
	if n := len(c.loose); n > functionsPerBox {
		return append(c.loose[:functionsPerBox:functionsPerBox], link{"All functions: " + thousands(int64(n-functionsPerBox)) + " more have no manager that is known", c.l.kind(c.l.View.Kinds().Kind(graph.Function))})
	}
	return c.loose
}

// table shows posts as rows, a page of them.
func (c *survey) table(asked string) (*sortable, *pager) {
	k := c.l.View.Kinds().Kind(graph.Post)
	n := &listing{s: c.s, l: c.l, kind: k, order: order{c.l.other.Get(fieldSort), c.l.other.Get(fieldOrder) == downward}}
	if n.order.by != "reports_to" && n.order.by != "unit" {
		n.order.by = ""
	}
	places, pager := paged(c.l, asked, c.s.roll(c.l, k, false, n.order, c.posts).places)
	t := &sortable{Caption: "Posts on " + c.l.View.On().Words()}
	t.Columns = []column{
		n.column("", "Post"), {link: link{Text: "In post"}}, n.column("reports_to", "Reports to"), n.column("unit", "Unit"),
		{link: link{Text: "Statutory roles"}}, {link: link{Text: "Manages"}}, {link: link{Text: "Answers in law for"}},
	}
	for _, i := range places {
		p := c.posts[i]
		b := &postBox{record: p}
		c.linked = 0 // a row has room of its own
		c.duties(b)
		var manages, also []link
		for _, m := range b.Functions {
			manages = append(manages, link{Text: m.Function.Text})
			for _, a := range m.Answers {
				manages = append(manages, link{Text: a.Note + ": " + a.Text})
			}
		}
		for _, a := range b.Also {
			also = append(also, link{Text: a.Function.Text + ", line managed by " + a.Manager.Text})
		}
		field := func(name string) []link { return orText(c.s.value(c.l, p, k.Field(name)), "Not recorded") }
		r := row{Head: cell{"Post", []link{{c.s.title(p), c.l.record(p.Key())}}}}
		for i, lines := range [][]link{texts(c.in(p).Words()), field("reports_to"), unlinked(field("unit")), orText(texts(c.roles[p]), "None"), append(manages, text(b.Rest)...), append(also, text(b.AlsoRest)...)} {
			r.Cells = append(r.Cells, cell{t.Columns[i+1].Text, lines})
		}
		t.Rows = append(t.Rows, r)
	}
	return t, pager
}

// nothing says that no record of a kind is there on the day, and leads to days on which one is.
func (s *Site) nothing(l *look, name fact.KindName) []link {
	k := l.View.Kinds().Kind(name)
	out := []link{{Text: "No " + kind.Lower(k.Plural) + " are recorded on " + l.View.On().Words() + "."}}
	before, after := fact.MinDay, fact.MaxDay
	for p := range l.View.Pasts(name) {
		first, last, ok := p.Span.Possible()
		switch {
		case !ok:
		case last < l.View.On() && last > before:
			before = last
		case first > l.View.On() && first < after:
			after = first
		}
	}
	at := func(what string, d fact.Day) {
		if d != fact.MinDay && d != fact.MaxDay {
			out = append(out, link{what + d.Words(), l.here(func(c *look) { c.on = d.String() })})
		}
	}
	at("The last before that are of ", before)
	at("The next after that are of ", after)
	if len(keysOf(l.View, name)) == 0 {
		out[0].Text = "No " + kind.Lower(k.Plural) + " are recorded yet."
	}
	a := s.actions(l, k, "")
	for _, x := range a {
		out = append(out, x.link)
	}
	if len(a) == 0 && len(out) == 1 {
		out = append(out, link{Text: "Whoever keeps this part of the record can add some."})
	}
	return out
}
