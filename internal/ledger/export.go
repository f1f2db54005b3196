package ledger

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"plumbline/internal/fact"
)

// The first line of an export, and then one line for each entry.
type (
	exportHead struct {
		Format     string `json:"plumbline"` // "export/1"
		Origin     string `json:"origin"`
		Size       int64  `json:"size"`
		Checkpoint string `json:"checkpoint"` // of the empty log
	}
	exportEntry struct {
		Position   int64       `json:"position"`
		Envelope   string      `json:"envelope"`
		Body       []jsonField `json:"body"`
		Checkpoint string      `json:"checkpoint,omitempty"` // where one was signed when this entry was the last
	}
)

const exportFormat = "export/1"

// maxLine is the longest line that Import reads.
const maxLine = 64 << 20

// Export writes the whole record as lines of JSON. It checks the entries on the way, so that no damage is copied: what was written
// before an error is to be thrown away.
func Export(ctx context.Context, st Store, w io.Writer) error {
	if err := export(ctx, st, w); err != nil {
		return fmt.Errorf("export record: %w", err)
	}
	return nil
}

func export(ctx context.Context, st Store, w io.Writer) error {
	size, err := signedSize(ctx, st)
	if err != nil {
		return err
	}
	start, err := st.Checkpoint(ctx, 0)
	if err != nil {
		return err
	}
	tr, err := startTrail(start)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	write := func(v any) error {
		b, err := marshal(v)
		if err == nil {
			_, err = out.Write(b)
		}
		return err
	}
	if err := write(exportHead{exportFormat, tr.chain.origin, size, string(start)}); err != nil {
		return err
	}
	var gone removed
	ck := checker{bodies: true}
	for row, err := range st.Read(ctx, 1, size) {
		if err != nil {
			return unreadable(ck.tree.size+1, err)
		}
		if err := ck.next(row); err != nil {
			return err
		}
		e := &ck.e
		n, err := readSign(e, row.Checkpoint)
		if err == nil && n != nil {
			err = tr.next(n, ck.tree.root())
		}
		if err != nil {
			return err
		}
		gone.see(e, ck.erased)
		line := exportEntry{Position: e.Position, Envelope: string(row.Envelope), Checkpoint: string(row.Checkpoint)}
		if line.Body, err = writeFields(e.Body); err != nil {
			return fault(e.Position, "%v", err)
		}
		if err := write(line); err != nil {
			return err
		}
	}
	if tr.last.size != size {
		return unsigned(tr.last.size+1, size)
	}
	if err := gone.check(); err != nil {
		if now, sizeErr := st.Size(ctx); sizeErr == nil && now > size {
			return fmt.Errorf("something was erased while it was being written out; export it again: %w", fact.ErrMoved)
		}
		return err
	}
	return out.Flush()
}

// Import loads an export into a store that holds no entry. Everything in it is verified; either all of it is in the store afterwards, with the
// same positions, roots and checkpoints, or nothing is. The record keeps its origin, and so wants the key of the
// original for anything further.
func Import(ctx context.Context, st Store, r io.Reader, progress func(done, total int64)) error {
	if err := load(ctx, st, r, progress); err != nil {
		return fmt.Errorf("import record: %w", err)
	}
	return nil
}

func load(ctx context.Context, st Store, r io.Reader, progress func(done, total int64)) error {
	switch size, err := st.Size(ctx); {
	case err != nil:
		return err
	case size > 0:
		return fmt.Errorf("there are %d entries in it already, and an export goes into an empty record: %w", size, fact.ErrInvalid)
	}
	at := int64(0)
	if _, err := st.Checkpoint(ctx, 0); errors.Is(err, fact.ErrNotFound) {
		at = -1
	} else if err != nil {
		return err
	}
	im := importer{lines: bufio.NewScanner(r), progress: progress}
	im.lines.Buffer(nil, maxLine)
	if err := im.begin(); err != nil {
		return err
	}
	return st.Append(ctx, at, Batch{Start: []byte(im.head.Checkpoint), Rows: im.rows()})
}

// Exported is what an export says of itself: whose record it is, how many entries, and the root of its tree.
type Exported struct {
	Origin string
	Size   int64
	Root   fact.Hash
}

// ReadExport reads an export to look at it, without keeping it: its entries one after another, verified as Import verifies them. What was given before an error is not to
// be believed, and neither is an end that is missing.
func ReadExport(r io.Reader, each func(fact.Entry) error) (Exported, error) {
	im := importer{lines: bufio.NewScanner(r), check: checker{bodies: true}}
	im.lines.Buffer(nil, maxLine)
	err := im.begin()
	for err == nil {
		if _, err = im.row(); err == nil {
			err = each(im.check.e)
		}
	}
	if err == io.EOF {
		err = im.end()
	}
	if err != nil {
		return Exported{}, fmt.Errorf("read export: %w", err)
	}
	return Exported{im.head.Origin, im.head.Size, fact.Hash(im.check.tree.root())}, nil
}

// importer reads an export line by line.
type importer struct {
	lines    *bufio.Scanner
	number   int
	head     exportHead
	progress func(done, total int64)

	trail
	check   checker
	removed removed
}

// line reads the next line; io.EOF says that there is none.
func (im *importer) line(v any) error {
	im.number++
	if !im.lines.Scan() {
		if err := im.lines.Err(); errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("line %d is longer than %d MiB: %w", im.number, maxLine>>20, fact.ErrInvalid)
		} else if err != nil {
			return err
		}
		return io.EOF
	}
	dec := json.NewDecoder(bytes.NewReader(im.lines.Bytes()))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil || dec.More() {
		if err := im.lines.Err(); err != nil {
			return err // the line is cut short because reading failed
		}
		return fmt.Errorf("line %d is not a line of an export (%v): %w", im.number, err, fact.ErrInvalid)
	}
	return nil
}

func (im *importer) begin() error {
	if err := im.line(&im.head); err == io.EOF {
		return fmt.Errorf("the export is empty: %w", fact.ErrInvalid)
	} else if err != nil {
		return err
	}
	if im.head.Format != exportFormat {
		return fmt.Errorf("line 1 does not say that this is an export of the form %q: %w", exportFormat, fact.ErrInvalid)
	}
	var err error
	if im.trail, err = startTrail([]byte(im.head.Checkpoint)); err != nil {
		return fmt.Errorf("line 1: %w", err)
	}
	if im.head.Origin != im.chain.origin {
		return fmt.Errorf("line 1: the record is called %s and its first checkpoint is of %s: %w", im.head.Origin, im.chain.origin, fact.ErrCorrupt)
	}
	return nil
}

// rows checks the lines one after another. The first that is wrong ends the batch, and so undoes it.
func (im *importer) rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			row, err := im.row()
			switch {
			case err == io.EOF:
				if err := im.end(); err != nil {
					yield(Row{}, err)
				}
				return
			case err != nil:
				yield(Row{}, err)
				return
			case !yield(row, nil):
				return
			}
			if size := im.check.tree.size; im.progress != nil && (size%blockSize == 0 || size == im.head.Size) {
				im.progress(size, im.head.Size)
			}
		}
	}
}

func (im *importer) row() (Row, error) {
	var line exportEntry
	if err := im.line(&line); err != nil {
		return Row{}, err
	}
	if at := im.check.tree.size + 1; line.Position != at {
		return Row{}, fmt.Errorf("line %d: it is entry %d, and entry %d is to follow: %w", im.number, line.Position, at, fact.ErrCorrupt)
	}
	body, err := readFields(line.Body)
	if err == nil && withholds(line.Body) {
		err = fmt.Errorf("a field is withheld, and an export has all there is: %w", fact.ErrCorrupt)
	}
	if err != nil {
		return Row{}, fmt.Errorf("line %d: %w", im.number, err)
	}
	row := Row{Envelope: []byte(line.Envelope), Body: fact.AppendBody(nil, body)}
	if line.Checkpoint != "" {
		row.Checkpoint = []byte(line.Checkpoint)
	}
	if err := im.accept(&row); err != nil {
		return Row{}, fmt.Errorf("line %d: %w", im.number, err)
	}
	return row, nil
}

// accept checks the row that follows, and gives it the hashes that it completes.
func (im *importer) accept(row *Row) error {
	if err := im.check.entry(row.Envelope, row.Body); err != nil {
		return err
	}
	for _, h := range im.check.grow(row.Envelope) {
		row.Hashes = append(row.Hashes, h[:]...)
	}
	im.removed.see(&im.check.e, im.check.erased)
	n, err := readSign(&im.check.e, row.Checkpoint)
	if err != nil || n == nil {
		return err
	}
	return im.trail.next(n, im.check.tree.root())
}

// end checks that nothing is missing.
func (im *importer) end() error {
	if size := im.check.tree.size; size != im.head.Size {
		return fmt.Errorf("the export ends after %d entries of %d: %w", size, im.head.Size, fact.ErrCorrupt)
	}
	if im.last.size != im.head.Size {
		return unsigned(im.last.size+1, im.head.Size)
	}
	return im.removed.check()
}
