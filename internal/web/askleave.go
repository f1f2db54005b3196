package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

const inputAct = "act"

// askLeave is a button on the page that says that something is not for whoever asks: with it an administrator sees that they asked.
type askLeave struct{ Act, Text string }

// mostToAsk is how many people a page names of whom something can be asked.
const mostToAsk = 3

// whomToAsk names those who can give somebody a role: administrators who can sign in.
func (s *Site) whomToAsk(r *http.Request) (names []string) {
	all, err := s.Desk.Accounts(r.Context())
	if err != nil {
		return nil // the page says for whom it is, and not by name
	}
	me := s.whoIs(r)
	for _, a := range all {
		if a.ID != me && a.Open(fact.DayIn(s.Now())) && s.Book.Who(a.ID).May(access.Administer) && len(names) < mostToAsk {
			names = append(names, a.Name)
		}
	}
	return names
}

// denied says whom somebody who may not do something can ask for leave to do it. Whoever is not signed in is told nobody's name.
func (s *Site) denied(r *http.Request, d *access.Denied, body *problem) {
	v := s.visitor(r)
	if s.Alone || s.Desk == nil || v.Account == nil || v.Token != nil || d.Act == "" {
		return
	}
	names := s.whomToAsk(r)
	if len(names) == 0 {
		return
	}
	body.Text += " Who keeps the accounts can give you leave: ask " + or(names) + "."
	body.Ask = &askLeave{string(d.Act), "Ask for leave"}
}

// or joins names by commas and, before the last, "or".
func or(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return strings.Join(names, "")
}

// ask notes that somebody asks for leave to do something.
func (s *Site) askForLeave(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	v, a := s.visitor(r), access.Act(r.PostForm.Get(inputAct))
	if s.Alone || v.Account == nil || access.Refuse(a).What == "" {
		return &trouble{kind: fact.ErrInvalid, text: "This is nothing that one can ask for. Go back and use the button on the page."}
	}
	if !v.May(a) {
		err := s.Desk.Ask(r.Context(), v.Who, string(a))
		if err != nil && !errors.Is(err, desk.ErrFull) {
			return err
		}
		s.security(r, "leave asked for", "account", v.Who, "act", a)
	}
	redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

// leaveAsked gives what people ask for leave to do and still may not, of one account or, without one, of all.
func (s *Site) leaveAsked(r *http.Request, of fact.Who) ([]desk.Ask, error) {
	if s.Desk == nil || s.Alone {
		return nil, nil
	}
	all, err := s.Desk.Asks(r.Context())
	return slices.DeleteFunc(all, func(x desk.Ask) bool {
		return of != "" && x.Who != of || s.Book.Who(x.Who).May(access.Act(x.What))
	}), err
}

func askWords(x desk.Ask) string {
	return "to " + access.Refuse(access.Act(x.What)).What + ", " + report.Clock(x.At)
}

// leaveNeeds are what administrators see on their first page of what others ask for.
func (s *Site) leaveNeeds(l *look, r *http.Request) (out []need, err error) {
	if !l.me.May(access.Administer) || !l.present() {
		return nil, nil
	}
	all, err := s.leaveAsked(r, "")
	for _, x := range all {
		out = append(out, need{
			link{s.writer(x.Who) + " asks for leave to " + access.Refuse(access.Act(x.What)).What, peoplePath + "/" + url.PathEscape(string(x.Who))},
			"Asked " + report.Clock(x.At), "Asked", "govuk-tag--blue",
		})
	}
	return out, err
}
