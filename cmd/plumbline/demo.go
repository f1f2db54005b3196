package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"plumbline/examples"
	"plumbline/internal/access"
	"plumbline/internal/assure"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/ledger"
	"plumbline/internal/report"
	"plumbline/internal/store"
	"plumbline/internal/web"
)

type demoCmd struct {
	Addr    string `default:"127.0.0.1:8340" placeholder:"HOST:PORT" help:"Where to serve it. Default: ${default}. Port 0 is any that is free."`
	NoServe bool   `help:"End when the summary is printed."`
}

func (demoCmd) Help() string {
	return "Makes a record in a temporary folder from two documents of the London Borough of Harrow, a report of 17 September 2003 and an assurance letter of 5 June 2015, prints the summary table of the 2015 test, and shows the record in a browser. The folder is removed when the demonstration ends (Ctrl-C)."
}

// The day and the proposal that the 2015 letter tested.
var demoDay = fact.DayOf(2015, 6, 5)

const demoProposal fact.ID = "people-directorate"

func (c demoCmd) Run(a *app) (err error) {
	var l net.Listener
	if !c.NoServe { // before anything is made, so that a port in use is said at once
		if l, err = web.Listen(c.Addr, false); err != nil {
			return err
		}
		defer l.Close()
	}
	dir, err := os.MkdirTemp("", "plumbline-demo-")
	if err != nil {
		return fmt.Errorf("make demonstration: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	kinds, pack, err := laws(defaultPack)
	if err != nil {
		return err
	}
	record := filepath.Join(dir, "harrow.db")
	b, err := a.harrow(record, kinds)
	if err != nil {
		return fmt.Errorf("make demonstration: %w", err)
	}
	defer b.Close()
	v := b.View(demoDay, -1).With(demoProposal)
	d := report.Document{Title: councilName(v), Dates: report.DatesOf(v), Sections: []report.Section{{Blocks: []report.Block{report.Summary(assure.Assess(pack, v))}}}}
	if err := exchange.Text(a.out, d, a.columns); err != nil {
		return err
	}
	if c.NoServe {
		return nil
	}
	drawers, err := a.openDesk(record, b, 0)
	if err != nil {
		return fmt.Errorf("make demonstration: %w", err)
	}
	defer drawers.Close()
	site := "http://" + l.Addr().String()
	fmt.Fprintf(a.out, "\nThe record is at %s/ (Ctrl-C ends the demonstration). Days worth a look:\n", site)
	for _, x := range []struct{ what, path string }{
		{"The structure of 1 October 2003, as it was known on 17 September 2003", "/structure?on=2003-10-01&known=2003-09-17"},
		{"Who answered in law for what on that day", "/structure/who-answers?on=2003-10-01&known=2003-09-17"},
		{"The proposal of 2015, checked against the law of 5 June 2015", "/assurance/check?on=2015-06-05&proposal=people-directorate"},
	} {
		fmt.Fprintf(a.out, "  %s\n    %s%s\n", x.what, site, x.path)
	}
	if err := a.cast(b, drawers); err != nil {
		return fmt.Errorf("make demonstration: %w", err)
	}
	return a.serve(l, b, pack, drawers, web.Config{Demo: true})
}

// cast makes an account for each role, so that the demonstration can be looked at as somebody who has it.
func (a *app) cast(b *book.Book, d *desk.Desk) error {
	var docs []kind.Doc
	for _, m := range access.Roles {
		x, err := d.NewAccount(a.ctx, desk.Account{ID: web.DemoAccount(m.Role), Name: m.Label, Email: string(m.Role) + "@demonstration.invalid"})
		if err != nil {
			return err
		}
		docs = append(docs, access.Give(b.Kinds(), x.ID, m.Role, fact.Key{}, fact.DayIn(a.now())))
	}
	_, err := b.Do(a.ctx, book.Owner, book.Change{Docs: docs})
	return err
}

// harrow makes the record of the two source documents in a new file.
func (a *app) harrow(path string, kinds *kind.Set) (*book.Book, error) {
	keys, err := ledger.NewKeys()
	if err != nil {
		return nil, err
	}
	if err := begin(a, path, keys); err != nil {
		return nil, err
	}
	st, err := store.Open(path)
	if err != nil {
		return nil, err
	}
	b, err := book.Open(a.ctx, st, keys, kinds, a.now, nil)
	if err != nil {
		st.Close()
		return nil, err
	}
	for _, load := range examples.Harrow {
		if err := a.load(b, load); err != nil {
			b.Close()
			return nil, err
		}
	}
	return b, nil
}

// load records what the files of one load say, with the date on which the council learned it.
func (a *app) load(b *book.Book, load examples.Load) error {
	change := book.Change{Recorded: &load.Recorded}
	var problems kind.Problems
	for _, name := range load.Files {
		f, err := examples.Files.Open(name)
		if err != nil {
			return err
		}
		docs, p := b.Kinds().Read(name, f)
		f.Close()
		change.Docs, problems = append(change.Docs, docs...), append(problems, p...)
	}
	if len(problems) > 0 {
		return problems
	}
	_, err := b.Do(a.ctx, book.Owner, change)
	return err
}
