package bottest

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest/await"
)

// Patience bounds every wait of a test. Nothing waits that long unless it is broken, or
// the machine is.
const Patience = time.Minute

// A Log is a log that several goroutines write, and that a test reads and waits for.
// Its zero value is empty.
type Log struct {
	changed await.Signal
	mu      sync.Mutex
	text    bytes.Buffer
	read    int // up to where WaitNext has come
}

// Write adds p to the log and wakes whoever waits for it; it never fails.
func (l *Log) Write(p []byte) (int, error) {
	defer l.changed.Touch()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String returns everything that was logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Logger returns a logger that writes everything here.
func (l *Log) Logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Says reports whether phrase stands anywhere in what was logged so far.
func (l *Log) Says(phrase string) bool { return strings.Contains(l.String(), phrase) }

// Wait waits until phrase was logged, at any time, and fails t after [Patience].
func (l *Log) Wait(t testing.TB, phrase string) {
	t.Helper()
	l.WaitFor(t, phrase, 1)
}

// WaitFor waits until the log has said phrase so many times.
func (l *Log) WaitFor(t testing.TB, phrase string, times int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if l.changed.Until(ctx, func() bool { return strings.Count(l.String(), phrase) >= times }) != nil {
		t.Errorf("the log does not say %q", phrase)
	}
}

// WaitNext waits until phrase was logged behind what WaitNext waited for before.
func (l *Log) WaitNext(t testing.TB, phrase string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	next := func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		i := strings.Index(l.text.String()[l.read:], phrase)
		if i >= 0 {
			l.read += i + len(phrase)
		}
		return i >= 0
	}
	if l.changed.Until(ctx, next) != nil {
		t.Fatalf("the log does not say %q, but:\n%s", phrase, l.String()[l.read:])
	}
}

// Skip makes WaitNext wait for what is logged from now on.
func (l *Log) Skip() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read = l.text.Len()
}

// A Run is something that runs under a context until that ends, such as an adapter.
type Run struct {
	t      testing.TB
	cancel context.CancelFunc
	done   chan struct{}
	err    error
}

// Go runs f beside the test, under a context that [Run.Stop] and [Run.Cancel] end.
func Go(t testing.TB, f func(context.Context) error) *Run {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Run{t: t, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.err = f(ctx)
	}()
	return r
}

// Stop ends it and returns its error. It may be called again.
func (r *Run) Stop() error {
	r.t.Helper()
	r.cancel()
	return r.Ended()
}

// Cancel ends its context and does not wait.
func (r *Run) Cancel() { r.cancel() }

// Done returns a channel that is closed when what runs has returned.
func (r *Run) Done() <-chan struct{} { return r.done }

// Ended waits for its end and returns its error.
func (r *Run) Ended() error {
	r.t.Helper()
	select {
	case <-r.done:
	case <-time.After(Patience):
		r.t.Fatalf("Run did not return within %v", Patience)
	}
	return r.err
}

// Messages are what an adapter delivered. The zero value is empty.
type Messages struct {
	changed await.Signal
	mu      sync.Mutex
	all     []bot.Message
}

// Collect is a [bot.DeliverFunc] that accepts every message and keeps it for All and Wait.
func (m *Messages) Collect(_ context.Context, x bot.Message) error {
	defer m.changed.Touch()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = append(m.all, x)
	return nil
}

// All returns those that were delivered so far.
func (m *Messages) All() []bot.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.all)
}

// Wait waits for n messages and returns all there are.
func (m *Messages) Wait(t testing.TB, n int) []bot.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if m.changed.Until(ctx, func() bool { return len(m.All()) >= n }) != nil {
		t.Fatalf("%d messages were delivered, want %d", len(m.All()), n)
	}
	return m.All()
}
