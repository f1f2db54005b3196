// Package ledger is the log: it appends entries, signs what it holds, proves what it holds, and
// verifies a record that somebody else may have touched.
//
// It knows positions, hashes, signatures and the order of time. It must never know what an entry says: bodies are
// names with opaque values here, so that no rule about councils can fool Verify, and no kind, graph or
// page can be imported. It touches no SQL and no clock; a Store keeps the bytes, and the caller says what time it is.
//
// # The tree
//
// The leaves of a Merkle tree (golang.org/x/mod/sumdb/tlog, RFC 6962) are the envelopes. The fields of a body hang below
// its envelope by salted hashes, so that a field can be erased and every proof stays as it was. With every append a checkpoint is signed:
// a note (golang.org/x/mod/sumdb/note, C2SP) with the size and root of the tree and the real time. docs/format.md freezes all of these bytes.
//
// # Life of an append
//
//  1. Begin gives the entries their positions and puts them in the queue. Nothing is written.
//  2. Wait: whoever comes first while nobody commits becomes the leader, and takes the queue as one group.
//  3. The leader hashes the envelopes into the tree, signs a checkpoint, and hands all of it to Store.Append at the size
//     that this ledger knows. This is the commit point: when Append returns nil the group is durable, and
//     only then does anybody see the new size.
//  4. If Append fails, nobody knows whether the group is in the store. Every writer in the queue is told so, and the
//     ledger refuses to write until Tail has read what is really there.
//
// Who may call it: book, which is the one door, and cmd/plumbline for records and keys. Stores implement its Store.
package ledger
