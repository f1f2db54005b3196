package store_test

import (
	"crypto/sha256"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"plumbline/internal/fact"
	"plumbline/internal/ledger"
	"plumbline/internal/store"
)

// The record that BenchmarkVerify and BenchmarkOpen read. Every append has a checkpoint, and checking a signature takes as long as twenty entries.
var (
	entries = flag.Int("entries", 1_000_000, "entries in the record of the benchmarks")
	group   = flag.Int("group", 1000, "entries in each append to it")
)

// someEntry is an entry as a council writes them: a post with five fields.
func someEntry(i int, now time.Time) fact.Entry {
	return fact.Entry{
		Op: fact.Assert, Kind: "post", Version: 1, Who: "owner", ID: fact.ID(fmt.Sprintf("service-manager-%d", i%20_000)),
		Span: fact.Span{From: fact.ExactDate(fact.Day(12000 + i%5000))}, Recorded: now, Written: now,
		Body: fact.Body{
			{Name: "grade", Value: `"SM2"`},
			{Name: "reports_to", Value: `"corporate-director-people"`},
			{Name: "source", Value: `"letter of 5 June 2015, paragraph 4"`},
			{Name: "title", Value: fmt.Sprintf(`"Service Manager, Locality %d"`, i)},
			{Name: "unit", Value: `"people"`},
		},
	}
}

var long struct {
	sync.Once
	path string
}

// longRecord makes, once, a record that was loaded in groups.
func longRecord(b *testing.B) string {
	b.Helper()
	long.Do(func() {
		dir, err := os.MkdirTemp("", "plumbline-bench")
		if err != nil {
			b.Fatal(err)
		}
		long.path = filepath.Join(dir, "long.plumb")
		st, err := store.Create(long.path)
		if err != nil {
			b.Fatal(err)
		}
		defer st.Close()
		l, _ := create(b, st)
		now := time.Now()
		for done := 0; done < *entries; {
			es := make([]fact.Entry, min(*group, *entries-done))
			for i := range es {
				es[i] = someEntry(done+i, now)
			}
			if _, _, err := l.Append(b.Context(), es, now); err != nil {
				b.Fatal(err)
			}
			done += len(es)
		}
	})
	return long.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if long.path != "" {
		os.RemoveAll(filepath.Dir(long.path))
	}
	os.Exit(code)
}

// BenchmarkVerify compares Verify with reading the same file and hashing its bytes.
func BenchmarkVerify(b *testing.B) {
	path := longRecord(b)
	st, err := store.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	var verify, hash []time.Duration
	for b.Loop() {
		t := time.Now()
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		h := sha256.New()
		if _, err := io.CopyBuffer(struct{ io.Writer }{h}, f, make([]byte, 1<<20)); err != nil {
			b.Fatal(err)
		}
		f.Close()
		hash = append(hash, time.Since(t))

		t = time.Now()
		r, err := ledger.Verify(b.Context(), st, "", nil)
		if err != nil || r.Size != int64(*entries) {
			b.Fatal(r, err)
		}
		verify = append(verify, time.Since(t))
	}
	b.ReportMetric(median(hash).Seconds()*1000, "ms/sha256")
	b.ReportMetric(median(verify).Seconds()*1000, "ms/verify")
	b.ReportMetric(float64(median(verify))/float64(median(hash)), "x")
}

// BenchmarkOpen is what start-up costs without a fold.
func BenchmarkOpen(b *testing.B) {
	st, err := store.Open(longRecord(b))
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	for b.Loop() {
		if _, err := ledger.Open(b.Context(), st, nil, func(fact.Entry) error { return nil }, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// BenchmarkAppend compares a durable append of one entry with a bare SQLite transaction that writes the same bytes.
func BenchmarkAppend(b *testing.B) {
	dir := b.TempDir()
	st, err := store.Create(filepath.Join(dir, "a.plumb"))
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	l, _ := create(b, st)

	bare, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	bare.SetMaxOpenConns(1)
	if _, err := bare.Exec("CREATE TABLE t (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT"); err != nil {
		b.Fatal(err)
	}
	insert, err := bare.Prepare("INSERT INTO t (n, bytes) VALUES (?, ?)")
	if err != nil {
		b.Fatal(err)
	}

	var ours, theirs []time.Duration
	for i := 0; b.Loop(); i++ {
		now := time.Now()
		one := []fact.Entry{someEntry(i, now)}
		t := time.Now()
		done, r, err := l.Append(b.Context(), one, now)
		if err != nil {
			b.Fatal(err)
		}
		ours = append(ours, time.Since(t))

		bytes := fact.AppendBody(fact.AppendEnvelope(nil, &done[0]), done[0].Body)
		bytes = append(append(bytes, make([]byte, 64)...), r.Checkpoint...) // an entry completes two hashes on average
		t = time.Now()
		tx, err := bare.Begin()
		if err == nil {
			_, err = tx.Stmt(insert).Exec(i, bytes)
		}
		if err == nil {
			err = tx.Commit()
		}
		if err != nil {
			b.Fatal(err)
		}
		theirs = append(theirs, time.Since(t))
	}
	b.ReportMetric(float64(median(theirs).Microseconds()), "µs/bare")
	b.ReportMetric(float64(median(ours).Microseconds()), "µs/append")
	b.ReportMetric(float64(median(theirs))/float64(median(ours)), "x")
}

// BenchmarkWriters compares sixteen writers at once with one.
func BenchmarkWriters(b *testing.B) {
	st, err := store.Create(filepath.Join(b.TempDir(), "a.plumb"))
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	l, _ := create(b, st)
	rate := func(writers, each int) float64 {
		var wg sync.WaitGroup
		start := time.Now()
		for range writers {
			wg.Go(func() {
				for i := range each {
					now := time.Now()
					if _, _, err := l.Append(b.Context(), []fact.Entry{someEntry(i, now)}, now); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		return float64(writers*each) / time.Since(start).Seconds()
	}
	var one, sixteen, ratio []float64
	for b.Loop() {
		o, s := rate(1, 400), rate(16, 200)
		one, sixteen, ratio = append(one, o), append(sixteen, s), append(ratio, s/o)
	}
	middle := func(f []float64) float64 { slices.Sort(f); return f[len(f)/2] }
	b.ReportMetric(middle(one), "one/s")
	b.ReportMetric(middle(sixteen), "sixteen/s")
	b.ReportMetric(middle(ratio), "x")
}
