package web_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plumbline/examples"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/ledger"
	"plumbline/internal/rule"
	"plumbline/internal/store"
	"plumbline/internal/web"
)

// now is the clock of these tests.
var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// law is the pack and the kinds, wired as cmd wires them. Both may be shared.
var law = sync.OnceValues(func() (*kind.Set, *rule.Pack) {
	kinds := kind.Standard()
	pack, err := rule.Standard("england", kinds)
	if err != nil {
		panic(err)
	}
	kinds.SetCodes("role", pack.RoleCodes())
	kinds.SetCodes("domain", pack.DomainCodes())
	for family, codes := range pack.Offered() {
		kinds.OfferCodes(family, codes)
	}
	return kinds, pack
})

// site is a record with its pages.
type site struct {
	t        testing.TB
	book     *book.Book
	desk     *desk.Desk
	store    *store.Panicking
	keys     *ledger.Keys
	handler  http.Handler
	patterns []string // of all routes
	at       string   // where it is served to a browser
	log      *bytes.Buffer
	opened   func(target, page string) // told of every page that ok opens
	passed   *atomic.Int64             // how much later than now it is
}

// empty makes a record with nothing in it.
func empty(t testing.TB) *site {
	t.Helper()
	s := begin(t, t.TempDir())
	t.Cleanup(func() { s.desk.Close(); s.book.Close() })
	return s
}

func begin(t testing.TB, dir string) *site {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	st, err := store.Create(filepath.Join(dir, "record.db"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ledger.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Create(t.Context(), st, keys, now); err != nil {
		t.Fatal(err)
	}
	kinds, pack := law()
	s := &site{t: t, store: store.NewPanicking(st), keys: keys, log: new(bytes.Buffer), passed: new(atomic.Int64)}
	clock := func() time.Time { return now.Add(time.Duration(s.passed.Load())) }
	if s.book, err = book.Open(t.Context(), s.store, keys, kinds, clock, nil); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	drawer, err := store.OpenDesk(store.DeskPath(filepath.Join(dir, "record.db")))
	if err != nil {
		t.Fatal(err)
	}
	if s.desk, err = desk.Open(t.Context(), drawer, desk.Config{Now: clock, Holds: s.book.Holds, Names: s.book.Files, Log: log}); err != nil {
		t.Fatal(err)
	}
	pages := web.New(web.Config{Book: s.book, Desk: s.desk, Pack: pack, Now: clock, Log: log, Alone: true})
	s.handler, s.patterns = pages.Handler(), pages.Patterns()
	return s
}

// harrow makes the record of the two documents.
func harrow(t testing.TB) *site {
	t.Helper()
	s := empty(t)
	s.loadHarrow()
	return s
}

// kept are records for all tests that only read them.
var kept = map[string]*site{}

// keep gives a record that is made when the first asks for it.
func keep(t testing.TB, name string, load func(*site)) *site {
	t.Helper()
	if kept[name] == nil {
		s := begin(t, filepath.Join(dir, name))
		load(s)
		kept[name] = s
	}
	s := *kept[name]
	s.t, s.at = t, ""
	return &s
}

// reading is the record of the two documents.
func reading(t testing.TB) *site {
	t.Helper()
	return keep(t, "harrow", (*site).loadHarrow)
}

var dir string

func TestMain(m *testing.M) {
	var err error
	if dir, err = os.MkdirTemp("", "plumbline-web-"); err != nil {
		panic(err)
	}
	code := m.Run()
	for _, s := range kept {
		s.desk.Close()
		s.book.Close()
	}
	if chromium.stop != nil {
		chromium.stop()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func (s *site) loadHarrow() {
	s.t.Helper()
	for _, load := range examples.Harrow {
		var all []string
		for _, name := range load.Files {
			b, err := examples.Files.ReadFile(name)
			if err != nil {
				s.t.Fatal(err)
			}
			all = append(all, string(b))
		}
		s.load(&load.Recorded, all...)
	}
}

func (s *site) load(recorded *fact.Day, manifests ...string) book.Receipt {
	s.t.Helper()
	c := book.Change{Recorded: recorded}
	for _, m := range manifests {
		docs, problems := s.book.Kinds().Read("test.yaml", strings.NewReader(m))
		if len(problems) > 0 {
			s.t.Fatal(problems)
		}
		c.Docs = append(c.Docs, docs...)
	}
	r, err := s.book.Do(context.Background(), book.Owner, c)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// request makes a request as it would come from a browser on this computer.
func request(method, target string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	r.Host = "127.0.0.1:8340"
	return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8340}))
}

// safe is what every answer says to the browser.
var safe = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":  "nosniff",
	"Referrer-Policy":         "no-referrer",
}

func (s *site) do(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	for name, want := range safe {
		if got := w.Header().Get(name); strings.TrimSuffix(got, "; sandbox") != want { // which a file that somebody brought has beside
			s.t.Errorf("%s: %s is %q", r.URL, name, got)
		}
	}
	return w.Result()
}

func (s *site) get(target string) (int, string) {
	r := s.do(request("GET", target))
	b, _ := io.ReadAll(r.Body) // from memory
	return r.StatusCode, string(b)
}

// doc is a page as a browser reads it.
type doc struct {
	title string
	links []string
	text  string
}

// void are the elements that have no end.
var void = []string{"meta", "link", "input", "br", "hr", "img"}

// bare are attributes without a value, as HTML may have them.
var bare = regexp.MustCompile(`(<[^<>]*) (checked|selected|open|hidden|disabled|multiple|novalidate)([ >])`)

// read reads a page and complains of what is wrong with its HTML. What is written here is also well-formed XML, but for the void
// elements and bare attributes, so that the decoder is the checker.
func read(page string) (d doc, faults []string) {
	bad := func(format string, a ...any) { faults = append(faults, fmt.Sprintf(format, a...)) }
	for bare.MatchString(page) {
		page = bare.ReplaceAllString(page, `$1 $2=""$3`)
	}
	x := xml.NewDecoder(strings.NewReader(page))
	x.Entity = xml.HTMLEntity
	var open []string
	ids, count := map[string]bool{}, map[string]int{}
	var targets []string
	for {
		token, err := x.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			bad("it is not well formed: %v", err)
			return d, faults
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			count[name]++
			for _, a := range token.Attr {
				switch a.Name.Local {
				case "id":
					if ids[a.Value] {
						bad("the id %q is there twice", a.Value)
					}
					ids[a.Value] = true
				case "href", "action":
					if name != "link" {
						d.links = append(d.links, a.Value)
					}
					if rest, ok := strings.CutPrefix(a.Value, "#"); ok {
						targets = append(targets, rest)
					}
				case "style", "onclick", "onload":
					bad("it has an attribute %s", a.Name.Local)
				case "for", "aria-describedby", "aria-labelledby":
					targets = append(targets, strings.Fields(a.Value)...)
				}
			}
			if !slices.Contains(void, name) {
				open = append(open, name)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != token.Name.Local {
				bad("</%s> ends nothing; open are %v", token.Name.Local, open)
				return d, faults
			}
			open = open[:len(open)-1]
		case xml.CharData:
			d.text += string(token)
			if len(open) > 0 && open[len(open)-1] == "title" {
				d.title += string(token)
			}
		}
	}
	if len(open) > 0 {
		bad("not closed: %v", open)
	}
	for _, name := range []string{"h1", "main", "header", "footer", "title"} {
		if count[name] != 1 {
			bad("it has %d of %s", count[name], name)
		}
	}
	for _, name := range []string{"iframe", "style", "img"} {
		if count[name] != 0 {
			bad("it has a %s", name)
		}
	}
	if n := len(regexp.MustCompile(`<script src="/app-[0-9a-f]+\.js" defer=""></script>`).FindAllString(page, -1)); n != count["script"] || n > 1 {
		bad("it has a script that is not ours")
	}
	for _, id := range targets {
		if id != "" && !ids[id] {
			bad("it refers to the id %q, which is not there", id)
		}
	}
	if !strings.Contains(page, `<html lang="en-GB" `) {
		bad("it does not say in which language it is")
	}
	return d, append(faults, checklist(page)...)
}

// ok opens a page that must be there and be right.
func (s *site) ok(target string) doc {
	s.t.Helper()
	status, page := s.get(target)
	if status != http.StatusOK {
		s.t.Errorf("%s: status %d\n%s", target, status, s.log)
		return doc{}
	}
	d, faults := read(page)
	for _, f := range faults {
		s.t.Errorf("%s: %s", target, f)
	}
	if s.opened != nil {
		s.opened(target, page)
	}
	return d
}

// looks are what the pages are looked at with.
var looks = []string{"", "?on=2003-09-17", "?on=2003-10-01&known=2003-09-17", "?on=2004-03-12", "?on=2015-06-05&proposal=people-directorate", "?on=2015-06-05&known=150", "?on=1990-01-01&known=0", "?on=2031-01-01"}

// pages are the pages that are always there.
var pages = []string{"/", "/structure", "/structure/timeline", "/structure/compare", "/structure/who-answers", "/assurance/check", "/records", "/structure/posts", "/search", "/proposals", "/delivery", "/meetings", "/feedback", "/entries", "/needs", "/structure/import", "/structure/download", "/verify"}

// crawl opens pages and all that they lead to, as far as want says, and gives how many there were.
func (s *site) crawl(want func(*url.URL) bool, from ...string) int {
	s.t.Helper()
	seen, queue := map[string]bool{}, slices.Clone(from)
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		at, _, _ = strings.Cut(at, "#")
		u, err := url.Parse(at)
		if err != nil {
			s.t.Errorf("the address %q cannot be read: %v", at, err)
			continue
		}
		if at == "" || seen[at] || u.IsAbs() || u.Opaque != "" || !want(u) {
			continue
		}
		seen[at] = true
		if slices.Contains([]string{".json", ".csv", ".xlsx", ".txt", ".docx", ".html", ".ics", ".svg"}, filepath.Ext(u.Path)) || path.Base(u.Path) == "evidence-template" {
			if status, _ := s.get(at); status != http.StatusOK {
				s.t.Errorf("%s: status %d", at, status)
			}
			continue
		}
		queue = append(queue, s.ok(at).links...)
		if s.t.Failed() {
			s.t.Fatalf("reached from %v", from)
		}
	}
	return len(seen)
}

func everything(*url.URL) bool { return true }
