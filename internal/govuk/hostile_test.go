package govuk_test

import (
	"html/template"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"plumbline/internal/govuk"
)

// attacks are what a string may hold in order to become more than a string.
var attacks = []string{
	`"><script>alert(1)</script>`,
	`'><img src=x onerror=alert(1)>`,
	`</textarea></title></style></select></button><script>alert(1)</script>`,
	`x" onmouseover="alert(1)`,
	`x onfocus=alert(1) autofocus`,
	`<!--`, `]]>`, `&lt;script&gt;`, `&#34;`, "\x00<\x00script>", "\xff\xfe<b>", "`", `{{.}}`,
	`javascript:alert(1)`, ` javascript:alert(1)`, "java\nscript:alert(1)", "\x01JavaScript:alert(1)", `javascript&colon;alert(1)`, `javascript&#58;alert(1)`,
	`data:text/html,<script>alert(1)</script>`, `vbscript:msgbox(1)`, `blob:x`, `feed:javascript:alert(1)`,
}

// TestHostile fills strings of every component with one that wants to be more, and asks that a browser reads the elements that it
// would for a harmless word, and nothing that runs.
func TestHostile(t *testing.T) {
	for name, component := range components {
		t.Run(name, func(t *testing.T) {
			none, err := component(map[string]any{})
			if err != nil {
				t.Fatal(err)
			}
			kind := reflect.TypeOf(none)
			rapid.Check(t, func(r *rapid.T) {
				s := rapid.OneOf(rapid.SampledFrom(attacks), rapid.StringN(1, -1, -1)).Draw(r, "string")
				said := rapid.SliceOfN(rapid.Bool(), 61, 61).Draw(r, "said")
				markup := string(filled(kind, s, said).Render())
				tree := parse(t, markup)
				want := elements(parse(t, string(filled(kind, "word", said).Render())))
				if got := elements(tree); !slices.Equal(got, want) {
					r.Fatalf("the elements are %v, and would be %v; in\n%s", got, want, markup)
				}
				for n := range tree.Descendants() {
					for _, a := range n.Attr {
						if runs(a) {
							r.Fatalf("<%s> has %s=%q in\n%s", n.Data, a.Key, a.Val, markup)
						}
					}
				}
			})
		})
	}
}

// filled makes a component in which every word that is said is s. What is said goes round in the order of the fields.
func filled(kind reflect.Type, s string, said []bool) govuk.Component {
	v := reflect.New(kind).Elem()
	n := 0
	fill(v, s, func() bool {
		n++
		return said[n%len(said)]
	})
	return v.Interface().(govuk.Component)
}

func fill(v reflect.Value, s string, said func() bool) {
	switch {
	case v.Type() == reflect.TypeFor[template.HTML]():
		// Markup is trusted, so it is no concern of this test, and words are shown only where there is none.
	case v.Type() == reflect.TypeFor[govuk.Attributes]():
		v.Set(reflect.ValueOf(govuk.Attributes{s: s, "data-word": s, "href": s, "formaction": s, "onclick": s, "OnClick": s, "style": s, "srcdoc": s}))
	case v.Kind() == reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{s: s}))
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), s, said)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), s, said)
		}
	case !said():
	case v.Kind() == reflect.String:
		v.SetString(s)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Int:
		v.SetInt(2)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), s, said)
	}
}

func elements(root *html.Node) (names []string) {
	for n := range root.Descendants() {
		if n.Type != html.TextNode {
			names = append(names, n.Data)
		}
	}
	return names
}

// scheme is what a browser takes for the scheme of an address, once it has left out what it leaves out.
var scheme = regexp.MustCompile(`^([a-z][a-z0-9+.-]*):`)

// runs says whether an attribute can run something.
func runs(a html.Attribute) bool {
	switch a.Key {
	case "style", "srcdoc":
		return true
	case "href", "formaction", "action", "src":
		address := strings.TrimLeft(strings.ToLower(a.Val), "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f ")
		m := scheme.FindStringSubmatch(strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(address))
		return m != nil && !slices.Contains([]string{"http", "https", "mailto"}, m[1])
	}
	return strings.HasPrefix(a.Key, "on")
}

func TestLinks(t *testing.T) {
	for _, c := range []struct{ href, want string }{
		{"/records/post/dcs?on=2003-10-01", "/records/post/dcs?on=2003-10-01"},
		{"#name", "#name"},
		{"?at=10:30", "?at=10:30"},
		{"notes/10:30", "notes/10:30"},
		{"https://www.legislation.gov.uk/ukpga/2004/31", "https://www.legislation.gov.uk/ukpga/2004/31"},
		{"HTTP://example.org", "HTTP://example.org"},
		{"mailto:a@example.org", "mailto:a@example.org"},
		{"", ""},
		{"javascript:alert(1)", "#ZgotmplZ"},
		{"JavaScript:alert(1)", "#ZgotmplZ"},
		{" javascript:alert(1)", "#ZgotmplZ"},
		{"java\tscript:alert(1)", "#ZgotmplZ"},
		{"data:text/html,x", "#ZgotmplZ"},
		{"tel:02088635611", "#ZgotmplZ"},
		{":", "#ZgotmplZ"},
	} {
		page := govuk.Pagination{Items: []govuk.PaginationItem{{Number: "1", Href: c.href}}}
		link := find(parse(t, string(page.Render())), "govuk-pagination__link")
		if !slices.Contains(link.Attr, html.Attribute{Key: "href", Val: c.want}) {
			t.Errorf("a link to %q has %v, want %q", c.href, link.Attr, c.want)
		}
	}
}

func TestAttributes(t *testing.T) {
	for _, c := range []struct {
		name, value, want string
	}{
		{"data-sort", "2003", ` data-sort="2003"`},
		{"aria-label", `"Close"`, ` aria-label="&#34;Close&#34;"`},
		{"data-i18n.one", "", ` data-i18n.one=""`},
		{"formaction", "/save", ` formaction="/save"`},
		{"FormAction", "javascript:x", ` FormAction="#ZgotmplZ"`},
		{"onclick", "x", ""},
		{"onClick", "x", ""},
		{"style", "color:red", ""},
		{"srcdoc", "<script>", ""},
		{"", "x", ""},
		{"a b", "x", ""},
		{"a=b", "x", ""},
		{"a>", "x", ""},
		{"-a", "x", ""},
		{"ſtyle", "x", ""}, // a long s becomes an s in capitals
	} {
		want := `<strong class="govuk-tag"` + c.want + `>Draft</strong>`
		if got := string(govuk.Tag{Text: "Draft", Attributes: govuk.Attributes{c.name: c.value}}.Render()); got != want {
			t.Errorf("%q: got %s, want %s", c.name, got, want)
		}
	}
}

// TestTyped makes sure that what somebody typed comes back to them as it was.
func TestTyped(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.StringMatching(`(\n|<|>|&|"|'|[a-z ]|£)*`).Draw(r, "typed")
		for n := range parse(t, string(govuk.Textarea{Name: "reason", Value: s}.Render())).Descendants() {
			if n.Type == html.TextNode && n.Data != s {
				r.Errorf("%q was typed, and %q comes back", s, n.Data)
			}
		}
		for n := range parse(t, string(govuk.Input{Name: "title", Value: s}.Render())).Descendants() {
			for _, a := range n.Attr {
				if a.Key == "value" && a.Val != s {
					r.Errorf("%q was typed, and %q comes back", s, a.Val)
				}
			}
		}
	})
}
