package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"plumbline/internal/fact"
)

// Limits on what one person may keep here.
const (
	MaxDraft      = 1 << 20  // bytes of one draft
	MaxDrafts     = 200      // of one owner, those that are done included; for a new one the oldest of those makes room
	MaxSent       = 10_000   // of one owner, with an ID of SentID, within Keep: none of them makes room
	MaxFile       = 10 << 20 // bytes of one file
	MaxDraftFiles = 10       // with one draft
	MaxFiles      = 50       // of one owner, with all drafts
	maxFileName   = 255      // bytes
)

// Draft is a change in the making.
type Draft struct {
	ID      string
	Owner   fact.Who
	Version int64 // goes up with every Save; a form carries it

	Purpose string              // what kind of change, in a word of the caller's: "correct"
	Record  fact.Key            // that the change is about; may be empty
	Branch  fact.ID             // the proposal that it is part of; empty is in force
	Step    string              // how far the person has come, in a word of the caller's
	Typed   map[string][]string // as it was typed
	Seen    map[fact.Key]int64  // the newest entry about a record that the person saw
	Files   []File              // in the order in which they came

	Made, Touched time.Time
	Done          *Receipt // it is in the record
	// Recording says that it is being put into the record at this moment; or that this was begun, and whether it came to its end could
	// not be found out. Save, Commit and the like wait for the one, and fail for the other.
	Recording bool

	claim *claim
	row   int64 // the version of the row
}

// File is a file that was uploaded with a draft. Draft gives no content; Content does.
type File struct {
	ID, Name string
	Size     int
}

// Receipt says where in the record a draft has gone.
type Receipt struct {
	First, Last int64     // the positions of its entries
	At          time.Time // set by Commit
}

// Claim is called before entries are written, with the positions that they are to get and the root of the body of the last one. On an error
// nothing may be written.
type Claim = func(first, last int64, root fact.Hash) error

// claim is what a draft says between the beginning of a commit and its end.
type claim struct {
	First, Last int64
	Root        fact.Hash
	At          time.Time
}

// Stale is the error for a draft that has changed since the writer looked, or has gone into the record: in another tab, mostly.
type Stale struct{ Now *Draft }

func (s *Stale) Error() string { return "draft: " + fact.ErrStale.Error() }

// Unwrap says that it is fact.ErrStale.
func (s *Stale) Unwrap() error { return fact.ErrStale }

// content is a draft as it lies in its row.
type content struct {
	Version int64               `json:"version"`
	Purpose string              `json:"purpose"`
	Record  fact.Key            `json:"record"`
	Branch  fact.ID             `json:"branch,omitempty"`
	Step    string              `json:"step,omitempty"`
	Typed   map[string][]string `json:"typed,omitempty"`
	Seen    map[string]int64    `json:"seen,omitempty"`
	Files   []File              `json:"files,omitempty"`
	Claim   *claim              `json:"claim,omitempty"`
	Done    *Receipt            `json:"done,omitempty"`
}

func fileName(id string) Name { return Name{"file", id} }

// draftName names the row of a draft. What programs send lies apart, so that neither it nor what people have begun takes the room of the other.
func draftName(id string) Name {
	if strings.HasPrefix(id, sentMark) {
		return Name{"sent", id}
	}
	return Name{"draft", id}
}

// sentMark begins the IDs of SentID, and of no draft else: newID gives capitals.
const sentMark = "load-"

// SentID is the ID for the draft of what a program sends under a key of its own. Its receipt is kept for as long as Keep whatever else is sent, so that what is sent twice is recorded once.
func SentID(owner fact.Who, key string) string {
	return sentMark + fingerprint(string(owner)+"\x00"+key)
}

// NewDraft begins a draft. It takes Owner, Purpose, Record, Branch, Step, Typed and Seen of what it is given; and ID, which is made where it is empty. With an ID that is there
// already it is a fact.ErrStale.
func (d *Desk) NewDraft(ctx context.Context, given Draft) (*Draft, error) {
	now := d.now()
	dr := &Draft{
		ID: cmp.Or(given.ID, newID()), Owner: given.Owner, Version: 1, Made: now,
		Purpose: given.Purpose, Record: given.Record, Branch: given.Branch, Step: given.Step, Typed: given.Typed, Seen: given.Seen,
	}
	if dr.Owner == "" {
		return nil, fmt.Errorf("begin draft: it has no owner: %w", fact.ErrInvalid)
	}
	err := d.put(ctx, dr)
	if errors.Is(err, ErrFull) && draftName(dr.ID).Space == "draft" {
		if err = d.makeRoom(ctx, dr.Owner); err == nil {
			err = d.put(ctx, dr)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("begin draft: %w", err)
	}
	return dr, nil
}

// makeRoom forgets the oldest draft of an owner that is done.
func (d *Desk) makeRoom(ctx context.Context, owner fact.Who) error {
	list, err := d.drafts(ctx, owner)
	if err != nil {
		return err
	}
	for _, dr := range slices.Backward(list) {
		if dr.Done != nil {
			return d.st.Delete(ctx, draftName(dr.ID))
		}
	}
	return fmt.Errorf("%d changes are begun and not finished; finish or discard some of them: %w", len(list), ErrFull)
}

// put writes a draft as it is, and so touches it.
func (d *Desk) put(ctx context.Context, dr *Draft) error {
	c := content{dr.Version, dr.Purpose, dr.Record, dr.Branch, dr.Step, dr.Typed, make(map[string]int64, len(dr.Seen)), dr.Files, dr.claim, dr.Done}
	for k, position := range dr.Seen {
		c.Seen[k.String()] = position
	}
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if len(b) > MaxDraft {
		return fmt.Errorf("what was typed is longer than %d characters in all; leave out some of it: %w", MaxDraft, fact.ErrInvalid)
	}
	dr.Touched = d.now()
	name, most := draftName(dr.ID), MaxDrafts
	if name.Space != "draft" {
		most = MaxSent
	}
	dr.row, err = d.st.Put(ctx, Row{
		Name: name, Version: dr.row, Owner: string(dr.Owner),
		Made: dr.Made, Touched: dr.Touched, Expires: dr.Touched.Add(Keep), Bytes: b,
	}, most)
	return err
}

// read makes a draft of its row.
func read(r Row) (*Draft, error) {
	var c content
	if err := json.Unmarshal(r.Bytes, &c); err != nil {
		return nil, fmt.Errorf("read draft: %v: %w", err, fact.ErrCorrupt)
	}
	dr := &Draft{
		ID: r.Key, Owner: fact.Who(r.Owner), Version: c.Version,
		Purpose: c.Purpose, Record: c.Record, Branch: c.Branch, Step: c.Step, Typed: c.Typed, Files: c.Files,
		Made: r.Made, Touched: r.Touched, Done: c.Done, claim: c.Claim, row: r.Version,
	}
	if dr.Typed == nil {
		dr.Typed = map[string][]string{}
	}
	dr.Seen = make(map[fact.Key]int64, len(c.Seen))
	for s, position := range c.Seen {
		k, err := fact.ParseKey(s)
		if err != nil {
			return nil, fmt.Errorf("read draft: %v: %w", err, fact.ErrCorrupt)
		}
		dr.Seen[k] = position
	}
	return dr, nil
}

// Draft gives a draft to its owner, or fact.ErrNotFound.
func (d *Desk) Draft(ctx context.Context, id string, owner fact.Who) (*Draft, error) {
	r, err := d.get(ctx, draftName(id), owner)
	if err != nil {
		return nil, err
	}
	dr, err := read(r)
	if err != nil {
		return nil, err
	}
	return d.look(ctx, dr), nil
}

// look settles the claim of a draft that is to be shown, if that can be done without waiting.
func (d *Desk) look(ctx context.Context, dr *Draft) *Draft {
	if dr.claim == nil {
		return dr
	}
	dr.Recording = true
	release, _ := d.tryHold(dr.ID)
	if release == nil {
		return dr
	}
	defer release()
	now, err := d.settled(ctx, dr.ID, dr.Owner)
	if err != nil {
		d.Log.Error("whether a change was recorded cannot be found out", "error", err)
		return dr
	}
	return now
}

// Drafts gives the drafts of an owner that are not done, the last touched first. Nobody has none.
func (d *Desk) Drafts(ctx context.Context, owner fact.Who) ([]*Draft, error) {
	if owner == "" { // of whom a store would list all there are
		return nil, nil
	}
	list, err := d.drafts(ctx, owner)
	for i := range list {
		list[i] = d.look(ctx, list[i])
	}
	return slices.DeleteFunc(list, func(dr *Draft) bool { return dr.Done != nil }), err
}

func (d *Desk) drafts(ctx context.Context, owner fact.Who) ([]*Draft, error) {
	rows, err := d.st.List(ctx, "draft", string(owner), MaxDrafts)
	if err != nil {
		return nil, err
	}
	var list []*Draft
	for _, r := range rows {
		if d.expired(r) {
			continue
		}
		dr, err := read(r)
		if err != nil {
			return nil, err
		}
		list = append(list, dr)
	}
	return list, nil
}

// settled gives a draft as it is, with no claim that is open. The caller holds it, so a claim is of a commit that is over: what
// it came to is in the record.
func (d *Desk) settled(ctx context.Context, id string, owner fact.Who) (*Draft, error) {
	r, err := d.get(ctx, draftName(id), owner)
	if err != nil {
		return nil, err
	}
	dr, err := read(r)
	if err != nil || dr.claim == nil {
		return dr, err
	}
	c := dr.claim
	there, err := d.Holds(ctx, c.Last, c.Root)
	if err != nil {
		return nil, fmt.Errorf("find out whether a change was recorded: %w", err)
	}
	dr.claim = nil // where it came to nothing this is not written: the next claim takes its place
	if there {
		d.finish(ctx, dr, Receipt{c.First, c.Last, c.At})
	}
	return dr, nil
}

// finish marks a draft done, and keeps no more of it than is needed to say so. Where that cannot be written the draft is done all the same, since it is
// in the record, and its claim says so to whoever looks next.
func (d *Desk) finish(ctx context.Context, dr *Draft, r Receipt) {
	files := dr.Files
	dr.Done, dr.claim, dr.Typed, dr.Seen, dr.Files = &r, nil, nil, nil, nil
	err := d.put(ctx, dr)
	for _, f := range files {
		if err == nil {
			err = d.st.Delete(ctx, fileName(f.ID)) // those that stay go with the draft
		}
	}
	if err != nil {
		d.Log.Error("a change was recorded, and its draft could not be tidied away", "error", err)
	}
}

// newest gives a draft for writing: the version that the writer saw, or *Stale. The caller holds it.
func (d *Desk) newest(ctx context.Context, seen *Draft) (*Draft, error) {
	now, err := d.settled(ctx, seen.ID, seen.Owner)
	if err == nil && (now.Done != nil || now.Version != seen.Version) {
		err = &Stale{now}
	}
	return now, err
}

// change writes what change makes of the newest version, if it is the one that the writer saw, and brings the writer's up to date.
func (d *Desk) change(ctx context.Context, dr *Draft, change func(now *Draft) error) error {
	release, err := d.hold(ctx, dr.ID)
	if err != nil {
		return err
	}
	defer release()
	now, err := d.newest(ctx, dr)
	if err != nil {
		return err
	}
	if err := change(now); err != nil {
		return err
	}
	now.Version++
	if err := d.put(ctx, now); err != nil {
		return err
	}
	*dr = *now
	return nil
}

// Save writes Purpose, Record, Step, Typed and Seen of a draft, if its Version is the newest; if not, or if the draft is done, the
// error is *Stale.
func (d *Desk) Save(ctx context.Context, dr *Draft) error {
	err := d.change(ctx, dr, func(now *Draft) error {
		now.Purpose, now.Record, now.Step, now.Typed, now.Seen = dr.Purpose, dr.Record, dr.Step, dr.Typed, dr.Seen
		return nil
	})
	return wrap("save draft", err)
}

// Discard deletes a draft and its files. The receipt of one that is done stays.
func (d *Desk) Discard(ctx context.Context, id string, owner fact.Who) error {
	release, err := d.hold(ctx, id)
	if err != nil {
		return err
	}
	defer release()
	now, err := d.settled(ctx, id, owner)
	if err == nil && now.Done == nil {
		err = d.st.Delete(ctx, draftName(id))
	}
	return wrap("discard draft", err)
}

// AddFile puts a file with a draft, under the conditions of Save.
func (d *Desk) AddFile(ctx context.Context, dr *Draft, name string, content []byte) error {
	f := File{newID(), name, len(content)}
	err := d.change(ctx, dr, func(now *Draft) error {
		switch {
		case name == "" || len(name) > maxFileName || !utf8.ValidString(name):
			return fmt.Errorf("the file needs a name of at most %d characters: %w", maxFileName, fact.ErrInvalid)
		case len(content) == 0:
			return fmt.Errorf("the file %q is empty: %w", name, fact.ErrInvalid)
		case len(content) > MaxFile:
			return fmt.Errorf("the file %q is larger than %d MB: %w", name, MaxFile>>20, fact.ErrInvalid)
		case len(now.Files) >= MaxDraftFiles:
			return fmt.Errorf("there are %d files with this change; remove one first: %w", len(now.Files), ErrFull)
		}
		now.Files = append(now.Files, f)
		t := d.now()
		_, err := d.st.Put(ctx, Row{Name: fileName(f.ID), Owner: string(now.Owner), Under: draftName(now.ID), Made: t, Touched: t, Bytes: content}, MaxFiles)
		return err
	})
	return wrap("keep file", err)
}

// RemoveFile deletes a file of a draft, under the conditions of Save.
func (d *Desk) RemoveFile(ctx context.Context, dr *Draft, id string) error {
	err := d.change(ctx, dr, func(now *Draft) error {
		i := slices.IndexFunc(now.Files, func(f File) bool { return f.ID == id })
		if i < 0 {
			return fact.ErrNotFound
		}
		now.Files = slices.Delete(now.Files, i, i+1)
		return nil
	})
	if err == nil {
		err = d.st.Delete(ctx, fileName(id))
	}
	return wrap("remove file", err)
}

// Content gives what is in a file of a draft.
func (d *Desk) Content(ctx context.Context, dr *Draft, id string) ([]byte, error) {
	r, err := d.get(ctx, fileName(id), dr.Owner)
	if err == nil && r.Under != draftName(dr.ID) {
		err = fact.ErrNotFound
	}
	return r.Bytes, wrap("read file", err)
}

// Commit puts a draft into the record, once. write does so; it must have claim called before anything is written. The draft is
// brought up to date: on success it is done.
//
// Where the draft is done already the receipt is that of the first time, and write is not called. Where the writer did not see the newest version
// the error is *Stale. Where write fails, it is found out whether the entries are in the record all the same; if not, the error is that of
// write, and the draft can be committed again.
func (d *Desk) Commit(ctx context.Context, dr *Draft, write func(ctx context.Context, claim Claim) (Receipt, error)) (Receipt, error) {
	release, err := d.hold(ctx, dr.ID)
	if err != nil {
		return Receipt{}, err
	}
	defer release()
	now, err := d.newest(ctx, dr)
	if now != nil && now.Done != nil {
		*dr = *now
		return *now.Done, nil
	}
	if err != nil {
		return Receipt{}, wrap("commit draft", err)
	}
	r, err := write(ctx, func(first, last int64, root fact.Hash) error {
		now.claim = &claim{first, last, root, d.now()}
		return d.put(ctx, now)
	})
	// From here on whoever asked may go away, and what was done is still noted.
	ctx = context.WithoutCancel(ctx)
	switch {
	case err == nil:
		r.At = d.now()
		d.finish(ctx, now, r)
	case now.claim != nil:
		after, serr := d.settled(ctx, dr.ID, dr.Owner)
		if serr != nil {
			return Receipt{}, fmt.Errorf("%w; and whether it was recorded could not be found out: %v", err, serr)
		}
		if after.Done == nil {
			return Receipt{}, err
		}
		now, r = after, *after.Done
	default:
		return Receipt{}, err
	}
	*dr = *now
	return r, nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
