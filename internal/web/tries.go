package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Tries of passwords: so many that fail, for one account or from one address, within a time. An address may be that of a whole
// council, so it has more; one that is that of a server before the pages is not counted: see Site.remote.
const (
	triesLast       = 15 * time.Minute
	triesOfAccount  = 10
	triesOfAddress  = 100
	triesRemembered = 10_000 // of different accounts and addresses; beyond that the oldest are forgotten
)

// tries counts what failed. It holds in memory: a program that ends forgets, and hashing is slow enough by itself.
type tries struct {
	mu  sync.Mutex
	all map[string]*tried
}

type tried struct {
	n     int
	since time.Time
}

func mostTries(what string) int {
	if strings.HasPrefix(what, triedFrom) || strings.HasPrefix(what, triedToken) {
		return triesOfAddress
	}
	return triesOfAccount
}

// What was tried. Tokens are counted apart, so that a program whose token has ended keeps nobody at its address from signing in.
const (
	triedFrom    = "from "
	triedToken   = "token from "
	triedAccount = "account "
)

// full reports whether any of these has failed too often of late.
func (t *tries) full(now time.Time, whats ...string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, what := range whats {
		if x := t.all[what]; x != nil && now.Sub(x.since) < triesLast && x.n >= mostTries(what) {
			return true
		}
	}
	return false
}

// count counts a failure of each.
func (t *tries) count(now time.Time, whats ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[string]*tried{}
	}
	for _, what := range whats {
		x := t.all[what]
		if x == nil || now.Sub(x.since) >= triesLast {
			if x == nil && len(t.all) >= triesRemembered {
				t.makeRoom(now)
			}
			x = &tried{since: now}
			t.all[what] = x
		}
		x.n++
	}
}

// makeRoom forgets what is long past, and if that is nothing the oldest.
func (t *tries) makeRoom(now time.Time) {
	oldest, since := "", now
	for what, x := range t.all {
		if now.Sub(x.since) >= triesLast {
			delete(t.all, what)
		} else if !x.since.After(since) {
			oldest, since = what, x.since
		}
	}
	if len(t.all) >= triesRemembered {
		delete(t.all, oldest)
	}
}

// forget forgets failures, after a success.
func (t *tries) forget(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.all, what)
}

// remote is the address from which a request came, or nothing where that is not known. Where people reach the pages under a URL there is a server before them, whose address says
// nothing of the visitor. It is asked only by the header that whoever runs it has named, and only where it is on this computer: any other header, and what stands before the last
// address in this one, a visitor may have written.
func (s *Site) remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if s.URL == nil {
		return host
	}
	sent := r.Header.Values(s.ProxyHeader)
	switch from, err := netip.ParseAddr(host); {
	case s.ProxyHeader == "":
		return ""
	case err != nil || !from.Unmap().IsLoopback():
		return host
	case len(sent) == 0:
		return ""
	}
	last := sent[len(sent)-1]
	last = strings.TrimSpace(last[strings.LastIndex(last, ",")+1:])
	if a, err := netip.ParseAddrPort(last); err == nil {
		return a.Addr().Unmap().String()
	}
	if a, err := netip.ParseAddr(last); err == nil {
		return a.Unmap().String()
	}
	return ""
}

// from adds to what is tried the address that a request came from, where it is known.
func (s *Site) from(r *http.Request, sort string, tried ...string) []string {
	if a := s.near(r); a != "" {
		tried = append(tried, sort+a)
	}
	return tried
}
