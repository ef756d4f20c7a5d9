package telegram

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot/platform"
)

// silent is a server that says nothing until the caller gives up, and notes how
// long that took.
type silent struct{ took []time.Duration }

func (s *silent) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	<-r.Context().Done()
	s.took = append(s.took, time.Since(began))
	return nil, r.Context().Err()
}

// The poll waits longer than the server's 50 s, for else each quiet poll would be
// an error, and no call waits for ever.
func TestPollOutlastsTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		polls, calls := &silent{}, &silent{}
		a, err := New(Config{Token: platform.NewSecret("1:x"), test: hooks{polls: polls, calls: calls}})
		if err != nil {
			t.Fatal(err)
		}
		p := newPoller(a, nil)
		if _, err := p.poll(context.Background(), pollTimeout, pollLimit); err == nil {
			t.Error("a poll without an answer is no error")
		}
		if _, err := a.calls.call(context.Background(), "getMe", nil); err == nil {
			t.Error("a call without an answer is no error")
		}
		if d := polls.took[0]; d < 60*time.Second || d > 90*time.Second {
			t.Errorf("the poll waited %v", d)
		}
		if d := calls.took[0]; d != sendTimeout {
			t.Errorf("the call waited %v", d)
		}
	})
}

// Alive but deaf: polls that nobody answers are noticed, said, and tried again.
func TestDeafPollIsMended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, err := New(Config{Token: platform.NewSecret("1:x"), test: hooks{polls: &silent{}}})
		if err != nil {
			t.Fatal(err)
		}
		p := newPoller(a, nil)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		defer cancel()
		if err := p.holdLease(ctx); err != nil {
			t.Fatal(err)
		}
		if err := p.loop(ctx); err != nil {
			t.Error(err)
		}
		if n := p.retry.Failures(); n < 4 || n > 20 {
			t.Errorf("%d polls in 10 minutes of silence", n)
		}
	})
}

func TestQueueForgetsWithinBounds(t *testing.T) {
	q := newOffsetTracker(0)
	for id := int64(1); id <= 3*maxSeen; id++ {
		if q.repeated(id) {
			t.Fatalf("update %d is new", id)
		}
		q.done(id)
		if !q.repeated(id) {
			t.Fatalf("update %d was just done", id)
		}
	}
	if len(q.seen) != maxSeen || len(q.ring) != maxSeen {
		t.Errorf("%d numbers are remembered", len(q.seen))
	}
}

// The pace remembers a bounded number of chats and books slots in order.
func TestPacerBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(realClock{})
		p.refused(-1, 20*time.Second)
		for chat := int64(1); chat <= 2*maxPaced; chat++ {
			p.reserve(context.Background(), chat)
		}
		if len(p.chats) > maxPaced {
			t.Errorf("%d chats are remembered", len(p.chats))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(realClock{})
		p.refused(-1, 20*time.Second)
		began := time.Now()
		for range 3 { // a group: 20 a minute
			if err := p.wait(context.Background(), -1); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(began); d != 26*time.Second {
			t.Errorf("three messages to a group took %v after a 429 of 20 s, want 26 s", d)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		cancel()
		if err := p.wait(ctx, -1); err == nil {
			t.Error("waited with a context that is over")
		}
	})
}

// A chat that Telegram has told to wait holds up nobody else, also while a message
// to it waits its turn.
func TestPaceOfOneChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(realClock{})
		p.refused(-1, 30*time.Second)
		if d := p.reserve(context.Background(), -1); d != 30*time.Second {
			t.Errorf("the chat itself waits %v", d)
		}
		for i := range 10 {
			if d, most := p.reserve(context.Background(), int64(i+1)), time.Duration(i+1)*paceAll; d > most {
				t.Errorf("another chat waits %v, want %v at most", d, most)
			}
		}
	})
}

func TestOffsetInStore(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	for s, want := range map[string]int64{
		formatOffset(77, now): 77, formatOffset(77, now.Add(-23*time.Hour)): 77, formatOffset(77, now.Add(-25*time.Hour)): 0,
		"": 0, "77": 0, "x@y": 0, "-5@1790000000": 0, "77@": 0,
	} {
		if got := parseOffset(s, now); got != want {
			t.Errorf("parseOffset(%q) = %d, want %d", s, got, want)
		}
	}
}
