package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// fieldRead narrows the changes of a proposal to those that the reader has not read.
const (
	fieldRead  = "unread"
	inputRead  = "read"
	inputShown = "shown"
)

// proposalChangesPage lists what a proposal would change, and what of it the reader has read.
type proposalChangesPage struct {
	*comparePage
	Read   string // "You have read 4 of 6 changes."
	Unread *link
	Action string // where it is sent what was read; empty where nobody can
	Do     []link
}

// changesPage shows what the proposal would change, each record once, with what it does to statutory roles.
func (p *proposal) changesPage(r *http.Request) (*page, error) {
	l := p.l
	body := &proposalChangesPage{comparePage: &comparePage{}}
	page := p.page("proposalchanges", "Changes", partChanges, body)
	page.Wide = true
	c := p.changes()
	kinds := l.other.Get(fieldWhat)
	if k := l.View.Kinds().Kind(fact.KindName(kinds)); k != nil {
		c = report.ChangesBetween(p.s.Pack, p.before.View, p.after.View, k.Name)
	}
	nothing := "No changes yet."
	if kinds != "" {
		nothing = "No changes of this kind."
	}
	marks, marked, err := p.marks(r)
	if err != nil {
		return nil, err
	}
	if unread := l.other.Get(fieldRead) == "yes"; marked {
		all := changes(p.before, p.after, numberedAll(c))
		done := 0
		var left []report.Change
		for i, row := range all {
			if marks[row.digest()] {
				done++
			} else {
				left = append(left, c.Rows[i])
			}
		}
		if len(all) > 0 {
			body.Read = fmt.Sprintf("You have read %d of %s.", done, count(len(all), "change", "changes"))
			body.Unread = &link{"Show only unread", l.with(fieldRead, "yes")}
			if unread {
				body.Unread = &link{"Show all", l.with(fieldRead, "")}
				c.Rows = left
				nothing = "You have read them all."
			}
		}
	}
	body.Between = ""
	p.s.compared(l, page, body.comparePage, comparison{p.before, p.after, c, "Now", "Proposed", nothing}, r.URL.Query().Get(fieldPage))
	if body.Filter != nil && len(body.Filter.What) > 1 {
		body.Filter.What[0].Text = "Everything that it would change"
		body.Filter.What = slices.Delete(body.Filter.What, 1, 2)
		body.Filter.Clear = nil
		if len(body.Filter.Chosen) > 0 {
			body.Filter.Clear = &link{"Show all changes", p.part(partChanges)}
		}
	}
	if body.Table != nil {
		p.tell(body.Table, marks, marked)
		if marked {
			body.Action = p.part(partChanges)
		}
	}
	if p.may() && p.open() {
		body.Do = []link{{"Look at the structure under this proposal to change more", l.here(func(c *look) { c.path, c.other, c.proposal = "/structure/posts", nil, string(p.key.ID) })}}
	}
	return page, nil
}

// changes are all that the proposal would change as it is looked at.
func (p *proposal) changes() report.Changes {
	return keep(p.after, keptChanges{p.before.View.On(), p.before.View.Known(), "proposal"}, func() report.Changes {
		return report.ChangesBetween(p.s.Pack, p.before.View, p.after.View)
	})
}

func numberedAll(c report.Changes) []numbered {
	all := make([]numbered, len(c.Rows))
	for i := range c.Rows {
		all[i] = numbered{i + 1, &c.Rows[i]}
	}
	return all
}

// tell adds to changes what the reader has read, and what is said of each.
func (p *proposal) tell(t *changesTable, marks map[string]bool, marked bool) {
	said := map[fact.Key]int{}
	for _, c := range report.CommentsOf(p.l.View, p.key.ID) {
		said[c.About]++
	}
	t.Marks = true
	for i := range t.Rows {
		row := &t.Rows[i]
		if marked {
			d := row.digest()
			row.Read = &readMark{row.ID, d, kind.Lower(row.Word) + " " + row.What.Text, marks[d]}
		}
		text := "Comment"
		if n := said[row.key]; n > 0 {
			text = count(n, "comment", "comments")
		}
		row.More = &link{text, p.part(partComment, fieldAbout, row.key.String())}
	}
}

// marks gives what the reader has read; ok is false for whom nothing is kept.
func (p *proposal) marks(r *http.Request) (marks map[string]bool, ok bool, err error) {
	if p.s.Desk == nil || !p.l.present() || p.l.public() {
		return nil, false, nil
	}
	marks, err = p.s.Desk.Marks(r.Context(), p.s.whoIs(r), p.key.String())
	return marks, err == nil, err
}

// digest names a change as it reads now: changed again it is another, and not read.
func (r *changeRow) digest() string {
	var b strings.Builder
	for _, s := range []string{r.key.String(), r.Word, r.side(r.Before), r.side(r.After), r.Note} {
		b.WriteString(s + "\x00")
	}
	for _, e := range r.Effects {
		b.WriteString(e.Text + "\x00")
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:12])
}

// markRead takes which of the changes that were shown are read.
func (p *proposal) markRead(f *sent) error {
	read := f.typed[inputRead]
	unread := slices.DeleteFunc(slices.Clone(f.typed[inputShown]), func(s string) bool { return slices.Contains(read, s) })
	for _, s := range slices.Concat(read, unread) {
		if b, err := hex.DecodeString(s); err != nil || len(b) != 12 {
			return &trouble{kind: fact.ErrInvalid, text: "What was sent does not belong to this page. Go back and send it again.", links: []link{{"Changes", p.part(partChanges)}}}
		}
	}
	err := p.s.Desk.Mark(f.r.Context(), p.s.whoIs(f.r), p.key.String(), read, unread)
	if errors.Is(err, desk.ErrFull) {
		return &trouble{kind: fact.ErrInvalid, text: "You have marked more than can be kept. Nothing in the record was affected.", links: []link{{"Changes", p.part(partChanges)}}}
	}
	if err != nil {
		return err
	}
	redirect(f.w, f.r, p.part(partChanges), http.StatusSeeOther)
	return nil
}
