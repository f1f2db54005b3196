package rule

import (
	"slices"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// NotForYou stands where a result rests on what somebody may not see.
const NotForYou = "This rests on a fact that you may not see."

// Shown gives what somebody is shown of the results of the whole record. seen are the results of what they may see, and v is that view. A rule of which
// both say the same is shown as they see it. Of another the outcome is that of the whole record, so that hiding a record never makes a
// false answer; why it is so is not said, and subjects and facts that they may not know of are left out.
func (res *Results) Shown(seen *Results, v *graph.View) *Results {
	out := &Results{Pack: res.Pack, On: res.On, Splits: seen.Splits, asked: res.asked, told: res.told}
	rowsOf := func(r *Results, rule string) (rows []Result) {
		for _, x := range r.Rows {
			if x.Rule == rule {
				rows = append(rows, x)
			}
		}
		return rows
	}
	done := map[string]bool{}
	for _, row := range res.Rows {
		if done[row.Rule] {
			continue
		}
		done[row.Rule] = true
		whole, theirs := rowsOf(res, row.Rule), rowsOf(seen, row.Rule)
		if slices.EqualFunc(whole, theirs, alike) {
			out.Rows = append(out.Rows, theirs...)
			continue
		}
		for _, x := range whole {
			out.Rows = append(out.Rows, x.shown(res.Pack, v))
		}
	}
	return out
}

// alike reports whether two rows give the same outcome for the same subjects, and rest on the same entries.
func alike(a, b Result) bool {
	return a.Outcome == b.Outcome && slices.Equal(a.Subjects, b.Subjects) && slices.Equal(a.Facts, b.Facts) && len(a.Missing) == len(b.Missing)
}

// shown is a result without what may not be seen.
func (res Result) shown(p *Pack, v *graph.View) Result {
	there := func(k fact.Key) bool { return len(v.History(k)) > 0 }
	var subjects []fact.Key
	var titles []string
	for _, k := range res.Subjects {
		if there(k) {
			subjects = append(subjects, k)
			titles = append(titles, p.Named(k, v.Called(k)))
		}
	}
	res.Subjects, res.Titles = subjects, titles
	res.Unreasoned = slices.DeleteFunc(slices.Clone(res.Unreasoned), func(k fact.Key) bool { return !there(k) })
	res.Facts = slices.DeleteFunc(slices.Clone(res.Facts), func(f Fact) bool { return !there(f.Record) })
	if res.Departure != nil && !there(res.Departure.Record) {
		res.Departure = nil
	}
	res.Missing, res.Explanation, res.Repair = nil, NotForYou, nil
	return res
}
