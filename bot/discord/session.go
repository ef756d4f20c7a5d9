package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// A keptSession is what a later process needs to resume a session of the gateway.
// Discord keeps what was said meanwhile for a few minutes, so that a restart loses
// no question. It keeps nothing after a close frame with code 1000, so a program
// that leaves its session to the next one just ends the connection.
//
// Only a program that ends in good order leaves one: after a crash nobody could
// tell what was answered already.
type keptSession struct {
	ID   string `json:"session"`
	URL  string `json:"url,omitempty"` // resume_gateway_url
	Seq  int64  `json:"seq"`           // of the last event before those that are still to come
	Seen int64  `json:"seen"`          // of the last event whose interaction was seen to
	User string `json:"user"`
	App  string `json:"app,omitempty"`

	At time.Time `json:"at"` // when it was left
}

// keptFor is how old a session may be. Discord forgets them after some minutes; to
// ask for one that is forgotten costs a connection.
const keptFor = 30 * time.Minute

// resume is the packet that asks for the session.
func (k *keptSession) resume(token string) []byte {
	type data struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	return mustJSON(struct {
		Op   int  `json:"op"`
		Data data `json:"d"`
	}{opResume, data{token, k.ID, k.Seq}})
}

// ready is the READY that the library is told.
func (k *keptSession) ready() []byte {
	var r wireReady
	r.SessionID, r.ResumeURL, r.Application.ID = k.ID, k.URL, k.App
	r.User = &wireUser{ID: k.User}
	return mustJSON(struct {
		Op   int       `json:"op"`
		Seq  int64     `json:"s"`
		Type string    `json:"t"`
		Data wireReady `json:"d"`
	}{opDispatch, k.Seq, "READY", r})
}

// leave ends the connection in such a way that Discord keeps the session, and
// returns it, or nil if there is none.
func (g *gateway) leave() *keptSession {
	if c := g.current(); c != nil {
		c.finish()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.kept != nil { // it was not resumed yet
		return g.kept
	}
	if g.resume == "" || g.at.ID == "" {
		return nil
	}
	at := g.at
	at.Seen = max(at.Seen, at.Seq)
	return &at
}

// sessionKey is where the session is stored. Another token or another server's
// sessions are others.
func (a *Adapter) sessionKey() string {
	sum := sha256.Sum256([]byte(a.rest.base + "\n" + a.rest.token))
	return "discord.session." + hex.EncodeToString(sum[:8])
}

// restore takes the session that an earlier process left, once: were it resumed
// again after a crash, what has been answered would be answered twice.
func (a *Adapter) restore(ctx context.Context) *keptSession {
	if a.store == nil {
		return nil
	}
	raw, err := a.store.Get(ctx, a.sessionKey())
	if err != nil || raw == "" {
		return nil
	}
	if err := a.store.Set(ctx, a.sessionKey(), ""); err != nil {
		a.log.Warn("the session of the last run cannot be taken up; what was said meanwhile is lost", "error", err)
		return nil
	}
	var k keptSession
	if json.Unmarshal([]byte(raw), &k) != nil || k.ID == "" || !isID(k.User) || a.now().Sub(k.At) > keptFor {
		return nil
	}
	return &k
}

// keep leaves a session to a later process. What the bot did not accept is to come
// again.
func (a *Adapter) keep(k *keptSession, left []received) {
	if k == nil {
		return
	}
	if len(left) > 0 {
		k.Seq = min(k.Seq, left[0].seq-1)
	}
	k.At = a.now()
	ctx, cancel := context.WithTimeout(context.Background(), ackTimeout)
	defer cancel()
	if err := a.store.Set(ctx, a.sessionKey(), string(mustJSON(k))); err != nil {
		a.log.Warn("the session could not be kept; what is said until the next start is lost", "error", err)
	}
}

// mustJSON encodes what always can be.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
