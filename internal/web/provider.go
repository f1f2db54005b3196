package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
)

// begun is what a session holds while somebody is away to sign in elsewhere.
type begun struct{ Keep, To string }

// signInWith sends a browser to the council's own sign-in.
func (s *Site) signInWith(w http.ResponseWriter, r *http.Request) error {
	if s.Provider == nil {
		return fact.ErrNotFound
	}
	address, keep := s.Provider.Begin(s.site(r)+"/sign-in/back", r.URL.Query().Get("again") != "")
	b, err := json.Marshal(begun{keep, local(r.URL.Query().Get(inputTo))})
	if err != nil {
		return err
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
	var was begun
	kept, _ := s.sessions.Pop(r.Context(), sessionOIDC).([]byte)
	if len(kept) == 0 || json.Unmarshal(kept, &was) != nil {
		return &trouble{kind: fact.ErrDenied, text: "This sign-in was not begun in this browser, or it is over already. Begin again.", links: []link{{"Sign in", "/sign-in"}}}
	}
	subject, email, verified, err := s.Provider.End(r.Context(), s.site(r)+"/sign-in/back", was.Keep, r.URL.Query())
	if errors.Is(err, fact.ErrDenied) {
		s.security(r, "sign-in failed", "how", "provider")
		return &trouble{kind: fact.ErrDenied, text: s.Provider.Name() + " did not sign you in. Begin again; if that fails, ask whoever keeps the accounts.", links: []link{{"Sign in", "/sign-in"}}}
	}
	if err != nil {
		return err
	}
	a, err := s.Desk.SignInAs(r.Context(), subject, email, verified)
	if errors.Is(err, desk.ErrSignIn) {
		s.security(r, "sign-in failed", "how", "provider", "why", "no account")
		return &trouble{kind: fact.ErrDenied, text: s.Provider.Name() + " knows you, but there is no account for you here. Ask whoever keeps the accounts to add one with your email address.", links: []link{{"Sign in", "/sign-in"}}}
	}
	if err != nil {
		return err
	}
	return s.letIn(w, r, a, was.To, "provider")
}
