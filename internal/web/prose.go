package web

import (
	"bytes"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown reads long texts. It is made of those parts of CommonMark that people write without knowing it, and tables. What only programmers mean is left
// out, so that it stays text: HTML, code, headings that are underlined, and links defined elsewhere, which vanish where they are defined.
var markdown = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(paragraphs{parser.NewParagraphParser()}, 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithASTTransformers(util.Prioritized(housestyle{}, 1000)),
	)),
	goldmark.WithExtensions(
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
		extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})),
	),
	// A line ends where its writer ended it.
	goldmark.WithRendererOptions(html.WithHardWraps()),
)

// paragraphs are those of CommonMark, and what is set in, which would be code there.
type paragraphs struct{ parser.BlockParser }

// CanAcceptIndentedLine says that they may be set in.
func (paragraphs) CanAcceptIndentedLine() bool { return true }

// maxMarkdown is how long a text may be in which markup is looked for, in bytes: a text that is made to be slow to read takes a time
// that grows with the square of its length.
const maxMarkdown = 20_000

// prose makes HTML of a long text. Its headings begin below that of the page. A text that is too long to be looked at for markup is
// divided into paragraphs.
func prose(text string) template.HTML {
	var b bytes.Buffer
	if len(text) <= maxMarkdown && markdown.Convert([]byte(text), &b) == nil { // a buffer takes all that is written to it
		return template.HTML(b.String()) // #nosec G203 -- goldmark without raw HTML and with links of few schemes; TestProse
	}
	b.Reset()
	paragraph := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			b.WriteString(`<p class="govuk-body">` + strings.ReplaceAll(template.HTMLEscapeString(text), "\n", "<br>\n") + "</p>\n")
		}
	}
	var lines strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			paragraph(lines.String())
			lines.Reset()
		}
		lines.WriteString(line + "\n")
	}
	paragraph(lines.String())
	return template.HTML(b.String()) // #nosec G203 -- paragraphs are escaped as they are written
}

// housestyle gives elements the classes of the design system, puts headings below that of the page, and makes text of links that have none, or lead
// to anything but a site or an address for mail.
type housestyle struct{}

// classes are those of elements that need no more than a class.
var classes = map[ast.NodeKind]string{
	ast.KindHeading:       "govuk-heading-s",
	ast.KindBlockquote:    "govuk-inset-text",
	ast.KindThematicBreak: "govuk-section-break govuk-section-break--m govuk-section-break--visible",
	ast.KindLink:          "govuk-link",
	ast.KindAutoLink:      "govuk-link",
	extast.KindTable:      "govuk-table",
}

// Transform is called with a text once it is read.
func (housestyle) Transform(doc *ast.Document, reader gmtext.Reader, _ parser.Context) {
	source := reader.Source()
	var refused []ast.Node
	var open []int // the levels of the headings that the one at hand stands below
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		class := classes[n.Kind()]
		switch n := n.(type) {
		case *ast.Paragraph:
			if n.Parent().Kind() != ast.KindListItem {
				class = "govuk-body"
			}
		case *ast.Heading:
			open = slices.DeleteFunc(open, func(level int) bool { return level >= n.Level })
			open = append(open, n.Level)
			n.Level = min(len(open)+1, 6)
		case *ast.List:
			class = "govuk-list govuk-list--bullet"
			if n.IsOrdered() {
				class = "govuk-list govuk-list--number"
			}
		case *extast.TableCell:
			class = "govuk-table__cell"
			if n.Parent().Kind() == extast.KindTableHeader {
				class = "govuk-table__header"
				n.SetAttributeString("scope", []byte("col"))
			}
			if n.Alignment == extast.AlignRight {
				class += " " + class + "--numeric"
			}
		case *ast.Image:
			refused = append(refused, n)
		case *ast.Link:
			if !n.HasChildren() || !leadsOut(string(n.Destination)) {
				refused = append(refused, n)
			}
		case *ast.AutoLink:
			if n.AutoLinkType == ast.AutoLinkURL && !leadsOut(string(n.URL(source))) {
				refused = append(refused, n)
			}
		}
		if class != "" {
			n.SetAttributeString("class", []byte(class))
		}
		return ast.WalkContinue, nil
	})
	for _, n := range refused {
		unlink(n, source)
	}
}

// leadsOut says whether an address is that of a site or for mail.
func leadsOut(address string) bool {
	u, err := url.Parse(address)
	return err == nil && ((u.Scheme == "http" || u.Scheme == "https") && u.Host != "" || u.Scheme == "mailto" && u.Opaque != "")
}

// unlink puts in the place of a link or picture what it says, with its address in brackets.
func unlink(n ast.Node, source []byte) {
	parent := n.Parent()
	say := func(s string) {
		text := ast.NewString([]byte(s))
		text.SetRaw(true)
		parent.InsertBefore(parent, n, text)
	}
	address := ""
	switch n := n.(type) {
	case *ast.AutoLink:
		say("<" + string(n.Label(source)) + ">")
	case *ast.Link:
		address = string(n.Destination)
	case *ast.Image:
		address = string(n.Destination)
	}
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		parent.InsertBefore(parent, n, c)
		c = next
	}
	if address != "" {
		say(" (" + address + ")")
	}
	parent.RemoveChild(parent, n)
}
