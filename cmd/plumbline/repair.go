package main

import (
	"plumbline/internal/assure"
	"plumbline/internal/report"
)

type repairCmd struct {
	proposed
	Advice bool `help:"Say what would bring about good practice, too."`
}

func (repairCmd) Help() string {
	return "Says what would put right each breach, each departure from guidance without a recorded reason and each condition of a judgement that fails: the acts that would have to be so, the least first, each tried by asking the rules of the record as it would be. Nothing is recorded. Where an act needs a person who is not known yet, it says so.\n\nEnds with 0 if there is nothing to put right, 1 if there is something, 2 if the command or the data cannot be used.\n\nExamples:\n  plumbline repair council.db\n  plumbline repair council.db --on 2015-06-05 --proposal people-directorate --format json"
}

func (c repairCmd) Run(a *app) error {
	o, err := c.see(a)
	if err != nil {
		return err
	}
	defer o.book.Close()
	r := assure.Repairs(assure.Assess(o.pack, o.view), c.Advice)
	if err := o.write(c.Format, report.Repair(r, councilName(o.view)), report.NewRepairJSON(r, o.pack, o.root)); err != nil {
		return err
	}
	if len(r.Mendings)+len(r.Without) > 0 {
		return errAct
	}
	return nil
}
