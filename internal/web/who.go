package web

import (
	"cmp"
	"net/http"
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// whoPage is the picture of who answers: a row for each function, who manages it on one side and who answers in law on the other.
type whoPage struct {
	Empty        []link
	Lead         string
	Groups       []*whoGroup
	Pager        *pager
	Unclassified *table
	Offices      *table
	NoOffices    string
}

// whoGroup is functions that stand alike.
type whoGroup struct {
	Heading, Caption string
	Rows             []whoRow
}

// whoRow is one function.
type whoRow struct {
	place    int // of its group
	Class    string
	Manager  []link
	Function link
	Answers  []link
	Word     string   // same post, different post …
	Joined   []link   // what joins the two, where they are different
	Why      []string // what is not known
}

// The ways in which a function may stand, what needs a reader most first.
const (
	different = iota
	unknown
	throughLine
	same
	nobody
)

var whoGroups = [...]struct{ class, heading, word string }{
	different:   {"different", "A different post answers in law", "Different post"},
	unknown:     {"unknown", "It cannot be said who answers or who manages", "Cannot be said"},
	throughLine: {"line", "The post that answers manages it through its line", "Manages it through its line"},
	same:        {"same", "The same post manages and answers", "Same post"},
	nobody:      {"nobody", "The law names no statutory role", "No statutory role"},
}

// splitFunctions puts together, for each function that another post answers for, what the rules say of it; keys are in their order.
func splitFunctions(splits []rule.Split) (of map[fact.Key][]rule.Split, keys []fact.Key) {
	of = map[fact.Key][]rule.Split{}
	for _, x := range splits {
		if x.Answers == nil {
			continue
		}
		if len(of[x.Function]) == 0 {
			keys = append(keys, x.Function)
		}
		of[x.Function] = append(of[x.Function], x)
	}
	return of, keys
}

func (s *Site) who(l *look, r *http.Request) (*page, error) {
	body := &whoPage{}
	p := &page{Template: "who", Heading: "Who answers in law", Body: body}
	if offices := s.offices(l); len(offices) > 0 {
		body.Offices = s.officeTable("Statutory roles on "+l.View.On().Words(), offices)
	} else {
		body.NoOffices = "The law pack knows of no statutory role that is recorded, or has to be filled, on this day."
	}
	functions := l.View.All(graph.Function)
	if len(functions) == 0 {
		body.Empty = s.nothing(l, graph.Function)
		return p, nil
	}
	split, keys := splitFunctions(s.Pack.Splits(l.View))
	var rows []whoRow
	for _, f := range functions {
		if f.Text("domain") == rule.Unclassified && f.Text("answers_in_law") == "" {
			if body.Unclassified == nil {
				body.Unclassified = newTable("Functions of which it is open which law they fall under", "Function", "Line managed by")
			}
			_, manager := s.manager(l, f)
			body.Unclassified.add([]link{{s.title(f), l.record(f.Key())}}, manager)
			continue
		}
		rows = append(rows, s.whoRow(l, f, split[f.Key()]))
	}
	slices.SortStableFunc(rows, func(a, b whoRow) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.Function.Text, b.Function.Text))
	})
	body.Lead = "On this day every function is managed by the post that answers for it in law, or in that post's line, as far as that can be said."
	if n := len(keys); n > 0 {
		body.Lead = capital(count(n, "function is", "functions are")) + " managed by a different post from the one that answers in law."
	}
	rows, body.Pager = paged(l, r.URL.Query().Get("page"), rows)
	for _, x := range rows {
		g := whoGroups[x.place]
		if n := len(body.Groups); n == 0 || body.Groups[n-1].Heading != g.heading {
			body.Groups = append(body.Groups, &whoGroup{Heading: g.heading})
		}
		last := body.Groups[len(body.Groups)-1]
		last.Rows = append(last.Rows, x)
	}
	for _, g := range body.Groups {
		g.Caption = capital(count(len(g.Rows), "function", "functions"))
	}
	return p, nil
}

// manager gives the post that manages a function, and what the page says of it.
func (s *Site) manager(l *look, f *graph.Record) (*graph.Record, []link) {
	m, gap := f.Manager()
	if gap != nil {
		return nil, text(sentence("Not known: " + gap.Why))
	}
	out := []link{{s.title(m), l.record(m.Key())}}
	return m, append(out, texts(s.holding(m).words())...)
}

func (s *Site) whoRow(l *look, f *graph.Record, splits []rule.Split) whoRow {
	row := whoRow{Function: link{s.title(f), l.record(f.Key())}}
	who := s.Pack.Who(f)
	manager, words := s.manager(l, f)
	row.Manager = words
	row.place = same
	for _, p := range who.Answers {
		var roles []string
		for _, code := range who.Roles {
			if designated, _ := l.View.RolePosts(code); slices.Contains(designated, p) {
				if x := s.Pack.Role(code); x != nil {
					roles = append(roles, x.Name)
				}
			}
		}
		as := text("as " + and(roles))
		if p == manager && len(who.Answers) == 1 {
			row.Answers = as // who that is stands on the other side
			continue
		}
		row.place = throughLine
		row.Answers = slices.Concat(row.Answers, []link{{s.title(p), l.record(p.Key())}}, as, texts(s.holding(p).words()))
	}
	for _, g := range who.Gaps {
		row.Why = append(row.Why, sentence(g.Why))
	}
	switch {
	case len(splits) > 0:
		row.place = different
		row.Joined = text("Nothing that joins the two is recorded.")
		for i, k := range splits[0].Mechanism {
			if i == 0 {
				row.Joined = text("Joined by:")
			}
			row.Joined = append(row.Joined, s.linked(l, k))
		}
	case len(who.Gaps) > 0 || manager == nil:
		row.place = unknown
	case len(who.Roles) == 0:
		row.place = nobody
		row.Answers = text("The law gives this function to no statutory role on this day.")
	}
	row.Class, row.Word = whoGroups[row.place].class, whoGroups[row.place].word
	return row
}
