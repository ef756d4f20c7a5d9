// Package rest makes calls of Discord's HTTP API: one door, [Client.Do], behind which
// rate limits are kept, files are uploaded, and each refusal becomes an error of one of
// package bot's classes, without a secret in it. It knows the paths of no call and
// nothing of what is said.
//
// discordgo makes the request. What it does besides is turned off: its limiter (a
// throw-away one per call), its retries, its typed decoding.
package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"footnote/bot"
	"footnote/bot/platform"
)

// Config says where the API is and how it is called.
type Config struct {
	Token     platform.Secret
	Base      string // {endpoint}/v{version}
	PerSecond int    // calls a second at most, those of interactions apart; no limit of our own if 0
	Now       func() time.Time
	Observe   Observer // nil for nobody
}

// An Observer is told of each call that was made: what was called, such as
// "POST /channels/{}/messages", the status of the answer or 0 if none came, and how long
// that took. It is called by many goroutines and returns at once.
type Observer func(route string, status int, took time.Duration)

// A Client makes calls. It is safe for concurrent use; New makes one.
type Client struct {
	session *discordgo.Session // never opened: it only carries the token and the client
	client  *http.Client
	c       Config
	token   string
	limits  *limits
	refused atomic.Pointer[func()] // called when Discord refuses the bot's token
	oneShot atomic.Bool            // keep no connection after a call: nobody will close it

	// Timeout bounds a call whose context does not. It may be changed before the first.
	Timeout time.Duration
}

const (
	// callTimeout is Client.Timeout outside tests.
	callTimeout = 15 * time.Second

	// maxBody is how much of an answer is read. The largest that matters is the
	// list of our own commands, some 30 kB.
	maxBody = 1 << 20
)

// New returns a Client that has made no connection yet.
func New(c Config) *Client {
	// discordgo.New cannot fail; it only fills a struct.
	s, _ := discordgo.New("Bot " + c.Token.Reveal())
	s.LogLevel = silent
	s.StateEnabled = false
	s.UserAgent += " Footnote"
	r := &Client{session: s, c: c, token: c.Token.Reveal(), limits: newLimits(c.Now, c.PerSecond), Timeout: callTimeout}
	t := platform.NewTransport()
	t.ResponseHeaderTimeout = callTimeout
	r.client = &http.Client{
		Transport: &recorder{base: t},
		// A redirect would carry the token to wherever it points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s.Client = r.client
	return r
}

// Base is what all paths of the API begin with.
func (r *Client) Base() string { return r.c.Base }

// silent is below discordgo's lowest level. At any level it may print what people
// wrote, and from LogInformational on the token.
const silent = -1

// A Call is one request to Discord's API, as [Client.Do] makes it.
type Call struct {
	Doing  string // for errors, e.g. "send a message"
	Method string
	Path   string    // from the version on, e.g. "/gateway/bot"
	Route  string    // what shares a rate limit; "" for interactions
	Body   any       // nil for none
	File   *bot.File // goes along with Body; nil for none
	Secret string    // an interaction's token, kept out of errors
	Unread bool      // nobody wants to know what a 2xx answer says
}

// Do makes the call, once, and returns the body of a 2xx answer unless it is unread. It
// waits for the route's rate limit if that is short, and else returns a *bot.RetryError.
// Its error is of one of bot's classes, or transient, and holds no secret.
func (r *Client) Do(ctx context.Context, c Call) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	if err := r.limits.acquire(ctx, c.Doing, c.Route); err != nil {
		return nil, err
	}
	form, body, err := c.encode()
	if err != nil {
		return nil, fmt.Errorf("discord: could not %s: %w", c.Doing, err)
	}
	got := answer{unread: c.Unread}
	begun := time.Now()
	bucket := new(discordgo.Bucket) // a new one, for discordgo unlocks what it is given
	bucket.Lock()
	out, err := r.session.RequestWithLockedBucket(c.Method, r.c.Base+c.Path, form, body, bucket, 0,
		discordgo.WithContext(context.WithValue(ctx, answerKey{}, &got)),
		discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0))
	if r.c.Observe != nil {
		r.c.Observe(c.label(), got.status, time.Since(begun))
	}
	if r.oneShot.Load() {
		r.client.CloseIdleConnections()
	}
	if got.status == 0 {
		if err == nil { // cannot happen: no answer and no error
			err = io.ErrUnexpectedEOF
		}
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		// What killed this connection may have killed the ones that are kept, and
		// each would cost the next try another timeout.
		r.client.CloseIdleConnections()
		return nil, NotMade(c.Doing, err, r.token, c.Secret)
	}
	r.limits.learn(c.Route, got.status, got.header)
	if got.status >= 200 && got.status < 300 {
		// Whatever discordgo made of the body, Discord has done what was asked;
		// asking again would do it twice.
		return out, nil
	}
	got.body = out
	wait, who, err := classify(c.Doing, got, r.token, c.Secret)
	switch {
	case wait > 0:
		r.limits.block(c.Route, wait, who)
	case c.File == nil && denied(err):
		r.limits.deny(c.Route)
	}
	if tokenRefused(got.status, err) {
		if f := r.refused.Load(); f != nil {
			(*f)()
		}
	}
	return nil, err
}

// encode makes the body of the request and says what form it has.
func (c Call) encode() (form string, body []byte, err error) {
	switch {
	case c.File != nil:
		return discordgo.MultipartBodyWithJSON(c.Body, []*discordgo.File{
			{Name: c.File.Name, ContentType: c.File.Type, Reader: bytes.NewReader(c.File.Data)},
		})
	case c.Body != nil:
		body, err = json.Marshal(c.Body)
	}
	return "application/json", body, err
}

// label names what is called without saying where or by whom: what stands in a path
// beside Discord's own words are ids and tokens.
func (c Call) label() string {
	path, _, _ := strings.Cut(c.Path, "?")
	parts := strings.Split(path, "/")
	for i, p := range parts {
		switch p {
		case "", "gateway", "bot", "channels", "messages", "typing", "applications", "commands", "interactions", "callback", "webhooks", "@original", "users", "@me":
		default:
			parts[i] = "{}"
		}
	}
	return c.Method + " " + strings.Join(parts, "/")
}

// answerKey is the context key under which a call's answer is noted.
type answerKey struct{}

// A recorder notes the status and headers of each answer for the call that waits
// for it, since discordgo returns only the body.
type recorder struct{ base *http.Transport }

func (t *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if a, ok := req.Context().Value(answerKey{}).(*answer); ok {
		a.status, a.header = resp.StatusCode, resp.Header
		if a.unread && resp.StatusCode/100 == 2 {
			_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody)) // to its end, so that the connection is kept
			resp.Body.Close()
			resp.Body = http.NoBody
		}
	}
	// discordgo fails a call that succeeded when it cannot read what some of them say.
	resp.Header = http.Header{}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxBody), resp.Body}
	return resp, nil
}

// CloseIdleConnections lets http.Client close what it keeps.
func (t *recorder) CloseIdleConnections() { t.base.CloseIdleConnections() }

// Close drops kept connections, and from now on each one after its call.
func (r *Client) Close() {
	r.oneShot.Store(true)
	r.client.CloseIdleConnections()
}

// Open undoes Close.
func (r *Client) Open() { r.oneShot.Store(false) }

// OnRefused sets what is called when the token is refused; nil for nothing.
func (r *Client) OnRefused(f func()) {
	if f == nil {
		r.refused.Store(nil)
		return
	}
	r.refused.Store(&f)
}
