package bot

import (
	"container/list"
	"math"
	"sync"
	"time"
)

// A recent is a map that forgets: entries end ttl after they were last set, and
// the oldest goes when there are more than max. It is safe for concurrent use.
// Forgetting happens as new entries come, so an idle one costs no timer.
type recent[K comparable, V any] struct {
	max int
	ttl time.Duration
	now func() time.Time

	mu    sync.Mutex
	byKey map[K]*list.Element // of *recentEntry[K, V]
	order list.List           // the last set first
}

type recentEntry[K comparable, V any] struct {
	key K
	val V
	at  time.Time
}

// forever is the ttl of what only the number bounds.
const forever = time.Duration(math.MaxInt64)

func newRecent[K comparable, V any](max int, ttl time.Duration, now func() time.Time) *recent[K, V] {
	return &recent[K, V]{max: max, ttl: ttl, now: now, byKey: map[K]*list.Element{}}
}

// get returns what was set for k, if it has not ended.
func (r *recent[K, V]) get(k K) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byKey[k]; ok {
		if x := e.Value.(*recentEntry[K, V]); r.now().Sub(x.at) < r.ttl {
			return x.val, true
		}
	}
	var zero V
	return zero, false
}

// update sets what f returns for the value of k so far; ok tells f whether
// there is one.
func (r *recent[K, V]) update(k K, f func(old V, ok bool) V) (now V) {
	r.alter(k, func(v *V, ok bool) {
		*v = f(*v, ok)
		now = *v
	})
	return now
}

// alter lets f change the value of k where it is; ok tells f whether there was one.
func (r *recent[K, V]) alter(k K, f func(v *V, ok bool)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.forget(now)
	if e, ok := r.byKey[k]; ok {
		x := e.Value.(*recentEntry[K, V])
		f(&x.val, true)
		x.at = now
		r.order.MoveToFront(e)
		return
	}
	x := &recentEntry[K, V]{key: k, at: now}
	f(&x.val, false)
	r.byKey[k] = r.order.PushFront(x)
	r.forget(now)
}

func (r *recent[K, V]) set(k K, v V) { r.update(k, func(V, bool) V { return v }) }

// add sets k and reports whether it was new.
func (r *recent[K, V]) add(k K, v V) bool {
	fresh := false
	r.update(k, func(old V, ok bool) V {
		if fresh = !ok; ok {
			return old
		}
		return v
	})
	return fresh
}

func (r *recent[K, V]) delete(k K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byKey[k]; ok {
		r.remove(e)
	}
}

// clear deletes every entry.
func (r *recent[K, V]) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.byKey)
	r.order.Init()
}

// deleteFunc deletes every entry for which f is true and returns their number.
func (r *recent[K, V]) deleteFunc(f func(K, V) bool) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for e := r.order.Front(); e != nil; {
		next := e.Next()
		if x := e.Value.(*recentEntry[K, V]); f(x.key, x.val) {
			r.remove(e)
			n++
		}
		e = next
	}
	return n
}

// forget drops what has ended and what is too much. r.mu is held.
func (r *recent[K, V]) forget(now time.Time) {
	for e := r.order.Back(); e != nil; e = r.order.Back() {
		if len(r.byKey) <= r.max && now.Sub(e.Value.(*recentEntry[K, V]).at) < r.ttl {
			return
		}
		r.remove(e)
	}
}

func (r *recent[K, V]) remove(e *list.Element) {
	delete(r.byKey, e.Value.(*recentEntry[K, V]).key)
	r.order.Remove(e)
}
