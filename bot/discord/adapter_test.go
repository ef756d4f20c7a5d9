package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/discord/rest"
	"footnote/bot/platform"
)

// expectAlive says something and waits until it is delivered.
func (x *running) expectAlive(said string) {
	x.t.Helper()
	x.ready()
	x.server.DM("ann", said)
	for n := 1; ; n++ {
		if got := x.wait(n); got[len(got)-1].Text == said {
			return
		}
	}
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

// The bot is called what READY says, also in a session that an earlier process began.
func TestCalled(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.expectAlive("one")
	if called := x.adapter.Called(); len(called) != 1 || called[0] == "" {
		t.Errorf("called %q", called)
	}
}

// A refused token is known before any connection, and during one.
func TestRefusedToken(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Options{RefuseToken: true}, Config{})
	if err := x.runs(); !errors.Is(err, bot.ErrFatal) || !strings.Contains(err.Error(), "token") {
		t.Errorf("Run returned %v", err)
	}
	if len(x.server.Dials()) > 0 {
		t.Error("connected with a refused token")
	}
}

// A bot that takes nothing for many heartbeats does not cost the connection.
func TestSlowBotKeepsConnection(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Options{Heartbeat: 800 * time.Millisecond}, Config{}) // a busy machine stalls for less
	open := make(chan struct{})
	x.start(func(ctx context.Context, m bot.Message) error {
		select {
		case <-open:
		case <-ctx.Done():
			return ctx.Err()
		}
		return x.messages.Collect(ctx, m)
	})
	x.ready()
	for i := range 5 {
		x.server.DM("ann", fmt.Sprint(i))
	}
	x.ok(x.server.WaitBeats(x.ctx, 4))
	close(open)
	x.wait(5)
	x.expectLogins(1, 0)
}

func TestOwnLimit(t *testing.T) {
	t.Parallel()
	c := Config{Token: platform.NewSecret(dt.Token)}
	a, err := New(c)
	if err != nil || perSecond(c.Endpoint) != rest.PerSecond || a.rest.Base() != "https://discord.com/api/v9" {
		t.Errorf("towards Discord itself: %v, base %s", err, a.rest.Base())
	}
	c.Endpoint, c.APIVersion = "http://127.0.0.1:1/api/", 10
	if a, err = New(c); err != nil || perSecond(c.Endpoint) != 0 || a.rest.Base() != "http://127.0.0.1:1/api/v10" || a.version != "10" {
		t.Errorf("towards a proxy, which counts itself: %v, base %s", err, a.rest.Base())
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	secret := strings.TrimSpace(dt.Token)
	for _, token := range []string{"", "Bot " + secret, "Bearer " + secret, secret + "\n", " " + secret, "short", strings.Repeat("x", 600), secret + "\x00", secret + "é", "two words of " + secret} {
		_, err := New(Config{Token: platform.NewSecret(token)})
		if err == nil || !strings.Contains(err.Error(), "discord.token") || strings.Contains(err.Error(), secret) || len(token) > 6 && strings.Contains(err.Error(), token) {
			t.Errorf("a bad token gives %v", err)
		}
	}
	for _, c := range []Config{{Endpoint: "discord.com"}, {Endpoint: "ftp://x"}, {Endpoint: "https://u:" + secret + "@x"}, {Endpoint: "https://x?y"}, {Endpoint: ":"}, {APIVersion: 8}, {APIVersion: 100}, {APIVersion: -1}} {
		c.Token = platform.NewSecret(secret)
		_, err := New(c)
		if err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "discord.") {
			t.Errorf("%s %d: %v", c.Endpoint, c.APIVersion, err)
		}
	}
}

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	c := Config{Token: platform.NewSecret(dt.Token)}
	j, err := json.Marshal(map[string]any{"t": c.Token})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	fmt.Fprintf(&log, "%v %+v %#v %s %q %s", c, c, c.Token, c.Token, c.Token, j)
	if strings.Contains(log.String(), dt.Token) {
		t.Error("the token prints")
	}
}
