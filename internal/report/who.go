package report

import (
	"fmt"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// HolderJSON is somebody in a post.
type HolderJSON struct {
	Person      string `json:"person"`
	Name        string `json:"name"`
	Basis       string `json:"basis,omitempty"`
	Appointment string `json:"appointment"`
	From        string `json:"from,omitempty"`
	Entry       int64  `json:"entry"`
}

// PostJSON is a post with those in it.
type PostJSON struct {
	Post    string       `json:"post"`
	Title   string       `json:"title"`
	Holders []HolderJSON `json:"holders"`
	Vacant  bool         `json:"vacant"`
	Missing string       `json:"missing,omitempty"` // why it cannot be said who is in it
}

// WhoJSON says who answers for a function, or who fills a role.
type WhoJSON struct {
	When
	Function  string         `json:"function,omitempty"`
	Role      string         `json:"role,omitempty"`
	Title     string         `json:"title"`
	Roles     []string       `json:"roles"` // that answer in law
	Answers   []PostJSON     `json:"answers"`
	Manages   *PostJSON      `json:"manages"`
	Split     bool           `json:"split"`
	Mechanism []string       `json:"mechanism"`
	Missing   []rule.Missing `json:"missing"`
	Periods   []PeriodJSON   `json:"periods,omitempty"` // of a role: every designation that is known
}

// PeriodJSON is a designation, on whatever days.
type PeriodJSON struct {
	Designation string `json:"designation"`
	Post        string `json:"post"`
	Title       string `json:"title"`
	From        string `json:"from"`
	Until       string `json:"until"`
	Proposal    string `json:"proposal,omitempty"`
	Entry       int64  `json:"entry"`
	span        fact.Span
}

// NewPostJSON says who is in a post on the day.
func NewPostJSON(p *graph.Record) PostJSON {
	out := PostJSON{Post: p.Key().String(), Title: p.Title(), Holders: []HolderJSON{}}
	o := p.Holders()
	for _, a := range o.Holders {
		h := HolderJSON{Basis: a.Text("basis"), Appointment: a.Key().String(), From: a.Span().From.String(), Entry: a.Entry()}
		if k, ok := a.RefKey("person"); ok {
			h.Person, h.Name = k.String(), a.View().Called(k)
		}
		out.Holders = append(out.Holders, h)
	}
	out.Vacant = o.Vacant
	if o.Gap != nil {
		out.Missing = o.Gap.Why
	}
	return out
}

// In says in words who is in a post.
func (p PostJSON) In() string {
	switch {
	case len(p.Holders) > 0:
		var names []string
		for _, h := range p.Holders {
			n := h.Name
			if h.Basis != "" && h.Basis != "permanent" {
				n += " (" + h.Basis + ")"
			}
			names = append(names, n)
		}
		return strings.Join(names, ", ")
	case p.Vacant:
		return "vacant"
	}
	return "not known: " + p.Missing
}

// WhoFunction says who answers in law for a function on the day, and who manages it.
func WhoFunction(p *rule.Pack, f *graph.Record, root string) WhoJSON {
	v := f.View()
	out := WhoJSON{When: NewWhen(v, root), Function: f.Key().String(), Title: f.Title(), Roles: []string{}, Answers: []PostJSON{}, Mechanism: []string{}, Missing: []rule.Missing{}}
	r := p.Who(f)
	out.Roles = append(out.Roles, r.Roles...)
	for _, a := range r.Answers {
		out.Answers = append(out.Answers, NewPostJSON(a))
	}
	if r.Manager != nil {
		m := NewPostJSON(r.Manager)
		out.Manages = &m
	}
	out.Missing = append(out.Missing, r.Gaps...)
	for _, s := range p.Splits(v) {
		if s.Function == f.Key() && s.Answers != nil {
			out.Split = true
			for _, m := range s.Mechanism {
				out.Mechanism = append(out.Mechanism, m.String())
			}
		}
	}
	return out
}

// WhoRole says which post is designated to a role on the day, and who is in it.
func WhoRole(p *rule.Pack, v *graph.View, role *rule.Role, root string) WhoJSON {
	out := WhoJSON{When: NewWhen(v, root), Role: role.Code, Title: Capital(role.Name), Roles: []string{role.Code}, Answers: []PostJSON{}, Mechanism: []string{}, Missing: []rule.Missing{}}
	posts, gaps := v.RolePosts(role.Code)
	for _, x := range posts {
		out.Answers = append(out.Answers, NewPostJSON(x))
	}
	for _, g := range gaps {
		out.Missing = append(out.Missing, rule.Missing{Record: g.Record.String(), Field: g.Field, Why: g.Why})
	}
	if len(posts)+len(gaps) == 0 {
		why := "no post is designated on this day"
		if !v.EverDesignated(role.Code) {
			why = "no designation to this role is recorded on any day"
		}
		out.Missing = append(out.Missing, rule.Missing{Record: "designation", Field: "role", Why: why})
	}
	for x := range v.Pasts(graph.Designation) {
		if x.Record.Text("role") != role.Code {
			continue
		}
		pd := PeriodJSON{Designation: x.Record.Key().String(), From: x.Span.From.String(), Until: x.Span.Until.String(), Proposal: string(x.Record.Proposal()), Entry: x.Record.Entry(), span: x.Span}
		for _, field := range []string{"post", "person"} {
			if k, ok := x.Record.RefKey(field); ok {
				pd.Post, pd.Title = k.String(), v.Called(k)
				break
			}
		}
		out.Periods = append(out.Periods, pd)
	}
	return out
}

// Document writes who answers, for people.
func (w WhoJSON) Document(v *graph.View, p *rule.Pack) Document {
	d := Document{Title: "Who answers: " + w.Title, Dates: DatesOf(v)}
	if w.Role != "" {
		d.Title = w.Title + " (" + w.Role + ")"
	}
	name := func(code string) string {
		if r := p.Role(code); r != nil {
			return r.Name
		}
		return code
	}
	t := Table{Head: []string{"", "Post", "In post"}}
	for _, a := range w.Answers {
		what := "Answers in law"
		if len(w.Roles) > 0 {
			what += ", as " + name(strings.Join(w.Roles, " and "))
		}
		t.Rows = append(t.Rows, cells(what, a.Title, a.In()))
	}
	if w.Function != "" {
		if len(w.Roles) == 0 && len(w.Missing) == 0 {
			t.Rows = append(t.Rows, cells("Answers in law", "nobody: the law gives this function to no statutory role on this day", ""))
		}
		if w.Manages != nil {
			t.Rows = append(t.Rows, cells("Manages", w.Manages.Title, w.Manages.In()))
		}
	}
	d.Sections = append(d.Sections, Section{"", []Block{t}})
	var notes List
	if w.Split {
		joins := "nothing that joins the two is recorded"
		if len(w.Mechanism) > 0 {
			var n []string
			for _, m := range w.Mechanism {
				if k, err := fact.ParseKey(m); err == nil {
					n = append(n, v.Called(k))
				}
			}
			joins = "what joins the two: " + strings.Join(n, ", ")
		}
		notes = append(notes, "One post answers in law and another manages; "+joins)
	}
	for _, m := range w.Missing {
		s := m.Why
		if k, err := fact.ParseKey(m.Record); err == nil && k.ID != "" {
			s = v.Called(k) + ": " + s
		}
		notes = append(notes, "Not known: "+s)
	}
	if len(notes) > 0 {
		d.Sections[0].Blocks = append(d.Sections[0].Blocks, notes)
	}
	if len(w.Periods) > 0 {
		t := Table{Caption: "Every designation that is recorded", Head: []string{"Post", "In force", "Entry"}}
		for _, x := range w.Periods {
			in := x.span.Words()
			if x.Proposal != "" {
				in += ", as proposed"
			}
			t.Rows = append(t.Rows, cells(x.Title, in, fmt.Sprint(x.Entry)))
		}
		d.Sections = append(d.Sections, Section{"Designations", []Block{t}})
	}
	return d
}
