package exchange

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strings"

	"plumbline/internal/report"
)

// HTML writes a document as a page of its own, to be kept and printed: it needs nothing beside itself, and holds no script. The same document gives the same bytes.
func HTML(w io.Writer, d report.Document) error {
	out := bufio.NewWriter(w)
	h := htmlWriter{w: out, o: report.NewOutline(d)}
	fmt.Fprintf(out, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n", html.EscapeString(oneLine(d.Title)), htmlStyle)
	if l := d.Letterhead; l != nil {
		for _, part := range [][]string{l.From, {l.Date}, l.To, {l.Dear}} {
			h.para(strings.Join(part, "\n"))
		}
	}
	h.element("h1", d.Title)
	for _, l := range append([]string{d.Council}, front(d)...) {
		if l != "" {
			h.para(l)
		}
	}
	for _, s := range d.Sections {
		h.section(headed(h.o, s.Title), 2, s.Blocks)
	}
	for i, s := range d.Appendices {
		h.section(h.o.Appendix(i, s.Title), 2, s.Blocks)
	}
	if notes := h.o.Notes; len(notes) > 0 {
		fmt.Fprint(out, "<section>\n<h2>Notes</h2>\n<ol>\n")
		for i, n := range notes {
			fmt.Fprintf(out, "<li id=\"note-%[1]d\">%[2]s <a href=\"#noted-%[1]d\">Back to the text of note %[1]d</a></li>\n", i+1, htmlText(n))
		}
		fmt.Fprint(out, "</ol>\n</section>\n")
	}
	if d.Letterhead != nil && d.Dates != "" {
		h.para(d.Dates)
	}
	fmt.Fprint(out, "</main>\n</body>\n</html>\n")
	return out.Flush()
}

// htmlStyle is how the page looks, on a screen and on paper.
const htmlStyle = "body{font:1.05rem/1.5 Arial,sans-serif;color:#0b0c0c;margin:2rem 1rem}main{max-width:46rem;margin:auto}h1{font-size:1.25rem}h2{font-size:1.2rem;margin-top:2rem}h3,h4,h5,h6{font-size:1.05rem}" +
	"p,li,td,th{white-space:pre-line;overflow-wrap:anywhere}p.cited{padding-left:2.6rem}p.cited span{float:left;margin-left:-2.6rem}ol.lettered{list-style:lower-alpha;margin-left:2.6rem}" +
	"table{border-collapse:collapse;width:100%}caption,th{text-align:left;font-weight:bold}th,td{border-bottom:1px solid #b1b4b6;padding:.4rem .5rem .4rem 0;vertical-align:top}td.figure,th.figure{text-align:right}mark{background:#fff7bf;font-weight:bold}" +
	"@media print{body{margin:0;font-size:11pt}h2,h3{break-after:avoid}tr{break-inside:avoid}}"

// htmlWriter writes the sections of a document.
type htmlWriter struct {
	w     io.Writer
	o     *report.Outline
	title string // of the section, which names a table without a caption
}

// htmlText writes a text as HTML. What marks a gap is marked.
func htmlText(s string) string {
	out := html.EscapeString(docxClean(s))
	if report.IsGap(s) {
		out = "<mark>" + out + "</mark>"
	}
	return out
}

func (h *htmlWriter) element(name, s string) { fmt.Fprintf(h.w, "<%s>%s</%[1]s>\n", name, htmlText(s)) }

func (h *htmlWriter) para(s string) { h.element("p", s) }

func (h *htmlWriter) section(title string, level int, blocks []report.Block) {
	fmt.Fprint(h.w, "<section>\n")
	h.title = title
	if title != "" {
		h.element(fmt.Sprintf("h%d", min(level, 6)), title)
	}
	for _, b := range blocks {
		h.block(b, level)
	}
	fmt.Fprint(h.w, "</section>\n")
}

func (h *htmlWriter) block(b report.Block, level int) {
	switch b := b.(type) {
	case report.Para:
		h.cited(h.o.Number(), string(b), nil)
	case report.Gap:
		h.cited(h.o.Number(), string(b), nil)
	case report.Noted:
		h.cited(h.o.Number(), b.Text, b.Notes)
	case report.Cited:
		h.cited(fmt.Sprintf("%d.", b.Number), b.Text, b.Notes)
	case report.Lettered:
		h.list("ol", ` class="lettered"`, b)
	case report.List:
		h.list("ul", "", b)
	case report.Steps:
		h.list("ol", "", b)
	case report.Table:
		h.table(b)
	case report.Bars:
		h.table(b.Table())
	case report.Chart:
		h.para(b.Caption)
		for _, side := range b.Sides {
			h.para(side.Heading)
			if len(side.Boxes) == 0 {
				h.para(side.Empty)
			}
			h.boxes(side.Boxes)
		}
	case report.Subsection:
		h.section(b.Title, level+1, b.Blocks)
	}
}

// cited writes a paragraph with its number and with links to its notes.
func (h *htmlWriter) cited(number, s string, notes []string) {
	if number == "" {
		fmt.Fprint(h.w, "<p>")
	} else {
		fmt.Fprintf(h.w, `<p class="cited"><span>%s </span>`, number)
	}
	fmt.Fprint(h.w, htmlText(s))
	for _, n := range h.o.Noted(notes) {
		fmt.Fprintf(h.w, ` <a id="noted-%[1]d" href="#note-%[1]d">Note %[1]d</a>`, n)
	}
	fmt.Fprint(h.w, "</p>\n")
}

func (h *htmlWriter) list(element, attributes string, items []string) {
	fmt.Fprintf(h.w, "<%s%s>\n", element, attributes)
	for _, l := range items {
		h.element("li", l)
	}
	fmt.Fprintf(h.w, "</%s>\n", element)
}

func (h *htmlWriter) boxes(all []report.Box) {
	if len(all) == 0 {
		return
	}
	fmt.Fprint(h.w, "<ul>\n")
	for _, b := range all {
		fmt.Fprintf(h.w, "<li>%s\n", htmlText(b.String()))
		h.boxes(b.Below)
		fmt.Fprint(h.w, "</li>\n")
	}
	fmt.Fprint(h.w, "</ul>\n")
}

func (h *htmlWriter) table(t report.Table) {
	if t.Caption != "" {
		fmt.Fprint(h.w, "<table>\n")
		h.element("caption", t.Caption)
	} else {
		fmt.Fprintf(h.w, "<table aria-label=\"%s\">\n", html.EscapeString(oneLine(h.title)))
	}
	figure := map[int]string{}
	for _, i := range t.Figures {
		figure[i] = ` class="figure"`
	}
	fmt.Fprint(h.w, "<thead>\n<tr>")
	for i, s := range t.Head {
		fmt.Fprintf(h.w, `<th scope="col"%s>%s</th>`, figure[i], htmlText(s))
	}
	fmt.Fprint(h.w, "</tr>\n</thead>\n<tbody>\n")
	for _, r := range t.Rows {
		fmt.Fprint(h.w, "<tr>")
		for i, c := range r {
			if t.Headed && i == 0 {
				fmt.Fprintf(h.w, `<th scope="row"%s>%s</th>`, figure[i], htmlText(c.Text))
			} else {
				fmt.Fprintf(h.w, `<td%s>%s</td>`, figure[i], htmlText(c.Text))
			}
		}
		fmt.Fprint(h.w, "</tr>\n")
	}
	fmt.Fprint(h.w, "</tbody>\n</table>\n")
}
