package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"plumbline/internal/rule"
)

type packCmd struct {
	Test packTestCmd `cmd:"" help:"Run the tests that the rules of a pack carry."`
}

type packTestCmd struct {
	Pack string `arg:"" optional:"" default:"england" help:"The pack, or a folder that holds one. Default: ${default}."`
}

func (c packTestCmd) Run(a *app) error {
	kinds, _, err := laws(defaultPack)
	if err != nil {
		return err
	}
	var p *rule.Pack
	if info, serr := os.Stat(c.Pack); serr == nil && info.IsDir() {
		var dir fs.FS = os.DirFS(c.Pack)
		p, err = rule.Draft(filepath.Base(filepath.Clean(c.Pack)), dir, kinds)
	} else {
		p, err = rule.Standard(c.Pack, kinds)
	}
	if err != nil {
		return err
	}
	failures, ran := p.Check(kinds)
	for _, f := range failures {
		fmt.Fprintln(a.out, f)
	}
	untested := p.Untested()
	for _, e := range untested {
		fmt.Fprintln(a.out, e)
	}
	fmt.Fprintf(a.out, "%s %s: %d rules, %d tests, %d failed.\n", p.ID, p.Version, len(p.Rules), ran, len(failures)+len(untested))
	if len(failures)+len(untested) > 0 {
		return errAct
	}
	return nil
}

type versionCmd struct{}

func (versionCmd) Run(a *app) error {
	_, p, err := laws(defaultPack)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "plumbline %s\nlaw: %s %s (%s)\n", version, p.ID, p.Version, p.Digest)
	return nil
}

// version is set by the build.
var version = "development"
