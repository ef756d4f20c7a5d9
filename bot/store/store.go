// Package store keeps small values from one start of the program to the next:
// where a platform's queue of updates was left, what its menus were last set to,
// settings of chats. It implements [bot.Store], in memory, in a file of SQLite or, for
// several processes, in PostgreSQL; knows neither platforms nor conversations, and is for no
// text that a person wrote.
package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"footnote/bot"
)

// Bounds of what is kept. Whatever is longer is no setting.
const (
	MaxKey   = 256     // bytes
	MaxValue = 1 << 16 // bytes
)

// A Store holds values by namespace and key. Its own methods use the namespace
// "", those of In another one.
type Store struct {
	back backend

	mu      sync.Mutex
	trouble error // of the last try to keep something
}

type backend interface {
	get(ctx context.Context, space, key string) (string, error)
	set(ctx context.Context, space, key, value string) error
	delete(ctx context.Context, space, key string) error
	take(ctx context.Context, space, key string) (string, error)
	keys(ctx context.Context, space string) ([]string, error)
	clear(ctx context.Context, space string) (int, error)
	close() error
}

var (
	_ backend     = (*memory)(nil)
	_ backend     = (*file)(nil)
	_ backend     = shared{}
	_ bot.Store   = (*Store)(nil)
	_ bot.Listing = space{}
)

// Memory is a Store that forgets when the program ends.
func Memory() *Store { return &Store{back: &memory{m: map[[2]string]string{}}} }

// Get implements [bot.Store].
func (s *Store) Get(ctx context.Context, key string) (string, error) { return s.In("").Get(ctx, key) }

// Set implements [bot.Store].
func (s *Store) Set(ctx context.Context, key, value string) error {
	return s.In("").Set(ctx, key, value)
}

// Delete implements [bot.Store].
func (s *Store) Delete(ctx context.Context, key string) error { return s.In("").Delete(ctx, key) }

// Trouble is why what was to be kept last was not; nil if it was.
func (s *Store) Trouble() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

func (s *Store) tried(err error) error {
	if errors.Is(err, context.Canceled) {
		return err // which says nothing of the disk
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = err
	return err
}

// Lasts reports whether values outlive the program.
func (s *Store) Lasts() bool {
	_, is := s.back.(*memory)
	return !is
}

// Close ends the use of the store; a Memory is empty afterwards.
func (s *Store) Close() error { return s.back.close() }

// In returns the namespace name of s, a store of its own.
func (s *Store) In(name string) bot.Listing { return space{s, name} }

// Clear deletes all of the namespace name, and says how many values there were.
func (s *Store) Clear(ctx context.Context, name string) (int, error) { return s.back.clear(ctx, name) }

func (s *Store) put(ctx context.Context, space, key, value string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if len(value) > MaxValue {
		return fmt.Errorf("store: %s: a value has at most %d bytes, this one has %d", key, MaxValue, len(value))
	}
	return s.tried(s.back.set(ctx, space, key, value))
}

// checkKey refuses what not every place can keep as a key.
func checkKey(key string) error {
	switch {
	case key == "" || len(key) > MaxKey:
		return fmt.Errorf("store: a key has 1 to %d bytes, this one has %d", MaxKey, len(key))
	case !utf8.ValidString(key) || strings.Contains(key, "\x00"):
		return fmt.Errorf("store: the key %q is no text", key)
	}
	return nil
}

type space struct {
	s    *Store
	name string
}

func (x space) Get(ctx context.Context, key string) (string, error) {
	if err := checkKey(key); err != nil {
		return "", err
	}
	return x.s.back.get(ctx, x.name, key)
}

func (x space) Set(ctx context.Context, key, value string) error {
	return x.s.put(ctx, x.name, key, value)
}

func (x space) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	return x.s.back.delete(ctx, x.name, key)
}

func (x space) Take(ctx context.Context, key string) (string, error) {
	if err := checkKey(key); err != nil {
		return "", err
	}
	return x.s.back.take(ctx, x.name, key)
}

func (x space) Keys(ctx context.Context) ([]string, error) { return x.s.back.keys(ctx, x.name) }

// Keyed returns s with keyed hashes in place of the keys: a copy of it tells nobody
// whose values it holds. Without the same secret they are not found again.
func Keyed(s bot.Store, secret []byte) bot.Store { return keyed{s, secret} }

type keyed struct {
	store  bot.Store
	secret []byte
}

func (k keyed) hash(key string) string {
	mac := hmac.New(sha256.New, k.secret)
	_, _ = io.WriteString(mac, key)              // never fails
	return hex.EncodeToString(mac.Sum(nil)[:16]) // 128 bits: no two keys are taken for one
}

func (k keyed) Get(ctx context.Context, key string) (string, error) {
	return k.store.Get(ctx, k.hash(key))
}

func (k keyed) Set(ctx context.Context, key, value string) error {
	return k.store.Set(ctx, k.hash(key), value)
}

func (k keyed) Delete(ctx context.Context, key string) error { return k.store.Delete(ctx, k.hash(key)) }

type memory struct {
	mu sync.Mutex
	m  map[[2]string]string
}

func (b *memory) get(ctx context.Context, space, key string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.m[[2]string{space, key}], ctx.Err()
}

func (b *memory) set(ctx context.Context, space, key, value string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	b.m[[2]string{space, key}] = value
	return nil
}

func (b *memory) delete(ctx context.Context, space, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.m, [2]string{space, key})
	return ctx.Err()
}

func (b *memory) take(ctx context.Context, space, key string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return "", err
	}
	value := b.m[[2]string{space, key}]
	delete(b.m, [2]string{space, key})
	return value, nil
}

func (b *memory) keys(ctx context.Context, space string) (all []string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for k := range b.m {
		if k[0] == space {
			all = append(all, k[1])
		}
	}
	return all, ctx.Err()
}

func (b *memory) clear(ctx context.Context, space string) (n int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for k := range b.m {
		if k[0] == space {
			delete(b.m, k)
			n++
		}
	}
	return n, ctx.Err()
}

func (b *memory) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.m)
	return nil
}
