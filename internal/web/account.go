package web

import (
	"net/http"

	"plumbline/internal/desk"
	"plumbline/internal/report"
)

// accountPage is what one person has begun and not finished.
type accountPage struct {
	Text   string
	Drafts *table
	Jobs   *table
	Empty  string
}

func (s *Site) account(l *look, r *http.Request) (*page, error) {
	body := &accountPage{Text: "You are working as the owner of this record, on this computer. There are no accounts yet."}
	p := &page{Template: "account", Heading: "Your work", Undated: true, Narrow: true, Body: body}
	if s.Desk == nil {
		body.Empty = "This record was opened for reading only, so nothing can be changed."
		return p, nil
	}
	var err error
	if body.Jobs, err = s.jobTable(l, r); err != nil {
		return nil, err
	}
	drafts, err := s.Desk.Drafts(r.Context(), s.whoIs(r))
	if err != nil {
		return nil, err
	}
	if len(drafts) == 0 {
		body.Empty = "You have no changes in the making. To begin one, open the page of a record."
		return p, nil
	}
	body.Drafts = newTable("Changes that you have begun and not finished", "Change", "Last touched", "Kept until")
	for _, x := range drafts {
		if b := s.begun(l, x); b.URL != "" {
			body.Drafts.add([]link{b.link}, text(b.When), text(report.Clock(x.Touched.Add(desk.Keep))))
		}
	}
	return p, nil
}
