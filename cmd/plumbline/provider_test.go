package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plumbline/internal/reach/op"
)

// The whole way: a browser goes to a provider and comes back, over HTTP. The program starts while the provider is down, and says so.
func TestServeWithProvider(t *testing.T) {
	dir := t.TempDir()
	record, secret := filepath.Join(dir, "c.db"), filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte(op.Secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := new(output)
	if code := (&app{ctx: t.Context(), out: said, err: said, now: time.Now, columns: 100}).run([]string{"init", record}); code != exitOK {
		t.Fatal(said)
	}
	provider := op.New(time.Now, map[string]any{"sub": "ann-there", "email": "ann@example.com", "email_verified": true})
	defer provider.Close()
	provider.Set(func(a *op.Answers) { a.Instead["/.well-known/openid-configuration"] = http.NotFound })
	site, said, end := started(t, "serve", record, "--addr", "127.0.0.1:0", "--oidc-issuer", provider.URL, "--oidc-client", op.Client, "--oidc-secret-file", secret, "--oidc-name", "Example Cloud")
	until := func(what string, f func() bool) {
		t.Helper()
		for n := 0; !f(); n++ {
			if n == 100 {
				t.Fatalf("%s:\n%s", what, said)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	until("it does not say that the provider is down", func() bool { return strings.Contains(said.String(), "nobody can sign in with Example Cloud yet") })
	if !strings.Contains(said.String(), site+"/sign-in/back\n") || strings.Contains(said.String(), op.Secret) {
		t.Errorf("it says:\n%s", said)
	}
	welcome(t, visitor(t), said)

	provider.Set(func(a *op.Answers) { clear(a.Instead) })
	ann := visitor(t)
	until("the provider is not found again", func() bool {
		r, err := ann.Get(site + "/sign-in/with?to=/account")
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.StatusCode == http.StatusOK && r.Request.URL.Path == "/account"
	})
	if !strings.Contains(fetch(t, ann, site+"/"), "nothing in this record yet") {
		t.Error("she is not signed in")
	}
	if code := end(); code != exitOK {
		t.Errorf("the server ended with %d", code)
	}
}
