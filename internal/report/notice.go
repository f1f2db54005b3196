package report

import (
	"fmt"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// Notice is whether the public had long enough notice of the decision on a proposal. The law asks it of key decisions of the executive: 28 clear days,
// the day of publication and that of the decision not counted. Where that could not be, scrutiny is told five clear days before; and where that could not
// be, the chair of scrutiny agrees beforehand.
type Notice struct {
	State NoticeState
	Words string // in sentences, with what to do where something is missing
	Law   string // which is cited, where it is the law that asks for it
	Days  int    // clear days of notice, where both dates are exact
}

// NoticeState is how notice of a decision stands.
type NoticeState uint8

// The states.
const (
	NoticeUnknown   NoticeState = iota // something is not recorded, so it cannot be said
	NoticeNotNeeded                    // the law does not ask for it
	NoticeEnough
	NoticeExcused // it was short, and the law's other way was taken
	NoticeShort
)

// Said is the words, and then the law that is cited.
func (n Notice) Said() []string {
	if n.Law == "" {
		return []string{n.Words}
	}
	return []string{n.Words, n.Law}
}

// What the law asks for, and since when.
const (
	noticeDays    = 28 // of notice of a key decision
	exceptionDays = 5  // after scrutiny was told, where notice was impracticable
	noticeLaw     = "Local Authorities (Executive Arrangements) (Meetings and Access to Information) (England) Regulations 2012, regulation "
)

var noticeSince = fact.DayOf(2012, 9, 10)

// NoticeOf says whether notice of the decision on a proposal was long enough.
func NoticeOf(proposal *graph.Record) Notice { return decidingOf(proposal).noticeOf(proposal) }

// NoticeBy says the same as if the proposal were decided on as is to be recorded.
func NoticeBy(proposal *graph.Record, by graph.Ruling) Notice {
	d := decidingOf(proposal)
	if d.on = by.On; by.Key {
		d.key = fact.Yes
	}
	if board := proposal.View().Record(by.By); board != nil {
		d.by(board)
	}
	return d.noticeOf(proposal)
}

func (d deciding) noticeOf(proposal *graph.Record) Notice {
	unknown := func(format string, a ...any) Notice { return Notice{Words: fmt.Sprintf(format, a...)} }
	switch {
	case d.executive == fact.No:
		return Notice{State: NoticeNotNeeded, Words: "Notice of key decisions is for decisions of the executive. " + d.why}
	case !d.on.IsZero() && d.on.Form != fact.ToBeAgreed && d.on.Last < noticeSince:
		return Notice{State: NoticeNotNeeded, Words: "The rule that a key decision needs 28 clear days of notice came into force on " + noticeSince.Words() + ". The decision is earlier, and the rules of its time are not checked here."}
	case d.key == fact.No:
		return Notice{State: NoticeNotNeeded, Words: "It is recorded that this is not a key decision, so the law does not ask for notice of it."}
	case d.key == fact.Maybe:
		return unknown("Whether it is a key decision is not recorded, so it cannot be said whether notice of it was needed. Record it on the proposal.")
	case d.executive == fact.Maybe:
		return unknown("%s So it cannot be said whether notice of it was needed.", d.why)
	case d.on.IsZero() || d.on.Form == fact.ToBeAgreed || d.on.Form == fact.ByThen:
		return unknown("The day of the decision is not recorded, so it cannot be said whether notice of it is long enough. Notice of a key decision is published at least 28 clear days before.")
	case d.on.First < noticeSince:
		return unknown("The rule that a key decision needs 28 clear days of notice came into force on %s. The day of the decision is recorded as %s, so it cannot be said whether it applies.", noticeSince.Words(), d.on.Words())
	}
	return d.notice(proposal)
}

// deciding is who decides on a proposal and when, as far as it is recorded.
type deciding struct {
	executive fact.Cover // whether it is a decision of the executive
	why       string     // it is not, or that is not certain: a sentence
	key       fact.Cover
	on        fact.Date

	committees bool // the council has no executive
}

// decidingOf reads it from the decision, where there is one, else from what the proposal says of it.
func decidingOf(proposal *graph.Record) deciding {
	v, decision := proposal.View(), proposal.Ref("decision")
	d := deciding{key: fact.Maybe, on: proposal.Date("decision_on")}
	if key, ok := proposal.Yes("key_decision"); ok {
		d.key = fact.No
		if key {
			d.key = fact.Yes
		}
	}
	board := proposal.Ref("decided_by")
	if decision != nil {
		if on := decision.Date("decided_on"); !on.IsZero() {
			d.on = on
		}
		if decision.Text("type") == "key" {
			d.key = fact.Yes
		}
		if b := decision.Ref("decided_by"); b != nil {
			board = b
		}
	}
	d.executive, d.why = fact.Maybe, "Who decides is not recorded."
	if board == nil && proposal.State("decided_by") == graph.Withheld {
		d.why = "Who decides is not for you to see."
	}
	if c := v.Record(fact.Key{Kind: graph.Council, ID: "council"}); c != nil && c.Text("governance") == "committee" {
		d.executive, d.why = fact.No, "This council decides by committees and has no executive."
		d.committees = true
	} else if board != nil {
		d.by(board)
	}
	return d
}

// by takes a board for the one that decides.
func (d *deciding) by(board *graph.Record) {
	if d.committees {
		return
	}
	switch board.Text("type") {
	case "cabinet":
		d.executive, d.why = fact.Yes, ""
	case "council", "scrutiny", "appointments-panel":
		d.executive, d.why = fact.No, board.Title()+" is not part of the executive."
	default:
		d.executive, d.why = fact.Maybe, "Whether "+board.Title()+" decides for the executive is not recorded."
	}
}

// notice counts the days of a key decision of the executive.
func (d deciding) notice(proposal *graph.Record) Notice {
	published := proposal.Date("forward_plan_on")
	n := Notice{Law: noticeLaw + "9"}
	least, most := clearDays(published, d.on)
	switch {
	case published.IsZero() || published.Form == fact.ToBeAgreed || published.Form == fact.ByThen && least < noticeDays:
		n.Words = "When notice of the decision was published is not recorded. A key decision on " + d.on.Words() + " needs notice published" + noLater(d.on, noticeDays) + "."
	case least >= noticeDays:
		n.State, n.Words = NoticeEnough, fmt.Sprintf("Notice was published%s, %s before the decision of %s. The law asks for at least 28.", onDay(published), clearWords(least, most, noticeDays), d.on.Words())
	case most >= noticeDays:
		n.Words = fmt.Sprintf("Notice was published%s and the decision is recorded as of %s, which are not exact. The law asks for at least 28 clear days between them. Record both days.", onDay(published), d.on.Words())
	default:
		n.State, n.Words = NoticeShort, fmt.Sprintf("Notice was published%s, %s before the decision of %s. The law asks for at least 28.", onDay(published), clearWords(least, most, noticeDays), d.on.Words())
	}
	if least == most {
		n.Days = least
	}
	if n.State != NoticeEnough {
		d.otherwise(proposal, &n)
	}
	return n
}

// otherwise says whether one of the other ways was taken that the law leaves.
func (d deciding) otherwise(proposal *graph.Record, n *Notice) {
	way, told := proposal.Text("short_notice"), proposal.Date("short_notice_on")
	least, most := clearDays(told, d.on)
	dated := !told.IsZero() && told.Form != fact.ToBeAgreed
	switch {
	case way == "general-exception" && dated && least >= exceptionDays:
		n.State, n.Law = NoticeExcused, noticeLaw+"10"
		n.Words += fmt.Sprintf(" By the general exception, scrutiny was told and the notice published%s, %s before the decision; the law asks for at least 5.", onDay(told), clearWords(least, most, exceptionDays))
	case way == "general-exception" && dated && most < exceptionDays:
		n.State = NoticeShort
		n.Words += fmt.Sprintf(" The general exception was taken, and scrutiny was told%s, %s before the decision; the law asks for at least 5.", onDay(told), clearWords(least, most, exceptionDays))
	case way == "special-urgency" && dated && told.Last <= d.on.First:
		n.State, n.Law = NoticeExcused, noticeLaw+"11"
		n.Words += " By special urgency, it was agreed beforehand," + onDay(told) + ", that the decision could not wait."
	case way == "special-urgency" && dated && told.First > d.on.Last:
		n.State = NoticeShort
		n.Words += " Special urgency is recorded, and the agreement to it," + onDay(told) + ", is later than the decision."
	case way != "":
		n.State = NoticeUnknown
		n.Words += " That the decision could not wait for it is recorded, and the day on which scrutiny was told, or its chair agreed, is not. Record it on the proposal."
	case n.State == NoticeShort:
		n.Words += " Decide on a later day" + fromThen(proposal.Date("forward_plan_on")) + ", or record the general exception or the special urgency by which it could be earlier."
	}
}

// clearDays gives the least and the most days that can lie between two dates, neither of which is counted.
func clearDays(from, to fact.Date) (least, most int) {
	between := func(a, b fact.Day) int { return int(min(max(int64(b)-int64(a)-1, -1), 1e6)) }
	return between(from.Last, to.First), between(from.First, to.Last)
}

// clearWords writes a number of clear days, of which as many are needed: where the dates are not exact, the least if that is enough, and otherwise the most.
func clearWords(least, most, needed int) string {
	switch n := Count(max(least, 0), "clear day", "clear days"); {
	case least == most:
		return n
	case least >= needed:
		return "at least " + n
	}
	return "at most " + Count(max(most, 0), "clear day", "clear days")
}

// noLater says by when something has to be so that a number of clear days lie before an exact date.
func noLater(d fact.Date, clear int) string {
	day, ok := d.Exact()
	if !ok {
		return fmt.Sprintf(" at least %d clear days before", clear)
	}
	return " on " + (day - fact.Day(clear) - 1).Words() + " at the latest"
}

// fromThen says from when a decision has had notice for long enough.
func fromThen(published fact.Date) string {
	if day, ok := published.Exact(); ok {
		return ", from " + (day + noticeDays + 1).Words() + " on"
	}
	return ""
}

// CallIn says in sentences how a decision stands that scrutiny may call in; nothing where there is none, or where it is not of the executive.
func CallIn(proposal *graph.Record) string {
	d, decision := decidingOf(proposal), proposal.Ref("decision")
	switch {
	case d.executive == fact.No:
		return "Call-in is for decisions of the executive. " + d.why
	case decision == nil:
		return ""
	}
	closes, called := decision.Date("call_in_closes"), decision.Date("called_in_on")
	s := "The last day for call-in is not recorded."
	if !closes.IsZero() {
		s = "Scrutiny may call the decision in until " + closes.Words() + "."
	}
	if called.IsZero() {
		return s
	}
	s = "The decision was called in" + onDay(called) + "."
	if out, ok := callInOutcomes[decision.Text("call_in_outcome")]; ok {
		return s + " " + out
	}
	return s + " What came of it is not recorded."
}

var callInOutcomes = map[string]string{
	"upheld": "It was upheld.", "sent-back": "It was sent back to be looked at again.", "changed": "It was changed.", "withdrawn": "The call-in was withdrawn.",
}
