package govuk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"plumbline/internal/govuk"
)

// fixtures is where npm puts what govuk-frontend ships. It is never committed.
const fixtures = "../web/front/node_modules/govuk-frontend/dist/govuk/components"

// components lists the macros that the room has, by the name of their folder.
var components = map[string]func(options any) (govuk.Component, error){
	"back-link":           read[govuk.BackLink],
	"breadcrumbs":         read[govuk.Breadcrumbs],
	"button":              read[govuk.Button],
	"checkboxes":          read[govuk.Checkboxes],
	"date-input":          read[govuk.DateInput],
	"details":             read[govuk.Details],
	"error-message":       read[govuk.ErrorMessage],
	"error-summary":       read[govuk.ErrorSummary],
	"fieldset":            read[govuk.Fieldset],
	"file-upload":         read[govuk.FileUpload],
	"footer":              read[govuk.Footer],
	"generic-header":      read[govuk.GenericHeader],
	"hint":                read[govuk.Hint],
	"input":               read[govuk.Input],
	"inset-text":          read[govuk.InsetText],
	"label":               read[govuk.Label],
	"notification-banner": read[govuk.NotificationBanner],
	"pagination":          read[govuk.Pagination],
	"panel":               read[govuk.Panel],
	"phase-banner":        read[govuk.PhaseBanner],
	"radios":              read[govuk.Radios],
	"select":              read[govuk.Select],
	"service-navigation":  read[govuk.ServiceNavigation],
	"skip-link":           read[govuk.SkipLink],
	"summary-list":        read[govuk.SummaryList],
	"table":               read[govuk.Table],
	"tag":                 read[govuk.Tag],
	"task-list":           read[govuk.TaskList],
	"textarea":            read[govuk.Textarea],
	"warning-text":        read[govuk.WarningText],
}

// refused lists the fixtures that ask for what the room does not do, and why it does not.
var refused = []struct {
	component, why string
	fixtures       []string
}{
	{"date-input", "a part is left out by listing the others as Items; Go has no part that is false", []string{"day and month", "month and year"}},
	{"file-upload", "the enhanced control is made by the script of govuk-frontend, which is not sent", []string{
		"enhanced", "enhanced, with error message and hint", "enhanced, multiple files", "enhanced, custom wrapper classes and attributes", "translated", "translated, no javascript enhancement",
	}},
	{"file-upload", "the macro has no value and passes over it, since a browser lets no page choose a file", []string{"with value"}},
	{"select", "an option always says its value, so that \"Choose a post\" is never sent as an answer", []string{"without values", "without values with selected value"}},
	{"select", "an option without words is an option, and the one that a browser selects first; it is not left out", []string{"with falsy items"}},
}

type fixture struct {
	Name    string
	Options any
	HTML    string
}

// TestFixtures renders all fixtures of all components, and compares them with what the macros made of them.
func TestFixtures(t *testing.T) {
	if _, err := os.Stat(fixtures); err != nil {
		report := t.Skip
		if slices.Contains(strings.Split(os.Getenv("PLUMBLINE_REQUIRE"), ","), "npm") {
			report = t.Fatal
		}
		report("NOT TESTED: components against the fixtures of govuk-frontend, which are not here; `make assets` fetches them")
	}
	passed, left := 0, 0
	for name, component := range components {
		for _, f := range shipped(t, name) {
			if refusal(name, f.Name) != "" {
				left++
				continue
			}
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				c, err := component(f.Options)
				if err != nil {
					t.Fatal(err)
				}
				want := parse(t, f.HTML)
				if name == "footer" {
					ours(want, f.Options.(map[string]any))
				}
				if diff := cmp.Diff(canonical(want), canonical(parse(t, string(c.Render())))); diff != "" {
					t.Errorf("the macro's HTML (-) and ours (+) differ:\n%s", diff)
				} else {
					passed++
				}
			})
		}
	}
	t.Logf("%d fixtures of %d components are the same; %d are refused", passed, len(components), left)
}

// shipped reads the fixtures of a component.
func shipped(t *testing.T, component string) []fixture {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(fixtures, component, "fixtures.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Fixtures []fixture }
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatalf("read fixtures of %s: %v", component, err)
	}
	if len(file.Fixtures) == 0 {
		t.Fatalf("%s has no fixtures", component)
	}
	for _, r := range refused {
		for _, name := range r.fixtures {
			if r.component == component && !slices.ContainsFunc(file.Fixtures, func(f fixture) bool { return f.Name == name }) {
				t.Errorf("%s has no fixture %q any more to be refused", component, name)
			}
		}
	}
	return file.Fixtures
}

func refusal(component, fixture string) string {
	for _, r := range refused {
		if r.component == component && slices.Contains(r.fixtures, fixture) {
			return r.why
		}
	}
	return ""
}

// ours takes out of the macro's footer what is the government's: the crown, the link to Crown copyright with the royal arms,
// the logo of the Open Government Licence, and the words about copyright and licence that it says unless it is told others.
func ours(footer *html.Node, options map[string]any) {
	remove(footer, "govuk-footer__crown")
	remove(footer, "govuk-footer__licence-logo")
	if options["contentLicence"] == nil {
		remove(footer, "govuk-footer__licence-description")
	}
	logo := find(footer, "govuk-footer__copyright-logo")
	item := logo.Parent
	item.RemoveChild(logo)
	if options["copyright"] == nil {
		item.Parent.RemoveChild(item)
		return
	}
	for logo.FirstChild != nil {
		n := logo.FirstChild
		logo.RemoveChild(n)
		item.AppendChild(n)
	}
}

func remove(root *html.Node, class string) {
	if n := find(root, class); n != nil {
		n.Parent.RemoveChild(n)
	}
}

// find gives the first element that has a class.
func find(root *html.Node, class string) *html.Node {
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "class" && slices.Contains(strings.Fields(a.Val), class) {
				return n
			}
		}
	}
	return nil
}

// read makes a component of the options of a fixture. An option that the component does not have is an error.
func read[C govuk.Component](options any) (govuk.Component, error) {
	var c C
	b, err := json.Marshal(fit(options, reflect.TypeFor[C]()))
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("%s: %w", b, err)
	}
	return c, nil
}

// fit gives options, in which Nunjucks is free with types, the types that a component has: a number where it has a string
// becomes a string, what counts as false where it has an item becomes nothing, and markup given without its object gets it.
func fit(v any, to reflect.Type) any {
	if to.Kind() == reflect.Pointer {
		to = to.Elem()
	}
	switch v := v.(type) {
	case float64:
		if to.Kind() == reflect.String {
			return fmt.Sprint(v)
		}
	case bool:
		switch {
		case to == reflect.TypeFor[string]():
			return fmt.Sprint(v)
		case to.Kind() != reflect.Bool:
			return nil
		}
	case string:
		switch {
		case to == reflect.TypeFor[govuk.EndSlot]():
			return map[string]any{"html": v}
		case to.Kind() != reflect.String:
			return nil
		}
	case []any:
		if to.Kind() == reflect.Slice {
			for i := range v {
				v[i] = fit(v[i], to.Elem())
			}
		}
	case map[string]any:
		for name := range v {
			v[name] = fit(v[name], member(to, name))
		}
	}
	return v
}

// member gives the type of what an object has under a name.
func member(of reflect.Type, name string) reflect.Type {
	switch of.Kind() {
	case reflect.Map:
		return of.Elem()
	case reflect.Struct:
		for f := range of.Fields() {
			if f.Tag.Get("json") == name {
				return f.Type
			}
		}
	}
	return reflect.TypeFor[any]() // and reading the options will say which it is
}
