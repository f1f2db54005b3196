package reach

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// What another computer may take of ours.
const (
	answerWithin = 8 * time.Second // all of one answer
	maxAnswer    = 1 << 20         // bytes of one answer, unpacked
	maxHops      = 3               // redirects within one host
)

// newClient gives the one way out. A proxy may be nil.
func newClient(proxy func(*http.Request) (*url.URL, error)) *http.Client {
	return &http.Client{
		Timeout:       answerWithin,
		CheckRedirect: sameHost,
		Transport: bounded{&http.Transport{
			Proxy:                  proxy,
			DialContext:            (&net.Dialer{Timeout: answerWithin / 2}).DialContext,
			TLSHandshakeTimeout:    answerWithin / 2,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns:           4,
			IdleConnTimeout:        30 * time.Second,
			ForceAttemptHTTP2:      true,
		}},
	}
}

// sameHost follows no redirect to another host, or from https to http: what is asked, secrets included, is for who was asked.
func sameHost(r *http.Request, via []*http.Request) error {
	if first := via[0].URL; r.URL.Host != first.Host || r.URL.Scheme != first.Scheme || len(via) > maxHops {
		return errors.New("it sends on to another address")
	}
	return nil
}

// bounded gives answers that end in an error where they are too long.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	a, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		a.Body = http.MaxBytesReader(nil, a.Body, maxAnswer)
	}
	return a, err
}

// Private reports whether nobody on the way can read or alter what goes to an address: over TLS, or within this computer.
func Private(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	here := strings.EqualFold(u.Hostname(), "localhost") || err == nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && here
}
