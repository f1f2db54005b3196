package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// How long a session lasts: from when somebody signed in, from what they last did, and how long after they proved who they are nothing asks
// them to prove it again.
const (
	sessionLasts = 12 * time.Hour
	sessionIdle  = 2 * time.Hour
	sessionFresh = 15 * time.Minute
	sessionTouch = time.Minute // that somebody did something is noted this often

	// How long after its end it is known whose a session was, so that a form that comes too late is kept for them.
	sessionRemembered = 12 * time.Hour
)

// What a session holds.
const (
	sessionAccount = "account"
	sessionEpoch   = "epoch"
	sessionSince   = "since" // when they signed in, in Unix seconds
	sessionSeen    = "seen"
	sessionProved  = "proved" // when they last proved who they are
	sessionOIDC    = "oidc"   // what is expected back from the identity provider
	sessionID      = "id"     // by which its owner can end it
	sessionHeld    = "held"   // the secret of a form that came too late
)

// visitor is whoever asks for a page. The zero visitor is not signed in.
type visitor struct {
	access.Person
	Account *desk.Account
	Proved  time.Time
	Token   *desk.Token // by which a program is here for them; nil where it is they
	Session string      // the id of their session
	Ends    time.Time   // when the session ends, whatever they do
	was     fact.Who    // whose session has ended; that is nobody who is signed in
}

// signedIn reports whether it is known who they are.
func (v *visitor) signedIn() bool { return v.Who != "" }

type visitorKey struct{}

// newSessions makes what keeps sessions: in the desk, under a hash of what the cookie says. The cookie is for this site alone and no script reads it.
func newSessions(c Config) *scs.SessionManager {
	m := scs.New()
	m.Store = desk.Sessions{Desk: c.Desk}
	m.HashTokenInStore = true
	m.Lifetime = sessionLasts + sessionRemembered
	m.Cookie.Name = "plumbline"
	m.Cookie.Path = "/"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode // Strict would sign people out who follow a link from a mail
	m.Cookie.Persist = false                 // it goes with the browser
	if c.URL != nil && c.URL.Scheme == "https" {
		m.Cookie.Secure = true
		m.Cookie.Name = "__Host-plumbline"
	}
	return m
}

// known puts around the pages who asks for them.
func (s *Site) known(pages http.Handler) http.Handler {
	if s.Alone {
		return pages
	}
	inner := s.sessions.LoadAndSave(s.answered(func(w http.ResponseWriter, r *http.Request) error {
		v, err := s.identify(r)
		if err != nil {
			return err
		}
		if v.signedIn() && s.slow(w, r, string(v.Who)) {
			return nil
		}
		pages.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitorKey{}, v)))
		return nil
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, colourPath) {
			pages.ServeHTTP(w, r)
			return
		}
		for _, a := range []asset{style, script, icon} {
			if r.URL.Path == a.address { // the same for everybody
				pages.ServeHTTP(w, r)
				return
			}
		}
		if s.slow(w, r, "") { // before anything is looked up
			return
		}
		if secret, ok := bearer(r); ok {
			s.letProgramIn(pages, secret).ServeHTTP(w, r)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// identify reads from the session who somebody is, and from the record what they may do. A session ends when its time is over, when its account is
// closed or its last day is past, and when somebody ended all sessions of the account.
func (s *Site) identify(r *http.Request) (*visitor, error) {
	ctx := r.Context()
	id := s.sessions.GetString(ctx, sessionAccount)
	if id == "" {
		return &visitor{}, nil
	}
	now := s.Now()
	seen, ends := time.Unix(s.sessions.GetInt64(ctx, sessionSeen), 0), time.Unix(s.sessions.GetInt64(ctx, sessionSince), 0).Add(sessionLasts)
	session, touch := s.sessions.GetString(ctx, sessionID), now.Sub(seen) >= sessionTouch
	a, err := s.Desk.Account(ctx, fact.Who(id))
	if err != nil && !errors.Is(err, fact.ErrNotFound) {
		return nil, err
	}
	in := err == nil && a.Open(fact.DayIn(now)) && a.Epoch == s.sessions.GetInt64(ctx, sessionEpoch) && now.Sub(seen) <= sessionIdle && now.Before(ends)
	if in {
		if in, err = s.Desk.StillSignedIn(ctx, a.ID, session, touch); err != nil {
			return nil, err
		}
	}
	if !in {
		return &visitor{was: fact.Who(id)}, s.sessions.Destroy(ctx)
	}
	if touch {
		s.sessions.Put(ctx, sessionSeen, now.Unix())
	}
	return &visitor{Person: s.Book.Who(a.ID), Account: a, Proved: time.Unix(s.sessions.GetInt64(ctx, sessionProved), 0), Session: session, Ends: ends}, nil
}

// beginSession begins a session, under a new cookie: one that was there before somebody signed in is worth nothing afterwards. proved says that
// whoever signed in has just shown who they are, and not only that they did so at some time.
func (s *Site) beginSession(r *http.Request, a *desk.Account, proved bool) error {
	ctx := r.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	ends, now := s.Now().Add(sessionLasts), s.Now().Unix()
	if before := s.sessions.GetString(ctx, sessionID); before != "" { // that one goes on under this one's name
		if err := s.Desk.EndSignedIn(ctx, fact.Who(s.sessions.GetString(ctx, sessionAccount)), before); err != nil && !errors.Is(err, fact.ErrNotFound) {
			return err
		}
	}
	session, err := s.Desk.NoteSignIn(ctx, a.ID, browserOf(r.UserAgent()), ends)
	if err != nil {
		return err
	}
	s.sessions.SetDeadline(ctx, ends.Add(sessionRemembered).UTC())
	s.sessions.Remove(ctx, sessionOIDC)
	s.sessions.Put(ctx, sessionID, session)
	s.sessions.Put(ctx, sessionAccount, string(a.ID))
	s.sessions.Put(ctx, sessionEpoch, a.Epoch)
	s.sessions.Put(ctx, sessionSince, now)
	s.sessions.Put(ctx, sessionSeen, now)
	s.sessions.Remove(ctx, sessionProved)
	if proved {
		s.sessions.Put(ctx, sessionProved, now)
	}
	return nil
}

// visitor gives whoever asks. With no accounts it is whoever has the file of the record.
func (s *Site) visitor(r *http.Request) *visitor {
	if s.Alone {
		return &visitor{Person: access.Person{Who: book.Owner}, Proved: s.Now()}
	}
	if v, ok := r.Context().Value(visitorKey{}).(*visitor); ok {
		return v
	}
	return &visitor{}
}

// whoIs names whoever asks, as the record does.
func (s *Site) whoIs(r *http.Request) fact.Who { return s.visitor(r).Who }

// errSignIn leads to where people sign in.
type errSignIn struct{ again bool }

func (e *errSignIn) Error() string { return "sign in" }

func (e *errSignIn) Unwrap() error { return fact.ErrDenied }

// admit says whether somebody may have what a route gives, or an error that leads to where they can sign in, or says for whom it is.
func (s *Site) admit(r *http.Request, need requirement) error {
	v := s.visitor(r)
	switch {
	case v.Token != nil && !need.forPrograms(r.Method):
		return errForPeople
	case need.act == anybody, need.public && !v.May(need.act) && s.Book.Settings().Public, need.asked && s.isAsked(r):
		return nil
	case !v.signedIn():
		return &errSignIn{}
	case need.act != somebody && !v.May(need.act) && (need.or == "" || !v.May(need.or)):
		return access.Refuse(need.act)
	case need.proved && s.Now().Sub(v.Proved) > sessionFresh:
		return &errSignIn{again: true}
	}
	return nil
}

// proved asks again who it is, as the pages of a kind do that is administration, where a record of that kind is changed by what all kinds have in common: drafts and undo.
func (s *Site) proved(r *http.Request, k *kind.Kind) error {
	if k == nil || k.Section != kind.Admin {
		return nil
	}
	return s.admit(r, requirement{act: somebody, proved: true})
}

// local gives an address within this site as it was asked for, or the first page: nobody is led anywhere else.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}

// redirect leads to an address within this site, and nowhere else.
func redirect(w http.ResponseWriter, r *http.Request, to string, status int) {
	http.Redirect(w, r, local(to), status) // #nosec G710 -- local lets no address of another site through
}

// toSignIn leads to where people sign in, and from there back: to what they asked for, or, where that was a form, to what they had typed.
func (s *Site) toSignIn(w http.ResponseWriter, r *http.Request, e *errSignIn) {
	to := "/sign-in"
	if e.again {
		to = "/sign-in/again"
	}
	back := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		switch {
		case s.hold(r):
			back = keptPath
		case !strings.HasPrefix(r.URL.Path, removePath+"/"): // whose forms are at the same address
			back = "/"
		}
	}
	if back != "/" {
		to += "?" + url.Values{"to": {back}}.Encode()
	}
	redirect(w, r, to, http.StatusSeeOther)
}
