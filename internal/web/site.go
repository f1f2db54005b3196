package web

import (
	"embed"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

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
}

// Site is the pages of one record. It may be used from any goroutine.
type Site struct {
	Config
	addresses addresses
	templates map[string]*template.Template
	mux       *http.ServeMux
	rolls     rolls
	plans     plans
}

//go:embed templates
var files embed.FS

// New makes the pages of a record.
func New(c Config) *Site {
	s := &Site{Config: c, addresses: addresses{c.Book.Kinds(), map[string]bool{}}, templates: map[string]*template.Template{}, mux: http.NewServeMux()}
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
	for _, r := range s.routes() {
		s.mux.Handle(r.pattern, s.answered(r.handler))
		if _, path, ok := strings.Cut(r.pattern, " "); ok {
			s.addresses.taken[path] = true
		}
	}
	return s
}

// Handler gives the pages with all that keeps them safe around them.
func (s *Site) Handler() http.Handler { return compressed(s.guard(cutEnding(s.mux))) }
