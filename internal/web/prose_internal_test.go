package web

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func TestProse(t *testing.T) {
	const bullets, body, linked = `<ul class="govuk-list govuk-list--bullet">`, `<p class="govuk-body">`, ` class="govuk-link">`
	for text, want := range map[string]string{
		"":                                 "",
		"\n\n":                             "",
		"One.":                             body + "One.</p>",
		"One.\nStill one.\n\n\nTwo.":       body + "One.<br>Still one.</p>" + body + "Two.</p>",
		"First:\n- a\n- b\n  still b\n":    body + "First:</p>" + bullets + "<li>a</li><li>b<br>still b</li></ul>",
		"* a\r\n* b\r\n\r\nend":            bullets + "<li>a</li><li>b</li></ul>" + body + "end</p>",
		"1. a\n2. b":                       `<ol class="govuk-list govuk-list--number">` + "<li>a</li><li>b</li></ol>",
		"4. d\n5. e":                       `<ol start="4" class="govuk-list govuk-list--number"><li>d</li><li>e</li></ol>`,
		"-no list\n—":                      body + "-no list<br>—</p>",
		"    set in\n\n`code`":             body + "set in</p>" + body + "`code`</p>",
		"Not a heading\n---":               body + `Not a heading</p><hr class="govuk-section-break govuk-section-break--m govuk-section-break--visible">`,
		"[1]: the minutes":                 body + "[1]: the minutes</p>",
		"**must** and *should*":            body + "<strong>must</strong> and <em>should</em></p>",
		"> said":                           `<blockquote class="govuk-inset-text">` + body + "said</p></blockquote>",
		"<b>x</b> & <!-- y -->":            body + "&lt;b&gt;x&lt;/b&gt; &amp; &lt;!-- y --&gt;</p>",
		"<script>alert(1)</script>":        body + "&lt;script&gt;alert(1)&lt;/script&gt;</p>",
		"[law](https://example.org/?a&b)":  body + `<a href="https://example.org/?a&amp;b"` + linked + "law</a></p>",
		"[write](mailto:a@example.org)":    body + `<a href="mailto:a@example.org"` + linked + "write</a></p>",
		"see https://example.org.":         body + `see <a href="https://example.org"` + linked + "https://example.org</a>.</p>",
		"[x](javascript:alert(1))":         body + "x (javascript:alert(1))</p>",
		"[x](JaVaScRiPt:alert(1))":         body + "x (JaVaScRiPt:alert(1))</p>",
		"[x](data:text/html,y)":            body + "x (data:text/html,y)</p>",
		"[x](//example.org)":               body + "x (//example.org)</p>",
		"[**x**](/posts/dcs)":              body + "<strong>x</strong> (/posts/dcs)</p>",
		"[](https://example.org)":          body + " (https://example.org)</p>",
		"<javascript:alert(1)>":            body + "&lt;javascript:alert(1)&gt;</p>",
		"![a](https://example.org/a.png)":  body + "a (https://example.org/a.png)</p>",
		`[x](https://a.example "t\"><b>")`: body + `<a href="https://a.example" title="t&quot;&gt;&lt;b&gt;"` + linked + "x</a></p>",
		"# A\n### B\n## C\n# D\n###### E":  `<h2 class="govuk-heading-s">A</h2><h3 class="govuk-heading-s">B</h3><h3 class="govuk-heading-s">C</h3><h2 class="govuk-heading-s">D</h2><h3 class="govuk-heading-s">E</h3>`,
		"| Post | Cost |\n|---|--:|\n| a | 1 |": `<table class="govuk-table"><thead><tr><th scope="col" class="govuk-table__header">Post</th><th scope="col" class="govuk-table__header govuk-table__header--numeric">Cost</th></tr></thead>` +
			`<tbody><tr><td class="govuk-table__cell">a</td><td class="govuk-table__cell govuk-table__cell--numeric">1</td></tr></tbody></table>`,
	} {
		if got := strings.ReplaceAll(string(prose(text)), "\n", ""); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// TestProseIsQuick gives what makes readers of Markdown slow, as long as it is read as such.
func TestProseIsQuick(t *testing.T) {
	for _, part := range []string{"[", "*", "_a*", ">", "1. ", "|", "<a:", "a@", "[a](", "[a](b", "\t- "} {
		text := strings.Repeat(part, maxMarkdown/len(part))
		start := time.Now()
		prose(text)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q takes %v", part, took)
		}
	}
	long := strings.Repeat("**One** <b>\nline.\n \n", maxMarkdown/10)
	if got, want := string(prose(long)), strings.Repeat("<p class=\"govuk-body\">**One** &lt;b&gt;<br>\nline.</p>\n", maxMarkdown/10); got != want {
		t.Errorf("a long text begins %q", got[:200])
	}
}

// may are the elements that a text may become, with their attributes.
var may = map[string][]string{
	"p": {"class"}, "br": {}, "hr": {"class"}, "ul": {"class"}, "ol": {"class", "start"}, "li": {}, "blockquote": {"class"}, "strong": {}, "em": {},
	"h2": {"class"}, "h3": {"class"}, "h4": {"class"}, "h5": {"class"}, "h6": {"class"}, "a": {"class", "href", "title"},
	"table": {"class"}, "thead": {}, "tbody": {}, "tr": {}, "th": {"class", "scope"}, "td": {"class"},
}

var out = regexp.MustCompile(`^(?i:https?://|mailto:).`)

// Whatever is written becomes those elements and nothing else, links lead to sites and addresses for mail alone, and where nothing is
// marked up every letter is shown.
func FuzzProse(f *testing.F) {
	for _, text := range []string{"a\n- b\n\nc", "<script>x</script>", "[a](javascript:b)", "![a](b)", "<a:b>", "|a|\n|-|\n|b|c|", "# a\n1. b", "> a\n**b**", "[a](https://b \"c\")", "www.a.example a@b.example", "&#106;avascript:", "[a](&#106;avascript:b)", "[a]: javascript:b\n\n[a]", "[](http://\")"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "") // as all text in a record is
		nodes, err := html.ParseFragment(strings.NewReader(string(prose(text))), &html.Node{Type: html.ElementNode, Data: "dd", DataAtom: atom.Dd})
		if err != nil {
			t.Fatal(err)
		}
		var shown strings.Builder
		var walk func(*html.Node) error
		walk = func(n *html.Node) error {
			switch n.Type {
			case html.TextNode:
				shown.WriteString(n.Data)
			case html.ElementNode:
				attributes, ok := may[n.Data]
				if !ok {
					return fmt.Errorf("it becomes an element %s", n.Data)
				}
				for _, a := range n.Attr {
					if !slices.Contains(attributes, a.Key) {
						return fmt.Errorf("it becomes an attribute %s of %s", a.Key, n.Data)
					}
					if a.Key == "href" && !out.MatchString(a.Val) {
						return fmt.Errorf("it becomes a link to %q", a.Val)
					}
				}
			default:
				return fmt.Errorf("it becomes a node of type %d, %q", n.Type, n.Data)
			}
			for c := range n.ChildNodes() {
				if err := walk(c); err != nil {
					return err
				}
			}
			return nil
		}
		for _, n := range nodes {
			if err := walk(n); err != nil {
				t.Errorf("%q: %v:\n%s", text, err, prose(text))
			}
		}
		if strings.ContainsAny(text, `[]<>|&\`) {
			return
		}
		letters := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) {
					return r
				}
				return -1
			}, s)
		}
		if got, want := letters(shown.String()), letters(text); got != want {
			t.Errorf("%q is shown as %q", text, shown.String())
		}
	})
}
