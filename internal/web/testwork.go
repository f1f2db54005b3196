package web

// testWork are the pages on which an adviser works: the task list, themes, evidence, interviews and findings.
var testWork []testPage
