package report

import (
	"fmt"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Document is a report: what people read, whatever it is turned into.
type Document struct {
	Title    string
	Dates    string // which day, as known when, with which proposal: in words
	Lead     []string
	Sections []Section
}

// Section is a part of a document with its own heading.
type Section struct {
	Title  string
	Blocks []Block
}

// Block is a Para, a List or a Table.
type Block interface{ block() }

// Para is a paragraph.
type Para string

// List is a list of short texts.
type List []string

// Table is a table. Rows have as many cells as Head.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]Cell
}

func (Para) block()  {}
func (List) block()  {}
func (Table) block() {}

func cell(s string) Cell { return Cell{Text: s} }

func cells(s ...string) []Cell {
	out := make([]Cell, len(s))
	for i := range s {
		out[i] = cell(s[i])
	}
	return out
}

// Known says as at which entry something is known.
type Known struct {
	Position int64  `json:"position"`
	At       string `json:"at"`   // when that entry was recorded; empty for position 0
	Root     string `json:"root"` // of the tree at the newest checkpoint that covers it
}

// When says which days a report speaks of.
type When struct {
	On       string `json:"on"`
	Known    Known  `json:"known"`
	Proposal string `json:"proposal,omitempty"`
}

// Clock writes a moment for people: "5 June 2015, 3:14pm", in London's time. Midnight is the first minute of a day.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(fact.London)
	return t.Format("2 January 2006, ") + timeOfDay(t)
}

// timeOfDay writes the time of a day to the minute: 3:14pm, 9am, midday.
func timeOfDay(t time.Time) string {
	switch {
	case t.Minute() != 0:
		return t.Format("3:04pm")
	case t.Hour() == 0:
		return "midnight"
	case t.Hour() == 12:
		return "midday"
	}
	return t.Format("3pm")
}

// stamp writes a moment for programs.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// DatesOf says in words which day is looked at, as known when, and with which proposal.
func DatesOf(v *graph.View) string {
	s := "On " + v.On().Words()
	if at := v.KnownAt(); fact.DayIn(at) > fact.Beginning {
		s += fmt.Sprintf(", as recorded on %s (entry %d)", fact.DayIn(at).Words(), v.Known())
	} else if v.Known() > 0 {
		s += ", before anything of the council was recorded"
	} else {
		s += ", before anything was recorded"
	}
	if p := v.Proposal(); p != "" {
		s += ", with the proposal " + v.Called(fact.Key{Kind: graph.Proposal, ID: p}) + " laid over it"
	}
	return s + "."
}

// NewWhen says the same for programs. root is that of the newest checkpoint.
func NewWhen(v *graph.View, root string) When {
	return When{On: v.On().String(), Known: Known{v.Known(), stamp(v.KnownAt()), root}, Proposal: string(v.Proposal())}
}
