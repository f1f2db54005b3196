// Package book is the one door: every change of the record goes through Do, and every look at it through View.
//
// It knows the order of things: who may, what is wrong with the change, the append that makes it the council's
// record, the fold that makes it seen. It knows no kind by name and no law; what a change means is for kind
// and graph to say, and the bytes are the ledger's.
//
// The life of a change. Do looks at the newest state, entries that are on their way to the disk included; Stage
// turns documents into entries or lists what is wrong; Ledger.Begin gives them positions; they are folded; and Wait, the
// commit point, returns when they are durable. Only then are they published: a View never shows what could still be lost.
// When an append fails nobody knows whether it was persisted, so the whole record is read again before the next
// write, and the writer is told what was found.
package book
