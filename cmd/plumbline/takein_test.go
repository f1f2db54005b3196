package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"plumbline/examples"
	"plumbline/internal/fact"
	"plumbline/internal/report"
)

// prepared runs the program in a folder of its own.
type prepared struct {
	t   testing.TB
	dir string
}

func (p prepared) at(name string) string { return filepath.Join(p.dir, name) }

func (p prepared) write(name, text string) string {
	p.t.Helper()
	if err := os.WriteFile(p.at(name), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return p.at(name)
}

func (p prepared) run(args ...string) string {
	p.t.Helper()
	var out, bad bytes.Buffer
	a := &app{ctx: context.Background(), in: strings.NewReader(""), out: &out, err: &bad, now: func() time.Time { return time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC) }, columns: 100}
	if code := a.run(args); code != exitOK {
		p.t.Fatalf("plumbline %s: %d\n%s", strings.Join(args, " "), code, bad.String())
	}
	return out.String()
}

// exported writes the exports of the five councils of Wealdshire.
func (p prepared) exported(functions int) (names []string) {
	for _, body := range examples.Wealdshire(functions) {
		p.run("init", p.at(body.ID+".db"))
		p.run("load", p.at(body.ID+".db"), p.write(body.ID+".yaml", body.Manifest))
		names = append(names, p.write(body.ID+".jsonl", p.run("export", p.at(body.ID+".db"), "jsonl")))
	}
	return names
}

// Five exports in: of each body as many functions land, go on as others or are named as without a place as it had, and those that two brought along are named as standing twice.
func TestTwoCouncils(t *testing.T) {
	const functions = 1000
	p := prepared{t, t.TempDir()}
	exports := p.exported(functions)
	programme, proposal, want := examples.TwoCouncils(functions)
	record := p.at("programme.db")
	p.run("init", record)
	p.run("load", record, p.write("programme.yaml", programme))
	for i, body := range examples.Wealdshire(0) {
		p.run("proposal", "take-in", record, exports[i], "--as", body.ID)
	}
	p.run("load", record, p.write("proposal.yaml", proposal))
	var out struct {
		Transfer []struct {
			Function string `json:"function"`
			From     string `json:"came_from"`
			Landing  string `json:"landing"`
			Faults   []struct {
				Kind string `json:"kind"`
				Text string `json:"text"`
			} `json:"faults"`
		} `json:"transfer"`
	}
	if err := json.Unmarshal([]byte(p.run("report", record, "origins", "--proposal", "two-councils", "--format", "json")), &out); err != nil {
		t.Fatal(err)
	}
	got, in := map[string]examples.Landing{}, map[string]int{}
	seen := map[string]bool{}
	for _, m := range out.Transfer {
		if seen[m.Function] {
			t.Errorf("%s is there twice", m.Function)
		}
		seen[m.Function] = true
		body := strings.TrimPrefix(m.From, "organisation/")
		if body == "" {
			continue // one that takes the place of another
		}
		in[body]++
		l := got[body]
		switch m.Landing {
		case "placed":
			l.Placed++
		case "merged":
			l.Merged++
		case "orphan":
			l.Unplaced++
		default:
			t.Errorf("%s: %s", m.Function, m.Landing)
		}
		for _, f := range m.Faults {
			switch {
			case f.Kind == "doubled":
				l.Doubled++
			case f.Kind == "orphan" && m.Landing == "orphan":
			default:
				t.Errorf("%s: %s", m.Function, f.Text)
			}
		}
		got[body] = l
	}
	if len(got) != len(want) {
		t.Errorf("functions of %d bodies, want %d", len(got), len(want))
	}
	for body, w := range want {
		if got[body] != w || in[body] != w.Placed+w.Merged+w.Unplaced {
			t.Errorf("%s: %d came, %+v, want %+v", body, in[body], got[body], w)
		}
		for f := range in[body] {
			if id := "function/" + body + "-f" + strconv.Itoa(f); !seen[id] {
				t.Errorf("%s is nowhere", id)
			}
		}
	}
	if text := p.run("report", record, "origins", "--proposal", "two-councils"); !strings.Contains(text, "Not everything landed. Of 1,000 functions, 3 have no place and 60 stand twice.") {
		t.Error(text[:600])
	}
}

// Reading, verifying and taking in five exports with 10,000 functions: aim ≤ 3 s.
func BenchmarkTakeIn(b *testing.B) {
	p := prepared{b, b.TempDir()}
	exports := p.exported(10_000)
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		record := p.at("programme" + strconv.Itoa(n) + ".db")
		programme, _, _ := examples.TwoCouncils(10_000)
		p.run("init", record)
		p.run("load", record, p.write("programme.yaml", programme))
		b.StartTimer()
		for i, body := range examples.Wealdshire(0) {
			p.run("proposal", "take-in", record, exports[i], "--as", body.ID)
		}
	}
}

// Where the 10,000 functions of the five go, and what came from where: aim ≤ 1 s.
func BenchmarkTwoCouncils(b *testing.B) {
	p := prepared{b, b.TempDir()}
	exports := p.exported(10_000)
	record := p.at("programme.db")
	programme, proposal, _ := examples.TwoCouncils(10_000)
	p.run("init", record)
	p.run("load", record, p.write("programme.yaml", programme))
	for i, body := range examples.Wealdshire(0) {
		p.run("proposal", "take-in", record, exports[i], "--as", body.ID)
	}
	p.run("load", record, p.write("proposal.yaml", proposal))
	a := newApp(context.Background())
	book, pack, err := a.open(record, defaultPack, false)
	if err != nil {
		b.Fatal(err)
	}
	defer book.Close()
	for b.Loop() {
		t := report.TransferOf(pack, book.View(fact.DayOf(2027, 6, 1), -1), "two-councils", fact.Date{})
		if n := len(t.Rows); n < 10_000 || len(t.Sources()) != 5 {
			b.Fatal(n)
		}
	}
}
