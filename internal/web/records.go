package web

import (
	"net/http"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// recordsPage lists the kinds of record, by the section of the product that is their home.
type recordsPage struct {
	Lead     string
	Past     []link // why nothing can be changed, where that is so
	Empty    string
	Sections []recordsSection
}

type recordsSection struct {
	Heading string // where there are several
	About   string
	Table   *table
	More    []link // pages that show several kinds together
}

func (s *Site) records(l *look, _ *http.Request) (*page, error) {
	body := s.kinds(l, sections...)
	for i, at := range sections {
		body.Sections[i].Heading = at.label
	}
	p := &page{Template: "records", Heading: "Records", Body: body}
	if l.public() {
		p.Heading = "What the council shows to everybody"
		body.Sections = slices.DeleteFunc(body.Sections, func(x recordsSection) bool { return len(x.Table.Rows) == 0 })
	}
	return p, nil
}

// sectionRecords lists the kinds of one section.
func (s *Site) sectionRecords(at *section) func(*look, *http.Request) (*page, error) {
	return func(l *look, _ *http.Request) (*page, error) {
		p := &page{Template: "records", Heading: at.label, Body: s.kinds(l, *at)}
		if l.path != at.path() {
			p.Heading += ": all records"
		}
		if at.name == "structure" && !l.public() {
			p.Actions = append(s.importAction(l), action{link: link{"Download", l.to("/structure/download")}})
		}
		return p, nil
	}
}

// kinds lists the kinds of some sections: what each is for, how many records of it there are, and where to record the first.
func (s *Site) kinds(l *look, of ...section) *recordsPage {
	body := &recordsPage{Past: l.past()}
	there := keep(l, keptCounts{}, func() map[fact.KindName]int {
		n := map[fact.KindName]int{}
		for _, k := range l.View.Kinds().All {
			n[k.Name] = len(l.View.All(k.Name))
		}
		return n
	})
	total := 0
	for _, at := range of {
		t := newTable(at.label+": kinds of record", "Kind", "On "+l.View.On().Words(), "What it is")
		for _, k := range l.View.Kinds().All {
			if k.Section != at.name {
				continue
			}
			n := there[k.Name]
			if l.public() && !l.View.Ever(k.Name, func(graph.Past) bool { return true }) {
				continue // what is not there for everybody may only not be public
			}
			total += n
			t.add([]link{{k.Plural, l.kind(k)}}, s.howMany(l, k, n), text(k.About))
		}
		part := recordsSection{About: at.about, Table: t}
		for _, x := range at.more {
			if l.public() {
				break
			}
			part.More = append(part.More, link{x.Text, l.to(x.URL)})
		}
		body.Sections = append(body.Sections, part)
	}
	body.Lead = capital(count(total, "record is", "records are")) + " there on " + l.View.On().Words()
	if len(of) == 1 {
		body.Sections[0].Table.Caption, body.Lead = body.Lead, ""
	}
	if len(of) == 1 && total == 0 {
		body.Empty = "Nothing of this section is recorded on " + l.View.On().Words() + ". Each kind of record says below what it is for."
	}
	return body
}

// howMany says how many records of a kind are there on the day, and where there are none, whether there ever were and how to begin.
func (s *Site) howMany(l *look, k *kind.Kind, n int) (lines []link) {
	switch {
	case n > 0:
		return text(thousands(int64(n)))
	case l.View.Ever(k.Name, func(graph.Past) bool { return true }):
		return text("None on this day")
	}
	lines = text("Nothing recorded yet")
	if a := s.actions(l, k, ""); len(a) > 0 {
		lines = append(lines, a[0].link)
	}
	return lines
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
		if show = s.part(s.parts(kk), partNeeds(kk, http.MethodGet)); s.parts(kk)[part] == nil {
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
