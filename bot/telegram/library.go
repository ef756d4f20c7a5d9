package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"footnote/bot/platform"
)

// This file is the only one that knows the library. It makes one request and reads one
// answer with it; everything else of the library's is left alone, for the reasons that
// findings_test.go gives.

// do makes one call, with a file unless it is nil. Its errors are *apiError or *netError and hold no token.
func (c *client) do(ctx context.Context, method string, p params, file *upload, limit int64) (_ json.RawMessage, err error) {
	begun := time.Now()
	if c.observe != nil {
		defer func() { c.observed(method, begun, err) }()
	}
	d := &doer{ctx: ctx, http: c.http, limit: limit, uploads: file != nil}
	api := tgbotapi.BotAPI{Token: c.token.Reveal(), Client: d} // no NewBotAPI: it has no timeout and calls getMe
	api.SetAPIEndpoint(c.endpoint)
	var resp *tgbotapi.APIResponse
	if file != nil {
		resp, err = api.UploadFiles(method, tgbotapi.Params(p), []tgbotapi.RequestFile{{Name: file.parameter, Data: tgbotapi.FileBytes{Name: file.Name, Bytes: file.Data}}})
	} else {
		resp, err = api.MakeRequest(method, tgbotapi.Params(p))
	}
	c.dated.Store(d.dated)
	if err == nil {
		return resp.Result, nil
	}
	var te *tgbotapi.Error // errors.As finds only the pointer
	if errors.As(err, &te) {
		e := &apiError{
			method: method, code: te.Code, text: scrub(c.token, te.Message), json: true,
			retryAfter: time.Duration(te.RetryAfter) * time.Second, migrateTo: te.MigrateToChatID,
		}
		if file != nil { // UploadFiles loses the code
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

// A doer gives one call of the library a context, a body limit, and a look at the
// HTTP status, none of which the library knows.
type doer struct {
	ctx        context.Context
	http       http.RoundTripper
	limit      int64
	uploads    bool
	status     int
	code       int // error_code in the answer, if it has one
	retryAfter time.Duration
	dated      int64 // by the server's clock, in seconds; 0 if it does not tell
	sent       bool  // the request was written: Telegram may have acted on it
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
	if t, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		d.dated = t.Unix()
	}
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

// A libraryLog is where the library's logger writes.
type libraryLog struct {
	log    *slog.Logger
	tokens []platform.Secret
}

func (l libraryLog) Println(v ...any) { l.write(fmt.Sprintln(v...)) }

func (l libraryLog) Printf(format string, v ...any) { l.write(fmt.Sprintf(format, v...)) }

func (l libraryLog) write(s string) {
	for _, t := range l.tokens {
		s = scrub(t, s)
	}
	l.log.Debug("telegram library", "said", strings.TrimSpace(s))
}

// quiet is where the library's package-wide logger writes to. It is global to the process, as that
// is, which can be set only once without a race.
var quiet struct {
	once sync.Once
	to   atomic.Pointer[libraryLog]
}

// routed is the library's logger: it writes to quiet.
type routed struct{}

func (routed) Println(v ...any) { quiet.to.Load().Println(v...) }

func (routed) Printf(format string, v ...any) { quiet.to.Load().Printf(format, v...) }

// QuietLibrary gives the library's package-wide logger, which else writes raw
// errors with the token to standard error, to log at debug level with the tokens
// removed. It is global to the process: main calls it before Run, and the last call counts.
func QuietLibrary(log *slog.Logger, tokens ...platform.Secret) {
	quiet.to.Store(&libraryLog{log, tokens})
	quiet.once.Do(func() { _ = tgbotapi.SetLogger(routed{}) }) // fails only for nil
}
