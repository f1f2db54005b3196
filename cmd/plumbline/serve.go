package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/ledger"
	"plumbline/internal/rule"
	"plumbline/internal/store"
	"plumbline/internal/web"
)

type serveCmd struct {
	Record string `arg:"" help:"The file that holds the record."`
	Addr   string `default:"127.0.0.1:8340" placeholder:"HOST:PORT" help:"Where to serve it. Default: ${default}. Port 0 is any that is free."`
}

func (serveCmd) Help() string {
	return "Shows the record in a browser: the structure on a day, who answers in law, the check, every record with its history, and every entry with its proof. With the key of the record beside it, the record can be changed there, too; what is begun and not finished lies in RECORD.desk. What other programs record meanwhile, `plumbline load` for example, appears within a second.\n\nUntil people can sign in, only this computer is served. Ends when it is interrupted (Ctrl-C).\n\nExample:\n  plumbline serve council.db"
}

func (c serveCmd) Run(a *app) error {
	l, err := web.Listen(c.Addr)
	if err != nil {
		return err
	}
	defer l.Close()
	_, err = os.Stat(ledger.KeyPath(c.Record))
	keyed := !errors.Is(err, fs.ErrNotExist)
	b, pack, err := a.open(c.Record, defaultPack, keyed)
	if err != nil {
		return err
	}
	defer b.Close()
	fmt.Fprintf(a.out, "Serving %s at http://%s/ (Ctrl-C ends it)\n", c.Record, l.Addr())
	var d *desk.Desk
	if keyed {
		d, err = a.openDesk(c.Record, b)
	} else {
		err = fmt.Errorf("the key of the record is not there: %s is missing", ledger.KeyPath(c.Record))
	}
	if err != nil { // the record can be looked at all the same
		fmt.Fprintf(a.out, "Nothing can be changed in these pages: %s.\n", plain(err))
		return a.serve(l, b, pack, nil)
	}
	defer d.Close()
	return a.serve(l, b, pack, d)
}

// openDesk opens the desk beside a record that was opened with its keys. It is to be closed before the book.
func (a *app) openDesk(record string, b *book.Book) (*desk.Desk, error) {
	st, err := store.OpenDesk(store.DeskPath(record))
	if err != nil {
		return nil, err
	}
	d, err := desk.Open(a.ctx, st, desk.Config{Now: a.now, Holds: b.Holds, Log: a.log()})
	if err != nil {
		st.Close()
		return nil, err
	}
	return d, nil
}

// log is where a server says what nobody is told on a page.
func (a *app) log() *slog.Logger { return slog.New(slog.NewTextHandler(a.err, nil)) }

// serve shows a record until the program is told to end. Without a desk nothing can be changed.
func (a *app) serve(l net.Listener, b *book.Book, pack *rule.Pack, d *desk.Desk) error {
	log := a.log()
	// Only a server has something to end in order: any other verb may be killed at any moment, and the record is whole.
	ctx, cancel := signal.NotifyContext(a.ctx, os.Interrupt, syscall.SIGTERM)
	var beside sync.WaitGroup
	beside.Go(func() { follow(ctx, b, log) })
	if d != nil {
		beside.Go(func() { sweep(ctx, d, log) })
	}
	defer func() { cancel(); beside.Wait() }() // nobody uses the stores when they are closed
	return web.Serve(ctx, l, web.New(web.Config{Book: b, Pack: pack, Desk: d, Now: a.now, Log: log, Version: version}).Handler(), log)
}

// sweep removes what has expired from the desk, every hour.
func sweep(ctx context.Context, d *desk.Desk, log *slog.Logger) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := d.Sweep(ctx); err != nil && ctx.Err() == nil {
			log.Error("what has expired could not be removed from the desk", "error", err)
		}
	}
}

// follow takes in what other programs append to the record, every second. It complains once of what goes on failing.
func follow(ctx context.Context, b *book.Book, log *slog.Logger) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := b.Follow(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			log.Error("the record cannot be read on; pages show it as it was", "error", err)
		case err == nil && failing:
			log.Info("the record can be read on again")
		}
		failing = err != nil
	}
}
