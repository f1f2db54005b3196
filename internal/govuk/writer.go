package govuk

import (
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Component is anything that has HTML.
type Component interface {
	// Render gives the HTML of the component: one element, or nothing.
	Render() template.HTML
}

// Attributes are further attributes of an element, by name, such as "data-sort": "date". They cannot take the place of those
// that the component sets itself.
type Attributes map[string]string

// Content is words, or markup in their place.
type Content struct {
	Text string        `json:"text"`
	HTML template.HTML `json:"html"`
}

func (c Content) given() bool { return given(c.Text, c.HTML) }

// given says whether a pair holds anything.
func given(text string, markup template.HTML) bool { return text != "" || markup != "" }

// writer puts HTML together. Whatever reaches it as a string is escaped; only a template.HTML is taken as it stands.
type writer struct {
	b    []byte
	open bool // the last start tag may still be given attributes
}

func render(c interface{ write(*writer) }) template.HTML {
	w := writer{b: make([]byte, 0, 1024)}
	c.write(&w)
	w.shut()
	return template.HTML(w.b) // #nosec G203 -- the writer escapes all text; TestHostile has every component
}

// start begins an element with those of the classes that are not empty.
func (w *writer) start(tag string, classes ...string) {
	w.shut()
	w.b = append(append(w.b, '<'), tag...)
	w.open = true
	w.option("class", spaced(classes...))
}

// attr gives the element an attribute, empty or not.
func (w *writer) attr(name, value string) {
	w.b = append(append(w.b, ' '), name...)
	w.b = append(w.b, '=', '"')
	w.escape(value)
	w.b = append(w.b, '"')
}

// option gives the element an attribute if there is a value for it.
func (w *writer) option(name, value string) {
	if value != "" {
		w.attr(name, value)
	}
}

// number gives the element an attribute if the number is above zero.
func (w *writer) number(name string, n int) {
	if n > 0 {
		w.attr(name, strconv.Itoa(n))
	}
}

// answer gives the element "true" or "false", if one of them was said.
func (w *writer) answer(name string, said *bool) {
	if said != nil {
		w.attr(name, strconv.FormatBool(*said))
	}
}

// flag gives the element an attribute without a value.
func (w *writer) flag(name string, on bool) {
	if on {
		w.b = append(append(w.b, ' '), name...)
	}
}

// link gives the element an attribute that holds an address.
func (w *writer) link(name, address string) { w.attr(name, safe(address)) }

// attributes gives the element what a caller wants on it. It comes after the attributes of the component, since of two with
// the same name a browser keeps the first.
func (w *writer) attributes(a Attributes) {
	for _, name := range slices.Sorted(maps.Keys(a)) {
		switch lower := strings.ToLower(name); {
		case !wellFormed(lower), strings.HasPrefix(lower, "on"), lower == "style", lower == "srcdoc":
		case addresses[lower]:
			w.link(name, a[name])
		default:
			w.attr(name, a[name])
		}
	}
}

// addresses are the attributes that a browser follows, or loads and runs.
var addresses = map[string]bool{"action": true, "cite": true, "data": true, "formaction": true, "href": true, "ping": true, "src": true, "xlink:href": true}

// wellFormed says whether a name, in lower case, can be that of an attribute and can end nothing.
func wellFormed(name string) bool {
	for i, r := range name {
		letter := 'a' <= r && r <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789-_:.", r)) {
			return false
		}
	}
	return name != ""
}

// safe gives an address that cannot run as script: one of this site, or one that begins http:, https: or mailto:.
func safe(address string) string {
	colon := strings.IndexAny(address, ":/?#")
	if colon < 0 || address[colon] != ':' {
		return address
	}
	switch strings.ToLower(address[:colon]) {
	case "http", "https", "mailto":
		return address
	}
	return "#ZgotmplZ"
}

// shut ends the attributes of a start tag.
func (w *writer) shut() {
	if w.open {
		w.b = append(w.b, '>')
		w.open = false
	}
}

func (w *writer) end(tag string) {
	w.shut()
	w.b = append(append(append(w.b, '<', '/'), tag...), '>')
}

func (w *writer) text(s string) {
	w.shut()
	w.escape(s)
}

func (w *writer) html(m template.HTML) {
	w.shut()
	w.b = append(w.b, m...)
}

// content writes the markup of a pair, or else its words.
func (w *writer) content(text string, markup template.HTML) {
	if markup != "" {
		w.html(markup)
	} else {
		w.text(text)
	}
}

// element writes an element that has content and classes, and nothing else.
func (w *writer) element(tag, classes, text string, markup template.HTML) {
	w.start(tag, classes)
	w.content(text, markup)
	w.end(tag)
}

func (w *writer) escape(s string) { w.b = append(w.b, template.HTMLEscapeString(s)...) }

// heading gives the tag of a heading, h1 to h6.
func heading(level, otherwise int) string {
	if level < 1 || level > 6 {
		level = otherwise
	}
	return "h" + strconv.Itoa(level)
}

// spaced joins those that are not empty, as classes and lists of ids are written.
func spaced(names ...string) string {
	var all string
	for _, n := range names {
		if n != "" && all != "" {
			all += " "
		}
		all += n
	}
	return all
}

// named gives a class or an id that is made of two parts, if there is a second.
func named(prefix, name string) string {
	if name == "" {
		return ""
	}
	return prefix + name
}

// when gives a class if it applies.
func when(applies bool, class string) string {
	if applies {
		return class
	}
	return ""
}
