package gateway

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// redirect points a dial of the library at target. The library adds the API version
// that it was made for, and would never dial the address that Discord names for a
// resume. The websocket library asks for a proxy before it reads the address, which
// makes this the one place to set it.
func redirect(req *http.Request, target *url.URL) (*url.URL, error) {
	req.URL.Host, req.URL.Path, req.URL.RawQuery = target.Host, target.Path, target.RawQuery
	req.Host = target.Host
	if (target.Scheme == "wss") != (req.URL.Scheme == "https") {
		return nil, errors.New("the gateway's new address has another scheme")
	}
	if target.Scheme == "wss" {
		return nil, nil // dial asks for the proxy
	}
	return http.ProxyFromEnvironment(req)
}

// dial connects to addr within timeout, with TLS if serverName is not empty.
func dial(ctx context.Context, addr, serverName string, timeout time.Duration) (net.Conn, error) {
	d := net.Dialer{Timeout: timeout, KeepAlive: 30 * time.Second}
	if serverName == "" {
		return d.DialContext(ctx, "tcp", addr)
	}
	c, err := dialThroughProxy(ctx, &d, addr)
	if err != nil {
		return nil, err
	}
	t := tls.Client(c, &tls.Config{ServerName: serverName, MinVersion: tls.VersionTLS12})
	if err := t.HandshakeContext(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return t, nil
}

// dialThroughProxy connects to addr, through the proxy that the environment names
// for it if there is one (HTTPS_PROXY). The websocket library has this too, but
// not where our conn has to sit, which is between TLS and the frames.
func dialThroughProxy(ctx context.Context, d *net.Dialer, addr string) (net.Conn, error) {
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: addr}})
	if err != nil || proxy == nil {
		if err != nil {
			return nil, errors.New("HTTPS_PROXY is not a URL")
		}
		return d.DialContext(ctx, "tcp", addr)
	}
	return connectThrough(ctx, d, proxy, addr)
}

// connectThrough asks proxy for a connection to addr.
func connectThrough(ctx context.Context, d *net.Dialer, proxy *url.URL, addr string) (net.Conn, error) {
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
