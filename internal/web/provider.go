package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// begun is what a session holds while somebody is away to sign in elsewhere.
type begun struct {
	Keep  string // for the provider
	To    string // where it leads afterwards
	Again bool   // whoever is signed in is to prove that it is them
}

// awayFor is how long the session lasts of somebody who went to sign in and has not come back.
const awayFor = 20 * time.Minute

// signInWith sends a browser to the council's own sign-in.
func (s *Site) signInWith(w http.ResponseWriter, r *http.Request) error {
	if s.Provider == nil {
		return fact.ErrNotFound
	}
	was := begun{To: local(r.URL.Query().Get(inputTo)), Again: r.URL.Query().Get("again") != ""}
	address, keep, err := s.Provider.Begin(r.Context(), s.site(r)+"/sign-in/back", was.Again)
	if err != nil {
		return s.unreached(w, r, was, err)
	}
	was.Keep = keep
	b, err := json.Marshal(was)
	if err != nil {
		return err
	}
	if !s.visitor(r).signedIn() { // anybody can go away, so what is kept of them does not stay long
		s.sessions.SetDeadline(r.Context(), s.Now().Add(awayFor).UTC())
	}
	s.sessions.Put(r.Context(), sessionOIDC, b)
	http.Redirect(w, r, address, http.StatusSeeOther) // #nosec G710 -- it is the council's own identity provider, from its settings
	return nil
}

// signInBack is where the council's own sign-in sends a browser back to. What it brings is good once, and for the browser that began it.
func (s *Site) signInBack(w http.ResponseWriter, r *http.Request) error {
	if s.Provider == nil {
		return fact.ErrNotFound
	}
	refuse := func(text string) error {
		return &trouble{kind: fact.ErrDenied, text: text, links: []link{{"Sign in", "/sign-in"}}}
	}
	var was begun
	kept, _ := s.sessions.Pop(r.Context(), sessionOIDC).([]byte)
	if len(kept) == 0 || json.Unmarshal(kept, &was) != nil {
		return refuse("This sign-in was not begun in this browser, or it is over already. Begin again.")
	}
	name := s.Provider.Name()
	subject, email, verified, err := s.Provider.End(r.Context(), s.site(r)+"/sign-in/back", was.Keep, r.URL.Query())
	if errors.Is(err, fact.ErrDenied) {
		s.security(r, "sign-in failed", "how", byProvider, "why", err)
		return refuse(name + " did not sign you in. Begin again; if that fails, ask whoever keeps the accounts.")
	}
	if err != nil {
		return s.unreached(w, r, was, err)
	}
	a, err := s.Desk.SignInAs(r.Context(), subject, email, verified)
	if errors.Is(err, desk.ErrSignIn) {
		s.security(r, "sign-in failed", "how", byProvider, "why", "no account", "verified", verified)
		if !verified {
			return refuse(name + " knows you, but does not say that an email address is yours, so your account here cannot be found by it. Show this to whoever keeps the accounts.")
		}
		return refuse(name + " knows you, but there is no account for you here. Ask whoever keeps the accounts to add one with your email address.")
	}
	if err != nil {
		return err
	}
	if !was.Again {
		return s.letIn(w, r, a, was.To, byProvider)
	}
	if v := s.visitor(r); v.signedIn() && v.Account.ID != a.ID {
		s.security(r, "sign-in failed", "how", byProvider, "why", "somebody else", "account", v.Who)
		return refuse("You are signed in here as " + v.Account.Name + ", and at " + name + " as somebody else. Sign out here first, or choose the right account at " + name + ".")
	}
	return s.letIn(w, r, a, was.To, "provider again")
}

// unreached says on the page on which somebody wanted to sign in that the provider cannot be asked who they are. Why is for whoever runs the program.
func (s *Site) unreached(w http.ResponseWriter, r *http.Request, was begun, err error) error {
	s.Log.Error("people cannot sign in with the provider", "provider", s.Provider.Name(), "error", err)
	p := s.signInPage(r, was.To, "")
	text := " cannot be asked who you are at the moment. Try again in a minute, or sign in with a password if you have one here. If it goes on, tell whoever runs Plumbline."
	if was.Again && s.visitor(r).signedIn() {
		p = s.againPage(r, was.To)
		text = " cannot be asked who you are at the moment. Try again in a minute. If it goes on, tell whoever runs Plumbline."
	}
	p.Status, p.Problem = http.StatusServiceUnavailable, &problem{Title: "There is a problem", Text: s.Provider.Name() + text}
	return s.render(w, s.plainLook(r), p)
}
