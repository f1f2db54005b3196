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

// Case is the case for a proposal: what it is for, what else could be done, what it would do for people, and what it means for equality.
type Case struct {
	Proposal   Named    `json:"proposal"`
	Status     string   `json:"status,omitempty"`
	Reasons    string   `json:"reasons,omitempty"`
	Drivers    []string `json:"drivers"`
	Priorities []Named  `json:"priorities"`
	Benefits   []string `json:"benefits"`
	Options    []Option `json:"options"` // to do nothing first; then in the order of what they are called
	Equality   Equality `json:"equality"`
}

// Option is one way to go: to leave the structure as it is, this proposal, or another that is an option to it.
type Option struct {
	Proposal   Named    `json:"proposal,omitzero"` // empty: to do nothing
	Name       string   `json:"name"`              // "Option A"; "Do nothing"
	This       bool     `json:"this"`              // it is the proposal itself
	Status     string   `json:"status,omitempty"`
	Drivers    []string `json:"drivers"` // that it names
	Saving     string   `json:"saving,omitempty"`
	Posts      int      `json:"posts"` // of officers
	Breaches   int      `json:"breaches"`
	Departures int      `json:"departures"`
	Advisories int      `json:"advisories"`
	Untested   int      `json:"cannot_test"`
}

// Equality is what is recorded of what a proposal means for equality.
type Equality struct {
	Text     string    `json:"text,omitempty"`
	Assessed fact.Date `json:"-"`
	Document Named     `json:"document,omitzero"`
	Asked    bool      `json:"asked"` // the law asks those who decide to think of it, on the day looked at
}

// equalitySince is when the duty of section 149 of the Equality Act 2010 began.
var equalitySince = fact.DayOf(2011, 4, 5)

// CaseOf gives the case for a proposal. assess says what the law makes of the record with a proposal laid over it, or without one.
func CaseOf(p *rule.Pack, v *graph.View, proposal fact.ID, assess func(*graph.View) *assure.Assessment) Case {
	v = v.With("")
	k := fact.Key{Kind: graph.Proposal, ID: proposal}
	c := Case{Proposal: called(p, v, k), Drivers: []string{}, Priorities: []Named{}, Benefits: []string{}, Options: []Option{}, Equality: Equality{Asked: v.On() >= equalitySince}}
	r := v.Record(k)
	if r == nil {
		return c
	}
	c.Status, c.Reasons = r.Text("status"), fieldWords(p, r, "rationale")
	c.Drivers, c.Benefits = append(c.Drivers, r.Texts("drivers")...), append(c.Benefits, r.Texts("benefits")...)
	for _, to := range r.RefKeys("priorities") {
		c.Priorities = append(c.Priorities, called(p, v, to))
	}
	c.Equality.Text, c.Equality.Assessed = fieldWords(p, r, "equality"), r.Date("equality_assessed_on")
	if to, ok := r.RefKey("equality_document"); ok {
		c.Equality.Document = called(p, v, to)
	}
	c.Options = append(c.Options, option(p, v, nil, assess))
	for _, o := range options(r) {
		x := option(p, v, o, assess)
		x.This = o.Key() == k
		c.Options = append(c.Options, x)
	}
	return c
}

// options gives a proposal with those that are options to it, or to the same as it.
func options(r *graph.Record) []*graph.Record {
	first := r
	for seen := map[*graph.Record]bool{}; first.Ref("option_of") != nil && !seen[first]; first = first.Ref("option_of") {
		seen[first] = true
	}
	var out []*graph.Record
	var add func(*graph.Record)
	add = func(x *graph.Record) {
		if slices.Contains(out, x) {
			return
		}
		out = append(out, x)
		for _, o := range x.Referring(graph.Proposal, "option_of") {
			add(o)
		}
	}
	add(first)
	slices.SortStableFunc(out, func(a, b *graph.Record) int {
		return cmp.Or(last(a.Text("option"), b.Text("option")), cmp.Compare(a.Text("option"), b.Text("option")), cmp.Compare(a.Title(), b.Title()))
	})
	return out
}

// option says what one way would do; without a proposal, to do nothing.
func option(p *rule.Pack, v *graph.View, r *graph.Record, assess func(*graph.View) *assure.Assessment) Option {
	o := Option{Name: "Do nothing", Drivers: []string{}}
	if r != nil {
		o.Proposal, o.Status, o.Name = named(p, r), r.Text("status"), Title(p, r)
		if letter := r.Text("option"); letter != "" {
			o.Name = "Option " + letter
		}
		o.Drivers, o.Saving = append(o.Drivers, r.Texts("drivers")...), fieldWords(p, r, "saving")
		v = v.With(r.Key().ID)
	}
	e := Establishment{}
	for _, post := range v.All(graph.Post) {
		if c := post.Text("capacity"); c != "member" && c != "independent" {
			e.Posts++
		}
	}
	o.Posts = e.Posts
	a := assess(v)
	for i := range a.Results.Rows {
		switch x := &a.Results.Rows[i]; {
		case x.Outcome == rule.CannotTest:
			o.Untested++
		case x.Severity == rule.Breach:
			o.Breaches++
		case x.Severity == rule.Departure:
			o.Departures++
		case x.Severity == rule.Advisory:
			o.Advisories++
		}
	}
	return o
}

// Document writes the case for people who are to judge it.
func (c Case) Document(v *graph.View) Document {
	d := Document{Title: "The case for " + c.Proposal.Text, Dates: DatesOf(v.With("")), Mark: restricted(v, c.Proposal.Record)}
	list := func(title string, items []string, want string) {
		blocks := []Block{List(items)}
		if len(items) == 0 {
			blocks = []Block{Gap(Wanting(want))}
		}
		d.Sections = append(d.Sections, Section{title, blocks})
	}
	list("Drivers", c.Drivers, "the drivers: the needs and pressures behind the proposal")
	if len(c.Priorities) > 0 {
		list("Corporate priorities served", textsIn(c.Priorities), "")
	}
	reasons := Prose(c.Reasons)
	if len(reasons) == 0 {
		reasons = []Block{Gap(Wanting("the reasons for the proposal"))}
	}
	d.Sections = append(d.Sections, Section{"Reasons", reasons})
	options := []Block{Para(optionsNote)}
	if c.Alone() {
		options = []Block{Para("No options recorded. Reports to Cabinet usually need at least one other option."), Para(optionsNote)}
	}
	d.Sections = append(d.Sections, Section{"Options", append(options, c.Table())})
	list("Benefits", c.Benefits, "the benefits expected of it")
	d.Sections = append(d.Sections, Section{"Equality", c.Equality.Blocks()})
	return d
}

const optionsNote = "To do nothing is set beside what is proposed. The figures on the law are what the record shows when it is tested by the law of the day; they are no judgement."

// Alone reports whether nothing but this proposal and to do nothing is on record.
func (c Case) Alone() bool { return len(c.Options) < 3 }

// Table sets the options side by side: which drivers each names, and what would come of it.
func (c Case) Table() Table {
	t := Table{Caption: "The options, and what would come of each", Head: []string{"What"}, Headed: true}
	for _, o := range c.Options {
		switch {
		case o.This && o.Name == o.Proposal.Text:
			t.Head = append(t.Head, "This proposal")
		case o.This:
			t.Head = append(t.Head, o.Name+", this proposal")
		default:
			t.Head = append(t.Head, o.Name)
		}
	}
	row := func(what string, say func(o Option) string) {
		r := cells(what)
		for _, o := range c.Options {
			r = append(r, cell(say(o)))
		}
		t.Rows = append(t.Rows, r)
	}
	is := cells("What it is")
	for _, o := range c.Options {
		if o.Proposal.Text == "" {
			is = append(is, cell("The structure stays as it is"))
		} else {
			is = append(is, o.Proposal)
		}
	}
	t.Rows = append(t.Rows, is)
	var drivers []string
	for _, o := range c.Options {
		for _, d := range o.Drivers {
			if !slices.Contains(drivers, d) {
				drivers = append(drivers, d)
			}
		}
	}
	for _, d := range drivers {
		row("Driver: "+strings.TrimSuffix(d, "."), func(o Option) string {
			switch {
			case slices.Contains(o.Drivers, d):
				return "Named"
			case o.Proposal.Text == "":
				return "–"
			}
			return "Not named"
		})
	}
	row("Status", func(o Option) string {
		switch {
		case o.Proposal.Text == "":
			return "–"
		case o.Status == "":
			return "Not recorded"
		}
		return Capital(o.Status)
	})
	row("Estimated saving", func(o Option) string {
		switch {
		case o.Proposal.Text == "":
			return "None"
		case o.Saving == "":
			return "Not recorded"
		}
		return o.Saving
	})
	row("Officers' posts", func(o Option) string { return Thousands(o.Posts) })
	row("Breaches of law", func(o Option) string { return Thousands(o.Breaches) })
	row("Departures from statutory guidance", func(o Option) string { return Thousands(o.Departures) })
	row("Pieces of advice", func(o Option) string { return Thousands(o.Advisories) })
	row("Rules that cannot be tested", func(o Option) string { return Thousands(o.Untested) })
	return t
}

// Blocks says what is recorded of equality, for a document.
func (e Equality) Blocks() (out []Block) {
	if e.Asked {
		out = append(out, Noted{"Those who decide must have due regard to the need to end discrimination, harassment and victimisation, to advance equality of opportunity, and to foster good relations between people who share a protected characteristic and people who do not.",
			[]string{"Equality Act 2010, section 149, in force since " + equalitySince.Words() + "."}})
	}
	if !e.Asked && e.Text == "" && e.Assessed.IsZero() && e.Document.Text == "" {
		return []Block{Para("The duty of section 149 of the Equality Act 2010 began on " + equalitySince.Words() + ", after the day of this report. Nothing is recorded of what the proposal means for equality.")}
	}
	if e.Text == "" {
		out = append(out, Gap(Wanting("what the proposal means for people with each protected characteristic, and what will be done about it")))
	}
	out = append(out, Prose(e.Text)...)
	switch {
	case !e.Assessed.IsZero() && e.Document.Text != "":
		out = append(out, Para(fmt.Sprintf("The impact was assessed%s. The assessment is “%s”.", onDay(e.Assessed), e.Document.Text)))
	case !e.Assessed.IsZero():
		out = append(out, Para(fmt.Sprintf("The impact was assessed%s.", onDay(e.Assessed))))
	case e.Document.Text != "":
		out = append(out, Para("The assessment is “"+e.Document.Text+"”."))
	}
	if e.Assessed.IsZero() {
		out = append(out, Gap(Wanting("when the equality impact was assessed")))
	}
	return out
}

// fieldWords gives what a field says, on as many lines as it has values; also that it was removed, or is not for whoever asks. Nothing is that it is not recorded.
func fieldWords(p *rule.Pack, r *graph.Record, name string) string {
	var out []string
	for _, n := range Value(p, r, r.Kind().Field(name)) {
		out = append(out, n.Text)
	}
	return strings.Join(out, "\n")
}
