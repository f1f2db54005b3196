package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"plumbline/internal/assure"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

type oscalCmd struct {
	Check  oscalCheckCmd  `cmd:"" help:"Find the references of OSCAL files that lead nowhere or to the wrong thing."`
	Export oscalExportCmd `cmd:"" help:"Write a test of assurance as four OSCAL files."`
}

type oscalCheckCmd struct {
	Files  []string `arg:"" name:"file" help:"OSCAL files in JSON, of any model. A reference may lead from one of them into another."`
	Format string   `enum:"text,json" default:"text" help:"How to write it: ${enum}."`
}

func (oscalCheckCmd) Help() string {
	return "Finds what a schema cannot: references by UUID, id or #… that lead nowhere or to something that cannot be meant there, and UUIDs and ids that are given twice. A reference into a file that is imported and was not given is listed apart, and is no fault.\n\nEnds with 0 if there is no fault; 1 if there is one; 2 if a file cannot be read. OSCAL in JSON is read; XML and YAML are not.\n\nExamples:\n  plumbline oscal check plan-of-action.json\n  plumbline oscal check catalog.json plan.json results.json --format json"
}

func (c oscalCheckCmd) Run(a *app) error {
	var files []*exchange.OSCALFile
	var errs []error
	for _, name := range c.Files {
		f, err := readOSCAL(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		files = append(files, f)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	found := exchange.CheckOSCAL(files...)
	if err := (&opened{a: a}).write(c.Format, found.Document(), found); err != nil {
		return err
	}
	if len(found.Faults) > 0 {
		return errAct
	}
	return nil
}

func readOSCAL(name string) (*exchange.OSCALFile, error) {
	f, err := os.Open(name) // #nosec G304 -- whoever runs the program says which file to read
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return exchange.ReadOSCAL(name, f)
}

type oscalExportCmd struct {
	Record string `arg:"" help:"The file that holds the record."`
	Test   string `required:"" placeholder:"ID" help:"The test of assurance."`
	On     string `placeholder:"DAY" help:"The day looked at, as in 2003-10-01. Default: today."`
	Known  string `placeholder:"DAY|POSITION" help:"As the record stood at the end of that day, or at that entry. Default: now."`
	Output string `short:"o" required:"" placeholder:"DIR" help:"The directory to write the files to."`
}

func (oscalExportCmd) Help() string {
	return "Writes the criteria as a catalog, the test as an assessment plan and assessment results, and its conditions and recommendations as a plan of action and milestones. The same days and position give the same bytes. Every reference in them is checked before anything is written.\n\nThe files hold what the record says of the test, also where it is not reported yet or not public. Of people they name the assessor alone.\n\nExample:\n  plumbline oscal export council.db --test people-directorate-2015 -o oscal"
}

func (c oscalExportCmd) Run(a *app) error {
	r := reading{Record: c.Record, On: c.On, Known: c.Known}
	o, err := r.look(a, "")
	if err != nil {
		return err
	}
	defer o.book.Close()
	k := fact.Key{Kind: "test", ID: fact.ID(c.Test)}
	if len(o.view.History(k)) == 0 {
		return o.noSuch(k)
	}
	t := o.view.Record(k)
	if t == nil {
		return fmt.Errorf("the test %s is not on record on %s; `plumbline history` shows on which days it is", c.Test, o.view.On().Words())
	}
	documents, err := exchange.OSCAL(assessedTest(o, t), o.book.Origin())
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Output, 0o700); err != nil {
		return err
	}
	for _, d := range documents {
		name := filepath.Join(c.Output, d.Name)
		err := writeFile(name, func(w io.Writer) error {
			_, err := w.Write(d.Body)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "Wrote %s: %s.\n", name, d.About)
	}
	fmt.Fprintf(a.out, "%s. %s\n", t.Title(), report.DatesOf(o.view))
	return nil
}

// assessedTest lays the judgements of a test beside what the pack shows of what it tested.
func assessedTest(o *opened, test *graph.Record) *assure.Assessment {
	v := assure.Tested(o.view, test)
	return assure.AssessTest(o.pack.Run(v), v, v.Record(test.Key()))
}
