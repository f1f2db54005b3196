package web

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

// partClass is the part of a record's address at which it is said who may see it.
const partClass = "who-may-see"

// Inputs of the questions about who may see a record.
const (
	inputSees    = "~sees"
	inputExempt  = "~exempt"
	inputDecided = "~decided"
	inputWhen    = "~decided_when"
)

// sees are the answers to who may see a record.
var sees = map[kind.Visibility]struct{ text, hint string }{
	kind.AsKind:     {"The same people as others of its kind", ""}, // who those are the settings say
	kind.Public:     {"Everybody", "Public: people without an account, too, where the council shows pages to them."},
	kind.Internal:   {"People with an account", "Internal: staff, councillors and others to whom the council has given a role."},
	kind.Restricted: {"Only those who have to", "Restricted: what it says is for governance officers and whoever approves. Others with an account see that it is there, and its address."},
}

// classNow is who may see a record today, whatever day is looked at.
func (l *look) classNow(k fact.Key) kind.Class { return l.seen.View(l.today, -1).Class(k) }

// mayClassify reports whether somebody may say who may see a record.
func (l *look) mayClassify(k *kind.Kind, key fact.Key) bool {
	return l.mayChange(k, key) && l.me.Over(l.View, access.Restricted, key)
}

// classWords says who may see a record, why, and who decided that.
func (s *Site) classWords(c kind.Class) string {
	if c.Visibility == "" {
		c.Visibility = kind.AsKind
	}
	out := sees[c.Visibility].text
	if c.Exempt != "" {
		out += ". Reason: " + c.Exempt
		if g, ok := kind.GroundOf(kind.Exempting, c.Exempt); ok {
			out += ", " + kind.Lower(g.Label)
		}
	}
	return strings.TrimSuffix(out, ".") + "." + decidedBy(c)
}

func decidedBy(c kind.Class) string {
	switch {
	case c.Decided == "" && c.DecidedWhen.IsZero():
		return ""
	case c.DecidedWhen.IsZero():
		return " Decided by " + c.Decided + "."
	case c.Decided == "":
		return " Decided " + onDate(c.DecidedWhen) + "."
	}
	return " Decided by " + c.Decided + " " + onDate(c.DecidedWhen) + "."
}

// onDate writes when something was decided: on a day, or in a month, season or year.
func onDate(d fact.Date) string {
	switch d.Form {
	case fact.OnDay:
		return "on " + d.Words()
	case fact.InMonth, fact.InSeason, fact.InYear:
		return "in " + d.Words()
	}
	return d.Words()
}

// closed says to whoever does not see all of a record that there is more, and why they do not see it.
func (s *Site) closed(l *look, k fact.Key) string {
	if !slices.ContainsFunc(l.View.History(k), func(h graph.Version) bool { return h.Withheld }) {
		return ""
	}
	out := "Part of this is not public."
	if c := l.classNow(k); c.Visibility == kind.Restricted && c.Exempt != "" {
		out += " Reason: " + strings.TrimSuffix(c.Exempt, ".") + "." + decidedBy(c)
	}
	return out
}

// classLines say on the page of a record who may see it, to those who see it whole.
func (s *Site) classLines(l *look, k *kind.Kind, key fact.Key) []fieldLine {
	if s.closed(l, key) != "" || k.Section == kind.Admin || l.public() {
		return nil
	}
	f := fieldLine{"Who may see it", text(s.classWords(l.classNow(key)))}
	if l.present() && s.Desk != nil && l.mayClassify(k, key) {
		f.Lines = append(f.Lines, link{"Say who may see this", l.part(key, partClass)})
	}
	return []fieldLine{f}
}

// mayBeClassified says why nothing can be said here of who may see a record, or nothing.
func (s *Site) mayBeClassified(l *look, k *kind.Kind, key fact.Key) error {
	if err := s.asToday(l); err != nil { // a proposal says of nothing who may see it
		return err
	}
	if err := s.mayChange(l, k, key); err != nil {
		return err
	}
	if k.Section == kind.Admin || !l.mayClassify(k, key) {
		return access.RefuseClass(k)
	}
	return nil
}

// classStart asks who may see a record.
func (s *Site) classStart(k *kind.Kind) func(*look, *http.Request) (*page, error) {
	return func(l *look, r *http.Request) (*page, error) {
		key := fact.Key{Kind: k.Name, ID: fact.ID(r.PathValue("id"))}
		if err := s.mayBeClassified(l, k, key); err != nil {
			return nil, err
		}
		return s.classPage(l, key, nil, nil), nil
	}
}

func (s *Site) classPage(l *look, key fact.Key, typed kind.Typed, faults kind.Faults) *page {
	d := s.draftOf(l, &desk.Draft{Purpose: toClass, Record: key})
	p := firstQuestion(l.part(key, partClass), d.classSteps()[0], typed, faults)
	p.Label, p.Back = d.kind.Label, l.record(key)
	return p
}

// classBegin takes the first answer.
func (s *Site) classBegin(k *kind.Kind) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, err := s.look(r)
		if err != nil {
			return err
		}
		if err := readForm(r); err != nil {
			return err
		}
		key := fact.Key{Kind: k.Name, ID: fact.ID(r.PathValue("id"))}
		if err := s.mayBeClassified(l, k, key); err != nil {
			return err
		}
		given := desk.Draft{Purpose: toClass, Record: key, Seen: map[fact.Key]int64{key: l.View.Seen(key)}, Typed: map[string][]string{inputSees: r.PostForm[inputSees]}}
		st := s.draftOf(l, &given).classSteps()[0]
		if faults := st.read(given.Typed); len(faults) > 0 {
			return s.render(w, l, s.classPage(l, key, given.Typed, faults))
		}
		given.Typed[inputAnswered] = []string{st.name}
		return s.begin(w, r, l, given)
	}
}

// classSteps ask who may see a record and, where that is few, on what ground; who decided it; and why.
func (d *draft) classSteps() []step {
	was := d.l.classNow(d.key)
	steps := []step{d.seesStep(was)}
	if kind.Visibility(d.text(inputSees)) == kind.Restricted {
		steps = append(steps, d.groundStep(was))
	}
	return append(steps, d.decisionStep(was))
}

func (d *draft) seesStep(was kind.Class) step {
	st := step{
		name: "sees", heading: "Who may see “" + d.s.called(d.l, d.key) + "”?", inputs: []string{inputSees},
		lead: []string{"Now: " + d.s.classWords(was), "The answer holds for all its days and for all that was ever recorded of it: looking at the past shows nobody more. The records that it names, such as a person, keep their own."},
	}
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML {
		a := asked{typed: typed, faults: faults}
		message, _ := a.wrong(inputSees)
		c := govuk.Radios{Name: inputSees, IDPrefix: inputSees, ErrorMessage: message, Value: a.value(inputSees), Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Choose one", Classes: "govuk-visually-hidden"}}}
		for _, v := range kind.Visibilities {
			hint := sees[v].hint
			if v == kind.AsKind {
				hint = "Today: " + kind.Lower(sees[d.s.Book.Settings().OfKind(d.kind)].text) + "."
			}
			c.Items = append(c.Items, govuk.Radio{Text: sees[v].text, Value: string(v), Hint: govuk.Hint{Text: hint}})
		}
		return c.Render()
	}
	st.read = func(typed kind.Typed) kind.Faults {
		if v := (&asked{typed: typed}).value(inputSees); !slices.Contains(kind.Visibilities, kind.Visibility(v)) {
			return kind.Faults{{Field: inputSees, Inputs: []string{inputSees}, Message: "Select who may see it"}}
		}
		return nil
	}
	st.said = func(typed kind.Typed) string {
		return sees[kind.Visibility((&asked{typed: typed}).value(inputSees))].text
	}
	return st
}

func (d *draft) groundStep(was kind.Class) step {
	st := step{name: "ground", heading: "Why may the public not see it?", inputs: []string{inputExempt}, lead: []string{"The paragraphs are those of Schedule 12A, Part 1, to the Local Government Act 1972. Which one it is stands on the page for everybody who can see that the record is there."}}
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML {
		a := asked{typed: typed, faults: faults}
		message, _ := a.wrong(inputExempt)
		value := a.value(inputExempt)
		if !d.answered(st.name) && len(faults) == 0 {
			value = was.Exempt
		}
		c := govuk.Radios{Name: inputExempt, IDPrefix: inputExempt, ErrorMessage: message, Value: value, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Choose one", Classes: "govuk-visually-hidden"}}}
		for _, g := range kind.Exempting {
			c.Items = append(c.Items, govuk.Radio{Text: g.Code, Value: g.Code, Hint: govuk.Hint{Text: g.Label}})
		}
		return c.Render()
	}
	st.read = func(typed kind.Typed) kind.Faults {
		if _, ok := kind.GroundOf(kind.Exempting, (&asked{typed: typed}).value(inputExempt)); !ok {
			return kind.Faults{{Field: inputExempt, Inputs: []string{inputExempt}, Message: "Select the paragraph, or personal data"}}
		}
		return nil
	}
	st.said = func(typed kind.Typed) string { return (&asked{typed: typed}).value(inputExempt) }
	return st
}

// maxDecided is what the name of who decided may hold, in characters.
const maxDecided = 200

func (d *draft) decisionStep(was kind.Class) step {
	st := step{name: "decision", heading: "Who decided that, and why?", inputs: []string{inputDecided, inputWhen, inputNote}}
	must := kind.Visibility(d.text(inputSees)) == kind.Restricted
	when := &kind.Field{Name: inputWhen, Label: "When it was decided", Type: kind.Date}
	form := d.s.formOf(d.l, nil, []*kind.Field{when}, nil)
	st.ask = func(typed kind.Typed, faults kind.Faults) template.HTML {
		if !d.answered(st.name) && len(faults) == 0 && was.Visibility == kind.Restricted && must {
			typed = kind.ShowDate(inputWhen, was.DecidedWhen)
			typed[inputDecided] = []string{was.Decided}
		}
		a := asked{d.l, form, typed, faults}
		by, _ := a.wrong(inputDecided)
		why, _ := a.wrong(inputNote)
		label := "Who decided"
		if !must {
			label += " (optional)"
		}
		return govuk.Input{Name: inputDecided, ID: inputDecided, Value: a.value(inputDecided), Label: govuk.Label{Text: label, Classes: medium}, Hint: govuk.Hint{Text: "The office or the board, not a name. For example: the monitoring officer."}, ErrorMessage: by, Autocomplete: "off"}.Render() +
			a.controls() +
			govuk.Textarea{Name: inputNote, ID: inputNote, Rows: 3, Value: a.value(inputNote), Label: govuk.Label{Text: "Why", Classes: medium}, Hint: govuk.Hint{Text: "Stays in the history, for those who may see all of the record. Do not name people who use services."}, ErrorMessage: why}.Render()
	}
	st.read = func(typed kind.Typed) (faults kind.Faults) {
		a := asked{typed: typed}
		bad := func(input, message string) {
			faults = append(faults, kind.Fault{Field: input, Inputs: []string{input}, Message: message})
		}
		by, why := strings.TrimSpace(a.value(inputDecided)), strings.TrimSpace(a.value(inputNote))
		switch {
		case by == "" && must:
			bad(inputDecided, "Enter who decided")
		case len([]rune(by)) > maxDecided:
			bad(inputDecided, fmt.Sprintf("Who decided must be %d characters or fewer", maxDecided))
		case strings.ContainsAny(by, "\r\n"):
			bad(inputDecided, "Who decided must be one line")
		}
		_, wrong := form.Read(typed)
		faults = append(faults, wrong...)
		if d, _ := kind.ReadDate(when, typed); d.Form == fact.ToBeAgreed {
			bad(inputWhen, "When it was decided must be a date, or left empty where it is not known")
		}
		switch {
		case why == "":
			bad(inputNote, "Enter why")
		case len([]rune(why)) > maxNote:
			bad(inputNote, fmt.Sprintf("Why must be %s characters or fewer", thousands(maxNote)))
		}
		return faults
	}
	st.said = func(kind.Typed) string {
		c := d.class()
		return strings.TrimSpace(decidedBy(kind.Class{Decided: c.Decided, DecidedWhen: c.DecidedWhen}) + "\n" + d.text(inputNote))
	}
	return st
}

// class is what the answers say of who may see the record.
func (d *draft) class() kind.Class {
	c := kind.Class{Visibility: kind.Visibility(d.text(inputSees)), Decided: d.text(inputDecided)}
	c.DecidedWhen, _ = kind.ReadDate(&kind.Field{Name: inputWhen, Type: kind.Date}, d.typed())
	if c.Visibility == kind.Restricted {
		c.Exempt = d.text(inputExempt)
	}
	return c
}
