package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// DefaultEndpoint is Telegram's own Bot API server.
const DefaultEndpoint = "https://api.telegram.org"

const (
	// sendTimeout bounds every call but the long poll. The server may itself hold
	// a call for 3 s before it answers 429, so it is well above that.
	sendTimeout = 15 * time.Second
	// pollSlack is what a long poll gets above its own timeout: with none, each
	// poll would end in a client error instead of an empty answer.
	pollSlack = 15 * time.Second
	// maxSendBody bounds answers to calls; a message with all its entities is far
	// smaller. maxPollBody bounds a batch of 100 updates likewise.
	maxSendBody = 1 << 20
	maxPollBody = 32 << 20
)

// params are the parameters of a call. What is no text is in them as JSON.
type params map[string]string

// setJSON sets a parameter to v, without escaping that only HTML pages need.
func (p params) setJSON(name string, v any) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil { // maps and structs of strings and numbers encode
		panic(err)
	}
	p[name] = strings.TrimSpace(b.String())
}

// An upload is a file that goes with a call, as the value of a parameter.
type upload struct {
	*bot.File
	parameter string
}

// A client makes calls. It is safe for concurrent use.
type client struct {
	token    platform.Secret
	endpoint string // as the library wants it: with two %s
	http     http.RoundTripper
	observe  func(route string, status int, took time.Duration)
	dated    atomic.Int64 // seconds of the server's clock with its last answer, 0 if it does not tell
}

// newClient checks endpoint and builds a client. A nil base gets a transport of
// its own.
//
// There is no http.Client: it would follow redirects, which the Bot API never
// makes and which would send the URL, and with it the token, to another host in
// the Referer header; it would put the URL into errors; and for all that it
// copies what it is given.
func newClient(token platform.Secret, endpoint string, base http.RoundTripper, observe func(string, int, time.Duration)) (*client, error) {
	endpoint, err := platform.Endpoint("telegram.endpoint", endpoint, DefaultEndpoint)
	if err != nil {
		return nil, err
	}
	if base == nil {
		base = platform.NewTransport()
	}
	escaped := strings.ReplaceAll(endpoint, "%", "%%")
	return &client{token: token, endpoint: escaped + "/bot%s/%s", http: base, observe: observe}, nil
}

// observed tells whoever wants to know of a call of method that was begun at a time; not how
// long a poll took, which waits for what comes.
func (c *client) observed(method string, begun time.Time, err error) {
	status, took := http.StatusOK, time.Since(begun)
	var e *apiError
	if errors.As(err, &e) {
		status = e.code
	} else if err != nil {
		status = 0
	}
	if method == "getUpdates" {
		took = 0
	}
	c.observe(method, status, took)
}

// call makes one call with sendTimeout and returns the raw result, which may be
// null or empty: a call that Telegram says is ok succeeded, whatever it returned.
func (c *client) call(ctx context.Context, method string, p params) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return c.do(ctx, method, p, nil, maxSendBody)
}

// upload is call with a file as the parameter field.
func (c *client) upload(ctx context.Context, method string, p params, field string, f *bot.File) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return c.do(ctx, method, p, &upload{File: f, parameter: field}, maxSendBody)
}

// closeIdle closes kept connections.
func (c *client) closeIdle() {
	if t, ok := c.http.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// describe puts err into words without the URL.
func (c *client) describe(err error) string {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return "the answer is not JSON"
	}
	return scrub(c.token, err.Error())
}

// bare keeps of err only what a caller may compare with, so that no wrapped error
// carries the URL along.
func bare(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, errBody} {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}

var errBody = errors.New("the answer is larger than any answer of the Bot API")
