package rule

import (
	"regexp"
	"strings"

	"cel.dev/cel-go/cel"

	"plumbline/internal/fact"
	"plumbline/internal/graph"
)

// program is an expression that is ready to be asked, with how its answer depends on the day looked at.
type program struct {
	cel.Program
	every bool       // it may be another every day
	days  []fact.Day // else it is the same up to each of these, and after it
}

var (
	texts    = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	literal  = regexp.MustCompile(`timestamp\("(\d{4}-\d\d-\d\d)T00:00:00Z"\)`)
	compared = regexp.MustCompile(`\bon\s*(?:<=|>=|==|!=|<|>)\s*DAY\b|\b(?:DAY|[a-z_]\w*\.[a-z_]\w*)\s*(?:<=|>=|==|!=|<|>)\s*on\b`)
	dayOn    = regexp.MustCompile(`\bon\b`)
)

// dated finds how an expression depends on the day. Where all that it does with it is to compare it with days that it names, or with those
// that a record states (see dateValue), it is another only when one of them comes.
func dated(prog cel.Program, src string) *program {
	p := &program{Program: prog}
	for _, m := range literal.FindAllStringSubmatch(src, -1) {
		if d, err := fact.ParseDay(m[1]); err == nil {
			p.days = append(p.days, d)
		}
	}
	rest := texts.ReplaceAllString(literal.ReplaceAllString(src, "DAY"), "TEXT")
	p.every = dayOn.MatchString(compared.ReplaceAllString(rest, "COMPARED")) || strings.ContainsAny(rest, "+-*/%") && dayOn.MatchString(rest)
	return p
}

// note notes that the day was made use of.
func (p *program) note(v *graph.View) {
	if p.every {
		v.On()
		return
	}
	for _, d := range p.days {
		v.By(d)
		v.Past(d)
	}
}
