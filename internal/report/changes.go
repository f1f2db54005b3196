package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// How says in what way a record differs.
type How uint8

// The ways, in the order in which they are counted.
const (
	Added      How = iota + 1
	Ended          // it is there no longer
	Moved          // who manages it, or what it is part of, differs
	Changed        // anything else that is said of it differs
	HolderOnly     // only who is in the post differs
)

// Changes is all that differs between two views, a row a record: who is in a post and which statutory role it has stand in the
// post's own row.
type Changes struct {
	Summary   string   // "6 changes. 34 posts do not change."
	Rows      []Change // those with an effect on a statutory role first, then by unit
	Counts    []HowMany
	Unchanged int     // posts
	Groups    []Group // by unit and year, where there are more rows than anybody reads
}

// Change is one record that differs.
type Change struct {
	Record  Named
	Kind    string // "Post"
	How     How
	Word    string // "New post", "Moved and changed"
	Unit    Named
	When    fact.Date // from which it differs, where that is recorded
	Parts   []Part
	Effects []Effect

	place int // of its kind
}

// Part is one thing about a record that differs. Nothing before or after is not stated.
type Part struct {
	Label         string
	Moved         bool // it is what moves the record
	Before, After []Run
}

// Effect is what a change does to a statutory role.
type Effect struct {
	Role string
	Text string // "Duty moves here from Director of Education"
	Gap  bool   // nobody holds the role after it
	Same bool   // the role stays with the post
}

// HowMany counts changes of one sort.
type HowMany struct {
	How  How
	Text string // "2 new"
}

// Group counts the changes of a unit in a year.
type Group struct {
	Unit  Named
	Year  int // 0 where it is not recorded
	Count int
}

// mostChanges is how many changes are read as rows; more are read as counts first.
const mostChanges = 300

// moves are the fields that say under whom or in what a record stands.
var moves = []string{"reports_to", "unit", "parent", "managed_by"}

// ChangesBetween compares two views, as of two days, of what was known then and is known now, or without a proposal and with it. kinds limits it;
// none means all.
func ChangesBetween(p *rule.Pack, before, after *graph.View, kinds ...fact.KindName) Changes {
	c := comparison{p: p, before: before, after: after, rows: map[fact.Key]*Change{}, ofPosts: len(kinds) == 0 || slices.Contains(kinds, graph.Post)}
	for i, k := range after.Kinds().All {
		if len(kinds) > 0 && !slices.Contains(kinds, k.Name) || k.Name == graph.Appointment || k.Name == graph.Absence {
			continue
		}
		c.kind(k, i)
	}
	if c.ofPosts {
		for _, r := range p.Roles {
			c.effects(r)
		}
	}
	return c.table()
}

// comparison collects the rows of a table of changes.
type comparison struct {
	p             *rule.Pack
	before, after *graph.View
	rows          map[fact.Key]*Change
	ofPosts       bool
	posts         int // that are there before and after
}

func (c *comparison) kind(k *kind.Kind, place int) {
	for _, b := range c.before.All(k.Name) {
		a := c.after.Record(b.Key())
		if k.Name == graph.Designation && c.ofPost(a, b) {
			continue // an effect on the row of the post
		}
		row := Change{Kind: k.Label, place: place}
		if a == nil {
			row.How, row.Word, row.When = Ended, k.Label+" ended", c.ended(b.Key())
			row.Record, row.Unit = named(c.p, b), c.unit(nil, b)
			row.Parts = c.all(b, func(p *Part, r []Run) { p.Before = r })
		} else {
			if k.Name == graph.Post {
				c.posts++
			}
			if !c.compare(&row, b, a) {
				continue
			}
			row.Record, row.Unit = named(c.p, a), c.unit(a, b)
		}
		c.rows[b.Key()] = &row
	}
	for _, a := range c.after.All(k.Name) {
		if c.before.Record(a.Key()) != nil || k.Name == graph.Designation && c.ofPost(a, nil) {
			continue
		}
		row := Change{Record: named(c.p, a), Kind: k.Label, place: place, How: Added, Word: "New " + strings.ToLower(k.Label), Unit: c.unit(a, nil), When: a.Span().From}
		row.Parts = c.all(a, func(p *Part, r []Run) { p.After = r })
		c.rows[a.Key()] = &row
	}
}

// ofPost reports whether a designation is, or was, of a post, or of a person who holds one.
func (c *comparison) ofPost(a, b *graph.Record) bool {
	return slices.ContainsFunc([]*graph.Record{a, b}, func(r *graph.Record) bool {
		if r == nil {
			return false
		}
		post, _ := r.DesignatedPost()
		_, stated := r.RefKey("post")
		return post != nil || stated || r.State("post") == graph.Uncertain
	})
}

// unit gives the unit under which a change is listed: the record's own, or what it is.
func (c *comparison) unit(a, b *graph.Record) Named {
	for _, r := range []*graph.Record{a, b} {
		if r == nil {
			continue
		}
		if r.Kind().Name == graph.Unit {
			return named(c.p, r)
		}
		if k, ok := r.RefKey("unit"); ok {
			return called(c.p, r.View(), k)
		}
	}
	return Named{}
}

// all gives everything that is said of a record that is new or ended.
func (c *comparison) all(r *graph.Record, put func(*Part, []Run)) []Part {
	var out []Part
	titled := kind.TitleFields(r.Kind().Title)
	for _, f := range r.Kind().Fields {
		if slices.Contains(titled, f.Name) {
			continue
		}
		if v := Value(c.p, r, f); len(v) > 0 {
			p := Part{Label: f.Label, Moved: slices.Contains(moves, f.Name)}
			put(&p, list(v, nil))
			out = append(out, p)
		}
	}
	if r.Kind().Name == graph.Post {
		if h := HoldingOf(c.p, r); len(h.Lines) > 0 || h.Vacant || h.Unknown != nobodyRecorded {
			p := Part{Label: "Holder"}
			put(&p, list(texts(h.Words()), nil))
			out = append(out, p)
		}
	}
	return out
}

func texts(lines []string) []Named {
	out := make([]Named, len(lines))
	for i, s := range lines {
		out[i].Text = s
	}
	return out
}

// list writes values one after the other, marking those that the other side has not.
func list(values, other []Named) []Run {
	var out []Run
	for i, v := range values {
		if i > 0 {
			out = append(out, Run{Named: Named{Text: ", "}})
		}
		out = append(out, Run{!slices.Contains(other, v), v})
	}
	return out
}

// compare finds what differs in a record that is there before and after.
func (c *comparison) compare(row *Change, b, a *graph.Record) bool {
	if b.Exists() != a.Exists() {
		row.Parts = append(row.Parts, Part{Label: "Whether it is there", Before: there(b), After: there(a)})
	}
	for _, f := range a.Kind().Fields {
		was, ws := b.JSON(f.Name)
		is, as := a.JSON(f.Name)
		if was == is && ws == as {
			continue
		}
		p := Part{Label: f.Label, Moved: slices.Contains(moves, f.Name)}
		vb, va := Value(c.p, b, f), Value(c.p, a, f)
		if (f.Type == kind.Text || f.Type == kind.LongText) && !f.Many && len(vb) == 1 && len(va) == 1 {
			p.Before, p.After = Marks(vb[0].Text, va[0].Text)
		} else {
			p.Before, p.After = list(vb, va), list(va, vb)
		}
		row.Parts = append(row.Parts, p)
	}
	if len(row.Parts) > 0 {
		moved := slices.ContainsFunc(row.Parts, func(p Part) bool { return p.Moved })
		rest := slices.ContainsFunc(row.Parts, func(p Part) bool { return !p.Moved })
		switch {
		case moved && rest:
			row.How, row.Word = Moved, "Moved and changed"
		case moved:
			row.How, row.Word = Moved, "Moved"
		case len(row.Parts) == 1 && b.Exists() != a.Exists() && a.Exists() == fact.Maybe:
			row.How, row.Word = Changed, "Not certain any more"
		case len(row.Parts) == 1 && b.Exists() != a.Exists():
			row.How, row.Word = Changed, "Certain now"
		default:
			row.How, row.Word = Changed, "Changed"
		}
		row.When = a.Span().From
	}
	if a.Kind().Name == graph.Post {
		c.holder(row, b, a)
	}
	return row.How != 0
}

func there(r *graph.Record) []Run {
	s := "Yes"
	if r.Exists() == fact.Maybe {
		s = "Not certain: its dates are not exact"
	}
	return []Run{{true, Named{Text: s}}}
}

// holder says where another is in the post.
func (c *comparison) holder(row *Change, b, a *graph.Record) {
	ob, oa := b.Holders(), a.Holders()
	if slices.EqualFunc(ob.Holders, oa.Holders, sameHolding) && (len(oa.Holders) > 0 || ob.Vacant == oa.Vacant) {
		return
	}
	hb, ha := HoldingOf(c.p, b), HoldingOf(c.p, a)
	wb, wa := texts(hb.Words()), texts(ha.Words())
	row.Parts = append(row.Parts, Part{Label: "Holder", Before: list(wb, wa), After: list(wa, wb)})
	if row.How != 0 {
		return
	}
	row.How = HolderOnly
	switch {
	case len(ha.Lines) > 0:
		row.Word = "New holder"
		for _, x := range oa.Holders {
			if !slices.ContainsFunc(ob.Holders, func(y *graph.Record) bool { return sameHolding(x, y) }) {
				row.When = x.Span().From
			}
		}
	case ha.Vacant:
		row.Word = "Holder left"
		for _, x := range ob.Holders {
			row.When = c.ended(x.Key())
		}
	default:
		row.Word = "Holder not certain"
	}
}

func sameHolding(a, b *graph.Record) bool {
	x, _ := a.RefKey("person")
	y, _ := b.RefKey("person")
	return x == y && a.Text("basis") == b.Text("basis") && a.Text("shared") == b.Text("shared")
}

// ended gives the last day of a record that is there no longer, if it is recorded.
func (c *comparison) ended(k fact.Key) (d fact.Date) {
	for _, x := range c.after.Pieces(k) {
		if u := x.Span.Until; !u.IsZero() && u.First <= c.after.On() && (d.IsZero() || u.Last > d.Last) {
			d = u
		}
	}
	return d
}

// effects finds what becomes of a role, and writes it on the rows of the posts concerned.
func (c *comparison) effects(r *rule.Role) {
	if r.Known != (rule.Period{}) && !r.Known.On(c.before.On()) && !r.Known.On(c.after.On()) {
		return
	}
	before, _ := c.before.RolePosts(r.Code)
	after, open := c.after.RolePosts(r.Code)
	name := Capital(r.Name)
	for _, a := range after {
		b := find(before, a.Key())
		switch {
		case b == nil:
			e := Effect{Role: name, Text: "Duty comes here"}
			if len(before) > 0 {
				e.Text = "Duty moves here from " + c.titles(before)
			}
			if a.Holders().Vacant {
				e.Text, e.Gap = e.Text+", and nobody is in post", true
			}
			c.row(a).add(e)
		case a.Holders().Vacant && !b.Holders().Vacant:
			c.row(a).add(Effect{Role: name, Text: "Nobody holds this" + c.from(r), Gap: true})
		default:
			if row := c.rows[a.Key()]; row != nil {
				row.add(Effect{Role: name, Text: "Duty stays here", Same: true})
			}
		}
	}
	for _, b := range before {
		switch {
		case find(after, b.Key()) != nil:
		case r.Known != (rule.Period{}) && !r.Known.On(c.after.On()):
			c.row(b).add(Effect{Role: name, Text: "The law knows this role no longer"})
		case len(after) > 0:
			c.row(b).add(Effect{Role: name, Text: "Duty moves to " + c.titles(after)})
		case len(open) > 0:
			c.row(b).add(Effect{Role: name, Text: "It is not certain who holds this"})
		default:
			c.row(b).add(c.unheld(r, name))
		}
	}
}

// unheld says of a role that no post has any more whether it is certain that nobody holds it: since when, or that it is not recorded.
func (c *comparison) unheld(r *rule.Role, name string) Effect {
	for _, p := range newWalk(c.p, c.after).role(r, c.after.On(), c.after.On()).Periods {
		if p.Status == NotRecorded && c.after.Proposal() == "" {
			return Effect{Role: name, Text: "Who holds this on " + c.after.On().Words() + " is not recorded"}
		}
	}
	return Effect{Role: name, Text: "Nobody holds this" + c.from(r), Gap: true}
}

func find(rs []*graph.Record, k fact.Key) *graph.Record {
	for _, r := range rs {
		if r.Key() == k {
			return r
		}
	}
	return nil
}

func (c *comparison) titles(posts []*graph.Record) string {
	var out []string
	for _, p := range posts {
		out = append(out, Title(c.p, p))
	}
	return And(out)
}

// row gives the row of a post, a new one where nothing else of it differs.
func (c *comparison) row(post *graph.Record) *Change {
	row := c.rows[post.Key()]
	if row == nil {
		row = &Change{Record: named(c.p, post), Kind: post.Kind().Label, place: post.Kind().Index, How: Changed, Word: "Changed", Unit: c.unit(post, nil)}
		c.rows[post.Key()] = row
	}
	return row
}

func (c *Change) add(e Effect) { c.Effects = append(c.Effects, e) }

// from says since when nobody holds a role.
func (c *comparison) from(r *rule.Role) string {
	if c.after.Proposal() != "" {
		return " under the proposal"
	}
	for _, p := range newWalk(c.p, c.after).role(r, c.after.On(), c.after.On()).Periods {
		if p.Status == Vacant && !p.From.Date.IsZero() {
			return p.when()
		}
	}
	return " on " + c.after.On().Words()
}

// weight sorts a row by what it does to statutory roles: a gap first.
func (c *Change) weight() int {
	w := 2
	for _, e := range c.Effects {
		if e.Gap {
			return 0
		}
		if !e.Same {
			w = 1
		}
	}
	return w
}

func (c *comparison) table() Changes {
	out := Changes{Unchanged: c.posts}
	for k, row := range c.rows {
		if k.Kind == graph.Post && row.How != Added && row.How != Ended {
			out.Unchanged--
		}
		out.Rows = append(out.Rows, *row)
	}
	slices.SortFunc(out.Rows, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.weight(), b.weight()), last(a.Unit.Text, b.Unit.Text), cmp.Compare(a.Unit.Text, b.Unit.Text), cmp.Compare(a.place, b.place),
			cmp.Compare(a.Record.Text, b.Record.Text), cmp.Compare(a.Record.Record.String(), b.Record.Record.String()))
	})
	counts := map[How]int{}
	for _, row := range out.Rows {
		counts[row.How]++
	}
	for _, x := range []struct {
		how  How
		text string
	}{{Added, "new"}, {Ended, "ended"}, {Moved, "moved"}, {Changed, "changed"}, {HolderOnly, "with a new holder only"}} {
		if n := counts[x.how]; n > 0 {
			out.Counts = append(out.Counts, HowMany{x.how, Thousands(n) + " " + x.text})
		}
	}
	out.Summary = Capital(Count(len(out.Rows), "change", "changes")) + "."
	switch {
	case !c.ofPosts:
	case out.Unchanged == 0:
		out.Summary += " No post stays as it is."
	default:
		out.Summary += " " + Count(out.Unchanged, "post does", "posts do") + " not change."
	}
	if len(out.Rows) > mostChanges {
		out.group()
	}
	return out
}

// last puts what has no name behind what has one.
func last(a, b string) int {
	switch {
	case a == "" && b != "":
		return 1
	case a != "" && b == "":
		return -1
	}
	return 0
}

// group counts the rows by unit and year.
func (c *Changes) group() {
	type of struct {
		unit Named
		year int
	}
	n := map[of]int{}
	for _, row := range c.Rows {
		g := of{unit: row.Unit}
		if w := row.When; !w.IsZero() && w.Form != fact.ToBeAgreed && w.Form != fact.Between {
			g.year, _, _ = w.Last.Civil()
		}
		n[g]++
	}
	for g, count := range n {
		c.Groups = append(c.Groups, Group{g.unit, g.year, count})
	}
	slices.SortFunc(c.Groups, func(a, b Group) int {
		return cmp.Or(last(a.Unit.Text, b.Unit.Text), cmp.Compare(a.Unit.Text, b.Unit.Text), cmp.Compare(a.Unit.Record.String(), b.Unit.Record.String()), cmp.Compare(a.Year, b.Year))
	})
}

// String writes a change on one line, as in "Moved: Head of Service. Reports to: A → B".
func (c Change) String() string {
	s := fmt.Sprintf("%s: %s.", c.Word, c.Record.Text)
	for _, p := range c.Parts {
		s += " " + p.String() + "."
	}
	for _, e := range c.Effects {
		s += fmt.Sprintf(" [%s: %s]", e.Role, e.Text)
	}
	return s
}

// String writes what differs on one line, with what is marked between asterisks.
func (p Part) String() string {
	side := func(runs []Run) string {
		var b strings.Builder
		for _, r := range runs {
			if r.Marked {
				b.WriteString("*" + strings.TrimSuffix(r.Text, " ") + "*" + r.Text[len(strings.TrimSuffix(r.Text, " ")):])
			} else {
				b.WriteString(r.Text)
			}
		}
		return b.String()
	}
	switch {
	case len(p.Before) == 0:
		return p.Label + ": " + side(p.After)
	case len(p.After) == 0:
		return p.Label + ": " + side(p.Before) + " →"
	}
	return p.Label + ": " + side(p.Before) + " → " + side(p.After)
}
