package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/reach"
	"plumbline/internal/report"
)

type witnessCmd struct {
	Record string `arg:"" name:"record|address" help:"The file of a record, or the address at which it is served: https://plumbline.example.gov.uk."`
	Kept   string `arg:"" help:"The file in which the newest checkpoint is kept. It is made the first time."`
	Key    string `placeholder:"VERIFIER" help:"The record's verifier key, as you got it from elsewhere. It is kept, too; without it the first answer is taken at its word."`
}

func (witnessCmd) Help() string {
	return "Remembers how a record was last signed, and says whether it only grew since. Nobody on the machine of a record can cut off its end, put back an older copy or write another history without a witness elsewhere noticing, who has kept a checkpoint. Sees nothing of what the record says, and needs no account.\n\nExit code 0: it only grew, and the newest checkpoint is kept. 1: it contradicts what is kept; that stays as it is, and what was answered is written beside it, as evidence. 2: it could not be asked.\n\nExample, once a day:\n  plumbline witness https://plumbline.example.gov.uk exampleshire.witness"
}

// testimony is what a witness keeps.
type testimony struct {
	Format     string `json:"plumbline"` // "witness/1"
	Key        string `json:"key"`       // on which trust stands
	Checkpoint string `json:"checkpoint"`
}

const testimonyFormat = "witness/1"

func (c witnessCmd) Run(a *app) error {
	kept, err := c.read()
	if err != nil {
		return err
	}
	if c.Key == "" {
		c.Key = kept.Key
	} else if kept.Key != "" && c.Key != kept.Key {
		return fmt.Errorf("%s is kept with another key (%s). Give that one, or keep this record in another file: %w", c.Kept, kept.Key, fact.ErrInvalid)
	}
	size := int64(0)
	if kept.Checkpoint != "" {
		if size, err = ledger.SizeOf([]byte(kept.Checkpoint)); err != nil {
			return fmt.Errorf("%s holds no checkpoint: %w", c.Kept, err)
		}
	}
	g, err := c.ask(a, size)
	if errors.Is(err, fact.ErrCorrupt) && kept.Checkpoint != "" { // the file itself is not as it was signed
		return c.contradicted(a, err, nil)
	}
	if err != nil {
		return err
	}
	r, err := g.Check([]byte(kept.Checkpoint), c.Key)
	if errors.Is(err, fact.ErrCorrupt) && kept.Checkpoint != "" {
		return c.contradicted(a, err, g)
	}
	if err != nil {
		return err
	}
	if err := c.write(testimony{testimonyFormat, r.Key, g.Checkpoint}); err != nil {
		return err
	}
	what := fmt.Sprintf("The record only grew: from %s to %s", entries(int(size)), entries(int(r.Size)))
	if kept.Checkpoint == "" {
		what = fmt.Sprintf("The record has %s. From now on this is kept", entries(int(r.Size)))
		if r.OwnWord {
			what += "; its key was taken from itself, so compare it with the one that the council publishes"
		}
	}
	fmt.Fprintf(a.out, "%s.\n  record  %s\n  root    %s\n  signed  %s\n  key     %s\n", what, r.Origin, r.Root, report.Clock(r.Signed), r.Key)
	return nil
}

// contradicted says loudly what is wrong, and keeps the answer that proves it.
func (c witnessCmd) contradicted(a *app, why error, g *ledger.Growth) error {
	fmt.Fprintf(a.err, "plumbline: THE RECORD IS NOT WHAT IT WAS. It was rolled back, forked or rewritten since it was witnessed, or it is not the record that it was.\nplumbline: %s.\nplumbline: What is kept in %s stays as it is. Keep it, tell the council's monitoring officer, and see “When verify fails” in docs/operate.md.\n", strings.TrimPrefix(plain(why), "check growth: "), c.Kept)
	if g == nil {
		return errAct
	}
	b, err := g.JSON()
	evidence := c.Kept + ".contradiction"
	if err == nil {
		err = os.WriteFile(evidence, b, 0o600)
	}
	if err != nil {
		return errors.Join(errAct, fmt.Errorf("the answer that contradicts it could not be kept: %w", err))
	}
	fmt.Fprintf(a.err, "plumbline: The answer that contradicts it is kept in %s. Together they show it to anybody.\n", evidence)
	return errAct
}

// read gives what is kept, or nothing where nothing is yet.
func (c witnessCmd) read() (t testimony, err error) {
	b, err := os.ReadFile(c.Kept)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err == nil && (t.Format != testimonyFormat || t.Checkpoint == "") {
		err = errors.New("it is not one")
	}
	if err != nil {
		return t, fmt.Errorf("%s is not a file that a witness keeps (%v). Name another one to begin anew: %w", c.Kept, err, fact.ErrInvalid)
	}
	return t, nil
}

// write keeps what was witnessed in place of what was, at once or not at all.
func (c witnessCmd) write(t testimony) error {
	b, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return fmt.Errorf("keep checkpoint: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(c.Kept), filepath.Base(c.Kept)+".*")
	if err != nil {
		return fmt.Errorf("keep checkpoint: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), c.Kept)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep checkpoint: %w", err), os.Remove(f.Name()))
	}
	return nil
}

// ask gives how the record grew since it was of a size, as it says itself.
func (c witnessCmd) ask(a *app, since int64) (*ledger.Growth, error) {
	if !strings.Contains(c.Record, "://") {
		b, _, err := a.open(c.Record, "", false)
		if err != nil {
			return nil, err
		}
		defer b.Close()
		return b.Growth(a.ctx, since)
	}
	ctx, cancel := context.WithCancel(a.ctx)
	defer cancel()
	b, err := reach.Fetch(ctx, fmt.Sprintf("%s/checkpoint/%d", strings.TrimSuffix(c.Record, "/"), since), http.ProxyFromEnvironment)
	if err != nil {
		return nil, err
	}
	g, err := ledger.ReadGrowth(b)
	if err != nil {
		return nil, fmt.Errorf("what is at %s is no record of Plumbline, or of another version: %w", c.Record, err)
	}
	return g, nil
}
