package report

import (
	"cmp"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// StaffOrganisation is what the report of the head of paid service on the organisation of staff is made of, for a proposal: section 4 of the Local Government and
// Housing Act 1989 names what it may be about.
type StaffOrganisation struct {
	When
	Proposal Named      `json:"proposal"`
	Head     Named      `json:"head_of_paid_service,omitzero"` // the post
	Staffing Staffing   `json:"staffing"`
	Units    []UnitTurn `json:"units"`
	Lines    []LineTurn `json:"lines"`

	p        *rule.Pack
	view     *graph.View
	proposal *graph.Record
	changes  Changes
	before   *graph.View
}

// UnitTurn is a unit that would begin, end or differ.
type UnitTurn struct {
	Unit   Named  `json:"unit"`
	Change string `json:"change"`           // in words
	Before string `json:"before,omitempty"` // what it is part of; empty: not there, or not stated
	After  string `json:"after,omitempty"`
}

// LineTurn is a post that would report to another, or would begin or end.
type LineTurn struct {
	Post   Named  `json:"post"`
	Change string `json:"change"`
	Before string `json:"before,omitempty"` // to whom it reports
	After  string `json:"after,omitempty"`
}

// StaffOrganisationOf gathers it for the day looked at, on which the proposal is read as if in force.
func StaffOrganisationOf(p *rule.Pack, v *graph.View, proposal fact.ID, root string) StaffOrganisation {
	before, after := v.With(""), v.With(proposal)
	k := fact.Key{Kind: graph.Proposal, ID: proposal}
	s := StaffOrganisation{When: NewWhen(after, root), Proposal: called(p, before, k), Staffing: StaffingOf(before, after), Units: []UnitTurn{}, Lines: []LineTurn{}, p: p, view: after, before: before, proposal: before.Record(k)}
	if head, gap := after.HeadPost(); gap == nil {
		s.Head = named(p, head)
	}
	s.changes = ChangesBetween(p, before, after, graph.Unit, graph.Post)
	for _, c := range s.changes.Rows {
		was, is := upOf(p, before.Record(c.Record.Record)), upOf(p, after.Record(c.Record.Record))
		switch {
		case c.Record.Record.Kind == graph.Unit:
			s.Units = append(s.Units, UnitTurn{c.Record, c.Word, was, is})
		case c.How == Added, c.How == Ended, was != is:
			s.Lines = append(s.Lines, LineTurn{c.Record, c.Word, was, is})
		}
	}
	return s
}

// upOf names what a unit is part of, or to whom a post reports.
func upOf(p *rule.Pack, r *graph.Record) string {
	if r == nil {
		return ""
	}
	field := "parent"
	if r.Kind().Name == graph.Post {
		field = "reports_to"
	}
	return fieldWords(p, r, field)
}

// section4 is the law by which the report is made.
const section4 = "Local Government and Housing Act 1989, section 4"

// Document writes the report.
func (s StaffOrganisation) Document() Document {
	out := Document{Title: "Report of the head of paid service on the organisation of staff: " + s.Proposal.Text, Dates: DatesOf(s.view), Numbered: true, Mark: restricted(s.view, s.Proposal.Record)}
	if s.proposal == nil {
		out.Lead = []string{"The proposal is not on record on this day, so there is nothing to report."}
		return out
	}
	said := func(field, what string) []Block { return saidOr(s.p, s.proposal, field, what) }
	head := cmp.Or(s.Head.Text, Wanting("the post designated as head of paid service"))
	about := []Block{
		Noted{"This is a report of the head of paid service to the council on how its work is co-ordinated, the number and grades of staff that it needs, how they are organised, and how they are appointed and managed.", []string{section4 + "(2) and (3)."}},
		Noted{"A copy goes to each member of the council. The council considers the report at a meeting held within three months of the day on which copies were first sent.", []string{section4 + "(4) and (5)."}},
		Table{Head: []string{"Item", "Detail"}, Headed: true, Rows: [][]Cell{cells("Head of paid service", head), cells("Proposal", s.Proposal.Text), cells("Takes effect", cmp.Or(dateWords(s.proposal.Date("effective_on")), Wanting("the day from which it applies")))}},
	}
	numbers := []Block{Para(s.Staffing.Headline()), s.Staffing.Table("Now", "Proposed")}
	out.Sections = []Section{
		{"About this report", about},
		{"How the council's work is co-ordinated", said("coordination", "how what the council does will be co-ordinated")},
		{"The number and grades of staff", append(numbers, said("staffing", "why this number and these grades of staff are needed")...)},
		{"The organisation of staff", s.organisation()},
		{"The appointment and management of staff", said("staff_management", "how people will be matched to posts, appointed, supported and managed")},
	}
	return out
}

// organisation shows units and lines of management.
func (s StaffOrganisation) organisation() []Block {
	var out []Block
	units := Table{Caption: "Units that would begin, end or change", Head: []string{"Unit", "Change", "Part of, now", "Part of, as proposed"}, Headed: true}
	for _, u := range s.Units {
		was, is := s.stated(s.before, u.Unit.Record, u.Before), s.stated(s.view, u.Unit.Record, u.After)
		units.Rows = append(units.Rows, cells(u.Unit.Text, u.Change, was, is))
	}
	lines := Table{Caption: "Posts that would begin, end or report to another", Head: []string{"Post", "Change", "Reports to, now", "Reports to, as proposed"}, Headed: true}
	for _, l := range s.Lines {
		was, is := s.stated(s.before, l.Post.Record, l.Before), s.stated(s.view, l.Post.Record, l.After)
		lines.Rows = append(lines.Rows, cells(l.Post.Text, l.Change, was, is))
	}
	for _, t := range []Table{units, lines} {
		if len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	if chart, ok := ChartOf(s.p, s.before, s.view, s.changes, "The posts that would change, and those above them, now and as proposed", mostBoxes); ok {
		out = append(out, chart)
	}
	if len(s.Staffing.Tiers) > 0 {
		out = append(out, s.Staffing.Levels("Now", "Proposed"))
	}
	if out == nil {
		out = []Block{Para("No unit and no line of management would change.")}
	}
	return slices.Clip(out)
}

// stated says what a unit or a post stands under, or that it is not there.
func (s StaffOrganisation) stated(v *graph.View, k fact.Key, up string) string {
	switch {
	case v.Record(k) == nil:
		return "Not there"
	case up == "":
		return "Not recorded"
	}
	return up
}
