package main

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

type showCmd struct {
	reading
	Name     string `arg:"" name:"kind/id" help:"The record, as in post/chief-executive."`
	Proposal string `placeholder:"ID" help:"Lay this proposal over the record."`
}

func (c showCmd) Run(a *app) error {
	o, err := c.look(a, "")
	if err != nil {
		return err
	}
	defer o.book.Close()
	if err := o.with(c.Proposal); err != nil {
		return err
	}
	k, err := o.find(c.Name)
	if err != nil {
		return err
	}
	return o.write(c.Format, report.Record(o.view, k), report.NewRecordJSON(o.view, k, o.root))
}

type historyCmd struct {
	reading
	Name string `arg:"" name:"kind/id" help:"The record, as in post/chief-executive."`
}

func (c historyCmd) Run(a *app) error {
	o, err := c.look(a, "")
	if err != nil {
		return err
	}
	defer o.book.Close()
	k, err := o.find(c.Name)
	if err != nil {
		return err
	}
	return o.write(c.Format, report.History(o.view, k), report.NewHistoryJSON(o.view, k, o.root))
}

type whoCmd struct {
	reading
	Name     string `arg:"" name:"role|function/id" help:"A role (DCS, DASS, HPS …) or a function, as in function/special-educational-needs."`
	Proposal string `placeholder:"ID" help:"Lay this proposal over the record."`
}

func (whoCmd) Help() string {
	return "Examples:\n  plumbline who council.db DCS\n  plumbline who council.db function/special-educational-needs --on 2003-10-01 --known 2003-09-17"
}

func (c whoCmd) Run(a *app) error {
	o, err := c.look(a, "")
	if err != nil {
		return err
	}
	defer o.book.Close()
	if err := o.with(c.Proposal); err != nil {
		return err
	}
	if !strings.Contains(c.Name, "/") {
		role := o.pack.Role(strings.ToUpper(c.Name))
		if role == nil {
			return fmt.Errorf("%q is no statutory role.%s Roles are %s; a function is written function/ID", c.Name, didYouMean(strings.ToUpper(c.Name), o.pack.RoleCodes()), strings.Join(o.pack.RoleCodes(), ", "))
		}
		w := report.WhoRole(o.pack, o.view, role, o.root)
		return o.write(c.Format, w.Document(o.view, o.pack), w)
	}
	k, err := o.find(c.Name)
	if err != nil {
		return err
	}
	if k.Kind != graph.Function {
		return fmt.Errorf("%s is a %s; `who` takes a role or a function", k, k.Kind)
	}
	f := o.view.Record(k)
	if f == nil {
		return fmt.Errorf("the function %s is not there on %s; `plumbline history` shows on which days it is", k.ID, o.view.On().Words())
	}
	w := report.WhoFunction(o.pack, f, o.root)
	return o.write(c.Format, w.Document(o.view, o.pack), w)
}

// proposed are the flags of what is asked of the law, with a proposal laid over the record or not.
type proposed struct {
	reading
	Proposal string `placeholder:"ID" help:"Lay this proposal over the record, as if it were in force on the day."`
	Pack     string `placeholder:"ID" default:"england" help:"The pack of law. Default: ${default}."`
}

func (p proposed) see(a *app) (*opened, error) {
	o, err := p.look(a, p.Pack)
	if err != nil {
		return nil, err
	}
	if err := o.with(p.Proposal); err != nil {
		o.book.Close()
		return nil, err
	}
	return o, nil
}

type checkCmd struct {
	proposed
	Planned bool   `help:"Read the proposal on its own days: the record of the day looked at as it would then be."`
	Launch  string `placeholder:"DAY" help:"With --planned: when what the proposal leaves undated would take effect. Default: the day that the proposal says, or else the day looked at."`
	All     bool   `help:"Show the rules that do not apply, too."`
}

func (checkCmd) Help() string {
	return "Tests the structure of a day against the law of that day. What is not recorded cannot be tested: the answer names it.\n\nEnds with 0 if there is nothing to act on; 1 if there is a breach, a departure from guidance without a recorded reason, a condition that fails or a judgement that is stale; 2 if the command or the data cannot be used.\n\nExamples:\n  plumbline check council.db\n  plumbline check council.db --on 2015-06-05 --proposal people-directorate --format json\n  plumbline check council.db --on 2015-09-01 --proposal people-directorate --planned"
}

func (c checkCmd) Run(a *app) error {
	o, err := c.see(a)
	if err != nil {
		return err
	}
	defer o.book.Close()
	if err := o.planned(c.Planned, c.Launch); err != nil {
		return err
	}
	d, x := checked(o, c.All)
	if err := o.write(c.Format, d, report.NewCheckJSON(x, o.root, c.All)); err != nil {
		return err
	}
	if x.Act() {
		return errAct
	}
	return nil
}

// launchOf reads when what a proposal leaves undated would take effect.
func launchOf(s string) (fact.Date, error) {
	d, err := fact.ParseDate(s)
	switch {
	case err != nil:
		return d, fmt.Errorf("--launch: %w", err)
	case d.Form == fact.ToBeAgreed:
		return d, fmt.Errorf("--launch: give a day, a month or a season; without --launch it is said what is assumed")
	}
	return d, nil
}

// planned reads the proposal looked at on its own days, if that is asked for.
func (o *opened) planned(asked bool, launch string) error {
	on, err := launchOf(launch)
	switch {
	case err != nil:
		return err
	case !asked && launch != "":
		return fmt.Errorf("--launch goes with --planned: otherwise all of the proposal is read as if in force on the day")
	case !asked:
		return nil
	case o.view.Proposal() == "":
		return fmt.Errorf("--planned goes with --proposal: say which proposal to read on its own days")
	case on.IsZero():
		on, _ = report.AssumedLaunch(o.view, o.view.Proposal())
	}
	o.view = o.view.Planned(o.view.Proposal(), on)
	return nil
}

// checked tests what is looked at; of a proposal it says first what it changes.
func checked(o *opened, all bool) (report.Document, *assure.Assessment) {
	x := assure.Assess(o.pack, o.view)
	d := report.Check(x, councilName(o.view), all)
	if o.view.Proposal() != "" {
		d.Sections = slices.Insert(d.Sections, 0, report.Compared(x, o.pack.Run(o.view.With(""))))
	}
	return d, x
}

func councilName(v *graph.View) string {
	if c := v.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil {
		return c.Title()
	}
	return "a council that is not recorded yet"
}

type diffCmd struct {
	reading
	From     string `placeholder:"DAY" help:"The earlier day."`
	To       string `placeholder:"DAY" help:"The later day."`
	Proposal string `placeholder:"ID" help:"What this proposal would change on the day."`
	Launch   string `placeholder:"DAY" help:"When what the proposal leaves undated would take effect. Default: the day that the proposal says, or else the day looked at."`
}

func (diffCmd) Help() string {
	return "Examples:\n  plumbline diff council.db --from 2003-09-30 --to 2003-10-01\n  plumbline diff council.db --proposal people-directorate --on 2015-06-05"
}

func (c diffCmd) Run(a *app) error {
	days := c.From != "" && c.To != ""
	if days == (c.Proposal != "") || !days && (c.From != "" || c.To != "") {
		return fmt.Errorf("say either --from and --to, or --proposal")
	}
	o, err := c.look(a, "")
	if err != nil {
		return err
	}
	defer o.book.Close()
	before := o.view
	if c.Proposal != "" {
		if err := o.with(c.Proposal); err != nil {
			return err
		}
		if o.launch, err = launchOf(c.Launch); err != nil {
			return err
		}
		d, t := proposedOf(o, before)
		return o.write(c.Format, d, t)
	}
	from, err := fact.ParseDay(c.From)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	to, err := fact.ParseDay(c.To)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	d := report.Diff(before.At(from), before.At(to), o.root)
	return o.write(c.Format, d.Document("What differs between "+from.Words()+" and "+to.Words(), report.DatesOf(before.At(to))), d)
}

// proposedJSON is what a proposal would change, where each function goes, and what it would do.
type proposedJSON struct {
	report.DiffJSON
	Transfer []report.MovingJSON `json:"transfer"`
	Forecast report.ForecastJSON `json:"forecast"`
}

// proposedOf says what the proposal looked at would change, as if in force on the day, and where each function goes on the proposal's own days.
func proposedOf(o *opened, without *graph.View) (report.Document, proposedJSON) {
	changes, t := report.Diff(without, o.view, o.root), transferOf(o)
	d, moves := changes.Document("What would change: "+t.Proposal.Text, report.DatesOf(o.view)), t.Document("")
	d.Sections = append(d.Sections, report.Section{Title: "Where each function goes", Blocks: paras(moves.Lead)})
	d.Sections = append(d.Sections, moves.Sections...)
	f := report.ForecastOf(o.pack, without, o.view.Proposal(), o.launch)
	return d, proposedJSON{changes, t.JSON(), report.NewForecastJSON(report.NewWhen(o.view, o.root), f)}
}

func paras(all []string) (out []report.Block) {
	for _, s := range all {
		out = append(out, report.Para(s))
	}
	return out
}

// transferOf follows each function through the proposal looked at.
func transferOf(o *opened) report.Transfer {
	launch := o.launch
	if launch.IsZero() {
		launch, _ = report.AssumedLaunch(o.view, o.view.Proposal())
	}
	return report.TransferOf(o.pack, o.view, o.view.Proposal(), launch)
}

type kindsCmd struct {
	Kind string `arg:"" optional:"" help:"The kind whose fields to list."`
}

func (c kindsCmd) Run(a *app) error {
	kinds, _, err := laws(defaultPack)
	if err != nil {
		return err
	}
	o := &opened{a: a}
	if c.Kind == "" {
		t := report.Table{Head: []string{"Kind", "What it is"}}
		for _, k := range kinds.All {
			t.Rows = append(t.Rows, []report.Cell{{Text: string(k.Name)}, {Text: k.About}})
		}
		return o.write("text", report.Document{Title: "Kinds of record", Sections: []report.Section{{Blocks: []report.Block{t}}}}, nil)
	}
	k := kinds.Kind(fact.KindName(c.Kind))
	if k == nil {
		return fmt.Errorf("%q is no kind of record.%s", c.Kind, didYouMean(c.Kind, kinds.Names()))
	}
	t := report.Table{Head: []string{"Field", "What it is", "How it is written"}}
	for _, f := range k.Fields {
		t.Rows = append(t.Rows, []report.Cell{{Text: f.Name}, {Text: strings.TrimSpace(f.Label + ". " + f.Hint)}, {Text: written(kinds, f)}})
	}
	return o.write("text", report.Document{Title: k.Label + " (kind: " + string(k.Name) + ")", Lead: []string{k.About}, Sections: []report.Section{{Blocks: []report.Block{t}}}}, nil)
}

// seenBy says who sees a field that is for fewer than its record is.
var seenBy = map[kind.Visibility]string{kind.Internal: "never public", kind.Restricted: "seen only by those who may see what is restricted"}

func written(kinds *kind.Set, f *kind.Field) string {
	s := string(f.Type)
	switch f.Type {
	case kind.Choice:
		options := append([]string{}, f.Choices...)
		options = append(options, kinds.Codes(f.Codes)...)
		s = strings.Join(options, ", ")
		if f.Codes != "" && len(kinds.Codes(f.Codes)) == 0 {
			s = strings.Join(append(options, "a "+f.Codes+" code"), ", ")
		}
	case kind.Reference:
		var to []string
		for _, t := range f.To {
			to = append(to, string(t))
		}
		s = "the id of a " + strings.Join(to, " or ")
		if f.Codes != "" {
			s += ", or a " + f.Codes + " code"
		}
	case kind.YesNo:
		s = "yes or no"
	case kind.LongText:
		s = "text"
	}
	if f.Many {
		s = "a list: " + s
	}
	if f.Required {
		s += " (needed)"
	}
	if f.Visibility != "" {
		s += "; " + seenBy[f.Visibility]
	}
	return s
}
