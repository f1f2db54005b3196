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

func allOf(name fact.KindName) func(*run, []ref.Val) ref.Val {
	return func(r *run, _ []ref.Val) ref.Val { return recorded(r, r.v.All(name)).val() }
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
