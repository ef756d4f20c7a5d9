package httpserver

import (
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
)

// mountHealth mounts what orchestrators and balancers ask.
func (s *Server) mountHealth() {
	s.Mount("GET /healthz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		tell(w, http.StatusOK, "ok")
	}))
	s.Mount("GET /readyz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		why := ""
		if s.c.Ready != nil {
			why = s.c.Ready()
		}
		if s.stopping.Load() {
			why = "stopping"
		}
		if why != "" {
			tell(w, http.StatusServiceUnavailable, "not ready: "+why)
			return
		}
		tell(w, http.StatusOK, "ready")
	}))
}

func tell(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // whoever asked may have left
}

// mountProfile mounts Go's profiles for callers on this machine.
func (s *Server) mountProfile() {
	for path, h := range map[string]http.HandlerFunc{
		"/debug/pprof/": pprof.Index, "/debug/pprof/cmdline": pprof.Cmdline, "/debug/pprof/profile": pprof.Profile,
		"/debug/pprof/symbol": pprof.Symbol, "/debug/pprof/trace": pprof.Trace,
	} {
		s.Mount("GET "+path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !local(r) {
				http.NotFound(w, r)
				return
			}
			h(w, r)
		}))
	}
}

// local reports whether a request was made on this machine, and meant for it: not passed on
// by a proxy that stands here, nor by a page of the web that a browser here was shown.
func local(r *http.Request) bool {
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return loopback(host) && loopback(addressOf(r.RemoteAddr))
}

func addressOf(hostPort string) string {
	host, _, _ := net.SplitHostPort(hostPort)
	return host
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}
