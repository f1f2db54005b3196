package web

import (
	"strings"

	"plumbline/internal/exchange"
	"plumbline/internal/fact"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// changesTable is what differs between two looks, a row a record. It serves two days, the same day as known at two times, and the record
// with a proposal and without it.
type changesTable struct {
	Caption       string
	Before, After string // the heads of the two columns
	Rows          []changeRow
	Marks         bool // whoever looks marks what they have read
}

// changeRow is one record that differs.
type changeRow struct {
	ID            string // change-4
	Class         string
	Sign, Word    string
	What          link
	Note          string // of what kind it is, and since when it differs
	Before, After []changeLine
	Effects       []changeEffect
	key           fact.Key
	Read          *readMark
	More          *link // what is said of it
}

// readMark is whether somebody has read a change as it is now.
type readMark struct {
	ID, Value, Of string
	On            bool
}

// changeLine is one thing that is said of a record on one side.
type changeLine struct {
	Label string
	Runs  []changeRun
}

// changeRun is a part of what is said; it is marked where the other side does not have it.
type changeRun struct {
	link
	Marked bool
}

// changeEffect is what a change does to a statutory role. A gap is one that nobody holds after it.
type changeEffect struct {
	Text string
	Gap  bool
}

// changeSigns stand beside the words for those who look.
var changeSigns = map[report.How]struct{ sign, class string }{
	report.Added:      {"+", "new"},
	report.Ended:      {"−", "ended"},
	report.Moved:      {"→", "moved"},
	report.Changed:    {"~", "changed"},
	report.HolderOnly: {"•", "holder"},
}

// numbered is a change with its place among all, which stays the same when fewer are shown.
type numbered struct {
	N int
	*report.Change
}

// changes shows changes between two looks.
func changes(before, after *look, rows []numbered) []changeRow {
	var out []changeRow
	for _, c := range rows {
		sign := changeSigns[c.How]
		row := changeRow{key: c.Record.Record, ID: "change-" + thousands(int64(c.N)), Class: sign.class, Sign: sign.sign, Word: c.Word, What: after.named(c.Record), Note: c.Kind}
		if c.How == report.Ended {
			row.What = before.named(c.Record)
		}
		if strings.Contains(strings.ToLower(c.Word), strings.ToLower(c.Kind)) {
			row.Note = ""
		}
		if !c.When.IsZero() {
			row.Note = capital(strings.TrimPrefix(row.Note+", "+c.When.Words(), ", "))
		}
		for _, p := range c.Parts {
			row.Before = append(row.Before, before.changeLine(p.Label, p.Before, c.How == report.Added)...)
			row.After = append(row.After, after.changeLine(p.Label, p.After, c.How == report.Ended)...)
		}
		row.Before, row.After = orNotThere(row.Before, c.How == report.Added), orNotThere(row.After, c.How == report.Ended)
		for _, e := range c.Effects {
			row.Effects = append(row.Effects, changeEffect{e.Role + ": " + kind.Lower(e.Text), e.Gap})
		}
		out = append(out, row)
	}
	return out
}

// changeLine says one thing of a record; absent is that the record is not there.
func (l *look) changeLine(label string, runs []report.Run, absent bool) []changeLine {
	if absent {
		return nil
	}
	line := changeLine{Label: label}
	for _, r := range runs {
		line.Runs = append(line.Runs, changeRun{l.named(r.Named), r.Marked})
	}
	if len(runs) == 0 {
		line.Runs = []changeRun{{link{Text: "not stated"}, false}}
	}
	return []changeLine{line}
}

func orNotThere(lines []changeLine, absent bool) []changeLine {
	if absent {
		return []changeLine{{Runs: []changeRun{{link{Text: "Not there"}, false}}}}
	}
	return lines
}

// side is one side of a change on one line.
func (r changeRow) side(lines []changeLine) string {
	var out []string
	for _, l := range lines {
		var b strings.Builder
		for _, run := range l.Runs {
			b.WriteString(run.Text)
		}
		if l.Label == "" {
			out = append(out, b.String())
			continue
		}
		out = append(out, l.Label+": "+b.String())
	}
	return strings.Join(out, "; ")
}

// plain is the same table in plain text.
func (t *changesTable) plain() report.Table {
	out := report.Table{Caption: t.Caption, Head: []string{"Number", "Change", "What", "Kind and day", t.Before, t.After, "Effect on statutory roles"}}
	for _, r := range t.Rows {
		var effects []string
		for _, e := range r.Effects {
			effects = append(effects, e.Text)
		}
		row := make([]report.Cell, 0, len(out.Head))
		for _, s := range []string{strings.TrimPrefix(r.ID, "change-"), r.Word, r.What.Text, r.Note, r.side(r.Before), r.side(r.After), strings.Join(effects, "; ")} {
			row = append(row, report.Cell{Text: s})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// sheet is the same table for a spreadsheet.
func (t *changesTable) sheet() exchange.Table { return exchange.TableOf(t.plain()) }
