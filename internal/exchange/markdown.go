package exchange

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"plumbline/internal/report"
)

// Markdown writes a document as CommonMark with pipe tables.
func Markdown(w io.Writer, d report.Document) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n", mdText(d.Title))
	if d.Dates != "" {
		fmt.Fprintf(out, "\n%s\n", mdText(d.Dates))
	}
	for _, l := range d.Lead {
		fmt.Fprintf(out, "\n%s\n", mdText(l))
	}
	for _, s := range d.Sections {
		if s.Title != "" {
			fmt.Fprintf(out, "\n## %s\n", mdText(s.Title))
		}
		for _, b := range s.Blocks {
			fmt.Fprintln(out)
			switch b := b.(type) {
			case report.Para:
				fmt.Fprintln(out, mdText(string(b)))
			case report.List:
				for _, l := range b {
					fmt.Fprintf(out, "- %s\n", mdText(l))
				}
			case report.Table:
				if b.Caption != "" {
					fmt.Fprintf(out, "%s\n\n", mdText(b.Caption))
				}
				row := func(cells []string) { fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | ")) }
				head, rule := make([]string, len(b.Head)), make([]string, len(b.Head))
				for i, h := range b.Head {
					head[i], rule[i] = mdText(h), "---"
				}
				row(head)
				row(rule)
				for _, r := range b.Rows {
					cells := make([]string, len(r))
					for i, c := range r {
						cells[i] = mdText(c.Text)
					}
					row(cells)
				}
			}
		}
	}
	return out.Flush()
}

// mdText keeps a text from being read as anything but text.
var mdEscapes = strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", ">", "&gt;", "[", "\\[", "]", "\\]", "#", "\\#", "\n", " ", "\r", " ")

func mdText(s string) string { return mdEscapes.Replace(s) }
