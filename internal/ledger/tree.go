package ledger

import (
	"golang.org/x/mod/sumdb/tlog"
)

// tree is the right edge of the Merkle tree: all that is needed to append to it and to know its root. The stack
// holds the roots of the complete subtrees from left to right, one for each 1 in the binary size.
type tree struct {
	size  int64
	stack []tlog.Hash
}

func (t tree) clone() tree {
	return tree{t.size, append([]tlog.Hash(nil), t.stack...)}
}

// put adds a complete subtree of 2^level leaves, a single leaf for level 0, and appends to done its hash and those of
// the subtrees that it completes: what tlog.StoredHashes gives, without reading anything back.
func (t *tree) put(level uint, h tlog.Hash, done []tlog.Hash) []tlog.Hash {
	done = append(done, h)
	for n := t.size >> level; n&1 == 1; n >>= 1 {
		h = tlog.NodeHash(t.stack[len(t.stack)-1], h)
		t.stack = t.stack[:len(t.stack)-1]
		done = append(done, h)
	}
	t.stack = append(t.stack, h)
	t.size += 1 << level
	return done
}

// root gives the hash of the whole tree. Further stacks stand to the right of the tree's own.
func (t *tree) root(right ...tlog.Hash) tlog.Hash {
	stacks := append(t.stack[:len(t.stack):len(t.stack)], right...)
	if len(stacks) == 0 {
		h, _ := tlog.TreeHash(0, nil) // reads nothing
		return h
	}
	h := stacks[len(stacks)-1]
	for i := len(stacks) - 2; i >= 0; i-- {
		h = tlog.NodeHash(stacks[i], h)
	}
	return h
}
