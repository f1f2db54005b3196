package ledger

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// FuzzCheckpoint: what is read as a checkpoint is written as it was read.
func FuzzCheckpoint(f *testing.F) {
	c := checkpoint{origin: "plumbline/0123456789abcdef", size: 7, root: tlog.Hash{1}, time: time.Date(2015, 6, 5, 9, 30, 0, 123456000, time.UTC)}
	f.Add([]byte(c.text() + "\n— x y\n"))
	c.size, c.key = 0, "plumbline/0123456789abcdef+00000000+AAAA"
	f.Add([]byte(c.text() + "\n"))
	f.Add([]byte("\n\n\n\n\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parseCheckpoint(b)
		if err != nil {
			return
		}
		if text := c.text(); string(b[:len(text)]) != text || b[len(text)] != '\n' {
			t.Errorf("read\n%q\nand written\n%q", b, text)
		}
		if checkSigned(b, "plumbline/0123456789abcdef+00000000+AAAA") == nil {
			t.Error("signed by nobody")
		}
	})
}

// TestTree compares the tree that is kept in memory with the library that reads every hash back, and joins it from parts.
func TestTree(t *testing.T) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(index []int64) (out []tlog.Hash, err error) {
		for _, i := range index {
			out = append(out, stored[i])
		}
		return out, nil
	})
	var whole tree
	random := rand.New(rand.NewPCG(1, 1))
	var leaves []tlog.Hash
	for n := range int64(1100) {
		var leaf tlog.Hash
		for i := range leaf {
			leaf[i] = byte(random.Uint32())
		}
		leaves = append(leaves, leaf)
		want, err := tlog.StoredHashesForRecordHash(n, leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		if got := whole.put(0, leaf, nil); !slices.Equal(got, want) {
			t.Fatalf("leaf %d completes other hashes", n)
		}
		stored = append(stored, want...)
		if root, err := tlog.TreeHash(n+1, reader); err != nil || whole.root() != root {
			t.Fatalf("the root of %d leaves is another: %v", n+1, err)
		}

		// The same from blocks of eight.
		var joined tree
		var part tree
		for _, leaf := range leaves {
			part.put(0, leaf, nil)
			if part.size == 8 {
				joined.put(3, part.stack[0], nil)
				part = tree{}
			}
		}
		if joined.root(part.stack...) != whole.root() {
			t.Fatalf("the root of %d leaves, joined from blocks, is another", n+1)
		}
	}
}
