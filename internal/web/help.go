package web

import (
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// headings are of the pages that say the same on all days. Their words are their templates.
var headings = map[string]string{
	"help": "Help", "wrong": "Is anything wrong with a page?", "accessibility": "Accessibility statement", "privacy": "Privacy", "cookies": "Cookies", "words": "Words we use",
}

// readingPage is what the pages that say the same on all days lead to.
type readingPage struct {
	Sections []sectionHelp
	Council  string
	Version  string
	Words    link
	Home     link
	Entries  link
	Wrong    link
}

// sectionHelp says what is in a section.
type sectionHelp struct {
	link
	About string
}

func (s *Site) reading(name string) handler {
	return s.page(func(l *look, _ *http.Request) (*page, error) {
		body := &readingPage{
			Council: "the council",
			Version: strings.TrimSpace(product + " " + s.Version),
			Words:   link{headings["words"], l.to("/help/words")},
			Home:    link{"Home", l.to("/")},
			Entries: link{"What was recorded", l.to("/entries")},
			Wrong:   link{headings["wrong"], l.to("/help/wrong")},
		}
		if k := (fact.Key{Kind: graph.Council, ID: "council"}); len(l.View.History(k)) > 0 {
			body.Council = s.called(l, k)
		}
		for _, x := range sections {
			body.Sections = append(body.Sections, sectionHelp{link{x.label, l.to(x.path())}, x.about})
		}
		return &page{Template: name, Heading: headings[name], Undated: true, Narrow: true, Body: body}, nil
	})
}

// glossaryPage is the words that the pages use, the kinds of record, and what the law calls the roles that it knows, from A to Z.
type glossaryPage struct {
	Letters []link
	Parts   []glossaryPart
}

// glossaryPart is the words that begin with one letter.
type glossaryPart struct {
	Letter string
	ID     string
	Words  []fieldLine
}

// meanings are the words that mean more here than in a newspaper.
var meanings = [][2]string{
	{"Acting", "Somebody who is already here does the work of a post for a time."},
	{"Answers in law", "Holds the statutory role that the law makes answerable for a function, whoever manages it from day to day."},
	{"As recorded on", "What the record said on that day, without what was added or corrected later."},
	{"Cannot be said", "The record does not hold what it would take to answer. What is missing is named beside it."},
	{"Designated", "Given a statutory role by a formal act of the council. A title alone gives no role."},
	{"Entry", "One thing that was written into the record: what a record is, from which day to which. An entry is never changed; a correction is a later entry."},
	{"Function", "Something that the council does for people, such as special educational needs or public health."},
	{"Gap", "Days on which nobody held a post or a role that somebody has to hold."},
	{"In force", "True of the council on the day looked at, and not only proposed."},
	{"Interim", "Somebody who is brought in until a permanent holder starts."},
	{"Jointly", "Several people hold one post together."},
	{"Line managed by", "The post to which another reports, or which heads the unit that a function sits in."},
	{"Not covered", "The law wants somebody in this role on this day, and certainly nobody is."},
	{"Past record", "What was in force on an earlier day. It can be looked at and not changed; what was wrong in it can be corrected from today."},
	{"Proposed", "Part of a proposal that is not in force, or not yet."},
	{"Reconstructed", "Written down later from documents, and dated by the day of the document."},
	{"Same post", "The post that manages a function is also the one that answers for it in law."},
	{"Statutory role", "A role that an Act of Parliament requires a council to fill. The council designates a post to it."},
	{"To be agreed", "Something is decided, and its day is not."},
	{"Transitional", "Meant to exist only until something else is settled."},
	{"Vacant", "Somebody left the post, or it is new, and nobody is in it."},
}

// abbreviations are those that council papers use without a word. Those of statutory roles come from the law pack.
var abbreviations = [][2]string{
	{"CSE", "Child sexual exploitation"},
	{"HWB", "Health and Wellbeing Board"},
	{"KPI", "Key performance indicator"},
	{"LSAB", "Local Safeguarding Adults Board"},
	{"LSCB", "Local Safeguarding Children Board"},
	{"MTFS", "Medium term financial strategy"},
	{"PCT", "Primary care trust, until 31 March 2013"},
	{"SEN", "Special educational needs"},
	{"SEND", "Special educational needs and disability"},
}

// known says on which days the law knows a role.
func known(p rule.Period) string {
	switch {
	case p.From.Given && p.Until.Given:
		return "In law from " + p.From.Day.Words() + " until " + p.Until.Day.Words()
	case p.From.Given:
		return "In law since " + p.From.Day.Words()
	case p.Until.Given:
		return "In law until " + p.Until.Day.Words()
	}
	return "Not a role that the law asks for"
}

// words are all that the glossary explains, from A to Z.
func (s *Site) words(l *look) (all []fieldLine) {
	for _, m := range meanings {
		lines := text(m[1])
		for _, k := range l.View.Kinds().All {
			if k.Label == m[0] {
				lines = append(lines, link{k.Plural, l.kind(k)})
			}
		}
		all = append(all, fieldLine{m[0], lines})
	}
	for _, a := range abbreviations {
		all = append(all, fieldLine{a[0], text(a[1])})
	}
	for _, k := range l.View.Kinds().All {
		if !slices.ContainsFunc(meanings, func(m [2]string) bool { return m[0] == k.Label }) {
			all = append(all, fieldLine{k.Label, append(text(k.About), link{k.Plural, l.kind(k)})})
		}
	}
	for _, r := range s.Pack.Roles {
		name := capital(r.Name)
		lines := slices.Concat(texts([]string{"Statutory role: " + r.Code, known(r.Known)}), text(r.Note), []link{{"Who has held it", l.roleAt(r)}})
		if r.Known == (rule.Period{}) {
			lines[0].Text = "Short: " + r.Code
		}
		all = append(all, fieldLine{name, lines}, fieldLine{r.Code, text(name)})
	}
	slices.SortStableFunc(all, func(a, b fieldLine) int { return byTitle(a.Label, b.Label) })
	return all
}

func (s *Site) glossary(l *look, _ *http.Request) (*page, error) {
	body := &glossaryPage{}
	for _, x := range s.words(l) {
		first, _ := utf8.DecodeRuneInString(x.Label)
		letter := string(unicode.ToUpper(first))
		if n := len(body.Parts); n == 0 || body.Parts[n-1].Letter != letter {
			id := "words-" + strings.ToLower(letter)
			body.Letters = append(body.Letters, link{letter, "#" + id})
			body.Parts = append(body.Parts, glossaryPart{letter, id, nil})
		}
		last := &body.Parts[len(body.Parts)-1]
		last.Words = append(last.Words, x)
	}
	return &page{Template: "words", Heading: headings["words"], Undated: true, Crumbs: []link{{"Help", l.to("/help")}}, Body: body}, nil
}
