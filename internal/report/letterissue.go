package report

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// LetterIssue is how a letter goes out, or went out: what of it is not in the record that it is made from.
type LetterIssue struct {
	Dated    fact.Date
	Accuracy bool      // it goes out so that the council says what is wrong in it as a matter of fact, and not to report the test
	By       fact.Date // of points on that; zero is no day
	Annex    bool      // what it rests on stands behind it
	Replaces string    // the date of the letter that it replaces, in words; empty is none
	SignedAs string    // typed in place of a signature; empty where it is not signed
	SignedAt string    // "5 June 2015, 3:14pm"
}

// LetterIssueOf reads it from the record of a letter.
func LetterIssueOf(letter *graph.Record) LetterIssue {
	i := LetterIssue{Dated: letter.Date("dated"), Accuracy: letter.Text("purpose") == "factual-accuracy", By: letter.Date("answers_by"), SignedAs: letter.Text("signed_as"), SignedAt: letter.Text("signed_at")}
	i.Annex, _ = letter.Yes("annex")
	if r := letter.Ref("replaces"); r != nil {
		i.Replaces = r.Date("dated").Words()
	}
	return i
}

// Issued is the text of the letter as it goes out. What signs it is not part of it: see Signed.
func (x AssuranceLetter) Issued(i LetterIssue) Document {
	x.Letterhead.Date = i.Dated.Words()
	d := x.Document(i.Annex)
	if i.Accuracy {
		d.Mark = "Draft of " + i.Dated.Words() + " for factual accuracy. It is not issued, and may still change."
	}
	if i.Replaces != "" {
		d.Lead = append(d.Lead, "This letter replaces the letter of "+i.Replaces+".")
	}
	return d
}

// Signed is the text of a letter with its signature, which names the text by its fingerprint.
func (i LetterIssue) Signed(d Document, fingerprint string) Document {
	if i.SignedAs == "" {
		return d
	}
	d.Sections = append(d.Sections[:len(d.Sections):len(d.Sections)], Section{"", []Block{
		Para("Signed as “" + i.SignedAs + "”, " + i.SignedAt + ".\nFingerprint of the text above: " + fingerprint),
	}})
	return d
}

// LettersOf gives the letters of a test that went out for a purpose, the first first.
func LettersOf(v *graph.View, test fact.Key, purpose string) (out []*graph.Record) {
	for _, r := range v.Referring(test, "letter", "test") {
		if r.Text("purpose") == purpose {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *graph.Record) int {
		return int(v.History(a.Key())[0].Position - v.History(b.Key())[0].Position)
	})
	return out
}

// RemovedFrom gives what was removed from the record, as it is known to the view, of that from which a letter was made when it went out: the first first.
func RemovedFrom(p *rule.Pack, v *graph.View, letter *graph.Record) []graph.Removal {
	on, exact := letter.Date("looked_at").Exact()
	test, ok := letter.RefKey("test")
	if !exact || !ok {
		return nil
	}
	n, _ := letter.Number("position")
	position := int64(n)
	then := v.At(on).With("").Earlier(position)
	then.Note()
	LetterOf(p, then, test, "")
	_, reads := then.Noted()
	return v.RemovedSince(position, reads)
}

// RemovedWords says when something was removed, or nothing where nothing was: "Words from which it was made were erased since, on 24 November 2026."
func RemovedWords(all []graph.Removal) string {
	var days []string
	for _, m := range all {
		if day := m.On.Words(); !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return ""
	}
	return "Words from which it was made were erased since, on " + And(days) + "."
}

// Blocker is something that stands against issuing a letter.
type Blocker struct {
	Text    string   `json:"text"`
	Warning bool     `json:"warning"` // it can be issued all the same
	About   fact.Key `json:"-"`       // the record that is to be changed, or a zero key
	Part    string   `json:"-"`       // what it is about: themes, criteria, accuracy, letter
	Of      string   `json:"-"`       // the theme or criterion
}

// Blockers lists what stands against issuing the letter: themes that are not finished, criteria without a judgement, conditions without words, points without an answer. Findings without evidence and
// what is not recorded are warnings.
func (x AssuranceLetter) Blockers() (out []Blocker) {
	if x.test == nil {
		return []Blocker{{Text: "The test is not on record on this day."}}
	}
	done := map[string]bool{}
	for _, r := range x.test.Referring("progress", "test") {
		done[r.Text("part")] = r.Text("state") == "completed"
	}
	if x.framework == nil {
		out = append(out, Blocker{Text: "The framework of the test is not recorded, so it has no themes and no criteria."})
	} else {
		for _, c := range x.framework.Themes {
			if !done[c.Code] {
				out = append(out, Blocker{Text: "The theme “" + c.Name + "” is not finished.", Part: "themes", Of: c.Code})
			}
		}
	}
	for _, j := range x.Summary {
		judge := func(text string) {
			out = append(out, Blocker{Text: text, Part: "criteria", Of: j.Code, About: j.record})
		}
		switch {
		case j.Outcome == "":
			judge("The criterion “" + j.Criterion + "” is not judged.")
		case j.Outcome == "met-with-condition":
			for _, c := range j.Conditions {
				switch {
				case c == Wanting("the condition"):
					judge("The criterion “" + j.Criterion + "” is judged met with condition, and has no condition. Add one, or judge it otherwise.")
				case IsGap(c):
					judge("The criterion “" + j.Criterion + "” is met with a condition, and the condition has no words.")
				}
			}
		}
		if j.Outcome != "" && strings.HasSuffix(j.Wording, Wanting("the reasons")) {
			judge("The judgement on “" + j.Criterion + "” has no reasons.")
		}
	}
	for _, l := range x.test.Referring("letter", "test") {
		for _, r := range l.Referring("accuracy", "letter") {
			if r.Text("answer") == "" {
				out = append(out, Blocker{Text: "A factual point has no answer: " + short(cmp.Or(plainText(fieldWords(x.p, r, "wrong")), "it has no words")), Part: "accuracy", About: r.Key()})
			}
		}
	}
	for _, r := range x.test.Referring("finding", "test") {
		if len(r.RefKeys("evidence")) == 0 {
			out = append(out, Blocker{Text: "A finding has no evidence: " + short(Title(x.p, r)), Warning: true, About: r.Key()})
		}
	}
	gaps := map[string]bool{}
	for _, g := range gapsIn(x.Document(false)) {
		if !gaps[g] && !strings.Contains(g, "the judgement") {
			gaps[g] = true
			out = append(out, Blocker{Text: "The letter says: " + g, Warning: true, Part: "letter"})
		}
	}
	return out
}

// gapsIn lists the marks of what is not recorded in a document.
func gapsIn(d Document) (out []string) {
	find := func(s string) {
		for {
			_, rest, ok := strings.Cut(s, gapBegins)
			if !ok {
				return
			}
			what, after, _ := strings.Cut(rest, "]")
			out, s = append(out, gapBegins+what+"]"), after
		}
	}
	if h := d.Letterhead; h != nil {
		find(strings.Join(append(append(append([]string{}, h.From...), h.To...), h.Dear), "\n"))
	}
	var blocks func(all []Block)
	blocks = func(all []Block) {
		for _, b := range all {
			switch b := b.(type) {
			case Para:
				find(string(b))
			case Gap:
				find(string(b))
			case Cited:
				find(b.Text)
			case Table:
				for _, r := range b.Rows {
					for _, c := range r {
						find(c.Text)
					}
				}
			case Subsection:
				blocks(b.Blocks)
			}
		}
	}
	for _, s := range d.Sections {
		blocks(s.Blocks)
	}
	return out
}
