package store

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/desk"
	"plumbline/internal/ledger"
)

// Call is one moment of a call on a Faulty or Panicking store.
type Call struct {
	Method string // "Append"
	Done   bool   // whether the store beneath has done it: false before, true after
}

// faults is what a store that fails when it is told to has beside the one beneath it.
type faults struct {
	hook atomic.Pointer[func(Call) error]
}

// Fail sets the hook, which is asked twice in every call, before and after; an error from it is the error of the
// call. It may be set while the store is in use; nil ends all faults.
func (f *faults) Fail(hook func(Call) error) {
	if hook == nil {
		f.hook.Store(nil)
		return
	}
	f.hook.Store(&hook)
}

func (f *faults) ask(method string, done bool) error {
	if hook := f.hook.Load(); hook != nil {
		return (*hook)(Call{method, done})
	}
	return nil
}

func (f *faults) around(method string, do func() error) error {
	if err := f.ask(method, false); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return f.ask(method, true)
}

// Faulty is a store that fails when it is told to, before or after the store beneath has done the work. It is for tests: the one
// thing that a real engine does not do at the wanted moment is to fail.
type Faulty struct {
	faults
	beneath ledger.Store
}

var _ ledger.Store = (*Faulty)(nil)

// NewFaulty gives a store that does what the one beneath does, until it is told to fail.
func NewFaulty(beneath ledger.Store) *Faulty { return &Faulty{beneath: beneath} }

// Size is Store.Size with faults, as all below.
func (f *Faulty) Size(ctx context.Context) (n int64, err error) {
	err = f.around("Size", func() (err error) { n, err = f.beneath.Size(ctx); return err })
	return n, err
}

// Read fails before the first row or after the last.
func (f *Faulty) Read(ctx context.Context, from, to int64) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		if err := f.ask("Read", false); err != nil {
			yield(ledger.Row{}, err)
			return
		}
		for row, err := range f.beneath.Read(ctx, from, to) {
			if !yield(row, err) {
				return
			}
		}
		if err := f.ask("Read", true); err != nil {
			yield(ledger.Row{}, err)
		}
	}
}

// Hashes is Store.Hashes.
func (f *Faulty) Hashes(ctx context.Context, index []int64) (h []tlog.Hash, err error) {
	err = f.around("Hashes", func() (err error) { h, err = f.beneath.Hashes(ctx, index); return err })
	return h, err
}

// Append is Store.Append. A fault after it is the reply that was lost: the batch is persisted.
func (f *Faulty) Append(ctx context.Context, at int64, b ledger.Batch) error {
	return f.around("Append", func() error { return f.beneath.Append(ctx, at, b) })
}

// Checkpoint is Store.Checkpoint.
func (f *Faulty) Checkpoint(ctx context.Context, size int64) (note []byte, err error) {
	err = f.around("Checkpoint", func() (err error) { note, err = f.beneath.Checkpoint(ctx, size); return err })
	return note, err
}

// Scrub is Store.Scrub.
func (f *Faulty) Scrub(ctx context.Context) error {
	return f.around("Scrub", func() error { return f.beneath.Scrub(ctx) })
}

// Close is Store.Close.
func (f *Faulty) Close() error { return f.around("Close", f.beneath.Close) }

// Panicking is a store that panics at every use once it is armed, closing excepted. It is for the test that no page reads the store.
type Panicking struct{ Faulty }

// NewPanicking gives a store that does what the one beneath does, until it is armed.
func NewPanicking(beneath ledger.Store) *Panicking { return &Panicking{Faulty{beneath: beneath}} }

// Arm makes every further use a panic.
func (p *Panicking) Arm() {
	p.Fail(func(c Call) error {
		if c.Method != "Close" {
			panic("the store was touched: " + c.Method)
		}
		return nil
	})
}

// FaultyDesk is to a desk what Faulty is to a record.
type FaultyDesk struct {
	faults
	beneath desk.Store
}

var _ desk.Store = (*FaultyDesk)(nil)

// NewFaultyDesk gives a store that does what the one beneath does, until it is told to fail.
func NewFaultyDesk(beneath desk.Store) *FaultyDesk { return &FaultyDesk{beneath: beneath} }

// Get is Store.Get with faults, as all below.
func (f *FaultyDesk) Get(ctx context.Context, n desk.Name) (r desk.Row, err error) {
	err = f.around("Get", func() (err error) { r, err = f.beneath.Get(ctx, n); return err })
	return r, err
}

// Put is Store.Put. A fault after it is the reply that was lost: the row is written.
func (f *FaultyDesk) Put(ctx context.Context, r desk.Row, most int) (version int64, err error) {
	err = f.around("Put", func() (err error) { version, err = f.beneath.Put(ctx, r, most); return err })
	return version, err
}

// Delete is Store.Delete.
func (f *FaultyDesk) Delete(ctx context.Context, n desk.Name) error {
	return f.around("Delete", func() error { return f.beneath.Delete(ctx, n) })
}

// List is Store.List.
func (f *FaultyDesk) List(ctx context.Context, space, owner string, limit int) (list []desk.Row, err error) {
	err = f.around("List", func() (err error) { list, err = f.beneath.List(ctx, space, owner, limit); return err })
	return list, err
}

// Sweep is Store.Sweep.
func (f *FaultyDesk) Sweep(ctx context.Context, now time.Time) (n int, err error) {
	err = f.around("Sweep", func() (err error) { n, err = f.beneath.Sweep(ctx, now); return err })
	return n, err
}

// Scrub is Store.Scrub.
func (f *FaultyDesk) Scrub(ctx context.Context) error {
	return f.around("Scrub", func() error { return f.beneath.Scrub(ctx) })
}

// Close is Store.Close.
func (f *FaultyDesk) Close() error { return f.around("Close", f.beneath.Close) }
