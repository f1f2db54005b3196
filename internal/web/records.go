package web

import (
	"net/http"

	"plumbline/internal/fact"
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

// general leads from the general address of a kind, a record or a part of one to its own, and shows those records that have no other.
func (s *Site) general(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	kk := l.View.Kinds().Kind(fact.KindName(r.PathValue("kind")))
	if kk == nil {
		return s.noKind(l, r.PathValue("kind"))
	}
	k, part := fact.Key{Kind: kk.Name, ID: fact.ID(r.PathValue("id"))}, r.PathValue("part")
	at := kk.Path()
	if k.ID != "" {
		at = s.addresses.of(k)
	}
	show := s.page(s.record(kk))
	if part != "" {
		at += "/" + part
		if show = s.parts(kk)[part]; show == nil {
			return s.nowhere(w, r)
		}
	}
	if at != r.URL.Path {
		return lead(func(*http.Request) string { return at })(w, r)
	}
	return show(w, r)
}

func (s *Site) noKind(l *look, name string) error {
	t := &trouble{kind: fact.ErrNotFound, text: "“" + name + "” is no kind of record.", links: []link{{"All kinds of record", l.to("/records")}}}
	if n := kind.Nearest(name, l.View.Kinds().Names()); n != "" {
		near := l.View.Kinds().Kind(fact.KindName(n))
		t.links = append([]link{{"Did you mean: " + near.Plural, l.kind(near)}}, t.links...)
	}
	return t
}
