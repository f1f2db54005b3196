package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"plumbline/internal/fact"
)

// Limits on what somebody marks as read.
const (
	KeepMarks = 366 * 24 * time.Hour // since they last marked anything there
	MaxMarked = 100                  // things of which an account has marked parts; for a new one the oldest makes room
	MaxMarks  = 10_000               // parts of one thing
)

func markName(who fact.Who, of string) Name {
	return Name{"mark", fingerprint(string(who) + "\x00" + of)}
}

// Marks gives the parts of something that somebody has marked as read, by names of the caller's that say nothing of what is in them.
func (d *Desk) Marks(ctx context.Context, who fact.Who, of string) (map[string]bool, error) {
	r, err := d.get(ctx, markName(who, of), who)
	if errors.Is(err, fact.ErrNotFound) {
		return map[string]bool{}, nil
	}
	if err != nil {
		return nil, wrap("look up marks", err)
	}
	return marksOf(r)
}

func marksOf(r Row) (map[string]bool, error) {
	var parts []string
	if err := json.Unmarshal(r.Bytes, &parts); err != nil {
		return nil, fmt.Errorf("read marks: %v: %w", err, fact.ErrCorrupt)
	}
	out := make(map[string]bool, len(parts))
	for _, p := range parts {
		out[p] = true
	}
	return out, nil
}

// Mark marks parts of something as read, and others as not read. It is ErrFull where that would be too many.
func (d *Desk) Mark(ctx context.Context, who fact.Who, of string, read, unread []string) error {
	for {
		err := d.putMarks(ctx, who, of, read, unread)
		if !errors.Is(err, fact.ErrStale) { // else they did the same in another tab at that moment
			return wrap("mark as read", err)
		}
	}
}

func (d *Desk) putMarks(ctx context.Context, who fact.Who, of string, read, unread []string) error {
	name := markName(who, of)
	was, err := d.st.Get(ctx, name)
	marks := map[string]bool{}
	switch {
	case errors.Is(err, fact.ErrNotFound):
	case err != nil:
		return err
	default:
		if marks, err = marksOf(was); err != nil {
			return err
		}
	}
	for _, p := range read {
		marks[p] = true
	}
	for _, p := range unread {
		delete(marks, p)
	}
	if len(marks) > MaxMarks {
		return ErrFull
	}
	parts := make([]string, 0, len(marks))
	for p := range marks {
		parts = append(parts, p)
	}
	slices.Sort(parts)
	b, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	now := d.now()
	row := Row{Name: name, Version: was.Version, Owner: string(who), Made: now, Touched: now, Expires: now.Add(KeepMarks), Bytes: b}
	_, err = d.st.Put(ctx, row, MaxMarked)
	if !errors.Is(err, ErrFull) {
		return err
	}
	all, err := d.st.List(ctx, name.Space, string(who), MaxMarked)
	if err == nil && len(all) > 0 {
		err = d.st.Delete(ctx, all[len(all)-1].Name)
	}
	if err == nil {
		_, err = d.st.Put(ctx, row, MaxMarked)
	}
	return err
}
