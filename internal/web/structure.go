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
