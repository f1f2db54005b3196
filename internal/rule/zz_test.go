package rule

import (
	"io/fs"
	"plumbline/internal/kind"
	"testing"
)

func TestDraft(t *testing.T) {
	dir, _ := fs.Sub(packs, "packs/england")
	p, err := Draft("england", dir, kind.Standard())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(len(p.Rules), len(p.Untested()))
	f, n := p.Check(kind.Standard())
	for _, x := range f {
		t.Error(x)
	}
	t.Log(n)
}
