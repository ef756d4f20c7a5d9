package web

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"footnote/bot/recent"
)

// window is the time over which questions are counted.
const window = time.Minute

// maxAddresses bounds how many addresses are counted at once.
const maxAddresses = 20_000

// A limiter counts the questions of each address in fixed windows, in memory alone. An
// address of IPv6 is its network: everybody has as many addresses in it as there are stars.
type limiter struct {
	max     int
	now     func() time.Time
	tallies *recent.Map[netip.Prefix, tally]
}

type tally struct {
	begun time.Time
	n     int
}

func newLimiter(max int, now func() time.Time) *limiter {
	return &limiter{max: max, now: now, tallies: recent.New[netip.Prefix, tally](maxAddresses, window, now)}
}

// allow counts one question of an address, and tells how long to wait if it is too much.
func (l *limiter) allow(who netip.Addr) (wait time.Duration, ok bool) {
	if l.max <= 0 {
		return 0, true
	}
	now := l.now()
	t := l.tallies.Update(networkOf(who), func(t tally, known bool) tally {
		if !known || now.Sub(t.begun) >= window {
			return tally{now, 1}
		}
		return tally{t.begun, min(t.n+1, l.max+1)}
	})
	return window - now.Sub(t.begun), t.n <= l.max
}

// networkOf is what is counted of an address.
func networkOf(who netip.Addr) netip.Prefix {
	who = who.Unmap().WithZone("")
	bits := 32
	if who.Is6() {
		bits = 64
	}
	p, err := who.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // all whose address is not known are one
	}
	return p
}

// client is the address of who asks: the one that the proxy before the server tells, which is
// the last in its header, or that of the connection.
func (s *Server) client(r *http.Request) netip.Addr {
	if s.c.AddressHeader != "" {
		all := strings.Split(strings.Join(r.Header.Values(s.c.AddressHeader), ","), ",")
		if a, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
			return a
		}
	}
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr()
}
