package ledger

import (
	"context"
	"fmt"

	"plumbline/internal/fact"
)

// Tail reads what the store holds beyond what this ledger knows, checks it, and hands it to each; afterwards the ledger can write
// again. It is for the writer whose append failed (each then sees its entries if they were persisted after all) or
// met fact.ErrMoved, and for following a log that others write.
//
// Entries that are queued are failed first: their positions may be taken. If each fails, so does Tail, and the next one begins where
// this one did. each may not write to this ledger.
func (l *Ledger) Tail(ctx context.Context, each func(fact.Entry) error) error {
	l.lead <- struct{}{}
	defer func() { <-l.lead }()
	l.fail(fmt.Errorf("append entries: the end of the log had to be read before they were written: %w", fact.ErrMoved))

	next, entries, err := l.readTail(ctx, l.head.Load())
	if err != nil {
		return fmt.Errorf("read the end of the log: %w", err)
	}
	for _, e := range entries {
		if err := each(e); err != nil {
			return err
		}
	}
	l.head.Store(next)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next, l.last, l.unsure = next.tree.size+1, next.last, nil
	return nil
}

// readTail checks the rows beyond a head, and gives them with the head that they make.
func (l *Ledger) readTail(ctx context.Context, h *head) (*head, []fact.Entry, error) {
	size, err := signedSize(ctx, l.st)
	if err != nil {
		return nil, nil, err
	}
	if size < h.tree.size {
		return nil, nil, fault(size+1, "it is missing: the log was %d entries long before", h.tree.size)
	}
	var entries []fact.Entry
	ck := checker{bodies: true, tree: h.tree.clone(), recorded: h.last}
	tr := trail{chain: h.chain, last: checkpoint{size: h.tree.size, root: h.root, time: h.time}, signed: h.signed}
	for row, err := range l.st.Read(ctx, h.tree.size+1, size) {
		if err != nil {
			return nil, nil, unreadable(ck.tree.size+1, err)
		}
		if err := ck.next(row); err != nil {
			return nil, nil, err
		}
		n, err := readSign(&ck.e, row.Checkpoint)
		if err == nil && n != nil {
			err = tr.next(n, ck.tree.root())
		}
		if err != nil {
			return nil, nil, err
		}
		entries = append(entries, ck.e)
	}
	if tr.last.size != size {
		return nil, nil, unsigned(tr.last.size+1, size)
	}
	return &head{tree: ck.tree, root: tr.last.root, time: tr.last.time, signed: tr.signed, last: ck.recorded, chain: tr.chain}, entries, nil
}
