//go:build unix

package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"footnote/bot/bottest"
)

// loadShards is how many shards there are, of one process or of three.
const loadShards = 6

// What several processes may cost beside one: they answer so much more, or take so much more
// processor time a question where one has the cores busy already. It is looked at only under a
// load that is long enough to say so.
const (
	severalGain = 1.5
	severalCost = 1.3
	telling     = 100_000 // messages
)

// TestReplicasLoad is TestLoad with processes that share a database, and take Telegram's webhooks
// in turn or have Discord's shards among them: none is lost, none doubled, each chat keeps its
// order. It tells what one and three of them do. TestShardsOverOneDatabase and
// TestPollerOverOneDatabase count the replies of several processes each time.
func TestReplicasLoad(t *testing.T) {
	onlyLong(t)
	for _, over := range []struct {
		name  string
		open  func(t testing.TB) front
		share func(t *testing.T, f front, address string, hosts []string)
	}{
		{"webhooks", func(t testing.TB) front { return webhookFront(t, *loadChats) },
			func(_ *testing.T, f front, _ string, hosts []string) { f.fake.Balance(hosts...) }},
		{"shards", func(t testing.TB) front { return shardFront(t, *loadChats, loadShards) },
			func(t *testing.T, f front, address string, hosts []string) { evenShards(t, f, address, len(hosts)) }},
	} {
		t.Run(over.name, func(t *testing.T) {
			one, three := newReplicas(t, over.open(t), 1, over.share), newReplicas(t, over.open(t), 3, over.share)
			all := []*replicas{one, three}
			for done := 0; done < *loadMessages; done += turnOfLoad {
				for _, r := range all {
					r.ask(t, min(turnOfLoad, *loadMessages-done))
				}
			}
			for _, r := range all {
				r.check(t)
			}
			if t.Failed() {
				return
			}
			gain, cost := three.rate()/one.rate(), float64(three.processor)/float64(one.processor)
			t.Logf("%s: three processes answered %.2f times as many, and took %.2f times the processor time a message", over.name, gain, cost)
			if *loadMessages >= telling && gain < severalGain && cost > severalCost {
				t.Errorf("%s: neither %.1f times as many nor within %.1f times the processor time", over.name, severalGain, severalCost)
			}
		})
	}
}

// turnOfLoad is how many messages one process is asked before three are, and so on in turns: what
// else this machine does meanwhile is then about the same for both.
const turnOfLoad = 10_000

// Replicas are processes that share a database, before a front of their own, and how they did.
type replicas struct {
	front
	all       []*loaded
	asked     int
	took      time.Duration
	processor time.Duration // of all of them
}

// rate is how many messages they answered a second.
func (r *replicas) rate() float64 { return float64(r.asked) / r.took.Seconds() }

// newReplicas starts n processes behind f and has every chat ask once.
func newReplicas(t *testing.T, f front, n int, share func(t *testing.T, f front, address string, hosts []string)) *replicas {
	f.crowd.Questions = examination(t)
	address := shared.Database(t)
	r := &replicas{front: f}
	var hosts []string
	for range n {
		at := freeAddress(t)
		r.all = append(r.all, f.load(t, []string{
			asProcess + "=1", "FOOTNOTE_MATCHER_ENCODER=off", "FOOTNOTE_LIMITS_PERSON_PER_MINUTE=0", "FOOTNOTE_LIMITS_CHAT_PER_MINUTE=0",
			"FOOTNOTE_STATE=" + address, "FOOTNOTE_STATE_KEY=" + stateSecret64, "FOOTNOTE_STATE_LOCAL=" + t.TempDir(), "FOOTNOTE_LISTEN=" + at,
		}, "serve"))
		hosts = append(hosts, at)
		until(t, "a process that is ready", func() bool {
			resp, err := http.Get("http://" + at + "/readyz")
			if err != nil {
				return false
			}
			defer resp.Body.Close()
			return resp.StatusCode == http.StatusOK
		})
	}
	http.DefaultClient.CloseIdleConnections()
	share(t, f, address, hosts)
	f.crowd.Each(t)
	return r
}

// ask has them answer n messages.
func (r *replicas) ask(t *testing.T, n int) {
	for _, x := range r.all {
		x.processor()
	}
	began := time.Now()
	r.crowd.Ask(t, n, bottest.AtOnce)
	r.took += time.Since(began)
	for _, x := range r.all {
		r.processor += x.processor()
	}
	r.asked += n
}

// check fails the test if an answer is missing, doubled or out of order.
func (r *replicas) check(t *testing.T) {
	r.crowd.Check(t, *loadChats+r.asked)
	var memory []string
	for _, x := range r.all {
		memory = append(memory, fmt.Sprintf("%.0f", x.memory()))
	}
	t.Logf("%d processes, %d messages of %d chats in %v: %.0f a second, %v at the end; they took %v of processor time a message, and %s MB at most",
		len(r.all), r.asked, *loadChats, r.took.Round(time.Millisecond), r.rate(), r.crowd,
		(r.processor / time.Duration(r.asked)).Round(time.Microsecond), strings.Join(memory, ", "))
}

// evenShards waits until so many processes have as many shards each, all of them connected.
func evenShards(t *testing.T, f front, address string, processes int) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	until(t, "shares of the shards", func() bool {
		var even int
		err := c.QueryRow(t.Context(), `
			SELECT count(*) FROM (SELECT holder FROM lease WHERE name LIKE $1 AND until > now() GROUP BY holder HAVING count(*) = $2) AS x`,
			fmt.Sprintf("discord/%d/%%", loadShards), loadShards/processes).Scan(&even)
		if err != nil {
			t.Fatal(err)
		}
		return even == processes
	})
	if err := f.guild.WaitLive(patiently(t), loadShards, loadShards); err != nil {
		t.Fatalf("the shards are %v: %v", f.guild.Live(loadShards), err)
	}
}
