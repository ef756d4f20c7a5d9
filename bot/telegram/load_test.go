package telegram_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
	"footnote/knowledge"
)

// The size of TestLoad; the figures in the documentation were made with
//
//	go test ./bot/telegram -run TestLoad -v -load.messages 200000 -load.chats 5000
var (
	loadMessages = flag.Int("load.messages", 1000, "messages that TestLoad sends through the fake")
	loadChats    = flag.Int("load.chats", 50, "chats they come from")
)

// inFlight is how many messages are asked and not yet answered in a load.
const inFlight = 500

// A load is people asking through a fake, and counting what comes back.
type load struct {
	server *telegramtest.Server
	chats  int
	slots  chan struct{}
	last   []atomic.Int64 // by chat: the last message answered
	asked  []map[int64]time.Time
	mu     []sync.Mutex
	sent   atomic.Int64
	wrong  atomic.Int64 // answered twice or out of order
	took   []time.Duration
	tookMu sync.Mutex
}

func newLoad(t testing.TB, chats int, delay time.Duration) *load {
	l := &load{chats: chats, slots: make(chan struct{}, inFlight), last: make([]atomic.Int64, chats), mu: make([]sync.Mutex, chats), asked: make([]map[int64]time.Time, chats)}
	for i := range l.asked {
		l.asked[i] = map[int64]time.Time{}
	}
	l.server = telegramtest.New(t, telegramtest.Options{Forget: true, OnSent: l.answered, Delay: delay})
	return l
}

func (l *load) answered(m telegramtest.Sent) {
	chat := int(m.Chat - 500_000_000)
	if m.ReplyTo <= l.last[chat].Swap(m.ReplyTo) {
		l.wrong.Add(1)
	}
	l.mu[chat].Lock()
	at, ok := l.asked[chat][m.ReplyTo]
	delete(l.asked[chat], m.ReplyTo)
	l.mu[chat].Unlock()
	if !ok {
		l.wrong.Add(1)
	} else {
		l.tookMu.Lock()
		l.took = append(l.took, time.Since(at))
		l.tookMu.Unlock()
	}
	l.sent.Add(1)
	<-l.slots
}

// ask sends n messages, the chats in turn, with at most atOnce unanswered, and
// waits for the answers.
func (l *load) ask(t testing.TB, n, atOnce int) {
	for range inFlight - atOnce {
		l.slots <- struct{}{}
	}
	people := make([]telegramtest.Person, l.chats)
	for i := range people {
		people[i] = l.server.Person(fmt.Sprint("person ", i))
	}
	for i := range n {
		select {
		case l.slots <- struct{}{}:
		case <-time.After(patience):
			t.Fatalf("stuck after %d messages, %d answered", i, l.sent.Load())
		}
		chat := i % l.chats
		l.mu[chat].Lock()
		said := l.server.Say(people[chat], l.server.Private(people[chat]), "Who spoke in 1956?", nil)
		l.asked[chat][said.Message] = time.Now()
		l.mu[chat].Unlock()
	}
	for range atOnce { // until the last are answered
		select {
		case l.slots <- struct{}{}:
		case <-time.After(patience):
			t.Fatalf("%d of %d answered", l.sent.Load(), n)
		}
	}
	for range inFlight {
		<-l.slots
	}
}

func (l *load) quantile(q float64) time.Duration {
	slices.Sort(l.took)
	return l.took[int(float64(len(l.took)-1)*q)]
}

// decliner answers nothing, so that the load is the adapter's and the bot's.
type decliner struct{ base *knowledge.Base }

func (d decliner) Match(answers.Query) answers.Result {
	return answers.Result{Outcome: answers.Declined}
}
func (d decliner) Base() *knowledge.Base { return d.base }

// begin runs the real bot over the adapter against the load's fake.
func (l *load) begin(t testing.TB, c telegram.Clock) (stop func()) {
	base, err := knowledge.Embedded()
	must(t, err)
	b := bot.New(bot.Config{Answerer: decliner{base}})
	a, err := telegram.New(telegram.Config{Token: telegramtest.Token, Endpoint: l.server.URL(), Clock: c})
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx, a) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		a.Close()
	})
}

// None is lost, none doubled, each chat keeps its order, and nothing grows.
func TestLoad(t *testing.T) {
	l := newLoad(t, *loadChats, 0)
	stop := l.begin(t, nil)
	defer stop()
	l.ask(t, min(*loadChats, *loadMessages), inFlight) // every chat is known from here on
	before, heap := runtime.NumGoroutine(), liveHeap()
	began, answered := time.Now(), l.sent.Load()
	l.took = slices.Grow(l.took[:0], *loadMessages)
	l.ask(t, *loadMessages, inFlight)
	d := time.Since(began)
	after, heapAfter := runtime.NumGoroutine(), liveHeap()
	if n := l.sent.Load() - answered; n != int64(*loadMessages) {
		t.Errorf("%d answers to %d messages", n, *loadMessages)
	}
	if n := l.wrong.Load(); n != 0 {
		t.Errorf("%d answers doubled or out of order", n)
	}
	if after > before+4*inFlight {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
	t.Logf("%d messages of %d chats in %v: %.0f a second, p50 %v and p99 %v with %d in flight; %d goroutines before and %d after; live heap %d MB before and %d MB after, fake and bookkeeping included",
		*loadMessages, *loadChats, d.Round(time.Millisecond), float64(*loadMessages)/d.Seconds(), l.quantile(.5).Round(time.Microsecond), l.quantile(.99).Round(time.Microsecond),
		inFlight, before, after, heap>>20, heapAfter>>20)
}

// liveHeap is what is left after collecting.
func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// However the polls fail, and whether or not Telegram had handed updates out by
// then, each question is answered exactly once and in order.
func TestChaos(t *testing.T) {
	l := newLoad(t, 20, 0)
	half := telegramtest.Fault{Page: &telegramtest.Page{Status: 200, Body: `{"ok":true,"result":[{"update_id":10`}}
	faults := []telegramtest.Fault{{Reset: true}, {Lost: true}, telegramtest.BadGateway(), telegramtest.OtherPoller(), half,
		{Refusal: &telegramtest.Refusal{Code: 500, Text: "Internal Server Error"}}, telegramtest.TooMany(3 * time.Second)}
	stop := l.begin(t, newClock())
	defer stop()
	const rounds, each = 15, 40
	for i := range rounds {
		for j := range 3 {
			l.server.Fail("getUpdates", faults[(i+j*3)%len(faults)])
		}
		if i%3 == 0 {
			l.server.CutPoll()
		}
		l.ask(t, each, inFlight)
		must(t, l.server.WaitCount(within(t), "getUpdates", 3*(i+1)))
	}
	if n := l.sent.Load(); n != rounds*each || l.wrong.Load() != 0 {
		t.Errorf("%d answers to %d questions, %d doubled or out of order", n, rounds*each, l.wrong.Load())
	}
}

// BenchmarkThroughput sets the whole bot beside a bare echo bot on the library's
// defaults, in one run against the same fake: with nothing between them, where
// processors are the limit, and with messages that take two milliseconds to post,
// a tenth of what Telegram takes.
func BenchmarkThroughput(b *testing.B) {
	for _, network := range []struct {
		name  string
		delay time.Duration
	}{{"loopback", 0}, {"2ms", 2 * time.Millisecond}} {
		for _, x := range bots {
			b.Run(network.name+"/"+x.name, func(b *testing.B) {
				l := newLoad(b, 500, network.delay)
				defer x.begin(l, b)()
				b.ResetTimer()
				l.ask(b, b.N, inFlight)
				b.StopTimer()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
				b.ReportMetric(float64(l.wrong.Load()), "wrong")
			})
		}
	}
}

// BenchmarkOne is one question at a time: what the bot adds to the way there and
// back.
func BenchmarkOne(b *testing.B) {
	for _, x := range bots {
		b.Run(x.name, func(b *testing.B) {
			l := newLoad(b, 50, 0)
			defer x.begin(l, b)()
			l.ask(b, 50, 1)
			l.took = l.took[:0]
			b.ResetTimer()
			l.ask(b, b.N, 1)
			b.StopTimer()
			b.ReportMetric(float64(l.quantile(.5).Microseconds()), "p50-µs")
			b.ReportMetric(float64(l.quantile(.99).Microseconds()), "p99-µs")
		})
	}
}

var bots = []struct {
	name  string
	begin func(*load, testing.TB) func()
}{
	{"footnote", func(l *load, t testing.TB) func() { return l.begin(t, nil) }},
	{"library", func(l *load, t testing.TB) func() { return echo(t, l.server) }},
}

// echo is the bot that the library's own example is.
func echo(t testing.TB, server *telegramtest.Server) (stop func()) {
	_ = tgbotapi.SetLogger(nothing{})
	client := &http.Client{Transport: legacy{http.DefaultTransport.(*http.Transport).Clone()}}
	api, err := tgbotapi.NewBotAPIWithClient(server.Token(), server.URL()+"/bot%s/%s", client)
	must(t, err)
	c := tgbotapi.NewUpdate(0)
	c.Timeout, c.AllowedUpdates = 50, []string{"message"}
	updates := api.GetUpdatesChan(c)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for u := range updates {
			m := tgbotapi.NewMessage(u.Message.Chat.ID, u.Message.Text)
			m.ReplyToMessageID = u.Message.MessageID
			if _, err := api.Send(m); err != nil {
				return
			}
		}
	}()
	return func() {
		api.StopReceivingUpdates()
		server.Close()
		<-done
		client.CloseIdleConnections()
	}
}

type nothing struct{}

func (nothing) Println(...any)        {}
func (nothing) Printf(string, ...any) {}

// legacy writes the library's old parameters as the new ones that the fake takes.
type legacy struct{ next *http.Transport }

func (l legacy) CloseIdleConnections() { l.next.CloseIdleConnections() }

func (l legacy) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s := string(body)
	if strings.HasSuffix(r.URL.Path, "/sendMessage") {
		form, rest, _ := strings.Cut(s, "reply_to_message_id=")
		id, rest, _ := strings.Cut(rest, "&")
		n, err := strconv.Atoi(id)
		if err != nil {
			return nil, err
		}
		s = strings.ReplaceAll(form+rest, "entities=null&", "") + fmt.Sprintf("&reply_parameters=%%7B%%22message_id%%22:%d%%7D&link_preview_options=%%7B%%22is_disabled%%22:true%%7D", n)
	}
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(s)), int64(len(s))
	return l.next.RoundTrip(r)
}
