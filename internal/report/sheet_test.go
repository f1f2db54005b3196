package report_test

import (
	"fmt"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

func texts(named []report.Named) string {
	var out []string
	for _, n := range named {
		out = append(out, n.Text)
	}
	return strings.Join(out, ", ")
}

func inPost(all []report.InPost) string {
	var out []string
	for _, x := range all {
		s := x.Post.Text
		if len(x.Roles) > 0 {
			s += " as " + strings.Join(x.Roles, " and ")
		}
		out = append(out, s+" ("+strings.Join(x.In, ", ")+")")
	}
	return strings.Join(out, "; ")
}

func answer(a report.Answer) string {
	s := fmt.Sprintf("%s {%s} managed by %s%s; answers %s", a.Function.Text, a.Standing, a.Manager.Post.Text, a.NoManager, inPost(a.Answers))
	if len(a.Joined) > 0 {
		s += "; joined by " + texts(a.Joined)
	}
	return strings.Join(append([]string{s}, a.Why...), " ")
}

func sides(name string, all []report.OtherSide) (out []string) {
	for _, x := range all {
		s := fmt.Sprintf("%s: %s {%s}", name, x.Function.Text, x.Standing)
		if !x.Same {
			s += " other: " + texts(x.Other)
		}
		out = append(out, s)
	}
	return out
}

func TestSheets(t *testing.T) {
	g, p := harrow(t)
	launch := g.View(fact.DayOf(2003, 10, 1), g.KnownAt(fact.DayOf(2003, 9, 17).End()))
	letter := g.View(fact.DayOf(2015, 6, 5), g.Size()).With("people-directorate")
	of := func(v *graph.View, kind fact.KindName, id fact.ID) *graph.Record {
		return v.Record(fact.Key{Kind: kind, ID: id})
	}
	post := func(v *graph.View, id fact.ID) string {
		s := report.SheetOfPost(p, of(v, graph.Post, id), report.AnswersOf(p, v))
		out := []string{s.Post.Text + ": " + strings.Join(s.Holding.Words(), ", ")}
		for _, h := range s.Holders {
			out = append(out, fmt.Sprintf("holder: %s %s since %s", h.Person.Text, h.Basis, h.Since.Words()))
		}
		out = append(out, fmt.Sprintf("reports to %s, in %s (leads: %v), %d below: %s", s.ReportsTo.Text, s.Unit.Text, s.Leads, s.Below, inPost(s.Reports)))
		for _, r := range s.Roles {
			out = append(out, fmt.Sprintf("role: %s since %s %s", r.Name, r.Since.Words(), r.Decided))
		}
		out = append(append(out, sides("manages", s.Manages)...), sides("answers for", s.Answers)...)
		out = append(out, "conditions: "+texts(s.Conditions), "delegated: "+texts(s.Delegated), pipeline(s.Recruiting))
		return strings.Join(out, "\n")
	}
	unit := func(v *graph.View, id fact.ID) string {
		s := report.SheetOfUnit(p, of(v, graph.Unit, id), report.AnswersOf(p, v))
		out := []string{fmt.Sprintf("%s, %s, headed by %s%s, part of %s", s.Unit.Text, s.Type, inPost([]report.InPost{s.Head}), s.NoHead, texts(s.Chain))}
		out = append(out, fmt.Sprintf("%d posts in all, here: %s", s.AllPosts, inPost(s.Posts)), "parts: "+texts(s.Parts), "purpose: "+s.Purpose+", staff: "+s.Staff+", budget: "+s.Budget)
		for _, a := range s.Functions {
			out = append(out, answer(a))
		}
		return strings.Join(out, "\n")
	}
	function := func(v *graph.View, id fact.ID) string {
		s := report.SheetOfFunction(p, of(v, graph.Function, id))
		out := []string{answer(s.Answer), fmt.Sprintf("%s, %s; %s; in %s; led politically by %s; mechanisms: %s", s.Domain, s.Ages, strings.Join(s.Roles, ", "), s.Unit.Text, inPost(s.Leads), texts(s.Mechanisms))}
		for _, r := range s.Rules {
			out = append(out, fmt.Sprintf("%s %s: %s", r.ID, r.Force, r.Title))
		}
		return strings.Join(out, "\n")
	}
	role := func(v *graph.View, code string) string {
		s := report.SheetOfRole(p, v, p.Role(code), report.AnswersOf(p, v))
		out := []string{fmt.Sprintf("%s, %s, %s, required: %v, {%s}, %s", s.Name, s.HeldBy, s.Law, s.Required, s.Word, s.Note), "domains: " + strings.Join(s.Domains, ", "), lines(s.Periods)}
		for _, a := range s.Functions {
			out = append(out, "function: "+a.Function.Text)
		}
		out = append(out, "delegated: "+texts(s.Delegated))
		for _, r := range s.Rules {
			out = append(out, fmt.Sprintf("%s %s: %s (combines: %v)", r.ID, r.Force, r.Title, r.Combines))
		}
		return strings.Join(out, "\n")
	}
	for _, c := range []struct{ name, got, want string }{
		{"a post that manages what another answers for", post(launch, "director-childrens-services"), `
Director of Children's Services: Paul Clark
holder: Paul Clark  since 29 September 2003
reports to Executive Director – People First, in Children's Services (leads: true), 0 below: 
role: Director of Social Services since 1 October 2003 
manages: Children with special educational needs {Different post} other: Director of Learning & Community Development
manages: Children in need {Same post}
manages: Children's placements: fostering, adoption and residential homes {Same post}
manages: Family support {Same post}
manages: Youth and Connexions {No statutory role} other: 
manages: Youth offending {No statutory role} other: 
manages: Early years and childcare, including play schemes {Not classified} other: 
answers for: Adult mental health {Different post} other: Head of Community Care (transitional)
answers for: Adults with learning disabilities {Different post} other: Director of Learning & Community Development
answers for: Older people {Different post} other: Head of Community Care (transitional)
answers for: Physical disabilities {Different post} other: Head of Community Care (transitional)
answers for: Children in need {Same post}
answers for: Children's placements: fostering, adoption and residential homes {Same post}
answers for: Family support {Same post}
conditions: 
delegated: 
Director of Children's Services {Started} Nothing: the post is filled |  | Paul Clark`},
		{"a post to which nobody is appointed yet", post(letter, "corporate-director-people"), `
Corporate Director – People: Who is in post is not recorded
reports to Chief Executive, in People (leads: true), 4 below: Director of Adult Social Services (Who is in post is not recorded); Director of Public Health (Who is in post is not recorded); Director of Education (Who is in post is not recorded); Divisional Director, Children and Young People (Who is in post is not recorded)
role: Director of children's services since to be agreed 
manages: Disabled children {Same post}
manages: Commissioning for adults, children and public health {No statutory role} other: 
answers for: Care leavers {Manages it through its line} other: Divisional Director, Children and Young People
answers for: Children's social care, Children in Need teams {Manages it through its line} other: Divisional Director, Children and Young People
answers for: Commissioning of school places {Manages it through its line} other: Director of Education
answers for: Education and school improvement {Manages it through its line} other: Director of Education
answers for: First Response {Manages it through its line} other: Divisional Director, Children and Young People
answers for: Looked after children {Manages it through its line} other: Divisional Director, Children and Young People
answers for: Safeguarding of children {Manages it through its line} other: Divisional Director, Children and Young People
answers for: Special educational needs {Manages it through its line} other: Director of Education
answers for: Disabled children {Same post}
conditions: As long as the Corporate Director – People is an officer whose experience in children's services is recent and relevant.
delegated: 
`},
		{"a unit", unit(launch, "people-first"), `
People First, Directorate, headed by Executive Director – People First (Paul Osburn), part of 
6 posts in all, here: Executive Director – People First (Paul Osburn); Area Director – People First (Who is in post is not recorded)
parts: People First Strategy, Children's Services, Learning and Community Development, Community Care Services, First of the three areas, Second of the three areas, Third of the three areas
purpose: , staff: , budget: `},
		{"a department", unit(launch, "childrens-services"), `
Children's Services, Department, headed by Director of Children's Services (Paul Clark), part of People First
1 posts in all, here: Director of Children's Services (Paul Clark)
parts: 
purpose: General and targeted services that improve the life chances of children and young people, staff: , budget: 
Children with special educational needs {Different post} managed by Director of Children's Services; answers Director of Learning & Community Development as Chief Education Officer (Javed Khan: the appointment is agreed, and its start is to be announced); joined by Meeting of the council's statutory officers
Children in need {Same post} managed by Director of Children's Services; answers Director of Children's Services as Director of Social Services (Paul Clark)
Children's placements: fostering, adoption and residential homes {Same post} managed by Director of Children's Services; answers Director of Children's Services as Director of Social Services (Paul Clark)
Family support {Same post} managed by Director of Children's Services; answers Director of Children's Services as Director of Social Services (Paul Clark)
Youth and Connexions {No statutory role} managed by Director of Children's Services; answers 
Youth offending {No statutory role} managed by Director of Children's Services; answers 
Early years and childcare, including play schemes {Not classified} managed by Director of Children's Services; answers `},
		{"a function of which another post answers", function(launch, "special-educational-needs"), `
Children with special educational needs {Different post} managed by Director of Children's Services; answers Director of Learning & Community Development as Chief Education Officer (Javed Khan: the appointment is agreed, and its start is to be announced); joined by Meeting of the council's statutory officers
Education, Children; Chief Education Officer; in Children's Services; led politically by Portfolio Holder for Education and Lifelong Learning (Who is in post is not recorded); mechanisms: Meeting of the council's statutory officers`},
		{"a function of a proposal", function(letter, "adult-social-care"), `
Adult social care {Same post} managed by Director of Adult Social Services; answers Director of Adult Social Services as Director of adult social services (Who is in post is not recorded)
Adult social care, Adults; Director of adult social services; in People; led politically by Portfolio Holder for Adult Services (Who is in post is not recorded); mechanisms: 
DASS-01 The law requires: One director of adult social services
DCS-09 Statutory guidance: Other functions added call for a local test of assurance
LM-04 Statutory guidance: Other functions added to the lead member call for a local test of assurance
GP-04 Good practice: A people director who is director of children's services has led children's services
GP-05 Good practice: Leadership is shared among named deputies
GP-06 Good practice: Separate Improvement Boards for the first twelve months`},
		{"a role of 2003", role(launch, "CEO"), `
Chief Education Officer, An officer, In law until 31 December 2007, required: false, {Not recorded}, Not the chief executive. Falls away when the council designates its first director of children's services.
domains: Education, Adult and community learning
Not recorded: [Director of Learning & Community Development], 1 October 2003 – 31 December 2007, 4 years and 3 months | Who held this role from 1 October 2003 to 31 December 2007 is not recorded. Javed Khan: the appointment is agreed, and its start is to be announced.
Interim: Head of Children and Community Services in the Education Department (not named in the report); [Director of Education], 1 September 2003 – 30 September 2003, 1 month
Interim, joint: Head of Children and Community Services in the Education Department (not named in the report); Head of Service in the Education Department, second of three (not named in the report); Head of Service in the Education Department, third of three (not named in the report); [Director of Education], January 2003 – 31 August 2003, 7 to 8 months | 3 people held it together, and to which of them the role fell is not recorded.
In post: Paul Osburn; [Director of Education], not recorded – January 2003
function: Children with special educational needs
function: Adult, community and family learning
function: Education and business
function: Health and drugs education
function: Professional development and training
function: School development and improvement
delegated: 
OLD-01 The law requires: A Chief Education Officer (combines: false)
OLD-03 Good practice: The two chief officers are placed close to the chief executive (combines: false)`},
		{"a role that a post combines with others", role(letter, "DCS"), `
Director of children's services, An officer, In law since 1 March 2005, required: true, {Not recorded}, 
domains: Education, Children's social care, Leaving care, Health functions for children exercised for the NHS, Safeguarding
Not recorded: [Corporate Director, Children and Young People], between 1 April 2005 and 15 April 2015 – no end recorded, 2 months to 10 years and 2 months so far | Who held this role from some day between 1 April 2005 and 15 April 2015 is not recorded.
Not recorded: , 1 March 2005 – between 1 April 2005 and 15 April 2015, 1 month to 10 years and 2 months | Who held this role from 1 March 2005 to some day between 1 April 2005 and 15 April 2015 is not recorded. To which post the role belonged is not recorded.
function: Care leavers
function: Children's social care, Children in Need teams
function: Commissioning of school places
function: Education and school improvement
function: First Response
function: Looked after children
function: Safeguarding of children
function: Special educational needs
function: Disabled children
delegated: 
HWB-01 The law requires: A health and wellbeing board with its statutory members (combines: false)
DASS-01 The law requires: One director of adult social services (combines: false)
DCS-01 The law requires: One director of children's services (combines: false)
DCS-02 The law requires: The director of children's services answers for the children's functions (combines: false)
DCS-11 The law requires: The director of children's services is an officer of the council (combines: false)
DCS-12 The law requires: No statutory office is left empty (combines: false)
DCS-13 The law requires: A departure from the guidance has a recorded reason (combines: false)
DCS-03 Statutory guidance: One officer for education and children's social care (combines: false)
DCS-04 Statutory guidance: Education or children's social care managed outside the director's line (combines: false)
DCS-05 Statutory guidance: The director of children's services is a first-tier officer (combines: false)
DCS-06 Statutory guidance: The director of children's services reports to the chief executive (combines: false)
DCS-07 Statutory guidance: The director of children's services is not also the chief executive (combines: true)
DCS-09 Statutory guidance: Other functions added call for a local test of assurance (combines: true)
COR-02 Good practice: The people directors are not also monitoring officer or chief finance officer (combines: true)
GP-04 Good practice: A people director who is director of children's services has led children's services (combines: true)
GP-05 Good practice: Leadership is shared among named deputies (combines: true)
GP-06 Good practice: Separate Improvement Boards for the first twelve months (combines: true)`},
	} {
		same(t, c.name, c.got, c.want)
	}
}

// A function stands to the post that answers for it in one of six ways.
func TestStandings(t *testing.T) {
	g, p := council(t, `{kind: post, id: chief, title: Chief}
---
{kind: post, id: dcs, title: Children, reports_to: chief}
---
{kind: post, id: dass, title: Adults, reports_to: chief}
---
{kind: post, id: head, title: Head, reports_to: dcs}
---
{kind: designation, id: d1, role: DCS, post: dcs}
---
{kind: designation, id: d2, role: DASS, post: dass}
---
{kind: designation, id: d3, role: HPS, post: chief}
---
{kind: function, id: f1, name: Schools, domain: EDU, managed_by: dcs}
---
{kind: function, id: f2, name: Care, domain: CSC, managed_by: head}
---
{kind: function, id: f3, name: Adult care, domain: ASC, managed_by: head}
---
{kind: function, id: f4, name: Housing, domain: HOUSING, managed_by: head}
---
{kind: function, id: f5, name: Early years, domain: UNCLASSIFIED, managed_by: head}
---
{kind: function, id: f6, name: Nobody's, domain: EDU}
---
{kind: designation, id: d4, role: DPH, post: dass}
---
{kind: designation, id: d5, role: DPH, post: chief}
---
{kind: function, id: f7, name: Public health, domain: PH, managed_by: dass}`)
	var got []string
	for _, a := range report.AnswersOf(p, g.View(fact.DayOf(2020, 1, 1), g.Size())) {
		got = append(got, answer(a))
	}
	same(t, "standings", strings.Join(got, "\n"), `
Adult care {Different post} managed by Head; answers Adults as Director of adult social services (Who is in post is not recorded)
Nobody's {Cannot be said} managed by Not known: it is not recorded in which unit it sits.; answers Children as Director of children's services (Who is in post is not recorded) It is not recorded in which unit it sits.
Care {Manages it through its line} managed by Head; answers Children as Director of children's services (Who is in post is not recorded)
Public health {Manages it through its line} managed by Adults; answers Adults as Director of public health (Who is in post is not recorded); Chief as Director of public health (Who is in post is not recorded)
Schools {Same post} managed by Children; answers Children as Director of children's services (Who is in post is not recorded)
Housing {No statutory role} managed by Head; answers 
Early years {Not classified} managed by Head; answers`)
}

// How a post stands that nobody holds, or nobody but for the time being.
func TestHowAPostStands(t *testing.T) {
	const first = twoPosts + "{kind: appointment, id: a, person: ann, post: old, from: 2010-01-01, until: %s}"
	const next = "\n---\n{kind: appointment, id: b, person: bea, post: old, basis: %s, from: %s}"
	for name, c := range map[string]struct{ record, want string }{
		"vacant":                    {fmt.Sprintf(first, "2015-03-02"), "Vacant since 3 March 2015. Nobody is recorded as covering it."},
		"vacant since a month":      {fmt.Sprintf(first, "2015-03"), "Vacant since March 2015. Nobody is recorded as covering it."},
		"acting at once":            {fmt.Sprintf(first+next, "2015-03-02", "acting", "2015-03-03"), "Nobody has held it permanently since 3 March 2015."},
		"interim, after a gap":      {fmt.Sprintf(first+next, "2015-03-02", "interim", "2015-05-01"), "Nobody has held it permanently since 3 March 2015."},
		"acting, and nobody before": {twoPosts + "{kind: appointment, id: b, person: bea, post: old, basis: acting, from: 2015-01-01}", "Nobody has held it permanently since 1 January 2015."},
		"held":                      {fmt.Sprintf(first+next, "2015-03-02", "permanent", "2015-05-01"), ""},
		"new, and nobody yet": {`{kind: post, id: old, title: Old, from: 2015-01-01}
---
{kind: person, id: ann, name: Ann}
---
{kind: appointment, id: a, person: ann, post: old, from: 2016-01-01}`, "Vacant since 1 January 2015. Nobody is recorded as covering it."},
	} {
		g, p := council(t, c.record)
		v := g.View(fact.DayOf(2015, 6, 5), g.Size())
		s := report.SheetOfPost(p, v.Record(fact.Key{Kind: graph.Post, ID: "old"}), report.AnswersOf(p, v))
		if got := strings.Join(s.Status, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
