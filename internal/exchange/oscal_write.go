package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// named are kinds whose titles may name somebody. They are in no export: what is found is about posts, boards and functions.
var named = []fact.KindName{graph.Appointment, "person", "absence", "seat", "recruitment", "response", "comment", "grant"}

// groups are kinds that OSCAL takes for a party, which is a person or an organisation. A post is an organisation there, and a property says that it is a post.
var groups = []fact.KindName{graph.Post, "board", "organisation", "unit"}

// oscalExport is what the four documents of a test are made of.
type oscalExport struct {
	x           *assure.Assessment
	v           *graph.View
	test        *graph.Record
	record      string // which record it is, so that two councils' ids do not meet
	evidence    []*graph.Record
	interviews  []*graph.Record
	findings    []*graph.Record
	recommended []*graph.Record
	letter      *graph.Record // as it was issued, or nil
}

// called names a record as people do.
func (e *oscalExport) called(k fact.Key) string { return e.x.Results.Pack.Named(k, e.v.Called(k)) }

// OSCAL writes a test of assurance as OSCAL: a catalog with the criteria of its framework, the plan of the assessment, its results, and a plan of action and
// milestones with its conditions and recommendations, which is left out where there are none. The assessment is that of the test by assure.AssessTest;
// record is the name of the record, as of its checkpoints. All of it is checked by CheckOSCAL first: what that finds is a fault of this program.
//
// Of people the assessor alone is named, unless who that is may not be seen. Whoever calls it has seen to it that the reader may see what an adviser wrote.
func OSCAL(x *assure.Assessment, record string) ([]OSCALDocument, error) {
	e := &oscalExport{x: x, v: x.View, test: x.Test, record: record}
	switch {
	case x.Test == nil:
		return nil, fmt.Errorf("there is no test to write: %w", fact.ErrInvalid)
	case x.Framework == nil:
		return nil, fmt.Errorf("the test “%s” names no framework whose criteria are known; record its framework: %w", x.Test.Title(), fact.ErrInvalid)
	case len(x.Framework.Criteria) == 0:
		return nil, fmt.Errorf("the framework %s has no criteria, and a catalog of none is no catalog: %w", x.Framework.ID, fact.ErrInvalid)
	}
	e.evidence = e.ofTest("evidence")
	e.interviews = e.ofTest("interview")
	e.findings = e.ofTest("finding")
	e.recommended = e.ofTest("recommendation")
	for _, l := range e.ofTest("letter") {
		if l.Text("purpose") == "issue" && (e.letter == nil || l.Date("dated").Last >= e.letter.Date("dated").Last) {
			e.letter = l
		}
	}
	roots := []struct {
		name, about string
		root        oscalRoot
	}{
		{catalogFile, "The criteria of the framework", oscalRoot{Catalog: e.catalog()}},
		{planFile, "What the test was to look at, and how", oscalRoot{Plan: e.plan()}},
		{resultsFile, "What was found and judged, as issued and as it stands", oscalRoot{Results: e.results()}},
		{poamFile, "Conditions and recommendations, and what is done about them", oscalRoot{POAM: e.poam()}},
	}
	var out []OSCALDocument
	var files []*OSCALFile
	for _, r := range roots {
		if r.name == poamFile && r.root.POAM == nil {
			continue
		}
		b, err := oscalBytesOf(r.root)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", r.name, err)
		}
		f, err := ReadOSCAL(r.name, strings.NewReader(string(b)))
		if err != nil {
			return nil, fmt.Errorf("write %s: what was written cannot be read again, which is a fault of this program: %w", r.name, err)
		}
		files, out = append(files, f), append(out, OSCALDocument{r.name, r.about, b})
	}
	if report := CheckOSCAL(files...); len(report.Faults)+len(report.Unfollowed) > 0 {
		var errs []error
		for _, f := range append(report.Faults, report.Unfollowed...) {
			errs = append(errs, fmt.Errorf("%s, %s: %s", f.File, f.Path, f.Text))
		}
		return nil, fmt.Errorf("nothing was written, for references in it lead nowhere, which is a fault of this program:\n%w", errors.Join(errs...))
	}
	return out, nil
}

// ofTest gives the records of a kind that belong to the test, by their numbers and ids.
func (e *oscalExport) ofTest(kind fact.KindName) []*graph.Record {
	return byNumber(e.test.Referring(kind, "test"))
}

func byNumber(all []*graph.Record) []*graph.Record {
	all = slices.Clone(all)
	number := func(r *graph.Record) float64 {
		if n, ok := r.Number("number"); ok {
			return n
		}
		return 1e9 // those without one come last
	}
	slices.SortFunc(all, func(a, b *graph.Record) int {
		switch x, y := number(a), number(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return strings.Compare(a.Key().String(), b.Key().String())
	})
	return all
}

// uuid names a record, or a part of what is written of it.
func (e *oscalExport) uuid(k fact.Key, part ...string) string {
	return uuidOf(append([]string{e.record, k.String()}, part...)...)
}

// today names what is so on the day looked at only.
func (e *oscalExport) today() string { return "on " + e.v.On().String() }

// criterion is the id of a criterion in the catalog; its parts are named after it.
func criterion(code string) string { return "toa-" + code }

func (e *oscalExport) reviewed(codes ...string) oscalReviewed {
	var s oscalSelection
	for _, c := range e.x.Framework.Criteria {
		if len(codes) == 0 || slices.Contains(codes, c.Code) {
			s.Include = append(s.Include, oscalControlID{criterion(c.Code)})
		}
	}
	if len(s.Include) == 0 {
		return e.reviewed()
	}
	return oscalReviewed{[]oscalSelection{s}}
}

// reported is the day of the report; ok is false where it was not reported.
func (e *oscalExport) reported() (fact.Day, bool) {
	d := e.test.Date("reported_on")
	return d.Last, !d.IsZero() && d.Form != fact.ToBeAgreed && d.Last <= e.v.On()
}

// end is the day by which something was done that has to have one: its own, that of the report, or that looked at.
func (e *oscalExport) end(d fact.Date) fact.Day {
	if !d.IsZero() && d.Form != fact.ToBeAgreed {
		return d.Last
	}
	if day, ok := e.reported(); ok {
		return day
	}
	return e.v.On()
}

// oscalPaper is a document while it is written: it collects the parties and resources to which it refers.
type oscalPaper struct {
	e         *oscalExport
	id        string
	title     string
	links     []oscalLink
	roles     []oscalRole
	holders   []oscalParties
	parties   []oscalParty
	resources []oscalResource
	checker   *oscalLocal // this program, where it is said that it found something
}

func (e *oscalExport) paper(file, title string) *oscalPaper {
	id := e.uuid(e.test.Key(), file, e.v.On().String(), strconv.FormatInt(e.v.Known(), 10), string(e.v.Proposal()))
	p := &oscalPaper{e: e, id: id, title: onOne(title)}
	if file == catalogFile {
		return p
	}
	var assessor []string
	if k, ok := e.test.RefKey("assessor"); ok && e.v.Class(k).Visibility != "restricted" {
		assessor = append(assessor, p.person(k))
	} else if k, ok := e.test.RefKey("assessor_organisation"); ok {
		assessor = append(assessor, p.party(k))
	}
	p.role("assessor", "Assessor", assessor)
	var asked []string
	for _, k := range e.test.RefKeys("commissioned_by") {
		asked = append(asked, p.party(k))
	}
	p.role("commissioner", "Commissioned by", asked)
	if k, ok := e.test.RefKey("recipient"); ok {
		p.role("recipient", "Letter goes to", []string{p.party(k)})
	}
	return p
}

func (p *oscalPaper) role(id, title string, held []string) {
	p.roles = append(p.roles, oscalRole{id, title})
	if len(held) > 0 {
		p.holders = append(p.holders, oscalParties{id, held})
	}
}

// by says that the assessor does or says something; nothing where nobody is named as such.
func (p *oscalPaper) by() []oscalOrigin {
	for _, h := range p.holders {
		if h.Role == "assessor" {
			return []oscalOrigin{{[]oscalActor{{"party", h.Parties[0], "assessor"}}}}
		}
	}
	return nil
}

func (p *oscalPaper) add(party oscalParty) string {
	if !slices.ContainsFunc(p.parties, func(x oscalParty) bool { return x.UUID == party.UUID }) {
		p.parties = append(p.parties, party)
	}
	return party.UUID
}

// party names a post, board or organisation.
func (p *oscalPaper) party(k fact.Key) string {
	return p.add(oscalParty{UUID: p.e.uuid(k), Type: "organization", Name: onOne(p.e.called(k)), Props: append(ours("kind", string(k.Kind)), ours("id", string(k.ID))...)})
}

// person names the assessor and where they belong.
func (p *oscalPaper) person(k fact.Key) string {
	x := oscalParty{UUID: p.e.uuid(k), Type: "person", Name: onOne(p.e.called(k))}
	if of, ok := p.e.test.RefKey("assessor_organisation"); ok {
		x.Of = []string{p.party(of)}
	}
	return p.add(x)
}

// resource names any other record in the back matter, and gives where it leads.
func (p *oscalPaper) resource(k fact.Key, more ...oscalProp) string {
	x := oscalResource{UUID: p.e.uuid(k), Title: onOne(p.e.called(k)), Props: append(append(ours("kind", string(k.Kind)), ours("id", string(k.ID))...), more...)}
	return p.keep(x)
}

func (p *oscalPaper) keep(x oscalResource) string {
	if !slices.ContainsFunc(p.resources, func(y oscalResource) bool { return x.UUID == y.UUID }) {
		p.resources = append(p.resources, x)
	}
	return x.UUID
}

// subjects gives what something is about, but nobody.
func (p *oscalPaper) subjects(about []fact.Key) []oscalSubject {
	var out []oscalSubject
	for _, k := range about {
		s := oscalSubject{Type: "resource", Title: onOne(p.e.called(k))}
		switch {
		case slices.Contains(named, k.Kind):
			continue
		case slices.Contains(groups, k.Kind):
			s.Type, s.UUID = "party", p.party(k)
		default:
			s.UUID = p.resource(k)
		}
		if !slices.ContainsFunc(out, func(x oscalSubject) bool { return x.UUID == s.UUID }) {
			out = append(out, s)
		}
	}
	return out
}

func (p *oscalPaper) metadata() oscalMetadata {
	e := p.e
	m := oscalMetadata{Title: p.title, Version: fmt.Sprintf("on %s as recorded at entry %d", e.v.On(), e.v.Known()), OSCAL: oscalVersion, LastModified: "1970-01-01T00:00:00Z",
		Links: p.links, Roles: p.roles, Parties: p.parties, Responsible: p.holders}
	if t := e.v.KnownAt().UTC(); t.Year() >= 1900 && t.Year() <= 2999 {
		m.LastModified = t.Format("2006-01-02T15:04:05Z07:00")
	}
	if day, ok := e.reported(); ok {
		m.Published = moment(day)
	}
	m.Props = slices.Concat(ours("on", e.v.On().String()), ours("known", strconv.FormatInt(e.v.Known(), 10)), ours("test", e.test.Key().String()), ours("proposal", string(e.v.Proposal())),
		ours("law", e.x.Results.Pack.ID+" "+e.x.Results.Pack.Digest))
	return m
}

func (p *oscalPaper) back() *oscalBackMatter {
	if len(p.resources) == 0 {
		return nil
	}
	return &oscalBackMatter{p.resources}
}

// beside names another file of the export in the back matter, and gives its UUID there.
func (p *oscalPaper) beside(file, title string) string {
	return p.keep(oscalResource{UUID: p.e.uuid(p.e.test.Key(), "file", file), Title: title, Links: []oscalHref{{file}}})
}

// catalog gives the criteria of the framework, each with what it says and what is to be found out.
func (e *oscalExport) catalog() *oscalCatalog {
	f := e.x.Framework
	p := e.paper(catalogFile, f.Name+": criteria")
	g := oscalGroup{ID: "criteria", Title: "Criteria"}
	for _, c := range f.Criteria {
		id := criterion(c.Code)
		g.Controls = append(g.Controls, oscalControl{ID: id, Title: c.Name, Parts: []oscalPart{
			{ID: id + "_smt", Name: "statement", Prose: c.Name + "."},
			{ID: id + "_obj", Name: "assessment-objective", Prose: "Determine whether the structure that is tested meets this criterion, meets it as long as something is so, or does not meet it."},
		}})
	}
	if f.Citation.Text != "" {
		x := oscalResource{UUID: uuidOf("framework", f.ID), Title: f.Name, Citation: &oscalCited{f.Citation.Text}, Props: ours("verified", string(f.Citation.Verified))}
		if f.Citation.URL != "" {
			x.Links = []oscalHref{{f.Citation.URL}}
		}
		p.links = append(p.links, oscalLink{Href: "#" + p.keep(x), Rel: "reference"})
	}
	return &oscalCatalog{UUID: p.id, Metadata: p.metadata(), Groups: []oscalGroup{g}, Back: p.back()}
}

// method is how OSCAL calls a way of gathering evidence.
func method(m string) string {
	switch m {
	case "interview":
		return "INTERVIEW"
	case "observation":
		return "TEST"
	case "document", "data":
		return "EXAMINE"
	}
	return "UNKNOWN"
}

// plan gives what the test was to look at: a proposal or the structure of a day, theme by theme.
func (e *oscalExport) plan() *oscalPlan {
	p := e.paper(planFile, "Plan: "+e.test.Title())
	out := &oscalPlan{UUID: p.id, Reviewed: e.reviewed()}
	if k, ok := e.test.RefKey("tests"); ok {
		var more []oscalProp
		if version, ok := e.test.RefKey("version"); ok {
			more = ours("version", e.v.Called(version))
		}
		out.Import.Href = "#" + p.resource(k, more...)
	} else {
		x := oscalResource{UUID: e.uuid(e.test.Key(), "structure"), Title: "The structure in force"}
		if d := e.test.Date("structure_on"); !d.IsZero() {
			x.Title += " on " + d.Words()
		}
		out.Import.Href = "#" + p.keep(x)
	}
	p.links = append(p.links, oscalLink{Href: "#" + p.beside(catalogFile, "The criteria"), Rel: "reference"})
	responsible := []oscalParties{{Role: "assessor"}}
	local := oscalLocal{}
	doing := map[string]string{} // theme: activity
	for _, t := range e.x.Framework.Themes {
		a := oscalActivity{UUID: e.uuid(e.test.Key(), "theme", t.Code), Title: t.Name, Description: "Look at " + lower(t.Name) + ".", Responsible: responsible, Props: ours("theme", t.Code)}
		for _, m := range []string{"EXAMINE", "INTERVIEW"} {
			a.Props = append(a.Props, oscalProp{Name: "method", Value: m})
		}
		reviewed := e.reviewed(e.bears(t.Code)...)
		a.Controls = &reviewed
		doing[t.Code] = a.UUID
		local.Activities = append(local.Activities, a)
	}
	if len(local.Activities) > 0 {
		out.Local = &local
	}
	var terms []oscalPart
	for _, t := range [][3]string{{"purpose", "What was asked", e.test.Text("purpose")}, {"basis", "Basis and caveats", e.test.Text("basis")}} {
		if t[2] != "" {
			terms = append(terms, oscalPart{UUID: e.uuid(e.test.Key(), t[0]), Name: t[0], NS: oscalNS, Title: t[1], Prose: t[2]})
		}
	}
	if len(terms) > 0 {
		out.Terms = &oscalTerms{terms}
	}
	milestone := func(part, title string, from, to fact.Date) {
		when := between(from, to)
		if when == nil {
			return
		}
		out.Tasks = append(out.Tasks, oscalTask{UUID: e.uuid(e.test.Key(), part), Type: "milestone", Title: title, Timing: when, Responsible: responsible})
	}
	milestone("on-site", "On site", e.test.Date("on_site_from"), e.test.Date("on_site_until"))
	for _, i := range e.interviews {
		t := oscalTask{UUID: e.uuid(i.Key()), Type: "action", Title: onOne(said(i.Text("title"), "who is met")), Timing: between(i.Date("held_on"), i.Date("held_on")), Responsible: responsible, Props: ours("status", i.Text("status"))}
		subjects := p.subjects(i.RefKeys("with"))
		for n := range subjects {
			subjects[n].Title = "" // OSCAL takes none here
		}
		for _, theme := range i.Texts("themes") {
			if doing[theme] == "" {
				continue
			}
			of := oscalSubjects{Type: "party", All: &struct{}{}}
			if len(subjects) > 0 {
				of = oscalSubjects{Type: "party", Include: subjects}
			}
			t.Activities = append(t.Activities, oscalDoing{doing[theme], []oscalSubjects{of}})
		}
		out.Tasks = append(out.Tasks, t)
	}
	milestone("reported", "Report", e.test.Date("reported_on"), e.test.Date("reported_on"))
	milestone("review", "Formal review", e.test.Date("review_due"), e.test.Date("review_due"))
	out.Metadata, out.Back = p.metadata(), p.back()
	return out
}

// lower begins a name of several words with a small letter, as within a sentence.
func lower(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// bears gives the criteria on which the findings of a theme bear.
func (e *oscalExport) bears(theme string) (codes []string) {
	for _, f := range e.findings {
		if f.Text("theme") == theme {
			codes = append(codes, f.Texts("criteria")...)
		}
	}
	return codes
}

// between gives when something is to be done: on a day, or in the days of a window.
func between(from, to fact.Date) *oscalTiming {
	known := func(d fact.Date) bool {
		return !d.IsZero() && d.Form != fact.ToBeAgreed && moment(d.First) != "" && moment(d.Last) != ""
	}
	switch {
	case !known(from) && !known(to):
		return nil
	case !known(from):
		from = to
	case !known(to):
		to = from
	}
	if from.First == to.Last {
		return &oscalTiming{On: &oscalOn{moment(from.First)}}
	}
	return &oscalTiming{Within: &oscalWithin{moment(from.First), moment(max(from.First, to.Last))}}
}

// seen gives the UUIDs of the observations that findings of the test are.
func (e *oscalExport) seen(findings []fact.Key) (out []oscalSeen) {
	for _, f := range e.findings {
		if slices.Contains(findings, f.Key()) {
			out = append(out, oscalSeen{e.uuid(f.Key())})
		}
	}
	return out
}

// observed writes an observation of each piece of evidence and each finding.
func (p *oscalPaper) observed(evidence, findings []*graph.Record) (out []oscalObservation) {
	e := p.e
	for _, r := range evidence {
		o := oscalObservation{UUID: e.uuid(r.Key()), Title: onOne(said(r.Text("title"), "title")), Methods: []string{method(r.Text("method"))}, Origins: p.by(),
			Props:     slices.Concat(ours("kind", "evidence"), ours("id", string(r.Key().ID)), ours("reference", r.Text("reference")), ours("fingerprint", r.Text("file"))),
			Collected: moment(e.end(r.Date("collected_on")))}
		o.Description = o.Title
		if d := r.Date("expires_on"); !d.IsZero() && d.Form != fact.ToBeAgreed {
			o.Expires = moment(d.Last + 1) // it is good until the end of its last day
		}
		if yes, ok := r.Yes("attributable"); ok && !yes {
			o.Title, o.Description = "Evidence that is not to be attributed", "What it is and who gave it is not to be said."
		} else {
			o.Subjects = p.subjects(append(r.RefKeys("about"), r.RefKeys("supplied_by")...))
			if k, ok := r.RefKey("document"); ok {
				o.Evidence = []oscalEvidence{{"#" + p.resource(k), onOne(e.called(k))}}
			}
		}
		for _, theme := range r.Texts("themes") {
			o.Props = append(o.Props, ours("theme", theme)...)
		}
		out = append(out, o)
	}
	for _, r := range findings {
		o := oscalObservation{UUID: e.uuid(r.Key()), Title: onOne(said(r.Title(), "title")), Description: said(r.Text("text"), "finding"), Types: []string{"control-objective"}, Origins: p.by(),
			Props:   slices.Concat(ours("kind", "finding"), ours("id", string(r.Key().ID)), ours("paragraph", r.Text("number")), ours("theme", r.Text("theme")), ours("polarity", r.Text("polarity"))),
			Methods: e.methods(r), Subjects: p.subjects(r.RefKeys("about")), Collected: moment(e.end(fact.Date{}))}
		for _, c := range r.Texts("criteria") {
			o.Props = append(o.Props, ours("criterion", c)...)
		}
		for _, k := range r.RefKeys("evidence") {
			if !slices.ContainsFunc(evidence, func(x *graph.Record) bool { return x.Key() == k }) {
				continue
			}
			o.Evidence = append(o.Evidence, p.shown(k))
		}
		out = append(out, o)
	}
	return out
}

// shown names a piece of evidence on which a finding rests, as a resource: OSCAL refers from one observation to none other.
func (p *oscalPaper) shown(k fact.Key) oscalEvidence {
	r := p.e.v.Record(k)
	title := onOne(said(r.Text("title"), "title"))
	if yes, ok := r.Yes("attributable"); ok && !yes {
		title = "Evidence that is not to be attributed"
	}
	x := oscalResource{UUID: p.e.uuid(k, "resource"), Title: title, Props: slices.Concat(ours("kind", "evidence"), ours("observation", p.e.uuid(k)), ours("fingerprint", r.Text("file")))}
	return oscalEvidence{"#" + p.keep(x), title}
}

// methods are those of the evidence on which a finding rests.
func (e *oscalExport) methods(finding *graph.Record) (out []string) {
	for _, r := range e.evidence {
		if m := method(r.Text("method")); slices.Contains(finding.RefKeys("evidence"), r.Key()) && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	if out == nil {
		return []string{"UNKNOWN"}
	}
	return out
}

// states is how a judgement is written: OSCAL knows satisfied and not, and takes any reason.
func states(outcome string) oscalStatus {
	switch outcome {
	case "met":
		return oscalStatus{"satisfied", "pass"}
	case "met-with-condition":
		return oscalStatus{"satisfied", "met-with-condition"}
	}
	return oscalStatus{"not-satisfied", "fail"}
}

// judged writes the judgements: as they were made or, now, as they stand on the day looked at.
func (p *oscalPaper) judged(now bool) (out []oscalFinding) {
	e := p.e
	for _, c := range e.x.Criteria {
		j := c.Judgement
		if j == nil || j.Outcome == "" {
			continue
		}
		k := j.Record.Key()
		f := oscalFinding{UUID: e.uuid(k), Title: c.Name, Description: said(j.Record.Text("rationale"), "reasons"), Origins: p.by(), Observations: e.seen(j.Record.RefKeys("findings")),
			Props:  slices.Concat(ours("kind", "judgement"), ours("id", string(k.ID)), ours("judgement", j.Outcome)),
			Target: oscalAim{Type: "objective-id", ID: criterion(c.ID) + "_obj", Title: c.Name, Status: states(j.Outcome)}}
		part := []string{}
		if now {
			part = append(part, e.today())
			f.UUID, f.Observations = e.uuid(k, part...), nil
			freshness := "current"
			var why []string
			for _, r := range j.Stale {
				freshness = "stale"
				why = append(why, "- "+r.Public())
			}
			f.Props = append(f.Props, ours("freshness", freshness)...)
			if why != nil {
				f.Remarks = "Out of date, because:\n\n" + strings.Join(why, "\n")
			}
		}
		for _, x := range j.Conditions {
			f.Risks = append(f.Risks, oscalRisked{e.uuid(x.Record.Key(), part...)})
		}
		out = append(out, f)
	}
	return out
}

// conditioned writes the conditions as risks: that one of them is not so. Now, with what the record shows of them on the day looked at.
func (p *oscalPaper) conditioned(now bool) (out []oscalRisk) {
	e := p.e
	for _, c := range e.x.Criteria {
		if c.Judgement == nil {
			continue
		}
		for _, x := range c.Judgement.Conditions {
			k := x.Record.Key()
			r := oscalRisk{UUID: e.uuid(k), Title: "Condition of the judgement on " + lower(c.Name), Description: said(x.Text, "condition"), Statement: "The judgement stands as long as this is so: " + said(x.Text, "condition"),
				Status: "open", Deadline: last(x.Record.Date("due")), Props: slices.Concat(ours("kind", "condition"), ours("id", string(k.ID)), ours("predicate", x.Record.Text("expression")), ours("shown-by", x.Record.Text("shown_by")))}
			if now {
				r.UUID = e.uuid(k, e.today())
				r.Character = append(p.scored(e.v, k), p.severity(&c)...)
				r.Props = append(r.Props, ours("state", string(x.State))...)
				r.Log = &oscalLog{[]oscalLogged{{UUID: e.uuid(k, e.today(), "log"), Title: "As the record shows on " + e.v.On().Words() + ": " + stateWords[x.State], Start: moment(e.v.On()), Change: "open"}}}
			}
			out = append(out, r)
		}
	}
	return out
}

// severity says how severe the worst is of what the rules find that serve a criterion. A machine finds it, and judges nothing.
func (p *oscalPaper) severity(c *assure.Criterion) []oscalCharacterized {
	worst := rule.Advisory
	switch {
	case c.Breaches > 0:
		worst = rule.Breach
	case c.Departures > 0:
		worst = rule.Departure
	case c.Advisories == 0:
		return nil
	}
	id := p.e.uuid(p.e.test.Key(), "checker")
	p.checker = &oscalLocal{Components: []oscalComponent{{UUID: id, Type: "software", Title: "Plumbline", Description: "Asks of the record what the rules ask that serve the criteria. It judges nothing.", Status: oscalInState{"operational"}}}}
	return []oscalCharacterized{{Props: ours("criterion", c.ID), Origin: oscalOrigin{[]oscalActor{{Type: "tool", UUID: id}}}, Facets: []oscalFacet{{Name: "severity", System: oscalNS, Value: string(worst)}}}}
}

// scored says how likely and how serious something is, by the risks that say on the day of a view that they are about it: as whoever owns them, or else the council, scored them on the council's own scale. It is nothing where no score is recorded.
func (p *oscalPaper) scored(v *graph.View, about fact.Key) (out []oscalCharacterized) {
	for _, r := range v.Referring(about, "risk", "about") {
		if v.Class(r.Key()).Visibility == "restricted" {
			continue
		}
		var facets []oscalFacet
		for _, when := range []string{"inherent", "current", "target"} {
			for _, of := range []string{"likelihood", "impact"} {
				if n := r.Show(when + "_" + of); n != "" {
					facets = append(facets, oscalFacet{of, oscalNS, n, ours("score", when)})
				}
			}
		}
		if len(facets) == 0 {
			continue
		}
		by, ok := r.RefKey("owner")
		if !ok {
			by = fact.Key{Kind: graph.Council, ID: "council"}
		}
		out = append(out, oscalCharacterized{ours("id", string(r.Key().ID)), oscalOrigin{[]oscalActor{{Type: "party", UUID: p.party(by)}}}, facets})
	}
	return out
}

var stateWords = map[rule.State]string{rule.Holds: "it holds", rule.Fails: "it does not hold", rule.CannotBeTested: "it cannot be tested"}

// last is the end of the time within which something is due.
func last(d fact.Date) string {
	if d.IsZero() || d.Form == fact.ToBeAgreed {
		return ""
	}
	return moment(d.Last)
}

// risked writes the findings that are risks.
func (p *oscalPaper) risked() (out []oscalRisk) {
	v := p.e.v
	if day, ok := p.e.reported(); ok { // as it was when it was issued
		v = v.At(min(day, v.On()))
	}
	for _, f := range p.e.findings {
		if f.Text("polarity") != "risk" {
			continue
		}
		text := said(f.Text("text"), "finding")
		out = append(out, oscalRisk{UUID: p.e.uuid(f.Key(), "risk"), Title: onOne(said(f.Title(), "title")), Description: text, Statement: text, Status: "open", Character: p.scored(v, f.Key()), Props: ours("kind", "finding"), Observations: []oscalSeen{{p.e.uuid(f.Key())}}})
	}
	return out
}

// results gives what was found and judged as it was issued and, where that is some time ago, how it stands on the day looked at.
func (e *oscalExport) results() *oscalResults {
	p := e.paper(resultsFile, "Results: "+e.test.Title())
	out := &oscalResults{UUID: p.id, Import: oscalHref{planFile}}
	day, reported := e.reported()
	r := oscalResult{UUID: e.uuid(e.test.Key(), "issued"), Title: "As issued", Description: "What the assessor found and judged.", Start: moment(e.began()), End: moment(e.end(fact.Date{})), Props: ours("baseline", "true"), Reviewed: e.reviewed()}
	if !reported {
		r.Title, r.Description, r.Props, r.End = "In progress", "What the assessor has found and judged so far. It is not issued.", ours("baseline", "false"), ""
	}
	if e.letter != nil && e.letter.Text("attestation") != "" {
		r.Attestations = []oscalAttested{{Responsible: p.assessors(), Parts: []oscalPart{{UUID: e.uuid(e.letter.Key(), "attestation"), Name: "attestation", NS: oscalNS, Prose: e.letter.Text("attestation")}}}}
	}
	var log oscalLog
	for _, i := range e.interviews {
		if at := last(i.Date("held_on")); at != "" && i.Text("status") == "held" {
			log.Entries = append(log.Entries, oscalLogged{UUID: e.uuid(i.Key(), "log"), Title: onOne(said(i.Text("title"), "who was met")), Start: at, Related: []oscalRelated{{e.uuid(i.Key())}}})
		}
	}
	if at := moment(day); reported && at != "" {
		log.Entries = append(log.Entries, oscalLogged{UUID: e.uuid(e.test.Key(), "log", "reported"), Title: "Reported", Start: at, Related: []oscalRelated{{e.uuid(e.test.Key(), "reported")}}})
	}
	if len(log.Entries) > 0 {
		r.Log = &log
	}
	r.Observations = p.observed(e.evidence, e.findings)
	r.Risks = append(p.conditioned(false), p.risked()...)
	r.Findings = p.judged(false)
	out.Results = append(out.Results, r)
	if reported && e.v.On() > day {
		on := e.v.On()
		now := oscalResult{UUID: e.uuid(e.test.Key(), e.today()), Title: "As it stands on " + on.Words(), Description: "The judgements that were issued, and whether what the record shows now still supports them. A machine judges nothing: they are those of the assessor.",
			Start: moment(on), Props: ours("baseline", "false"), Reviewed: e.reviewed(), Risks: p.conditioned(true), Findings: p.judged(true)}
		now.Local = p.checker
		out.Results = append(out.Results, now)
	}
	out.Metadata, out.Back = p.metadata(), p.back()
	return out
}

// began is the day on which the work began, as far as that is recorded.
func (e *oscalExport) began() fact.Day {
	for _, f := range []string{"started_on", "on_site_from"} {
		if d := e.test.Date(f); !d.IsZero() && d.Form != fact.ToBeAgreed {
			return min(d.First, e.end(fact.Date{}))
		}
	}
	return e.end(fact.Date{})
}

func (p *oscalPaper) assessors() []oscalParties {
	for _, h := range p.holders {
		if h.Role == "assessor" {
			return []oscalParties{h}
		}
	}
	return nil
}

// poam gives conditions and recommendations as what has to be done; nil where there are none.
func (e *oscalExport) poam() *oscalPOAM {
	p := e.paper(poamFile, "Plan of action: "+e.test.Title())
	p.roles = append(p.roles, oscalRole{"owner", "Answers for carrying it out"})
	out := &oscalPOAM{UUID: p.id, System: oscalSystem{"http://ietf.org/rfc/rfc4122", uuidOf(e.record)}, Risks: p.conditioned(true)}
	var cited []fact.Key // findings
	for _, c := range e.x.Criteria {
		if c.Judgement == nil {
			continue
		}
		for _, x := range c.Judgement.Conditions {
			k := x.Record.Key()
			cited = append(cited, c.Judgement.Record.RefKeys("findings")...)
			out.Items = append(out.Items, oscalItem{UUID: e.uuid(k, "item"), Title: "Condition of the judgement on " + lower(c.Name), Description: said(x.Text, "condition"), Props: ours("kind", "condition"),
				Findings: []oscalFound{{e.uuid(c.Judgement.Record.Key(), e.today())}}, Risks: []oscalRisked{{e.uuid(k, e.today())}}})
		}
	}
	for _, r := range e.recommended {
		item, risk := p.recommended(r)
		cited = append(cited, r.RefKeys("findings")...)
		out.Items, out.Risks = append(out.Items, item), append(out.Risks, risk)
	}
	if len(out.Items) == 0 {
		return nil
	}
	var findings []*graph.Record
	for _, f := range e.findings {
		if slices.Contains(cited, f.Key()) {
			findings = append(findings, f)
		}
	}
	out.Local, out.Observations = p.checker, p.observed(nil, findings)
	for _, f := range p.judged(true) {
		if len(f.Risks) > 0 {
			out.Findings = append(out.Findings, f)
		}
	}
	out.Metadata, out.Back = p.metadata(), p.back()
	return out
}

// recommended writes a recommendation as an item and as a risk that holds what is done about it.
func (p *oscalPaper) recommended(r *graph.Record) (oscalItem, oscalRisk) {
	e, k := p.e, r.Key()
	title := "Recommendation"
	if n := r.Text("number"); n != "" {
		title += " " + n
	}
	text := said(r.Text("text"), "recommendation")
	risk := oscalRisk{UUID: e.uuid(k), Title: title, Description: text, Statement: "What this recommends is not carried out: " + text, Status: "open", Deadline: last(r.Date("due")),
		Props: slices.Concat(ours("kind", "recommendation"), ours("id", string(k.ID))), Observations: e.seen(r.RefKeys("findings")), Character: p.scored(e.v, k),
		Remediations: []oscalResponse{{UUID: e.uuid(k, "recommended"), Lifecycle: "recommendation", Title: title, Description: text}}}
	answer := oscalResponse{UUID: e.uuid(k, "response"), Lifecycle: "planned", Title: "The council's response", Description: said(r.Text("response_text"), "the response in words"), Props: ours("response", r.Text("response")), Tasks: p.acts(r)}
	done := r.Date("accepted_complete_on")
	switch {
	case !done.IsZero() && done.Form != fact.ToBeAgreed && done.Last <= e.v.On():
		answer.Lifecycle, risk.Status = "completed", "closed"
		risk.Log = &oscalLog{[]oscalLogged{{UUID: e.uuid(k, "log"), Title: "Accepted as complete", Start: moment(done.Last), Change: "closed"}}}
	case r.Text("response") == "rejected":
		answer.Lifecycle, risk.Status = "recommendation", "deviation-requested"
	case r.Text("response") != "":
		risk.Status = "remediating"
	}
	if r.Text("response") != "" || answer.Lifecycle == "completed" || len(answer.Tasks) > 0 {
		risk.Remediations = append(risk.Remediations, answer)
	}
	item := oscalItem{UUID: e.uuid(k, "item"), Title: title, Description: text, Props: ours("kind", "recommendation"), Observations: risk.Observations, Risks: []oscalRisked{{risk.UUID}}}
	for _, c := range e.x.Criteria {
		if c.Judgement == nil {
			continue
		}
		for _, x := range c.Judgement.Conditions {
			if slices.Contains(r.RefKeys("conditions"), x.Record.Key()) {
				item.Risks = append(item.Risks, oscalRisked{e.uuid(x.Record.Key(), e.today())})
			}
		}
	}
	return item, risk
}

// acts writes the actions of a recommendation as tasks; a recommendation with an owner and none is a milestone of its own.
func (p *oscalPaper) acts(r *graph.Record) (out []oscalTask) {
	task := func(part fact.Key, title, kind, status string, from, to fact.Date, owner *graph.Record) {
		t := oscalTask{UUID: p.e.uuid(part, "task"), Type: kind, Title: onOne(title), Timing: between(from, to), Props: ours("status", status)}
		if owner != nil {
			t.Responsible = []oscalParties{{"owner", []string{p.party(owner.Key())}}}
		}
		out = append(out, t)
	}
	for _, a := range byNumber(r.Referring("action", "recommendation")) {
		task(a.Key(), a.Title(), "action", a.Text("status"), a.Date("starts_on"), a.Date("due"), a.Ref("owner"))
	}
	if out == nil && (r.Ref("owner") != nil || !r.Date("due").IsZero()) {
		task(r.Key(), "Carry out what is recommended", "milestone", "", r.Date("due"), r.Date("due"), r.Ref("owner"))
	}
	return out
}
