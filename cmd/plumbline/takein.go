package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"plumbline/internal/book"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/ledger"
	"plumbline/internal/report"
)

type proposalTakeInCmd struct {
	Record   string `arg:"" help:"The file that holds the record."`
	Export   string `arg:"" help:"The export of the other body's record, as plumbline export writes it."`
	From     string `placeholder:"NAME" help:"What the other body is called. Default: as its record calls it."`
	As       string `placeholder:"ID" help:"Its id here, which stands before the id of each of its functions. Default: made from its name."`
	Type     string `default:"council" placeholder:"TYPE" help:"What kind of body it is, as in council, nhs or trust. Default: ${default}."`
	On       string `placeholder:"DAY" help:"The day from which its functions are taken in. Default: today."`
	DryRun   bool   `help:"Say what would be recorded, and record nothing."`
	Recorded string `placeholder:"DATE" help:"Reconstruct the past: the day on which the council learned it. Only until the record is opened."`
}

func (proposalTakeInCmd) Help() string {
	return "Reads the export of another body's record, verifies all of it, and records the body as an organisation and each of its functions as one that the organisation delivers. Nobody's name is taken in. A proposal can then place them in this council, and `plumbline report RECORD origins --proposal ID` says of each body what became of its functions.\n\nDone again with a newer export, it records what changed. What this council has placed in the meantime stays as it is.\n\nExamples:\n  plumbline export county.db jsonl > county.jsonl\n  plumbline proposal take-in programme.db county.jsonl --from \"Westshire County Council\" --as county"
}

func (c proposalTakeInCmd) Run(a *app) error {
	on := fact.DayIn(a.now())
	change := book.Change{}
	for _, d := range []struct {
		flag, text string
		to         func(fact.Day)
	}{{"--on", c.On, func(d fact.Day) { on = d }}, {"--recorded", c.Recorded, func(d fact.Day) { change.Recorded = &d }}} {
		if d.text == "" {
			continue
		}
		day, err := fact.ParseDay(d.text)
		if err != nil {
			return fmt.Errorf("%s: %w", d.flag, err)
		}
		d.to(day)
	}
	b, _, err := a.open(c.Record, defaultPack, !c.DryRun)
	if err != nil {
		return err
	}
	defer b.Close()
	g, of, err := readExport(b.Kinds(), c.Export)
	if err != nil {
		return err
	}
	theirs := g.View(on, g.Size())
	from, err := c.predecessor(theirs, of, b.Kinds())
	if err != nil {
		return err
	}
	in, problems := exchange.TakeIn(theirs, b.View(on, -1), from)
	if problems != nil {
		return loadCmd{}.refused(problems)
	}
	change.Docs, change.After = in.Docs, b.Known()
	fmt.Fprintf(a.out, "%s: %s.\n", from.Name, takenIn(in))
	for _, k := range in.Kept {
		fmt.Fprintf(a.out, "  %s has a place in this council by now, and stays as it is.\n", k)
	}
	switch {
	case len(in.Docs) == 0:
		fmt.Fprintln(a.out, "Nothing is to be recorded.")
		return nil
	case c.DryRun:
		n, err := b.Check(book.Owner, change)
		if err != nil {
			return loadCmd{}.refused(err)
		}
		fmt.Fprintf(a.out, "%s would be recorded. Nothing was recorded.\n", entries(n))
		return nil
	}
	r, err := b.Do(a.ctx, book.Owner, change)
	if errors.Is(err, fact.ErrStale) {
		return fmt.Errorf("somebody else changed the record meanwhile, and nothing was recorded; take it in again")
	}
	if err != nil {
		return loadCmd{}.refused(err)
	}
	fmt.Fprintf(a.out, "Recorded %s (%d to %d).\n", entries(r.Entries), r.First, r.Last)
	return nil
}

// readExport reads the record of somebody else, believing none of it.
func readExport(kinds *kind.Set, path string) (*graph.Graph, ledger.Exported, error) {
	f, err := os.Open(path) // #nosec G304 -- a file named on the command line, read with the rights of whoever names it
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ledger.Exported{}, fmt.Errorf("there is no file %s", path)
	}
	if err != nil {
		return nil, ledger.Exported{}, err
	}
	defer f.Close()
	g := graph.New(kinds)
	of, err := ledger.ReadExport(bufio.NewReaderSize(f, 1<<16), func(e fact.Entry) error { return g.Fold(&e) })
	if err != nil {
		return nil, of, fmt.Errorf("%s: %w. It has to be an export as `plumbline export` writes it; nothing was recorded", path, err)
	}
	return g, of, nil
}

// predecessor says whose functions are taken in, and where from.
func (c proposalTakeInCmd) predecessor(theirs *graph.View, of ledger.Exported, kinds *kind.Set) (exchange.Predecessor, error) {
	name := c.From
	if r := theirs.Record(fact.Key{Kind: graph.Council, ID: "council"}); name == "" && r != nil {
		name = r.Title()
	}
	if name == "" {
		return exchange.Predecessor{}, errors.New("what the other body is called is not recorded there on that day; say it with --from")
	}
	id := fact.ID(cmp.Or(c.As, kind.Slug(name)))
	if id == "" {
		return exchange.Predecessor{}, errors.New("no id can be made from that name; give one with --as, as in --as county")
	}
	source := fmt.Sprintf("record of %s, export of %s with the root %.16s…, as it has %s", name, entries(int(of.Size)), of.Root.String(), theirs.On().Words())
	return exchange.Predecessor{ID: id, Name: name, Type: c.Type, Source: source}, nil
}

// takenIn counts what is taken in.
func takenIn(in exchange.TakenIn) string {
	var parts []string
	for _, x := range []struct {
		word exchange.Word
		what string
	}{{exchange.New, "new"}, {exchange.Changed, "changed"}, {exchange.Ended, "ended"}, {exchange.Same, "the same as before"}} {
		if n := in.Count[x.word]; n > 0 {
			parts = append(parts, report.Thousands(n)+" "+x.what)
		}
	}
	if len(in.Kept) > 0 {
		parts = append(parts, report.Thousands(len(in.Kept))+" placed here already")
	}
	if len(parts) == 0 {
		return "no functions on that day"
	}
	return "functions: " + report.And(parts)
}
