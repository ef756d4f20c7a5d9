package httpserver

import (
	"net"
	"net/http"
	"slices"
	"sync"
)

// A gate is a listener with at most so many connections. When there are as many, the one that
// has waited longest for a request makes room: whoever opens connections and says nothing
// keeps nobody out. While each has a request in hand, the next connection waits.
type gate struct {
	net.Listener
	slots chan struct{}
	done  chan struct{} // closed by Close
	once  sync.Once

	mu      sync.Mutex
	waiting []net.Conn // for a request, the longest first
	full    bool       // Accept waits for a place
}

func newGate(l net.Listener, most int) *gate {
	return &gate{Listener: l, slots: make(chan struct{}, most), done: make(chan struct{})}
}

// Accept implements net.Listener.
func (g *gate) Accept() (net.Conn, error) {
	c, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	select {
	case g.slots <- struct{}{}:
	default:
		g.crowded(true)
		select {
		case g.slots <- struct{}{}:
			g.crowded(false)
		case <-g.done:
			c.Close()
			return nil, net.ErrClosed
		}
	}
	return &admitted{Conn: c, leave: sync.OnceFunc(func() { <-g.slots })}, nil
}

// Close implements net.Listener.
func (g *gate) Close() error {
	g.once.Do(func() { close(g.done) })
	return g.Listener.Close()
}

// crowded notes whether Accept waits for a place, and makes one if that can be.
func (g *gate) crowded(is bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.full = is
	g.evict()
}

// evict closes the connection that has waited longest, if a place is wanted. g.mu is held.
func (g *gate) evict() {
	if g.full && len(g.waiting) > 0 {
		_ = g.waiting[0].Close() // its state follows
		g.waiting = g.waiting[1:]
		g.full = false // one place is enough
	}
}

// state is the http.Server's ConnState: it keeps the list of those that wait.
func (g *gate) state(c net.Conn, s http.ConnState) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting, c); i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	if s == http.StateNew || s == http.StateIdle {
		g.waiting = append(g.waiting, c)
		g.evict()
	}
}

// An admitted connection gives its place back when it is closed.
type admitted struct {
	net.Conn
	leave func()
}

func (a *admitted) Close() error {
	err := a.Conn.Close()
	a.leave()
	return err
}
