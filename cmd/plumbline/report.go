package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"plumbline/internal/assure"
	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

type reportCmd struct {
	reading
	Name     string `arg:"" optional:"" help:"The report. Without it, the reports that there are."`
	Proposal string `placeholder:"ID" help:"The proposal that the report is about, or that is laid over the record."`
	Launch   string `placeholder:"DAY" help:"When what a proposal leaves undated would take effect. Default: the day that the proposal says, or else the day looked at."`
	Test     string `placeholder:"ID" help:"The test of assurance that the report is about. Default: the newest on record."`
	Annex    bool   `help:"List behind a letter what it rests on: the evidence, and by their roles those who were met."`
	Output   string `short:"o" placeholder:"FILE" help:"The file to write: Word (.docx), a page (.html), text (.txt), Markdown (.md) or JSON (.json). Default: the screen."`
}

func (reportCmd) Help() string {
	return "Writes a report, for people or for a program. What the record does not hold is marked [Not recorded: …] and never made up.\n\nExamples:\n  plumbline report council.db\n  plumbline report council.db who -o who-answers.docx\n  plumbline report council.db check --proposal people-directorate --on 2015-06-05 -o check.docx"
}

// printed is a report that can be asked for by its name. It is given the view without the proposal; with it is the one that is looked at.
type printed struct {
	name, about string
	proposal    bool // it is about one
	make        func(o *opened, without *graph.View) (report.Document, any)
}

var reports = []printed{
	{"check", "What the record shows, tested against the law of the day", false, func(o *opened, _ *graph.View) (report.Document, any) {
		d, x := checked(o, false)
		return d, report.NewCheckJSON(x, o.root, false)
	}},
	{"contingency", "What would break if a person in a post, a post, a seat or a piece of evidence were gone", false, func(o *opened, _ *graph.View) (report.Document, any) {
		return contingency(o, false)
	}},
	{"timeline", "How each criterion and rule stands day by day, from a year before to two years after, and when it next lapses", false, standingsAround},
	{"who", "Who answers in law, on a page to print", false, func(o *opened, _ *graph.View) (report.Document, any) {
		return report.WhoOnOnePage(o.pack, o.view, fact.DayIn(o.a.now())), report.AnswersJSON{When: report.NewWhen(o.view, o.root), Functions: report.AnswersOf(o.pack, o.view)}
	}},
	{"forecast", "What a proposal would do, wave by wave: to the law pack's findings, the statutory roles, posts and money, and what it leaves to be done", true, func(o *opened, without *graph.View) (report.Document, any) {
		f := report.ForecastOf(o.pack, without, o.view.Proposal(), o.launch)
		return f.Document(report.DatesOf(without)), report.NewForecastJSON(report.NewWhen(o.view, o.root), f)
	}},
	{"changes", "What a proposal would change", true, func(o *opened, without *graph.View) (report.Document, any) {
		d := report.Diff(without, o.view, o.root)
		return d.Document("What would change: "+o.view.Called(fact.Key{Kind: graph.Proposal, ID: o.view.Proposal()}), report.DatesOf(o.view)), d
	}},
	{"decision", "The report on a proposal to those who decide on it", true, func(o *opened, without *graph.View) (report.Document, any) {
		d := report.DecisionOf(o.pack, without, o.view.Proposal(), o.root, func(v *graph.View) *assure.Assessment { return assure.Assess(o.pack, v) })
		f, t := report.ForecastOf(o.pack, without, o.view.Proposal(), o.launch), transferOf(o)
		d = d.Foreseen(&f, &t)
		return d.Document(), d
	}},
	{"people", "The staff whom a proposal touches: who is in posts that would end, move or change", true, func(o *opened, without *graph.View) (report.Document, any) {
		x := report.PeopleOf(o.pack, without, o.view.Proposal(), true)
		return x.Document(), x
	}},
	{"staff-organisation", "The report of the head of paid service on the organisation of staff under a proposal", true, func(o *opened, without *graph.View) (report.Document, any) {
		s := report.StaffOrganisationOf(o.pack, without, o.view.Proposal(), o.root)
		return s.Document(), s
	}},
	{"summary", "What a test of assurance judged, criterion by criterion, its conditions and recommendations, and how they stand", false, func(o *opened, _ *graph.View) (report.Document, any) {
		s := report.SummaryOf(o.pack, o.test)
		return s.Document(o.view), testJSON{report.NewWhen(o.view, o.root), s}
	}},
	{"test-comparison", "A test of assurance beside the one before it: judgements, findings and who carried it out", false, func(o *opened, _ *graph.View) (report.Document, any) {
		c := report.CompareTests(o.pack, o.test, o.pack.Run(o.view))
		if c == nil {
			return report.Document{Title: "There is no earlier test to compare it with", Dates: report.DatesOf(o.view)}, testJSON{report.NewWhen(o.view, o.root), nil}
		}
		return c.Document(o.view), testJSON{report.NewWhen(o.view, o.root), c}
	}},
	{"live", "How a test of assurance stands: its judgements when issued and now, its conditions, what changed since and what calls for a fresh look", false, func(o *opened, _ *graph.View) (report.Document, any) {
		x := report.LiveOf(o.pack, o.test, assessedTest(o, o.test))
		return x.Document(o.view), testJSON{report.NewWhen(o.view, o.root), x}
	}},
	{"statements", "What the holders of statutory roles state in the quarter of the day: changes, gaps, risks, inspections and what is carried forward", false, func(o *opened, _ *graph.View) (report.Document, any) {
		x := report.StatementsOf(o.pack, o.view, report.QuarterOf(o.view.On()), func(v *graph.View) *assure.Assessment { return assure.Assess(o.pack, v) })
		return x.Document(o.view), statementsJSON{report.NewWhen(o.view, o.root), x}
	}},
	{"recruitment", "The posts that are being filled: who was chosen, from where they come and when they start", false, func(o *opened, _ *graph.View) (report.Document, any) {
		v := o.onItsDays()
		d, rows := report.RecruitmentOf(o.pack, v)
		return d, recruitmentJSON{report.NewWhen(v, o.root), rows}
	}},
	{"transfer", "Where each function goes under a proposal, by day, and what stands against it", true, func(o *opened, without *graph.View) (report.Document, any) {
		t := transferOf(o)
		return t.Document(report.DatesOf(without)), transferJSON{report.NewWhen(without, o.root), t.JSON()}
	}},
	{"origins", "What came from where under a proposal: of each body, what became of its functions", true, func(o *opened, without *graph.View) (report.Document, any) {
		t := transferOf(o)
		return t.Origins(report.DatesOf(without)), transferJSON{report.NewWhen(without, o.root), t.JSON()}
	}},
	{"letter", "The letter of a test of assurance, as the record gives it", false, func(o *opened, without *graph.View) (report.Document, any) {
		x := report.LetterOf(o.pack, without, o.test.Key(), o.root)
		d := x.Document(o.annex)
		l := letterJSON{AssuranceLetter: x, Removed: []report.RemovedJSON{}}
		if went := report.LettersOf(without, o.test.Key(), "issue"); len(went) > 0 {
			last := went[len(went)-1]
			removed := report.RemovedFrom(o.pack, o.book.View(without.On(), -1), last)
			for _, m := range removed {
				l.Removed = append(l.Removed, report.NewRemovedJSON(m))
			}
			if says := report.RemovedWords(removed); says != "" {
				d.Lead = append(d.Lead, "A letter of this test was issued on "+last.Date("dated").Words()+". "+says+" So this is not that letter to the byte, and neither is what anybody makes again of it.")
			}
		}
		return d, l
	}},
}

// letterJSON is a letter with what was removed, since it was issued, of what it was made from.
type letterJSON struct {
	report.AssuranceLetter
	Removed []report.RemovedJSON `json:"removed"`
}

// testJSON is a report on a test of assurance.
type testJSON struct {
	report.When
	Test any `json:"test"` // null where there is nothing to compare it with
}

// ofTests are the reports on one test of assurance.
var ofTests = []string{"summary", "test-comparison", "live", "letter"}

// testOf finds the test that a report is about: the one that is named, or the newest on record.
func (o *opened) testOf(id string) (*graph.Record, error) {
	if id == "" {
		all := report.Testing(o.view)
		if len(all) == 0 {
			return nil, errors.New("no test of assurance is on record on this day")
		}
		return all[len(all)-1], nil
	}
	k := fact.Key{Kind: "test", ID: fact.ID(strings.TrimPrefix(id, "test/"))}
	r := o.view.Record(k)
	switch {
	case len(o.view.History(k)) == 0:
		return nil, o.noSuch(k)
	case r == nil:
		return nil, fmt.Errorf("the test %q is not on record on %s", id, o.view.On().Words())
	}
	return r, nil
}

// onItsDays is the view that is looked at, with a proposal on its own days.
func (o *opened) onItsDays() *graph.View {
	if o.view.Proposal() == "" {
		return o.view
	}
	launch, _ := report.AssumedLaunch(o.view, o.view.Proposal())
	return o.view.Planned(o.view.Proposal(), launch)
}

type statementsJSON struct {
	report.When
	*report.Statements
}

type recruitmentJSON struct {
	report.When
	Recruitment []report.RecruitingJSON `json:"recruitment"`
}

// transferJSON is where each function goes.
type transferJSON struct {
	report.When
	Transfer []report.MovingJSON `json:"transfer"`
}

func (c reportCmd) Run(a *app) error {
	var names []string
	var p *printed
	for i := range reports {
		names = append(names, reports[i].name)
		if reports[i].name == c.Name {
			p = &reports[i]
		}
	}
	switch {
	case c.Name == "":
		t := report.Table{Head: []string{"Report", "What it is"}}
		for _, r := range reports {
			t.Rows = append(t.Rows, []report.Cell{{Text: r.name}, {Text: r.about}})
		}
		return (&opened{a: a}).write("text", report.Document{Title: "Reports", Sections: []report.Section{{Blocks: []report.Block{t}}}}, nil)
	case p == nil:
		return fmt.Errorf("there is no report %q.%s The reports are %s", c.Name, didYouMean(c.Name, names), report.And(names))
	case p.proposal && c.Proposal == "":
		return fmt.Errorf("the report %q is about a proposal; say which one with --proposal", c.Name)
	}
	format, err := formatOf(c.Output)
	if err != nil {
		return err
	}
	o, err := c.look(a, "")
	if err != nil {
		return err
	}
	defer o.book.Close()
	without := o.view
	if err := o.with(c.Proposal); err != nil {
		return err
	}
	if o.launch, err = launchOf(c.Launch); err != nil {
		return err
	}
	if o.annex = c.Annex; slices.Contains(ofTests, p.name) {
		if o.test, err = o.testOf(c.Test); err != nil {
			return err
		}
	}
	d, data := p.make(o, without)
	if d.Letterhead == nil && o.view.Record(fact.Key{Kind: graph.Council, ID: "council"}) != nil {
		d.Council = councilName(o.view)
	}
	if c.Output == "" {
		return o.write(c.Format, d, data)
	}
	err = writeFile(c.Output, func(w io.Writer) error {
		switch format {
		case "docx":
			return exchange.DOCX(w, d)
		case "html":
			return exchange.HTML(w, d)
		}
		to := *a
		to.out = w
		return (&opened{a: &to}).write(format, d, data)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Wrote %s: %s. %s\n", c.Output, d.Title, d.Dates)
	return nil
}

// formatOf gives the format of a file by its ending.
func formatOf(name string) (string, error) {
	format := map[string]string{".docx": "docx", ".html": "html", ".txt": "text", ".md": "markdown", ".json": "json"}
	ending := strings.ToLower(filepath.Ext(name))
	f, ok := format[ending]
	switch {
	case name == "":
		return "", nil
	case !ok:
		return "", errors.New("-o: " + filepath.Base(name) + " is none of .docx, .html, .txt, .md and .json")
	}
	return f, nil
}
