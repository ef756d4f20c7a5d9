package recent

import (
	"slices"
	"testing"
	"time"
)

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func keys(m *Map[string, int], all ...string) []string {
	return slices.DeleteFunc(all, func(k string) bool { _, ok := m.Get(k); return !ok })
}

func TestOldestGoes(t *testing.T) {
	m := New[string, int](2, Forever, time.Now)
	m.Set("a", 1)
	m.Set("b", 2)
	m.Set("a", 3) // a is the last set now
	m.Set("c", 4)
	if got := keys(m, "a", "b", "c"); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("%q are kept", got)
	}
	if v, _ := m.Get("a"); v != 3 {
		t.Errorf("a is %d", v)
	}
}

func TestEntriesEnd(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	m := New[string, int](10, time.Minute, c.now)
	m.Set("a", 1)
	c.at = c.at.Add(30 * time.Second)
	m.Set("b", 1)
	c.at = c.at.Add(30 * time.Second)
	if got := keys(m, "a", "b"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("%q are kept", got)
	}
	if !m.Add("a", 2) {
		t.Error("what has ended is not new")
	}
	if m.Add("a", 3) {
		t.Error("what is there is new")
	}
	if v, _ := m.Get("a"); v != 2 {
		t.Errorf("a is %d: Add has replaced it", v)
	}
}

func TestUpdate(t *testing.T) {
	m := New[string, int](10, Forever, time.Now)
	for want := 1; want <= 3; want++ {
		if got := m.Update("a", func(old int, ok bool) int {
			if ok != (want > 1) {
				t.Errorf("there is one: %v", ok)
			}
			return old + 1
		}); got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
}

func TestDelete(t *testing.T) {
	m := New[string, int](10, Forever, time.Now)
	for i, k := range []string{"a", "b", "c", "d"} {
		m.Set(k, i)
	}
	m.Delete("a")
	m.Delete("unknown")
	if n := m.DeleteFunc(func(_ string, v int) bool { return v > 1 }); n != 2 {
		t.Errorf("%d deleted", n)
	}
	if got := keys(m, "a", "b", "c", "d"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("%q are left", got)
	}
	m.Clear()
	if got := keys(m, "b"); len(got) != 0 {
		t.Errorf("%q are left", got)
	}
}
