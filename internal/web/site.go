package web

import (
	"context"
	"embed"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/rule"
)

// Config is what the pages are handed.
type Config struct {
	Book    *book.Book
	Pack    *rule.Pack
	Desk    *desk.Desk // nil where nothing can be changed
	Now     func() time.Time
	Log     *slog.Logger
	Version string // of the program, for the foot of every page

	Alone   bool     // there are no accounts: whoever reaches the pages is whoever has the file. For this computer only
	Demo    bool     // anybody may choose a role to look at it in. For this computer only
	Welcome string   // the secret with which the first account is made, as long as there is none
	URL     *url.URL // under which people reach the pages, where that is not this computer alone
	Rates   Rates    // how much is answered in a minute
	// The header in which a server before the pages, on this computer, says from which address a request came; empty where it does not
	ProxyHeader string

	Provider Provider // where people of the council sign in; nil is nowhere
}

// Provider is where people sign in who have an account elsewhere: an OpenID Connect provider.
type Provider interface {
	Name() string // as people know it: "Microsoft"
	// Begin gives the address to which a browser is sent to sign in, and what is to be kept until it comes back. With again the provider asks anew
	// whoever is signed in there already. It fails where the provider cannot be reached.
	Begin(ctx context.Context, back string, again bool) (address, keep string, err error)
	// End gives who came back: an opaque subject, an email address, and whether the provider vouches that it is the person's own. It is a
	// fact.ErrDenied where what came back is not what was begun; any other error says that the provider cannot be reached, or is not set up as it should be.
	End(ctx context.Context, back, keep string, query url.Values) (subject, email string, verified bool, err error)
}

// Site is the pages of one record. It may be used from any goroutine.
type Site struct {
	Config
	addresses addresses
	templates map[string]*template.Template
	mux       *http.ServeMux
	sessions  *scs.SessionManager
	tries     tries
	rated     rated
	replies   rated      // to consultations
	first     sync.Mutex // held while the first account is made
	numbering sync.Mutex // held while a piece of evidence gets its reference
	kept      kept
	plans     plans
}

//go:embed templates
var files embed.FS

// New makes the pages of a record.
func New(c Config) *Site {
	s := &Site{Config: c, addresses: addresses{c.Book.Kinds(), map[string]bool{}}, templates: map[string]*template.Template{}, mux: http.NewServeMux(), replies: rated{of: replyingLasts}}
	if style.missing() {
		c.Log.Warn("this program was built without its stylesheet, so pages are plain: build it with make, on a machine that has npm")
	}
	common := template.Must(template.ParseFS(files, "templates/layout.html", "templates/parts.html"))
	names, err := fs.Glob(files, "templates/page/*.html")
	if err != nil {
		panic(err) // the pattern is well formed
	}
	for _, n := range names {
		t := template.Must(common.Clone())
		s.templates[strings.TrimSuffix(path.Base(n), ".html")] = template.Must(t.ParseFS(files, n))
	}
	if !c.Alone {
		s.sessions = newSessions(c)
	}
	for _, r := range s.routes() {
		s.mux.Handle(r.pattern, s.answered(s.admitted(r)))
		if _, path, ok := strings.Cut(r.pattern, " "); ok {
			s.addresses.taken[path] = true
		}
	}
	return s
}

// Handler gives the pages with all that keeps them safe around them.
func (s *Site) Handler() http.Handler { return compressed(s.guard(s.known(cutEnding(s.mux)))) }
