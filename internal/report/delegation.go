package report

import (
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Amendment says whether a delegation has to be written anew.
type Amendment string

// The answers. They follow from the post to which the power is given.
const (
	NoAmendment     Amendment = "not-needed"
	AmendmentNeeded Amendment = "needed"      // the post is not there, or is another than when the delegation was written
	AmendmentComing Amendment = "needed-soon" // the post ends, and the delegation does not
	AmendmentMaybe  Amendment = "may-be-needed"
)

// Amendments are the answers, what needs a reader most first.
var Amendments = []string{string(AmendmentNeeded), string(AmendmentComing), string(AmendmentMaybe), string(NoAmendment)}

// AmendmentOf says whether a delegation has to be amended on the day, and why, in a sentence. What changed of the post before the entry that
// says what the delegation is does not count: to record it again from a day is to amend it.
func AmendmentOf(p *rule.Pack, d *graph.Record) (is Amendment, why string) {
	v := d.View()
	to, ok := d.RefKey("to")
	if !ok {
		return AmendmentMaybe, "To which post it is given is not recorded."
	}
	name, post, pieces := Called(p, v, to), v.Record(to), v.Pieces(to)
	var before, after []graph.Piece
	for _, x := range pieces {
		first, last, _ := x.Span.Possible()
		if last < v.On() {
			before = append(before, x)
		}
		if first > v.On() {
			after = append(after, x)
		}
	}
	switch {
	case post == nil && len(before) > 0:
		return AmendmentNeeded, name + " ended" + onDay(before[len(before)-1].Span.Until) + "."
	case post == nil:
		return AmendmentNeeded, name + " is not there on this day."
	case post.Exists() != fact.Yes:
		return AmendmentMaybe, "Whether " + name + " is there on this day is not certain: its dates are not exact."
	}
	for _, x := range before {
		if _, last, _ := x.Span.Possible(); last < d.Span().From.First {
			continue // it was written after that
		}
		if was := Title(p, x.Record); was != name {
			return AmendmentNeeded, "The post was called “" + was + "”" + untilDay(x.Span.Until) + "."
		}
		was, _ := x.Record.RefKey("unit")
		if is, _ := post.RefKey("unit"); was != is && was != (fact.Key{}) {
			return AmendmentNeeded, "The post sat in " + Called(p, x.Record.View(), was) + untilDay(x.Span.Until) + "."
		}
	}
	for i, x := range pieces {
		end := x.Span.Until
		if x.Span.On(v.On()) == fact.No || len(after) > 0 || i+1 < len(pieces) || end.IsZero() || end.Form == fact.ToBeAgreed {
			continue
		}
		if own := d.Span().Until; own.IsZero() || own.Last > end.Last {
			return AmendmentComing, name + " ends" + onDay(end) + "."
		}
	}
	return NoAmendment, ""
}

// onDay says on which day something is or was, and untilDay until which, as the end of a sentence.
func onDay(d fact.Date) string {
	switch d.Form {
	case fact.Unstated, fact.ToBeAgreed:
		return ""
	case fact.OnDay:
		return " on " + d.Words()
	case fact.Between, fact.ByThen:
		return " some day " + d.Words()
	}
	return " in " + d.Words()
}

func untilDay(d fact.Date) string {
	switch d.Form {
	case fact.Unstated, fact.ToBeAgreed:
		return " before"
	case fact.Between, fact.ByThen:
		return " until some day " + d.Words()
	}
	return " until " + d.Words()
}
