package access

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// The kinds of what an adviser and the council say to each other.
const (
	recommendation fact.KindName = "recommendation"
	accuracy       fact.KindName = "accuracy"
	confirmation   fact.KindName = "confirmation"
)

// answering is how somebody else answers, in the same record, what one person wrote there.
type answering struct {
	act     Act
	answers []string // the fields that say the answer
	also    []string // fields that both write, until there is an answer
}

// answered are the kinds whose records two people write, each their own words: who writes the record does not answer it, who answers changes nothing else of it, and what is answered stays
// as it was when it was.
var answered = map[fact.KindName]answering{
	recommendation: {SetUpTests, []string{"response", "response_text", "accepted_complete_by", "accepted_complete_on"}, []string{"owner", "due"}},
	accuracy:       {Assess, []string{"answer", "answer_text", "answered_on"}, nil},
}

// hand gives what somebody must be allowed to do to make a document, by whose words they are, or what nobody may do.
func hand(today *graph.View, d *kind.Doc) (Act, error) {
	a := ActOf(d.Kind)
	if err := went(today, d); err != nil {
		return a, err
	}
	switch two, ok := answered[d.Kind.Name]; {
	case d.Kind.Name == confirmation:
		return confirms(today, d)
	case ok && two.answer(today, d):
		return two.act, nil
	case ok && two.said(today, d):
		return a, &Denied{Act: two.act, What: "change " + d.Kind.One() + " that was answered, or answer one of your own. The answer is to what was said", Roles: rolesFor(two.act)}
	case d.Kind.Name == accuracy:
		return a, closed(today, d)
	}
	return a, nil
}

// answer reports whether a document answers a record and leaves all else of it as it is, on days on which it is there.
func (two answering) answer(today *graph.View, d *kind.Doc) bool {
	first, last, some := d.Span.Possible()
	if d.Op != fact.Assert || d.Proposal != "" || !some {
		return false
	}
	theirs := func(field string) bool {
		return slices.Contains(two.answers, field) || slices.Contains(two.also, field)
	}
	return slices.ContainsFunc(today.Pieces(d.Key()), func(was graph.Piece) bool {
		from, until, some := was.Span.Possible()
		within := some && from <= first && last <= until
		return within && d.Visibility == was.Record.Class().Visibility && agree(was.Record, d, func(field string) bool { return !theirs(field) }) && !agree(was.Record, d, theirs)
	})
}

// said reports whether a document, or the record that it changes, says an answer.
func (two answering) said(today *graph.View, d *kind.Doc) bool {
	says := func(text func(string) string) bool {
		return slices.ContainsFunc(two.answers, func(field string) bool { return text(field) != "" })
	}
	return says(d.Text) || slices.ContainsFunc(today.Pieces(d.Key()), func(was graph.Piece) bool { return says(was.Record.Text) })
}

// closed says why no more can be said of what is wrong in a letter as a matter of fact, or nothing: it went out for something else, its day has passed, or the letter is issued.
func closed(today *graph.View, d *kind.Doc) error {
	was := said(today, d.Key())
	for _, k := range append(refs(d, "letter"), refKeys(was, "letter")...) {
		l := said(today, k)
		if l == nil {
			continue
		}
		switch by := l.Date("answers_by"); {
		case l.Text("purpose") != forAccuracy:
			return &Denied{What: "say what is wrong in a letter that did not go out for factual accuracy"}
		case !by.IsZero() && by.Form != fact.ToBeAgreed && by.Last < today.On():
			return &Denied{What: "say more of what is wrong in this letter: the last day for it was " + by.Words()}
		case issued(today, l):
			return &Denied{What: "say more of what is wrong in this letter: it is issued"}
		}
	}
	return nil
}

// issued reports whether a letter of the same test was issued.
func issued(today *graph.View, l *graph.Record) bool {
	of, ok := l.RefKey("test")
	return ok && slices.ContainsFunc(today.Referring(of, letter, "test"), func(other *graph.Record) bool { return other.Text("purpose") == "issue" })
}

// confirms gives what somebody must be allowed to do to say whether a condition is met: the council says so for itself, and the adviser of the test for themselves. Nobody makes one of the other.
func confirms(today *graph.View, d *kind.Doc) (Act, error) {
	by := d.Text("said_by")
	for _, was := range today.Pieces(d.Key()) {
		switch before := was.Record.Text("said_by"); {
		case d.Op == fact.End:
			by = before
		case before != by:
			return Assess, &Denied{What: "put what somebody else said of a condition into other words"}
		}
	}
	if by == "adviser" {
		return Assess, nil
	}
	return SetUpTests, nil
}

// refs are what a document refers to by a field.
func refs(d *kind.Doc, field string) []fact.Key {
	for _, v := range d.Values {
		if v.Field.Name == field {
			return v.Refs()
		}
	}
	return nil
}

func refKeys(r *graph.Record, field string) []fact.Key {
	if r == nil {
		return nil
	}
	return r.RefKeys(field)
}
