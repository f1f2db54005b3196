package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// link is a text that leads somewhere, or, without an address, only a text.
type link struct{ Text, URL string }

// page is what a handler makes of a look. The template is given Body alone.
type page struct {
	Template string
	Status   int    // of the answer; 0 is OK
	Crumbs   []link // the way here from home, which is put before them
	Back     string // inside a form: where the page before is, instead of crumbs
	Label    string // what kind of thing the heading names
	Heading  string
	State    string       // what of it, in the title of the window alone: "page 2"
	Actions  []action     // what can be done with what the heading names
	Parts    []navigation // the parts of one record, each a page
	Undated  bool         // it says the same on all days, so it has no banner
	Narrow   bool         // it is for reading, and not for comparing
	Wide     bool         // on paper it lies on its side
	Problem  *problem
	Notice   *notice
	Files    []file // the same facts in other forms
	FileName string // of those, without its ending; empty is by what the page is
	Body     any
}

// jsonOf is what a page shows, for programs.
func jsonOf(what func() any) file {
	return file{"json", "JSON", "application/json; charset=utf-8", func(w io.Writer) error { return json.NewEncoder(w).Encode(what()) }}
}

// when says for programs what is looked at.
func (s *Site) when(l *look) report.When { return report.NewWhen(l.View, s.Book.Root()) }

// action is a button at the heading.
type action struct {
	link
	Main bool // the one thing that most people come for
}

// notice says that something was done.
type notice struct {
	Title, Text string
	Undo        *undo
}

// undo is a button that takes back what was done.
type undo struct{ Action, Text string }

// file is a form in which a page may be had beside HTML.
type file struct {
	Ending string // csv, of its address
	Label  string // "Spreadsheet (CSV)"
	MIME   string
	Write  func(io.Writer) error
}

// document is what the layout is given.
type document struct {
	Title, Council      string
	Style, Script, Icon string
	Colour              string // the address of the council's own, where it has one
	Home, Back          string
	Sections            []navigation
	Crumbs              []link
	Search              searchForm
	Sub, Parts          []navigation
	SubLabel            string
	Label, Heading      string
	Actions             []action
	Problem             *problem // above all else, where something is wrong
	Notice              *notice
	Dates               *banner
	Narrow, Wide        bool
	Files               []link
	Help                []link
	Foot                []string
	Ending              *lastMinutes
	Me                  *me    // whoever is signed in
	SignIn              string // where people sign in, for whoever is not
	Find                bool   // there is something that a search can find
	Body                any
}

// me is whoever is signed in, at the top of every page.
type me struct {
	Name   string
	People bool // they keep the accounts
	Out    bool // they can sign out
}

// help is at the foot of every page, in the same order.
var help = []link{{"Help", "/help"}, {"Words we use", "/help/words"}, {"Accessibility statement", "/accessibility"}, {"Privacy", "/privacy"}, {"Cookies", "/cookies"}, {"Is anything wrong with this page?", "/help/wrong"}}

// product is the name of the service, and leads home.
const product = "Plumbline"

// render writes a page, or, if it cannot be made, nothing.
func (s *Site) render(w http.ResponseWriter, l *look, p *page) error {
	d := document{
		Style: style.address, Script: script.address, Icon: icon.address, Council: s.council(l), Parts: p.Parts, Label: p.Label, Heading: p.Heading,
		Actions: p.Actions, Notice: p.Notice, Narrow: p.Narrow, Wide: p.Wide, Search: newSearchForm(l, ""), Foot: s.foot(l), Body: p.Body,
	}
	if d.Notice == nil {
		d.Notice = s.toldOfReset(l.me)
	}
	if c := s.Book.Settings().Colour; c != "" {
		d.Colour = colourAddress(c)
	}
	d.Home = l.to("/")
	at := sectionAt(l.path)
	if l.me.signedIn() {
		d.Me = &me{Name: "Your work", People: l.me.May(access.Administer) && !s.Alone, Out: !s.Alone}
		if l.me.Account != nil {
			d.Me.Name = l.me.Account.Name
		}
	} else {
		d.Foot = []string{strings.TrimSpace(product+" "+s.Version) + "."}
		if d.SignIn = "/sign-in"; l.path != "/" && l.path != d.SignIn {
			d.SignIn += "?" + url.Values{"to": {l.here()}}.Encode()
		}
	}
	d.Find = !l.public() || s.Book.Settings().Public
	for i := range sections {
		if !d.Find {
			break // what there is to read is for those who are signed in
		}
		d.Sections = append(d.Sections, navigation{link{sections[i].label, l.to(sections[i].path())}, &sections[i] == at})
	}
	if !d.Find && at != nil {
		d.Home = l.to(at.path())
	}
	switch {
	case p.Back != "":
		d.Back = p.Back
	case at != nil:
		switch d.Sub = subnav(l); {
		case !d.Find: // there is nothing on the way but what everybody is asked
			d.Sub = nil
			if l.path != at.path() {
				d.Crumbs = append([]link{{at.label, l.to(at.path())}}, p.Crumbs...)
			}
		case d.Sub == nil:
			d.Crumbs = append([]link{{"Home", d.Home}, {at.label, l.to(at.path())}}, p.Crumbs...)
		}
		d.SubLabel = "Pages of " + at.label
	case l.path != "/":
		d.Crumbs = append([]link{{"Home", d.Home}}, p.Crumbs...)
	}
	d.Title = p.Heading
	if p.Label != "" {
		d.Title = p.Label + ": " + p.Heading
	}
	if p.State != "" {
		d.Title += ", " + p.State
	}
	if p.Problem != nil {
		d.Title = "Error: " + d.Title
		d.Problem = p.Problem
	}
	if !p.Undated {
		d.Dates = s.banner(l)
		d.Title += s.suffix(l)
	}
	d.Title += " – " + d.Council + " – " + product
	for _, f := range p.Files {
		d.Files = append(d.Files, link{f.Label, l.ended(f.Ending)})
	}
	for _, x := range help {
		d.Help = append(d.Help, link{x.Text, l.to(x.URL)})
	}
	var b bytes.Buffer
	d.Ending = s.ending(l)
	if err := s.templates[p.Template].ExecuteTemplate(&b, "layout", d); err != nil {
		return fmt.Errorf("render page %s: %w", p.Template, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p.Status != 0 {
		w.WriteHeader(p.Status)
	}
	_, _ = b.WriteTo(w) // the reader may have gone
	return nil
}

// export writes a page in another form, or says that there is none.
func (s *Site) export(w http.ResponseWriter, l *look, p *page, ending string) error {
	t := &trouble{kind: fact.ErrNotFound, text: "This page cannot be had as a file that ends in ." + ending + "."}
	for _, f := range p.Files {
		if f.Ending != ending {
			t.links = append(t.links, link{f.Label, l.ended(f.Ending)})
			continue
		}
		if err := send(w, f.MIME, cmp.Or(p.FileName, s.fileName(l, p))+"."+ending, f.Write); err != nil {
			return fmt.Errorf("write page %s as %s: %w", p.Template, ending, err)
		}
		return nil
	}
	t.links = append(t.links, link{"The page itself", l.here()})
	return t
}

// send answers with a file, or, if it cannot be made, with nothing.
func send(w http.ResponseWriter, mime, name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", mime)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = b.WriteTo(w) // the reader may have gone
	return nil
}

// fileName names a file by what is in it and what was looked at.
func (s *Site) fileName(l *look, p *page) string {
	name := l.View.On().String() + " " + strings.TrimSpace(p.Label+" "+p.Heading)
	if l.known != "" {
		name += " as recorded " + l.known
	}
	return fileName(name)
}

// fileName makes a name of a file of what people read: letters, digits and dashes.
func fileName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-") && r != '’' && r != '\'':
			b.WriteByte('-')
		}
	}
	const most = 100
	out := b.String()
	return strings.Trim(out[:min(len(out), most)], "-")
}

// foot says at the end of a page, and so on paper too, what was looked at.
func (s *Site) foot(l *look) []string {
	has, is := "has %s", "is"
	if l.known != "" {
		has, is = "had %s then", "was"
	}
	record := fmt.Sprintf("The record "+has, count(int(l.View.Known()), "entry", "entries"))
	if at := l.View.KnownAt(); fact.DayIn(at) > fact.Beginning {
		record += "; the newest " + is + " of " + report.Clock(at)
	}
	return []string{sentence(report.DatesOf(l.View)), strings.TrimSpace(product+" "+s.Version) + ". " + record + "."}
}
