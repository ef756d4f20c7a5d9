// Package await lets a test wait for a condition instead of sleeping. It knows nothing
// of what is waited for, so that the fakes can use it too.
package await

import (
	"context"
	"sync"
)

// A Signal wakes those who wait for something to change. Its zero value is ready, and
// it is safe for concurrent use.
type Signal struct {
	mu   sync.Mutex
	next chan struct{}
}

// Touch wakes everybody who waits.
func (s *Signal) Touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		close(s.next)
		s.next = nil
	}
}

// Next returns a channel that is closed at the next Touch. Whoever takes it before
// looking at what may change misses nothing.
func (s *Signal) Next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = make(chan struct{})
	}
	return s.next
}

// Until waits until ok returns true, and returns ctx's error if that ends first. ok is
// called at once and after each Touch.
func (s *Signal) Until(ctx context.Context, ok func() bool) error {
	for {
		next := s.Next()
		if ok() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
