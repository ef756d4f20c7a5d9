package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/dialog"
	"footnote/bot/platform"
	"footnote/knowledge"
)

// Where several processes share a database, new packs are answered from by all of them or by
// none. Each makes what its own disk or address has ready beside what it answers from, and votes
// for it; when all vote for the same, that is agreed on, and each goes over (reload.go). The
// packs are also kept in the database, for a process that comes back with other ones on its
// disk: what the others answer from it answers from, too.

// agreedPacks is the agreement on the packs.
const agreedPacks = "packs"

const (
	// voteWait bounds writing a vote; it is written later if that fails.
	voteWait = 3 * time.Second
	// copyWait bounds keeping packs in the database, and getting them from there.
	copyWait = time.Minute
	// firstWaits is how long a process that starts waits for others that start too: they may
	// have what it has.
	firstWaits = 10 * time.Second
	// firstAgain is the pause before a process that starts asks again what to answer from.
	firstAgain = time.Second
	// mostDiffer is how often packs are read again because they were changed meanwhile.
	mostDiffer = 3
	// waitsLong is for how long packs may wait for some process before somebody should look.
	waitsLong = 5 * time.Minute
)

// packCopies keeps packs as archives, by their digests.
type packCopies interface {
	// Put keeps what make makes, if nothing is there.
	Put(ctx context.Context, digest string, make func() ([]byte, error)) error
	// Get returns what is kept; nil if nothing is.
	Get(ctx context.Context, digest string) ([]byte, error)
}

// A rollout is this process's part in agreeing on the packs. All but first, follow and what
// is asked for figures runs on the reloader's goroutine.
type rollout struct {
	c       Config
	process *cluster.Process
	copies  packCopies
	log     *slog.Logger
	ballots chan cluster.Ballot // holds the last that nobody has looked at

	epoch     int64           // of what was agreed on
	looked    map[string]bool // votes of others, since epoch, upon which the own disk was looked at
	unoffered *knowledge.Base // what could not be offered; it is tried again
	tried     time.Time       // when it was last tried to get packs that others answer from
	again     time.Duration   // the pause before that is tried once more
	differ    int             // how often in a row packs were others when they were to be kept
	said      string          // what was logged last of what waits
	warned    bool            // that it waits long
	unlike    bool            // what is answered from at the start is not what is on the disk

	waiting atomic.Pointer[waiting]
	ready   atomic.Pointer[knowledge.Base]
	behind  atomic.Pointer[string] // why this process does not answer from what is agreed on
}

// newRollout returns nil for a process by itself.
func newRollout(c Config, r *replica, log *slog.Logger) *rollout {
	if r.process == nil {
		return nil
	}
	return &rollout{c: c, process: r.process, copies: r.copies, log: log, ballots: make(chan cluster.Ballot, 1), looked: map[string]bool{}, again: r.process.TTL()}
}

// digestOf names packs by all that is in them.
func digestOf(b *knowledge.Base) string {
	var all []string
	for _, p := range b.Packs {
		all = append(all, p.ID+" "+p.Hash+"\n")
	}
	slices.Sort(all)
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(all, ""))))
}

// follow passes on where the agreement stands until ctx ends.
func (o *rollout) follow(ctx context.Context) {
	o.process.Follow(ctx, agreedPacks, func(b cluster.Ballot) {
		select {
		case <-o.ballots:
		default:
		}
		o.ballots <- b // nobody else puts any
	})
}

// news gets where the agreement stands; nil of a process by itself.
func (o *rollout) news() <-chan cluster.Ballot {
	if o == nil {
		return nil
	}
	return o.ballots
}

// offer votes for packs that this process could answer from, after it has kept them for the
// others. Packs too large for that are offered all the same.
func (o *rollout) offer(ctx context.Context, base *knowledge.Base) (cluster.Ballot, error) {
	digest := digestOf(base)
	o.unoffered = base
	wait, cancel := context.WithTimeout(ctx, copyWait)
	defer cancel()
	var unfit error
	err := o.copies.Put(wait, digest, func() (data []byte, err error) {
		data, unfit = packArchive(base)
		return data, unfit
	})
	switch {
	case errors.Is(err, errChanged) && o.differ < mostDiffer:
		o.differ++
		o.unoffered = nil
		return cluster.Ballot{}, err
	case unfit != nil:
		o.log.Warn("the packs cannot be kept in the database; a process that comes back without them waits until it has them", "error", unfit)
	case err != nil:
		return cluster.Ballot{}, err
	}
	o.differ, o.unoffered = 0, nil // a vote that cannot be written now is written later
	o.ready.Store(base)
	return o.vote(ctx, cluster.Vote{Value: digest, About: dialog.Announcement(base)})
}

// vote says what this process could answer from.
func (o *rollout) vote(ctx context.Context, v cluster.Vote) (cluster.Ballot, error) {
	if v.Value == "" {
		o.unoffered = nil
		o.ready.Store(nil)
	}
	ctx, cancel := context.WithTimeout(ctx, voteWait)
	defer cancel()
	b, err := o.process.Vote(ctx, agreedPacks, v)
	if err != nil {
		o.log.Debug("the other processes are told later which packs this one has", "error", err)
	}
	return b, err
}

// fetch gets packs that others have kept.
func (o *rollout) fetch(ctx context.Context, digest string) (*knowledge.Base, error) {
	ctx, cancel := context.WithTimeout(ctx, copyWait)
	defer cancel()
	data, err := o.copies.Get(ctx, digest)
	switch {
	case err != nil:
		return nil, err
	case data == nil:
		return nil, errors.New("the database does not have them")
	}
	dir, err := unpack(data, "packs.zip", filepath.Join(packCache(o.c), fmt.Sprintf("%x", sha256.Sum256(data))))
	if err != nil {
		return nil, err
	}
	base, err := knowledge.Open(dir)
	if err != nil {
		return nil, err
	}
	if digestOf(base) != digest {
		return nil, errors.New("what the database has under their name are others")
	}
	return base, nil
}

// first is what a process that starts answers from: what all do, or own if that is it, or if
// nobody else is there. It waits until it has that; the error is ctx's, or errChanged.
func (o *rollout) first(ctx context.Context, own *knowledge.Base, r *reporter) (*knowledge.Base, error) {
	digest := digestOf(own)
	began, said := time.Now(), ""
	done := func() {}
	defer func() { done() }()
	for {
		base, why, err := o.tryFirst(ctx, own, digest, time.Since(began) < firstWaits)
		if base != nil || err != nil {
			return base, err
		}
		if why != said && ctx.Err() == nil {
			level := slog.LevelWarn
			if why == whyStarting {
				level = slog.LevelInfo
			}
			o.log.Log(ctx, level, "the packs of the other processes are waited for", "because", why)
			done()
			done = r.doingNow("waiting for the packs of the other processes: " + why)
			said = why
		}
		if err := platform.Sleep(ctx, firstAgain); err != nil {
			return nil, err
		}
	}
}

// tryFirst is first once: nil, and why, if that is not known or not to be had now. It is patient
// with others that start.
func (o *rollout) tryFirst(ctx context.Context, own *knowledge.Base, digest string, patient bool) (base *knowledge.Base, why string, _ error) {
	b, err := o.offer(ctx, own)
	switch {
	case errors.Is(err, errChanged):
		return nil, "", err
	case err != nil:
		return nil, err.Error(), nil
	case b.Value == digest:
		return own, "", nil
	case b.Value == "":
		return nil, "nothing is agreed on yet", nil
	case patient && !slices.ContainsFunc(b.Votes, func(v cluster.Vote) bool { return v.Value != digest && (v.Value != "" || v.Why != "") }):
		return nil, whyStarting, nil
	}
	theirs, err := o.fetch(ctx, b.Value)
	if err != nil {
		return nil, "the others answer from packs that are not on this disk, and " + withoutFolders(err.Error(), []string{packCache(o.c)}), nil
	}
	if b, err = o.vote(ctx, cluster.Vote{About: dialog.Announcement(own), Why: whyLearning}); err == nil && b.Value == digest {
		return own, "", nil // the others have voted for it too
	}
	o.unlike = true
	o.log.Warn("other packs are on this disk than all processes answer from; this one does as the others do, and goes over when all have the same",
		"here", differingPacks(own, theirs), "answered from", differingPacks(theirs, own))
	return theirs, "", nil
}

// whyStarting is why it is not known yet what all answer from.
const whyStarting = "others are starting too"

// What a vote for nothing says, for people.
const (
	whyLearning = "they are being learned"
	whyChanged  = "they were changed while they were read"
)

// differingPacks names the packs of b that of does not have like that.
func differingPacks(b, of *knowledge.Base) string {
	return labelOf(dialog.Announcement(b), dialog.Announcement(of))
}

// labelOf names the packs of about that are not so in of, and those that are only there.
func labelOf(about, of map[string]string) string {
	var all []string
	for key, version := range about {
		if id, ok := strings.CutPrefix(key, "pack "); ok && of[key] != version {
			all = append(all, id+" "+version)
		}
	}
	for key := range of {
		if id, ok := strings.CutPrefix(key, "pack "); ok && about[key] == "" {
			all = append(all, id+" –")
		}
	}
	slices.Sort(all)
	const most = 5
	if more := len(all) - most; more > 0 {
		all = append(all[:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, ", ")
}
