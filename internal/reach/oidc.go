package reach

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"plumbline/internal/fact"
)

// How long what has to do with signing in lasts.
const (
	skew        = time.Minute      // by which the provider's clock may differ from ours
	signInLasts = 15 * time.Minute // from when somebody is sent to the provider until they are back
	tryWithin   = 3 * time.Second  // one try to learn what the provider says of itself
	tries       = 3
	triesApart  = 250 * time.Millisecond
	sulks       = 5 * time.Second // after which a provider that did not answer is asked again
)

// Settings say where people sign in, and what this program is called there.
type Settings struct {
	Issuer string // as the provider writes it: "https://accounts.google.com"
	Client string // what the provider calls this program
	Secret string
	Name   string // as people know the provider: "Microsoft"

	// TrustEmail takes an email address for the person's own where the provider does not say whether it is. That is so where the council itself
	// gives out the addresses: at an issuer that is the council's alone. Anywhere else somebody could enter the address of another.
	TrustEmail bool

	Now   func() time.Time
	Proxy func(*http.Request) (*url.URL, error) // nil is none
}

// OIDC is an OpenID Connect provider, as web wants it. It may be used from any goroutine.
type OIDC struct {
	Settings
	client *http.Client

	mu     sync.Mutex // held while the provider is asked about itself
	met    *provider
	failed error // why it could not be asked the last time, and when that was
	at     time.Time
}

// provider is what a provider says of itself.
type provider struct {
	endpoint oauth2.Endpoint
	keys     oidc.KeySet
}

// everybody lists issuers at which anybody can have an account, as they begin.
var everybody = []string{
	"https://accounts.google.com", "https://login.microsoftonline.com/common", "https://login.microsoftonline.com/organizations",
	"https://login.microsoftonline.com/consumers", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad",
}

// NewOIDC makes the provider that settings describe. It asks nobody anything: the provider may be down when the program starts. It is a
// fact.ErrInvalid where the settings cannot be used.
func NewOIDC(s Settings) (*OIDC, error) {
	switch {
	case s.Client == "" || s.Secret == "" || s.Name == "":
		return nil, fmt.Errorf("the provider needs a client, a secret and a name: %w", fact.ErrInvalid)
	case !Private(s.Issuer) || strings.ContainsAny(s.Issuer, "?# "):
		return nil, fmt.Errorf("the issuer %q is not an address of the form https://login.example.gov.uk: %w", s.Issuer, fact.ErrInvalid)
	case s.TrustEmail && slices.ContainsFunc(everybody, func(begins string) bool { return strings.HasPrefix(strings.ToLower(s.Issuer), begins) }):
		return nil, fmt.Errorf("anybody can have an account at %s, so an email address that it does not vouch for cannot be trusted: %w", s.Issuer, fact.ErrInvalid)
	}
	return &OIDC{Settings: s, client: newClient(s.Proxy)}, nil
}

// Name is what people call the provider.
func (o *OIDC) Name() string { return o.Settings.Name }

// denied says that what came back is not what was begun.
func denied(format string, a ...any) error {
	return fmt.Errorf("end sign-in: "+format+": %w", append(a, fact.ErrDenied)...)
}

// begun is what is kept of a sign-in until the browser is back.
type begun struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"` // of PKCE
	Again    bool   `json:"again,omitempty"`
	At       int64  `json:"at"` // Unix seconds
}

// Begin gives the address to which a browser is sent to sign in and from which it comes to back, and what is to be kept until then, for End alone. With
// again the provider asks anew whoever is signed in there already. It fails where the provider cannot be asked what its address is.
func (o *OIDC) Begin(ctx context.Context, back string, again bool) (address, keep string, err error) {
	p, err := o.provider(ctx)
	if err != nil {
		return "", "", err
	}
	b := begun{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Again: again, At: o.Now().Unix()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier)}
	if again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	k, err := json.Marshal(b)
	return o.as(p, back).AuthCodeURL(b.State, options...), string(k), err
}

// as is this program as the provider knows it.
func (o *OIDC) as(p *provider, back string) *oauth2.Config {
	return &oauth2.Config{ClientID: o.Client, ClientSecret: o.Secret, Endpoint: p.endpoint, RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, oidc.ScopeEmail}}
}

// refusals are the errors with which a provider says that this person did not sign in. Any other is a fault of the provider or of how it was set up.
var refusals = []string{"access_denied", "login_required", "interaction_required", "consent_required", "account_selection_required"}

// End gives who came back with a query: a subject that is theirs for ever, an email address, which may be missing, and whether it is known to be their
// own. It is a fact.ErrDenied where what came back is not what was begun, or nobody was signed in; any other error says that the provider could not be asked.
func (o *OIDC) End(ctx context.Context, back, keep string, query url.Values) (subject, email string, verified bool, err error) {
	var b begun
	err = json.Unmarshal([]byte(keep), &b)
	began, now := time.Unix(b.At, 0), o.Now()
	switch from := query.Get("iss"); {
	case err != nil || b.State == "":
		return "", "", false, denied("none was begun")
	case query.Get("state") != b.State:
		return "", "", false, denied("it is not the one that was begun")
	case now.Sub(began) > signInLasts:
		return "", "", false, denied("it was begun too long ago")
	case from != "" && from != o.Issuer:
		return "", "", false, denied("it comes from another provider, %.100q", from)
	}
	if code := query.Get("error"); slices.Contains(refusals, code) {
		return "", "", false, denied("the provider says %s", code)
	} else if code != "" {
		return "", "", false, fmt.Errorf("end sign-in: the provider says %.100q", code)
	}
	p, err := o.provider(ctx)
	if err != nil {
		return "", "", false, err
	}
	raw, err := o.exchange(ctx, p, back, query.Get("code"), b.Verifier)
	if err != nil {
		return "", "", false, err
	}
	return o.read(ctx, p, b, raw)
}

// exchange gives the ID token for a code, which is good once.
func (o *OIDC) exchange(ctx context.Context, p *provider, back, code, verifier string) (string, error) {
	token, err := o.as(p, back).Exchange(oidc.ClientContext(ctx, o.client), code, oauth2.VerifierOption(verifier))
	if r := (*oauth2.RetrieveError)(nil); errors.As(err, &r) { // what else it says may name somebody
		if r.ErrorCode == "invalid_grant" {
			return "", denied("the provider does not know the code, or it was used")
		}
		return "", fmt.Errorf("end sign-in: the provider answers %s, %.100q", r.Response.Status, r.ErrorCode)
	}
	if err != nil {
		return "", fmt.Errorf("end sign-in: %.300v", err)
	}
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return "", denied("the provider does not say who it is")
	}
	return raw, nil
}

// signedWith are the algorithms of signatures that are believed: with two keys, of which the provider alone has the secret one.
var signedWith = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// read reads an ID token, and believes it where it is signed by the provider, for this program, for this sign-in and for now.
func (o *OIDC) read(ctx context.Context, p *provider, b begun, raw string) (subject, email string, verified bool, err error) {
	now := o.Now()
	k := &keys{KeySet: p.keys}
	id, err := oidc.NewVerifier(o.Issuer, k, &oidc.Config{ClientID: o.Client, SupportedSigningAlgs: signedWith, Now: func() time.Time { return now.Add(-skew) }}).Verify(ctx, raw)
	switch {
	case k.failed != nil:
		return "", "", false, fmt.Errorf("end sign-in: the provider does not give its keys: %.300v", k.failed)
	case err != nil:
		return "", "", false, denied("%.300v", err)
	}
	var c struct {
		Email    string   `json:"email"`
		Verified any      `json:"email_verified"` // some write it as text
		For      string   `json:"azp"`
		Proved   *float64 `json:"auth_time"` // Unix seconds
	}
	if err := id.Claims(&c); err != nil {
		return "", "", false, denied("%.300v", err)
	}
	switch {
	case id.Nonce == "" || id.Nonce != b.Nonce:
		return "", "", false, denied("the token is of another sign-in")
	case c.For != "" && c.For != o.Client || c.For == "" && len(id.Audience) > 1:
		return "", "", false, denied("the token is for another program")
	case id.IssuedAt.After(now.Add(skew)):
		return "", "", false, denied("the token is of a time to come, %s", id.IssuedAt.UTC().Format(time.RFC3339))
	case id.Subject == "":
		return "", "", false, denied("the token names nobody")
	case b.Again && c.Proved == nil:
		return "", "", false, denied("the provider was asked to sign in anew, and does not say when that was (auth_time)")
	case b.Again && *c.Proved < float64(time.Unix(b.At, 0).Add(-skew).Unix()):
		return "", "", false, denied("the provider was asked to sign in anew, and did not")
	}
	switch c.Verified {
	case true, "true":
		verified = true
	case nil:
		verified = o.TrustEmail
	}
	return o.Issuer + " " + id.Subject, c.Email, verified && c.Email != "", nil
}

// keys are the provider's, and why they could not be fetched, which is another thing than that none of them signed a token.
type keys struct {
	oidc.KeySet
	failed error
}

// VerifySignature is what the library asks.
func (k *keys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	b, err := k.KeySet.VerifySignature(ctx, token)
	k.failed = errors.Unwrap(err) // the library wraps why it has no keys, and wraps nothing else
	return b, err
}

// provider gives what the provider says of itself, which it is asked the first time that somebody wants to sign in. Others wait meanwhile; the
// asking goes on when the one who wanted it has gone.
func (o *OIDC) provider(ctx context.Context) (*provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.met != nil {
		return o.met, nil
	}
	if o.failed != nil && o.Now().Sub(o.at) < sulks {
		return nil, o.failed
	}
	ctx = oidc.ClientContext(context.WithoutCancel(ctx), o.client)
	for n := range tries {
		if n > 0 {
			time.Sleep(triesApart)
		}
		if o.met, o.failed = o.meet(ctx); o.failed == nil {
			return o.met, nil
		}
	}
	o.at = o.Now()
	return nil, o.failed
}

// meet asks the provider about itself, once.
func (o *OIDC) meet(ctx context.Context) (*provider, error) {
	trying, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	p, err := oidc.NewProvider(trying, o.Issuer)
	if err != nil {
		return nil, fmt.Errorf("ask the provider about itself: %.300v", err)
	}
	var says struct {
		Keys    string   `json:"jwks_uri"`
		Secrets []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := p.Claims(&says); err != nil {
		return nil, fmt.Errorf("ask the provider about itself: %.300v", err)
	}
	e := p.Endpoint()
	for _, address := range []string{e.AuthURL, e.TokenURL, says.Keys} {
		if !Private(address) {
			return nil, fmt.Errorf("ask the provider about itself: its address %.100q is not one of https", address)
		}
	}
	// Both big providers take the secret in the form. The standard's default, in the header, is for who does not say.
	if e.AuthStyle = oauth2.AuthStyleInHeader; slices.Contains(says.Secrets, "client_secret_post") {
		e.AuthStyle = oauth2.AuthStyleInParams
	}
	return &provider{e, oidc.NewRemoteKeySet(ctx, says.Keys)}, nil
}

// Check asks the provider about itself where nobody has, so that what is wrong with the settings is known before somebody wants to sign in.
func (o *OIDC) Check(ctx context.Context) error {
	_, err := o.provider(ctx)
	return err
}
