package web

import (
	"cmp"
	"net/http"
	"slices"

	"plumbline/internal/access"
	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
)

const (
	partAccuracy = "accuracy"

	accuracyKind fact.KindName = "accuracy"

	fieldLetter = "letter"
)

// sentLetters gives the letters of the test that went out for factual accuracy, the newest first.
func (t *tested) sentLetters() []*graph.Record {
	out := slices.DeleteFunc(t.all("letter"), func(r *graph.Record) bool { return r.Text("purpose") != "factual-accuracy" })
	slices.SortStableFunc(out, func(a, b *graph.Record) int { return cmp.Compare(b.Date("dated").Last, a.Date("dated").Last) })
	return out
}

// pointsClosed says why no point can be made on a letter any more, or nothing.
func (t *tested) pointsClosed(letter *graph.Record) string {
	by := letter.Date("answers_by")
	switch {
	case slices.ContainsFunc(t.all("letter"), func(r *graph.Record) bool { return r.Text("purpose") == "issue" }):
		return "The letter is issued, so no more points can be made."
	case !by.IsZero() && by.Form != fact.ToBeAgreed && by.Last < t.l.today:
		return "The last day for points was " + by.Words() + "."
	}
	return ""
}

func (t *tested) accuracyPage(r *http.Request) (*page, error) {
	switch t.of {
	case "":
		return t.points()
	case newOne:
		return t.newPoint(&sent{r: r})
	}
	return t.onePoint(&sent{r: r})
}

// points lists what the council said is wrong in each letter as a matter of fact, and what the adviser answered.
func (t *tested) points() (*page, error) {
	body := &workPage{Past: t.l.past()}
	page := t.page("work", "Factual accuracy", partAccuracy, body)
	letters := t.sentLetters()
	if len(letters) == 0 {
		body.Lead = []string{"No letter of this test has gone out for factual accuracy. When one has, whoever sets up tests says here what is wrong in it as a matter of fact, and the adviser answers each point."}
		return page, nil
	}
	body.Lead = []string{"What is wrong as a matter of fact, and the adviser's answer. It is no place to argue with a finding."}
	for _, letter := range letters {
		name := t.s.title(letter)
		out := newTable("Points on "+name, "Point", "Paragraph", "What shows it", "The adviser's answer")
		for _, p := range t.pointsOn(letter) {
			answer := text("No answer yet")
			if p.Text("answer") != "" {
				answer = append(t.s.value(t.l, p, p.Kind().Field("answer")), texts(linesOf(p.Text("answer_text")))...)
			}
			out.add([]link{{shortTitle(p.Text("wrong")), t.part(partAccuracy, string(p.Key().ID))}}, text(p.Text("paragraph")), texts(linesOf(p.Text("shown_by"))), answer)
		}
		if len(out.Rows) > 0 {
			body.Tables = append(body.Tables, out)
		} else {
			body.Lines = append(body.Lines, fieldLine{name, text("No factual points were raised.")})
		}
		by := t.pointsClosed(letter)
		if by == "" && !letter.Date("answers_by").IsZero() {
			by = "Points can be made until " + letter.Date("answers_by").Words() + "."
		}
		body.Lines = append(body.Lines, fieldLine{"Points on " + name, text(by)})
		if t.may(access.SetUpTests) && t.pointsClosed(letter) == "" {
			page.Actions = append(page.Actions, action{link{"Add a point on " + t.s.title(letter), t.part(partAccuracy, newOne, fieldLetter, string(letter.Key().ID))}, len(page.Actions) == 0})
		}
	}
	return page, nil
}

// pointsOn are the points on a letter, by paragraph.
func (t *tested) pointsOn(letter *graph.Record) []*graph.Record {
	out := slices.Clone(letter.Referring(accuracyKind, "letter"))
	slices.SortStableFunc(out, func(a, b *graph.Record) int {
		x, _ := a.Number("paragraph")
		y, _ := b.Number("paragraph")
		return cmp.Compare(x, y)
	})
	return out
}

// pointFields are what the council says, and pointAnswers what the adviser does.
var (
	pointFields = []wanted{
		{name: "paragraph", hint: "Its number in the letter. Leave it empty where it is about the letter as a whole."}, {name: "wrong", required: true, hint: "What the letter says, and what is so."}, {name: "shown_by", hint: "The document, the entry or other evidence that shows it."},
	}
	pointAnswers = []wanted{{name: "answer", label: "What is your answer?", required: true}, {name: "answer_text", hint: "What was changed, or why it was not. Everybody who sees the point sees the answer."}}
)

// letterSent gives the letter of the address on which a point is made.
func (t *tested) letterSent(f *sent) (*graph.Record, error) {
	id := f.r.URL.Query().Get(fieldLetter)
	for _, letter := range t.sentLetters() {
		if string(letter.Key().ID) == id || id == "" {
			return letter, nil
		}
	}
	return nil, &trouble{kind: fact.ErrNotFound, text: "No such letter of this test has gone out for factual accuracy.", links: []link{{"Factual accuracy", t.part(partAccuracy, "")}}}
}

func (t *tested) newPoint(f *sent) (*page, error) {
	letter, err := t.letterSent(f)
	if err != nil {
		return nil, err
	}
	if err := t.mayPoint(letter); err != nil {
		return nil, err
	}
	body := &workPage{Lead: []string{"On: " + t.s.title(letter)}}
	page := t.page("work", "Add a factual point", partAccuracy, body)
	page.Narrow = true
	w := t.pointing(letter, nil)
	body.Form = &workForm{Action: t.part(partAccuracy, newOne, fieldLetter, string(letter.Key().ID)), Hidden: w.hidden(f), Fields: w.asked(f, kind.Typed{}).controls(), Button: "Save this point", Other: &link{"Back to the points", t.part(partAccuracy, "")}}
	if f.typed == nil && f.r.URL.Query().Get(fieldAdded) != "" {
		page.Notice = &notice{Title: "Recorded", Text: "The point is recorded. Add the next below, or go back to the points."}
	}
	return page, nil
}

// mayPoint says why the reader may not say what is wrong in a letter, or nothing.
func (t *tested) mayPoint(letter *graph.Record) error {
	if err := t.s.asToday(t.l); err != nil {
		return err
	}
	if !t.may(access.SetUpTests) {
		return access.Refuse(access.SetUpTests)
	}
	if why := t.pointsClosed(letter); why != "" {
		return &trouble{kind: errConflict, text: why + " Nothing was recorded.", links: []link{{"Factual accuracy", t.part(partAccuracy, "")}}}
	}
	return nil
}

// pointing is the writing of a point by the council.
func (t *tested) pointing(letter, rec *graph.Record) *writing {
	w := t.writing(accuracyKind, rec, pointFields...)
	if rec == nil {
		w.given = []kind.Value{{Field: w.kind.Field("letter"), JSON: kind.Quote(string(letter.Key().ID))}, {Field: w.kind.Field("raised_on"), JSON: kind.Quote(fact.ExactDate(t.l.today).String())}}
	}
	return w
}

// point gives the point of the address with its letter.
func (t *tested) point() (rec, letter *graph.Record, err error) {
	rec = t.l.View.Record(fact.Key{Kind: accuracyKind, ID: fact.ID(t.of)})
	if rec != nil {
		if letter = rec.Ref("letter"); letter != nil {
			if of, _ := letter.RefKey("test"); of == t.key {
				return rec, letter, nil
			}
		}
	}
	return nil, nil, &trouble{kind: fact.ErrNotFound, text: "There is no such point on a letter of this test on " + t.l.View.On().Words() + ".", links: []link{{"Factual accuracy", t.part(partAccuracy, "")}}}
}

// onePoint is a point with its answer, and what the reader can do with it.
func (t *tested) onePoint(f *sent) (*page, error) {
	rec, letter, err := t.point()
	if err != nil {
		return nil, err
	}
	heading := "Factual point"
	if n := rec.Text("paragraph"); n != "" {
		heading += " on paragraph " + n
	}
	body := &workPage{Past: t.l.past()}
	page := t.page("work", heading, partAccuracy, body)
	for _, name := range []string{"letter", "paragraph", "wrong", "shown_by", "raised_on", "answer", "answer_text", "answered_on"} {
		if lines := t.s.value(t.l, rec, rec.Kind().Field(name)); len(lines) > 0 {
			body.Lines = append(body.Lines, fieldLine{rec.Kind().Field(name).Label, lines})
		}
	}
	body.After = []link{{"All points", t.part(partAccuracy, "")}}
	if f.typed == nil && f.r.URL.Query().Get(fieldAdded) != "" {
		page.Notice = &notice{Title: "Recorded", Text: "What you said is recorded."}
	}
	answered := rec.Text("answer") != ""
	switch {
	case t.may(access.Assess):
		w := t.writing(accuracyKind, rec, pointAnswers...)
		body.Form = &workForm{Heading: "Your answer", Action: t.part(partAccuracy, t.of), Hidden: append(w.hidden(f), hidden{inputSaidBy, "adviser"}), Fields: w.asked(f, nil).controls(), Button: "Save the answer"}
	case t.may(access.SetUpTests) && !answered && t.pointsClosed(letter) == "":
		w := t.pointing(letter, rec)
		body.Form = &workForm{Heading: "Change it", Action: t.part(partAccuracy, t.of), Hidden: w.hidden(f), Fields: w.asked(f, nil).controls(), Button: "Save this point"}
	}
	return page, nil
}

// accuracySent takes a point, new or changed, or the adviser's answer to one.
func (t *tested) accuracySent(f *sent) error {
	if t.of == newOne || t.of == "" {
		letter, err := t.letterSent(f)
		if err != nil {
			return err
		}
		if err := t.mayPoint(letter); err != nil {
			return err
		}
		w := t.pointing(letter, nil)
		to := t.part(partAccuracy, newOne, fieldLetter, string(letter.Key().ID), fieldAdded, "yes")
		return w.put(f, w.read(f), to, func() (*page, error) { return t.newPoint(f) })
	}
	rec, letter, err := t.point()
	if err != nil {
		return err
	}
	to := t.part(partAccuracy, t.of, fieldAdded, "yes")
	again := func() (*page, error) { return t.onePoint(f) }
	if f.text(inputSaidBy) == "adviser" {
		if !t.may(access.Assess) {
			return access.Refuse(access.Assess)
		}
		w := t.writing(accuracyKind, rec, pointAnswers...)
		w.more = []string{"answered_on"}
		values := append(w.read(f), kind.Value{Field: w.kind.Field("answered_on"), JSON: kind.Quote(fact.ExactDate(t.l.today).String())})
		return w.put(f, values, to, again)
	}
	if err := t.mayPoint(letter); err != nil {
		return err
	}
	if rec.Text("answer") != "" {
		return &trouble{kind: errConflict, text: "The adviser has answered this point, so it stays as it was. Nothing was recorded.", links: []link{{"Back to the point", t.part(partAccuracy, t.of)}}}
	}
	w := t.pointing(letter, rec)
	return w.put(f, w.read(f), to, again)
}
