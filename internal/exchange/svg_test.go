package exchange_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"plumbline/internal/exchange"
)

// drawn is a drawing as a program reads it.
type drawn struct {
	boxes [][4]int // left, top, right and lower edge
	texts []string
	names map[string]int
	size  [2]int
}

func draw(t interface{ Fatal(...any) }, d exchange.Drawing) (out drawn) {
	var b strings.Builder
	if err := exchange.SVG(&b, d); err != nil {
		t.Fatal(err)
	}
	out.names = map[string]int{}
	x := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		token, err := x.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.CharData:
			if s := strings.TrimSpace(string(e)); s != "" {
				out.texts = append(out.texts, s)
			}
		case xml.StartElement:
			out.names[e.Name.Local]++
			a := map[string]string{}
			for _, x := range e.Attr {
				a[x.Name.Local] = x.Value
			}
			n := func(name string) int { i, _ := strconv.Atoi(a[name]); return i }
			switch {
			case e.Name.Local == "svg":
				out.size = [2]int{n("width"), n("height")}
			case e.Name.Local == "rect" && a["stroke-width"] == "2":
				out.boxes = append(out.boxes, [4]int{n("x"), n("y"), n("x") + n("width"), n("y") + n("height")})
			}
		}
	}
}

// Whatever the chart: the drawing is well formed and needs nothing else, each box is there and lies on no other, all lie within it, and no text is lost.
func TestSVG(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-zäŵ&<>"'0-9–-]{1,60}`)
	words := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 1, 6).Draw(t, "words"), " ") })
	var said []string
	var tree func(t *rapid.T, depth int) exchange.DrawingBox
	tree = func(t *rapid.T, depth int) exchange.DrawingBox {
		b := exchange.DrawingBox{Title: words.Draw(t, "title"), Lines: rapid.SliceOfN(words, 0, 3).Draw(t, "lines"), Across: rapid.Bool().Draw(t, "across"), Double: rapid.Bool().Draw(t, "double"), Dashed: rapid.Bool().Draw(t, "dashed"), Bar: rapid.Bool().Draw(t, "bar")}
		said = append(append(said, b.Title), b.Lines...)
		if depth < 3 {
			for range rapid.IntRange(0, 3).Draw(t, "below") {
				b.Below = append(b.Below, tree(t, depth+1))
			}
		}
		if len(b.Below) == 0 && rapid.Bool().Draw(t, "cut") {
			b.More = "12 posts below"
		}
		return b
	}
	rapid.Check(t, func(t *rapid.T) {
		said = nil
		d := exchange.Drawing{Title: words.Draw(t, "name"), About: []string{words.Draw(t, "about")}}
		said = append(said, d.Title)
		var count func(exchange.DrawingBox) int
		count = func(b exchange.DrawingBox) int {
			n := 1
			for _, x := range b.Below {
				n += count(x)
			}
			return n
		}
		want := 0
		for range rapid.IntRange(1, 2).Draw(t, "parts") {
			part := exchange.DrawingPart{Heading: "Officers"}
			for range rapid.IntRange(1, 2).Draw(t, "roots") {
				b := tree(t, 0)
				part.Boxes, want = append(part.Boxes, b), want+count(b)
			}
			d.Parts = append(d.Parts, part)
		}
		got := draw(t, d)
		if len(got.boxes) != want {
			t.Fatalf("%d boxes are drawn, want %d", len(got.boxes), want)
		}
		for i, a := range got.boxes {
			if a[0] < 0 || a[1] < 0 || a[2] > got.size[0] || a[3] > got.size[1] {
				t.Fatalf("box %v lies outside of %v", a, got.size)
			}
			for _, b := range got.boxes[:i] {
				if a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3] {
					t.Fatalf("box %v lies on box %v", a, b)
				}
			}
		}
		all := strings.ReplaceAll(strings.Join(got.texts, ""), " ", "")
		for _, s := range said {
			if !strings.Contains(all, strings.ReplaceAll(s, " ", "")) {
				t.Fatalf("%q is not in the drawing", s)
			}
		}
		for name := range got.names {
			if !strings.Contains(" svg title rect path text ", " "+name+" ") {
				t.Fatalf("it has a %s", name)
			}
		}
	})
}

func TestSVGBreaksLines(t *testing.T) {
	got := draw(t, exchange.Drawing{Title: "Harrow", Parts: []exchange.DrawingPart{{Boxes: []exchange.DrawingBox{{Title: "Director of Learning & Community Development and of everything else that is done here"}}}}})
	want := "[Harrow.  Harrow Director of Learning & Community Development and of everything else that is done here]"
	if s := fmt.Sprint(got.texts); len(got.texts) < 5 || strings.Join(strings.Fields(s), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("got %q", got.texts)
	}
}
