package desk_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/store"
)

const asked = "have-your-say"

func answers(text string) desk.Answers {
	return desk.Answers{Of: asked, As: "v1", Said: []desk.Said{{Question: "What do you think?", Answer: text}}, Group: "carers", Quote: "without-name"}
}

// begins writes a reply and does not send it.
func (o *office) begins(t fataler, text string) (secret string) {
	t.Helper()
	secret, err := o.desk.BeginReply(context.Background(), answers(text))
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// sends writes a reply and sends it.
func (o *office) sends(t fataler, text string) (reference string) {
	t.Helper()
	reference, err := o.desk.SendReply(context.Background(), asked, o.begins(t, text), o.at)
	if err != nil {
		t.Fatal(err)
	}
	return reference
}

func (o *office) replies(t fataler) []*desk.Reply {
	t.Helper()
	all, err := o.desk.Replies(context.Background(), asked)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// admits puts a reply into the record as a page does, as a post of its id, since the desk does not know what a reply is.
func (o *office) admits(ctx context.Context, r *desk.Reply) error {
	id := "r" + r.ID[:12]
	return o.desk.AdmitReply(ctx, r, id, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
		docs, problems := o.book.Kinds().Read("form", strings.NewReader(fmt.Sprintf("{kind: post, id: %s, title: A reply}", id)))
		if len(problems) > 0 {
			return desk.Receipt{}, problems
		}
		x, err := o.book.Do(ctx, owner, book.Change{Docs: docs, Claim: claim})
		return desk.Receipt{First: x.First, Last: x.Last}, err
	})
}

// admitted is how often a reply is in the record.
func (o *office) admitted(r *desk.Reply) int {
	return len(o.book.View(fact.DayOf(2026, 11, 23), -1).History(fact.Key{Kind: "post", ID: fact.ID("r" + r.ID[:12])}))
}

// holds says whether the desk's files hold a text.
func (o *office) holds(t *testing.T, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(o.dir, "record.db.desk*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	return slices.ContainsFunc(files, func(f string) bool {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(b), text)
	})
}

// A reply is written in several sittings by whoever has its secret, sent, read and admitted. Then its words are here no longer, and it can still be taken back.
func TestReply(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	secret := o.begins(t, "Zebracanary")
	if err := o.desk.Answer(ctx, asked, secret, func(a *desk.Answers) {
		a.Said = append(a.Said, desk.Said{Question: "Why?", Answer: "Because."})
		a.Of = "another"
	}); err != nil {
		t.Fatal(err)
	}
	x, err := o.desk.Answering(ctx, asked, secret)
	if err != nil || len(x.Said) != 2 || x.Said[0].Answer != "Zebracanary" || x.Answer("Why?") != "Because." || x.Answer("What?") != "" || x.Of != asked {
		t.Fatalf("%+v, %v", x, err)
	}
	for _, not := range []struct{ of, secret string }{{"another", secret}, {asked, secret[1:]}, {asked, ""}, {"", secret}} {
		if _, err := o.desk.Answering(ctx, not.of, not.secret); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%v: %v", not, err)
		}
		if _, err := o.desk.SendReply(ctx, not.of, not.secret, o.at); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%v, sent: %v", not, err)
		}
	}
	if o.holds(t, secret) {
		t.Error("the desk holds the secret itself")
	}
	first := secret
	if secret, err = o.desk.GoOn(ctx, asked, first); err != nil || secret == first {
		t.Fatal(secret, err)
	}
	for _, not := range []struct{ of, secret string }{{asked, first}, {"another", secret}, {asked, ""}} {
		if _, err := o.desk.GoOn(ctx, not.of, not.secret); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%v, gone on with: %v", not, err)
		}
	}
	reference, err := o.desk.SendReply(ctx, asked, secret, o.at)
	if err != nil || len(reference) != 10 {
		t.Fatal(reference, err)
	}
	if _, err := o.desk.GoOn(ctx, asked, secret); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("gone on with after it was sent: %v", err)
	}
	if err := o.desk.Answer(ctx, asked, secret, func(*desk.Answers) {}); !errors.Is(err, fact.ErrStale) {
		t.Errorf("changed after it was sent: %v", err)
	}
	all := o.replies(t)
	if len(all) != 1 || all[0].State != desk.Unread || all[0].Answer("Why?") != "Because." || all[0].Group != "carers" || all[0].As != "v1" || strings.Contains(all[0].ID, reference) {
		t.Fatalf("%+v", all)
	}
	if others, err := o.desk.Replies(ctx, ""); err != nil || len(others) != 0 {
		t.Errorf("the replies to nothing: %v, %v", others, err)
	}
	r, second := *all[0], *all[0]
	r.State, r.Text, r.Themes = desk.Read, "What they said", []string{"capacity"}
	if err := o.desk.CodeReply(ctx, &r); err != nil {
		t.Fatal(err)
	}
	if err := o.desk.CodeReply(ctx, &second); !errors.Is(err, fact.ErrStale) {
		t.Errorf("in a second tab: %v", err)
	}
	if err := o.admits(ctx, &second); !errors.Is(err, fact.ErrStale) {
		t.Errorf("admitted in a second tab: %v", err)
	}
	again := r
	if err := o.admits(ctx, &r); err != nil || r.State != desk.Admitted || o.admitted(&r) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := o.admits(ctx, &again); err != nil || o.admitted(&r) != 1 {
		t.Errorf("admitted twice: %v", err)
	}
	if err := o.desk.CodeReply(ctx, &r); !errors.Is(err, fact.ErrStale) {
		t.Errorf("changed after it was admitted: %v", err)
	}
	if o.holds(t, "Zebracanary") || o.holds(t, "What they said") {
		t.Error("the desk holds words of what is in the record")
	}
	if admitted, err := o.desk.TakeBack(ctx, asked, strings.ToLower(reference[:5]+" - "+reference[5:])); err != nil || !admitted {
		t.Fatal(admitted, err)
	}
	if now, err := o.desk.Reply(ctx, asked, r.ID); err != nil || !now.TakenBack || now.Record == "" {
		t.Errorf("%+v, %v", now, err)
	}
}

// Whoever takes a reply back leaves no byte of it; whoever has no reference takes nothing back.
func TestTakeBack(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	first, second := o.sends(t, "Zebracanary"), o.sends(t, "Stays")
	for _, guess := range []string{"", " ", "BBBBBBBBBB", first[:9], first + "B", o.replies(t)[0].ID, strings.Repeat("B", 1<<20)} {
		if _, err := o.desk.TakeBack(ctx, asked, guess); !errors.Is(err, fact.ErrNotFound) {
			t.Errorf("%.30q: %v", guess, err)
		}
	}
	if _, err := o.desk.TakeBack(ctx, "another", first); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("from another consultation: %v", err)
	}
	if !o.holds(t, "Zebracanary") {
		t.Fatal("this test looks for nothing")
	}
	if admitted, err := o.desk.TakeBack(ctx, asked, first); err != nil || admitted {
		t.Fatal(admitted, err)
	}
	if _, err := o.desk.TakeBack(ctx, asked, first); !errors.Is(err, fact.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if all := o.replies(t); len(all) != 1 || all[0].Said[0].Answer != "Stays" || o.holds(t, "Zebracanary") {
		t.Errorf("%d replies are left", len(all))
	}
	_ = second
}

// Ten at once send the same reply: it is one, and all have its reference.
func TestReplySentAtOnce(t *testing.T) {
	o := newOffice(t)
	secret, at := o.begins(t, "Once"), o.at
	var wait sync.WaitGroup
	got := make([]string, 10)
	for i := range got {
		wait.Go(func() {
			var err error
			if got[i], err = o.desk.SendReply(context.Background(), asked, secret, at); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if slices.ContainsFunc(got, func(x string) bool { return x != got[0] || x == "" }) || len(o.replies(t)) != 1 {
		t.Errorf("%d replies: %v", len(o.replies(t)), got)
	}
}

// Nobody fills the desk: not with one answer, nor with many, nor with many replies.
func TestRepliesAreLimited(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	large := answers(strings.Repeat("é", desk.MaxAnswer))
	if _, err := o.desk.BeginReply(ctx, large); err != nil {
		t.Errorf("as long as may be: %v", err)
	}
	longer := answers(strings.Repeat("é", desk.MaxAnswer+1))
	many := answers("x")
	for i := range 40 {
		many.Said = append(many.Said, desk.Said{Question: fmt.Sprint(i), Answer: strings.Repeat("x", 900)})
	}
	named := answers("x")
	named.Name = strings.Repeat("x", 30<<10)
	for what, a := range map[string]desk.Answers{"a long answer": longer, "many answers": many, "a long name": named, "to nothing": {Said: large.Said}} {
		if _, err := o.desk.BeginReply(ctx, a); !errors.Is(err, fact.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	secret := o.begins(t, "x")
	if err := o.desk.Answer(ctx, asked, secret, func(a *desk.Answers) { *a = longer }); !errors.Is(err, fact.ErrInvalid) {
		t.Errorf("longer afterwards: %v", err)
	}
	for i := range desk.MaxAnswering {
		if _, err := o.desk.BeginReply(ctx, answers(fmt.Sprint(i))); err != nil {
			if !errors.Is(err, desk.ErrFull) || i < desk.MaxAnswering-3 {
				t.Fatal(i, err)
			}
			break
		}
	}
	if _, err := o.desk.BeginReply(ctx, answers("one more")); !errors.Is(err, desk.ErrFull) {
		t.Errorf("one more: %v", err)
	}
	other := answers("to another")
	other.Of = "another"
	if _, err := o.desk.BeginReply(ctx, other); err != nil {
		t.Errorf("another consultation has no room: %v", err)
	}
	if _, err := o.desk.SendReply(ctx, asked, secret, o.at); err != nil {
		t.Errorf("what was begun cannot be sent: %v", err)
	}
	o.pass(time.Hour)
	kept := o.begins(t, "after an hour there is room")
	for range 99 {
		o.begins(t, "and for others")
	}
	if _, err := o.desk.Answering(ctx, asked, kept); err != nil {
		t.Errorf("who began last makes room for others: %v", err)
	}
}

// What is not sent goes after two weeks, and what is not read half a year after the close.
func TestRepliesExpire(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	closes := o.at.Add(30 * 24 * time.Hour)
	left := o.begins(t, "Zebracanary begun")
	secret := o.begins(t, "Zebracanary sent")
	if _, err := o.desk.SendReply(ctx, asked, secret, closes); err != nil {
		t.Fatal(err)
	}
	o.pass(desk.KeepAnswering + time.Minute)
	if err := o.desk.Sweep(ctx); err != nil || o.holds(t, "Zebracanary begun") {
		t.Errorf("what was not sent is kept: %v", err)
	}
	if _, err := o.desk.Answering(ctx, asked, left); !errors.Is(err, fact.ErrNotFound) {
		t.Error(err)
	}
	if len(o.replies(t)) != 1 {
		t.Fatal("what was sent is gone")
	}
	o.at = closes.Add(desk.KeepReply - time.Hour)
	if err := o.desk.Sweep(ctx); err != nil || len(o.replies(t)) != 1 {
		t.Errorf("gone too early: %v", err)
	}
	o.pass(2 * time.Hour)
	if n := len(o.replies(t)); n != 0 {
		t.Errorf("%d replies that have expired are shown", n)
	}
	if err := o.desk.Sweep(ctx); err != nil || o.holds(t, "Zebracanary") {
		t.Errorf("kept too long: %v", err)
	}
}

// Wherever the power goes while a reply is sent, the same page sent again is one reply.
func TestReplyCrashAtEveryPoint(t *testing.T) {
	o := newOffice(t)
	secret, points := o.begins(t, "Once"), 0
	o.drawers.Fail(func(c store.Call) error {
		points++
		after := o.crash(t)
		defer after.close()
		reference, err := after.desk.SendReply(t.Context(), asked, secret, o.at)
		all := after.replies(t)
		if err != nil || len(all) != 1 || all[0].Said[0].Answer != "Once" {
			t.Errorf("at %s (done %v): %d replies, %v", c.Method, c.Done, len(all), err)
		}
		if _, err := after.desk.TakeBack(t.Context(), asked, reference); err != nil {
			t.Errorf("at %s (done %v): its reference: %v", c.Method, c.Done, err)
		}
		return nil
	})
	if _, err := o.desk.SendReply(t.Context(), asked, secret, o.at); err != nil {
		t.Fatal(err)
	}
	o.drawers.Fail(nil)
	if points < 6 {
		t.Errorf("there are only %d points", points)
	}
}

// Wherever the power goes while a reply is admitted, it is in the record and its words are gone from the desk, or it is at the desk as it was; admitted again it is in the record once.
func TestAdmitCrashAtEveryPoint(t *testing.T) {
	o := newOffice(t)
	o.sends(t, "Zebracanary")
	r, points := o.replies(t)[0], 0
	page := *r
	point := func(what string, c store.Call) {
		points++
		after := o.crash(t)
		defer after.close()
		name := fmt.Sprintf("at %s of %s (done %v)", c.Method, what, c.Done)
		was := after.admitted(r)
		now, err := after.desk.Reply(t.Context(), asked, r.ID)
		if err != nil || (now.State == desk.Admitted) != (was == 1) || was == 0 && now.Said[0].Answer != "Zebracanary" || was == 1 && len(now.Said) > 0 {
			t.Errorf("%s: %d times in the record, and at the desk %+v, %v", name, was, now, err)
		}
		if err := after.desk.Sweep(t.Context()); err != nil || was == 1 && after.holds(t, "Zebracanary") {
			t.Errorf("%s: words are left, %v", name, err)
		}
		again := *now
		if err := after.admits(t.Context(), &again); err != nil || again.State != desk.Admitted || after.admitted(r) != 1 {
			t.Errorf("%s: admitted again %d times, %v", name, after.admitted(r), err)
		}
	}
	o.record.Fail(func(c store.Call) error { point("the record", c); return nil })
	o.drawers.Fail(func(c store.Call) error { point("the desk", c); return nil })
	if err := o.admits(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	o.record.Fail(nil)
	o.drawers.Fail(nil)
	if points < 8 {
		t.Errorf("there are only %d points", points)
	}
}

// Whatever fails in between, a reply that somebody was given a reference for is there, once, and is admitted once at most.
func TestRepliesUnderFaults(t *testing.T) {
	o, n := newOffice(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		text := fmt.Sprint("Reply number ", n)
		secret := o.begins(rt, text)
		fails := func(name string) func(store.Call) error {
			odds := rapid.IntRange(0, 3).Draw(rt, name)
			draws := rapid.SliceOfN(rapid.IntRange(0, 3), 30, 30).Draw(rt, name+" draws")
			i := 0
			return func(c store.Call) error {
				i++
				if c.Method != "Close" && i < len(draws) && draws[i] < odds {
					return errFault
				}
				return nil
			}
		}
		mine := func() (out []*desk.Reply) {
			for _, r := range o.replies(rt) {
				if r.Answer("What do you think?") == text {
					out = append(out, r)
				}
			}
			return out
		}
		told := ""
		for range rapid.IntRange(1, 4).Draw(rt, "sendings") {
			o.drawers.Fail(fails("desk"))
			reference, err := o.desk.SendReply(context.Background(), asked, secret, o.at)
			o.drawers.Fail(nil)
			if err == nil && told != "" && reference != told {
				rt.Fatalf("the reference was %s and is %s", told, reference)
			}
			if err == nil {
				told = reference
			}
			if got := len(mine()); got > 1 || told != "" && got != 1 {
				rt.Fatalf("told %q, and there are %d", told, got)
			}
		}
		if _, err := o.desk.SendReply(context.Background(), asked, secret, o.at); err != nil || len(mine()) != 1 {
			rt.Fatalf("at last: %d, %v", len(mine()), err)
		}
		r := mine()[0]
		done := false
		for range rapid.IntRange(1, 4).Draw(rt, "admissions") {
			now, err := o.desk.Reply(context.Background(), asked, r.ID)
			if err != nil {
				rt.Fatal(err)
			}
			o.record.Fail(fails("record"))
			o.drawers.Fail(fails("desk"))
			err = o.admits(context.Background(), now)
			o.record.Fail(nil)
			o.drawers.Fail(nil)
			if err := o.book.Follow(context.Background()); err != nil {
				rt.Fatal(err)
			}
			done = done || err == nil
			if got := o.admitted(r); got > 1 || done && got != 1 {
				rt.Fatalf("done %v, and %d times in the record", done, got)
			}
		}
		now, err := o.desk.Reply(context.Background(), asked, r.ID)
		if err != nil || (now.State == desk.Admitted) != (o.admitted(r) == 1) {
			rt.Fatalf("%+v, %v, %d times in the record", now, err, o.admitted(r))
		}
	})
}

// Erased words go from replies, and from what is being written; what else people said stays.
func TestErasedWordsLeaveReplies(t *testing.T) {
	o, entry, _ := littered(t)
	begun := o.begins(t, "I know "+canary+" well")
	o.sends(t, "Ask "+canary)
	o.sends(t, "Nothing of hers")
	named := answers("My own words")
	named.Name, named.Quote = canary, "with-name"
	secret, err := o.desk.BeginReply(t.Context(), named)
	if err == nil {
		_, err = o.desk.SendReply(t.Context(), asked, secret, o.at)
	}
	if err != nil {
		t.Fatal(err)
	}
	coded := *o.replies(t)[1]
	coded.State, coded.Why = desk.Refused, "It is about "+canary
	if err := o.desk.CodeReply(t.Context(), &coded); err != nil {
		t.Fatal(err)
	}
	if _, err := o.erase(entry); err != nil {
		t.Fatal(err)
	}
	all := o.replies(t)
	if len(all) != 3 || strings.Contains(all[0].Said[0].Answer, "Ask") || all[1].Said[0].Answer != "Nothing of hers" || all[1].State != desk.Refused || all[2].Said[0].Answer != "My own words" || all[2].Name != "" {
		t.Errorf("%+v %+v %+v", all[0], all[1], all[2])
	}
	if x, err := o.desk.Answering(t.Context(), asked, begun); err != nil || strings.Contains(x.Said[0].Answer, "know") {
		t.Errorf("%+v, %v", x, err)
	}
	for _, r := range all {
		if strings.Contains(fmt.Sprintf("%+v", r), "Zyra") {
			t.Errorf("%+v", r)
		}
	}
	if o.holds(t, "Ask Zyra") || o.holds(t, "know Zyra") || o.holds(t, "about Zyra") || o.holds(t, `"name":"Zyra`) {
		t.Error("the desk holds words that were erased")
	}
}
