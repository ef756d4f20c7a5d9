package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/dialog"
	"footnote/bot/metrics"
	"footnote/knowledge"
)

// What waits for some process is told: in the log, in /about, in figures, and after a while by
// healthcheck.

// A waiting is packs that some processes have ready and not all.
type waiting struct {
	since time.Time
	packs []dialog.Waiting
	lacks []string // which processes do not have the first of them, and why
	why   []string // of these, the reasons that everybody may read
}

func (w *waiting) String() string {
	if w == nil {
		return ""
	}
	var all []string
	for _, p := range w.packs {
		all = append(all, fmt.Sprintf("%s (%d of %d processes)", p.Packs, p.Have, p.All))
	}
	return strings.Join(all, ", ") + "; lacking: " + strings.Join(w.lacks, ", ")
}

// waitingIn is what waits in a ballot, nil for nothing; served is what this process answers from.
func waitingIn(b cluster.Ballot, served map[string]string, self string) *waiting {
	w := &waiting{}
	var values []string
	have := map[string]int{}
	for _, v := range b.Votes {
		if v.Value == "" || v.Value == b.Value {
			continue
		}
		if have[v.Value]++; have[v.Value] == 1 {
			values = append(values, v.Value)
			w.packs = append(w.packs, dialog.Waiting{Packs: labelOf(v.About, served), All: len(b.Votes)})
		}
	}
	if len(values) == 0 || b.Value == "" {
		return nil
	}
	for i, value := range values {
		w.packs[i].Have = have[value]
	}
	slices.SortStableFunc(w.packs, func(a, b dialog.Waiting) int { return b.Have - a.Have })
	for _, v := range b.Votes {
		if v.Value != "" && labelOf(v.About, served) == w.packs[0].Packs {
			continue
		}
		why := v.Why
		switch {
		case v.Value == b.Value:
			why = "still has what is answered from"
		case v.Value != "":
			why = "has " + labelOf(v.About, served)
		case why == "":
			why = "is starting, or of an older version"
		case v.Member != self && why != whyLearning && why != whyChanged:
			w.why = append(w.why, why)
		}
		name := v.Member
		if name == self {
			name += " (this one)"
		}
		w.lacks = append(w.lacks, name+": "+why)
	}
	return w
}

// note takes up what waits now, and tells it where it is news; it reports whether it was.
func (o *rollout) note(b cluster.Ballot, served *knowledge.Base) (news bool) {
	if b.Epoch != o.epoch {
		o.epoch = b.Epoch
		o.waiting.Store(nil)
		clear(o.looked)
	}
	w := waitingIn(b, dialog.Announcement(served), o.process.Self())
	if w != nil {
		w.since = time.Now()
		if before := o.waiting.Load(); before != nil {
			w.since = before.since
		}
	}
	o.waiting.Store(w)
	long := w != nil && time.Since(w.since) > waitsLong
	text := w.String()
	if text == o.said && (o.warned || !long) {
		return false
	}
	o.said, o.warned = text, long
	switch {
	case w == nil:
		o.log.Debug("no packs wait for other processes")
	case long:
		o.log.Warn("packs have been waiting for minutes until every process has them; all answer from the ones before", "packs", text)
	default:
		o.log.Info("packs wait until every process has them", "packs", text)
	}
	return true
}

// trouble tells of packs that have waited long, for healthcheck.
func (o *rollout) trouble() string {
	if w := o.waiting.Load(); w != nil && time.Since(w.since) > waitsLong {
		return "packs wait until every process has them: " + w.String()
	}
	return ""
}

// unready says why this process should not be asked, or nothing.
func (o *rollout) unready() string {
	if why := o.behind.Load(); why != nil {
		return *why
	}
	return ""
}

// figures tells for how long packs have been waiting, and which this process has ready.
func (o *rollout) figures() (waits time.Duration, ready []metrics.Pack) {
	if w := o.waiting.Load(); w != nil {
		waits = time.Since(w.since)
	}
	if b := o.ready.Load(); b != nil {
		ready = figuresOf(b)
	}
	return waits, ready
}
