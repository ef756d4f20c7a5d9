package discordtest

import (
	"context"
	"encoding/json"
)

// Dispatch sends an event to the bot: over its connection, or when it resumes. A
// bot that has no session never hears of it.
func (s *Server) Dispatch(kind string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dispatch(kind, mustJSON(data))
}

func (s *Server) dispatch(kind string, data json.RawMessage) {
	at := map[string]*Conn{}
	for c := range s.conns {
		c.mu.Lock()
		select {
		case <-c.done:
		default:
			if c.loggedIn && !c.NoEvents {
				at[c.session.id] = c
			}
		}
		c.mu.Unlock()
	}
	guild := guildOf(data)
	for id, x := range s.sessions {
		if ShardOf(guild, x.shard[1]) == x.shard[0] {
			x.add(kind, data, at[id])
		}
	}
}

// Drop cuts every connection without a word.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.Kill()
	}
}

// ForgetSessions forgets every session, as Discord does after some minutes.
func (s *Server) ForgetSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
}

// SetToken makes another token the only one that is taken.
func (s *Server) SetToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Token = token
}

// Each calls do for every connection, e.g. to send Op 7.
func (s *Server) Each(do func(*Conn)) {
	s.mu.Lock()
	var all []*Conn
	for c := range s.conns {
		all = append(all, c)
	}
	s.mu.Unlock()
	for _, c := range all {
		do(c)
	}
}

// Ready waits until the bot is connected and logged in.
func (s *Server) Ready(ctx context.Context) error {
	return s.wait(ctx, func() bool {
		for c := range s.conns {
			c.mu.Lock()
			live := c.loggedIn
			c.mu.Unlock()
			select {
			case <-c.done:
			default:
				if live {
					return true
				}
			}
		}
		return false
	})
}

// Logins counts Identifies and Resumes so far.
func (s *Server) Logins() (identifies, resumes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.identifies, s.resumes
}

// WaitLogins waits for that many Identifies and Resumes in all.
func (s *Server) WaitLogins(ctx context.Context, identifies, resumes int) error {
	return s.wait(ctx, func() bool { return s.identifies >= identifies && s.resumes >= resumes })
}

// WaitBeats waits for n heartbeats since New, over all connections.
func (s *Server) WaitBeats(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool { return s.beats >= n })
}

// Beats counts heartbeats so far.
func (s *Server) Beats() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.beats
}

// Dials are the paths of the addresses dialled so far, in order.
func (s *Server) Dials() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.dials...)
}

// WaitDials waits for n connections in all.
func (s *Server) WaitDials(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool { return len(s.dials) >= n })
}

// Closes are the codes of the close frames that the bot sent.
func (s *Server) Closes() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]int(nil), s.closes...)
}

// WaitCloses waits for n of them.
func (s *Server) WaitCloses(ctx context.Context, n int) ([]int, error) {
	err := s.wait(ctx, func() bool { return len(s.closes) >= n })
	return s.Closes(), err
}
