package report

import "strings"

// Run is a part of a text: marked where it differs from what stands beside it.
type Run struct {
	Marked bool
	Named
}

// mostCompared is how many pairs of words are compared before two texts are taken to be different altogether.
const mostCompared = 20_000

// Marks divides two texts so that only those words are marked which the other does not have in the same place.
func Marks(before, after string) (b, a []Run) {
	x, y := strings.Fields(before), strings.Fields(after)
	lead := 0
	for lead < min(len(x), len(y)) && x[lead] == y[lead] {
		lead++
	}
	tail := 0
	for tail < min(len(x), len(y))-lead && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	keepX, keepY := common(x[lead:len(x)-tail], y[lead:len(y)-tail])
	return runs(x, lead, tail, keepX), runs(y, lead, tail, keepY)
}

// common finds a longest common subsequence of two lists of words: which of each are in it.
func common(x, y []string) (inX, inY []bool) {
	inX, inY = make([]bool, len(x)), make([]bool, len(y))
	if len(x)*len(y) > mostCompared {
		return inX, inY
	}
	longest := make([][]int, len(x)+1) // from each pair of places on
	for i := range longest {
		longest[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if x[i] == y[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			inX[i], inY[j] = true, true
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return inX, inY
}

// runs puts words together again that are marked alike. Of the middle, keep says which are not.
func runs(words []string, lead, tail int, keep []bool) []Run {
	var out []Run
	for i, w := range words {
		marked := i >= lead && i < len(words)-tail && !keep[i-lead]
		n := len(out)
		switch {
		case n > 0 && out[n-1].Marked == marked:
			out[n-1].Text += " " + w
			continue
		case n > 0:
			out[n-1].Text += " "
		}
		out = append(out, Run{marked, Named{Text: w}})
	}
	return out
}
