package telegram

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"footnote/bot/platform"
)

// Telegram sends an update to a webhook, and the next one of the same chat only after it was
// answered with 2xx or given up: what is answered only when the reply has gone out keeps the
// order of a chat over any number of processes. What is answered with anything else, or not in
// time, comes again, with growing pauses, for a day.

const (
	// secretHeader is where Telegram says the secret that setWebhook told it.
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	// webhookPath is where updates come in; what follows is nobody's to guess.
	webhookPath = "/telegram/"

	// ackWithin is how long an update waits for its answer. One that takes longer, because
	// the chat has to wait after a 429 say, is among the unanswered by then: whoever asked is
	// told if the program ends. It is longer than a message waits for the database of several
	// processes, lest another of them answers the next of its chat before.
	ackWithin = 10 * time.Second
	// acceptWithin is how long one waits for room in the queue.
	acceptWithin = 2 * time.Second
	// comeAgain is when Telegram is asked to bring an update again that was not accepted.
	comeAgain = 2 * time.Second
)

// A webhook is where updates come in over HTTP. Its path and its secret are made of the token:
// every process that has it knows them, nobody else can, and a new token makes new ones. It
// outlives the Runs of its adapter.
type webhook struct {
	url      platform.Secret // that Telegram is told
	prefixes []string        // of the path of a request, before the part that nobody can guess
	path     platform.Secret
	secret   platform.Secret
	log      *slog.Logger
	within   time.Duration // ackWithin but in tests
	accepts  time.Duration // acceptWithin but in tests

	mu       sync.Mutex
	turn     *hookTurn // of the present Run
	poisoned int
}

// A hookTurn is what one Run does with updates that come in.
type hookTurn struct {
	ctx    context.Context // of receiving
	handle func(context.Context, update) error
	inHand sync.WaitGroup // of calls of handle
}

// CheckWebhook says in one sentence what is wrong with the address of a webhook, for a bot
// whose calls go to endpoint, or to DefaultEndpoint if that is empty.
func CheckWebhook(address, endpoint string) error {
	u, err := url.Parse(address)
	own := endpoint != "" && endpoint != DefaultEndpoint
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || strings.ContainsAny(u.Path, "{} ") || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("telegram.webhook must be an https address such as https://bot.example.org, without user, query and fragment")
	case u.Scheme == "http" && !own:
		return errors.New("telegram.webhook begins with http, and Telegram sends to https alone: put a proxy with a certificate before the program and give its address")
	case !own && !hookPorts[u.Port()]:
		return fmt.Errorf("telegram.webhook has the port %s, and Telegram sends to the ports 443, 80, 88 and 8443 alone", u.Port())
	}
	return nil
}

// newWebhook returns the webhook that c asks for.
func newWebhook(a *Adapter, c Config) (*webhook, error) {
	if err := CheckWebhook(c.Webhook, c.Endpoint); err != nil {
		return nil, err
	}
	u, err := url.Parse(c.Webhook)
	if err != nil {
		return nil, err
	}
	base := strings.TrimRight(u.Path, "/")
	w := &webhook{
		prefixes: []string{webhookPath}, path: platform.NewSecret(derived(a.token, "path")[:32]),
		secret: platform.NewSecret(derived(a.token, "secret")), log: a.log,
		within: cmp.Or(c.test.ackWithin, ackWithin), accepts: cmp.Or(c.test.accepts, acceptWithin),
	}
	w.url = platform.NewSecret(u.Scheme + "://" + u.Host + base + webhookPath + w.path.Reveal())
	if base != "" { // a proxy may take it off or not
		w.prefixes = append(w.prefixes, base+webhookPath)
	}
	return w, nil
}

// hookPorts are those that Telegram sends to; none is 443.
var hookPorts = map[string]bool{"": true, "443": true, "80": true, "88": true, "8443": true}

// derived is a text of 64 letters and digits that nobody knows who has not the token, another
// one for each use.
func derived(token platform.Secret, use string) string {
	m := hmac.New(sha256.New, []byte(token.Reveal()))
	m.Write([]byte("footnote webhook " + use))
	return hex.EncodeToString(m.Sum(nil))
}

// HTTP implements bot.HTTPHandler.
func (a *Adapter) HTTP() map[string]http.Handler {
	all := map[string]http.Handler{}
	if a.webhook == nil {
		return all
	}
	for _, p := range a.webhook.prefixes {
		all["POST "+p+"{path}"] = a.webhook
	}
	return all
}

// equal compares without telling by its time where two texts differ.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// ServeHTTP takes one update. Who does not know the path and the secret is told what anybody
// is told at an address where nothing is.
func (w *webhook) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	path, secret := equal(r.PathValue("path"), w.path.Reveal()), equal(r.Header.Get(secretHeader), w.secret.Reveal())
	if !path || !secret {
		http.NotFound(rw, r)
		return
	}
	turn := w.enter()
	if turn == nil {
		again(rw) // another process may take it
		return
	}
	settled, err := w.accept(turn, rw, r)
	switch {
	case err != nil:
		again(rw)
		return
	case settled == nil:
		return // answered
	}
	enough := time.NewTimer(w.within)
	defer enough.Stop()
	select {
	case <-settled:
	case <-enough.C:
	case <-r.Context().Done():
	}
	rw.WriteHeader(http.StatusOK)
}

// again has Telegram bring the update again.
func again(rw http.ResponseWriter) {
	rw.Header().Set("Retry-After", strconv.Itoa(int(comeAgain/time.Second)))
	http.Error(rw, "not now", http.StatusServiceUnavailable)
}

// enter returns the present turn with one more in hand, or nil if there is none.
func (w *webhook) enter() *hookTurn {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.turn == nil || w.turn.ctx.Err() != nil {
		return nil
	}
	w.turn.inHand.Add(1)
	return w.turn
}

// accept reads an update and hands it over. It returns a channel that is closed when
// nothing more will come of it; nil once it has answered the request itself.
func (w *webhook) accept(turn *hookTurn, rw http.ResponseWriter, r *http.Request) (<-chan struct{}, error) {
	defer turn.inHand.Done()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			w.skip(0, "it is too large")
			rw.WriteHeader(http.StatusOK) // it would be as large the next time
			return nil, nil
		}
		return nil, err // the connection broke
	}
	u, why := readUpdate(body)
	if why != "" {
		id, _ := numberOf(body)
		w.skip(id, why)
		rw.WriteHeader(http.StatusOK)
		return nil, nil
	}
	settled := make(chan struct{})
	u.settled = sync.OnceFunc(func() { close(settled) })
	ctx, cancel := context.WithTimeout(turn.ctx, w.accepts)
	defer cancel()
	defer context.AfterFunc(r.Context(), cancel)()
	if err := turn.handle(ctx, u); err != nil {
		return nil, err
	}
	return settled, nil
}

// readUpdate reads what Telegram sent; why says what is wrong with it, without quoting it.
func readUpdate(body []byte) (u update, wrong string) {
	if err := json.Unmarshal(body, &u); err != nil || u.ID == nil {
		return update{}, why(err)
	}
	return u, ""
}

// skip notes an update that cannot be read: it is not asked for again, since everything
// after it in its chat would wait for it.
func (w *webhook) skip(id int64, why string) {
	w.mu.Lock()
	w.poisoned++
	n := w.poisoned
	w.mu.Unlock()
	w.log.Warn("an update could not be read and was skipped", "update", id, "skipped", n, "why", why)
}

// open lets updates in until the returned function is called, which waits for those that
// are being handed over.
func (w *webhook) open(ctx context.Context, handle func(context.Context, update) error) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	turn := &hookTurn{ctx: ctx, handle: handle}
	w.mu.Lock()
	w.turn = turn
	w.mu.Unlock()
	return func() {
		cancel()
		w.mu.Lock()
		w.turn = nil
		w.mu.Unlock()
		turn.inHand.Wait()
	}
}
