package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

type initCmd struct {
	Record string `arg:"" help:"The file to make. Its key is put beside it, as RECORD.key."`
}

func (initCmd) Help() string {
	return "Makes an empty record and the key with which it is signed. Whoever holds the key file can sign for the council, so it is readable by you alone: back it up apart from the record.\n\nExample:\n  plumbline init council.db\n  plumbline load council.db structure.yaml"
}

// Run makes the key before the record: a record without its key could never be written to.
func (c initCmd) Run(a *app) error {
	keyPath := ledger.KeyPath(c.Record)
	for _, p := range []string{c.Record, keyPath} {
		if _, err := os.Lstat(p); err == nil {
			return fmt.Errorf("%s is there already; nothing was changed", p)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("make record: %w", err)
		}
	}
	keys, err := ledger.NewKeys()
	if err != nil {
		return err
	}
	if err := keys.Save(keyPath); err != nil {
		return err
	}
	if err := begin(a, c.Record, keys); err != nil {
		return errors.Join(err, os.Remove(keyPath))
	}
	fmt.Fprintf(a.out, "Made the record %s.\nMade its key %s: keep a copy of it in a safe place.\nWhoever wants to verify the record needs this line:\n  %s\n", c.Record, keyPath, keys.Verifier())
	return nil
}

// begin makes a record and leaves nothing behind if it cannot.
func begin(a *app, path string, keys *ledger.Keys) error {
	st, err := store.Create(path)
	if err != nil {
		return err
	}
	_, err = ledger.Create(a.ctx, st, keys, a.now())
	if cerr := st.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(path + suffix)
		}
	}
	return err
}
