package web

import (
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

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
