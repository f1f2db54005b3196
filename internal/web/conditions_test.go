package web_test

import (
	"context"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// standing gives pages that stand for all: addresses, or names of what is sent. To prove it, it gives a hundred of all
// scenes: a tab key pressed three hundred times a page takes long.
func standing(t testing.TB, few ...string) (out []scene) {
	t.Helper()
	if proving {
		return spread(scenes(t), 100)
	}
	states := sent(t)
	for _, name := range few {
		if strings.HasPrefix(name, "/") {
			out = append(out, scene{name, reading(t), name, nil})
			continue
		}
		i := slices.IndexFunc(states, func(x scene) bool { return x.name == name })
		if i < 0 {
			t.Fatalf("nothing that is sent is called %q", name)
		}
		out = append(out, states[i])
	}
	return out
}

// under opens a tab for a test that looks at standing scenes. It is given a minute, and to prove it half an hour.
func under(t testing.TB, width int) *tab {
	t.Helper()
	most := time.Minute
	if proving {
		most = 30 * time.Minute
	}
	return reading(t).tab(width, true).within(most)
}

// With the tab key alone one comes to everything, in the order in which it is written, sees where one is, and gets away again.
func TestTabKeyInABrowser(t *testing.T) {
	b := under(t, 1280)
	for i, x := range standing(t, "/structure/who-answers?on=2003-10-01", "what changed", "/structure/posts") {
		b.resize([]int{1280, 320}[i%2])
		if b.show(x); evaluate[bool](b, `document.activeElement !== document.body`) {
			continue // it begins at what is wrong, or at what has happened
		}
		b.against()
		for range evaluate[int](b, `judge.watch()`) + 1 {
			b.do(chromedp.KeyEvent(kb.Tab))
		}
		b.wrong(x.name, "watched")
	}
}

// In the colours of the reader nothing is lost, and for whoever wants no movement nothing moves.
func TestForcedColoursInABrowser(t *testing.T) {
	b := under(t, 1280)
	b.media("", "forced-colors", "active", "prefers-color-scheme", "light", "prefers-reduced-motion", "reduce") // axe takes the ground to be white
	for _, x := range standing(t, "/structure?on=2003-10-01", "/structure/timeline", "check before it is recorded") {
		b.show(x)
		b.wrong(x.name+" in forced colours", "axe", "bars", "still")
		b.picture(pictureOf(x.name, "forced"))
	}
}

// media gives the tab a medium, or none, and features of it: each by its name and its value.
func (b *tab) media(medium string, features ...string) {
	b.t.Helper()
	set := emulation.SetEmulatedMediaParams{Media: medium}
	for i := 0; i < len(features); i += 2 {
		set.Features = append(set.Features, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, set)
		return err
	}))
}

// Without its stylesheet a page says the same, in the same order.
func TestWithoutStylesInABrowser(t *testing.T) {
	b := under(t, 1280)
	for _, x := range standing(t, "/structure?on=2003-10-01", "/structure/compare?on=2003-10-01", "/entries") {
		if x.by != nil {
			continue
		}
		b.show(x)
		styled := b.lines()
		bare := *x.site
		bare.at, bare.handler = "", unstyled(x.site.handler)
		b.base = bare.served()
		b.open(x.at)
		if evaluate[string](b, `getComputedStyle(document.querySelector('.govuk-skip-link')).position`) != "static" {
			t.Fatalf("%s has its styles", x.name)
		}
		if plain := b.lines(); !slices.Equal(styled, plain) {
			t.Errorf("%s reads otherwise without its stylesheet:\n%s\n\n%s", x.name, strings.Join(styled, "\n"), strings.Join(plain, "\n"))
		}
		b.forget() // that there is no stylesheet
	}
}

// lines are the words of the content, in the order in which they are read, with everything open.
func (b *tab) lines() []string {
	b.t.Helper()
	return evaluate[[]string](b, `(() => {
		document.querySelectorAll('details').forEach(d => { d.open = true })
		const out = []
		const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
		while (walk.nextNode()) {
			if (walk.currentNode.parentElement.closest('.filter > summary')) continue // is not shown where what it opens always is
			const words = walk.currentNode.data.replace(/\s+/g, ' ').trim()
			if (words && walk.currentNode.parentElement.checkVisibility({visibilityProperty: true})) out.push(words)
		}
		return out
	})()`)
}

func unstyled(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".css") {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// On paper there is what was looked at, and nothing that is of no use there; it is tagged for those who listen to it.
func TestPaperInABrowser(t *testing.T) {
	for _, tool := range []string{"pdfinfo", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			without(t, "pdf", tool+" is missing")
		}
	}
	b := under(t, 1280)
	for _, x := range standing(t, "/", "/structure?on=2003-10-01", "/structure/posts/director-of-education?on=2003-05-01") {
		b.show(x)
		b.printed(x.name)
	}
}

// printed puts the page on paper, and complains of what is wrong with that.
func (b *tab) printed(name string) {
	b.t.Helper()
	foot := evaluate[string](b, `document.querySelector('footer p').innerText.trim()`)
	lies := evaluate[bool](b, `!!document.querySelector('.lying, .across')`)
	least := 595.0 // points, of A4
	if evaluate[bool](b, `!!document.querySelector('.across')`) {
		least = 842 // a chart has A3
	}
	b.media("print")
	b.wrong(name+" on paper", "printed")
	b.media("")
	paper, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFOutlineAndTagged(), chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join(b.t.TempDir(), "page.pdf")
	if to := os.Getenv("PLUMBLINE_PICTURES"); to != "" {
		file = filepath.Join(to, pictureOf(name, "paper")+".pdf")
	}
	if err := os.WriteFile(file, paper, 0o600); err != nil {
		b.t.Fatal(err)
	}
	info := output(b.t, "pdfinfo", file)
	if !strings.Contains(info, "Tagged:          yes") {
		b.t.Errorf("%s: the paper is not tagged", name)
	}
	size := pageSize.FindStringSubmatch(info)
	if size == nil {
		b.t.Fatalf("%s: pdfinfo does not say how large the paper is:\n%s", name, info)
	}
	if across, down := number(size[1]), number(size[2]); across > down != lies || math.Abs(min(across, down)-least) > 3 {
		b.t.Errorf("%s: the paper is %s by %s points, and lies on its side: %t", name, size[1], size[2], lies)
	}
	text := output(b.t, "pdftotext", "-layout", file, "-")
	sheets := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	for i, sheet := range sheets {
		if strings.TrimSpace(sheet) == "" {
			b.t.Errorf("%s: sheet %d of %d is empty", name, i+1, len(sheets))
		}
	}
	said := strings.Join(strings.Fields(text), " ")
	if !strings.Contains(said, foot) {
		b.t.Errorf("%s: the paper does not say %q", name, foot)
	}
	for _, useless := range []string{"Skip to main content", "Search everything", "Change the dates or the proposal", "Download this page as", "Is anything wrong with this page?"} {
		if strings.Contains(said, useless) && !strings.Contains(name, "/help") { // which speaks of them
			b.t.Errorf("%s: the paper says %q", name, useless)
		}
	}
}

var pageSize = regexp.MustCompile(`Page size:\s+([0-9.]+) x ([0-9.]+) pts`)

func number(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64) // matched as digits
	return f
}

func output(t testing.TB, name string, arg ...string) string {
	t.Helper()
	out, err := exec.Command(name, arg...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}
