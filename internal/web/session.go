package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

const (
	sessionsPath = "/account/sessions"
	keptPath     = "/account/kept"
)

// sessionSoon is how long before the end of a session somebody is told of it.
const sessionSoon = 10 * time.Minute

// lastMinutes is what a page says of the end of the session. It is hidden until the end is near; a script shows it then.
type lastMinutes struct {
	Text string
	To   string // the page itself
	Now  bool   // it is near already: the session has lasted as long as it may
	Ends int    // after how many seconds without a page it ends
}

// ending says when the session ends if nothing more is done.
func (s *Site) ending(l *look) *lastMinutes {
	if l.me.Session == "" {
		return nil
	}
	now := s.Now()
	left := min(l.me.Ends.Sub(now), sessionIdle)
	e := &lastMinutes{To: l.here(), Now: left <= sessionSoon, Ends: int(left.Seconds())}
	e.Text = "You will be signed out at " + now.Add(left).In(fact.London).Format("15:04") + ". What you have typed is not lost: if you send it later, it is kept while you sign in."
	return e
}

// goOn goes on with a session that is about to end. One that has lasted as long as it may goes on when its owner proves who they are.
func (s *Site) goOn(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	left := s.visitor(r).Ends.Sub(s.Now())
	if endingOf(r) == "json" { // the script that asked stays on its page
		s.sessions.Put(r.Context(), sessionSeen, s.Now().Unix())
		return sendJSON(w, http.StatusOK, map[string]any{"left": int(min(left, sessionIdle).Seconds())})
	}
	to := local(r.PostFormValue(inputTo))
	if left <= sessionSoon {
		to = "/sign-in/again?" + url.Values{inputTo: {to}}.Encode()
	}
	redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// sessionsPage lists where somebody is signed in.
type sessionsPage struct {
	Lead string
	Here []heldRole
}

func (s *Site) signedIn(w http.ResponseWriter, r *http.Request) error {
	v := s.visitor(r)
	all, err := s.Desk.SignedIn(r.Context(), v.Who)
	if err != nil {
		return err
	}
	body := &sessionsPage{Lead: "If you do not know one of these, end it and change your password. A session ends by itself after 2 hours without a page, and after 12 hours."}
	for _, x := range all {
		if s.Now().Sub(x.Seen) > sessionIdle {
			continue // it has ended by itself
		}
		h := heldRole{Words: x.Browser + ", since " + report.Clock(x.Since) + ", last seen " + report.Clock(x.Seen)}
		if x.ID == v.Session {
			h.Words = "This one: " + h.Words
		} else {
			h.Action, h.Button = sessionsPath+"/"+url.PathEscape(x.ID)+"/end", "Sign out there"
		}
		body.Here = append(body.Here, h)
	}
	return s.render(w, s.plainLook(r), &page{Template: "sessions", Heading: "Where you are signed in", Undated: true, Narrow: true, Back: "/account", Body: body})
}

func (s *Site) endSession(w http.ResponseWriter, r *http.Request) error {
	who := s.whoIs(r)
	err := s.Desk.EndSignedIn(r.Context(), who, r.PathValue("session"))
	if errors.Is(err, fact.ErrNotFound) {
		return &trouble{kind: fact.ErrNotFound, text: "This session has ended already.", links: []link{{"Where you are signed in", sessionsPath}}}
	}
	if err != nil {
		return err
	}
	s.security(r, "session ended", "account", who)
	redirect(w, r, sessionsPath, http.StatusSeeOther)
	return nil
}

// browserOf says in plain words with what somebody signed in, from what their browser says of itself: the first of each list that is named there.
func browserOf(agent string) string {
	first := func(otherwise string, marks ...[2]string) string {
		for _, m := range marks {
			if strings.Contains(agent, m[0]) {
				return m[1]
			}
		}
		return otherwise
	}
	browser := first("A browser", [2]string{"Edg", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"Firefox/", "Firefox"}, [2]string{"FxiOS/", "Firefox"}, [2]string{"CriOS/", "Chrome"}, [2]string{"Chrom", "Chrome"}, [2]string{"Safari/", "Safari"})
	system := first("", [2]string{"iPhone", "an iPhone"}, [2]string{"iPad", "an iPad"}, [2]string{"Android", "Android"}, [2]string{"Windows", "Windows"}, [2]string{"Macintosh", "a Mac"}, [2]string{"CrOS", "ChromeOS"}, [2]string{"Linux", "Linux"})
	if system == "" {
		return browser
	}
	return browser + " on " + system
}

// late is a form that was sent when its sender had to sign in first.
type late struct {
	Path string     `json:"path"`
	Form url.Values `json:"form"`
}

// hold keeps the form that a request is, for the person whose session it was sent in, and reports whether it did. It is bound to this browser, by its session, and
// to this account; and it is never sent by itself. Passwords and files are not kept, nor what is typed to have words removed.
func (s *Site) hold(r *http.Request) bool {
	v := s.visitor(r)
	owner := v.Who
	if owner == "" {
		owner = v.was
	}
	if s.Alone || owner == "" || v.Token != nil || !typedIn(r) ||
		r.PostForm.Has(inputPassword) || r.PostForm.Has(inputNew) || r.URL.Path == "/account/stay" || strings.HasPrefix(r.URL.Path, removePath+"/") || strings.HasPrefix(r.URL.Path, "/sign-out") {
		return false
	}
	b, err := json.Marshal(late{r.URL.RequestURI(), r.PostForm})
	if err != nil {
		return false
	}
	key, err := s.Desk.Hold(r.Context(), owner, b)
	if err != nil {
		s.Log.Error("a form that came too late could not be kept", "error", err)
		return false
	}
	s.sessions.Put(r.Context(), sessionHeld, key)
	if !v.signedIn() { // this session holds nothing else
		s.sessions.SetDeadline(r.Context(), s.Now().Add(desk.HoldLasts).UTC())
	}
	return true
}

// typedIn reads what was typed into the form that a request is, without a file that may have come with it; ok is false where it is no form that can be kept.
func typedIn(r *http.Request) (ok bool) {
	switch kind := r.Header.Get("Content-Type"); {
	case strings.HasPrefix(kind, "application/x-www-form-urlencoded"):
		return r.ParseForm() == nil
	case strings.HasPrefix(kind, "multipart/form-data") && ofEvidence(r.URL.Path):
		_, err := readSent(r)
		return err == nil
	}
	return false
}

// keptPage shows a form that came too late.
type keptPage struct {
	Lead   []string
	Lines  []fieldLine
	Action string
	Hidden []hidden
}

// keptForm gives back what somebody had typed when they had to sign in: in the question of their draft, where it was the answer to one; else on a page with the
// button that sends it.
func (s *Site) keptForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key := s.sessions.PopString(ctx, sessionHeld)
	b, err := s.Desk.Take(ctx, s.whoIs(r), key)
	if errors.Is(err, fact.ErrNotFound) {
		return s.render(w, s.plainLook(r), &page{Template: "kept", Heading: "Nothing is kept here", Undated: true, Narrow: true, Body: &keptPage{Lead: []string{"A form that was sent after you were signed out is kept for an hour, for the person who sent it, and shown once."}}})
	}
	if err != nil {
		return err
	}
	var x late
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	if rest, ok := strings.CutPrefix(x.Path, "/drafts/"); ok {
		rest, _, _ = strings.Cut(rest, "?")
		if id, step, ok := strings.Cut(rest, "/"); ok {
			return s.backToDraft(w, r, id, step, kind.Typed(x.Form))
		}
	}
	body := &keptPage{Action: local(x.Path), Lead: []string{"You had to sign in before this could be sent, so nothing was done. Look at it once more, and send it, or leave it."}}
	for _, name := range sortedNames(x.Form) {
		for _, v := range x.Form[name] {
			body.Hidden = append(body.Hidden, hidden{name, v})
		}
	}
	body.Lines = s.typedLines(x)
	return s.render(w, s.plainLook(r), &page{Template: "kept", Heading: "What you typed was kept", Undated: true, Narrow: true, Body: body})
}

// backToDraft puts an answer that came too late where the question is asked, not yet given, and leads there.
func (s *Site) backToDraft(w http.ResponseWriter, r *http.Request, id, name string, typed kind.Typed) error {
	l := s.plainLook(r)
	r.SetPathValue("draft", id)
	d, err := s.openDraft(l, r)
	if err != nil {
		return err
	}
	steps := d.steps()
	i := slices.IndexFunc(steps, func(st step) bool { return st.name == name })
	if d.Done != nil || i < 0 {
		return d.lead(w, r) // its last look: nothing is recorded before the button there is pressed
	}
	if err := d.take(r, steps[i], typed, false); err != nil {
		return err
	}
	redirect(w, r, d.at(name), http.StatusSeeOther)
	return nil
}

func sortedNames(form url.Values) (names []string) {
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// typedLines says what was typed into a form, by the names that the boxes had: those of the fields of a kind, where it was a record, or plain ones.
func (s *Site) typedLines(x late) (lines []fieldLine) {
	path, _, _ := strings.Cut(x.Path, "?")
	var of *kind.Kind
	for _, k := range s.Book.Kinds().All {
		if path == k.Path()+"/new" {
			of = k
		}
	}
	for _, name := range sortedNames(x.Form) {
		base, _, _ := strings.Cut(name, ".")
		label := capital(strings.ReplaceAll(strings.Trim(base, "~"), "_", " "))
		if of != nil && of.Field(base) != nil {
			label = of.Field(base).Label
		}
		said := strings.TrimSpace(strings.Join(x.Form[name], ", "))
		if said == "" || base == inputTo || base == inputVersion || base == inputVerb {
			continue
		}
		if n := len(lines); n > 0 && lines[n-1].Label == label {
			lines[n-1].Lines = append(lines[n-1].Lines, text(said)...)
		} else {
			lines = append(lines, fieldLine{label, text(said)})
		}
	}
	return lines
}
