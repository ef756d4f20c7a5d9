//go:build unix

package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"footnote/bot/bottest"
)

// TestReplicasLoad is TestLoad with processes that share a database and take Telegram's webhooks
// in turn: none is lost, none doubled, each chat keeps its order. It tells what one and three
// of them do.
func TestReplicasLoad(t *testing.T) {
	for _, n := range []int{1, 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			f := webhookFront(t, *loadChats)
			f.crowd.Questions = examination(t)
			address := shared.Database(t)
			var all []*loaded
			var hosts []string
			for range n {
				at := freeAddress(t)
				all = append(all, f.load(t, []string{
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
			f.fake.Balance(hosts...)
			f.crowd.Each(t)
			for _, x := range all {
				x.processor()
			}
			began := time.Now()
			f.crowd.Ask(t, *loadMessages, bottest.AtOnce)
			d := time.Since(began)
			f.crowd.Check(t, *loadChats+*loadMessages)
			var took time.Duration
			var memory []string
			for _, x := range all {
				took += x.processor()
				memory = append(memory, fmt.Sprintf("%.0f", x.memory()))
			}
			t.Logf("%d processes, %d messages of %d chats in %v: %.0f a second, %v; they took %v of processor time a message, and %s MB at most",
				n, *loadMessages, *loadChats, d.Round(time.Millisecond), float64(*loadMessages)/d.Seconds(), f.crowd,
				(took / time.Duration(*loadMessages)).Round(time.Microsecond), strings.Join(memory, ", "))
		})
	}
}
