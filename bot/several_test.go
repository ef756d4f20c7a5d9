package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/cluster/clustertest"
)

// posting is a platform that posts a reply once by its Part.
type posting struct{ *bottest.Memory }

func (posting) Idempotent() {}

// replica is a bot that is one of several, on a platform of its own: what is said there first
// is the same message to all of them.
func replica(t *testing.T, m *clustertest.Member, once bool) *bottest.Started {
	t.Helper()
	memory := bottest.NewMemory(nil)
	c := bottest.Config{InDelivery: func(c *bot.Config) { c.Cluster, c.Shared = m, m.Unanswered() }}
	if once {
		return bottest.StartOn(t, c, memory, posting{memory})
	}
	return bottest.StartOn(t, c, memory, memory)
}

// held is a replica whose platform takes no reply until release is closed.
func held(t *testing.T, m *clustertest.Member) (f *faulty, release chan struct{}, stop func() error) {
	t.Helper()
	release = make(chan struct{})
	f, _, stop = startFaulty(t, bottest.Config{InDelivery: func(c *bot.Config) { c.Cluster, c.Shared = m, m.Unanswered() }},
		func(ctx context.Context, _ int, _ bot.Address, _ bot.Reply) error {
			select {
			case <-release:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	f.Now = time.Now
	return f, release, stop
}

func TestOneReplicaAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		a, b := replica(t, s.Join(t), true), replica(t, s.Join(t), true)
		for range 10 {
			a.Ask(founded)
			b.Ask(founded)
		}
		if n := len(a.Texts()) + len(b.Texts()); n != 10 {
			t.Errorf("10 questions that two processes got have %d answers", n)
		}
		if got := s.Waiting(); len(got) != 0 {
			t.Errorf("waiting: %q", got)
		}
	})
}

// TestClaimedByADeadProcess: it had claimed a message, and nobody knows whether it answered.
func TestClaimedByADeadProcess(t *testing.T) {
	for name, x := range map[string]struct {
		once bool
		want string
	}{
		"posts once": {true, "Established"},
		"else":       {false, "The connection broke while I was answering."},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := clustertest.New(0)
				m := s.Join(t)
				f, _, _ := held(t, m)
				f.Say(t, bottest.Said{Who: "ann", Text: founded})
				synctest.Wait()
				m.Kill()
				time.Sleep(time.Minute)
				c := replica(t, s.Join(t), x.once)
				c.Ask(founded)
				if got := c.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], x.want) {
					t.Errorf("replies: %q", got)
				}
			})
		})
	}
}

// TestAnsweredBeforeItDied: what was answered, and so settled, comes again and is dropped.
func TestAnsweredBeforeItDied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		m := s.Join(t)
		a := replica(t, m, false)
		a.Ask(founded)
		time.Sleep(time.Second)
		m.Kill()
		time.Sleep(time.Minute)
		b := replica(t, s.Join(t), false)
		b.Ask(founded)
		if len(a.Texts()) != 1 || len(b.Texts()) != 0 {
			t.Errorf("%q and %q", a.Texts(), b.Texts())
		}
	})
}

// TestClaimWithoutTheState: for how long a platform's messages wait, and what is said then.
func TestClaimWithoutTheState(t *testing.T) {
	for name, x := range map[string]struct {
		once  bool
		away  time.Duration
		after time.Duration // it takes at least
		want  string
	}{
		"posts once":    {true, time.Minute, 0, "Established"},
		"a restart":     {false, 5 * time.Second, 5 * time.Second, "Established"},
		"a long outage": {false, time.Minute, 8 * time.Second, "The connection broke while I was answering."},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := clustertest.New(0)
				m := s.Join(t)
				a := replica(t, m, x.once)
				m.Cut()
				time.AfterFunc(x.away, m.Mend)
				a.Ask(founded)
				time.Sleep(x.after - time.Millisecond)
				if n := len(a.Texts()); n != 0 && x.after > 0 {
					t.Errorf("%d replies before", n)
				}
				time.Sleep(time.Second)
				if got := a.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], x.want) {
					t.Errorf("replies: %q", got)
				}
				time.Sleep(2 * time.Minute)
				if got := s.Waiting(); len(got) != 0 {
					t.Errorf("waiting: %q", got)
				}
			})
		})
	}
}

// TestLostIsToldOnce: a process is killed with 50 messages in hand; of those who are left, one
// tells each author.
func TestLostIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		m := s.Join(t)
		f, _, _ := held(t, m)
		var others []*bottest.Started
		for range 3 {
			others = append(others, replica(t, s.Join(t), true))
		}
		const people = 50
		for i := range people {
			f.Say(t, bottest.Said{Who: fmt.Sprint("person", i), Text: founded})
		}
		time.Sleep(time.Second)
		if n := len(s.Waiting()); n != people {
			t.Errorf("%d wait, want %d", n, people)
		}
		m.Kill()
		time.Sleep(30 * time.Second)
		told := map[bot.ChatID]int{}
		for _, o := range others {
			for _, text := range o.Texts() {
				if !strings.HasPrefix(text, "I was stopped before I had answered") {
					t.Errorf("told: %q", text)
				}
			}
			for _, x := range o.Sent() {
				told[x.To.Chat]++
			}
		}
		for chat, n := range told {
			if n != 1 {
				t.Errorf("%s is told %d times", chat, n)
			}
		}
		if len(told) != people {
			t.Errorf("%d of %d are told", len(told), people)
		}
		time.Sleep(time.Second)
		if got := s.Waiting(); len(got) != 0 {
			t.Errorf("waiting still: %q", got)
		}
	})
}

// TestLostComesAgain: the platform gives what a killed process had to another; it is
// answered, and nobody is told to ask again.
func TestLostComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		m := s.Join(t)
		f, _, _ := held(t, m)
		f.Say(t, bottest.Said{Who: "ann", Text: founded})
		time.Sleep(time.Second)
		b := replica(t, s.Join(t), true)
		m.Kill()
		time.Sleep(11 * time.Second)
		b.Ask(founded)
		time.Sleep(time.Minute)
		if got := b.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], "Established") {
			t.Errorf("replies: %q", got)
		}
		if got := s.Waiting(); len(got) != 0 {
			t.Errorf("waiting still: %q", got)
		}
	})
}

// TestAdopterDies: who was to tell is killed as well.
func TestAdopterDies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		m, n := s.Join(t), s.Join(t)
		f, _, _ := held(t, m)
		held(t, n)
		f.Say(t, bottest.Said{Who: "ann", Text: founded})
		time.Sleep(time.Second)
		m.Kill()
		time.Sleep(20 * time.Second) // it tries to tell
		n.Kill()
		c := replica(t, s.Join(t), true)
		time.Sleep(30 * time.Second)
		if got := c.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], "I was stopped") {
			t.Errorf("replies: %q", got)
		}
	})
}

// TestOrderlyStopLeavesNothing, and what it could not answer the others tell at once.
func TestOrderlyStopLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		m := s.Join(t)
		f, release, stop := held(t, m)
		f.Say(t, bottest.Said{Who: "ann", Text: founded})
		time.Sleep(time.Second)
		var once sync.Once
		time.AfterFunc(time.Second, func() { once.Do(func() { close(release) }) })
		if err := stop(); err != nil {
			t.Error(err)
		}
		if err := m.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if got := s.Waiting(); len(got) != 0 {
			t.Errorf("waiting still: %q", got)
		}
	})
}

// TestUnansweredCannotBeStored: people are answered all the same.
func TestUnansweredCannotBeStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		m := s.Join(t)
		f, release, _ := held(t, m)
		m.Cut()
		f.Say(t, bottest.Said{Who: "ann", Text: founded})
		time.Sleep(10 * time.Second)
		m.Mend()
		f.Say(t, bottest.Said{Who: "bob", Text: founded})
		time.Sleep(time.Second)
		if n := len(s.Waiting()); n != 2 {
			t.Errorf("%d wait", n)
		}
		close(release)
		time.Sleep(time.Second)
		if got := s.Waiting(); len(got) != 0 {
			t.Errorf("waiting still: %q", got)
		}
	})
}

// TestTakenByOneThatDies: a process that had just claimed a message dies, and has not written
// down that somebody waits. The message came to another meanwhile, which left it to the first:
// that one tells its author.
func TestTakenByOneThatDies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		m := s.Join(t)
		f, _, _ := held(t, m)
		f.Say(t, bottest.Said{Who: "ann", Text: founded})
		synctest.Wait()
		m.Kill()
		b := replica(t, s.Join(t), false)
		b.Ask(founded)
		if got := b.Texts(); len(got) != 0 {
			t.Fatalf("both answer: %q", got)
		}
		time.Sleep(time.Minute)
		if got := b.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], "I was stopped before I had answered this.") {
			t.Errorf("replies: %q", got)
		}
		if got := s.Waiting(); len(got) != 0 {
			t.Errorf("waiting: %q", got)
		}
	})
}

// TestOutageIsOnePatience: in a long outage each of many who ask in a chat is told soon, and none
// after the other.
func TestOutageIsOnePatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		m := s.Join(t)
		a := replica(t, m, false)
		m.Cut()
		for range 5 {
			a.Ask(founded)
		}
		time.Sleep(15 * time.Second)
		if got := a.Texts(); len(got) != 5 {
			t.Errorf("%d replies: %q", len(got), got)
		}
		m.Mend()
		time.Sleep(time.Minute)
		m.Cut() // another outage has a patience of its own
		time.AfterFunc(5*time.Second, m.Mend)
		a.Ask(founded)
		time.Sleep(10 * time.Second)
		if got := a.Texts(); len(got) != 6 || !strings.HasPrefix(got[5], "Established") {
			t.Errorf("%d replies: %q", len(got), got)
		}
	})
}
