package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"plumbline/internal/fact"
)

// headers are on every answer. No frame, font, foreign thing or script within a page is ever needed, so none is allowed.
var headers = map[string]string{
	"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store", // what a page shows may be erased, and then must be gone
}

// maxBody is how large a form may be that comes with a request, in bytes.
const maxBody = 1 << 20

// mostOf is how large the body of a request may be. The route of an upload alone takes a file.
func mostOf(r *http.Request) int64 {
	if uploads(r) {
		return maxUpload
	}
	return maxBody
}

// guard puts around the pages what every answer has: headers, this computer's own name, forms of our own pages only and none too large.
func (s *Site) guard(pages http.Handler) http.Handler {
	bounded := s.answered(func(w http.ResponseWriter, r *http.Request) error {
		switch r.Method {
		case http.MethodGet, http.MethodHead:
		case http.MethodPost:
			r.Body = http.MaxBytesReader(w, r.Body, mostOf(r))
		default:
			return errMethod
		}
		pages.ServeHTTP(w, r)
		return nil
	})
	ours := http.NewCrossOriginProtection()
	ours.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.security(r, "form of another site refused")
		http.Error(w, "This form was sent from another site, so nothing was done. Open the page here, and send the form from it.", http.StatusForbidden)
	}))
	inner := ours.Handler(bounded)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for k, v := range headers {
			w.Header().Set(k, v)
		}
		if !s.addressed(r) {
			http.Error(w, "Plumbline does not answer by this name. On this computer it answers as localhost, 127.0.0.1 and [::1]; others reach it by the address that it was started with.", http.StatusMisdirectedRequest)
			return
		}
		if s.URL != nil && s.URL.Scheme == "https" {
			w.Header().Set("Strict-Transport-Security", "max-age=63072000")
		}
		inner.ServeHTTP(w, readable(r))
	})
}

// addressed says whether a request was meant for this site: by the name under which people reach it, or by one of this computer's own names and the
// port on which it came. Otherwise a page elsewhere could have its own name resolve to this address and read the record through the visitor's browser.
func (s *Site) addressed(r *http.Request) bool {
	if s.URL != nil {
		return strings.EqualFold(r.Host, s.URL.Host)
	}
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		host, port = strings.Trim(r.Host, "[]"), "80"
	}
	at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && port == strconv.Itoa(at.Port) && loopback(host)
}

// readable gives a request whose address is text, since pages repeat parts of it: bytes that are none become the sign for what cannot be read.
func readable(r *http.Request) *http.Request {
	query := r.URL.Query()
	sound, broken := url.Values{}, !utf8.ValidString(r.URL.Path)
	for name, values := range query {
		broken = broken || !utf8.ValidString(name)
		for _, v := range values {
			broken = broken || !utf8.ValidString(v)
			sound.Add(strings.ToValidUTF8(name, "\uFFFD"), strings.ToValidUTF8(v, "\uFFFD"))
		}
	}
	if !broken {
		return r
	}
	r = r.Clone(r.Context())
	r.URL.Path, r.URL.RawPath, r.URL.RawQuery = strings.ToValidUTF8(r.URL.Path, "\uFFFD"), "", sound.Encode()
	return r
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// Listen opens the address at which pages are served: one that only this computer reaches, unless it is known how people reach it.
func Listen(addr string, outside bool) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("the address %q is not of the form HOST:PORT, as in 127.0.0.1:8340: %w", addr, fact.ErrInvalid)
	}
	if !outside && !loopback(host) {
		return nil, fmt.Errorf("the address %q is not of this computer alone. Say with --url under which address people reach it, for example --url https://plumbline.example.gov.uk, or use 127.0.0.1:%s, [::1]:%s or localhost:%s: %w", addr, port, port, port, fact.ErrDenied)
	}
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("another program is using %s. Choose another port, for example --addr %s, or let the system choose one with --addr %s", addr, net.JoinHostPort(host, next(port)), net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return nil, fmt.Errorf("listen at %s: %w", addr, err)
	}
	return l, nil
}

func next(port string) string {
	n, err := strconv.Atoi(port)
	if err != nil || n >= 65535 {
		return "8341"
	}
	return strconv.Itoa(n + 1)
}

// patience is how long answers that are under way may take when the server is told to end.
const patience = 5 * time.Second

// Serve answers requests until the context ends, then lets those under way finish.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := srv.Shutdown(ending); err != nil {
		return errors.Join(fmt.Errorf("end server: %w", err), srv.Close())
	}
	return nil
}
