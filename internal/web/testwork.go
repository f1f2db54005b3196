package web

import "plumbline/internal/access"

// The pages on which an adviser works, each an address under that of the test.
const (
	partScope      = "scope"
	partThemes     = "themes"
	partProgress   = "progress"
	partEvidence   = "evidence"
	partTemplate   = "evidence-template"
	partFile       = "files"
	partInterviews = "interviews"
	partFindings   = "findings"
	partTakeBack   = "take-back"
)

// testWork are the pages on which an adviser works: the task list, themes, evidence, interviews and findings.
var testWork []testPage

func init() {
	testWork = []testPage{
		{part: partScope, show: (*tested).scopePage, work: true},
		{part: partEvidence, label: "Evidence", show: (*tested).evidencePage, send: (*tested).evidenceSent, act: access.Assess, work: true, parameters: []string{fieldMethod, fieldTheme, fieldCriterion, fieldUse, fieldPage, fieldAdded, fieldInterview, inputKept, inputKeptName}},
		{part: partTemplate, serve: (*tested).evidenceTemplate, work: true},
		{part: partFile, serve: (*tested).evidenceFile, work: true},
		{part: partInterviews, label: "Interviews", show: (*tested).interviewsPage, send: (*tested).interviewSent, act: access.Assess, work: true, parameters: []string{fieldAdded}},
		{part: partThemes, label: "Themes", show: (*tested).themesPage, work: true},
		{part: partFindings, label: "Findings", show: (*tested).findingsPage, send: (*tested).findingSent, act: access.Assess, work: true, parameters: []string{fieldTheme, fieldCriterion, fieldPolarity, fieldBearing, fieldUse, fieldPage, fieldAdded}},
		{part: partTakeBack, show: (*tested).takeBackPage, send: (*tested).takeBack, act: access.Assess, work: true},
		{part: partProgress, show: (*tested).progressPage, send: (*tested).progressSent, act: access.Assess, work: true},
	}
}
