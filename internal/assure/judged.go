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
	fresh           *freshness // nil until the test is reported
	parts           []part     // as in compared
	expired         part
	conditions      []testedCondition
}

type part struct {
	reasons []Reason
	reads   graph.Reads
}

type testedCondition struct {
	is    Condition
	reads graph.Reads
}

// judgedOn gives how the newest judgement of a criterion stands, or nil. Which one it is depends on the tests: the caller notes that.
func judgedOn(p *rule.Pack, v *graph.View, tests []*graph.Record, criterion string) *judged {
	found := judgementOn(p, v, tests, criterion)
	if found == nil {
		return nil
	}
	j := &judged{Judgement: *found, criterion: criterion}
	if reported(j.Test, v) {
		j.fresh = freshnessOf(p, v, j.Test, j.Record)
		for n := range compared {
			j.parts = append(j.parts, j.compare(n, v))
		}
		j.expired = j.expire(v)
	}
	for _, c := range j.Conditions {
		j.conditions = append(j.conditions, test(p, v, c.Record))
	}
	return j
}

func (j *judged) compare(n int, v *graph.View) (out part) {
	v.NoteReads()
	if v.By(j.fresh.made) {
		out.reasons = compared[n](j.fresh, v)
	}
	_, out.reads = v.Noted()
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

// again is how the same judgement stands in another view, where nothing of which judgement it is has changed; itself where nothing touches it.
func (j *judged) again(p *rule.Pack, v *graph.View, changes graph.Changes) *judged {
	out := *j
	same := true
	if j.fresh != nil {
		for n := range j.parts {
			if changes.Touch(&j.parts[n].reads) {
				if same {
					out.parts = slices.Clone(j.parts)
				}
				same, out.parts[n] = false, j.compare(n, v)
			}
		}
		if changes.Touch(&j.expired.reads) && j.Record.In(v) != nil && j.Test.In(v) != nil {
			same, out.expired = false, j.expire(v)
		}
	}
	whole := true
	for n := range j.conditions {
		if c := j.conditions[n].is.Record; changes.Touch(&j.conditions[n].reads) && c.In(v) != nil {
			if whole {
				out.conditions = slices.Clone(j.conditions)
			}
			whole, out.conditions[n] = false, test(p, v, c)
		}
	}
	if same && whole {
		return j
	}
	return &out
}

func (j *judged) reasons() (out []Reason) {
	for i := range j.parts {
		out = append(out, j.parts[i].reasons...)
	}
	return append(out, j.expired.reasons...)
}

// all gives what each part depends on.
func (j *judged) all(yield func(*graph.Reads) bool) {
	if j.fresh != nil {
		for i := range j.parts {
			if !yield(&j.parts[i].reads) {
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
