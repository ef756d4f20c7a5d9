package platform

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
)

// A Store keeps a few small values from one start of the program to the next: the
// place in a queue of updates, a session, what a menu was last set to. It holds no
// text and no people. It is safe for concurrent use. Its errors are for the log: an
// adapter goes on without what could not be read or kept.
type Store interface {
	// Get returns "" for a key that was never set.
	Get(ctx context.Context, key string) (string, error)
	Set(ctx context.Context, key, value string) error
}

// A Memory is a Store that forgets at the end of the process. Its zero value is
// empty and ready.
type Memory struct {
	mu     sync.Mutex
	values map[string]string
}

// Get implements [Store].
func (m *Memory) Get(_ context.Context, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key], nil
}

// Set implements [Store].
func (m *Memory) Set(_ context.Context, key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]string{}
	}
	m.values[key] = value
	return nil
}

// Digest names a value that encodes as JSON, such as a menu, so that a Store can tell
// whether it has changed since it was last sent. Equal values have equal digests.
func Digest(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // a defect: menus and commands are structs of texts
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

// Trim makes room in a map that must not grow without end. At most entries it deletes
// those that spent says are worth nothing any more, and if that is not enough, any,
// down to three quarters: room for many, so that this is rare.
func Trim[K comparable, V any](m map[K]V, most int, spent func(V) bool) {
	if len(m) < most {
		return
	}
	for k, v := range m {
		if spent(v) {
			delete(m, k)
		}
	}
	for k := range m {
		if len(m) < most*3/4 {
			return
		}
		delete(m, k)
	}
}
