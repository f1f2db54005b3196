package rule

import (
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// function is a question that a rule can ask of the record. Those that give a yes, no or number give an unknown where the
// record does not say; those that give a list give one that may have gaps.
type function struct {
	name string
	doc  string // for the author of a rule
	args []*cel.Type
	out  *cel.Type
	call func(r *run, a []ref.Val) ref.Val
}

var (
	str      = cel.StringType
	strs     = cel.ListType(cel.StringType)
	day      = cel.TimestampType
	yes      = cel.BoolType
	num      = cel.IntType
	post     = objectType("post")
	person   = objectType("person")
	boardT   = objectType("board")
	seatT    = objectType("seat")
	funcT    = objectType("function")
	testT    = objectType("test")
	proposal = objectType("proposal")
)

// functions is the whole vocabulary, in the order in which `docs/rules.md` lists it.
var functions = []function{
	// Roles and who fills them.
	{"designated", "how many designations of the role hold on the day; unknown if the role was never recorded as designated", []*cel.Type{str}, num, designated},
	{"designations", "the designations of the role on the day", []*cel.Type{str}, cel.ListType(objectType("designation")), designations},
	{"all_designations", "every designation that holds on the day", nil, cel.ListType(objectType("designation")), allOf("designation")},
	{"decided", "the body that decided on the designation is recorded, even if it is gone since; unknown if it is not", []*cel.Type{objectType("designation")}, yes, decided},
	{"posts", "the posts designated to the role; unknown if it was never recorded as designated", []*cel.Type{str}, cel.ListType(post), posts},
	{"holders", "the people in the posts designated to the role; unknown where a post is vacant", []*cel.Type{str}, cel.ListType(person), holders},
	{"same_holder", "one post or person fills both roles; unknown where a post is vacant, or a role was never recorded as designated", []*cel.Type{str, str}, yes, sameHolder},
	{"also_fills", "the post, or somebody in it, fills the role too; unknown where one of them is vacant", []*cel.Type{post, str}, yes, alsoFills},
	{"holders_of", "the people in a post; unknown where it is vacant", []*cel.Type{post}, cel.ListType(person), holdersOf},
	{"vacant", "nobody is in the post; unknown if nobody was ever recorded in it, or a start is to be announced", []*cel.Type{post}, yes, vacant},
	{"provisional", "somebody in the post is interim or acting; unknown where it is vacant, or on what basis they hold it is not recorded", []*cel.Type{post}, yes, provisional},
	{"sole_holder", "exactly one person fills the role; unknown where several hold it jointly", []*cel.Type{str}, yes, soleHolder},
	{"begun", "the council's own first designation to the role lies on or before the day", []*cel.Type{str}, yes, begun},
	{"duty_posts", "the posts designated to those of the roles that the law requires on the day", []*cel.Type{strs}, cel.ListType(post), dutyPosts},
	{"employed_here", "the person is an officer of this council by employment, secondment or joint designation; unknown for the staff of another body", []*cel.Type{person, str}, yes, employedHere},
	{"ended_appointments", "appointments to the role's posts that ended within so many months before the day", []*cel.Type{str, num}, cel.ListType(objectType("appointment")), endedAppointments},
	{"days_uncovered", "how many days from one day to another nobody was in a post designated to the role", []*cel.Type{str, day, day}, num, daysUncovered},
	{"deputised", "each statutory role that is the post's own, or held below it, has a deputy recorded", []*cel.Type{post}, yes, deputised},

	// Lines.
	{"tier", "hops from the post to the head of paid service", []*cel.Type{post}, num, tier},
	{"line", "the post and those above it, up to the head of paid service", []*cel.Type{post}, cel.ListType(post), line},
	{"accountable_to", "the post is recorded as directly accountable to one designated to the role, outside the line", []*cel.Type{post, str}, yes, accountableTo},
	{"reports_to", "the post reports to one designated to the role", []*cel.Type{post, str}, yes, reportsTo},

	// Functions.
	{"functions", "the functions of the domains", []*cel.Type{strs}, cel.ListType(funcT), functionsOf},
	{"roles_for", "the roles that answer in law for the function", []*cel.Type{funcT}, strs, rolesFor},
	{"answers", "the posts that answer in law for the function", []*cel.Type{funcT}, cel.ListType(post), answers},
	{"manages", "the post is on the line of the one that manages the function", []*cel.Type{post, funcT}, yes, manages},
	{"managed_under", "the line that manages the function reaches a post designated to the role", []*cel.Type{funcT, str}, yes, managedUnder},
	{"has_mechanism", "a board or protocol joins who answers for the function to who manages it", []*cel.Type{funcT}, yes, hasMechanism},
	{"splits", "the functions whose post answering in law does not manage them", nil, cel.ListType(funcT), splits},
	{"extra", "the post answers for, or manages down its line, a function of one of the domains", []*cel.Type{post, strs}, yes, extra},
	{"portfolio_domains", "the domains in the portfolio of a member's post", []*cel.Type{post}, strs, portfolioDomains},
	{"recorded_domains", "those of the domains in which the council records a function for children", []*cel.Type{strs}, strs, recordedDomains},
	{"for_one_age", "the function is for children only, or for adults only, as its domain says; unknown where one record stands for both", []*cel.Type{funcT}, yes, forOneAge},

	// Boards.
	{"board_exists", "a board of the type is there on the day; unknown if none was ever recorded", []*cel.Type{str}, yes, boardExists},
	{"has_board", "a board of the type is recorded on the day, as something the council must have done", []*cel.Type{str}, yes, hasBoard},
	{"boards", "the boards of the type; unknown if none was ever recorded", []*cel.Type{str}, cel.ListType(boardT), boards},
	{"seats", "the seats of the board that the role fills", []*cel.Type{boardT, str}, cel.ListType(seatT), seats},
	{"seat_for", "one of these (roles, or what a seat may stand for) has a seat on the board; unknown where the board has no seats recorded", []*cel.Type{boardT, strs}, yes, seatFor},
	{"council_seat", "the council itself has a seat on the board", []*cel.Type{boardT}, yes, councilSeat},
	{"officer_seat", "an officer of the council other than the head of paid service has a seat on the board", []*cel.Type{boardT}, yes, officerSeat},
	{"chaired", "the board has a chair; unknown where it has no seats recorded", []*cel.Type{boardT}, yes, chaired},
	{"independent_chair", "the chair is independent of the council and of every body with a seat", []*cel.Type{boardT}, yes, independentChair},
	{"has_scrutineer", "an independent scrutineer has a seat on the board", []*cel.Type{boardT}, yes, hasScrutineer},
	{"doubled", "one post or person fills two of these seats", []*cel.Type{boardT, strs}, yes, doubled},
	{"executive_on", "a member of the executive has a seat on the board", []*cel.Type{boardT}, yes, executiveOn},
	{"executive_seats", "the seats of the board that a member of the executive has", []*cel.Type{boardT}, cel.ListType(seatT), executiveSeats},
	{"education_scrutiny", "the scrutiny boards that are recorded as covering education", nil, cel.ListType(boardT), educationScrutiny},
	{"meetings", "the meetings of the board that were held from one day to another", []*cel.Type{boardT, day, day}, cel.ListType(objectType("meeting")), meetings},
	{"met_in_time", "the board met within its own cadence, or is younger than that", []*cel.Type{boardT}, yes, metInTime},
	{"met_within", "the board met within so many months before the day, or is younger than that", []*cel.Type{boardT, num}, yes, metWithin},
	{"seated", "somebody or some body is in the seat; unknown where who that is is not recorded", []*cel.Type{seatT}, yes, seated},
	{"separate_boards", "each of the roles has a board of the type that covers it and none of the others", []*cel.Type{str, strs}, yes, separateBoards},

	// Papers and delegations.
	{"published", "a document of the type was published within so many months before the day; unknown if none was ever recorded", []*cel.Type{str, num}, yes, published},
	{"delegations", "the delegations of the day; unknown if there is none", nil, cel.ListType(objectType("delegation")), delegations},
	{"stands", "what the delegation is made to is there on the day", []*cel.Type{objectType("delegation")}, yes, stands},

	// The test and the proposal.
	{"issued_tests", "the tests reported of this proposal, or of the structure in force", nil, cel.ListType(testT), issuedTests},
	{"last_test", "the newest of them", nil, testT, lastTest},
	{"tested", "there is one", nil, yes, tested},
	{"conditional", "one of them has a judgement with a condition", nil, yes, conditional},
	{"review_arranged", "a review of the test is arranged and not overdue", []*cel.Type{testT}, yes, reviewArranged},
	{"assessor_independent", "the assessor is not of this council, and not that of the test it supersedes", []*cel.Type{testT}, yes, assessorIndependent},
	{"lodged", "the test was reported to a body that can challenge it", []*cel.Type{testT}, yes, lodged},
	{"proposals", "the proposal looked at, or those that made the structure in force within the last twelve months", nil, cel.ListType(proposal), proposals},
	{"heard", "what the group said of the proposal, of a test of it, or in reply to a consultation on it, is recorded", []*cel.Type{proposal, str}, yes, heard},
	{"planned", "a programme for the proposal is recorded with its risks and somebody to lead the change", []*cel.Type{proposal}, yes, planned},
	{"first_year", "twelve months ago no post designated to the role had functions of the domains, or a proposal would bring them", []*cel.Type{str, strs}, yes, firstYear},
	{"departed", "the posts or functions concerned in departures from guidance of these families", []*cel.Type{strs}, cel.ListType(cel.DynType), departed},
	{"reasons_missing", "the posts or functions concerned in departures from guidance of these families for which no reason is recorded", []*cel.Type{strs}, cel.ListType(cel.DynType), reasonsMissing},
}

func text(v ref.Val) string { s, _ := v.Value().(string); return s }

func record(v ref.Val) *graph.Record {
	if x, ok := v.(*value); ok {
		return x.r
	}
	return nil
}

func items(v ref.Val) []string {
	if s, ok := v.Value().([]string); ok {
		return s
	}
	n, err := v.ConvertToNative(stringsType)
	if err != nil {
		return nil
	}
	return n.([]string)
}

func dayOf(v ref.Val) fact.Day {
	t, _ := v.Value().(time.Time)
	return fact.DayOf(t.Year(), t.Month(), t.Day())
}

func months(v ref.Val) int { n, _ := v.Value().(int64); return int(n) }

// answer gives a yes or no, or the gap.
func answer(ok bool, gap *graph.Gap) ref.Val {
	if gap != nil && !ok {
		return unknown(*gap)
	}
	return types.Bool(ok)
}

func wrapAll(rs []*graph.Record) *list {
	l := &list{}
	for _, r := range rs {
		l.add(wrap(r))
	}
	return l
}

// recorded gives those records that are there, with a gap for those that may be.
func recorded(r *run, all []*graph.Record) *list {
	l := &list{}
	for _, x := range all {
		r.v.Touch(x)
		if x.Exists() == fact.Yes {
			l.add(wrap(x))
		} else {
			l.miss(*x.NotExact())
		}
	}
	return l
}

func neverDesignated(role string) graph.Gap {
	return graph.Gap{Record: fact.Key{Kind: graph.Designation}, Field: "role", Why: "no designation to " + role + " is recorded on any day"}
}

func allOf(name fact.KindName) func(*run, []ref.Val) ref.Val {
	return func(r *run, _ []ref.Val) ref.Val { return recorded(r, r.v.All(name)).val() }
}

// everRole is whether a role was ever designated.
type everRole struct {
	graph.Memo
	is bool
}

func (r *run) everDesignated(role string) bool {
	e := r.ever[role]
	if e == nil {
		e = &everRole{}
		r.ever[role] = e
	}
	r.v.Keep(&e.Memo, func() { e.is = r.v.EverDesignated(role) })
	return e.is
}

func designated(r *run, a []ref.Val) ref.Val {
	role := text(a[0])
	sure, maybe := r.v.Designations(role)
	for _, d := range sure {
		r.v.Touch(d)
	}
	if len(maybe) > 0 {
		return unknown(*maybe[0].NotExact())
	}
	if len(sure) == 0 && !r.everDesignated(role) {
		return unknown(neverDesignated(role))
	}
	return types.Int(len(sure))
}

func designations(r *run, a []ref.Val) ref.Val {
	role := text(a[0])
	var all []*graph.Record
	sure, maybe := r.v.Designations(role)
	all = append(append(all, sure...), maybe...)
	if len(all) == 0 && !r.everDesignated(role) {
		return unknown(neverDesignated(role))
	}
	return recorded(r, all).val()
}

func decided(_ *run, a []ref.Val) ref.Val {
	d := record(a[0])
	if _, ok := d.RefKey("decided_by"); ok {
		return types.True
	}
	return unknown(graph.Gap{Record: d.Key(), Field: "decided_by", Why: "it is not recorded"})
}

func posts(r *run, a []ref.Val) ref.Val { return r.rolePostList(text(a[0])).val() }

func (r *run) rolePostList(role string) *list {
	rp := r.law.rolePosts(role)
	l := wrapAll(rp.posts)
	l.miss(rp.gaps...)
	if len(rp.posts) == 0 && len(rp.gaps) == 0 && !r.everDesignated(role) {
		l.miss(neverDesignated(role))
	}
	return l
}

func vacantGap(p *graph.Record) graph.Gap {
	return graph.Gap{Record: p.Key(), Field: "holder", Why: "the post is vacant on this day"}
}

// people gives the people in a post.
func (r *run) people(p *graph.Record) *list {
	l := &list{}
	o := p.Holders()
	for _, a := range o.Holders {
		if who := a.Ref("person"); who != nil {
			r.v.Touch(who)
			l.add(wrap(who))
		} else {
			l.miss(graph.Gap{Record: a.Key(), Field: "person", Why: "the person is not there on this day"})
		}
	}
	if o.Gap != nil {
		l.miss(*o.Gap)
	}
	if o.Vacant {
		l.miss(vacantGap(p))
	}
	return l
}

func holdersOf(r *run, a []ref.Val) ref.Val { return r.people(record(a[0])).val() }

func holders(r *run, a []ref.Val) ref.Val { return r.roleHolders(text(a[0])).val() }

func (r *run) roleHolders(role string) *list {
	l := &list{}
	sure, maybe := r.v.Designations(role)
	for _, d := range sure {
		r.v.Touch(d)
		if d.Ref("post") == nil {
			if who := d.Ref("person"); who != nil {
				r.v.Touch(who)
				l.add(wrap(who))
				continue
			}
		}
		p, gap := d.DesignatedPost()
		if gap != nil {
			l.miss(*gap)
			continue
		}
		in := r.people(p)
		l.sure = append(l.sure, in.sure...)
		l.gap = types.MergeUnknowns(l.gap, in.gap)
	}
	for _, d := range maybe {
		l.miss(*d.NotExact())
	}
	if len(sure)+len(maybe) == 0 {
		g := neverDesignated(role)
		if r.everDesignated(role) {
			g.Why = "no post is designated " + role + " on this day"
		}
		l.miss(g)
	}
	return l
}

func sameHolder(r *run, a []ref.Val) ref.Val {
	one, other := text(a[0]), text(a[1])
	sure, _ := r.v.Designations(one)
	for _, d := range sure {
		if r.designatedTo(d.Ref("post"), other) {
			r.v.Touch(d)
			return types.True
		}
	}
	return overlap(r.roleHolders(one), r.roleHolders(other))
}

func alsoFills(r *run, a []ref.Val) ref.Val {
	p, role := record(a[0]), text(a[1])
	if r.designatedTo(p, role) {
		return types.True
	}
	return overlap(r.people(p), r.roleHolders(role))
}

// designatedTo says whether the role is given to the post itself.
func (r *run) designatedTo(p *graph.Record, role string) bool {
	sure, _ := r.v.Designations(role)
	return p != nil && slices.ContainsFunc(sure, func(d *graph.Record) bool {
		r.v.Touch(d)
		return d.Ref("post") == p
	})
}

// overlap says whether somebody is on both lists.
func overlap(a, b *list) ref.Val {
	for _, x := range a.sure {
		if b.Contains(x) == types.True {
			return types.True
		}
	}
	if gap := types.MergeUnknowns(a.gap, b.gap); gap != nil {
		return gap
	}
	return types.False
}

func vacant(_ *run, a []ref.Val) ref.Val {
	o := record(a[0]).Holders()
	if len(o.Holders) > 0 {
		return types.False // whoever else may be in it
	}
	if o.Gap != nil {
		return unknown(*o.Gap)
	}
	return types.Bool(o.Vacant)
}

func provisional(r *run, a []ref.Val) ref.Val {
	p := record(a[0])
	o := p.Holders()
	var open *graph.Gap
	for _, h := range o.Holders {
		r.v.Touch(h)
		switch h.Text("basis") {
		case "interim", "acting":
			return types.True
		case "":
			open = &graph.Gap{Record: h.Key(), Field: "basis", Why: "it is not recorded"}
		}
	}
	switch {
	case o.Gap != nil:
		return unknown(*o.Gap)
	case o.Vacant:
		return unknown(vacantGap(p))
	case open != nil:
		return unknown(*open)
	}
	return types.False
}

func soleHolder(r *run, a []ref.Val) ref.Val {
	role := text(a[0])
	n := designated(r, a)
	if types.IsUnknown(n) {
		return n
	}
	if n == types.Int(0) {
		return types.False
	}
	name := role
	if known := r.p.roles[role]; known != nil {
		name = known.Name
	}
	rp := r.law.rolePosts(role)
	if n != types.Int(1) && len(rp.posts)+len(rp.gaps) > 1 {
		return unknown(graph.Gap{Record: fact.Key{Kind: graph.Designation}, Field: "role", Why: spelt(len(rp.designations)) + " designations hold on this day: which of them was the " + name + "?"})
	}
	if len(rp.posts) == 0 {
		sure, _ := r.v.Designations(role)
		if len(sure) == 1 && sure[0].Ref("person") != nil {
			return types.True // designated to a person, and the one person fills it
		}
		l := &list{}
		l.miss(rp.gaps...)
		return l.gap
	}
	p := rp.posts[0]
	o := p.Holders()
	switch {
	case o.Gap != nil:
		return unknown(*o.Gap)
	case o.Vacant:
		return types.False
	case len(o.Holders) == 1:
		return types.True
	}
	for _, x := range o.Holders {
		if x.Text("shared") != "job-share" {
			return unknown(graph.Gap{Record: p.Key(), Field: "holder", Why: spelt(len(o.Holders)) + " people hold the post together: which of them was the " + name + "?"})
		}
	}
	return types.True
}

func spelt(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(words) {
		return words[n]
	}
	return "several"
}

func begun(r *run, a []ref.Val) ref.Val {
	b := r.law.hasBegun(text(a[0]))
	if b == fact.Maybe {
		return unknown(*notExact(text(a[0])))
	}
	return types.Bool(b == fact.Yes)
}

func dutyPosts(r *run, a []ref.Val) ref.Val {
	l := &list{}
	seen := map[*graph.Record]bool{}
	for _, role := range items(a[0]) {
		known := r.p.roles[role]
		if known == nil || !known.Duty || !r.within(known.Known) || !slices.Contains(r.councilsOf(known), r.councilType) {
			continue
		}
		rp := r.law.rolePosts(role)
		l.miss(rp.gaps...)
		for _, p := range rp.posts {
			if !seen[p] {
				seen[p] = true
				l.add(wrap(p))
			}
		}
	}
	return l.val()
}

// councilsOf gives the kinds of council to which a role applies: those of the pack, unless it says otherwise.
func (r *run) councilsOf(role *Role) []string {
	if len(role.Councils) > 0 {
		return role.Councils
	}
	return r.p.Councils
}

func employedHere(r *run, a []ref.Val) ref.Val {
	p := record(a[0])
	role := text(a[1])
	k, elsewhere := p.RefKey("employer")
	if !elsewhere {
		if s := p.State("employer"); s == graph.Uncertain || s == graph.Erased || s == graph.Withheld {
			return unknown(graph.Gap{Record: p.Key(), Field: "employer", Why: "it is not certain on this day"})
		}
		return types.True // an empty employer is this council
	}
	for _, d := range r.law.designationsOf(role) {
		if len(d.Texts("joint_with")) > 0 {
			r.v.Touch(d)
			return types.True
		}
	}
	posts := r.law.rolePosts(role).posts
	for _, x := range p.Referring(graph.Appointment, "person") {
		if x.Text("basis") == "secondment" && x.Exists() == fact.Yes && slices.Contains(posts, x.Ref("post")) {
			r.v.Touch(x)
			return types.True
		}
	}
	employer := r.v.Record(k)
	r.v.Touch(employer)
	if role == "VSH" && employer != nil && employer.Text("type") == "council" {
		return types.True
	}
	return unknown(graph.Gap{Record: p.Key(), Field: "employer", Why: "they are employed by " + r.v.Called(k) + "; their appointment or secondment as an officer of this council is not recorded"})
}

func (l *law) designationsOf(role string) []*graph.Record {
	sure, _ := l.v.Designations(role)
	return sure
}

func endedAppointments(r *run, a []ref.Val) ref.Val {
	l := &list{}
	since, known := r.v.Ago(months(a[1])), fact.MinDay
	if role := r.p.roles[text(a[0])]; role != nil && role.Known.From.Given {
		known = role.Known.From.Day // before that there was no such role
	}
	stays := map[fact.Key]bool{}
	for _, x := range r.roleHolders(text(a[0])).sure {
		stays[record(x).Key()] = true
	}
	var posts []fact.Key
	for p := range r.v.Pasts(graph.Designation) {
		if p.Record.Text("role") == text(a[0]) {
			if k, ok := p.Record.RefKey("post"); ok && !slices.Contains(posts, k) {
				posts = append(posts, k)
			}
		}
	}
	for _, post := range posts {
		for _, p := range r.v.Held(post) {
			who, _ := p.Record.RefKey("person")
			end := p.Span.Until
			basis := p.Record.Text("basis")
			if stays[who] || end.IsZero() || end.Last < known || end.Form == fact.ToBeAgreed || since.Past(end.Last) || !r.v.Past(end.Last) || basis == "interim" || basis == "acting" || r.v.Record(p.Record.Key()) != nil {
				continue
			}
			r.v.Touch(p.Record)
			l.add(wrap(p.Record))
		}
	}
	return l.val()
}

func daysUncovered(r *run, a []ref.Val) ref.Val {
	n, gap := r.uncovered(text(a[0]), dayOf(a[1]), dayOf(a[2]))
	if gap != nil {
		return unknown(*gap)
	}
	return types.Int(n)
}

// uncovered counts the days on which nobody was in a post designated to the role, looking only at days on which something
// begins or ends.
func (r *run) uncovered(role string, from, to fact.Day) (int, *graph.Gap) {
	days := []fact.Day{from}
	mark := func(s fact.Span) {
		for _, d := range []fact.Day{s.From.First, s.From.Last, s.Until.First + 1, s.Until.Last + 1} {
			if d > from && d <= to {
				days = append(days, d)
			}
		}
	}
	for _, k := range []fact.KindName{graph.Designation, graph.Appointment, graph.Post, graph.Absence} {
		for p := range r.v.Pasts(k) {
			mark(p.Span)
		}
	}
	for _, k := range []fact.KindName{graph.Designation, graph.Appointment, graph.Post} {
		for _, d := range r.v.Ends(k) {
			if d > from && d <= to {
				days = append(days, d)
			}
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	total := 0
	for i, d := range days {
		end := to + 1
		if i+1 < len(days) {
			end = days[i+1]
		}
		at := r.v.At(d)
		posts, gaps := at.RolePosts(role)
		covered := false
		for _, p := range posts {
			o := p.Holders()
			if o.Gap != nil {
				gaps = append(gaps, *o.Gap)
			}
			covered = covered || len(o.Holders) > 0
		}
		switch {
		case covered:
		case len(gaps) > 0:
			return 0, &gaps[0]
		default:
			total += int(end - d)
		}
	}
	return total, nil
}

func deputised(r *run, a []ref.Val) ref.Val {
	top := record(a[0])
	deputies := map[string]bool{}
	any := false
	for _, p := range r.v.Stating(graph.Post, "deputy_for") {
		if p.State("deputy_for") == graph.Known {
			any = true
			r.v.Touch(p)
			for _, role := range p.Texts("deputy_for") {
				deputies[role] = true
			}
		}
	}
	if !any {
		return unknown(graph.Gap{Record: fact.Key{Kind: graph.Post}, Field: "deputy_for", Why: "no post is recorded as deputising for a statutory role"})
	}
	var open *graph.Gap
	for _, role := range []string{"DCS", "DASS", "DPH"} {
		if deputies[role] {
			continue
		}
		rp := r.law.rolePosts(role)
		for i := range rp.gaps {
			open = &rp.gaps[i]
		}
		for _, p := range rp.posts {
			under, gap := p.Above(top)
			if under {
				return types.False
			}
			if gap != nil {
				open = gap
			}
		}
	}
	if open != nil {
		return unknown(*open)
	}
	return types.True
}

func tier(_ *run, a []ref.Val) ref.Val {
	n, gap := record(a[0]).Tier()
	if gap != nil {
		return unknown(*gap)
	}
	return types.Int(n)
}

func line(_ *run, a []ref.Val) ref.Val {
	up, gap := record(a[0]).Line()
	l := wrapAll(up)
	if gap != nil {
		l.miss(*gap)
	}
	return l.val()
}

func accountableTo(r *run, a []ref.Val) ref.Val {
	p := record(a[0])
	r.v.Touch(p)
	to := p.Refs("accountable_to")
	if p.State("accountable_to") == graph.Uncertain {
		return unknown(graph.Gap{Record: p.Key(), Field: "accountable_to", Why: "it changes within the dates given"})
	}
	if len(to) == 0 {
		return types.False // what is not recorded as arranged is not arranged
	}
	l := r.rolePostList(text(a[1]))
	for _, x := range l.sure {
		if slices.Contains(to, record(x)) {
			return types.True
		}
	}
	if l.gap != nil {
		return l.gap
	}
	return types.False
}

// forOneAge keeps the trap of the service for all ages in sight: children's and adults' social care answer to different officers.
func forOneAge(r *run, a []ref.Val) ref.Val {
	f := record(a[0])
	r.v.Touch(f)
	roles, gap := r.law.rolesFor(f)
	if gap != nil {
		return unknown(*gap)
	}
	ages, words := f.Text("ages"), f.Text("ages")
	if ages == "all" {
		words = "all ages"
	}
	for _, code := range roles {
		if role := r.p.roles[code]; role != nil && role.Ages != "" && ages != "" && ages != role.Ages {
			return unknown(graph.Gap{Record: f.Key(), Field: "ages", Why: "the " + role.Name + " answers for " + role.Ages + ", and this is recorded as for " + words + ": record the part for children and the part for adults as functions of their own"})
		}
	}
	return types.True
}

func reportsTo(r *run, a []ref.Val) ref.Val {
	p := record(a[0])
	r.v.Touch(p)
	up := p.Ref("reports_to")
	if up == nil {
		_, gap := p.Line()
		if gap == nil {
			return types.False // it is itself the top of a line
		}
		return unknown(*gap)
	}
	r.v.Touch(up)
	l := r.rolePostList(text(a[1]))
	for _, x := range l.sure {
		if record(x) == up {
			return types.True
		}
	}
	if l.gap != nil {
		return l.gap
	}
	if len(l.sure) == 0 {
		return unknown(graph.Gap{Record: fact.Key{Kind: graph.Designation}, Field: "role", Why: "no post is designated " + text(a[1]) + " on this day"})
	}
	return types.False
}

func functionsOf(r *run, a []ref.Val) ref.Val {
	domains := items(a[0])
	l := &list{}
	for _, f := range r.v.All(graph.Function) {
		if slices.Contains(domains, f.Text("domain")) {
			if f.Exists() == fact.Yes {
				l.add(wrap(f))
			} else {
				l.miss(*f.NotExact())
			}
		}
	}
	return l.val()
}

func rolesFor(r *run, a []ref.Val) ref.Val {
	f := record(a[0])
	r.v.Touch(f)
	roles, gap := r.law.rolesFor(f)
	if gap != nil {
		return unknown(*gap)
	}
	return types.NewStringList(types.DefaultTypeAdapter, roles)
}

func answers(r *run, a []ref.Val) ref.Val {
	ps, _, gaps := r.law.answering(record(a[0]))
	l := wrapAll(ps)
	l.miss(gaps...)
	return l.val()
}

func manages(_ *run, a []ref.Val) ref.Val { return answer(record(a[0]).Manages(record(a[1]))) }

func managedUnder(r *run, a []ref.Val) ref.Val {
	m, gap := record(a[0]).Manager()
	if gap != nil {
		return unknown(*gap)
	}
	l := r.rolePostList(text(a[1]))
	if len(l.sure) == 0 && l.gap == nil {
		return unknown(graph.Gap{Record: fact.Key{Kind: graph.Designation}, Field: "role", Why: "no post is designated " + text(a[1]) + " on this day"})
	}
	var open *graph.Gap
	for _, x := range l.sure {
		on, gap := m.Above(record(x))
		if on {
			return types.True
		}
		if gap != nil {
			open = gap
		}
	}
	if l.gap != nil {
		return l.gap
	}
	return answer(false, open)
}

func hasMechanism(r *run, a []ref.Val) ref.Val {
	return types.Bool(len(r.law.mechanisms(record(a[0]))) > 0)
}

func splits(r *run, _ []ref.Val) ref.Val {
	l := &list{}
	for _, f := range r.v.All(graph.Function) {
		parted := r.law.partedOf(f)
		if parted.is() {
			l.add(wrap(f))
		} else if !parted.joined { // else it does not matter whether it is split
			l.miss(parted.gaps...)
		}
	}
	return l.val()
}

// splitGaps says why it cannot be said whether a function is split.
func (l *law) splitGaps(f *graph.Record) []graph.Gap {
	if f.Text("domain") == Unclassified && f.Text("answers_in_law") == "" {
		return nil
	}
	roles, gap := l.rolesFor(f)
	switch {
	case gap != nil:
		return []graph.Gap{*gap}
	case len(roles) == 0:
		return nil
	case f.Exists() != fact.Yes:
		return []graph.Gap{*f.NotExact()}
	}
	manager, gap := f.Manager()
	if gap != nil {
		return []graph.Gap{*gap}
	}
	posts, _, gaps := l.answering(f)
	for _, p := range posts {
		if on, gap := manager.Above(p); !on && gap != nil {
			gaps = append(gaps, *gap)
		}
	}
	return gaps
}

func extra(r *run, a []ref.Val) ref.Val { return answer(r.law.extra(record(a[0]), items(a[1]))) }

func (l *law) extra(p *graph.Record, domains []string) (found bool, open *graph.Gap) {
	for _, f := range l.v.All(graph.Function) {
		if !slices.Contains(domains, f.Text("domain")) {
			continue
		}
		if f.Exists() != fact.Yes {
			open = f.NotExact()
			continue
		}
		at := l.placedOf(f)
		if slices.Contains(at.line, p.Key()) || slices.Contains(at.answers, p.Key()) {
			l.v.Touch(f)
			found = true
			continue
		}
		if at.gap != nil {
			open = at.gap
		}
		// Nobody designated is an answer here: the post does not answer. A designation of this post that may hold is none.
		for i, k := range at.posts {
			if k == p.Key() {
				open = &at.maybe[i]
			}
		}
	}
	return found, open
}

func portfolioDomains(r *run, a []ref.Val) ref.Val {
	p := record(a[0])
	var out []string
	stated := false
	l := recorded(r, p.Referring("portfolio", "post"))
	for _, x := range l.sure {
		pf := record(x)
		stated = stated || pf.State("domains") == graph.Known || pf.State("functions") == graph.Known
		out = append(out, pf.Texts("domains")...)
		for _, f := range pf.Refs("functions") {
			out = append(out, f.Text("domain"))
		}
	}
	switch {
	case l.gap != nil:
		return l.gap
	case len(l.sure) == 0:
		return unknown(graph.Gap{Record: p.Key(), Field: "portfolio", Why: "no portfolio of this post is recorded on this day"})
	case !stated:
		return unknown(graph.Gap{Record: record(l.sure[0]).Key(), Field: "domains", Why: "what the portfolio holds is not recorded"})
	}
	slices.Sort(out)
	return types.NewStringList(types.DefaultTypeAdapter, slices.Compact(out))
}

func recordedDomains(r *run, a []ref.Val) ref.Val {
	domains := items(a[0])
	l, maybe := &list{}, &list{}
	for _, f := range r.v.All(graph.Function) {
		d := f.Text("domain")
		if !slices.Contains(domains, d) || f.Text("ages") == "adults" {
			continue
		}
		r.v.Touch(f)
		divided := r.p.domains[d] != nil && slices.ContainsFunc(r.p.domains[d].Answers, func(a Answer) bool { return a.Ages != "" })
		switch {
		case f.Exists() != fact.Yes:
			maybe.miss(*f.NotExact())
		case divided && f.State("ages") != graph.Known:
			maybe.miss(graph.Gap{Record: f.Key(), Field: "ages", Why: "it is not recorded for which ages this is"})
		case l.Contains(types.String(d)) != types.True:
			l.add(types.String(d))
		}
	}
	l.gap = maybe.gap
	return l.val()
}
