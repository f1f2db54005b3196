package fact_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plumbline/internal/fact"
)

var update = flag.Bool("update", false, "write the vectors anew; they are frozen, so this is for new ones only")

// vectors are entries whose bytes are frozen in testdata/vectors, one file each. docs/format.md explains the first.
func vectors() map[string]fact.Entry {
	clock := time.Date(2015, time.June, 5, 9, 30, 0, 123456000, time.UTC)
	return map[string]fact.Entry{
		"assert": {
			Position: 184, Recorded: clock, Written: clock, Who: "owner", Op: fact.Assert,
			Kind: "post", Version: 1, ID: "corporate-director-people",
			Span: span("2015-09-01", ""), Base: 17,
			Body: fact.Body{
				{Name: "fte", Value: `1`, Salt: salt(2)},
				{Name: "title", Value: `"Corporate Director – People"`, Salt: salt(1)},
				{Name: "vacant", Value: `false`, Salt: salt(3)},
			},
		},
		"erased": {
			Position: 184, Recorded: clock, Written: clock, Who: "owner", Op: fact.Assert,
			Kind: "person", Version: 2, ID: "x7f3",
			Body: fact.Body{
				{Name: "employer", Value: `"harrow"`, Salt: salt(4)},
				{Name: "name", Erased: true, Hash: fact.Field{Value: `"Somebody"`, Salt: salt(5)}.LeafHash()},
			},
		},
		"reconstructed": {
			Position: 3, Recorded: fact.DayOf(2003, time.September, 17).Noon(), Written: clock, Who: "loader", Op: fact.Assert,
			Kind: "appointment", Version: 1, ID: "a-1", Span: span("2003-23", "by 2005-04"), Proposal: "people-first", Reconstructed: true,
			Body: fact.Body{{Name: "source", Value: `"report of 17 September 2003, \"6.13\""`, Salt: salt(6)}},
		},
		"end":   {Position: 9, Recorded: clock, Written: clock, Who: "owner", Op: fact.End, Kind: "unit", Version: 1, ID: "education", Span: span("", "2003-09-30"), Base: 2},
		"erase": {Position: 12, Recorded: clock, Written: clock, Who: "owner", Op: fact.Erase, Kind: "person", Version: 2, ID: "x7f3", Base: 4, Body: fact.Body{{Name: "fields", Value: `["name"]`, Salt: salt(7)}, {Name: "reason", Value: `"asked to"`, Salt: salt(8)}}},
		"open":  {Position: 2, Recorded: clock, Written: clock, Who: "owner", Op: fact.Open},
	}
}

func salt(n byte) (s fact.Salt) {
	for i := range s {
		s[i] = n
	}
	return s
}

func span(from, until string) fact.Span { return fact.Span{From: date(from), Until: date(until)} }

func date(s string) fact.Date {
	d, err := fact.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// TestVectors compares every byte that is hashed or stored with what was frozen.
func TestVectors(t *testing.T) {
	for name, e := range vectors() {
		e.Root = e.Body.Root()
		var got strings.Builder
		fmt.Fprintf(&got, "envelope\n%s\nbody\n%s\n", fact.AppendEnvelope(nil, &e), wrapped(fact.AppendBody(nil, e.Body)))
		for _, f := range e.Body {
			fmt.Fprintf(&got, "field %s\n%s\n", f.Name, f.LeafHash())
		}
		fmt.Fprintf(&got, "root\n%s\n", e.Root)

		path := filepath.Join("testdata", "vectors", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("%s: the frozen bytes have changed\ngot\n%s\nwant\n%s", name, got.String(), want)
		}
	}
}

// wrapped is bytes in hexadecimal, 32 a line.
func wrapped(b []byte) string {
	var s strings.Builder
	for len(b) > 0 {
		n := min(32, len(b))
		s.WriteString(hex.EncodeToString(b[:n]) + "\n")
		b = b[n:]
	}
	return s.String()
}

// TestRoundTrip reads every vector back.
func TestRoundTrip(t *testing.T) {
	for name, e := range vectors() {
		e.Root = e.Body.Root()
		envelope, body := fact.AppendEnvelope(nil, &e), fact.AppendBody(nil, e.Body)
		back, err := fact.ParseEnvelope(envelope)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if back.Body, err = fact.ParseBody(body); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := back.CheckBody(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got, want := fmt.Sprintf("%+v", back), fmt.Sprintf("%+v", e); got != want && len(e.Body) > 0 {
			t.Errorf("%s: read back as\n%s\nnot\n%s", name, got, want)
		}
	}
}

// TestOneSpelling changes an envelope and a body in every byte: what is still read must be written again as it was read.
func TestOneSpelling(t *testing.T) {
	for name, e := range vectors() {
		e.Root = e.Body.Root()
		envelope, body := fact.AppendEnvelope(nil, &e), fact.AppendBody(nil, e.Body)
		for _, whole := range [][]byte{envelope, body} {
			for i := range whole {
				for bit := range 8 {
					changed := bytes.Clone(whole)
					changed[i] ^= 1 << bit
					sameSpelling(t, changed)
				}
				sameSpelling(t, whole[:i])
				sameSpelling(t, append(bytes.Clone(whole[:i]), whole[min(i+1, len(whole)):]...))
				sameSpelling(t, append(append(bytes.Clone(whole[:i]), ' '), whole[i:]...))
			}
			sameSpelling(t, append(bytes.Clone(whole), '\n'))
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// sameSpelling reads bytes as an envelope and as a body.
func sameSpelling(t *testing.T, b []byte) {
	t.Helper()
	if e, err := fact.ParseEnvelope(b); err == nil {
		if again := fact.AppendEnvelope(nil, &e); !bytes.Equal(again, b) {
			t.Errorf("read as an envelope, and written as another\n%q\n%q", b, again)
		}
	} else if !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("%q: %v", b, err)
	}
	body, err := fact.ParseBody(b)
	root, erased, err2 := fact.BodyRoot(b)
	switch {
	case (err == nil) != (err2 == nil):
		t.Errorf("%x: ParseBody says %v, and BodyRoot %v", b, err, err2)
	case err != nil && (!errors.Is(err, fact.ErrCorrupt) || !errors.Is(err2, fact.ErrCorrupt)):
		t.Errorf("%x: %v, %v", b, err, err2)
	case err != nil:
		return
	case root != body.Root():
		t.Errorf("%x: BodyRoot is not the Root of the body", b)
	}
	any := false
	for _, f := range body {
		any = any || f.Erased
	}
	if any != erased {
		t.Errorf("%x: BodyRoot says that something is erased: %v", b, erased)
	}
	if again := fact.AppendBody(nil, body); !bytes.Equal(again, b) {
		t.Errorf("read as a body, and written as another\n%x\n%x", b, again)
	}
}

// TestErasureNeedsNoRoom erases fields of all lengths: the body may not grow, and its root may not change.
func TestErasureNeedsNoRoom(t *testing.T) {
	for n := range 300 {
		b := fact.Body{{Name: "a", Value: strings.Repeat("x", n), Salt: salt(1)}, {Name: "b", Value: "1", Salt: salt(2)}}
		before, root := len(fact.AppendBody(nil, b)), b.Root()
		b[0] = fact.Field{Name: "a", Erased: true, Hash: b[0].LeafHash()}
		if after := len(fact.AppendBody(nil, b)); after > before {
			t.Errorf("erasing a value of %d bytes takes %d bytes more", n, after-before)
		}
		if b.Root() != root {
			t.Errorf("erasing a value of %d bytes changes the root", n)
		}
	}
}

// TestNamesAreBound: neither the name of a field nor that of an erased one can be changed.
func TestNamesAreBound(t *testing.T) {
	e := vectors()["erased"]
	root := e.Body.Root()
	for i := range e.Body {
		changed := append(fact.Body(nil), e.Body...)
		changed[i].Name += "x"
		if changed.Root() == root {
			t.Errorf("the field %s can be called %s", e.Body[i].Name, changed[i].Name)
		}
	}
}

func TestBodyOrder(t *testing.T) {
	b := fact.Body{{Name: "b"}, {Name: "a"}}
	if _, err := fact.ParseBody(fact.AppendBody(nil, b)); !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("unordered: %v", err)
	}
	b.Sort()
	if _, err := fact.ParseBody(fact.AppendBody(nil, b)); err != nil {
		t.Errorf("ordered: %v", err)
	}
	if _, err := fact.ParseBody(fact.AppendBody(nil, fact.Body{{Name: "a"}, {Name: "a"}})); !errors.Is(err, fact.ErrCorrupt) {
		t.Errorf("twice: %v", err)
	}
}

func TestClocks(t *testing.T) {
	e := vectors()["open"]
	good := string(fact.AppendEnvelope(nil, &e))
	for _, clock := range []string{
		"2015-02-29T09:30:00.123456Z", "2015-13-05T09:30:00.123456Z", "2015-00-05T09:30:00.123456Z", "2015-06-00T09:30:00.123456Z",
		"2015-06-31T09:30:00.123456Z", "2015-06-05T24:30:00.123456Z", "2015-06-05T09:60:00.123456Z", "2015-06-05T09:30:60.123456Z",
		"2015-06-05T09:30:00.12345Z", "2015-06-05T09:30:00.1234567Z", "2015-06-05T09:30:00.123456+01:00", "2015-06-05 09:30:00.123456Z",
		"+015-06-05T09:30:00.123456Z", "2015-06-05T09:30:00,123456Z", "",
	} {
		if _, err := fact.ParseEnvelope([]byte(strings.ReplaceAll(good, "2015-06-05T09:30:00.123456Z", clock))); !errors.Is(err, fact.ErrCorrupt) {
			t.Errorf("%q: %v", clock, err)
		}
	}
	leap := strings.ReplaceAll(good, "2015-06-05T", "2016-02-29T")
	if e, err := fact.ParseEnvelope([]byte(leap)); err != nil || e.Recorded.Day() != 29 || e.Recorded.Nanosecond() != 123456000 {
		t.Errorf("a leap day: %v, %v", e.Recorded, err)
	}
}

func FuzzEnvelope(f *testing.F) {
	for _, e := range vectors() {
		f.Add(fact.AppendEnvelope(nil, &e))
	}
	f.Fuzz(func(t *testing.T, b []byte) { sameSpelling(t, b) })
}

func FuzzBody(f *testing.F) {
	for _, e := range vectors() {
		f.Add(fact.AppendBody(nil, e.Body))
	}
	f.Fuzz(func(t *testing.T, b []byte) { sameSpelling(t, b) })
}
