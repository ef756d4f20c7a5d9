package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"footnote/bot"
	"footnote/bot/platform"
)

// A rest makes calls of Discord's HTTP API. discordgo makes the request; what it
// does besides is turned off: its limiter (a throw-away one per call), its
// retries, its typed decoding.
type rest struct {
	session *discordgo.Session // never opened: it only carries the token and the client
	client  *http.Client
	base    string // {endpoint}/v{version}
	token   string
	limits  *limits
	timeout time.Duration          // bounds a call whose context does not
	refused atomic.Pointer[func()] // called when Discord refuses the bot's token
	oneShot atomic.Bool            // keep no connection after a call: nobody will close it
}

const (
	// callTimeout is rest.timeout outside tests.
	callTimeout = 15 * time.Second

	// maxBody is how much of an answer is read. The largest that matters is the
	// list of our own commands, some 30 kB.
	maxBody = 1 << 20
)

func newREST(token platform.Secret, base string, l *limits) *rest {
	// discordgo.New cannot fail; it only fills a struct.
	s, _ := discordgo.New("Bot " + token.Reveal())
	s.LogLevel = silent
	s.StateEnabled = false
	s.UserAgent += " Footnote"
	r := &rest{session: s, base: base, token: token.Reveal(), limits: l, timeout: callTimeout}
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

// silent is below discordgo's lowest level. At any level it may print what people
// wrote, and from LogInformational on the token; all it could tell of value
// the guard and the supervisor see for themselves.
const silent = -1

// A call is one request.
type call struct {
	doing  string // for errors, e.g. "send a message"
	method string
	path   string    // from the version on, e.g. "/gateway/bot"
	route  string    // what shares a rate limit; "" for interactions
	body   any       // nil for none
	file   *bot.File // goes along with body; nil for none
	secret string    // an interaction's token, kept out of errors
	unread bool      // nobody wants to know what a 2xx answer says
}

// do makes the call and returns the body of a 2xx answer, unless it is unread. Its error is of one of
// bot's classes, or transient.
func (r *rest) do(ctx context.Context, c call) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	if err := r.limits.acquire(ctx, c.doing, c.route); err != nil {
		return nil, err
	}
	form, body, err := c.encode()
	if err != nil {
		return nil, fmt.Errorf("discord: could not %s: %w", c.doing, err)
	}
	got := answer{unread: c.unread}
	bucket := new(discordgo.Bucket) // a new one, for discordgo unlocks what it is given
	bucket.Lock()
	out, err := r.session.RequestWithLockedBucket(c.method, r.base+c.path, form, body, bucket, 0,
		discordgo.WithContext(context.WithValue(ctx, answerKey{}, &got)),
		discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0))
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
		return nil, transportError(c.doing, err, r.token, c.secret)
	}
	r.limits.learn(c.route, got.status, got.header)
	if got.status >= 200 && got.status < 300 {
		// Whatever discordgo made of the body, Discord has done what was asked;
		// asking again would do it twice.
		return out, nil
	}
	got.body = out
	wait, who, err := classify(c.doing, got, r.token, c.secret)
	switch {
	case wait > 0:
		r.limits.block(c.route, wait, who)
	case c.file == nil && denied(err):
		r.limits.deny(c.route)
	}
	if tokenRefused(got.status, err) {
		if f := r.refused.Load(); f != nil {
			(*f)()
		}
	}
	return nil, err
}

// encode makes the body of the request and says what form it has.
func (c call) encode() (form string, body []byte, err error) {
	switch {
	case c.file != nil:
		return discordgo.MultipartBodyWithJSON(c.body, []*discordgo.File{
			{Name: c.file.Name, ContentType: c.file.Type, Reader: bytes.NewReader(c.file.Data)},
		})
	case c.body != nil:
		body, err = json.Marshal(c.body)
	}
	return "application/json", body, err
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

// close drops kept connections, and from now on each one after its call.
func (r *rest) close() {
	r.oneShot.Store(true)
	r.client.CloseIdleConnections()
}

// open undoes close.
func (r *rest) open() { r.oneShot.Store(false) }

// setRefused sets what is called when the token is refused; nil for nothing.
func (r *rest) setRefused(f func()) {
	if f == nil {
		r.refused.Store(nil)
		return
	}
	r.refused.Store(&f)
}
