package web

import (
	"cmp"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"sync"
	"time"
)

// Rates is how many requests are answered in a minute: of one person, and twenty times as many from one address, which may be that of a whole council. Zero is as many as
// DefaultRates says.
type Rates struct {
	Read  int // pages
	Write int // forms
	Files int // files, which cost most to make and to read
}

// DefaultRates leaves alone whoever reads as fast as they can, and a script that asks every second.
var DefaultRates = Rates{Read: 600, Write: 120, Files: 30}

const (
	rateOf         = time.Minute
	rateOfAddress  = 20     // times that of a person
	rateRemembered = 10_000 // different people and addresses within a minute; beyond that counting begins anew
)

// rated counts requests, in memory.
type rated struct {
	of    time.Duration // zero: rateOf
	mu    sync.Mutex
	since time.Time
	all   map[string]int
}

// take counts a request and gives how many there were of that name in this minute, or in the time that is counted.
func (x *rated) take(now time.Time, name string) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	if past := now.Sub(x.since); x.all == nil || past >= cmp.Or(x.of, rateOf) || past < 0 || len(x.all) >= rateRemembered {
		x.since, x.all = now, map[string]int{}
	}
	x.all[name]++
	return x.all[name]
}

// sort says which rate a request counts for, and how many of that are answered.
func (s *Site) rate(r *http.Request) (sort string, most int) {
	of := func(given, otherwise int) int {
		if given > 0 {
			return given
		}
		return otherwise
	}
	switch ext := path.Ext(r.URL.Path); {
	case strings.HasSuffix(r.URL.Path, "/"+partEvidence+"/"+manyNew):
		return "files", of(s.Rates.Files, DefaultRates.Files)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return "write", of(s.Rates.Write, DefaultRates.Write)
	case ext == ".csv", ext == ".xlsx", ext == ".docx", strings.HasPrefix(r.URL.Path, "/structure/download/"), strings.HasPrefix(r.URL.Path, importPath+"/filled"):
		return "files", of(s.Rates.Files, DefaultRates.Files)
	}
	return "read", of(s.Rates.Read, DefaultRates.Read)
}

// slow refuses a request where there were too many of its sort within this minute, of a person or, where nobody is named, from its address; and says so.
func (s *Site) slow(w http.ResponseWriter, r *http.Request, who string) (refused bool) {
	sort, most := s.rate(r)
	name := sort + " by " + who
	if who == "" {
		from := s.near(r)
		if from == "" { // a server stands between, and everybody would be counted as one
			return false
		}
		name, most = sort+" from "+from, most*rateOfAddress
	}
	n := s.rated.take(s.Now(), name)
	if n <= most {
		return false
	}
	if n == most+1 { // once a minute
		s.security(r, "too many requests", "account", who, "sort", sort)
	}
	w.Header().Set("Retry-After", "60")
	s.showError(w, r, http.StatusTooManyRequests, "That was too much at once", problem{Text: "More was asked for within a minute than is answered to one person. Nothing was done. Wait a minute, then go back and try again."})
	return true
}

// near is the address from which a request came, as what may be one person's: of the version 6 a whole network, since each computer in it has as many addresses as it likes. It is
// empty where remote is.
func (s *Site) near(r *http.Request) string {
	from := s.remote(r)
	a, err := netip.ParseAddr(from)
	if err != nil || !a.Is6() || a.Is4In6() {
		return from
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return from
	}
	return p.String()
}
