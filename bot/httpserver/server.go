package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot/platform"
)

// Config is what a Server needs. Only Address is required.
type Config struct {
	Address string // HOST:PORT; without a host, every address of the machine
	Log     *slog.Logger

	// Ready says why the program is not ready to take messages, or nothing. It is asked
	// for each request of /readyz, perhaps concurrently. Always ready if nil.
	Ready func() (why string)

	// Observe is told of each request that was answered: the pattern it was mounted
	// with, "" if none. Nobody if nil.
	Observe func(pattern string, status int, took time.Duration)

	// Profile serves /debug/pprof/ to callers on this machine.
	Profile bool

	most int // connections; mostConnections if 0
}

// The bounds on a request. Balancers keep idle connections for a minute, so ours are kept
// a little longer: who closes first must not be the one that gets the requests.
const (
	headerTime = 5 * time.Second
	readTime   = 15 * time.Second
	writeTime  = 45 * time.Second // a profile of half a minute
	idleTime   = 75 * time.Second
	maxHeader  = 16 << 10
	// MaxBody is how long the body of a request may be, in bytes. Reading more is an error.
	MaxBody = 1 << 20
	// mostConnections is how many there may be at once: as many webhooks as Telegram opens
	// (100), some balancers, and people on the site.
	mostConnections = 1024
	// lastTime bounds how long [Server.Close] waits for what is in hand.
	lastTime = 5 * time.Second
)

// A Server answers at one address. It is safe for concurrent use.
type Server struct {
	c        Config
	http     *http.Server
	listener net.Listener
	mux      *http.ServeMux
	stopping atomic.Bool
	ended    chan struct{}
	once     sync.Once
}

// Listen listens at c.Address and answers until [Server.Close]. Its error is one sentence
// that names the address.
func Listen(c Config) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.most == 0 {
		c.most = connections(platform.OpenFiles())
	}
	l, err := net.Listen("tcp", c.Address)
	if err != nil {
		return nil, cannotListen(c.Address, err)
	}
	s := &Server{c: c, mux: http.NewServeMux(), ended: make(chan struct{})}
	gate := newGate(l, c.most)
	s.listener = gate
	http1 := new(http.Protocols)
	http1.SetHTTP1(true)
	s.http = &http.Server{
		Handler:           s.guard(s.mux),
		Protocols:         http1,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ConnState:         gate.state,
		ErrorLog:          slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug),
	}
	s.mountHealth()
	if c.Profile {
		s.mountProfile()
	}
	go func() {
		defer close(s.ended)
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			c.Log.Error("nothing is answered over HTTP any more", "address", s.Address(), "error", err)
		}
	}()
	c.Log.Info("listening for HTTP", "address", s.Address())
	return s, nil
}

// connections is how many connections there may be if the process may have so many files
// open; 0 is any number. Answering needs connections of its own.
func connections(files int) int {
	const least = 16
	if files == 0 {
		return mostConnections
	}
	return max(least, min(mostConnections, files/4))
}

// Address is where s listens, with the port that the system chose if it was to choose.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Mount has h answer what pattern, as [http.ServeMux] writes it, matches: "POST /discord".
// It panics where another handler has the pattern. It may be called at any time, and a
// handler's requests have bodies of at most MaxBody, and end with the client's leaving. A
// panic of h is answered with 500.
func (s *Server) Mount(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Stop lets /readyz say that the program ends, so that nobody sends more. All else is
// answered as before.
func (s *Server) Stop() { s.stopping.Store(true) }

// Close stops listening, waits for the requests in hand, some seconds at most, and closes
// every connection. It returns when every goroutine of the server has ended; a handler that
// does not heed its context it leaves. It may be called more than once.
func (s *Server) Close() {
	s.once.Do(func() {
		s.Stop()
		ctx, cancel := context.WithTimeout(context.Background(), lastTime)
		defer cancel()
		if err := s.http.Shutdown(ctx); err != nil {
			s.c.Log.Warn("requests were still in hand when the program ended, and are cut off")
			_ = s.http.Close() // only the error of closing the listener again
		}
	})
	<-s.ended
}

// cannotListen says why, and what to do.
func cannotListen(address string, err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		err = op.Err
	}
	return fmt.Errorf("cannot listen at %s (key listen): %w; is another program there, is the port below 1024, or the address another machine's?", address, err)
}
