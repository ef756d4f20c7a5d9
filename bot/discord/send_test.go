package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/discord/rest"
)

// still makes a scene whose adapter never runs: sending needs no gateway.
func still(t *testing.T, k dt.Options) (*running, bot.Address) {
	x := prepare(t, k, Config{})
	t.Cleanup(x.adapter.rest.Close)
	return x, bot.Address{Conversation: bot.In(Platform, bot.ChatID(x.server.ID("channel", "#forum"))), ReplyTo: msgID}
}

const sending = "POST /channels/"

// A message whose answer was lost is sent again by the bot, and posted once.
func TestPostedOnce(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]http.HandlerFunc{"cut": dt.Cut(), "502": dt.HTML(502)} {
		x, to := still(t, dt.Options{})
		x.server.FailAfter(sending, 1, play)
		if err := x.adapter.Send(x.ctx, to, text("hello")); err == nil {
			t.Errorf("%s: no error", name)
		}
		x.ok(x.adapter.Send(x.ctx, to, text("hello")))
		if n := len(x.server.Sent()); n != 1 {
			t.Errorf("%s: posted %d times", name, n)
		}
		x.ok(x.adapter.Send(x.ctx, to, text("something else")))
		to.ReplyTo = ""
		x.ok(x.adapter.Send(x.ctx, to, text("hello")))
		x.ok(x.adapter.Send(x.ctx, to, text("hello")))
		if n := len(x.server.Sent()); n != 4 {
			t.Errorf("%s: %d posts, want 4: other texts, and what answers nothing, are messages of their own", name, n)
		}
		x.server.FailAfter(sending, 1, play)
		for i, once := range []string{"today's", "today's", "tomorrow's"} {
			r := text("hello")
			r.Once = once
			if err := x.adapter.Send(x.ctx, to, r); err == nil != (i > 0) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := len(x.server.Sent()); n != 6 {
			t.Errorf("%s: %d posts, want 6: what has a name is posted once", name, n)
		}
	}
}

// Where the bot may not read the history it may not reply, but it may write.
func TestReplyWithoutPermission(t *testing.T) {
	t.Parallel()
	x, to := still(t, dt.Options{})
	x.server.Fail(sending, 1, dt.Refuse(400, rest.CodeNoReplyPermission, "Cannot reply without permission to read message history"))
	x.ok(x.adapter.Send(x.ctx, to, text("hello")))
	if p := x.posts(1)[0]; p.ReplyTo != "" || p.Text != "hello" {
		t.Errorf("posted %+v", p)
	}
}

func TestForeignAddresses(t *testing.T) {
	t.Parallel()
	x, _ := still(t, dt.Options{})
	for _, to := range []bot.Address{{Conversation: bot.In("", "../gateway")}, {Conversation: bot.In("", "")}, {Conversation: bot.In("", "1"), Handle: "a b"}, {Conversation: bot.In("", "1"), Handle: "1 2 c .."}, {Conversation: bot.In("", "1"), Handle: "1 x/y c token"}, {Conversation: bot.In("", "1"), Handle: "../1 2 c token"}} {
		if err := x.adapter.Send(x.ctx, to, text("x")); !errors.Is(err, bot.ErrGone) {
			t.Errorf("%q: %v", to.Chat, err)
		}
		x.adapter.Typing(x.ctx, to)
	}
	if n := len(x.server.Calls("")); n > 0 {
		t.Errorf("%d calls", n)
	}
}

// A token that Discord refuses in the middle ends Run, which says what to do.
func TestTokenResetInTheMiddle(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	x.server.DM("ann", "hello")
	to := x.wait(1)[0].To
	x.server.Fail(sending, 1, dt.Refuse(401, 0, "401: Unauthorized"))
	if err := x.adapter.Send(x.ctx, to, text("x")); !errors.Is(err, bot.ErrForbidden) {
		t.Errorf("Send: %v", err)
	}
	if err := x.run.Ended(); !errors.Is(err, bot.ErrFatal) || !strings.Contains(err.Error(), "discord.token") {
		t.Errorf("Run: %v", err)
	}
}

// A proxy that wants a password says 401 as well, and says nothing of the token.
func TestPasswordOfAProxy(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	x.server.DM("ann", "hello")
	to := x.wait(1)[0].To
	x.server.Fail(sending, 1, dt.HTML(401))
	var retry *bot.RetryError
	if err := x.adapter.Send(x.ctx, to, text("x")); !errors.As(err, &retry) || errors.Is(err, bot.ErrForbidden) {
		t.Errorf("Send: %v", err)
	}
	x.expectAlive("still there?")
	x.ok(x.stop())
}

// The token and interaction tokens are in no error, however a server fails.
func TestNoSecretInErrors(t *testing.T) {
	t.Parallel()
	// On a busy machine an announcement would come between, and take a fault.
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = bottest.Patience })
	x.ready()
	x.server.DM("ann", "hello")
	direct := x.wait(1)[0].To
	id := x.server.Command("ann", "#forum", "ask", "question", "who?")
	inter := x.wait(2)[1].To
	token := x.server.InteractionToken(id)
	short, cancel := context.WithTimeout(x.ctx, 10*time.Millisecond)
	defer cancel()
	var errs []error
	for _, status := range []int{400, 403, 404, 429, 500, 502} {
		x.server.Fail("POST /", 1, dt.Echo(status))
		errs = append(errs, x.adapter.Send(x.ctx, inter, text("secret text")))
		if status != 429 {
			x.server.Fail("POST /", 1, dt.Echo(status))
			errs = append(errs, x.adapter.Send(x.ctx, direct, text("secret text")))
		}
		p := x.adapter.interactions.get(mustHandle(inter))
		x.ok(p.lock(x.ctx))
		p.state = fresh
		p.unlock()
	}
	x.server.Fail("POST /", 3, dt.Cut())
	errs = append(errs, x.adapter.Send(x.ctx, direct, text("secret text")), x.adapter.Send(x.ctx, inter, text("secret text")), x.adapter.Send(short, inter, text("secret text")))
	x.server.Fail("POST /", 1, dt.Echo(401)) // the last, for it ends Run, which then makes calls of its own
	errs = append(errs, x.adapter.Send(x.ctx, inter, text("secret text")))
	x.server.Close()
	errs = append(errs, x.adapter.Send(x.ctx, direct, text("secret text")), x.adapter.Send(x.ctx, inter, text("secret text")))
	for _, err := range errs {
		if err == nil {
			t.Error("a call that failed has no error")
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			for _, s := range []string{fmt.Sprintf("%v", e), fmt.Sprintf("%+v", e), fmt.Sprintf("%#v", e)} {
				for _, secret := range []string{x.server.Token, token, "secret text"} {
					if strings.Contains(s, secret) {
						t.Errorf("an error holds a secret: %T", e)
					}
				}
			}
		}
	}
	_ = x.stop()
	for _, secret := range []string{token, "secret text", "hello", "who?"} {
		if x.log.Says(secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func mustHandle(to bot.Address) handle {
	h, ok := parseHandle(to.Handle)
	if !ok {
		panic("no handle")
	}
	return h
}

func TestTyping(t *testing.T) {
	t.Parallel()
	x, to := still(t, dt.Options{})
	x.adapter.Typing(x.ctx, to)
	if n := len(x.server.Calls("POST /channels/" + string(to.Chat) + "/typing")); n != 1 {
		t.Errorf("%d calls", n)
	}
}
