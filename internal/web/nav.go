package web

import "strings"

// section is one of the six parts of the product. Its name is the one that kinds give as their home.
type section struct {
	name  string
	label string
	about string // what is in it, for the help page
	pages []link // its own pages, beside those of its kinds
	more  []link // those that are found among all its records
}

func (s section) path() string { return "/" + s.name }

// sections are the navigation of every page.
var sections = []section{
	{"structure", "Structure", "Units, posts and who is in them; the statutory roles and who answers in law for each function; how that was on other days, and what changed between two of them.", []link{
		{"Chart", "/structure"}, {"Who answers", "/structure/who-answers"}, {"Statutory roles", "/structure/statutory-roles"}, {"Posts", "/structure/posts"},
		{"Timeline", "/structure/timeline"}, {"Compare", "/structure/compare"}, {"Appointments", "/structure/appointments"}, {"All records", "/structure/records"},
	}, []link{{"Areas", "/structure/areas"}}},
	{"proposals", "Proposals", "Changes of structure that the council is thinking about, consulting on or has decided. A proposal can be laid over any day, to see what it would make of it.", []link{{"Proposals", "/proposals"}, {"All records", "/proposals/records"}}, nil},
	{"assurance", "Assurance", "The check of the structure against the law and guidance, and independent tests of assurance with their findings, conditions and recommendations.", []link{{"Tests", "/assurance"}, {"Conditions and recommendations", "/assurance/actions"}, {"Check against the law", "/assurance/check"}, {"Day by day", standingsPath}, {"What would put it right", repairPath}, {"What if it were gone", contingencyPath}, {"Officers’ statements", "/assurance/statements"}, {"All records", "/assurance/records"}}, nil},
	{"delivery", "Delivery", "Programmes, actions, risks and savings: how what was decided is put into effect.", []link{{"Delivery", "/delivery"}, {"All records", "/delivery/records"}}, nil},
	{"meetings", "Meetings", "Boards and committees, their meetings, and what they decided.", []link{{"Meetings", "/meetings"}, {"All records", "/meetings/records"}}, nil},
	{"feedback", "Feedback", "What staff, people who use the services and partners said, and what was done about it.", []link{{"Have your say", "/feedback"}, {"Contacts", "/feedback/contacts"}, {"Feedback received", "/feedback/feedback-received"}, {"All records", "/feedback/records"}}, nil},
}

// sectionAt gives the section to which an address belongs, or nil.
func sectionAt(path string) *section {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	for i := range sections {
		if sections[i].name == first {
			return &sections[i]
		}
	}
	return nil
}

// navigation is a link that may be where the reader is.
type navigation struct {
	link
	Current bool
}

// subnav is the pages of a section, for those pages themselves: a page of one record has its own.
func subnav(l *look) (out []navigation) {
	at := sectionAt(l.path)
	if at == nil {
		return nil
	}
	on := false
	pages := at.pages
	if l.public() {
		pages = l.site.publicLinks(pages)
	}
	for _, p := range pages {
		here := p.URL == l.path
		on = on || here
		out = append(out, navigation{link{p.Text, l.to(p.URL)}, here})
	}
	if !on {
		return nil
	}
	return out
}
