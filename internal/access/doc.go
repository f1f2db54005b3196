// Package access knows who may do what: the roles, the grants that give them to people, and what each role may see and change.
//
// Grants are records like any others, so who could do what on any day is in the record and proved; what somebody may do now is read
// from the newest state of the record, on today's date, whatever day they look at. A person without a grant may do
// nothing. There is one table (roles.go) and one question (Person.May, with Person.Over where it matters what is
// touched), and book.Do asks it before anything is written.
//
// It must never know what an account, a session or a password is (that is the desk's), what a page is, or any law. It does no I/O and
// reads no clock.
package access
