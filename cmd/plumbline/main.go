// Command plumbline keeps a council's record of how its people services are organised, answers who is responsible for what on
// any day, and tests that arrangement against the law of that day.
//
// This package owns what the rooms are handed: flags, files, the clock, signals and the wiring. One file holds one verb.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Exit codes.
const (
	exitOK    = 0
	exitAct   = 1 // something to act on
	exitUsage = 2 // bad usage or bad data
)

// app is what a verb is handed.
type app struct {
	ctx      context.Context
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	columns  int  // of the output
	watched  bool // somebody is looking at err
}

// errAct ends a verb with exit code 1: it did what it was asked, and what it found is something to act on.
var errAct = errors.New("something to act on")

// cli is the command line. The order is the one in which a newcomer needs the verbs.
type cli struct {
	Demo        demoCmd        `cmd:"" help:"Show Plumbline with the Harrow record, on this computer only."`
	Init        initCmd        `cmd:"" help:"Begin a new, empty record."`
	Load        loadCmd        `cmd:"" help:"Record what files say."`
	Import      importCmd      `cmd:"" help:"Record what the rows of a spreadsheet or CSV file say."`
	Template    templateCmd    `cmd:"" help:"Write a spreadsheet to fill in, with what the record holds already."`
	Open        openCmd        `cmd:"" help:"End the reconstruction of the past: from now on the clock dates every entry."`
	Show        showCmd        `cmd:"" help:"Show one record on a day."`
	History     historyCmd     `cmd:"" help:"Show every entry about one record, on both clocks."`
	Who         whoCmd         `cmd:"" help:"Say who answers in law for a function, or who fills a statutory role."`
	Check       checkCmd       `cmd:"" help:"Test the structure of a day against the law of that day."`
	Contingency contingencyCmd `cmd:"" help:"Say what would break if somebody or something were gone."`
	Timeline    timelineCmd    `cmd:"" help:"Say how each criterion and rule stands from one day to another, and when it next lapses."`
	Repair      repairCmd      `cmd:"" help:"Say which acts would put right what fails."`
	Diff        diffCmd        `cmd:"" help:"List what differs between two days, or what a proposal would change."`
	Proposal    proposalCmd    `cmd:"" help:"List proposals, number them, bring them up to date, adopt, reject or withdraw them."`
	Report      reportCmd      `cmd:"" help:"Write a report: for Word, as text or for a program."`
	OSCAL       oscalCmd       `cmd:"" name:"oscal" help:"Check OSCAL files, or write a test of assurance as such."`
	Verify      verifyCmd      `cmd:"" help:"Verify a whole record, or one proof."`
	Witness     witnessCmd     `cmd:"" help:"Keep how a record was last signed, and say whether it only grew since."`
	Prove       proveCmd       `cmd:"" help:"Prove that an entry is in the record."`
	Export      exportCmd      `cmd:"" help:"Write the whole record in a form that loads again."`
	Backup      backupCmd      `cmd:"" help:"Copy a record that is in use to a new file, and verify the copy."`
	Erase       eraseCmd       `cmd:"" help:"Remove the content of an entry, lawfully and provably."`
	Erasures    erasuresCmd    `cmd:"" help:"List what was ever erased, when and on which ground."`
	Retention   retentionCmd   `cmd:"" help:"List what is past the time for which it is kept, and what soon will be."`
	Rotate      rotateCmd      `cmd:"" help:"Change the key with which the record is signed."`
	Pack        packCmd        `cmd:"" help:"Work with packs of law."`
	Kinds       kindsCmd       `cmd:"" help:"List the kinds of record, or the fields of one."`
	Serve       serveCmd       `cmd:"" help:"Serve the record to a browser on this computer."`
	Version     versionCmd     `cmd:"" help:"Say which version this is."`
}

func main() {
	os.Exit(newApp(context.Background()).run(os.Args[1:]))
}

// newApp is the app of a process: its files, its clock, its terminal.
func newApp(ctx context.Context) *app {
	a := &app{ctx: ctx, in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now, columns: 100, watched: term.IsTerminal(int(os.Stderr.Fd()))}
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		a.columns = w
	}
	return a
}

// run runs one command line and gives the exit code.
func (a *app) run(args []string) (code int) {
	var c cli
	exited := false
	p, err := kong.New(&c, kong.Name("plumbline"),
		kong.Description("A council's record of how its people services are organised, who answers in law for each of them, and whether that arrangement is safe.\n\nRECORD is the file that holds the record. Most verbs take --on, the day in the council's world, and --known, as the record stood then: together they give the same answer for ever."),
		kong.Writers(a.out, a.err), kong.Exit(func(n int) { exited, code = true, n; panic(stopped{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Summary: true, WrapUpperBound: max(60, min(a.columns, 110))}),
		kong.Bind(a))
	if err != nil {
		fmt.Fprintln(a.err, "plumbline:", err)
		return exitUsage
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(stopped); !ok || !exited {
				panic(r)
			}
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := p.Parse(args)
	if err != nil {
		a.complain(fmt.Errorf("%w\nTry `plumbline %s--help`.", err, verb(p, args)))
		return exitUsage
	}
	err = k.Run(a)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errAct):
		return exitAct
	}
	a.complain(err)
	return exitUsage
}

// stopped unwinds to run where the command line library wants to leave the program.
type stopped struct{}

// verb gives the verb that was meant, if there is one of that name.
func verb(p *kong.Kong, args []string) string {
	for _, n := range p.Model.Children {
		if len(args) > 0 && n.Name == args[0] {
			return n.Name + " "
		}
	}
	return ""
}

// complain says what is wrong, one line a problem, without the sentinels that only programs need.
func (a *app) complain(err error) {
	for _, line := range strings.Split(plain(err), "\n") {
		fmt.Fprintln(a.err, "plumbline:", line)
	}
}

// plain is what an error says, without the sentinels.
func plain(err error) string {
	s := err.Error()
	for _, e := range []error{fact.ErrInvalid, fact.ErrDenied, fact.ErrNotFound, fact.ErrCorrupt, fact.ErrMoved} {
		s = strings.ReplaceAll(s, ": "+e.Error(), "")
	}
	return strings.TrimSpace(s)
}

// laws gives the kinds and a pack, wired together: the codes of the pack are those that records may use, and conditions are
// read as its expressions.
func laws(id string) (*kind.Set, *rule.Pack, error) {
	kinds := kind.Standard()
	pack, err := rule.Standard(id, kinds)
	if err != nil {
		return nil, nil, err
	}
	kinds.SetCodes("role", pack.RoleCodes())
	kinds.SetCodes("domain", pack.DomainCodes())
	for family, codes := range pack.Offered() {
		kinds.OfferCodes(family, codes)
	}
	kinds.SetCheck("expression", pack.CheckExpression)
	return kinds, pack, nil
}
