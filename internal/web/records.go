package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// recordsPage lists the kinds of record, by the section of the product that is their home.
type recordsPage struct {
	Lead     string
	Sections []recordsSection
}

type recordsSection struct {
	Heading string
	Table   *table
}

func (s *Site) records(l *look, _ *http.Request) (*page, error) {
	body := s.kinds(l, kind.Sections)
	return &page{Template: "records", Heading: "Records", Body: body}, nil
}

// sectionRecords lists the kinds of one section.
func (s *Site) sectionRecords(at *section) func(*look, *http.Request) (*page, error) {
	return func(l *look, _ *http.Request) (*page, error) {
		p := &page{Template: "records", Heading: at.label, Body: s.kinds(l, []string{at.name})}
		if l.path != at.path() {
			p.Heading += ": all records"
		}
		return p, nil
	}
}

func (s *Site) kinds(l *look, sections []string) *recordsPage {
	body := &recordsPage{}
	total := 0
	for _, section := range sections {
		t := newTable(capital(section)+": kinds of record", "Kind", "On this day", "What it is")
		for _, k := range l.View.Kinds().All {
			if k.Section != section {
				continue
			}
			n := len(l.View.All(k.Name))
			total += n
			t.add([]link{{k.Plural, l.kind(k)}}, text(thousands(int64(n))), text(k.About))
		}
		if len(t.Rows) > 0 {
			body.Sections = append(body.Sections, recordsSection{capital(section), t})
		}
	}
	body.Lead = capital(count(total, "record is", "records are")) + " there on " + l.View.On().Words() + "."
	return body
}

// general leads from the general address of a kind or a record to its own, and shows those records that have no other.
func (s *Site) general(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	kk := l.View.Kinds().Kind(fact.KindName(r.PathValue("kind")))
	if kk == nil {
		return s.noKind(l, r.PathValue("kind"))
	}
	k := fact.Key{Kind: kk.Name, ID: fact.ID(r.PathValue("id"))}
	at := kk.Path()
	if k.ID != "" {
		at = s.addresses.of(k)
	}
	if at != r.URL.Path {
		return lead(func(*http.Request) string { return at })(w, r)
	}
	return s.page(s.record(kk))(w, r)
}

// listPage lists the records of one kind.
type listPage struct {
	About string
	Empty []link
	Table *table
	Pager *pager
	Other *link // those of other days, too
}

// list shows the list of a kind.
func (s *Site) list(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) { return s.listPage(l, k, r.URL.Query().Get("page")) }
}

func (s *Site) listPage(l *look, k *kind.Kind, asked string) (*page, error) {
	body := &listPage{About: k.About}
	p := &page{Template: "list", Heading: k.Plural, Body: body}
	known, there := keysOf(l.View, k.Name), l.View.All(k.Name)
	all := l.other.Get("days") == "all"
	if !all {
		known = known[:0]
		for _, x := range there {
			known = append(known, x.Key())
		}
		if other := len(keysOf(l.View, k.Name)) - len(there); other > 0 {
			body.Other = &link{capital(count(other, "more is", "more are")) + " recorded, of other days: show all", l.with("days", "all")}
		}
	} else {
		body.Other = &link{"Show those of this day alone", l.with("days", "")}
	}
	if len(known) == 0 {
		body.Empty = s.nothing(l, k.Name)
		return p, nil
	}
	type named struct {
		key   fact.Key
		title string
	}
	rows := make([]named, len(known))
	for i, key := range known {
		rows[i] = named{key, s.called(l, key)}
	}
	slices.SortStableFunc(rows, func(a, b named) int { return byTitle(a.title, b.title) })
	rows, body.Pager = paged(l, asked, rows)
	fields := columns(k)
	head := []string{k.Label}
	for _, f := range fields {
		head = append(head, f.Label)
	}
	body.Table = newTable(fmt.Sprintf("%s on %s", k.Plural, l.View.On().Words()), append(head, "In force")...)
	for _, x := range rows {
		cells := [][]link{{{x.title, l.record(x.key)}}}
		rec := l.View.Record(x.key)
		for _, f := range fields {
			var v []link
			if rec != nil {
				v = s.value(l, rec, f)
			}
			cells = append(cells, v)
		}
		body.Table.add(append(cells, text(inForce(rec)))...)
	}
	return p, nil
}

// columns are the fields that a list shows beside the title, which says some of them already.
func columns(k *kind.Kind) (fields []*kind.Field) {
	said := kind.TitleFields(k.Title)
	for _, n := range k.List {
		if f := k.Field(n); f.Type == kind.Reference || f.Type != kind.LongText && !slices.Contains(said, n) {
			fields = append(fields, f)
		}
	}
	return fields
}

// inForce says of which days the entry speaks that holds on the day.
func inForce(r *graph.Record) string {
	switch {
	case r == nil:
		return "Not on this day"
	case r.Proposal() != "":
		return "As proposed, " + r.Span().Words()
	case r.Exists() == fact.Maybe:
		return "Not certain on this day: " + r.Span().Words()
	}
	return capital(r.Span().Words())
}

// byTitle puts titles in the order in which people look for them: those that begin with a number by that number.
func byTitle(a, b string) int {
	an, _ := strconv.ParseFloat(strings.SplitN(a, " ", 2)[0], 64)
	bn, _ := strconv.ParseFloat(strings.SplitN(b, " ", 2)[0], 64)
	return cmp.Or(cmp.Compare(an, bn), cmp.Compare(strings.ToLower(a), strings.ToLower(b)))
}

func (s *Site) noKind(l *look, name string) error {
	t := &trouble{kind: fact.ErrNotFound, text: "“" + name + "” is no kind of record.", links: []link{{"All kinds of record", l.to("/records")}}}
	if n := kind.Nearest(name, l.View.Kinds().Names()); n != "" {
		near := l.View.Kinds().Kind(fact.KindName(n))
		t.links = append([]link{{"Did you mean: " + near.Plural, l.kind(near)}}, t.links...)
	}
	return t
}
