package report

import (
	"fmt"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Proposed is a proposal as a list shows it.
type Proposed struct {
	Record  Named
	Option  string // "A", where it has others beside it
	Status  string // "consultation"; empty where it is not stated
	Next    Next   // what comes next; zero where nothing does
	Saving  string
	Changes int          // records of which it speaks
	Waves   []graph.Wave // the dates on which it takes effect
	Moved   int          // records that were changed in force since it last spoke of them
	Version int          // the newest that was given a number; 0: none
}

// Next is what comes next for a proposal.
type Next struct {
	What string // "Consultation closes"
	On   fact.Date
}

// Closed reports whether nothing more is to be decided of it.
func (p *Proposed) Closed() bool {
	return slices.Contains([]string{"adopted", "rejected", "withdrawn"}, p.Status)
}

// ProposalsOf gives the proposals on record on the day, in the order of their titles, options beside the proposal to which they are one.
func ProposalsOf(v *graph.View) []Proposed {
	v = v.With("")
	var out []Proposed
	for _, r := range v.All(graph.Proposal) {
		out = append(out, ProposalOf(v, r))
	}
	slices.SortStableFunc(out, func(a, b Proposed) int {
		return strings.Compare(family(v, a), family(v, b))
	})
	return out
}

// family is what a proposal is listed under: the title of the one to which it is an option, then its own option.
func family(v *graph.View, p Proposed) string {
	first := v.Record(p.Record.Record)
	for range 10 {
		up := first.Ref("option_of")
		if up == nil {
			break
		}
		first = up
	}
	return strings.ToLower(first.Title()) + "\x00" + p.Option + "\x00" + p.Record.Text
}

// ProposalOf gives one proposal.
func ProposalOf(v *graph.View, r *graph.Record) Proposed {
	id := r.Key().ID
	with := v.With(id)
	out := Proposed{
		Record: Named{r.Title(), r.Key()}, Option: r.Text("option"), Status: r.Text("status"), Saving: r.Show("saving"),
		Changes: len(with.Touched()), Waves: v.Planned(id, LaunchOf(r)).Waves(), Version: len(VersionsOf(v, id)),
	}
	if !out.Closed() {
		out.Moved, out.Next = len(with.Moved()), next(v, r)
	}
	return out
}

// LaunchOf gives the day on which what a proposal leaves undated would take effect, as its record has it; zero where it has none.
func LaunchOf(r *graph.Record) fact.Date {
	if d := r.Date("effective_on"); d.Form != fact.ToBeAgreed {
		return d
	}
	return fact.Date{}
}

// next gives the first of a proposal's dates that has not passed on the day.
func next(v *graph.View, r *graph.Record) Next {
	var first Next
	for _, field := range []string{"published_on", "consultation_opens", "consultation_closes", "decision_on", "effective_on"} {
		d := r.Date(field)
		if d.IsZero() || d.Form == fact.ToBeAgreed || d.Last < v.On() || field == "decision_on" && r.Text("status") == "approved" {
			continue
		}
		if first.On.IsZero() || d.First < first.On.First {
			first = Next{r.Kind().Field(field).Label, d}
		}
	}
	return first
}

// Numbered is a version of a proposal.
type Numbered struct {
	Record  Named
	Number  int
	Summary string
	Made    fact.Date
	Known   int64 // the position as at which the proposal is that version
}

// VersionsOf gives the versions of a proposal that were given a number, the first first, whichever day is looked at.
func VersionsOf(v *graph.View, proposal fact.ID) (out []Numbered) {
	seen := map[fact.Key]bool{}
	for p := range v.With("").Pasts("version") {
		of, _ := p.Record.RefKey("of")
		if of.ID != proposal || seen[p.Record.Key()] {
			continue
		}
		seen[p.Record.Key()] = true
		n, _ := p.Record.Number("number")
		out = append(out, Numbered{Named{p.Record.Title(), p.Record.Key()}, int(n), p.Record.Text("summary"), p.Record.Date("made_on"), begun(v, p.Record.Key())})
	}
	slices.SortStableFunc(out, func(a, b Numbered) int { return a.Number - b.Number })
	return out
}

// begun gives the position of the first entry about a record.
func begun(v *graph.View, k fact.Key) int64 {
	if h := v.History(k); len(h) > 0 {
		return h[0].Position
	}
	return 0
}

// ProposalJSON is a proposal for a program.
type ProposalJSON struct {
	ID      string     `json:"id"`
	Title   string     `json:"title"`
	Option  string     `json:"option,omitempty"`
	Status  string     `json:"status"`
	Changes int        `json:"changes"`
	Moved   int        `json:"moved"`
	Version int        `json:"version"`
	Waves   []WaveJSON `json:"waves"`
}

// WaveJSON is a date on which a proposal takes effect.
type WaveJSON struct {
	On      string   `json:"on"`
	Records []string `json:"records"`
}

// NewProposalsJSON writes a list of proposals for a program.
func NewProposalsJSON(all []Proposed) []ProposalJSON {
	out := []ProposalJSON{}
	for _, p := range all {
		j := ProposalJSON{string(p.Record.Record.ID), p.Record.Text, p.Option, p.Status, p.Changes, p.Moved, p.Version, []WaveJSON{}}
		for _, w := range p.Waves {
			x := WaveJSON{On: w.On.String()}
			for _, k := range w.Records {
				x.Records = append(x.Records, k.String())
			}
			j.Waves = append(j.Waves, x)
		}
		out = append(out, j)
	}
	return out
}

// Proposals writes a list of proposals for people.
func Proposals(v *graph.View, all []Proposed) Document {
	d := Document{Title: "Proposals", Dates: DatesOf(v.With(""))}
	if len(all) == 0 {
		d.Lead = []string{"There are no proposals."}
		return d
	}
	t := Table{Head: []string{"Proposal", "Status", "Changes", "Takes effect", "Next"}, Headed: true}
	for _, p := range all {
		title := p.Record
		if p.Option != "" {
			title.Text += " (option " + p.Option + ")"
		}
		changes := Count(p.Changes, "record", "records")
		if p.Moved > 0 {
			changes += "; " + Count(p.Moved, "of them has", "of them have") + " changed in force since"
		}
		var on []string
		for _, w := range p.Waves {
			on = append(on, w.On.Words())
		}
		next := ""
		if p.Next.What != "" {
			next = p.Next.What + " " + p.Next.On.Words()
		}
		t.Rows = append(t.Rows, []Cell{{title.Text, title.Record}, cell(p.Status), cell(changes), cell(strings.Join(on, ", ")), cell(next)})
	}
	d.Sections = []Section{{Blocks: []Block{t}}}
	return d
}

// MovedUnder writes for people what was changed in force under a proposal.
func MovedUnder(v *graph.View, all []graph.Moved) Document {
	d := Document{Title: "What changed in force under the proposal", Dates: DatesOf(v)}
	conflicts := 0
	both := Table{Caption: "Changed by both: choose", Head: []string{"Record", "What", "It was", "In force now", "Proposed"}, Headed: true}
	carried := Table{Caption: "Changed in force, and carried into the proposal", Head: []string{"Record", "What", "It was", "In force now"}, Headed: true}
	for _, m := range all {
		for _, f := range m.Fields {
			what := "The record itself"
			if f.Field != nil {
				what = f.Field.Label
			}
			row := []Cell{{m.Title, m.Record}, cell(what), cell(f.Was), cell(f.Now)}
			if !f.Conflict {
				carried.Rows = append(carried.Rows, row)
				continue
			}
			conflicts++
			both.Rows = append(both.Rows, append(row, cell(f.Proposed)))
		}
	}
	switch {
	case len(all) == 0:
		d.Lead = []string{"Nothing of which the proposal speaks has changed in force since it last spoke of it."}
	case conflicts == 0:
		d.Lead = []string{fmt.Sprintf("%s of which the proposal speaks changed in force, and nothing is to be chosen.", Count(len(all), "record", "records"))}
	default:
		d.Lead = []string{fmt.Sprintf("%s to be chosen: the record in force and the proposal both changed the same.", Count(conflicts, "value has", "values have"))}
	}
	var blocks []Block
	for _, t := range []Table{both, carried} {
		if len(t.Rows) > 0 {
			blocks = append(blocks, t)
		}
	}
	if len(blocks) > 0 {
		d.Sections = []Section{{Blocks: blocks}}
	}
	return d
}

// MovedJSON is what was changed in force under a proposal, for a program.
type MovedJSON struct {
	Record   string `json:"record"`
	Field    string `json:"field,omitempty"`
	Was      string `json:"was"`
	Now      string `json:"now"`
	Proposed string `json:"proposed"`
	Conflict bool   `json:"conflict"`
}

// NewMovedJSON writes it.
func NewMovedJSON(all []graph.Moved) []MovedJSON {
	out := []MovedJSON{}
	for _, m := range all {
		for _, f := range m.Fields {
			j := MovedJSON{m.Record.String(), "", f.Was, f.Now, f.Proposed, f.Conflict}
			if f.Field != nil {
				j.Field = f.Field.Name
			}
			out = append(out, j)
		}
	}
	return out
}

// OptionsOf gives a proposal with those to which it is another way, in the order of their letters. One alone has no others.
func OptionsOf(v *graph.View, r *graph.Record) (out []Proposed) {
	root := func(r *graph.Record) fact.Key {
		for range 10 {
			up := r.Ref("option_of")
			if up == nil {
				break
			}
			r = up
		}
		return r.Key()
	}
	v = v.With("")
	of := root(v.Record(r.Key()))
	for _, p := range v.All(graph.Proposal) {
		if root(p) == of {
			out = append(out, ProposalOf(v, p))
		}
	}
	slices.SortStableFunc(out, func(a, b Proposed) int { return strings.Compare(a.Option, b.Option) })
	return out
}

// Comment is what somebody said of a proposal.
type Comment struct {
	Record   fact.Key
	About    fact.Key // zero: the proposal as a whole
	Stance   string
	Capacity string
	Text     string
	Field    string // of which other words are suggested
	Wording  string
	State    string // "open" where nothing is stated
	Answer   string
	Version  int // that was read; 0 where none had a number
	First    graph.Version
}

// CommentsOf gives what was said of a proposal, the newest first, as on the day and as known.
func CommentsOf(v *graph.View, proposal fact.ID) (out []Comment) {
	v = v.With("")
	for _, r := range v.All("comment") {
		if of, _ := r.RefKey("of"); of.ID != proposal {
			continue
		}
		c := Comment{Record: r.Key(), Stance: r.Text("stance"), Capacity: r.Text("capacity"), Text: r.Text("text"), Field: r.Text("wording_of"), Wording: r.Text("wording"), State: r.Text("state"), Answer: r.Text("answer")}
		c.About, _ = r.RefKey("about")
		if at := r.Ref("version"); at != nil {
			n, _ := at.Number("number")
			c.Version = int(n)
		}
		if c.State == "" {
			c.State = "open"
		}
		c.First = v.History(r.Key())[0]
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Comment) int { return int(b.First.Position - a.First.Position) })
	return out
}

// AgainstAdoption says what stands against bringing a proposal into force, with the functions of which each is said: those that would have no place, would stand twice, would end with
// nowhere to go, or for which nobody would answer in law on some day. What is so already without the proposal is not among it.
func AgainstAdoption(p *rule.Pack, v *graph.View, proposal fact.ID, launch fact.Date) []string {
	t := TransferOf(p, v, proposal, launch)
	return t.Objections()
}
