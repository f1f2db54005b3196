// Package web shows a record to people: pages made on the server, for any browser, with or without JavaScript (none is sent).
//
// It knows addresses, words and HTML. It is handed a book.Book to look through, a rule.Pack and a clock; it never
// reaches behind the book to the ledger or a store, and nothing here changes a record. Every page is a function of a
// look: a day, the record as known at a position, and a proposal or none. The look is in the address, in words on the
// page, in its title, and on every link, so that a page that somebody sent says what it said.
//
// The life of a request: a mux with all routes (routes.go) behind what keeps strangers out (safety.go); the look is read from the
// address (look.go); the page gathers what it shows from the view into a struct of plain words and links, and is rendered
// into memory, so that a failure is never half a page; an error is answered by one table (errors.go). Templates
// choose nothing: what a page says is decided, and can be tested, in Go.
package web
