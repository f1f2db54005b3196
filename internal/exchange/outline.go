package exchange

import (
	"fmt"

	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// outline counts through a document: its sections, the paragraphs in them, and the notes to these. So a paragraph has the same number in every format.
type outline struct {
	numbered       bool
	section, place int
	notes          []string
}

// heading begins a section with a heading, and gives it with its number.
func (o *outline) heading(title string) string {
	if !o.numbered || title == "" {
		return title
	}
	o.section, o.place = o.section+1, 0
	return fmt.Sprintf("%d. %s", o.section, title)
}

// number gives the number of the next paragraph with the space after it, or nothing where paragraphs have none.
func (o *outline) number() string {
	if !o.numbered || o.section == 0 {
		return ""
	}
	o.place++
	return fmt.Sprintf("%d.%d ", o.section, o.place)
}

// noted gives a text with the numbers of its notes.
func (o *outline) noted(n report.Noted) string {
	s := n.Text
	for _, note := range n.Notes {
		o.notes = append(o.notes, note)
		s += fmt.Sprintf(" (note %d)", len(o.notes))
	}
	return s
}

// appendix gives the heading of an appendix. Its paragraphs have no numbers.
func (o *outline) appendix(n int, title string) string {
	o.numbered = false
	return "Appendix " + report.Letter(n) + ": " + title
}

// boxes goes through the boxes of a chart, those below a box after it, and says how deep each is.
func boxes(all []report.Box, depth int, each func(b report.Box, depth int)) {
	for _, b := range all {
		each(b, depth)
		boxes(b.Below, depth+1, each)
	}
}

// boxText writes a box on one line: "Director of Education (moved): J. Smith; answers for schools".
func boxText(b report.Box) string {
	s := b.Title
	if b.Change != "" {
		s += " (" + kind.Lower(b.Change) + ")"
	}
	for i, line := range b.Lines {
		if i == 0 {
			s += ": " + line
			continue
		}
		s += "; " + line
	}
	return s
}
