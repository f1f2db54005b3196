package web

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/fact"
)

// errMethod is a request that wants to change something.
var errMethod = errors.New("method not allowed")

// errTooLarge is a form or a file that is larger than what is taken, and errConflict a change that somebody else's has overtaken.
var (
	errTooLarge = errors.New("too large")
	errConflict = errors.New("conflict")
)

// errTooMany is that more was sent than is taken within some time.
var errTooMany = errors.New("too many")

// answers is the one table from errors to what is answered. What is not in it is our own fault.
var answers = []struct {
	is      error
	status  int
	heading string
	text    string
}{
	{fact.ErrNotFound, http.StatusNotFound, "Page not found", "There is nothing at this address. If you typed it, check that it is right; if you followed a link, what it led to may have been recorded under another name."},
	{fact.ErrInvalid, http.StatusBadRequest, "There is a problem with the address", "Part of the address cannot be understood."},
	{fact.ErrDenied, http.StatusForbidden, "You cannot do this", "You are not allowed to do this."},
	{errTooLarge, http.StatusRequestEntityTooLarge, "That is too large", "What was sent is larger than what can be taken."},
	{errConflict, http.StatusConflict, "This was changed since", "Somebody changed this since you looked."},
	{errTooMany, http.StatusTooManyRequests, "That was too much at once", "More was sent than can be taken now."},
	{errMethod, http.StatusMethodNotAllowed, "Nothing can be changed at this address", "This page only shows the record. Go back to the page that you came from and use its buttons."},
}

// trouble is an error that has more to say to the reader than its kind.
type trouble struct {
	kind   error // one of the table
	text   string
	links  []link
	fields []fieldProblem
}

// elsewhere is an error that leads the reader on: what was asked for is at another address, and will stay there.
type elsewhere struct {
	l    *look
	path string
}

func (e *elsewhere) Error() string { return "it is at " + e.path }

// fieldProblem is what is wrong with a field of the dates form, which keeps what was typed.
type fieldProblem struct{ Field, Text string }

func (t *trouble) Error() string { return t.text }

func (t *trouble) Unwrap() error { return t.kind }

// problem is what an error page says.
type problem struct {
	Title  string // "There is a problem", where nothing else is said
	Text   string
	Fields []link
	Links  []link
	Ask    *askLeave
}

// answered makes a handler that net/http can call: an error, and a panic, becomes a page.
func (s *Site) answered(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if x := recover(); x != nil {
				if x == http.ErrAbortHandler {
					panic(x)
				}
				s.broken(w, r, "panic", x, "stack", string(debug.Stack()))
			}
		}()
		if err := h(w, r); err != nil {
			if e := (*elsewhere)(nil); errors.As(err, &e) {
				redirect(w, r, e.l.to(e.path+dotted(r)), http.StatusMovedPermanently)
				return
			}
			s.fail(w, r, err)
		}
	})
}

// fail answers an error by the table.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if e := (*errSignIn)(nil); errors.As(err, &e) {
		if endingOf(r) == "json" || r.URL.Path == "/suggest" {
			w.Header().Set("WWW-Authenticate", challenge)
			s.showError(w, r, http.StatusUnauthorized, "Sign in", problem{Text: "You are not signed in. Open the page again."})
			return
		}
		s.toSignIn(w, r, e)
		return
	}
	for _, a := range answers {
		if !errors.Is(err, a.is) {
			continue
		}
		body := problem{Text: a.text}
		if d := (*access.Denied)(nil); errors.As(err, &d) {
			body.Text = capital(d.Error()) + "."
			s.denied(r, d, &body)
		}
		if t := (*trouble)(nil); errors.As(err, &t) {
			body.Text, body.Links = t.text, t.links
			for _, f := range t.fields {
				body.Fields = append(body.Fields, link{f.Text, "#" + f.Field})
			}
		}
		if errors.Is(err, fact.ErrDenied) {
			s.security(r, "refused", "account", s.whoIs(r))
		}
		if a.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", "GET, HEAD")
		}
		heading := a.heading
		if a.status == http.StatusForbidden && r.Method != http.MethodPost {
			heading = "You cannot see this page"
		}
		s.showError(w, r, a.status, heading, body)
		return
	}
	s.broken(w, r, "error", err)
}

// broken answers a fault of our own. The reader gets a number; what happened goes to the log, under that number. The
// address is not logged, only its pattern: addresses name people.
func (s *Site) broken(w http.ResponseWriter, r *http.Request, what ...any) {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	reference := hex.EncodeToString(b[:])
	s.Log.Error("page failed", append([]any{"reference", reference, "route", r.Pattern}, what...)...)
	says := "The page could not be made. Try again; if it fails again, tell whoever runs Plumbline the reference number " + reference + ". The record is not affected."
	if r.Method == http.MethodPost { // a failure to record means unknown, not no
		says = "What you sent could not be dealt with. Go back, and look whether it was recorded before you send it again. If it fails again, tell whoever runs Plumbline the reference number " + reference + "."
	}
	s.showError(w, r, http.StatusInternalServerError, "Sorry, there is a problem with Plumbline", problem{Text: says})
}

// showError writes an error as a page, or as JSON where JSON was asked for or a program asks.
func (s *Site) showError(w http.ResponseWriter, r *http.Request, status int, heading string, body problem) {
	if endingOf(r) == "json" || s.visitor(r).Token != nil {
		messages := []string{body.Text}
		for _, f := range body.Fields {
			messages = append(messages, f.Text)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": strings.Join(messages, " ")}) // the reader may have gone
		return
	}
	l, _ := s.look(r) // as far as it can be read: the form keeps the rest
	if body.Title == "" {
		body.Title = "There is a problem"
	}
	if err := s.render(w, l, &page{Template: "error", Status: status, Heading: heading, Problem: &body}); err != nil {
		s.Log.Error("error page failed", "error", err)
		http.Error(w, body.Text, status)
	}
}
