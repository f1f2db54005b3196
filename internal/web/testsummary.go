package web

import (
	"encoding/json"
	"io"
	"net/http"

	"plumbline/internal/exchange"
	"plumbline/internal/report"
)

// summaryPage is the table with which the letter ends, and how what the test asked for stands.
func (t *tested) summaryPage(*http.Request) (*page, error) {
	s := report.SummaryOf(t.s.Pack, t.record)
	page := t.documentPage("Summary", partSummary, s.Document(t.l.View), struct {
		report.When
		Test *report.TestSummary `json:"test"`
	}{t.s.when(t.l), s})
	if before, _ := report.TestBefore(t.record); before != nil {
		page.Actions = append(page.Actions, action{link: link{"Compare with the test before", t.part(partCompare, "")}})
	}
	return page, nil
}

// comparePage lays the test beside the one before it, and says what the record shows of whoever carries it out.
func (t *tested) comparePage(*http.Request) (*page, error) {
	results := t.s.assess(t.l).Results
	c := report.CompareTests(t.s.Pack, t.record, results)
	if c == nil {
		d := report.Document{Title: "No test before", Lead: []string{"No earlier test of the same structure is on record, so there is nothing to compare this one with.", "A test that replaces another says so under “Replaces”; then the two are laid beside each other here."},
			Sections: []report.Section{{Title: "Who carries it out", Blocks: []report.Block{report.List(report.AssessorOf(t.s.Pack, t.record, results).Words())}}}}
		return t.documentPage("The test before", partCompare, d, nil), nil
	}
	return t.documentPage("Compared with the test before", partCompare, c.Document(t.l.View), struct {
		report.When
		Comparison *report.TestComparison `json:"comparison"`
	}{t.s.when(t.l), c}), nil
}

// documentPage is a report on the test as a page of it. data is the same for programs; nil is none.
func (t *tested) documentPage(heading, part string, d report.Document, data any) *page {
	p := t.page("document", heading, part, documentOf(t.l, d))
	if data == nil {
		return p
	}
	p.Actions = []action{{link{"Download for Word", t.l.ended("docx")}, true}}
	p.Files = []file{t.s.wordOf(t.l, func() report.Document { return d }), {"txt", "Text", "text/plain; charset=utf-8", func(w io.Writer) error { return exchange.Text(w, d, 100) }},
		{"json", "JSON", "application/json; charset=utf-8", func(w io.Writer) error { return json.NewEncoder(w).Encode(data) }}}
	return p
}
