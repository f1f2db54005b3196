package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/rule"
)

// Config is what the pages are handed.
type Config struct {
	Book *book.Book
	Pack *rule.Pack
	Now  func() time.Time
	Log  *slog.Logger
}

// Site is the pages of one record. It may be used from any goroutine.
type Site struct {
	Config
	pages map[string]*template.Template
	mux   *http.ServeMux
}

//go:embed templates style.css
var files embed.FS

// style is the style sheet, and stylePath its address: it changes with the content, so that browsers may keep it for ever.
var style, stylePath = func() ([]byte, string) {
	b, err := files.ReadFile("style.css")
	if err != nil {
		panic(err) // linked in
	}
	sum := sha256.Sum256(b)
	return b, "/style-" + hex.EncodeToString(sum[:8]) + ".css"
}()

// New makes the pages of a record.
func New(c Config) *Site {
	s := &Site{Config: c, pages: map[string]*template.Template{}, mux: http.NewServeMux()}
	common := template.Must(template.ParseFS(files, "templates/layout.html", "templates/parts.html"))
	names, err := fs.Glob(files, "templates/page/*.html")
	if err != nil {
		panic(err) // the pattern is well formed
	}
	for _, n := range names {
		t := template.Must(common.Clone())
		s.pages[strings.TrimSuffix(path.Base(n), ".html")] = template.Must(t.ParseFS(files, n))
	}
	for _, r := range s.routes() {
		s.mux.Handle(r.pattern, s.answered(r.handler))
	}
	return s
}

// Handler gives the pages with all that keeps them safe around them.
func (s *Site) Handler() http.Handler { return s.guard(s.mux) }

// link is a text that leads somewhere, or, without an address, only a text.
type link struct{ Text, URL string }

// page is what a handler makes of a look. The template is given Body alone.
type page struct {
	Template string
	Section  string // of the navigation
	Crumbs   []link
	Label    string // what kind of thing the heading names
	Heading  string
	Undated  bool // it says the same on all days, so it has no banner
	Body     any
}

// document is what the layout is given.
type document struct {
	Title, Style, Council string
	Nav                   []navigation
	Crumbs                []link
	Label, Heading        string
	Dates                 *banner
	Error                 bool
	Foot                  []string
	Body                  any
}

type navigation struct {
	link
	Current bool
}

// sections is the navigation of every page.
var sections = []link{{"Home", "/"}, {"Structure", "/structure"}, {"Who answers in law", "/who"}, {"Check against the law", "/check"}, {"Records", "/records"}}

// render writes a page, or, if it cannot be made, nothing.
func (s *Site) render(w http.ResponseWriter, status int, l *look, p *page) error {
	d := document{Style: stylePath, Council: s.council(l), Crumbs: p.Crumbs, Label: p.Label, Heading: p.Heading, Error: status >= 400, Foot: s.foot(l), Body: p.Body}
	d.Title = p.Heading
	if p.Label != "" {
		d.Title = p.Label + ": " + p.Heading
	}
	if d.Error {
		d.Title = "Error: " + d.Title
	}
	if !p.Undated {
		d.Dates = s.banner(l, d.Error)
		d.Title += l.suffix(s)
	}
	d.Title += " – " + d.Council + " – Plumbline"
	for _, n := range sections {
		d.Nav = append(d.Nav, navigation{link{n.Text, l.to(n.URL)}, n.URL == p.Section})
	}
	var b bytes.Buffer
	if err := s.pages[p.Template].ExecuteTemplate(&b, "layout", d); err != nil {
		return fmt.Errorf("render page %s: %w", p.Template, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the reader may have gone
	return nil
}

// foot says at the end of a page, and so on paper too, what was looked at.
func (s *Site) foot(l *look) []string {
	return []string{
		sentence(datesOf(l)),
		"This is a reading of the council's own record. Nothing can be changed here.",
	}
}

func (s *Site) stylesheet(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(style)
	return nil
}
