package encoder

import (
	"sync"
	"sync/atomic"

	"footnote/answers/ownfile"
)

// An onDemand is an encoder that is made of its file when somebody asks for it, and kept
// until it is let go. Its zero value is ready, and names no file: what a variable of the package
// names, the linker puts into every program that has the package among its imports, and the files
// have 42 MB, which most tests do not need.
type onDemand[T any] struct {
	now   atomic.Pointer[T]
	asked atomic.Bool // since Unused
	mu    sync.Mutex  // one at a time makes it
}

func (o *onDemand[T]) get(file string, read func(file string) (*T, error)) (*T, error) {
	if !o.asked.Load() {
		o.asked.Store(true)
	}
	if t := o.now.Load(); t != nil {
		return t, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if t := o.now.Load(); t != nil {
		return t, nil
	}
	t, err := read(file)
	if err != nil {
		return nil, err
	}
	o.now.Store(t)
	ownfile.GiveBackPart(file) // most of it is not read again
	return t, nil
}

// Release lets go of what both encoders hold, which whoever has one keeps until it is done:
// the next call of Load or LoadMultilingual makes it again. It reports whether there was
// anything to be let go.
func Release() bool {
	held, other := english.now.Swap(nil), multilingual.now.Swap(nil)
	return held != nil || other != nil
}

// Unused reports whether nobody has asked for an encoder since it was last called.
func Unused() bool {
	held, other := english.asked.Swap(false), multilingual.asked.Swap(false)
	return !held && !other
}
