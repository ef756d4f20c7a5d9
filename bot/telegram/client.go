package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

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
	// poll would end in a client error instead of an empty answer (T9).
	pollSlack = 15 * time.Second
	// maxSendBody bounds answers to calls; a message with all its entities is far
	// smaller. maxPollBody bounds a batch of 100 updates likewise (T6).
	maxSendBody = 1 << 20
	maxPollBody = 32 << 20
)

// A client makes calls. It is safe for concurrent use.
type client struct {
	token    platform.Secret
	endpoint string // as tgbotapi wants it: with two %s
	http     http.RoundTripper
}

// newClient checks endpoint and builds a client. A nil base gets a transport of
// its own.
//
// There is no http.Client: it would follow redirects, which the Bot API never
// makes and which would send the URL, and with it the token, to another host in
// the Referer header; it would put the URL into errors (T1); and for all that it
// copies what it is given.
func newClient(token platform.Secret, endpoint string, base http.RoundTripper) (*client, error) {
	endpoint, err := platform.Endpoint("telegram.endpoint", endpoint, DefaultEndpoint)
	if err != nil {
		return nil, err
	}
	if base == nil {
		base = platform.NewTransport()
	}
	escaped := strings.ReplaceAll(endpoint, "%", "%%")
	return &client{token: token, endpoint: escaped + "/bot%s/%s", http: base}, nil
}

// call makes one call with sendTimeout and returns the raw result, which may be
// null or empty: a call that Telegram says is ok succeeded, whatever it returned.
func (c *client) call(ctx context.Context, method string, p tgbotapi.Params) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return c.do(ctx, method, p, nil, maxSendBody)
}

// upload is call with a file as the parameter field.
func (c *client) upload(ctx context.Context, method string, p tgbotapi.Params, field string, f *bot.File) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	file := tgbotapi.RequestFile{Name: field, Data: tgbotapi.FileBytes{Name: f.Name, Bytes: f.Data}}
	return c.do(ctx, method, p, []tgbotapi.RequestFile{file}, maxSendBody)
}

// do makes one call, with files if there are any. Its errors are *apiError or *netError and hold no token.
func (c *client) do(ctx context.Context, method string, p tgbotapi.Params, files []tgbotapi.RequestFile, limit int64) (json.RawMessage, error) {
	d := &doer{ctx: ctx, http: c.http, limit: limit, uploads: len(files) > 0}
	api := tgbotapi.BotAPI{Token: c.token.Reveal(), Client: d} // no NewBotAPI: it has no timeout and calls getMe (T8)
	api.SetAPIEndpoint(c.endpoint)
	var resp *tgbotapi.APIResponse
	var err error
	if len(files) > 0 {
		resp, err = api.UploadFiles(method, p, files)
	} else {
		resp, err = api.MakeRequest(method, p)
	}
	if err == nil {
		return resp.Result, nil
	}
	var te *tgbotapi.Error // errors.As finds only the pointer (T5)
	if errors.As(err, &te) {
		e := &apiError{
			method: method, code: te.Code, text: scrub(c.token, te.Message), json: true,
			retryAfter: time.Duration(te.RetryAfter) * time.Second, migrateTo: te.MigrateToChatID,
		}
		if len(files) > 0 { // UploadFiles loses the code (T4)
			e.code = d.code
		}
		if e.code == 0 { // a peer that fails without "ok"
			e.code, e.json = d.status, false
		}
		return nil, e
	}
	if d.status != 0 && d.status != http.StatusOK {
		return nil, &apiError{method: method, code: d.status, text: http.StatusText(d.status), retryAfter: d.retryAfter}
	}
	// What killed this connection may have killed the ones that are kept, and each
	// would cost the next call another timeout.
	c.closeIdle()
	return nil, &netError{method: method, sent: d.sent, text: c.describe(err), err: bare(err)}
}

// closeIdle closes kept connections.
func (c *client) closeIdle() {
	if t, ok := c.http.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// describe puts err into words without the URL (T1).
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

// A doer gives one call of the library a context, a body limit, and a look at the
// HTTP status, none of which it has itself (T6, T11).
type doer struct {
	ctx        context.Context
	http       http.RoundTripper
	limit      int64
	uploads    bool
	status     int
	code       int // error_code in the answer, if it has one
	retryAfter time.Duration
	sent       bool // the request was written: Telegram may have acted on it
}

// Do reads the whole body, so that the connection can be used again.
func (d *doer) Do(req *http.Request) (*http.Response, error) {
	if req.Body != nil && req.ContentLength <= 0 {
		// UploadFiles gives a pipe, written by a goroutine of its own. Read to its end
		// that goroutine is gone, and the request says how long it is.
		form, err := io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, err
		}
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(form)), int64(len(form))
	}
	trace := &httptrace.ClientTrace{WroteRequest: func(i httptrace.WroteRequestInfo) { d.sent = i.Err == nil }}
	resp, err := d.http.RoundTrip(req.WithContext(httptrace.WithClientTrace(d.ctx, trace)))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.ContentLength > d.limit {
		return nil, errBody
	}
	body := bytes.NewBuffer(make([]byte, 0, max(resp.ContentLength, 0)+bytes.MinRead)) // the room that ReadFrom wants to find the end
	n, err := body.ReadFrom(io.LimitReader(resp.Body, d.limit+1))
	if err != nil {
		return nil, err
	}
	if n > d.limit {
		return nil, errBody
	}
	d.status = resp.StatusCode
	if h := resp.Header.Get("Retry-After"); h != "" {
		if s, err := time.ParseDuration(h + "s"); err == nil {
			d.retryAfter = s
		}
	}
	var refusal struct {
		Code int `json:"error_code"`
	}
	if d.uploads && json.Unmarshal(body.Bytes(), &refusal) == nil { // else the library tells
		d.code = refusal.Code
	}
	resp.Body = io.NopCloser(body)
	return resp, nil
}
