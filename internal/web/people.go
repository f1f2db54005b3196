package web

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

const peoplePath = "/admin/people"

// peoplePage lists the accounts.
type peoplePage struct {
	Lead  string
	New   link
	Table *table
	Kept  link
	Set   link
}

func (s *Site) people(l *look, r *http.Request) (*page, error) {
	all, err := s.Desk.Accounts(r.Context())
	if err != nil {
		return nil, err
	}
	t := newTable(capital(count(len(all), "account", "accounts")), "Name", "Email address", "Roles", "Can sign in", "Last signed in")
	for _, a := range all {
		t.add([]link{{a.Name, peoplePath + "/" + url.PathEscape(string(a.ID))}}, text(a.Email), texts(s.roleWords(l, s.Book.Who(a.ID))), text(s.canSignIn(a)), text(orNever(report.Clock(a.LastIn))))
	}
	body := &peoplePage{Lead: "Who can sign in, and what each may see and do. Names and addresses are kept beside the record and can be erased; what somebody was allowed, and when, is in the record.", New: link{"Add an account", peoplePath + "/new"}, Kept: link{"Every grant there ever was", "/admin/grants"}, Set: link{"Settings of the pages, and what is public", "/admin/settings"}}
	if len(t.Rows) > 0 {
		body.Table = t
	}
	return &page{Template: "people", Heading: "Accounts", Undated: true, Body: body}, nil
}

func orNever(s string) string {
	if s == "" {
		return "Never"
	}
	return s
}

// canSignIn says until when somebody can sign in, or why they cannot.
func (s *Site) canSignIn(a *desk.Account) string {
	today := fact.DayIn(s.Now())
	switch {
	case a.Closed:
		return "No: the account is closed"
	case !a.Open(today):
		return "No: it ended on " + a.Ends.Words()
	case a.Password == "" && a.Subject == "" && s.Provider == nil && !s.Demo:
		return "Not yet: the invitation is not answered"
	case a.Ends != 0:
		return "Until " + a.Ends.Words()
	}
	return "Yes"
}

// Names of the boxes of these forms.
const (
	inputName  = "name"
	inputEnds  = "ends"
	inputRole  = "role"
	inputScope = "over"
)

// newPerson asks for a new account.
func (s *Site) newPerson(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, s.plainLook(r), s.newPersonPage(r))
}

func (s *Site) newPersonPage(r *http.Request, wrong ...fieldProblem) *page {
	message := messages(wrong)
	f := &accountForm{
		Lead:   []string{"You get a link to send to the person. With it they choose a password."},
		Action: peoplePath + "/new", Button: "Add account",
		Fields: textBox(inputName, "Full name", "", r.PostFormValue(inputName), message[inputName]) + emailBox(r.PostFormValue(inputEmail), message[inputEmail]) +
			roleBox(r.PostFormValue(inputRole), message[inputRole]) + s.overBox(r, message[inputScope]) + endsBox(r.PostFormValue(inputEnds), message[inputEnds]),
	}
	p := accountPageOf("Add an account", f, wrong...)
	p.Back = peoplePath
	return p
}

func messages(wrong []fieldProblem) map[string]string {
	out := map[string]string{}
	for _, x := range wrong {
		if out[x.Field] == "" {
			out[x.Field] = x.Text
		}
	}
	return out
}

func textBox(name, label, hint, value, wrong string) template.HTML {
	return govuk.Input{ID: name, Name: name, Value: value, Label: govuk.Label{Text: label}, Hint: govuk.Hint{Text: hint}, ErrorMessage: govuk.ErrorMessage{Text: wrong}, Autocomplete: "off", Classes: "govuk-input--width-20"}.Render()
}

func endsBox(value, wrong string) template.HTML {
	return textBox(inputEnds, "Last day (optional)", "The last day on which they can sign in, for example 30 June 2027. Leave it empty where no end is agreed.", value, wrong)
}

func roleBox(value, wrong string) template.HTML {
	r := govuk.Radios{Name: inputRole, Value: value, ErrorMessage: govuk.ErrorMessage{Text: wrong}, Classes: "govuk-radios--small", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Role"}}}
	for _, m := range access.Roles {
		r.Items = append(r.Items, govuk.Radio{Text: m.Label, Value: string(m.Role), Hint: govuk.Hint{Text: m.About}})
	}
	return r.Render()
}

func (s *Site) overBox(r *http.Request, wrong string) template.HTML {
	return textBox(inputScope, "Only over (optional)", "The name of a unit, proposal, test or board, with all that belongs to it. Leave it empty for the whole council.", r.PostFormValue(inputScope), wrong)
}

// readEnds reads the last day of an account; zero is none.
func (s *Site) readEnds(r *http.Request) (fact.Day, []fieldProblem) {
	typed := strings.TrimSpace(r.PostFormValue(inputEnds))
	if typed == "" {
		return 0, nil
	}
	d, ok := parseDay(typed)
	switch {
	case !ok:
		return 0, []fieldProblem{{inputEnds, "The last day must be a day that exists, like 30 June 2027."}}
	case d < fact.DayIn(s.Now()):
		return 0, []fieldProblem{{inputEnds, "The last day must be today or later."}}
	}
	return d, nil
}

// readGrant reads what role somebody is to have, and over what.
func (s *Site) readGrant(l *look, r *http.Request) (role access.Role, over fact.Key, wrong []fieldProblem) {
	role = access.Role(r.PostFormValue(inputRole))
	if _, ok := access.Means(role); !ok {
		wrong = append(wrong, fieldProblem{inputRole, "Choose a role."})
	}
	typed := strings.TrimSpace(r.PostFormValue(inputScope))
	if typed == "" {
		return role, over, wrong
	}
	called, like := s.find(l, s.Book.Kinds().Kind(access.Grant).Field("over"), typed)
	switch {
	case len(called) == 1:
		over, _ = fact.ParseKey(called[0].Value) // it is the key of a record
	case len(called) > 1:
		wrong = append(wrong, fieldProblem{inputScope, "More than one unit, proposal, test or board is called that. Type its id."})
	default:
		text := "Nothing is called “" + shorten(typed) + "”. Enter the name of a unit, a proposal, a test or a board."
		if len(like) > 0 {
			text += " Did you mean " + like[0].Text + "?"
		}
		wrong = append(wrong, fieldProblem{inputScope, text})
	}
	return role, over, wrong
}

// grantDoc is the document that gives an account a role, from today.
func (s *Site) grantDoc(holder fact.Who, role access.Role, over fact.Key) kind.Doc {
	return access.Give(s.Book.Kinds(), holder, role, over, fact.DayIn(s.Now()))
}

func (s *Site) newPersonSent(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	l := s.plainLook(r)
	given := desk.Account{Name: strings.TrimSpace(r.PostFormValue(inputName)), Email: strings.TrimSpace(r.PostFormValue(inputEmail))}
	var wrong []fieldProblem
	if given.Name == "" {
		wrong = append(wrong, fieldProblem{inputName, "Enter the person's full name."})
	}
	if x := desk.CheckEmail(given.Email); x != "" {
		wrong = append(wrong, fieldProblem{inputEmail, x})
	}
	role, over, more := s.readGrant(l, r)
	wrong = append(wrong, more...)
	given.Ends, more = s.readEnds(r)
	if wrong = append(wrong, more...); len(wrong) > 0 {
		return s.render(w, l, s.newPersonPage(r, wrong...))
	}
	a, err := s.Desk.NewAccount(r.Context(), given)
	if errors.Is(err, fact.ErrStale) {
		return s.render(w, l, s.newPersonPage(r, fieldProblem{inputEmail, "There is an account with this email address."}))
	}
	if err != nil {
		return err
	}
	if _, err := s.Book.Do(r.Context(), s.whoIs(r), book.Change{Docs: []kind.Doc{s.grantDoc(a.ID, role, over)}}); err != nil {
		return errors.Join(err, s.Desk.EraseAccount(r.Context(), a.ID))
	}
	s.security(r, "account added", "account", a.ID, "by", s.whoIs(r), "role", role)
	return s.invite(w, r, a)
}

// invite shows, once, the address at which somebody sets their password.
func (s *Site) invite(w http.ResponseWriter, r *http.Request, a *desk.Account) error {
	secret, err := s.Desk.Invite(r.Context(), a.ID, s.whoIs(r), desk.InvitationLasts)
	if err != nil {
		return err
	}
	s.security(r, "invited", "account", a.ID, "by", s.whoIs(r), "setUp", a.SetUp())
	f := &accountForm{Lead: []string{
		"Send this address to " + a.Name + ", and to nobody else. It is shown this once, can be used once, and ends " + report.Clock(s.Now().Add(desk.InvitationLasts)) + ".",
		s.site(r) + "/invitation/" + secret,
	}, After: []link{{a.Name, peoplePath + "/" + url.PathEscape(string(a.ID))}, {"All accounts", peoplePath}}}
	return s.render(w, s.plainLook(r), accountPageOf("Invitation", f))
}

// site is the address of the pages as people outside see it.
func (s *Site) site(r *http.Request) string {
	if s.URL != nil {
		return strings.TrimSuffix(s.URL.String(), "/")
	}
	return "http://" + r.Host
}

// personPage is one account.
type personPage struct {
	Lines  []fieldLine
	Grants []heldRole
	Tokens []heldRole
	Asks   []heldRole
	Give   accountForm
	Acts   []personAct
}

// heldRole is a role that somebody has, with the form that ends it.
type heldRole struct{ Words, Action, ID, Button string }

// personAct is something that can be done with an account.
type personAct struct{ Action, Button, About string }

func (s *Site) personOf(r *http.Request) (*desk.Account, error) {
	a, err := s.Desk.Account(r.Context(), fact.Who(r.PathValue("account")))
	if errors.Is(err, fact.ErrNotFound) {
		return nil, &trouble{kind: fact.ErrNotFound, text: "There is no such account. It may have been erased.", links: []link{{"All accounts", peoplePath}}}
	}
	return a, err
}

func (s *Site) person(w http.ResponseWriter, r *http.Request) error {
	a, err := s.personOf(r)
	if err != nil {
		return err
	}
	p, err := s.personPage(r, a)
	if err != nil {
		return err
	}
	return s.render(w, s.plainLook(r), p)
}

func (s *Site) personPage(r *http.Request, a *desk.Account, wrong ...fieldProblem) (*page, error) {
	tokens, err := s.Desk.Tokens(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	l, at, message := s.plainLook(r), peoplePath+"/"+url.PathEscape(string(a.ID)), messages(wrong)
	body := &personPage{Lines: []fieldLine{
		{"Email address", text(a.Email)}, {"Can sign in", text(s.canSignIn(a))}, {"Last signed in", text(orNever(report.Clock(a.LastIn)))}, {"In the record as", text(string(a.ID))},
	}}
	for _, g := range l.View.All(access.Grant) {
		if g.Text("holder") != string(a.ID) {
			continue
		}
		m, _ := access.Means(access.Role(g.Text("role")))
		words := m.Label
		if k, ok := g.RefKey("over"); ok {
			words += ", over " + s.called(l, k)
		}
		body.Grants = append(body.Grants, heldRole{words + ", " + g.Span().Words(), at + "/end", string(g.Key().ID), "End this role"})
	}
	for _, x := range tokens {
		body.Tokens = append(body.Tokens, heldRole{tokenWords(x), at + "/end-token", x.ID, "End this token"})
	}
	asks, err := s.leaveAsked(r, a.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range asks {
		body.Asks = append(body.Asks, heldRole{capital(askWords(x)), at + "/answered", x.What, "Take this off the list"})
	}
	body.Give = accountForm{Action: at + "/grant", Button: "Give this role", Fields: roleBox(r.PostFormValue(inputRole), message[inputRole]) + s.overBox(r, message[inputScope])}
	if text := s.resetWords(a); text != "" {
		body.Lines = append(body.Lines, fieldLine{"Password", texts([]string{text})})
	}
	if own := s.ownAlone(a); own && !a.Closed {
		body.Lines = append(body.Lines, fieldLine{"New invitation", texts([]string{operatorInvites})})
	} else if !a.Closed {
		about := "For somebody who has not answered the last one, or has forgotten the password."
		if a.SetUp() {
			about += " Whoever uses it is in the account from then on, so its owner is told that it was you."
		}
		body.Acts = append(body.Acts, personAct{at + "/invite", "Make a new invitation", about})
	}
	if !a.Closed {
		body.Acts = append(body.Acts, personAct{at + "/sign-out", "Sign out everywhere", "Ends all sessions of this account at once."},
			personAct{at + "/close", "Close this account", "Nobody signs in with it any more. Its roles end, too."})
	} else {
		body.Acts = append(body.Acts, personAct{at + "/erase", "Erase this account", "Takes the name and the address away for ever. What the account did stays in the record, without a name."})
	}
	p := &page{Template: "person", Label: "Account", Heading: a.Name, Undated: true, Narrow: true, Back: peoplePath, Body: body}
	if len(wrong) > 0 {
		p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem"}
		for _, x := range wrong {
			p.Problem.Fields = append(p.Problem.Fields, link{x.Text, "#" + x.Field})
		}
	}
	return p, nil
}

// operatorInvites says who makes a new invitation for an adviser.
const operatorInvites = "This is the account of an adviser, who has set it up, so no administrator can let anybody into it. If the password is forgotten, whoever runs Plumbline makes a new invitation, by starting it with --invite and the email address."

// personAct does something with an account.
func (s *Site) personAct(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	a, err := s.personOf(r)
	if err != nil {
		return err
	}
	l, ctx, me := s.plainLook(r), r.Context(), s.whoIs(r)
	switch do := r.PathValue("do"); {
	case a.ID == me && do != "invite":
		return &trouble{kind: fact.ErrDenied, text: "You cannot do this with your own account. Ask another administrator.", links: []link{{"All accounts", peoplePath}}}
	case do == "invite" && s.ownAlone(a):
		return &trouble{kind: fact.ErrDenied, text: operatorInvites, links: []link{{a.Name, peoplePath + "/" + url.PathEscape(string(a.ID))}}}
	case do == "invite" && !a.Closed:
		return s.invite(w, r, a)
	case do == "sign-out":
		err = s.Desk.SignOutEverywhere(ctx, a.ID)
	case do == "grant":
		role, over, wrong := s.readGrant(l, r)
		if len(wrong) == 0 {
			_, err := s.Book.Do(ctx, me, book.Change{Docs: []kind.Doc{s.grantDoc(a.ID, role, over)}})
			if p := kind.Problems(nil); errors.As(err, &p) {
				wrong = append(wrong, fieldProblem{inputRole, capital(p[0].What) + "."})
			} else if err != nil {
				return err
			}
		}
		if len(wrong) > 0 {
			p, err := s.personPage(r, a, wrong...)
			if err != nil {
				return err
			}
			return s.render(w, l, p)
		}
	case do == "end-token":
		err = s.Desk.EndToken(ctx, a.ID, r.PostFormValue("token"))
	case do == "answered":
		err = s.Desk.Answered(ctx, a.ID, r.PostFormValue("grant"))
	case do == "end":
		err = s.endGrants(r, a, fact.ID(r.PostFormValue("grant")))
	case do == "close":
		if err = s.Desk.CloseAccount(ctx, a.ID); err == nil {
			err = s.endGrants(r, a, "")
		}
	case do == "erase" && a.Closed:
		err = s.Desk.EraseAccount(ctx, a.ID)
	default:
		return fact.ErrNotFound
	}
	if err != nil {
		return err
	}
	s.security(r, "account changed", "account", a.ID, "by", me, "act", r.PathValue("do"))
	to := peoplePath
	if r.PathValue("do") != "erase" {
		to += "/" + url.PathEscape(string(a.ID))
	}
	redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// endGrants ends a grant of an account, or all of them: yesterday was the last day. One that began today is
// taken out of the record.
func (s *Site) endGrants(r *http.Request, a *desk.Account, only fact.ID) error {
	today := fact.DayIn(s.Now())
	v := s.Book.View(today, -1)
	var docs []kind.Doc
	for _, g := range v.All(access.Grant) {
		if g.Text("holder") != string(a.ID) || only != "" && g.Key().ID != only {
			continue
		}
		edit, problems := v.EndAfter(g.Key(), fact.ExactDate(today-1), "", "")
		if f := g.Span().From; !f.IsZero() && f.Last >= today {
			edit, problems = v.Retract(g.Key(), "The role was taken back on the day on which it was given.")
		}
		if len(problems) > 0 {
			return problems
		}
		docs = append(docs, edit.Docs...)
	}
	if len(docs) == 0 {
		return nil
	}
	_, err := s.Book.Do(r.Context(), s.whoIs(r), book.Change{Docs: docs})
	return err
}
