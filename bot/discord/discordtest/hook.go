package discordtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

// Interactions over HTTP: once the application has an Interactions Endpoint URL, Discord
// posts them there, signed, and the gateway brings none.

// key is the private key of a Server's application.
func (s *Server) key() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("the application of " + s.Listener()))
	return ed25519.NewKeyFromSeed(seed[:])
}

// PublicKey is the public key of the application, in hexadecimal digits.
func (s *Server) PublicKey() string {
	return hex.EncodeToString(s.key().Public().(ed25519.PublicKey))
}

// Sign is the signature of a body that was posted at a time, as the headers hold them.
func (s *Server) Sign(timestamp string, body []byte) (signature string) {
	return hex.EncodeToString(ed25519.Sign(s.key(), append([]byte(timestamp), body...)))
}

// PostTo has interactions posted to these addresses, to one after the other as by a
// balancer, and no longer sent over the gateway; to none undoes it. As Discord does it tries
// each first, with a PING and with a wrong signature, and the error is what was wrong.
func (s *Server) PostTo(ctx context.Context, urls ...string) error {
	ping := []byte(`{"type":1,"id":"1","application_id":"` + s.BotID() + `","token":"x","version":1}`)
	for _, u := range urls {
		status, _, _ := s.signedPost(ctx, u, ping, func(h http.Header) { h.Set("X-Signature-Ed25519", hex.EncodeToString(make([]byte, 64))) })
		if status != http.StatusUnauthorized {
			return fmt.Errorf("discordtest: a wrong signature is answered with %d", status)
		}
		status, kind, body := s.signedPost(ctx, u, ping, func(http.Header) {})
		var pong struct{ Type int }
		if status != http.StatusOK || kind != "application/json" || json.Unmarshal(body, &pong) != nil || pong.Type != 1 {
			return fmt.Errorf("discordtest: a PING is answered with %d %s %q", status, kind, body)
		}
		s.recordAnswer("/interactions/1/x/callback", body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoints = urls
	return nil
}

// signedPost posts a body as Discord does, but for what change does.
func (s *Server) signedPost(ctx context.Context, url string, body []byte, change func(http.Header)) (status int, kind string, answer []byte) {
	ctx, cancel := context.WithTimeout(ctx, s.AckWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, err.Error(), nil
	}
	timestamp := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	req.Header.Set("X-Signature-Timestamp", timestamp)
	req.Header.Set("X-Signature-Ed25519", s.Sign(timestamp, body))
	change(req.Header)
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", nil
	}
	defer resp.Body.Close()
	answer, _ = io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp.StatusCode, resp.Header.Get("Content-Type"), answer
}

// postInteraction posts an interaction to the next address, and takes what is answered. s.mu
// is held.
func (s *Server) postInteraction(id string, body json.RawMessage) {
	url := s.endpoints[s.posted%len(s.endpoints)]
	s.posted++
	s.wg.Go(func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			select {
			case <-s.closed:
				cancel()
			case <-stop:
			}
		}()
		status, _, answer := s.signedPost(ctx, url, body, func(http.Header) {})
		s.takeAnswer(id, status, answer)
	})
}

// takeAnswer takes the response to an interaction that was posted.
func (s *Server) takeAnswer(id string, status int, answer []byte) {
	s.mu.Lock()
	i := s.interactions[id]
	s.mu.Unlock()
	switch {
	case i == nil:
	case status == http.StatusOK:
		path := "/interactions/" + i.id + "/" + i.token + "/callback"
		s.recordAnswer(path, answer)
		req := httptest.NewRequest(http.MethodPost, "/api/v10"+path, nil)
		req.SetPathValue("id", i.id)
		req.SetPathValue("token", i.token)
		s.callback(httptest.NewRecorder(), req, answer)
	case status == http.StatusAccepted && len(answer) > 0:
		s.violate("an interaction is accepted with 202 and a body: %.80q", answer)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.statuses[id] = status
	s.touch()
}

// WaitPosted waits until an interaction that was posted is answered, and returns the status;
// 0 if there was no answer in time.
func (s *Server) WaitPosted(ctx context.Context, id string) (status int, err error) {
	err = s.wait(ctx, func() bool { _, ok := s.statuses[id]; return ok })
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.statuses[id], err
}

// recordAnswer records an answer in a response as if it had been a call.
func (s *Server) recordAnswer(path string, body []byte) {
	if s.record == nil {
		return
	}
	line, _ := json.Marshal(map[string]any{"method": "POST", "path": path, "body": json.RawMessage(orNull(body))})
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.record.Write(append(line, '\n'))
}
