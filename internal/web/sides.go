package web

import (
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// chartSide is the chart of one of two looks that are compared.
type chartSide struct {
	Heading string
	Up      *link // where it shows a part
	Parts   []chart
	Empty   string
}

// boxChange says in a box of a chart how the post differs.
type boxChange struct{ Sign, Word, Class string }

// chartSides draws the posts of two looks, those that differ marked; nothing where too many differ. Where a part of the chart or a unit is
// asked for, it is that which is drawn.
func (s *Site) chartSides(before, after *look, rows []numbered) []chartSide {
	changed := map[fact.Key]*boxChange{}
	var ended []fact.Key
	for _, c := range rows {
		if k := c.Record.Record; k.Kind == graph.Post {
			sign := changeSigns[c.How]
			changed[k] = &boxChange{sign.sign, c.Word, sign.class}
			if c.How == report.Ended {
				ended = append(ended, k)
			}
		}
	}
	if len(changed) > mostBoxes {
		return nil
	}
	was, _ := s.chartSide(before, after, "Before: "+before.dayAsKnown(), changed)
	is, boxes := s.chartSide(after, after, "After: "+after.dayAsKnown(), changed)
	for _, k := range ended { // so that people see the hole
		post := before.View.Record(k)
		if up, ok := post.RefKey("reports_to"); ok && boxes[up] != nil {
			hole := &postBox{Class: "empty ended", Title: before.named(report.Named{Text: s.title(post), Record: k}), Change: &boxChange{changed[k].Sign, "Ended: was here", ""}}
			if boxes[up].Below == nil {
				boxes[up].Below = &postList{Class: "ladder"}
			}
			boxes[up].Below.Posts = append(boxes[up].Below.Posts, hole)
		}
	}
	return []chartSide{was, is}
}

// chartSide draws one look of a comparison, and gives its boxes. Links to more of it lead to page.
func (s *Site) chartSide(l, page *look, heading string, changed map[fact.Key]*boxChange) (chartSide, map[fact.Key]*postBox) {
	c := s.survey(l, l.View.All(graph.Post))
	c.functions, c.also = nil, nil
	c.changed, c.ladder = changed, true
	c.show[showNames] = true
	side := chartSide{Heading: heading, Empty: "No post of it is recorded there."}
	var roots []*graph.Record
	top, unit := page.other.Get("top"), page.other.Get(fieldUnit)
	switch {
	case top != "":
		side.Up = &link{"Show the whole structure", page.with("top", "")}
		if p := l.View.Record(fact.Key{Kind: graph.Post, ID: fact.ID(top)}); p != nil {
			roots = append(roots, p)
		}
	case unit != "":
		if u := l.View.Record(fact.Key{Kind: graph.Unit, ID: fact.ID(unit)}); u != nil {
			if head, _ := u.Head(); head != nil {
				roots = append(roots, head)
			}
		}
	}
	switch {
	case len(roots) > 0:
		side.Parts = []chart{{s.title(roots[0]), c.draw(roots)}}
	case top == "" && unit == "":
		side.Parts = c.parts()
	}
	boxes := map[fact.Key]*postBox{}
	var walk func(*postList)
	walk = func(list *postList) {
		if list == nil {
			return
		}
		for _, b := range list.Posts {
			b.ID = "" // the same post stands in both
			if b.record != nil {
				boxes[b.record.Key()] = b
				if b.More != nil {
					b.More.URL = page.with("top", string(b.record.Key().ID))
				}
			}
			walk(b.Below)
		}
	}
	for _, part := range side.Parts {
		walk(part.Roots)
	}
	return side, boxes
}
