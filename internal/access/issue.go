package access

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// reportedOn is the field by which a test counts as reported, so that others read what its adviser wrote.
const reportedOn = "reported_on"

// reports reports whether a document of a change does nothing but say that a test is reported, on the day of a letter that is issued for it in the same change. That is for its adviser: nobody else
// publishes what they found, and they change nothing else of how the test was set up.
func reports(today *graph.View, docs []kind.Doc, d *kind.Doc) bool {
	first, last, some := d.Span.Possible()
	on := d.Text(reportedOn)
	if d.Kind.Name != "test" || d.Op != fact.Assert || d.Proposal != "" || !some || on != today.On().String() {
		return false
	}
	alone := slices.ContainsFunc(today.Pieces(d.Key()), func(was graph.Piece) bool {
		from, until, some := was.Span.Possible()
		return some && from <= first && last <= until && was.Record.State(reportedOn) == graph.Missing && d.Visibility == was.Record.Class().Visibility &&
			agree(was.Record, d, func(field string) bool { return field != reportedOn })
	})
	return alone && slices.ContainsFunc(docs, func(l kind.Doc) bool {
		return l.Kind.Name == letter && l.Op == fact.Assert && l.Text("purpose") == "issue" && l.Text("dated") == on && slices.Equal(refs(&l, "test"), []fact.Key{d.Key()})
	})
}

// unreported says why a document may not say when its test was reported, or nothing where it says no other day than before, or reports it with the letter. Of a test in which an adviser can or could write, it is
// their letter alone by which it is reported: otherwise whoever set it up could read what is not issued, or take away again what was. Nobody says it of a day that is to come.
func unreported(today *graph.View, d *kind.Doc) error {
	if d.Kind.Name != "test" || d.Op != fact.Assert {
		return nil
	}
	was, day := said(today, d.Key()), d.Text(reportedOn)
	if was != nil && day == was.Text(reportedOn) || was == nil && day == "" {
		return nil
	}
	if on, err := fact.ParseDate(day); day != "" && (err != nil || on.Form == fact.ToBeAgreed || on.Last > today.On()) {
		return &Denied{What: "say that a test was reported on a day that is not certainly past"}
	}
	if was == nil || !advised(today, d.Key()) {
		return nil
	}
	return &Denied{What: "say when this test was reported: it has an adviser here, and is reported when they issue their letter"}
}

// advised reports whether somebody writes in a test as its adviser, or ever could.
func advised(today *graph.View, test fact.Key) bool {
	for past := range today.Pasts(Grant) {
		g := past.Record
		if g.Proposal() != "" || !Role(g.Text("role")).does(Assess) {
			continue
		}
		if over, ok := g.RefKey("over"); !ok || within(today, test, over, 0) {
			return true
		}
	}
	return false
}

// went says that a letter that went out stays as it is, or nothing for one that has yet to.
func went(today *graph.View, d *kind.Doc) error {
	if d.Kind.Name != letter || len(today.History(d.Key())) == 0 {
		return nil
	}
	return &Denied{What: "change a letter that went out. Issue another that replaces it"}
}

// Made reports whether records of a kind are written by the program alone, of what the record says, once it has looked at what stands against it: nobody but whoever runs the program writes one by hand.
func Made(k *kind.Kind) bool { return k.Name == letter }

// ByHand says why documents that somebody wrote may not be recorded, though their roles allow it, or nothing: one of them is of a kind that the program alone makes.
func ByHand(docs []kind.Doc) error {
	if slices.ContainsFunc(docs, func(d kind.Doc) bool { return Made(d.Kind) }) {
		return &Denied{What: "record a letter by hand. It goes out from the page of its test, where what stands against it is looked at"}
	}
	return nil
}
