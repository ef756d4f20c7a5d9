package dialog_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/cluster"
	"footnote/bot/cluster/clustertest"
	"footnote/bot/dialog"
	"footnote/bot/store"
)

// replicas are processes of one bot, each on a platform of its own. So that no message of one
// has the number of another's, each begins with as many as it has gone on after.
type replicas struct {
	state    *clustertest.State
	settings *store.Store
	all      []*bottest.Started
	members  []*clustertest.Member
}

func startReplicas(t *testing.T, n int) *replicas {
	t.Helper()
	r := &replicas{state: clustertest.New(0), settings: store.Memory()}
	for range n {
		m := r.state.Join(t)
		s := bottest.Start(t, bottest.Config{
			Settings:   r.settings.In("settings"),
			InDialog:   func(c *dialog.Config) { c.Cluster, c.Turns = m, m.Turns() },
			InDelivery: func(c *bot.Config) { c.Shared = m.Unanswered() },
		})
		r.all, r.members = append(r.all, s), append(r.members, m)
	}
	return r
}

// Whichever process gets the next message knows what the one before was answered with.
func TestAnyReplicaKnowsTheLastAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startReplicas(t, 3)
		a, b, c := r.all[0], r.all[1], r.all[2]
		a.Ask(founded)
		answer := a.Last().Text
		if got, want := b.Direct("ann", "source", ""), a.Direct("ann", "source", ""); got != want || !strings.Contains(got, "1871") && !strings.HasPrefix(got, "The sources") && len(got) < 40 {
			t.Errorf("/source elsewhere: %q, want %q", got, want)
		}
		why := c.Direct("ann", "why", "")
		if strings.HasPrefix(why, "I remember no") || strings.Contains(why, founded) { // as it was written
			t.Errorf("/why elsewhere: %q", why)
		}
		// What a chat is offered at one, it chooses from at another.
		b.Direct("ann", "source", "library ris")
		c.Ask("2")
		if got := c.Last().Text; !strings.HasPrefix(got, "The sources of “") {
			t.Errorf("a number elsewhere: %q", got)
		}
		// Newer goes before older, on whichever process it was.
		a.Ask("who was the first librarian?")
		a.Texts()
		if got := b.Direct("ann", "source", ""); got == answer || got != a.Direct("ann", "source", "") {
			t.Errorf("after another answer: %q", got)
		}
		if got := b.Direct("bob", "source", ""); !strings.HasPrefix(got, "I remember no answer here") {
			t.Errorf("of somebody else: %q", got)
		}
		for _, v := range r.state.Turns() {
			if strings.Contains(v, founded) || strings.Contains(v, "who was") {
				t.Errorf("shared: %s", v)
			}
		}
	})
}

// /forget holds everywhere, also for what other processes have in memory.
func TestForgetEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startReplicas(t, 2)
		a, b := r.all[0], r.all[1]
		a.Ask(founded)
		b.Direct("ann", "source", "") // now both have it
		b.Direct("ann", "forget", "")
		if got := r.state.Turns(); len(got) != 0 {
			t.Errorf("shared still: %q", got)
		}
		for i, s := range r.all {
			if got := s.Direct("ann", "source", ""); !strings.HasPrefix(got, "I remember no answer here") {
				t.Errorf("process %d after /forget: %q", i, got)
			}
		}
	})
}

func TestForgetWithoutTheTable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startReplicas(t, 2)
		r.all[0].Ask(founded)
		r.all[0].Texts()
		r.members[0].Cut()
		if got := r.all[0].Direct("ann", "forget", ""); !strings.Contains(got, "could not be deleted just now") {
			t.Errorf("%q", got)
		}
	})
}

// What is chosen at one process holds at the others within a second.
func TestSettingsHoldEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startReplicas(t, 2)
		a, b := r.all[0], r.all[1]
		b.Ask(founded)
		if got := b.Last().Text; !strings.HasPrefix(got, "Established") {
			t.Fatal(got)
		}
		a.Direct("ann", "settings", "language de")
		time.Sleep(time.Second)
		b.Say(t, bottest.Said{Who: "ann", Lang: "en", How: bottest.Command, Command: "help"})
		if got := b.Last().Text; !strings.Contains(got, "Ich") {
			t.Errorf("after a second: %q", got)
		}
		b.Direct("ann", "settings", "language auto")
		time.Sleep(time.Second)
		a.Say(t, bottest.Said{Who: "ann", Lang: "en", How: bottest.Command, Command: "help"})
		if got := a.Last().Text; strings.Contains(got, "Ich") {
			t.Errorf("taken back: %q", got)
		}
	})
}

// While the table cannot be reached each goes by what it has, and does not ask each time.
func TestTurnsAreAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startReplicas(t, 2)
		a, b := r.all[0], r.all[1]
		r.members[0].Cut()
		begun := time.Now()
		for range 20 {
			a.Ask(founded)
		}
		if got := a.Direct("ann", "source", ""); strings.HasPrefix(got, "I remember no") {
			t.Errorf("its own memory: %q", got)
		}
		if took := time.Since(begun); took > time.Second {
			t.Errorf("20 answers took %v", took)
		}
		if n := r.state.Calls("Turns.Look"); n > 2 {
			t.Errorf("the table was asked %d times", n)
		}
		r.members[0].Mend()
		time.Sleep(5 * time.Second)
		a.Ask(founded)
		a.Texts()
		if got := b.Direct("ann", "source", ""); strings.HasPrefix(got, "I remember no") {
			t.Errorf("after that: %q", got)
		}
	})
}

// One process alone asks no table.
func TestAloneSharesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state := clustertest.New(0)
		m := state.Join(t)
		s := bottest.Start(t, bottest.Config{InDialog: func(c *dialog.Config) { c.Cluster, c.Turns = cluster.Alone(), m.Turns() }})
		s.Ask(founded)
		s.Texts()
		if n := state.Calls("Turns.Look") + state.Calls("Turns.Put"); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

// /about tells that another process has another version of a pack; /privacy what is shared.
func TestAboutOtherVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startReplicas(t, 2)
		own := dialog.Announcement(bottest.Library(t))
		if err := r.members[1].Announce(context.WithoutCancel(t.Context()), own); err != nil {
			t.Fatal(err)
		}
		if got := r.all[0].Direct("ann", "about", ""); strings.Contains(got, "Another process") {
			t.Errorf("all have the same: %q", got)
		}
		for id := range own {
			own[id] = "99.0 (0badc0de)"
		}
		if err := r.members[1].Announce(context.WithoutCancel(t.Context()), own); err != nil {
			t.Fatal(err)
		}
		if got := r.all[0].Direct("ann", "about", ""); !strings.Contains(got, "Another process of this bot answers from another version: ") || !strings.Contains(got, "99.0 (0badc0de)") {
			t.Errorf("one has another: %q", got)
		}
		if got := r.all[0].Direct("ann", "privacy", ""); !strings.Contains(got, "30\u00a0minutes which fact") || !strings.Contains(got, "25\u00a0hours") {
			t.Errorf("%q", got)
		}
	})
}
