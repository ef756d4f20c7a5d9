package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

// still makes a scene whose adapter never runs: sending needs no gateway.
func still(t *testing.T, k dt.Options) (*running, bot.Address) {
	x := prepare(t, k, Config{})
	t.Cleanup(x.adapter.rest.close)
	return x, bot.Address{Conversation: bot.In(Platform, bot.ChatID(x.server.ID("channel", "#forum"))), ReplyTo: msgID}
}

const sending = "POST /channels/"

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		play http.HandlerFunc
		want error // nil: transient
	}{
		"channel gone":       {dt.Refuse(404, 10003, "Unknown Channel"), bot.ErrGone},
		"message gone":       {dt.Refuse(404, 10008, "Unknown Message"), bot.ErrGone},
		"no access":          {dt.Refuse(403, 50001, "Missing Access"), bot.ErrForbidden},
		"no permission":      {dt.Refuse(403, 50013, "Missing Permissions"), bot.ErrForbidden},
		"direct chat closed": {dt.Refuse(403, 50007, "Cannot send messages to this user"), bot.ErrForbidden},
		"too long": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			_, _ = w.Write([]byte(`{"code":50035,"message":"Invalid Form Body","errors":{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 2000 or fewer in length."}]}}}`))
		}, bot.ErrTooLong},
		"too large":          {dt.HTML(413), bot.ErrTooLong},
		"another bad field":  {dt.Refuse(400, 50035, "Invalid Form Body"), bot.ErrForbidden},
		"server error":       {dt.HTML(500), nil},
		"bad gateway":        {dt.HTML(502), nil},
		"unavailable":        {dt.HTML(503), nil},
		"timeout of a proxy": {dt.HTML(504), nil},
		"cut":                {dt.Cut(), nil},
		"redirect":           {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, bot.ErrForbidden},
	} {
		x, to := still(t, dt.Options{})
		x.server.Fail(sending, 1, c.play)
		err := x.adapter.Send(x.ctx, to, text("hello"))
		if c.want != nil && !errors.Is(err, c.want) || err == nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		for _, class := range []error{bot.ErrGone, bot.ErrForbidden, bot.ErrTooLong, bot.ErrFatal} {
			if class != c.want && errors.Is(err, class) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := len(x.server.Calls(sending)); n != 1 {
			t.Errorf("%s: %d calls, want 1: the bot decides about trying again", name, n)
		}
	}
}

// What is said of a refusal sends nobody after permissions that are not the reason.
func TestRefusalsAreNamed(t *testing.T) {
	t.Parallel()
	form := func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(400)
		_, _ = w.Write([]byte(`{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"url":{"_errors":[{"code":"URL_TYPE_INVALID_URL","message":"secret words"}]}}},"nonce":{"_errors":[{"code":"X"}]}}}`))
	}
	for name, c := range map[string]struct {
		play       http.HandlerFunc
		want, none string
	}{
		"bad form":      {form, "HTTP 400, code 50035 (Invalid Form Body embeds.0.url: URL_TYPE_INVALID_URL, nonce: X): Discord does not take what was sent", "may not write"},
		"AutoMod":       {dt.Refuse(400, 200000, "Message was blocked by automatic moderation"), "blocked by automatic moderation", "may not write"},
		"redirect":      {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, "is discord.endpoint right?", "may not write"},
		"no permission": {dt.Refuse(403, 50013, "Missing Permissions"), "the bot may not write there", "does not take"},
	} {
		x, to := still(t, dt.Options{})
		x.server.Fail(sending, 1, c.play)
		err := x.adapter.Send(x.ctx, to, text("hello"))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), c.none) || strings.Contains(err.Error(), "secret words") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Where the bot may not write it is asked in vain, and by whoever likes: it tries
// there once in a while, so that the refusals do not silence it everywhere.
func TestLeavesForbiddenChannelsAlone(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	x, to := still(t, dt.Options{})
	x.adapter.rest.limits.now = func() time.Time { return now }
	x.server.Fail(sending, 4, dt.Refuse(403, 50013, "Missing Permissions"))
	for i, calls := range []int{1, 2, 3, 3, 3, 4, 4, 5, 6} {
		if i == 5 || i == 7 {
			now = now.Add(deniedFor)
		}
		err := x.adapter.Send(x.ctx, to, text("hello"))
		if n := len(x.server.Calls(sending)); n != calls || (err == nil) != (i >= 7) {
			t.Errorf("after %d tries %d calls, want %d: %v", i+1, n, calls, err)
		}
		var retry *bot.RetryError
		if err != nil && (!errors.Is(err, bot.ErrForbidden) || errors.As(err, &retry)) {
			t.Errorf("try %d: %v, want a refusal: commands in this channel wait behind it", i+1, err)
		}
		if wait, _ := x.adapter.rest.limits.try("messages 5"); wait > 0 {
			t.Error("another channel waits too")
		}
	}
}

// Rate limits of the route, of the whole bot, and of the proxy before
// Discord. After each, the calls that it holds back are not even made.
func TestRateLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		play   http.HandlerFunc
		after  time.Duration
		global bool
	}{
		"route":  {dt.RateLimit(30*time.Second, false), 30 * time.Second, false},
		"global": {dt.RateLimit(30*time.Second, true), 30 * time.Second, true},
		"HTML":   {dt.HTML(429), unspokenWait, true},
		"absurd": {dt.RateLimit(1e6*time.Second, false), maxWait, false},
	} {
		x, to := still(t, dt.Options{})
		other := to
		other.Chat = bot.ChatID(x.server.ID("channel", "#other"))
		x.server.Fail(sending, 1, c.play)
		for range 2 {
			err := x.adapter.Send(x.ctx, to, text("hello"))
			var retry *bot.RetryError
			if !errors.As(err, &retry) || retry.After > c.after || retry.After < c.after-10*time.Second {
				t.Errorf("%s: %v, want to wait %v", name, err, c.after)
			}
		}
		if err := x.adapter.Send(x.ctx, other, text("hello")); (err != nil) != c.global {
			t.Errorf("%s: in another channel: %v", name, err)
		}
		want := 2
		if c.global {
			want = 1
		}
		if n := len(x.server.Calls(sending)); n != want {
			t.Errorf("%s: %d calls, want %d", name, n, want)
		}
		if wait, _ := x.adapter.rest.limits.try(""); (wait > 0) != (name == "HTML") {
			t.Errorf("%s: interactions, which have no such limit, wait %v", name, wait)
		}
	}
}

// While a route is exhausted, a call waits no longer than its context.
func TestWaitsForTheRoute(t *testing.T) {
	t.Parallel()
	x, to := still(t, dt.Options{})
	x.server.FailAfter(sending, 1, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset-After", "0.2")
		_, _ = w.Write([]byte("{}"))
	})
	x.ok(x.adapter.Send(x.ctx, to, text("one")))
	soon, cancel := context.WithTimeout(x.ctx, 20*time.Millisecond)
	defer cancel()
	var retry *bot.RetryError
	if err := x.adapter.Send(soon, to, text("two")); !errors.As(err, &retry) || retry.After > 200*time.Millisecond {
		t.Errorf("with less time than the limit needs: %v, want a RetryError at once", err)
	}
	x.ok(x.adapter.Send(x.ctx, to, text("three")))
	gone, cancel2 := context.WithCancel(x.ctx)
	cancel2()
	if err := x.adapter.Send(gone, to, text("four")); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is over: %v", err)
	}
	x.posts(2)
}

// Headers that discordgo cannot read made it fail calls that had succeeded.
func TestOddHeaders(t *testing.T) {
	t.Parallel()
	x, to := still(t, dt.Options{OddComponent: true}) // And a reply with a component nobody knows
	x.server.FailAfter(sending, 1, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-RateLimit-Remaining", "many")
		w.Header().Set("X-RateLimit-Reset-After", "soon")
		w.Header().Set("X-RateLimit-Reset", "later")
		_, _ = w.Write([]byte("not even JSON"))
	})
	x.ok(x.adapter.Send(x.ctx, to, text("one")))
	x.ok(x.adapter.Send(x.ctx, to, text("two")))
	x.posts(2)
}

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
	}
}

// Where the bot may not read the history it may not reply, but it may write.
func TestReplyWithoutPermission(t *testing.T) {
	t.Parallel()
	x, to := still(t, dt.Options{})
	x.server.Fail(sending, 1, dt.Refuse(400, codeNoReplyPermission, "Cannot reply without permission to read message history"))
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

// Discord bans an address after 10,000 refused calls in ten minutes.
func TestStopsBeforeTheBan(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	l := newLimits(func() time.Time { return now }, 0)
	for range maxRefusals {
		if wait, _ := l.try("r"); wait > 0 {
			t.Fatal("stopped too early")
		}
		l.learn("r", http.StatusForbidden, http.Header{})
	}
	wait, err := l.try("other")
	if wait != refusalWindow || err != errTooManyRefusals {
		t.Errorf("after %d refusals: wait %v, %v", maxRefusals, wait, err)
	}
	now = now.Add(refusalWindow)
	if wait, _ := l.try("other"); wait > 0 {
		t.Errorf("still waiting after ten minutes: %v", wait)
	}
}

// Nothing grows with the number of channels or interactions.
func TestBoundedMemory(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	clock := func() time.Time { return now }
	l := newLimits(clock, 0)
	ps := newInteractions(time.Hour, clock)
	empty := http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset-After": {"3600"}}
	full := 0
	for i := range 3 * maxInteractions {
		l.learn(fmt.Sprint("r", i), 200, empty)
		if _, _, f := ps.add(handle{id: fmt.Sprint(i)}, false, func(*interaction) {}); f {
			full++
		}
	}
	if len(l.routes) > maxRoutes || len(ps.byID) > maxInteractions || len(ps.ids) > maxInteractions || full != 2*maxInteractions {
		t.Errorf("%d routes, %d interactions remembered, %d turned away", len(l.routes), len(ps.byID), full)
	}
	now = now.Add(2 * time.Hour) // all are forgotten, and there is room
	if _, _, f := ps.add(handle{id: "x"}, false, func(*interaction) {}); f || len(ps.byID) != 1 || len(ps.ids) != 1 {
		t.Errorf("after expiry: full %v, %d remembered", f, len(ps.byID))
	}
	ps.flush(func(*interaction) {})
}

func TestOwnLimit(t *testing.T) {
	t.Parallel()
	c := Config{Token: platform.NewSecret(dt.Token)}
	a, err := New(c)
	if err != nil || a.rest.limits.global == nil || int(a.rest.limits.global.Limit()) != callsPerSecond || a.rest.base != "https://discord.com/api/v9" {
		t.Errorf("towards Discord itself: %v, base %s", err, a.rest.base)
	}
	c.Endpoint, c.APIVersion = "http://127.0.0.1:1/api/", 10
	if a, err = New(c); err != nil || a.rest.limits.global != nil || a.rest.base != "http://127.0.0.1:1/api/v10" || a.version != "10" {
		t.Errorf("towards a proxy, which counts itself: %v, base %s", err, a.rest.base)
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
