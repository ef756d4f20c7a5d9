package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/bottest"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A calling is a Client that calls a fake Discord.
type calling struct {
	t      *testing.T
	server *dt.Server
	client *Client
	ctx    context.Context // bounds every wait
	said   int
}

func start(t *testing.T, o dt.Options) *calling {
	ctx, cancel := context.WithTimeout(context.Background(), bottest.Patience)
	t.Cleanup(cancel)
	x := &calling{t: t, server: dt.Start(t, o), ctx: ctx}
	x.client = New(x.config())
	t.Cleanup(func() { x.client.Close() })
	return x
}

func (x *calling) config() Config {
	return Config{Token: platform.NewSecret(x.server.Token), Base: x.server.Endpoint() + "/v9", Now: time.Now}
}

// post posts a message into a channel, a new one each time.
func (x *calling) post(ctx context.Context, channel, text string) error {
	id := x.server.ID("channel", channel)
	x.said++
	_, err := x.client.Do(ctx, Call{
		Doing: "send a message", Method: "POST", Path: "/channels/" + id + "/messages", Route: "messages " + id,
		Body: map[string]any{
			"content": text, "allowed_mentions": map[string]any{"parse": []string{}}, "flags": 4, "nonce": fmt.Sprint(x.said), "enforce_nonce": true,
		},
	})
	return err
}

func (x *calling) ok(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
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
		x := start(t, dt.Options{})
		x.server.Fail(sending, 1, c.play)
		err := x.post(x.ctx, "#forum", "hello")
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
		x := start(t, dt.Options{})
		x.server.Fail(sending, 1, c.play)
		err := x.post(x.ctx, "#forum", "hello")
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
	x := start(t, dt.Options{})
	x.client.limits.now = func() time.Time { return now }
	x.server.Fail(sending, 4, dt.Refuse(403, 50013, "Missing Permissions"))
	for i, calls := range []int{1, 2, 3, 3, 3, 4, 4, 5, 6} {
		if i == 5 || i == 7 {
			now = now.Add(deniedFor)
		}
		err := x.post(x.ctx, "#forum", "hello")
		if n := len(x.server.Calls(sending)); n != calls || (err == nil) != (i >= 7) {
			t.Errorf("after %d tries %d calls, want %d: %v", i+1, n, calls, err)
		}
		var retry *bot.RetryError
		if err != nil && (!errors.Is(err, bot.ErrForbidden) || errors.As(err, &retry)) {
			t.Errorf("try %d: %v, want a refusal: commands in this channel wait behind it", i+1, err)
		}
		if wait, _ := x.client.limits.try("messages 5"); wait > 0 {
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
		x := start(t, dt.Options{})
		x.server.Fail(sending, 1, c.play)
		for range 2 {
			err := x.post(x.ctx, "#forum", "hello")
			var retry *bot.RetryError
			if !errors.As(err, &retry) || retry.After > c.after || retry.After < c.after-10*time.Second {
				t.Errorf("%s: %v, want to wait %v", name, err, c.after)
			}
		}
		if err := x.post(x.ctx, "#other", "hello"); (err != nil) != c.global {
			t.Errorf("%s: in another channel: %v", name, err)
		}
		want := 2
		if c.global {
			want = 1
		}
		if n := len(x.server.Calls(sending)); n != want {
			t.Errorf("%s: %d calls, want %d", name, n, want)
		}
		if wait, _ := x.client.limits.try(""); (wait > 0) != (name == "HTML") {
			t.Errorf("%s: interactions, which have no such limit, wait %v", name, wait)
		}
	}
}

// While a route is exhausted, a call waits no longer than its context.
func TestWaitsForTheRoute(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{})
	x.server.FailAfter(sending, 1, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset-After", "0.2")
		_, _ = w.Write([]byte("{}"))
	})
	x.ok(x.post(x.ctx, "#forum", "one"))
	soon, cancel := context.WithTimeout(x.ctx, 20*time.Millisecond)
	defer cancel()
	var retry *bot.RetryError
	if err := x.post(soon, "#forum", "two"); !errors.As(err, &retry) || retry.After > 200*time.Millisecond {
		t.Errorf("with less time than the limit needs: %v, want a RetryError at once", err)
	}
	x.ok(x.post(x.ctx, "#forum", "three"))
	gone, cancel2 := context.WithCancel(x.ctx)
	cancel2()
	if err := x.post(gone, "#forum", "four"); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is over: %v", err)
	}
	_, err := x.server.WaitSent(x.ctx, 2)
	x.ok(err)
}

// Headers that discordgo cannot read made it fail calls that had succeeded.
func TestOddHeaders(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{OddComponent: true}) // And a reply with a component nobody knows
	x.server.FailAfter(sending, 1, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-RateLimit-Remaining", "many")
		w.Header().Set("X-RateLimit-Reset-After", "soon")
		w.Header().Set("X-RateLimit-Reset", "later")
		_, _ = w.Write([]byte("not even JSON"))
	})
	x.ok(x.post(x.ctx, "#forum", "one"))
	x.ok(x.post(x.ctx, "#forum", "two"))
	_, err := x.server.WaitSent(x.ctx, 2)
	x.ok(err)
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

// Nothing grows with the number of channels.
func TestBoundedMemory(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	l := newLimits(func() time.Time { return now }, 0)
	empty := http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset-After": {"3600"}}
	for i := range 3 * maxRoutes {
		l.learn(fmt.Sprint("r", i), 200, empty)
	}
	if len(l.routes) > maxRoutes {
		t.Errorf("%d routes remembered", len(l.routes))
	}
}

// Only a Client that talks to Discord itself counts its calls.
func TestOwnLimit(t *testing.T) {
	t.Parallel()
	if l := New(Config{Now: time.Now, PerSecond: PerSecond}).limits.global; l == nil || int(l.Limit()) != PerSecond {
		t.Error("no limit of its own")
	}
	if l := New(Config{Now: time.Now}).limits.global; l != nil {
		t.Error("a limit that nobody asked for")
	}
}

// An observer is told what was called and how it ended, and nothing of whom it was about.
func TestObserved(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{})
	c := x.config()
	var seen []string
	c.Observe = func(route string, status int, took time.Duration) {
		if took <= 0 {
			t.Errorf("%s took %v", route, took)
		}
		seen = append(seen, fmt.Sprint(route, " ", status))
	}
	x.client.Close()
	x.client = New(c)
	x.server.Fail(sending, 1, dt.Refuse(403, 50013, "Missing Permissions"))
	x.server.Fail(sending, 1, dt.Cut())
	for range 3 {
		_ = x.post(x.ctx, "#forum", "hello")
	}
	want := []string{"POST /channels/{}/messages 403", "POST /channels/{}/messages 0", "POST /channels/{}/messages 200"}
	if !slices.Equal(seen, want) {
		t.Errorf("told of %q, want %q", seen, want)
	}
	secret := Call{Method: "PATCH", Path: "/webhooks/5/secret-token/messages/@original?x=secret"}
	if got := secret.label(); got != "PATCH /webhooks/{}/{}/messages/@original" {
		t.Errorf("an interaction's answer is called %s", got)
	}
}
