package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// Interactions over HTTP: Discord posts each to the program's listener, signed. The answer to
// a request for completions stands in the response. A command or a button is accepted with
// 202, and answered like one that came over the gateway, with a call: so what becomes of the
// answer is known, and it is sent again if need be.

const (
	// hookPath is where Discord posts them.
	hookPath = "/discord/interactions"

	// maxHook is how long an interaction may be, in bytes. The longest hold a message with
	// all it shows, some 50 kB.
	maxHook = 1 << 20

	// hookWindow is how old a signature may be, and how far ahead of our clock. After that
	// an answer would come too late in any case, since an interaction's token lives so
	// long; and for so long each is remembered, so that one that is sent again is not
	// carried out twice. It also is how wrong the clock of this machine may be.
	hookWindow = 15 * time.Minute

	// completeWithin bounds how long completions may take: people type on.
	completeWithin = 2 * time.Second
)

const (
	interactionPing = 1
	answerPong      = 1
)

// CheckPublicKey says what is wrong with an application's public key.
func CheckPublicKey(text string) error {
	_, err := readPublicKey(text)
	if err != nil {
		return fmt.Errorf("it %w", err)
	}
	return nil
}

// readPublicKey reads an application's public key; nil for none. The error goes on after what
// is wrong.
func readPublicKey(text string) (ed25519.PublicKey, error) {
	if text == "" {
		return nil, nil
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("is not %d hexadecimal digits: copy the Public Key from https://discord.com/developers/applications → your application → General Information", 2*ed25519.PublicKeySize)
	}
	return key, nil
}

// signed reports whether Discord signed the body, by the headers that came with it, and not
// too long ago.
func signed(key ed25519.PublicKey, h http.Header, body []byte, now time.Time) bool {
	signature, err := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	timestamp := h.Get("X-Signature-Timestamp")
	if err != nil || len(signature) != ed25519.SignatureSize || len(key) != ed25519.PublicKeySize || len(timestamp) > 20 {
		return false
	}
	if !ed25519.Verify(key, append([]byte(timestamp), body...), signature) {
		return false
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	age := now.Sub(time.Unix(seconds, 0))
	return err == nil && age <= hookWindow && age >= -hookWindow
}

// HTTP implements bot.HTTPHandler.
func (a *Adapter) HTTP() map[string]http.Handler {
	if a.publicKey == nil {
		return nil
	}
	return map[string]http.Handler{"POST " + hookPath: http.HandlerFunc(a.serveHook)}
}

// serveHook answers one request.
func (a *Adapter) serveHook(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxHook))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "incomplete", http.StatusBadRequest)
		return
	case !signed(a.publicKey, req.Header, body, a.now()):
		// Discord tries now and then whether a wrong signature is refused.
		http.Error(w, "invalid request signature", http.StatusUnauthorized)
		return
	}
	var i interactionPayload
	if platform.Decode(body, &i) != nil {
		http.Error(w, "not an interaction", http.StatusBadRequest)
		return
	}
	if i.Type == interactionPing {
		answerHook(w, callback{Type: answerPong})
		return
	}
	h := a.hook.Load()
	if h == nil {
		http.Error(w, "not running", http.StatusServiceUnavailable)
		return
	}
	h.serve(w, req, &i)
}

// answerHook answers in the response.
func answerHook(w http.ResponseWriter, c callback) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(c) // Discord hung up: nobody waits any more
}

// A hook is what one Run does with interactions over HTTP.
type hook struct {
	*receiver
	mu    sync.Mutex // also held while something is put into the inbox
	ended bool
	inbox *inbox
}

// hookStall is how long a request may wait for a full bot.
const hookStall = 100 * time.Millisecond

// openHook takes interactions over HTTP until close is called, which the end of r's context
// has to come before.
func (r *receiver) openHook() (close func()) {
	if r.publicKey == nil {
		return func() {}
	}
	h := &hook{receiver: r, inbox: newInbox(r.queueSize, hookStall, &r.dropped)}
	var delivering sync.WaitGroup
	delivering.Go(func() { h.inbox.run(r.ctx, r.accept) })
	r.hook.Store(h)
	return func() {
		r.hook.Store(nil)
		h.mu.Lock()
		h.ended = true
		h.mu.Unlock()
		delivering.Wait()
		r.turnAwayAll(h.inbox.left())
	}
}

// put puts m into the inbox.
func (h *hook) put(m received) bool { return h.inbox.put(h.ctx, h.early(m)) }

func (h *hook) serve(w http.ResponseWriter, req *http.Request, i *interactionPayload) {
	if i.ApplicationID == "" {
		i.ApplicationID = h.selfID()
	}
	h.locales.note(i)
	kind, m, typing := convertInteraction(h.known, i, h.now())
	switch kind {
	case asCompletion:
		h.complete(w, req, m, typing)
	case asMessage:
		h.mu.Lock()
		ended := h.ended || h.ctx.Err() != nil
		if !ended {
			h.interaction(m, 0, h.put)
		}
		h.mu.Unlock()
		if ended {
			http.Error(w, "stopping", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	default:
		http.Error(w, "nothing that this bot has", http.StatusBadRequest)
	}
}

// complete answers a request for completions in the response.
func (h *hook) complete(w http.ResponseWriter, req *http.Request, m bot.Message, q completionRequest) {
	ctx, cancel := context.WithTimeout(req.Context(), completeWithin)
	defer cancel()
	done := make(chan callback, 1)
	h.mu.Lock()
	runs := !h.ended && h.background.Go(ctx, m.From.ID, func(context.Context) {
		defer close(done)
		done <- h.completions(q)
	})
	h.mu.Unlock()
	if !runs {
		http.Error(w, "too many requests", http.StatusTooManyRequests)
		return
	}
	select {
	case c, ok := <-done:
		if ok {
			answerHook(w, c)
			return
		}
	case <-ctx.Done():
	}
	http.Error(w, "no completions", http.StatusServiceUnavailable)
}
