package report

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// Leftover is what a proposal leaves to be done: what is recorded of a post, a unit, a board or a function that it ends.
type Leftover struct {
	Delegations []Loose     `json:"delegations"` // to be amended
	Designated  []Loose     `json:"designated"`  // designations of posts that end: the roles are nobody's
	Seats       []Loose     `json:"seats"`       // to be filled
	Misplaced   []Misplaced `json:"misplaced"`   // what stands against adoption in the transfer table
	Retained    []Loose     `json:"retained"`    // findings that say that something must be retained, which the proposal ends
	Owners      []Loose     `json:"owners"`      // anything else that names what ends
	People      int         `json:"people"`      // in posts that end, and appointed to nothing else by then
}

// Loose is a record that is still there and names what is not, or has to be written anew for another reason.
type Loose struct {
	Record Named  `json:"record"`
	Kind   string `json:"kind"`
	Field  string `json:"field,omitempty"` // "Owner"
	Ends   Named  `json:"ends,omitzero"`   // what the proposal ends
	Anyway bool   `json:"anyway"`          // so it is without the proposal
	Text   string `json:"text"`

	role string // of a designation
}

func (c *forecasting) leftover() (out Leftover) {
	ended := c.ended()
	for _, k := range c.with.Kinds().All {
		if slices.Contains(overAndDone, k.Name) || k.Name == "delegation" {
			continue
		}
		for _, f := range k.Fields {
			for _, x := range c.naming(k, f, ended) {
				switch k.Name {
				case graph.Designation:
					if f.Name == "post" {
						d := c.with.Record(x.Record.Record)
						x.role = d.Text("role")
						x.Text = x.Ends.Text + " ends, and is still designated " + Say(c.p, k.Field("role"), x.role) + "."
						out.Designated = append(out.Designated, x)
					}
				case "seat":
					if f.Name != "board" {
						x.Text = called(c.p, c.with, boardOf(c.with.Record(x.Record.Record))).Text + ": the seat of " + x.Ends.Text + " has to be filled otherwise, since that " + small(string(x.Ends.Record.Kind)) + " ends."
						out.Seats = append(out.Seats, x)
					}
				case "finding":
					x.Text = x.Ends.Text + " ends, and finding “" + x.Record.Text + "” says that it must be retained."
					out.Retained = append(out.Retained, x)
				case graph.Function: // the transfer table says of each what becomes of it
				default:
					out.Owners = append(out.Owners, x)
				}
			}
		}
	}
	out.Delegations = c.delegations()
	out.Seats = append(out.Seats, c.vacantSeats()...)
	out.Misplaced = c.misplaced()
	out.People = c.people(ended)
	return out
}

// Misplaced is a function with something wrong in the transfer table that the proposal makes.
type Misplaced struct {
	Function Named     `json:"function"`
	Kind     FaultKind `json:"kind"`
	From     Day       `json:"from"`
	Until    Day       `json:"until"` // null: it has no end
	Text     string    `json:"text"`
}

func (c *forecasting) misplaced() (out []Misplaced) {
	t := TransferOf(c.p, c.base, c.plan.Proposal(), c.launch)
	for _, m := range t.Against() {
		for _, f := range m.Faults {
			if !f.Prior {
				out = append(out, Misplaced{m.Function, f.Kind, Day{f.From}, Day{f.Until}, f.Text})
			}
		}
	}
	return out
}

func boardOf(seat *graph.Record) fact.Key {
	k, _ := seat.RefKey("board")
	return k
}

// overAndDone are the kinds whose records say what was on a day, or speak of proposals: that they name something does not ask for anything to be done when it ends.
var overAndDone = []fact.KindName{graph.Appointment, graph.Absence, graph.Proposal, "version", "comment", "consultation", "response", "theme", "contact", "judgement", "inspection", "document", "meeting",
	"decision", "feedback", "test", "grant", "settings", "retention"}

// done are the states in which nothing is to be done any more, and the dates that say so.
var (
	done   = []string{"complete", "cancelled", "withdrawn", "delivered", "closed", "adopted", "rejected"}
	doneOn = []string{"done_on", "completed_on", "accepted_complete_on"}
)

// ended lists what is there without the proposal on the last day, and not with it.
func (c *forecasting) ended() (out []fact.Key) {
	for _, k := range c.plan.Touched() {
		if c.without.Record(k) != nil && c.with.Record(k) == nil {
			out = append(out, k)
		}
	}
	return out
}

// naming finds the records of a kind that still name by a field what ends.
func (c *forecasting) naming(k *kind.Kind, f *kind.Field, ended []fact.Key) (out []Loose) {
	if f.Type != kind.Reference {
		return nil
	}
	said := k.Name == "finding" && f.Name != "retain" || k.Name == "evidence" && f.Name == "test"
	for _, to := range ended {
		if said {
			break
		}
		for _, r := range c.with.Referring(to, k.Name, f.Name) {
			if isDone(r) {
				continue
			}
			x := Loose{Record: named(c.p, r), Kind: k.Label, Field: f.Label, Ends: called(c.p, c.without, to)}
			x.Text = x.Kind + " “" + x.Record.Text + "”: " + x.Ends.Text + ", named under “" + f.Label + "”, ends."
			out = append(out, x)
		}
	}
	return out
}

func isDone(r *graph.Record) bool {
	return slices.Contains(done, r.Text("status")) || slices.ContainsFunc(doneOn, func(f string) bool { return r.Text(f) != "" })
}

// delegations finds those that have to be amended.
func (c *forecasting) delegations() (out []Loose) {
	for _, d := range c.with.All("delegation") {
		is, why := AmendmentOf(c.p, d)
		if is == NoAmendment {
			continue
		}
		x := Loose{Record: named(c.p, d), Kind: d.Kind().Label, Text: Title(c.p, d) + ": " + why}
		if to, ok := d.RefKey("to"); ok {
			x.Ends = called(c.p, c.without, to)
		}
		if b := c.without.Record(d.Key()); b != nil {
			had, _ := AmendmentOf(c.p, b)
			x.Anyway = had == is
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Loose) int { return cmp.Compare(a.Record.Text, b.Record.Text) })
	return out
}

// vacantSeats finds the seats whose post would be vacant, and is not without the proposal.
func (c *forecasting) vacantSeats() (out []Loose) {
	for _, s := range c.with.All("seat") {
		post, board := s.Ref("post"), s.Ref("board")
		if post == nil || board == nil || !post.Holders().Vacant {
			continue
		}
		if b := c.without.Record(s.Key()); b != nil && b.Ref("post") != nil && b.Ref("post").Holders().Vacant {
			continue
		}
		x := Loose{Record: named(c.p, s), Kind: s.Kind().Label, Field: "Post", Ends: named(c.p, post)}
		x.Text = Title(c.p, board) + ": the seat of " + x.Ends.Text + " is empty, since nobody is in that post."
		out = append(out, x)
	}
	return out
}

// people counts those who are in a post that ends and would be in no other.
func (c *forecasting) people(ended []fact.Key) (n int) {
	var seen []fact.Key
	for _, k := range ended {
		post := c.without.Record(k)
		if k.Kind != graph.Post {
			continue
		}
		for _, a := range post.Holders().Holders {
			who, ok := a.RefKey("person")
			if !ok || slices.Contains(seen, who) {
				continue
			}
			seen = append(seen, who)
			placed := slices.ContainsFunc(c.with.Referring(who, graph.Appointment, "person"), func(x *graph.Record) bool { return x.Ref("post") != nil })
			if !placed {
				n++
			}
		}
	}
	return n
}

// TestCall says whether a local test of assurance is asked for, why, and which tests of the proposal there are.
type TestCall struct {
	Needed bool         `json:"needed"`
	Reason string       `json:"reason"`
	Rules  []string     `json:"rules"`
	Newest int          `json:"newest_version"` // of the proposal; 0: it has none
	Tests  []TestOfPlan `json:"tests"`
	Issued bool         `json:"issued"` // one of them was reported
}

// TestOfPlan is a test of the proposal.
type TestOfPlan struct {
	Test       Named       `json:"test"`
	Reported   string      `json:"reported"` // as in files; empty: not yet
	Version    int         `json:"version"`  // of the proposal that it tested; 0: it is not recorded
	Since      int         `json:"since"`    // changes recorded after the test was
	Judgements []PlanJudge `json:"judgements"`
	Text       string      `json:"text"`
}

// PlanJudge is what a test of the proposal judged.
type PlanJudge struct {
	Criterion string `json:"criterion"`
	Outcome   string `json:"outcome"`
}

func (c *forecasting) test(proposal fact.Key) (out TestCall) {
	var why []string
	for _, x := range c.out.Combined {
		if len(x.Rules) > 0 {
			out.Needed = true
			out.Rules = append(out.Rules, x.Rules...)
			why = append(why, strings.TrimSuffix(x.Text, "."))
		}
	}
	out.Rules = slices.Compact(out.Rules)
	if out.Needed {
		out.Reason = Sentence(strings.Join(why, ". ")) + " Guidance then asks for a local test of assurance (" + And(out.Rules) + ")."
	} else {
		out.Reason = "No statutory role would have anything in hand for which guidance asks for a local test of assurance."
	}
	for _, r := range c.base.All("version") {
		if of, _ := r.RefKey("of"); of == proposal {
			n, _ := r.Number("number")
			out.Newest = max(out.Newest, int(n))
		}
	}
	for _, t := range c.base.All("test") {
		if of, _ := t.RefKey("tests"); of == proposal {
			x := c.testOf(t, out.Newest)
			out.Issued = out.Issued || x.Reported != ""
			out.Tests = append(out.Tests, x)
		}
	}
	return out
}

func (c *forecasting) testOf(t *graph.Record, newest int) TestOfPlan {
	x := TestOfPlan{Test: named(c.p, t)}
	text := "It has not been reported yet."
	if on := t.Date("reported_on"); !on.IsZero() && on.Form != fact.ToBeAgreed {
		x.Reported = on.String()
		text = "It was reported" + onDay(on) + "."
	}
	if v := t.Ref("version"); v != nil {
		n, _ := v.Number("number")
		x.Version = int(n)
	}
	for _, j := range t.Referring("judgement", "test") {
		x.Judgements = append(x.Judgements, PlanJudge{Say(c.p, j.Kind().Field("criterion"), j.Text("criterion")), Word(j.Text("outcome"))})
	}
	for _, k := range c.plan.Touched() {
		for _, h := range c.base.History(k) {
			if h.Proposal == c.plan.Proposal() && h.Recorded.After(t.Recorded()) {
				x.Since++
				break
			}
		}
	}
	switch {
	case x.Version > 0 && x.Version < newest:
		text += " It tested version " + Thousands(x.Version) + " of the proposal; the newest is version " + Thousands(newest) + "."
	case x.Version > 0:
		text += " It tested version " + Thousands(x.Version) + " of the proposal, the newest."
	case newest > 0:
		text += " Which version of the proposal it tested is not recorded."
	}
	if x.Since > 0 {
		text += " " + Capital(Count(x.Since, "change of the proposal was", "changes of the proposal were")) + " recorded after the test was."
	}
	x.Text = text
	return x
}
