package web

// testLetter are the pages of the letter: what it says, what is wrong in it as a matter of fact, and its issue.
var testLetter []testPage
