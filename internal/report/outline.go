package report

import (
	"fmt"
	"strings"

	"plumbline/internal/kind"
)

// Outline counts through a document: its sections, the paragraphs in them, and the notes to these. So a paragraph has the same number in every format.
type Outline struct {
	Notes []string // those so far

	numbered       bool
	section, place int
}

// NewOutline begins at the beginning of a document.
func NewOutline(d Document) *Outline { return &Outline{numbered: d.Numbered} }

// Heading begins a section, and gives its number; empty where it has none.
func (o *Outline) Heading(title string) string {
	if !o.numbered || title == "" {
		return ""
	}
	o.section, o.place = o.section+1, 0
	return fmt.Sprintf("%d", o.section)
}

// Number gives the number of the next paragraph; empty where it has none.
func (o *Outline) Number() string {
	if !o.numbered || o.section == 0 {
		return ""
	}
	o.place++
	return fmt.Sprintf("%d.%d", o.section, o.place)
}

// Noted takes the notes of a paragraph, and gives the number of each.
func (o *Outline) Noted(notes []string) (numbers []int) {
	for _, note := range notes {
		o.Notes = append(o.Notes, note)
		numbers = append(numbers, len(o.Notes))
	}
	return numbers
}

// Appendix gives the heading of an appendix. Its paragraphs have no numbers.
func (o *Outline) Appendix(n int, title string) string {
	o.numbered = false
	return "Appendix " + Letter(n) + ": " + title
}

// Walk goes through boxes, those below a box after it, and says how deep each is.
func Walk(all []Box, each func(b Box, depth int)) { walkBoxes(all, 0, each) }

func walkBoxes(all []Box, depth int, each func(Box, int)) {
	for _, b := range all {
		each(b, depth)
		walkBoxes(b.Below, depth+1, each)
	}
}

// String writes a box on one line: "Director of Education (moved): Statutory role; also manages 2 posts".
func (b Box) String() string {
	s := b.Title
	if b.Change != "" {
		s += " (" + kind.Lower(b.Change) + ")"
	}
	if len(b.Lines) > 0 {
		s += ": " + strings.Join(b.Lines, "; ")
	}
	return s
}
