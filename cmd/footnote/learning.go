package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"footnote/answers"
	"footnote/knowledge"
)

// A matcher has to learn a pack: it encodes every text of it once, some two
// milliseconds each, and answers by words until it has. What a command does meanwhile
// is its own matter:
//
//   - serve and chat answer by words and learn beside it (reload.go);
//   - ask waits a few seconds, and then does the same;
//   - what examines a pack waits, since it is to tell what the bot says once it has
//     learned.

const (
	// A pack with no more texts than these is learned before the first answer.
	serveAtOnce  = 500
	askAtOnce    = 6000
	reloadAtOnce = answers.DefaultPatience
	allAtOnce    = math.MaxInt

	// askWaits is how long ask learns a larger pack before it answers by words.
	askWaits = 5 * time.Second

	// newsAfter and newsEvery are how often it is told how far learning is.
	newsAfter = 4 * time.Second
	newsEvery = 10 * time.Second
)

// matcherOf makes the matcher of base as c wants it. Of a base with more than atOnce
// texts to learn it leaves them to Learn.
func matcherOf(ctx context.Context, c Config, base *knowledge.Base, atOnce int, p *progress) (*answers.Matcher, error) {
	return answers.New(ctx, base, answers.Options{
		Encoder: c.Matcher.Encoder, Caution: c.Matcher.Caution, CacheDir: c.Matcher.Cache, Patience: atOnce, Progress: p.count,
	})
}

// openMatcher loads the packs that c names and learns them, however long that takes.
func openMatcher(ctx context.Context, p *program, c Config) (*answers.Matcher, error) {
	return openAtOnce(ctx, c, allAtOnce, news(p.Err))
}

// openAtOnce is openMatcher that leaves more than so many texts to Learn.
func openAtOnce(ctx context.Context, c Config, atOnce int, how *progress) (*answers.Matcher, error) {
	base, err := openBase(c)
	if err != nil {
		return nil, exitError{code: exitUsage, err: err}
	}
	return learnAtOnce(ctx, c, base, atOnce, how)
}

// learnAtOnce is openAtOnce of packs that are loaded.
func learnAtOnce(ctx context.Context, c Config, base *knowledge.Base, atOnce int, how *progress) (*answers.Matcher, error) {
	m, err := matcherOf(ctx, c, base, atOnce, how)
	switch {
	case ctx.Err() != nil:
		return nil, exitError{code: exitAborted}
	case err != nil:
		return nil, exitError{code: exitUsage, err: err}
	}
	return m, nil
}

// A progress remembers how far a learning is and tells it where it takes long.
type progress struct {
	done, total atomic.Int64
	next        time.Time // when it is told next
	tell        func(done, total int)
}

func newProgress(tell func(done, total int)) *progress {
	return &progress{next: time.Now().Add(newsAfter), tell: tell}
}

// count is told by the matcher that so many texts are learned.
func (p *progress) count(done, total int) {
	p.done.Store(int64(done))
	p.total.Store(int64(total))
	if now := time.Now(); done < total && p.tell != nil && now.After(p.next) {
		p.next = now.Add(newsEvery)
		p.tell(done, total)
	}
}

// news is a progress that is told on w.
func news(w io.Writer) *progress {
	return newProgress(func(done, total int) { fmt.Fprintf(w, "Learning the pack: %d of %d texts.\n", done, total) })
}

// logged is a progress that is told in the log.
func logged(log *slog.Logger) *progress {
	return newProgress(func(done, total int) { log.Info("learning the packs", "texts", done, "of", total) })
}

// learnedFolder is where what was learned is kept if no key says so: beside the state of
// a serve where there is one, else among what the user's programs keep for themselves;
// "" if there is no such folder.
func learnedFolder(c Config, p *program, serves bool) string {
	if serves || exists(c.State) {
		return filepath.Join(c.State, "learned")
	}
	var caches string
	switch home := p.getenv("HOME"); {
	case runtime.GOOS == "windows":
		caches = p.getenv("LocalAppData")
	case runtime.GOOS == "darwin" && home != "":
		caches = filepath.Join(home, "Library", "Caches")
	case filepath.IsAbs(p.getenv("XDG_CACHE_HOME")):
		caches = p.getenv("XDG_CACHE_HOME")
	case home != "":
		caches = filepath.Join(home, ".cache")
	}
	if !filepath.IsAbs(caches) {
		return ""
	}
	return filepath.Join(caches, "footnote")
}

// A learning is a matcher that learns beside what the program does meanwhile.
type learning struct {
	began time.Time
	stop  context.CancelFunc
	ended chan error // gets what Learn returns
}

// learnInBackground lets m learn until ctx ends; it is nil if m has nothing to learn.
func learnInBackground(ctx context.Context, c Config, m *answers.Matcher) *learning {
	if m.Learned() || c.Matcher.Encoder == "off" {
		return nil
	}
	return beginLearning(ctx, m.Learn)
}

// learnOtherLanguages prepares m for questions in other languages than its packs', until ctx ends.
func learnOtherLanguages(ctx context.Context, m *answers.Matcher) *learning {
	return beginLearning(ctx, m.LearnOtherLanguages)
}

func beginLearning(ctx context.Context, learn func(context.Context) error) *learning {
	ctx, cancel := context.WithCancel(ctx)
	l := &learning{began: time.Now(), stop: cancel, ended: make(chan error, 1)}
	go func() { l.ended <- learn(ctx) }()
	return l
}

// done gets what Learn returned, once.
func (l *learning) done() <-chan error {
	if l == nil {
		return nil
	}
	return l.ended
}

// abandon stops a learning whose end was not read from done, and waits for it until ctx
// ends. What it has made so far is kept.
func (l *learning) abandon(ctx context.Context) {
	if l == nil {
		return
	}
	l.stop()
	select {
	case <-l.ended:
	case <-ctx.Done():
	}
}

// endWaits is how long the end of the program waits for a learning. Encoding stops within
// milliseconds; of what is made from all vectors together at the end a step may take about a second
// in a large pack.
const endWaits = 1500 * time.Millisecond

// end is abandon at the end of the program.
func (l *learning) end() {
	ctx, cancel := context.WithTimeout(context.Background(), endWaits)
	defer cancel()
	l.abandon(ctx)
}

func (l *learning) took() time.Duration { return time.Since(l.began).Round(100 * time.Millisecond) }

// learnWhileAsked gives a large pack a few seconds, and then says that answers go by words
// until it is learned, which goes on. stop ends that.
func learnWhileAsked(ctx context.Context, p *program, c Config, m *answers.Matcher, how *progress) (stop func()) {
	how.tell = nil // what follows is told once
	l := learnInBackground(ctx, c, m)
	if l == nil {
		return func() {}
	}
	wait := time.NewTimer(askWaits)
	defer wait.Stop()
	select {
	case <-l.done():
		l.stop()
		return func() {}
	case <-ctx.Done():
		return l.end
	case <-wait.C:
	}
	kept := "What is learned is kept, and the next start goes on from there."
	if c.Matcher.Cache == "" {
		kept = "The key matcher.cache names a folder in which to keep what is learned."
	}
	fmt.Fprintf(p.Err, "The pack is large: %d of its %d texts are learned, and the others are being learned while you ask. Until then answers go by words alone. %s\n",
		how.done.Load(), how.total.Load(), kept)
	watched := make(chan struct{})
	quit := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case err := <-l.done():
			if err == nil {
				fmt.Fprintf(p.Err, "The pack is learned: %d texts in %s. From here on answers go by meaning too.\n", how.total.Load(), l.took())
			}
		case <-quit:
			l.end()
		}
	}()
	return func() {
		close(quit)
		<-watched
		l.stop()
	}
}
