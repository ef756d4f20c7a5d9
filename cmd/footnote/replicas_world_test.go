//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/store/pgtest"
	"footnote/bot/telegram/telegramtest"
)

// A world is a bot of several processes, both platforms, a database behind a network that can
// be made bad, and a balancer before the processes.
type world struct {
	t        *testing.T
	server   *pgtest.Server
	direct   string         // the address of the database
	network  *bottest.Proxy // before it
	peer     *telegramtest.Server
	guild    *discordtest.Server
	balancer *balancer
	webhooks bool
	shards   int
	replicas []*runs
	traffic  *traffic
}

// Options of a world.
type worldOptions struct {
	replicas   int
	webhooks   bool // Telegram over webhooks and commands over HTTP
	shards     int  // 2 if 0
	startsLeft int  // Discord's session_start_limit; 1000 if 0
	stranger   bool // somebody identifies who asks none of the processes
	env        func(replica int) []string
}

// A runs is one of the processes.
type runs struct {
	w      *world
	number int
	env    []string
	cmd    *exec.Cmd
	log    *bottest.Log
	ended  chan struct{}
}

// identifyEvery is Discord's pause between two Identifies of a bucket, less a second that one may
// be on its way where the machine is busy.
const identifyEvery = 4 * time.Second

func newWorld(t *testing.T, server *pgtest.Server, o worldOptions) *world {
	t.Helper()
	direct, err := server.NewDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, server: server, direct: direct, network: bottest.NewProxy(t, server.Address()), webhooks: o.webhooks, shards: max(o.shards, 2), traffic: newTraffic()}
	w.peer = telegramtest.Start(t, telegramtest.Options{OnSent: w.traffic.sentOnTelegram})
	discord := discordtest.Options{Shards: w.shards, Concurrency: 16, IdentifyEvery: identifyEvery, StartsLeft: o.startsLeft, OnSent: w.traffic.sentOnDiscord}
	if o.stranger {
		discord.IdentifyEvery = 0
	}
	w.guild = discordtest.Start(t, discord)
	w.traffic.peer, w.traffic.guild = w.peer, w.guild
	w.balancer = newBalancer(t)
	t.Cleanup(w.traffic.end)
	for i := range o.replicas {
		r := w.add()
		if o.env != nil {
			r.env = append(r.env, o.env(i)...)
		}
		r.start()
	}
	w.ready()
	if w.webhooks {
		if err := w.guild.PostTo(w.patiently(), w.balancer.url+"/discord/interactions"); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// patiently is the test's patience.
func (w *world) patiently() context.Context { return patiently(w.t) }

// add makes one more process, not yet started.
func (w *world) add() *runs {
	u, err := url.Parse(w.direct)
	if err != nil {
		w.t.Fatal(err)
	}
	u.Host = w.network.Addr()
	packs := filepath.Join(w.t.TempDir(), "village")
	if err := os.CopyFS(packs, os.DirFS(village)); err != nil {
		w.t.Fatal(err)
	}
	r := &runs{w: w, number: len(w.replicas), env: append([]string{
		"FOOTNOTE_KNOWLEDGE=" + packs, "FOOTNOTE_STATE=" + u.String(), "FOOTNOTE_STATE_KEY=" + stateSecret64, "FOOTNOTE_STATE_LOCAL=" + w.t.TempDir(),
		"FOOTNOTE_LISTEN=127.0.0.1:0",
	}, w.tokens()...)}
	if w.webhooks {
		r.env = append(r.env, "FOOTNOTE_TELEGRAM_WEBHOOK="+w.balancer.url, "FOOTNOTE_DISCORD_PUBLIC_KEY="+w.guild.PublicKey())
	}
	w.replicas = append(w.replicas, r)
	return r
}

// tokens is what any process of this bot has set.
func (w *world) tokens() []string {
	return append(append(telegramEnv(w.peer), discordEnv(w.guild)...), "FOOTNOTE_LIMITS_PERSON_PER_MINUTE=0", "FOOTNOTE_LIMITS_CHAT_PER_MINUTE=0")
}

// ready waits until each process is up, and all the work is somebody's.
func (w *world) ready() {
	w.t.Helper()
	for _, r := range w.replicas {
		if r.alive() {
			until(w.t, fmt.Sprint("process ", r.number), func() bool {
				if !r.alive() {
					w.t.Fatalf("process %d has ended", r.number)
				}
				return r.heldBy() != "" && w.balancer.has(r.number) && bytes.Contains([]byte(r.log.String()), []byte("signed in to Telegram"))
			})
		}
	}
	w.whole()
}

// whole waits until Telegram is heard and each shard is connected.
func (w *world) whole() {
	w.t.Helper()
	if err := w.guild.WaitLive(w.patiently(), w.shards, w.shards); err != nil {
		w.t.Fatalf("the shards are %v: %v", w.guild.Live(w.shards), err)
	}
	hear := w.peer.WaitPolled
	if w.webhooks {
		hear = w.peer.WaitWebhook
	}
	if err := hear(w.patiently()); err != nil {
		w.t.Fatalf("nobody hears Telegram: %v", err)
	}
}

// pass lets time pass in which people ask.
func (w *world) pass(d time.Duration) {
	select {
	case <-time.After(d):
	case <-w.t.Context().Done():
	}
}

// holder is the process that has a lease; nil for none.
func (w *world) holder(lease string) *runs {
	ctx, cancel := context.WithTimeout(w.t.Context(), 5*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, w.direct)
	if err != nil {
		return nil
	}
	defer c.Close(context.WithoutCancel(ctx))
	var name string
	if err := c.QueryRow(ctx, "SELECT holder FROM lease WHERE name = $1 AND until > now()", lease).Scan(&name); err != nil {
		return nil
	}
	for _, r := range w.replicas {
		if r.alive() && r.heldBy() == name {
			return r
		}
	}
	return nil
}

var (
	processName = regexp.MustCompile(`one of the processes that share the database" name=(\S+)`)
	listensAt   = regexp.MustCompile(`listening for HTTP" address=(\S+)`)
)

// start starts the process, the first time or again.
func (r *runs) start() {
	r.w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		r.w.t.Fatal(err)
	}
	r.cmd, r.log, r.ended = exec.Command(self, "serve"), &bottest.Log{}, make(chan struct{})
	r.cmd.Env = append([]string{asProcess + "=1"}, r.env...)
	r.cmd.Stdout, r.cmd.Stderr = r.log, r.log
	if err := r.cmd.Start(); err != nil {
		r.w.t.Fatal(err)
	}
	cmd, log, ended := r.cmd, r.log, r.ended
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	r.w.balancer.put(r.number, func() string { return wrote(listensAt, log) })
	r.w.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		if r.w.t.Failed() {
			r.w.t.Logf("process %d, which is %s, wrote:\n%s", r.number, wrote(processName, log), log)
		}
	})
}

func wrote(x *regexp.Regexp, log *bottest.Log) string {
	if m := x.FindStringSubmatch(log.String()); m != nil {
		return m[1]
	}
	return ""
}

// heldBy is the name under which the process holds leases; "" while it has none.
func (r *runs) heldBy() string { return wrote(processName, r.log) }

func (r *runs) alive() bool {
	if r.cmd == nil {
		return false
	}
	select {
	case <-r.ended:
		return false
	default:
		return true
	}
}

// signal sends a signal.
func (r *runs) signal(s syscall.Signal) {
	r.w.t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		r.w.t.Fatalf("process %d: %v", r.number, err)
	}
}

// kill is kill -9.
func (r *runs) kill() {
	r.w.t.Helper()
	r.signal(syscall.SIGKILL)
	<-r.ended
}

// quit stops the process in good order.
func (r *runs) quit() {
	r.w.t.Helper()
	r.signal(syscall.SIGTERM)
	select {
	case <-r.ended:
	case <-r.w.patiently().Done():
		r.w.t.Fatalf("process %d does not end", r.number)
	}
	if code := r.cmd.ProcessState.ExitCode(); code != exitOK {
		r.w.t.Errorf("process %d: exit %d", r.number, code)
	}
}

// A balancer gives requests to one process after the other, and what one does not take, since
// nothing listens there or it says that it cannot now (503), to the next. Like those that one has, it looks now and then which are
// ready.
type balancer struct {
	url    string
	client *http.Client

	mu    sync.Mutex
	all   []func() string // addresses
	ready []bool
	turn  int
}

const (
	balancerLooks = 500 * time.Millisecond
	balancerWaits = time.Second // for whether one is ready
)

func newBalancer(t *testing.T) *balancer {
	b := &balancer{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
	s := httptest.NewServer(b)
	b.url = s.URL
	ctx, stop := context.WithCancel(context.Background())
	var looking sync.WaitGroup
	looking.Go(func() { b.look(ctx) })
	t.Cleanup(func() {
		stop()
		looking.Wait()
		s.CloseClientConnections()
		s.Close()
		b.client.CloseIdleConnections()
	})
	return b
}

// put makes a process, by its number, one of those that get requests.
func (b *balancer) put(n int, address func() string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.all) <= n {
		b.all, b.ready = append(b.all, func() string { return "" }), append(b.ready, false)
	}
	b.all[n], b.ready[n] = address, false
}

// has reports whether a process is ready.
func (b *balancer) has(n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return n < len(b.ready) && b.ready[n]
}

func (b *balancer) look(ctx context.Context) {
	for {
		b.mu.Lock()
		all := append([]func() string(nil), b.all...)
		b.mu.Unlock()
		var each sync.WaitGroup
		for i, address := range all {
			each.Go(func() {
				ready := b.isReady(ctx, address())
				b.mu.Lock()
				defer b.mu.Unlock()
				b.ready[i] = ready
			})
		}
		each.Wait()
		select {
		case <-time.After(balancerLooks):
		case <-ctx.Done():
			return
		}
	}
}

func (b *balancer) isReady(ctx context.Context, address string) bool {
	if address == "" {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, balancerWaits)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return false
	}
	resp, err := b.client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode == http.StatusOK
}

// next lists addresses to try, the next in turn first: those that are ready, or all if none is.
func (b *balancer) next() (ready []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn++
	var all []string
	for i := range b.all {
		n := (b.turn + i) % len(b.all)
		if a := b.all[n](); a != "" {
			all = append(all, a)
			if b.ready[n] {
				ready = append(ready, a)
			}
		}
	}
	if len(ready) == 0 {
		return all
	}
	return ready
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	all := b.next()
	for i, address := range all {
		out, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+address+r.URL.Path, bytes.NewReader(body))
		if err != nil {
			break
		}
		out.Header = r.Header.Clone()
		resp, err := b.client.Do(out)
		var dial *net.OpError
		if errors.As(err, &dial) && dial.Op == "dial" {
			continue
		}
		if err != nil {
			break
		}
		defer resp.Body.Close()
		if resp.StatusCode == http.StatusServiceUnavailable && i < len(all)-1 {
			continue
		}
		for k, v := range resp.Header {
			w.Header()[k] = v
		}
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
		return
	}
	w.WriteHeader(http.StatusBadGateway)
}
