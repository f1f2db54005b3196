package exchange

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"plumbline/internal/report"
)

// Text writes a document for a terminal of so many columns. Tables whose cells do not fit are written as labelled rows.
func Text(w io.Writer, d report.Document, columns int) error {
	out := bufio.NewWriter(w)
	columns = max(40, columns)
	if h := d.Letterhead; h != nil {
		for _, part := range [][]string{append(slices.Clone(h.From), h.Date), h.To, {h.Dear}} {
			for _, l := range part {
				wrap(out, l, "", columns)
			}
			fmt.Fprintln(out)
		}
	}
	if d.Council != "" {
		wrap(out, d.Council, "", columns)
	}
	wrap(out, d.Title, "", columns)
	fmt.Fprintln(out, strings.Repeat("=", min(columns, utf8.RuneCountInString(d.Title))))
	for _, l := range front(d) {
		wrap(out, l, "", columns)
	}
	t := textWriter{out, columns, report.NewOutline(d)}
	for _, s := range d.Sections {
		t.section(headed(t.o, s.Title), "-", s.Blocks)
	}
	for i, s := range d.Appendices {
		t.section(t.o.Appendix(i, s.Title), "-", s.Blocks)
	}
	if notes := t.o.Notes; len(notes) > 0 {
		t.section("Notes", "-", []report.Block{report.Steps(notes)})
	}
	if d.Letterhead != nil && d.Dates != "" {
		fmt.Fprintln(out)
		wrap(out, d.Dates, "", columns)
	}
	return out.Flush()
}

// front are the lines that stand below the title. A letter has its own date, and says at its end which record it was made from.
func front(d report.Document) (lines []string) {
	for _, l := range append([]string{d.Dates, d.Mark}, d.Lead...) {
		if l != "" && (d.Letterhead == nil || l != d.Dates) {
			lines = append(lines, l)
		}
	}
	return lines
}

// textWriter writes the sections of a document.
type textWriter struct {
	w       io.Writer
	columns int
	o       *report.Outline
}

func (t *textWriter) section(title, under string, blocks []report.Block) {
	fmt.Fprintln(t.w)
	if title != "" {
		wrap(t.w, title, "", t.columns)
		fmt.Fprintln(t.w, strings.Repeat(under, min(t.columns, utf8.RuneCountInString(title))))
	}
	for _, b := range blocks {
		t.block(b)
	}
}

func (t *textWriter) block(b report.Block) {
	switch b := b.(type) {
	case report.Para:
		t.para(string(b))
	case report.Gap:
		t.para(string(b))
	case report.Noted:
		t.para(noted(t.o, b.Text, b.Notes))
	case report.Cited:
		n := fmt.Sprintf("%d. ", b.Number)
		wrapHanging(t.w, noted(t.o, b.Text, b.Notes), n, strings.Repeat(" ", len(n)), t.columns)
	case report.Lettered:
		for i, l := range b {
			n := "  " + b.Begins(i)
			wrapHanging(t.w, l, n, strings.Repeat(" ", len(n)), t.columns)
		}
	case report.List:
		for _, l := range b {
			wrapHanging(t.w, l, "  - ", "    ", t.columns)
		}
	case report.Steps:
		for i, l := range b {
			n := fmt.Sprintf("  %d. ", i+1)
			wrapHanging(t.w, l, n, strings.Repeat(" ", len(n)), t.columns)
		}
	case report.Table:
		table(t.w, b, t.columns)
	case report.Bars:
		table(t.w, b.Table(), t.columns)
	case report.Chart:
		t.chart(b)
	case report.Subsection:
		t.section(b.Title, ".", b.Blocks)
	}
}

func (t *textWriter) para(s string) {
	n := t.o.Number()
	if n != "" {
		n += " "
	}
	wrapHanging(t.w, s, n, strings.Repeat(" ", len(n)), t.columns)
}

func (t *textWriter) chart(c report.Chart) {
	wrap(t.w, c.Caption, "", t.columns)
	for _, side := range c.Sides {
		wrap(t.w, side.Heading+":", "", t.columns)
		if len(side.Boxes) == 0 {
			wrap(t.w, side.Empty, "  ", t.columns)
		}
		report.Walk(side.Boxes, func(b report.Box, depth int) {
			indent := strings.Repeat("  ", 1+min(depth, 8))
			wrapHanging(t.w, b.String(), indent+"- ", indent+"  ", t.columns)
		})
	}
}

// headed is a heading with its number.
func headed(o *report.Outline, title string) string {
	if n := o.Heading(title); n != "" {
		return n + ". " + title
	}
	return title
}

// noted is a paragraph with the numbers of its notes.
func noted(o *report.Outline, s string, notes []string) string {
	for _, number := range o.Noted(notes) {
		s += fmt.Sprintf(" (note %d)", number)
	}
	return s
}

func wrap(w io.Writer, s, indent string, columns int) { wrapHanging(w, s, indent, indent, columns) }

// wrapHanging writes a text in lines, the first with one indent and the others with another.
func wrapHanging(w io.Writer, s, first, rest string, columns int) {
	for _, para := range strings.Split(strings.TrimRight(s, "\n"), "\n") {
		line, indent := first, rest
		empty := true
		for _, word := range strings.Fields(para) {
			if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > columns {
				fmt.Fprintln(w, line)
				line, empty = indent, true
			}
			if !empty {
				line += " "
			}
			line += word
			empty = false
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
		first = rest
	}
}

func table(w io.Writer, t report.Table, columns int) {
	if t.Caption != "" {
		wrap(w, t.Caption, "", columns)
	}
	widths := make([]int, len(t.Head))
	for i, h := range t.Head {
		widths[i] = utf8.RuneCountInString(h)
	}
	for _, r := range t.Rows {
		for i, c := range r {
			for line := range strings.SplitSeq(c.Text, "\n") {
				widths[i] = max(widths[i], utf8.RuneCountInString(line))
			}
		}
	}
	total := 2 * (len(widths) - 1)
	for _, n := range widths {
		total += n
	}
	if over := total - columns; over > 0 {
		if !narrow(widths, columns-2*(len(widths)-1)) {
			labelled(w, t, columns)
			return
		}
	}
	row := func(cells []string) {
		lines := make([][]string, len(cells))
		most := 1
		for i, c := range cells {
			lines[i] = fold(c, widths[i])
			most = max(most, len(lines[i]))
		}
		for n := range most {
			var b strings.Builder
			for i := range cells {
				s := ""
				if n < len(lines[i]) {
					s = lines[i][n]
				}
				b.WriteString(s)
				if i < len(cells)-1 {
					b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(s)+2))
				}
			}
			fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
		}
	}
	if strings.Join(t.Head, "") != "" {
		row(t.Head)
		rule := make([]string, len(widths))
		for i, n := range widths {
			rule[i] = strings.Repeat("-", n)
		}
		row(rule)
	}
	for _, r := range t.Rows {
		texts := make([]string, len(r))
		for i, c := range r {
			texts[i] = c.Text
		}
		row(texts)
	}
}

// narrow takes columns from the widest until all fit, and reports whether each is still wide enough to read.
func narrow(widths []int, room int) bool {
	for {
		total, widest := 0, 0
		for i, n := range widths {
			total += n
			if n > widths[widest] {
				widest = i
			}
		}
		if total <= room {
			return true
		}
		if widths[widest] <= 14 {
			return false
		}
		widths[widest]--
	}
}

func labelled(w io.Writer, t report.Table, columns int) {
	for _, r := range t.Rows {
		for i, c := range r {
			label := ""
			if t.Head[i] != "" {
				label = t.Head[i] + ": "
			}
			wrapHanging(w, label+c.Text, "  ", "      ", columns)
		}
		fmt.Fprintln(w)
	}
}

func fold(s string, width int) []string {
	if first, rest, more := strings.Cut(s, "\n"); more {
		return append(fold(first, width), fold(rest, width)...)
	}
	var out []string
	line := ""
	for _, word := range strings.Fields(s) {
		for utf8.RuneCountInString(word) > width { // a word longer than its column is cut
			if line != "" {
				out, line = append(out, line), ""
			}
			r := []rune(word)
			out, word = append(out, string(r[:width])), string(r[width:])
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			out, line = append(out, line), word
		}
	}
	return append(out, line)
}
