package web

import (
	"cmp"
	"crypto/subtle"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// accountForm is a page of one form about an account, with other ways on below it.
type accountForm struct {
	Lead   []string
	Action string
	To     string // where it leads afterwards
	Fields template.HTML
	Button string
	With   *link // the council's own sign-in
	As     []asRole
	After  []link
}

// asRole is a role that the demonstration can be looked at in.
type asRole struct{ Value, Label, About string }

// Names of the boxes of these forms.
const (
	inputEmail    = "email"
	inputPassword = "password"
	inputNew      = "new-password"
	inputTo       = "to"
)

func emailBox(value, wrong string) template.HTML {
	off := false
	return govuk.Input{ID: inputEmail, Name: inputEmail, Type: "email", Value: value, Label: govuk.Label{Text: "Email address"}, ErrorMessage: govuk.ErrorMessage{Text: wrong}, Autocomplete: "username", Spellcheck: &off, Autocapitalize: "none", Classes: "govuk-input--width-20"}.Render()
}

// passwordBox is a box that can be pasted into, and that a password manager can fill.
func passwordBox(name, label, hint, wrong string) template.HTML {
	off, how := false, "current-password"
	if name == inputNew {
		how = "new-password"
	}
	return govuk.Input{ID: name, Name: name, Type: "password", Label: govuk.Label{Text: label}, Hint: govuk.Hint{Text: hint}, ErrorMessage: govuk.ErrorMessage{Text: wrong}, Autocomplete: how, Spellcheck: &off, Autocapitalize: "none", Classes: "govuk-input--width-20"}.Render()
}

// accountPageOf makes the page of a form about an account. wrong says what is wrong, and in which box.
func accountPageOf(heading string, f *accountForm, wrong ...fieldProblem) *page {
	p := &page{Template: "accountform", Heading: heading, Undated: true, Narrow: true, Body: f}
	if len(wrong) > 0 {
		p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem"}
		for _, w := range wrong {
			p.Problem.Fields = append(p.Problem.Fields, link{w.Text, "#" + w.Field})
		}
	}
	return p
}

// plainLook is the look of a page that says the same on all days.
func (s *Site) plainLook(r *http.Request) *look {
	c := r.Clone(r.Context())
	c.URL.RawQuery = ""
	l, _ := s.look(c) // nothing is asked, so nothing is wrong
	return l
}

func (s *Site) signInPage(r *http.Request, to, email string, wrong ...fieldProblem) *page {
	f := &accountForm{Action: "/sign-in", To: to, Button: "Sign in", After: []link{{"Help", "/help"}}}
	var message string
	for _, w := range wrong {
		message = w.Text
	}
	f.Fields = emailBox(email, message) + passwordBox(inputPassword, "Password", "", "")
	if s.Provider != nil {
		f.With = &link{"Sign in with " + s.Provider.Name(), "/sign-in/with" + query("to", to)}
	}
	if s.Demo {
		f.Lead = []string{"This is a demonstration on this computer. Look at it as somebody with one of these roles; what each may do is different."}
		for _, m := range access.Roles {
			f.As = append(f.As, asRole{string(m.Role), m.Label, m.About})
		}
	}
	return accountPageOf("Sign in", f, wrong...)
}

func query(name, value string) string {
	if value == "" || value == "/" {
		return ""
	}
	return "?" + url.Values{name: {value}}.Encode()
}

func (s *Site) signIn(w http.ResponseWriter, r *http.Request) error {
	to := local(r.URL.Query().Get(inputTo))
	if s.visitor(r).signedIn() {
		redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	return s.render(w, s.plainLook(r), s.signInPage(r, to, ""))
}

// whatever is said where somebody could not be signed in, whether there is such an account or not.
const notSignedIn = "The email address or the password is not right. Check both, or ask whoever keeps the accounts for a new invitation."

func (s *Site) signInSent(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	email, to := strings.TrimSpace(r.PostFormValue(inputEmail)), local(r.PostFormValue(inputTo))
	l := s.plainLook(r)
	tried := s.from(r, triedFrom, triedAccount+strings.ToLower(email))
	if s.tries.full(s.Now(), tried...) {
		s.security(r, "sign-in refused", "why", "too many tries")
		return s.tooMany(w, l)
	}
	a, err := s.Desk.SignIn(r.Context(), email, r.PostFormValue(inputPassword))
	if errors.Is(err, desk.ErrSignIn) {
		s.tries.count(s.Now(), tried...)
		s.security(r, "sign-in failed")
		return s.render(w, l, s.signInPage(r, to, email, fieldProblem{inputEmail, notSignedIn}))
	}
	if err != nil {
		return err
	}
	s.tries.forget(tried[0])
	return s.letIn(w, r, a, to, "password")
}

// byProvider is how somebody signed in whom a provider knows. It may have asked them for nothing today.
const byProvider = "provider"

// letIn begins the session of somebody who has proved who they are.
func (s *Site) letIn(w http.ResponseWriter, r *http.Request, a *desk.Account, to, how string) error {
	if err := s.beginSession(r, a, how != byProvider); err != nil {
		return err
	}
	s.security(r, "signed in", "account", a.ID, "how", how)
	redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *Site) tooMany(w http.ResponseWriter, l *look) error {
	w.Header().Set("Retry-After", "900")
	return s.render(w, l, &page{Template: "error", Status: http.StatusTooManyRequests, Heading: "You have tried too many times", Undated: true, Problem: &problem{Title: "There is a problem", Text: "Wait 15 minutes, then try again. Or ask whoever keeps the accounts for a new invitation."}})
}

// signInAs looks at the demonstration in a role.
func (s *Site) signInAs(w http.ResponseWriter, r *http.Request) error {
	if !s.Demo {
		return fact.ErrNotFound
	}
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	a, err := s.Desk.Account(r.Context(), DemoAccount(access.Role(r.PostFormValue("role"))))
	if err != nil {
		return err
	}
	return s.letIn(w, r, a, local(r.PostFormValue(inputTo)), "demonstration")
}

// DemoAccount names the account that has a role in the demonstration.
func DemoAccount(r access.Role) fact.Who { return fact.Who("demo-" + r) }

// again asks who is signed in to prove it once more, before what cannot be taken back.
func (s *Site) again(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, s.plainLook(r), s.againPage(r, local(r.URL.Query().Get(inputTo))))
}

func (s *Site) againPage(r *http.Request, to string, wrong ...fieldProblem) *page {
	f := &accountForm{Lead: []string{"What you are about to do cannot be taken back, so say once more that it is you."}, Action: "/sign-in/again", To: to, Button: "Continue"}
	message := ""
	for _, x := range wrong {
		message = x.Text
	}
	v := s.visitor(r)
	switch {
	case s.Demo && v.Account.Password == "":
		f.Lead = append(f.Lead, "In the demonstration nobody has a password.")
	case v.Account.Password == "" && s.Provider != nil:
		f.Button, f.With = "", &link{"Sign in with " + s.Provider.Name(), "/sign-in/with?" + url.Values{"to": {to}, "again": {"yes"}}.Encode()}
	default:
		f.Fields = passwordBox(inputPassword, "Password", "", message)
	}
	return accountPageOf("Confirm that it is you", f, wrong...)
}

func (s *Site) againSent(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	v, to := s.visitor(r), local(r.PostFormValue(inputTo))
	if s.Demo && v.Account.Password == "" {
		return s.letIn(w, r, v.Account, to, "demonstration")
	}
	l, tried := s.plainLook(r), triedAccount+strings.ToLower(v.Account.Email)
	if s.tries.full(s.Now(), tried) {
		return s.tooMany(w, l)
	}
	a, err := s.Desk.SignIn(r.Context(), v.Account.Email, r.PostFormValue(inputPassword))
	if errors.Is(err, desk.ErrSignIn) {
		s.tries.count(s.Now(), tried)
		s.security(r, "sign-in failed", "how", "again", "account", v.Who)
		return s.render(w, l, s.againPage(r, to, fieldProblem{inputPassword, "The password is not right."}))
	}
	if err != nil {
		return err
	}
	return s.letIn(w, r, a, to, "again")
}

// signOut ends the session of this browser, or all sessions of the account.
func (s *Site) signOut(everywhere bool) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := s.visitor(r)
		if everywhere {
			if err := s.Desk.SignOutEverywhere(r.Context(), v.Who); err != nil {
				return err
			}
		}
		err := s.Desk.EndSignedIn(r.Context(), v.Who, v.Session)
		if err != nil && !errors.Is(err, fact.ErrNotFound) {
			return err
		}
		if err := s.sessions.Destroy(r.Context()); err != nil {
			return err
		}
		s.security(r, "signed out", "account", v.Who, "everywhere", everywhere)
		redirect(w, r, "/sign-in", http.StatusSeeOther)
		return nil
	}
}

// invited finds the account that the address of an invitation is for.
func (s *Site) invited(r *http.Request) (*desk.Account, error) {
	a, by, err := s.Desk.Invited(r.Context(), r.PathValue("secret"))
	if errors.Is(err, fact.ErrNotFound) || err == nil && by != book.Owner && s.ownAlone(a) {
		return nil, &trouble{kind: fact.ErrNotFound, text: "This invitation was used, or it has ended. Ask whoever sent it for a new one."}
	}
	return a, err
}

// ownAlone reports whether an account was set up by an adviser: then nobody who keeps accounts may let themselves in, and a new invitation is for whoever runs the program to make.
// Whoever was an adviser once stays one here, so that no role need only be taken away for a moment.
func (s *Site) ownAlone(a *desk.Account) bool {
	if !a.SetUp() {
		return false
	}
	v := s.Book.View(fact.DayIn(s.Now()), -1)
	for _, h := range v.Entries(v.Known() + 1) {
		if g := h.Record; g != nil && g.Key().Kind == access.Grant && g.Text("holder") == string(a.ID) && access.Role(g.Text("role")) == access.Adviser {
			return true
		}
	}
	return false
}

// How long the owner of an account is told, and for how long after each sign-in, that somebody else's invitation changed its password. Whoever used that invitation reads it as well, so
// nothing that they do may end it.
const (
	tellOfReset   = 30 * 24 * time.Hour
	tellAfterSign = 15 * time.Minute
)

// resetWords says when another password was set by an invitation, and whose that was; or nothing.
func (s *Site) resetWords(a *desk.Account) string {
	if a == nil || a.Reset.IsZero() {
		return ""
	}
	return "The password was changed on " + report.Clock(a.Reset) + " by an invitation that " + s.writer(a.ResetBy) + " made."
}

// toldOfReset is the notice to whoever has signed in of late that their password was changed so.
func (s *Site) toldOfReset(v *visitor) *notice {
	if v.Account == nil || v.Token != nil || s.Now().Sub(v.Account.Reset) > tellOfReset || s.Now().Sub(v.Ends.Add(-sessionLasts)) > tellAfterSign {
		return nil
	}
	return &notice{Title: "Important", Text: s.resetWords(v.Account) + " If you did not ask for that, somebody else may have used your account: tell another administrator, or whoever runs Plumbline."}
}

func (s *Site) invitation(w http.ResponseWriter, r *http.Request) error {
	a, err := s.invited(r)
	if err != nil {
		return err
	}
	return s.render(w, s.plainLook(r), s.invitationPage(r, a))
}

const passwordHint = "At least 12 characters. Three words that do not belong together are easy to remember." // #nosec G101 -- what is said beside the box, no password

func (s *Site) invitationPage(r *http.Request, a *desk.Account, wrong ...fieldProblem) *page {
	message := ""
	for _, x := range wrong {
		message = x.Text
	}
	f := &accountForm{
		Lead:   []string{"You are " + a.Name + ", and sign in as " + a.Email + ". This address can be used once."},
		Action: r.URL.Path, Button: "Set password and sign in",
		Fields: passwordBox(inputNew, "Choose a password", passwordHint, message),
	}
	return accountPageOf("Your account", f, wrong...)
}

func (s *Site) invitationSent(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	a, err := s.invited(r)
	if err != nil {
		return err
	}
	password := r.PostFormValue(inputNew)
	if wrong := s.checkPassword(r, password, a); wrong != "" {
		return s.render(w, s.plainLook(r), s.invitationPage(r, a, fieldProblem{inputNew, wrong}))
	}
	setUp := a.SetUp()
	if a, err = s.Desk.Accept(r.Context(), r.PathValue("secret"), password); err != nil {
		return err
	}
	if setUp {
		s.security(r, "password changed by invitation", "account", a.ID, "by", a.ResetBy)
	}
	return s.letIn(w, r, a, "/", "invitation")
}

func (s *Site) checkPassword(r *http.Request, password string, a *desk.Account) string {
	avoid := append(strings.Fields(a.Name+" "+s.council(s.plainLook(r))), strings.FieldsFunc(a.Email, func(r rune) bool { return r == '@' || r == '.' })...)
	return desk.CheckPassword(password, avoid...)
}

// password asks for another password, and for the one before it.
func (s *Site) password(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, s.plainLook(r), s.passwordPage())
}

func (s *Site) passwordPage(wrong ...fieldProblem) *page {
	message := map[string]string{}
	for _, x := range wrong {
		message[x.Field] = x.Text
	}
	f := &accountForm{
		Lead:   []string{"You are signed out everywhere else when it is changed."},
		Action: "/account/password", Button: "Change password",
		Fields: passwordBox(inputPassword, "The password you have", "", message[inputPassword]) + passwordBox(inputNew, "The new password", passwordHint, message[inputNew]),
	}
	p := accountPageOf("Change your password", f, wrong...)
	p.Back = "/account"
	return p
}

func (s *Site) passwordSent(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	v, l := s.visitor(r), s.plainLook(r)
	tried := triedAccount + strings.ToLower(v.Account.Email)
	if s.tries.full(s.Now(), tried) {
		return s.tooMany(w, l)
	}
	var wrong []fieldProblem
	if _, err := s.Desk.SignIn(r.Context(), v.Account.Email, r.PostFormValue(inputPassword)); errors.Is(err, desk.ErrSignIn) {
		s.tries.count(s.Now(), tried)
		s.security(r, "sign-in failed", "how", "password", "account", v.Who)
		wrong = append(wrong, fieldProblem{inputPassword, "The password is not right."})
	} else if err != nil {
		return err
	}
	if x := s.checkPassword(r, r.PostFormValue(inputNew), v.Account); x != "" {
		wrong = append(wrong, fieldProblem{inputNew, x})
	}
	if len(wrong) > 0 {
		return s.render(w, l, s.passwordPage(wrong...))
	}
	a, err := s.Desk.SetPassword(r.Context(), v.Who, r.PostFormValue(inputNew))
	if err != nil {
		return err
	}
	s.security(r, "password changed", "account", v.Who)
	return s.letIn(w, r, a, "/account", "password")
}

// roleWords says what roles somebody has, in words.
func (s *Site) roleWords(l *look, p access.Person) []string {
	if p.Who == access.Console {
		return []string{"Everything, as whoever has the file of the record"}
	}
	var out []string
	for _, h := range p.Held {
		m, _ := access.Means(h.Role)
		w := cmp.Or(m.Label, string(h.Role))
		if h.Over != (fact.Key{}) {
			w += ", over " + s.called(l, h.Over)
		}
		if !h.Until.IsZero() {
			w += ", until " + h.Until.Words()
		}
		out = append(out, w)
	}
	return out
}

// security notes what concerns safety, without addresses of pages, which name people, and without anything that was typed.
func (s *Site) security(r *http.Request, what string, more ...any) {
	s.Log.Info(what, append([]any{"security", true, "from", s.remote(r), "route", r.Pattern, "at", report.Clock(s.Now())}, more...)...)
}

// tooLarge says of a form that could not be read that it is too large, or what else is wrong.
func tooLarge(err error) error {
	if e := (*http.MaxBytesError)(nil); errors.As(err, &e) {
		return errTooLarge
	}
	return &trouble{kind: fact.ErrInvalid, text: "What was sent cannot be read. Go back, and send the form again."}
}

// welcomed says whether the first account can be made here: there is none yet, and the address is the one that whoever started the program was told.
func (s *Site) welcomed(r *http.Request) error {
	all, err := s.Desk.Accounts(r.Context())
	switch {
	case err != nil:
		return err
	case s.Welcome == "" || len(all) > 0 || subtle.ConstantTimeCompare([]byte(r.PathValue("secret")), []byte(s.Welcome)) != 1:
		return &trouble{kind: fact.ErrNotFound, text: "This address was used, or it is from an earlier start of the program. Sign in, or look at what the program says when it starts.", links: []link{{"Sign in", "/sign-in"}}}
	}
	return nil
}

func (s *Site) welcome(w http.ResponseWriter, r *http.Request) error {
	if err := s.welcomed(r); err != nil {
		return err
	}
	return s.render(w, s.plainLook(r), s.welcomePage(r))
}

func (s *Site) welcomePage(r *http.Request, wrong ...fieldProblem) *page {
	message := messages(wrong)
	f := &accountForm{
		Lead:   []string{"This makes the first account of the record. It keeps the structure and the accounts of everybody else."},
		Action: r.URL.Path, Button: "Make my account",
		Fields: textBox(inputName, "Full name", "", r.PostFormValue(inputName), message[inputName]) + emailBox(r.PostFormValue(inputEmail), message[inputEmail]) + passwordBox(inputNew, "Choose a password", passwordHint, message[inputNew]),
	}
	return accountPageOf("Welcome to Plumbline", f, wrong...)
}

func (s *Site) welcomeSent(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	s.first.Lock() // of two who send it at once one is first
	defer s.first.Unlock()
	if err := s.welcomed(r); err != nil {
		return err
	}
	given := desk.Account{Name: strings.TrimSpace(r.PostFormValue(inputName)), Email: strings.TrimSpace(r.PostFormValue(inputEmail))}
	var wrong []fieldProblem
	if given.Name == "" {
		wrong = append(wrong, fieldProblem{inputName, "Enter your full name."})
	}
	if x := desk.CheckEmail(given.Email); x != "" {
		wrong = append(wrong, fieldProblem{inputEmail, x})
	}
	if x := s.checkPassword(r, r.PostFormValue(inputNew), &given); x != "" {
		wrong = append(wrong, fieldProblem{inputNew, x})
	}
	if len(wrong) > 0 {
		return s.render(w, s.plainLook(r), s.welcomePage(r, wrong...))
	}
	a, err := s.Desk.NewAccount(r.Context(), given)
	if err != nil {
		return err
	}
	made := a.ID
	var docs []kind.Doc
	for _, role := range []access.Role{access.Administrator, access.Governance} {
		docs = append(docs, s.grantDoc(a.ID, role, fact.Key{}))
	}
	if _, err = s.Book.Do(r.Context(), book.Owner, book.Change{Docs: docs}); err == nil {
		a, err = s.Desk.SetPassword(r.Context(), a.ID, r.PostFormValue(inputNew))
	}
	if err != nil {
		return errors.Join(err, s.Desk.EraseAccount(r.Context(), made))
	}
	return s.letIn(w, r, a, "/", "welcome")
}
