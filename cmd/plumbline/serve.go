package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/rule"
	"plumbline/internal/store"
	"plumbline/internal/web"
)

type serveCmd struct {
	Record  string `arg:"" help:"The file that holds the record."`
	URL     string `name:"url" placeholder:"ADDRESS" help:"The address under which people reach it, where that is not this computer alone: https://plumbline.example.gov.uk. Put a server before it that speaks TLS."`
	Read    bool   `help:"Only look at the record, on this computer, without signing in."`
	Invite  string `placeholder:"EMAIL" help:"Print a new invitation for the account with this email address. For an adviser who has forgotten the password nobody else can make one."`
	Proxy   string `name:"proxy-header" placeholder:"NAME" help:"The header in which the server before it, on this computer, says from which address a request came: X-Forwarded-For or X-Real-IP. Only if that server writes it itself: wrong passwords are then counted by that address, too."`
	FilesMB int64  `name:"files" placeholder:"MB" help:"How large the files of evidence and letters may be together, in megabytes. Default: 4096."`
	Addr    string `default:"127.0.0.1:8340" placeholder:"HOST:PORT" help:"Where to serve it. Default: ${default}. Port 0 is any that is free."`

	Provider providerFlags `embed:"" prefix:"oidc-" group:"Sign-in with an account elsewhere"`
}

func (serveCmd) Help() string {
	return "Shows the record in a browser: the structure on a day, who answers in law, the check, every record with its history, and every entry with its proof. With the key of the record beside it, the record can be changed there, too; what is begun and not finished lies in RECORD.desk, and the files of evidence and letters in RECORD.files. What other programs record meanwhile, `plumbline load` for example, appears within a second.\n\nPeople sign in; the first account is made at an address that is printed as long as there is none. With --oidc-issuer, --oidc-client, --oidc-secret-file and --oidc-name they can do so with an account that they have already, at Microsoft or Google for example. An account here they need all the same, under the email address that they have there. Ends when it is interrupted (Ctrl-C).\n\nExample:\n  plumbline serve council.db"
}

func (c serveCmd) Run(a *app) error {
	config := web.Config{}
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || u.Host == "" || u.Path != "" && u.Path != "/" || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Errorf("--url %q is not an address of the form https://plumbline.example.gov.uk: %w", c.URL, fact.ErrInvalid)
		}
		config.URL = u
	}
	switch {
	case c.Proxy != "" && config.URL == nil:
		return fmt.Errorf("--proxy-header is for a server before Plumbline: say also --url: %w", fact.ErrInvalid)
	case strings.EqualFold(c.Proxy, "Forwarded"):
		return fmt.Errorf("--proxy-header Forwarded is not understood: let the server before Plumbline write X-Forwarded-For or X-Real-IP: %w", fact.ErrInvalid)
	}
	config.ProxyHeader = c.Proxy
	provider, err := c.Provider.provider(a, config.URL)
	if err != nil {
		return err
	}
	if provider != nil { // an interface that holds no provider would not be nil
		config.Provider = provider
	}
	l, err := web.Listen(c.Addr, config.URL != nil)
	if err != nil {
		return err
	}
	defer l.Close()
	if c.Read {
		if config.URL != nil || provider != nil || c.Invite != "" {
			return fmt.Errorf("nobody signs in where a record is only looked at, so it is served to this computer only: leave out --url and whatever begins --oidc, and --invite: %w", fact.ErrInvalid)
		}
		b, pack, err := a.open(c.Record, defaultPack, false)
		if err != nil {
			return err
		}
		defer b.Close()
		fmt.Fprintf(a.out, "Serving %s at http://%s/, to look at and on this computer only (Ctrl-C ends it)\n", c.Record, l.Addr())
		config.Alone = true
		return a.serve(l, b, pack, nil, config)
	}
	if _, err := os.Stat(ledger.KeyPath(c.Record)); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(c.Record); err == nil {
			return fmt.Errorf("the key of the record is not there: %s is missing. To look at the record only, on this computer and without signing in, add --read: %w", ledger.KeyPath(c.Record), fact.ErrInvalid)
		}
	}
	b, pack, err := a.open(c.Record, defaultPack, true)
	if err != nil {
		return err
	}
	defer b.Close()
	d, err := a.openDesk(c.Record, b, c.FilesMB<<20)
	if err != nil {
		return fmt.Errorf("%w. To look at the record only, on this computer and without signing in, add --read", err)
	}
	defer d.Close()
	all, err := d.Accounts(a.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Serving %s at http://%s/ (Ctrl-C ends it)\n", c.Record, l.Addr())
	site := "http://" + l.Addr().String()
	if config.URL != nil {
		site = strings.TrimSuffix(config.URL.String(), "/")
	}
	if len(all) == 0 {
		config.Welcome = rand.Text()
		fmt.Fprintf(a.out, "Nobody has an account yet. Make the first one at this address, which can be used once:\n  %s/welcome/%s\n", site, config.Welcome)
	}
	if c.Invite != "" {
		i := slices.IndexFunc(all, func(x *desk.Account) bool { return strings.EqualFold(x.Email, c.Invite) && x.Open(fact.DayIn(a.now())) })
		if i < 0 {
			return fmt.Errorf("--invite: there is no open account with the email address %q: %w", c.Invite, fact.ErrNotFound)
		}
		secret, err := d.Invite(a.ctx, all[i].ID, book.Owner, desk.InvitationLasts)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "This address is for %s alone. With it they choose a new password, once, within a week:\n  %s/invitation/%s\n", all[i].Name, site, secret)
	}
	if provider != nil {
		fmt.Fprintf(a.out, "People can sign in with %s as well. This is the address to which it is to send them back:\n  %s/sign-in/back\n", provider.Name(), site)
		go checkProvider(a.ctx, provider, a.log())
	}
	return a.serve(l, b, pack, d, config)
}

// openDesk opens the desk beside a record that was opened with its keys. It is to be closed before the book. most is how large all files of evidence may be together, in bytes; 0 is desk.MaxKeptInAll.
func (a *app) openDesk(record string, b *book.Book, most int64) (*desk.Desk, error) {
	st, err := store.OpenDesk(store.DeskPath(record))
	if err != nil {
		return nil, err
	}
	files, err := store.OpenDesk(store.FilesPath(record))
	if err != nil {
		st.Close()
		return nil, err
	}
	d, err := desk.Open(a.ctx, st, desk.Config{Now: a.now, Holds: b.Holds, Names: b.Files, Files: files, MaxFiles: most, Log: a.log()})
	if err != nil {
		st.Close()
		files.Close()
		return nil, err
	}
	return d, nil
}

// log is where a server says what nobody is told on a page: a line of JSON for each event, or, where somebody is watching, one that is easier to read.
func (a *app) log() *slog.Logger {
	if a.watched {
		return slog.New(slog.NewTextHandler(a.err, nil))
	}
	return slog.New(slog.NewJSONHandler(a.err, nil))
}

// serve shows a record until the program is told to end. Without a desk nothing can be changed.
func (a *app) serve(l net.Listener, b *book.Book, pack *rule.Pack, d *desk.Desk, c web.Config) error {
	log := a.log()
	c.Book, c.Pack, c.Desk, c.Now, c.Log, c.Version = b, pack, d, a.now, log, version
	// Only a server has something to end in order: any other verb may be killed at any moment, and the record is whole.
	ctx, cancel := signal.NotifyContext(a.ctx, os.Interrupt, syscall.SIGTERM)
	var beside sync.WaitGroup
	beside.Go(func() { follow(ctx, b, log) })
	if d != nil {
		beside.Go(func() { sweep(ctx, d, log) })
	}
	defer func() { cancel(); beside.Wait() }() // nobody uses the stores when they are closed
	return web.Serve(ctx, l, web.New(c).Handler(), log)
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
