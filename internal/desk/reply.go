package desk

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"plumbline/internal/fact"
)

// Limits on what comes in from people who need no account. Nobody can make a desk, or a record, grow beyond them.
const (
	KeepReply     = 183 * 24 * time.Hour     // from the close of what is replied to: whoever reads the replies has so long
	KeepAnswering = 14 * 24 * time.Hour      // since it was last touched
	keepReference = 24 * time.Hour           // that of a reply that was sent, for whoever sends it again
	keepAdmitted  = 2 * 366 * 24 * time.Hour // that a reply was admitted, so that it can be taken back by its reference
	MaxReplies    = 10_000                   // to one consultation
	MaxAnswering  = 2_000                    // begun and not sent, to one consultation
	MaxAnswer     = 4_000                    // characters of one answer
	maxReply      = 24 << 10                 // bytes of all answers
)

// Answers is what somebody says in reply to a consultation.
type Answers struct {
	Of    string `json:"of"`              // the consultation, as the caller names it
	As    string `json:"as,omitempty"`    // the version of what they were asked about
	Said  []Said `json:"said,omitempty"`  // in the order of the questions
	Group string `json:"group,omitempty"` // to which people they belong, in a word of the caller's
	Quote string `json:"quote,omitempty"` // whether they may be quoted, so too
	Name  string `json:"name,omitempty"`  // if they want to be named
	Way   string `json:"way,omitempty"`   // how it came in
}

// Said is the answer to one question.
type Said struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// Answer gives the answer to a question.
func (a *Answers) Answer(question string) string {
	i := slices.IndexFunc(a.Said, func(s Said) bool { return s.Question == question })
	if i < 0 {
		return ""
	}
	return a.Said[i].Answer
}

// Answering is a reply while it is written. Whoever has its secret can go on with it.
type Answering struct {
	Answers
	Reference string `json:"reference,omitempty"` // that it gets, once it is to be sent
	Sent      bool   `json:"sent,omitempty"`

	key string
	row int64
}

// ReplyState says what became of a reply.
type ReplyState string

// The states of a reply. One that was taken back is not there.
const (
	Unread   ReplyState = ""
	Read     ReplyState = "read"
	Admitted ReplyState = "admitted" // it is in the record, and its words are no longer here
	Refused  ReplyState = "refused"
)

// Reply is a reply as it came in, with what whoever reads it makes of it. Only an admitted one is in the record.
type Reply struct {
	Answers
	ID      string     `json:"-"`
	Version int64      `json:"-"` // goes up with every change; a form carries it
	At      time.Time  `json:"-"`
	Expires time.Time  `json:"-"`
	State   ReplyState `json:"state,omitempty"`
	Themes  []string   `json:"themes,omitempty"`
	Text    string     `json:"text,omitempty"` // as it is to stand in the record
	Why     string     `json:"why,omitempty"`  // it is refused
	Record  string     `json:"record,omitempty"`
	// TakenBack says that whoever replied took it back after it was admitted.
	TakenBack bool   `json:"taken_back,omitempty"`
	Claim     *claim `json:"claim,omitempty"`
}

func answeringName(secret string) Name { return Name{"answering", fingerprint(secret)} }

func replyName(id string) Name { return Name{"reply", id} }

// referenceLetters are told apart when they are read aloud or copied by hand, and make no words.
const (
	referenceLetters = "BCDFGHJKMNPQRSTVWXYZ234567"
	referenceLength  = 10
)

// newReference makes what is given to whoever replies, once. It is kept for a day, and after that as a fingerprint alone.
func newReference() string {
	var out []byte
	for len(out) < referenceLength {
		for _, c := range []byte(rand.Text()) {
			if strings.IndexByte(referenceLetters, c) >= 0 && len(out) < referenceLength {
				out = append(out, c)
			}
		}
	}
	return string(out)
}

// plainReference reads a reference as people write it: in small letters, with spaces or dashes.
func plainReference(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(referenceLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(s))
}

// replyID names a reply by its reference, which cannot be found out from it.
func replyID(of, reference string) string { return fingerprint("reply to " + of + "\x00" + reference) }

// check says what is wrong with answers.
func (a *Answers) check() error {
	if a.Of == "" {
		return fmt.Errorf("it replies to nothing: %w", fact.ErrInvalid)
	}
	n := len(a.Name) + len(a.Group) + len(a.Quote) + len(a.As) + len(a.Way)
	for _, s := range a.Said {
		if utf8.RuneCountInString(s.Answer) > MaxAnswer {
			return fmt.Errorf("an answer is longer than %d characters; leave out some of it: %w", MaxAnswer, fact.ErrInvalid)
		}
		n += len(s.Question) + len(s.Answer)
	}
	if n > maxReply {
		return fmt.Errorf("what was typed is longer than %d characters in all; leave out some of it: %w", maxReply, fact.ErrInvalid)
	}
	return nil
}

// BeginReply keeps the first answers of somebody, and gives the secret with which they go on.
func (d *Desk) BeginReply(ctx context.Context, a Answers) (secret string, err error) {
	secret = newSecret()
	if err := a.check(); err != nil {
		return "", fmt.Errorf("begin reply: %w", err)
	}
	x := Answering{Answers: a, key: answeringName(secret).Key}
	err = d.putAnswering(ctx, &x, KeepAnswering, MaxAnswering)
	if errors.Is(err, ErrFull) {
		if err = d.dropAnswering(ctx, a.Of); err == nil {
			err = d.putAnswering(ctx, &x, KeepAnswering, MaxAnswering)
		}
	}
	return secret, wrap("begin reply", err)
}

// How many replies that were begun make room for others, where there is none, and how long nobody has touched them: whoever begins very many keeps others from beginning for so long at most.
const (
	dropAtOnce = 100
	dropAfter  = time.Hour
)

// dropAnswering forgets those of the replies begun to a consultation that nobody has touched for longest.
func (d *Desk) dropAnswering(ctx context.Context, of string) error {
	rows, err := d.st.List(ctx, "answering", of, math.MaxInt32)
	if err != nil {
		return err
	}
	for i, r := range slices.Backward(rows) {
		if i < len(rows)-dropAtOnce || d.now().Sub(r.Touched) < dropAfter {
			break
		}
		if err := d.st.Delete(ctx, r.Name); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) putAnswering(ctx context.Context, x *Answering, keep time.Duration, most int) error {
	b, err := json.Marshal(x)
	if err != nil {
		return err
	}
	now := d.now()
	x.row, err = d.st.Put(ctx, Row{Name: Name{"answering", x.key}, Version: x.row, Owner: x.Of, Made: now, Touched: now, Expires: now.Add(keep), Bytes: b}, most)
	return err
}

// Answering gives a reply that is being written, or was sent a short while ago, to whoever has its secret; or fact.ErrNotFound.
func (d *Desk) Answering(ctx context.Context, of, secret string) (*Answering, error) {
	r, err := d.get(ctx, answeringName(secret), fact.Who(of))
	if err != nil {
		return nil, err
	}
	x := Answering{key: r.Key, row: r.Version}
	if err := json.Unmarshal(r.Bytes, &x); err != nil {
		return nil, fmt.Errorf("read reply: %v: %w", err, fact.ErrCorrupt)
	}
	return &x, nil
}

// Answer changes what is being written. Of a reply that was sent nothing changes any more: that is fact.ErrStale.
func (d *Desk) Answer(ctx context.Context, of, secret string, change func(*Answers)) error {
	release, err := d.hold(ctx, answeringName(secret).Key)
	if err != nil {
		return err
	}
	defer release()
	x, err := d.Answering(ctx, of, secret)
	if err != nil {
		return err
	}
	if x.Reference != "" {
		return fmt.Errorf("change reply: it was sent: %w", fact.ErrStale)
	}
	change(&x.Answers)
	if x.Of = of; x.Answers.check() != nil {
		return fmt.Errorf("change reply: %w", x.Answers.check())
	}
	return wrap("change reply", d.putAnswering(ctx, x, KeepAnswering, 0))
}

// GoOn gives a reply that is being written another secret, and the one that it had leads nowhere.
func (d *Desk) GoOn(ctx context.Context, of, secret string) (string, error) {
	release, err := d.hold(ctx, answeringName(secret).Key)
	if err != nil {
		return "", err
	}
	defer release()
	x, err := d.Answering(ctx, of, secret)
	if err != nil {
		return "", err
	}
	if x.Reference != "" {
		return "", fmt.Errorf("go on with reply: it was sent: %w", fact.ErrNotFound)
	}
	was, other := answeringName(secret), newSecret()
	x.key, x.row = answeringName(other).Key, 0
	if err := d.putAnswering(ctx, x, KeepAnswering, 0); err != nil {
		return "", fmt.Errorf("go on with reply: %w", err)
	}
	return other, wrap("go on with reply", d.st.Delete(ctx, was))
}

// SendReply sends what was written, and gives the reference by which whoever wrote it can take it back. Sent twice, it is one reply and one reference, through crashes too: the
// reference is noted first, and the reply is called by it. closes is the last moment at which anybody can reply, from which on it is kept for KeepReply.
func (d *Desk) SendReply(ctx context.Context, of, secret string, closes time.Time) (reference string, err error) {
	release, err := d.hold(ctx, answeringName(secret).Key)
	if err != nil {
		return "", err
	}
	defer release()
	x, err := d.Answering(ctx, of, secret)
	switch {
	case err != nil:
		return "", err
	case x.Sent:
		return x.Reference, nil
	case x.Reference == "":
		x.Reference = newReference()
		if err := d.putAnswering(ctx, x, KeepAnswering, 0); err != nil {
			return "", fmt.Errorf("send reply: %w", err)
		}
	}
	r := Reply{Answers: x.Answers, ID: replyID(of, x.Reference)}
	if r.Expires = closes.Add(KeepReply); r.Expires.Before(d.now().Add(KeepReply)) {
		r.Expires = d.now().Add(KeepReply)
	}
	if err := d.putReply(ctx, &r, MaxReplies); err != nil && !errors.Is(err, fact.ErrStale) { // else it was kept, and that could not be noted
		if errors.Is(err, ErrFull) {
			x.Reference = "" // it can still be changed, and sent when there is room
			_ = d.putAnswering(ctx, x, KeepAnswering, 0)
		}
		return "", fmt.Errorf("send reply: %w", err)
	}
	x.Answers, x.Sent = Answers{Of: of}, true
	if err := d.putAnswering(ctx, x, keepReference, 0); err != nil { // it is sent all the same, and whoever sends it again gets the same reference
		d.Log.Error("a reply was kept, and what it was written from could not be tidied away", "error", err)
	}
	return x.Reference, nil
}

func (d *Desk) putReply(ctx context.Context, r *Reply, most int) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	now := d.now()
	if r.At.IsZero() {
		r.At = now
	}
	r.Version, err = d.st.Put(ctx, Row{Name: replyName(r.ID), Version: r.Version, Owner: r.Of, Made: r.At, Touched: now, Expires: r.Expires, Bytes: b}, most)
	return err
}

func readReply(row Row) (*Reply, error) {
	r := Reply{ID: row.Key, Version: row.Version, At: row.Made, Expires: row.Expires}
	if err := json.Unmarshal(row.Bytes, &r); err != nil {
		return nil, fmt.Errorf("read reply: %v: %w", err, fact.ErrCorrupt)
	}
	r.Of = row.Owner
	return &r, nil
}

// Reply gives a reply to a consultation, or fact.ErrNotFound.
func (d *Desk) Reply(ctx context.Context, of, id string) (*Reply, error) {
	release, err := d.hold(ctx, id)
	if err != nil {
		return nil, err
	}
	defer release()
	return d.settledReply(ctx, of, id)
}

// Replies gives the replies to a consultation, the first first. Of one that is being admitted at this moment it says what it was before.
func (d *Desk) Replies(ctx context.Context, of string) ([]*Reply, error) {
	if of == "" { // of which a store would list all there are
		return nil, nil
	}
	rows, err := d.st.List(ctx, "reply", of, math.MaxInt32)
	if err != nil {
		return nil, wrap("list replies", err)
	}
	var out []*Reply
	for _, row := range rows {
		if d.expired(row) {
			continue
		}
		r, err := readReply(row)
		if err != nil {
			return nil, err
		}
		out = append(out, d.lookReply(ctx, r))
	}
	slices.SortFunc(out, func(a, b *Reply) int { return a.At.Compare(b.At) })
	return out, nil
}

// lookReply settles the claim of a reply that is to be shown, if that can be done without waiting.
func (d *Desk) lookReply(ctx context.Context, r *Reply) *Reply {
	if r.Claim == nil {
		return r
	}
	release, _ := d.tryHold(r.ID)
	if release == nil {
		return r
	}
	defer release()
	now, err := d.settledReply(ctx, r.Of, r.ID)
	if err != nil {
		d.Log.Error("whether a reply was recorded cannot be found out", "error", err)
		return r
	}
	return now
}

// settledReply gives a reply as it is, with no claim that is open. The caller holds it.
func (d *Desk) settledReply(ctx context.Context, of, id string) (*Reply, error) {
	row, err := d.get(ctx, replyName(id), fact.Who(of))
	if err != nil {
		return nil, err
	}
	r, err := readReply(row)
	if err != nil || r.Claim == nil {
		return r, err
	}
	there, err := d.Holds(ctx, r.Claim.Last, r.Claim.Root)
	if err != nil {
		return nil, fmt.Errorf("find out whether a reply was recorded: %w", err)
	}
	if there {
		d.finishReply(ctx, r)
	} else {
		r.Claim = nil
	}
	return r, nil
}

// finishReply marks a reply as admitted. Its words are in the record now, in the form in which they were admitted, and go from here. Where that cannot be written it is done by whoever looks next.
func (d *Desk) finishReply(ctx context.Context, r *Reply) {
	r.State, r.Claim, r.Text, r.Themes, r.Answers = Admitted, nil, "", nil, Answers{Of: r.Of, Group: r.Group}
	r.Expires = d.now().Add(keepAdmitted)
	if err := d.putReply(ctx, r, 0); err != nil {
		d.Log.Error("a reply was recorded, and its words could not be tidied away", "error", err)
	}
}

// CodeReply changes State, Themes, Text and Why of a reply that is not admitted, if its Version is the newest; else the error is fact.ErrStale.
func (d *Desk) CodeReply(ctx context.Context, r *Reply) error {
	release, err := d.hold(ctx, r.ID)
	if err != nil {
		return err
	}
	defer release()
	now, err := d.settledReply(ctx, r.Of, r.ID)
	if err != nil {
		return wrap("code reply", err)
	}
	if now.Version != r.Version || now.State == Admitted || r.State == Admitted {
		return fmt.Errorf("code reply: %w", fact.ErrStale)
	}
	now.State, now.Themes, now.Text, now.Why = r.State, r.Themes, r.Text, r.Why
	if err := d.putReply(ctx, now, 0); err != nil {
		return wrap("code reply", err)
	}
	*r = *now
	return nil
}

// AdmitReply puts a reply into the record under an id, once, as Commit does a draft: write must have claim called before anything is written. Afterwards no word of it is left here. Admitted twice
// it is admitted once; where its Version is not the newest the error is fact.ErrStale.
func (d *Desk) AdmitReply(ctx context.Context, r *Reply, id string, write func(ctx context.Context, claim Claim) (Receipt, error)) error {
	release, err := d.hold(ctx, r.ID)
	if err != nil {
		return err
	}
	defer release()
	now, err := d.settledReply(ctx, r.Of, r.ID)
	switch {
	case err != nil:
		return wrap("admit reply", err)
	case now.State == Admitted:
		*r = *now
		return nil
	case now.Version != r.Version:
		return fmt.Errorf("admit reply: %w", fact.ErrStale)
	}
	_, err = write(ctx, func(first, last int64, root fact.Hash) error {
		now.Claim, now.Record = &claim{first, last, root, d.now()}, id
		return d.putReply(ctx, now, 0)
	})
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		if now.Claim == nil {
			return err
		}
		after, serr := d.settledReply(ctx, r.Of, r.ID)
		if serr != nil {
			return fmt.Errorf("%w; and whether it was recorded could not be found out: %v", err, serr)
		}
		if after.State != Admitted {
			return err
		}
		*r = *after
		return d.st.Scrub(ctx)
	}
	d.finishReply(ctx, now)
	*r = *now
	return wrap("remove what was admitted from the desk", d.st.Scrub(ctx))
}

// TakeBack takes a reply back for whoever has its reference, at any time. It is fact.ErrNotFound where there is none. Of one that was admitted it is noted, since the record is for others to change,
// and admitted is true; of any other no byte is left.
func (d *Desk) TakeBack(ctx context.Context, of, reference string) (admitted bool, err error) {
	if reference = plainReference(reference); len(reference) != referenceLength {
		return false, fmt.Errorf("take reply back: %w", fact.ErrNotFound)
	}
	id := replyID(of, reference)
	release, err := d.hold(ctx, id)
	if err != nil {
		return false, err
	}
	defer release()
	r, err := d.settledReply(ctx, of, id)
	if err != nil {
		return false, wrap("take reply back", err)
	}
	if r.State == Admitted {
		r.TakenBack = true
		return true, wrap("take reply back", d.putReply(ctx, r, 0))
	}
	if err := d.st.Delete(ctx, replyName(id)); err != nil {
		return false, wrap("take reply back", err)
	}
	return false, wrap("take reply back", d.st.Scrub(ctx))
}

// leftOut stands in the place of an answer that an erasure took away.
const leftOut = "(Removed, because personal data was erased.)"

// unsay takes from a reply, or from one that is being written, the answers in which one of some words stands. The others are somebody's, too, and stay.
func (d *Desk) unsay(ctx context.Context, row Row, words []string) error {
	strike := func(a *Answers) {
		for i := range a.Said {
			if says(a.Said[i].Answer, words) || says(a.Said[i].Question, words) {
				a.Said[i] = Said{a.Said[i].Question, leftOut}
			}
			if says(a.Said[i].Question, words) {
				a.Said[i].Question = "?"
			}
		}
		if says(a.Name, words) {
			a.Name, a.Quote = "", ""
		}
	}
	var b []byte
	var err error
	switch row.Space {
	case "reply":
		var r *Reply
		if r, err = readReply(row); err == nil {
			strike(&r.Answers)
			if says(r.Text, words) {
				r.Text = ""
			}
			if says(r.Why, words) {
				r.Why = leftOut
			}
			b, err = json.Marshal(r)
		}
	default:
		var x Answering
		if err = json.Unmarshal(row.Bytes, &x); err == nil {
			strike(&x.Answers)
			b, err = json.Marshal(x)
		}
	}
	if err != nil {
		return d.st.Delete(ctx, row.Name) // what cannot be read may hold any word
	}
	row.Bytes = b
	_, err = d.st.Put(ctx, row, 0)
	if errors.Is(err, fact.ErrStale) { // it was changed at this moment: it is looked at again
		if row, err = d.st.Get(ctx, row.Name); err == nil {
			return d.unsay(ctx, row, words)
		}
	}
	if errors.Is(err, fact.ErrNotFound) {
		return nil
	}
	return err
}
