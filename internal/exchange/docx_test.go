package exchange_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

var update = flag.Bool("update", false, "write the golden files")

// every is a document with a block of every sort.
var every = report.Document{
	Title: "Establish a People Directorate", Council: "London Borough of Example", Mark: "Part 1 (public)", Numbered: true,
	Dates: "On 5 June 2015, as recorded on 5 June 2015 (entry 412).",
	Lead:  []string{"A sentence that leads."},
	Sections: []report.Section{
		{Title: "", Blocks: []report.Block{report.Table{Head: []string{"Item", "Detail"}, Headed: true, Rows: [][]report.Cell{{{Text: "Key decision"}, {Text: "Yes"}}, {{Text: "Wards"}, {Text: report.Wanting("which wards it concerns")}}}}}},
		{Title: "Recommendations", Blocks: []report.Block{
			report.Para("To agree the new structure.\nFrom 1 September 2015."),
			report.Gap(report.Wanting("the reasons")),
			report.Noted{Text: "The law asks for one director.", Notes: []string{"Children Act 2004, section 18.", "Statutory guidance, 2013."}},
			report.Steps{"First this", "then that"},
			report.Cited{Number: 9, Text: "A paragraph that people cite.", Notes: []string{"A note to it."}, About: []fact.Key{{Kind: "post", ID: "dcs"}}},
			report.Cited{Number: 10, Text: report.Wanting("the words of this paragraph")},
			report.Lettered{"Statutory duties", "Partnership"},
		}},
		{Title: "What would change", Blocks: []report.Block{
			report.List{"one post is new", "two posts end"},
			report.Subsection{Title: "Posts", Blocks: []report.Block{
				report.Para("Under a heading of the second level."),
				report.Table{Caption: "Changes", Head: []string{"Post", "Now", "Proposed"}, Rows: [][]report.Cell{{{Text: "Director of Education"}, {Text: "Not there"}, {Text: "Reports to: Corporate Director"}}}},
				report.Subsection{Title: "Heads of service", Blocks: []report.Block{report.Para("Under one of the third."), report.Steps{"Another list", "that begins again"}}},
			}},
			report.Bars{Caption: "Savings by year", Head: [2]string{"Year", "Saving"}, Rows: []report.Bar{{Label: "2016/17", Amount: 1e6, Text: "£1,000,000"}, {Label: "2017/18", Amount: 3e6, Text: "£3,000,000"}, {Label: "2018/19", Text: "£0"}}},
			report.Chart{Caption: "The posts concerned", Sides: []report.ChartSide{
				{Heading: "Now", Boxes: []report.Box{{Title: "Chief Executive", Lines: []string{"M. Example"}, Double: true, Below: []report.Box{{Title: "Corporate Director, Children", Dashed: true}}}}},
				{Heading: "Proposed", Empty: "No post is recorded."},
			}},
		}},
	},
	Appendices: []report.Section{{Title: "Background papers", Blocks: []report.Block{report.Para("The consultation pack."), report.Table{Head: []string{"A"}}, report.Table{Head: []string{"B"}}}}},
}

// posted is the same as a letter.
var posted = func() report.Document {
	d := every
	d.Council, d.Letterhead = "", &report.Letterhead{From: []string{"A. Adviser", "Improvement Adviser"}, Date: "5 June 2015", To: []string{"C. Chief", "Chief Executive"}, Dear: "Dear C. Chief,"}
	return d
}()

// said are all texts of a document.
func said(d report.Document) (out []string) {
	out = append([]string{d.Title, d.Council, d.Dates, d.Mark}, d.Lead...)
	if h := d.Letterhead; h != nil {
		out = slices.Concat(out, h.From, h.To, []string{h.Date, h.Dear})
	}
	var blocks func(all []report.Block)
	var below func(all []report.Box)
	below = func(all []report.Box) {
		for _, b := range all {
			out = append(append(out, b.Title), b.Lines...)
			below(b.Below)
		}
	}
	blocks = func(all []report.Block) {
		for _, b := range all {
			switch b := b.(type) {
			case report.Para:
				out = append(out, string(b))
			case report.Gap:
				out = append(out, string(b))
			case report.Noted:
				out = append(append(out, b.Text), b.Notes...)
			case report.Cited:
				out = append(append(out, fmt.Sprintf("%d. %s", b.Number, b.Text)), b.Notes...)
			case report.Lettered:
				for i, s := range b {
					out = append(out, b.Begins(i)+s)
				}
			case report.List:
				out = append(out, b...)
			case report.Steps:
				out = append(out, b...)
			case report.Table:
				out = append(append(out, b.Caption), b.Head...)
				for _, r := range b.Rows {
					for _, c := range r {
						out = append(out, c.Text)
					}
				}
			case report.Bars:
				out = append(out, b.Caption, b.Head[0], b.Head[1])
				for _, r := range b.Rows {
					out = append(out, r.Label, r.Text)
				}
			case report.Chart:
				out = append(out, b.Caption)
				for _, s := range b.Sides {
					if out = append(out, s.Heading); len(s.Boxes) == 0 {
						out = append(out, s.Empty)
					}
					below(s.Boxes)
				}
			case report.Subsection:
				out = append(out, b.Title)
				blocks(b.Blocks)
			}
		}
	}
	for _, s := range slices.Concat(d.Sections, d.Appendices) {
		out = append(out, s.Title)
		blocks(s.Blocks)
	}
	return out
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }

// A block that a format passed over would be lost without a word, so every text of every sort of block is looked for in every format.
func TestEveryFormatSaysAllOfADocument(t *testing.T) {
	markup := strings.NewReplacer(`\.`, ".", `\[`, "[", `\]`, "]", "| --- ", "", "| ", "", "\n", " ", "- ", "")
	for name, write := range map[string]func(io.Writer, report.Document) error{
		"text":     func(w io.Writer, d report.Document) error { return exchange.Text(w, d, 200) },
		"markdown": exchange.Markdown,
		"page": func(w io.Writer, d report.Document) error {
			var b bytes.Buffer
			if err := exchange.HTML(&b, d); err != nil {
				return err
			}
			_, err := io.WriteString(w, pageText(t, b.String()))
			return err
		},
	} {
		for _, d := range []report.Document{every, posted} {
			var b strings.Builder
			if err := write(&b, d); err != nil {
				t.Fatal(err)
			}
			got := words(markup.Replace(b.String()))
			for _, s := range append(said(d), "1. Recommendations", "1.1 To agree", "1.2 [Not recorded", "1.3 The law", "2.1 Under a heading", "2.2 Under one of the third", "Appendix A: Background papers") {
				if name == "page" {
					s = strings.TrimPrefix(strings.TrimPrefix(s, "a. "), "b. ") // which a browser counts
				}
				if !strings.Contains(got, words(markup.Replace(s))) {
					t.Errorf("%s: %q is missing from\n%s", name, s, b.String())
				}
			}
		}
	}
	for _, d := range []report.Document{every, posted} {
		word := unzip(t, docx(t, d))
		got := words(readWord(t, word["word/document.xml"]).text + " " + readWord(t, word["word/footnotes.xml"]).text)
		for _, s := range said(d) {
			if !strings.Contains(got, words(s)) {
				t.Errorf("Word: %q is missing from\n%s", s, got)
			}
		}
	}
}

// pageText is what is read of a page, with a space at the end of each element.
func pageText(t fataler, page string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				t.Fatalf("no page: %v", z.Err())
			}
			return b.String()
		case html.TextToken:
			b.Write(z.Text())
		case html.EndTagToken:
			b.WriteByte(' ')
		}
	}
}

func docx(t fataler, d report.Document) []byte {
	var b bytes.Buffer
	if err := exchange.DOCX(&b, d); err != nil {
		t.Fatalf("%v", err)
	}
	return b.Bytes()
}

type fataler interface {
	Fatalf(format string, args ...any)
}

func unzip(t fataler, file []byte) map[string]string {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatalf("%v", err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatalf("%v", err)
		}
		s, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		out[f.Name] = string(s)
	}
	return out
}

// word is what is read of a part of a Word document: its text, the styles of its paragraphs, and what is wrong with it.
type word struct {
	text   string
	styles []string
	faults []string
	tables int
	heads  int // rows that are repeated
}

func readWord(t fataler, part string) (out word) {
	d := xml.NewDecoder(strings.NewReader(part))
	d.Strict = true
	var text strings.Builder
	var open []string
	inText := 0
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("no XML: %v in %.2000s", err, part)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			name := tok.Name.Local
			switch name {
			case "p":
				text.WriteByte('\n')
			case "br", "tab":
				text.WriteByte(' ')
			case "t":
				inText++
			case "pStyle":
				out.styles = append(out.styles, tok.Attr[0].Value)
			case "tbl":
				out.tables++
			case "tblHeader":
				out.heads++
			case "docPr":
				if !slices.ContainsFunc(tok.Attr, func(a xml.Attr) bool { return a.Name.Local == "descr" && a.Value != "" }) {
					out.faults = append(out.faults, "a picture without words")
				}
			}
			if name == "tc" && !slices.Contains(open, "tr") {
				out.faults = append(out.faults, "a cell outside a row")
			}
			open = append(open, name)
		case xml.EndElement:
			if tok.Name.Local == "t" {
				inText--
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if inText > 0 {
				text.Write(tok)
			} else if strings.TrimSpace(string(tok)) != "" {
				out.faults = append(out.faults, fmt.Sprintf("text outside a run: %q", tok))
			}
		}
	}
	out.text = text.String()
	return out
}

func TestWordGolden(t *testing.T) {
	got := unzip(t, docx(t, every))["word/document.xml"]
	name := path.Join("testdata", "every.document.xml")
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("it is not %s; see what changed with -update and git diff\n%s", name, got)
	}
}

// The parts of a Word document hang together: what one refers to is there, and each has its type.
func TestWordHangsTogether(t *testing.T) {
	parts := unzip(t, docx(t, every))
	for name, part := range parts {
		if path.Ext(name) == ".xml" || path.Ext(name) == ".rels" {
			readWord(t, part)
		}
		if path.Ext(name) == ".xml" && name != "[Content_Types].xml" && !strings.Contains(parts["[Content_Types].xml"], `PartName="/`+name+`"`) {
			t.Errorf("%s has no type", name)
		}
	}
	all := func(part, pattern string) (out []string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(parts[part], -1) {
			out = append(out, m[1])
		}
		if len(out) == 0 {
			t.Errorf("%s: nothing is %s", part, pattern)
		}
		return out
	}
	for _, target := range all("word/_rels/document.xml.rels", `Target="([^"]+)"`) {
		if parts["word/"+target] == "" {
			t.Errorf("there is no %s", target)
		}
	}
	ids := all("word/_rels/document.xml.rels", `Id="([^"]+)"`)
	for _, id := range all("word/document.xml", `r:(?:id|embed)="([^"]+)"`) {
		if !slices.Contains(ids, id) {
			t.Errorf("there is no relation %s", id)
		}
	}
	styles := all("word/styles.xml", `styleId="([^"]+)"`)
	for _, s := range slices.Concat(all("word/document.xml", `<w:(?:p|r|tbl)Style w:val="([^"]+)"`), all("word/styles.xml", `basedOn w:val="([^"]+)"`), all("word/header1.xml", `pStyle w:val="([^"]+)"`), all("word/footer1.xml", `pStyle w:val="([^"]+)"`)) {
		if !slices.Contains(styles, s) {
			t.Errorf("there is no style %s", s)
		}
	}
	lists := all("word/numbering.xml", `<w:num w:numId="([^"]+)"`)
	for _, n := range all("word/document.xml", `<w:numId w:val="([^"]+)"`) {
		if !slices.Contains(lists, n) {
			t.Errorf("there is no list %s", n)
		}
	}
	notes := all("word/footnotes.xml", `<w:footnote w:id="([^"]+)"`)
	if used := all("word/document.xml", `<w:footnoteReference w:id="([^"]+)"`); !slices.Equal(notes, used) {
		t.Errorf("notes %v, referred to %v", notes, used)
	}
	if _, err := png.Decode(strings.NewReader(parts["word/media/bar.png"])); err != nil {
		t.Errorf("the picture: %v", err)
	}
	for part, want := range map[string]string{"docProps/core.xml": "<dc:title>Establish a People Directorate</dc:title>", "word/styles.xml": `<w:lang w:val="en-GB"`, "word/footer1.xml": "On 5 June 2015, as recorded on 5 June 2015 (entry 412).", "word/header1.xml": "Part 1 (public)"} {
		if !strings.Contains(parts[part], want) {
			t.Errorf("%s does not say %s", part, want)
		}
	}
}

// hostile are texts that a writer of XML, or a reader of what it wrote, can stumble over.
var hostile = rapid.OneOf(
	rapid.String(), rapid.StringN(0, 40, -1),
	rapid.SampledFrom([]string{"]]>", "<![CDATA[", "</w:t></w:r></w:p>", "&amp;&#0;&bogus;", "a\x00b\x08\x0b\x0c\x1f", "\xff\xfe\xc3", "\ufffe\uffff", "\u202eabc\u2066", "שלום עולם", "مدير الخدمات", "\r\n\ta\rb\n", strings.Repeat("Z", 3000), "é\u0301", "\u200b", "{{.}}", "=1+1", `"quoted' <>`, "[Not recorded: x]", "👩🏽‍⚖️"}),
)

func hostileDocument(t *rapid.T) report.Document {
	text := func() string { return hostile.Draw(t, "text") }
	texts := func() []string { return rapid.SliceOfN(hostile, 0, 3).Draw(t, "texts") }
	var blocks func(depth int) []report.Block
	var below func(depth int) []report.Box
	below = func(depth int) (out []report.Box) {
		for range rapid.IntRange(0, max(0, 2-depth)).Draw(t, "boxes") {
			out = append(out, report.Box{Title: text(), Lines: texts(), Change: text(), Double: rapid.Bool().Draw(t, "double"), Below: below(depth + 1)})
		}
		return out
	}
	blocks = func(depth int) (out []report.Block) {
		for range rapid.IntRange(0, 3).Draw(t, "blocks") {
			switch rapid.IntRange(0, 10).Draw(t, "sort") {
			case 0:
				out = append(out, report.Para(text()))
			case 1:
				out = append(out, report.Gap(report.Wanting(text())))
			case 2:
				out = append(out, report.Noted{Text: text(), Notes: texts()})
			case 3:
				out = append(out, report.List(texts()))
			case 4:
				out = append(out, report.Steps(texts()))
			case 5:
				n := rapid.IntRange(1, 6).Draw(t, "columns")
				table := report.Table{Caption: text(), Head: rapid.SliceOfN(hostile, n, n).Draw(t, "head"), Headed: rapid.Bool().Draw(t, "headed"), Figures: []int{n - 1}}
				for range rapid.IntRange(0, 3).Draw(t, "rows") {
					var row []report.Cell
					for range n {
						row = append(row, report.Cell{Text: text()})
					}
					table.Rows = append(table.Rows, row)
				}
				out = append(out, table)
			case 6:
				out = append(out, report.Bars{Caption: text(), Head: [2]string{text(), text()}, Rows: []report.Bar{{Label: text(), Amount: rapid.Float64().Draw(t, "amount"), Text: text()}}})
			case 7:
				out = append(out, report.Chart{Caption: text(), Sides: []report.ChartSide{{Heading: text(), Boxes: below(0)}, {Heading: text(), Empty: text()}}})
			case 8:
				out = append(out, report.Cited{Number: rapid.IntRange(0, 99).Draw(t, "number"), Text: text(), Notes: texts(), About: []fact.Key{{Kind: "post", ID: "dcs"}}})
			case 9:
				out = append(out, report.Lettered(texts()))
			case 10:
				if depth < 4 {
					out = append(out, report.Subsection{Title: text(), Blocks: blocks(depth + 1)})
				}
			}
		}
		return out
	}
	sections := func() (out []report.Section) {
		for range rapid.IntRange(0, 2).Draw(t, "sections") {
			out = append(out, report.Section{Title: text(), Blocks: blocks(0)})
		}
		return out
	}
	d := report.Document{Title: text(), Dates: text(), Lead: texts(), Council: text(), Mark: text(), Numbered: rapid.Bool().Draw(t, "numbered"), Sections: sections(), Appendices: sections()}
	if rapid.Bool().Draw(t, "posted") {
		d.Council, d.Letterhead = "", &report.Letterhead{From: texts(), Date: text(), To: texts(), Dear: text()}
	}
	return d
}

// printed is what is left of a text where characters that cannot be printed are left out.
func printed(s string) string {
	return words(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\r' && r != '\t' && (r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffd || r == 0xfffe || r == 0xffff || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

// Whatever a document says, what is written is XML of the same texts in which headings leave out no level, every table has a head, every picture has words,
// and the same document gives the same bytes.
func TestWordLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := hostileDocument(t)
		file := docx(t, d)
		if !bytes.Equal(file, docx(t, d)) {
			t.Fatalf("the same document gives other bytes")
		}
		parts := unzip(t, file)
		for name, part := range parts {
			if strings.HasPrefix(name, "word/") && path.Ext(name) == ".xml" {
				for _, f := range readWord(t, part).faults {
					t.Fatalf("%s: %s", name, f)
				}
			}
		}
		body := readWord(t, parts["word/document.xml"])
		got := words(body.text + "\n" + readWord(t, parts["word/footnotes.xml"]).text)
		for _, s := range said(d) {
			if want := printed(s); !strings.Contains(got, want) {
				t.Fatalf("%q is missing from %q", want, got)
			}
		}
		if body.heads != body.tables {
			t.Fatalf("%d tables have %d heads", body.tables, body.heads)
		}
		level := 1
		for _, s := range body.styles {
			if n := strings.Index("123", strings.TrimPrefix(s, "Heading")) + 1; strings.HasPrefix(s, "Heading") {
				if n > level+1 {
					t.Fatalf("a heading of level %d follows one of level %d", n, level)
				}
				level = n
			}
		}
		if strings.ContainsAny(parts["word/document.xml"], "\u202e\u2066\x00\x0b") {
			t.Fatalf("it holds what turns or ends a text")
		}
	})
}

// A document that is kept says afterwards what it said, in the same bytes.
func TestStoredLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := hostileDocument(t) // also of what no record holds: what is not UTF-8 is kept as what can be
		kept, err := report.Store(d)
		if err != nil {
			t.Fatal(err)
		}
		is, err := report.Stored(kept)
		if err != nil {
			t.Fatalf("%v in %s", err, kept)
		}
		again, err := report.Store(is)
		if err != nil || !bytes.Contains(kept, []byte(`\ufffd`)) && !bytes.Equal(kept, again) {
			t.Fatalf("%v: kept as\n%s\nand then as\n%s", err, kept, again)
		}
		same := func(a, b string) bool { return string([]rune(a)) == string([]rune(b)) }
		if !slices.EqualFunc(said(d), said(is), same) {
			t.Fatalf("it said %q, and says %q", said(d), said(is))
		}
		var page, twice strings.Builder
		if err := errors.Join(exchange.HTML(&page, d), exchange.HTML(&twice, d)); err != nil || page.String() != twice.String() {
			t.Fatalf("%v: the same document gives another page", err)
		}
		text := words(pageText(t, page.String()))
		for _, s := range said(d) {
			for _, counted := range []string{"a. ", "b. ", "c. "} {
				s = strings.TrimPrefix(s, counted)
			}
			if want := printed(s); !strings.Contains(text, want) {
				t.Fatalf("%q is missing from %q", want, text)
			}
		}
	})
}

// What no version wrote is no document.
func TestBadStored(t *testing.T) {
	for _, s := range []string{"", "{", `{"title": "x", "sections": [{"blocks": [{"film": "y"}]}]}`, `{"title": "x", "sections": [{"blocks": [{"cited": {"number": 1, "text": "y", "about": ["z"]}}]}]}`} {
		if _, err := report.Stored([]byte(s)); !errors.Is(err, fact.ErrCorrupt) {
			t.Errorf("%s: %v", s, err)
		}
	}
}
