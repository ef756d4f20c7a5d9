package discord

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/discord/discordtest"
	"footnote/knowledge"
)

// The size of TestLoad; the figures in RELIABILITY.md were made with
//
//	go test ./bot/discord -run TestLoad -v -load.messages 200000 -load.chats 5000
var (
	loadMessages = flag.Int("load.messages", 1000, "messages that TestLoad sends through the fake")
	loadChats    = flag.Int("load.chats", 50, "chats they come from")
)

// inFlight is how many messages are asked and not yet answered in a load.
const inFlight = 500

// A load is people asking through a fake, and counting what comes back.
type load struct {
	server *discordtest.Server
	slots  chan struct{}
	posts  chan posted
	done   chan struct{} // closed when everything that was posted is counted
	chats  []loadChat

	answered atomic.Int64
	disorder atomic.Int64 // answers that overtook one in the same chat
	doubled  atomic.Int64 // answers to what was answered already
	took     []time.Duration
}

type loadChat struct {
	name  string
	mu    sync.Mutex
	asked map[string]time.Time // by message id
	last  string               // the last message answered; snowflakes of one length sort as text
}

type posted struct {
	chat int
	to   string
	at   time.Time
}

func newLoad(t testing.TB, chats int, k discordtest.Knobs) *load {
	l := &load{
		slots: make(chan struct{}, inFlight), posts: make(chan posted, 2*inFlight), done: make(chan struct{}),
		chats: make([]loadChat, chats),
	}
	for i := range l.chats {
		l.chats[i].name = fmt.Sprint("person ", i)
		l.chats[i].asked = map[string]time.Time{}
	}
	k.Forgetful = true
	k.OnPost = func(p discordtest.Post) {
		var chat int
		_, _ = fmt.Sscanf(p.User, "person %d", &chat)
		l.posts <- posted{chat, p.ReplyTo, time.Now()}
	}
	l.server = discordtest.New(k)
	go l.count()
	t.Cleanup(func() {
		l.server.Close()
		close(l.posts)
		<-l.done
		for _, v := range l.server.Violations() {
			t.Error(v)
		}
	})
	return l
}

func (l *load) count() {
	defer close(l.done)
	for p := range l.posts {
		c := &l.chats[p.chat]
		c.mu.Lock()
		at, ok := c.asked[p.to]
		delete(c.asked, p.to)
		if p.to < c.last {
			l.disorder.Add(1)
		}
		c.last = max(c.last, p.to)
		c.mu.Unlock()
		if !ok {
			l.doubled.Add(1)
			continue
		}
		l.took = append(l.took, p.at.Sub(at))
		l.answered.Add(1)
		<-l.slots
	}
}

// ask sends n messages, the chats in turn, with at most atOnce unanswered, and
// waits for the answers.
func (l *load) ask(t testing.TB, n, atOnce int) {
	patience := time.After(10 * time.Minute)
	for range inFlight - atOnce {
		l.slots <- struct{}{}
	}
	for i := range n {
		select {
		case l.slots <- struct{}{}:
		case <-patience:
			t.Fatalf("stuck after %d messages, %d answered", i, l.answered.Load())
		}
		c := &l.chats[i%len(l.chats)]
		c.mu.Lock()
		begun := time.Now()
		c.asked[l.server.DM(c.name, "Who spoke in 1956?")] = begun
		c.mu.Unlock()
	}
	for range atOnce { // until the last are answered
		select {
		case l.slots <- struct{}{}:
		case <-patience:
			t.Fatalf("%d of %d answered", l.answered.Load(), n)
		}
	}
	for range inFlight {
		<-l.slots
	}
}

func (l *load) quantile(q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(l.took))
	return sorted[int(float64(len(sorted)-1)*q)]
}

// decliner answers nothing, so that the load is the adapter's and the bot's.
type decliner struct{ base *knowledge.Base }

func (d decliner) Match(answers.Query) answers.Result {
	return answers.Result{Outcome: answers.Declined}
}
func (d decliner) Base() *knowledge.Base { return d.base }

// begin runs the real bot over the adapter against the load's fake.
func (l *load) begin(t testing.TB) (stop func()) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Config{Token: discordtest.Token, Endpoint: l.server.Endpoint(), Commands: []bot.CommandText{}})
	if err != nil {
		t.Fatal(err)
	}
	b := bot.New(bot.Config{Answerer: decliner{base}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx, a) }()
	if err := l.server.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// None is lost, none doubled, each chat keeps its order, and nothing grows.
func TestLoad(t *testing.T) {
	l := newLoad(t, *loadChats, discordtest.Knobs{})
	stop := l.begin(t)
	defer stop()
	l.ask(t, min(*loadChats, *loadMessages), inFlight) // every chat is known from here on
	before, heap := runtime.NumGoroutine(), liveHeap()
	began, answered := time.Now(), l.answered.Load()
	l.took = slices.Grow(l.took[:0], *loadMessages)
	l.ask(t, *loadMessages, inFlight)
	d := time.Since(began)
	after, heapAfter := runtime.NumGoroutine(), liveHeap()
	if n := l.answered.Load() - answered; n != int64(*loadMessages) {
		t.Errorf("%d answers to %d messages", n, *loadMessages)
	}
	if l.disorder.Load()+l.doubled.Load() != 0 {
		t.Errorf("%d answers out of order, %d doubled", l.disorder.Load(), l.doubled.Load())
	}
	if after > before+2*inFlight {
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

// BenchmarkThroughput sets the whole bot beside a bare echo bot on the library's
// defaults, in one run against the same fake: with nothing between them, where
// processors are the limit, and with messages that take two milliseconds to post,
// a tenth of what Discord takes.
func BenchmarkThroughput(b *testing.B) {
	for _, network := range []struct {
		name  string
		delay time.Duration
	}{{"loopback", 0}, {"2ms", 2 * time.Millisecond}} {
		for _, x := range bots {
			b.Run(network.name+"/"+x.name, func(b *testing.B) {
				l := newLoad(b, 500, discordtest.Knobs{Lenient: x.lenient, Delay: network.delay})
				defer x.begin(l, b)()
				b.ResetTimer()
				l.ask(b, b.N, inFlight)
				b.StopTimer()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
				b.ReportMetric(100*float64(l.disorder.Load())/float64(b.N), "%disorder")
			})
		}
	}
}

// BenchmarkOne is one question at a time: what the bot adds to the way there and
// back.
func BenchmarkOne(b *testing.B) {
	for _, x := range bots {
		b.Run(x.name, func(b *testing.B) {
			l := newLoad(b, 50, discordtest.Knobs{Lenient: x.lenient})
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
	name    string
	lenient bool
	begin   func(*load, testing.TB) func()
}{
	{"footnote", false, (*load).begin},
	{"library", true, (*load).echo},
}

// echo is the bot that the library's own example is: a handler that replies.
func (l *load) echo(t testing.TB) (stop func()) {
	s, err := discordgo.New("Bot " + discordtest.Token)
	if err != nil {
		t.Fatal(err)
	}
	s.Client = &http.Client{Transport: toFake{l.server.Endpoint(), http.DefaultTransport.(*http.Transport).Clone()}}
	s.Identify.Intents = discordgo.IntentGuildMessages | discordgo.IntentDirectMessages
	s.AddHandler(func(s *discordgo.Session, m *discordgo.MessageCreate) {
		// What ChannelMessageSendReply does, with a body that the fake takes.
		path := discordgo.EndpointChannelMessages(m.ChannelID)
		_, _ = s.RequestWithBucketID("POST", path, map[string]any{
			"content": m.Content, "flags": discordgo.MessageFlagsSuppressEmbeds, "message_reference": map[string]string{"message_id": m.ID},
			"allowed_mentions": map[string]any{"parse": []string{}}, "nonce": m.ID, "enforce_nonce": true,
		}, path)
	})
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		s.Client.CloseIdleConnections()
	}
}

// toFake sends what the library sends to Discord to the fake.
type toFake struct {
	endpoint string
	next     *http.Transport
}

func (f toFake) CloseIdleConnections() { f.next.CloseIdleConnections() }

func (f toFake) RoundTrip(r *http.Request) (*http.Response, error) {
	path := strings.TrimPrefix(r.URL.Path, "/api")
	if strings.HasSuffix(path, "/gateway") {
		path += "/bot" // the fake has only this one, which says the same and more
	}
	r = r.Clone(r.Context())
	to, err := http.NewRequest(r.Method, f.endpoint+path, nil)
	if err != nil {
		return nil, err
	}
	r.URL, r.Host = to.URL, ""
	return f.next.RoundTrip(r)
}
