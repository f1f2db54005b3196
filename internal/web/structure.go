package web

import (
	"cmp"
	"fmt"
	"io"
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

// How many posts a chart draws, how many on request and as a list; below that there are counts and links.
const (
	boxesPerChart = 60
	mostBoxes     = 300
)

// How many functions are named on a chart, how many units below it, and how many functions that nobody is known to manage: the page
// leads to everything that it names. A chart on request leads to its posts alone. A page has 350 stops of the tab key at most.
const (
	functionsPerChart = 60
	unitsPerChart     = 30
	loosePerChart     = 20
)

// alikePerGroup is from how many on posts of one title and grade under one manager, with nothing else to say of them, are one box.
const alikePerGroup = 3

// Parameters of the chart, and what can be shown with a post.
const (
	fieldMost  = "most"
	fieldShow  = "show"
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
	Skip    string // where what follows the chart begins
	Up      *link  // where the chart shows a part
	All     *link  // more of it than is shown
	Parts   []chart
	Units   *unitList
	Loose   []link // functions of which it is not known who manages them
	Table   *table
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
	Functions []managed
	Counted   string // functions, where there are too many to name
	Below     *postList
	More      *link
	Change    *boxChange // where two days are compared

	record *graph.Record
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
	All   *link // where there are more
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
	as := l.other.Get("view")
	if as != "table" && as != "list" {
		as = ""
	}
	body.Views = []view{{link{"Chart", l.with("view", "")}, as == ""}, {link{"List", l.with("view", "list")}, as == "list"}, {link{"Table", l.with("view", "table")}, as == "table"}}
	p.State = map[string]string{"list": "as a list", "table": "as a table"}[as]
	c := s.survey(l, posts)
	body.Summary = c.summary()
	p.Files = []file{{"csv", "Spreadsheet (CSV)", "text/csv; charset=utf-8", func(w io.Writer) error { return exchange.CSV(w, exchange.Posts(l.View, s.Pack, true)) }}}
	if as == "table" {
		posts = slices.Clone(posts) // the view keeps its own order
		titles := make(map[*graph.Record]string, len(posts))
		for _, p := range posts {
			titles[p] = s.title(p)
		}
		slices.SortStableFunc(posts, func(a, b *graph.Record) int { return byTitle(titles[a], titles[b]) })
		rows, pager := paged(l, r.URL.Query().Get("page"), posts)
		if body.Table, body.Pager = c.table(rows), pager; pager != nil {
			p.State += ", " + strings.ToLower(pager.Text)
		}
		return p, nil
	}
	body.Options = c.options()
	c.list = as == "list"
	body.AsList = c.list
	if c.list || l.other.Get(fieldMost) != "" {
		c.most = mostBoxes
	}
	body.Skip = "after-chart"
	top := fact.Key{Kind: graph.Post, ID: fact.ID(l.other.Get("top"))}
	root := l.View.Record(top)
	if top.ID != "" {
		body.Up = &link{"Show the whole structure", l.with("top", "")}
	}
	switch {
	case root != nil:
		body.Parts = []chart{{s.title(root), c.draw([]*graph.Record{root})}}
	case top.ID != "":
		return nil, s.noTop(l, top)
	default:
		body.Parts = c.parts()
		if !c.long() || !c.cut {
			body.Units, body.Loose = c.units(), c.looseOnes()
		}
	}
	if c.cut && c.most < mostBoxes {
		body.All = &link{"Show up to " + strconv.Itoa(mostBoxes) + " posts", l.with(fieldMost, strconv.Itoa(mostBoxes))}
	}
	return p, nil
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

// survey is what the chart and the table of a day have in common.
type survey struct {
	s              *Site
	l              *look
	posts          []*graph.Record
	below          map[*graph.Record][]*graph.Record
	roles          map[*graph.Record][]string
	functions      map[*graph.Record][]managed // by who manages them
	also           map[*graph.Record][]answersFor
	loose          []link
	holding        map[*graph.Record]report.Holding
	show           map[string]bool
	changed        map[fact.Key]*boxChange
	list           bool // it is drawn as a list, and not as a chart
	most           int  // boxes to draw
	boxes          int  // drawn so far
	functionsNamed int
	cut            bool // there are more
}

func (s *Site) survey(l *look, posts []*graph.Record) *survey {
	c := &survey{s: s, l: l, posts: posts, below: map[*graph.Record][]*graph.Record{}, roles: map[*graph.Record][]string{}, functions: map[*graph.Record][]managed{}, also: map[*graph.Record][]answersFor{}, holding: map[*graph.Record]report.Holding{}, show: map[string]bool{}, most: boxesPerChart}
	for _, p := range posts {
		c.holding[p] = report.HoldingOf(s.Pack, p)
		if up := p.Ref("reports_to"); up != nil && up != p {
			c.below[up] = append(c.below[up], p)
		}
	}
	for _, r := range s.Pack.Roles {
		found, _ := l.View.RolePosts(r.Code)
		for _, p := range found {
			c.roles[p] = append(c.roles[p], capital(r.Name))
		}
	}
	for _, a := range report.AnswersOf(s.Pack, l.View) {
		c.function(a)
	}
	return c
}

// function puts a function where its manager is, and a note of it where who answers for it is.
func (c *survey) function(a report.Answer) {
	m := managed{Function: c.l.named(a.Function)}
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

// looseOnes are the functions of which it is not known who manages them, as far as a page leads to them.
func (c *survey) looseOnes() []link {
	n := len(c.loose)
	if n <= loosePerChart {
		return c.loose
	}
	return append(c.loose[:loosePerChart:loosePerChart], link{"And " + thousands(int64(n-loosePerChart)) + " more, among all functions", c.l.kind(c.l.View.Kinds().Kind(graph.Function))})
}

// summary says in a sentence what the chart shows.
func (c *survey) summary() string {
	vacant, provisional, unknown := 0, 0, 0
	for _, p := range c.posts {
		switch h := c.holding[p]; {
		case h.Vacant:
			vacant++
		case h.Provisional:
			provisional++
		case len(h.Lines) == 0:
			unknown++
		}
	}
	parts := []string{count(vacant, "post is vacant", "posts are vacant")}
	if provisional > 0 {
		parts = append(parts, count(provisional, "is held by somebody interim or acting", "are held by somebody interim or acting"))
	}
	if unknown > 0 {
		parts = append(parts, "of "+fmt.Sprint(unknown)+" it is not recorded who is in post")
	}
	return capital(count(len(c.posts), "post is", "posts are")) + " recorded on this day: " + and(parts) + "."
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
	for _, part := range capacities {
		var roots []*graph.Record
		for _, p := range c.posts {
			if p.Text("capacity") == part.code && (p.Ref("reports_to") == nil || p.Ref("reports_to") == p) {
				roots = append(roots, p)
			}
		}
		if len(roots) == 0 {
			continue
		}
		weight := func(p *graph.Record) int {
			if heads[p] {
				return -1 << 30
			}
			return -len(c.below[p])
		}
		slices.SortStableFunc(roots, func(a, b *graph.Record) int { return cmp.Compare(weight(a), weight(b)) })
		out = append(out, chart{part.heading, c.draw(roots)})
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
	}
	top := &postList{Class: "tops"}
	drawn := map[*graph.Record]bool{}
	var level []node
	for _, p := range roots {
		drawn[p] = true
		b := c.box(p)
		top.Posts, level = append(top.Posts, b), append(level, node{b, true})
	}
	for len(level) > 0 {
		var deeper []node
		for _, n := range level {
			below := slices.DeleteFunc(slices.Clone(c.below[n.record]), func(p *graph.Record) bool { return drawn[p] })
			if len(below) == 0 {
				continue
			}
			groups, below := c.alike(n.record, below)
			if c.boxes+len(below)+len(groups) > c.most {
				c.cut = true
				all := c.descendants(n.record, map[*graph.Record]bool{})
				n.More = &link{Text: capital(count(all, "post below", "posts below"))}
				if !c.long() {
					n.More.URL = c.l.with("top", string(n.record.Key().ID))
				}
				continue
			}
			list := &postList{Class: "ladder", Posts: groups}
			c.boxes += len(groups)
			switch {
			case c.list || c.most > boxesPerChart || len(groups) > 0:
			case n.undivided && len(below) == 1:
				list.Class = "chain"
			case n.undivided && len(below) <= acrossPerChart:
				list.Class = "across"
			}
			for _, p := range below {
				drawn[p] = true
				b := c.box(p)
				b.Column = list.Class == "across"
				list.Posts, deeper = append(list.Posts, b), append(deeper, node{b, list.Class == "chain"})
			}
			n.Below = list
		}
		level = deeper
	}
	return top
}

// alike makes one box of those posts under a manager that have one title and grade and nothing else to say of them, and gives the rest.
func (c *survey) alike(manager *graph.Record, below []*graph.Record) (groups []*postBox, rest []*graph.Record) {
	type same struct{ title, grade string }
	of := map[same][]*graph.Record{}
	for _, p := range below {
		if len(c.below[p])+len(c.roles[p])+len(c.functions[p])+len(c.also[p]) == 0 && c.changed[p.Key()] == nil {
			k := same{p.Text("title"), p.Text("grade")}
			of[k] = append(of[k], p)
		}
	}
	for _, p := range below {
		k := same{p.Text("title"), p.Text("grade")}
		all := of[k]
		if len(all) < alikePerGroup || !slices.Contains(all, p) {
			rest = append(rest, p)
			continue
		}
		if all[0] != p {
			continue
		}
		fte, vacant := 0.0, 0
		for _, x := range all {
			n, stated := x.Number("fte")
			if !stated {
				n = 1
			}
			fte += n
			if c.holding[x].Vacant {
				vacant++
			}
		}
		b := &postBox{Title: link{strings.TrimSpace(k.title + " " + k.grade), c.l.to("/structure/posts", "reports_to", manager.Key().String(), fieldTitle, k.title)}}
		b.In = []string{count(len(all), "post", "posts") + ", " + strconv.FormatFloat(fte, 'f', -1, 64) + " full-time equivalent" + map[bool]string{true: ", " + thousands(int64(vacant)) + " vacant"}[vacant > 0]}
		groups = append(groups, b)
	}
	return groups, rest
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
	h := c.holding[p]
	b := &postBox{record: p, ID: "post-" + string(p.Key().ID), Title: link{c.s.title(p), c.l.record(p.Key())}, Roles: c.roles[p], Functions: c.functions[p]}
	if c.show[showNames] || h.Vacant {
		b.In = h.Words()
	}
	if c.show[showLaw] {
		b.Also = c.also[p]
	} else {
		b.Functions = slices.Clone(b.Functions)
		for i := range b.Functions {
			b.Functions[i].Answers = nil
		}
	}
	c.countFunctions(b)
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
	b.Notes = append(b.Notes, c.recruiting(p)...)
	for _, k := range p.RefKeys("accountable_to") {
		b.Notes = append(b.Notes, "Also accountable directly to "+c.s.called(c.l, k))
	}
	if u := p.Ref("unit"); u != nil {
		b.Unit = &noted{"In", link{c.s.title(u), c.l.record(u.Key())}}
		if head, _ := u.Head(); head == p {
			b.Unit.Note = "Leads"
		}
		if c.long() {
			b.Unit.URL = ""
		}
	}
	return b
}

// recruiting says of a post that nobody holds how far filling it has got.
func (c *survey) recruiting(p *graph.Record) (notes []string) {
	if len(c.holding[p].Lines) > 0 {
		return nil
	}
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

// long says whether there may be as many posts as a page can lead to.
func (c *survey) long() bool { return c.most > boxesPerChart && len(c.posts) > boxesPerChart }

// countFunctions puts the number of a post's functions in the place of their names, where the chart has named as many as it can.
func (c *survey) countFunctions(b *postBox) {
	n := len(b.Functions) + len(b.Also)
	if !c.long() && c.functionsNamed+n <= functionsPerChart {
		c.functionsNamed += n
		return
	}
	var parts []string
	if n := len(b.Functions); n > 0 {
		parts = append(parts, "manages "+count(n, "function", "functions"))
	}
	if n := len(b.Also); n > 0 {
		parts = append(parts, "also answers in law for "+count(n, "function that another post manages", "functions that other posts manage"))
	}
	b.Counted, b.Functions, b.Also = sentence(and(parts)), nil, nil
}

// units nests the units as they are part of each other, the first of each level before what is in them, until there are enough.
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
	seen := map[*graph.Record]bool{}
	unseen := func(us []*graph.Record) (out []*graph.Record) {
		for _, u := range us {
			if !seen[u] {
				seen[u] = true
				out = append(out, u)
			}
		}
		return out
	}
	type node struct {
		*unitBox
		record *graph.Record
	}
	var level []node
	list := func(us []*graph.Record) *unitList {
		out := &unitList{}
		for _, u := range us {
			b := c.unit(u)
			out.Units, level = append(out.Units, b), append(level, node{b, u})
		}
		return out
	}
	tops = unseen(tops)
	if len(tops) == 0 {
		return nil
	}
	top := list(tops[:min(len(tops), unitsPerChart)])
	for left := unitsPerChart - len(tops); len(level) > 0; {
		nodes := level
		level = nil
		for _, n := range nodes {
			switch in := unseen(parts[n.record]); {
			case len(in) == 0:
			case len(in) > left:
				n.Holds = and(slices.DeleteFunc([]string{n.Holds, count(len(in), "unit", "units")}, func(s string) bool { return s == "" }))
			default:
				left -= len(in)
				n.Parts = list(in)
			}
		}
	}
	if len(all) > unitsPerChart {
		top.All = &link{"All " + thousands(int64(len(all))) + " units", c.l.kind(c.l.View.Kinds().Kind(graph.Unit))}
	}
	return top
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
	if n := len(u.Referring(graph.Function, "unit")); n > 0 {
		b.Holds = count(n, "function", "functions")
	}
	return b
}

// table shows posts as rows.
func (c *survey) table(posts []*graph.Record) *table {
	t := newTable("Posts on "+c.l.View.On().Words(), "Post", "In post", "Reports to", "Unit", "Statutory roles")
	for _, p := range posts {
		field := func(name string) []link { return orText(c.s.value(c.l, p, p.Kind().Field(name)), "Not recorded") }
		t.add([]link{{c.s.title(p), c.l.record(p.Key())}}, texts(c.holding[p].Words()), field("reports_to"), field("unit"), orText(texts(c.roles[p]), "None"))
	}
	return t
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
	switch a := s.actions(l, k, ""); {
	case len(a) > 0:
		out = append(out, a[0].link)
	case len(out) == 1:
		out = append(out, link{Text: "Record some with “plumbline load RECORD FILE”; “plumbline kinds " + string(name) + "” says what can be recorded."})
	}
	return out
}
