package assure

import (
	"plumbline/internal/graph"
	"plumbline/internal/rule"
)

// Scenarios lists all that can be taken away, whether or not anything breaks.
func Scenarios(p *rule.Pack, v *graph.View) []Scenario { return scenarios(p, v, Assess(p, v)) }
