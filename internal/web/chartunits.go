package web

import (
	"plumbline/internal/graph"
)

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
