package await

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// Whoever waits is woken by what changes, and by the end of the context.
func TestUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Signal
		s.Touch() // nobody waits
		n := 0
		go func() {
			for range 3 {
				time.Sleep(time.Second)
				synctest.Wait()
				n++
				s.Touch()
			}
		}()
		if err := s.Until(t.Context(), func() bool { return n == 3 }); err != nil || n != 3 {
			t.Errorf("%d, %v", n, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := s.Until(ctx, func() bool { return false }); err == nil {
			t.Error("waited for ever")
		}
		if err := s.Until(ctx, func() bool { return true }); err != nil {
			t.Error("what is so already is waited for")
		}
	})
}
