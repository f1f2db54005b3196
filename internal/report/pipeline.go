package report

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Stages are those through which a post is filled, as records have them, in their order. The last is reached when whoever was chosen is in post.
var Stages = []string{"to-be-advertised", "advertised", "assessment", "panel", "offered", "accepted", "started"}

// Recruiting is a post that is being filled.
type Recruiting struct {
	Recruitment fact.Key
	Post        Named
	Stage       string // one of Stages, or withdrawn; empty where it is not recorded
	Word        string // "Panel"
	Next        string // "Appointments Panel, 14 July 2015"
	Due         fact.Date
	Late        bool // the day has passed, and what came of it is not recorded
	Chosen      Named
	ComingFrom  string
	Conditions  []Named  // on the post
	Cover       []string // who is in the post until then; empty once somebody started
	NoCover     bool     // nobody is in the post until then
}

// Pipeline gives the recruitments that are open on the day: those furthest behind first, those that are done last.
func Pipeline(p *rule.Pack, v *graph.View) []Recruiting {
	var out []Recruiting
	for _, r := range v.All("recruitment") {
		out = append(out, recruiting(p, r))
	}
	slices.SortStableFunc(out, func(a, b Recruiting) int {
		return cmp.Or(cmp.Compare(a.place(), b.place()), cmp.Compare(a.Post.Text, b.Post.Text))
	})
	return out
}

func (r Recruiting) place() int {
	switch r.Stage {
	case "started":
		return 2
	case "withdrawn":
		return 3
	}
	if r.Late {
		return 0
	}
	return 1
}

func recruiting(p *rule.Pack, r *graph.Record) Recruiting {
	v := r.View()
	out := Recruiting{Recruitment: r.Key(), Stage: r.Text("stage"), Word: "Not recorded", ComingFrom: r.Text("coming_from")}
	if k, ok := r.RefKey("person"); ok {
		out.Chosen = called(p, v, k)
	}
	if k, ok := r.RefKey("post"); ok {
		out.Post = called(p, v, k)
		if out.Stage == "accepted" && out.inPost(v.Record(k)) {
			out.Stage = "started"
		}
		out.Conditions = conditionsOn(p, v, k)
		out.cover(p, v, k)
	}
	if out.Stage != "" {
		out.Word = Capital(Say(p, r.Kind().Field("stage"), out.Stage))
	}
	out.next(p, r)
	return out
}

// inPost reports whether whoever was chosen is certainly in the post.
func (r *Recruiting) inPost(post *graph.Record) bool {
	return post != nil && slices.ContainsFunc(post.Holders().Holders, func(a *graph.Record) bool {
		k, ok := a.RefKey("person")
		return ok && k == r.Chosen.Record
	})
}

// conditionsOn lists the conditions about a record.
func conditionsOn(p *rule.Pack, v *graph.View, k fact.Key) (out []Named) {
	for _, c := range v.All("condition") {
		if slices.Contains(c.RefKeys("about"), k) {
			out = append(out, named(p, c))
		}
	}
	return out
}

// Done reports whether the post is not being filled any more: whoever was chosen started, or nobody is sought.
func (r *Recruiting) Done() bool { return r.Stage == "started" || r.Stage == "withdrawn" }

// cover says who is in the post until somebody starts.
func (r *Recruiting) cover(p *rule.Pack, v *graph.View, k fact.Key) {
	if r.Stage == "started" {
		return
	}
	post := v.Record(k)
	if post == nil {
		r.Cover = []string{"The post is not there on this day"}
		for _, x := range v.Pieces(k) {
			if d := x.Span.From; d.First > v.On() {
				r.Cover = []string{"The post begins " + d.Words()}
				break
			}
		}
		return
	}
	h := HoldingOf(p, post)
	if r.Cover = h.Lines; len(h.Lines) == 0 {
		r.Cover, r.NoCover = []string{"None recorded"}, true
	}
}

// next says what comes next, and by when.
func (r *Recruiting) next(p *rule.Pack, rec *graph.Record) {
	panel := "Panel"
	if k, ok := rec.RefKey("panel"); ok {
		panel = Called(p, rec.View(), k)
	}
	outcome := "Record what came of " + panel
	switch r.Stage {
	case "":
		r.Next = "Record how far it has got"
	case "to-be-advertised":
		r.Next, r.Due = "Advertise the post, then "+panel, rec.Date("panel_on")
	case "advertised":
		r.Next, r.Due = "Assessment, then "+panel, rec.Date("panel_on")
	case "assessment", "panel":
		r.Next, r.Due = panel, rec.Date("panel_on")
	case "offered":
		r.Next = "Acceptance of the offer"
	case "started":
		r.Next = "Nothing: the post is filled"
	case "withdrawn":
		r.Next = "Nothing: it was withdrawn"
	case "accepted":
		r.Next, r.Due = "Start", rec.Date("expected_start")
		outcome = "Record whether " + cmp.Or(r.Chosen.Text, "somebody") + " started"
	}
	switch {
	case r.Due.IsZero():
	case r.Due.Form == fact.ToBeAgreed:
		r.Next += ", to be agreed"
	case r.Due.Last < rec.View().On():
		r.Next, r.Late = outcome+", "+r.Due.Words(), true
	default:
		r.Next += ", " + r.Due.Words()
	}
}

// Away is a holder of a post who is away and still holds it.
type Away struct {
	Absence fact.Key
	Person  Named
	Post    Named
	Reason  string
	From    fact.Date
	Until   fact.Date
	Cover   Named  // who stands in; empty where nobody is recorded
	Basis   string // on which: "acting"
}

// AbsencesOf gives who is away on the day, and who covers. An absence is no vacancy.
func AbsencesOf(p *rule.Pack, v *graph.View) []Away {
	var out []Away
	for _, r := range v.All(graph.Absence) {
		a := Away{Absence: r.Key(), From: r.Span().From, Until: r.Span().Until}
		if s := r.Text("reason"); s != "" {
			a.Reason = Capital(Say(p, r.Kind().Field("reason"), s))
		}
		if of := r.Ref("appointment"); of != nil {
			a.Person = holder(p, of)
			if k, ok := of.RefKey("post"); ok {
				a.Post = called(p, v, k)
			}
		}
		if by := r.Ref("covered_by"); by != nil {
			a.Cover, a.Basis = holder(p, by), basisOf(p, by)
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b Away) int { return cmp.Compare(a.Post.Text, b.Post.Text) })
	return out
}

// RecruitingJSON is a post that is being filled, for programs.
type RecruitingJSON struct {
	Post       Named  `json:"post"`
	Chosen     *Named `json:"chosen"` // null: nobody yet, or it is not recorded
	ComingFrom string `json:"coming_from"`
	Stage      string `json:"stage"`
	Next       string `json:"next"`
	Due        string `json:"due"`
	Late       bool   `json:"late"`
}

// RecruitmentOf writes which posts are being filled: who was chosen, from where they come, and when they start. Under a proposal the view is to be on the proposal's own
// days, so that a start that is still to come is not taken to have come.
func RecruitmentOf(p *rule.Pack, v *graph.View) (Document, []RecruitingJSON) {
	d := Document{Title: "Posts that are being filled", Dates: DatesOf(v)}
	t := Table{Head: []string{"Post", "Who", "Coming from", "Stage", "Next", "In the post until then"}, Headed: true}
	out := []RecruitingJSON{}
	for _, r := range Pipeline(p, v) {
		x := RecruitingJSON{Post: r.Post, ComingFrom: r.ComingFrom, Stage: r.Stage, Next: r.Next, Due: r.Due.String(), Late: r.Late}
		who := r.Chosen
		if who == (Named{}) {
			who.Text = "To be announced"
		} else {
			x.Chosen = &r.Chosen
		}
		t.Rows = append(t.Rows, []Cell{r.Post, who, cell(cmp.Or(r.ComingFrom, "Not recorded")), cell(r.Word), cell(r.Next), cell(strings.Join(r.Cover, "; "))})
		out = append(out, x)
	}
	if len(t.Rows) == 0 {
		d.Lead = []string{"No posts are being recruited to on this day."}
		return d, out
	}
	d.Sections = []Section{{Blocks: []Block{t}}}
	return d, out
}
