package discord

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// gatewayAnswer answers the one call that a session makes by itself, for the
// gateway's address, without leaving the process. The library keeps the answer
// for the session's lifetime; where a dial really goes redirect decides.
type gatewayAnswer struct{ g *gateway }

func (t gatewayAnswer) RoundTrip(req *http.Request) (*http.Response, error) {
	t.g.mu.Lock()
	target := *t.g.target
	t.g.mu.Unlock()
	target.RawQuery = ""
	body, _ := json.Marshal(map[string]string{"url": target.String()})
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(body))), Request: req,
	}, nil
}

// redirect points a dial at the current target. The library dials the address it
// learnt first, with the version it was made for; Discord wants a session resumed
// at an address of its own (D14). The websocket library asks for a proxy before
// it reads the address, which makes this the one place to set it.
func (g *gateway) redirect(req *http.Request) (*url.URL, error) {
	g.mu.Lock()
	target := *g.target
	g.mu.Unlock()
	req.URL.Host, req.URL.Path, req.URL.RawQuery = target.Host, target.Path, target.RawQuery
	req.Host = target.Host
	if (target.Scheme == "wss") != (req.URL.Scheme == "https") {
		return nil, errors.New("the gateway's new address has another scheme")
	}
	if target.Scheme == "wss" {
		return nil, nil // dialTLS asks for the proxy
	}
	return http.ProxyFromEnvironment(req)
}

func (g *gateway) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	return g.dialGuarded(ctx, addr, host)
}

// dialGuarded dials addr, with TLS if serverName is not empty.
func (g *gateway) dialGuarded(ctx context.Context, addr, serverName string) (net.Conn, error) {
	g.mu.Lock()
	attempt := g.dial
	g.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(attempt, cancel)()
	d := net.Dialer{Timeout: g.t.hello, KeepAlive: 30 * time.Second}
	var c net.Conn
	var err error
	if serverName == "" {
		c, err = d.DialContext(ctx, "tcp", addr)
	} else if c, err = dialThroughProxy(ctx, &d, addr); err == nil {
		t := tls.Client(c, &tls.Config{ServerName: serverName, MinVersion: tls.VersionTLS12})
		if err = t.HandshakeContext(ctx); err != nil {
			c.Close()
		}
		c = t
	}
	if err != nil {
		return nil, err
	}
	guarded := newGuard(c, g.t, g.now, func() {
		g.budget.spend()
		g.mu.Lock()
		g.identify = g.now()
		g.mu.Unlock()
	}, g.take)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.kept != nil {
		guarded.resume, guarded.readyAgain = g.kept.resume("Bot "+g.rest.token), g.kept.ready()
	}
	if attempt.Err() != nil {
		c.Close()
		return nil, attempt.Err()
	}
	g.conn = guarded
	return guarded, nil
}

// dialThroughProxy connects to addr, through the proxy that the environment names
// for it if there is one (HTTPS_PROXY). The websocket library has this too, but
// not where the guard has to sit, which is between TLS and the frames.
func dialThroughProxy(ctx context.Context, d *net.Dialer, addr string) (net.Conn, error) {
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: addr}})
	if err != nil || proxy == nil {
		if err != nil {
			return nil, errors.New("HTTPS_PROXY is not a URL")
		}
		return d.DialContext(ctx, "tcp", addr)
	}
	if proxy.Scheme != "http" {
		return nil, fmt.Errorf("HTTPS_PROXY has the scheme %q; for the gateway only http is supported", proxy.Scheme)
	}
	host := proxy.Host
	if proxy.Port() == "" {
		host = net.JoinHostPort(proxy.Hostname(), "80")
	}
	c, err := d.DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	if u := proxy.User; u != nil {
		password, _ := u.Password()
		req.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	if err = req.Write(c); err == nil {
		var resp *http.Response
		if resp, err = http.ReadResponse(bufio.NewReaderSize(c, 1), req); err == nil && resp.StatusCode != http.StatusOK {
			err = fmt.Errorf("the proxy answers %s", resp.Status)
		}
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}
