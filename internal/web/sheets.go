package web

import (
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// A record of the kinds by which a council hangs together has more on its page than its fields: what it means for others. Each sheet is
// sections before what every record has.

// sheetPart is a section of such a page.
type sheetPart struct {
	Heading string
	Warning string // what is wrong, or missing, in a sentence
	Lead    []link
	Sides   []side
	Chart   *unitChart // shown in the place of the table
	Table   *table
	Bars    *barTable
	More    *link
}

// side is one of two lists that belong beside each other.
type side struct {
	Heading string
	Items   []sideItem
	Empty   string
}

// sideItem is an item of such a list, with what is to be known beside it.
type sideItem struct {
	Item  link
	Notes [][]link
}

// told are the fields of which a sheet says what follows from them, so that a page need not say them again.
var told = map[fact.KindName][]string{graph.Function: {"managed_by", "answers_in_law", "mechanism"}}

// sheet gives what the page of a record has before its fields and after them.
func (s *Site) sheet(l *look, rec *graph.Record) (before []detail, after []sheetPart) {
	switch rec.Kind().Name {
	case graph.Post:
		return s.postSheet(l, rec)
	case graph.Unit:
		return nil, s.unitSheet(l, rec)
	case graph.Person:
		return s.personSheet(l, rec)
	case graph.Function:
		return s.functionSheet(l, rec)
	}
	return nil, nil
}

func (s *Site) postSheet(l *look, rec *graph.Record) (before []detail, parts []sheetPart) {
	x := report.SheetOfPost(s.Pack, rec, s.answers(l))
	before = s.inPost(l, &x)
	if x.Holding.Vacant && len(x.Roles) > 0 {
		var roles []string
		for _, r := range x.Roles {
			roles = append(roles, kind.Lower(r.Name))
		}
		parts = append(parts, sheetPart{Warning: "Nobody is in this post, and it has a statutory role: " + and(roles) + "."})
	}
	for _, c := range x.Conditions {
		parts = append(parts, sheetPart{Warning: "Condition on this post:", Lead: []link{l.named(c)}})
	}
	filling := slices.DeleteFunc(x.Recruiting, func(r report.Recruiting) bool { return r.Done() })
	if len(filling) > 0 {
		parts = append(parts, sheetPart{Heading: "Recruitment", Table: s.pipelineTable(l, "How far the filling of this post has got", filling)})
	}
	if x.Away != nil {
		parts = append(parts, sheetPart{Heading: "Away, and covered", Table: awayTable(l, "An absence is not a vacancy", x.Away)})
	}
	if x.Delegated != nil {
		t := newTable("Powers that the constitution gives to this post", "Delegation")
		for _, d := range x.Delegated[:min(len(x.Delegated), rowsPerPage)] {
			t.add([]link{l.named(d)})
		}
		parts = append(parts, sheetPart{Heading: "Delegations", Table: t})
	}
	if x.Manages != nil || x.Answers != nil {
		parts = append(parts, sheetPart{Heading: "What it manages, and what it answers for in law", Sides: []side{
			{"Manages", s.otherSides(l, x.Manages, "Answers in law: "), "Nothing is recorded as managed by this post."},
			{"Answers in law for", s.otherSides(l, x.Answers, "Different manager: "), "It answers in law for nothing."},
		}})
	}
	if n := len(x.Reports); n > 0 {
		t := newTable(capital(count(n, "post reports", "posts report"))+" to it", "Post", "In post")
		for _, r := range x.Reports[:min(n, rowsPerPage)] {
			t.add([]link{l.named(r.Post)}, texts(r.In))
		}
		part := sheetPart{Heading: "Reports to it", Table: t}
		if x.Below > n || n > rowsPerPage {
			part.More = &link{"All " + count(x.Below, "post", "posts") + " below it, as a chart", l.to("/structure", "top", string(rec.Key().ID))}
		}
		parts = append(parts, part)
	}
	return before, append(parts, s.heldBy(l, x.Periods)...)
}

// heldBy shows who has been in a post through time.
func (s *Site) heldBy(l *look, periods []report.Period) []sheetPart {
	if len(periods) == 0 {
		return nil
	}
	slices.Reverse(periods)
	bars, periods := s.periodBars(l, "holders", "Holders, the newest first", "Holder", periods)
	for _, p := range periods {
		bars.period(l.holdersOf(p), p)
	}
	return []sheetPart{{Heading: "Who has been in this post", Bars: bars}}
}

// throughTime gives what the page of a record that is not there on the day has all the same: what there is of it on other days.
func (s *Site) throughTime(l *look, k fact.Key) []sheetPart {
	switch k.Kind {
	case graph.Post:
		return s.heldBy(l, report.TenureOfPost(s.Pack, l.View, k, fact.MinDay, fact.MaxDay))
	case graph.Person:
		return []sheetPart{s.postsHeld(l, k)}
	case graph.Function:
		return []sheetPart{s.answeredPart(l, k), s.managedPart(l, k)}
	}
	return nil
}

// inPost says of a post who is in it and which statutory roles it has, and since when.
func (s *Site) inPost(l *look, x *report.PostSheet) []detail {
	in := texts(x.Holding.Words())
	if len(x.Holders) > 0 || x.Holding.Vacant {
		in = nil
	}
	for _, h := range x.Holders {
		var until, covers string
		if !h.Until.IsZero() {
			until = "until " + someDay(h.Until)
		}
		if h.Covers {
			covers = "for somebody who is away"
		}
		in = slices.Concat(in, []link{l.named(h.Person)}, about(h.Basis, sinceWords(h.Since), until, covers))
	}
	for _, a := range x.Away {
		if !slices.ContainsFunc(x.Holders, func(h report.Holder) bool { return h.Person == a.Person }) {
			in = slices.Concat(in, []link{l.named(a.Person)}, text("Away, and still the holder"))
		}
	}
	if len(x.Holders) > 0 && x.Holding.Together {
		in = append(in, link{Text: "jointly"})
	}
	in = append(in, texts(x.Status)...)
	out := []detail{{Label: "In post", Lines: in}}
	var roles []link
	for _, r := range x.Roles {
		decided := ""
		if r.Decided != "" {
			decided = "decided by " + r.Decided
		}
		roles = slices.Concat(roles, []link{{r.Name, l.roleAt(s.Pack.Role(r.Code))}}, about(sinceWords(r.Since), decided))
	}
	if len(roles) > 0 {
		out = append(out, detail{Label: "Statutory role", Lines: roles})
	}
	var deputies []link
	for _, d := range x.Deputies {
		deputies = slices.Concat(deputies, []link{l.named(d.Post)}, texts(d.In), text("for "+and(d.Roles)))
	}
	if len(deputies) > 0 {
		out = append(out, detail{Label: "Named deputy", Lines: deputies})
	}
	return out
}

// about joins what is known of somebody or something into a line.
func about(known ...string) []link {
	return text(capital(strings.Join(slices.DeleteFunc(known, func(s string) bool { return s == "" }), ", ")))
}

// otherSides lists functions with who is on their other side, where that is another post.
func (s *Site) otherSides(l *look, all []report.OtherSide, note string) (out []sideItem) {
	for _, x := range all[:min(len(all), rowsPerPage)] {
		item := sideItem{Item: l.named(x.Function)}
		for i, o := range x.Other {
			if x.Same {
				break
			}
			before := note
			if i > 0 {
				before = "and "
			}
			item.Notes = append(item.Notes, []link{{Text: before}, l.named(o)})
		}
		out = append(out, item)
	}
	return out
}

func (s *Site) unitSheet(l *look, rec *graph.Record) (parts []sheetPart) {
	x := report.SheetOfUnit(s.Pack, rec, s.answers(l))
	head := sheetPart{Heading: "Who leads it"}
	if x.NoHead != "" {
		head.Warning = sentence("Which post leads it cannot be said: " + x.NoHead)
	} else {
		head.Lead = append([]link{l.named(x.Head.Post)}, link{Text: " – " + and(x.Head.In)})
	}
	parts = append(parts, head)
	if len(x.Chain) > 0 {
		part := sheetPart{Heading: "What it is part of"}
		for i, c := range x.Chain {
			if i > 0 {
				part.Lead = append(part.Lead, link{Text: ", in"})
			}
			part.Lead = append(part.Lead, l.named(c))
		}
		parts = append(parts, part)
	}
	if len(x.Parts) > 0 {
		t := newTable(capital(count(len(x.Parts), "unit is", "units are"))+" part of it", "Unit")
		for _, u := range x.Parts[:min(len(x.Parts), rowsPerPage)] {
			t.add([]link{l.named(u)})
		}
		parts = append(parts, sheetPart{Heading: "Its parts", Table: t})
	}
	posts := sheetPart{Heading: "Posts", Lead: text("No posts sit in this unit on this day.")}
	if n := len(x.Posts); n > 0 {
		posts.Lead = text(capital(count(n, "post sits", "posts sit")) + " in it.")
		posts.Table = newTable("Posts that sit in it", "Post", "In post")
		for _, p := range x.Posts[:min(n, rowsPerPage)] {
			posts.Table.add([]link{l.named(p.Post)}, texts(p.In))
		}
	}
	if x.AllPosts > len(x.Posts) {
		posts.Lead = append(posts.Lead, link{Text: "With its parts it has " + count(x.AllPosts, "post", "posts") + "."})
	}
	if x.AllPosts > 0 {
		posts.Heading = "The structure from here down"
		posts.Chart = s.unitChart(l, rec)
	}
	parts = append(parts, posts)
	if len(x.Functions) > 0 {
		parts = append(parts, sheetPart{Heading: "Functions", Table: answersTable(l, capital(count(len(x.Functions), "function sits", "functions sit"))+" in it", x.Functions)})
	}
	return parts
}

// answersTable shows functions with who manages them and who answers.
func answersTable(l *look, caption string, all []report.Answer) *table {
	t := newTable(caption, "Function", "Line managed by", "Answers in law", "How they stand")
	for _, a := range all[:min(len(all), rowsPerPage)] {
		t.add([]link{l.named(a.Function)}, managerOf(l, a), answersOf(l, a), text(a.Standing.String()))
	}
	return t
}

func answersOf(l *look, a report.Answer) (out []link) {
	for _, x := range a.Answers {
		out = append(out, l.named(x.Post))
		if len(x.Roles) > 0 {
			out = append(out, link{Text: "as " + and(x.Roles)})
		}
		out = append(out, texts(x.In)...)
	}
	return append(out, texts(a.Why)...)
}

func (s *Site) personSheet(l *look, rec *graph.Record) (before []detail, parts []sheetPart) {
	x := report.SheetOfPerson(s.Pack, rec)
	var posts, roles []link
	for _, h := range x.Posts {
		until, away := "", ""
		if !h.Until.IsZero() {
			until = "until " + someDay(h.Until)
		}
		switch {
		case h.Uncertain:
			away = "not certain on this day: the dates are not exact"
		case h.Away:
			away = "away, and still the holder"
		case h.Covers:
			away = "for somebody who is away"
		}
		posts = slices.Concat(posts, []link{l.named(h.Post)}, about(h.Basis, sinceWords(h.Since), until, away))
	}
	for _, r := range x.Roles {
		through := "designated in person"
		if r.Post.Text != "" {
			through = "as " + r.Post.Text
		}
		roles = slices.Concat(roles, []link{{r.Name, l.roleAt(s.Pack.Role(r.Code))}}, about(through, sinceWords(r.Since)))
	}
	before = []detail{{Label: "In post", Lines: orText(posts, "No posts on this day.")}, {Label: "Statutory role", Lines: orText(roles, "None on this day")}}
	boards := sheetPart{Heading: "Boards", Lead: text("No seat on a board is recorded on this day.")}
	if n := len(x.Seats); n > 0 {
		boards.Lead, boards.Table = nil, newTable(capital(count(n, "seat on a board", "seats on boards")), "Board", "Sits as", "Goes with", "Stands for")
		for _, seat := range x.Seats[:min(n, rowsPerPage)] {
			as := text(seat.As)
			if seat.Uncertain {
				as = append(as, link{Text: "Not certain on this day: the dates are not exact"})
			}
			boards.Table.add([]link{l.named(seat.Board)}, as, orText(l.nameAll(some(seat.Post)), "The person, and no post"), orText(text(seat.StandsFor), "Not recorded"))
		}
	}
	return before, append(parts, s.postsHeld(l, rec.Key()), boards)
}

// postsHeld shows the posts of a person through time.
func (s *Site) postsHeld(l *look, person fact.Key) sheetPart {
	part := sheetPart{Heading: "Posts held"}
	periods := report.TenureOfPerson(s.Pack, l.View, person, fact.MinDay, fact.MaxDay)
	if len(periods) == 0 {
		part.Lead = text("No posts are recorded for this person.")
		return part
	}
	slices.Reverse(periods)
	part.Bars, periods = s.periodBars(l, "posts", "Posts, the newest first", "Post", periods)
	for _, p := range periods {
		part.Bars.period(l.nameAll(p.Posts), p)
	}
	return part
}

func (s *Site) functionSheet(l *look, rec *graph.Record) (before []detail, parts []sheetPart) {
	x := report.SheetOfFunction(s.Pack, rec)
	joined := orText(l.nameAll(x.Mechanisms), "Nothing has to: "+kind.Lower(x.Standing.String()))
	if x.Standing == report.DifferentPost {
		if joined = orText(l.nameAll(x.Joined), "No mechanism recorded"); x.Joined == nil {
			parts = append(parts, sheetPart{Warning: "No mechanism recorded: two different posts manage this and answer for it, and nothing that joins them is on record."})
		}
	}
	var leads []link
	for _, m := range x.Leads {
		leads = slices.Concat(leads, []link{l.named(m.Post)}, texts(m.In))
	}
	before = []detail{
		{Label: "Answers in law", Lines: orText(answersOf(l, x.Answer), "Nobody: the law gives it to no statutory role on this day")},
		{Label: "Line managed by", Lines: managerOf(l, x.Answer)},
		{Label: "How they stand", Lines: text(x.Standing.String())},
		{Label: "What joins them", Lines: joined},
		{Label: "Political lead", Lines: orText(leads, "No member’s portfolio that is recorded covers it")},
	}
	parts = append(parts, s.answeredPart(l, rec.Key()), s.managedPart(l, rec.Key()))
	law := newTable("What the law pack has of it", "Field of law", "Roles that answer", "Rules")
	var rules []link
	for _, r := range x.Rules {
		rules = append(rules, link{r.ID + " " + r.Title, l.to("/assurance/check/" + r.ID)})
	}
	law.add(slices.Concat(text(capital(x.Domain)), text(x.Note)), orText(texts(x.Roles), "None on this day"), orText(rules, "None"))
	parts = append(parts, sheetPart{Heading: "The law", Table: law})
	risks := sheetPart{Heading: "Risks", Lead: text("No risk that is recorded on this day is about it.")}
	if n := len(x.Risks); n > 0 {
		risks.Lead, risks.Table = nil, newTable(capital(count(n, "risk is", "risks are"))+" about it", "Risk", "Now", "Response", "Owner", "Next review")
		for _, r := range x.Risks[:min(n, rowsPerPage)] {
			risks.Table.add([]link{l.named(r.Risk)}, orText(text(capital(r.Now)), "Not recorded"), orText(text(r.Answer), "Not recorded"), orText(l.nameAll(some(r.Owner)), "Nobody recorded"), text(capital(boundary(r.Due, "not recorded"))))
		}
	}
	parts = append(parts, risks)
	if n := len(x.Inspected); n > 0 {
		t := newTable(capital(count(n, "inspection looked", "inspections looked"))+" at it", "Inspection", "By", "Judgement", "Published")
		for _, i := range x.Inspected[:min(n, rowsPerPage)] {
			t.add([]link{l.named(i.Inspection)}, orText(text(i.By), "Not recorded"), orText(text(i.Judgement), "Not recorded"), text(capital(boundary(i.On, "not recorded"))))
		}
		parts = append(parts, sheetPart{Heading: "Inspections", Table: t})
	}
	return before, parts
}

// some is what is named, or nothing where it names nothing.
func some(n report.Named) []report.Named {
	if n.Text == "" {
		return nil
	}
	return []report.Named{n}
}

// answeredPart shows who has answered for a function through time, a row for each time and each gap.
func (s *Site) answeredPart(l *look, function fact.Key) sheetPart {
	part := sheetPart{Heading: "Who has answered for it in law"}
	all := report.TenureOfFunction(s.Pack, l.View, function, fact.MinDay, fact.MaxDay)
	if len(all) == 0 {
		part.Lead = text("The law has given it to no statutory role on any day that is recorded.")
		return part
	}
	slices.Reverse(all)
	var gaps []string
	periods := make([]report.Period, len(all))
	for i, a := range all {
		periods[i] = a.Period
		if a.Status == report.Vacant {
			gaps = append(gaps, a.From.Words+" to "+a.Until.Words)
		}
	}
	if len(gaps) > 0 {
		part.Warning = "Gap: nobody is recorded for the role that answers for it " + and(gaps) + "."
	}
	part.Lead = text("Days on which the law gave it to no statutory role are left out.")
	bars, periods := s.periodBars(l, "answered", "Who held the role that answered for it, the newest first", "Holder", periods)
	for i, p := range periods {
		as := l.nameAll(p.Posts)
		if role := all[i].Role; role != "" {
			as = append(as, link{Text: "as " + role})
		}
		bars.held(l, p).By = as
	}
	part.Bars = bars
	return part
}

// managedPart shows who has managed a function through time.
func (s *Site) managedPart(l *look, function fact.Key) sheetPart {
	all := report.TenureOfManager(s.Pack, l.View, function, fact.MinDay, fact.MaxDay)
	slices.Reverse(all)
	bars, all := s.periodBars(l, "managed", "Who was in the post that managed it, the newest first", "Holder", all)
	for _, p := range all {
		bars.held(l, p).By = l.nameAll(p.Posts)
	}
	return sheetPart{Heading: "Who has managed it", Bars: bars}
}

// periodBars begins a table over the days that periods take and the day looked at, and gives those of them that it has room for.
func (s *Site) periodBars(l *look, id, caption, what string, periods []report.Period) (*barTable, []report.Period) {
	if n := len(periods); n > rowsPerPage {
		caption += ": " + strconv.Itoa(rowsPerPage) + " of " + thousands(int64(n))
		periods = periods[:rowsPerPage]
	}
	from, to := l.View.On(), l.View.On()
	for _, p := range periods {
		for _, d := range []fact.Day{p.From.Day, p.Until.Day} {
			if d != fact.MinDay && d != fact.MaxDay {
				from, to = min(from, d), max(to, d)
			}
		}
	}
	t := newBarTable(l, id, caption, what, from-30, to+30)
	t.lane(link{}, "")
	return t, periods
}

// pipelineTable shows how far the filling of posts has got.
func (s *Site) pipelineTable(l *look, caption string, all []report.Recruiting) *table {
	t := newTable(caption, "Post", "Stage", "Next step", "Chosen", "Conditions", "Cover until then")
	for _, x := range all[:min(len(all), rowsPerPage)] {
		next := x.Next
		if x.Late {
			next += " – the day has passed, and what came of it is not recorded"
		}
		chosen := l.chosen(x)
		cover := texts(x.Cover)
		if x.NoCover {
			cover = text("None recorded")
		}
		t.add([]link{l.named(x.Post)}, append(orText(text(x.Word), "Not recorded"), link{"See the recruitment", l.record(x.Recruitment)}), orText(text(next), "Not recorded"), orText(chosen, "Nobody yet"), orText(l.nameAll(x.Conditions), "None"), orText(cover, "The post is held"))
	}
	return t
}

// chosen names whoever was chosen for a post, and where from.
func (l *look) chosen(x report.Recruiting) []link {
	if x.Chosen.Text == "" {
		return nil
	}
	out := []link{l.named(x.Chosen)}
	if x.ComingFrom != "" {
		out = append(out, link{Text: x.ComingFrom})
	}
	return out
}

// doneTable shows recruitments that are over.
func (s *Site) doneTable(l *look, all []report.Recruiting) *table {
	t := newTable(capital(count(len(all), "recruitment is", "recruitments are"))+" over", "Post", "Stage", "Chosen")
	for _, x := range all[:min(len(all), rowsPerPage)] {
		t.add([]link{l.named(x.Post)}, []link{{Text: x.Word}, {"See the recruitment", l.record(x.Recruitment)}}, orText(l.chosen(x), "Nobody"))
	}
	return t
}

// awayTable shows who is away and who covers.
func awayTable(l *look, caption string, all []report.Away) *table {
	t := newTable(caption, "Who is away", "Post", "Why", "From", "Until", "Covered by")
	for _, x := range all[:min(len(all), rowsPerPage)] {
		cover := text("Nobody recorded")
		if x.Cover.Text != "" {
			cover = append([]link{l.named(x.Cover)}, text(x.Basis)...)
		}
		t.add([]link{l.named(x.Person), {"See the absence", l.record(x.Absence)}}, []link{l.named(x.Post)}, text(capital(x.Reason)), text(capital(boundary(x.From, "not recorded"))), text(capital(boundary(x.Until, "until further notice"))), cover)
	}
	return t
}
