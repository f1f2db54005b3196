package govuk_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse reads markup as a browser does.
func parse(t testing.TB, markup string) *html.Node {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(markup), body)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	return body
}

// canonical writes a tree so that what no reader could tell apart is written the same: attributes stand in the order of their
// names, and white space only where a browser shows it, which is between words of one line.
func canonical(n *html.Node) string {
	var c canon
	c.children(n, "\n")
	return c.String()
}

type canon struct {
	strings.Builder
	words, space bool // on this line there are words; and white space after them
}

// inline are the elements that stand among words.
var inline = []atom.Atom{atom.A, atom.B, atom.Code, atom.Em, atom.Span, atom.Strong}

func (c *canon) children(n *html.Node, newline string) {
	for n := range n.ChildNodes() {
		switch {
		case n.Type == html.TextNode && n.Parent.DataAtom == atom.Textarea:
			c.WriteString(newline + strconv.Quote(n.Data))
		case n.Type == html.TextNode:
			c.text(n.Data)
		case n.Type != html.ElementNode:
			c.WriteString(newline + "unexpected: " + n.Data)
		case slices.Contains(inline, n.DataAtom):
			c.WriteString(start(n))
			c.children(n, newline)
			c.WriteString("</" + n.Data + ">")
		default:
			c.words, c.space = false, false
			c.WriteString(newline + start(n))
			c.children(n, newline+"  ")
			c.WriteString(newline + "</" + n.Data + ">")
			c.words, c.space = false, false
		}
	}
}

func (c *canon) text(s string) {
	for i, word := range strings.FieldsFunc(s, space) {
		if c.words && (c.space || i > 0 || space(rune(s[0]))) {
			c.WriteByte(' ')
		}
		c.words, c.space = true, false
		c.WriteString(word)
	}
	c.space = c.space || s != "" && space(rune(s[len(s)-1]))
}

func space(r rune) bool { return strings.ContainsRune(" \t\r\n\f", r) }

func start(n *html.Node) string {
	attrs := slices.SortedFunc(slices.Values(n.Attr), func(a, b html.Attribute) int { return cmp.Compare(a.Key, b.Key) })
	var b strings.Builder
	b.WriteString("<" + n.Data)
	for _, a := range attrs {
		b.WriteString(" " + a.Key + "=" + strconv.Quote(a.Val))
	}
	return b.String() + ">"
}
