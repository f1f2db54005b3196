package web

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

// entryPage is one entry as it stands in the log, with the proof that it is there.
type entryPage struct {
	Says       []link
	Envelope   []fieldLine
	Verbatim   string
	Body       *table
	NoBody     string
	Proof      []string
	ProofText  string
	Checkpoint string
	Start      string
	Rotations  string
	Download   link
	FileName   string
	Verify     link
	Around     []link
	Give       *link // a copy of it with something withheld
}

// entry shows one entry, or gives its proof as a file. It is read from the store, and not from what was folded: a proof is of the
// bytes that were signed.
func (s *Site) entry(w http.ResponseWriter, r *http.Request) error {
	l, err := s.look(r)
	if err != nil {
		return err
	}
	number, asFile := r.PathValue("entry"), endingOf(r) == "json"
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || n > l.newest || number != strconv.FormatInt(n, 10) {
		return &trouble{kind: fact.ErrNotFound, text: fmt.Sprintf("There is no entry “%s”. There are %s in this record.", number, count(int(l.newest), "entry", "entries")), links: []link{{"Records", l.to("/records")}}}
	}
	key, v, known := l.seen.Entry(n)
	if !l.seen.Whole() {
		if err := s.mayProve(l, n, key, v, known); err != nil {
			return err
		}
	}
	bundle, err := s.Book.Prove(r.Context(), n)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("entry-%d.json", n)
	if asFile {
		b, err := bundle.JSON()
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		_, _ = w.Write(b) // the reader may have gone
		return nil
	}
	e, err := bundle.Entry()
	if err != nil {
		return err
	}
	body := &entryPage{
		Verify:   link{"check the whole record", l.to("/verify")},
		Verbatim: bundle.Envelope, Checkpoint: bundle.Checkpoint, Start: bundle.Start, FileName: name,
		Download:  link{"Download the proof (" + name + ")", fmt.Sprintf("/entries/%d.json", n)},
		ProofText: "From the hash of this entry up to the root that was signed: " + count(len(bundle.Proof), "hash", "hashes") + ".",
	}
	for _, h := range bundle.Proof {
		body.Proof = append(body.Proof, h.String())
	}
	if k := len(bundle.Rotations); k > 0 {
		body.Rotations = "The key was changed " + count(k, "time", "times") + " since; each change is proved in the file."
	}
	body.Says = s.says(l, &e, key, known)
	body.Envelope = s.envelope(l, &e, key, known)
	body.Body, body.NoBody = s.body(l, &e, v, known)
	if known {
		body.Give = &link{"Copy for a request for information", l.to(fmt.Sprintf("/entries/%d/give", n))}
	}
	if n > 1 {
		body.Around = append(body.Around, link{"Previous entry", l.entry(n - 1).URL})
	}
	if n < l.newest {
		body.Around = append(body.Around, link{"Next entry", l.entry(n + 1).URL})
	}
	return s.render(w, l, &page{Template: "entry", Crumbs: []link{{"Records", l.to("/records")}}, Heading: fmt.Sprintf("Entry %d", n), Undated: true, Body: body})
}

// mayProve says whether somebody who does not see everything may see the bytes of an entry: those of one that they see whole, and of one
// that speaks of no record.
func (s *Site) mayProve(l *look, n int64, key fact.Key, v graph.Version, known bool) error {
	no := &trouble{kind: fact.ErrDenied, text: fmt.Sprintf("Entry %d is about something that you may not see. It is in the record, and is proved with the others.", n), links: []link{{"Check the whole record", l.to("/verify")}}}
	made, _, is := s.Book.Entry(n)
	if is && (!known || v.Withheld || key != made) {
		return no
	}
	return nil
}

// says tells in words what an entry does, and leads to the record that it speaks of.
func (s *Site) says(l *look, e *fact.Entry, key fact.Key, known bool) []link {
	switch e.Op {
	case fact.Open:
		return text("It ends the reconstruction of the past: from here on the clock alone dates an entry.")
	case fact.NewKey:
		return text("It names the key with which later checkpoints are signed.")
	}
	if !known {
		return text("It says something of a record that this program does not know.")
	}
	what := strings.ToLower(s.Book.Kinds().Kind(key.Kind).Label)
	out := s.linked(l, key)
	switch {
	case e.Op == fact.Erase:
		return []link{{Text: "It removes content of"}, l.entry(e.Base), {Text: ", which is about the " + what}, out, {Text: "."}}
	case e.Op == fact.End && e.Span.Until.IsZero() && e.Proposal != "":
		return []link{{Text: "It takes back what a proposal said of the " + what}, out, {Text: "."}}
	case e.Op == fact.End && e.Span.Until.IsZero():
		return []link{{Text: "It takes back all that was recorded before of the " + what}, out, {Text: "."}}
	case e.Op == fact.End && e.Proposal != "":
		return []link{{Text: "It says that under a proposal the " + what}, out, {Text: "would end."}}
	case e.Op == fact.End:
		return []link{{Text: "It says when the " + what}, out, {Text: "ended: after " + e.Span.Until.Words() + "."}}
	case e.Proposal != "":
		return []link{{Text: "It says what the " + what}, out, {Text: "would be under a proposal."}}
	}
	return []link{{Text: "It says what the " + what}, out, {Text: "is, " + e.Span.Words() + "."}}
}

// envelope puts the lines of an envelope into words.
func (s *Site) envelope(l *look, e *fact.Entry, key fact.Key, known bool) []fieldLine {
	var out []fieldLine
	add := func(label string, lines ...link) { out = append(out, fieldLine{label, lines}) }
	if e.Reconstructed {
		add("Recorded", link{Text: fact.DayIn(e.Recorded).Words() + ", the day on which the council learned it"})
		add("Really written", link{Text: report.Clock(e.Written)})
		add("How", link{Text: "Reconstructed from documents"})
	} else {
		add("Recorded", link{Text: report.Clock(e.Recorded)})
		add("How", link{Text: "Recorded as it was learned"})
	}
	add("By", link{Text: string(e.Who)})
	if known {
		add("About", s.linked(l, key))
		add("Kind of record", link{Text: fmt.Sprintf("%s, version %d of its form", s.Book.Kinds().Kind(key.Kind).Label, e.Version)})
	}
	if e.Op == fact.Assert || e.Op == fact.End {
		add("Days it speaks of", link{Text: capital(e.Span.Words())})
	}
	if e.Proposal != "" {
		add("Proposal", s.linked(l, fact.Key{Kind: graph.Proposal, ID: e.Proposal}))
	}
	if e.Base > 0 {
		label := "Follows"
		if e.Op == fact.Erase {
			label = "Removes content of"
		}
		add(label, l.entry(e.Base))
	}
	return out
}

// extraLabels names the parts of a body that are no fields of the kind.
var extraLabels = map[string]string{"source": "Source", "note": "Note", "reason": "Reason", "ground": "Ground in law", "asked": "Who asked for it", "asked_on": "When it was asked for", "removed_on": "When it was first removed", "id": "Name in addresses", "fields": "What was removed", "verifier": "The new key", "visibility": "Who may see it", "exempt": "Why it is restricted", "decided": "Who decided that", "decided_when": "When that was decided"}

// plainJSON writes a JSON text, or a list of them, without its quotes.
func plainJSON(j string) string {
	var one string
	var many []string
	switch {
	case json.Unmarshal([]byte(j), &one) == nil:
		return one
	case json.Unmarshal([]byte(j), &many) == nil:
		return strings.Join(many, ", ")
	}
	return j
}

// body shows the fields of an entry: in words, as they are hashed, and by which salt.
func (s *Site) body(l *look, e *fact.Entry, v graph.Version, known bool) (*table, string) {
	if len(e.Body) == 0 {
		return nil, "It has no body: the envelope says everything."
	}
	t := newTable("What the entry says, field by field", "Field", "In words", "As it is hashed", "Salt, or hash where erased")
	t.Class = "wrap" // hashes have no spaces
	for _, f := range e.Body {
		label, words := extraLabels[f.Name], text(plainJSON(f.Value))
		for name, list := range map[string][]kind.Ground{"ground": kind.Erasing, "asked": kind.Askers} {
			if g, ok := kind.GroundOf(list, plainJSON(f.Value)); ok && f.Name == name && e.Op == fact.Erase {
				words = text(strings.TrimSuffix(g.Label+" ("+g.Citation+")", " ()"))
			}
		}
		if known {
			if field := v.Record.Kind().Field(f.Name); field != nil {
				label, words = field.Label, s.value(l, v.Record, field)
			}
		}
		if label == "" {
			label = f.Name
		}
		if f.Erased {
			why := "Erased"
			if known {
				why = v.Record.Removed(f.Name).Words()
			}
			t.add(text(label), text(why), text("Erased"), text(f.Hash.String()))
			continue
		}
		t.add(text(label), words, text(f.Value), text(hex.EncodeToString(f.Salt[:])))
	}
	return t, ""
}
