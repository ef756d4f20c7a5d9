package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"footnote/answers"
	"footnote/bot/cluster"
	"footnote/bot/dialog"
	"footnote/bot/metrics"
	"footnote/knowledge"
	"footnote/knowledge/watch"
)

// A reloader keeps a bot's packs what they are on disk: it reads them again when
// their content changes and on SIGHUP. What cannot be loaded is not taken, and
// the bot goes on with what it has. It also lets the bot's matcher learn what it has
// not learned yet. All but start runs on one goroutine.
type reloader struct {
	c         Config
	heap      heap
	log       *slog.Logger
	watcher   *watch.Watcher
	dialog    *dialog.Dialog
	matcher   *answers.Matcher      // what the bot answers from
	progress  *progress             // of the matcher that was made last
	learning  *learning             // of matcher, if it is under way
	others    *learning             // the same for questions in other languages, which comes after it
	swapped   func(*knowledge.Base) // is told of the packs that are answered from; nil tells nobody
	refused   string                // why newer packs were not taken; empty if they were
	together  *rollout              // with the other processes; nil alone
	next      *candidate            // what is to be answered from when all processes have it
	postponed string                // why packs are to be read again when what is being learned is; empty if they are not
	changed   chan struct{}         // holds one when the files have changed, which is enough for any number of changes
	author    io.Writer             // whoever writes the packs beside the bot is told here how they were read; nil for nobody

	told    atomic.Pointer[string]          // refused, for whoever asks from elsewhere
	now     atomic.Pointer[answers.Matcher] // matcher, likewise
	outcome func(string)                    // is told what became of reading the packs again; nil for nobody
}

// trouble tells of packs that were not taken.
func (r *reloader) trouble() string {
	if why := r.told.Load(); why != nil && *why != "" {
		return "the packs as they are now cannot be loaded: " + *why
	}
	return ""
}

// refuse notes why newer packs were not taken, "" if they were.
func (r *reloader) refuse(why string) {
	r.refused = why
	r.told.Store(&why)
}

// newReloader takes the packs as they are now; make it before loading them.
func newReloader(c Config, h heap, log *slog.Logger) *reloader {
	r := &reloader{c: c, heap: h, log: log, progress: logged(log), changed: make(chan struct{}, 1)}
	if dirs := watched(c); len(dirs) > 0 {
		r.watcher = watch.New(watch.Config{Dirs: dirs, Log: log})
	}
	return r
}

// start keeps d fresh until stop is called, which waits for what is under way.
func (r *reloader) start(ctx context.Context, d *dialog.Dialog, m *answers.Matcher) (stop func()) {
	r.dialog, r.matcher = d, m
	r.now.Store(m)
	ctx, cancel := context.WithCancel(ctx)
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	var all sync.WaitGroup
	if r.watcher != nil {
		all.Go(func() {
			r.watcher.Run(ctx, r.again)
		})
	}
	if follows(r.c) && r.c.Serve.Refetch > 0 {
		all.Go(func() { r.refetch(ctx) })
	}
	if r.together != nil {
		all.Go(func() { r.together.follow(ctx) })
	}
	r.learn(ctx)
	all.Go(func() { r.loop(ctx, hangup) })
	return func() {
		signal.Stop(hangup)
		cancel()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			all.Wait()
		}()
		select {
		case <-ended:
		case <-time.After(endWaits): // reading and building cannot be stopped, and leave nothing behind
			r.log.Info("packs were being loaded, and are left")
		}
	}
}

// loop does what is to be done until ctx ends.
func (r *reloader) loop(ctx context.Context, hangup <-chan os.Signal) {
	defer func() {
		r.learning.end()
		r.others.end()
		if r.next != nil {
			r.next.learning.end()
		}
	}()
	if r.together != nil && r.together.unlike {
		r.reload(ctx, "the start")
	}
	idle := time.NewTicker(idleAfter)
	defer idle.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-idle.C:
			r.heap.idle()
		case err := <-r.learning.done():
			r.learned(ctx, err)
		case err := <-r.others.done():
			r.othersLearned(ctx, err)
		case err := <-r.next.done():
			r.prepared(ctx, err)
		case b := <-r.together.news():
			r.decided(ctx, b)
		case <-hangup:
			if len(r.c.Knowledge) == 0 {
				r.log.Info("SIGHUP reloads packs in folders; the pack inside the program is the one answered from, so nothing was done")
				continue
			}
			r.reload(ctx, "SIGHUP")
		case <-r.changed:
			r.reload(ctx, "the files changed")
		}
	}
}

// refetch asks now and then whether archives at addresses are others by now, until ctx ends.
func (r *reloader) refetch(ctx context.Context) {
	every := time.NewTicker(time.Duration(r.c.Serve.Refetch) * time.Minute)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		if renewed(ctx, r.c) {
			r.again()
		}
	}
}

// again has the packs read again soon.
func (r *reloader) again() {
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// learn begins to learn what the matcher has not learned.
func (r *reloader) learn(ctx context.Context) {
	r.learning = learnInBackground(ctx, r.c, r.matcher)
	if r.learning == nil {
		r.heap.loaded()
		r.heap.tell(r.log)
		r.others = learnOtherLanguages(ctx, r.matcher)
		return
	}
	r.log.Info("the packs are being learned; until they are, answers go by words alone")
}

// learned takes the end of learning.
func (r *reloader) learned(ctx context.Context, err error) {
	l := r.learning
	r.learning = nil
	l.stop()
	r.heap.loaded()
	r.heap.tell(r.log)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		r.log.Error("the packs could not be learned, so answers go by words alone", "error", err)
	default:
		r.swap(r.matcher) // what was answered by words alone is not remembered
		r.log.Info("the packs are learned", "texts", r.progress.total.Load(), "took", l.took())
		r.others = learnOtherLanguages(ctx, r.matcher)
	}
	if because := r.postponed; because != "" && ctx.Err() == nil {
		r.postponed = ""
		r.reload(ctx, because)
	}
}

// othersLearned takes the end of learning for questions in other languages.
func (r *reloader) othersLearned(ctx context.Context, err error) {
	l := r.others
	r.others = nil
	l.stop()
	r.rest()
	switch {
	case ctx.Err() != nil:
	case err != nil:
		r.log.Error("questions in other languages than the packs' are read as if they were in these", "error", err)
	default:
		r.swap(r.matcher) // what was answered without it is not remembered
		if l.took() >= newsAfter {
			r.log.Info("questions in other languages than the packs' can be asked", "took", l.took())
		}
	}
}

// swap makes m what the bot answers from.
func (r *reloader) swap(m *answers.Matcher) {
	r.matcher = m
	r.now.Store(m)
	r.dialog.Swap(m)
	if r.swapped != nil {
		r.swapped(m.Base())
	}
	if r.refused != "" {
		r.dialog.KeepOld(r.refused)
	}
}

// reload validates, builds and swaps, or keeps what there is and says why.
func (r *reloader) reload(ctx context.Context, because string) {
	r.heap.loading()
	defer r.rest()
	base, err := openBase(r.c)
	switch {
	case err != nil:
		r.keep(ctx, because, err)
	case digestOf(base) == digestOf(r.matcher.Base()):
		r.unchanged(ctx, base, because)
	case r.together != nil:
		r.refuse("")
		r.dialog.KeepOld("")
		if err := r.prepare(ctx, base, because); err != nil && ctx.Err() == nil {
			r.keep(ctx, because, err)
		}
	default:
		r.replace(ctx, base, because)
	}
}

// rest ends what loading may take, unless something is still being learned.
func (r *reloader) rest() {
	if r.learning == nil && (r.next == nil || r.next.learning == nil) {
		r.heap.loaded() // of the packs before and of building
	}
}

// unchanged notes that the packs on disk are those that are answered from.
func (r *reloader) unchanged(ctx context.Context, base *knowledge.Base, because string) {
	if r.refused != "" {
		r.tellAuthor("The pack is again what it was.")
	}
	r.refuse("")
	if r.together != nil && !r.offerOld(ctx, base) {
		return
	}
	r.swap(r.matcher)
	r.tellOutcome(metrics.ReloadUnchanged)
	r.log.Info("packs are what they were", "because", because)
}

// keep goes on with what there is, and says why.
func (r *reloader) keep(ctx context.Context, because string, err error) {
	r.tellOutcome(metrics.ReloadRefused)
	why := publicReason(err, r.c.Knowledge)
	if r.together != nil {
		r.withdraw(ctx, cluster.Vote{Why: why})
	}
	r.refuse(why)
	r.dialog.KeepOld(why)
	if r.author != nil {
		r.tellAuthor("The pack as it is now cannot be read. The one from before answers.\n" + err.Error())
		return
	}
	r.log.Error("packs could not be loaded, answering from the ones before", "because", because, "problems", err)
}

// replace answers from base, if it can be built.
func (r *reloader) replace(ctx context.Context, base *knowledge.Base, because string) {
	how := logged(r.log)
	abandoned := r.learning != nil || r.others != nil
	r.endLearning(ctx) // of packs that are no more
	m, err := matcherOf(ctx, r.c, base, reloadAtOnce, how)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		r.keep(ctx, because, err)
		if abandoned {
			r.learn(ctx) // it goes on after all
		}
	default:
		r.refuse("")
		r.take(ctx, m, how, because)
	}
}

// take answers from m, and learns what it has not learned.
func (r *reloader) take(ctx context.Context, m *answers.Matcher, how *progress, because string) {
	r.tellOutcome(metrics.ReloadTaken)
	r.progress = how
	r.swap(m)
	for _, x := range packVersions(m.Base()) {
		r.log.Info("pack reloaded", "because", because, "pack", x.ID, "version", x.Version, "facts", x.Facts, "from", x.From)
		r.tellAuthor(fmt.Sprintf("The pack was read again: %s %s, facts: %d.", x.ID, x.Version, x.Facts))
	}
	r.learn(ctx)
}

func (r *reloader) tellOutcome(what string) {
	if r.outcome != nil {
		r.outcome(what)
	}
}

// tellAuthor tells whoever writes the packs, if somebody does.
func (r *reloader) tellAuthor(text string) {
	if r.author != nil {
		fmt.Fprintf(r.author, "\n%s\n\n", text)
	}
}

// publicReason tells in one sentence why packs could not be loaded, without the
// folders of this machine: everybody may read it in /about.
func publicReason(err error, folders []string) string {
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
	return withoutFolders(first, folders)
}

// absolute is an absolute path in a text; the last group is its last part.
var absolute = regexp.MustCompile(`(^|[\s("'=])(?:[A-Za-z]:)?[/\\](?:[^\s:"'()/\\]+[/\\])*([^\s:"'()/\\]*)`)

// withoutFolders is text without the paths of folders, however they are written, and
// without what leads to any other file.
func withoutFolders(text string, folders []string) string {
	var all []string
	for _, f := range folders {
		for _, f := range []string{f, filepath.Clean(f), absolutePath(f)} {
			if f = filepath.ToSlash(f); f != "" && f != "." && f != "/" {
				all = append(all, strings.TrimSuffix(f, "/"))
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) }) // what holds others comes first
	for _, f := range all {
		text = strings.ReplaceAll(text, f+"/", "")
		text = strings.ReplaceAll(text, f, filepath.Base(f))
	}
	return absolute.ReplaceAllString(text, "$1$2")
}

func absolutePath(f string) string {
	if abs, err := filepath.Abs(f); err == nil {
		return abs
	}
	return f
}
