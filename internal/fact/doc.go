// Package fact holds the atoms of the record: days and imprecise dates, spans, identifiers, who
// wrote, and the entry with its frozen bytes.
//
// It knows how one entry is written down and hashed (docs/format.md), and nothing of what an entry
// says: no kind, no field, no council. It imports the standard library alone, so that a verifier
// written against the format needs nothing else.
//
// Everybody may import it. It must never learn the name of a kind, read a clock, or touch a disk.
package fact
