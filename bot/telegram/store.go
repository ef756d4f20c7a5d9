package telegram

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Store keeps a few small values from one start to the next: the offset of the
// update queue and what the command menus were last set to. It holds no texts and
// no people. It must be safe for concurrent use.
type Store interface {
	// Get returns "" for a key that was never set.
	Get(ctx context.Context, key string) (string, error)
	Set(ctx context.Context, key, value string) error
}

// memory is the Store that forgets at the end of the process.
type memory struct {
	mu sync.Mutex
	m  map[string]string
}

func (s *memory) Get(_ context.Context, key string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[key], nil
}

func (s *memory) Set(_ context.Context, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[string]string{}
	}
	s.m[key] = value
	return nil
}

// offsetAge is how long a stored offset means anything. Telegram keeps updates
// for 24 hours, so an older offset protects from nothing, and after a quiet week
// it numbers them anew, perhaps below it.
const offsetAge = 24 * time.Hour

// formatOffset writes an offset with its time.
func formatOffset(offset int64, at time.Time) string {
	return strconv.FormatInt(offset, 10) + "@" + strconv.FormatInt(at.Unix(), 10)
}

// parseOffset reads what formatOffset wrote; 0 if it is none or too old.
func parseOffset(s string, now time.Time) int64 {
	a, b, ok := strings.Cut(s, "@")
	offset, err1 := strconv.ParseInt(a, 10, 64)
	at, err2 := strconv.ParseInt(b, 10, 64)
	if !ok || err1 != nil || err2 != nil || offset < 0 || now.Sub(time.Unix(at, 0)) > offsetAge {
		return 0
	}
	return offset
}
