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
	"plumbline/internal/report"
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

//go:embed templates style.css icon.svg
var files embed.FS

// asset is a file that is the same for everybody. Its address changes with its content, so that browsers may keep it for ever.
type asset struct {
	address, mime string
	content       []byte
}

var (
	style = newAsset("style", "css", "text/css; charset=utf-8")
	icon  = newAsset("icon", "svg", "image/svg+xml")
)

func newAsset(name, extension, mime string) asset {
	b, err := files.ReadFile(name + "." + extension)
	if err != nil {
		panic(err) // linked in
	}
	sum := sha256.Sum256(b)
	return asset{"/" + name + "-" + hex.EncodeToString(sum[:8]) + "." + extension, mime, b}
}

func (a asset) serve(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", a.mime)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(a.content) // the reader may have gone
	return nil
}

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
	Problem  *problem
	Body     any
}

// document is what the layout is given.
type document struct {
	Title, Council string
	Style, Icon    string
	Nav            []navigation
	Crumbs         []link
	Label, Heading string
	Problem        *problem // above all else, where the page is an error
	Dates          *banner
	Foot           []string
	Body           any
}

type navigation struct {
	link
	Current bool
}

// sections is the navigation of every page.
var sections = []link{{"Home", "/"}, {"Structure", "/structure"}, {"Who answers in law", "/who"}, {"Check against the law", "/check"}, {"Records", "/records"}, {"Search", "/search"}}

// render writes a page, or, if it cannot be made, nothing.
func (s *Site) render(w http.ResponseWriter, status int, l *look, p *page) error {
	d := document{Style: style.address, Icon: icon.address, Council: s.council(l), Crumbs: p.Crumbs, Label: p.Label, Heading: p.Heading, Problem: p.Problem, Foot: s.foot(l), Body: p.Body}
	d.Title = p.Heading
	if p.Label != "" {
		d.Title = p.Label + ": " + p.Heading
	}
	if p.Problem != nil {
		d.Title = "Error: " + d.Title
	}
	if !p.Undated {
		d.Dates = s.banner(l)
		d.Title += s.suffix(l)
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
		sentence(report.DatesOf(l.View)),
		"This is a reading of the council's own record. Nothing can be changed here.",
	}
}
