// Package desk is what lies beside the record: drafts of changes, the files uploaded with them, long work with its progress, and
// cards, on which stands what is worth remembering for the next time; and accounts, with their sessions, invitations and tokens. The record is for ever and proved; what is here is changed, lost without
// harm, and erased. And what people reply to a consultation, before somebody has read it and taken it into the record.
//
// It knows who owns a row, when it was last touched and when it goes. It must never know what was typed, what a change means or what
// the record says: typed values are strings here, and whether an entry is in the record is asked of a function that it
// is handed. It touches no SQL and no clock. Who may call it: web, and cmd/plumbline, which opens it.
//
// The desk of a record is never part of a backup, an export or a proof of it. One program at a time has it open. Where a record can only be
// looked at there is none (a nil *Desk), and pages say so.
//
// # The life of a draft
//
// NewDraft makes one when a person begins a change; every page of the form saves what was typed. The form carries the draft's id and Version;
// a Save or Commit of another version than the newest is answered with *Stale, which holds what is there now, so that two tabs
// never overwrite each other. Seven days after it was last touched a draft goes.
//
// Commit puts it into the record, once, whatever happens:
//
//	r, err := d.Commit(ctx, draft, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
//		change.Claim = claim
//		r, err := b.Do(ctx, who, change)
//		return desk.Receipt{First: r.First, Last: r.Last}, err
//	})
//
// Its steps are these.
//
//  1. The draft is held. Whoever else commits or saves it waits: the second click of a double click.
//  2. The book calls claim when the entries are made and before they are written. Now the draft says, durably, at which positions they
//     are to stand, and the root of the last one: salted values went into it, so it is this change's own.
//  3. The ledger appends. This is the commit point.
//  4. The draft is marked done, with its receipt. What was typed and uploaded goes. The receipt stays for seven days: the back button and a
//     second submit get it, and nothing is written.
//
// A crash before 2 leaves a draft like any other. A crash after 2 leaves a claim, and the record knows what became of it: either
// the claimed position holds that root and the draft is done, or it does not and never will, since nobody is left who would write it, and
// the draft is as it was before. Config.Holds is asked wherever an unsettled claim is met, so callers need do nothing about it. While the
// answer cannot be had, because the disk fails, the draft can be read, and neither saved nor committed.
//
// The answer is final because one program alone has the desk open: a claim is either of a Commit that is running in this
// program, or of one that is over.
//
// # The life of a reply
//
// BeginReply keeps the first answer of whoever replies, under a secret that only they have; Answer keeps the others, and SendReply makes a Reply of them and gives a reference. Who reads it says what it is about
// (CodeReply), and AdmitReply puts it into the record as Commit does a draft. Until then no word of it is in the record, and limits keep anybody from filling the desk. TakeBack is for whoever has the reference.
//
// # The life of a file that the record names
//
// KeepFile keeps it under its fingerprint; then, in the same act, the record is made to name it. What no entry names is removed when it was last kept longer than Keep ago, and what was
// named by an entry that was erased goes with it, with every trace of its bytes. Config.Names says what is named.
//
// # The life of a job
//
// Start puts work into the queue and gives a job whose page can be shown at once; MaxRunning of them run at a time. Work says how far it
// is with Progress, and is told to end through its context by Stop and by Close. Progress is kept in memory; the row of a job is written when
// its state changes. A row that says "running" when no work of this program is behind it is of a program that ended meanwhile, so the job failed,
// and says that it should be started again: nothing of it is resumed. Work that changes the record does so with Commit, all at once.
package desk
