package web

// testLive are the pages of a test that was reported: where it stands, its review, and the test before it.
var testLive []testPage
