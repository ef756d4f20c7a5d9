// Package recent has a bounded map that forgets. It knows nothing of what it holds.
package recent

import (
	"container/list"
	"math"
	"sync"
	"time"
)

// A Map is a map that forgets: entries end ttl after they were last set, and
// the oldest goes when there are more than max. It is safe for concurrent use.
// Forgetting happens as new entries come, so an idle one costs no timer.
type Map[K comparable, V any] struct {
	max int
	ttl time.Duration
	now func() time.Time

	mu    sync.Mutex
	byKey map[K]*list.Element // of *entry[K, V]
	order list.List           // the last set first
}

type entry[K comparable, V any] struct {
	key K
	val V
	at  time.Time
}

// Forever is the ttl of what only the number bounds.
const Forever = time.Duration(math.MaxInt64)

// New returns an empty Map of at most max entries, by the clock now.
func New[K comparable, V any](max int, ttl time.Duration, now func() time.Time) *Map[K, V] {
	return &Map[K, V]{max: max, ttl: ttl, now: now, byKey: map[K]*list.Element{}}
}

// Get returns what was set for k, if it has not ended.
func (r *Map[K, V]) Get(k K) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byKey[k]; ok {
		if x := e.Value.(*entry[K, V]); r.now().Sub(x.at) < r.ttl {
			return x.val, true
		}
	}
	var zero V
	return zero, false
}

// Has reports whether k was set and has not ended.
func (r *Map[K, V]) Has(k K) bool {
	_, ok := r.Get(k)
	return ok
}

// Update sets what f returns for the value of k so far; ok tells f whether
// there is one.
func (r *Map[K, V]) Update(k K, f func(old V, ok bool) V) (now V) {
	r.Alter(k, func(v *V, ok bool) {
		*v = f(*v, ok)
		now = *v
	})
	return now
}

// Alter lets f change the value of k where it is; ok tells f whether there was one.
func (r *Map[K, V]) Alter(k K, f func(v *V, ok bool)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.forget(now)
	if e, ok := r.byKey[k]; ok {
		x := e.Value.(*entry[K, V])
		f(&x.val, true)
		x.at = now
		r.order.MoveToFront(e)
		return
	}
	x := &entry[K, V]{key: k, at: now}
	f(&x.val, false)
	r.byKey[k] = r.order.PushFront(x)
	r.forget(now)
}

// Change lets f change the value of k where it is, if there is one, which does not make it
// younger.
func (r *Map[K, V]) Change(k K, f func(v *V)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byKey[k]; ok {
		f(&e.Value.(*entry[K, V]).val)
	}
}

// Set sets the value of k, which is then the youngest entry; the oldest goes where there are too many.
func (r *Map[K, V]) Set(k K, v V) { r.Alter(k, func(old *V, _ bool) { *old = v }) }

// Add sets k and reports whether it was new.
func (r *Map[K, V]) Add(k K, v V) bool {
	fresh := false
	r.Alter(k, func(old *V, ok bool) {
		if fresh = !ok; fresh {
			*old = v
		}
	})
	return fresh
}

// Delete deletes the entry of k, if there is one.
func (r *Map[K, V]) Delete(k K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byKey[k]; ok {
		r.remove(e)
	}
}

// Clear deletes every entry, as if nothing had been set.
func (r *Map[K, V]) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.byKey)
	r.order.Init()
}

// DeleteFunc deletes every entry for which f is true and returns their number.
func (r *Map[K, V]) DeleteFunc(f func(K, V) bool) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for e := r.order.Front(); e != nil; {
		next := e.Next()
		if x := e.Value.(*entry[K, V]); f(x.key, x.val) {
			r.remove(e)
			n++
		}
		e = next
	}
	return n
}

// forget drops what has ended and what is too much. r.mu is held.
func (r *Map[K, V]) forget(now time.Time) {
	for e := r.order.Back(); e != nil; e = r.order.Back() {
		if len(r.byKey) <= r.max && now.Sub(e.Value.(*entry[K, V]).at) < r.ttl {
			return
		}
		r.remove(e)
	}
}

func (r *Map[K, V]) remove(e *list.Element) {
	delete(r.byKey, e.Value.(*entry[K, V]).key)
	r.order.Remove(e)
}
