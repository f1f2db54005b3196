package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

const (
	suggested  = 10  // records, to somebody who types
	lookedOver = 300 // that were found, for those that are there on the day
)

// suggestion is a record as a field offers it while somebody types. ID is what the field holds: the id alone where only records of one
// kind were asked for, else kind/id.
type suggestion struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Note  string `json:"note"` // "Post, held by Paul Clark"
}

// suggest answers what somebody has typed so far with records of some kinds (kind=post&kind=unit; none is all): those that are there on
// the day looked at first, then those of other days.
func (s *Site) suggest(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r, fieldKind)
	if err != nil {
		return err
	}
	var kinds []fact.KindName
	for _, name := range l.other[fieldKind] {
		kinds = append(kinds, fact.KindName(name))
	}
	out := []suggestion{}
	hits, _ := l.View.SearchIn(kinds, l.other.Get(fieldTitle), lookedOver, s.short()...)
	for _, there := range []bool{true, false} {
		for _, h := range hits {
			if h.There != there || len(out) == suggested {
				continue
			}
			k := l.View.Kinds().Kind(h.Key.Kind)
			x := suggestion{h.Key.String(), s.called(l, h.Key), s.note(l, h, k)}
			if len(kinds) == 1 {
				x.ID = string(h.Key.ID)
			}
			out = append(out, x)
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(out)
}

// note says what a record is, so that it is not taken for another of the same title.
func (s *Site) note(l *look, h graph.Hit, k *kind.Kind) string {
	parts := []string{k.Label}
	if rec := l.View.Record(h.Key); rec == nil {
		parts = append(parts, "not there on "+l.View.On().Words())
	} else if k.Name == graph.Post {
		switch x := report.HoldingOf(s.Pack, rec); {
		case len(x.Lines) > 0:
			parts = append(parts, "held by "+and(x.Lines))
		case x.Vacant:
			parts = append(parts, "vacant")
		}
	}
	if y := s.why(l, h); y != "" && h.How != graph.ByHolder {
		parts = append(parts, kind.Lower(y))
	}
	return strings.Join(parts, ", ")
}
