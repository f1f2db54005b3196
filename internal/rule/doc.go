// Package rule knows the law, as data: packs of YAML (packs/**) that say which statutory roles there are on which day, which of
// them answers for which functions, by which criteria a structure is tested, and the rules, each with its force, its dates, its
// citation and its own tests.
//
// A rule is two expressions in CEL: what it is about, and what must hold of each. Expressions are typed from the kinds, so
// that a misspelt field fails when the pack is loaded. What is not recorded is unknown, not false: a rule that depends on
// it cannot be tested, and says which field of which record is missing; a gap that cannot matter is no gap.
//
// The room takes a graph.View and gives results. It must never import book, write anything, or judge: it says what
// the record shows, and people say Met. It is the only room that knows CEL.
package rule
