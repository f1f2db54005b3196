package report

import (
	"fmt"
	"math"
	"slices"

	"plumbline/internal/fact"
)

// Scale puts the days from one to another, both included, on a line of so many pixels. All rows of a picture share one.
type Scale struct {
	From, To fact.Day
	Width    float64
}

// NewScale gives the scale of a range; a range that ends before it begins is one day.
func NewScale(from, to fact.Day, width float64) Scale { return Scale{from, max(from, to), width} }

// X gives where a day begins, held within the line.
func (s Scale) X(d fact.Day) float64 { return s.x(int64(d)) }

func (s Scale) x(d int64) float64 {
	from, end := int64(s.From), int64(s.To)+1
	return tenth(float64(min(max(d, from), end)-from) / float64(end-from) * s.Width)
}

// tenth rounds to a tenth of a pixel, which nobody sees and which keeps pages short.
func tenth(x float64) float64 { return math.Round(x*10) / 10 }

// Bar gives where the days from one to another lie, both included, at least a pixel wide; ok is false where none of them is on the line.
func (s Scale) Bar(first, last fact.Day) (x, width float64, ok bool) {
	if last < first || last < s.From || first > s.To {
		return 0, 0, false
	}
	x = s.X(first)
	return x, max(1, tenth(s.x(int64(last)+1)-x)), true
}

// Placed is where a period lies on a scale: the days that are certain, and how wide those are before and after it on which it may
// already, or may still, have held.
type Placed struct{ X, Width, Before, After float64 }

// mostFaded is how wide the end of a period is drawn of which only the latest day is recorded, in pixels.
const mostFaded = 12

// Place gives where a period lies; ok is false where none of it is on the line.
func (s Scale) Place(from, until Edge) (p Placed, ok bool) {
	x, w, certain := s.Bar(from.Day, until.Day)
	p.X, p.Width = x, w
	if !certain {
		p.X = s.X(from.Day)
	}
	if e := from.earliest(); e < from.Day {
		p.Before = tenth(s.X(from.Day) - s.X(e))
		if e == fact.MinDay {
			p.Before = min(p.Before, mostFaded)
		}
	}
	if l := until.latest(); l > until.Day {
		p.After = tenth(s.x(int64(l)+1) - s.x(int64(until.Day)+1))
	}
	return p, certain || p.Before > 0 || p.After > 0
}

// Tick is a mark on a scale.
type Tick struct {
	Day   fact.Day
	X     float64
	Label string // "Oct", "Jan 2003", "2005", "6 Oct"; the first of a scale has its year. Empty where it would touch the one before
}

// Between this many ticks a scale has, unless it has fewer days than that.
const (
	fewestTicks = 4
	mostTicks   = 8
)

// Ticks marks the line: days, months or years, as finely as there is room for.
func (s Scale) Ticks() []Tick {
	for _, step := range []int{1, 2, 4, 7, 14, 21} {
		if days := int(int64(s.To) - int64(s.From)); days/step < mostTicks {
			var out []Tick
			for d := s.From; d <= s.To; d += fact.Day(step) {
				out = s.tick(out, d, "2 Jan")
			}
			return out
		}
	}
	year, month, day := s.From.Civil()
	first := year*12 + int(month) - 1 // months are counted from the year 0
	if day > 1 {
		first++
	}
	year, month, _ = s.To.Civil()
	last := year*12 + int(month) - 1
	for _, step := range monthSteps {
		from := (first + step - 1) / step * step
		if (last-from)/step >= mostTicks {
			continue
		}
		layout := "Jan"
		if step >= 12 {
			layout = "2006"
		}
		var out []Tick
		for m := from; m <= last; m += step {
			out = s.tick(out, fact.DayOf(m/12, 1, 1).AddMonths(m%12), layout)
		}
		return out
	}
	return nil
}

var monthSteps = func() []int {
	out := []int{1, 2, 3, 6}
	for unit := 12; unit <= 12*1000; unit *= 10 {
		out = append(out, unit, 2*unit, 4*unit, 5*unit)
	}
	return out
}()

// widthOfLetter is about how wide a letter of a label is, in pixels.
const widthOfLetter = 7

func (s Scale) tick(out []Tick, d fact.Day, layout string) []Tick {
	t := Tick{Day: d, X: s.X(d), Label: d.Time().Format(layout)}
	year, _, _ := d.Civil()
	before := -1
	if len(out) > 0 {
		before, _, _ = out[len(out)-1].Day.Civil()
	}
	if layout != "2006" && year != before {
		t.Label += fmt.Sprintf(" %d", year)
	}
	for _, o := range slices.Backward(out) {
		if o.Label != "" {
			if t.X < o.X+widthOfLetter*float64(len(o.Label)+1) {
				t.Label = ""
			}
			break
		}
	}
	return append(out, t)
}
