package exchange

import (
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Predecessor is another body whose functions are taken in.
type Predecessor struct {
	ID     fact.ID // of the organisation, and before the id of each of its functions
	Name   string  // "Westshire County Council"
	Type   string  // of organisation
	Source string  // where its record was had from
}

// TakenIn is what a record would take in.
type TakenIn struct {
	Docs  []kind.Doc
	Count map[Word]int // of functions: new, changed, ended, the same
	Kept  []string     // functions that have a place in this council by now, so that what their old body says counts no more
}

// The kinds that are taken in.
const (
	functionKind     = graph.Function
	organisationKind = fact.KindName("organisation")
)

// carried are the fields of a function that mean the same in every council. Units, posts, boards and protocols are the other body's own, and are told in a note.
var carried = []string{"name", "domain", "ages", "answers_in_law"}

// TakeIn gives the documents by which a council takes in the functions of another body, as that body's own record has them on the day of its view and after: an organisation, and for each function
// one that the organisation delivers, in no unit of this council. Nobody's name is taken in. Where that record leaves open which of two entries holds on a day, the one whose dates are exact is taken in. Done again with a newer record, it gives what changed; what this council has placed in the
// meantime stays as it is.
func TakeIn(theirs, ours *graph.View, from Predecessor) (TakenIn, kind.Problems) {
	out := TakenIn{Count: map[Word]int{}}
	var problems kind.Problems
	kinds := ours.Kinds()
	body := fact.Key{Kind: organisationKind, ID: from.ID}
	if err := fact.CheckID(string(from.ID)); err != nil {
		return out, kind.Problems{{What: err.Error(), Remedy: "Choose another id for the body"}}
	}
	if len(ours.Pieces(body)) == 0 {
		d := kind.Doc{Op: fact.Assert, Kind: kinds.Kind(organisationKind), ID: from.ID, Source: from.Source}
		d.Values = []kind.Value{valueOf(d.Kind, "name", from.Name), valueOf(d.Kind, "type", from.Type)}
		out.Docs = append(out.Docs, d)
	}
	seen := map[fact.ID]bool{}
	for past := range theirs.Pasts(functionKind) {
		k := past.Record.Key()
		id := from.ID + "-" + k.ID
		if seen[id] {
			continue
		}
		seen[id] = true
		if err := fact.CheckID(string(id)); err != nil {
			problems = append(problems, kind.Problem{Record: k.String(), What: err.Error(), Remedy: "Choose a shorter id for the body"})
			continue
		}
		docs, over := from.function(theirs, ours, k, id)
		word, docs, kept := from.against(theirs, ours, id, docs, over)
		if kept {
			out.Kept = append(out.Kept, ours.Called(fact.Key{Kind: functionKind, ID: id}))
			continue
		}
		if word != "" {
			out.Count[word]++
		}
		out.Docs = append(out.Docs, docs...)
	}
	for _, f := range ours.All(functionKind) { // what their record holds no more at all
		if by, _ := f.RefKey("delivered_by"); by == body && !seen[f.Key().ID] && strings.HasPrefix(string(f.Key().ID), string(from.ID)+"-") {
			out.Docs = append(out.Docs, ended(f.Kind(), f.Key().ID, fact.ExactDate(theirs.On()-1), from.Source))
			out.Count[Ended]++
		}
	}
	return out, problems
}

func valueOf(k *kind.Kind, field, text string) kind.Value {
	return kind.Value{Field: k.Field(field), JSON: kind.Quote(text)}
}

func ended(k *kind.Kind, id fact.ID, on fact.Date, source string) kind.Doc {
	return kind.Doc{Op: fact.End, Kind: k, ID: id, Span: fact.Span{Until: on}, Source: source}
}

// function gives what a function is, a document for each run of days from the day looked at on, and after which day it is no more, if that is recorded.
func (p *Predecessor) function(theirs, ours *graph.View, k fact.Key, id fact.ID) (docs []kind.Doc, over fact.Date) {
	kk := ours.Kinds().Kind(functionKind)
	pieces := theirs.Pieces(k)
	over = overAfter(pieces)
	for _, x := range pieces {
		if _, last, ok := x.Span.Possible(); !ok || last < theirs.On() {
			continue
		}
		d := kind.Doc{Op: fact.Assert, Kind: kk, ID: id, Span: x.Span, Source: p.Source, Note: p.told(x.Record), Class: x.Record.Class()}
		for _, name := range carried {
			j, state := x.Record.JSON(name)
			switch {
			case state == graph.Known:
				d.Values = append(d.Values, kind.Value{Field: kk.Field(name), JSON: j})
			case name == "name":
				d.Values = append(d.Values, valueOf(kk, name, "Function "+string(k.ID)+" of "+p.Name))
			case name == "domain":
				d.Values = append(d.Values, valueOf(kk, name, "UNCLASSIFIED"))
			}
		}
		d.Values = append(d.Values, valueOf(kk, "delivered_by", string(p.ID)))
		docs = append(docs, d)
	}
	return docs, over
}

// told says where a function sits in its own council, in a note.
func (p *Predecessor) told(f *graph.Record) string {
	s := "There: function " + string(f.Key().ID)
	if k, ok := f.RefKey("unit"); ok {
		s += ", in " + f.View().Called(k)
	}
	if m, gap := f.Manager(); gap == nil {
		s += ", managed by " + m.Title()
	}
	if k, ok := f.RefKey("delivered_by"); ok {
		s += ", delivered by " + f.View().Called(k)
	}
	return s + "."
}

// against sets what is to be recorded of a function beside what is recorded already. kept reports that this council has placed it, so that nothing is.
func (p *Predecessor) against(theirs, ours *graph.View, id fact.ID, docs []kind.Doc, over fact.Date) (word Word, out []kind.Doc, kept bool) {
	was := slices.DeleteFunc(ours.Pieces(fact.Key{Kind: functionKind, ID: id}), func(x graph.Piece) bool {
		_, last, _ := x.Span.Possible()
		return last < theirs.On()
	})
	switch {
	case slices.ContainsFunc(was, func(x graph.Piece) bool { return x.Record.Text("delivered_by") != string(p.ID) }):
		return "", nil, true
	case len(was) == 0 && len(docs) == 0:
		return "", nil, false // it was over before
	case len(was) == 0:
		return New, docs, false
	}
	word = Changed
	if len(docs) == 0 {
		word = Ended
	}
	for _, d := range docs {
		if !slices.ContainsFunc(was, func(x graph.Piece) bool { return x.Span == d.Span && says(x.Record, d) }) {
			out = append(out, d)
		}
	}
	if is := overAfter(was); is != over && !over.IsZero() && (is.IsZero() || is.Last > over.Last) {
		out = append(out, ended(was[0].Record.Kind(), id, over, p.Source))
	}
	if len(out) == 0 {
		word = Same
	}
	return word, out, false
}

// overAfter gives the day after which a record is no more; zero where it goes on.
func overAfter(pieces []graph.Piece) (over fact.Date) {
	for _, x := range pieces {
		if u := x.Span.Until; u.IsZero() || u.Form == fact.ToBeAgreed {
			return fact.Date{}
		} else if over.IsZero() || u.Last > over.Last {
			over = u
		}
	}
	return over
}

// says reports whether a record has every value of a document.
func says(r *graph.Record, d kind.Doc) bool {
	return !slices.ContainsFunc(d.Values, func(v kind.Value) bool {
		j, _ := r.JSON(v.Field.Name)
		return j != v.JSON
	})
}
