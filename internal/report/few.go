package report

// Few is how many people there must be before it is said how many: fewer could be recognised.
const Few = 5

// HiddenCount is what stands in the place of a number that is not shown.
const HiddenCount = "not shown"

// FewNote stands wherever a number is not shown.
const FewNote = "Numbers under 5, and those from which they could be worked out, are not shown, so that nobody can be recognised."

// Tally is how many there are of something. One that is not shown says nothing of its number.
type Tally struct {
	Label   string
	N       int
	Hidden  bool
	Unknown bool // nothing is recorded of which it could be counted
}

// Words is the number, or that it is not shown, or not recorded.
func (t Tally) Words() string {
	switch {
	case t.Hidden:
		return HiddenCount
	case t.Unknown:
		return "not recorded"
	}
	return Thousands(t.N)
}

// Suppress hides the counts of groups by which somebody could be recognised, and as many others as it takes that these cannot be worked out from the total. Every person is in one group, and
// nothing is told by 0. Where it takes more than there are, the total is hidden.
//
// What is promised: from all that is shown each hidden count could be any of Few numbers or more. It is a promise about one table as it stands. Two tables of different days tell more, so
// nobody without an account is shown counts before a consultation is over.
func Suppress(total string, groups []Tally) (sum Tally, shown []Tally) {
	sum, shown = Tally{Label: total}, append([]Tally(nil), groups...)
	hidden, of := 0, 0 // how many groups, and how many people in them
	hide := func(i int) {
		shown[i].Hidden = true
		hidden++
		of += shown[i].N
	}
	for i, g := range shown {
		sum.N += g.N
		if g.N > 0 && g.N < Few {
			hide(i)
		}
	}
	for hidden > 0 && (hidden < 2 || of-hidden+1 < Few) {
		least := -1
		for i, g := range shown {
			if !g.Hidden && g.N > 0 && (least < 0 || g.N < shown[least].N) {
				least = i
			}
		}
		if least < 0 {
			sum.Hidden = true
			break
		}
		hide(least)
	}
	sum.Hidden = sum.Hidden || sum.N > 0 && sum.N < Few
	return sum, shown
}

// tellsFew reports whether how many of a number of people said something tells what a few of them said, or did not say.
func tellsFew(n, of int) bool {
	return n > 0 && n < Few || n < of && of-n < Few
}
