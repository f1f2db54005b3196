package web

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// whoPage is the picture of who answers: a row for each function, who manages it on one side and who answers in law on the other.
type whoPage struct {
	Empty   []link
	Lead    string
	Form    whoForm
	Nothing string // that matches
	Groups  []*whoGroup
	Pager   *pager
	Offices *table
	Begin   []link // why there are none
	Print   link
}

// whoForm narrows the picture. It keeps what was chosen.
type whoForm struct {
	Open   bool
	Hidden []hidden
	Only   []option
	Roles  []option
	Name   string
}

// whoGroup is functions that stand alike.
type whoGroup struct {
	Heading, Caption string
	Rows             []whoRow

	standing report.Standing
}

// whoRow is one function.
type whoRow struct {
	Class    string
	Manager  []link
	Function link
	Answers  []link
	Word     string   // same post, different post …
	Joined   []link   // what joins the two, where they are different
	Why      []string // what is not known
}

// Parameters of the picture.
const (
	whoOnly = "only"
	whoRole = "role"
	whoName = "q"
)

// functionsPerPage is less than the rows of a list: each leads to the function, to its manager and to all who answer.
const functionsPerPage = 75

// whoClasses draw a row as the function stands.
var whoClasses = map[report.Standing]string{
	report.DifferentPost: "different", report.CannotSay: "unknown", report.ThroughLine: "line", report.SamePost: "same", report.NoRole: "nobody", report.Unclassified: "nobody",
}

func (s *Site) who(l *look, r *http.Request) (*page, error) {
	body := &whoPage{Print: link{"On one page, to print", l.to("/structure/who-answers/print")}}
	p := &page{Template: "who", Heading: "Who answers in law", Body: body}
	body.Offices = s.officeTable(l, "Statutory roles on "+l.View.On().Words(), s.offices(l))
	body.Begin = s.noCouncil(l)
	all := s.answers(l)
	if len(all) == 0 {
		body.Empty = s.nothing(l, graph.Function)
		return p, nil
	}
	different := 0
	for _, a := range all {
		if a.Standing == report.DifferentPost {
			different++
		}
	}
	body.Lead = "On this day every function is managed by the post that answers for it in law, or in that post's line, as far as that can be said."
	if different > 0 {
		body.Lead = capital(count(different, "function is", "functions are")) + " managed by a different post from the one that answers in law."
	}
	rows := body.Form.narrow(l, all, different)
	if len(rows) == 0 {
		body.Nothing = "No function matches. Choose less, or remove what you wrote."
	}
	shown, pager := pagedBy(functionsPerPage, l, r.URL.Query().Get(fieldPage), rows)
	if body.Pager = pager; pager != nil {
		p.State = strings.ToLower(pager.Text)
	}
	total := map[report.Standing]int{}
	for _, a := range rows {
		total[a.Standing]++
	}
	for _, a := range shown {
		if n := len(body.Groups); n == 0 || body.Groups[n-1].standing != a.Standing {
			body.Groups = append(body.Groups, &whoGroup{Heading: a.Standing.Heading(), Caption: capital(count(total[a.Standing], "function", "functions")), standing: a.Standing})
		}
		last := body.Groups[len(body.Groups)-1]
		last.Rows = append(last.Rows, s.whoRow(l, a))
	}
	p.Files = []file{
		{"csv", "Spreadsheet (CSV)", "text/csv; charset=utf-8", func(w io.Writer) error { return exchange.CSV(w, exchange.WhoAnswers(l.View, s.Pack, among(rows))) }},
		{"json", "JSON", "application/json; charset=utf-8", func(w io.Writer) error {
			return json.NewEncoder(w).Encode(report.AnswersJSON{When: report.NewWhen(l.View, s.Book.Root()), Functions: rows})
		}},
	}
	return p, nil
}

// among tells the functions of a list from all others.
func among(all []report.Answer) func(fact.Key) bool {
	in := map[fact.Key]bool{}
	for _, a := range all {
		in[a.Function.Record] = true
	}
	return func(k fact.Key) bool { return in[k] }
}

// narrow leaves those functions that were asked for.
func (f *whoForm) narrow(l *look, all []report.Answer, different int) []report.Answer {
	only, role, name := l.other.Get(whoOnly), l.other.Get(whoRole), strings.TrimSpace(l.other.Get(whoName))
	f.Open = only != "" || role != "" || name != ""
	f.Name = name
	f.Hidden = newSearchForm(l, "").Hidden
	f.Only = []option{{"", "All " + count(len(all), "function", "functions"), only == ""}, {"different", "Only where it is a different post (" + thousands(int64(different)) + ")", only == "different"}}
	var roles []string
	for _, a := range all {
		for _, x := range a.Answers {
			for _, r := range x.Roles {
				if !slices.Contains(roles, r) {
					roles = append(roles, r)
				}
			}
		}
	}
	slices.Sort(roles)
	f.Roles = []option{{"", "All roles", role == ""}}
	for _, r := range roles {
		f.Roles = append(f.Roles, option{r, r, r == role})
	}
	return slices.DeleteFunc(slices.Clone(all), func(a report.Answer) bool {
		as := func(x report.InPost) bool { return slices.Contains(x.Roles, role) }
		return only == "different" && a.Standing != report.DifferentPost || role != "" && !slices.ContainsFunc(a.Answers, as) || !strings.Contains(strings.ToLower(a.Function.Text), strings.ToLower(name))
	})
}

func (s *Site) whoRow(l *look, a report.Answer) whoRow {
	row := whoRow{Class: whoClasses[a.Standing], Word: a.Standing.String(), Function: l.named(a.Function), Manager: managerOf(l, a), Why: a.Why}
	for _, x := range a.Answers {
		as := text("as " + and(x.Roles))
		if a.Standing == report.SamePost {
			row.Answers = append(row.Answers, as...) // who that is stands on the other side
			continue
		}
		row.Answers = slices.Concat(row.Answers, []link{l.named(x.Post)}, as, texts(x.In))
	}
	switch a.Standing {
	case report.DifferentPost:
		row.Joined = text("Nothing that joins the two is recorded.")
		for i, j := range a.Joined {
			if i == 0 {
				row.Joined = text("Joined by:")
			}
			row.Joined = append(row.Joined, l.named(j))
			if held := s.lastHeld(l, j); held != "" {
				row.Joined = append(row.Joined, link{Text: held})
			}
		}
	case report.NoRole:
		row.Answers = text("The law gives this function to no statutory role on this day.")
	case report.Unclassified:
		row.Answers = text("It is open which law this falls under, so nobody is named.")
	}
	return row
}

// lastHeld says when a board last met, as far as its meetings are recorded.
func (s *Site) lastHeld(l *look, n report.Named) string {
	board := l.View.Record(n.Record)
	if board == nil {
		return ""
	}
	last := ""
	for _, m := range board.Referring("meeting", "board") {
		if on := m.Text("on"); m.Text("status") == "held" && on > last && on <= l.View.On().String() {
			last = on
		}
	}
	if d, ok := parseDay(last); ok {
		return "last held " + d.Words()
	}
	return ""
}

// managerOf names the post that manages a function and who is in it.
func managerOf(l *look, a report.Answer) []link {
	if a.NoManager != "" {
		return text(a.NoManager)
	}
	return append([]link{l.named(a.Manager.Post)}, texts(a.Manager.In)...)
}

// onePage is a report as a page to print.
type onePage struct {
	Lead     []string
	Sections []onePart
}

type onePart struct {
	Heading string
	Tables  []*table
}

// whoOnOnePage is who answers in law, on one page to print.
func (s *Site) whoOnOnePage(l *look, _ *http.Request) (*page, error) {
	d := keep(l, keptOnePage{l.today}, func() report.Document { return report.WhoOnOnePage(s.Pack, l.View, l.today) })
	body := &onePage{Lead: d.Lead}
	for _, x := range d.Sections {
		part := onePart{Heading: x.Title}
		for _, b := range x.Blocks {
			if t, ok := b.(report.Table); ok {
				if t.Caption == "" {
					t.Caption = x.Title
				}
				if len(t.Rows) > rowsPerPage { // nobody comes past so many links, and on paper they lead nowhere
					t = wordsOnly(t)
				}
				part.Tables = append(part.Tables, tableOf(l, t))
			}
		}
		body.Sections = append(body.Sections, part)
	}
	return &page{
		Template: "onepage", Heading: "Who answers in law, on one page", Crumbs: []link{{"Who answers", l.to("/structure/who-answers")}}, Body: body,
		Files: []file{{"txt", "Text", "text/plain; charset=utf-8", func(w io.Writer) error { return exchange.Text(w, d, 100) }}, s.wordOf(l, func() report.Document { return d })},
	}, nil
}

// wordsOnly is a table without the records to which its words belong.
func wordsOnly(t report.Table) report.Table {
	rows := make([][]report.Cell, len(t.Rows))
	for i, r := range t.Rows {
		rows[i] = make([]report.Cell, len(r))
		for j, c := range r {
			rows[i][j] = report.Cell{Text: c.Text}
		}
	}
	t.Rows = rows
	return t
}
