package telegram_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/cluster/clustertest"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// Of several processes one polls. An orderly stop hands over at once, a kill when the lease
// has run out, and nothing is lost or comes twice.
func TestOnePolls(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	state := clustertest.New(time.Second)
	var kept store
	join := func() (*running, *clustertest.Member) {
		m := state.Join(t)
		return start(t, server, telegram.Config{Store: &kept, Cluster: m}, nil), m
	}
	one, _ := join()
	must(t, server.WaitPolling(within(t)))
	two, second := join()
	two.log.Wait(t, "another process polls")
	if st := two.Status(); !st.Connected {
		t.Errorf("who waits is not ready: %+v", st)
	}
	one.says("one")
	one.heard(1)
	must(t, one.stop())

	two.log.Wait(t, "this process polls now")
	two.says("two")
	if got := texts(two.heard(1)); !slices.Equal(got, []string{"two"}) {
		t.Errorf("the second process was given %q", got)
	}
	must(t, server.WaitConfirmed(within(t), 1001))

	three, _ := join()
	three.log.Wait(t, "another process polls")
	second.Kill()
	three.log.Wait(t, "this process polls now")
	three.says("three")
	if got := texts(three.heard(1)); !slices.Equal(got, []string{"three"}) {
		t.Errorf("the third process was given %q", got)
	}
	if n := len(two.messages.All()); n != 1 {
		t.Errorf("the killed process was given %d messages", n)
	}
	for _, s := range []*running{one, two, three} {
		if n := len(server.Calls("getUpdates")); s.log.Says("second instance") {
			t.Errorf("a process takes another for a stranger, in %d polls", n)
		}
	}
}

// Who cannot reach the shared state stops polling before another begins, and confirms
// nothing any more.
func TestPollingEndsWithTheLease(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	state := clustertest.New(time.Second)
	m := state.Join(t)
	var kept store
	s := start(t, server, telegram.Config{Store: &kept, Cluster: m}, nil)
	must(t, server.WaitPolling(within(t)))
	m.Cut()
	s.log.Wait(t, "this one waits for its turn")
	polls := server.Count("getUpdates")
	s.says("meanwhile")
	other := start(t, server, telegram.Config{Store: &kept, Cluster: state.Join(t)}, nil)
	if got := texts(other.heard(1)); !slices.Equal(got, []string{"meanwhile"}) {
		t.Errorf("the other process was given %q", got)
	}
	s.log.Wait(t, "nobody knows who polls")
	m.Mend()
	must(t, other.stop())
	s.log.Wait(t, "this process polls now")
	s.says("again")
	if got := texts(s.heard(1)); !slices.Equal(got, []string{"again"}) {
		t.Errorf("delivered %q", got)
	}
	if server.Count("getUpdates") <= polls {
		t.Error("it does not poll again")
	}
}

// A poll that another process of the bot has not ended yet is no second instance.
func TestConflictOfATakeover(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	server.Fail("getUpdates", telegramtest.OtherPoller(), telegramtest.OtherPoller())
	s := start(t, server, telegram.WithClock(telegram.Config{Cluster: clustertest.New(0).Join(t)}, newClock()), nil)
	s.says("hello")
	s.heard(1)
	s.logged("has not ended its last poll yet")
	if s.log.Says("second instance") {
		t.Error("it takes another process of the bot for a stranger")
	}
}

// What a process that polls has in hand when it is killed comes to the next: nothing is
// confirmed before it is dealt with.
func TestConfirmsWhatIsDealtWith(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	state := clustertest.New(time.Second)
	m := state.Join(t)
	var kept store
	inHand := make(chan bot.Message, 1)
	start(t, server, telegram.WithSettle(telegram.Config{Store: &kept, Cluster: m}, time.Hour), func(_ context.Context, m bot.Message) error {
		inHand <- m
		return nil
	})
	must(t, server.WaitPolling(within(t)))
	ann := server.Person("ann")
	first := server.Say(ann, server.Private(ann), "one", nil)
	(<-inHand).Settled()
	must(t, server.WaitConfirmed(within(t), first.Update))

	server.Say(ann, server.Private(ann), "two", nil)
	<-inHand
	m.Kill()
	other := start(t, server, telegram.Config{Store: &kept, Cluster: state.Join(t)}, nil)
	if got := texts(other.heard(1)); !slices.Equal(got, []string{"two"}) {
		t.Errorf("the next process was given %q", got)
	}
}
