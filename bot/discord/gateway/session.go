package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// A session is what is needed to resume one, in this process or a later one. Discord
// keeps what was said meanwhile for a few minutes, so that a restart loses no question.
// It keeps nothing after a close frame with code 1000, so a program that leaves its
// session to the next one just ends the connection.
//
// One that ends in good order leaves the exact place. So that a crash loses little
// either, the place is written down once a second if it has moved. What came after it
// comes again and may have been answered already: then the answer to a message has the
// same nonce as before, and Discord posts it once. Interactions have none: for them
// Event.Again tells.
type session struct {
	ID   string `json:"session"`
	URL  string `json:"url,omitempty"` // resume_gateway_url
	Seq  int64  `json:"seq"`           // of the last event before those that are still to come
	Seen int64  `json:"seen"`          // of the last event that an earlier process may have met
	User string `json:"user"`
	App  string `json:"app,omitempty"`

	Tries int `json:"tries,omitempty"` // how often it was taken up since it last worked

	Of string    `json:"of"` // whose it is, see owner
	At time.Time `json:"at"` // when it was written down
}

// keptFor is how old a session may be. Discord forgets them after some minutes; to ask
// for one that is forgotten costs a connection.
const keptFor = 30 * time.Minute

// A readyData is what is read of READY.
type readyData struct {
	SessionID string `json:"session_id"`
	ResumeURL string `json:"resume_gateway_url"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
	Application struct {
		ID string `json:"id"`
	} `json:"application"`
}

// readyData is the READY with which s would begin.
func (s session) readyData() readyData {
	r := readyData{SessionID: s.ID, ResumeURL: s.URL}
	r.User.ID, r.Application.ID = s.User, s.App
	return r
}

// resume returns the packet that asks for the session.
func (s session) resume(token string) []byte {
	type data struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	return mustJSON(struct {
		Op   int  `json:"op"`
		Data data `json:"d"`
	}{opResume, data{"Bot " + token, s.ID, s.Seq}})
}

// ready returns the packet with which the session begins for the library.
func (s session) ready() []byte {
	return mustJSON(struct {
		Op   int       `json:"op"`
		Seq  int64     `json:"s"`
		Type string    `json:"t"`
		Data readyData `json:"d"`
	}{opDispatch, s.Seq, "READY", s.readyData()})
}

// storeKey is the place in the store of a session for all servers.
const storeKey = "discord.session"

// Key is the place in the store of the session of a shard.
func Key(shard, shards int) string {
	if shards <= 1 {
		return storeKey
	}
	return fmt.Sprintf("%s.%d.%d", storeKey, shards, shard)
}

// owner names the token and the server that a session belongs to. It tells nothing of
// the token, which is long and random.
func (g *Gateway) owner() string {
	sum := sha256.Sum256([]byte(g.c.Base + "\n" + g.c.Token.Reveal()))
	return hex.EncodeToString(sum[:8])
}

// restore takes over the session that an earlier process left, so often as it may be: if
// what comes with it ends the program, the next one does without.
func (g *Gateway) restore(ctx context.Context) {
	if g.c.Store == nil {
		return
	}
	raw, err := g.c.Store.Get(ctx, g.c.Key)
	if err != nil || raw == "" {
		g.untaken = err != nil
		return
	}
	s, ok := g.readSession(raw)
	rest := ""
	if s.Tries++; ok && s.Tries < g.c.Tries {
		rest = string(mustJSON(s))
	}
	if err := g.c.Store.Set(ctx, g.c.Key, rest); err != nil {
		if g.untaken = true; ctx.Err() == nil {
			g.log.Warn("the session of the last run cannot be taken up; what was said meanwhile is lost", "error", err)
		}
		return
	}
	if !ok {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.session, g.resumeURL = s, s.URL
	g.session.Of, g.session.At = "", time.Time{} // they are set when it is written down
}

// readSession reads what was written down, if it can be this Gateway's.
func (g *Gateway) readSession(raw string) (s session, ok bool) {
	ok = json.Unmarshal([]byte(raw), &s) == nil && s.Of == g.owner() && s.ID != "" && s.User != "" && g.now().Sub(s.At) <= keptFor && s.Seq >= 0
	return s, ok
}

// place returns the session as it would be resumed after a crash now; without an ID
// there is none. What waits to be accepted is to come again.
func (g *Gateway) place() session {
	g.mu.Lock()
	s, live := g.session, g.live
	g.mu.Unlock()
	if !live || s.ID == "" {
		return session{}
	}
	s.Seen = math.MaxInt64
	s.Seq = g.c.Accepted(s.Seq)
	return s
}

// checkpoint writes the place down, whenever it has moved, until ctx is done.
func (g *Gateway) checkpoint(ctx context.Context) {
	t := time.NewTicker(g.t.Checkpoint)
	defer t.Stop()
	var last session
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-g.moved:
		}
		if now := g.place(); now != last {
			last = now
			g.save(now)
		}
	}
}

// Leave leaves the session to a later process, after Run has returned nil. Events after
// the one with number accepted come again there.
func (g *Gateway) Leave(accepted int64) {
	if g.c.Store == nil {
		return
	}
	g.mu.Lock()
	s := g.session
	g.mu.Unlock()
	if s.ID == "" && g.untaken {
		return // what is there is somebody else's still
	}
	s.Seen = max(s.Seen, s.Seq)
	s.Seq = min(s.Seq, accepted)
	g.save(s)
}

// Forget leaves no session to a later process, after Run has failed.
func (g *Gateway) Forget() {
	if g.c.Store != nil {
		g.save(session{})
	}
}

// saveTimeout bounds writing the session down.
const saveTimeout = 2500 * time.Millisecond

func (g *Gateway) save(s session) {
	text := ""
	if s.ID != "" {
		s.Of, s.At = g.owner(), g.now()
		text = string(mustJSON(s))
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	g.saving.Log(g.log, g.c.Store.Set(ctx, g.c.Key, text), "the session could not be kept; after a restart what was said meanwhile is lost")
}
