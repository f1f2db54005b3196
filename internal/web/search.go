package web

import (
	"net/http"
	"strings"

	"plumbline/internal/graph"
)

// found is the most that a search shows: whoever finds more than this has to say more.
const found = 100

// searchForm is the form by which the record is searched; it carries the dates looked at.
type searchForm struct {
	Query  string
	Hidden []hidden
}

func newSearchForm(l *look, query string) searchForm {
	f := searchForm{Query: query}
	for _, h := range []hidden{{fieldOn, l.on}, {fieldKnown, l.known}, {fieldProposal, l.proposal}} {
		if h.Value != "" {
			f.Hidden = append(f.Hidden, h)
		}
	}
	return f
}

// searchPage is what a search found.
type searchPage struct {
	Form  searchForm
	Lead  string
	Table *table
}

func (s *Site) search(l *look, r *http.Request) (*page, error) {
	query := strings.TrimSpace(r.URL.Query().Get("q"))
	body := &searchPage{Form: newSearchForm(l, query)}
	p := &page{Template: "search", Heading: "Search", Body: body}
	if query == "" {
		body.Lead = "Names are found by the beginnings of their words, also those that something had on other days, and the names of people in post."
		return p, nil
	}
	hits, total := l.View.Search(query, found, s.short()...)
	switch {
	case total == 0:
		body.Lead = "Nothing recorded by then is, was or will be called that. Try fewer words, or the beginning of one."
		return p, nil
	case total > len(hits):
		body.Lead = capital(count(total, "record", "records")) + " found; the first " + thousands(found) + " are shown. Another word narrows it."
	default:
		body.Lead = capital(count(total, "record", "records")) + " found."
	}
	body.Table = newTable("What was found for “"+query+"”", "Name", "What it is", "On "+l.View.On().Words())
	for _, h := range hits {
		body.Table.add([]link{{h.Title, l.record(h.Key)}}, text(l.View.Kinds().Kind(h.Key.Kind).Label), text(standing(h)))
	}
	return p, nil
}

// short gives the abbreviations by which people search: those of council papers, and the codes of roles.
func (s *Site) short() []graph.Abbreviation {
	var out []graph.Abbreviation
	for _, a := range abbreviations {
		out = append(out, graph.Abbreviation{Short: a[0], Long: a[1]})
	}
	for _, r := range s.Pack.Roles {
		out = append(out, graph.Abbreviation{Short: r.Code, Long: r.Name})
	}
	return out
}

// standing says how a record that was found stands on the day, and by what it was found.
func standing(h graph.Hit) string {
	found := ""
	switch h.How {
	case graph.ByOtherTitle:
		found = "Called “" + h.As + "” " + h.Span.Words()
	case graph.ByAbbreviation:
		found = "Found by the abbreviation: " + h.As
	case graph.ByRole:
		found = "Has the role " + h.As + " " + h.Span.Words()
	case graph.ByHolder:
		found = "Held by " + h.As + " " + h.Span.Words()
	}
	switch {
	case h.There && found != "":
		return found
	case h.There:
		return "There on this day"
	case found != "":
		return "Not there on this day. " + found
	}
	return "Not there on this day"
}
