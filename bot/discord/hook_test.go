package discord

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/cluster/clustertest"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

// overHTTP gives the adapter a listener, to which the fake posts interactions.
func overHTTP(c Config) func(*running) {
	return func(x *running) {
		c.PublicKey = x.server.PublicKey()
		x.renew(c)
		x.posted(x.adapter)
	}
}

// posted has interactions posted to the adapters, and returns the addresses.
func (x *running) posted(all ...*Adapter) (urls []string) {
	x.t.Helper()
	for _, a := range all {
		mux := http.NewServeMux()
		for pattern, h := range a.HTTP() {
			mux.Handle(pattern, h)
		}
		s := httptest.NewServer(mux)
		x.t.Cleanup(s.Close)
		urls = append(urls, s.URL+hookPath)
	}
	x.ok(x.server.PostTo(x.ctx, urls...)) // also before Run: it is where the address is entered at Discord
	return urls
}

// Commands, buttons and completions are answered without the gateway, at once or late.
func TestInteractionsOverHTTP(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		one := suggester(func(command, text, lang string, n int) []bot.Completion {
			return []bot.Completion{{Label: text, Value: "id"}}
		})
		x := start(t, dt.Options{}, Config{}, overHTTP(Config{Suggester: one}), func(x *running) {
			if late {
				x.adapter.timing.later = time.Millisecond
			}
		})
		x.ready()
		x.expectLog("come over HTTP")
		id, to := x.ask("ask")
		if late {
			x.ok(x.server.WaitAcknowledged(x.ctx, id))
		}
		r := text("he")
		r.Buttons = []bot.Button{{Label: "Source", Action: "s:x"}}
		x.ok(x.adapter.Send(x.ctx, to, r))
		pressed, err := x.server.Press("bob", x.posts(1)[0], "Source")
		x.ok(err)
		m := x.wait(2)[1]
		if m.Action != "s:x" || m.From.Name != "bob" {
			t.Errorf("%+v", m)
		}
		source := text("the source")
		source.Private = true
		x.ok(x.adapter.Send(x.ctx, m.To, source))
		if p := x.posts(2)[1]; p.Text != "the source" || !p.Ephemeral || p.Interaction != pressed {
			t.Errorf("late %v: %+v", late, p)
		}
		calls := len(x.server.Calls(callbacks))
		got, err := x.server.WaitChoices(x.ctx, x.server.Complete("ann", "#forum", "ask", "question", "khru"))
		x.ok(err)
		if len(got) != 1 || got[0].Name != "khru" || len(x.server.Calls(callbacks)) != calls {
			t.Errorf("completions %+v, and %d calls more", got, len(x.server.Calls(callbacks))-calls)
		}
		if status, err := x.server.WaitPosted(x.ctx, id); err != nil || status != http.StatusAccepted {
			t.Errorf("status %d, %v", status, err)
		}
		x.expectAlive("messages come over the gateway all the same")
	}
}

// An interaction that comes again, over either way, is met by the bot as the same, and what
// becomes of it is known.
func TestInteractionsOverBothWays(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, overHTTP(Config{}))
	x.ready()
	id, to := x.ask("ask")
	x.ok(x.server.Redeliver(id))
	x.wait(2)
	x.ok(x.server.PostTo(x.ctx))
	x.ok(x.server.Redeliver(id)) // over the gateway, which Discord does not do
	for _, m := range x.wait(3) {
		if m.ID != bot.MessageID(id) || m.To != to { // the bot drops what it has seen
			t.Errorf("the same interaction came as %+v", m)
		}
	}
	x.ok(x.adapter.Send(x.ctx, to, text("he")))
	x.posts(1)
}

// Several processes: whichever is asked answers, and one that another answers does nothing.
func TestInteractionsOfSeveralProcesses(t *testing.T) {
	t.Parallel()
	state := clustertest.New(0)
	store := &platform.Memory{}
	x := start(t, dt.Options{}, Config{}, overHTTP(Config{Cluster: state.Join(t), Store: store}))
	y := x.beside(Config{PublicKey: x.server.PublicKey(), Cluster: state.Join(t), Store: store})
	y.adapter.timing.later = time.Millisecond // it would announce at once
	y.start(nil)
	urls := x.posted(x.adapter, y.adapter)
	id, to := x.ask("ask")
	x.ok(x.server.PostTo(x.ctx, urls[1]))
	x.ok(x.server.Redeliver(id))
	if status, err := x.server.WaitPosted(x.ctx, id); err != nil || status != http.StatusAccepted {
		t.Errorf("the other process says %d, %v", status, err)
	}
	x.server.Command("bob", "#forum", "ask", "question", "another")
	if m := y.wait(1)[0]; m.Text != "another" {
		t.Errorf("the other process was given %+v", m)
	}
	x.ok(x.adapter.Send(x.ctx, to, text("he")))
	if p := x.posts(1); len(p) != 1 || p[0].Interaction != id {
		t.Errorf("%+v", p)
	}
	if len(y.messages.All()) != 1 {
		t.Errorf("the other process was given %+v", y.messages.All())
	}
}

// A claimBarrier answers nobody who asks before so many ask.
type claimBarrier struct {
	cluster.Cluster
	asked atomic.Int32
	all   int32
	let   chan struct{}
}

func (b *claimBarrier) Claim(ctx context.Context, platform, id string) (cluster.Claim, error) {
	if b.asked.Add(1) == b.all {
		close(b.let)
	}
	select {
	case <-b.let:
		return b.Cluster.Claim(ctx, platform, id)
	case <-ctx.Done():
		return cluster.Taken, ctx.Err()
	}
}

// Whether another process answers is asked for all interactions that wait at the same time: before a
// database that is slow or far they would wait for each other, and messages behind them.
func TestInteractionsAreClaimedTogether(t *testing.T) {
	t.Parallel()
	const commands = 10
	b := &claimBarrier{Cluster: clustertest.New(0).Join(t), all: commands, let: make(chan struct{})}
	x := start(t, dt.Options{}, Config{}, func(x *running) { x.renew(Config{Cluster: b, Store: &platform.Memory{}}) })
	x.ready()
	for i := range commands {
		x.server.Command("bob", "#forum", "ask", "question", strconv.Itoa(i))
	}
	for i, m := range x.wait(commands) {
		if m.Text != strconv.Itoa(i) {
			t.Errorf("the %dth is %q", i, m.Text)
		}
	}
	select {
	case <-b.let:
	default:
		t.Errorf("%d of %d were claimed while the first waited", b.asked.Load(), commands)
	}
}

// What another process has announced, before it knew that it is not to answer, is answered
// in its place.
func TestAnnouncedByAnother(t *testing.T) {
	t.Parallel()
	state := clustertest.New(0)
	x := start(t, dt.Options{}, Config{}, overHTTP(Config{Cluster: state.Join(t)}))
	x.ready() // what comes before is refused
	_, to := x.ask("ask")
	h := mustHandle(to)
	other := x.beside(Config{Cluster: state.Join(t)})
	p, _, _ := other.adapter.interactions.add(h, false, func(*interaction) {})
	other.adapter.acknowledge(x.ctx, p)
	other.adapter.interactions.flush(func(*interaction) {})
	x.ok(x.adapter.Send(x.ctx, to, text("he")))
	if p := x.posts(1); len(p) != 1 || p[0].Text != "he" {
		t.Errorf("%+v", p)
	}
}

// What is not Discord's is refused, whatever it is.
func TestHookRefuses(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Options{}, Config{}, overHTTP(Config{}))
	now := time.Now()
	at := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	ping := `{"type":1}`
	command := `{"type":2,"id":"9","token":"t","channel_id":"5","application_id":"7","user":{"id":"6"},"data":{"name":"ask","type":1}}`
	for name, c := range map[string]struct {
		body, at, signature string // the right ones if empty
		status              int
	}{
		"right":                {ping, "", "", 200},
		"no signature":         {ping, "", " ", 401},
		"signature of another": {ping, "", x.server.Sign(at(0), []byte(`{"type":2}`)), 401},
		"short signature":      {ping, "", "00", 401},
		"long signature":       {ping, "", strings.Repeat("0", 1000), 401},
		"no hexadecimal":       {ping, "", strings.Repeat("x", 128), 401},
		"old":                  {ping, at(-hookWindow - 2*time.Second), "", 401},
		"nearly too old":       {ping, at(-hookWindow + time.Minute), "", 200},
		"of the future":        {ping, at(hookWindow + time.Minute), "", 401},
		"no time":              {ping, " ", "", 401},
		"a time that is none":  {ping, "soon", "", 401},
		"a long time":          {ping, strings.Repeat("1", 100), "", 401},
		"not JSON":             {"{", "", "", 400},
		"a kind nobody knows":  {`{"type":99}`, "", "", 503}, // before Run, as for all but PING
		"before Run":           {command, "", "", 503},
		"too long":             {`{"type":1,"x":"` + strings.Repeat("x", maxHook) + `"}`, "", "", 413},
	} {
		if c.at == "" {
			c.at = at(0)
		}
		if c.signature == "" {
			c.signature = x.server.Sign(c.at, []byte(c.body))
		}
		req := httptest.NewRequest("POST", hookPath, strings.NewReader(c.body))
		req.Header.Set("X-Signature-Timestamp", c.at)
		req.Header.Set("X-Signature-Ed25519", c.signature)
		w := httptest.NewRecorder()
		x.adapter.serveHook(w, req)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d", name, w.Code, c.status)
		}
		if s := w.Body.String(); c.status != 200 && strings.Contains(s, c.signature) && len(c.signature) > 2 {
			t.Errorf("%s: %q tells what came", name, s)
		}
	}
	req := httptest.NewRequest("POST", hookPath, io.MultiReader(strings.NewReader("{"), failing{}))
	w := httptest.NewRecorder()
	if x.adapter.serveHook(w, req); w.Code != 400 {
		t.Errorf("a body that breaks off: %d", w.Code)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("cut") }

// While it runs, what the bot has nothing for is refused, and after it everything.
func TestHookBeforeAndAfter(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{}, overHTTP(Config{}))
	x.ready()
	odd := x.server.Act(dt.Acted{From: "ann", Channel: "#forum", Type: 5, Data: map[string]any{"custom_id": "x"}})
	if status, err := x.server.WaitPosted(x.ctx, odd); err != nil || status != 400 {
		t.Errorf("a modal that this bot never showed: %d, %v", status, err)
	}
	x.ok(x.stop())
	id := x.server.Command("ann", "#forum", "ask", "question", "who?")
	if status, err := x.server.WaitPosted(x.ctx, id); err != nil || status != 503 {
		t.Errorf("after Run: %d, %v", status, err)
	}
}

// A bot that is full says so over HTTP too; completions of one person have a bound.
func TestBusyOverHTTP(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Options{}, Config{}, overHTTP(Config{}), func(x *running) { x.adapter.queueSize = 1 })
	entered, release := make(chan struct{}, 9), make(chan struct{})
	x.start(stuckUntil(release, entered))
	x.ready()
	x.server.Command("ann", "#forum", "ask", "question", "one")
	<-entered
	id := x.server.Command("ann", "#forum", "ask", "question", "two")
	if status, err := x.server.WaitPosted(x.ctx, id); err != nil || status != http.StatusAccepted {
		t.Errorf("one that waits: %d, %v", status, err)
	}
	x.server.Command("bob", "#forum", "ask", "question", "three")
	if p := x.posts(1)[0]; p.Text != busy("en") || !p.Ephemeral || p.User != "bob" {
		t.Errorf("%+v", p)
	}
	close(release)
	<-entered
	x.ok(x.stop())
}

func TestPublicKey(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"x", "00", strings.Repeat("0", 63), strings.Repeat("0", 66), strings.Repeat("g", 64)} {
		_, err := New(Config{Token: platform.NewSecret(dt.Token), PublicKey: key})
		if err == nil || !strings.Contains(err.Error(), "discord.public-key") {
			t.Errorf("%q: %v", key, err)
		}
	}
	a, err := New(Config{Token: platform.NewSecret(dt.Token)})
	if err != nil || a.HTTP() != nil {
		t.Errorf("without a key: %v, %v", a.HTTP(), err)
	}
	// A key that is no point of the curve verifies nothing.
	if signed(bytes.Repeat([]byte{2}, 32), http.Header{"X-Signature-Ed25519": {strings.Repeat("0", 128)}}, nil, time.Now()) {
		t.Error("an impossible key verifies")
	}
}

// FuzzHook posts anything, signed or not.
func FuzzHook(f *testing.F) {
	s := dt.New(dt.Options{})
	f.Cleanup(s.Close)
	a, err := New(Config{Token: platform.NewSecret(dt.Token), Endpoint: s.Endpoint(), PublicKey: s.PublicKey()})
	if err != nil {
		f.Fatal(err)
	}
	now := strconv.FormatInt(time.Now().Unix(), 10)
	f.Add([]byte(interactionJSON(`{}`)), now, "", true)
	f.Add([]byte(`{"type":1}`), now, "00", false)
	f.Add([]byte(`{"type":4,"data":{"options":[null]}}`), "x", strings.Repeat("0", 128), true)
	f.Fuzz(func(t *testing.T, body []byte, at, signature string, sign bool) {
		if sign {
			signature = s.Sign(at, body)
		}
		req := httptest.NewRequest("POST", hookPath, bytes.NewReader(body))
		req.Header = http.Header{"X-Signature-Timestamp": {at}, "X-Signature-Ed25519": {signature}}
		w := httptest.NewRecorder()
		a.serveHook(w, req)
		raw, err := hex.DecodeString(signature)
		if w.Code < 500 && w.Code != 401 && (err != nil || len(raw) != 64) {
			t.Errorf("status %d for a signature of %d bytes", w.Code, len(raw))
		}
		if sign && len(body) > 0 {
			var i interactionPayload
			if platform.Decode(body, &i) == nil {
				_, _, _ = convertInteraction(a.known, &i, time.Now())
			}
		}
	})
}
