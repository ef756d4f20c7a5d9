package discordtest

import (
	"context"
	"encoding/json"
	"strconv"
	"time"
)

// A Discord in shards: each session gets the events of its part of the servers, and shard 0
// those without a server besides. Several sessions for the same part each get all of it,
// also where they are for different numbers of shards.

// ShardOf is the shard, of n, that gets the events of a guild; "" is no guild.
func ShardOf(guild string, n int) int {
	id, _ := strconv.ParseUint(guild, 10, 64)
	return int(id >> 22 % uint64(n))
}

// guildOf is the guild of an event, or "".
func guildOf(data json.RawMessage) string {
	var e struct {
		Guild string `json:"guild_id"`
	}
	_ = json.Unmarshal(data, &e)
	return e.Guild
}

// newGuild makes the id of a guild: the first is shard 0's, the next shard 1's, and so on,
// whatever power of two their number is. s.mu is held.
func (s *Server) newGuild() string {
	s.guilds++
	return strconv.FormatUint(uint64(1<<30+s.guilds-1)<<22, 10)
}

// mayIdentify reports whether a session may be begun for a shard now. s.mu is held.
func (s *Server) mayIdentify(shard int) bool {
	if left, _ := s.starts(); left <= 0 {
		s.violateLocked("gateway: an Identify more than there are left; Discord would reset the token")
		return false
	}
	if s.StartsReset == 0 || time.Since(s.begun) < s.StartsReset {
		s.StartsLeft--
	}
	bucket, now := shard%s.Concurrency, time.Now()
	since := now.Sub(s.identified[bucket])
	s.identified[bucket] = now
	if since < s.IdentifyEvery {
		s.violateLocked("gateway: an Identify of bucket %d %v after another", bucket, since)
		return false
	}
	return true
}

// starts is how many sessions may still be begun, and when they are all there again. s.mu is
// held.
func (s *Server) starts() (left int, reset time.Duration) {
	if s.StartsReset == 0 {
		return s.StartsLeft, 0
	}
	if reset = s.StartsReset - time.Since(s.begun); reset <= 0 {
		return 1000, 0
	}
	return s.StartsLeft, reset + time.Millisecond
}

// LimitStarts leaves so many sessions to begin until they are all there again, after a while.
func (s *Server) LimitStarts(left int, reset time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.StartsLeft, s.StartsReset = left, time.Since(s.begun)+reset
}

// Hears reports whether any session gets what is said on a server, now or when it is resumed.
func (s *Server) Hears(guild string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.id("guild", guild)
	for _, x := range s.sessions {
		if ShardOf(id, x.shard[1]) == x.shard[0] {
			return true
		}
	}
	return false
}

// Live are the shards, of n, that have a connection that gets events, in order.
func (s *Server) Live(n int) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live(n)
}

// live is Live while s.mu is held.
func (s *Server) live(n int) (all []int) {
	there := map[int]bool{}
	for c := range s.conns {
		c.mu.Lock()
		if c.loggedIn && c.session.shard[1] == n && !ended(c.done) {
			there[c.session.shard[0]] = true
		}
		c.mu.Unlock()
	}
	for i := range n {
		if there[i] {
			all = append(all, i)
		}
	}
	return all
}

func ended(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// WaitLive waits until that many shards, of n, are connected: n of them, or none.
func (s *Server) WaitLive(ctx context.Context, n, live int) error {
	return s.wait(ctx, func() bool { return len(s.live(n)) == live })
}

// Sessions counts the sessions that could be resumed.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

// Recommend has /gateway/bot recommend that many shards from now on.
func (s *Server) Recommend(shards int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Shards = shards
}
