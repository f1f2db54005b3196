package web

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// A record's address is that of its kind and its id: /structure/posts/chief-executive. The id never changes, so a link in a printed
// report still leads to the record after it was renamed; an address made of a title that it once had is led to it (see renamed).
//
// A few ids cannot stand there, because that address means something else: /structure/posts/new. They are at /records/KIND/ID,
// which leads on to the address of every other record.

// endings are the forms in which a page may be had beside HTML, as the ending of its address.
var endings = []string{".csv", ".xlsx", ".docx", ".html", ".ics", ".json", ".svg", ".txt"}

// addresses are the places that are taken by pages.
type addresses struct {
	kinds *kind.Set
	taken map[string]bool
}

// of gives the address of a record, without a look.
func (a *addresses) of(k fact.Key) string {
	kk := a.kinds.Kind(k.Kind)
	if kk == nil {
		return general(k)
	}
	at := kk.Path() + "/" + string(k.ID)
	if a.taken[at] || slices.Contains(kind.AddressWords, string(k.ID)) || slices.Contains(endings, path.Ext(at)) {
		return general(k)
	}
	return at
}

func general(k fact.Key) string { return "/records/" + string(k.Kind) + "/" + string(k.ID) }

// ending is what a request asks for beside HTML: csv, json, or nothing.
type ending struct{}

func endingOf(r *http.Request) string {
	e, _ := r.Context().Value(ending{}).(string)
	return e
}

// dotted is that ending as it stands in an address.
func dotted(r *http.Request) string {
	if e := endingOf(r); e != "" {
		return "." + e
	}
	return ""
}

// cutEnding takes the ending off an address before it is looked up, so that a page and its files are one route.
func cutEnding(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := path.Ext(r.URL.Path)
		if !slices.Contains(endings, e) || r.URL.Path == icon.address || strings.HasPrefix(r.URL.Path, "/records/") && !strings.HasSuffix(r.URL.Path, "/"+partHistory+e) {
			next.ServeHTTP(w, r)
			return
		}
		c := r.Clone(context.WithValue(r.Context(), ending{}, e[1:]))
		c.URL.Path, c.URL.RawPath = strings.TrimSuffix(r.URL.Path, e), ""
		next.ServeHTTP(w, c)
	})
}

// moved are addresses that pages once had, so that what was printed still leads there.
var moved = map[string]string{
	"/who":   "/structure/who-answers",
	"/check": "/assurance/check",
}

// lead sends a reader on to where a page is now, with the look and the way of showing it.
func lead(to func(*http.Request) string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		at := escaped(to(r)) + dotted(r)
		if r.URL.RawQuery != "" {
			at += "?" + r.URL.RawQuery
		}
		redirect(w, r, at, http.StatusMovedPermanently)
		return nil
	}
}
