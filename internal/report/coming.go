package report

import (
	"cmp"
	"slices"
	"strings"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
	"plumbline/internal/kind"
	"plumbline/internal/rule"
)

// mostAlike is how many things of one sort on one day are listed one by one; more are counted.
const mostAlike = 3

// turning are the kinds of which it is told when a record begins, changes or ends, in the order in which a day tells them.
var turning = []fact.KindName{graph.Designation, graph.Appointment, graph.Absence, graph.Post, graph.Unit, graph.Function, "board"}

// Coming gives what happens in so many days after the one looked at, the nearest first: the dates that are stated in the fields of any record,
// and parts of the structure that begin, change or end. What is done, or called off, is left out.
func Coming(p *rule.Pack, v *graph.View, days int) []Point {
	w := &walk{p: p, v: v, days: map[fact.Day]*graph.View{v.On(): v}}
	from, to := v.On()+1, v.On()+fact.Day(days)
	var out []Point
	for _, k := range v.Kinds().All {
		var these []Point
		for _, r := range w.dated(k) {
			these = append(these, w.stated(r, from, to)...)
		}
		out = append(out, gather(these, k)...)
	}
	for _, name := range turning {
		if k := v.Kinds().Kind(name); k != nil {
			out = append(out, gather(w.turns(k, from, to), k)...)
		}
	}
	slices.SortStableFunc(out, func(a, b Point) int { return cmp.Compare(a.Date.Last, b.Date.Last) })
	return out
}

// dated gives the records of a kind that have dates of their own: those of the day, and of events, which begin on their own date, all.
func (w *walk) dated(k *kind.Kind) (out []*graph.Record) {
	if !slices.ContainsFunc(k.Fields, func(f *kind.Field) bool { return f.Type == kind.Date }) {
		return nil
	}
	if len(k.Begins) == 0 {
		return w.v.All(k.Name)
	}
	for _, key := range w.all(k.Name) {
		out = append(out, w.newest(key))
	}
	return out
}

// stated gives the dates in the fields of a record that fall between two days.
func (w *walk) stated(r *graph.Record, from, to fact.Day) (out []Point) {
	for _, f := range r.Kind().Fields {
		if f.Type != kind.Date || f.Many {
			continue
		}
		if d := r.Date(f.Name); touches(d, from, to) && !wide(d) && !closed(r) {
			out = append(out, w.point(r, d, w.label(r, f)))
		}
	}
	return out
}

// label says what happens on a date of a record.
func (w *walk) label(r *graph.Record, f *kind.Field) string {
	if r.Kind().Name != "meeting" {
		return f.Label
	}
	if s := r.Text("status"); s != "" {
		return "Meeting " + s
	}
	return "Meeting"
}

// wide reports whether a date says too little for a list of the days to come.
func wide(d fact.Date) bool {
	return d.Form == fact.Between && d.Last-d.First > 92 || d.Form == fact.InYear
}

// closed reports whether nothing is to be expected of a record any more.
func closed(r *graph.Record) bool {
	for _, f := range []string{"done_on", "accepted_complete_on", "evaluated_on"} {
		if !r.Date(f).IsZero() {
			return true
		}
	}
	switch r.Text("status") {
	case "complete", "cancelled", "stopped", "rejected", "withdrawn":
		return true
	}
	return r.Text("stage") == "withdrawn"
}

// turns gives the days between two on which records of a kind begin, change, or are there for the last time.
func (w *walk) turns(k *kind.Kind, from, to fact.Day) (out []Point) {
	for past := range w.v.Pasts(k.Name) {
		r, s := past.Record, past.Span
		if d := s.From; touches(d, from, to) && d.Form != fact.ByThen && !wide(d) {
			what := k.Label + " begins"
			if w.at(d.First-1).Record(r.Key()) != nil {
				what = k.Label + " changes"
			}
			out = append(out, w.point(r, d, what))
		}
		if d := s.Until; touches(d, from, to) && d.Form != fact.ByThen && !wide(d) && w.at(d.Last+1).Record(r.Key()) == nil {
			out = append(out, w.point(r, d, k.Label+" ends"))
		}
	}
	return out
}

// gather counts what is alike, where there is much of it.
func gather(all []Point, k *kind.Kind) (out []Point) {
	type sort struct {
		date fact.Date
		what string
	}
	n := map[sort]int{}
	for _, x := range all {
		n[sort{x.Date, x.What}]++
	}
	for _, x := range all {
		s := sort{x.Date, x.What}
		switch {
		case n[s] == 0: // counted already
		case n[s] <= mostAlike:
			out = append(out, x)
		default:
			x.Named = Named{Text: Thousands(n[s]) + " " + strings.ToLower(k.Plural)}
			out = append(out, x)
			n[s] = 0
		}
	}
	return out
}
