package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Tag says in a word why something wants somebody.
type Tag uint8

// The tags, what matters most first.
const (
	TagVacant Tag = iota + 1
	TagBreach
	TagFails
	TagLate
	TagStale
	TagDueSoon
	TagNotStarted
	TagNotRecorded
)

var tags = [...]string{TagVacant: "Vacant", TagBreach: "Breach", TagFails: "Fails", TagLate: "Late", TagStale: "Out of date", TagDueSoon: "Due soon", TagNotStarted: "Not started", TagNotRecorded: "Not recorded"}

func (t Tag) String() string { return tags[t] }

// Need is something that wants somebody. It leads to a record, a rule, a role or a list, whichever is not empty.
type Need struct {
	Text   string
	When   string // "was 30 June 2015", "by 12 June 2015", "no date"; empty of what has none by its nature
	Due    fact.Date
	Tag    Tag
	Record fact.Key
	Rule   string // the id of a rule
	Role   string // the code of a role
	List   string // roles, functions, recruitment
}

// soon is how many days ahead something counts as due soon.
const soon = 14

// Attention answers the second question of the first page: what wants somebody? Offices are those of Cover.
func Attention(p *rule.Pack, a *assure.Assessment, offices []Office) []Need {
	n := needs{p: p, v: a.View}
	n.offices(offices)
	n.functions()
	for i := range a.Results.Rows {
		if r := &a.Results.Rows[i]; r.Severity == rule.Breach {
			n.add(Need{Text: r.Title + ": " + Count(max(1, len(r.Subjects)), "breach", "breaches"), Tag: TagBreach, Rule: r.Rule})
		}
	}
	for _, c := range a.Criteria {
		n.criterion(c)
	}
	for _, d := range dues {
		n.dues(d)
	}
	for _, r := range Pipeline(p, a.View) {
		switch {
		case r.Late:
			n.add(Need{Text: r.Post.Text + ": " + lower(r.Next), Due: r.Due, Tag: TagLate, Record: r.Recruitment})
		case !r.Done() && n.soon(r.Due):
			n.add(Need{Text: r.Post.Text + ": " + r.Next, Due: r.Due, Tag: TagDueSoon, Record: r.Recruitment})
		}
	}
	slices.SortStableFunc(n.all, func(x, y Need) int {
		return cmp.Or(cmp.Compare(x.Tag, y.Tag), cmp.Compare(x.Due.Last, y.Due.Last))
	})
	return n.all
}

// needs collects what wants somebody.
type needs struct {
	p   *rule.Pack
	v   *graph.View
	all []Need
}

func (n *needs) add(x Need) {
	switch {
	case x.Due.IsZero():
		if x.Tag == TagNotStarted {
			x.When = "no date"
		}
	case n.late(x.Due):
		x.When = "was " + x.Due.Words()
	case x.Due.Form == fact.ByThen || x.Due.Form == fact.Between || x.Due.Form == fact.ToBeAgreed:
		x.When = x.Due.Words()
	default:
		x.When = "by " + x.Due.Words()
	}
	n.all = append(n.all, x)
}

func (n *needs) late(d fact.Date) bool {
	return !d.IsZero() && d.Form != fact.ToBeAgreed && d.Last < n.v.On()
}

func (n *needs) soon(d fact.Date) bool {
	return !d.IsZero() && d.Form != fact.ToBeAgreed && d.Last >= n.v.On() && d.Last <= n.v.On()+soon
}

func (n *needs) offices(all []Office) {
	var unknown []Office
	for _, o := range all {
		switch {
		case o.Status == Vacant:
			n.add(Need{Text: "Nobody is recorded as " + o.Name + since(o.Since), Tag: TagVacant, Role: o.Code})
		case !o.Filled():
			unknown = append(unknown, o)
		}
	}
	switch len(unknown) {
	case 0:
	case 1:
		n.add(Need{Text: "Record who fills the role of " + unknown[0].Name, Tag: TagNotRecorded, Role: unknown[0].Code})
	default:
		n.add(Need{Text: fmt.Sprintf("Record who fills %d statutory roles", len(unknown)), Tag: TagNotRecorded, List: "roles"})
	}
}

// functions looks for those of which it is not known who manages them.
func (n *needs) functions() {
	var open []*graph.Record
	for _, f := range n.v.All(graph.Function) {
		if _, gap := f.Manager(); gap != nil && f.Exists() == fact.Yes {
			open = append(open, f)
		}
	}
	switch len(open) {
	case 0:
	case 1:
		n.add(Need{Text: "Record who manages " + Title(n.p, open[0]), Tag: TagNotRecorded, Record: open[0].Key()})
	default:
		n.add(Need{Text: "Record who manages " + Count(len(open), "function", "functions"), Tag: TagNotRecorded, List: "functions"})
	}
}

// criterion looks at how a judgement stands.
func (n *needs) criterion(c assure.Criterion) {
	j := c.Judgement
	if j == nil {
		return
	}
	if len(j.Stale) > 0 {
		text := c.Name + ": the judgement is out of date: " + j.Stale[0].What
		if more := len(j.Stale) - 1; more > 0 {
			text += ", and for " + Count(more, "more reason", "more reasons")
		}
		n.add(Need{Text: text, Tag: TagStale, Record: j.Record.Key()})
	}
	for _, x := range j.Conditions {
		text := "Condition: " + strings.TrimSuffix(strings.Join(strings.Fields(x.Text), " "), ".")
		switch x.State {
		case rule.Fails:
			n.add(Need{Text: text, Tag: TagFails, Record: x.Record.Key()})
		case rule.CannotBeTested:
			n.add(Need{Text: text + ". Say whether it is met", Tag: TagNotStarted, Record: x.Record.Key()})
		}
	}
}

// due is a field in which it stands by when something has to be done, and how it is seen that it is.
type due struct {
	kind  fact.KindName
	field string
	what  string
	done  func(r *graph.Record) bool
}

// dues are those that want somebody when they have passed or come near.
var dues = []due{
	{"recommendation", "due", "", closed},
	{"action", "due", "", closed},
	{"milestone", "due", "", closed},
	{"pilot", "evaluation_due", "Evaluate: ", closed},
	{"protocol", "review_on", "Review: ", func(*graph.Record) bool { return false }},
	{"risk", "review_due", "Review the risk: ", func(r *graph.Record) bool {
		on := r.Date("reviewed_on")
		return !on.IsZero() && on.Last >= r.Date("review_due").Last
	}},
	{"consultation", "answer_due", "Say what was done about what people said: ", everyThemeAnswered},
	{"contact", "due", "What follows from a contact: ", func(r *graph.Record) bool { return !r.Date("done_on").IsZero() }},
	{"test", "review_due", "Review the test: ", func(r *graph.Record) bool { return len(r.Referring("test", "supersedes")) > 0 }},
}

// everyThemeAnswered reports whether a consultation has themes, and each of them is answered.
func everyThemeAnswered(r *graph.Record) bool {
	themes := r.Referring("theme", "of")
	return len(themes) > 0 && !slices.ContainsFunc(themes, func(t *graph.Record) bool { return t.Date("answered_on").IsZero() })
}

func (n *needs) dues(d due) {
	for _, r := range n.v.All(d.kind) {
		if d.done(r) {
			continue
		}
		on := r.Date(d.field)
		text := d.what + Title(n.p, r)
		if d.kind == "recommendation" {
			text = strings.TrimSpace("Recommendation "+r.Text("number")) + ": " + short(r.Text("text"))
		}
		x := Need{Text: text, Due: on, Record: r.Key()}
		switch {
		case n.late(on):
			x.Tag = TagLate
		case n.soon(on):
			x.Tag = TagDueSoon
		case d.kind == "recommendation" && r.Text("response") == "" || r.Text("status") == "not-started" && on.IsZero():
			x.Tag = TagNotStarted
		default:
			continue
		}
		n.add(x)
	}
}

// short is the beginning of a long text.
func short(s string) string {
	const most = 80
	words := strings.Fields(s)
	out := ""
	for i, w := range words {
		if i > 0 && len(out)+len(w) > most {
			return strings.TrimRight(out, " ,;:.") + " …"
		}
		out += w + " "
	}
	return strings.TrimSpace(out)
}

// lower makes a sentence the later part of one, unless it begins with a name.
func lower(s string) string {
	if strings.HasPrefix(s, "Record ") {
		return "r" + s[1:]
	}
	return s
}
