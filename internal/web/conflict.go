package web

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// Inputs of the page that settles a conflict.
const (
	inputKeep = "~keep."
	inputSeen = "~seen"
)

// conflictPage shows, of a record that somebody else changed meanwhile, what it was, what they made of it, and what the writer wanted.
type conflictPage struct {
	Action, Discard string
	Table           *table
	Choices         template.HTML
	Seen            int64
	Text            []string
}

// showConflict lets the writer of a draft choose, field by field, between what somebody else recorded meanwhile and what was to be recorded.
func (s *Site) showConflict(w http.ResponseWriter, r *http.Request, d *draft) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	s.asItIs(l, d.Branch)
	d.l = l // as it is now, with what the others recorded
	theirs, newest := d.theirs()
	body := &conflictPage{Action: d.at("conflict"), Discard: d.at("discard"), Seen: newest.Position}
	body.Text = append(body.Text, s.writer(newest.Who)+" changed this at "+report.Clock(newest.Recorded)+", after you began. Nothing of yours was recorded, and nothing of it is lost.")
	t := newTable("What differs", "Field", "When you began", "Theirs", "Yours")
	var choices template.HTML
	mine := d.mine()
	for _, f := range d.kind.Fields {
		their, theyChanged := theirs[f.Name]
		my, iChanged := mine[f.Name]
		if !theyChanged && !iChanged {
			continue
		}
		was := d.before(f)
		if !theyChanged {
			their = "Not changed"
		}
		if !iChanged {
			my = "Not changed"
		}
		t.add(text(f.Label), text(was), text(their), text(my))
		if theyChanged && iChanged && my != their {
			choices += govuk.Radios{
				Name: inputKeep + f.Name, IDPrefix: inputKeep + f.Name, Value: "yours",
				Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: f.Label, Classes: "govuk-fieldset__legend--s"}},
				Items:    []govuk.Radio{{Text: "Keep theirs: " + shorten(their), Value: "theirs"}, {Text: "Record mine: " + shorten(my), Value: "yours"}},
			}.Render()
		}
	}
	if d.Purpose == toClass {
		was, their := l.seen.View(l.today, d.Seen[d.key]).Class(d.key), l.classNow(d.key)
		row := "Not changed"
		if was != their {
			row = s.classWords(their)
		}
		t.add(text("Who may see it"), text(s.classWords(was)), text(row), text(s.classWords(d.class())))
	}
	if len(t.Rows) > 0 {
		body.Table = t
	} else {
		body.Text = append(body.Text, "What they recorded speaks of other days. Look at the record before you go on with yours.")
	}
	body.Choices = choices
	p := &page{Template: "conflict", Status: http.StatusConflict, Label: d.title(), Heading: "Somebody changed this while you were editing", Back: l.record(d.key), Undated: true, Body: body, Problem: &problem{Title: "Choose what is to be recorded", Text: body.Text[0]}}
	return s.render(w, l, p)
}

// theirs gives the fields that differ between what the writer of a draft saw and what is recorded now, and the newest entry.
func (d *draft) theirs() (map[string]string, graph.Version) {
	out := map[string]string{}
	history := slices.DeleteFunc(d.l.View.History(d.key), func(h graph.Version) bool { return h.Proposal != "" && h.Proposal != d.Branch })
	before, now := d.seen(), d.now()
	for _, f := range kind.Differ(before, now) {
		out[f.Name] = d.s.sayValue(d.l, f, now)
	}
	return out, history[len(history)-1]
}

// seen is what the record said when the writer of the draft began, on the day that the draft is about.
func (d *draft) seen() []kind.Value {
	piece := d.piece()
	day := d.l.today
	if piece.Record != nil {
		day = piece.Record.View().On()
	}
	v := d.l.seen.View(day, d.Seen[d.key])
	if d.Branch != "" {
		v = v.With(d.Branch)
	}
	if r := v.Record(d.key); r != nil {
		return values(r)
	}
	return nil
}

func (d *draft) before(f *kind.Field) string { return d.s.sayValue(d.l, f, d.seen()) }

// mine gives the fields that the draft changes.
func (d *draft) mine() map[string]string {
	out := map[string]string{}
	fields := fieldsOf(d.kind, d.Typed[inputFields])
	said, _ := d.formOf(fields, d.seen()).Read(d.typed())
	for _, f := range fields {
		out[f.Name] = d.s.sayValue(d.l, f, said)
	}
	return out
}

// settle takes what the writer of a draft chose. Their choice is as at the newest entry that they were shown.
func (s *Site) settle(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	d, err := s.openDraft(l, r)
	if err != nil {
		return err
	}
	if err := s.proved(r, d.kind); err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	seen, err := strconv.ParseInt(r.PostForm.Get(inputSeen), 10, 64)
	if err != nil || d.Done != nil || seen < d.Seen[d.key] || seen > l.newest {
		return d.lead(w, r)
	}
	d.Typed[inputFields] = slices.DeleteFunc(d.Typed[inputFields], func(name string) bool { return r.PostForm.Get(inputKeep+name) == "theirs" })
	d.Seen = map[fact.Key]int64{d.key: seen}
	if err := s.Desk.Save(r.Context(), d.Draft); err != nil {
		return err
	}
	return d.lead(w, r)
}
