package ledger_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

// growth gives what a witness is sent by a log.
func growth(t testing.TB, l *ledger.Ledger, since int64) *ledger.Growth {
	t.Helper()
	g, err := l.Growth(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	data, err := g.JSON()
	if err == nil {
		g, err = ledger.ReadGrowth(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Every later checkpoint extends every earlier one, across changes of key, and an erasure changes nothing for a witness.
func TestGrowth(t *testing.T) {
	l, _, keys := record(t)
	first := keys.Verifier()
	kept := [][]byte{l.Checkpoint()}
	for round := range 12 {
		switch round {
		case 3, 7:
			newer, err := keys.Rotated()
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := l.Rotate(t.Context(), newer, "owner", start, start); err != nil {
				t.Fatal(err)
			}
			keys = newer
		case 5:
			erase(t, l, 2)
		default:
			addMany(t, l, round+1)
		}
		kept = append(kept, l.Checkpoint())
		for _, k := range kept {
			size, err := ledger.SizeOf(k)
			if err != nil {
				t.Fatal(err)
			}
			for _, trusted := range []string{"", first, keys.Verifier()} {
				r, err := growth(t, l, size).Check(k, trusted)
				root := l.Root()
				if err != nil || r.Size != l.Size() || r.Root != hex.EncodeToString(root[:]) || r.OwnWord != (trusted == "") {
					t.Fatalf("from %d to %d: %+v, %v", size, l.Size(), r, err)
				}
			}
		}
	}
	if _, err := growth(t, l, 0).Check(nil, newKeys(t).Verifier()); !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("the key of somebody else: %v", err)
	}
	if _, err := growth(t, l, 3).Check(kept[3], ""); !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("the proof of another size: %v", err)
	}
}

// What a witness has to notice: that the end was cut off, that another end was written, that it is another record, and that somebody altered what it is sent.
func TestGrowthContradicts(t *testing.T) {
	l, st, keys := record(t)
	addMany(t, l, 5)
	var export strings.Builder
	if err := ledger.Export(t.Context(), st, &export); err != nil {
		t.Fatal(err)
	}
	older := func() *ledger.Ledger { // a copy from before what follows
		copied := newStore(t)
		if err := ledger.Import(t.Context(), copied, strings.NewReader(export.String()), nil); err != nil {
			t.Fatal(err)
		}
		o, err := ledger.Open(t.Context(), copied, keys, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	addMany(t, l, 4)
	kept := l.Checkpoint()
	rolled, forked, rewritten := older(), older(), older()
	addMany(t, forked, 4)
	addMany(t, rewritten, 9)
	other, _, _ := record(t)
	addMany(t, other, 20)
	for _, c := range []struct {
		what, says string
		l          *ledger.Ledger
	}{{"rolled back", "entry 6", rolled}, {"forked", "does not begin with", forked}, {"rewritten", "does not begin with", rewritten}, {"another record", "another record", other}} {
		if _, err := growth(t, c.l, 9).Check(kept, ""); !errors.Is(err, fact.ErrCorrupt) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.what, err)
		}
	}

	addMany(t, l, 3)
	data, err := growth(t, l, 9).JSON()
	if err != nil {
		t.Fatal(err)
	}
	want, err := growth(t, l, 9).Check(kept, keys.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for _, bit := range []byte{1, 2, 16} {
			altered := append([]byte(nil), data...)
			altered[i] ^= bit
			g, err := ledger.ReadGrowth(altered)
			if err != nil {
				continue
			}
			if r, err := g.Check(kept, keys.Verifier()); err == nil && r != want {
				t.Fatalf("byte %d altered, and it says %+v", i, r)
			}
		}
	}
}
