package desk

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"plumbline/internal/fact"
)

// Limits on the files that the record names.
const (
	MaxKept      = 20 << 20 // bytes of one
	MaxKeptInAll = 4 << 30  // bytes of all, unless Config.MaxFiles says otherwise
	MaxOfForms   = 3        // of one sender, with forms that were wrong
)

// KeepOfForm is how long a file is kept that came with a form which was wrong.
const KeepOfForm = 24 * time.Hour

// naming is how long nobody takes between keeping a file and naming it in the record.
const naming = time.Hour

// Kept is a file that lies beside the record: evidence, or a letter that was issued. The record names it by its fingerprint.
type Kept struct {
	Fingerprint string // SHA-256 of its bytes, in hex
	Type        string // by what is in it, such as "application/pdf"
	Size        int    // bytes
	Touched     time.Time
	Made        bool // the program made it, or it is not known that somebody brought it: see KeptFile
}

// kept is such a file as its row says. The bytes lie in another row, of a store of their own: see Config.Files.
type kept struct {
	Type  string `json:"type"`
	Size  int    `json:"size"`
	Made  bool   `json:"made,omitempty"`  // the program made it from the record, and can make it again without what is erased there
	Going bool   `json:"going,omitempty"` // it is being removed, and traces of it may be left

	For []string `json:"for,omitempty"` // of what it was kept: nothing else gets it by naming it
}

// forDrafts begins what files are kept for that came with a form which was wrong.
const forDrafts = "draft/"

func draftsOf(who fact.Who) string { return forDrafts + url.PathEscape(string(who)) + "/" }

// ForDraft names for what a file is kept that came with a form about something which was wrong: for whoever sent it and that alone, while they put it right. Of a file that is kept for nothing else the record knows
// nothing: it goes when words are erased that it says, or may say.
func ForDraft(who fact.Who, of string) string { return draftsOf(who) + of }

// drafted reports whether a file is kept for forms alone that were wrong.
func (k kept) drafted() bool {
	return len(k.For) > 0 && !slices.ContainsFunc(k.For, func(of string) bool { return !strings.HasPrefix(of, forDrafts) })
}

func keptName(fingerprint string) Name  { return Name{"kept", fingerprint} }
func bytesName(fingerprint string) Name { return Name{"bytes", fingerprint} }

// Fingerprint is the name of a file with these bytes.
func Fingerprint(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// KeepFile keeps a file, and gives its fingerprint once it is durable. To keep a file that is there already is no error. It is a fact.ErrInvalid if it is empty, too large or of a type that is
// not kept, and ErrFull where there is no room: files that the record does not name make room for it, the oldest first. Of one sender MaxOfForms are kept at most that came with forms which were wrong; then, too,
// the oldest goes.
//
// It is kept for something, such as a test, and whoever has its fingerprint alone does not get it for something else: see KeptFile. Several may keep the same.
//
// Whoever names a file in the record keeps it first, in the same act. So a crash between the two leaves a file that nothing names, which goes after Keep, and never a name without its file: a file is
// removed only if it was last kept longer than Keep ago and no entry names it, those that are still being written included.
func (d *Desk) KeepFile(ctx context.Context, of string, content []byte) (Kept, error) {
	is, ok := TypeOf(content)
	if !ok {
		return Kept{}, fmt.Errorf("keep file: it is of a type that is not kept: %w", fact.ErrInvalid)
	}
	return d.keepFor(ctx, kept{Type: is, For: []string{of}}, content)
}

// KeepMade is KeepFile for a file that the program itself made from the record, which may be a page. When words are erased that it holds, it goes, although the record names it: it can be made again without
// them.
func (d *Desk) KeepMade(ctx context.Context, of, is string, content []byte) (Kept, error) {
	return d.keepFor(ctx, kept{Type: is, Made: true, For: []string{of}}, content)
}

func (d *Desk) keepFor(ctx context.Context, is kept, content []byte) (Kept, error) {
	k := Kept{Fingerprint: Fingerprint(content), Type: is.Type, Size: len(content)}
	switch {
	case len(content) == 0:
		return Kept{}, fmt.Errorf("keep file: it is empty: %w", fact.ErrInvalid)
	case len(content) > MaxKept:
		return Kept{}, fmt.Errorf("keep file: it is larger than %d MB: %w", MaxKept>>20, fact.ErrInvalid)
	}
	release, err := d.hold(ctx, keptHold)
	if err != nil {
		return Kept{}, err
	}
	defer release()
	return k, wrap("keep file", d.keep(ctx, &k, is, content))
}

// keptHold is what whoever keeps or removes a file holds, so that neither happens amid the other, and all of them stay within the limit.
const keptHold = "kept"

func (d *Desk) keep(ctx context.Context, k *Kept, now kept, content []byte) error {
	rows, err := d.st.List(ctx, keptName("").Space, everybody, math.MaxInt32)
	if err != nil {
		return err
	}
	row := Row{Name: keptName(k.Fingerprint), Owner: everybody, Made: d.now()}
	size, of := len(content), now.For[0]
	for _, r := range rows {
		is, err := readKept(r)
		if err != nil {
			return err
		}
		if r.Key == k.Fingerprint {
			row = r
			now.Made = now.Made || is.Made
			for _, of := range is.For {
				if !slices.Contains(now.For, of) {
					now.For = append(now.For, of)
				}
			}
		} else {
			size += is.Size
		}
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool { return r.Key == k.Fingerprint })
	freed, err := d.keepFew(ctx, rows, of)
	if err != nil {
		return err
	}
	if most := cmp.Or(d.MaxFiles, MaxKeptInAll); int64(size-freed) > most {
		if err := d.freeRoom(ctx, int64(size-freed)-most, k.Fingerprint); err != nil {
			return fmt.Errorf("with it the files would be larger than %d MB: %w", most>>20, err)
		}
	}
	// The row comes before the bytes: bytes without a row would never be swept.
	k.Touched = d.now()
	row.Touched, now.Size = k.Touched, k.Size
	if row.Bytes, err = json.Marshal(now); err != nil {
		return err
	}
	if _, err := d.st.Put(ctx, row, 0); err != nil {
		return err
	}
	there, err := d.files().Get(ctx, bytesName(k.Fingerprint))
	switch {
	case err == nil && Fingerprint(there.Bytes) == k.Fingerprint:
		return nil
	case err == nil: // it was spoiled, and this is what it was
	case !errors.Is(err, fact.ErrNotFound):
		return err
	}
	_, err = d.files().Put(ctx, Row{Name: bytesName(k.Fingerprint), Version: there.Version, Owner: everybody, Made: k.Touched, Touched: k.Touched, Bytes: content}, 0)
	return err
}

// KeptFile gives the bytes of a file to what they were kept for. It is a fact.ErrNotFound if they are not here, as after a restore without them, or were kept for something else alone, and a fact.ErrCorrupt if they
// are not those that were kept. Where the bytes were restored without the rest of the desk, nobody knows for what they were: then the record alone says it.
func (d *Desk) KeptFile(ctx context.Context, of, fingerprint string) (Kept, []byte, error) {
	k := Kept{Fingerprint: fingerprint, Made: true}
	switch row, err := d.st.Get(ctx, keptName(fingerprint)); {
	case err == nil:
		is, err := readKept(row)
		if err != nil {
			return Kept{}, nil, fmt.Errorf("open file: %w", err)
		}
		if is.Going || len(is.For) > 0 && !slices.Contains(is.For, of) {
			return Kept{}, nil, fmt.Errorf("open file: %w", fact.ErrNotFound)
		}
		k.Touched, k.Made = row.Touched, is.Made || is.Type == ""
	case !errors.Is(err, fact.ErrNotFound): // where the bytes alone were restored there is no row
		return Kept{}, nil, fmt.Errorf("open file: %w", err)
	}
	there, err := d.files().Get(ctx, bytesName(fingerprint))
	if err != nil {
		return Kept{}, nil, fmt.Errorf("open file: %w", err)
	}
	if Fingerprint(there.Bytes) != fingerprint {
		return Kept{}, nil, fmt.Errorf("open file: its bytes are not those that were kept: %w", fact.ErrCorrupt)
	}
	k.Type, _ = TypeOf(there.Bytes)
	k.Size = len(there.Bytes)
	return k, there.Bytes, nil
}

// HeldFile is KeptFile for what the record does not name yet, such as a file that came with a form in which another answer was wrong. It gives only what is known to have been kept for that, and believes no
// fingerprint of which nobody knows for what it was.
func (d *Desk) HeldFile(ctx context.Context, of, fingerprint string) (Kept, []byte, error) {
	k, _, content, err := d.heldFile(ctx, of, fingerprint)
	return k, content, wrap("open file", err)
}

// PassFile keeps for something else what HeldFile gives for the first, and is an error as that is.
func (d *Desk) PassFile(ctx context.Context, from, to, fingerprint string) (Kept, error) {
	release, err := d.hold(ctx, keptHold)
	if err != nil {
		return Kept{}, err
	}
	defer release()
	k, is, content, err := d.heldFile(ctx, from, fingerprint)
	if err == nil {
		is.For = []string{to}
		err = d.keep(ctx, &k, is, content)
	}
	return k, wrap("pass file on", err)
}

func (d *Desk) heldFile(ctx context.Context, of, fingerprint string) (k Kept, is kept, content []byte, err error) {
	if b, err := hex.DecodeString(fingerprint); err != nil || len(b) != sha256.Size {
		return k, is, nil, fact.ErrNotFound
	}
	row, err := d.st.Get(ctx, keptName(fingerprint))
	if err != nil {
		return k, is, nil, err
	}
	if is, err = readKept(row); err != nil {
		return k, is, nil, err
	}
	if is.Going || !slices.Contains(is.For, of) {
		return k, is, nil, fact.ErrNotFound
	}
	there, err := d.files().Get(ctx, bytesName(fingerprint))
	switch {
	case err != nil:
		return k, is, nil, err
	case Fingerprint(there.Bytes) != fingerprint:
		return k, is, nil, fmt.Errorf("its bytes are not those that were kept: %w", fact.ErrCorrupt)
	}
	return Kept{fingerprint, is.Type, len(there.Bytes), row.Touched, is.Made}, is, there.Bytes, nil
}

// KeptFiles gives all files without their bytes, the last touched first.
func (d *Desk) KeptFiles(ctx context.Context) ([]Kept, error) {
	rows, err := d.st.List(ctx, keptName("").Space, everybody, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	var list []Kept
	for _, r := range rows {
		is, err := readKept(r)
		if err != nil {
			return nil, err
		}
		if !is.Going {
			list = append(list, Kept{r.Key, is.Type, is.Size, r.Touched, is.Made})
		}
	}
	return list, nil
}

func readKept(r Row) (is kept, err error) {
	if err := json.Unmarshal(r.Bytes, &is); err != nil {
		return is, fmt.Errorf("read what is kept: %v: %w", err, fact.ErrCorrupt)
	}
	return is, nil
}

// files is the store in which the bytes lie.
func (d *Desk) files() Store {
	if d.Files != nil {
		return d.Files
	}
	return d.st
}

// removeFiles removes those files of some that may go and that the record does not name, or does not name any more, and those that must go whether it names them or not, with every trace of their bytes. Both
// are asked while nobody can keep them; must may be nil.
func (d *Desk) removeFiles(ctx context.Context, may func(Row, kept) bool, must func(string, kept) (bool, error)) error {
	release, err := d.hold(ctx, keptHold)
	if err != nil {
		return err
	}
	defer release()
	rows, err := d.st.List(ctx, keptName("").Space, everybody, math.MaxInt32)
	if err != nil || len(rows) == 0 {
		return err
	}
	var named map[string]bool
	var going []Row
	for _, r := range rows {
		is, err := readKept(r)
		if err != nil {
			return err
		}
		gone := is.Going
		if !gone && must != nil {
			if gone, err = must(r.Key, is); err != nil {
				return err
			}
		}
		if !gone && !may(r, is) {
			continue
		}
		if !gone {
			if d.Names == nil { // who does not know what is named removes nothing that may be
				continue
			}
			if named == nil {
				if named, err = d.Names(ctx); err != nil {
					return fmt.Errorf("ask which files the record names: %w", err)
				}
			}
			if named[r.Key] {
				continue
			}
		}
		// That it goes is said first: a program that ends between the two finds it here, and goes on with it.
		is.Going = true
		if r.Bytes, err = json.Marshal(is); err != nil {
			return err
		}
		if r.Version, err = d.st.Put(ctx, r, 0); err != nil {
			return err
		}
		if err := d.files().Delete(ctx, bytesName(r.Key)); err != nil {
			return err
		}
		going = append(going, r)
	}
	if len(going) == 0 {
		return nil
	}
	if err := d.files().Scrub(ctx); err != nil {
		return err
	}
	for _, r := range going {
		if err := d.st.Delete(ctx, r.Name); err != nil {
			return err
		}
	}
	return nil
}

// letGo keeps files no longer for what begins in some way. One that is kept for nothing else, and that the record does not name, goes: its bytes now, and every trace of them with the next removeFiles. It gives how many bytes went.
func (d *Desk) letGo(ctx context.Context, rows []Row, begins string) (freed int, err error) {
	if d.Names == nil || len(rows) == 0 {
		return 0, nil
	}
	named, err := d.Names(ctx)
	if err != nil {
		return 0, fmt.Errorf("ask which files the record names: %w", err)
	}
	for _, r := range rows {
		is, err := readKept(r)
		if err != nil {
			return freed, err
		}
		left := slices.DeleteFunc(slices.Clone(is.For), func(of string) bool { return strings.HasPrefix(of, begins) })
		gone := len(left) == 0
		if is.Going || begins != "" && len(left) == len(is.For) || gone && named[r.Key] {
			continue
		}
		size := is.Size
		if is.For = left; gone {
			is.Going, is.Size = true, 0
		}
		if r.Bytes, err = json.Marshal(is); err != nil {
			return freed, err
		}
		if _, err := d.st.Put(ctx, r, 0); err != nil {
			return freed, err
		}
		if gone {
			if err := d.files().Delete(ctx, bytesName(r.Key)); err != nil {
				return freed, err
			}
			freed += size
		}
	}
	return freed, nil
}

// keepFew lets go of the oldest files that came with wrong forms of whoever sends another, beyond those that they may have. It gives how many bytes went. rows are the other files, the last touched first.
func (d *Desk) keepFew(ctx context.Context, rows []Row, of string) (freed int, err error) {
	if !strings.HasPrefix(of, forDrafts) {
		return 0, nil
	}
	begins := forDrafts + strings.Split(of, "/")[1] + "/"
	var theirs []Row
	for _, r := range rows {
		is, err := readKept(r)
		if err != nil {
			return 0, err
		}
		if !is.Going && slices.ContainsFunc(is.For, func(of string) bool { return strings.HasPrefix(of, begins) }) {
			theirs = append(theirs, r)
		}
	}
	return d.letGo(ctx, theirs[min(len(theirs), MaxOfForms-1):], begins)
}

// freeRoom removes files that the record does not name, the oldest first, until so many bytes are free, or none and is an ErrFull where that is not enough. What somebody may be about to name stays.
func (d *Desk) freeRoom(ctx context.Context, free int64, but string) error {
	if d.Names == nil {
		return ErrFull
	}
	rows, err := d.st.List(ctx, keptName("").Space, everybody, math.MaxInt32)
	if err != nil {
		return err
	}
	named, err := d.Names(ctx)
	if err != nil {
		return fmt.Errorf("ask which files the record names: %w", err)
	}
	before := d.now().Add(-naming)
	var going []Row
	for _, r := range slices.Backward(rows) {
		is, err := readKept(r)
		if err != nil {
			return err
		}
		if free > 0 && r.Key != but && !is.Going && !named[r.Key] && (is.drafted() || r.Touched.Before(before)) {
			going = append(going, r)
			free -= int64(is.Size)
		}
	}
	if free > 0 {
		return ErrFull
	}
	_, err = d.letGo(ctx, going, "")
	return err
}

// removeDraftsOf removes what came with forms of somebody that were wrong.
func (d *Desk) removeDraftsOf(ctx context.Context, who fact.Who) error {
	err := d.letGoDraftsOf(ctx, who)
	if err == nil {
		err = d.removeFiles(ctx, func(Row, kept) bool { return false }, nil)
	}
	return wrap("remove files of forms", err)
}

func (d *Desk) letGoDraftsOf(ctx context.Context, who fact.Who) error {
	release, err := d.hold(ctx, keptHold)
	if err != nil {
		return err
	}
	defer release()
	rows, err := d.st.List(ctx, keptName("").Space, everybody, math.MaxInt32)
	if err != nil || len(rows) == 0 || d.Names == nil {
		return err
	}
	_, err = d.letGo(ctx, rows, draftsOf(who))
	return err
}

// sweepFiles removes the files that the record does not name and that were kept longer than Keep ago, or KeepOfForm where they came with forms that were wrong.
func (d *Desk) sweepFiles(ctx context.Context) error {
	now := d.now()
	return wrap("sweep files", d.removeFiles(ctx, func(r Row, is kept) bool {
		lasts := Keep
		if is.drafted() {
			lasts = KeepOfForm
		}
		return !r.Touched.After(now.Add(-lasts))
	}, nil))
}

// forgetFiles removes the files whose fingerprints are among erased words, unless another entry names them, and those that the program made, or that came with forms which were wrong, and in which such words stand.
func (d *Desk) forgetFiles(ctx context.Context, words []string) error {
	for _, w := range words { // bytes that were restored alone get a row by which they are found
		if b, err := hex.DecodeString(w); err != nil || len(b) != sha256.Size {
			continue
		}
		now := d.now()
		_, err := d.st.Put(ctx, Row{Name: keptName(w), Owner: everybody, Made: now, Touched: now, Bytes: []byte("{}")}, 0)
		if err != nil && !errors.Is(err, fact.ErrStale) {
			return fmt.Errorf("remove erased files: %w", err)
		}
	}
	return wrap("remove erased files", d.removeFiles(ctx, func(r Row, _ kept) bool { return slices.Contains(words, r.Key) }, func(fingerprint string, is kept) (bool, error) {
		if !is.Made && !is.drafted() {
			return false, nil
		}
		row, err := d.files().Get(ctx, bytesName(fingerprint))
		if errors.Is(err, fact.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if !is.Made && closed(is.Type, row.Bytes) {
			return true, nil
		}
		text, err := textOf(row.Bytes)
		return err != nil || says(html.UnescapeString(text), words), nil // what cannot be looked into is taken to hold any word
	}))
}

// closed reports whether a file may say what textOf does not find in it, as a picture does and a saved email.
func closed(is string, b []byte) bool {
	return is == PDF || is == PNG || is == JPEG || is == Text && (!utf8.Valid(b) || bytes.Contains(bytes.ToLower(b), []byte("content-transfer-encoding")))
}
