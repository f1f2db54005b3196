package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/ledger"
	"plumbline/internal/report"
	"plumbline/internal/store"
	"plumbline/internal/web"
)

type openCmd struct {
	Record string `arg:"" help:"The file that holds the record."`
}

func (openCmd) Help() string {
	return "Until a record is opened, papers can be loaded with the dates on which the council learned what they say (load --recorded). Opening ends that for good, and is itself an entry."
}

func (c openCmd) Run(a *app) error {
	b, _, err := a.open(c.Record, "", true)
	if err != nil {
		return err
	}
	defer b.Close()
	r, err := b.Do(a.ctx, book.Owner, book.Change{Open: true})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "The record is open (entry %d). From now on every entry is dated by the clock.\n", r.First)
	return nil
}

type verifyCmd struct {
	Target string `arg:"" name:"record|bundle" help:"A record, or a proof that \"plumbline prove\" wrote."`
	Key    string `placeholder:"VERIFIER" help:"The record's verifier key, as you got it from elsewhere. Without it the record is taken at its own word about its key."`
	Format string `enum:"text,json" default:"text" help:"How to write it: ${enum}."`
}

func (verifyCmd) Help() string {
	return "Reads the whole record and checks everything: each entry against its hashes, the tree, every signed checkpoint. Names the first entry that is not as it was signed. A proof is checked by itself, without the record."
}

func (c verifyCmd) Run(a *app) error {
	f, err := os.Open(c.Target)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	defer f.Close()
	head := make([]byte, 16)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return fmt.Errorf("verify: %w", err)
	}
	if t := bytes.TrimLeft(head[:n], " \t\r\n"); len(t) > 0 && t[0] == '{' {
		const most = 64 << 20
		rest, err := io.ReadAll(io.LimitReader(f, most))
		if err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		data := append(head[:n], rest...)
		r, err := ledger.VerifyBundle(data, c.Key)
		if err != nil {
			return err
		}
		b, err := ledger.ReadBundle(data)
		if err != nil {
			return err
		}
		return c.say(a, r, "The proof holds: the entry is in the record", b.Withheld()...)
	}
	st, err := store.Open(c.Target)
	if err != nil {
		return err
	}
	defer st.Close()
	bar := a.bar("Verifying")
	r, err := ledger.Verify(a.ctx, st, c.Key, bar.show)
	bar.done()
	if err != nil {
		return err
	}
	return c.say(a, r, "The record is as it was signed")
}

func (c verifyCmd) say(a *app, r ledger.Report, what string, withheld ...ledger.Withheld) error {
	if c.Format == "json" {
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		says := map[string]any{"origin": r.Origin, "size": r.Size, "root": r.Root, "checkpoints": r.Checkpoints, "erased": r.Erased, "key": r.Key, "own_word": r.OwnWord, "signed": r.Signed}
		if len(withheld) > 0 {
			says["withheld"] = withheld
		}
		return e.Encode(says)
	}
	word := ""
	if r.OwnWord {
		word = "\nThe key was taken from what was verified itself. Give --key with the key you got from the council to rule out that all of it was made anew."
	}
	fmt.Fprintf(a.out, "%s.\n  record       %s\n  entries      %d\n  root         %s\n  checkpoints  %d, the newest signed %s\n  erased       %d\n  key          %s%s\n", what, r.Origin, r.Size, r.Root, r.Checkpoints, report.Clock(r.Signed), r.Erased, r.Key, word)
	for i, w := range withheld {
		if i == 0 {
			fmt.Fprintln(a.out, "Whoever gave you this left out of it, and the rest is proved:")
		}
		ground := w.Ground
		if g, ok := kind.GroundOf(kind.Withholding, w.Ground); ok {
			ground = g.Citation + " (" + kind.Lower(g.Label) + ")"
		}
		fmt.Fprintf(a.out, "  %s: withheld, %s\n", w.Field, ground)
	}
	return nil
}

type proveCmd struct {
	Record string `arg:"" help:"The file that holds the record."`
	Entry  int64  `arg:"" help:"The number of the entry."`
	Format string `enum:"json,text" default:"json" help:"json is a file that \"plumbline verify\" reads; text says what it holds."`

	Withhold map[string]string `placeholder:"FIELD=GROUND" help:"Leave the value of a field out, on a ground: one of those above. The rest is proved all the same. For several fields give it several times."`
}

func (proveCmd) Help() string {
	s := "Writes one entry with the proof that it is in the record as last signed. The file can be verified anywhere, without the record. For a request for information, and for the papers of a meeting, fields can be withheld on these grounds:"
	for _, g := range kind.Withholding {
		s += "\n  " + g.Code + ": " + g.Label + " (" + g.Citation + ")"
	}
	return s + "\n\nExample:\n  plumbline prove council.db 57 > entry-57.json\n  plumbline prove council.db 57 --withhold name=foi-40-2 > entry-57.json\n  plumbline verify entry-57.json"
}

func (c proveCmd) Run(a *app) error {
	b, _, err := a.open(c.Record, "", false)
	if err != nil {
		return err
	}
	defer b.Close()
	if c.Entry < 1 || c.Entry > b.Known() {
		return fmt.Errorf("there is no entry %d; entries are numbered from 1 to %d", c.Entry, b.Known())
	}
	p, err := b.Prove(a.ctx, c.Entry)
	if err != nil {
		return err
	}
	var left []ledger.Withheld
	for _, field := range slices.Sorted(maps.Keys(c.Withhold)) {
		code := c.Withhold[field]
		if _, ok := kind.GroundOf(kind.Withholding, code); !ok {
			return fmt.Errorf("%q is no ground on which something is withheld; `plumbline prove --help` lists them: %w", code, fact.ErrInvalid)
		}
		left = append(left, ledger.Withheld{Field: field, Ground: code})
	}
	if p, err = p.Withhold(left); err != nil {
		return err
	}
	if c.Format == "json" {
		j, err := p.JSON()
		if err != nil {
			return err
		}
		_, err = a.out.Write(append(bytes.TrimRight(j, "\n"), '\n'))
		return err
	}
	fmt.Fprintf(a.out, "Entry %d\n\n%s\nBelow this checkpoint, by a path of %d hashes:\n\n%s", p.Position, p.Envelope, len(p.Proof), p.Checkpoint)
	return nil
}

type exportCmd struct {
	Record string `arg:"" help:"The file that holds the record."`
	Format string `arg:"" enum:"jsonl" help:"The form: ${enum}."`
}

func (exportCmd) Help() string {
	return "Writes every entry and every signed checkpoint as lines of JSON. It loads again, into an empty record, to the very same root.\n\nExample:\n  plumbline export council.db jsonl > council.jsonl\n  plumbline init copy.db && plumbline load copy.db council.jsonl"
}

func (c exportCmd) Run(a *app) error {
	st, err := store.Open(c.Record)
	if err != nil {
		return err
	}
	defer st.Close()
	return ledger.Export(a.ctx, st, a.out)
}

type eraseCmd struct {
	Record  string   `arg:"" help:"The file that holds the record."`
	Entry   int64    `arg:"" optional:"" help:"The number of the entry whose content is to be removed."`
	Ground  string   `placeholder:"GROUND" help:"The ground in law, one of those above."`
	Why     string   `placeholder:"REASON" help:"The reason, in words. It stays in the record, so it must not repeat what is removed."`
	Field   []string `placeholder:"NAME" help:"Remove these fields only. Default: all of them."`
	Asked   string   `placeholder:"WHO" help:"Who asked for it: person, representative, council, court or regulator."`
	AskedOn string   `placeholder:"DATE" help:"When it was asked for."`
	Again   string   `placeholder:"FILE" help:"Instead of an entry: remove from an older copy that was put back what the list in this file says was removed from the newer one. \"plumbline erasures --format json\" writes the list. The grounds and reasons are those of the list; --ground is for what has none, --why instead of its reasons."`
}

func (eraseCmd) Help() string {
	s := "Removes what an entry says, and keeps the proof that there was an entry. The removed bytes are gone from the file, and what people have begun in the pages of \"plumbline serve\" and not recorded goes with them where it holds the same words. That something was removed, when, on which ground and why, is recorded and shown. It cannot be undone, and does not reach backups made earlier: see \"plumbline erasures --help\".\n\nThe grounds:"
	for _, g := range kind.Erasing {
		s += "\n  " + g.Code + ": " + g.Label + " (" + g.Citation + ")"
	}
	return s + "\n\nExample:\n  plumbline erase council.db 57 --ground consent-withdrawn --asked person --why \"request 123\""
}

func (c eraseCmd) Run(a *app) error {
	switch {
	case c.Again != "" && (c.Entry != 0 || len(c.Field) > 0 || c.Asked != "" || c.AskedOn != ""):
		return fmt.Errorf("--again takes entries, fields and who asked from its list: leave them out: %w", fact.ErrInvalid)
	case c.Again == "" && c.Entry == 0:
		return fmt.Errorf("say which entry: its number, as `plumbline history` shows it: %w", fact.ErrInvalid)
	}
	asked, err := fact.ParseDate(c.AskedOn)
	if err != nil {
		return fmt.Errorf("--asked-on: %w", err)
	}
	b, _, err := a.open(c.Record, "", true)
	if err != nil {
		return err
	}
	defer b.Close()
	if c.Again != "" {
		return c.again(a, b)
	}
	if err := c.known(b); err != nil {
		return err
	}
	r, err := a.erase(c.Record, b, &book.Erasure{Of: []book.Part{{Position: c.Entry, Fields: c.Field}}, Ground: c.Ground, Reason: c.Why, Asked: c.Asked, AskedOn: asked})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "The content of entry %d is erased (entry %d says so).\n", c.Entry, r.First)
	if r.Scrub != nil {
		return fmt.Errorf("the erasure is recorded, and traces of the bytes are still in the file because another program is reading it: close it and run `plumbline verify %s`: %w", c.Record, r.Scrub)
	}
	return nil
}

// erase takes content out of the record and out of the desk beside it, if there is one. A desk that another program has open is that program's to clear.
func (a *app) erase(record string, b *book.Book, x *book.Erasure) (r book.Receipt, err error) {
	_, none := os.Stat(store.DeskPath(record))
	_, nofiles := os.Stat(store.FilesPath(record))
	if errors.Is(none, fs.ErrNotExist) && errors.Is(nofiles, fs.ErrNotExist) {
		return b.Do(a.ctx, book.Owner, book.Change{Erase: x})
	}
	d, err := a.openDesk(record, b, 0)
	if errors.Is(err, fact.ErrDenied) {
		return r, fmt.Errorf("`plumbline serve` has the record open, and what people have begun there may hold the same words: remove it in its pages (on the page of the record, \"Remove personal data\"), or end it first: %w", err)
	}
	if err != nil {
		return r, err
	}
	defer d.Close()
	_, err = d.Erase(a.ctx, desk.Forget{Words: b.Words(x), Choices: web.ChoiceInputs}, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
		r, err = b.Do(ctx, book.Owner, book.Change{Erase: x, Claim: claim})
		return desk.Receipt{First: r.First, Last: r.Last}, err
	})
	return r, err
}

// known refuses fields that the entry does not have, before anything irreversible.
func (c eraseCmd) known(b *book.Book) error {
	key, v, ok := b.Entry(c.Entry)
	if !ok {
		return nil // Do says so
	}
	for _, f := range c.Field {
		if f == "source" || f == "note" || f == "id" {
			continue
		}
		if v.Record.Kind().Field(f) == nil {
			return fmt.Errorf("%s has no field %q; `plumbline kinds %s` lists them", key, f, key.Kind)
		}
	}
	return nil
}

type rotateCmd struct {
	Record string `arg:"" help:"The file that holds the record."`
}

func (rotateCmd) Help() string {
	return "Makes a new key, adds it to the key file, and records that it signs from now on. The old key signs that entry too, so that trust carries over."
}

func (c rotateCmd) Run(a *app) error {
	b, _, err := a.open(c.Record, "", true)
	if err != nil {
		return err
	}
	defer b.Close()
	keys, err := loadKeys(c.Record)
	if err != nil {
		return err
	}
	next, err := keys.Rotated()
	if err != nil {
		return err
	}
	// The new key is on the disk before it signs anything: a key that signed must not be lost.
	if err := next.Save(ledger.KeyPath(c.Record)); err != nil {
		return err
	}
	if err := b.Rotate(a.ctx, book.Owner, next); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "The record is signed with a new key from now on:\n  %s\n", next.Verifier())
	return nil
}
