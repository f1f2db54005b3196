// Package kind knows the kinds of record: which fields each has, how a value of a field is written,
// what a file of records looks like, how a form asks for one, and what is wrong with what was written. A value means the same
// in a file and in a form.
//
// Kinds are data (data/*.yaml). Nothing here is written for one kind: a new kind is a new file, and its
// page, form, list, history, columns and rule type follow from it.
//
// It must never learn what a record means (who answers, what is lawful), which records there are, or where
// they are stored: whether a reference leads anywhere is for graph to say.
package kind
