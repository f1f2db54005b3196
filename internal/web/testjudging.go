package web

// testJudging are the pages on which an adviser judges, recommends, and on which the council answers.
var testJudging []testPage
