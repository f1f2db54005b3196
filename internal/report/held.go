package report

import (
	"strings"
)

// statusCodes are the ways in which a statutory role or a post may stand, for programs.
var statusCodes = map[Status]string{Held: "held", Interim: "interim", Acting: "acting", Vacant: "vacant", NotRecorded: "not-recorded", Uncertain: "uncertain"}

// HeldJSON is days in a row over which a statutory role or a post stood alike, or a period of something else on a timeline. Dates are written as in
// files (2003-10-01, 2003-10, by 2005-04), and empty where none is recorded.
type HeldJSON struct {
	State   string  `json:"state,omitempty"` // held, interim, acting, vacant, not-recorded or uncertain
	Words   string  `json:"words"`           // "Interim, joint"
	Holders []Named `json:"holders"`
	Posts   []Named `json:"posts"`
	From    string  `json:"from"`
	Until   string  `json:"until"`
	Note    string  `json:"note,omitempty"`
}

func newHeldJSON(periods []Period) []HeldJSON {
	out := []HeldJSON{}
	for _, p := range periods {
		out = append(out, HeldJSON{statusCodes[p.Status], p.Word, each(p.Holders), each(p.Posts), p.From.Date.String(), p.Until.Date.String(), p.Note})
	}
	return out
}

// each is never null where a program expects a list.
func each[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// OfficesJSON is the statutory roles of a day.
type OfficesJSON struct {
	When
	Roles []OfficeJSON `json:"roles"`
}

// OfficeJSON is how a statutory role stands on a day.
type OfficeJSON struct {
	Role     string  `json:"role"` // its code: DCS
	Name     string  `json:"name"`
	Required bool    `json:"required"` // of a council of this kind
	State    string  `json:"state"`    // as in HeldJSON
	Jointly  bool    `json:"jointly"`  // several hold it, and to which of them it falls is not recorded
	Posts    []Named `json:"posts"`
	Holders  []Named `json:"holders"`
	Since    string  `json:"since"` // a date as in files; empty where it is not recorded
	Law      string  `json:"law"`
	Note     string  `json:"note,omitempty"`
}

// NewOfficesJSON writes statutory roles.
func NewOfficesJSON(w When, offices []Office) OfficesJSON {
	out := OfficesJSON{w, []OfficeJSON{}}
	for _, o := range offices {
		out.Roles = append(out.Roles, OfficeJSON{o.Code, o.Name, o.Required, statusCodes[o.Status], o.Jointly, each(o.Posts), each(o.Holders), o.Since.String(), o.Law, o.Note})
	}
	return out
}

// TenureJSON is who has held a statutory role through time.
type TenureJSON struct {
	When
	Role    string     `json:"role"` // its code: DCS
	Name    string     `json:"name"`
	Periods []HeldJSON `json:"periods"` // oldest first
}

// NewTenureJSON writes who has held a role.
func NewTenureJSON(w When, code, name string, periods []Period) TenureJSON {
	return TenureJSON{w, code, name, newHeldJSON(periods)}
}

// TimelineJSON is what stood and what happened on the days from one to another.
type TimelineJSON struct {
	When
	From  string     `json:"from"`
	To    string     `json:"to"`
	Lanes []LaneJSON `json:"lanes"`
	More  int        `json:"more"` // periods and events left out, because there are too many
}

// LaneJSON is what belongs together in a timeline.
type LaneJSON struct {
	Lane    string      `json:"lane"` // structure, roles, proposals, tests or decisions
	Name    string      `json:"name"`
	Periods []HeldJSON  `json:"periods"`
	Events  []EventJSON `json:"events"`
}

// EventJSON is something that happens on a day.
type EventJSON struct {
	Date   string `json:"date"`
	What   string `json:"what"` // "Consultation closes"
	Record Named  `json:"record"`
}

// NewTimelineJSON writes a timeline.
func NewTimelineJSON(w When, t Timeline) TimelineJSON {
	out := TimelineJSON{w, t.From.String(), t.To.String(), []LaneJSON{}, t.More}
	for _, l := range t.Lanes {
		lane := LaneJSON{l.ID, l.Name, newHeldJSON(l.Bars), []EventJSON{}}
		for _, p := range l.Points {
			lane.Events = append(lane.Events, EventJSON{p.Date.String(), p.What, p.Named})
		}
		out.Lanes = append(out.Lanes, lane)
	}
	return out
}

// howCodes are the ways in which a record differs, for programs.
var howCodes = map[How]string{Added: "new", Ended: "ended", Moved: "moved", Changed: "changed", HolderOnly: "holder"}

// ChangesJSON is what differs between two looks.
type ChangesJSON struct {
	Before  When          `json:"before"`
	After   When          `json:"after"`
	Changes []DiffersJSON `json:"changes"`
}

// DiffersJSON is one record that differs.
type DiffersJSON struct {
	Record  Named        `json:"record"`
	Kind    string       `json:"kind"`
	Change  string       `json:"change"` // new, ended, moved, changed; holder, where only who is in the post differs
	Words   string       `json:"words"`  // "Moved and changed"
	Unit    string       `json:"unit"`
	When    string       `json:"when"` // a date as in files, from which it differs; empty where it is not recorded
	Parts   []PartJSON   `json:"parts"`
	Effects []EffectJSON `json:"effects"` // on statutory roles
}

// PartJSON is one thing about a record that differs, in words. Empty is not stated.
type PartJSON struct {
	What   string `json:"what"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// EffectJSON is what a change does to a statutory role.
type EffectJSON struct {
	Role string `json:"role"`
	Text string `json:"text"`
	Gap  bool   `json:"gap"` // nobody holds the role after it
}

// NewChangesJSON writes changes.
func NewChangesJSON(before, after When, changes []*Change) ChangesJSON {
	out := ChangesJSON{before, after, []DiffersJSON{}}
	for _, c := range changes {
		x := DiffersJSON{c.Record, string(c.Record.Record.Kind), howCodes[c.How], c.Word, c.Unit.Text, c.When.String(), []PartJSON{}, []EffectJSON{}}
		for _, p := range c.Parts {
			x.Parts = append(x.Parts, PartJSON{p.Label, textOf(p.Before), textOf(p.After)})
		}
		for _, e := range c.Effects {
			x.Effects = append(x.Effects, EffectJSON{e.Role, e.Text, e.Gap})
		}
		out.Changes = append(out.Changes, x)
	}
	return out
}

func textOf(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}
