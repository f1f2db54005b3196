package web

import (
	"plumbline/internal/fact"
	"plumbline/internal/kind"
)

// actions are what can be done with a record or, without an id, with the list of its kind. Nothing can be changed in the past.
func (s *Site) actions(l *look, _ *kind.Kind, _ fact.ID) []action {
	if !l.present() {
		return nil
	}
	return nil
}

// past says, where the record is looked at otherwise than as it is today, that nothing can be changed there, and leads to where it can.
func (l *look) past() []link {
	if l.present() {
		return nil
	}
	why := "You cannot change things while looking at the past."
	if l.View.On() > l.today {
		why = "You cannot change things while looking at a day that has not come yet."
	}
	return []link{{Text: why}, {"Go to today to record a change or a correction", l.here(func(c *look) { c.on, c.known, c.proposal = "", "", "" })}}
}
