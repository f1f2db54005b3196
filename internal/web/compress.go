package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// shrinking are the types of content that are worth compressing.
var shrinking = []string{"text/html", "text/css", "text/javascript", "text/csv", "text/plain", "text/calendar", "application/json", "image/svg+xml"}

// compressed sends what shrinks compressed, to browsers that can unpack it. The length of a compressed page gives away a secret that
// stands in it beside something of an attacker's choice (BREACH). No page has such a secret: a form is known to be ours by where the
// browser says that it comes from, not by a token in it. It must stay so when people sign in.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Accept-Encoding")
		if !unpacks(r) {
			next.ServeHTTP(w, r)
			return
		}
		c := &compressing{ResponseWriter: w}
		defer c.end()
		next.ServeHTTP(c, r)
	})
}

// unpacks says whether the browser takes content that is compressed by gzip.
func unpacks(r *http.Request) bool {
	for _, offer := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, weighed := strings.Cut(offer, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
		return !weighed || err == nil && q > 0
	}
	return false
}

// compressing is an answer that is compressed on its way, if it turns out to be something that shrinks.
type compressing struct {
	http.ResponseWriter
	begun bool
	z     *gzip.Writer // nil where it is sent as it is
}

var compressors = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func (c *compressing) WriteHeader(status int) {
	if h := c.Header(); !c.begun && h.Get("Content-Encoding") == "" && shrinks(h.Get("Content-Type")) {
		h.Set("Content-Encoding", "gzip")
		c.z = compressors.Get().(*gzip.Writer)
		c.z.Reset(c.ResponseWriter)
	}
	c.begun = true
	c.ResponseWriter.WriteHeader(status)
}

func shrinks(mime string) bool {
	mime, _, _ = strings.Cut(mime, ";")
	return slices.Contains(shrinking, mime)
}

func (c *compressing) Write(b []byte) (int, error) {
	if !c.begun {
		c.WriteHeader(http.StatusOK)
	}
	if c.z == nil {
		return c.ResponseWriter.Write(b)
	}
	return c.z.Write(b)
}

func (c *compressing) end() {
	if c.z != nil {
		_ = c.z.Close() // the reader may have gone
		compressors.Put(c.z)
	}
}

// smallest compresses as far as gzip can, for what is compressed once and sent often.
func smallest(content []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is one that there is
	}
	_, _ = z.Write(content) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
