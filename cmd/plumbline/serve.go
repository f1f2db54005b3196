package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/rule"
	"plumbline/internal/web"
)

type serveCmd struct {
	Record string `arg:"" help:"The file that holds the record."`
	Addr   string `default:"127.0.0.1:8340" placeholder:"HOST:PORT" help:"Where to serve it. Default: ${default}. Port 0 is any that is free."`
}

func (serveCmd) Help() string {
	return "Shows the record in a browser: the structure on a day, who answers in law, the check, every record with its history, and every entry with its proof. Nothing can be changed there. What other programs record meanwhile, `plumbline load` for example, appears within a second.\n\nUntil people can sign in, only this computer is served. Ends when it is interrupted (Ctrl-C).\n\nExample:\n  plumbline serve council.db"
}

func (c serveCmd) Run(a *app) error {
	l, err := web.Listen(c.Addr)
	if err != nil {
		return err
	}
	defer l.Close()
	b, pack, err := a.open(c.Record, defaultPack, false)
	if err != nil {
		return err
	}
	defer b.Close()
	fmt.Fprintf(a.out, "Serving %s at http://%s/ (Ctrl-C ends it)\n", c.Record, l.Addr())
	return a.serve(l, b, pack)
}

// serve shows a record until the program is told to end.
func (a *app) serve(l net.Listener, b *book.Book, pack *rule.Pack) error {
	log := slog.New(slog.NewTextHandler(a.err, nil))
	// Only a server has something to end in order: any other verb may be killed at any moment, and the record is whole.
	ctx, cancel := signal.NotifyContext(a.ctx, os.Interrupt, syscall.SIGTERM)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		follow(ctx, b, log)
	}()
	defer func() { cancel(); <-followed }() // nobody reads the store when it is closed
	return web.Serve(ctx, l, web.New(web.Config{Book: b, Pack: pack, Now: a.now, Log: log, Version: version}).Handler(), log)
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
