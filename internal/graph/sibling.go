package graph

import (
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// Sibling makes another proposal of the one looked at, as an option beside it that says the same to begin with. Its letter is the next that is free among its like; the proposal that
// it is made of gets one too, where it has none.
func (v *View) Sibling(title string, on fact.Day) (fact.Key, Edit, kind.Problems) {
	of := fact.Key{Kind: Proposal, ID: v.proposal}
	title = strings.TrimSpace(title)
	was := v.At(on).With("").Record(of)
	refuse := func(field, what, remedy string) (fact.Key, Edit, kind.Problems) {
		return fact.Key{}, Edit{}, kind.Problems{{Record: of.String(), Field: field, What: what, Remedy: remedy}}
	}
	switch {
	case was == nil:
		return refuse("", "the proposal is not on record on "+on.Words(), "Choose another day")
	case title == "":
		return refuse("title", "the option has no title", "Enter what it is called")
	}
	k := v.g.kinds.Kind(Proposal)
	taken := func(id fact.ID) bool { return len(v.History(fact.Key{Kind: Proposal, ID: id})) > 0 }
	key := fact.Key{Kind: Proposal, ID: v.g.kinds.NewID(k, title, taken)}
	first := was
	for range Depth {
		up := first.Ref("option_of")
		if up == nil {
			break
		}
		first = up
	}
	letters := map[string]bool{}
	for _, p := range first.v.All(Proposal) {
		if of, _ := p.RefKey("option_of"); of == first.Key() || p.Key() == first.Key() {
			letters[p.Text("option")] = true
		}
	}
	next := func() string {
		for c := 'A'; c <= 'Z'; c++ {
			if !letters[string(c)] {
				letters[string(c)] = true
				return string(c)
			}
		}
		return ""
	}
	var e Edit
	if was.Text("option") == "" {
		edit, problems := v.At(on).With("").Correct(of, fact.Date{}, fact.Date{}, []kind.Value{{Field: k.Field("option"), JSON: kind.Quote(next())}}, "", "")
		if problems != nil {
			return fact.Key{}, Edit{}, problems
		}
		e = edit
	}
	doc := kind.Doc{Op: fact.Assert, Kind: k, ID: key.ID, Span: fact.Span{From: fact.ExactDate(on)}}
	for _, x := range []struct{ field, value string }{{"title", title}, {"status", "draft"}, {"option_of", string(first.Key().ID)}, {"option", next()}} {
		if x.value != "" {
			doc.Values = append(doc.Values, kind.Value{Field: k.Field(x.field), JSON: kind.Quote(x.value)})
		}
	}
	for _, f := range []string{"rationale", "drivers", "priorities"} {
		if j, state := was.JSON(f); state == Known {
			doc.Values = append(doc.Values, kind.Value{Field: k.Field(f), JSON: j})
		}
	}
	slices.SortFunc(doc.Values, func(a, b kind.Value) int { return a.Field.Index - b.Field.Index })
	e.Docs = append(e.Docs, doc)
	w := v.Planned(v.proposal, fact.Date{})
	for r := range v.touched() {
		e.Docs = append(e.Docs, w.copied(r, key.ID)...)
	}
	return key, e, nil
}

// copied gives documents that say of a record, on another branch, what the proposal looked at says of it.
func (v *View) copied(r *record, to fact.ID) []kind.Doc {
	d := v.draft(r, "", "")
	docs := order(d.proposing(life{d.parts, d.agreed}, cells(d.parts)))
	if v.endsUndated(r) {
		docs = append(docs, d.end(fact.Undated))
	}
	out := docs[:0]
	for _, x := range docs {
		if x.Op == fact.End && x.Span.Until.IsZero() {
			continue // there is nothing yet to take back
		}
		x.Proposal = to
		out = append(out, x)
	}
	return out
}
