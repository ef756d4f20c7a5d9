package postgres

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot/platform"
)

// A batchWorld has batches that double numbers, by statements that last until they are let go.
type batchWorld struct {
	*Batch[int, int]
	db      *DB
	let     chan error
	mu      sync.Mutex
	sent    [][]string // the statements of each piece
	answers map[int]answer
}

type answer struct {
	is  int
	err error
}

func newBatchWorld(t *testing.T) *batchWorld {
	db, err := Open(platform.NewSecret("postgres://a:b@127.0.0.1:1/c")) // nothing is asked of it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	w := &batchWorld{db: db, let: make(chan error), answers: map[int]answer{}}
	w.Batch = w.batch("")
	db.line.send = func(all []*call) {
		var piece []string
		for _, c := range all {
			piece = append(piece, c.sql)
		}
		w.mu.Lock()
		w.sent = append(w.sent, piece)
		w.mu.Unlock()
		err := <-w.let
		for _, c := range all {
			c.done(nil, err)
		}
	}
	return w
}

// batch is another Batch, whose statements are how many ask, begun with name.
func (w *batchWorld) batch(name string) *Batch[int, int] {
	return NewBatch(w.db, time.Hour, func(all []int) Statement[int] {
		return Statement[int]{SQL: name + strconv.Itoa(len(all)), Read: func([][][]byte) ([]int, error) {
			out := make([]int, len(all))
			for i, x := range all {
				out[i] = 2 * x
			}
			return out, nil
		}}
	})
}

// ask has those numbers asked for, one after the other.
func (w *batchWorld) ask(ctx context.Context, from, to int) {
	for q := from; q <= to; q++ {
		go w.wait(ctx, q, w.Begin(q))
		synctest.Wait()
	}
}

func (w *batchWorld) wait(ctx context.Context, q int, x *Asked[int, int]) {
	is, err := x.Wait(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[q] = answer{is, err}
}

// want says which statements there were so far, each in a piece of its own.
func (w *batchWorld) want(t *testing.T, statements ...string) {
	t.Helper()
	synctest.Wait()
	if got := slices.Concat(w.sent...); !slices.Equal(got, statements) || len(w.sent) != len(got) {
		t.Fatalf("statements of %q, want %q", w.sent, statements)
	}
}

func TestBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, full := newBatchWorld(t), strconv.Itoa(batchMost)
		w.ask(t.Context(), 1, 1)
		w.want(t, "1") // who asks alone waits for nobody
		w.ask(t.Context(), 2, batchMost+2)
		w.want(t, "1")
		w.let <- nil
		w.want(t, "1", full)
		w.let <- nil
		w.want(t, "1", full, "1")
		w.let <- nil
		synctest.Wait()
		for q := 1; q <= batchMost+2; q++ {
			if a := w.answers[q]; a != (answer{2 * q, nil}) {
				t.Errorf("%d: %+v", q, a)
			}
		}
		if w.db.line.running != 0 || len(w.waiting) != 0 {
			t.Errorf("%d pieces are under way, %d wait", w.db.line.running, len(w.waiting))
		}
	})
}

// What is begun goes with what is asked, of several batches in one piece, or when it is waited for.
func TestBatchesGoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t)
		other := w.batch("other ")
		first := other.Begin(7)
		w.want(t)
		w.ask(t.Context(), 1, 1)
		if want := [][]string{{"1", "other 1"}}; !slices.EqualFunc(w.sent, want, slices.Equal) {
			t.Fatalf("%q, want %q", w.sent, want)
		}
		w.let <- nil
		synctest.Wait()
		if is, err := first.Wait(t.Context()); is != 14 || err != nil {
			t.Errorf("%d, %v", is, err)
		}
		go w.wait(t.Context(), 8, other.Begin(8))
		synctest.Wait()
		w.let <- nil
		synctest.Wait()
		if a := w.answers[8]; a != (answer{16, nil}) || len(w.sent) != 2 {
			t.Errorf("%+v by %q", a, w.sent)
		}
	})
}

// Who has time goes with others, and by itself when nobody has asked for a while.
func TestBatchLazily(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t)
		other := w.batch("other ")
		for q := range 2 {
			x := other.Begin(q)
			go func() {
				is, err := x.WaitLazily(t.Context(), time.Second)
				w.mu.Lock()
				defer w.mu.Unlock()
				w.answers[q] = answer{is, err}
			}()
		}
		time.Sleep(time.Second / 2)
		synctest.Wait()
		w.want(t)
		w.ask(t.Context(), 5, 5)
		w.let <- nil
		synctest.Wait()
		if want := [][]string{{"1", "other 2"}}; !slices.EqualFunc(w.sent, want, slices.Equal) || w.answers[1] != (answer{2, nil}) {
			t.Fatalf("%q, %+v", w.sent, w.answers)
		}
		begun := time.Now()
		go func() { w.let <- nil }()
		if is, err := other.Begin(3).WaitLazily(t.Context(), time.Second); is != 6 || err != nil || time.Since(begun) != time.Second {
			t.Errorf("%d, %v after %v", is, err, time.Since(begun))
		}
	})
}

// While statements take long others are asked beside them, and no more than so many.
func TestBatchIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t)
		sizes := []string{}
		for i := range pipelinesAtOnce {
			w.ask(t.Context(), i, i)
			sizes = append(sizes, "1")
			w.want(t, sizes...)
			time.Sleep(pipelineSlow)
		}
		w.ask(t.Context(), 9, 10)
		w.want(t, sizes...)
		w.let <- nil
		w.want(t, append(sizes, "2")...)
		for range pipelinesAtOnce {
			w.let <- nil
		}
	})
}

// Who gives up is not asked for any more, and an error is everybody's.
func TestBatchFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t)
		w.ask(t.Context(), 1, 1)
		w.ask(t.Context(), 2, 3)
		ctx, cancel := context.WithCancel(t.Context())
		w.ask(ctx, 4, 4)
		cancel()
		synctest.Wait()
		if a := w.answers[4]; !errors.Is(a.err, context.Canceled) {
			t.Errorf("who gives up is told %+v", a)
		}
		w.let <- nil
		w.want(t, "1", "2")
		failed := errors.New("the connection is lost")
		w.let <- failed
		synctest.Wait()
		for q, want := range map[int]error{1: nil, 2: failed, 3: failed} {
			if a := w.answers[q]; !errors.Is(a.err, want) {
				t.Errorf("%d: %+v, want %v", q, a, want)
			}
		}
	})
}

func TestBatchAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t)
		w.db.Close()
		if _, err := w.Ask(t.Context(), 1); !errors.Is(err, errClosed) || len(w.waiting) != 0 {
			t.Errorf("after Close: %v, %d wait", err, len(w.waiting))
		}
	})
}
