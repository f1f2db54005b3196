package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"plumbline/internal/book"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/ledger"
	"plumbline/internal/report"
	"plumbline/internal/rule"
	"plumbline/internal/store"
)

// defaultPack is the pack of law where none is named.
const defaultPack = "england"

// reading is what every verb takes that looks at a record.
type reading struct {
	Record string `arg:"" help:"The file that holds the record."`
	On     string `placeholder:"DAY" help:"The day looked at, as in 2003-10-01. Default: today."`
	Known  string `placeholder:"DAY|POSITION" help:"As the record stood at the end of that day, or at that entry. Default: now."`
	Format string `enum:"text,json,markdown" default:"text" help:"How to write it: ${enum}."`
}

// opened is an open record with what is looked at in it.
type opened struct {
	a      *app
	book   *book.Book
	pack   *rule.Pack
	view   *graph.View
	launch fact.Date     // of what a proposal leaves undated, for a forecast
	root   string        // of the tree at the position looked at
	test   *graph.Record // that a report is about
	annex  bool          // it lists behind a letter what the letter rests on
}

// look opens the record for reading.
func (r *reading) look(a *app, pack string) (*opened, error) {
	b, p, err := a.open(r.Record, pack, false)
	if err != nil {
		return nil, err
	}
	o := &opened{a: a, book: b, pack: p}
	if err := o.at(r.On, r.Known); err != nil {
		b.Close()
		return nil, err
	}
	return o, nil
}

// at sets the day and the position looked at.
func (o *opened) at(on, known string) error {
	today := fact.DayIn(o.a.now())
	day := today
	if on != "" {
		var err error
		if day, err = fact.ParseDay(on); err != nil {
			return fmt.Errorf("--on: %w", err)
		}
	}
	position := o.book.Known()
	if known != "" {
		if n, err := strconv.ParseInt(known, 10, 64); err == nil {
			if n < 0 || n > position {
				return fmt.Errorf("--known: there is no entry %d yet; the last one is %d", n, position)
			}
			position = n
		} else {
			d, err := fact.ParseDay(known)
			if err != nil {
				return fmt.Errorf("--known: %q is neither a day (2003-09-17) nor the number of an entry", known)
			}
			if d > today {
				return fmt.Errorf("--known: %s has not come yet, so it is not known what will be recorded by then", d.Words())
			}
			position = o.book.KnownAt(d.End())
		}
	}
	root, err := o.book.RootAt(o.a.ctx, position)
	if err != nil {
		return err
	}
	o.view, o.root = o.book.View(day, position), root
	return nil
}

// with lays a proposal over what is looked at.
func (o *opened) with(proposal string) error {
	if proposal == "" {
		return nil
	}
	id := strings.TrimPrefix(proposal, "proposal/")
	k := fact.Key{Kind: graph.Proposal, ID: fact.ID(id)}
	if len(o.view.History(k)) == 0 {
		return o.noSuch(k)
	}
	o.view = o.view.With(k.ID)
	return nil
}

// noSuch says that a record is not there, and what may have been meant.
func (o *opened) noSuch(k fact.Key) error {
	kinds := o.view.Kinds()
	if kinds.Kind(k.Kind) == nil {
		return fmt.Errorf("%q is no kind of record.%s", k.Kind, didYouMean(string(k.Kind), kinds.Names()))
	}
	var ids []string
	for p := range o.view.Pasts(k.Kind) {
		ids = append(ids, string(p.Record.Key().ID))
	}
	known := ""
	if o.view.Known() < o.book.Known() {
		known = " as the record then stood"
	}
	return fmt.Errorf("there is no %s %q in this record%s.%s", k.Kind, k.ID, known, didYouMean(string(k.ID), ids))
}

func didYouMean(s string, names []string) string {
	if n := kind.Nearest(s, names); n != "" {
		return fmt.Sprintf(" Did you mean %q?", n)
	}
	return ""
}

// find reads kind/id and checks that the record was ever there.
func (o *opened) find(name string) (fact.Key, error) {
	k, err := fact.ParseKey(name)
	if err != nil {
		return k, err
	}
	if o.view.Kinds().Kind(k.Kind) == nil || len(o.view.History(k)) == 0 {
		return k, o.noSuch(k)
	}
	return k, nil
}

// write writes a report in the format asked for. data is what a program reads.
func (o *opened) write(format string, d report.Document, data any) error {
	switch format {
	case "json":
		e := json.NewEncoder(o.a.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(data)
	case "markdown":
		return exchange.Markdown(o.a.out, d)
	}
	return exchange.Text(o.a.out, d, o.a.columns)
}

// open opens a record, for writing only with its key.
func (a *app) open(path, pack string, write bool) (*book.Book, *rule.Pack, error) {
	if pack == "" {
		pack = defaultPack
	}
	kinds, p, err := laws(pack)
	if err != nil {
		return nil, nil, err
	}
	st, err := store.Open(path)
	if err != nil {
		return nil, nil, err
	}
	var keys *ledger.Keys
	if write {
		if keys, err = loadKeys(path); err != nil {
			st.Close()
			return nil, nil, err
		}
	}
	bar := a.bar("Reading the record")
	b, err := book.Open(a.ctx, st, keys, kinds, a.now, bar.show)
	bar.done()
	if err != nil {
		st.Close()
		return nil, nil, explainKeys(path, err)
	}
	return b, p, nil
}

func loadKeys(record string) (*ledger.Keys, error) {
	keys, err := ledger.LoadKeys(ledger.KeyPath(record))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the key of the record is not there: %s is missing. Without it the record can be read, and not written to; put the key file back beside the record", ledger.KeyPath(record))
	}
	return keys, err
}

func explainKeys(record string, err error) error {
	if errors.Is(err, fact.ErrDenied) {
		return fmt.Errorf("%w. Put the key file that belongs to this record at %s", err, ledger.KeyPath(record))
	}
	if errors.Is(err, fact.ErrCorrupt) {
		return fmt.Errorf("%w. Nothing was changed; `plumbline verify %s` says more", err, record)
	}
	return err
}
