package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// In the scripts the clock says what NOW says; the program itself has no such thing.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"plumbline": func() {
		a := newApp(context.Background())
		if s := os.Getenv("NOW"); s != "" {
			t, err := time.Parse(time.RFC3339, s)
			if err != nil {
				panic(err)
			}
			a.now = func() time.Time { return t }
		}
		os.Exit(a.run(os.Args[1:]))
	}})
}

func TestScripts(t *testing.T) {
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HARROW", filepath.Join(examples, "harrow"))
			return nil
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}
