package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// tab is a page in Chromium, as somebody sees it. All that goes wrong in it fails the test.
type tab struct {
	t    testing.TB
	ctx  context.Context
	base string
}

// chromium is one browser for all tests, begun when the first needs it.
var chromium struct {
	sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// required says whether the environment wants a failure where something is missing, and not a skip.
func required(need string) bool {
	return strings.Contains(","+os.Getenv("PLUMBLINE_REQUIRE")+",", ","+need+",")
}

func without(t testing.TB, need, what string) {
	t.Helper()
	if required(need) {
		t.Fatalf("%s, and PLUMBLINE_REQUIRE asks for %s", what, need)
	}
	t.Skip("NOT TESTED: " + what)
}

// browser gives Chromium, or skips the test aloud.
func browser(t testing.TB) context.Context {
	t.Helper()
	if raceEnabled {
		t.Skip("pages in a browser are tested without the race detector")
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil && path == "" {
			path = p
		}
	}
	if path == "" {
		without(t, "browser", "Chromium is missing")
	}
	chromium.Do(func() {
		profile := filepath.Join(dir, "profile")
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(profile), chromedp.WSURLReadTimeout(time.Minute))
		for _, flag := range []string{"disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync", "hide-scrollbars"} {
			options = append(options, chromedp.Flag(flag, true))
		}
		all, end := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, cancel := chromedp.NewContext(all)
		chromium.ctx, chromium.stop = ctx, func() { cancel(); end() }
		chromium.err = chromedp.Do(ctx)
	})
	if chromium.err != nil {
		t.Fatal(chromium.err)
	}
	return chromium.ctx
}

// serve serves the pages on a port of this computer.
func (s *site) serve() string {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	srv := &http.Server{Handler: s.handler}
	go srv.Serve(l)
	s.t.Cleanup(func() { srv.Close() })
	return "http://" + l.Addr().String()
}

// tab opens a tab of a width in pixels, with scripts or without.
func (s *site) tab(width int, scripts bool) *tab {
	s.t.Helper()
	ctx, cancel := chromedp.NewContext(browser(s.t))
	ctx, stop := context.WithTimeout(ctx, 20*time.Minute)
	b := &tab{s.t, ctx, s.serve()}
	s.t.Cleanup(func() { stop(); cancel() })
	b.do(chromedp.EmulateViewport(int64(width), 900))
	if !scripts {
		b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			return err
		}))
	}
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// open goes to a page of the site.
func (b *tab) open(target string) {
	b.t.Helper()
	if !strings.HasPrefix(target, "http") {
		target = b.base + target
	}
	b.do(chromedp.Navigate(target))
}

// evaluate gives the value of an expression in the page. It works without scripts of the page, too.
func evaluate[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", shortened(expression), err)
	}
	return v
}

func shortened(s string) string { return s[:min(len(s), 120)] }

// text is what the page says.
func (b *tab) text() string {
	b.t.Helper()
	return strings.Join(strings.Fields(evaluate[string](b, `document.body.innerText`)), " ")
}

// at is the address of the page within the site.
func (b *tab) at() string {
	b.t.Helper()
	return strings.TrimPrefix(evaluate[string](b, `location.href`), b.base)
}

// says fails unless the page says something.
func (b *tab) says(texts ...string) {
	b.t.Helper()
	have := b.text()
	for _, want := range texts {
		if !strings.Contains(have, want) {
			b.t.Errorf("%s does not say %q:\n%s", b.at(), want, have)
		}
	}
}

// finder finds what somebody would look for: a link, a button or an answer by its words, an input by its label.
const finder = `(words => {
	const seen = e => e.getClientRects().length > 0
	const text = e => (e.innerText || e.value || '').replace(/\s+/g, ' ').trim()
	const exact = [...document.querySelectorAll('main a, main button, main summary, a, button, summary')].filter(e => seen(e) && text(e) === words)
	if (exact.length) return exact[0]
	for (const l of document.querySelectorAll('label, legend')) {
		if (text(l) !== words || !seen(l)) continue
		if (l.control) return l.control
	}
	return null
})`

// mark finds an element and gives it a name by which the browser can be told to use it.
func (b *tab) mark(words string) string {
	b.t.Helper()
	q, _ := json.Marshal(words) // a string always can be
	const name = "data-found"
	if !evaluate[bool](b, `(e => { document.querySelectorAll('[`+name+`]').forEach(x => x.removeAttribute('`+name+`')); if (e) e.setAttribute('`+name+`', ''); return !!e })(`+finder+`(`+string(q)+`))`) {
		b.t.Fatalf("%s has nothing called %q:\n%s", b.at(), words, b.text())
	}
	return "[" + name + "]"
}

// click uses a link, a button or an answer, and waits for the page to which it leads, if it leads to one.
func (b *tab) click(words string) {
	b.t.Helper()
	sel := b.mark(words)
	b.do(chromedp.ScrollIntoView(chromedp.CSS(sel)), chromedp.Click(chromedp.CSS(sel)))
	b.settle()
}

// follow is click for what leads to another page or brings this one anew: it waits until that is there, however long the answer takes.
func (b *tab) follow(words string) {
	b.t.Helper()
	sel := b.mark(words)
	b.do(chromedp.ScrollIntoView(chromedp.CSS(sel)), chromedp.Click(chromedp.CSS(sel)))
	for range 1000 {
		old, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`!!document.querySelector('[data-found]') || document.readyState !== 'complete'`))
		if err == nil && !old {
			return
		}
		time.Sleep(20 * time.Millisecond) // the page is on its way
	}
	b.t.Fatalf("%q leads nowhere", words)
}

// settle waits until the page is loaded.
func (b *tab) settle() {
	b.t.Helper()
	for range 200 {
		state, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.readyState`))
		if err == nil && state == "complete" {
			return
		}
		time.Sleep(20 * time.Millisecond) // the page is on its way
	}
	b.t.Fatalf("the page does not come to rest")
}

// fill types into the input with a label.
func (b *tab) fill(label, value string) {
	b.t.Helper()
	sel := b.mark(label)
	b.do(chromedp.Clear(chromedp.CSS(sel)), chromedp.SendKeys(chromedp.CSS(sel), value))
}

// violations runs axe over the page: what it finds, a line each.
func (b *tab) violations() []string {
	b.t.Helper()
	axe, err := os.ReadFile(filepath.Join("front", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		without(b.t, "npm", "the rules of axe are missing; `make assets` installs them")
	}
	evaluate[bool](b, string(axe)+";true")
	return evaluate[[]string](b, `axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => r.violations.flatMap(v => v.nodes.slice(0, 3).map(n => v.id + ' (' + v.impact + '): ' + n.target.join(' ') + ': ' + n.html.slice(0, 160))))`)
}

// picture keeps a picture of the whole page, where PLUMBLINE_PICTURES names a folder.
func (b *tab) picture(name string) {
	b.t.Helper()
	to := os.Getenv("PLUMBLINE_PICTURES")
	if to == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.Action[[]byte](func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
		r, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: new(true)})
		return r.Data, err
	}))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(to, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// judged is what a machine can say of any page.
type judged struct {
	H1, Title             []string
	Width, Elements, Tabs int
	Small                 []string
}

// judge checks a page by the rows of the checklist that a machine can judge, at the width that the tab has.
func (b *tab) judge(target string, width int) {
	b.t.Helper()
	j := evaluate[judged](b, `({
		H1: [...document.querySelectorAll('h1')].map(e => e.innerText), Title: [document.title],
		Width: document.documentElement.scrollWidth, Elements: document.querySelectorAll('*').length,
		Tabs: document.querySelectorAll('a[href], button:not([hidden]), input:not([type=hidden]), select, textarea, summary, [tabindex="0"]').length,
		Small: [...document.querySelectorAll('table')].filter(t => !t.caption).map(t => t.outerHTML.slice(0, 80)),
	})`)
	at := fmt.Sprintf("%s at %d", target, width)
	if len(j.H1) != 1 {
		b.t.Errorf("%s: %d headings of the first level", at, len(j.H1))
	}
	if j.Width > width {
		b.t.Errorf("%s: it is %d pixels wide", at, j.Width)
	}
	if j.Elements > 4000 || j.Tabs > 350 {
		b.t.Errorf("%s: %d elements, %d stops for the tab key", at, j.Elements, j.Tabs)
	}
	for _, x := range j.Small {
		b.t.Errorf("%s: a table without a caption: %s", at, x)
	}
	for _, v := range b.violations() {
		b.t.Errorf("%s: %s", at, v)
	}
}
