package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"plumbline/internal/desk"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// importStep shows one step of an import.
func (s *Site) importStep(w http.ResponseWriter, r *http.Request) error {
	im, err := s.openImport(r)
	if err != nil {
		return err
	}
	step := r.PathValue("step")
	if _, ok := im.from(); im.Done != nil || !ok && step != stepFrom {
		return im.lead(w, r)
	}
	if step == stepFrom {
		return s.render(w, im.l, im.fromPage(im.Typed, nil))
	}
	p, err := im.plan(r.Context(), im.l.newest)
	if err != nil {
		return err
	}
	next := im.next(p)
	if step == "fix" {
		return im.annotated(w, r, p)
	}
	at := slices.Index(importSteps, step)
	if at < 0 || at > slices.Index(importSteps, next) || step == stepRows && next != stepRows || step == stepMissing && len(p.Missing) == 0 {
		return im.lead(w, r)
	}
	return s.render(w, im.l, im.page(p, r, step))
}

// importSteps are the steps of an import in their order.
var importSteps = []string{stepFrom, stepColumns, stepRows, stepMissing, stepCheck}

func (im *importing) page(p *plan, r *http.Request, step string) *page {
	switch step {
	case stepColumns:
		return im.columnsPage(p)
	case stepRows:
		return im.rowsPage(p, "")
	case stepMissing:
		return im.missingPage(p, im.Typed, nil)
	}
	return im.checkPage(p, r.URL.Query().Get(fieldPage))
}

// importAnswer takes the answer to one step.
func (s *Site) importAnswer(w http.ResponseWriter, r *http.Request) error {
	im, err := s.openImport(r)
	if err != nil {
		return err
	}
	step := r.PathValue("step")
	if step == inputFile {
		return im.another(w, r)
	}
	if err := readForm(r); err != nil {
		return err
	}
	if step == "discard" {
		if err := s.Desk.Discard(r.Context(), im.ID, im.Owner); err != nil {
			return err
		}
		redirect(w, r, im.l.to(importPath), http.StatusSeeOther)
		return nil
	}
	if im.Done != nil {
		return im.lead(w, r)
	}
	if step == stepFrom {
		typed := kind.Typed(r.PostForm)
		if _, faults := readFrom(typed); len(faults) > 0 {
			return s.render(w, im.l, im.fromPage(typed, faults))
		}
		if err := im.take(r, typed, "from.", inputSource, inputEmpty, inputAdd); err != nil {
			return err
		}
		return im.lead(w, r)
	}
	if _, ok := im.from(); !ok {
		return im.lead(w, r)
	}
	p, err := im.plan(r.Context(), im.l.newest)
	if err != nil {
		return err
	}
	switch step {
	case stepColumns:
		var b []byte
		m := im.matched(p, r.PostForm)
		if b, err = json.Marshal(m); err == nil {
			err = im.take(r, kind.Typed{inputMatches: {string(b)}}, inputMatches)
		}
		if err == nil {
			err = im.remember(r.Context(), p, m)
		}
	case stepMissing:
		typed := kind.Typed(r.PostForm)
		if faults := im.readMissing(p, typed); len(faults) > 0 {
			return s.render(w, im.l, im.missingPage(p, typed, faults))
		}
		err = im.take(r, typed, missingInput, endInput)
	case stepCheck:
		return im.apply(w, r)
	}
	if err != nil {
		return err
	}
	return im.lead(w, r)
}

// take keeps those of the things typed whose names begin so. What another tab said of anything else stays.
func (im *importing) take(r *http.Request, typed kind.Typed, names ...string) error {
	ours := func(input string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(input, n) })
	}
	return im.save(func() error {
		kept := map[string][]string{}
		for input, v := range im.Typed {
			if !ours(input) {
				kept[input] = v
			}
		}
		for input, v := range typed {
			if ours(input) {
				kept[input] = v
			}
		}
		im.Typed = kept
		return im.s.Desk.Save(r.Context(), im.Draft)
	})
}

// save does what changes the draft, again if another tab was faster.
func (im *importing) save(change func() error) error {
	for {
		err := change()
		stale := (*desk.Stale)(nil)
		if !errors.As(err, &stale) {
			return err
		}
		if im.Draft = stale.Now; im.Done != nil {
			return nil
		}
	}
}

// another takes the file again, put right.
func (im *importing) another(w http.ResponseWriter, r *http.Request) error {
	if im.Done != nil {
		return im.lead(w, r)
	}
	u, err := readUpload(r)
	if err != nil {
		return err
	}
	if wrong := u.unreadable(); wrong != "" {
		p, err := im.plan(r.Context(), im.l.newest)
		if err != nil {
			return err
		}
		out := im.rowsPage(p, wrong)
		if p.Layer == exchange.WrongColumns {
			out = im.columnsPage(p)
			out.Body.(*columnsPage).Upload = uploadControl(wrong)
			out.Status, out.Problem = http.StatusUnprocessableEntity, uploadProblem(wrong)
		}
		return im.s.render(w, im.l, out)
	}
	err = im.save(func() error {
		for len(im.Files) > 1 { // the one before stays until the new one is there
			if err := im.s.Desk.RemoveFile(r.Context(), im.Draft, im.Files[0].ID); err != nil {
				return err
			}
		}
		return im.s.Desk.AddFile(r.Context(), im.Draft, u.name, u.bytes)
	})
	if errors.Is(err, desk.ErrFull) {
		return full(im.l)
	}
	if err != nil {
		return err
	}
	return im.lead(w, r)
}

// annotated gives the file back with what to fix.
func (im *importing) annotated(w http.ResponseWriter, r *http.Request, p *plan) error {
	name, mime := im.file().Name, mimeXLSX
	ending := endingOf(r)
	if ending != im.form(p) {
		return &trouble{kind: fact.ErrNotFound, text: "This file comes back in the form in which it was uploaded.", links: []link{{"The import", im.l.to(importPath + "/" + im.ID)}}}
	}
	if p.Layer == exchange.WrongFile || p.Layer == exchange.WrongColumns {
		return im.lead(w, r)
	}
	if ending == "csv" {
		mime = mimeCSV
	}
	name = fileName(strings.TrimSuffix(name, "."+ending)+" what to fix") + "." + ending
	return send(w, mime, name, func(w io.Writer) error { return p.Annotated(w) })
}

// form is the ending of the form in which the file came, whatever it was called.
func (im *importing) form(p *plan) string {
	if p.zipped {
		return "xlsx"
	}
	return "csv"
}

// fromPage asks from which day the file is so, and where it comes from.
func (im *importing) fromPage(typed kind.Typed, faults kind.Faults) *page {
	a := asked{im.l, im.s.formOf(im.l, nil, []*kind.Field{fromField}, nil), typed, faults}
	fields := a.controls()
	source, _ := a.wrong(inputSource)
	fields += govuk.Input{Name: inputSource, ID: inputSource, Value: a.value(inputSource), Label: govuk.Label{Text: "Where does it come from? (optional)", Classes: medium}, Hint: govuk.Hint{Text: "Stands with every row in the history. For example: HR system, April 2015."}, ErrorMessage: source, Autocomplete: "off"}.Render()
	empty, _ := a.wrong(inputEmpty)
	more := govuk.Input{Name: inputEmpty, ID: inputEmpty, Value: a.value(inputEmpty), Classes: "govuk-input--width-20", Label: govuk.Label{Text: "What stands in cells that say nothing? (optional)"}, Hint: govuk.Hint{Text: "For example N/D; put semicolons between several. Such cells are read as empty."}, ErrorMessage: empty, Autocomplete: "off"}.Render() +
		govuk.Checkboxes{Name: inputAdd, IDPrefix: inputAdd, Values: typed[inputAdd], Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Names that stand nowhere else"}}, Hint: govuk.Hint{Text: "People who are named are always added."}, Items: []govuk.Checkbox{{Text: "Add units that rows name and that stand nowhere", Value: string(graph.Unit)}}}.Render()
	fields += govuk.Details{SummaryText: "The file comes from another system", HTML: more, Open: a.value(inputEmpty) != "" || a.value(inputAdd) != ""}.Render()
	p := &page{
		Template: "question", Label: im.title(), Heading: "From which day is it so?", Back: im.l.to(importPath), Undated: true, Narrow: true, Problem: problemOf(faults),
		Body: &questionPage{Action: im.at(stepFrom), Fields: fields, Button: "Continue", Keep: "The file is kept for 7 days. Nothing is recorded before you have seen what would change."},
	}
	if len(faults) > 0 {
		p.Status = http.StatusUnprocessableEntity
	}
	return p
}

// readFrom reads from which day a file is so, and what was said with it.
func readFrom(typed kind.Typed) (fact.Date, kind.Faults) {
	d, faults := kind.ReadDate(fromField, typed)
	if len(faults) == 0 && (d.IsZero() || d.Form == fact.ToBeAgreed) {
		faults = kind.Faults{{Field: fromField.Name, Inputs: []string{"from.day"}, Message: "Enter the day from which the file is so, or as much of it as you know"}}
	}
	a := asked{typed: typed}
	if len([]rune(a.value(inputSource))) > maxSource {
		faults = append(faults, kind.Fault{Field: inputSource, Inputs: []string{inputSource}, Message: fmt.Sprintf("Where it comes from must be %d characters or fewer", maxSource)})
	}
	if len([]rune(a.value(inputEmpty))) > maxSource {
		faults = append(faults, kind.Fault{Field: inputEmpty, Inputs: []string{inputEmpty}, Message: fmt.Sprintf("What stands in cells that say nothing must be %d characters or fewer", maxSource)})
	}
	return d, faults
}

// columnsPage asks what sheets and columns hold that were not understood.
type columnsPage struct {
	Action string
	Lead   string
	Wrong  *table
	Sheets []columnsSheet
	More   string
	Keep   string

	Again   string // where another file is sent
	Upload  template.HTML
	Discard string
}

type columnsSheet struct {
	Heading    string
	Asked      template.HTML
	Understood *table
}

// mostAsked is how many columns are asked about on one page.
const mostAsked = 100

func (im *importing) columnsPage(p *plan) *page {
	body := &columnsPage{Action: im.at(stepColumns), Lead: "Say what the sheets and columns hold that were not understood. What is left out is not read.", Keep: "The next file with these headings is offered the same.", Again: im.at(inputFile), Upload: uploadControl(""), Discard: im.at("discard")}
	if slices.ContainsFunc(p.before, func(r reading) bool { return r.Kind != nil || len(r.Columns) > 0 }) {
		body.Lead += " What was chosen for the last file with the same headings is filled in: check it."
	}
	asked := 0
	for i := range p.Sheets {
		sheet := columnsSheet{Heading: fmt.Sprintf("%s, %s", p.Sheets[i].Name, count(p.Sheets[i].Rows, "row", "rows"))}
		sheet.Asked += im.askKind(p, i)
		sheet.Understood = newTable("Columns that are understood", "Column", "What it holds")
		for j, m := range p.Sheets[i].Columns {
			if !im.asks(p, i, j) {
				if m.Field != "" {
					sheet.Understood.add(text(m.Heading), text(m.Label(p.Sheets[i].Kind)))
				}
				continue
			}
			if asked++; asked > mostAsked {
				body.More = fmt.Sprintf("Only the first %d columns are asked about here; the others follow.", mostAsked)
				continue
			}
			sheet.Asked += im.askColumn(p, i, j)
		}
		if len(sheet.Understood.Rows) == 0 {
			sheet.Understood = nil
		}
		body.Sheets = append(body.Sheets, sheet)
	}
	out := &page{Template: "importcolumns", Label: im.title(), Heading: "What do the columns hold?", Back: im.at(stepFrom), Undated: true, Body: body}
	if p.Layer == exchange.WrongColumns {
		body.Wrong = newTable("What is wrong with the columns", "What is wrong", "Column", "Sheet", "What to do")
		for _, x := range p.Problems {
			body.Wrong.add(text(x.Wrong), orText(text(x.Column), "–"), orText(text(x.Sheet), "–"), text(x.Do))
		}
		out.Problem = &problem{Title: "There is a problem", Text: "The rows cannot be read yet. " + notChanged}
	}
	return out
}

// notChanged is said wherever something stands against an import.
const notChanged = "Nothing has been changed yet."

// asks says whether a column is asked about: it is not understood, or another holds the same, or it has been asked about before.
func (im *importing) asks(p *plan, sheet, column int) bool {
	s := p.Sheets[sheet]
	m := s.Columns[column]
	if _, said := im.matches().Columns[s.Name][m.Heading]; said {
		return true
	}
	if m.Field == "" {
		return slices.Contains(s.Unread(), m.Heading)
	}
	return slices.ContainsFunc(s.Columns, func(o exchange.Match) bool { return o.Field == m.Field && o.Heading != m.Heading })
}

func kindInput(sheet int) string           { return "kind-" + strconv.Itoa(sheet) }
func columnInput(sheet, column int) string { return fmt.Sprintf("column-%d-%d", sheet, column) }

func (im *importing) askKind(p *plan, sheet int) template.HTML {
	c := govuk.Select{Name: kindInput(sheet), ID: kindInput(sheet), Label: govuk.Label{Text: "What does the sheet “" + p.Sheets[sheet].Name + "” hold?", Classes: medium}, Items: []govuk.Option{{Value: "", Text: "Leave it out"}}}
	c.Value = string(im.kindOf(p, sheet))
	for _, k := range inFirstHour(im.l.View.Kinds()) {
		c.Items = append(c.Items, govuk.Option{Value: string(k.Name), Text: k.Plural})
	}
	return c.Render()
}

// inFirstHour gives all kinds, those with which a council begins first.
func inFirstHour(set *kind.Set) []*kind.Kind {
	place := func(k *kind.Kind) int {
		if i := slices.Index(exchange.FirstHour, k.Name); i >= 0 {
			return i
		}
		return len(exchange.FirstHour)
	}
	out := slices.Clone(set.All)
	slices.SortStableFunc(out, func(a, b *kind.Kind) int { return place(a) - place(b) })
	return out
}

func (im *importing) askColumn(p *plan, sheet, column int) template.HTML {
	s := p.Sheets[sheet]
	name := columnInput(sheet, column)
	c := govuk.Select{Name: name, ID: name, Value: im.fieldOf(p, sheet, column), Label: govuk.Label{Text: "What does the column “" + shorten(s.Columns[column].Heading) + "” hold?"}, Items: []govuk.Option{{Value: "", Text: "Leave it out"}}}
	for _, o := range columnOptions(s.Kind) {
		c.Items = append(c.Items, govuk.Option{Value: o.value, Text: o.text})
	}
	return c.Render()
}

// columnOptions are all that a column of a kind can hold.
func columnOptions(k *kind.Kind) (out []struct{ value, text string }) {
	add := func(value string) {
		out = append(out, struct{ value, text string }{value, exchange.Match{Field: value}.Label(k)})
	}
	add("id")
	for _, f := range k.Fields {
		add(f.Name)
	}
	add("from")
	add("until")
	return out
}

// matched reads what was chosen about sheets and columns, in addition to what was before. Where a sheet is said to hold something else, its columns are
// matched anew.
func (im *importing) matched(p *plan, form map[string][]string) matches {
	m := im.matches()
	asked := 0
	for i, s := range p.Sheets {
		if v, ok := form[kindInput(i)]; ok && len(v) > 0 {
			k := im.l.View.Kinds().Kind(fact.KindName(v[0]))
			if k != s.Kind || k == nil {
				delete(m.Columns, s.Name)
				m.Kinds[s.Name] = ""
				if k != nil {
					m.Kinds[s.Name] = k.Name
				}
				continue
			}
			if p.before[i].Kind != nil {
				m.Kinds[s.Name] = k.Name // also where it agrees with what was understood, and not with the last time
			}
		}
		for j, c := range s.Columns {
			if !im.asks(p, i, j) {
				continue
			}
			if asked++; asked > mostAsked {
				continue
			}
			v, ok := form[columnInput(i, j)]
			if !ok || len(v) == 0 || v[0] != "" && !slices.ContainsFunc(columnOptions(s.Kind), func(o struct{ value, text string }) bool { return o.value == v[0] }) {
				continue
			}
			if m.Columns[s.Name] == nil {
				m.Columns[s.Name] = map[string]string{}
			}
			m.Columns[s.Name][c.Heading] = v[0]
		}
	}
	return m
}

// problemTable lists what is wrong with a file, a row a problem.
func problemTable(problems []exchange.Problem, caption string) *table {
	sheets := slices.ContainsFunc(problems, func(x exchange.Problem) bool { return x.Sheet != problems[0].Sheet })
	head := []string{"Row", "Column", "What is there", "What is wrong", "What to do"}
	if sheets {
		head = slices.Insert(head, 1, "Sheet")
	}
	t := newTable(caption, head...)
	for _, x := range problems {
		row := "–"
		if x.Row > 0 {
			row = "Row " + thousands(int64(x.Row))
		}
		there := orText(text(x.There), "Nothing")
		if x.Row == 0 {
			there = text("–")
		}
		cells := [][]link{text(row), orText(text(x.Column), "The whole row"), there, text(x.Wrong), text(x.Do)}
		if sheets {
			cells = slices.Insert(cells, 1, text(x.Sheet))
		}
		t.add(cells...)
	}
	return t
}

// rowsPage says what is wrong with the rows.
type rowsPage struct {
	File    string
	Lead    string
	Table   *table
	Shown   string
	Fix     *link
	Action  string
	Upload  template.HTML
	Ready   string
	Counts  []tally
	Discard string
	Other   link
}

// tally is how many rows do one thing.
type tally struct{ Class, Sign, Text string }

func (im *importing) rowsPage(p *plan, wrong string) *page {
	body := &rowsPage{
		File: im.about(p), Action: im.at(inputFile), Upload: uploadControl(wrong), Discard: im.at("discard"),
		Other: link{"Change what the columns hold", im.at(stepColumns)},
	}
	problems, all, bad := p.Problems, p.Wrong, p.Bad
	if len(p.said) > 0 {
		problems, all, bad = p.said, len(p.said)+p.more, rowsOf(p.said)+p.more
	}
	out := &page{Template: "importrows", Label: im.title(), Heading: "Check your file", Back: im.at(stepFrom), Undated: true, Body: body}
	if all > 0 {
		body.Table = problemTable(problems, "What needs fixing")
		needs := count(bad, "row needs", "rows need") + " fixing. " + notChanged
		out.Problem = &problem{Title: "There is a problem", Text: capital(needs)}
		body.Lead = capital(count(all, "problem", "problems")) + " in " + count(bad, "row", "rows") + "."
		if all > len(problems) {
			body.Shown = "The first " + thousands(int64(len(problems))) + " are shown."
			if len(p.said) == 0 {
				body.Shown += " All of them are in the file that you can download."
			}
		}
	}
	if p.Layer == exchange.WrongRows {
		body.Fix = &link{"Download your file with two extra columns: Result, What to fix", im.at("fix." + im.form(p))}
	}
	if n := ready(p); n > 0 && len(p.said) == 0 {
		body.Ready = capital(count(n, "row is", "rows are")) + " ready:"
		body.Counts = tallies(p.Count, missing(p), false)
	}
	if wrong != "" {
		out.Status, out.Problem = http.StatusUnprocessableEntity, uploadProblem(wrong)
	}
	return out
}

func rowsOf(problems []exchange.Problem) int {
	rows := map[string]bool{}
	for _, x := range problems {
		rows[fmt.Sprint(x.Sheet, x.Row)] = true
	}
	return len(rows)
}

func ready(p *plan) (n int) {
	for _, s := range p.Sheets {
		if s.Kind != nil {
			n += s.Rows
		}
	}
	return n - p.Bad
}

func missing(p *plan) (n int) {
	for _, m := range p.Missing {
		n += m
	}
	return n
}

// about says how large a file is.
func (im *importing) about(p *plan) string {
	rows, columns, sheets := 0, 0, 0
	for _, s := range p.Sheets {
		if s.Kind != nil {
			rows, sheets = rows+s.Rows, sheets+1
			columns += len(s.Unread())
			for _, c := range s.Columns {
				if c.Field != "" {
					columns++
				}
			}
		}
	}
	out := im.file().Name + ": " + count(rows, "row", "rows") + ", " + count(columns, "column", "columns")
	if sheets > 1 {
		out += " in " + count(sheets, "sheet", "sheets")
	}
	return out
}

// tallies are the counts of an import. Missing is how many records the file leaves out; where they were asked about, those that end are among the ended.
func tallies(n map[exchange.Word]int, missing int, asked bool) []tally {
	number := func(n int, word string) string { return thousands(int64(n)) + " " + word }
	out := []tally{
		{"new", "+", number(n[exchange.New], "new")},
		{"changed", "~", number(n[exchange.Changed], "changed")},
		{"moved", "→", number(n[exchange.Moved], "moved")},
	}
	if asked || n[exchange.Ended] > 0 {
		out = append(out, tally{"ended", "−", number(n[exchange.Ended], "ended")})
	}
	if !asked {
		out = append(out, tally{"ended", "−", number(missing, "missing from the file")})
	}
	return append(out, tally{"", "", number(n[exchange.Same], "the same")})
}

// missingPage asks what it means that the file leaves records out.
func (im *importing) missingPage(p *plan, typed kind.Typed, faults kind.Faults) *page {
	a := asked{im.l, nil, typed, faults}
	var fields template.HTML
	for _, k := range missingKinds(p, im.l.View.Kinds()) {
		n := p.Missing[k.Name]
		message, _ := a.wrong(missingInput + string(k.Name))
		value := a.value(missingInput + string(k.Name))
		if value == "" {
			value = leaveThem
		}
		end := asked{im.l, im.s.formOf(im.l, nil, []*kind.Field{endField(k)}, nil), typed, faults}
		fields += govuk.Radios{
			Name: missingInput + string(k.Name), IDPrefix: missingInput + string(k.Name), Value: value, ErrorMessage: message,
			Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: capital(count(n, k.Lower()+" is", kind.Lower(k.Plural)+" are")) + " recorded and not in the file", Classes: "govuk-fieldset__legend--s"}},
			Items: []govuk.Radio{
				{Text: "Leave them as they are", Value: leaveThem},
				{Text: "They ended", Value: endThem, Conditional: govuk.Conditional{HTML: end.controls()}},
			},
		}.Render()
	}
	out := &page{
		Template: "question", Label: im.title(), Heading: "What about those that the file leaves out?", Back: im.at(stepFrom), Undated: true, Narrow: true, Problem: problemOf(faults),
		Body: &questionPage{Action: im.at(stepMissing), Fields: fields, Button: "Continue", Keep: notChanged},
	}
	if len(faults) > 0 {
		out.Status = http.StatusUnprocessableEntity
	}
	return out
}

func missingKinds(p *plan, set *kind.Set) (out []*kind.Kind) {
	for _, k := range inFirstHour(set) {
		if p.Missing[k.Name] > 0 {
			out = append(out, k)
		}
	}
	return out
}

func (im *importing) readMissing(p *plan, typed kind.Typed) (faults kind.Faults) {
	a := asked{typed: typed}
	for _, k := range missingKinds(p, im.l.View.Kinds()) {
		input := missingInput + string(k.Name)
		switch a.value(input) {
		case leaveThem:
		case endThem:
			_, wrong := kind.ReadDate(endField(k), typed)
			faults = append(faults, wrong...)
		default:
			faults = append(faults, kind.Fault{Field: input, Inputs: []string{input}, Message: "Select what is to become of the " + kind.Lower(k.Plural) + " that the file leaves out"})
		}
	}
	return faults
}
