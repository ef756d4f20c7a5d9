package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"time"
)

// A keptSession is what a later process needs to resume a session of the gateway.
// Discord keeps what was said meanwhile for a few minutes, so that a restart loses
// no question. It keeps nothing after a close frame with code 1000, so a program
// that leaves its session to the next one just ends the connection.
//
// One that ends in good order leaves the exact place. So that a crash loses little
// either, the place is written down once a second if it has moved. What came after
// it comes again and may have been answered already: then the answer has the same
// nonce as before, and Discord posts it once. Interactions have none, and those that
// come again then are dropped; Discord shows by itself that they failed.
type keptSession struct {
	ID   string `json:"session"`
	URL  string `json:"url,omitempty"` // resume_gateway_url
	Seq  int64  `json:"seq"`           // of the last event before those that are still to come
	Seen int64  `json:"seen"`          // of the last event whose interaction was seen to
	User string `json:"user"`
	App  string `json:"app,omitempty"`

	Of string    `json:"of"` // whose it is, see sessionOwner
	At time.Time `json:"at"` // when it was written down
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

const sessionKey = "discord.session"

// sessionOwner names the token and the server that a session belongs to. It tells
// nothing of the token, which is long and random.
func (a *Adapter) sessionOwner() string {
	sum := sha256.Sum256([]byte(a.rest.base + "\n" + a.rest.token))
	return hex.EncodeToString(sum[:8])
}

// restore takes the session that an earlier process left, once: if what comes with
// it ends the program, the next one does without.
func (a *Adapter) restore(ctx context.Context) *keptSession {
	if a.store == nil {
		return nil
	}
	raw, err := a.store.Get(ctx, sessionKey)
	if err != nil || raw == "" {
		return nil
	}
	if err := a.store.Set(ctx, sessionKey, ""); err != nil {
		a.log.Warn("the session of the last run cannot be taken up; what was said meanwhile is lost", "error", err)
		return nil
	}
	var k keptSession
	if json.Unmarshal([]byte(raw), &k) != nil || k.Of != a.sessionOwner() || k.ID == "" || !isID(k.User) || a.now().Sub(k.At) > keptFor {
		return nil
	}
	return &k
}

// place is the session as it would be resumed after a crash now, or nil. What waits
// in h is to come again.
func (g *gateway) place(h *handover) *keptSession {
	g.mu.Lock()
	at, ok := g.at, g.live && g.resume != ""
	g.mu.Unlock()
	if !ok || at.ID == "" {
		return nil
	}
	at.Seen = math.MaxInt64
	at.Seq = h.settled(at.Seq)
	return &at
}

// keepPlace writes the place down, whenever it has moved, until ctx is done.
func (a *Adapter) keepPlace(ctx context.Context, g *gateway, h *handover) {
	t := time.NewTicker(a.timing.keep)
	defer t.Stop()
	var last keptSession
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		var now keptSession
		k := g.place(h)
		if k != nil {
			now = *k
		}
		if now != last {
			last = now
			a.keep(k)
		}
	}
}

// keep leaves the session to a later process, or none.
func (a *Adapter) keep(k *keptSession) {
	text := ""
	if k != nil {
		k.Of, k.At = a.sessionOwner(), a.now()
		text = string(mustJSON(k))
	}
	ctx, cancel := context.WithTimeout(context.Background(), ackTimeout)
	defer cancel()
	if err := a.store.Set(ctx, sessionKey, text); err != nil {
		a.log.Warn("the session could not be kept; after a restart what was said meanwhile is lost", "error", err)
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
