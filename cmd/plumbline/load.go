package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

type loadCmd struct {
	Record   string   `arg:"" help:"The file that holds the record."`
	Files    []string `arg:"" name:"file" help:"Manifests (YAML documents or JSON lines), folders of them, or - for standard input. An export loads into an empty record."`
	DryRun   bool     `help:"Say what would be recorded, and record nothing."`
	Recorded string   `placeholder:"DATE" help:"Reconstruct the past: the day on which the council learned what the files say. Only until the record is opened."`
}

func (loadCmd) Help() string {
	return "All files are one load: everything in them is recorded, or, if anything is wrong, nothing. Every problem is listed with its file, line and remedy. The order of the records does not matter.\n\nExamples:\n  plumbline load council.db structure.yaml\n  plumbline load council.db papers/2003 --recorded 2003-09-17\n  plumbline load council.db --dry-run change.yaml"
}

func (c loadCmd) Run(a *app) error {
	change := book.Change{}
	if c.Recorded != "" {
		d, err := fact.ParseDay(c.Recorded)
		if err != nil {
			return fmt.Errorf("--recorded: %w", err)
		}
		change.Recorded = &d
	}
	names, err := files(c.Files)
	if err != nil {
		return err
	}
	if len(names) == 1 {
		if done, err := c.importExport(a, names[0]); done || err != nil {
			return err
		}
	}
	b, _, err := a.open(c.Record, defaultPack, true)
	if err != nil {
		return err
	}
	defer b.Close()
	var problems kind.Problems
	for _, n := range names {
		docs, p, err := c.read(a, b.Kinds(), n)
		if err != nil {
			return err
		}
		change.Docs, problems = append(change.Docs, docs...), append(problems, p...)
	}
	if len(problems) > 0 {
		return c.refused(problems)
	}
	if len(change.Docs) == 0 {
		return fmt.Errorf("there are no records in %s", names[0])
	}
	if c.DryRun {
		n, err := b.Check(book.Owner, change)
		if err != nil {
			return c.refused(err)
		}
		fmt.Fprintf(a.out, "Nothing is wrong: %s would be recorded. Nothing was recorded.\n", entries(n))
		return nil
	}
	r, err := b.Do(a.ctx, book.Owner, change)
	if err != nil {
		return c.refused(err)
	}
	fmt.Fprintf(a.out, "Recorded %s (%d to %d).\n", entries(r.Entries), r.First, r.Last)
	return nil
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// refused adds to a list of problems what became of the load.
func (c loadCmd) refused(err error) error {
	var p kind.Problems
	if !errors.As(err, &p) {
		return err
	}
	what := "1 problem"
	if len(p) > 1 {
		what = fmt.Sprintf("%d problems", len(p))
	}
	return fmt.Errorf("%w\n%s; nothing was recorded", p, what)
}

// files lists what the arguments name, folders replaced by the manifests in them.
func files(args []string) ([]string, error) {
	var out []string
	for _, f := range args {
		info, err := os.Stat(f)
		if f == "-" || err == nil && !info.IsDir() {
			out = append(out, f)
			continue
		}
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("there is no file %s", f)
			}
			return nil, err
		}
		var found []string
		for _, ext := range []string{"*.yaml", "*.yml", "*.jsonl"} {
			m, _ := filepath.Glob(filepath.Join(f, ext)) // the pattern is well formed
			found = append(found, m...)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("there are no manifests (*.yaml, *.yml, *.jsonl) in the folder %s", f)
		}
		slices.Sort(found)
		out = append(out, found...)
	}
	return out, nil
}

func (c loadCmd) read(a *app, kinds *kind.Set, name string) ([]kind.Doc, kind.Problems, error) {
	if name == "-" {
		docs, p := kinds.Read("standard input", a.in)
		return docs, p, nil
	}
	f, err := os.Open(name) // #nosec G304 -- a file named on the command line, read with the rights of whoever names it
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > kind.MaxFile {
		return nil, kind.Problems{{Place: kind.Place{File: name}, What: fmt.Sprintf("the file is larger than %d MB", kind.MaxFile>>20), Remedy: "Split it into several files and load them together"}}, nil
	}
	docs, p := kinds.Read(name, f)
	return docs, p, nil
}

// importExport loads an export, if the file is one.
func (c loadCmd) importExport(a *app, name string) (done bool, err error) {
	if name == "-" {
		return false, nil
	}
	f, err := os.Open(name) // #nosec G304 -- a file named on the command line, read with the rights of whoever names it
	if err != nil {
		return false, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return false, nil // what is read from a pipe to see what it is would be gone
	}
	r := bufio.NewReader(f)
	head, _ := r.Peek(64)
	if !bytes.HasPrefix(head, []byte(`{"plumbline":"export/`)) {
		return false, nil
	}
	if c.DryRun || c.Recorded != "" {
		return true, errors.New("an export is loaded as it is: --dry-run and --recorded do not go with it")
	}
	st, err := store.Open(c.Record)
	if err != nil {
		return true, err
	}
	defer st.Close()
	bar := a.bar("Loading the export")
	err = ledger.Import(a.ctx, st, io.Reader(r), bar.show)
	bar.done()
	if err != nil {
		return true, err
	}
	n, err := st.Size(a.ctx)
	if err != nil {
		return true, err
	}
	fmt.Fprintf(a.out, "Loaded the export: %s, as they were recorded and signed.\nTo write to this record, put the key file of the original at %s.\n", entries(int(n)), ledger.KeyPath(c.Record))
	return true, nil
}
