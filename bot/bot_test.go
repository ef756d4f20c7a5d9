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

	"go.uber.org/goleak"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/knowledge"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const founded = "when was the library founded?"

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
		want := []string{"Good", "Good", "That was a lot", "Good", "That was a lot"}
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
		if got := s.Texts(); len(got) != 6 || !strings.HasPrefix(got[5], "Good") {
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

// A question's words are remembered for /why, in a group for everybody. Whoever
// asked can have them forgotten, also when others have turned pages since.
func TestForgetInAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		in := func(who, command, text string) string {
			s.Say(t, bottest.Said{Who: who, In: "#forum", How: bottest.Command, Command: command, Text: text})
			all := s.Texts()
			return all[len(all)-1]
		}
		s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Mention, Text: "who burned the library of zanzibar?"})
		s.Texts()
		in("bob", "search", "library")
		if got := in("cat", "why", ""); strings.HasPrefix(got, "Ask something first") {
			t.Fatalf("nothing is remembered: %q", got)
		}
		in("ann", "forget", "")
		if got := in("cat", "why", ""); !strings.HasPrefix(got, "Ask something first") {
			t.Errorf("it is still known: %q", got)
		}
	})
}

// Nobody is told to answer with a number where the bot would not hear it.
func TestNumbersWhereTheyAreHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		const several = "when was the library founded | who burned the library?"
		for i, x := range []bottest.Said{{In: "#forum", How: bottest.Command}, {In: "#forum", How: bottest.Mention}, {How: bottest.Command}} {
			x.Who, x.Command, x.Text = "ann", "ask", several
			s.Say(t, x)
			if got, want := s.Texts()[i], i > 0; strings.Contains(got, "answer with the number") != want {
				t.Errorf("reply %d: %q", i, got)
			}
		}
	})
}

// A command that a client still lists although the bot has it no longer is not left
// without an answer, nor one that names the bot and that it never had.
func TestCommandThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Command, Command: "quiz"})
		if got := s.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], "I don't know that command.") {
			t.Errorf("%q", got)
		}
	})
}

// A withholding is a platform that does not tell what people write.
type withholding struct{ *bottest.Memory }

func (w withholding) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	return w.Memory.Run(ctx, func(ctx context.Context, m bot.Message) error {
		m.Text, m.Withheld = "", true
		return deliver(ctx, m)
	})
}

// What the platform does not tell is not called empty.
func TestWithheld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := withholding{bottest.NewMemory(nil)}
		bottest.Start(t, bottest.Config{}, w)
		w.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Reply, Text: "2"})
		synctest.Wait()
		got, _ := w.WaitShown(t.Context(), 0)
		if len(got) != 1 || !strings.HasPrefix(got[0].Text, "The platform does not show me what you wrote") {
			t.Errorf("%+v", got)
		}
	})
}

// A refusal that only the asker was shown is explained to nobody else: that would
// tell what was asked.
func TestPrivateRefusalStaysPrivate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		why := func(who string) string {
			s.Say(t, bottest.Said{Who: who, In: "#forum", How: bottest.Command, Command: "why"})
			all := s.Texts()
			return all[len(all)-1]
		}
		s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Command, Command: "ask", Text: "when was the library founded?"})
		s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Command, Command: "ask", Text: "who sank atlantis?"})
		s.Texts()
		if got := why("bob"); strings.Contains(got, "atlantis") || !strings.Contains(got, "founded") {
			t.Errorf("bob is told %q", got)
		}
		if got := why("ann"); !strings.Contains(got, "atlantis") {
			t.Errorf("ann is told %q", got)
		}
	})
}

// What is said of a question's words in /privacy holds in a group too, where others
// keep the place alive.
func TestWordsEndWithTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		in := func(who, command, text string) string {
			s.Say(t, bottest.Said{Who: who, In: "#forum", How: bottest.Command, Command: command, Text: text})
			all := s.Texts()
			return all[len(all)-1]
		}
		in("ann", "ask", "who burned the library of zanzibar?")
		for range 2 {
			time.Sleep(20 * time.Minute)
			in("bob", "search", "library")
		}
		if got := in("bob", "why", ""); !strings.HasPrefix(got, "Ask something first") {
			t.Errorf("after 40 minutes: %q", got)
		}
	})
}

// What somebody checks is a message as long as messages are, not a question.
func TestCheckOfALongMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "check", Text: "Who burned the library? " + strings.Repeat("слово ", 680)})
		if got := s.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], "What I hold that bears on this") {
			t.Errorf("replies %q", got)
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
		"unsure":         {[]error{fmt.Errorf("x: %w", bot.ErrUnsure)}, 2, 1, 0},
		"ever unsure":    {slices.Repeat([]error{bot.ErrUnsure}, 9), 8, 0, 0},
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
		f, b, stop := startFaulty(t, bottest.Config{Sizes: bot.Sizes{QueuePerChat: 4}, Handling: time.Hour, Sending: time.Hour},
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
		f, _, _ := startFaulty(t, bottest.Config{Sizes: bot.Sizes{QueuePerChat: 4}, Handling: time.Hour, Sending: time.Hour},
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
		f, _, _ := startFaulty(t, bottest.Config{Sizes: bot.Sizes{Queue: 8, QueuePerChat: 2}},
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
		next := map[bot.Address]int{}
		for _, x := range f.Sent() {
			id := 0
			if _, err := fmt.Sscanf(string(x.To.ReplyTo), "m%d", &id); err != nil {
				t.Fatal(err)
			}
			if i := id / people; i != next[x.To.Conversation()] {
				t.Fatalf("reply to message %d of a chat when %d was due", i, next[x.To.Conversation()])
			}
			next[x.To.Conversation()]++
		}
	})
}

// What was accepted is answered after receiving has ended, for as long as Grace
// allows.
func TestShutdownDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _, stop := startFaulty(t, bottest.Config{Grace: time.Minute}, func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
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
		f, _, stop := startFaulty(t, bottest.Config{Grace: 10 * time.Second}, func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
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
		if took := time.Since(begun); took != 10*time.Second {
			t.Errorf("Run ended after %v, want 10s", took)
		}
	})
}

// broken is an adapter that fails for good after some time.
type broken struct {
	after  time.Duration
	panics bool
}

func (broken) Name() bot.Platform                                 { return "broken" }
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

// gate answers after it is opened, from a base of its own.
type gate struct {
	bot.Answerer
	open chan struct{}
}

func (g gate) Match(q answers.Query) answers.Result { <-g.open; return g.Answerer.Match(q) }

// A question in flight is answered from what there was when it came.
func TestSwap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := gate{bottest.Scripted(bottest.Library(t)), make(chan struct{})}
		s := bottest.Start(t, bottest.Config{Answerer: old})
		s.Ask(founded)
		synctest.Wait()
		empty := bottest.Scripted(&knowledge.Base{Packs: []*knowledge.Pack{{ID: "new", Title: knowledge.Text{"en": "The New Pack"}, Languages: []string{"en"}}}})
		s.Dialog.Swap(empty)
		s.Ask(founded)
		close(old.open)
		got := s.Texts()
		if len(got) != 2 || !strings.HasPrefix(got[0], "Established") || !strings.Contains(got[1], "The New Pack") {
			t.Errorf("replies: %q", got)
		}
		all, _ := s.WaitShown(t.Context(), 0)
		s.Press(t, "ann", all[0], "Source")
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "source"})
		for _, text := range s.Texts()[2:] {
			if strings.Contains(text, "Ashby") {
				t.Errorf("a fact that is gone is cited: %q", text)
			}
		}
	})
}

func TestKeepOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		about := func() string {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "about"})
			got := s.Texts()
			return got[len(got)-1]
		}
		s.Dialog.KeepOld("facts.yaml:3: the id is taken")
		if got := about(); !strings.Contains(got, "from before: facts.yaml:3: the id is taken") {
			t.Errorf("/about after a failed reload: %q", got)
		}
		s.Dialog.Swap(bottest.Scripted(bottest.Library(t)))
		if got := about(); strings.Contains(got, "from before") {
			t.Errorf("/about after a reload: %q", got)
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
		slow := gate{bottest.Scripted(bottest.Library(t)), make(chan struct{})}
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
		close(slow.open)
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

// Buttons of an earlier run work, and those that nobody made are answered.
func TestButtonsAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := bottest.Start(t, bottest.Config{})
		first.Ask("when was the library founded | who burned the library?")
		first.Ask(founded)
		first.Texts()
		sent := first.Sent()
		s := bottest.Start(t, bottest.Config{})
		direct := bottest.Shown{To: "ann"}
		press := func(action string) string {
			n := len(s.Texts())
			s.PressAction("ann", direct, action)
			got := s.Texts()
			if len(got) != n+1 {
				t.Fatalf("%q: %d replies", action, len(got)-n)
			}
			return got[n]
		}
		for label, want := range map[string]string{"Source": "Sources of", "Why?": "no longer remember", "Related": "Related to"} {
			for _, b := range sent[1].Reply.Buttons {
				if b.Label == label {
					if got := press(b.Action); !strings.Contains(got, want) {
						t.Errorf("%s: %q", label, got)
					}
				}
			}
		}
		if got := press(sent[0].Reply.Buttons[1].Action); !strings.HasPrefix(got, "Disputed") {
			t.Errorf("a choice: %q", got)
		}
		for _, forged := range []string{"1f:no-such-fact", "1s:no-such-fact", "1lc:1:no-such-fact", "1lf:1:no such topic", "1ls:99:zebra", "1lt:99:"} {
			if got := press(forged); got == "" || strings.Contains(got, "Ashby") {
				t.Errorf("%q: %q", forged, got)
			}
		}
		for _, forged := range []string{"x", "1", "2f:library-founded", "1f:LIBRARY", "1f:../etc", "1caaaaaa", "1lc:0:library-founded", strings.Repeat("1", 500), "1f:\x00"} {
			if got := press(forged); !strings.HasPrefix(got, "This button") {
				t.Errorf("%q: %q", forged, got)
			}
		}
	})
}

// Odd input has one clear reply and nothing after it is lost.
func TestOddInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		for text, want := range map[string]string{
			strings.Repeat("who was it ", 100_000): "That is too long",
			"":                                     "I found no words",
			"\x00\x01\x02\x7f":                     "I found no words",
			"🙂🙂":                                   "I found no words",
			"\u200b\u2060":                         "I found no words",
			"????":                                 "I found no words",
			"誰が図書館を作ったか":                           "I have no sourced answer",
			"من أسس المكتبة؟":                      "I have no sourced answer",
			"-1":                                   "I have no sourced answer",
		} {
			n := len(s.Texts())
			s.Ask(text)
			if got := s.Texts(); len(got) != n+1 || !strings.HasPrefix(got[n], want) {
				t.Errorf("%.20q: %.80q, want %q", text, got[n:], want)
			}
		}
		for _, command := range []string{"ask", "source", "search", "topics", "start"} {
			n := len(s.Texts())
			s.Say(t, bottest.Said{Who: "bob", How: bottest.Command, Command: command, Text: strings.Repeat("z ", 500_000)})
			if got := s.Texts(); len(got) != n+1 || len(got[n]) > 300 {
				t.Errorf("/%s with a megabyte: %.80q", command, got[n:])
			}
		}
	})
}

// What is remembered is bounded, and the newest stay.
func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Memory: 3})
		for i := range 6 {
			s.Say(t, bottest.Said{Who: fmt.Sprint("p", i), Text: founded})
			s.Texts() // chats are answered side by side, and this test is about their order
		}
		for i := range 6 {
			s.Say(t, bottest.Said{Who: fmt.Sprint("p", i), How: bottest.Command, Command: "source"})
			s.Texts()
		}
		for i, text := range s.Texts()[6:] {
			if want := i >= 3; strings.Contains(text, "Ashby") != want {
				t.Errorf("p%d: %q", i, text)
			}
		}
	})
}

// A fact without a citation that needs one is never stated.
func TestNoAnswerWithoutCitation(t *testing.T) {
	base := bottest.Library(t)
	bare := *base.Fact("library-founded")
	bare.Cites = nil
	pack := *base.Packs[0]
	pack.Facts = []*knowledge.Fact{&bare}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(&knowledge.Base{Packs: []*knowledge.Pack{&pack}})})
		s.Ask(founded)
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "ask", Text: "library-founded"})
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "source", Text: "library-founded"})
		for _, text := range s.Texts() {
			if !strings.HasPrefix(text, "Sorry") {
				t.Errorf("shown: %q", text)
			}
		}
	})
}

// Where nobody has sourced a fact, neither its answer nor its long text has a button for the source.
func TestNothingToSource(t *testing.T) {
	base := ships(1)
	base.Packs[0].Facts[0].Detail = knowledge.Text{"en": "She may have been rebuilt from an older one."}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		s.Ask(base.Facts()[0].Questions[0].Text)
		s.Texts()
		all, _ := s.WaitShown(t.Context(), 0)
		s.Press(t, "ann", all[0], "More")
		s.Texts()
		all, _ = s.WaitShown(t.Context(), 0)
		for _, x := range all {
			if !strings.HasPrefix(x.Text, "Citation needed") || slices.Contains(x.Buttons, "Source") {
				t.Errorf("%q with %q", x.Text, x.Buttons)
			}
		}
	})
}

// The button under a refusal explains a refusal, whatever was chosen or offered since.
func TestWhyUnderARefusal(t *testing.T) {
	for _, since := range []string{"1", "when was the library founded | who burned the library?"} {
		synctest.Test(t, func(t *testing.T) {
			s := bottest.Start(t, bottest.Config{})
			s.Ask("who stole the scrolls?")
			s.Texts()
			all, _ := s.WaitShown(t.Context(), 0)
			s.Press(t, "ann", all[0], "Why?")
			s.Ask(since)
			s.Press(t, "ann", all[0], "Why?")
			got := s.Texts()
			if len(got) != 4 || !strings.HasPrefix(got[1], "No fact fitted the question") || !strings.HasPrefix(got[3], "I no longer remember") {
				t.Errorf("after %q: %q", since, got)
			}
		})
	}
}
