package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Document is a report: what people read, whatever it is turned into.
type Document struct {
	Title      string
	Dates      string // which day, as known when, with which proposal: in words
	Lead       []string
	Sections   []Section
	Council    string      // whose it is, above the title
	Mark       string      // who may read it: "Part 1 (public)"
	Numbered   bool        // its sections have numbers, and so have the paragraphs in them: 3, 3.1, 3.2
	Appendices []Section   // after everything else, each with a letter and on a page of its own
	Letterhead *Letterhead // what stands above the title, where the document is a letter; nil where it is not
}

// Letterhead is who writes a letter, to whom and when.
type Letterhead struct {
	From []string `json:"from"` // a line each: the name, the office, the organisation
	Date string   `json:"date"`
	To   []string `json:"to"`
	Dear string   `json:"dear"` // "Dear Michael Lockwood,"
}

// Section is a part of a document with its own heading.
type Section struct {
	Title  string
	Blocks []Block
}

// Block is a Para, a Gap, a Noted, a Cited, a List, Lettered, Steps, a Table, a Chart, Bars or a Subsection.
type Block interface{ block() }

// Para is a paragraph. Its lines end where they were ended.
type Para string

// Gap is a paragraph about something that belongs here and that the record does not hold. It is marked, so that nobody overlooks it. Wanting makes one.
type Gap string

// Noted is a paragraph with notes to it, which stand at the foot of the page or at the end.
type Noted struct {
	Text  string   `json:"text"`
	Notes []string `json:"notes,omitempty"`
}

// Cited is a paragraph with a number of its own, by which people cite it wherever it stands.
type Cited struct {
	Number int
	Text   string
	Notes  []string
	About  []fact.Key // the records on which it rests; nobody reads them, and they are compared with the record as it is later
}

// Lettered is a list whose items are called a, b, c.
type Lettered []string

// List is a list of short texts.
type List []string

// Steps is a list whose order matters.
type Steps []string

// Table is a table. Rows have as many cells as Head.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]Cell
	Headed  bool  // the first cell of each row is the heading of the row
	Figures []int // the columns that are numbers
}

// Bars compares amounts by the length of bars. It says nothing by them that it does not say in words.
type Bars struct {
	Caption string    `json:"caption,omitempty"`
	Head    [2]string `json:"head"` // of the labels, and of the amounts
	Rows    []Bar     `json:"rows"`
}

// Bar is an amount, and how people read it.
type Bar struct {
	Label  string  `json:"label"`
	Amount float64 `json:"amount"`
	Text   string  `json:"text"`
}

// Chart is posts under those to whom they report, a side a state: what is, and what would be.
type Chart struct {
	Caption string      `json:"caption,omitempty"`
	Sides   []ChartSide `json:"sides"`
}

// ChartSide is one state.
type ChartSide struct {
	Heading string `json:"heading"`
	Boxes   []Box  `json:"boxes,omitempty"`
	Empty   string `json:"empty,omitempty"` // what is said where there is no box
}

// Box is a post in a chart, with those that report to it.
type Box struct {
	Title  string   `json:"title"`
	Lines  []string `json:"lines,omitempty"`
	Change string   `json:"change,omitempty"` // how it differs from the other side: "Moved"
	Double bool     `json:"double,omitempty"` // its line is double: it has a statutory role
	Dashed bool     `json:"dashed,omitempty"` // its line is dashed: nobody is in it
	Below  []Box    `json:"below,omitempty"`
}

// Subsection is a section within a section.
type Subsection Section

func (Para) block()       {}
func (Gap) block()        {}
func (Noted) block()      {}
func (Cited) block()      {}
func (Lettered) block()   {}
func (List) block()       {}
func (Steps) block()      {}
func (Table) block()      {}
func (Bars) block()       {}
func (Chart) block()      {}
func (Subsection) block() {}

// Table says the same as the bars.
func (b Bars) Table() Table {
	t := Table{Caption: b.Caption, Head: b.Head[:], Headed: true, Figures: []int{1}}
	for _, r := range b.Rows {
		t.Rows = append(t.Rows, cells(r.Label, r.Text))
	}
	return t
}

// filled is the table without the columns in which no row has anything.
func (t Table) filled() Table {
	has := func(i int) bool { return slices.ContainsFunc(t.Rows, func(r []Cell) bool { return r[i].Text != "" }) }
	out := t
	out.Head, out.Figures, out.Rows = nil, nil, make([][]Cell, len(t.Rows))
	for i, head := range t.Head {
		if !has(i) {
			continue
		}
		if slices.Contains(t.Figures, i) {
			out.Figures = append(out.Figures, len(out.Head))
		}
		out.Head = append(out.Head, head)
		for n := range t.Rows {
			out.Rows[n] = append(out.Rows[n], t.Rows[n][i])
		}
	}
	return out
}

// gapBegins is how every gap begins, wherever it stands.
const gapBegins = "[Not recorded: "

// Wanting marks what a document should say and the record does not hold.
func Wanting(what string) string { return gapBegins + what + "]" }

// IsGap reports whether a text marks something that is not recorded.
func IsGap(text string) bool {
	return strings.HasPrefix(text, gapBegins) && strings.HasSuffix(text, "]")
}

// Begins is how an item of a lettered list begins: "a. ".
func (l Lettered) Begins(i int) string { return strings.ToLower(Letter(i)) + ". " }

// Letter names an appendix by its place: A, B … Z, AA.
func Letter(n int) string {
	if n >= 26 {
		return Letter(n/26-1) + Letter(n%26)
	}
	return string(rune('A' + n))
}

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
		if !v.AsIf() {
			s += " on its own days"
		}
	}
	return s + "."
}

// NewWhen says the same for programs. root is that of the newest checkpoint.
func NewWhen(v *graph.View, root string) When {
	return When{On: v.On().String(), Known: Known{v.Known(), stamp(v.KnownAt()), root}, Proposal: string(v.Proposal())}
}
