package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/store"
	"plumbline/internal/web"
)

// staffOf is how many of two hundred people have which role.
var staffOf = []struct {
	role access.Role
	n    int
}{
	{access.Staff, 110}, {access.Officer, 25}, {access.Member, 20}, {access.Governance, 12}, {access.Proposer, 8}, {access.Clerk, 8},
	{access.BoardManager, 6}, {access.Adviser, 4}, {access.Approver, 4}, {access.Administrator, 3},
}

const (
	loadPosts = 3000
	loadPause = 4 * time.Second // between two pages of one person, on average
	loadTold  = "Team that is not for everybody"
)

// crowd is a council of three thousand posts, served over the network to two hundred people.
type crowd struct {
	t    testing.TB
	book *book.Book
	at   string
	read []string     // pages that everybody reads
	grew [][2]int64   // per post that somebody changes: how often they began to record a change, and were told that it is recorded
	rest sync.RWMutex // held by whoever waits for an answer; while memory is measured nobody does
	mu   sync.Mutex   // guards what follows
	took []time.Duration
	bad  []string
	sent atomic.Int64
}

// worker is one of them, in a browser of their own at an address of their own.
type worker struct {
	*crowd
	name   string
	role   access.Role
	n      int
	client *http.Client
	chance *rand.Rand
}

// Two hundred people who have signed in, each at an address of their own, read pages and files, search, and record changes by forms, for as long as PLUMBLINE_LOAD
// says (10m). Nothing may fail; nobody may see another's page, a change that is not there yet, or one no more that was recorded before they asked; and
// memory, goroutines and open files at the end are what they were after a fifth of the time.
func TestLoad(t *testing.T) {
	if !proving {
		t.Skip("PLUMBLINE_PROVE has two hundred people at work for ten minutes")
	}
	lasts := 10 * time.Minute
	if given := os.Getenv("PLUMBLINE_LOAD"); given != "" {
		var err error
		if lasts, err = time.ParseDuration(given); err != nil {
			t.Fatal(err)
		}
	}
	c, people, faults := newCrowd(t)
	before, began := c.book.Known(), time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), lasts+time.Second)
	defer cancel()
	var all sync.WaitGroup
	for _, p := range people {
		all.Go(func() { p.work(ctx) })
	}
	fmt.Printf("%8s %9s %8s %8s %8s %8s %8s %9s %9s %6s %6s %6s\n", "after", "requests", "median", "p95", "p99", "slowest", "entries", "heap", "resident", "gorout", "files", "faults")
	var samples []sample
	for n := range 10 {
		time.Sleep(time.Until(began.Add(lasts * time.Duration(n+1) / 10)))
		samples = append(samples, c.sample(time.Since(began), before))
	}
	all.Wait()
	for i, b := range c.bad {
		if i < 20 {
			t.Error(b)
		}
	}
	if len(c.bad) > 20 {
		t.Errorf("and %d more", len(c.bad)-20)
	}
	if faults.Len() > 0 {
		t.Errorf("the log:\n%.4000s", faults)
	}
	first, last := samples[1], samples[9]
	// A change leaves an entry in memory. What is worked out for pages comes and goes: of 48 findings each takes half a megabyte to two.
	grown := uint64(last.entries-first.entries)*8<<10 + 64<<20
	if last.heap > first.heap+grown {
		t.Errorf("the heap has grown from %d to %d MB", first.heap>>20, last.heap>>20)
	}
	if last.resident > first.resident+first.resident/4+2*grown { // Go lets garbage grow as large as what is in use
		t.Errorf("resident memory has grown from %d to %d MB", first.resident>>20, last.resident>>20)
	}
	if last.goroutines > first.goroutines+len(people)/2 || last.files > first.files+len(people)/4 { // each has one connection, or two
		t.Errorf("goroutines %d, then %d; open files %d, then %d", first.goroutines, last.goroutines, first.files, last.files)
	}
	if last.entries == 0 || c.sent.Load() < 5*int64(len(people)) {
		t.Errorf("%d requests and %d entries: that is no load", c.sent.Load(), last.entries)
	}
	t.Logf("%d people, %v: %d requests, %d entries, heap %d MB and then %d", len(people), lasts, c.sent.Load(), last.entries, first.heap>>20, last.heap>>20)
}

// sample is what the program took at a moment.
type sample struct {
	heap, resident    uint64 // bytes; the heap after a collection
	goroutines, files int
	entries           int64 // recorded since it began
}

func (c *crowd) sample(after time.Duration, before int64) (s sample) {
	c.rest.Lock()
	defer c.rest.Unlock()
	runtime.GC()
	runtime.GC() // what a sync.Pool holds goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s = sample{heap: m.HeapAlloc, goroutines: runtime.NumGoroutine(), entries: c.book.Known() - before}
	if b, err := os.ReadFile("/proc/self/status"); err == nil {
		if m := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(b); m != nil {
			kb, _ := strconv.ParseUint(string(m[1]), 10, 64) // digits
			s.resident = kb << 10
		}
	}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		s.files = len(open)
	}
	c.mu.Lock()
	took, bad := slices.Clone(c.took), len(c.bad)
	c.took = c.took[:0]
	c.mu.Unlock()
	slices.Sort(took)
	at := func(percent int) time.Duration {
		if len(took) == 0 {
			return 0
		}
		return took[min(len(took)-1, len(took)*percent/100)].Round(100 * time.Microsecond)
	}
	fmt.Printf("%8s %9d %8s %8s %8s %8s %8d %6d MB %6d MB %6d %6d %6d\n", after.Round(time.Second), len(took), at(50), at(95), at(99), at(100), s.entries, s.heap>>20, s.resident>>20, s.goroutines, s.files, bad)
	return s
}

// newCrowd makes the council and its people, and signs them in. faults is what the program complains of.
func newCrowd(t testing.TB) (c *crowd, people []*worker, faults *bytes.Buffer) {
	t.Helper()
	s := empty(t)
	s.grow(loadPosts)
	s.load(nil, `{kind: unit, id: told, name: "`+loadTold+`", type: team, visibility: restricted, exempt: "2", decided: "by the monitoring officer on 3 March 2020"}`)
	s.desk.Close()
	drawer, err := store.OpenDesk(store.DeskPath(filepath.Join(t.TempDir(), "record.db")))
	if err != nil {
		t.Fatal(err)
	}
	if s.desk, err = desk.Open(t.Context(), drawer, desk.Config{Now: time.Now, Holds: s.book.Holds, Names: s.book.Files, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	faults = new(bytes.Buffer)
	_, pack := law()
	log := slog.New(slog.NewTextHandler(faults, &slog.HandlerOptions{Level: slog.LevelWarn}))
	pages := web.New(web.Config{Book: s.book, Desk: s.desk, Pack: pack, Now: time.Now, Log: log}).Handler()
	l, err := web.Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- web.Serve(ctx, l, pages, log) }()
	t.Cleanup(func() {
		end()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	c = &crowd{t: t, book: s.book, at: "http://" + l.Addr().String(), read: slices.Concat(budgeted, []string{"/structure/posts.csv", "/structure/posts.json", "/structure/people.xlsx", "/structure.csv", "/structure/download/transparency.csv", "/structure/who-answers.csv", "/suggest?q=dir", "/entries.csv", "/assurance/check.json"})}
	for _, of := range staffOf {
		for range of.n {
			people = append(people, c.hire(s.desk, of.role, len(people)))
		}
	}
	c.grew = make([][2]int64, len(people))
	var all sync.WaitGroup
	for _, p := range people {
		all.Go(p.signIn)
	}
	all.Wait()
	if len(c.bad) > 0 {
		t.Fatal(c.bad)
	}
	return c, people, faults
}

// hire makes the account of one of them. Every seventh has their role over a unit alone.
func (c *crowd) hire(d *desk.Desk, role access.Role, n int) *worker {
	c.t.Helper()
	w := &worker{crowd: c, name: fmt.Sprintf("Person Number%d", n), role: role, n: n, chance: rand.New(rand.NewPCG(1, uint64(n)))}
	a, err := d.NewAccount(c.t.Context(), desk.Account{Name: w.name, Email: fmt.Sprintf("n%d@example.com", n)})
	if err == nil {
		_, err = d.SetPassword(c.t.Context(), a.ID, goodPassword)
	}
	over := fact.Key{}
	if n%7 == 0 && role == access.Officer {
		over = fact.Key{Kind: "unit", ID: fact.ID(fmt.Sprintf("u%d", n%5))}
	}
	if err == nil {
		_, err = c.book.Do(context.Background(), book.Owner, book.Change{Docs: []kind.Doc{access.Give(c.book.Kinds(), a.ID, role, over, fact.DayIn(now)-1)}})
	}
	if err != nil {
		c.t.Fatal(err)
	}
	jar, _ := cookiejar.New(nil) // never fails
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 1, byte(n>>8), byte(n))}}
	w.client = &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{DialContext: from.DialContext, MaxIdleConnsPerHost: 2}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return w
}

// wrong notes what must not be.
func (w *worker) wrong(format string, a ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bad = append(w.bad, fmt.Sprintf("%s, %s: ", w.name, w.role)+fmt.Sprintf(format, a...))
}

// ask makes one request and judges what any answer must be; form nil is a GET. ok is false where it was wrong.
func (w *worker) ask(target string, form url.Values) (to, page string, ok bool) {
	w.rest.RLock()
	defer w.rest.RUnlock()
	began := time.Now()
	var r *http.Response
	var err error
	if form == nil {
		r, err = w.client.Get(w.at + target)
	} else {
		r, err = w.client.PostForm(w.at+target, form)
	}
	w.sent.Add(1)
	if err != nil {
		w.wrong("%s: %v", target, err)
		return "", "", false
	}
	b, err := io.ReadAll(r.Body)
	r.Body.Close()
	took := time.Since(began)
	w.mu.Lock()
	w.took = append(w.took, took)
	w.mu.Unlock()
	to, page = r.Header.Get("Location"), string(b)
	told := w.role == access.Governance || w.role == access.Approver
	switch {
	case err != nil:
		w.wrong("%s: %v", target, err)
	case r.StatusCode != http.StatusOK && r.StatusCode != http.StatusSeeOther || strings.HasPrefix(to, "/sign-in"):
		w.wrong("%s: %s to %q: %.200s", target, r.Status, to, words(page))
	case strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") && r.StatusCode == http.StatusOK && (!strings.Contains(page, ">"+w.name+"</a>") || !strings.Contains(page, "</html>")):
		w.wrong("%s is not a whole page of theirs: %.300s", target, words(page))
	case strings.Contains(page, loadTold) && !told:
		w.wrong("%s tells what is restricted", target)
	default:
		return to, page, true
	}
	return to, page, false
}

func (w *worker) signIn() {
	to, _, ok := w.ask("/sign-in", url.Values{"email": {fmt.Sprintf("n%d@example.com", w.n)}, "password": {goodPassword}})
	if ok && to != "/" {
		w.wrong("signing in leads to %q", to)
	}
}

// work is what somebody does until the time is over.
func (w *worker) work(ctx context.Context) {
	for {
		pause := time.Duration(w.chance.ExpFloat64() * float64(loadPause))
		select {
		case <-ctx.Done():
			return
		case <-time.After(min(pause, 10*loadPause)):
		}
		switch n := w.chance.IntN(100); {
		case w.role == access.Governance && n < 20:
			w.records(ctx)
		case n < 45:
			w.reads()
		case n < 55:
			what := []string{forename[w.chance.IntN(len(forename))], surname[w.chance.IntN(len(surname))], "head", "children", "mental health", "u3", "p17"}
			w.ask("/search?"+url.Values{"q": {what[w.chance.IntN(len(what))]}}.Encode(), nil)
		case n < 60:
			w.ask("/structure/units/told", nil)
		case n < 70:
			w.ask(fmt.Sprintf("/structure/who-answers?on=%d-%02d-01", 2017+w.chance.IntN(9), 1+w.chance.IntN(12)), nil)
		case n == 71 && w.role == access.Governance:
			w.ask("/structure/download/everything.xlsx", nil)
		default:
			target := w.read[w.chance.IntN(len(w.read))]
			if strings.HasSuffix(target, "/change") || strings.HasSuffix(target, "/appoint") || strings.HasSuffix(target, "/new") || strings.HasSuffix(target, "/import") {
				if w.role != access.Governance {
					continue // these forms are not for them
				}
			}
			w.ask(target, nil)
		}
	}
}

var turnShown = regexp.MustCompile(`turn (\d+) of`)

// reads reads a post that somebody else changes: as often as they were told so by now, and not more often than they tried to, it has another title.
func (w *worker) reads() {
	post := w.chance.IntN(len(w.grew))
	least := atomic.LoadInt64(&w.grew[post][1])
	_, page, ok := w.ask(fmt.Sprintf("/structure/posts/p%d", 100+post), nil)
	most := atomic.LoadInt64(&w.grew[post][0])
	if !ok {
		return
	}
	shown := int64(0)
	for _, m := range turnShown.FindAllStringSubmatch(page, -1) {
		n, _ := strconv.ParseInt(m[1], 10, 64) // digits
		shown = max(shown, n)
	}
	if shown < least || shown > most {
		w.wrong("post %d is at turn %d; recorded were %d, and begun %d", post, shown, least, most)
	}
}

// records gives a post of their own another title, step by step as the pages ask.
func (w *worker) records(ctx context.Context) {
	turns := &w.grew[w.n]
	turn := atomic.LoadInt64(&turns[0]) + 1
	post := fmt.Sprintf("p%d", 100+w.n)
	to, _, ok := w.ask("/structure/posts/"+post+"/change", url.Values{"~verb": {"change"}})
	draft, _, found := strings.Cut(strings.TrimPrefix(to, "/drafts/"), "/")
	if !ok || !found {
		return
	}
	at := "/drafts/" + draft + "/"
	title := fmt.Sprintf("Social worker, turn %d of number %d", turn, w.n)
	answers := map[string]url.Values{
		"what": {"~fields": {"title"}}, "field-title": {"title": {title}}, "when": {"on.day": {"1"}, "on.month": {"6"}, "on.year": {"2026"}}, "source": {"~source": {"the establishment list"}},
	}
	for range 6 {
		step := strings.TrimPrefix(to, at)
		if step == "check" {
			break
		}
		if ctx.Err() != nil {
			return
		}
		time.Sleep(time.Duration(w.chance.ExpFloat64() * float64(loadPause) / 8))
		if to, _, ok = w.ask(at+step, answers[step]); !ok {
			return
		}
	}
	_, page, ok := w.ask(at+"check", nil)
	m := versionShown.FindStringSubmatch(page)
	if !ok || m == nil {
		w.wrong("%scheck: %.300s", at, words(page))
		return
	}
	atomic.StoreInt64(&turns[0], turn)
	if to, page, ok = w.ask(at+"check", url.Values{"~version": m[1:]}); !ok || !strings.Contains(to, "done=") {
		w.wrong("a change was not recorded, and leads to %q: %.300s", to, words(page))
		return
	}
	atomic.StoreInt64(&turns[1], turn)
	w.ask(to, nil)
}
