package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// partTransfer is where each function goes under a proposal.
const partTransfer = "transfer"

// Parameters of it, beside those of a comparison.
const (
	fieldFault   = "fault"
	fieldBecomes = "becomes"
	fieldOut     = "out"  // the unit or body that a function leaves
	fieldBody    = "body" // the body from which it comes
	fieldView    = "view"
)

// transferPage follows each function under a proposal.
type transferPage struct {
	Lead    []string
	Verdict string
	Against bool // something stands against adoption
	Counts  []navigation
	Views   []view
	Filter  *transferFilter
	Heading string
	Table   *table
	Pager   *pager
	Empty   []link
}

// transferFilter narrows the table.
type transferFilter struct {
	Action  string
	Hidden  []hidden
	Selects []filterSelect
	Chosen  []link // each leads to the page without it
	Clear   *link
}

type keptTransfer struct {
	proposal fact.ID
	launch   fact.Date
}

// mostUnits is how many units are offered to choose from.
const mostUnits = 300

// transferOf is where each function goes under a proposal; assumed says that the day from which it applies is.
func (s *Site) transferOf(l *look, k fact.Key) (t *report.Transfer, assumed bool) {
	launch, assumed := report.AssumedLaunch(l.View, k.ID)
	return keep(l, keptTransfer{k.ID, launch}, func() *report.Transfer {
		t := report.TransferOf(s.Pack, l.View, k.ID, launch)
		return &t
	}), assumed
}

func (s *Site) transfer(l *look, r *http.Request) (*page, error) {
	k := fact.Key{Kind: graph.Proposal, ID: fact.ID(r.PathValue("id"))}
	kk := s.Book.Kinds().Kind(k.Kind)
	if len(l.View.History(k)) == 0 {
		return nil, s.noRecord(l, kk, k, partTransfer)
	}
	if err := s.closedBranch(l, k); err != nil {
		return nil, err
	}
	body := &transferPage{}
	p := &page{Template: "transfer", Label: kk.Label + ": " + s.called(l, k), Heading: "Where each function goes", Wide: true, Crumbs: append(way(l, kk), link{s.called(l, k), l.record(k)}), Parts: s.pagesOf(l, k, partTransfer), Body: body}
	t, assumed := s.transferOf(l, k)
	if len(t.Rows) == 0 {
		body.Empty = text("No function is recorded on these days, so none goes anywhere.")
		if k := s.Book.Kinds().Kind(graph.Function); l.writable(k) && s.Desk != nil && l.mayChange(k, fact.Key{}) {
			body.Empty = append(body.Empty, link{"Record a function", l.to(k.Path() + "/new")})
		}
		return p, nil
	}
	summary := t.Summary()
	body.Lead, body.Verdict, body.Against = append([]string{t.Period()}, slices.DeleteFunc(summary, func(x string) bool { return x == t.Verdict() })...), t.Verdict(), !t.Sound()
	if assumed {
		body.Lead[0] += " That day is assumed: nothing of the proposal has a day."
	}
	dates := report.DatesOf(l.View.With(""))
	origins := l.other.Get(fieldView) == "origins"
	body.Views = []view{{link{"Function by function", l.with(fieldView, "")}, !origins}, {link{"What came from where", l.with(fieldView, "origins")}, origins}}
	if origins {
		p.State, body.Heading, body.Lead = "what came from where", "What came from where", []string{t.Period(), t.Proved()}
		from := t.Figures()
		body.Table = l.figuresTable(t, from)
		p.Files = append(s.sheets(l, p.Heading, func() exchange.Table { return exchange.TableOf(from) }), s.wordOf(l, func() report.Document { return t.Origins(dates) }), jsonOf(func() any { return t.JSON() }))
		return p, nil
	}
	body.Counts = l.transferCounts(t)
	body.Filter = l.transferFilter(t)
	var rows []*report.Moving
	for i := range t.Rows {
		if l.shownOf(&t.Rows[i]) {
			rows = append(rows, &t.Rows[i])
		}
	}
	whole := rows // and not only the page that is shown
	p.Files = append(s.sheets(l, p.Heading, func() exchange.Table { return exchange.TableOf(t.Sheet(whole)) }), s.wordOf(l, func() report.Document { return t.Document(dates) }), jsonOf(func() any { return report.MovingsJSON(whole) }))
	body.Heading = capital(count(len(rows), "function", "functions"))
	for _, x := range body.Filter.Chosen {
		body.Heading += ", " + strings.ToLower(x.Text[:1]) + x.Text[1:]
	}
	rows, body.Pager = paged(l, r.URL.Query().Get(fieldPage), rows)
	p.State = strings.Join(append([]string{strings.ToLower(body.Heading)}, body.Pager.state()...), ", ")
	if len(rows) > 0 {
		body.Table = l.transferTable(rows)
	}
	return p, nil
}

// transferTable lays out the rows of one page. Only a function is linked: a link in each cell would be hundreds of stops for those who go from link to link.
func (l *look) transferTable(rows []*report.Moving) *table {
	t := newTable("Where each function goes", "Function", "From", "To", "When", "Answers in law", "What is wrong")
	for _, m := range rows {
		var wrong []string
		for _, f := range m.Faults {
			wrong = append(wrong, f.Kind.String()+". "+f.Text)
		}
		for _, f := range m.Doubts {
			wrong = append(wrong, "Not certain. "+f.Text)
		}
		t.add([]link{l.named(m.Function)}, text(m.Start()), texts(m.Way()), text(m.When()), text(m.Law()), orText(texts(wrong), "Nothing"))
	}
	return t
}

// figuresTable leads from each body to its functions.
func (l *look) figuresTable(t *report.Transfer, from report.Table) *table {
	out := tableOf(l, from)
	for i := range t.Sources() {
		c := from.Rows[i][0]
		out.Rows[i].Head.Lines = []link{{c.Text, l.here(func(x *look) {
			x.other = x.otherBut(fieldView)
			x.other.Set(fieldBody, keyOf(c))
		})}}
	}
	return out
}

// faulty reports whether a function has a fault that is asked for: one of them, any, or something that is not certain.
func faulty(m *report.Moving, asked string) bool {
	switch asked {
	case "any":
		return len(m.Faults) > 0
	case string(report.NotCertain):
		return len(m.Doubts) > 0
	}
	return m.Has(report.FaultKind(asked))
}

// leaves gives what a function leaves: the body from which it comes, else the unit; and its name.
func leaves(m *report.Moving) report.Named {
	switch {
	case m.Body != (report.Named{}):
		return m.Body
	case m.From != nil:
		return m.From.Unit
	}
	return report.Named{}
}

func goesTo(m *report.Moving) report.Named {
	switch {
	case m.To == nil:
		return m.Gone
	case m.To.Unit == (report.Named{}):
		return m.To.Organisation
	}
	return m.To.Unit
}

// keyOf is a unit or body as an address has it: a dash is none.
func keyOf(n report.Named) string {
	if n == (report.Named{}) {
		return unstated
	}
	return n.Record.String()
}

func (l *look) shownOf(m *report.Moving) bool {
	fault, becomes, out, in := l.other.Get(fieldFault), l.other.Get(fieldBecomes), l.other.Get(fieldOut), l.other.Get(fieldUnit)
	body := l.other.Get(fieldBody)
	return (body == "" || keyOf(m.Body) == body && (m.From != nil || m.Body != (report.Named{}))) && (fault == "" || faulty(m, fault)) && (becomes == "" || m.Course.Code() == becomes) && (out == "" || keyOf(leaves(m)) == out) && (in == "" || keyOf(goesTo(m)) == in)
}

// transferCounts leads to the functions with each fault.
func (l *look) transferCounts(t *report.Transfer) (out []navigation) {
	for _, k := range append(slices.Clone(report.FaultKinds), report.NotCertain) {
		n := 0
		for i := range t.Rows {
			if faulty(&t.Rows[i], string(k)) {
				n++
			}
		}
		if n > 0 {
			out = append(out, navigation{link{fmt.Sprintf("%s: %s", k, thousands(int64(n))), l.with(fieldFault, string(k))}, l.other.Get(fieldFault) == string(k)})
		}
	}
	return out
}

func (l *look) transferFilter(t *report.Transfer) *transferFilter {
	mine := []string{fieldFault, fieldBecomes, fieldOut, fieldUnit, fieldBody}
	f := &transferFilter{Action: escaped(l.path), Hidden: slices.Concat(newSearchForm(l, "").Hidden, l.hidden(mine...))}
	faults := []option{{"", "Anything or nothing", false}, {"any", "Anything that is wrong", false}}
	for _, k := range append(slices.Clone(report.FaultKinds), report.NotCertain) {
		faults = append(faults, option{string(k), k.String(), false})
	}
	becomes := []option{{"", "Anything", false}}
	for _, c := range report.Courses {
		if slices.ContainsFunc(t.Rows, func(m report.Moving) bool { return m.Course == c }) {
			becomes = append(becomes, option{c.Code(), c.String(), false})
		}
	}
	for _, x := range []struct {
		name, label string
		options     []option
	}{{fieldFault, "What is wrong", faults}, {fieldBecomes, "What becomes of it", becomes}, {fieldOut, "From", placesOf(t, leaves)}, {fieldUnit, "To", placesOf(t, goesTo)}} {
		chosen := l.other.Get(x.name)
		for i := range x.options {
			if x.options[i].Selected = x.options[i].Value == chosen; x.options[i].Selected && chosen != "" {
				f.Chosen = append(f.Chosen, link{x.label + ": " + x.options[i].Text, l.with(x.name, "")})
			}
		}
		f.Selects = append(f.Selects, filterSelect{"filter-" + x.name, x.name, x.label, x.options})
	}
	if body := l.other.Get(fieldBody); body != "" {
		name := "this council"
		for i := range t.Rows {
			if x := t.Rows[i].Body; keyOf(x) == body && body != unstated {
				name = x.Text
				break
			}
		}
		f.Chosen = append(f.Chosen, link{"Of " + name, l.with(fieldBody, "")})
	}
	if len(f.Chosen) > 0 {
		f.Clear = &link{"Show all functions", l.here(func(c *look) { c.other = c.otherBut(mine...) })}
	}
	return f
}

// placesOf offers the units and bodies that functions leave, or to which they go: where there are many, those with most functions.
func placesOf(t *report.Transfer, of func(*report.Moving) report.Named) []option {
	n, names := map[string]int{}, map[string]string{}
	for i := range t.Rows {
		x := of(&t.Rows[i])
		n[keyOf(x)]++
		names[keyOf(x)] = cmp.Or(x.Text, "No unit, or not recorded")
	}
	var keys []string
	for k := range n {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	keys = keys[:min(len(keys), mostUnits)]
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(byTitle(names[a], names[b]), cmp.Compare(a, b)) })
	out := []option{{"", "Anywhere", false}}
	for _, k := range keys {
		out = append(out, option{k, names[k] + " (" + thousands(int64(n[k])) + ")", false})
	}
	return out
}
