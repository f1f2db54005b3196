package web

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/assure"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// documentPage is a report as a page: what a file of it says, in the same order and under the same numbers.
type documentPage struct {
	Lead  []string
	Parts []documentPart
	Notes []documentNote
	Form  *documentForm // nil where nothing can be sent
}

// documentPart is a section, or a section in one.
type documentPart struct {
	Heading string
	Level   int // of the heading
	Blocks  []documentBlock
}

// documentBlock is one of its fields.
type documentBlock struct {
	Number   string // of Text
	Text     string
	Gap      bool // Text marks something that is not recorded
	Notes    []documentNote
	Change   *link    // to where its words are changed
	Marks    [][]link // why the record no longer supports it
	List     []string
	Lettered []string
	Steps    []string
	Table    *table
	More     string // what of the table is left out
	Caption  string // of Sides
	Sides    []documentSide
	Part     *documentPart
}

// documentNote is a note, by its number.
type documentNote struct {
	Number int
	Text   string
}

// documentSide is one side of a chart.
type documentSide struct {
	Heading, Empty string
	Roots          *postList
}

// documentOf lays out a report as a page.
func documentOf(l *look, d report.Document) *documentPage {
	return citedDocument(l, d, func(report.Cited) (*link, [][]link) { return nil, nil })
}

// citedDocument lays out a report as a page, with what cited gives for each paragraph that people cite: where its words are changed, and why the record no longer supports it.
func citedDocument(l *look, d report.Document, cited func(report.Cited) (change *link, marks [][]link)) *documentPage {
	w := &documentWriter{l: l, o: report.NewOutline(d), cited: cited}
	out := &documentPage{Lead: d.Lead}
	if d.Mark != "" {
		out.Lead = append([]string{d.Mark}, d.Lead...)
	}
	for _, s := range d.Sections {
		heading := strings.TrimSpace(w.o.Heading(s.Title) + " " + s.Title)
		out.Parts = append(out.Parts, w.part(heading, 2, s.Blocks))
	}
	for i, s := range d.Appendices {
		out.Parts = append(out.Parts, w.part(w.o.Appendix(i, s.Title), 2, s.Blocks))
	}
	for i, text := range w.o.Notes {
		out.Notes = append(out.Notes, documentNote{i + 1, text})
	}
	return out
}

type documentWriter struct {
	l           *look
	o           *report.Outline
	rows, links int // of tables, so far
	cited       func(report.Cited) (*link, [][]link)
}

func (w *documentWriter) part(heading string, level int, blocks []report.Block) documentPart {
	p := documentPart{Heading: heading, Level: level}
	for _, b := range blocks {
		p.Blocks = append(p.Blocks, w.block(b, heading, level))
	}
	return p
}

func (w *documentWriter) block(b report.Block, heading string, level int) (out documentBlock) {
	switch b := b.(type) {
	case report.Para:
		out.Number, out.Text = w.o.Number(), string(b)
	case report.Gap:
		out.Number, out.Text, out.Gap = w.o.Number(), string(b), true
	case report.Noted:
		out.Number, out.Text = w.o.Number(), b.Text
		out.Notes = w.notes(b.Notes)
	case report.Cited:
		out.Number, out.Text, out.Notes, out.Gap = strconv.Itoa(b.Number), b.Text, w.notes(b.Notes), report.IsGap(b.Text)
		out.Change, out.Marks = w.cited(b)
	case report.Lettered:
		out.Lettered = b
	case report.List:
		out.List = b
	case report.Steps:
		out.Steps = b
	case report.Table:
		out.Table, out.More = w.table(b, heading)
	case report.Bars:
		out.Table, out.More = w.table(b.Table(), heading)
	case report.Chart:
		out.Caption, out.Sides = b.Caption, sidesOf(b)
	case report.Subsection:
		part := w.part(b.Title, min(level+1, 5), b.Blocks)
		out.Part = &part
	}
	return out
}

// notes takes the notes of a paragraph, and gives their numbers.
func (w *documentWriter) notes(all []string) (out []documentNote) {
	for _, n := range w.o.Noted(all) {
		out = append(out, documentNote{Number: n})
	}
	return out
}

// How much of the tables of a report a page shows; the files have all. Every table is begun.
const (
	documentRows  = 200 // of all tables
	documentBegin = 10  // of one, however many there were before it
	documentLinks = 150
)

// table shows as many rows as there is room for.
func (w *documentWriter) table(t report.Table, heading string) (*table, string) {
	told := heading != "" && (t.Caption == "" || t.Caption == heading)
	t.Caption = cmp.Or(t.Caption, heading, "About this report")
	more, shown := "", min(len(t.Rows), rowsPerPage, max(documentBegin, documentRows-w.rows))
	if n := len(t.Rows) - shown; n > 0 {
		more = capital(count(n, "more row", "more rows")) + " of this table: the Word document has all of them."
	}
	t.Rows = t.Rows[:shown]
	w.rows += shown
	for _, r := range t.Rows {
		for _, c := range r {
			if c.Record.ID != "" {
				w.links++
			}
		}
	}
	if w.links > documentLinks {
		t = wordsOnly(t)
	}
	out := tableOf(w.l, t)
	out.Told = told
	return out, more
}

// sidesOf draws the posts of a chart as the pages draw them. Of a post in which nobody is the box is dashed.
func sidesOf(c report.Chart) (out []documentSide) {
	var list func(all []report.Box) *postList
	list = func(all []report.Box) *postList {
		if len(all) == 0 {
			return nil
		}
		l := &postList{Class: "ladder"}
		for _, b := range all {
			box := &postBox{Title: link{Text: b.Title}, In: b.Lines, Below: list(b.Below)}
			if b.Double {
				box.Class = "statutory"
			}
			if b.Dashed {
				box.Class = strings.TrimSpace(box.Class + " empty")
			}
			if b.Change != "" {
				box.Change = &boxChange{Sign: "~", Word: b.Change, Class: "changed"}
			}
			l.Posts = append(l.Posts, box)
		}
		return l
	}
	for _, s := range c.Sides {
		out = append(out, documentSide{s.Heading, s.Empty, list(s.Boxes)})
	}
	return out
}

// Pages of a proposal that are reports of it.
const (
	partCase   = "case"
	partMoney  = "money"
	partReport = "report"
	partPeople = "people"
	partStaff  = "staff-report"
)

// proposalReport is a report on a proposal as a page of it.
type proposalReport struct {
	part, heading string // part of its address
	make          func(s *Site, l *look, k fact.Key) (report.Document, any)
}

var proposalReports = []proposalReport{
	{partCase, "Case", func(s *Site, l *look, k fact.Key) (report.Document, any) {
		c := report.CaseOf(s.Pack, l.View, k.ID, s.assessing(l))
		return c.Document(l.View), c
	}},
	{partMoney, "Costs and savings", func(s *Site, l *look, k fact.Key) (report.Document, any) {
		m := report.MoneyOf(s.Pack, l.View, k.ID)
		return m.Document(l.View), m
	}},
	{partPeople, "Staff affected", func(s *Site, l *look, k fact.Key) (report.Document, any) {
		x := report.PeopleOf(s.Pack, l.View, k.ID, l.me.Over(l.View, access.Restricted, k))
		return x.Document(), x
	}},
	{partReport, "Report for the decision", func(s *Site, l *look, k fact.Key) (report.Document, any) {
		d := report.DecisionOf(s.Pack, l.View, k.ID, s.Book.Root(), s.assessing(l))
		f := s.forecast(l, k, fact.Date{})
		t, _ := s.transferOf(l, k)
		d = d.Foreseen(&f, t)
		return d.Document(), d
	}},
	{partStaff, "Report on the organisation of staff", func(s *Site, l *look, k fact.Key) (report.Document, any) {
		d := report.StaffOrganisationOf(s.Pack, l.View, k.ID, s.Book.Root())
		return d.Document(), d
	}},
}

// secondary are actions of which none is the one that most people come for.
func secondary(all []action) []action {
	for i := range all {
		all[i].Main = false
	}
	return all
}

// reportAction leads from a proposal to the report on it to those who decide.
func (s *Site) reportAction(l *look, k fact.Key) []action {
	p := l.View.Record(k)
	if k.Kind != graph.Proposal || p == nil || l.public() {
		return nil
	}
	text := "Write the report for the decision"
	if board := p.Ref("decided_by"); board != nil {
		text = "Write the report to " + s.title(board)
	}
	return []action{{link: link{text, l.part(k, partReport)}}}
}

// assessing says what the law makes of any look at the same day, as the same reader sees it.
func (s *Site) assessing(l *look) func(*graph.View) *assure.Assessment {
	return func(v *graph.View) *assure.Assessment {
		other := *l
		other.View, other.proposal = v, string(v.Proposal())
		return s.assess(&other)
	}
}

// proposalReport shows a report on a proposal.
func (s *Site) proposalReport(kk *kind.Kind, x proposalReport) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		k := fact.Key{Kind: kk.Name, ID: fact.ID(r.PathValue("id"))}
		if len(l.View.History(k)) == 0 {
			return nil, s.noRecord(l, kk, k, x.part)
		}
		if err := s.closedBranch(l, k); err != nil {
			return nil, err
		}
		d, data := x.make(s, l, k)
		return &page{
			Template: "document", Label: kk.Label + ": " + s.called(l, k), Heading: x.heading, Crumbs: way(l, kk), Parts: s.pagesOf(l, k, x.part), Actions: append([]action{{link{"Download for Word", l.ended("docx")}, true}}, secondary(s.actions(l, kk, k.ID))...), Body: documentOf(l, d),
			Files: []file{s.wordOf(l, func() report.Document { return d }), {"txt", "Text", "text/plain; charset=utf-8", func(w io.Writer) error { return exchange.Text(w, d, 100) }},
				{"json", "JSON", "application/json; charset=utf-8", func(w io.Writer) error { return json.NewEncoder(w).Encode(data) }}},
		}, nil
	}
}
