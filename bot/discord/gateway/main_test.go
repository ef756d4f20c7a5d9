package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/bottest/await"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, dt.Leaks()...) }

// A running is a Gateway running against a fake Discord.
type running struct {
	*bottest.Run
	t       *testing.T
	server  *dt.Server
	config  Config
	gateway *Gateway
	ctx     context.Context // bounds every wait
	log     *bottest.Log
	state   *bot.Connection

	changed await.Signal
	mu      sync.Mutex
	events  []Event
}

// start runs a Gateway; each of change is applied before.
func start(t *testing.T, o dt.Options, change ...func(*running)) *running {
	t.Helper()
	x := prepare(t, o, change...)
	x.run()
	return x
}

// prepare makes a Gateway that does not run yet.
func prepare(t *testing.T, o dt.Options, change ...func(*running)) *running {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), bottest.Patience)
	t.Cleanup(cancel)
	x := &running{t: t, server: dt.Start(t, o), ctx: ctx, log: &bottest.Log{}, state: &bot.Connection{}}
	timing := DefaultTiming()
	timing.First, timing.Longest, timing.Identify = 2*time.Millisecond, 20*time.Millisecond, 5*time.Millisecond
	timing.Hello, timing.Grace = 2*time.Second, 2*time.Second
	x.config = Config{
		Token: platform.NewSecret(x.server.Token), Base: x.server.Endpoint() + "/v9", Version: "9",
		Logger: x.log.Logger(), Now: time.Now, Timing: timing, LookUp: x.lookUp, Budget: NewBudget(time.Now), State: x.state,
		Accepted: func(seq int64) int64 { return seq },
	}
	x.gateway = New(x.config)
	for _, f := range change {
		f(x)
		open := x.gateway.open
		x.gateway = New(x.config)
		x.gateway.open = open
	}
	return x
}

// run runs the Gateway; one that has run before is replaced, as by a restart.
func (x *running) run() {
	if x.Run != nil {
		x.gateway = New(x.config)
	}
	g := x.gateway
	x.Run = bottest.Go(x.t, func(ctx context.Context) error { return g.Run(ctx, x.take) })
	x.t.Cleanup(func() {
		_ = x.Stop()
		if x.log.Says(x.server.Token) {
			x.t.Errorf("the log holds the token")
		}
		if x.t.Failed() {
			x.t.Logf("log:\n%s", x.log)
		}
	})
}

// runs runs the Gateway to its end without ending it.
func (x *running) runs() error {
	x.run()
	return x.Ended()
}

// restart stops the Gateway, which leaves its session, and does something before the
// next one runs.
func (x *running) restart(meanwhile func()) {
	x.t.Helper()
	x.ok(x.Stop())
	x.gateway.Leave(math.MaxInt64)
	meanwhile()
	x.run()
}

// lookUp asks the fake where the gateway is.
func (x *running) lookUp(ctx context.Context) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, x.config.Base+"/gateway/bot", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bot "+x.config.Token.Reveal())
	req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	return body, err
}

func (x *running) take(e Event) {
	defer x.changed.Touch()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.events = append(x.events, e)
}

// said returns the texts of the messages that came, and the names of commands.
func (x *running) said() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	var all []string
	for _, e := range x.events {
		var m struct {
			Content string `json:"content"`
			Data    struct {
				Name string `json:"name"`
			} `json:"data"`
		}
		_ = json.Unmarshal(e.Data, &m)
		switch e.Type {
		case "MESSAGE_CREATE":
			all = append(all, m.Content)
		case "INTERACTION_CREATE":
			all = append(all, "/"+m.Data.Name)
		}
	}
	return all
}

// wait waits until a message with text came.
func (x *running) wait(text string) {
	x.t.Helper()
	x.ok(x.changed.Until(x.ctx, func() bool { return strings.HasSuffix("\n"+strings.Join(x.said(), "\n"), "\n"+text) }))
}

func (x *running) ok(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *running) ready() { x.t.Helper(); x.ok(x.server.Ready(x.ctx)) }

// expectAlive says something and waits until it is delivered.
func (x *running) expectAlive(said string) {
	x.t.Helper()
	x.ready()
	x.server.DM("ann", said)
	x.wait(said)
}

// expectLogins waits for that many Identifies and Resumes, and fails if there are more.
func (x *running) expectLogins(identifies, resumes int) {
	x.t.Helper()
	x.ok(x.server.WaitLogins(x.ctx, identifies, resumes))
	if i, r := x.server.Logins(); i != identifies || r != resumes {
		x.t.Errorf("%d Identifies and %d Resumes, want %d and %d", i, r, identifies, resumes)
	}
}

func (x *running) expectLog(s string) {
	x.t.Helper()
	if !x.log.Says(s) {
		x.t.Errorf("the log does not say %q", s)
	}
}
