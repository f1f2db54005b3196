package kind

import (
	"fmt"
	"math"
	"regexp"
	"strconv"

	"plumbline/internal/fact"
)

// LeastContrast is what WCAG 2.2 asks of text against what it stands on.
const LeastContrast = 4.5

// Colour is the check of a field that holds a colour in which words are written on white.
const Colour = "colour"

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Contrast gives how a colour, such as #0f385c, stands out against white: a ratio from 1 to 21 by WCAG 2.2; ok is false where it is no such colour.
func Contrast(colour string) (ratio float64, ok bool) {
	if !hexColour.MatchString(colour) {
		return 0, false
	}
	light := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8) // two digits, as was looked at
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		light += weight * c
	}
	return 1.05 / (light + 0.05), true
}

// readable says what is wrong with such a colour, and what to do.
func readable(colour string, _ []fact.KindName) (what, remedy string) {
	ratio, ok := Contrast(colour)
	switch {
	case !ok:
		return "it is no colour as #0f385c is: a hash and six of the digits 0 to 9 and a to f", ""
	case ratio < LeastContrast:
		return fmt.Sprintf("it cannot be read on white: the contrast is %.1f to 1, and has to be at least %.1f to 1. A darker colour has more", math.Floor(ratio*10)/10, LeastContrast), ""
	}
	return "", ""
}
