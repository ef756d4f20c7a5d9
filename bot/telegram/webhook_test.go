package telegram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/cluster/clustertest"
	"footnote/bot/httpserver"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// listen starts a listener as a program has one.
func listen(t testing.TB) *httpserver.Server {
	t.Helper()
	s, err := httpserver.Listen(httpserver.Config{Address: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(s.Close)
	return s
}

func mount(s *httpserver.Server, a *telegram.Adapter) {
	for pattern, h := range a.HTTP() {
		s.Mount(pattern, h)
	}
}

// hooked starts an adapter with a webhook at a listener of its own, whose address is told
// to Telegram, or to the balancer before it.
func hooked(t testing.TB, server *telegramtest.Server, c telegram.Config, deliver bot.DeliverFunc) (*running, *httpserver.Server) {
	t.Helper()
	l := listen(t)
	if c.Webhook == "" {
		c.Webhook = "http://" + l.Address()
	}
	s := start(t, server, c, deliver)
	mount(l, s.Adapter)
	return s, l
}

// settle is a deliver that takes everything and says at once that it is settled.
func (s *running) settle(ctx context.Context, m bot.Message) error {
	err := s.messages.Collect(ctx, m)
	if m.Settled != nil {
		m.Settled()
	}
	return err
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	var s *running
	s, _ = hooked(t, server, telegram.Config{}, func(ctx context.Context, m bot.Message) error { return s.settle(ctx, m) })
	must(t, server.WaitWebhook(within(t)))
	s.says("one", "two", "three")
	if got := texts(s.heard(3)); !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("delivered %q", got)
	}
	p := server.Calls("setWebhook")[0].Params
	if p.Get("max_connections") != "100" || p.Get("allowed_updates") != `["message","callback_query"]` || p.Get("drop_pending_updates") != "" {
		t.Errorf("set with %v", p)
	}
	if n := len(p.Get("secret_token")); n != 64 {
		t.Errorf("a secret of %d letters", n)
	}
	must(t, server.WaitDeliveries(within(t), 3))
	must(t, s.stop())
	if server.Webhook() == "" {
		t.Error("a stop removes the webhook: what comes meanwhile would be lost to whoever has it next")
	}
	if server.Count("getUpdates") > 0 {
		t.Error("it polls too")
	}
	for _, secret := range []string{p.Get("secret_token"), strings.TrimPrefix(s.WebhookURL(), "http://")} {
		if strings.Contains(s.log.String(), secret) {
			t.Error("the log holds what nobody may know of the webhook")
		}
	}
	// What comes while nobody listens waits at Telegram.
	s.says("meanwhile")
	must(t, server.WaitDeliveries(within(t), 4))
	if server.Unconfirmed() != 1 {
		t.Errorf("%d updates wait", server.Unconfirmed())
	}
}

// Back to polling, the webhook is removed, and what waited comes.
func TestWebhookEndsWithPolling(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s, _ := hooked(t, server, telegram.Config{}, nil)
	must(t, server.WaitWebhook(within(t)))
	must(t, s.stop())
	s.says("waits")
	must(t, server.WaitDeliveries(within(t), 1))
	poller := start(t, server, telegram.Config{}, nil)
	if got := texts(poller.heard(1)); !slices.Equal(got, []string{"waits"}) {
		t.Errorf("delivered %q", got)
	}
	if server.Webhook() != "" {
		t.Error("the webhook is still set")
	}
}

// An update is acknowledged when its answer went out, and so the next of its chat comes only
// then, while other chats go on.
func TestWebhookWaitsForTheAnswer(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	var mu sync.Mutex
	settle := map[string]func(){}
	var s *running
	s, _ = hooked(t, server, telegram.Config{}, func(ctx context.Context, m bot.Message) error {
		mu.Lock()
		settle[m.Text] = m.Settled
		mu.Unlock()
		return s.messages.Collect(ctx, m)
	})
	must(t, server.WaitWebhook(within(t)))
	ann, bob := server.Person("ann"), server.Person("bob")
	server.Say(ann, server.Private(ann), "a1", nil)
	server.Say(ann, server.Private(ann), "a2", nil)
	s.heard(1)
	server.Say(bob, server.Private(bob), "b1", nil)
	if got := texts(s.heard(2)); !slices.Equal(got, []string{"a1", "b1"}) {
		t.Errorf("delivered %q before the first was answered", got)
	}
	mu.Lock()
	settle["a1"]()
	mu.Unlock()
	if got := texts(s.heard(3)); !slices.Equal(got, []string{"a1", "b1", "a2"}) {
		t.Errorf("delivered %q", got)
	}
	mu.Lock()
	defer mu.Unlock()
	for _, done := range settle { // else the end waits for those who asked
		done()
	}
}

// An answer that takes long is not waited for for ever: Telegram would send it again.
func TestWebhookWaitsNotForEver(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s, _ := hooked(t, server, telegram.WithWebhookTimes(telegram.Config{}, 30*time.Millisecond, 0), nil) // settles nothing
	must(t, server.WaitWebhook(within(t)))
	s.says("one", "two")
	s.heard(2)
	must(t, server.WaitDeliveries(within(t), 2))
	for _, d := range server.Deliveries() {
		if d.Status != 200 || d.Took < 30*time.Millisecond {
			t.Errorf("%+v", d)
		}
	}
}

// While the bot is full Telegram is told when to come again, and nothing is lost or doubled.
func TestWebhookIsFull(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{RetrySecond: 50 * time.Millisecond})
	var mu sync.Mutex
	full := true
	var s *running
	s, _ = hooked(t, server, telegram.WithAcceptWithin(telegram.Config{}, 100*time.Millisecond), func(ctx context.Context, m bot.Message) error {
		mu.Lock()
		defer mu.Unlock()
		if full {
			full = false
			<-ctx.Done()
			return ctx.Err()
		}
		return s.settle(ctx, m)
	})
	must(t, server.WaitWebhook(within(t)))
	s.says("patience", "more")
	if got := texts(s.heard(2)); !slices.Equal(got, []string{"patience", "more"}) {
		t.Errorf("delivered %q", got)
	}
	if d := server.Deliveries()[0]; d.Status != http.StatusServiceUnavailable {
		t.Errorf("the first try: %+v", d)
	}
}

// Who has not the path and the secret learns nothing, whatever is sent.
func TestWebhookRefusesOthers(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	var s *running
	s, l := hooked(t, server, telegram.Config{}, func(ctx context.Context, m bot.Message) error { return s.settle(ctx, m) })
	must(t, server.WaitWebhook(within(t)))
	right, secret := s.WebhookURL(), server.WebhookSecret()
	at := "http://" + l.Address()
	said := `{"update_id":5,"message":{"message_id":7,"from":{"id":5},"chat":{"id":5,"type":"private"},"date":1,"text":"hello"}}`
	for name, x := range map[string]struct {
		method, url, secret, body string
		status                    int
	}{
		"no secret":              {"POST", right, "", said, 404},
		"another secret":         {"POST", right, strings.Repeat("a", 64), said, 404},
		"half a secret":          {"POST", right, secret[:32], said, 404},
		"another path":           {"POST", at + "/telegram/" + strings.Repeat("a", 32), secret, said, 404},
		"no path":                {"POST", at + "/telegram/", secret, said, 404},
		"another method":         {"GET", right, secret, "", 405},
		"another method, nobody": {"GET", at + "/telegram/x", "", "", 405},
		"too large":              {"POST", right, secret, strings.Repeat(" ", httpserver.MaxBody+1), 413},
		"no JSON":                {"POST", right, secret, "x", 200}, // Telegram would bring it for a day
		"null":                   {"POST", right, secret, "null", 200},
		"without a number":       {"POST", right, secret, `{"message":{}}`, 200},
		"poisoned":               {"POST", right, secret, `{"update_id":6,"message":{"message_id":"seven"}}`, 200},
		"nothing known":          {"POST", right, secret, `{"update_id":8,"brand_new_kind":{"x":1}}`, 200},
		"right":                  {"POST", right, secret, said, 200},
	} {
		r, err := http.NewRequestWithContext(t.Context(), x.method, x.url, strings.NewReader(x.body))
		must(t, err)
		if x.secret != "" {
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", x.secret)
		}
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		if err != nil {
			if name != "too large" { // the connection is cut where a body goes on
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		resp.Body.Close()
		if resp.StatusCode != x.status {
			t.Errorf("%s: %d, want %d", name, resp.StatusCode, x.status)
		}
	}
	if got := texts(s.heard(1)); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("delivered %q", got)
	}
	s.logged("skipped", "wrong type at message.message_id")
	must(t, s.stop())
	r, err := http.NewRequestWithContext(context.Background(), "POST", right, strings.NewReader(said))
	must(t, err)
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	must(t, err)
	resp.Body.Close()
	if resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("after the end: %d, come again in %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
}

// Another program's webhook, or none where ours was, is set right.
func TestWebhookIsKept(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	server.SetWebhook("https://example.org/secret-path")
	s, _ := hooked(t, server, telegram.WithWebhookTimes(telegram.Config{}, 0, 10*time.Millisecond), nil)
	must(t, server.WaitWebhook(within(t)))
	must(t, server.WaitCount(within(t), "setWebhook", 1))
	server.SetWebhook("")
	must(t, server.WaitCount(within(t), "setWebhook", 2))
	must(t, server.WaitWebhook(within(t)))
	if server.Webhook() != s.WebhookURL() {
		t.Error("another webhook is set")
	}
	if strings.Contains(s.log.String(), "secret-path") {
		t.Error("another's webhook is in the log")
	}
	must(t, server.WaitCount(within(t), "getWebhookInfo", server.Count("getWebhookInfo")+3))
	if st := s.Status(); !st.Connected {
		t.Errorf("status %+v", st)
	}
	if n := server.Count("setWebhook"); n != 2 {
		t.Errorf("set %d times", n)
	}
}

// What keeps the webhook from being set is told, and tried again where that may help.
func TestWebhookIsRefused(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	server.Fail("setWebhook", telegramtest.BadRequest("bad webhook: Failed to resolve host: Name or service not known"), telegramtest.TooMany(0), telegramtest.BadGateway())
	s, _ := hooked(t, server, telegram.Config{}, nil)
	must(t, server.WaitWebhook(within(t)))
	s.logged("Failed to resolve host")
	must(t, s.stop())

	server = fake(t, telegramtest.Options{})
	server.Fail("setWebhook", telegramtest.BadRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"))
	s, _ = hooked(t, server, telegram.Config{}, nil)
	if err := s.ended(); err == nil || !strings.Contains(err.Error(), "telegram.webhook is refused") {
		t.Errorf("ended with %v", err)
	}
}

// Of several processes one sets the webhook, any takes updates, and the order of a chat is
// kept over all of them.
func TestWebhookOfSeveralProcesses(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{RetrySecond: 50 * time.Millisecond})
	state := clustertest.New(0)
	base := bottest.Embedded(t)
	var hosts []string
	type process struct {
		stop  context.CancelFunc
		ended chan error
	}
	var all []process
	for range 3 {
		l := listen(t)
		hosts = append(hosts, l.Address())
		m := state.Join(t)
		c := telegram.WithWebhookTimes(telegram.Config{
			Token: platform.NewSecret(telegramtest.Token), Endpoint: server.URL(), Webhook: "http://bot.example.org", Cluster: m, Commands: bottest.Commands(),
		}, 0, 20*time.Millisecond)
		a, err := telegram.New(c)
		must(t, err)
		mount(l, a)
		b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}, InDelivery: func(c *bot.Config) { c.Cluster = m }}.New()
		ctx, stop := context.WithCancel(t.Context())
		p := process{stop, make(chan error, 1)}
		go func() { p.ended <- b.Run(ctx, a) }()
		all = append(all, p)
	}
	server.Balance(hosts...)
	must(t, server.WaitWebhook(within(t)))
	const people, each = 6, 4
	var said []json.RawMessage
	for n := range each {
		for i := range people {
			p := server.Person(fmt.Sprint("p", i))
			said = append(said, server.Say(p, server.Private(p), fmt.Sprintf("/search %d", n), nil).Raw)
		}
		if n == each/2 { // one goes; if it looks after the webhook, another takes that over
			_, err := server.WaitSent(within(t), n*people)
			must(t, err)
			all[0].stop()
			must(t, <-all[0].ended)
			server.Balance(hosts[1:]...)
		}
	}
	sent, err := server.WaitSent(within(t), people*each)
	must(t, err)
	replied := map[int64][]int64{}
	for _, m := range sent {
		replied[m.Chat] = append(replied[m.Chat], m.ReplyTo)
	}
	for chat, all := range replied {
		if !slices.IsSorted(all) || len(all) != each || len(slices.Compact(all)) != each {
			t.Errorf("in chat %d the replies were to %v", chat, all)
		}
	}
	// Each update comes again, to whichever process: none is answered twice.
	before := len(server.Deliveries())
	for _, raw := range said {
		server.Repeat(raw)
	}
	must(t, server.WaitDeliveries(within(t), before+len(said)))
	if n := len(server.Sent()); n != people*each {
		t.Errorf("%d replies to %d messages that came twice", n, people*each)
	}
	targets := map[string]int{}
	for _, d := range server.Deliveries() {
		targets[d.Target]++
	}
	if len(targets) != 3 {
		t.Errorf("updates went to %v", targets)
	}
	if n := server.Count("setWebhook"); n != 1 {
		t.Errorf("the webhook was set %d times", n)
	}
	if server.Webhook() == "" {
		t.Error("the stop of one process has removed the webhook")
	}
	for _, p := range all[1:] {
		p.stop()
		must(t, <-p.ended)
	}
}

func TestWebhookAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://bot.example.org":        "",
		"https://bot.example.org:8443/x": "",
		"http://bot.example.org":         "https alone",
		"https://bot.example.org:8080":   "443, 80, 88 and 8443",
		"bot.example.org":                "must be an https address",
		"https://u:p@example.org":        "must be an https address",
		"https://example.org/{x}":        "must be an https address",
	} {
		a, err := telegram.New(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Webhook: address})
		switch {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %q", address, err, want)
		case err == nil && strings.Contains(fmt.Sprintf("%+v", a.HTTP()), a.WebhookURL()):
			t.Errorf("%s: the path that nobody may know prints", address)
		}
	}
	if a, err := telegram.New(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Webhook: "https://example.org/bots/one/"}); err != nil || len(a.HTTP()) != 2 {
		t.Errorf("with a path: %v", err)
	}
}

// FuzzWebhook: whatever is sent with the right secret, it is taken or refused, and what can
// be delivered is.
func FuzzWebhook(f *testing.F) {
	server := telegramtest.Start(f, telegramtest.Options{Forget: true})
	l := listen(f)
	a, err := telegram.New(telegram.WithWebhookTimes(telegram.Config{
		Token: platform.NewSecret(server.Token()), Endpoint: server.URL(), Webhook: "http://" + l.Address(), Commands: bottest.Commands(),
	}, time.Millisecond, 0))
	must(f, err)
	run := bottest.Go(f, func(ctx context.Context) error {
		return a.Run(ctx, func(_ context.Context, m bot.Message) error {
			if m.To.Platform != telegram.Platform || m.To.Chat == "" {
				f.Errorf("delivered %+v", m.To)
			}
			return nil
		})
	})
	f.Cleanup(func() { _ = run.Stop() })
	ctx, cancel := context.WithTimeout(context.Background(), bottest.Patience)
	defer cancel()
	must(f, server.WaitWebhook(ctx))
	for _, seed := range []string{
		`{"update_id":5,"message":{"message_id":7,"from":{"id":5},"chat":{"id":5,"type":"private"},"date":1,"text":"hello"}}`,
		`{"update_id":5,"callback_query":{"id":"1","from":{"id":5},"data":"1:x"}}`,
		`{"update_id":5,"inline_query":{"id":"1","from":{"id":5},"query":"x"}}`,
		`{"update_id":1e99}`, `null`, `[]`, ``, `{"update_id":6,"message":{"message_id":"seven"}}`,
	} {
		f.Add([]byte(seed))
	}
	mux := http.NewServeMux()
	for pattern, h := range a.HTTP() {
		mux.Handle(pattern, h)
	}
	secret := server.WebhookSecret()
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest("POST", a.WebhookURL(), bytes.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 503 {
			t.Errorf("status %d", w.Code)
		}
	})
}
