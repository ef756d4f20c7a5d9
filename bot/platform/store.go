package platform

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
)

// A Memory is a [bot.Store] that forgets at the end of the process. Its zero value is
// empty and ready.
type Memory struct {
	mu     sync.Mutex
	values map[string]string
}

// Get implements [bot.Store].
func (m *Memory) Get(_ context.Context, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key], nil
}

// Set implements [bot.Store].
func (m *Memory) Set(_ context.Context, key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]string{}
	}
	m.values[key] = value
	return nil
}

// Delete implements [bot.Store].
func (m *Memory) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, key)
	return nil
}

// Digest names a value that encodes as JSON, such as a menu, so that a store can tell
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
