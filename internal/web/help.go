package web

import (
	"net/http"
	"slices"

	"plumbline/internal/rule"
)

// headings are of the pages that say the same on all days. Their words are their templates.
var headings = map[string]string{
	"help": "Help", "wrong": "Is anything wrong with a page?", "accessibility": "Accessibility statement", "privacy": "Privacy", "cookies": "Cookies", "words": "Words we use",
}

func (s *Site) reading(name string) handler {
	return s.page(func(l *look, _ *http.Request) (*page, error) {
		return &page{Template: name, Heading: headings[name], Undated: true, Narrow: true, Body: link{headings["words"], l.to("/help/words")}}, nil
	})
}

// glossaryPage is the words that the pages use, and what the law calls the roles that it knows.
type glossaryPage struct{ Words, Kinds, Roles *table }

// meanings are the words that mean more here than in a newspaper.
var meanings = [][2]string{
	{"Acting", "Somebody who is already here does the work of a post for a time."},
	{"Answers in law", "Holds the statutory role that the law makes answerable for a function, whoever manages it from day to day."},
	{"As recorded on", "What the record said on that day, without what was added or corrected later."},
	{"Cannot be said", "The record does not hold what it would take to answer. What is missing is named beside it."},
	{"Entry", "One thing that was written into the record: what a record is, from which day to which. An entry is never changed; a correction is a later entry."},
	{"Gap", "Days on which nobody held a post or a role that somebody has to hold."},
	{"Interim", "Somebody who is brought in until a permanent holder starts."},
	{"Jointly", "Several people hold one post together."},
	{"Line managed by", "The post to which another reports, or which heads the unit that a function sits in."},
	{"Statutory role", "A role that an Act of Parliament requires a council to fill. A title alone gives no role: the council designates a post to it."},
	{"To be agreed", "Something is decided, and its day is not."},
	{"Transitional", "Meant to exist only until something else is settled."},
	{"Vacant", "Somebody left the post, or it is new, and nobody is in it."},
}

// known says on which days the law knows a role.
func known(p rule.Period) string {
	switch {
	case p.From.Given && p.Until.Given:
		return p.From.Day.Words() + " to " + p.Until.Day.Words()
	case p.From.Given:
		return "Since " + p.From.Day.Words()
	case p.Until.Given:
		return "Until " + p.Until.Day.Words()
	}
	return "Always"
}

func (s *Site) glossary(l *look, _ *http.Request) (*page, error) {
	body := &glossaryPage{
		Words: newTable("Words", "Word", "What it means here"),
		Kinds: newTable("What can be recorded", "Kind of record", "What it is"),
		Roles: newTable("Roles that the law knows, or knew", "Role", "Short form", "In the law", "Note"),
	}
	for _, m := range meanings {
		body.Words.add(text(m[0]), text(m[1]))
	}
	for _, k := range l.View.Kinds().All {
		body.Kinds.add([]link{{k.Label, l.kind(k)}}, text(k.About))
	}
	for _, r := range s.Pack.Roles {
		if r.Known != (rule.Period{}) {
			body.Roles.add(text(capital(r.Name)), text(r.Code), text(known(r.Known)), text(r.Note))
		}
	}
	for _, t := range []*table{body.Kinds, body.Roles} {
		slices.SortFunc(t.Rows, func(a, b row) int { return byTitle(a.Head.Lines[0].Text, b.Head.Lines[0].Text) })
	}
	return &page{Template: "words", Heading: headings["words"], Undated: true, Crumbs: []link{{"Help", l.to("/help")}}, Body: body}, nil
}
