package exchange

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/report"
)

// DOCX writes a document for Word, to be edited and to be put into a committee system: with styles that can be changed, headings that make an outline,
// tables whose head is repeated, lists and numbers that Word counts itself, real notes, and a footer that names the days. The same document gives the same bytes.
func DOCX(w io.Writer, d report.Document) error {
	x := &docx{numbered: d.Numbered, steps: firstSteps, captions: map[string]int{}}
	x.front(d)
	for _, s := range d.Sections {
		x.section(s, false)
	}
	for i, s := range d.Appendices {
		x.numbered = false
		s.Title = report.NewOutline(d).Appendix(i, s.Title)
		x.section(s, true)
	}
	if d.Letterhead != nil && d.Dates != "" {
		x.para("Source", "", d.Dates)
	}
	z := zip.NewWriter(w)
	for _, p := range x.parts(d) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return fmt.Errorf("write Word document: %w", err)
		}
		if _, err := io.WriteString(f, p.content); err != nil {
			return fmt.Errorf("write Word document: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write Word document: %w", err)
	}
	return nil
}

// Measures of a page of A4, in twentieths of a point, and what is left between its margins.
const (
	docxPageWidth  = 11906
	docxPageHeight = 16838
	docxMargin     = 1134 // 2 cm
	docxText       = docxPageWidth - 2*docxMargin
)

// docx is the body of a document on its way.
type docx struct {
	b        strings.Builder
	notes    []string
	numbered bool           // sections and paragraphs have numbers
	inside   bool           // a section that has one
	depth    int            // of the heading that was written last
	captions map[string]int // by what they are called: Table, Figure
	steps    int            // the next list whose order matters: each counts from 1
	pictures int
}

// docxRun is how a text looks.
type docxRun struct {
	Style string // of characters
	Bold  bool
}

// front writes what stands before the first section.
func (x *docx) front(d report.Document) {
	if d.Letterhead != nil {
		x.letterhead(d)
		return
	}
	if d.Council != "" {
		x.para("Council", "", d.Council)
	}
	x.para("Title", "", d.Title)
	for _, s := range []string{d.Dates, d.Mark} {
		if s != "" {
			x.para("Subtitle", "", s)
		}
	}
	for _, s := range d.Lead {
		x.para("", "", s)
	}
}

// letterhead writes the beginning of a letter. Its title is its subject.
func (x *docx) letterhead(d report.Document) {
	if d.Mark != "" {
		x.para("Subtitle", "", d.Mark)
	}
	h := d.Letterhead
	from := h.From
	if len(from) == 0 {
		from = []string{""}
	}
	for i, l := range from {
		if i == 0 {
			l += "\t" + h.Date
		}
		x.para("LetterLine", "", l)
	}
	for i, l := range h.To {
		style := "LetterLine"
		if i == 0 {
			style = "LetterPart"
		}
		x.para(style, "", l)
	}
	x.para("LetterPart", "", h.Dear)
	x.para("Subject", "", d.Title)
	for _, s := range d.Lead {
		x.para("", "", s)
	}
}

// section writes a section, an appendix on a page of its own.
func (x *docx) section(s report.Section, appendix bool) {
	var properties string
	x.inside = x.numbered && s.Title != ""
	if appendix {
		properties = `<w:pageBreakBefore/>`
	}
	if x.inside {
		properties += numbering(outlineList, 0)
	}
	if s.Title != "" {
		x.para("Heading1", properties, s.Title)
	}
	x.depth = 1
	x.blocks(s.Title, s.Blocks)
}

func (x *docx) blocks(title string, blocks []report.Block) {
	for i, b := range blocks {
		switch b := b.(type) {
		case report.Para:
			x.numberedPara(string(b))
		case report.Gap:
			x.numberedPara(string(b))
		case report.Noted:
			x.numberedPara(b.Text, b.Notes...)
		case report.Cited:
			x.open("LetterPoint", "", b.Text)
			x.run(fmt.Sprintf("%d.\t", b.Number), docxRun{})
			x.run(b.Text, docxRun{})
			x.marks(b.Notes)
		case report.Lettered:
			for i, l := range b {
				together := `<w:keepNext/>`
				if i+1 == len(b) {
					together = ""
				}
				x.para("LetterItem", together, b.Begins(i)+"\t"+l)
			}
		case report.List:
			x.list("ListBullet", bulletList, b)
		case report.Steps:
			x.list("ListNumber", x.steps, b)
			x.steps++
		case report.Table:
			x.table(b, title)
		case report.Bars:
			x.bars(b, title)
		case report.Chart:
			x.chart(b)
		case report.Subsection:
			x.subsection(b)
		}
		if i+1 < len(blocks) && isTable(b) && isTable(blocks[i+1]) {
			x.para("Small", "", "") // or they would be one
		}
	}
}

// isTable reports whether a block is written as a table without anything before it.
func isTable(b report.Block) bool {
	switch b := b.(type) {
	case report.Table:
		return b.Caption == ""
	case report.Bars:
		return b.Caption == ""
	}
	return false
}

// subsection writes a section in a section. There are three levels of headings: what lies deeper is on the third.
func (x *docx) subsection(s report.Subsection) {
	before := x.depth
	if s.Title != "" {
		x.depth = min(before+1, 3)
		x.para(fmt.Sprintf("Heading%d", x.depth), "", s.Title)
	}
	x.blocks(s.Title, s.Blocks)
	x.depth = before
}

// numberedPara writes a paragraph of a section, with its number where paragraphs have them.
func (x *docx) numberedPara(text string, notes ...string) {
	style, properties := "", ""
	if x.inside {
		style, properties = "NumberedParagraph", numbering(outlineList, 1)
	}
	x.open(style, properties, text)
	x.run(text, docxRun{})
	x.marks(notes)
}

// marks writes the numbers of the notes to a paragraph, and ends it.
func (x *docx) marks(notes []string) {
	for i, n := range notes {
		x.notes = append(x.notes, n)
		if i > 0 {
			x.b.WriteString(`<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t xml:space="preserve">, </w:t></w:r>`)
		}
		fmt.Fprintf(&x.b, `<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="%d"/></w:r>`, len(x.notes))
	}
	x.b.WriteString("</w:p>\n")
}

func (x *docx) list(style string, list int, items []string) {
	level := 0
	if x.inside {
		level = 1 // below paragraphs that are set in behind their numbers
	}
	for _, s := range items {
		x.para(style, numbering(list, level), s)
	}
}

// numbering makes a paragraph one of a list.
func numbering(list, level int) string {
	return fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, level, list)
}

// para writes a paragraph.
func (x *docx) para(style, properties, text string) {
	x.open(style, properties, text)
	x.run(text, docxRun{})
	x.b.WriteString("</w:p>\n")
}

// open begins a paragraph for a text. One that is written from right to left begins at the right.
func (x *docx) open(style, properties, text string) {
	x.b.WriteString("<w:p>")
	if style != "" {
		properties = `<w:pStyle w:val="` + style + `"/>` + properties
	}
	if rightToLeft(text) {
		properties += `<w:bidi/>`
	}
	if properties != "" {
		x.b.WriteString("<w:pPr>" + properties + "</w:pPr>")
	}
}

// run writes a text. What marks a gap is marked in colour, too.
func (x *docx) run(text string, how docxRun) {
	if text == "" {
		return
	}
	if report.IsGap(text) {
		how.Style = "Gap"
	}
	var look string
	if how.Style != "" {
		look += `<w:rStyle w:val="` + how.Style + `"/>`
	}
	if how.Bold {
		look += `<w:b/><w:bCs/>`
	}
	if rightToLeft(text) {
		look += `<w:rtl/>`
	}
	x.b.WriteString("<w:r>")
	if look != "" {
		x.b.WriteString("<w:rPr>" + look + "</w:rPr>")
	}
	x.b.WriteString(docxInRun(text) + "</w:r>")
}

// docxInRun writes a text inside a run: its lines and tabs are elements.
func docxInRun(text string) string {
	var b strings.Builder
	for i, line := range strings.Split(docxClean(text), "\n") {
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				b.WriteString("<w:tab/>")
			}
			if part != "" {
				b.WriteString(`<w:t xml:space="preserve">` + docxEscape(part) + `</w:t>`)
			}
		}
	}
	return b.String()
}

// docxEscape writes a text as XML.
func docxEscape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(docxClean(s))) // a builder takes all that is written to it
	return b.String()
}

// docxClean takes out of a text what XML cannot hold, and the marks that turn the direction of what follows them: they could show a text as another than it is.
func docxClean(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// rightToLeft reports whether the first letter of a text is of a script that is written from right to left.
func rightToLeft(s string) bool {
	for _, r := range s {
		if unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) {
			return true
		}
		if unicode.IsLetter(r) {
			return false
		}
	}
	return false
}

// caption writes what a table or a figure shows, with the number that Word counts.
func (x *docx) caption(of, text string) {
	if text == "" {
		return
	}
	x.captions[of]++
	x.open("Caption", "", text)
	fmt.Fprintf(&x.b, `<w:r><w:t xml:space="preserve">%[1]s </w:t></w:r><w:fldSimple w:instr=" SEQ %[1]s \* ARABIC "><w:r><w:t>%[2]d</w:t></w:r></w:fldSimple>`, of, x.captions[of])
	x.run(". "+text, docxRun{})
	x.b.WriteString("</w:p>\n")
}

// table writes a table whose head stands on every page on which it goes on. title says what it is where it has no caption.
func (x *docx) table(t report.Table, title string) {
	if len(t.Head) == 0 {
		return
	}
	x.caption("Table", t.Caption)
	if t.Caption != "" {
		title = t.Caption
	}
	widths := docxWidths(t)
	x.openTable(widths, title, t.Headed, true)
	x.row(true, true, len(t.Head), func(i int) {
		x.cell(widths[i], t.Head[i], t.Figures, i, "TableHead")
	})
	for _, r := range t.Rows {
		long := 0
		for _, c := range r {
			long = max(long, len(c.Text))
		}
		x.row(false, long < docxLongCell, len(t.Head), func(i int) {
			text := ""
			if i < len(r) {
				text = r[i].Text
			}
			style := "TableText"
			if t.Headed && i == 0 {
				style = "TableRowHead"
			}
			x.cell(widths[i], text, t.Figures, i, style)
		})
	}
	x.b.WriteString("</w:tbl>\n")
}

// docxLongCell is the length of a cell from which its row may go on on the next page.
const docxLongCell = 600

func (x *docx) openTable(widths []int, title string, headed, lines bool) {
	style, first, look := "Plain", 0, 0x0620 // a head, and no stripes
	if lines {
		style = "Lined"
	}
	if headed {
		first, look = 1, look|0x0080
	}
	total := 0
	for _, n := range widths {
		total += n
	}
	fmt.Fprintf(&x.b, `<w:tbl><w:tblPr><w:tblStyle w:val="%s"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="%04X" w:firstRow="1" w:lastRow="0" w:firstColumn="%d" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>`, style, total, look, first)
	if title != "" {
		fmt.Fprintf(&x.b, `<w:tblCaption w:val="%s"/>`, docxEscape(oneLine(title)))
	}
	x.b.WriteString(`</w:tblPr><w:tblGrid>`)
	for _, n := range widths {
		fmt.Fprintf(&x.b, `<w:gridCol w:w="%d"/>`, n)
	}
	x.b.WriteString("</w:tblGrid>\n")
}

// row writes a row of so many cells: the head of the table, or one of the others. One that is whole is not divided between two pages.
func (x *docx) row(head, whole bool, cells int, cell func(int)) {
	x.b.WriteString("<w:tr>")
	if head || whole {
		x.b.WriteString("<w:trPr>")
		if whole {
			x.b.WriteString("<w:cantSplit/>")
		}
		if head {
			x.b.WriteString("<w:tblHeader/>")
		}
		x.b.WriteString("</w:trPr>")
	}
	for i := range cells {
		cell(i)
	}
	x.b.WriteString("</w:tr>\n")
}

func (x *docx) cell(width int, text string, figures []int, column int, style string) {
	if slices.Contains(figures, column) {
		style += "Figure"
	}
	x.openCell(width)
	x.para(style, "", text)
	x.b.WriteString("</w:tc>")
}

func (x *docx) openCell(width int) {
	fmt.Fprintf(&x.b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, width)
}

func oneLine(s string) string { return strings.Join(strings.Fields(docxClean(s)), " ") }

// docxWidths divides the width of a page between columns: to each what its longest word needs, as far as there is room, and the rest by how much there is to read.
func docxWidths(t report.Table) []int {
	const (
		letter = 115 // the width of a letter, rather too much
		most   = 18  // letters of a word that are kept together
	)
	need, read, sum, all := make([]int, len(t.Head)), make([]int, len(t.Head)), 0, 0
	for i, h := range t.Head {
		column := []string{h}
		for _, r := range t.Rows {
			if i < len(r) {
				column = append(column, r[i].Text)
			}
		}
		total, filled := 0, 0
		for _, s := range column {
			total += min(utf8.RuneCountInString(s), 400)
			filled += min(len(s), 1)
			for _, word := range strings.Fields(s) {
				need[i] = max(need[i], min(utf8.RuneCountInString(word), most))
			}
		}
		need[i] = 2*docxCell + letter*max(need[i], 3)
		read[i] = total/max(filled, 1) + 4
		sum, all = sum+need[i], all+read[i]
	}
	out, left := make([]int, len(t.Head)), docxText
	for i := range out {
		out[i] = need[i] + max(0, docxText-sum)*read[i]/all
		if sum > docxText {
			out[i] = docxText * need[i] / sum
		}
		left -= out[i]
	}
	out[len(out)-1] += left
	return out
}

// docxCell is the space at either side in a cell.
const docxCell = 85

// bars writes amounts as bars, each beside its words.
func (x *docx) bars(b report.Bars, title string) {
	x.caption("Table", b.Caption)
	if b.Caption != "" {
		title = b.Caption
	}
	most := 0.0
	for _, r := range b.Rows {
		most = max(most, r.Amount)
	}
	widths := []int{docxText * 3 / 10, docxText * 2 / 10, docxText - docxText*3/10 - docxText*2/10}
	x.openTable(widths, title, true, true)
	x.row(true, true, 3, func(i int) {
		x.cell(widths[i], []string{b.Head[0], b.Head[1], "As a bar"}[i], []int{1}, i, "TableHead")
	})
	for _, r := range b.Rows {
		x.row(false, true, 3, func(i int) {
			if i < 2 {
				x.cell(widths[i], []string{r.Label, r.Text}[i], []int{1}, i, []string{"TableRowHead", "TableText"}[i])
				return
			}
			x.openCell(widths[i])
			x.open("TableText", "", "")
			if most > 0 && r.Amount > 0 {
				x.bar(float64(widths[i]-2*docxCell)*r.Amount/most, r.Label+": "+r.Text)
			}
			x.b.WriteString("</w:p></w:tc>")
		})
	}
	x.b.WriteString("</w:tbl>\n")
}

// bar draws a bar of a width in twentieths of a point: one picture, a single blue dot, drawn out as far as is wanted.
func (x *docx) bar(width float64, says string) {
	const emu = 635 // in a twentieth of a point
	x.pictures++
	fmt.Fprintf(&x.b, `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:docPr id="%[3]d" name="Bar %[3]d" descr="%[4]s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%[3]d" name="bar.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="bar"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		max(1, int(width))*emu, 160*emu, x.pictures, docxEscape(oneLine(says)))
}

// chart writes posts as boxes of text, a column a state, each set in below the post to which it reports. They are lists, so that a
// screen reader says how deep each lies.
func (x *docx) chart(c report.Chart) {
	if len(c.Sides) == 0 {
		return
	}
	x.caption("Figure", c.Caption)
	widths := make([]int, len(c.Sides))
	for i := range widths {
		widths[i] = docxText / len(c.Sides)
	}
	x.openTable(widths, c.Caption, false, false)
	x.row(true, true, len(c.Sides), func(i int) { x.cell(widths[i], c.Sides[i].Heading, nil, i, "TableHead") })
	most := 0
	for _, side := range c.Sides {
		n := 0
		report.Walk(side.Boxes, func(report.Box, int) { n++ })
		most = max(most, n)
	}
	x.row(false, most <= docxWholeChart, len(c.Sides), func(i int) {
		side := c.Sides[i]
		x.openCell(widths[i])
		if len(side.Boxes) == 0 {
			x.para("TableText", "", side.Empty)
		}
		n := 0
		report.Walk(side.Boxes, func(b report.Box, depth int) {
			n++
			x.box(b, min(depth, 8), []string{"ChartBox", "ChartBoxNext"}[n%2])
		})
		x.b.WriteString("</w:tc>")
	})
	x.b.WriteString("</w:tbl>\n")
}

// docxWholeChart is how many boxes one above the other surely fit on a page.
const docxWholeChart = 12

// box writes one post. Boxes that look the same in every respect would be drawn as one, so every other has a style with another margin.
func (x *docx) box(b report.Box, depth int, style string) {
	line, width := "single", 6
	switch {
	case b.Double:
		line, width = "double", 4
	case b.Dashed:
		line = "dashed"
	}
	border := ""
	for _, side := range []string{"top", "left", "bottom", "right"} {
		border += fmt.Sprintf(`<w:%s w:val="%s" w:sz="%d" w:space="3" w:color="0B0C0C"/>`, side, line, width)
	}
	shade := ""
	if b.Change != "" {
		shade = `<w:shd w:val="clear" w:color="auto" w:fill="FFF7BF"/>`
	}
	x.open(style, numbering(chartList, depth)+`<w:pBdr>`+border+`</w:pBdr>`+shade, b.Title)
	if b.Change != "" {
		x.run(b.Change+": ", docxRun{Bold: true})
	}
	x.run(b.Title, docxRun{Bold: true})
	for _, l := range b.Lines {
		x.run("\n"+l, docxRun{})
	}
	x.b.WriteString("</w:p>\n")
}
