package web

import (
	"io"
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// drawing is the chart of the look as a picture: what the page draws, with its texts and without its links.
func (s *Site) drawing(l *look) (exchange.Drawing, error) {
	d := exchange.Drawing{Title: s.council(l) + ": structure", About: []string{report.DatesOf(l.View)}}
	if l.proposal != "" {
		d.About = append(d.About, "With the proposal "+s.called(l, l.proposalKey())+" laid over it.")
	}
	posts := l.View.All(graph.Post)
	if len(posts) == 0 {
		d.About = append(d.About, "No post is recorded on this day.")
		return d, nil
	}
	c := s.survey(l, posts)
	c.options()
	parts, err := c.chosen()
	if err != nil {
		return d, err
	}
	d.About = append(d.About, c.summary(), "A double line stands for a statutory role, a dashed one for a post in which nobody is, or nobody is recorded, and a bar at the left for somebody interim or acting.")
	for _, p := range parts {
		part := exchange.DrawingPart{Heading: p.Heading, Boxes: boxesOf(p.Roots)}
		if p.Roots.More != nil {
			part.Boxes = append(part.Boxes, exchange.DrawingBox{Title: strings.TrimSuffix(p.Roots.More.Text, ", as a table")})
		}
		d.Parts = append(d.Parts, part)
	}
	return d, nil
}

// chosen draws the part of the chart that is asked for, or all of it.
func (c *survey) chosen() ([]chart, error) {
	top := fact.Key{Kind: graph.Post, ID: fact.ID(c.l.other.Get("top"))}
	if top.ID == "" {
		return c.parts(), nil
	}
	root := c.l.View.Record(top)
	if root == nil {
		return nil, c.s.noTop(c.l, top)
	}
	return []chart{{c.s.title(root), c.draw([]*graph.Record{root})}}, nil
}

func boxesOf(list *postList) (out []exchange.DrawingBox) {
	if list == nil {
		return nil
	}
	for _, b := range list.Posts {
		box := exchange.DrawingBox{Title: b.Title.Text, Lines: b.lines(), Below: boxesOf(b.Below), Across: b.Below != nil && b.Below.Class == "across"}
		for _, class := range strings.Fields(b.Class) {
			switch class {
			case "statutory":
				box.Double = true
			case "empty", "beside":
				box.Dashed = true
			case "provisional":
				box.Bar = true
			}
		}
		if b.More != nil {
			box.More = b.More.Text
		}
		out = append(out, box)
	}
	return out
}

// lines are what a box says under its title.
func (b *postBox) lines() (out []string) {
	out = append(out, b.In...)
	for _, r := range b.Roles {
		out = append(out, "Statutory role: "+r)
	}
	if b.Unit != nil {
		out = append(out, b.Unit.Note+" "+b.Unit.Text)
	}
	out = append(out, b.Notes...)
	for _, a := range b.Also {
		out = append(out, "Also answers in law for: "+a.Function.Text+" (line managed by "+a.Manager.Text+")")
	}
	if b.AlsoRest != "" {
		out = append(out, "It answers in law for: "+b.AlsoRest)
	}
	for _, m := range b.Functions {
		manages := "Manages: " + m.Function.Text
		for _, a := range m.Answers {
			manages += ". " + a.Note + ": " + a.Text
		}
		out = append(out, manages)
	}
	if b.Rest != "" {
		out = append(out, b.Rest)
	}
	return out
}

// svg writes the chart of the look as a picture.
func (s *Site) svg(l *look, w io.Writer) error {
	d, err := s.drawing(l)
	if err != nil {
		return err
	}
	return exchange.SVG(w, d)
}
