package web

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Tries of passwords: so many that fail, for one account or from one address, within a time. An address may be that of a whole
// council, so it has more.
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

// remote is the address from which a request came, as the server sees it: that of a proxy, where one is before it.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
