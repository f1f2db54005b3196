// Package assure knows the test of assurance as it lives: what the rules show for each criterion, what a person judged, whether that
// judgement is still fresh, whether its conditions hold today, and where record and judgement part.
//
// Health and freshness are separate, and both are derived at every look: nothing here is stored. The machine never
// writes a judgement. Everything is a pure function of a pack and a view, so that it can be recomputed by anybody.
package assure
