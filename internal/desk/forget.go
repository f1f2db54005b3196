package desk

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"plumbline/internal/fact"
)

// forgetful are the spaces in which words of the record may lie, beside that of files; keeping are those in which they do not: accounts with what belongs to them, which are erased by
// themselves, and sessions, what programs sent and what was marked as read, of which nothing is kept that was typed. Files that the record names go with the entries that name them: their fingerprint is then among the words. TestEverySpaceForgetsOrNot finds one that is in neither.
var (
	forgetful = []string{"draft", "job", "card", "held", "token", "reply", "answering"}
	keeping   = []string{"account", "email", "subject", "invitation", "ask", "session", "signed-in", "sent", "file", "erasing", "mark", "kept", "bytes"}
)

// Forget is what an erasure takes from the desk.
type Forget struct {
	Words   []string `json:"words"`
	But     string   `json:"but,omitempty"`     // the id of the draft that erases, which stays to say so and must hold no such word
	Choices []string `json:"choices,omitempty"` // inputs whose values the caller wrote and nobody typed: names of steps and of fields
}

// erasing is an erasure between its beginning and its end, as its row says.
type erasing struct {
	Forget
	Claim *claim `json:"claim,omitempty"`
}

func erasingName(id string) Name { return Name{"erasing", id} }

// Erase takes words out of the record, by write, which must have claim called before anything is written, and then everything from the desk in which they stand:
// drafts and their files, what became of jobs, cards, forms that came too late, names of tokens; and the files that the record named there and names no longer. When it returns nil no byte of them is left in the store's files.
//
// What is to go is noted before the record is touched. So if the program ends between the two, the next start finds the note, asks the record whether
// the erasure is in it, and does the rest; until then the note holds the words. Where only the desk failed, the receipt comes with the error.
func (d *Desk) Erase(ctx context.Context, forget Forget, write func(ctx context.Context, claim Claim) (Receipt, error)) (Receipt, error) {
	ctx = context.WithoutCancel(ctx) // half of it is no good to anybody
	note := erasing{Forget: forget}
	n := erasingName(newID())
	version, err := d.noteErasing(ctx, n, 0, note)
	if err != nil {
		return Receipt{}, fmt.Errorf("note erasure: %w", err)
	}
	d.mark(n, true)
	defer d.mark(n, false)
	r, err := write(ctx, func(first, last int64, root fact.Hash) (err error) {
		note.Claim = &claim{first, last, root, d.now()}
		version, err = d.noteErasing(ctx, n, version, note)
		return err
	})
	if err == nil {
		return r, wrap("remove erased words from the desk", d.forgetWords(ctx, n, note.Forget))
	}
	if serr := d.finishErasing(ctx, n, note); serr != nil {
		err = fmt.Errorf("%w; and what it left at the desk could not be removed: %v", err, serr)
	}
	return r, err
}

func (d *Desk) noteErasing(ctx context.Context, n Name, version int64, e erasing) (int64, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return version, err
	}
	now := d.now()
	return d.st.Put(ctx, Row{Name: n, Version: version, Owner: everybody, Made: now, Touched: now, Bytes: b}, 0)
}

// mark says that this program is at work on an erasure, or is no longer.
func (d *Desk) mark(n Name, working bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if working {
		d.erasing = append(d.erasing, n)
	} else {
		d.erasing = slices.DeleteFunc(d.erasing, func(x Name) bool { return x == n })
	}
}

// finishErasings brings to an end what a program that ended amid an erasure left.
func (d *Desk) finishErasings(ctx context.Context) error {
	rows, err := d.st.List(ctx, "erasing", everybody, math.MaxInt32)
	if err != nil {
		return err
	}
	for _, r := range rows {
		d.mu.Lock()
		working := slices.Contains(d.erasing, r.Name)
		d.mu.Unlock()
		var note erasing
		if err := json.Unmarshal(r.Bytes, &note); err != nil {
			return fmt.Errorf("read what is being erased: %v: %w", err, fact.ErrCorrupt)
		}
		if !working {
			if err := d.finishErasing(ctx, r.Name, note); err != nil {
				return err
			}
		}
	}
	return nil
}

// finishErasing asks the record whether an erasure is in it, and forgets the words if it is. If not, nothing was erased, and the note alone goes.
func (d *Desk) finishErasing(ctx context.Context, n Name, e erasing) error {
	there := false
	if c := e.Claim; c != nil {
		var err error
		if there, err = d.Holds(ctx, c.Last, c.Root); err != nil {
			return err
		}
	}
	if there {
		return d.forgetWords(ctx, n, e.Forget)
	}
	if err := d.st.Delete(ctx, n); err != nil {
		return err
	}
	return d.st.Scrub(ctx)
}

// forgetWords removes everything in which one of some words stands, and then the note that says so.
func (d *Desk) forgetWords(ctx context.Context, n Name, f Forget) error {
	for _, space := range forgetful {
		rows, err := d.st.List(ctx, space, "", math.MaxInt32)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Name == draftName(f.But) {
				continue
			}
			if text, err := typedIn(r, f.Choices); err == nil && !says(text, f.Words) {
				continue
			}
			remove := d.st.Delete
			switch space {
			case "token":
				remove = d.unname
			case "reply", "answering":
				remove = func(ctx context.Context, _ Name) error { return d.unsay(ctx, r, f.Words) }
			}
			if err := remove(ctx, r.Name); err != nil {
				return err
			}
		}
	}
	files, err := d.st.List(ctx, "file", "", math.MaxInt32)
	if err != nil {
		return err
	}
	for _, file := range files {
		if text, err := textOf(file.Bytes); err != nil || says(text, f.Words) { // without its file a draft is of no use
			if err := errors.Join(d.st.Delete(ctx, file.Under), d.st.Delete(ctx, file.Name)); err != nil {
				return err
			}
		}
	}
	if err := d.forgetFiles(ctx, f.Words); err != nil {
		return err
	}
	if err := d.st.Delete(ctx, n); err != nil {
		return err
	}
	return d.st.Scrub(ctx)
}

// typedIn gives what was typed of that which is in a row, and the ids of records in it: not the names that the program itself gives to things. An error is that it cannot be looked
// into, and must be taken to hold any word.
func typedIn(r Row, choices []string) (string, error) {
	var out strings.Builder
	switch r.Space {
	case "draft":
		dr, err := read(r)
		if err != nil {
			return "", err
		}
		for input, values := range dr.Typed {
			if !slices.Contains(choices, input) {
				note(&out, values...)
			}
		}
		note(&out, string(dr.Record.ID))
		for k := range dr.Seen {
			note(&out, string(k.ID))
		}
		for _, f := range dr.Files {
			note(&out, f.Name)
		}
	case "job":
		var j Job
		if err := json.Unmarshal(r.Bytes, &j); err != nil {
			return "", err
		}
		note(&out, j.Title, j.Step, j.Result, j.Failure)
	case "token":
		t, err := readToken(r)
		if err != nil {
			return "", err
		}
		return t.Name, nil
	case "held", "reply", "answering": // whose names of fields are the program's own
		var v any
		if err := json.Unmarshal(r.Bytes, &v); err != nil {
			return "", err
		}
		gather(&out, v, false, choices...)
	default:
		return textOf(r.Bytes)
	}
	return out.String(), nil
}

// says reports whether one of some words stands in a text, whatever their case and whatever is between them.
func says(text string, words []string) bool {
	text = squash(text)
	return slices.ContainsFunc(words, func(w string) bool {
		w = squash(w)
		return strings.TrimSpace(w) != "" && strings.Contains(text, w)
	})
}

// squash leaves of a text its letters and digits, with one space around each word.
func squash(s string) string {
	return " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ") + " "
}

// mostUnpacked is how much of a packed file is looked into, in bytes.
const mostUnpacked = 200 << 20

// textOf gives the text in a row: the strings and names of JSON, the parts of a packed file (a spreadsheet is one) without their markup, or the bytes as they are.
func textOf(b []byte) (string, error) {
	var v any
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return unpacked(b)
	case json.Unmarshal(b, &v) == nil:
		var out strings.Builder
		gather(&out, v, true)
		return out.String(), nil
	case !isText(b):
		return "", fmt.Errorf("it is no text: %w", fact.ErrInvalid)
	}
	return string(b), nil
}

func isText(b []byte) bool { return !bytes.Contains(b, []byte{0}) }

// gather writes the strings of a JSON value, with the names in it or without, and but for what stands under some names.
func gather(out *strings.Builder, v any, names bool, but ...string) {
	switch v := v.(type) {
	case string:
		note(out, v)
	case []any:
		for _, x := range v {
			gather(out, x, names, but...)
		}
	case map[string]any:
		for name, x := range v {
			if slices.Contains(but, name) {
				continue
			}
			if names {
				note(out, name)
			}
			gather(out, x, names, but...)
		}
	}
}

// note writes texts, and, where one is an address, what it means.
func note(out *strings.Builder, texts ...string) {
	for _, s := range texts {
		out.WriteString(s + "\n")
		if plain, err := url.QueryUnescape(s); err == nil && plain != s {
			out.WriteString(plain + "\n")
		}
	}
}

func unpacked(b []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return "", err
		}
		part, err := io.ReadAll(io.LimitReader(r, int64(mostUnpacked-out.Len())))
		r.Close()
		if err != nil {
			return "", err
		}
		if out.Len()+len(part) >= mostUnpacked {
			return "", fmt.Errorf("it is larger than %d bytes: %w", mostUnpacked, fact.ErrInvalid)
		}
		plain, apart := markup(part)
		out.WriteString(f.Name + "\n" + plain + "\n" + apart + "\n")
	}
	return out.String(), nil
}

// markup gives a text without what stands between < and >, once with nothing in its place, since a word may go on behind it, and once with a line break.
func markup(b []byte) (joined, apart string) {
	var j, a strings.Builder
	in := false
	for _, c := range b {
		switch {
		case c == '<':
			in = true
			a.WriteByte('\n')
		case c == '>':
			in = false
		case !in:
			j.WriteByte(c)
			a.WriteByte(c)
		}
	}
	return entities.Replace(j.String()), entities.Replace(a.String())
}

var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'")
