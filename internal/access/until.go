package access

import (
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Ended gives the last day on which an adviser could write in a test, where that has passed on the day of the view.
func Ended(v *graph.View, test fact.Key) (last fact.Date, over bool) { return ended(v, test, 0) }

// ended gives the last day on which an adviser could write in the test to which a record belongs, where that has passed. What they wrote they go on to see.
func ended(v *graph.View, k fact.Key, depth int) (last fact.Date, over bool) {
	r := v.Record(k)
	if r == nil {
		if r = said(v, k); r == nil {
			return fact.Date{}, false
		}
	}
	if k.Kind == "test" {
		last = r.Date("access_until")
		return last, !last.IsZero() && last.Form != fact.ToBeAgreed && last.Last < v.On()
	}
	if depth == deepest {
		return fact.Date{}, false
	}
	for _, field := range testOf {
		for _, up := range r.RefKeys(field) {
			if last, over = ended(v, up, depth+1); over {
				return last, true
			}
		}
	}
	return fact.Date{}, false
}

// ReadsTest reports whether somebody may read what the adviser of a test writes: the adviser, and everybody else who reads what is not public when it is reported. The view is that of today.
func (p Person) ReadsTest(today *graph.View, test fact.Key) bool {
	return p.has(today, Assess, test) || p.May(Read) && p.sight(today).reported(test)
}

// tooLate says that the access of an adviser to the test of a document has ended, or nothing: to the test of which it was, and to that into which it puts its record.
func tooLate(today *graph.View, d *kind.Doc) error {
	keys := []fact.Key{d.Key()}
	for _, field := range testOf {
		keys = append(keys, refs(d, field)...)
	}
	for _, k := range keys {
		if last, over := ended(today, k, 0); over {
			return &Denied{What: "write in this test any more: access to it ended after " + last.Words() + ". Ask whoever set it up for a later day"}
		}
	}
	return nil
}
