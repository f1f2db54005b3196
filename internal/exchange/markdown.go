package exchange

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"plumbline/internal/report"
)

// Markdown writes a document as CommonMark with pipe tables.
func Markdown(w io.Writer, d report.Document) error {
	out := bufio.NewWriter(w)
	if h := d.Letterhead; h != nil {
		for _, part := range [][]string{h.From, {h.Date}, h.To, {h.Dear}} {
			for i, l := range part {
				if i > 0 {
					fmt.Fprint(out, "  \n") // two spaces end a line
				}
				fmt.Fprint(out, mdText(l))
			}
			fmt.Fprint(out, "\n\n")
		}
	}
	fmt.Fprintf(out, "# %s\n", mdText(d.Title))
	for _, l := range append([]string{d.Council}, front(d)...) {
		if l != "" {
			fmt.Fprintf(out, "\n%s\n", mdText(l))
		}
	}
	m := markdownWriter{out, report.NewOutline(d)}
	for _, s := range d.Sections {
		m.section(headed(m.o, s.Title), 2, s.Blocks)
	}
	for i, s := range d.Appendices {
		m.section(m.o.Appendix(i, s.Title), 2, s.Blocks)
	}
	if notes := m.o.Notes; len(notes) > 0 {
		m.section("Notes", 2, []report.Block{report.Steps(notes)})
	}
	if d.Letterhead != nil && d.Dates != "" {
		fmt.Fprintf(out, "\n%s\n", mdText(d.Dates))
	}
	return out.Flush()
}

// markdownWriter writes the sections of a document.
type markdownWriter struct {
	w io.Writer
	o *report.Outline
}

func (m *markdownWriter) section(title string, level int, blocks []report.Block) {
	if title != "" {
		fmt.Fprintf(m.w, "\n%s %s\n", strings.Repeat("#", min(level, 6)), mdText(title))
	}
	for _, b := range blocks {
		if sub, ok := b.(report.Subsection); ok {
			m.section(sub.Title, level+1, sub.Blocks)
			continue
		}
		fmt.Fprintln(m.w)
		m.block(b)
	}
}

func (m *markdownWriter) block(b report.Block) {
	switch b := b.(type) {
	case report.Para:
		m.para(string(b))
	case report.Gap:
		m.para(string(b))
	case report.Noted:
		m.para(noted(m.o, b.Text, b.Notes))
	case report.Cited:
		fmt.Fprintf(m.w, "%d\\. %s\n", b.Number, mdText(noted(m.o, b.Text, b.Notes))) // a list would count for itself
	case report.Lettered:
		for i, l := range b {
			fmt.Fprintf(m.w, "- %s%s\n", b.Begins(i), mdText(l))
		}
	case report.List:
		for _, l := range b {
			fmt.Fprintf(m.w, "- %s\n", mdText(l))
		}
	case report.Steps:
		for i, l := range b {
			fmt.Fprintf(m.w, "%d. %s\n", i+1, mdText(l))
		}
	case report.Table:
		m.table(b)
	case report.Bars:
		m.table(b.Table())
	case report.Chart:
		m.chart(b)
	}
}

func (m *markdownWriter) para(s string) {
	fmt.Fprintln(m.w, mdText(strings.TrimPrefix(m.o.Number()+" "+s, " ")))
}

func (m *markdownWriter) table(t report.Table) {
	if t.Caption != "" {
		fmt.Fprintf(m.w, "%s\n\n", mdText(t.Caption))
	}
	row := func(cells []string) { fmt.Fprintf(m.w, "| %s |\n", strings.Join(cells, " | ")) }
	head, rule := make([]string, len(t.Head)), make([]string, len(t.Head))
	for i, h := range t.Head {
		head[i], rule[i] = mdText(h), "---"
		if slices.Contains(t.Figures, i) {
			rule[i] = "---:"
		}
	}
	row(head)
	row(rule)
	for _, r := range t.Rows {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i] = mdText(strings.ReplaceAll(c.Text, "\n", "; "))
		}
		row(cells)
	}
}

func (m *markdownWriter) chart(c report.Chart) {
	fmt.Fprintln(m.w, mdText(c.Caption))
	for _, side := range c.Sides {
		fmt.Fprintf(m.w, "\n%s:\n\n", mdText(side.Heading))
		if len(side.Boxes) == 0 {
			fmt.Fprintln(m.w, mdText(side.Empty))
		}
		report.Walk(side.Boxes, func(b report.Box, depth int) {
			fmt.Fprintf(m.w, "%s- %s\n", strings.Repeat("  ", depth), mdText(b.String()))
		})
	}
}

// mdText keeps a text from being read as anything but text.
var mdEscapes = strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", ">", "&gt;", "[", "\\[", "]", "\\]", "#", "\\#", "\n", " ", "\r", " ")

func mdText(s string) string { return mdEscapes.Replace(s) }
