// Package graph knows every version of every record, and what the record was on a day as known at a
// position.
//
// One sentence carries the whole product: the value of a record on day on, as known at position known, is the
// body of the latest entry at or before known whose span contains on. Nothing is closed, split or updated when
// something changes, so a View of the past is right for ever: later entries have later positions, and a View does not
// see them. That is also why a Graph can be folded into while Views of it are being read.
//
// An edit as people think of it (it changed, our record was wrong, it ended, undo) is a function from a View to documents, which go
// through Stage like any others. What they would do is worked out before they are recorded, and the edit is refused unless it
// is what was meant on every day.
//
// It also knows the shape of a council (posts report to posts, people are appointed to posts, roles are designated to
// posts), and nothing of the law: which role answers for what is for rule to say. It does no I/O, reads no clock, and
// is handed entries in order.
package graph
