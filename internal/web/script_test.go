package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// newcomer is asked who was appointed to the post of area director.
func (s *site) newcomer(width int, scripts bool) *tab {
	s.t.Helper()
	b := s.tab(width, scripts)
	b.open(areaDirector + "/appoint")
	b.click("Start")
	b.says("Who was appointed?")
	return b
}

func TestNamesAreOfferedAsOneTypes(t *testing.T) {
	b := harrow(t).newcomer(320, true)
	const offered = `!document.querySelector('.offers').hidden`
	chosen := func() string { return evaluate[string](b, `document.getElementsByName('~person.id')[0].value`) }
	b.fill("Name", "khan")
	b.until(offered)
	if n := evaluate[int](b, `document.querySelectorAll('.offers [role=option]').length`); n != 1 {
		t.Fatalf("%d names are offered:\n%s", n, b.text())
	}
	b.judge("names on offer")
	b.picture("names-on-offer")
	b.press(kb.Escape)
	if evaluate[bool](b, offered) || chosen() != "" {
		t.Error("escape does not put the names away")
	}
	b.press(" ", kb.Backspace)
	b.until(offered)
	b.press(kb.ArrowDown)
	if got := evaluate[string](b, `document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText`); got != "Javed Khan\nPerson, not there on 22 November 2026" {
		t.Errorf("the arrow leads to %q", got)
	}
	b.press(kb.Enter)
	if got := evaluate[string](b, `document.activeElement.value`); got != "Javed Khan" || chosen() == "" || b.focused() != "Name" {
		t.Errorf("got %q with the id %q, and the focus is on %q", got, chosen(), b.focused())
	}
	b.press(kb.Backspace)
	if chosen() != "" {
		t.Error("the name is no longer that of the record, and its id is kept")
	}
	b.until(offered)
	b.press(kb.ArrowUp, kb.Enter)
	b.click("Continue")
	b.says("On what basis")
	b.click("Permanent")
	b.click("Continue")
	for _, box := range []string{"Day", "Month", "Year"} {
		b.fill(box, map[string]string{"Day": "3", "Month": "November", "Year": "2003"}[box])
	}
	b.click("Continue")
	b.says("Is the recruitment over?")
}

func TestAFormIsSentOnce(t *testing.T) {
	s := harrow(t)
	var sent atomic.Int32
	pressed := make(chan struct{})
	pages := s.handler
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/who") {
			sent.Add(1)
			<-pressed
		}
		pages.ServeHTTP(w, r)
	})
	b := s.newcomer(1280, true)
	at := evaluate[[]float64](b, `(() => {
		const r = document.querySelector('main form button').getBoundingClientRect()
		return [r.x + r.width / 2, r.y + r.height / 2]
	})()`)
	press := chromedp.MouseClickXY(at[0], at[1])
	b.reach(true, press, press, chromedp.Func(func(context.Context, *chromedp.Target) error { // nothing can be asked of a page that is being left
		close(pressed)
		return nil
	}))
	if n := sent.Load(); n != 1 {
		t.Errorf("pressed twice while the server is slow, the form is sent %d times", n)
	}
	b.says("Enter who was appointed")
	b.fill("Name", "Somebody New")
	b.click("Continue")
	b.says("On what basis")
}

func TestAnswersAreNotLeftByMistake(t *testing.T) {
	b := harrow(t).newcomer(1280, true)
	b.fill("Name", "Somebody New")
	before := b.at()
	asked, err := chromedp.Run(b.ctx, chromedp.WaitEvent(page.JavascriptDialogOpening, nil, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		go chromedp.Click(chromedp.CSS(".govuk-service-navigation__item a"))(ctx, t) // it returns when the question is answered
		return nil
	})))
	if err != nil || asked.Type != page.DialogTypeBeforeunload {
		t.Fatalf("nothing asks whether to leave: %v, %v", asked, err)
	}
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
		return err
	}))
	if b.at() != before || evaluate[string](b, `document.getElementById('~person').value`) != "Somebody New" {
		t.Errorf("what was typed is lost: %s", b.at())
	}
	b.click("Continue") // and to send it is not to leave it
	b.says("On what basis")
}

func TestWhatIsWrongIsReadFirst(t *testing.T) {
	b := harrow(t).newcomer(1280, true)
	b.click("Continue")
	if got := b.focused(); got != "There is a problem Enter who was appointed" {
		t.Errorf("the focus is on %q", got)
	}
	b.click("Enter who was appointed")
	if got := b.focused(); got != "Name" {
		t.Errorf("the error leads to %q", got)
	}
}

func TestTheMenuOfANarrowScreen(t *testing.T) {
	s := reading(t)
	menu := func(b *tab) []bool {
		return evaluate[[]bool](b, `['.govuk-service-navigation__toggle', '.govuk-service-navigation__list'].map(x => document.querySelector(x).getClientRects().length > 0)`)
	}
	for _, c := range []struct {
		width   int
		scripts bool
		want    []bool // whether the button and the sections are seen
	}{{320, true, []bool{true, false}}, {320, false, []bool{false, true}}, {1280, true, []bool{false, true}}} {
		b := s.tab(c.width, c.scripts)
		b.open("/help")
		if got := menu(b); !slices.Equal(got, c.want) {
			t.Errorf("%d wide, scripts %t: button and sections: %v", c.width, c.scripts, got)
		}
		if c.want[0] {
			b.click("Menu")
			b.judge("/help with its menu open")
			b.click("Structure")
			b.says("Chart")
		}
	}
}

func TestLinesBetweenWhoManagesAndWhoAnswers(t *testing.T) {
	s := reading(t)
	const target, drawn = "/structure?on=2003-10-01&known=2003-09-17", `document.querySelectorAll('.joins path').length`
	b := s.tab(1280, true)
	b.open(target)
	if n := evaluate[int](b, drawn); n != 0 {
		t.Errorf("%d lines before anybody asked", n)
	}
	wide := evaluate[int](b, `document.documentElement.scrollHeight`)
	b.click("Draw lines")
	if n := evaluate[int](b, drawn); n < 3 || n > 12 || evaluate[int](b, `document.documentElement.scrollHeight`) != wide {
		t.Errorf("%d lines, or the page has grown", n)
	}
	b.judge("the chart with its lines")
	b.picture("lines")
	b.click("Draw lines")
	if n := evaluate[int](b, drawn); n != 0 {
		t.Errorf("%d lines are left", n)
	}
	b = s.tab(1280, false)
	b.open(target)
	if n := evaluate[int](b, `document.querySelectorAll('main button:not([type=submit])').length`); n != 0 {
		t.Errorf("%d buttons that do nothing without a script", n)
	}
}

// Long work is asked after without the page being opened again, and leads on when it is done.
func TestLongWorkIsFollowed(t *testing.T) {
	script, err := os.ReadFile("front/script/app.js")
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/app.js":
			w.Header().Set("Content-Type", "text/javascript")
			w.Write(script)
		case "/jobs/1.json":
			if asked.Add(1) == 1 {
				fmt.Fprint(w, `{"text": "Checking row 300 of 400."}`)
			} else {
				fmt.Fprint(w, `{"text": "Finished.", "location": "/result"}`)
			}
		case "/result":
			fmt.Fprint(w, `<!doctype html><title>Result</title><link rel="icon" href="data:,"><p>400 rows were read.`)
		default:
			fmt.Fprint(w, `<!doctype html><title>Work</title><link rel="icon" href="data:,"><script src="/app.js" defer></script><p role="status" data-poll="/jobs/1.json">Beginning.`)
		}
	}))
	t.Cleanup(srv.Close) // after the tab, which must find it to the end
	b := reading(t).tab(1280, true)
	b.open(srv.URL)
	b.reach(true, chromedp.Func(func(context.Context, *chromedp.Target) error {
		b.until(`document.body.innerText.includes('row 300 of 400')`)
		return nil
	}))
	b.says("400 rows were read")
}
