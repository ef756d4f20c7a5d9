package bottest

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// A Proxy is a bad network between an adapter and its fake, on the loopback
// interface and below whatever protocol they speak. It passes bytes on until it is
// told to do worse. All methods are safe for concurrent use.
type Proxy struct {
	listener net.Listener
	upstream string
	done     chan struct{}
	wg       sync.WaitGroup

	mu      sync.Mutex
	links   map[*link]bool
	delay   time.Duration
	refuse  bool
	mute    int // connections whose next bytes from upstream are swallowed and that are then reset
	carried int // connections passed on so far
}

// A link is one connection through a Proxy.
type link struct {
	near, far *net.TCPConn
	frozen    bool // nothing passes any more, and nobody is told
	thawed    chan struct{}
}

// NewProxy listens before upstream, a host and port. It ends with the test.
func NewProxy(t testing.TB, upstream string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, upstream: upstream, done: make(chan struct{}), links: map[*link]bool{}}
	p.wg.Go(p.accept)
	t.Cleanup(func() {
		close(p.done)
		l.Close()
		p.Cut()
		p.wg.Wait()
	})
	return p
}

// Through returns the URL address as it is by way of a network that can be made bad.
func Through(t testing.TB, address string) (string, *Proxy) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	network := NewProxy(t, u.Host)
	u.Host = network.Addr()
	return u.String(), network
}

// Addr is where the proxy listens, a host and port.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

func (p *Proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		near := c.(*net.TCPConn)
		p.mu.Lock()
		refuse := p.refuse
		p.mu.Unlock()
		if refuse {
			reset(near)
			continue
		}
		c, err = net.Dial("tcp", p.upstream)
		if err != nil {
			reset(near)
			continue
		}
		l := &link{near: near, far: c.(*net.TCPConn), thawed: make(chan struct{})}
		p.mu.Lock()
		if p.refuse { // since it was asked for; Cut has not seen it
			p.mu.Unlock()
			reset(l.near)
			reset(l.far)
			continue
		}
		p.links[l] = true
		p.carried++
		p.mu.Unlock()
		p.wg.Go(func() { p.pump(l, l.near, l.far, false) })
		p.wg.Go(func() { p.pump(l, l.far, l.near, true) })
	}
}

// pump carries bytes one way until either end is closed.
func (p *Proxy) pump(l *link, from, to *net.TCPConn, answers bool) {
	defer p.drop(l)
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		p.mu.Lock()
		frozen, delay := l.frozen, p.delay
		muted := answers && n > 0 && p.mute > 0
		if muted {
			p.mute--
		}
		p.mu.Unlock()
		switch {
		case muted:
			return
		case frozen: // what came is lost, and so is that the other side hung up
			select {
			case <-l.thawed:
			case <-p.done:
			}
			return
		case n > 0:
			if delay > 0 {
				select {
				case <-time.After(delay/2 + rand.N(delay)):
				case <-p.done:
					return
				}
			}
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if errors.Is(err, io.EOF) {
			_ = to.CloseWrite()
			return
		}
		if err != nil {
			return
		}
	}
}

// drop resets both ends of l.
func (p *Proxy) drop(l *link) {
	p.mu.Lock()
	known := p.links[l]
	delete(p.links, l)
	p.mu.Unlock()
	if known {
		close(l.thawed)
		reset(l.near)
		reset(l.far)
	}
}

// reset closes c so that its other end sees a reset, not an end.
func reset(c *net.TCPConn) {
	_ = c.SetLinger(0)
	_ = c.Close()
}

// Cut resets every connection and returns how many there were.
func (p *Proxy) Cut() int {
	p.mu.Lock()
	var all []*link
	for l := range p.links {
		all = append(all, l)
	}
	p.mu.Unlock()
	for _, l := range all {
		p.drop(l)
	}
	return len(all)
}

// Freeze makes every connection half-open: nothing passes on it any more, and
// neither side is told. Cut ends that, as a network does that remembers at last.
func (p *Proxy) Freeze() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.frozen = true
	}
	return len(p.links)
}

// Swallow takes the next n pieces of upstream's answers and resets the connection
// each came on: what was asked is done, and whoever asked cannot know.
func (p *Proxy) Swallow(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute = n
}

// Delay holds each piece, both ways, for between half of d and one and a half.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// Refuse resets new connections, or takes them again.
func (p *Proxy) Refuse(refuse bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = refuse
}

// Carried is how many connections were passed on so far.
func (p *Proxy) Carried() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.carried
}
