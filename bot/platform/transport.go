package platform

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// idleConnections is how many are kept for the next calls. The default of two a host
// makes a busy bot dial for nearly every message, and a burst of buttons and commands
// needs more than a few dozen.
const idleConnections = 512

// NewTransport returns a transport for calls to one host. It speaks HTTP/1.1 only:
// with HTTP/2 all calls share one connection, and one that died unnoticed is used
// again after every timeout, where here the timeout ends it.
func NewTransport() *http.Transport {
	http1 := new(http.Protocols)
	http1.SetHTTP1(true)
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		Protocols:             http1,
		MaxIdleConns:          idleConnections,
		MaxIdleConnsPerHost:   idleConnections,
		MaxConnsPerHost:       mostConnections(OpenFiles()),
		IdleConnTimeout:       50 * time.Second, // below the minute after which middleboxes forget connections
	}
}

// EnoughFiles is how many files a bot may have open that never lacks any.
const EnoughFiles = 4*filesBeside + 4*idleConnections

// filesBeside is how many files the program has open beside its connections, and some to
// spare.
const filesBeside = 16

// mostConnections is how many connections one transport may have if the process may have
// so many files open; 0 is any number. Who needs more waits for one: a call that fails for
// want of a file would be a question without an answer. There are three transports at most.
func mostConnections(files int) int {
	if files == 0 || files >= EnoughFiles {
		return 0
	}
	return max(2, (files-filesBeside)/4)
}

// Endpoint checks the base address of an API that is configured under key, and
// returns it without a slash at the end. usual is returned for "", and is the example
// in the error.
func Endpoint(key, value, usual string) (string, error) {
	if value == "" {
		value = usual
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%s must be an http or https address such as %s, without user, query and fragment", key, usual)
	}
	return strings.TrimRight(value, "/"), nil
}
