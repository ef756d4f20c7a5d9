package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
)

func TestRedeliveredIsAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		e := s.Say(t, bottest.Said{Who: "ann", Text: founded})
		s.Redeliver(t, e)
		synctest.Wait()
		s.Redeliver(t, e)
		if n := len(s.Texts()); n != 1 {
			t.Errorf("one question delivered three times has %d replies", n)
		}
	})
}

func TestOldMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		s.Now = func() time.Time { return time.Now().Add(-time.Hour) }
		s.Ask(founded) // somebody still waits
		s.Texts()
		for range 3 {
			s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Mention, Text: founded})
		}
		got := s.Texts()
		if len(got) != 2 || !strings.HasPrefix(got[0], "Established") || !strings.HasPrefix(got[1], "I was away") {
			t.Errorf("replies: %q", got)
		}
	})
}

func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Limits: bot.Limits{PersonPerMinute: 2, ChatPerMinute: 3}})
		in := func(who string) { s.Say(t, bottest.Said{Who: who, In: "#forum", How: bottest.Mention, Text: "ok"}) }
		for range 5 {
			in("ann")
		}
		in("bob")
		in("bob") // the fourth that is answered in the chat
		in("cat")
		in("dan")
		want := []string{"All right", "All right", "That was a lot", "All right", "That was a lot"}
		got := s.Texts()
		if len(got) != len(want) {
			t.Fatalf("%d replies: %q", len(got), got)
		}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("reply %d is %q, want %q", i, got[i], want[i])
			}
		}
		time.Sleep(time.Minute)
		in("ann")
		if got := s.Texts(); len(got) != 6 || !strings.HasPrefix(got[5], "All right") {
			t.Errorf("after the window: %q", got[5:])
		}
	})
}

// Discord shows "thinking…" under a command for a quarter of an hour if nothing is
// said, so nobody's command is met with silence, nor is anybody's in a busy place.
func TestLimitsLeaveNoCommandWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Limits: bot.Limits{PersonPerMinute: 2, ChatPerMinute: 3}})
		for _, who := range []string{"ann", "ann", "ann", "ann", "ann", "bob", "bob", "cat"} {
			s.Say(t, bottest.Said{Who: who, In: "#forum", How: bottest.Command, Command: "help"})
		}
		got := s.Texts()
		if len(got) != 8 {
			t.Fatalf("%d replies: %q", len(got), got)
		}
		for i, limited := range []bool{false, false, true, true, true, false, true, true} {
			if strings.HasPrefix(got[i], "That was a lot") != limited {
				t.Errorf("reply %d is %q", i, got[i])
			}
		}
	})
}

// faulty is an adapter whose Send does what a test says.
type faulty struct {
	*bottest.Memory
	send func(ctx context.Context, n int, to bot.Address, r bot.Reply) error

	mu   sync.Mutex
	n    int
	busy []string // the commands that the bot turned away
}

func (f *faulty) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	return f.Memory.Run(ctx, func(ctx context.Context, m bot.Message) error {
		err := deliver(ctx, m)
		if errors.Is(err, bot.ErrBusy) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.busy = append(f.busy, m.Command)
		}
		return err
	})
}

func (f *faulty) Send(ctx context.Context, to bot.Address, r bot.Reply) error {
	f.mu.Lock()
	f.n++
	n := f.n
	f.mu.Unlock()
	if err := f.send(ctx, n, to, r); err != nil {
		return err
	}
	return f.Memory.Send(ctx, to, r)
}

func (f *faulty) tries() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

// startFaulty runs a bot on a faulty adapter.
func startFaulty(t *testing.T, c bottest.Config, send func(ctx context.Context, n int, to bot.Address, r bot.Reply) error) (*faulty, *bot.Bot, func() error) {
	t.Helper()
	if c.Answerer == nil {
		c.Answerer = bottest.Scripted(bottest.Library(t))
	}
	f := &faulty{Memory: bottest.NewMemory(nil), send: send}
	b, _ := c.New()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx, f) }()
	stop := sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = stop() })
	synctest.Wait()
	return f, b, stop
}

func TestSendRetries(t *testing.T) {
	boom := errors.New("502")
	for name, x := range map[string]struct {
		errs  []error // of the first tries
		tries int
		shown int
		after time.Duration // until it is shown, at least
	}{
		"nothing":        {nil, 1, 1, 0},
		"transient":      {[]error{boom, boom}, 3, 1, 1500 * time.Millisecond},
		"half a minute":  {[]error{boom, boom, boom, boom, boom, boom}, 7, 1, 31 * time.Second},
		"transient ever": {slices.Repeat([]error{boom}, 9), 7, 0, 0},
		"unsure":         {[]error{fmt.Errorf("x: %w", bot.ErrUncertain)}, 2, 1, 0},
		"ever unsure":    {slices.Repeat([]error{bot.ErrUncertain}, 9), 8, 0, 0},
		"wait":           {[]error{&bot.RetryError{After: 20 * time.Second, Err: boom}}, 2, 1, 20 * time.Second},
		"wait too long":  {[]error{&bot.RetryError{After: time.Hour, Err: boom}}, 1, 0, 0},
		"gone":           {[]error{fmt.Errorf("x: %w", bot.ErrGone)}, 1, 0, 0},
		"forbidden":      {[]error{fmt.Errorf("x: %w", bot.ErrForbidden)}, 1, 0, 0},
		"too long":       {[]error{bot.ErrTooLong, bot.ErrTooLong}, 3, 1, 0},
		"ever too long":  {[]error{bot.ErrTooLong, bot.ErrTooLong, bot.ErrTooLong, bot.ErrTooLong, bot.ErrTooLong}, 4, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, _, _ := startFaulty(t, bottest.Config{}, func(_ context.Context, n int, _ bot.Address, _ bot.Reply) error {
					if n <= len(x.errs) {
						return x.errs[n-1]
					}
					return nil
				})
				begun := time.Now()
				f.Say(t, bottest.Said{Who: "ann", Text: founded})
				if x.shown > 0 {
					if _, err := f.WaitShown(t.Context(), x.shown); err != nil {
						t.Fatal(err)
					}
					if took := time.Since(begun); took < x.after {
						t.Errorf("sent again after %v, want %v or more", took, x.after)
					}
				}
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if f.tries() != x.tries || len(f.Sent()) != x.shown {
					t.Errorf("%d tries and %d replies, want %d and %d", f.tries(), len(f.Sent()), x.tries, x.shown)
				}
			})
		})
	}
}

// A send that hangs in one chat delays no other chat, not even when that chat's
// queue is full, and what was left out is said.
func TestStuckChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		f, b, stop := startFaulty(t, bottest.Config{InDelivery: bot.Bounded(bot.QueueOf(2048, 4), bot.Patience(time.Hour))},
			func(ctx context.Context, _ int, to bot.Address, _ bot.Reply) error {
				if to.Chat == "direct:ann" {
					select {
					case <-release:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
				return nil
			})
		for range 20 {
			f.Say(t, bottest.Said{Who: "ann", Text: "ok"})
		}
		f.Say(t, bottest.Said{Who: "bob", Text: "hello"})
		begun := time.Now()
		all, err := f.WaitShown(t.Context(), 1)
		if err != nil || all[0].To != "bob" {
			t.Fatalf("shown: %+v, %v", all, err)
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("bob waited %v for ann's chat", took)
		}
		close(release)
		synctest.Wait()
		all, _ = f.WaitShown(t.Context(), 0)
		// One in hand, four in the queue, the notice, and bob's.
		if len(all) != 7 || !strings.HasPrefix(all[6].Text, "I could not keep up") {
			t.Errorf("%d replies, the last: %q", len(all), all[len(all)-1].Text)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		if m, c := b.Load(); m != 0 || c != 0 {
			t.Errorf("%d messages in %d conversations are left", m, c)
		}
	})
}

// In a stuck conversation a command is not left out in silence, which its platform
// would show as thinking: the adapter is told.
func TestStuckChatTurnsCommandsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _, _ := startFaulty(t, bottest.Config{InDelivery: bot.Bounded(bot.QueueOf(2048, 4), bot.Patience(time.Hour))},
			func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
				<-ctx.Done()
				return ctx.Err()
			})
		for _, how := range []bottest.How{bottest.Command, bottest.Mention} {
			for range 8 {
				f.Say(t, bottest.Said{Who: "ann", In: "#forum", How: how, Command: "help", Text: "ok"})
			}
		}
		time.Sleep(time.Minute)
		f.mu.Lock()
		defer f.mu.Unlock()
		if got := strings.Join(f.busy, " "); got != "help help help" { // one in hand, four in the queue
			t.Errorf("turned away: %q", got)
		}
	})
}

// A full bot makes adapters wait instead of losing anything, and the order of a
// chat is kept.
func TestFullBotWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _, _ := startFaulty(t, bottest.Config{InDelivery: bot.Bounded(bot.QueueOf(8, 2))},
			func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
				time.Sleep(10 * time.Millisecond)
				return nil
			})
		const people, each = 10, 12
		for i := range each {
			for p := range people {
				f.Say(t, bottest.Said{Who: fmt.Sprint("p", p), Text: fmt.Sprintf("nothing %d", i)})
			}
		}
		if _, err := f.WaitShown(t.Context(), people*each); err != nil {
			t.Fatal(err)
		}
		next := map[bot.Conversation]int{}
		for _, x := range f.Sent() {
			id := 0
			if _, err := fmt.Sscanf(string(x.To.ReplyTo), "m%d", &id); err != nil {
				t.Fatal(err)
			}
			if i := id / people; i != next[x.To.Conversation] {
				t.Fatalf("reply to message %d of a chat when %d was due", i, next[x.To.Conversation])
			}
			next[x.To.Conversation]++
		}
	})
}

// What was accepted is answered after receiving has ended, for as long as Grace
// allows.
func TestShutdownDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _, stop := startFaulty(t, bottest.Config{InDelivery: bot.Bounded(bot.Grace(time.Minute))}, func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
			select {
			case <-time.After(time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		for range 5 {
			f.Say(t, bottest.Said{Who: "ann", Text: "ok"})
		}
		synctest.Wait()
		if err := stop(); err != nil {
			t.Error(err)
		}
		if n := len(f.Sent()); n != 5 {
			t.Errorf("%d of 5 accepted messages were answered", n)
		}
	})
}

func TestShutdownEndsAtGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _, stop := startFaulty(t, bottest.Config{}, func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
			<-ctx.Done()
			return ctx.Err()
		})
		f.Say(t, bottest.Said{Who: "ann", Text: "ok"})
		f.Say(t, bottest.Said{Who: "ann", Text: "ok"})
		synctest.Wait()
		begun := time.Now()
		if err := stop(); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took != 5*time.Second {
			t.Errorf("Run ended after %v, want 5s", took)
		}
	})
}

// broken is an adapter that fails for good after some time.
type broken struct {
	after  time.Duration
	panics bool
}

func (broken) Name() bot.Platform { return "broken" }

func (broken) Send(context.Context, bot.Address, bot.Reply) error { return nil }

func (x broken) Run(ctx context.Context, _ bot.DeliverFunc) error {
	select {
	case <-time.After(x.after):
		if x.panics {
			panic("what somebody wrote")
		}
		return fmt.Errorf("broken: 401: %w", bot.ErrFatal)
	case <-ctx.Done():
		return nil
	}
}

func TestAdapterFails(t *testing.T) {
	for _, x := range []struct {
		name   string
		keep   bool
		panics bool
	}{{"stops the program", false, false}, {"the others go on", true, false}, {"a panic is a failure", false, true}} {
		t.Run(x.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				b, _ := bottest.Config{Answerer: bottest.Scripted(bottest.Library(t)), KeepGoing: x.keep, Log: slog.New(slog.NewTextHandler(&log, nil))}.New()
				m := bottest.NewMemory(nil)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				done := make(chan error, 1)
				go func() { done <- b.Run(ctx, m, broken{time.Second, x.panics}) }()
				time.Sleep(2 * time.Second)
				synctest.Wait()
				var err error
				if x.keep {
					m.Say(t, bottest.Said{Who: "ann", Text: "hello"})
					if _, err := m.WaitShown(t.Context(), 1); err != nil {
						t.Fatal(err)
					}
					cancel()
				}
				err = <-done
				if !errors.Is(err, bot.ErrFatal) {
					t.Errorf("Run: %v, want ErrFatal", err)
				}
				if !strings.Contains(log.String(), "platform=broken") || strings.Contains(log.String(), "what somebody wrote") {
					t.Errorf("the log: %s", log.String())
				}
			})
		})
	}
}

func TestRunTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		if err := s.Bot.Run(t.Context(), bottest.NewMemory(nil)); err == nil {
			t.Error("a second Run at the same time succeeded")
		}
	})
}

// A panic costs one message: it is logged with its stack and without what was
// written, and the person is told.
func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := bottest.Start(t, bottest.Config{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		s.Ask("panic")
		s.Ask(founded)
		got := s.Texts()
		if len(got) != 2 || !strings.HasPrefix(got[0], "Sorry") || !strings.HasPrefix(got[1], "Established") {
			t.Errorf("replies: %q", got)
		}
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		if !strings.Contains(log.String(), "scripted.go") || strings.Contains(log.String(), "what somebody wrote") || strings.Contains(log.String(), founded) {
			t.Errorf("the log: %s", log.String())
		}
	})
}

func TestSendPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _, _ := startFaulty(t, bottest.Config{}, func(_ context.Context, n int, _ bot.Address, _ bot.Reply) error {
			if n == 1 {
				panic("send")
			}
			return nil
		})
		f.Say(t, bottest.Said{Who: "ann", Text: "hello"})
		f.Say(t, bottest.Said{Who: "ann", Text: "thanks"})
		if all, err := f.WaitShown(t.Context(), 1); err != nil || !strings.Contains(all[0].Text, "welcome") {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

// typer is a platform that shows when somebody writes.
type typer struct {
	*bottest.Memory
	mu    sync.Mutex
	shown int
}

func (x *typer) Typing(context.Context, bot.Address) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.shown++
}

// Typing is shown for what takes noticeably long, and for nothing else.
func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := bottest.Gated{Answerer: bottest.Scripted(bottest.Library(t)), Open: make(chan struct{})}
		x := &typer{Memory: bottest.NewMemory(nil)}
		b, _ := bottest.Config{Answerer: slow}.New()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- b.Run(ctx, x) }()
		x.Say(t, bottest.Said{Who: "ann", Text: "hello"})
		synctest.Wait()
		time.Sleep(time.Second)
		if x.shown != 0 {
			t.Errorf("typing was shown %d times for small talk", x.shown)
		}
		x.Say(t, bottest.Said{Who: "ann", Text: founded})
		time.Sleep(time.Second)
		synctest.Wait()
		close(slow.Open)
		synctest.Wait()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if x.shown != 1 {
			t.Errorf("typing was shown %d times for a slow answer", x.shown)
		}
	})
}
