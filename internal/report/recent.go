package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// Recorded is something that was recorded: what changed, in words.
type Recorded struct {
	Named                // "Director of Adult Services: reports to Chief Executive"
	Kind          string // "Post"; empty of many records
	At            time.Time
	Reconstructed bool // the date is that of a document
	Who           fact.Who
	Corrected     bool // our record was wrong before
	Entry         int64
	Count         int // records that were recorded together and are not told one by one; 0 for one
}

const (
	mostTogether = 6     // records of one moment that are told one by one
	mostEntries  = 2_000 // that are looked at
)

// Recent gives what was recorded from a moment on and before the view's own, the newest first: at most so many. Many records of one moment
// are told as one.
func Recent(p *rule.Pack, v *graph.View, since time.Time, most int) []Recorded {
	var out []Recorded
	var together []graph.Version
	tell := func() {
		if len(together) > 0 {
			out = append(out, moment(p, v, together)...)
			together = nil
		}
	}
	looked := 0
	for _, h := range v.Entries(v.Known() + 1) {
		if looked++; h.Recorded.Before(since) || looked > mostEntries {
			break
		}
		if h.Record.Kind().Section == kind.Admin {
			continue // who may do what is no news of the council
		}
		if n := len(together); n > 0 && (!together[0].Recorded.Equal(h.Recorded) || together[0].Who != h.Who) {
			if tell(); len(out) >= most {
				break
			}
		}
		together = append(together, h)
	}
	tell()
	return out[:min(most, len(out))]
}

// moment tells what was recorded at once, one record after the other or all in one.
func moment(p *rule.Pack, v *graph.View, all []graph.Version) (out []Recorded) {
	var records []graph.Version // of each the newest
	seen := map[fact.Key]bool{}
	for _, h := range all {
		if k := h.Record.Key(); !seen[k] {
			seen[k] = true
			records = append(records, h)
		}
	}
	if len(records) <= mostTogether {
		for _, h := range records {
			out = append(out, told(p, v, h))
		}
		return out
	}
	h := all[0]
	return []Recorded{{Named: Named{Text: manyOf(records)}, At: h.Recorded, Reconstructed: h.Reconstructed, Who: h.Who, Entry: h.Position, Count: len(records)}}
}

// manyOf says of how many records of which kinds something was recorded.
func manyOf(all []graph.Version) string {
	n := map[string]int{}
	var kinds []string
	for _, h := range all {
		k := strings.ToLower(h.Record.Kind().Plural)
		if n[k]++; n[k] == 1 {
			kinds = append(kinds, k)
		}
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return n[b] - n[a] })
	if len(kinds) == 1 {
		return Thousands(len(all)) + " " + kinds[0]
	}
	return Thousands(len(all)) + " records, most of them " + kinds[0]
}

// told says what one entry changed.
func told(p *rule.Pack, v *graph.View, h graph.Version) Recorded {
	k := h.Record.Key()
	out := Recorded{Named: Named{Record: k}, Kind: h.Record.Kind().Label, At: h.Recorded, Reconstructed: h.Reconstructed, Who: h.Who, Entry: h.Position}
	say := func(what string, then ...string) Recorded {
		if h.Proposal != "" {
			then = append(then, "As proposed in "+Called(p, v, fact.Key{Kind: graph.Proposal, ID: h.Proposal}))
		}
		out.Text = what
		for _, s := range then {
			if s != "" {
				out.Text = Sentence(out.Text) + " " + Sentence(s)
			}
		}
		return out
	}
	switch h.Op {
	case fact.Erase:
		return say(Called(p, v, k), "Content was erased")
	case fact.End:
		switch u := h.Span.Until; {
		case u.IsZero():
			out.Corrected = h.Proposal == ""
			return say(Called(p, v, k), "Taken back")
		case u.Form == fact.ToBeAgreed:
			return say(Called(p, v, k), "Ends on a day to be agreed")
		default:
			return say(Called(p, v, k), "Last day: "+u.Words())
		}
	}
	begins := ""
	if f := h.Span.From; !f.IsZero() && f.Form != fact.ToBeAgreed {
		begins = "From " + strings.TrimPrefix((&Period{From: Edge{Date: f, Words: f.Words()}}).when(), " from ")
	}
	before := earlier(v, h)
	if before == nil {
		return say("New "+strings.ToLower(out.Kind)+": "+Title(p, h.Record), begins)
	}
	if out.Corrected = h.Proposal == "" && before.Span.From == h.Span.From; out.Corrected {
		begins = ""
	}
	return say(Title(p, h.Record), append(differs(p, before.Record, h.Record), begins)...)
}

// earlier gives what was last said of a record before an entry, on its branch or else in the record in force.
func earlier(v *graph.View, h graph.Version) (found *graph.Version) {
	for _, x := range v.History(h.Record.Key()) {
		if x.Position >= h.Position || x.Op != fact.Assert || x.Proposal != h.Proposal && x.Proposal != "" {
			continue
		}
		if found == nil || x.Proposal == h.Proposal || found.Proposal == "" {
			found = &x
		}
	}
	return found
}

// differs says in which fields two versions of a record differ, a few of them one by one.
func differs(p *rule.Pack, b, a *graph.Record) (told []string) {
	const most = 3
	for _, f := range a.Kind().Fields {
		was, ws := b.JSON(f.Name)
		is, as := a.JSON(f.Name)
		if was == is && ws == as {
			continue
		}
		var now []string
		for _, v := range Value(p, a, f) {
			now = append(now, v.Text)
		}
		told = append(told, f.Label+": "+short(cmp.Or(And(now), "no longer stated")))
	}
	switch more := len(told) - most; {
	case len(told) == 0:
		return []string{"The same, over other days"}
	case more > 0:
		return append(told[:most], Count(more, "more thing differs", "more things differ"))
	}
	return told
}
