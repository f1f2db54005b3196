package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/reach"
)

// providerFlags say where people sign in with an account that they have already.
type providerFlags struct {
	Issuer     string `placeholder:"ADDRESS" help:"People can sign in with an account that they have there, by OpenID Connect. ADDRESS is the issuer, as the provider writes it: https://accounts.google.com. docs/operate.md says how to set it up."`
	Client     string `placeholder:"ID" help:"What the provider calls this program: its client ID."`
	SecretFile string `placeholder:"FILE" help:"A file that holds the client secret and nothing else, and that nobody else can read."`
	Name       string `placeholder:"NAME" help:"What people call the provider: Microsoft. It is on the button."`
	TrustEmail bool   `help:"Find somebody's account the first time by an email address that the provider does not say is theirs. Only where the issuer is the council's alone and the council gives out the addresses, as with Microsoft Entra ID for one organisation."`
}

// maxSecret is how long a client secret may be, in bytes.
const maxSecret = 4096

// provider gives the provider that the flags describe, or nil where there are none. site is the address under which people reach the program, or nil on
// this computer alone.
func (f providerFlags) provider(a *app, site *url.URL) (*reach.OIDC, error) {
	if f == (providerFlags{}) {
		return nil, nil
	}
	var missing []string
	for _, x := range []struct{ flag, value string }{{"--oidc-issuer", f.Issuer}, {"--oidc-client", f.Client}, {"--oidc-secret-file", f.SecretFile}, {"--oidc-name", f.Name}} {
		if x.value == "" {
			missing = append(missing, x.flag)
		}
	}
	switch {
	case len(missing) > 0:
		return nil, fmt.Errorf("to let people sign in with an account elsewhere, say also %s: %w", strings.Join(missing, " and "), fact.ErrInvalid)
	case site != nil && !reach.Private(site.String()):
		return nil, fmt.Errorf("people sign in with an account elsewhere over https alone: put a server before the program that speaks TLS, and say --url https://%s: %w", site.Host, fact.ErrInvalid)
	}
	secret, err := readSecret(f.SecretFile)
	if err != nil {
		return nil, err
	}
	return reach.NewOIDC(reach.Settings{
		Issuer: f.Issuer, Client: f.Client, Secret: secret, Name: f.Name, TrustEmail: f.TrustEmail,
		Now: a.now, Proxy: http.ProxyFromEnvironment,
	})
}

// readSecret reads a file that holds one secret. One that other people of the machine could read is refused.
func readSecret(path string) (string, error) {
	f, err := os.Open(path) // #nosec G304 -- a file named on the command line, read with the rights of whoever names it
	if err != nil {
		return "", fmt.Errorf("read the client secret: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("read the client secret: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("read the client secret: others on this machine can read or change %s (its mode is %04o); say: chmod 600 %s: %w", path, info.Mode().Perm(), path, fact.ErrDenied)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return "", fmt.Errorf("read the client secret: %w", err)
	}
	secret := strings.TrimSpace(string(b))
	if secret == "" || len(b) > maxSecret || strings.ContainsAny(secret, "\r\n") {
		return "", fmt.Errorf("read the client secret: %s is to hold the secret in one line, and nothing else: %w", path, fact.ErrInvalid)
	}
	return secret, nil
}

// checkProvider says in the log where the provider cannot be reached or is not as the flags say. Nobody waits for it.
func checkProvider(ctx context.Context, p *reach.OIDC, log *slog.Logger) {
	if err := p.Check(ctx); err != nil && ctx.Err() == nil {
		log.Warn("nobody can sign in with "+p.Name()+" yet; it is asked again when somebody wants to", "error", err)
	}
}
