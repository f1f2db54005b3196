package exchange

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Drawing is a chart of boxes that report to each other.
type Drawing struct {
	Title string
	About []string // sentences under the title: which day it shows, as known when
	Parts []DrawingPart
}

// DrawingPart is trees under a heading.
type DrawingPart struct {
	Heading string
	Boxes   []DrawingBox
}

// DrawingBox is a box with those that hang below it.
type DrawingBox struct {
	Title  string
	Lines  []string
	Double bool // its line is double: it has a statutory role
	Dashed bool // its line is dashed: nobody is in it
	Bar    bool // it has a bar at its left: who is in it is there for the time being
	Across bool // those below it stand beside each other, and not under each other
	Below  []DrawingBox
	More   string // what is left out below it: "12 posts below"
}

// Measures of a drawing, in pixels.
const (
	svgMargin = 24
	svgWidth  = 280 // of a box
	svgPad    = 10
	svgIndent = 28
	svgGap    = 14
	svgDrop   = 22 // from a box to those that stand beside each other below it
	svgType   = 14 // size of type
	svgLine   = 19
)

// SVG writes a drawing as a file that needs nothing else: no font, no style sheet and no script. How wide a text is nobody can know who does not
// have the font, so it is estimated, rather too wide, and lines are broken by that.
func SVG(w io.Writer, d Drawing) error {
	c := &svg{}
	y := svgMargin + 24
	c.text(svgMargin, y, 22, true, d.Title)
	y += 10
	width := svgWidth
	for _, s := range d.About {
		for _, line := range wrapped(s, 3*svgWidth, false) {
			y += svgLine
			c.text(svgMargin, y, svgType, false, line)
		}
	}
	for _, p := range d.Parts {
		y += 2 * svgLine
		if p.Heading != "" {
			c.text(svgMargin, y, 18, true, p.Heading)
		}
		y += svgGap
		for _, b := range p.Boxes {
			right, bottom := c.tree(svgMargin, y, b)
			width, y = max(width, right), bottom+svgGap
		}
	}
	width = max(width, 3*svgWidth+svgMargin) + svgMargin
	name := svgText(d.Title + ". " + strings.Join(d.About, " "))
	_, err := fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="Arial, Helvetica, sans-serif" fill="#0b0c0c">
<title>%s</title>
<rect width="100%%" height="100%%" fill="#ffffff"/>
%s</svg>
`, width, y+svgMargin, name, c.b.String())
	return err
}

// svg collects what is drawn.
type svg struct{ b strings.Builder }

// tree draws a box and what hangs below it, and gives its right and its lower edge.
func (c *svg) tree(x, y int, b DrawingBox) (right, bottom int) {
	bottom = c.box(x, y, b)
	right = x + svgWidth
	const stem = 14 // from the left edge of a box to the line down from it
	switch {
	case len(b.Below) == 0:
	case b.Across:
		own, bus, from, last := bottom, bottom+svgDrop/2, x, x
		for _, below := range b.Below {
			c.line(from+stem, bus, from+stem, own+svgDrop)
			r, low := c.tree(from, own+svgDrop, below)
			last, from = from, r+svgGap
			right, bottom = max(right, r), max(bottom, low)
		}
		c.line(x+stem, own, x+stem, bus)
		c.line(x+stem, bus, last+stem, bus)
	default:
		top, last := bottom, bottom
		for _, below := range b.Below {
			last = bottom + svgGap + svgLine
			c.line(x+stem, last, x+svgIndent, last)
			r, low := c.tree(x+svgIndent, bottom+svgGap, below)
			right, bottom = max(right, r), low
		}
		c.line(x+stem, top, x+stem, last)
	}
	return right, bottom
}

// box draws one box and what is said below it, and gives its lower edge.
func (c *svg) box(x, y int, b DrawingBox) int {
	type row struct {
		text string
		bold bool
	}
	var rows []row
	add := func(s string, bold bool) {
		for _, line := range wrapped(s, svgWidth-2*svgPad, bold) {
			rows = append(rows, row{line, bold})
		}
	}
	add(b.Title, true)
	for _, s := range b.Lines {
		add(s, false)
	}
	height := 2*svgPad + len(rows)*svgLine - 4
	dash := ""
	if b.Dashed {
		dash = ` stroke-dasharray="6 4"`
	}
	fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#ffffff" stroke="#0b0c0c" stroke-width="2"%s/>`+"\n", x, y, svgWidth, height, dash)
	if b.Double {
		fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#0b0c0c" stroke-width="1"%s/>`+"\n", x+4, y+4, svgWidth-8, height-8, dash)
	}
	if b.Bar {
		fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="6" height="%d" fill="#7d8794"/>`+"\n", x, y, height)
	}
	at := y + svgPad + svgType - 2
	for _, r := range rows {
		c.text(x+svgPad, at, svgType, r.bold, r.text)
		at += svgLine
	}
	y += height
	if b.More != "" {
		y += svgLine
		c.text(x+svgPad, y, svgType, false, b.More)
	}
	return y
}

func (c *svg) text(x, y, size int, bold bool, s string) {
	weight := ""
	if bold {
		weight = ` font-weight="bold"`
	}
	fmt.Fprintf(&c.b, `<text x="%d" y="%d" font-size="%d"%s>%s</text>`+"\n", x, y, size, weight, svgText(s))
}

func (c *svg) line(x1, y1, x2, y2 int) {
	fmt.Fprintf(&c.b, `<path d="M%d %dL%d %d" stroke="#0b0c0c" stroke-width="2"/>`+"\n", x1, y1, x2, y2)
}

// svgText is a text as XML has it.
func svgText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// wrapped breaks a text into lines of a width, between words and, where a word has no room, in it.
func wrapped(s string, width int, bold bool) (lines []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && estimated(line+" "+word, bold) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; estimated(line, bold) > width; {
			n := 0
			for n < len(line) {
				_, size := utf8.DecodeRuneInString(line[n:])
				if n > 0 && estimated(line[:n+size], bold) > width {
					break
				}
				n += size
			}
			lines, line = append(lines, line[:n]), line[n:]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// estimated is the width of a text in pixels, rather too much of it: in thousandths of the size of type, as letters of common sans serifs are.
func estimated(s string, bold bool) int {
	n := 0
	for _, r := range s {
		switch {
		case strings.ContainsRune("iljtfI.,;:'’|!()[]/- ", r):
			n += 350
		case strings.ContainsRune("mwMW@%—", r):
			n += 950
		case unicode.IsUpper(r):
			n += 740
		case r >= 0x2e80: // scripts that are as wide as they are high
			n += 1000
		default:
			n += 580
		}
	}
	if bold {
		n += n / 12
	}
	return n * svgType / 1000
}
