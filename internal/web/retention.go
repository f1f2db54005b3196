package web

import (
	"net/http"
	"slices"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

// retentionPage lists what is kept too long, and what soon will be.
type retentionPage struct {
	Lead                  []string
	New, Rules            link
	Past, Coming, Without *table
	Nothing               string
}

const retentionPath = "/admin/retention"

// mostTicked is how many boxes of the removing page a link ticks.
const mostTicked = 20

func (s *Site) retention(l *look, _ *http.Request) (*page, error) {
	found := report.NewRetention(s.Pack, l.View)
	rules := l.View.Kinds().Kind(report.RetentionRule)
	body := &retentionPage{
		Lead: []string{"What the council’s retention rules say of this record. Nothing is removed by itself: somebody looks at it first, and some of what is past its time has to be kept all the same, for example for a legal claim."},
		New:  link{"Record a retention rule", l.to(rules.Path() + "/new")}, Rules: link{"All retention rules", l.kind(rules)},
		Past: s.keptTable(l, "Past its time", found.Past), Coming: s.keptTable(l, "Due within twelve months", found.Coming),
	}
	for _, f := range found.Faults {
		body.Lead = append(body.Lead, "A rule cannot be applied. "+f)
	}
	if body.Past == nil && body.Coming == nil {
		body.Nothing = "Nothing is past its time, and nothing will be within twelve months."
	}
	if len(found.Without) > 0 {
		body.Without = newTable("Personal data without a rule", "Kind of record", "Fields")
		for _, u := range found.Without {
			var names []string
			for _, f := range u.Fields {
				names = append(names, f.Name)
			}
			body.Without.add([]link{{u.Kind.Plural, l.kind(u.Kind)}}, text(capital(report.FieldWords(u.Kind, names))))
		}
	}
	p := &page{Template: "retention", Heading: "What is kept too long", Wide: true, Body: body}
	var tables []*table
	for _, t := range []*table{body.Past, body.Coming, body.Without} {
		if t != nil {
			tables = append(tables, t)
		}
	}
	if len(tables) > 0 {
		p.Files = append(p.Files, csvOf(tables...))
	}
	p.Files = append(p.Files, s.wordOf(l, func() report.Document { return found.Document(l.View) }), jsonOf(func() any { return found.JSON(l.View, s.Book.Root()) }))
	return p, nil
}

func (s *Site) keptTable(l *look, caption string, list []report.Kept) *table {
	if len(list) == 0 {
		return nil
	}
	t := newTable(caption, "Record", "What of it", "Counted from", "Due", "Rule", "And then")
	for _, x := range list {
		then := map[string]string{"remove": "To be removed", "review": "To be looked at"}[x.Rule.Text("then")]
		act := text(then)
		if l.present() && s.Desk != nil && l.me.Erase(l.View, x.Record, "") == nil {
			act = append(act, link{"Remove", s.removeChosen(l, x)})
		}
		kk := l.View.Kinds().Kind(x.Record.Kind)
		t.add([]link{{kk.Label + ": " + s.called(l, x.Record), l.record(x.Record)}}, text(capital(report.FieldWords(kk, x.Fields))), text(x.From.Words()), text(x.Due.Words()),
			[]link{{report.RuleWords(x.Rule), l.record(x.Rule.Key())}}, act)
	}
	return t
}

// removeChosen leads to the page on which something is removed, with it chosen.
func (s *Site) removeChosen(l *look, x report.Kept) string {
	var entries []graph.Version
	for _, h := range l.View.History(x.Record) {
		if slices.Contains(x.Entries, h.Position) {
			entries = append(entries, h)
		}
	}
	var parameters []string
	for i, y := range s.sayings(l, entries, func(_ int64, field string) bool { return slices.Contains(x.Fields, field) }) {
		if i == mostTicked {
			break
		}
		parameters = append(parameters, "chosen", y.value())
	}
	return l.to(removeAt(x.Record), append(parameters, "rule", string(x.Rule.Key().ID))...)
}

// ofRule gives, for a removal to which a retention rule leads, the ground and the reason that follow from it.
func (s *Site) ofRule(l *look, id string) (ground, why string) {
	if r := l.View.Record(fact.Key{Kind: report.RetentionRule, ID: fact.ID(id)}); r != nil && l.me.May(access.Erase) {
		return "kept-long-enough", report.RuleWords(r)
	}
	return "", ""
}
