package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"plumbline/internal/fact"
)

// A newcomer starts at the first page and reads nothing but what is on the pages: who answered in law for special educational needs on
// 12 March 2004, as known now and as the report of 2003 knew it; the Area Director was appointed; the date was wrong; both are in the
// history.
func TestTheNewcomersWalkInABrowser(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			s := harrow(t)
			b := s.tab(1280, scripts)
			b.open("/")
			b.fill("Function", "special educational needs")
			b.fill("On which day? (optional)", "12 March 2004")
			b.follow("Find out")
			b.says("You are looking at 12 March 2004, using everything we know today.", "Director of Children's Services", "Director of Learning & Community Development", "as Chief Education Officer", "Different post", "Meeting of the council's statutory officers")
			b.click("Change the dates or the proposal")
			b.fill("As it was recorded on which day?", "17 September 2003")
			b.follow("Show")
			b.says("You are looking at 12 March 2004 as it was recorded on 17 September 2003.", "as Chief Education Officer", "Different post")

			b.fill("Search everything", "area director")
			b.follow("Search")
			b.follow("Area Director – People First")
			b.says("You cannot change things while looking at the past.")
			b.follow("Go to today to record a change or a correction")
			b.follow("Record an appointment")
			b.follow("Start")
			b.fill("Name", "A. Candidate")
			b.follow("Continue")
			b.click("Permanent")
			b.follow("Continue")
			b.date("1", "November", "2003")
			b.follow("Continue")
			b.says("Is the recruitment over?")
			b.click("Yes")
			b.follow("Continue")
			b.fill("Source (optional)", "Appointments Panel, minute 7")
			b.follow("Continue")
			b.says("Check before it is recorded", "who is not recorded yet", "1 November 2003")
			b.follow("Record this")
			b.says("Success", "A. Candidate")

			b.follow("A. Candidate, Area Director – People First")
			b.follow("Go to today to record a change or a correction")
			b.follow("Record a change or correction")
			b.click("Our record was wrong")
			b.follow("Continue")
			b.click("When it began")
			b.follow("Continue")
			b.says("What was recorded: 1 November 2003")
			b.date("3", "11", "2003")
			b.follow("Continue")
			b.follow("Continue") // without saying how it is known
			b.says("Enter how you know")
			b.fill("Source", "the contract")
			b.follow("Continue")
			b.follow("Record this")
			b.says("Success")
			b.follow("History")
			b.says("1 November 2003", "3 November 2003", "The contract", "Appointments Panel, minute 7")
			b.picture(fmt.Sprintf("newcomer-%t", scripts))

			post := fact.Key{Kind: "post", ID: "area-director-people-first"}
			for day, holders := range map[fact.Day]int{fact.DayOf(2003, 11, 2): 0, fact.DayOf(2003, 11, 3): 1} {
				if n := len(s.book.View(day, -1).Record(post).Holders().Holders); n != holders {
					t.Errorf("on %s the post has %d holders", day, n)
				}
			}
			b.open("/structure/posts/area-director-people-first?on=2003-11-03&known=2003-09-17")
			b.says("Who is in post is not recorded", "as it was recorded on 17 September 2003")
		})
	}
}

// What people come for, from the first page to the end, by links and forms alone.
func TestJourneysInABrowser(t *testing.T) {
	for _, j := range []struct {
		name string
		site func(testing.TB) *site
		walk func(*tab, *site)
	}{
		{"who answers for special educational needs", reading, whoAnswers},
		{"what was known when", harrow, whatWasKnown},
		{"joint directors and gaps", reading, jointDirectors},
		{"two days compared", reading, compareDays},
	} {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/scripts %t", j.name, scripts), func(t *testing.T) {
				s := j.site(t)
				b := s.tab(1280, scripts)
				b.open("/")
				j.walk(b, s)
				b.picture(pictureOf(j.name, fmt.Sprint(scripts)))
			})
		}
	}
}

func whoAnswers(b *tab, s *site) {
	answers := []string{"Different post", "Director of Children's Services", "Director of Learning & Community Development as Chief Education Officer", "Meeting of the council's statutory officers"}
	b.fill("Function", "special educational needs")
	b.fill("On which day? (optional)", "1 10 2003")
	b.follow("Find out")
	b.says(append(answers, "You are looking at 1 October 2003")...)
	sen := b.at()

	b.fill("Search everything", "SEN")
	b.follow("Search")
	b.says(append(answers, "In records for 1 October 2003")...)
	b.follow("Children with special educational needs")
	if b.at() != sen {
		b.t.Errorf("SEN leads to %s, and the words to %s", b.at(), sen)
	}

	b.follow("Structure")
	b.follow("Statutory roles")
	b.follow("Director of children's services")
	b.says("This role did not exist in law on 1 October 2003.", "there is a post of this name")
	b.follow("Director of Children's Services")
	b.says("Statutory role Director of Social Services")
}

func whatWasKnown(b *tab, s *site) {
	v := s.visit(areaDirector + "/appoint")
	v.answer("/appoint")
	v.answer("/who", "~person", "A. Candidate")
	v.answer("/basis", "basis", "permanent")
	v.answer("/when", "on.day", "1", "on.month", "10", "on.year", "2003")
	v.answer("/recruitment", "~over", "yes")
	v.answer("/source", "~source", "Appointments Panel, minute 7")
	v.answer("/check")

	b.fill("Search everything", "area director")
	b.follow("Search")
	b.follow("Area Director – People First")
	b.click("Change the dates or the proposal")
	b.fill("Which day do you want to look at?", "1 10 2003")
	b.fill("As it was recorded on which day?", "17 9 2003")
	b.follow("Show")
	b.says("Who is in post is not recorded", "Panel, 11 September 2003", "You are looking at 1 October 2003 as it was recorded on 17 September 2003.")
	if at := b.at(); !strings.HasSuffix(at, "?on=2003-10-01&known=2003-09-17") {
		b.t.Errorf("the address %s does not say both days", at)
	}
	if title := evaluate[string](b, `document.title`); !strings.Contains(title, " on 1 October 2003 as recorded on 17 September 2003") {
		b.t.Errorf("the title %q does not say both days", title)
	}
	if foot := evaluate[string](b, `document.querySelector('footer p').innerText`); !strings.Contains(foot, "1 October 2003, as recorded on 17 September 2003") {
		b.t.Errorf("the foot, which is printed, says %q", foot)
	}
	if _, file := s.get(areaDirector + ".json?on=2003-10-01&known=2003-09-17"); strings.Contains(file, "Candidate") {
		b.t.Error("the file holds what was recorded later")
	}
	b.follow("Show it with everything recorded since")
	b.says("In post A. Candidate Since 1 October 2003")
}

func jointDirectors(b *tab, s *site) {
	b.follow("See statutory roles")
	b.follow("Chief Education Officer")
	b.says("jointly", "Interim, joint", "January 2003", "31 August 2003", "1 September 2003", "Not known")
	drawn := evaluate[[]string](b, `[...document.querySelectorAll('table.timebars tbody tr:not(.lane)')].filter(r => !r.querySelector('svg .bar, svg .thin, svg .point')).map(r => r.innerText)`)
	if len(drawn) > 0 {
		b.t.Errorf("rows without a bar: %q", drawn)
	}
	b.follow("Structure")
	b.follow("Timeline")
	b.says("Timeline")
	b.click("Change the dates or the proposal")
	b.fill("Which day do you want to look at?", "1 June 2003")
	b.follow("Show")
	b.says("Chief Education Officer", "jointly")
}

func compareDays(b *tab, s *site) {
	b.follow("Structure")
	b.follow("Compare")
	b.click("Compare other dates")
	b.fill("First day", "30 September 2003")
	b.fill("Second day", "1 October 2003")
	b.follow("Compare")
	b.says("30 September 2003, compared with 1 October 2003", "Education Department", "Social Services Department", "People First", "Moved")
	effects := evaluate[[]string](b, `[...document.querySelectorAll('table.changes tbody tr')].map(r => r.lastElementChild.innerText.trim())`)
	seen := false // a row without an effect
	for i, e := range effects {
		none := e == "" || strings.EqualFold(e, "none")
		if seen && !none {
			b.t.Errorf("change %d bears on a statutory role and stands below one that does not", i+1)
			break
		}
		seen = seen || none
	}
	if !evaluate[bool](b, `document.body.matches('.lying')`) {
		b.t.Error("it does not lie on its side on paper")
	}
}

// date fills in the three boxes of a date.
func (b *tab) date(day, month, year string) {
	b.t.Helper()
	b.fill("Day", day)
	b.fill("Month", month)
	b.fill("Year", year)
}

// What was recorded is undone with a button, and the back button records nothing twice.
func TestUndoAndBackInABrowser(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			s := made(t)
			b := s.tab(320, scripts)
			b.open("/structure/posts/head")
			b.follow("Record a change or correction")
			b.click("It changed on a date")
			b.follow("Continue")
			b.click("Title")
			b.follow("Continue")
			b.fill("Title", "Assistant Director")
			b.follow("Continue")
			b.date("1", "4", "2026")
			b.follow("Continue")
			b.follow("Continue")
			b.follow("Record this")
			b.says("Success", "Assistant Director")
			known := s.book.Known()
			b.goBack("Assistant Director")
			if s.book.Known() != known {
				t.Error("going back recorded something")
			}
			b.open(fmt.Sprintf("/structure/posts/head?done=%d-%d", known, known))
			b.follow("Undo")
			b.says("Success", "Head of Service")
			if s.book.Known() == known {
				t.Error("the undo is not in the record")
			}
		})
	}
}

// By keyboard alone: a change from the page of a post to the notice that it is recorded.
func TestAChangeByKeyboardInABrowser(t *testing.T) {
	s := made(t)
	b := s.tab(1280, true)
	b.open("/structure/posts/head")
	b.tabTo("Record a change or correction")
	b.press(kb.Enter)
	b.tabTo("It changed on a date")
	b.press(" ")
	b.tabTo("Continue")
	b.press(kb.Enter)
	b.tabTo("Title")
	b.press(" ")
	b.tabTo("Continue")
	b.press(kb.Enter)
	b.tabTo("Title")
	b.press("Changed by keyboard", kb.Tab)
	b.tabTo("Continue")
	b.press(kb.Enter)
	b.tabTo("Day")
	b.press("1", kb.Tab, "4", kb.Tab, "2026")
	b.tabTo("Continue")
	b.press(kb.Enter)
	b.tabTo("Continue")
	b.press(kb.Enter)
	b.tabTo("Record this")
	b.press(kb.Enter)
	b.says("Success", "Changed by keyboard")
}

// goBack uses the back button, and waits for a page that says something. A page that the browser had kept is there without being loaded.
func (b *tab) goBack(words string) {
	b.t.Helper()
	from := b.at()
	_, _ = chromedp.Run(b.ctx, chromedp.Evaluate[any](`void history.back()`)) // the page that would answer is left
	for range 200 {
		text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.readyState === 'complete' ? location.href + ' ' + document.body.innerText : ''`))
		if err == nil && !strings.HasPrefix(text, b.base+from+" ") && strings.Contains(text, words) {
			return
		}
		time.Sleep(50 * time.Millisecond) // the page is on its way
	}
	b.t.Errorf("going back from %s does not lead to %q", from, words)
}

// tabTo presses the tab key until something has the focus.
func (b *tab) tabTo(words string) {
	b.t.Helper()
	for range 120 {
		b.press(kb.Tab)
		if b.focused() == words {
			return
		}
	}
	b.t.Fatalf("%s: the tab key does not lead to %q", b.at(), words)
}
