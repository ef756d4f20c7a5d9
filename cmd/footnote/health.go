package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"footnote/bot"
)

// healthSocket is the socket in the folder of the key state at which a running
// serve tells how it is. A socket in a folder needs no port, and who may ask is
// whoever may open the folder.
const healthSocket = "serve.sock"

// maxSocketPath is how long a socket's path may be on every system that Footnote
// runs on; macOS has the shortest.
const maxSocketPath = 103

// healthWait bounds how long a running serve may take to tell, and be told.
const healthWait = 5 * time.Second

// A health is what serve tells.
type health struct {
	Healthy   bool                  `json:"healthy"` // every platform is connected
	State     string                `json:"state"`
	Doing     string                `json:"doing,omitempty"`    // while it starts: what takes the time
	Degraded  []string              `json:"degraded,omitempty"` // what does not work although people get answers
	Version   string                `json:"version"`
	Since     time.Time             `json:"since"` // when it was started
	Platforms map[string]bot.Status `json:"platforms"`
}

// The states of a health.
const (
	stateStarting     = "starting"     // packs are loaded, and no platform is asked yet
	stateDisconnected = "disconnected" // from a platform at least
	stateDegraded     = "degraded"     // connected, and something else does not work
	stateHealthy      = "healthy"
)

// A reporter knows how a running serve is. It is safe for concurrent use.
type reporter struct {
	since time.Time

	mu       sync.Mutex
	doing    func() string // at the start
	started  bool
	adapters []bot.Adapter
	troubles []trouble
	lacking  []trouble // why nobody should ask this process
}

// A trouble says what does not work, or nothing.
type trouble func() string

func newReporter() *reporter {
	return &reporter{since: time.Now(), doing: func() string { return "loading the packs" }}
}

// learns has it told at the start how far p is.
func (r *reporter) learns(p *progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.doing = func() string {
		if total := p.total.Load(); total > 0 {
			return fmt.Sprintf("learning the packs, %d of %d texts", p.done.Load(), total)
		}
		return "loading the packs"
	}
}

// doingNow has it told at the start what takes the time, until done.
func (r *reporter) doingNow(what string) (done func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.doing
	r.doing = func() string { return what }
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.doing = before
	}
}

// connects notes that the start is over, and whose connections are told of from now on.
func (r *reporter) connects(adapters []bot.Adapter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.started, r.adapters = true, adapters
}

// watch has t looked at whenever somebody asks.
func (r *reporter) watch(t trouble) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.troubles = append(r.troubles, t)
}

// waitsFor has t looked at whenever somebody asks whether this process is ready.
func (r *reporter) waitsFor(t trouble) {
	r.watch(t)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lacking = append(r.lacking, t)
}

// lacks notes what does not work for as long as the program runs.
func (r *reporter) lacks(what string) { r.watch(func() string { return what }) }

func (r *reporter) health() health {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := health{Healthy: r.started, State: stateHealthy, Version: builtFrom().Version, Since: r.since, Platforms: map[string]bot.Status{}}
	for _, t := range r.troubles {
		if what := t(); what != "" {
			h.Degraded = append(h.Degraded, what)
		}
	}
	for _, a := range r.adapters {
		if m, ok := a.(bot.StatusReporter); ok {
			s := m.Status()
			h.Platforms[string(a.Name())] = s
			h.Healthy = h.Healthy && s.Connected
			if s.Connected && s.Why != "" {
				h.Degraded = append(h.Degraded, string(a.Name())+": "+s.Why)
			}
		}
	}
	switch {
	case !r.started:
		h.State, h.Doing = stateStarting, r.doing()
	case !h.Healthy:
		h.State = stateDisconnected
	case len(h.Degraded) > 0:
		h.State = stateDegraded
	}
	return h
}

// serveHealth answers at the socket until stop. Without one everything else works. The
// error is errOccupied if another serve answers there.
func serveHealth(state string, r *reporter, log *slog.Logger) (stop func(), err error) {
	l, err := listenAt(state)
	switch {
	case errors.Is(err, errOccupied):
		return nil, err
	case err != nil:
		log.Warn("footnote healthcheck cannot be answered", "error", err)
		return func() {}, nil
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			switch {
			case errors.Is(err, net.ErrClosed):
				return
			case err != nil:
				time.Sleep(100 * time.Millisecond) // out of file descriptors, say
				continue
			}
			if mayAsk(c) {
				_ = c.SetDeadline(time.Now().Add(healthWait))
				_ = json.NewEncoder(c).Encode(r.health()) // whoever asked may have left
			}
			c.Close()
		}
	}()
	return func() {
		l.Close()
		<-ended
	}, nil
}

// listenAt listens at the socket in the folder state, that nobody else answers at; what a
// killed program left there is removed. Where the folder takes no socket, one without a
// file is listened at, if the system has such.
func listenAt(state string) (net.Listener, error) {
	for _, address := range addresses(state) {
		if c, err := dialHealth(address); err == nil {
			ours := mayAsk(c)
			c.Close()
			if ours {
				return nil, errOccupied
			}
		}
	}
	l, err := listenInFolder(state)
	if err == nil {
		return l, nil
	}
	if name := filelessSocket(state); name != "" {
		if l, err := net.Listen("unix", name); err == nil {
			return l, nil
		}
	}
	return nil, err
}

func listenInFolder(state string) (net.Listener, error) {
	path, done, err := socketPath(state)
	if err != nil {
		return nil, err
	}
	defer done()
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		_ = os.Remove(path) // if it cannot be removed, Listen says so
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // the path may be gone by then
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return &folderListener{Listener: l, path: filepath.Join(state, healthSocket)}, nil
}

// A folderListener removes its socket when it is closed.
type folderListener struct {
	net.Listener
	path string
}

func (l *folderListener) Close() error {
	err := l.Listener.Close()
	_ = os.Remove(l.path)
	return err
}

// socketPath is a path of the socket in the folder state that is short enough for every
// system, until done: the folder's own path may be too long for one.
func socketPath(state string) (path string, done func(), err error) {
	path = filepath.Join(state, healthSocket)
	if len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	if short, done, ok := shortPath(state); ok {
		return filepath.Join(short, healthSocket), done, nil
	}
	return "", nil, fmt.Errorf("the path %s is longer than the %d bytes that a socket's may have; choose a shorter one with the key state", path, maxSocketPath)
}

// addresses are where a serve with the folder state may answer.
func addresses(state string) []string {
	all := []string{filepath.Join(state, healthSocket)}
	if name := filelessSocket(state); name != "" {
		all = append(all, name)
	}
	return all
}

func dialHealth(address string) (net.Conn, error) {
	if len(address) <= maxSocketPath {
		return net.DialTimeout("unix", address, healthWait)
	}
	path, done, err := socketPath(filepath.Dir(address))
	if err != nil {
		return nil, err
	}
	defer done()
	return net.DialTimeout("unix", path, healthWait)
}

// askHealth asks the serve that runs with the folder state.
func askHealth(state string) (health, error) {
	var c net.Conn
	var err error
	for _, address := range addresses(state) {
		if c, err = dialHealth(address); err == nil {
			break
		}
	}
	if err != nil {
		return health{}, fmt.Errorf("no serve answers in the state folder %s: is it running, and with that folder? (key state)", state)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(healthWait))
	var h health
	const most = 64 << 10
	if err := json.NewDecoder(io.LimitReader(c, most)).Decode(&h); err != nil {
		return health{}, fmt.Errorf("what runs in the state folder %s does not say how it is within %v", state, healthWait)
	}
	return h, nil
}

func healthcheckCommand() command {
	var o options
	var asJSON, strict bool
	return command{
		name:    "healthcheck",
		summary: "ask a running serve whether it is connected",
		help: `
Asks the serve that runs with the same state folder (key state) how it is: whether
it answers, and whether each of its platforms is connected. Containers call it as
their health check; it needs no port. What does not work although people get answers
is told too: that nothing outlives a restart, say, since the disk is full.

Examples:
  footnote healthcheck
  footnote healthcheck --strict
  footnote healthcheck --json | jq '.platforms.discord.connected'

--json writes one object: healthy (every platform is connected), state (starting,
disconnected, degraded or healthy), degraded (what does not work), version, since
(when it was started), and under platforms for each connected, since, and while it is
not connected why.

Exit codes: 0 every platform is connected, 1 one is not, or serve is starting, or
nobody answers, or with --strict something else does not work, 2 bad usage or
configuration.`,
		flags: func(fs *flag.FlagSet) action {
			o.registerConfig(fs)
			fs.BoolVar(&asJSON, "json", false, "write one JSON object")
			fs.BoolVar(&strict, "strict", false, "fail too if something does not work although every\nplatform is connected")
			return func(_ context.Context, p *program, args []string) error {
				c, err := o.configure(p)
				if err != nil {
					return err
				}
				h, err := askHealth(c.State)
				if err != nil {
					return exitError{code: exitFailed, err: err}
				}
				if asJSON {
					err = writeJSONLine(p.Out, h)
				} else {
					err = printHealth(p.Out, h)
				}
				if err == nil && (!h.Healthy || strict && len(h.Degraded) > 0) {
					err = exitError{code: exitFailed}
				}
				return err
			}
		},
	}
}

func printHealth(w io.Writer, h health) error {
	_, err := fmt.Fprintf(w, "footnote %s, running since %s\n", h.Version, h.Since.UTC().Format(healthTime))
	if h.State == stateStarting {
		_, err = fmt.Fprintf(w, "starting: %s\n", h.Doing)
	}
	for _, name := range slices.Sorted(maps.Keys(h.Platforms)) {
		switch s := h.Platforms[name]; {
		case s.Connected:
			_, err = fmt.Fprintf(w, "%s connected since %s\n", name, s.Since.UTC().Format(healthTime))
		case s.Since.IsZero():
			_, err = fmt.Fprintf(w, "%s not connected yet\n", name)
		default:
			_, err = fmt.Fprintf(w, "%s not connected since %s: %s\n", name, s.Since.UTC().Format(healthTime), s.Why)
		}
	}
	for _, what := range h.Degraded {
		_, err = fmt.Fprintf(w, "degraded: %s\n", what)
	}
	return err
}

const healthTime = "2006-01-02 15:04:05 UTC"
