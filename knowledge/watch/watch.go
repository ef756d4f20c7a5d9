// Package watch reports when the files of pack folders have changed. It watches
// folders rather than files, because editors and deployments replace files: a
// saved file is a new one under the old name, and mounted configuration is a
// link that comes to lead to another folder. Whether something has really changed
// is decided by content, so that temporary files, touched files and a file saved
// twice cause nothing. It knows nothing of what stands in the files.
package watch

import (
	"cmp"
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A Config says which folders to watch. Only Dirs is required.
type Config struct {
	Dirs []string     // pack folders, or folders of pack folders
	Log  *slog.Logger // nil for none

	// Set by tests; zero means the default.
	quiet time.Duration // how long nothing may happen before the files are read
	most  time.Duration // after which they are read although things still happen
	poll  time.Duration // how often their stamps are compared without any event
}

// The defaults, and why.
const (
	defaultQuiet = 300 * time.Millisecond // saving several files from one editor takes less
	defaultMost  = 5 * time.Second        // something that never stops writing must not hold everything up
	defaultPoll  = 15 * time.Second       // network and container file systems that report no events
)

func (c *Config) setDefaults() {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.quiet = cmp.Or(c.quiet, defaultQuiet)
	c.most = cmp.Or(c.most, defaultMost)
	c.poll = cmp.Or(c.poll, defaultPoll)
}

// A Watcher compares the files of folders with what they were.
type Watcher struct {
	c    Config
	dirs []string // absolute, links not followed
	last snapshot

	warned bool // that the system reports no events
}

// New returns a watcher that has seen the files as they are now; [Watcher.Run]
// reports what changes from here on. Make it before reading the packs, so that no
// change falls between the two.
func New(c Config) *Watcher {
	c.setDefaults()
	w := &Watcher{c: c}
	for _, d := range c.Dirs {
		if abs, err := filepath.Abs(d); err == nil {
			d = abs
		}
		w.dirs = append(w.dirs, d)
	}
	w.last = takeSnapshot(w.dirs)
	return w
}

// Run calls changed whenever the content of the files has changed, until ctx is
// done. It waits for each call, and reports what changes meanwhile after it.
func (w *Watcher) Run(ctx context.Context, changed func()) {
	for ctx.Err() == nil {
		events := w.subscribe()
		// What happened before the subscription was not reported.
		if w.compare() {
			changed()
		}
		w.await(ctx, events)
		events.close()
	}
}

// compare reads the files and reports whether their content has changed.
func (w *Watcher) compare() bool {
	now := takeSnapshot(w.dirs)
	same := now.content == w.last.content
	w.last = now
	return !same
}

// await returns after a burst of events, when the stamps of the files have changed,
// or when ctx is done.
func (w *Watcher) await(ctx context.Context, s subscription) {
	poll := time.NewTicker(w.c.poll)
	defer poll.Stop()
	var quiet, most <-chan time.Time // nil until something happens
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-s.events:
			if !ok {
				s.events = nil // it broke; polling goes on
				continue
			}
			if !s.concerns(e) {
				continue
			}
			if quiet = time.After(w.c.quiet); most == nil {
				most = time.After(w.c.most)
			}
		case err, ok := <-s.errors:
			if !ok {
				s.errors = nil
				continue
			}
			w.c.Log.Debug("watching the packs", "error", err) // lost events, most likely; the next comparison finds what they reported
			return
		case <-poll.C:
			if stampOf(w.dirs) != w.last.stamp {
				return
			}
		case <-quiet:
			return
		case <-most:
			return
		}
	}
}

// A subscription receives the events of the folders as they are now. Folders come
// and go, and links change where they lead, so a new one is made after every event.
type subscription struct {
	events <-chan fsnotify.Event
	errors <-chan error
	inside map[string]bool // folders in which everything concerns us
	named  map[string]bool // paths that concern us themselves
	close  func()
}

// subscribe returns a subscription to all folders. Where the system reports no
// events it has none, and polling has to do.
func (w *Watcher) subscribe() subscription {
	s := subscription{inside: map[string]bool{}, named: map[string]bool{}, close: func() {}}
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		w.noEvents(err)
		return s
	}
	s.events, s.errors, s.close = fs.Events, fs.Errors, func() { _ = fs.Close() }
	for _, dir := range w.dirs {
		s.named[dir] = true
		// The folder itself may be a link that will lead elsewhere, or not be there yet.
		_ = fs.Add(filepath.Dir(dir))
	}
	for _, dir := range foldersOf(w.dirs) {
		s.inside[dir] = true
		if err := fs.Add(dir); err != nil {
			w.noEvents(err)
		}
	}
	return s
}

// noEvents warns, once, that the system reports no events.
func (w *Watcher) noEvents(err error) {
	if !w.warned {
		w.c.Log.Warn("the system reports no changes of the packs, so they are looked at regularly", "every", w.c.poll, "error", err)
	}
	w.warned = true
}

// concerns reports whether the event may have to do with the files.
func (s *subscription) concerns(e fsnotify.Event) bool {
	return s.named[e.Name] || s.inside[e.Name] || s.inside[filepath.Dir(e.Name)]
}
