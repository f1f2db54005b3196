package report_test

import (
	"strings"
	"testing"

	"plumbline/internal/assure"
	"plumbline/internal/report"
)

// Judgements that have to be made again for the same reasons are one line, what left one role is said once, and what else breaks stays as it is.
func TestBreaks(t *testing.T) {
	stale := func(title, reason string) assure.Loss {
		return assure.Loss{Harm: assure.HarmStale, Title: title, Reason: reason, What: "the judgement of “" + title + "” has to be made again: " + reason}
	}
	var got []string
	for _, l := range report.Breaks([]assure.Loss{{Rule: "DCS-01", What: "Nobody is designated."}, stale("Duties", "Ann left"), stale("Partnership", "a board changed"), stale("Accountability", "Ann left"), stale("Duties", "Youth left the director"), stale("Accountability", "Youth left the director"), stale("Duties", "Housing left the director"), stale("Accountability", "Housing left the director")}) {
		got = append(got, l.What)
	}
	same(t, "losses", strings.Join(got, "\n"), `
Nobody is designated.
the judgements of “Duties” and “Accountability” have to be made again: Ann left; Youth and Housing left the director
the judgement of “Partnership” has to be made again: a board changed`)
}
