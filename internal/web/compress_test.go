package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"testing"
)

// asked makes a request of a browser that says what it can unpack.
func (s *site) asked(method, target, encoding string) (*http.Response, []byte) {
	s.t.Helper()
	r := request(method, target)
	r.Header.Set("Accept-Encoding", encoding)
	w := s.do(r)
	b, err := io.ReadAll(w.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return w, b
}

func unpacked(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What shrinks is sent compressed to whoever can unpack it, and is the same.
func TestCompression(t *testing.T) {
	s := reading(t)
	_, home := s.get("/")
	targets := map[string]bool{"/": true, "/nothing": true, "/structure?on=x": true, "/structure/posts.csv": true, "/entries/1.json": true, "/structure/posts.xlsx": false}
	for _, m := range regexp.MustCompile(`(?:href|src)="(/(?:app|icon)-[^"]*)"`).FindAllStringSubmatch(home, -1) {
		targets[m[1]] = true
	}
	for target, shrinks := range targets {
		plain, want := s.asked("GET", target, "")
		for encoding, takes := range map[string]bool{"gzip": true, "br, gzip;q=0.5, *": true, "GZIP": true, "gzip;q=0": false, "gzip;q=x": false, "br": false, "identity": false} {
			r, b := s.asked("GET", target, encoding)
			packed := r.Header.Get("Content-Encoding") == "gzip"
			if packed != (takes && shrinks) || r.StatusCode != plain.StatusCode || r.Header.Get("Vary") != "Accept-Encoding" || r.Header.Get("Content-Type") != plain.Header.Get("Content-Type") {
				t.Errorf("%s for %q: status %d, %v", target, encoding, r.StatusCode, r.Header)
				continue
			}
			if packed {
				if len(b) > len(want) && len(want) > 200 {
					t.Errorf("%s grew from %d bytes to %d", target, len(want), len(b))
				}
				b = unpacked(t, b)
			}
			if shrinks && !bytes.Equal(b, want) {
				t.Errorf("%s for %q is another page", target, encoding)
			}
		}
	}
	if r, _ := s.asked("HEAD", "/structure", "gzip"); r.StatusCode != http.StatusOK || r.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("HEAD: %d %v", r.StatusCode, r.Header)
	}
}
