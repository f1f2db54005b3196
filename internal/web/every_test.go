package web_test

import (
	"cmp"
	"net/http"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"plumbline/internal/fact"
)

// proving says whether everything is asked for that takes long.
var proving = os.Getenv("PLUMBLINE_PROVE") != ""

// The rows of the checklist that want to know which page it is, of an empty record and of a large one. TestEveryPageWithoutTheStore
// holds the pages of the two documents to them.
func TestEveryPageByTheChecklist(t *testing.T) {
	for _, c := range []struct {
		name string
		site func(testing.TB) *site
	}{
		{"empty", empty},
		{"grown", func(t testing.TB) *site { return grown(t, 3000) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.site(t)
			for _, look := range []string{"", "?on=2019-01-01&known=2018-04-01"} {
				s.opened = checking(t, true)
				t.Logf("%q: %d pages", look, len(s.sorts(look)))
			}
		})
	}
}

// sorts opens a page of every sort that there is of a look, or, to prove it, thousands, and gives the addresses.
func (s *site) sorts(look string) (out []string) {
	s.t.Helper()
	seen, left, sort := map[string]bool{}, 2000, s.sorter()
	var from []string
	for _, p := range pages {
		from = append(from, p+look)
	}
	s.crawl(func(u *url.URL) bool {
		if path.Ext(u.Path) != "" || !sameLook(u.RequestURI(), look) {
			return false
		}
		of := sort(u)
		if left--; seen[of] && (!proving || left < 0) {
			return false
		}
		seen[of] = true
		out = append(out, u.RequestURI())
		return true
	}, from...)
	return out
}

// sorter gives a function that says of what sort a page is: its route, where all kinds of record that have no page of their own are one,
// and how it is shown.
func (s *site) sorter() func(*url.URL) string {
	mux := http.NewServeMux()
	for _, p := range s.patterns {
		mux.HandleFunc(p, func(http.ResponseWriter, *http.Request) {})
	}
	return func(u *url.URL) string {
		_, pattern := mux.Handler(&http.Request{Method: "GET", URL: u, Host: "localhost"})
		of := ""
		for _, k := range s.book.Kinds().All {
			if (strings.HasPrefix(pattern, "GET "+k.Path()+"/") || strings.HasSuffix(pattern, " "+k.Path())) && !bespoke[k.Name] && len(k.Path()) > len(of) {
				of = k.Path()
			}
		}
		if of != "" {
			pattern = strings.Replace(pattern, of, "/KIND", 1)
		}
		if _, part, ok := strings.Cut(pattern, "/{id}/{part}"); ok && part == "" {
			pattern += " " + path.Base(u.Path)
		}
		other := u.Query()
		for _, name := range slices.Concat(lookNames, []string{"view"}) {
			other.Del(name)
		}
		if len(other) > 0 {
			pattern += " shown otherwise"
		}
		return pattern + " " + u.Query().Get("view")
	}
}

// bespoke are the kinds whose pages are made for them.
var bespoke = map[fact.KindName]bool{"post": true, "unit": true, "person": true, "function": true, "recruitment": true, "appointment": true, "proposal": true}

// record is the address of a record or of a part of one.
var record = regexp.MustCompile(`^(/[a-z]+/[a-z-]+)/[^/]+(/[a-z]+)?$`)

// lookNames are the parameters that say what is looked at.
var lookNames = []string{"on", "known", "proposal"}

func sameLook(a, b string) bool {
	x, y := lookOf(a), lookOf(b)
	return !slices.ContainsFunc(lookNames, func(name string) bool { return x.Get(name) != y.Get(name) })
}

// lookOf gives what of an address says what is looked at.
func lookOf(target string) url.Values {
	_, query, _ := strings.Cut(target, "?")
	all, _ := url.ParseQuery(query) // what cannot be read says nothing
	return url.Values{"on": all["on"], "known": all["known"], "proposal": all["proposal"]}
}

// avoided are words that pages do not use.
var avoided = regexp.MustCompile(`(?i)\b(accountability holder|(solid|dotted)[ -]line (report|manage)\w+|draft state|snapshots?|bitemporal|valid time|transaction time|merge[ds]?|commit(s|ted)?|branch(es)?|diff|compliant|artefacts?|nodes?|TBA|n/a|clients?|stakeholders?|click here|please|null|nil|ledger)\b`)

// checking gives a function that checks every page it is told of by the rows that want to know which page it is. All that the record says
// must be in words of ours, if these are to be judged.
func checking(t testing.TB, ours bool) func(target, page string) {
	titles := map[string]string{}
	return func(target, page string) {
		t.Helper()
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		h1, title := textOf(first(root, "h1")), textOf(first(root, "title"))
		if !strings.Contains(title, h1) || !strings.HasSuffix(title, " – Plumbline") {
			t.Errorf("%s: its title is %q, and its heading %q", target, title, h1)
		}
		if on, err := fact.ParseDay(u.Query().Get("on")); err == nil && on != fact.DayIn(now) && first(root, "section.dates") != nil && !strings.Contains(title, " on "+on.Words()) {
			t.Errorf("%s: its title does not say the day: %q", target, title)
		}
		which := u.Path + " " + u.Query().Get("view") + " " + cmp.Or(u.Query().Get("page"), "1")
		if record.MatchString(u.Path) { // two may be called the same
			which = record.ReplaceAllString(u.Path, "$1/"+h1+"$2")
		}
		if other := titles[title]; other != "" && other != which {
			t.Errorf("%s: its title is that of %s: %q", target, other, title)
		}
		titles[title] = which
		for n := range root.Descendants() {
			if lost := loses(n, lookOf(target)); lost != "" {
				t.Errorf("%s: it loses %s: %s", target, lost, written(n))
			}
		}
		if w := weigh(t, page); w.compressed > 60_000 {
			t.Errorf("%s: it has %d bytes, compressed", target, w.compressed)
		}
		if said := avoided.FindAllString(textOf(root), -1); ours && len(said) > 0 && u.Path != "/accessibility" { // whose words the law gives
			t.Errorf("%s: it says %q", target, said)
		}
	}
}

// recording are the addresses at which something is begun.
var recording = regexp.MustCompile(`^/structure/(councils/new|import)$`)

// loses says what of the look a link or a form does not carry on. Under the dates one can leave the look, and to record something one
// goes to today.
func loses(n *html.Node, look url.Values) string {
	at := url.Values{}
	switch {
	case n.Data == "a" && strings.HasPrefix(attribute(n, "href"), "/"):
		at = lookOf(attribute(n, "href"))
	case n.Data == "form":
		at = lookOf(attribute(n, "action"))
		for d := range n.Descendants() {
			if d.Data == "input" || d.Data == "select" {
				at.Add(attribute(d, "name"), attribute(d, "value"))
			}
		}
	default:
		return ""
	}
	if up := within(n, "section"); up != nil && classed(up, "dates") || strings.HasPrefix(textOf(n), "Go to today") || recording.MatchString(attribute(n, "href")) {
		return ""
	}
	for _, name := range lookNames {
		if look.Get(name) != "" && !at.Has(name) {
			return name
		}
	}
	return ""
}

// first gives the first element of a name, or of a name and a class, or nil.
func first(root *html.Node, what string) *html.Node {
	name, class, _ := strings.Cut(what, ".")
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name && (class == "" || classed(n, class)) {
			return n
		}
	}
	return nil
}
