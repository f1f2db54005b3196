package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Going back, asking again, pressing twice and a second tab lose nothing and record nothing twice.
func TestBackAgainAndTwiceInABrowser(t *testing.T) {
	ways := []bool{true}
	if proving {
		ways = append(ways, false)
	}
	for _, scripts := range ways {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			s := made(t)
			b := s.tab(1280, scripts).within(time.Minute)
			b.open("/structure/posts/head/change")
			b.click("It changed on a date")
			b.follow("Continue")
			b.click("Title")
			b.follow("Continue")
			b.fill("Title", "Assistant Director")
			b.follow("Continue")
			b.says("When did it take effect?")

			b.goBack("Title: what it is now")
			for _, how := range []string{"going back", "asking again"} {
				if got := evaluate[string](b, `document.querySelector('#title').value`); got != "Assistant Director" {
					t.Errorf("%s shows %q", how, got)
				}
				b.open(b.at()) // chromedp finds nothing in a page that the browser had kept
			}
			b.fill("Title", "Deputy Director")
			b.follow("Continue")
			b.open(b.at())
			b.date("1", "6", "2020")
			b.follow("Continue")
			b.follow("Continue")
			b.says("Check before it is recorded", "Deputy Director")
			check := b.at()

			other := s.tab(320, scripts).within(time.Minute) // the same change in a second tab
			other.open(strings.Replace(check, "/check", "/field-title", 1))
			other.fill("Title", "From the other tab")
			other.follow("Continue")
			b.follow("Record this")
			b.says("Your answers have changed", "From the other tab")

			before := s.book.Known()
			sel := b.mark("Record this")
			b.reach(true, chromedp.ScrollIntoView(chromedp.CSS(sel)), chromedp.DoubleClick(chromedp.CSS(sel)))
			b.open(check)
			b.says("Success", "From the other tab")
			if after := s.book.Known(); after != before+1 {
				t.Errorf("pressed twice it made %d entries", after-before)
			}
			b.open(check)
			b.says("Success")
			other.follow("Record this")
			other.says("Success")
			if after := s.book.Known(); after != before+1 {
				t.Errorf("asked for again it made %d entries", after-before)
			}
			if strings.Contains(s.log.String(), "level=ERROR") {
				t.Error(s.log)
			}
		})
	}
}

// within gives what is done in the tab so much time. What hangs fails, and says where.
func (b *tab) within(most time.Duration) *tab {
	ctx, stop := context.WithTimeout(b.ctx, most)
	b.t.Cleanup(stop)
	b.ctx = ctx
	return b
}
