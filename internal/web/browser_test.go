package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tab is a tab of Chromium, as somebody sees it. It opens pages and says where it is (open, at, text, says), uses what is on them as people
// name it (click, fill, press, focused), judges them (judge, wrong, unheard), measures them (pace), keeps pictures of them (picture)
// and asks them anything else (evaluate). Whatever does not work fails the test at once; what is merely wrong is an error of it. When the
// test ends, so does it if the browser complained of anything: an error of the script, or something that the security policy forbade.
type tab struct {
	t     testing.TB
	ctx   context.Context
	base  string
	width int
	heard *console
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
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil && program == "" {
			program = p
		}
	}
	if program == "" {
		without(t, "browser", "Chromium is missing")
	}
	if _, err := os.Stat(filepath.Join("front", "built", "app.css")); err != nil {
		without(t, "npm", "the pages have no style; `make assets` makes it")
	}
	chromium.Do(func() {
		profile := filepath.Join(dir, "profile")
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.UserDataDir(profile), chromedp.WSURLReadTimeout(time.Minute))
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

// served serves the pages on a port of this computer, and gives where.
func (s *site) served() string {
	s.t.Helper()
	if s.at != "" {
		return s.at
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	srv := &http.Server{Handler: s.handler}
	go srv.Serve(l)
	s.t.Cleanup(func() { srv.Close() })
	s.at = "http://" + l.Addr().String()
	return s.at
}

// tab opens a tab of a width in pixels, with scripts or without.
func (s *site) tab(width int, scripts bool) *tab {
	s.t.Helper()
	ctx, cancel := chromedp.NewContext(browser(s.t))
	ctx, stop := context.WithTimeout(ctx, 20*time.Minute)
	b := &tab{t: s.t, ctx: ctx, base: s.served(), width: width}
	s.t.Cleanup(func() { stop(); cancel() })
	b.do(chromedp.EmulateViewport(int64(width), 900))
	b.heard = listen(ctx)
	s.t.Cleanup(b.unheard)
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

// resize gives the window another width.
func (b *tab) resize(width int) {
	b.t.Helper()
	b.width = width
	b.do(chromedp.EmulateViewport(int64(width), 900))
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
	const exact = [...document.querySelectorAll('a, button, summary')].filter(e => seen(e) && text(e) === words)
	if (exact.length) return exact.find(e => e.closest('main')) || exact[0]
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

// leads says whether using an element opens another page, and not only something on this one.
const leads = `(e => e.matches('a[href]:not([download])') ? e.href.split('#')[0] !== location.href.split('#')[0] || !e.hash : e.matches('button, [type=submit]') && e.type === 'submit' && !!e.form)`

// click uses a link, a button or an answer by its words, and waits for the page to which it leads, if it leads to one.
func (b *tab) click(words string) {
	b.t.Helper()
	sel := b.mark(words)
	b.reach(evaluate[bool](b, leads+`(document.querySelector('`+sel+`'))`), chromedp.ScrollIntoView(chromedp.CSS(sel)), chromedp.Click(chromedp.CSS(sel)))
}

// follow is click for what certainly leads to another page, or brings this one anew.
func (b *tab) follow(words string) {
	b.t.Helper()
	sel := b.mark(words)
	b.reach(true, chromedp.ScrollIntoView(chromedp.CSS(sel)), chromedp.Click(chromedp.CSS(sel)))
}

// press presses keys, one after the other: kb.Tab, kb.ArrowDown, "a". Enter waits for the page to which it leads.
func (b *tab) press(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		opens := k == kb.Enter && evaluate[bool](b, `(e => `+leads+`(e) || e.matches('input:not([aria-activedescendant])') && !!e.form)(document.activeElement)`)
		key := chromedp.KeyEvent(k)
		if k == kb.Enter {
			key = chromedp.Func(enter)
		}
		b.reach(opens, key)
	}
}

// enter presses the key so that a page can keep it from sending the form: chromedp sends its character apart, whatever the page says.
func enter(ctx context.Context, t *chromedp.Target) error {
	key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
	_, down := cdp.Call(ctx, t, input.DispatchKeyEvent, key)
	key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
	_, up := cdp.Call(ctx, t, input.DispatchKeyEvent, key)
	return errors.Join(down, up)
}

// reach takes steps, and, if they open a page, waits until it is there.
func (b *tab) reach(opens bool, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if !opens {
		b.do(steps...)
		return
	}
	ctx, stop := context.WithTimeout(b.ctx, time.Minute)
	defer stop()
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, chromedp.Steps(steps...))); err != nil {
		b.t.Fatalf("%s: no page was opened: %v", b.at(), err)
	}
}

// until waits for an expression in the page to be true, as when a script has something to do.
func (b *tab) until(expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(20*time.Second))); err != nil {
		b.t.Fatalf("%s: it never comes to %s: %v", b.at(), shortened(expression), err)
	}
}

// focused gives the words of what has the focus: the label of an input, the text of anything else.
func (b *tab) focused() string {
	b.t.Helper()
	return evaluate[string](b, `(e => ((e.labels && e.labels.length ? e.labels[0] : e).innerText || e.ariaLabel || e.id || e.tagName).replace(/\s+/g, ' ').trim())(document.activeElement)`)
}

// fill types into the input with a label.
func (b *tab) fill(label, value string) {
	b.t.Helper()
	sel := b.mark(label)
	evaluate[bool](b, `(e => { e.value = ''; return true })(document.querySelector('`+sel+`'))`) // chromedp clears no text area that is empty
	b.do(chromedp.SendKeys(chromedp.CSS(sel), value))
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

// judge complains of what is wrong with a page at the width that the tab has, as it comes and with everything open that can be opened.
func (b *tab) judge(name string) {
	b.t.Helper()
	b.wrong(name, "limits", "fits", "cut", "axe")
	b.opened(func() { b.wrong(name+" with its details open", "fits", "cut") })
}

// opened does something while everything is open that can be opened.
func (b *tab) opened(do func()) {
	b.t.Helper()
	b.against()
	evaluate[bool](b, `judge.open(true), true`)
	do()
	evaluate[bool](b, `judge.open(false), true`)
}

// wrong complains of what of the page is against rows of the checklist.
func (b *tab) wrong(name string, rows ...string) {
	b.t.Helper()
	for _, x := range b.against(rows...) {
		b.t.Errorf("%s at %d: %s", name, b.width, x)
	}
}

// against gives what of the page is against rows of the checklist, which are called as their functions in judge.js are.
func (b *tab) against(rows ...string) []string {
	b.t.Helper()
	if !evaluate[bool](b, `!!window.judge`) {
		evaluate[bool](b, "window.judge = "+content(b.t, filepath.Join("testdata", "judge.js"))+"; true")
	}
	if slices.Contains(rows, "axe") && !evaluate[bool](b, `!!window.axe`) {
		path := filepath.Join("front", "node_modules", "axe-core", "axe.min.js")
		if _, err := os.Stat(path); err != nil {
			without(b.t, "npm", "the rules of axe are missing; `make assets` installs them")
		}
		evaluate[bool](b, content(b.t, path)+";true")
	}
	var calls []string
	for _, r := range rows {
		calls = append(calls, "...await judge."+r+"()")
	}
	return evaluate[[]string](b, "(async () => ["+strings.Join(calls, ", ")+"])()")
}

func content(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// console is what the browser complains of.
type console struct {
	sync.Mutex
	said []string
	end  chan struct{} // is sent to where the page says that it has said all
}

const nothingMore = "nothing more"

// listen hears a tab until it ends.
func listen(ctx context.Context) *console {
	c := &console{end: make(chan struct{}, 1)}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return // the tab is closed
			}
			switch {
			case m.Text == nothingMore:
				c.end <- struct{}{}
			case m.Type != chromedp.ConsoleError && m.Type != chromedp.ConsoleException && m.Type != chromedp.ConsoleWarning:
			case m.Source == "network" && path.Ext(m.URL) == "": // a page that says what is wrong has a status that says so, too
			default:
				c.Lock()
				c.said = append(c.said, fmt.Sprintf("%s (%s:%d)", m, m.URL, m.Line+1))
				c.Unlock()
			}
		}
	}()
	return c
}

// forget drops what the browser has complained of, where the test gave it reason to.
func (b *tab) forget() {
	b.t.Helper()
	evaluate[bool](b, `(console.debug('`+nothingMore+`'), true)`)
	<-b.heard.end
	b.heard.Lock()
	defer b.heard.Unlock()
	b.heard.said = nil
}

// unheard fails the test for everything that the browser has complained of and no one has been told yet.
func (b *tab) unheard() {
	b.t.Helper()
	if b.ctx.Err() != nil {
		return
	}
	evaluate[bool](b, `(console.debug('`+nothingMore+`'), true)`)
	<-b.heard.end
	b.heard.Lock()
	defer b.heard.Unlock()
	for _, x := range b.heard.said {
		b.t.Errorf("the browser says: %s", x)
	}
	b.heard.said = nil
}
