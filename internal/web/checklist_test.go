package web_test

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The rows of the checklist that can be judged from the HTML of any page, without a browser and without knowing what page it is. Every
// page that a test reads is held to them. What wants to know the page is in every_test.go, what wants a browser in pages_test.go.

// row is a row of the checklist: what of a page is against it.
type row struct {
	is    string
	wrong func(*html.Node) iter.Seq[*html.Node]
}

var rows = []row{
	{"a heading that leaves out a level", skippedHeadings},
	{"a table without a caption", of("table", func(n *html.Node) bool { return textOf(child(n, "caption")) == "" })},
	{"a header cell that does not say of what", of("th", func(n *html.Node) bool { return attribute(n, "scope") == "" })},
	{"a cell that does not say its column when the table is stacked", of("td", func(n *html.Node) bool {
		return attribute(n, "data-column") == "" && !classed(n, "drawn")
	})},
	{"a picture that has no name and is not hidden", of("svg", func(n *html.Node) bool {
		return attribute(n, "aria-hidden") != "true" && (attribute(n, "role") != "img" || attribute(n, "aria-label")+attribute(n, "aria-labelledby") == "")
	})},
	{"a list with something in it that is no item", of("ul ol", func(n *html.Node) bool {
		return n.FirstChild == nil || anyChild(n, func(c *html.Node) bool { return c.Data != "li" && strings.TrimSpace(c.Data) != "" })
	})},
	{"a button that does nothing without a script", of("button", func(n *html.Node) bool { return attribute(n, "type") != "submit" && !has(n, "hidden") })},
	{"a form without a button", of("form", func(n *html.Node) bool {
		return !some(n, func(c *html.Node) bool { return c.Data == "button" && attribute(c, "type") == "submit" })
	})},
	{"a link without words", of("a", func(n *html.Node) bool { return textOf(n) == "" && attribute(n, "aria-label") == "" })},
	{"a link that says nothing by itself", of("a", func(n *html.Node) bool {
		return slices.Contains([]string{"here", "click here", "more", "read more", "link", "this"}, strings.ToLower(textOf(n)))
	})},
	{"an attribute that leaves the words to the browser", of("input textarea select", func(n *html.Node) bool { return has(n, "required") || has(n, "placeholder") || has(n, "autofocus") })},
	{"a place in the order of its own", every(func(n *html.Node) bool { return has(n, "tabindex") && attribute(n, "tabindex") > "0" })},
	{"something from elsewhere", of("script link img iframe", func(n *html.Node) bool {
		return strings.Contains(attribute(n, "src")+attribute(n, "href"), "//")
	})},
	{"something nested where HTML does not let it be", nested},
	{"a label of nothing, or an input without one", unlabelled},
}

// checklist gives what is wrong with a page.
func checklist(page string) (faults []string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	for _, r := range rows {
		n, first := 0, ""
		for x := range r.wrong(root) {
			if n++; n == 1 {
				first = written(x)
			}
		}
		if n > 0 {
			faults = append(faults, fmt.Sprintf("%s (%d times): %s", r.is, n, first))
		}
	}
	elements, stops := sizes(root)
	if elements > 4000 || stops > 350 {
		faults = append(faults, fmt.Sprintf("it has %d elements and %d stops for the tab key", elements, stops))
	}
	if got, want := strings.Join(helps(root), ", "), "Help, Words we use, Accessibility statement, Privacy, Cookies, Is anything wrong with this page?"; got != want {
		faults = append(faults, fmt.Sprintf("its foot leads to %q, and every page's to %q", got, want))
	}
	return faults
}

// sizes counts the elements of a page, and where the tab key stops.
func sizes(root *html.Node) (elements, stops int) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			elements++
			if stop(n) {
				stops++
			}
		}
	}
	return elements, stops
}

// stop says whether the tab key stops at an element.
func stop(n *html.Node) bool {
	switch n.Data {
	case "a":
		return has(n, "href")
	case "input":
		return attribute(n, "type") != "hidden"
	case "button", "select", "textarea", "summary":
		return !has(n, "hidden")
	}
	return attribute(n, "tabindex") == "0"
}

// helps are the links at the foot of a page.
func helps(root *html.Node) (texts []string) {
	for n := range root.Descendants() {
		if n.Data == "a" && within(n, "footer") != nil {
			texts = append(texts, textOf(n))
		}
	}
	return texts
}

func every(bad func(*html.Node) bool) func(*html.Node) iter.Seq[*html.Node] {
	return func(root *html.Node) iter.Seq[*html.Node] {
		return func(yield func(*html.Node) bool) {
			for n := range root.Descendants() {
				if n.Type == html.ElementNode && bad(n) && !yield(n) {
					return
				}
			}
		}
	}
}

func of(names string, bad func(*html.Node) bool) func(*html.Node) iter.Seq[*html.Node] {
	return every(func(n *html.Node) bool { return slices.Contains(strings.Fields(names), n.Data) && bad(n) })
}

// skippedHeadings finds headings two levels or more below the one before. What stands before the first of all, a notice or what is
// wrong, may be of the second level.
func skippedHeadings(root *html.Node) iter.Seq[*html.Node] {
	last := 1
	return every(func(n *html.Node) bool {
		level := slices.Index([]string{"h1", "h2", "h3", "h4", "h5", "h6"}, n.Data) + 1
		if level == 0 {
			return false
		}
		skipped := level > last+1
		last = level
		return skipped
	})(root)
}

// phrasing are elements that hold words and no blocks.
var phrasing = []string{"p", "span", "a", "strong", "label", "summary", "dt", "caption", "h1", "h2", "h3", "h4", "button", "legend"}

// blocks are elements that do not stand within words.
var blocks = []string{"p", "div", "ul", "ol", "dl", "table", "form", "section", "article", "nav", "details", "fieldset", "main", "h1", "h2", "h3", "h4"}

// nested finds what stands where it must not. A browser moves some of it elsewhere, so that what is written is not what is shown.
func nested(root *html.Node) iter.Seq[*html.Node] {
	return every(func(n *html.Node) bool {
		up := n.Parent
		switch {
		case up == nil:
			return false
		case up.Data == "legend" || up.Data == "summary" || up.Data == "label": // may hold the heading of a page that asks one thing
			return slices.Contains(blocks, n.Data) && !strings.HasPrefix(n.Data, "h")
		case slices.Contains(phrasing, up.Data) && slices.Contains(blocks, n.Data):
			return true
		case n.Data == "form":
			return within(n, "form") != nil
		case stop(n):
			return within(n, "a") != nil || within(n, "button") != nil
		}
		return false
	})(root)
}

// unlabelled finds labels and inputs that do not belong together.
func unlabelled(root *html.Node) iter.Seq[*html.Node] {
	labels, inputs := map[string]bool{}, map[string]bool{}
	for n := range root.Descendants() {
		switch {
		case n.Data == "label":
			labels[attribute(n, "for")] = true
		case asks(n):
			inputs[attribute(n, "id")] = true
		}
	}
	return every(func(n *html.Node) bool {
		return n.Data == "label" && !inputs[attribute(n, "for")] || asks(n) && !labels[attribute(n, "id")]
	})(root)
}

// asks says whether an element is one into which somebody puts something.
func asks(n *html.Node) bool {
	return n.Data == "select" || n.Data == "textarea" || n.Data == "input" && attribute(n, "type") != "hidden"
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func classed(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attribute(n, "class")), class)
}

func child(n *html.Node, name string) *html.Node {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode && c.Data == name {
			return c
		}
	}
	return nil
}

func anyChild(n *html.Node, is func(*html.Node) bool) bool {
	for c := range n.ChildNodes() {
		if is(c) {
			return true
		}
	}
	return false
}

func some(n *html.Node, is func(*html.Node) bool) bool {
	for d := range n.Descendants() {
		if is(d) {
			return true
		}
	}
	return false
}

// within gives the nearest element of a name around another, or nil.
func within(n *html.Node, name string) *html.Node {
	for up := range n.Ancestors() {
		if up.Data == name {
			return up
		}
	}
	return nil
}

// textOf gives the words in an element, as they are read.
func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// written gives the beginning of an element as it is written.
func written(n *html.Node) string {
	var b strings.Builder
	_ = html.Render(&b, n) // into memory
	return b.String()[:min(b.Len(), 160)]
}

// Each row notices what it is there for, and nothing in the page that has none of it.
func TestChecklistNotices(t *testing.T) {
	page := func(main string) string {
		foot := ""
		for _, x := range []string{"Help", "Words we use", "Accessibility statement", "Privacy", "Cookies", "Is anything wrong with this page?"} {
			foot += `<a href="/">` + x + `</a>`
		}
		return `<!doctype html><html lang="en-GB" class="x"><head><title>T</title></head><body><header>H</header><main><h1>T</h1>` + main + `</main><footer>` + foot + `</footer></body></html>`
	}
	sound := `<h2>A</h2><h3>B</h3><table><caption>C</caption><thead><tr><th scope="col">D</th></tr></thead><tbody><tr><td data-column="D">1</td></tr></tbody></table>
		<svg aria-hidden="true"></svg><ul><li><a href="/x">Y</a></li></ul><form><label for="i">I</label><input id="i"><button type="submit">Send</button></form>`
	if got := checklist(page(sound)); len(got) > 0 {
		t.Errorf("of a page that is right it says %v", got)
	}
	for wrong, says := range map[string]string{
		`<h3>B</h3>`: "leaves out a level",
		`<table><tr><th scope="row">D</th></tr></table>`:         "without a caption",
		`<table><caption>C</caption><tr><th>D</th></tr></table>`: "does not say of what",
		`<table><caption>C</caption><tr><td>D</td></tr></table>`: "does not say its column",
		`<svg></svg>`:                      "no name",
		`<svg role="img"></svg>`:           "no name",
		`<ul></ul>`:                        "no item",
		`<ul><p>A</p></ul>`:                "no item",
		`<button type="button">A</button>`: "without a script",
		`<form></form>`:                    "without a button",
		`<a href="/"></a>`:                 "without words",
		`<a href="/">here</a>`:             "says nothing by itself",
		`<form><label for="i">I</label><input id="i" required><button type="submit">S</button></form>`: "leaves the words to the browser",
		`<p tabindex="2">A</p>`:                                  "order of its own",
		`<script src="https://elsewhere.example/x.js"></script>`: "from elsewhere",
		`<h2><div>A</div></h2>`:                                  "does not let it be",
		`<form><label for="j">I</label><input id="i"><button type="submit">S</button></form>`: "a label of nothing",
		strings.Repeat(`<a href="/">A</a>`, 350):                                              "356 stops",
		strings.Repeat(`<i>A</i>`, 4000):                                                      "elements",
		`<footer><a href="/">Elsewhere</a></footer>`:                                          "its foot leads to",
	} {
		if got := checklist(page(wrong)); len(got) != 1 || !strings.Contains(got[0], says) {
			t.Errorf("of %s it says %q", wrong[:min(len(wrong), 80)], got)
		}
	}
}
