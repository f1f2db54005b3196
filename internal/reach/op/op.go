// Package op is a small OpenID Connect provider for tests: it speaks HTTP and signs for true, is as strict as a good one, and does wrong
// what a test asks it to. The program does not use it.
package op

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"
)

// What this provider calls the program.
const (
	Client = "plumbline"
	Secret = "a secret: with / signs & +"
)

// Answers is what a provider answers, which a test may change at any time.
type Answers struct {
	Person map[string]any // what is said of whoever signs in: "sub", "email", "email_verified"
	Refuse string         // the error with which everybody is sent back
	Stale  bool           // it signs in nobody anew: that was an hour ago
	Alter  func(head, claims map[string]any)
	Key    *rsa.PrivateKey // that signs; nil signs nothing

	// Instead answers at a path, as "/token", in place of the provider.
	Instead map[string]http.HandlerFunc
}

// Provider is a provider that runs until the test ends.
type Provider struct {
	*httptest.Server
	now func() time.Time

	mu      sync.Mutex
	answers Answers
	codes   map[string]url.Values // that were given out and not used, and what was asked for with each
	asked   map[string]int        // how often each path was
}

// Key and Other are two keys, of which the provider publishes the first.
var Key, Other = sync.OnceValue(newKey), sync.OnceValue(newKey)

func newKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // it never fails
	}
	return k
}

// New starts a provider at which a person has signed in. Close ends it.
func New(now func() time.Time, person map[string]any) *Provider {
	p := &Provider{now: now, answers: Answers{Person: person, Key: Key(), Instead: map[string]http.HandlerFunc{}}, codes: map[string]url.Values{}, asked: map[string]int{}}
	p.Server = httptest.NewServer(p)
	return p
}

// Set changes what is answered from now on.
func (p *Provider) Set(change func(*Answers)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.answers)
}

// Times says how often a path was asked for.
func (p *Provider) Times(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

// Visit does what a browser does that is sent to sign in: it gives the address to which it is sent back, or "" with what the provider says instead.
func Visit(address string) (back, says string, err error) {
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := c.Get(address)
	if err != nil {
		return "", "", err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return r.Header.Get("Location"), string(b), err
}

// ServeHTTP answers one request.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[r.URL.Path]++
	if instead := p.answers.Instead[r.URL.Path]; instead != nil {
		instead(w, r)
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		Answer(w, http.StatusOK, p.about())
	case "/keys":
		k := Key().PublicKey
		Answer(w, http.StatusOK, map[string]any{"keys": []any{map[string]string{"kty": "RSA", "use": "sig", "kid": "one", "n": text(k.N.Bytes()), "e": text(big.NewInt(int64(k.E)).Bytes())}}})
	case "/authorize":
		p.authorize(w, r)
	case "/token":
		p.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

// about is what the provider says of itself.
func (p *Provider) about() map[string]any {
	return map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"},
		"code_challenge_methods_supported": []string{"S256"}, "token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
	}
}

// About is what the provider says of itself, with some of it changed.
func (p *Provider) About(change map[string]any) map[string]any {
	all := p.about()
	maps.Copy(all, change)
	return all
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != Client || err != nil || !strings.HasSuffix(back.Path, "/sign-in/back"):
		http.Error(w, "no such program", http.StatusBadRequest)
		return
	case q.Get("response_type") != "code" || !strings.Contains(" "+q.Get("scope")+" ", " openid ") || q.Get("state") == "" || q.Get("nonce") == "",
		q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		http.Error(w, "not a request of OpenID Connect", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	if p.answers.Refuse != "" {
		answer.Set("error", p.answers.Refuse)
	} else {
		code := rand.Text()
		p.codes[code] = q
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound) // #nosec G710 -- a provider for tests alone leads back where a client of the test asks
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	if cmp.Or(id, r.PostFormValue("client_id")) != Client || cmp.Or(secret, r.PostFormValue("client_secret")) != Secret {
		Answer(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	q, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || r.PostFormValue("grant_type") != "authorization_code" || r.PostFormValue("redirect_uri") != q.Get("redirect_uri") || text(challenge[:]) != q.Get("code_challenge") {
		Answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "no good for ann@example.com"})
		return
	}
	now := p.now().Unix()
	claims := map[string]any{"iss": p.URL, "aud": Client, "iat": now, "exp": now + 300, "nonce": q.Get("nonce")}
	maps.Copy(claims, p.answers.Person)
	if q.Has("max_age") {
		claims["auth_time"] = now
		if p.answers.Stale {
			claims["auth_time"] = now - 3600
		}
	}
	Answer(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300, "id_token": p.signed(claims)})
}

// signed makes a token, altered as the test wants it.
func (p *Provider) signed(claims map[string]any) string {
	head := map[string]any{"alg": "RS256", "typ": "JWT", "kid": "one"}
	if p.answers.Alter != nil {
		p.answers.Alter(head, claims)
	}
	h, _ := json.Marshal(head)
	c, _ := json.Marshal(claims)
	token := text(h) + "." + text(c)
	if p.answers.Key == nil {
		return token + "."
	}
	sum := sha256.Sum256([]byte(token))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.answers.Key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // it never fails with these keys
	}
	return token + "." + text(signature)
}

// Answer writes JSON.
func Answer(w http.ResponseWriter, status int, what any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(what) // whoever asked may have gone
}

func text(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
