package web

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Parameters of the page of versions: the two that are compared.
const (
	fieldFirstVersion  = "first"
	fieldSecondVersion = "second"
	inputSummary       = "summary"
	inputNumber        = "number"
	maxSummary         = 2000
)

// versionsPage lists the versions of a proposal, and compares two.
type versionsPage struct {
	List    *table
	Empty   string
	Action  string // where a new one is made
	Number  int
	Fields  template.HTML
	Compare string
	First   []option
	Second  []option
	Hidden  []hidden
	*comparePage
}

func (p *proposal) versionsPage(r *http.Request) (*page, error) { return p.versions(r, &sent{r: r}) }

func (p *proposal) versions(r *http.Request, f *sent) (*page, error) {
	all := report.VersionsOf(p.l.View, p.key.ID)
	body := &versionsPage{Empty: "No version has a number yet.", comparePage: &comparePage{}}
	page := p.page("versions", "Versions", partVersions, body)
	if len(all) > 0 {
		body.List = newTable("Versions, the newest first", "Version", "What is new in it", "Made on", "As it was then")
		for i := len(all) - 1; i >= 0; i-- {
			x := all[i]
			then := p.after.here(func(c *look) {
				c.path, c.other, c.known = p.s.addresses.of(p.key)+"/"+partChanges, nil, strconv.FormatInt(x.Known, 10)
				c.proposal = ""
			})
			body.List.add([]link{{fmt.Sprintf("Version %d", x.Number), p.l.record(x.Record.Record)}}, text(x.Summary), text(x.Made.Words()), []link{{fmt.Sprintf("See the changes of version %d", x.Number), then}})
		}
	}
	if p.may() && p.open() {
		body.Number = 1
		if n := len(all); n > 0 {
			body.Number = all[n-1].Number + 1
		}
		a := &asked{typed: f.typed, faults: f.faults}
		wrong, _ := a.wrong(inputSummary)
		body.Action = p.part(partVersions)
		body.Fields = govuk.Textarea{Name: inputSummary, ID: inputSummary, Rows: 3, Value: a.value(inputSummary), Label: govuk.Label{Text: "What is new in it (optional)", Classes: medium}, Hint: govuk.Hint{Text: fmt.Sprintf("The proposal as it is now gets the number %d. People can then say which version they saw.", body.Number)}, ErrorMessage: wrong}.Render()
	}
	if len(all) > 0 {
		p.compareVersions(r, page, body, all)
	}
	return page, nil
}

// compareVersions sets two versions side by side, or one and the proposal as it is looked at.
func (p *proposal) compareVersions(r *http.Request, page *page, body *versionsPage, all []report.Numbered) {
	first, second := p.l.other.Get(fieldFirstVersion), p.l.other.Get(fieldSecondVersion)
	body.Compare = escaped(p.l.path)
	body.Hidden = newSearchForm(p.l, "").Hidden
	now := option{Value: "", Text: "As it is looked at now"}
	for _, x := range all {
		n := strconv.Itoa(x.Number)
		body.First = append(body.First, option{n, "Version " + n, first == n})
		body.Second = append(body.Second, option{n, "Version " + n, second == n})
	}
	now.Selected = second == ""
	body.Second = append(body.Second, now)
	at := func(number string) *look {
		c := *p.after
		for _, x := range all {
			if strconv.Itoa(x.Number) == number && x.Known <= p.l.View.Known() {
				c.known, c.byDay = strconv.FormatInt(x.Known, 10), false
				c.View = p.l.seen.View(p.l.View.On(), x.Known).With(p.key.ID)
			}
		}
		return &c
	}
	if first == "" {
		return
	}
	before, after := at(first), at(second)
	name := "now"
	if second != "" {
		name = "version " + second
	}
	page.State = "version " + first + " and " + name
	c := p.proposedBetween(before, after)
	body.comparePage.Between = "Version " + first + ", compared with " + name
	p.s.compared(p.l, page, body.comparePage, comparison{before, after, c, "Version " + first, capital(name), "The proposal says the same in both."}, r.URL.Query().Get(fieldPage))
	body.Filter, body.Views = nil, nil
}

// proposedBetween is what differs between two versions in what the proposal itself says: what changed in force meanwhile is left out.
func (p *proposal) proposedBetween(before, after *look) report.Changes {
	c := report.ChangesBetween(p.s.Pack, before.View, after.View)
	rows := c.Rows[:0:0]
	for _, x := range c.Rows {
		if before.View.Speaks(x.Record.Record) || after.View.Speaks(x.Record.Record) {
			rows = append(rows, x)
		}
	}
	return report.Changes{Rows: rows, Summary: capital(count(len(rows), "record differs", "records differ")) + "."}
}

// makeVersion gives the proposal as it is a number.
func (p *proposal) makeVersion(f *sent) error {
	to := p.part(partVersions)
	summary := f.text(inputSummary)
	if !p.open() {
		return &trouble{kind: errConflict, text: "This proposal is decided. Its versions stay as they are.", links: []link{{"Versions", to}}}
	}
	if len([]rune(summary)) > maxSummary {
		f.fault(inputSummary, fmt.Sprintf("It must be %s characters or fewer", thousands(maxSummary)))
		page, err := p.versions(f.r, f)
		return p.again(f, page, err)
	}
	if all := report.VersionsOf(p.l.View, p.key.ID); len(all) > 0 {
		if last := all[len(all)-1]; f.text(inputNumber) == strconv.Itoa(last.Number) && last.Summary == summary {
			redirect(f.w, f.r, to, http.StatusSeeOther) // sent twice
			return nil
		}
	}
	doc := p.after.View.NewVersion(summary, p.l.today)
	if n := numberIn(doc); n != f.text(inputNumber) {
		return &trouble{kind: errConflict, text: "Somebody else made a version meanwhile, so the next number is " + n + ". Look at theirs, and then make yours.", links: []link{{"Versions", to}}}
	}
	return p.put(f, book.Change{Docs: []kind.Doc{doc}, After: p.l.newest}, to)
}

// numberIn gives the number of a version.
func numberIn(d kind.Doc) string {
	for _, v := range d.Values {
		if v.Field.Name == inputNumber {
			return v.JSON
		}
	}
	return ""
}

// updatePage shows what changed in force under a proposal, and asks what is to be chosen.
type updatePage struct {
	Lead    []string
	Carried *table
	Both    *table
	Action  string
	Fields  template.HTML
	Seen    int64
}

// mostMoved is how many choices are asked for one by one, and how many rows each table has; what remains is chosen at once.
const (
	mostMoved = 50
	inputRest = "take-rest"
)

// movedNow is what changed in force under the proposal.
func (p *proposal) movedNow() []graph.Moved {
	return keep(p.after, keptMoved{}, func() []graph.Moved { return p.after.View.Moved() })
}

func (p *proposal) updatePage(r *http.Request) (*page, error) { return p.moved(&sent{r: r}) }

func (p *proposal) moved(f *sent) (*page, error) {
	all := p.movedNow()
	body := &updatePage{Seen: p.l.newest}
	page := p.page("update", "Bring it up to date", "", body)
	page.Crumbs = []link{{p.s.title(p.record), p.l.record(p.key)}}
	body.Carried = newTable("Changed in force, and carried into the proposal", "Record", "What", "It was", "In force now")
	body.Both = newTable("Changed by both", "Record", "What", "It was", "In force now", "Proposed")
	a := &asked{typed: f.typed, faults: f.faults}
	may := p.may() && p.open()
	carried, chosen, asks := 0, 0, map[graph.Choice]bool{}
	for _, m := range all {
		for _, x := range m.Fields {
			again := x.Conflict && asks[m.Choice(x)] // on other days
			switch {
			case !x.Conflict:
				carried++
			case !again:
				asks[m.Choice(x)] = true
				chosen++
			}
			if x.Conflict && chosen > mostMoved || !x.Conflict && carried > mostMoved {
				continue
			}
			p.movedRow(body, m, x)
			if x.Conflict && !again && may {
				body.Fields += p.choice(m, x, a)
			}
		}
	}
	for t, n := range map[*table]int{body.Carried: carried, body.Both: chosen} {
		if rest := n - mostMoved; rest > 0 {
			t.Caption += ": the first " + thousands(mostMoved) + " of " + thousands(int64(n))
		}
	}
	if rest := chosen - mostMoved; rest > 0 && may {
		wrong, _ := a.wrong(inputRest)
		body.Fields += govuk.Radios{Name: inputRest, IDPrefix: inputRest, Value: a.value(inputRest), ErrorMessage: wrong, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "All that is not listed here: " + count(rest, "choice", "choices"), Classes: "govuk-fieldset__legend--s"}},
			Items: []govuk.Radio{{Text: "As it is in force", Value: "force"}, {Text: "As it is proposed", Value: "proposal"}}}.Render()
	}
	switch {
	case len(all) == 0:
		body.Lead = []string{"Nothing of which the proposal speaks has changed in force since it was written. It is up to date."}
	case chosen == 0:
		body.Lead = []string{"Nothing has to be chosen. What changed in force is carried into the proposal."}
	default:
		body.Lead = []string{"The record in force and the proposal both changed the same. Choose what the proposal is to say. Nothing that is in force changes."}
	}
	if len(body.Carried.Rows) == 0 {
		body.Carried = nil
	}
	if len(body.Both.Rows) == 0 {
		body.Both = nil
	}
	if len(all) > 0 && may {
		body.Action = p.part(partUpdate)
	}
	return page, nil
}

// inForce are the three states of what moved, in words: in force then and now, and as proposed.
func inForce(x graph.MovedField) (what, was, now, proposed string) {
	if x.Field == nil {
		return "Whether it is there", isThere(x.Was), isThere(x.Now), "Is there"
	}
	return x.Field.Label, inWords(x.Was), inWords(x.Now), inWords(x.Proposed)
}

func (p *proposal) movedRow(body *updatePage, m graph.Moved, x graph.MovedField) {
	name := []link{{p.s.called(p.after, m.Record), p.after.record(m.Record)}}
	what, was, now, proposed := inForce(x)
	if x.Conflict {
		body.Both.add(name, text(what), text(was), text(now), text(proposed))
	} else {
		body.Carried.add(name, text(what), text(was), text(now))
	}
}

// choice asks what a proposal is to say where the record in force was changed as well.
func (p *proposal) choice(m graph.Moved, x graph.MovedField, a *asked) template.HTML {
	what, _, now, proposed := inForce(x)
	input := choiceInput(m.Choice(x))
	wrong, _ := a.wrong(input)
	return govuk.Radios{
		Name: input, IDPrefix: input, Value: a.value(input), ErrorMessage: wrong,
		Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: p.s.called(p.after, m.Record) + ": " + kind.Lower(what), Classes: "govuk-fieldset__legend--s"}},
		Items:    []govuk.Radio{{Text: "As it is in force: " + shorten(now), Value: "force"}, {Text: "As it is proposed: " + shorten(proposed), Value: "proposal"}},
	}.Render()
}

// choiceInput names the input of a choice.
func choiceInput(c graph.Choice) string { return "take." + c.Record.String() + "." + c.Field }

func inWords(s string) string {
	if s == "" {
		return "Nothing recorded"
	}
	return s
}

func isThere(s string) string {
	if s == "" {
		return "Is not there"
	}
	return "Is there"
}

// update brings the proposal up to date as is chosen.
func (p *proposal) update(f *sent) error {
	to := p.l.record(p.key)
	if !p.open() {
		return &trouble{kind: errConflict, text: "This proposal is decided, so nothing more can be changed in it.", links: []link{{"Back to the proposal", to}}}
	}
	choices, n := map[graph.Choice]bool{}, 0
	for _, m := range p.movedNow() {
		for _, x := range m.Fields {
			if _, again := choices[m.Choice(x)]; again || !x.Conflict {
				continue
			}
			input := choiceInput(m.Choice(x))
			if n++; n > mostMoved {
				input = inputRest
			}
			switch f.text(input) {
			case "force":
				choices[m.Choice(x)] = true
			case "proposal":
				choices[m.Choice(x)] = false
			default:
				if n <= mostMoved {
					f.fault(input, "Select what the proposal is to say of “"+m.Title+"”")
				} else if n == mostMoved+1 {
					f.fault(input, "Select what the proposal is to say of all that is not asked one by one")
				}
			}
		}
	}
	if len(f.faults) > 0 {
		page, err := p.moved(f)
		return p.again(f, page, err)
	}
	if seen, err := strconv.ParseInt(f.text(inputSeenEntry), 10, 64); err != nil || seen != p.l.newest && p.movedSince(seen) {
		return &trouble{kind: errConflict, text: "Something more changed after you looked. Look again at what is to be chosen.", links: []link{{"Bring it up to date", p.part(partUpdate)}}}
	}
	edit, problems := p.after.View.Rebase(choices)
	if problems != nil {
		return p.problems(problems)
	}
	if len(edit.Docs) == 0 { // sent twice
		redirect(f.w, f.r, to, http.StatusSeeOther)
		return nil
	}
	seen := map[fact.Key]int64{}
	for _, d := range edit.Docs {
		seen[d.Key()] = p.after.View.Seen(d.Key())
	}
	return p.put(f, book.Change{Docs: edit.Docs, Seen: seen, Proposal: p.key.ID}, to)
}

// movedSince reports whether what is to be chosen is other than it was as known at a position.
func (p *proposal) movedSince(position int64) bool {
	then := p.l.seen.View(p.l.View.On(), position).With(p.key.ID).Moved()
	return fmt.Sprint(report.NewMovedJSON(then)) != fmt.Sprint(report.NewMovedJSON(p.after.View.Moved()))
}

// problems says what stands against a change of the proposal.
func (p *proposal) problems(problems kind.Problems) error {
	says := ""
	for _, x := range problems {
		says += sentence(x.What) + " " + sentence(x.Remedy) + " "
	}
	return &trouble{kind: errConflict, text: says, links: []link{{"Back to the proposal", p.l.record(p.key)}}}
}

const inputSeenEntry = "seen"
