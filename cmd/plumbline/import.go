package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"plumbline/internal/book"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

type importCmd struct {
	Record   string            `arg:"" help:"The file that holds the record."`
	File     string            `arg:"" help:"A spreadsheet (.xlsx), or CSV of one kind of record."`
	From     string            `required:"" placeholder:"DATE" help:"From when the file is so: a day (2015-04-01), or as far as it is known, as in 2015-04 or ‘by 2015-04-01’."`
	Proposal string            `placeholder:"ID" help:"Record it in this proposal: from that day it would be so. Nothing in force changes."`
	Source   string            `placeholder:"TEXT" help:"Where it comes from. Default: the name of the file."`
	Check    bool              `help:"Say what would change, and record nothing."`
	Kind     map[string]string `placeholder:"SHEET=KIND" help:"What a sheet holds, where neither its name nor its headings tell. A CSV file is a sheet of the name of the file."`
	Column   map[string]string `placeholder:"HEADING=FIELD" help:"Which field a column holds, where its heading does not tell; nothing after the = leaves the column out."`
	Add      []string          `placeholder:"KIND" help:"Add records of this kind, such as unit, where a row names one that is recorded nowhere. People always are."`
	Empty    []string          `placeholder:"WORD" help:"What stands in cells that say nothing, such as N/D."`
	End      map[string]string `placeholder:"KIND=DAY" help:"End on that day the records of a kind that the file leaves out. Default: they are left as they are."`
	Report   string            `placeholder:"FILE" help:"Write the file again, with two more columns that say of each row what it would do or what to fix."`
}

func (importCmd) Help() string {
	return "Everything in the file is recorded, or, if anything is wrong, nothing. A row changes the record whose id, or else title, it gives; otherwise it is a new one. An empty cell leaves a field as it is, and a single dash clears it.\n\nExamples:\n  plumbline template council.db -o council.xlsx\n  plumbline import council.db council.xlsx --from 2015-04-01 --check\n  plumbline import council.db functions.csv --from 2028-04-01 --proposal two-councils --check\n  plumbline import council.db posts.csv --from 2015-04-01 --source \"HR, April 2015\" --add unit"
}

func (c importCmd) Run(a *app) error {
	choices, err := c.choices()
	if err != nil {
		return err
	}
	file, err := readLimited(c.File)
	if err != nil {
		return err
	}
	b, pack, err := a.open(c.Record, defaultPack, !c.Check)
	if err != nil {
		return err
	}
	defer b.Close()
	known := func(names []fact.KindName) error {
		for _, k := range names {
			if b.Kinds().Kind(k) == nil {
				return fmt.Errorf("%q is no kind of record.%s", k, didYouMean(string(k), b.Kinds().Names()))
			}
		}
		return nil
	}
	var kinds []fact.KindName
	for _, k := range choices.Kinds {
		if k != "" {
			kinds = append(kinds, k)
		}
	}
	for k := range choices.End {
		kinds = append(kinds, k)
	}
	if err := known(slices.Concat(kinds, choices.Add)); err != nil {
		return err
	}
	v := b.View(choices.From.Last, b.Known())
	if c.Proposal != "" {
		o := &opened{a: a, book: b, pack: pack, view: v}
		if err := o.with(c.Proposal); err != nil {
			return err
		}
		if p := v.Record(fact.Key{Kind: graph.Proposal, ID: o.view.Proposal()}); p != nil && !graph.Undecided(p) {
			return fmt.Errorf("the proposal %s is %s already, so nothing more is proposed in it", p.Title(), p.Text("status"))
		}
		launch, _ := report.AssumedLaunch(v, o.view.Proposal())
		v = v.Planned(o.view.Proposal(), launch)
	}
	plan := exchange.Import(filepath.Base(c.File), file, v, pack, choices)
	for i := range plan.Docs {
		plan.Docs[i].Proposal = v.Proposal()
	}
	problems := plan.Problems
	change := book.Change{Docs: plan.Docs, Seen: plan.Seen}
	if plan.Layer == exchange.Ready && len(plan.Docs) > 0 {
		_, err := b.Check(book.Owner, change)
		var refused kind.Problems
		switch {
		case errors.As(err, &refused):
			problems = plan.Said(refused)
			plan.Wrong = len(refused)
		case err != nil:
			return err
		}
	}
	if err := c.annotate(plan); err != nil {
		return err
	}
	c.understood(a, plan)
	if len(problems) > 0 {
		return refusedRows(plan, problems)
	}
	if err := changes(a, plan, c.Check); err != nil {
		return err
	}
	if c.Check || len(plan.Docs) == 0 {
		fmt.Fprintln(a.out, "Nothing was recorded.")
		return nil
	}
	r, err := b.Do(a.ctx, book.Owner, change)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Recorded %s (%d to %d).\n", entries(r.Entries), r.First, r.Last)
	return nil
}

// choices reads the flags.
func (c importCmd) choices() (exchange.Choices, error) {
	out := exchange.Choices{Source: c.Source, Empty: c.Empty, Kinds: map[string]fact.KindName{}, End: map[fact.KindName]fact.Date{}, Columns: map[string]map[string]string{"": c.Column}}
	if out.Source == "" {
		out.Source = "file " + filepath.Base(c.File)
	}
	var err error
	if out.From, err = fact.ParseDate(c.From); err != nil {
		return out, fmt.Errorf("--from: %w", err)
	}
	if out.From.IsZero() || out.From.Form == fact.ToBeAgreed {
		return out, fmt.Errorf("--from: give a day, or a month, season or year: %w", fact.ErrInvalid)
	}
	for sheet, k := range c.Kind {
		out.Kinds[sheet] = fact.KindName(k)
	}
	for _, k := range c.Add {
		out.Add = append(out.Add, fact.KindName(k))
	}
	for k, day := range c.End {
		d, err := fact.ParseDay(day)
		if err != nil {
			return out, fmt.Errorf("--end: %w", err)
		}
		out.End[fact.KindName(k)] = fact.ExactDate(d)
	}
	return out, nil
}

// readLimited reads a file, or as much of it as it takes to see that it is too large.
func readLimited(name string) ([]byte, error) {
	f, err := os.Open(name) // #nosec G304 -- a file named on the command line, read with the rights of whoever names it
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s", name)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, exchange.MaxFile+1))
}

func (c importCmd) annotate(plan *exchange.Plan) error {
	if c.Report == "" || plan.Layer == exchange.WrongFile || plan.Layer == exchange.WrongColumns {
		return nil
	}
	return writeFile(c.Report, plan.Annotated)
}

// understood says what the file was taken for.
func (c importCmd) understood(a *app, plan *exchange.Plan) {
	for _, s := range plan.Sheets {
		if s.Kind == nil {
			fmt.Fprintf(a.out, "%s: left out; it is not known what it holds.\n", s.Name)
			continue
		}
		fmt.Fprintf(a.out, "%s: %s of %s.", s.Name, report.Count(s.Rows, "row", "rows"), kind.Lower(s.Kind.Plural))
		if unread := s.Unread(); len(unread) > 0 {
			fmt.Fprintf(a.out, " Not read: %s.", strings.Join(unread, ", "))
		}
		fmt.Fprintln(a.out)
	}
}

// refusedRows says what is wrong with a file, a line each.
func refusedRows(plan *exchange.Plan, problems []exchange.Problem) error {
	var b strings.Builder
	for i := range problems {
		fmt.Fprintln(&b, problems[i].Error())
	}
	if more := plan.Wrong - len(problems); more > 0 {
		fmt.Fprintf(&b, "… and %s more\n", report.Thousands(more))
	}
	fmt.Fprintf(&b, "%s; nothing was recorded", report.Count(plan.Wrong, "problem", "problems"))
	return errors.New(b.String())
}

// changes says what a file changes: each record if that is asked for, and the counts.
func changes(a *app, plan *exchange.Plan, each bool) error {
	if each && len(plan.Changes) > 0 {
		t := report.Table{Head: []string{"Row", "Change", "Record", "What differs"}}
		for _, c := range plan.Changes[:min(len(plan.Changes), kind.Shown)] {
			row := ""
			if c.Row > 0 {
				row = fmt.Sprint(c.Row)
			}
			var differs []string
			if c.Why != "" {
				differs = append(differs, c.Why)
			}
			for _, f := range c.Fields {
				was := ""
				if f.Before != "" {
					was = f.Before + " → "
				}
				is := f.After
				if is == "" {
					is = "nothing"
				}
				differs = append(differs, f.Label+": "+was+is)
			}
			t.Rows = append(t.Rows, []report.Cell{{Text: row}, {Text: string(c.Word)}, {Text: c.Title, Record: c.Record}, {Text: strings.Join(differs, "; ")}})
		}
		if more := len(plan.Changes) - kind.Shown; more > 0 {
			t.Rows = append(t.Rows, []report.Cell{{}, {}, {Text: fmt.Sprintf("… and %s more", report.Thousands(more))}, {}})
		}
		d := report.Document{Title: "What would change", Sections: []report.Section{{Blocks: []report.Block{t}}}}
		if err := exchange.Text(a.out, d, a.columns); err != nil {
			return err
		}
		fmt.Fprintln(a.out)
	}
	var counts []string
	for _, w := range []exchange.Word{exchange.New, exchange.Changed, exchange.Moved, exchange.Ended, exchange.Same} {
		counts = append(counts, fmt.Sprintf("%s %s", report.Thousands(plan.Count[w]), strings.ToLower(string(w))))
	}
	left := 0
	for _, n := range plan.Missing {
		left += n
	}
	line := strings.Join(counts, ", ")
	if left > 0 {
		line += fmt.Sprintf("; recorded, and not in the file: %s", report.Thousands(left))
	}
	fmt.Fprintln(a.out, line+".")
	return nil
}

type templateCmd struct {
	Record string   `arg:"" help:"The file that holds the record."`
	Kinds  []string `arg:"" optional:"" name:"kind" help:"Kinds of record. Default: units, posts, people, appointments, designations and functions."`
	Output string   `short:"o" required:"" placeholder:"FILE" help:"The file to write: a spreadsheet (.xlsx), or CSV (.csv) of one kind."`
	On     string   `placeholder:"DAY" help:"The day whose records it holds. Default: today."`
}

func (templateCmd) Help() string {
	return "Writes a spreadsheet with a sheet for each kind of record and what is recorded on the day, to be edited and given to `plumbline import`. Of a new record it is empty.\n\nExamples:\n  plumbline template council.db -o council.xlsx\n  plumbline template council.db post -o posts.csv"
}

func (c templateCmd) Run(a *app) error {
	kinds := exchange.FirstHour
	if len(c.Kinds) > 0 {
		kinds = nil
	}
	for _, k := range c.Kinds {
		kinds = append(kinds, fact.KindName(k))
	}
	r := reading{Record: c.Record, On: c.On}
	o, err := r.look(a, defaultPack)
	if err != nil {
		return err
	}
	defer o.book.Close()
	for _, k := range kinds {
		if o.view.Kinds().Kind(k) == nil {
			return fmt.Errorf("%q is no kind of record.%s", k, didYouMean(string(k), o.view.Kinds().Names()))
		}
	}
	w := exchange.Template(o.view, o.pack, kinds...)
	write := func(f io.Writer) error { return exchange.XLSX(f, w) }
	switch strings.ToLower(filepath.Ext(c.Output)) {
	case ".xlsx":
	case ".csv":
		if len(w.Tables) != 1 {
			return errors.New("a CSV file holds one kind of record: name it, as in `plumbline template council.db post -o posts.csv`")
		}
		write = func(f io.Writer) error { return exchange.CSV(f, w.Tables[0]) }
	default:
		return fmt.Errorf("-o: %s is neither .xlsx nor .csv", c.Output)
	}
	if err := writeFile(c.Output, write); err != nil {
		return err
	}
	rows := 0
	for _, t := range w.Tables {
		rows += len(t.Rows)
	}
	fmt.Fprintf(a.out, "Wrote %s with %s.\n", c.Output, report.Count(rows, "record", "records"))
	return nil
}

// writeFile writes a file that is not there yet, whole or not at all.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- as above; nobody else reads it, for it may hold names
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already; nothing was written", name)
	}
	if err != nil {
		return err
	}
	err = write(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
