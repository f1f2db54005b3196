package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// bar shows how far long work has got, to somebody who is looking, once it has taken a while.
type bar struct {
	w     io.Writer // nil shows nothing
	title string
	now   func() time.Time
	began time.Time
	last  time.Time
	shown bool
}

func (a *app) bar(title string) *bar {
	b := &bar{title: title, now: a.now, began: a.now()}
	if a.watched {
		b.w = a.err
	}
	return b
}

func (b *bar) show(done, total int64) {
	if b.w == nil || total <= 0 {
		return
	}
	now := b.now()
	if now.Sub(b.began) < 400*time.Millisecond || now.Sub(b.last) < 80*time.Millisecond {
		return
	}
	b.last, b.shown = now, true
	const width = 30
	n := int(done * width / total)
	fmt.Fprintf(b.w, "\r%s [%s%s] %3d%%", b.title, strings.Repeat("#", n), strings.Repeat(" ", width-n), done*100/total)
}

func (b *bar) done() {
	if b.shown {
		fmt.Fprintf(b.w, "\r%s\r", strings.Repeat(" ", len(b.title)+40))
	}
}
