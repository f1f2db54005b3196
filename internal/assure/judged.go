package assure

import (
	"slices"

	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// judged is a judgement as it stands on a day, by its parts, each with what it depends on, so that on another day, or if something were otherwise, only
// those are worked out again that are touched.
type judged struct {
	Judgement
	criterion, name string
	aged            *aged // nil until the test is reported
	expired         part
	conditions      []testedCondition
}

// aged is what makes those judgements of a test stale that were made when the same was known, by its parts, as in compared.
type aged struct {
	*freshness
	parts []part
}

type part struct {
	reasons []Reason
	reads   graph.Reads
}

type testedCondition struct {
	is    Condition
	reads graph.Reads
}

// judgedOn gives for each of some criteria how the newest judgement of it stands, or nil. Which one it is depends on the tests: the caller notes that.
func judgedOn(p *rule.Pack, v *graph.View, tests []*graph.Record, criteria []string) (out []*judged) {
	shared := map[made]*aged{}
	for _, c := range criteria {
		found := judgementOn(p, v, tests, c)
		if found == nil {
			out = append(out, nil)
			continue
		}
		j := &judged{Judgement: *found, criterion: c}
		if reported(j.Test, v) {
			f := freshnessOf(p, v, j.Test, j.Record)
			if shared[f.which()] == nil {
				shared[f.which()] = agedOf(f, v)
			}
			j.aged = shared[f.which()]
			j.expired = j.expire(v)
		}
		for _, c := range j.Conditions {
			j.conditions = append(j.conditions, test(p, v, c.Record))
		}
		out = append(out, j)
	}
	return out
}

func agedOf(f *freshness, v *graph.View) *aged {
	a := &aged{freshness: f}
	for n := range compared {
		a.parts = append(a.parts, a.compare(n, v))
	}
	return a
}

func (a *aged) compare(n int, v *graph.View) (out part) {
	v.NoteReads()
	if v.By(a.made) {
		out.reasons = compared[n](a.freshness, v)
	}
	_, out.reads = v.Noted()
	return out
}

// again is the same in another view; itself where nothing touches it.
func (a *aged) again(v *graph.View, changes *graph.Changes) *aged {
	out := a
	for n := range a.parts {
		if changes.Touch(&a.parts[n].reads) {
			if out == a {
				out = &aged{a.freshness, slices.Clone(a.parts)}
			}
			out.parts[n] = a.compare(n, v)
		}
	}
	return out
}

func (j *judged) expire(v *graph.View) (out part) {
	v.NoteReads()
	out.reasons = expired(v, &Judgement{Record: j.Record.In(v), Test: j.Test.In(v)})
	_, out.reads = v.Noted()
	return out
}

func test(p *rule.Pack, v *graph.View, c *graph.Record) (out testedCondition) {
	v.NoteReads()
	out.is = ConditionOf(p, v, c.In(v))
	_, out.reads = v.Noted()
	return out
}

// again is how the same judgements stand in another view, where nothing of which judgements they are has changed; each itself where nothing touches it.
func again(p *rule.Pack, all []*judged, v *graph.View, changes *graph.Changes) []*judged {
	out := make([]*judged, len(all))
	var was, is *aged // nearly always all share it
	for i, j := range all {
		if j == nil {
			continue
		}
		if j.aged != nil && j.aged != was {
			was, is = j.aged, j.aged.again(v, changes)
		}
		out[i] = j.again(p, v, changes)
		if j.aged != nil && j.aged != is {
			if out[i] == j {
				same := *j
				out[i] = &same
			}
			out[i].aged = is
		}
	}
	return out
}

// again is a judgement in another view, with what makes it stale as it was.
func (j *judged) again(p *rule.Pack, v *graph.View, changes *graph.Changes) *judged {
	out := j
	own := func() *judged {
		if out == j {
			same := *j
			same.conditions = slices.Clone(j.conditions)
			out = &same
		}
		return out
	}
	if j.aged != nil && changes.Touch(&j.expired.reads) && j.Record.In(v) != nil && j.Test.In(v) != nil {
		own().expired = j.expire(v)
	}
	for n := range j.conditions {
		if c := j.conditions[n].is.Record; changes.Touch(&j.conditions[n].reads) && c.In(v) != nil {
			own().conditions[n] = test(p, v, c)
		}
	}
	return out
}

func (j *judged) reasons() (out []Reason) {
	if j.aged != nil {
		for i := range j.aged.parts {
			out = append(out, j.aged.parts[i].reasons...)
		}
	}
	return append(out, j.expired.reasons...)
}

// all gives what each part depends on.
func (j *judged) all(yield func(*graph.Reads) bool) {
	if j.aged != nil {
		for i := range j.aged.parts {
			if !yield(&j.aged.parts[i].reads) {
				return
			}
		}
		if !yield(&j.expired.reads) {
			return
		}
	}
	for i := range j.conditions {
		if !yield(&j.conditions[i].reads) {
			return
		}
	}
}
