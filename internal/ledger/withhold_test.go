package ledger_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

// withheld is a bundle of an entry of three fields, one of them withheld, and one erased.
func withheld(t testing.TB) (whole, part []byte) {
	t.Helper()
	l, _, _ := record(t)
	addMany(t, l, 2)
	e := entry("a")
	e.Body = fact.Body{{Name: "name", Value: `"Zyra Quillfeather"`}, {Name: "note", Value: `"canary"`}, {Name: "title", Value: `"Head of Service"`}}
	done := add(t, l, e)
	erase(t, l, done.First, "note")
	whole = bundle(t, l, done.First)
	b, err := ledger.ReadBundle(whole)
	if err == nil {
		b, err = b.Withhold([]ledger.Withheld{{Field: "name", Ground: "foi-40-2"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	if part, err = b.JSON(); err != nil {
		t.Fatal(err)
	}
	return whole, part
}

// What is withheld is in no byte of a bundle, its salt is not either, and the rest is proved as before.
func TestWithhold(t *testing.T) {
	whole, part := withheld(t)
	r, err := ledger.VerifyBundle(part, "")
	if err != nil {
		t.Fatal(err)
	}
	if all, err := ledger.VerifyBundle(whole, ""); err != nil || all != r || r.Erased != 1 {
		t.Errorf("%+v\n%+v, %v", r, all, err)
	}
	full, _ := ledger.ReadBundle(whole)
	e, err := full.Entry()
	if err != nil {
		t.Fatal(err)
	}
	salt := e.Body[0].Salt
	for _, no := range []string{"Quillfeather", "Zyra", hex.EncodeToString(salt[:]), base64.StdEncoding.EncodeToString([]byte("Zyra Quillfeather")), hex.EncodeToString([]byte("Zyra"))} {
		if bytes.Contains(bytes.ToLower(part), bytes.ToLower([]byte(no))) {
			t.Errorf("it still says %q", no)
		}
	}
	b, err := ledger.ReadBundle(part)
	if err != nil || !slices.Equal(b.Withheld(), []ledger.Withheld{{Field: "name", Ground: "foi-40-2"}}) {
		t.Errorf("%+v, %v", b.Withheld(), err)
	}
	if got, err := b.Entry(); err != nil || got.Root != e.Root || got.Body[2] != e.Body[2] || !got.Body[0].Erased || got.Body[0].Hash != e.Body[0].LeafHash() {
		t.Errorf("%+v, %v", got, err)
	}
	for _, w := range []ledger.Withheld{{"name", "foi-40-2"}, {"note", "foi-40-2"}, {"none", "foi-40-2"}, {"title", ""}, {"title", "Section 40"}, {"title", "a\nb"}, {"title", strings.Repeat("a", 41)}} {
		if _, err := b.Withhold([]ledger.Withheld{w}); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%q: %v", w, err)
		}
	}
	if same, err := full.Withhold(nil); err != nil || same.Format != "bundle/1" {
		t.Errorf("%+v, %v", same, err)
	}
}

// Nothing else can be made of a bundle that withholds.
func TestChangedWithheld(t *testing.T) {
	_, part := withheld(t)
	for name, c := range map[string][2]string{
		"the first form":       {`"bundle/2"`, `"bundle/1"`},
		"no ground":            {`"ground":"foi-40-2"`, `"ground":""`},
		"words for a ground":   {`"ground":"foi-40-2"`, `"ground":"because I say so"`},
		"a value as well":      {`"withheld":`, `"value":1,"withheld":`},
		"a salt as well":       {`"withheld":`, `"salt":"00","withheld":`},
		"erased as well":       {`"withheld":`, `"erased":"` + strings.Repeat("0", 64) + `","withheld":`},
		"another hash":         {`"withheld":"`, `"withheld":"00`},
		"a ground of another":  {`"name":"title"`, `"ground":"foi-41","name":"title"`},
		"another name":         {`"name":"name"`, `"name":"nome"`},
		"erased, and a ground": {`"withheld":`, `"erased":`},
	} {
		changed := bytes.Replace(part, []byte(c[0]), []byte(c[1]), 1)
		if bytes.Equal(changed, part) {
			t.Fatalf("%s changes nothing: %s", name, part)
		}
		if _, err := ledger.VerifyBundle(changed, ""); err == nil {
			t.Errorf("%s: it verifies", name)
		}
	}
	for i := range part {
		changed := bytes.Clone(part)
		changed[i] ^= 1
		if _, err := ledger.VerifyBundle(changed, ""); err != nil {
			continue
		}
		a, err1 := ledger.ReadBundle(part)
		b, err2 := ledger.ReadBundle(changed)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		e, _ := a.Entry()
		f, _ := b.Entry()
		if fmt.Sprint(e) != fmt.Sprint(f) {
			t.Errorf("byte %d: another entry verifies:\n%s", i, changed)
		}
	}
}

// An export has all that there is, so nothing of it is withheld.
func TestNoExportWithholds(t *testing.T) {
	l, st, _ := record(t)
	e := entry("a")
	e.Body = fact.Body{{Name: "name", Value: `"Zyra"`}}
	add(t, l, e)
	erase(t, l, 1, "name")
	out := export(t, st)
	changed := strings.Replace(out, `"erased":`, `"ground":"foi-41","withheld":`, 1)
	if err := ledger.Import(t.Context(), newStore(t), strings.NewReader(changed), nil); changed == out || !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("%v", err)
	}
}
