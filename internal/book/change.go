package book

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Change is what Do is asked to do: documents to record, or one of the acts on the record itself.
type Change struct {
	Docs []kind.Doc
	// Seen gives, for records that the writer looked at, the newest entry that they saw. If there is a newer one by now the change is
	// refused with fact.ErrStale.
	Seen map[fact.Key]int64
	// Proposal is the branch on which the writer looked at these records: what it says of them counts as well as what is in force.
	Proposal fact.ID
	// After refuses the change, with fact.ErrStale, unless this is the newest entry of the record; 0 is no such demand. It is for a change that was worked out
	// from all of the record.
	After int64
	// Made says that the program worked the documents out itself, and nobody wrote them: see access.Made.
	Made bool
	// Recorded dates a reconstruction: the day on which the council learned what the documents say. Only until the
	// record is opened.
	Recorded *fact.Day

	// Claim is called before the entries are written, with the positions that they are to get and the root of the body of the last. An error ends
	// the change. Whoever notes this can ask Holds later, after a crash too, whether the change is in the record. It is called again
	// where others were faster and the positions are new ones. Nobody else can change anything meanwhile, so it should be quick, and it must
	// not call the book.
	Claim func(first, last int64, root fact.Hash) error

	Open  bool // end reconstruction
	Erase *Erasure
}

// Owner is whoever runs the program beside the file of the record and its key.
const Owner = access.Console

// Who gives what somebody may do now: by the grants of the newest state of the record, in force today.
func (b *Book) Who(who fact.Who) access.Person {
	p := b.pub.Load()
	return access.Of(p.g.View(fact.DayIn(b.now()), p.known), who)
}

// Settings gives how the council has set up its pages.
func (b *Book) Settings() access.Settings {
	p := b.pub.Load()
	return access.SettingsOf(p.g.View(fact.DayIn(b.now()), p.known))
}

// may says whether a person may make a change, by the state of the record that it would change.
func (c Change) may(g *graph.Graph, who fact.Who, now time.Time) error {
	today := g.View(fact.DayIn(now), g.Size())
	p := access.Of(today, who)
	switch {
	case who == Owner:
		return nil
	case len(p.Held) == 0:
		return &access.Denied{What: "change this record"}
	case c.Open || c.Recorded != nil:
		return &access.Denied{What: "date what is recorded otherwise than by the clock. Whoever runs the program can do it, with `plumbline load`"}
	case c.Erase != nil:
		if !p.May(access.Erase) {
			return access.Refuse(access.Erase)
		}
		for _, part := range c.Erase.Of {
			if key, v, ok := g.Entry(part.Position); ok {
				if err := p.Erase(today, key, v.Proposal); err != nil {
					return err
				}
			}
		}
	}
	if err := p.Change(today, c.Docs); err != nil || c.Made {
		return err
	}
	return access.ByHand(c.Docs)
}

// Check lists what is wrong with a change without making it.
func (b *Book) Check(who fact.Who, c Change) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.unsure {
		if err := b.read(context.Background(), nil); err != nil {
			return 0, err
		}
	}
	entries, _, err := c.entries(b.pub.Load().g, who, b.now())
	return len(entries), err
}

// entries turns a change into entries behind the newest state of the graph.
func (c Change) entries(g *graph.Graph, who fact.Who, now time.Time) ([]fact.Entry, map[int64][]string, error) {
	if err := c.may(g, who, now); err != nil {
		return nil, nil, err
	}
	switch {
	case c.Open:
		if g.Opened() != 0 {
			return nil, nil, refuse("the record is open already", "")
		}
		return []fact.Entry{{Who: who, Op: fact.Open, Recorded: now, Written: now}}, nil, nil
	}
	if c.After != 0 && g.Size() != c.After {
		return nil, nil, fmt.Errorf("change record: entry %d came after entry %d, which you saw: %w", g.Size(), c.After, fact.ErrStale)
	}
	for k, seen := range c.Seen {
		if newest := max(g.Newest(k, ""), g.Newest(k, c.Proposal)); newest != seen {
			return nil, nil, fmt.Errorf("change %s: entry %d came after entry %d, which you saw: %w", k, newest, seen, fact.ErrStale)
		}
	}
	if c.Erase != nil {
		return c.Erase.entries(g, who, now)
	}
	recorded := now
	docs := c.Docs
	if c.administers() {
		recorded = amid(g, now)
	} else if c.Recorded != nil {
		var err error
		if recorded, err = reconstruct(g, *c.Recorded, now); err != nil {
			return nil, nil, err
		}
		docs = sourced(docs)
	} else if last := g.RecordedAt(g.Size()); last.Sub(now) > time.Minute {
		return nil, nil, refuse(fmt.Sprintf("the clock went backwards: it is %s, and the last entry was recorded %s", clock(now), clock(last)), "Correct the computer's clock")
	}
	today := g.View(fact.DayIn(now), g.Size())
	entries, problems := g.StageAs(access.Of(today, who).Sight(today), docs, who, recorded, now)
	if len(problems) > 0 {
		return nil, nil, problems
	}
	return entries, nil, nil
}

// administers reports whether a change is about nothing but the record itself: who may do what, and how pages are set up.
func (c Change) administers() bool {
	return len(c.Docs) > 0 && c.Recorded == nil && !slices.ContainsFunc(c.Docs, func(d kind.Doc) bool { return d.Kind.Section != kind.Admin })
}

// amid gives the moment that an entry bears which is not of the council's world, a new key or a grant: now, or amid a reconstruction, the moment of the
// entry before it, so that it does not keep later papers out.
func amid(g *graph.Graph, now time.Time) time.Time {
	switch last := g.RecordedAt(g.Size()); {
	case g.Opened() != 0:
		return now
	case g.Size() == 0:
		return fact.Beginning.Noon()
	case last.Before(now):
		return last
	}
	return now
}

// reconstruct gives the moment that entries of a reconstruction bear: midday of the day given, or now if that is earlier.
func reconstruct(g *graph.Graph, day fact.Day, now time.Time) (time.Time, error) {
	if g.Opened() != 0 {
		return now, refuse("the record was opened, and since then only the clock dates an entry", "Leave out --recorded; say in `source:` which paper a fact comes from")
	}
	if day > fact.DayIn(now) {
		return now, refuse(fmt.Sprintf("%s has not come yet, so nothing can have been learned on it", day.Words()), "Check the date given with --recorded")
	}
	recorded := day.Noon()
	if recorded.After(now) {
		recorded = now
	}
	if last := g.RecordedAt(g.Size()); recorded.Before(last) {
		return now, refuse(fmt.Sprintf("the record already holds what was learned on %s, which is later than %s", fact.DayIn(last).Words(), day.Words()), "Load papers in the order of their dates; a record is made again by `plumbline init` with another file")
	}
	return recorded, nil
}

// sourced gives every document of a reconstruction a source: the file it came from, where it does not say.
func sourced(docs []kind.Doc) []kind.Doc {
	out := make([]kind.Doc, len(docs))
	for i, d := range docs {
		if d.Source == "" && d.Place.File != "" {
			d.Source = "file " + filepath.Base(d.Place.File)
		}
		out[i] = d
	}
	return out
}

func refuse(what, remedy string) error { return kind.Problems{{What: what, Remedy: remedy}} }

func clock(t time.Time) string { return t.In(fact.London).Format("2 January 2006 15:04:05") }
