// Command gosec looks for security faults in the packages named, each PATH or PATH/..., and fails if there is one.
//
// It is the checker of github.com/securego/gosec with all its rules but two. The program of that name is not used, because it brings
// along fifty modules for repairs by machine, and minutes to build them.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"runtime"

	"github.com/securego/gosec/v2"
	"github.com/securego/gosec/v2/analyzers"
	"github.com/securego/gosec/v2/issue"
	"github.com/securego/gosec/v2/rules"
)

func main() {
	found, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "gosec:", err)
	}
	for _, x := range found {
		fmt.Printf("%s:%s:%s: %s: %s (severity %s, confidence %s)\n", x.File, x.Line, x.Col, x.RuleID, x.What, x.Severity, x.Confidence)
	}
	if err != nil || len(found) > 0 {
		os.Exit(1)
	}
}

// left are the rules that are not asked, each with its reason. What another rule finds is put right, or excluded at its line.
var left = map[string]string{
	"G104": "an error that is not looked at: they are Close and Rollback after a failure that is reported already, and writes to a buffer. What a failed write does to a record is shown by the tests with store.Faulty",
	"G115": "a number made smaller: the rule sees no bounds. Days, fields of a kind and what an Excel file says of its size are far below them, and what is read of a record is compared with its length before it is converted",
}

// run gives what is found in the packages at some paths, but for what a line excludes by "#nosec G304 -- why". It is an error if one cannot be read.
func run(paths []string) ([]*issue.Issue, error) {
	var packages []string
	for _, path := range paths {
		in, err := gosec.PackagePaths(path, nil)
		if err != nil {
			return nil, fmt.Errorf("find packages at %s: %w", path, err)
		}
		packages = append(packages, in...)
	}
	if len(packages) == 0 {
		return nil, fmt.Errorf("there are no packages at %q", paths)
	}
	var ids []string
	for id := range left {
		ids = append(ids, id)
	}
	all, flow := rules.Generate(false, rules.NewRuleFilter(true, ids...)), analyzers.Generate(false, analyzers.NewAnalyzerFilter(true, ids...))
	a := gosec.NewAnalyzer(gosec.NewConfig(), false, false, false, runtime.NumCPU(), log.New(io.Discard, "", 0))
	a.LoadRules(all.RulesInfo())
	a.LoadAnalyzers(flow.AnalyzersInfo())
	if err := a.Process(nil, packages...); err != nil {
		return nil, err
	}
	found, _, unread := a.Report()
	for file, errs := range unread {
		return found, fmt.Errorf("read %s: %v", file, errs)
	}
	return found, nil
}
