package web

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strconv"

	"plumbline/internal/book"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// A copy of an entry for somebody who asked for information, or for the public papers of a meeting: what is withheld is left out, each field on its ground, and the
// rest is still proved. Nothing is kept of what was chosen.

// inputWithhold begins the name of the box of a field.
const inputWithhold = "withhold-"

// inputAs says in which form the copy is wanted.
const inputAs = "as"

// givePage asks what to withhold.
type givePage struct {
	Action string
	Lead   []string
	Fields template.HTML
	Gone   []fieldLine // what is not there any more
	Always *table
}

// giving finds the entry of an address for whoever may have its proof.
func (s *Site) giving(r *http.Request) (l *look, bundle *book.Proof, v graph.Version, err error) {
	if l, err = s.look(r); err != nil {
		return nil, nil, v, err
	}
	number := r.PathValue("entry")
	n, err := strconv.ParseInt(number, 10, 64)
	key, v, known := l.seen.Entry(n)
	if err != nil || number != strconv.FormatInt(n, 10) || !known {
		return nil, nil, v, &trouble{kind: fact.ErrNotFound, text: fmt.Sprintf("There is no entry “%s” that says something of a record.", shorten(number)), links: []link{{"Everything recorded", l.to("/entries")}}}
	}
	if !l.seen.Whole() {
		if err := s.mayProve(l, n, key, v, known); err != nil {
			return nil, nil, v, err
		}
	}
	bundle, err = s.Book.Prove(r.Context(), n)
	return l, bundle, v, err
}

// give asks what of an entry is to be withheld.
func (s *Site) give(w http.ResponseWriter, r *http.Request) error {
	l, bundle, v, err := s.giving(r)
	if err != nil {
		return err
	}
	return s.render(w, l, s.givePage(l, bundle, v, nil, nil))
}

func (s *Site) givePage(l *look, bundle *book.Proof, v graph.Version, typed map[string]string, wrong []fieldProblem) *page {
	message := messages(wrong)
	body := &givePage{
		Action: l.to(fmt.Sprintf("/entries/%d/give", bundle.Position)),
		Lead: []string{
			"A copy of this entry for a request for information, or for the public papers of a meeting. What you withhold is left out of the file, and everything else in it can still be checked by anybody, without asking the council.",
			"Choose a ground only where it holds. Most of them need a public interest test, and the refusal has to be explained to whoever asked.",
		},
		Always: newTable("What is in every copy, and cannot be withheld", "What", "What it says"),
	}
	for _, name := range v.Record.Stated() {
		label := labelOf(v.Record.Kind(), name)
		_, state := v.Record.Says(name)
		if state != graph.Known {
			body.Gone = append(body.Gone, fieldLine{label, text(v.Record.Removed(name).Words())})
			continue
		}
		value, chosen := typed[name]
		if !chosen {
			value = likelyGround(l, v, name)
		}
		box := govuk.Select{ID: inputWithhold + name, Name: inputWithhold + name, Value: value, Label: govuk.Label{Text: label, Classes: "govuk-label--s"}, Hint: govuk.Hint{Text: shorten(s.saysOf(l, v, name))}, ErrorMessage: govuk.ErrorMessage{Text: message[inputWithhold+name]}, Items: []govuk.Option{{Text: "Give it"}}}
		if value == undecided {
			box.Items = append([]govuk.Option{{Value: undecided, Text: "Choose whether to give it"}}, box.Items...)
		}
		for _, g := range kind.Withholding {
			box.Items = append(box.Items, govuk.Option{Value: g.Code, Text: "Withhold: " + shortCitation(g) + ", " + kind.Lower(g.Label)})
		}
		body.Fields += box.Render()
	}
	kk := v.Record.Kind()
	body.Always.add(text("Kind of record"), text(kk.Label))
	id := string(v.Record.Key().ID)
	if kk.Personal {
		id = "a name that says nothing"
	}
	body.Always.add(text("Its name in addresses"), text(id))
	if v.Proposal != "" {
		body.Always.add(text("The proposal that it belongs to, by its name in addresses"), text(string(v.Proposal)))
	}
	body.Always.add(text("Days it speaks of"), text(capital(v.Span.Words())))
	body.Always.add(text("Recorded"), text(moment(v)))
	body.Always.add(text("Who recorded it"), text("the account, by a name that says nothing"))
	body.Always.add(text("Which fields there are"), text("by their names in the form"))
	p := &page{Template: "give", Label: "Copy for a request for information", Heading: fmt.Sprintf("%s: entry %d", s.called(l, v.Record.Key()), bundle.Position), Undated: true, Narrow: true, Back: l.entry(bundle.Position).URL, Body: body}
	if len(wrong) > 0 {
		p.Status, p.Problem = http.StatusUnprocessableEntity, &problem{Title: "There is a problem"}
		for _, x := range wrong {
			p.Problem.Fields = append(p.Problem.Fields, link{x.Text, "#" + x.Field})
		}
	}
	return p
}

// undecided is the answer of a box in which nothing was chosen.
const undecided = "undecided"

// likelyGround is what is offered for a field: whatever is personal, or names somebody, is withheld unless somebody decides otherwise. Of a record that is restricted, by what it says or
// by what was said of it since, nothing is offered.
func likelyGround(l *look, v graph.Version, name string) string {
	if v.Record.Class().Visibility == kind.Restricted || l.classNow(v.Record.Key()).Visibility == kind.Restricted {
		return undecided
	}
	k, f := v.Record.Kind(), v.Record.Kind().Field(name)
	personal := func(of fact.KindName) bool { to := l.View.Kinds().Kind(of); return to != nil && to.Personal }
	switch {
	case k.Personal, f != nil && f.Visibility == kind.Restricted,
		f != nil && slices.ContainsFunc(f.To, personal),
		slices.ContainsFunc(v.Record.RefKeys(name), func(to fact.Key) bool { return personal(to.Kind) }):
		return "foi-40-2"
	}
	return ""
}

// saysOf is what an entry says in a field, in words.
func (s *Site) saysOf(l *look, v graph.Version, name string) string {
	if f := v.Record.Kind().Field(name); f != nil {
		return plain(s.value(l, v.Record, f))
	}
	says, _ := v.Record.Says(name)
	return plain(texts(says))
}

// shortCitation is how officers speak of a ground: "section 40(2)".
func shortCitation(g kind.Ground) string {
	for _, act := range []string{"Freedom of Information Act 2000 ", "Local Government Act 1972 "} {
		if len(g.Citation) > len(act) && g.Citation[:len(act)] == act {
			return g.Citation[len(act):]
		}
	}
	return g.Citation
}

// handout is a copy: what is in it, and what was left out.
type handout struct {
	Entry    int64
	Lead     string
	Lines    []handoutLine
	Recorded string
	Days     string
	Kind     string
}

type handoutLine struct{ Label, Says, Withheld string }

// giveSent gives the copy.
func (s *Site) giveSent(w http.ResponseWriter, r *http.Request) error {
	l, bundle, v, err := s.giving(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	typed := map[string]string{}
	var left []book.Withheld
	var wrong []fieldProblem
	out := handout{Entry: bundle.Position, Recorded: moment(v), Days: capital(v.Span.Words()), Kind: v.Record.Kind().Label, Lead: "A copy from the record of " + s.council(l) + ", made on " + l.today.Words() + "."}
	for _, name := range v.Record.Stated() {
		line := handoutLine{Label: labelOf(v.Record.Kind(), name)}
		_, state := v.Record.Says(name)
		code, sent := r.PostForm.Get(inputWithhold+name), r.PostForm.Has(inputWithhold+name)
		g, ok := kind.GroundOf(kind.Withholding, code)
		switch {
		case state != graph.Known:
			line.Says = v.Record.Removed(name).Words()
		case !sent, code == undecided: // of what nobody was asked nothing is given away
			wrong = append(wrong, fieldProblem{inputWithhold + name, line.Label + ": choose whether to give it."})
		case code == "":
			typed[name], line.Says = "", s.saysOf(l, v, name)
		case !ok:
			wrong = append(wrong, fieldProblem{inputWithhold + name, line.Label + ": choose a ground from the list."})
		default:
			typed[name] = code
			left = append(left, book.Withheld{Field: name, Ground: code})
			line.Withheld = "Withheld: " + g.Citation + " (" + kind.Lower(g.Label) + ")"
		}
		out.Lines = append(out.Lines, line)
	}
	if len(wrong) > 0 {
		return s.render(w, l, s.givePage(l, bundle, v, typed, wrong))
	}
	if bundle, err = bundle.Withhold(left); err != nil {
		return err
	}
	s.security(r, "copy given", "by", s.whoIs(r), "entry", bundle.Position, "withheld", len(left))
	name := fmt.Sprintf("entry-%d-copy", bundle.Position)
	switch as := r.PostForm.Get(inputAs); as {
	case "proof":
		return send(w, "application/json; charset=utf-8", name+".json", func(w io.Writer) error {
			b, err := bundle.JSON()
			if err == nil {
				_, err = w.Write(b)
			}
			return err
		})
	case "page":
		return send(w, "text/html; charset=utf-8", name+".html", func(w io.Writer) error { return handoutTemplate.Execute(w, out) })
	case "csv":
		return send(w, "text/csv; charset=utf-8", name+".csv", func(w io.Writer) error { return exchange.CSV(w, out.table()) })
	}
	return &trouble{kind: fact.ErrInvalid, text: "Choose in which form the copy is wanted.", links: []link{{"Choose again", l.to(fmt.Sprintf("/entries/%d/give", bundle.Position))}}}
}

// table is the copy for spreadsheets.
func (g *handout) table() exchange.Table {
	t := exchange.Table{Name: fmt.Sprintf("Entry %d", g.Entry)}
	for _, c := range []string{"field", "what it says", "withheld"} {
		t.Columns = append(t.Columns, exchange.Column{Name: c})
	}
	for _, x := range append([]handoutLine{{"Kind of record", g.Kind, ""}, {"Days it speaks of", g.Days, ""}, {"Recorded", g.Recorded, ""}}, g.Lines...) {
		t.Rows = append(t.Rows, []exchange.Cell{{Text: x.Label}, {Text: x.Says}, {Text: x.Withheld}})
	}
	return t
}

// handoutTemplate is a page by itself, to read, print or send: it refers to nothing.
var handoutTemplate = template.Must(template.New("handout").Parse(`<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Entry {{.Entry}}</title></head>
<body>
<h1>Entry {{.Entry}}</h1>
<p>{{.Lead}} What is marked as withheld is in the record, and was left out here on the ground that stands beside it.</p>
<table border="1">
<caption>What the entry says</caption>
<tr><th scope="row">Kind of record</th><td>{{.Kind}}</td></tr>
<tr><th scope="row">Days it speaks of</th><td>{{.Days}}</td></tr>
<tr><th scope="row">Recorded</th><td>{{.Recorded}}</td></tr>
{{range .Lines}}<tr><th scope="row">{{.Label}}</th><td>{{with .Withheld}}<strong>{{.}}</strong>{{else}}{{.Says}}{{end}}</td></tr>
{{end}}</table>
<p>That the rest is in the record as it was signed can be checked with the proof, which goes with this page: plumbline verify entry-{{.Entry}}-copy.json.</p>
</body>
</html>
`))
