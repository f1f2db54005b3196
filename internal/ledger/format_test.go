package ledger_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
)

var update = flag.Bool("update", false, "write the vectors in docs/format.md anew; they are frozen, so this is for new ones only")

const formatPage = "../../docs/format.md"

// keyFile is the key of the example in docs/format.md. It is no secret.
const keyFile = "PRIVATE+KEY+plumbline/0123456789abcdef+c4a80f73+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"

// TestFormat makes the record of docs/format.md and compares every example there with it.
func TestFormat(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(keyFile), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := ledger.LoadKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	st := newStore(t)
	l, err := ledger.Create(ctx, st, keys, start)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2015, time.June, 5, 9, 30, 0, 123456000, time.UTC)
	salt := func(n byte) (s fact.Salt) {
		for i := range s {
			s[i] = n
		}
		return s
	}
	from, _ := fact.ParseDate("2015-09-01")
	learned := fact.DayOf(2003, time.September, 17).Noon()
	autumn, _ := fact.ParseDate("2003-23")
	first := fact.Entry{
		Recorded: learned, Written: now, Reconstructed: true, Who: "owner", Op: fact.Assert, Kind: "unit", Version: 1, ID: "people-first", Span: fact.Span{From: autumn},
		Body: fact.Body{{Name: "name", Value: `"People First"`, Salt: salt(1)}, {Name: "staff", Value: `1200`, Salt: salt(2)}},
	}
	second := fact.Entry{
		Recorded: now, Written: now, Who: "owner", Op: fact.Assert, Kind: "person", Version: 1, ID: "x7f3", Span: fact.Span{From: from},
		Body: fact.Body{{Name: "employer", Value: `"harrow"`, Salt: salt(3)}, {Name: "name", Value: `"Somebody"`, Salt: salt(4)}},
	}
	third := fact.Entry{Recorded: now, Written: now, Who: "owner", Op: fact.Open, Body: nil}
	checkpoint0 := l.Checkpoint()
	done, _, err := l.Append(ctx, []fact.Entry{first}, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Append(ctx, []fact.Entry{second, third}, now); err != nil {
		t.Fatal(err)
	}
	p, err := l.Begin([]fact.Entry{{
		Recorded: now, Written: now, Who: "owner", Op: fact.Erase, Kind: "person", Version: 1, ID: "x7f3", Base: 2,
		Body: fact.Body{{Name: "fields", Value: `["name"]`, Salt: salt(5)}, {Name: "reason", Value: `"asked to by the person"`, Salt: salt(6)}},
	}}, map[int64][]string{2: {"name"}}, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	verify(t, st)

	var body, leaves strings.Builder
	for _, f := range done[0].Body {
		fmt.Fprintf(&body, "%s\n  value   %s\n  hashed  02 %x %x\n  hash    %s\n", f.Name, f.Value, f.Salt, f.Value, f.LeafHash())
	}
	fmt.Fprintf(&body, "root\n  hashed  03 %04x", len(done[0].Body))
	for _, f := range done[0].Body {
		fmt.Fprintf(&body, "\n          %04x %x %s", len(f.Name), f.Name, f.LeafHash())
	}
	fmt.Fprintf(&body, "\n  hash    %s\nstored\n  %x\n", done[0].Root, fact.AppendBody(nil, done[0].Body))
	for row, err := range st.Read(ctx, 1, 4) {
		if err != nil {
			t.Fatal(err)
		}
		leaf := tlog.RecordHash(row.Envelope)
		fmt.Fprintf(&leaves, "leaf %x\n", leaf[:])
	}
	root := l.Root()
	fmt.Fprintf(&leaves, "root %x\n", root[:])
	consistency, err := l.Consistent(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := json.Marshal(consistency)
	if err != nil {
		t.Fatal(err)
	}
	given, err := ledger.ReadBundle(bundle(t, l, 1))
	if err == nil {
		given, err = given.Withhold([]ledger.Withheld{{Field: "staff", Ground: "foi-43"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	part, err := given.JSON()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{
		"envelope-1":    string(fact.AppendEnvelope(nil, &done[0])),
		"body-1":        body.String(),
		"leaves":        leaves.String(),
		"checkpoint-0":  string(checkpoint0),
		"checkpoint-4":  string(l.Checkpoint()),
		"key-file":      keyFile,
		"verifier":      l.Verifier() + "\n",
		"bundle-1":      string(part),
		"bundle-2":      string(bundle(t, l, 2)),
		"consistency-1": string(proof) + "\n",
		"export":        export(t, st),
	}

	page, err := os.ReadFile(formatPage)
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?ms)^```text vector ([a-z0-9-]+)\n(.*?)^```$")
	if *update {
		page = example.ReplaceAllFunc(page, func(b []byte) []byte {
			name := string(example.FindSubmatch(b)[1])
			return []byte("```text vector " + name + "\n" + got[name] + "```")
		})
		if err := os.WriteFile(formatPage, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for _, m := range example.FindAllSubmatch(page, -1) {
		name := string(m[1])
		seen[name] = true
		if string(m[2]) != got[name] {
			t.Errorf("%s: the page has\n%s\nand the program\n%s", name, m[2], got[name])
		}
	}
	if len(seen) != len(got) {
		t.Errorf("the page has the examples %v", seen)
	}

	// And the other way round: what stands on the page verifies.
	read := func(name string) string {
		m := regexp.MustCompile("(?ms)^```text vector " + name + "\n(.*?)^```$").FindSubmatch(page)
		if m == nil {
			t.Fatalf("the page has no example %s", name)
		}
		return string(m[1])
	}
	trusted := strings.TrimSpace(read("verifier"))
	if r, err := ledger.VerifyBundle([]byte(read("bundle-2")), trusted); err != nil || r.Erased != 1 || r.Size != 4 {
		t.Errorf("the bundle on the page: %+v, %v", r, err)
	}
	if r, err := ledger.VerifyBundle([]byte(read("bundle-1")), trusted); err != nil || r.Erased != 0 || r.Size != 4 {
		t.Errorf("the bundle with a field withheld: %+v, %v", r, err)
	}
	loaded := newStore(t)
	if err := ledger.Import(ctx, loaded, strings.NewReader(read("export")), nil); err != nil {
		t.Errorf("the export on the page: %v", err)
	} else if r, err := ledger.Verify(ctx, loaded, trusted, nil); err != nil || r.Root != fact.Hash(root).String() {
		t.Errorf("the export on the page: %+v, %v", r, err)
	}
}
