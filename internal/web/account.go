package web

import (
	"fmt"
	"net/http"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/report"
)

// accountPage is what one person has begun and not finished.
type accountPage struct {
	Text   string
	Roles  []string
	Own    bool   // they have an account, and not only the file
	Also   []link // what is theirs to look after
	Asked  []string
	Drafts *table
	Jobs   *table
	Empty  string
}

func orNone(roles []string) []string {
	if len(roles) == 0 {
		return []string{"None yet. Ask whoever keeps the accounts."}
	}
	return roles
}

func (s *Site) account(l *look, r *http.Request) (*page, error) {
	body := &accountPage{Text: "You are looking at this record as whoever has its file, on this computer."}
	if a := l.me.Account; a != nil {
		body.Own, body.Text = true, "You are signed in as "+a.Name+", with the address "+a.Email+"."
		if text := s.resetWords(a); text != "" {
			body.Text += " " + text
		}
		body.Roles = orNone(s.roleWords(l, l.me.Person))
		asks, err := s.leaveAsked(r, a.ID)
		if err != nil {
			return nil, err
		}
		for _, x := range asks {
			body.Asked = append(body.Asked, askWords(x))
		}
	}
	if l.me.May(access.Erase) {
		body.Also = append(body.Also, link{"What is kept too long", l.to(retentionPath)}, link{"All that was ever removed", l.to("/entries", auditAct, "erased")})
	}
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

// unfinished is what the reader has begun and left: changes that are not recorded, and long work that goes on. It is of today, so it stands on
// no page of another day.
func (s *Site) unfinished(l *look, r *http.Request) (out []need, err error) {
	if s.Desk == nil || !l.present() {
		return nil, nil
	}
	const colour = "govuk-tag--blue"
	drafts, err := s.Desk.Drafts(r.Context(), s.whoIs(r))
	if err != nil {
		return nil, err
	}
	var begun []recorded
	for _, x := range drafts {
		if b := s.begun(l, x); b.URL != "" {
			begun = append(begun, b)
		}
	}
	switch n := len(begun); n {
	case 0:
	case 1:
		out = append(out, need{link{"You have a change not yet recorded: " + begun[0].Text, begun[0].URL}, "Last touched " + begun[0].When, "Begun", colour})
	default:
		out = append(out, need{link{"You have " + count(n, "change", "changes") + " not yet recorded", l.to("/account")}, "One was last touched " + begun[0].When, "Begun", colour})
	}
	jobs, err := s.Desk.Jobs(r.Context(), s.whoIs(r))
	if err != nil {
		return nil, err
	}
	for _, j := range jobs {
		if j.Over() {
			continue
		}
		tag := "Waiting"
		if j.State == desk.Running {
			tag = "Under way"
			if done := tenths(j); done > 0 {
				tag = fmt.Sprintf("%d%% done", 10*done)
			}
		}
		out = append(out, need{link{j.Title, l.to("/jobs/" + j.ID)}, "Begun " + report.Clock(j.Made), tag, colour})
	}
	unheard, err := s.unheard(l, r)
	if err != nil {
		return nil, err
	}
	asked, err := s.leaveNeeds(l, r)
	return append(append(out, unheard...), asked...), err
}
