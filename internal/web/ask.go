package web

import (
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// askForm asks who answers for a function, and on which day.
type askForm struct {
	Hidden []hidden
	Query  field
	On     string
}

func newAskForm(l *look) askForm {
	f := askForm{}
	if l.on != "" {
		f.On = l.View.On().Words()
	}
	for _, h := range newSearchForm(l, "").Hidden {
		if h.Name != fieldOn {
			f.Hidden = append(f.Hidden, h)
		}
	}
	return f
}

const (
	askHeading = "Who answers for…?"
	askNothing = "Enter a function, for example special educational needs"
)

// ask leads from “Who answers for…?” to the one function that is meant, else to the search. Without a question it asks for one.
func (s *Site) ask(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	if query := l.other.Get("q"); query != "" {
		redirect(w, r, s.functionMeant(l, query), http.StatusSeeOther)
		return nil
	}
	body := newAskForm(l)
	p := &page{Template: "ask", Heading: askHeading, Body: &body}
	if r.URL.Query().Has("q") {
		body.Query.Problem = askNothing
		p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem", Fields: []link{{askNothing, "#ask"}}}
	}
	return s.render(w, l, p)
}

// functionMeant is the address of the one function that a query finds or whose name it is; else that of the search.
func (s *Site) functionMeant(l *look, query string) string {
	hits, _ := l.View.SearchIn([]fact.KindName{graph.Function}, query, found)
	keep := func(ok func(graph.Hit) bool) {
		if kept := slices.DeleteFunc(slices.Clone(hits), func(h graph.Hit) bool { return !ok(h) }); len(kept) > 0 {
			hits = kept
		}
	}
	keep(func(h graph.Hit) bool { return h.There })
	keep(func(h graph.Hit) bool { return strings.EqualFold(h.Title(), query) })
	if len(hits) == 1 {
		return l.record(hits[0].Key)
	}
	return l.to("/search", "q", query)
}
