package gateway

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
)

// A gateway that never says Hello holds discordgo's Open for ever.
func TestNeverHello(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, func(x *running) {
		x.config.Timing.Hello = 500 * time.Millisecond
		x.server.Script(func(c *dt.Conn) { <-c.Done() })
	})
	x.expectAlive("hello?")
	x.expectLogins(1, 0)
}

// The same after Hello: READY never comes.
func TestNeverReady(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, func(x *running) {
		x.config.Timing.Hello = 500 * time.Millisecond
		x.server.Script(func(c *dt.Conn) { c.Hello(); c.Expect(dt.OpIdentify); <-c.Done() })
	})
	x.expectAlive("hello?")
}

// Op 7 or an acknowledgement as the first packet after Identify or Resume
// deadlocks discordgo.
func TestOpFirst(t *testing.T) {
	t.Parallel()
	for _, op := range []int{dt.OpReconnect, dt.OpAck, dt.OpHeartbeat} {
		t.Run(fmt.Sprint(op), func(t *testing.T) {
			t.Parallel()
			x := start(t, dt.Options{}, func(x *running) {
				first := func(c *dt.Conn) {
					c.Hello()
					_, data, ok := c.Expect(dt.OpIdentify)
					c.Send(op, nil)
					if ok && op != dt.OpReconnect && c.Identified(data) {
						c.Loop()
					}
					<-c.Done()
				}
				x.server.Script(first)
			})
			x.expectAlive("still there?")
		})
	}
}

// Op 7 in the middle: a resume at once, at the session's own address, with
// no close frame of 1000 before it.
func TestReconnectRequest(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, func(x *running) { x.config.Version = "10" })
	x.expectAlive("one")
	x.server.Each(func(c *dt.Conn) { c.Send(dt.OpReconnect, nil) })
	x.ok(x.server.WaitLogins(x.ctx, 1, 1))
	x.expectAlive("two")
	x.expectLogins(1, 1)
	if d := x.server.Dials(); len(d) != 2 || !strings.HasPrefix(d[0], "/gateway") || !strings.HasPrefix(d[1], "/resume") || !strings.HasSuffix(d[0], "v=10") || !strings.HasSuffix(d[1], "v=10") {
		t.Errorf("dialled %q, want the gateway and then the resume address, with v=10", d)
	}
	if c := x.server.Closes(); len(c) > 0 {
		t.Errorf("close frames %v were sent; they end the session", c)
	}
}

// A lost connection: what was said meanwhile comes with the resume, once.
func TestResume(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{NoResumeURL: true})
	x.expectAlive("one")
	x.server.Each(func(c *dt.Conn) { c.Kill() })
	x.server.DM("ann", "two")
	x.expectAlive("three")
	x.expectLogins(1, 1)
	if got := strings.Join(x.said(), " "); got != "one two three" {
		t.Errorf("delivered %q", got)
	}
}

// Op 9.
func TestInvalidSession(t *testing.T) {
	t.Parallel()
	for _, resumable := range []bool{true, false} {
		t.Run(fmt.Sprint(resumable), func(t *testing.T) {
			t.Parallel()
			x := start(t, dt.Options{})
			x.expectAlive("one")
			x.server.Each(func(c *dt.Conn) { c.Send(dt.OpInvalidSession, resumable) })
			x.ok(x.server.WaitDials(x.ctx, 2))
			x.expectAlive("two")
			if resumable {
				x.expectLogins(1, 1)
			} else {
				x.expectLogins(2, 0)
			}
		})
	}
}

// A session that Discord has forgotten: the resume is refused with Op 9.
func TestForgottenSession(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, func(x *running) {
		x.server.Script((*dt.Conn).Serve, func(c *dt.Conn) { c.Hello(); c.Expect(dt.OpResume); c.Send(dt.OpInvalidSession, false); <-c.Done() })
	})
	x.expectAlive("one")
	x.server.Drop()
	x.ok(x.server.WaitLogins(x.ctx, 2, 0))
	x.expectAlive("two")
}

// A heartbeat that is not acknowledged is found at the next one.
func TestMissingAck(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{Heartbeat: 150 * time.Millisecond}, func(x *running) {
		x.server.Script(func(c *dt.Conn) { c.NoAck = true; c.Serve() })
	})
	x.ok(x.server.WaitLogins(x.ctx, 1, 1))
	x.expectAlive("found")
	x.expectLog("not acknowledged")
}

// Half-open: nothing comes and nothing is refused.
func TestHalfOpen(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{Heartbeat: 150 * time.Millisecond}, func(x *running) {
		x.config.Timing.Grace = 150 * time.Millisecond
		x.server.Script(func(c *dt.Conn) { c.Hello(); c.Login(); <-c.Done() })
	})
	x.ok(x.server.WaitLogins(x.ctx, 1, 1))
	x.expectAlive("found")
}

// Alive but deaf: heartbeats are acknowledged, events do not come.
func TestDeaf(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{Heartbeat: 150 * time.Millisecond}, func(x *running) {
		x.config.Timing.Deaf = 400 * time.Millisecond
		x.server.Script(func(c *dt.Conn) { c.NoEvents = true; c.Serve() })
	})
	x.ready()
	x.server.DM("ann", "can you hear me?")
	x.wait("can you hear me?")
	x.expectLog("no event for a long time")
}

// What Discord closes for good is not tried again, and says what to do.
func TestFatalCloseCodes(t *testing.T) {
	t.Parallel()
	for code, sentence := range fatalCodes {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			x := prepare(t, dt.Options{}, func(x *running) {
				x.server.Script(func(c *dt.Conn) { c.Hello(); c.Expect(dt.OpIdentify); c.CloseWith(code, "no") })
			})
			err := x.runs()
			if !errors.Is(err, bot.ErrFatal) || !strings.Contains(err.Error(), sentence) {
				t.Errorf("Run returned %v", err)
			}
			if d := x.server.Dials(); len(d) != 1 {
				t.Errorf("%d connections, want 1", len(d))
			}
		})
	}
	t.Run("after READY", func(t *testing.T) {
		t.Parallel()
		x := prepare(t, dt.Options{}, func(x *running) {
			x.server.Script(func(c *dt.Conn) { c.Hello(); c.Login(); c.CloseWith(4004, "no") })
		})
		if err := x.runs(); !errors.Is(err, bot.ErrFatal) {
			t.Errorf("Run returned %v", err)
		}
	})
}

// Close codes after which the session is lost, and after which it is not.
func TestOtherCloseCodes(t *testing.T) {
	t.Parallel()
	for code, identifies := range map[int]int{4000: 1, 4007: 2, 4009: 2, 1001: 1} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			x := start(t, dt.Options{}, func(x *running) {
				x.server.Script(func(c *dt.Conn) { c.Hello(); c.Login(); c.CloseWith(code, "bye "+dt.Token) }) // the scene looks for the token in the log
			})
			x.ok(x.server.WaitDials(x.ctx, 2))
			x.expectAlive("again")
			x.expectLogins(identifies, 2-identifies)
		})
	}
}

// A gateway that says READY and drops is not hammered: it is resumed, not
// identified anew, and with growing waits.
func TestFlapping(t *testing.T) {
	t.Parallel()
	flap := func(c *dt.Conn) { c.Hello(); c.Login(); c.Flush(); c.Kill() }
	x := start(t, dt.Options{}, func(x *running) { x.server.Script(flap, flap) })
	x.ok(x.server.WaitDials(x.ctx, 3))
	x.expectAlive("steady")
	if i, _ := x.server.Logins(); i != 1 {
		t.Errorf("%d Identifies for one session", i)
	}
}

// The Identifies of a day are counted.
func TestIdentifyBudget(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	b := newBudget(3, func() time.Time { return now })
	for range 3 {
		if w := b.wait(); w != 0 {
			t.Fatalf("wait %v with budget left", w)
		}
		b.spend()
		now = now.Add(time.Hour)
	}
	if w := b.wait(); w != 21*time.Hour {
		t.Errorf("wait %v, want 21h", w)
	}
	now = now.Add(21 * time.Hour)
	if w := b.wait(); w != 0 {
		t.Errorf("wait %v after a day", w)
	}
	if identifiesPerDay > 500 {
		t.Error("Discord resets tokens at 1,000")
	}
	b.Shards(2)
	for range identifiesPerDay + identifiesPerShard - 2 { // the first of the three is a day old
		if w := b.wait(); w != 0 {
			t.Fatalf("wait %v with two shards", w)
		}
		b.spend()
	}
	if b.wait() == 0 || len(b.used) > identifiesPerDay+identifiesPerShard {
		t.Errorf("no wait, or %d kept", len(b.used))
	}
}

// What /gateway/bot says is taken as far as it can be.
func TestReadInfo(t *testing.T) {
	t.Parallel()
	i := ReadInfo([]byte(`{"url":"wss://x","shards":9,"session_start_limit":{"total":1000,"remaining":7,"reset_after":1500,"max_concurrency":16}}`))
	if i.Shards != 9 || i.MaxConcurrency != 16 || i.URL != "wss://x" || i.wait() != 1500*time.Millisecond {
		t.Errorf("%+v", i)
	}
	for _, odd := range []string{"", "{", `{"shards":"x","session_start_limit":null}`, `{"shards":-1,"session_start_limit":{"max_concurrency":0,"total":9,"remaining":9}}`, "null"} {
		if i := ReadInfo([]byte(odd)); i.Shards != 1 || i.MaxConcurrency != 1 || i.wait() != 0 {
			t.Errorf("%s: %+v", odd, i)
		}
	}
	if i := ReadInfo([]byte(`{"shards":1e9,"session_start_limit":{"max_concurrency":99999999,"reset_after":1e300}}`)); i.Shards > MaxShards || i.MaxConcurrency > MaxShards || i.wait() > longestReset {
		t.Errorf("%+v", i)
	}
}

// Discord says how many sessions may be started; the last ones are not spent.
func TestSessionStartLimit(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{StartsLeft: 3, StartsReset: 60 * time.Millisecond})
	x.ready()
	x.expectLog("too many new sessions")
}

// After Run no connection comes back, and a second Run is a new session.
func TestEndIsFinal(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{})
	x.expectAlive("one")
	x.server.Drop() // a reconnection is under way when the end comes
	if err := x.Stop(); err != nil {
		t.Fatalf("Run: %v", err)
	}
	dials := len(x.server.Dials())
	x.run()
	x.expectAlive("two")
	if err := x.Stop(); err != nil {
		t.Fatalf("second Run: %v", err)
	}
	if i, _ := x.server.Logins(); i != 2 {
		t.Errorf("%d Identifies in two Runs, want 2", i)
	}
	c, err := x.server.WaitCloses(x.ctx, 1)
	x.ok(err)
	if c[len(c)-1] != 1000 {
		t.Errorf("closes %v: an orderly end says 1000", c)
	}
	if n := len(x.server.Dials()); n != dials+1 {
		t.Errorf("%d connections, want %d", n, dials+1)
	}
}

// Packets that the library must not see.
func TestPoisonedPackets(t *testing.T) {
	t.Parallel()
	for name, poison := range map[string]func(*dt.Conn){
		"huge":             func(c *dt.Conn) { c.Raw(strings.Repeat(" ", maxPacket+1)) },
		"compressed":       func(c *dt.Conn) { c.Binary([]byte{0x78, 0x9c}) },
		"not JSON":         func(c *dt.Conn) { c.Raw("{") },
		"event of nothing": func(c *dt.Conn) { c.Raw(`{"op":0,"t":"MESSAGE_CREATE","s":9,"d":null}`) },
		"guild of nulls":   func(c *dt.Conn) { c.Raw(`{"op":0,"t":"GUILD_CREATE","s":9,"d":{"channels":[null],"members":[null]}}`) },
		"voice":            func(c *dt.Conn) { c.Raw(`{"op":0,"t":"VOICE_SERVER_UPDATE","s":9,"d":{"guild_id":"1"}}`) },
		"second hello":     func(c *dt.Conn) { c.Hello() },
		"unknown op":       func(c *dt.Conn) { c.Raw(`{"op":42,"d":{}}`) },
		"op of text":       func(c *dt.Conn) { c.Raw(`{"op":"x"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := start(t, dt.Options{})
			x.expectAlive("before")
			x.server.Each(poison)
			x.expectAlive("after")
			if i, _ := x.server.Logins(); i != 1 {
				t.Errorf("%d Identifies", i)
			}
		})
	}
}

// A Hello that would make the library's ticker panic.
func TestImpossibleHello(t *testing.T) {
	t.Parallel()
	for _, interval := range []string{"0", "-5", "1e300", `"x"`, "null"} {
		t.Run(interval, func(t *testing.T) {
			t.Parallel()
			x := start(t, dt.Options{}, func(x *running) {
				x.server.Script(func(c *dt.Conn) { c.Raw(`{"op":10,"d":{"heartbeat_interval":` + interval + `}}`); <-c.Done() })
			})
			x.expectAlive("survived")
		})
	}
}

// One that is merely odd.
func TestOddHello(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, func(x *running) {
		x.server.Script(func(c *dt.Conn) {
			c.Raw(`{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250.5,"_trace":["x"]}}`)
			c.Login()
			c.Loop()
		})
	})
	x.expectAlive("survived")
	x.expectLogins(1, 0)
}

// A library that hangs for good is left behind, and too many of those end Run.
func TestHungLibrary(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	hung := make(chan struct{}, maxAbandoned+1)
	x := prepare(t, dt.Options{}, func(x *running) {
		x.config.Timing.Open, x.config.Timing.Abandon = 5*time.Millisecond, 5*time.Millisecond
		x.gateway.open = func(*discordgo.Session) error { hung <- struct{}{}; <-release; return errors.New("released") }
	})
	err := x.runs()
	close(release)
	if !errors.Is(err, bot.ErrFatal) || len(hung) != maxAbandoned+1 {
		t.Errorf("after %d hangs Run returned %v", len(hung), err)
	}
}

// A panic in a handler ends nothing.
func TestHandlerPanic(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Options{})
	x.gateway.handleEvent = func(Event) { panic("boom") }
	x.gateway.dispatch("MESSAGE_CREATE", 1, nil)
	x.expectLog("could not be read")
}

// What /gateway/bot may get wrong.
func TestLookUp(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, func(x *running) {
		x.server.Fail("GET /gateway/bot", 1, dt.HTML(502))
		x.server.Fail("GET /gateway/bot", 1, dt.Cut())
		x.server.Fail("GET /gateway/bot", 1, dt.RateLimit(time.Millisecond, false))
	})
	x.expectAlive("found at last")
	for _, u := range []string{"", "http://x", "wss://", "wss://u@x", ":"} {
		if _, err := gatewayURL(u, "http://127.0.0.1", "9"); err == nil {
			t.Errorf("%q is taken for a gateway", u)
		}
	}
	for _, c := range []struct{ gateway, base string }{
		{"ws://gateway.example.org", "https://proxy.example.org/api/v9"},
		{"ws://gateway.discord.gg", "https://discord.com/api/v9"},
		{"wss://gateway.example.org", "https://discord.com/api/v9"},
		{"wss://discord.gg.example.org", "https://discord.com/api/v9"},
	} {
		if u, err := gatewayURL(c.gateway, c.base, "9"); err == nil {
			t.Errorf("%s, which the API at %s names, would get the token: %v", c.gateway, c.base, u)
		}
	}
	for _, c := range []struct{ gateway, base string }{
		{"ws://gateway.example.org", "http://proxy.example.org/api/v9"}, {"wss://gateway.example.org", "https://proxy.example.org/api/v9"},
		{"wss://gateway-us-east1-b.discord.gg", "https://discord.com/api/v9"},
	} {
		if _, err := gatewayURL(c.gateway, c.base, "9"); err != nil {
			t.Errorf("%s, %s: %v", c.gateway, c.base, err)
		}
	}
	u, err := gatewayURL("wss://gateway.discord.gg", "https://discord.com/api", "10")
	if err != nil || u.String() != "wss://gateway.discord.gg/?encoding=json&v=10" {
		t.Errorf("%v, %v", u, err)
	}
}

// The second that the library sleeps after a connection is nobody's: neither a new
// connection nor the end waits for it.
func TestReconnectsAtOnce(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, func(x *running) { x.config.Timing.First = time.Nanosecond })
	x.expectAlive("before")
	began := time.Now()
	const times = 30 // which would be half a minute
	for i := range times {
		x.server.Drop()
		x.ok(x.server.WaitLogins(x.ctx, 1, i+1))
		x.expectAlive(fmt.Sprint(i))
	}
	x.ok(x.Stop())
	if d := time.Since(began); d > times*time.Second/2 {
		t.Errorf("%d connections took %v", times, d)
	}
}

// Losing Discord is a warning, once for an outage, and what Discord asks for is none.
func TestOutageIsAWarning(t *testing.T) {
	t.Parallel()
	const ended = "the connection to Discord ended"
	x := start(t, dt.Options{}, func(x *running) { x.config.Timing.First = time.Nanosecond })
	x.expectAlive("one")
	x.server.Each(func(c *dt.Conn) { c.Send(dt.OpReconnect, nil) })
	x.ok(x.server.WaitLogins(x.ctx, 1, 1))
	x.expectAlive("two")
	if strings.Contains(x.log.String(), "level=WARN") || !x.log.Says(ended) {
		t.Errorf("what Discord asked for is told as %s", x.log)
	}
	for range 9 {
		x.server.Fail("GET /gateway/bot", 1, dt.HTML(502))
	}
	x.server.Script(func(c *dt.Conn) {}, func(c *dt.Conn) {}) // resuming fails too
	x.server.Drop()
	x.expectAlive("three")
	if n := strings.Count(x.log.String(), "level=WARN msg=\""+ended); n != 1 {
		t.Errorf("%d warnings of one outage: %s", n, x.log)
	}
}
