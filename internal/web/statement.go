package web

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// statementsPath is where the statutory officers state for a quarter whether they can give assurance.
const statementsPath = "/assurance/statements"

// fieldQuarter says which quarter: "2015/16 quarter 2".
const fieldQuarter = "quarter"

// quarter reads which quarter is looked at: that of the day, where none is given.
func (l *look) quarter() (report.Quarter, error) {
	typed := l.other.Get(fieldQuarter)
	if typed == "" {
		return report.QuarterOf(l.View.On()), nil
	}
	q, err := report.ParseQuarter(typed)
	if err != nil {
		return q, &trouble{kind: fact.ErrNotFound, text: "There is no quarter “" + typed + "”. It is written as in 2015/16 quarter 2.", links: []link{{"The quarter of " + l.View.On().Words(), l.to(statementsPath)}}}
	}
	return q, nil
}

// statements shows the statutory roles in a quarter, and what their holders state.
func (s *Site) statements(l *look, _ *http.Request) (*page, error) {
	return s.asksStatement(l, &sent{})
}

func (s *Site) asksStatement(l *look, f *sent) (*page, error) {
	q, err := l.quarter()
	if err != nil {
		return nil, err
	}
	x := report.StatementsOf(s.Pack, l.View, q, s.assessing(l))
	d := x.Document(l.View)
	body := documentOf(l, d)
	p := &page{Template: "document", Heading: "Statements of the statutory officers", State: q.String(), Body: body, Actions: []action{{link{"Download for Word", l.ended("docx")}, true}}, Files: []file{s.wordOf(l, func() report.Document { return d }), {"json", "JSON", "application/json; charset=utf-8", func(w io.Writer) error {
		return json.NewEncoder(w).Encode(struct {
			report.When
			*report.Statements
		}{s.when(l), x})
	}}}}
	others := newTable("Other quarters", "Quarter")
	others.Told = true
	for _, other := range report.QuartersOf(l.View) {
		if other != q {
			others.add([]link{{other.Words(), l.to(statementsPath, fieldQuarter, other.String())}})
		}
	}
	if len(others.Rows) > 0 {
		body.Parts = append(body.Parts, documentPart{Heading: "Other quarters", Level: 2, Blocks: []documentBlock{{Table: others}}})
	}
	if s.mayState(l) && q.First() <= l.today && len(x.Roles) > 0 {
		a := &asked{l, s.statementForm(l), f.typed, f.faults}
		body.Form = &documentForm{
			Heading: "Record a statement", Lead: "It is kept for those who may see what is restricted. A second one for the same role and quarter takes the place of the first, which stays in the history.",
			Action: l.to(statementsPath, fieldQuarter, q.String()), Fields: a.controls(), Button: "Record the statement",
		}
	}
	return p, nil
}

// mayState reports whether the form is for the reader: who may keep meetings, and see afterwards what was recorded.
func (s *Site) mayState(l *look) bool {
	return s.Desk != nil && l.present() && l.me.May(access.Minute) && l.me.May(access.Restricted)
}

// statementForm asks what the holder of a role states.
func (s *Site) statementForm(l *look) *kind.Form {
	k := l.View.Kinds().Kind("statement")
	var fields []*kind.Field
	for _, name := range []string{"role", "answer", "exceptions", "about", "stated_on", "meeting"} {
		f := *k.Field(name)
		f.Required = name == "role" || name == "answer" || name == "stated_on"
		switch name {
		case "exceptions":
			f.Hint = "Needed where assurance is given with exceptions, or cannot be given. Name nobody who uses the services."
		case "about":
			f.Label, f.Hint = "What the exceptions are about", "Risks, actions, posts or other records. When all of them have ended, the exceptions are no longer carried forward."
		case "answer":
			f.Label, f.Hint = "Can assurance be given of the duties of the role?", ""
		}
		fields = append(fields, &f)
	}
	return s.formOf(l, k, fields, nil)
}

// stated takes what the holder of a role states for a quarter.
func (s *Site) stated(l *look, f *sent) error {
	l.other.Set(fieldQuarter, f.r.URL.Query().Get(fieldQuarter))
	q, err := l.quarter()
	if err != nil {
		return err
	}
	if !l.me.May(access.Minute) { // who may also say that it is restricted the book knows
		return access.Refuse(access.Minute)
	}
	k := l.View.Kinds().Kind("statement")
	values, faults := s.statementForm(l).Read(f.typed)
	f.faults = append(f.faults, faults...)
	doc := docOf(k, values)
	if a := doc.Text("answer"); (a == "with-exceptions" || a == "cannot") && doc.Text("exceptions") == "" {
		f.fault("exceptions", "Enter the exceptions, or why assurance cannot be given")
	}
	if on, err := fact.ParseDate(doc.Text("stated_on")); err == nil && on.First > l.today {
		f.fault("stated_on", "The day on which it was stated must be today or in the past")
	}
	if len(f.faults) > 0 {
		p, err := s.asksStatement(l, f)
		if err != nil {
			return err
		}
		return s.sentBack(l, f, p)
	}
	role := doc.Text("role")
	doc.ID = fact.ID("s-" + strings.ToLower(role) + "-" + q.ID())
	doc.Values = append(doc.Values, kind.Value{Field: k.Field("quarter"), JSON: kind.Quote(q.String())})
	if posts, _ := l.View.RolePosts(role); len(posts) == 1 {
		doc.Values = append(doc.Values, kind.Value{Field: k.Field("post"), JSON: kind.Quote(string(posts[0].Key().ID))})
	}
	slices.SortFunc(doc.Values, func(a, b kind.Value) int { return cmp.Compare(a.Field.Index, b.Field.Index) })
	doc.Class = kind.Class{Visibility: kind.Restricted}
	to := l.to(statementsPath, fieldQuarter, q.String())
	return s.put(f, book.Change{Docs: []kind.Doc{doc}, Seen: map[fact.Key]int64{doc.Key(): l.View.Seen(doc.Key())}}, to, link{"Back to the statements", to})
}
