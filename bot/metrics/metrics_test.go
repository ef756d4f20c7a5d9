package metrics

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/dialog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type load struct{ queued, unanswered int }

func (l load) Backlog() (int, int) { return l.queued, l.unanswered }

// used are figures of which every one has something to tell.
func used() *Metrics {
	m := New("v1.2.3")
	m.Watch(load{3, 2}, func() (map[string]bool, int) { return map[string]bool{"telegram": true, "discord": false}, 1 },
		func() ([]Pack, bool) { return []Pack{{"p", "1.0.0", "abc", 48}}, true },
		func() Share {
			held := map[string]time.Duration{"discord/4/0": 1, "discord/4/3": 5 * time.Second, "discord/identify/0": 1, "discord/up/4/0": 1, "pool/discord/4/x": 1, "pool/telegram/x": 1, "telegram/poller": 1}
			return Share{Held: held, Renewed: 2 * time.Second, Lost: 1, ClaimsLost: 5, Members: 3, PacksAlike: true, PacksWait: 90 * time.Second, PacksReady: []Pack{{"p", "1.1.0", "def", 49}}}
		})
	m.WatchParts("discord", shards{{Name: "3/4", Status: bot.Status{Connected: true}, Identifies: 1, Resumes: 7, Lag: 1500 * time.Millisecond}})
	m.Received("telegram", 2*time.Second)
	m.Limited("telegram")
	m.Answered("telegram", bot.KindAnswer, true, bot.Stages{Queue: time.Millisecond, Match: 2 * time.Millisecond, Send: 30 * time.Millisecond})
	m.Answered("telegram", "", true, bot.Stages{})
	m.Decided(dialog.Decision{Platform: "telegram", Manner: dialog.Perhaps, Encoder: true, Foreign: true, Took: time.Millisecond})
	m.Decided(dialog.Decision{Platform: "telegram", Manner: dialog.Sure, Remembered: true})
	m.Calls("telegram")("sendMessage", 429, time.Second)
	m.Calls("telegram")("getUpdates", 200, 0)
	m.Request("POST /telegram/{path}", 200, time.Millisecond)
	m.Request("", 404, time.Millisecond)
	m.Reloaded(ReloadRefused)
	return m
}

// shards are the connections to a platform.
type shards []bot.Part

func (s shards) Parts() []bot.Part { return s }

// The names, labels and values are an interface with dashboards and alerts.
func TestFigures(t *testing.T) {
	w := httptest.NewRecorder()
	used().Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`footnote_messages_received_total{platform="telegram"} 1`,
		`footnote_message_age_seconds_bucket{platform="telegram",le="2.5"} 1`,
		`footnote_messages_limited_total{platform="telegram"} 1`,
		`footnote_messages_answered_total{kind="answer",platform="telegram",sent="true"} 1`,
		`footnote_messages_answered_total{kind="none",platform="telegram",sent="true"} 1`,
		`footnote_stage_seconds_bucket{platform="telegram",stage="send",le="0.05"} 2`,
		`footnote_stage_seconds_count{platform="telegram",stage="queue"} 2`,
		`footnote_questions_total{outcome="perhaps",platform="telegram"} 1`,
		`footnote_questions_total{outcome="sure",platform="telegram"} 1`,
		`footnote_questions_remembered_total 1`,
		`footnote_questions_encoded_total 1`,
		`footnote_questions_foreign_total 1`,
		`footnote_match_seconds_count 1`,
		`footnote_platform_calls_total{platform="telegram",route="sendMessage",status="429"} 1`,
		`footnote_platform_call_seconds_count{platform="telegram"} 1`,
		`footnote_http_requests_total{route="POST /telegram/{path}",status="200"} 1`,
		`footnote_http_requests_total{route="none",status="404"} 1`,
		`footnote_pack_reloads_total{outcome="refused"} 1`,
		`footnote_pack_reloads_total{outcome="taken"} 0`,
		`footnote_pack_info{pack="p",sha256="abc",version="1.0.0"} 1`,
		`footnote_pack_facts{pack="p"} 48`,
		`footnote_packs_refused 1`,
		`footnote_queue_messages 3`,
		`footnote_unanswered_messages 2`,
		`footnote_platform_connected{platform="discord"} 0`,
		`footnote_platform_connected{platform="telegram"} 1`,
		`footnote_degraded_reasons 1`,
		`footnote_leases_held{kind="discord/shard"} 2`,
		`footnote_lease_held_seconds{kind="discord/shard"} 5`,
		`footnote_leases_held{kind="discord/identify"} 1`,
		`footnote_leases_held{kind="telegram/poller"} 1`,
		`footnote_leases_held{kind="discord/up"} 1`,
		`footnote_leases_held{kind="pool"} 2`,
		`footnote_connection_up{part="3/4",platform="discord"} 1`,
		`footnote_sessions_begun_total{part="3/4",platform="discord"} 1`,
		`footnote_sessions_resumed_total{part="3/4",platform="discord"} 7`,
		`footnote_replay_lag_seconds{part="3/4",platform="discord"} 1.5`,
		`footnote_lease_renewal_age_seconds 2`,
		`footnote_leases_lost_total 1`,
		`footnote_claims_lost_total 5`,
		`footnote_cluster_members 3`,
		`footnote_cluster_packs_alike 1`,
		`footnote_build_info{goversion="go`,
		`go_goroutines `,
		`process_start_time_seconds `,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the figures lack %s", want)
		}
	}
	if t.Failed() {
		t.Logf("%s", text)
	}
}

func TestLint(t *testing.T) {
	problems, err := testutil.GatherAndLint(used().Gatherer())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// However many routes there are, few are told apart.
func TestRoutesAreBounded(t *testing.T) {
	m := New("v1")
	call := m.Calls("discord")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for n := range 3 * maxRoutes {
				call(fmt.Sprintf("GET /channels/%d/%d", i, n), 200, time.Millisecond)
			}
		})
	}
	all.Wait()
	if n := testutil.CollectAndCount(m.calls); n != maxRoutes+1 {
		t.Errorf("%d routes are told apart", n)
	}
}

func BenchmarkAnswered(b *testing.B) {
	m := New("v1")
	for b.Loop() {
		m.Answered("telegram", bot.KindAnswer, true, bot.Stages{Queue: time.Millisecond, Match: time.Millisecond, Send: time.Millisecond})
	}
}
