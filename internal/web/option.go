package web

import (
	"net/http"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/report"
)

const (
	inputOption = "title"
	maxOption   = 200
)

// optionPage asks what another option is called, which begins with what this proposal says.
func (p *proposal) optionPage(r *http.Request) (*page, error) { return p.asksOption(&sent{r: r}) }

func (p *proposal) asksOption(f *sent) (*page, error) {
	if !p.l.present() || !p.l.me.May(access.Propose) {
		return nil, access.Refuse(access.Propose)
	}
	wrong, _ := (&asked{faults: f.faults}).wrong(inputOption)
	title := govuk.Input{Name: inputOption, ID: inputOption, Value: f.text(inputOption), ErrorMessage: wrong, Label: govuk.Label{Text: "What is the option called?", Classes: medium}, Hint: govuk.Hint{Text: "For example Two directorates."}}
	return &page{
		Template: "question", Label: "Proposal: " + p.s.title(p.record), Heading: "Begin another option", Back: p.l.record(p.key), Undated: true, Narrow: true,
		Body: &questionPage{
			Action: p.part(partOption), Button: "Begin the option", Fields: title.Render(),
			Lead: []string{"It begins as a draft that says what this proposal says. Change it then: this one stays as it is. The two are shown side by side."},
		},
	}, nil
}

// makeOption begins another option.
func (p *proposal) makeOption(f *sent) error {
	title := f.text(inputOption)
	switch n := len([]rune(title)); {
	case title == "":
		f.fault(inputOption, "Enter what the option is called")
	case n > maxOption:
		f.fault(inputOption, "It must be "+thousands(maxOption)+" characters or fewer")
	}
	for _, o := range report.OptionsOf(p.l.View, p.record) {
		if o.Record.Text == title && title != "" {
			if o.Status == "draft" && o.Changes == len(p.after.View.Touched()) { // sent twice
				redirect(f.w, f.r, p.l.record(o.Record.Record), http.StatusSeeOther)
				return nil
			}
			f.fault(inputOption, "There is an option called that already. Enter another title")
		}
	}
	if !p.open() {
		f.fault(inputOption, "This proposal is decided, so no option can be made of it")
	}
	if len(f.faults) > 0 {
		page, err := p.asksOption(f)
		return p.again(f, page, err)
	}
	key, edit, problems := p.s.Book.View(p.l.today, p.l.newest).With(p.key.ID).Sibling(title, p.l.today)
	if problems != nil {
		return p.problems(problems)
	}
	seen := map[fact.Key]int64{}
	for _, d := range edit.Docs {
		if d.Proposal == "" {
			seen[d.Key()] = p.l.View.Seen(d.Key())
		}
	}
	return p.put(f, book.Change{Docs: edit.Docs, Seen: seen}, p.l.record(key))
}
