package main

import (
	"fmt"

	"plumbline/internal/assure"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/report"
)

type contingencyCmd struct {
	proposed
	Depth int `enum:"1,2" default:"1" help:"With 2, take away two at once of those that matter most, and show what only the two together break."`
}

func (contingencyCmd) Help() string {
	return "Takes away each person in a post, each post, each seat and each piece of evidence on which a judgement rests, one at a time, and says what would break: the worst first. Nothing is recorded.\n\nExamples:\n  plumbline contingency council.db\n  plumbline contingency council.db --on 2015-06-05 --proposal people-directorate\n  plumbline contingency council.db --depth 2 --format json"
}

func (c contingencyCmd) Run(a *app) error {
	o, err := c.see(a)
	if err != nil {
		return err
	}
	defer o.book.Close()
	d, data := contingency(o, c.Depth == 2)
	return o.write(c.Format, d, data)
}

func contingency(o *opened, pairs bool) (report.Document, any) {
	c := assure.ContingencyOf(o.pack, o.view, pairs)
	return report.Contingency(c, councilName(o.view)), report.NewContingencyJSON(c, report.NewWhen(o.view, o.root))
}

type timelineCmd struct {
	reading
	From     string `placeholder:"DAY" help:"The first day. Default: twelve months before the day looked at."`
	To       string `placeholder:"DAY" help:"The last day. Default: twenty-four months after the day looked at."`
	Proposal string `placeholder:"ID" help:"Read this proposal on its own days: the record as it would come to be."`
	Launch   string `placeholder:"DAY" help:"When what the proposal leaves undated would take effect. Default: the day that the proposal says, or else the day looked at."`
	Pack     string `placeholder:"ID" default:"england" help:"The pack of law. Default: ${default}."`
}

func (timelineCmd) Help() string {
	return "Says how each criterion of the test of assurance and each rule stood, and will stand as far as is agreed, from one day to another; on which days that changes, and by what; and when each criterion next lapses after the day looked at.\n\nExamples:\n  plumbline timeline council.db --from 2003-01-01 --to 2003-12-31\n  plumbline timeline council.db --from 2015-06-01 --to 2016-12-31 --proposal people-directorate --launch 2015-09-01"
}

// longestTimeline is how many years a timeline may span.
const longestTimeline = 50

func (c timelineCmd) Run(a *app) error {
	o, err := c.look(a, c.Pack)
	if err != nil {
		return err
	}
	defer o.book.Close()
	if err := o.with(c.Proposal); err != nil {
		return err
	}
	if err := o.planned(c.Proposal != "", c.Launch); err != nil {
		return err
	}
	from, to := o.view.On().AddMonths(-12), o.view.On().AddMonths(24)
	for _, x := range []struct {
		name, said string
		day        *fact.Day
	}{{"--from", c.From, &from}, {"--to", c.To, &to}} {
		if x.said != "" {
			if *x.day, err = fact.ParseDay(x.said); err != nil {
				return fmt.Errorf("%s: %w", x.name, err)
			}
		}
	}
	switch {
	case to < from:
		return fmt.Errorf("--to %s comes before --from %s: give the earlier day first", to, from)
	case to > from.AddMonths(12*longestTimeline):
		return fmt.Errorf("from %s to %s is more than %d years: ask for fewer", from, to, longestTimeline)
	}
	d, data := standings(o, from, to)
	return o.write(c.Format, d, data)
}

func standings(o *opened, from, to fact.Day) (report.Document, any) {
	s := report.StandingsOf(o.pack, o.view, from, to)
	return s.Document(councilName(o.view), o.view.On()), report.NewStandingsJSON(s, report.NewWhen(o.view, o.root))
}

// standingsAround is the timeline of a report: a year back and two on, with the proposal looked at on its own days.
func standingsAround(o *opened, _ *graph.View) (report.Document, any) {
	if o.view.AsIf() {
		x := *o
		x.view = o.view.Planned(o.view.Proposal(), o.launch)
		o = &x
	}
	return standings(o, o.view.On().AddMonths(-12), o.view.On().AddMonths(24))
}
