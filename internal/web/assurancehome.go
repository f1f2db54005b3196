package web

import (
	"encoding/json"
	"io"
	"net/http"

	"plumbline/internal/report"
)

// assurance is the first page of its section: the tests on record, and how those that are live stand.
func (s *Site) assurance(l *look, _ *http.Request) (*page, error) {
	d, lives := report.LiveTests(s.Pack, l.View, s.assessing(l))
	p := &page{Template: "document", Heading: "Assurance: what is live", Body: documentOf(l, d), Actions: s.actions(l, l.View.Kinds().Kind(testKind), ""), Files: []file{s.wordOf(l, func() report.Document { return d }), {"json", "JSON", "application/json; charset=utf-8", func(w io.Writer) error {
		return json.NewEncoder(w).Encode(struct {
			report.When
			Tests []*report.Live `json:"tests"`
		}{s.when(l), lives})
	}}}}
	return p, nil
}
