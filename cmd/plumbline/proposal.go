package main

import (
	"errors"
	"fmt"
	"strings"

	"plumbline/internal/book"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

type proposalCmd struct {
	List     proposalListCmd     `cmd:"" help:"List the proposals, with what each would change and when."`
	Version  proposalVersionCmd  `cmd:"" help:"Give the state of a proposal a number, so that people can say which one they saw."`
	Rebase   proposalRebaseCmd   `cmd:"" help:"Bring a proposal up to date with what changed in force under it."`
	Adopt    proposalAdoptCmd    `cmd:"" help:"Bring a proposal into force, with the decision: all of it or nothing."`
	Approve  proposalApproveCmd  `cmd:"" help:"Record that a proposal is agreed. Nothing comes into force."`
	Reject   proposalRejectCmd   `cmd:"" help:"Record that a proposal was rejected."`
	Withdraw proposalWithdrawCmd `cmd:"" help:"Record that a proposal was withdrawn."`
	TakeIn   proposalTakeInCmd   `cmd:"" help:"Take in the functions of another body from the export of its record, so that a proposal can place them."`
}

type proposalListCmd struct{ reading }

func (c proposalListCmd) Run(a *app) error {
	o, err := c.look(a, "")
	if err != nil {
		return err
	}
	defer o.book.Close()
	all := report.ProposalsOf(o.view)
	return o.write(c.Format, report.Proposals(o.view, all), report.NewProposalsJSON(all))
}

// proposing is what every verb takes that changes a proposal.
type proposing struct {
	Record   string `arg:"" help:"The file that holds the record."`
	ID       string `arg:"" name:"id" help:"The proposal, as in people-directorate."`
	DryRun   bool   `help:"Say what would be recorded, and record nothing."`
	Recorded string `placeholder:"DATE" help:"Reconstruct the past: the day on which the council learned it. Only until the record is opened."`
}

// change works out a change from the record as it is now with the proposal laid over it, and makes it. If somebody else changes the record meanwhile, it is
// worked out again.
func (c *proposing) change(a *app, make func(o *opened) (graph.Edit, error)) error {
	b, p, err := a.open(c.Record, defaultPack, true)
	if err != nil {
		return err
	}
	defer b.Close()
	o := &opened{a: a, book: b, pack: p}
	change := book.Change{}
	if c.Recorded != "" {
		d, err := fact.ParseDay(c.Recorded)
		if err != nil {
			return fmt.Errorf("--recorded: %w", err)
		}
		change.Recorded = &d
	}
	const attempts = 5
	for range attempts {
		if err := o.at("", ""); err != nil {
			return err
		}
		if err := o.with(c.ID); err != nil {
			return err
		}
		edit, err := make(o)
		if err != nil {
			return err
		}
		if len(edit.Docs) == 0 {
			return nil
		}
		for _, n := range edit.Notes {
			fmt.Fprintln(a.out, n)
		}
		change.Docs, change.After = edit.Docs, o.view.Known()
		if c.DryRun {
			n, err := b.Check(book.Owner, change)
			if err != nil {
				return loadCmd{}.refused(err)
			}
			fmt.Fprintf(a.out, "%s would be recorded. Nothing was recorded.\n", entries(n))
			return nil
		}
		r, err := b.Do(a.ctx, book.Owner, change)
		if errors.Is(err, fact.ErrStale) {
			continue
		}
		if err != nil {
			return loadCmd{}.refused(err)
		}
		fmt.Fprintf(a.out, "Recorded %s (%d to %d).\n", entries(r.Entries), r.First, r.Last)
		return nil
	}
	return fmt.Errorf("others keep changing the record; try again in a moment")
}

type proposalVersionCmd struct {
	proposing
	Summary string `placeholder:"TEXT" help:"What is new in it."`
}

func (c proposalVersionCmd) Run(a *app) error {
	return c.change(a, func(o *opened) (graph.Edit, error) {
		made := fact.DayIn(a.now())
		if c.Recorded != "" {
			made, _ = fact.ParseDay(c.Recorded)
		}
		doc := o.view.NewVersion(c.Summary, made)
		fmt.Fprintf(a.out, "Version %s of %s.\n", number(doc), o.view.Called(fact.Key{Kind: graph.Proposal, ID: o.view.Proposal()}))
		return graph.Edit{Docs: []kind.Doc{doc}}, nil
	})
}

// number gives the number of a version.
func number(d kind.Doc) string {
	for _, v := range d.Values {
		if v.Field.Name == "number" {
			return v.JSON
		}
	}
	return ""
}

type proposalRebaseCmd struct {
	proposing
	Take   string   `enum:"force,proposal," default:"" placeholder:"force|proposal" help:"Where both changed the same: take what is in force, or what is proposed."`
	Choose []string `placeholder:"KIND/ID.FIELD=force|proposal" help:"The same for one field of one record, or for one record (KIND/ID=…). Counts before --take."`
	Format string   `enum:"text,json,markdown" default:"text" help:"How to write what changed: ${enum}."`
}

func (proposalRebaseCmd) Help() string {
	return "A proposal is written over the record in force. Where a record of which it speaks was changed in force since, what only the record in force changed is carried into the proposal; where both changed the same, you choose. Without a choice nothing is recorded, what is to be chosen is listed, and the verb ends with 1.\n\nExamples:\n  plumbline proposal rebase council.db people-directorate\n  plumbline proposal rebase council.db people-directorate --choose post/director-adults.title=force --take proposal"
}

func (c proposalRebaseCmd) Run(a *app) error {
	chosen := map[graph.Choice]bool{}
	for _, s := range c.Choose {
		name, take, ok := strings.Cut(s, "=")
		kindID, field, _ := strings.Cut(name, ".")
		k, id, ok2 := strings.Cut(kindID, "/")
		if !ok || !ok2 || take != "force" && take != "proposal" {
			return fmt.Errorf("--choose: %q is not understood. Write a record, a field and what to take, as in post/director-adults.title=force", s)
		}
		chosen[graph.Choice{Record: fact.Key{Kind: fact.KindName(k), ID: fact.ID(id)}, Field: field}] = take == "force"
	}
	return c.change(a, func(o *opened) (graph.Edit, error) {
		moved := o.view.Moved()
		choices := map[graph.Choice]bool{}
		open, known := 0, map[graph.Choice]bool{}
		for _, m := range moved {
			for _, f := range m.Fields {
				if !f.Conflict {
					continue
				}
				at := m.Choice(f)
				known[at] = true
				if take, ok := chosen[at]; ok {
					choices[at] = take
				} else if c.Take != "" {
					choices[at] = c.Take == "force"
				} else {
					open++
				}
			}
		}
		for at := range chosen {
			if !known[at] {
				return graph.Edit{}, fmt.Errorf("--choose: nothing is to be chosen of %s %s", at.Record, at.Field)
			}
		}
		if err := o.write(c.Format, report.MovedUnder(o.view, moved), report.NewMovedJSON(moved)); err != nil {
			return graph.Edit{}, err
		}
		if open > 0 {
			return graph.Edit{}, errAct
		}
		return edited(o.view.Rebase(choices))
	})
}

// edited makes an error of what stands against an edit.
func edited(e graph.Edit, problems kind.Problems) (graph.Edit, error) {
	if problems != nil {
		return e, problems
	}
	return e, nil
}

// ruling is what every decision takes.
type ruling struct {
	proposing
	On     string `placeholder:"DAY" help:"The day of the decision. Default: today."`
	By     string `placeholder:"BOARD" help:"The board that decided, as in cabinet."`
	Ref    string `placeholder:"TEXT" help:"The minute or decision number."`
	Reason string `placeholder:"TEXT" help:"Why it was decided."`
}

func (c *ruling) decide(a *app, by graph.Ruling, check func(o *opened) error) error {
	on := fact.DayIn(a.now())
	if c.On != "" {
		var err error
		if on, err = fact.ParseDay(c.On); err != nil {
			return fmt.Errorf("--on: %w", err)
		}
	}
	by.On, by.Ref, by.Reason = fact.ExactDate(on), c.Ref, c.Reason
	if c.By != "" {
		by.By = fact.Key{Kind: "board", ID: fact.ID(strings.TrimPrefix(c.By, "board/"))}
	}
	return c.change(a, func(o *opened) (graph.Edit, error) {
		if (by.By != fact.Key{}) && len(o.view.History(by.By)) == 0 {
			return graph.Edit{}, o.noSuch(by.By)
		}
		if check != nil {
			if err := check(o); err != nil {
				return graph.Edit{}, err
			}
		}
		return edited(o.view.Decide(by))
	})
}

type proposalApproveCmd struct{ ruling }

func (c proposalApproveCmd) Run(a *app) error {
	return c.decide(a, graph.Ruling{Outcome: graph.Approved}, nil)
}

type proposalRejectCmd struct{ ruling }

func (c proposalRejectCmd) Run(a *app) error {
	return c.decide(a, graph.Ruling{Outcome: graph.Rejected}, nil)
}

type proposalWithdrawCmd struct{ ruling }

func (c proposalWithdrawCmd) Run(a *app) error {
	return c.decide(a, graph.Ruling{Outcome: graph.Withdrawn}, nil)
}

type proposalAdoptCmd struct {
	ruling
	From    string `placeholder:"DAY" help:"The day on which what the proposal leaves undated takes effect."`
	Undated bool   `help:"Agree what has no day without one: it is agreed, and on no day in force."`
	Key     bool   `help:"It is a key decision."`
	CallIn  string `placeholder:"DAY" help:"The last day on which scrutiny may call it in."`
	Despite string `placeholder:"TEXT" help:"Why it is adopted although a function has no place, or nobody answers for one in law on some day."`
}

func (proposalAdoptCmd) Help() string {
	return "Every change of the proposal is recorded in force, on its own day, together with the decision and the new state of the proposal: all of it in one step, or nothing. The proposal, its versions and what was known then stay readable.\n\nRefused while the record in force and the proposal both changed the same (see rebase).\n\nExample:\n  plumbline proposal adopt council.db people-directorate --on 2015-06-17 --by cabinet --ref \"Minute 151\" --from 2015-09-01"
}

func (c proposalAdoptCmd) Run(a *app) error {
	by := graph.Ruling{Outcome: graph.Adopted, Key: c.Key, Despite: c.Despite}
	for _, d := range []struct {
		flag, text string
		to         *fact.Date
	}{{"--from", c.From, &by.Launch}, {"--call-in", c.CallIn, &by.CallIn}} {
		if d.text == "" {
			continue
		}
		day, err := fact.ParseDay(d.text)
		if err != nil {
			return fmt.Errorf("%s: %w", d.flag, err)
		}
		*d.to = fact.ExactDate(day)
	}
	if c.Undated {
		if c.From != "" {
			return fmt.Errorf("say either --from or --undated")
		}
		by.Launch = fact.Undated
	}
	return c.decide(a, by, func(o *opened) error { return c.landed(o, by) })
}

// landed refuses to adopt what would leave a function without a place, twice in one, or without anybody to answer for it, unless the reason is given.
func (c proposalAdoptCmd) landed(o *opened, by graph.Ruling) error {
	id := o.view.Proposal()
	launch := by.Launch
	switch {
	case by.Despite != "":
		return nil
	case launch.Form == fact.ToBeAgreed:
		launch = fact.Date{}
	case launch.IsZero():
		launch, _ = report.AssumedLaunch(o.view, id)
	}
	t := report.TransferOf(o.pack, o.view, id, launch)
	if t.Sound() {
		return nil
	}
	return fmt.Errorf("%s\n`plumbline report %s transfer --proposal %s` lists them with their days; --despite says why it is adopted all the same", t.Verdict(), c.Record, id)
}
