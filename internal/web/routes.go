package web

import (
	"fmt"
	"net/http"

	"plumbline/internal/fact"
)

// handler answers a request, or gives the error that answered turns into a page.
type handler func(http.ResponseWriter, *http.Request) error

type route struct {
	pattern string
	handler handler
}

// routes is every address there is. No page reads the store but the two of entries, which prove, and check.json, which names
// the root of the tree: the others are made from a view alone.
func (s *Site) routes() []route {
	return []route{
		{"GET /{$}", s.page(s.home)},
		{"GET /structure", s.page(s.structure)},
		{"GET /who", s.page(s.who)},
		{"GET /check", s.page(s.check)},
		{"GET /check/{rule}", s.page(s.checkRule)},
		{"GET /check.json", s.checkJSON},
		{"GET /records", s.page(s.records)},
		{"GET /records/{kind}", s.page(s.list)},
		{"GET /records/{kind}/{id}", s.page(s.record)},
		{"GET /search", s.page(s.search)},
		{"GET /entries/{entry}", s.entry}, // 57 is the page, 57.json the proof
		{"GET " + style.address, style.serve},
		{"GET " + icon.address, icon.serve},
		{"GET /", func(http.ResponseWriter, *http.Request) error {
			return fmt.Errorf("no such page: %w", fact.ErrNotFound)
		}},
	}
}

// page makes a handler of a function from a look to a page. Dates as people write them are turned into the one spelling that an
// address has before anything is shown.
func (s *Site) page(show func(*look, *http.Request) (*page, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r)
		if err != nil {
			return err
		}
		if l.respelt {
			http.Redirect(w, r, l.here(), http.StatusSeeOther)
			return nil
		}
		p, err := show(l, r)
		if err != nil {
			return err
		}
		return s.render(w, http.StatusOK, l, p)
	}
}
