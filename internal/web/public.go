package web

import (
	"net/http"
	"strings"

	"plumbline/internal/access"
)

// What everybody sees, where the council shows pages to people without an account, is the record as the graph that is published of it: see access.Person.Veil. A page made of that
// says nothing that is not public. What is worked out from the record (who answers in law, what the rules make of it, what needs somebody) is worked out of all of it, and would be
// false of a part. So everybody gets facts, and no conclusions.

// public reports whether somebody sees what everybody does, and no more.
func (l *look) public() bool { return !l.me.May(access.Read) }

// orPublic gives a page, or another in its place for whoever sees what everybody does.
func (s *Site) orPublic(show, public func(*look, *http.Request) (*page, error)) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		if l.public() {
			return public(l, r)
		}
		return show(l, r)
	}
}

// shownToAll stands on every page that everybody sees.
const shownToAll = "You see what the council shows to everybody. What is not public is left out, so what seems to be missing may only not be public."

// publicLinks are those of some links that lead to a page for everybody: the lists of kinds and of sections.
func (s *Site) publicLinks(links []link) (out []link) {
	for _, x := range links {
		path, _, _ := strings.Cut(x.URL, "?")
		if n, ok := s.needOf("GET " + path); ok && n.public && path != "/structure" {
			out = append(out, x)
		}
	}
	return out
}
