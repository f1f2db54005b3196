package report

import (
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// WhoOnOnePage says who answers in law, for printing: the statutory roles, then the functions, those together that stand alike. That of a
// council with few dozen functions fits a page of A4.
func WhoOnOnePage(p *rule.Pack, v *graph.View, today fact.Day) Document {
	d := Document{Title: "Who answers in law", Dates: DatesOf(v)}
	if c := v.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil {
		d.Title += ": " + Title(p, c)
	}
	cover := CoverOf(v, Offices(p, v), today)
	d.Lead = []string{cover.Sentence}
	roles := Table{Head: []string{"Statutory role", "Post", "In post"}}
	for _, o := range cover.Offices {
		roles.Rows = append(roles.Rows, []Cell{cell(o.Name), joined(o.Posts, "No post designated"), cell(inOffice(o))})
	}
	if len(roles.Rows) > 0 {
		d.Sections = append(d.Sections, Section{"Statutory roles", []Block{roles}})
	}
	var last *Section
	for _, g := range alike(AnswersOf(p, v)) {
		if title := g.Standing.Heading(); last == nil || last.Title != title {
			d.Sections = append(d.Sections, Section{title, []Block{Table{Head: g.head()}}})
			last = &d.Sections[len(d.Sections)-1]
		}
		t := last.Blocks[0].(Table)
		t.Rows = append(t.Rows, g.cells())
		last.Blocks[0] = t
	}
	return d
}

// inOffice says in a few words who fills a role.
func inOffice(o Office) string {
	var who []string
	for _, h := range o.Holders {
		who = append(who, h.Text)
	}
	s := And(who)
	switch {
	case o.Status == Vacant:
		return "Vacant" + since(o.Since)
	case s == "":
		return "Not recorded"
	case o.Jointly:
		s += ", jointly"
	case o.Status.Provisional():
		s += inBrackets(strings.ToLower(o.Word))
	}
	return s
}

// joined puts several names into one cell.
func joined(all []Named, none string) Cell {
	switch len(all) {
	case 0:
		return cell(none)
	case 1:
		return all[0]
	}
	var names []string
	for _, n := range all {
		names = append(names, n.Text)
	}
	return cell(strings.Join(names, "; "))
}

// like is functions that one post manages and the same posts answer for.
type like struct {
	Answer
	functions []Named
}

// alike puts functions together that stand alike, in the order in which the first of each stands.
func alike(all []Answer) (out []*like) {
	by := map[string]*like{}
	for _, a := range all {
		key := []string{a.Standing.String(), a.Manager.Post.Record.String(), a.NoManager}
		for _, x := range a.Answers {
			key = append(key, x.Post.Record.String(), strings.Join(x.Roles, "+"))
		}
		for _, m := range a.Joined {
			key = append(key, m.Record.String())
		}
		k := strings.Join(append(key, a.Why...), "|")
		if by[k] == nil {
			by[k] = &like{Answer: a}
			out = append(out, by[k])
		}
		by[k].functions = append(by[k].functions, a.Function)
	}
	slices.SortStableFunc(out, func(a, b *like) int { return int(a.Standing) - int(b.Standing) })
	return out
}

// head names the columns of functions that stand alike.
func (g *like) head() []string {
	switch g.Standing {
	case DifferentPost:
		return []string{"Function", "Managed by", "Answers in law", "Joined by"}
	case SamePost:
		return []string{"Function", "Manages it and answers"}
	case NoRole, Unclassified:
		return []string{"Function", "Managed by"}
	}
	return []string{"Function", "Managed by", "Answers in law"}
}

func (g *like) cells() []Cell {
	manager := cell(g.NoManager)
	if g.NoManager == "" {
		manager = g.Manager.Post
	}
	functions := joined(g.functions, "")
	switch g.Standing {
	case NoRole, Unclassified:
		return []Cell{functions, manager}
	case SamePost:
		manager.Text += as(g.Answers[0])
		return []Cell{functions, manager}
	}
	var answers []string
	for _, x := range g.Answers {
		s := x.Post.Text + as(x)
		if g.Standing == DifferentPost {
			s += who(x)
		}
		answers = append(answers, s)
	}
	if len(answers) == 0 {
		answers = g.Why
	}
	row := []Cell{functions, manager, cell(strings.Join(answers, "; "))}
	if g.Standing == DifferentPost {
		row[1].Text += who(g.Manager)
		row = append(row, joined(g.Joined, "Nothing recorded"))
	}
	return row
}

// as says as which roles a post answers.
func as(x InPost) string {
	if len(x.Roles) == 0 {
		return ""
	}
	return ", as " + And(x.Roles)
}

// who says in brackets who is in a post.
func who(x InPost) string {
	if len(x.In) == 0 {
		return ""
	}
	return inBrackets(strings.Join(x.In, ", "))
}
