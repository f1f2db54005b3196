package main

import (
	"fmt"

	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

type backupCmd struct {
	Record string `arg:"" help:"The file that holds the record. Other programs may be using it."`
	File   string `arg:"" help:"The file to make. It must not be there yet."`
}

func (backupCmd) Help() string {
	return "Copies a record that may be in use to a new file, and verifies the copy before it gets its name. The copy is a record like this one: put the key file beside it, and it can be used. What was erased is not in it. The key, and what people have begun and not recorded, are not either.\n\nKeep with your backups the newest list of what was erased (\"plumbline erasures\"): after an older backup was put back, \"plumbline erase --again\" removes the same from it.\n\nExample:\n  plumbline backup council.db /backup/council-2026-11-22.db\n  plumbline erasures council.db --format json > /backup/erasures.json"
}

func (c backupCmd) Run(a *app) error {
	st, err := store.Open(c.Record)
	if err != nil {
		return err
	}
	defer st.Close()
	var r ledger.Report
	err = st.Backup(a.ctx, c.File, func(s *store.SQLite) (err error) {
		bar := a.bar("Verifying the copy")
		defer bar.done()
		r, err = ledger.Verify(a.ctx, s, "", bar.show)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Backed up %d entries to %s, and verified it.\n  root         %s\n", r.Size, c.File, r.Root)
	return nil
}
