package reach_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/reach"
	"plumbline/internal/reach/op"
)

const back = "http://127.0.0.1:8340/sign-in/back"

// desk is a provider and this program before it, with a clock that the test moves.
type desk struct {
	*testing.T
	op   *op.Provider
	oidc *reach.OIDC
	at   time.Time
}

func begin(t *testing.T, change ...func(*reach.Settings)) *desk {
	t.Helper()
	d := &desk{T: t, at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.at }
	d.op = op.New(clock, map[string]any{"sub": "248289761001", "email": "ann@example.com", "email_verified": true})
	t.Cleanup(d.op.Close)
	s := reach.Settings{Issuer: d.op.URL, Client: op.Client, Secret: op.Secret, Name: "Example", Now: clock}
	for _, f := range change {
		f(&s)
	}
	var err error
	if d.oidc, err = reach.NewOIDC(s); err != nil {
		t.Fatal(err)
	}
	return d
}

// away begins a sign-in and visits the provider.
func (d *desk) away(again bool) (keep string, query url.Values) {
	d.Helper()
	address, keep, err := d.oidc.Begin(d.Context(), back, again)
	if err != nil {
		d.Fatal(err)
	}
	to, says, err := op.Visit(address)
	if err != nil || !strings.HasPrefix(to, back+"?") {
		d.Fatalf("%s is sent to %q: %s %v", address, to, says, err)
	}
	u, err := url.Parse(to)
	if err != nil {
		d.Fatal(err)
	}
	return keep, u.Query()
}

// ended is what came of a sign-in.
type ended struct {
	subject, email string
	verified       bool
	err            error
}

func (d *desk) end(keep string, query url.Values) (e ended) {
	d.Helper()
	e.subject, e.email, e.verified, e.err = d.oidc.End(d.Context(), back, keep, query)
	if e.err != nil && (e.subject != "" || e.email != "" || e.verified) {
		d.Errorf("somebody is named though it failed: %v", e)
	}
	if e.err != nil && strings.Contains(e.err.Error(), "ann@") {
		d.Errorf("the error names somebody: %v", e.err)
	}
	return e
}

func (d *desk) signIn(again bool) ended {
	d.Helper()
	keep, query := d.away(again)
	return d.end(keep, query)
}

func TestSignIn(t *testing.T) {
	d := begin(t)
	for range 2 {
		if got := d.signIn(false); got != (ended{d.op.URL + " 248289761001", "ann@example.com", true, nil}) {
			t.Errorf("%+v", got)
		}
		if got := d.signIn(true); got.err != nil {
			t.Errorf("signed in anew: %v", got.err)
		}
	}
	if n := d.op.Times("/.well-known/openid-configuration"); n != 1 {
		t.Errorf("the provider is asked about itself %d times", n)
	}
	if n := d.op.Times("/keys"); n != 1 {
		t.Errorf("the provider is asked for its keys %d times", n)
	}
}

// What a browser is sent away with is used once: nothing in it is the same the next time, and what is secret is not in it.
func TestBegin(t *testing.T) {
	d := begin(t)
	seen := map[string]bool{}
	for _, again := range []bool{false, true} {
		address, keep, err := d.oidc.Begin(t.Context(), back, again)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		for _, x := range []string{"state", "nonce", "code_challenge"} {
			if len(q.Get(x)) < 26 || seen[q.Get(x)] {
				t.Errorf("%s is %q", x, q.Get(x))
			}
			seen[q.Get(x)] = true
		}
		var kept map[string]any
		if err := json.Unmarshal([]byte(keep), &kept); err != nil || kept["state"] != q.Get("state") || kept["nonce"] != q.Get("nonce") {
			t.Errorf("%s is kept of %s: %v", keep, address, err)
		}
		if verifier, _ := kept["verifier"].(string); len(verifier) < 43 || strings.Contains(address, verifier) || strings.Contains(address, "secret") {
			t.Errorf("a secret is in %s", address)
		}
		if got := q.Get("prompt") == "login" && q.Get("max_age") == "0"; got != again {
			t.Errorf("again %v: %s", again, address)
		}
		if q.Get("scope") != "openid email" || q.Get("redirect_uri") != back || q.Get("code_challenge_method") != "S256" {
			t.Errorf("%s", address)
		}
	}
}

// Whatever is wrong with an answer, nobody is signed in.
func TestWrongAnswers(t *testing.T) {
	d := begin(t)
	claim := func(name string, value any) func(*op.Answers) {
		return func(a *op.Answers) { a.Alter = func(_, claims map[string]any) { claims[name] = value } }
	}
	without := func(name string) func(*op.Answers) {
		return func(a *op.Answers) { a.Alter = func(_, claims map[string]any) { delete(claims, name) } }
	}
	at := d.at.Unix()
	for _, c := range []struct {
		name  string
		wrong func(*op.Answers)
	}{
		{"another nonce", claim("nonce", "another")},
		{"no nonce", without("nonce")},
		{"another issuer", claim("iss", "https://evil.example")},
		{"no issuer", without("iss")},
		{"another audience", claim("aud", "another")},
		{"no audience", without("aud")},
		{"two audiences, and for whom is not said", claim("aud", []string{op.Client, "another"})},
		{"for another program", claim("azp", "another")},
		{"expired", claim("exp", at-61)},
		{"without an end", without("exp")},
		{"not yet", claim("nbf", at+301)},
		{"made in the future", claim("iat", at+61)},
		{"nobody", without("sub")},
		{"an empty name", claim("sub", "")},
		{"signed by another key", func(a *op.Answers) { a.Key = op.Other() }},
		{"signed by an unknown key", func(a *op.Answers) {
			a.Key = op.Other()
			a.Alter = func(head, _ map[string]any) { head["kid"] = "two" }
		}},
		{"signed by nobody", func(a *op.Answers) { a.Key = nil }},
		{"the algorithm none", func(a *op.Answers) {
			a.Key = nil
			a.Alter = func(head, _ map[string]any) { head["alg"] = "none" }
		}},
		{"the algorithm None", func(a *op.Answers) {
			a.Key = nil
			a.Alter = func(head, _ map[string]any) { head["alg"] = "None" }
		}},
		{"one secret key for both", func(a *op.Answers) { a.Alter = func(head, _ map[string]any) { head["alg"] = "HS256" } }},
		{"a key in the token itself", func(a *op.Answers) {
			a.Key = op.Other()
			a.Alter = func(head, _ map[string]any) {
				delete(head, "kid")
				head["jwk"] = map[string]any{"kty": "RSA", "n": "AQAB", "e": "AQAB"}
			}
		}},
		{"no token", func(a *op.Answers) {
			a.Instead["/token"] = func(w http.ResponseWriter, _ *http.Request) {
				op.Answer(w, http.StatusOK, map[string]any{"access_token": "a", "token_type": "Bearer"})
			}
		}},
		{"no token but words", func(a *op.Answers) {
			a.Instead["/token"] = func(w http.ResponseWriter, _ *http.Request) {
				op.Answer(w, http.StatusOK, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": "words"})
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := begin(t)
			d.op.Set(c.wrong)
			if got := d.signIn(false); !errors.Is(got.err, fact.ErrDenied) {
				t.Errorf("%+v", got)
			}
		})
	}
	// A little is forgiven to clocks, and no more.
	for _, right := range []func(*op.Answers){claim("exp", at-59), claim("iat", at+59), claim("iat", at-3600), claim("aud", []string{op.Client}), claim("azp", op.Client)} {
		d := begin(t)
		d.op.Set(right)
		if got := d.signIn(false); got.err != nil {
			t.Error(got.err)
		}
	}
}

// What comes back counts for the browser that was sent away, once, and for a while.
func TestWrongReturns(t *testing.T) {
	d := begin(t)
	keep, query := d.away(false)
	other, _ := d.away(false)
	with := func(name, value string) url.Values {
		q := maps.Clone(query)
		q.Set(name, value)
		return q
	}
	for _, c := range []struct {
		name, keep string
		query      url.Values
	}{
		{"nothing was begun", "", query},
		{"what is kept is not ours", "{}", query},
		{"what is kept has no state", fmt.Sprintf(`{"at":%d}`, d.at.Unix()), url.Values{"code": {"c"}}},
		{"another browser began it", other, query},
		{"no state", keep, with("state", "")},
		{"another state", keep, with("state", "another")},
		{"nothing", keep, url.Values{}},
		{"from another provider", keep, with("iss", "https://evil.example")},
		{"an error with another state", keep, url.Values{"state": {"another"}, "error": {"server_error"}}},
	} {
		if got := d.end(c.keep, c.query); !errors.Is(got.err, fact.ErrDenied) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if n := d.op.Times("/token"); n != 0 {
		t.Errorf("a code was sent to the provider %d times", n)
	}
	if got := d.end(keep, with("code", "guessed")); !errors.Is(got.err, fact.ErrDenied) {
		t.Errorf("a guessed code: %+v", got)
	}
	if got := d.end(keep, with("iss", d.op.URL)); got.err != nil {
		t.Errorf("the right one: %v", got.err)
	}
	if got := d.end(keep, query); !errors.Is(got.err, fact.ErrDenied) {
		t.Errorf("a second time: %+v", got)
	}

	// The code of one sign-in is no good in another, though its state be right: PKCE.
	mine, mineBack := d.away(false)
	_, theirs := d.away(false)
	mineBack.Set("code", theirs.Get("code"))
	if got := d.end(mine, mineBack); !errors.Is(got.err, fact.ErrDenied) {
		t.Errorf("a code of somebody else: %+v", got)
	}

	keep, query = d.away(false)
	d.at = d.at.Add(15*time.Minute + time.Second)
	if got := d.end(keep, query); !errors.Is(got.err, fact.ErrDenied) {
		t.Errorf("much later: %+v", got)
	}
}

// An email address counts as somebody's own where the provider says so.
func TestEmail(t *testing.T) {
	for _, c := range []struct {
		email, verified any
		trust           bool
		want            bool
	}{
		{"ann@example.com", true, false, true},
		{"ann@example.com", "true", false, true},
		{"ann@example.com", false, false, false},
		{"ann@example.com", "false", false, false},
		{"ann@example.com", nil, false, false},
		{"ann@example.com", nil, true, true},
		{"ann@example.com", false, true, false}, // what is said counts, whoever is trusted
		{"ann@example.com", "false", true, false},
		{"ann@example.com", 1, true, false},
		{nil, true, true, false},
		{nil, nil, true, false},
	} {
		d := begin(t, func(s *reach.Settings) { s.TrustEmail = c.trust })
		d.op.Set(func(a *op.Answers) {
			a.Person = map[string]any{"sub": "1"}
			if c.email != nil {
				a.Person["email"] = c.email
			}
			if c.verified != nil {
				a.Person["email_verified"] = c.verified
			}
		})
		if got := d.signIn(false); got.err != nil || got.verified != c.want || got.subject != d.op.URL+" 1" {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// Who is asked to prove again who they are must have done it since they were asked.
func TestAgain(t *testing.T) {
	d := begin(t)
	if got := d.signIn(true); got.err != nil {
		t.Errorf("just now: %v", got.err)
	}
	d.op.Set(func(a *op.Answers) { a.Stale = true })
	if got := d.signIn(false); got.err != nil {
		t.Errorf("it was not asked for: %v", got.err)
	}
	if got := d.signIn(true); !errors.Is(got.err, fact.ErrDenied) {
		t.Errorf("an hour ago: %+v", got)
	}
	for _, c := range []struct {
		proved any
		right  bool
	}{
		{nil, false}, {d.at.Unix() - 61, false}, {d.at.Unix() - 60, true}, {float64(d.at.Unix()) + 0.5, true}, {"now", false}, {0, false},
	} {
		d.op.Set(func(a *op.Answers) { a.Alter = func(_, claims map[string]any) { claims["auth_time"] = c.proved } })
		if got := d.signIn(true); (got.err == nil) != c.right || got.err != nil && !errors.Is(got.err, fact.ErrDenied) {
			t.Errorf("%v: %+v", c.proved, got)
		}
	}
}

// A provider says that somebody was not signed in, or that it cannot answer; these are two things.
func TestErrorsOfTheProvider(t *testing.T) {
	d := begin(t)
	for _, c := range []struct {
		code   string
		denied bool
	}{
		{"access_denied", true}, {"login_required", true}, {"consent_required", true}, {"server_error", false}, {"temporarily_unavailable", false},
		{"invalid_request", false}, {"unauthorized_client", false}, {strings.Repeat("x", 10_000), false},
	} {
		d.op.Set(func(a *op.Answers) { a.Refuse = c.code })
		if got := d.signIn(false); got.err == nil || errors.Is(got.err, fact.ErrDenied) != c.denied || len(got.err.Error()) > 300 {
			t.Errorf("%.30s: %v", c.code, got.err)
		}
	}
	for name, change := range map[string]func(*op.Answers){
		"no keys": func(a *op.Answers) { a.Instead["/keys"] = http.NotFound },
		"broken keys": func(a *op.Answers) {
			a.Instead["/keys"] = func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{")) }
		},
		"no tokens": func(a *op.Answers) { a.Instead["/token"] = http.NotFound },
		"it fails": func(a *op.Answers) {
			a.Instead["/token"] = func(w http.ResponseWriter, _ *http.Request) {
				op.Answer(w, 503, map[string]string{"error": "server_error"})
			}
		},
		"another secret": func(a *op.Answers) {
			a.Instead["/token"] = func(w http.ResponseWriter, _ *http.Request) {
				op.Answer(w, 401, map[string]string{"error": "invalid_client"})
			}
		},
		"it hangs up": func(a *op.Answers) {
			a.Instead["/token"] = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		},
		"too much": func(a *op.Answers) {
			a.Instead["/keys"] = func(w http.ResponseWriter, _ *http.Request) {
				op.Answer(w, 200, map[string]any{"keys": []any{}, "more": strings.Repeat("x", 2<<20)})
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := begin(t)
			d.op.Set(change)
			if got := d.signIn(false); got.err == nil || errors.Is(got.err, fact.ErrDenied) || len(got.err.Error()) > 500 {
				t.Errorf("%+v", got)
			}
			d.op.Set(func(a *op.Answers) { clear(a.Instead) })
			if got := d.signIn(false); got.err != nil {
				t.Errorf("once it is well again: %v", got.err)
			}
		})
	}
}

// The keys of a provider change; the new ones are fetched when the first token comes that they signed.
func TestKeysChange(t *testing.T) {
	d := begin(t)
	d.op.Set(func(a *op.Answers) {
		a.Instead["/keys"] = func(w http.ResponseWriter, _ *http.Request) { op.Answer(w, 200, map[string]any{"keys": []any{}}) }
	})
	if got := d.signIn(false); !errors.Is(got.err, fact.ErrDenied) {
		t.Errorf("%+v", got)
	}
	d.op.Set(func(a *op.Answers) { clear(a.Instead) })
	if got := d.signIn(false); got.err != nil {
		t.Error(got.err)
	}
}

// A provider that is down keeps nobody waiting, and is found again.
func TestProviderDown(t *testing.T) {
	d := begin(t)
	const about = "/.well-known/openid-configuration"
	d.op.Set(func(a *op.Answers) { a.Instead[about] = http.NotFound })
	for range 3 {
		if _, _, err := d.oidc.Begin(t.Context(), back, false); err == nil || errors.Is(err, fact.ErrDenied) {
			t.Errorf("%v", err)
		}
	}
	if n := d.op.Times(about); n != 3 {
		t.Errorf("it is tried %d times", n)
	}
	d.op.Set(func(a *op.Answers) { clear(a.Instead) })
	d.at = d.at.Add(6 * time.Second)
	if got := d.signIn(false); got.err != nil {
		t.Error(got.err)
	}
	d.op.Close()
	keep := fmt.Sprintf(`{"state":"s","nonce":"n","verifier":"v","at":%d}`, d.at.Unix())
	if got := d.end(keep, url.Values{"state": {"s"}, "code": {"c"}}); got.err == nil || errors.Is(got.err, fact.ErrDenied) {
		t.Errorf("gone: %+v", got)
	}

	// One failure in between is not noticed.
	d = begin(t)
	d.op.Set(func(a *op.Answers) {
		n := 0
		a.Instead[about] = func(w http.ResponseWriter, _ *http.Request) {
			if n++; n == 1 {
				http.Error(w, "not now", http.StatusServiceUnavailable)
				return
			}
			op.Answer(w, 200, d.op.About(nil))
		}
	})
	if got := d.signIn(false); got.err != nil {
		t.Error(got.err)
	}
}

// What a provider says of itself is believed where it is the provider that was named, and leads nobody over an open line.
func TestWhatAProviderSaysOfItself(t *testing.T) {
	const about = "/.well-known/openid-configuration"
	leaked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leaked++ }))
	defer elsewhere.Close()
	for _, c := range []map[string]any{
		{"issuer": "https://evil.example"}, {"issuer": ""}, {"token_endpoint": "http://login.example.com/token"}, {"authorization_endpoint": "javascript:alert(1)"},
		{"jwks_uri": ""}, {"token_endpoint": "//evil.example/"}, {"authorization_endpoint": "ftp://evil.example/"}, {"issuer": strings.Repeat("x", 2<<20)},
	} {
		d := begin(t)
		d.op.Set(func(a *op.Answers) {
			a.Instead[about] = func(w http.ResponseWriter, _ *http.Request) { op.Answer(w, 200, d.op.About(c)) }
		})
		if address, _, err := d.oidc.Begin(t.Context(), back, false); err == nil || len(err.Error()) > 500 {
			t.Errorf("%.60v: %s %v", c, address, err)
		}
	}
	for _, path := range []string{about, "/token", "/keys"} {
		d := begin(t)
		d.op.Set(func(a *op.Answers) {
			a.Instead[path] = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere.URL+path, http.StatusTemporaryRedirect)
			}
		})
		address, keep, err := d.oidc.Begin(t.Context(), back, false)
		if path != about {
			if err != nil {
				t.Fatal(err)
			}
			to, _, _ := op.Visit(address)
			u, _ := url.Parse(to)
			err = d.end(keep, u.Query()).err
		}
		if err == nil || errors.Is(err, fact.ErrDenied) {
			t.Errorf("%s sends on: %v", path, err)
		}
	}
	if leaked > 0 {
		t.Errorf("another host was asked %d times", leaked)
	}

	// The secret goes as the provider wants it.
	for _, c := range []struct {
		takes []string
		form  bool
	}{{nil, false}, {[]string{"client_secret_basic"}, false}, {[]string{"client_secret_post"}, true}, {[]string{"client_secret_basic", "client_secret_post"}, true}} {
		d := begin(t)
		inForm := false
		d.op.Set(func(a *op.Answers) {
			a.Instead[about] = func(w http.ResponseWriter, _ *http.Request) {
				op.Answer(w, 200, d.op.About(map[string]any{"token_endpoint_auth_methods_supported": c.takes}))
			}
			a.Instead["/token"] = func(w http.ResponseWriter, r *http.Request) {
				inForm = r.PostFormValue("client_secret") == op.Secret
				http.Error(w, "", http.StatusServiceUnavailable)
			}
		})
		d.signIn(false)
		if inForm != c.form {
			t.Errorf("%v: in the form %v", c.takes, inForm)
		}
	}
}

func TestSettings(t *testing.T) {
	right := reach.Settings{Issuer: "https://login.microsoftonline.com/8f4c6a2e-0000-4000-8000-000000000000/v2.0", Client: "c", Secret: "s", Name: "Microsoft", TrustEmail: true, Now: time.Now}
	if o, err := reach.NewOIDC(right); err != nil || o.Name() != "Microsoft" {
		t.Error(err)
	}
	for name, change := range map[string]func(*reach.Settings){
		"an open line":            func(s *reach.Settings) { s.Issuer = "http://login.example.com" },
		"no address":              func(s *reach.Settings) { s.Issuer = "login.example.com" },
		"a name in the address":   func(s *reach.Settings) { s.Issuer = "https://ann@login.example.com" },
		"a question":              func(s *reach.Settings) { s.Issuer = "https://login.example.com/?x" },
		"no client":               func(s *reach.Settings) { s.Client = "" },
		"no secret":               func(s *reach.Settings) { s.Secret = "" },
		"no name":                 func(s *reach.Settings) { s.Name = "" },
		"everybody, at Google":    func(s *reach.Settings) { s.Issuer = "https://accounts.google.com" },
		"everybody, at Microsoft": func(s *reach.Settings) { s.Issuer = "https://login.microsoftonline.com/common/v2.0" },
	} {
		s := right
		change(&s)
		if _, err := reach.NewOIDC(s); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
