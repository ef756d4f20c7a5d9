package main

import (
	"context"
	"errors"
	"time"

	"footnote/answers"
	"footnote/bot/cluster"
	"footnote/bot/dialog"
	"footnote/knowledge"
)

// What a reloader does where several processes share a database: new packs become the next ones,
// are learned beside those that are answered from, and are gone over to when all processes have
// them.

// A candidate is the packs on this disk that are to be answered from next.
type candidate struct {
	base     *knowledge.Base
	digest   string
	matcher  *answers.Matcher
	because  string
	progress *progress
	learning *learning // nil when it is over
}

// done gets what learning returned, once.
func (n *candidate) done() <-chan error {
	if n == nil {
		return nil
	}
	return n.learning.done()
}

// open opens what is answered from first.
func (r *reloader) open(ctx context.Context, rep *reporter) (*answers.Matcher, error) {
	return openWhile(ctx, func() (*answers.Matcher, error) {
		if r.together == nil {
			return openAtOnce(ctx, r.c, serveAtOnce, r.progress)
		}
		for {
			own, err := openBase(r.c)
			if err != nil {
				return nil, exitError{code: exitUsage, err: err}
			}
			base, err := r.together.first(ctx, own, rep)
			switch {
			case err == nil:
				return learnAtOnce(ctx, r.c, base, serveAtOnce, r.progress)
			case !errors.Is(err, errChanged):
				return nil, err
			}
		}
	})
}

// watchedBy has a reporter look at what is wrong with the packs.
func (r *reloader) watchedBy(rep *reporter) {
	rep.watch(r.trouble)
	if r.together != nil {
		rep.watch(r.together.trouble)
		rep.waitsFor(r.together.unready)
	}
}

// prepare makes base the next packs. The error says why they cannot be.
func (r *reloader) prepare(ctx context.Context, base *knowledge.Base, because string) error {
	digest := digestOf(base)
	if r.next != nil && r.next.digest == digest {
		r.log.Info("packs are what they were, and wait until every process has them", "because", because)
		return nil
	}
	r.withdraw(ctx, cluster.Vote{About: dialog.Announcement(base), Why: whyLearning})
	if r.learning != nil { // one after the other
		r.postponed = because
		return nil
	}
	n := &candidate{base: base, digest: digest, because: because, progress: logged(r.log)}
	var err error
	if n.matcher, err = matcherOf(ctx, r.c, base, serveAtOnce, n.progress); err != nil {
		return err
	}
	r.next = n
	for _, x := range packVersions(base) {
		r.log.Info("a pack is to be answered from next", "because", because, "pack", x.ID, "version", x.Version, "facts", x.Facts, "from", x.From)
	}
	if n.learning = learnInBackground(ctx, r.c, n.matcher); n.learning == nil {
		r.offer(ctx, base)
	}
	return nil
}

// offerOld votes for base, which is what is answered from, and ends the next packs. It reports
// whether it still is.
func (r *reloader) offerOld(ctx context.Context, base *knowledge.Base) bool {
	if r.next != nil {
		r.withdraw(ctx, cluster.Vote{Why: whyLearning})
		if digestOf(base) != digestOf(r.matcher.Base()) { // the others were quicker
			r.again()
			return false
		}
	}
	r.offer(ctx, base)
	return true
}

// prepared takes the end of learning the next packs.
func (r *reloader) prepared(ctx context.Context, err error) {
	n := r.next
	n.learning.stop()
	n.learning = nil
	r.rest()
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		r.log.Error("the next packs could not be learned, so answers will go by words alone", "error", err)
	}
	r.offer(ctx, n.base)
}

// offer tells the others that packs are ready, and does what they decide. What fails is tried
// again. It reports whether it did not.
func (r *reloader) offer(ctx context.Context, base *knowledge.Base) bool {
	b, err := r.together.offer(ctx, base)
	switch {
	case err == nil:
		r.decided(ctx, b)
	case errors.Is(err, errChanged):
		r.withdraw(ctx, cluster.Vote{Why: whyChanged})
		r.again()
	}
	return err == nil
}

// withdraw ends the next packs, if there are any, and says v of them. If they were agreed on
// before that was known, they are gone over to.
func (r *reloader) withdraw(ctx context.Context, v cluster.Vote) {
	b, err := r.together.vote(ctx, v)
	n := r.next
	if n == nil {
		return
	}
	if err == nil && b.Value == n.digest {
		r.goOver(ctx, n)
		return
	}
	r.next = nil
	n.learning.abandon(ctx)
}

// decided does what is agreed on.
func (r *reloader) decided(ctx context.Context, b cluster.Ballot) {
	o := r.together
	if o.unoffered != nil && r.offer(ctx, o.unoffered) {
		return // that has decided
	}
	switch served := digestOf(r.matcher.Base()); {
	case b.Value == "" || b.Value == served:
		o.behind.Store(nil)
	case r.next != nil && r.next.digest == b.Value:
		r.goOver(ctx, r.next)
	default:
		r.goOverToCopy(ctx, b.Value)
	}
	if o.note(b, r.matcher.Base()) {
		r.tellWaiting()
	}
	r.lookAgain(ctx, b)
}

// goOver makes the next packs those that are answered from.
func (r *reloader) goOver(ctx context.Context, n *candidate) {
	r.next = nil
	r.endLearning(ctx)
	n.learning.abandon(ctx) // it goes on as that of what is answered from
	r.take(ctx, n.matcher, n.progress, n.because)
	r.together.behind.Store(nil)
}

// goOverToCopy answers from what all others do and is not on this disk.
func (r *reloader) goOverToCopy(ctx context.Context, digest string) {
	if r.together.unready() != "" && time.Since(r.together.tried) < r.together.again {
		return
	}
	r.together.tried = time.Now()
	r.heap.loading()
	defer r.rest()
	how := logged(r.log)
	base, err := r.together.fetch(ctx, digest)
	var m *answers.Matcher
	if err == nil {
		m, err = matcherOf(ctx, r.c, base, serveAtOnce, how)
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		why := "the other processes answer from other packs, which this one does not have: " + withoutFolders(err.Error(), []string{packCache(r.c)})
		if r.together.unready() != why {
			r.log.Error("the other processes answer from other packs, which this one does not have", "error", err)
		}
		r.together.behind.Store(&why)
	default:
		r.log.Warn("all processes go over to packs that are not those on this disk; they are taken from the database", "packs", differingPacks(base, r.matcher.Base()))
		r.endLearning(ctx)
		r.take(ctx, m, how, "all others did")
		r.together.behind.Store(nil)
	}
}

// endLearning ends what is being learned of packs that are no more.
func (r *reloader) endLearning(ctx context.Context) {
	r.learning.abandon(ctx)
	r.others.abandon(ctx)
	r.learning, r.others = nil, nil
}

// lookAgain looks at the own disk or address when another process has what this one has not:
// it may be there by now. At an address that does not answer nothing is lost.
func (r *reloader) lookAgain(ctx context.Context, b cluster.Ballot) {
	own, _ := b.Of(r.together.process.Self())
	for _, v := range b.Votes {
		has := v.Value == own.Value || r.next != nil && r.next.digest == v.Value
		if v.Value == "" || v.Value == b.Value || has || r.together.looked[v.Value] {
			continue
		}
		r.together.looked[v.Value] = true
		if len(watched(r.c)) > 0 || renewed(ctx, r.c) {
			r.reload(ctx, "another process has other packs")
		}
		return
	}
}

// tellWaiting tells /about what waits.
func (r *reloader) tellWaiting() {
	w := r.together.waiting.Load()
	if w == nil {
		r.dialog.Waits(nil, nil)
		return
	}
	r.dialog.Waits(w.packs, w.why)
}
