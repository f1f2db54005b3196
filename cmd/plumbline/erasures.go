package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

type erasuresCmd struct {
	Record string `arg:"" help:"The file that holds the record."`
	Format string `enum:"text,json" default:"text" help:"How to write it: ${enum}. json is what \"plumbline erase --again\" reads."`
}

func (erasuresCmd) Help() string {
	return "Lists everything that was ever erased: from which entry, which fields, when and on which ground. It says nothing of what was erased. Keep the list with your backups: an older copy of the record still holds those words, and \"plumbline erase --again\" removes them from it.\n\nExample:\n  plumbline erasures council.db --format json > erasures.json\n  plumbline erase restored.db --again erasures.json"
}

// erasedList is a list of erasures as a file.
type erasedList struct {
	Format   string   `json:"plumbline"` // "erasures/1"
	Origin   string   `json:"origin"`    // of the record
	Erasures []erased `json:"erasures"`
}

const erasuresFormat = "erasures/1"

// erased is one erasure of one entry.
type erased struct {
	Entry   int64    `json:"entry"`            // from which something was removed
	Root    string   `json:"root"`             // of its body, by which it is known in another copy
	Fields  []string `json:"fields,omitempty"` // none means all
	On      string   `json:"on"`
	Ground  string   `json:"ground,omitempty"`
	Reason  string   `json:"reason"`
	Asked   string   `json:"asked,omitempty"`
	AskedOn string   `json:"asked_on,omitempty"`
}

// erasures lists what was erased from a record, the oldest first.
func (a *app) erasures(b *book.Book) (list erasedList, kinds []string, err error) {
	list = erasedList{Format: erasuresFormat, Origin: b.Origin(), Erasures: []erased{}}
	v := b.View(fact.DayIn(a.now()), -1)
	for key, h := range v.Entries(b.Known() + 1) {
		m, ok := h.Removal()
		if !ok {
			continue
		}
		root, err := a.rootOf(b, m.Of)
		if err != nil {
			return list, nil, err
		}
		e := erased{Entry: m.Of, Root: root, Fields: m.Fields, On: m.On.String(), Ground: m.Ground, Reason: m.Reason, Asked: m.Asked}
		if !m.AskedOn.IsZero() {
			e.AskedOn = m.AskedOn.String()
		}
		list.Erasures, kinds = append(list.Erasures, e), append(kinds, v.Kinds().Kind(key.Kind).Label)
	}
	slices.Reverse(list.Erasures)
	slices.Reverse(kinds)
	return list, kinds, nil
}

// rootOf gives the root of the body of an entry, which no erasure changes.
func (a *app) rootOf(b *book.Book, entry int64) (string, error) {
	p, err := b.Prove(a.ctx, entry)
	if err != nil {
		return "", err
	}
	e, err := p.Entry()
	return e.Root.String(), err
}

func (c erasuresCmd) Run(a *app) error {
	b, _, err := a.open(c.Record, "", false)
	if err != nil {
		return err
	}
	defer b.Close()
	list, kinds, err := a.erasures(b)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		return e.Encode(list)
	}
	if len(list.Erasures) == 0 {
		fmt.Fprintln(a.out, "Nothing was ever erased.")
	}
	for i, e := range list.Erasures {
		fields := "all fields"
		if len(e.Fields) > 0 {
			fields = strings.Join(e.Fields, ", ")
		}
		day, _ := fact.ParseDay(e.On)
		fmt.Fprintf(a.out, "Entry %d (%s), %s: removed on %s", e.Entry, kind.Lower(kinds[i]), fields, day.Words())
		if g, ok := kind.GroundOf(kind.Erasing, e.Ground); ok {
			fmt.Fprintf(a.out, ", because %s", g.Words())
		}
		fmt.Fprintf(a.out, ". Reason: %s\n", e.Reason)
	}
	return nil
}

// again erases from an older copy of a record what a list says was erased from a newer one. What is erased already is left, so it can be run again where it did
// not come to its end. Entries that the copy does not hold have nothing to erase.
func (c eraseCmd) again(a *app, b *book.Book) error {
	data, err := os.ReadFile(c.Again)
	if err != nil {
		return fmt.Errorf("read list of erasures: %w", err)
	}
	var list erasedList
	if err := json.Unmarshal(data, &list); err != nil || list.Format != erasuresFormat {
		return fmt.Errorf("%s is not what `plumbline erasures --format json` writes: %w", c.Again, fact.ErrInvalid)
	}
	if list.Origin != b.Origin() {
		return fmt.Errorf("the list is of the record %s, and this is %s: %w", list.Origin, b.Origin(), fact.ErrInvalid)
	}
	done, there, missing := 0, 0, 0
	var scrub error
	for _, e := range list.Erasures {
		part, state, err := a.left(b, e)
		if err != nil {
			return err
		}
		switch state {
		case gone:
			there++
			continue
		case absent:
			missing++
			continue
		}
		x := &book.Erasure{Of: []book.Part{part}, Ground: e.Ground, Reason: e.Reason, Asked: e.Asked}
		if x.Ground == "" {
			x.Ground = c.Ground
		}
		if c.Why != "" {
			x.Reason = c.Why
		}
		if x.First, err = fact.ParseDay(e.On); err == nil {
			x.AskedOn, err = fact.ParseDate(e.AskedOn)
		}
		if err != nil {
			return fmt.Errorf("%s, entry %d: %w", c.Again, e.Entry, err)
		}
		r, err := a.erase(c.Record, b, x)
		if err != nil {
			return fmt.Errorf("entry %d: %w", e.Entry, err)
		}
		done++
		scrub = r.Scrub // the newest tells of all
	}
	fmt.Fprintf(a.out, "Erased again from %s. Of the %d in the list, %d were erased here already, and %d are of entries that this copy does not hold.\n", counted(done, "entry", "entries"), len(list.Erasures), there, missing)
	if scrub != nil {
		return fmt.Errorf("traces of the bytes are still in the file because another program is reading it: close it and run `plumbline verify %s`: %w", c.Record, scrub)
	}
	return nil
}

// What an older copy has of something that was erased.
const (
	held   = iota
	gone   // it is erased there, too
	absent // it was recorded later
)

// left gives what is still to be erased of an entry in this copy.
func (a *app) left(b *book.Book, e erased) (p book.Part, state int, err error) {
	_, v, ok := b.Entry(e.Entry)
	if !ok {
		return p, absent, nil
	}
	root, err := a.rootOf(b, e.Entry)
	if err != nil || root != e.Root {
		return p, absent, err
	}
	names := e.Fields
	if len(names) == 0 {
		names = v.Record.Stated()
	}
	p.Position = e.Entry
	for _, name := range names {
		if _, s := v.Record.Says(name); s == graph.Known {
			p.Fields = append(p.Fields, name)
		}
	}
	if len(p.Fields) == 0 {
		return p, gone, nil
	}
	return p, held, nil
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
