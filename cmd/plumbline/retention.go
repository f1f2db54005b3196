package main

import "plumbline/internal/report"

type retentionCmd struct{ reading }

func (retentionCmd) Help() string {
	return "Lists what is past the time for which the council's retention rules keep it, what will be within twelve months, and which kinds of record hold personal data without a rule. A rule is a record of the kind \"retention\" (plumbline kinds retention). Nothing is removed: that is for \"plumbline erase\", or the pages.\n\nExample:\n  plumbline retention council.db"
}

func (c retentionCmd) Run(a *app) error {
	o, err := c.look(a, "")
	if err != nil {
		return err
	}
	defer o.book.Close()
	r := report.NewRetention(o.pack, o.view)
	return o.write(c.Format, r.Document(o.view), r.JSON(o.view, o.root))
}
