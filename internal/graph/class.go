package graph

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// classes are the parts of a body that say who may see a record.
var classes = []string{"visibility", "exempt", "decided", "decided_when"}

// Class gives who may see a record as known: what its newest entry says that says anything of it, whatever days it speaks of. Zero is nothing. A
// proposal can restrict a record, and opens none.
func (v *View) Class(k fact.Key) kind.Class {
	for _, h := range slices.Backward(v.History(k)) {
		if said := h.Record.Class(); said.Visibility == kind.Restricted || said.Visibility != "" && h.Proposal == "" {
			return said
		}
	}
	return kind.Class{}
}

// Classify says who may see a record from now on, and says nothing else of it that is new: on every day it is what it was. why is kept as the note of the entry.
func (v *View) Classify(k fact.Key, class kind.Class, why string) (Edit, kind.Problems) {
	d, problems := v.open(k, "", why)
	if problems != nil {
		return Edit{}, problems
	}
	if class == v.Class(k) {
		return Edit{}, d.refuse("visibility", "this is what the record says already", "Change something, or leave it as it is")
	}
	docs := d.again()
	if docs == nil {
		return Edit{}, d.refuse("visibility", "nothing is in force of this "+d.label()+" that could say who may see it", "It is only proposed: load a file that says who may see it, under the proposal")
	}
	was := life{d.parts, d.agreed}
	for _, doc := range docs {
		if d.note != "" {
			doc.Note = d.note
		}
		doc.Class = class
		if got, ok := d.after([]kind.Doc{doc}); ok && got.equal(&was) {
			return Edit{Docs: []kind.Doc{doc}}, nil
		}
	}
	return Edit{}, d.refuse("from", "what is recorded of it cannot be said again as it is, because its dates are not exact", "Give days instead of months, seasons or years")
}

// again gives documents after any of which the record should be what it is: what it is on the day looked at said once more, or on other days; or, where it is
// there on no day, once more that it is not.
func (d *draft) again() (docs []kind.Doc) {
	parts := slices.Clone(d.parts)
	if at := d.at(d.v.on); at > 0 {
		parts[0], parts[at] = parts[at], parts[0]
	}
	for _, erased := range []bool{false, true} { // what was erased should not be missing afterwards as if it had never been stated
		for i := range parts {
			if (len(parts[i].erased) > 0) == erased {
				docs = append(docs, d.doc(&parts[i]))
			}
		}
	}
	if d.agreed != nil {
		docs = append(docs, d.doc(d.agreed))
	}
	for x := d.r.head.Load(); x != nil && docs == nil; x = x.prev {
		if x.proposal == "" && x.op == fact.Assert && x.position <= d.v.known { // it was recorded, and taken back
			docs = []kind.Doc{d.end(fact.Date{})}
		}
	}
	return docs
}

// reclassify adds to documents after which a record is what it was as known earlier who could see it then.
func (d *draft) reclassify(e Edit, then *View) (Edit, kind.Problems) {
	k := d.r.key()
	was := then.Class(k)
	if was == d.v.Class(k) || d.v.proposal != "" || len(then.History(k)) == 0 { // what was never recorded stays closed to whom it is closed
		return e, nil
	}
	if was.Visibility == "" {
		was.Visibility = kind.AsKind
	}
	if n := len(e.Docs); n > 0 {
		e.Docs[n-1].Class = was
		return e, nil
	}
	return d.v.Classify(k, was, "")
}
