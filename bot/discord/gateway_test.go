package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
)

// expectAlive says something and waits until it is delivered.
func (x *scene) expectAlive(said string) {
	x.t.Helper()
	x.ready()
	x.s.DM("ann", said)
	for n := 1; ; n++ {
		if got := x.wait(n); got[len(got)-1].Text == said {
			return
		}
	}
}

// expectLogins waits for that many Identifies and Resumes, and fails if there are more.
func (x *scene) expectLogins(identifies, resumes int) {
	x.t.Helper()
	x.ok(x.s.WaitLogins(x.ctx, identifies, resumes))
	if i, r := x.s.Logins(); i != identifies || r != resumes {
		x.t.Errorf("%d Identifies and %d Resumes, want %d and %d", i, r, identifies, resumes)
	}
}

func (x *scene) expectLog(s string) {
	x.t.Helper()
	if !strings.Contains(string(x.logs.bytes()), s) {
		x.t.Errorf("the log does not say %q", s)
	}
}

// D7: a gateway that never says Hello holds discordgo's Open for ever.
func TestNeverHello(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) {
		x.a.timing.hello = 500 * time.Millisecond
		x.s.Script(func(c *dt.Conn) { <-c.Done() })
	})
	x.expectAlive("hello?")
	x.expectLogins(1, 0)
}

// The same after Hello: READY never comes.
func TestNeverReady(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) {
		x.a.timing.hello = 500 * time.Millisecond
		x.s.Script(func(c *dt.Conn) { c.Hello(); c.Expect(dt.OpIdentify); <-c.Done() })
	})
	x.expectAlive("hello?")
}

// D8: Op 7 or an acknowledgement as the first packet after Identify or Resume
// deadlocks discordgo.
func TestOpFirst(t *testing.T) {
	t.Parallel()
	for _, op := range []int{dt.OpReconnect, dt.OpAck, dt.OpHeartbeat} {
		t.Run(fmt.Sprint(op), func(t *testing.T) {
			t.Parallel()
			x := play(t, dt.Knobs{}, Config{}, func(x *scene) {
				first := func(c *dt.Conn) {
					c.Hello()
					_, data, ok := c.Expect(dt.OpIdentify)
					c.Send(op, nil)
					if ok && op != dt.OpReconnect && c.Identified(data) {
						c.Loop()
					}
					<-c.Done()
				}
				x.s.Script(first)
			})
			x.expectAlive("still there?")
		})
	}
}

// Op 7 in the middle: a resume at once, at the session's own address (D14), with
// no close frame of 1000 before it (D13).
func TestReconnectRequest(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{APIVersion: 10})
	x.expectAlive("one")
	if called := x.a.Called(); len(called) != 1 || called[0] == "" {
		t.Errorf("called %q", called)
	}
	x.s.Each(func(c *dt.Conn) { c.Send(dt.OpReconnect, nil) })
	x.ok(x.s.WaitLogins(x.ctx, 1, 1))
	x.expectAlive("two")
	x.expectLogins(1, 1)
	if d := x.s.Dials(); len(d) != 2 || !strings.HasPrefix(d[0], "/gateway") || !strings.HasPrefix(d[1], "/resume") || !strings.HasSuffix(d[0], "v=10") || !strings.HasSuffix(d[1], "v=10") {
		t.Errorf("dialled %q, want the gateway and then the resume address, with v=10", d)
	}
	if c := x.s.Closes(); len(c) > 0 {
		t.Errorf("close frames %v were sent; they end the session", c)
	}
}

// A lost connection: what was said meanwhile comes with the resume, once.
func TestResume(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{NoResumeURL: true}, Config{})
	x.expectAlive("one")
	x.s.Each(func(c *dt.Conn) { c.Kill() })
	x.s.DM("ann", "two")
	x.expectAlive("three")
	x.expectLogins(1, 1)
	var texts []string
	for _, m := range x.wait(3) {
		texts = append(texts, m.Text)
	}
	if got := strings.Join(texts, " "); got != "one two three" {
		t.Errorf("delivered %q", got)
	}
}

// D15: Op 9.
func TestInvalidSession(t *testing.T) {
	t.Parallel()
	for _, resumable := range []bool{true, false} {
		t.Run(fmt.Sprint(resumable), func(t *testing.T) {
			t.Parallel()
			x := play(t, dt.Knobs{}, Config{})
			x.expectAlive("one")
			x.s.Each(func(c *dt.Conn) { c.Send(dt.OpInvalidSession, resumable) })
			x.ok(x.s.WaitDials(x.ctx, 2))
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
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) {
		x.s.Script((*dt.Conn).Serve, func(c *dt.Conn) { c.Hello(); c.Expect(dt.OpResume); c.Send(dt.OpInvalidSession, false); <-c.Done() })
	})
	x.expectAlive("one")
	x.s.Drop()
	x.ok(x.s.WaitLogins(x.ctx, 2, 0))
	x.expectAlive("two")
}

// D12: a heartbeat that is not acknowledged is found at the next one.
func TestMissingAck(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{Heartbeat: 150 * time.Millisecond}, Config{}, func(x *scene) {
		x.s.Script(func(c *dt.Conn) { c.NoAck = true; c.Serve() })
	})
	x.ok(x.s.WaitLogins(x.ctx, 1, 1))
	x.expectAlive("found")
	x.expectLog("not acknowledged")
}

// Half-open: nothing comes and nothing is refused.
func TestHalfOpen(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{Heartbeat: 150 * time.Millisecond}, Config{}, func(x *scene) {
		x.a.timing.grace = 150 * time.Millisecond
		x.s.Script(func(c *dt.Conn) { c.Hello(); c.Login(); <-c.Done() })
	})
	x.ok(x.s.WaitLogins(x.ctx, 1, 1))
	x.expectAlive("found")
}

// Alive but deaf: heartbeats are acknowledged, events do not come.
func TestDeaf(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{Heartbeat: 150 * time.Millisecond}, Config{}, func(x *scene) {
		x.a.timing.deaf = 400 * time.Millisecond
		x.s.Script(func(c *dt.Conn) { c.NoEvents = true; c.Serve() })
	})
	x.ready()
	x.s.DM("ann", "can you hear me?")
	if m := x.wait(1)[0]; m.Text != "can you hear me?" {
		t.Errorf("delivered %q", m.Text)
	}
	x.expectLog("no event for a long time")
}

// D10: what Discord closes for good is not tried again, and says what to do.
func TestFatalCloseCodes(t *testing.T) {
	t.Parallel()
	for code, sentence := range fatalCodes {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			x := prepare(t, dt.Knobs{}, Config{}, func(x *scene) {
				x.s.Script(func(c *dt.Conn) { c.Hello(); c.Expect(dt.OpIdentify); c.CloseWith(code, "no") })
			})
			err := x.runs()
			if !errors.Is(err, bot.ErrFatal) || !strings.Contains(err.Error(), sentence) {
				t.Errorf("Run returned %v", err)
			}
			if d := x.s.Dials(); len(d) != 1 {
				t.Errorf("%d connections, want 1", len(d))
			}
		})
	}
	t.Run("after READY", func(t *testing.T) {
		t.Parallel()
		x := prepare(t, dt.Knobs{}, Config{}, func(x *scene) {
			x.s.Script(func(c *dt.Conn) { c.Hello(); c.Login(); c.CloseWith(4004, "no") })
		})
		if err := x.runs(); !errors.Is(err, bot.ErrFatal) {
			t.Errorf("Run returned %v", err)
		}
	})
}

// A refused token is known before any connection, and during one.
func TestRefusedToken(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Knobs{RefuseToken: true}, Config{})
	if err := x.runs(); !errors.Is(err, bot.ErrFatal) || !strings.Contains(err.Error(), "token") {
		t.Errorf("Run returned %v", err)
	}
	if len(x.s.Dials()) > 0 {
		t.Error("connected with a refused token")
	}
}

// Close codes after which the session is lost, and after which it is not.
func TestOtherCloseCodes(t *testing.T) {
	t.Parallel()
	for code, identifies := range map[int]int{4000: 1, 4007: 2, 4009: 2, 1001: 1} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			x := play(t, dt.Knobs{}, Config{}, func(x *scene) {
				x.s.Script(func(c *dt.Conn) { c.Hello(); c.Login(); c.CloseWith(code, "bye "+dt.Token) }) // the scene looks for the token in the log
			})
			x.ok(x.s.WaitDials(x.ctx, 2))
			x.expectAlive("again")
			x.expectLogins(identifies, 2-identifies)
		})
	}
}

// D11: a gateway that says READY and drops is not hammered: it is resumed, not
// identified anew, and with growing waits.
func TestFlapping(t *testing.T) {
	t.Parallel()
	flap := func(c *dt.Conn) { c.Hello(); c.Login(); c.Flush(); c.Kill() }
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) { x.s.Script(flap, flap) })
	x.ok(x.s.WaitDials(x.ctx, 3))
	x.expectAlive("steady")
	if i, _ := x.s.Logins(); i != 1 {
		t.Errorf("%d Identifies for one session", i)
	}
}

// D11: the Identifies of a day are counted.
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
}

// Discord says how many sessions may be started; the last ones are not spent.
func TestSessionStartLimit(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{StartsLeft: 3, StartsReset: 60 * time.Millisecond}, Config{})
	x.ready()
	x.expectLog("too many new sessions")
}

// D9, D16: after Run no connection comes back, and a second Run is a new session.
func TestEndIsFinal(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{})
	x.expectAlive("one")
	x.s.Drop() // a reconnection is under way when the end comes
	if err := x.end(); err != nil {
		t.Fatalf("Run: %v", err)
	}
	dials := len(x.s.Dials())
	x.run(nil)
	x.expectAlive("two")
	if err := x.end(); err != nil {
		t.Fatalf("second Run: %v", err)
	}
	if i, _ := x.s.Logins(); i != 2 {
		t.Errorf("%d Identifies in two Runs, want 2", i)
	}
	c, err := x.s.WaitCloses(x.ctx, 1)
	x.ok(err)
	if c[len(c)-1] != 1000 {
		t.Errorf("closes %v: an orderly end says 1000", c)
	}
	if n := len(x.s.Dials()); n != dials+1 {
		t.Errorf("%d connections, want %d", n, dials+1)
	}
}

// D18: a bot that takes nothing for many heartbeats does not cost the connection.
func TestSlowBotKeepsConnection(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Knobs{Heartbeat: 250 * time.Millisecond}, Config{})
	open := make(chan struct{})
	x.run(func(ctx context.Context, m bot.Message) error {
		select {
		case <-open:
		case <-ctx.Done():
			return ctx.Err()
		}
		return x.collect(ctx, m)
	})
	x.ready()
	for i := range 5 {
		x.s.DM("ann", fmt.Sprint(i))
	}
	x.ok(x.s.WaitBeats(x.ctx, 6))
	close(open)
	x.wait(5)
	x.expectLogins(1, 0)
}

// D22 and others: packets that the library must not see.
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
			x := play(t, dt.Knobs{}, Config{})
			x.expectAlive("before")
			x.s.Each(poison)
			x.expectAlive("after")
			if i, _ := x.s.Logins(); i != 1 {
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
			x := play(t, dt.Knobs{}, Config{}, func(x *scene) {
				x.s.Script(func(c *dt.Conn) { c.Raw(`{"op":10,"d":{"heartbeat_interval":` + interval + `}}`); <-c.Done() })
			})
			x.expectAlive("survived")
		})
	}
}

// One that is merely odd.
func TestOddHello(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) {
		x.s.Script(func(c *dt.Conn) {
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
	x := prepare(t, dt.Knobs{}, Config{}, func(x *scene) {
		x.a.timing.open, x.a.timing.abandon = 5*time.Millisecond, 5*time.Millisecond
		x.a.open = func(*discordgo.Session) error { hung <- struct{}{}; <-release; return errors.New("released") }
	})
	err := x.runs()
	close(release)
	if !errors.Is(err, bot.ErrFatal) || len(hung) != maxAbandoned+1 {
		t.Errorf("after %d hangs Run returned %v", len(hung), err)
	}
}

// D3: a panic in a handler ends nothing.
func TestHandlerPanic(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Knobs{}, Config{})
	g := &gateway{log: x.a.log, line: &x.a.line, event: func(string, int64, json.RawMessage) { panic("boom") }}
	g.take("MESSAGE_CREATE", 1, nil)
	x.expectLog("could not be read")
}

// What /gateway/bot may get wrong.
func TestLookUp(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{}, func(x *scene) {
		x.s.Fail("GET /gateway/bot", 1, dt.HTML(502))
		x.s.Fail("GET /gateway/bot", 1, dt.Cut())
		x.s.Fail("GET /gateway/bot", 1, dt.RateLimit(time.Millisecond, false))
	})
	x.expectAlive("found at last")
	for _, u := range []string{"", "http://x", "wss://", "wss://u@x", ":"} {
		if _, err := gatewayURL(u, "9"); err == nil {
			t.Errorf("%q is taken for a gateway", u)
		}
	}
	u, err := gatewayURL("wss://gateway.discord.gg", "10")
	if err != nil || u.String() != "wss://gateway.discord.gg/?encoding=json&v=10" {
		t.Errorf("%v, %v", u, err)
	}
}
