package exchange_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"plumbline/internal/exchange"
	"plumbline/internal/report"
)

var doc = report.Document{
	Title: "A title",
	Dates: "On 1 October 2003.",
	Lead:  []string{"One sentence that leads."},
	Sections: []report.Section{{Title: "A part", Blocks: []report.Block{
		report.Para("A paragraph of several words that has to be folded somewhere."),
		report.List{"first", "second, which is long enough to be folded on a narrow terminal"},
		report.Table{Caption: "A table", Head: []string{"Post", "Holder"}, Rows: [][]report.Cell{
			{{Text: "Director of Children’s Services"}, {Text: "Nobody"}},
			{{Text: "<script>|*x*"}, {Text: "a_b\nc"}},
		}},
	}}},
}

func TestTextKeepsToItsColumns(t *testing.T) {
	for _, columns := range []int{40, 44, 60, 100, 200} {
		var b strings.Builder
		if err := exchange.Text(&b, doc, columns); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if n := utf8.RuneCountInString(line); n > columns {
				t.Errorf("%d columns: a line of %d: %q", columns, n, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("a line ends in spaces: %q", line)
			}
		}
		for _, word := range []string{"A title", "Director", "Children’s", "Nobody", "second,", "1 October 2003"} {
			if !strings.Contains(b.String(), word) {
				t.Errorf("%d columns: %q is missing", columns, word)
			}
		}
	}
}

func TestTextOfANarrowTableIsLabelledRows(t *testing.T) {
	wide := report.Document{Title: "T", Sections: []report.Section{{Blocks: []report.Block{report.Table{Head: []string{"One", "Two", "Three", "Four"}, Rows: [][]report.Cell{{{Text: strings.Repeat("a ", 30)}, {Text: strings.Repeat("b ", 30)}, {Text: strings.Repeat("c ", 30)}, {Text: strings.Repeat("d ", 30)}}}}}}}}
	var b strings.Builder
	if err := exchange.Text(&b, wide, 40); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "Three: c c") {
		t.Errorf("%s", b.String())
	}
}

func TestMarkdownIsTextOnly(t *testing.T) {
	var b strings.Builder
	if err := exchange.Markdown(&b, doc); err != nil {
		t.Fatal(err)
	}
	want := "# A title\n\nOn 1 October 2003.\n\nOne sentence that leads.\n\n## A part\n\nA paragraph of several words that has to be folded somewhere.\n\n- first\n- second, which is long enough to be folded on a narrow terminal\n\nA table\n\n| Post | Holder |\n| --- | --- |\n| Director of Children’s Services | Nobody |\n| &lt;script&gt;\\|\\*x\\* | a\\_b; c |\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
