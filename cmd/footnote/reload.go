package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"footnote/answers"
	"footnote/bot/dialog"
	"footnote/knowledge"
	"footnote/knowledge/watch"
)

// A reloader keeps a bot's packs what they are on disk: it reads them again when
// their content changes and on SIGHUP. What cannot be loaded is not taken, and
// the bot goes on with what it has.
type reloader struct {
	c       Config
	heap    heap
	log     *slog.Logger
	watcher *watch.Watcher
	dialog  *dialog.Dialog
	matcher *answers.Matcher // what the bot answers from
}

// newReloader takes the packs as they are now; make it before loading them.
func newReloader(c Config, h heap, log *slog.Logger) *reloader {
	r := &reloader{c: c, heap: h, log: log}
	if len(c.Knowledge) > 0 {
		r.watcher = watch.New(watch.Config{Dirs: c.Knowledge, Log: log})
	}
	return r
}

// start keeps d fresh until stop is called, which waits for what is under way.
func (r *reloader) start(ctx context.Context, d *dialog.Dialog, m *answers.Matcher) (stop func()) {
	r.dialog, r.matcher = d, m
	ctx, cancel := context.WithCancel(ctx)
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	changed := make(chan struct{}, 1) // one is enough for any number of changes
	var all sync.WaitGroup
	if r.watcher != nil {
		all.Go(func() {
			r.watcher.Run(ctx, func() {
				select {
				case changed <- struct{}{}:
				default:
				}
			})
		})
	}
	all.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangup:
				if len(r.c.Knowledge) == 0 {
					r.log.Info("SIGHUP reloads packs in folders; the pack inside the program is the one answered from, so nothing was done")
					continue
				}
				r.reload("SIGHUP")
			case <-changed:
				r.reload("the files changed")
			}
		}
	})
	return func() {
		signal.Stop(hangup)
		cancel()
		all.Wait()
	}
}

// reload validates, builds and swaps, or keeps what there is and says why.
func (r *reloader) reload(because string) {
	r.heap.loading()
	defer r.heap.loaded() // of the packs before and of building
	base, err := openBase(r.c)
	if err == nil && slices.Equal(hashes(base), hashes(r.matcher.Base())) {
		r.dialog.Swap(r.matcher) // which also ends what KeepOld told
		r.log.Info("packs are what they were", "because", because)
		return
	}
	var m *answers.Matcher
	if err == nil {
		m, err = matcherOf(r.c, base)
	}
	if err != nil {
		r.dialog.KeepOld(publicReason(err))
		r.log.Error("packs could not be loaded, answering from the ones before", "because", because, "problems", err)
		return
	}
	r.matcher = m
	r.dialog.Swap(m)
	for _, x := range packVersions(base) {
		r.log.Info("pack reloaded", "because", because, "pack", x.ID, "version", x.Version, "facts", x.Facts, "from", x.From)
	}
}

func hashes(b *knowledge.Base) []string {
	var all []string
	for _, p := range b.Packs {
		all = append(all, p.Hash)
	}
	return all
}

// publicReason tells in one sentence why packs could not be loaded, without the
// folders of this machine: everybody may read it in /about.
func publicReason(err error) string {
	var problems *knowledge.LoadError
	if !errors.As(err, &problems) {
		return "it could not be indexed, the log says why"
	}
	var first string
	more := -1
	for _, p := range problems.Problems {
		if p.Severity != knowledge.Error {
			continue
		}
		if more++; more == 0 {
			p.File = filepath.Base(p.File)
			first = strings.TrimSpace(p.String())
		}
	}
	if more > 0 {
		first += fmt.Sprintf(" (and %d more)", more)
	}
	return first
}
