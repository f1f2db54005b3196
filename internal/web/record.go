package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// recordPage is one record on a day, and everything that was ever said of it.
type recordPage struct {
	Absent    *absence
	Uncertain string
	Fields    []fieldLine
	Unstated  string // fields of which nothing is recorded
	Entry     []fieldLine
	Referring []referring
	History   *table
}

// absence says of a record that is not there on the day on which days it is.
type absence struct {
	Text string
	Days []link
}

// fieldLine is a label with what stands beside it.
type fieldLine struct {
	Label string
	Lines []link
}

// referring is the records that refer to this one by one field.
type referring struct {
	Label   string
	Records []link
	More    string
}

// record shows the records of a kind.
func (s *Site) record(kk *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		return s.recordPage(l, fact.Key{Kind: kk.Name, ID: fact.ID(r.PathValue("id"))})
	}
}

func (s *Site) recordPage(l *look, k fact.Key) (*page, error) {
	kk := l.View.Kinds().Kind(k.Kind)
	history := l.View.History(k)
	if len(history) == 0 {
		return nil, s.noRecord(l, kk, k)
	}
	body := &recordPage{}
	rec := l.View.Record(k)
	if rec == nil {
		body.Absent = s.absent(l, k)
	} else {
		s.there(l, body, rec)
		for _, h := range history {
			if h.Position == rec.Entry() {
				body.Entry = s.origin(l, rec, h)
			}
		}
	}
	body.History = s.history(l, kk, history)
	return &page{
		Template: "record", Label: kk.Label, Heading: s.called(l, k), Actions: s.actions(l, kk, k.ID), Body: body,
		Crumbs: []link{{kk.Plural, l.kind(kk)}},
	}, nil
}

// there fills in what the record is on the day.
func (s *Site) there(l *look, body *recordPage, rec *graph.Record) {
	if rec.Exists() == fact.Maybe {
		body.Uncertain = "Whether it is there on this day is not certain: the dates recorded are not exact."
	}
	if rec.Kind().Name == graph.Post {
		body.Fields = s.incumbency(rec)
	}
	var unstated []string
	for _, f := range rec.Kind().Fields {
		if v := s.value(l, rec, f); v != nil {
			body.Fields = append(body.Fields, fieldLine{f.Label, v})
		} else {
			unstated = append(unstated, strings.ToLower(f.Label[:1])+f.Label[1:])
		}
	}
	if len(unstated) > 0 {
		body.Unstated = "Not recorded: " + strings.Join(unstated, "; ") + "."
	}
	labels, of := report.Backlinks(rec)
	for _, label := range labels {
		kind, field, _ := strings.Cut(label, ", ")
		x := referring{Label: kind + " (" + field + ")"}
		for _, from := range of[label] {
			x.Records = append(x.Records, link{s.title(from), l.record(from.Key())})
		}
		if n := len(x.Records); n > rowsPerPage {
			x.Records, x.More = x.Records[:rowsPerPage], fmt.Sprintf("and %d more", n-rowsPerPage)
		}
		body.Referring = append(body.Referring, x)
	}
}

// origin says where what the page shows comes from.
func (s *Site) origin(l *look, rec *graph.Record, h graph.Version) []fieldLine {
	out := []fieldLine{{"In force", text(inForce(rec))}, {"Recorded", append(text(moment(h)), l.entry(h.Position))}}
	if src := rec.Source(); src != "" {
		out = append(out, fieldLine{"Source", text(capital(src))})
	}
	if note := rec.Note(); note != "" {
		out = append(out, fieldLine{"Note", text(note)})
	}
	return out
}

// incumbency says of a post who is in it, and which statutory roles it has.
func (s *Site) incumbency(p *graph.Record) []fieldLine {
	h := s.holding(p)
	out := []fieldLine{{"In post", texts(append(h.words(), s.recruiting(p, h)...))}}
	var roles []string
	for _, r := range s.Pack.Roles {
		if posts, _ := p.View().RolePosts(r.Code); slices.Contains(posts, p) {
			roles = append(roles, capital(r.Name))
		}
	}
	if len(roles) > 0 {
		out = append(out, fieldLine{"Statutory role", texts(roles)})
	}
	return out
}

// absent says on which days a record is there.
func (s *Site) absent(l *look, k fact.Key) *absence {
	a := &absence{Text: "It is not there on " + l.View.On().Words() + "."}
	for p := range l.View.Pasts(k.Kind) {
		if p.Record.Key() != k {
			continue
		}
		first, last, ok := p.Span.Certain()
		switch {
		case !ok:
			a.Days = append(a.Days, link{Text: capital(p.Span.Words())})
			continue
		case first == fact.MinDay:
			first = last
		}
		day := first.String()
		a.Days = append(a.Days, link{capital(p.Span.Words()), l.here(func(c *look) { c.on = day })})
	}
	if len(a.Days) > 0 {
		a.Text += " It is recorded for these days:"
	} else {
		a.Text += " What was recorded of it holds on no day, or belongs to a proposal that is not looked at."
	}
	return a
}

// noRecord says that nothing is known of a record, or that it was not known yet.
func (s *Site) noRecord(l *look, kk *kind.Kind, k fact.Key) error {
	t := &trouble{kind: fact.ErrNotFound, text: fmt.Sprintf("There is no %s “%s” in this record.", strings.ToLower(kk.Label), k.ID), links: []link{{kk.Plural, l.kind(kk)}}}
	if h := s.Book.View(l.View.On(), -1).History(k); len(h) > 0 {
		t.text = "Nothing was recorded of this " + strings.ToLower(kk.Label) + " yet, as the record then stood."
		t.links = append([]link{{"It was first recorded on " + fact.DayIn(h[0].Recorded).Words() + ": show it with everything recorded since", l.here(func(c *look) { c.known, c.proposal = "", "" })}}, t.links...)
		return t
	}
	var ids []string
	for _, x := range keysOf(l.View, k.Kind) {
		ids = append(ids, string(x.ID))
	}
	if n := kind.Nearest(string(k.ID), ids); n != "" {
		near := fact.Key{Kind: k.Kind, ID: fact.ID(n)}
		t.links = append([]link{{"Did you mean: " + s.called(l, near), l.record(near)}}, t.links...)
	}
	return t
}

// history shows every entry about a record on both clocks: of which days it speaks, and when it was recorded. Of what it
// says only what is new is shown.
func (s *Site) history(l *look, k *kind.Kind, versions []graph.Version) *table {
	t := newTable("Every entry about it that is known, the oldest first", "Entry", "Which days it speaks of", "Recorded", "What it says", "Source")
	before := map[fact.ID]map[string]string{} // by branch
	for _, h := range versions {
		days := text(capital(report.Did(h)))
		if h.Proposal != "" {
			days = append(days, s.linked(l, fact.Key{Kind: graph.Proposal, ID: h.Proposal}))
		}
		var says []link
		if h.Op == fact.Assert {
			says, before[h.Proposal] = s.news(l, k, h, before[h.Proposal])
		}
		t.add([]link{l.entry(h.Position)}, days, text(moment(h)), says, slices.Concat(text(capital(h.Record.Source())), text(h.Record.Note())))
	}
	return t
}

// news lists what an entry says that the one before it did not.
func (s *Site) news(l *look, k *kind.Kind, h graph.Version, before map[string]string) (says []link, now map[string]string) {
	now = map[string]string{}
	for _, f := range k.Fields {
		v := plain(s.value(l, h.Record, f))
		now[f.Name] = v
		switch {
		case v == before[f.Name]:
		case v == "":
			says = append(says, link{Text: f.Label + ": no longer stated"})
		default:
			says = append(says, link{Text: f.Label + ": " + v})
		}
	}
	if len(says) == 0 {
		says = text("The same, over other days")
	}
	return says, now
}
